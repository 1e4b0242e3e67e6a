//! Which line is the header, and what stands above the samples.

use super::columns::{Degrees, Role, role, seconds};
use super::lines::{Line, Separator, lines};
use super::stamp::Stamp;
use crate::formats::number;
use crate::signal::{ClockKind, DateTime};

/// Lines above the header that are looked at.
const MOST_ABOVE: usize = 400;

/// Columns that are looked at.
const MOST_COLUMNS: usize = 256;

/// The header of a log.
pub(super) struct Header<'a> {
    pub line: usize,
    pub separator: Separator,
    pub names: Vec<&'a str>,
    pub roles: Vec<Role>,
}

impl<'a> Header<'a> {
    pub fn of(line: Line<'a>) -> Option<Header<'a>> {
        let text = line.text.trim_start_matches(['#', '%']);
        let mut cells = Vec::new();
        for separator in Separator::ALL {
            separator.cells(text, &mut cells);
            if cells.len() < 2 || cells.len() > MOST_COLUMNS {
                continue;
            }
            let roles: Vec<Role> = cells.iter().map(|c| role(c)).collect();
            let has = |good: fn(&Role) -> bool| roles.iter().any(good);
            if has(|r| matches!(r, Role::Image)) {
                return None;
            }
            // Words of a sentence are no header: a name does not start with a digit, and is short.
            let names = cells
                .iter()
                .all(|c| c.len() < 64 && !c.starts_with(|c: char| c.is_ascii_digit()));
            if names
                && has(|r| matches!(r, Role::Time { .. } | Role::Date))
                && has(|r| matches!(r, Role::Measured { .. } | Role::Set { .. }))
            {
                return Some(Header {
                    line: line.number,
                    separator,
                    names: cells,
                    roles,
                });
            }
        }
        None
    }

    pub fn name(&self, column: usize) -> &'a str {
        self.names.get(column).copied().unwrap_or_default()
    }

    pub fn columns(&self, good: impl Fn(&Role) -> bool) -> Vec<usize> {
        let roles = self.roles.iter().enumerate();
        roles.filter(|(_, r)| good(r)).map(|(i, _)| i).collect()
    }
}

pub(super) fn find_header(text: &str) -> Option<Header<'_>> {
    lines(text).take(MOST_ABOVE).find_map(Header::of)
}

/// Whether a text begins like a log; `complete` where there is nothing after it.
pub(super) fn looks_like_log(text: &str, complete: bool) -> bool {
    let controls = text
        .bytes()
        .filter(|b| *b < 32 && !matches!(b, b'\t' | b'\r' | b'\n'))
        .count();
    if controls > 0 {
        return false;
    }
    let Some(header) = find_header(text) else {
        return false;
    };
    let mut cells = Vec::new();
    let mut below = lines(text)
        .skip(header.line)
        .filter(|l| !l.text.trim().is_empty());
    let numbers = below.by_ref().take(4).any(|line| {
        header.separator.cells(line.text, &mut cells);
        cells.len() >= 2 && cells.iter().filter(|c| is_value(c)).count() >= 2
    });
    numbers || (!complete && below.next().is_none())
}

pub(super) fn is_value(cell: &str) -> bool {
    number(cell).is_some() || Stamp::parse(cell).is_some()
}

/// What stands above the samples and before them.
#[derive(Default)]
pub(super) struct Preamble {
    pub moment: Option<DateTime>,
    /// By which clock that is, where it says so.
    pub clock: Option<ClockKind>,
    pub noted: Stamp,
    pub per_unit: Option<f64>,
    pub degrees: Option<Degrees>,
    pub digiheater: bool,
    pub protochips: bool,
}

impl Preamble {
    pub fn above(&mut self, line: &str) {
        if line.to_ascii_lowercase().contains("digiheater") {
            self.digiheater = true;
        }
        let line = line.trim_start_matches(['#', '%']);
        let pieces = line
            .split(['\t', ';', ','])
            .chain(line.split_once(['=', ':']).map(|p| p.1));
        if self.moment.is_none() {
            let whole = |s: &Stamp| s.moment().is_some();
            let stamp = pieces.filter_map(Stamp::parse).find(whole);
            self.moment = stamp.and_then(Stamp::moment);
            self.clock = stamp.and_then(|s| s.clock);
        }
    }

    /// A note `key = value` among the samples of the first moment; whether it was one.
    pub fn note(&mut self, note: &str) -> bool {
        let Some((key, value)) = note.split_once(" = ") else {
            return false;
        };
        let key = key.trim().to_ascii_lowercase();
        let stamp = || Stamp::parse(value);
        if key.starts_with("date") {
            self.noted.date = stamp().and_then(|s| s.date);
        } else if key == "time units" {
            self.per_unit = seconds(value);
        } else if key.starts_with("time") {
            self.noted.of_day_s = stamp().and_then(|s| s.of_day_s);
        } else if key == "temperature units" {
            let unit = value.to_ascii_lowercase().replace("degrees", "");
            self.degrees = Degrees::parse(unit.trim());
        }
        self.protochips |= key.starts_with("time") || key.starts_with("calibration file");
        true
    }

    pub fn start(&self) -> Option<DateTime> {
        self.noted.moment().or(self.moment)
    }
}
