//! What a cell says of date and time of day: logs have them together, apart, or one alone.

use crate::signal::{ClockKind, DateTime};

const DAY_S: f64 = 86_400.0;

/// Date and time of day; either may be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Stamp {
    /// Midnight.
    pub date: Option<DateTime>,
    /// Seconds since midnight; beyond a day where hours are counted on.
    pub of_day_s: Option<f64>,
    /// By which clock, where the cell says it.
    pub clock: Option<ClockKind>,
}

impl Stamp {
    /// Reads a cell. Three numbers between slashes are day, month, year, unless only the other makes sense or the clock is one of twelve hours.
    pub fn parse(cell: &str) -> Option<Stamp> {
        let text: String = cell.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
        let text = text.trim();
        if text.len() > 48 || !text.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let of_day = text.split([' ', 'T', 'Z']).find_map(elapsed_s);
        let clock = ClockKind::written(text);
        let date = match is_american(text) {
            true => DateTime::parse(text),
            false => DateTime::parse(&text.replace('/', ".")),
        };
        if let Some(moment) = date {
            let midnight = DateTime::from_unix_s(f64::floor(moment.unix_s() / DAY_S) * DAY_S)?;
            return Some(Stamp {
                date: Some(midnight),
                of_day_s: of_day.map(|_| moment.seconds_since(midnight)),
                clock,
            });
        }
        let of_clock = |c: char| c.is_ascii_digit() || ":., +-aApPmMzZ".contains(c);
        if !text.chars().all(of_clock) {
            return None;
        }
        // Hours of one day, perhaps of twelve; or hours that are counted on.
        let of_clock = DateTime::parse(&format!("2000-01-01 {text}")).map(DateTime::of_day_s);
        let of_day_s = match of_day {
            Some(s) if s < DAY_S => of_clock,
            other => other,
        };
        of_day_s.map(|_| Stamp {
            date: None,
            of_day_s,
            clock,
        })
    }

    /// Date and time of day together.
    pub fn moment(self) -> Option<DateTime> {
        self.date?.plus_s(self.of_day_s?)
    }

    /// Whether the date of a cell could be read in two ways.
    pub fn is_ambiguous(cell: &str) -> bool {
        let other = DateTime::parse(cell);
        !is_american(cell) && cell.contains('/') && {
            let own = DateTime::parse(&cell.replace('/', "."));
            own.is_some() && other.is_some() && own != other
        }
    }
}

/// Americans write AM and PM, and the month first.
fn is_american(text: &str) -> bool {
    let upper = text.trim().to_ascii_uppercase();
    upper.ends_with("AM") || upper.ends_with("PM")
}

/// `9:30`, `09:30:00.25`, `12:55:20,50`, `125:00:00`, in seconds; dates with colons are none.
fn elapsed_s(token: &str) -> Option<f64> {
    let token = token.split(['+', '-']).next().unwrap_or_default();
    if token.find(':') == Some(4) && DateTime::parse(token).is_some() {
        return None;
    }
    let mut parts = token.split(':');
    let mut whole = |most: u32| {
        let text = parts.next()?;
        let sound = (1..=4).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_digit());
        text.parse::<u32>().ok().filter(|n| sound && *n <= most)
    };
    let (hours, minutes) = (whole(9999)?, whole(59)?);
    let seconds = match parts.next() {
        None => 0.0,
        Some(text) => {
            let text: String = text
                .replace(',', ".")
                .chars()
                .take_while(|c| c.is_ascii_digit() || *c == '.')
                .collect();
            text.parse::<f64>().ok().filter(|s| *s < 61.0)?
        }
    };
    parts
        .next()
        .is_none()
        .then(|| 3600.0 * f64::from(hours) + 60.0 * f64::from(minutes) + seconds)
}
