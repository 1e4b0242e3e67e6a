//! Arrhenius fits, the size model and mixing times against tables computed by an independent implementation.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::fit::{Interval, IntervalKind, Mixing};
use alloyscope::kinetics::{
    Dimension, Grounds, Heating, Observation, SizeModel, contradiction, fit_arrhenius,
    fit_arrhenius_to_frames, influence, mixing_time_s, observations,
};
use alloyscope::materials::Library;
use alloyscope::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};
use serde_json::Value;

/// The tables print about ten digits of D.
const TABLE_DIGITS: f64 = 1e-8;

fn points(set: &Value) -> Vec<Observation> {
    let column = |name: &str| {
        set[name]
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    let (t, d, s) = (column("T"), column("D"), column("sd_lnD"));
    (0..t.len())
        .map(|i| Observation {
            temperature_k: t[i],
            ln_d: libm::log(d[i] / SQUARE_METER_PER_SQUARE_NM),
            ln_d_error: s[i],
            kind: IntervalKind::Value,
        })
        .collect()
}

#[test]
fn weighted_lines_agree_with_the_tables() {
    let table: Value = serde_json::from_str(include_str!("data/arrhenius.json")).unwrap();
    for set in table["sets"].as_array().unwrap() {
        let points = points(set);
        let want = |fit: &str, key: &str| set[fit][key].as_f64().unwrap();
        let free = fit_arrhenius(&points, None, 1.0).unwrap();
        approx::assert_relative_eq!(
            free.alpha_k(),
            want("log_weighted_free", "alpha"),
            max_relative = TABLE_DIGITS
        );
        approx::assert_relative_eq!(
            free.d0_m2_s(),
            want("log_weighted_free", "D0"),
            max_relative = 100.0 * TABLE_DIGITS
        );
        approx::assert_relative_eq!(
            free.energy_j_mol.standard_error / GAS_CONSTANT,
            want("log_weighted_free", "sd_alpha"),
            max_relative = TABLE_DIGITS
        );
        approx::assert_relative_eq!(
            free.ln_d0.standard_error,
            want("log_weighted_free", "sd_lnD0"),
            max_relative = TABLE_DIGITS
        );
        approx::assert_relative_eq!(
            free.correlation,
            want("log_weighted_free", "corr"),
            max_relative = TABLE_DIGITS
        );

        for name in ["log_weighted_D0_fixed", "log_weighted_D0_fixed_7p2e_6"] {
            let ln_d0 = libm::log(want(name, "D0") / SQUARE_METER_PER_SQUARE_NM);
            let fixed = fit_arrhenius(&points, Some(ln_d0), 1.0).unwrap();
            approx::assert_relative_eq!(
                fixed.alpha_k(),
                want(name, "alpha"),
                max_relative = TABLE_DIGITS
            );
            // A D0 that the points refute: the table has the errors of a line that holds.
            let wider = fixed.chi2_red.filter(|c| *c > 2.5).unwrap_or(1.0).sqrt();
            approx::assert_relative_eq!(
                fixed.energy_j_mol.standard_error / GAS_CONSTANT,
                wider * want(name, "sd_alpha"),
                max_relative = TABLE_DIGITS
            );
        }
    }
}

#[test]
fn a_limit_far_on_its_permitted_side_changes_nothing_and_a_violated_one_bends_the_line() {
    let table: Value = serde_json::from_str(include_str!("data/arrhenius.json")).unwrap();
    let points = points(&table["sets"][0]);
    let plain = fit_arrhenius(&points, None, 1.0).unwrap();
    let with = |kind, shift: f64| {
        let temperature_k = 523.0;
        let ln_d = plain.ln_d(temperature_k).0 + shift;
        let mut all = points.clone();
        all.push(Observation {
            temperature_k,
            ln_d,
            ln_d_error: 0.2,
            kind,
        });
        fit_arrhenius(&all, None, 1.0).unwrap()
    };
    // Nine widths away the censored term is below 1e-20: only rounding may differ.
    for fit in [
        with(IntervalKind::Upper, 2.2),
        with(IntervalKind::Lower, -2.2),
    ] {
        approx::assert_relative_eq!(
            fit.energy_j_mol.value,
            plain.energy_j_mol.value,
            max_relative = 1e-9
        );
        assert_eq!((fit.values, fit.limits), (6, 1));
    }
    assert!(
        with(IntervalKind::Upper, -1.5).energy_j_mol.value
            < plain.energy_j_mol.value - plain.energy_j_mol.standard_error
    );
    assert!(
        with(IntervalKind::Lower, 1.5).energy_j_mol.value
            > plain.energy_j_mol.value + plain.energy_j_mol.standard_error
    );
    // Far in the forbidden tail the normal integral underflows: the fit must still end.
    assert!(
        with(IntervalKind::Upper, -40.0)
            .energy_j_mol
            .value
            .is_finite()
    );
}

#[test]
fn what_does_not_determine_a_line_gives_none() {
    let one = Observation {
        temperature_k: 500.0,
        ln_d: -5.0,
        ln_d_error: 0.1,
        kind: IntervalKind::Value,
    };
    assert!(fit_arrhenius(&[], None, 1.0).is_none());
    assert!(fit_arrhenius(&[one], None, 1.0).is_none());
    assert!(
        fit_arrhenius(&[one, one], None, 1.0).is_none(),
        "one temperature holds no slope"
    );
    assert!(fit_arrhenius(&[one], Some(10.0), 1.0).is_some());
    let limit = Observation {
        kind: IntervalKind::Upper,
        temperature_k: 450.0,
        ..one
    };
    assert!(
        fit_arrhenius(&[limit, limit], None, 1.0).is_none(),
        "limits alone hold no line"
    );
}

/// At a high confidence one end of a value may be open. It stays a value with the width of its other side, or of both.
#[test]
fn values_with_an_open_end_stay_values() {
    let interval = |low: Option<f64>, high: Option<f64>| Interval {
        index: 1,
        temperature_k: Some(500.0),
        dwell_s: Some(100.0),
        kind: IntervalKind::Value,
        dtau_nm2: 0.1,
        dtau_se_nm2: Some(0.02),
        dtau_atoms_se_nm2: None,
        dtau_low_nm2: low,
        dtau_high_nm2: high,
        log_scale: None,
    };
    let (low, high) = (Some(0.1 / 1.21), Some(0.12));
    let expected = [
        (low, high, 0.5 * f64::ln(1.21 * 1.2)),
        (None, high, f64::ln(1.2)),
        (low, None, f64::ln(1.21)),
    ];
    for (low, high, width) in expected {
        let found = observations(&[interval(low, high)], 2.0);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].kind, IntervalKind::Value);
        approx::assert_relative_eq!(found[0].ln_d_error, 0.5 * width, max_relative = 1e-12);
    }
    assert!(observations(&[interval(None, None)], 2.0).is_empty());
}

