//! The background under an edge: I = A E⁻ʳ, extrapolated with its error.

use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::EnergyAxis;

/// How a power law is put under an edge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// From two halves of the window, in closed form: the quick look.
    TwoWindow,
    /// Least squares of ln I against ln E with weights I, as counting statistics want. Biased below some 20 counts a channel.
    Weighted,
    /// Maximum likelihood of Poisson counts: no bias, zeros allowed.
    #[default]
    MaximumLikelihood,
}

/// Exponents outside are no background of a spectrum; the fit stops there.
const EXPONENTS: (f64, f64) = (0.0, 10.0);

/// Exponent at which the mean energy of a group of channels is exact.
const TYPICAL_EXPONENT: f64 = 3.0;

/// Channels taken together: the sum of a power law over them is their number times its value at one energy.
///
/// Exact for r = 3; for r between 1.5 and 5 the extrapolated background is true to 2e-4 (1e-3 from two windows, whose groups are the widest;
/// `tests/spectroscopy.rs`).
#[derive(Clone, Debug, PartialEq)]
pub struct Groups {
    /// The channels of each.
    pub channels: Vec<Range<usize>>,
    /// Energy that stands for each (eV).
    energy_ev: Vec<f64>,
}

impl Groups {
    /// At most `most` groups of nearly as many channels each.
    pub fn new(axis: &EnergyAxis, range: Range<usize>, most: usize) -> Groups {
        let count = range.len().min(most.max(1));
        let channels: Vec<Range<usize>> = (0..count)
            .map(|g| {
                let at = |g: usize| range.start + g * range.len() / count.max(1);
                at(g)..at(g + 1)
            })
            .collect();
        let energy_ev = channels
            .iter()
            .map(|c| {
                let sum: f64 = c
                    .clone()
                    .map(|i| libm::pow(axis.energy_ev(i).max(1.0), -TYPICAL_EXPONENT))
                    .sum();
                libm::pow(sum / c.len().max(1) as f64, -1.0 / TYPICAL_EXPONENT)
            })
            .collect();
        Groups {
            channels,
            energy_ev,
        }
    }

    /// Number of groups.
    pub fn len(&self) -> usize {
        self.channels.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.channels.is_empty()
    }

    /// Geometric mean of their energies: where amplitude and exponent are hardly correlated.
    fn pivot_ev(&self) -> f64 {
        let sum: f64 = self.energy_ev.iter().map(|&e| libm::log(e)).sum();
        libm::exp(sum / self.len().max(1) as f64)
    }
}

/// I(E) = `amplitude` (E/`pivot_ev`)^−`exponent` counts a channel, with the covariance of ln A and r for Poisson counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PowerLaw {
    /// A: counts a channel at the pivot.
    pub amplitude: f64,
    /// r.
    pub exponent: f64,
    /// Energy at which A is given (eV).
    pub pivot_ev: f64,
    /// Variance of ln A.
    pub variance_ln_a: f64,
    /// Variance of r.
    pub variance_r: f64,
    /// Covariance of ln A and r.
    pub covariance: f64,
    /// Σ (counts − fit)²/fit over the groups fitted.
    pub chi2: f64,
    /// Groups less unknowns.
    pub degrees_of_freedom: usize,
}

/// Groups of one fit: eight hold all but 1 % of what single channels know of r, at a tenth of the work.
const MOST_GROUPS: usize = 8;

/// Newton's steps end with one shorter than this share of the standard error, squared: what is left after it is its square.
const FINE: f64 = 1e-4;

/// Fits by [`BackgroundFit::fit`]: the groups of one window with their logarithms, made once for all pixels.
#[derive(Clone, Debug)]
pub struct BackgroundFit {
    groups: Groups,
    /// −ln(E/pivot).
    x: Vec<f64>,
    /// Channels in each group.
    count: Vec<f64>,
    /// Channels times (E/pivot)^−r at the exponent that fits begin with.
    start: Vec<f64>,
    pivot_ev: f64,
    method: Method,
    exponent: Option<f64>,
}

/// A power law on its way: A, r, and what it has in each group.
struct Model {
    amplitude: f64,
    exponent: f64,
    counts: [f64; MOST_GROUPS],
}

impl Model {
    /// To another amplitude and exponent, by factors near one: no logarithm, and hardly an exponential.
    fn step(&mut self, x: &[f64], (by_ln_a, by_r): (f64, f64)) {
        self.amplitude *= exponential(by_ln_a);
        self.exponent += by_r;
        for (m, x) in self.counts.iter_mut().zip(x) {
            *m *= exponential(by_ln_a + by_r * x);
        }
    }

