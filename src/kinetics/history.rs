//! Heatings whose temperature changes: ∫D(T(t))dt over ramps and overshoots.

use serde::{Deserialize, Serialize};

use super::arrhenius::{Arrhenius, Observation, fit_arrhenius, observations};
use crate::fit::{Interval, IntervalKind};
use crate::units::{GAS_CONSTANT, ZERO_CELSIUS_K};

/// Width of a class of 1/T (K⁻¹): half a kelvin at 500 K. Within a class 1/T counts by its mean, so that what is lost of D·t is (E/R Δ)²/6 at most:
/// 1e-4 for 100 kJ/mol, 4e-4 for 200.
const CLASS_PER_K: f64 = 2e-6;

/// Activation energy (J/mol) at which effective temperatures are given where none is known.
pub const ASSUMED_ENERGY_J_MOL: f64 = 100e3;

/// The temperatures of one heating, as a histogram of 1/T: how long at which temperature. The order in time does not matter to ∫D dt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ThermalHistory {
    /// 1/T (K⁻¹) and how long (s).
    classes: Vec<(f64, f64)>,
    /// Highest temperature (K).
    peak_k: f64,
}

/// A step of constant temperature that does what a heating of changing temperature does.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectiveStep {
    /// Temperature (K).
    pub temperature_k: f64,
    /// Duration (s).
    pub dwell_s: f64,
}

impl ThermalHistory {
    /// A heating at one temperature; `None` unless both numbers are positive.
    pub fn constant(step: EffectiveStep) -> Option<ThermalHistory> {
        let EffectiveStep {
            temperature_k,
            dwell_s,
        } = step;
        let positive = |v: f64| v > 0.0 && v.is_finite();
        (positive(temperature_k) && positive(dwell_s)).then(|| ThermalHistory {
            classes: vec![(1.0 / temperature_k, dwell_s)],
            peak_k: temperature_k,
        })
    }

    /// From samples (s, K) in the order of time, the temperature linear between them; `None` where they span no time or a temperature is not positive.
    ///
    /// Accuracy: ∫D dt within 1e-4 for E = 100 kJ/mol, 4e-4 for 200 (`tests/history_of_heating.rs`), against the same samples integrated exactly.
    pub fn of_samples(samples: &[(f64, f64)]) -> Option<ThermalHistory> {
        if samples
            .iter()
            .any(|(t, k)| !(t.is_finite() && *k > 0.0 && k.is_finite()))
        {
            return None;
        }
        // Seconds, and seconds times 1/T, by class.
        let mut classes = std::collections::BTreeMap::<i64, (f64, f64)>::new();
        let mut peak_k = 0.0_f64;
        for pair in samples.windows(2) {
            let [(t0, k0), (t1, k1)] = [pair[0], pair[1]];
            let duration = t1 - t0;
            peak_k = peak_k.max(k0).max(k1);
            if duration <= 0.0 {
                continue;
            }
            let pieces = ((1.0 / k0 - 1.0 / k1).abs() / CLASS_PER_K)
                .ceil()
                .clamp(1.0, 4096.0);
            for piece in 0..pieces as usize {
                // The middle of the piece.
                let inverse = 1.0 / (k0 + (k1 - k0) * (piece as f64 + 0.5) / pieces);
                let class = classes.entry((inverse / CLASS_PER_K) as i64).or_default();
                class.0 += duration / pieces;
                class.1 += duration / pieces * inverse;
            }
        }
        let classes: Vec<(f64, f64)> = classes
            .into_values()
            .map(|(seconds, weighted)| (weighted / seconds, seconds))
            .collect();
        (!classes.is_empty()).then_some(ThermalHistory { classes, peak_k })
    }

    /// This heating and another one.
    pub fn and(mut self, other: &ThermalHistory) -> ThermalHistory {
        self.classes.extend(&other.classes);
        self.peak_k = self.peak_k.max(other.peak_k);
        self
    }

    /// Every temperature changed (K to K); `None` where one would not be positive.
    pub fn changed(&self, change: impl Fn(f64) -> f64) -> Option<ThermalHistory> {
        let class = |&(inverse, s): &(f64, f64)| {
            let kelvin = change(1.0 / inverse);
            (kelvin > 0.0).then(|| (1.0 / kelvin, s))
        };
        Some(ThermalHistory {
            classes: self.classes.iter().map(class).collect::<Option<_>>()?,
            peak_k: change(self.peak_k),
        })
    }

    /// Highest temperature (K).
    pub fn peak_k(&self) -> f64 {
        self.peak_k
    }

    /// From its beginning to its end (s).
    pub fn duration_s(&self) -> f64 {
        self.classes.iter().map(|c| c.1).sum()
    }

