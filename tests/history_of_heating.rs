//! Heatings whose temperature changes: the histogram keeps ∫D dt, the effective step does what the heating does, fits take ramps as they are,
//! and errors of temperature widen those of E as they should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::fit::{Interval, IntervalKind, Mixing};
use alloyscope::kinetics::{
    EffectiveStep, HeatingHistory, TemperatureError, ThermalHistory, fit_arrhenius_to_histories,
    fit_arrhenius_to_intervals, with_common_error,
};
use alloyscope::units::GAS_CONSTANT;

/// Seconds, kelvin: a ramp, an overshoot that dies away, a plateau with a ripple, a ramp down.
fn samples(plateau_k: f64, ramp_k_s: f64) -> Vec<(f64, f64)> {
    let rise = (plateau_k - 300.0) / ramp_k_s;
    let at = |t: f64| {
        if t < rise {
            300.0 + ramp_k_s * t
        } else if t < rise + 300.0 {
            let since = t - rise;
            plateau_k
                + 12.0 * libm::exp(-since / 15.0) * libm::sin(since / 8.0)
                + 0.4 * libm::sin(t)
        } else {
            plateau_k - ramp_k_s * (t - rise - 300.0)
        }
    };
    let count = ((2.0 * rise + 300.0) / 0.33) as usize;
    (0..count)
        .map(|i| 0.33 * i as f64)
        .map(|t| (t, at(t)))
        .collect()
}

/// ∫exp(-E/R (1/T - 1/T0)) dt with the temperature linear between samples, by Simpson's rule on 64 pieces of each.
fn integral(samples: &[(f64, f64)], energy: f64, t0: f64) -> f64 {
    let rate = |k: f64| libm::exp(-energy / GAS_CONSTANT * (1.0 / k - 1.0 / t0));
    let mut sum = 0.0;
    for pair in samples.windows(2) {
        let ((a, ka), (b, kb)) = (pair[0], pair[1]);
        for i in 0..64 {
            let k = |x: f64| ka + (kb - ka) * (f64::from(i) + x) / 64.0;
            sum += (b - a) / 64.0 / 6.0 * (rate(k(0.0)) + 4.0 * rate(k(0.5)) + rate(k(1.0)));
        }
    }
    sum
}

#[test]
fn the_histogram_keeps_the_integral() {
    for (plateau, ramp) in [(450.0, 0.5), (573.0, 5.0), (873.0, 500.0)] {
        let samples = samples(plateau, ramp);
        let history = ThermalHistory::of_samples(&samples).unwrap();
        approx::assert_relative_eq!(
            history.duration_s(),
            samples.last().unwrap().0,
            max_relative = 1e-12
        );
        for energy in [20e3, 50e3, 100e3, 200e3] {
            // What the width of a class allows: an eighth of its square for the mean, a 24th for pieces of a ramp.
            let tolerance = (energy / GAS_CONSTANT * 2e-6_f64).powi(2) / 6.0;
            let step = history.effective(energy);
            let exact = integral(&samples, energy, step.temperature_k);
            approx::assert_relative_eq!(step.dwell_s, exact, max_relative = tolerance);
        }
    }
}

#[test]
fn a_heating_at_one_temperature_is_its_own_effective_step() {
    let step = EffectiveStep {
        temperature_k: 523.0,
        dwell_s: 600.0,
    };
    let exact = ThermalHistory::constant(step).unwrap();
    let sampled =
        ThermalHistory::of_samples(&[(7.0, 523.0), (100.0, 523.0), (607.0, 523.0)]).unwrap();
    for history in [exact, sampled] {
        for energy in [1e3, 50e3, 300e3] {
            let found = history.effective(energy);
            approx::assert_relative_eq!(found.temperature_k, 523.0, max_relative = 1e-12);
            approx::assert_relative_eq!(found.dwell_s, 600.0, max_relative = 1e-12);
        }
    }
    for bad in [(0.0, 1.0), (300.0, 0.0), (f64::NAN, 1.0)] {
        let step = EffectiveStep {
            temperature_k: bad.0,
            dwell_s: bad.1,
        };
        assert_eq!(ThermalHistory::constant(step), None);
    }
    assert_eq!(ThermalHistory::of_samples(&[(0.0, 300.0)]), None);
    assert_eq!(
        ThermalHistory::of_samples(&[(0.0, 300.0), (1.0, -1.0)]),
        None
    );
}

