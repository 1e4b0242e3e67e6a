//! Element profiles and the order of core and shell, on simulated spectrum images of known truth.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::figures::{
    Canvas, CompositeFigure, Palette, Theme, composite, composite_range, composite_rgb,
};
use alloyscope::fit::{
    Arrangement, ElementMixing, ElementOrder, ElementProfiles, Inside, OrderCheck, PickUp,
    ZContrast, element_order, mixing_since,
};
use alloyscope::forward::{Basis, Optics, Response};
use alloyscope::imaging::Point;
use alloyscope::materials::{Library, Quantity};
use alloyscope::numerics::Noise;
use alloyscope::signal::{Image, LengthUnit, Profile};
use alloyscope::simulate::{SimulatedSpectra, SpectrumExperiment, simulate_spectra};
use alloyscope::spectroscopy::{
    Beam, Edge, ElementMap, MapSettings, Rings, composition, particle_in_maps, radial_profile,
    window_map,
};

fn simulated(copper_inside: bool, dose: f64, seed: u64) -> (SpectrumExperiment, SimulatedSpectra) {
    let experiment = SpectrumExperiment::copper_magnesium(copper_inside, dose).unwrap();
    let spectra = simulate_spectra(&experiment, seed).unwrap();
    (experiment, spectra)
}

/// Maps of copper and magnesium, in this order, with the exponent of the background common to all pixels.
fn maps(experiment: &SpectrumExperiment, spectra: &SimulatedSpectra) -> Vec<ElementMap> {
    let mut edges = [&experiment.core, &experiment.shell];
    edges.sort_by(|a, b| a.element.cmp(&b.element));
    let settings = MapSettings {
        shared_exponent: true,
        ..MapSettings::default()
    };
    edges
        .iter()
        .map(|e| {
            let windows = e.allowed(&["Cu", "Mg"], &spectra.image.axis).unwrap();
            window_map(&spectra.image, &e.name(), &windows, &settings).unwrap()
        })
        .collect()
}

fn order(maps: &[ElementMap], pixel_nm: f64) -> Option<ElementOrder> {
    order_with(maps, pixel_nm, None)
}

/// Copper over magnesium in an image.
const RATIO: f64 = 6.0;

/// A dark-field image of the same particle, with noise of 3 % of its highest value.
fn dark_field(experiment: &SpectrumExperiment, spectra: &SimulatedSpectra, seed: u64) -> Image {
    let e = experiment;
    let (core, shell) = match e.core.element == "Cu" {
        true => (RATIO, 1.0),
        false => (1.0, RATIO),
    };
    let lengths = spectra.truth[0].iter().zip(&spectra.truth[1]);
    let values = lengths.map(|(c, s)| core * c / e.counts_per_nm.0 + shell * s / e.counts_per_nm.1);
    let values: Vec<f64> = values.collect();
    let highest = values.iter().copied().fold(0.0, f64::max);
    let mut noise = Noise::new(1000 + seed);
    let noisy = values
        .iter()
        .map(|v| (v + 0.03 * highest * noise.normal()) as f32);
    Image {
        width: e.side_px,
        height: e.side_px,
        values: noisy.collect(),
    }
}

fn order_with(maps: &[ElementMap], pixel_nm: f64, image: Option<&Image>) -> Option<ElementOrder> {
    let circle = particle_in_maps(&[&maps[0], &maps[1]])?;
    let rings = Rings::around(&circle, (maps[0].width, maps[0].height));
    let profiles: Vec<Profile> = maps
        .iter()
        .map(|m| {
            radial_profile(m, circle.center, rings)
                .unwrap()
                .calibrated(pixel_nm)
        })
        .collect();
    let beside = image.map(|image| {
        let map = ElementMap::ready_made("image", image);
        let profile = radial_profile(&map, circle.center, rings).unwrap();
        profile.calibrated(pixel_nm)
    });
    let asked = ElementProfiles {
        first: &profiles[0],
        second: &profiles[1],
        edge: circle.radius_px * pixel_nm,
        psf_sigma: 0.1,
        image: beside.as_ref().map(|profile| ZContrast {
            profile,
            ratio: RATIO,
        }),
    };
    element_order(&asked).ok()
}

