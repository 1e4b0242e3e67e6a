//! Heating programs with ramps: the temperature at any time, ∫D dt, and the log that a heater would write.

use core::fmt::Write as _;

use serde::{Deserialize, Serialize};

use super::{Experiment, Noise};
use crate::signal::DateTime;
use crate::units::{SQUARE_METER_PER_SQUARE_NM, ZERO_CELSIUS_K};

/// How the heater goes from step to step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ramps {
    /// Rate of heating and cooling (K/s).
    pub ramp_k_s: f64,
    /// Overshoot at the end of a ramp to a step, in its direction (K).
    pub overshoot_k: f64,
    /// Time in which the overshoot falls by a factor of e (s).
    pub settle_s: f64,
    /// The heater goes to this temperature before every image (K); `None` where images are taken at that of the step.
    pub imaging_k: Option<f64>,
    /// Clock of the heater minus clock of the microscope (s).
    pub clock_offset_s: f64,
}

/// The log has a line every second.
const SAMPLE_S: f64 = 1.0;

/// Standard deviation of a logged temperature (K).
const NOISE_K: f64 = 0.2;

/// Seconds at the first temperature before the first image and after the last.
const LEAD_S: f64 = 20.0;

/// Pieces of a line of the log for the integral.
const PIECES: usize = 16;

/// A stretch of the program: from a temperature to another at an even rate, or settling.
#[derive(Clone, Copy)]
struct Stretch {
    duration_s: f64,
    from_k: f64,
    to_k: f64,
    /// Over `to_k` at its start, and the time in which that dies away.
    settling: Option<(f64, f64)>,
    set_k: f64,
}

impl Stretch {
    fn at(&self, t: f64) -> f64 {
        match self.settling {
            Some((over_k, settle_s)) => self.to_k + over_k * libm::exp(-t / settle_s),
            None if self.duration_s > 0.0 => {
                self.from_k + (self.to_k - self.from_k) * t / self.duration_s
            }
            None => self.to_k,
        }
    }
}

/// A heating program as it is carried out.
pub(super) struct Program {
    stretches: Vec<Stretch>,
    /// When each image is taken (s).
    pub images_s: Vec<f64>,
    /// D·t (nm²) of every step; the first is 0.
    pub dtau_nm2: Vec<f64>,
    clock_offset_s: f64,
}

/// The log's clock at the start.
const START: &str = "2017-06-12T09:30:00";

impl Program {
    /// `None` where the temperature jumps.
    pub fn of(experiment: &Experiment) -> Option<Program> {
        let ramps = experiment.ramps?;
        let mut program = Program {
            stretches: Vec::new(),
            images_s: Vec::new(),
            dtau_nm2: Vec::new(),
            clock_offset_s: ramps.clock_offset_s,
        };
        let mut at_k = experiment.heating.first()?.temperature_k;
        let hold = |kelvin: f64, duration_s: f64| Stretch {
            duration_s,
            from_k: kelvin,
            to_k: kelvin,
            settling: None,
            set_k: kelvin,
        };
        program.stretches.push(hold(at_k, LEAD_S));
        let mut clock_s = LEAD_S;
        for (index, step) in experiment.heating.iter().enumerate() {
            let mut own = Vec::new();
            if index > 0 {
                let set_k = step.temperature_k;
                let over_k = ramps.overshoot_k * (set_k - at_k).signum();
                let ramp = |from_k: f64, to_k: f64| Stretch {
                    duration_s: (to_k - from_k).abs() / ramps.ramp_k_s,
                    from_k,
                    to_k,
                    settling: None,
                    set_k: to_k,
                };
                own.push(Stretch {
                    set_k,
                    ..ramp(at_k, set_k + over_k)
                });
                own.push(Stretch {
                    settling: Some((over_k, ramps.settle_s.max(1e-3))),
                    ..hold(set_k, step.dwell_s)
                });
                at_k = own.last().map_or(set_k, |s| s.at(s.duration_s));
                if let Some(imaging_k) = ramps.imaging_k {
                    own.push(ramp(at_k, imaging_k));
                    at_k = imaging_k;
                }
                // Images are stamped to the second.
                let end: f64 = clock_s + own.iter().map(|s| s.duration_s).sum::<f64>();
                own.push(hold(at_k, f64::ceil(end) - end));
            }
            let dtau = own.iter().map(|s| program.integral(s, experiment)).sum();
            program.dtau_nm2.push(dtau);
            clock_s += own.iter().map(|s| s.duration_s).sum::<f64>();
            program.stretches.extend(own);
            program.images_s.push(libm::round(clock_s));
        }
        program.stretches.push(hold(at_k, LEAD_S));
        Some(program)
    }

    /// ∫D dt (nm²) of a stretch by Simpson's rule.
    fn integral(&self, stretch: &Stretch, experiment: &Experiment) -> f64 {
        let count = (f64::ceil(stretch.duration_s / SAMPLE_S) as usize).max(1) * PIECES;
        let piece = stretch.duration_s / count as f64;
        let d = |x: f64| experiment.arrhenius.d_m2_s(stretch.at(x * piece));
        let sum: f64 = (0..count)
            .map(|i| i as f64)
            .map(|i| d(i) + 4.0 * d(i + 0.5) + d(i + 1.0))
            .sum();
        sum * piece / 6.0 / SQUARE_METER_PER_SQUARE_NM
    }

    /// When an image is taken by the microscope's clock.
    pub fn stamp(&self, image: usize) -> Option<DateTime> {
        let after_s = *self.images_s.get(image)? - self.clock_offset_s;
        DateTime::parse(START)?.plus_s(libm::round(after_s))
    }

    /// `heater-log.csv`: a line every second, the temperature with its noise.
    pub fn log(&self, noise: &mut Noise) -> String {
        let mut csv = String::from("time,temperature_C,setpoint_C\n");
        let Some(start) = DateTime::parse(START) else {
            return csv;
        };
        let (mut before_s, mut t) = (0.0, 0.0);
        for stretch in &self.stretches {
            while t < before_s + stretch.duration_s {
                let celsius = stretch.at(t - before_s) - ZERO_CELSIUS_K + NOISE_K * noise.normal();
                let set = stretch.set_k - ZERO_CELSIUS_K;
                let time = start.plus_s(t).unwrap_or(start);
                let _ = writeln!(csv, "{time},{celsius:.3},{set:.2}");
                t += SAMPLE_S;
            }
            before_s += stretch.duration_s;
        }
        csv
    }
}
