//! Cross-sections and atomic fractions from element maps.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::numerics::Noise;
use alloyscope::spectroscopy::{
    Beam, Edge, ElementMap, SpectroscopyError, Window, Windows, composition, cross_section,
};

const BEAM: Beam = Beam {
    kilovolts: 200.0,
    collection_mrad: Some(20.0),
};

fn edge(name: &str) -> &'static Edge {
    Edge::named(name).unwrap()
}

/// Photoabsorption of a free atom is 109.76 Mb eV df/dE (π e² h/(m c) in SI): the table's strengths against NIST's mass attenuation coefficients
/// (Hubbell and Seltzer, NISTIR 5632), less what the other shells take, which falls as E^−2.8 from its value below the edge.
#[test]
fn strengths_are_those_of_photoabsorption() {
    const MEGABARN_EV: f64 = 109.76;
    for (name, ev, all_cm2_g, below_cm2_g, molar_mass) in [
        ("Mg_K", 1500.0, 4004.0, 453.0, 24.305),
        ("Al_K", 2000.0, 2263.0, 362.1, 26.982),
        ("Si_K", 2000.0, 2777.0, 309.2, 28.086),
    ] {
        let edge = edge(name);
        let (strength, decay) = edge.strength.unwrap();
        let df: f64 = 1e-3 * strength * (ev / (1.06 * edge.onset_ev)).powf(-decay);
        let found = MEGABARN_EV * df;
        let others = below_cm2_g * (ev / edge.onset_ev).powf(-2.8);
        let expected = (all_cm2_g - others) * molar_mass / 6.022e23 * 1e18;
        // Both tables state some per cent.
        assert!(
            (found / expected - 1.0).abs() < 0.03,
            "{name}: {found} Mb for {expected}"
        );
    }
}

#[test]
fn cross_sections_have_the_limits_of_bethes_equation() {
    let cu = edge("Cu_L3");
    let at = |upper: f64, mrad: f64, kilovolts: f64| {
        let beam = Beam {
            kilovolts,
            collection_mrad: Some(mrad),
        };
        cross_section(cu, Window::new(cu.onset_ev, upper), &beam)
            .unwrap()
            .barn
    };
    // Small angles: σ grows with their square.
    assert!((at(990.0, 0.02, 200.0) / at(990.0, 0.01, 200.0) - 4.0).abs() < 1e-3);
    // A window twice as narrow holds half as much, but for what the edge falls by.
    let (narrow, wide) = (at(971.0, 20.0, 200.0) - at(961.0, 20.0, 200.0), 10.0);
    let next = at(981.0, 20.0, 200.0) - at(971.0, 20.0, 200.0);
    assert!(
        next < narrow && next > 0.9 * narrow,
        "{narrow} {next} {wide}"
    );
    // A window that starts above the onset holds what is left of the whole.
    let within = |from: f64| {
        cross_section(cu, Window::new(from, 990.0), &BEAM)
            .unwrap()
            .barn
    };
    let below = cross_section(cu, Window::new(900.0, 960.0), &BEAM)
        .unwrap()
        .barn;
    assert!((within(960.0) + below - within(900.0)).abs() < 1e-6 * within(900.0));
    // Faster electrons lose less, once the angle takes most of them in.
    assert!(at(990.0, 30.0, 300.0) < at(990.0, 30.0, 100.0));
    // An atom of copper takes several hundred barn of 200 kV electrons into its L edge.
    let sigma = at(1031.0, 20.0, 200.0);
    assert!((1000.0..10000.0).contains(&sigma), "{sigma}");
    assert!(matches!(
        cross_section(edge("Ag_M5"), Window::new(380.0, 430.0), &BEAM),
        Err(SpectroscopyError::NoCrossSection { .. })
    ));
    assert!(cross_section(cu, Window::new(880.0, 900.0), &BEAM).is_err());
}

fn map(name: &str, counts: impl Iterator<Item = f64>, noise: &mut Noise) -> ElementMap {
    // A background of a hundred counts under each, subtracted.
    let value: Vec<f32> = counts
        .map(|c| noise.poisson(c + 100.0) as f32 - 100.0)
        .collect();
    ElementMap {
        name: name.into(),
        width: value.len(),
        height: 1,
        standard_error: value.iter().map(|v| (v + 100.0).max(1.0).sqrt()).collect(),
        value,
        dispersion: 1.0,
        common_error: 0.0,
    }
}

