//! The valence of three measured Cu L edges, broadened and noisy, over many seeds (`../shared/data/microscopy`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::formats::{Limits, MemorySource, open};
use alloyscope::numerics::Noise;
use alloyscope::signal::Notices;
use alloyscope::spectroscopy::{
    EnergyAxis, Reference, Spectrum, SpectrumImage, ValenceSettings, Verdict, valence,
};

const FILES: [(&str, &str); 3] = [
    ("Cu_Metal_Deconvolved_Spectrum.dm4", "Cu"),
    ("Cu2O_Deconvolved_Spectrum.dm4", "Cu2O"),
    ("CuO_Deconvolved_Spectrum.dm4", "CuO"),
];

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/microscopy");
    if folder.is_dir() {
        Some(folder)
    } else {
        println!("absent, nothing compared: {}", folder.display());
        None
    }
}

fn measured(path: &Path) -> Spectrum {
    let bytes: Rc<[u8]> = std::fs::read(path).unwrap().into();
    let mut notices = Notices::default();
    let document = open(
        Rc::new(MemorySource(bytes)),
        &Limits::default(),
        &mut notices,
    )
    .unwrap();
    let samples = document
        .read_all(0, &Limits::default(), &mut notices)
        .unwrap();
    let image = SpectrumImage::of(&document.signals()[0], samples).unwrap();
    image.sum_spectrum(|_, _| true)
}

/// Broadened by `fwhm_ev`, in channels of 0.25 eV from 910 eV, continuum 1.
fn prepared(spectrum: &Spectrum, fwhm_ev: f64) -> Spectrum {
    let step = spectrum.axis.step_ev;
    let sigma = fwhm_ev / 2.354_82 / step;
    let reach = (4.0 * sigma).ceil() as i64;
    let kernel: Vec<f64> = (-reach..=reach)
        .map(|k| (-0.5 * (k as f64 / sigma).powi(2)).exp())
        .collect();
    let norm: f64 = kernel.iter().sum();
    let axis = EnergyAxis {
        first_ev: 910.125,
        step_ev: 0.25,
        channels: 267,
    };
    let (mut sum, mut count) = (vec![0.0_f64; axis.channels], vec![0.0_f64; axis.channels]);
    let last = spectrum.counts.len() as i64 - 1;
    for i in 0..=last {
        let channel = ((spectrum.axis.energy_ev(i as usize) - 910.0) / 0.25).floor();
        if channel >= 0.0 && (channel as usize) < axis.channels {
            let taps = (-reach..=reach).zip(&kernel);
            let value: f64 = taps
                .map(|(k, w)| w * spectrum.counts[(i + k).clamp(0, last) as usize])
                .sum();
            sum[channel as usize] += value / norm;
            count[channel as usize] += 1.0;
        }
    }
    let counts: Vec<f64> = sum
        .iter()
        .zip(&count)
        .map(|(s, n)| s / n.max(1.0))
        .collect();
    let behind: Vec<f64> = (0..axis.channels)
        .filter(|&c| (965.0..976.0).contains(&axis.energy_ev(c)))
        .map(|c| counts[c])
        .collect();
    let continuum = behind.iter().sum::<f64>() / behind.len() as f64;
    Spectrum {
        axis,
        counts: counts.iter().map(|c| c / continuum).collect(),
    }
}

/// Counts such that the L₃ maximum stands 20 times above the noise of its channel, with a background as high as the continuum.
fn noisy(shape: &Spectrum, noise: &mut Noise) -> Spectrum {
    let axis = shape.axis;
    let peak = (0..axis.channels)
        .filter(|&c| (928.0..936.0).contains(&axis.energy_ev(c)))
        .map(|c| shape.counts[c])
        .fold(0.0_f64, f64::max);
    let scale = 400.0 * (peak + 1.0) / (peak * peak);
    let mean = |c: usize| {
        let background = (axis.energy_ev(c) / 932.0).powi(-3);
        scale * (shape.counts[c] + background)
    };
    Spectrum {
        axis,
        counts: (0..axis.channels)
            .map(|c| noise.poisson(mean(c)) as f64)
            .collect(),
    }
}

#[test]
fn measured_references_are_told_apart_over_many_seeds() {
    let Some(folder) = folder() else { return };
    let references = Reference::copper();
    let settings = ValenceSettings {
        resolution_ev: 0.2,
        ..ValenceSettings::default()
    };
    for (file, name) in FILES {
        let spectrum = measured(&folder.join(file));
        let answer = valence(&spectrum, &references, &settings).unwrap();
        assert_eq!(answer.verdict, Verdict::Mostly(name.into()), "{file}");
        for resolution_ev in [0.5, 1.0] {
            let shape = prepared(&spectrum, resolution_ev);
            let (mut right, mut open, seeds) = (0, 0, 200);
            for seed in 0..seeds {
                let settings = ValenceSettings {
                    resolution_ev,
                    replicates: 40,
                    ..ValenceSettings::default()
                };
                let drawn = noisy(&shape, &mut Noise::new(seed));
                match valence(&drawn, &references, &settings).unwrap().verdict {
                    Verdict::Mostly(found) => {
                        assert_eq!(found, name, "{file} at {resolution_ev} eV, seed {seed}");
                        right += 1;
                    }
                    Verdict::Mixture | Verdict::CannotTell(_) => open += 1,
                }
            }
            println!(
                "{name} at {resolution_ev} eV: {right} right, {open} open, none wrong of {seeds}"
            );
            assert!(
                right * 100 >= 95 * seeds as i32 || resolution_ev > 0.5,
                "{name}: {right}"
            );
        }
    }
}
