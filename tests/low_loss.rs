//! Low-loss spectra: where zero is, and what plural scattering does to an edge.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::numerics::Noise;
use alloyscope::signal::Samples;
use alloyscope::spectroscopy::{
    EnergyAxis, Scattering, SpectroscopyError, Spectrum, SpectrumImage, ZeroLoss,
};

const STEP_EV: f64 = 0.5;
/// Resolution of the simulated instrument (eV).
const FWHM_EV: f64 = 1.2;

fn gaussian(x: f64, fwhm: f64) -> f64 {
    let sigma = fwhm / 2.354_820_045;
    (-0.5 * (x / sigma).powi(2)).exp() / (sigma * (2.0 * core::f64::consts::PI).sqrt())
}

/// One loss: a plasmon at 15 eV with its tail, area 1.
fn single_loss(energy_ev: f64) -> f64 {
    let (e_p, width) = (15.0, 4.0);
    if energy_ev <= 0.0 {
        return 0.0;
    }
    // Drude: E Γ / ((E² − E_p²)² + E² Γ²), with area π/2.
    let drude = energy_ev * width
        / ((energy_ev * energy_ev - e_p * e_p).powi(2) + (energy_ev * width).powi(2));
    drude * 2.0 / core::f64::consts::PI * energy_ev
}

/// Losses after any number of scatterings, zero ones left out, channel by channel: Σ (t/λ)ⁿ/n! P⊗ⁿ.
fn losses(t_over_lambda: f64, channels: usize) -> Vec<f64> {
    let mut once: Vec<f64> = (0..channels)
        .map(|i| single_loss(i as f64 * STEP_EV) * STEP_EV)
        .collect();
    let area: f64 = once.iter().sum();
    once.iter_mut().for_each(|p| *p /= area);
    let (mut term, mut all) = (once.clone(), vec![0.0; channels]);
    let mut factor = t_over_lambda;
    for n in 1..12 {
        for (a, t) in all.iter_mut().zip(&term) {
            *a += factor * t;
        }
        term = (0..channels)
            .map(|i| (0..=i).map(|k| term[k] * once[i - k]).sum())
            .collect();
        factor *= t_over_lambda / f64::from(n + 1);
    }
    all
}

/// As acquired: every loss seen with the instrument's width, the peak at `zero_ev`.
fn low_loss(t_over_lambda: f64, zero_ev: f64, counts: f64) -> Spectrum {
    let axis = EnergyAxis {
        first_ev: -20.0,
        step_ev: STEP_EV,
        channels: 500,
    };
    let lost = losses(t_over_lambda, axis.channels);
    let counts = axis
        .energies_ev()
        .into_iter()
        .map(|e| {
            let peak = gaussian(e - zero_ev, FWHM_EV);
            let rest = lost.iter().enumerate();
            let rest: f64 = rest
                .map(|(k, p)| p * gaussian(e - zero_ev - k as f64 * STEP_EV, FWHM_EV))
                .sum();
            counts * STEP_EV * (peak + rest)
        })
        .collect();
    Spectrum { axis, counts }
}

#[test]
fn the_center_of_a_peak_is_found_between_channels() {
    for fwhm in [2.0, 3.0, 6.0] {
        for offset in [0.0, 0.13, 0.37, 0.5] {
            let axis = EnergyAxis {
                first_ev: -10.0,
                step_ev: 1.0,
                channels: 60,
            };
            let at = 7.0 + offset;
            let counts = axis.energies_ev().into_iter();
            let counts = counts.map(|e| 1e6 * gaussian(e - at, fwhm)).collect();
            let found = ZeroLoss::of(&Spectrum { axis, counts }).unwrap();
            // Sampling a Gaussian at every 0.85 of its standard deviation leaves less than this.
            assert!(
                (found.position_ev - at).abs() < 0.02,
                "{fwhm} {offset}: {found:?}"
            );
            assert!((found.fwhm_ev / fwhm - 1.0).abs() < 0.07, "{found:?}");
        }
    }
    // What a thin specimen adds moves it by little.
    for t in [0.3, 1.0] {
        let found = ZeroLoss::of(&low_loss(t, 0.21, 1e6)).unwrap();
        assert!(
            (found.position_ev - 0.21).abs() < 0.02 * STEP_EV,
            "{found:?}"
        );
    }
}

