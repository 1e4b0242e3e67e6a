//! What the average over round rings hides: an ellipse, a core off its center.

use super::analysis::Posed;
use super::{Engine, Event, Failure, Stage, evidence};
use crate::figures::format::with_error;
use crate::fit::{CoreOffset, Estimate, SeriesFit, Settings, TOLD, core_offset, fit_schemes};
use crate::imaging::{Ellipse, Measurement, without_harmonics};
use crate::language::{Said, said, say, word};
use crate::project::{Geometry, Level, Project};
use crate::signal::{NoticeKind, Notices, Sectors};

/// Standard errors by which the axes must differ.
const SIGNIFICANT: f64 = 4.0;

/// Relative difference of the axes below which round rings are as good: σ of the outer edge grows by 0.002 R.
const LEAST_ELLIPSE: f64 = 0.01;

impl Geometry {
    /// Of round rings, whatever was seen.
    fn of(measured: &[&Measurement], core: Option<CoreOffset>) -> Geometry {
        let (ellipse, error) = common(measured);
        let excess = ellipse.ratio - 1.0;
        Geometry {
            axis_ratio: Estimate {
                value: ellipse.ratio,
                standard_error: error,
                fixed: false,
            },
            angle_rad: ellipse.angle_rad,
            core,
            elliptic: excess > LEAST_ELLIPSE && excess > SIGNIFICANT * error,
            off_center: core.is_some_and(|c| c.chi2_fall > TOLD),
        }
    }
}

/// The mean ellipse: that of the mean second harmonic of the outlines; its error is the scatter of the frames, infinite where one alone shows none.
fn common(measured: &[&Measurement]) -> (Ellipse, f64) {
    let n = measured.len().max(1) as f64;
    let harmonic = |m: &&Measurement| {
        let p = &m.particle;
        let excess = p.ellipticity - 1.0;
        let angle = 2.0 * p.angle_rad;
        (excess * libm::cos(angle), excess * libm::sin(angle))
    };
    let all: Vec<(f64, f64)> = measured.iter().map(harmonic).collect();
    let x = all.iter().map(|(x, _)| x).sum::<f64>() / n;
    let y = all.iter().map(|(_, y)| y).sum::<f64>() / n;
    let scatter: f64 = all
        .iter()
        .map(|(a, b)| (a - x).powi(2) + (b - y).powi(2))
        .sum();
    // Two components, one mean each.
    let error = if measured.len() > 1 {
        f64::sqrt(scatter / (2.0 * (n - 1.0)) / n)
    } else {
        f64::INFINITY
    };
    let ellipse = Ellipse {
        ratio: 1.0 + libm::hypot(x, y),
        angle_rad: 0.5 * libm::atan2(y, x),
    };
    (ellipse, error)
}

impl Engine {
    /// Fits the series as the level of the model asks: rings first, then, where they are not enough, what they hide.
    ///
    /// Rings become ellipses of one shape, which an affine map of the sphere projects to (a small ellipticity changes the diffusion by
    /// its square), and the core stands off the center (`fit::core_offset`), its image smeared accordingly.
    pub(super) fn fit_at_level(
        &mut self,
        (id, project): (u64, &Project),
        posed: Posed,
        notices: &mut Notices,
        emit: &mut dyn FnMut(Event),
    ) -> Result<Posed, Failure> {
        let level = project.model.level;
        let used: Vec<usize> = posed.frames.iter().map(|f| f.frame).collect();
        let measured: Vec<&Measurement> = used
            .iter()
            .filter_map(|&k| posed.measured.get(k)?.as_ref())
            .collect();
        // Fringes of a lattice are no displacement, and a facet no ellipse.
        if measured.len() != used.len() || (posed.fit.lattice.is_some() && level != Level::Pixels) {
            return Ok(posed);
        }
        if posed.sectors.is_empty() {
            let frames = &project.series.frames;
            let given = |&k: &usize| frames.get(k).is_some_and(|f| self.is_given(f));
            let seen = project.series.geometry;
            let seen = seen.filter(|g| g.needed() && used.iter().all(given));
            return match (level, seen) {
                (Level::Profiles, _) => Ok(posed),
                (_, Some(geometry)) => fit_as_seen(posed, project, geometry, notices),
                (Level::Auto, None) if !Geometry::of(&measured, None).needed() => Ok(posed),
                (_, None) => {
                    notices.about("").add(NoticeKind::PixelsMissing);
                    Ok(posed)
                }
            };
        }
        let seen = |fit: &SeriesFit, settings: &Settings, sectors: &[Sectors]| {
            core_offset(fit, settings, sectors).ok().flatten()
        };
        let mut geometry =
            Geometry::of(&measured, seen(&posed.fit, &posed.settings, &posed.sectors));
        if !geometry.needed() {
            return Ok(Posed {
                geometry: (level == Level::Pixels).then_some(geometry),
                ..posed
            });
        }
        if level == Level::Profiles {
            notices.about("").add(NoticeKind::PixelsNeeded {
                sentence: Said::of(&|| geometry.sentence()),
            });
            return Ok(posed);
        }
        let mut refined = posed;
        if let Some(ellipse) = geometry.ellipse() {
            let mut again = Vec::with_capacity(used.len());
            for (done, &index) in used.iter().enumerate() {
                emit(Event::Progress {
                    id,
                    stage: Stage::Fitting,
                    done,
                    total: used.len() + 1,
                });
                let frame = project.series.frames.get(index);
                let Some(found) = frame.and_then(|f| self.measure_along(f, ellipse)) else {
                    // All frames along the ellipse, or none.
                    notices
                        .about(frame.map_or("", |f| &f.file))
                        .add(NoticeKind::Skipped {
                            what: said!("fit of pixels" | "Anpassung an Pixel"),
                            reason: said!(
                                "the image could not be read once more"
                                    | "das Bild ließ sich kein zweites Mal lesen"
                            ),
                        });
                    return Ok(refined);
                };
                again.push(found);
            }
            refined.sectors.clear();
            for (&index, (measurement, cells)) in used.iter().zip(again) {
                refined.put(project, index, &measurement);
                refined.sectors.push(cells);
            }
        }
        // Scatter along a ring that the core's place explains is not noise.
        for (frame, sectors) in refined.frames.iter_mut().zip(&refined.sectors) {
            frame.profile = without_harmonics(&frame.profile, sectors);
        }
        // The displacement decides about the smear, and the smear about the fit it is seen in.
        for _ in 0..2 {
            refined.smear(&geometry);
            refined.fit_again(project)?;
            let core = seen(&refined.fit, &refined.settings, &refined.sectors);
            geometry.core = core.or(geometry.core);
            // What the fit was smeared by stays said.
            geometry.off_center |= core.is_some_and(|c| c.chi2_fall > TOLD);
            if !geometry.off_center {
                break;
            }
        }
        Ok(refined.told(geometry, notices))
    }
}

