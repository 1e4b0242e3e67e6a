//! What the worker's answers change.

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::{Event, Failure, FailureKind, Loaded, Plane};
use crate::fit::{Arrangement, Inside};
use crate::language::Said;
use crate::project::{
    Frame, History, MOST_COMPANIONS, Model, PhaseChoices, Project, Provenance, Series,
};

use super::actions::THUMB_SIDE;
use super::{App, Bar, Certainty, Loading, Pixels, Progress, Ruler, Slot, WorkerState};
use crate::app::worker::{Job, Opening, Report};
use crate::app::{browser, persistence, text};

impl App {
    /// Takes in what the worker says.
    pub(super) fn hear(self, report: Report) {
        match report {
            Report::Ready => self.worker.set(WorkerState::Ready),
            Report::Event { event, job } => self.hear_event(event, job),
            Report::Crashed { message, job } => {
                self.worker.set(WorkerState::Starting);
                let failure = Failure {
                    kind: FailureKind::Request,
                    chain: vec![
                        Said::of(&|| text::worker_crashed().to_owned()),
                        Said::name(message),
                    ],
                    remedy: Said::of(&|| text::worker_crashed_remedy().to_owned()),
                };
                self.remark.set(Some(text::worker_restarted().to_owned()));
                match job {
                    Some(Job::Open(_, opening)) => {
                        // Others are on their way.
                        if !self.opens_more() {
                            self.stay();
                            self.loading.set(Loading::Failed(failure));
                        }
                        self.let_go(&opening);
                    }
                    Some(Job::Companions { .. } | Job::References { .. }) => {
                        self.loading.set(Loading::Failed(failure));
                    }
                    Some(Job::Analyze { .. } | Job::Arrange { .. }) if self.analyzes() => {}
                    Some(job @ (Job::Analyze { .. } | Job::Arrange { .. })) => {
                        // Once more in the new worker; what breaks that one down, too, is not tried a third time.
                        let first = self.memory.try_update_value(|memory| {
                            let id = memory.analysis;
                            std::mem::replace(&mut memory.tried_again, id) != id
                        });
                        if first == Some(true) {
                            self.submit(job);
                        } else {
                            self.analysis.update(|slot| slot.fail(failure));
                        }
                    }
                    Some(Job::Assess { .. }) => self.stop_assessing(),
                    Some(Job::Plan(_)) => self.teach.plan.update(|slot| slot.fail(failure)),
                    Some(Job::TourPhase(_)) => self.teach.phase.update(|slot| slot.fail(failure)),
                    Some(Job::ScaleBar { .. }) => self.ruler.set(None),
                    Some(Job::Contents { .. }) => self.contents.update(|slot| slot.fail(failure)),
                    Some(
                        Job::Spectra { .. }
                        | Job::Maps(..)
                        | Job::ElementProfiles(..)
                        | Job::RegionSpectrum(..)
                        | Job::Valence(..),
                    ) => self.maps.give_up(),
                    _ => {}
                }
            }
            Report::Unavailable(why) => {
                self.loading.set(Loading::Idle);
                self.analysis.update(Slot::give_up);
                self.contents.update(Slot::give_up);
                self.teach.give_up();
                self.maps.give_up();
                self.worker.set(WorkerState::Unavailable(why));
            }
        }
    }

