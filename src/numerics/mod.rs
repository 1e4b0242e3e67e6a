//! Grids, tridiagonal systems, quadrature, least squares: no domain word here.

pub mod filter;
pub mod normal;
