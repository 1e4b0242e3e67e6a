//! Plans of heating series: they are the bound, they scale as counting and atoms do, and they follow the heating.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::engine::{Engine, Event, PlanQuestion, Request, plan_csv};
use alloyscope::materials::Library;
use alloyscope::simulate::{
    Experiment, Live, Outcome, Plan, Preset, Varied, bound, heating_steps, plan, plan_grid,
    simulate,
};

fn experiment() -> Experiment {
    Preset::AgAu.experiment()
}

fn atoms(experiment: &Experiment) -> Option<f64> {
    Library::builtin().pair_density(&experiment.core, &experiment.shell)
}

fn at_dose(dose: f64) -> Plan {
    let mut experiment = experiment();
    experiment.camera.peak_counts = dose;
    plan(&experiment, atoms(&experiment)).unwrap()
}

#[test]
fn counting_is_the_bound_and_atoms_add_to_it() {
    let experiment = experiment();
    let plan = at_dose(400.0);
    let own = bound(&experiment, None).unwrap();
    let temperatures: Vec<f64> = plan.intervals.iter().map(|i| i.temperature_k).collect();
    assert_eq!(plan.energy_counting_j_mol, own.energy_j_mol(&temperatures));
    for (interval, sd) in plan.intervals.iter().zip(own.ln_d()) {
        println!("{interval:?}");
        assert_eq!(interval.counting, sd.filter(|sd| sd.is_finite()));
        let (counting, all) = (interval.counting.unwrap(), interval.ln_d.unwrap());
        assert!(all > counting, "{all} against {counting}");
    }
    assert!(plan.energy_j_mol > plan.energy_counting_j_mol);
}

#[test]
fn without_dose_it_is_counting_and_with_any_dose_it_is_the_atoms() {
    // Counting falls with the root of the dose, the atoms stay: 1e-6 and 1e6 times 400 counts leave a thousandth of the other.
    const OTHER: f64 = 2e-3;
    let (dark, bright, brighter) = (at_dose(4e-4), at_dose(4e8), at_dose(4e10));
    for k in 3..8 {
        let (d, b, c) = (
            dark.intervals[k],
            bright.intervals[k],
            brighter.intervals[k],
        );
        approx::assert_relative_eq!(d.ln_d.unwrap(), d.counting.unwrap(), max_relative = OTHER);
        approx::assert_relative_eq!(b.ln_d.unwrap(), c.ln_d.unwrap(), max_relative = OTHER);
        assert!(b.ln_d.unwrap() > 0.005, "2000 atoms scatter by percents");
    }
}

#[test]
fn rows_of_dose_are_the_plans_at_these_doses() {
    // With the atoms the covariance is inverted once more: digits of a few thousand.
    const ROUNDING: f64 = 1e-6;
    let experiment = experiment();
    let grid = plan_grid(&experiment, atoms(&experiment), Varied::Dose).unwrap();
    assert_eq!(grid.rows.len(), grid.values.len());
    for (dose, row) in grid.values.iter().zip(&grid.rows).step_by(4) {
        let own = at_dose(*dose);
        for (a, b) in row.intervals.iter().zip(&own.intervals) {
            approx::assert_relative_eq!(a.ln_d.unwrap(), b.ln_d.unwrap(), max_relative = ROUNDING);
        }
        approx::assert_relative_eq!(
            row.energy_j_mol.unwrap(),
            own.energy_j_mol.unwrap(),
            max_relative = 1e-3
        );
    }
}

#[test]
fn longer_dwells_move_the_window_to_colder_steps() {
    let experiment = experiment();
    let grid = plan_grid(&experiment, atoms(&experiment), Varied::Dwell).unwrap();
    let coldest = |plan: &Plan| {
        let mut values = plan.intervals.iter();
        let first = values.find(|i| i.outcome() == Outcome::Value);
        first.map_or(f64::INFINITY, |i| i.temperature_k)
    };
    let found: Vec<f64> = grid.rows.iter().map(coldest).collect();
    println!("{found:?}");
    assert!(found.windows(2).all(|w| w[1] <= w[0]), "{found:?}");
    assert!(found[8] < found[4] && found[4] < found[0], "{found:?}");
}

#[test]
fn a_particle_mixed_at_once_gives_limits_alone() {
    let mut experiment = experiment();
    experiment.arrhenius.d0_m2_s *= 1e6;
    let plan = plan(&experiment, atoms(&experiment)).unwrap();
    let later = plan.intervals.iter().skip(1);
    assert!(
        later.clone().all(|i| i.outcome() == Outcome::Limit),
        "{:?}",
        plan.intervals
    );
}

#[test]
fn the_engine_answers_with_the_grid_and_a_csv_of_it() {
    let question = PlanQuestion {
        id: 7,
        experiment: experiment(),
        varied: Varied::Dose,
        materials: Vec::new(),
    };
    let mut answer = None;
    Engine::new().handle(
        Request::Plan(Box::new(question)),
        Vec::new(),
        &mut |event| {
            if let Event::Plan(outcome) = event {
                answer = Some(outcome.unwrap());
            }
        },
    );
    let answer = answer.unwrap();
    assert!(answer.atoms);
    assert_eq!(answer.id, 7);
    let csv = plan_csv(&answer.grid);
    assert!(csv.starts_with("dose_counts,index,temperature_K,"), "{csv}");
    assert_eq!(csv.lines().count(), 1 + 9 * 11);
}

