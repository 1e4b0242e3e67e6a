//! A reduced series as text for the fragment of an address: a version, then deflate, then base64url.
//!
//! Layout of version 1, after inflating: the decisions as JSON (what is empty left out, digests of files too); the number of frames;
//! for every frame whether it is measured and pictured; then column by column over all frames, because like compresses with like:
//! scalars, radii, pixel counts, scatter, values, pictures. Whole numbers are LEB128, signed ones zigzag; each is the difference from
//! what can be foretold: radii and counts from the pixels that lie in the rings ([`rings`]), the scatter
//! (standard error times the root of the count) from the bin before, a value from the slope of those before.
//!
//! Rounded are radii (to 1/256 pixel), scatter (1/16 octave) and values (an eighth of their standard errors, which adds 0.1 % to their
//! variance). `tests/link.rs` shows that D and E move by a few hundredths of their errors.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use serde_json::Value;

use super::reduced::{MOST_FRAMED, Reduced, ReducedFrame, Thumbnail};
use super::{Project, VERSION};
use crate::imaging::{Background, Circle, Measurement, Particle, Point};
use crate::language::{Language, language, say, word};
use crate::signal::{Image, LengthUnit, Profile};

/// First byte of a link. A change of the layout raises it; every version stays readable.
const LINK_VERSION: u8 = 1;

/// Longest text that is looked at (bytes).
const MOST_TEXT: usize = 1 << 20;
/// Most bytes a link may inflate to.
const MOST_BYTES: usize = 1 << 24;
/// Most frames.
const MOST_FRAMES: usize = 512;
/// Most bins of a profile.
const MOST_BINS: usize = 8192;
/// Largest profile whose pixels are counted one by one to foretell it (pixels): a million of them.
const COUNTED_PX: f64 = 512.0;

const PER_PIXEL: f64 = 256.0;
const PER_OCTAVE: f64 = 16.0;
const PER_ERROR: f64 = 8.0;
/// Gray levels of a thumbnail, less one.
const LEVELS: f64 = 15.0;

/// Why a link cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    /// Characters that no link has.
    #[error("{}", word!(
        "the address does not hold an analysis: it has characters that do not belong there"
        | "die Adresse enthält keine Auswertung: sie hat Zeichen, die nicht hineingehören"
    ))]
    NotALink,
    /// Made by a newer program.
    #[error("{}", say!(
        "the link was made by a newer version of the program (layout {_0}, this one reads up to {LINK_VERSION})"
        | "der Link stammt von einer neueren Version des Programms (Aufbau {_0}, diese liest bis {LINK_VERSION})"
    ))]
    Newer(u8),
    /// Cut, or changed on its way.
    #[error("{}", say!(
        "the link is cut off or was changed on its way, in {}"
        | "der Link ist abgeschnitten oder wurde unterwegs verändert, bei: {}", part(_0)
    ))]
    Broken(&'static str),
    /// More than a link may hold.
    #[error("{}", say!(
        "the link asks for {value} {}; at most {limit} are read"
        | "der Link verlangt {value} {}; gelesen werden höchstens {limit}", part(what)
    ))]
    TooLarge {
        /// What there is too much of.
        what: &'static str,
        /// How much is asked for.
        value: u64,
        /// How much is allowed.
        limit: u64,
    },
}

