//! Images that resolve the lattice: what is fitted must be the continuum, not the columns.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[path = "common/atoms.rs"]
mod atoms;

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::fit::{
    FrameData, IntervalKind, Order, SeriesFit, Setting, Settings, fit_schemes, fit_series,
};
use alloyscope::imaging::{MeasureRequest, OUTLINE_SHARE, measure};
use alloyscope::signal::{Image, Notices};
use alloyscope::simulate::{Experiment, Noise, Preset, simulate};
use atoms::{Crystal, Exposure, PER_NM3};

const PROBE_NM: f64 = 0.05;
const CONTRAST: f64 = 0.393;
const SHAPE: CoreShell = CoreShell {
    radius_a_nm: 1.15,
    radius_b_nm: 2.0,
    sigma_nm: 0.0,
};
/// Cumulative D·t (nm²) and what 2000 atoms let be known of each interval, as a standard deviation of ln D: the scatter of
/// particles exchanged atom by atom.
const TAUS: [f64; 6] = [0.0, 0.0084, 0.025, 0.065, 0.15, 0.33];
const ATOMS: [f64; 5] = [0.25, 0.19, 0.18, 0.15, 0.20];

fn frame(index: usize, image: &Image, pixel_nm: f64) -> FrameData {
    let m = measure(image, &MeasureRequest::default(), &mut Notices::default()).unwrap();
    FrameData {
        frame: index,
        temperature_k: Some(300.0 + 25.0 * index as f64),
        dwell_s: Some(600.0),
        profile: m.profile.calibrated(pixel_nm),
        edge: m.particle.circle.radius_px * pixel_nm / OUTLINE_SHARE,
    }
}

/// A series of one particle seen along `view`.
fn series(view: [f64; 3], seed: u64) -> Vec<FrameData> {
    let mut noise = Noise::new(seed);
    let origin = [noise.uniform(), noise.uniform(), noise.uniform()];
    let ball = Crystal::ball(SHAPE.radius_b_nm, origin);
    let seen = ball.projected(view, seed as f64);
    let exposure = Exposure {
        side_px: 320,
        pixel_nm: 0.02,
        atom_nm: PROBE_NM,
        contrast: CONTRAST,
        peak_counts: 500.0,
    };
    let occupied = ball.occupations(SHAPE.radius_a_nm, &TAUS, seed);
    let frames = occupied.iter().enumerate();
    frames
        .map(|(k, core)| {
            let image = exposure.image(&seen, core, SHAPE.radius_b_nm, &mut noise);
            frame(k, &image, exposure.pixel_nm)
        })
        .collect()
}

fn settings(atoms_per_nm3: Option<f64>) -> Settings {
    Settings {
        scheme: Scheme::Fraction,
        contrast: CONTRAST,
        contrast_free: false,
        psf_sigma_nm: PROBE_NM,
        radius_a_nm: Setting::Free,
        radius_b_nm: Setting::Free,
        sigma_nm: Setting::Free,
        ln_d_ratio: 0.0,
        order: Order::Joint,
        reference: 0,
        confidence: 0.68,
        core_offset_nm: 0.0,
        atoms_per_nm3,
    }
}

/// (Errors of ln D, stated half widths of its intervals), over what the atoms allow; a limit or nothing counts as an error of
/// three.
fn errors(fit: &SeriesFit) -> Vec<(f64, Option<f64>)> {
    let truth = TAUS.windows(2).map(|t| t[1] - t[0]);
    let intervals = fit.intervals.iter().zip(truth).zip(ATOMS);
    intervals
        .map(|((interval, truth), sd)| {
            let claimed = interval.kind == IntervalKind::Value;
            let width = interval
                .dtau_low_nm2
                .zip(interval.dtau_high_nm2)
                .filter(|_| claimed)
                .map(|(low, high)| 0.5 * (high / low).ln() / sd);
            let error = if claimed {
                (interval.dtau_nm2 / truth).ln() / sd
            } else {
                3.0
            };
            (error, width)
        })
        .collect()
}

