//! The finite number of atoms: what the fit says of it against particles whose atoms are exchanged one by one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[path = "common/atoms.rs"]
mod atoms;

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::fit::{
    Bound, Design, FrameData, IntervalKind, Order, SeriesFit, Setting, Settings, fit_series,
};
use alloyscope::numerics::bessel_i0e;
use alloyscope::signal::{LengthUnit, Profile};
use atoms::{Crystal, PER_NM3};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

const RADIUS_NM: f64 = 2.0;
const CORE_NM: f64 = 1.15;
/// Probe and thermal motion together.
const BLUR_NM: f64 = 0.09;
const CONTRAST: f64 = 0.4;
const WIDTH_NM: f64 = 0.03;
const RINGS: usize = 88;
/// Cumulative D·t (nm²).
const TAUS: [f64; 5] = [0.0, 0.02, 0.06, 0.13, 0.25];

/// Seen along a direction without symmetry, so that no columns stand out.
const VIEW: [f64; 3] = [0.31, 0.52, 0.795];

/// A particle and its atoms' distances from the axis of view.
struct Lattice {
    crystal: Crystal,
    distances: Vec<f64>,
}

impl Lattice {
    fn new() -> Lattice {
        let crystal = Crystal::ball(RADIUS_NM, [0.0; 3]);
        let seen = crystal.projected(VIEW, 0.0);
        let distances = seen.into_iter().map(|(x, y)| x.hypot(y)).collect();
        Lattice { crystal, distances }
    }

    /// Ring means of one atom of unit weight: a Gaussian at its distance from the axis, times the volume of an atom.
    fn images(&self) -> Vec<Vec<f64>> {
        let s2 = BLUR_NM * BLUR_NM;
        let at = |x: f64, d: f64| {
            let overlap = (-(x - d) * (x - d) / (2.0 * s2)).exp() * bessel_i0e(x * d / s2);
            overlap / (2.0 * std::f64::consts::PI * s2 * PER_NM3)
        };
        let ring = |d: f64| {
            (0..RINGS)
                .map(|i| at((i as f64 + 0.5) * WIDTH_NM, d))
                .collect()
        };
        self.distances.iter().map(|d| ring(*d)).collect()
    }

    /// Frames of one particle.
    fn frames(&self, images: &[Vec<f64>], taus: &[f64], seed: u64) -> Vec<FrameData> {
        let occupied = self.crystal.occupations(CORE_NM, taus, seed);
        let frame = |(k, core): (usize, Vec<bool>)| {
            let mut value = vec![0.0; RINGS];
            for (core, image) in core.iter().zip(images) {
                let weight = 1000.0 * if *core { CONTRAST } else { 1.0 };
                value
                    .iter_mut()
                    .zip(image)
                    .for_each(|(v, i)| *v += weight * i);
            }
            FrameData {
                frame: k,
                temperature_k: Some(300.0 + 25.0 * k as f64),
                dwell_s: Some(600.0),
                edge: RADIUS_NM,
                profile: Profile {
                    unit: LengthUnit::Nanometer,
                    radius: (0..RINGS).map(|i| (i as f64 + 0.5) * WIDTH_NM).collect(),
                    value,
                    standard_error: vec![8.0; RINGS],
                    pixel_count: vec![100; RINGS],
                },
            }
        };
        occupied.into_iter().enumerate().map(frame).collect()
    }
}

