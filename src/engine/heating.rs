//! What happened between two frames: by the heater log where it covers them, by the table otherwise.

use serde::{Deserialize, Serialize};

use super::analysis::name;
use super::{Analysis, evidence};
use crate::figures::LoggedFrame;
use crate::fit::{Interval, IntervalKind, Order, SeriesFit, normal_quantile};
use crate::formats::HeaterLog;
use crate::kinetics::{
    ASSUMED_ENERGY_J_MOL, Arrhenius, EffectiveStep, HeatingHistory, Kinetics, ThermalHistory,
    contradiction, fit_arrhenius_to_histories, fit_arrhenius_to_intervals, with_common_error,
};
use crate::project::{Frame, Model, Project, log_times};
use crate::signal::{NoticeKind, Notices};
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// The heating of one interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntervalHeating {
    /// Index of the interval's end frame.
    pub index: usize,
    /// Whether it is from the heater log; the interval's temperature and dwell are then those of the effective step.
    pub measured: bool,
    /// Standard error of its temperature (K); 0 where none is given.
    pub temperature_se_k: f64,
    /// Highest temperature (K).
    pub peak_k: f64,
    /// From the frame before to this one, as far as it is logged; the dwell without a log (s).
    pub elapsed_s: f64,
    /// Temperature of the table (K).
    pub nominal_k: Option<f64>,
    /// Dwell of the table (s).
    pub nominal_s: Option<f64>,
}

impl IntervalHeating {
    /// `log` or `table`: where temperature and dwell are from.
    pub fn source(&self) -> &'static str {
        if self.measured { "log" } else { "table" }
    }
}

/// The frames that have a place on the heater log, with the effective step of the heating before each; `offset_s` in place of the series' own.
pub fn logged_frames(
    frames: &[Frame],
    (log, offset_s): (&HeaterLog, f64),
    analysis: Option<&Analysis>,
) -> Vec<LoggedFrame> {
    let effective = |frame: usize| {
        let mut intervals = analysis?.intervals();
        let (interval, heating) = intervals.find(|(i, _)| i.index == frame)?;
        heating.filter(|h| h.measured)?;
        Some(EffectiveStep {
            temperature_k: interval.temperature_k?,
            dwell_s: interval.dwell_s?,
        })
    };
    let place = |(frame, time): (usize, Option<f64>)| {
        Some(LoggedFrame {
            frame,
            time_s: time?,
            effective: effective(frame),
        })
    };
    let times = log_times(frames, log.start, offset_s);
    times.into_iter().enumerate().filter_map(place).collect()
}

/// Below this a specimen does not change while nobody logs it (K): 60 °C.
const COLD_K: f64 = 333.15;

/// A gap in the log that is longer than this many steps and this part of the heating is told.
const GAP_STEPS: f64 = 10.0;
const GAP_PART: f64 = 0.02;

/// The log of a series laid beside its frames.
pub(super) struct Logged<'a> {
    log: &'a HeaterLog,
    times_s: Vec<Option<f64>>,
}

