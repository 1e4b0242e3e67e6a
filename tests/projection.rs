//! Projection and blur against exact transform pairs and the truth table.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use core::f64::consts::PI;

use alloyscope::diffusion::CoreShell;
use alloyscope::numerics::GaussLegendre;
use alloyscope::projection::{Blur, Chords, Samples, SmoothAbel, pairs, project_smooth};
use serde_json::Value;

fn numbers(value: &Value) -> Vec<f64> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v.as_f64().unwrap())
        .collect()
}

/// The table prints twelve decimals of values up to four.
const PRINTED: f64 = 1e-11;

#[test]
fn closed_pairs_agree_with_the_table() {
    let table: Value = serde_json::from_str(include_str!("data/abel.json")).unwrap();
    type Pair = fn(f64) -> (f64, f64);
    let cases: [(&str, Pair); 5] = [
        ("uniform_sphere_R2", |x| pairs::ball(x, 2.0)),
        ("gaussian_s0.5", |x| pairs::gaussian(x, 0.5)),
        ("parabola_R2", |x| pairs::parabola(x, 2.0)),
        ("power3_R2", |x| pairs::cubed_parabola(x, 2.0)),
        ("shell_1.15_2", |x| pairs::shell(x, 1.15, 2.0)),
    ];
    for (name, pair) in cases {
        let case = &table["analytic_pairs"][name];
        for (x, expected) in numbers(&case["x"]).into_iter().zip(numbers(&case["I"])) {
            assert!((pair(x).1 - expected).abs() < PRINTED, "{name} at {x}");
        }
        for (r, expected) in numbers(&case["r"]).into_iter().zip(numbers(&case["rho"])) {
            // At the very edge the step may fall either way.
            if (r - 2.0).abs() > 1e-9 {
                assert!((pair(r).0 - expected).abs() < PRINTED, "{name} at {r}");
            }
        }
    }
}

#[test]
fn quadrature_along_the_chord_is_spectrally_accurate() {
    let rule = GaussLegendre::new(64);
    for x in [0.0, 0.3, 1.1, 1.9, 1.9999] {
        for (projected, exact) in [
            (
                project_smooth(|_| 1.0, 2.0, x, &rule),
                pairs::ball(x, 2.0).1,
            ),
            (
                project_smooth(|r| pairs::parabola(r, 2.0).0, 2.0, x, &rule),
                pairs::parabola(x, 2.0).1,
            ),
            (
                project_smooth(|r| pairs::gaussian(r, 0.3).0, 4.0, x, &rule),
                pairs::gaussian(x, 0.3).1,
            ),
        ] {
            assert!(
                (projected - exact).abs() < 1e-12,
                "{x}: {projected} {exact}"
            );
        }
    }
    assert_eq!(project_smooth(|_| 1.0, 2.0, 2.5, &rule), 0.0);
}

#[test]
fn smooth_samples_project_to_1e_minus_8() {
    // A ball blurred by σ = 12 samples, as the forward model samples it (16 there).
    let sigma = 12.0;
    let shape = CoreShell {
        radius_a_nm: 130.0,
        radius_b_nm: 240.0,
        sigma_nm: sigma,
    };
    let count = 240 + 8 * 12;
    let rows = SmoothAbel {
        count,
        stride: 3,
        chord_step: 6,
    }
    .rows();
    assert_eq!(rows.len(), count.div_ceil(3));
    let rule = GaussLegendre::new(200);
    for density in [
        &(|r: f64| shape.rho_core(r)) as &dyn Fn(f64) -> f64,
        &|r: f64| shape.envelope(r),
    ] {
        let samples: Vec<f64> = (0..count).map(|i| density(i as f64)).collect();
        for (j, projected) in rows.apply(&samples).into_iter().enumerate() {
            let exact = project_smooth(density, count as f64, 3.0 * j as f64, &rule);
            // Relative to the peak of 480 samples.
            assert!(
                (projected - exact).abs() < 480.0 * 1e-8,
                "{j}: {projected} {exact}"
            );
        }
    }
}

#[test]
fn chords_are_of_second_order_and_exact_for_linear_cells() {
    // ρ = r, linear, with a step at R: P = R√(R² − x²) + x² ln[(R + √(R² − x²))/x].
    let x = [3.3, 17.0, 40.5];
    let ramp: Vec<f64> = (0..50).map(|i| i as f64 + 0.5).collect();
    let rows = Chords {
        count: 50,
        wall: None,
    }
    .rows(&x);
    for (x, projected) in x.iter().zip(rows.apply(&ramp)) {
        let z = (2500.0 - x * x).sqrt();
        let exact = 50.0 * z + x * x * ((50.0 + z) / x).ln();
        assert!(
            (projected - exact).abs() < 1e-10 * exact,
            "{x}: {projected} {exact}"
        );
    }
    // A smooth density.
    let error = |cells: usize| {
        let h = 2.0 / cells as f64;
        let density: Vec<f64> = (0..cells)
            .map(|i| pairs::cubed_parabola((i as f64 + 0.5) * h, 2.0).0)
            .collect();
        let x: Vec<f64> = (0..40).map(|i| i as f64 * 0.05).collect();
        let points: Vec<f64> = x.iter().map(|x| x / h).collect();
        let rows = Chords {
            count: cells,
            wall: None,
        }
        .rows(&points);
        x.iter()
            .zip(rows.apply(&density))
            .fold(0.0f64, |e, (x, p)| {
                e.max((h * p - pairs::cubed_parabola(*x, 2.0).1).abs())
            })
    };
    let order = (error(100) / error(200)).log2();
    assert!((order - 2.0).abs() < 0.1, "order {order}");
}