/// A part of the link, in the language of this thread.
fn part(name: &'static str) -> &'static str {
    match (language(), name) {
        (Language::English, name) => name,
        (_, "characters") => "Zeichen",
        (_, "bytes") => "Bytes",
        (_, "its compressed part") => "komprimierter Teil",
        (_, "decisions") => "Bytes an Entscheidungen",
        (_, "the decisions") => "Entscheidungen",
        (_, "frames") => "Bilder",
        (_, "the list of frames") => "Liste der Bilder",
        (_, "the particles") => "Partikel",
        (_, "bins") => "Ringe",
        (_, "the radii") => "Radien",
        (_, "the pixel counts") => "Zahlen der Pixel",
        (_, "the values") => "Werte",
        (_, "the standard errors") => "Standardfehler",
        (_, "a thumbnail") => "Vorschaubild",
        (_, "pixels of a thumbnail") => "Pixel eines Vorschaubilds",
        (_, name) => name,
    }
}

/// The series as text of letters, digits, `-` and `_`.
pub fn encode(reduced: &Reduced) -> String {
    let mut bytes = Writer::default();
    let mut project = reduced.project.clone();
    project
        .series
        .frames
        .iter_mut()
        .for_each(|f| f.digest.clear());
    // Other series are told by their own links.
    project.companions.clear();
    // They are of no use without the spectra, which a link does not hold.
    project.maps.references.clear();
    let mut json = serde_json::to_value(&project).unwrap_or_default();
    if project.maps.is_untouched()
        && let Some(fields) = json.as_object_mut()
    {
        fields.remove("maps");
    }
    let json = pruned(json).to_string();
    bytes.count(json.len());
    bytes.0.extend_from_slice(json.as_bytes());

    let frames = &reduced.frames;
    bytes.count(frames.len());
    for frame in frames {
        let (m, t) = (frame.measurement.is_some(), frame.thumbnail.is_some());
        bytes.0.push(u8::from(m) | (u8::from(t) << 1));
    }
    let measured = || frames.iter().filter_map(|f| f.measurement.as_ref());
    measured().for_each(|m| scalars(m).iter().for_each(|x| bytes.float(*x)));
    for m in measured() {
        bytes.count(m.profile.len());
        bytes.float(width_px(&m.profile.radius));
        for ((radius, _), r) in foretold(m).zip(&m.profile.radius) {
            bytes.signed(rounded(r * PER_PIXEL).wrapping_sub(radius));
        }
    }
    for m in measured() {
        for ((_, count), n) in foretold(m).zip(&m.profile.pixel_count) {
            bytes.signed(i64::from(*n).wrapping_sub(count));
        }
    }
    for m in measured() {
        let mut before = 0;
        for (error, n) in m.profile.standard_error.iter().zip(&m.profile.pixel_count) {
            let scatter = octave(error * f64::sqrt(f64::from(*n)));
            bytes.signed(scatter.wrapping_sub(before));
            before = scatter;
        }
    }
    for m in measured() {
        let p = &m.profile;
        let mut slope = Slope::default();
        for ((v, error), n) in p.value.iter().zip(&p.standard_error).zip(&p.pixel_count) {
            let step = value_step(octave(error * f64::sqrt(f64::from(*n))), *n);
            let steps = rounded((v - slope.next()) / step);
            bytes.signed(steps);
            slope.push(slope.next() + steps as f64 * step);
        }
    }
    for thumbnail in frames.iter().filter_map(|f| f.thumbnail.as_ref()) {
        bytes.thumbnail(thumbnail);
    }

    let mut packed = vec![LINK_VERSION];
    packed.extend(compress_to_vec(&bytes.0, 10));
    URL_SAFE_NO_PAD.encode(packed)
}

/// Reads what [`encode`] wrote, by this version or an earlier one.
///
/// # Errors
/// [`LinkError`]; whatever the text, it ends soon and takes a few times the memory that the limits above allow.
pub fn decode(link: &str) -> Result<Reduced, LinkError> {
    decode_within(link, (MOST_TEXT, MOST_FRAMES))
}

/// The same with other limits of characters and frames: what a file may hold is more than an address.
pub(super) fn decode_within(
    link: &str,
    (most_text, most_frames): (usize, usize),
) -> Result<Reduced, LinkError> {
    within("characters", link.len(), most_text)?;
    let packed = URL_SAFE_NO_PAD
        .decode(link.trim())
        .map_err(|_| LinkError::NotALink)?;
    let (version, packed) = packed.split_first().ok_or(LinkError::NotALink)?;
    match *version {
        0 => return Err(LinkError::NotALink),
        1 => {}
        newer => return Err(LinkError::Newer(newer)),
    }
    let bytes = decompress_to_vec_with_limit(packed, MOST_BYTES).map_err(|e| match e.status {
        TINFLStatus::HasMoreOutput => LinkError::TooLarge {
            what: "bytes",
            value: MOST_BYTES.saturating_add(1) as u64,
            limit: MOST_BYTES as u64,
        },
        _ => LinkError::Broken("its compressed part"),
    })?;
    let mut reader = Reader(&bytes);
    let length = reader.count("decisions", MOST_BYTES)?;
    let project = reader.take(length, "the decisions")?;
    let mut project: Project =
        serde_json::from_slice(project).map_err(|_| LinkError::Broken("the decisions"))?;
    project.leave_out_unsound();
    if project.version > VERSION {
        return Err(LinkError::Newer(LINK_VERSION));
    }
    let frames = reader.frames(most_frames)?;
    if frames.len() != project.series.frames.len() {
        return Err(LinkError::Broken("the list of frames"));
    }
    Ok(Reduced { project, frames })
}

/// What is empty is left out: no text, no list, nothing, which is what a missing field means to any version.
fn pruned(value: Value) -> Value {
    let empty = |v: &Value| match v {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(k, v)| (k, pruned(v)))
                .filter(|(_, v)| !empty(v))
                .collect(),
        ),
        Value::Array(list) => Value::Array(list.into_iter().map(pruned).collect()),
        other => other,
    }
}

