//! Dates and times as microscopes write them: without a zone, by a clock that is local or universal.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A date and time of day without a time zone, to the microsecond: files give the clock of the microscope's computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// Microseconds since 1970-01-01T00:00:00 of the same clock.
    micros: i64,
}

/// By which clock a date and time is told. Two of different kinds are apart by a time zone that no file names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    /// That of a computer, as its user sees it.
    Local,
    /// Universal time.
    Utc,
    /// Nothing says which.
    #[default]
    Unknown,
}

impl ClockKind {
    /// What a text says of its own clock: `Z`, `UTC`, `GMT` or an offset of nought at its end is universal time, another offset
    /// follows a local one; `None` where it says nothing.
    pub fn written(text: &str) -> Option<ClockKind> {
        let text = text.trim().to_ascii_uppercase();
        let digit = |rest: &str| rest.trim_end().ends_with(|c: char| c.is_ascii_digit());
        if ["Z", "UTC", "GMT"]
            .iter()
            .any(|z| text.strip_suffix(z).is_some_and(digit))
        {
            return Some(ClockKind::Utc);
        }
        // Behind the time of day: dates have dashes, too.
        let (_, of_day) = text.split_once(':')?;
        let (_, offset) = of_day.split_once(['+', '-'])?;
        let mut digits = offset.chars().filter(|c| *c != ':').peekable();
        digits.peek()?;
        match digits.try_fold(0, |sum, c| Some(sum + c.to_digit(10)?))? {
            0 => Some(ClockKind::Utc),
            _ => Some(ClockKind::Local),
        }
    }

    /// `local time`, `universal time`, `an unknown clock`.
    pub fn name(self) -> &'static str {
        match self {
            ClockKind::Local => "local time",
            ClockKind::Utc => "universal time",
            ClockKind::Unknown => "an unknown clock",
        }
    }
}

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

/// Seconds from 1601-01-01 (where Windows counts from) to 1970-01-01.
const WINDOWS_EPOCH_S: i64 = 11_644_473_600;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

impl DateTime {
    /// From a date of the Gregorian calendar; `None` where it has no such day.
    pub fn from_date(year: i64, month: i64, day: i64) -> Option<DateTime> {
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let length = match month {
            2 => 28 + i64::from(leap),
            4 | 6 | 9 | 11 => 30,
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            _ => return None,
        };
        if !(1..=length).contains(&day) || !(1600..=9999).contains(&year) {
            return None;
        }
        // Days from the civil date: years begin in March, eras have 400 years.
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let of_era = y - era * 400;
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
        Some(DateTime { micros: days * DAY })
    }

    /// Seconds since 1970-01-01T00:00:00, to the microsecond; `None` beyond the years 1600 to 9999.
    pub fn from_unix_s(seconds: f64) -> Option<DateTime> {
        let micros = libm::round(seconds * SECOND as f64);
        let calendar = -1.167_61e16..2.534_023_008e17;
        calendar.contains(&micros).then_some(DateTime {
            micros: micros as i64,
        })
    }

    /// Windows' count of 100 ns since 1601.
    pub fn from_windows_ticks(ticks: f64) -> Option<DateTime> {
        DateTime::from_unix_s(ticks * 1e-7 - WINDOWS_EPOCH_S as f64)
    }

    /// Seconds since 1970-01-01T00:00:00 of the same clock.
    pub fn unix_s(self) -> f64 {
        self.micros as f64 / SECOND as f64
    }

    /// Seconds from `earlier` to this.
    pub fn seconds_since(self, earlier: DateTime) -> f64 {
        (self.micros - earlier.micros) as f64 / SECOND as f64
    }

    /// Seconds since midnight.
    pub fn of_day_s(self) -> f64 {
        self.micros.rem_euclid(DAY) as f64 / SECOND as f64
    }

    /// Later by so many seconds; `None` where it leaves the calendar.
    pub fn plus_s(self, seconds: f64) -> Option<DateTime> {
        DateTime::from_unix_s(self.unix_s() + seconds)
    }

    /// Date and time in any of the spellings met in files: ISO 8601 (a zone at its end is left out: the clock stays as
    /// written), `2016:02:21 17:53:06`, `7/20/2015 6:48:25 PM`, `27.08.2016 20:54:33`, `27/08/2016 08:55:59 p.m.`,
    /// `Sun Feb 21 17:53:06 2016`, `01-OCT-1991 12:00`. A date alone is its midnight.
    ///
    /// Where day and month could be exchanged (`5/7/2016`), slashes are read as month/day, dots and dashes as day.month;
    /// [`DateTime::parse_near`] knows better.
    pub fn parse(text: &str) -> Option<DateTime> {
        DateTime::parse_near(text, None)
    }

