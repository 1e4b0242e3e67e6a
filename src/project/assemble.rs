//! From dropped files to heating series: which images belong together, in which order, and what is known of them.
//!
//! Only headers are read. Pixels come later, frame by frame, through [`OpenFiles::read`].

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::file::{OpenedProject, ProjectFileError};
use super::marry::{date_logs, marry, times_of_names};
use super::paths::{
    depth, folder_of, is_passed_over, is_table, join, name_of, same_name, same_stem, shown, stem,
};
use super::signals::{element_maps, frame_of, proposed_signal};
use super::unpack::unpack;
use super::{Frame, Place, Provenance, Series, Sourced, Taken};
use crate::formats::{
    Beside, Document, Format, FormatError, HeaterLog, Limits, PlaneSamples, SeriesTable, Source,
    SourceReader, TableError, TableRow, companions, detect, impulse_start, is_read_with_another,
    natural_order, open_with, parse_table, read_heater_log, table_text, temperature_k,
};
use crate::language::{Said, said, say, word};
use crate::numerics::sort_by;
use crate::signal::{DateTime, NoticeKind, Notices, Signal};

/// A file as it was handed over.
#[derive(Clone)]
pub struct FileEntry {
    /// Path within what was dropped.
    pub path: String,
    /// Its bytes.
    pub source: Rc<dyn Source>,
}

