//! Detection by content: the first bytes, never the name.

use serde::{Deserialize, Serialize};

use super::cursor::Order;
use super::{FormatError, SourceReader, heater_log, mrc};
use crate::language::{Said, said, word};

/// Kind of a file as its bytes tell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// TIFF and BigTIFF.
    Tiff,
    /// Portable network graphics.
    Png,
    /// JPEG (JFIF, EXIF).
    Jpeg,
    /// Windows bitmap.
    Bmp,
    /// ZIP archive: a folder of images, opened by the project.
    Zip,
    /// Gatan DigitalMicrograph 3.
    Dm3,
    /// Gatan DigitalMicrograph 4.
    Dm4,
    /// TIA series data.
    Ser,
    /// TIA series metadata.
    Emi,
    /// HDF5: NeXus, and any other before it is opened.
    Hdf5,
    /// Velox EMD.
    Velox,
    /// EMD of NCEM (Berkeley), Prismatic.
    Emd,
    /// HyperSpy.
    HyperSpy,
    /// Gatan DigitalMicrograph 5.
    Dm5,
    /// MRC.
    Mrc,
    /// EMSA/MAS spectrum (ISO 22029).
    Emsa,
    /// RPL table of a RAW file (Lispix).
    Rpl,
    /// NumPy array.
    Npy,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// PDF.
    Pdf,
    /// An empty file.
    Empty,
    /// Log of a heating holder: time and temperature as text.
    HeaterLog,
    /// None of these.
    Unknown,
}

impl Format {
    /// What the field calls it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Tiff => "TIFF",
            Format::Png => "PNG",
            Format::Jpeg => "JPEG",
            Format::Bmp => "BMP",
            Format::Zip => "ZIP",
            Format::Dm3 => "Gatan DM3",
            Format::Dm4 => "Gatan DM4",
            Format::Ser => "TIA SER",
            Format::Emi => "TIA EMI",
            Format::Hdf5 => "HDF5",
            Format::Velox => "Velox EMD",
            Format::Emd => "EMD",
            Format::HyperSpy => "HyperSpy",
            Format::Dm5 => "Gatan DM5",
            Format::Mrc => "MRC",
            Format::Emsa => word!("EMSA spectrum" | "EMSA-Spektrum"),
            Format::Rpl => "RPL/RAW",
            Format::Npy => word!("NumPy array" | "NumPy-Array"),
            Format::Gif => "GIF",
            Format::WebP => "WebP",
            Format::Pdf => "PDF",
            Format::Empty => word!("empty file" | "leere Datei"),
            Format::HeaterLog => word!("heater log" | "Heizprotokoll"),
            Format::Unknown => word!("unknown format" | "unbekanntes Format"),
        }
    }

    /// Whether [`open`](super::open) reads it.
    pub fn is_read(self) -> bool {
        match self {
            Format::Tiff
            | Format::Png
            | Format::Jpeg
            | Format::Bmp
            | Format::Dm3
            | Format::Dm4
            | Format::Ser
            | Format::Emi
            | Format::Mrc
            | Format::Emsa
            | Format::Rpl
            | Format::Npy
            | Format::Hdf5
            | Format::Velox
            | Format::Emd
            | Format::HyperSpy
            | Format::Dm5 => true,
            Format::Zip
            | Format::Gif
            | Format::WebP
            | Format::Pdf
            | Format::Empty
            | Format::HeaterLog
            | Format::Unknown => false,
        }
    }

    /// What to do with a file of this kind that is not read.
    pub(super) fn remedy(self) -> Said {
        match self {
            Format::Zip => said!(
                "an archive is a folder of images, not an image"
                    | "ein Archiv ist ein Ordner voller Bilder, kein Bild"
            ),
            Format::Empty => said!(
                "copy the file again: it holds no byte"
                    | "die Datei noch einmal kopieren: sie enthält kein Byte"
            ),
            Format::HeaterLog => {
                said!("it holds temperatures, not an image" | "sie enthält Temperaturen, kein Bild")
            }
            Format::Unknown => said!(
                "TIFF, PNG, JPEG, BMP, Gatan DM3 to DM5, TIA SER, EMD, HyperSpy, HDF5, MRC, EMSA, RPL with RAW, and NumPy arrays are read"
                    | "gelesen werden TIFF, PNG, JPEG, BMP, Gatan DM3 bis DM5, TIA SER, EMD, HyperSpy, HDF5, MRC, EMSA, RPL mit RAW und NumPy-Arrays"
            ),
            _ => {
                said!("export it as TIFF (16 or 32 bit)" | "als TIFF exportieren (16 oder 32 Bit)")
            }
        }
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Bytes that are looked at.
const HEAD: usize = 256;

/// Mark of HDF5.
const HDF5: &[u8] = b"\x89HDF\r\n\x1a\n";

/// Where that mark stands behind what a program put before it.
const USER_BLOCKS: [usize; 3] = [512, 1024, 2048];

/// Tells the format by the first bytes.
///
/// # Errors
/// Only when the bytes cannot be delivered.
pub fn detect(reader: &mut SourceReader) -> Result<Format, FormatError> {
    let head = reader.head(HEAD).map_err(|source| FormatError::Io {
        format: Format::Unknown,
        offset: Some(0),
        source,
    })?;
    let length = reader.len();
    let format = by_magic(&head, length);
    if format != Format::Unknown {
        return Ok(format);
    }
    let more = reader
        .head(heater_log::SNIFFED)
        .map_err(|source| FormatError::Io {
            format,
            offset: Some(0),
            source,
        })?;
    let block = |at: &usize| more.get(*at..).is_some_and(|b| b.starts_with(HDF5));
    if USER_BLOCKS.iter().any(block) {
        return Ok(Format::Hdf5);
    }
    // Logs are texts.
    if is_binary(&head) {
        return Ok(format);
    }
    let complete = length <= more.len() as u64;
    Ok(match heater_log::sniff(&more, complete) {
        true => Format::HeaterLog,
        false => format,
    })
}

/// Texts hold no zero bytes, unless they are of two bytes a letter.
fn is_binary(head: &[u8]) -> bool {
    let wide = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    !wide && head.contains(&0)
}

fn by_magic(head: &[u8], length: u64) -> Format {
    let at = |offset: usize, magic: &[u8]| head.get(offset..).is_some_and(|b| b.starts_with(magic));
    if head.is_empty() {
        Format::Empty
    } else if at(0, b"II*\0") || at(0, b"MM\0*") || at(0, b"II+\0") || at(0, b"MM\0+") {
        Format::Tiff
    } else if at(0, b"\x89PNG\r\n\x1a\n") {
        Format::Png
    } else if at(0, b"\xff\xd8\xff") {
        Format::Jpeg
    } else if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") || at(0, b"PK\x07\x08") {
        Format::Zip
    } else if at(0, HDF5) {
        Format::Hdf5
    } else if at(0, b"\x93NUMPY") {
        Format::Npy
    } else if at(0, b"GIF8") {
        Format::Gif
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Format::WebP
    } else if at(0, b"%PDF") {
        Format::Pdf
    } else if at(208, b"MAP ") || is_old_mrc(head, length) {
        // Before Gatan's: three columns in big-endian order look like version 3.
        Format::Mrc
    } else if at(0, b"\x00\x00\x00\x03") && (at(8, b"\0\0\0\0") || at(8, b"\0\0\0\x01")) {
        Format::Dm3
    } else if at(0, b"\x00\x00\x00\x04") && (at(12, b"\0\0\0\0") || at(12, b"\0\0\0\x01")) {
        Format::Dm4
    } else if at(0, b"II\x97\x01") {
        Format::Ser
    } else if at(0, b"JK\0\x02") {
        Format::Emi
    } else if is_bmp(head, length) {
        Format::Bmp
    } else if head
        .to_ascii_uppercase()
        .windows(7)
        .any(|w| w == b"#FORMAT")
    {
        Format::Emsa
    } else if is_rpl(head) {
        Format::Rpl
    } else {
        Format::Unknown
    }
}

