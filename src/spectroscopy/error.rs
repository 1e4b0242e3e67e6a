//! Why there is no map.

use super::{Edge, Window};
use crate::language::{Number, Said, say, word};

/// Why something cannot be had from a spectrum.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SpectroscopyError {
    /// No axis in eV or keV.
    #[error("{}", say!(
        "no axis of the signal is an energy (its unit is '{unit}')"
        | "keine Achse des Signals ist eine Energie (ihre Einheit ist „{unit}“)"
    ))]
    NoEnergyAxis {
        /// What stands there.
        unit: String,
    },
    /// A step that no spectrometer has.
    #[error("{}", say!("channels of {} eV are none" | "Kanäle von {} eV sind keine", Number(*step_ev)))]
    Step {
        /// The step.
        step_ev: f64,
    },
    /// Neither a spectrum, a line nor an image of spectra.
    #[error("{}", say!(
        "a spectrum image has one energy axis and at most two others; this signal has {axes} axes"
        | "ein Spektrenbild hat eine Energieachse und höchstens zwei andere; dieses Signal hat {axes} Achsen"
    ))]
    Shape {
        /// How many axes there are.
        axes: usize,
    },
    /// Samples and axes disagree.
    #[error("{}", say!(
        "{found} samples do not fill {expected} channels and pixels"
        | "{found} Werte füllen die {expected} Kanäle und Pixel nicht"
    ))]
    Samples {
        /// What is there.
        found: usize,
        /// What the axes say.
        expected: usize,
    },
    /// A window with too few channels.
    #[error("{}", say!(
        "the window from {} to {} eV holds fewer than {least} channels; the spectrum runs from {:.1} to {:.1} eV"
        | "das Fenster von {} bis {} eV enthält weniger als {least} Kanäle; das Spektrum reicht von {:.1} bis {:.1} eV",
        Number(window.from_ev), Number(window.to_ev), Number(*first_ev), Number(*last_ev)
    ))]
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
    #[error("{}", say!(
        "the background window must end before the signal window begins ({} > {} eV)"
        | "das Untergrundfenster muss enden, bevor das Signalfenster beginnt ({} > {} eV)",
        Number(*background_ev), Number(*signal_ev)
    ))]
    Order {
        /// End of the background window (eV).
        background_ev: f64,
        /// Begin of the signal window (eV).
        signal_ev: f64,
    },
    /// Not in the table.
    #[error("{}", say!("there is no edge '{name}' in the table" | "die Kante „{name}“ steht nicht in der Tabelle"))]
    UnknownEdge {
        /// As written.
        name: String,
    },
    /// Two edges that windows cannot tell apart.
    #[error("{}", say!(
        "{edge} ({} eV) cannot be mapped beside {other}: {reason}"
        | "{edge} ({} eV) lässt sich neben {other} nicht kartieren: {reason}", Number(*onset_ev)
    ))]
    Overlap {
        /// The edge asked for.
        edge: String,
        /// Its onset (eV).
        onset_ev: f64,
        /// What lies on it.
        other: String,
        /// Why.
        reason: Said,
    },
    /// The edge is not in the spectrum.
    #[error("{}", say!(
        "{} at {} eV is not within the spectrum, which runs from {:.1} to {:.1} eV"
        | "{} bei {} eV liegt nicht im Spektrum, das von {:.1} bis {:.1} eV reicht",
        edge.name(), Number(edge.onset_ev), Number(*first_ev), Number(*last_ev)
    ))]
    OutOfRange {
        /// The edge.
        edge: Box<Edge>,
        /// First channel (eV).
        first_ev: f64,
        /// Last channel (eV).
        last_ev: f64,
    },
    /// Counts of this edge cannot become numbers of atoms.
    #[error("{}", say!(
        "the table has no cross-section for {edge} up to the end of its window"
        | "die Tabelle hat keinen Wirkungsquerschnitt für {edge} bis ans Ende ihres Fensters"
    ))]
    NoCrossSection {
        /// The edge.
        edge: String,
    },
    /// A low-loss spectrum without its peak.
    #[error("{}", say!(
        "no zero-loss peak of 30 counts or more from {:.1} to {:.1} eV"
        | "kein Zero-Loss-Peak von mindestens 30 Impulsen zwischen {:.1} und {:.1} eV",
        Number(*first_ev), Number(*last_ev)
    ))]
    NoZeroLoss {
        /// First channel (eV).
        first_ev: f64,
        /// Last channel (eV).
        last_ev: f64,
    },
    /// Low-loss spectra of other pixels.
    #[error("{}", say!(
        "the low-loss spectra are of {found} pixels, the others of {expected}"
        | "die Niederverlustspektren sind von {found} Pixeln, die anderen von {expected}"
    ))]
    Pixels {
        /// Those with a low loss.
        found: usize,
        /// Those without.
        expected: usize,
    },
    /// Axes that lie too far apart.
    #[error("{}", say!(
        "the zero-loss peak wanders by {:.0} eV, more than half of the spectrum"
        | "der Zero-Loss-Peak wandert um {:.0} eV, mehr als das halbe Spektrum",
        Number(*span_ev)
    ))]
    Drift {
        /// Its span (eV).
        span_ev: f64,
    },
    /// The normal equations are singular.
    #[error("{}", word!(
        "the edges asked for cannot be told apart in this range of energies"
        | "die verlangten Kanten sind in diesem Energiebereich nicht zu unterscheiden"
    ))]
    Singular,
    /// A map without a particle to average around.
    #[error("{}", word!("no ring of the profile holds a pixel" | "kein Ring des Profils enthält ein Pixel"))]
    EmptyProfile,
}