fn within(what: &'static str, value: usize, limit: usize) -> Result<(), LinkError> {
    if value <= limit {
        return Ok(());
    }
    Err(LinkError::TooLarge {
        what,
        value: value as u64,
        limit: limit as u64,
    })
}

/// All of a measurement but its profile.
fn scalars(m: &Measurement) -> [f64; 13] {
    let (p, b) = (&m.particle, &m.background);
    [
        p.circle.center.x_px,
        p.circle.center.y_px,
        p.circle.radius_px,
        p.center_se_px,
        p.radius_se_px,
        p.ellipticity,
        p.angle_rad,
        b.level,
        b.slope_x,
        b.slope_y,
        b.noise,
        m.intensity.0,
        m.intensity.1,
    ]
}

fn rounded(x: f64) -> i64 {
    libm::round(x) as i64
}

/// A positive number in steps of an octave; others as the smallest there is.
fn octave(x: f64) -> i64 {
    if x > 0.0 && x.is_finite() {
        rounded(PER_OCTAVE * libm::log2(x))
    } else {
        rounded(-1000.0 * PER_OCTAVE)
    }
}

/// Standard error of a mean over `count` pixels of this scatter.
fn standard_error(scatter: i64, count: u32) -> f64 {
    libm::exp2(scatter as f64 / PER_OCTAVE) / f64::sqrt(f64::from(count.max(1)))
}

fn value_step(scatter: i64, count: u32) -> f64 {
    standard_error(scatter, count).max(f64::MIN_POSITIVE) / PER_ERROR
}

/// Foretells the next value of a profile: the last one, and the mean slope of the last four steps.
#[derive(Default)]
struct Slope([f64; 5]);

impl Slope {
    fn next(&self) -> f64 {
        let [last, .., earliest] = self.0;
        last + 0.25 * (last - earliest)
    }

    fn push(&mut self, value: f64) {
        let [a, b, c, d, _] = self.0;
        self.0 = [value, a, b, c, d];
    }
}

/// Width of the bins of which these are the mean radii: the line through the middles of rings, whose pixels lie 1/12 of a width over
/// the middle index on average.
fn width_px(radius: &[f64]) -> f64 {
    let (mut sum, mut squares) = (0.0, 0.0);
    for (index, r) in radius.iter().enumerate() {
        let middle = index as f64 + 0.5;
        sum += r * middle;
        squares += middle * middle + 1.0 / 12.0;
    }
    if squares > 0.0 { sum / squares } else { 0.0 }
}

/// Mean radius (1/256 pixel) and number of the pixels in rings about a center, the first `count` of them.
///
/// Belongs to version 1 of the layout and must not change: radii and counts are written as differences from it.
fn rings(center: Point, width_px: f64, count: usize) -> Vec<(i64, i64)> {
    let middle = |index: usize| index as f64 + 0.5;
    let mut sums: Vec<(f64, i64)> = vec![(0.0, 0); count];
    let reach_px = width_px * count as f64;
    if width_px > 0.0 && reach_px <= COUNTED_PX {
        let fraction = |x: f64| x - f64::floor(x);
        let (fx, fy) = (fraction(center.x_px), fraction(center.y_px));
        let reach = rounded(reach_px).saturating_add(2);
        let span = reach.saturating_neg()..=reach;
        for y in span.clone() {
            for x in span.clone() {
                let (dx, dy) = (x as f64 - fx, y as f64 - fy);
                let r = f64::sqrt(dx * dx + dy * dy);
                if let Some((sum, n)) = sums.get_mut((r / width_px) as usize) {
                    *sum += r;
                    *n = n.saturating_add(1);
                }
            }
        }
    }
    let ring = |(index, (sum, n)): (usize, (f64, i64))| match n {
        0 => (rounded(middle(index) * width_px * PER_PIXEL), 0),
        n => (rounded(sum / n as f64 * PER_PIXEL), n),
    };
    sums.into_iter().enumerate().map(ring).collect()
}

/// Radii and counts of a measurement's bins as they are foretold, from center and width as they will be read.
fn foretold(m: &Measurement) -> impl Iterator<Item = (i64, i64)> {
    let center = m.particle.circle.center;
    let read = Point {
        x_px: shortened(center.x_px),
        y_px: shortened(center.y_px),
    };
    let width_px = shortened(width_px(&m.profile.radius));
    rings(read, width_px, m.profile.len().min(MOST_BINS)).into_iter()
}

