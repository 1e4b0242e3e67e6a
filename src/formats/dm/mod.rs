//! Gatan DigitalMicrograph, versions 3 and 4.
//!
//! The tag tree is read without its arrays ([`tree`]); every image of `ImageList` that is no thumbnail is a signal. Its
//! samples stay in the file, so that one plane of a stack is read alone.

mod tree;

use self::tree::{Array, Element, Tree, Value};
use super::cells::number as loose_number;
use super::cursor::Order;
use super::encoding::Encoding;
use super::flat::{Arrangement, FlatDocument, Pieces, Place};
use super::{Format, FormatError, Limits, SourceReader, pixel_size};
use crate::language::{Said, said, say};
use crate::signal::{
    Acquired, Axis, AxisRole, ClockKind, DateTime, Dtype, Metadata, NoticeKind, Notices, Signal,
    Stage,
};

/// Opens a file.
pub(super) fn open(
    mut reader: SourceReader,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<FlatDocument, FormatError> {
    let (format, tree) = Tree::read(&mut reader, limits, notices)?;
    let mut images = Vec::new();
    for (path, value) in &tree.entries {
        if let (Some(image), Value::Array(array)) = (path.strip_suffix(".ImageData.Data"), value)
            && image.starts_with("ImageList.")
        {
            images.push((image, array));
        }
    }
    let count = images.len();
    let is_thumbnail = |image: &str| {
        let index = image.trim_start_matches("ImageList.");
        tree.entries.iter().any(|(path, value)| {
            path.starts_with("Thumbnails.")
                && path.ends_with(".ImageIndex")
                && matches!(value, Value::Number(n) if n.to_string() == index)
        })
    };
    let listed = images.iter().any(|(image, _)| is_thumbnail(image));
    let is_color = |image: &str| {
        tree.get(&format!("{image}.ImageData.DataType")) == Some(&Value::Number(23.0))
    };
    if listed && count > 1 {
        images.retain(|(image, _)| !is_thumbnail(image));
    } else if let [(first, _), (second, _), ..] = images.as_slice()
        && is_color(first)
        && !is_color(second)
    {
        // The list of thumbnails is cut off: the first image is one where it alone is a color picture.
        images.remove(0);
    }
    let several = images.len() > 1;
    let mut found = Vec::new();
    let mut first_error = None;
    for (image, array) in images {
        let reading = Reading {
            format,
            tree: &tree,
            image,
        };
        match reading.signal(array, several, notices) {
            Ok(signal) => found.push(signal),
            Err(e) => {
                if several {
                    notices.add(NoticeKind::Skipped {
                        what: Said::name(image),
                        reason: e.said(),
                    });
                }
                first_error = first_error.or(Some(e));
            }
        }
    }
    match first_error {
        Some(e) if found.is_empty() => Err(e),
        _ if found.is_empty() && count == 0 => Err(FormatError::Truncated {
            format,
            field: said!(
                "ImageList: no image data before the end of the tags"
                    | "ImageList: keine Bilddaten vor dem Ende der Tags"
            ),
            offset: Some(reader.len()),
        }),
        _ => FlatDocument::new(format, reader, limits, found, notices),
    }
}

struct Reading<'a> {
    format: Format,
    tree: &'a Tree,
    /// `ImageList.1`.
    image: &'a str,
}

/// What the image is made of, by `Meta Data` and units.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Pictures,
    /// Spectra along this axis (counted as stored, slowest first).
    Spectra(usize),
}