/// Where the images are not at hand, but what they showed beside the profiles, which are those of a fit of pixels, is.
fn fit_as_seen(
    mut posed: Posed,
    project: &Project,
    geometry: Geometry,
    notices: &mut Notices,
) -> Result<Posed, Failure> {
    posed.smear(&geometry);
    posed.fit_again(project)?;
    Ok(posed.told(geometry, notices))
}

impl Posed {
    /// Takes the displacement of the core into account.
    fn smear(&mut self, geometry: &Geometry) {
        if let (true, Some(first)) = (geometry.off_center, self.frames.first()) {
            let distance = geometry.core.map_or(0.0, |c| c.distance_nm());
            self.settings.core_offset_nm = distance.min(0.3 * first.edge);
        }
    }

    /// Fits once more with a free contrast, where the images refute the one held.
    pub(super) fn fit_contrast(
        &mut self,
        project: &Project,
        notices: &mut Notices,
    ) -> Result<(), Failure> {
        let held = (&self.frames[..], &self.settings);
        let Some(kind) = evidence::contrast(project, held, (&self.fit, self.choice.as_ref()))
        else {
            return Ok(());
        };
        notices.about("").add(kind);
        self.settings.contrast_free = true;
        self.fit_again(project)
    }

    fn fit_again(&mut self, project: &Project) -> Result<(), Failure> {
        let scheme = project.model.scheme.asked();
        let fitted = fit_schemes(&self.frames, &self.settings, scheme);
        (self.fit, self.choice) = fitted.map_err(|e| Failure::from(&e))?;
        Ok(())
    }

    fn told(mut self, geometry: Geometry, notices: &mut Notices) -> Posed {
        notices.about("").add(NoticeKind::PixelsUsed {
            sentence: Said::of(&|| geometry.sentence()),
        });
        self.geometry = Some(geometry);
        self
    }
}

impl Geometry {
    /// What was seen, in words.
    pub fn sentence(&self) -> String {
        let mut parts = Vec::new();
        if self.elliptic {
            parts.push(say!(
                "the axes differ by {}" | "die Achsen unterscheiden sich um {}",
                with_error(
                    100.0 * (self.axis_ratio.value - 1.0),
                    100.0 * self.axis_ratio.standard_error,
                    "%"
                )
            ));
        }
        if let Some(core) = self.core.filter(|_| self.off_center) {
            let error = libm::hypot(core.x_nm.standard_error, core.y_nm.standard_error);
            parts.push(say!(
                "the core stands {} off the center (χ² falls by {:.0})"
                    | "der Kern steht {} außerhalb der Mitte (χ² fällt um {:.0})",
                with_error(
                    core.distance_nm(),
                    error * core::f64::consts::FRAC_1_SQRT_2,
                    "nm"
                ),
                core.chi2_fall
            ));
        }
        parts.join(word!(", and " | ", und "))
    }
}
