//! Least squares with unknowns that cannot be negative.

use super::Cholesky;

/// The x that minimizes ½ xᵀGx − bᵀx with x ≥ 0 in all but the first `signed` unknowns: least squares from its normal equations,
/// G = AᵀWA row by row, b = AᵀWy.
///
/// Active sets (Lawson and Hanson, Solving Least Squares Problems, SIAM 1995, chapter 23): the unknown whose increase lowers the sum most is let
/// free, and those that a step would make negative are put back to zero. Exact to the conditioning of G in finitely many steps
/// (`tests/numerics.rs`, against all subsets). For some ten unknowns; `None` where G is singular in the signed unknowns.
pub fn non_negative(gram: &[f64], rhs: &[f64], signed: usize) -> Option<Vec<f64>> {
    let n = rhs.len();
    let mut free: Vec<usize> = (0..signed.min(n)).collect();
    let mut x = vec![0.0; n];
    if !free.is_empty() {
        scatter(&solve(gram, rhs, &free)?, &free, &mut x);
    }
    // What counts as zero in the gradient, in units of each unknown's own scale.
    let small: Vec<f64> = (0..n)
        .map(|j| {
            let reach: f64 = (0..n)
                .map(|k| rhs[k].abs() / gram[k * n + k].max(f64::MIN_POSITIVE).sqrt())
                .fold(0.0, f64::max);
            1e-10 * reach * gram[j * n + j].max(0.0).sqrt()
        })
        .collect();
    for _ in 0..3 * n + 3 {
        let gradient = |j: usize| rhs[j] - (0..n).map(|k| gram[j * n + k] * x[k]).sum::<f64>();
        let next = (0..n)
            .filter(|j| !free.contains(j) && gram[j * n + j] > 0.0)
            .map(|j| {
                (
                    j,
                    gradient(j) / gram[j * n + j].sqrt(),
                    gradient(j) > small[j],
                )
            })
            .filter(|(_, _, rises)| *rises)
            .max_by(|a, b| a.1.total_cmp(&b.1));
        let Some((entering, _, _)) = next else {
            return Some(x);
        };
        free.push(entering);
        loop {
            let Some(trial) = solve(gram, rhs, &free) else {
                // The new unknown says nothing that the others do not.
                free.retain(|&j| j != entering);
                return Some(x);
            };
            // How far towards the trial until the first unknown reaches zero.
            let blocked = free
                .iter()
                .zip(&trial)
                .filter(|&(&j, &t)| j >= signed && t <= 0.0)
                .map(|(&j, &t)| (j, x[j] / (x[j] - t).max(f64::MIN_POSITIVE)))
                .min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((leaving, share)) = blocked else {
                scatter(&trial, &free, &mut x);
                break;
            };
            let share = share.clamp(0.0, 1.0);
            for (&j, &t) in free.iter().zip(&trial) {
                x[j] += share * (t - x[j]);
            }
            x[leaving] = 0.0;
            free.retain(|&j| j != leaving);
            if free.is_empty() {
                break;
            }
        }
    }
    Some(x)
}

/// The unconstrained minimum over some of the unknowns.
fn solve(gram: &[f64], rhs: &[f64], free: &[usize]) -> Option<Vec<f64>> {
    let n = rhs.len();
    let part: Vec<f64> = free
        .iter()
        .flat_map(|&i| free.iter().map(move |&j| gram[i * n + j]))
        .collect();
    let b: Vec<f64> = free.iter().map(|&j| rhs[j]).collect();
    Some(Cholesky::new(&part, free.len())?.solve(&b))
}

fn scatter(values: &[f64], at: &[usize], x: &mut [f64]) {
    x.fill(0.0);
    for (&j, &v) in at.iter().zip(values) {
        x[j] = v;
    }
}
