//! Theory against measurement: the shape, D·t of every heating interval, and how sure both are.
//!
//! Frame k is described by g_k · image(r; R_A, R_B, σ, contrast, τ_k) + b_k. Gain g_k and background b_k are linear and
//! are eliminated exactly (variable projection); τ_k enters one frame only, so that the normal equations are
//! bordered block-diagonal and cost as little as the shape's few parameters. Intervals come from the profile
//! likelihood; where it stays open at either end there is a limit, not a value.

mod arrangement;
mod balance;
mod bootstrap;
mod bound;
mod elements;
mod grain;
mod interval;
mod joint;
mod ladder;
mod linear;
mod model;
mod offcenter;
mod problem;
mod report;
mod response;
mod rungs;
mod smooth;
mod states;
mod step;

pub use arrangement::{Arrangement, Inside, arrangement};
pub use balance::{BalanceFrame, DRIFTS, MassBalance};
pub use bootstrap::{Correlation, DRAWS, Structure, about, bootstrap, drawn_intervals, percentile};
pub use bound::{Bound, Design, Exposure, window};
pub use elements::{
    ElementMixing, ElementOrder, ElementProfiles, OrderCheck, PickUp, ZContrast, element_order,
    mixing_since,
};
pub use ladder::{Candidate, ModelChoice, TOLD, fit_schemes};
pub use model::{CORE_RANGE, SMOOTHNESS_RANGE};
pub use offcenter::{CoreOffset, core_offset};
pub use problem::{FitError, FrameData, Settings};
pub use report::{
    Atoms, Estimate, FrameFit, Interval, IntervalKind, Lattice, Mixing, Order, POOR_FIT, SeriesFit,
    Setting, ShapeFit, Termination, normal_quantile, widening,
};
pub use response::{Refit, refit, refit_values};
pub use rungs::{Change, Compared, compare};

use joint::{Point, Solution};
use model::{CONTRAST, RADIUS_A, RADIUS_B, SIGMA, Shared};
use problem::Problem;
use states::States;

/// Fits a series: `frames` in the order of heating, the first being the initial state.
///
/// [`Order::Joint`] minimizes χ² of all frames over R_A, R_B, σ (and the contrast where free) and one cumulative τ per
/// frame, which never falls. [`Order::Sequential`] takes the shape from the reference frame and then each τ from its
/// frame, never below the one before, as the paper does; the shape's error is then not in the intervals.
/// One frame gives its shape alone.
///
/// Errors are those of the covariance, times √(χ²/ν) where that exceeds 1; intervals are of the profile likelihood at
/// `settings.confidence`, limits at 95 % one-sided. With `settings.atoms_per_nm3` the finite number of atoms is in all of
/// them (see `grain`). A resolved lattice is not looked for here ([`fit_schemes`] does). Not in them: errors of pixel size, probe, Z exponent, scheme, temperature.
///
/// Accuracy: `tests/fit.rs` (truth tables of an independent implementation; simulated series against the
/// Cramér-Rao bound).
///
/// # Errors
/// [`FitError`] for data or settings that no fit can use.
pub fn fit_series(frames: &[FrameData], settings: &Settings) -> Result<SeriesFit, FitError> {
    let problem = Problem::new(frames, settings)?;
    let fit = solved(&problem)?;
    report(&problem, &fit, None)
}

/// Structure finer than so many spacings of atoms (n^(-1/3), 0.26 nm in gold) tells of a lattice: no model of a continuum
/// has any, right or wrong.
const EVIDENCE: f64 = 1.4;

/// Its χ²/ν from which on the lattice is taken to be resolved, beside four standard deviations of noise: 1.25 for 12 frames of
/// 128 rings. Simulated continua have 0.8 to 1.05, balls of atoms seen from anywhere 1.3 to 50.
const RESOLVED: f64 = 1.1;

/// The least part of all of χ²/ν that it is. Particles of atoms have 0.58 (without symmetry) to 1.1; a background that bends, an ellipse, a
/// scale bar or saturation leave steep steps, of which 0.001 to 0.36 is as fine.
const OF_ALL: f64 = 0.45;