impl<'a> Logged<'a> {
    /// `None` where there is no log, or it is not to be used.
    pub fn new(project: &Project, log: Option<&'a HeaterLog>) -> Option<Logged<'a>> {
        let choice = project.series.heater_log.as_ref().filter(|l| l.used)?;
        let log = log?;
        let times_s = log_times(
            &project.series.frames,
            log.start,
            choice.clock_offset_s.value,
        );
        Some(Logged { log, times_s })
    }

    /// The heating between two frames; `None` where it is not logged. A specimen that is cold where the log begins or ends has been cold before
    /// and stays so.
    pub fn between(
        &self,
        before: usize,
        frame: usize,
        notices: &mut Notices,
    ) -> Option<ThermalHistory> {
        let time = |index: usize| self.times_s.get(index).copied().flatten();
        let (mut from, mut to) = (time(before)?, time(frame)?);
        let (start, end) = self.log.span_s();
        let cold = |kelvin: Option<&f64>| kelvin.is_some_and(|k| *k < COLD_K);
        if from < start && cold(self.log.temperature_k.first()) {
            from = start;
        }
        if to > end && cold(self.log.temperature_k.last()) {
            to = end;
        }
        let samples = self.log.between(from, to);
        let history = ThermalHistory::of_samples(&samples)?;
        let step = (end - start) / (self.log.time_s.len().max(2) - 1) as f64;
        let gap = samples
            .windows(2)
            .map(|w| w[1].0 - w[0].0)
            .fold(0.0, f64::max);
        if gap > GAP_STEPS * step && gap > GAP_PART * (to - from) {
            notices.add(NoticeKind::HeaterLogGap { gap_s: gap });
        }
        Some(history)
    }
}

/// The heating of an interval and where it is from.
struct Heat {
    history: HeatingHistory,
    report: IntervalHeating,
}

/// Standard error of the temperature of the step that ended with a frame (K), and of what it is told by.
fn error_k(frame: &Frame, model: &Model, temperature_k: f64) -> f64 {
    let stated = frame.temperature_se_k;
    stated.unwrap_or_else(|| model.temperature_error.at(temperature_k))
}

fn heat(project: &Project, interval: &Interval, measured: Option<&ThermalHistory>) -> Option<Heat> {
    let frame = project.series.frames.get(interval.index)?;
    let history = match measured {
        Some(history) => history.clone(),
        None => ThermalHistory::constant(EffectiveStep {
            temperature_k: interval.temperature_k?,
            dwell_s: interval.dwell_s?,
        })?,
    };
    let hot = history.effective(ASSUMED_ENERGY_J_MOL).temperature_k;
    let temperature_se_k = error_k(frame, &project.model, hot);
    Some(Heat {
        report: IntervalHeating {
            index: interval.index,
            measured: measured.is_some(),
            temperature_se_k,
            peak_k: history.peak_k(),
            elapsed_s: history.duration_s(),
            nominal_k: frame.temperature_k.as_ref().map(|t| t.value),
            nominal_s: frame.dwell_s.as_ref().map(|t| t.value),
        },
        history: HeatingHistory {
            history,
            temperature_error_k: temperature_se_k,
        },
    })
}

/// Whether the heatings contradict one another, and which does. Not told where the model misses the frames: their errors are too small then, and
/// that is told.
pub(super) fn contradicted(
    project: &Project,
    fit: &SeriesFit,
    measured: &[Option<ThermalHistory>],
    notices: &mut Notices,
) {
    if fit.order != Order::Joint || fit.is_misfit() || evidence::looks_celsius(project).is_some() {
        return;
    }
    let heats: Option<Vec<Heat>> = fit
        .intervals
        .iter()
        .zip(measured)
        .map(|(interval, measured)| heat(project, interval, measured.as_ref()))
        .collect();
    let Some(heats) = heats else { return };
    let histories: Vec<HeatingHistory> = heats.iter().map(|h| h.history.clone()).collect();
    let Some(found) = contradiction(&fit.mixing, &histories) else {
        return;
    };
    let odd = found.odd.filter(|_| found.isothermal_k.is_none());
    let notice = odd.and_then(|odd| {
        let index = heats.get(odd.place)?.report.index;
        let step = histories
            .get(odd.place)?
            .history
            .effective(odd.energy_j_mol);
        let inverse_k =
            1.0 / step.temperature_k - libm::log(odd.factor) * GAS_CONSTANT / odd.energy_j_mol;
        Some(NoticeKind::OddHeating {
            file: name(project.series.frames.get(index)?),
            factor: odd.factor,
            chi2_red: found.chi2_red,
            others: odd.chi2_red,
            given_s: step.dwell_s,
            dwell_s: step.dwell_s * odd.factor,
            given_k: step.temperature_k,
            // More than at any temperature is what is beyond the end of 1/T.
            temperature_k: (1.0 / inverse_k).clamp(0.0, 9999.0),
        })
    });
    let chi2_red = found.chi2_red;
    notices
        .about("")
        .add(notice.unwrap_or(match found.isothermal_k {
            Some(temperature_k) => NoticeKind::DiffusivityRefuted {
                temperature_k,
                chi2_red,
            },
            None => NoticeKind::LineRefuted { chi2_red },
        }));
}

/// The Arrhenius fits, and the heatings they rest on. Intervals that were logged get the temperature and dwell of their effective step at the E found.
///
/// `measured` holds a history for every interval that was logged. Errors of temperature that all steps share are taken by moving all of them by
/// one standard error; independent ones enter the fits.
pub(super) fn kinetics(
    project: &Project,
    fit: &mut SeriesFit,
    measured: &[Option<ThermalHistory>],
    notices: &mut Notices,
) -> (Kinetics, Vec<Option<IntervalHeating>>) {
    let model = &project.model;
    let quantile = normal_quantile(model.confidence);
    let heats: Vec<Option<Heat>> = fit
        .intervals
        .iter()
        .zip(measured)
        .map(|(interval, measured)| heat(project, interval, measured.as_ref()))
        .collect();
    let common = model.temperature_error.common;
    let histories = |moved: bool| -> Vec<Option<HeatingHistory>> {
        let of = |heat: &Heat| {
            let error = heat.history.temperature_error_k;
            let frame = project.series.frames.get(heat.report.index);
            // A part of the temperature moves each by its own.
            let by = |k: f64| match frame {
                Some(frame) if moved => k + error_k(frame, model, k),
                _ => k,
            };
            Some(HeatingHistory {
                history: heat.history.history.changed(by)?,
                temperature_error_k: if common { 0.0 } else { error },
            })
        };
        heats.iter().map(|h| of(h.as_ref()?)).collect()
    };
    let erring = heats
        .iter()
        .flatten()
        .any(|h| h.report.temperature_se_k > 0.0);
    let (exact, moved) = (histories(false), histories(true));
    let with_common = |line: &dyn Fn(&[Option<HeatingHistory>]) -> Option<Arrhenius>| {
        let found = line(&exact)?;
        match (common && erring).then(|| line(&moved)).flatten() {
            Some(moved) => Some(with_common_error(found, &moved)),
            None => Some(found),
        }
    };
    let intervals = fit.intervals.clone();
    let points = |ln_d0| {
        with_common(&|heating| fit_arrhenius_to_intervals(&intervals, heating, ln_d0, quantile))
    };
    let frames = with_common(&|heating| {
        let all: Option<Vec<HeatingHistory>> = heating.iter().cloned().collect();
        // The sequential order leaves the shape's error out of what frames have in common: only points remain.
        let all = all.filter(|_| fit.order == Order::Joint)?;
        fit_arrhenius_to_histories(&fit.mixing, &all, None, quantile)
    });
    // Without a step that moved the profile measurably, the frames would fit a line to their noise.
    let has_value = intervals.iter().any(|i| i.kind == IntervalKind::Value);
    if !has_value && heats.iter().flatten().nth(1).is_some() {
        notices.about("").add(NoticeKind::LimitsOnly);
    }
    let frames = frames.filter(|_| has_value);
    let through_points = points(None);
    let fixed = model.fixed_d0_m2_s.filter(|d0| *d0 > 0.0);
    let kinetics = Kinetics {
        free: frames.or_else(|| through_points.clone()),
        points: through_points,
        fixed: fixed.and_then(|d0| points(Some(libm::log(d0 / SQUARE_METER_PER_SQUARE_NM)))),
    };
    if let (Some(d0), Some(sigmas)) = (fixed, kinetics.disagreement())
        && sigmas > 2.0
    {
        notices.about("").add(NoticeKind::FixedD0Disagrees {
            fixed_m2_s: d0,
            sigmas,
        });
    }
    let best = [&kinetics.free, &kinetics.fixed];
    let energy = best
        .into_iter()
        .flatten()
        .map(|l| l.energy_j_mol.value)
        .next();
    let energy = energy
        .filter(|e| (5e3..1e6).contains(e))
        .unwrap_or(ASSUMED_ENERGY_J_MOL);
    for (interval, heat) in fit.intervals.iter_mut().zip(&heats) {
        if let Some(heat) = heat.as_ref().filter(|h| h.report.measured) {
            let step = heat.history.history.effective(energy);
            interval.temperature_k = Some(step.temperature_k);
            interval.dwell_s = Some(step.dwell_s);
        }
    }
    let reports = heats.into_iter().map(|h| h.map(|h| h.report)).collect();
    (kinetics, reports)
}
