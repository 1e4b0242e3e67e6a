//! Samples of one page, decoded by the `tiff` crate.
//!
//! The crate is handed a file of one page: a fresh BigTIFF header, the bytes of the real file, and a fresh directory
//! made of numbers that [`Page`] has checked. So a page opens whatever its neighbors are like, contiguous ImageJ stacks
//! and separate color planes are ordinary pages, and no unchecked number reaches the crate's arithmetic.

use std::io::{self, Read, Seek, SeekFrom};

use ::tiff::decoder::{Decoder, DecodingResult, Limits as CrateLimits};
use ::tiff::{TiffError, TiffFormatError, UsageError};

use super::super::{Format, FormatError, Limits, SourceReader};
use super::ifd::{Header, Order, malformed, read, truncated};
use super::page::{COMPRESSION_JPEG, COMPRESSION_NONE, Chunks, Number, Page};
use crate::language::{Said, said};
use crate::signal::Samples;

/// Length of the header that stands before the real file's bytes.
const HEADER: u64 = 16;

/// Chunks of one component: offset in the real file and length.
pub(super) type Table = [(u64, u64)];

/// Decodes the chunks as one picture of `page.width * page.height` pixels; interleaved samples stay interleaved, bits
/// are unpacked.
pub(super) fn decode(
    page: &Page,
    header: &Header,
    reader: &mut SourceReader,
    table: &Table,
    limits: &Limits,
) -> Result<Samples, FormatError> {
    let packed: u64 = table.iter().fold(0, |sum, &(_, n)| sum.saturating_add(n));
    let decoded = page.decoded_bytes();
    let allowed = packed.saturating_mul(limits.ratio).saturating_add(4096);
    if decoded > allowed {
        return Err(FormatError::LimitExceeded {
            format: Format::Tiff,
            field: said!("number of decoded bytes" | "die Zahl der Bytes nach dem Entpacken"),
            value: decoded,
            limit: allowed,
        });
    }
    let tables = match (&page.jpeg_tables, page.compression) {
        (Some(entry), COMPRESSION_JPEG) => {
            let length = usize::try_from(entry.count).unwrap_or(usize::MAX);
            if length > 1 << 16 {
                return Err(malformed(
                    "JPEGTables",
                    Some(entry.offset),
                    said!("they are too long" | "sie sind zu lang"),
                ));
            }
            let mut bytes = vec![0; length];
            read(reader, "JPEGTables", entry.offset, &mut bytes)?;
            bytes
        }
        _ => Vec::new(),
    };
    if page.compression == COMPRESSION_JPEG {
        check_jpeg(page, reader, table)?;
    }
    let start = table.first().map_or(0, |&(offset, _)| offset);
    let file_length = reader.len();
    let directory = directory(page, header.order, table, &tables, file_length);
    let file = OnePageFile::new(reader, header.order, directory);
    let mut crate_limits = CrateLimits::default();
    let size = usize::try_from(limits.bytes).unwrap_or(usize::MAX);
    crate_limits.decoding_buffer_size = size;
    crate_limits.intermediate_buffer_size = size;
    crate_limits.ifd_value_size = size;
    let mut decoder = Decoder::new(file)
        .map_err(|e| from_tiff(e, start))?
        .with_limits(crate_limits);
    let result = decoder.read_image().map_err(|e| from_tiff(e, start))?;
    samples(page, result, start)
}

