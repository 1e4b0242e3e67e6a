//! From the project's decisions to the result: measure, fit, Arrhenius.

use super::evidence;
use super::heating::{Logged, contradicted, kinetics};
use super::{Analysis, Engine, Event, Failure, FrameMeasured, Kept, Plane, Stage};
use crate::fit::{
    Arrangement, BalanceFrame, DRIFTS, Estimate, FrameData, FrameFit, MassBalance, ModelChoice,
    POOR_FIT, SeriesFit, Setting, Settings, arrangement, fit_schemes,
};
use crate::imaging::{self, Circle, Ellipse, MeasureRequest, Measurement};
use crate::kinetics::{ASSUMED_ENERGY_J_MOL, ThermalHistory};
use crate::language::{Said, said};
use crate::materials::Library;
use crate::numerics::sort_by;
use crate::project::{Contrast, Frame, Geometry, Project, Provenance};
use crate::signal::{Image, Notice, NoticeKind, Notices, Sectors};

/// How many times the median χ²/ν of the frames is that of one that does not go with them.
const ODD: f64 = 10.0;

/// Z contrast below which a profile says little about mixing.
const LITTLE_CONTRAST: f64 = 1.15;

impl Engine {
    pub(super) fn analyze(
        &mut self,
        (id, pictures): (u64, Option<usize>),
        project: &Project,
        emit: &mut dyn FnMut(Event),
    ) {
        let measured = self.measure_all((id, pictures), project, emit);
        emit(Event::Progress {
            id,
            stage: Stage::Fitting,
            done: 0,
            total: 1,
        });
        let outcome = self.fit((id, project), &measured, emit);
        self.fitted = outcome.clone().ok().map(|f| (project.clone(), f));
        let outcome = outcome.map(|f| Box::new(f.analysis));
        emit(Event::Analyzed { id, outcome });
    }

    /// The fit of what was measured.
    pub(super) fn fit(
        &mut self,
        (id, project): (u64, &Project),
        measured: &[Option<Measurement>],
        emit: &mut dyn FnMut(Event),
    ) -> Result<Fitted, Failure> {
        let mut notices = Notices::default();
        let log = project.series.heater_log.as_ref();
        let log = log.and_then(|l| self.files.log(&l.file));
        let logged = Logged::new(project, log);
        let (frames, histories) = frame_data(project, measured, logged.as_ref(), &mut notices)?;
        let settings = settings(project, &frames, &mut notices)?;
        let (fit, choice) = fit_schemes(&frames, &settings, project.model.scheme.asked())
            .map_err(|e| Failure::from(&e))?;
        let used: Vec<usize> = frames.iter().map(|f| f.frame).collect();
        let posed = Posed {
            measured: measured.to_vec(),
            sectors: self.sectors(project, &used).unwrap_or_default(),
            frames,
            settings,
            fit,
            choice,
            geometry: None,
        };
        let mut posed = self.fit_at_level((id, project), posed, &mut notices, emit)?;
        if project.model.contrast == Contrast::Auto {
            posed.fit_contrast(project, &mut notices)?;
        }
        let arrangement = posed
            .frames
            .first()
            .and_then(|first| self.arranged(project, first));
        Ok(concluded((project, arrangement), posed, histories, notices))
    }

    /// Both orders of the pair compared with the first image that is used.
    pub(super) fn arrange(&mut self, project: &Project) -> Option<Arrangement> {
        let frames = &project.series.frames;
        let frame = frames.iter().find(|f| f.excluded.is_none())?;
        let measurement = self.measure_frame(frame, None, |_| {}).0.ok()?;
        // Without a pixel size lengths are in pixels, which no probe of a few hundredths blurs: σ takes its part.
        let pixel_nm = pixel_nm(frame).unwrap_or(1.0);
        self.arranged(project, &initial_state(&measurement, pixel_nm))
    }

    /// Both orders of the pair compared with an image; `None` where the contrast is not that of the elements. Most decisions change
    /// neither the image nor what this rests on: the answer is kept.
    fn arranged(&mut self, project: &Project, first: &FrameData) -> Option<Arrangement> {
        project.model.contrast.exponent()?;
        let settings = settings(project, &[], &mut Notices::default()).ok()?;
        let first = FrameData {
            frame: 0,
            temperature_k: None,
            dwell_s: None,
            ..first.clone()
        };
        if let Some((frame, under, found)) = &self.arrangement
            && (frame, under) == (&first, &settings)
        {
            return Some(*found);
        }
        let found = arrangement(&first, &settings).ok()?;
        self.arrangement = Some((first, settings, found));
        Some(found)
    }

