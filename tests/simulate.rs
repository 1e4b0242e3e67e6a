//! Simulated series: the same bytes everywhere, honest noise, truth that is true.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use std::io::Cursor;

use alloyscope::diffusion::Scheme;
use alloyscope::forward::{Basis, Optics, Response};
use alloyscope::simulate::{Experiment, Noise, Preset, Ramps, SimulateError, Truth, simulate};
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::Tag;

fn small(preset: Preset) -> Experiment {
    let mut experiment = preset.experiment();
    experiment.heating.truncate(3);
    experiment.camera.side_px = 256;
    experiment
}

#[test]
fn poisson_deviates_have_the_moments_of_their_law() {
    let draws = 200_000;
    let mut noise = Noise::new(7);
    for mean in [0.3, 4.0, 11.9, 12.1, 40.0, 450.0] {
        let values: Vec<f64> = (0..draws).map(|_| noise.poisson(mean) as f64).collect();
        let n = draws as f64;
        let average = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - average).powi(2)).sum::<f64>() / n;
        let third = values.iter().map(|v| (v - average).powi(3)).sum::<f64>() / n;
        // Five standard errors of each moment of a Poisson law (third central moment = mean).
        let five = 5.0 / n.sqrt();
        assert!(
            (average - mean).abs() < five * mean.sqrt(),
            "{mean}: {average}"
        );
        let spread = (mean + 2.0 * mean * mean).sqrt();
        assert!(
            (variance - mean).abs() < five * spread,
            "{mean}: {variance}"
        );
        let spread = (15.0f64 * mean.powi(3) + 30.0 * mean * mean + mean).sqrt();
        assert!((third - mean).abs() < five * spread, "{mean}: {third}");
    }
    assert_eq!(noise.poisson(0.0), 0);
    assert_eq!(noise.poisson(f64::NAN), 0);
}

#[test]
fn normal_deviates_are_standard() {
    let mut noise = Noise::new(3);
    let n = 100_000;
    let values: Vec<f64> = (0..n).map(|_| noise.normal()).collect();
    let mean = values.iter().sum::<f64>() / n as f64;
    let variance = values.iter().map(|v| v * v).sum::<f64>() / n as f64;
    assert!(mean.abs() < 5.0 / (n as f64).sqrt());
    assert!((variance - 1.0).abs() < 5.0 * (2.0 / n as f64).sqrt());
}

#[test]
fn one_seed_one_series() {
    let experiment = small(Preset::AgAu);
    let (a, b) = (
        simulate(&experiment, 5).unwrap(),
        simulate(&experiment, 5).unwrap(),
    );
    assert_eq!(a, b);
    assert_ne!(
        a.frames[0].counts,
        simulate(&experiment, 6).unwrap().frames[0].counts
    );
    // The very numbers, the same natively and in the browser.
    let sum: u64 = a
        .frames
        .iter()
        .flat_map(|f| &f.counts)
        .enumerate()
        .map(|(i, c)| (i as u64 % 1009 + 1) * u64::from(*c))
        .sum();
    assert_eq!(sum, FINGERPRINT);
}

/// Weighted sum of the counts of [`one_seed_one_series`], as first computed on x86-64.
const FINGERPRINT: u64 = 19_165_792_448;

#[test]
fn pixels_scatter_around_the_theory_with_poisson_noise() {
    for (preset, scheme) in [
        (Preset::AuAg, Scheme::Fraction),
        (Preset::AgAu, Scheme::Published),
    ] {
        let mut experiment = small(preset);
        experiment.scheme = scheme;
        let simulated = simulate(&experiment, 11).unwrap();
        let (shape, camera) = (&experiment.shape, &experiment.camera);
        let basis = Basis::new(scheme, shape.sigma_nm / shape.radius_b_nm).unwrap();
        let optics = Optics {
            psf_sigma_nm: camera.psf_sigma_nm,
            contrast: experiment.contrast,
        };
        for (frame, truth) in simulated.frames.iter().zip(&simulated.truth.frames) {
            let (mut chi2, mut pixels) = (0.0, 0.0);
            // Every seventh pixel, exactly at its own radius.
            let chosen: Vec<(usize, usize)> = (0..camera.side_px)
                .step_by(7)
                .flat_map(|y| (0..camera.side_px).step_by(7).map(move |x| (x, y)))
                .collect();
            let radii: Vec<f64> = chosen
                .iter()
                .map(|(x, y)| {
                    camera.pixel_nm
                        * (*x as f64 - truth.centre_x_px).hypot(*y as f64 - truth.centre_y_px)
                })
                .collect();
            let mut image = vec![0.0; radii.len()];
            Response::new(&basis, shape, optics, &radii).image(truth.tau_cum_nm2, &mut image);
            let middle = 0.5 * (camera.side_px - 1) as f64;
            for ((x, y), signal) in chosen.iter().zip(&image) {
                let plane = 1.0
                    + (camera.background_slope.0 * (*x as f64 - middle)
                        + camera.background_slope.1 * (*y as f64 - middle))
                        / camera.side_px as f64;
                let mean = truth.bg_counts * plane
                    + truth.gain * simulated.truth.amp_counts_per_nm * signal;
                let count = f64::from(frame.counts[y * frame.width + x]);
                chi2 += (count - mean).powi(2) / mean;
                pixels += 1.0;
            }
            // χ² of n pixels: n ± 5 √(2n).
            assert!(
                (chi2 - pixels).abs() < 5.0 * f64::sqrt(2.0 * pixels),
                "{chi2} {pixels}"
            );
        }
    }
}

