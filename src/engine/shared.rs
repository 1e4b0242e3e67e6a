//! What others sent: links and project files.

use super::analysis::pixel_nm;
use super::{Analysis, Engine, Event, Failure, Kept, Loaded};
use crate::fit::Estimate;
use crate::language::said;
use crate::project::{Geometry, OpenedProject, Project, Reduced, ReducedFrame, placed, read_link};
use crate::signal::{Notice, NoticeKind};

impl Engine {
    pub(super) fn open_link(&mut self, link: &str, emit: &mut dyn FnMut(Event)) {
        let Reduced { project, frames } = match read_link(link) {
            Ok(reduced) => reduced,
            Err(error) => return emit(Event::Failed(Failure::from(&error))),
        };
        *self = Engine::default();
        self.show_reduced(project, frames, emit);
    }

    /// Opens a project: with its images, where all of them are among the open files, and else as a link does. For one that is damaged the profile
    /// that was saved stands in.
    pub(super) fn open_project(&mut self, opened: OpenedProject, emit: &mut dyn FnMut(Event)) {
        let OpenedProject {
            path,
            decisions,
            frames,
            ..
        } = opened;
        let about = |subject: &str, kind: NoticeKind| Notice {
            subject: subject.to_owned(),
            kind,
        };
        let is_lost = |file: &str| self.failures.iter().any(|f| f.path == file);
        if let Some(mut project) = placed(&decisions, &self.files, &is_lost) {
            // The images show it anew, perhaps of other decisions.
            project.series.geometry = None;
            let mut frames = frames.into_iter().flatten();
            for frame in &project.series.frames {
                let saved = frames.next().and_then(|f| f.measurement);
                if self.files.document(&frame.file).is_some() {
                    continue;
                }
                let kind = NoticeKind::Skipped {
                    what: said!(
                        "a damaged image of the project" | "ein beschädigtes Bild des Projekts"
                    ),
                    reason: match &saved {
                        Some(_) => said!(
                            "the profile saved with it stands in for it; to measure it, add its file again"
                                | "das mitgespeicherte Profil steht für es; um es zu messen, seine Datei noch einmal hinzufügen"
                        ),
                        None => said!(
                            "its frame is left out of the fit until its file is added again"
                                | "es fehlt in der Anpassung, bis seine Datei noch einmal hinzugefügt wird"
                        ),
                    },
                };
                self.opening.push(about(&frame.file, kind));
                if saved.is_some() {
                    self.measured.push(Kept::given(frame, saved));
                }
            }
            // A log that joined since.
            let first = project.series.frames.first().map(|f| f.file.clone());
            let joined = self.found.iter().find(|s| {
                let file = s.frames.first().map(|f| &f.file);
                file == first.as_ref()
            });
            if let (None, Some(joined)) = (&project.series.heater_log, joined) {
                project.series.heater_log.clone_from(&joined.heater_log);
            }
            if let (Some(log), None) = (&decisions.series.heater_log, &project.series.heater_log) {
                let kind = NoticeKind::Skipped {
                    what: said!("the project's heater log" | "das Heizprotokoll des Projekts"),
                    reason: said!(
                        "it is not among the files: steps count as even until it is added"
                            | "es ist nicht unter den Dateien: Schritte gelten als gleichmäßig, bis es hinzukommt"
                    ),
                };
                self.opening.push(about(&log.file, kind));
            }
            let saved: Vec<String> = project
                .series
                .frames
                .iter()
                .map(|f| f.digest.clone())
                .collect();
            self.series = project.series;
            self.found = vec![self.series.clone()];
            self.digest(emit);
            for (frame, saved) in self.series.frames.iter().zip(saved) {
                if !saved.is_empty() && !frame.digest.is_empty() && saved != frame.digest {
                    let notice = about(&frame.file, NoticeKind::NotTheSavedFile);
                    self.opening.push(notice);
                }
            }
            project.series = self.series.clone();
            let loaded = Loaded {
                decisions: Some(Box::new(project)),
                ..self.loaded()
            };
            return emit(Event::Loaded(Box::new(loaded)));
        }
        let Some(frames) = frames else {
            self.series = Default::default();
            return emit(Event::Failed(Failure::request(
                said!(
                    "the images in {path} are not those of its decisions"
                        | "die Bilder in {path} sind nicht die seiner Entscheidungen"
                ),
                said!(
                    "unpack it like a zip and drop its images"
                        | "es wie ein Zip entpacken und seine Bilder ablegen"
                ),
            )));
        };
        if !self.found.is_empty() {
            let kind = NoticeKind::Skipped {
                what: said!("the images beside the project" | "die Bilder neben dem Projekt"),
                reason: said!(
                    "they are not all of its frames, in name and size"
                        | "sie sind nicht alle seine Bilder, nach Name und Größe"
                ),
            };
            self.opening.push(about(&path, kind));
        }
        self.show_reduced(decisions, frames, emit);
    }

    /// Shows a series without its images.
    fn show_reduced(
        &mut self,
        project: Project,
        frames: Vec<ReducedFrame>,
        emit: &mut dyn FnMut(Event),
    ) {
        self.series = project.series.clone();
        self.found = vec![self.series.clone()];
        let mut thumbnails = Vec::with_capacity(frames.len());
        for (frame, reduced) in project.series.frames.iter().zip(frames) {
            thumbnails.push(reduced.thumbnail);
            self.measured.push(Kept::given(frame, reduced.measurement));
        }
        self.thumbnails = Some(thumbnails);
        let loaded = Loaded {
            decisions: Some(Box::new(project)),
            heater_log: None,
            ..self.loaded()
        };
        emit(Event::Loaded(Box::new(loaded)));
    }
}

impl Analysis {
    /// Puts what round rings hide into a series that goes without its images, where it was found: the profiles as they were fitted, and what
    /// the images showed. Whoever gets it finds the same D.
    pub fn share(&self, reduced: &mut Reduced) {
        let Some(mut geometry) = self.geometry.filter(Geometry::needed) else {
            return;
        };
        if !geometry.elliptic {
            geometry.axis_ratio = Estimate {
                value: 1.0,
                standard_error: 0.0,
                fixed: true,
            };
        }
        reduced.project.series.geometry = Some(geometry);
        for fitted in &self.fit.frames {
            let frame = reduced.project.series.frames.get(fitted.frame);
            let measured = reduced.frames.get_mut(fitted.frame);
            let measured = measured.and_then(|f| f.measurement.as_mut());
            if let (Some(pixel_nm), Some(measured)) = (frame.and_then(pixel_nm), measured) {
                measured.profile = fitted.data.in_pixels(pixel_nm);
            }
        }
    }
}