/// The head of a table (`key`, `value`) and one of the keys that every table has, or two of these at once; behind comments, as HyperSpy writes them.
fn is_rpl(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let said = |line: &&str| !line.trim().is_empty() && !line.starts_with(';');
    let mut lines = text.lines().filter(said).map(|line| {
        line.split(['\t', ' ', ','])
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    let keys = [
        "width",
        "height",
        "depth",
        "offset",
        "data-length",
        "data-type",
        "byte-order",
        "record-by",
    ];
    let known = |line: &String| keys.contains(&line.as_str());
    match lines.next() {
        Some(first) if first == "key" => lines.any(|line| known(&line)),
        Some(first) => known(&first) && lines.next().is_some_and(|line| known(&line)),
        None => false,
    }
}

/// MRC files from before the mark `MAP ` was introduced: sizes, mode and length of the file must agree (the 2014 format,
/// words 1 to 4 and 24).
fn is_old_mrc(head: &[u8], length: u64) -> bool {
    let order = mrc::order(head);
    let word = |index: usize| {
        let bytes = head
            .get(index.saturating_mul(4)..)
            .and_then(|b| b.first_chunk::<4>());
        bytes.map_or(0, |b| match order {
            Order::Little => u64::from(u32::from_le_bytes(*b)),
            Order::Big => u64::from(u32::from_be_bytes(*b)),
        })
    };
    let Some(half_bytes) = mrc::half_bytes(word(3)) else {
        return false;
    };
    let row = word(0).saturating_mul(half_bytes).div_ceil(2);
    let samples = row.saturating_mul(word(1)).saturating_mul(word(2));
    let header = word(23).saturating_add(1024);
    samples > 0 && samples.saturating_add(header) == length
}

/// `BM` alone is too common a start of a text: the header's size and the offset of the pixels must make sense too.
fn is_bmp(head: &[u8], length: u64) -> bool {
    let word = |offset: usize| {
        head.get(offset..)
            .and_then(|b| b.first_chunk::<4>())
            .map(|b| u32::from_le_bytes(*b))
    };
    let known_header = |size| matches!(size, 12 | 16 | 40 | 52 | 56 | 64 | 108 | 124);
    head.starts_with(b"BM")
        && match (word(10), word(14)) {
            (Some(pixels), Some(header)) => {
                known_header(header) && u64::from(pixels) >= 14 + u64::from(header.min(1 << 20))
            }
            // Cut short: still a bitmap, to be reported as truncated.
            _ => length < 18,
        }
}
