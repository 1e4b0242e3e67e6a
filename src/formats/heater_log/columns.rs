//! What the columns of a log are, by their names.

use crate::units::ZERO_CELSIUS_K;

/// Unit of a temperature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Degrees {
    Kelvin,
    Celsius,
}

impl Degrees {
    pub fn to_kelvin(self, value: f64) -> f64 {
        match self {
            Degrees::Kelvin => value,
            Degrees::Celsius => value + ZERO_CELSIUS_K,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Degrees::Kelvin => "K",
            Degrees::Celsius => "°C",
        }
    }

    pub fn parse(unit: &str) -> Option<Degrees> {
        let unit: String = unit.to_ascii_lowercase().split(' ').collect();
        Some(match unit.trim_matches(['(', ')', '[', ']']) {
            "k" | "kelvin" | "degk" | "degreesk" => Degrees::Kelvin,
            "c" | "°c" | "ºc" | "℃" | "degc" | "deg.c" | "celsius" | "degreesc"
            | "degreescelsius" => Degrees::Celsius,
            _ => return None,
        })
    }
}

/// Seconds of a unit of time.
pub(super) fn seconds(unit: &str) -> Option<f64> {
    let unit = unit
        .trim()
        .trim_matches(['(', ')', '[', ']'])
        .to_ascii_lowercase();
    Some(match unit.as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "ms" | "msec" | "millisecond" | "milliseconds" => 1e-3,
        "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3600.0,
        _ => return None,
    })
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Role {
    /// Times; seconds of their unit, where it is said.
    Time { seconds: Option<f64>, elapsed: bool },
    /// Dates beside times.
    Date,
    /// Measured temperature; the higher the rank, the surer.
    Measured { degrees: Option<Degrees>, rank: u8 },
    /// Set temperature.
    Set { degrees: Option<Degrees> },
    /// Names of images: this is no log.
    Image,
    /// Anything else, temperatures of other things included.
    Other,
}

/// Things whose temperature is not the specimen's.
const OTHERS: [&str; 19] = [
    "detector",
    "camera",
    "ccd",
    "cmos",
    "room",
    "ambient",
    "lab",
    "board",
    "cold",
    "cooling",
    "cooler",
    "water",
    "chamber",
    "column",
    "lens",
    "electronics",
    "dewar",
    "trap",
    "gas",
];

const SET: [&str; 8] = [
    "set",
    "setpoint",
    "target",
    "tset",
    "programmed",
    "nominal",
    "sp",
    "setting",
];

const MEASURED: [&str; 8] = [
    "measured", "meas", "tmeas", "actual", "sample", "specimen", "process", "pv",
];

/// The role of a column of this name.
pub(super) fn role(name: &str) -> Role {
    let name = name.trim().trim_start_matches(['#', '%']).trim();
    let (bare, unit) = with_unit(name);
    let lower = bare.to_ascii_lowercase();
    let words: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    let has = |list: &[&str]| words.iter().any(|w| list.contains(w));
    let starts = |prefix: &str| words.iter().any(|w| w.starts_with(prefix));
    if has(&["file", "filename", "image", "frame", "plane", "slice"]) {
        return Role::Image;
    }
    let (degrees, per_unit) = (unit.and_then(Degrees::parse), unit.and_then(seconds));
    let single = matches!(words.as_slice(), ["t"]);
    // `T` is a temperature and `t` a time, unless the unit says otherwise.
    let is_time = starts("time")
        || has(&["elapsed", "seconds", "clock", "datetime", "zeit"])
        || (single && (per_unit.is_some() || (degrees.is_none() && bare == "t")));
    if is_time && degrees.is_none() {
        // `time_s`, and `Seconds` whose unit is its name.
        let own = words
            .iter()
            .find_map(|w| seconds(w).filter(|_| w.len() > 1));
        return Role::Time {
            seconds: per_unit.or(own),
            elapsed: has(&["elapsed", "experiment", "relative", "run"]),
        };
    }
    if words.first() == Some(&"date") {
        return Role::Date;
    }
    let is_temperature = starts("temp")
        || has(&["tmeas", "tset", "tsample", "thermocouple"])
        || (single && (degrees.is_some() || bare == "T"))
        || (degrees.is_some() && (words.first() == Some(&"t") || has(&SET)));
    if !is_temperature || per_unit.is_some() || has(&OTHERS) {
        return Role::Other;
    }
    if has(&SET) || words.windows(2).any(|w| w == ["set", "point"]) {
        return Role::Set { degrees };
    }
    // Rates, powers and errors of a temperature are none.
    if has(&[
        "rate",
        "error",
        "std",
        "sd",
        "stability",
        "ramp",
        "coefficient",
        "limit",
    ]) {
        return Role::Other;
    }
    let rank = if has(&MEASURED) {
        3
    } else if has(&["holder", "heater"]) {
        1
    } else {
        2
    };
    Role::Measured { degrees, rank }
}

/// A name and its unit: `Tset[C]`, `Time (s)`, `temperature_K`, `T / °C`.
fn with_unit(name: &str) -> (&str, Option<&str>) {
    if let Some(open) = name.find(['(', '['])
        && let Some((bare, rest)) = name.split_at_checked(open)
    {
        let unit = rest.get(1..).unwrap_or_default();
        let unit = unit.split([')', ']']).next().unwrap_or_default();
        return (bare.trim(), Some(unit.trim()));
    }
    let is_unit = |unit: &str| seconds(unit).is_some() || Degrees::parse(unit).is_some();
    match name.rsplit_once(['_', '/', ' ', ',']) {
        Some((bare, unit)) if is_unit(unit) && !bare.trim().is_empty() => (
            bare.trim_end_matches(['_', '/', ' ', ',']),
            Some(unit.trim()),
        ),
        _ => (name, None),
    }
}
