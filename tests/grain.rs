//! The finite number of atoms: what the fit says of it against particles whose atoms are exchanged one by one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::diffusion::Scheme;
use alloyscope::fit::{FrameData, IntervalKind, Order, SeriesFit, Setting, Settings, fit_series};
use alloyscope::numerics::bessel_i0e;
use alloyscope::signal::{LengthUnit, Profile};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

/// Gold's lattice constant (nm); four atoms in each cube.
const LATTICE_NM: f64 = 0.4078;
const PER_NM3: f64 = 4.0 / (LATTICE_NM * LATTICE_NM * LATTICE_NM);
const RADIUS_NM: f64 = 2.0;
const CORE_NM: f64 = 1.15;
/// Probe and thermal motion together.
const BLUR_NM: f64 = 0.09;
const CONTRAST: f64 = 0.4;
const WIDTH_NM: f64 = 0.03;
const RINGS: usize = 88;
/// Cumulative D·t (nm²).
const TAUS: [f64; 5] = [0.0, 0.02, 0.06, 0.13, 0.25];

/// Sites of a sphere cut from an fcc lattice, and who neighbors whom.
struct Lattice {
    /// Distance from the center, and from the axis of view.
    sites: Vec<(f64, f64)>,
    bonds: Vec<(usize, usize)>,
}

impl Lattice {
    /// Seen along a direction without symmetry, so that no columns stand out.
    fn new() -> Lattice {
        let view = {
            let (x, y, z) = (0.31_f64, 0.52, 0.795);
            let n = (x * x + y * y + z * z).sqrt();
            (x / n, y / n, z / n)
        };
        let half = LATTICE_NM / 2.0;
        let reach = (RADIUS_NM / half) as i64 + 1;
        let mut found: Vec<((i64, i64, i64), f64, f64)> = Vec::new();
        for i in -reach..=reach {
            for j in -reach..=reach {
                for k in -reach..=reach {
                    let (x, y, z) = (i as f64 * half, j as f64 * half, k as f64 * half);
                    let r = (x * x + y * y + z * z).sqrt();
                    if (i + j + k) % 2 == 0 && r < RADIUS_NM {
                        let along = x * view.0 + y * view.1 + z * view.2;
                        found.push(((i, j, k), r, (r * r - along * along).max(0.0).sqrt()));
                    }
                }
            }
        }
        let near = |a: (i64, i64, i64), b: (i64, i64, i64)| {
            let d = (a.0 - b.0, a.1 - b.1, a.2 - b.2);
            d.0 * d.0 + d.1 * d.1 + d.2 * d.2 == 2
        };
        let bonds = (0..found.len())
            .flat_map(|a| (0..a).map(move |b| (a, b)))
            .filter(|&(a, b)| near(found[a].0, found[b].0))
            .collect();
        let sites = found.into_iter().map(|(_, r, x)| (r, x)).collect();
        Lattice { sites, bonds }
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
        self.sites.iter().map(|(_, d)| ring(*d)).collect()
    }

    /// Frames of one particle: atoms of neighboring sites change places at random. An atom inside takes part by 12 of all B bonds and
    /// jumps a/√2, so that ⟨r²⟩ = 6 D t grows by 6 a²/B with each exchange.
    fn frames(&self, images: &[Vec<f64>], seed: u64) -> Vec<FrameData> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut core: Vec<bool> = self.sites.iter().map(|(r, _)| *r < CORE_NM).collect();
        let per_exchange = LATTICE_NM * LATTICE_NM / self.bonds.len() as f64;
        let mut done = 0.0;
        // The same numbers on every target.
        let bonds = self.bonds.len() as u32;
        let frame = |(k, tau): (usize, &f64)| {
            while done < *tau {
                let (a, b) = self.bonds[random.random_range(0..bonds) as usize];
                core.swap(a, b);
                done += per_exchange;
            }
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
        TAUS.iter().enumerate().map(frame).collect()
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
        (1900..2050).contains(&lattice.sites.len()),
        "{} atoms",
        lattice.sites.len()
    );
    let images = lattice.images();
    let fits: Vec<SeriesFit> = (0..PARTICLES)
        .map(|seed| fit_series(&lattice.frames(&images, seed), &settings(Some(PER_NM3))).unwrap())
        .collect();
    for fit in &fits {
        let atoms = fit.atoms.unwrap();
        assert!(atoms.counted);
        approx::assert_relative_eq!(atoms.count, lattice.sites.len() as f64, max_relative = 0.06);
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
fn atoms_that_would_show_and_do_not_are_left_out() {
    // A continuum with errors of 0.3 %, in which 2000 atoms would show as a χ²/ν of several.
    let lattice = Lattice::new();
    let images = lattice.images();
    let grainy = lattice.frames(&images, 1);
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
