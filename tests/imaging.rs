//! From an image to its profile: synthetic micrographs of exactly known geometry.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests may panic

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "common/scene.rs"]
mod scene;

use alloyscope::imaging::{
    Circle, ImagingError, Mask, MeasureRequest, Measurement, Point, doubt_size, measure,
    measure_scale_bar, pixels,
};
use alloyscope::signal::{Image, LengthUnit, NoticeKind, Notices};
use scene::{Scene, Sphere, circle, counted, distance};

/// Monte-Carlo realizations for the calibration of errors: the rms pull of n values is known to 1 / √(2 n) = 3.5 % (two
/// coordinates), so that the 20 % asked for are six standard errors.
const REALIZATIONS: u64 = 200;

/// How far the rms pull may be from 1.
const PULL: f64 = 0.2;

/// Radius of the drawn outline over R_B: 0.89 for a sphere without blur; blur and a core move it by less than this.
const OUTLINE: std::ops::Range<f64> = 0.86..0.96;

/// The rms of n standard normal deviates stays within 5 standard errors of 1.
fn expect_unit_rms(what: &str, rms: f64, n: f64) {
    let allowed = 5.0 / (2.0 * n).sqrt();
    assert!(
        (rms - 1.0).abs() < allowed,
        "{what}: {rms} should be 1 ± {allowed}"
    );
}

fn auto(image: &Image) -> (Measurement, Notices) {
    let mut notices = Notices::default();
    let m =
        measure(image, &MeasureRequest::default(), &mut notices).unwrap_or_else(|e| panic!("{e}"));
    (m, notices)
}

fn refused(image: &Image, request: &MeasureRequest) -> ImagingError {
    match measure(image, request, &mut Notices::default()) {
        Err(e) => e,
        Ok(m) => panic!("measured {:?}", m.particle),
    }
}

fn kinds(notices: &Notices) -> Vec<NoticeKind> {
    notices.as_slice().iter().map(|n| n.kind.clone()).collect()
}

fn assert_found(m: &Measurement, s: &Sphere, tolerance: f64, what: &str) {
    let c = m.particle.circle;
    let off = distance(c.center, s.x_px, s.y_px);
    assert!(
        off < tolerance * s.radius_px,
        "{what}: center off by {off:.2} px of {}",
        s.radius_px
    );
    let ratio = c.radius_px / s.radius_px;
    assert!(
        OUTLINE.contains(&ratio),
        "{what}: radius {} of {}",
        c.radius_px,
        s.radius_px
    );
}

#[test]
fn finds_isolated_particles_without_a_click() {
    let cases: [(&str, Sphere, Scene); 8] = {
        let u = Sphere::uniform(130.3, 121.8, 60.0);
        let dark = Sphere::dark_core(120.6, 133.1, 60.0);
        let bright = Sphere::bright_core(120.6, 133.1, 60.0);
        let small = Sphere::uniform(140.2, 110.7, 12.0);
        let scene = |s: Sphere| Scene::of(vec![s], 256, 256);
        [
            ("uniform", u, scene(u)),
            ("dark core", dark, scene(dark)),
            ("bright core", bright, scene(bright)),
            (
                "low dose",
                dark,
                Scene {
                    peak: 40.0,
                    background: 4.0,
                    ..scene(dark)
                },
            ),
            (
                "uneven background",
                dark,
                Scene {
                    background: 120.0,
                    slope: (160.0, -90.0),
                    ..scene(dark)
                },
            ),
            (
                "lattice",
                bright,
                Scene {
                    lattice_px: 7.0,
                    ..scene(bright)
                },
            ),
            ("small", small, scene(small)),
            (
                "off the middle",
                u,
                Scene {
                    width: 420,
                    height: 300,
                    ..scene(u)
                },
            ),
        ]
    };
    for (i, (what, sphere, scene)) in cases.iter().enumerate() {
        let (m, notices) = auto(&counted(&scene.expected(), 7 + i as u64));
        assert_found(&m, sphere, 0.02, what);
        assert!(kinds(&notices).is_empty(), "{what}: {:?}", kinds(&notices));
        assert_eq!(m.profile.unit, LengthUnit::Pixel);
        let reach = m.profile.radius.last().copied().unwrap_or(0.0);
        assert!(
            (1.25..1.45).contains(&(reach / sphere.radius_px)),
            "{what}: the profile ends at {reach}"
        );
    }
}

