//! The file behind the decoder: random access through our [`Source`](crate::formats::Source), limits, and errors in our words.

use std::cell::RefCell;
use std::sync::Arc;

use hdf5_reader::error::Error;
use hdf5_reader::group::Group;
use hdf5_reader::io::Cursor;
use hdf5_reader::messages::HdfMessage;
use hdf5_reader::messages::layout::DataLayout;
use hdf5_reader::{Dataset, FilterRegistry, Hdf5File, OpenOptions, Storage, StorageBuffer};
use send_wrapper::SendWrapper;

use super::{listing, lzf, tags::Attributes};
use crate::formats::error::part;
use crate::formats::{Format, FormatError, Limits, SourceReader};
use crate::language::{Said, said, word};
use crate::signal::{NoticeKind, Notices};

/// Decoded chunks that are kept: neighboring planes often share them.
const CHUNK_CACHE: usize = 32 << 20;

/// Bytes of a text dataset that are read.
const TEXT: u64 = 4 << 20;

/// An open file.
pub(super) struct Store {
    file: Hdf5File,
    /// Kind of the file, once it is known; errors name it.
    pub(super) format: Format,
    pub(super) limits: Limits,
    length: u64,
    /// Paths of objects that were met and cannot be read, and why.
    unreadable: RefCell<Vec<(String, Said)>>,
}

/// The crate reads through `Storage`, which must be `Send`; a [`SourceReader`] is not (in the browser it holds a `Blob`).
/// The wrapper is: it is used in one thread only.
struct Slices {
    reader: SendWrapper<RefCell<SourceReader>>,
    length: u64,
}

impl Storage for Slices {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_range(&self, offset: u64, len: usize) -> Result<StorageBuffer, Error> {
        // Before anything is allocated: no read is longer than the file.
        let end = offset.checked_add(len as u64);
        if end.is_none_or(|end| end > self.length) {
            return Err(Error::UnexpectedEof {
                offset,
                needed: len as u64,
                available: self.length.saturating_sub(offset),
            });
        }
        let mut bytes = vec![0; len];
        self.reader.borrow_mut().read_exact_at(offset, &mut bytes)?;
        Ok(StorageBuffer::from_vec(bytes))
    }
}

impl Store {
    /// Reads the superblock and nothing else.
    pub(super) fn open(reader: SourceReader, limits: &Limits) -> Result<Store, FormatError> {
        let length = reader.len();
        let largest = usize::try_from(largest_read(length, limits)).unwrap_or(usize::MAX);
        let mut filters = FilterRegistry::new();
        filters.register(
            lzf::FILTER,
            Box::new(|filter, data, _| lzf::filter(filter, data)),
        );
        let options = OpenOptions::default()
            .with_chunk_cache_bytes(CHUNK_CACHE)
            .with_filter_registry(filters)
            .with_max_chunk_bytes(largest)
            .with_max_read_bytes(largest)
            .with_max_object_header_bytes(usize::try_from(length).unwrap_or(usize::MAX));
        let storage = Arc::new(Slices {
            reader: SendWrapper::new(RefCell::new(reader)),
            length,
        });
        let format = Format::Hdf5;
        match Hdf5File::from_storage_with_options(storage, options) {
            Ok(file) => Ok(Store {
                file,
                format,
                limits: *limits,
                length,
                unreadable: RefCell::default(),
            }),
            Err(error) => Err(fault(format, "superblock", error)),
        }
    }

    /// Bytes that one read may ask for: what deflate can make of the whole file, and never more than the limit.
    pub(super) fn largest_read(&self) -> u64 {
        largest_read(self.length, &self.limits)
    }

    pub(super) fn root(&self) -> Result<Group, FormatError> {
        self.file
            .root_group()
            .map_err(|e| self.fault("root group", e))
    }

    /// The group at a path from the root; `None` where there is none that can be read.
    pub(super) fn group(&self, path: &str) -> Option<Group> {
        self.file.group(path).ok()
    }

    /// The dataset at a path from the root; `None` where there is none that can be read.
    pub(super) fn dataset(&self, path: &str) -> Option<Dataset> {
        self.file.dataset(path).ok()
    }

