//! Where an edge rises.

use serde::{Deserialize, Serialize};

use super::{Edge, Feature, Spectrum};
use crate::numerics::Noise;

/// How far from the table an edge is looked for (eV): axes that nobody calibrated, and chemical shifts.
const REACH_EV: f64 = 15.0;

/// What the counts on either side are averaged over (eV).
const SMOOTHED_OVER_EV: f64 = 2.0;

/// Rise over its standard error below which there is none.
const LEAST_RISE: f64 = 5.0;

/// Spectra that are drawn anew for the error.
const DRAWN: usize = 60;

/// The steepest rise of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Onset {
    /// Where it is, on the axis as it stands (eV).
    pub energy_ev: f64,
    /// Standard error by noise (eV).
    pub standard_error_ev: f64,
}

impl Onset {
    /// The steepest rise of the counts within 15 eV of where the table has the edge: the largest difference of two means of 2 eV each, and the vertex of the parabola through
    /// it and its neighbors. The error is the scatter over spectra drawn anew with Poisson's noise.
    ///
    /// Tables of edges give onsets to 1 or 2 eV, and where an edge begins depends on the compound: an axis set by this is no better. `None` for
    /// lines, outside the spectrum, and where nothing rises by five standard errors.
    ///
    /// Accuracy: `tests/low_loss.rs` (errors true over 200 seeds).
    pub fn of(spectrum: &Spectrum, edge: &Edge) -> Option<Onset> {
        if edge.feature == Feature::Line {
            return None;
        }
        let (place, rise, error) = steepest(spectrum, edge.onset_ev)?;
        if rise < LEAST_RISE * error {
            return None;
        }
        let mut noise = Noise::new(1);
        let mut drawn = spectrum.clone();
        let places: Vec<f64> = (0..DRAWN)
            .filter_map(|_| {
                for (d, c) in drawn.counts.iter_mut().zip(&spectrum.counts) {
                    *d = c + noise.normal() * c.max(1.0).sqrt();
                }
                Some(steepest(&drawn, edge.onset_ev)?.0)
            })
            .collect();
        let n = places.len().max(2) as f64;
        let variance = places
            .iter()
            .map(|p| (p - place) * (p - place))
            .sum::<f64>()
            / n;
        // Drawn from noisy counts, the scatter is that of twice the noise.
        Some(Onset {
            energy_ev: place,
            standard_error_ev: (0.5 * variance).sqrt(),
        })
    }
}

/// Place (eV), height (counts of a channel) and standard error of the steepest rise near an energy.
fn steepest(spectrum: &Spectrum, near_ev: f64) -> Option<(f64, f64, f64)> {
    let axis = &spectrum.axis;
    let width = (libm::round(SMOOTHED_OVER_EV / axis.step_ev) as usize).max(1);
    let at = |ev: f64| (ev - axis.first_ev) / axis.step_ev;
    let (from, to) = (at(near_ev - REACH_EV), at(near_ev + REACH_EV));
    if from < width as f64 || to + width as f64 > axis.channels as f64 {
        return None;
    }
    // The rise between channels i - 1 and i.
    let rise = |i: usize| {
        let mean = |from: usize| spectrum.sum(from..from + width) / width as f64;
        mean(i) - mean(i.saturating_sub(width))
    };
    let best = (from as usize..to as usize).max_by(|a, b| rise(*a).total_cmp(&rise(*b)))?;
    let (left, middle, right) = (rise(best.checked_sub(1)?), rise(best), rise(best + 1));
    let curvature = 2.0 * middle - left - right;
    let within = match curvature > 0.0 {
        true => (0.5 * (right - left) / curvature).clamp(-0.5, 0.5),
        false => 0.0,
    };
    let both = spectrum.sum(best.checked_sub(width)?..best + width);
    Some((
        axis.energy_ev(best) + (within - 0.5) * axis.step_ev,
        middle,
        both.max(1.0).sqrt() / width as f64,
    ))
}
