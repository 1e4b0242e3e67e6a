//! Numbers as shown: matching digits, true minus sign, superscripts, and never a computer's spelling.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::figures::format::{
    ABSENT, asymmetric, diffusion_area, diffusivity, duration, fixed, lower_limit, scientific, si,
    significant, superscript, temperature, upper_limit, with_error,
};
use alloyscope::fit::{Interval, IntervalKind};

#[test]
fn signs_and_groups() {
    assert_eq!(fixed(-2.0, 1), "\u{2212}2.0");
    assert_eq!(fixed(-0.04, 1), "0.0", "no negative zero");
    assert_eq!(fixed(1234.0, 0), "1234");
    assert_eq!(fixed(1_234_567.0, 0), "1\u{2009}234\u{2009}567");
    assert_eq!(superscript(-21), "⁻²¹");
}

#[test]
fn significant_digits() {
    assert_eq!(significant(0.0, 3), "0");
    assert_eq!(significant(1.2345, 3), "1.23");
    assert_eq!(significant(9.996, 3), "10.0");
    assert_eq!(significant(183.0, 2), "180");
    assert_eq!(significant(0.001_234, 2), "0.0012");
    assert_eq!(significant(-4.2e-21, 2), "\u{2212}4.2 × 10⁻²¹");
    assert_eq!(significant(123_456.0, 3), "1.23 × 10⁵");
    assert_eq!(significant(99_999.0, 2), "1.0 × 10⁵");
    assert_eq!(scientific(9.999e-21, 3), "1.00 × 10⁻²⁰");
    assert_eq!(scientific(2.5, 2), "2.5");
    assert_eq!(scientific(5e-324, 2), "4.9 × 10⁻³²⁴");
    assert_eq!(scientific(f64::MAX, 3), "1.80 × 10³⁰⁸");
}

#[test]
fn value_and_error_end_at_the_same_digit() {
    // The Particle Data Group's own example: 0.827 ± 0.119, 0.827 ± 0.367 and 0.827 ± 0.99.
    assert_eq!(with_error(0.827, 0.119, ""), "0.83 ± 0.12");
    assert_eq!(with_error(0.827, 0.367, ""), "0.8 ± 0.4");
    assert_eq!(with_error(168.32, 6.13, "kJ/mol"), "168 ± 6 kJ/mol");
    assert_eq!(with_error(1.744_6, 0.0636, "eV"), "1.74 ± 0.06 eV");
    assert_eq!(with_error(168.32, 0.99, "kJ/mol"), "168.3 ± 1.0 kJ/mol");
    assert_eq!(with_error(-3.217, 0.2, "nm"), "\u{2212}3.22 ± 0.20 nm");
    assert_eq!(with_error(1043.0, 122.0, "counts"), "1040 ± 120 counts");
    assert_eq!(
        with_error(2.13e-21, 4.1e-22, "m² s⁻¹"),
        "(2.1 ± 0.4) × 10⁻²¹ m² s⁻¹"
    );
    assert_eq!(with_error(0.1, 40.0, "nm"), "0 ± 40 nm");
    assert_eq!(
        with_error(2_000_000.0, 31_000.0, "counts"),
        "(2.000 ± 0.031) × 10⁶ counts"
    );
    assert_eq!(with_error(0.5, 0.05, "%"), "0.50 ± 0.05\u{202f}%");
}

#[test]
fn without_a_usable_error_three_digits_remain() {
    for error in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(with_error(1.2345, error, "nm"), "1.23 nm");
    }
}

#[test]
fn asymmetric_intervals() {
    assert_eq!(
        asymmetric(2.1e-21, (Some(1.6e-21), Some(2.7e-21)), "m² s⁻¹"),
        "2.1 (+0.6 \u{2212}0.5) × 10⁻²¹ m² s⁻¹"
    );
    assert_eq!(
        asymmetric(0.52, (Some(0.5), Some(0.55)), "nm²"),
        "0.520 (+0.030 \u{2212}0.020) nm²"
    );
    assert_eq!(
        asymmetric(2.0, (None, Some(3.0)), ""),
        format!("2.0 (+1.0 \u{2212}{ABSENT})")
    );
    assert_eq!(asymmetric(2.0, (None, None), "nm²"), "2.00 nm²");
    // One end a thousand times farther: its size sets the digits.
    assert_eq!(
        asymmetric(1.0, (Some(0.9), Some(901.0)), ""),
        "1 (+900 \u{2212}0)"
    );
}

#[test]
fn limits() {
    assert_eq!(upper_limit(2.13e-21, "m² s⁻¹"), "< 2.1 × 10⁻²¹ m² s⁻¹");
    assert_eq!(lower_limit(0.034, "nm²"), "> 0.034 nm²");
}