/// Why a file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The image or archive.
    #[error(transparent)]
    Format(Rc<FormatError>),
    /// The table.
    #[error("{}", word!("series.csv cannot be read" | "series.csv ist nicht lesbar"))]
    Table(#[source] TableError),
    /// The project file.
    #[error("{}", word!("the project cannot be opened" | "das Projekt lässt sich nicht öffnen"))]
    Project(#[source] ProjectFileError),
    /// A frame names a file that is not open, or a plane that the file does not have.
    #[error("{}", say!("'{file}' is not open" | "„{file}“ ist nicht offen"))]
    NotOpen {
        /// Path.
        file: String,
    },
}

impl From<FormatError> for FileError {
    fn from(error: FormatError) -> FileError {
        FileError::Format(Rc::new(error))
    }
}

struct OpenFile {
    document: Box<dyn Document>,
    source: Rc<dyn Source>,
}

/// A heater log among the files.
pub(super) struct OpenLog {
    pub log: HeaterLog,
    source: Rc<dyn Source>,
}

/// Every image file and heater log that could be opened, by its path.
#[derive(Default)]
pub struct OpenFiles {
    files: BTreeMap<String, OpenFile>,
    pub(super) logs: BTreeMap<String, OpenLog>,
}

impl OpenFiles {
    /// Decodes one plane, and nothing else of its file.
    ///
    /// # Errors
    /// [`FileError::NotOpen`] or the decoder's error.
    pub fn read(&self, at: &Place, notices: &mut Notices) -> Result<PlaneSamples, FileError> {
        let file = self.get(&at.file)?;
        notices.about(&at.file);
        Ok(file.document.read_plane(at.signal, at.plane, notices)?)
    }

    /// The open document behind a path.
    pub fn document(&self, path: &str) -> Option<&dyn Document> {
        self.files.get(path).map(|f| f.document.as_ref())
    }

    /// The bytes behind a path (of the unpacked file for one from an archive), for its digest.
    pub fn source(&self, path: &str) -> Option<Rc<dyn Source>> {
        let image = self.files.get(path).map(|f| &f.source);
        image
            .or_else(|| self.logs.get(path).map(|l| &l.source))
            .cloned()
    }

    /// Whether there is any heater log.
    pub fn has_logs(&self) -> bool {
        !self.logs.is_empty()
    }

    /// The heater log behind a path.
    pub fn log(&self, path: &str) -> Option<&HeaterLog> {
        self.logs.get(path).map(|l| &l.log)
    }

    /// Paths, in the order of their bytes.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Paths of the heater logs.
    pub(super) fn log_paths(&self) -> impl Iterator<Item = &str> {
        self.logs.keys().map(String::as_str)
    }

    fn get(&self, path: &str) -> Result<&OpenFile, FileError> {
        self.files
            .get(path)
            .ok_or_else(|| FileError::NotOpen { file: path.into() })
    }
}

/// What was found in the files.
#[derive(Default)]
pub struct Assembly {
    /// The series; the first is the one to show.
    pub series: Vec<Series>,
    /// The opened images.
    pub files: OpenFiles,
    /// Files that could not be used; the others are loaded.
    pub failures: Vec<(String, FileError)>,
    /// The project file among them.
    pub project: Option<OpenedProject>,
    /// What was assumed.
    pub notices: Notices,
}

/// Finds the heating series in the files.
///
/// A series is the images of one folder, an archive counting as a folder; every plane of a stack is a frame. A
/// `series.csv` in the folder names its frames, their order, temperatures, dwell times and pixel sizes; images of the
/// folder that it does not list are left out, with a notice. Without it the frames stand in the natural order of their
/// names, and temperatures are read from the names; dwell times are never guessed. Sub-folders are other series.
///
/// The first series is the one with a `series.csv` nearest to the root, or else the one nearest to the root; the
/// others are named in a notice.
///
/// Images that are maps of elements by their names ([`element_maps`]) make no series without a `series.csv`.
///
/// A zip that holds a project is unpacked as well; its decisions and profiles are in [`Assembly::project`].
///
/// A heater log is laid beside the series whose images its times meet, or else to the nearest one in the folders; the offset of its clock is
/// proposed where something speaks for one.
///
/// Detection is by content; names decide only which files are plainly no images (`.txt`, `.json`, …: passed over with
/// one notice) and which file is the table.
pub fn assemble(files: Vec<FileEntry>, limits: &Limits) -> Assembly {
    let mut assembly = Assembly::default();
    let mut tables: BTreeMap<String, SeriesTable> = BTreeMap::new();
    let mut others = Others::default();
    let entries = unpack(files, limits, &mut assembly);
    let all: BTreeMap<String, Rc<dyn Source>> = entries
        .iter()
        .map(|entry| (entry.path.clone(), entry.source.clone()))
        .collect();
    for entry in entries {
        if is_read_with_another(&entry.path, all.keys().map(String::as_str)) {
            continue;
        }
        if is_table(&entry.path) {
            match read_table(&entry, &mut assembly.notices) {
                Ok(table) => {
                    tables.insert(folder_of(&entry.path).to_owned(), table);
                }
                Err(e) => assembly.failures.push((entry.path, e)),
            }
        } else {
            let beside = companions(&entry.path, all.keys().map(String::as_str));
            let sources = beside.into_iter().filter_map(|path| all.get(path).cloned());
            let beside = Beside::new(&entry.path, sources.collect());
            open_file(entry, &beside, limits, &mut assembly, &mut others);
        }
    }
    if !others.passed_over.is_empty() {
        assembly.notices.about("").add(NoticeKind::Skipped {
            what: Said::name(others.passed_over.join(", ")),
            reason: said!("no image" | "kein Bild"),
        });
    }
    find_series(&mut assembly, &tables);
    date_logs(&mut assembly, &others.starts);
    marry(&mut assembly);
    assembly
}

/// Longest table that is read (bytes): a line per frame for a hundred thousand frames.
const MAX_TABLE: u64 = 16 << 20;

fn read_table(entry: &FileEntry, notices: &mut Notices) -> Result<SeriesTable, FileError> {
    let length = entry.source.len();
    if length > MAX_TABLE {
        return Err(FileError::Format(Rc::new(FormatError::LimitExceeded {
            format: Format::Unknown,
            field: said!("number of bytes of series.csv" | "die Zahl der Bytes von series.csv"),
            value: length,
            limit: MAX_TABLE,
        })));
    }
    let bytes = SourceReader::new(entry.source.clone())
        .head(length as usize)
        .map_err(|source| FormatError::Io {
            format: Format::Unknown,
            offset: Some(0),
            source,
        })?;
    notices.about(&entry.path);
    parse_table(&table_text(&bytes), notices).map_err(FileError::Table)
}

/// Files that are neither images nor tables.
#[derive(Default)]
struct Others {
    /// Files that are plainly no images.
    passed_over: Vec<String>,
    /// Starts of experiments in the metadata of Impulse.
    starts: Vec<(String, DateTime)>,
}

/// Longest text in which metadata are sought (bytes).
const MAX_METADATA: u64 = 1 << 16;

fn open_file(
    entry: FileEntry,
    beside: &Beside,
    limits: &Limits,
    assembly: &mut Assembly,
    others: &mut Others,
) {
    let FileEntry { path, source } = entry;
    let mut reader = SourceReader::new(source.clone());
    let format = match detect(&mut reader) {
        Ok(format) => format,
        Err(e) => {
            assembly.failures.push((path, e.into()));
            return;
        }
    };
    if format == Format::HeaterLog {
        assembly.notices.about(&path);
        match read_heater_log(source.clone(), &mut assembly.notices) {
            Ok(log) => {
                assembly.files.logs.insert(path, OpenLog { log, source });
            }
            Err(e) => assembly.failures.push((path, e.into())),
        }
        return;
    }
    if format == Format::Unknown && source.len() < MAX_METADATA {
        let text = reader.head(MAX_METADATA as usize).unwrap_or_default();
        if let Some(start) = impulse_start(&text) {
            others.starts.push((path, start));
            return;
        }
    }
    if !format.is_read() && is_passed_over(&path) {
        others.passed_over.push(path);
        return;
    }
    assembly.notices.about(&path);
    match open_with(source.clone(), beside, limits, &mut assembly.notices) {
        Ok(document) => {
            assembly
                .files
                .files
                .insert(path, OpenFile { document, source });
        }
        Err(e) => assembly.failures.push((path, e.into())),
    }
}

fn find_series(assembly: &mut Assembly, tables: &BTreeMap<String, SeriesTable>) {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in assembly.files.files.keys() {
        folders.entry(folder_of(path)).or_default().push(path);
    }
    for folder in tables.keys() {
        folders.entry(folder).or_default();
    }
    let mut found: Vec<(String, Series)> = Vec::new();
    for (folder, mut paths) in folders {
        sort_by(&mut paths, |a, b| natural_order(a, b));
        let context = Folder {
            path: folder,
            images: &paths,
            files: &assembly.files,
            failures: &assembly.failures,
        };
        let mut frames = match tables.get(folder) {
            Some(table) => context.frames_of_table(table, &mut assembly.notices),
            None => context.frames_of_names(&mut assembly.notices),
        };
        if frames.is_empty() {
            continue;
        }
        note_differences(&mut frames, &mut assembly.notices);
        times_of_names(&mut frames);
        let series = Series {
            name: series_name(folder, &frames),
            frames,
            heater_log: None,
            geometry: None,
        };
        found.push((folder.to_owned(), series));
    }
    sort_by(&mut found, |(a, _), (b, _)| {
        let key = |folder: &str| (!tables.contains_key(folder), depth(folder));
        key(a).cmp(&key(b)).then_with(|| natural_order(a, b))
    });
    assembly.series = found.into_iter().map(|(_, series)| series).collect();
    assembly.notices.about("");
}

struct Folder<'a> {
    path: &'a str,
    /// Images of the folder itself, in natural order.
    images: &'a [&'a str],
    files: &'a OpenFiles,
    failures: &'a [(String, FileError)],
}

