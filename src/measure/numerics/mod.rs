//! Grids, tridiagonal systems, eigenmodes, quadrature, least squares, special functions, random numbers: no domain word here.
//!
//! Exponentials, logarithms and the like are those of `libm` in all of the program, so that every machine gives the same digits. Square
//! roots and whole parts are exact wherever they are computed, and left to the processor, which libm does without in a browser.

pub mod filter;
pub mod normal;

mod cholesky;
mod interpolation;
mod modes;
mod noise;
mod non_negative;
mod order;
mod quadrature;
mod root;
mod rows;
mod special;
mod tridiagonal;

pub use cholesky::Cholesky;
pub use interpolation::{LAGRANGE_POINTS, lagrange_weights};
pub use modes::{Modes, ModesError, normal_modes};
pub use noise::Noise;
pub use non_negative::non_negative;
pub use order::sort_by;
pub use quadrature::{GaussLegendre, HALF_LINE_CORRECTION};
pub use root::{Falling, falling, newton};
pub use rows::Rows;
pub use special::{bessel_i0e, bessel_i0e_far, chi2_survival, spherical_tangent_root};
pub use tridiagonal::{Elimination, Tridiagonal};
