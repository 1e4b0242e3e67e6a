//! The finite number of atoms: what it does to a fit that no dose can mend.
//!
//! The model knows the mean mole fraction c(r, τ). A particle has atoms: each lattice site within a small volume holds the core's
//! element with probability c, so that a volume of m sites holds m c ± √(m c (1 − c)) of them (a binomial sample, one
//! multinomial draw for the particle). Three facts make this a covariance of the fit:
//!
//! * *Variance.* δc(r) is uncorrelated in space, ⟨δc(r) δc(r')⟩ = s(r) δ(r − r')/n with n the atomic density and, at τ, s = c (1 − c) less what
//!   was there at τ = 0: the arrangement of the first frame is a fact, not a draw, and the fitted shape already describes it.
//! * *Memory.* Exchanges between sites conserve the occupation, and the mean of an occupation given an earlier one follows the diffusion
//!   equation (for the symmetric exclusion process exactly: Liggett, Interacting Particle Systems, 1985, ch. VIII). Fluctuations of two
//!   frames are therefore correlated by the propagator of τ' − τ.
//! * *Response.* With A the Jacobian of the weighted residuals, gain and background eliminated, and N = AᵀA, the fit moves by
//!   −N⁻¹Aᵀ times the weighted disturbance of the profiles, so that its covariance grows by N⁻¹ M N⁻¹, M = Aᵀ⟨δI δIᵀ⟩A.
//!
//! A ring mean collects δc along the beam. Column a of A weighs a ring at x with h_a(x), constant along the beam, and
//!
//! ```text
//! M_ab = g g' Δw²/n ∫ 2πx V(x) h_a(x) (e^{(τ'−τ)L} h_b)(x) dx,   V(x) = ∫ s dz,   L h = (x m)⁻¹ ∂_x(x m ∂_x h)
//! ```
//!
//! for τ ≤ τ', where h_b is taken to stay constant along the beam while it spreads, m(x) being the chord through the particle.
//! Left out: the fixed total number of each element (absorbed by the gain), and the graininess of the lattice itself, which is the same in
//! all frames.

use core::f64::consts::PI;

use super::joint::Solution;
use super::linear::dot;
use super::model::{CONTRAST, SIGMA};
use super::problem::{FitError, Problem};
use crate::forward::{Basis, Optics};
use crate::numerics::{Elimination, Rows, Tridiagonal};
use crate::projection::{Blur, Chords, Samples};

/// Radial cells per ring of the profile in which mole fractions are projected.
const CELLS_PER_RING: usize = 2;

/// Implicit steps between two frames.
const STEPS: usize = 6;

/// What the atoms do to the normal equations of a fit.
pub(super) struct Grain {
    /// M for the shared parameters and the v's of all frames but the first, row by row.
    pub meat: Vec<f64>,
    /// Sum over all rings of the variance of the disturbance in units of that of counting, less what gain and background take up.
    pub excess: f64,
}

/// The rings of the profiles, all frames on one grid.
struct Rings {
    width: f64,
    radius: Vec<f64>,
    /// Chord of the particle through each ring (nm).
    chord: Vec<f64>,
    probe: Rows,
    /// From cells to ∫ dz at every ring, in units of a cell's width.
    chords: Rows,
}