    /// Σ m, Σ m x, Σ m x²: the Fisher information of ln A and r.
    fn information(&self, x: &[f64]) -> [f64; 3] {
        let each = self.counts.iter().zip(x);
        each.fold([0.0; 3], |[a, b, c], (m, x)| {
            [a + m, b + m * x, c + m * x * x]
        })
    }
}

/// eᶻ; near zero by its series, which is true to 1e-11 there and takes a tenth of the time.
fn exponential(z: f64) -> f64 {
    if z.abs() < 0.25 {
        (1..=8)
            .rev()
            .fold(1.0, |sum, k| 1.0 + sum * z / f64::from(k))
    } else {
        libm::exp(z)
    }
}

impl BackgroundFit {
    /// Prepares fits in the channels `range`. With `exponent` r is held there and the amplitude alone fitted: what pixels with few
    /// counts want, r being taken from the sum of all.
    pub fn new(
        axis: &EnergyAxis,
        range: Range<usize>,
        method: Method,
        exponent: Option<f64>,
    ) -> BackgroundFit {
        let most = if method == Method::TwoWindow {
            2
        } else {
            MOST_GROUPS
        };
        let groups = Groups::new(axis, range, most);
        let pivot_ev = groups.pivot_ev();
        let count: Vec<f64> = groups.channels.iter().map(|c| c.len() as f64).collect();
        let x: Vec<f64> = groups
            .energy_ev
            .iter()
            .map(|&e| -libm::log(e / pivot_ev))
            .collect();
        let r = exponent.unwrap_or(TYPICAL_EXPONENT);
        BackgroundFit {
            start: count
                .iter()
                .zip(&x)
                .map(|(n, x)| n * libm::exp(r * x))
                .collect(),
            x,
            count,
            groups,
            pivot_ev,
            method,
            exponent,
        }
    }

    /// The groups whose sums [`BackgroundFit::fit`] wants, in this order.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// The power law through the sums of the groups. Where they are not positive together, A = 0 with the error of one count.
    pub fn fit(&self, sums: &[f64]) -> PowerLaw {
        let total: f64 = sums.iter().sum();
        let mut law = PowerLaw {
            pivot_ev: self.pivot_ev,
            exponent: self.exponent.unwrap_or(TYPICAL_EXPONENT),
            ..PowerLaw::default()
        };
        if total.is_nan() || total <= 0.0 || self.x.is_empty() {
            return law;
        }
        let amplitude = total / self.start.iter().sum::<f64>();
        let mut model = Model {
            amplitude,
            exponent: law.exponent,
            counts: [0.0; MOST_GROUPS],
        };
        for (m, n) in model.counts.iter_mut().zip(&self.start) {
            *m = amplitude * n;
        }
        if self.exponent.is_none() {
            let line = match self.method {
                Method::MaximumLikelihood => None,
                Method::TwoWindow | Method::Weighted => self.logarithmic(sums),
            };
            match line {
                Some((ln_a, r)) => {
                    let by = (ln_a - libm::log(amplitude), r - model.exponent);
                    model.step(&self.x, by);
                }
                None => self.newton(sums, &mut model),
            }
        }
        law.amplitude = model.amplitude;
        law.exponent = model.exponent;
        self.errors(&mut law, &model, sums);
        law
    }

    /// Straight line through ln(sum/channels) with weights `sum`; through both points where there are two. `None` where a group has no
    /// counts or r is out of range.
    fn logarithmic(&self, sums: &[f64]) -> Option<(f64, f64)> {
        let [mut w0, mut wx, mut wxx, mut wy, mut wxy] = [0.0; 5];
        for ((&y, &x), &n) in sums.iter().zip(&self.x).zip(&self.count) {
            if y.is_nan() || y <= 0.0 {
                return None;
            }
            let ln = libm::log(y / n);
            w0 += y;
            wx += y * x;
            wxx += y * x * x;
            wy += y * ln;
            wxy += y * x * ln;
        }
        let det = w0 * wxx - wx * wx;
        if det.is_nan() || det <= 0.0 {
            return None;
        }
        let r = (w0 * wxy - wx * wy) / det;
        let ln_a = (wy - r * wx) / w0;
        (r >= EXPONENTS.0 && r <= EXPONENTS.1).then_some((ln_a, r))
    }

