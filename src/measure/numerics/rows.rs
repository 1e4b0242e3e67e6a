//! A matrix whose rows hold one run of weights each.

/// A linear map with one contiguous run of weights per row, as interpolation, chord integrals and blurs have.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    first: Vec<usize>,
    start: Vec<usize>,
    weights: Vec<f64>,
}

/// Columns treated together: enough independent sums to fill the vector units.
const LANES: usize = 8;

impl Rows {
    /// No rows yet.
    pub fn new() -> Rows {
        Rows {
            first: Vec::new(),
            start: vec![0],
            weights: Vec::new(),
        }
    }

    /// Adds a row whose weights start at column `first`.
    pub fn push(&mut self, first: usize, weights: &[f64]) {
        self.first.push(first);
        self.weights.extend_from_slice(weights);
        self.start.push(self.weights.len());
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.first.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.first.is_empty()
    }

    fn rows(&self) -> impl Iterator<Item = (usize, &[f64])> {
        self.first
            .iter()
            .zip(self.start.windows(2))
            .map(|(first, range)| {
                let weights = match range {
                    [from, to] => self.weights.get(*from..*to).unwrap_or_default(),
                    _ => &[],
                };
                (*first, weights)
            })
    }

    /// The map applied to `x`; columns beyond its end count as zero, and zeros at its end cost nothing.
    pub fn apply(&self, x: &[f64]) -> Vec<f64> {
        let end = filled(x);
        self.rows()
            .map(|(first, weights)| product(weights, x.get(first..end).unwrap_or_default()))
            .collect()
    }

    /// The map applied to `stride` vectors lying side by side, `x[i * stride + m]`; the result is laid out the same way.
    /// `stride` must be a multiple of 8, the rest is left out.
    pub fn apply_side_by_side(&self, x: &[f64], stride: usize) -> Vec<f64> {
        let mut out = vec![0.0; self.len() * stride];
        if stride == 0 {
            return out;
        }
        for ((first, weights), out) in self.rows().zip(out.chunks_exact_mut(stride)) {
            let block = x.get(first * stride..).unwrap_or_default();
            for (lane, out) in out.chunks_exact_mut(LANES).enumerate() {
                let mut sum = [0.0; LANES];
                for (w, x) in weights.iter().zip(block.chunks_exact(stride)) {
                    if let Some(x) = x.get(lane * LANES..lane * LANES + LANES) {
                        for (s, x) in sum.iter_mut().zip(x) {
                            *s += w * x;
                        }
                    }
                }
                out.copy_from_slice(&sum);
            }
        }
        out
    }
}

/// Σ w x over the shorter length, in independent sums.
fn product(weights: &[f64], x: &[f64]) -> f64 {
    // Interpolation has rows of just so many.
    if let ([a, b, c, d, e, f, g, h], Some(x)) = (weights, x.first_chunk::<LANES>()) {
        return ((a * x[0] + e * x[4]) + (c * x[2] + g * x[6]))
            + ((b * x[1] + f * x[5]) + (d * x[3] + h * x[7]));
    }
    let n = weights.len().min(x.len());
    let (weights, x) = (weights.split_at(n).0, x.split_at(n).0);
    let (w, x) = (weights.chunks_exact(LANES), x.chunks_exact(LANES));
    let rest: f64 = w
        .remainder()
        .iter()
        .zip(x.remainder())
        .map(|(w, x)| w * x)
        .sum();
    let mut sums = [0.0; LANES];
    for (w, x) in w.zip(x) {
        for (sum, (w, x)) in sums.iter_mut().zip(w.iter().zip(x)) {
            *sum += w * x;
        }
    }
    // In pairs: eight sums one after the other would wait for each other.
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h)) + rest
}

/// How many values there are before the zeros at the end.
fn filled(x: &[f64]) -> usize {
    x.iter().rposition(|v| *v != 0.0).map_or(0, |i| i + 1)
}