    /// Groups and datasets in a group, each in the order of their names (that of the file is one of hashes). One that cannot be read is left
    /// out, to be told by [`Store::tell_unreadable`].
    pub(super) fn members(
        &self,
        group: &Group,
        path: &str,
    ) -> Result<(Vec<Group>, Vec<Dataset>), FormatError> {
        let (mut groups, mut datasets) = match group.members() {
            Ok(members) => members,
            Err(_) => self.readable_members(group, path)?,
        };
        groups.sort_by(|a, b| a.name().cmp(b.name()));
        datasets.sort_by(|a, b| a.name().cmp(b.name()));
        Ok((groups, datasets))
    }

    /// What can be read of the objects in a group, where not all can.
    fn readable_members(
        &self,
        group: &Group,
        path: &str,
    ) -> Result<(Vec<Group>, Vec<Dataset>), FormatError> {
        let names = listing::names(&self.file, group).map_err(|e| self.fault(path, e))?;
        let (mut groups, mut datasets) = (Vec::new(), Vec::new());
        for name in &names {
            let error = match group.group(name) {
                Ok(found) => {
                    groups.push(found);
                    continue;
                }
                Err(Error::GroupNotFound(_)) => match group.dataset(name) {
                    Ok(found) => {
                        datasets.push(found);
                        continue;
                    }
                    // A type that was given a name, or a link to nowhere.
                    Err(Error::DatasetNotFound(_)) => continue,
                    Err(error) => error,
                },
                Err(error) => error,
            };
            let path = format!("{}/{name}", path.trim_end_matches('/'));
            let error = self.fault(&path, error).said();
            self.unreadable.borrow_mut().push((path, error));
        }
        Ok((groups, datasets))
    }

    /// A group whose members cannot be listed.
    pub(super) fn note_unreadable(&self, path: &str, error: &FormatError) {
        let entry = (path.to_owned(), error.said());
        self.unreadable.borrow_mut().push(entry);
    }

    /// A notice for every object that was met and could not be read.
    pub(super) fn tell_unreadable(&self, notices: &mut Notices) {
        for (what, reason) in self.unreadable.take() {
            notices.add(NoticeKind::Skipped {
                what: Said::name(what),
                reason,
            });
        }
    }

    /// The text of a dataset of strings, one a line; `None` where it is none.
    pub(super) fn text(&self, dataset: &Dataset) -> Option<String> {
        let elements = dataset.num_elements().ok()?;
        let bytes = elements.checked_mul(dataset.raw_element_size().ok()? as u64)?;
        if bytes > self.largest_read().min(TEXT) {
            return None;
        }
        Some(dataset.read_strings().ok()?.join("\n"))
    }

    /// The text of the dataset at a path.
    pub(super) fn text_at(&self, path: &str) -> Option<String> {
        self.text(&self.dataset(path)?)
    }

    /// Attributes of a group; none where they cannot be read.
    pub(super) fn attributes(group: &Group) -> Attributes {
        Attributes(group.attributes().unwrap_or_default())
    }

    /// Where the bytes of a dataset lie that is stored in one piece: address and length.
    pub(super) fn piece(&self, dataset: &Dataset) -> Option<(u64, u64)> {
        let header = self.file.get_or_parse_header(dataset.address()).ok()?;
        let messages = &header.messages;
        let elsewhere = |m: &HdfMessage| matches!(m, HdfMessage::ExternalFiles(_));
        if messages.iter().any(elsewhere) {
            return None;
        }
        let piece = messages.iter().find_map(|message| match message {
            HdfMessage::DataLayout(layout) => match layout.layout {
                DataLayout::Contiguous { address, size } => Some((address, size)),
                _ => None,
            },
            _ => None,
        });
        let offset_size = self.file.superblock().offset_size;
        piece.filter(|(address, size)| {
            *size > 0 && !Cursor::is_undefined_offset(*address, offset_size)
        })
    }

    /// Bytes of the file, as addresses count.
    pub(super) fn bytes(&self, address: u64, count: usize) -> Result<StorageBuffer, Error> {
        self.file.storage().read_range(address, count)
    }

