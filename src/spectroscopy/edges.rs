//! The table of edges and lines, windows on them, and what cannot be mapped.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{EnergyAxis, SpectroscopyError, Window};
use crate::formats::{cells, number};
use crate::language::{Number, Said, said};

/// What a row of the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Feature {
    /// An ionization edge of an energy-loss spectrum.
    Edge,
    /// A characteristic X-ray line.
    Line,
}

/// One ionization edge or X-ray line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// Symbol of the element.
    pub element: String,
    /// `K`, `L3`, `Ka`, …
    pub shell: String,
    /// Edge or line.
    pub feature: Feature,
    /// Onset of an edge, center of a line (eV).
    pub onset_ev: f64,
    /// Energy over which a delayed edge rises to 1 − 1/e of its height (eV); 0 for one that rises at once.
    pub rise_ev: f64,
    /// Dipole strength df/dE of the whole shell at 1.06 times the onset (1/keV an atom), and the exponent with which it falls from there on:
    /// what cross-sections are made of, where the table has it.
    pub strength: Option<(f64, f64)>,
    /// Where the energy is from.
    pub source: String,
}

/// Edges of lower onset are not offered: plasmons and their multiples leave no power law under them.
const LOWEST_EV: f64 = 100.0;

/// Two edges this near (eV) rise together: no window and no fit at common resolution tells one from the other.
pub(crate) const COINCIDE_EV: f64 = 10.0;

/// The rows of `edges.csv`, in its order.
static TABLE: LazyLock<Vec<Edge>> = LazyLock::new(|| {
    let rows = cells(include_str!("edges.csv")).unwrap_or_default();
    rows.iter()
        .skip(1)
        .filter_map(|row| {
            let cell = |i: usize| row.cells.get(i).map(String::as_str);
            Some(Edge {
                element: cell(0)?.into(),
                shell: cell(1)?.into(),
                feature: match cell(2)? {
                    "edge" => Feature::Edge,
                    "line" => Feature::Line,
                    _ => return None,
                },
                onset_ev: number(cell(3)?)?,
                rise_ev: number(cell(4)?)?,
                strength: number(cell(5)?).zip(number(cell(6)?)),
                source: cell(7)?.into(),
            })
        })
        .collect()
});

/// Where the signal is taken and what its background is estimated from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Windows {
    /// Below the feature.
    pub background: Window,
    /// Above it: for a line, whose background is straight between both; `None` for an edge, whose background is a power law.
    pub above: Option<Window>,
    /// The feature.
    pub signal: Window,
}

impl Windows {
    /// From the first energy of all of them to the last.
    pub fn span(&self) -> Window {
        let above = self.above.unwrap_or(self.signal);
        self.background.and(self.signal).and(above)
    }
}

impl Edge {
    /// All rows.
    pub fn table() -> &'static [Edge] {
        &TABLE
    }

    /// The edge or line written as `Cu_L3`, `Mg_K`, `Fe_Ka`; `Cu_L` and `Cu_L2,3` are the first of their kind.
    ///
    /// # Errors
    /// [`SpectroscopyError::UnknownEdge`].
    pub fn named(name: &str) -> Result<&'static Edge, SpectroscopyError> {
        let unknown = || SpectroscopyError::UnknownEdge { name: name.into() };
        let (element, shell) = name.trim().split_once(['_', ' ']).ok_or_else(unknown)?;
        let of_element = || TABLE.iter().filter(|e| e.element == element);
        let family = |e: &&Edge| {
            let first = shell.chars().next();
            let several = shell.len() == 1 || shell.contains(',');
            several
                && first.is_some_and(|c| c != 'K')
                && e.shell.starts_with(shell.get(..1).unwrap_or("?"))
                && !e.shell.ends_with('1')
        };
        of_element()
            .find(|e| e.shell == shell)
            .or_else(|| of_element().find(family))
            .ok_or_else(unknown)
    }

    /// Whether both are of one shell of one element: L₃ and L₂.
    pub fn same_shell(&self, other: &Edge) -> bool {
        let main = |e: &Edge| e.shell.chars().next();
        self.element == other.element && main(self) == main(other)
    }

    /// `Cu_L3`.
    pub fn name(&self) -> String {
        format!("{}_{}", self.element, self.shell)
    }

    /// Windows by rule: for an edge the background is a tenth of the onset wide and ends a hundredth of it (and 3 eV) before the
    /// onset, the signal begins 3 eV before it and is 36 to 60 eV wide; for a line both sides of 2.5 times the usual detector's
    /// resolution. Channels coarser than that widen the windows to at least four channels.
    pub fn windows(&self, step_ev: f64) -> Windows {
        let e = self.onset_ev;
        match self.feature {
            Feature::Edge => {
                let gap = (3.0 + 0.008 * e).clamp(5.0, 12.0);
                let below = (0.1 * e).clamp(45.0, 100.0).max(6.0 * step_ev);
                let width = (0.08 * e).clamp(36.0, 60.0).max(4.0 * step_ev);
                Windows {
                    background: Window::new(e - gap - below, e - gap),
                    above: None,
                    signal: Window::new(e - 3.0, e - 3.0 + width),
                }
            }
            Feature::Line => {
                // Full width at half maximum of a silicon detector: 130 eV at Mn Ka, with the Fano noise of other energies.
                let fwhm = f64::sqrt((130.0 * 130.0 + 2.45 * (e - 5899.0)).max(2500.0));
                let half = (1.0 * fwhm).max(2.0 * step_ev);
                let side = (1.0 * fwhm).max(2.0 * step_ev);
                Windows {
                    background: Window::new(e - half - 1.5 * side, e - half - 0.5 * side),
                    above: Some(Window::new(e + half + 0.5 * side, e + half + 1.5 * side)),
                    signal: Window::new(e - half, e + half),
                }
            }
        }
    }
}

