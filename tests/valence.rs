//! The valence of copper: mixtures within their intervals, and "cannot tell" where nothing can be told.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::numerics::Noise;
use alloyscope::spectroscopy::{
    Doubt, Edge, EnergyAxis, Reference, Spectrum, Valence, ValenceSettings, Verdict, WhiteLines,
    valence, white_lines,
};

/// What is simulated.
#[derive(Clone, Copy)]
struct Case {
    fractions: [f64; 3],
    resolution_ev: f64,
    shift_ev: f64,
    /// Counts of the continuum in a channel of 0.25 eV; the background under the edge is as high.
    continuum: f64,
}

const CASE: Case = Case {
    fractions: [0.0, 1.0, 0.0],
    resolution_ev: 0.7,
    shift_ev: 0.0,
    continuum: 1000.0,
};

fn spectrum(case: Case, noise: &mut Noise) -> Spectrum {
    let axis = EnergyAxis {
        first_ev: 880.0 + case.shift_ev,
        step_ev: 0.25,
        channels: 480,
    };
    let true_axis = EnergyAxis {
        first_ev: 880.0,
        ..axis
    };
    let mut mean: Vec<f64> = true_axis
        .energies_ev()
        .iter()
        .map(|e| case.continuum * (e / 932.0_f64).powf(-3.0))
        .collect();
    for (reference, fraction) in Reference::copper().iter().zip(case.fractions) {
        let shape = reference.on(&true_axis, case.resolution_ev);
        for (m, s) in mean.iter_mut().zip(shape) {
            *m += case.continuum * fraction * s;
        }
    }
    Spectrum {
        axis,
        counts: mean.iter().map(|m| noise.poisson(*m) as f64).collect(),
    }
}

fn ask(spectrum: &Spectrum, resolution_ev: f64) -> Valence {
    let settings = ValenceSettings {
        resolution_ev,
        replicates: 200,
        ..ValenceSettings::default()
    };
    valence(spectrum, &Reference::copper(), &settings).unwrap()
}

/// Whether the reasons hold one of this kind.
fn doubts(answer: &Valence, kind: impl Fn(&Doubt) -> bool) -> bool {
    matches!(&answer.verdict, Verdict::CannotTell(reasons) if reasons.iter().any(kind))
}

#[test]
fn mixtures_lie_within_their_intervals() {
    let mut noise = Noise::new(3);
    let (mut within_68, mut within_95, mut count) = (0, 0, 0);
    for k in 0..120 {
        let (a, b) = (noise.uniform(), noise.uniform());
        let (low, high) = (a.min(b), a.max(b));
        let case = Case {
            fractions: [low, high - low, 1.0 - high],
            shift_ev: 2.0 * noise.uniform() - 1.0,
            resolution_ev: [0.3, 0.6, 1.0][k % 3],
            ..CASE
        };
        let truth = case.fractions[1] + 2.0 * case.fractions[2];
        let answer = ask(&spectrum(case, &mut noise), case.resolution_ev);
        within_68 += i32::from((answer.interval.0..=answer.interval.1).contains(&truth));
        within_95 += i32::from((answer.interval_95.0..=answer.interval_95.1).contains(&truth));
        count += 1;
        let error = (answer.mean - truth).abs();
        assert!(
            error < 0.25,
            "{:?}: {} for {truth}",
            case.fractions,
            answer.mean
        );
    }
    // 120 draws: the shares scatter by 0.043 and 0.02. At a corner of the triangle intervals hold more often than they say.
    let share = |n: i32| f64::from(n) / f64::from(count);
    assert!(
        (0.58..=0.82).contains(&share(within_68)),
        "{}",
        share(within_68)
    );
    assert!(
        (0.89..=1.0).contains(&share(within_95)),
        "{}",
        share(within_95)
    );
}

#[test]
fn pure_states_are_named_and_mixtures_called_so() {
    let mut noise = Noise::new(9);
    for (index, name) in ["Cu", "Cu2O", "CuO"].into_iter().enumerate() {
        let mut fractions = [0.0; 3];
        fractions[index] = 1.0;
        for shift_ev in [-1.0, 0.0, 1.0] {
            let case = Case {
                fractions,
                shift_ev,
                ..CASE
            };
            let answer = ask(&spectrum(case, &mut noise), case.resolution_ev);
            assert_eq!(answer.verdict, Verdict::Mostly(name.into()));
            assert!(
                (answer.shift_ev - shift_ev).abs() <= 0.1,
                "{} for {shift_ev}",
                answer.shift_ev
            );
            assert!((answer.chi2_red - 1.0).abs() < 0.35, "{}", answer.chi2_red);
            let print = &answer.fingerprint;
            let (_, expected) = print.expected[index];
            assert!(
                (print.peak_over_continuum - expected).abs()
                    < 5.0 * print.peak_error + 0.05 * expected,
                "{print:?}"
            );
        }
    }
    let even = Case {
        fractions: [0.5, 0.5, 0.0],
        continuum: 2000.0,
        ..CASE
    };
    assert_eq!(
        ask(&spectrum(even, &mut noise), 0.7).verdict,
        Verdict::Mixture
    );
}