impl Grain {
    /// For `atoms_per_nm3` atoms in a nm³ of the particle.
    pub fn new(
        problem: &Problem,
        solution: &Solution,
        atoms_per_nm3: f64,
    ) -> Result<Grain, FitError> {
        let settings = problem.settings;
        let shared = solution.point.shared;
        let (w_core, w_shell) = Optics {
            psf_sigma_nm: settings.psf_sigma_nm,
            contrast: shared.0[CONTRAST],
        }
        .weights();
        let strength = (w_core - w_shell).powi(2) / atoms_per_nm3;
        let p = solution.free.len();
        let count = problem.frames.len();
        let size = p + count.saturating_sub(1);
        let rings = Rings::new(problem, solution);
        let variances = rings.variances(problem, solution)?;
        let mut grain = Grain {
            meat: vec![0.0; size * size],
            excess: 0.0,
        };
        // Columns of every frame as functions of the ring: the shared parameters, then v.
        let columns: Vec<Vec<Vec<f64>>> = (0..count)
            .map(|k| {
                let frame = &solution.frames[k];
                let slope = problem.tau_slope(solution.point.tau[k]);
                let own = frame.tau.iter().map(|t| t * slope).collect();
                let all = frame.shared.iter().cloned().chain([own]);
                let gain = frame.projected.gain;
                all.map(|c: Vec<f64>| rings.weigh(problem, k, &c, gain))
                    .collect()
            })
            .collect();
        let place = |k: usize, a: usize| if a < p { a } else { p + k - 1 };
        for later in 1..count {
            let mut spread = columns[later].clone();
            for earlier in (1..=later).rev() {
                if earlier < later {
                    let tau = &solution.point.tau;
                    rings.spread(tau[earlier + 1] - tau[earlier], &mut spread);
                }
                let v: Vec<f64> = rings
                    .radius
                    .iter()
                    .zip(&variances[earlier])
                    .map(|(x, v)| 2.0 * PI * x * rings.width * strength * v)
                    .collect();
                for (a, left) in columns[earlier].iter().enumerate() {
                    let left: Vec<f64> = left.iter().zip(&v).map(|(l, v)| l * v).collect();
                    for (b, right) in spread.iter().enumerate() {
                        let m = dot(&left, right);
                        let (i, j) = (place(earlier, a), place(later, b));
                        grain.meat[i * size + j] += m;
                        if earlier < later {
                            grain.meat[j * size + i] += m;
                        }
                    }
                }
            }
            grain.excess += rings.excess(problem, solution, later, &variances[later], strength);
        }
        Ok(grain)
    }
}

impl Rings {
    fn new(problem: &Problem, solution: &Solution) -> Rings {
        let shape = solution.point.shared.shape();
        let of = |f: &super::FrameData| {
            let r = &f.profile.radius;
            let last = r.last().copied().unwrap_or(1.0);
            last / (r.len() as f64 - 0.5)
        };
        // Frames of one series have rings of almost one width.
        let width = problem
            .frames
            .iter()
            .map(of)
            .fold(f64::INFINITY, f64::min)
            .max(1e-9);
        let outermost = problem
            .frames
            .iter()
            .filter_map(|f| f.profile.radius.last())
            .fold(0.0_f64, |a, r| a.max(*r));
        let count = (outermost / width) as usize + 1;
        let radius: Vec<f64> = (0..count).map(|i| (i as f64 + 0.5) * width).collect();
        let sigma = problem.settings.psf_sigma_nm / width;
        let uniform = Samples::Uniform { step: 1.0, count };
        let at: Vec<f64> = (0..count).map(|i| i as f64).collect();
        let probe = Blur {
            sigma,
            samples: uniform,
        }
        .rows(&at);
        let cell = width / CELLS_PER_RING as f64;
        let points: Vec<f64> = radius.iter().map(|x| x / cell).collect();
        let count = count * CELLS_PER_RING;
        let mut rings = Rings {
            width,
            radius,
            chord: Vec::new(),
            probe,
            chords: Chords { count, wall: None }.rows(&points),
        };
        let envelope: Vec<f64> = rings.cells().map(|r| shape.envelope(r)).collect();
        rings.chord = rings.project(&envelope);
        rings
    }

    /// Radii of the cells' middles (nm).
    fn cells(&self) -> impl Iterator<Item = f64> {
        let cell = self.width / CELLS_PER_RING as f64;
        (0..self.radius.len() * CELLS_PER_RING).map(move |i| (i as f64 + 0.5) * cell)
    }

    /// ∫ f dz at every ring, f given in the cells.
    fn project(&self, f: &[f64]) -> Vec<f64> {
        let cell = self.width / CELLS_PER_RING as f64;
        let mut chords = self.chords.apply(f);
        chords.iter_mut().for_each(|v| *v *= cell);
        chords
    }

    /// V by frame and ring (nm).
    fn variances(&self, problem: &Problem, solution: &Solution) -> Result<Vec<Vec<f64>>, FitError> {
        let shape = solution.point.shared.shape();
        let made;
        let basis = match solution.model.basis() {
            Some(basis) => basis,
            None => {
                let smoothness = solution.point.shared.0[SIGMA] / shape.radius_b_nm;
                made = Basis::new(problem.settings.scheme, smoothness)?;
                &made
            }
        };
        let radii: Vec<f64> = self.cells().collect();
        let densities = basis.densities(&shape, &radii);
        let binomial = |tau: f64| -> Vec<f64> {
            let (core, shell) = densities.at(tau);
            core.iter()
                .zip(&shell)
                .map(|(a, b)| {
                    if a + b > 1e-6 {
                        (a * b / (a + b)).max(0.0)
                    } else {
                        0.0
                    }
                })
                .collect()
        };
        let first = binomial(0.0);
        let of = |&tau: &f64| {
            let now = binomial(tau);
            let grown = now
                .iter()
                .zip(&first)
                .map(|(now, first)| (now - first).max(0.0));
            self.project(&grown.collect::<Vec<f64>>())
        };
        Ok(solution.point.tau.iter().map(of).collect())
    }

