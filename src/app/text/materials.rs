//! Texts of the library of materials, the phase diagram, the size effect and the paper.

use super::back_to_given;
use crate::figures::format;
use crate::language::{say, word};

/// Columns of the table of materials.
pub fn materials_columns() -> [&'static str; 7] {
    [
        word!("Of" | "Von"),
        word!("Quantity" | "Größe"),
        word!("Value" | "Wert"),
        word!("Unit" | "Einheit"),
        word!("Confidence" | "Verlässlichkeit"),
        word!("Source" | "Quelle"),
        "",
    ]
}

/// Columns of the form for an element or a pair.
pub fn entry_columns() -> [&'static str; 5] {
    [
        word!("Of" | "Von"),
        word!("Quantity" | "Größe"),
        word!("Value" | "Wert"),
        word!("Unit" | "Einheit"),
        word!("Source" | "Quelle"),
    ]
}

/// A form was taken in.
pub fn entered(count: usize) -> String {
    match count {
        1 => word!(
            "1 number added. Undo takes it back."
                | "1 Zahl hinzugefügt. Rückgängig nimmt sie zurück."
        )
        .into(),
        _ => say!(
            "{count} numbers added. Undo takes them back."
                | "{count} Zahlen hinzugefügt. Rückgängig nimmt sie zurück."
        ),
    }
}

/// Names of a line's fields.
pub fn unit_of(name: &str) -> String {
    say!("Unit: {name}" | "Einheit: {name}")
}

/// See [`unit_of`].
pub fn source_of(name: &str) -> String {
    say!("Source: {name}" | "Quelle: {name}")
}

/// A unit as a table shows it.
pub fn shown_unit(unit: &'static str) -> &'static str {
    match unit {
        "1" => "",
        "flag" => word!("1 yes, 0 no" | "1 ja, 0 nein"),
        "counts" => super::map_counts_unit(),
        unit => unit,
    }
}

/// `melting point of Ag`.
pub fn quantity_of(of: &str, quantity: &str) -> String {
    say!(
        "{} of {of}" | "{} ({of})",
        super::known(quantity).replace('_', " ")
    )
}

/// What a button that takes back a change is called.
pub fn back_to_given_of(name: &str) -> String {
    format!("{}: {name}", back_to_given())
}

/// What was typed is no number.
pub fn not_a_number(typed: &str) -> String {
    say!("'{typed}' is not a number." | "„{typed}“ ist keine Zahl.")
}

/// A file that the browser does not give.
pub fn cannot_be_read(name: &str) -> String {
    say!("{name} cannot be read." | "{name} lässt sich nicht lesen.")
}

/// A pair of which nothing is known.
pub fn unknown_pair(core: &str, shell: &str) -> String {
    say!(
        "Nothing is known here of how {core} and {shell} mix: whether D means anything for them is yours to judge."
            | "Wie {core} und {shell} sich mischen, ist hier nicht bekannt: Ob D für sie etwas bedeutet, bleibt dem eigenen Urteil überlassen."
    )
}

/// How well an image tells two elements apart.
pub fn contrast_index(index: f64) -> String {
    say!(
        "Contrast of the two in the image: {} (0 none, 1 full)."
            | "Kontrast der beiden im Bild: {} (0 keiner, 1 voller).",
        format::fixed(index, 2)
    )
}

/// Columns of the table behind the phase diagram.
pub fn phase_columns(second: &str) -> Vec<String> {
    vec![
        word!("Curve or frame" | "Kurve oder Bild").to_owned(),
        format!("x ({second})"),
        word!("Solidus (K)" | "Solidus (K)").to_owned(),
        word!("Liquidus (K)" | "Liquidus (K)").to_owned(),
    ]
}

/// How a curve is called in the table.
pub fn radius_of_curve(radius_nm: f64) -> String {
    if radius_nm.is_finite() {
        format!("r = {} nm", format::significant(radius_nm, 3))
    } else {
        word!("bulk" | "massiv").to_owned()
    }
}

/// Columns of the table behind the size effect.
pub fn size_columns() -> Vec<String> {
    [
        word!("Model" | "Modell"),
        "T_m (K)",
        "E (kJ/mol)",
        word!("Valid from r (nm)" | "Gültig ab r (nm)"),
        word!("Because" | "Weil"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Which slide of how many.
pub fn slide_of(index: usize, count: usize) -> String {
    say!("{} of {count}" | "{} von {count}", index + 1)
}