fn settings(atoms_per_nm3: Option<f64>) -> Settings {
    Settings {
        scheme: Scheme::Fraction,
        contrast: CONTRAST,
        contrast_free: false,
        psf_sigma_nm: BLUR_NM,
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

#[test]
fn the_scatter_of_particles_of_atoms_is_what_the_fit_states() {
    const PARTICLES: u64 = 32;
    // Standard deviation of a standard deviation of so many: 13 %. The rest is what the derivation leaves out (a
    // lattice is no continuum within its own spacing) and is stated with it.
    const DERIVATION: f64 = 0.35;
    let lattice = Lattice::new();
    assert!(
        (1900..2050).contains(&lattice.distances.len()),
        "{} atoms",
        lattice.distances.len()
    );
    let images = lattice.images();
    let fits: Vec<SeriesFit> = (0..PARTICLES)
        .map(|seed| {
            fit_series(
                &lattice.frames(&images, &TAUS, seed),
                &settings(Some(PER_NM3)),
            )
            .unwrap()
        })
        .collect();
    for fit in &fits {
        let atoms = fit.atoms.unwrap();
        assert!(atoms.counted);
        approx::assert_relative_eq!(
            atoms.count,
            lattice.distances.len() as f64,
            max_relative = 0.06
        );
    }
    for k in 0..TAUS.len() - 1 {
        let of = |f: &dyn Fn(&SeriesFit) -> f64| -> f64 {
            fits.iter().map(f).sum::<f64>() / fits.len() as f64
        };
        let mean = of(&|fit| fit.intervals[k].dtau_nm2);
        let scatter = of(&|fit| (fit.intervals[k].dtau_nm2 - mean).powi(2)).sqrt();
        let stated = of(&|fit| fit.intervals[k].dtau_atoms_se_nm2.unwrap().powi(2)).sqrt();
        println!(
            "D·t {mean:.4} for {:.4}: scatter {:.3}, stated {:.3}",
            TAUS[k + 1] - TAUS[k],
            scatter / mean,
            stated / mean
        );
        // The continuum fit of a lattice is itself off by some per cent; the mean of so many scatters by its part.
        let truth = TAUS[k + 1] - TAUS[k];
        let tolerance = 0.15 * truth + 3.0 * scatter / (PARTICLES as f64).sqrt();
        approx::assert_abs_diff_eq!(mean, truth, epsilon = tolerance);
        assert!(
            (stated / scatter - 1.0).abs() < DERIVATION,
            "interval {k}: stated {stated:.5}, scatter {scatter:.5} nm²"
        );
    }
}

#[test]
fn a_plan_states_the_atoms_as_the_fit_does() {
    // The same derivation at the same point, where the iteration of the fit has ended within a thousandth of an error.
    const SAME: f64 = 1e-2;
    let lattice = Lattice::new();
    let frames = lattice.frames(&lattice.images(), &TAUS, 2);
    let fit = fit_series(&frames, &settings(Some(PER_NM3))).unwrap();
    let design = |atoms_per_nm3| Design {
        shape: CoreShell {
            radius_a_nm: fit.shape.radius_a_nm.value,
            radius_b_nm: fit.shape.radius_b_nm.value,
            sigma_nm: fit.shape.sigma_nm.value,
        },
        tau_nm2: fit.frames.iter().map(|f| f.tau_nm2.value).collect(),
        settings: settings(atoms_per_nm3),
    };
    let of = |atoms| Bound::of_profiles(&design(atoms), &frames).unwrap();
    let (all, counting) = (of(Some(PER_NM3)), of(None));
    for (k, interval) in fit.intervals.iter().enumerate() {
        let (all, counting) = (
            all.dtau_sd_nm2[k].unwrap(),
            counting.dtau_sd_nm2[k].unwrap(),
        );
        approx::assert_relative_eq!(
            (all * all - counting * counting).sqrt(),
            interval.dtau_atoms_se_nm2.unwrap(),
            max_relative = SAME
        );
    }
}

#[test]
fn atoms_that_would_show_and_do_not_are_left_out() {
    // A continuum with errors of 0.3 %, in which 2000 atoms would show as a χ²/ν of several.
    let lattice = Lattice::new();
    let images = lattice.images();
    let grainy = lattice.frames(&images, &TAUS, 1);
    let with = fit_series(&grainy, &settings(Some(PER_NM3))).unwrap();
    let without = fit_series(&grainy, &settings(None)).unwrap();
    // What is fitted does not depend on what is said of its errors.
    for (a, b) in with.intervals.iter().zip(&without.intervals) {
        approx::assert_relative_eq!(a.dtau_nm2, b.dtau_nm2, max_relative = 1e-2);
        assert_eq!(b.dtau_atoms_se_nm2, None);
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
    let smooth: Vec<FrameData> = grainy
        .iter()
        .zip(&with.frames)
        .map(|(data, fit)| {
            let mut data = data.clone();
            for (v, m) in data.profile.value.iter_mut().zip(&fit.model) {
                // The sum of twelve uniform deviates is normal enough.
                let normal = (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
                *v = m + 8.0 * normal;
            }
            data
        })
        .collect();
    let fit = fit_series(&smooth, &settings(Some(PER_NM3))).unwrap();
    assert!(!fit.atoms.unwrap().counted);
    for interval in &fit.intervals {
        assert_eq!(interval.kind, IntervalKind::Value);
        assert_eq!(interval.dtau_atoms_se_nm2, Some(0.0));
    }
}

#[test]
fn limits_of_mixed_particles_leave_room_for_the_atoms() {
    // Up to ten times the mixing time, R²/20.19 = 0.2 nm²: the atoms of the last frames lie as chance has it, which a fit takes for
    // more or less D·t than there was, or for none.
    const MIXED: [f64; 6] = [0.0, 0.13, 0.33, 0.68, 1.29, 2.32];
    const PARTICLES: u64 = 16;
    // Limits are stated with 95 %: of 32 one expects 30.4, and 27 is three standard deviations fewer. With atoms that are taken for the
    // same ones where no D·t is fitted, 24 held.
    const LEAST: usize = 27;
    let lattice = Lattice::new();
    let images = lattice.images();
    let mut held = 0;
    for seed in 0..PARTICLES {
        let frames = lattice.frames(&images, &MIXED, seed);
        let fit = fit_series(&frames, &settings(Some(PER_NM3))).unwrap();
        for (k, interval) in fit.intervals.iter().enumerate().skip(3) {
            let truth = MIXED[k + 1] - MIXED[k];
            let above = interval.dtau_low_nm2.is_none_or(|low| low <= truth);
            let below = interval.dtau_high_nm2.is_none_or(|high| truth <= high);
            held += usize::from(above && below);
        }
    }
    assert!(held >= LEAST, "{held} of {}", 2 * PARTICLES);
}