#[test]
fn what_cannot_be_told_is_not_told() {
    let mut noise = Noise::new(2);
    let coarse = Case {
        resolution_ev: 1.8,
        ..CASE
    };
    assert!(doubts(
        &ask(&spectrum(coarse, &mut noise), 1.8),
        |d| matches!(d, Doubt::Coarse { .. })
    ));

    let dim = Case {
        continuum: 3.0,
        ..CASE
    };
    let answer = ask(&spectrum(dim, &mut noise), 0.7);
    assert!(
        doubts(&answer, |d| matches!(
            d,
            Doubt::NoEdge { .. } | Doubt::Noisy { .. }
        )),
        "{:?}",
        answer.verdict
    );

    // Off by more than CuO lies below the others: the shapes still fit nowhere within reach.
    let off = Case {
        shift_ev: 4.0,
        ..CASE
    };
    let answer = ask(&spectrum(off, &mut noise), 0.7);
    assert!(
        doubts(&answer, |d| matches!(
            d,
            Doubt::Uncalibrated { .. } | Doubt::Misfit { .. }
        )),
        "{:?}",
        answer.verdict
    );

    let no_edge = Case {
        fractions: [0.0; 3],
        ..CASE
    };
    let answer = ask(&spectrum(no_edge, &mut noise), 0.7);
    assert!(
        matches!(answer.verdict, Verdict::CannotTell(_)),
        "{:?}",
        answer.verdict
    );

    // Something else altogether: one broad maximum.
    let mut other = spectrum(CASE, &mut noise);
    for (i, c) in other.counts.iter_mut().enumerate() {
        let e = other.axis.first_ev + other.axis.step_ev * i as f64;
        *c += 3000.0 * (-0.5 * ((e - 942.0) / 3.0_f64).powi(2)).exp();
    }
    let answer = ask(&other, 0.7);
    assert!(
        doubts(&answer, |d| matches!(d, Doubt::Misfit { .. })),
        "{:?}",
        answer.verdict
    );
}

#[test]
fn a_calibrated_axis_is_evidence() {
    let mut noise = Noise::new(4);
    // Noisy enough that shape alone leaves the shift open.
    let case = Case {
        continuum: 40.0,
        resolution_ev: 1.0,
        ..CASE
    };
    let spectrum = spectrum(case, &mut noise);
    let of = |calibration_ev| {
        let settings = ValenceSettings {
            calibration_ev,
            replicates: 300,
            ..ValenceSettings::default()
        };
        valence(&spectrum, &Reference::copper(), &settings).unwrap()
    };
    let (free, held) = (of(None), of(Some(0.1)));
    let width = |v: &Valence| v.interval.1 - v.interval.0;
    assert!(
        width(&held) <= 1.05 * width(&free),
        "{} and {}",
        width(&held),
        width(&free)
    );
    assert!(held.shift_ev.abs() <= 0.3);
}

#[test]
fn references_of_the_users_own_are_taken() {
    let mut noise = Noise::new(8);
    let axis = EnergyAxis {
        first_ev: 890.0,
        step_ev: 0.2,
        channels: 450,
    };
    let own: Vec<Reference> = Reference::copper()
        .iter()
        .map(|r| {
            let counts = r.on(&axis, 0.4).iter().map(|v| 700.0 * v).collect();
            Reference::measured(&r.name, r.valence, &Spectrum { axis, counts }, 0.4).unwrap()
        })
        .collect();
    let case = Case {
        fractions: [0.2, 0.8, 0.0],
        ..CASE
    };
    let settings = ValenceSettings {
        resolution_ev: 0.7,
        ..ValenceSettings::default()
    };
    let answer = valence(&spectrum(case, &mut noise), &own, &settings).unwrap();
    assert!((answer.mean - 0.8).abs() < 0.1, "{}", answer.mean);
    assert_eq!(answer.systematic, 0.0);
    let short = Spectrum {
        axis: EnergyAxis {
            first_ev: 940.0,
            ..axis
        },
        counts: vec![1.0; 450],
    };
    assert!(Reference::measured("short", 0.0, &short, 0.4).is_none());
    assert!(valence(&short, &own, &settings).is_err());
}