/// The finest structure left in a fit to a resolved lattice, in spacings of atoms. From 1.4 to 3 of them the results on particles of
/// atoms are the same; finer ones let the {111} planes through where they stand end on.
const SPACINGS: f64 = 2.2;

/// The lattice, where it shows in the residuals and is most of what they show.
fn lattice(problem: &Problem, fit: &Solved) -> Option<Lattice> {
    let (lattice, noise) = roughness(problem, fit)?;
    let all = fit.solution.chi2 / problem.total_size().max(1) as f64;
    (lattice.roughness > (RESOLVED + 4.0 * noise).max(OF_ALL * all)).then_some(lattice)
}

/// What may be a lattice, and the noise of its χ²/ν.
fn roughness(problem: &Problem, fit: &Solved) -> Option<(Lattice, f64)> {
    let density = problem.settings.atoms_per_nm3.filter(|n| *n > 0.0)?;
    let spacing = 1.0 / libm::cbrt(density);
    let (roughness, degrees) = problem.roughness(&fit.solution.frames, EVIDENCE * spacing);
    let lattice = Lattice {
        finest_nm: SPACINGS * spacing,
        roughness,
    };
    Some((lattice, f64::sqrt(2.0 / degrees.max(1.0))))
}

/// A fit before its errors are worked out.
struct Solved {
    solution: Solution,
    /// The frame that gave the shape, in the sequential order.
    reference: Option<Solution>,
}

fn solved(problem: &Problem) -> Result<Solved, FitError> {
    let (frames, settings) = (problem.frames, problem.settings);
    let reference = match settings.order {
        Order::Joint => 0,
        Order::Sequential => settings.reference.min(frames.len() - 1),
    };
    if problem.free().is_empty() {
        // Nothing to find out from the reference.
        let shape = joint::given(problem);
        let solution = match settings.order {
            Order::Sequential => sequential(problem, shape)?,
            Order::Joint => joint::solve_monotone(problem, shape)?,
        };
        return Ok(Solved {
            solution,
            reference: None,
        });
    }
    let alone = Problem::new(&frames[reference..=reference], settings)?;
    let initial = Point {
        shared: joint::start(&alone)?,
        tau: vec![0.0],
    };
    let initial = joint::solve(&alone, initial, &alone.free(), &[0])?;
    let shape = initial.point.shared;
    let (solution, reference) = match settings.order {
        _ if frames.len() == 1 => (initial, None),
        Order::Sequential => (sequential(problem, shape)?, Some(initial)),
        Order::Joint => (joint::solve_monotone(problem, shape)?, None),
    };
    Ok(Solved {
        solution,
        reference,
    })
}

/// The same, begun at the shape of a similar problem's solution.
fn solved_near(problem: &Problem, near: &Solved) -> Result<Solved, FitError> {
    match problem.settings.order {
        Order::Joint => Ok(Solved {
            solution: joint::solve_monotone(problem, near.solution.point.shared)?,
            reference: None,
        }),
        Order::Sequential => solved(problem),
    }
}

/// Rings (or their smooth coefficients) less fitted parameters: gain, background and τ of every frame, and the shape.
fn degrees_of_freedom(problem: &Problem, solution: &Solution) -> usize {
    let count = problem.frames.len();
    let unknowns = 2 * count + (count - 1) + solution.free.len();
    problem.total_size().saturating_sub(unknowns).max(1)
}

/// τ frame by frame with the shape held.
fn sequential(problem: &Problem, shape: Shared) -> Result<Solution, FitError> {
    let model = problem.maker.model(shape)?;
    let mut tau = vec![0.0; problem.frames.len()];
    for k in 1..tau.len() {
        tau[k] = joint::best_tau(problem, &model, k, tau[k - 1]);
    }
    Ok(joint::at(problem, Point { shared: shape, tau }, model))
}