#[test]
fn size_dependent_activation_agrees_with_the_table() {
    let table: Value = serde_json::from_str(include_str!("data/eq10_eq11.json")).unwrap();
    for row in table["rows"].as_array().unwrap() {
        let number = |key: &str| row[key].as_f64().unwrap();
        // h of the paper (silver, 0.2889 nm) and its E(∞).
        let model = SizeModel {
            bulk_energy_j_mol: 169_800.0,
            entropy_j_mol_k: number("Svib"),
            atomic_diameter_nm: 0.2889,
            dimension: Dimension::Particle,
        };
        approx::assert_relative_eq!(
            model.melting_ratio(number("r_nm")).unwrap(),
            number("Tm_ratio"),
            max_relative = 1e-12
        );
        approx::assert_relative_eq!(
            model.energy_j_mol(number("r_nm")).unwrap(),
            number("E_J_mol"),
            max_relative = 1e-12
        );
        assert!(
            model.energy_j_mol(0.8667).is_none(),
            "eq. 10 ends at r0 = 3 h"
        );
    }
}

#[test]
fn mixing_times_agree_with_the_reference() {
    // Computed independently: R = 2 nm, D = 2.89e-16 m²/s (450 K, E = 89 573 J/mol) mixes in 0.69 ms.
    let d_nm2_s = 2.89e-16 / SQUARE_METER_PER_SQUARE_NM;
    approx::assert_relative_eq!(
        mixing_time_s(2.0, d_nm2_s).unwrap(),
        0.69e-3,
        max_relative = 0.01
    );
    assert!(mixing_time_s(2.0, 0.0).is_none());
    // tan q = q at the root whose square the constant is.
    let q = libm::sqrt(alloyscope::diffusion::SLOWEST_MODE_SQUARED);
    approx::assert_relative_eq!(libm::tan(q), q, max_relative = 1e-12);
}

