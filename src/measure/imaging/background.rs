//! The plane under the particle.

use crate::numerics::filter::{quantile, spread};
use crate::numerics::normal::{invert, solve};
use crate::signal::Image;

use super::Point;

/// A plane about the particle's center, with what is known of its error.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Plane {
    /// Value at the center.
    pub level: f64,
    /// Per pixel along x and y.
    pub slope: [f64; 2],
    /// Standard deviation of the pixels around the plane.
    pub noise: f64,
    /// Standard error of the level.
    pub level_se: f64,
}

/// Takes a plane about `center` off the image.
pub(super) fn subtract(image: &mut Image, center: Point, plane: &Plane) {
    let width = image.width.max(1);
    let slope = plane.slope[0] as f32;
    for (y, row) in image.values.chunks_exact_mut(width).enumerate() {
        let start =
            plane.level + plane.slope[1] * (y as f64 - center.y_px) - plane.slope[0] * center.x_px;
        for (x, v) in row.iter_mut().enumerate() {
            *v -= start as f32 + slope * x as f32;
        }
    }
}

/// Sums of one block of pixels.
struct Block {
    count: f64,
    x: f64,
    y: f64,
    mean: f64,
    /// Sum of squares about the mean.
    scatter: f64,
}

/// A plane that moves by less than this part of its standard error is where it will stay.
const SETTLED: f64 = 0.03;

/// Plane through the pixels between `inner_px` and `outer_px` from `center`, robust against what else stands there.
///
/// The pixels are first averaged over blocks of about a twelfth of `inner_px`: means are nearly Gaussian even where
/// single counts are not, so that rejecting outliers among them does not shift the level. Least absolute deviations,
/// then Tukey's biweight (c = 4.685), then least squares over the blocks within 3.5 standard deviations. With fewer than
/// 12 blocks the plane is level; with none, `None`.
///
/// Accuracy: `tests/imaging.rs`, `background_plane_is_unbiased_at_low_dose`.
pub(super) fn fit_plane(
    image: &Image,
    center: Point,
    inner_px: f64,
    outer_px: f64,
) -> Option<Plane> {
    let scale = inner_px.max(1.0);
    let mut blocks = blocks(image, center, inner_px, outer_px);
    if blocks.is_empty() {
        return None;
    }
    for b in &mut blocks {
        (b.x, b.y) = (b.x / scale, b.y / scale);
    }
    let mut means: Vec<f64> = blocks.iter().map(|b| b.mean).collect();
    let tilted = blocks.len() >= 12;
    let mut p = [quantile(&mut means, 0.5)?, 0.0, 0.0];
    let residual = |p: &[f64; 3], b: &Block| b.mean - p[0] - p[1] * b.x - p[2] * b.y;
    let fit = |weights: &[f64], before: [f64; 3]| -> [f64; 3] {
        let mut r = [0.0; 3];
        for (b, w) in blocks.iter().zip(weights) {
            let of = [1.0, b.x, b.y].map(|d| w * d * b.mean);
            r.iter_mut().zip(of).for_each(|(r, v)| *r += v);
        }
        let a = normal_matrix(&blocks, weights);
        if tilted && let Some(p) = solve(&a, &r) {
            return p;
        }
        if a[0][0] > 0.0 {
            [r[0] / a[0][0], 0.0, 0.0]
        } else {
            before
        }
    };
    let mut weights = vec![0.0; blocks.len()];
    let mut residuals: Vec<f64> = blocks.iter().map(|b| residual(&p, b)).collect();
    // Where most blocks hold no count at all the median deviation is 0 and every count would be an outlier.
    let width = |residuals: &[f64]| {
        let mean = residuals.iter().map(|r| r.abs()).sum::<f64>() / residuals.len() as f64;
        spread(residuals, 0.0).max(0.4 * mean).max(1e-300)
    };
    for biweight in [false, true] {
        for _ in 0..8 {
            let s = width(&residuals);
            for ((w, r), b) in weights.iter_mut().zip(&residuals).zip(&blocks) {
                *w = if biweight {
                    let u = r / (4.685 * s);
                    let v = (1.0 - u * u).max(0.0);
                    b.count * v * v
                } else {
                    b.count / r.abs().max(0.1 * s)
                };
            }
            let before = p;
            p = fit(&weights, p);
            for (r, b) in residuals.iter_mut().zip(&blocks) {
                *r = residual(&p, b);
            }
            let moved = p.iter().zip(before).map(|(a, b)| (a - b).abs());
            if moved.fold(0.0, f64::max) < SETTLED * s / f64::sqrt(blocks.len() as f64) {
                break;
            }
        }
    }
    let limit = 3.5 * width(&residuals);
    for ((w, r), b) in weights.iter_mut().zip(&residuals).zip(&blocks) {
        *w = if r.abs() <= limit { b.count } else { 0.0 };
    }
    p = fit(&weights, p);
    let a = normal_matrix(&blocks, &weights);
    let (mut count, mut scatter, mut between, mut used) = (0.0, 0.0, 0.0, 0.0);
    for (b, w) in blocks.iter().zip(&weights) {
        if *w > 0.0 {
            let r = residual(&p, b);
            count += b.count;
            scatter += b.scatter + b.count * r * r;
            between += b.count * r * r;
            used += 1.0;
        }
    }
    if count <= 0.0 {
        return None;
    }
    let degrees = if tilted { 3.0 } else { 1.0 };
    // Scatter of the block means: it holds the unevenness on the scale of a block, which pixel noise does not.
    let per_pixel = if used > degrees {
        between / (used - degrees)
    } else {
        scatter / count
    };
    let factor = if tilted {
        invert(&a).map_or(1.0 / count, |c| c[0][0])
    } else {
        1.0 / count
    };
    Some(Plane {
        level: p[0],
        slope: [p[1] / scale, p[2] / scale],
        noise: (scatter / (count - degrees).max(1.0)).sqrt(),
        level_se: (per_pixel * factor).sqrt(),
    })
}

