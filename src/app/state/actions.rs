//! What changes the state: the user's acts, and what follows from them.

use leptos::prelude::*;
use web_sys::File;

use crate::engine::{FrameMeasured, Plane};
use crate::figures::{ColorMap, Sheet};
use crate::kinetics::MeltingEntropy;
use crate::project::{Frame, History, Model, Original, Place, Project, Series};

use super::contrast::contrast;
use super::keeping::{SAMPLE_SEED, sample_fingerprint};
use super::{App, Bar, Certainty, Loading, Maps, Progress, Slot, Tab, Teach, View, WorkerState};
use crate::app::kept::Files;
use crate::app::widgets::{effect, memo};
use crate::app::worker::{Client, Job, Opening, What};
use crate::app::{browser, kept, panels, persistence, text};

/// Largest side of the pictures in the strip.
pub(super) const THUMB_SIDE: usize = 320;
/// Largest side of the picture in the frame view.
pub(super) const PICTURE_SIDE: usize = 1600;

/// What is remembered from call to call and shown nowhere.
#[derive(Default)]
pub struct Memory {
    /// Number of the last analysis asked for.
    pub(super) analysis: u64,
    /// Number of the last question for phase diagrams.
    pub(super) phase: u64,
    /// The one that was tried again because the worker broke down.
    pub(super) tried_again: u64,
    /// Fingerprint of the files that are open.
    pub(super) files: String,
    /// Number of what was opened last, whether or not it is open yet.
    pub(super) openings: u64,
    /// Its files are still to come, from the browser or a server.
    pub(super) awaits_files: bool,
    /// The files that are open.
    pub(super) open_files: Files,
    /// Files inside the project file that is open.
    pub(super) originals: Vec<Original>,
    /// What is being opened again, and files that were being added to it.
    pub(super) to_join: Option<(String, String)>,
    /// The series, and the signal of a file with which it is to be read.
    pub(super) other_signal: Option<(Box<Series>, String, usize)>,
    /// Where the pictures that are shown are.
    pub(super) places: Vec<Place>,
    /// Measured and not shown yet.
    pub(super) measured: Vec<(FrameMeasured, Option<Box<Plane>>)>,
}

impl App {
    /// An empty page with its worker on the way.
    pub fn new() -> App {
        let (thumbs, measured) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
        let history = RwSignal::new(History::new(Project::default()));
        let app = App {
            history,
            view: View {
                dark: RwSignal::new(None),
                system_dark: RwSignal::new(false),
                language: RwSignal::new(None),
                colormap: RwSignal::new(ColorMap::Gray),
                celsius: RwSignal::new(false),
                inverse: RwSignal::new(true),
                by_size: RwSignal::new(false),
                melting_entropy: RwSignal::new(MeltingEntropy::Total),
                table: RwSignal::new(false),
                heating: RwSignal::new(false),
                whole_image: RwSignal::new(false),
                dots: RwSignal::new(false),
                single_keys: RwSignal::new(true),
                keeps: RwSignal::new(true),
                presenting: RwSignal::new(false),
                sheet: RwSignal::new(Sheet::default()),
                commas: RwSignal::new(false),
                unit_row: RwSignal::new(false),
                lasts: RwSignal::new(true),
                tab: RwSignal::new(Tab::Frame),
            },
            selected: RwSignal::new(0),
            worker: RwSignal::new(WorkerState::Starting),
            loading: RwSignal::new(Loading::Idle),
            failures: RwSignal::new(Vec::new()),
            found: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            heater_log: RwSignal::new(None),
            load_notices: RwSignal::new(Vec::new()),
            measured,
            analysis: RwSignal::new(Slot::Idle),
            certainty: RwSignal::new(Certainty::default()),
            looks_closer: RwSignal::new(false),
            phase: RwSignal::new(Slot::Idle),
            progress: RwSignal::new(Progress::default()),
            thumbs,
            contrast: contrast(thumbs, measured),
            picture: RwSignal::new(None),
            pixels: RwSignal::new(None),
            contents: RwSignal::new(Slot::Idle),
            compares: RwSignal::new(false),
            looks_into: RwSignal::new(false),
            ruler: RwSignal::new(None),
            remark: RwSignal::new(None),
            fingerprint: RwSignal::new(None),
            without_images: RwSignal::new(false),
            kept: RwSignal::new(Vec::new()),
            maps: Maps::new(history),
            teach: Teach::new(),
            client: StoredValue::new_local(None),
            memory: StoredValue::new_local(Memory::default()),
        };
        app.client
            .set_value(Some(Client::start(move |report| app.hear(report))));
        persistence::restore_view(&app.view);
        browser::follow_system_theme(move |dark| app.view.system_dark.set(dark));
        app.follow();
        app.follow_places();
        app.follow_maps();
        app.follow_plans();
        app
    }

