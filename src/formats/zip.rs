//! ZIP archives (PKWARE APPNOTE): the central directory, stored and deflated entries, checksums; and the pieces of an archive whose
//! entries are stored.

use std::io;
use std::ops::Range;
use std::rc::Rc;

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
pub use rawzip::Crc32;
use rawzip::{CompressionMethod, ErrorKind, ReaderAt, ZipArchive, ZipLocator, ZipVerification};

use super::{Format, FormatError, Limits, MemorySource, Source};
use crate::formats::error::part;
use crate::language::{Said, said};
use crate::signal::{NoticeKind, Notices};

/// One file of an archive.
#[derive(Clone)]
pub struct ZipEntry {
    /// Path within the archive, folders separated by `/`; never leaves the archive.
    pub path: String,
    /// Its bytes, or why they cannot be had. Those of a stored entry stay in the archive.
    pub source: Result<Rc<dyn Source>, Rc<FormatError>>,
    /// Where they lie in the archive, where they are stored as they are.
    pub stored: Option<Range<u64>>,
}

impl std::fmt::Debug for ZipEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let error = self.source.as_ref().err();
        write!(f, "{} {:?} {error:?}", self.path, self.stored)
    }
}

/// A part of another source.
struct Part {
    whole: Rc<dyn Source>,
    range: Range<u64>,
}

impl Source for Part {
    fn len(&self) -> u64 {
        self.range.end.saturating_sub(self.range.start)
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = self.len().saturating_sub(offset);
        let count = usize::try_from(rest).map_or(buffer.len(), |rest| rest.min(buffer.len()));
        let start = self.range.start.saturating_add(offset);
        match buffer.get_mut(..count) {
            Some(buffer) if count > 0 => self.whole.read_at(start, buffer),
            _ => Ok(0),
        }
    }
}

struct ArchiveReader(Rc<dyn Source>);

impl ReaderAt for ArchiveReader {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> std::io::Result<usize> {
        self.0.read_at(offset, buffer)
    }
}

/// Bytes for the walk through the central directory: one record is at most 46 + 3 × 65535 bytes.
const DIRECTORY_BUFFER: usize = 256 * 1024;