#[test]
fn takes_the_most_central_of_several_and_leaves_out_neighbors() {
    let main = Sphere::dark_core(250.0, 262.0, 70.0);
    let far = Sphere::uniform(80.0, 80.0, 60.0);
    let near = Sphere::uniform(352.0, 300.0, 32.0);
    let scene = Scene::of(vec![main, far, near], 512, 512);
    let (m, notices) = auto(&counted(&scene.expected(), 3));
    assert_found(&m, &main, 0.01, "with neighbors");
    assert!(
        kinds(&notices)
            .iter()
            .any(|k| matches!(k, NoticeKind::SeveralParticles { .. })),
        "{notices:?}"
    );
    assert!(
        kinds(&notices).contains(&NoticeKind::Neighbors { count: 1 })
            || kinds(&notices).contains(&NoticeKind::Neighbors { count: 2 }),
        "{notices:?}"
    );
    // The profile is that of the particle alone: its outer bins hold no trace of the neighbor.
    let lone = Scene::of(vec![main], 512, 512);
    let (alone, _) = auto(&counted(&lone.expected(), 3));
    let (mut sum, mut n) = (0.0, 0.0);
    for (i, r) in m.profile.radius.iter().enumerate() {
        if *r > 1.15 * main.radius_px {
            sum += (m.profile.value[i] / m.profile.standard_error[i]).powi(2);
            n += 1.0;
        }
    }
    assert!(
        sum / n < 4.0,
        "outside the particle the profile should be 0: {}",
        sum / n
    );
    assert!((m.intensity.0 / alone.intensity.0 - 1.0).abs() < 0.01);
}

/// Squares about a point outside the picture's middle, of a small particle between larger and brighter ones that touch the rim.
#[test]
fn finds_the_particle_that_is_pointed_at() {
    let small = Sphere::uniform(150.0, 380.0, 25.0);
    let large = Sphere::uniform(330.0, 200.0, 90.0);
    let cut = Sphere::uniform(500.0, 500.0, 140.0);
    let image = counted(&Scene::of(vec![small, large, cut], 512, 512).expected(), 3);
    let at = |x_px: f64, y_px: f64| {
        let request = MeasureRequest {
            pointed: Some(Point { x_px, y_px }),
            ..MeasureRequest::default()
        };
        measure(&image, &request, &mut Notices::default())
    };
    for (sphere, dx, dy) in [
        (&small, 0.0, 0.0),
        (&small, 15.0, -12.0),
        (&large, -50.0, 40.0),
        (&large, 0.0, 5.0),
    ] {
        let m = at(sphere.x_px + dx, sphere.y_px + dy).unwrap();
        assert_found(&m, sphere, 0.02, "pointed at");
    }
    for (x_px, y_px) in [(60.0, 60.0), (-100.0, 20.0), (f64::NAN, 3.0)] {
        assert!(matches!(
            at(x_px, y_px),
            Err(ImagingError::NothingThere { .. })
        ));
    }
}

#[test]
fn follows_the_tracked_particle() {
    let left = Sphere::uniform(150.0, 250.0, 50.0);
    let right = Sphere::uniform(330.0, 260.0, 60.0);
    let image = counted(&Scene::of(vec![right, left], 512, 512).expected(), 5);
    for s in [left, right] {
        let mut notices = Notices::default();
        let request = MeasureRequest {
            track: Some(circle(s.x_px + 18.0, s.y_px - 12.0, s.radius_px)),
            ..MeasureRequest::default()
        };
        let m = measure(&image, &request, &mut notices).unwrap();
        assert_found(&m, &s, 0.01, "tracked");
        assert!(!kinds(&notices).contains(&NoticeKind::TrackLost));
    }
    // Nothing of that kind where it is said to be: searched anew, and said so.
    let mut notices = Notices::default();
    let request = MeasureRequest {
        track: Some(circle(60.0, 60.0, 20.0)),
        ..MeasureRequest::default()
    };
    assert!(measure(&image, &request, &mut notices).is_ok());
    assert!(kinds(&notices).contains(&NoticeKind::TrackLost));
}

