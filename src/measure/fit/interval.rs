//! D·t of one heating interval from the profile likelihood.

use std::cell::RefCell;
use std::rc::Rc;

use super::joint::Solution;
use super::linear::dot;
use super::problem::{Linearized, Problem};
use super::states::{States, Variance};
use super::{Interval, IntervalKind, normal_quantile};
use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::numerics::Cholesky;

/// Rise of χ² at which a one-sided statement holds with 95 % confidence.
///
/// A value is claimed only where both "nothing moved" and "already mixed" are excluded at this level; otherwise the
/// bound that exists is given as a limit, at this level.
const LIMIT_RISE: f64 = 2.705_543_454_095_404;

/// Fall of χ², in units of its scale, below which a step is not worth another look.
const ENOUGH: f64 = 1e-3;

/// Frames at one τ that are kept.
const KEPT: usize = 8;

/// χ² of a series as a function of one interval's D·t, everything else at its best.
///
/// The two frames that bound the interval enter exactly in their τ and linearly in the shared parameters; all other
/// frames enter through their normal equations at the solution. Gain and background are eliminated throughout.
struct ProfileLikelihood<'a> {
    problem: &'a Problem<'a>,
    solution: &'a Solution,
    /// End frame of the interval.
    k: usize,
    /// Normal equations of the other frames.
    rest: Vec<f64>,
    rest_gradient: Vec<f64>,
    /// χ² is divided by this: what it says of the errors, and the atoms at the D·t fitted.
    scale: f64,
    /// What the atoms add to that where more has moved, and so less is remembered of the frame before.
    atoms: Atoms<'a>,
    /// Frames lately looked at, by index and τ: one question and the next have one of their two in common.
    recent: RefCell<Vec<(usize, f64, Rc<Side>)>>,
}

/// The atoms in the scale of χ².
struct Atoms<'a> {
    /// What χ² says of the errors.
    counted: f64,
    variance: Option<&'a Variance>,
    /// D·t fitted (nm²).
    fitted: f64,
    /// Rate at which the slowest mode forgets (1/nm²).
    rate: f64,
}

impl Atoms<'_> {
    /// The scale at a D·t: that of the fit up to it, and beyond it with the memory of the slowest mode fading.
    fn scale(&self, delta: f64) -> f64 {
        let memory = libm::exp(-self.rate * (delta - self.fitted).max(0.0));
        let widening = match self.variance {
            Some(v) if v.counting > 0.0 => 1.0 + v.of_atoms(memory) / v.counting,
            _ => 1.0,
        };
        self.counted * widening
    }
}

/// A frame at one τ: its part of the normal equations, by the shared parameters and by τ.
struct Side {
    chi2: f64,
    gradient: Vec<f64>,
    matrix: Vec<f64>,
    /// dτ/dv.
    slope: f64,
}

impl Side {
    fn new(frame: &Linearized, slope: f64) -> Side {
        let r = &frame.projected.residual;
        let columns: Vec<&Vec<f64>> = frame.shared.iter().chain([&frame.tau]).collect();
        let row = |a: &&Vec<f64>| columns.iter().map(|b| dot(a, b)).collect::<Vec<f64>>();
        Side {
            chi2: dot(r, r),
            gradient: columns.iter().map(|a| dot(a, r)).collect(),
            matrix: columns.iter().flat_map(row).collect(),
            slope,
        }
    }
}

/// The two frames at their τ, the shared parameters at their best.
#[derive(Clone, Copy)]
struct Trial {
    /// τ of the first frame.
    tau: f64,
    /// χ² of the two frames and the rest, up to a constant.
    chi2: f64,
    /// Gauss-Newton step of v of the first frame, the other frame's τ going with it …
    step: f64,
    /// … and by how much it promises to lower χ².
    promise: f64,
}

