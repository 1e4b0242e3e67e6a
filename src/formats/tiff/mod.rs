//! TIFF and BigTIFF, every common flavor.
//!
//! Directories, geometry and calibration are read here ([`ifd`], [`page`], [`calibration`]); samples are decoded by the
//! `tiff` crate ([`pixels`]). Pages of equal shape and type are one signal; ImageJ stacks that are one page with
//! `images=N` behind one another are unfolded.

mod calibration;
mod ifd;
mod page;
mod pixels;

use std::cell::RefCell;

use self::calibration::{Calibration, ImageJ};
use self::ifd::{Directory, Header, Value, malformed, tag_name, truncated};
use self::page::{COMPRESSION_NONE, Meaning, Page};
use super::raster::mean_of_colors;
use super::{Document, Format, FormatError, Limits, PlaneSamples, SourceReader};
use crate::language::{Said, said};
use crate::signal::{
    Acquired, Axis, AxisRole, Dtype, Metadata, NoticeKind, Notices, Samples, Signal,
};

/// An open TIFF file.
pub(super) struct TiffDocument {
    reader: RefCell<SourceReader>,
    header: Header,
    limits: Limits,
    pages: Vec<Page>,
    signals: Vec<Signal>,
    /// For each signal its planes.
    planes: Vec<Vec<Place>>,
}

/// Where a plane is.
#[derive(Clone, Copy)]
struct Place {
    page: usize,
    /// Band of a multi-band page.
    band: u16,
    /// Bytes to go on from the page's offsets (ImageJ stacks behind one directory).
    skip: u64,
}

/// Longest tag text that is kept (bytes).
const MAX_TEXT: u64 = 1 << 20;

/// Longest list of numbers that is kept: color maps and offset tables say nothing to a reader.
const MAX_LIST: u64 = 4096;

impl TiffDocument {
    pub(super) fn open(
        mut reader: SourceReader,
        limits: &Limits,
        notices: &mut Notices,
    ) -> Result<TiffDocument, FormatError> {
        let header = Header::read(&mut reader)?;
        let (directories, ended) = header.chain(&mut reader, limits);
        if let (true, None) = (directories.is_empty(), &ended) {
            return Err(malformed(
                "header",
                Some(4),
                said!("there is no page" | "es gibt keine Seite"),
            ));
        }
        let mut document = TiffDocument {
            reader: RefCell::new(reader),
            header,
            limits: *limits,
            pages: Vec::new(),
            signals: Vec::new(),
            planes: Vec::new(),
        };
        let count = directories.len();
        let mut first_error = None;
        for (index, directory) in directories.into_iter().enumerate() {
            match document.add_page(directory, count == 1, notices) {
                Ok(()) => {}
                Err(e) => {
                    if count > 1 {
                        notices.add(NoticeKind::Skipped {
                            what: said!(
                                "page {} of {count}" | "Seite {} von {count}",
                                index.saturating_add(1)
                            ),
                            reason: e.said(),
                        });
                    }
                    first_error = first_error.or(Some(e));
                }
            }
        }
        if document.signals.is_empty() {
            let nothing = || {
                let reason = said!(
                    "none holds an image of full resolution"
                        | "keine enthält ein Bild voller Auflösung"
                );
                malformed("pages", None, reason)
            };
            return Err(first_error.or(ended).unwrap_or_else(nothing));
        }
        if let Some(e) = ended {
            notices.add(NoticeKind::Skipped {
                what: said!("everything after page {count}" | "alles nach Seite {count}"),
                reason: e.said(),
            });
        }
        document.finish_axes();
        Ok(document)
    }

    fn add_page(
        &mut self,
        directory: Directory,
        alone: bool,
        notices: &mut Notices,
    ) -> Result<(), FormatError> {
        if let Some(reason) = self.left_out(&directory) {
            notices.add(NoticeKind::Skipped {
                what: said!("page at byte {}" | "Seite ab Byte {}", directory.offset),
                reason,
            });
            return Ok(());
        }
        let reader = self.reader.get_mut();
        let mut page = Page::new(&self.header, reader, directory, &self.limits)?;
        let table = page.table(&self.header, reader)?;
        let description = text_of(&self.header, reader, &page.directory, 270);
        if ImageJ::parse(&description).is_some() {
            page.palette = None;
        }
        let index = self.pages.len();
        let mut places: Vec<Place> = (0..page.bands())
            .map(|band| Place {
                page: index,
                band,
                skip: 0,
            })
            .collect();
        let image_j = ImageJ::parse(&description);
        if let Some(image_j) = image_j.as_ref().filter(|_| alone) {
            places.extend(self.contiguous(&page, &table, image_j, index, notices)?);
        }
        if page.colors() > 1 {
            notices.add(NoticeKind::ColorConverted {
                channels: page.colors(),
            });
        }
        let dtype = page.dtype();
        let shape = (page.height as usize, page.width as usize);
        let known = self
            .signals
            .iter()
            .position(|s| s.dtype == dtype && picture_shape(s) == shape);
        match known.and_then(|signal| self.planes.get_mut(signal)) {
            Some(planes) => planes.extend(places),
            None => {
                let signal = self.describe(&page, dtype, &description, notices);
                self.signals.push(signal);
                self.planes.push(places);
            }
        }
        self.pages.push(page);
        Ok(())
    }

