//! Texts of the library of materials, the phase diagram, the size effect and the paper.

use super::back_to_given;
use crate::figures::format;

/// Columns of the table of materials.
pub fn materials_columns() -> [&'static str; 7] {
    [
        "Of",
        "Quantity",
        "Value",
        "Unit",
        "Confidence",
        "Source",
        "",
    ]
}

/// Columns of the form for an element or a pair.
pub fn entry_columns() -> [&'static str; 5] {
    ["Of", "Quantity", "Value", "Unit", "Source"]
}

/// A form was taken in.
pub fn entered(count: usize) -> String {
    match count {
        1 => "1 number added. Undo takes it back.".into(),
        _ => format!("{count} numbers added. Undo takes them back."),
    }
}

/// Names of a line's fields.
pub fn unit_of(name: &str) -> String {
    format!("Unit: {name}")
}

/// See [`unit_of`].
pub fn source_of(name: &str) -> String {
    format!("Source: {name}")
}

/// A unit as a table shows it.
pub fn shown_unit(unit: &'static str) -> &'static str {
    match unit {
        "1" => "",
        "flag" => "1 yes, 0 no",
        unit => unit,
    }
}

/// `melting point of Ag`.
pub fn quantity_of(of: &str, quantity: &str) -> String {
    format!("{} of {of}", quantity.replace('_', " "))
}

/// What a button that takes back a change is called.
pub fn back_to_given_of(name: &str) -> String {
    format!("{}: {name}", back_to_given())
}

/// What was typed is no number.
pub fn not_a_number(typed: &str) -> String {
    format!("'{typed}' is not a number.")
}

/// A file that the browser does not give.
pub fn cannot_be_read(name: &str) -> String {
    format!("{name} cannot be read.")
}

/// A pair of which nothing is known.
pub fn unknown_pair(core: &str, shell: &str) -> String {
    format!(
        "Nothing is known here of how {core} and {shell} mix: whether D means anything for them is yours to judge."
    )
}

/// How well an image tells two elements apart.
pub fn contrast_index(index: f64) -> String {
    format!(
        "Contrast of the two in the image: {} (0 none, 1 full).",
        format::fixed(index, 2)
    )
}

/// Columns of the table behind the phase diagram.
pub fn phase_columns(second: &str) -> Vec<String> {
    vec![
        "Curve or frame".to_owned(),
        format!("x ({second})"),
        "Solidus (K)".to_owned(),
        "Liquidus (K)".to_owned(),
    ]
}

/// How a curve is called in the table.
pub fn radius_of_curve(radius_nm: f64) -> String {
    if radius_nm.is_finite() {
        format!("r = {} nm", format::significant(radius_nm, 3))
    } else {
        "bulk".to_owned()
    }
}

/// Columns of the table behind the size effect.
pub fn size_columns() -> Vec<String> {
    [
        "Model",
        "T_m (K)",
        "E (kJ/mol)",
        "Valid from r (nm)",
        "Because",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Which slide of how many.
pub fn slide_of(index: usize, count: usize) -> String {
    format!("{} of {count}", index + 1)
}
