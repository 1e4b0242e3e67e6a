//! Heater logs: every program's spelling of one history gives that history; broken ones give the line; nothing panics.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod common;

use std::rc::Rc;

use alloyscope::formats::{
    Format, FormatError, HeaterLog, LogKind, LogStart, MemorySource, SourceReader, detect,
    impulse_start, read_heater_log,
};
use alloyscope::signal::{ClockKind, DateTime, NoticeKind, Notices};
use common::Flips;
use common::heater::{PLAIN, Table, digiheater, history, impulse, protochips};

fn detected(bytes: &[u8]) -> Format {
    let source = Rc::new(MemorySource(bytes.into()));
    detect(&mut SourceReader::new(source)).unwrap()
}

fn read(bytes: &[u8]) -> (Result<HeaterLog, FormatError>, Notices) {
    let mut notices = Notices::default();
    let source = Rc::new(MemorySource(bytes.into()));
    (read_heater_log(source, &mut notices), notices)
}

fn moment(text: &str) -> LogStart {
    LogStart::At(DateTime::parse(text).unwrap())
}

/// The log is found by its content and holds the history; °C are written with four decimals at most.
fn holds_the_history(bytes: &[u8]) -> (HeaterLog, Notices) {
    assert_eq!(detected(bytes), Format::HeaterLog);
    let (log, notices) = read(bytes);
    let log = log.unwrap();
    assert_eq!(log.time_s.len(), history().len());
    for (i, (t, measured, set)) in history().into_iter().enumerate() {
        approx::assert_abs_diff_eq!(log.time_s[i], t, epsilon = 1e-9);
        approx::assert_abs_diff_eq!(log.temperature_k[i], measured + 273.15, epsilon = 1e-9);
        if let Some(setpoint) = &log.setpoint_k {
            approx::assert_abs_diff_eq!(setpoint[i], set + 273.15, epsilon = 1e-9);
        }
    }
    (log, notices)
}

#[test]
fn digiheater_logs_hold_their_history_and_pass_midnight() {
    for comma in [false, true] {
        let (log, notices) = holds_the_history(digiheater(comma).as_bytes());
        assert_eq!(log.kind, LogKind::DigiHeater);
        assert_eq!(log.start, moment("2022-09-23T23:59:50"));
        assert_eq!(log.columns, ["time", "Tmeas[C]", "Tset[C]"]);
        assert!(log.setpoint_k.is_some() && notices.as_slice().is_empty());
    }
}

#[test]
fn impulse_tables_hold_their_history_and_their_metadata_the_date() {
    let (table, metadata) = impulse();
    let (log, _) = holds_the_history(table.as_bytes());
    assert_eq!(log.kind, LogKind::Impulse);
    assert_eq!(log.start, LogStart::TimeOfDay(39_600.0));
    assert_eq!(detected(metadata.as_bytes()), Format::Unknown);
    let start = impulse_start(metadata.as_bytes()).unwrap();
    assert_eq!(start.to_string(), "2021-06-12T11:00:00");
}

#[test]
fn protochips_logs_hold_their_history_units_and_start() {
    let (log, notices) = holds_the_history(protochips().as_bytes());
    assert_eq!(log.kind, LogKind::Protochips);
    assert_eq!(log.start, moment("2014-12-03T17:15:37.192"));
    assert!(notices.as_slice().is_empty(), "{notices:?}");
}

