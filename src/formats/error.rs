//! What can be wrong with a file, said so that the user knows whose fault it is and where.

use std::io;

use super::Format;

/// Why a file, or one picture in it, could not be read.
///
/// The kinds are kept apart because the remedy differs: copy the file again, repair the program that wrote it, export
/// to another format, raise a limit.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The file ends before its contents do.
    #[error("{format}: the file ends too early, in {field}{}", At(.offset))]
    Truncated {
        /// Format as detected.
        format: Format,
        /// What was being read.
        field: String,
        /// Where in the file (bytes from its start).
        offset: Option<u64>,
    },
    /// The file contradicts itself or its format.
    #[error("{format}: {field} is broken{}: {reason}", At(.offset))]
    Malformed {
        /// Format as detected.
        format: Format,
        /// What was being read.
        field: String,
        /// Where in the file (bytes from its start).
        offset: Option<u64>,
        /// The contradiction.
        reason: String,
    },
    /// A sound file of a kind that is not read.
    #[error("{format}: {field} is not read{}", Hint(.remedy))]
    Unsupported {
        /// Format as detected.
        format: Format,
        /// What is not read (`zstd compression`, `12-bit samples`, `this kind of file`).
        field: String,
        /// What to try; empty when nothing is known.
        remedy: &'static str,
    },
    /// The file asks for more than the [`Limits`](super::Limits) allow.
    #[error("{format}: {field} of {value} is over the limit of {limit}")]
    LimitExceeded {
        /// Format as detected.
        format: Format,
        /// The limited quantity with its unit (`number of pixels`).
        field: &'static str,
        /// What the file asks for.
        value: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The operating system or the browser could not deliver the bytes.
    #[error("{format}: the bytes could not be read{}", At(.offset))]
    Io {
        /// Format as detected.
        format: Format,
        /// Where in the file (bytes from its start).
        offset: Option<u64>,
        /// Its reason.
        #[source]
        source: io::Error,
    },
}

impl FormatError {
    /// What the user may try; empty when nothing is known.
    pub fn remedy(&self) -> &'static str {
        match self {
            FormatError::Truncated { .. } => "copy or export the file again",
            FormatError::Malformed { .. } => "export the file again, if possible as TIFF",
            FormatError::Unsupported { remedy, .. } => remedy,
            FormatError::LimitExceeded { .. } => "crop or bin the images, or split the file",
            FormatError::Io { .. } => "check that the file still exists and may be read",
        }
    }
}

/// Writes ` at byte 42`, or nothing.
struct At<'a>(&'a Option<u64>);

impl std::fmt::Display for At<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(offset) => write!(f, " at byte {offset}"),
            None => Ok(()),
        }
    }
}

/// Writes `: export as TIFF`, or nothing.
struct Hint<'a>(&'a str);

impl std::fmt::Display for Hint<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            Ok(())
        } else {
            write!(f, ": {}", self.0)
        }
    }
}
