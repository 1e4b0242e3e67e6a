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
        let mut k = 1.0;
        while term > 1e-17 * sum {
            term *= quarter / (k * k);
            sum += term;
            k += 1.0;
        }
        sum * libm::exp(-z)
    } else {
        let eighth = 0.125 / z;
        let mut k = 1.0;
        while term > 1e-17 && k < 30.0 {
            let odd = 2.0 * k - 1.0;
            term *= odd * odd * eighth / k;
            sum += term;
            k += 1.0;
        }
        sum / libm::sqrt(2.0 * PI * z)
    }
}

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