impl Edge {
    /// Windows for this edge in a specimen of these elements.
    ///
    /// Refused are edges outside the spectrum, edges below 100 eV (plasmons), and edges that rise within 10 eV of another
    /// element's or have one between the begin of their background and the end of their signal. The last can still be mapped by the
    /// model fit ([`super::model_maps`]); the others cannot.
    ///
    /// # Errors
    /// Why it cannot be mapped.
    pub fn allowed(
        &self,
        elements: &[&str],
        axis: &EnergyAxis,
    ) -> Result<Windows, SpectroscopyError> {
        let edge = self;
        let windows = edge.windows(axis.step_ev);
        if !axis.holds(windows.signal) || axis.within(windows.background).len() < 3 {
            return Err(SpectroscopyError::OutOfRange {
                edge: Box::new(edge.clone()),
                first_ev: axis.first_ev,
                last_ev: axis.last_ev(),
            });
        }
        let overlap = |other: &Edge, reason: Said| SpectroscopyError::Overlap {
            edge: edge.name(),
            onset_ev: edge.onset_ev,
            other: other.name(),
            reason,
        };
        let others = || {
            TABLE.iter().filter(|o| {
                o.feature == edge.feature
                    && o.element != edge.element
                    && elements.contains(&o.element.as_str())
            })
        };
        if edge.feature == Feature::Edge && edge.onset_ev < LOWEST_EV {
            let near = others().filter(|o| o.onset_ev < LOWEST_EV).min_by(|a, b| {
                let d = |o: &Edge| (o.onset_ev - edge.onset_ev).abs();
                d(a).total_cmp(&d(b))
            });
            let reason = said!(
                "below 100 eV plasmons and their multiples leave no power law under the edge"
                    | "unter 100 eV lassen Plasmonen und ihre Vielfachen kein Potenzgesetz unter der Kante"
            );
            return Err(match near {
                Some(other) => overlap(
                    other,
                    said!(
                        "its onset is at {} eV, within the same losses, and {reason}"
                            | "ihr Einsatz liegt bei {} eV, in denselben Verlusten, und {reason}",
                        Number(other.onset_ev)
                    ),
                ),
                None => overlap(edge, reason),
            });
        }
        if let Some(other) = others().find(|o| (o.onset_ev - edge.onset_ev).abs() < COINCIDE_EV) {
            return Err(overlap(
                other,
                said!(
                    "both rise within {COINCIDE_EV} eV, so that neither windows nor a fit tell them apart"
                        | "beide setzen innerhalb von {COINCIDE_EV} eV ein, sodass weder Fenster noch eine Anpassung sie unterscheiden"
                ),
            ));
        }
        let reach = match windows.above {
            Some(above) => above.to_ev,
            None => windows.signal.to_ev,
        };
        let within = |o: &&Edge| {
            // What rises at the very end of the signal takes little from it.
            o.onset_ev > windows.background.from_ev && o.onset_ev < reach - 3.0
        };
        match others().find(within) {
            Some(other) => Err(overlap(
                other,
                said!(
                    "it lies at {} eV, within the windows; the model fit can separate them"
                        | "sie liegt bei {} eV, in den Fenstern; die Modellanpassung kann sie trennen",
                    Number(other.onset_ev)
                ),
            )),
            None => Ok(windows),
        }
    }
}
