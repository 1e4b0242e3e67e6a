//! The ladder beyond the scheme: each neighbor of the model fitted, with what the evidence says and what D would be.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::joint::{self, Point, Solution};
use super::ladder::{Candidate, candidate, contrast, repeated, unit, unseen};
use super::model::Tangent;
use super::problem::{FitError, FrameData, Problem, Settings};
use super::{Estimate, Lattice, Order, Refit, SeriesFit, Setting, roughness, solved};

/// What a neighbor of the model has different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The other scheme.
    Scheme,
    /// The contrast w_core/w_shell fitted.
    Contrast,
    /// The probe fitted (nm).
    Probe,
    /// D depends on composition: ln(D in the core's material / D in the shell's) fitted.
    Composition,
    /// A D·t (nm²) before the first frame.
    Before,
}

impl Change {
    /// All, in the order of the table.
    pub const ALL: [Change; 5] = [
        Change::Scheme,
        Change::Contrast,
        Change::Probe,
        Change::Composition,
        Change::Before,
    ];
}

/// A neighbor of the model beside the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What is different.
    pub change: Change,
    /// Fitted parameters more than the model has.
    pub parameters: usize,
    /// χ² of all frames.
    pub chi2: f64,
    /// The same over the degrees of freedom.
    pub chi2_red: f64,
    /// Akaike's criterion less that of the model, χ² in units of the better one's scatter: below 0 speaks for the neighbor.
    pub aic: f64,
    /// Schwarz's criterion in the same way.
    pub bic: f64,
    /// Correlation of the residuals of neighboring rings.
    pub residual_correlation: f64,
    /// The parameter fitted.
    pub value: Option<Estimate>,
    /// The factor by which D·t changes in the interval where it changes most, intervals with a value only.
    pub factor: f64,
    /// E under this neighbor (J/mol); filled in by who knows temperatures.
    pub energy_j_mol: Option<f64>,
}

impl Compared {
    /// Schwarz's criterion from which on a neighbor is preferred: odds of e⁵.
    pub const PREFERRED: f64 = -10.0;

    /// By how much χ² falls, in the units of [`super::ModelChoice::difference`].
    pub fn chi2_fall(&self) -> f64 {
        2.0 * self.parameters as f64 - self.aic
    }

    /// Whether the images prefer it.
    pub fn is_preferred(&self) -> bool {
        self.bic < Compared::PREFERRED
    }
}

/// A neighbor of the model of a joint fit; `own` is the model's own standing. `None` where there is no such neighbor: what it would fit is fitted
/// already, or no frame was heated.
///
/// Probe and D(c) are looked for by fits along them (`scan`). Where the images tell no more than the start there is no value.
///
/// Accuracy: `tests/choice.rs`.
///
/// # Errors
/// As [`super::fit_series`].
pub fn compare(
    frames: &[FrameData],
    (settings, fit): (&Settings, &SeriesFit),
    own: &Candidate,
    change: Change,
) -> Result<Option<(Compared, Refit)>, FitError> {
    if settings.order != Order::Joint || frames.len() < 2 {
        return Ok(None);
    }
    let settings = Settings {
        scheme: fit.scheme,
        atoms_per_nm3: None,
        ..settings.clone()
    };
    let sought = |settings: &Settings| At::new(frames, settings, fit, &|_, _| None);
    let (found, parameters) = match change {
        Change::Scheme => {
            let other = Settings {
                scheme: fit.scheme.other(),
                ..settings
            };
            (sought(&other)?, 0)
        }
        Change::Contrast if settings.contrast_free => return Ok(None),
        Change::Contrast => {
            let free = Settings {
                contrast_free: true,
                ..settings
            };
            (
                At::new(frames, &free, fit, &|s, scale| Some(contrast(s, scale)))?,
                1,
            )
        }
        Change::Probe => {
            let standing = |ln_sigma: f64| {
                let settings = of_probe(&settings, ln_sigma);
                let problem = Problem::like(frames, &settings, fit.lattice)?;
                Ok(candidate(&problem, &near(&problem, fit)?))
            };
            let given = settings.psf_sigma_nm;
            let start = if given > 0.0 {
                given
            } else {
                0.6 * fit.shape.sigma_nm.value
            };
            let (best, found) = scan((libm::log(start), 0.25), &standing)?;
            let mut at = sought(&of_probe(&settings, best))?;
            at.value = found.map(|ln_sigma| {
                let value = libm::exp(ln_sigma.value);
                Estimate {
                    value,
                    standard_error: value * ln_sigma.standard_error,
                    fixed: false,
                }
            });
            (at, 1)
        }
        Change::Composition => {
            let with = |ratio: f64| Settings {
                ln_d_ratio: ratio,
                ..settings.clone()
            };
            // Every shape takes a run of time steps, not modes: the derivatives by the shape are those at the model's own.
            let sought = |r: f64| At::along(frames, &with(r), fit);
            let standing = |r: f64| Ok(sought(r)?.standing);
            let (best, ratio) = scan((settings.ln_d_ratio, 0.7), &standing)?;
            let mut at = sought(best)?;
            at.value = ratio;
            (at, 1)
        }
        Change::Before => {
            let mut before = vec![unseen(&frames[0])];
            before.extend_from_slice(frames);
            let of = |solution: &Solution, scale: f64| {
                let variance = solution.schur.tau_covariance(1, 1)?;
                Some(Estimate {
                    value: solution.point.tau[1],
                    standard_error: f64::sqrt(variance.max(0.0) * scale),
                    fixed: false,
                })
            };
            let mut found = At::new(&before, &settings, fit, &of)?;
            // The frame that nobody saw is no frame of the fit, and its rings are none.
            let counted = found.standing.chi2_red;
            found.standing.chi2_red = found.standing.chi2 / degrees(own, 1.0);
            if let Some(value) = &mut found.value {
                let wider = found.standing.chi2_red.max(1.0) / counted.max(1.0);
                value.standard_error *= f64::sqrt(wider);
            }
            found.refit.dtau_nm2.remove(0);
            found.refit.mixing = fit.mixing.clone();
            (found, 1)
        }
    };
    let unit = unit(own).min(unit_of(&found, own)).max(1.0) * repeated(fit.lattice, frames);
    let correlation = own.residual_correlation.clamp(0.0, 0.95);
    let rings: usize = frames.iter().map(|f| f.profile.len()).sum();
    let independent = rings as f64 * (1.0 - correlation) / (1.0 + correlation);
    let (more, difference) = (parameters as f64, (found.standing.chi2 - own.chi2) / unit);
    let factor = super::ladder::factor(fit, &found.refit.dtau_nm2);
    let compared = Compared {
        change,
        parameters,
        chi2: found.standing.chi2,
        chi2_red: found.standing.chi2 / degrees(own, more),
        aic: difference + 2.0 * more,
        bic: difference + more * libm::log(independent.max(2.0)),
        residual_correlation: found.standing.residual_correlation,
        value: found.value,
        factor,
        energy_j_mol: None,
    };
    Ok(Some((compared, found.refit)))
}