#[test]
fn the_effective_step_lies_near_the_peak_and_hardly_moves_with_the_energy() {
    let history = ThermalHistory::of_samples(&samples(573.0, 0.5)).unwrap();
    let at = |energy| history.effective(energy);
    let step = at(100e3);
    assert!((565.0..588.0).contains(&step.temperature_k), "{step:?}");
    // The plateau of 300 s, and two ramps: each does as much as R T²/(E × 0.5 K/s) = 55 s at the peak, more seconds at the lower T_eff.
    assert!((409.0..600.0).contains(&step.dwell_s), "{step:?}");
    assert!(step.dwell_s < history.duration_s() && step.temperature_k < history.peak_k());
    // First order in E: the step of 100 kJ/mol has the integral of 110 kJ/mol within the second order.
    let other = at(110e3);
    let moved = step.dwell_s
        * libm::exp(-110e3 / GAS_CONSTANT * (1.0 / step.temperature_k - 1.0 / other.temperature_k));
    approx::assert_relative_eq!(moved, other.dwell_s, max_relative = 0.02);
    // Two heatings one after the other are both.
    let twice = history.clone().and(&history).effective(100e3);
    approx::assert_relative_eq!(twice.dwell_s, 2.0 * step.dwell_s, max_relative = 1e-12);
}

const ENERGY: f64 = 50_000.0;
const LN_D0: f64 = 4.611_622_4;
const EDGE_NM: f64 = 2.0;

/// Heatings by slow ramps with overshoot, their nominal steps, and the frames of a particle that follows eq. 5 through them.
fn ramped() -> (
    Vec<HeatingHistory>,
    Vec<HeatingHistory>,
    Mixing,
    Vec<Interval>,
) {
    let mut tau = 0.0;
    let (mut real, mut nominal, mut v, mut intervals) = (vec![], vec![], vec![], vec![]);
    for k in 1..9 {
        let plateau = 330.0 + 25.0 * f64::from(k);
        let samples = samples(plateau, 0.4);
        let dtau = libm::exp(LN_D0 - ENERGY / (GAS_CONSTANT * plateau))
            * integral(&samples, ENERGY, plateau);
        tau += dtau;
        v.push(1.0 - libm::exp(-20.190_728_556_426_63 * tau / (EDGE_NM * EDGE_NM)));
        let with = |history| HeatingHistory {
            history,
            temperature_error_k: 0.0,
        };
        real.push(with(ThermalHistory::of_samples(&samples).unwrap()));
        let step = EffectiveStep {
            temperature_k: plateau,
            dwell_s: 300.0,
        };
        nominal.push(with(ThermalHistory::constant(step).unwrap()));
        intervals.push(Interval {
            index: k as usize,
            temperature_k: Some(plateau),
            dwell_s: Some(300.0),
            kind: IntervalKind::Value,
            dtau_nm2: dtau,
            dtau_se_nm2: Some(0.05 * dtau),
            dtau_atoms_se_nm2: None,
            dtau_low_nm2: Some(0.95 * dtau),
            dtau_high_nm2: Some(1.05 * dtau),
            log_scale: None,
        });
    }
    let n = v.len();
    let covariance = (0..n * n)
        .map(|at| if at % (n + 1) == 0 { 1e-4 } else { 0.0 })
        .collect();
    (
        real,
        nominal,
        Mixing {
            edge_nm: EDGE_NM,
            covariance,
            v,
            atoms: Vec::new(),
        },
        intervals,
    )
}