    /// What follows from a change without anybody asking.
    fn follow(self) {
        // Decisions → analysis and autosave. The engine knows which frames are unchanged.
        Effect::new(move |previous: Option<Project>| {
            let project = self.history.with(|h| h.present().clone());
            // The same files opened again give the same project, of which nothing is known yet.
            let unknown = self
                .analysis
                .with_untracked(|slot| matches!(slot, Slot::Idle));
            let changed = unknown || previous.as_ref() != Some(&project);
            if changed && !project.series.frames.is_empty() {
                // What is shown of the phase diagram and of element maps does not enter the analysis.
                let analyzed = previous.as_ref().is_some_and(|before| {
                    (&before.series, &before.model, &before.materials)
                        == (&project.series, &project.model, &project.materials)
                });
                if unknown || !analyzed {
                    self.analyze(&project);
                }
                if let Some(fingerprint) = self.fingerprint.get_untracked() {
                    persistence::save_decisions(&fingerprint, &project);
                }
            }
            if previous.is_some_and(|before| before.maps != project.maps) {
                self.save_map_choices(&project);
            }
            project
        });
        // Selection → large picture.
        let count = memo(move || self.thumbs.with(Vec::len));
        effect(move || {
            self.fingerprint.track();
            let frame = self.selected.get();
            if count.get() > frame {
                self.ask_picture(frame, PICTURE_SIDE);
            }
        });
        // Pair, assumptions and radius → phase diagrams.
        let question = memo(move || panels::phase::question(self));
        effect(move || {
            if let Some(mut question) = question.get() {
                self.memory.update_value(|memory| {
                    memory.phase += 1;
                    question.id = memory.phase;
                });
                self.phase.update(Slot::run);
                self.submit(Job::Phase(Box::new(question)));
            }
        });
        // What takes long waits for somebody who looks.
        effect(move || {
            if self.looks_closer.get() && self.certainty.with_untracked(|c| c.waits) {
                self.assess();
            }
        });
        // All pixels, where they are shown.
        effect(move || {
            if !self.view.dots.get() {
                self.pixels.set(None);
                return;
            }
            let frame = self.selected.get();
            let measurement = self.measured.with(|m| {
                let measured = m.get(frame)?.as_ref()?;
                measured.outcome.as_ref().ok().cloned()
            });
            if let Some((measurement, at)) = measurement.zip(self.place(frame)) {
                self.submit(Job::Pixels {
                    frame,
                    at,
                    measurement: Box::new(measurement),
                });
            }
        });
        effect(move || {
            if self.view.lasts.get() {
                persistence::save_view(&self.view);
            }
        });
    }