#[test]
fn center_error_is_calibrated() {
    for (what, sphere, peak) in [
        ("dark core", Sphere::dark_core(63.7, 64.4, 32.0), 400.0),
        ("bright core", Sphere::bright_core(64.2, 63.1, 32.0), 400.0),
        ("low dose", Sphere::dark_core(63.7, 64.4, 32.0), 40.0),
        ("small", Sphere::uniform(63.3, 64.4, 11.0), 400.0),
    ] {
        let scene = Scene {
            peak,
            background: 0.1 * peak,
            ..Scene::of(vec![sphere], 128, 128)
        };
        let expected = scene.expected();
        let (mut pull, mut bias, mut square) = (0.0, [0.0; 2], 0.0);
        for seed in 0..REALIZATIONS {
            let (m, _) = auto(&counted(&expected, 1000 * (1 + what.len() as u64) + seed));
            let c = m.particle.circle.center;
            let d = [c.x_px - sphere.x_px, c.y_px - sphere.y_px];
            let se = m.particle.center_se_px;
            pull += 0.5 * (d[0] * d[0] + d[1] * d[1]) / (se * se);
            square += 0.5 * (d[0] * d[0] + d[1] * d[1]);
            bias[0] += d[0];
            bias[1] += d[1];
        }
        let n = REALIZATIONS as f64;
        let (pull, sd) = ((pull / n).sqrt(), (square / n).sqrt());
        println!(
            "{what}: sd {sd:.4} px, pull {pull:.3}, bias {:.4} {:.4}",
            bias[0] / n,
            bias[1] / n
        );
        assert!((pull - 1.0).abs() < PULL, "{what}: pull {pull}");
        // Unbiased: the mean of n is within 4 standard errors of the truth.
        for b in bias {
            assert!(
                (b / n).abs() < 4.0 * sd / n.sqrt(),
                "{what}: bias {}",
                b / n
            );
        }
    }
}

#[test]
fn a_core_off_center_does_not_pull_the_center() {
    for mut sphere in [
        Sphere::dark_core(128.0, 128.0, 80.0),
        Sphere::bright_core(128.0, 128.0, 80.0),
    ] {
        sphere.core_shift_px = 0.1 * sphere.radius_px;
        let (m, _) = auto(&counted(&Scene::of(vec![sphere], 256, 256).expected(), 2));
        let off = distance(m.particle.circle.center, sphere.x_px, sphere.y_px);
        // The centroid of the intensity moves by a tenth to a fifth of the core's shift.
        assert!(off < 0.06 * sphere.core_shift_px, "off by {off} px");
    }
}

#[test]
fn ellipse_is_reported_with_its_direction() {
    let sphere = Sphere {
        aspect: 1.08,
        angle_rad: 0.6,
        ..Sphere::dark_core(128.4, 127.7, 80.0)
    };
    let (m, notices) = auto(&counted(&Scene::of(vec![sphere], 256, 256).expected(), 4));
    assert!(
        (m.particle.ellipticity - 1.08).abs() < 0.01,
        "{}",
        m.particle.ellipticity
    );
    assert!(
        (m.particle.angle_rad - 0.6).abs() < 0.05,
        "{}",
        m.particle.angle_rad
    );
    assert!(
        kinds(&notices)
            .iter()
            .any(|k| matches!(k, NoticeKind::NotRound { .. }))
    );
    let round = Sphere {
        aspect: 1.0,
        ..sphere
    };
    let (m, notices) = auto(&counted(&Scene::of(vec![round], 256, 256).expected(), 4));
    assert!(m.particle.ellipticity < 1.01);
    assert!(kinds(&notices).is_empty());
}

