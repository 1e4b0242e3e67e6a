//! Theory as the microscope would see it: diffusion, projection, blur, Z weights.
//!
//! I(x) = b + g · PSF ⊗ Σ_i w_i 2∫_x^∞ ρ_i r dr/√(r² − x²): gain g and background b belong to the fit, the rest is here.
//!
//! The fast path for a constant D rests on two facts. The state depends on time and temperature through τ = Σ D_k t_k alone
//! (physics of eq. 4; the paper drops a term to get there, which is not needed). And with lengths in units of R_B the eigenmodes of the
//! diffusion operator depend on σ/R_B only (scheme `fraction`) or on nothing (scheme `published`). Hence
//!
//! ```text
//! I(x, τ) = I(x, 0) + Σ_m k_m (e^{−λ_m τ} − 1) Q_m(x)
//! ```
//!
//! with Q_m the projected and blurred modes: [`Basis`] holds modes and projections for one σ/R_B, [`Response`] brings them to one
//! experiment (R_B, probe, radii) and one core (R_A, contrast), after which an image costs microseconds. [`Trajectory`]
//! is the same for a D that depends on composition, by time stepping.
//!
//! Lengths of an image are nm of the heavier-weighted element: w = 1 for the larger of the two weights, as in w_core/w_shell = contrast,
//! max(w_core, w_shell) = 1.

mod basis;
mod dipole;
mod disk;
mod envelope;
mod response;
mod trajectory;

pub use basis::{Basis, BasisError, Densities};
pub use dipole::Dipole;
pub use response::{Optics, Response};
pub use trajectory::Trajectory;
