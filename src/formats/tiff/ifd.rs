//! The directories of a TIFF file: entries, tag values, the chain of pages.
//!
//! Read here and not by the `tiff` crate, because a page must open whatever its neighbors are like, errors must name
//! the byte, and all numbers must be checked before the crate computes with them.

use std::collections::HashSet;
use std::io;

use super::super::{Format, FormatError, Limits, SourceReader};
use crate::formats::error::part;
use crate::language::{Said, said};

/// Byte order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Byte order and width of offsets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub order: Order,
    pub big: bool,
    pub first: u64,
}

/// One entry of a directory; its value is still in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub tag: u16,
    pub kind: u16,
    pub count: u64,
    /// Where the value's bytes start.
    pub offset: u64,
}

/// One page's directory.
#[derive(Clone, Debug, Default)]
pub(super) struct Directory {
    pub offset: u64,
    pub entries: Vec<Entry>,
}

/// A tag's value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Unsigned(Vec<u64>),
    Signed(Vec<i64>),
    Real(Vec<f64>),
    Bytes(Vec<u8>),
}

impl Value {
    pub(super) fn first_real(&self) -> Option<f64> {
        match self {
            Value::Unsigned(v) => v.first().map(|&x| x as f64),
            Value::Signed(v) => v.first().map(|&x| x as f64),
            Value::Real(v) => v.first().copied(),
            Value::Text(_) | Value::Bytes(_) => None,
        }
    }

    /// As it is shown: text whole, numbers as many as fit on a line.
    pub(super) fn to_text(&self) -> String {
        fn list<T: ToString>(values: &[T]) -> String {
            const SHOWN: usize = 16;
            let mut text = values
                .iter()
                .take(SHOWN)
                .map(T::to_string)
                .collect::<Vec<_>>()
                .join(" ");
            if values.len() > SHOWN {
                text.push_str(&format!(" … ({} values)", values.len()));
            }
            text
        }
        match self {
            Value::Text(text) => text.clone(),
            Value::Unsigned(v) => list(v),
            Value::Signed(v) => list(v),
            Value::Real(v) => list(v),
            Value::Bytes(v) => list(v),
        }
    }
}

pub(super) fn truncated(field: &str, offset: u64) -> FormatError {
    FormatError::Truncated {
        format: Format::Tiff,
        field: part(field),
        offset: Some(offset),
    }
}

pub(super) fn malformed(field: &str, offset: Option<u64>, reason: Said) -> FormatError {
    FormatError::Malformed {
        format: Format::Tiff,
        field: part(field),
        offset,
        reason,
    }
}

pub(super) fn read(
    reader: &mut SourceReader,
    field: &str,
    offset: u64,
    buffer: &mut [u8],
) -> Result<(), FormatError> {
    reader.read_exact_at(offset, buffer).map_err(|source| {
        if source.kind() == io::ErrorKind::UnexpectedEof {
            truncated(field, offset)
        } else {
            FormatError::Io {
                format: Format::Tiff,
                offset: Some(offset),
                source,
            }
        }
    })
}

impl Order {
    fn u16(self, b: [u8; 2]) -> u16 {
        match self {
            Order::Little => u16::from_le_bytes(b),
            Order::Big => u16::from_be_bytes(b),
        }
    }

    fn u32(self, b: [u8; 4]) -> u32 {
        match self {
            Order::Little => u32::from_le_bytes(b),
            Order::Big => u32::from_be_bytes(b),
        }
    }

    fn u64(self, b: [u8; 8]) -> u64 {
        match self {
            Order::Little => u64::from_le_bytes(b),
            Order::Big => u64::from_be_bytes(b),
        }
    }
}

impl Header {
    pub(super) fn read(reader: &mut SourceReader) -> Result<Header, FormatError> {
        let mut start = [0; 8];
        read(reader, "header", 0, &mut start)?;
        let [a, b, c, d, rest @ ..] = start;
        let order = if [a, b] == *b"MM" {
            Order::Big
        } else {
            Order::Little
        };
        let big = order.u16([c, d]) == 43;
        if !big {
            return Ok(Header {
                order,
                big,
                first: u64::from(order.u32(rest)),
            });
        }
        let [size_a, size_b, ..] = rest;
        if order.u16([size_a, size_b]) != 8 {
            return Err(malformed(
                "header",
                Some(4),
                said!("offsets are not 8 bytes wide" | "Adressen sind nicht 8 Bytes breit"),
            ));
        }
        let mut first = [0; 8];
        read(reader, "header", 8, &mut first)?;
        Ok(Header {
            order,
            big,
            first: order.u64(first),
        })
    }

