//! Elemental maps by windows: counts above an extrapolated background, with their errors.

use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::background::{BackgroundFit, Extrapolation, Method};
use super::{SpectroscopyError, Spectrum, SpectrumImage, Windows};
use crate::signal::Image;

/// How a map is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapSettings {
    /// How the background is fitted; lines (EDX) have a straight one.
    pub method: Method,
    /// Take the exponent from the sum of all pixels and fit the amplitude alone in each: for few counts. The background then must
    /// have one shape everywhere.
    pub shared_exponent: bool,
}

/// The counts of one element in every pixel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElementMap {
    /// `Cu_L3`, or what the file calls it.
    pub name: String,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Counts above the background; negative where the background is more.
    pub value: Vec<f32>,
    /// Their standard errors: counting and extrapolation.
    pub standard_error: Vec<f32>,
    /// Variance of the samples over their value: 1 for single electrons or photons, otherwise the gain of the detector and whatever the
    /// background does not describe. Already in the errors.
    pub dispersion: f64,
    /// The standard error of the sum of all pixels that they have in common, that of a shared exponent: beside their own, which average out.
    pub common_error: f64,
}

impl ElementMap {
    /// A map that a file holds as a picture. Its errors are the same everywhere: the scatter between neighboring pixels, which no structure of the
    /// specimen should reach; for maps of few counts it is little more than an order of magnitude.
    pub fn ready_made(name: &str, image: &Image) -> ElementMap {
        let pairs = image
            .values
            .windows(2)
            .filter(|p| p.iter().all(|v| v.is_finite()));
        let (sum, count) = pairs.fold((0.0, 0.0_f64), |(s, n), p| match p {
            [a, b] => (s + f64::from(a - b) * f64::from(a - b), n + 1.0),
            _ => (s, n),
        });
        let se = (0.5 * sum / count.max(1.0)).sqrt() as f32;
        ElementMap {
            name: name.into(),
            width: image.width,
            height: image.height,
            standard_error: vec![se; image.values.len()],
            value: image.values.clone(),
            dispersion: 1.0,
            common_error: 0.0,
        }
    }

    /// Values as an image.
    pub fn image(&self) -> Image {
        Image {
            width: self.width,
            height: self.height,
            values: self.value.clone(),
        }
    }

    /// Value over standard error, pixel by pixel.
    pub fn significance(&self) -> Vec<f32> {
        let pairs = self.value.iter().zip(&self.standard_error);
        pairs.map(|(v, se)| v / se.max(f32::MIN_POSITIVE)).collect()
    }

    /// Sum over all pixels with its standard error, a common one included (`tests/element_order.rs`: 1.0 ± 0.2 of the scatter).
    pub fn total(&self) -> (f64, f64) {
        let value = self.value.iter().map(|&v| f64::from(v)).sum();
        let variance: f64 = self
            .standard_error
            .iter()
            .map(|&s| f64::from(s) * f64::from(s))
            .sum();
        (value, libm::hypot(variance.sqrt(), self.common_error))
    }
}

/// The net counts of one spectrum in a window.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Net {
    /// Counts above the background.
    pub value: f64,
    /// Standard error.
    pub standard_error: f64,
    /// The background under the window.
    pub background: f64,
}

/// Pixels over which the dispersion is found at least.
const DISPERSION_DEGREES: usize = 200;

/// Map of one edge or line by its windows.
///
/// An edge: the power law A E⁻ʳ is fitted in the background window of every pixel and extrapolated under the signal (Egerton, Electron
/// Energy-Loss Spectroscopy in the Electron Microscope, 3rd ed. 2011, section 4.4). The signal is S = N − B with the variance φ N + φ g C gᵀ: counting, and the
/// extrapolation by the covariance C of ln A and r, which is what makes the error grow with the width of the signal over that of the background.
/// A line: the background is straight between the windows on both sides. φ is the scatter of the background windows about their fits in units of
/// Poisson's.
///
/// Accuracy: `tests/spectroscopy.rs` (bias and stated errors over simulated pixels at doses down to one count a channel). Not where another edge lies
/// in the windows, nor where plural scattering bends the background: [`super::model_maps`].
///
/// # Errors
/// Windows outside the spectrum or in the wrong order.
pub fn window_map(
    image: &SpectrumImage,
    name: &str,
    windows: &Windows,
    settings: &MapSettings,
) -> Result<ElementMap, SpectroscopyError> {
    let plan = Plan::new(image, windows, settings)?;
    let (mut value, mut variance) = (
        Vec::with_capacity(image.pixels()),
        Vec::with_capacity(image.pixels()),
    );
    let (mut chi2, mut degrees) = (0.0, 0);
    let mut sums = vec![0.0; plan.groups()];
    for pixel in 0..image.pixels() {
        let one = plan.net(|range| image.sum(pixel, range), &mut sums);
        value.push(one.value as f32);
        variance.push(one.variance);
        chi2 += one.chi2;
        degrees += one.degrees_of_freedom;
    }
    let dispersion = dispersion(chi2, degrees);
    Ok(ElementMap {
        name: name.into(),
        width: image.width,
        height: image.height,
        value,
        // One quantum at least: no counts at all are not known exactly either.
        standard_error: variance
            .iter()
            .map(|v| (dispersion * v.max(dispersion)).sqrt() as f32)
            .collect(),
        dispersion,
        common_error: (dispersion * plan.common_variance()).sqrt(),
    })
}

