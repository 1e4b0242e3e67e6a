//! Requests and events: plain data, one message each between page and worker.

use serde::{Deserialize, Serialize};

use super::heating::IntervalHeating;
use super::phase::{PhaseAnswer, PhaseQuestion};
use super::plan::{PlanAnswer, PlanQuestion};
use super::spectra::{
    MapAnswer, MapQuestion, ProfileAnswer, SpectraFound, SpectrumAnswer, ValenceQuestion,
};
use super::{Assessment, Failure};
use crate::fit::{
    Arrangement, Interval, MassBalance, ModelChoice, SeriesFit, normal_quantile, widening,
};
use crate::formats::{Format, HeaterLog};
use crate::imaging::{Measurement, Point, ScaleBar, block_mean};
use crate::kinetics::{Kinetics, SizeEffect, SizeRequest};
use crate::materials::Row;
use crate::project::{Companion, Geometry, Model, Original, Place, Project, Series};
use crate::signal::{Image, Notice, Reason, Signal};
use crate::simulate::Experiment;
use crate::spectroscopy::{Reference, Valence};

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
    /// Open an analysis that came in a link: decisions and profiles, without images.
    OpenLink {
        /// As [`crate::project::write_link`] made it.
        link: String,
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
    /// Simulate a series and open it; its truth stays with the one who asks.
    Simulate {
        /// What is simulated.
        experiment: Box<Experiment>,
        /// Seed of its noise.
        seed: u64,
    },
    /// Measure and fit the series as the project says. Unchanged frames are not measured again.
    Analyze {
        /// Comes back with every event of this analysis.
        id: u64,
        /// The decisions.
        project: Box<Project>,
        /// Where every frame is to be seen as well: the largest side of its picture (pixels). It costs no second look into the files.
        pictures: Option<usize>,
    },
    /// One step towards how sure the analysis of these decisions is; asked again until all steps are done. Other decisions begin anew.
    Assess {
        /// Comes back with the answer.
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
        /// Index in the series.
        frame: usize,
        /// Where it is.
        at: Place,
        /// Largest side (pixels).
        side: usize,
    },
    /// Find the burnt-in scale bar under a line.
    ScaleBar {
        /// The picture.
        at: Place,
        /// Ends of the line as drawn.
        drawn: [Point; 2],
    },
    /// All pixels around the particle, to be shown as dots behind the mean.
    Pixels {
        /// Index in the series.
        frame: usize,
        /// Where it is.
        at: Place,
        /// Its measurement: center, background, reach.
        measurement: Box<Measurement>,
        /// At most so many, evenly thinned.
        most: usize,
    },
    /// What an open file holds: all its signals, and the tags of one of them.
    Contents {
        /// Its path.
        file: String,
        /// Index of that signal.
        tags_of: usize,
    },
    /// Read a series with another signal of a file, see [`crate::project::read_with`].
    ReadWith {
        /// As it is decided now.
        series: Box<Series>,
        /// Path of the file.
        file: String,
        /// Index of the signal.
        signal: usize,
    },
    /// Results of other series, from files handed over with the request: `result.json`s, projects, images.
    Companions {
        /// Paths, in the order of the sources.
        paths: Vec<String>,
        /// The decisions of the series that is open, whose model images are analyzed with.
        project: Box<Project>,
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
    /// What a series will tell before it is taken.
    Plan(Box<PlanQuestion>),
    /// Look for spectra or element maps in files handed over with the request, or in the sample.
    Spectra {
        /// Paths, in the order of the sources.
        paths: Vec<String>,
        /// The file and signal that were chosen, where they were.
        wanted: Option<(String, usize)>,
    },
    /// Element maps of a spectrum image, open or handed over with the request.
    Maps(Box<MapQuestion>),
    /// Radial profiles of the same maps and which element is inside: asked once the maps are shown.
    ElementProfiles(Box<MapQuestion>),
    /// The spectrum of the question's region.
    RegionSpectrum(Box<MapQuestion>),
    /// The valence of copper in a spectrum, open or handed over with the request.
    Valence(Box<ValenceQuestion>),
    /// Spectra of known states, in files handed over with the request.
    References {
        /// Paths, in the order of the sources.
        paths: Vec<String>,
        /// Full width at half maximum of their zero-loss peak (eV).
        resolution_ev: f64,
    },
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
    /// Where it is.
    pub at: Place,
    /// Columns after binning.
    pub width: usize,
    /// Rows after binning.
    pub height: usize,
    /// Pixels of the file per pixel here, along each side.
    pub binning: usize,
    /// Row-major values.
    pub values: Vec<f32>,
}

impl Plane {
    /// The picture of an image, at most `side` pixels wide or high, of the frame of that index and place.
    pub(super) fn of(image: &Image, (frame, at): (usize, &Place), side: usize) -> Plane {
        let binning = image.width.max(image.height).div_ceil(side.max(16)).max(1);
        let Image {
            width,
            height,
            values,
        } = block_mean(image, binning);
        Plane {
            frame,
            at: at.clone(),
            width,
            height,
            binning,
            values,
        }
    }
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
    pub model: Option<Model>,
    /// All decisions when they came with the series (links, project files).
    pub decisions: Option<Box<Project>>,
    /// There are no images: profiles and small pictures stand for them.
    pub reduced: bool,
    /// Files inside an opened project file.
    pub originals: Vec<Original>,
    /// Files that could not be used; the others are loaded.
    pub failures: Vec<FileFailure>,
    /// The heater log of the series, thinned for a plot.
    pub heater_log: Option<Box<HeaterLog>>,
    /// Notices.
    pub notices: Vec<Notice>,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FileContents {
    /// Its path.
    pub file: String,
    /// What it is.
    pub format: Format,
    /// Its signals, without their tags.
    pub signals: Vec<Signal>,
    /// Which of them is taken where nobody says another, and why; `None` where none can be.
    pub proposed: Option<(usize, Reason)>,
    /// Whose tags these are.
    pub tags_of: usize,
    /// Path (parts joined by dots) and value, in the order of the file.
    pub tags: Vec<(String, String)>,
}

/// The result of an analysis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// The fit of the series (with a single frame: its initial profile, no intervals).
    pub fit: SeriesFit,
    /// Both schemes side by side; `None` for a single frame, where they agree.
    pub model_choice: Option<ModelChoice>,
    /// The particle's shape, where pixels rather than round rings were fitted.
    pub geometry: Option<Geometry>,
    /// Intensity and radius from frame to frame.
    pub balance: MassBalance,
    /// Arrhenius fits, where temperatures and dwells allow.
    pub kinetics: Kinetics,
    /// The heating of every interval, where it is known.
    pub heating: Vec<Option<IntervalHeating>>,
    /// How sure it is, once that has been asked: errors drawn from the sectors are then in `fit` and `kinetics` too.
    pub assessment: Option<Box<Assessment>>,
    /// Notices.
    pub notices: Vec<Notice>,
}

impl Analysis {
    /// Half widths of intervals in standard errors.
    pub fn widening(&self) -> f64 {
        widening(normal_quantile(self.fit.confidence))
    }

    /// Every interval with its heating.
    pub fn intervals(&self) -> impl Iterator<Item = (&Interval, Option<&IntervalHeating>)> {
        let heating = |k: usize| self.heating.get(k).and_then(Option::as_ref);
        let intervals = self.fit.intervals.iter().enumerate();
        intervals.map(move |(k, interval)| (interval, heating(k)))
    }
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
    /// Answer to `Open`, `OpenLink`, `Choose`, `Sample` and `Simulate`.
    Loaded(Box<Loaded>),
    /// One frame is measured (or taken from before).
    Measured {
        /// The analysis.
        id: u64,
        /// The frame.
        frame: Box<FrameMeasured>,
        /// Its picture, where the analysis was to bring pictures.
        picture: Option<Box<Plane>>,
    },
    /// The analysis is done, or failed.
    Analyzed {
        /// The analysis.
        id: u64,
        /// Result.
        outcome: Result<Box<Analysis>, Failure>,
    },
    /// Answer to `Assess`: what is known after one more step.
    Assessed {
        /// The analysis.
        id: u64,
        /// Steps done.
        done: usize,
        /// Steps in all, as far as is known; 0 where there is no analysis.
        total: usize,
        /// The next step may take seconds, and only who looks closer needs it.
        long: bool,
        /// What is known.
        assessment: Box<Assessment>,
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
    /// Answer to `Contents`.
    Contents(Result<Box<FileContents>, Failure>),
    /// Answer to `ReadWith`.
    ReadWith(Result<Box<Series>, Failure>),
    /// Answer to `References`.
    References {
        /// What was found.
        references: Vec<Reference>,
        /// Files that could not be used.
        failures: Vec<FileFailure>,
    },
    /// Answer to `Companions`.
    Companions {
        /// What was found.
        companions: Vec<Companion>,
        /// Files that could not be used.
        failures: Vec<FileFailure>,
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
    /// `Open`, `OpenLink`, `Choose`, `Sample` or `Simulate` found nothing to show.
    Failed(Failure),
    /// Answer to `PhaseDiagram`.
    PhaseDiagram(Result<Box<PhaseAnswer>, Failure>),
    /// Answer to `Plan`.
    Plan(Result<Box<PlanAnswer>, Failure>),
    /// Answer to `Spectra`.
    Spectra(Result<Box<SpectraFound>, Failure>),
    /// Answer to `Maps`.
    Maps(Result<Box<MapAnswer>, Failure>),
    /// Answer to `ElementProfiles`.
    ElementProfiles(Result<Box<ProfileAnswer>, Failure>),
    /// Answer to `RegionSpectrum`.
    RegionSpectrum(Result<Box<SpectrumAnswer>, Failure>),
    /// Answer to `Valence`, with the question's number.
    Valence(u64, Result<Box<Valence>, Failure>),
}