    pub(super) fn submit(self, job: Job) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.submit(job);
            }
        });
    }

    /// Computes what was given up.
    pub fn analyze_again(self) {
        let project = self.history.with_untracked(|h| h.present().clone());
        self.analyze(&project);
    }

    fn analyze(self, project: &Project) {
        let id = self
            .memory
            .try_update_value(|memory| {
                memory.analysis += 1;
                memory.analysis
            })
            .unwrap_or_default();
        self.analysis.update(Slot::run);
        self.stop_assessing();
        self.progress.set(Progress::default());
        let project = Box::new(project.clone());
        // Where nobody has said which element is inside, the first image is asked before anything is fitted.
        self.submit(match project.model.pair {
            None => Job::Arrange { project },
            Some(_) => self.analysis_of(id, project),
        });
    }

    /// The analysis of a project. As every image is read for it, it brings the pictures of the strip along.
    pub(super) fn analysis_of(self, id: u64, project: Box<Project>) -> Job {
        // One that could not be read is not read for with every analysis.
        let missing = self.measured.with_untracked(|measured| {
            let unseen = |thumbs: &Vec<Option<_>>| {
                let mut frames = thumbs.iter().zip(measured);
                frames.any(|(thumb, measured)| thumb.is_none() && measured.is_none())
            };
            self.thumbs.with_untracked(unseen)
        });
        Job::Analyze {
            id,
            project,
            pictures: missing.then_some(THUMB_SIDE),
        }
    }

    /// Asks how sure the analysis is, or goes on asking; not of one that was given up.
    pub fn assess(self) {
        if !self
            .analysis
            .with_untracked(|slot| matches!(slot, Slot::Ready(_)))
        {
            return;
        }
        let id = self.memory.with_value(|memory| memory.analysis);
        let project = Box::new(self.history.with_untracked(|h| h.present().clone()));
        self.certainty
            .update(|c| (c.running, c.waits) = (true, false));
        self.submit(Job::Assess { id, project });
    }

    /// Asks no more; what is known stays.
    pub fn stop_assessing(self) {
        self.certainty.maybe_update(|c| {
            let before = (c.running, c.waits);
            (c.running, c.waits) = (false, false);
            before != (false, false)
        });
    }

    /// Opens files, in place of what is open or beside it.
    pub fn open(self, files: Vec<(String, File)>, add: bool) {
        if files.is_empty() {
            return;
        }
        self.leave_room();
        let add = add && self.has_series();
        let fingerprint = persistence::fingerprint(
            files
                .iter()
                .map(|(path, file)| (path.as_str(), file.size() as u64)),
        );
        browser::clear_analysis();
        let kept_as = self.name_while_opening(&fingerprint, &files);
        let opening = Opening {
            name: fingerprint,
            files,
            joins: add,
            kept_as: kept_as.unwrap_or_default(),
            to_choose: 0,
        };
        self.open_as(opening.clone());
        self.keep_opening(&opening);
    }

    /// Opens files under the name of their set.
    pub(super) fn open_as(self, opening: Opening) {
        let files = opening.files.iter();
        let files = files.map(|(path, file)| (path.clone(), Some(file.clone())));
        self.maps
            .remember(&opening.name, &opening.kept_as, files.collect());
        self.open_what(What::Files, opening);
    }

    /// Asks the worker for a series.
    pub(super) fn open_what(self, what: What, opening: Opening) {
        self.memory.update_value(|memory| {
            memory.openings += 1;
            memory.awaits_files = false;
        });
        if self
            .memory
            .with_value(|memory| memory.files != opening.name)
        {
            self.teach.blind.set(None);
        }
        self.remark.set(None);
        self.loading.set(Loading::Running(Progress::default()));
        self.submit(Job::Open(what, opening));
    }

    /// Opens what has no files.
    pub(super) fn open_named(self, what: What, name: String) {
        self.maps.remember("", "", Vec::new());
        let opening = Opening {
            name,
            ..Opening::default()
        };
        self.open_what(what, opening);
    }

    /// Opens an analysis that came in a link.
    pub fn open_link(self, link: String) {
        let fingerprint = persistence::fingerprint([(link.as_str(), 0)].into_iter());
        if self.memory.with_value(|memory| memory.files == fingerprint) {
            return;
        }
        self.leave_room();
        self.open_named(What::Link(link), fingerprint);
    }

    /// Opens a sample series.
    pub fn open_sample(self, preset: &str) {
        self.leave_room();
        browser::clear_analysis();
        let what = What::Sample(preset.to_owned(), SAMPLE_SEED);
        self.open_named(what, sample_fingerprint(preset));
    }

    /// Shows another series of the same files.
    pub fn choose_series(self, series: usize) {
        let (name, files) = self
            .memory
            .with_value(|memory| (memory.files.clone(), memory.open_files.clone()));
        let is_kept = kept::was_open().is_some_and(|open| open.fingerprint == name);
        let opening = Opening {
            kept_as: if is_kept { name.clone() } else { String::new() },
            name,
            files,
            ..Opening::default()
        };
        self.open_what(What::Other(series), opening);
    }

    /// Ends what is being computed.
    pub fn cancel(self) {
        self.worker.set(WorkerState::Starting);
        let dropped = self
            .client
            .with_value(|client| client.as_ref().map(Client::cancel));
        if matches!(self.loading.get_untracked(), Loading::Running(_)) {
            self.memory.update_value(|memory| {
                memory.openings += 1;
                memory.awaits_files = false;
            });
            self.loading.set(Loading::Idle);
            kept::remember_opening(None);
        }
        for opening in dropped.into_iter().flatten() {
            self.let_go(&opening);
        }
        self.analysis.update(Slot::give_up);
        self.maps.give_up();
        self.teach.give_up();
        self.stop_assessing();
        self.ask_missing_pictures();
    }

    /// Asks for the scale bar under the line.
    pub fn snap_ruler(self) {
        let frame = self.selected.get_untracked();
        self.ruler.update(|ruler| {
            if let Some(ruler) = ruler {
                ruler.bar = Bar::Sought;
                let drawn = ruler.ends;
                if let Some(at) = self.place(frame) {
                    self.submit(Job::ScaleBar { at, drawn });
                }
            }
        });
    }

    /// Changes the document: one step of undo.
    pub fn edit(self, change: impl FnOnce(&mut Project)) {
        // One function for all changes, so that the page's program does not hold it once for each.
        let mut change = Some(change);
        self.edit_with(&mut |project| {
            if let Some(change) = change.take() {
                change(project);
            }
        });
    }

    fn edit_with(self, change: &mut dyn FnMut(&mut Project)) {
        if self.without_images.get_untracked() {
            // A frame that is to be measured anew would lose what came with it.
            let measured = |project: &Project| {
                let frames = project.series.frames.iter();
                let said = frames.map(|f| (f.circle, f.pointed, f.masks.clone()));
                said.collect::<Vec<_>>()
            };
            let before = self.history.with_untracked(|h| h.present().clone());
            let mut after = before.clone();
            change(&mut after);
            if measured(&before) != measured(&after) {
                return self.remark.set(Some(text::only_with_images().to_owned()));
            }
            return self.edit_with_images(&mut |project| project.clone_from(&after));
        }
        self.edit_with_images(change);
    }

    fn edit_with_images(self, change: &mut dyn FnMut(&mut Project)) {
        self.history.update(|h| h.edit(change));
    }

    /// Changes the model.
    pub fn edit_model(self, change: impl FnOnce(&mut Model)) {
        self.edit(|project| change(&mut project.model));
    }

    /// Changes one frame.
    pub fn edit_frame(self, index: usize, change: impl FnOnce(&mut Frame)) {
        self.edit(|project| {
            if let Some(frame) = project.series.frames.get_mut(index) {
                change(frame);
            }
        });
    }

    /// All edits until [`App::end_drag`] are one step.
    pub fn begin_drag(self) {
        self.history.update_untracked(History::begin);
    }

    /// Ends what [`App::begin_drag`] began.
    pub fn end_drag(self) {
        self.history.update(History::commit);
    }

    /// Takes back what was done since [`App::begin_drag`].
    pub fn abort_drag(self) {
        self.history.update(History::abort);
    }

    /// One step back.
    pub fn undo(self) {
        self.history.update(|h| {
            h.undo();
        });
    }

    /// To a state of the history, back or forward.
    pub fn go_back_to(self, place: usize) {
        self.history.update(|h| h.go_to(place));
    }

    /// One step forward again.
    pub fn redo(self) {
        self.history.update(|h| {
            h.redo();
        });
    }

    /// Selects a frame by how far it is from the selected one.
    pub fn step_selection(self, by: isize) {
        let count = self.frame_count();
        if count > 0 {
            self.selected
                .update(|s| *s = s.saturating_add_signed(by).min(count - 1));
        }
    }

    /// Leaves a frame out of the fit, or takes it back.
    pub fn toggle_excluded(self, index: usize) {
        self.edit_frame(index, |frame| {
            frame.excluded = match frame.excluded {
                Some(_) => None,
                None => Some(text::excluded_by_user().to_owned()),
            };
        });
    }
}
