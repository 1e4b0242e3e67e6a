//! The white lines of Mn, Fe, Co, Ni: a general tool, whose numbers depend on how the continuum is drawn.

use serde::{Deserialize, Serialize};

use super::background::BackgroundFit;
use super::{Edge, Method, SpectroscopyError, Spectrum, Window};

/// Areas and positions of L₃ and L₂ above a double step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WhiteLines {
    /// L₃ area over L₂ area.
    pub ratio: f64,
    /// Its standard error by counting; the choice of windows and steps adds some tenths that no spectrum tells.
    pub ratio_error: f64,
    /// Area of both over the continuum behind them (eV).
    pub intensity_ev: f64,
    /// Its standard error by counting (eV).
    pub intensity_error_ev: f64,
    /// Center of gravity of L₃ above its step (eV).
    pub l3_ev: f64,
    /// Of L₂ (eV).
    pub l2_ev: f64,
}

/// White-line ratio L₃/L₂ of a transition metal: areas above the pre-edge power law and a double step, 2/3 of the continuum from the L₃ onset and 1/3 from
/// that of L₂ (Pearson, Ahn, Fultz, Phys. Rev. B 47 (1993) 8471). The continuum is the mean from 15 to 40 eV behind the L₂ onset.
///
/// The ratio grows with the number of 3d electrons up to d⁵ and falls again: a value is compared with references measured and evaluated in the same
/// way, never with a table. Not for Cu (3d¹⁰ has no white line; [`super::valence()`]) nor for spectra blurred beyond half the splitting. Accuracy: `tests/valence.rs`
/// (a double step with two lines of known area).
///
/// # Errors
/// An element whose L₃ and L₂ are not in the table, or a spectrum that does not hold them.
pub fn white_lines(spectrum: &Spectrum, element: &str) -> Result<WhiteLines, SpectroscopyError> {
    let l3 = Edge::named(&format!("{element}_L3"))?.onset_ev;
    let l2 = Edge::named(&format!("{element}_L2"))?.onset_ev;
    let axis = &spectrum.axis;
    let before = axis.at_least(Window::new(l3 - 60.0, l3 - 6.0), 6)?;
    let behind = axis.at_least(Window::new(l2 + 15.0, l2 + 40.0), 4)?;
    let fit = BackgroundFit::new(axis, before, Method::MaximumLikelihood, None);
    let sums: Vec<f64> = fit
        .groups()
        .channels
        .iter()
        .map(|r| spectrum.sum(r.clone()))
        .collect();
    let law = fit.fit(&sums);
    let net = |c: usize| spectrum.counts.get(c).copied().unwrap_or(0.0) - law.at(axis.energy_ev(c));
    let continuum = behind.clone().map(net).sum::<f64>() / behind.len() as f64;
    let middle = 0.5 * (l3 + l2);
    let area = |window: Window| -> Result<(f64, f64, f64), SpectroscopyError> {
        let range = axis.at_least(window, 2)?;
        let (mut sum, mut variance, mut moment) = (0.0, 0.0, 0.0);
        for c in range {
            let e = axis.energy_ev(c);
            let step = if e >= l2 {
                1.0
            } else if e >= l3 {
                2.0 / 3.0
            } else {
                0.0
            };
            let v = net(c) - step * continuum;
            sum += v;
            moment += v * e;
            variance += spectrum.counts.get(c).copied().unwrap_or(0.0).max(0.0);
        }
        Ok((sum, variance, moment))
    };
    let (a3, v3, m3) = area(Window::new(l3 - 5.0, middle))?;
    let (a2, v2, m2) = area(Window::new(middle, l2 + 10.0))?;
    let ratio = a3 / a2;
    let noise = continuum.abs().max(f64::MIN_POSITIVE);
    Ok(WhiteLines {
        ratio,
        ratio_error: ratio.abs() * (v3 / (a3 * a3) + v2 / (a2 * a2)).sqrt(),
        intensity_ev: (a3 + a2) * axis.step_ev / continuum,
        intensity_error_ev: (v3 + v2).sqrt() * axis.step_ev / noise,
        l3_ev: m3 / a3,
        l2_ev: m2 / a2,
    })
}
