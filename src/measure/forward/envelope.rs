//! Modes of the scheme `fraction`.

use crate::diffusion::CoreShell;
use crate::numerics::{Modes, ModesError, normal_modes};

use super::basis::{Grid, TAIL_SIGMAS, scaled, unit_shell};

/// Modes are kept up to √λ σ = this: the content of the initial profile dies as e^{−λσ²/2}, here 1.5e-7.
pub(super) const REACH: f64 = 5.6;

/// Modes φ_m of −(r² S φ′)′ = λ r² S φ, normalized to ∫ r² S φ² dr = 1, without the constant one.
#[derive(Clone, Debug)]
pub(super) struct EnvelopeModes {
    pub lambda: Vec<f64>,
    pub stride: usize,
    /// ψ_m = S φ_m at the grid points, side by side.
    pub density: Vec<f64>,
    /// Projection of ψ_m (units of R_B), side by side.
    pub projected: Vec<f64>,
}

impl EnvelopeModes {
    pub fn new(grid: &Grid, smoothness: f64) -> Result<EnvelopeModes, ModesError> {
        let unit = unit_shell(smoothness);
        let h = grid.step;
        let potential: Vec<f64> = (1..grid.count)
            .map(|i| unit.normal_potential(i as f64 * h))
            .collect();
        let q_max = REACH / smoothness;
        let modes = normal_modes(&potential, h, 1, q_max * q_max)?;
        let Modes {
            lambda,
            values,
            stride,
        } = modes;
        // ψ = √S u / r; at the center the even continuation of the three points beside it.
        let mut density = vec![0.0; stride];
        density.extend_from_slice(&values);
        for (i, row) in density.chunks_exact_mut(stride).enumerate().skip(1) {
            let root = f64::sqrt(grid.envelope.get(i).copied().unwrap_or(0.0));
            let factor = root / (i as f64 * h);
            row.iter_mut().for_each(|v| *v *= factor);
        }
        for m in 0..stride {
            let at = |i: usize| density.get(i * stride + m).copied().unwrap_or(0.0);
            density[m] = (15.0 * at(1) - 6.0 * at(2) + at(3)) / 10.0;
        }
        let projected = scaled(grid.abel.apply_side_by_side(&density, stride), h);
        Ok(EnvelopeModes {
            lambda,
            stride,
            density,
            projected,
        })
    }

    /// No mode at all: for images of the initial state. (One silent column, so that rows have a length.)
    pub fn none(grid: &Grid) -> EnvelopeModes {
        EnvelopeModes {
            lambda: Vec::new(),
            stride: 1,
            density: vec![0.0; grid.count],
            projected: vec![0.0; grid.projected_envelope.len()],
        }
    }

    /// a_m = ∫ r² c φ_m S dr for c = ρ/S, by the trapezoidal rule (spectrally accurate: both ends are smooth).
    pub fn content(&self, grid: &Grid, density: &[f64]) -> Vec<f64> {
        let mut content = vec![0.0; self.stride];
        let weights = density.iter().zip(&grid.envelope).enumerate();
        for ((i, (rho, s)), row) in weights.zip(self.density.chunks_exact(self.stride)) {
            let r = i as f64 * grid.step;
            let weight = grid.step * r * r * rho / s;
            for (a, v) in content.iter_mut().zip(row) {
                *a += weight * v;
            }
        }
        content.truncate(self.lambda.len());
        content
    }
}

/// ρ_A(r, 0) = d(r, R_A) and its derivative with respect to R_A on the grid; zero where less than 1e-15 is left of it.
pub(super) fn core_on(grid: &Grid, shape: &CoreShell) -> (Vec<f64>, Vec<f64>) {
    let end = shape.radius_a_nm + TAIL_SIGMAS * shape.sigma_nm;
    let at = |i: usize| {
        let r = i as f64 * grid.step;
        if r > end {
            (0.0, 0.0)
        } else {
            (shape.rho_core(r), shape.d_slope(r, shape.radius_a_nm))
        }
    };
    (0..grid.count).map(at).unzip()
}

/// The same, but never above S: mole fractions end at 1.
pub(super) fn initial_core(grid: &Grid, shape: &CoreShell) -> (Vec<f64>, Vec<f64>) {
    let (mut rho, mut slope) = core_on(grid, shape);
    for ((rho, slope), s) in rho.iter_mut().zip(&mut slope).zip(&grid.envelope) {
        if *rho > *s {
            (*rho, *slope) = (*s, 0.0);
        }
    }
    (rho, slope)
}
