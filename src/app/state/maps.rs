//! Element maps and valence: what is asked, and what came back.

use std::sync::Arc;

use leptos::prelude::*;
use web_sys::File;

use super::{App, Loading, Progress, Slot};
use crate::app::widgets::{effect, memo};
use crate::app::worker::{Job, Opening};
use crate::app::{persistence, text};
use crate::engine::{
    Failure, FileFailure, MapAnswer, MapMethod, MapQuestion, ProfileAnswer, SPECTRA_SAMPLE,
    SpectraFound, SpectraOf, SpectrumAnswer, StateBefore, ValenceQuestion,
};
use crate::project::{EdgeChoice, History, MOST_REFERENCES, MapChoices, Place, Project};
use crate::spectroscopy::{ModelSettings, Reference, Valence, ValenceSettings};

/// The room of the maps; a handle that is copied around.
#[derive(Clone, Copy)]
pub struct Maps {
    /// In place of the heating series.
    pub shown: RwSignal<bool>,
    /// Whether there is a file to look into.
    pub has_files: RwSignal<bool>,
    /// What the file holds.
    pub found: RwSignal<Slot<SpectraFound>>,
    /// What is decided, and where nothing is, what the file suggests.
    pub choices: Memo<MapChoices>,
    /// Maps show significance.
    pub significance: RwSignal<bool>,
    /// Pixels are chosen in the dark-field image in place of the sum of all counts.
    pub by_image: RwSignal<bool>,
    /// The maps.
    pub answer: RwSignal<Slot<MapAnswer>>,
    /// What they say.
    pub profiles: RwSignal<Slot<ProfileAnswer>>,
    /// The spectrum of the region.
    pub spectrum: RwSignal<Slot<SpectrumAnswer>>,
    /// The valence.
    pub valence: RwSignal<Slot<Valence>>,
    /// Fingerprint of the files, under which the decisions are kept.
    name: StoredValue<String>,
    files: StoredValue<Vec<(String, Option<File>)>, LocalStorage>,
    /// Name under which the files are kept while nobody knows what they are.
    kept_as: StoredValue<String>,
    /// The spectra that were asked for by name.
    wanted: StoredValue<Option<(String, usize)>>,
    asked: StoredValue<u64>,
    asked_spectrum: StoredValue<u64>,
    asked_valence: StoredValue<u64>,
}

/// Of a file: the decisions about it, completed by what it suggests.
fn completed(decided: &MapChoices, found: Option<&Arc<SpectraFound>>) -> MapChoices {
    let Some(found) = found else {
        return MapChoices::default();
    };
    let mut choices = match is_about(decided, found) {
        true => decided.clone(),
        false => MapChoices {
            file: found.path.clone(),
            signal: found.signal,
            ..MapChoices::default()
        },
    };
    if choices.edges.is_empty() {
        choices.edges = found.edges.iter().map(EdgeChoice::named).collect();
    }
    choices.model.get_or_insert(found.model);
    choices.zero_loss.get_or_insert(found.low_loss.is_some());
    choices
}

/// How maps are made by these decisions.
fn method(choices: &MapChoices) -> MapMethod {
    match choices.model {
        Some(true) => MapMethod::Model(ModelSettings {
            resolution_ev: choices.resolution_ev,
            ..ModelSettings::default()
        }),
        _ => MapMethod::Windows(choices.background),
    }
}

/// Whether these are decisions about what was found.
fn is_about(decided: &MapChoices, found: &SpectraFound) -> bool {
    let same = |signal: usize| found.signal.is_none_or(|s| s == signal);
    decided.file == found.path && decided.signal.is_none_or(same)
}

/// Whether they are about other spectra that were dropped with it.
fn is_beside(decided: &MapChoices, found: &SpectraFound) -> bool {
    let same = |place: &Place| decided.signal.is_none_or(|s| s == place.signal);
    let mut all = found.all.iter();
    !is_about(decided, found) && all.any(|t| t.place.file == decided.file && same(&t.place))
}

