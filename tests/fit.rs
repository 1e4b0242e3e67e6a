//! The fit against an independent implementation, against dimensional analysis, and against its own error bars.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use alloyscope::diffusion::{Composition, CoreShell, Scheme};
use alloyscope::fit::{
    FitError, FrameData, IntervalKind, Order, SeriesFit, Setting, Settings, Termination,
    fit_series, normal_quantile,
};
use alloyscope::forward::{Basis, Optics, Response, Trajectory};
use alloyscope::imaging::OUTLINE_SHARE;
use alloyscope::signal::{LengthUnit, Profile};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::Value;

const SHAPE: CoreShell = CoreShell {
    radius_a_nm: 1.15,
    radius_b_nm: 2.0,
    sigma_nm: 0.1,
};

/// w_Ag/w_Au with n = 1.8 and equal atomic densities, as in the tables.
fn contrast() -> f64 {
    libm::pow(47.0 / 79.0, 1.8)
}

fn settings(scheme: Scheme, order: Order) -> Settings {
    Settings {
        scheme,
        contrast: contrast(),
        contrast_free: false,
        psf_sigma_nm: 0.09,
        radius_a_nm: Setting::Free,
        radius_b_nm: Setting::Free,
        sigma_nm: Setting::Free,
        ln_d_ratio: 0.0,
        order,
        reference: 0,
        confidence: 0.68,
        core_offset_nm: 0.0,
        atoms_per_nm3: None,
    }
}

fn held(settings: Settings) -> Settings {
    Settings {
        radius_a_nm: Setting::Fixed(SHAPE.radius_a_nm),
        radius_b_nm: Setting::Fixed(SHAPE.radius_b_nm),
        sigma_nm: Setting::Fixed(SHAPE.sigma_nm),
        ..settings
    }
}

fn frame(index: usize, radius: Vec<f64>, value: Vec<f64>, error: f64) -> FrameData {
    let n = radius.len();
    let profile = Profile {
        unit: LengthUnit::Nanometer,
        radius,
        value,
        standard_error: vec![error; n],
        pixel_count: vec![100; n],
    };
    FrameData {
        frame: index,
        temperature_k: Some(300.0 + 25.0 * index as f64),
        dwell_s: Some(600.0),
        profile,
        edge: 2.0,
    }
}

/// A normal deviate (Box-Muller).
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    let (u, v): (f64, f64) = (random.random(), random.random());
    libm::sqrt(-2.0 * libm::log(1.0 - u)) * libm::cos(2.0 * std::f64::consts::PI * v)
}

/// A series of known D·t with noise `error` on a signal of about 3000.
fn series(scheme: Scheme, taus: &[f64], error: f64, seed: u64) -> Vec<FrameData> {
    series_of(scheme, contrast(), taus, (error, seed))
}

/// The same with another core.
fn series_of(
    scheme: Scheme,
    contrast: f64,
    taus: &[f64],
    (error, seed): (f64, u64),
) -> Vec<FrameData> {
    let radius: Vec<f64> = (0..130).map(|i| 0.01 + 0.02 * f64::from(i)).collect();
    let basis = Basis::new(scheme, SHAPE.sigma_nm / SHAPE.radius_b_nm).unwrap();
    let optics = Optics {
        psf_sigma_nm: 0.09,
        contrast,
    };
    let response = Response::new(&basis, &SHAPE, optics, &radius);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    taus.iter()
        .enumerate()
        .map(|(k, &tau)| {
            let mut image = vec![0.0; radius.len()];
            response.image(tau, &mut image);
            // Gain and background differ from frame to frame: they carry no information.
            let (gain, level) = (
                1000.0 * (1.0 + 0.03 * normal(&mut random)),
                40.0 * normal(&mut random),
            );
            let value = image
                .iter()
                .map(|m| gain * m + level + error * normal(&mut random))
                .collect();
            frame(k, radius.clone(), value, error)
        })
        .collect()
}

/// Cumulative D·t (nm²) whose last steps hold no information: from nothing to long mixed.
const TAUS: [f64; 9] = [0.0, 0.002, 0.008, 0.025, 0.07, 0.18, 0.45, 1.5, 4.0];