fn samples(page: &Page, result: DecodingResult, start: u64) -> Result<Samples, FormatError> {
    let samples = match result {
        DecodingResult::U8(v) if page.bits < 8 => Samples::U8(unpack_bits(page, &v)),
        DecodingResult::U8(v) => Samples::U8(v),
        DecodingResult::I8(v) => Samples::I8(v),
        DecodingResult::U16(v) => Samples::U16(v),
        DecodingResult::I16(v) => Samples::I16(v),
        DecodingResult::U32(v) => Samples::U32(v),
        DecodingResult::I32(v) => Samples::I32(v),
        DecodingResult::F16(v) => Samples::F32(v.iter().map(|x| x.to_f32()).collect()),
        DecodingResult::F32(v) => Samples::F32(v),
        DecodingResult::F64(v) => Samples::F64(v),
        DecodingResult::U64(_) | DecodingResult::I64(_) => {
            return Err(FormatError::Unsupported {
                format: Format::Tiff,
                field: said!("64-bit integers" | "64-Bit-Ganzzahlen"),
                remedy: said!(
                    "export it as 32-bit floating point"
                        | "als Gleitkommazahlen mit 32 Bit exportieren"
                ),
            });
        }
    };
    let interleaved = if page.separate { 1 } else { page.samples };
    let expected = u64::from(page.width)
        .saturating_mul(u64::from(page.height))
        .saturating_mul(u64::from(interleaved));
    if samples.len() as u64 != expected {
        return Err(malformed(
            "image data",
            Some(start),
            said!(
                "{} samples instead of {expected}" | "{} Werte statt {expected}",
                samples.len()
            ),
        ));
    }
    Ok(samples)
}

/// Rows begin at a byte; the first pixel is in the highest bits (FillOrder 1).
fn unpack_bits(page: &Page, bytes: &[u8]) -> Vec<u8> {
    let bits = u32::from(page.bits);
    let per_byte = 8_u32.checked_div(bits).unwrap_or(1);
    let mask = 0xff_u8
        .checked_shr(8_u32.saturating_sub(bits))
        .unwrap_or(0xff);
    let row = usize::try_from(page.row_bytes()).unwrap_or(usize::MAX);
    let width = page.width as usize;
    bytes
        .chunks_exact(row.max(1))
        .flat_map(|row| {
            row.iter()
                .flat_map(|byte| {
                    (0..per_byte).map(move |i| {
                        let shift = 8_u32.saturating_sub(bits.saturating_mul(i.saturating_add(1)));
                        byte.checked_shr(shift).unwrap_or(0) & mask
                    })
                })
                .take(width)
        })
        .collect()
}

/// A JPEG chunk states its size itself; one that is larger than its chunk would be decoded into as much memory as it
/// likes.
fn check_jpeg(page: &Page, reader: &mut SourceReader, table: &Table) -> Result<(), FormatError> {
    let (most_wide, most_high) = match page.chunks {
        Chunks::Strips { rows } => (page.width, rows),
        Chunks::Tiles { width, height } => (width, height),
    };
    if page.bits != 8 {
        return Err(FormatError::Unsupported {
            format: Format::Tiff,
            field: said!("{}-bit JPEG" | "JPEG mit {} Bit", page.bits),
            remedy: uncompressed(),
        });
    }
    for &(offset, length) in table {
        let end = offset.saturating_add(length);
        let mut at = offset.saturating_add(2);
        loop {
            let mut head = [0; 9];
            if at.saturating_add(9) > end {
                return Err(truncated("JPEG header", at));
            }
            read(reader, "JPEG header", at, &mut head)?;
            let [ff, marker, l0, l1, _, h0, h1, w0, w1] = head;
            if ff != 0xff {
                return Err(malformed(
                    "JPEG header",
                    Some(at),
                    said!("a marker is missing" | "eine Marke fehlt"),
                ));
            }
            if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                let (high, wide) = (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([w0, w1]));
                if u32::from(wide) > most_wide || u32::from(high) > most_high {
                    return Err(malformed(
                        "JPEG header",
                        Some(at),
                        said!(
                            "{wide} × {high} pixels in a chunk of {most_wide} × {most_high}"
                                | "{wide} × {high} Pixel in einem Stück von {most_wide} × {most_high}"
                        ),
                    ));
                }
                break;
            }
            at = at
                .saturating_add(2)
                .saturating_add(u64::from(u16::from_be_bytes([l0, l1])));
        }
    }
    Ok(())
}