impl ProfileLikelihood<'_> {
    fn new<'a>(
        problem: &'a Problem<'a>,
        solution: &'a Solution,
        k: usize,
        atoms: Atoms<'a>,
    ) -> ProfileLikelihood<'a> {
        let p = solution.free.len();
        let (mut rest, mut rest_gradient) = (vec![0.0; p * p], vec![0.0; p]);
        for (j, block) in solution.schur.blocks.iter().enumerate() {
            if j != k && j + 1 != k {
                block.eliminate(0.0, &mut rest, &mut rest_gradient);
            }
        }
        ProfileLikelihood {
            problem,
            solution,
            k,
            rest,
            rest_gradient,
            scale: atoms.scale(atoms.fitted),
            atoms,
            recent: RefCell::default(),
        }
    }

    fn side(&self, k: usize, tau: f64) -> Rc<Side> {
        let mut recent = self.recent.borrow_mut();
        if let Some(at) = recent.iter().position(|(i, t, _)| (*i, *t) == (k, tau)) {
            recent[..=at].rotate_right(1);
        } else {
            let (model, free) = (&self.solution.model, &self.solution.free);
            let frame = self.problem.linearize(model, free, k, tau);
            let side = Rc::new(Side::new(&frame, self.problem.tau_slope(tau)));
            recent.insert(0, (k, tau, side));
            recent.truncate(KEPT);
        }
        Rc::clone(&recent[0].2)
    }

    /// Both frames with the first at `tau`.
    fn with_first_at(&self, tau: f64, delta: f64) -> Trial {
        self.at(tau, (tau + delta).min(self.problem.tau_max()))
    }

    /// The frames at these τ.
    fn at(&self, tau: f64, tau_second: f64) -> Trial {
        let p = self.solution.free.len();
        let moves = self.k > 1;
        let first = self.side(self.k - 1, tau);
        let second = self.side(self.k, tau_second);
        // Unknowns: shared parameters, then v of the first frame. The second frame's τ follows: dτ₂ = dτ₁.
        let n = p + usize::from(moves);
        let scale = |i: usize| if i == p { first.slope } else { 1.0 };
        let shared = |i: usize, j: usize| {
            if i.max(j) < p {
                self.rest[i * p + j]
            } else {
                0.0
            }
        };
        let (mut matrix, mut gradient) = (Vec::with_capacity(n * n), Vec::with_capacity(n));
        for i in 0..n {
            let of_rest = self.rest_gradient.get(i).unwrap_or(&0.0);
            gradient.push(of_rest + scale(i) * (first.gradient[i] + second.gradient[i]));
            for j in 0..n {
                let at = i * (p + 1) + j;
                let sides = first.matrix[at] + second.matrix[at];
                matrix.push(shared(i, j) + scale(i) * scale(j) * sides);
            }
        }
        // The shared parameters' best at this τ.
        let block: Vec<f64> = (0..p)
            .flat_map(|i| matrix[i * n..i * n + p].to_vec())
            .collect();
        let best = Cholesky::new(&block, p).map(|c| c.solve(&gradient[..p]));
        let fall = best.map_or(0.0, |best| dot(&best, &gradient[..p]));
        let all = Cholesky::new(&matrix, n).map(|c| c.solve(&gradient));
        let (step, promise) = match all.filter(|_| moves) {
            Some(all) => (-all[p], dot(&all, &gradient) - fall),
            None => (0.0, 0.0),
        };
        Trial {
            tau,
            chi2: first.chi2 + second.chi2 - fall,
            step,
            promise,
        }
    }

    /// The least χ² with the interval's D·t held at `delta`, and the first frame's τ there.
    fn least(&self, delta: f64, start: f64) -> (f64, f64) {
        let first = self.with_first_at(if self.k == 1 { 0.0 } else { start }, delta);
        if self.k == 1 {
            return (first.chi2, first.tau);
        }
        let v_max = self.problem.v_of_tau(self.problem.tau_max());
        // Either frame may be the one that stays where it was.
        let second = self.solution.point.tau[self.k];
        let other = if delta <= second {
            self.at(second - delta, second)
        } else {
            self.with_first_at(0.0, delta)
        };
        let mut best = if other.chi2 < first.chi2 {
            other
        } else {
            first
        };
        let enough = ENOUGH * self.scale;
        for _ in 0..12 {
            if best.promise < enough {
                break;
            }
            let v = self.problem.v_of_tau(best.tau);
            let shorter = |step: &f64| Some(0.3 * step);
            let found = core::iter::successors(Some(best.step), shorter)
                .take(6)
                .map(|step| self.problem.tau_of_v((v + step).clamp(0.0, v_max)))
                .take_while(|tau| *tau != best.tau)
                .map(|tau| self.with_first_at(tau, delta))
                .find(|trial| trial.chi2 < best.chi2);
            let Some(found) = found else {
                break;
            };
            let fall = best.chi2 - found.chi2;
            best = found;
            if fall < enough {
                break;
            }
        }
        (best.chi2, best.tau)
    }

    /// D·t where χ² has risen by `rise` over `least`, between `inside` (below the rise) and `outside` (above it):
    /// regula falsi on the root of the rise, which is almost linear in D·t.
    fn crossing(
        &self,
        least: f64,
        rise: f64,
        mut inside: (f64, f64),
        mut outside: (f64, f64),
        mut tau: f64,
    ) -> f64 {
        let target = f64::sqrt(rise);
        let mut guess = 0.5 * (inside.0 + outside.0);
        for _ in 0..20 {
            let fraction = (target - inside.1) / (outside.1 - inside.1);
            guess = inside.0 + (outside.0 - inside.0) * fraction.clamp(0.05, 0.95);
            let (chi2, at) = self.least(guess, tau);
            tau = at;
            let root = self.root(guess, chi2, least);
            if (root - target).abs() < 5e-3 {
                break;
            }
            if root < target {
                inside = (guess, root)
            } else {
                outside = (guess, root)
            }
        }
        guess
    }

    /// By how much χ² has risen at a D·t, in units of its scale there.
    fn rise(&self, delta: f64, chi2: f64, least: f64) -> f64 {
        ((chi2 - least) / self.atoms.scale(delta)).max(0.0)
    }

    fn root(&self, delta: f64, chi2: f64, least: f64) -> f64 {
        f64::sqrt(self.rise(delta, chi2, least))
    }
}

