//! From counts of edges to numbers of atoms: cross-sections, ratios, atomic fractions.

use core::f64::consts::PI;

use serde::{Deserialize, Serialize};

use super::model::{EDGE_WIDTH_EV, onsets};
use super::{Edge, ElementMap, SpectroscopyError, Window, Windows};
use crate::numerics::GaussLegendre;

/// The electrons and the angle up to which they are collected.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Beam {
    /// High tension (kV).
    pub kilovolts: f64,
    /// Half angle of collection (mrad); `None`: 20, known to a factor of two.
    pub collection_mrad: Option<f64>,
}

/// Taken where nobody has said it.
const USUAL_COLLECTION_MRAD: f64 = 20.0;

/// Energy at which the strengths of the table stand, in units of the onset.
const STRENGTH_AT: f64 = 1.06;

/// 4π a₀² in barn, a₀ Bohr's radius.
const FOUR_PI_BOHR_SQUARED_BARN: f64 = 4.0 * PI * 2.800_285e7;

/// Rydberg's energy (eV).
const RYDBERG_EV: f64 = 13.605_693;

/// Rest energy of the electron (keV).
const REST_KEV: f64 = 510.998_95;

/// Counts of an element over their error from which a pixel has a composition: of any one, as where the sum has to stand out of the noise of the element
/// that is measured worst, the upward fluctuations of that one choose the pixels.
const STANDS_OUT: f64 = 5.0;

/// How many of the counted electrons an atom takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CrossSection {
    /// The edge.
    pub name: String,
    /// σ(β, Δ): up to the angle of collection and the upper end of the window (barn).
    pub barn: f64,
    /// Standard error over the value: the model's.
    pub relative_error: f64,
}

/// One element of all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// Its edge.
    pub name: String,
    /// Atomic fraction in all pixels together.
    pub value: f64,
    /// Standard error by counting and background.
    pub standard_error: f64,
    /// Standard error by the cross-sections and the angle of collection, the same in every pixel.
    pub systematic: f64,
}

/// Numbers of atoms from maps of counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Composition {
    /// Atomic fraction of each element, pixel by pixel, with the errors of counting; NaN where no element stands five standard errors above nothing.
    /// Counts below nothing are taken for none.
    pub fractions: Vec<ElementMap>,
    /// Atoms of the first element per atom of the second; NaN where the second stands less than five standard errors above nothing.
    /// Near that limit its upward fluctuations are those that are shown.
    pub ratio: ElementMap,
    /// All pixels together.
    pub whole: Vec<Share>,
    /// What counts were divided by.
    pub cross_sections: Vec<CrossSection>,
}

/// σ(β, Δ) of an edge within a window; below its onset there is none.
///
/// dσ/dE = 4π a₀² R²/(E T) df/dE ln(1 + β²/θ_E²), T = m₀v²/2, θ_E = E/(2γT): Bethe's cross-section in the dipole approximation (Egerton, Electron
/// Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. 2011, section 3.2), with df/dE of the free atom from its photoionization. The stated error
/// is 10 % for K, 15 % for L, 30 % for M shells: what solids differ by from free atoms (white lines are in no atomic cross-section) and the dipole
/// approximation from the whole, for angles well below √(E/T). Accuracy: `tests/composition.rs` (photoabsorption of Mg and Cu, the limits of β and Δ). Not for
/// edges delayed beyond the window, which the table leaves out.
///
/// # Errors
/// [`SpectroscopyError::NoCrossSection`].
pub fn cross_section(
    edge: &Edge,
    window: Window,
    beam: &Beam,
) -> Result<CrossSection, SpectroscopyError> {
    let missing = || SpectroscopyError::NoCrossSection { edge: edge.name() };
    let (strength, decay) = edge.strength.ok_or_else(missing)?;
    let gamma = 1.0 + beam.kilovolts / REST_KEV;
    let t_ev = 500.0 * REST_KEV * (1.0 - 1.0 / (gamma * gamma));
    let beta = 1e-3 * beam.collection_mrad.unwrap_or(USUAL_COLLECTION_MRAD);
    let at = STRENGTH_AT * edge.onset_ev;
    let per_ev = |e: f64| {
        let theta = e / (2.0 * gamma * t_ev);
        let df = 1e-3 * strength * libm::pow(e / at, -decay);
        FOUR_PI_BOHR_SQUARED_BARN * RYDBERG_EV * RYDBERG_EV / (e * t_ev)
            * df
            * libm::log1p(beta * beta / (theta * theta))
    };
    let rule = GaussLegendre::new(8);
    let barn: f64 = onsets(edge)
        .into_iter()
        .map(|(onset, share)| (onset.max(window.from_ev), share))
        .filter(|(from, _)| window.to_ev > *from)
        .map(|(from, share)| {
            let each = rule.on(from, window.to_ev);
            share * each.map(|(e, w)| w * per_ev(e)).sum::<f64>()
        })
        .sum();
    if barn.is_nan() || barn <= 0.0 {
        return Err(missing());
    }
    Ok(CrossSection {
        name: edge.name(),
        barn,
        relative_error: match edge.shell.chars().next() {
            Some('K') => 0.10,
            Some('L') => 0.15,
            _ => 0.30,
        },
    })
}

