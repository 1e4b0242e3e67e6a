//! Finding the particle without a click.

use crate::numerics::filter::{gaussian_blur, quantile, spread};
use crate::numerics::normal::solve;
use crate::signal::Image;

use super::crop::{Crop, block_mean, take_out};
use super::labels::{Component, label};
use super::{Circle, ImagingError, Mask, Point};

/// Side of the coarse picture in which the search begins (pixels).
const COARSE_SIDE: usize = 256;

/// Least side that is still searched.
const LEAST_SIDE: usize = 20;

/// Thresholds as shares of the height over the background; Otsu's threshold is tried as well. A bright core stands out
/// at the upper ones, its dim shell or a particle beside a brighter one only at the lower ones.
const LEVELS: [f32; 5] = [0.7, 0.5, 0.35, 0.22, 0.12];

/// Least overlap (intersection over union) of a component with its circle: an ellipse of axes 2:1 has 0.56, a square 0.83.
const LEAST_ROUNDNESS: f64 = 0.6;

/// Least step at the outline relative to the height of the component.
const LEAST_STEP: f64 = 0.25;

/// Least step at the outline relative to the whole range of the picture.
const LEAST_CONTRAST: f64 = 0.08;

/// A tracked particle is sought in a square of so many radii to each side …
const FOLLOWED: f64 = 2.2;

/// … averaged down to at least this radius (pixels).
const FOLLOWED_RADIUS: f64 = 16.0;

/// What was found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// The particle, to about a coarse pixel.
    pub circle: Circle,
    /// Particles that could have been meant.
    pub count: usize,
    /// Whether the tracked particle was not where it was expected.
    pub lost: bool,
}

/// A component that may be the particle.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    circle: Circle,
    roundness: f64,
    step: f64,
    contrast: f64,
    rim: f64,
    score: f64,
}

/// The most central, largest, roundest bright region; with `track`, the one most like it in place and size.
///
/// The picture is averaged down to 128 and 64 pixels (256 and finer when only something small is found) and smoothed by 1.5
/// pixels: lattice fringes and counting noise go, facets stay. A robust plane through the rim is taken off; regions
/// above each of several thresholds, holes filled, are scored by step at the outline × size × roundness³ × centrality. A tracked particle that
/// is plainly where it was spares all of this ([`follow`]).
pub(super) fn detect(
    image: &Image,
    masks: &[Mask],
    track: Option<Circle>,
) -> Result<Found, ImagingError> {
    if let Some(found) = track.and_then(|track| follow(image, masks, track)) {
        return Ok(found);
    }
    let side = image.width.max(image.height);
    let mut factor = side.div_ceil(COARSE_SIDE).max(1);
    let mut masked;
    let source = if masks.is_empty() {
        image
    } else {
        masked = image.clone();
        for mask in masks {
            take_out(&mut masked, (0, 0), mask);
        }
        &masked
    };
    let base = block_mean(source, factor);
    let mut all: Vec<Candidate> = Vec::new();
    let mut coarse = block_mean(&base, 2);
    let mut scale = 2 * factor;
    while coarse.width.min(coarse.height) >= LEAST_SIDE && scale <= 8 * factor {
        search(&coarse, scale, [6.0, 1.0], &mut all);
        coarse = block_mean(&coarse, 2);
        scale *= 2;
    }
    // A radius of 6 pixels at half resolution is the least that is resolved there.
    let mut level = base;
    while best(&all, image, track).is_none_or(|c| c.circle.radius_px < 12.0 * factor as f64) {
        search(&level, factor, [1.5, 1.0], &mut all);
        if factor == 1 {
            break;
        }
        factor = factor.div_ceil(2);
        level = block_mean(source, factor);
    }
    let found = best(&all, image, track);
    let doubtful = found.is_none_or(|c| c.contrast < 0.35);
    if doubtful {
        let mut dark = Vec::new();
        let factor = side.div_ceil(COARSE_SIDE / 2).max(1);
        search(&block_mean(source, factor), factor, [4.0, -1.0], &mut dark);
        if let Some(d) = best(&dark, image, None)
            && found.is_none_or(|c| d.contrast > 2.0 * c.contrast)
        {
            return Err(ImagingError::DarkOnBright {
                x_px: d.circle.center.x_px,
                y_px: d.circle.center.y_px,
            });
        }
    }
    let Some(found) = found else {
        return Err(ImagingError::NoParticle);
    };
    let lost = track.is_some_and(|t| !near(found.circle, t));
    Ok(Found {
        circle: found.circle,
        count: rivals(&all, &found),
        lost,
    })
}

