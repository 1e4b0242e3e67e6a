//! Element maps of a large spectrum image: opened once, then one window dragged.
//!
//! `make bench BENCH=spectra` runs it natively; for wasm32 see `chain.rs`. Medians stand in tests/README.md.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

use std::hint::black_box;

use alloyscope::numerics::Noise;
use alloyscope::signal::Samples;
use alloyscope::spectroscopy::{
    Edge, EnergyAxis, MapSettings, Method, SpectrumImage, Windows, window_map,
};
#[cfg(not(target_arch = "wasm32"))]
use criterion::{Criterion, criterion_group, criterion_main};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{Criterion, wasm_bindgen_bench, wasm_bindgen_test_configure};

/// Columns, rows, channels.
const SIZE: [usize; 3] = [256, 256, 2048];

/// A power law with a step at Cu L₃, some tens of counts a channel, of which every pixel sees another part of the noise.
fn image() -> SpectrumImage {
    let [width, height, channels] = SIZE;
    let axis = EnergyAxis {
        first_ev: 700.0,
        step_ev: 0.5,
        channels,
    };
    let mut noise = Noise::new(1);
    let counts: Vec<u16> = axis
        .energies_ev()
        .iter()
        .map(|e| {
            let edge = if *e > 931.0 { 20.0 } else { 0.0 };
            noise.poisson(40.0 * (e / 900.0_f64).powf(-3.0) + edge) as u16
        })
        .collect();
    let samples = (0..width * height)
        .flat_map(|p| {
            let counts = &counts;
            (0..channels).map(move |c| counts[c] + ((p * 7 + c * 13) % 5) as u16)
        })
        .collect();
    SpectrumImage::new((width, height), axis, Samples::U16(samples)).unwrap()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn spectra(c: &mut Criterion) {
    let image = image();
    let data = 2 * SIZE.iter().product::<usize>();
    assert!(image.bytes() as f64 <= 1.5 * data as f64);
    let windows = Edge::named("Cu_L3").unwrap().windows(0.5);
    for (name, method) in [
        ("maximum likelihood", Method::MaximumLikelihood),
        ("weighted", Method::Weighted),
        ("two windows", Method::TwoWindow),
    ] {
        let settings = MapSettings {
            method,
            ..MapSettings::default()
        };
        let mut step = 0.0;
        c.bench_function(&format!("window moved, {name}"), |b| {
            b.iter(|| {
                step = (step + 0.5) % 10.0;
                let moved = Windows {
                    signal: alloyscope::spectroscopy::Window::new(
                        windows.signal.from_ev,
                        windows.signal.to_ev + step,
                    ),
                    ..windows
                };
                window_map(black_box(&image), "Cu_L3", &moved, &settings).unwrap()
            })
        });
    }
    c.bench_function("spectrum of a disk of 64 pixels", |b| {
        b.iter(|| {
            black_box(&image).sum_spectrum(|x, y| {
                let (x, y) = (x as f64 - 128.0, y as f64 - 128.0);
                x * x + y * y <= 64.0 * 64.0
            })
        })
    });
}

#[cfg(not(target_arch = "wasm32"))]
criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = spectra
}
#[cfg(not(target_arch = "wasm32"))]
criterion_main!(benches);
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_dedicated_worker);
#[cfg(target_arch = "wasm32")]
fn main() {}
