//! The Cramér-Rao bound against an independent implementation, scaling, and its own estimator.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::fit::{Bound, Design, Exposure, Order, Setting, Settings};

/// Heating from 300 K, then 323 K to 573 K by 25 K, 600 s each, D0 = 1.006471e-16 m²/s, E = 50 kJ/mol.
const DTAU_NM2: [f64; 9] = [
    0.000_495_738_75,
    0.001_888_522_22,
    0.006_013_493_19,
    0.016_555_412_2,
    0.040_435_777_8,
    0.089_393_815_4,
    0.181_730_68,
    0.344_043_381,
    0.612_771_623,
];

fn design(scheme: Scheme, contrast: f64) -> Design {
    let mut tau = 0.0;
    let later = DTAU_NM2.iter().map(|d| {
        tau += d;
        tau
    });
    Design {
        shape: CoreShell {
            radius_a_nm: 1.15,
            radius_b_nm: 2.0,
            sigma_nm: 0.1,
        },
        tau_nm2: std::iter::once(0.0).chain(later).collect(),
        settings: Settings {
            scheme,
            contrast,
            contrast_free: false,
            psf_sigma_nm: 0.09,
            radius_a_nm: Setting::Free,
            radius_b_nm: Setting::Free,
            sigma_nm: Setting::Free,
            ln_d_ratio: 0.0,
            order: Order::Joint,
            reference: 0,
            confidence: 0.68,
            core_offset_nm: 0.0,
            atoms_per_nm3: None,
        },
    }
}

/// 512² pixels of 0.02 nm, a background of a tenth of the peak.
fn exposure(peak_counts: f64) -> Exposure {
    Exposure {
        pixel_nm: 0.02,
        peak_counts,
        background_counts: 0.1 * peak_counts,
        field_nm: 5.12,
    }
}

#[test]
fn the_bound_is_that_of_an_independent_implementation() {
    // Theirs has each frame's own gain and background (sd 3 % and 10 %) and the corners of the field.
    const IMPLEMENTATIONS: f64 = 0.05;
    let dark = libm::pow(47.0 / 79.0, 1.8);
    for (scheme, contrast, table) in [
        (
            Scheme::Published,
            dark,
            [
                0.20416, 0.08556, 0.04044, 0.02419, 0.01916, 0.01628, 0.01951, 0.0546, 0.66397,
            ],
        ),
        (
            Scheme::Published,
            1.0 / dark,
            [0.283, 0.112, 0.048, 0.026, 0.014, 0.010, 0.011, 0.031, 0.37],
        ),
        (
            Scheme::Fraction,
            dark,
            [0.485, 0.183, 0.068, 0.032, 0.018, 0.013, 0.015, 0.042, 0.50],
        ),
    ] {
        let bound = Bound::of_counts(&design(scheme, contrast), &exposure(400.0)).unwrap();
        println!("{:?}", bound.ln_d());
        for (sd, want) in bound.ln_d().iter().zip(table) {
            // The last digit of what is printed there, too.
            approx::assert_relative_eq!(
                sd.unwrap(),
                want,
                max_relative = IMPLEMENTATIONS,
                epsilon = 6e-4
            );
        }
    }
}

#[test]
fn the_bound_falls_with_the_root_of_the_dose() {
    let at = |dose: f64| Bound::of_counts(&design(Scheme::Fraction, 0.4), &exposure(dose)).unwrap();
    let temperatures: Vec<f64> = (0..9).map(|k| 323.0 + 25.0 * f64::from(k)).collect();
    let (low, high) = (at(40.0), at(4000.0));
    for (a, b) in low.ln_d().iter().zip(high.ln_d()) {
        approx::assert_relative_eq!(a.unwrap(), 10.0 * b.unwrap(), max_relative = 1e-9);
    }
    approx::assert_relative_eq!(
        low.energy_j_mol(&temperatures).unwrap(),
        10.0 * high.energy_j_mol(&temperatures).unwrap(),
        max_relative = 1e-9
    );
}

#[test]
fn all_intervals_tell_the_energy_better_than_any_two() {
    // Neighboring intervals share a frame and err in opposite directions: together they tell more than apart.
    let bound = Bound::of_counts(&design(Scheme::Fraction, 0.4), &exposure(400.0)).unwrap();
    let temperatures: Vec<f64> = (0..9).map(|k| 323.0 + 25.0 * f64::from(k)).collect();
    let all = bound.energy_j_mol(&temperatures).unwrap();
    let sd = bound.ln_d();
    let pair = |i: usize, j: usize| {
        let x = (1.0 / temperatures[i] - 1.0 / temperatures[j]) / alloyscope::units::GAS_CONSTANT;
        sd[i].unwrap().hypot(sd[j].unwrap()) / x.abs()
    };
    let best = (0..9)
        .flat_map(|i| (0..i).map(move |j| (i, j)))
        .map(|(i, j)| pair(i, j))
        .fold(f64::INFINITY, f64::min);
    assert!(all < best, "{all} against {best}");
    assert!(all > 0.1 * best, "{all} against {best}");
    assert_eq!(bound.energy_j_mol(&temperatures[1..]), None);
}
