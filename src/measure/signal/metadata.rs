//! What files say of their acquisition, whatever the vendor called it.

use serde::{Deserialize, Serialize};

use super::{ClockKind, DateTime};

/// Normalized metadata: what the analysis may use, whatever the vendor called it. What a file does not say is `None`.
///
/// There is no temperature here: those of vendor files are the camera's or the detector's, and no specimen's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// Title of the image or spectrum.
    pub title: Option<String>,
    /// High tension (kV).
    pub high_tension_kv: Option<f64>,
    /// Date and time of acquisition.
    pub acquired: Option<Acquired>,
    /// Exposure of a camera's picture, or time of a spectrum (s).
    pub exposure_s: Option<f64>,
    /// Time the probe stays on one pixel (s). Not the dwell time of a heating step.
    pub pixel_dwell_s: Option<f64>,
    /// Where the specimen stood.
    pub stage: Option<Stage>,
    /// Detector or camera.
    pub detector: Option<String>,
    /// Microscope.
    pub instrument: Option<String>,
    /// Pixel size (nm) and the tag it was read from.
    pub pixel_nm: Option<(f64, String)>,
}

/// Date and time of acquisition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Acquired {
    /// As in the file; date and time joined by a space where it has them apart.
    pub text: String,
    /// What it means; `None` where it cannot be read.
    pub time: Option<DateTime>,
    /// By which clock.
    #[serde(default)]
    pub clock: ClockKind,
}

impl Acquired {
    /// Reads a text; `None` for one without a character. A text that does not name a zone is that of the microscope's computer.
    pub fn new(text: impl Into<String>) -> Option<Acquired> {
        Acquired::near(text, None)
    }

    /// Reads a text of which another clock is known that is within a day (see [`DateTime::parse_near`]).
    pub fn near(text: impl Into<String>, near: Option<DateTime>) -> Option<Acquired> {
        let text = text.into().trim().to_owned();
        let time = DateTime::parse_near(&text, near);
        let clock = ClockKind::written(&text).unwrap_or(ClockKind::Local);
        (!text.is_empty()).then_some(Acquired { text, time, clock })
    }

    /// The same by a clock that the format names.
    pub fn by(self, clock: ClockKind) -> Acquired {
        Acquired { clock, ..self }
    }
}

/// Position of the specimen stage; what the file does not say is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// x (µm).
    pub x_um: Option<f64>,
    /// y (µm).
    pub y_um: Option<f64>,
    /// z (µm).
    pub z_um: Option<f64>,
    /// First tilt (degrees).
    pub alpha_deg: Option<f64>,
    /// Second tilt (degrees).
    pub beta_deg: Option<f64>,
}

impl Stage {
    /// Itself, where the file says anything.
    pub fn known(self) -> Option<Stage> {
        (self != Stage::default()).then_some(self)
    }
}
