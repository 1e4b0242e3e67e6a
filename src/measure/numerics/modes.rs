//! Eigenmodes of a one-dimensional Sturm-Liouville problem in normal form.

use crate::language::{Number, say};

/// Why there are no modes.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum ModesError {
    /// The grid is too coarse for the potential or the highest eigenvalue asked for.
    #[error("{}", say!(
        "the grid step is too coarse for eigenvalues up to {}"
        | "das Gitter ist zu grob für Eigenwerte bis {}", Number(*lambda_max)
    ))]
    Coarse {
        /// What was asked for.
        lambda_max: f64,
    },
    /// An eigenvalue did not settle.
    #[error("{}", say!("mode {index} did not converge" | "die Mode {index} konvergiert nicht"))]
    NotConverged {
        /// Its index, from 0.
        index: usize,
    },
}

/// Eigenmodes u_m of −u″ + V u = λ u, normalized to h Σ u² = 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Modes {
    /// Eigenvalues, ascending.
    pub lambda: Vec<f64>,
    /// Modes side by side: `values[i * stride + m]` is mode m at grid point i, 0 where m is beyond the last mode.
    pub values: Vec<f64>,
    /// `lambda.len()` rounded up to a multiple of [`Modes::LANES`], so that loops over modes vectorize.
    pub stride: usize,
}

impl Modes {
    /// `stride` is a multiple of this.
    pub const LANES: usize = 8;
}

/// Chains treated side by side: the recurrences are bound by latency, not by throughput.
const CHAINS: usize = 4;
type Chains = [f64; CHAINS];