    /// (1/(R T) (mol/J), s) of every class.
    pub(super) fn classes(&self) -> impl Iterator<Item = (f64, f64)> + '_ {
        self.classes
            .iter()
            .map(|(inverse, s)| (inverse / GAS_CONSTANT, *s))
    }

    /// The step of constant temperature that is equivalent at an activation energy (J/mol): 1/T_eff = ∫D/T dt / ∫D dt, the mean of 1/T over the
    /// diffusion, and t_eff = ∫D dt / D(T_eff).
    ///
    /// D(T_eff) t_eff is the integral, for every D0; t_eff is the time spent near the peak, never longer than the heating; and because the
    /// integral changes with E as that of a step at T_eff does, both hold to first order for neighboring energies. A heating at one temperature gives itself.
    pub fn effective(&self, energy_j_mol: f64) -> EffectiveStep {
        let e = energy_j_mol / GAS_CONSTANT;
        let coldest = self.classes.iter().fold(f64::INFINITY, |a, c| a.min(c.0));
        let (mut sum, mut weighted) = (0.0, 0.0);
        for (inverse, s) in &self.classes {
            let weight = s * libm::exp(-e * (inverse - coldest));
            sum += weight;
            weighted += weight * (inverse - coldest);
        }
        let mean = coldest + weighted / sum;
        EffectiveStep {
            temperature_k: 1.0 / mean,
            dwell_s: sum * libm::exp(e * (mean - coldest)),
        }
    }
}

/// What is known of the heating before a frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatingHistory {
    /// Its temperatures.
    pub history: ThermalHistory,
    /// Standard error of all of them together (K), independent from step to step; 0 for none.
    pub temperature_error_k: f64,
}

/// How well temperatures are known: ± a fixed number of kelvin and ± a part of the temperature in °C, as makers of heating chips state it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TemperatureError {
    /// Standard error (K).
    pub kelvin: f64,
    /// Standard error (% of the temperature in °C).
    pub percent: f64,
    /// Whether all steps err together, as the calibration of one heater makes them: their errors are then one, not averaged out over the steps.
    pub common: bool,
}

impl TemperatureError {
    /// Standard error (K) at a temperature (K): both parts in quadrature.
    pub fn at(&self, temperature_k: f64) -> f64 {
        let part = 0.01 * self.percent * (temperature_k - ZERO_CELSIUS_K);
        libm::hypot(self.kelvin, part)
    }
}

/// A line through the intervals' values and limits (see [`fit_arrhenius`]), each at the effective step of its heating: as this depends on E,
/// both are found in turns. Errors of temperature, σ_T, are errors E σ_T/(R T²) of ln D. Intervals without a heating do not enter.
pub fn fit_arrhenius_to_intervals(
    intervals: &[Interval],
    heating: &[Option<HeatingHistory>],
    ln_d0: Option<f64>,
    quantile: f64,
) -> Option<Arrhenius> {
    let mut energy = ASSUMED_ENERGY_J_MOL;
    let mut line = None;
    for _ in 0..12 {
        let points: Vec<Observation> = intervals
            .iter()
            .zip(heating)
            .filter_map(|(interval, heating)| {
                let heating = heating.as_ref()?;
                let step = heating.history.effective(energy);
                let mut interval = interval.clone();
                interval.temperature_k = Some(step.temperature_k);
                interval.dwell_s = Some(step.dwell_s);
                let mut point = *observations(&[interval], quantile).first()?;
                let t = step.temperature_k;
                let of_temperature = energy / (GAS_CONSTANT * t * t) * heating.temperature_error_k;
                if point.kind != IntervalKind::None {
                    point.ln_d_error = libm::hypot(point.ln_d_error, of_temperature);
                }
                Some(point)
            })
            .collect();
        let next = fit_arrhenius(&points, ln_d0, quantile)?;
        // A line of no or negative slope has no effective temperatures of its own.
        let found = next.energy_j_mol.value.clamp(1e3, 1e6);
        let still = (found - energy).abs() < 1e-9 * energy;
        line = Some(next);
        energy = found;
        if still {
            break;
        }
    }
    line
}

/// Adds to a line what it changes by when all temperatures are one standard error higher, as `moved` was fitted: an error that all steps have in
/// common is not averaged out over them, and the fit does not see it.
pub fn with_common_error(mut line: Arrhenius, moved: &Arrhenius) -> Arrhenius {
    let by = |a: f64, b: f64| b - a;
    let energy = by(line.energy_j_mol.value, moved.energy_j_mol.value);
    let ln_d0 = by(line.ln_d0.value, moved.ln_d0.value);
    let (s_l, s_e) = (line.ln_d0.standard_error, line.energy_j_mol.standard_error);
    let covariance = line.correlation * s_l * s_e + energy * ln_d0;
    let (s_e, s_l) = (libm::hypot(s_e, energy), libm::hypot(s_l, ln_d0));
    line.energy_j_mol.standard_error = s_e;
    line.ln_d0.standard_error = s_l;
    line.correlation = if s_l > 0.0 && s_e > 0.0 {
        (covariance / (s_l * s_e)).clamp(-1.0, 1.0)
    } else {
        0.0
    };
    let (value, half) = (line.energy_j_mol.value, line.quantile * s_e);
    line.energy_interval_j_mol = (value - half, value + half);
    line
}
