//! Numbers as a journal prints them: matching digits, true minus sign, × 10ⁿ, units; never `NaN`, `inf` or `1e-20`. The decimal mark is that
//! of the language.
//!
//! What has no value is shown as [`ABSENT`].

use crate::fit::{Interval, IntervalKind};
use crate::language::{language, say, word};
use crate::units::SQUARE_METER_PER_SQUARE_NM;

/// Stands for a value that does not exist.
pub const ABSENT: &str = "–";

/// True minus sign.
const MINUS: char = '\u{2212}';

/// An exponent in superscript digits: `−21` gives `⁻²¹`.
pub fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            '0' => '⁰',
            '4' => '⁴',
            '5' => '⁵',
            '6' => '⁶',
            '7' => '⁷',
            '8' => '⁸',
            _ => '⁹',
        })
        .collect()
}

/// A value with this many decimals; five digits and more before the point are grouped by thin spaces.
pub fn fixed(value: f64, decimals: usize) -> String {
    if !value.is_finite() || value.abs() >= 1e15 {
        return if value.is_finite() {
            scientific(value, 3)
        } else {
            ABSENT.into()
        };
    }
    let text = format!("{:.*}", decimals.min(15), value.abs());
    let (whole, rest) = match text.split_once('.') {
        Some((whole, rest)) => (whole, format!("{}{rest}", language().decimal_mark())),
        None => (text.as_str(), String::new()),
    };
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && whole.len() > 4 && (whole.len() - i) % 3 == 0 {
            grouped.push('\u{2009}');
        }
        grouped.push(c);
    }
    let zero = text.chars().all(|c| c == '0' || c == '.');
    let sign = if value < 0.0 && !zero {
        MINUS.to_string()
    } else {
        String::new()
    };
    format!("{sign}{grouped}{rest}")
}

/// Decadic exponent of the value as rounded to `digits` significant digits.
fn exponent_of(value: f64, digits: usize) -> i32 {
    // The standard formatting rounds correctly, where a logarithm may be off by one.
    format!("{:.*e}", digits.clamp(1, 15) - 1, value.abs())
        .rsplit_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or(0)
}

/// `value / 10^exponent` without leaving the range of f64.
fn mantissa(value: f64, exponent: i32) -> f64 {
    if exponent < -300 {
        value * 1e300 / libm::exp10(f64::from(exponent + 300))
    } else {
        value / libm::exp10(f64::from(exponent))
    }
}

/// A value with this many significant digits: plain between 10⁻³ and 10⁵, else × 10ⁿ.
pub fn significant(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return ABSENT.into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let digits = digits.clamp(1, 15);
    let exponent = exponent_of(value, digits);
    if (-3..5).contains(&exponent) {
        let last = exponent + 1 - i32::try_from(digits).unwrap_or(1);
        fixed(rounded(value, last), decimals(exponent, digits))
    } else {
        scientific(value, digits)
    }
}

/// An error with this many significant digits, `∞` where it has no end.
pub fn uncertainty(error: f64, digits: usize) -> String {
    if error.is_infinite() {
        return "∞".into();
    }
    significant(error, digits)
}

fn decimals(exponent: i32, digits: usize) -> usize {
    usize::try_from(i32::try_from(digits).unwrap_or(1) - 1 - exponent).unwrap_or(0)
}

/// `2.10 × 10⁻²¹` with this many significant digits; without the power where it is 10⁰.
pub fn scientific(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return ABSENT.into();
    }
    if value == 0.0 {
        return "0".into();
    }
    let digits = digits.clamp(1, 15);
    let exponent = exponent_of(value, digits);
    times_ten(&fixed(mantissa(value, exponent), digits - 1), exponent)
}

fn times_ten(mantissa: &str, exponent: i32) -> String {
    if exponent == 0 {
        mantissa.into()
    } else {
        format!("{mantissa} × 10{}", superscript(exponent))
    }
}

/// Significant digits of an error by the Particle Data Group's rule: two when its first three digits are below 355 or above 949, else one.
///
/// Returns the exponent of the last digit to show.
fn last_digit(error: f64) -> i32 {
    let exponent = exponent_of(error, 3);
    let leading = libm::round(mantissa(error, exponent) * 100.0);
    if leading < 354.5 {
        exponent - 1
    } else {
        // Of 950 to 999, which round up to 1000, this is the second digit.
        exponent
    }
}

/// Errors smaller than this part of the value are rounding, not measurement.
const LEAST_RELATIVE_ERROR: f64 = 1e-9;

