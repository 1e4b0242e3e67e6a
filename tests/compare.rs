//! Several series fitted at once: a common E with its error, the test of agreement, limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::fit::{Estimate, IntervalKind};
use alloyscope::kinetics::{
    Arrhenius, Evidence, Grounds, Observation, Together, fit_arrhenius, fit_together,
};
use alloyscope::units::GAS_CONSTANT;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

const ENERGY: f64 = 80e3;
const LN_D0: f64 = 12.0;
const ERROR: f64 = 0.2;
const KELVIN: [f64; 7] = [373.0, 398.0, 423.0, 448.0, 473.0, 498.0, 523.0];

/// The sum of twelve uniform deviates is normal enough.
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

fn ln_d(ln_d0: f64, energy: f64, kelvin: f64) -> f64 {
    ln_d0 - energy / (GAS_CONSTANT * kelvin)
}

fn point(temperature_k: f64, ln_d: f64, kind: IntervalKind) -> Observation {
    Observation {
        temperature_k,
        ln_d,
        ln_d_error: ERROR,
        kind,
    }
}

/// A series of values: what an experiment gives of a line.
fn series(ln_d0: f64, energy: f64, random: &mut Xoshiro256PlusPlus) -> Vec<Observation> {
    let value = |t: f64, random: &mut _| {
        point(
            t,
            ln_d(ln_d0, energy, t) + ERROR * normal(random),
            IntervalKind::Value,
        )
    };
    KELVIN.iter().map(|&t| value(t, random)).collect()
}

fn of_points(points: &[Observation]) -> Evidence {
    Evidence::of(None, points)
}

fn joint(all: &[Vec<Observation>]) -> Together {
    let all: Vec<Evidence> = all.iter().map(|p| of_points(p)).collect();
    fit_together(&all, 1.0).unwrap()
}

#[test]
fn two_series_know_their_common_energy_better_by_the_root_of_two() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
    let all = [
        series(LN_D0, ENERGY, &mut random),
        series(LN_D0 - 3.0, ENERGY, &mut random),
    ];
    let own: Vec<Arrhenius> = all
        .iter()
        .map(|p| fit_arrhenius(p, None, 1.0).unwrap())
        .collect();
    let found = joint(&all);
    // The same temperatures and errors: their mean.
    let mean = 0.5 * (own[0].energy_j_mol.value + own[1].energy_j_mol.value);
    approx::assert_relative_eq!(found.energy_j_mol.value, mean, max_relative = 1e-9);
    approx::assert_relative_eq!(
        found.energy_j_mol.standard_error,
        own[0].energy_j_mol.standard_error / std::f64::consts::SQRT_2,
        max_relative = 1e-9
    );
    assert!((found.energy_j_mol.value - ENERGY).abs() < 3.0 * found.energy_j_mol.standard_error);
    for (line, truth) in found.lines.iter().zip([LN_D0, LN_D0 - 3.0]) {
        let line = line.as_ref().unwrap();
        assert_eq!(line.grounds, Grounds::Series);
        assert!(
            (line.ln_d0.value - truth).abs() < 3.0 * line.ln_d0.standard_error,
            "{line:?}"
        );
    }
    // One energy, and by no means one D0: e³ apart.
    assert!(found.same_energy.unwrap().holds());
    assert!(found.same_d0.unwrap().p < 1e-6);
    assert_eq!(found.same_d0.unwrap().degrees, 1);
}

#[test]
fn one_series_gives_its_own_line_and_a_sum_that_of_all_points() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(2);
    let mut first = series(LN_D0, ENERGY, &mut random);
    first[0].kind = IntervalKind::Upper;
    first[6].kind = IntervalKind::Lower;
    let second = series(LN_D0, ENERGY, &mut random);
    let same = |a: &Arrhenius, b: &Arrhenius| {
        for (a, b) in [(a.energy_j_mol, b.energy_j_mol), (a.ln_d0, b.ln_d0)] {
            approx::assert_relative_eq!(a.value, b.value, max_relative = 1e-7);
            approx::assert_relative_eq!(a.standard_error, b.standard_error, max_relative = 1e-6);
        }
        approx::assert_relative_eq!(a.correlation, b.correlation, max_relative = 1e-6);
    };
    let alone = joint(std::slice::from_ref(&first));
    let own = fit_arrhenius(&first, None, 1.0).unwrap();
    same(alone.lines[0].as_ref().unwrap(), &own);
    same(&alone.line, &own);
    assert_eq!(alone.same_energy, None);
    assert_eq!((alone.line.values, alone.line.limits), (5, 2));
    let all: Vec<Observation> = first.iter().chain(&second).copied().collect();
    same(
        &joint(&[first, second]).line,
        &fit_arrhenius(&all, None, 1.0).unwrap(),
    );
}

