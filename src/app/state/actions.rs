//! What changes the state: the user's acts, and what follows from them.

use leptos::prelude::*;
use web_sys::File;

use crate::engine::FrameMeasured;
use crate::figures::{ColorMap, Sheet};
use crate::kinetics::MeltingEntropy;
use crate::project::{Frame, History, Model, Original, Place, Project, Series};

use super::contrast::contrast;
use super::keeping::{SAMPLE_SEED, sample_fingerprint};
use super::{App, Bar, Certainty, Loading, Maps, Progress, Slot, Tab, Teach, View, WorkerState};
use crate::app::kept::Files;
use crate::app::widgets::effect;
use crate::app::worker::{Client, Job};
use crate::app::{browser, kept, panels, persistence, text};

/// Largest side of the pictures in the strip.
pub(super) const THUMB_SIDE: usize = 320;
/// Largest side of the picture in the frame view.
pub(super) const PICTURE_SIDE: usize = 1600;

/// Files on their way to be open.
#[derive(Default)]
pub(super) struct Opening {
    /// Fingerprint of their set.
    pub name: String,
    /// The files.
    pub files: Files,
    /// Whether they join those that are open.
    pub joins: bool,
    /// Name under which they are kept; empty where they are not.
    pub kept_as: String,
    /// Which of their series was shown when they were open last.
    pub to_choose: usize,
    /// The worker has been asked for them and has not answered.
    pub asked: bool,
}

impl Memory {
    /// Something else is to be opened; what the worker is at already it ends first.
    pub(super) fn opens(&mut self, next: Opening) {
        let before = std::mem::replace(&mut self.opening, next);
        if before.asked {
            self.waited = self.overtaken.is_none();
            self.overtaken.get_or_insert(before);
        }
    }

    /// What was to be opened before was only waiting for the worker.
    pub(super) fn never_opened(&mut self) {
        if self.waited {
            self.overtaken = None;
        }
    }

    /// The worker has answered: what it answers is in `opening` now, and what has been dropped since is given back.
    pub(super) fn answered(&mut self) -> Option<Opening> {
        let next = self
            .overtaken
            .take()
            .map(|first| std::mem::replace(&mut self.opening, first));
        self.opening.asked = false;
        self.waited = false;
        next
    }
}

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
    /// What is being opened, or was last.
    pub(super) opening: Opening,
    /// What the worker opens first, where something else has been dropped since.
    pub(super) overtaken: Option<Opening>,
    /// It has just been overtaken, and may have been waiting only.
    pub(super) waited: bool,
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
    pub(super) measured: Vec<FrameMeasured>,
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
        let count = Memo::new(move |_| self.thumbs.with(Vec::len));
        effect(move || {
            self.fingerprint.track();
            let frame = self.selected.get();
            if count.get() > frame {
                self.ask_picture(frame, PICTURE_SIDE);
            }
        });
        // Pair, assumptions and radius → phase diagrams.
        let question = Memo::new(move |_| panels::phase::question(self));
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
        let never_opened = self
            .client
            .with_value(|client| client.as_ref().is_some_and(|client| client.submit(job)));
        if never_opened {
            self.memory.update_value(Memory::never_opened);
        }
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
            Some(_) => Job::Analyze { id, project },
        });
    }

    /// Asks how sure the analysis is, or goes on asking.
    pub fn assess(self) {
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
        self.open_as(fingerprint, files, add);
        self.keep_opening();
    }

    /// Opens files under the name of their set.
    pub(super) fn open_as(self, fingerprint: String, files: Files, add: bool) {
        self.begin_opening(fingerprint.clone(), files.clone(), add);
        let remembered = files
            .iter()
            .map(|(path, file)| (path.clone(), Some(file.clone())));
        self.maps.remember(fingerprint, remembered.collect());
        self.submit(Job::Open { files, add });
    }

    /// Opens an analysis that came in a link.
    pub fn open_link(self, link: String) {
        let fingerprint = persistence::fingerprint([(link.as_str(), 0)].into_iter());
        if self.memory.with_value(|memory| memory.files == fingerprint) {
            return;
        }
        self.leave_room();
        self.maps.remember(String::new(), Vec::new());
        self.begin_opening(fingerprint, Vec::new(), false);
        self.submit(Job::OpenLink { link });
    }

    /// Opens a sample series.
    pub fn open_sample(self, preset: &str) {
        self.leave_room();
        self.maps.remember(String::new(), Vec::new());
        browser::clear_analysis();
        self.begin_opening(sample_fingerprint(preset), Vec::new(), false);
        self.submit(Job::Sample {
            preset: preset.to_owned(),
            seed: SAMPLE_SEED,
        });
    }

    /// Shows another series of the same files.
    pub fn choose_series(self, series: usize) {
        let (name, files) = self
            .memory
            .with_value(|memory| (memory.files.clone(), memory.open_files.clone()));
        self.begin_opening(name.clone(), files, false);
        if kept::was_open().is_some_and(|open| open.fingerprint == name) {
            self.memory
                .update_value(|memory| memory.opening.kept_as = name);
        }
        self.submit(Job::Choose { series });
    }

    /// The worker is about to be asked to open files.
    pub(super) fn begin_opening(self, name: String, files: Files, joins: bool) {
        let next = Opening {
            name,
            files,
            joins,
            asked: true,
            ..Opening::default()
        };
        self.memory.update_value(|memory| memory.opens(next));
        if self
            .memory
            .with_value(|memory| memory.opening.name != memory.files)
        {
            self.teach.blind.set(None);
        }
        self.remark.set(None);
        self.loading.set(Loading::Running(Progress::default()));
    }

    /// Ends what is being computed.
    pub fn cancel(self) {
        self.worker.set(WorkerState::Starting);
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.cancel();
            }
        });
        self.memory.update_value(|memory| {
            memory.overtaken = None;
            memory.opening.asked = false;
        });
        if matches!(self.loading.get_untracked(), Loading::Running(_)) {
            self.loading.set(Loading::Idle);
            self.let_go();
        }
        self.analysis.update(Slot::give_up);
        self.maps.give_up();
        self.teach.give_up();
        self.stop_assessing();
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