impl Reading<'_> {
    fn value(&self, path: &str) -> Option<&Value> {
        self.tree.get(&format!("{}.{path}", self.image))
    }

    fn number(&self, path: &str) -> Option<f64> {
        match self.value(path)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// A text, `None` where it is empty or says `[]` (a field of the microscope's form that nobody filled in).
    fn text(&self, path: &str) -> Option<&str> {
        match self.value(path)? {
            Value::Text(text) => Some(text.trim()).filter(|t| !t.is_empty() && *t != "[]"),
            _ => None,
        }
    }

    fn signal(
        &self,
        array: &Array,
        several: bool,
        notices: &mut Notices,
    ) -> Result<(Signal, Place), FormatError> {
        let malformed = |field: &str, reason: Said| FormatError::Malformed {
            format: self.format,
            field: Said::name(format!("{}.{field}", self.image)),
            offset: Some(array.offset),
            reason,
        };
        let sizes = self.sizes();
        if sizes.is_empty() {
            return Err(self.missing("ImageData.Dimensions", array));
        }
        let samples = sizes
            .iter()
            .fold(1_u64, |n, &size| n.saturating_mul(size as u64));
        let encoding = self.encoding(array, samples, &sizes)?;
        let needed = encoding.stored_bytes(samples);
        if needed > array.bytes() {
            let reason = said!(
                "{} bytes are stored where {sizes:?} samples of {} need {needed}"
                    | "gespeichert sind {} Bytes, {sizes:?} Werte vom Typ {} brauchen {needed}",
                array.bytes(),
                encoding.dtype().name(),
            );
            return Err(malformed("ImageData.Data", reason));
        }
        let mut signal = Signal {
            title: self.text("Name").unwrap_or("").to_owned(),
            dtype: encoding.dtype(),
            axes: self.axes(&sizes),
            metadata: self.metadata(),
            tags: Vec::new(),
        };
        // The tags of the other images are theirs.
        let other = |path: &str| {
            let mine = path
                .strip_prefix(self.image)
                .is_some_and(|rest| rest.starts_with('.'));
            path.starts_with("ImageList.") && !mine
        };
        signal.tags = self
            .tree
            .entries
            .iter()
            .filter(|(path, _)| !other(path) || !several && !path.starts_with("ImageList."))
            .map(|(path, value)| (path.clone(), value.to_text()))
            .collect();
        pixel_size::settle(&mut signal, notices);
        let place = Place {
            encoding,
            pieces: Pieces::Contiguous {
                start: array.offset,
            },
            arrangement: Arrangement::Rows,
        };
        Ok((signal, place))
    }

    /// What describes the samples stands behind them: where the file ends within the samples it is cut short.
    fn missing(&self, field: &str, array: &Array) -> FormatError {
        let field = Said::name(format!("{}.{field}", self.image));
        if self.tree.broken {
            FormatError::Truncated {
                format: self.format,
                field,
                offset: Some(array.offset.saturating_add(array.bytes())),
            }
        } else {
            FormatError::Malformed {
                format: self.format,
                field,
                offset: Some(array.offset),
                reason: said!("it is missing" | "es fehlt"),
            }
        }
    }

    /// Sizes as stored, slowest first: the file lists the fastest first.
    fn sizes(&self) -> Vec<usize> {
        let mut sizes = Vec::new();
        while let Some(size) = self.number(&format!("ImageData.Dimensions.{}", sizes.len())) {
            // `as` saturates: a size that is no size is over the limit of pixels.
            sizes.push(size as usize);
        }
        sizes.reverse();
        sizes
    }

    fn encoding(
        &self,
        array: &Array,
        samples: u64,
        sizes: &[usize],
    ) -> Result<Encoding, FormatError> {
        let order = self.tree.order;
        let plain = |dtype| Ok(Encoding::Plain(dtype, order));
        let Some(kind) = self.number("ImageData.DataType") else {
            return Err(self.missing("ImageData.DataType", array));
        };
        let packed = |wide: bool| {
            let dtype = if wide { Dtype::C128 } else { Dtype::C64 };
            if array.bytes() >= samples.saturating_mul(dtype.bytes() as u64) {
                return plain(dtype);
            }
            match sizes {
                [height, width] if height == width && height.is_multiple_of(2) => {
                    Ok(Encoding::HalfTransform {
                        side: *width as u64,
                        wide,
                        order,
                    })
                }
                _ => Err(FormatError::Unsupported {
                    format: self.format,
                    field: said!(
                        "a packed transform that is not square and even"
                            | "eine gepackte Transformierte, die nicht quadratisch und gerade ist,"
                    ),
                    remedy: said!(
                        "convert it to complex in DigitalMicrograph (Edit > Change Data Type)"
                            | "in DigitalMicrograph in komplexe Zahlen umwandeln (Edit > Change Data Type)"
                    ),
                }),
            }
        };
        match kind as i64 {
            1 => plain(Dtype::I16),
            2 => plain(Dtype::F32),
            3 => plain(Dtype::C64),
            5 | 27 => packed(false),
            6 => plain(Dtype::U8),
            7 => plain(Dtype::I32),
            8 | 23 => Ok(match order {
                Order::Little => Encoding::Bgra,
                // The same number of 32 bit, its bytes reversed: alpha, red, green, blue.
                Order::Big => Encoding::Argb,
            }),
            9 => plain(Dtype::I8),
            10 => plain(Dtype::U16),
            11 => plain(Dtype::U32),
            12 => plain(Dtype::F64),
            13 => plain(Dtype::C128),
            14 => plain(Dtype::Bool),
            28 => packed(true),
            39 => plain(Dtype::I64),
            40 => plain(Dtype::U64),
            other => Err(FormatError::Unsupported {
                format: self.format,
                field: said!(
                    "data type {other} ({})" | "den Datentyp {other} ({})",
                    match array.element {
                        Element::Structure(bytes) => {
                            say!("structures of {bytes} bytes" | "Strukturen aus {bytes} Bytes")
                        }
                        Element::Number(kind) => format!("{kind:?}").to_ascii_lowercase(),
                    }
                ),
                remedy: said!(
                    "convert it to a numeric type in DigitalMicrograph (Edit > Change Data Type)"
                        | "in DigitalMicrograph in Zahlen umwandeln (Edit > Change Data Type)"
                ),
            }),
        }
    }

    fn axes(&self, sizes: &[usize]) -> Vec<Axis> {
        let rank = sizes.len();
        let mut axes: Vec<Axis> = sizes
            .iter()
            .enumerate()
            .map(|(index, &size)| {
                let stored = rank.saturating_sub(index).saturating_sub(1);
                self.axis(stored, size)
            })
            .collect();
        let shape = self.shape(&axes);
        for (index, axis) in axes.iter_mut().enumerate() {
            let outer = index.saturating_add(2) < rank;
            axis.role = match shape {
                Shape::Spectra(energy) if energy == index => AxisRole::Signal,
                Shape::Spectra(_) => AxisRole::Navigation,
                Shape::Pictures if outer => AxisRole::Navigation,
                Shape::Pictures => AxisRole::Signal,
            };
        }
        if let Shape::Spectra(energy) = shape
            && let Some(axis) = axes.get_mut(energy)
        {
            axis.name = match (axis.unit.as_str(), self.text("ImageTags.Meta Data.Signal")) {
                ("nm" | "\u{b5}m", _) => "Wavelength",
                (_, Some("EELS")) => "Energy loss",
                _ => "Energy",
            }
            .into();
        }
        axes
    }

    /// Axis `stored` as the file counts them, the fastest first.
    fn axis(&self, stored: usize, size: usize) -> Axis {
        let path = format!("ImageData.Calibrations.Dimension.{stored}");
        let name = match stored {
            0 => "x".to_owned(),
            1 => "y".to_owned(),
            2 => "z".to_owned(),
            _ => format!("axis {stored}"),
        };
        let plain = Axis::new(name, size, AxisRole::Signal);
        let unit = match self.value(&format!("{path}.Units")) {
            Some(Value::Text(unit)) => unit.trim().to_owned(),
            _ => String::new(),
        };
        let finite = |name: &str| {
            self.number(&format!("{path}.{name}"))
                .filter(|n| n.is_finite())
        };
        let Some(scale) = finite("Scale").filter(|s| *s != 0.0) else {
            return plain;
        };
        // The origin is the index at which the position is 0.
        let origin = finite("Origin").unwrap_or(0.0);
        let calibrated = !unit.is_empty() || scale != 1.0;
        Axis {
            unit,
            offset: if origin == 0.0 { 0.0 } else { -origin * scale },
            scale,
            tag: if calibrated {
                format!("{}.{path}", self.image)
            } else {
                String::new()
            },
            ..plain
        }
    }

    fn shape(&self, axes: &[Axis]) -> Shape {
        let energy_unit = |axis: &Axis| {
            let unit = axis.unit.to_ascii_lowercase();
            matches!(unit.as_str(), "ev" | "kev" | "mev" | "cm-1" | "1/cm")
        };
        let format = self
            .text("ImageTags.Meta Data.Format")
            .unwrap_or("")
            .to_ascii_lowercase();
        let by_unit = axes.iter().position(energy_unit);
        match (by_unit, axes.len()) {
            (Some(energy), _) => Shape::Spectra(energy),
            // Single spectra and lines of them are stored along x, spectrum images energy by energy.
            (None, rank) if format.starts_with("spectrum") => Shape::Spectra(match rank {
                0..3 => rank.saturating_sub(1),
                _ => 0,
            }),
            _ => Shape::Pictures,
        }
    }

    /// A value of the image's tags, or else of tags that an image carries along from where it was made
    /// (`source.Tags at creation`), or else at the root.
    fn find(&self, path: &str) -> Option<&Value> {
        let own = format!("ImageTags.{path}");
        let suffix = format!(".{path}");
        self.value(&own)
            .or_else(|| {
                let inside = format!("{}.ImageTags.", self.image);
                let entries = self.tree.entries.iter();
                entries
                    .filter(|(p, _)| p.starts_with(&inside) && p.ends_with(&suffix))
                    .map(|(_, value)| value)
                    .next()
            })
            .or_else(|| self.tree.get(path))
    }

    fn find_number(&self, path: &str) -> Option<f64> {
        match self.find(path)? {
            Value::Number(number) => Some(*number).filter(|n| n.is_finite()),
            Value::Text(text) => loose_number(text),
            _ => None,
        }
    }

    fn find_text(&self, path: &str) -> Option<String> {
        match self.find(path)? {
            Value::Text(text) => {
                let text = text.trim();
                (!text.is_empty() && text != "[]").then(|| text.to_owned())
            }
            _ => None,
        }
    }

    fn metadata(&self) -> Metadata {
        let first_number = |paths: &[&str]| paths.iter().find_map(|path| self.find_number(path));
        let first_text = |paths: &[&str]| paths.iter().find_map(|path| self.find_text(path));
        let stage = |name: &str| {
            first_number(&[format!("Microscope Info.Stage Position.Stage {name}").as_str()])
        };
        let positive = |value: Option<f64>| value.filter(|v| *v > 0.0);
        Metadata {
            title: self.text("Name").map(str::to_owned),
            high_tension_kv: positive(self.find_number("Microscope Info.Voltage"))
                .map(|volts| volts / 1000.0)
                .or_else(|| {
                    let text = self.find_text("Microscope Info.Formatted Voltage")?;
                    loose_number(text.trim_end_matches("kV").trim())
                }),
            acquired: self.acquired(),
            exposure_s: positive(first_number(&[
                "DataBar.Exposure Time (s)",
                "EELS.Acquisition.Integration time (s)",
                "EELS.Acquisition.Exposure (s)",
                "CL.Acquisition.Exposure (s)",
                "EDS.Live time",
                "Acquisition.Parameters.High Level.Exposure (s)",
            ])),
            pixel_dwell_s: positive(self.find_number("SI.Acquisition.Pixel time (s)"))
                .or_else(|| positive(self.find_number("DigiScan.Sample Time")).map(|us| us * 1e-6)),
            stage: Stage {
                x_um: stage("X"),
                y_um: stage("Y"),
                z_um: stage("Z"),
                alpha_deg: stage("Alpha"),
                beta_deg: stage("Beta"),
            }
            .known(),
            detector: first_text(&[
                "DataBar.Signal Name",
                "DataBar.Device Name",
                "Acquisition.Device.Name",
            ]),
            instrument: first_text(&[
                "Session Info.Microscope",
                "Microscope Info.Microscope",
                "Microscope Info.Name",
            ]),
            pixel_nm: None,
        }
    }

    fn acquired(&self) -> Option<Acquired> {
        // Both count in universal time, which is within a day of every local one.
        let clock = self
            .find_number("DataBar.Acquisition Time (OS)")
            .and_then(DateTime::from_windows_ticks)
            .or_else(|| {
                self.find_number("Acquisition.Frame.Sequence.Acquisition Start Time (epoch)")
                    .and_then(|ms| DateTime::from_unix_s(ms * 1e-3))
            });
        let pairs = [
            ("DataBar.Acquisition Date", "DataBar.Acquisition Time"),
            ("EELS.Acquisition.Date", "EELS.Acquisition.Start time"),
            ("SI.Acquisition.Date", "SI.Acquisition.Start time"),
            ("EDS.Acquisition.Date", "EDS.Acquisition.Start time"),
            ("CL.Acquisition.Date", "CL.Acquisition.Start time"),
        ];
        pairs
            .iter()
            .find_map(|(date, time)| {
                let date = self.find_text(date)?;
                let time = self.find_text(time).unwrap_or_default();
                Acquired::near(format!("{date} {time}"), clock)
            })
            .or_else(|| Acquired::new(self.find_text("Timestamp")?))
            .or_else(|| Some(Acquired::new(clock?.to_string())?.by(ClockKind::Utc)))
    }
}
