//! Smoothing, order statistics and small linear systems.
#![allow(clippy::unwrap_used)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::numerics::filter::{gaussian_blur, quantile, spread};
use alloyscope::numerics::normal::{invert, solve};

/// Sums of about a hundred single-precision terms.
const SINGLE: f64 = 1e-5;

#[test]
fn blur_keeps_the_sum_and_has_its_variance() {
    let (width, height, sigma) = (61, 61, 3.0);
    let mut grid = vec![0.0f32; width * height];
    grid[30 * width + 30] = 1.0;
    let out = gaussian_blur(&grid, width, sigma);
    let (mut sum, mut variance) = (0.0, 0.0);
    for (i, v) in out.iter().enumerate() {
        let dx = (i % width) as f64 - 30.0;
        sum += f64::from(*v);
        variance += f64::from(*v) * dx * dx;
    }
    assert!((sum - 1.0).abs() < SINGLE, "{sum}");
    // Σ i² e^(-i²/18) / Σ e^(-i²/18) over |i| ≤ 9 = 0.9837 σ².
    assert!(
        (variance / (sigma * sigma) - 0.9837).abs() < 1e-4,
        "{variance}"
    );
}

#[test]
fn blur_fills_holes_from_their_neighborhood_and_keeps_a_constant() {
    let width = 40;
    let mut grid = vec![7.0f32; width * 30];
    grid[15 * width + 20] = f32::NAN;
    grid[0] = f32::INFINITY;
    let out = gaussian_blur(&grid, width, 2.0);
    assert!(
        out.iter()
            .all(|v| (f64::from(*v) - 7.0).abs() < 7.0 * SINGLE)
    );
    let nothing = gaussian_blur(&[f32::NAN; 100], 10, 1.0);
    assert!(nothing.iter().all(|v| v.is_nan()));
    assert!(gaussian_blur(&[], 0, 1.0).is_empty());
}

#[test]
fn order_statistics() {
    let mut values = [5.0, 1.0, 4.0, 2.0, 3.0];
    assert_eq!(quantile(&mut values, 0.0), Some(1.0));
    assert_eq!(quantile(&mut values, 0.5), Some(3.0));
    assert_eq!(quantile(&mut values, 1.0), Some(5.0));
    assert_eq!(quantile(&mut [], 0.5), None);
    // |v - 3| = 2 1 0 1 2: median 1.
    assert_eq!(spread(&values, 3.0), 1.4826);
}

#[test]
fn inverse_times_matrix_is_one() {
    // Badly scaled on purpose: 1e-6 to 1e6.
    let scale = [1e-6, 1.0, 1e6];
    let base = [[4.0, 1.0, 0.5], [1.0, 3.0, -0.7], [0.5, -0.7, 2.0]];
    let mut a = [[0.0; 3]; 3];
    for i in 0..3 {
        for j in 0..3 {
            a[i][j] = base[i][j] * scale[i] * scale[j];
        }
    }
    let inverse = invert(&a).unwrap();
    for i in 0..3 {
        for j in 0..3 {
            let unit: f64 =
                (0..3).map(|k| inverse[i][k] * a[k][j]).sum::<f64>() * scale[i] / scale[j];
            let expected = if i == j { 1.0 } else { 0.0 };
            assert!((unit - expected).abs() < 1e-12, "{unit}");
        }
    }
    let x = solve(&base, &[5.5, 3.3, 1.8]).unwrap();
    assert!(x.iter().all(|v| (v - 1.0).abs() < 1e-12));
    assert_eq!(invert(&[[1.0, 1.0], [1.0, 1.0]]), None);
    assert_eq!(invert(&[[0.0]]), None);
    assert_eq!(invert(&[[f64::NAN]]), None);
}
