//! What file names tell: temperature, time and order. Dwell times are never guessed.

use std::cmp::Ordering;

use crate::units::kelvin_from_celsius;

/// Temperature of liquid helium to the melting of tungsten: a number outside is no specimen's (K).
const PLAUSIBLE_K: std::ops::RangeInclusive<f64> = 4.0..=3700.0;

/// Room temperature where a name says `RT` (K): 25 °C.
const ROOM_TEMPERATURE_K: f64 = 298.15;

/// Reads the temperature (K) from the last part of a path: `00_300K.tif`, `img_25C.tif`, `m-1041sec-349C.tif`,
/// `300_K`, `-20C`, `RT`.
///
/// The number stands by itself, followed by K or C (`°C`, `degC`, `deg C`, `Celsius`, `Kelvin`), directly or after one
/// blank, `_` or `°`. A hyphen before the number is a minus only at the very start of the name or after a blank, `_`,
/// `(` or `=`; between words it separates. The last such number counts, because names go from the general to the
/// particular. Not temperatures: `2k`, `4K` (cameras), numbers inside words or digests, values no specimen survives.
pub fn temperature_k(path: &str) -> Option<f64> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let name = without_suffix(name);
    let chars: Vec<char> = name.chars().collect();
    let mut found = None;
    let mut at = 0;
    while at < chars.len() {
        match number_at(&chars, at) {
            Some((value, end)) => {
                if let Some(kelvin) = with_unit(&chars, at, value, end) {
                    found = Some(kelvin);
                }
                at = end;
            }
            None => at = at.saturating_add(1),
        }
    }
    found.or_else(|| {
        words(name)
            .any(|w| w == "RT" || w.eq_ignore_ascii_case("roomtemperature"))
            .then_some(ROOM_TEMPERATURE_K)
    })
}

/// Reads the seconds since the start of an experiment from the last part of a path: `m-1041sec-349C.tif`, `12min`, `300 s`.
///
/// A number by itself, directly or after one blank or `_` followed by s, sec, second(s), min, minute(s) or h. The first such number counts. Whether
/// it is a time or a duration, a name does not say.
pub fn elapsed_s(path: &str) -> Option<f64> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let chars: Vec<char> = without_suffix(name).chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let Some((value, end)) = number_at(&chars, at) else {
            at = at.saturating_add(1);
            continue;
        };
        let before = at.checked_sub(1).and_then(|i| chars.get(i));
        let rest = chars.get(end..).unwrap_or_default();
        let rest = match rest.split_first() {
            Some((' ' | '_', tail)) => tail,
            _ => rest,
        };
        let unit: String = rest.iter().take_while(|c| c.is_alphanumeric()).collect();
        let scale = match unit.to_ascii_lowercase().as_str() {
            "s" | "sec" | "secs" | "second" | "seconds" => Some(1.0),
            "min" | "mins" | "minute" | "minutes" => Some(60.0),
            "h" | "hour" | "hours" => Some(3600.0),
            _ => None,
        };
        if let (Some(scale), true) = (scale, before.is_none_or(|c| !c.is_alphanumeric())) {
            return Some(value * scale);
        }
        at = end;
    }
    None
}

/// Elements that maps are made of; without K, I and La, which in such names are a line, a number and a line.
const ELEMENTS: &str = " Li Be B C N O F Na Mg Al Si P S Cl Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te \
    Cs Ba Ce Pr Nd Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Th U ";

/// Words that say that a file is a map.
const MAPPED: [&str; 7] = ["eds", "edx", "edxs", "xeds", "eels", "map", "maps"];

/// The element that each file is a map of by its name: `Cu.tif`, `EDS Ag Map.tif`, `Au-L.png`, and none for `HAADF.tif` beside them. Empty where
/// the names are no such names.
///
/// What all names begin and end with is left out. What is left of a map's is one symbol and no other word but those of maps and lines: no number,
/// which would count the frames of a series. Every element comes once, there are at least two, and more maps than other files. Symbols of
/// one letter, which might count frames as well, need a word that says what they are.
pub fn elements_of_maps<'a>(paths: &[&'a str]) -> Vec<Option<&'a str>> {
    let names: Vec<Vec<&str>> = paths
        .iter()
        .map(|path| {
            let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
            words(without_suffix(name))
                .filter(|w| !w.is_empty())
                .collect()
        })
        .collect();
    let alike = |at: &dyn Fn(&[&'a str], usize) -> Option<&'a str>| {
        let same = |n: &usize| {
            let mut here = names.iter().map(|name| at(name, *n));
            let first = here.next().flatten();
            first.is_some() && here.all(|word| word == first)
        };
        (0..).take_while(same).count()
    };
    let before = alike(&|name, n| name.get(n).copied());
    let after = alike(&|name, n| name.iter().rev().nth(n).copied());
    let is_mapped = |word: &str| MAPPED.iter().any(|m| word.eq_ignore_ascii_case(m));
    let is_line = |word: &str| {
        word.starts_with(['K', 'L', 'M'])
            && word
                .chars()
                .skip(1)
                .all(|c| matches!(c, 'a' | 'b' | 'α' | 'β' | '0'..='9'))
    };
    let element = |name: &Vec<&'a str>| {
        let own = name.get(before..name.len().checked_sub(after)?)?;
        let mut left = own.iter().filter(|w| !is_mapped(w) && !is_line(w));
        let symbol = *left.next()?;
        let known = ELEMENTS.contains(&format!(" {symbol} "));
        (known && left.next().is_none()).then_some(symbol)
    };
    let found: Vec<Option<&str>> = names.iter().map(element).collect();
    let mut symbols: Vec<&str> = found.iter().flatten().copied().collect();
    let maps = symbols.len();
    let told = symbols.iter().any(|s| s.len() > 1) || names.iter().flatten().any(|w| is_mapped(w));
    symbols.sort_unstable();
    symbols.dedup();
    match symbols.len() == maps && maps > 1 && maps > names.len().saturating_sub(maps) && told {
        true => found,
        false => Vec::new(),
    }
}

