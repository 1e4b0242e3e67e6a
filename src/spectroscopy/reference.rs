//! Reference shapes of the Cu L₂,₃ edge.

use core::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::pre_edge::above_pre_edge;
use super::{EnergyAxis, Spectrum};

/// A maximum (or, with a negative height, a gap) on an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Bump {
    /// Its center above the edge's onset (eV).
    offset_ev: f64,
    /// Height in units of the continuum behind both edges.
    height: f64,
    /// Full width at half maximum (eV).
    fwhm_ev: f64,
}

/// The L₃ edge as an arctan step, a Lorentzian maximum and two Gaussian ones; L₂ is the same again, weaker and broader.
#[derive(Clone, Copy, Debug, PartialEq)]
struct LineShape {
    /// Middle of the L₃ step (eV).
    onset_ev: f64,
    /// Half of the step's width (eV).
    step_ev: f64,
    /// L₂ above L₃ (eV).
    splitting_ev: f64,
    /// Share of L₂ in the continuum.
    l2_share: f64,
    peak: Bump,
    /// Height of the L₂ maximum in units of the L₃ one.
    l2_peak: f64,
    /// What L₂ is broader by (eV): its hole lives shorter.
    l2_broader_ev: f64,
    bumps: [Bump; 2],
}

const fn bump(offset_ev: f64, height: f64, fwhm_ev: f64) -> Bump {
    Bump {
        offset_ev,
        height,
        fwhm_ev,
    }
}

/// Fitted to the mean of calibrated literature X-ray absorption and deconvolved monochromated energy loss of the same compounds (data of Gleason, Lu,
/// Ciston, npj Comput. Mater. 10 (2024) 221; moved onto the absorption's axis by 1.15 eV); rms residual 0.03, 0.05, 0.07 of the continuum.
const COPPER: [(&str, f64, LineShape); 3] = [
    (
        "Cu",
        0.0,
        LineShape {
            onset_ev: 932.63,
            step_ev: 0.28,
            splitting_ev: 20.14,
            l2_share: 0.36,
            peak: bump(1.22, 0.47, 1.35),
            l2_peak: 0.30,
            l2_broader_ev: 0.0,
            bumps: [bump(5.25, 0.05, 1.5), bump(9.25, 0.05, 1.75)],
        },
    ),
    (
        "Cu2O",
        1.0,
        LineShape {
            onset_ev: 933.44,
            step_ev: 0.20,
            splitting_ev: 20.02,
            l2_share: 0.37,
            peak: bump(0.66, 1.44, 1.32),
            l2_peak: 0.31,
            l2_broader_ev: 0.27,
            bumps: [bump(10.92, -0.22, 8.21), bump(13.37, 0.14, 3.22)],
        },
    ),
    (
        "CuO",
        2.0,
        LineShape {
            onset_ev: 937.26,
            step_ev: 1.01,
            splitting_ev: 19.97,
            l2_share: 0.37,
            peak: bump(-5.82, 4.23, 1.06),
            l2_peak: 0.28,
            l2_broader_ev: 0.12,
            bumps: [bump(4.12, -0.30, 5.0), bump(10.0, -0.17, 5.39)],
        },
    ),
];

/// Where the continuum behind both edges is taken (eV).
pub(super) const CONTINUUM_EV: (f64, f64) = (965.0, 976.0);

/// Step of the tables of shapes (eV) and the energies they hold.
const FINE_EV: f64 = 0.05;
const FINE_FROM_EV: f64 = 880.0;
const FINE_TO_EV: f64 = 1030.0;
const POINTS: usize = ((FINE_TO_EV - FINE_FROM_EV) / FINE_EV) as usize;

impl LineShape {
    fn at(&self, energy_ev: f64) -> f64 {
        let edge = |onset: f64, continuum: f64, peak: f64, broader: f64| {
            let x = energy_ev - onset;
            let step = 0.5 + libm::atan(x / (self.step_ev + 0.5 * broader)) / PI;
            let lorentz = 2.0 * (x - self.peak.offset_ev) / (self.peak.fwhm_ev + broader);
            let bumps: f64 = self
                .bumps
                .iter()
                .map(|b| {
                    let u = (x - b.offset_ev) / (b.fwhm_ev + broader);
                    b.height * libm::exp(-4.0 * core::f64::consts::LN_2 * u * u)
                })
                .sum();
            // What lies on the continuum goes with it from L₃ to L₂.
            let relative = continuum / (1.0 - self.l2_share);
            continuum * step
                + peak * self.peak.height / (1.0 + lorentz * lorentz)
                + relative * bumps
        };
        edge(self.onset_ev, 1.0 - self.l2_share, 1.0, 0.0)
            + edge(
                self.onset_ev + self.splitting_ev,
                self.l2_share,
                self.l2_peak,
                self.l2_broader_ev,
            )
    }
}

/// One reference: a compound's edge, or a state of the element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reference {
    /// `Cu2O`, or what the user calls it.
    pub name: String,
    /// Mean valence of the element in it.
    pub valence: f64,
    /// The edge on a fine grid, background gone, continuum behind it 1.
    table: Vec<f64>,
    /// Full width at half maximum that is in it already (eV).
    fwhm_ev: f64,
}

