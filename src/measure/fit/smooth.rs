//! Structure finer than an atom's spacing, left out of data and model alike.
//!
//! A resolved lattice is no noise: its columns stand in every frame at the same places, and a ring mean near the center counts but a
//! few of them. No continuum has such structure, so that it can only mislead the fit. What a continuum has in common with a
//! lattice is what is left when both are blurred over more than an atom's spacing. Here the blur is a projection: the
//! weighted profile is replaced by its coefficients in an orthonormal basis of the functions
//!
//! ```text
//! cos(jπx/L),  j = 0 … 2L/λ
//! ```
//!
//! which are all that vary more slowly than λ out to the last ring L, and so is the image of the model and each of its derivatives. A
//! Gaussian blur of data and model does the same but leaves neighboring rings with common noise; the coefficients of
//! independent rings are independent, so that χ² and every error keep their meaning.

use super::linear::dot;

/// Rows b_j w of the map from a profile to its smooth coefficients: b orthonormal, w = 1/standard error.
#[derive(Clone, Debug)]
pub(super) struct Smooth {
    rows: Vec<Vec<f64>>,
}

impl Smooth {
    /// For rings of these radii and weights: all that is not finer than `finest`.
    pub fn new(radii: &[f64], weights: &[f64], finest: f64) -> Smooth {
        let reach = radii.last().copied().unwrap_or(1.0);
        let count = (2.0 * reach / finest) as usize + 1;
        let mut basis: Vec<Vec<f64>> = Vec::with_capacity(count);
        for j in 0..count.min(radii.len()) {
            let q = j as f64 * core::f64::consts::PI / reach;
            let mut row: Vec<f64> = radii
                .iter()
                .zip(weights)
                .map(|(x, w)| w * libm::cos(q * x))
                .collect();
            let before = dot(&row, &row);
            // Twice, so that rounding leaves nothing of the earlier ones.
            for _ in 0..2 {
                for b in &basis {
                    let overlap = dot(b, &row);
                    row.iter_mut().zip(b).for_each(|(r, b)| *r -= overlap * b);
                }
            }
            let norm = dot(&row, &row);
            if norm > 1e-12 * before {
                let norm = f64::sqrt(norm);
                row.iter_mut().for_each(|r| *r /= norm);
                basis.push(row);
            }
        }
        for row in &mut basis {
            row.iter_mut().zip(weights).for_each(|(r, w)| *r *= w);
        }
        Smooth { rows: basis }
    }

    /// Coefficients of a profile.
    pub fn apply(&self, profile: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| dot(row, profile)).collect()
    }

    /// By how much each ring of the profile moves the sum of `coefficients` times the profile's coefficients.
    pub fn back(&self, coefficients: &[f64]) -> Vec<f64> {
        let rings = self.rows.first().map_or(0, Vec::len);
        let mut out = vec![0.0; rings];
        for (row, c) in self.rows.iter().zip(coefficients) {
            out.iter_mut().zip(row).for_each(|(o, r)| *o += c * r);
        }
        out
    }

    /// Number of coefficients.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
}
