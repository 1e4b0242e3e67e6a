//! Bytes to signals: detection by content, limits, and errors that name the byte.
//!
//! [`open`] reads headers only; [`Document::read_plane`] decodes one picture and nothing else, so that a stack larger
//! than memory is read frame by frame. Names and suffixes of files are never looked at.
//!
//! This module owns distrust: every number of a file is checked before it is used as a size, an offset or a count.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

pub mod apart;
mod capability;
mod cells;
mod cursor;
mod describe;
mod detect;
mod dm;
mod emsa;
mod encoding;
mod error;
mod file_name;
mod flat;
mod hdf5;
mod heater_log;
mod mrc;
mod npy;
mod pairs;
mod pixel_size;
mod raster;
mod reader;
mod rpl;
mod series_table;
mod source;
mod tia;
mod tiff;
mod xml;
mod zip;

pub use capability::{Capability, capability_table};
#[cfg(target_arch = "wasm32")]
pub(crate) use cells::is_blank;
pub(crate) use cells::{cells, number, table_text};
pub use describe::{Description, SignalDescription, describe};
pub use detect::{Format, detect};
pub use error::FormatError;
pub use file_name::{elapsed_s, elements_of_maps, natural_order, temperature_k};
pub use heater_log::{
    HeaterLog, LogDescription, LogKind, LogStart, impulse_start, read_heater_log,
};
pub use pairs::companions;
pub(crate) use pairs::{is_read_with_another, series_index};
pub use reader::SourceReader;
pub use series_table::{
    DWELLS_S, ImageTime, PIXELS_NM, SeriesTable, TEMPERATURE_ERRORS_K, TEMPERATURES_K, TableError,
    TableRow, parse_table,
};
pub use source::{MemorySource, Source};
pub(crate) use zip::is_hidden;
pub use zip::{ArchiveWriter, Crc32, ZipEntry, read_zip};

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use crate::language::said;
use crate::signal::{Image, Notices, Samples, Signal};

/// What a file may ask for. The defaults suit a browser tab: one picture stays below 1 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of one decoded picture, or of all entries of an archive together.
    pub bytes: u64,
    /// Pixels of one picture.
    pub pixels: u64,
    /// Pictures in one file, entries in one archive.
    pub pages: u64,
    /// Tags of one picture.
    pub tags: u64,
    /// Decoded bytes per byte in the file. Deflate reaches 1032 on constant data, LZW 1365.
    pub ratio: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 1 << 30,
            pixels: 1 << 28,
            pages: 1 << 16,
            tags: 1 << 16,
            ratio: 1400,
        }
    }
}

/// An open file: what it holds is known, its samples are still in it.
pub trait Document {
    /// Format as detected.
    fn format(&self) -> Format;

    /// The signals, in the order of the file; at least one.
    fn signals(&self) -> &[Signal];

    /// The signal that the file itself says is what it shows (`default` and `signal` of NeXus).
    fn shown(&self) -> Option<usize> {
        None
    }

    /// Decodes one plane of one signal: the last two axes (see [`Signal`]). Indices count from 0; a plane counts through
    /// the other axes, the last one fastest.
    ///
    /// # Errors
    /// [`FormatError`]; asking for a signal or plane that does not exist is `Malformed`.
    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError>;

    /// Decodes a whole signal plane by plane, in the order of its axes, and hands each to `take`: what is done with them needs no room for all.
    ///
    /// # Errors
    /// [`FormatError`] of a plane; `LimitExceeded` where the samples together need more than `limits.bytes`; what `take` finds wrong.
    fn read_each(
        &self,
        signal: usize,
        limits: &Limits,
        notices: &mut Notices,
        take: &mut dyn FnMut(Samples) -> Result<(), FormatError>,
    ) -> Result<(), FormatError> {
        let planes = self.signals().get(signal).map_or(1, Signal::planes);
        for plane in 0..planes.max(1) {
            let samples = self.read_plane(signal, plane, notices)?.samples;
            let bytes = (samples.len() as u64)
                .saturating_mul(samples.dtype().bytes() as u64)
                .saturating_mul(planes as u64);
            if bytes > limits.bytes {
                return Err(FormatError::LimitExceeded {
                    format: self.format(),
                    field: said!(
                        "number of bytes of all planes together"
                            | "die Zahl der Bytes aller Ebenen zusammen"
                    ),
                    value: bytes,
                    limit: limits.bytes,
                });
            }
            take(samples)?;
        }
        Ok(())
    }

