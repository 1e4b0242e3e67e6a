//! Elemental maps by a fit of edges and background together: where windows fail.

use serde::{Deserialize, Serialize};

use super::{Edge, ElementMap, EnergyAxis, SpectroscopyError, Spectrum, SpectrumImage, Window};
use crate::numerics::{Cholesky, non_negative};

/// Plural scattering as the model has it: every edge once more at the energy of a plasmon above itself, with t/λ of its strength, and
/// once more at twice that, with half (t/λ)².
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plural {
    /// Thickness over the mean free path of plasmons.
    pub t_over_lambda: f64,
    /// Energy of the plasmon (eV).
    pub plasmon_ev: f64,
    /// Its full width at half maximum (eV).
    pub width_ev: f64,
}

/// What is fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSettings {
    /// Channels that count; `None`: from a fifth below the lowest edge to a third above the highest.
    pub range: Option<Window>,
    /// Full width at half maximum of the zero-loss peak (eV).
    pub resolution_ev: f64,
    /// Plural scattering; `None`: t/λ from the sum of all spectra, with a plasmon of 25 eV, as wide.
    pub plural: Option<Plural>,
    /// Hold all edges at zero or above. Without it an absent element scatters about zero, without bias.
    pub non_negative: bool,
}

impl Default for ModelSettings {
    fn default() -> ModelSettings {
        ModelSettings {
            range: None,
            resolution_ev: 1.0,
            plural: None,
            non_negative: true,
        }
    }
}

/// Maps by the model and what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelMaps {
    /// One for each element, in the order asked for: counts in the first 100 eV of its edge.
    pub maps: Vec<ElementMap>,
    /// Plural scattering used.
    pub plural: Plural,
    /// Channels that counted.
    pub range: Window,
    /// The sum of all spectra and its fit, for the eye, in the channels of the range.
    pub sum: Vec<(f64, f64, f64)>,
    /// Reduced χ² of the sum, in units of its counts: far above one where the shapes of the edges are not those of the specimen.
    pub chi2_red_of_sum: f64,
}

/// Width above the onset over which an edge's counts are given (eV).
pub const EDGE_WIDTH_EV: f64 = 100.0;

/// Exponents of the background's power laws: their sum with positive coefficients is every background that falls smoothly.
const EXPONENTS: [f64; 4] = [1.5, 2.5, 3.5, 4.5];

/// Decay of an edge, E⁻ˢ: hydrogenic edges have s of 3 to 4 near the onset and more beyond (Egerton 2011, section 3.6).
const DECAY: f64 = 3.0;

/// Values of t/λ that are tried on the sum.
const THICKNESSES: [f64; 9] = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6];

