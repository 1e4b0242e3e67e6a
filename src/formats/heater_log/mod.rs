//! Logs of heating holders: time, temperature, and what the clock said.
//!
//! Read are DENSsolutions DigiHeater (`.dens`, `.txt`), DENSsolutions Impulse (csv, with its metadata log), Protochips (csv) and any table
//! with a header that names a time and a temperature. Only columns of the specimen's temperature are believed: those of detectors, cameras,
//! rooms and cooling are passed over.

mod columns;
mod header;
mod lines;
mod rows;
mod stamp;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::cells::table_text;
use super::{Format, FormatError, Source, SourceReader};
use crate::language::{said, word};
use crate::signal::{ClockKind, DateTime, Notices};
use stamp::Stamp;

/// Longest log that is read (bytes): a week at three lines a second.
const MAX_BYTES: u64 = 128 << 20;

/// Bytes that are looked at to tell a log from other texts.
pub(super) const SNIFFED: usize = 12 * 1024;

/// Which program wrote a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// DENSsolutions DigiHeater.
    DigiHeater,
    /// DENSsolutions Impulse.
    Impulse,
    /// Protochips.
    Protochips,
    /// Any table of time and temperature.
    Table,
}

impl LogKind {
    /// What the field calls it.
    pub fn name(self) -> &'static str {
        match self {
            LogKind::DigiHeater => "DENSsolutions DigiHeater",
            LogKind::Impulse => "DENSsolutions Impulse",
            LogKind::Protochips => "Protochips",
            LogKind::Table => {
                word!("table of time and temperature" | "Tabelle von Zeit und Temperatur")
            }
        }
    }
}

/// What the log's clock said at `time_s` = 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogStart {
    /// Nothing: times count from somewhere.
    Unknown,
    /// A time of day (seconds since midnight) of an unknown date.
    TimeOfDay(f64),
    /// Date and time.
    At(DateTime),
}

/// A temperature history as it was logged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeaterLog {
    /// Who wrote it.
    pub kind: LogKind,
    /// The clock at `time_s` = 0.
    pub start: LogStart,
    /// Whose clock that is.
    pub clock: ClockKind,
    /// Seconds, never falling; at least two.
    pub time_s: Vec<f64>,
    /// Measured temperature (K), one for each time.
    pub temperature_k: Vec<f64>,
    /// Set temperature (K), one for each time, where it was logged.
    pub setpoint_k: Option<Vec<f64>>,
    /// Columns as the file names them: time, temperature, set temperature.
    pub columns: Vec<String>,
}

impl HeaterLog {
    /// First and last time (s).
    pub fn span_s(&self) -> (f64, f64) {
        let end = |t: Option<&f64>| t.copied().unwrap_or(0.0);
        (end(self.time_s.first()), end(self.time_s.last()))
    }

    /// Lowest and highest measured temperature (K).
    pub fn range_k(&self) -> (f64, f64) {
        let fold =
            |start: f64, f: fn(f64, f64) -> f64| self.temperature_k.iter().copied().fold(start, f);
        (
            fold(f64::INFINITY, f64::min),
            fold(f64::NEG_INFINITY, f64::max),
        )
    }

    /// Measured temperature (K) at a time (s), linear between samples; `None` outside the log.
    pub fn at(&self, time_s: f64) -> Option<f64> {
        let after = self.time_s.partition_point(|t| *t <= time_s);
        let before = after.checked_sub(1)?;
        let (t0, k0) = (*self.time_s.get(before)?, *self.temperature_k.get(before)?);
        match (self.time_s.get(after), self.temperature_k.get(after)) {
            (Some(t1), Some(k1)) => Some(k0 + (k1 - k0) * (time_s - t0) / (t1 - t0)),
            _ => (time_s == t0).then_some(k0),
        }
    }

    /// The log between two times (s), as (time, temperature) with the ends interpolated; empty where it does not cover them.
    pub fn between(&self, from_s: f64, to_s: f64) -> Vec<(f64, f64)> {
        let (Some(first), Some(last)) = (self.at(from_s), self.at(to_s)) else {
            return Vec::new();
        };
        if from_s >= to_s {
            return Vec::new();
        }
        let start = self.time_s.partition_point(|t| *t <= from_s);
        let end = self.time_s.partition_point(|t| *t < to_s);
        let inner = self.time_s.get(start..end).unwrap_or_default().iter();
        let inner = inner.zip(self.temperature_k.get(start..end).unwrap_or_default());
        let inner = inner.map(|(t, k)| (*t, *k));
        std::iter::once((from_s, first))
            .chain(inner)
            .chain([(to_s, last)])
            .collect()
    }

