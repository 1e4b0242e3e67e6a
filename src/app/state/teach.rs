//! Rooms to learn in: simulator, planner, tour; and a series whose truth is hidden.

use std::sync::Arc;

use leptos::prelude::*;

use super::maps::{answered, next};
use super::{App, Slot};
use crate::app::widgets::{effect, memo};
use crate::app::worker::{Job, What};
use crate::app::{browser, panels};
use crate::engine::{Failure, PhaseAnswer, PlanAnswer, PlanQuestion};
use crate::simulate::{Experiment, Live, Varied};

/// What is shown in place of the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// Synthetic images, live.
    Simulator,
    /// What a series will tell.
    Planner,
    /// Eight steps.
    Tour,
    /// The figures of the analysis, one at a time.
    Figures,
}

/// A prepared experiment; another one even where it looks the same.
#[derive(Clone)]
pub struct Prepared(pub Arc<Live>);

impl PartialEq for Prepared {
    fn eq(&self, other: &Prepared) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// A simulated series that is being analyzed.
#[derive(Clone, Debug, PartialEq)]
pub struct Blind {
    /// The truth.
    pub experiment: Experiment,
    /// Whether it may be seen.
    pub revealed: bool,
}

/// The rooms; a handle that is copied around.
#[derive(Clone, Copy)]
pub struct Teach {
    /// Which is shown; `None`: the analysis.
    pub room: RwSignal<Option<Room>>,
    /// What is simulated and planned.
    pub experiment: RwSignal<Experiment>,
    /// The same, ready for images; made when somebody looks.
    pub live: Memo<Option<Prepared>>,
    /// Moment of the heating, in frames.
    pub moment: RwSignal<f64>,
    /// Whether time passes.
    pub playing: RwSignal<bool>,
    /// Rows of the plan.
    pub varied: RwSignal<Varied>,
    /// The plan.
    pub plan: RwSignal<Slot<PlanAnswer>>,
    /// The tour's phase diagrams: bulk and particle.
    pub phase: RwSignal<Slot<PhaseAnswer>>,
    /// Step of the tour.
    pub step: RwSignal<usize>,
    /// The figure shown where there is one at a time.
    pub figure: RwSignal<usize>,
    /// The truth of the series that is analyzed.
    pub blind: RwSignal<Option<Blind>>,
    asked: StoredValue<u64>,
    asked_phase: StoredValue<u64>,
}

impl Teach {
    /// Nothing shown.
    pub fn new() -> Teach {
        let experiment = RwSignal::new(panels::teach::blank());
        let live = memo(move || {
            let live = experiment.with(Live::new).ok()?;
            Some(Prepared(Arc::new(live)))
        });
        Teach {
            room: RwSignal::new(None),
            experiment,
            live,
            moment: RwSignal::new(0.0),
            playing: RwSignal::new(false),
            varied: RwSignal::new(Varied::Dose),
            plan: RwSignal::new(Slot::Idle),
            phase: RwSignal::new(Slot::Idle),
            step: RwSignal::new(0),
            figure: RwSignal::new(0),
            blind: RwSignal::new(None),
            asked: StoredValue::new(0),
            asked_phase: StoredValue::new(0),
        }
    }

    /// Nothing is computed any more.
    pub(super) fn give_up(self) {
        self.plan.update(Slot::give_up);
        self.phase.update(Slot::give_up);
    }

    /// The answer to a question that has not been overtaken; those that have are shown all the same, dimmed.
    pub(super) fn planned(self, outcome: Result<Box<PlanAnswer>, Failure>) {
        let asked = self.asked.get_value();
        answered(self.plan, outcome, |a| a.id == asked);
    }

    /// The same for the phase diagrams.
    pub(super) fn phased(self, outcome: Result<Box<PhaseAnswer>, Failure>) {
        let asked = self.asked_phase.get_value();
        answered(self.phase, outcome, |a| a.id == asked);
    }
}

impl App {
    /// Goes to a room, or back to the analysis; the address follows.
    pub fn go_to(self, room: Option<Room>) {
        let left = self.teach.room.get_untracked();
        if room.is_none() && !self.has_series() {
            // Back to where it was entered from.
            browser::refocus(match left {
                Some(Room::Simulator) => "[data-test=first-simulator]",
                Some(Room::Planner) => "[data-test=first-planner]",
                _ => "[data-test=first-tour]",
            });
        } else if room.is_none() {
            browser::refocus(".film");
        }
        batch(move || {
            self.teach.playing.set(false);
            self.teach.figure.set(0);
            self.view.presenting.set(room == Some(Room::Figures));
            self.teach.room.set(room);
        });
        self.write_room();
    }

    /// Back to the analysis; the address stays.
    pub(super) fn leave_room(self) {
        if self.teach.room.get_untracked().is_some() {
            self.teach.playing.set(false);
            self.view.presenting.set(false);
            self.teach.room.set(None);
        }
    }

    /// Puts room and step into the address.
    pub fn write_room(self) {
        let step = self.teach.step.get_untracked();
        match self.teach.room.get_untracked() {
            None | Some(Room::Figures) => browser::clear_fragment(),
            Some(Room::Simulator) => browser::set_fragment("simulator"),
            Some(Room::Planner) => browser::set_fragment("planner"),
            Some(Room::Tour) => browser::set_fragment(&format!("tour={}", step + 1)),
        }
    }

    /// Goes where the address says; whether it names a room.
    pub fn read_room(self) -> bool {
        let fragment = browser::fragment().unwrap_or_default();
        let room = match fragment.split('=').next() {
            Some("simulator") => Room::Simulator,
            Some("planner") => Room::Planner,
            Some("tour") => {
                let step = fragment.strip_prefix("tour=").and_then(|n| n.parse().ok());
                let last = panels::teach::STEPS - 1;
                let step = step.map_or(0, |n: usize| n.saturating_sub(1).min(last));
                self.teach.step.set(step);
                Room::Tour
            }
            _ => return false,
        };
        self.go_to(Some(room));
        true
    }

    /// Opens a simulated series; its truth is hidden until it is asked for.
    pub fn open_simulated(self, experiment: Experiment, seed: u64) {
        let name = panels::teach::name_of(&experiment, seed);
        let what = What::Simulated(Box::new(experiment.clone()), seed);
        self.open_named(what, name);
        self.teach.blind.set(Some(Blind {
            experiment,
            revealed: false,
        }));
        self.go_to(None);
    }

    /// Experiment → plan or phase diagrams, while somebody looks at them.
    pub(super) fn follow_plans(self) {
        let teach = self.teach;
        effect(move || {
            if teach.room.get() != Some(Room::Planner) {
                return;
            }
            let question = PlanQuestion {
                id: next(teach.asked),
                experiment: teach.experiment.get(),
                varied: teach.varied.get(),
                materials: self
                    .history
                    .with_untracked(|h| h.present().materials.clone()),
            };
            teach.plan.update(Slot::run);
            self.submit(Job::Plan(Box::new(question)));
        });
        let question = memo(move || panels::teach::phase_question(self));
        effect(move || {
            if let Some(mut question) = question.get() {
                question.id = next(teach.asked_phase);
                teach.phase.update(Slot::run);
                self.submit(Job::TourPhase(Box::new(question)));
            }
        });
    }
}