#[test]
fn a_given_center_is_kept_exactly() {
    let sphere = Sphere::dark_core(130.0, 126.0, 60.0);
    let image = counted(&Scene::of(vec![sphere], 256, 256).expected(), 1);
    // The radius drawn is only where the outline is sought.
    let mut radii = Vec::new();
    for hint in [35.0, 50.0, 60.0, 90.0] {
        let request = MeasureRequest {
            circle: Some(circle(131.25, 124.5, hint)),
            ..MeasureRequest::default()
        };
        let m = measure(&image, &request, &mut Notices::default()).unwrap();
        radii.push(m.particle.circle.radius_px);
    }
    for r in &radii {
        assert!((r / radii[1] - 1.0).abs() < 0.01, "{radii:?}");
    }
    let given = circle(131.25, 124.5, 50.0);
    let request = MeasureRequest {
        circle: Some(given),
        ..MeasureRequest::default()
    };
    let m = measure(&image, &request, &mut Notices::default()).unwrap();
    assert_eq!(m.particle.circle.center, given.center);
    assert!((m.particle.circle.radius_px / sphere.radius_px - 0.90).abs() < 0.05);
    let (free, _) = auto(&image);
    let ratio = m.particle.center_se_px / free.particle.center_se_px;
    assert!(
        (0.4..2.5).contains(&ratio),
        "the error is that of the image's symmetry: {ratio}"
    );
}

#[test]
fn radius_error_is_calibrated() {
    let sphere = Sphere::dark_core(63.7, 64.4, 32.0);
    let expected = Scene::of(vec![sphere], 128, 128).expected();
    let all: Vec<(f64, f64)> = (0..REALIZATIONS)
        .map(|seed| {
            let p = auto(&counted(&expected, seed)).0.particle;
            (p.circle.radius_px, p.radius_se_px)
        })
        .collect();
    let n = all.len() as f64;
    let mean = all.iter().map(|p| p.0).sum::<f64>() / n;
    let pull = (all
        .iter()
        .map(|p| ((p.0 - mean) / p.1).powi(2))
        .sum::<f64>()
        / (n - 1.0))
        .sqrt();
    println!("radius {mean:.3} px, pull {pull:.3}");
    // The level at which the outline is drawn fluctuates along, which the scatter around the outline does not see.
    assert!((0.7..1.4).contains(&pull), "pull {pull}");
}

#[test]
fn standard_errors_give_chi_square_one() {
    // Against the noise-free image averaged over the very same pixels, so that only the noise differs.
    for (what, peak, radius) in [
        ("medium dose", 400.0, 60.0),
        ("low dose", 40.0, 60.0),
        ("small", 400.0, 20.0),
    ] {
        let sphere = Sphere {
            probe_px: 0.08 * radius,
            ..Sphere::dark_core(127.7, 128.4, radius)
        };
        let scene = Scene {
            peak,
            background: 0.1 * peak,
            ..Scene::of(vec![sphere], 256, 256)
        };
        let expected = scene.expected();
        let request = MeasureRequest {
            circle: Some(circle(127.7, 128.4, radius)),
            bin_width_px: Some(1.0),
            ..MeasureRequest::default()
        };
        let exact = measure(&expected, &request, &mut Notices::default()).unwrap();
        let (mut sum, mut inner, mut n, mut k) = (0.0, 0.0, 0.0, 0.0);
        for seed in 0..40 {
            let m = measure(&counted(&expected, seed), &request, &mut Notices::default()).unwrap();
            for i in 0..m.profile.len().min(exact.profile.len()) {
                // The level of the background is common to all bins and free in the fit.
                let level = m.background.level - exact.background.level;
                let d = m.profile.value[i] + level - exact.profile.value[i];
                let z = d / m.profile.standard_error[i];
                sum += z * z;
                n += 1.0;
                if i < 8 {
                    inner += z * z;
                    k += 1.0;
                }
            }
        }
        println!(
            "{what}: reduced chi-square {:.3} ({n} bins), innermost bins {:.3}",
            sum / n,
            inner / k
        );
        assert!(
            (sum / n - 1.0).abs() < 5.0 * (2.0f64 / n).sqrt(),
            "{what}: {}",
            sum / n
        );
        assert!(
            (inner / k - 1.0).abs() < 5.0 * (2.0f64 / k).sqrt(),
            "{what}: innermost {}",
            inner / k
        );
    }
}

