//! One frame measured, from detection to profile.

use crate::numerics::filter::{gaussian_blur, quantile, spread};
use crate::signal::{Image, NoticeKind, Notices, Sectors};

use super::average::{Bins, azimuthal_average};
use super::background::{Plane, fit_plane, subtract};
use super::center::{asymmetry, find_center, ring_width};
use super::crop::{Crop, block_mean};
use super::detect::{detect, detect_at};
use super::edge::{Outline, half_level, outline, smoothed};
use super::labels::label;
use super::polar::Polar;
use super::{Background, Circle, Ellipse, ImagingError, Mask, Measurement, Particle, Point};

/// Least side of an image.
const LEAST_SIDE: usize = 24;

/// Least radius of a particle (pixels): below, its edge takes up the whole of it.
const LEAST_RADIUS_PX: f64 = 8.0;

/// The plane begins at this many radii: 1.3 R_B, the outline of a sphere lying at 0.90 R_B.
const PLANE_FROM: f64 = 1.46;

/// The plane ends at this many radii: farther out the carbon is another one.
const PLANE_TO: f64 = 3.2;

/// The profile ends at this many radii: 1.36 R_B.
const PROFILE_TO: f64 = 1.52;

/// Bins over the profile beyond which they grow wider than a pixel.
///
/// 128 bins to 1.36 R_B are 0.011 R_B each, 0.02 nm in a 4 nm particle: a quarter of a good probe's σ, so nothing is
/// lost, and the fit has no more points than it needs.
const MOST_BINS: f64 = 128.0;

/// Radius down to which the particle is binned before its center and outline are sought (binned pixels).
const REDUCED_RADIUS: f64 = 40.0;

/// Not round: axes that differ by more than this share and by 3 standard errors.
const NOT_ROUND: f64 = 0.03;

/// What is known before a frame is measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MeasureRequest {
    /// The particle as corrected by the user: its center is kept as given, its radius is where the outline is sought.
    pub circle: Option<Circle>,
    /// A point on the particle that is meant, where there are several; it goes before `track`.
    pub pointed: Option<Point>,
    /// Where the particle was in the frame before.
    pub track: Option<Circle>,
    /// What the user left out.
    pub masks: Vec<Mask>,
    /// Width of a bin (pixels); `None` for 1 px, or 128 bins where the particle is larger.
    pub bin_width_px: Option<f64>,
    /// Shape of the rings; `None` for circles.
    pub ellipse: Option<Ellipse>,
    /// Value at which the detector or the file's type saturates.
    pub saturation: Option<f64>,
}

/// Finds the particle, its center, outline and background, and averages it over rings.
///
/// Without `circle` the particle is found by itself: bright on dark, roundish, the most central and largest (or the one around
/// `pointed`, or the one most like `track`). Center: stationary point of the weighted scatter within rings (see `center`), its standard error from the
/// scatter among 32 sectors. With `circle` the center is the user's and the error says how well the image could have
/// given it. Radius: where the height falls to 0.65 of that of the outer part (0.90 R_B for a uniform sphere). Background: robust plane
/// outside 1.3 R_B. Profile: whole pixels in independent rings out to 1.36 R_B, with the standard error of each mean.
///
/// Accuracy: `tests/imaging.rs` (synthetic truth), `tests/real_particles.rs` (real images). Cost: about 4 ms for 512² pixels.
/// Not for bright-field images, and not for particles that touch others over more than a fifth of their outline: mask these.
pub fn measure(
    image: &Image,
    request: &MeasureRequest,
    notices: &mut Notices,
) -> Result<Measurement, ImagingError> {
    Ok(measure_by_sector(image, request, notices)?.0)
}