    /// Reads one directory; also the offset of the next, 0 at the end.
    fn directory(
        &self,
        reader: &mut SourceReader,
        offset: u64,
        limits: &Limits,
    ) -> Result<(Directory, u64), FormatError> {
        let field = "directory";
        let (count, entries_at, entry_size) = if self.big {
            let mut b = [0; 8];
            read(reader, field, offset, &mut b)?;
            (self.order.u64(b), offset.saturating_add(8), 20_u64)
        } else {
            let mut b = [0; 2];
            read(reader, field, offset, &mut b)?;
            (
                u64::from(self.order.u16(b)),
                offset.saturating_add(2),
                12_u64,
            )
        };
        if count > limits.tags {
            return Err(FormatError::LimitExceeded {
                format: Format::Tiff,
                field: said!("number of tags" | "die Zahl der Tags"),
                value: count,
                limit: limits.tags,
            });
        }
        let mut directory = Directory {
            offset,
            entries: Vec::new(),
        };
        let mut at = entries_at;
        for _ in 0..count {
            directory.entries.push(self.entry(reader, at)?);
            at = at.saturating_add(entry_size);
        }
        let next = if self.big {
            let mut b = [0; 8];
            read(reader, field, at, &mut b)?;
            self.order.u64(b)
        } else {
            let mut b = [0; 4];
            read(reader, field, at, &mut b)?;
            u64::from(self.order.u32(b))
        };
        Ok((directory, next))
    }

    fn entry(&self, reader: &mut SourceReader, at: u64) -> Result<Entry, FormatError> {
        let field = "directory";
        let mut head = [0; 4];
        read(reader, field, at, &mut head)?;
        let [a, b, c, d] = head;
        let (tag, kind) = (self.order.u16([a, b]), self.order.u16([c, d]));
        let after = at.saturating_add(4);
        let (count, value_at, inline) = if self.big {
            let mut b = [0; 8];
            read(reader, field, after, &mut b)?;
            (self.order.u64(b), after.saturating_add(8), 8)
        } else {
            let mut b = [0; 4];
            read(reader, field, after, &mut b)?;
            (u64::from(self.order.u32(b)), after.saturating_add(4), 4)
        };
        let offset = if kind_size(kind).saturating_mul(count) <= inline {
            value_at
        } else if self.big {
            let mut b = [0; 8];
            read(reader, field, value_at, &mut b)?;
            self.order.u64(b)
        } else {
            let mut b = [0; 4];
            read(reader, field, value_at, &mut b)?;
            u64::from(self.order.u32(b))
        };
        Ok(Entry {
            tag,
            kind,
            count,
            offset,
        })
    }

    /// All directories of the chain, in order, and what ended the chain before its end, if anything did.
    pub(super) fn chain(
        &self,
        reader: &mut SourceReader,
        limits: &Limits,
    ) -> (Vec<Directory>, Option<FormatError>) {
        let mut pages = Vec::new();
        let mut seen = HashSet::new();
        let mut next = self.first;
        while next != 0 {
            if !seen.insert(next) {
                return (
                    pages,
                    Some(malformed(
                        "directory",
                        Some(next),
                        said!("the pages form a circle" | "die Seiten bilden einen Kreis"),
                    )),
                );
            }
            if pages.len() as u64 >= limits.pages {
                let over = FormatError::LimitExceeded {
                    format: Format::Tiff,
                    field: said!("number of pages" | "die Zahl der Seiten"),
                    value: limits.pages.saturating_add(1),
                    limit: limits.pages,
                };
                return (pages, Some(over));
            }
            match self.directory(reader, next, limits) {
                Ok((directory, following)) => {
                    pages.push(directory);
                    next = following;
                }
                Err(e) => return (pages, Some(e)),
            }
        }
        (pages, None)
    }