impl Folder<'_> {
    fn frames_of_names(&self, notices: &mut Notices) -> Vec<Frame> {
        let mut frames = Vec::new();
        let images = self.images.iter();
        let open: Vec<(&str, &dyn Document)> = images
            .filter_map(|path| Some((*path, self.files.document(path)?)))
            .collect();
        let maps = element_maps(&open);
        if !maps.is_empty() {
            let elements: Vec<&str> = maps.iter().map(|m| m.0).collect();
            notices.about(self.path).add(NoticeKind::Skipped {
                what: said!(
                    "images in {}" | "Bilder in {}",
                    shown(self.path)
                ),
                reason: said!(
                    "by their names they are maps of elements ({0}), which are read as such outside archives; a series.csv that lists them makes them frames"
                        | "ihren Namen nach sind es Elementkarten ({0}), die außerhalb von Archiven als solche gelesen werden; eine series.csv, die sie aufführt, macht sie zu Bildern einer Serie",
                    elements.join(", ")
                ),
            });
            return frames;
        }
        for path in self.images {
            let Some((signal, planes)) = self.signal_of(path, notices) else {
                continue;
            };
            for plane in 0..planes {
                let mut frame = frame_of(self.files, path, signal, plane);
                // The name of a stack says nothing of its single planes.
                if planes == 1 {
                    name_temperature(&mut frame, notices);
                }
                frames.push(frame);
            }
        }
        frames
    }

    fn frames_of_table(&self, table: &SeriesTable, notices: &mut Notices) -> Vec<Frame> {
        let mut frames = Vec::new();
        let mut listed = BTreeSet::new();
        // Planes of a stack listed line by line without a frame number follow one another.
        let mut next_plane: BTreeMap<String, usize> = BTreeMap::new();
        let unnamed = self.unnamed_planes(table, notices);
        for (index, row) in table.rows.iter().enumerate() {
            let place = match &row.file {
                Some(name) => match self.find(name) {
                    Some(path) => {
                        let next = next_plane.entry(path.clone()).or_default();
                        let plane = row.frame.unwrap_or(*next);
                        *next = plane.saturating_add(1);
                        Some((path, plane))
                    }
                    None => {
                        self.note_missing(name, notices);
                        continue;
                    }
                },
                None => unnamed.get(row.frame.unwrap_or(index)).cloned(),
            };
            let Some((path, plane)) = place else {
                notices.about(self.path).add(NoticeKind::ListedFileMissing {
                    name: said!("row {}" | "Zeile {}", index.saturating_add(2)),
                });
                continue;
            };
            listed.insert(path.clone());
            let Some((signal, planes)) = self.signal_of(&path, notices) else {
                continue;
            };
            if plane >= planes {
                notices.about(&path).add(NoticeKind::ListedFileMissing {
                    name: said!(
                        "{path}, frame {plane} (counted from 0)"
                            | "{path}, Bild {plane} (ab 0 gezählt)"
                    ),
                });
                continue;
            }
            let mut frame = frame_of(self.files, &path, signal, plane);
            apply_row(&mut frame, row, planes == 1, notices);
            frames.push(frame);
        }
        for path in self.images.iter().filter(|p| !listed.contains(**p)) {
            notices.about(*path).add(NoticeKind::NotListed {
                name: name_of(path).into(),
            });
        }
        for path in next_plane.keys() {
            self.note_left_planes(path, &frames, notices);
        }
        if let Some(first) = frames.first()
            && let Some(dwell) = first.dwell_s.as_ref().filter(|d| d.value != 0.0)
        {
            notices
                .about(&first.file)
                .add(NoticeKind::FirstDwellIgnored {
                    dwell_s: dwell.value,
                });
        }
        frames
    }

    /// All planes of the folder in order, for a table without file names.
    fn unnamed_planes(&self, table: &SeriesTable, notices: &mut Notices) -> Vec<(String, usize)> {
        if table.rows.iter().all(|row| row.file.is_some()) {
            return Vec::new();
        }
        let mut planes = Vec::new();
        for path in self.images {
            if let Some((_, count)) = self.signal_of(path, notices) {
                planes.extend((0..count).map(|plane| ((*path).to_owned(), plane)));
            }
        }
        planes
    }

    fn note_left_planes(&self, path: &str, frames: &[Frame], notices: &mut Notices) {
        let used = frames.iter().filter(|f| f.file == path).count();
        if let Some((_, planes)) = self.signal_of(path, notices)
            && used < planes
        {
            notices.about(path).add(NoticeKind::Skipped {
                what: said!(
                    "{} of {planes} frames" | "{} von {planes} Bildern",
                    planes.saturating_sub(used)
                ),
                reason: said!(
                    "series.csv does not list them (column 'frame' counts from 0)"
                        | "series.csv nennt sie nicht (die Spalte „frame“ zählt ab 0)"
                ),
            });
        }
    }

    fn note_missing(&self, name: &str, notices: &mut Notices) {
        // A file that is there and broken has its own message.
        let broken = self.failures.iter().any(|(path, _)| {
            folder_of(path) == self.path && same_name(name_of(path), name_of(name))
        });
        if !broken {
            notices.about(self.path).add(NoticeKind::ListedFileMissing {
                name: Said::name(name),
            });
        }
    }

    /// The open file a table means: the path below the table's folder; or else a name in that folder, without case,
    /// without the folders of another machine, without suffix; or else the only such path below the folder.
    fn find(&self, listed: &str) -> Option<String> {
        let joined = join(self.path, listed);
        if self.files.files.contains_key(&joined) {
            return Some(joined);
        }
        let wanted = name_of(listed);
        let here = |same: fn(&str, &str) -> bool| {
            let mut hits = self.images.iter().filter(|p| same(name_of(p), wanted));
            let first = hits.next();
            hits.next().is_none().then_some(first).flatten()
        };
        if let Some(path) = here(same_name).or_else(|| here(same_stem)) {
            return Some((*path).to_owned());
        }
        let below = join(self.path, "");
        let mut hits = self
            .files
            .files
            .keys()
            .filter(|p| p.starts_with(&below) && same_name(name_of(p), wanted));
        let first = hits.next();
        hits.next().is_none().then_some(first).flatten().cloned()
    }

    /// The signal of a file that makes the frames, and its number of planes. `None`, with a notice, where it has no picture in real space.
    fn signal_of(&self, path: &str, notices: &mut Notices) -> Option<(usize, usize)> {
        let document = self.files.document(path)?;
        let signals = document.signals();
        let Some((index, reason)) = proposed_signal(document) else {
            let reason = match signals.iter().find(|s| s.is_image()) {
                Some(pattern) => said!(
                    "its pictures are diffraction patterns or Fourier transforms (axes in {}), not images of a particle"
                        | "ihre Bilder sind Beugungsbilder oder Fourier-Transformierte (Achsen in {}), keine Aufnahmen eines Partikels",
                    pattern.axes.last().map_or("", |a| &a.unit)
                ),
                None => said!("it holds spectra, no image" | "sie enthält Spektren, kein Bild"),
            };
            notices.about(path).add(NoticeKind::Skipped {
                what: Said::name(name_of(path)),
                reason,
            });
            return None;
        };
        if signals.len() > 1 {
            notices.about(path).add(NoticeKind::OneOfSignals {
                signals: signals.len(),
                index,
                reason,
            });
        }
        Some((index, signals.get(index).map_or(1, Signal::planes)))
    }
}

