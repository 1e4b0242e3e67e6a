//! HDF5: Velox and NCEM (Berkeley, Prismatic) EMD, HyperSpy, Gatan DM5, NeXus and plain files.
//!
//! The file is read by the crate `hdf5-reader` through our `Source`: opening reads headers and metadata, a plane reads the
//! chunks it lies in. Filters: deflate, shuffle, fletcher32, szip, nbit, scale-offset, and LZF (ours). No read allocates
//! more than [`Limits::ratio`] bytes per byte of the file, nor more than [`Limits::bytes`].
//!
//! Of the signals those come first that a measurement would take: pictures before spectra, dark-field pictures before
//! others.

mod array;
mod dm5;
mod hyperspy;
mod listing;
mod lzf;
mod ncem;
mod plain;
mod store;
mod stream;
mod tags;
mod velox;

use self::array::Array;
use self::store::Store;
use self::stream::Stream;
use super::{Document, Format, FormatError, Limits, PlaneSamples, SourceReader, pixel_size};
use crate::language::{Said, said};
use crate::signal::{Axis, AxisRole, Metadata, NoticeKind, Notices, Signal};

/// Depth of groups within groups that is followed.
const DEPTH: usize = 32;

/// An open HDF5 file.
pub(super) struct Hdf5Document {
    store: Store,
    signals: Vec<Signal>,
    contents: Vec<Content>,
    shown: Option<usize>,
}

/// Where the samples of a signal are.
enum Content {
    Array(Box<Array>),
    Stream(Stream),
}

/// A signal and where its samples are.
struct Found {
    signal: Signal,
    content: Content,
    /// Whether the file itself says that this is what it shows.
    asked: bool,
}

impl Hdf5Document {
    /// Finds the signals; their samples stay where they are.
    pub(super) fn open(
        reader: SourceReader,
        limits: &Limits,
        notices: &mut Notices,
    ) -> Result<Hdf5Document, FormatError> {
        let mut store = Store::open(reader, limits)?;
        let root = store.root()?;
        let (groups, datasets) = store.members(&root, "/")?;
        let has = |name: &str| groups.iter().any(|g| g.name() == name);
        let mut found = if has("Data") && datasets.iter().any(|d| d.name() == "Version") {
            store.format = Format::Velox;
            velox::read(&store, notices)?
        } else if has("Experiments") {
            store.format = Format::HyperSpy;
            hyperspy::read(&store, notices)?
        } else if has("ImageList") {
            store.format = Format::Dm5;
            dm5::read(&store, notices)?
        } else {
            plain::read(&mut store, &root, notices)?
        };
        store.tell_unreadable(notices);
        // Stable: equals stay in their order.
        found.sort_by_key(|f| (!(f.asked && f.signal.is_image()), rank(&f.signal)));
        if found.is_empty() {
            return Err(FormatError::Unsupported {
                format: store.format,
                field: said!(
                    "a file without any picture or spectrum"
                        | "eine Datei ohne Bild und ohne Spektrum"
                ),
                remedy: said!(
                    "choose the file that holds the images, or export them as TIFF"
                        | "die Datei mit den Bildern nehmen oder sie als TIFF exportieren"
                ),
            });
        }
        let shown = found.iter().position(|f| f.asked);
        let (signals, contents) = found.into_iter().map(|f| (f.signal, f.content)).unzip();
        Ok(Hdf5Document {
            store,
            signals,
            contents,
            shown,
        })
    }
}

impl Document for Hdf5Document {
    fn format(&self) -> Format {
        self.store.format
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn shown(&self) -> Option<usize> {
        self.shown
    }

    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        _notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        let found = match self.contents.get(signal) {
            Some(Content::Array(array)) => array.read_plane(&self.store, plane)?,
            Some(Content::Stream(stream)) => stream.read_plane(&self.store, plane)?,
            None => None,
        };
        found.ok_or_else(|| FormatError::Malformed {
            format: self.store.format,
            field: said!("signal {signal}, plane {plane}" | "Signal {signal}, Ebene {plane}"),
            offset: None,
            reason: said!("there is no such plane" | "eine solche Ebene gibt es nicht"),
        })
    }
}

/// What a measurement would rather take comes first.
fn rank(signal: &Signal) -> u8 {
    let title = signal.title.to_ascii_uppercase();
    let detector = signal
        .metadata
        .detector
        .as_deref()
        .unwrap_or_default()
        .to_ascii_uppercase();
    let named = |part: &str| title.contains(part) || detector.contains(part);
    match (signal.is_image(), signal.is_diffraction()) {
        (true, false) if title.contains("HAADF") => 0,
        (true, false) if named("HAADF") => 1,
        (true, false) if named("ADF") || named("DF") => 2,
        (true, false) => 3,
        (true, true) => 4,
        (false, _) if signal.axes.len() > 2 => 5,
        _ => 6,
    }
}

/// Collects signals; one that cannot be read beside others that can is left out with a notice.
#[derive(Default)]
struct Collector {
    found: Vec<Found>,
    first_error: Option<FormatError>,
}

impl Collector {
    fn take(&mut self, what: &str, result: Result<Found, FormatError>, notices: &mut Notices) {
        match result {
            Ok(found) => self.found.push(found),
            Err(error) => {
                notices.add(NoticeKind::Skipped {
                    what: Said::name(what),
                    reason: error.said(),
                });
                self.first_error.get_or_insert(error);
            }
        }
    }

    /// The signals, or the first error where there is none.
    fn finish(self) -> Result<Vec<Found>, FormatError> {
        match self.first_error {
            Some(error) if self.found.is_empty() => Err(error),
            _ => Ok(self.found),
        }
    }
}

/// A signal of an array, titled and calibrated by its axes.
fn signal_of(
    array: Array,
    axes: Vec<Axis>,
    metadata: Metadata,
    tags: Vec<(String, String)>,
    notices: &mut Notices,
) -> Found {
    let mut signal = Signal {
        title: metadata.title.clone().unwrap_or_default(),
        dtype: array.dtype,
        axes,
        metadata,
        tags,
    };
    settle(&mut signal, notices);
    Found {
        signal,
        content: Content::Array(Box::new(array)),
        asked: false,
    }
}

/// The pixel size, with notices that name file and signal.
fn settle(signal: &mut Signal, notices: &mut Notices) {
    let file = notices.subject().to_owned();
    let names = [file.as_str(), &signal.title];
    let names: Vec<&str> = names.into_iter().filter(|n| !n.is_empty()).collect();
    notices.about(names.join(", "));
    pixel_size::settle(signal, notices);
    notices.about(file);
}

/// Roles by position: the last `signal` axes belong to the plane or spectrum.
fn set_roles(axes: &mut [Axis], signal: usize) {
    for (from_end, axis) in axes.iter_mut().rev().enumerate() {
        axis.role = if from_end < signal {
            AxisRole::Signal
        } else {
            AxisRole::Navigation
        };
    }
}
