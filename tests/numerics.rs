//! Numerics: exact values, identities, orders of convergence.
#![allow(clippy::unwrap_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use core::f64::consts::PI;

use alloyscope::numerics::{
    Elimination, Falling, GaussLegendre, HALF_LINE_CORRECTION, Rows, Tridiagonal, bessel_i0e,
    chi2_survival, falling, lagrange_weights, newton, normal_modes, sort_by,
    spherical_tangent_root,
};

/// A few units in the last place of sums of up to a hundred terms.
const ROUNDING: f64 = 1e-13;

/// As the standard library's stable sort has it.
#[test]
fn a_list_is_sorted_and_what_is_equal_keeps_its_order() {
    for length in [0, 1, 2, 7, 200] {
        let mut list: Vec<(usize, String)> = (0..length)
            .map(|i| (i * 7919 % 13, format!("{i}")))
            .collect();
        let mut expected = list.clone();
        expected.sort_by_key(|(key, _)| *key);
        sort_by(&mut list, |a, b| a.0.cmp(&b.0));
        assert_eq!(list, expected);
    }
}

#[test]
fn lagrange_weights_reproduce_polynomials_of_degree_seven() {
    for fraction in [0.0, 0.1, 0.5, 0.73, 1.0] {
        let weights = lagrange_weights(fraction);
        for degree in 0..8 {
            let sum: f64 = (0..8)
                .map(|i| weights[i] * f64::powi(i as f64 - 3.0, degree))
                .sum();
            let exact = f64::powi(fraction, degree);
            // The nodes reach 4⁷: rounding scales with that.
            assert!(
                (sum - exact).abs() < 1e-11,
                "{fraction} {degree}: {sum} {exact}"
            );
        }
    }
}

#[test]
fn gauss_legendre_integrates_polynomials_and_keeps_its_accuracy_with_many_nodes() {
    let rule = GaussLegendre::new(5);
    // Degree 9 is the highest exact one: ∫₀² x⁹ dx = 102.4.
    let ninth: f64 = rule.on(0.0, 2.0).map(|(x, w)| w * x.powi(9)).sum();
    assert!((ninth - 102.4).abs() < 102.4 * ROUNDING);
    for count in [64, 300, 1000] {
        let rule = GaussLegendre::new(count);
        let cosine: f64 = rule.on(0.0, 1.0).map(|(x, w)| w * (20.0 * x).cos()).sum();
        assert!(
            (cosine - (20.0f64).sin() / 20.0).abs() < ROUNDING,
            "{count}"
        );
        assert!((rule.weights.iter().sum::<f64>() - 2.0).abs() < ROUNDING);
        assert!(rule.nodes.windows(2).all(|n| n[0] < n[1]));
    }
}

#[test]
fn half_line_correction_integrates_odd_functions() {
    // ∫₀^∞ x e^{−x²/2} dx = 1.
    let mut errors = Vec::new();
    for h in [0.5, 0.25] {
        let sum: f64 = (1..200)
            .map(|k| {
                let x = h * k as f64;
                let correction = HALF_LINE_CORRECTION.get(k - 1).unwrap_or(&0.0);
                h * (1.0 + correction) * x * (-0.5 * x * x).exp()
            })
            .sum();
        errors.push((sum - 1.0).abs());
    }
    // Four nodes per standard deviation leave 1.7e-8; the plain rule errs by h²/12 = 5e-3 at h = 0.25.
    assert!(errors[1] < 3e-8, "{errors:?}");
    // Order ten, with a margin for the pre-asymptotic first step.
    assert!(errors[0] / errors[1] > 256.0, "{errors:?}");
}

#[test]
fn bessel_function_agrees_with_its_integral() {
    // e^{−z} I₀(z) = (1/π)∫₀^π e^{z (cos t − 1)} dt; the trapezoidal rule is exact to rounding for periodic functions.
    for z in [0.0, 0.1, 1.0, 5.0, 24.9, 25.1, 100.0, 700.0, 5000.0] {
        let n = 2000;
        let integral: f64 = (0..n)
            .map(|k| ((2.0 * PI * k as f64 / n as f64).cos() - 1.0) * z)
            .map(f64::exp)
            .sum::<f64>()
            / n as f64;
        let value = bessel_i0e(z);
        assert!(
            (value / integral - 1.0).abs() < ROUNDING,
            "{z}: {value} {integral}"
        );
        assert_eq!(value, bessel_i0e(-z));
    }
}

#[test]
fn roots_of_tan_q_equal_q() {
    let table: serde_json::Value =
        serde_json::from_str(include_str!("data/sphere_step.json")).unwrap();
    for (i, root) in table["roots_first10"]
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
    {
        // Printed to twelve decimals.
        let error = spherical_tangent_root(i + 1) - root.as_f64().unwrap();
        assert!(error.abs() < 1e-11, "{i}: {error}");
    }
    for index in [1, 50, 1000] {
        let q = spherical_tangent_root(index);
        assert!((q * q.cos() - q.sin()).abs() < ROUNDING * q * q);
    }
}