/// Σ w d dᵀ with d = (1, x, y).
fn normal_matrix(blocks: &[Block], weights: &[f64]) -> [[f64; 3]; 3] {
    let mut sums = [0.0; 6];
    for (b, w) in blocks.iter().zip(weights) {
        let (wx, wy) = (w * b.x, w * b.y);
        let of = [*w, wx, wy, wx * b.x, wx * b.y, wy * b.y];
        sums.iter_mut().zip(of).for_each(|(s, v)| *s += v);
    }
    let [n, x, y, xx, xy, yy] = sums;
    [[n, x, y], [x, xx, xy], [y, xy, yy]]
}

/// Blocks of pixels that lie between the radii.
fn blocks(image: &Image, center: Point, inner_px: f64, outer_px: f64) -> Vec<Block> {
    let side = (libm::round(inner_px / 12.0) as usize).clamp(2, 32);
    let width = image.width.max(1);
    let columns = width.div_ceil(side);
    let mut out = Vec::new();
    // Down the columns first, which all go side by side: numbers, their rows, values, squares.
    let mut down = [(); 4].map(|()| vec![0.0f64; width]);
    for (band, rows) in image.values.chunks(width * side).enumerate() {
        let middle = |i: usize| (i * side) as f64 + 0.5 * (side as f64 - 1.0);
        let middle_y = middle(band) - center.y_px;
        let wanted = |i: &usize| {
            let middle_x = middle(*i) - center.x_px;
            let r = (middle_x * middle_x + middle_y * middle_y).sqrt();
            r > inner_px + 0.71 * side as f64 && r < outer_px
        };
        let wanted: Vec<usize> = (0..columns).filter(wanted).collect();
        let (Some(first), Some(last)) = (wanted.first(), wanted.last()) else {
            continue;
        };
        let (from, to) = (first * side, ((last + 1) * side).min(width));
        let [numbers, below, values, squares] = down.each_mut().map(|of| &mut of[from..to]);
        for sums in [&mut *numbers, below, values, squares] {
            sums.fill(0.0);
        }
        // Most rows are whole: what their places sum to need not be summed pixel by pixel.
        let mut whole = [0.0; 2];
        for (dy, row) in rows.chunks_exact(width).enumerate() {
            let (dy, row) = (dy as f64, &row[from..to]);
            if row.iter().fold(false, |any, v| any | v.is_nan()) {
                for (i, v) in row.iter().enumerate().filter(|(_, v)| !v.is_nan()) {
                    let v = f64::from(*v);
                    numbers[i] += 1.0;
                    below[i] += dy;
                    values[i] += v;
                    squares[i] += v * v;
                }
            } else {
                whole = [whole[0] + 1.0, whole[1] + dy];
                for ((sum, square), v) in values.iter_mut().zip(&mut *squares).zip(row) {
                    let v = f64::from(*v);
                    *sum += v;
                    *square += v * v;
                }
            }
        }
        let block = |i: usize| {
            let mut sums = [0.0; 5];
            for column in i * side..((i + 1) * side).min(width) {
                let [n, dy, sum, square] = down.each_ref().map(|of| of[column]);
                let (n, dy) = (n + whole[0], dy + whole[1]);
                let x = column as f64 - center.x_px;
                let of = [n, n * x, dy, sum, square];
                sums.iter_mut().zip(of).for_each(|(s, v)| *s += v);
            }
            sums[2] += sums[0] * ((band * side) as f64 - center.y_px);
            sums
        };
        let least = 0.5 * (side * side) as f64;
        let sums = wanted.iter().map(|i| block(*i));
        out.extend(sums.filter(|s| s[0] >= least).map(|s| {
            let mean = s[3] / s[0];
            Block {
                count: s[0],
                x: s[1] / s[0],
                y: s[2] / s[0],
                mean,
                scatter: (s[4] - s[3] * mean).max(0.0),
            }
        }));
    }
    out
}