    /// Thumbnails and transparency masks are not the image.
    fn left_out(&mut self, directory: &Directory) -> Option<Said> {
        let mut number = |tag| {
            let entry = directory.entry(tag)?;
            let value = self.header.value(self.reader.get_mut(), entry).ok()?;
            value.first_real()
        };
        let new_kind = number(254).unwrap_or(0.0) as u64;
        let old_kind = number(255).unwrap_or(0.0) as u64;
        if new_kind & 1 != 0 || old_kind == 2 {
            Some(said!(
                "a copy of reduced resolution" | "eine Kopie verringerter Auflösung"
            ))
        } else if new_kind & 4 != 0 {
            Some(said!("a transparency mask" | "eine Transparenzmaske"))
        } else {
            None
        }
    }

    /// The planes after the first of an ImageJ stack that has one directory: they follow the first, uncompressed.
    fn contiguous(
        &mut self,
        page: &Page,
        table: &[(u64, u64)],
        image_j: &ImageJ,
        index: usize,
        notices: &mut Notices,
    ) -> Result<Vec<Place>, FormatError> {
        let alone = page.compression == COMPRESSION_NONE && page.bands() == 1;
        let strips_follow = table.is_sorted_by(|a, b| a.0.saturating_add(a.1) == b.0);
        if image_j.images < 2 || !alone || !strips_follow {
            return Ok(Vec::new());
        }
        if image_j.images > self.limits.pages {
            return Err(FormatError::LimitExceeded {
                format: Format::Tiff,
                field: said!("number of images" | "die Zahl der Bilder"),
                value: image_j.images,
                limit: self.limits.pages,
            });
        }
        let plane = page.decoded_bytes();
        let start = table.first().map_or(0, |&(offset, _)| offset);
        let room = self.reader.get_mut().len().saturating_sub(start);
        let there = room.checked_div(plane).unwrap_or(0).min(image_j.images);
        if there < image_j.images {
            let error = truncated("ImageJ stack", start.saturating_add(room));
            notices.add(NoticeKind::Skipped {
                what: said!(
                    "images {} to {}" | "Bilder {} bis {}",
                    there.saturating_add(1),
                    image_j.images
                ),
                reason: error.said(),
            });
        }
        Ok((1..there)
            .map(|k| Place {
                page: index,
                band: 0,
                skip: k.saturating_mul(plane),
            })
            .collect())
    }

    fn describe(
        &mut self,
        page: &Page,
        dtype: Dtype,
        description: &str,
        notices: &mut Notices,
    ) -> Signal {
        let reader = self.reader.get_mut();
        let calibration =
            calibration::read(&self.header, reader, &page.directory, description, notices);
        let mut tags = Vec::new();
        for entry in &page.directory.entries {
            let long = match entry.kind {
                1 | 2 | 7 => entry.count > MAX_TEXT,
                _ => entry.count > MAX_LIST,
            };
            let text = match self.header.value(reader, entry) {
                _ if long => format!("({} values)", entry.count),
                Ok(value) => value.to_text(),
                Err(e) => format!("({e})"),
            };
            tags.push((tag_name(entry.tag), text));
        }
        let Calibration {
            scale,
            unit,
            tag,
            pixel_nm,
        } = calibration;
        let (step_x, step_y) = scale.unwrap_or((1.0, 1.0));
        let axis = |name: &str, size: u32, scale: f64| Axis {
            unit: unit.clone(),
            scale,
            tag: tag.clone(),
            ..Axis::new(name, size as usize, AxisRole::Signal)
        };
        Signal {
            title: text_of(&self.header, reader, &page.directory, 269),
            dtype,
            axes: vec![
                axis("height", page.height, step_y),
                axis("width", page.width, step_x),
            ],
            metadata: Metadata {
                acquired: Acquired::new(text_of(&self.header, reader, &page.directory, 306)),
                pixel_nm,
                ..Metadata::default()
            },
            tags,
        }
    }