    /// Every frame's measurement, in the order of the series; those already known are not made again. With `pictures` of at most that side.
    pub(super) fn measure_all(
        &mut self,
        (id, pictures): (u64, Option<usize>),
        project: &Project,
        emit: &mut dyn FnMut(Event),
    ) -> Vec<Option<Measurement>> {
        let frames = &project.series.frames;
        let mut measured = Vec::with_capacity(frames.len());
        let mut track: Option<Circle> = None;
        for (index, frame) in frames.iter().enumerate() {
            emit(Event::Progress {
                id,
                stage: Stage::Measuring,
                done: index,
                total: frames.len(),
            });
            let mut seen = None;
            let show = |image: &Image| {
                seen = pictures.map(|side| Plane::of(image, (index, &frame.place()), side));
            };
            let (outcome, mut notices) = self.measure_frame(frame, track, show);
            // Of the size that a pixel has now, which the measurement knows nothing of.
            if let (Ok(m), Some(pixel)) = (&outcome, &frame.pixel_nm) {
                let mut doubts = Notices::default();
                doubts.about(name(frame));
                imaging::doubt_size(m.particle.circle, pixel.value, &mut doubts);
                notices.extend_from_slice(doubts.as_slice());
            }
            let found = outcome.as_ref().ok().cloned();
            if let (Some(m), None) = (&found, &frame.excluded) {
                track = Some(m.particle.circle);
            }
            measured.push(found);
            let again = |side| self.picture(index, &frame.place(), side).ok();
            let picture = seen.or_else(|| pictures.and_then(again));
            emit(Event::Measured {
                id,
                frame: Box::new(FrameMeasured {
                    frame: index,
                    outcome,
                    notices,
                }),
                picture: picture.map(Box::new),
            });
        }
        measured
    }

    /// `look` sees the image where it had to be read.
    fn measure_frame(
        &mut self,
        frame: &Frame,
        track: Option<Circle>,
        look: impl FnOnce(&Image),
    ) -> (Result<Measurement, Failure>, Vec<Notice>) {
        let key = key(frame);
        let request = MeasureRequest {
            circle: frame.circle,
            pointed: frame.pointed,
            track,
            masks: frame.masks.clone(),
            ..MeasureRequest::default()
        };
        if let Some(kept) = self
            .measured
            .iter()
            .find(|kept| kept.key == key && kept.answers(&request))
        {
            return (kept.outcome.clone(), kept.notices.clone());
        }
        let mut notices = Notices::default();
        notices.about(name(frame));
        let measured = self.read(&frame.place(), &mut notices).and_then(|plane| {
            let request = MeasureRequest {
                saturation: plane.saturation,
                ..request.clone()
            };
            notices.about(name(frame));
            let image = plane.to_image();
            look(&image);
            imaging::measure_by_sector(&image, &request, &mut notices)
                .map_err(|e| Failure::from(&e))
        });
        let (outcome, sectors) = match measured {
            Ok((measurement, sectors)) => (Ok(measurement), Some(sectors)),
            Err(failure) => (Err(failure), None),
        };
        let notices = notices.as_slice().to_vec();
        // What came without its image cannot be measured again: it is kept for when the decision is taken back.
        self.measured.retain(|kept| kept.key != key || kept.given);
        self.measured.push(Kept {
            key,
            given: false,
            request,
            outcome: outcome.clone(),
            notices: notices.clone(),
            sectors,
            along: None,
        });
        (outcome, notices)
    }

    /// The sectors of the rings of these frames, as last measured.
    pub(super) fn sectors(&self, project: &Project, used: &[usize]) -> Option<Vec<Sectors>> {
        let of = |index: &usize| {
            let frame = project.series.frames.get(*index)?;
            let kept = self.measured.iter().find(|kept| kept.key == key(frame))?;
            kept.sectors.clone()
        };
        used.iter().map(of).collect()
    }

    /// Whether the measurement of a frame came without its image.
    pub(super) fn is_given(&self, frame: &Frame) -> bool {
        let key = key(frame);
        self.measured
            .iter()
            .any(|kept| kept.key == key && kept.given)
    }