#[test]
fn columns_seen_end_on_do_not_mislead_the_fit() {
    const SEEDS: u64 = 4;
    let rms = |errors: &[(f64, Option<f64>)]| {
        (errors.iter().map(|(e, _)| e * e).sum::<f64>() / errors.len() as f64).sqrt()
    };
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for seed in 0..SEEDS {
        let frames = series([1.0, 1.0, 0.0], seed);
        let (fit, choice) = fit_schemes(&frames, &settings(Some(PER_NM3)), None).unwrap();
        let lattice = fit.lattice.expect("the lattice shows");
        assert!(lattice.roughness > 2.0, "{lattice:?}");
        // Atoms keep their places: the total density does not flatten.
        assert_eq!(choice.unwrap().chosen, Scheme::Fraction);
        // A ball of atoms is round to half a plane (0.1 nm); the core is one of a few hundred atoms.
        approx::assert_abs_diff_eq!(fit.shape.radius_a_nm.value, 1.15, epsilon = 0.05);
        approx::assert_abs_diff_eq!(fit.shape.radius_b_nm.value, 2.0, epsilon = 0.05);
        println!("seed {seed}: {:.2?}", errors(&fit));
        with.extend(errors(&fit));
        let all_rings = fit_series(&frames, &settings(None)).unwrap();
        without.extend(errors(&all_rings));
    }
    let widths: Vec<f64> = with.iter().filter_map(|(_, width)| *width).collect();
    let width = widths.iter().sum::<f64>() / widths.len() as f64;
    println!(
        "rms of the error over what atoms allow: {:.2}, {:.2} with all rings; width {width:.2}, {} of {} claimed",
        rms(&with),
        rms(&without),
        widths.len(),
        with.len()
    );
    // 20 intervals: one standard deviation of an rms of 1 is 0.16.
    assert!(rms(&with) < 1.5);
    assert!(rms(&with) < 0.7 * rms(&without));
    assert!((0.9..1.8).contains(&width));
}

/// The first frames of a simulated continuum, by a detector that counts no further than to `highest`.
fn simulated(experiment: &Experiment, highest: f32) -> Vec<FrameData> {
    let simulated = simulate(experiment, 5).unwrap();
    let frames = simulated.frames[..4].iter().enumerate();
    frames
        .map(|(k, f)| {
            let counts = f.counts.iter().map(|c| f32::from(*c).min(highest));
            let image = Image {
                width: f.width,
                height: f.height,
                values: counts.collect(),
            };
            frame(k, &image, experiment.camera.pixel_nm)
        })
        .collect()
}

#[test]
fn a_continuum_is_fitted_with_all_its_rings() {
    let experiment = Preset::ALL[0].experiment();
    let frames = simulated(&experiment, f32::INFINITY);
    let settings = |atoms_per_nm3| Settings {
        contrast: experiment.contrast,
        psf_sigma_nm: experiment.camera.psf_sigma_nm,
        ..settings(atoms_per_nm3)
    };
    let asked = Some(experiment.scheme);
    let (fit, _) = fit_schemes(&frames, &settings(Some(PER_NM3)), asked).unwrap();
    assert_eq!(fit.lattice, None);
    let plain = fit_series(&frames, &settings(None)).unwrap();
    for (a, b) in fit.intervals.iter().zip(&plain.intervals) {
        assert_eq!(a.dtau_nm2, b.dtau_nm2);
    }
}

/// A detector that saturates leaves a kink in every profile: fine structure, but most of what the model misses is coarse.
#[test]
fn a_misfit_with_steep_steps_is_no_lattice() {
    let mut experiment = Preset::ALL[0].experiment();
    experiment.camera.peak_counts = 20_000.0;
    let frames = simulated(&experiment, 15_000.0);
    let settings = Settings {
        contrast: experiment.contrast,
        psf_sigma_nm: experiment.camera.psf_sigma_nm,
        ..settings(Some(PER_NM3))
    };
    let (fit, _) = fit_schemes(&frames, &settings, Some(experiment.scheme)).unwrap();
    assert!(fit.chi2_red > 10.0, "{}", fit.chi2_red);
    assert_eq!(fit.lattice, None);
}