/// What the order of copper and magnesium is found to be: right, untold, wrong, out of `seeds`.
fn tally(copper_inside: bool, dose: f64, seeds: u64) -> ([u32; 3], f64) {
    let mut tally = [0; 3];
    let mut snr = 0.0;
    for seed in 0..seeds {
        let (experiment, spectra) = simulated(copper_inside, dose, seed);
        let maps = maps(&experiment, &spectra);
        let (total, error) = maps[1].total();
        snr += total / error / seeds as f64;
        let right = if copper_inside {
            Inside::AsGiven
        } else {
            Inside::Exchanged
        };
        let place = match order(&maps, experiment.pixel_nm).map(|o| o.inside()) {
            Some(found) if found == right => 0,
            Some(Inside::Untold) | None => 1,
            Some(_) => 2,
        };
        tally[place] += 1;
    }
    (tally, snr)
}

#[test]
fn either_order_is_found_and_never_the_wrong_one() {
    for copper_inside in [true, false] {
        for dose in [16.0, 1.6] {
            let (tally, snr) = tally(copper_inside, dose, 4);
            println!(
                "copper inside {copper_inside}, dose {dose}: {tally:?}, Mg total over its error {snr:.0}"
            );
            assert_eq!(
                tally[2], 0,
                "copper inside {copper_inside}, dose {dose}: {tally:?}"
            );
            // The stated limit: magnesium summed over the map stands 30 (copper inside) and 9 (outside) standard errors above its background.
            if dose >= 16.0 {
                assert_eq!(
                    tally[0], 4,
                    "copper inside {copper_inside}, dose {dose}: {tally:?}"
                );
            }
        }
    }
}

#[test]
fn radii_come_out_within_their_errors_and_the_order_of_pick_up_is_judged() {
    let (experiment, spectra) = simulated(true, 160.0, 4);
    let found = order(&maps(&experiment, &spectra), experiment.pixel_nm).unwrap();
    assert_eq!(found.inside(), Inside::AsGiven);
    let shape = experiment.shape;
    // Rings of a pixel (0.2 nm) and a center good to a fraction of one are not in the errors.
    for (value, truth, error) in [
        (
            found.shape.radius_a_nm,
            shape.radius_a_nm,
            found.shape_error[0],
        ),
        (
            found.shape.radius_b_nm,
            shape.radius_b_nm,
            found.shape_error[1],
        ),
    ] {
        assert!(
            (value - truth).abs() < 4.0 * error + 0.08,
            "{value} ± {error} for {truth}"
        );
        assert!(error > 0.0 && error < 0.15, "{error}");
    }
    // Magnesium was picked up first and is outside: inverted, as the abstract has it.
    assert_eq!(found.pick_up(false), PickUp::Inverted);
    assert_eq!(found.pick_up(true), PickUp::Kept);
    assert_eq!(found.check(Inside::AsGiven), OrderCheck::Agree);
    assert_eq!(found.check(Inside::Exchanged), OrderCheck::Disagree);
    assert_eq!(found.check(Inside::Untold), OrderCheck::Open);
}