    /// Navigation axes, once the number of planes is known: ImageJ's frames, slices and channels where they account
    /// for all planes, else `frame`.
    fn finish_axes(&mut self) {
        for (signal, planes) in self.signals.iter_mut().zip(&self.planes) {
            if planes.len() < 2 {
                continue;
            }
            let description = signal
                .tags
                .iter()
                .find(|(name, _)| name == "ImageDescription")
                .map_or("", |(_, text)| text);
            let image_j = ImageJ::parse(description).unwrap_or_default();
            let unit = signal
                .axes
                .last()
                .map_or_else(String::new, |a| a.unit.clone());
            let navigation = |name: &str, size: u64, scale: Option<f64>, unit: &str, tag: &str| {
                let size = usize::try_from(size).unwrap_or(usize::MAX);
                let plain = Axis::new(name, size, AxisRole::Navigation);
                match scale {
                    Some(scale) => Axis {
                        unit: unit.into(),
                        scale,
                        tag: tag.into(),
                        ..plain
                    },
                    None => plain,
                }
            };
            let interval = image_j.interval_s.filter(|s| *s > 0.0);
            let spacing = image_j.spacing.filter(|_| !unit.is_empty());
            let mut axes: Vec<Axis> = [
                navigation("time", image_j.frames, interval, "s", "ImageJ finterval"),
                navigation("depth", image_j.slices, spacing, &unit, "ImageJ spacing"),
                navigation("channel", image_j.channels, None, "", ""),
            ]
            .into_iter()
            .filter(|a| a.size > 1)
            .collect();
            let accounted = axes
                .iter()
                .map(|a| a.size)
                .try_fold(1_usize, usize::checked_mul);
            if accounted != Some(planes.len()) {
                axes = vec![navigation("frame", planes.len() as u64, None, "", "")];
            }
            axes.append(&mut signal.axes);
            signal.axes = axes;
        }
    }
}

fn picture_shape(signal: &Signal) -> (usize, usize) {
    match signal.axes.as_slice() {
        [.., height, width] => (height.size, width.size),
        _ => (0, 0),
    }
}

fn text_of(header: &Header, reader: &mut SourceReader, directory: &Directory, tag: u16) -> String {
    match directory
        .entry(tag)
        .filter(|e| e.count <= MAX_TEXT)
        .map(|e| header.value(reader, e))
    {
        Some(Ok(Value::Text(text))) => text,
        _ => String::new(),
    }
}

impl Document for TiffDocument {
    fn format(&self) -> Format {
        Format::Tiff
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        let place = self.planes.get(signal).and_then(|p| p.get(plane)).copied();
        let page = place.and_then(|place| self.pages.get(place.page));
        let (Some(place), Some(page)) = (place, page) else {
            return Err(FormatError::Malformed {
                format: Format::Tiff,
                field: said!("signal {signal}, plane {plane}" | "Signal {signal}, Ebene {plane}"),
                offset: None,
                reason: said!("the file does not have it" | "die Datei hat das nicht"),
            });
        };
        let reader = &mut *self.reader.borrow_mut();
        let mut table = page.table(&self.header, reader)?;
        for (offset, _) in &mut table {
            *offset = offset.saturating_add(place.skip);
        }
        let per_component = usize::try_from(page.chunks_per_component()).unwrap_or(usize::MAX);
        let mut component = |index: usize| {
            let chunks: Vec<(u64, u64)> = table
                .iter()
                .skip(index.saturating_mul(per_component))
                .take(per_component)
                .copied()
                .collect();
            pixels::decode(page, &self.header, reader, &chunks, &self.limits)
        };
        let samples = match page.meaning {
            Meaning::Gray { inverted } => {
                let band = usize::from(place.band);
                let samples = if page.separate {
                    component(band)?
                } else {
                    every(component(0)?, page.samples.into(), band)
                };
                if inverted {
                    invert(samples, page.bits)
                } else {
                    samples
                }
            }
            Meaning::Palette => match &page.palette {
                Some(levels) => Samples::F32(look_up(&component(0)?, levels)),
                None => component(0)?,
            },
            Meaning::Rgb if page.separate => {
                let [red, green, blue] = [component(0)?, component(1)?, component(2)?];
                Samples::F32(mean_of_planes(&red, &green, &blue))
            }
            Meaning::Rgb => Samples::F32(mean(&component(0)?, page.samples.into())),
            Meaning::YCbCr => Samples::F32(gray_of_ycbcr(&component(0)?)),
        };
        if page.colors() > 1 {
            notices.add(NoticeKind::ColorConverted {
                channels: page.colors(),
            });
        }
        Ok(PlaneSamples {
            width: page.width as usize,
            height: page.height as usize,
            samples,
            saturation: saturation(page),
        })
    }
}