/// The same for one spectrum.
///
/// # Errors
/// As [`window_map`].
pub fn net_counts(
    spectrum: &Spectrum,
    windows: &Windows,
    method: Method,
) -> Result<Net, SpectroscopyError> {
    let samples = crate::signal::Samples::F64(spectrum.counts.clone());
    let image = SpectrumImage::new((1, 1), spectrum.axis, samples)?;
    let plan = Plan::new(
        &image,
        windows,
        &MapSettings {
            method,
            shared_exponent: false,
        },
    )?;
    let mut sums = vec![0.0; plan.groups()];
    let one = plan.net(|range| image.sum(0, range), &mut sums);
    Ok(Net {
        value: one.value,
        standard_error: one.variance.max(1.0).sqrt(),
        background: one.background,
    })
}

/// The background under an edge or line in every channel of a spectrum, from the first channel it is estimated from to the last of the signal; NaN elsewhere.
///
/// # Errors
/// As [`window_map`].
pub fn background_curve(
    spectrum: &Spectrum,
    windows: &Windows,
    method: Method,
) -> Result<Vec<f64>, SpectroscopyError> {
    let axis = &spectrum.axis;
    let below = axis.at_least(windows.background, 1)?;
    let signal = axis.at_least(windows.signal, 1)?;
    let mean = |r: &Range<usize>| spectrum.sum(r.clone()) / r.len() as f64;
    let mut curve = vec![f64::NAN; axis.channels];
    let mut draw = |to: usize, at: &dyn Fn(usize) -> f64| {
        for (c, v) in curve.iter_mut().enumerate().take(to).skip(below.start) {
            *v = at(c);
        }
    };
    if let Some(above) = windows.above {
        let above = axis.at_least(above, 1)?;
        let middle = |r: &Range<usize>| 0.5 * (r.start as f64 + r.end as f64 - 1.0);
        let (b, a) = (middle(&below), middle(&above));
        let (from, to) = (mean(&below), mean(&above));
        draw(above.end, &|c| {
            from + (to - from) * (c as f64 - b) / (a - b)
        });
    } else {
        let fit = BackgroundFit::new(axis, below.clone(), method, None);
        let channels = &fit.groups().channels;
        let sums: Vec<f64> = channels.iter().map(|r| spectrum.sum(r.clone())).collect();
        let law = fit.fit(&sums);
        draw(signal.end, &|c| law.at(axis.energy_ev(c)));
    }
    Ok(curve)
}

/// χ² over its degrees of freedom, where there are enough of them.
fn dispersion(chi2: f64, degrees: usize) -> f64 {
    let ratio = chi2 / degrees.max(1) as f64;
    if degrees >= DISPERSION_DEGREES && ratio > 0.0 && ratio.is_finite() {
        ratio
    } else {
        1.0
    }
}

/// What is done in each pixel.
enum Plan {
    PowerLaw {
        fit: BackgroundFit,
        extrapolation: Extrapolation,
        signal: Range<usize>,
        /// Of the background of all pixels, by an exponent that they share.
        common_variance: f64,
    },
    Straight {
        below: Range<usize>,
        above: Range<usize>,
        signal: Range<usize>,
        /// Share of the lower window's mean under the signal; the upper one's is the rest.
        share: f64,
    },
}

