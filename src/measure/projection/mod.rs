//! Forward Abel transform and probe blur.
//!
//! The paper calls the intensity "proportional to the projected density"; the weights of the elements are missing there. The image is
//! I = b + g · PSF ⊗ Σ_i w_i P_i with P_i(x) = 2∫_x^∞ ρ_i(r) r dr/√(r² − x²).

mod abel;
mod blur;
pub mod pairs;

pub use abel::{Chords, SmoothAbel, project_smooth};
pub use blur::{Blur, Samples};