fn usable(value: f64, error: f64) -> bool {
    error.is_finite() && error > LEAST_RELATIVE_ERROR * value.abs()
}

/// Decadic exponent of the value as rounded at the digit 10^last.
fn exponent_rounded_at(value: f64, last: i32) -> i32 {
    let digits = exponent_of(value, 15) - last + 1;
    exponent_of(value, usize::try_from(digits).unwrap_or(1))
}

fn joined(number: String, unit: &str) -> String {
    if unit.is_empty() || number == ABSENT {
        number
    } else if unit.starts_with('%') || unit.starts_with('°') {
        format!("{number}\u{202f}{unit}")
    } else {
        format!("{number} {unit}")
    }
}

/// `168 ± 6 kJ/mol`: the error to one or two digits (rule of the Particle Data Group), the value to the same place, a common power of ten
/// beyond 10⁻³ to 10⁵. Without a usable error the value has three significant digits.
pub fn with_error(value: f64, standard_error: f64, unit: &str) -> String {
    if !value.is_finite() {
        return ABSENT.into();
    }
    if !usable(value, standard_error) {
        return joined(significant(value, 3), unit);
    }
    let last = last_digit(standard_error);
    let exponent = exponent_rounded_at(value.abs().max(standard_error), last);
    if (-3..5).contains(&exponent) && last < 5 {
        let places = usize::try_from(-last).unwrap_or(0);
        let round = |v: f64| rounded(v, last);
        joined(
            format!(
                "{} ± {}",
                fixed(round(value), places),
                fixed(round(standard_error), places)
            ),
            unit,
        )
    } else {
        let places = usize::try_from(exponent - last).unwrap_or(0);
        joined(
            format!(
                "({} ± {}) × 10{}",
                fixed(mantissa(value, exponent), places),
                fixed(mantissa(standard_error, exponent), places),
                superscript(exponent)
            ),
            unit,
        )
    }
}

/// To the place 10^last, for places left of the point too.
fn rounded(value: f64, last: i32) -> f64 {
    if last > 0 {
        let step = libm::exp10(f64::from(last));
        libm::round(value / step) * step
    } else {
        value
    }
}

/// `2.1 (+0.3 −0.2) × 10⁻²¹ m² s⁻¹` for an interval from `low` to `high` about the value; an end that is open or on the wrong side is shown as `–`.
pub fn asymmetric(value: f64, (low, high): (Option<f64>, Option<f64>), unit: &str) -> String {
    if !value.is_finite() {
        return ABSENT.into();
    }
    let up = high.map(|h| h - value).filter(|&e| usable(value, e));
    let down = low.map(|l| value - l).filter(|&e| usable(value, e));
    let smallest = match (up, down) {
        (Some(u), Some(d)) => u.min(d),
        (Some(e), None) | (None, Some(e)) => e,
        (None, None) => return joined(significant(value, 3), unit),
    };
    let largest = up.unwrap_or(0.0).max(down.unwrap_or(0.0));
    // An end hundreds of times farther than the other must not drag all its digits along.
    let last = last_digit(smallest).max(exponent_of(largest, 3) - 2);
    let exponent = exponent_rounded_at(value.abs().max(smallest), last);
    let power = if (-3..5).contains(&exponent) {
        0
    } else {
        exponent
    };
    let places = usize::try_from(power - last).unwrap_or(0);
    let show = |v: f64| fixed(mantissa(rounded(v, last), power), places);
    let side = |sign: char, e: Option<f64>| {
        e.map_or(format!("{sign}{ABSENT}"), |e| format!("{sign}{}", show(e)))
    };
    let number = format!("{} ({} {})", show(value), side('+', up), side(MINUS, down));
    joined(times_ten(&number, power), unit)
}

/// `< 2.1 × 10⁻²¹ m² s⁻¹` for an upper limit.
pub fn upper_limit(value: f64, unit: &str) -> String {
    limit('<', value, unit)
}

/// `> 2.1 × 10⁻²¹ m² s⁻¹` for a lower limit.
pub fn lower_limit(value: f64, unit: &str) -> String {
    limit('>', value, unit)
}

fn limit(sign: char, value: f64, unit: &str) -> String {
    if value.is_finite() {
        joined(format!("{sign} {}", significant(value, 2)), unit)
    } else {
        ABSENT.into()
    }
}