    /// The value of an entry. Never allocates more than the file holds.
    pub(super) fn value(
        &self,
        reader: &mut SourceReader,
        entry: &Entry,
    ) -> Result<Value, FormatError> {
        let field = tag_name(entry.tag);
        let size = kind_size(entry.kind);
        let length = size.saturating_mul(entry.count);
        if entry.offset.saturating_add(length) > reader.len() {
            return Err(truncated(&field, entry.offset));
        }
        let mut bytes =
            vec![0; usize::try_from(length).map_err(|_| truncated(&field, entry.offset))?];
        read(reader, &field, entry.offset, &mut bytes)?;
        let order = self.order;
        Ok(match entry.kind {
            2 => Value::Text(text(&bytes)),
            1 if entry.count <= 4 => Value::Unsigned(bytes.iter().map(|&b| b.into()).collect()),
            3 => Value::Unsigned(each(&bytes, |b| u64::from(order.u16(b)))),
            4 | 13 => Value::Unsigned(each(&bytes, |b| u64::from(order.u32(b)))),
            16 | 18 => Value::Unsigned(each(&bytes, |b| order.u64(b))),
            6 => Value::Signed(bytes.iter().map(|&b| b.cast_signed().into()).collect()),
            8 => Value::Signed(each(&bytes, |b| order.u16(b).cast_signed().into())),
            9 => Value::Signed(each(&bytes, |b| order.u32(b).cast_signed().into())),
            17 => Value::Signed(each(&bytes, |b| order.u64(b).cast_signed())),
            5 => Value::Real(rationals(&bytes, |b| f64::from(order.u32(b)))),
            10 => Value::Real(rationals(&bytes, |b| f64::from(order.u32(b).cast_signed()))),
            11 => Value::Real(each(&bytes, |b| f64::from(f32::from_bits(order.u32(b))))),
            12 => Value::Real(each(&bytes, |b| f64::from_bits(order.u64(b)))),
            _ => Value::Bytes(bytes),
        })
    }
}

fn each<const N: usize, T>(bytes: &[u8], convert: impl Fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|c| convert(*c)).collect()
}

fn rationals(bytes: &[u8], convert: impl Fn([u8; 4]) -> f64) -> Vec<f64> {
    let parts = each::<4, f64>(bytes, convert);
    let (pairs, _) = parts.as_chunks::<2>();
    pairs.iter().map(|[n, d]| n / d).collect()
}

/// UTF-8 where it is, Latin-1 otherwise (the standard says ASCII, cameras write `µm`); up to the last NUL.
fn text(bytes: &[u8]) -> String {
    let end = bytes
        .iter()
        .rposition(|&b| b != 0)
        .map_or(0, |last| last.saturating_add(1));
    let bytes = bytes.get(..end).unwrap_or_default();
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

/// Bytes of one value of a field type (TIFF 6.0 section 2; 13 to 18 are BigTIFF's and the IFD type); 1 for unknown.
fn kind_size(kind: u16) -> u64 {
    match kind {
        3 | 8 => 2,
        4 | 9 | 11 | 13 => 4,
        5 | 10 | 12 | 16 | 17 | 18 => 8,
        _ => 1,
    }
}

impl Directory {
    pub(super) fn entry(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|e| e.tag == tag)
    }
}

/// Names of the tags that are looked at and of those often met; numbers for the others.
pub(super) fn tag_name(tag: u16) -> String {
    let name = match tag {
        254 => "NewSubfileType",
        255 => "SubfileType",
        256 => "ImageWidth",
        257 => "ImageLength",
        258 => "BitsPerSample",
        259 => "Compression",
        262 => "PhotometricInterpretation",
        266 => "FillOrder",
        269 => "DocumentName",
        270 => "ImageDescription",
        271 => "Make",
        272 => "Model",
        273 => "StripOffsets",
        274 => "Orientation",
        277 => "SamplesPerPixel",
        278 => "RowsPerStrip",
        279 => "StripByteCounts",
        282 => "XResolution",
        283 => "YResolution",
        284 => "PlanarConfiguration",
        285 => "PageName",
        296 => "ResolutionUnit",
        305 => "Software",
        306 => "DateTime",
        315 => "Artist",
        317 => "Predictor",
        320 => "ColorMap",
        322 => "TileWidth",
        323 => "TileLength",
        324 => "TileOffsets",
        325 => "TileByteCounts",
        330 => "SubIFDs",
        338 => "ExtraSamples",
        339 => "SampleFormat",
        347 => "JPEGTables",
        33560 => "OlympusSIS",
        34118 => "ZeissSEM",
        34682 => "FEI_TITAN",
        37706 => "TVIPS",
        50838 => "IJMetadataByteCounts",
        50839 => "IJMetadata",
        65003 => "DM_Unit",
        65009 => "DM_Scale",
        _ => return format!("tag {tag}"),
    };
    name.into()
}