#[test]
fn sequential_fits_agree_with_the_table() {
    // Both implementations minimize the same χ²: they differ by their solvers' errors, 0.2 % of D·t at most.
    const SOLVERS: f64 = 2e-3;
    let table: Value = serde_json::from_str(include_str!("data/sequential_fit.json")).unwrap();
    let numbers = |v: &Value| {
        v.as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap())
            .collect::<Vec<_>>()
    };
    let x = numbers(&table["x"]);
    let noise = table["noise_sd"].as_f64().unwrap();
    for case in table["cases"].as_array().unwrap() {
        let scheme = if case["model"] == "paper" {
            Scheme::Published
        } else {
            Scheme::Fraction
        };
        let intervals = case["intervals"].as_array().unwrap();
        // The table has no initial frame; with the shape held, any profile serves as one.
        let mut frames = vec![frame(0, x.clone(), numbers(&intervals[0]["y"]), noise)];
        frames.extend(
            intervals
                .iter()
                .enumerate()
                .map(|(i, v)| frame(i + 1, x.clone(), numbers(&v["y"]), noise)),
        );
        let fit = fit_series(&frames, &held(settings(scheme, Order::Sequential))).unwrap();
        for (interval, want) in fit.frames[1..].iter().zip(intervals) {
            let want = want["tau_cum_fit_nm2"].as_f64().unwrap();
            approx::assert_relative_eq!(
                interval.tau_nm2.value,
                want,
                max_relative = SOLVERS,
                epsilon = 1e-6
            );
        }
        for (interval, want) in fit.intervals.iter().zip(intervals) {
            let want = want["dtau_seq_fit_nm2"].as_f64().unwrap();
            approx::assert_relative_eq!(
                interval.dtau_nm2,
                want,
                max_relative = 2.0 * SOLVERS,
                epsilon = 2e-6
            );
        }
    }
}

#[test]
fn without_noise_the_truth_comes_back() {
    for scheme in [Scheme::Fraction, Scheme::Published] {
        // Errors of 0.01 on 3000: the fit sees every digit of the model.
        let fit = fit_series(
            &series(scheme, &TAUS[..7], 1e-2, 3),
            &settings(scheme, Order::Joint),
        )
        .unwrap();
        assert_eq!(fit.termination, Termination::Converged);
        approx::assert_relative_eq!(
            fit.shape.radius_a_nm.value,
            SHAPE.radius_a_nm,
            max_relative = 1e-4
        );
        approx::assert_relative_eq!(
            fit.shape.radius_b_nm.value,
            SHAPE.radius_b_nm,
            max_relative = 1e-4
        );
        for (frame, tau) in fit.frames.iter().zip(TAUS).skip(1) {
            approx::assert_relative_eq!(frame.tau_nm2.value, tau, max_relative = 1e-3);
        }
    }
}

#[test]
fn lengths_and_intensities_scale_as_their_dimensions_say() {
    let frames = series(Scheme::Fraction, &TAUS[..6], 3.0, 11);
    let fit = fit_series(&frames, &settings(Scheme::Fraction, Order::Joint)).unwrap();
    // Everything ten times larger in space, seven times brighter, on a pedestal.
    let scaled: Vec<FrameData> = frames
        .iter()
        .map(|f| {
            let mut f = f.clone();
            f.profile.radius.iter_mut().for_each(|r| *r *= 10.0);
            f.profile.value.iter_mut().for_each(|v| *v = 7.0 * *v + 1e4);
            f.profile.standard_error.iter_mut().for_each(|e| *e *= 7.0);
            f.edge *= 10.0;
            f
        })
        .collect();
    let large = Settings {
        psf_sigma_nm: 0.9,
        ..settings(Scheme::Fraction, Order::Joint)
    };
    let other = fit_series(&scaled, &large).unwrap();
    approx::assert_relative_eq!(other.chi2_red, fit.chi2_red, max_relative = 1e-6);
    for (a, b) in fit.intervals.iter().zip(&other.intervals) {
        // To the termination of the iteration, a small part of the standard error.
        let tolerance = 0.04 * a.dtau_se_nm2.unwrap();
        approx::assert_abs_diff_eq!(b.dtau_nm2 / 100.0, a.dtau_nm2, epsilon = tolerance);
        assert_eq!(a.kind, b.kind);
    }
}

