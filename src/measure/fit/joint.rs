//! All frames at once: shared shape, one τ per frame.

use super::ladder::shared;
use super::linear::dot;
use super::model::{CONTRAST, Model, RADIUS_A, RADIUS_B, SIGMA, Shared};
use super::problem::{FitError, Linearized, Problem};
use super::step::step;
use super::{Setting, ShapeFit, Termination};
use crate::numerics::Cholesky;

/// A point of the parameter space.
#[derive(Clone, Debug)]
pub(super) struct Point {
    pub shared: Shared,
    /// Cumulative τ by frame; 0 for the initial state.
    pub tau: Vec<f64>,
}

/// Where the iteration ended.
pub(super) struct Solution {
    pub point: Point,
    pub model: Model,
    pub free: Vec<usize>,
    /// Every frame at the solution.
    pub frames: Vec<Linearized>,
    /// Normal equations of the shared parameters after the τ's are eliminated.
    pub schur: Schur,
    pub chi2: f64,
    pub termination: Termination,
}

/// One frame's blocks of the normal equations.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Jᵀ J of the shared parameters, row by row.
    pub shared: Vec<f64>,
    /// J_sharedᵀ J_τ.
    pub border: Vec<f64>,
    /// J_τᵀ J_τ; 0 when τ does not move.
    pub tau: f64,
    /// J_sharedᵀ r.
    pub gradient: Vec<f64>,
    /// J_τᵀ r.
    pub gradient_tau: f64,
}

impl Block {
    /// `moves`: whether this frame's τ is free.
    pub fn new(frame: &Linearized, moves: bool) -> Block {
        let r = &frame.projected.residual;
        let shared = frame
            .shared
            .iter()
            .flat_map(|a| frame.shared.iter().map(move |b| dot(a, b)))
            .collect();
        let mut block = Block {
            shared,
            border: frame.shared.iter().map(|a| dot(a, &frame.tau)).collect(),
            tau: dot(&frame.tau, &frame.tau),
            gradient: frame.shared.iter().map(|a| dot(a, r)).collect(),
            gradient_tau: dot(&frame.tau, r),
        };
        if !moves {
            block.hold();
        }
        block
    }

    /// Takes τ out of the equations.
    fn hold(&mut self) {
        self.border.iter_mut().for_each(|b| *b = 0.0);
        (self.tau, self.gradient_tau) = (0.0, 0.0);
    }

    /// Takes in a frame that shares this one's τ.
    fn join(&mut self, other: &Block) {
        let add = |a: &mut [f64], b: &[f64]| a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
        add(&mut self.shared, &other.shared);
        add(&mut self.border, &other.border);
        add(&mut self.gradient, &other.gradient);
        self.tau += other.tau;
        self.gradient_tau += other.gradient_tau;
    }

    /// Share of this frame in the normal equations of the shared parameters, τ eliminated, with damping of τ.
    pub fn eliminate(&self, damping: f64, matrix: &mut [f64], gradient: &mut [f64]) {
        let pivot = self.tau * (1.0 + damping);
        let ratio = if pivot > 0.0 { 1.0 / pivot } else { 0.0 };
        self.add(-ratio * self.gradient_tau, ratio, matrix, gradient);
    }

    /// The same where τ changes by `step`, whatever the shared parameters do.
    pub fn given(&self, step: f64, matrix: &mut [f64], gradient: &mut [f64]) {
        self.add(step, 0.0, matrix, gradient);
    }

    fn add(&self, step: f64, ratio: f64, matrix: &mut [f64], gradient: &mut [f64]) {
        let p = self.gradient.len();
        for i in 0..p {
            gradient[i] += self.gradient[i] + step * self.border[i];
            for j in 0..p {
                matrix[i * p + j] +=
                    self.shared[i * p + j] - ratio * self.border[i] * self.border[j];
            }
        }
    }