#[test]
fn prefixes_and_times() {
    assert_eq!(si(2.4e-5, "s", 2), "24 µs");
    assert_eq!(si(999.6e-6, "s", 3), "1.00 ms");
    assert_eq!(si(1e-30, "s", 2), "1.0 × 10⁻³⁰ s");
    assert_eq!(si(300_000.0, "V", 3), "300 kV");
    assert_eq!(duration(6.8e-6), "6.8 µs");
    assert_eq!(duration(310.0), "5.2 min");
    assert_eq!(duration(12_000.0), "3.3 h");
    assert_eq!(duration(940_000.0), "11 d");
    assert_eq!(duration(5.5e15), "1.7 × 10⁸ a");
    assert_eq!(temperature(398.0), "398 K");
    assert_eq!(temperature(298.16), "298.2 K");
}

fn interval(kind: IntervalKind, dwell_s: Option<f64>) -> Interval {
    Interval {
        index: 3,
        temperature_k: Some(523.0),
        dwell_s,
        kind,
        dtau_nm2: 0.2,
        dtau_se_nm2: Some(0.03),
        dtau_atoms_se_nm2: None,
        dtau_low_nm2: (kind != IntervalKind::Upper).then_some(0.16),
        dtau_high_nm2: (kind != IntervalKind::Lower).then_some(0.25),
        log_scale: None,
    }
}

#[test]
fn intervals_say_value_or_limit() {
    let dwell = Some(100.0);
    // 0.2 nm² in 100 s is 2e-21 m²/s.
    assert_eq!(
        diffusivity(&interval(IntervalKind::Value, dwell)).as_deref(),
        Some("2.0 (+0.5 \u{2212}0.4) × 10⁻²¹ m² s⁻¹")
    );
    assert_eq!(
        diffusivity(&interval(IntervalKind::Upper, dwell)).as_deref(),
        Some("< 2.5 × 10⁻²¹ m² s⁻¹")
    );
    assert_eq!(
        diffusivity(&interval(IntervalKind::Lower, dwell)).as_deref(),
        Some("> 1.6 × 10⁻²¹ m² s⁻¹")
    );
    assert_eq!(
        diffusivity(&interval(IntervalKind::None, dwell)).as_deref(),
        Some(ABSENT)
    );
    assert_eq!(diffusivity(&interval(IntervalKind::Value, None)), None);
    assert_eq!(
        diffusion_area(&interval(IntervalKind::Value, None)),
        "0.20 (+0.05 \u{2212}0.04) nm²"
    );
    assert_eq!(
        diffusion_area(&interval(IntervalKind::Upper, None)),
        "< 0.25 nm²"
    );
}

/// Whatever comes in, a person can read what comes out.
#[test]
fn no_number_is_spelled_as_by_a_computer() {
    let mut values = vec![
        0.0,
        -0.0,
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        f64::MAX,
        f64::MIN_POSITIVE,
        5e-324,
    ];
    for exponent in -320..309 {
        let power = format!("9.9951e{exponent}").parse::<f64>().unwrap();
        values.extend([power, -power]);
    }
    for &v in &values {
        for &e in values.iter().step_by(37) {
            let texts = [
                significant(v, 3),
                scientific(v, 2),
                fixed(v, 2),
                si(v, "s", 2),
                duration(v),
                temperature(v),
                with_error(v, e, "nm"),
                asymmetric(v, (Some(v - e), Some(v + e)), "nm²"),
                asymmetric(v, (None, Some(e)), "nm²"),
                upper_limit(v, "nm²"),
            ];
            for text in texts {
                let lower = text.to_ascii_lowercase();
                let machine = lower.contains("nan") || lower.contains("inf") || text.contains('-');
                let exponent = text
                    .as_bytes()
                    .windows(2)
                    .any(|w| w[0].is_ascii_digit() && w[1] == b'e');
                assert!(!machine && !exponent, "{v:e} ± {e:e} became {text:?}");
                assert!(text.chars().count() < 64, "{v:e} ± {e:e} became {text:?}");
            }
        }
    }
}

#[test]
fn tables_with_decimal_commas_say_the_same() {
    let table = "name,D_m2_s,note\n\"a, b\",1.5e-22,1.2.3\n,-0.5,\"x;y\"\n";
    let commas = alloyscope::engine::decimal_commas(table);
    assert_eq!(
        commas,
        "name;D_m2_s;note\na, b;1,5e-22;1.2.3\n;-0,5;\"x;y\"\n"
    );
}

#[test]
fn units_stand_in_a_row_of_their_own() {
    let table = "index,temperature_K,dtau_low_nm2,D_m2_s,D_low,x,R_B (nm)\n1,450.5,,1e-22,,0.5,2\n";
    assert_eq!(
        alloyscope::engine::unit_row(table),
        "index,temperature,dtau_low,D,D_low,x,R_B\n,K,nm²,m²/s,m²/s,,nm\n1,450.5,,1e-22,,0.5,2\n"
    );
    assert_eq!(alloyscope::engine::unit_row(""), "");
}