    /// A frame measured once more, along ellipses about the same particle. Most decisions change neither, so that it is kept.
    pub(super) fn measure_along(
        &mut self,
        frame: &Frame,
        ellipse: Ellipse,
    ) -> Option<(Measurement, Sectors)> {
        let key = key(frame);
        let kept = self.measured.iter().find(|kept| kept.key == key)?;
        let request = MeasureRequest {
            ellipse: Some(ellipse),
            ..kept.request.clone()
        };
        if let Some((asked, found)) = &kept.along
            && *asked == request
        {
            return Some(found.clone());
        }
        let silent = &mut Notices::default();
        let image = self.read(&frame.place(), silent).ok()?.to_image();
        let found = imaging::measure_by_sector(&image, &request, silent).ok()?;
        let kept = self.measured.iter_mut().find(|kept| kept.key == key)?;
        kept.along = Some((request, found.clone()));
        Some(found)
    }
}

/// A series as it was put to the fit, and what came of it.
pub(super) struct Posed {
    pub measured: Vec<Option<Measurement>>,
    pub frames: Vec<FrameData>,
    pub settings: Settings,
    pub fit: SeriesFit,
    pub choice: Option<ModelChoice>,
    pub geometry: Option<Geometry>,
    /// The sectors of the rings; none where images are not at hand.
    pub sectors: Vec<Sectors>,
}

impl Posed {
    /// Puts in another profile of a frame.
    pub fn put(&mut self, project: &Project, index: usize, measurement: &Measurement) {
        let pixel_nm = project.series.frames.get(index).and_then(pixel_nm);
        let frame = self.frames.iter_mut().find(|f| f.frame == index);
        if let (Some(frame), Some(pixel_nm)) = (frame, pixel_nm) {
            let state = initial_state(measurement, pixel_nm);
            (frame.profile, frame.edge) = (state.profile, state.edge);
        }
    }
}

/// What tells frames apart.
fn key(frame: &Frame) -> (String, usize, usize) {
    (frame.file.clone(), frame.signal, frame.plane)
}

/// A fit with what it was made of.
#[derive(Clone)]
pub(super) struct Fitted {
    pub analysis: Analysis,
    pub frames: Vec<FrameData>,
    pub settings: Settings,
    pub histories: Vec<Option<ThermalHistory>>,
    /// As in [`Posed`].
    pub sectors: Vec<Sectors>,
}

impl Kept {
    /// A measurement that came without its image: it stands as long as what the user said of the particle does.
    pub(super) fn given(frame: &Frame, measurement: Option<Measurement>) -> Kept {
        Kept {
            key: (frame.file.clone(), frame.signal, frame.plane),
            given: true,
            request: MeasureRequest {
                circle: frame.circle,
                pointed: frame.pointed,
                masks: frame.masks.clone(),
                ..MeasureRequest::default()
            },
            outcome: measurement.ok_or_else(|| {
                Failure::request(
                    said!(
                        "no particle was found in {} when this analysis was shared"
                            | "in {} war kein Partikel zu finden, als diese Auswertung geteilt wurde",
                        name(frame)
                    ),
                    Said::default(),
                )
            }),
            notices: Vec::new(),
            sectors: None,
            along: None,
        }
    }

    /// Whether this measurement is what `request` would give. Where the particle was a frame earlier only steers the
    /// search: a result that agrees with it stands.
    fn answers(&self, request: &MeasureRequest) -> bool {
        let same = self.request.circle == request.circle
            && self.request.pointed == request.pointed
            && self.request.masks == request.masks;
        same && (self.given
            || self.request.track == request.track
            || match (&self.outcome, request.track) {
                (Ok(m), Some(track)) => {
                    let c = m.particle.circle;
                    let (dx, dy) = (
                        c.center.x_px - track.center.x_px,
                        c.center.y_px - track.center.y_px,
                    );
                    libm::hypot(dx, dy) < 0.5 * track.radius_px
                }
                _ => false,
            })
    }
}

/// What notices call a frame.
pub(super) fn name(frame: &Frame) -> String {
    if frame.plane == 0 {
        frame.file.clone()
    } else {
        format!("{} [{}]", frame.file, frame.plane)
    }
}

