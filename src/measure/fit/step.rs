//! One step of the joint fit: the damped equations solved with every parameter in its range.

use super::joint::{Block, Point, impose};
use super::linear::dot;
use super::model::{RADIUS_B, Shared};
use super::problem::Problem;
use crate::numerics::Cholesky;

/// A shape that promises less than this part of the smallest fall of χ² that counts stays as it is: only the τ's move.
const HELD: f64 = 0.1;

/// The damped Gauss-Newton step, limits observed, and the fall of χ² that the linear model promises for it; `None` where
/// the equations do not determine one. `least` is the smallest fall that counts.
pub(super) fn step(
    problem: &Problem,
    free: &[usize],
    point: &Point,
    (blocks, groups): (&[Option<Block>], &[usize]),
    (damping, least): (f64, f64),
) -> Option<(Point, f64)> {
    let (delta, steps) = changes(problem, free, point, blocks, (damping, least))?;
    let mut next = point.clone();
    if delta.iter().any(|d| *d != 0.0) {
        for (&index, d) in free.iter().zip(&delta) {
            next.shared.0[index] -= d;
        }
        next.shared = next.shared.clamped(problem.edge);
        impose(problem, &mut next.shared);
    }
    let v_max = problem.v_of_tau(problem.tau_max());
    for (k, &group) in groups.iter().enumerate() {
        if steps[group] != 0.0 {
            let (v, slope) = v_and_slope(problem, point.tau[group]);
            next.tau[k] = problem.tau_of_v((v + steps[group] / slope).clamp(0.0, v_max));
        }
    }
    let equations = blocks.iter().zip(&steps);
    let promise = equations
        .filter_map(|(block, step)| Some(block.as_ref()?.fall(&delta, *step)))
        .sum();
    let sound = next.shared.0.iter().chain(&next.tau).all(|x| x.is_finite());
    sound.then_some((next, promise))
}

/// By how much the shared parameters are to fall and the τ of each group to grow.
///
/// A τ that would leave its range goes to its end, and the shared parameters are solved for once more with what it does then: with a
/// τ that only seems to follow them they would be sent to where χ² is larger.
fn changes(
    problem: &Problem,
    free: &[usize],
    point: &Point,
    blocks: &[Option<Block>],
    (damping, least): (f64, f64),
) -> Option<(Vec<f64>, Vec<f64>)> {
    let p = free.len();
    let v_max = problem.v_of_tau(problem.tau_max());
    let mut to_end: Vec<Option<f64>> = vec![None; blocks.len()];
    loop {
        let (mut matrix, mut gradient) = (vec![0.0; p * p], vec![0.0; p]);
        for (block, end) in blocks.iter().zip(&to_end) {
            let Some(block) = block else { continue };
            match end {
                Some(step) => block.given(*step, &mut matrix, &mut gradient),
                None => block.eliminate(damping, &mut matrix, &mut gradient),
            }
            for i in 0..p {
                matrix[i * p + i] += damping * block.shared[i * p + i];
            }
        }
        let mut delta = within_ranges(problem, free, &point.shared, (&matrix, &gradient))?;
        let promise: f64 = (0..p)
            .map(|i| delta[i] * (2.0 * gradient[i] - dot(&matrix[i * p..(i + 1) * p], &delta)))
            .sum();
        if promise < HELD * least {
            delta = vec![0.0; p];
        }
        // No more than a third at once: the model is only locally linear.
        for (d, &index) in delta.iter_mut().zip(free) {
            let most = 0.33 * point.shared.0[index];
            *d = d.clamp(-most, most);
        }
        let mut steps = vec![0.0; blocks.len()];
        let mut passed = false;
        for (k, block) in blocks.iter().enumerate() {
            let Some(block) = block.as_ref().filter(|b| b.tau > 0.0) else {
                continue;
            };
            if let Some(step) = to_end[k] {
                steps[k] = step;
                continue;
            }
            steps[k] =
                -(block.gradient_tau - dot(&block.border, &delta)) / (block.tau * (1.0 + damping));
            // The step is taken in v, where the signal is almost linear.
            let (v, slope) = v_and_slope(problem, point.tau[k]);
            let to = v + steps[k] / slope;
            if !(0.0..=v_max).contains(&to) {
                to_end[k] = Some((to.clamp(0.0, v_max) - v) * slope);
                passed = true;
            }
        }
        if !passed {
            return Some((delta, steps));
        }
    }
}

fn v_and_slope(problem: &Problem, tau: f64) -> (f64, f64) {
    (problem.v_of_tau(tau), problem.tau_slope(tau))
}

/// The δ that solves M δ = g among those after which every parameter, `from` minus δ, is in its range: one that would leave it goes to
/// its end, and the others are solved for once more. `None` where the equations do not determine them.
///
/// The ranges of R_A and σ are parts of R_B: at its end such a parameter moves along with R_B. Cut off after the step instead, σ would
/// leave R_B, to which it is closely bound, where nothing had asked it to be.
fn within_ranges(
    problem: &Problem,
    free: &[usize],
    from: &Shared,
    (matrix, gradient): (&[f64], &[f64]),
) -> Option<Vec<f64>> {
    let p = free.len();
    let (mut matrix, mut gradient) = (matrix.to_vec(), gradient.to_vec());
    let radius_b = free.iter().position(|&index| index == RADIUS_B);
    // Of those that go to an end: i, and a and c of δ_i = a + c δ_j, j being R_B, which stands first.
    let mut at_end: Vec<(usize, f64, f64)> = Vec::new();
    loop {
        let mut delta = Cholesky::new(&matrix, p)?.solve(&gradient);
        for &(i, a, c) in &at_end {
            delta[i] = a + radius_b.map_or(0.0, |j| c * delta[j]);
        }
        let mut to = *from;
        free.iter()
            .zip(&delta)
            .for_each(|(&index, d)| to.0[index] -= d);
        let leaving = (0..p)
            .filter(|i| at_end.iter().all(|(k, ..)| k != i))
            .find_map(|i| Some((i, to.end_passed(free[i], problem.edge)?)));
        let Some((i, end)) = leaving else {
            return Some(delta);
        };
        let mut a = from.0[free[i]] - end.at(from.0[RADIUS_B]);
        let mut c = end.part_of_radius_b;
        match (radius_b, at_end.first()) {
            // R_B is at an end itself.
            (Some(j), Some(&(first, of_radius_b, _))) if first == j => {
                (a, c) = (a + c * of_radius_b, 0.0);
            }
            // What is asked of δ_i is asked of R_B.
            (Some(j), _) if j != i => {
                (0..p).for_each(|k| matrix[k * p + j] += c * matrix[k * p + i]);
                (0..p).for_each(|k| matrix[j * p + k] += c * matrix[i * p + k]);
                gradient[j] += c * gradient[i];
            }
            _ => {}
        }
        for k in 0..p {
            gradient[k] -= a * matrix[k * p + i];
            (matrix[i * p + k], matrix[k * p + i]) = (0.0, 0.0);
        }
        (matrix[i * p + i], gradient[i]) = (1.0, 0.0);
        at_end.insert(
            if radius_b == Some(i) { 0 } else { at_end.len() },
            (i, a, c),
        );
    }
}