#[test]
fn intervals_without_information_are_limits_that_hold() {
    for (seed, scheme) in [
        (1, Scheme::Fraction),
        (2, Scheme::Published),
        (3, Scheme::Fraction),
        (4, Scheme::Published),
    ] {
        let fit = fit_series(
            &series(scheme, &TAUS, 3.0, seed),
            &settings(scheme, Order::Joint),
        )
        .unwrap();
        let last = fit.intervals.last().unwrap();
        assert!(
            matches!(last.kind, IntervalKind::Lower | IntervalKind::None),
            "D·t/R² from 0.38 to 1: {:?} claimed with seed {seed}",
            last
        );
        assert!(last.dtau_low_nm2.unwrap_or(0.0) <= TAUS[8] - TAUS[7]);
        assert!(
            fit.intervals[2..6]
                .iter()
                .all(|i| i.kind == IntervalKind::Value)
        );
    }
    // Nothing moves at all: only upper limits, and the truth, zero, inside.
    let fit = fit_series(
        &series(Scheme::Fraction, &[0.0; 4], 3.0, 5),
        &settings(Scheme::Fraction, Order::Joint),
    )
    .unwrap();
    let claimed = fit
        .intervals
        .iter()
        .filter(|i| i.kind != IntervalKind::Upper)
        .count();
    assert!(
        claimed <= 1,
        "95 % limits: at most one of three may fail, {claimed} did"
    );
}

/// z = (estimate - truth)/error of the informed intervals over many seeds.
fn pulls(scheme: Scheme, seeds: u64) -> (Vec<f64>, f64) {
    let mut pulls = Vec::new();
    let (mut inside, mut all) = (0.0, 0.0);
    for seed in 0..seeds {
        let fit: SeriesFit = fit_series(
            &series(scheme, &TAUS[..7], 3.0, 100 + seed),
            &settings(scheme, Order::Joint),
        )
        .unwrap();
        for (k, interval) in fit.intervals.iter().enumerate().filter(|(k, _)| *k > 0) {
            let truth = TAUS[k + 1] - TAUS[k];
            pulls.push((interval.dtau_nm2 - truth) / interval.dtau_se_nm2.unwrap());
            all += 1.0;
            if let (Some(low), Some(high)) = (interval.dtau_low_nm2, interval.dtau_high_nm2) {
                inside += f64::from(u8::from(low <= truth && truth <= high));
            }
        }
    }
    (pulls, inside / all)
}

#[test]
fn errors_are_as_large_as_they_say() {
    for scheme in [Scheme::Fraction, Scheme::Published] {
        let (pulls, coverage) = pulls(scheme, 40);
        let n = pulls.len() as f64;
        let mean = pulls.iter().sum::<f64>() / n;
        let spread = libm::sqrt(pulls.iter().map(|z| z * z).sum::<f64>() / n);
        // 200 pulls (5 intervals × 40 series): three standard deviations of mean, rms and a 68 % fraction.
        assert!(
            mean.abs() < 3.0 / libm::sqrt(n),
            "bias of {mean:.3} standard errors"
        );
        assert!(
            (spread - 1.0).abs() < 3.0 / libm::sqrt(2.0 * n),
            "rms pull {spread:.3}"
        );
        assert!(
            (coverage - 0.68).abs() < 3.0 * libm::sqrt(0.68 * 0.32 / n),
            "coverage {coverage:.3}"
        );
    }
}

