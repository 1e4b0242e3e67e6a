//! The one system of units inside: nm, s, K, eV or J/mol, and D in nm²/s.
//!
//! Conversion happens at two edges only: where a file is decoded and where a number is shown or written.

use crate::language::language;

/// Gas constant (J mol⁻¹ K⁻¹), CODATA 2018, exact.
pub const GAS_CONSTANT: f64 = 8.314_462_618_153_24;

/// Avogadro's constant (mol⁻¹), exact.
pub const AVOGADRO: f64 = 6.022_140_76e23;

/// One electron volt per particle in J/mol (CODATA 2018).
pub const JOULE_PER_MOL_PER_EV: f64 = 96_485.332_123_310_02;

/// Ice point (K).
pub const ZERO_CELSIUS_K: f64 = 273.15;

/// One nm in m.
pub const METER_PER_NM: f64 = 1e-9;

/// One nm²/s in m²/s.
pub const SQUARE_METER_PER_SQUARE_NM: f64 = 1e-18;

/// Temperature in K from degrees Celsius.
pub fn kelvin_from_celsius(celsius: f64) -> f64 {
    celsius + ZERO_CELSIUS_K
}

/// A number with its sign for people to read: + or the true minus, and the decimal mark of the language. Files keep the hyphen.
pub fn signed(value: f64, decimals: usize) -> String {
    let sign = if value < 0.0 { '\u{2212}' } else { '+' };
    let mark = language().decimal_mark().to_string();
    format!("{sign}{:.decimals$}", value.abs()).replace('.', &mark)
}

/// Length units as they are met in files and typed by users; `None` for a unit that is not a length.
///
/// Accepts the spellings of ImageJ, DigitalMicrograph and FEI (`um`, `µm`, `\u00B5m`, `micron`, `Å`, `angstrom`, `A`, `pm`, …).
pub fn nanometers_per(unit: &str) -> Option<f64> {
    let unit = unit
        .trim()
        .trim_end_matches("/pixel")
        .trim_end_matches("/px")
        .trim_end_matches('.');
    Some(match unit {
        "m" | "meter" | "metre" | "meters" | "metres" => 1e9,
        "cm" | "centimeter" | "centimetre" => 1e7,
        "mm" | "millimeter" | "millimetre" => 1e6,
        "um" | "\u{b5}m" | "\u{3bc}m" | "\\u00B5m" | "micron" | "microns" | "micrometer"
        | "micrometre" => 1e3,
        "nm" | "nanometer" | "nanometre" | "nanometers" | "nanometres" => 1.0,
        "\u{c5}" | "\u{212b}" | "\\u00C5" | "A" | "Ang" | "ang" | "angstrom" | "Angstrom"
        | "angstroms" | "\u{c5}ngstr\u{f6}m" => 0.1,
        "pm" | "picometer" | "picometre" => 1e-3,
        "in" | "inch" | "inches" | "\"" => 2.54e7,
        _ => return None,
    })
}