#[test]
fn a_simulation_that_is_sent_to_the_analysis_opens_without_its_truth() {
    let mut experiment = experiment();
    experiment.name = "simulation".into();
    experiment.camera.side_px = 256;
    experiment.camera.pixel_nm = 0.04;
    experiment.heating = heating_steps((298.0, 548.0), 5, 600.0);
    let mut loaded = None;
    let request = Request::Simulate {
        experiment: Box::new(experiment),
        seed: 3,
    };
    Engine::new().handle(request, Vec::new(), &mut |event| {
        if let Event::Loaded(l) = event {
            loaded = Some(l);
        }
    });
    let loaded = loaded.unwrap();
    assert_eq!(loaded.series.frames.len(), 6);
    let said = serde_json::to_string(&(&loaded.series, &loaded.model)).unwrap();
    assert!(!said.contains("50000") && !said.contains("1.15"), "{said}");
}

#[test]
fn the_live_picture_is_the_frame_that_the_simulation_writes() {
    // The frame has its own gain (3 %) and background; 28 × 28 pixels around the center are compared to the counts' scatter.
    let mut experiment = experiment();
    experiment.camera.gain_sd = 0.0;
    experiment.camera.background_sd = 0.0;
    experiment.camera.drift_px = 0.0;
    experiment.camera.background_slope = (0.0, 0.0);
    let live = Live::new(&experiment).unwrap();
    let frames = simulate(&experiment, 5).unwrap().frames;
    let mean = |values: &mut dyn Iterator<Item = f64>| -> f64 {
        let all: Vec<f64> = values.collect();
        all.iter().sum::<f64>() / all.len() as f64
    };
    for k in [0, 6, 11] {
        let snapshot = live.snapshot(live.tau_at(k as f64), 9, 400);
        let square = |side: usize| {
            let from = side / 2 - 14;
            (from..from + 28).flat_map(move |y| (from..from + 28).map(move |x| y * side + x))
        };
        let a = mean(&mut square(snapshot.side).map(|i| f64::from(snapshot.counts[i])));
        let b = mean(&mut square(512).map(|i| f64::from(frames[k].counts[i])));
        let three_sd = 3.0 * (2.0 * b).sqrt() / 28.0;
        assert!((a - b).abs() < three_sd, "frame {k}: {a} against {b}");
    }
    // Half way through a step half of its D·t has passed.
    let between = live.tau_at(6.5) - live.tau_at(6.0);
    approx::assert_relative_eq!(
        2.0 * between,
        live.tau_at(7.0) - live.tau_at(6.0),
        max_relative = 1e-9
    );
    assert_eq!(live.snapshot(0.1, 1, 64), live.snapshot(0.1, 1, 64));
    assert!(live.snapshot(0.1, 1, 64).side <= 64);
}

#[test]
fn what_the_tour_says_is_so() {
    let live = Live::new(&experiment()).unwrap();
    let pixel_nm = experiment().camera.pixel_nm;
    // The ring stands at the radius of the core, but for the width of edge and probe.
    let profile = live.profile(0.0);
    let brightest = (0..profile.len())
        .max_by(|i, j| profile[*i].total_cmp(&profile[*j]))
        .unwrap();
    let at = brightest as f64 * pixel_nm;
    assert!((at - 1.15).abs() < 0.2, "brightest at {at} nm");
    assert!(profile[0] < 0.9 * profile[brightest]);
    // D·t and a larger σ differ at the outer edge: inside by a part of what heating changed there, outside by more than
    // that change.
    let tau = live.tau_at(3.0);
    let (heated, smoother) = (
        live.profile(tau),
        live.smoothed((0.01 + 2.0 * tau).sqrt()).unwrap(),
    );
    let most = |from: f64, to: f64, a: &[f64], b: &[f64]| {
        let rings = (0..a.len()).filter(|i| (from..to).contains(&(*i as f64 * pixel_nm)));
        rings.map(|i| (a[i] - b[i]).abs()).fold(0.0, f64::max)
    };
    let changed = most(0.0, 1.2, &heated, &profile);
    let inside = most(0.0, 1.2, &heated, &smoother);
    let outside = most(1.4, 3.0, &heated, &smoother);
    for r in [1.0, 1.2, 1.3, 1.4] {
        println!(
            "{r}: {} of {}",
            most(0.0, r, &heated, &smoother),
            most(0.0, r, &heated, &profile)
        );
    }
    println!("changed {changed}, then alike to {inside} inside and {outside} outside");
    assert!(inside < changed / 3.0 && outside > changed);
    // The steps in the middle change the most, the last nothing that could be seen.
    let of = |k: usize| {
        let all = live.significance(live.tau_nm2[k - 1], live.tau_nm2[k]);
        all.iter().map(|s| s * s).sum::<f64>().sqrt()
    };
    let steps: Vec<f64> = (1..12).map(of).collect();
    println!("{steps:?}");
    assert!(steps[5] > 5.0 * steps[0] && steps[10] < 1.0);
    // And a change goes with the root of the dose.
    let mut dark = experiment();
    dark.camera.peak_counts /= 100.0;
    let dark = Live::new(&dark).unwrap().significance(0.0, tau);
    for (a, b) in live.significance(0.0, tau).iter().zip(&dark) {
        approx::assert_relative_eq!(*a, 10.0 * b, max_relative = 1e-9, epsilon = 1e-9);
    }
}