/// Maps of several elements by one linear fit in every pixel.
///
/// The spectrum is Σ b_k E^(−r_k) + Σ a_e S_e(E), b_k ≥ 0: power laws of four exponents as background (as Cueva et al., Microsc. Microanal.
/// 18 (2012) 667, combine them), and for every element its edge: all its onsets of the table in that shell (L₃ and L₂ as 2:1), each
/// (E/E_k)⁻³ (1 − exp(−(E − E_k)/rise)) above E_k, convolved with the resolution and with plural scattering. Weights are those of the mean
/// spectrum, so that one set of normal equations serves all pixels; errors are the fit's, scaled with the counts and the scatter of each pixel.
///
/// Non-negative least squares by active sets; the errors are those of the unconstrained fit. White lines are not in the shapes: the map is of the amount, not of the
/// state. Accuracy: `tests/spectroscopy.rs` (simulated overlaps) and `tests/spectroscopy_files.rs` (Cu and Zn, 89 eV apart).
///
/// # Errors
/// An edge outside the range, or edges that cannot be told apart.
pub fn model_maps(
    image: &SpectrumImage,
    edges: &[Edge],
    settings: &ModelSettings,
) -> Result<ModelMaps, SpectroscopyError> {
    let total = image.sum_spectrum(|_, _| true);
    let range = settings.range.unwrap_or_else(|| usual_range(edges));
    let channels = image
        .axis
        .at_least(range, edges.len() + EXPONENTS.len() + 2)?;
    // Without its onset an edge is only a slope, as the background is.
    let from_ev = image.axis.first_ev.max(range.from_ev);
    for edge in edges {
        if edge.onset_ev < from_ev
            || image.axis.energy_ev(channels.end.saturating_sub(4)) < edge.onset_ev
        {
            return Err(SpectroscopyError::OutOfRange {
                edge: Box::new(edge.clone()),
                first_ev: from_ev,
                last_ev: image.axis.last_ev().min(range.to_ev),
            });
        }
    }
    let usual = |t_over_lambda: f64| Plural {
        t_over_lambda,
        plasmon_ev: 25.0,
        width_ev: 25.0,
    };
    let candidates: Vec<Plural> = match settings.plural {
        Some(plural) => vec![plural],
        None => THICKNESSES.iter().map(|&t| usual(t)).collect(),
    };
    let mut best: Option<(f64, Plural, Fit)> = None;
    for plural in candidates {
        let fit = Fit::new(&total, edges, channels.clone(), &plural, settings)?;
        let x = fit
            .solve(&total.counts[channels.clone()])
            .ok_or(SpectroscopyError::Singular)?;
        let chi2 = fit.chi2(&total.counts[channels.clone()], &x);
        if best.as_ref().is_none_or(|(least, _, _)| chi2 < *least) {
            best = Some((chi2, plural, fit));
        }
    }
    let (chi2_of_sum, plural, fit) = best.ok_or(SpectroscopyError::Singular)?;
    let pixels = image.pixels() as f64;
    let degrees = fit.degrees_of_freedom().max(1) as f64;
    let sum_fit = fit
        .solve(&total.counts[channels.clone()])
        .ok_or(SpectroscopyError::Singular)?;
    let sum = channels
        .clone()
        .enumerate()
        .map(|(i, c)| {
            (
                image.axis.energy_ev(c),
                total.counts[c],
                fit.at(i, &sum_fit),
            )
        })
        .collect();
    let mut maps: Vec<ElementMap> = edges
        .iter()
        .map(|edge| ElementMap {
            name: edge.name(),
            width: image.width,
            height: image.height,
            value: Vec::with_capacity(image.pixels()),
            standard_error: Vec::with_capacity(image.pixels()),
            dispersion: 1.0,
            common_error: 0.0,
        })
        .collect();
    let mut counts = vec![0.0; channels.len()];
    let (mut chi2, mut level) = (0.0, Vec::with_capacity(image.pixels()));
    let mean: f64 = total.sum(channels.clone()) / pixels;
    for pixel in 0..image.pixels() {
        for (y, c) in counts.iter_mut().zip(channels.clone()) {
            *y = image.count(pixel, c);
        }
        let x = fit.solve(&counts).ok_or(SpectroscopyError::Singular)?;
        // The weights are those of the sum: this pixel's variance is its share of it.
        let share = (counts.iter().sum::<f64>() / mean / pixels).max(1e-3 / pixels);
        chi2 += fit.chi2(&counts, &x) / share;
        level.push(share);
        for (map, &v) in maps.iter_mut().zip(&x) {
            map.value.push(v as f32);
        }
    }
    let dispersion = chi2 / (degrees * pixels);
    for (e, map) in maps.iter_mut().enumerate() {
        map.dispersion = dispersion;
        let variance = fit.variance.get(e).copied().unwrap_or(0.0);
        map.standard_error = level
            .iter()
            .map(|share| (dispersion * share * variance).sqrt() as f32)
            .collect();
    }
    Ok(ModelMaps {
        maps,
        plural,
        range,
        sum,
        chi2_red_of_sum: chi2_of_sum / degrees,
    })
}

fn usual_range(edges: &[Edge]) -> Window {
    let lowest = edges
        .iter()
        .map(|e| e.onset_ev)
        .fold(f64::INFINITY, f64::min);
    let highest = edges.iter().map(|e| e.onset_ev).fold(0.0, f64::max);
    Window::new(0.8 * lowest, 1.35 * highest)
}

