//! The center, from symmetry.

use crate::numerics::normal::invert;
use crate::signal::Image;

use super::Point;
use super::polar::{Polar, Ring, SECTORS, direction};

/// How far the symmetry's center lies from the point about which the sums were taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Symmetry {
    /// Along x and y (pixels).
    pub shift: [f64; 2],
    /// Standard error of each coordinate (pixels).
    pub se: f64,
}

/// Parameters of the linearized model: shift along x and y, and the second harmonic of the outline.
const PARAMETERS: usize = 4;

/// Harmonics that the fit takes out of the 32 sectors: 0 (the ring means), 1 and 2.
const HARMONICS_FITTED: f64 = 5.0;

/// One Gauss-Newton step to the center about which the scatter within rings is least.
///
/// With f(r) the mean of a ring and u the unit vector from the center, an image symmetric about `c + δ` is to first order
/// `I(x) = f(r) - f'(r) u·δ`; δ is the weighted least-squares solution over all pixels, the ring means projected out, and
/// is zero exactly where Σ w (I - f)² is stationary. The weight w rises from 0 at 0.65 R to 1 at 0.85 R and falls from 1.15 R
/// to 0 at 1.3 R: the outline defines the particle, and a core off its center must not pull it. The second harmonic of the
/// outline, `f' cos 2φ` and `f' sin 2φ`, is fitted along, so that an ellipse does not count as noise.
///
/// The standard error comes from the data: the scores of the 32 sectors are taken as independent (sandwich estimator,
/// Huber 1967), which holds for counting noise and for lattice fringes that are shorter than a sector of 0.2 R.
///
/// Accuracy: `tests/imaging.rs`, `center_error_is_calibrated` (pull 1 within 20 %). Not for a start farther than about a tenth of
/// the radius in one step: iterate.
pub(super) fn asymmetry(polar: &Polar, radius_px: f64) -> Option<Symmetry> {
    let rings = polar.rings();
    let reach = (libm::round(0.045 * radius_px / polar.ring_px) as usize).max(2);
    let slopes = slopes(&rings, reach);
    let mut normal = [[0.0; PARAMETERS]; PARAMETERS];
    let mut scores = [[0.0; PARAMETERS]; SECTORS];
    let mut parts = [[[0.0; PARAMETERS]; PARAMETERS]; SECTORS];
    let mut angles = [[0.0; PARAMETERS]; SECTORS];
    for (s, a) in angles.iter_mut().enumerate() {
        let (sin, cos) = libm::sincos(direction(s));
        *a = [-cos, -sin, cos * cos - sin * sin, 2.0 * sin * cos];
    }
    for ((cells, ring), slope) in polar.cells.chunks_exact(SECTORS).zip(&rings).zip(&slopes) {
        let weight = window(ring.radius / radius_px);
        if weight <= 0.0 || ring.count < 1.0 {
            continue;
        }
        let mut mean = [0.0; PARAMETERS];
        for (c, a) in cells.iter().zip(&angles) {
            for (m, g) in mean.iter_mut().zip(a) {
                *m += c.count * g / ring.count;
            }
        }
        for (s, (c, a)) in cells.iter().zip(&angles).enumerate() {
            if c.count <= 0.0 {
                continue;
            }
            let e = c.sum / c.count - ring.value - slope * (c.radius / c.count - ring.radius);
            let mut g = [0.0; PARAMETERS];
            for i in 0..PARAMETERS {
                g[i] = slope * (a[i] - mean[i]);
            }
            let w = weight * c.count;
            for i in 0..PARAMETERS {
                scores[s][i] += w * g[i] * e;
                for j in 0..PARAMETERS {
                    parts[s][i][j] += w * g[i] * g[j];
                }
            }
        }
    }
    for part in &parts {
        for i in 0..PARAMETERS {
            for j in 0..PARAMETERS {
                normal[i][j] += part[i][j];
            }
        }
    }
    let inverse = invert(&normal)?;
    let mut p = [0.0; PARAMETERS];
    for score in &scores {
        for (pi, row) in p.iter_mut().zip(&inverse) {
            *pi += row.iter().zip(score).map(|(a, b)| a * b).sum::<f64>();
        }
    }
    let mut meat = [0.0; 2];
    let mut used = 0.0;
    for (score, part) in scores.iter().zip(&parts) {
        let mut left = *score;
        for i in 0..PARAMETERS {
            left[i] -= part[i].iter().zip(&p).map(|(a, b)| a * b).sum::<f64>();
        }
        used += f64::from(part[0][0] + part[1][1] > 0.0);
        for (m, row) in meat.iter_mut().zip(&inverse) {
            let influence: f64 = row.iter().zip(&left).map(|(a, b)| a * b).sum();
            *m += influence * influence;
        }
    }
    let correction = used / (used - HARMONICS_FITTED).max(1.0);
    Some(Symmetry {
        shift: [p[0], p[1]],
        se: (0.5 * (meat[0] + meat[1]) * correction).sqrt(),
    })
}