/// Puts what a row of the table says into a frame; a temperature it does not give is read from the name of a file with
/// one picture.
fn apply_row(frame: &mut Frame, row: &TableRow, single: bool, notices: &mut Notices) {
    let sourced = |value: f64| Sourced {
        value,
        provenance: Provenance::Table,
    };
    frame.temperature_k = row.temperature_k.map(sourced);
    frame.dwell_s = row.dwell_s.map(sourced);
    frame.temperature_se_k = row.temperature_se_k;
    if let Some(time) = row.taken {
        frame.taken = Some(Taken {
            time,
            clock: row.clock,
            provenance: Provenance::Table,
        });
    }
    if let Some(pixel_nm) = row.pixel_nm {
        frame.pixel_nm = Some(sourced(pixel_nm));
    }
    if frame.temperature_k.is_none() && single {
        name_temperature(frame, notices);
    }
}

fn name_temperature(frame: &mut Frame, notices: &mut Notices) {
    if let Some(kelvin) = temperature_k(&frame.file) {
        notices
            .about(&frame.file)
            .add(NoticeKind::TemperatureFromName {
                kelvin,
                name: name_of(&frame.file).into(),
            });
        frame.temperature_k = Some(Sourced {
            value: kelvin,
            provenance: Provenance::FileName,
        });
    }
}