/// The linear model in the channels of the range with its normal equations.
struct Fit {
    /// Columns: edges, then power laws, channel after channel.
    design: Vec<f64>,
    columns: usize,
    weight: Vec<f64>,
    gram: Vec<f64>,
    signed: usize,
    /// Of each unknown, in the free fit with these weights.
    variance: Vec<f64>,
}

impl Fit {
    fn new(
        total: &Spectrum,
        edges: &[Edge],
        channels: core::ops::Range<usize>,
        plural: &Plural,
        settings: &ModelSettings,
    ) -> Result<Fit, SpectroscopyError> {
        let axis = &total.axis;
        let shapes: Vec<Vec<f64>> = edges
            .iter()
            .map(|edge| edge_shape(axis, edge, plural, settings.resolution_ev))
            .collect();
        let pivot = axis.energy_ev(channels.start).max(1.0);
        let columns = edges.len() + EXPONENTS.len();
        let mut design = Vec::with_capacity(columns * channels.len());
        for c in channels.clone() {
            design.extend(shapes.iter().map(|s| s[c]));
            let e = axis.energy_ev(c).max(1.0) / pivot;
            design.extend(EXPONENTS.iter().map(|r| libm::pow(e, -r)));
        }
        let floor =
            total.sum(channels.clone()).max(f64::MIN_POSITIVE) / channels.len() as f64 * 1e-2;
        let weight: Vec<f64> = channels.map(|c| 1.0 / total.counts[c].max(floor)).collect();
        let mut gram = vec![0.0; columns * columns];
        for (row, w) in design.chunks_exact(columns).zip(&weight) {
            for i in 0..columns {
                for j in 0..columns {
                    gram[i * columns + j] += w * row[i] * row[j];
                }
            }
        }
        // The four power laws are nearly dependent; what they do together is well determined, and so are the edges.
        let variance = match Cholesky::new(&gram, columns) {
            Some(factor) => {
                let inverse = factor.inverse();
                (0..columns).map(|i| inverse[i * columns + i]).collect()
            }
            None => return Err(SpectroscopyError::Singular),
        };
        Ok(Fit {
            design,
            columns,
            weight,
            gram,
            signed: if settings.non_negative {
                0
            } else {
                edges.len()
            },
            variance,
        })
    }

    fn solve(&self, counts: &[f64]) -> Option<Vec<f64>> {
        let mut rhs = vec![0.0; self.columns];
        for ((row, w), y) in self
            .design
            .chunks_exact(self.columns)
            .zip(&self.weight)
            .zip(counts)
        {
            let wy = w * y;
            for (b, a) in rhs.iter_mut().zip(row) {
                *b += wy * a;
            }
        }
        non_negative(&self.gram, &rhs, self.signed)
    }

    fn at(&self, row: usize, x: &[f64]) -> f64 {
        let row = self
            .design
            .get(row * self.columns..(row + 1) * self.columns);
        row.map_or(0.0, |row| row.iter().zip(x).map(|(a, x)| a * x).sum())
    }

    fn chi2(&self, counts: &[f64], x: &[f64]) -> f64 {
        let rows = self.weight.iter().zip(counts).enumerate();
        rows.map(|(i, (w, y))| {
            let residual = y - self.at(i, x);
            w * residual * residual
        })
        .sum()
    }

    fn degrees_of_freedom(&self) -> usize {
        self.weight.len().saturating_sub(self.columns)
    }
}

/// Onsets of an element's shell with their shares: L₃ and L₂ (M₅ and M₄) as the numbers of their electrons.
pub(super) fn onsets(edge: &Edge) -> Vec<(f64, f64)> {
    let partner = match edge.shell.as_str() {
        "L3" => Some(("L2", 2.0)),
        "M5" => Some(("M4", 1.5)),
        _ => None,
    };
    let partner = partner.and_then(|(shell, ratio)| {
        let found = Edge::table()
            .iter()
            .find(|e| e.element == edge.element && e.shell == shell);
        found.map(|e| (e.onset_ev, ratio))
    });
    match partner {
        Some((onset, ratio)) => vec![
            (edge.onset_ev, ratio / (1.0 + ratio)),
            (onset, 1.0 / (1.0 + ratio)),
        ],
        None => vec![(edge.onset_ev, 1.0)],
    }
}