#[test]
fn literature_laws_give_the_reference_values() {
    // Computed independently: D at 573 K of Ag in Au 3.3e-21, Au in Ag 3.2e-23 m²/s.
    for (solute, host, d) in [("Ag", "Au", 3.3e-21), ("Au", "Ag", 3.2e-23)] {
        let law = Library::builtin().tracer(solute, host).unwrap();
        approx::assert_relative_eq!(law.at(573.0), d, max_relative = 0.03);
    }
    let ratio = |n: f64| {
        let w = |s: &str| Library::builtin().weight(s, n).unwrap();
        w("Au") / w("Ag")
    };
    // (79/47)^2 = 2.825, times the ratio of the atomic densities 59.0/58.6.
    approx::assert_relative_eq!(ratio(2.0), 2.825 * 59.0 / 58.6, max_relative = 1e-3);
}

/// Frames of a particle that follows eq. 5 exactly, with equal errors of v; the last ones are mixed.
fn frames_of_a_law() -> (Mixing, Vec<Heating>) {
    const EDGE_NM: f64 = 2.0;
    let heating: Vec<Heating> = (1..12)
        .map(|k| Heating {
            temperature_k: 298.0 + 25.0 * f64::from(k),
            temperature_error_k: 0.0,
            dwell_s: 600.0,
        })
        .collect();
    let mut tau = 0.0;
    let v: Vec<f64> = heating
        .iter()
        .map(|h| {
            let d_nm2_s = 1.006_471e2 * libm::exp(-50_000.0 / (GAS_CONSTANT * h.temperature_k));
            tau += d_nm2_s * h.dwell_s;
            1.0 - libm::exp(-20.190_728_556_426_63 * tau / (EDGE_NM * EDGE_NM))
        })
        .collect();
    let n = v.len();
    let variance = |at: usize| if at / n == at % n { 1e-4 } else { 0.0 };
    let mixing = Mixing {
        edge_nm: EDGE_NM,
        covariance: (0..n * n).map(variance).collect(),
        v,
        atoms: Vec::new(),
    };
    (mixing, heating)
}

#[test]
fn all_frames_at_once_give_the_law_they_follow() {
    let (mixing, heating) = frames_of_a_law();
    let line = fit_arrhenius_to_frames(&mixing, &heating, None, 1.0).unwrap();
    assert_eq!(line.grounds, Grounds::Frames);
    // To the end of the iteration: χ² falls by less than 1e-9, 3e-5 of a standard error.
    let (e, se) = (line.energy_j_mol.value, line.energy_j_mol.standard_error);
    approx::assert_abs_diff_eq!(e, 50_000.0, epsilon = 1e-3 * se);
    approx::assert_relative_eq!(line.d0_m2_s(), 1.006_471e-16, max_relative = 1e-3);
    // Where ln D and E are uncorrelated, the error of ln D is the least of all temperatures.
    let (reference_k, ln_d, error) = line.reference().unwrap();
    assert!((323.0..573.0).contains(&reference_k), "{reference_k}");
    assert!(line.ln_d(reference_k - 5.0).1 > error && line.ln_d(reference_k + 5.0).1 > error);
    let truth = libm::log(1.006_471e2) - 50_000.0 / (GAS_CONSTANT * reference_k);
    approx::assert_abs_diff_eq!(ln_d, truth, epsilon = 1e-3 * error);
    // D0 held where it is: the same E, better known.
    let held = libm::log(1.006_471e2);
    let line = fit_arrhenius_to_frames(&mixing, &heating, Some(held), 1.0).unwrap();
    approx::assert_abs_diff_eq!(line.energy_j_mol.value, 50_000.0, epsilon = 1e-3 * se);
    assert!(line.energy_j_mol.standard_error < 0.3 * se);
    assert!(line.reference().is_none());
}