/// What the fit says beside its numbers.
fn concluded(
    (project, arrangement): (&Project, Option<Arrangement>),
    posed: Posed,
    histories: Vec<Option<ThermalHistory>>,
    mut notices: Notices,
) -> Fitted {
    let Posed {
        measured,
        frames,
        settings,
        mut fit,
        choice: model_choice,
        geometry,
        sectors,
    } = posed;
    if project.model.pair != Some(Provenance::User)
        && let Some(found) = arrangement
    {
        notices.about("").add(NoticeKind::PairAssumed {
            core: project.model.core.clone(),
            shell: project.model.shell.clone(),
            chi2_red: found.chi2_red,
            chi2_red_exchanged: found.chi2_red_exchanged,
        });
    }
    let (kinetics, heating) = kinetics(project, &mut fit, &histories, &mut notices);
    remark(project, &fit, &mut notices);
    same_images(project, &measured, &mut notices);
    contradicted(project, &fit, &histories, &mut notices);
    let fitted = (&fit, model_choice.as_ref());
    evidence::remark(
        (project, arrangement),
        (&frames, &settings),
        fitted,
        &kinetics,
        &mut notices,
    );
    let balance = balance(&fit, &measured, &mut notices);
    let analysis = Analysis {
        fit,
        geometry,
        balance,
        model_choice,
        kinetics,
        heating,
        assessment: None,
        notices: notices.as_slice().to_vec(),
    };
    Fitted {
        analysis,
        frames,
        settings,
        histories,
        sectors,
    }
}

/// Tells of images that are there twice: as files, or as pages of a stack.
fn same_images(project: &Project, measured: &[Option<Measurement>], notices: &mut Notices) {
    let frames = project.series.frames.iter().zip(measured);
    let used: Vec<(&Frame, &Measurement)> = frames
        .filter(|(frame, _)| frame.excluded.is_none())
        .filter_map(|(frame, measured)| Some((frame, measured.as_ref()?)))
        .collect();
    notices.about("");
    for (i, (frame, measured)) in used.iter().enumerate() {
        let same = |(other, seen): &&(&Frame, &Measurement)| {
            let file = !frame.digest.is_empty()
                && (&frame.digest, frame.signal, frame.plane)
                    == (&other.digest, other.signal, other.plane);
            file || measured.profile.value == seen.profile.value
        };
        if let Some((other, _)) = used[..i].iter().find(same) {
            notices.add(NoticeKind::SameImage {
                file: name(frame),
                other: name(other),
            });
        }
    }
}

/// Least drift that is told: by less, calibrations and models of the particle's edge move.
const LEAST_DRIFT: f64 = 3e-3;

/// What enters and leaves the particle, with notices where something does: of the frames whose rings hold all of it.
fn balance(
    fit: &SeriesFit,
    measured: &[Option<Measurement>],
    notices: &mut Notices,
) -> MassBalance {
    // The outline of a bright core in a dim shell is the core's until both mix: until then rings and background end within the particle, and
    // the sum over the rings is that of a part of it.
    let shape = &fit.shape;
    let edge = f64::hypot(shape.sigma_nm.value, shape.psf_sigma_nm.value);
    let reach = shape.radius_b_nm.value + edge;
    let whole = |f: &&FrameFit| f.data.radius.last().is_some_and(|r| *r > reach);
    let of = |f: &FrameFit| {
        let (value, standard_error) = measured.get(f.frame)?.as_ref()?.intensity;
        Some(BalanceFrame {
            frame: f.frame,
            intensity: Estimate {
                value,
                standard_error,
                fixed: false,
            },
            radius_b_nm: f.radius_b_nm,
        })
    };
    let balance = MassBalance::of(fit.frames.iter().filter(whole).filter_map(of).collect());
    notices.about("");
    // A model that misses the frames misses each in another way: its R_B is no measure of matter.
    let radius_drift = balance.radius_drift.filter(|_| !fit.is_misfit());
    for (quantity, drift) in [
        ("integrated intensity", balance.intensity_drift),
        ("radius R_B", radius_drift),
    ] {
        let drifts = |d: &Estimate| d.value.abs() > (DRIFTS * d.standard_error).max(LEAST_DRIFT);
        if let Some(drift) = drift.filter(drifts) {
            notices.add(NoticeKind::Drift {
                quantity: quantity.into(),
                percent: 100.0 * drift.value,
                error: 100.0 * drift.standard_error,
            });
        }
    }
    balance
}

