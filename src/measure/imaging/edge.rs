//! The outline: radius, its error, and the ellipse.

use crate::numerics::filter::spread;
use crate::numerics::normal::solve;

use super::polar::{Polar, Ring, SECTORS, direction};

/// The particle's outline about a given center.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outline {
    /// Mean radius (pixels).
    pub radius_px: f64,
    /// Its standard error.
    pub radius_se_px: f64,
    /// Amplitude of the second harmonic over the radius: (a - b) / (a + b) of the axes.
    pub flattening: f64,
    /// Its standard error.
    pub flattening_se: f64,
    /// Direction of the longest axis (radians from +x towards +y).
    pub angle_rad: f64,
}

/// Share of the mean height of the outer part at which the outline is drawn.
const LEVEL: f64 = 0.65;

/// The outer part, in radii: within it a core of two thirds of the radius no longer tells.
const OUTER: [f64; 2] = [0.7, 0.95];

/// The radius R at which the mean of a ring falls below 0.65 of the mean over 0.7 R to 0.95 R, and the level there.
///
/// It is the fixed point of a map, as is the threshold of Ridler and Calvard (IEEE Trans. SMC 8 (1978) 630), but takes the
/// height from the outer part, so that it does not move when a bright or dark core dissolves. A disc gives its radius; a uniform
/// sphere 0.89 R_B, about halfway between its half-maximum radius 0.866 R_B and the radius at Otsu's threshold, 0.94 R_B.
///
/// `start_px` is where the search begins, `limit_px` the largest radius allowed. `None` when the rings hold no bright outer
/// part.
pub(super) fn half_level(rings: &[Ring], start_px: f64, limit_px: f64) -> Option<(f64, f64)> {
    let mut radius = start_px;
    let mut level = 0.0;
    for _ in 0..30 {
        let (mut area, mut sum) = (0.0, 0.0);
        let outer = OUTER[0] * radius..OUTER[1] * radius;
        for ring in rings.iter().filter(|r| outer.contains(&r.radius)) {
            // A ring partly masked counts with the area it should have.
            if ring.count > 0.0 {
                area += ring.radius;
                sum += ring.radius * ring.value;
            }
        }
        let top = rings
            .iter()
            .filter(|r| r.count > 0.0 && r.radius < radius)
            .fold(0.0f64, |m, r| m.max(r.value));
        level = if area > 0.0 { LEVEL * sum / area } else { 0.0 };
        // The start lies so far outside that the outer part is background: come in.
        if level <= 0.1 * top {
            radius *= 0.85;
            continue;
        }
        let next = crossing(rings, level, radius)?.min(limit_px);
        let settled = (next - radius).abs() < 1e-4 * radius;
        // Half steps: where the profile is flat the map itself overshoots.
        radius = 0.5 * (radius + next);
        if settled {
            return Some((radius, level));
        }
    }
    (level > 0.0).then_some((radius, level))
}

/// The fall through `level` nearest to `near_px`, straight lines between rings.
fn crossing(rings: &[Ring], level: f64, near_px: f64) -> Option<f64> {
    let filled: Vec<&Ring> = rings.iter().filter(|r| r.count > 0.0).collect();
    let mut best: Option<f64> = None;
    for pair in filled.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        if a.value >= level && b.value < level {
            let t = (a.value - level) / (a.value - b.value);
            let r = a.radius + t * (b.radius - a.radius);
            if best.is_none_or(|x| (r - near_px).abs() < (x - near_px).abs()) {
                best = Some(r);
            }
        }
    }
    best
}