/// One interval: value with its profile-likelihood interval, or a limit.
///
/// The profile likelihood knows the counting noise; the atoms' part is as if it were flatter by the ratio of the variances. Where frames are
/// mixed so far that their D·t is fitted as 0, their atoms would seem to be the same ones: the more a D·t beyond the fitted one moves, the less the second frame
/// remembers of the first, and the flatter the likelihood.
pub(super) fn interval(
    problem: &Problem,
    solution: &Solution,
    states: &States,
    k: usize,
) -> Interval {
    let (tau, frame) = (&solution.point.tau, &problem.frames[k]);
    let delta = (tau[k] - tau[k - 1]).max(0.0);
    let variance = states.dtau_variance(k);
    let atoms = variance.as_ref().map_or(0.0, |v| v.of_atoms(1.0));
    // An error larger than the whole range is no error.
    let se = variance
        .as_ref()
        .map(|v| f64::sqrt(v.counting + atoms))
        .filter(|se| *se < problem.tau_max());
    let edge = problem.edge;
    let atoms_beyond = Atoms {
        counted: states.scale,
        variance: variance.as_ref(),
        fitted: delta,
        rate: SLOWEST_MODE_SQUARED / (edge * edge),
    };

    let profile = ProfileLikelihood::new(problem, solution, k, atoms_beyond);
    let (mut least, mut tau_best) = profile.least(delta, tau[k - 1]);
    let mut best = delta;
    let quantile = normal_quantile(problem.settings.confidence);
    let wanted = quantile * quantile;
    let largest = wanted.max(LIMIT_RISE);

    // Outward steps until the likelihood has fallen far enough, or the range ends.
    let width = se
        .unwrap_or(0.1 * problem.tau_max())
        .max(1e-9 * problem.tau_max());
    let top = problem.tau_max() - tau[k - 1].min(0.5 * problem.tau_max());
    let mut upward: Vec<(f64, f64, f64)> = Vec::new();
    let mut step = width;
    loop {
        let at = (best + step).min(top);
        let (chi2, t) = profile.least(at, tau_best);
        if chi2 < least {
            (least, best, tau_best) = (chi2, at, t);
            upward.clear();
        } else {
            upward.push((at, chi2, t));
            if profile.rise(at, chi2, least) >= largest {
                break;
            }
        }
        if at >= top {
            break;
        }
        step *= 1.7;
    }
    let (bottom, _) = profile.least(0.0, tau_best);
    let bottom = bottom.max(least);

    let upper = |rise: f64| -> Option<f64> {
        let outside = upward
            .iter()
            .position(|(at, chi2, _)| profile.rise(*at, *chi2, least) >= rise)?;
        let inside = outside.checked_sub(1).map_or((best, 0.0), |i| {
            let (at, chi2, _) = upward[i];
            (at, profile.root(at, chi2, least))
        });
        let (at, chi2, t) = upward[outside];
        let outside = (at, profile.root(at, chi2, least));
        Some(profile.crossing(least, rise, inside, outside, t))
    };
    let lower = |rise: f64| -> Option<f64> {
        (profile.rise(0.0, bottom, least) >= rise).then(|| {
            profile.crossing(
                least,
                rise,
                (best, 0.0),
                (0.0, profile.root(0.0, bottom, least)),
                tau_best,
            )
        })
    };

    let moved = profile.rise(0.0, bottom, least) >= LIMIT_RISE;
    let unmixed = upward
        .iter()
        .any(|(at, chi2, _)| profile.rise(*at, *chi2, least) >= LIMIT_RISE);
    let (kind, dtau_low_nm2, dtau_high_nm2, log_scale) = match (moved, unmixed) {
        (true, true) => (IntervalKind::Value, lower(wanted), upper(wanted), None),
        (false, true) => {
            let limit = upper(LIMIT_RISE);
            (
                IntervalKind::Upper,
                None,
                limit,
                edge_width(limit, upper(1.0)),
            )
        }
        (true, false) => {
            let limit = lower(LIMIT_RISE);
            (
                IntervalKind::Lower,
                limit,
                None,
                edge_width(limit, lower(1.0)),
            )
        }
        (false, false) => (IntervalKind::None, None, None, None),
    };
    Interval {
        index: frame.frame,
        temperature_k: frame.temperature_k,
        dwell_s: frame.dwell_s,
        kind,
        // A likelihood without an end has no best place: where it was searched first would decide.
        dtau_nm2: if kind == IntervalKind::None {
            delta
        } else {
            best
        },
        dtau_se_nm2: se,
        dtau_atoms_se_nm2: se.and(states.grainy).map(|_| f64::sqrt(atoms)),
        dtau_low_nm2,
        dtau_high_nm2,
        log_scale,
    }
}

/// Standard deviation of ln D·t at the edge of a limit: from the places where χ² has risen by 2.71 and by 1.
fn edge_width(limit: Option<f64>, one: Option<f64>) -> Option<f64> {
    let (limit, one) = (limit?, one?);
    // A likelihood that falls at once still smears by a few per cent: the model is not better than that.
    Some((libm::log(limit / one).abs() / (f64::sqrt(LIMIT_RISE) - 1.0)).max(0.05))
}