impl SpectroscopyError {
    /// What to try.
    pub fn remedy(&self) -> String {
        match self {
            SpectroscopyError::NoEnergyAxis { .. } => {
                say!(
                    "calibrate the energy axis in eV before saving, or choose another signal of the file"
                        | "die Energieachse vor dem Speichern in eV kalibrieren oder ein anderes Signal der Datei wählen"
                )
            }
            SpectroscopyError::Step { .. } | SpectroscopyError::Samples { .. } => {
                say!("save the spectrum image anew" | "das Spektrenbild neu speichern")
            }
            SpectroscopyError::Shape { .. } => say!(
                "choose a spectrum, a line scan or a spectrum image"
                    | "ein Spektrum, einen Linienscan oder ein Spektrenbild wählen"
            ),
            SpectroscopyError::Window {
                first_ev, last_ev, ..
            } => {
                say!(
                    "move the window to between {first_ev:.0} and {last_ev:.0} eV, or make it wider"
                        | "das Fenster zwischen {first_ev:.0} und {last_ev:.0} eV schieben oder verbreitern"
                )
            }
            SpectroscopyError::Order { .. } => say!(
                "end the background some eV before the edge"
                    | "den Untergrund einige eV vor der Kante enden lassen"
            ),
            SpectroscopyError::UnknownEdge { .. } => {
                say!(
                    "write the element and its edge, like Cu_L3 or Mg_K"
                        | "Element und Kante schreiben, wie Cu_L3 oder Mg_K"
                )
            }
            SpectroscopyError::Overlap { edge, .. } => {
                let deeper = match edge.starts_with("Mg") {
                    true => word!(", like Mg K at 1305 eV" | ", wie Mg K bei 1305 eV"),
                    false => "",
                };
                say!(
                    "fit the edges together (the model fit) where they are told apart, or map the element by a deeper edge{deeper}"
                        | "die Kanten gemeinsam anpassen (die Modellanpassung), wo sie zu unterscheiden sind, oder das Element mit einer tieferen Kante kartieren{deeper}"
                )
            }
            SpectroscopyError::OutOfRange { .. } => {
                say!(
                    "choose an edge within the spectrum, or acquire one that reaches the edge"
                        | "eine Kante im Spektrum wählen oder eines aufnehmen, das bis zur Kante reicht"
                )
            }
            SpectroscopyError::NoCrossSection { .. } => {
                say!(
                    "map the element by a K or L edge for its composition, and end the signal above the edge"
                        | "für die Zusammensetzung eine K- oder L-Kante des Elements nehmen und das Signal oberhalb der Kante enden lassen"
                )
            }
            SpectroscopyError::Singular => say!(
                "leave out one of the edges, or fit a wider range"
                    | "eine der Kanten weglassen oder einen breiteren Bereich anpassen"
            ),
            SpectroscopyError::EmptyProfile => {
                say!("choose a center within the map" | "einen Mittelpunkt in der Karte wählen")
            }
            SpectroscopyError::NoZeroLoss { .. } | SpectroscopyError::Drift { .. } => say!(
                "go on without the low loss, or give the one that was acquired with the spectra"
                    | "ohne Niederverlust weitermachen oder den angeben, der mit den Spektren aufgenommen wurde"
            ),
            SpectroscopyError::Pixels { .. } => say!(
                "give the low loss of the same acquisition, or one spectrum for all pixels"
                    | "den Niederverlust derselben Aufnahme angeben oder ein Spektrum für alle Pixel"
            ),
        }
    }
}