/// A number to the 16 bits of mantissa that are written.
fn shortened(x: f64) -> f64 {
    let bits = (x as f32).to_bits().saturating_add(0x80) & !0xff;
    f64::from(f32::from_bits(bits))
}

#[derive(Default)]
struct Writer(Vec<u8>);

impl Writer {
    fn unsigned(&mut self, mut x: u64) {
        while x >= 0x80 {
            self.0.push((x & 0x7f) as u8 | 0x80);
            x >>= 7;
        }
        self.0.push(x as u8);
    }

    fn count(&mut self, x: usize) {
        self.unsigned(x as u64);
    }

    fn signed(&mut self, x: i64) {
        self.unsigned(((x << 1) ^ (x >> 63)) as u64);
    }

    /// The upper three bytes of an `f32`.
    fn float(&mut self, x: f64) {
        let [_, a, b, c] = (shortened(x) as f32).to_le_bytes();
        self.0.extend_from_slice(&[a, b, c]);
    }

    fn differences(&mut self, numbers: impl Iterator<Item = i64>) {
        let mut before = 0;
        for x in numbers {
            self.signed(x.wrapping_sub(before));
            before = x;
        }
    }

    fn thumbnail(&mut self, thumbnail: &Thumbnail) {
        let image = &thumbnail.image;
        for number in [
            thumbnail.origin.0,
            thumbnail.origin.1,
            thumbnail.binning,
            image.width,
            image.height,
        ] {
            self.count(number);
        }
        let low = image.values.iter().copied().fold(f32::INFINITY, f32::min);
        let high = image
            .values
            .iter()
            .copied()
            .fold(f32::NEG_INFINITY, f32::max);
        self.float(f64::from(low));
        self.float(f64::from(high));
        let span = f64::from(high - low).max(f64::MIN_POSITIVE);
        let level = |v: &f32| rounded(f64::from(*v - low) / span * LEVELS);
        self.differences(image.values.iter().map(level));
    }
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take(&mut self, length: usize, what: &'static str) -> Result<&[u8], LinkError> {
        let (taken, rest) = self
            .0
            .split_at_checked(length)
            .ok_or(LinkError::Broken(what))?;
        self.0 = rest;
        Ok(taken)
    }

    fn unsigned(&mut self, what: &'static str) -> Result<u64, LinkError> {
        let mut x = 0;
        for shift in (0_u32..).step_by(7) {
            let byte = self.take(1, what)?.first().copied().unwrap_or(0);
            let part = u64::from(byte & 0x7f);
            x |= part
                .checked_shl(shift)
                .filter(|_| shift < 64)
                .ok_or(LinkError::Broken(what))?;
            if byte < 0x80 {
                break;
            }
        }
        Ok(x)
    }

    fn count(&mut self, what: &'static str, limit: usize) -> Result<usize, LinkError> {
        let value = self.unsigned(what)?;
        let count = usize::try_from(value).unwrap_or(usize::MAX);
        within(what, count, limit)?;
        Ok(count)
    }

    fn signed(&mut self, what: &'static str) -> Result<i64, LinkError> {
        let x = self.unsigned(what)?;
        Ok((x >> 1) as i64 ^ ((x & 1) as i64).wrapping_neg())
    }

    fn float(&mut self, what: &'static str) -> Result<f64, LinkError> {
        let mut bytes = [0; 4];
        for (to, from) in bytes.iter_mut().skip(1).zip(self.take(3, what)?) {
            *to = *from;
        }
        let x = f32::from_le_bytes(bytes);
        if x.is_finite() {
            Ok(f64::from(x))
        } else {
            Err(LinkError::Broken(what))
        }
    }

    fn differences(&mut self, count: usize, what: &'static str) -> Result<Vec<i64>, LinkError> {
        let mut before = 0_i64;
        let mut next = || {
            before = before.wrapping_add(self.signed(what)?);
            Ok(before)
        };
        (0..count).map(|_| next()).collect()
    }

