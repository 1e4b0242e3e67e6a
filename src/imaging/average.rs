//! The azimuthal average.

use crate::signal::{Image, LengthUnit, Profile};

use super::Point;
use super::background::Plane;
use super::polar::for_disc;

/// Degrees of freedom over which the variance within rings is pooled: 1/χ² of so many is 1.005 on average, so that the
/// later reduced chi-square is not pushed up by errors that came out small by chance.
const POOLED: f64 = 400.0;

/// The rings to average over.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bins {
    /// Width of a bin (pixels).
    pub width_px: f64,
    /// Outer radius of the last bin at most (pixels).
    pub reach_px: f64,
}

/// What the average gives.
pub(super) struct Averaged {
    /// The profile in pixels.
    pub profile: Profile,
    /// Sum over the disc, missing pixels filled with the mean of their ring, and the standard error from the scatter.
    pub total: (f64, f64),
    /// Pixels within the disc, those outside the image or left out included.
    pub positions: f64,
}

/// Sums over one bin.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    count: f64,
    value: f64,
    radius: f64,
    value2: f64,
    radius2: f64,
    both: f64,
}

impl Sums {
    /// Sum of squares about the straight line of this slope through the means.
    fn about_line(&self, slope: f64) -> f64 {
        let n = self.count.max(1.0);
        let vv = self.value2 - self.value * self.value / n;
        let rr = self.radius2 - self.radius * self.radius / n;
        let vr = self.both - self.value * self.radius / n;
        (vv - 2.0 * slope * vr + slope * slope * rr).max(0.0)
    }
}

/// Mean, standard error and count of the whole pixels in each ring.
///
/// A pixel belongs to the bin in which its center lies; none is split, so the bins are independent. The standard error is
/// `√(v / n)`, v the variance of the pixels about the profile (straight between neighboring bins, so that the slope within a
/// bin does not count as noise), pooled over neighboring bins until 400 degrees of freedom are together: the innermost
/// bins of 1 to 20 pixels share theirs. Bins without pixels are left out.
///
/// `image`: `NaN` where left out; `center` in its coordinates; `plane` (about the center) is taken off each pixel. Accuracy: `tests/imaging.rs`,
/// `standard_errors_give_chi_square_one`. With lattice fringes the pixels of a ring are not independent and the error is
/// that of the scatter alone.
pub(super) fn azimuthal_average(
    image: &Image,
    center: Point,
    plane: &Plane,
    bins: Bins,
) -> Averaged {
    let count = (libm::floor(bins.reach_px / bins.width_px + 1e-9) as usize).max(1);
    let per_px = 1.0 / bins.width_px;
    let reach = count as f64 * bins.width_px;
    let mut sums = vec![Sums::default(); count];
    let mut missing = false;
    for_disc(image, center, reach, |dx, dy, v| {
        let r = (dx * dx + dy * dy).sqrt();
        let k = (r * per_px) as usize;
        missing |= v.is_nan();
        if !v.is_nan()
            && let Some(s) = sums.get_mut(k)
        {
            let v = f64::from(v) - plane.level - plane.slope[0] * dx - plane.slope[1] * dy;
            // From the inner edge of the bin, so that squares do not cancel.
            let r = r - k as f64 * bins.width_px;
            s.count += 1.0;
            s.value += v;
            s.radius += r;
            s.value2 += v * v;
            s.radius2 += r * r;
            s.both += v * r;
        }
    });
    let means: Vec<[f64; 3]> = sums
        .iter()
        .enumerate()
        .map(|(k, s)| {
            if s.count > 0.0 {
                let radius = s.radius / s.count + k as f64 * bins.width_px;
                [s.value / s.count, radius, s.count]
            } else {
                [0.0; 3]
            }
        })
        .collect();
    let squares: Vec<f64> = (0..count)
        .map(|k| {
            let (a, b) = (means[k.saturating_sub(1)], means[(k + 1).min(count - 1)]);
            // A slope from a few pixels is noise.
            let slope = if a[2] >= 8.0 && b[2] >= 8.0 && b[1] > a[1] {
                (b[0] - a[0]) / (b[1] - a[1])
            } else {
                0.0
            };
            sums[k].about_line(slope)
        })
        .collect();
    let whole = !missing
        && center.x_px - reach >= -0.5
        && center.y_px - reach >= -0.5
        && center.x_px + reach <= image.width as f64 - 0.5
        && center.y_px + reach <= image.height as f64 - 0.5;
    let positions: Vec<f64> = if whole {
        sums.iter().map(|s| s.count).collect()
    } else {
        positions(center, count, bins.width_px)
    };
    let mut out = Averaged {
        profile: Profile {
            unit: LengthUnit::Pixel,
            radius: Vec::with_capacity(count),
            value: Vec::with_capacity(count),
            standard_error: Vec::with_capacity(count),
            pixel_count: Vec::with_capacity(count),
        },
        total: (0.0, 0.0),
        positions: positions.iter().sum(),
    };
    let mut variance = 0.0;
    for (k, mean) in means.iter().enumerate() {
        if mean[2] <= 0.0 {
            continue;
        }
        let v = pooled(&squares, &means, k);
        let se = (v / mean[2]).sqrt();
        out.profile.radius.push(mean[1]);
        out.profile.value.push(mean[0]);
        out.profile.standard_error.push(se);
        out.profile.pixel_count.push(mean[2] as u32);
        out.total.0 += positions[k] * mean[0];
        variance += positions[k] * positions[k] * se * se;
    }
    out.total.1 = variance.sqrt();
    // A ring without any scatter (no counts at all, or a noise-free model) still has some error: without a floor its weight would be infinite.
    let floor = 1e-6
        * out
            .profile
            .value
            .iter()
            .fold(0.0f64, |m, v| m.max(v.abs()))
            .max(f64::MIN_POSITIVE);
    for se in &mut out.profile.standard_error {
        *se = se.max(floor);
    }
    out
}

/// Variance within rings about bin k, from as few neighbors as hold [`POOLED`] degrees of freedom.
fn pooled(squares: &[f64], means: &[[f64; 3]], k: usize) -> f64 {
    let (mut sum, mut degrees) = (squares[k], (means[k][2] - 1.0).max(0.0));
    let mut d = 1;
    while degrees < POOLED && (d <= k || k + d < squares.len()) {
        for i in [k.checked_sub(d), Some(k + d)].into_iter().flatten() {
            if let (Some(s), Some(m)) = (squares.get(i), means.get(i)) {
                sum += s;
                degrees += (m[2] - 1.0).max(0.0);
            }
        }
        d += 1;
    }
    if degrees > 0.0 { sum / degrees } else { 0.0 }
}

/// Pixel positions in each ring, whether the image has them or not.
fn positions(center: Point, count: usize, width_px: f64) -> Vec<f64> {
    let mut n = vec![0.0; count];
    let reach = count as f64 * width_px;
    let first = libm::ceil(center.y_px - reach) as i64;
    let last = libm::floor(center.y_px + reach) as i64;
    for y in first..=last {
        let dy = y as f64 - center.y_px;
        let h = (reach * reach - dy * dy).max(0.0).sqrt();
        let left = libm::ceil(center.x_px - h) as i64;
        let right = libm::floor(center.x_px + h) as i64;
        for x in left..=right {
            let dx = x as f64 - center.x_px;
            let r = (dx * dx + dy * dy).sqrt();
            if let Some(c) = n.get_mut((r / width_px) as usize) {
                *c += 1.0;
            }
        }
    }
    n
}