/// The crate's page: gray or multi-band always, because what the samples mean is decided here.
fn directory(
    page: &Page,
    order: Order,
    table: &Table,
    jpeg_tables: &[u8],
    file_length: u64,
) -> Vec<u8> {
    let start = HEADER.saturating_add(file_length);
    // Known before the first entry, because values stand behind all of them.
    let count = match page.chunks {
        Chunks::Strips { .. } => 12_u64,
        Chunks::Tiles { .. } => 13,
    }
    .saturating_add(u64::from(!jpeg_tables.is_empty()));
    let mut writer = DirectoryWriter {
        order,
        entries: Vec::new(),
        values: Vec::new(),
        start,
        count,
    };
    let samples = if page.separate { 1 } else { page.samples };
    let offsets = table.iter().map(|&(o, _)| o.saturating_add(HEADER));
    let counts = table.iter().map(|&(_, n)| n);
    let format = match page.number {
        Number::Unsigned => 1,
        Number::Signed => 2,
        Number::Float => 3,
    };
    // The predictor is defined for compressed data; writers leave it behind when they do not compress.
    let predictor = match page.compression {
        COMPRESSION_NONE | COMPRESSION_JPEG | 32773 => 1,
        _ => page.predictor,
    };
    writer.number(256, page.width.into());
    writer.number(257, page.height.into());
    writer.number(258, page.bits.into());
    writer.number(259, page.compression.into());
    writer.number(262, 1);
    match page.chunks {
        Chunks::Strips { rows } => {
            writer.numbers(273, offsets);
            writer.number(277, samples.into());
            writer.number(278, rows.into());
            writer.numbers(279, counts);
            writer.number(284, 1);
            writer.number(317, predictor.into());
        }
        Chunks::Tiles { width, height } => {
            writer.number(277, samples.into());
            writer.number(284, 1);
            writer.number(317, predictor.into());
            writer.number(322, width.into());
            writer.number(323, height.into());
            writer.numbers(324, offsets);
            writer.numbers(325, counts);
        }
    }
    writer.number(339, format);
    if !jpeg_tables.is_empty() {
        writer.bytes(347, jpeg_tables);
    }
    writer.finish()
}

struct DirectoryWriter {
    order: Order,
    entries: Vec<u8>,
    values: Vec<u8>,
    /// Offset of the directory in the crate's file.
    start: u64,
    count: u64,
}