/// The tracked particle where it is expected: a square about it is searched, at the resolution that shows it best. Only what
/// leaves no doubt counts; otherwise the whole picture has to be looked at.
fn follow(image: &Image, masks: &[Mask], track: Circle) -> Option<Found> {
    let crop = Crop::around(image, track, FOLLOWED, masks);
    if crop.image.width.min(crop.image.height) < LEAST_SIDE {
        return None;
    }
    let factor = ((track.radius_px / FOLLOWED_RADIUS) as usize).max(1);
    let mut all = Vec::new();
    search(
        &block_mean(&crop.image, factor),
        factor,
        [6.0, 1.0],
        &mut all,
    );
    let sure = |c: &Candidate| {
        let size = c.circle.radius_px / track.radius_px;
        c.roundness > 0.75
            && c.contrast > 0.5
            && c.step > 0.5
            && c.rim < 0.02
            && (0.8..1.25).contains(&size)
            && distance(crop.global(c.circle).center, track.center) < 0.5 * track.radius_px
    };
    let found = all
        .iter()
        .filter(|c| sure(c))
        .max_by(|a, b| a.score.total_cmp(&b.score))?;
    Some(Found {
        circle: crop.global(found.circle),
        count: 1,
        lost: false,
    })
}

/// The particle around a point.
///
/// Squares about the point, each a fifth larger than the one before, are searched for themselves: what is brighter elsewhere
/// then sets neither background nor thresholds. Of all roundish regions that hold the point and end within their square, the
/// one of the highest step at the outline² × size × roundness³ is taken.
///
/// # Errors
/// [`ImagingError::NothingThere`] where there is none.
pub(super) fn detect_at(
    image: &Image,
    masks: &[Mask],
    point: Point,
) -> Result<Circle, ImagingError> {
    let side = image.width.max(image.height) as f64;
    let mut best: Option<(f64, Circle)> = None;
    let mut half = 0.5 * LEAST_SIDE as f64;
    while half < side {
        let square = Circle {
            center: point,
            radius_px: half,
        };
        let crop = Crop::around(image, square, 1.0, masks);
        if crop.image.width.min(crop.image.height) < LEAST_SIDE {
            half *= 1.2;
            continue;
        }
        let factor = ((half / (0.25 * COARSE_SIDE as f64)) as usize).max(1);
        let mut all = Vec::new();
        for factor in [factor, 2 * factor] {
            search(
                &block_mean(&crop.image, factor),
                factor,
                [4.0, 1.0],
                &mut all,
            );
        }
        let here = crop.local(point);
        for c in all {
            // The score holds the size relative to the square.
            let score =
                c.score * f64::max(crop.image.width as f64, crop.image.height as f64) / side;
            if c.rim < 0.02
                && distance(c.circle.center, here) < c.circle.radius_px
                && best.is_none_or(|(most, _)| score > most)
            {
                best = Some((score, crop.global(c.circle)));
            }
        }
        half *= 1.2;
    }
    best.map(|(_, circle)| circle)
        .ok_or(ImagingError::NothingThere {
            x_px: point.x_px,
            y_px: point.y_px,
        })
}

/// Whether two circles can be the same particle in successive frames: closer than a radius, sizes within a third.
fn near(a: Circle, b: Circle) -> bool {
    distance(a.center, b.center) < b.radius_px
        && (0.67..1.5).contains(&(a.radius_px / b.radius_px.max(1e-9)))
}