    /// The same log with at most about `most` samples: of every stretch the first, the lowest and the highest stay, so that no peak is lost.
    /// For plots.
    pub fn thinned(&self, most: usize) -> HeaterLog {
        let count = self.time_s.len();
        let stretch = count.saturating_mul(3).div_ceil(most.max(3));
        if count <= most || stretch < 4 {
            return self.clone();
        }
        let mut keep = Vec::new();
        for (chunk, temperatures) in self.temperature_k.chunks(stretch).enumerate() {
            let start = chunk.saturating_mul(stretch);
            let by = |a: &(usize, &f64), b: &(usize, &f64)| a.1.total_cmp(b.1);
            let low = temperatures.iter().enumerate().min_by(by);
            let high = temperatures.iter().enumerate().max_by(by);
            let mut kept: Vec<usize> = [Some(0), low.map(|l| l.0), high.map(|h| h.0)]
                .into_iter()
                .flatten()
                .collect();
            kept.sort_unstable();
            kept.dedup();
            keep.extend(kept.into_iter().map(|i| start.saturating_add(i)));
        }
        let last = count.saturating_sub(1);
        if keep.last() != Some(&last) {
            keep.push(last);
        }
        let pick = |values: &[f64]| -> Vec<f64> {
            keep.iter()
                .filter_map(|i| values.get(*i).copied())
                .collect()
        };
        HeaterLog {
            time_s: pick(&self.time_s),
            temperature_k: pick(&self.temperature_k),
            setpoint_k: self.setpoint_k.as_deref().map(pick),
            columns: self.columns.clone(),
            ..*self
        }
    }
}

/// What `alloyscope decode FILE --json` prints of a log.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LogDescription {
    /// Always `heater log`.
    pub format: &'static str,
    /// Which program wrote it.
    pub kind: &'static str,
    /// Number of samples.
    pub samples: usize,
    /// Date and time of the first sample (ISO 8601), or its time of day, where the log says it.
    pub first_at: Option<String>,
    /// By which clock.
    pub clock: ClockKind,
    /// From the first to the last sample (s).
    pub duration_s: f64,
    /// Lowest measured temperature (K).
    pub min_k: f64,
    /// Highest measured temperature (K).
    pub max_k: f64,
    /// Mean of the samples (K).
    pub mean_k: f64,
    /// Whether a set temperature was logged.
    pub has_setpoint: bool,
    /// Columns used: time, temperature, set temperature.
    pub columns: Vec<String>,
    /// What was assumed on the way.
    pub notices: Vec<crate::signal::Notice>,
}

impl LogDescription {
    /// Describes a log.
    pub fn of(log: &HeaterLog, notices: &Notices) -> LogDescription {
        let ((from, to), (min_k, max_k)) = (log.span_s(), log.range_k());
        let count = log.temperature_k.len();
        LogDescription {
            format: "heater log",
            kind: log.kind.name(),
            samples: count,
            first_at: match log.start {
                LogStart::Unknown => None,
                LogStart::TimeOfDay(s) => {
                    let moment = DateTime::from_unix_s(s + from).map(|m| m.to_string());
                    moment.and_then(|m| Some(m.split_once('T')?.1.to_owned()))
                }
                LogStart::At(moment) => moment.plus_s(from).map(|m| m.to_string()),
            },
            clock: log.clock,
            duration_s: to - from,
            min_k,
            max_k,
            mean_k: log.temperature_k.iter().sum::<f64>() / count.max(1) as f64,
            has_setpoint: log.setpoint_k.is_some(),
            columns: log.columns.clone(),
            notices: notices.as_slice().to_vec(),
        }
    }
}

/// Whether the beginning of a file is that of a heater log: text with a header that names a time and a temperature of the specimen (and no
/// image file), and a line of numbers below it.
pub(super) fn sniff(head: &[u8], complete: bool) -> bool {
    let text = table_text(head);
    header::looks_like_log(&text, complete)
}

/// Reads a heater log.
///
/// Times never fall: a clock without date that falls by more than twelve hours has passed midnight; samples that step back are left out,
/// and so are those without a number, each kind with a notice. Temperatures are °C or K as the header says; without a unit they are told by
/// the first of them, with a notice.
///
/// # Errors
/// [`FormatError`] with the line: no such header, a cell that is no number, fewer than two samples.
pub fn read_heater_log(
    source: Rc<dyn Source>,
    notices: &mut Notices,
) -> Result<HeaterLog, FormatError> {
    let length = source.len();
    if length > MAX_BYTES {
        return Err(FormatError::LimitExceeded {
            format: Format::HeaterLog,
            field: said!("number of bytes" | "die Zahl der Bytes"),
            value: length,
            limit: MAX_BYTES,
        });
    }
    let bytes = SourceReader::new(source)
        .head(usize::try_from(length).unwrap_or(0))
        .map_err(|source| FormatError::Io {
            format: Format::HeaterLog,
            offset: Some(0),
            source,
        })?;
    rows::read(&table_text(&bytes), notices)
}

/// The start of an experiment as the metadata log beside an Impulse table gives it: its lines `Experiment date` and `Experiment time`.
pub fn impulse_start(metadata: &[u8]) -> Option<DateTime> {
    let text = table_text(metadata);
    let value = |key: &str| {
        text.lines().take(200).find_map(|line| {
            let (name, value) = line.split_once([',', ';', '\t', '='])?;
            let value = value.trim().trim_matches(['"', ',', ';']);
            name.trim().eq_ignore_ascii_case(key).then_some(value)
        })
    };
    let stamp = |key| Stamp::parse(value(key)?);
    let date = stamp("Experiment date")?.date;
    let of_day = stamp("Experiment time")?;
    Stamp { date, ..of_day }.moment()
}