/// With an SI prefix and this many significant digits: `si(2.4e-5, "s", 2)` gives `24 µs`.
///
/// Not for units with a power (m², s⁻¹), whose prefix would mean something else.
pub fn si(value: f64, unit: &str, digits: usize) -> String {
    const PREFIXES: [&str; 17] = [
        "y", "z", "a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E", "Z", "Y",
    ];
    if !value.is_finite() {
        return ABSENT.into();
    }
    if value == 0.0 {
        return joined("0".into(), unit);
    }
    let digits = digits.clamp(1, 15);
    let exponent = exponent_of(value, digits);
    let step = exponent.div_euclid(3);
    match usize::try_from(step + 8).ok().and_then(|i| PREFIXES.get(i)) {
        Some(prefix) => {
            let number = fixed(
                rounded(
                    mantissa(value, 3 * step),
                    exponent - 3 * step + 1 - i32::try_from(digits).unwrap_or(1),
                ),
                decimals(exponent - 3 * step, digits),
            );
            format!("{number} {prefix}{unit}")
        }
        None => joined(scientific(value, digits), unit),
    }
}

/// A time as one says it: `24 µs`, `1.8 s`, `5.0 min`, `3.1 h`, `12 d`, `4.2 a`, `1.7 × 10⁸ a`; two significant digits.
pub fn duration(seconds: f64) -> String {
    const YEAR_S: f64 = 31_557_600.0;
    if !seconds.is_finite() || seconds < 0.0 {
        return ABSENT.into();
    }
    match seconds {
        s if s < 120.0 => si(s, "s", 2),
        s if s < 7200.0 => joined(significant(s / 60.0, 2), "min"),
        s if s < 172_800.0 => joined(significant(s / 3600.0, 2), "h"),
        s if s < 2.0 * YEAR_S => joined(significant(s / 86_400.0, 2), "d"),
        s => joined(significant(s / YEAR_S, 2), "a"),
    }
}

/// `398 K`; half degrees are kept.
pub fn temperature(kelvin: f64) -> String {
    let places = usize::from((kelvin - libm::round(kelvin)).abs() > 0.05);
    joined(fixed(kelvin, places), "K")
}

/// Orders of magnitude up to which an error of D₀ is told.
const FACTORS_TOLD: f64 = 6.0;

/// `D₀ = …` in m²/s of ln(D₀ / (nm²/s)), with its error or the factor that it may be off by.
pub fn prefactor(ln_d0: f64, error: f64) -> String {
    let d0 = |ln: f64| libm::exp(ln) * SQUARE_METER_PER_SQUARE_NM;
    if error < core::f64::consts::LN_2 {
        let ends = (Some(d0(ln_d0 - error)), Some(d0(ln_d0 + error)));
        format!("D₀ = {}", asymmetric(d0(ln_d0), ends, "m² s⁻¹"))
    } else if error < core::f64::consts::LN_10 * FACTORS_TOLD {
        say!(
            "D₀ = {} m² s⁻¹ within a factor of {}" | "D₀ = {} m² s⁻¹ bis auf einen Faktor {}",
            significant(d0(ln_d0), 2),
            significant(libm::exp(error), 2)
        )
    } else {
        word!("D₀ unknown" | "D₀ unbekannt").to_owned()
    }
}

/// D of an interval in m²/s with its errors or as a limit; `None` without a dwell time.
pub fn diffusivity(interval: &Interval) -> Option<String> {
    let d = |tau: f64| {
        interval
            .diffusivity_nm2_s(tau)
            .map(|d| d * SQUARE_METER_PER_SQUARE_NM)
    };
    d(1.0)?;
    Some(quantity(
        interval,
        |tau| d(tau).unwrap_or(f64::NAN),
        "m² s⁻¹",
    ))
}

/// D·t of an interval in nm² with its errors or as a limit.
pub fn diffusion_area(interval: &Interval) -> String {
    quantity(interval, |tau| tau, "nm²")
}

fn quantity(interval: &Interval, of: impl Fn(f64) -> f64, unit: &str) -> String {
    let (low, high) = (
        interval.dtau_low_nm2.map(&of),
        interval.dtau_high_nm2.map(&of),
    );
    match interval.kind {
        IntervalKind::Value => {
            let value = of(interval.dtau_nm2);
            if low.is_none() && high.is_none() {
                with_error(value, interval.dtau_se_nm2.map_or(f64::NAN, of), unit)
            } else {
                asymmetric(value, (low, high), unit)
            }
        }
        IntervalKind::Upper => high.map_or(ABSENT.into(), |h| upper_limit(h, unit)),
        IntervalKind::Lower => low.map_or(ABSENT.into(), |l| lower_limit(l, unit)),
        IntervalKind::None => ABSENT.into(),
    }
}