/// Modes `first`, `first` + 1, … with λ ≤ `lambda_max` of −u″ + V u = λ u, u = 0 at both ends: `potential[i]` is V at
/// x = (i + 1) `step`, the ends are x = 0 and x = (n + 1) `step`.
///
/// Numerov's fourth-order scheme: with w = h² (V − λ)/12 and y = (1 − w) u, −y_{i−1} + g_i y_i − y_{i+1} = 0, g = 2 + 12 w/(1 − w).
/// The matrix is symmetric tridiagonal and its diagonal falls with λ, so Sturm's count of negative pivots gives the number
/// of eigenvalues below λ. Each eigenvalue is bracketed by counts, guessed from those before it, and refined with the twisted factorization
/// (forward and backward elimination meeting at row k): its vector has a residual γ_k in row k alone, and λ + γ_k/(h² Σ u²) is
/// the next iterate (Cooley's correction, the Rayleigh quotient of this problem; it converges cubically). Every eigenvalue is
/// simple and none is skipped, because the count is checked at each iterate.
/// Error of λ: about λ (√λ h)⁴/240 (`tests/numerics.rs` shows the order).
pub fn normal_modes(
    potential: &[f64],
    step: f64,
    first: usize,
    lambda_max: f64,
) -> Result<Modes, ModesError> {
    let n = potential.len();
    let twelfth = step * step / 12.0;
    let top = potential.iter().fold(0.0f64, |a, v| a.max(v.abs()));
    let coarseness = twelfth * (lambda_max + top);
    if n < 8 || coarseness.is_nan() || coarseness > 0.5 {
        return Err(ModesError::Coarse { lambda_max });
    }
    let scaled: Vec<f64> = potential.iter().map(|v| twelfth * v).collect();
    let brackets = brackets(&scaled, twelfth, first, lambda_max);
    let stride = brackets.len().div_ceil(Modes::LANES) * Modes::LANES;
    let mut modes = Modes {
        lambda: Vec::with_capacity(brackets.len()),
        values: vec![0.0; n * stride],
        stride,
    };
    let mut roots: Vec<f64> = Vec::with_capacity(brackets.len());
    let mut room = Room::new(n);
    for group in brackets.chunks(CHAINS) {
        // Idle chains repeat the last mode of the group.
        let mut chain: [Bracket; CHAINS] =
            core::array::from_fn(|c| group.get(c).or(group.last()).copied().unwrap_or_default());
        // √λ is a smooth function of the index.
        if let [.., a, b, c] = roots[..] {
            let (rise, bend) = (c - b, c - 2.0 * b + a);
            for (ahead, bracket) in (1..).zip(&mut chain) {
                let ahead = f64::from(ahead);
                let root = c + ahead * (rise + 0.5 * (ahead + 1.0) * bend);
                let guess = root * root;
                if guess > bracket.low && guess < bracket.high {
                    bracket.guess = guess;
                }
            }
        }
        let mut done = [false; CHAINS];
        for _ in 0..60 {
            let lambda: Chains = core::array::from_fn(|c| chain[c].guess);
            room.factorize(&scaled, twelfth, lambda);
            for c in 0..CHAINS {
                if done[c] {
                    continue;
                }
                let correction = room.vector(c, &scaled, twelfth, lambda[c]);
                let bracket = &mut chain[c];
                if room.count[c] as usize > bracket.index {
                    bracket.high = bracket.guess;
                } else {
                    bracket.low = bracket.guess;
                }
                let next = bracket.guess + correction;
                // The vector belongs to the iterate before: its error is the correction over the gap.
                if correction.abs() <= 1e-10 * bracket.high && next > 0.0 {
                    done[c] = true;
                    bracket.guess = next;
                } else if next > bracket.low && next < bracket.high {
                    bracket.guess = next;
                } else {
                    bracket.guess = 0.5 * (bracket.low + bracket.high);
                }
            }
            if done.iter().all(|d| *d) {
                break;
            }
        }
        for (c, bracket) in chain.iter().enumerate().take(group.len()) {
            if !done[c] {
                return Err(ModesError::NotConverged {
                    index: bracket.index,
                });
            }
            let m = modes.lambda.len();
            modes.lambda.push(bracket.guess);
            roots.push(f64::sqrt(bracket.guess));
            let scale = {
                let sum: f64 = room.u[c].iter().map(|u| u * u).sum();
                let sign = room.u[c].first().copied().unwrap_or(1.0);
                1.0f64.copysign(sign) / f64::sqrt(step * sum)
            };
            for (i, u) in room.u[c].iter().enumerate() {
                modes.values[i * stride + m] = scale * u;
            }
        }
    }
    Ok(modes)
}

#[derive(Clone, Copy, Debug, Default)]
struct Bracket {
    index: usize,
    low: f64,
    high: f64,
    guess: f64,
}

/// One bracket per eigenvalue from `first` on, each eigenvalue below `lambda_max`.
fn brackets(scaled: &[f64], twelfth: f64, first: usize, lambda_max: f64) -> Vec<Bracket> {
    let length = f64::sqrt(12.0 * twelfth) * (scaled.len() + 1) as f64;
    // In q = √λ the eigenvalues are about π/length apart.
    let spacing = 0.4 * core::f64::consts::PI / length;
    let q_max = f64::sqrt(lambda_max);
    let mut out: Vec<Bracket> = Vec::new();
    let (mut low, mut below) = (0.0, first);
    let mut q = 0.0;
    while q < q_max {
        let sweep: Chains =
            core::array::from_fn(|c| (q + spacing * (c + 1) as f64).min(q_max * (1.0 + 1e-12)));
        let counts = count(scaled, twelfth, sweep.map(|q| q * q));
        for (high, found) in sweep.into_iter().zip(counts) {
            let found = found as usize;
            let inside = found.saturating_sub(below);
            for k in 0..inside {
                let share = (k as f64 + 0.5) / inside as f64;
                let guess = low + share * (high - low);
                out.push(Bracket {
                    index: below + k,
                    low: low * low,
                    high: high * high,
                    guess: guess * guess,
                });
            }
            below = below.max(found);
            low = high;
        }
        q += spacing * CHAINS as f64;
    }
    out
}