    fn frames(&mut self, most: usize) -> Result<Vec<ReducedFrame>, LinkError> {
        let count = self.count("frames", most)?;
        let flags = self.take(count, "the list of frames")?.to_vec();
        let measured = flags.iter().filter(|f| **f & 1 != 0).count();
        let pictured = flags.iter().filter(|f| **f & 2 != 0).count();

        let scalars: Vec<[f64; 13]> = (0..measured)
            .map(|_| {
                let mut row = [0.0; 13];
                for x in &mut row {
                    *x = self.float("the particles")?;
                }
                Ok(row)
            })
            .collect::<Result<_, _>>()?;
        let expected: Vec<Vec<(i64, i64)>> = scalars
            .iter()
            .map(|[x_px, y_px, ..]| {
                let (x_px, y_px) = (*x_px, *y_px);
                let count = self.count("bins", MOST_BINS.min(self.0.len()))?;
                let width_px = self.float("the radii")?;
                let mut bins = rings(Point { x_px, y_px }, width_px, count);
                for (radius, _) in &mut bins {
                    *radius = radius.wrapping_add(self.signed("the radii")?);
                }
                Ok(bins)
            })
            .collect::<Result<_, _>>()?;
        let counts: Vec<Vec<u32>> = expected
            .iter()
            .map(|bins| {
                let count = |(_, n): &(i64, i64)| {
                    let n = n.wrapping_add(self.signed("the pixel counts")?);
                    u32::try_from(n).map_err(|_| LinkError::Broken("the pixel counts"))
                };
                bins.iter().map(count).collect()
            })
            .collect::<Result<_, _>>()?;
        let scatter: Vec<Vec<i64>> = counts
            .iter()
            .map(|n| self.differences(n.len(), "the standard errors"))
            .collect::<Result<_, _>>()?;
        let values: Vec<Vec<f64>> = scatter
            .iter()
            .zip(&counts)
            .map(|(s, n)| self.values(s, n))
            .collect::<Result<_, _>>()?;
        let mut thumbnails: Vec<Thumbnail> = (0..pictured)
            .map(|_| self.thumbnail())
            .collect::<Result<_, _>>()?;

        let columns = scalars
            .into_iter()
            .zip(expected)
            .zip(counts)
            .zip(scatter)
            .zip(values);
        let mut measurements = columns.map(|((((scalars, bins), pixel_count), scatter), value)| {
            let errors = scatter.iter().zip(&pixel_count);
            let standard_error = errors.map(|(s, n)| standard_error(*s, *n)).collect();
            measurement(
                scalars,
                Profile {
                    unit: LengthUnit::Pixel,
                    radius: bins.iter().map(|(r, _)| *r as f64 / PER_PIXEL).collect(),
                    value,
                    standard_error,
                    pixel_count,
                },
            )
        });
        let mut thumbnails = thumbnails.drain(..);
        Ok(flags
            .iter()
            .map(|flag| ReducedFrame {
                measurement: if flag & 1 != 0 {
                    measurements.next()
                } else {
                    None
                },
                thumbnail: if flag & 2 != 0 {
                    thumbnails.next()
                } else {
                    None
                },
            })
            .collect())
    }

    fn values(&mut self, scatter: &[i64], counts: &[u32]) -> Result<Vec<f64>, LinkError> {
        const WHAT: &str = "the values";
        let mut slope = Slope::default();
        let value = |(s, n): (&i64, &u32)| {
            let value = slope.next() + self.signed(WHAT)? as f64 * value_step(*s, *n);
            slope.push(value);
            if value.is_finite() {
                Ok(value)
            } else {
                Err(LinkError::Broken(WHAT))
            }
        };
        scatter.iter().zip(counts).map(value).collect()
    }

    fn thumbnail(&mut self) -> Result<Thumbnail, LinkError> {
        const WHAT: &str = "pixels of a thumbnail";
        let origin = (
            self.count(WHAT, MOST_FRAMED)?,
            self.count(WHAT, MOST_FRAMED)?,
        );
        let binning = self.count(WHAT, MOST_BINS)?.max(1);
        let (width, height) = (self.count(WHAT, 256)?, self.count(WHAT, 256)?);
        let (low, high) = (self.float("a thumbnail")?, self.float("a thumbnail")?);
        let levels = self.differences(width.saturating_mul(height), "a thumbnail")?;
        let value =
            |level: &i64| (low + (high - low) * (*level as f64 / LEVELS).clamp(0.0, 1.0)) as f32;
        Ok(Thumbnail {
            origin,
            binning,
            image: Image {
                width,
                height,
                values: levels.iter().map(value).collect(),
            },
        })
    }
}

fn measurement(scalars: [f64; 13], profile: Profile) -> Measurement {
    let [
        x_px,
        y_px,
        radius_px,
        center_se_px,
        radius_se_px,
        ellipticity,
        angle_rad,
        level,
        slope_x,
        slope_y,
        noise,
        intensity,
        intensity_se,
    ] = scalars;
    Measurement {
        particle: Particle {
            circle: Circle {
                center: Point { x_px, y_px },
                radius_px,
            },
            center_se_px,
            radius_se_px,
            ellipticity,
            angle_rad,
        },
        background: Background {
            level,
            slope_x,
            slope_y,
            noise,
        },
        profile,
        intensity: (intensity, intensity_se),
    }
}
