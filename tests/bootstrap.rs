//! Errors drawn from the sectors of the particle, beside those of the likelihood.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::fit::{
    FrameData, IntervalKind, Order, Refit, SeriesFit, Setting, Settings, Structure, bootstrap,
    drawn_intervals, fit_series, percentile, refit, refit_values,
};
use alloyscope::forward::{Basis, Optics, Response};
use alloyscope::imaging::{MeasureRequest, measure_by_sector};
use alloyscope::signal::{Image, LengthUnit, Notices, Profile, Sectors};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

const SHAPE: CoreShell = CoreShell {
    radius_a_nm: 1.15,
    radius_b_nm: 2.0,
    sigma_nm: 0.1,
};
const OPTICS: Optics = Optics {
    psf_sigma_nm: 0.09,
    contrast: 0.4,
};
/// Cumulative D·t (nm²) by frame.
const TAUS: [f64; 7] = [0.0, 0.003, 0.012, 0.04, 0.11, 0.25, 0.9];
/// Sectors in a ring.
const SECTORS: usize = 32;
/// Noise of a pixel.
const NOISE: f64 = 60.0;

/// The sum of twelve uniform deviates is normal enough.
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

fn settings() -> Settings {
    Settings {
        scheme: Scheme::Fraction,
        contrast: OPTICS.contrast,
        contrast_free: false,
        psf_sigma_nm: OPTICS.psf_sigma_nm,
        radius_a_nm: Setting::Free,
        radius_b_nm: Setting::Free,
        sigma_nm: Setting::Free,
        ln_d_ratio: 0.0,
        order: Order::Joint,
        reference: 0,
        confidence: 0.68,
        core_offset_nm: 0.0,
        atoms_per_nm3: None,
    }
}

/// A series whose noise is that of pixels, put together by sectors. `together`: so many neighboring rings of a sector err alike, as
/// lattice fringes and facets have them do; the standard errors of the rings do not know of it.
fn series(seed: u64, together: usize) -> (Vec<FrameData>, Vec<Sectors>) {
    let radius: Vec<f64> = (0..128).map(|i| 0.01 + 0.02 * f64::from(i)).collect();
    let basis = Basis::new(Scheme::Fraction, SHAPE.sigma_nm / SHAPE.radius_b_nm).unwrap();
    let response = Response::new(&basis, &SHAPE, OPTICS, &radius);
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut frames = Vec::new();
    let mut all = Vec::new();
    for (k, tau) in TAUS.iter().enumerate() {
        let mut image = vec![0.0; radius.len()];
        response.image(*tau, &mut image);
        let mut sectors = Sectors {
            per_ring: SECTORS,
            pixels: Vec::new(),
            sums: Vec::new(),
        };
        let mut alike = [0.0; SECTORS];
        let (mut value, mut error) = (Vec::new(), Vec::new());
        for (i, m) in image.iter().enumerate() {
            let pixels = 2.0 * std::f64::consts::PI * (i as f64 + 0.5) / SECTORS as f64;
            for deviate in &mut alike {
                if i % together == 0 {
                    *deviate = normal(&mut random);
                }
            }
            let mean = |deviate: &f64| 1000.0 * m + NOISE / pixels.sqrt() * deviate;
            let ring: Vec<f64> = alike.iter().map(mean).collect();
            sectors.pixels.extend([pixels; SECTORS]);
            sectors.sums.extend(ring.iter().map(|v| v * pixels));
            value.push(ring.iter().sum::<f64>() / SECTORS as f64);
            error.push(NOISE / (pixels * SECTORS as f64).sqrt());
        }
        frames.push(FrameData {
            frame: k,
            temperature_k: Some(300.0 + 25.0 * k as f64),
            dwell_s: Some(600.0),
            edge: 2.0,
            profile: Profile {
                unit: LengthUnit::Nanometer,
                pixel_count: (0..128)
                    .map(|i| (6.3 * (f64::from(i) + 0.5)) as u32)
                    .collect(),
                radius: radius.clone(),
                value,
                standard_error: error,
            },
        });
        all.push(sectors);
    }
    (frames, all)
}

fn drawn(seed: u64, together: usize, count: usize) -> (SeriesFit, Structure, Vec<Refit>) {
    let (frames, sectors) = series(seed, together);
    let fit = fit_series(&frames, &settings()).unwrap();
    let draws = bootstrap(&frames, &sectors, (&settings(), &fit), 0..count).unwrap();
    (fit.clone(), Structure::of(&fit, &sectors), draws)
}

