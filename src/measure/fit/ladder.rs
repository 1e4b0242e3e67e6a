//! Is it the right model? Each neighbor of the model is fitted too, and compared.

use serde::{Deserialize, Serialize};

use super::joint::Solution;
use super::model::{CONTRAST, RADIUS_A, RADIUS_B, SIGMA, Shared};
use super::problem::{FitError, FrameData, Problem, Settings};
use super::rungs::is_in_one;
use super::{
    Estimate, IntervalKind, Lattice, SeriesFit, ShapeFit, degrees_of_freedom, fit_series, lattice,
    report, solved, solved_near,
};
use crate::diffusion::Scheme;

/// Fall of χ², in units of the better fit's scatter, from which on the evidence for a neighbor is told: five standard deviations of one
/// parameter.
pub const TOLD: f64 = 25.0;

/// Of two schemes, the one that is not the default needs this much: odds of e⁵.
const DECIDED: f64 = 10.0;

/// How one scheme describes the images.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Which.
    pub scheme: Scheme,
    /// χ² of all frames.
    pub chi2: f64,
    /// The same over the degrees of freedom.
    pub chi2_red: f64,
    /// Akaike's criterion χ² + 2 k, k the number of fitted parameters.
    pub aic: f64,
    /// Schwarz's criterion χ² + k ln n, n the number of rings.
    pub bic: f64,
    /// Correlation of the residuals of neighboring rings: 0 where the model leaves nothing but noise.
    pub residual_correlation: f64,
}

/// The schemes side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelChoice {
    /// The one whose fit is given.
    pub chosen: Scheme,
    /// Whether it was chosen by evidence, rather than by the user or for want of evidence.
    pub decided: bool,
    /// By how much χ² of the other one is larger, in units of the better one's scatter (χ²/ν, and neighboring rings that err
    /// together counted as fewer). Both have as many parameters: this is the difference of AIC and of BIC as well.
    pub difference: f64,
    /// Both.
    pub candidates: Vec<Candidate>,
}

/// Fits both schemes, without what is finer than the atoms' spacing where both leave a lattice (see `smooth`; only with
/// `settings.atoms_per_nm3`), and chooses: the default (`fraction`) unless χ² of `published` is lower by ten of its own units.
///
/// Scatter beyond noise (lattice fringes, facets) makes neighboring rings err together. With r the correlation of neighbors their
/// number counts as n (1 − r)/(1 + r) (that of an autoregressive sequence), and χ² in units of χ²/ν: on facets as on noise alone a
/// difference of 10 is one. What is left of a resolved lattice repeats from frame to frame, so that there all frames count as one. `asked`: the scheme to give whatever the evidence, which is told all the same.
///
/// Accuracy: `tests/choice.rs` (both schemes simulated, each is found), `tests/series_truth.rs` (blind).
///
/// # Errors
/// As [`fit_series`].
pub fn fit_schemes(
    frames: &[FrameData],
    settings: &Settings,
    asked: Option<Scheme>,
) -> Result<(SeriesFit, Option<ModelChoice>), FitError> {
    let with = |scheme: Scheme| Settings {
        scheme,
        ..settings.clone()
    };
    // A single frame is the initial state, where both agree.
    if frames.len() < 2 {
        let fit = fit_series(frames, &with(asked.unwrap_or_default()))?;
        return Ok((fit, None));
    }
    let schemes = [Scheme::Fraction, Scheme::Published];
    let settings = schemes.map(with);
    let mut problems = [
        Problem::new(frames, &settings[0])?,
        Problem::new(frames, &settings[1])?,
    ];
    // Seen from the first frame both are the same, and what all frames say of the shape differs little.
    let first = solved(&problems[0])?;
    let second = solved_near(&problems[1], &first)?;
    let mut fits = [first, second];
    // Both see a lattice, or neither does: their χ² are compared.
    let lattice = lattice(&problems[0], &fits[0])
        .and(lattice(&problems[1], &fits[1]))
        .filter(|lattice| is_in_one(lattice, frames, &settings[0]));
    if let Some(lattice) = lattice {
        for (problem, fit) in problems.iter_mut().zip(&mut fits) {
            problem.leave_out_finer_than(lattice.finest_nm);
            *fit = solved(problem)?;
        }
    }
    let candidates = [
        candidate(&problems[0], &fits[0].solution),
        candidate(&problems[1], &fits[1].solution),
    ];
    let repeated = repeated(lattice, frames);
    // Positive where the second describes the images better.
    let difference = if candidates[0].chi2 <= candidates[1].chi2 {
        -(candidates[1].chi2 - candidates[0].chi2) / unit(&candidates[0]) / repeated
    } else {
        (candidates[0].chi2 - candidates[1].chi2) / unit(&candidates[1]) / repeated
    };
    let by_evidence = usize::from(difference > DECIDED);
    let chosen = match asked {
        Some(scheme) => usize::from(scheme == schemes[1]),
        None => by_evidence,
    };
    let choice = ModelChoice {
        chosen: schemes[chosen],
        decided: asked.is_none() && difference.abs() > DECIDED,
        difference: if chosen == 0 { -difference } else { difference },
        candidates: candidates.to_vec(),
    };
    let fit = report(&problems[chosen], &fits[chosen], lattice)?;
    Ok((fit, Some(choice)))
}