    /// Fall of χ² where the shared parameters fall by `delta` and τ grows by `step`, as the equations have it.
    pub fn fall(&self, delta: &[f64], step: f64) -> f64 {
        let p = delta.len();
        let shared: f64 = (0..p)
            .map(|i| {
                delta[i] * (2.0 * self.gradient[i] - dot(&self.shared[i * p..(i + 1) * p], delta))
            })
            .sum();
        let along = 2.0 * (dot(&self.border, delta) - self.gradient_tau) - self.tau * step;
        shared + step * along
    }
}

/// Normal equations of the shared parameters.
#[derive(Clone, Debug)]
pub(super) struct Schur {
    pub blocks: Vec<Block>,
    /// Inverse, row by row: the covariance of the shared parameters for unit χ²/ν. Zero where nothing is determined.
    pub covariance: Vec<f64>,
}

impl Schur {
    fn new(blocks: Vec<Block>, p: usize) -> Schur {
        let (mut matrix, mut gradient) = (vec![0.0; p * p], vec![0.0; p]);
        blocks
            .iter()
            .for_each(|b| b.eliminate(0.0, &mut matrix, &mut gradient));
        let covariance =
            Cholesky::new(&matrix, p).map_or_else(|| vec![0.0; p * p], |c| c.inverse());
        Schur { blocks, covariance }
    }

    /// Covariance of τ_j and τ_k for unit χ²/ν; `None` where a frame does not see its τ.
    pub fn tau_covariance(&self, j: usize, k: usize) -> Option<f64> {
        let (a, b) = (&self.blocks[j], &self.blocks[k]);
        if a.tau <= 0.0 || b.tau <= 0.0 {
            return None;
        }
        let p = a.border.len();
        let through: f64 = (0..p)
            .map(|i| {
                (0..p)
                    .map(|l| a.border[i] * self.covariance[i * p + l] * b.border[l])
                    .sum::<f64>()
            })
            .sum();
        Some(through / (a.tau * b.tau) + if j == k { 1.0 / a.tau } else { 0.0 })
    }

    /// Variance of the D·t of the interval that ends with frame `k` for unit χ²/ν; `None` as above.
    pub fn dtau_variance(&self, k: usize) -> Option<f64> {
        let end = self.tau_covariance(k, k)?;
        if k == 1 {
            return Some(end);
        }
        let begin = self.tau_covariance(k - 1, k - 1)?;
        Some((end + begin - 2.0 * self.tau_covariance(k - 1, k)?).max(0.0))
    }
}

/// The shape where nothing of it is free.
pub(super) fn given(problem: &Problem) -> Shared {
    let mut shared = Shared([problem.settings.contrast; 4]);
    impose(problem, &mut shared);
    shared
}

/// R_B at the start, over what the outline gives for it. The outline stands where the image has half of its brightest, which in a dark shell is
/// the edge of the core: R_B is then 1.12 times larger for R_A = 0.85 R_B (gold in silver), 1.27 times for 0.7 R_B. From a particle that ends at the
/// core, the fit goes on to one whose core has shrunk to nothing.
const BEYOND_OUTLINE: [f64; 4] = [1.0, 1.12, 1.25, 1.4];