fn distance(a: Point, b: Point) -> f64 {
    let (dx, dy) = (a.x_px - b.x_px, a.y_px - b.y_px);
    (dx * dx + dy * dy).sqrt()
}

/// The candidate of the highest score, weighted by its likeness to `track`.
fn best(all: &[Candidate], image: &Image, track: Option<Circle>) -> Option<Candidate> {
    let middle = Point {
        x_px: 0.5 * (image.width as f64 - 1.0),
        y_px: 0.5 * (image.height as f64 - 1.0),
    };
    let half = 0.5 * image.width.min(image.height) as f64;
    let score = |c: &Candidate| {
        let place = match track {
            Some(t) => {
                let d = distance(c.circle.center, t.center) / t.radius_px.max(1e-9);
                let s = libm::log(c.circle.radius_px / t.radius_px.max(1e-9)) / 0.25;
                // Both fade slowly: a particle that jumped is still found when nothing else is there.
                1.0 / (1.0 + 4.0 * d * d) / (1.0 + s * s)
            }
            None => {
                let d = distance(c.circle.center, middle) / half;
                libm::exp(-0.7 * d * d)
            }
        };
        c.score * place
    };
    all.iter()
        .copied()
        .max_by(|a, b| score(a).total_cmp(&score(b)))
}

/// Particles well apart from each other that could have been meant as well as `found`.
fn rivals(all: &[Candidate], found: &Candidate) -> usize {
    let mut kept: Vec<Circle> = vec![found.circle];
    for c in all {
        let alike = c.roundness > 0.75
            && c.step > 0.5
            && c.contrast > 0.3 * found.contrast
            && c.rim < 0.02
            && c.circle.radius_px > 0.4 * found.circle.radius_px;
        if alike
            && kept.iter().all(|k| {
                distance(k.center, c.circle.center) > 0.8 * (k.radius_px + c.circle.radius_px)
            })
        {
            kept.push(c.circle);
        }
    }
    kept.len()
}

/// Height over a robust plane through the rim, and the noise of the rim about it. `None` when nothing is left to search.
pub(super) fn flattened(image: &Image, sigma: f64) -> Option<(Vec<f32>, f64)> {
    let mut s = gaussian_blur(&image.values, image.width, sigma);
    let (w, h) = (image.width, image.height);
    let strip = (w.min(h) / 12).max(2);
    let mut rim: Vec<(f64, f64, f64)> = Vec::new();
    for y in 0..h {
        for x in 0..w {
            if x < strip || y < strip || x + strip >= w || y + strip >= h {
                let v = f64::from(s[y * w + x]);
                if v.is_finite() {
                    rim.push((x as f64 / w as f64 - 0.5, y as f64 / h as f64 - 0.5, v));
                }
            }
        }
    }
    // The lower third: up to half of the rim may be crossed by other particles.
    let mut values: Vec<f64> = rim.iter().map(|p| p.2).collect();
    let low = quantile(&mut values, 0.33)?;
    let below: Vec<f64> = values.iter().copied().filter(|v| *v <= low).collect();
    let mut width = 2.0 * spread(&below, low).max(1e-12 * low.abs());
    let mut p = [low, 0.0, 0.0];
    for _ in 0..6 {
        let (mut a, mut b) = ([[0.0; 3]; 3], [0.0; 3]);
        let mut used = Vec::with_capacity(rim.len());
        for (x, y, v) in &rim {
            let r = v - p[0] - p[1] * x - p[2] * y;
            if r.abs() < 3.0 * width {
                let g = [1.0, *x, *y];
                for i in 0..3 {
                    for j in 0..3 {
                        a[i][j] += g[i] * g[j];
                    }
                    b[i] += g[i] * v;
                }
                used.push(r);
            }
        }
        match solve(&a, &b) {
            Some(next) if used.len() * 4 > rim.len() => p = next,
            _ => break,
        }
        width = spread(&used, 0.0).max(1e-12 * low.abs());
    }
    for (y, row) in s.chunks_exact_mut(w).enumerate() {
        let start = p[0] - 0.5 * p[1] + p[2] * (y as f64 / h as f64 - 0.5);
        let slope = p[1] / w as f64;
        for (x, v) in row.iter_mut().enumerate() {
            *v = (f64::from(*v) - start - slope * x as f64) as f32;
        }
    }
    Some((s, width))
}