#[test]
fn fractions_are_those_put_in_with_true_errors() {
    let windows = |name: &str| edge(name).windows(1.0);
    let sigma = |name: &str| {
        cross_section(edge(name), windows(name).signal, &BEAM)
            .unwrap()
            .barn
    };
    let (cu, mg) = (sigma("Cu_L3"), sigma("Mg_K"));
    let pixels = 3000;
    for x in [0.1, 0.5, 0.9] {
        let mut noise = Noise::new(17);
        // Four thousand counts a pixel of either pure element's mean.
        let dose = 8000.0 / (cu + mg);
        let first = map("Cu_L3", (0..pixels).map(|_| dose * x * cu), &mut noise);
        let second = map(
            "Mg_K",
            (0..pixels).map(|_| dose * (1.0 - x) * mg),
            &mut noise,
        );
        let all = [
            (edge("Cu_L3"), &first, Some(windows("Cu_L3"))),
            (edge("Mg_K"), &second, Some(windows("Mg_K"))),
        ];
        let found = composition(&all, &BEAM).unwrap();
        let pulls: Vec<f64> = found.fractions[0]
            .value
            .iter()
            .zip(&found.fractions[0].standard_error)
            .map(|(v, se)| (f64::from(*v) - x) / f64::from(*se))
            .collect();
        let mean = pulls.iter().sum::<f64>() / pixels as f64;
        let spread = (pulls.iter().map(|p| p * p).sum::<f64>() / pixels as f64).sqrt();
        // 3000 pulls know their spread to 1.3 %; the error is taken at the pixel's own counts, which correlates it with the value.
        assert!(mean.abs() < 0.2, "{x}: mean pull {mean}");
        assert!((0.9..1.1).contains(&spread), "{x}: spread {spread}");
        let [a, b] = found.whole.as_slice() else {
            panic!("two elements")
        };
        assert!((a.value + b.value - 1.0).abs() < 1e-12);
        assert!((a.value - x).abs() < 4.0 * a.standard_error, "{a:?}");
        // ln(x/(1 − x)) has the errors of both cross-sections, 15 and 10 %.
        let expected = x * (1.0 - x) * (0.15_f64.powi(2) + 0.10_f64.powi(2)).sqrt();
        assert!((a.systematic / expected - 1.0).abs() < 0.02, "{a:?}");
        // The ratio is the fraction's odds.
        for (r, f) in found.ratio.value.iter().zip(&found.fractions[0].value) {
            if r.is_finite() {
                assert!((r - f / (1.0 - f)).abs() < 1e-3 * (1.0 + r.abs()));
            }
        }
        let unsaid = Beam {
            collection_mrad: None,
            ..BEAM
        };
        let wider = composition(&all, &unsaid).unwrap();
        assert!(wider.whole[0].systematic > a.systematic);
    }
}

#[test]
fn pixels_without_counts_have_no_composition() {
    let mut noise = Noise::new(5);
    let zeros = |name: &str, noise: &mut Noise| map(name, (0..500).map(|_| 0.0), noise);
    let (first, second) = (zeros("Cu_L3", &mut noise), zeros("Mg_K", &mut noise));
    let wide = Windows {
        background: Window::new(800.0, 900.0),
        above: None,
        signal: Window::new(928.0, 988.0),
    };
    let all = [
        (edge("Cu_L3"), &first, Some(wide)),
        (edge("Mg_K"), &second, None),
    ];
    let found = composition(&all, &BEAM).unwrap();
    let told = found.fractions[0].value.iter().filter(|v| v.is_finite());
    // Five standard errors above nothing by chance: 3e-7.
    assert_eq!(told.count(), 0);
    assert!(composition(&all[..1], &BEAM).is_err());
}

/// Where one element is measured well and the other hardly, the noise of the worse one does not choose the pixels.
#[test]
fn the_pixels_shown_have_the_composition_put_in() {
    let (cu, mg) = (edge("Cu_L3"), edge("Mg_K"));
    let window = |e: &Edge| Window::new(e.onset_ev, e.onset_ev + 100.0);
    let [cu_barn, mg_barn] = [cu, mg].map(|e| cross_section(e, window(e), &BEAM).unwrap().barn);
    let pixels = 3000;
    for (x, counts) in [(0.8, 170.0), (0.5, 170.0), (0.8, 1000.0)] {
        let mut noise = Noise::new(23);
        let magnesium = counts * (1.0 - x) / x * mg_barn / cu_barn;
        let first = map("Cu_L3", (0..pixels).map(|_| counts), &mut noise);
        let second = map("Mg_K", (0..pixels).map(|_| magnesium), &mut noise);
        let found = composition(&[(cu, &first, None), (mg, &second, None)], &BEAM).unwrap();
        let share = &found.fractions[0];
        let pixel = share.value.iter().zip(&share.standard_error);
        let shown: Vec<(f64, f64)> = pixel
            .filter(|(v, _)| v.is_finite())
            .map(|(v, se)| (f64::from(*v), f64::from(*se)))
            .collect();
        let n = shown.len() as f64;
        let mean = shown.iter().map(|s| s.0).sum::<f64>() / n;
        let error = shown.iter().map(|s| s.1).sum::<f64>() / n;
        println!("x {x}, {counts} counts: mean {mean} of {n} pixels, each ± {error}");
        assert!(n > 0.9 * f64::from(pixels), "{n} pixels are shown");
        // A quotient of noisy numbers is biased by the square of their relative errors.
        assert!((mean - x).abs() < error / 3.0, "{mean} for {x}");
        let within = |k: f64| shown.iter().filter(|s| (s.0 - x).abs() < k * s.1).count() as f64 / n;
        println!(
            "{} and {} within one and two errors",
            within(1.0),
            within(2.0)
        );
        assert!(within(1.0) > 0.6 && within(2.0) > 0.85);
    }
}