    /// Decodes a whole signal, all planes behind one another as its axes say.
    ///
    /// # Errors
    /// As [`Document::read_each`].
    fn read_all(
        &self,
        signal: usize,
        limits: &Limits,
        notices: &mut Notices,
    ) -> Result<Samples, FormatError> {
        let mut all: Option<Samples> = None;
        self.read_each(signal, limits, notices, &mut |samples| {
            match &mut all {
                None => all = Some(samples),
                Some(all) => {
                    if !all.append(samples) {
                        return Err(self.other_type(signal));
                    }
                }
            }
            Ok(())
        })?;
        all.ok_or_else(|| self.other_type(signal))
    }

    /// That a plane has samples of another type than those before.
    fn other_type(&self, signal: usize) -> FormatError {
        FormatError::Malformed {
            format: self.format(),
            field: said!("signal {signal}" | "Signal {signal}"),
            offset: None,
            reason: said!(
                "a plane's samples are of another type than those before"
                    | "die Werte einer Ebene sind von anderem Typ als die davor"
            ),
        }
    }
}

/// One picture, in the type of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaneSamples {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row-major, `width * height` of them.
    pub samples: Samples,
    /// Value at which the stored type saturates; `None` for floats. Colors converted to gray keep the one of their
    /// channels.
    pub saturation: Option<f64>,
}

impl PlaneSamples {
    /// The picture for measurement (see [`Samples::to_f32`] for the rounding of 32-bit integers and doubles).
    pub fn to_image(&self) -> Image {
        Image {
            width: self.width,
            height: self.height,
            values: self.samples.to_f32(),
        }
    }
}

/// Opens a file by its content.
///
/// Headers only: the samples are decoded by [`Document::read_plane`].
///
/// # Errors
/// [`FormatError`]: unknown or unsupported content, a broken or truncated header, a limit. A picture that cannot be
/// read beside others that can is left out with a notice instead.
pub fn open(
    source: Rc<dyn Source>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Box<dyn Document>, FormatError> {
    open_with(source, &Beside::default(), limits, notices)
}

/// The files that [`companions`] found for one.
#[derive(Clone, Default)]
pub struct Beside {
    /// Their bytes, in that order.
    pub sources: Vec<Rc<dyn Source>>,
    /// Which series of the acquisition the file itself holds, from 0; only that of a TIA series is asked for.
    pub series: usize,
}

impl Beside {
    /// For the file at `path`, whose companions are `sources`.
    pub fn new(path: &str, sources: Vec<Rc<dyn Source>>) -> Beside {
        Beside {
            sources,
            series: series_index(path),
        }
    }
}

/// Opens a file that may need others beside it: a TIA series its metadata, metadata their series, an RPL table its
/// samples.
///
/// # Errors
/// As [`open`]; a file that is nothing without its companion says which one to bring.
pub fn open_with(
    source: Rc<dyn Source>,
    beside: &Beside,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Box<dyn Document>, FormatError> {
    let mut reader = SourceReader::new(source);
    let first = beside.sources.first();
    match detect(&mut reader)? {
        Format::Tiff => Ok(Box::new(tiff::TiffDocument::open(reader, limits, notices)?)),
        format @ (Format::Png | Format::Jpeg | Format::Bmp) => Ok(Box::new(
            raster::RasterDocument::open(format, reader, limits, notices)?,
        )),
        Format::Hdf5 => match apart::hdf5_reader() {
            Some(open) => apart::open(open, reader.into_source(), limits, notices),
            #[cfg(not(target_arch = "wasm32"))]
            None => Ok(Box::new(hdf5::Hdf5Document::open(reader, limits, notices)?)),
            #[cfg(target_arch = "wasm32")]
            None => Err(apart::unread()),
        },
        Format::Dm3 | Format::Dm4 => Ok(Box::new(dm::open(reader, limits, notices)?)),
        Format::Ser => {
            let emi = first.map(|source| (source.clone(), beside.series));
            tia::open_ser(reader, emi, limits, notices)
        }
        Format::Emi => tia::open_emi(reader, &beside.sources, limits, notices),
        Format::Mrc => Ok(Box::new(mrc::open(reader, limits, notices)?)),
        Format::Emsa => Ok(Box::new(emsa::EmsaDocument::open(reader, limits, notices)?)),
        Format::Rpl => Ok(Box::new(rpl::open(reader, first, limits, notices)?)),
        Format::Npy => Ok(Box::new(npy::open(reader, limits, notices)?)),
        format => Err(FormatError::Unsupported {
            format,
            field: said!("this kind of file" | "diese Art von Datei"),
            remedy: format.remedy(),
        }),
    }
}
