//! Special functions that libm does not have.

use core::f64::consts::PI;

/// Exponentially scaled modified Bessel function of order zero, e^{−|z|} I₀(z).
///
/// Power series Σ (z²/4)^k / k!² below |z| = 25 (all terms positive: no cancellation), asymptotic series
/// (2πz)^{−½} Σ ((2k−1)!!)² / (k! (8z)^k) above, where its smallest term is below 1e-20 (Abramowitz & Stegun 9.6.12 and 9.7.1).
/// Relative error below 2e-15 (`tests/numerics.rs`). The unscaled I₀ overflows beyond 713: this never does.
#[inline]
pub fn bessel_i0e(z: f64) -> f64 {
    let z = z.abs();
    if z < 25.0 {
        let quarter = 0.25 * z * z;
        let (mut sum, mut term) = (1.0, 1.0);
        for factor in POWER_FACTORS {
            term *= quarter * factor;
            sum += term;
            if term <= 1e-17 * sum {
                break;
            }
        }
        sum * libm::exp(-z)
    } else {
        bessel_i0e_far(1.0 / z) / f64::sqrt(2.0 * PI * z)
    }
}

/// (2πz)^½ e^{−z} I₀(z) for 1/z ≤ 1/25: the asymptotic series of [`bessel_i0e`] alone, where many z are asked for.
#[inline]
pub fn bessel_i0e_far(inverse: f64) -> f64 {
    // As many terms as any such z needs, without a look at each.
    match inverse {
        ..=0.0025 => asymptotic::<6>(inverse),
        ..=0.01 => asymptotic::<8>(inverse),
        ..=0.02 => asymptotic::<11>(inverse),
        _ => asymptotic::<20>(inverse),
    }
}

/// 1 + f₁/z (1 + f₂/z (1 + …)) with N of [`ASYMPTOTIC_FACTORS`].
#[inline]
fn asymptotic<const N: usize>(inverse: f64) -> f64 {
    let factors = ASYMPTOTIC_FACTORS.iter().take(N).rev();
    factors.fold(1.0, |sum, factor| 1.0 + factor * inverse * sum)
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
const ASYMPTOTIC_FACTORS: [f64; 20] = {
    let mut factors = [0.0; 20];
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

/// Probability that χ² of `degrees` degrees of freedom exceeds `chi2`: Q(k/2, χ²/2), the upper incomplete gamma function.
///
/// For whole k it ends: Q(½, x) = erfc √x, Q(1, x) = e^{−x}, Q(a + 1, x) = Q(a, x) + x^a e^{−x}/Γ(a + 1) (Abramowitz & Stegun 6.5.21), all
/// terms positive. Relative error below 1e-12 for k up to 100 (`tests/numerics.rs`); 1 for k = 0 or a negative χ², NaN stays NaN.
pub fn chi2_survival(chi2: f64, degrees: usize) -> f64 {
    if degrees == 0 || chi2 <= 0.0 {
        return 1.0;
    }
    if chi2 == f64::INFINITY {
        return 0.0;
    }
    let x = 0.5 * chi2;
    let odd = degrees % 2 == 1;
    let (mut sum, mut a) = if odd {
        (libm::erfc(f64::sqrt(x)), 0.5)
    } else {
        (libm::exp(-x), 1.0)
    };
    while a < 0.5 * degrees as f64 - 0.25 {
        sum += libm::exp(a * libm::log(x) - x - libm::lgamma(a + 1.0));
        a += 1.0;
    }
    // Not `min`, which would make 1 of NaN.
    if sum > 1.0 { 1.0 } else { sum }
}
