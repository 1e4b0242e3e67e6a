//! Mass balance: what leaves the particle is seen although every frame has a gain of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::figures::{BalanceFigure, Canvas, Theme, View, mass_balance};
use alloyscope::fit::{
    BalanceFrame, DRIFTS, Estimate, FrameData, MassBalance, Order, SeriesFit, Setting, Settings,
    fit_series,
};
use alloyscope::forward::{Basis, Optics, Response};
use alloyscope::signal::{LengthUnit, Profile};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

const OPTICS: Optics = Optics {
    psf_sigma_nm: 0.09,
    contrast: 0.4,
};
const NOISE: f64 = 3.0;
const TAUS: [f64; 8] = [0.0, 0.002, 0.008, 0.025, 0.07, 0.18, 0.3, 0.5];

/// The sum of twelve uniform deviates is normal enough.
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0
}

/// A series whose radius falls by `shrinkage` from the first to the last frame; the gain wanders by 3 %.
fn series(shrinkage: f64, seed: u64) -> Vec<FrameData> {
    let radius: Vec<f64> = (0..130).map(|i| 0.01 + 0.02 * f64::from(i)).collect();
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let last = (TAUS.len() - 1) as f64;
    TAUS.iter()
        .enumerate()
        .map(|(k, tau)| {
            let size = 1.0 - shrinkage * k as f64 / last;
            let shape = CoreShell {
                radius_a_nm: 1.15,
                radius_b_nm: 2.0 * size,
                sigma_nm: 0.1,
            };
            let basis = Basis::new(Scheme::Fraction, shape.sigma_nm / shape.radius_b_nm).unwrap();
            let response = Response::new(&basis, &shape, OPTICS, &radius);
            let mut image = vec![0.0; radius.len()];
            response.image(*tau, &mut image);
            let gain = 1000.0 * (1.0 + 0.03 * normal(&mut random));
            let value = image
                .iter()
                .map(|m| gain * m + NOISE * normal(&mut random))
                .collect();
            FrameData {
                frame: k,
                temperature_k: Some(300.0 + 25.0 * k as f64),
                dwell_s: Some(600.0),
                edge: 2.0,
                profile: Profile {
                    unit: LengthUnit::Nanometer,
                    standard_error: vec![NOISE; radius.len()],
                    pixel_count: vec![100; radius.len()],
                    value,
                    radius: radius.clone(),
                },
            }
        })
        .collect()
}

fn fitted(shrinkage: f64, seed: u64) -> SeriesFit {
    let settings = Settings {
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
    };
    fit_series(&series(shrinkage, seed), &settings).unwrap()
}

fn estimate(value: f64, standard_error: f64) -> Estimate {
    Estimate {
        value,
        standard_error,
        fixed: false,
    }
}

/// The balance of a fit, with the integrated intensity taken from the profile.
fn balance(fit: &SeriesFit) -> MassBalance {
    let of = |f: &alloyscope::fit::FrameFit| {
        let rings = f.data.radius.iter().zip(&f.data.value);
        let sum: f64 = rings.map(|(r, v)| r * (v - f.background.value)).sum();
        BalanceFrame {
            frame: f.frame,
            intensity: estimate(sum, 1e-3 * sum),
            radius_b_nm: f.radius_b_nm,
        }
    };
    MassBalance::of(fit.frames.iter().map(of).collect())
}

#[test]
fn a_particle_that_keeps_its_atoms_shows_no_drift_although_the_beam_wanders() {
    for seed in 0..6 {
        let found = balance(&fitted(0.0, seed));
        for drift in [found.intensity_drift.unwrap(), found.radius_drift.unwrap()] {
            assert!(
                drift.value.abs() < DRIFTS * drift.standard_error,
                "seed {seed}: {drift:?}"
            );
        }
        // R_B of one frame is as good as its errors say: four of them, for 48 of their kind.
        for frame in &found.frames {
            let radius = frame.radius_b_nm.unwrap();
            assert!(
                (radius.value - 2.0).abs() < 4.0 * radius.standard_error,
                "{radius:?}"
            );
        }
    }
}

#[test]
fn a_particle_that_shrinks_is_found_out_by_its_radius() {
    for seed in 0..3 {
        let drift = balance(&fitted(0.01, seed)).radius_drift.unwrap();
        assert!(drift.value < -DRIFTS * drift.standard_error, "{drift:?}");
        // One step from a common radius: a tenth of the change.
        approx::assert_abs_diff_eq!(
            drift.value,
            -0.01,
            epsilon = 0.001 + 3.0 * drift.standard_error
        );
    }
}

#[test]
fn a_line_gives_its_slope_and_scatter_its_error() {
    let frame = |(i, value): (usize, f64)| BalanceFrame {
        frame: i,
        intensity: estimate(value, 1.0),
        radius_b_nm: None,
    };
    let line = (0..11).map(|i| 1050.0 - 10.0 * f64::from(i)).enumerate();
    let exact = MassBalance::of(line.map(frame).collect());
    let drift = exact.intensity_drift.unwrap();
    approx::assert_relative_eq!(drift.value, -0.1, max_relative = 1e-12);
    // Slope over eleven equal errors: 1/√Σ(x − ½)² = 1/√1.1, relative to 1000.
    approx::assert_relative_eq!(
        drift.standard_error,
        1e-3 / 1.1_f64.sqrt(),
        max_relative = 1e-12
    );
    assert_eq!(exact.radius_drift, None);
    // A beam that jumps by 3 %: the error is that of the scatter, and nothing is claimed.
    let jumps = (0..12)
        .map(|i| 1000.0 + 30.0 * f64::from(i % 2))
        .enumerate();
    let drift = MassBalance::of(jumps.map(frame).collect())
        .intensity_drift
        .unwrap();
    assert!(drift.standard_error > 10e-3 && drift.value.abs() < DRIFTS * drift.standard_error);
    assert_eq!(MassBalance::of(Vec::new()), MassBalance::default());
}

#[test]
fn the_figure_puts_marks_where_the_values_are() {
    let found = balance(&fitted(0.01, 0));
    let canvas = Canvas {
        width_px: 420.0,
        height_px: 220.0,
    };
    let figure = mass_balance(
        canvas,
        &Theme::light(),
        View::AUTOMATIC,
        &BalanceFigure { balance: &found },
    );
    // Intensity and radius of every frame.
    assert_eq!(figure.layout.marks.len(), 2 * TAUS.len());
    for mark in &figure.layout.marks {
        let plot = figure.layout.plots[mark.plot];
        let (x, y) = plot.to_px(mark.x, mark.y).unwrap();
        approx::assert_abs_diff_eq!(x, mark.x_px, epsilon = 0.5);
        approx::assert_abs_diff_eq!(y, mark.y_px, epsilon = 0.5);
        assert!(mark.label.contains('±'), "{}", mark.label);
    }
    assert!(figure.description.contains("R_B"), "{}", figure.description);
    // Nothing at all is a figure too.
    let empty = MassBalance::default();
    let none = mass_balance(
        canvas,
        &Theme::dark(),
        View::AUTOMATIC,
        &BalanceFigure { balance: &empty },
    );
    assert!(none.layout.marks.is_empty());
}