#[test]
fn bins_hold_whole_pixels() {
    let sphere = Sphere::uniform(64.0, 64.0, 30.0);
    let image = Scene::of(vec![sphere], 129, 129).expected();
    let request = MeasureRequest {
        circle: Some(circle(64.0, 64.0, 30.0)),
        bin_width_px: Some(1.0),
        ..MeasureRequest::default()
    };
    let m = measure(&image, &request, &mut Notices::default()).unwrap();
    // Lattice points with 0 ≤ r < 1, 1 ≤ r < 2, 2 ≤ r < 3 about a pixel's center.
    assert_eq!(&m.profile.pixel_count[..3], &[1, 8, 16]);
    assert_eq!(m.profile.radius[0], 0.0);
    let expected = (4.0 + 4.0 * 2.0f64.sqrt()) / 8.0;
    assert!((m.profile.radius[1] - expected).abs() < 1e-12);
}

#[test]
fn background_plane_is_unbiased_at_low_dose() {
    let sphere = Sphere::dark_core(128.0, 128.0, 50.0);
    let scene = Scene {
        peak: 40.0,
        background: 2.0,
        slope: (1.0, -0.5),
        ..Scene::of(vec![sphere], 256, 256)
    };
    let expected = scene.expected();
    let n = 40.0;
    let (mut level, mut slope, mut noise) = (0.0, 0.0, 0.0);
    for seed in 0..40 {
        let b = auto(&counted(&expected, seed)).0.background;
        level += b.level / n;
        slope += b.slope_x * 256.0 / n;
        noise += b.noise / n;
    }
    // About 30000 pixels of variance 2 each: standard error 0.008 per frame, 0.0013 for the mean of 40.
    assert!((level - 2.0).abs() < 0.01, "{level}");
    assert!((slope - 1.0).abs() < 0.03, "{slope}");
    assert!((noise - 2.0f64.sqrt()).abs() < 0.02, "{noise}");
}

#[test]
fn intensity_is_the_sum_over_the_background() {
    let sphere = Sphere::dark_core(128.0, 128.0, 50.0);
    let scene = Scene::of(vec![sphere], 256, 256);
    let expected = scene.expected();
    let sum: f64 = expected.values.iter().map(|v| f64::from(*v) - 40.0).sum();
    let n = 40.0;
    let pull = ((0..40)
        .map(|seed| {
            let i = auto(&counted(&expected, seed)).0.intensity;
            ((i.0 - sum) / i.1).powi(2)
        })
        .sum::<f64>()
        / n)
        .sqrt();
    println!("intensity pull {pull}");
    expect_unit_rms("pull of the intensity", pull, n);
}

#[test]
fn a_particle_at_the_edge_is_averaged_over_what_is_there() {
    let sphere = Sphere::uniform(38.0, 128.0, 50.0);
    let image = counted(&Scene::of(vec![sphere], 256, 256).expected(), 9);
    let (m, notices) = auto(&image);
    assert_found(&m, &sphere, 0.03, "cut by the edge");
    assert!(kinds(&notices).contains(&NoticeKind::CutByEdge));
    let whole = Sphere {
        x_px: 128.0,
        ..sphere
    };
    let (full, _) = auto(&counted(&Scene::of(vec![whole], 256, 256).expected(), 9));
    assert!((m.intensity.0 / full.intensity.0 - 1.0).abs() < 0.03);
    // Of a particle in the corner only a third is there.
    let gone = Sphere {
        x_px: 4.0,
        y_px: 3.0,
        ..sphere
    };
    let image = counted(&Scene::of(vec![gone], 256, 256).expected(), 9);
    let request = MeasureRequest {
        circle: Some(circle(4.0, 3.0, 50.0)),
        ..MeasureRequest::default()
    };
    assert!(matches!(
        refused(&image, &request),
        ImagingError::MostlyOutside { .. }
    ));
}