/// Adds the candidates of one level of resolution, of `least` coarse pixels radius or more: below, the smoothing itself would be
/// taken for a particle. `sign` -1 looks for dark ones.
fn search(image: &Image, factor: usize, [least, sign]: [f64; 2], all: &mut Vec<Candidate>) {
    let negative;
    let image = if sign < 0.0 {
        negative = Image {
            values: image.values.iter().map(|v| -v).collect(),
            ..*image
        };
        &negative
    } else {
        image
    };
    let Some((d, noise)) = flattened(image, 1.5) else {
        return;
    };
    let mut sorted: Vec<f64> = d
        .iter()
        .filter(|v| v.is_finite())
        .map(|v| f64::from(*v))
        .collect();
    let (Some(top), Some(bottom)) = (quantile(&mut sorted, 0.998), quantile(&mut sorted, 0.005))
    else {
        return;
    };
    let span = top - bottom.min(0.0);
    if top <= 4.0 * noise || span <= 0.0 {
        return;
    }
    let mut levels: Vec<f32> = LEVELS.iter().map(|l| l * top as f32).collect();
    levels.push(otsu(&sorted, top) as f32);
    for level in levels {
        if f64::from(level) < 3.0 * noise {
            continue;
        }
        let inside: Vec<bool> = d.iter().map(|v| *v > level).collect();
        let labels = label(&inside, image.width);
        for (i, component) in labels.components.iter().enumerate() {
            if component.area as f64 >= core::f64::consts::PI * least * least
                && let Some(c) = judge(image, &d, &labels.label, i as u32 + 1, component, span)
                && c.step * top > noise
            {
                let f = factor as f64;
                let shift = 0.5 * (f - 1.0);
                all.push(Candidate {
                    circle: Circle {
                        center: Point {
                            x_px: c.circle.center.x_px * f + shift,
                            y_px: c.circle.center.y_px * f + shift,
                        },
                        radius_px: c.circle.radius_px * f,
                    },
                    ..c
                });
            }
        }
    }
}

/// Otsu's threshold (IEEE Trans. SMC 9 (1979) 62) over the values between 0 and `top`, 128 classes.
fn otsu(values: &[f64], top: f64) -> f64 {
    const CLASSES: usize = 128;
    let mut histogram = [0.0f64; CLASSES];
    for v in values {
        let i = (v / top * CLASSES as f64).clamp(0.0, CLASSES as f64 - 1.0);
        histogram[i as usize] += 1.0;
    }
    let total: f64 = histogram.iter().sum();
    let moment: f64 = histogram
        .iter()
        .enumerate()
        .map(|(i, n)| i as f64 * n)
        .sum();
    let (mut n, mut m, mut best, mut at) = (0.0, 0.0, -1.0, CLASSES / 2);
    for (i, h) in histogram.iter().enumerate() {
        n += h;
        m += i as f64 * h;
        if n > 0.0 && n < total {
            let gap = m / n - (moment - m) / (total - n);
            let between = n * (total - n) * gap * gap;
            if between > best {
                best = between;
                at = i;
            }
        }
    }
    top * (at as f64 + 1.0) / CLASSES as f64
}

