//! The background of a Cu L spectrum, from what lies before its edge.

use super::reference::CONTINUUM_EV;
use super::{BackgroundFit, Method, PowerLaw, Spectrum, Window};

/// Mean counts of a channel between the edge and 976 eV.
pub(super) fn continuum(spectrum: &Spectrum) -> f64 {
    let behind = spectrum
        .axis
        .within(Window::new(CONTINUUM_EV.0, CONTINUUM_EV.1));
    spectrum.sum(behind.clone()) / behind.len().max(1) as f64
}

/// The power law from 840 eV, or where the spectrum begins, to 925 eV; `None` where the background was taken off before.
pub(super) fn pre_edge(spectrum: &Spectrum) -> Option<PowerLaw> {
    let axis = &spectrum.axis;
    let range = axis.within(Window::new(axis.first_ev.max(840.0), 925.0));
    let level = spectrum.sum(range.clone()) / range.len().max(1) as f64;
    // A twentieth of the edge: below it is what a subtraction left over, and no power law.
    if range.len() < 8 || level < 0.05 * continuum(spectrum) {
        return None;
    }
    let fit = BackgroundFit::new(axis, range, Method::MaximumLikelihood, None);
    let groups = &fit.groups().channels;
    let sums: Vec<f64> = groups.iter().map(|r| spectrum.sum(r.clone())).collect();
    Some(fit.fit(&sums))
}

/// The spectrum above it.
pub(super) fn above_pre_edge(spectrum: &Spectrum) -> Spectrum {
    let Some(law) = pre_edge(spectrum) else {
        return spectrum.clone();
    };
    let energies = spectrum.axis.energies_ev().into_iter();
    let counts = spectrum.counts.iter().zip(energies);
    Spectrum {
        axis: spectrum.axis,
        counts: counts.map(|(c, e)| c - law.at(e)).collect(),
    }
}