#[test]
fn tau_never_falls() {
    // Noise as large as the early signal: some frames would lie below the one before.
    for seed in 0..10 {
        let frames = series(
            Scheme::Fraction,
            &[0.0, 0.001, 0.0012, 0.0014, 0.02],
            20.0,
            seed,
        );
        for order in [Order::Joint, Order::Sequential] {
            let fit = fit_series(&frames, &settings(Scheme::Fraction, order)).unwrap();
            let taus: Vec<f64> = fit.frames.iter().map(|f| f.tau_nm2.value).collect();
            assert!(taus.is_sorted(), "{order:?}, seed {seed}: {taus:?}");
        }
    }
}

#[test]
fn an_edge_sharper_than_the_model_ends_at_its_bound_without_delay() {
    let sharp = CoreShell {
        sigma_nm: 0.012,
        ..SHAPE
    };
    let radius: Vec<f64> = (0..100).map(|i| 0.013 + 0.026 * f64::from(i)).collect();
    let basis = Basis::new(Scheme::Fraction, sharp.sigma_nm / sharp.radius_b_nm).unwrap();
    let optics = Optics {
        psf_sigma_nm: 0.02,
        contrast: contrast(),
    };
    let response = Response::new(&basis, &sharp, optics, &radius);
    let frames: Vec<FrameData> = [0.0, 0.01, 0.05]
        .iter()
        .enumerate()
        .map(|(k, tau)| {
            let mut image = vec![0.0; radius.len()];
            response.image(*tau, &mut image);
            frame(
                k,
                radius.clone(),
                image.iter().map(|m| 1000.0 * m).collect(),
                3.0,
            )
        })
        .collect();
    let settings = Settings {
        psf_sigma_nm: 0.02,
        ..settings(Scheme::Fraction, Order::Joint)
    };
    let fit = fit_series(&frames, &settings).unwrap();
    let smoothness = fit.shape.sigma_nm.value / fit.shape.radius_b_nm.value;
    approx::assert_relative_eq!(
        smoothness,
        alloyscope::fit::SMOOTHNESS_RANGE.0,
        max_relative = 1e-6
    );
    // An ordinary fit of three frames takes about 1500; steps that are tried against a bound took ten times as many.
    assert!(fit.evaluations < 5000, "{} evaluations", fit.evaluations);
}

#[test]
fn frames_at_the_end_of_their_range_do_not_hold_the_shape_back() {
    // Mixed before the last three images, in a scheme in which they cannot be mixed enough: their τ is as long as it may be.
    let taus = [0.0, 0.005, 0.02, 0.06, 0.15, 3.0, 5.0, 8.0];
    let bright_core = 2.63;
    let frames = series_of(Scheme::Published, bright_core, &taus, (1.0, 1));
    let settings = Settings {
        contrast: bright_core,
        ..settings(Scheme::Fraction, Order::Joint)
    };
    let fit = fit_series(&frames, &settings).unwrap();
    assert_eq!(fit.termination, Termination::Converged);
    // Nowhere beside it, with one parameter held and the others free, is χ² smaller.
    let chi2 = |fit: &SeriesFit| fit.chi2_red * fit.degrees_of_freedom as f64;
    for factor in [0.97, 0.99, 1.01, 1.03] {
        let held = |value: f64| Setting::Fixed(factor * value);
        for beside in [
            Settings {
                radius_a_nm: held(fit.shape.radius_a_nm.value),
                ..settings.clone()
            },
            Settings {
                radius_b_nm: held(fit.shape.radius_b_nm.value),
                ..settings.clone()
            },
            Settings {
                sigma_nm: held(fit.shape.sigma_nm.value),
                ..settings.clone()
            },
        ] {
            let other = fit_series(&frames, &beside).unwrap();
            assert!(
                chi2(&other) > chi2(&fit),
                "{} below {} at {:?}",
                chi2(&other),
                chi2(&fit),
                other.shape
            );
        }
    }
}

#[test]
fn one_frame_gives_its_shape() {
    let frames = series(Scheme::Fraction, &[0.0], 3.0, 8);
    let fit = fit_series(&frames, &settings(Scheme::Fraction, Order::Joint)).unwrap();
    assert!(fit.intervals.is_empty());
    for (estimate, truth) in [(fit.shape.radius_a_nm, 1.15), (fit.shape.radius_b_nm, 2.0)] {
        // Four standard errors: one seed.
        assert!(
            (estimate.value - truth).abs() < 4.0 * estimate.standard_error,
            "{estimate:?} for {truth}"
        );
        assert!(estimate.standard_error > 0.0);
    }
}

