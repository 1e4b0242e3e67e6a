//! The document: every decision of the user, and nothing that can be computed from them; results of other series are kept where the user set
//! them beside this one.

mod assemble;
mod changes;
mod companion;
mod file;
mod geometry;
mod history;
mod link;
mod maps;
mod marry;
mod paths;
mod phase;
mod reduced;
mod signals;
mod thermal;
mod unpack;

pub use assemble::{Assembly, FileEntry, FileError, OpenFiles, assemble};
pub use changes::{Change, changes};
pub use companion::{Companion, MOST_COMPANIONS, set_beside};
pub use file::{
    FILE_VERSION, ORIGINALS, OpenedProject, Original, ProjectFileError, placed, write_project,
};
pub use geometry::Geometry;
pub use history::History;
pub use link::{LinkError, decode as read_link, encode as write_link};
pub use maps::{EdgeChoice, MOST_REFERENCES, MapChoices, forms_compounds};
pub use phase::{Bound, PhaseChoices, PhasePoint};
pub use reduced::{Reduced, ReducedFrame, Thumbnail};
pub use signals::{element_maps, proposed_signal, read_with};
pub use thermal::{SeriesLog, Taken, clock_of, log_times};

pub use crate::fit::Setting;
pub use crate::kinetics::TemperatureError;

use serde::{Deserialize, Serialize};

use crate::budget::Inputs;
use crate::diffusion::Scheme;
use crate::fit::Order;
use crate::imaging::{Circle, Mask, Point};
use crate::materials::{Library, Row};
use crate::spectroscopy::Reference;

/// Version of the saved form; raised when a field changes its meaning.
pub const VERSION: u32 = 1;

/// Where a value came from, in the order of trust.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provenance {
    /// Typed or drawn by the user.
    User,
    /// From `series.csv`.
    Table,
    /// From a tag of the file.
    Tag(String),
    /// Read from the file's name.
    FileName,
    /// Assumed by the program, after a look at the first image.
    Assumed,
}

/// A value and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sourced {
    /// The value, in the unit of the field that holds it.
    pub value: f64,
    /// Where it came from.
    pub provenance: Provenance,
}

/// One frame of the series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Path of the file within what was dropped (`folder/01_323K.tif`, `series.zip/01.tif`).
    pub file: String,
    /// SHA-256 of the file's bytes, hexadecimal; empty until it has been read through.
    #[serde(default)]
    pub digest: String,
    /// Index of the signal in the file.
    pub signal: usize,
    /// Index of the plane in the signal.
    pub plane: usize,
    /// Columns and rows of the image.
    pub size: (usize, usize),
    /// Temperature of the heating step that ended with this frame (K).
    pub temperature_k: Option<Sourced>,
    /// Standard error of that temperature (K), in place of the model's.
    #[serde(default)]
    pub temperature_se_k: Option<f64>,
    /// When it was taken.
    #[serde(default)]
    pub taken: Option<Taken>,
    /// Duration of that step (s); the first frame is the initial state and needs none.
    pub dwell_s: Option<Sourced>,
    /// Size of a pixel (nm).
    pub pixel_nm: Option<Sourced>,
    /// The particle as corrected by the user; `None` for automatic.
    pub circle: Option<Circle>,
    /// A point on the particle that is meant, where there are several.
    #[serde(default)]
    pub pointed: Option<Point>,
    /// Drawn by the user, in addition to neighbors found by themselves.
    #[serde(default)]
    pub masks: Vec<Mask>,
    /// Left out of the fit, with the reason.
    pub excluded: Option<String>,
}

/// A picture: a plane of a signal of a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path within what was dropped.
    pub file: String,
    /// Index of the signal in the file.
    pub signal: usize,
    /// Index of the plane in the signal.
    pub plane: usize,
}

impl Frame {
    /// Where its picture is.
    pub fn place(&self) -> Place {
        Place {
            file: self.file.clone(),
            signal: self.signal,
            plane: self.plane,
        }
    }
}

/// The heating series.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Name shown in titles and exports.
    #[serde(default)]
    pub name: String,
    /// In the order of heating; the first is the initial state.
    #[serde(default)]
    pub frames: Vec<Frame>,
    /// The log of the heater, where there is one.
    #[serde(default)]
    pub heater_log: Option<SeriesLog>,
    /// Where pixels were fitted and the images are not at hand: what these showed. The profiles that stand for them are those of that fit.
    #[serde(default)]
    pub geometry: Option<Geometry>,
}

/// Where the weights of core and shell come from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Contrast {
    /// w = n Z^exponent with the elements' atomic densities n.
    ZExponent(f64),
    /// w_core / w_shell as given.
    Ratio(f64),
    /// Fitted from the frames before mixing.
    Free,
    /// By [`Contrast::EXPONENT`], and fitted where the images refute it.
    Auto,
}

impl Contrast {
    /// The exponent of HAADF detectors (1.6 to 2) where none is given.
    pub const EXPONENT: f64 = 1.85;

    /// The exponent, where the weights are those of the elements.
    pub fn exponent(self) -> Option<f64> {
        match self {
            Contrast::ZExponent(n) => Some(n),
            Contrast::Auto => Some(Contrast::EXPONENT),
            Contrast::Ratio(_) | Contrast::Free => None,
        }
    }
}

