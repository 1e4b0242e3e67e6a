//! ZIP archives (PKWARE APPNOTE): the central directory, stored and deflated entries, checksums.

use std::rc::Rc;

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use rawzip::{CompressionMethod, ErrorKind, ReaderAt, ZipArchive, ZipLocator, ZipVerification};

use super::{Format, FormatError, Limits, Source};
use crate::signal::{NoticeKind, Notices};

/// One file of an archive.
#[derive(Clone, Debug)]
pub struct ZipEntry {
    /// Path within the archive, folders separated by `/`; never leaves the archive.
    pub path: String,
    /// Its bytes, or why they cannot be had.
    pub bytes: Result<Rc<[u8]>, Rc<FormatError>>,
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
        .locate_in_reader(ArchiveReader(source), &mut buffer, length)
        .map_err(|(_, e)| from_rawzip("end of central directory", e))?;
    let mut left = limits
        .bytes
        .min(length.saturating_mul(limits.ratio).max(1 << 16));
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
            return Err(over("number of entries", count, limits.pages));
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
                bytes: Err(Rc::new(FormatError::Unsupported {
                    format: Format::Zip,
                    field: "an encrypted entry".into(),
                    remedy: "unpack the archive first",
                })),
            });
            continue;
        }
        let size = record.uncompressed_size_hint();
        if size > left {
            return Err(over("number of unpacked bytes", size, left));
        }
        let bytes = unpack(&archive, &record, size, length);
        left = left.saturating_sub(size);
        found.push(ZipEntry {
            path,
            bytes: bytes.map(Rc::from).map_err(Rc::new),
        });
    }
    if count == 0 {
        notices.add(NoticeKind::Skipped {
            what: "archive".into(),
            reason: "it is empty".into(),
        });
    }
    Ok(found)
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
        field: "entry".into(),
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
        CompressionMethod::STORE => packed,
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
                field: format!("compression method {}", other.as_u16()),
                remedy: "pack with deflate",
            });
        }
    };
    let actual = ZipVerification {
        crc: rawzip::crc32(&bytes),
        uncompressed_size: bytes.len() as u64,
    };
    ZipVerification {
        crc: record.crc32(),
        uncompressed_size: size,
    }
    .valid(actual)
    .map_err(|e| from_rawzip("entry", e))?;
    Ok(bytes)
}

fn over(field: &'static str, value: u64, limit: u64) -> FormatError {
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
        field: field.into(),
        offset,
        reason: format!("{reason:?}"),
    }
}

fn from_rawzip(field: &str, error: rawzip::Error) -> FormatError {
    let reason = error.to_string();
    match error.into_kind() {
        // Archives are written front to back, the directory last: without it the file was cut.
        ErrorKind::Eof | ErrorKind::MissingEndOfCentralDirectory => FormatError::Truncated {
            format: Format::Zip,
            field: field.into(),
            offset: None,
        },
        ErrorKind::IO(source) => FormatError::Io {
            format: Format::Zip,
            offset: None,
            source,
        },
        _ => FormatError::Malformed {
            format: Format::Zip,
            field: field.into(),
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
