//! Special functions that libm does not have.

use core::f64::consts::PI;

/// Exponentially scaled modified Bessel function of order zero, e^{−|z|} I₀(z).
///
/// Power series Σ (z²/4)^k / k!² below |z| = 25 (all terms positive: no cancellation), asymptotic series
/// (2πz)^{−½} Σ ((2k−1)!!)² / (k! (8z)^k) above, where its smallest term is below 1e-20 (Abramowitz & Stegun 9.6.12 and 9.7.1).
/// Relative error below 2e-15 (`tests/numerics.rs`). The unscaled I₀ overflows beyond 713: this never does.
pub fn bessel_i0e(z: f64) -> f64 {
    let z = z.abs();
    let mut sum = 1.0;
    let mut term = 1.0;
    if z < 25.0 {
        let quarter = 0.25 * z * z;
        for factor in POWER_FACTORS {
            term *= quarter * factor;
            sum += term;
            if term <= 1e-17 * sum {
                break;
            }
        }
        sum * libm::exp(-z)
    } else {
        let inverse = 1.0 / z;
        for factor in ASYMPTOTIC_FACTORS {
            term *= inverse * factor;
            sum += term;
            if term <= 1e-17 {
                break;
            }
        }
        sum / libm::sqrt(2.0 * PI * z)
    }
}

/// 1/k² from k = 1 on: the factors of the power series, more than 25² / 4 needs.
const POWER_FACTORS: [f64; 64] = {
    let mut factors = [0.0; 64];
    let mut k = 0;
    while k < factors.len() {
        factors[k] = 1.0 / ((k + 1) * (k + 1)) as f64;
        k += 1;
    }
    factors
};

/// (2k − 1)²/(8k) from k = 1 on: the factors of the asymptotic series.
const ASYMPTOTIC_FACTORS: [f64; 29] = {
    let mut factors = [0.0; 29];
    let mut k = 0;
    while k < factors.len() {
        let odd = 2 * k + 1;
        factors[k] = (odd * odd) as f64 / (8 * (k + 1)) as f64;
        k += 1;
    }
    factors
};

/// The `index`-th positive root (from 1) of tan q = q: 4.493409, 7.725252, …
///
/// Newton's method on q cos q − sin q from McMahon's expansion q ≈ b − 1/b − 2/(3b³), b = (index + ½)π (Abramowitz & Stegun
/// 10.1.59 ff.); absolute error below 1e-13 (`tests/numerics.rs`). `index` 0 gives 0.
pub fn spherical_tangent_root(index: usize) -> f64 {
    if index == 0 {
        return 0.0;
    }
    let b = (index as f64 + 0.5) * PI;
    let mut q = b - 1.0 / b - 2.0 / (3.0 * b * b * b);
    for _ in 0..4 {
        let (sine, cosine) = (libm::sin(q), libm::cos(q));
        q += (q * cosine - sine) / (q * sine);
    }
    q
}