    /// The same where another clock is known that is within a day: of two readings of the date the nearer one is taken.
    pub fn parse_near(text: &str, near: Option<DateTime>) -> Option<DateTime> {
        let mut words = Vec::new();
        for word in text.split_whitespace() {
            let word = word.trim_end_matches(',');
            let digit = |c: char| c.is_ascii_digit();
            match word.split_once('T') {
                Some((date, time)) if date.ends_with(digit) && time.starts_with(digit) => {
                    words.extend([date, time]);
                }
                _ => words.push(word),
            }
        }
        words.retain(|word| !word.is_empty());
        let mut readings = Vec::new();
        let mut clock = None;
        let mut half_day = None;
        let mut loose = Vec::new();
        let mut month = None;
        for word in words {
            let lower = word.to_ascii_lowercase();
            match lower
                .trim_matches('.')
                .replace(['.', '\u{a0}'], "")
                .as_str()
            {
                "am" => {
                    half_day = Some(false);
                    continue;
                }
                "pm" => {
                    half_day = Some(true);
                    continue;
                }
                _ => {}
            }
            let dates = dates(&lower);
            if !dates.is_empty() && readings.is_empty() {
                readings = dates;
            } else if let (None, Some((micros, suffix))) = (clock, time_of_day(&lower)) {
                clock = Some(micros);
                half_day = half_day.or(suffix);
            } else if let Some(named) = month_of(&lower) {
                month = Some(named);
            } else if let Ok(number) = lower.trim_matches('.').parse::<i64>() {
                loose.push(number);
            }
        }
        if let (true, Some(month), [a, b]) = (readings.is_empty(), month, loose.as_slice()) {
            let (day, year) = if *a > 31 { (*b, *a) } else { (*a, *b) };
            readings.extend(DateTime::from_date(full_year(year), month, day));
        }
        let mut clock = clock.unwrap_or(0);
        let hour = clock / (3600 * SECOND);
        match half_day {
            Some(true) if hour < 12 => clock += DAY / 2,
            Some(false) if hour == 12 => clock -= DAY / 2,
            _ => {}
        }
        let found = readings.into_iter().map(|date| DateTime {
            micros: date.micros + clock,
        });
        match near {
            Some(near) => found.min_by_key(|t| (t.micros - near.micros).abs()),
            None => found.into_iter().next(),
        }
    }
}

fn full_year(year: i64) -> i64 {
    match year {
        0..70 => 2000 + year,
        70..100 => 1900 + year,
        _ => year,
    }
}

fn month_of(word: &str) -> Option<i64> {
    let start = word.trim_matches('.').get(..3)?;
    let at = MONTHS.iter().position(|m| *m == start)?;
    word.trim_matches('.')
        .bytes()
        .all(|b| b.is_ascii_alphabetic())
        .then_some(at as i64 + 1)
}

/// The readings of a date in digits (or with the month's name between dashes), the likelier one first.
fn dates(word: &str) -> Vec<DateTime> {
    let Some(separator) = ['/', '-', '.', ':']
        .into_iter()
        .find(|s| word.matches(*s).count() == 2)
    else {
        return Vec::new();
    };
    let parts: Vec<&str> = word.split(separator).collect();
    let number = |part: &str| {
        (part.len() <= 4 && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse::<i64>().ok())
            .flatten()
    };
    let [first, second, third] = parts.as_slice() else {
        return Vec::new();
    };
    if let (Some(day), Some(month), Some(year)) = (number(first), month_of(second), number(third)) {
        return DateTime::from_date(full_year(year), month, day)
            .into_iter()
            .collect();
    }
    let (Some(a), Some(b), Some(c)) = (number(first), number(second), number(third)) else {
        return Vec::new();
    };
    let orders = if first.len() == 4 {
        vec![(a, b, c)]
    } else if separator == ':' {
        // A time of day.
        return Vec::new();
    } else {
        let year = full_year(c);
        if separator == '/' {
            vec![(year, a, b), (year, b, a)]
        } else {
            vec![(year, b, a), (year, a, b)]
        }
    };
    orders
        .into_iter()
        .filter_map(|(year, month, day)| DateTime::from_date(year, month, day))
        .collect()
}

/// `h:mm`, `h:mm:ss`, `h:mm:ss.fff`, with `Z`, an offset, `am` or `pm` at its end: microseconds of the day and the half.
fn time_of_day(word: &str) -> Option<(i64, Option<bool>)> {
    let (word, half) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(rest), _) => (rest, Some(false)),
        (_, Some(rest)) => (rest, Some(true)),
        _ => (word, None),
    };
    let clock = word.split(['z', '+', '-']).next()?;
    let mut parts = clock.split(':');
    let mut whole = |least: i64, most: i64| {
        let value = parts.next()?.parse::<i64>().ok()?;
        (least..=most).contains(&value).then_some(value)
    };
    let hour = whole(0, 23)?;
    let minute = whole(0, 59)?;
    let seconds = match parts.next() {
        Some(text) => text.replace(',', ".").parse::<f64>().ok()?,
        None => 0.0,
    };
    if !(0.0..61.0).contains(&seconds) || parts.next().is_some() {
        return None;
    }
    let micros = libm::round(seconds * SECOND as f64) as i64;
    Some(((hour * 3600 + minute * 60) * SECOND + micros, half))
}

/// ISO 8601 without a zone: `2016-02-21T17:53:06`, with a fraction only where there is one.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let days = self.micros.div_euclid(DAY);
        let of_day = self.micros.rem_euclid(DAY);
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era = shifted.rem_euclid(146_097);
        let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = (shifted_month + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        let seconds = of_day / SECOND;
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        write!(
            f,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"
        )?;
        let fraction = format!("{:06}", of_day % SECOND);
        match fraction.trim_end_matches('0') {
            "" => Ok(()),
            digits => write!(f, ".{digits}"),
        }
    }
}

impl Serialize for DateTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        DateTime::parse(&text).ok_or_else(|| serde::de::Error::custom("no date and time"))
    }
}