/// An answer takes its place; that of an overtaken question is shown all the same, dimmed.
pub(super) fn answered<T: Send + Sync + 'static>(
    slot: RwSignal<Slot<T>>,
    outcome: Result<Box<T>, Failure>,
    latest: impl FnOnce(&T) -> bool,
) {
    slot.update(|slot| match outcome {
        Ok(answer) if latest(&answer) => *slot = Slot::Ready(Arc::new(*answer)),
        Ok(answer) => {
            *slot = Slot::Running {
                previous: Some(Arc::new(*answer)),
            };
        }
        Err(failure) => slot.fail(failure),
    });
}

/// The next number of a counter.
pub(super) fn next(counter: StoredValue<u64>) -> u64 {
    counter.update_value(|n| *n += 1);
    counter.get_value()
}

impl Maps {
    /// Nothing to look into.
    pub fn new(history: RwSignal<History<Project>>) -> Maps {
        let found = RwSignal::new(Slot::<SpectraFound>::Idle);
        Maps {
            shown: RwSignal::new(false),
            has_files: RwSignal::new(false),
            found,
            choices: memo(move || {
                let found = found.with(|slot| slot.shown().cloned());
                history.with(|h| completed(&h.present().maps, found.as_ref()))
            }),
            significance: RwSignal::new(false),
            by_image: RwSignal::new(false),
            answer: RwSignal::new(Slot::Idle),
            profiles: RwSignal::new(Slot::Idle),
            spectrum: RwSignal::new(Slot::Idle),
            valence: RwSignal::new(Slot::Idle),
            name: StoredValue::new(String::new()),
            kept_as: StoredValue::new(String::new()),
            files: StoredValue::new_local(Vec::new()),
            wanted: StoredValue::new(None),
            asked: StoredValue::new(0),
            asked_spectrum: StoredValue::new(0),
            asked_valence: StoredValue::new(0),
        }
    }

    /// Whether the worker is at it.
    pub fn is_running(self) -> bool {
        self.found.with(Slot::is_running)
            || self.answer.with(Slot::is_running)
            || self.profiles.with(Slot::is_running)
            || self.valence.with(Slot::is_running)
    }

    /// Ends what is under way; what was there stays.
    pub fn give_up(self) {
        self.found.update(Slot::restore);
        self.answer.update(Slot::give_up);
        self.profiles.update(Slot::give_up);
        self.spectrum.update(Slot::give_up);
        self.valence.update(Slot::give_up);
    }

    /// Other files: what was found in the last ones is gone.
    pub fn remember(self, name: &str, kept_as: &str, files: Vec<(String, Option<File>)>) {
        self.has_files.set(!files.is_empty());
        self.name.set_value(name.to_owned());
        self.kept_as.set_value(kept_as.to_owned());
        self.files.set_value(files);
        self.wanted.set_value(None);
        self.shown.set(false);
        self.found.set(Slot::Idle);
        self.answer.set(Slot::Idle);
        self.profiles.set(Slot::Idle);
        self.spectrum.set(Slot::Idle);
        self.valence.set(Slot::Idle);
    }

    /// Which spectra are asked about, and the files they come from.
    fn spectra(self, choices: &MapChoices) -> (SpectraOf, Vec<File>) {
        let own = self.files.get_value().into_iter();
        let (names, files) = own.filter_map(|(name, file)| Some((name, file?))).unzip();
        let low_loss = self
            .found
            .with_untracked(|slot| slot.shown().and_then(|f| f.low_loss.clone()));
        let spectra = SpectraOf {
            files: names,
            path: choices.file.clone(),
            signal: choices.signal,
            low_loss: low_loss.filter(|_| choices.zero_loss == Some(true)),
            shift_ev: choices.shift_ev,
        };
        (spectra, files)
    }

