//! A reader in a program of its own, asked through bytes.
//!
//! The page does not carry the reader of HDF5, which few of its visitors need: its worker loads it with the first such
//! file, as a second WebAssembly program with a memory of its own ([`set_hdf5_reader`]). A question holds the limits and
//! the notices so far; an answer the notices, and signals, samples, or what is wrong. The bytes of the file are read
//! through the asker's [`Source`].
//!
//! The headless program holds the reader itself and needs nothing of this.

use std::io;
use std::rc::Rc;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::cursor::Order;
use super::encoding::Encoding;
use super::hdf5::Hdf5Document;
use super::{Document, Format, FormatError, Limits, PlaneSamples, Source, SourceReader};
use crate::language::{Said, said};
use crate::signal::{Dtype, Notices, Signal};

/// An open document on the other side.
pub trait Apart {
    /// Its answer to a question for a plane of a signal.
    ///
    /// # Errors
    /// The other side cannot be asked.
    fn read_plane(&self, place: (usize, usize), question: &[u8]) -> io::Result<Vec<u8>>;
}

/// Has a file opened on the other side: its answer, and the document there.
pub type OpenApart = fn(Rc<dyn Source>, &[u8]) -> io::Result<(Vec<u8>, Box<dyn Apart>)>;

static HDF5: OnceLock<OpenApart> = OnceLock::new();

/// From now on HDF5 is read by another program; of several callers the first is heard.
pub fn set_hdf5_reader(open: OpenApart) {
    let _ = HDF5.set(open);
}

/// Who was named, if anyone.
pub(super) fn hdf5_reader() -> Option<OpenApart> {
    HDF5.get().copied()
}

/// That nobody was named where it takes somebody.
#[cfg(target_arch = "wasm32")]
pub(super) fn unread() -> FormatError {
    FormatError::Unsupported {
        format: Format::Hdf5,
        field: said!("this kind of file" | "diese Art von Datei"),
        remedy: said!("export the images as TIFF" | "die Bilder als TIFF exportieren"),
    }
}

/// The other side, in this program.
///
/// # Errors
/// The question cannot be read: it is of another version of the program.
pub fn here(source: Rc<dyn Source>, question: &[u8]) -> io::Result<(Vec<u8>, Box<dyn Apart>)> {
    let (limits, mut notices): (Limits, Notices) = decode(question)?;
    let opened = Hdf5Document::open(SourceReader::new(source), &limits, &mut notices);
    let (head, document) = match opened {
        Ok(document) => {
            let head = Head {
                format: document.format(),
                signals: document.signals().to_vec(),
                shown: document.shown(),
            };
            (Ok(head), Some(document))
        }
        Err(error) => (Err(Told::from(error)), None),
    };
    let answer = encode(&(notices, head))?;
    Ok((answer, Box::new(Here(document))))
}

struct Here(Option<Hdf5Document>);

impl Apart for Here {
    fn read_plane(&self, (signal, plane): (usize, usize), question: &[u8]) -> io::Result<Vec<u8>> {
        let mut notices: Notices = decode(question)?;
        let document = self.0.as_ref().ok_or(io::ErrorKind::NotFound)?;
        let (head, samples) = match document.read_plane(signal, plane, &mut notices) {
            Ok(plane) => {
                let size = (plane.height, plane.width);
                let head = (size, plane.samples.dtype(), plane.saturation);
                (Ok(head), Some(plane.samples))
            }
            Err(error) => (Err(Told::from(error)), None),
        };
        let mut answer = encode(&(notices, head))?;
        if let Some(samples) = samples {
            samples.extend_le_bytes(&mut answer);
        }
        Ok(answer)
    }
}

/// What is known of an open file.
#[derive(Serialize, Deserialize)]
struct Head {
    format: Format,
    signals: Vec<Signal>,
    shown: Option<usize>,
}

/// Rows and columns, type, and the value at which it saturates; the samples follow.
type PlaneHead = ((usize, usize), Dtype, Option<f64>);

