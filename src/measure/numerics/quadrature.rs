//! Quadrature rules.

use core::f64::consts::PI;

/// Gauss-Legendre nodes and weights on [−1, 1].
#[derive(Clone, Debug, PartialEq)]
pub struct GaussLegendre {
    /// Nodes, ascending.
    pub nodes: Vec<f64>,
    /// Weights, positive, summing to 2.
    pub weights: Vec<f64>,
}

impl GaussLegendre {
    /// The rule of `count` nodes, exact for polynomials of degree 2 `count` − 1.
    ///
    /// Newton's method on P_n from the usual cosine guess (Press et al., *Numerical Recipes*, 4.6); nodes and weights to a few
    /// 1e-15 for `count` up to 1000 (`tests/numerics.rs`). Costs O(count²): make it once.
    pub fn new(count: usize) -> GaussLegendre {
        let n = count as f64;
        let (mut nodes, mut weights) = (vec![0.0; count], vec![0.0; count]);
        for i in 0..count.div_ceil(2) {
            let mut x = libm::cos(PI * (i as f64 + 0.75) / (n + 0.5));
            let mut slope = 1.0;
            for _ in 0..8 {
                let (mut p, mut previous) = (1.0, 0.0);
                for k in 1..=count {
                    let k = k as f64;
                    let next = ((2.0 * k - 1.0) * x * p - (k - 1.0) * previous) / k;
                    previous = p;
                    p = next;
                }
                slope = n * (x * p - previous) / (x * x - 1.0);
                let step = p / slope;
                x -= step;
                if step.abs() < 1e-15 {
                    break;
                }
            }
            let weight = 2.0 / ((1.0 - x * x) * slope * slope);
            nodes[i] = -x;
            nodes[count - 1 - i] = x;
            weights[i] = weight;
            weights[count - 1 - i] = weight;
        }
        GaussLegendre { nodes, weights }
    }

    /// Nodes and weights carried over to the interval from `from` to `to`.
    pub fn on(&self, from: f64, to: f64) -> impl Iterator<Item = (f64, f64)> + '_ {
        let (middle, half) = (0.5 * (from + to), 0.5 * (to - from));
        self.nodes
            .iter()
            .zip(&self.weights)
            .map(move |(x, w)| (middle + half * x, half * w))
    }
}

/// End correction of the trapezoidal rule for an odd integrand on the half line: ∫₀^∞ f dx = h Σ_{k≥1} (1 + c_k) f(k h) with these
/// c_1 … c_5 and 0 beyond.
///
/// The trapezoidal rule is spectrally accurate for smooth functions that vanish at both ends, but an odd function, continued
/// evenly, has a kink at 0; these weights remove the Euler-Maclaurin terms up to h¹⁰: Σ_k c_k k^{2j−1} = −ζ(1 − 2j),
/// j = 1 … 5 (`tests/numerics.rs`).
pub const HALF_LINE_CORRECTION: [f64; 5] = HALF_LINE;

const HALF_LINE: [f64; 5] = half_line();

/// Solves the five conditions in a constant: Gaussian elimination, no pivoting needed for a Vandermonde matrix of ascending nodes.
const fn half_line() -> [f64; 5] {
    let mut a = [[0.0f64; 6]; 5];
    let zeta = [
        1.0 / 12.0,
        -1.0 / 120.0,
        1.0 / 252.0,
        -1.0 / 240.0,
        1.0 / 132.0,
    ];
    let mut j = 0;
    while j < 5 {
        let mut k = 0;
        while k < 5 {
            let mut power = (k + 1) as f64;
            let mut e = 0;
            while e < j {
                power *= ((k + 1) * (k + 1)) as f64;
                e += 1;
            }
            a[j][k] = power;
            k += 1;
        }
        a[j][5] = zeta[j];
        j += 1;
    }
    let mut p = 0;
    while p < 5 {
        let mut r = p + 1;
        while r < 5 {
            let f = a[r][p] / a[p][p];
            let mut c = p;
            while c < 6 {
                a[r][c] -= f * a[p][c];
                c += 1;
            }
            r += 1;
        }
        p += 1;
    }
    let mut x = [0.0; 5];
    let mut i = 5;
    while i > 0 {
        i -= 1;
        let mut s = a[i][5];
        let mut c = i + 1;
        while c < 5 {
            s -= a[i][c] * x[c];
            c += 1;
        }
        x[i] = s / a[i][i];
    }
    x
}