/// Number of eigenvalues below each λ.
fn count(scaled: &[f64], twelfth: f64, lambda: Chains) -> Chains {
    let shift = lambda.map(|l| twelfth * l);
    let (mut reciprocal, mut negative) = ([0.0; CHAINS], [0.0; CHAINS]);
    for v in scaled {
        for c in 0..CHAINS {
            let w = v - shift[c];
            let d = guarded(2.0 + 12.0 * w / (1.0 - w) - reciprocal[c]);
            reciprocal[c] = 1.0 / d;
            negative[c] += if d < 0.0 { 1.0 } else { 0.0 };
        }
    }
    negative
}

#[inline(always)]
fn guarded(d: f64) -> f64 {
    if d.abs() < 1e-200 { 1e-200 } else { d }
}

/// Both eliminations of [`CHAINS`] matrices.
struct Room {
    forward: Vec<Chains>,
    backward: Vec<Chains>,
    count: Chains,
    gamma: Chains,
    row: [usize; CHAINS],
    u: [Vec<f64>; CHAINS],
}

impl Room {
    fn new(n: usize) -> Room {
        Room {
            forward: vec![[0.0; CHAINS]; n],
            backward: vec![[0.0; CHAINS]; n],
            count: [0.0; CHAINS],
            gamma: [0.0; CHAINS],
            row: [0; CHAINS],
            u: core::array::from_fn(|_| vec![0.0; n]),
        }
    }

    fn factorize(&mut self, scaled: &[f64], twelfth: f64, lambda: Chains) {
        let shift = lambda.map(|l| twelfth * l);
        let mut reciprocal = [0.0; CHAINS];
        self.count = [0.0; CHAINS];
        for (v, forward) in scaled.iter().zip(self.forward.iter_mut()) {
            for c in 0..CHAINS {
                let w = v - shift[c];
                let d = guarded(2.0 + 12.0 * w / (1.0 - w) - reciprocal[c]);
                reciprocal[c] = 1.0 / d;
                forward[c] = reciprocal[c];
                self.count[c] += if d < 0.0 { 1.0 } else { 0.0 };
            }
        }
        let mut reciprocal = [0.0; CHAINS];
        let mut gamma = [f64::INFINITY; CHAINS];
        let mut row = [0.0; CHAINS];
        for i in (0..scaled.len()).rev() {
            let (v, forward) = (scaled[i], self.forward[i]);
            for c in 0..CHAINS {
                let w = v - shift[c];
                let residual = 1.0 / forward[c] - reciprocal[c];
                let better = residual.abs() < gamma[c].abs();
                gamma[c] = if better { residual } else { gamma[c] };
                row[c] = if better { i as f64 } else { row[c] };
                reciprocal[c] = 1.0 / guarded(2.0 + 12.0 * w / (1.0 - w) - reciprocal[c]);
                self.backward[i][c] = reciprocal[c];
            }
        }
        self.gamma = gamma;
        self.row = row.map(|r| r as usize);
    }

    /// Forms the vector of chain `c` and returns the correction of its eigenvalue.
    fn vector(&mut self, c: usize, scaled: &[f64], twelfth: f64, lambda: f64) -> f64 {
        let (k, n) = (self.row[c], scaled.len());
        let u = &mut self.u[c];
        let mut y = 1.0;
        for i in (0..=k).rev() {
            u[i] = y;
            if i > 0 {
                y *= self.forward[i - 1][c];
            }
        }
        y = 1.0;
        for (u, backward) in u.iter_mut().zip(&self.backward).take(n).skip(k + 1) {
            y *= backward[c];
            *u = y;
        }
        let shift = twelfth * lambda;
        let mut sum = 0.0;
        for (u, v) in u.iter_mut().zip(scaled) {
            *u /= 1.0 - (v - shift);
            sum += *u * *u;
        }
        self.gamma[c] / (12.0 * twelfth * sum)
    }
}