#[test]
fn its_standard_error_is_the_scatter() {
    let truth = low_loss(0.5, 0.3, 400.0);
    let mut noise = Noise::new(11);
    let (zeros, thicknesses): (Vec<ZeroLoss>, Vec<Scattering>) = (0..400)
        .map(|_| {
            let counts = truth.counts.iter().map(|m| noise.poisson(*m) as f64);
            let drawn = Spectrum {
                axis: truth.axis,
                counts: counts.collect(),
            };
            (
                ZeroLoss::of(&drawn).unwrap(),
                Scattering::of(&drawn).unwrap(),
            )
        })
        .unzip();
    let pulls = zeros
        .iter()
        .map(|z| (z.position_ev - 0.3) / z.standard_error_ev);
    let rms = (pulls.map(|p| p * p).sum::<f64>() / 400.0).sqrt();
    // Three standard deviations of the rms of 400 pulls, and 5 % for a width that is estimated from few channels.
    assert!((rms - 1.0).abs() < 0.16, "{rms}");
    // Width and thickness scatter by as much as they say, too; their means are those of the estimator.
    let scatter = |pairs: Vec<(f64, f64)>| {
        let mean = pairs.iter().map(|p| p.0).sum::<f64>() / 400.0;
        let pulls = pairs.iter().map(|(v, se)| (v - mean) / se);
        (pulls.map(|p| p * p).sum::<f64>() / 400.0).sqrt()
    };
    let widths = zeros.iter().map(|z| (z.fwhm_ev, z.fwhm_error_ev));
    let widths = scatter(widths.collect());
    assert!((0.75..1.25).contains(&widths), "{widths}");
    let thickness = thicknesses
        .iter()
        .map(|s| (s.t_over_lambda, s.t_over_lambda_error));
    let thickness = scatter(thickness.collect());
    assert!((0.8..1.2).contains(&thickness), "{thickness}");
    // No peak, no place.
    let dark = Spectrum {
        axis: truth.axis,
        counts: vec![0.0; truth.axis.channels],
    };
    assert!(ZeroLoss::of(&dark).is_none());
    assert!(matches!(
        Scattering::of(&dark),
        Err(SpectroscopyError::NoZeroLoss { .. })
    ));
}

/// An L₃ edge with a white line, height 1 behind it.
fn edge(energy_ev: f64) -> f64 {
    let x = energy_ev - 933.0;
    0.5 + (x / 0.5).atan() / core::f64::consts::PI + 1.4 / (1.0 + (2.0 * x / 1.3).powi(2))
}

/// Behind a specimen of this thickness, at the instrument's resolution; background gone.
fn core_loss(lost: &[f64], axis: EnergyAxis) -> Spectrum {
    let seen = |e: f64| -> f64 {
        (-12..=12)
            .map(|k| {
                let x = 0.25 * f64::from(k);
                0.25 * gaussian(x, FWHM_EV) * (edge(e - x) - edge(850.0))
            })
            .sum()
    };
    let once: Vec<f64> = axis.energies_ev().into_iter().map(seen).collect();
    let counts = (0..axis.channels)
        .map(|i| once[i] + (0..=i).map(|k| lost[k] * once[i - k]).sum::<f64>())
        .collect();
    Spectrum { axis, counts }
}

#[test]
fn an_edge_comes_back_from_behind_a_thick_specimen() {
    let axis = EnergyAxis {
        first_ev: 860.0,
        step_ev: STEP_EV,
        channels: 260,
    };
    let once = core_loss(&vec![0.0; axis.channels], axis);
    let behind: Vec<usize> = (0..axis.channels)
        .filter(|&i| axis.energy_ev(i) > 940.0)
        .collect();
    for t in [0.1, 0.5, 1.0] {
        let thick = core_loss(&losses(t, axis.channels), axis);
        let scattering = Scattering::of(&low_loss(t, 0.17, 1e6)).unwrap();
        // The axis ends after 230 eV, with some 1 % of the losses beyond.
        assert!(
            (scattering.t_over_lambda / t - 1.0).abs() < 0.03,
            "{scattering:?}"
        );
        let found = scattering.removed_from(&thick);
        for &i in &behind {
            let (f, o, h) = (found.counts[i], once.counts[i], thick.counts[i]);
            // What the reflected tail takes of the losses for the peak grows with them.
            assert!(
                (f - o).abs() < 0.02 * t.max(0.5),
                "t/λ {t}, channel {i}: {f} of {o}, was {h}"
            );
        }
        // And it was needed: the plasmon stands on the edge.
        let worst = behind
            .iter()
            .map(|&i| (thick.counts[i] - once.counts[i]).abs());
        assert!(worst.fold(0.0, f64::max) > 0.5 * t);
    }
}