#[test]
fn lines_from_all_frames_count_with_their_covariance() {
    let estimate = |value, standard_error| Estimate {
        value,
        standard_error,
        fixed: false,
    };
    let line = |energy: f64, error: f64| Arrhenius {
        grounds: Grounds::Frames,
        energy_j_mol: estimate(energy, error),
        energy_interval_j_mol: (energy - error, energy + error),
        // As if ln D were known to 0.1 at 450 K.
        ln_d0: {
            let x = 1.0 / (GAS_CONSTANT * 450.0);
            estimate(LN_D0 + (energy - ENERGY) * x, libm::hypot(0.1, x * error))
        },
        correlation: {
            let x = 1.0 / (GAS_CONSTANT * 450.0);
            x * error / libm::hypot(0.1, x * error)
        },
        chi2_red: None,
        values: 8,
        limits: 0,
        quantile: 1.0,
    };
    let (a, b) = (line(78e3, 2e3), line(84e3, 4e3));
    let all = [&a, &b].map(|l| Evidence::of(Some(l), &[]));
    let found = fit_together(&all, 1.0).unwrap();
    let (w, v) = (1.0 / 4e6, 1.0 / 16e6);
    let energy = (78e3 * w + 84e3 * v) / (w + v);
    approx::assert_relative_eq!(found.energy_j_mol.value, energy, max_relative = 1e-9);
    approx::assert_relative_eq!(
        found.energy_j_mol.standard_error,
        libm::sqrt(1.0 / (w + v)),
        max_relative = 1e-9
    );
    // Both pass through the same ln D at 450 K: nothing but E can differ.
    let rise = (78e3_f64 - 84e3).powi(2) / (4e6 + 16e6);
    approx::assert_relative_eq!(found.same_energy.unwrap().chi2, rise, max_relative = 1e-6);
    assert!(found.same_d0.unwrap().chi2 < 1e-6);
    for one in &found.lines {
        let (ln_d_450, error) = one.as_ref().unwrap().ln_d(450.0);
        assert!((ln_d_450 - ln_d(LN_D0, ENERGY, 450.0)).abs() < 1e-6);
        approx::assert_relative_eq!(error, 0.1, max_relative = 1e-4);
    }
}

#[test]
fn a_series_of_limits_moves_the_energy_by_what_they_forbid_and_no_further() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let values = series(LN_D0, ENERGY, &mut random);
    let own = joint(std::slice::from_ref(&values));
    let limits = |kinds: [IntervalKind; 2], at: [f64; 2]| {
        vec![point(373.0, at[0], kinds[0]), point(523.0, at[1], kinds[1])]
    };
    let truth = |t: f64| ln_d(LN_D0, ENERGY, t);
    let with = |limits: Vec<Observation>| joint(&[values.clone(), limits]);
    // Upper limits alone: some D0 meets them at any E.
    let upper = with(limits(
        [IntervalKind::Upper; 2],
        [truth(373.0), truth(523.0)],
    ));
    approx::assert_relative_eq!(
        upper.energy_j_mol.value,
        own.energy_j_mol.value,
        max_relative = 1e-9
    );
    assert_eq!(upper.lines[1], None);
    assert_eq!(upper.same_energy, None);
    // "At most" in the cold and "at least" in the heat, with room to spare: allowed.
    let both = [IntervalKind::Upper, IntervalKind::Lower];
    let allowed = with(limits(both, [truth(373.0) + 3.0, truth(523.0) - 3.0]));
    let moved = (allowed.energy_j_mol.value - own.energy_j_mol.value).abs();
    assert!(moved < 1e-3 * own.energy_j_mol.standard_error, "{moved}");
    // The same three errors on the wrong side: E has to rise, never to fall.
    let forbidden = with(limits(both, [truth(373.0) - 0.6, truth(523.0) + 0.6]));
    assert!(forbidden.energy_j_mol.value > own.energy_j_mol.value);
    // All with one D0: as in the fit of one series to all points.
    let mut all = values.clone();
    all.extend(limits(both, [truth(373.0) - 0.6, truth(523.0) + 0.6]));
    let single = fit_arrhenius(&all, None, 1.0).unwrap();
    approx::assert_relative_eq!(
        forbidden.line.energy_j_mol.value,
        single.energy_j_mol.value,
        max_relative = 1e-7
    );
}

#[test]
fn intervals_of_the_common_energy_and_the_test_hold_at_their_rates() {
    let seeds = 1000_u64;
    let (mut held, mut told) = ([0; 2], [0; 2]);
    for seed in 0..seeds {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let all = [0.0, 1.0, 2.0].map(|_| series(LN_D0, ENERGY, &mut random));
        let found = joint(&all);
        let e = found.energy_j_mol;
        let pull = (e.value - ENERGY).abs() / e.standard_error;
        for (held, quantile) in held.iter_mut().zip([0.9945, 1.96]) {
            *held += usize::from(pull < quantile);
        }
        for (told, agreement) in told.iter_mut().zip([found.same_energy, found.same_d0]) {
            *told += usize::from(!agreement.unwrap().holds());
        }
    }
    let rate = |count: usize| count as f64 / seeds as f64;
    // Three standard deviations of 1000 seeds.
    assert!((rate(held[0]) - 0.68).abs() < 0.045, "{held:?}");
    assert!((rate(held[1]) - 0.95).abs() < 0.021, "{held:?}");
    assert!(
        told.iter().all(|t| (rate(*t) - 0.05).abs() < 0.021),
        "{told:?}"
    );
}

#[test]
fn series_of_other_energies_are_told_apart() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let all = [
        series(LN_D0, ENERGY, &mut random),
        series(LN_D0, ENERGY + 40e3, &mut random),
    ];
    assert!(joint(&all).same_energy.unwrap().p < 1e-6);
}

#[test]
fn what_is_no_evidence_gives_nothing() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(6);
    let good = series(LN_D0, ENERGY, &mut random);
    assert_eq!(fit_together(&[], 1.0), None);
    assert_eq!(
        fit_together(&[of_points(&[]), of_points(&good[..1])], 1.0),
        None
    );
    for bad in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        let mut points = good.clone();
        points[2].ln_d_error = bad;
        assert_eq!(fit_together(&[of_points(&points)], 1.0), None);
        let mut points = good.clone();
        points[2].temperature_k = bad;
        assert_eq!(fit_together(&[of_points(&points)], 1.0), None);
    }
    // Beside a good one, an empty one costs nothing.
    let found = fit_together(&[of_points(&good), of_points(&[])], 1.0).unwrap();
    assert_eq!(found.lines[1], None);
}
