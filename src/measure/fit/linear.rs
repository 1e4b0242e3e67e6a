//! Gain and background, eliminated (variable projection).

/// One frame's residuals with the linear parameters at their best, in units of the standard errors.
#[derive(Clone, Debug, Default)]
pub struct Projected {
    /// Intensity per unit of projected density.
    pub gain: f64,
    /// Level.
    pub background: f64,
    /// (data - gain · model - background)/error.
    pub residual: Vec<f64>,
    /// Variances of gain and background at fixed shape, for unit χ²/ν.
    pub variance: (f64, f64),
    // Orthonormal basis of the weighted span of {model, 1}.
    span: [Vec<f64>; 2],
}

impl Projected {
    /// χ².
    pub fn chi2(&self) -> f64 {
        dot(&self.residual, &self.residual)
    }

    /// The weighted span of {1, model}, orthonormal: what gain and background take up.
    pub fn span(&self) -> &[Vec<f64>; 2] {
        &self.span
    }

    /// Column of the Jacobian of the *residual* for a parameter by which the weighted model changes as `derivative`
    /// (Kaufman's approximation: exact to first order where the residuals are small).
    pub fn column(&self, mut derivative: Vec<f64>) -> Vec<f64> {
        derivative.iter_mut().for_each(|d| *d *= -self.gain);
        for q in &self.span {
            let overlap = dot(q, &derivative);
            derivative
                .iter_mut()
                .zip(q)
                .for_each(|(c, q)| *c -= overlap * q);
        }
        derivative
    }
}

/// Best gain and background for `model` against `data`; both and `one`, the constant, in units of the standard errors.
///
/// The gain may come out negative or, for a model without structure, zero: that is the data's answer.
pub fn project(model: Vec<f64>, data: &[f64], one: &[f64]) -> Projected {
    let normalized = |mut v: Vec<f64>| {
        let norm = f64::sqrt(dot(&v, &v));
        if norm > 0.0 {
            v.iter_mut().for_each(|x| *x /= norm);
        }
        (v, norm)
    };
    // Gram-Schmidt, the constant first: the model's structure is what is left of it.
    let (one, one_norm) = normalized(one.to_vec());
    let mut weighted = model;
    let level = dot(&one, &weighted);
    weighted
        .iter_mut()
        .zip(&one)
        .for_each(|(m, o)| *m -= level * o);
    let (structure, norm) = normalized(weighted);
    let mut residual = data.to_vec();
    let a = dot(&one, &residual);
    let b = dot(&structure, &residual);
    residual
        .iter_mut()
        .zip(one.iter().zip(&structure))
        .for_each(|(r, (o, s))| *r -= a * o + b * s);
    let (gain, background) = if norm > 0.0 && one_norm > 0.0 {
        (b / norm, (a - b * level / norm) / one_norm)
    } else {
        (0.0, 0.0)
    };
    let variance = if norm > 0.0 && one_norm > 0.0 {
        (
            1.0 / (norm * norm),
            (1.0 + (level / norm) * (level / norm)) / (one_norm * one_norm),
        )
    } else {
        (0.0, 0.0)
    };
    Projected {
        gain,
        background,
        residual,
        variance,
        span: [one, structure],
    }
}

/// Scalar product with eight accumulators: a plain sum never vectorizes.
pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f64 = a8
        .remainder()
        .iter()
        .zip(b8.remainder())
        .map(|(x, y)| x * y)
        .sum();
    for (x, y) in a8.zip(b8) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + rest
}
