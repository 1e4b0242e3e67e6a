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
#[derive(Clone, Debug, PartialEq)]
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

/// What the variance of an interval's D·t (nm⁴) is made of.
pub(super) struct Variance {
    /// Counting, times the scale.
    pub counting: f64,
    /// The atoms of both frames, as if the second knew nothing of the first.
    pub atoms: f64,
    /// What the second remembers at the D·t fitted, to be taken off.
    pub remembered: f64,
}

impl Variance {
    /// The atoms' part when the memory is this share of what it is at the D·t fitted.
    pub fn of_atoms(&self, memory: f64) -> f64 {
        (self.atoms - memory * self.remembered).max(0.0)
    }
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
            let chi2 = (chi2_red, degrees_of_freedom as f64);
            states.add(grain, chi2, problem.smooth.is_some());
        }
        Ok(states)
    }

    /// The atoms' part, N⁻¹ M N⁻¹, of an experiment that has not been made: there are no residuals to refute it.
    pub fn expect(&mut self, grain: &Grain) {
        let half = product(&self.counting, &grain.meat, self.size);
        self.atoms = product(&half, &self.counting, self.size);
        self.grainy = Some(true);
        self.scale = 1.0;
    }

    /// Information of the cumulative τ's (nm⁻⁴) with all else unknown, row by row; 0 where a frame does not see its own.
    pub fn tau_information(&self) -> Vec<f64> {
        let n = self.size - self.free;
        let covariance = self.covariance();
        let seen: Vec<usize> = (0..n).filter(|i| self.sees[i + 1]).collect();
        let own: Vec<f64> = seen
            .iter()
            .flat_map(|i| seen.iter().map(move |j| i * n + j))
            .map(|at| covariance[at])
            .collect();
        let mut information = vec![0.0; n * n];
        if let Some(inverse) = Cholesky::new(&own, seen.len()).map(|c| c.inverse()) {
            for (a, i) in seen.iter().enumerate() {
                for (b, j) in seen.iter().enumerate() {
                    let slopes = self.slope[i + 1] * self.slope[j + 1];
                    information[i * n + j] = inverse[a * seen.len() + b] / slopes;
                }
            }
        }
        information
    }

    /// The atoms' part, N⁻¹ M N⁻¹, unless the residuals refute it.
    fn add(&mut self, grain: Grain, (chi2_red, degrees_of_freedom): (f64, f64), lattice: bool) {
        let half = product(&self.counting, &grain.meat, self.size);
        // What the fit takes up, tr(N⁻¹ M), does not show in χ².
        let taken: f64 = (0..self.size).map(|i| half[i * self.size + i]).sum();
        let expected = ((grain.excess - taken) / degrees_of_freedom).max(0.0);
        let noise = f64::sqrt(2.0 / degrees_of_freedom);
        // Where so many atoms must show, and do not, there are none: a simulated continuum.
        let absent = expected > SHOWS * noise && chi2_red - 1.0 < 0.5 * expected;
        self.grainy = Some(!absent);
        if !absent {
            self.atoms = product(&half, &self.counting, self.size);
            let scale = chi2_red / (1.0 + expected);
            // On a resolved lattice the stated errors are no more than weights.
            self.scale = if lattice { scale } else { scale.max(1.0) };
        }
    }

    /// Variances of the D·t (nm²) of the interval that ends with frame `k`; `None` where the frames do not see it.
    pub fn dtau_variance(&self, k: usize) -> Option<Variance> {
        if !self.sees[k] || (k > 1 && !self.sees[k - 1]) {
            return None;
        }
        let of = |matrix: &[f64]| {
            let at = |k: usize| self.free + k - 1;
            let c = |i: usize, j: usize| {
                matrix[at(i) * self.size + at(j)] * self.slope[i] * self.slope[j]
            };
            match k {
                1 => (c(1, 1), 0.0),
                _ => (c(k, k) + c(k - 1, k - 1), 2.0 * c(k - 1, k)),
            }
        };
        let (ends, common) = of(&self.counting);
        let (atoms, remembered) = of(&self.atoms);
        Some(Variance {
            counting: self.scale * (ends - common).max(0.0),
            atoms,
            remembered,
        })
    }

    /// The atoms' share of [`States::covariance`]; empty where they are not in it.
    pub fn covariance_of_atoms(&self) -> Vec<f64> {
        if self.grainy != Some(true) {
            return Vec::new();
        }
        let range = self.free..self.size;
        range
            .clone()
            .flat_map(|i| range.clone().map(move |j| i * self.size + j))
            .map(|at| self.atoms[at])
            .collect()
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
