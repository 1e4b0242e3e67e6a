//! All that the page knows, in its tiers, as signals.

mod actions;
mod answers;
mod compare;
mod contents;
mod contrast;
mod keeping;
mod maps;
mod results;
mod teach;

pub use compare::Compared;
pub use maps::Maps;
pub use results::{Certainty, Loading, Progress, Slot, WorkerState};
pub use teach::{Blind, Room, Teach};

use std::sync::Arc;

use leptos::prelude::*;

use crate::engine::{
    Analysis, FileContents, FileFailure, Found, FrameMeasured, PhaseAnswer, Plane,
};
use crate::figures::{ColorMap, Sheet, Theme};
use crate::formats::HeaterLog;
use crate::imaging::{Circle, Point};
use crate::kinetics::MeltingEntropy;
use crate::language::Language;
use crate::project::{Frame, History, Model, Project};
use crate::signal::Notice;

use super::browser;
use super::kept::Kept;
use super::worker::Client;

/// How the page looks; kept by the browser, no part of the document.
#[derive(Clone, Copy)]
pub struct View {
    /// `None`: as the system says.
    pub dark: RwSignal<Option<bool>>,
    /// What the system says.
    pub system_dark: RwSignal<bool>,
    /// `None`: as the browser says.
    pub language: RwSignal<Option<Language>>,
    /// Colors of the images.
    pub colormap: RwSignal<ColorMap>,
    /// Temperatures in °C instead of K.
    pub celsius: RwSignal<bool>,
    /// D over 1000/T instead of T.
    pub inverse: RwSignal<bool>,
    /// The size effect in place of the phase diagram.
    pub by_size: RwSignal<bool>,
    /// Entropy in eq. 10.
    pub melting_entropy: RwSignal<MeltingEntropy>,
    /// Whether the table of the series is open.
    pub table: RwSignal<bool>,
    /// Whether T(t) of the heater log is open.
    pub heating: RwSignal<bool>,
    /// The frame view shows the whole image, not the particle.
    pub whole_image: RwSignal<bool>,
    /// All pixels as dots behind the profile.
    pub dots: RwSignal<bool>,
    /// Single-character keys act.
    pub single_keys: RwSignal<bool>,
    /// The browser keeps the files of series.
    pub keeps: RwSignal<bool>,
    /// One figure at a time, large, for a lecture hall.
    pub presenting: RwSignal<bool>,
    /// Size of saved figures.
    pub sheet: RwSignal<Sheet>,
    /// Saved tables have decimal commas.
    pub commas: RwSignal<bool>,
    /// Saved tables have their units in a row of their own.
    pub unit_row: RwSignal<bool>,
    /// The browser remembers how it looks.
    pub lasts: RwSignal<bool>,
    /// On narrow screens: which figure is shown.
    pub tab: RwSignal<Tab>,
}

impl View {
    /// The language: that of the address (`?lang=de`), or what was chosen, or the browser's.
    pub fn spoken(&self) -> Language {
        let chosen = self.language.get();
        browser::parameter("lang")
            .and_then(|tag| Language::of_tag(&tag))
            .or(chosen)
            .unwrap_or_else(browser::language)
    }

    /// Colors of the figures.
    pub fn figure_theme(&self) -> Theme {
        let theme = if self.dark.get().unwrap_or(self.system_dark.get()) {
            Theme::dark()
        } else {
            Theme::light()
        };
        if self.presenting.get() {
            return theme.for_a_hall();
        }
        // As the style sheet does on very wide screens.
        if browser::width_px() >= 2200.0 {
            theme.enlarged(1.25)
        } else {
            theme
        }
    }
}

/// The figures, of which a narrow screen shows one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// Frame and model.
    #[default]
    Frame,
    /// Profiles.
    Profiles,
    /// D(T).
    Diffusivity,
    /// Phase diagram.
    Phase,
}

/// The pixels of a frame.
pub struct Pixels {
    /// Index in the series.
    pub frame: usize,
    /// Distance from the center (pixels) and value over the background.
    pub points: Vec<(f64, f64)>,
}

/// A line along a burnt-in scale bar.
#[derive(Clone, Debug, PartialEq)]
pub struct Ruler {
    /// Its ends.
    pub ends: [Point; 2],
    /// What lies under it.
    pub bar: Bar,
}

/// The bar under a line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Bar {
    /// The line stands for itself: it is being drawn, or was typed.
    #[default]
    Unasked,
    /// The worker looks for it.
    Sought,
    /// Measured, with the standard error of its length (pixels): the ends are the bar's.
    Found(f64),
    /// There is none: the line has to do.
    Missing,
}