#[test]
fn truth_adds_up_and_survives_json() {
    for preset in Preset::ALL {
        assert_eq!(Preset::named(preset.name()), Some(preset));
        let mut experiment = preset.experiment();
        experiment.camera.side_px = 16;
        let simulated = simulate(&experiment, 1).unwrap();
        let truth = &simulated.truth;
        assert_eq!(truth.frames.len(), 12);
        assert_eq!(truth.intervals.len(), 11);
        assert_eq!(truth.frames[11].temperature_K, 573.0);
        assert_eq!(truth.w_core.max(truth.w_shell), 1.0);
        for (k, interval) in truth.intervals.iter().enumerate() {
            let rise = truth.frames[k + 1].tau_cum_nm2 - truth.frames[k].tau_cum_nm2;
            assert!((rise - interval.dtau_nm2).abs() < 1e-12);
            assert!(
                (interval.D_m2_s * interval.dwell_s * 1e18 / interval.dtau_nm2 - 1.0).abs() < 1e-12
            );
        }
        // Five or six intervals lie where D is measurable.
        let informative = truth
            .intervals
            .iter()
            .filter(|i| i.dtau_over_RB2 > 1e-3 && i.tau_end_over_RB2 < 0.3)
            .count();
        assert!(
            (5..=7).contains(&informative),
            "{}: {informative}",
            preset.name()
        );
        let json = serde_json::to_string(truth).unwrap();
        assert!(json.contains("\"R_A_nm\"") && json.contains("\"centre_x_px\""));
        // The parser may miss the last bit of a number.
        let read: Truth = serde_json::from_str(&json).unwrap();
        assert!((read.D0_m2_s / truth.D0_m2_s - 1.0).abs() < 1e-14);
        assert_eq!(read.frames.len(), truth.frames.len());
        assert_eq!(read.intervals[10].index, 11);
        assert_eq!(simulated.series_csv.lines().count(), 13);
        assert!(
            simulated
                .series_csv
                .starts_with("file,temperature_K,dwell_s,pixel_nm\n00_298K.tif,298,0,0.02\n")
        );
    }
    assert_eq!(Preset::named("fe@pt"), None);
}

#[test]
fn tiff_files_hold_counts_and_pixel_size() {
    let simulated = simulate(&small(Preset::CuMg), 2).unwrap();
    for frame in &simulated.frames {
        let mut decoder = Decoder::new(Cursor::new(&frame.tiff)).unwrap();
        assert_eq!(decoder.dimensions().unwrap(), (256, 256));
        let DecodingResult::U16(counts) = decoder.read_image().unwrap() else {
            panic!("not 16 bits");
        };
        assert_eq!(counts, frame.counts);
        let description = decoder.get_tag_ascii_string(Tag::ImageDescription).unwrap();
        assert!(description.starts_with("ImageJ=") && description.contains("unit=nm"));
        let resolution = decoder.get_tag(Tag::XResolution).unwrap();
        let tiff::decoder::ifd::Value::Rational(n, d) = resolution else {
            panic!("{resolution:?}");
        };
        assert!((f64::from(d) / f64::from(n) - 0.02).abs() < 1e-12);
    }
}

#[test]
fn impossible_experiments_are_refused() {
    let mut experiment = small(Preset::AgAu);
    experiment.camera.pixel_nm = 0.0;
    assert!(simulate(&experiment, 1).is_err());
    let mut experiment = small(Preset::AgAu);
    experiment.shape.sigma_nm = 1e-9;
    assert!(simulate(&experiment, 1).is_err());
    let mut experiment = small(Preset::AgAu);
    experiment.camera.side_px = 1_000_000;
    assert!(simulate(&experiment, 1).is_err());
    // A heating without an end would be logged without an end.
    for dwell_s in [f64::INFINITY, f64::NAN, -1.0, 1e9] {
        let mut experiment = small(Preset::AgAu);
        experiment.heating[1].dwell_s = dwell_s;
        assert!(matches!(simulate(&experiment, 1), Err(SimulateError::Long)));
    }
    let slow = |ramp_k_s: f64| {
        let mut experiment = small(Preset::AgAu);
        experiment.ramps = Some(Ramps {
            ramp_k_s,
            overshoot_k: 0.0,
            settle_s: 30.0,
            imaging_k: Some(298.0),
            clock_offset_s: 0.0,
        });
        simulate(&experiment, 1)
    };
    assert!(slow(5.0).is_ok());
    assert!(matches!(slow(1e-9), Err(SimulateError::Long)));
}