/// A mistake in one line of the table is found, with what would have to stand there; two of them are told as no line, without blame.
#[test]
fn one_wrong_heating_is_named() {
    let (mut mixing, heating) = frames_of_a_law();
    // Errors as real frames have them.
    mixing.covariance.iter_mut().for_each(|v| *v *= 0.04);
    let asked = |changed: &[Heating]| {
        let histories = Heating::histories(changed).unwrap();
        contradiction(&mixing, &histories)
    };
    assert_eq!(asked(&heating), None);
    for (place, factor) in [(5, 10.0), (6, 10.0), (5, 0.1), (6, 3.0), (7, 0.3)] {
        let mut wrong = heating.clone();
        wrong[place].dwell_s *= factor;
        let found = asked(&wrong).unwrap_or_else(|| panic!("{place} {factor}"));
        let odd = found
            .odd
            .unwrap_or_else(|| panic!("{place} {factor}: {found:?}"));
        assert_eq!(odd.place, place);
        // The others follow the law exactly, and so does this one with the true dwell, to the end of the iteration.
        assert!(odd.chi2_red < 1e-6, "{odd:?}");
        approx::assert_relative_eq!(odd.factor, 1.0 / factor, max_relative = 1e-3);
        approx::assert_relative_eq!(odd.energy_j_mol, 50_000.0, max_relative = 1e-3);
    }
    let mut wrong = heating.clone();
    wrong[5].temperature_k += 100.0;
    let odd = asked(&wrong).unwrap().odd.unwrap();
    assert_eq!(odd.place, 5);
    let at = |k: f64| libm::exp(-50_000.0 / (GAS_CONSTANT * k));
    let moved = at(heating[5].temperature_k) / at(wrong[5].temperature_k);
    approx::assert_relative_eq!(odd.factor, moved, max_relative = 1e-3);
    // At one temperature D must be one.
    let isothermal = |dwells: &[f64]| -> Vec<Heating> {
        let all = heating.iter().zip(dwells);
        let one = |(h, dwell_s): (&Heating, &f64)| Heating {
            temperature_k: 473.0,
            dwell_s: *dwell_s,
            ..*h
        };
        all.map(one).collect()
    };
    let law = |h: &Heating| {
        h.dwell_s * libm::exp(-50_000.0 / GAS_CONSTANT * (1.0 / h.temperature_k - 1.0 / 473.0))
    };
    let equivalent: Vec<f64> = heating.iter().map(law).collect();
    assert_eq!(asked(&isothermal(&equivalent)), None);
    let found = asked(&isothermal(&[600.0; 11])).unwrap();
    assert_eq!(found.isothermal_k, Some(473.0));
    let mut two = heating.clone();
    two[4].dwell_s *= 20.0;
    two[7].dwell_s *= 0.05;
    let found = asked(&two).unwrap();
    assert!(found.chi2_red > 4.0 && found.odd.is_none(), "{found:?}");
}

#[test]
fn the_influence_of_a_frame_is_what_a_moved_frame_does() {
    let (mixing, heating) = frames_of_a_law();
    let line = fit_arrhenius_to_frames(&mixing, &heating, None, 1.0).unwrap();
    let slopes = influence(&mixing, &Heating::histories(&heating).unwrap(), &line).unwrap();
    for (k, slope) in slopes.iter().enumerate() {
        let at = |by: f64| {
            let mut moved = mixing.clone();
            moved.v[k] += by;
            let line = fit_arrhenius_to_frames(&moved, &heating, None, 1.0).unwrap();
            (line.energy_j_mol.value, line.ln_d0.value)
        };
        // A tenth of a standard error of v, 0.01.
        let (high, low) = (at(1e-3), at(-1e-3));
        let (e, ln_d0) = ((high.0 - low.0) / 2e-3, (high.1 - low.1) / 2e-3);
        // The iteration ends at 3e-5 of a standard error of E, over a fifth of one of v.
        let end = 1e-3 * line.energy_j_mol.standard_error / 2e-3;
        approx::assert_abs_diff_eq!(slope.0, e, epsilon = end + 0.01 * e.abs());
        let end = 1e-3 * line.ln_d0.standard_error / 2e-3;
        approx::assert_abs_diff_eq!(slope.1, ln_d0, epsilon = end + 0.01 * ln_d0.abs());
    }
}

