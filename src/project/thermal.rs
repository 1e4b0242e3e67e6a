//! The heater log of a series, and how its clock goes with that of the images.

use serde::{Deserialize, Serialize};

use super::{Frame, Provenance, Sourced};
use crate::formats::{HeaterLog, ImageTime, LogStart};
use crate::language::{Said, said};
use crate::signal::ClockKind;

/// When a frame was taken and where that was read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Taken {
    /// The time.
    pub time: ImageTime,
    /// By which clock a date and time is told.
    #[serde(default)]
    pub clock: ClockKind,
    /// Where it came from.
    pub provenance: Provenance,
}

/// The heater log of a series and what was decided of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesLog {
    /// Path of the file within what was dropped.
    pub file: String,
    /// SHA-256 of its bytes, hexadecimal; empty until it has been read through.
    pub digest: String,
    /// Clock of the log minus clock of the images (s). Where one of them has no date, their first entries are laid together before it is added.
    pub clock_offset_s: Sourced,
    /// Whether heatings are taken from it.
    pub used: bool,
}

/// The clock by which the frames are dated; `Unknown` where not all are by the same, `None` where none has a date.
pub fn clock_of(frames: &[Frame]) -> Option<ClockKind> {
    let taken = frames.iter().filter_map(|f| f.taken.as_ref());
    let mut dated = taken.filter(|t| matches!(t.time, ImageTime::At(_)));
    let first = dated.next()?.clock;
    Some(match dated.all(|t| t.clock == first) {
        true => first,
        false => ClockKind::Unknown,
    })
}

/// Half a day and a day (s).
const HALF_DAY_S: f64 = 43_200.0;

/// Where the frames lie on the log's axis (s); `None` for frames without a time.
pub fn log_times(frames: &[Frame], start: LogStart, offset_s: f64) -> Vec<Option<f64>> {
    let first = frames.iter().find_map(|f| match f.taken.as_ref()?.time {
        ImageTime::At(moment) => Some(moment),
        ImageTime::Elapsed(_) => None,
    });
    // Where the first dated frame lies.
    let anchor = match (first, start) {
        (Some(first), LogStart::At(start)) => first.seconds_since(start),
        (Some(first), LogStart::TimeOfDay(s)) => {
            // The nearer of the two days.
            let apart = first.of_day_s() - s;
            if apart > HALF_DAY_S {
                apart - 2.0 * HALF_DAY_S
            } else if apart < -HALF_DAY_S {
                apart + 2.0 * HALF_DAY_S
            } else {
                apart
            }
        }
        _ => 0.0,
    };
    let time = |frame: &Frame| {
        let time = match (frame.taken.as_ref()?.time, first) {
            (ImageTime::At(moment), Some(first)) => anchor + moment.seconds_since(first),
            (ImageTime::Elapsed(seconds), _) => seconds,
            (ImageTime::At(_), None) => return None,
        };
        Some(time + offset_s)
    };
    frames.iter().map(time).collect()
}

/// An offset of the clocks and why it is plausible.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Proposal {
    pub offset_s: f64,
    /// Whether the temperatures speak for it, and not the clocks alone.
    pub by_temperature: bool,
    pub why: Said,
}

/// Difference of temperature (K) up to which a plateau is the step of the table.
const SAME_STEP_K: f64 = 5.0;

/// Larger differences count the same (K).
const FAR_K: f64 = 50.0;

/// Above the lowest temperature of the log by this much (K) it is heated.
const HEATED_K: f64 = 12.0;

/// Points of the log, and offsets, that a scan looks at.
const POINTS: usize = 3000;
const OFFSETS: usize = 1500;

/// The log at evenly spaced times, and the frames with their times and temperatures.
struct Plateaus {
    start_s: f64,
    step_s: f64,
    kelvin: Vec<f64>,
    heated_k: f64,
    /// Begin and end (s) of every heating whose temperature is said, at an offset of 0, and that temperature (K).
    steps: Vec<(f64, f64, f64)>,
    /// First and last frame (s).
    frames: (f64, f64),
}

impl Plateaus {
    fn new(frames: &[Frame], log: &HeaterLog) -> Option<Plateaus> {
        let times = log_times(frames, log.start, 0.0);
        let known: Vec<(f64, &Frame)> = times
            .iter()
            .zip(frames)
            .filter_map(|(t, f)| Some(((*t)?, f)))
            .collect();
        let [(first, _), .., (last, _)] = known[..] else {
            return None;
        };
        let (start_s, end_s) = log.span_s();
        let step_s = (end_s - start_s) / POINTS as f64;
        let points = (0..=POINTS).filter_map(|i| log.at(start_s + step_s * i as f64));
        let steps = known.windows(2).filter_map(|pair| {
            let [(from, _), (to, frame)] = [pair[0], pair[1]];
            (to > from).then_some((from, to, frame.temperature_k.as_ref()?.value))
        });
        Some(Plateaus {
            start_s,
            step_s,
            kelvin: points.collect(),
            heated_k: log.range_k().0 + HEATED_K,
            steps: steps.collect(),
            frames: (first.min(last), first.max(last)),
        })
    }

    fn end_s(&self) -> f64 {
        self.start_s + self.step_s * POINTS as f64
    }

    /// Whether all frames lie in the log, but for a tenth of its length before and behind.
    fn inside(&self, offset_s: f64) -> bool {
        let margin = 0.1 * (self.end_s() - self.start_s);
        let (first, last) = self.frames;
        first + offset_s >= self.start_s - margin && last + offset_s <= self.end_s() + margin
    }

