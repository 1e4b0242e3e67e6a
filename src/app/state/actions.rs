//! What changes the state: the user's acts and the worker's answers.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::File;

use crate::engine::{Event, Failure, FailureKind, Loaded};
use crate::figures::ColorMap;
use crate::fit::{Arrangement, Inside};
use crate::kinetics::MeltingEntropy;
use crate::project::{Frame, History, Model, PhaseChoices, Project, Provenance, Series};

use super::{App, Bar, Loading, Pixels, Progress, Ruler, Slot, Tab, View, WorkerState};
use crate::app::widgets::effect;
use crate::app::worker::{Client, Job, Report};
use crate::app::{browser, panels, persistence, text};

/// Largest side of the pictures in the strip.
const THUMB_SIDE: usize = 320;
/// Largest side of the picture in the frame view.
const PICTURE_SIDE: usize = 1600;

/// What is remembered from call to call and shown nowhere.
#[derive(Default)]
pub struct Memory {
    /// Number of the last analysis asked for.
    analysis: u64,
    /// Number of the last question for phase diagrams.
    phase: u64,
    /// Fingerprint of the files that are open.
    files: String,
    /// Fingerprint of what is being opened.
    opening: String,
    /// Whether the files being opened join those that are open.
    adding: bool,
}

impl App {
    /// An empty page with its worker on the way.
    pub fn new() -> App {
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
            measured: RwSignal::new(Vec::new()),
            analysis: RwSignal::new(Slot::Idle),
            phase: RwSignal::new(Slot::Idle),
            thumbs: RwSignal::new(Vec::new()),
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
        effect(move || {
            let frame = self.selected.get();
            if self.thumbs.with(|t| t.len()) > frame {
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
                self.phase.update(|slot| slot.run(Progress::default()));
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

    fn submit(self, job: Job) {
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
        self.analysis.update(|slot| slot.run(Progress::default()));
        let project = Box::new(project.clone());
        // Where nobody has said which element is inside, the first image is asked before anything is fitted.
        self.submit(match project.model.pair {
            None => Job::Arrange { project },
            Some(_) => Job::Analyze { id, project },
        });
    }

    /// The first image has been asked which element is inside. Its answer is one step of undo, and never against the user's.
    fn arranged(self, found: Option<Arrangement>) {
        let project = self.history.with_untracked(|h| h.present().clone());
        if project.model.pair.is_some() {
            return;
        }
        let Some(found) = found else {
            let id = self.memory.with_value(|memory| memory.analysis);
            let project = Box::new(project);
            return self.submit(Job::Analyze { id, project });
        };
        let exchange = found.inside() == Inside::Exchanged;
        self.history.update(|h| {
            h.amend(|p| {
                p.model.pair.get_or_insert(Provenance::Assumed);
            });
            if exchange {
                h.edit(|p| p.model.exchange_pair());
            }
        });
        if exchange {
            let Model { core, shell, .. } = &project.model;
            let words = text::pair_exchanged(shell, core, &found);
            self.remark.set(Some(words));
        }
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

    fn hear(self, report: Report) {
        match report {
            Report::Ready => self.worker.set(WorkerState::Ready),
            Report::Event(event) => self.hear_event(event),
            Report::Crashed { message, job } => {
                self.worker.set(WorkerState::Starting);
                let failure = Failure {
                    kind: FailureKind::Request,
                    chain: vec![text::worker_crashed().to_owned(), message],
                    remedy: text::worker_crashed_remedy().to_owned(),
                };
                self.remark.set(Some(text::worker_restarted().to_owned()));
                match job {
                    Some(Job::Open { .. } | Job::Choose { .. } | Job::Sample { .. }) => {
                        self.loading.set(Loading::Failed(failure));
                    }
                    Some(Job::Analyze { .. } | Job::Arrange { .. }) => {
                        self.analysis.update(|slot| slot.fail(failure))
                    }
                    _ => {}
                }
            }
            Report::Unavailable(why) => {
                self.loading.set(Loading::Idle);
                self.analysis.update(Slot::give_up);
                self.worker.set(WorkerState::Unavailable(why));
            }
        }
    }

    fn hear_event(self, event: Event) {
        let current = self.memory.with_value(|memory| memory.analysis);
        match event {
            Event::Hello { .. } => {}
            Event::Progress {
                id,
                stage,
                done,
                total,
            } => {
                let progress = Progress {
                    stage: Some(stage),
                    done,
                    total,
                };
                if id == 0 {
                    self.loading.update(|loading| {
                        if matches!(loading, Loading::Running(_)) {
                            *loading = Loading::Running(progress);
                        }
                    });
                } else {
                    self.analysis.update(|slot| slot.run(progress));
                }
            }
            Event::Loaded(loaded) => self.loaded(*loaded),
            // Measurements of an analysis that has been overtaken are shown all the same: while something is being
            // dragged, every analysis is overtaken.
            Event::Measured { frame, .. } => self.measured.update(|measured| {
                let index = frame.frame;
                if let Some(slot) = measured.get_mut(index) {
                    *slot = Some(Arc::new(*frame));
                }
            }),
            Event::Analyzed { id, outcome } => {
                self.analysis.update(|slot| match outcome {
                    Ok(analysis) if id == current => *slot = Slot::Ready(Arc::new(*analysis)),
                    Ok(analysis) => {
                        *slot = Slot::Running {
                            progress: Progress::default(),
                            previous: Some(Arc::new(*analysis)),
                        };
                    }
                    Err(failure) if id == current => slot.fail(failure),
                    Err(_) => {}
                });
            }
            Event::Arranged(found) => self.arranged(found),
            Event::Picture(Ok(plane)) => {
                let (frame, small) = (plane.frame, plane.width.max(plane.height) <= THUMB_SIDE);
                let plane = Arc::new(plane);
                let missing = self
                    .thumbs
                    .with_untracked(|thumbs| matches!(thumbs.get(frame), Some(None)));
                if missing {
                    self.thumbs.update(|thumbs| {
                        if let Some(slot) = thumbs.get_mut(frame) {
                            *slot = Some(plane.clone());
                        }
                    });
                }
                if frame == self.selected.get_untracked() && (!small || !missing) {
                    self.picture.set(Some(plane));
                }
            }
            // The page computes the size effect by itself, within a frame.
            Event::Picture(Err(_)) | Event::SizeEffect(_) => {}
            Event::ScaleBar { drawn, bar } => self.ruler.update(|ruler| {
                // A line that has been moved since waits for its own answer.
                if let Some(ruler) = ruler.as_mut().filter(|r| r.ends == drawn) {
                    *ruler = match bar {
                        Ok(bar) => Ruler {
                            ends: [bar.start, bar.end],
                            bar: Bar::Found(bar.length_se_px),
                        },
                        Err(_) => Ruler {
                            ends: drawn,
                            bar: Bar::Missing,
                        },
                    };
                }
            }),
            Event::Pixels { frame, pixels } => self.pixels.set(Some(Arc::new(Pixels {
                frame,
                points: pixels,
            }))),
            Event::PhaseDiagram(outcome) => self.phase.update(|slot| {
                let asked = self.memory.with_value(|memory| memory.phase);
                match outcome {
                    Ok(answer) if answer.id == asked => *slot = Slot::Ready(Arc::new(*answer)),
                    // While the slider is being dragged, every answer but the last has been overtaken.
                    Ok(answer) => {
                        *slot = Slot::Running {
                            progress: Progress::default(),
                            previous: Some(Arc::new(*answer)),
                        };
                    }
                    Err(failure) => slot.fail(failure),
                }
            }),
            Event::Failed(failure) => self.loading.set(Loading::Failed(failure)),
        }
    }

    fn loaded(self, loaded: Loaded) {
        let (files, adding) = self.memory.with_value(|memory| {
            let files = match memory.adding {
                true => format!("{}+{}", memory.files, memory.opening),
                false => memory.opening.clone(),
            };
            (files, memory.adding)
        });
        let Loaded {
            mut series,
            found,
            chosen,
            model,
            failures,
            notices,
        } = loaded;
        let before = self.history.with_untracked(|h| h.present().clone());
        let model = if adding {
            take_over(&mut series, &before.series);
            before.model.clone()
        } else {
            model.unwrap_or_else(|| Model {
                // Habits of the laboratory stay, findings about the last series do not.
                core: before.model.core.clone(),
                shell: before.model.shell.clone(),
                ..Model::default()
            })
        };
        let count = series.frames.len();
        let phase = if adding {
            before.phase.clone()
        } else {
            PhaseChoices {
                radius_nm: None,
                points: Vec::new(),
                ..before.phase
            }
        };
        let project = Project {
            series,
            model,
            // What is known of materials does not change with the images.
            materials: before.materials.clone(),
            phase,
            ..Project::default()
        };
        // Decisions are kept for each series of the same files.
        let fingerprint = match found.get(chosen).filter(|_| chosen > 0) {
            Some(other) => format!("{files} {}", other.name),
            None => files.clone(),
        };
        self.memory.update_value(|memory| memory.files = files);
        let restored = (!adding)
            .then(|| persistence::saved_decisions(&fingerprint))
            .flatten()
            .and_then(|saved| restore(&project, saved));
        batch(move || {
            self.loading.set(Loading::Idle);
            self.failures.set(failures);
            self.found.set(found);
            self.chosen.set(chosen);
            self.load_notices.set(notices);
            self.fingerprint.set(Some(fingerprint));
            self.measured.set(vec![None; count]);
            self.thumbs.set(vec![None; count]);
            self.analysis.set(Slot::Idle);
            self.picture.set(None);
            if !adding || self.selected.get_untracked() >= count {
                self.selected.set(0);
            }
            if adding {
                self.history.update(|h| h.edit(|p| *p = project));
            } else {
                self.history.set(History::new(project));
                if let Some(restored) = restored {
                    // One step, so that undo gives the series as the files have it.
                    self.history.update(|h| h.edit(|p| *p = restored));
                    self.remark.set(Some(text::decisions_restored().to_owned()));
                }
            }
        });
        for frame in 0..count {
            self.submit(Job::Picture {
                frame,
                side: THUMB_SIDE,
            });
        }
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

/// Whether two frames are the same picture.
fn same_picture(a: &Frame, b: &Frame) -> bool {
    a.file == b.file && a.signal == b.signal && a.plane == b.plane && a.size == b.size
}

/// Decisions of the frames that were open before.
fn take_over(series: &mut Series, before: &Series) {
    for frame in &mut series.frames {
        if let Some(old) = before.frames.iter().find(|old| same_picture(old, frame)) {
            let digest = std::mem::take(&mut frame.digest);
            *frame = Frame {
                digest,
                ..old.clone()
            };
        }
    }
}

/// The saved document, if it is about the same pictures and says anything that the files do not.
fn restore(opened: &Project, saved: Project) -> Option<Project> {
    let (a, b) = (&opened.series.frames, &saved.series.frames);
    let same = a.len() == b.len()
        && a.iter().all(|frame| {
            b.iter().any(|other| {
                same_picture(frame, other)
                    && (frame.digest.is_empty()
                        || other.digest.is_empty()
                        || frame.digest == other.digest)
            })
        });
    (same && saved != *opened).then_some(saved)
}