#[test]
fn an_image_beside_the_maps_narrows_the_shape_and_tells_where_they_do_not() {
    // So few counts that the maps alone leave some orders open.
    let (dose, seeds, mut more) = (0.8, 12, 0);
    for copper_inside in [true, false] {
        let (mut alone, mut jointly, mut narrower) = (0, 0, 0);
        for seed in 0..seeds {
            let (experiment, spectra) = simulated(copper_inside, dose, seed);
            let maps = maps(&experiment, &spectra);
            let image = dark_field(&experiment, &spectra, seed);
            let expected = match copper_inside {
                true => Inside::AsGiven,
                false => Inside::Exchanged,
            };
            let found = order(&maps, experiment.pixel_nm);
            let both = order_with(&maps, experiment.pixel_nm, Some(&image)).unwrap();
            alone += u32::from(found.as_ref().is_some_and(|f| f.inside() == expected));
            jointly += u32::from(both.inside() == expected);
            assert!(
                [expected, Inside::Untold].contains(&both.inside()),
                "{both:?}"
            );
            narrower += u32::from(found.is_none_or(|f| both.shape_error[0] < f.shape_error[0]));
            let error = (both.shape.radius_a_nm - 1.6) / both.shape_error[0];
            assert!(error.abs() < 4.0, "{both:?}");
        }
        println!("copper inside {copper_inside}: {alone} alone, {jointly} with the image");
        assert!(jointly >= alone);
        more += jointly - alone;
        assert!(narrower >= seeds as u32 - 1);
    }
    assert!(more > 0);
}

#[test]
fn maps_of_simulated_spectra_are_the_counts_put_in() {
    let (experiment, spectra) = simulated(true, 480.0, 2);
    let found = maps(&experiment, &spectra);
    for (map, truth) in found.iter().zip(&spectra.truth) {
        let n = truth.len() as f64;
        let (mx, my) = (map.total().0 / n, truth.iter().sum::<f64>() / n);
        let (mut xy, mut xx, mut yy) = (0.0, 0.0, 0.0);
        for (x, y) in map.value.iter().zip(truth) {
            let (x, y) = (f64::from(*x) - mx, y - my);
            xy += x * y;
            xx += x * x;
            yy += y * y;
        }
        let correlation = xy / (xx * yy).sqrt();
        assert!(correlation > 0.97, "{}: {correlation}", map.name);
    }
}

#[test]
fn atoms_counted_by_cross_sections_are_those_of_the_shape() {
    // A single image errs by 0.002, the mean of these by 0.0004: what is left is the bias.
    const SEEDS: std::ops::Range<u64> = 0..30;
    let [cu, mg] = ["Cu_L3", "Mg_K"].map(|name| Edge::named(name).unwrap());
    let beam = Beam {
        kilovolts: 200.0,
        collection_mrad: None,
    };
    let library = Library::with(&[]);
    let off = |seed: u64| {
        let (experiment, spectra) = simulated(true, 480.0, seed);
        let found = maps(&experiment, &spectra);
        let windows = [cu, mg].map(|e| e.allowed(&["Cu", "Mg"], &spectra.image.axis).unwrap());
        let all = [
            (cu, &found[0], Some(windows[0])),
            (mg, &found[1], Some(windows[1])),
        ];
        let share = &composition(&all, &beam).unwrap().whole[0];
        let atoms = |k: usize, symbol: &str, counts_per_nm: f64| {
            let length: f64 = spectra.truth[k].iter().sum::<f64>() / counts_per_nm;
            length * library.number(symbol, Quantity::AtomicDensity).unwrap()
        };
        let copper = atoms(0, "Cu", experiment.counts_per_nm.0);
        let magnesium = atoms(1, "Mg", experiment.counts_per_nm.1);
        let expected = copper / (copper + magnesium);
        println!("{} ± {} of {expected}", share.value, share.standard_error);
        share.value - expected
    };
    let mean = SEEDS.map(off).sum::<f64>() / SEEDS.count() as f64;
    println!("off by {mean}");
    // What plural scattering moves out of windows of 60 eV is not the same for both edges.
    assert!(mean.abs() < 0.05, "{mean}");
}