    /// Refuses a dataset whose filters are not read, by their names.
    pub(super) fn check_filters(&self, dataset: &Dataset, path: &str) -> Result<(), FormatError> {
        let header = self
            .file
            .get_or_parse_header(dataset.address())
            .map_err(|e| self.fault(path, e))?;
        let unknown = header.messages.iter().find_map(|message| match message {
            HdfMessage::FilterPipeline(pipeline) => {
                let read = |id: u16| matches!(id, 1..=6) || id == lzf::FILTER;
                pipeline.filters.iter().find(|f| !read(f.id))
            }
            _ => None,
        });
        match unknown {
            Some(filter) => Err(FormatError::Unsupported {
                format: self.format,
                field: said!(
                    "filter {} ({}) of {path}" | "den Filter {} ({}) von {path}",
                    filter_name(filter.id)
                        .or(filter.name.as_deref())
                        .unwrap_or(word!("unknown" | "unbekannt")),
                    filter.id
                ),
                remedy: said!(
                    "write it again with gzip: h5repack -f GZIP=4 OLD NEW"
                        | "mit gzip neu schreiben: h5repack -f GZIP=4 ALT NEU"
                ),
            }),
            None => Ok(()),
        }
    }

    /// An error of the crate about an object, in our words.
    pub(super) fn fault(&self, path: &str, error: Error) -> FormatError {
        fault(self.format, path, error)
    }

    pub(super) fn malformed(&self, path: &str, reason: Said) -> FormatError {
        FormatError::Malformed {
            format: self.format,
            field: Said::name(path),
            offset: None,
            reason,
        }
    }

    pub(super) fn unsupported(&self, field: Said) -> FormatError {
        FormatError::Unsupported {
            format: self.format,
            field,
            remedy: said!(
                "export the image as TIFF (16 or 32 bit)"
                    | "das Bild als TIFF exportieren (16 oder 32 Bit)"
            ),
        }
    }
}

fn largest_read(length: u64, limits: &Limits) -> u64 {
    length.saturating_mul(limits.ratio).min(limits.bytes)
}

/// Names of registered filters that are met in microscopy (the HDF Group's list of registered filters).
fn filter_name(id: u16) -> Option<&'static str> {
    Some(match id {
        307 => "bzip2",
        32001 => "blosc",
        32004 => "LZ4",
        32008 => "bitshuffle",
        32013 => "zfp",
        32015 => "zstd",
        32017 => "sz",
        32026 => "blosc2",
        _ => return None,
    })
}

fn fault(format: Format, path: &str, error: Error) -> FormatError {
    let field = part(path);
    match error {
        // The paths of the crate are those of a link's last name; ours are whole.
        Error::Context { source, .. } => fault(format, path, *source),
        Error::Io(source) => FormatError::Io {
            format,
            offset: None,
            source,
        },
        Error::UnexpectedEof { offset, .. } => FormatError::Truncated {
            format,
            field,
            offset: Some(offset),
        },
        Error::OffsetOutOfBounds(offset) => FormatError::Malformed {
            format,
            field,
            offset: Some(offset),
            reason: said!(
                "an address lies outside of the file" | "eine Adresse liegt außerhalb der Datei"
            ),
        },
        error @ (Error::UnsupportedSuperblockVersion(_)
        | Error::UnsupportedObjectHeaderVersion(_)
        | Error::UnsupportedBTreeVersion(_)
        | Error::UnsupportedDataspaceVersion(_)
        | Error::UnsupportedDatatypeClass(_)
        | Error::UnsupportedLayoutClass(_)
        | Error::UnsupportedLayoutVersion(_)
        | Error::UnsupportedFilterPipelineVersion(_)
        | Error::UnsupportedChunkIndexType(_)
        | Error::UnsupportedFilter(_)
        | Error::UnsupportedEncoding(_)) => FormatError::Unsupported {
            format,
            field: Said::name(format!("{path} ({error})")),
            remedy: said!(
                "write the file again with another program, or export the image as TIFF"
                    | "die Datei mit einem anderen Programm neu schreiben oder das Bild als TIFF exportieren"
            ),
        },
        error => FormatError::Malformed {
            format,
            field,
            offset: None,
            reason: Said::name(error.to_string()),
        },
    }
}
