//! Small symmetric positive definite systems, as normal equations give them.

/// Inverse of a symmetric positive definite N × N matrix by Cholesky factorization after scaling to unit diagonal;
/// `None` when it is singular to 1e-12 in the scaled pivots. Shape: `a[i][j]`, both halves filled.
///
/// For N up to about 8; larger or ill-conditioned problems want a factorization of the design matrix itself.
#[allow(clippy::needless_range_loop)] // the indices are those of the matrix elements
pub fn invert<const N: usize>(a: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut scale = [0.0; N];
    for (i, s) in scale.iter_mut().enumerate() {
        if a[i][i] <= 0.0 || !a[i][i].is_finite() {
            return None;
        }
        *s = 1.0 / a[i][i].sqrt();
    }
    let mut l = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let mut sum = a[i][j] * scale[i] * scale[j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            if i == j {
                if sum <= 1e-12 || !sum.is_finite() {
                    return None;
                }
                l[i][i] = sum.sqrt();
            } else {
                l[i][j] = sum / l[j][j];
            }
        }
    }
    let mut inverse = [[0.0; N]; N];
    for column in 0..N {
        let mut x = [0.0; N];
        for i in 0..N {
            let mut sum = if i == column { 1.0 } else { 0.0 };
            for k in 0..i {
                sum -= l[i][k] * x[k];
            }
            x[i] = sum / l[i][i];
        }
        for i in (0..N).rev() {
            let mut sum = x[i];
            for k in i + 1..N {
                sum -= l[k][i] * x[k];
            }
            x[i] = sum / l[i][i];
        }
        for i in 0..N {
            inverse[i][column] = x[i] * scale[i] * scale[column];
        }
    }
    Some(inverse)
}

/// The solution of `a x = b` by [`invert`].
pub fn solve<const N: usize>(a: &[[f64; N]; N], b: &[f64; N]) -> Option<[f64; N]> {
    let inverse = invert(a)?;
    let mut x = [0.0; N];
    for (xi, row) in x.iter_mut().zip(&inverse) {
        *xi = row.iter().zip(b).map(|(r, v)| r * v).sum();
    }
    Some(x)
}