    /// What is asked of the file, of whichever part.
    fn question(self, id: u64) -> (Box<MapQuestion>, Vec<File>) {
        let choices = self.choices.get_untracked();
        let (spectra, files) = self.spectra(&choices);
        let image = self
            .found
            .with_untracked(|slot| slot.shown()?.image.as_ref().map(|(place, _)| place.clone()));
        let before = choices.before.clone().and_then(|place| {
            let found = self.found.with_untracked(|slot| slot.shown().cloned())?;
            let title = found.all.iter().find(|t| t.place == place)?;
            Some(StateBefore {
                signal: Some(place.signal),
                low_loss: title
                    .low_loss
                    .clone()
                    .filter(|_| choices.zero_loss == Some(true)),
                file: place.file,
            })
        });
        let question = MapQuestion {
            id,
            before,
            dwell_s: choices.dwell_s,
            spectra,
            method: method(&choices),
            edges: choices.edges,
            circle: None,
            region: choices.region,
            kilovolts: choices.kilovolts,
            collection_mrad: choices.collection_mrad,
            first_picked: choices.first_picked,
            image: image.filter(|_| choices.with_image),
            components: choices.components,
        };
        (Box::new(question), files)
    }

    /// What the maps say has come.
    pub(super) fn profiled(self, outcome: Result<Box<ProfileAnswer>, Failure>) {
        let asked = self.asked.get_value();
        answered(self.profiles, outcome, |answer| answer.id == asked);
    }

    /// The spectrum has come.
    pub(super) fn summed(self, outcome: Result<Box<SpectrumAnswer>, Failure>) {
        let asked = self.asked_spectrum.get_value();
        answered(self.spectrum, outcome, |answer| answer.id == asked);
    }

    /// The valence has come.
    pub(super) fn read(self, id: u64, outcome: Result<Box<Valence>, Failure>) {
        let asked = self.asked_valence.get_value();
        answered(self.valence, outcome, |_| id == asked);
    }
}

impl App {
    /// The simulated spectrum image.
    pub fn open_spectra_sample(self) {
        self.leave_room();
        let files = vec![(SPECTRA_SAMPLE.to_owned(), None)];
        self.maps.remember(SPECTRA_SAMPLE, "", files);
        self.remember_sample(SPECTRA_SAMPLE);
        self.show_maps();
    }

    /// Goes to the maps, and looks for some where that has not been done.
    pub fn show_maps(self) {
        self.maps.shown.set(true);
        if matches!(
            self.maps.found.get_untracked(),
            Slot::Idle | Slot::Failed { .. }
        ) {
            self.look_for_spectra();
        }
    }

    /// Looks for spectra in what was dropped last.
    pub(super) fn look_for_spectra(self) {
        let files = self.maps.files.get_value();
        if !files.is_empty() {
            self.maps.found.update(Slot::run);
            let wanted = self.maps.wanted.get_value();
            self.submit(Job::Spectra { files, wanted });
        }
    }

    /// Chooses among the spectra that were dropped together: one step of undo.
    pub fn choose_spectra(self, place: &Place) {
        let maps = MapChoices {
            file: place.file.clone(),
            signal: Some(place.signal),
            ..MapChoices::default()
        };
        self.edit(|project| project.maps = maps);
    }

    /// Decides about the maps: one step of undo.
    pub fn edit_maps(self, change: impl FnOnce(&mut MapChoices)) {
        let before = self.maps.choices.get_untracked();
        let mut after = before.clone();
        change(&mut after);
        if after != before && !after.file.is_empty() {
            self.edit(|project| project.maps = after);
        }
    }

    /// Keeps what is decided about the maps under the name of their files, where the series has another or there is none.
    pub(super) fn save_map_choices(self, project: &Project) {
        let name = self.maps.name.get_value();
        let saved = self.has_series() && self.fingerprint.get_untracked().as_ref() == Some(&name);
        if !name.is_empty() && !project.maps.file.is_empty() && !saved {
            let maps = project.maps.clone();
            persistence::save_decisions(
                &name,
                &Project {
                    maps,
                    ..Project::default()
                },
            );
        }
    }