#[test]
fn tables_of_every_spelling_hold_their_history() {
    let iso = |t: f64| {
        DateTime::parse("2017-06-12T09:30:00")
            .unwrap()
            .plus_s(t)
            .unwrap()
            .to_string()
    };
    let tables: [(Table, LogStart); 10] = [
        (PLAIN, LogStart::Unknown),
        (
            Table {
                header: "Zeit (s);T (K)",
                separator: ';',
                comma: true,
                time: |t| t.to_string().replace('.', ","),
                kelvin: true,
                ..PLAIN
            },
            LogStart::Unknown,
        ),
        (
            Table {
                above: "# started: 2017-06-12 09:30:00\n",
                header: "# t [ms]\tTemperature [°C]\tsetpoint_C",
                separator: '\t',
                time: |t| (1e3 * t).to_string(),
                with_set: true,
                ..PLAIN
            },
            moment("2017-06-12T09:30:00"),
        ),
        (
            Table {
                header: "Date/Time,Temp (C)",
                time: iso,
                ..PLAIN
            },
            moment("2017-06-12T09:30:00"),
        ),
        (
            Table {
                header: "time;temperature\nmin;°C",
                separator: ';',
                time: |t| (t / 60.0).to_string(),
                ..PLAIN
            },
            LogStart::Unknown,
        ),
        (
            Table {
                header: "date\ttime\tmeasured temperature (K)",
                separator: '\t',
                kelvin: true,
                time: |t| format!("12.06.2017\t{}:{:02}:{:05.2}", 9, 30, t),
                ..PLAIN
            },
            moment("2017-06-12T09:30:00"),
        ),
        (
            Table {
                header: "timestamp,temperature_C",
                time: |t| (1_497_259_800.0 + t).to_string(),
                ..PLAIN
            },
            moment("2017-06-12T09:30:00"),
        ),
        (
            Table {
                header: "time,temperature_C",
                time: |t| format!("6/12/2017 9:30:{t:05.2} AM"),
                ..PLAIN
            },
            moment("2017-06-12T09:30:00"),
        ),
        (
            Table {
                header: "time,temperature_C",
                time: |t| format!("12/6/2017 9:30:{t:05.2}"),
                ..PLAIN
            },
            moment("2017-06-12T09:30:00"),
        ),
        (
            Table {
                header: "elapsed temperature_K",
                separator: ' ',
                kelvin: true,
                time: |t| format!("0:00:{t:05.2}"),
                ..PLAIN
            },
            LogStart::Unknown,
        ),
    ];
    for (table, start) in tables {
        let (log, _) = holds_the_history(table.text().as_bytes());
        assert_eq!(
            (log.kind, log.start),
            (LogKind::Table, start),
            "{}",
            table.header
        );
    }
    // The clock of a computer is local; a zone, or seconds since 1970, are universal time.
    for (time, clock) in [
        ("2017-06-12T09:30:", ClockKind::Local),
        ("2017-06-12T09:30:#Z", ClockKind::Utc),
        ("2017-06-12T09:30:#+02:00", ClockKind::Local),
        ("14972598", ClockKind::Utc),
        ("", ClockKind::Unknown),
    ] {
        let (start, end) = time.split_once('#').unwrap_or((time, ""));
        let lines = ["00", "10"].map(|s| format!("{start}{s}{end},25\n"));
        let text = format!("time,temperature_C\n{}", lines.concat());
        let log = read(text.as_bytes()).0.unwrap();
        assert_eq!(log.clock, clock, "{text}");
    }
    // Two bytes a letter, as spreadsheets save "Unicode text"; and one byte a letter, in which ° is no UTF-8.
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(PLAIN.text().encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    holds_the_history(&wide);
    let latin: Vec<u8> = Table {
        header: "time (s),T (°C)",
        ..PLAIN
    }
    .text()
    .chars()
    .map(|c| c as u8)
    .collect();
    holds_the_history(&latin);
}

#[test]
fn a_unit_that_is_not_said_is_assumed_aloud() {
    for (header, kelvin, unit) in [
        ("time_s,temperature", false, "°C"),
        ("time_s,temperature", true, "K"),
    ] {
        let (log, notices) = read(
            Table {
                header,
                kelvin,
                ..PLAIN
            }
            .text()
            .as_bytes(),
        );
        approx::assert_abs_diff_eq!(log.unwrap().temperature_k[0], 22.5 + 273.15, epsilon = 1e-9);
        assert!(
            notices.as_slice().iter().any(
                |n| matches!(&n.kind, NoticeKind::LogUnitAssumed { unit: u, .. } if u == unit)
            )
        );
    }
}

#[test]
fn temperatures_of_other_things_are_not_believed() {
    for header in [
        "time_s,detector temperature (°C)",
        "time_s,Camera Temperature [C]",
        "time_s,room temperature_C",
        "time_s,temperature error (K)",
        "file,temperature_K,dwell_s",
        "frame,time_s,temperature_K",
        "Energy (eV),Intensity",
        "temperature_K,dwell_s",
    ] {
        assert_eq!(
            detected(Table { header, ..PLAIN }.text().as_bytes()),
            Format::Unknown,
            "{header}"
        );
    }
    let rows = "time_s,Detector temperature (C),Sample temperature (C)\n0,-20,100\n1,-20,110\n";
    let (log, _) = read(rows.as_bytes());
    assert_eq!(log.unwrap().temperature_k, [373.15, 383.15]);
    let (log, notices) = read(b"time_s,setpoint temperature (C)\n0,100\n1,110\n");
    assert!(log.is_ok());
    assert!(matches!(
        notices.as_slice()[0].kind,
        NoticeKind::OnlySetTemperature { .. }
    ));
}

#[test]
fn what_is_broken_is_said_with_its_line() {
    let message = |text: &str| read(text.as_bytes()).0.unwrap_err().to_string();
    let wrong = message("time_s,temperature_C\n0,25\n1,hot\n2,27\n");
    assert!(
        wrong.contains("line 3") && wrong.contains("temperature_C") && wrong.contains("'hot'"),
        "{wrong}"
    );
    let wrong = message("time_s,temperature_C\n0,25\nsoon,26\n2,27\n");
    assert!(
        wrong.contains("line 3") && wrong.contains("time_s"),
        "{wrong}"
    );
    assert!(message("time_s,temperature_C\n0,25\n").contains("fewer than two"));
    assert!(message("nothing\n").contains("no line names"));
    let wrong = message("time_s,temperature_C\n0,5,25,5\n1,0,26,5\n");
    assert!(wrong.contains("decimal commas"), "{wrong}");
    // Steps back, gaps and impossible values cost themselves.
    let (log, notices) = read(b"time_s,temperature_C\n0,25\n2,26\n1,27\n3,\n4,9999\n5,28\n6,2");
    assert_eq!(log.unwrap().time_s, [0.0, 2.0, 5.0, 6.0]);
    assert_eq!(notices.as_slice().len(), 3);
}

#[test]
fn interpolation_and_thinning_keep_ends_and_peaks() {
    let (log, _) = holds_the_history(digiheater(false).as_bytes());
    approx::assert_abs_diff_eq!(
        log.at(4.75).unwrap(),
        273.15 + 0.5 * (22.5 + 262.25),
        epsilon = 1e-9
    );
    assert_eq!((log.at(-0.1), log.at(19.6)), (None, None));
    assert!(log.at(0.0).is_some() && log.at(19.5).is_some());
    let part = log.between(4.75, 6.25);
    assert_eq!(part.len(), 5);
    assert_eq!((part[0].0, part[4].0), (4.75, 6.25));
    assert!(log.between(-1.0, 3.0).is_empty() && log.between(3.0, 3.0).is_empty());
    let thin = log.thinned(12);
    assert!(
        thin.time_s.len() <= 14 && thin.range_k() == log.range_k() && thin.span_s() == log.span_s()
    );
}

/// Forged files of every kind.
fn corpus() -> Vec<Vec<u8>> {
    let mut files = vec![
        digiheater(false),
        digiheater(true),
        impulse().0,
        protochips(),
        PLAIN.text(),
    ];
    files.push(
        Table {
            header: "date,time,measured temperature (K)",
            time: |t| format!("6/12/2017,9:30:{t:05.2} PM"),
            ..PLAIN
        }
        .text(),
    );
    files.into_iter().map(String::into_bytes).collect()
}

#[test]
fn no_prefix_and_no_flipped_bit_panics() {
    let mut flips = Flips(7);
    for file in corpus() {
        for end in 0..file.len() {
            let _ = detected(&file[..end]);
            if let (Ok(log), _) = read(&file[..end]) {
                assert!(log.time_s.windows(2).all(|w| w[0] <= w[1]));
                assert!(log.time_s.len() <= history().len());
            }
        }
        for _ in 0..500 {
            let broken = flips.flip(&file);
            let _ = detected(&broken);
            if let (Ok(log), _) = read(&broken) {
                assert!(log.time_s.windows(2).all(|w| w[0] <= w[1]));
                assert!(log.temperature_k.iter().all(|k| *k > 0.0 && *k < 5000.0));
            }
        }
    }
}

/// Real logs: number of samples, first and last clock, least and highest temperature as the truth file has them.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn real_logs_agree_with_what_is_known_of_them() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/microscopy");
    if !folder.exists() {
        println!("{} is absent: real logs are not read", folder.display());
        return;
    }
    let open = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).unwrap();
        assert_eq!(detected(&bytes), Format::HeaterLog, "{name}");
        read(&bytes).0.unwrap()
    };
    let log = open("DENS_Chip4Data.txt");
    assert_eq!((log.time_s.len(), log.kind), (15_022, LogKind::DigiHeater));
    assert_eq!(log.start, moment("2022-09-23T12:55:20.5"));
    approx::assert_abs_diff_eq!(log.span_s().1, 4964.62, epsilon = 1e-6);
    let (low, high) = log.range_k();
    approx::assert_abs_diff_eq!(low, 11.092 + 273.15, epsilon = 1e-9);
    approx::assert_abs_diff_eq!(high, 602.062 + 273.15, epsilon = 1e-9);
    let mean = log.temperature_k.iter().sum::<f64>() / 15_022.0;
    approx::assert_relative_eq!(mean, 492.538_608_640_660_36 + 273.15, max_relative = 1e-9);
    assert_eq!(log.setpoint_k.as_ref().unwrap()[15_021], 873.15);

    let log = open("dens_file1.dens");
    assert_eq!(
        (log.time_s.len(), log.start),
        (7, moment("2015-04-16T13:54:37.68"))
    );

    let log = open("protochips_thermal.csv");
    assert_eq!(
        (log.kind, log.start),
        (LogKind::Protochips, moment("2014-12-03T17:15:37.192"))
    );
    assert_eq!(log.temperature_k[0], 298.15);
    approx::assert_abs_diff_eq!(log.span_s().1, 257.649, epsilon = 1e-9);

    // Tables that are no logs.
    for name in [
        "Cu2O_XAS.csv",
        "CuL_literature_CuS.csv",
        "derived_PdPt_TO_radial3d.csv",
        "rsciio_example1.msa",
    ] {
        assert_ne!(
            detected(&std::fs::read(folder.join(name)).unwrap()),
            Format::HeaterLog,
            "{name}"
        );
    }
}
