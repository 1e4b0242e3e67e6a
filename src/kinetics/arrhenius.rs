//! Arrhenius fits (eq. 5) to values and limits.

use serde::{Deserialize, Serialize};

use crate::fit::{Estimate, Interval, IntervalKind};
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// What a line was fitted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounds {
    /// The intervals' values and limits, each as if it were independent.
    #[default]
    Points,
    /// All frames at once.
    Frames,
    /// Several series at once.
    Series,
}

/// A straight line ln D = ln D0 - E/(R T).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrhenius {
    /// What it was fitted to.
    pub grounds: Grounds,
    /// Activation energy E (J/mol).
    pub energy_j_mol: Estimate,
    /// E at the ends of the confidence interval (J/mol).
    pub energy_interval_j_mol: (f64, f64),
    /// ln(D0 / (nm²/s)).
    pub ln_d0: Estimate,
    /// Correlation of ln D0 with E.
    pub correlation: f64,
    /// χ² over the degrees of freedom of the values; `None` with none left.
    pub chi2_red: Option<f64>,
    /// Values used; frames, where it was fitted to frames.
    pub values: usize,
    /// Limits honored; those of frames need none.
    pub limits: usize,
    /// Normal quantile of the confidence level: the half width of intervals and bands in standard errors.
    pub quantile: f64,
}

impl Arrhenius {
    /// ln(D / (nm²/s)) of the line at a temperature (K), and its standard error.
    pub fn ln_d(&self, temperature_k: f64) -> (f64, f64) {
        let x = 1.0 / (GAS_CONSTANT * temperature_k);
        let (s_l, s_e) = (self.ln_d0.standard_error, self.energy_j_mol.standard_error);
        let variance = s_l * s_l + x * x * s_e * s_e - 2.0 * x * self.correlation * s_l * s_e;
        (
            self.ln_d0.value - self.energy_j_mol.value * x,
            f64::sqrt(variance.max(0.0)),
        )
    }

    /// The temperature (K) at which ln D is known best, ln D (nm²/s) there and its standard error: there, ln D and E are
    /// uncorrelated, and the ellipse of both stands upright. `None` where D0 was held.
    pub fn reference(&self) -> Option<(f64, f64, f64)> {
        let (s_l, s_e) = (self.ln_d0.standard_error, self.energy_j_mol.standard_error);
        let inverse = self.correlation * s_l / s_e * GAS_CONSTANT;
        let temperature_k = 1.0 / inverse;
        (temperature_k > 0.0 && temperature_k.is_finite()).then(|| {
            let (ln_d, error) = self.ln_d(temperature_k);
            (temperature_k, ln_d, error)
        })
    }

    /// D0 (m²/s).
    pub fn d0_m2_s(&self) -> f64 {
        libm::exp(self.ln_d0.value) * SQUARE_METER_PER_SQUARE_NM
    }

    /// α = E/R_gas (K), the slope of eq. 5. (The paper prints E·R_gas, in K⁻¹.)
    pub fn alpha_k(&self) -> f64 {
        self.energy_j_mol.value / GAS_CONSTANT
    }
}

/// What the temperatures say.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Kinetics {
    /// Both D0 and E free, from all frames at once where they allow it: the headline.
    pub free: Option<Arrhenius>,
    /// The same through the intervals' values and limits.
    pub points: Option<Arrhenius>,
    /// D0 fixed at a literature value.
    pub fixed: Option<Arrhenius>,
}

impl Kinetics {
    /// By how many standard errors the fixed D0 lies from the free one; `None` unless both exist.
    pub fn disagreement(&self) -> Option<f64> {
        let (free, fixed) = (self.free.as_ref()?, self.fixed.as_ref()?);
        let error = free.ln_d0.standard_error;
        (error > 0.0).then(|| (fixed.ln_d0.value - free.ln_d0.value).abs() / error)
    }
}

/// One point of the Arrhenius plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// Temperature (K).
    pub temperature_k: f64,
    /// ln(D / (nm²/s)): the value, or the limit at 95 % one-sided.
    pub ln_d: f64,
    /// Standard deviation of ln D, for limits the width of the likelihood's edge.
    pub ln_d_error: f64,
    /// Value, upper or lower limit.
    pub kind: IntervalKind,
}

/// Quantile of the normal distribution that a one-sided 95 % limit lies from the edge of the likelihood.
const LIMIT_QUANTILE: f64 = 1.645;

