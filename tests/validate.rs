//! The command that holds the whole chain against the Cramér-Rao bound. Native only: it starts a process.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::process::Command;

/// A row of the CSV by its heads, numbers where there are any.
fn rows(arguments: &[&str]) -> Vec<Vec<String>> {
    let output = Command::new(env!("CARGO_BIN_EXE_alloyscope"))
        .arg("validate")
        .args(arguments)
        .arg("--csv")
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.starts_with("interval,T_K,bound,values,bias,rms,width,cover68,cover95\n"),
        "{text}"
    );
    let split = |line: &str| line.split(',').map(str::to_owned).collect();
    text.lines().skip(1).map(split).collect()
}

#[test]
fn results_scatter_as_the_bound_says_and_as_the_intervals_say() {
    // A handful of the seeds of the table in tests/README.md; every tolerance is three standard deviations of so many.
    const SEEDS: f64 = 16.0;
    for scheme in ["fraction", "published"] {
        let rows = rows(&["--preset", "ag@au", "--seeds", "16", "--scheme", scheme]);
        assert_eq!(rows.len(), 11 + 3, "intervals, the sums of both kinds, E");
        let row = |name: &str| -> Vec<f64> {
            let row = rows.iter().find(|r| r[0] == name).unwrap();
            println!("{scheme}: {}", row.join(" "));
            row[3..].iter().map(|c| c.parse().unwrap()).collect()
        };
        let informed = rows[..11]
            .iter()
            .filter(|r| r[2].parse::<f64>().unwrap() < 0.35)
            .count();
        assert!(informed >= 7, "{informed} intervals hold information");
        let n = SEEDS * informed as f64;
        let [values, bias, rms, width, cover68, cover95] = row("identifiable")[..] else {
            panic!("six shares")
        };
        assert_eq!(
            values, 1.0,
            "an interval that holds information is given a value"
        );
        assert!(bias.abs() < 3.0 / n.sqrt(), "bias {bias}");
        assert!((rms - 1.0).abs() < 3.0 / (2.0 * n).sqrt(), "rms {rms}");
        assert!((0.95..1.15).contains(&width), "stated width {width}");
        assert!(
            (cover68 - 0.68).abs() < 3.0 * (0.68 * 0.32 / n).sqrt(),
            "{cover68}"
        );
        assert!(
            (cover95 - 0.95).abs() < 3.0 * (0.95 * 0.05 / n).sqrt(),
            "{cover95}"
        );
        // Limits and scarce values hold at least as often as they say.
        let others = row("others");
        assert!(others[5] > 0.95 - 3.0 * (0.95 * 0.05 / (11.0 * SEEDS - n)).sqrt());
        let energy = row("E");
        assert!(
            energy[1].abs() < 3.0 / SEEDS.sqrt(),
            "bias of E {}",
            energy[1]
        );
        assert!(
            energy[2] < 1.0 + 3.0 / (2.0 * SEEDS).sqrt(),
            "rms of E {}",
            energy[2]
        );
        assert!(
            (0.95..1.2).contains(&energy[3]),
            "stated error of E {}",
            energy[3]
        );
        assert!((energy[4] - 0.68).abs() < 3.0 * (0.68 * 0.32 / SEEDS).sqrt());
    }
}

#[test]
fn a_seed_gives_the_same_line_whatever_the_threads() {
    let arguments = ["--preset", "au@ag", "--seeds", "3", "--first-seed", "7"];
    assert_eq!(rows(&arguments), rows(&arguments));
}

#[test]
fn the_plan_is_the_bound_that_series_are_held_against() {
    let held = rows(&["--preset", "ag@au", "--seeds", "1"]);
    let output = Command::new(env!("CARGO_BIN_EXE_alloyscope"))
        .args(["plan", "--preset", "ag@au", "--csv", "nothing"])
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let planned: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|l| l.split(',').collect())
        .collect();
    assert_eq!(planned.len(), 11);
    for (held, planned) in held.iter().zip(&planned) {
        let counting: f64 = planned[6].parse().unwrap();
        let bound: f64 = held[2].parse().unwrap();
        // The last digit of what is printed there.
        approx::assert_relative_eq!(counting, bound, max_relative = 1e-5, epsilon = 6e-5);
    }
}
