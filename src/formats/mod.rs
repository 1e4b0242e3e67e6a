//! Bytes to signals: detection by content, limits, and errors that name the byte.
//!
//! [`open`] reads headers only; [`Document::read_plane`] decodes one picture and nothing else, so that a stack larger
//! than memory is read frame by frame. Names and suffixes of files are never looked at.
//!
//! This module owns distrust: every number of a file is checked before it is used as a size, an offset or a count.
#![deny(clippy::indexing_slicing, clippy::arithmetic_side_effects)]

mod cells;
mod describe;
mod detect;
mod error;
mod file_name;
mod raster;
mod reader;
mod series_table;
mod source;
mod tiff;
mod zip;

pub(crate) use cells::{cells, number};
pub use describe::{Description, SignalDescription, describe};
pub use detect::{Format, detect};
pub use error::FormatError;
pub use file_name::{natural_order, temperature_k};
pub use reader::SourceReader;
pub use series_table::{SeriesTable, TableError, TableRow, parse_table};
pub use source::{MemorySource, Source};
pub(crate) use zip::is_hidden;
pub use zip::{ZipEntry, read_zip};

use std::rc::Rc;

use crate::signal::{Image, Notices, Samples, Signal};

/// What a file may ask for. The defaults suit a browser tab: one picture stays below 1 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
            tags: 4096,
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

    /// Decodes one plane of one signal (indices from 0; a plane counts through the navigation axes, the last one
    /// fastest).
    ///
    /// # Errors
    /// [`FormatError`]; asking for a signal or plane that does not exist is `Malformed`.
    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError>;
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
    let mut reader = SourceReader::new(source);
    match detect(&mut reader)? {
        Format::Tiff => Ok(Box::new(tiff::TiffDocument::open(reader, limits, notices)?)),
        format @ (Format::Png | Format::Jpeg | Format::Bmp) => Ok(Box::new(
            raster::RasterDocument::open(format, reader, limits, notices)?,
        )),
        format => Err(FormatError::Unsupported {
            format,
            field: "this kind of file".into(),
            remedy: format.remedy(),
        }),
    }
}
