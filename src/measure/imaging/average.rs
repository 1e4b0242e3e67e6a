//! The azimuthal average.

use crate::numerics::Cholesky;
use crate::signal::{Image, LengthUnit, Profile, Sectors};

use super::background::Plane;
use super::polar::{Borders, Cell, SECTORS, ring_by_ring};
use super::{Ellipse, Point};

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
    /// The rings are ellipses of this shape, and radii those of the circles of the same area.
    pub ellipse: Option<Ellipse>,
}

impl Bins {
    /// Distances from the center in which rings are circles, by a linear map: its four entries.
    fn map(&self) -> [f64; 4] {
        let column = |x, y| self.ellipse.map_or((x, y), |e| e.round(x, y));
        let ((a, c), (b, d)) = (column(1.0, 0.0), column(0.0, 1.0));
        [a, b, c, d]
    }

    /// How far rings that end at `reach` extend at most.
    fn extent(&self, reach: f64) -> f64 {
        self.ellipse
            .map_or(reach, |e| reach * f64::sqrt(e.ratio.max(1.0 / e.ratio)))
    }
}

/// What the average gives.
pub(super) struct Averaged {
    /// The profile in pixels.
    pub profile: Profile,
    /// Sum over the disc, missing pixels filled with the mean of their ring, and the standard error from the scatter.
    pub total: (f64, f64),
    /// Pixels within the disc, those outside the image or left out included.
    pub positions: f64,
    /// The sectors of the profile's rings.
    pub sectors: Sectors,
}

/// Sums over the pixels of one bin or of one sector of it: their number, Σr, Σv, Σv², Σr², Σvr; radii count from the bin's inner edge, so that
/// squares do not cancel.
type Sums = [f64; 6];

fn cell([count, radius, sum, ..]: Sums) -> Cell {
    Cell { count, sum, radius }
}

