//! What can be wrong with a file, said so that the user knows whose fault it is and where.

use std::io;

use super::Format;
use crate::language::{Said, said, say, word};

/// Why a file, or one picture in it, could not be read.
///
/// The kinds are kept apart because the remedy differs: copy the file again, repair the program that wrote it, export
/// to another format, raise a limit.
#[derive(Debug, thiserror::Error)]
pub enum FormatError {
    /// The file ends before its contents do.
    #[error("{}", say!(
        "{format}: the file ends too early, in {field}{}"
        | "{format}: die Datei endet zu früh, bei „{field}“{}", At(*offset)
    ))]
    Truncated {
        /// Format as detected.
        format: Format,
        /// What was being read.
        field: Said,
        /// Where in the file (bytes from its start).
        offset: Option<u64>,
    },
    /// The file contradicts itself or its format.
    #[error("{}", say!(
        "{format}: {field} is broken{}: {reason}"
        | "{format}: „{field}“ ist fehlerhaft{}: {reason}", At(*offset)
    ))]
    Malformed {
        /// Format as detected.
        format: Format,
        /// What was being read.
        field: Said,
        /// Where in the file (bytes from its start).
        offset: Option<u64>,
        /// The contradiction.
        reason: Said,
    },
    /// A sound file of a kind that is not read.
    #[error("{}", say!("{format}: {field} is not read" | "{format}: {field} kann Alloyscope nicht lesen"))]
    Unsupported {
        /// Format as detected.
        format: Format,
        /// What is not read (`zstd compression`, `12-bit samples`, `this kind of file`).
        field: Said,
        /// What to try; empty when nothing is known.
        remedy: Said,
    },
    /// The file asks for more than the [`Limits`](super::Limits) allow.
    #[error("{}", say!(
        "{format}: {field} of {value} is over the limit of {limit}"
        | "{format}: {field} ({value}) liegt über der Grenze von {limit}"
    ))]
    LimitExceeded {
        /// Format as detected.
        format: Format,
        /// The limited quantity with its unit (`number of pixels`).
        field: Said,
        /// What the file asks for.
        value: u64,
        /// What is allowed.
        limit: u64,
    },
    /// The operating system or the browser could not deliver the bytes.
    #[error("{}", say!(
        "{format}: the bytes could not be read{}"
        | "{format}: die Bytes ließen sich nicht lesen{}", At(*offset)
    ))]
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
    /// All in one: of what is not read, what to try as well. For notices, where nothing else says it.
    pub fn said(&self) -> Said {
        Said::of(&|| match self {
            FormatError::Unsupported { remedy, .. } if !remedy.is_empty() => {
                format!("{self}: {remedy}")
            }
            _ => self.to_string(),
        })
    }

    /// What the user may try; empty when nothing is known.
    pub fn remedy(&self) -> &str {
        match self {
            FormatError::Truncated { .. } => word!(
                "copy or export the file again" | "die Datei noch einmal kopieren oder exportieren"
            ),
            FormatError::Malformed { .. } => word!(
                "export the file again, if possible as TIFF"
                    | "die Datei noch einmal exportieren, möglichst als TIFF"
            ),
            FormatError::Unsupported { remedy, .. } => remedy.as_str(),
            FormatError::LimitExceeded { .. } => word!(
                "crop or bin the images, or split the file"
                    | "die Bilder zuschneiden, ihre Pixel zusammenfassen oder die Datei aufteilen"
            ),
            FormatError::Io { .. } => word!(
                "check that the file still exists and may be read"
                    | "prüfen, ob es die Datei noch gibt und ob sie gelesen werden darf"
            ),
        }
    }
}

/// Where in a file, by the name that its format has for it; parts that most formats have are named in both languages.
pub(super) fn part(name: &str) -> Said {
    match name {
        "header" => said!("header" | "Kopf"),
        "JPEG header" => said!("JPEG header" | "JPEG-Kopf"),
        "directory" => said!("directory" | "Verzeichnis"),
        "central directory" => said!("central directory" | "Verzeichnis"),
        "end of central directory" => said!("end of central directory" | "Ende des Verzeichnisses"),
        "entry" => said!("entry" | "Eintrag"),
        "pages" => said!("pages" | "Seiten"),
        "chunks" => said!("chunks" | "Blöcke"),
        "image data" => said!("image data" | "Bilddaten"),
        "deflate stream" => said!("deflate stream" | "deflate-Datenstrom"),
        "pixels" => said!("pixels" | "Pixel"),
        "size" => said!("size" | "Größe"),
        "ImageJ stack" => said!("ImageJ stack" | "ImageJ-Stapel"),
        "text" => said!("text" | "Text"),
        "table" => said!("table" | "Tabelle"),
        "metadata" => said!("metadata" | "Metadaten"),
        "mark" => said!("mark" | "Marke"),
        "root group" => said!("root group" | "Wurzelgruppe"),
        name => Said::name(name),
    }
}

/// Writes ` at byte 42`, or nothing.
struct At(Option<u64>);

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            Some(offset) => f.write_str(&say!(" at byte {offset}" | " ab Byte {offset}")),
            None => Ok(()),
        }
    }
}