/// A [`FormatError`] on its way.
#[derive(Serialize, Deserialize)]
enum Told {
    Truncated(Format, Said, Option<u64>),
    Malformed(Format, Said, Option<u64>, Said),
    Unsupported(Format, Said, Said),
    LimitExceeded(Format, Said, (u64, u64)),
    Io(Format, Option<u64>, String),
}

impl From<FormatError> for Told {
    fn from(error: FormatError) -> Told {
        use FormatError as E;
        match error {
            E::Truncated {
                format,
                field,
                offset,
            } => Told::Truncated(format, field, offset),
            E::Malformed {
                format,
                field,
                offset,
                reason,
            } => Told::Malformed(format, field, offset, reason),
            E::Unsupported {
                format,
                field,
                remedy,
            } => Told::Unsupported(format, field, remedy),
            E::LimitExceeded {
                format,
                field,
                value,
                limit,
            } => Told::LimitExceeded(format, field, (value, limit)),
            E::Io {
                format,
                offset,
                source,
            } => Told::Io(format, offset, source.to_string()),
        }
    }
}

impl From<Told> for FormatError {
    fn from(told: Told) -> FormatError {
        match told {
            Told::Truncated(format, field, offset) => FormatError::Truncated {
                format,
                field,
                offset,
            },
            Told::Malformed(format, field, offset, reason) => FormatError::Malformed {
                format,
                field,
                offset,
                reason,
            },
            Told::Unsupported(format, field, remedy) => FormatError::Unsupported {
                format,
                field,
                remedy,
            },
            Told::LimitExceeded(format, field, (value, limit)) => FormatError::LimitExceeded {
                format,
                field,
                value,
                limit,
            },
            Told::Io(format, offset, source) => FormatError::Io {
                format,
                offset,
                source: io::Error::other(source),
            },
        }
    }
}

fn encode(value: &impl Serialize) -> io::Result<Vec<u8>> {
    postcard::to_stdvec(value).map_err(io::Error::other)
}

fn decode<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    postcard::from_bytes(bytes).map_err(io::Error::other)
}

/// What is known here of a document there.
struct Proxy {
    head: Head,
    apart: Box<dyn Apart>,
}

fn lost(source: io::Error) -> FormatError {
    FormatError::Io {
        format: Format::Hdf5,
        offset: None,
        source,
    }
}

/// Opens a file by the reader of another program; [`here`] is the one of this program, for tests of what crosses.
///
/// # Errors
/// As [`open`](super::open); a reader that cannot be loaded is `Unsupported`.
pub fn open(
    open: OpenApart,
    source: Rc<dyn Source>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Box<dyn Document>, FormatError> {
    let question = encode(&(limits, &*notices)).map_err(lost)?;
    let unloaded = |e: io::Error| FormatError::Unsupported {
        format: Format::Hdf5,
        field: said!(
            "a file whose reader could not be loaded ({e})"
                | "eine Datei, deren Leseprogramm sich nicht laden ließ ({e}),"
        ),
        remedy: said!(
            "connect to the network, reload the page and open the file again"
                | "die Verbindung zum Netz herstellen, die Seite neu laden und die Datei noch einmal öffnen"
        ),
    };
    let (answer, apart) = open(source, &question).map_err(unloaded)?;
    let (said, head): (Notices, Result<Head, Told>) = decode(&answer).map_err(lost)?;
    *notices = said;
    Ok(Box::new(Proxy { head: head?, apart }))
}

impl Document for Proxy {
    fn format(&self) -> Format {
        self.head.format
    }

    fn signals(&self) -> &[Signal] {
        &self.head.signals
    }

    fn shown(&self) -> Option<usize> {
        self.head.shown
    }

    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        let question = encode(&*notices).map_err(lost)?;
        let answer = self
            .apart
            .read_plane((signal, plane), &question)
            .map_err(lost)?;
        let ((said, head), bytes): ((Notices, Result<PlaneHead, Told>), _) =
            postcard::take_from_bytes(&answer).map_err(|e| lost(io::Error::other(e)))?;
        *notices = said;
        let ((height, width), dtype, saturation) = head?;
        Ok(PlaneSamples {
            width,
            height,
            samples: Encoding::Plain(dtype, Order::Little).decode(bytes.to_vec()),
            saturation,
        })
    }
}
