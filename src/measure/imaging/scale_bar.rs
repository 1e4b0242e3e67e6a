//! A burnt-in scale bar, measured.

use serde::{Deserialize, Serialize};

use crate::numerics::filter::{quantile, spread};
use crate::signal::Image;

use super::{ImagingError, Mask, Point};

/// A scale bar found in the image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScaleBar {
    /// Left end, in the middle of the bar's height.
    pub start: Point,
    /// Right end.
    pub end: Point,
    /// Length (pixels).
    pub length_px: f64,
    /// Its standard error: each end is known to the width over which it fades.
    pub length_se_px: f64,
    /// The bar, to be left out of averages.
    pub mask: Mask,
}

/// A stretch of one row: row, start and end column.
type Run = (usize, f64, f64);

/// Shortest bar accepted (pixels).
const LEAST_PX: f64 = 10.0;

/// How far around the drawn line the bar is sought, of the line's length (and at least 5 pixels).
const REACH: f64 = 0.2;

/// A bar burnt into the image is of one value: the spread of its pixels is at most this part of its contrast. For a sphere it
/// is 0.13 (the chord's median absolute deviation where it exceeds one half).
const EVEN: f64 = 0.06;

/// Snaps a line drawn by hand to the horizontal bar under it: in the rows within `reach` of the line, the longest run that is
/// brighter (or darker) than its surroundings at half of its contrast, ends interpolated between pixels.
///
/// `drawn` are the approximate ends; the bar is sought within a fifth of the line's length (at least 5 pixels) around. The
/// standard error is a uniform half-pixel at each end, 0.41 px in all, or the spread among the bar's rows if larger.
/// Accuracy: `tests/imaging.rs`, `scale_bar_length_is_exact`. Not for tilted bars.
///
/// # Errors
/// [`ImagingError::NoScaleBar`] where nothing of about that length and of one value lies under the line.
pub fn measure_scale_bar(image: &Image, drawn: [Point; 2]) -> Result<ScaleBar, ImagingError> {
    let none = ImagingError::NoScaleBar { least_px: LEAST_PX };
    let left = drawn[0].x_px.min(drawn[1].x_px);
    let right = drawn[0].x_px.max(drawn[1].x_px);
    let y = 0.5 * (drawn[0].y_px + drawn[1].y_px);
    let reach = (REACH * (right - left)).max(5.0);
    if !(left.is_finite() && right.is_finite() && y.is_finite()) {
        return Err(none);
    }
    let (x0, x1) = rounded(left - reach, right + reach, image.width);
    let (y0, y1) = rounded(y - reach, y + reach, image.height);
    let row = |y: usize| {
        image
            .values
            .get(y * image.width + x0..y * image.width + x1)
            .unwrap_or(&[])
    };
    let mut all: Vec<f64> = (y0..y1)
        .flat_map(|y| {
            row(y)
                .iter()
                .filter(|v| v.is_finite())
                .map(|v| f64::from(*v))
        })
        .collect();
    let (Some(ground), Some(dark), Some(bright)) = (
        quantile(&mut all, 0.5),
        quantile(&mut all, 0.01),
        quantile(&mut all, 0.99),
    ) else {
        return Err(none);
    };
    let mut best: Option<(f64, Vec<Run>)> = None;
    for top in [bright, dark] {
        let level = 0.5 * (ground + top);
        let sign = if top > ground { 1.0 } else { -1.0 };
        if top == ground {
            continue;
        }
        let runs: Vec<Run> = (y0..y1)
            .filter_map(|y| {
                longest_run(row(y), level, sign).map(|(a, b)| (y, a + x0 as f64, b + x0 as f64))
            })
            // Ends that lie elsewhere than the drawn ones are those of something else.
            .filter(|run| (run.1 - left).abs() <= reach && (run.2 - right).abs() <= reach)
            .collect();
        let Some(longest) = runs.iter().map(|r| r.2 - r.1).max_by(f64::total_cmp) else {
            continue;
        };
        let bar: Vec<Run> = runs
            .into_iter()
            .filter(|r| (r.2 - r.1 - longest).abs() <= (0.02 * longest).max(1.5))
            .collect();
        let mut inside: Vec<f64> = bar
            .iter()
            .flat_map(|r| {
                let (a, b) = (r.1 - x0 as f64 + 1.0, r.2 - x0 as f64);
                row(r.0).get(a as usize..b as usize).unwrap_or_default()
            })
            .map(|v| f64::from(*v))
            .collect();
        let even = quantile(&mut inside, 0.5)
            .is_some_and(|middle| spread(&inside, middle) <= EVEN * (top - ground).abs());
        if even && longest >= LEAST_PX && best.as_ref().is_none_or(|b| longest > b.0) {
            best = Some((longest, bar));
        }
    }
    let Some((_, bar)) = best else {
        return Err(none);
    };
    let mut starts: Vec<f64> = bar.iter().map(|r| r.1).collect();
    let mut ends: Vec<f64> = bar.iter().map(|r| r.2).collect();
    let mut lengths: Vec<f64> = bar.iter().map(|r| r.2 - r.1).collect();
    let (Some(start), Some(end), Some(length)) = (
        quantile(&mut starts, 0.5),
        quantile(&mut ends, 0.5),
        quantile(&mut lengths, 0.5),
    ) else {
        return Err(none);
    };
    let scatter = spread(&lengths, length);
    let (top, bottom) = bar
        .iter()
        .fold((usize::MAX, 0), |(a, b), r| (a.min(r.0), b.max(r.0)));
    let middle = 0.5 * (top + bottom) as f64;
    let (top, bottom) = (top as f64 - 1.5, bottom as f64 + 1.5);
    let corner = |x_px: f64, y_px: f64| Point { x_px, y_px };
    Ok(ScaleBar {
        start: corner(start, middle),
        end: corner(end, middle),
        length_px: length,
        // A uniform error of ±½ px at each end.
        length_se_px: scatter.max((2.0f64 / 12.0).sqrt()),
        mask: Mask::Polygon(vec![
            corner(start - 1.5, top),
            corner(end + 1.5, top),
            corner(end + 1.5, bottom),
            corner(start - 1.5, bottom),
        ]),
    })
}

fn rounded(low: f64, high: f64, size: usize) -> (usize, usize) {
    let first = (libm::round(low.max(0.0)) as usize).min(size);
    (
        first,
        ((libm::round(high.max(0.0)) as usize) + 1).clamp(first, size),
    )
}

/// The longest stretch beyond `level` (above for sign 1, below for -1), its ends where the value crosses the level between two
/// pixels; a pixel that is wholly bar reaches half a pixel to either side.
fn longest_run(row: &[f32], level: f64, sign: f64) -> Option<(f64, f64)> {
    let above = |i: usize| sign * (f64::from(row[i]) - level);
    let mut best: Option<(f64, f64)> = None;
    let mut i = 0;
    while i < row.len() {
        if above(i) <= 0.0 || !row[i].is_finite() {
            i += 1;
            continue;
        }
        let first = i;
        while i < row.len() && above(i) > 0.0 {
            i += 1;
        }
        // Between an inner and an outer pixel the crossing lies where the straight line meets the level.
        let edge = |inner: usize, outer: Option<usize>| match outer {
            Some(o) if o < row.len() && row[o].is_finite() => {
                above(inner) / (above(inner) - above(o))
            }
            _ => 0.5,
        };
        let start = first as f64 - edge(first, first.checked_sub(1));
        let end = (i - 1) as f64 + edge(i - 1, Some(i));
        if best.is_none_or(|b| end - start > b.1 - b.0) {
            best = Some((start, end));
        }
    }
    best
}