#[test]
fn a_gaussian_blurred_by_a_gaussian_is_a_gaussian() {
    let radii: Vec<f64> = (0..60).map(|i| 0.05 * i as f64).collect();
    let (step, sigma) = (0.125, 0.5);
    let count = 60;
    let image: Vec<f64> = (0..count)
        .map(|i| pairs::gaussian(i as f64 * step, sigma).0)
        .collect();
    // Narrow probes rest on interpolation between samples: 1.1e-3 (step/sigma)⁸ · 105, the largest eighth derivative, is 1.7e-6. At the
    // center wider ones rest on the end correction (7e-8) and on interpolation where they are refined.
    for (probe, tolerance) in [
        (0.0, 2e-6),
        (0.01, 2e-6),
        (0.08, 2e-6),
        (0.3, 3e-7),
        (1.0, 3e-7),
    ] {
        let rows = Blur {
            sigma: probe,
            samples: Samples::Uniform { step, count },
        }
        .rows(&radii);
        let width = f64::hypot(sigma, probe);
        for (x, blurred) in radii.iter().zip(rows.apply(&image)) {
            let exact = (sigma / width).powi(2) * pairs::gaussian(*x, width).0;
            assert!(
                (blurred - exact).abs() < tolerance,
                "probe {probe} x {x}: {blurred} {exact}"
            );
        }
    }
}

#[test]
fn the_projection_of_a_sharp_ball_is_blurred_as_well() {
    // √(1 − ξ²) against a direct two-dimensional quadrature: rings of the disk, r = sin t, and angles.
    let intervals = 300;
    let image: Vec<f64> = (0..=intervals)
        .map(|j| 2.0 * (0.5 * PI * j as f64 / intervals as f64).cos())
        .collect();
    let radii = [0.0, 0.3, 0.8, 0.97, 1.0, 1.05, 1.3];
    for probe in [0.045, 0.1, 0.005] {
        let rows = Blur {
            sigma: probe,
            samples: Samples::Disk { intervals },
        }
        .rows(&radii);
        let ring = GaussLegendre::new(800);
        for (x, blurred) in radii.iter().zip(rows.apply(&image)) {
            let exact: f64 = ring
                .on(0.0, 0.5 * PI)
                .map(|(t, w)| {
                    let (r, height) = (t.sin(), 2.0 * t.cos());
                    let kernel = r / (probe * probe)
                        * (-0.5 * ((x - r) / probe).powi(2)).exp()
                        * alloyscope::numerics::bessel_i0e(x * r / (probe * probe));
                    w * t.cos() * height * kernel
                })
                .sum();
            // Relative to the peak of 2, the end correction at the center.
            assert!(
                (blurred - exact).abs() < 2e-7,
                "probe {probe} x {x}: {blurred} {exact}"
            );
        }
    }
}

#[test]
fn blur_conserves_the_plane_integral_and_a_constant() {
    let (step, count) = (0.05, 80);
    let radii: Vec<f64> = (0..160).map(|i| step * i as f64).collect();
    let blur = Blur {
        sigma: 0.2,
        samples: Samples::Uniform { step, count },
    };
    let image: Vec<f64> = (0..count)
        .map(|i| pairs::cubed_parabola(i as f64 * step, 2.0).1)
        .collect();
    let plane = |values: &[f64]| -> f64 {
        // ∫ I 2πx dx: the integrand is odd, its first Euler-Maclaurin term at 0 is h²/12 · 2π I(0).
        let sum: f64 = radii
            .iter()
            .zip(values)
            .map(|(x, v)| 2.0 * PI * x * v * step)
            .sum();
        sum + step * step / 12.0 * 2.0 * PI * values[0]
    };
    let blurred = blur.rows(&radii).apply(&image);
    let (before, after) = (plane(&image), plane(&blurred));
    assert!((after / before - 1.0).abs() < 1e-5, "{before} {after}");
    let constant = blur.rows(&radii[..40]).apply(&vec![1.0; count]);
    for value in constant {
        assert!((value - 1.0).abs() < 1e-12, "{value}");
    }
}