#[test]
fn a_free_contrast_is_found() {
    let frames = series(Scheme::Fraction, &TAUS[..7], 3.0, 21);
    let free = Settings {
        contrast: 0.5,
        contrast_free: true,
        ..settings(Scheme::Fraction, Order::Joint)
    };
    let fit = fit_series(&frames, &free).unwrap();
    let estimate = fit.shape.contrast;
    assert!(
        (estimate.value - contrast()).abs() < 4.0 * estimate.standard_error,
        "{estimate:?} for {}",
        contrast()
    );
}

/// The outline of a bright core in a thin dark shell is the core's: half of the brightest stands there. The fit must not begin, and end, with a
/// particle that is no larger. Counting noise: where the image is dim it weighs most.
#[test]
fn a_bright_core_in_a_thin_dark_shell_is_not_taken_for_the_particle() {
    const TAUS: [f64; 6] = [0.0, 0.002, 0.01, 0.05, 0.2, 0.6];
    let optics = Optics {
        psf_sigma_nm: 0.05,
        contrast: 2.63,
    };
    for part in [0.8, 0.85, 0.9] {
        let shape = CoreShell {
            radius_a_nm: part * SHAPE.radius_b_nm,
            ..SHAPE
        };
        // A sphere of one element would be as large as this.
        let edge = 0.95 * shape.radius_a_nm / OUTLINE_SHARE;
        let count = (1.35 * edge / 0.02) as usize;
        let radius: Vec<f64> = (0..count).map(|i| 0.01 + 0.02 * i as f64).collect();
        let basis = Basis::new(Scheme::Fraction, shape.sigma_nm / shape.radius_b_nm).unwrap();
        let response = Response::new(&basis, &shape, optics, &radius);
        let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
        let of = |(k, tau): (usize, &f64)| {
            let mut image = vec![0.0; count];
            response.image(*tau, &mut image);
            // 130 counts per nm and 40 of background, in rings of one pixel.
            let mut seen = frame(k, radius.clone(), image, 0.0);
            let profile = &mut seen.profile;
            for (i, v) in profile.value.iter_mut().enumerate() {
                let pixels = 2.0 * std::f64::consts::PI * (i as f64 + 0.5);
                let error = f64::sqrt((130.0 * *v + 40.0) / pixels);
                profile.standard_error[i] = error;
                *v = 130.0 * *v + 40.0 + error * normal(&mut random);
            }
            FrameData { edge, ..seen }
        };
        let frames: Vec<FrameData> = TAUS.iter().enumerate().map(of).collect();
        let settings = Settings {
            contrast: optics.contrast,
            psf_sigma_nm: optics.psf_sigma_nm,
            ..settings(Scheme::Fraction, Order::Joint)
        };
        let fit = fit_series(&frames, &settings).unwrap();
        // Some 600 degrees of freedom: four standard deviations.
        assert!(fit.chi2_red < 1.24, "{part}: χ²/ν {}", fit.chi2_red);
        for (fitted, truth) in [
            (&fit.shape.radius_a_nm, shape.radius_a_nm),
            (&fit.shape.radius_b_nm, shape.radius_b_nm),
            (&fit.shape.sigma_nm, shape.sigma_nm),
        ] {
            assert!(
                (fitted.value - truth).abs() < 4.0 * fitted.standard_error,
                "{part}: {fitted:?} for {truth}"
            );
        }
        for (interval, taus) in fit.intervals.iter().zip(TAUS.windows(2)).take(4) {
            let truth = taus[1] - taus[0];
            assert!(
                (interval.dtau_nm2 - truth).abs() < 4.0 * interval.dtau_se_nm2.unwrap(),
                "{part}: {interval:?} for {truth}"
            );
        }
    }
}

