//! Exact solution of eq. 4 inside a sphere without flux through its surface.

use core::f64::consts::SQRT_2;

use crate::numerics::{GaussLegendre, spherical_tangent_root};

/// Eigenfunction series of the ball r < R_B with ∂ρ/∂r = 0 at R_B:
/// ρ(r, τ) = ρ̄ + Σ_m a_m √2 sin(q_m r/R_B)/(|sin q_m| r/R_B) exp(−q_m² τ/R_B²), tan q_m = q_m, ρ̄ the mean density.
///
/// Exact for the scheme `published` with a constant D, for either species. The slowest mode decays as exp(−20.19 τ/R_B²): the
/// mixing time is R_B²/(20.19 D), not R_B²/(π² D) (that is a ball whose surface is held at zero).
#[derive(Clone, Debug, PartialEq)]
pub struct SphereSeries {
    radius_nm: f64,
    mean: f64,
    roots: Vec<f64>,
    amplitudes: Vec<f64>,
}

impl SphereSeries {
    /// A step core: 1 for r < `radius_a_nm`, 0 beyond, in closed form; `terms` modes.
    ///
    /// To 1e-10 with 180 terms for τ ≥ 1e-4 R_B² (`tests/diffusion.rs`). At τ = 0 it is the partial sum of a discontinuous function (Gibbs).
    pub fn step(radius_a_nm: f64, radius_b_nm: f64, terms: usize) -> SphereSeries {
        let a = radius_a_nm / radius_b_nm;
        let roots: Vec<f64> = (1..=terms).map(spherical_tangent_root).collect();
        let amplitudes = roots
            .iter()
            .map(|q| {
                // ∫₀^a r sin(q r) dr
                let integral = (libm::sin(q * a) - q * a * libm::cos(q * a)) / (q * q);
                SQRT_2 * integral / libm::sin(*q).abs()
            })
            .collect();
        SphereSeries {
            radius_nm: radius_b_nm,
            mean: a * a * a,
            roots,
            amplitudes,
        }
    }

    /// Any initial density that is smooth inside the ball; coefficients by Gauss-Legendre quadrature with `terms` + 60 nodes per
    /// unit radius, enough for edges of σ ≥ 0.02 R_B.
    ///
    /// 1e-9 for the error-function profiles of eqs 2 and 3 with 180 terms at τ ≥ 1e-4 R_B² (`tests/diffusion.rs`). A density that
    /// meets the surface with a slope, as the total density does, converges as terms⁻¹ there at τ = 0.
    pub fn smooth(density: impl Fn(f64) -> f64, radius_b_nm: f64, terms: usize) -> SphereSeries {
        let rule = GaussLegendre::new(2 * terms + 60);
        let samples: Vec<(f64, f64)> = rule
            .on(0.0, 1.0)
            .map(|(r, w)| (r, w * r * density(r * radius_b_nm)))
            .collect();
        let roots: Vec<f64> = (1..=terms).map(spherical_tangent_root).collect();
        let amplitudes = roots
            .iter()
            .map(|q| {
                let integral: f64 = samples.iter().map(|(r, f)| f * libm::sin(q * r)).sum();
                SQRT_2 * integral / libm::sin(*q).abs()
            })
            .collect();
        SphereSeries {
            radius_nm: radius_b_nm,
            mean: 3.0 * samples.iter().map(|(r, f)| r * f).sum::<f64>(),
            roots,
            amplitudes,
        }
    }

    /// ρ̄, the density after complete mixing.
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// ρ(r, τ) for r ≤ R_B; `None` beyond, where this solution says nothing.
    pub fn density(&self, r_nm: f64, tau_nm2: f64) -> Option<f64> {
        let r = r_nm / self.radius_nm;
        let inside = (0.0..=1.0).contains(&r);
        inside.then(|| self.mean + dot(&self.shapes(r_nm), &self.contents(tau_nm2)))
    }

    /// √2 sin(q_m r/R_B)/(|sin q_m| r/R_B) of every mode: the same for all densities of as many modes.
    pub fn shapes(&self, r_nm: f64) -> Vec<f64> {
        let r = r_nm / self.radius_nm;
        let shape = |q: &f64| {
            let along = if q * r < 1e-6 {
                *q
            } else {
                libm::sin(q * r) / r
            };
            SQRT_2 * along / libm::sin(*q).abs()
        };
        self.roots.iter().map(shape).collect()
    }

    /// a_m exp(−q_m² τ/R_B²) of the modes of which anything is left: ρ is ρ̄ and their sum over the shapes.
    pub fn contents(&self, tau_nm2: f64) -> Vec<f64> {
        let tau = tau_nm2 / (self.radius_nm * self.radius_nm);
        let modes = self.roots.iter().zip(&self.amplitudes);
        modes
            .map(|(q, a)| (a, libm::exp(-q * q * tau)))
            .take_while(|(_, decay)| *decay > 0.0)
            .map(|(a, decay)| a * decay)
            .collect()
    }
}

/// Over as many as both have.
fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}