/// Start: the shape of the first frame, scanned coarsely where it is free, with τ = 0.
pub(super) fn start(problem: &Problem) -> Result<Shared, FitError> {
    let s = problem.settings;
    // A parameter that is held is the same at every point of a scan.
    let scan = |setting: Setting, fractions: &[f64], of: f64| match setting {
        Setting::Free => fractions.iter().map(|f| f * of).collect(),
        Setting::Fixed(value) => vec![value],
    };
    let mut best: Option<(f64, Shared)> = None;
    let mut beside: Option<Model> = None;
    // A shell that is brighter than the core ends at the outline.
    let dark_shell = s.contrast > 1.0;
    let beyond = &BEYOND_OUTLINE[..if dark_shell { 4 } else { 1 }];
    for radius_b in scan(s.radius_b_nm, beyond, problem.edge) {
        let cores = [0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.93];
        let radii_a = scan(s.radius_a_nm, &cores, radius_b);
        for sigma in scan(s.sigma_nm, &[0.03, 0.08], radius_b) {
            let shared = Shared([0.5 * radius_b, radius_b, sigma, s.contrast]);
            let mut model = problem.maker.model_beside(beside.as_ref(), shared)?;
            for radius_a in &radii_a {
                model.set_core(*radius_a);
                let chi2 = problem.residuals(&model, 0, 0.0).chi2();
                if best.as_ref().is_none_or(|(least, _)| chi2 < *least) {
                    best = Some((chi2, model.shared()));
                }
            }
            beside = Some(model);
        }
    }
    best.map(|(_, shared)| shared).ok_or(FitError::NoFrames)
}

/// The shape of a fit as a start under other settings.
pub(super) fn imposed(problem: &Problem, shape: &ShapeFit) -> Shared {
    let mut start = shared(shape).clamped(problem.edge);
    impose(problem, &mut start);
    start
}

/// Sets what the settings hold.
pub(super) fn impose(problem: &Problem, shared: &mut Shared) {
    let s = problem.settings;
    for (index, setting) in [
        (RADIUS_A, s.radius_a_nm),
        (RADIUS_B, s.radius_b_nm),
        (SIGMA, s.sigma_nm),
    ] {
        if let Setting::Fixed(value) = setting {
            shared.0[index] = value;
        }
    }
    if !s.contrast_free {
        shared.0[CONTRAST] = s.contrast;
    }
}

/// Best τ of frame `k` at or above `floor`: a scan over v, then Newton steps.
pub(super) fn best_tau(problem: &Problem, model: &Model, k: usize, floor: f64) -> f64 {
    const SCAN: usize = 24;
    let low = problem.v_of_tau(floor);
    let high = problem.v_of_tau(problem.tau_max());
    // Fine where little has happened: a power of the unit interval.
    let at = |i: usize| problem.tau_of_v(low + (high - low) * (i as f64 / SCAN as f64).powi(2));
    let mut best = (f64::INFINITY, floor);
    for i in 0..=SCAN {
        let tau = at(i).max(floor);
        let chi2 = problem.residuals(model, k, tau).chi2();
        if chi2 < best.0 {
            best = (chi2, tau);
        }
    }
    let mut tau = best.1;
    let mut chi2 = best.0;
    for _ in 0..20 {
        let frame = problem.linearize(model, &[], k, tau);
        let slope = problem.tau_slope(tau);
        let curvature = dot(&frame.tau, &frame.tau) * slope * slope;
        if curvature <= 0.0 {
            break;
        }
        let mut step = -dot(&frame.tau, &frame.projected.residual) * slope / curvature;
        let v = problem.v_of_tau(tau);
        let mut moved = false;
        while step.abs() > 1e-12 {
            let trial = problem.tau_of_v((v + step).clamp(low, high)).max(floor);
            let trial_chi2 = problem.residuals(model, k, trial).chi2();
            if trial_chi2 < chi2 {
                moved = chi2 - trial_chi2 > 1e-10 * chi2;
                (tau, chi2) = (trial, trial_chi2);
                break;
            }
            step *= 0.4;
        }
        if !moved {
            break;
        }
    }
    tau
}

/// All frames: Levenberg-Marquardt over the free shared parameters and the cumulative τ's, which never fall.
///
/// Frame 0 is the initial state, τ = 0. Where a frame comes out below the one before it, both share one τ from then on
/// (pool adjacent violators, with a new fit after each pooling).
pub(super) fn solve_monotone(problem: &Problem, shared: Shared) -> Result<Solution, FitError> {
    let count = problem.frames.len();
    let model = problem.maker.model(shared)?;
    let mut point = Point {
        shared,
        tau: vec![0.0; count],
    };
    for k in 1..count {
        point.tau[k] = best_tau(problem, &model, k, 0.0);
    }
    settle_from(problem, (point, model), &problem.free())
}