/// The points that intervals give: those with temperature, dwell, and information.
pub fn observations(intervals: &[Interval], quantile: f64) -> Vec<Observation> {
    intervals
        .iter()
        .filter_map(|interval| {
            let temperature_k = interval.temperature_k.filter(|&t| t > 0.0)?;
            let dwell_s = interval.dwell_s.filter(|&t| t > 0.0)?;
            let log = |dtau: f64| (dtau > 0.0).then(|| libm::log(dtau / dwell_s));
            let (ln_d, ln_d_error) = match interval.kind {
                IntervalKind::Value => {
                    let value = log(interval.dtau_nm2)?;
                    // What makes it a value does not depend on the confidence that is shown; at a high one an end may be open.
                    let low = interval.dtau_low_nm2.and_then(log).map(|low| value - low);
                    let high = interval
                        .dtau_high_nm2
                        .and_then(log)
                        .map(|high| high - value);
                    let half_width = match (low, high) {
                        (Some(low), Some(high)) => 0.5 * (low + high),
                        (one, other) => one.or(other)?,
                    };
                    (value, half_width / quantile)
                }
                IntervalKind::Upper => (log(interval.dtau_high_nm2?)?, interval.log_scale?),
                IntervalKind::Lower => (log(interval.dtau_low_nm2?)?, interval.log_scale?),
                IntervalKind::None => return None,
            };
            (ln_d_error > 0.0 && ln_d.is_finite()).then_some(Observation {
                temperature_k,
                ln_d,
                ln_d_error,
                kind: interval.kind,
            })
        })
        .collect()
}

/// Weighted fit of ln D = ln D0 - E/(R T) (eq. 5), `ln_d0` (of nm²/s) held where given.
///
/// Values enter as normal in ln D. A limit L enters as a censored observation, -2 ln Φ((L - ln D)/s + 1.645) for an
/// upper limit and mirrored for a lower one: it costs nothing on the permitted side. The objective is convex, so Newton's
/// method with step halving ends at its only minimum. Where the values refute the line (χ²/ν above 2.5), errors are widened by √(χ²/ν). `None` when the points do not determine the line: fewer than two
/// values (one with D0 held), or all at one temperature.
///
/// Accuracy: values alone give the weighted straight line of `arrhenius.json` to 1e-8 relative (E; `tests/kinetics.rs`). Errors of the
/// temperature and the correlation of neighboring intervals are not in it.
pub fn fit_arrhenius(
    points: &[Observation],
    ln_d0: Option<f64>,
    quantile: f64,
) -> Option<Arrhenius> {
    let values: Vec<&Observation> = points
        .iter()
        .filter(|p| p.kind == IntervalKind::Value)
        .collect();
    let needed = if ln_d0.is_some() { 1 } else { 2 };
    if values.len() < needed {
        return None;
    }
    // Centered abscissa: ln D0 and E are all but degenerate at 1/T = 0.
    let inverse = |t: f64| 1.0 / (GAS_CONSTANT * t);
    let weight = |p: &Observation| 1.0 / (p.ln_d_error * p.ln_d_error);
    let total: f64 = values.iter().map(|p| weight(p)).sum();
    let x0 = match ln_d0 {
        Some(_) => 0.0,
        None => {
            values
                .iter()
                .map(|p| weight(p) * inverse(p.temperature_k))
                .sum::<f64>()
                / total
        }
    };
    let spread: f64 = values
        .iter()
        .map(|p| weight(p) * (inverse(p.temperature_k) - x0).powi(2))
        .sum();
    if !(spread > 0.0 && spread.is_finite() && total.is_finite())
        || spread < 1e-12 * total * x0 * x0
    {
        return None;
    }
    let free = ln_d0.is_none();
    let mut level =
        ln_d0.unwrap_or_else(|| values.iter().map(|p| weight(p) * p.ln_d).sum::<f64>() / total);
    let mut energy = -values
        .iter()
        .map(|p| weight(p) * (inverse(p.temperature_k) - x0) * (p.ln_d - level))
        .sum::<f64>()
        / spread;
    let mut state = objective(points, (level, energy), x0);
    for _ in 0..100 {
        let [[a, b], [_, d]] = state.curvature;
        let (step_level, step_energy) = if free {
            let det = a * d - b * b;
            (
                (d * state.gradient[0] - b * state.gradient[1]) / det,
                (a * state.gradient[1] - b * state.gradient[0]) / det,
            )
        } else {
            (0.0, state.gradient[1] / d)
        };
        let mut factor = 1.0;
        let next = loop {
            let trial = objective(
                points,
                (level - factor * step_level, energy - factor * step_energy),
                x0,
            );
            if trial.cost <= state.cost || factor < 1e-9 {
                break trial;
            }
            factor *= 0.5;
        };
        level -= factor * step_level;
        energy -= factor * step_energy;
        let fall = state.cost - next.cost;
        state = next;
        if fall <= 1e-13 * (1.0 + state.cost) {
            break;
        }
    }
    let [[a, b], [_, d]] = state.curvature;
    // The curvature is of χ² / 2: its inverse is the covariance of (level at x0, E).
    let (var_level, var_energy, covariance) = if free {
        let det = a * d - b * b;
        (d / det, a / det, -b / det)
    } else {
        (0.0, 1.0 / d, 0.0)
    };
    let parameters = if free { 2 } else { 1 };
    let chi2: f64 = values
        .iter()
        .map(|p| {
            ((p.ln_d - level + energy * (inverse(p.temperature_k) - x0)) / p.ln_d_error).powi(2)
        })
        .sum();
    let scale = widened(chi2, values.len() - parameters);
    let (var_level, var_energy) = (scale * var_level, scale * var_energy);
    let covariance = scale * covariance;
    // ln D0 = level + E x0
    let var_ln_d0 = var_level + x0 * x0 * var_energy + 2.0 * x0 * covariance;
    let cov_ln_d0 = covariance + x0 * var_energy;
    let (se_energy, se_ln_d0) = (f64::sqrt(var_energy), f64::sqrt(var_ln_d0.max(0.0)));
    Some(Arrhenius {
        grounds: Grounds::Points,
        energy_j_mol: Estimate {
            value: energy,
            standard_error: se_energy,
            fixed: false,
        },
        energy_interval_j_mol: (energy - quantile * se_energy, energy + quantile * se_energy),
        ln_d0: Estimate {
            value: level + energy * x0,
            standard_error: if free { se_ln_d0 } else { 0.0 },
            fixed: !free,
        },
        correlation: if free && se_ln_d0 > 0.0 {
            cov_ln_d0 / (se_energy * se_ln_d0)
        } else {
            0.0
        },
        chi2_red: (values.len() > parameters).then(|| chi2 / (values.len() - parameters) as f64),
        values: values.len(),
        limits: points.len() - values.len(),
        quantile,
    })
}

