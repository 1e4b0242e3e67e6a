//! Principal components: how many stand out of the noise, and that maps for the eye are nearer to the truth.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::numerics::Noise;
use alloyscope::signal::Samples;
use alloyscope::simulate::{SpectrumExperiment, simulate_spectra};
use alloyscope::spectroscopy::{
    EnergyAxis, MapSettings, SpectrumImage, Window, principal, window_map,
};

const ALL: Window = Window {
    from_ev: 0.0,
    to_ev: 1e5,
};

/// A square of spectra that are sums of so many different shapes, with Poisson noise.
fn mixture(shapes: usize, mean: f64, seed: u64) -> SpectrumImage {
    let (side, channels) = (24, 200);
    let mut noise = Noise::new(seed);
    let mut samples = Vec::new();
    for _ in 0..side * side {
        let shares: Vec<f64> = (0..shapes).map(|_| 0.2 + noise.uniform()).collect();
        for c in 0..channels {
            let x = c as f64 / channels as f64;
            let of = |k: usize| 1.0 + (x * 5.0 * (k + 1) as f64 + k as f64).sin();
            let sum: f64 = shares.iter().enumerate().map(|(k, s)| s * of(k)).sum();
            samples.push(noise.poisson(mean * sum) as u16);
        }
    }
    let axis = EnergyAxis {
        first_ev: 100.0,
        step_ev: 1.0,
        channels,
    };
    SpectrumImage::new((side, side), axis, Samples::U16(samples)).unwrap()
}

#[test]
fn as_many_components_stand_out_as_were_put_in() {
    for shapes in [1, 2, 3, 5] {
        for seed in 0..4 {
            let found = principal(&mixture(shapes, 30.0, seed), ALL, 0).unwrap();
            assert_eq!(found.components, shapes, "{:?}", found.variances);
            let falling = found.variances.windows(2).all(|p| p[0] >= p[1] - 1e-6);
            assert!(falling, "{:?}", found.variances);
        }
    }
}

#[test]
fn sums_stay_and_so_do_spectra_of_few_components() {
    let image = mixture(2, 200.0, 3);
    let found = principal(&image, ALL, 2).unwrap().image;
    let whole = 0..image.axis.channels;
    let (mut before, mut after) = (0.0, 0.0);
    for pixel in 0..image.pixels() {
        before += image.sum(pixel, whole.clone());
        after += found.sum(pixel, 0..found.axis.channels);
    }
    assert!((after / before - 1.0).abs() < 1e-3, "{before} {after}");
    assert!(found.axis.channels <= 128);
    // All components asked for at once are no more than there are.
    let most = principal(&image, ALL, 1000).unwrap();
    assert_eq!(most.components, most.variances.len());
}

#[test]
fn maps_for_the_eye_are_nearer_to_the_truth() {
    let experiment = SpectrumExperiment::copper_magnesium(true, 16.0).unwrap();
    let made = simulate_spectra(&experiment, 2).unwrap();
    let windows = experiment
        .core
        .allowed(&["Cu", "Mg"], &made.image.axis)
        .unwrap();
    let settings = MapSettings::default();
    let found = principal(&made.image, windows.span(), 0).unwrap();
    let error = |image: &SpectrumImage| {
        let map = window_map(image, "Cu_L3", &windows, &settings).unwrap();
        let scale = map.value.iter().map(|v| f64::from(*v)).sum::<f64>()
            / made.truth[0].iter().sum::<f64>();
        let pairs = map.value.iter().zip(&made.truth[0]);
        let squares = pairs.map(|(v, t)| (f64::from(*v) / scale - t).powi(2));
        squares.sum::<f64>().sqrt()
    };
    let (raw, shown) = (error(&made.image), error(&found.image));
    println!(
        "{} components, error {raw:.0} to {shown:.0}",
        found.components
    );
    assert!(shown < 0.7 * raw, "{raw} {shown}");
}