    fn hear_event(self, event: Event, job: Option<Job>) {
        // Others ask for phase diagrams, too.
        let of_tour = matches!(job, Some(Job::TourPhase(_)));
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
                    self.progress.set(progress);
                }
            }
            Event::Loaded(loaded) => {
                if let Some(Job::Open(_, opening)) = job {
                    self.loaded(*loaded, &opening);
                }
            }
            // Measurements of an analysis that has been overtaken are shown all the same: while something is being
            // dragged, every analysis is overtaken.
            Event::Measured { frame, picture, .. } => {
                let first = self.memory.try_update_value(|memory| {
                    memory.measured.push((*frame, picture));
                    memory.measured.len() == 1
                });
                if first == Some(true) {
                    request_animation_frame(move || self.take_measured());
                }
            }
            Event::Analyzed { id, outcome } => {
                self.take_measured();
                self.ask_missing_pictures();
                self.analysis.update(|slot| match outcome {
                    Ok(analysis) if id == current => *slot = Slot::Ready(Arc::new(*analysis)),
                    Ok(analysis) => {
                        *slot = Slot::Running {
                            previous: Some(Arc::new(*analysis)),
                        };
                    }
                    Err(failure) if id == current => slot.fail(failure),
                    Err(_) => {}
                });
                let ready = self
                    .analysis
                    .with_untracked(|slot| matches!(slot, Slot::Ready(_)));
                if id == current && ready {
                    self.certainty.set(Certainty::default());
                    self.assess();
                }
            }
            Event::Assessed {
                id,
                done,
                total,
                long,
                assessment,
            } if id == current => {
                let goes_on = done < total && self.certainty.with_untracked(|c| c.running);
                // The worker stays free for whatever is touched next.
                let waits = goes_on && long && !self.looks_closer.get_untracked();
                let running = goes_on && !waits;
                let had_drawn = self.certainty.with_untracked(|c| c.found.drawn.is_some());
                if assessment.drawn.is_some() && !had_drawn {
                    self.analysis.update(|slot| {
                        if let Slot::Ready(analysis) = slot {
                            *slot = Slot::Ready(Arc::new(analysis.assessed(&assessment)));
                        }
                    });
                }
                self.certainty.set(Certainty {
                    found: Arc::new(*assessment),
                    done,
                    total,
                    running,
                    waits,
                });
                if running {
                    self.assess();
                }
            }
            Event::Assessed { .. } => {}
            Event::Arranged(found) => self.arranged(found),
            Event::Picture(Ok(plane)) => {
                // A picture of another signal may have been asked for before.
                let of_strip =
                    matches!(&job, Some(Job::Picture { side, .. }) if *side == THUMB_SIDE);
                if of_strip {
                    self.show_in_strip(vec![plane]);
                } else if plane.frame == self.selected.get_untracked()
                    && self.place(plane.frame).as_ref() == Some(&plane.at)
                {
                    self.picture.set(Some(Arc::new(plane)));
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
            Event::PhaseDiagram(outcome) if of_tour => self.teach.phased(outcome),
            Event::PhaseDiagram(outcome) => self.phase.update(|slot| {
                let asked = self.memory.with_value(|memory| memory.phase);
                match outcome {
                    Ok(answer) if answer.id == asked => *slot = Slot::Ready(Arc::new(*answer)),
                    // While the slider is being dragged, every answer but the last has been overtaken.
                    Ok(answer) => {
                        *slot = Slot::Running {
                            previous: Some(Arc::new(*answer)),
                        };
                    }
                    Err(failure) => slot.fail(failure),
                }
            }),
            Event::References {
                references,
                failures,
            } => self.references_found(references, failures),
            Event::Companions {
                companions,
                failures,
            } => self.companions_found(companions, failures),
            Event::Contents(outcome) => self.looked_into(outcome),
            Event::ReadWith(outcome) => self.read_again(outcome),
            Event::Plan(outcome) => self.teach.planned(outcome),
            Event::Spectra(outcome) => {
                if let Some(Job::Spectra { files, .. }) = job {
                    self.spectra_found(&files, outcome);
                }
            }
            Event::Maps(outcome) => self.mapped(outcome),
            Event::ElementProfiles(outcome) => self.maps.profiled(outcome),
            Event::RegionSpectrum(outcome) => self.maps.summed(outcome),
            Event::Valence(id, outcome) => self.maps.read(id, outcome),
            // Files that were dropped since are on their way.
            Event::Failed(_) if self.opens_more() => {
                if let Some(Job::Open(_, opening)) = job {
                    self.let_go(&opening);
                }
            }
            Event::Failed(failure) => {
                self.loading.set(Loading::Failed(failure));
                // What is no heating series may be a spectrum image.
                self.look_for_spectra();
            }
        }
    }

    /// Shows the measurements that have come since the last frame of the screen. Those of frames that are as they were change
    /// nothing: most of them, when one circle of many is dragged.
    fn take_measured(self) {
        let new = self
            .memory
            .try_update_value(|memory| std::mem::take(&mut memory.measured));
        let (frames, pictures): (Vec<_>, Vec<_>) = new.unwrap_or_default().into_iter().unzip();
        self.show_in_strip(pictures.into_iter().flatten().map(|p| *p).collect());
        self.measured.maybe_update(|measured| {
            let mut changed = false;
            for frame in frames {
                if let Some(slot) = measured.get_mut(frame.frame)
                    && slot.as_deref() != Some(&frame)
                {
                    *slot = Some(Arc::new(frame));
                    changed = true;
                }
            }
            changed
        });
    }

    /// Pictures of the strip, but for those of another signal, which were asked for before.
    fn show_in_strip(self, planes: Vec<Plane>) {
        self.thumbs.maybe_update(|thumbs| {
            let mut changed = false;
            for plane in planes {
                let here = self.place(plane.frame).as_ref() == Some(&plane.at);
                if let Some(slot) = thumbs.get_mut(plane.frame).filter(|_| here) {
                    *slot = Some(Arc::new(plane));
                    changed = true;
                }
            }
            changed
        });
    }

    fn loaded(self, loaded: Loaded, opening: &Opening) {
        let joined = self.take_files(opening);
        let last = !self.opens_more();
        let adding = opening.joins;
        let files = match &joined {
            Some(before) => format!("{before}+{}", opening.name),
            None => opening.name.clone(),
        };
        let Loaded {
            mut series,
            found,
            chosen,
            model,
            decisions,
            reduced,
            originals,
            failures,
            heater_log,
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
        let project = decisions
            .map(|decisions| match adding {
                // The images of a project have come: what was decided since it was opened stays.
                true => with_files_of(before.clone(), &decisions.series),
                false => *decisions,
            })
            .unwrap_or_else(|| Project {
                series,
                model,
                // What is known of materials does not change with the images.
                materials: before.materials.clone(),
                companions: before.companions.clone(),
                phase,
                ..Project::default()
            });
        // What was set beside the last series goes along.
        let set_beside = |project: &mut Project| {
            for other in &before.companions {
                let known = project.companions.iter().any(|c| c.is_same(other));
                if !known && project.companions.len() < MOST_COMPANIONS {
                    project.companions.push(other.clone());
                }
            }
        };
        let mut project = project;
        set_beside(&mut project);
        // Decisions are kept for each series of the same files.
        let fingerprint = match found.get(chosen).filter(|_| chosen > 0) {
            Some(other) => format!("{files} {}", other.name),
            None => files.clone(),
        };
        self.memory.update_value(|memory| {
            memory.files = files;
            memory.originals = originals;
            memory.measured.clear();
        });
        let restored = (!adding)
            .then(|| persistence::saved_decisions(&fingerprint))
            .flatten()
            .and_then(|mut saved| {
                set_beside(&mut saved);
                restore(&project, saved)
            });
        batch(move || {
            self.loading.set(match last {
                true => Loading::Idle,
                false => Loading::Running(Progress::default()),
            });
            self.failures.set(failures);
            self.found.set(found);
            self.chosen.set(chosen);
            self.heater_log.set(heater_log.map(|log| Arc::new(*log)));
            self.load_notices.set(notices);
            self.fingerprint.set(Some(fingerprint));
            self.without_images.set(reduced);
            self.analysis.set(Slot::Idle);
            self.certainty.set(Certainty::default());
            self.contents.set(Slot::Idle);
            if !adding {
                self.selected.set(0);
            }
            if adding {
                self.history.update(|h| h.edit(|p| *p = project));
            } else {
                self.history.set(History::new(project));
                if reduced {
                    self.remark.set(Some(text::opened_reduced().to_owned()));
                }
                if let Some(restored) = restored {
                    // One step, so that undo gives the series as the files have it.
                    self.history.update(|h| h.edit(|p| *p = restored));
                    self.remark.set(Some(text::decisions_restored().to_owned()));
                }
            }
            self.forget_pictures();
        });
        browser::refocus(".film");
        match count {
            // Files without a series are kept where they hold spectra.
            0 if last => self.look_for_spectra(),
            0 => self.let_go(opening),
            _ => self.keep_files(opening.kept_as.clone(), joined),
        }
        if !last {
            return;
        }
        let to_choose = opening.to_choose;
        if to_choose > 0 && to_choose < self.found.with_untracked(Vec::len) {
            return self.choose_series(to_choose);
        }
        self.join_again();
    }

    /// The first image has been asked which element is inside. Its answer is one step of undo, and never against the user's.
    fn arranged(self, found: Option<Arrangement>) {
        let project = self.history.with_untracked(|h| h.present().clone());
        if project.model.pair.is_some() {
            return;
        }
        let Some(found) = found else {
            let id = self.memory.with_value(|memory| memory.analysis);
            return self.submit(self.analysis_of(id, Box::new(project)));
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
}

/// Whether two frames are the same picture.
fn same_picture(a: &Frame, b: &Frame) -> bool {
    a.file == b.file && a.signal == b.signal && a.plane == b.plane && a.size == b.size
}

/// The decisions with the files of a series of the same frames.
fn with_files_of(mut project: Project, series: &Series) -> Project {
    for (frame, other) in project.series.frames.iter_mut().zip(&series.frames) {
        frame.file.clone_from(&other.file);
        frame.digest.clone_from(&other.digest);
    }
    if project.series.heater_log.is_none() {
        project.series.heater_log.clone_from(&series.heater_log);
    }
    project
}

/// Decisions of the frames that were open before.
fn take_over(series: &mut Series, before: &Series) {
    for frame in &mut series.frames {
        if let Some(old) = before.frames.iter().find(|old| same_picture(old, frame)) {
            let digest = std::mem::take(&mut frame.digest);
            *frame = Frame {
                digest,
                taken: frame.taken.take().or_else(|| old.taken.clone()),
                ..old.clone()
            };
        }
    }
    if let (Some(log), Some(old)) = (&mut series.heater_log, &before.heater_log)
        && log.file == old.file
    {
        log.clone_from(old);
    }
}

/// The saved document, if it is about the same files (of which another signal may have been chosen) and says anything that they do not.
fn restore(opened: &Project, mut saved: Project) -> Option<Project> {
    let (a, b) = (&opened.series.frames, &saved.series.frames);
    let alike = |a: &Frame, b: &Frame| {
        let digest = a.digest.is_empty() || b.digest.is_empty() || a.digest == b.digest;
        digest && (same_picture(a, b) || a.file == b.file && a.signal != b.signal)
    };
    let all = |a: &[Frame], b: &[Frame]| a.iter().all(|f| b.iter().any(|g| alike(f, g)));
    let same = all(a, b) && all(b, a);
    // What the files say and older decisions did not hold.
    let series = &mut saved.series;
    if series.heater_log.is_none() {
        series.heater_log.clone_from(&opened.series.heater_log);
    }
    for frame in series.frames.iter_mut().filter(|f| f.taken.is_none()) {
        let same = opened.series.frames.iter().find(|f| same_picture(f, frame));
        frame.taken = same.and_then(|f| f.taken.clone());
    }
    (same && saved != *opened).then_some(saved)
}