#[test]
fn masks_are_left_out() {
    let sphere = Sphere::dark_core(128.0, 128.0, 60.0);
    let clean = counted(&Scene::of(vec![sphere], 256, 256).expected(), 6);
    let mut dirty = clean.clone();
    for y in 100..125 {
        for x in 135..160 {
            dirty.values[y * 256 + x] += 5000.0;
        }
    }
    let corner = |x_px: f64, y_px: f64| Point { x_px, y_px };
    let square = Mask::Polygon(vec![
        corner(134.5, 99.5),
        corner(160.5, 99.5),
        corner(160.5, 125.5),
        corner(134.5, 125.5),
    ]);
    for mask in [square, Mask::Circle(circle(147.0, 112.0, 20.0))] {
        let request = MeasureRequest {
            masks: vec![mask],
            ..MeasureRequest::default()
        };
        let m = measure(&dirty, &request, &mut Notices::default()).unwrap();
        assert_found(&m, &sphere, 0.01, "masked");
        let (free, _) = auto(&clean);
        assert!((m.intensity.0 / free.intensity.0 - 1.0).abs() < 0.02);
    }
}

#[test]
fn missing_and_saturated_pixels_are_counted() {
    let sphere = Sphere::uniform(128.0, 128.0, 60.0);
    let mut image = counted(&Scene::of(vec![sphere], 256, 256).expected(), 6);
    let (clean, _) = auto(&image);
    for i in 0..50 {
        image.values[(100 + i) * 256 + 128] = if i % 2 == 0 { f32::NAN } else { f32::INFINITY };
    }
    let mut saturated = 0;
    for v in &mut image.values {
        if *v > 420.0 && v.is_finite() {
            *v = 420.0;
        }
        saturated += usize::from(*v == 420.0);
    }
    let mut notices = Notices::default();
    let request = MeasureRequest {
        saturation: Some(420.0),
        ..MeasureRequest::default()
    };
    let m = measure(&image, &request, &mut notices).unwrap();
    assert!(
        kinds(&notices).contains(&NoticeKind::NotANumber { count: 50 }),
        "{notices:?}"
    );
    // Infinite pixels are missing, not saturated.
    assert!(
        kinds(&notices).contains(&NoticeKind::Saturated {
            count: saturated,
            value: 420.0
        }),
        "{notices:?} {saturated}"
    );
    assert!(m.profile.value.iter().all(|v| v.is_finite()));
    assert!((m.intensity.0 / clean.intensity.0 - 1.0).abs() < 0.01);
    // A detector that ends before the type of the file does.
    let (_, unsaid) = auto(&image);
    assert!(kinds(&unsaid).contains(&NoticeKind::Saturated {
        count: saturated,
        value: 420.0
    }));
}

/// What was scaled to its range has one pixel at the end of its type.
#[test]
fn one_brightest_pixel_is_not_saturated() {
    let sphere = Sphere::uniform(128.0, 128.0, 60.0);
    let image = counted(&Scene::of(vec![sphere], 256, 256).expected(), 6);
    let highest = image.values.iter().fold(0.0f32, |a, b| a.max(*b));
    let request = MeasureRequest {
        saturation: Some(f64::from(highest)),
        ..MeasureRequest::default()
    };
    let mut notices = Notices::default();
    measure(&image, &request, &mut notices).unwrap();
    assert_eq!(kinds(&notices), Vec::<NoticeKind>::new());
}