#[test]
fn deconvolution_leaves_noise_white_and_as_large() {
    let axis = EnergyAxis {
        first_ev: 860.0,
        step_ev: STEP_EV,
        channels: 4000,
    };
    let mut noise = Noise::new(5);
    let white = Spectrum {
        axis,
        counts: (0..axis.channels).map(|_| noise.normal()).collect(),
    };
    let scattering = Scattering::of(&low_loss(1.0, 0.0, 1e6)).unwrap();
    let found = scattering.removed_from(&white).counts;
    let n = found.len() as f64;
    let variance = found.iter().map(|v| v * v).sum::<f64>() / n;
    let neighbors = found.windows(2).map(|p| p[0] * p[1]).sum::<f64>() / (n * variance);
    // A channel of 0.5 eV holds at most 4 % of the losses: 1 + Σ p² is all that is added.
    assert!((variance - 1.0).abs() < 0.1, "{variance}");
    assert!(neighbors.abs() < 0.06, "{neighbors}");
}

#[test]
fn channels_of_another_width_hold_the_same_losses() {
    let axis = EnergyAxis {
        first_ev: 860.0,
        step_ev: 0.8,
        channels: 700,
    };
    let of = |step_ev: f64| {
        let mut spectrum = low_loss(0.6, 0.0, 1e6);
        spectrum.axis.step_ev = step_ev;
        spectrum.axis.first_ev *= step_ev / STEP_EV;
        Scattering::of(&spectrum).unwrap()
    };
    let steps = Spectrum {
        axis,
        counts: (0..axis.channels)
            .map(|i| f64::from(u8::from(i > 90)))
            .collect(),
    };
    // A step behind all losses: 1/(1 + Σ p), whatever the channels.
    for step_ev in [0.2, 0.5, 0.8, 1.1] {
        let scattering = of(step_ev);
        let last = *scattering.removed_from(&steps).counts.last().unwrap();
        let expected = (-scattering.t_over_lambda).exp();
        assert!(
            (last / expected - 1.0).abs() < 0.01,
            "{step_ev}: {last} {expected}"
        );
    }
}

#[test]
fn spectra_move_by_whole_channels_and_keep_their_counts() {
    let axis = EnergyAxis {
        first_ev: 100.0,
        step_ev: 0.5,
        channels: 64,
    };
    let at = |ev: f64| ZeroLoss {
        position_ev: ev,
        standard_error_ev: 0.01,
        fwhm_ev: 1.0,
        fwhm_error_ev: 0.0,
    };
    // An edge at 120 eV behind a zero that wanders.
    let zeros = [0.0, 1.0, -1.6, 0.2, 2.5, 0.0].map(at);
    let samples: Vec<u16> = zeros
        .iter()
        .flat_map(|z| {
            let energies = axis.energies_ev().into_iter();
            energies.map(|e| if e - z.position_ev >= 120.0 { 7 } else { 3 })
        })
        .collect();
    let image = SpectrumImage::new((3, 2), axis, Samples::U16(samples)).unwrap();
    let aligned = image.clone().aligned(&zeros).unwrap();
    assert_eq!((aligned.width, aligned.height), (3, 2));
    assert!(aligned.axis.channels >= 64 - 10);
    for pixel in 0..6 {
        let spectrum = aligned.spectrum(pixel);
        let onset = spectrum.counts.iter().position(|c| *c == 7.0).unwrap();
        let found = spectrum.axis.energy_ev(onset);
        // Half a channel of rounding, and the channel in which the step lies.
        assert!((found - 120.25).abs() <= 0.5, "pixel {pixel}: {found}");
        assert!(spectrum.counts.iter().all(|c| *c == 3.0 || *c == 7.0));
        let sum = spectrum.counts.iter().sum::<f64>();
        assert_eq!(aligned.sum(pixel, 0..aligned.axis.channels), sum);
    }
    // One zero for all is a shift of the axis alone.
    let moved = image.clone().aligned(&[at(0.7)]).unwrap();
    assert_eq!(moved.axis.channels, 64);
    assert!((moved.axis.first_ev - 99.3).abs() < 1e-12);
    let wrong = image.clone().aligned(&zeros[..4]);
    assert!(matches!(
        wrong,
        Err(SpectroscopyError::Pixels {
            found: 4,
            expected: 6
        })
    ));
    let far = [0.0, 40.0, 0.0, 0.0, 0.0, 0.0].map(at);
    assert!(matches!(
        image.aligned(&far),
        Err(SpectroscopyError::Drift { .. })
    ));
}