    /// The files that are looked into, as what is opened.
    fn spectra_opened(self) -> Opening {
        let files = self.maps.files.get_value().into_iter();
        Opening {
            name: self.maps.name.get_value(),
            files: files
                .filter_map(|(path, file)| Some((path, file?)))
                .collect(),
            kept_as: self.maps.kept_as.get_value(),
            ..Opening::default()
        }
    }

    /// What the files hold is known; of other files than those dropped last nobody wants to know.
    pub(super) fn spectra_found(
        self,
        asked: &[(String, Option<File>)],
        outcome: Result<Box<SpectraFound>, Failure>,
    ) {
        let maps = self.maps;
        if self.opens_more() || maps.files.with_value(|files| files.as_slice() != asked) {
            return;
        }
        match outcome {
            Ok(found) => batch(move || {
                let alone = !self.has_series();
                let decided = self
                    .history
                    .with_untracked(|h| h.present().maps.file.clone());
                let known = |file: &str| {
                    file == found.path || found.all.iter().any(|t| t.place.file == file)
                };
                // Only what is looked into for the first time takes up what was decided before: undo may have taken it back since.
                let first = maps.found.with_untracked(|slot| slot.shown().is_none());
                if first && !known(&decided) {
                    if alone {
                        self.history.set(History::new(Project::default()));
                    }
                    let saved = persistence::saved_decisions(&maps.name.get_value())
                        .map(|saved| saved.maps)
                        .filter(|maps| known(&maps.file));
                    if let Some(saved) = saved {
                        self.edit(|project| project.maps = saved);
                        self.remark.set(Some(text::decisions_restored().to_owned()));
                    }
                }
                maps.found.set(Slot::Ready(Arc::new(*found)));
                match (first, alone) {
                    (false, _) => {}
                    (true, true) => {
                        maps.shown.set(true);
                        self.loading.set(Loading::Idle);
                        let opening = self.spectra_opened();
                        if !opening.files.is_empty() {
                            self.take_files(&opening);
                            self.memory
                                .update_value(|memory| memory.files.clone_from(&opening.name));
                            self.keep_files(opening.kept_as, None);
                        }
                    }
                    (true, false) => {
                        // What was dropped beside the series is no series, and all that is there is shown.
                        if matches!(self.loading.get_untracked(), Loading::Failed(_)) {
                            maps.shown.set(true);
                            self.loading.set(Loading::Idle);
                        }
                        self.stay();
                    }
                }
            }),
            Err(failure) => {
                maps.found.update(|slot| slot.fail(failure));
                self.stay();
                self.let_go(&self.spectra_opened());
            }
        }
    }

    /// The maps have come; what they say is asked for when no others are under way.
    pub(super) fn mapped(self, outcome: Result<Box<MapAnswer>, Failure>) {
        let asked = self.maps.asked.get_value();
        if outcome.is_err() {
            // Nobody will ask for the profiles of maps that there are not.
            self.maps.profiles.update(Slot::give_up);
        }
        answered(self.maps.answer, outcome, |answer| answer.id == asked);
    }

    /// Reads spectra of known states.
    pub fn add_references(self, files: Vec<(String, File)>) {
        if files.is_empty() {
            return;
        }
        self.loading.set(Loading::Running(Progress::default()));
        let resolution_ev = self.maps.choices.with_untracked(|c| c.resolution_ev);
        self.submit(Job::References {
            files,
            resolution_ev,
        });
    }

    /// They are there: one step of undo.
    pub(super) fn references_found(self, found: Vec<Reference>, failures: Vec<FileFailure>) {
        let failure = failures.into_iter().next().map(FileFailure::told);
        self.loading
            .set(failure.map_or(Loading::Idle, Loading::Failed));
        let mut room = true;
        self.edit_maps(|choices| {
            choices.references.extend(found);
            room = choices.references.len() <= MOST_REFERENCES;
            choices.references.truncate(MOST_REFERENCES);
        });
        if !room {
            self.remark.set(Some(text::references_full().to_owned()));
        }
    }