/// Standard error of E where every temperature has this one.
fn error_of(mixing: &Mixing, exact: &[Heating], kelvin: f64) -> f64 {
    let heating: Vec<Heating> = exact
        .iter()
        .map(|h| Heating {
            temperature_error_k: kelvin,
            ..*h
        })
        .collect();
    let line = fit_arrhenius_to_frames(mixing, &heating, None, 1.0).unwrap();
    line.energy_j_mol.standard_error
}

#[test]
fn errors_of_the_temperature_widen_the_error_of_the_energy() {
    let (mixing, exact) = frames_of_a_law();
    let error = |kelvin: f64| error_of(&mixing, &exact, kelvin);
    assert!(error(1.0) > error(0.0));
    // Where the temperatures decide alone, twice their error is twice that of E: no image noise, no saturated frame.
    let (mut mixing, mut exact) = (mixing, exact);
    exact.truncate(6);
    mixing.v.truncate(6);
    mixing.covariance = (0..36)
        .map(|at| if at % 7 == 0 { 1e-14 } else { 0.0 })
        .collect();
    let error = |kelvin: f64| error_of(&mixing, &exact, kelvin);
    approx::assert_relative_eq!(error(0.2) / error(0.1), 2.0, max_relative = 1e-2);
}

#[test]
fn frames_that_do_not_determine_a_law_give_none() {
    let (mixing, heating) = frames_of_a_law();
    let none = |mixing: &Mixing, heating: &[Heating]| {
        assert_eq!(fit_arrhenius_to_frames(mixing, heating, None, 1.0), None);
    };
    none(&mixing, &heating[1..]);
    none(&Mixing::default(), &[]);
    let one_temperature: Vec<Heating> = heating
        .iter()
        .map(|h| Heating {
            temperature_k: 400.0,
            ..*h
        })
        .collect();
    none(&mixing, &one_temperature);
    let broken = Mixing {
        v: vec![f64::NAN; heating.len()],
        ..mixing
    };
    none(&broken, &heating);
}

/// All is mixed in the first step, so that every v is 1 but for noise: 3e-3 of each frame's own, 7e-4 of the reference. A first frame
/// that looks less mixed than the others by two standard deviations does not make D fall with the temperature: beyond the
/// line through it χ² hardly rises, whatever the curvature says.
#[test]
fn what_mixes_in_the_first_step_has_no_activation_energy() {
    let (of_a_law, heating) = frames_of_a_law();
    let v = vec![
        0.9921, 0.9962, 0.9994, 0.9980, 0.9971, 0.9957, 0.9946, 1.0019, 0.9969, 0.9992, 0.9947,
    ];
    let n = v.len();
    let mixing = Mixing {
        covariance: (0..n * n)
            .map(|at| 5e-7 + if at / n == at % n { 9.2e-6 } else { 0.0 })
            .collect(),
        v,
        ..of_a_law.clone()
    };
    assert_eq!(fit_arrhenius_to_frames(&mixing, &heating, None, 1.0), None);
    // Two intervals between nothing and everything are enough, with every frame but theirs at an end.
    let mut steep = of_a_law;
    steep.v = [0.0, 0.0, 0.0, 0.0, 0.06, 0.55, 1.0, 1.0, 1.0, 1.0, 1.0].to_vec();
    let line = fit_arrhenius_to_frames(&steep, &heating, None, 1.0).unwrap();
    let (e, se) = (line.energy_j_mol.value, line.energy_j_mol.standard_error);
    assert!(e > 5.0 * se, "{e} ± {se}");
}