#[test]
fn tridiagonal_solver_inverts_multiplication() {
    let n = 50;
    let mut matrix = Tridiagonal::zeros(n);
    for i in 0..n {
        matrix.diagonal[i] = 3.0 + (i as f64).sin();
        matrix.lower[i] = -1.0 + 0.3 * (i as f64).cos();
        matrix.upper[i] = -0.7;
    }
    let x: Vec<f64> = (0..n).map(|i| (0.3 * i as f64).cos()).collect();
    let mut b = vec![0.0; n];
    matrix.multiply(&x, &mut b);
    let mut elimination = Elimination::default();
    elimination.eliminate(&matrix);
    elimination.solve(&mut b);
    for (a, b) in x.iter().zip(&b) {
        assert!((a - b).abs() < ROUNDING);
    }
}

#[test]
fn rows_apply_alike_to_one_vector_and_to_many() {
    let mut rows = Rows::new();
    rows.push(0, &[1.0, 2.0]);
    rows.push(2, &[3.0, -1.0, 0.5]);
    rows.push(4, &[7.0, 100.0]);
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    // The last weight of the last row lies beyond the vector.
    assert_eq!(rows.apply(&x), [5.0, 7.5, 35.0]);
    let wide: Vec<f64> = x
        .iter()
        .flat_map(|x| (0..16).map(move |m| x * m as f64))
        .collect();
    let out = rows.apply_side_by_side(&wide, 16);
    for m in 0..16 {
        for (j, expected) in rows.apply(&x).iter().enumerate() {
            assert_eq!(out[j * 16 + m], expected * m as f64);
        }
    }
}

#[test]
fn modes_of_the_harmonic_oscillator_come_out_and_at_fourth_order() {
    // −u″ + (x − 10)² u = λ u: λ = 1, 3, 5, …; no mode may be missing.
    let solve = |h: f64| {
        let n = (20.0 / h) as usize - 1;
        let potential: Vec<f64> = (1..=n).map(|i| (i as f64 * h - 10.0).powi(2)).collect();
        normal_modes(&potential, h, 0, 40.0).unwrap()
    };
    let error = |h: f64| {
        let modes = solve(h);
        assert_eq!(modes.lambda.len(), 20);
        modes
            .lambda
            .iter()
            .enumerate()
            .fold(0.0f64, |e, (m, l)| e.max((l - (2 * m + 1) as f64).abs()))
    };
    let (coarse, fine) = (error(0.1), error(0.05));
    let order = (coarse / fine).log2();
    assert!(
        (order - 4.0).abs() < 0.15,
        "order {order}, errors {coarse:e} {fine:e}"
    );
    // Orthonormal.
    let modes = solve(0.05);
    for a in 0..modes.lambda.len() {
        for b in 0..=a {
            let product: f64 = modes
                .values
                .chunks_exact(modes.stride)
                .map(|row| 0.05 * row[a] * row[b])
                .sum();
            let expected = if a == b { 1.0 } else { 0.0 };
            // Numerov's modes are orthogonal to the order of the scheme.
            assert!((product - expected).abs() < 1e-4, "{a} {b}: {product}");
        }
    }
}

#[test]
fn modes_refuse_a_grid_that_cannot_hold_them() {
    assert!(normal_modes(&[0.0; 100], 0.1, 0, 1e5).is_err());
    assert!(normal_modes(&[0.0; 3], 0.1, 0, 1.0).is_err());
}

#[test]
fn newton_finds_rising_roots_and_never_leaves_its_bracket() {
    let root = |f: &dyn Fn(f64) -> [f64; 3], start: f64, bracket: (f64, f64)| {
        let (last, step) = newton(|x| (x, f(x)), start, bracket, 1e-6);
        assert!(last >= bracket.0 && last <= bracket.1);
        last + step
    };
    // tanh(x − 1): plain Newton from 3 runs off to infinity.
    let flat = |bend: f64| {
        move |x: f64| {
            let t = libm::tanh(x - 1.0);
            [t, 1.0 - t * t, -2.0 * bend * t * (1.0 - t * t)]
        }
    };
    // x³ − x rises through −1 and 1 and falls through 0: the outer ones are found, from where they are met first.
    let three = |bend: f64| move |x: f64| [x * (x * x - 1.0), 3.0 * x * x - 1.0, 6.0 * bend * x];
    // Newton's method and Halley's.
    for bend in [0.0, 1.0] {
        for start in [-9.0, 0.0, 3.0, 9.0, 50.0] {
            let root = root(&flat(bend), start, (-10.0, 10.0));
            assert!((root - 1.0).abs() < 1e-11, "from {start}: {root}");
        }
        for (start, expected) in [(-2.0, -1.0), (-0.7, -1.0), (0.7, 1.0), (2.0, 1.0)] {
            let root = root(&three(bend), start, (-2.0, 2.0));
            assert!((root - expected).abs() < ROUNDING, "from {start}: {root}");
        }
    }
}

