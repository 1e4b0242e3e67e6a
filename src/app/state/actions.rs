//! What changes the state: the user's acts, and what follows from them.

use leptos::prelude::*;
use web_sys::File;

use crate::engine::FrameMeasured;
use crate::figures::ColorMap;
use crate::kinetics::MeltingEntropy;
use crate::project::{Frame, History, Model, Project};

use super::contrast::contrast;
use super::{App, Bar, Loading, Progress, Slot, Tab, View, WorkerState};
use crate::app::widgets::effect;
use crate::app::worker::{Client, Job};
use crate::app::{browser, panels, persistence, text};

/// Largest side of the pictures in the strip.
pub(super) const THUMB_SIDE: usize = 320;
/// Largest side of the picture in the frame view.
const PICTURE_SIDE: usize = 1600;

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
    /// Fingerprint of what is being opened.
    pub(super) opening: String,
    /// Whether the files being opened join those that are open.
    pub(super) adding: bool,
    /// Measured and not shown yet.
    pub(super) measured: Vec<FrameMeasured>,
}

impl App {
    /// An empty page with its worker on the way.
    pub fn new() -> App {
        let (thumbs, measured) = (RwSignal::new(Vec::new()), RwSignal::new(Vec::new()));
        let app = App {
            history: RwSignal::new(History::new(Project::default())),
            view: View {
                dark: RwSignal::new(None),
                system_dark: RwSignal::new(false),
                colormap: RwSignal::new(ColorMap::Gray),
                celsius: RwSignal::new(false),
                inverse: RwSignal::new(true),
                by_size: RwSignal::new(false),
                melting_entropy: RwSignal::new(MeltingEntropy::Total),
                table: RwSignal::new(false),
                whole_image: RwSignal::new(false),
                dots: RwSignal::new(false),
                single_keys: RwSignal::new(true),
                tab: RwSignal::new(Tab::Frame),
            },
            selected: RwSignal::new(0),
            worker: RwSignal::new(WorkerState::Starting),
            loading: RwSignal::new(Loading::Idle),
            failures: RwSignal::new(Vec::new()),
            found: RwSignal::new(Vec::new()),
            chosen: RwSignal::new(0),
            load_notices: RwSignal::new(Vec::new()),
            measured,
            analysis: RwSignal::new(Slot::Idle),
            phase: RwSignal::new(Slot::Idle),
            progress: RwSignal::new(Progress::default()),
            thumbs,
            contrast: contrast(thumbs, measured),
            picture: RwSignal::new(None),
            pixels: RwSignal::new(None),
            ruler: RwSignal::new(None),
            remark: RwSignal::new(None),
            fingerprint: RwSignal::new(None),
            client: StoredValue::new_local(None),
            memory: StoredValue::new_local(Memory::default()),
        };
        app.client
            .set_value(Some(Client::start(move |report| app.hear(report))));
        persistence::restore_view(&app.view);
        browser::follow_system_theme(move |dark| app.view.system_dark.set(dark));
        app.follow();
        app
    }

    /// What follows from a change without anybody asking.
    fn follow(self) {
        // Decisions → analysis and autosave. The engine knows which frames are unchanged.
        Effect::new(move |previous: Option<Project>| {
            let project = self.history.with(|h| h.present().clone());
            let changed = previous.as_ref() != Some(&project);
            if changed && !project.series.frames.is_empty() {
                // What is shown of the phase diagram does not enter the analysis.
                let analyzed = previous.is_some_and(|before| {
                    (before.series, before.model, before.materials)
                        == (
                            project.series.clone(),
                            project.model.clone(),
                            project.materials.clone(),
                        )
                });
                if !analyzed {
                    self.analyze(&project);
                }
                if let Some(fingerprint) = self.fingerprint.get_untracked() {
                    persistence::save_decisions(&fingerprint, &project);
                }
            }
            project
        });
        // Selection → large picture.
        let count = Memo::new(move |_| self.thumbs.with(Vec::len));
        effect(move || {
            self.fingerprint.track();
            let frame = self.selected.get();
            if count.get() > frame {
                self.submit(Job::Picture {
                    frame,
                    side: PICTURE_SIDE,
                });
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
            if let Some(measurement) = measurement {
                self.submit(Job::Pixels {
                    frame,
                    measurement: Box::new(measurement),
                });
            }
        });
        effect(move || persistence::save_view(&self.view));
    }

    pub(super) fn submit(self, job: Job) {
        self.client.with_value(|client| {
            if let Some(client) = client {
                client.submit(job);
            }
        });
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
        self.progress.set(Progress::default());
        let project = Box::new(project.clone());
        // Where nobody has said which element is inside, the first image is asked before anything is fitted.
        self.submit(match project.model.pair {
            None => Job::Arrange { project },
            Some(_) => Job::Analyze { id, project },
        });
    }

    /// Opens files, in place of what is open or beside it.
    pub fn open(self, files: Vec<(String, File)>, add: bool) {
        if files.is_empty() {
            return;
        }
        let add = add && self.has_series();
        let fingerprint = persistence::fingerprint(
            files
                .iter()
                .map(|(path, file)| (path.as_str(), file.size() as u64)),
        );
        self.begin_opening(fingerprint, add);
        self.submit(Job::Open { files, add });
    }

    /// Opens a sample series.
    pub fn open_sample(self, preset: &str) {
        const SEED: u64 = 1;
        self.begin_opening(format!("sample {preset} {SEED}"), false);
        self.submit(Job::Sample {
            preset: preset.to_owned(),
            seed: SEED,
        });
    }

    /// Shows another series of the same files.
    pub fn choose_series(self, series: usize) {
        let files = self.memory.with_value(|memory| memory.files.clone());
        self.begin_opening(files, false);
        self.submit(Job::Choose { series });
    }

    fn begin_opening(self, fingerprint: String, add: bool) {
        self.memory.update_value(|memory| {
            memory.opening = fingerprint;
            memory.adding = add;
        });
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
        self.loading.update(|loading| {
            if matches!(loading, Loading::Running(_)) {
                *loading = Loading::Idle;
            }
        });
        self.analysis.update(Slot::give_up);
    }

    /// Asks for the scale bar under the line.
    pub fn snap_ruler(self) {
        let frame = self.selected.get_untracked();
        self.ruler.update(|ruler| {
            if let Some(ruler) = ruler {
                ruler.bar = Bar::Sought;
                let drawn = ruler.ends;
                self.submit(Job::ScaleBar { frame, drawn });
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