/// The same from a point near the minimum.
pub(super) fn settle(
    problem: &Problem,
    point: Point,
    free: &[usize],
) -> Result<Solution, FitError> {
    let model = problem.maker.model(point.shared)?;
    settle_from(problem, (point, model), free)
}

fn settle_from(
    problem: &Problem,
    (mut point, mut model): (Point, Model),
    free: &[usize],
) -> Result<Solution, FitError> {
    let count = problem.frames.len();
    // groups[k]: the first frame of those that share frame k's τ.
    let mut groups: Vec<usize> = (0..count).collect();
    loop {
        let solution = solve_from(problem, (point, model), (free, &groups), enough(problem))?;
        let tau = &solution.point.tau;
        let mut pooled = groups.clone();
        for k in 2..count {
            if tau[k] < tau[k - 1] && pooled[k] != pooled[k - 1] {
                let (from, to) = (pooled[k], pooled[k - 1]);
                pooled
                    .iter_mut()
                    .filter(|g| **g == from)
                    .for_each(|g| *g = to);
            }
        }
        if pooled == groups {
            return Ok(solution);
        }
        // A pool starts from the mean of its members.
        let mean = |group: usize| {
            let members = tau.iter().zip(&pooled).filter(|(_, g)| **g == group);
            let (sum, count) = members.fold((0.0, 0.0), |(sum, count), (tau, _)| {
                (sum + tau, count + 1.0)
            });
            sum / count
        };
        point = Point {
            shared: solution.point.shared,
            tau: pooled.iter().map(|&g| mean(g)).collect(),
        };
        model = solution.model;
        groups = pooled;
    }
}

/// Levenberg-Marquardt; frame 0 keeps its τ, frames of one group share theirs.
pub(super) fn solve(
    problem: &Problem,
    start: Point,
    free: &[usize],
    groups: &[usize],
) -> Result<Solution, FitError> {
    solve_to(problem, start, (free, groups), enough(problem))
}

/// By how much less χ² may still fall where the iteration ends.
fn enough(problem: &Problem) -> impl Fn(f64) -> f64 {
    let bins = problem.total_size() as f64;
    move |chi2| SMALLEST_FALL * (chi2 / bins).max(1.0)
}

/// The same until χ² falls by less than `enough` of it.
pub(super) fn solve_to(
    problem: &Problem,
    start: Point,
    among: (&[usize], &[usize]),
    enough: impl Fn(f64) -> f64,
) -> Result<Solution, FitError> {
    let model = problem.maker.model(start.shared)?;
    solve_from(problem, (start, model), among, enough)
}