/// Largest value of the stored type; below 8 bit that of the bits.
fn saturation(page: &Page) -> Option<f64> {
    use page::Number;
    let bits = i32::from(page.bits);
    match page.number {
        Number::Unsigned => Some(libm::ldexp(1.0, bits) - 1.0),
        Number::Signed => Some(libm::ldexp(1.0, bits.saturating_sub(1)) - 1.0),
        Number::Float => None,
    }
}

/// Takes one band out of interleaved samples.
fn every(samples: Samples, bands: usize, band: usize) -> Samples {
    fn pick<T: Copy>(v: Vec<T>, bands: usize, band: usize) -> Vec<T> {
        if bands <= 1 {
            return v;
        }
        v.iter().skip(band).step_by(bands).copied().collect()
    }
    match samples {
        Samples::U8(v) => Samples::U8(pick(v, bands, band)),
        Samples::I8(v) => Samples::I8(pick(v, bands, band)),
        Samples::U16(v) => Samples::U16(pick(v, bands, band)),
        Samples::I16(v) => Samples::I16(pick(v, bands, band)),
        Samples::U32(v) => Samples::U32(pick(v, bands, band)),
        Samples::I32(v) => Samples::I32(pick(v, bands, band)),
        Samples::F32(v) => Samples::F32(pick(v, bands, band)),
        Samples::F64(v) => Samples::F64(pick(v, bands, band)),
        // The decoder makes no other type.
        other => other,
    }
}

/// White is 0: v becomes 2^bits - 1 - v.
fn invert(samples: Samples, bits: u16) -> Samples {
    match samples {
        Samples::U8(v) => {
            let white = 0xff_u8
                .checked_shr(8_u32.saturating_sub(bits.into()))
                .unwrap_or(u8::MAX);
            Samples::U8(v.iter().map(|x| white.saturating_sub(*x)).collect())
        }
        Samples::U16(v) => Samples::U16(v.iter().map(|x| !x).collect()),
        Samples::U32(v) => Samples::U32(v.iter().map(|x| !x).collect()),
        other => other,
    }
}

fn mean(samples: &Samples, channels: usize) -> Vec<f32> {
    match samples {
        Samples::U8(v) => mean_of_colors(v, channels, 3),
        Samples::I8(v) => mean_of_colors(v, channels, 3),
        Samples::U16(v) => mean_of_colors(v, channels, 3),
        Samples::I16(v) => mean_of_colors(v, channels, 3),
        Samples::U32(v) => mean_of_colors(v, channels, 3),
        Samples::I32(v) => mean_of_colors(v, channels, 3),
        Samples::F32(v) => mean_of_colors(v, channels, 3),
        Samples::F64(v) => mean_of_colors(v, channels, 3),
        // The decoder makes no other type.
        other => other.to_f32(),
    }
}

fn mean_of_planes(red: &Samples, green: &Samples, blue: &Samples) -> Vec<f32> {
    (0..red.len())
        .map(|i| {
            let sum: f64 = [red, green, blue].iter().filter_map(|p| p.get(i)).sum();
            (sum / 3.0) as f32
        })
        .collect()
}

/// Mean of the red, green and blue that JFIF makes of luma and chroma (ITU-R BT.601), each clamped to 0..=255.
fn gray_of_ycbcr(samples: &Samples) -> Vec<f32> {
    let Samples::U8(bytes) = samples else {
        return Vec::new();
    };
    let (pixels, _) = bytes.as_chunks::<3>();
    pixels
        .iter()
        .map(|&[y, cb, cr]| {
            let (y, cb, cr) = (f64::from(y), f64::from(cb) - 128.0, f64::from(cr) - 128.0);
            let color = |v: f64| libm::round(v).clamp(0.0, 255.0);
            let sum = color(y + 1.402 * cr)
                + color(y - 0.344_136 * cb - 0.714_136 * cr)
                + color(y + 1.772 * cb);
            (sum / 3.0) as f32
        })
        .collect()
}

fn look_up(indices: &Samples, levels: &[f32]) -> Vec<f32> {
    let mut values = Vec::with_capacity(indices.len());
    indices.for_each(|index| {
        values.push(levels.get(index as usize).copied().unwrap_or(f32::NAN));
    });
    values
}