impl DirectoryWriter {
    fn u16(&self, value: u16) -> [u8; 2] {
        match self.order {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    fn u64(&self, value: u64) -> [u8; 8] {
        match self.order {
            Order::Little => value.to_le_bytes(),
            Order::Big => value.to_be_bytes(),
        }
    }

    /// Bytes of the directory itself: count, entries of 20, offset of the next.
    fn size(&self) -> u64 {
        self.count.saturating_mul(20).saturating_add(16)
    }

    fn entry(&mut self, tag: u16, kind: u16, count: u64, value: [u8; 8]) {
        let (tag, kind, count) = (self.u16(tag), self.u16(kind), self.u64(count));
        self.entries.extend(tag);
        self.entries.extend(kind);
        self.entries.extend(count);
        self.entries.extend(value);
    }

    fn number(&mut self, tag: u16, value: u64) {
        let value = self.u64(value);
        self.entry(tag, 16, 1, value);
    }

    fn numbers(&mut self, tag: u16, values: impl Iterator<Item = u64>) {
        let bytes: Vec<u8> = values.flat_map(|v| self.u64(v)).collect();
        let count = (bytes.len() / 8) as u64;
        match bytes.first_chunk::<8>() {
            Some(only) if bytes.len() == 8 => self.entry(tag, 16, 1, *only),
            _ => self.outside(tag, 16, count, &bytes),
        }
    }

    fn bytes(&mut self, tag: u16, bytes: &[u8]) {
        // Eight bytes or fewer stand in the entry itself.
        let mut padded = bytes.to_vec();
        padded.resize(bytes.len().max(8), 0);
        match padded.first_chunk::<8>() {
            Some(only) if bytes.len() <= 8 => self.entry(tag, 1, bytes.len() as u64, *only),
            _ => self.outside(tag, 1, bytes.len() as u64, bytes),
        }
    }

    fn outside(&mut self, tag: u16, kind: u16, count: u64, bytes: &[u8]) {
        let at = self
            .start
            .saturating_add(self.size())
            .saturating_add(self.values.len() as u64);
        let at = self.u64(at);
        self.values.extend(bytes);
        self.entry(tag, kind, count, at);
    }

    fn finish(self) -> Vec<u8> {
        let mut bytes = self.u64(self.count).to_vec();
        bytes.extend(&self.entries);
        bytes.extend([0; 8]);
        bytes.extend(&self.values);
        bytes
    }
}

/// Header, then the real file, then the directory.
struct OnePageFile<'a> {
    reader: &'a mut SourceReader,
    header: [u8; HEADER as usize],
    directory: Vec<u8>,
    position: u64,
}

impl<'a> OnePageFile<'a> {
    fn new(reader: &'a mut SourceReader, order: Order, directory: Vec<u8>) -> OnePageFile<'a> {
        let at = HEADER.saturating_add(reader.len());
        let (mark, at) = match order {
            Order::Little => (*b"II\x2b\0\x08\0\0\0", at.to_le_bytes()),
            Order::Big => (*b"MM\0\x2b\0\x08\0\0", at.to_be_bytes()),
        };
        let mut header = [0; HEADER as usize];
        for (to, from) in header.iter_mut().zip(mark.into_iter().chain(at)) {
            *to = from;
        }
        OnePageFile {
            reader,
            header,
            directory,
            position: 0,
        }
    }
}

impl Read for OnePageFile<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let file_end = HEADER.saturating_add(self.reader.len());
        let count = if self.position < HEADER {
            copy_from(&self.header, self.position, buffer)
        } else if self.position < file_end {
            self.reader
                .seek(SeekFrom::Start(self.position.saturating_sub(HEADER)))?;
            self.reader.read(buffer)?
        } else {
            copy_from(
                &self.directory,
                self.position.saturating_sub(file_end),
                buffer,
            )
        };
        self.position = self.position.saturating_add(count as u64);
        Ok(count)
    }
}

fn copy_from(bytes: &[u8], start: u64, buffer: &mut [u8]) -> usize {
    let rest = usize::try_from(start)
        .ok()
        .and_then(|s| bytes.get(s..))
        .unwrap_or_default();
    for (to, from) in buffer.iter_mut().zip(rest) {
        *to = *from;
    }
    rest.len().min(buffer.len())
}

impl Seek for OnePageFile<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let length = HEADER
            .saturating_add(self.reader.len())
            .saturating_add(self.directory.len() as u64);
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(delta) => length.checked_add_signed(delta),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

fn uncompressed() -> Said {
    said!("export it uncompressed" | "unkomprimiert exportieren")
}

fn from_tiff(error: TiffError, offset: u64) -> FormatError {
    let reason = Said::name(error.to_string());
    let broken = |reason: Said| malformed("image data", Some(offset), reason);
    match error {
        // All chunks lie inside the file (`Page::table`), so a stream that ends early is broken, not cut.
        TiffError::IoError(e)
            if matches!(
                e.kind(),
                io::ErrorKind::UnexpectedEof
                    | io::ErrorKind::InvalidData
                    | io::ErrorKind::InvalidInput
            ) =>
        {
            broken(said!(
                "the compressed data do not yield the picture"
                    | "die komprimierten Daten ergeben das Bild nicht"
            ))
        }
        TiffError::IoError(source) => FormatError::Io {
            format: Format::Tiff,
            offset: Some(offset),
            source,
        },
        TiffError::FormatError(TiffFormatError::CompressedDataCorrupt(reason)) => {
            broken(Said::name(reason))
        }
        TiffError::UnsupportedError(e) => FormatError::Unsupported {
            format: Format::Tiff,
            field: Said::name(e.to_string()),
            remedy: uncompressed(),
        },
        TiffError::UsageError(UsageError::PredictorUnavailable) => broken(reason),
        _ => broken(reason),
    }
}