/// Which scheme is fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SchemeChoice {
    /// The one that describes the images better.
    #[default]
    Auto,
    /// Mole fraction in a fixed density envelope.
    Fraction,
    /// Densities with D = 0 for r > R_B.
    Published,
}

/// What is fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Radial profiles, and pixels where these hide an ellipse or a core off its center: what a new analysis begins with.
    Auto,
    /// Radial profiles: means over round rings. Files that say nothing of it come from a version that knew nothing else.
    #[default]
    Profiles,
    /// Pixels: elliptic rings, and a core off its center.
    Pixels,
}

impl SchemeChoice {
    /// The scheme, if one was asked for.
    pub fn asked(self) -> Option<Scheme> {
        match self {
            SchemeChoice::Auto => None,
            SchemeChoice::Fraction => Some(Scheme::Fraction),
            SchemeChoice::Published => Some(Scheme::Published),
        }
    }
}

impl From<Scheme> for SchemeChoice {
    fn from(scheme: Scheme) -> SchemeChoice {
        match scheme {
            Scheme::Fraction => SchemeChoice::Fraction,
            Scheme::Published => SchemeChoice::Published,
        }
    }
}

/// Which errors the intervals have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Errors {
    /// Those of the likelihood where the residuals are noise, drawn from the particle's sectors where they are not.
    #[default]
    Auto,
    /// Those of the profile likelihood.
    Likelihood,
    /// Those of a bootstrap over the sectors.
    Bootstrap,
}

/// Model and estimation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Model {
    /// Symbol of the core's element.
    pub core: String,
    /// Symbol of the shell's element.
    pub shell: String,
    /// Who said which of the two is inside; `None` as long as nobody has, not even the first image.
    #[serde(default)]
    pub pair: Option<Provenance>,
    /// How the density evolves.
    pub scheme: SchemeChoice,
    /// Weights of core and shell.
    pub contrast: Contrast,
    /// Standard deviation of the probe (nm).
    pub psf_sigma_nm: f64,
    /// R_A (nm).
    pub radius_a_nm: Setting,
    /// R_B (nm).
    pub radius_b_nm: Setting,
    /// σ (nm).
    pub sigma_nm: Setting,
    /// ln(D_core-rich / D_shell-rich): 0 for a constant D, otherwise D(c) is log-linear between the end members.
    pub ln_d_ratio: f64,
    /// What is fitted.
    #[serde(default)]
    pub level: Level,
    /// How frames enter the fit.
    pub order: Order,
    /// Frame that gives the initial profile in the sequential order.
    pub reference_frame: usize,
    /// Confidence level of all intervals.
    pub confidence: f64,
    /// D0 for the fit with D0 held (m²/s).
    pub fixed_d0_m2_s: Option<f64>,
    /// How well temperatures are known, where a frame does not say it.
    #[serde(default)]
    pub temperature_error: TemperatureError,
    /// Which errors the intervals have.
    #[serde(default)]
    pub errors: Errors,
    /// Standard uncertainties of what the images do not tell.
    #[serde(default)]
    pub inputs: Inputs,
}

impl Default for Model {
    fn default() -> Model {
        Model {
            core: "Ag".into(),
            shell: "Au".into(),
            pair: None,
            scheme: SchemeChoice::default(),
            contrast: Contrast::Auto,
            psf_sigma_nm: 0.05,
            radius_a_nm: Setting::Free,
            radius_b_nm: Setting::Free,
            sigma_nm: Setting::Free,
            ln_d_ratio: 0.0,
            level: Level::Auto,
            order: Order::default(),
            reference_frame: 0,
            confidence: 0.68,
            fixed_d0_m2_s: None,
            temperature_error: TemperatureError::default(),
            errors: Errors::default(),
            inputs: Inputs::default(),
        }
    }
}

impl Model {
    /// The shell's element becomes the core, and the core's the shell.
    pub fn exchange_pair(&mut self) {
        std::mem::swap(&mut self.core, &mut self.shell);
    }
}

/// The document.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Project {
    /// [`VERSION`] of the program that wrote it.
    pub version: u32,
    /// The images and what was said of them.
    pub series: Series,
    /// Model and estimation.
    pub model: Model,
    /// The user's rows of the library of materials.
    #[serde(default)]
    pub materials: Vec<Row>,
    /// The phase diagram.
    #[serde(default)]
    pub phase: PhaseChoices,
    /// Element maps.
    #[serde(default)]
    pub maps: MapChoices,
    /// Results of other series, set beside this one.
    #[serde(default)]
    pub companions: Vec<Companion>,
}

impl Project {
    /// The numbers of materials as they count here: the program's, with the user's over them.
    pub fn library(&self) -> Library {
        Library::with(&self.materials)
    }

    /// Of what others may have written: series to compare with and references that cannot be are left out, and those beyond the most there may be.
    fn leave_out_unsound(&mut self) {
        self.companions.retain(Companion::is_sound);
        self.companions.truncate(MOST_COMPANIONS);
        let references = &mut self.maps.references;
        references.retain(Reference::is_sound);
        references.truncate(MOST_REFERENCES);
    }
}

impl Default for Project {
    fn default() -> Project {
        Project {
            version: VERSION,
            series: Series::default(),
            model: Model::default(),
            materials: Vec::new(),
            phase: PhaseChoices::default(),
            maps: MapChoices::default(),
            companions: Vec::new(),
        }
    }
}