/// The areas put on a double step are found again.
#[test]
fn white_lines_above_a_double_step_are_measured() {
    let axis = EnergyAxis {
        first_ev: 630.0,
        step_ev: 0.5,
        channels: 300,
    };
    let line = |e: f64, center: f64, area: f64| {
        area / (1.2 * (2.0 * core::f64::consts::PI).sqrt())
            * (-0.5 * ((e - center) / 1.2_f64).powi(2)).exp()
    };
    let counts: Vec<f64> = axis
        .energies_ev()
        .iter()
        .map(|&e| {
            let step = if e >= 722.5 {
                300.0
            } else if e >= 709.5 {
                200.0
            } else {
                0.0
            };
            2000.0 * (e / 700.0_f64).powf(-3.0)
                + step
                + line(e, 709.5, 6000.0)
                + line(e, 722.5, 1500.0)
        })
        .collect();
    let clean = Spectrum { axis, counts };
    let found = white_lines(&clean, "Fe").unwrap();
    // Half a channel of the step, and lines of 1.2 eV sigma within windows of 5 eV and more.
    assert!((found.ratio - 4.0).abs() < 0.1, "{found:?}");
    assert!((found.intensity_ev - 25.0).abs() < 0.5, "{found:?}");
    assert!(
        (found.l3_ev - 709.5).abs() < 0.1 && (found.l2_ev - 722.5).abs() < 0.2,
        "{found:?}"
    );
    assert!(found.ratio_error > 0.0 && found.intensity_error_ev > 0.0);
    // Errors are the scatter.
    let mut noise = Noise::new(5);
    let all: Vec<WhiteLines> = (0..200)
        .map(|_| {
            let counts = clean.counts.iter().map(|m| noise.poisson(*m) as f64);
            let drawn = Spectrum {
                axis,
                counts: counts.collect(),
            };
            white_lines(&drawn, "Fe").unwrap()
        })
        .collect();
    let rms = |of: fn(&WhiteLines) -> (f64, f64)| {
        let mean = all.iter().map(|l| of(l).0).sum::<f64>() / 200.0;
        let pulls = all.iter().map(|l| (of(l).0 - mean) / of(l).1);
        (pulls.map(|p| p * p).sum::<f64>() / 200.0).sqrt()
    };
    // Where the maximum of a line jumps between channels, spectra drawn from a noisy one scatter by up to √2 more than noisy ones do.
    for rms in [
        rms(|l| (l.ratio, l.ratio_error)),
        rms(|l| (l.intensity_ev, l.intensity_error_ev)),
        rms(|l| (l.l3_ev, l.l3_error_ev)),
        rms(|l| (l.l2_ev, l.l2_error_ev)),
    ] {
        println!("white lines: rms of pulls {rms}");
        assert!((0.6..1.25).contains(&rms), "{rms}");
    }
}

/// The O K edge of the same spectrum is evidence of an oxide: counts that were put in are found, and where there are none nothing is.
#[test]
fn oxygen_stands_beside_the_copper() {
    let axis = EnergyAxis {
        first_ev: 440.0,
        step_ev: 0.5,
        channels: 1120,
    };
    let power = |e: f64| 4000.0 * (e / 440.0).powf(-3.0);
    for (jump, there) in [(300.0, true), (0.0, false)] {
        let mut noise = Noise::new(11);
        let mut wanted = 0.0;
        let windows = Edge::named("O_K").unwrap().windows(axis.step_ev);
        let counts = axis.energies_ev().into_iter().map(|e| {
            let edge = if e > 532.0 {
                jump * (e / 532.0).powf(-3.0)
            } else {
                0.0
            };
            if e >= windows.signal.from_ev && e <= windows.signal.to_ev {
                wanted += edge;
            }
            noise.poisson(power(e) + edge) as f64
        });
        let counts: Vec<f64> = counts.collect();
        let oxygen = ask(&Spectrum { axis, counts }, 1.0).oxygen.unwrap();
        let off = (oxygen.value - wanted) / oxygen.standard_error;
        assert!(off.abs() < 3.0, "{oxygen:?} for {wanted}");
        assert_eq!(
            oxygen.value > 5.0 * oxygen.standard_error,
            there,
            "{oxygen:?}"
        );
    }
    let mut noise = Noise::new(3);
    assert_eq!(ask(&spectrum(CASE, &mut noise), 1.0).oxygen, None);
}