impl Reference {
    /// Cu, Cu₂O and CuO as analytic shapes: steps and maxima from published numbers, no spectrum.
    ///
    /// They differ from one laboratory's spectra to the next by some 0.15 in mean valence ([`super::SHAPE_ERROR`]); spectra of the same instrument
    /// as references ([`Reference::measured`]) do better. On the calibrated axis of X-ray absorption CuO lies 2.4 eV below the others;
    /// Cu and Cu₂O differ in shape.
    pub fn copper() -> Vec<Reference> {
        COPPER
            .iter()
            .map(|(name, valence, shape)| {
                let values: Vec<f64> = (0..POINTS)
                    .map(|i| shape.at(FINE_FROM_EV + i as f64 * FINE_EV))
                    .collect();
                Reference::normalized((*name).into(), *valence, values, 0.0)
            })
            .collect()
    }

    /// A reference from a spectrum whose background is gone, at the resolution `fwhm_ev` of its instrument. `None` where it does not reach from 925 to
    /// 976 eV or shows no edge.
    pub fn measured(
        name: &str,
        valence: f64,
        spectrum: &Spectrum,
        fwhm_ev: f64,
    ) -> Option<Reference> {
        let axis = &spectrum.axis;
        if axis.first_ev > 925.0 || axis.last_ev() < CONTINUUM_EV.1 {
            return None;
        }
        let last = spectrum.counts.len().checked_sub(1)?;
        let values: Vec<f64> = (0..POINTS)
            .map(|i| {
                let at = (FINE_FROM_EV + i as f64 * FINE_EV - axis.first_ev) / axis.step_ev;
                let left = f64::floor(at.clamp(0.0, last as f64)) as usize;
                let right = (left + 1).min(last);
                let share = (at - left as f64).clamp(0.0, 1.0);
                spectrum.counts[left] + share * (spectrum.counts[right] - spectrum.counts[left])
            })
            .collect();
        let reference = Reference::normalized(name.into(), valence, values, fwhm_ev);
        reference
            .table
            .iter()
            .all(|v| v.is_finite())
            .then_some(reference)
    }

    /// The same from a spectrum as it was acquired: the power law before its edge is taken off.
    pub fn acquired(
        name: &str,
        valence: f64,
        spectrum: &Spectrum,
        fwhm_ev: f64,
    ) -> Option<Reference> {
        let mut found = Reference::measured(name, valence, &above_pre_edge(spectrum), fwhm_ev)?;
        // Finer than any spectrum is known: projects keep the numbers.
        found
            .table
            .iter_mut()
            .for_each(|v| *v = (*v * 1e4).round() / 1e4);
        Some(found)
    }

    /// Whether all of it are numbers that a reference can have: it may come from anywhere.
    pub fn is_sound(&self) -> bool {
        let numbers = [self.valence, self.fwhm_ev];
        self.table.len() == POINTS
            && self.table.iter().all(|v| v.is_finite())
            && numbers.iter().all(|v| (0.0..100.0).contains(v))
    }

    fn normalized(name: String, valence: f64, mut table: Vec<f64>, fwhm_ev: f64) -> Reference {
        let index = |ev: f64| ((ev - FINE_FROM_EV) / FINE_EV) as usize;
        let continuum = &table[index(CONTINUUM_EV.0)..index(CONTINUUM_EV.1)];
        let level = continuum.iter().sum::<f64>() / continuum.len() as f64;
        table.iter_mut().for_each(|v| *v /= level);
        Reference {
            name,
            valence,
            table,
            fwhm_ev,
        }
    }

    /// The edge in every channel at this resolution, continuum 1: for simulations and figures.
    pub fn on(&self, axis: &EnergyAxis, fwhm_ev: f64) -> Vec<f64> {
        let shape = self.broadened(fwhm_ev);
        axis.energies_ev()
            .into_iter()
            .map(|e| shape.at(e))
            .collect()
    }

    /// The shape as an instrument of this resolution shows it.
    pub(super) fn broadened(&self, fwhm_ev: f64) -> Shape {
        let added = (fwhm_ev * fwhm_ev - self.fwhm_ev * self.fwhm_ev)
            .max(0.0)
            .sqrt();
        Shape(broadened(&self.table, added / FINE_EV / 2.354_820_045))
    }
}

/// A broadened reference, to be read at any energy.
#[derive(Clone, Debug)]
pub(super) struct Shape(Vec<f64>);

impl Shape {
    /// The value at an energy, linear between points 0.05 eV apart; constant beyond the table.
    pub fn at(&self, energy_ev: f64) -> f64 {
        let last = self.0.len().saturating_sub(2);
        let at = ((energy_ev - FINE_FROM_EV) / FINE_EV).clamp(0.0, last as f64);
        let left = (at as usize).min(last);
        match (self.0.get(left), self.0.get(left + 1)) {
            (Some(a), Some(b)) => a + (at - left as f64) * (b - a),
            _ => 0.0,
        }
    }
}

/// Convolution with a Gaussian of `sigma` samples; the ends go on as they are.
pub(super) fn broadened(values: &[f64], sigma: f64) -> Vec<f64> {
    if sigma < 0.3 || values.is_empty() {
        return values.to_vec();
    }
    let reach = f64::ceil(4.0 * sigma) as i64;
    let kernel: Vec<f64> = (-reach..=reach)
        .map(|k| libm::exp(-0.5 * (k as f64 / sigma) * (k as f64 / sigma)))
        .collect();
    let norm: f64 = kernel.iter().sum();
    let last = values.len() as i64 - 1;
    (0..=last)
        .map(|i| {
            let terms = (-reach..=reach).zip(&kernel);
            terms
                .map(|(k, w)| w * values[(i + k).clamp(0, last) as usize])
                .sum::<f64>()
                / norm
        })
        .collect()
}
