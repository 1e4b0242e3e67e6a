//! The headless chain on the shared synthetic series, scored against their truths. Native only: it walks folders.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn shared() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/series");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("the folder ../shared/data/series is absent: nothing was compared");
    None
}

/// Runs the binary on a series with what its `meta.json` says, but for the scheme, which is left to the images, and returns (intervals.csv, result.json, truth).
fn run(series: &Path) -> (Vec<Vec<String>>, Value, Value) {
    let read = |name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(series.join(name)).unwrap()).unwrap()
    };
    let (meta, truth) = (read("meta.json"), read("truth.json"));
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(series.file_name().unwrap());
    let ratio = truth["w_core"].as_f64().unwrap() / truth["w_shell"].as_f64().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_alloyscope"))
        .arg("analyze")
        .arg(series)
        .arg("--out")
        .arg(&out)
        .args(["--contrast-ratio", &ratio.to_string()])
        .args(["--psf-sigma-nm", &meta["psf_sigma_nm"].to_string()])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let result =
        serde_json::from_str(&std::fs::read_to_string(out.join("result.json")).unwrap()).unwrap();
    let csv = std::fs::read_to_string(out.join("intervals.csv")).unwrap();
    (
        csv.lines()
            .skip(1)
            .map(|l| l.split(',').map(str::to_owned).collect())
            .collect(),
        result,
        truth,
    )
}

#[test]
fn ideal_series_are_fitted_to_the_counting_noise() {
    let Some(folder) = shared() else { return };
    for name in ["s02_AgAu_medium", "s04_AuAg_medium", "s10_AgAu_rigid"] {
        let (rows, result, truth) = run(&folder.join(name));
        let scheme = if truth["model"] == "paper" {
            "published"
        } else {
            "fraction"
        };
        assert_eq!(
            result["scheme"], scheme,
            "{name}: {}",
            result["model_choice"]["sentence"]
        );
        assert_eq!(result["model_choice"]["decided_by_evidence"], true);
        let intervals = truth["intervals"].as_array().unwrap();
        assert_eq!(rows.len(), intervals.len());
        let (mut sum, mut count) = (0.0, 0.0);
        for (row, truth) in rows.iter().zip(intervals) {
            let number = |key: &str| truth[key].as_f64().unwrap();
            let d_true = number("D_m2_s");
            let (low, high) = (
                row[8].parse().unwrap_or(0.0),
                row[9].parse().unwrap_or(f64::INFINITY),
            );
            if truth["identifiable"].as_bool().unwrap() {
                assert_eq!(row[10], "value", "{name}: {row:?}");
                let error = (row[7].parse::<f64>().unwrap() / d_true).ln() / number("crb_sd_lnD");
                sum += error * error;
                count += 1.0;
            } else if number("temperature_K") > 540.0 {
                // Mixed long before: D·t/R² of 0.26 and 0.42 on top of 0.32.
                assert_ne!(row[10], "value", "{name}: {row:?}");
                assert!(
                    low <= d_true && d_true <= high,
                    "{name}: {row:?} excludes {d_true:e}"
                );
            }
        }
        let nrms = f64::sqrt(sum / count);
        println!("{name}: rms of the error over the Cramér-Rao bound {nrms:.2}");
        assert!(nrms <= 2.0, "{name}: {nrms:.2}");
    }
}

/// E of the truth, within 95 % of the stated one, and the standard error of that (J/mol).
fn energy_holds(result: &Value, truth: &Value) -> (f64, f64) {
    let line = |key: &str| result["arrhenius"][key].as_f64().unwrap();
    let (e, se) = (line("E_J_mol"), line("E_se_J_mol"));
    let want = truth["E_J_mol"].as_f64().unwrap();
    println!("E = {e:.0} ± {se:.0} J/mol for {want:.0}");
    assert!((e - want).abs() < 1.96 * se, "95 % of E");
    (want, se)
}

#[test]
fn an_elliptic_particle_with_its_core_off_center_is_seen_and_told_no_better_than_it_is() {
    let Some(folder) = shared() else { return };
    let (rows, result, truth) = run(&folder.join("s06_ellipse_offcentre"));
    assert_eq!(rows.len(), 11);
    for seen in ["elliptic", "off_center"] {
        let shape = &result["geometry"]["shape"];
        assert_eq!(shape[seen], true, "{shape}");
    }
    for (row, truth) in rows.iter().zip(truth["intervals"].as_array().unwrap()) {
        let cell = |i: usize| row[i].parse::<f64>().ok();
        let d_true = truth["D_m2_s"].as_f64().unwrap();
        // Three half widths of what is claimed; a limit holds.
        let (low, high) = (cell(8).unwrap_or(0.0), cell(9).unwrap_or(f64::INFINITY));
        let slack = match cell(7) {
            Some(_) => high / low,
            None => 1.0,
        };
        assert!(
            low / slack <= d_true && d_true <= high * slack,
            "{row:?} for {d_true:e}"
        );
    }
    let (want, se) = energy_holds(&result, &truth);
    assert!(se < 0.05 * want, "and it is not for want of a claim");
}

#[test]
fn a_particle_of_atoms_is_known_no_better_than_its_atoms_allow_and_not_much_worse() {
    // One particle of 1979 atoms tells E to 8 % at one standard error, whatever the dose.
    const ALLOWED: f64 = 0.08;
    let Some(folder) = shared() else { return };
    let (rows, result, truth) = run(&folder.join("s08_atomistic_lowsym"));
    assert_eq!(result["fit"]["atoms"]["counted"], true);
    let count = result["fit"]["atoms"]["count"].as_f64().unwrap();
    approx::assert_relative_eq!(
        count,
        truth["n_atoms"].as_f64().unwrap(),
        max_relative = 0.05
    );
    let (want, se) = energy_holds(&result, &truth);
    assert!(se > 0.5 * ALLOWED * want && se < 2.0 * ALLOWED * want);
    // What is claimed to better than a factor of two is right within three standard errors.
    for (row, truth) in rows.iter().zip(truth["intervals"].as_array().unwrap()) {
        let cell = |i: usize| row[i].parse::<f64>().ok();
        if let (Some(low), Some(high)) = (cell(8), cell(9)) {
            let half = 0.5 * (high / low).ln();
            let off = (0.5 * (high * low).ln() - truth["D_m2_s"].as_f64().unwrap().ln()).abs();
            assert!(half > 2.0_f64.ln() || off < 3.0 * half, "{row:?}");
        }
    }
}
