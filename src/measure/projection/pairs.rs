//! Densities whose projection is known in closed form: the truth against which every transform here is tested.
//!
//! Each function returns (ρ(r), P(x)) at the same distance from the center; lengths in any one unit.

use core::f64::consts::PI;

/// Ball of radius R: P = 2√(R² − x²).
pub fn ball(distance: f64, radius: f64) -> (f64, f64) {
    if distance.abs() >= radius {
        return (0.0, 0.0);
    }
    (1.0, 2.0 * f64::sqrt(radius * radius - distance * distance))
}

/// Gaussian of standard deviation s: ρ = e^{−r²/2s²}, P = √(2π) s e^{−x²/2s²}.
pub fn gaussian(distance: f64, sigma: f64) -> (f64, f64) {
    let z = distance / sigma;
    let value = libm::exp(-0.5 * z * z);
    (value, f64::sqrt(2.0 * PI) * sigma * value)
}

/// Parabola: ρ = 1 − r²/R² inside, P = (4/3)(R² − x²)^{3/2}/R².
pub fn parabola(distance: f64, radius: f64) -> (f64, f64) {
    let u = 1.0 - (distance / radius) * (distance / radius);
    if u <= 0.0 {
        return (0.0, 0.0);
    }
    (u, 4.0 / 3.0 * radius * u * f64::sqrt(u))
}

/// ρ = (1 − r²/R²)³ inside, P = (32/35) R (1 − x²/R²)^{7/2}.
pub fn cubed_parabola(distance: f64, radius: f64) -> (f64, f64) {
    let u = 1.0 - (distance / radius) * (distance / radius);
    if u <= 0.0 {
        return (0.0, 0.0);
    }
    (u * u * u, 32.0 / 35.0 * radius * u * u * u * f64::sqrt(u))
}

/// Hollow ball, 1 between `inner` and `outer`: the difference of two balls. Its projection has a cusp, and its maximum, at x = `inner`.
pub fn shell(distance: f64, inner: f64, outer: f64) -> (f64, f64) {
    let (a, b) = (ball(distance, inner), ball(distance, outer));
    (b.0 - a.0, b.1 - a.1)
}