/// Degrees of freedom of a fit with more parameters.
fn degrees(own: &Candidate, more: f64) -> f64 {
    (own.chi2 / own.chi2_red - more).max(1.0)
}

/// The unit of χ² of the better of two.
fn unit_of(found: &At, own: &Candidate) -> f64 {
    if found.standing.chi2 < own.chi2 {
        unit(&found.standing)
    } else {
        f64::INFINITY
    }
}

/// A neighbor at its best.
struct At {
    standing: Candidate,
    value: Option<Estimate>,
    refit: Refit,
}

impl At {
    fn new(
        frames: &[FrameData],
        settings: &Settings,
        fit: &SeriesFit,
        value: &dyn Fn(&Solution, f64) -> Option<Estimate>,
    ) -> Result<At, FitError> {
        let problem = Problem::like(frames, settings, fit.lattice)?;
        At::of(&problem, &near(&problem, fit)?, fit, value)
    }

    /// The same for shapes so near the fit's that they lie on the tangent there.
    #[inline(never)]
    fn along(frames: &[FrameData], settings: &Settings, fit: &SeriesFit) -> Result<At, FitError> {
        let mut problem = Problem::like(frames, settings, fit.lattice)?;
        let free = problem.free();
        let point = Point {
            shared: joint::imposed(&problem, &fit.shape),
            tau: fit.frames.iter().map(|f| f.tau_nm2.value).collect(),
        };
        let start = joint::at_point(&problem, point.clone(), &free)?;
        problem.maker.tangent = Some(Rc::new(Tangent::new(start.model, &free)));
        let solution = joint::settle(&problem, point, &free)?;
        At::of(&problem, &solution, fit, &|_, _| None)
    }

    fn of(
        problem: &Problem,
        solution: &Solution,
        fit: &SeriesFit,
        value: &dyn Fn(&Solution, f64) -> Option<Estimate>,
    ) -> Result<At, FitError> {
        let standing = candidate(problem, solution);
        Ok(At {
            value: value(solution, standing.chi2_red.max(1.0)),
            refit: Refit::of(problem, solution, fit)?,
            standing,
        })
    }
}

/// A problem solved from the shape of a fit to the same frames; from nothing where that fit misses them, and its shape may be far away.
fn near(problem: &Problem, fit: &SeriesFit) -> Result<Solution, FitError> {
    if fit.is_misfit() {
        return Ok(solved(problem)?.solution);
    }
    joint::solve_monotone(problem, joint::imposed(problem, &fit.shape))
}