impl Edge {
    /// The edge in every channel, one count in its first 100 eV, with plural scattering: what the model fit and the simulator use.
    pub fn shape(&self, axis: &EnergyAxis, plural: &Plural, resolution_ev: f64) -> Vec<f64> {
        edge_shape(axis, self, plural, resolution_ev)
    }
}

/// The edge in every channel, normalized to one count in its first 100 eV without plural scattering.
fn edge_shape(axis: &EnergyAxis, edge: &Edge, plural: &Plural, resolution_ev: f64) -> Vec<f64> {
    // Finer than channel and resolution, so that a channel holds its mean and not the value at its center.
    let fine = (axis.step_ev / 4.0).min(1.0);
    let first = axis.first_ev - 0.5 * axis.step_ev;
    let count = f64::ceil((axis.channels as f64 * axis.step_ev) / fine) as usize + 1;
    let mut sharp = vec![0.0; count];
    let parts = onsets(edge);
    for (i, v) in sharp.iter_mut().enumerate() {
        let e = first + (i as f64 + 0.5) * fine;
        for &(onset, share) in &parts {
            if e > onset {
                let risen = if edge.rise_ev > 0.0 {
                    -libm::expm1(-(e - onset) / edge.rise_ev)
                } else {
                    1.0
                };
                *v += share * libm::pow(e / onset, -DECAY) * risen;
            }
        }
    }
    let norm: f64 = sharp
        .iter()
        .enumerate()
        .filter(|(i, _)| first + (*i as f64 + 0.5) * fine < edge.onset_ev + EDGE_WIDTH_EV)
        .map(|(_, v)| v * fine / axis.step_ev)
        .sum();
    let scale = 1.0 / norm.max(f64::MIN_POSITIVE);
    let t = plural.t_over_lambda;
    // (energy lost besides, strength, full width at half maximum)
    let losses = [
        (0.0, 1.0, resolution_ev),
        (plural.plasmon_ev, t, plural.width_ev),
        (
            2.0 * plural.plasmon_ev,
            0.5 * t * t,
            plural.width_ev * core::f64::consts::SQRT_2,
        ),
    ];
    let mut out = vec![0.0; count];
    for (loss, strength, fwhm) in losses {
        if strength > 0.0 {
            add_broadened(
                &sharp,
                (loss / fine, fwhm / fine / 2.354_820_045),
                strength * scale,
                &mut out,
            );
        }
    }
    (0..axis.channels)
        .map(|c| {
            let at = |k: f64| libm::round(k * axis.step_ev / fine) as usize;
            let (from, to) = (at(c as f64), at(c as f64 + 1.0).min(count));
            let slice = out.get(from..to).unwrap_or(&[]);
            slice.iter().sum::<f64>() / slice.len().max(1) as f64
        })
        .collect()
}

/// Adds `strength` times `values` moved by `shift` and broadened by a Gaussian of `sigma` (both in samples).
fn add_broadened(values: &[f64], (shift, sigma): (f64, f64), strength: f64, out: &mut [f64]) {
    let reach = f64::ceil(4.0 * sigma).max(1.0) as i64;
    let whole = libm::round(shift) as i64;
    let kernel: Vec<f64> = (-reach..=reach)
        .map(|k| {
            if sigma > 0.2 {
                libm::exp(-0.5 * (k as f64 / sigma) * (k as f64 / sigma))
            } else {
                f64::from(u8::from(k == 0))
            }
        })
        .collect();
    let sum: f64 = kernel.iter().sum();
    let last = values.len() as i64 - 1;
    for (i, o) in out.iter_mut().enumerate() {
        let mut v = 0.0;
        for (k, w) in (-reach..=reach).zip(&kernel) {
            let at = i as i64 - whole - k;
            // Beyond the last channel the edge goes on as it ends.
            if at >= 0 {
                v += w * values[at.min(last) as usize];
            }
        }
        *o += strength * v / sum;
    }
}
