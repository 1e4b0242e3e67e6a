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

/// Room for the elimination, kept between solves.
#[derive(Clone, Debug, Default)]
pub struct Workspace {
    ratio: Vec<f64>,
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

    /// The elimination, made once for many right-hand sides.
    pub fn factor(&self) -> Elimination<'_> {
        let (mut ratio, mut pivot) = (
            Vec::with_capacity(self.len()),
            Vec::with_capacity(self.len()),
        );
        let mut previous = 0.0;
        for i in 0..self.len() {
            let reciprocal = 1.0 / (self.diagonal[i] - self.lower[i] * previous);
            previous = self.upper[i] * reciprocal;
            ratio.push(previous);
            pivot.push(reciprocal);
        }
        Elimination {
            lower: &self.lower,
            ratio,
            pivot,
        }
    }

    /// Replaces `x`, the right-hand side, by the solution of A x = rhs (Thomas' algorithm, no pivoting).
    ///
    /// Backward stable for diagonally dominant matrices, such as those of implicit diffusion steps; do not use it for others.
    pub fn solve(&self, x: &mut [f64], workspace: &mut Workspace) {
        let n = self.len().min(x.len());
        let ratio = &mut workspace.ratio;
        ratio.resize(n, 0.0);
        let mut previous = (0.0, 0.0);
        for i in 0..n {
            let pivot = 1.0 / (self.diagonal[i] - self.lower[i] * previous.0);
            ratio[i] = self.upper[i] * pivot;
            x[i] = (x[i] - self.lower[i] * previous.1) * pivot;
            previous = (ratio[i], x[i]);
        }
        for i in (1..n).rev() {
            x[i - 1] -= ratio[i - 1] * x[i];
        }
    }
}

/// A matrix after its elimination: a solve is then products alone.
#[derive(Clone, Debug)]
pub struct Elimination<'a> {
    lower: &'a [f64],
    ratio: Vec<f64>,
    pivot: Vec<f64>,
}

impl Elimination<'_> {
    /// As [`Tridiagonal::solve`], to rounding.
    pub fn solve(&self, x: &mut [f64]) {
        let mut previous = 0.0;
        for ((x, lower), pivot) in x.iter_mut().zip(self.lower).zip(&self.pivot) {
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
