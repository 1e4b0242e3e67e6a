//! Small symmetric positive systems.

/// Cholesky factor of a symmetric positive definite matrix, given row by row.
///
/// The matrix is scaled to unit diagonal first, so that parameters of different units do not decide what is singular.
pub struct Cholesky {
    factor: Vec<f64>,
    scale: Vec<f64>,
    size: usize,
}

impl Cholesky {
    /// `None` when the matrix is not positive definite to rounding.
    pub fn new(matrix: &[f64], size: usize) -> Option<Cholesky> {
        let mut scale = Vec::with_capacity(size);
        for i in 0..size {
            let d = *matrix.get(i * size + i)?;
            if !(d > 0.0 && d.is_finite()) {
                return None;
            }
            scale.push(1.0 / f64::sqrt(d));
        }
        let mut l = vec![0.0; size * size];
        for i in 0..size {
            for j in 0..=i {
                let mut sum = matrix[i * size + j] * scale[i] * scale[j];
                for k in 0..j {
                    sum -= l[i * size + k] * l[j * size + k];
                }
                if i == j {
                    // 1 on the diagonal before: what is left is the part not explained by the others.
                    if sum <= 1e-13 {
                        return None;
                    }
                    l[i * size + i] = f64::sqrt(sum);
                } else {
                    l[i * size + j] = sum / l[j * size + j];
                }
            }
        }
        Some(Cholesky {
            factor: l,
            scale,
            size,
        })
    }

    /// Solution x of A x = b.
    pub fn solve(&self, b: &[f64]) -> Vec<f64> {
        let n = self.size;
        let l = &self.factor;
        let mut x: Vec<f64> = b.iter().zip(&self.scale).map(|(b, s)| b * s).collect();
        for i in 0..n {
            for k in 0..i {
                x[i] -= l[i * n + k] * x[k];
            }
            x[i] /= l[i * n + i];
        }
        for i in (0..n).rev() {
            for k in i + 1..n {
                x[i] -= l[k * n + i] * x[k];
            }
            x[i] /= l[i * n + i];
        }
        x.iter_mut().zip(&self.scale).for_each(|(x, s)| *x *= s);
        x
    }

    /// Inverse of the matrix, row by row.
    pub fn inverse(&self) -> Vec<f64> {
        let n = self.size;
        let mut inverse = vec![0.0; n * n];
        for j in 0..n {
            let mut unit = vec![0.0; n];
            unit[j] = 1.0;
            for (i, x) in self.solve(&unit).into_iter().enumerate() {
                inverse[i * n + j] = x;
            }
        }
        inverse
    }
}
