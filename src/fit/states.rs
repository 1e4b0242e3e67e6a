//! The covariance of everything that is fitted, and what it is made of.

use super::grain::Grain;
use super::joint::Solution;
use super::problem::{FitError, Problem};
use crate::numerics::Cholesky;

/// Below this share of the largest information a frame does not see its τ.
const BLIND: f64 = 1e-12;

/// Standard deviations of χ² by which the atoms must be expected to show before their absence is believed; half of it is
/// then two standard deviations from both presence and absence.
const SHOWS: f64 = 4.0;

/// All parameters at the solution: the shared ones, then v of every frame but the first.
///
/// v = 1 − exp(−q₁² τ/R²), in which the signal is almost linear, so that the likelihood is almost normal.
pub(super) struct States {
    free: usize,
    size: usize,
    /// N⁻¹: the covariance for errors as stated in the profiles.
    counting: Vec<f64>,
    /// The atoms' part.
    atoms: Vec<f64>,
    /// By which the first is multiplied: what χ² says of the errors, beyond the atoms; at least 1.
    pub scale: f64,
    /// Whether the atoms are in; `None` where they were not asked for.
    pub grainy: Option<bool>,
    /// Whether a frame sees its v.
    sees: Vec<bool>,
    /// dτ/dv by frame.
    slope: Vec<f64>,
    /// v after one free Newton step: no order, no bounds.
    pub unbound: Vec<f64>,
}

impl States {
    pub fn new(
        problem: &Problem,
        solution: &Solution,
        degrees_of_freedom: usize,
    ) -> Result<States, FitError> {
        let p = solution.free.len();
        let blocks = &solution.schur.blocks;
        let count = blocks.len();
        let size = p + count.saturating_sub(1);
        let tau = &solution.point.tau;
        let slope: Vec<f64> = tau.iter().map(|t| problem.tau_slope(*t)).collect();
        let (mut normal, mut gradient) = (vec![0.0; size * size], vec![0.0; size]);
        for (k, block) in blocks.iter().enumerate() {
            for i in 0..p {
                gradient[i] += block.gradient[i];
                for j in 0..p {
                    normal[i * size + j] += block.shared[i * p + j];
                }
            }
            if k > 0 {
                let at = p + k - 1;
                normal[at * size + at] = block.tau * slope[k] * slope[k];
                gradient[at] = block.gradient_tau * slope[k];
                for i in 0..p {
                    let border = block.border[i] * slope[k];
                    (normal[i * size + at], normal[at * size + i]) = (border, border);
                }
            }
        }
        let information = |k: usize| normal[(p + k - 1) * size + p + k - 1];
        let most = (1..count).map(information).fold(0.0_f64, f64::max);
        let sees: Vec<bool> = (0..count)
            .map(|k| k > 0 && information(k) > BLIND * most)
            .collect();
        for k in (1..count).filter(|k| !sees[*k]) {
            let at = p + k - 1;
            for i in 0..size {
                (normal[i * size + at], normal[at * size + i]) = (0.0, 0.0);
            }
            (normal[at * size + at], gradient[at]) = (1.0, 0.0);
        }
        let factor = Cholesky::new(&normal, size);
        let step = factor
            .as_ref()
            .map_or(vec![0.0; size], |f| f.solve(&gradient));
        let counting = factor.map_or_else(|| vec![0.0; size * size], |f| f.inverse());
        let chi2_red = solution.chi2 / degrees_of_freedom as f64;
        let unbound = (1..count)
            .map(|k| problem.v_of_tau(tau[k]) - step[p + k - 1])
            .collect();
        let mut states = States {
            free: p,
            size,
            counting,
            atoms: vec![0.0; size * size],
            scale: chi2_red.max(1.0),
            grainy: None,
            sees,
            slope,
            unbound,
        };
        if let Some(density) = problem
            .settings
            .atoms_per_nm3
            .filter(|n| *n > 0.0 && n.is_finite())
        {
            let grain = Grain::new(problem, solution, density)?;
            states.add(grain, chi2_red, degrees_of_freedom as f64);
        }
        Ok(states)
    }

    /// The atoms' part, N⁻¹ M N⁻¹, unless the residuals refute it.
    fn add(&mut self, grain: Grain, chi2_red: f64, degrees_of_freedom: f64) {
        let half = product(&self.counting, &grain.meat, self.size);
        // What the fit takes up, tr(N⁻¹ M), does not show in χ².
        let taken: f64 = (0..self.size).map(|i| half[i * self.size + i]).sum();
        let expected = ((grain.excess - taken) / degrees_of_freedom).max(0.0);
        let noise = libm::sqrt(2.0 / degrees_of_freedom);
        // Where so many atoms must show, and do not, there are none: a simulated continuum.
        let absent = expected > SHOWS * noise && chi2_red - 1.0 < 0.5 * expected;
        self.grainy = Some(!absent);
        if !absent {
            self.atoms = product(&half, &self.counting, self.size);
            self.scale = (chi2_red / (1.0 + expected)).max(1.0);
        }
    }

    /// Variances of the D·t (nm²) of the interval that ends with frame `k`: by counting (times the scale) and by the atoms; `None` where the frames
    /// do not see it.
    pub fn dtau_variance(&self, k: usize) -> Option<(f64, f64)> {
        if !self.sees[k] || (k > 1 && !self.sees[k - 1]) {
            return None;
        }
        let of = |matrix: &[f64]| {
            let at = |k: usize| self.free + k - 1;
            let c = |i: usize, j: usize| {
                matrix[at(i) * self.size + at(j)] * self.slope[i] * self.slope[j]
            };
            let begin = if k > 1 {
                c(k - 1, k - 1) - 2.0 * c(k - 1, k)
            } else {
                0.0
            };
            (c(k, k) + begin).max(0.0)
        };
        Some((self.scale * of(&self.counting), of(&self.atoms)))
    }

    /// Covariance of the v's, row by row.
    pub fn covariance(&self) -> Vec<f64> {
        let range = self.free..self.size;
        range
            .clone()
            .flat_map(|i| range.clone().map(move |j| i * self.size + j))
            .map(|at| self.scale * self.counting[at] + self.atoms[at])
            .collect()
    }
}

/// Product of two square matrices.
fn product(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let mut c = vec![0.0; n * n];
    for i in 0..n {
        for k in 0..n {
            let a = a[i * n + k];
            for j in 0..n {
                c[i * n + j] += a * b[k * n + j];
            }
        }
    }
    c
}