    /// A column of weighted residuals of frame `k` as a function of the ring, per nm² of the image and per unit of projected density.
    fn weigh(&self, problem: &Problem, k: usize, column: &[f64], gain: f64) -> Vec<f64> {
        let mut h = vec![0.0; self.radius.len()];
        let profile = &problem.frames[k].profile;
        let rings = problem.weigh_back(k, column);
        for (r, c) in profile.radius.iter().zip(rings) {
            let i = (r / self.width) as usize;
            if let (Some(h), Some(x)) = (h.get_mut(i), self.radius.get(i)) {
                *h += gain * c / (2.0 * PI * x * self.width);
            }
        }
        // What the probe smears before the ring collects it.
        self.probe.apply(&h)
    }

    /// h after its spread by τ: implicit steps of L, in rings.
    fn spread(&self, tau: f64, columns: &mut [Vec<f64>]) {
        if tau <= 0.0 {
            return;
        }
        let n = self.radius.len();
        let floor = 1e-6 * self.chord.iter().fold(0.0_f64, |a, c| a.max(*c));
        let content = |i: usize| self.radius[i] * self.chord[i].max(floor);
        let factor = tau / STEPS as f64 / (self.width * self.width);
        let mut step = Tridiagonal::zeros(n);
        for i in 0..n {
            step.diagonal[i] = 1.0;
            let here = content(i);
            let couple = |j: usize, edge: f64, entry: &mut f64| {
                // The content at the face between two rings; the chord falls steeply at the rim.
                let face = edge * self.width * self.chord[i].min(self.chord[j]).max(floor);
                let rate = factor * face / here;
                *entry = -rate;
                rate
            };
            let (mut lower, mut upper) = (0.0, 0.0);
            let mut sum = 0.0;
            if i > 0 {
                sum += couple(i - 1, i as f64, &mut lower);
            }
            if i + 1 < n {
                sum += couple(i + 1, (i + 1) as f64, &mut upper);
            }
            (step.lower[i], step.upper[i]) = (lower, upper);
            step.diagonal[i] += sum;
        }
        let mut elimination = Elimination::default();
        elimination.eliminate(&step);
        for column in columns {
            for _ in 0..STEPS {
                elimination.solve(column);
            }
        }
    }

    /// Expected share of the atoms in χ² of frame `k`: variance of every ring mean over its standard error², less what gain
    /// and background take up. A ring mean blurred by the probe collects a ring of the width 2√π σ, σ² = probe² + width²/12.
    fn excess(
        &self,
        problem: &Problem,
        solution: &Solution,
        k: usize,
        v: &[f64],
        strength: f64,
    ) -> f64 {
        let frame = &solution.frames[k].projected;
        let along = |column: &[f64]| -> f64 {
            let h = self.weigh(problem, k, column, frame.gain);
            let rings = h.iter().zip(v).zip(&self.radius);
            rings
                .map(|((h, v), x)| 2.0 * PI * x * self.width * strength * v * h * h)
                .sum()
        };
        let all: f64 = if problem.smooth.is_some() {
            let mut unit = vec![0.0; problem.size(k)];
            let one = |i: usize| {
                unit.fill(0.0);
                unit[i] = 1.0;
                along(&unit)
            };
            (0..problem.size(k)).map(one).sum()
        } else {
            let probe = problem.settings.psf_sigma_nm;
            let smear = f64::sqrt(probe * probe + self.width * self.width / 12.0);
            let profile = &problem.frames[k].profile;
            let rings = profile.radius.iter().zip(&problem.weights[k]);
            rings
                .map(|(r, w)| {
                    let v = v.get((r / self.width) as usize).unwrap_or(&0.0);
                    let area =
                        2.0 * PI * r.max(smear) * (2.0 * f64::sqrt(PI) * smear).max(self.width);
                    (frame.gain * w).powi(2) * strength * v / area
                })
                .sum()
        };
        let taken: f64 = frame.span().iter().map(|q| along(q)).sum();
        (all - taken).max(0.0)
    }
}