/// The frames that enter the fit, calibrated, each with the heating since the one before it; and that heating as it was logged, one fewer.
fn frame_data(
    project: &Project,
    measured: &[Option<Measurement>],
    logged: Option<&Logged>,
    notices: &mut Notices,
) -> Result<(Vec<FrameData>, Vec<Option<ThermalHistory>>), Failure> {
    let all = &project.series.frames;
    let used: Vec<(usize, &Frame, &Measurement)> = all
        .iter()
        .zip(measured)
        .enumerate()
        .filter(|(_, (frame, _))| frame.excluded.is_none())
        .filter_map(|(index, (frame, measured))| measured.as_ref().map(|m| (index, frame, m)))
        .collect();
    let mut data: Vec<FrameData> = Vec::with_capacity(used.len());
    let mut histories = Vec::with_capacity(used.len());
    let mut before: Option<usize> = None;
    for (index, frame, measurement) in used {
        let pixel_nm = pixel_nm(frame).ok_or_else(|| {
            Failure::request(
                said!(
                    "no pixel size for {}: the profile is in pixels"
                        | "keine Pixelgröße für {}: das Profil ist in Pixeln",
                    name(frame)
                ),
                said!(
                    "type the pixel size in the table, or measure it on a scale bar in the image"
                        | "die Pixelgröße in die Tabelle eintragen oder an einem Maßstabsbalken im Bild messen"
                ),
            )
        })?;
        // Heating steps since the last frame used: its own, and those of frames left out in between.
        let steps = before.map_or(&[][..], |b| all.get(b + 1..=index).unwrap_or_default());
        notices.about(name(frame));
        let history = before
            .zip(logged)
            .and_then(|(before, logged)| logged.between(before, index, notices));
        if let Some(history) = history {
            let step = history.effective(ASSUMED_ENERGY_J_MOL);
            histories.push(Some(history));
            data.push(FrameData {
                frame: index,
                temperature_k: Some(step.temperature_k),
                dwell_s: Some(step.dwell_s),
                ..initial_state(measurement, pixel_nm)
            });
            before = Some(index);
            continue;
        }
        if before.is_some() {
            histories.push(None);
            if logged.is_some() {
                notices.add(NoticeKind::HeatingNotLogged);
            }
        }
        let temperature_k = common(
            steps
                .iter()
                .map(|f| f.temperature_k.as_ref().map(|t| t.value)),
        );
        let dwell_s: Option<f64> = steps
            .iter()
            .map(|f| f.dwell_s.as_ref().map(|t| t.value))
            .sum();
        if !steps.is_empty() && frame.temperature_k.is_none() {
            notices.about(name(frame)).add(NoticeKind::NoTemperature);
        }
        if steps.len() > 1 && temperature_k.is_none() {
            notices
                .about(name(frame))
                .add(NoticeKind::MixedHeating { steps: steps.len() });
        }
        data.push(FrameData {
            frame: index,
            temperature_k,
            dwell_s: dwell_s.filter(|t| *t > 0.0 && temperature_k.is_some()),
            ..initial_state(measurement, pixel_nm)
        });
        before = Some(index);
    }
    Ok((data, histories))
}

/// Size of a frame's pixels, if it is one.
pub(super) fn pixel_nm(frame: &Frame) -> Option<f64> {
    let pixel_nm = frame.pixel_nm.as_ref().map(|p| p.value);
    pixel_nm.filter(|p| *p > 0.0 && p.is_finite())
}

/// A measurement as the fit takes it, without a heating before it.
fn initial_state(measurement: &Measurement, pixel_nm: f64) -> FrameData {
    FrameData {
        frame: 0,
        temperature_k: None,
        dwell_s: None,
        profile: measurement.profile.calibrated(pixel_nm),
        edge: measurement.particle.circle.radius_px * pixel_nm / imaging::OUTLINE_SHARE,
    }
}

/// The value all have in common.
fn common(values: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let mut common = None;
    for value in values {
        match (common, value?) {
            (None, value) => common = Some(value),
            (Some(before), value) if before == value => {}
            _ => return None,
        }
    }
    common
}

