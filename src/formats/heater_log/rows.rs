//! The samples of a log.

use super::columns::{Degrees, Role, seconds};
use super::header::{Header, Preamble, find_header, is_value};
use super::lines::{Line, Separator, lines};
use super::stamp::Stamp;
use super::{HeaterLog, LogKind, LogStart};
use crate::formats::{Format, FormatError, number};
use crate::language::{Said, said};
use crate::signal::{ClockKind, DateTime, NoticeKind, Notices};

/// A clock that falls by this much (s) has passed midnight.
const HALF_DAY_S: f64 = 43_200.0;

const DAY_S: f64 = 86_400.0;

/// No specimen is hotter (K).
const HOTTEST_K: f64 = 5000.0;

/// Numbers of seconds that count from 1970 rather than from the start of a log: 2001 to 2100.
const EPOCH_S: std::ops::Range<f64> = 1e9..4.2e9;

/// Where the times come from.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Clock {
    /// Seconds per unit of a number.
    Elapsed { column: usize, scale: f64 },
    /// Seconds since 1970, times this.
    Epoch { column: usize, scale: f64 },
    /// hh:mm:ss that count from the start.
    Duration { column: usize },
    /// Date, time of day or both, the date perhaps in a column of its own.
    Stamps { column: usize, date: Option<usize> },
}

/// A sample as it is written.
#[derive(Clone, Copy)]
struct Sample {
    time_s: f64,
    degrees: f64,
    set: Option<f64>,
}

fn malformed(line: Line, column: &str, reason: Said) -> FormatError {
    FormatError::Malformed {
        format: Format::HeaterLog,
        field: said!(
            "line {}, column '{column}'" | "Zeile {}, Spalte {column}",
            line.number
        ),
        offset: u64::try_from(line.offset).ok(),
        reason,
    }
}

fn whole(reason: Said) -> FormatError {
    FormatError::Malformed {
        format: Format::HeaterLog,
        field: said!("the table" | "die Tabelle"),
        offset: None,
        reason,
    }
}

pub(super) fn read(text: &str, notices: &mut Notices) -> Result<HeaterLog, FormatError> {
    let header = find_header(text).ok_or_else(|| {
        whole(said!(
            "no line names a time and a temperature, such as time_s,temperature_C"
                | "keine Zeile nennt eine Zeit und eine Temperatur, etwa time_s,temperature_C"
        ))
    })?;
    let mut preamble = Preamble::default();
    for line in lines(text).take(header.line.saturating_sub(1)) {
        preamble.above(line.text);
    }
    let mut reader = Reader::new(&header, preamble, notices)?;
    let mut rows = lines(text).skip(header.line).peekable();
    while let Some(line) = rows.next() {
        let blank = line.text.trim().is_empty() || line.text.starts_with('#');
        // A log that was cut within its last line is whole up to there.
        let last = rows.peek().is_none() && !text.ends_with('\n');
        if !blank {
            reader.row(line, last)?;
        }
    }
    reader.finish(notices)
}

struct Reader<'h, 'a> {
    header: &'h Header<'a>,
    preamble: Preamble,
    measured: usize,
    set: Option<usize>,
    degrees: [Option<Degrees>; 2],
    clock: Option<Clock>,
    first_stamp: Option<Stamp>,
    /// Days that the clock has passed since the first sample.
    days: f64,
    before_s: Option<f64>,
    samples: Vec<Sample>,
    cells: Vec<&'a str>,
    blank: usize,
    notes: bool,
    ambiguous: Option<&'a str>,
}

