//! Requests and events: plain data, one message each between page and worker.

use serde::{Deserialize, Serialize};

use super::Failure;
use super::phase::{PhaseAnswer, PhaseQuestion};
use crate::fit::{Arrangement, MassBalance, ModelChoice, SeriesFit};
use crate::imaging::{Measurement, Point, ScaleBar};
use crate::kinetics::{Kinetics, SizeEffect, SizeRequest};
use crate::materials::Row;
use crate::project::{Project, Series};
use crate::signal::Notice;

/// What the page asks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Request {
    /// Files were handed over (outside this message, as [`crate::formats::Source`]s): find the series in them.
    /// The files are added to those already open when `add` is set, and replace them otherwise.
    Open {
        /// Paths within what was dropped, in the order of the sources.
        paths: Vec<String>,
        /// Keep what is already open.
        add: bool,
    },
    /// Show another one of the series that were found in the files.
    Choose {
        /// Its place in [`Loaded::found`].
        series: usize,
    },
    /// Make a sample series of known truth and open it.
    Sample {
        /// `ag@au`, `au@ag`, `cu@mg`.
        preset: String,
        /// Seed of its noise.
        seed: u64,
    },
    /// Measure and fit the series as the project says. Unchanged frames are not measured again.
    Analyze {
        /// Comes back with every event of this analysis.
        id: u64,
        /// The decisions.
        project: Box<Project>,
    },
    /// Compare both orders of core and shell with the first image.
    Arrange {
        /// The decisions.
        project: Box<Project>,
    },
    /// The picture of one frame, at most `side` pixels wide or high (binned by whole factors when larger).
    Picture {
        /// Index in the series last opened.
        frame: usize,
        /// Largest side (pixels).
        side: usize,
    },
    /// Find the burnt-in scale bar under a line.
    ScaleBar {
        /// Index in the series last opened.
        frame: usize,
        /// Ends of the line as drawn.
        drawn: [Point; 2],
    },
    /// All pixels around the particle, to be shown as dots behind the mean.
    Pixels {
        /// Index in the series last opened.
        frame: usize,
        /// Its measurement: center, background, reach.
        measurement: Box<Measurement>,
        /// At most so many, evenly thinned.
        most: usize,
    },
    /// How melting point, activation energy and mixing time depend on the size of a particle.
    SizeEffect {
        /// The particle.
        request: Box<SizeRequest>,
        /// The user's rows of the library.
        materials: Vec<Row>,
    },
    /// Phase diagrams of one pair under several assumptions, all at the same compositions.
    PhaseDiagram(Box<PhaseQuestion>),
}

/// What an analysis is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Reading files.
    Reading,
    /// Finding the particle and averaging.
    Measuring,
    /// Fitting.
    Fitting,
}

/// One frame measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameMeasured {
    /// Index in the series.
    pub frame: usize,
    /// The measurement, or why there is none.
    pub outcome: Result<Measurement, Failure>,
    /// Notices about this frame.
    pub notices: Vec<Notice>,
}

/// A picture to show, values as they are in the file; binned by `binning` × `binning` pixels (mean).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plane {
    /// Index in the series.
    pub frame: usize,
    /// Columns after binning.
    pub width: usize,
    /// Rows after binning.
    pub height: usize,
    /// Pixels of the file per pixel here, along each side.
    pub binning: usize,
    /// Row-major values.
    pub values: Vec<f32>,
}

/// A file that could not be used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileFailure {
    /// Path within what was dropped.
    pub path: String,
    /// Why.
    pub failure: Failure,
}

/// What a series is called where there are several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its name; where two have the same, its folder.
    pub name: String,
    /// Number of its frames.
    pub frames: usize,
}

/// A series found in the files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Loaded {
    /// Its frames and what is known of them.
    pub series: Series,
    /// All series that were found.
    pub found: Vec<Found>,
    /// Which of them this one is.
    pub chosen: usize,
    /// Suggested core, shell and probe when the series came with them (samples).
    pub model: Option<crate::project::Model>,
    /// Files that could not be used; the others are loaded.
    pub failures: Vec<FileFailure>,
    /// Notices.
    pub notices: Vec<Notice>,
}

/// The result of an analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The fit of the series (with a single frame: its initial profile, no intervals).
    pub fit: SeriesFit,
    /// Both schemes side by side; `None` for a single frame, where they agree.
    pub model_choice: Option<ModelChoice>,
    /// Intensity and radius from frame to frame.
    pub balance: MassBalance,
    /// Arrhenius fits, where temperatures and dwells allow.
    pub kinetics: Kinetics,
    /// Notices.
    pub notices: Vec<Notice>,
}

/// What the engine answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The worker is up (its build, to be compared with the page's).
    Hello {
        /// Version and build.
        build: String,
    },
    /// Work goes on.
    Progress {
        /// The analysis, 0 outside one.
        id: u64,
        /// What is being done.
        stage: Stage,
        /// Steps done.
        done: usize,
        /// Steps in all.
        total: usize,
    },
    /// Answer to `Open`, `Choose` and `Sample`.
    Loaded(Box<Loaded>),
    /// One frame is measured (or taken from before).
    Measured {
        /// The analysis.
        id: u64,
        /// The frame.
        frame: Box<FrameMeasured>,
    },
    /// The analysis is done, or failed.
    Analyzed {
        /// The analysis.
        id: u64,
        /// Result.
        outcome: Result<Box<Analysis>, Failure>,
    },
    /// Answer to `Arrange`; `None` where the first image does not come into it: no particle was found in it, or the contrast
    /// is given or fitted, which settles the order.
    Arranged(Option<Arrangement>),
    /// Answer to `Picture`.
    Picture(Result<Plane, Failure>),
    /// Answer to `Pixels`: distance from the center (pixels) and value over the background.
    Pixels {
        /// The frame.
        frame: usize,
        /// One entry a pixel.
        pixels: Vec<(f64, f64)>,
    },
    /// Answer to `SizeEffect`.
    SizeEffect(Result<Box<SizeEffect>, Failure>),
    /// Answer to `ScaleBar`.
    ScaleBar {
        /// The line as drawn.
        drawn: [Point; 2],
        /// The bar, or why the line has to do.
        bar: Result<ScaleBar, Failure>,
    },
    /// `Open`, `Choose` or `Sample` found nothing to show.
    Failed(Failure),
    /// Answer to `PhaseDiagram`.
    PhaseDiagram(Result<Box<PhaseAnswer>, Failure>),
}