/// The same, with the sectors of which the profile's rings are made.
///
/// # Errors
/// As [`measure`].
pub fn measure_by_sector(
    image: &Image,
    request: &MeasureRequest,
    notices: &mut Notices,
) -> Result<(Measurement, Sectors), ImagingError> {
    let low = check(image, request, notices)?;
    let (start, given) = match (request.circle, request.pointed) {
        (Some(circle), _) => (check_circle(image, circle)?, true),
        (None, Some(point)) => (detect_at(image, &request.masks, point)?, false),
        (None, None) => {
            let found = detect(image, &request.masks, request.track)?;
            if found.lost {
                notices.add(NoticeKind::TrackLost);
            }
            if found.count > 1 && (request.track.is_none() || found.lost) {
                notices.add(NoticeKind::SeveralParticles { count: found.count });
            }
            (found.circle, false)
        }
    };
    let mut crop = Crop::around(image, start, PLANE_TO, &request.masks);
    let outline = trace(&mut crop, start, given, notices)?;
    let circle = outline.circle;
    let global = Point {
        x_px: circle.center.x_px + crop.x0 as f64,
        y_px: circle.center.y_px + crop.y0 as f64,
    };
    let center = if given { start.center } else { global };
    let radius = circle.radius_px;
    if radius < LEAST_RADIUS_PX {
        return Err(ImagingError::TooSmall {
            x_px: center.x_px,
            y_px: center.y_px,
            radius_px: radius,
            least_px: LEAST_RADIUS_PX,
        });
    }
    let particle = outline.particle(center, notices);
    visible(image, &crop, particle.circle, notices)?;
    let plane = plane_around(&crop.image, circle).unwrap_or_default();
    saturated(image, particle.circle, request.saturation, notices);
    clipped(image, low, &plane, particle.circle, notices);
    let reach_px = PROFILE_TO * radius;
    let width_px = request
        .bin_width_px
        .unwrap_or_else(|| (reach_px / MOST_BINS).max(1.0));
    let bins = Bins {
        width_px,
        reach_px,
        ellipse: request.ellipse,
    };
    let averaged = azimuthal_average(&crop.image, circle.center, &plane, bins);
    let level_error = averaged.positions * plane.level_se;
    let (sum, scatter) = averaged.total;
    let measurement = Measurement {
        particle,
        background: Background {
            level: plane.level,
            slope_x: plane.slope[0],
            slope_y: plane.slope[1],
            noise: plane.noise,
        },
        profile: averaged.profile,
        intensity: (sum, (scatter * scatter + level_error * level_error).sqrt()),
    };
    Ok((measurement, averaged.sectors))
}

/// All pixels out to the profile's last bin as (distance from the center in pixels, value over the background plane), for
/// showing them behind the mean; at most about `max_points`, chosen by a fixed hash of their position, so that no pattern
/// of the lattice is picked out and the same image gives the same dots.
pub fn pixels(image: &Image, measurement: &Measurement, max_points: usize) -> Vec<(f64, f64)> {
    let center = measurement.particle.circle.center;
    let reach = PROFILE_TO * measurement.particle.circle.radius_px;
    let expected = core::f64::consts::PI * reach * reach;
    let share = (max_points as f64 / expected.max(1.0)).min(1.0);
    let limit = (share * f64::from(u32::MAX)) as u32;
    let plane = measurement.background;
    let mut out = Vec::with_capacity(max_points.min(expected as usize + 1));
    let mut index = 0u32;
    super::polar::for_disc(image, center, reach, |dx, dy, v| {
        index = index.wrapping_add(1);
        if mixed(index) <= limit && v.is_finite() && out.len() < max_points {
            let value = f64::from(v) - plane.level - plane.slope_x * dx - plane.slope_y * dy;
            out.push(((dx * dx + dy * dy).sqrt(), value));
        }
    });
    out
}

