//! Texts of the dialog that shows what a file holds.

use crate::figures::format;
use crate::project::Reason;
use crate::signal::{Axis, Signal};

texts! {
    contents: "What the file holds";
    contents_open: "File";
    contents_help: "All signals of this frame's file, their calibrations and tags; another signal can be chosen";
    contents_waiting: "Looking into the file …";
    signals: "Signals";
    signal_in_use: "in use";
    use_signal: "Use";
    file_calibration: "Calibration and metadata";
    tags: "Tags";
    search_tags: "Search in names and values";
    no_tags: "This signal has none.";
    not_from_file: "no tag: not from the file";
}

/// Columns of the table of calibrations.
pub fn calibration_columns() -> [&'static str; 3] {
    ["What", "Value", "From the tag"]
}

/// A file, and how many signals it holds.
pub fn contents_of(file: &str, format: &str, signals: usize) -> String {
    match signals {
        1 => format!("{file}: {format}, one signal"),
        n => format!("{file}: {format}, {n} signals"),
    }
}

/// What a signal is called where it has no title.
pub fn signal_name(index: usize, title: &str) -> String {
    match title.trim() {
        "" => format!("Signal {}", index + 1),
        title => title.to_owned(),
    }
}

/// What it is.
pub fn signal_details(signal: &Signal) -> String {
    let sizes: Vec<String> = signal.axes.iter().map(|a| a.size.to_string()).collect();
    let kind = match (signal.is_image(), signal.is_diffraction()) {
        (true, true) => "diffraction pattern or transform: no image of the particle".to_owned(),
        (true, false) if signal.planes() > 1 => format!("stack of {} images", signal.planes()),
        (true, false) => "image".to_owned(),
        (false, _) if signal.axes.len() > 1 => "spectra: see Elemental maps".to_owned(),
        (false, _) => "spectrum".to_owned(),
    };
    let detector = signal.metadata.detector.as_deref().unwrap_or_default();
    let detector = match detector {
        "" => String::new(),
        name => format!(", {name}"),
    };
    format!(
        "{kind}, {} {}{detector}",
        sizes.join(" \u{d7} "),
        signal.dtype.name()
    )
}

/// Why the signal in use is.
pub fn why_signal(in_use: usize, proposed: Option<(usize, Reason)>, titles: &[String]) -> String {
    let name = |index: usize| signal_name(index, titles.get(index).map_or("", String::as_str));
    match proposed {
        Some((index, reason)) if index == in_use => {
            format!(
                "{} is taken, because it {}.",
                name(index),
                reason.sentence()
            )
        }
        Some((index, reason)) => format!(
            "{} was chosen by hand; by itself the program takes {}, which {}.",
            name(in_use),
            name(index),
            reason.sentence()
        ),
        None => String::new(),
    }
}

/// A number as short as it is exact to seven digits.
fn plain(value: f64) -> String {
    let digits = format::significant(value, 7);
    match digits.contains('.') && !digits.contains('\u{d7}') {
        true => digits
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned(),
        false => digits,
    }
}

/// The axis and its step.
pub fn axis_calibration(axis: &Axis) -> (String, String) {
    let name = match axis.name.as_str() {
        "" => "axis",
        name => name,
    };
    let unit = match axis.unit.as_str() {
        "" => "(no unit)",
        unit => unit,
    };
    let from = match axis.offset {
        0.0 => String::new(),
        offset => format!(", from {} {unit}", plain(offset)),
    };
    let value = format!("{} steps of {} {unit}{from}", axis.size, plain(axis.scale));
    (name.to_owned(), value)
}

/// Further lines of that table: what, value, tag where it is known.
pub fn metadata_lines(signal: &Signal) -> Vec<(&'static str, String, String)> {
    let m = &signal.metadata;
    let number = |v: f64, unit: &str| format!("{} {unit}", plain(v));
    let mut lines = Vec::new();
    let mut add = |what, value: Option<String>, tag: &str| {
        if let Some(value) = value {
            lines.push((what, value, tag.to_owned()));
        }
    };
    let (pixel, tag) = m.pixel_nm.clone().unzip();
    add(
        "pixel",
        pixel.map(|nm| number(nm, "nm")),
        tag.as_deref().unwrap_or_default(),
    );
    let acquired = m.acquired.as_ref();
    let time = acquired.and_then(|a| Some(format!("{}, {}", a.time?, a.clock.name())));
    add("acquired", time, acquired.map_or("", |a| a.text.as_str()));
    add(
        "high tension",
        m.high_tension_kv.map(|v| number(v, "kV")),
        "",
    );
    add("exposure", m.exposure_s.map(|v| number(v, "s")), "");
    add(
        "time on a pixel",
        m.pixel_dwell_s.map(|v| number(1e6 * v, "µs")),
        "",
    );
    add("microscope", m.instrument.clone(), "");
    lines
}

/// How many tags there are, or match.
pub fn tag_count(matching: Option<usize>, all: usize) -> String {
    match matching {
        Some(found) => format!("{found} of {all}"),
        None => all.to_string(),
    }
}

/// What is not listed.
pub fn more_tags(count: usize) -> String {
    format!("and {count} more: search for them")
}

/// The text of a long value that is not shown.
pub fn longer(characters: usize) -> String {
    format!(" … ({characters} characters)")
}

/// The button beside a signal, for those who do not see beside what it stands.
pub fn use_this_signal(name: &str) -> String {
    format!("Use {name}: read the series with it")
}