/// χ²/ν of the line from which on its errors are widened by √(χ²/ν): about the 99 % quantile for five to ten degrees of freedom.
pub(super) const REFUTED: f64 = 2.5;

/// What variances are multiplied by: a law that does not hold does not make its parameters known to what the images allow.
pub(super) fn widened(chi2: f64, degrees: usize) -> f64 {
    let reduced = (degrees > 0).then(|| chi2 / degrees as f64);
    reduced.filter(|c| *c > REFUTED).unwrap_or(1.0)
}

/// χ²/2 with its first and second derivatives by (level, E).
pub(super) struct Objective {
    pub cost: f64,
    pub gradient: [f64; 2],
    pub curvature: [[f64; 2]; 2],
}

/// Of the line of `level` at the abscissa `x0`, 1/(R T), and of slope −E.
pub(super) fn objective(points: &[Observation], (level, energy): (f64, f64), x0: f64) -> Objective {
    let mut sum = Objective {
        cost: 0.0,
        gradient: [0.0; 2],
        curvature: [[0.0; 2]; 2],
    };
    for p in points {
        let x = 1.0 / (GAS_CONSTANT * p.temperature_k) - x0;
        let distance = (level - energy * x - p.ln_d) / p.ln_d_error;
        // Cost, slope and curvature by `distance`, the model over the point in its errors.
        let (cost, slope, curvature) = match p.kind {
            IntervalKind::Value => (0.5 * distance * distance, distance, 1.0),
            IntervalKind::Upper => censored(LIMIT_QUANTILE - distance, -1.0),
            IntervalKind::Lower => censored(LIMIT_QUANTILE + distance, 1.0),
            IntervalKind::None => continue,
        };
        let g = [1.0 / p.ln_d_error, -x / p.ln_d_error];
        sum.cost += cost;
        for (i, &gi) in g.iter().enumerate() {
            sum.gradient[i] += slope * gi;
            for (j, &gj) in g.iter().enumerate() {
                sum.curvature[i][j] += curvature * gi * gj;
            }
        }
    }
    sum
}

/// -ln Φ(z) with its derivatives by the distance, dz/d(distance) = `sign`.
fn censored(z: f64, sign: f64) -> (f64, f64, f64) {
    let phi = 0.5 * libm::erfc(-z / std::f64::consts::SQRT_2);
    if phi < 1e-280 {
        // Far in the forbidden tail Φ(z) ≈ φ(z)/|z|.
        return (
            0.5 * z * z + libm::log(-z) + 0.918_938_533_204_672_7,
            sign * z,
            1.0,
        );
    }
    let ratio = libm::exp(-0.5 * z * z) / (2.506_628_274_631_000_2 * phi);
    (-libm::log(phi), -sign * ratio, ratio * (z + ratio))
}