/// ln of the error drawn over the error of the likelihood, mean over the intervals with a value.
fn ratio(fit: &SeriesFit, draws: &[Refit]) -> f64 {
    let pairs = fit.intervals.iter().zip(drawn_intervals(fit, draws));
    let ratios: Vec<f64> = pairs
        .filter(|(own, other)| (own.kind, other.kind) == (IntervalKind::Value, IntervalKind::Value))
        .map(|(own, other)| (other.dtau_se_nm2.unwrap() / own.dtau_se_nm2.unwrap()).ln())
        .collect();
    assert!(ratios.len() >= 4, "{ratios:?}");
    ratios.iter().sum::<f64>() / ratios.len() as f64
}

/// What is wrong all around the particle no sector knows of, but χ² does.
#[test]
fn errors_drawn_under_a_wrong_model_are_never_below_those_of_the_likelihood() {
    let (frames, sectors) = series(0, 1);
    let wrong = Settings {
        psf_sigma_nm: 0.3,
        ..settings()
    };
    let fit = fit_series(&frames, &wrong).unwrap();
    println!("reduced chi-square {:.2}", fit.chi2_red);
    assert!(fit.is_misfit());
    let draws = bootstrap(&frames, &sectors, (&wrong, &fit), 0..100).unwrap();
    let values = fit.intervals.iter().zip(drawn_intervals(&fit, &draws));
    let mut count = 0;
    for (own, drawn) in values.filter(|(_, drawn)| drawn.kind == IntervalKind::Value) {
        count += 1;
        assert!(drawn.dtau_se_nm2 >= own.dtau_se_nm2, "{drawn:?}");
        assert!(drawn.dtau_low_nm2 <= own.dtau_low_nm2, "{drawn:?}");
        assert!(drawn.dtau_high_nm2 >= own.dtau_high_nm2, "{drawn:?}");
    }
    assert!(count >= 2);
    // Of the right model the draws stand for themselves.
    let (fit, _, _) = drawn(0, 1, 20);
    assert!(!fit.is_misfit());
}

#[test]
fn on_ideal_noise_both_errors_agree_and_nothing_asks_for_the_bootstrap() {
    // The scatter of 32 sectors is known to 1/√62; four and more intervals, three series, hardly less together: 13 % over √3.
    let mut sum = 0.0;
    for seed in 0..3 {
        let (fit, structure, draws) = drawn(seed, 1, 150);
        assert!(structure.is_noise(), "{structure:?}");
        let ratio = ratio(&fit, &draws);
        println!(
            "seed {seed}: error drawn over likelihood {:.3}",
            ratio.exp()
        );
        sum += ratio / 3.0;
        for (i, interval) in fit.intervals.iter().enumerate() {
            if interval.kind == IntervalKind::Value {
                let mut dtau: Vec<f64> = draws.iter().map(|d| d.dtau_nm2[i]).collect();
                dtau.sort_by(f64::total_cmp);
                let off = percentile(&dtau, 0.5) - interval.dtau_nm2;
                assert!(
                    off.abs() < 0.5 * interval.dtau_se_nm2.unwrap(),
                    "{interval:?}"
                );
            }
        }
    }
    assert!(sum.abs() < 3.0 * 0.13 / 3.0_f64.sqrt(), "{}", sum.exp());
}

#[test]
fn where_neighbors_err_together_only_the_draws_know_it() {
    // Eight rings that err alike have the error of √8 where the model is smooth over them, less where they smear it.
    let (fit, structure, draws) = drawn(1, 8, 150);
    assert!(!structure.is_noise());
    assert!(structure.rings.matters() && structure.sectors.unwrap().matters());
    // Seven of eight neighbors are the same.
    approx::assert_abs_diff_eq!(structure.sectors.unwrap().value, 0.875, epsilon = 0.03);
    let ratio = ratio(&fit, &draws).exp();
    println!("error drawn over likelihood {ratio:.2}");
    assert!((1.7..3.5).contains(&ratio), "{ratio}");
}

#[test]
fn errors_drawn_hold_the_truth_where_those_of_the_likelihood_do_not() {
    // Twelve series of errors that are alike in eight rings: the shares of four intervals each scatter by 0.10.
    let (mut drawn_holds, mut likelihood_holds, mut all) = (0.0, 0.0, 0.0);
    for seed in 20..32 {
        let (fit, _, draws) = drawn(seed, 8, 60);
        let intervals = drawn_intervals(&fit, &draws);
        for (k, (own, other)) in fit.intervals.iter().zip(&intervals).enumerate() {
            if own.kind != IntervalKind::Value || k > 4 {
                continue;
            }
            let truth = TAUS[k + 1] - TAUS[k];
            let holds = |i: &alloyscope::fit::Interval| {
                let low = i.dtau_low_nm2.is_none_or(|low| low <= truth);
                f64::from(u8::from(
                    low && i.dtau_high_nm2.is_none_or(|high| truth <= high),
                ))
            };
            likelihood_holds += holds(own);
            drawn_holds += holds(other);
            all += 1.0;
        }
    }
    let (drawn, likelihood) = (drawn_holds / all, likelihood_holds / all);
    println!("{all} intervals: draws hold {drawn:.2}, likelihood {likelihood:.2}");
    assert!((drawn - 0.68).abs() < 0.2, "{drawn}");
    assert!(likelihood < 0.5, "{likelihood}");
}