/// Cu₂O whose axis is off by as much as CuO lies below it, and the like: beyond reach lies a better fit, and that is told.
#[test]
fn an_axis_off_by_more_than_is_believed_is_told() {
    let mut noise = Noise::new(12);
    let pure = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]];
    let mixed = [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5]];
    for fractions in pure.into_iter().chain(mixed) {
        for shift_ev in [-3.0, -2.4, 2.0, 2.4, 3.0] {
            let case = Case {
                fractions,
                shift_ev,
                ..CASE
            };
            let answer = ask(&spectrum(case, &mut noise), case.resolution_ev);
            assert!(
                doubts(&answer, |d| matches!(d, Doubt::Uncalibrated { .. })),
                "{fractions:?} at {shift_ev}: {:?}",
                answer.verdict
            );
            // Channels of 0.25 eV and shifts tried every 0.05.
            assert!((answer.shift_ev - shift_ev).abs() < 0.2, "{fractions:?}");
        }
    }
}

#[test]
fn a_calibration_that_the_spectrum_contradicts_is_told() {
    let mut noise = Noise::new(13);
    for (shift_ev, contradicted) in [(-1.0, true), (1.0, true), (0.15, false), (-0.15, false)] {
        for fractions in [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]] {
            let case = Case {
                fractions,
                shift_ev,
                ..CASE
            };
            let settings = ValenceSettings {
                resolution_ev: case.resolution_ev,
                calibration_ev: Some(0.2),
                ..ValenceSettings::default()
            };
            let drawn = spectrum(case, &mut noise);
            let answer = valence(&drawn, &Reference::copper(), &settings).unwrap();
            let told = doubts(&answer, |d| matches!(d, Doubt::Contradicted { .. }));
            assert_eq!(told, contradicted, "{fractions:?} at {shift_ev}");
        }
    }
}

/// What published spectra differ by is in the fractions, and decides whether one has more than half.
#[test]
fn the_built_in_shapes_are_known_to_their_own_error() {
    let mut noise = Noise::new(14);
    let case = Case {
        fractions: [0.65, 0.35, 0.0],
        continuum: 20_000.0,
        ..CASE
    };
    let answer = ask(&spectrum(case, &mut noise), case.resolution_ev);
    assert_eq!(answer.verdict, Verdict::Mixture);
    for f in &answer.fractions {
        assert!((0.0..=1.0).contains(&f.interval.0) && (0.0..=1.0).contains(&f.interval.1));
    }
    // Two thirds are known nearly as badly as the mean of equal shares.
    assert!(answer.fractions[0].standard_error > 0.9 * answer.systematic);
    let (low, high) = answer.fractions[0].interval;
    assert!(low < 0.52 && high > 0.77, "{:?}", answer.fractions[0]);
    let pure = Case {
        fractions: [1.0, 0.0, 0.0],
        ..case
    };
    let answer = ask(&spectrum(pure, &mut noise), case.resolution_ev);
    assert_eq!(answer.verdict, Verdict::Mostly("Cu".into()));
    assert!(answer.alike().contains("sulfides"));
}

/// Noise of the user's own references raises χ²/ν, which widens the fractions: they hold what was put in.
#[test]
fn noisy_references_of_the_users_own_leave_fractions_within_their_errors() {
    let mut noise = Noise::new(15);
    let (mut within_1, mut within_2, mut count) = (0, 0, 0);
    for _ in 0..40 {
        let own: Vec<Reference> = Reference::copper()
            .iter()
            .enumerate()
            .map(|(k, r)| {
                let mut fractions = [0.0; 3];
                fractions[k] = 1.0;
                let pure = Case { fractions, ..CASE };
                let drawn = spectrum(pure, &mut noise);
                Reference::acquired(&r.name, r.valence, &drawn, CASE.resolution_ev).unwrap()
            })
            .collect();
        let case = Case {
            fractions: [0.3, 0.5, 0.2],
            ..CASE
        };
        let settings = ValenceSettings {
            resolution_ev: case.resolution_ev,
            replicates: 60,
            ..ValenceSettings::default()
        };
        let answer = valence(&spectrum(case, &mut noise), &own, &settings).unwrap();
        for (f, truth) in answer.fractions.iter().zip(case.fractions) {
            let off = (f.value - truth).abs() / f.standard_error;
            within_1 += i32::from(off < 1.0);
            within_2 += i32::from(off < 2.0);
            count += 1;
        }
        assert!(!answer.by_references().contains("0.00"));
    }
    println!("{within_1} and {within_2} of {count} within one and two errors");
    // 40 draws of three fractions that add up to one: 68 and 95 % scatter by 6 and 3 %; the noise of the references takes what it adds to their likeness
    // with the spectrum as well.
    assert!(within_1 * 100 >= 55 * count, "{within_1} of {count}");
    assert!(within_2 * 100 >= 86 * count, "{within_2} of {count}");
}