/// One pixel, variance in units of the dispersion.
struct One {
    value: f64,
    variance: f64,
    background: f64,
    chi2: f64,
    degrees_of_freedom: usize,
}

impl Plan {
    fn new(
        image: &SpectrumImage,
        windows: &Windows,
        settings: &MapSettings,
    ) -> Result<Plan, SpectroscopyError> {
        let axis = &image.axis;
        let signal = axis.at_least(windows.signal, 1)?;
        if let Some(above) = windows.above {
            let below = axis.at_least(windows.background, 1)?;
            let above = axis.at_least(above, 1)?;
            let middle = |r: &Range<usize>| 0.5 * (r.start as f64 + r.end as f64);
            let (b, a, s) = (middle(&below), middle(&above), middle(&signal));
            if below.end > signal.start || signal.end > above.start {
                return Err(order(windows));
            }
            return Ok(Plan::Straight {
                share: (a - s) / (a - b),
                below,
                above,
                signal,
            });
        }
        let background = axis.at_least(windows.background, 3)?;
        if background.end > signal.start {
            return Err(order(windows));
        }
        let prepared = |exponent: Option<f64>| {
            BackgroundFit::new(axis, background.clone(), settings.method, exponent)
        };
        let mut fit = prepared(None);
        let mut common_variance = 0.0;
        if settings.shared_exponent {
            let total = |range: &Range<usize>| {
                (0..image.pixels())
                    .map(|p| image.sum(p, range.clone()))
                    .sum()
            };
            let sums: Vec<f64> = fit.groups().channels.iter().map(total).collect();
            let law = fit.fit(&sums);
            fit = prepared(Some(law.exponent));
            // What the exponent's own error adds to that of the amplitude.
            let extrapolation = Extrapolation::new(axis, signal.clone(), &fit);
            let amplitude_alone = extrapolation.sum(&fit.fit(&sums)).1;
            common_variance = (extrapolation.sum(&law).1 - amplitude_alone).max(0.0);
        }
        let extrapolation = Extrapolation::new(axis, signal.clone(), &fit);
        Ok(Plan::PowerLaw {
            fit,
            extrapolation,
            signal,
            common_variance,
        })
    }

    /// Variance of the background of all pixels that they have in common, in units of the dispersion.
    fn common_variance(&self) -> f64 {
        match self {
            Plan::PowerLaw {
                common_variance, ..
            } => *common_variance,
            Plan::Straight { .. } => 0.0,
        }
    }

    /// Sums that [`Plan::net`] needs room for.
    fn groups(&self) -> usize {
        match self {
            Plan::PowerLaw { fit, .. } => fit.groups().len(),
            Plan::Straight { .. } => 0,
        }
    }

    fn net(&self, sum: impl Fn(Range<usize>) -> f64, sums: &mut [f64]) -> One {
        match self {
            Plan::PowerLaw {
                fit,
                extrapolation,
                signal,
                ..
            } => {
                for (s, range) in sums.iter_mut().zip(&fit.groups().channels) {
                    *s = sum(range.clone());
                }
                let law = fit.fit(sums);
                let (background, extrapolated) = extrapolation.sum(&law);
                let counts = sum(signal.clone());
                // Few counts: their own number is a poor estimate of their variance, the background under them a better one.
                let counting = counts.max(background).max(0.0);
                One {
                    value: counts - background,
                    variance: counting + extrapolated,
                    background,
                    chi2: law.chi2,
                    degrees_of_freedom: if law.amplitude > 0.0 {
                        law.degrees_of_freedom
                    } else {
                        0
                    },
                }
            }
            Plan::Straight {
                below,
                above,
                signal,
                share,
            } => {
                let (b, a, counts) = (sum(below.clone()), sum(above.clone()), sum(signal.clone()));
                let n = signal.len() as f64;
                let (to_b, to_a) = (
                    share * n / below.len() as f64,
                    (1.0 - share) * n / above.len() as f64,
                );
                let background = to_b * b + to_a * a;
                One {
                    value: counts - background,
                    variance: counts.max(background).max(0.0)
                        + to_b * to_b * b.max(0.0)
                        + to_a * to_a * a.max(0.0),
                    background,
                    chi2: 0.0,
                    degrees_of_freedom: 0,
                }
            }
        }
    }
}

fn order(windows: &Windows) -> SpectroscopyError {
    SpectroscopyError::Order {
        background_ev: windows.background.to_ev,
        signal_ev: windows.signal.from_ev,
    }
}
