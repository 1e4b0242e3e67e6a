//! Spherical diffusion: the initial profile (eqs 1-3) and the two schemes of eq. 4.
//!
//! Equations are numbered as in Lasserus et al., Nanoscale 10 (2018) 2017 (doi 10.1039/c7nr07286d). Two remarks of that paper need correcting:
//! it neglects the first term of eq. 4 to obtain a solution in D t alone, but with D = D(T) for r ≤ R_B and 0 beyond the whole
//! right-hand side is proportional to D(T), so the scaling in τ = Σ D_k t_k is exact; and the error function does not
//! keep that first term finite, since ∂D/∂r is a δ function at R_B whatever the density: only the conservative form
//! r⁻² ∂_r(r² D ∂_r ρ), with no flux through R_B, has a meaning. Central differences of the printed three-term form diverge.

mod finite_volumes;
mod series;

pub use finite_volumes::{Composition, DiffusionError, FiniteVolumes};
pub use series::SphereSeries;

use core::f64::consts::{PI, SQRT_2};

use serde::{Deserialize, Serialize};

use crate::language::word;

/// How the density evolves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Mole fraction in a fixed density envelope (default).
    #[default]
    Fraction,
    /// Densities with D = 0 for r > R_B, as the paper prints it (eq. 4).
    Published,
}

impl Scheme {
    /// The other one.
    pub fn other(self) -> Scheme {
        match self {
            Scheme::Fraction => Scheme::Published,
            Scheme::Published => Scheme::Fraction,
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Scheme::Fraction => word!("Mole fraction" | "Molenbruch"),
            Scheme::Published => word!("As published" | "Wie publiziert"),
        }
    }
}

/// The core-shell particle before heating: eqs 1-3.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CoreShell {
    /// R_A: radius of the core.
    pub radius_a_nm: f64,
    /// R_B: radius of the particle.
    pub radius_b_nm: f64,
    /// σ: smoothness of both edges (standard deviation of the Gaussian that blurs a sharp edge).
    pub sigma_nm: f64,
}

impl CoreShell {
    /// Eq. 1: d(r, R) = ½ [erf((r + R)/(√2 σ)) − erf((r − R)/(√2 σ))], dimensionless, for r ≥ 0.
    ///
    /// Written with erfc, so that the far tail keeps its relative accuracy instead of cancelling to zero
    /// (`tests/diffusion.rs`). σ = 0 gives the step.
    pub fn d(&self, r_nm: f64, radius_nm: f64) -> f64 {
        if self.sigma_nm <= 0.0 {
            return if r_nm < radius_nm { 1.0 } else { 0.0 };
        }
        let scale = 1.0 / (SQRT_2 * self.sigma_nm);
        0.5 * (libm::erfc((r_nm - radius_nm) * scale) - libm::erfc((r_nm + radius_nm) * scale))
    }

    /// ∂d/∂R (nm⁻¹): the two Gaussians of the edge at r and of its mirror image at −r.
    pub fn d_slope(&self, r_nm: f64, radius_nm: f64) -> f64 {
        let (near, far) = self.gaussians(r_nm, radius_nm);
        near + far
    }

    /// Eq. 2: ρ_A(r, 0) = d(r, R_A).
    pub fn rho_core(&self, r_nm: f64) -> f64 {
        self.d(r_nm, self.radius_a_nm)
    }

    /// Eq. 3: ρ_B(r, 0) = d(r, R_B) − d(r, R_A).
    pub fn rho_shell(&self, r_nm: f64) -> f64 {
        self.envelope(r_nm) - self.rho_core(r_nm)
    }

    /// S(r) = d(r, R_B): the total density.
    pub fn envelope(&self, r_nm: f64) -> f64 {
        self.d(r_nm, self.radius_b_nm)
    }

    /// ∫ d(r, R) 4π r² dr = (4/3) π R³ (1 + 3σ²/R²) (nm³), exactly.
    pub fn volume_nm3(&self, radius_nm: f64) -> f64 {
        4.0 / 3.0 * PI * radius_nm * (radius_nm * radius_nm + 3.0 * self.sigma_nm * self.sigma_nm)
    }

    /// exp(−(r ∓ R)²/2σ²)/(√(2π) σ).
    fn gaussians(&self, r_nm: f64, radius_nm: f64) -> (f64, f64) {
        let height = 1.0 / (f64::sqrt(2.0 * PI) * self.sigma_nm);
        let (a, b) = (
            (r_nm - radius_nm) / self.sigma_nm,
            (r_nm + radius_nm) / self.sigma_nm,
        );
        (
            height * libm::exp(-0.5 * a * a),
            height * libm::exp(-0.5 * b * b),
        )
    }

    /// The potential of the scheme `fraction` in normal form: with u = r √S c, eq. 4 becomes ∂u/∂t = D (u″ − V u),
    /// V = L′/2 + L²/4 + L/r, L = S′/S (nm⁻², for r > 0).
    ///
    /// V vanishes inside, has a well of depth about 0.4/σ² just inside R_B (it stands for the reflecting surface) and rises as
    /// (r − R_B)²/(4σ⁴) outside.
    pub fn normal_potential(&self, r_nm: f64) -> f64 {
        let s = self.envelope(r_nm);
        let (near, far) = self.gaussians(r_nm, self.radius_b_nm);
        let variance = self.sigma_nm * self.sigma_nm;
        let l = (far - near) / s;
        let curvature =
            ((r_nm - self.radius_b_nm) * near - (r_nm + self.radius_b_nm) * far) / (variance * s);
        0.5 * (curvature - l * l) + 0.25 * l * l + l / r_nm
    }
}

/// Square of the smallest positive root of tan q = q, q = 4.493409…: the decay rate, in units of D/R², of the slowest
/// mode of a sphere without flux through its surface.
pub const SLOWEST_MODE_SQUARED: f64 = 20.190_728_556_426_63;
