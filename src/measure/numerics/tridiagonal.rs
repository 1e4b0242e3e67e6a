//! Tridiagonal systems.

/// A tridiagonal matrix: row i is `lower[i] x[i−1] + diagonal[i] x[i] + upper[i] x[i+1]`; `lower[0]` and the last `upper` are not
/// used. The three have one length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tridiagonal {
    /// Below the diagonal.
    pub lower: Vec<f64>,
    /// The diagonal.
    pub diagonal: Vec<f64>,
    /// Above the diagonal.
    pub upper: Vec<f64>,
}

/// A matrix after its elimination: a solve is then products alone. Its room is kept from matrix to matrix.
#[derive(Clone, Debug, Default)]
pub struct Elimination {
    lower: Vec<f64>,
    ratio: Vec<f64>,
    pivot: Vec<f64>,
}

impl Tridiagonal {
    /// A zero matrix of `size` rows.
    pub fn zeros(size: usize) -> Tridiagonal {
        Tridiagonal {
            lower: vec![0.0; size],
            diagonal: vec![0.0; size],
            upper: vec![0.0; size],
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.diagonal.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.diagonal.is_empty()
    }

    /// `out` = A `x`.
    pub fn multiply(&self, x: &[f64], out: &mut [f64]) {
        let n = self.len().min(x.len()).min(out.len());
        for i in 0..n {
            let mut sum = self.diagonal[i] * x[i];
            if i > 0 {
                sum += self.lower[i] * x[i - 1];
            }
            if i + 1 < n {
                sum += self.upper[i] * x[i + 1];
            }
            out[i] = sum;
        }
    }
}

impl Elimination {
    /// Takes up another matrix (Thomas' algorithm, no pivoting).
    ///
    /// Backward stable for diagonally dominant matrices, such as those of implicit diffusion steps; do not use it for others.
    pub fn eliminate(&mut self, matrix: &Tridiagonal) {
        self.lower.clone_from(&matrix.lower);
        self.ratio.clear();
        self.pivot.clear();
        let mut previous = 0.0;
        for i in 0..matrix.len() {
            let pivot = 1.0 / (matrix.diagonal[i] - matrix.lower[i] * previous);
            previous = matrix.upper[i] * pivot;
            self.ratio.push(previous);
            self.pivot.push(pivot);
        }
    }

    /// Replaces `x`, the right-hand side, by the solution of A x = rhs.
    pub fn solve(&self, x: &mut [f64]) {
        let mut previous = 0.0;
        for ((x, lower), pivot) in x.iter_mut().zip(&self.lower).zip(&self.pivot) {
            *x = (*x - lower * previous) * pivot;
            previous = *x;
        }
        let mut next = 0.0;
        for (x, ratio) in x.iter_mut().zip(&self.ratio).rev() {
            *x -= ratio * next;
            next = *x;
        }
    }
}