#[test]
fn clipped_background_is_noticed() {
    let sphere = Sphere::uniform(128.0, 128.0, 60.0);
    let mut image = counted(&Scene::of(vec![sphere], 256, 256).expected(), 6);
    for v in &mut image.values {
        *v = (*v - 40.0).max(0.0);
    }
    let (_, notices) = auto(&image);
    assert!(
        kinds(&notices)
            .iter()
            .any(|k| matches!(k, NoticeKind::Clipped { value, .. } if *value == 0.0))
    );
}

#[test]
fn what_cannot_be_measured_is_refused_with_advice() {
    let flat = |v: f32| Image {
        width: 128,
        height: 128,
        values: vec![v; 128 * 128],
    };
    let auto = MeasureRequest::default();
    assert_eq!(
        refused(&flat(0.0), &auto),
        ImagingError::Constant { value: 0.0 }
    );
    let noise = counted(&flat(50.0), 1);
    assert_eq!(refused(&noise, &auto), ImagingError::NoParticle);
    let mut holes = noise.clone();
    holes.values[..10000].fill(f32::NAN);
    assert!(matches!(
        refused(&holes, &auto),
        ImagingError::MostlyNotNumbers { count: 10000, .. }
    ));
    let speck = counted(
        &Scene::of(
            vec![Sphere {
                probe_px: 1.0,
                ..Sphere::uniform(64.0, 64.0, 5.0)
            }],
            128,
            128,
        )
        .expected(),
        1,
    );
    assert!(matches!(
        refused(&speck, &auto),
        ImagingError::TooSmall { .. }
    ));
    let short = Image {
        width: 128,
        height: 128,
        values: vec![0.0; 100],
    };
    assert!(matches!(refused(&short, &auto), ImagingError::Shape { .. }));
    let tiny = Image {
        width: 5,
        height: 500,
        values: vec![0.0; 2500],
    };
    assert!(matches!(
        refused(&tiny, &auto),
        ImagingError::ImageTooSmall { .. }
    ));
    let sphere = Scene::of(vec![Sphere::uniform(64.0, 64.0, 30.0)], 128, 128).expected();
    let dark = Image {
        values: sphere.values.iter().map(|v| 1000.0 - v).collect(),
        ..sphere
    };
    assert!(matches!(
        refused(&counted(&dark, 3), &auto),
        ImagingError::DarkOnBright { .. }
    ));
    for (x, y, r) in [
        (f64::NAN, 64.0, 20.0),
        (64.0, -40.0, 20.0),
        (64.0, 64.0, f64::INFINITY),
        (64.0, 64.0, 0.0),
    ] {
        let request = MeasureRequest {
            circle: Some(circle(x, y, r)),
            ..MeasureRequest::default()
        };
        assert!(matches!(
            refused(&sphere, &request),
            ImagingError::BadCircle { .. }
        ));
    }
    for width in [0.0, f64::NAN, 1e9] {
        let request = MeasureRequest {
            bin_width_px: Some(width),
            ..MeasureRequest::default()
        };
        assert!(matches!(
            refused(&sphere, &request),
            ImagingError::BadBinWidth { .. }
        ));
    }
}

#[test]
fn dots_are_the_pixels_behind_the_mean() {
    let sphere = Sphere::uniform(128.0, 128.0, 60.0);
    let image = counted(&Scene::of(vec![sphere], 256, 256).expected(), 6);
    let (m, _) = auto(&image);
    let all = pixels(&image, &m, usize::MAX);
    let positions: u32 = m.profile.pixel_count.iter().sum();
    assert!(
        all.len().abs_diff(positions as usize) < 600,
        "{} {positions}",
        all.len()
    );
    let some = pixels(&image, &m, 2000);
    assert!((1800..=2000).contains(&some.len()));
    assert_eq!(some, pixels(&image, &m, 2000));
    // The dots scatter about the profile.
    let mean = |dots: &[(f64, f64)]| {
        let inner: Vec<f64> = dots.iter().filter(|d| d.0 < 30.0).map(|d| d.1).collect();
        inner.iter().sum::<f64>() / inner.len() as f64
    };
    assert!((mean(&some) / mean(&all) - 1.0).abs() < 0.02);
}