fn report(
    problem: &Problem,
    solved: &Solved,
    lattice: Option<Lattice>,
) -> Result<SeriesFit, FitError> {
    let solution = &solved.solution;
    let shape = solved.reference.as_ref().unwrap_or(solution);
    let count = problem.frames.len();
    let degrees_of_freedom = degrees_of_freedom(problem, solution);
    let chi2_red = solution.chi2 / degrees_of_freedom as f64;
    let states = States::new(problem, solution, degrees_of_freedom)?;
    let scale = states.scale;

    // The shape's own scatter decides about the shape's errors.
    let shape_bins: usize = shape
        .frames
        .iter()
        .map(|f| f.projected.residual.len())
        .sum();
    let shape_scale = (shape.chi2
        / shape_bins
            .saturating_sub(2 * shape.frames.len() + shape.free.len())
            .max(1) as f64)
        .max(1.0);
    let p = shape.free.len();
    let sd = |i: usize| f64::sqrt((shape.schur.covariance[i * p + i] * shape_scale).max(0.0));
    let estimate = |index: usize| {
        let position = shape.free.iter().position(|&f| f == index);
        Estimate {
            value: shape.point.shared.0[index],
            standard_error: position.map_or(0.0, sd),
            fixed: position.is_none(),
        }
    };
    let correlation = (0..p)
        .flat_map(|i| (0..p).map(move |j| (i, j)))
        .map(|(i, j)| {
            let norm =
                f64::sqrt(shape.schur.covariance[i * p + i] * shape.schur.covariance[j * p + j]);
            if norm > 0.0 {
                shape.schur.covariance[i * p + j] / norm
            } else {
                0.0
            }
        })
        .collect();

    let frames = (0..count)
        .map(|k| frame_report(problem, solution, k, scale))
        .collect();
    let intervals = (1..count)
        .map(|k| interval::interval(problem, solution, &states, k))
        .collect();
    let sphere = solution.point.shared.shape();
    let atoms = problem
        .settings
        .atoms_per_nm3
        .zip(states.grainy)
        .map(|(density, counted)| Atoms {
            count: density * sphere.volume_nm3(sphere.radius_b_nm),
            counted,
        });
    Ok(SeriesFit {
        scheme: problem.settings.scheme,
        order: problem.settings.order,
        confidence: problem.settings.confidence,
        shape: ShapeFit {
            radius_a_nm: estimate(RADIUS_A),
            radius_b_nm: estimate(RADIUS_B),
            sigma_nm: estimate(SIGMA),
            contrast: estimate(CONTRAST),
            psf_sigma_nm: Estimate {
                value: problem.settings.psf_sigma_nm,
                standard_error: 0.0,
                fixed: true,
            },
            correlation,
        },
        frames,
        intervals,
        mixing: Mixing {
            edge_nm: problem.edge,
            covariance: states.covariance(),
            atoms: states.covariance_of_atoms(),
            v: states.unbound,
        },
        atoms,
        lattice,
        chi2_red,
        degrees_of_freedom,
        termination: shape.termination,
        evaluations: problem.evaluations.get(),
    })
}

fn frame_report(problem: &Problem, solution: &Solution, k: usize, scale: f64) -> FrameFit {
    let (data, frame) = (&problem.frames[k], &solution.frames[k].projected);
    let tau = solution.point.tau[k];
    let image = problem.maker.image(&solution.model, k, tau);
    let dof = problem
        .size(k)
        .saturating_sub(2 + usize::from(k > 0))
        .max(1);
    let free = |value: f64, variance: f64| Estimate {
        value,
        standard_error: f64::sqrt((variance * scale).max(0.0)),
        fixed: false,
    };
    FrameFit {
        frame: data.frame,
        tau_nm2: match solution.schur.tau_covariance(k, k) {
            Some(variance) => free(tau, variance),
            None => Estimate {
                value: tau,
                standard_error: 0.0,
                fixed: k == 0,
            },
        },
        gain: free(frame.gain, frame.variance.0),
        background: free(frame.background, frame.variance.1),
        radius_b_nm: balance::radius_of_frame(solution, k, (scale, problem.settings.order)),
        chi2_red: frame.chi2() / dof as f64,
        data: data.profile.clone(),
        model: image
            .iter()
            .map(|m| frame.gain * m + frame.background)
            .collect(),
    }
}