/// Sum of squares about the straight line of this slope through the means.
fn about_line([count, radius, sum, value2, radius2, both]: Sums, slope: f64) -> f64 {
    let n = count.max(1.0);
    let vv = value2 - sum * sum / n;
    let rr = radius2 - radius * radius / n;
    let vr = both - sum * radius / n;
    (vv - 2.0 * slope * vr + slope * slope * rr).max(0.0)
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
    let count = (f64::floor(bins.reach_px / bins.width_px + 1e-9) as usize).max(1);
    let per_px = 1.0 / bins.width_px;
    let reach = count as f64 * bins.width_px;
    let mut sums: Vec<Sums> = vec![[0.0; 6]; SECTORS * count];
    let mut missing = false;
    let map = bins.map();
    Borders::new(map).for_runs(
        image,
        center,
        bins.extent(reach),
        |sector, [dx, dy], run| {
            // By value: what lies behind a reference would be read anew for each pixel.
            let ([xx, xy, yx, yy], width) = (map, bins.width_px);
            let (level, [slope, _]) = (plane.level + plane.slope[1] * dy, plane.slope);
            let sums = &mut sums[sector * count..(sector + 1) * count];
            let mut missed = false;
            for (i, &v) in run.iter().enumerate() {
                let dx = dx + i as f64;
                let (x, y) = (xx * dx + xy * dy, yx * dx + yy * dy);
                let r = (x * x + y * y).sqrt();
                let k = (r * per_px) as u32 as usize;
                missed |= v.is_nan();
                if !v.is_nan()
                    && let Some(sums) = sums.get_mut(k)
                {
                    let v = f64::from(v) - level - slope * dx;
                    let r = r - k as f64 * width;
                    let of = [1.0, r, v, v * v, r * r, v * r];
                    sums.iter_mut().zip(of).for_each(|(s, v)| *s += v);
                }
            }
            missing |= missed;
        },
    );
    let turned = ring_by_ring(&sums, count);
    let cells: Vec<Cell> = turned.iter().copied().map(cell).collect();
    let add = |a: Sums, b: &Sums| core::array::from_fn(|i| a[i] + b[i]);
    let rings = turned.chunks_exact(SECTORS);
    let sums: Vec<Sums> = rings.map(|of| of.iter().fold([0.0; 6], add)).collect();
    let means: Vec<[f64; 3]> = sums
        .iter()
        .enumerate()
        .map(|(k, [count, radius, sum, ..])| {
            if *count > 0.0 {
                let radius = radius / count + k as f64 * bins.width_px;
                [sum / count, radius, *count]
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
            about_line(sums[k], slope)
        })
        .collect();
    let whole = !missing
        && center.x_px - reach >= -0.5
        && center.y_px - reach >= -0.5
        && center.x_px + reach <= image.width as f64 - 0.5
        && center.y_px + reach <= image.height as f64 - 0.5;
    let positions: Vec<f64> = if whole {
        sums.iter().map(|[count, ..]| *count).collect()
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
        sectors: Sectors::default(),
    };
    let mut kept: Vec<&[Cell]> = Vec::with_capacity(count);
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
        kept.extend(cells.get(k * SECTORS..(k + 1) * SECTORS));
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
    out.sectors = sectors(&kept, &out.profile);
    out
}

/// The sectors of a profile's rings: their cells, brought to the mean radius of the ring along the slope of the profile.
fn sectors(rings: &[&[Cell]], profile: &Profile) -> Sectors {
    let n = profile.len();
    let slope = |k: usize| {
        let (a, b) = (k.saturating_sub(1), (k + 1).min(n - 1));
        let run = profile.radius[b] - profile.radius[a];
        if run > 0.0 && profile.pixel_count[a] >= 8 && profile.pixel_count[b] >= 8 {
            (profile.value[b] - profile.value[a]) / run
        } else {
            0.0
        }
    };
    let mut sectors = Sectors {
        per_ring: SECTORS,
        pixels: Vec::with_capacity(n * SECTORS),
        sums: Vec::with_capacity(n * SECTORS),
    };
    for (k, cells) in rings.iter().enumerate() {
        let (slope, ring) = (slope(k), Cell::total(cells));
        let radius = ring.radius / ring.count;
        for cell in *cells {
            sectors.pixels.push(cell.count);
            sectors
                .sums
                .push(cell.sum - slope * (cell.radius - cell.count * radius));
        }
    }
    sectors
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

/// Harmonics that are taken out of the scatter: an edge of width σ displaced by d shows d/σ of the first, (d/σ)^m / m! of the m-th.
const HARMONICS: usize = 4;

/// Pixels of a ring for each term of its harmonics at least: smaller rings have fewer harmonics taken out.
const PIXELS_PER_TERM: f64 = 3.0;

/// The errors of a profile without what is not noise: the scatter within its rings about their first four harmonics (those of a shift, a slope
/// of the background, a core off its center, facets), which ring means do not feel. Unbiased where there are none.
/// `tests/offcenter.rs` compares with the scatter of counts.
pub fn without_harmonics(profile: &Profile, sectors: &Sectors) -> Profile {
    let mut profile = profile.clone();
    let errors = profile.standard_error.iter().zip(&profile.pixel_count);
    let means: Vec<[f64; 3]> = errors
        .map(|(e, n)| {
            let n = f64::from(*n);
            [n * e * e, 0.0, n]
        })
        .collect();
    let squares: Vec<f64> = (0..profile.len())
        .map(|k| {
            let [variance, _, n] = means[k];
            let (explained, terms) = harmonics(sectors, k);
            // Noise alone explains a term's share of itself.
            (explained - terms * variance) * n / (n - terms).max(1.0)
        })
        .collect();
    for (k, error) in profile.standard_error.iter_mut().enumerate() {
        let [variance, _, n] = means[k];
        if n > 0.0 {
            // What is left is noise, and never none.
            let left = (variance - pooled(&squares, &means, k)).max(0.01 * variance);
            *error = f64::sqrt(left / n);
        }
    }
    profile
}

/// Sum of squares over the pixels of a ring that its first harmonics explain beyond its mean, and the number of their terms.
fn harmonics(sectors: &Sectors, k: usize) -> (f64, f64) {
    let pixels: f64 = sectors.ring(k).map(|(n, _)| n).sum();
    let affordable = 0.5 * (pixels / PIXELS_PER_TERM - 1.0);
    let count = (affordable.max(0.0) as usize).min(HARMONICS);
    let all = 1 + 2 * count;
    let (mut normal, mut right) = (vec![0.0; all * all], vec![0.0; all]);
    for (s, (n, sum)) in sectors.ring(k).enumerate() {
        let angle = 2.0 * core::f64::consts::PI * (s as f64 + 0.5) / sectors.per_ring as f64;
        let wave = |i: usize| {
            let phase = i.div_ceil(2) as f64 * angle;
            if i.is_multiple_of(2) {
                libm::cos(phase)
            } else {
                libm::sin(phase)
            }
        };
        let waves: Vec<f64> = (0..all).map(wave).collect();
        for (i, w) in waves.iter().enumerate() {
            right[i] += w * sum;
            for (j, v) in waves.iter().enumerate() {
                normal[i * all + j] += n * w * v;
            }
        }
    }
    let Some(factor) = Cholesky::new(&normal, all).filter(|_| count > 0) else {
        return (0.0, 0.0);
    };
    let explained: f64 = factor
        .solve(&right)
        .iter()
        .zip(&right)
        .map(|(a, b)| a * b)
        .sum();
    let by_mean = right[0] * right[0] / pixels;
    (explained - by_mean, 2.0 * count as f64)
}

/// Pixel positions in each ring, whether the image has them or not.
fn positions(center: Point, count: usize, width_px: f64) -> Vec<f64> {
    let mut n = vec![0.0; count];
    let reach = count as f64 * width_px;
    let first = f64::ceil(center.y_px - reach) as i64;
    let last = f64::floor(center.y_px + reach) as i64;
    for y in first..=last {
        let dy = y as f64 - center.y_px;
        let h = (reach * reach - dy * dy).max(0.0).sqrt();
        let left = f64::ceil(center.x_px - h) as i64;
        let right = f64::floor(center.x_px + h) as i64;
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
