//! Grids, tridiagonal systems, quadrature, least squares: no domain word here.