/// A hash whose output bits are all even (the finalizer of MurmurHash3).
fn mixed(mut h: u32) -> u32 {
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// Is this an image at all? Gives its lowest value.
fn check(
    image: &Image,
    request: &MeasureRequest,
    notices: &mut Notices,
) -> Result<f32, ImagingError> {
    let (width, height) = (image.width, image.height);
    if width.checked_mul(height) != Some(image.values.len()) {
        return Err(ImagingError::Shape {
            width,
            height,
            values: image.values.len(),
        });
    }
    if width.min(height) < LEAST_SIDE {
        return Err(ImagingError::ImageTooSmall {
            width,
            height,
            least: LEAST_SIDE,
        });
    }
    if let Some(width_px) = request.bin_width_px
        && !(0.5..=20.0).contains(&width_px)
    {
        return Err(ImagingError::BadBinWidth { width_px });
    }
    // Sixteen lanes side by side: a single running minimum would have each pixel wait for the one before.
    let mut low = [f32::INFINITY; 16];
    let mut high = [f32::NEG_INFINITY; 16];
    let mut bad = [0u32; 16];
    let (chunks, rest) = image.values.as_chunks::<16>();
    let mut last = [f32::NAN; 16];
    last.iter_mut().zip(rest).for_each(|(l, v)| *l = *v);
    for chunk in chunks.iter().chain([&last]) {
        for (i, &v) in chunk.iter().enumerate() {
            let good = v.is_finite();
            bad[i] += u32::from(!good);
            low[i] = if good && v < low[i] { v } else { low[i] };
            high[i] = if good && v > high[i] { v } else { high[i] };
        }
    }
    let low = low.into_iter().fold(f32::INFINITY, f32::min);
    let high = high.into_iter().fold(f32::NEG_INFINITY, f32::max);
    let padding = last.len() - rest.len();
    let missing = bad.iter().map(|n| *n as usize).sum::<usize>() - padding;
    if 2 * missing > image.values.len() {
        return Err(ImagingError::MostlyNotNumbers {
            count: missing,
            total: image.values.len(),
        });
    }
    if low >= high {
        return Err(ImagingError::Constant {
            value: f64::from(low),
        });
    }
    if missing > 0 {
        notices.add(NoticeKind::NotANumber { count: missing });
    }
    Ok(low)
}

/// Is this a circle in the image?
fn check_circle(image: &Image, circle: Circle) -> Result<Circle, ImagingError> {
    let (x_px, y_px, radius_px) = (circle.center.x_px, circle.center.y_px, circle.radius_px);
    let inside = (-0.5..=image.width as f64 - 0.5).contains(&x_px)
        && (-0.5..=image.height as f64 - 0.5).contains(&y_px);
    if !inside || !(1.0..=image.width.max(image.height) as f64).contains(&radius_px) {
        return Err(ImagingError::BadCircle {
            x_px,
            y_px,
            radius_px,
        });
    }
    Ok(circle)
}

/// The plane outside the circle; closer in where the image ends early.
fn plane_around(image: &Image, circle: Circle) -> Option<Plane> {
    let reach = PLANE_TO * circle.radius_px;
    [PLANE_FROM, 1.25, 1.1]
        .into_iter()
        .find_map(|from| fit_plane(image, circle.center, from * circle.radius_px, reach))
}

/// Takes the plane outside the circle off the image and returns the noise about it.
fn level_out(image: &mut Image, circle: Circle) -> f64 {
    let Some(plane) = plane_around(image, circle) else {
        return 0.0;
    };
    subtract(image, circle.center, &plane);
    plane.noise
}

/// What the coarser crop tells, in pixels of the crop.
struct Traced {
    circle: Circle,
    center_se_px: f64,
    edge: Option<Outline>,
}

impl Traced {
    /// The particle at its place in the image; says so when it is not round.
    fn particle(&self, center: Point, notices: &mut Notices) -> Particle {
        let radius_px = self.circle.radius_px;
        let (flattening, flattening_se, angle_rad) =
            self.edge.map_or((0.0, f64::INFINITY, 0.0), |e| {
                (e.flattening, e.flattening_se, e.angle_rad)
            });
        let ellipticity = (1.0 + flattening) / (1.0 - flattening);
        if ellipticity - 1.0 > NOT_ROUND && flattening > 3.0 * flattening_se {
            notices.add(NoticeKind::NotRound {
                percent: 100.0 * (ellipticity - 1.0),
            });
        }
        Particle {
            circle: Circle { center, radius_px },
            center_se_px: self.center_se_px,
            radius_se_px: self.edge.map_or(0.1 * radius_px, |e| e.radius_se_px),
            ellipticity,
            angle_rad,
        }
    }
}

/// Center and outline, and neighbors taken out of the crop.
///
/// Works on means over as many pixels as leave the particle a radius of 40 to 80: the outline is smoother than that, and the
/// sums about each trial center cost the same whatever the magnification. The profile is averaged from the pixels themselves.
fn trace(
    crop: &mut Crop,
    start: Circle,
    given: bool,
    notices: &mut Notices,
) -> Result<Traced, ImagingError> {
    let factor = ((start.radius_px / REDUCED_RADIUS) as usize).max(1);
    let (scale, shift) = (factor as f64, 0.5 * (factor as f64 - 1.0));
    let mut small = block_mean(&crop.image, factor);
    let local = crop.local(start.center);
    let mut circle = Circle {
        center: Point {
            x_px: (local.x_px - shift) / scale,
            y_px: (local.y_px - shift) / scale,
        },
        radius_px: start.radius_px / scale,
    };
    let noise = level_out(&mut small, circle);
    let (radius, height) = radius_within(&small, circle)?;
    let leveled = (circle.radius_px / radius - 1.0).abs() < 0.05;
    circle.radius_px = radius;
    let neighbors = neighbors(&small, circle, height / 0.65, noise);
    if neighbors.count > 0 {
        notices.add(NoticeKind::Neighbors {
            count: neighbors.count,
        });
        for block in &neighbors.blocks {
            blank(&mut small, *block, 1);
            blank(&mut crop.image, *block, factor);
        }
    }
    // The plane was that around another circle, or one with neighbors on it.
    if !leveled || neighbors.count > 0 {
        level_out(&mut small, circle);
    }
    let mut center_se = None;
    for _ in 0..2 {
        if !given && let Some((center, se)) = find_center(&small, circle.center, circle.radius_px) {
            circle.center = center;
            center_se = Some(se);
        }
        let before = circle.radius_px;
        (circle.radius_px, _) = radius_within(&small, circle)?;
        if (circle.radius_px / before - 1.0).abs() < 0.02 {
            break;
        }
    }
    // Once more, so that the rings are those of the particle and not of the circle it was sought from.
    let polar = around(&small, circle);
    let (radius, height) = radius_in(&polar, circle.radius_px)?;
    circle.radius_px = radius;
    let center_se = center_se
        .or_else(|| asymmetry(&polar, circle.radius_px).map(|s| s.se))
        // Without any symmetry to be seen the center is as good as the circle drawn.
        .unwrap_or(0.1 * circle.radius_px);
    let edge = outline(&polar, height, circle.radius_px);
    let radius = edge.map_or(circle.radius_px, |e| e.radius_px);
    Ok(Traced {
        circle: Circle {
            center: if given {
                local
            } else {
                Point {
                    x_px: circle.center.x_px * scale + shift,
                    y_px: circle.center.y_px * scale + shift,
                }
            },
            radius_px: radius * scale,
        },
        center_se_px: center_se * scale,
        edge: edge.map(|e| Outline {
            radius_px: e.radius_px * scale,
            radius_se_px: e.radius_se_px * scale,
            ..e
        }),
    })
}

/// Radius at half level near the circle's own, and that level.
fn radius_within(image: &Image, circle: Circle) -> Result<(f64, f64), ImagingError> {
    radius_in(&around(image, circle), circle.radius_px)
}

/// Sums about a circle's center, as far as its outline may be.
fn around(image: &Image, circle: Circle) -> Polar {
    let ring = ring_width(circle.radius_px);
    Polar::new(image, circle.center, 1.6 * circle.radius_px, ring)
}

/// As [`radius_within`], near `radius_px`.
fn radius_in(polar: &Polar, radius_px: f64) -> Result<(f64, f64), ImagingError> {
    let rings = smoothed(&polar.rings(), polar.ring_px, 0.04 * radius_px);
    half_level(&rings, radius_px, 1.5 * radius_px)
        .filter(|(r, level)| *level > 0.0 && *r > 0.2 * radius_px)
        .ok_or(ImagingError::NoParticle)
}

/// What else is bright around the particle.
struct Neighbors {
    count: usize,
    /// Blocks of pixels to be left out: first and end column, first and end row.
    blocks: Vec<[usize; 4]>,
}

/// Leaves a block out; `factor` pixels of the image are one of the block's.
fn blank(image: &mut Image, block: [usize; 4], factor: usize) {
    let [left, right, top, bottom] = block.map(|v| v * factor);
    let width = image.width.max(1);
    // Pixels beyond the last whole block belong to it.
    let end = |v: usize, size: usize| if v + factor > size { size } else { v };
    let (right, bottom) = (end(right, width), end(bottom, image.height));
    for line in image.values.chunks_exact_mut(width).take(bottom).skip(top) {
        line[left.min(right)..right].fill(f32::NAN);
    }
}

/// Finds what else is bright around the particle, with a rim of a twentieth of its radius.
///
/// On means over a twentieth of the radius, as excess over the lower third of the ring at the same distance, so that the
/// particle's own soft edge is no neighbor: seeds above a third of the particle's height beyond 1.25 radii, grown down to an
/// eighth (or 4 standard deviations of the noise) beyond 1.1 radii.
fn neighbors(image: &Image, circle: Circle, height: f64, noise: f64) -> Neighbors {
    let mut found = Neighbors {
        count: 0,
        blocks: Vec::new(),
    };
    let factor = ((circle.radius_px / 20.0) as usize).max(1);
    let coarse = block_mean(image, factor);
    if coarse.values.is_empty() {
        return found;
    }
    let mut smooth = gaussian_blur(&coarse.values, coarse.width, 1.5);
    let scale = factor as f64;
    let shift = 0.5 * (scale - 1.0);
    let mut radii = Vec::with_capacity(smooth.len());
    for row in 0..coarse.height {
        let y = row as f64 * scale + shift - circle.center.y_px;
        radii.extend((0..coarse.width).map(|column| {
            let x = column as f64 * scale + shift - circle.center.x_px;
            (x * x + y * y).sqrt() / circle.radius_px
        }));
    }
    let radius = |i: usize| radii[i];
    let mut rings: Vec<Vec<f64>> = Vec::new();
    let ring = |i: usize| (radius(i) * 20.0) as usize;
    for (i, v) in smooth.iter().enumerate() {
        if v.is_finite() {
            let k = ring(i);
            if rings.len() <= k {
                rings.resize(k + 1, Vec::new());
            }
            rings[k].push(f64::from(*v));
        }
    }
    let ground: Vec<f32> = rings
        .iter_mut()
        .map(|r| quantile(r, 0.35).unwrap_or(0.0) as f32)
        .collect();
    for (i, v) in smooth.iter_mut().enumerate() {
        *v -= ground.get(ring(i)).copied().unwrap_or(0.0);
    }
    let outside: Vec<f64> = smooth
        .iter()
        .enumerate()
        .filter(|(i, v)| v.is_finite() && radius(*i) > 1.4)
        .map(|(_, v)| f64::from(*v))
        .collect();
    let rough = spread(&outside, 0.0).max(noise / (5.0 * scale));
    let low = (height / 8.0).max(4.0 * rough) as f32;
    let high = (height / 3.0).max(6.0 * rough) as f32;
    let bright: Vec<bool> = smooth
        .iter()
        .enumerate()
        .map(|(i, v)| *v > low && radius(i) > 1.1)
        .collect();
    let seed = |(i, v): (usize, &f32)| *v > high && radius(i) > 1.25;
    if !smooth.iter().enumerate().any(seed) {
        return found;
    }
    let labels = label(&bright, coarse.width);
    let mut peak = vec![0.0f32; labels.components.len() + 1];
    for (i, (&l, &v)) in labels.label.iter().zip(&smooth).enumerate() {
        if l > 0 && bright[i] && radius(i) > 1.25 {
            let p = &mut peak[l as usize];
            *p = p.max(v);
        }
    }
    let least =
        0.01 * core::f64::consts::PI * (circle.radius_px / scale) * (circle.radius_px / scale);
    let taken: Vec<bool> = peak
        .iter()
        .enumerate()
        .map(|(i, p)| {
            i > 0
                && *p > high
                && labels
                    .components
                    .get(i - 1)
                    .is_some_and(|c| c.area as f64 >= least.max(4.0))
        })
        .collect();
    found.count = taken.iter().filter(|t| **t).count();
    if found.count == 0 {
        return found;
    }
    // A component that encloses the particle has it filled in as its hole: only what is bright itself is taken out.
    let marks: Vec<usize> = (0..smooth.len())
        .filter(|&i| bright[i] && taken[labels.label[i] as usize])
        .collect();
    let rim = 1.5 * scale + 0.05 * circle.radius_px;
    for i in marks {
        let x = (i % coarse.width) as f64 * scale;
        let y = (i / coarse.width) as f64 * scale;
        let cut = |v: f64, size: usize| (v.max(0.0) as usize).min(size);
        found.blocks.push([
            cut(x - rim, image.width),
            cut(x + scale + rim, image.width),
            cut(y - rim, image.height),
            cut(y + scale + rim, image.height),
        ]);
    }
    found
}

/// How much of the particle can be seen.
fn visible(
    image: &Image,
    crop: &Crop,
    circle: Circle,
    notices: &mut Notices,
) -> Result<(), ImagingError> {
    let (x, y, r) = (circle.center.x_px, circle.center.y_px, circle.radius_px);
    let mut seen = 0.0;
    super::polar::for_disc(&crop.image, crop.local(circle.center), r, |_, _, v| {
        seen += f64::from(!v.is_nan());
    });
    let share = seen / (core::f64::consts::PI * r * r);
    if share < 0.5 {
        return Err(ImagingError::MostlyOutside {
            x_px: x,
            y_px: y,
            percent: 100.0 * share,
        });
    }
    if x < r || y < r || x + r > image.width as f64 - 1.0 || y + r > image.height as f64 - 1.0 {
        notices.add(NoticeKind::CutByEdge);
    }
    Ok(())
}

/// Pixels at the highest value that are a flat top rather than the end of a tail, where the type holds higher ones.
const FLAT_TOP: usize = 10;

/// Counts saturated pixels in the disc that is averaged: those at the largest value of their type, or, where a detector ends before its type does, at a
/// highest value that more than twice as many pixels have as the next. One pixel is the brightest of an image that was scaled to its range.
fn saturated(image: &Image, circle: Circle, saturation: Option<f64>, notices: &mut Notices) {
    let each = |f: &mut dyn FnMut(f32)| {
        let radius_px = PROFILE_TO * circle.radius_px;
        super::polar::for_disc(image, circle.center, radius_px, |_, _, v| {
            if v.is_finite() {
                f(v);
            }
        });
    };
    let mut highest = f32::NEG_INFINITY;
    each(&mut |v| highest = highest.max(v));
    let (mut count, mut next, mut before) = (0, f32::NEG_INFINITY, 0);
    each(&mut |v| {
        if v == highest {
            count += 1;
        } else if v > next {
            (next, before) = (v, 1);
        } else if v == next {
            before += 1;
        }
    });
    let value = f64::from(highest);
    let is_last = saturation.is_some_and(|last| value >= last) && count > 1;
    if is_last || (count >= FLAT_TOP && count > 2 * before) {
        notices.add(NoticeKind::Saturated { count, value });
    }
}

/// Counts pixels at the lowest value of the image when these are a tenth of the background or more and the
/// background's scatter is cut off by them. A background of less than about one count per pixel looks alike, and there too
/// nothing tells how far below zero the detector would have gone.
fn clipped(image: &Image, low: f32, plane: &Plane, circle: Circle, notices: &mut Notices) {
    if plane.level - f64::from(low) > 1.3 * plane.noise {
        return;
    }
    let (mut count, mut total) = (0usize, 0usize);
    let inner = PLANE_FROM * circle.radius_px;
    super::polar::for_disc(
        image,
        circle.center,
        PLANE_TO * circle.radius_px,
        |dx, dy, v| {
            if dx * dx + dy * dy > inner * inner {
                total += 1;
                count += usize::from(v == low);
            }
        },
    );
    if 10 * count > total {
        notices.add(NoticeKind::Clipped {
            count,
            value: f64::from(low),
        });
    }
}