#[test]
fn a_composition_dependent_d_is_fitted_with_the_law_it_was_made_with() {
    // D in the silver core e² times that in the gold shell.
    let composition = Composition { ln_d_ratio: 2.0 };
    let optics = Optics {
        psf_sigma_nm: 0.09,
        contrast: contrast(),
    };
    let radius: Vec<f64> = (0..90).map(|i| 0.015 + 0.03 * f64::from(i)).collect();
    let taus = [0.0, 0.01, 0.05, 0.15];
    let trajectory =
        Trajectory::new(Scheme::Fraction, &SHAPE, composition, optics, &radius).unwrap();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    let frames: Vec<FrameData> = taus
        .iter()
        .enumerate()
        .map(|(k, tau)| {
            let mut image = vec![0.0; radius.len()];
            trajectory.image(*tau, &mut image);
            let value = image
                .iter()
                .map(|m| 1000.0 * m + 2.0 * normal(&mut random))
                .collect();
            frame(k, radius.clone(), value, 2.0)
        })
        .collect();
    let fit_with = |ln_d_ratio| {
        let settings = Settings {
            ln_d_ratio,
            ..held(settings(Scheme::Fraction, Order::Joint))
        };
        fit_series(&frames, &settings).unwrap()
    };
    let right = fit_with(2.0);
    for (k, interval) in right.intervals.iter().enumerate() {
        let pull = (interval.dtau_nm2 - (taus[k + 1] - taus[k])) / interval.dtau_se_nm2.unwrap();
        // One realization of three intervals.
        assert!(
            pull.abs() < 4.0,
            "interval {k}: {pull:.1} standard errors off"
        );
    }
    assert!(
        fit_with(0.0).chi2_red > 2.0 * right.chi2_red,
        "a constant D must not describe these frames as well"
    );
}

#[test]
fn bad_input_is_an_error_that_names_it() {
    let settings = settings(Scheme::Fraction, Order::Joint);
    assert_eq!(fit_series(&[], &settings), Err(FitError::NoFrames));
    let good = series(Scheme::Fraction, &TAUS[..2], 3.0, 1);
    let mut short = good.clone();
    short[1].profile.radius.truncate(5);
    assert!(matches!(
        fit_series(&short, &settings),
        Err(FitError::TooFewBins { frame: 1, .. })
    ));
    let mut zero = good.clone();
    zero[0].profile.standard_error[3] = 0.0;
    assert_eq!(
        fit_series(&zero, &settings),
        Err(FitError::BadProfile { frame: 0 })
    );
    let mut nan = good.clone();
    nan[1].profile.value[3] = f64::NAN;
    assert_eq!(
        fit_series(&nan, &settings),
        Err(FitError::BadProfile { frame: 1 })
    );
    for bad in [
        Settings {
            psf_sigma_nm: -0.1,
            ..settings.clone()
        },
        Settings {
            contrast: 0.0,
            ..settings.clone()
        },
        Settings {
            confidence: 1.0,
            ..settings.clone()
        },
        Settings {
            radius_b_nm: Setting::Fixed(f64::NAN),
            ..settings.clone()
        },
        Settings {
            radius_a_nm: Setting::Fixed(3.0),
            radius_b_nm: Setting::Fixed(2.0),
            ..settings.clone()
        },
    ] {
        assert!(
            matches!(fit_series(&good, &bad), Err(FitError::Setting { .. })),
            "{bad:?}"
        );
    }
    // A flat image has no structure to fit: an answer without claims, not a crash.
    let mut flat = good;
    flat.iter_mut()
        .for_each(|f| f.profile.value.iter_mut().for_each(|v| *v = 5.0));
    let fit = fit_series(&flat, &settings).unwrap();
    assert!(fit.intervals.iter().all(|i| i.kind != IntervalKind::Value));
}

#[test]
fn quantiles_are_those_of_the_normal_distribution() {
    for (confidence, quantile) in [
        (0.68, 0.994_457_883),
        (0.95, 1.959_963_985),
        (0.6826894921, 1.0),
    ] {
        approx::assert_relative_eq!(normal_quantile(confidence), quantile, max_relative = 1e-8);
    }
}
