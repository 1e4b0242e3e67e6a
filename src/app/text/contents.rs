//! Texts of the dialog that shows what a file holds.

use crate::figures::format;
use crate::language::{Language, language, say, word};
use crate::signal::Reason;
use crate::signal::{Axis, Signal};

texts! {
    contents: "What the file holds" | "Was die Datei enthält";
    contents_open: "File" | "Datei";
    contents_help: "All signals of this frame's file, their calibrations and tags; another signal can be chosen" | "Alle Signale in der Datei dieses Bildes, ihre Kalibrierungen und Tags; ein anderes Signal lässt sich wählen";
    contents_waiting: "Looking into the file …" | "Die Datei wird durchgesehen …";
    signals: "Signals" | "Signale";
    signal_in_use: "in use" | "genutzt";
    use_signal: "Use" | "Nutzen";
    file_calibration: "Calibration and metadata" | "Kalibrierung und Metadaten";
    tags: "Tags" | "Tags";
    search_tags: "Search in names and values" | "In Namen und Werten suchen";
    no_tags: "This signal has none." | "Dieses Signal hat keine.";
    not_from_file: "no tag: not from the file" | "kein Tag: nicht aus der Datei";
}

/// Columns of the table of calibrations.
pub fn calibration_columns() -> [&'static str; 3] {
    [
        word!("What" | "Was"),
        word!("Value" | "Wert"),
        word!("From the tag" | "Aus dem Tag"),
    ]
}

/// A file, and how many signals it holds.
pub fn contents_of(file: &str, format: &str, signals: usize) -> String {
    match signals {
        1 => say!("{file}: {format}, one signal" | "{file}: {format}, ein Signal"),
        n => say!("{file}: {format}, {n} signals" | "{file}: {format}, {n} Signale"),
    }
}

/// What a signal is called where it has no title.
pub fn signal_name(index: usize, title: &str) -> String {
    match title.trim() {
        "" => say!("Signal {}" | "Signal {}", index + 1),
        title => title.to_owned(),
    }
}

/// What it is.
pub fn signal_details(signal: &Signal) -> String {
    let sizes: Vec<String> = signal.axes.iter().map(|a| a.size.to_string()).collect();
    let kind = match (signal.is_image(), signal.is_diffraction()) {
        (true, true) => word!(
            "diffraction pattern or transform: no image of the particle"
                | "Beugungsbild oder Transformierte: kein Bild des Partikels"
        )
        .to_owned(),
        (true, false) if signal.planes() > 1 => say!(
            "stack of {} images" | "Stapel aus {} Bildern",
            signal.planes()
        ),
        (true, false) => word!("image" | "Bild").to_owned(),
        (false, _) if signal.axes.len() > 1 => {
            word!("spectra: see Elemental maps" | "Spektren: siehe Elementkarten").to_owned()
        }
        (false, _) => word!("spectrum" | "Spektrum").to_owned(),
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

/// Completes "it …".
pub(super) fn because(reason: Reason) -> &'static str {
    match (language(), reason) {
        (Language::English, reason) => reason.sentence(),
        (Language::German, Reason::Shown) => "das ist, was die Datei selbst zeigt",
        (Language::German, Reason::Haadf) => "das HAADF-Bild mit den meisten Pixeln ist",
        (Language::German, Reason::Largest) => "das Bild mit den meisten Pixeln ist",
    }
}

/// Why the signal in use is.
pub fn why_signal(in_use: usize, proposed: Option<(usize, Reason)>, titles: &[String]) -> String {
    let name = |index: usize| signal_name(index, titles.get(index).map_or("", String::as_str));
    match proposed {
        Some((index, reason)) if index == in_use => {
            say!(
                "{} is taken, because it {}." | "{} wird genutzt, weil es {}.",
                name(index),
                because(reason)
            )
        }
        Some((index, reason)) => say!(
            "{} was chosen by hand; by itself the program takes {}, which {}."
                | "{} wurde von Hand gewählt; von selbst nimmt das Programm {}, weil es {}.",
            name(in_use),
            name(index),
            because(reason)
        ),
        None => String::new(),
    }
}

/// A number as short as it is exact to seven digits.
fn plain(value: f64) -> String {
    let digits = format::significant(value, 7);
    let mark = language().decimal_mark();
    match digits.contains(mark) && !digits.contains('\u{d7}') {
        true => digits
            .trim_end_matches('0')
            .trim_end_matches(mark)
            .to_owned(),
        false => digits,
    }
}

/// The axis and its step.
pub fn axis_calibration(axis: &Axis) -> (String, String) {
    let name = match axis.name.as_str() {
        "" => word!("axis" | "Achse"),
        name => name,
    };
    let unit = match axis.unit.as_str() {
        "" => word!("(no unit)" | "(ohne Einheit)"),
        unit => unit,
    };
    let from = match axis.offset {
        0.0 => String::new(),
        offset => say!(", from {} {unit}" | ", ab {} {unit}", plain(offset)),
    };
    let value = say!(
        "{} steps of {} {unit}{from}" | "{} Schritte zu {} {unit}{from}",
        axis.size,
        plain(axis.scale)
    );
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
        word!("pixel" | "Pixel"),
        pixel.map(|nm| number(nm, "nm")),
        tag.as_deref().unwrap_or_default(),
    );
    let acquired = m.acquired.as_ref();
    let time = acquired.and_then(|a| Some(format!("{}, {}", a.time?, super::clock(a.clock))));
    add(
        word!("acquired" | "aufgenommen"),
        time,
        acquired.map_or("", |a| a.text.as_str()),
    );
    add(
        word!("high tension" | "Hochspannung"),
        m.high_tension_kv.map(|v| number(v, "kV")),
        "",
    );
    add(
        word!("exposure" | "Belichtung"),
        m.exposure_s.map(|v| number(v, "s")),
        "",
    );
    add(
        word!("time on a pixel" | "Zeit je Pixel"),
        m.pixel_dwell_s.map(|v| number(1e6 * v, "µs")),
        "",
    );
    add(word!("microscope" | "Mikroskop"), m.instrument.clone(), "");
    lines
}

/// How many tags there are, or match.
pub fn tag_count(matching: Option<usize>, all: usize) -> String {
    match matching {
        Some(found) => say!("{found} of {all}" | "{found} von {all}"),
        None => all.to_string(),
    }
}

/// What is not listed.
pub fn more_tags(count: usize) -> String {
    say!("and {count} more: search for them" | "und {count} weitere: über die Suche zu finden")
}

/// The text of a long value that is not shown.
pub fn longer(characters: usize) -> String {
    say!(" … ({characters} characters)" | " … ({characters} Zeichen)")
}

/// The button beside a signal, for those who do not see beside what it stands.
pub fn use_this_signal(name: &str) -> String {
    say!("Use {name}: read the series with it" | "{name} nutzen: die Serie damit lesen")
}