#[test]
fn fits_take_ramps_as_they_are() {
    let (real, nominal, mixing, intervals) = ramped();
    let frames = |heating: &[HeatingHistory]| {
        fit_arrhenius_to_histories(&mixing, heating, None, 1.0).unwrap()
    };
    let points = |heating: &[HeatingHistory]| {
        let heating: Vec<_> = heating.iter().cloned().map(Some).collect();
        fit_arrhenius_to_intervals(&intervals, &heating, None, 1.0).unwrap()
    };
    for (line, wrong) in [
        (frames(&real), frames(&nominal)),
        (points(&real), points(&nominal)),
    ] {
        // The histogram's 3e-5 of D·t is 10 J/mol at most over this range of 1/T.
        approx::assert_abs_diff_eq!(line.energy_j_mol.value, ENERGY, epsilon = 10.0);
        approx::assert_abs_diff_eq!(line.ln_d0.value, LN_D0, epsilon = 3e-3);
        assert!(
            (wrong.energy_j_mol.value - ENERGY).abs() > 1000.0,
            "{:?}",
            wrong.energy_j_mol
        );
    }
    // D0 held where it is gives E.
    let heating: Vec<_> = real.iter().cloned().map(Some).collect();
    let held = fit_arrhenius_to_intervals(&intervals, &heating, Some(LN_D0), 1.0).unwrap();
    approx::assert_abs_diff_eq!(held.energy_j_mol.value, ENERGY, epsilon = 10.0);
    // Intervals without a heating do not enter.
    let mut some = heating;
    some[2] = None;
    assert_eq!(
        fit_arrhenius_to_intervals(&intervals, &some, None, 1.0)
            .unwrap()
            .values,
        7
    );
}

#[test]
fn errors_of_temperature_are_kelvin_and_per_cent_together() {
    let error = TemperatureError {
        kelvin: 3.0,
        percent: 2.0,
        common: false,
    };
    approx::assert_relative_eq!(error.at(473.15), 5.0, max_relative = 1e-12);
    assert_eq!(TemperatureError::default().at(500.0), 0.0);
}

#[test]
fn a_common_error_of_the_temperature_scales_the_energy() {
    // All temperatures higher by one part in a hundred: E is, too, and D0 stays.
    let (real, _, mixing, _) = ramped();
    let moved: Vec<HeatingHistory> = real
        .iter()
        .map(|h| HeatingHistory {
            history: h.history.changed(|k| 1.01 * k).unwrap(),
            temperature_error_k: 0.0,
        })
        .collect();
    let line = fit_arrhenius_to_histories(&mixing, &real, None, 1.0).unwrap();
    let other = fit_arrhenius_to_histories(&mixing, &moved, None, 1.0).unwrap();
    approx::assert_relative_eq!(
        other.energy_j_mol.value,
        1.01 * line.energy_j_mol.value,
        max_relative = 1e-4
    );
    let with = with_common_error(line.clone(), &other);
    let expected = libm::hypot(line.energy_j_mol.standard_error, 0.01 * ENERGY);
    approx::assert_relative_eq!(
        with.energy_j_mol.standard_error,
        expected,
        max_relative = 1e-3
    );
    let (low, high) = with.energy_interval_j_mol;
    approx::assert_relative_eq!(high - low, 2.0 * expected, max_relative = 1e-3);
    // ln D where nothing else errs: at one temperature T, D is that of T/1.01, an error E/(R T) × 1 %.
    let (ln_d, error) = (with.ln_d(450.0).1, line.ln_d(450.0).1);
    approx::assert_relative_eq!(
        ln_d,
        libm::hypot(error, 0.01 * ENERGY / (GAS_CONSTANT * 450.0)),
        max_relative = 1e-2
    );
}

#[test]
fn independent_errors_widen_the_points_as_they_widen_the_frames() {
    let (mut real, _, mixing, intervals) = ramped();
    let energy_error = |real: &[HeatingHistory]| {
        let heating: Vec<_> = real.iter().cloned().map(Some).collect();
        let points = fit_arrhenius_to_intervals(&intervals, &heating, None, 1.0).unwrap();
        let frames = fit_arrhenius_to_histories(&mixing, real, None, 1.0).unwrap();
        [points, frames].map(|l| l.energy_j_mol.standard_error)
    };
    let exact = energy_error(&real);
    for h in &mut real {
        h.temperature_error_k = 10.0;
    }
    let wide = energy_error(&real);
    assert!(
        wide[0] > 1.5 * exact[0] && wide[1] > 1.2 * exact[1],
        "{exact:?} {wide:?}"
    );
}