/// Unpacks an archive: files only, in the order of the directory, their bytes verified by size and CRC-32.
///
/// Folders are kept in the paths. Directories, `__MACOSX`, and hidden files are left out; a path that leaves the
/// archive is made to stay in it. A broken entry is returned with its error; the others stay usable.
///
/// # Errors
/// A directory that cannot be read, or more than the limits allow.
pub fn read_zip(
    source: Rc<dyn Source>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Vec<ZipEntry>, FormatError> {
    let length = source.len();
    let mut buffer = vec![0; DIRECTORY_BUFFER];
    let archive = ZipLocator::new()
        .locate_in_reader(ArchiveReader(source.clone()), &mut buffer, length)
        .map_err(|(_, e)| from_rawzip("end of central directory", e))?;
    let mut left = limits
        .bytes
        .min(length.saturating_mul(limits.ratio).max(1 << 16));
    // Stored entries take no memory, but each is read through: together they are no longer than the archive.
    let mut stored_left = length;
    let mut found = Vec::new();
    let mut count = 0_u64;
    let mut entries = archive.entries(&mut buffer);
    loop {
        let record = match entries.next_entry() {
            Ok(Some(record)) => record,
            Ok(None) => break,
            Err(e) => return Err(from_rawzip("central directory", e)),
        };
        count = count.saturating_add(1);
        if count > limits.pages {
            return Err(over(
                said!("number of entries" | "die Zahl der Einträge"),
                count,
                limits.pages,
            ));
        }
        if record.is_dir() {
            continue;
        }
        let path = match record.file_path().try_normalize() {
            Ok(path) => path.as_str().to_owned(),
            // Names of old archives are in the code page of the machine that wrote them; ASCII is common to all.
            Err(_) => plain_path(record.file_path().as_bytes()),
        };
        if is_hidden(&path) {
            continue;
        }
        if record.flags().is_encrypted() {
            found.push(ZipEntry {
                path,
                source: Err(Rc::new(FormatError::Unsupported {
                    format: Format::Zip,
                    field: said!("an encrypted entry" | "einen verschlüsselten Eintrag"),
                    remedy: said!("unpack the archive first" | "das Archiv zuerst entpacken"),
                })),
                stored: None,
            });
            continue;
        }
        let size = record.uncompressed_size_hint();
        let stored = record.compression_method() == CompressionMethod::STORE;
        let budget = if stored { &mut stored_left } else { &mut left };
        if size > *budget {
            return Err(over(
                said!("number of unpacked bytes" | "die Zahl der Bytes nach dem Entpacken"),
                size,
                *budget,
            ));
        }
        *budget = budget.saturating_sub(size);
        found.push(if stored {
            let part = stored_part(&archive, &record, &source);
            ZipEntry {
                path,
                stored: part.as_ref().ok().map(|part| part.range.clone()),
                source: part.map(|part| Rc::new(part) as _).map_err(Rc::new),
            }
        } else {
            let bytes = unpack(&archive, &record, size, length);
            ZipEntry {
                path,
                source: bytes
                    .map(|bytes| Rc::new(MemorySource(bytes.into())) as _)
                    .map_err(Rc::new),
                stored: None,
            }
        });
    }
    if count == 0 {
        notices.add(NoticeKind::Skipped {
            what: said!("archive" | "Archiv"),
            reason: said!("it is empty" | "es ist leer"),
        });
    }
    Ok(found)
}

/// Where the bytes of a stored entry lie, verified in one reading.
fn stored_part(
    archive: &ZipArchive<ArchiveReader>,
    record: &rawzip::ZipFileHeaderRecord<'_>,
    source: &Rc<dyn Source>,
) -> Result<Part, FormatError> {
    let entry = archive
        .get_entry(record.wayfinder())
        .map_err(|e| from_rawzip("entry", e))?;
    let (start, end) = entry.compressed_data_range();
    let truncated = || FormatError::Truncated {
        format: Format::Zip,
        field: part("entry"),
        offset: Some(start),
    };
    if end > source.len() {
        return Err(truncated());
    }
    let part = Part {
        whole: source.clone(),
        range: start..end,
    };
    if part.len() != record.uncompressed_size_hint() {
        verify(record, record.crc32(), part.len())?;
    }
    let mut crc = Crc32::new();
    let mut buffer = vec![0; DIRECTORY_BUFFER];
    let mut offset = 0_u64;
    while offset < part.len() {
        let count = part
            .read_at(offset, &mut buffer)
            .map_err(|source| FormatError::Io {
                format: Format::Zip,
                offset: Some(start),
                source,
            })?;
        let read = buffer
            .get(..count)
            .filter(|read| !read.is_empty())
            .ok_or_else(truncated)?;
        crc.update(read);
        offset = offset.saturating_add(count as u64);
    }
    verify(record, crc.checksum(), part.len())?;
    Ok(part)
}

fn verify(
    record: &rawzip::ZipFileHeaderRecord<'_>,
    crc: u32,
    uncompressed_size: u64,
) -> Result<(), FormatError> {
    ZipVerification {
        crc: record.crc32(),
        uncompressed_size: record.uncompressed_size_hint(),
    }
    .valid(ZipVerification {
        crc,
        uncompressed_size,
    })
    .map_err(|e| from_rawzip("entry", e))
}

fn unpack(
    archive: &ZipArchive<ArchiveReader>,
    record: &rawzip::ZipFileHeaderRecord<'_>,
    size: u64,
    length: u64,
) -> Result<Vec<u8>, FormatError> {
    let entry = archive
        .get_entry(record.wayfinder())
        .map_err(|e| from_rawzip("entry", e))?;
    let (start, end) = entry.compressed_data_range();
    let truncated = || FormatError::Truncated {
        format: Format::Zip,
        field: part("entry"),
        offset: Some(start),
    };
    let packed_size = end.saturating_sub(start);
    if end > length {
        return Err(truncated());
    }
    let mut packed = vec![0; usize::try_from(packed_size).map_err(|_| truncated())?];
    archive
        .get_ref()
        .read_exact_at(&mut packed, start)
        .map_err(|source| FormatError::Io {
            format: Format::Zip,
            offset: Some(start),
            source,
        })?;
    let expected = usize::try_from(size).unwrap_or(usize::MAX);
    let bytes = match record.compression_method() {
        CompressionMethod::DEFLATE => {
            decompress_to_vec_with_limit(&packed, expected).map_err(|e| {
                if e.status == TINFLStatus::FailedCannotMakeProgress {
                    truncated()
                } else {
                    malformed("deflate stream", Some(start), &e.status)
                }
            })?
        }
        other => {
            return Err(FormatError::Unsupported {
                format: Format::Zip,
                field: said!(
                    "compression method {}" | "das Kompressionsverfahren {}",
                    other.as_u16()
                ),
                remedy: said!("pack with deflate" | "mit deflate packen"),
            });
        }
    };
    verify(record, rawzip::crc32(&bytes), bytes.len() as u64)?;
    Ok(bytes)
}

/// What stands for a number that has no room in 32 bits and is found in the records of ZIP64 (APPNOTE 4.3.14, 4.5.3).
const ELSEWHERE: u32 = u32::MAX;

/// A number in 32 bits, or [`ELSEWHERE`] with the number put behind `more`.
fn in_32_bits(value: u64, more: &mut Vec<u8>) -> u32 {
    match u32::try_from(value) {
        Ok(short) if short != ELSEWHERE => short,
        _ => {
            more.extend(value.to_le_bytes());
            ELSEWHERE
        }
    }
}

/// The extra field of ZIP64; none where nothing is in it.
fn extra_field(numbers: &[u8]) -> Vec<u8> {
    let mut field = Vec::new();
    if !numbers.is_empty() {
        field.extend(1_u16.to_le_bytes());
        field.extend((numbers.len() as u16).to_le_bytes());
        field.extend(numbers);
    }
    field
}

/// The version of the format that knows ZIP64.
const VERSION_64: u16 = 45;

/// Writes an archive of stored entries piece by piece, so that whoever has the bytes of a file puts them between two pieces without
/// reading them into memory. It may be longer than 4 GiB (ZIP64).
#[derive(Default)]
pub struct ArchiveWriter {
    offset: u64,
    directory: Vec<u8>,
    entries: u64,
}

impl ArchiveWriter {
    /// What stands before the bytes of an entry: as many as said, of this CRC-32 (ISO 3309).
    ///
    /// # Errors
    /// `LimitExceeded` for more entries than are read, and a path that is too long for the format.
    pub fn entry(&mut self, path: &str, bytes: u64, crc32: u32) -> Result<Vec<u8>, FormatError> {
        let most = Limits::default().pages;
        self.entries = self.entries.saturating_add(1);
        if self.entries > most {
            let what =
                said!("number of entries to write" | "die Zahl der zu schreibenden Einträge");
            return Err(over(what, self.entries, most));
        }
        let Ok(path_bytes) = u16::try_from(path.len()) else {
            let most = u16::MAX.into();
            let what =
                said!("length of a path to write" | "die Länge eines zu schreibenden Pfades");
            return Err(over(what, path.len() as u64, most));
        };
        let mut more = Vec::new();
        let size = in_32_bits(bytes, &mut more);
        // Both sizes: what is stored is as long as what it holds.
        in_32_bits(bytes, &mut more);
        let sizes = extra_field(&more);
        let start = in_32_bits(self.offset, &mut more);
        let sizes_and_start = extra_field(&more);
        let version: u16 = if more.is_empty() { 20 } else { VERSION_64 };
        let common = |extra: &[u8]| {
            let mut common = Vec::new();
            common.extend(version.to_le_bytes());
            common.extend(0x0800_u16.to_le_bytes()); // names in UTF-8
            common.extend([0, 0, 0, 0, 0x21, 0]); // stored; at the beginning of 1980, which is no time
            common.extend(crc32.to_le_bytes());
            common.extend(size.to_le_bytes());
            common.extend(size.to_le_bytes());
            common.extend(path_bytes.to_le_bytes());
            common.extend((extra.len() as u16).to_le_bytes());
            common
        };
        let mut header = b"PK\x03\x04".to_vec();
        header.extend(common(&sizes));
        header.extend(path.as_bytes());
        header.extend(&sizes);
        self.directory.extend(b"PK\x01\x02");
        self.directory.extend(version.to_le_bytes());
        self.directory.extend(common(&sizes_and_start));
        self.directory.extend([0; 10]); // comment, disk, attributes
        self.directory.extend(start.to_le_bytes());
        self.directory.extend(path.as_bytes());
        self.directory.extend(&sizes_and_start);
        self.offset = self
            .offset
            .saturating_add(header.len() as u64)
            .saturating_add(bytes);
        Ok(header)
    }

    /// What stands behind the last entry.
    pub fn finish(self) -> Vec<u8> {
        let mut end = self.directory;
        let (bytes, start) = (end.len() as u64, self.offset);
        let mut more = Vec::new();
        let count = u16::try_from(self.entries).unwrap_or(u16::MAX);
        let (size, at) = (in_32_bits(bytes, &mut more), in_32_bits(start, &mut more));
        if count == u16::MAX || !more.is_empty() {
            end.extend(b"PK\x06\x06");
            end.extend(44_u64.to_le_bytes()); // bytes of this record behind this number
            end.extend(VERSION_64.to_le_bytes());
            end.extend(VERSION_64.to_le_bytes());
            end.extend([0; 8]); // the only disk
            for number in [self.entries, self.entries, bytes, start] {
                end.extend(number.to_le_bytes());
            }
            end.extend(b"PK\x06\x07\0\0\0\0");
            end.extend(start.saturating_add(bytes).to_le_bytes());
            end.extend(1_u32.to_le_bytes());
        }
        end.extend(b"PK\x05\x06\0\0\0\0");
        end.extend(count.to_le_bytes());
        end.extend(count.to_le_bytes());
        end.extend(size.to_le_bytes());
        end.extend(at.to_le_bytes());
        end.extend([0; 2]);
        end
    }
}

fn over(field: Said, value: u64, limit: u64) -> FormatError {
    FormatError::LimitExceeded {
        format: Format::Zip,
        field,
        value,
        limit,
    }
}

fn malformed(field: &str, offset: Option<u64>, reason: &dyn std::fmt::Debug) -> FormatError {
    FormatError::Malformed {
        format: Format::Zip,
        field: part(field),
        offset,
        reason: Said::name(format!("{reason:?}")),
    }
}

fn from_rawzip(field: &str, error: rawzip::Error) -> FormatError {
    let reason = Said::name(error.to_string());
    match error.into_kind() {
        // Archives are written front to back, the directory last: without it the file was cut.
        ErrorKind::Eof | ErrorKind::MissingEndOfCentralDirectory => FormatError::Truncated {
            format: Format::Zip,
            field: part(field),
            offset: None,
        },
        ErrorKind::IO(source) => FormatError::Io {
            format: Format::Zip,
            offset: None,
            source,
        },
        _ => FormatError::Malformed {
            format: Format::Zip,
            field: part(field),
            offset: None,
            reason,
        },
    }
}

/// The parts of a path that name something, ASCII kept and the rest shown as `?`.
fn plain_path(bytes: &[u8]) -> String {
    let text: String = bytes
        .iter()
        .map(|&b| match b {
            b'\\' => '/',
            0x20..=0x7e => char::from(b),
            _ => '?',
        })
        .collect();
    text.split('/')
        .filter(|part| !matches!(*part, "" | "." | ".."))
        .collect::<Vec<_>>()
        .join("/")
}

/// Files that systems leave beside the user's.
pub(crate) fn is_hidden(path: &str) -> bool {
    path.split('/').any(|part| {
        part.starts_with('.')
            || part == "__MACOSX"
            || part.eq_ignore_ascii_case("thumbs.db")
            || part.eq_ignore_ascii_case("desktop.ini")
    })
}