impl<'h, 'a> Reader<'h, 'a> {
    fn new(
        header: &'h Header<'a>,
        preamble: Preamble,
        notices: &mut Notices,
    ) -> Result<Reader<'h, 'a>, FormatError> {
        let ranked = header
            .roles
            .iter()
            .enumerate()
            .filter_map(|(i, r)| match r {
                Role::Measured { degrees, rank } => Some((*rank, i, *degrees)),
                _ => None,
            });
        // Of equals the first.
        let best = ranked.rev().max_by_key(|(rank, _, _)| *rank);
        let set = header.roles.iter().enumerate().find_map(|(i, r)| match r {
            Role::Set { degrees } => Some((i, *degrees)),
            _ => None,
        });
        let (measured, degrees, set) = match (best, set) {
            (Some((_, column, degrees)), set) => (column, degrees, set),
            (None, Some((column, degrees))) => {
                notices.add(NoticeKind::OnlySetTemperature {
                    column: header.name(column).into(),
                });
                (column, degrees, None)
            }
            (None, None) => {
                return Err(whole(said!(
                    "no column holds a temperature" | "keine Spalte enthält eine Temperatur"
                )));
            }
        };
        let others: Vec<&str> = header
            .columns(|r| matches!(r, Role::Measured { .. }))
            .into_iter()
            .filter(|c| *c != measured)
            .map(|c| header.name(c))
            .collect();
        if !others.is_empty() {
            notices.add(NoticeKind::Skipped {
                what: said!("temperature in {}" | "Temperatur in {}", others.join(", ")),
                reason: said!(
                    "'{}' is taken for the specimen's" | "als die der Probe gilt „{}“",
                    header.name(measured)
                ),
            });
        }
        Ok(Reader {
            header,
            preamble,
            measured,
            set: set.map(|s| s.0),
            degrees: [degrees, set.and_then(|s| s.1)],
            clock: None,
            first_stamp: None,
            days: 0.0,
            before_s: None,
            samples: Vec::new(),
            cells: Vec::new(),
            blank: 0,
            notes: true,
            ambiguous: None,
        })
    }