/// Slope of the ring means by local straight lines over `2 reach + 1` rings, weighted by pixels.
fn slopes(rings: &[Ring], reach: usize) -> Vec<f64> {
    (0..rings.len())
        .map(|k| {
            let near = &rings[k.saturating_sub(reach)..(k + reach + 1).min(rings.len())];
            let (mut n, mut r, mut v) = (0.0, 0.0, 0.0);
            for ring in near {
                n += ring.count;
                r += ring.count * ring.radius;
                v += ring.count * ring.value;
            }
            if n <= 0.0 {
                return 0.0;
            }
            let (r, v) = (r / n, v / n);
            let (mut rr, mut rv) = (0.0, 0.0);
            for ring in near {
                rr += ring.count * (ring.radius - r) * (ring.radius - r);
                rv += ring.count * (ring.radius - r) * (ring.value - v);
            }
            if rr > 0.0 { rv / rr } else { 0.0 }
        })
        .collect()
}

/// Weight of a ring at r / R.
fn window(x: f64) -> f64 {
    let smooth = |t: f64| {
        let t = t.clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    };
    smooth((x - 0.65) / 0.2) * smooth((1.3 - x) / 0.15)
}

/// Width of the rings in which a particle's symmetry and outline are sought: fine against the edge, but not below half a
/// pixel.
pub(super) fn ring_width(radius_px: f64) -> f64 {
    (radius_px / 64.0).max(0.5)
}

/// The center of symmetry near `start`, with its standard error; `None` when the search leaves the start by more than
/// 0.3 radii or finds no edge. All in pixels of `image`, from which the background plane is subtracted.
pub(super) fn find_center(image: &Image, start: Point, radius_px: f64) -> Option<(Point, f64)> {
    let ring = ring_width(radius_px);
    let mut center = start;
    for _ in 0..10 {
        let polar = Polar::new(image, center, 1.3 * radius_px, ring);
        let step = asymmetry(&polar, radius_px)?;
        let length = (step.shift[0] * step.shift[0] + step.shift[1] * step.shift[1]).sqrt();
        if !length.is_finite() || !step.se.is_finite() {
            return None;
        }
        // Past a tenth of the radius the linearization does not hold.
        let damp = (0.1 * radius_px / length.max(1e-12)).min(1.0);
        center.x_px += damp * step.shift[0];
        center.y_px += damp * step.shift[1];
        let (dx, dy) = (center.x_px - start.x_px, center.y_px - start.y_px);
        if dx * dx + dy * dy > 0.09 * radius_px * radius_px {
            return None;
        }
        if length < (0.03 * step.se).max(1e-3) {
            return Some((center, step.se));
        }
    }
    let polar = Polar::new(image, center, 1.3 * radius_px, ring);
    let last = asymmetry(&polar, radius_px)?;
    // Not settled: what is left of the step is part of the error.
    let left = last.shift[0] * last.shift[0] + last.shift[1] * last.shift[1];
    Some((center, (last.se * last.se + left).sqrt()))
}