#[test]
fn absurd_sizes_are_questioned() {
    let mut notices = Notices::default();
    assert_eq!(doubt_size(circle(0.0, 0.0, 100.0), 0.02, &mut notices), 4.0);
    assert!(notices.as_slice().is_empty());
    doubt_size(circle(0.0, 0.0, 100.0), 20.0, &mut notices);
    doubt_size(circle(0.0, 0.0, 100.0), 2e-5, &mut notices);
    assert_eq!(notices.as_slice().len(), 2);
}

#[test]
fn scale_bar_length_is_exact() {
    for (bar, ground) in [(255.0f32, 60.0f32), (0.0, 120.0)] {
        let mut image = counted(
            &Image {
                width: 400,
                height: 300,
                values: vec![ground; 400 * 300],
            },
            8,
        );
        for y in 270..277 {
            for x in 230..351 {
                image.values[y * 400 + x] = bar;
            }
        }
        let drawn = [
            Point {
                x_px: 226.0,
                y_px: 271.0,
            },
            Point {
                x_px: 357.0,
                y_px: 275.0,
            },
        ];
        let found = measure_scale_bar(&image, drawn).unwrap();
        assert!(
            (found.length_px - 121.0).abs() <= 2.0 * found.length_se_px,
            "{found:?}"
        );
        assert!(found.length_se_px < 0.6);
        let Mask::Polygon(corners) = &found.mask else {
            panic!("a bar is a polygon")
        };
        assert!(
            corners
                .iter()
                .all(|c| (225.0..356.0).contains(&c.x_px) && (266.0..281.0).contains(&c.y_px))
        );
    }
    let blank = Image {
        width: 400,
        height: 300,
        values: vec![1.0; 400 * 300],
    };
    let drawn = [
        Point {
            x_px: 226.0,
            y_px: 271.0,
        },
        Point {
            x_px: 357.0,
            y_px: 275.0,
        },
    ];
    assert!(matches!(
        measure_scale_bar(&blank, drawn),
        Err(ImagingError::NoScaleBar { .. })
    ));
}

#[test]
fn neither_a_particle_nor_noise_is_a_scale_bar() {
    let line = |x0: f64, x1: f64, y_px: f64| [Point { x_px: x0, y_px }, Point { x_px: x1, y_px }];
    for seed in 0..20 {
        let image = counted(
            &Scene::of(vec![Sphere::uniform(100.0, 80.0, 40.0)], 200, 160).expected(),
            seed,
        );
        for drawn in [
            line(60.0, 140.0, 80.0),
            line(70.0, 130.0, 52.0),
            line(5.0, 60.0, 20.0),
            line(40.0, 48.0, 140.0),
        ] {
            let found = measure_scale_bar(&image, drawn);
            assert!(
                matches!(found, Err(ImagingError::NoScaleBar { .. })),
                "{drawn:?}: {found:?}"
            );
        }
    }
}

#[test]
fn circles_of_any_size_do_not_break_anything() {
    let image = counted(
        &Scene::of(vec![Sphere::uniform(64.0, 64.0, 30.0)], 128, 100).expected(),
        1,
    );
    for r in [1.0, 3.0, 8.0, 20.0, 60.0, 127.0] {
        for (x, y) in [(0.0, 0.0), (127.0, 99.0), (64.0, 64.0), (3.0, 50.0)] {
            let request = MeasureRequest {
                circle: Some(Circle {
                    center: Point { x_px: x, y_px: y },
                    radius_px: r,
                }),
                ..MeasureRequest::default()
            };
            if let Ok(m) = measure(&image, &request, &mut Notices::default()) {
                assert!(
                    m.profile
                        .standard_error
                        .iter()
                        .all(|s| *s > 0.0 && s.is_finite())
                );
                assert!(m.particle.center_se_px.is_finite() && m.particle.radius_se_px.is_finite());
            }
        }
    }
}
