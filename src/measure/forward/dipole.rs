//! A core off the particle's center.

use crate::diffusion::CoreShell;
use crate::numerics::{Modes, Rows, normal_modes};
use crate::projection::{Blur, Samples};

use super::Optics;
use super::basis::{Basis, BasisError, STRIDE, unit_shell};
use super::envelope::REACH;

/// Step of the radial derivative of a projection, in its grid's steps: its error is a few 1e-4 of the image.
const DERIVATIVE: f64 = 0.2;

/// What a displacement of the core adds to the image: gain · d · P1(x, τ) cos φ, φ from the direction of the displacement.
///
/// A core displaced by d has, beside its mean over directions, the part f1(r) cos θ, to first order f1 = −d ∂ρ_A/∂r. Within a sphere
/// parts of different order do not mix: f1 decays with its own modes, those of
///
/// ```text
/// −(r² S φ′)′ + 2 S φ = λ r² S φ,
/// ```
///
/// of which the slowest has λ = 4.333/R² (q = 2.0816 of the sharp sphere): a displacement outlives the radial profile, whose slowest mode has
/// 20.19/R². The projection of f1 cos θ is cos φ times −∂/∂x of the projection of G(r) = ∫_r^∞ f1 dr.
///
/// To third order in d the dipole of the initial state is that of a core smeared by D·t = d²/10, and the mean of its image around the beam
/// that of one smeared by d²/4 ([`Dipole::smears`]), of which a third is the density's second harmonic: it decays at 11.17/R², not at
/// 20.19/R², so that at d = R_B/10 the mean is off by 1 % of what is left unmixed (`tests/offcenter.rs`: D·t of late intervals by 4 %, of one
/// of 0.002 R² by 10 %). Left out: higher orders of the displacement, a displacement along the beam, which does not show.
/// The modes are those of the scheme `fraction`; those of `published` differ near the surface alone.
#[derive(Clone, Debug)]
pub struct Dipole {
    points: usize,
    /// nm⁻².
    lambda: Vec<f64>,
    /// P1 of each mode, mode after mode, its content put in.
    modes: Vec<f64>,
}

impl Dipole {
    /// D·t (nm²) by which a displacement (nm) across the beam smears the image's dipole, and its mean around the beam.
    pub fn smears(displacement_nm: f64) -> (f64, f64) {
        let square = displacement_nm * displacement_nm;
        (square / 10.0, square / 4.0)
    }

    /// For a particle of `shape` at `radii_nm`; negative ones lie on the other side of the center.
    ///
    /// # Errors
    /// [`BasisError`] for a σ/R_B out of range.
    pub fn new(shape: &CoreShell, optics: Optics, radii_nm: &[f64]) -> Result<Dipole, BasisError> {
        let unit = shape.radius_b_nm;
        let smoothness = shape.sigma_nm / unit;
        let basis = Basis::initial(smoothness)?;
        let grid = &basis.grid;
        let h = grid.step;
        let at = |i: usize| i as f64 * h;
        let particle = unit_shell(smoothness);
        let potential: Vec<f64> = (1..grid.count)
            .map(|i| particle.normal_potential(at(i)) + 2.0 / (at(i) * at(i)))
            .collect();
        let q_max = REACH / smoothness;
        let Modes {
            lambda,
            values,
            stride,
        } = normal_modes(&potential, h, 0, q_max * q_max)?;
        // −∂ρ_A/∂r per unit of displacement.
        let core = CoreShell {
            radius_a_nm: shape.radius_a_nm / unit,
            ..particle
        };
        let slope = |r: f64| {
            let step = 0.01 * smoothness;
            (core.rho_core((r - step).max(0.0)) - core.rho_core(r + step))
                / (r + step - (r - step).max(0.0))
        };
        let mut content = vec![0.0; stride];
        // G of the modes ψ = √S u/r, from outside inward by the trapezoidal rule.
        let mut inside = vec![0.0; grid.count * stride];
        let mut sum = vec![0.0; stride];
        let mut before = vec![0.0; stride];
        for i in (1..grid.count).rev() {
            let r = at(i);
            let root = f64::sqrt(grid.envelope.get(i).copied().unwrap_or(0.0));
            let row = values.get((i - 1) * stride..i * stride).unwrap_or_default();
            let weight = h * r * slope(r) / root.max(1e-12);
            for m in 0..row.len() {
                let psi = root * row[m] / r;
                content[m] += weight * row[m];
                sum[m] += 0.5 * h * (psi + before[m]);
                before[m] = psi;
                inside[i * stride + m] = sum[m];
            }
        }
        for m in 0..stride {
            inside[m] = sum[m] + 0.5 * h * before[m];
        }
        let projected = grid.abel.apply_side_by_side(&inside, stride);
        let blur = |shift: f64| -> Rows {
            let radii: Vec<f64> = radii_nm.iter().map(|x| (x / unit + shift).abs()).collect();
            Blur {
                sigma: optics.psf_sigma_nm / unit,
                samples: Samples::Uniform {
                    step: h * STRIDE as f64,
                    count: grid.projected_envelope.len(),
                },
            }
            .rows(&radii)
        };
        let step = DERIVATIVE * h * STRIDE as f64;
        let outer = blur(step).apply_side_by_side(&projected, stride);
        let inner = blur(-step).apply_side_by_side(&projected, stride);
        let (w_core, w_shell) = optics.weights();
        let points = radii_nm.len();
        let mut modes = vec![0.0; lambda.len() * points];
        for j in 0..points {
            for m in 0..lambda.len() {
                // The projection is in steps of the grid.
                let fall = h * (inner[j * stride + m] - outer[j * stride + m]) / (2.0 * step);
                modes[m * points + j] = (w_core - w_shell) * content[m] * fall;
            }
        }
        Ok(Dipole {
            points,
            lambda: lambda.iter().map(|l| l / (unit * unit)).collect(),
            modes,
        })
    }

    /// Decay rates of the modes in nm⁻² (per D·t), ascending.
    pub fn rates(&self) -> &[f64] {
        &self.lambda
    }

    /// P1 at `tau_nm2` (nm of the image per nm of displacement) at the radii.
    pub fn image(&self, tau_nm2: f64) -> Vec<f64> {
        let mut out = vec![0.0; self.points];
        let modes = self.modes.chunks_exact(self.points.max(1));
        for (mode, lambda) in modes.zip(&self.lambda) {
            let share = libm::exp(-lambda * tau_nm2.max(0.0));
            out.iter_mut().zip(mode).for_each(|(o, m)| *o += share * m);
        }
        out
    }
}