/// Smooths the rings of one sector with a Gaussian of `sigma_px` along the radius, weighted by pixels.
pub(super) fn smoothed(rings: &[Ring], ring_px: f64, sigma_px: f64) -> Vec<Ring> {
    let reach = f64::ceil(3.0 * sigma_px / ring_px) as usize;
    let kernel: Vec<f64> = (0..=reach)
        .map(|i| {
            let u = i as f64 * ring_px / sigma_px.max(1e-9);
            libm::exp(-0.5 * u * u)
        })
        .collect();
    (0..rings.len())
        .map(|k| {
            let low = k.saturating_sub(reach);
            let (mut n, mut v) = (0.0, 0.0);
            for (i, ring) in rings.iter().enumerate().take(k + reach + 1).skip(low) {
                // By area, not by pixels, or the smoothing would lean outwards.
                if ring.count > 0.0 {
                    let w = kernel[i.abs_diff(k)];
                    n += w;
                    v += w * ring.value;
                }
            }
            Ring {
                count: if rings[k].count > 0.0 { n } else { 0.0 },
                value: if n > 0.0 { v / n } else { 0.0 },
                radius: rings[k].radius,
            }
        })
        .collect()
}

/// The outline at `level`, sector by sector, and its harmonics 0 to 2 by least squares (outliers beyond 3.5 robust
/// standard deviations left out twice). `None` when fewer than 12 of the 32 sectors show an edge.
///
/// The standard error of the radius is the scatter of the sectors about the harmonics over the root of their number.
pub(super) fn outline(polar: &Polar, level: f64, radius_px: f64) -> Option<Outline> {
    let sigma = 0.04 * radius_px;
    let mut points: Vec<(f64, f64)> = Vec::with_capacity(SECTORS);
    for s in 0..SECTORS {
        let rings: Vec<Ring> = polar
            .cells
            .iter()
            .skip(s)
            .step_by(SECTORS)
            .enumerate()
            .map(|(k, c)| Ring {
                count: c.count,
                value: if c.count > 0.0 { c.sum / c.count } else { 0.0 },
                radius: if c.count > 0.0 {
                    c.radius / c.count
                } else {
                    (k as f64 + 0.5) * polar.ring_px
                },
            })
            .collect();
        let smooth = smoothed(&rings, polar.ring_px, sigma);
        if let Some(r) = crossing(&smooth, level, radius_px)
            && (r - radius_px).abs() < 0.4 * radius_px
        {
            points.push((direction(s), r));
        }
    }
    let mut fit = harmonics(&points)?;
    for _ in 0..2 {
        let residuals: Vec<f64> = points.iter().map(|p| p.1 - value(&fit, p.0)).collect();
        let limit = 3.5 * spread(&residuals, 0.0).max(1e-3 * radius_px);
        let kept: Vec<(f64, f64)> = points
            .iter()
            .zip(&residuals)
            .filter(|(_, r)| r.abs() <= limit)
            .map(|(p, _)| *p)
            .collect();
        if kept.len() == points.len() {
            break;
        }
        points = kept;
        fit = harmonics(&points)?;
    }
    let n = points.len() as f64;
    let scatter = points
        .iter()
        .map(|p| {
            let r = p.1 - value(&fit, p.0);
            r * r
        })
        .sum::<f64>()
        / (n - 5.0).max(1.0);
    let amplitude = (fit[3] * fit[3] + fit[4] * fit[4]).sqrt();
    Some(Outline {
        radius_px: fit[0],
        radius_se_px: (scatter / n).sqrt(),
        flattening: (amplitude / fit[0]).min(0.9),
        flattening_se: (2.0 * scatter / n).sqrt() / fit[0],
        angle_rad: 0.5 * libm::atan2(fit[4], fit[3]),
    })
}

fn basis(phi: f64) -> [f64; 5] {
    [
        1.0,
        libm::cos(phi),
        libm::sin(phi),
        libm::cos(2.0 * phi),
        libm::sin(2.0 * phi),
    ]
}

fn value(fit: &[f64; 5], phi: f64) -> f64 {
    fit.iter().zip(basis(phi)).map(|(a, b)| a * b).sum()
}

fn harmonics(points: &[(f64, f64)]) -> Option<[f64; 5]> {
    if points.len() < 12 {
        return None;
    }
    let mut a = [[0.0; 5]; 5];
    let mut b = [0.0; 5];
    for (phi, r) in points {
        let g = basis(*phi);
        for i in 0..5 {
            for j in 0..5 {
                a[i][j] += g[i] * g[j];
            }
            b[i] += g[i] * r;
        }
    }
    solve(&a, &b).filter(|p| p[0] > 0.0)
}