#[test]
fn the_tangent_gives_what_a_new_fit_gives() {
    let (frames, sectors) = series(4, 1);
    let fit = fit_series(&frames, &settings()).unwrap();
    let mut moved = frames.clone();
    let weights: Vec<f64> = (0..SECTORS).map(|s| (s % 3) as f64).collect();
    for (frame, sectors) in moved.iter_mut().zip(&sectors) {
        for (k, value) in frame.profile.value.iter_mut().enumerate() {
            *value = sectors.mean(k, &weights).unwrap();
        }
    }
    let values = moved.iter().map(|f| f.profile.value.clone()).collect();
    let near = refit_values(&frames, &settings(), &fit, [values]).unwrap();
    let full = refit(&moved, &settings(), &fit).unwrap();
    for (k, interval) in fit.intervals.iter().enumerate() {
        if interval.kind != IntervalKind::Value {
            continue;
        }
        let se = interval.dtau_se_nm2.unwrap();
        let (a, b) = (near[0].dtau_nm2[k], full.dtau_nm2[k]);
        println!("{k}: {a:.6} {b:.6} ± {se:.6}");
        // Both end within 0.02 standard errors of their minimum.
        assert!((a - b).abs() < 0.05 * se);
        assert!((a - interval.dtau_nm2).abs() > 0.02 * se, "it has moved");
    }
    // The same values give the same fit.
    let same = frames.iter().map(|f| f.profile.value.clone()).collect();
    let same = refit_values(&frames, &settings(), &fit, [same]).unwrap();
    for (interval, dtau) in fit.intervals.iter().zip(&same[0].dtau_nm2) {
        let se = interval.dtau_se_nm2.unwrap_or(f64::INFINITY);
        assert!((interval.dtau_nm2 - dtau).abs() < 0.05 * se);
    }
}

#[test]
fn a_step_that_is_seldom_seen_in_the_draws_is_a_limit() {
    let (mut fit, _, draws) = drawn(2, 1, 60);
    let k = 1;
    fit.intervals[k].kind = IntervalKind::Value;
    let with = |share: usize| {
        let mut draws = draws.clone();
        for (i, draw) in draws.iter_mut().enumerate() {
            if i % share == 0 {
                draw.dtau_nm2[k] = 0.0;
            }
        }
        drawn_intervals(&fit, &draws)[k].clone()
    };
    // One draw in ten did not move: nothing moved is not excluded at 95 %.
    let interval = with(10);
    assert_eq!(interval.kind, IntervalKind::Upper);
    assert!(interval.dtau_low_nm2.is_none() && interval.dtau_high_nm2.is_some());
    assert!(interval.log_scale.unwrap() > 0.0);
    assert_eq!(with(40).kind, IntervalKind::Value);
}

#[test]
fn sectors_are_the_rings_in_parts() {
    let side = 96_usize;
    let mut random = Xoshiro256PlusPlus::seed_from_u64(8);
    let values = (0..side * side).map(|i| {
        let (dx, dy) = ((i % side) as f64 - 47.3, (i / side) as f64 - 46.8);
        let r2 = (dx * dx + dy * dy) / (22.0 * 22.0);
        let ideal = 200.0 * (1.0 - r2).max(0.0).sqrt();
        (ideal + 20.0 + 4.0 * normal(&mut random)) as f32
    });
    let image = Image {
        width: side,
        height: side,
        values: values.collect(),
    };
    let (measurement, sectors) =
        measure_by_sector(&image, &MeasureRequest::default(), &mut Notices::default()).unwrap();
    let profile = &measurement.profile;
    let all = vec![1.0; sectors.per_ring];
    for k in 0..profile.len() {
        let pixels: f64 = sectors.ring(k).map(|(n, _)| n).sum();
        assert_eq!(pixels, f64::from(profile.pixel_count[k]), "ring {k}");
        // The slope within the ring cancels in its mean.
        approx::assert_abs_diff_eq!(
            sectors.mean(k, &all).unwrap(),
            profile.value[k],
            epsilon = 1e-6 * 200.0
        );
    }
}