impl Ruler {
    /// Length (pixels), and its standard error where the bar was measured.
    pub fn length_px(&self) -> (f64, Option<f64>) {
        let [a, b] = self.ends;
        let length = libm::hypot(b.x_px - a.x_px, b.y_px - a.y_px);
        match self.bar {
            Bar::Found(error) => (length, Some(error)),
            _ => (length, None),
        }
    }
}

/// Everything; a handle that is copied around.
#[derive(Clone, Copy)]
pub struct App {
    /// The document and its past.
    pub history: RwSignal<History<Project>>,
    /// How it looks.
    pub view: View,
    /// The selected frame, the same in every figure.
    pub selected: RwSignal<usize>,
    /// The worker.
    pub worker: RwSignal<WorkerState>,
    /// Opening of files.
    pub loading: RwSignal<Loading>,
    /// Files that could not be used.
    pub failures: RwSignal<Vec<FileFailure>>,
    /// The series found in the files.
    pub found: RwSignal<Vec<Found>>,
    /// Which of them is shown.
    pub chosen: RwSignal<usize>,
    /// The heater log of the series, thinned for its plot.
    pub heater_log: RwSignal<Option<Arc<HeaterLog>>>,
    /// What was noticed while opening.
    pub load_notices: RwSignal<Vec<Notice>>,
    /// What was measured, frame by frame.
    pub measured: RwSignal<Vec<Option<Arc<FrameMeasured>>>>,
    /// The analysis.
    pub analysis: RwSignal<Slot<Analysis>>,
    /// How sure it is.
    pub certainty: RwSignal<Certainty>,
    /// Whether somebody looks at it.
    pub looks_closer: RwSignal<bool>,
    /// The phase diagrams of the pair.
    pub phase: RwSignal<Slot<PhaseAnswer>>,
    /// How far it is: apart from it, because every figure follows the analysis, and none how far it is.
    pub progress: RwSignal<Progress>,
    /// Small pictures.
    pub thumbs: RwSignal<Vec<Option<Arc<Plane>>>>,
    /// Brightness of black and white, the same for all frames.
    pub contrast: Memo<Option<(f32, f32)>>,
    /// The large picture of the selected frame (or, for a moment, of the one before).
    pub picture: RwSignal<Option<Arc<Plane>>>,
    /// All pixels of one frame: distance from the center (pixels) and value.
    pub pixels: RwSignal<Option<Arc<Pixels>>>,
    /// Whether series are being compared.
    pub compares: RwSignal<bool>,
    /// What the selected frame's file holds, where that has been asked.
    pub contents: RwSignal<Slot<FileContents>>,
    /// Whether somebody looks into it.
    pub looks_into: RwSignal<bool>,
    /// The line along the scale bar.
    pub ruler: RwSignal<Option<Ruler>>,
    /// A remark of the page itself (restored decisions, a worker restarted), until it is put away.
    pub remark: RwSignal<Option<String>>,
    /// Fingerprint of what is open, under which the decisions are saved.
    pub fingerprint: RwSignal<Option<String>>,
    /// It came without its images: what was measured in them stands.
    pub without_images: RwSignal<bool>,
    /// Series whose files the browser keeps.
    pub kept: RwSignal<Vec<Kept>>,
    /// Element maps and valence.
    pub maps: Maps,
    /// Simulator, planner, tour.
    pub teach: Teach,
    client: StoredValue<Option<Client>, LocalStorage>,
    memory: StoredValue<actions::Memory, LocalStorage>,
}

impl App {
    /// Whether a series is open.
    pub fn has_series(self) -> bool {
        self.history.with(|h| !h.present().series.frames.is_empty())
    }

    /// Number of frames.
    pub fn frame_count(self) -> usize {
        self.history.with(|h| h.present().series.frames.len())
    }

    /// A copy of one frame's decisions.
    pub fn frame(self, index: usize) -> Option<Frame> {
        self.history
            .with(|h| h.present().series.frames.get(index).cloned())
    }

    /// What files about the series are called: its name, without what file systems refuse.
    pub fn file_stem(self) -> String {
        let name = self
            .history
            .with_untracked(|h| h.present().series.name.clone());
        let clean: String = name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "-_.@".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        if clean.is_empty() {
            "alloyscope".to_owned()
        } else {
            clean
        }
    }

    /// A part of the model.
    pub fn model<T>(self, part: impl FnOnce(&Model) -> T) -> T {
        self.history.with(|h| part(&h.present().model))
    }

    /// The particle in one frame: as corrected by the user, or as found.
    pub fn circle(self, index: usize) -> Option<Circle> {
        self.frame(index).and_then(|f| f.circle).or_else(|| {
            self.measured.with(|m| {
                let measured = m.get(index)?.as_ref()?;
                Some(measured.outcome.as_ref().ok()?.particle.circle)
            })
        })
    }
}