pub(super) fn candidate(problem: &Problem, solution: &Solution) -> Candidate {
    let degrees = degrees_of_freedom(problem, solution);
    let frames = solution.frames.iter().map(|f| &f.projected.residual);
    let rings: usize = frames.clone().map(Vec::len).sum();
    // Smooth coefficients have no neighbors.
    let frames = frames.filter(|_| problem.smooth.is_none());
    let neighbors = frames.map(|r| r.windows(2).map(|r| r[0] * r[1]).sum::<f64>());
    let (chi2, product) = (solution.chi2, neighbors.sum::<f64>());
    let parameters = rings.saturating_sub(degrees) as f64;
    Candidate {
        scheme: problem.settings.scheme,
        chi2,
        chi2_red: chi2 / degrees as f64,
        aic: chi2 + 2.0 * parameters,
        bic: chi2 + parameters * libm::log(rings.max(1) as f64),
        residual_correlation: if chi2 > 0.0 { product / chi2 } else { 0.0 },
    }
}

/// What a lattice leaves in one frame it leaves in all: they count as one.
pub(super) fn repeated(lattice: Option<Lattice>, frames: &[FrameData]) -> f64 {
    lattice.map_or(1.0, |_| frames.len() as f64)
}

/// The χ² that counts as one.
pub(super) fn unit(candidate: &Candidate) -> f64 {
    let r = candidate.residual_correlation.clamp(0.0, 0.95);
    candidate.chi2_red.max(1.0) * (1.0 + r) / (1.0 - r)
}

/// From where a neighbor starts: the model itself.
pub(super) fn shared(shape: &ShapeFit) -> Shared {
    let mut shared = Shared([0.0; 4]);
    for (index, estimate) in [
        (RADIUS_A, shape.radius_a_nm),
        (RADIUS_B, shape.radius_b_nm),
        (SIGMA, shape.sigma_nm),
        (CONTRAST, shape.contrast),
    ] {
        shared.0[index] = estimate.value;
    }
    shared
}

pub(super) fn contrast(solution: &Solution, scale: f64) -> Estimate {
    let p = solution.free.len();
    let place = solution.free.iter().position(|&index| index == CONTRAST);
    let variance = place.map_or(0.0, |i| solution.schur.covariance[i * p + i]);
    Estimate {
        value: solution.point.shared.0[CONTRAST],
        standard_error: f64::sqrt((variance * scale).max(0.0)),
        fixed: false,
    }
}

/// A frame of which nothing was seen: errors so large that it weighs nothing.
pub(super) fn unseen(frame: &FrameData) -> FrameData {
    let mut frame = frame.clone();
    frame
        .profile
        .standard_error
        .iter_mut()
        .for_each(|e| *e *= 1e4);
    frame
}

/// The factor farthest from one between the D·t of `dtau` and of the fit; 0 where one of them vanishes.
pub(super) fn factor(fit: &SeriesFit, dtau: &[f64]) -> f64 {
    let informed = fit.intervals.iter().zip(dtau).filter(|(interval, other)| {
        interval.kind == IntervalKind::Value && interval.dtau_nm2 > 0.0 && **other >= 0.0
    });
    informed
        .map(|(interval, other)| other / interval.dtau_nm2)
        .max_by(|a, b| libm::log(*a).abs().total_cmp(&libm::log(*b).abs()))
        .unwrap_or(1.0)
}
