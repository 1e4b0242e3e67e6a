//! The project file, `.alloy`: a zip of `project.json` (decisions, with the digests of the files), `analysis.link` (what a link holds: profiles
//! and small pictures) and, where that was wanted, the original files under `files/`.
//!
//! `project.schema.json` beside this file describes `project.json`; `tests/project_file.rs` holds the two to one another. Fields are
//! only ever added, with what their absence means: every version stays readable.

use serde::{Deserialize, Serialize};

use super::assemble::OpenFiles;
use super::link::{LinkError, decode_within, encode};
use super::paths::{name_of, same_name};
use super::{Project, Reduced, ReducedFrame, VERSION};
use crate::formats::{ArchiveWriter, Crc32, FormatError};
use crate::language::{Said, said, say, word};

/// Version of the file that is written; raised when something changes its meaning.
pub const FILE_VERSION: u32 = 1;

/// What `format` says in every project file.
const FORMAT: &str = "alloyscope project";
/// The entry with the decisions; its presence makes a zip a project file.
pub(super) const DECISIONS: &str = "project.json";
/// The entry with the profiles.
pub(super) const ANALYSIS: &str = "analysis.link";
/// What stands before the path of an original file.
pub const ORIGINALS: &str = "files/";

/// Longest `project.json` and `analysis.link` that are read (bytes).
pub(super) const MOST_BYTES: u64 = 16 << 20;
/// Most frames.
const MOST_FRAMES: usize = 4096;

/// `project.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ProjectFile {
    format: String,
    version: u32,
    #[serde(default)]
    program: String,
    decisions: Project,
}

/// Its first fields, which say whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    format: String,
    #[serde(default)]
    version: u32,
}

/// Why a project file cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ProjectFileError {
    /// It does not say what it should.
    #[error("{}", word!(
        "project.json does not hold decisions as this program knows them"
        | "project.json enthält keine Entscheidungen, wie dieses Programm sie kennt"
    ))]
    Malformed(#[source] serde_json::Error),
    /// More than a project may hold.
    #[error("{}", say!(
        "{what} holds {value} {unit}; at most {limit} are read"
        | "{what} enthält {value} {unit}; gelesen werden höchstens {limit}"
    ))]
    TooLarge {
        /// Which part.
        what: &'static str,
        /// How much is there.
        value: u64,
        /// Of what.
        unit: Said,
        /// How much is allowed.
        limit: u64,
    },
    /// Made by a newer program.
    #[error("{}", say!(
        "it was saved by a newer version of the program (layout {_0}, this one reads up to {FILE_VERSION})"
        | "es wurde von einer neueren Version des Programms gespeichert (Aufbau {_0}, diese liest bis {FILE_VERSION})"
    ))]
    Newer(u32),
    /// The profiles cannot be read, and there are no images.
    #[error("{}", word!("analysis.link cannot be read" | "analysis.link ist nicht lesbar"))]
    Analysis(#[source] LinkError),
    /// An entry whose bytes are not those that were packed.
    #[error("{}", say!("{_0} is damaged" | "{_0} ist beschädigt"))]
    Damaged(&'static str),
    /// Neither profiles nor images.
    #[error("{}", word!(
        "it holds neither its images nor the profiles measured in them"
        | "es enthält weder seine Bilder noch die darin gemessenen Profile"
    ))]
    Empty,
}

/// An original file in a project file, stored as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    /// Path of the project file.
    pub project: String,
    /// Path of the original.
    pub path: String,
    /// Where its bytes begin in the project file.
    pub start: u64,
    /// How many there are.
    pub bytes: u64,
}

/// A project file among what was opened.
#[derive(Debug)]
pub struct OpenedProject {
    /// Its path.
    pub path: String,
    /// The decisions.
    pub decisions: Project,
    /// What stands in for the images; `None` where it was not there or could not be read.
    pub frames: Option<Vec<ReducedFrame>>,
    /// The original files in it.
    pub originals: Vec<Original>,
}