/// Judges a component; `None` when it cannot be a particle.
fn judge(
    image: &Image,
    d: &[f32],
    labels: &[u32],
    name: u32,
    component: &Component,
    span: f64,
) -> Option<Candidate> {
    let area = component.area as f64;
    let rim = component.rim as f64
        / (2.0 * core::f64::consts::PI * (area / core::f64::consts::PI).sqrt());
    let circle = if rim > 0.02 {
        // Cut by the rim: the circle through what outline there is.
        through_outline(image, labels, name)?
    } else {
        Circle {
            center: Point {
                x_px: component.sum_x / area,
                y_px: component.sum_y / area,
            },
            radius_px: (area / core::f64::consts::PI).sqrt(),
        }
    };
    let side = image.width.max(image.height) as f64;
    if !(1.5..0.75 * side).contains(&circle.radius_px) {
        return None;
    }
    let (cx, cy, radius) = (circle.center.x_px, circle.center.y_px, circle.radius_px);
    let reach = 1.5 * radius;
    let rows = clip(cy - reach, cy + reach, image.height);
    let columns = clip(cx - reach, cx + reach, image.width);
    let (mut both, mut in_circle, mut sum, mut held) = (0.0, 0.0, 0.0, 0.0);
    let mut around: Vec<f64> = Vec::new();
    for y in rows.0..rows.1 {
        for x in columns.0..columns.1 {
            let (dx, dy) = (x as f64 - cx, y as f64 - cy);
            let r = (dx * dx + dy * dy).sqrt() / radius;
            let i = y * image.width + x;
            let v = f64::from(d[i]);
            let own = labels[i] == name;
            both += f64::from(own && r < 1.0);
            in_circle += f64::from(r < 1.0);
            if own && r < 1.0 && v.is_finite() {
                sum += v;
                held += 1.0;
            }
            if !own && (1.15..1.5).contains(&r) && v.is_finite() {
                around.push(v);
            }
        }
    }
    let outside = quantile(&mut around, 0.4)?;
    let height = sum / f64::max(held, 1.0);
    let roundness = both / (area + in_circle - both).max(1.0);
    let step = ((height - outside) / height.max(1e-30)).clamp(0.0, 1.0);
    let contrast = (height - outside) / span;
    if roundness < LEAST_ROUNDNESS || step < LEAST_STEP || contrast < LEAST_CONTRAST {
        return None;
    }
    let score = step
        * step
        * (radius / side)
        * roundness
        * roundness
        * roundness
        * contrast.min(1.0).sqrt()
        * libm::exp(-4.0 * rim);
    Some(Candidate {
        circle,
        roundness,
        step,
        contrast,
        rim,
        score,
    })
}

fn clip(low: f64, high: f64, size: usize) -> (usize, usize) {
    let first = (low.max(0.0) as usize).min(size);
    (first, ((high.max(0.0) as usize) + 1).clamp(first, size))
}

/// Circle by least squares (Kåsa, IEEE Trans. Instrum. Meas. 25 (1976) 8) through the component's border samples that are
/// not on the rim of the picture.
fn through_outline(image: &Image, labels: &[u32], name: u32) -> Option<Circle> {
    let (w, h) = (image.width, image.height);
    let (mut a, mut b) = ([[0.0; 3]; 3], [0.0; 3]);
    let scale = w.max(h) as f64;
    for y in 1..h.saturating_sub(1) {
        for x in 1..w.saturating_sub(1) {
            let i = y * w + x;
            if labels[i] == name
                && [i - 1, i + 1, i - w, i + w]
                    .iter()
                    .any(|&k| labels[k] != name)
            {
                let (u, v) = (x as f64 / scale - 0.5, y as f64 / scale - 0.5);
                let g = [u, v, 1.0];
                for i in 0..3 {
                    for j in 0..3 {
                        a[i][j] += g[i] * g[j];
                    }
                    b[i] += g[i] * (u * u + v * v);
                }
            }
        }
    }
    let p = solve(&a, &b)?;
    let (u, v) = (0.5 * p[0], 0.5 * p[1]);
    let r2 = p[2] + u * u + v * v;
    (r2 > 0.0).then(|| Circle {
        center: Point {
            x_px: (u + 0.5) * scale,
            y_px: (v + 0.5) * scale,
        },
        radius_px: r2.sqrt() * scale + 0.5,
    })
}
