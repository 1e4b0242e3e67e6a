//! From an element map to its radial profile.

use crate::imaging::{Circle, Point};
use crate::numerics::filter;
use crate::signal::{Image, LengthUnit, Profile};

use super::{ElementMap, SpectroscopyError};

/// Rings of an average.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rings {
    /// Width of a ring (pixels).
    pub width_px: f64,
    /// Outer radius of the last (pixels).
    pub reach_px: f64,
}

impl Rings {
    /// Around a particle in maps of this size. What stands out of them may be the core alone, at 0.87 of its radius: rings reach to twice of what was
    /// found, and in a row of pixels, where outer rings hold no more of a neighbor than inner ones, farther.
    pub fn around(particle: &Circle, (width, height): (usize, usize)) -> Rings {
        let reach = if width.min(height) == 1 { 2.5 } else { 2.0 };
        Rings {
            width_px: 1.0,
            reach_px: reach * particle.radius_px,
        }
    }
}

/// Mean of the whole pixels in each ring around `center`, in pixels.
///
/// The standard error is that of the map's own errors, √Σ se² / n, widened by the scatter within rings where this is larger (a particle that is
/// not round). Rings without a pixel are left out. Means over rings are exact for the pixels they hold (`tests/element_order.rs`).
///
/// # Errors
/// [`SpectroscopyError::EmptyProfile`].
pub fn radial_profile(
    map: &ElementMap,
    center: Point,
    rings: Rings,
) -> Result<Profile, SpectroscopyError> {
    // From wherever in the map, no pixel is farther away.
    let diagonal_px = libm::hypot(map.width as f64, map.height as f64);
    let reach_px = rings.reach_px.min(diagonal_px);
    let count = f64::ceil(reach_px / rings.width_px).max(1.0) as usize;
    // Count, value, square, radius, variance.
    let mut sums = vec![[0.0_f64; 5]; count];
    for_pixels(map, center, |r, value, se| {
        if let Some(s) = sums.get_mut((r / rings.width_px) as usize) {
            for (sum, v) in s.iter_mut().zip([1.0, value, value * value, r, se * se]) {
                *sum += v;
            }
        }
    });
    let (mut scatter, mut expected, mut degrees) = (0.0, 0.0, 0.0);
    for [n, v, vv, _, variance] in sums.iter().filter(|s| s[0] > 1.0) {
        scatter += vv - v * v / n;
        expected += variance * (n - 1.0) / n;
        degrees += n - 1.0;
    }
    let wider = if degrees >= 10.0 && expected > 0.0 {
        (scatter / expected).max(1.0).sqrt()
    } else {
        1.0
    };
    let mut profile = Profile {
        unit: LengthUnit::Pixel,
        radius: Vec::new(),
        value: Vec::new(),
        standard_error: Vec::new(),
        pixel_count: Vec::new(),
    };
    for [n, v, _, r, variance] in sums.into_iter().filter(|s| s[0] > 0.0) {
        profile.radius.push(r / n);
        profile.value.push(v / n);
        profile
            .standard_error
            .push((wider * variance.sqrt() / n).max(f64::MIN_POSITIVE));
        profile.pixel_count.push(n as u32);
    }
    if profile.is_empty() {
        return Err(SpectroscopyError::EmptyProfile);
    }
    Ok(profile)
}

fn for_pixels(map: &ElementMap, center: Point, mut f: impl FnMut(f64, f64, f64)) {
    for (index, (value, se)) in map.value.iter().zip(&map.standard_error).enumerate() {
        let (x, y) = ((index % map.width) as f64, (index / map.width) as f64);
        if value.is_finite() {
            f(
                libm::hypot(x - center.x_px, y - center.y_px),
                f64::from(*value),
                f64::from(*se),
            );
        }
    }
}

/// The particle in maps of few pixels: the largest region above half of the range of the maps' sum, each map in units of its own error.
///
/// The image is smoothed by one pixel; half lies between the median and the 99.5 percentile. Center and radius are those of the region (centroid, area; half the length in a line scan). For
/// maps too small or too noisy for [`crate::imaging::measure`]; the center is good to some half of a pixel. `None` where nothing stands out.
pub fn particle_in_maps(maps: &[&ElementMap]) -> Option<Circle> {
    let first = maps.first()?;
    let (width, height) = (first.width, first.height);
    let mut sum = vec![0.0_f32; width * height];
    for map in maps
        .iter()
        .filter(|m| m.width == width && m.height == height)
    {
        let mut errors: Vec<f64> = map
            .standard_error
            .iter()
            .map(|&s| f64::from(s))
            .filter(|s| *s > 0.0)
            .collect();
        let unit = filter::quantile(&mut errors, 0.5)?;
        for (s, v) in sum.iter_mut().zip(&map.value) {
            *s += if v.is_finite() {
                (f64::from(*v) / unit) as f32
            } else {
                0.0
            };
        }
    }
    largest_region(&Image {
        width,
        height,
        values: filter::gaussian_blur(&sum, width, 1.0),
    })
}

fn largest_region(image: &Image) -> Option<Circle> {
    let mut values: Vec<f64> = image.values.iter().map(|&v| f64::from(v)).collect();
    let low = filter::quantile(&mut values, 0.5)?;
    let high = filter::quantile(&mut values, 0.995)?;
    // Where the particle fills the image the median is its own.
    let lowest = filter::quantile(&mut values, 0.02)?;
    let low = if high - low < 0.5 * (high - lowest) {
        lowest
    } else {
        low
    };
    let threshold = 0.5 * (low + high);
    if high <= low {
        return None;
    }
    let inside = |i: usize| {
        image
            .values
            .get(i)
            .is_some_and(|v| f64::from(*v) > threshold)
    };
    let (mut seen, mut best) = (vec![false; image.values.len()], Vec::new());
    for start in 0..image.values.len() {
        if seen[start] || !inside(start) {
            continue;
        }
        let (mut region, mut next) = (Vec::new(), vec![start]);
        seen[start] = true;
        while let Some(i) = next.pop() {
            region.push(i);
            let (x, y) = (i % image.width, i / image.width);
            let neighbors = [
                (x > 0).then(|| i - 1),
                (x + 1 < image.width).then(|| i + 1),
                (y > 0).then(|| i - image.width),
                (y + 1 < image.height).then(|| i + image.width),
            ];
            for n in neighbors.into_iter().flatten() {
                if !seen[n] && inside(n) {
                    seen[n] = true;
                    next.push(n);
                }
            }
        }
        if region.len() > best.len() {
            best = region;
        }
    }
    let n = best.len() as f64;
    let mean = |f: &dyn Fn(usize) -> usize| best.iter().map(|&i| f(i) as f64).sum::<f64>() / n;
    // A row of pixels is a section through the particle.
    let radius_px = match image.width.min(image.height) {
        1 => 0.5 * n,
        _ => (n / core::f64::consts::PI).sqrt(),
    };
    (best.len() >= 4).then(|| Circle {
        center: Point {
            x_px: mean(&|i| i % image.width),
            y_px: mean(&|i| i / image.width),
        },
        radius_px,
    })
}