/// Ratios and atomic fractions: N_i ∝ I_i/σ_i, errors of counting pixel by pixel, errors of the cross-sections for all pixels together.
///
/// `windows` tells where counts were taken; `None` (the model fit) is the first 100 eV. Plural scattering takes the same from every edge only where
/// windows are as wide. Which pixels are shown, and that fractions stay
/// within 0 to 1, moves the mean of pixels by less than a third of the error of one (`tests/composition.rs`: down to counts below their error).
///
/// # Errors
/// [`SpectroscopyError::NoCrossSection`] of any edge; fewer than two maps.
pub fn composition(
    maps: &[(&Edge, &ElementMap, Option<Windows>)],
    beam: &Beam,
) -> Result<Composition, SpectroscopyError> {
    let sections = |beam: &Beam| {
        let each = maps.iter().map(|(edge, _, windows)| {
            let first = Window::new(edge.onset_ev, edge.onset_ev + EDGE_WIDTH_EV);
            cross_section(edge, windows.map_or(first, |w| w.signal), beam)
        });
        each.collect::<Result<Vec<_>, _>>()
    };
    let [(_, first, _), (_, second, _), ..] = maps else {
        return Err(SpectroscopyError::Singular);
    };
    let cross_sections = sections(beam)?;
    // Amounts of all elements in one place, in units of 1/barn, with their variances.
    let amounts = |counts: &dyn Fn(&ElementMap) -> (f64, f64)| -> Vec<(f64, f64)> {
        let each = maps.iter().zip(&cross_sections);
        each.map(|((_, map, _), s)| {
            let (value, se) = counts(map);
            (value / s.barn, (se / s.barn) * (se / s.barn))
        })
        .collect()
    };
    let fraction = |all: &[(f64, f64)], k: usize| {
        let sum: f64 = all.iter().map(|a| a.0).sum();
        let x = all.get(k).map_or(0.0, |a| a.0) / sum;
        let each = all.iter().enumerate();
        let variance: f64 = each
            .map(|(j, a)| {
                let slope = if j == k { 1.0 - x } else { x };
                slope * slope * a.1
            })
            .sum();
        (x, variance.sqrt() / sum.abs())
    };
    let empty = |name: String| ElementMap {
        name,
        width: first.width,
        height: first.height,
        value: Vec::with_capacity(first.value.len()),
        standard_error: Vec::with_capacity(first.value.len()),
        dispersion: 1.0,
        common_error: 0.0,
    };
    let mut fractions: Vec<ElementMap> = maps.iter().map(|m| empty(m.1.name.clone())).collect();
    let mut ratio = empty(format!("{} / {}", first.name, second.name));
    for pixel in 0..first.value.len() {
        let all = amounts(&|map| {
            let at = |v: &[f32]| v.get(pixel).map_or(f64::NAN, |v| f64::from(*v));
            (at(&map.value), at(&map.standard_error))
        });
        let shown = all.iter().any(|a| a.0 > STANDS_OUT * a.1.sqrt());
        // Fewer atoms than none are none: the sum is never less than what stands out, and no fraction leaves 0 to 1.
        let counted: Vec<(f64, f64)> = all.iter().map(|a| (a.0.max(0.0), a.1)).collect();
        for (k, map) in fractions.iter_mut().enumerate() {
            let (x, se) = match shown {
                true => fraction(&counted, k),
                false => (f64::NAN, f64::NAN),
            };
            map.value.push(x as f32);
            map.standard_error.push(se as f32);
        }
        let (r, se) = match all.as_slice() {
            [a, b, ..] if b.0 > STANDS_OUT * b.1.sqrt() => {
                let r = a.0 / b.0;
                (r, (a.1 + r * r * b.1).sqrt() / b.0)
            }
            _ => (f64::NAN, f64::NAN),
        };
        ratio.value.push(r as f32);
        ratio.standard_error.push(se as f32);
    }
    let all = amounts(&|map| map.total());
    let whole = |sections: &[CrossSection], k: usize| {
        let each = all.iter().zip(&cross_sections).zip(sections);
        let changed: Vec<(f64, f64)> = each
            .map(|((a, old), new)| (a.0 * old.barn / new.barn, a.1))
            .collect();
        fraction(&changed, k).0
    };
    // An angle that nobody has said is known to a factor of two.
    let angles = match beam.collection_mrad {
        Some(_) => None,
        None => {
            let at = |mrad: f64| {
                sections(&Beam {
                    collection_mrad: Some(mrad),
                    ..*beam
                })
            };
            Some((
                at(0.5 * USUAL_COLLECTION_MRAD)?,
                at(2.0 * USUAL_COLLECTION_MRAD)?,
            ))
        }
    };
    let shares = (0..maps.len()).zip(&cross_sections).map(|(k, own)| {
        let (value, standard_error) = fraction(&all, k);
        let by_models: f64 = (0..maps.len())
            .zip(&cross_sections)
            .map(|(j, s)| {
                let x = fraction(&all, j).0;
                let slope = if j == k { 1.0 - value } else { x };
                let part = value * slope * s.relative_error;
                part * part
            })
            .sum();
        let by_angle = angles
            .as_ref()
            .map_or(0.0, |(low, high)| 0.5 * (whole(high, k) - whole(low, k)));
        Share {
            name: own.name.clone(),
            value,
            standard_error,
            systematic: (by_models + by_angle * by_angle).sqrt(),
        }
    });
    Ok(Composition {
        whole: shares.collect(),
        fractions,
        ratio,
        cross_sections,
    })
}