#[test]
fn the_sum_of_a_map_scatters_as_its_error_says() {
    // The exponent is taken from all pixels together: what it errs by is in every one of them, and does not average out.
    const SEEDS: u64 = 30;
    let sums: Vec<Vec<ElementMap>> = (0..SEEDS)
        .map(|seed| {
            let (experiment, spectra) = simulated(true, 480.0, seed);
            maps(&experiment, &spectra)
        })
        .collect();
    for edge in 0..2 {
        let totals: Vec<(f64, f64)> = sums.iter().map(|maps| maps[edge].total()).collect();
        let n = totals.len() as f64;
        let mean = totals.iter().map(|t| t.0).sum::<f64>() / n;
        let scatter = totals.iter().map(|t| (t.0 - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let stated = totals.iter().map(|t| t.1 * t.1).sum::<f64>() / n;
        let ratio = (scatter / stated).sqrt();
        println!("edge {edge}: scatter over error {ratio}");
        // The scatter of 30 sums is known to 13 %.
        assert!((0.7..1.35).contains(&ratio), "{ratio}");
    }
}

/// An exact profile of one element at τ, with a hundredth of its maximum as error.
fn exact(tau: f64, core_wanted: bool) -> Profile {
    let shape = SpectrumExperiment::copper_magnesium(true, 1.0)
        .unwrap()
        .shape;
    let basis = Basis::new(Scheme::Fraction, shape.sigma_nm / shape.radius_b_nm).unwrap();
    let radius: Vec<f64> = (0..20).map(|i| 0.1 + 0.17 * f64::from(i)).collect();
    let optics = Optics {
        psf_sigma_nm: 0.1,
        contrast: 1.0,
    };
    let (mut core, mut total) = (vec![0.0; 20], vec![0.0; 20]);
    Response::new(&basis, &shape, optics, &radius).projections(tau, &mut core, &mut total);
    let value: Vec<f64> = core
        .iter()
        .zip(&total)
        .map(|(c, t)| 7.0 * if core_wanted { *c } else { t - c } + 3.0)
        .collect();
    Profile {
        unit: LengthUnit::Nanometer,
        standard_error: vec![0.2; 20],
        pixel_count: vec![10; 20],
        radius,
        value,
    }
}

/// A state whose shape is known exactly, its first element inside.
fn known(shape: CoreShell) -> ElementOrder {
    ElementOrder {
        arrangement: Arrangement {
            chi2_red: 1.0,
            chi2_red_exchanged: 100.0,
            chi2_red_mixed: 100.0,
            degrees_of_freedom: 30,
        },
        shape,
        shape_error: [0.0; 3],
        significance: 50.0,
    }
}

#[test]
fn element_profiles_are_fitted_with_the_same_diffusion() {
    let shape = SpectrumExperiment::copper_magnesium(true, 1.0)
        .unwrap()
        .shape;
    for tau in [0.02, 0.06, 0.12] {
        let (first, second) = (exact(tau, true), exact(tau, false));
        let profiles = ElementProfiles {
            first: &first,
            second: &second,
            edge: 2.2,
            psf_sigma: 0.1,
            image: None,
        };
        let found = mixing_since(&known(shape), &profiles, Scheme::Fraction).unwrap();
        let ElementMixing::Value { dtau, .. } = found else {
            panic!("{found:?} for {tau}");
        };
        // Noise-free: what is left is the step of the search, a millionth of the way to mixed.
        assert!((dtau - tau).abs() < 1e-4 * tau, "{dtau} for {tau}");
    }
    let (first, second) = (exact(0.0, true), exact(0.0, false));
    let still = ElementProfiles {
        first: &first,
        second: &second,
        edge: 2.2,
        psf_sigma: 0.1,
        image: None,
    };
    let found = mixing_since(&known(shape), &still, Scheme::Fraction).unwrap();
    assert!(
        matches!(found, ElementMixing::AtMost(high) if high > 0.0 && high < 0.02),
        "{found:?}"
    );
    let (first, second) = (exact(3.0, true), exact(3.0, false));
    let mixed = ElementProfiles {
        first: &first,
        second: &second,
        ..still
    };
    let found = mixing_since(&known(shape), &mixed, Scheme::Fraction).unwrap();
    assert!(
        matches!(found, ElementMixing::AtLeast(low) if low > 0.12 && low < 3.0),
        "{found:?}"
    );
}

/// Spectrum images from before and after: D·t with true errors, that of the shape included.
#[test]
fn the_elements_of_a_heated_particle_have_mixed_by_what_was_put_in() {
    let truth = 0.06;
    let of = |dtau_nm2: f64, seed: u64| {
        let mut experiment = SpectrumExperiment::copper_magnesium(true, 128.0).unwrap();
        experiment.dtau_nm2 = dtau_nm2;
        let spectra = simulate_spectra(&experiment, seed).unwrap();
        let all = maps(&experiment, &spectra);
        let circle = particle_in_maps(&all.iter().collect::<Vec<_>>()).unwrap();
        let rings = Rings {
            width_px: 1.0,
            reach_px: 1.6 * circle.radius_px,
        };
        let profile = |map: &ElementMap| {
            let profile = radial_profile(map, circle.center, rings).unwrap();
            profile.calibrated(experiment.pixel_nm)
        };
        (profile(&all[0]), profile(&all[1]))
    };
    let count = 16;
    let pulls: Vec<f64> = (0..count)
        .map(|seed| {
            let (cold, hot) = (of(0.0, 100 + seed), of(truth, 200 + seed));
            let before = ElementProfiles {
                first: &cold.0,
                second: &cold.1,
                edge: 2.5,
                psf_sigma: 0.1,
                image: None,
            };
            let after = ElementProfiles {
                first: &hot.0,
                second: &hot.1,
                ..before
            };
            let state = element_order(&before).unwrap();
            let found = mixing_since(&state, &after, Scheme::Fraction).unwrap();
            let ElementMixing::Value {
                dtau,
                standard_error,
                shape_error,
            } = found
            else {
                panic!("{found:?}");
            };
            println!("{dtau} ± {standard_error} ± {shape_error}");
            (dtau - truth) / standard_error.hypot(shape_error)
        })
        .collect();
    let n = pulls.len() as f64;
    let mean = pulls.iter().sum::<f64>() / n;
    let rms = (pulls.iter().map(|p| p * p).sum::<f64>() / n).sqrt();
    println!("pulls: mean {mean}, rms {rms}");
    // Three standard deviations of the mean. Parameters of the shape count as independent, which makes the error too large rather than too small.
    assert!(mean.abs() < 3.0 * rms / n.sqrt(), "{mean}");
    assert!((0.4..1.2).contains(&rms), "{rms}");
}

#[test]
fn rings_hold_the_pixels_whose_centers_are_in_them() {
    let map = ElementMap {
        name: "x".into(),
        width: 21,
        height: 21,
        value: (0..441)
            .map(|i| {
                ((i % 21) as f32 - 10.0)
                    .hypot((i / 21) as f32 - 10.0)
                    .floor()
            })
            .collect(),
        standard_error: vec![2.0; 441],
        dispersion: 1.0,
        common_error: 0.0,
    };
    let rings = Rings {
        width_px: 1.0,
        reach_px: 9.0,
    };
    let center = Point {
        x_px: 10.0,
        y_px: 10.0,
    };
    let profile = radial_profile(&map, center, rings).unwrap();
    assert_eq!(profile.len(), 9);
    for (k, (value, (se, n))) in profile
        .value
        .iter()
        .zip(profile.standard_error.iter().zip(&profile.pixel_count))
        .enumerate()
    {
        assert!((value - k as f64).abs() < 1e-9);
        assert!((se - 2.0 / f64::from(*n).sqrt()).abs() < 1e-9);
    }
}

#[test]
fn composites_add_colors_from_zero() {
    let map = |name: &str, value: Vec<f32>| ElementMap {
        name: name.into(),
        width: 2,
        height: 2,
        standard_error: vec![1.0; 4],
        value,
        dispersion: 1.0,
        common_error: 0.0,
    };
    let maps = [
        map("Cu_L3", vec![10.0, 0.0, 5.0, -3.0]),
        map("Mg_K", vec![0.0, 4.0, 4.0, 0.0]),
    ];
    assert_eq!(composite_range(&maps[0]), (0.0, 10.0));
    let rgb = composite_rgb(&maps, Palette::RedGreen);
    assert_eq!(rgb, [255, 0, 0, 0, 255, 0, 127, 255, 0, 0, 0, 0]);
    // Every pair of colors of the safe palette differs in blue, which red-green blindness leaves.
    let [a, b] = [0, 1].map(|i| Palette::Safe.color(i));
    assert!(a.blue.abs_diff(b.blue) > 100);
    let what = CompositeFigure {
        maps: &maps,
        palette: Palette::Safe,
        pixel_nm: Some(0.5),
    };
    let canvas = Canvas {
        width_px: 300.0,
        height_px: 360.0,
    };
    let svg = composite(canvas, &Theme::light(), &what).to_svg();
    for text in ["Cu_L3: 0", "10.0 counts", "Mg_K", "nm"] {
        assert!(svg.contains(text), "{text}");
    }
}

/// A row of pixels is a section through the particle: half its length is the radius, not that of a disk of so many pixels.
#[test]
fn a_line_scan_has_the_radius_of_its_section() {
    for (width, height) in [(60, 1), (1, 60)] {
        let value: Vec<f32> = (0..60)
            .map(|i| 100.0 * (225.0 - (i as f32 - 29.5).powi(2)).max(0.0).sqrt())
            .collect();
        let map = ElementMap {
            name: "Cu_L3".into(),
            width,
            height,
            standard_error: vec![10.0; 60],
            value,
            dispersion: 1.0,
            common_error: 0.0,
        };
        let circle = particle_in_maps(&[&map]).unwrap();
        // Half of the chord's maximum is reached at 0.87 of the radius of 15.
        assert!((circle.radius_px - 13.0).abs() <= 1.0, "{circle:?}");
        let along = circle.center.x_px + circle.center.y_px;
        assert!((along - 29.5).abs() < 1e-9, "{circle:?}");
    }
}

/// The row through the middle of a particle is a line scan: it tells order and radii, whichever element stands out.
#[test]
fn a_line_scan_through_the_particle_tells_its_order() {
    for copper_inside in [true, false] {
        let (experiment, spectra) = simulated(copper_inside, 1000.0, 8);
        let row = |map: ElementMap| {
            let of = |v: &[f32]| v[map.height / 2 * map.width..][..map.width].to_vec();
            ElementMap {
                value: of(&map.value),
                standard_error: of(&map.standard_error),
                height: 1,
                ..map
            }
        };
        let maps: Vec<ElementMap> = maps(&experiment, &spectra).into_iter().map(row).collect();
        let found = order(&maps, experiment.pixel_nm).unwrap();
        let right = match copper_inside {
            true => Inside::AsGiven,
            false => Inside::Exchanged,
        };
        println!("{:?} ± {:?}", found.shape, found.shape_error);
        assert_eq!(found.inside(), right);
        let shape = experiment.shape;
        let pairs = [
            (
                found.shape.radius_a_nm,
                shape.radius_a_nm,
                found.shape_error[0],
            ),
            (
                found.shape.radius_b_nm,
                shape.radius_b_nm,
                found.shape_error[1],
            ),
        ];
        for (value, truth, error) in pairs {
            // A pixel is 0.2 nm; the center is good to half of one, and the row need not hit that of the particle.
            assert!(
                (value - truth).abs() < 3.0 * error + 0.1,
                "{value} ± {error} for {truth}"
            );
        }
    }
}