/// Relative difference of pixel sizes that is rounding, not another magnification.
const SAME_PIXEL: f64 = 1e-6;

fn note_differences(frames: &mut [Frame], notices: &mut Notices) {
    let Some((first, rest)) = frames.split_first() else {
        return;
    };
    for frame in rest {
        notices.about(&frame.file);
        if frame.size != first.size {
            notices.add(NoticeKind::SizeDiffers {
                width: frame.size.0,
                height: frame.size.1,
                first_width: first.size.0,
                first_height: first.size.1,
            });
        }
        if let (Some(here), Some(there)) = (&frame.pixel_nm, &first.pixel_nm)
            && (here.value - there.value).abs() > SAME_PIXEL * there.value.abs()
        {
            notices.add(NoticeKind::PixelSizeDiffers {
                pixel_nm: here.value,
                first_nm: there.value,
            });
        }
    }
}

fn series_name(folder: &str, frames: &[Frame]) -> String {
    let one_file = frames
        .first()
        .filter(|first| frames.iter().all(|f| f.file == first.file));
    match (name_of(folder), one_file) {
        (_, Some(frame)) => stem(name_of(&frame.file)).into(),
        ("", None) => "series".into(),
        (name, None) => name.strip_suffix(".zip").unwrap_or(name).into(),
    }
}