    /// The temperature (K) at which most of the heated time between two moments was spent.
    fn plateau(&self, from_s: f64, to_s: f64) -> Option<f64> {
        let index = |t: f64| {
            libm::round((t - self.start_s) / self.step_s).clamp(0.0, self.kelvin.len() as f64)
        };
        let part = self
            .kelvin
            .get(index(from_s) as usize..index(to_s) as usize)?;
        // Two kelvin a class; a plateau may lie on an edge, so that two neighbors count together.
        let mut classes = std::collections::BTreeMap::<i64, (f64, f64)>::new();
        for kelvin in part.iter().filter(|k| **k > self.heated_k) {
            let own = (*kelvin / 2.0) as i64;
            for class in [own, own + 1] {
                let sum = classes.entry(class).or_default();
                *sum = (sum.0 + 1.0, sum.1 + kelvin);
            }
        }
        let most = classes.values().max_by(|a, b| a.0.total_cmp(&b.0))?;
        Some(most.1 / most.0)
    }

    /// Mean distance (K) between the plateaus of the log and the steps of the table, and that of the specimen from either its plateau or the cold
    /// when an image is taken: nobody takes one on a ramp.
    fn distance(&self, offset_s: f64) -> f64 {
        let far = |(from, to, kelvin): &(f64, f64, f64)| {
            let Some(plateau) = self.plateau(from + offset_s, to + offset_s) else {
                return FAR_K;
            };
            let index = libm::round((to + offset_s - self.start_s) / self.step_s);
            let imaged = self.kelvin.get(index.max(0.0) as usize).copied();
            let ramping = imaged.map_or(0.0, |k| {
                let warm = (k - self.heated_k).max(0.0);
                warm.min(((k - plateau).abs() - SAME_STEP_K).max(0.0))
            });
            ((plateau - kelvin).abs() + ramping).min(FAR_K)
        };
        self.steps.iter().map(far).sum::<f64>() / self.steps.len().max(1) as f64
    }

    /// Whether the steps tell one offset from another.
    fn telling(&self) -> bool {
        let apart = |a: &f64, b: &f64| (a - b).abs() > 2.0 * SAME_STEP_K;
        let mut different: Vec<f64> = Vec::new();
        for (_, _, kelvin) in &self.steps {
            if different.iter().all(|d| apart(d, kelvin)) {
                different.push(*kelvin);
            }
        }
        different.len() >= 3
    }
}

/// The offset of the clocks that the temperatures speak for: 0 where they agree as they are; otherwise that at which the log's plateaus are the
/// table's steps; without steps, whole hours (another time zone) that bring the images into the log. `None` where nothing speaks for any.
pub(super) fn propose(frames: &[Frame], log: &HeaterLog) -> Option<Proposal> {
    let plateaus = Plateaus::new(frames, log)?;
    let telling = plateaus.telling();
    let as_it_is = plateaus.distance(0.0);
    if plateaus.inside(0.0) && (!telling || as_it_is <= SAME_STEP_K) {
        let why = match telling {
            true => said!(
                "with the times as they stand the log's plateaus are the steps of the table"
                    | "mit den Zeiten, wie sie sind, sind die Plateaus des Protokolls die Schritte der Tabelle"
            ),
            false => said!(
                "the images lie within the log" | "die Bilder liegen innerhalb des Protokolls"
            ),
        };
        return Some(Proposal {
            offset_s: 0.0,
            by_temperature: telling,
            why,
        });
    }
    if telling {
        let (first, last) = plateaus.frames;
        let (low, high) = (plateaus.start_s - last, plateaus.end_s() - first);
        let coarse = (high - low) / OFFSETS as f64;
        let scan = (0..=OFFSETS).map(|i| low + coarse * i as f64);
        let scanned: Vec<(f64, f64)> = scan.map(|o| (o, plateaus.distance(o))).collect();
        let least = scanned.iter().fold(FAR_K, |a, s| a.min(s.1));
        if least <= SAME_STEP_K && least < 0.5 * as_it_is {
            // Offsets that are as good as the best: whole hours before others, then the middle.
            let good: Vec<f64> = scanned
                .iter()
                .filter(|s| s.1 <= least + 0.2 * SAME_STEP_K)
                .map(|s| s.0)
                .collect();
            let (from, to) = (good.first()? - coarse, good.last()? + coarse);
            let hours = libm::round(0.5 * (from + to) / 3600.0) * 3600.0;
            let hour_is_good =
                hours > from && hours < to && plateaus.distance(hours) <= least + 0.2 * SAME_STEP_K;
            let offset_s = if hour_is_good {
                hours
            } else {
                libm::round(0.5 * (from + to))
            };
            return (plateaus.distance(offset_s) <= SAME_STEP_K).then(|| Proposal {
                offset_s,
                by_temperature: true,
                why: said!(
                    "with it the log's plateaus are the steps of the table"
                        | "damit sind die Plateaus des Protokolls die Schritte der Tabelle"
                ),
            });
        }
    }
    let hours = (1..=14)
        .flat_map(|h| [f64::from(h), -f64::from(h)])
        .map(|h| 3600.0 * h);
    let fits = |offset: &f64| plateaus.inside(*offset) && !telling;
    hours.into_iter().find(fits).map(|offset_s| Proposal {
        offset_s,
        by_temperature: false,
        why: said!(
            "whole hours, as between time zones, bring the images into the log"
                | "ganze Stunden, wie zwischen Zeitzonen, bringen die Bilder ins Protokoll"
        ),
    })
}
