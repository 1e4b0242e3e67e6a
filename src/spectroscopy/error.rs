//! Why there is no map.

use super::{Edge, Window};

/// Why something cannot be had from a spectrum.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpectroscopyError {
    /// No axis in eV or keV.
    #[error("no axis of the signal is an energy (its unit is '{unit}')")]
    NoEnergyAxis {
        /// What stands there.
        unit: String,
    },
    /// A step that is none.
    #[error("channels of {step_ev} eV are none")]
    Step {
        /// The step.
        step_ev: f64,
    },
    /// Neither a spectrum, a line nor an image of spectra.
    #[error(
        "a spectrum image has one energy axis and at most two others; this signal has {axes} axes"
    )]
    Shape {
        /// How many axes there are.
        axes: usize,
    },
    /// Samples and axes disagree.
    #[error("{found} samples do not fill {expected} channels and pixels")]
    Samples {
        /// What is there.
        found: usize,
        /// What the axes say.
        expected: usize,
    },
    /// A window with too few channels.
    #[error(
        "the window from {} to {} eV holds fewer than {least} channels; the spectrum runs from {first_ev:.1} to {last_ev:.1} eV", window.from_ev, window.to_ev
    )]
    Window {
        /// The window.
        window: Window,
        /// First channel (eV).
        first_ev: f64,
        /// Last channel (eV).
        last_ev: f64,
        /// Channels needed.
        least: usize,
    },
    /// Background behind the edge, or windows that overlap.
    #[error(
        "the background window must end before the signal window begins ({background_ev} > {signal_ev} eV)"
    )]
    Order {
        /// End of the background window (eV).
        background_ev: f64,
        /// Begin of the signal window (eV).
        signal_ev: f64,
    },
    /// Not in the table.
    #[error("there is no edge '{name}' in the table")]
    UnknownEdge {
        /// As written.
        name: String,
    },
    /// Two edges that windows cannot tell apart.
    #[error("{edge} ({onset_ev} eV) cannot be mapped beside {other}: {reason}")]
    Overlap {
        /// The edge asked for.
        edge: String,
        /// Its onset (eV).
        onset_ev: f64,
        /// What lies on it.
        other: String,
        /// Why.
        reason: String,
    },
    /// The edge is not in the spectrum.
    #[error("{} at {} eV is not within the spectrum, which runs from {first_ev:.1} to {last_ev:.1} eV", edge.name(), edge.onset_ev)]
    OutOfRange {
        /// The edge.
        edge: Box<Edge>,
        /// First channel (eV).
        first_ev: f64,
        /// Last channel (eV).
        last_ev: f64,
    },
    /// Counts of this edge cannot become numbers of atoms.
    #[error("the table has no cross-section for {edge} up to the end of its window")]
    NoCrossSection {
        /// The edge.
        edge: String,
    },
    /// A low-loss spectrum without its peak.
    #[error("no zero-loss peak of 30 counts or more from {first_ev:.1} to {last_ev:.1} eV")]
    NoZeroLoss {
        /// First channel (eV).
        first_ev: f64,
        /// Last channel (eV).
        last_ev: f64,
    },
    /// Low-loss spectra of other pixels.
    #[error("the low-loss spectra are of {found} pixels, the others of {expected}")]
    Pixels {
        /// Those with a low loss.
        found: usize,
        /// Those without.
        expected: usize,
    },
    /// Axes that lie too far apart.
    #[error("the zero-loss peak wanders by {span_ev:.0} eV, more than half of the spectrum")]
    Drift {
        /// Its span (eV).
        span_ev: f64,
    },
    /// The normal equations are singular.
    #[error("the edges asked for cannot be told apart in this range of energies")]
    Singular,
    /// A map without a particle to average around.
    #[error("no ring of the profile holds a pixel")]
    EmptyProfile,
}

impl SpectroscopyError {
    /// What to try.
    pub fn remedy(&self) -> String {
        match self {
            SpectroscopyError::NoEnergyAxis { .. } => {
                "calibrate the energy axis in eV before saving, or choose another signal of the file".into()
            }
            SpectroscopyError::Step { .. } | SpectroscopyError::Samples { .. } => {
                "save the spectrum image anew".into()
            }
            SpectroscopyError::Shape { .. } => "choose a spectrum, a line scan or a spectrum image".into(),
            SpectroscopyError::Window { first_ev, last_ev, .. } => {
                format!("move the window to between {first_ev:.0} and {last_ev:.0} eV, or make it wider")
            }
            SpectroscopyError::Order { .. } => "end the background some eV before the edge".into(),
            SpectroscopyError::UnknownEdge { .. } => {
                "write the element and its edge, like Cu_L3 or Mg_K".into()
            }
            SpectroscopyError::Overlap { .. } => {
                "fit the edges together (model fit, --model) where they are told apart, or map the element by a deeper edge, like Mg K at 1305 eV".into()
            }
            SpectroscopyError::OutOfRange { .. } => {
                "choose an edge within the spectrum, or acquire one that reaches the edge".into()
            }
            SpectroscopyError::NoCrossSection { .. } => {
                "map the element by a K or L edge for its composition, and end the signal above the edge".into()
            }
            SpectroscopyError::NoZeroLoss { .. } | SpectroscopyError::Drift { .. } => {
                "go on without the low loss, or give the one that was acquired with the spectra".into()
            }
            SpectroscopyError::Pixels { .. } => {
                "give the low loss of the same acquisition, or one spectrum for all pixels".into()
            }
            SpectroscopyError::Singular => "leave out one of the edges, or fit a wider range".into(),
            SpectroscopyError::EmptyProfile => "choose a center within the map".into(),
        }
    }
}
