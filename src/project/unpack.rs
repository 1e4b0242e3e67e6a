//! Archives and project files among what was opened: their files, one by one.

use std::collections::{BTreeSet, VecDeque};

use super::Project;
use super::assemble::{Assembly, FileEntry, FileError};
use super::file::{
    ANALYSIS, DECISIONS, MOST_BYTES, ORIGINALS, OpenedProject, Original, ProjectFileError,
    read_decisions, read_frames,
};
use super::paths::is_passed_over;
use crate::formats::{Format, Limits, SourceReader, ZipEntry, detect, is_hidden, read_zip};
use crate::language::{Said, said};
use crate::signal::NoticeKind;

/// Archives become folders; the originals of a project file stand where they stood before; hidden files and repeated paths go.
pub(super) fn unpack(
    files: Vec<FileEntry>,
    limits: &Limits,
    assembly: &mut Assembly,
) -> Vec<FileEntry> {
    let mut unpacked = Vec::new();
    let mut seen = BTreeSet::new();
    // Originals of a project file come last; a project file among them is an archive like others.
    let mut queue: VecDeque<(FileEntry, bool)> =
        files.into_iter().map(|entry| (entry, true)).collect();
    while let Some((mut entry, outermost)) = queue.pop_front() {
        entry.path = entry.path.replace('\\', "/");
        entry.path = entry
            .path
            .trim_start_matches("./")
            .trim_start_matches('/')
            .to_owned();
        if is_hidden(&entry.path) {
            continue;
        }
        assembly.notices.about(&entry.path);
        if !seen.insert(entry.path.clone()) {
            assembly.notices.add(NoticeKind::Skipped {
                what: said!("second file of this name" | "zweite Datei dieses Namens"),
                reason: said!(
                    "a file of this path is already open"
                        | "eine Datei dieses Pfads ist schon offen"
                ),
            });
            continue;
        }
        match detect(&mut SourceReader::new(entry.source.clone())) {
            Ok(Format::Zip) if !is_passed_over(&entry.path) => {
                match read_zip(entry.source.clone(), limits, &mut assembly.notices) {
                    Ok(found) => match decisions(&found).filter(|_| outermost) {
                        Some(decisions) => {
                            let originals = open_project(&entry.path, decisions, found, assembly);
                            queue.extend(originals.into_iter().map(|entry| (entry, false)));
                        }
                        None => unpack_archive(&entry.path, found, assembly, &mut unpacked),
                    },
                    Err(e) => assembly.failures.push((entry.path, e.into())),
                }
            }
            Ok(_) => unpacked.push(entry),
            Err(e) => assembly.failures.push((entry.path, e.into())),
        }
    }
    unpacked
}

/// Decisions in an archive, which make it a project file.
fn decisions(found: &[ZipEntry]) -> Option<Result<Project, ProjectFileError>> {
    match content(found, DECISIONS)? {
        Ok(bytes) => read_decisions(&bytes),
        // Damaged: nothing says that it is a project's.
        Err(ProjectFileError::Damaged(_)) => None,
        Err(error) => Some(Err(error)),
    }
}

/// The bytes of one of the two texts of a project file; `None` where there is none.
fn content(found: &[ZipEntry], path: &'static str) -> Option<Result<Vec<u8>, ProjectFileError>> {
    let entry = found.iter().find(|entry| entry.path == path)?;
    let Ok(source) = &entry.source else {
        return Some(Err(ProjectFileError::Damaged(path)));
    };
    let length = source.len();
    if length > MOST_BYTES {
        return Some(Err(ProjectFileError::TooLarge {
            what: path,
            value: length,
            unit: said!("bytes" | "Bytes"),
            limit: MOST_BYTES,
        }));
    }
    let bytes = SourceReader::new(source.clone()).head(length as usize);
    Some(bytes.map_err(|_| ProjectFileError::Damaged(path)))
}

/// Takes in a project file; gives its original files.
fn open_project(
    path: &str,
    decisions: Result<Project, ProjectFileError>,
    found: Vec<ZipEntry>,
    assembly: &mut Assembly,
) -> Vec<FileEntry> {
    let mut fail = |error: ProjectFileError| {
        let error = FileError::Project(error);
        assembly.failures.push((path.to_owned(), error));
        Vec::new()
    };
    let decisions = match decisions {
        Ok(decisions) => decisions,
        Err(error) => return fail(error),
    };
    let mut unread = None;
    let has_images = found.iter().any(|entry| entry.path.starts_with(ORIGINALS));
    let read = content(&found, ANALYSIS)
        .map(|text| read_frames(&text?, &decisions).map_err(ProjectFileError::Analysis));
    let frames = match read {
        None => None,
        Some(Ok(frames)) => Some(frames),
        // The images say as much.
        Some(Err(error)) if has_images => {
            unread = Some(error);
            None
        }
        Some(Err(error)) => return fail(error),
    };
    if frames.is_none() && !has_images {
        return fail(ProjectFileError::Empty);
    }
    if let Some(error) = unread {
        assembly.notices.about(path).add(NoticeKind::Skipped {
            what: Said::name("analysis.link"),
            reason: Said::of(&|| error.to_string()),
        });
        assembly.notices.about("");
    }
    if assembly.project.is_some() {
        assembly.notices.add(NoticeKind::Skipped {
            what: said!("second project file" | "zweite Projektdatei"),
            reason: said!("one is opened at a time" | "geöffnet wird eine auf einmal"),
        });
        return Vec::new();
    }
    let mut entries = Vec::new();
    let mut originals = Vec::new();
    for entry in found {
        let Some(inner) = entry.path.strip_prefix(ORIGINALS) else {
            continue;
        };
        if let Some(range) = &entry.stored {
            originals.push(Original {
                project: path.to_owned(),
                path: inner.to_owned(),
                start: range.start,
                bytes: range.end - range.start,
            });
        }
        match entry.source {
            Ok(source) => entries.push(FileEntry {
                path: inner.to_owned(),
                source,
            }),
            Err(e) => assembly
                .failures
                .push((inner.to_owned(), FileError::Format(e))),
        }
    }
    assembly.project = Some(OpenedProject {
        path: path.to_owned(),
        decisions,
        frames,
        originals,
    });
    entries
}

fn unpack_archive(
    archive: &str,
    found: Vec<ZipEntry>,
    assembly: &mut Assembly,
    unpacked: &mut Vec<FileEntry>,
) {
    for inner in found {
        let path = format!("{archive}/{}", inner.path);
        match inner.source {
            Ok(source) => unpacked.push(FileEntry { path, source }),
            Err(e) => assembly.failures.push((path, FileError::Format(e))),
        }
    }
}