/// All of a project file that stands before the original files.
///
/// Put behind it, for every original, [`ArchiveWriter::entry`] with [`ORIGINALS`] before its path, and its bytes; then
/// [`ArchiveWriter::finish`].
///
/// # Errors
/// As [`ArchiveWriter::entry`].
pub fn write_project(reduced: &Reduced) -> Result<(ArchiveWriter, Vec<u8>), FormatError> {
    let file = ProjectFile {
        format: FORMAT.into(),
        version: FILE_VERSION,
        program: env!("CARGO_PKG_VERSION").into(),
        decisions: reduced.project.clone(),
    };
    let json = serde_json::to_string_pretty(&file).unwrap_or_default();
    let mut writer = ArchiveWriter::default();
    let mut bytes = Vec::new();
    for (path, content) in [(DECISIONS, json), (ANALYSIS, encode(reduced))] {
        let content = content.as_bytes();
        let mut crc = Crc32::new();
        crc.update(content);
        bytes.extend(writer.entry(path, content.len() as u64, crc.checksum())?);
        bytes.extend_from_slice(content);
    }
    Ok((writer, bytes))
}

/// The decisions in `project.json`; `None` where it is another program's.
pub(super) fn read_decisions(json: &[u8]) -> Option<Result<Project, ProjectFileError>> {
    let head: Head = serde_json::from_slice(json).ok()?;
    (head.format == FORMAT).then(|| {
        if head.version > FILE_VERSION {
            return Err(ProjectFileError::Newer(head.version));
        }
        let mut file: ProjectFile =
            serde_json::from_slice(json).map_err(ProjectFileError::Malformed)?;
        file.decisions.leave_out_unsound();
        let frames = file.decisions.series.frames.len();
        if frames > MOST_FRAMES {
            return Err(ProjectFileError::TooLarge {
                what: DECISIONS,
                value: frames as u64,
                unit: said!("frames" | "Bilder"),
                limit: MOST_FRAMES as u64,
            });
        }
        if file.decisions.version > VERSION {
            return Err(ProjectFileError::Newer(file.decisions.version));
        }
        Ok(file.decisions)
    })
}

/// What stands in for the images of these decisions.
pub(super) fn read_frames(
    text: &[u8],
    decisions: &Project,
) -> Result<Vec<ReducedFrame>, LinkError> {
    let text = std::str::from_utf8(text).map_err(|_| LinkError::NotALink)?;
    let frames = decode_within(text, (MOST_BYTES as usize, MOST_FRAMES))?.frames;
    if frames.len() == decisions.series.frames.len() {
        Ok(frames)
    } else {
        Err(LinkError::Broken("the list of frames"))
    }
}

/// The decisions with the paths that their files have here; `None` where an image is missing or is another one. Frames of files that `is_lost`,
/// but not those of all, stay as they are.
///
/// A file is looked for at its path, and else by its name, where only one file has it.
pub fn placed(
    decisions: &Project,
    files: &OpenFiles,
    is_lost: &dyn Fn(&str) -> bool,
) -> Option<Project> {
    let find = |path: &str, open: &dyn Fn(&str) -> bool, all: &[&str]| -> Option<String> {
        if open(path) {
            return Some(path.to_owned());
        }
        let mut alike = all
            .iter()
            .filter(|other| same_name(name_of(other), name_of(path)));
        let first = alike.next()?;
        alike.next().is_none().then(|| (*first).to_owned())
    };
    let images: Vec<&str> = files.paths().collect();
    let mut project = decisions.clone();
    let mut any = false;
    for frame in &mut project.series.frames {
        match find(&frame.file, &|p| files.document(p).is_some(), &images) {
            Some(file) => frame.file = file,
            None if is_lost(&frame.file) => continue,
            None => return None,
        }
        any = true;
        let signal = files.document(&frame.file)?.signals().get(frame.signal)?;
        let (height, width) = signal.plane_shape();
        if frame.plane >= signal.planes() || frame.size != (width, height) {
            return None;
        }
    }
    if let Some(log) = &mut project.series.heater_log {
        let logs: Vec<&str> = files.log_paths().collect();
        match find(&log.file, &|p| files.log(p).is_some(), &logs) {
            Some(path) => log.file = path,
            None => project.series.heater_log = None,
        }
    }
    any.then_some(project)
}
