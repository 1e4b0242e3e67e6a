//! Interpolation on a uniform grid.

/// Nodes that one interpolation uses.
pub const LAGRANGE_POINTS: usize = 8;

/// Weights of the eight-point Lagrange interpolation at `fraction` ∈ [0, 1] between nodes 0 and 1, for the nodes
/// −3, −2, …, 4 of a uniform grid.
///
/// The error for a wave of wavenumber q on a grid of step h is at most 1.1e-3 (q h)⁸ (the node polynomial at the middle
/// over 8!). The weights sum to one and reproduce polynomials of degree seven (`tests/numerics.rs`). Outside [0, 1] this
/// extrapolates: do not.
pub fn lagrange_weights(fraction: f64) -> [f64; LAGRANGE_POINTS] {
    // Π_{k≠j} (x_j − x_k) = (−1)^{7−j} j! (7−j)!
    const DENOMINATOR: [f64; LAGRANGE_POINTS] =
        [-5040.0, 720.0, -240.0, 144.0, -144.0, 240.0, -720.0, 5040.0];
    let mut before = [1.0; LAGRANGE_POINTS];
    let mut after = [1.0; LAGRANGE_POINTS];
    for j in 1..LAGRANGE_POINTS {
        before[j] = before[j - 1] * (fraction + 4.0 - j as f64);
    }
    for j in (0..LAGRANGE_POINTS - 1).rev() {
        after[j] = after[j + 1] * (fraction + 2.0 - j as f64);
    }
    let mut weights = [0.0; LAGRANGE_POINTS];
    for j in 0..LAGRANGE_POINTS {
        weights[j] = before[j] * after[j] / DENOMINATOR[j];
    }
    weights
}