    /// The cell of a column: counted from the end behind a note that holds separators.
    fn cell(&self, column: usize) -> &'a str {
        let surplus = self.cells.len().saturating_sub(self.header.names.len());
        let behind = self.header.separator == Separator::Char(',') && surplus > 0;
        let at = if behind && column > 0 {
            column.saturating_add(surplus)
        } else {
            column
        };
        self.cells.get(at).copied().unwrap_or_default()
    }

    fn row(&mut self, line: Line<'a>, last: bool) -> Result<(), FormatError> {
        self.header.separator.cells(line.text, &mut self.cells);
        if self.units() {
            return Ok(());
        }
        let surplus = self.cells.len() > self.header.names.len();
        if surplus
            && self.header.separator == Separator::Char(',')
            && self.cells.iter().all(|c| number(c).is_some())
        {
            let reason = said!(
                "more cells than names: decimal commas between commas cannot be told apart; export with semicolons or tabs, or with decimal points"
                    | "mehr Zellen als Namen: Dezimalkommas zwischen Kommas sind nicht zu unterscheiden; mit Semikolons oder Tabulatoren exportieren, oder mit Dezimalpunkten"
            );
            return Err(malformed(line, self.header.name(self.measured), reason));
        }
        if self.notes {
            let note = self.cells.iter().find(|c| c.contains(" = ")).copied();
            match note {
                Some(note) if self.preamble.note(note) => return Ok(()),
                _ => {
                    self.notes = self.samples.len() < 2
                        && self.header.columns(|r| *r == Role::Other).len() == 1
                }
            }
        }
        match self.sample(line) {
            Ok(Some(sample)) => self.samples.push(sample),
            Ok(None) => self.blank = self.blank.saturating_add(1),
            Err(_) if last && !self.samples.is_empty() => self.blank = self.blank.saturating_add(1),
            Err(e) => return Err(e),
        }
        Ok(())
    }

    /// A line of units below the header.
    fn units(&mut self) -> bool {
        if !self.samples.is_empty() || self.cells.iter().any(|c| is_value(c)) {
            return false;
        }
        let time = self.header.columns(|r| matches!(r, Role::Time { .. }));
        let per_unit = time.iter().find_map(|c| seconds(self.cell(*c)));
        let degrees = Degrees::parse(self.cell(self.measured));
        self.preamble.per_unit = self.preamble.per_unit.or(per_unit);
        self.preamble.degrees = self.preamble.degrees.or(degrees);
        per_unit.is_some() || degrees.is_some()
    }

    fn sample(&mut self, line: Line<'a>) -> Result<Option<Sample>, FormatError> {
        let cell = self.cell(self.measured);
        let missing = |c: &str| {
            matches!(
                c.to_ascii_lowercase().as_str(),
                "" | "nan" | "-" | "--" | "n/a" | "null"
            )
        };
        if missing(cell) {
            return Ok(None);
        }
        let degrees = number(cell).ok_or_else(|| {
            let reason = said!("'{}' is not a number" | "„{}“ ist keine Zahl", shown(cell));
            malformed(line, self.header.name(self.measured), reason)
        })?;
        let clock = match self.clock {
            Some(clock) => clock,
            None => {
                let clock = self.choose_clock(line)?;
                self.clock = Some(clock);
                clock
            }
        };
        let Some(time_s) = self.time(clock, line)? else {
            return Ok(None);
        };
        let set = self.set.and_then(|c| number(self.cell(c)));
        Ok(Some(Sample {
            time_s,
            degrees,
            set,
        }))
    }

    /// The column that says when, by the cells of the first sample: numbers before clocks, because they step evenly.
    fn choose_clock(&mut self, line: Line<'a>) -> Result<Clock, FormatError> {
        let times = self.header.columns(|r| matches!(r, Role::Time { .. }));
        let dates = self.header.columns(|r| *r == Role::Date);
        let stamp = |r: &Self, c: usize| Stamp::parse(r.cell(c));
        let stamped = times
            .iter()
            .chain(&dates)
            .copied()
            .find(|c| stamp(self, *c).is_some_and(|s| s.of_day_s.is_some()));
        let date = dates
            .iter()
            .copied()
            .find(|c| Some(*c) != stamped && stamp(self, *c).is_some_and(|s| s.date.is_some()));
        for &column in &times {
            let Some(value) = number(self.cell(column)) else {
                continue;
            };
            let own = match self.header.roles.get(column) {
                Some(Role::Time { seconds, .. }) => *seconds,
                _ => None,
            };
            let scale = own.or(self.preamble.per_unit);
            // Counted from 1970, in seconds or milliseconds.
            for per_second in [1.0, 1e-3] {
                if EPOCH_S.contains(&(value * per_second)) && scale.is_none_or(|s| s == per_second)
                {
                    return Ok(Clock::Epoch {
                        column,
                        scale: per_second,
                    });
                }
            }
            self.first_stamp = stamped.and_then(|c| self.stamp(c, date));
            return Ok(Clock::Elapsed {
                column,
                scale: scale.unwrap_or(f64::NAN),
            });
        }
        let column = stamped.ok_or_else(|| {
            let column = times.first().or(dates.first()).copied().unwrap_or(0);
            let reason = said!(
                "'{}' is no time" | "„{}“ ist keine Zeit",
                shown(self.cell(column))
            );
            malformed(line, self.header.name(column), reason)
        })?;
        let elapsed = matches!(
            self.header.roles.get(column),
            Some(Role::Time { elapsed: true, .. })
        );
        let first = self.stamp(column, date);
        // A clock that starts at midnight without a date counts from the start.
        if first.is_some_and(|s| s.date.is_none() && (elapsed || s.of_day_s == Some(0.0))) {
            return Ok(Clock::Duration { column });
        }
        self.first_stamp = first;
        Ok(Clock::Stamps { column, date })
    }

    fn stamp(&mut self, column: usize, date: Option<usize>) -> Option<Stamp> {
        let mut stamp = Stamp::parse(self.cell(column))?;
        let dated = self.cell(date.unwrap_or(column));
        if date.is_some() {
            stamp.date = Stamp::parse(dated).and_then(|d| d.date);
        }
        if self.ambiguous.is_none() && Stamp::is_ambiguous(dated) {
            self.ambiguous = Some(dated);
        }
        Some(stamp)
    }

    /// Seconds since the log's zero; `None` where the cell is empty.
    fn time(&mut self, clock: Clock, line: Line<'a>) -> Result<Option<f64>, FormatError> {
        let column = match clock {
            Clock::Elapsed { column, .. }
            | Clock::Epoch { column, .. }
            | Clock::Duration { column }
            | Clock::Stamps { column, .. } => column,
        };
        let cell = self.cell(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let found = match clock {
            Clock::Elapsed { scale, .. } => {
                number(cell).map(|v| v * if scale.is_nan() { 1.0 } else { scale })
            }
            Clock::Epoch { scale, .. } => number(cell).map(|v| v * scale),
            Clock::Duration { .. } => Stamp::parse(cell).and_then(|s| s.of_day_s),
            Clock::Stamps { date, .. } => self.stamp(column, date).and_then(|stamp| {
                let first = self.first_stamp?;
                let days_s = match (first.date, stamp.date) {
                    (Some(a), Some(b)) => b.seconds_since(a),
                    _ => 0.0,
                };
                Some(days_s + stamp.of_day_s? - first.of_day_s?)
            }),
        };
        let mut time_s = found.ok_or_else(|| {
            let reason = said!("'{}' is no time" | "„{}“ ist keine Zeit", shown(cell));
            malformed(line, self.header.name(column), reason)
        })?;
        let undated = match clock {
            Clock::Stamps { .. } => self.first_stamp.is_some_and(|s| s.date.is_none()),
            Clock::Duration { .. } => true,
            _ => false,
        };
        if undated {
            time_s += self.days;
            if self
                .before_s
                .is_some_and(|before| time_s < before - HALF_DAY_S)
            {
                self.days += DAY_S;
                time_s += DAY_S;
            }
            self.before_s = Some(time_s);
        }
        Ok(Some(time_s))
    }

    fn kind(&self) -> LogKind {
        let named = |name: &str| {
            self.header
                .names
                .iter()
                .any(|n| n.eq_ignore_ascii_case(name))
        };
        if self.preamble.digiheater {
            LogKind::DigiHeater
        } else if self.preamble.protochips {
            LogKind::Protochips
        } else if named("TimeStamp") && named("Experiment time") {
            LogKind::Impulse
        } else {
            LogKind::Table
        }
    }

    fn finish(self, notices: &mut Notices) -> Result<HeaterLog, FormatError> {
        let clock = self.clock.ok_or_else(|| {
            whole(said!(
                "there is no sample below the header" | "unter dem Kopf steht kein Messwert"
            ))
        })?;
        let degrees = self.degrees(notices);
        let set_degrees = self.degrees[1].unwrap_or(degrees);
        let (mut backward, mut impossible) = (0_usize, 0_usize);
        let mut log = HeaterLog {
            kind: self.kind(),
            start: LogStart::Unknown,
            clock: ClockKind::Unknown,
            time_s: Vec::with_capacity(self.samples.len()),
            temperature_k: Vec::with_capacity(self.samples.len()),
            setpoint_k: self.set.map(|_| Vec::with_capacity(self.samples.len())),
            columns: Vec::new(),
        };
        // Times counted from 1970 become small ones, which keep their digits.
        let origin = match clock {
            Clock::Epoch { .. } => self.samples.first().map_or(0.0, |s| s.time_s),
            _ => 0.0,
        };
        for sample in &self.samples {
            let kelvin = degrees.to_kelvin(sample.degrees);
            let time_s = sample.time_s - origin;
            if !(kelvin > 0.0 && kelvin < HOTTEST_K && time_s.abs() < 1e12) {
                impossible = impossible.saturating_add(1);
            } else if log.time_s.last().is_some_and(|before| time_s < *before) {
                backward = backward.saturating_add(1);
            } else {
                log.time_s.push(time_s);
                log.temperature_k.push(kelvin);
                if let Some(set) = &mut log.setpoint_k {
                    let before = set.last().copied().unwrap_or(kelvin);
                    set.push(sample.set.map_or(before, |s| set_degrees.to_kelvin(s)));
                }
            }
        }
        for (count, reason) in [
            (
                self.blank,
                said!(
                    "they have no temperature or no time"
                        | "sie haben keine Temperatur oder keine Zeit"
                ),
            ),
            (
                impossible,
                said!("no specimen has their temperature" | "keine Probe hat diese Temperatur"),
            ),
            (
                backward,
                said!(
                    "their time lies before that of the sample above"
                        | "ihre Zeit liegt vor der des Messwerts darüber"
                ),
            ),
        ] {
            if count > 0 {
                notices.add(NoticeKind::Skipped {
                    what: said!(
                        "{count} samples of the heater log"
                            | "{count} Messwerte des Heizprotokolls"
                    ),
                    reason,
                });
            }
        }
        let (first, last) = log.span_s();
        if log.time_s.len() < 2 || first >= last {
            return Err(whole(said!(
                "fewer than two samples at different times"
                    | "weniger als zwei Messwerte zu verschiedenen Zeiten"
            )));
        }
        log.start = self.start(clock, origin);
        log.clock = match (clock, log.start) {
            (_, LogStart::Unknown) => ClockKind::Unknown,
            (Clock::Epoch { .. }, _) => ClockKind::Utc,
            // Without a zone: the clock of the heater's computer.
            _ => self
                .first_stamp
                .and_then(|s| s.clock)
                .or(self.preamble.clock)
                .unwrap_or(ClockKind::Local),
        };
        let (time, date) = match clock {
            Clock::Elapsed { column, .. }
            | Clock::Epoch { column, .. }
            | Clock::Duration { column } => (column, None),
            Clock::Stamps { column, date } => (column, date),
        };
        if let Clock::Elapsed { column, scale } = clock
            && scale.is_nan()
        {
            notices.add(NoticeKind::LogUnitAssumed {
                column: self.header.name(column).into(),
                unit: "s".into(),
            });
        }
        if let (Clock::Epoch { .. }, LogStart::At(_)) = (clock, log.start) {
            notices.add(NoticeKind::LogUniversalTime);
        }
        if let Some(date) = self.ambiguous {
            notices.add(NoticeKind::DateOrderAssumed { date: shown(date) });
        }
        let time_name = date.map_or_else(
            || self.header.name(time).to_owned(),
            |d| format!("{}, {}", self.header.name(d), self.header.name(time)),
        );
        let names = [Some(self.measured), self.set].into_iter().flatten();
        log.columns = std::iter::once(time_name)
            .chain(names.map(|c| self.header.name(c).to_owned()))
            .collect();
        Ok(log)
    }

    /// °C or K: by the header, by a note, or by the first samples, which were at room temperature.
    fn degrees(&self, notices: &mut Notices) -> Degrees {
        if let Some(degrees) = self.degrees[0]
            .or(self.preamble.degrees)
            .or(self.degrees[1])
        {
            return degrees;
        }
        let first = self.samples.first().map_or(0.0, |s| s.degrees);
        let degrees =
            if (250.0..350.0).contains(&first) && self.samples.iter().all(|s| s.degrees > 200.0) {
                Degrees::Kelvin
            } else {
                Degrees::Celsius
            };
        notices.add(NoticeKind::LogUnitAssumed {
            column: self.header.name(self.measured).into(),
            unit: degrees.name().into(),
        });
        degrees
    }

    fn start(&self, clock: Clock, origin: f64) -> LogStart {
        match clock {
            Clock::Epoch { .. } => {
                DateTime::from_unix_s(origin).map_or(LogStart::Unknown, LogStart::At)
            }
            Clock::Duration { .. } => self
                .preamble
                .start()
                .map_or(LogStart::Unknown, LogStart::At),
            Clock::Elapsed { .. } => {
                // The clock of the first sample, whose number need not be 0.
                let zero = self.samples.first().map_or(0.0, |s| s.time_s);
                match self.first_stamp.map(|s| self.at(s)) {
                    Some(LogStart::At(moment)) => later(moment, -zero),
                    Some(LogStart::TimeOfDay(s)) => LogStart::TimeOfDay(s - zero),
                    _ => self
                        .preamble
                        .start()
                        .map_or(LogStart::Unknown, LogStart::At),
                }
            }
            Clock::Stamps { .. } => self.first_stamp.map_or(LogStart::Unknown, |s| self.at(s)),
        }
    }

    /// A stamp on the day that the header tells, unless it tells its own: the first day on which it does not lie half a day before the
    /// moment in the header.
    fn at(&self, stamp: Stamp) -> LogStart {
        let (Some(of_day), head) = (stamp.of_day_s, self.preamble.start()) else {
            return LogStart::Unknown;
        };
        match (stamp.date, head) {
            (Some(midnight), _) => later(midnight, of_day),
            (None, Some(head)) => {
                let mut from_head = of_day - head.of_day_s();
                if from_head < -HALF_DAY_S {
                    from_head += DAY_S;
                }
                later(head, from_head)
            }
            (None, None) => LogStart::TimeOfDay(of_day),
        }
    }
}

fn later(moment: DateTime, seconds: f64) -> LogStart {
    moment
        .plus_s(seconds)
        .map_or(LogStart::Unknown, LogStart::At)
}

/// As much of a cell as a message holds.
fn shown(cell: &str) -> String {
    cell.chars().take(40).collect()
}