fn settings(
    project: &Project,
    frames: &[FrameData],
    notices: &mut Notices,
) -> Result<Settings, Failure> {
    let (model, library) = (&project.model, project.library());
    let weight = |symbol: &str, exponent: f64| {
        library
            .weight(symbol, exponent)
            .ok_or_else(|| unknown_element(&library, symbol))
    };
    let by_exponent =
        |n: f64| Ok::<f64, Failure>(weight(&model.core, n)? / weight(&model.shell, n)?);
    let contrast = match model.contrast {
        Contrast::ZExponent(n) => by_exponent(n)?,
        Contrast::Auto => by_exponent(Contrast::EXPONENT)?,
        Contrast::Ratio(ratio) => ratio,
        Contrast::Free => by_exponent(Contrast::EXPONENT).unwrap_or(0.5),
    };
    if contrast < LITTLE_CONTRAST
        && contrast > 1.0 / LITTLE_CONTRAST
        && model.contrast != Contrast::Free
    {
        notices.about("").add(NoticeKind::LittleContrast {
            core: model.core.clone(),
            shell: model.shell.clone(),
            ratio: contrast,
        });
    }
    Ok(Settings {
        scheme: model.scheme.asked().unwrap_or_default(),
        contrast,
        contrast_free: model.contrast == Contrast::Free,
        psf_sigma_nm: model.psf_sigma_nm,
        radius_a_nm: model.radius_a_nm,
        radius_b_nm: model.radius_b_nm,
        sigma_nm: model.sigma_nm,
        ln_d_ratio: model.ln_d_ratio,
        order: model.order,
        reference: frames
            .iter()
            .position(|f| f.frame == model.reference_frame)
            .unwrap_or(0),
        confidence: model.confidence,
        core_offset_nm: 0.0,
        atoms_per_nm3: library.pair_density(&model.core, &model.shell),
    })
}

fn unknown_element(library: &Library, symbol: &str) -> Failure {
    let known: Vec<String> = library.elements().into_iter().map(|e| e.symbol).collect();
    Failure::request(
        said!(
            "the element '{symbol}' is not in the table"
                | "das Element „{symbol}“ steht nicht in der Tabelle"
        ),
        said!(
            "choose one of {}, or give the contrast ratio"
                | "eines von diesen wählen: {}; oder das Kontrastverhältnis angeben",
            known.join(", ")
        ),
    )
}

/// Notices about the fit as a whole.
fn remark(project: &Project, fit: &SeriesFit, notices: &mut Notices) {
    if let Some(lattice) = fit.lattice {
        notices.about("").add(NoticeKind::LatticeResolved {
            finest_nm: lattice.finest_nm,
            roughness: lattice.roughness,
        });
    }
    let poor = |f: &&FrameFit| f.chi2_red > POOR_FIT && fit.lattice.is_none();
    let mut ranked: Vec<f64> = fit.frames.iter().map(|f| f.chi2_red).collect();
    sort_by(&mut ranked, f64::total_cmp);
    let others = ranked.get(ranked.len() / 2).copied().unwrap_or_default();
    let odd = |f: &&FrameFit| f.chi2_red > ODD * others && ranked.len() > 2;
    let file = |f: &FrameFit| {
        project
            .series
            .frames
            .get(f.frame)
            .map_or_else(String::new, name)
    };
    // One that bends the common shape spoils the fit of all: it alone is told.
    let told = fit.frames.iter().filter(poor);
    if told.clone().any(|f| odd(&f)) {
        for frame in told.filter(odd) {
            notices.about("").add(NoticeKind::OddFrame {
                file: file(frame),
                chi2_red: frame.chi2_red,
                others,
            });
        }
    } else {
        for frame in told {
            notices.about(file(frame)).add(NoticeKind::PoorFit {
                chi2_red: frame.chi2_red,
            });
        }
    }
    notices.about("");
    let shape = &fit.shape;
    let (a, b, s) = (shape.radius_a_nm, shape.radius_b_nm, shape.sigma_nm);
    let bounds = [
        ("R_A", a, a.value / b.value, crate::fit::CORE_RANGE),
        ("sigma", s, s.value / b.value, crate::fit::SMOOTHNESS_RANGE),
    ];
    for (parameter, estimate, ratio, (low, high)) in bounds {
        // An interface sharper than what a resolved lattice leaves in the fit is no sign of a wrong model.
        let sharp = parameter == "sigma" && fit.lattice.is_some();
        let at_bound = (ratio <= low * 1.001 && !sharp) || ratio >= high * 0.999;
        if !estimate.fixed && at_bound {
            notices.add(NoticeKind::AtBound {
                parameter: parameter.into(),
                value: estimate.value,
            });
        }
    }
    if fit.intervals.is_empty() {
        notices.add(NoticeKind::SingleImage);
    } else if fit.intervals.iter().all(|i| i.dwell_s.is_none()) {
        notices.add(NoticeKind::NoDwell);
    }
    let model = &project.model;
    if let (Setting::Free, Contrast::Free) = (model.radius_a_nm, model.contrast)
        && fit.intervals.is_empty()
    {
        notices.add(NoticeKind::ContrastFromOneFrame);
    }
}
