//! Decisions about the phase diagram.

use serde::{Deserialize, Serialize};

use crate::thermo::SurfaceTerm;

/// What a temperature says about a transition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The transition is there.
    #[default]
    Exact,
    /// Not before: still solid, not yet broken up.
    AtLeast,
    /// Not after.
    AtMost,
}

/// A point of the user's: a melting observed, the onset of a Rayleigh break-up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhasePoint {
    /// Mole fraction of the pair's second element.
    pub x: f64,
    /// Temperature (K).
    pub temperature_k: f64,
    /// What it says.
    pub bound: Bound,
    /// What was seen, and where it stands.
    pub label: String,
}

/// What is shown of the phase diagram, and under which assumptions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhaseChoices {
    /// The surface term.
    pub surface: SurfaceTerm,
    /// Radius of the particle's curves (nm); `None` follows the fitted R_B.
    pub radius_nm: Option<f64>,
    /// Darken-Manning interdiffusion beside the published tracers in D(T).
    pub darken: bool,
    /// The user's points.
    pub points: Vec<PhasePoint>,
}