    /// Decisions → maps, what they say, spectrum and valence.
    pub(super) fn follow_maps(self) {
        let maps = self.maps;
        let ready = memo(move || maps.found.with(|slot| matches!(slot, Slot::Ready(_))));
        let mapped = memo(move || {
            let choices = maps.choices.get();
            let method = method(&choices);
            (
                (choices.file, choices.signal, choices.edges, method),
                (choices.zero_loss, choices.shift_ev),
            )
        });
        // Of pictures alone: no spectrum changes with them.
        let components = memo(move || maps.choices.with(|c| c.components));
        // Other spectra among what was dropped: by choice, as decided before, or by undo, which may lead back to where nothing is decided.
        effect(move || {
            let found = maps.found.with(|slot| match slot {
                Slot::Ready(found) => Some(found.clone()),
                _ => None,
            });
            let decided = self.history.with(|h| h.present().maps.clone());
            let wanted = match found {
                Some(_) if decided.file.is_empty() => None,
                Some(found) if is_beside(&decided, &found) => {
                    Some((decided.file, decided.signal.unwrap_or(0)))
                }
                _ => return,
            };
            if maps.wanted.get_value() != wanted {
                maps.wanted.set_value(wanted);
                self.look_for_spectra();
            }
        });
        effect(move || {
            components.track();
            if !ready.get() || mapped.with(|m| m.0.2.is_empty()) {
                return;
            }
            let (question, files) = maps.question(next(maps.asked));
            maps.answer.update(Slot::run);
            maps.profiles.update(Slot::run);
            self.submit(Job::Maps(question, files));
        });
        let answered = memo(move || {
            maps.answer.with(|slot| match slot {
                Slot::Ready(answer) => Some(answer.id),
                _ => None,
            })
        });
        let first = memo(move || {
            maps.choices.with(|c| {
                (
                    (c.first_picked.clone(), c.with_image),
                    (c.before.clone(), c.dwell_s),
                    (c.kilovolts, c.collection_mrad),
                )
            })
        });
        effect(move || {
            first.track();
            if let Some(id) = answered.get() {
                let (question, files) = maps.question(id);
                maps.profiles.update(Slot::run);
                self.submit(Job::ElementProfiles(question, files));
            }
        });
        let region = memo(move || maps.choices.with(|c| (c.file.clone(), c.region)));
        let energies = memo(move || {
            maps.found
                .with(|s| s.shown().is_some_and(|f| f.axis.is_some()))
        });
        effect(move || {
            region.track();
            mapped.track();
            if ready.get() && energies.get() {
                let (question, files) = maps.question(next(maps.asked_spectrum));
                maps.spectrum.update(Slot::run);
                self.submit(Job::RegionSpectrum(question, files));
            }
        });
        let asked = memo(move || {
            let copper = maps.found.with(|slot| match slot {
                Slot::Ready(found) => found.copper,
                _ => false,
            });
            copper.then(|| {
                maps.choices.with(|c| ValenceQuestion {
                    id: 0,
                    spectra: maps.spectra(c).0,
                    single_scattering: c.single_scattering && c.zero_loss == Some(true),
                    circle: c.region,
                    references: c.references.clone(),
                    settings: ValenceSettings {
                        resolution_ev: c.resolution_ev,
                        calibration_ev: c.calibration_ev,
                        ..ValenceSettings::default()
                    },
                })
            })
        });
        effect(move || match asked.get() {
            None => maps.valence.set(Slot::Idle),
            Some(mut question) => {
                question.id = next(maps.asked_valence);
                let files = maps.choices.with_untracked(|c| maps.spectra(c).1);
                maps.valence.update(Slot::run);
                self.submit(Job::Valence(Box::new(question), files));
            }
        });
    }
}