#[test]
fn falling_roots_are_found_from_bad_guesses_and_their_absence_is_said() {
    let tolerance = 1e-5;
    // Convex, flat far out.
    let f = |x: f64| libm::exp(-x) - 0.25;
    let exact = libm::log(4.0);
    for guess in [
        (0.0, -1.0),
        (9.0, -1.0),
        (1.4, -1e-6),
        (1.4, -1e6),
        (-5.0, -3.0),
        (exact, -0.25),
    ] {
        let Falling::At { x, slope } = falling(f, guess, (-10.0, 10.0), tolerance) else {
            panic!("{guess:?}");
        };
        // f″/2f′ is 1/2; a secant of at most a thousand tolerances: 5e-8.
        assert!((x - exact).abs() < 5e-8, "{guess:?}: {x}");
        assert!(slope < 0.0, "{guess:?}: {slope}");
    }
    assert_eq!(
        falling(f, (0.0, -1.0), (2.0, 10.0), tolerance),
        Falling::Below
    );
    assert_eq!(
        falling(f, (0.0, -1.0), (-10.0, 1.0), tolerance),
        Falling::Above
    );
    // A jump is enclosed.
    let step = |x: f64| if x < 0.3 { 1.0 } else { -2.0 };
    let Falling::At { x, .. } = falling(step, (0.9, -1.0), (0.0, 1.0), tolerance) else {
        panic!("the jump was not found");
    };
    assert!((x - 0.3).abs() < tolerance, "{x}");
    // What is no number is no root, and ends.
    let _ = falling(|_| f64::NAN, (0.5, -1.0), (0.0, 1.0), tolerance);
}

/// The best of all subsets of unknowns that come out positive, which is what the active sets search.
#[test]
fn non_negative_least_squares_finds_the_best_subset() {
    let mut noise = alloyscope::numerics::Noise::new(6);
    for case in 0..200 {
        let (rows, n, signed) = (12, 5, case % 2);
        let a: Vec<f64> = (0..rows * n).map(|_| noise.normal()).collect();
        let y: Vec<f64> = (0..rows).map(|_| noise.normal()).collect();
        let mut gram = vec![0.0; n * n];
        let mut rhs = vec![0.0; n];
        for (row, y) in a.chunks_exact(n).zip(&y) {
            for i in 0..n {
                rhs[i] += row[i] * y;
                for j in 0..n {
                    gram[i * n + j] += row[i] * row[j];
                }
            }
        }
        let objective = |x: &[f64]| {
            let mut sum = 0.0;
            for i in 0..n {
                sum -= rhs[i] * x[i];
                for j in 0..n {
                    sum += 0.5 * x[i] * gram[i * n + j] * x[j];
                }
            }
            sum
        };
        let mut least = 0.0_f64;
        for subset in 0..1usize << n {
            let free: Vec<usize> = (0..n).filter(|j| subset >> j & 1 == 1).collect();
            let part: Vec<f64> = free
                .iter()
                .flat_map(|&i| free.iter().map(move |&j| (i, j)))
                .map(|(i, j)| gram[i * n + j])
                .collect();
            let b: Vec<f64> = free.iter().map(|&j| rhs[j]).collect();
            let Some(factor) = alloyscope::numerics::Cholesky::new(&part, free.len()) else {
                continue;
            };
            let solved = factor.solve(&b);
            if free
                .iter()
                .zip(&solved)
                .all(|(&j, &v)| j < signed || v >= 0.0)
            {
                let mut x = vec![0.0; n];
                free.iter().zip(&solved).for_each(|(&j, &v)| x[j] = v);
                least = least.min(objective(&x));
            }
        }
        let found = alloyscope::numerics::non_negative(&gram, &rhs, signed).unwrap();
        assert!(found.iter().skip(signed).all(|x| *x >= 0.0));
        // Rounding.
        assert!(
            (objective(&found) - least).abs() < 1e-9 * (1.0 + least.abs()),
            "case {case}"
        );
    }
}

#[test]
fn chi2_survival_agrees_with_printed_quantiles_and_with_its_recurrence() {
    // Quantiles of the 5 and 1 % levels.
    for (degrees, chi2, p) in [
        (1, 3.841_458_820_694_124, 0.05),
        (2, 5.991_464_547_107_979, 0.05),
        (3, 7.814_727_903_251_179, 0.05),
        (10, 18.307_038_053_275_146, 0.05),
        (1, 6.634_896_601_021_213, 0.01),
        (5, 15.086_272_469_388_99, 0.01),
    ] {
        let got = chi2_survival(chi2, degrees);
        assert!((got / p - 1.0).abs() < 1e-12, "{degrees}: {got}");
    }
    // For even k a sum of Poisson's probabilities.
    let x: f64 = 37.0;
    let (mut term, mut sum) = ((-x).exp(), 0.0);
    for k in 0..50 {
        sum += term;
        term *= x / f64::from(k + 1);
    }
    assert!((chi2_survival(2.0 * x, 100) / sum - 1.0).abs() < 1e-12);
    assert_eq!(chi2_survival(0.0, 3), 1.0);
    assert_eq!(chi2_survival(-1.0, 3), 1.0);
    assert_eq!(chi2_survival(5.0, 0), 1.0);
    assert!(chi2_survival(f64::INFINITY, 2) == 0.0 && chi2_survival(f64::NAN, 2).is_nan());
}
