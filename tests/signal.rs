//! Dates, axes and samples: what every decoder hands on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::signal::{
    Acquired, Axis, AxisRole, ClockKind, DateTime, Dtype, Metadata, Sample, Samples, Signal,
};

fn iso(text: &str) -> Option<String> {
    DateTime::parse(text).map(|t| t.to_string())
}

#[test]
fn dates_of_every_microscope_are_read() {
    for (text, expected) in [
        ("2016-02-21T17:53:06", "2016-02-21T17:53:06"),
        ("2016-02-21 17:53:06.25", "2016-02-21T17:53:06.25"),
        ("2016-02-21T17:53:06.000001Z", "2016-02-21T17:53:06.000001"),
        ("2016-02-21T17:53:06+01:00", "2016-02-21T17:53:06"),
        ("2016:02:21 17:53:06", "2016-02-21T17:53:06"),
        ("7/20/2015 6:48:25 PM", "2015-07-20T18:48:25"),
        ("7/20/2015 12:48:25 AM", "2015-07-20T00:48:25"),
        ("7/20/2015 12:48:25 PM", "2015-07-20T12:48:25"),
        ("27.08.2016 20:54:33", "2016-08-27T20:54:33"),
        ("27/08/2016 08:55:59 p.m.", "2016-08-27T20:55:59"),
        ("01/31/19 18:53:22", "2019-01-31T18:53:22"),
        ("Sun Feb 21 17:53:06 2016", "2016-02-21T17:53:06"),
        ("Tue Oct 1 07:05:06 1991", "1991-10-01T07:05:06"),
        ("01-OCT-1991 12:00", "1991-10-01T12:00:00"),
        ("01-OCT-91", "1991-10-01T00:00:00"),
        ("29 Feb 2024 23:59:59,5", "2024-02-29T23:59:59.5"),
        ("14.10.2014", "2014-10-14T00:00:00"),
    ] {
        assert_eq!(iso(text).as_deref(), Some(expected), "{text}");
    }
    for text in [
        "",
        "yesterday",
        "30-FEB-2016",
        "2015-02-29",
        "12:00:00",
        "99/99/2016",
        "1/2/3/4",
        "::",
        "1e9",
    ] {
        assert_eq!(iso(text), None, "{text}");
    }
}

#[test]
fn a_time_says_its_clock_only_by_a_zone() {
    for (text, expected) in [
        ("2016-02-21T17:53:06Z", Some(ClockKind::Utc)),
        ("2016-02-21 17:53:06 UTC", Some(ClockKind::Utc)),
        ("2016-02-21T17:53:06.25+00:00", Some(ClockKind::Utc)),
        ("2016-02-21T17:53:06+01:00", Some(ClockKind::Local)),
        ("2016-02-21T17:53:06-0730", Some(ClockKind::Local)),
        ("2016-02-21T17:53:06", None),
        ("2016-02-21 17:53", None),
        ("17:53:06 21-02-2016", None),
        ("01-OCT-1991 12:00", None),
        ("7/20/2015 6:48:25 PM", None),
        ("Z", None),
        ("", None),
    ] {
        assert_eq!(ClockKind::written(text), expected, "{text}");
    }
    // The microscope's computer shows local time; a format may know better.
    let plain = Acquired::new("2016-02-21T17:53:06").unwrap();
    assert_eq!(plain.clock, ClockKind::Local);
    assert_eq!(plain.by(ClockKind::Utc).clock, ClockKind::Utc);
}

#[test]
fn another_clock_says_which_number_is_the_month() {
    // DigitalMicrograph's count of 100 ns since 1601, in UTC, beside the same moment in local time.
    let clock = DateTime::from_windows_ticks(1.310_711_389_822_762_2e17);
    let day_first = Acquired::near("5/7/2016 12:58:18", clock).unwrap();
    assert_eq!(day_first.time.unwrap().to_string(), "2016-05-07T12:58:18");
    let near_july = DateTime::parse("2016-07-05T10:00:00");
    let month_first = Acquired::near("5/7/2016 12:58:18", near_july).unwrap();
    assert_eq!(month_first.time.unwrap().to_string(), "2016-07-05T12:58:18");
}

/// Every day of four centuries goes to its text and back.
#[test]
fn the_calendar_closes() {
    let start = DateTime::parse("1600-03-01").unwrap();
    for day in 0..146_097_u32 {
        let date = start.plus_s(f64::from(day) * 86_400.0).unwrap();
        assert_eq!(DateTime::parse(&date.to_string()), Some(date));
    }
    let end = start.plus_s(146_097.0 * 86_400.0).unwrap();
    assert_eq!(end.to_string(), "2000-03-01T00:00:00");
    assert_eq!(end.seconds_since(start), 146_097.0 * 86_400.0);
    assert_eq!(DateTime::from_unix_s(0.0), DateTime::parse("1970-01-01"));
}

fn axis(size: usize, unit: &str, role: AxisRole) -> Axis {
    Axis {
        unit: unit.into(),
        ..Axis::new("", size, role)
    }
}

#[test]
fn pictures_patterns_and_spectra_are_told_apart() {
    use AxisRole::{Navigation, Signal as Own};
    let signal = |axes: Vec<Axis>| Signal {
        title: String::new(),
        dtype: Dtype::F32,
        axes,
        metadata: Metadata::default(),
        tags: Vec::new(),
    };
    let stack = signal(vec![
        axis(7, "s", Navigation),
        axis(3, "nm", Own),
        axis(5, "nm", Own),
    ]);
    assert!(stack.is_image() && !stack.is_diffraction());
    assert_eq!((stack.planes(), stack.plane_shape()), (7, (3, 5)));
    for unit in ["1/nm", "1/\u{c5}", "nm^-1", "mrad", "1/A"] {
        let pattern = signal(vec![axis(3, unit, Own), axis(5, unit, Own)]);
        assert!(pattern.is_diffraction(), "{unit}");
    }
    let line = signal(vec![axis(3, "nm", Navigation), axis(5, "eV", Own)]);
    assert!(!line.is_image());
    assert_eq!((line.planes(), line.plane_shape()), (1, (3, 5)));
    let energies_first = signal(vec![
        axis(9, "eV", Own),
        axis(3, "nm", Navigation),
        axis(5, "nm", Navigation),
    ]);
    assert!(!energies_first.is_image());
    assert_eq!(energies_first.planes(), 9);
    let spectrum = signal(vec![axis(5, "eV", Own)]);
    assert!(!spectrum.is_image());
    assert_eq!((spectrum.planes(), spectrum.plane_shape()), (1, (1, 5)));
}

#[test]
fn a_measurement_sees_moduli_and_gray_levels() {
    let complex = Samples::C64(vec![[3.0, -4.0]]);
    assert_eq!(complex.get(0), Some(5.0));
    assert_eq!(complex.parts(0), Some(Sample::Parts(vec![3.0, -4.0])));
    let color = Samples::Rgba(vec![[1, 2, 6, 255]]);
    assert_eq!(color.get(0), Some(3.0));
    assert_eq!(color.to_f32(), [3.0]);
    assert_eq!(Samples::Bool(vec![true, false]).to_f32(), [1.0, 0.0]);
    let mut all = Samples::I64(vec![-1]);
    assert!(all.append(Samples::I64(vec![i64::MAX])));
    assert!(!all.append(Samples::U64(vec![1])));
    assert_eq!(all.len(), 2);
}
