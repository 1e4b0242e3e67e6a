//! Gibbs energies of liquid and solid, their surface terms, and the common tangent: a pair's phase diagram at any radius.
//!
//! For each phase p of a particle of radius r (x: mole fraction of the pair's second element),
//! ```text
//!  G_p(x, T, r) = (1 − x) G°₁ + x G°₂ + R T [x ln x + (1 − x) ln(1 − x)] + x (1 − x) Σ_n L_n (1 − 2x)ⁿ + C_p k σ_p V_p / r
//! ```
//! with V_p = (1 − x) V₁ + x V₂, σ_p from the Butler equation (or linear in x), k = 2 (Laplace pressure; 3 is the surface energy of a
//! sphere) and the correction C_p of T. Tanaka, S. Hara (Z. Metallkd. 92 (2001) 467), J. Lee and J. Park. No number of a
//! material stands here: a [`System`] holds them all.
//!
//! When not to believe it: the authors of the model state r = 5 nm as its lower end; below, [`PhaseDiagram::extrapolated`] is set. The
//! melting point depends on the small difference of two large surface energies: 5 % in the solid's tension moves it by some
//! 80 K at r = 2.5 nm. One isolated particle has no plateau of two phases of fixed composition either: the lens is a guide.

mod diagram;
mod equilibrium;
mod error;
mod gibbs;
mod ladder;
mod library;
mod mole;
mod separation;
mod solve;
mod surface;
mod system;

pub use diagram::{Boundary, Congruent, Eutectic, Limit, PhaseDiagram, Sampling, Tie, Undefined};
pub use error::ThermoError;
pub use gibbs::{Molar, State, SurfaceState, butler, gibbs};
pub use solve::{LEAST_TRUSTED_RADIUS_NM, melting_points, phase_diagram};
pub use surface::{SolidTension, SurfaceMixing, SurfaceTerm};
pub use system::{
    Assessment, Fusion, GibbsPolynomial, LiquidVolume, Neglected, Phase, Pure, SolidVolume, System,
    Tension,
};
