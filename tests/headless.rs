//! The binary as a user of a terminal meets it. Native only: it starts processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

fn alloyscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alloyscope"))
        .args(arguments)
        .output()
        .unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn simulate_then_analyze_then_decode() {
    let (series, out) = (folder("simulated"), folder("analyzed"));
    let (s, o) = (series.to_str().unwrap(), out.to_str().unwrap());
    let made = alloyscope(&[
        "simulate", "--preset", "ag@au", "--seed", "3", "--dose", "200", "--out", s,
    ]);
    assert!(made.status.success(), "{}", text(&made.stderr));
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
    assert!(done.status.success(), "{}", text(&done.stderr));
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
        text(&done.stderr).contains("a wrong D0 bends E"),
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
    let csv = text(&alloyscope(&[&paper[..], &["--csv"]].concat()).stdout);
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

    let people = text(&alloyscope(&paper).stdout);
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
    let csv = text(&alloyscope(&[&mine[..], &[file.to_str().unwrap()]].concat()).stdout);
    assert!(csv.contains("bulk,2,yes,1337.33,150000,"), "{csv}");
    fs::write(&file, "of,quantity,value\nAg in Au,qq,150\n").unwrap();
    let refused = alloyscope(&[&mine[..], &[file.to_str().unwrap()]].concat());
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("line 2: there is no quantity 'qq'"));
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
        (vec!["frobnicate"], "frobnicate"),
    ] {
        let done = alloyscope(&arguments);
        assert_eq!(
            done.status.code(),
            Some(2),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
        assert!(
            text(&done.stderr).contains(expected),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
    }
}

#[test]
fn help_says_the_convention_and_the_units() {
    let help = text(&alloyscope(&["--help"]).stdout);
    assert!(help.contains("heating step that ended with that image"));
    let analyze = text(&alloyscope(&["analyze", "--help"]).stdout);
    for unit in ["(nm)", "(s)", "(m²/s)", "(pixels)"] {
        assert!(analyze.contains(unit), "{unit}");
    }
}