    /// Newton's steps of the Poisson likelihood in ln A and r, which is concave in both, until one is a hundredth of the standard error.
    fn newton(&self, sums: &[f64], model: &mut Model) {
        for _ in 0..30 {
            let (mut g0, mut g1) = (0.0, 0.0);
            for ((y, m), x) in sums.iter().zip(&model.counts).zip(&self.x) {
                g0 += y - m;
                g1 += (y - m) * x;
            }
            let [h00, h01, h11] = model.information(&self.x);
            let det = h00 * h11 - h01 * h01;
            let (mut da, mut dr) = if det.is_nan() || det <= 1e-12 * h00 * h00 {
                (g0 / h00, 0.0)
            } else {
                ((h11 * g0 - h01 * g1) / det, (h00 * g1 - h01 * g0) / det)
            };
            // At an end of the range r is held and A alone fitted.
            let r = model.exponent;
            if (r <= EXPONENTS.0 && dr < 0.0) || (r >= EXPONENTS.1 && dr > 0.0) {
                (da, dr) = (g0 / h00, 0.0);
            }
            // The square of the step in units of the standard error.
            let length = g0 * da + g1 * dr;
            let longest = (da.abs()).max(0.5 * dr.abs());
            let damping = if longest > 1.0 { 1.0 / longest } else { 1.0 };
            let to = (r + damping * dr).clamp(EXPONENTS.0, EXPONENTS.1);
            model.step(&self.x, (damping * da, to - r));
            let whole = damping >= 1.0 && to == r + dr;
            if (whole && length < FINE) || longest < 1e-7 || !model.amplitude.is_finite() {
                break;
            }
        }
    }

    /// The inverse of the Fisher information, and χ².
    fn errors(&self, law: &mut PowerLaw, model: &Model, sums: &[f64]) {
        for (y, m) in sums.iter().zip(&model.counts) {
            law.chi2 += (y - m) * (y - m) / m.max(f64::MIN_POSITIVE);
        }
        let [h00, h01, h11] = model.information(&self.x);
        let det = h00 * h11 - h01 * h01;
        let unknowns = if self.exponent.is_none() && det > 1e-12 * h00 * h00 {
            law.variance_ln_a = h11 / det;
            law.variance_r = h00 / det;
            law.covariance = -h01 / det;
            2
        } else {
            law.variance_ln_a = 1.0 / h00;
            1
        };
        law.degrees_of_freedom = sums.len().saturating_sub(unknowns);
    }
}

/// A power law summed over a window: made once, evaluated for every pixel.
#[derive(Clone, Debug)]
pub struct Extrapolation {
    /// −ln(E/pivot) of each group.
    x: Vec<f64>,
    /// Channels times (E/pivot)^−r at the typical exponent.
    typical: Vec<f64>,
}

impl Extrapolation {
    /// Into the channels `range`, from fits by `fit`.
    pub fn new(axis: &EnergyAxis, range: Range<usize>, fit: &BackgroundFit) -> Extrapolation {
        let groups = Groups::new(axis, range, 4);
        let x: Vec<f64> = groups
            .energy_ev
            .iter()
            .map(|&e| -libm::log(e / fit.pivot_ev))
            .collect();
        let each = groups.channels.iter().zip(&x);
        Extrapolation {
            typical: each
                .map(|(c, x)| c.len() as f64 * libm::exp(TYPICAL_EXPONENT * x))
                .collect(),
            x,
        }
    }

    /// B = Σ A (E/E₀)⁻ʳ over the window, and its variance g C gᵀ with g = (∂B/∂ln A, ∂B/∂r) from the fit's covariance.
    pub fn sum(&self, law: &PowerLaw) -> (f64, f64) {
        let (mut b, mut slope) = (0.0, 0.0);
        let by = law.exponent - TYPICAL_EXPONENT;
        for (&x, &typical) in self.x.iter().zip(&self.typical) {
            let v = law.amplitude * typical * exponential(by * x);
            b += v;
            slope += v * x;
        }
        let variance = b * b * law.variance_ln_a
            + 2.0 * b * slope * law.covariance
            + slope * slope * law.variance_r;
        (b, variance.max(0.0))
    }
}

impl PowerLaw {
    /// Counts a channel at an energy.
    pub fn at(&self, energy_ev: f64) -> f64 {
        self.amplitude * libm::pow(energy_ev / self.pivot_ev, -self.exponent)
    }
}