/// The same with the model of the start at hand.
fn solve_from(
    problem: &Problem,
    (start, model): (Point, Model),
    (free, groups): (&[usize], &[usize]),
    enough: impl Fn(f64) -> f64,
) -> Result<Solution, FitError> {
    const ITERATIONS: usize = 60;
    const STEPS: usize = 12;
    let mut point = start;
    let mut model = problem.maker.with_derivatives(model, free, None)?;
    let mut damping = 1e-3;
    let mut termination = Termination::TooManyEvaluations;
    let cost = |model: &Model, tau: &[f64]| -> f64 {
        tau.iter()
            .enumerate()
            .map(|(k, &tau)| problem.residuals(model, k, tau).chi2())
            .sum()
    };
    let mut chi2 = cost(&model, &point.tau);
    'iterations: for _ in 0..ITERATIONS {
        let blocks = grouped_blocks(problem, &model, free, &point, groups);
        for _ in 0..STEPS {
            let equations = (blocks.as_slice(), groups);
            let least = enough(chi2);
            let Some((trial, promise)) = step(problem, free, &point, equations, (damping, least))
            else {
                damping *= 8.0;
                continue;
            };
            if promise < least {
                termination = Termination::Converged;
                break 'iterations;
            }
            // Where the shape stays its images do.
            let trial_model = if trial.shared == point.shared {
                None
            } else {
                Some(problem.maker.model_beside(Some(&model), trial.shared)?)
            };
            let trial_chi2 = cost(trial_model.as_ref().unwrap_or(&model), &trial.tau);
            if trial_chi2 < chi2 {
                let fall = chi2 - trial_chi2;
                (point, chi2) = (trial, trial_chi2);
                if let Some(moved) = trial_model {
                    model = problem.maker.with_derivatives(moved, free, Some(&model))?;
                }
                damping = (damping * 0.15).max(1e-9);
                if fall < enough(chi2) {
                    termination = Termination::Converged;
                    break 'iterations;
                }
                continue 'iterations;
            }
            damping = (damping * 6.0).max(1e-6);
        }
        // No step lowers χ²: at the minimum to rounding, or stuck with a gradient left.
        termination = if gradient_is_small(&blocks, free, chi2) {
            Termination::Converged
        } else {
            Termination::NoProgress
        };
        break;
    }
    Ok(Solution {
        termination,
        ..with_free(problem, point, model, free)
    })
}

/// A point as a solution with the shape held.
pub(super) fn at(problem: &Problem, point: Point, model: Model) -> Solution {
    with_free(problem, point, model, &[])
}

/// A point as a solution, whatever its χ²: for what the equations say there.
pub(super) fn at_point(
    problem: &Problem,
    point: Point,
    free: &[usize],
) -> Result<Solution, FitError> {
    let model = problem.maker.model(point.shared)?;
    let model = problem.maker.with_derivatives(model, free, None)?;
    Ok(with_free(problem, point, model, free))
}

fn with_free(problem: &Problem, point: Point, model: Model, free: &[usize]) -> Solution {
    let frames: Vec<Linearized> = point
        .tau
        .iter()
        .enumerate()
        .map(|(k, &tau)| problem.linearize(&model, free, k, tau))
        .collect();
    let blocks = frames
        .iter()
        .enumerate()
        .map(|(k, f)| Block::new(f, k > 0))
        .collect();
    let chi2 = frames.iter().map(|f| f.projected.chi2()).sum();
    let (schur, free, termination) = (
        Schur::new(blocks, free.len()),
        free.to_vec(),
        Termination::Converged,
    );
    Solution {
        point,
        model,
        free,
        frames,
        schur,
        chi2,
        termination,
    }
}

/// Fall of χ² (in units of χ²/ν) below which the iteration has converged: 0.02 standard errors of any parameter.
const SMALLEST_FALL: f64 = 3e-4;

/// The blocks of the normal equations, one per group of frames, at the group's first frame; `None` elsewhere.
fn grouped_blocks(
    problem: &Problem,
    model: &Model,
    free: &[usize],
    point: &Point,
    groups: &[usize],
) -> Vec<Option<Block>> {
    let mut blocks: Vec<Option<Block>> = vec![None; groups.len()];
    for (k, &group) in groups.iter().enumerate() {
        let block = Block::new(&problem.linearize(model, free, k, point.tau[k]), k > 0);
        match &mut blocks[group] {
            Some(first) => first.join(&block),
            slot => *slot = Some(block),
        }
    }
    blocks
}

/// Whether no parameter's gradient promises a fall of χ² that would count.
fn gradient_is_small(blocks: &[Option<Block>], free: &[usize], chi2: f64) -> bool {
    let p = free.len();
    (0..p).all(|i| {
        let g: f64 = blocks.iter().flatten().map(|b| b.gradient[i]).sum();
        let h: f64 = blocks.iter().flatten().map(|b| b.shared[i * p + i]).sum();
        h <= 0.0 || g * g / h < 1e-4 * chi2.max(1.0)
    })
}
