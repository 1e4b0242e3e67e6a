//! The binary as a user of a terminal meets it. Native only: it starts processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

#[path = "common/terminal.rs"]
mod terminal;
#[path = "common/tiff.rs"]
#[allow(dead_code)]
mod tiff;

use std::fs;
use std::path::Path;

use terminal::{alloyscope, folder, words};
use tiff::{Kind, PLAIN, Page};

#[test]
fn a_project_file_is_analyzed_as_it_was_decided() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/v1.alloy");
    let out = folder("project-analyzed");
    let done = alloyscope(&[
        "analyze",
        project.to_str().unwrap(),
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    assert!(words(&done.stderr).contains("those of the project"));
    let result = fs::read_to_string(out.join("result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    let project = &result["project"];
    assert_eq!(project["model"]["confidence"], 0.95, "{result}");
    assert_eq!(
        project["series"]["frames"][2]["temperature_k"]["value"],
        449.5
    );
}

#[test]
fn a_heater_log_is_described_and_used() {
    let (series, out) = (folder("ramped"), folder("ramped-analyzed"));
    let (s, o) = (series.to_str().unwrap(), out.to_str().unwrap());
    let ramped = [
        "simulate",
        "--preset",
        "ag@au",
        "--ramp-k-s",
        "0.5",
        "--imaging-k",
        "300",
        "--dwell-s",
        "200",
        "--out",
        s,
    ];
    let made = alloyscope(&ramped);
    assert!(made.status.success(), "{}", words(&made.stderr));
    let log = series.join("heater-log.csv");
    let log = log.to_str().unwrap();
    let described = alloyscope(&["decode", log, "--json"]);
    let described: serde_json::Value = serde_json::from_slice(&described.stdout).unwrap();
    assert_eq!(described["format"], "heater log");
    assert_eq!(described["first_at"], "2017-06-12T09:30:00");
    assert!(described["samples"].as_u64().unwrap() > 5000);

    let done = alloyscope(&[
        "analyze",
        s,
        "--out",
        o,
        "--psf-sigma-nm",
        "0.09",
        "--heater-log",
        log,
        "--clock-offset-s",
        "1",
        "--temperature-error-k",
        "5",
    ]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    let intervals = fs::read_to_string(out.join("intervals.csv")).unwrap();
    assert_eq!(intervals.matches(",log\n").count(), 11, "{intervals}");
    assert_eq!(intervals.matches(",5,").count(), 11, "{intervals}");
    assert!(out.join("heating.svg").is_file());
    let image = series.join("series.csv");
    let wrong = alloyscope(&[
        "analyze",
        s,
        "--out",
        o,
        "--heater-log",
        image.to_str().unwrap(),
    ]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        words(&wrong.stderr).contains("no heater log"),
        "{}",
        words(&wrong.stderr)
    );
}

#[test]
fn simulate_then_analyze_then_decode() {
    let (series, out) = (folder("simulated"), folder("analyzed"));
    let (s, o) = (series.to_str().unwrap(), out.to_str().unwrap());
    let made = alloyscope(&[
        "simulate", "--preset", "ag@au", "--seed", "3", "--dose", "200", "--out", s,
    ]);
    assert!(made.status.success(), "{}", words(&made.stderr));
    assert!(series.join("series.csv").is_file() && series.join("truth.json").is_file());

    let done = alloyscope(&[
        "analyze",
        s,
        "--out",
        o,
        "--psf-sigma-nm",
        "0.09",
        "--fixed-d0",
        "7.2e-6",
    ]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    for name in [
        "result.json",
        "intervals.csv",
        "profiles.csv",
        "profiles.svg",
        "diffusivity.svg",
        "series.svg",
    ] {
        assert!(
            fs::metadata(out.join(name))
                .unwrap_or_else(|_| panic!("{name} is missing"))
                .len()
                > 500,
            "{name}"
        );
    }
    let result: serde_json::Value =
        serde_json::from_slice(&fs::read(out.join("result.json")).unwrap()).unwrap();
    assert_eq!(result["intervals"].as_array().unwrap().len(), 11);
    assert!(result["arrhenius"]["E_J_mol"].as_f64().unwrap() > 0.0);
    assert!(
        words(&done.stderr).contains("a wrong D0 bends E"),
        "the fixed D0 is far from the truth of this sample"
    );

    let image = fs::read_dir(&series)
        .unwrap()
        .map(|e| e.unwrap().path())
        .find(|p| p.extension().is_some_and(|e| e == "tif"));
    let decoded = alloyscope(&["decode", image.unwrap().to_str().unwrap(), "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&decoded.stdout).unwrap();
    assert_eq!(json["signals"][0]["shape"], serde_json::json!([512, 512]));
    assert_eq!(json["signals"][0]["dtype"], "uint16");
}

#[test]
fn another_signal_of_the_files_is_analyzed() {
    // The chord of a sphere on a dim background, as two pictures of different size.
    let picture = |side: usize| {
        let middle = 0.5 * side as f64;
        let pixel = |i: usize| {
            let (x, y) = ((i % side) as f64 - middle, (i / side) as f64 - middle);
            let chord = (30.0_f64.powi(2) - x * x - y * y).max(0.0).sqrt();
            (100.0 + 100.0 * chord + ((i * 7919) % 13) as f64).round()
        };
        Page::gray(side, side, Kind::U16, (0..side * side).map(pixel).collect())
    };
    let folder = folder("signals");
    let path = folder.join("0_300K.tif");
    let bytes = tiff::file(PLAIN, &[picture(160), picture(128)], &[]);
    fs::write(&path, bytes).unwrap();
    let out = folder.join("out");
    let (path, out) = (path.to_str().unwrap(), out.to_str().unwrap());
    let arguments = ["analyze", path, "--out", out, "--pixel-nm", "0.05"];
    let signal = |index: &str| {
        let done = alloyscope(&[&arguments[..], &["--signal", index]].concat());
        (done.status.code(), words(&done.stderr))
    };
    assert_eq!(signal("1").0, Some(0), "{}", signal("1").1);
    let result = fs::read_to_string(Path::new(out).join("result.json")).unwrap();
    let result: serde_json::Value = serde_json::from_str(&result).unwrap();
    let frame = &result["project"]["series"]["frames"][0];
    assert_eq!(frame["signal"], 1);
    assert_eq!(frame["size"], serde_json::json!([128, 128]));
    let (code, said) = signal("2");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("0_300K.tif"), "{said}");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let make = |name: &str| {
        let path = folder(name);
        assert!(
            alloyscope(&[
                "simulate",
                "--preset",
                "au@ag",
                "--out",
                path.to_str().unwrap()
            ])
            .status
            .success()
        );
        let mut files: Vec<_> = fs::read_dir(&path)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        files
            .iter()
            .map(|f| (f.file_name().unwrap().to_owned(), fs::read(f).unwrap()))
            .collect::<Vec<_>>()
    };
    assert!(make("first") == make("second"));
}

#[test]
fn the_size_effect_is_printed_as_a_table_and_for_people() {
    let paper = [
        "kinetics",
        "--pair",
        "Ag-Au",
        "--radius-nm",
        "1.95",
        "--melting-of",
        "Ag",
        "--entropy-j-mol-k",
        "9.98113",
        "--atomic-diameter-nm",
        "0.2889",
        "--energy-kj-mol",
        "169.8",
        "--temperatures-k",
        "448,573",
    ];
    let csv = words(&alloyscope(&[&paper[..], &["--csv"]].concat()).stdout);
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines.len(),
        1 + 6 * 2,
        "bulk and five models at two temperatures"
    );
    let columns: Vec<&str> = lines[0].split(',').collect();
    let jiang: Vec<&str> = lines[3].split(',').collect();
    assert_eq!((columns.len(), jiang.len()), (10, 10));
    assert_eq!((columns[4], jiang[0]), ("energy_J_mol", "Jiang (eq. 10)"));
    let energy: f64 = jiang[4].parse().unwrap();
    assert!(
        (energy - 89_508.6).abs() < 0.05,
        "physics of eqs 10 and 11: {energy}"
    );

    let people = words(&alloyscope(&paper).stdout);
    for words in [
        "89.51",
        "beyond its validity",
        "no published error",
        "τ₁",
        "Guisbiers",
    ] {
        assert!(people.contains(words), "{words} in\n{people}");
    }

    let folder = folder("materials");
    let file = folder.join("mine.csv");
    fs::write(&file, "of,quantity,value\nAg in Au,q,150\n").unwrap();
    let mine = [
        "kinetics",
        "--pair",
        "Ag-Au",
        "--radius-nm",
        "2",
        "--csv",
        "--materials",
    ];
    let csv = words(&alloyscope(&[&mine[..], &[file.to_str().unwrap()]].concat()).stdout);
    assert!(csv.contains("bulk,2,yes,1337.33,150000,"), "{csv}");
    fs::write(&file, "of,quantity,value\nAg in Au,qq,150\n").unwrap();
    let refused = alloyscope(&[&mine[..], &[file.to_str().unwrap()]].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(words(&refused.stderr).contains("line 2: there is no quantity 'qq'"));
}

#[test]
fn a_phase_diagram_is_printed_as_a_table_and_for_people() {
    let rows = |arguments: &[&str]| -> Vec<[f64; 3]> {
        let done = alloyscope(&[&["phase-diagram", "--csv"], arguments].concat());
        assert!(done.status.success(), "{}", words(&done.stderr));
        let csv = words(&done.stdout);
        let mut lines = csv.lines();
        assert_eq!(lines.next(), Some("x,solidus_K,liquidus_K"));
        lines
            .map(|line| {
                let cells: Vec<f64> = line.split(',').map(|c| c.parse().unwrap()).collect();
                cells.try_into().unwrap()
            })
            .collect()
    };
    let eleven = |radius| {
        [
            "--pair",
            "Ag-Au",
            "--compositions",
            "11",
            "--radius-nm",
            radius,
        ]
    };
    let bulk = rows(&eleven("inf"));
    assert_eq!(bulk.len(), 11);
    // The same numbers, to their digits, as in tests/thermo.rs.
    let close = |ours: [f64; 3], x: f64, solidus: f64, liquidus: f64| {
        let near = |a: f64, b: f64| (a - b).abs() < 0.0051;
        assert!(
            near(ours[0], x) && near(ours[1], solidus) && near(ours[2], liquidus),
            "{ours:?}"
        );
    };
    close(bulk[5], 0.5, 1304.45, 1305.79);
    close(rows(&eleven("5"))[7], 0.7, 1213.33, 1213.43);
    let plain = [&eleven("5")[..], &["--c-fcc", "1"]].concat();
    close(rows(&plain)[7], 0.7, 1249.07, 1249.22);
    // The pair's order is the user's; 101 compositions unless told otherwise.
    let exchanged = rows(&["--pair", "Au-Ag", "--radius-nm", "5"]);
    assert_eq!(exchanged.len(), 101);
    close(exchanged[30], 0.3, 1213.33, 1213.43);
    for (option, value) in [
        ("--k", "3"),
        ("--c-liq", "0.9"),
        ("--mixing", "linear"),
        ("--solid-tension", "tanaka"),
    ] {
        let other = rows(&[&eleven("5")[..], &[option, value]].concat());
        assert!(
            (other[5][1] - 1202.75).abs() > 1.0,
            "{option} changes nothing: {:?}",
            other[5]
        );
    }

    let people = alloyscope(&["phase-diagram", "--pair", "Ag-Cu", "--radius-nm", "4"]);
    let (out, err) = (words(&people.stdout), words(&people.stderr));
    assert!(
        out.contains("three phases at") && out.contains("two solids from"),
        "{out}"
    );
    assert!(
        err.contains("extrapolated") && err.contains("Butler"),
        "{err}"
    );
    let doubtful = alloyscope(&["phase-diagram", "--pair", "Cu-Mg"]);
    assert!(words(&doubtful.stderr).contains("do not believe"));
    let hole = alloyscope(&["phase-diagram", "--pair", "Ag-Au", "--radius-nm", "1"]);
    assert!(hole.status.success() && words(&hole.stderr).contains("x = 0.000 to 1.000"));
}

#[test]
fn bad_input_ends_with_2_and_says_why() {
    let empty = folder("empty");
    fs::write(empty.join("note.tif"), b"not a picture").unwrap();
    let out = folder("unused");
    let (empty, out) = (empty.to_str().unwrap(), out.to_str().unwrap());
    for (arguments, expected) in [
        (
            vec!["analyze", "no/such/folder", "--out", out],
            "no/such/folder",
        ),
        (vec!["analyze", empty, "--out", out], "not"),
        (vec!["analyze", empty], "--out"),
        (
            vec!["analyze", empty, "--out", out, "--region", "1,2"],
            "column,row,radius",
        ),
        (
            vec!["analyze", empty, "--out", out, "--region", "1,2,inf"],
            "column,row,radius",
        ),
        (
            vec![
                "simulate",
                "--preset",
                "ag@au",
                "--dwell-s",
                "inf",
                "--ramp-k-s",
                "5",
                "--out",
                out,
            ],
            "the heating must take",
        ),
        (vec!["simulate", "--preset", "xx@yy", "--out", out], "ag@au"),
        (vec!["decode", "no-such-file.tif"], "no-such-file.tif"),
        (
            vec!["kinetics", "--pair", "AgAu", "--radius-nm", "2"],
            "Ag-Au",
        ),
        (
            vec!["kinetics", "--pair", "Mg-Cu", "--radius-nm", "2"],
            "try: give both D0 and the energy",
        ),
        (
            vec!["kinetics", "--pair", "Ag-Au", "--radius-nm", "nan"],
            "the radius cannot be NaN",
        ),
        (vec!["phase-diagram", "--pair", "AgAu"], "Ag-Au"),
        (
            vec!["phase-diagram", "--pair", "Ag-Xx"],
            "try: choose another element",
        ),
        (
            vec!["phase-diagram", "--pair", "Ag-Au", "--radius-nm", "nan"],
            "try: choose 0.5 nm or more",
        ),
        (
            vec!["phase-diagram", "--pair", "Ag-Au", "--compositions", "1"],
            "try: choose 2 to",
        ),
        (vec!["frobnicate"], "frobnicate"),
    ] {
        let done = alloyscope(&arguments);
        assert_eq!(
            done.status.code(),
            Some(2),
            "{arguments:?}: {}",
            words(&done.stderr)
        );
        assert!(
            words(&done.stderr).contains(expected),
            "{arguments:?}: {}",
            words(&done.stderr)
        );
    }
}

#[test]
fn help_says_the_convention_and_the_units() {
    let help = words(&alloyscope(&["--help"]).stdout);
    assert!(help.contains("heating step that ended with that image"));
    let analyze = words(&alloyscope(&["analyze", "--help"]).stdout);
    for unit in ["(nm)", "(s)", "(m²/s)", "(pixels)"] {
        assert!(analyze.contains(unit), "{unit}");
    }
}

#[test]
fn series_are_compared_from_images_and_results() {
    let folders = [("1", "ag@au"), ("2", "ag@au"), ("3", "au@ag")].map(|(seed, preset)| {
        let at = folder(&format!("compared-{seed}"));
        let to = at.to_str().unwrap();
        let made = alloyscope(&["simulate", "--preset", preset, "--seed", seed, "--out", to]);
        assert!(made.status.success(), "{}", words(&made.stderr));
        at
    });
    let [first, second, third] = folders.each_ref().map(|f| f.to_str().unwrap());
    // The first by its result, in the folder where it was written, the others by their images.
    let (analyzed, out) = (folder("compared-result"), folder("compared"));
    let (analyzed, o) = (analyzed.to_str().unwrap(), out.to_str().unwrap());
    let done = alloyscope(&[
        "analyze",
        first,
        "--out",
        analyzed,
        "--psf-sigma-nm",
        "0.09",
    ]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    let done = alloyscope(&[
        "compare",
        analyzed,
        second,
        third,
        "--out",
        o,
        "--psf-sigma-nm",
        "0.09",
    ]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    let said = words(&done.stdout);
    assert!(said.contains("2 series with one E"), "{said}");
    let noticed = words(&done.stderr);
    assert!(noticed.contains("the other way round"), "{noticed}");
    let read = |name: &str| fs::read_to_string(out.join(name)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&read("comparison.json")).unwrap();
    // The law of the preset, 50 kJ/mol, within four standard errors.
    let truth = fs::read_to_string(folders[0].join("truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&truth).unwrap();
    let number = |v: &serde_json::Value| v.as_f64().unwrap();
    let e = &json["one_energy"];
    let off = (number(&e["E_J_mol"]) - number(&truth["E_J_mol"])) / number(&e["E_se_J_mol"]);
    assert!(off.abs() < 4.0, "{off}");
    assert_eq!(json["series"][2]["not_joined"], "other order");
    assert!(read("comparison.csv").starts_with("series,core,shell"));
    assert!(read("comparison.svg").starts_with("<svg"));

    let once = alloyscope(&["compare", analyzed, analyzed, "--out", o]);
    assert_eq!(once.status.code(), Some(2));
    assert!(words(&once.stderr).contains("same one twice"));
}