/// Settings with a probe of which the logarithm of σ (nm) is given.
fn of_probe(settings: &Settings, ln_sigma: f64) -> Settings {
    Settings {
        psf_sigma_nm: libm::exp(ln_sigma),
        ..settings.clone()
    }
}

/// How much of a lattice's roughness the first frame must have alone.
const IN_ONE: f64 = 0.3;

/// Whether a lattice seen in the fit of all frames is in the first one alone as well, without a probe, where σ has both in it, and with nothing held. A
/// lattice is in every frame; a model that misses them (another probe, a held radius, the other scheme) is rough as well, but not where nothing is asked of it.
pub(super) fn is_in_one(lattice: &Lattice, frames: &[FrameData], settings: &Settings) -> bool {
    let settings = &Settings {
        psf_sigma_nm: 0.0,
        radius_a_nm: Setting::Free,
        radius_b_nm: Setting::Free,
        sigma_nm: Setting::Free,
        ..settings.clone()
    };
    let alone = Problem::new(&frames[..1], settings);
    // A fit that cannot be made says nothing.
    let found = alone.and_then(|problem| Ok(roughness(&problem, &solved(&problem)?)));
    let Ok(Some((found, _))) = found else {
        return true;
    };
    found.roughness - 1.0 > IN_ONE * (lattice.roughness - 1.0)
}

/// Fits in which the least χ² along one parameter is looked for, at most.
const FITS: usize = 16;

/// Where along one parameter χ² is least, and that parameter as an estimate: from a start the least is enclosed by growing steps, then followed by
/// parabolas through the three fits about it. Where it still falls, or is flat, as far as it is looked for, the error of the estimate is as wide as that; no
/// estimate where the start is as good as any.
fn scan(
    (start, step): (f64, f64),
    at: &dyn Fn(f64) -> Result<Candidate, FitError>,
) -> Result<(f64, Option<Estimate>), FitError> {
    // In the order of the parameter.
    let mut tried = vec![(start, at(start)?)];
    let (first, mut best) = (tried[0].1.chi2, 0);
    while tried.len() < FITS {
        let gap = |i: usize| tried[i + 1].0 - tried[i].0;
        let (place, standing) = tried[best];
        let last = tried.len() - 1;
        let next = match best {
            _ if last == 0 => place + step,
            0 => place - 2.0 * gap(0),
            _ if best == last => place + 2.0 * gap(last - 1),
            _ => {
                let (left, right) = (gap(best - 1), gap(best));
                let fall = (standing.chi2 - tried[best - 1].1.chi2) / left;
                let rise = (tried[best + 1].1.chi2 - standing.chi2) / right;
                let curvature = (rise - fall) / (left + right);
                let ahead = -0.5 * (fall + curvature * left) / curvature;
                let standard_error = f64::sqrt(unit(&standing) / curvature.max(0.0));
                if standard_error > 2.0 * step {
                    break;
                }
                let (near, far) = (left.min(right), left.max(right));
                let outward = if right > left { 1.0 } else { -1.0 };
                if ahead.abs() < 0.3 * standard_error && far < 6.0 * standard_error {
                    let value = place + ahead;
                    let error = reach(value, (standard_error, 4.0 * step), at)?;
                    return Ok((value, Some(error)));
                } else if far > 8.0 * near {
                    // What is so far away bends the parabola.
                    place + 3.0 * outward * near
                } else if ahead.abs() < 0.1 * near {
                    place + 0.3 * outward * near
                } else {
                    place + ahead
                }
            }
        };
        let next = next.clamp(start - 8.0 * step, start + 8.0 * step);
        if next == place {
            break;
        }
        let Ok(found) = at(next) else { break };
        let index = tried.partition_point(|(place, _)| *place < next);
        tried.insert(index, (next, found));
        best = if found.chi2 < standing.chi2 {
            index
        } else {
            best + usize::from(index <= best)
        };
    }
    let (place, least) = tried[best];
    let estimate = (first > least.chi2 + unit(&least)).then_some(Estimate {
        value: place,
        standard_error: 4.0 * step,
        fixed: false,
    });
    Ok((place, estimate))
}

/// The least χ² with its error. χ² bends where σ, say, ends at its range: the error reaches to where χ² has risen to either side, as that of a parabola does,
/// but not beyond `widest`.
fn reach(
    value: f64,
    (mut standard_error, widest): (f64, f64),
    at: &dyn Fn(f64) -> Result<Candidate, FitError>,
) -> Result<Estimate, FitError> {
    let least = at(value)?;
    for side in [-1.5, 1.5] {
        while standard_error < widest
            && at(value + side * standard_error)?.chi2 < least.chi2 + unit(&least)
        {
            standard_error *= 3.0;
        }
    }
    Ok(Estimate {
        value,
        standard_error: standard_error.min(widest),
        fixed: false,
    })
}