/// Known suffixes only: `img_25.5C` has none.
fn without_suffix(name: &str) -> &str {
    match name.rsplit_once('.') {
        Some((stem, suffix))
            if (2..=5).contains(&suffix.len())
                && suffix.starts_with(|c: char| c.is_ascii_alphabetic())
                && suffix.chars().all(|c| c.is_ascii_alphanumeric()) =>
        {
            stem
        }
        _ => name,
    }
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_alphanumeric())
}

/// Digits, with one decimal point (or `p` or comma) between digits, that start at `at`; and where they end.
fn number_at(chars: &[char], at: usize) -> Option<(f64, usize)> {
    let is_digit = |i: usize| chars.get(i).is_some_and(char::is_ascii_digit);
    if !is_digit(at) {
        return None;
    }
    let mut end = at;
    while is_digit(end) {
        end = end.saturating_add(1);
    }
    let after_point = end.saturating_add(1);
    let mut text: String = chars.get(at..end)?.iter().collect();
    if matches!(chars.get(end), Some('.' | ',' | 'p')) && is_digit(after_point) {
        let mut last = after_point;
        while is_digit(last) {
            last = last.saturating_add(1);
        }
        text.push('.');
        text.extend(chars.get(after_point..last)?);
        end = last;
    }
    Some((text.parse().ok()?, end))
}

/// The temperature, if a unit follows the number that stands from `start` to `end`.
fn with_unit(chars: &[char], start: usize, value: f64, end: usize) -> Option<f64> {
    let before = start.checked_sub(1).and_then(|i| chars.get(i)).copied();
    let before_that = start.checked_sub(2).and_then(|i| chars.get(i)).copied();
    let negative =
        before == Some('-') && before_that.is_none_or(|c| matches!(c, ' ' | '_' | '(' | '=' | '-'));
    let rest = chars.get(end..)?;
    let (blank, rest) = match rest.split_first() {
        Some((' ' | '_' | '-', tail)) => (true, tail),
        _ => (false, rest),
    };
    let rest = match rest.split_first() {
        Some(('°' | 'º', tail)) => tail,
        _ => rest,
    };
    let unit: String = rest.iter().take_while(|c| c.is_alphanumeric()).collect();
    let lower = unit.to_ascii_lowercase();
    let celsius = || kelvin_from_celsius(if negative { -value } else { value });
    // A letter before the number makes `Al4C` and digests, unless the unit is spelled out.
    let alone = before.is_none_or(|c| !c.is_alphanumeric()) || says_temperature(chars, start);
    let kelvin = match (unit.as_str(), lower.as_str()) {
        (_, "kelvin" | "degk") => value,
        (_, "degc" | "celsius") => celsius(),
        (_, "deg") if celsius_after_deg(rest) => celsius(),
        // `4k` is a camera or a magnification, `300k` might be either: only the capital is a unit.
        ("K", _) if alone && !matches!(value, 1.0 | 2.0 | 4.0 | 8.0) => value,
        // `25c` is common enough, `25 c` is not.
        ("C", _) if alone => celsius(),
        ("c", _) if alone && !blank => celsius(),
        _ => return None,
    };
    PLAUSIBLE_K.contains(&kelvin).then_some(kelvin)
}

fn says_temperature(chars: &[char], start: usize) -> bool {
    let word: String = chars
        .get(..start)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(|c| c.is_alphabetic())
        .collect();
    let word: String = word.chars().rev().collect();
    matches!(
        word.to_ascii_lowercase().as_str(),
        "t" | "temp" | "temperature" | "at" | "to"
    )
}

fn celsius_after_deg(rest: &[char]) -> bool {
    let tail: String = rest.iter().skip(3).take(3).collect();
    let mut tail = tail.chars().skip_while(|c| matches!(c, ' ' | '_' | '-'));
    tail.next() == Some('C') && !tail.next().is_some_and(char::is_alphanumeric)
}

/// Order in which people number files: `2.tif` before `10.tif`, letters without case; ties by bytes.
pub fn natural_order(a: &str, b: &str) -> Ordering {
    let mut left = a.chars().peekable();
    let mut right = b.chars().peekable();
    loop {
        let order = match (left.peek().copied(), right.peek().copied()) {
            (None, None) => return a.cmp(b),
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let x = digits(&mut left);
                let y = digits(&mut right);
                // Numbers of any length: the longer is the larger once leading zeros are gone.
                x.len().cmp(&y.len()).then_with(|| x.cmp(&y))
            }
            (Some(x), Some(y)) => {
                left.next();
                right.next();
                x.to_ascii_lowercase().cmp(&y.to_ascii_lowercase())
            }
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> String {
    let mut number = String::new();
    while let Some(digit) = chars.next_if(char::is_ascii_digit) {
        if digit != '0' || !number.is_empty() {
            number.push(digit);
        }
    }
    number
}
