//! What other inputs would make of D·t: refits of a series that has been fitted already.

use std::rc::Rc;

use super::joint::{self, Point, Solution};
use super::ladder::shared;
use super::model::Tangent;
use super::problem::{FitError, FrameData, Problem, Settings};
use super::states::States;
use super::{Mixing, Order, SeriesFit, degrees_of_freedom, solved};

/// D·t of a series under other inputs, without errors of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Refit {
    /// D·t by interval (nm²).
    pub dtau_nm2: Vec<f64>,
    /// All frames' degrees of mixing, with the covariance of the fit it is compared to.
    pub mixing: Mixing,
    /// Whether a frame is so far mixed that its D·t has no upper end here, by frame.
    pub saturated: Vec<bool>,
}

impl Refit {
    pub(super) fn of(
        problem: &Problem,
        solution: &Solution,
        fit: &SeriesFit,
    ) -> Result<Refit, FitError> {
        let states = States::new(problem, solution, degrees_of_freedom(problem, solution))?;
        let tau = &solution.point.tau;
        let most = 0.5 * problem.tau_max();
        Ok(Refit {
            dtau_nm2: tau.windows(2).map(|t| t[1] - t[0]).collect(),
            mixing: Mixing {
                edge_nm: problem.edge,
                v: states.unbound,
                ..fit.mixing.clone()
            },
            saturated: tau.iter().map(|t| *t >= most).collect(),
        })
    }
}

/// The settings of a refit: the scheme is the fit's, and what atoms add to errors is not asked for.
fn plain(settings: &Settings, fit: &SeriesFit) -> Settings {
    Settings {
        scheme: fit.scheme,
        atoms_per_nm3: None,
        ..settings.clone()
    }
}

/// The series fitted once more with `settings` that differ, or `frames` that do, from those of `fit`; the scheme is that of `settings`.
///
/// # Errors
/// As [`super::fit_series`].
pub fn refit(
    frames: &[FrameData],
    settings: &Settings,
    fit: &SeriesFit,
) -> Result<Refit, FitError> {
    let settings = &Settings {
        atoms_per_nm3: None,
        ..settings.clone()
    };
    let problem = Problem::like(frames, settings, fit.lattice)?;
    let solution = match settings.order {
        Order::Joint => joint::solve_monotone(&problem, joint::imposed(&problem, &fit.shape))?,
        Order::Sequential => solved(&problem)?.solution,
    };
    Refit::of(&problem, &solution, fit)
}

/// The series fitted to other values of the same rings, one refit for each entry of `values` (frame by frame, ring by ring).
///
/// The shape moves along the model's tangent at the fit, each τ exactly, as in the profile likelihood: no modes are made, and a refit
/// of twelve frames costs some milliseconds. For changes of the size of the noise; a change of the model needs [`refit`].
///
/// Accuracy: within 2 % of a standard error of [`refit`] (`tests/bootstrap.rs`).
///
/// # Errors
/// As [`super::fit_series`].
pub fn refit_values(
    frames: &[FrameData],
    settings: &Settings,
    fit: &SeriesFit,
    values: impl IntoIterator<Item = Vec<Vec<f64>>>,
) -> Result<Vec<Refit>, FitError> {
    let settings = &plain(settings, fit);
    let at = Point {
        shared: shared(&fit.shape),
        tau: fit.frames.iter().map(|f| f.tau_nm2.value).collect(),
    };
    let problem = Problem::like(frames, settings, fit.lattice)?;
    // In the sequential order the shape is that of one frame, and stays.
    let free = match settings.order {
        Order::Joint => problem.free(),
        Order::Sequential => Vec::new(),
    };
    let solution = joint::at_point(&problem, at, &free)?;
    let start = solution.point.clone();
    let tangent = Rc::new(Tangent::new(solution.model, &free));
    let mut changed = frames.to_vec();
    let mut refits = Vec::new();
    for values in values {
        for (frame, values) in changed.iter_mut().zip(values) {
            frame.profile.value = values;
        }
        let mut problem = Problem::like(&changed, settings, fit.lattice)?;
        problem.maker.tangent = Some(Rc::clone(&tangent));
        let solution = joint::settle(&problem, start.clone(), &free)?;
        refits.push(Refit::of(&problem, &solution, fit)?);
    }
    Ok(refits)
}
