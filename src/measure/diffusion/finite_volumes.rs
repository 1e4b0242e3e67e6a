//! Conservative finite volumes in r, TR-BDF2 in time.

use crate::language::{say, word};
use crate::numerics::{Elimination, GaussLegendre, Tridiagonal};

use super::{CoreShell, Scheme};

/// Why a calculation cannot be set up.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum DiffusionError {
    /// A radius or smoothness is not a positive number.
    #[error("{}", word!(
        "radii and smoothness must be positive and finite"
        | "Radien und Glätte müssen positiv und endlich sein"
    ))]
    Shape,
    /// Fewer cells than the smallest stencil.
    #[error("{}", say!("{cells} cells are too few" | "{cells} Zellen sind zu wenige"))]
    Cells {
        /// What was asked for.
        cells: usize,
    },
}

/// How the diffusion coefficient depends on composition.
///
/// ln D is linear in the mole fraction c of the core's element: D(c) = D_½ exp[(c − ½) `ln_d_ratio`], so that
/// `ln_d_ratio` = ln[D(c = 1)/D(c = 0)] and D_½, to which every τ = Σ D_½ t refers, is the geometric mean of the end members. The linear law
/// is an interpolation between measured end members (no composition series is known for most pairs): treat results as indicative.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Composition {
    /// ln(D_core-rich / D_shell-rich); 0 for a constant D.
    pub ln_d_ratio: f64,
}

impl Composition {
    /// D(c)/D_½; c is clipped to [0, 1].
    pub fn relative_d(&self, fraction: f64) -> f64 {
        libm::exp((fraction.clamp(0.0, 1.0) - 0.5) * self.ln_d_ratio)
    }
}

/// Densities on uniform radial cells and their evolution by eq. 4 in either scheme.
///
/// Cell i is the spherical layer i h ≤ r < (i + 1) h; densities are its volume averages. The flux through the face at r_f is
/// −r_f² D_f (c_{i+1} − c_i)/h with D_f the mean of the neighbors' D (`published`: of ρ itself, both species with the same D_f;
/// `fraction`: of c = ρ_A/S, times S(r_f)). No flux crosses r = 0 (no area), R_B (`published`) or the outer end (`fraction`, 8 σ outside R_B,
/// where S = 6e-16): each species is conserved to rounding, 1e-12 of its amount (`tests/diffusion.rs`).
/// Second order in h and in the time step, the same tests measure it. For a constant D the modes of [`crate::forward`] are faster and
/// exact in time: this is the scheme for D(c) and the cross-check.
#[derive(Clone, Debug)]
pub struct FiniteVolumes {
    scheme: Scheme,
    composition: Composition,
    step: f64,
    /// Cells that take part (`published`: those inside R_B).
    active: usize,
    /// r_f² [S(r_f)] / h at the face above each active cell but the last.
    conductance: Vec<f64>,
    /// Volume of each cell over 4π.
    volume: Vec<f64>,
    /// Capacity: volume [times S].
    capacity: Vec<f64>,
    envelope: Vec<f64>,
    core: Vec<f64>,
    shell: Vec<f64>,
    tau: f64,
    origin: f64,
    room: Room,
}

#[derive(Clone, Debug, Default)]
struct Room {
    matrix: Tridiagonal,
    elimination: Elimination,
    relative_d: Vec<f64>,
    increment: Vec<f64>,
}

/// TR-BDF2's share of the trapezoidal stage, 2 − √2: both stages then have the same matrix, and the scheme is L-stable (Bank et al.,
/// IEEE Trans. Electron Devices 32 (1985) 1992; Hosea & Shampine, Appl. Numer. Math. 20 (1996) 21).
const GAMMA: f64 = 2.0 - core::f64::consts::SQRT_2;

/// The outer end of the grid in `fraction`, σ outside R_B.
const TAIL_SIGMAS: f64 = 8.0;

/// Iterations of the nonlinear stage stop at this change of ρ.
const SETTLED: f64 = 1e-10;

/// … or after this many (the contraction is the change of D within one step: three to eight are usual).
const MOST_ITERATIONS: usize = 40;

impl FiniteVolumes {
    /// Cells inside R_B that keep the core density within 1e-4 for τ ≥ 1e-3 R_B² at σ = 0.05 R_B (`tests/diffusion.rs`).
    pub const CELLS: usize = 400;

    /// The initial profile of `shape` (eqs 2 and 3), averaged over `cells` cells inside R_B.
    pub fn new(
        scheme: Scheme,
        shape: &CoreShell,
        composition: Composition,
        cells: usize,
    ) -> Result<FiniteVolumes, DiffusionError> {
        let lengths = [shape.radius_a_nm, shape.radius_b_nm, shape.sigma_nm];
        if !lengths.iter().all(|l| l.is_finite() && *l > 0.0) {
            return Err(DiffusionError::Shape);
        }
        if cells < 4 {
            return Err(DiffusionError::Cells { cells });
        }
        let step = shape.radius_b_nm / cells as f64;
        let tail = f64::ceil(TAIL_SIGMAS * shape.sigma_nm / step) as usize;
        let total = cells + tail;
        let active = match scheme {
            Scheme::Fraction => total,
            Scheme::Published => cells,
        };
        let volume: Vec<f64> = (0..total)
            .map(|i| {
                let (a, b) = (i as f64 * step, (i + 1) as f64 * step);
                (b - a) * (a * a + a * b + b * b) / 3.0
            })
            .collect();
        let rule = GaussLegendre::new(5);
        let average = |density: &dyn Fn(f64) -> f64| -> Vec<f64> {
            volume
                .iter()
                .enumerate()
                .map(|(i, v)| {
                    rule.on(i as f64 * step, (i + 1) as f64 * step)
                        .map(|(r, w)| w * r * r * density(r))
                        .sum::<f64>()
                        / v
                })
                .collect()
        };
        let envelope = average(&|r| shape.envelope(r));
        let core: Vec<f64> = average(&|r| shape.rho_core(r).min(shape.envelope(r)));
        let shell: Vec<f64> = envelope.iter().zip(&core).map(|(s, a)| s - a).collect();
        let conductance = (1..active)
            .map(|i| {
                let r = i as f64 * step;
                let weight = match scheme {
                    Scheme::Fraction => shape.envelope(r),
                    Scheme::Published => 1.0,
                };
                weight * r * r / step
            })
            .collect();
        let capacity = match scheme {
            Scheme::Fraction => volume.iter().zip(&envelope).map(|(v, s)| v * s).collect(),
            Scheme::Published => volume.clone(),
        };
        Ok(FiniteVolumes {
            scheme,
            composition,
            step,
            active,
            conductance,
            volume,
            capacity,
            envelope,
            core,
            shell,
            tau: 0.0,
            origin: shape.sigma_nm
                * shape.sigma_nm
                * match scheme {
                    Scheme::Fraction => 0.5,
                    Scheme::Published => 0.125,
                },
            room: Room {
                matrix: Tridiagonal::zeros(active),
                ..Room::default()
            },
        })
    }

    /// Width of a cell (nm).
    pub fn step_nm(&self) -> f64 {
        self.step
    }

    /// First cell beyond the wall (`published`), none in `fraction`.
    pub fn wall(&self) -> Option<usize> {
        (self.scheme == Scheme::Published).then_some(self.active)
    }

    /// τ reached (nm²).
    pub fn tau_nm2(&self) -> f64 {
        self.tau
    }

    /// The τ₀ (nm²) that the smoothness of the initial profile is worth: an edge of smoothness σ is a step that has diffused for σ²/2. In
    /// `published` a quarter of that, because the total density meets the wall with a kink.
    pub fn origin_nm2(&self) -> f64 {
        self.origin
    }

    /// ρ_A, cell by cell.
    pub fn core(&self) -> &[f64] {
        &self.core
    }

    /// ρ_B, cell by cell.
    pub fn shell(&self) -> &[f64] {
        &self.shell
    }

    /// Amounts ∫ρ_A dV and ∫ρ_B dV (nm³ of full density).
    pub fn amounts_nm3(&self) -> (f64, f64) {
        let amount = |density: &[f64]| {
            4.0 * core::f64::consts::PI
                * density
                    .iter()
                    .zip(&self.volume)
                    .map(|(rho, v)| rho * v)
                    .sum::<f64>()
        };
        (amount(&self.core), amount(&self.shell))
    }

    /// ∂ρ_A/∂τ and ∂ρ_B/∂τ (nm⁻²) of the present state.
    pub fn rates(&self) -> (Vec<f64>, Vec<f64>) {
        let mut relative_d = Vec::new();
        self.relative_d(&self.core, &self.shell, &mut relative_d);
        let rate = |density: &[f64]| {
            let mut out = vec![0.0; density.len()];
            self.add_rate(&relative_d, density, 1.0, &mut out);
            out
        };
        let core = rate(&self.core);
        let shell = match self.scheme {
            Scheme::Fraction => core.iter().map(|r| -r).collect(),
            Scheme::Published => rate(&self.shell),
        };
        (core, shell)
    }

    /// Steps from the present τ to `tau_nm2` in `steps` equal steps; earlier τ are ignored.
    ///
    /// Each step is TR-BDF2; with D(c) both of its implicit stages are iterated on D until ρ settles to 1e-10, so the order in time stays two.
    pub fn advance(&mut self, tau_nm2: f64, steps: usize) {
        let interval = tau_nm2 - self.tau;
        if interval.is_nan() || interval <= 0.0 || interval.is_infinite() || steps == 0 {
            return;
        }
        let mut room = core::mem::take(&mut self.room);
        for _ in 0..steps {
            self.one_step(interval / steps as f64, &mut room);
        }
        self.room = room;
        self.tau = tau_nm2;
    }

    /// Goes through `tau_nm2` (ascending) and hands the state at each to `visit`; the steps grow as τ + τ₀, `per_decade` of them
    /// per factor of ten, where τ₀ = [`FiniteVolumes::origin_nm2`]. Infinite τ are visited as they stand.
    pub fn visit(
        &mut self,
        tau_nm2: &[f64],
        per_decade: usize,
        mut visit: impl FnMut(&FiniteVolumes),
    ) {
        let ratio = libm::pow(10.0, 1.0 / per_decade.max(1) as f64) - 1.0;
        for target in tau_nm2 {
            while self.tau < *target && target.is_finite() {
                let step = ratio * (self.tau + self.origin);
                let next = self.tau + step;
                // A remainder shorter than half a step is taken along.
                let next = if next + 0.5 * step < *target {
                    next
                } else {
                    *target
                };
                self.advance(next, 1);
            }
            visit(self);
        }
    }

    /// D(c) in every cell.
    fn relative_d(&self, core: &[f64], shell: &[f64], out: &mut Vec<f64>) {
        out.clear();
        if self.composition.ln_d_ratio == 0.0 {
            out.resize(self.active, 1.0);
            return;
        }
        out.extend((0..self.active).map(|i| {
            let total = match self.scheme {
                Scheme::Fraction => self.envelope[i],
                Scheme::Published => core[i] + shell[i],
            };
            self.composition.relative_d(core[i] / total)
        }));
    }

    /// Adds `share` L ρ, flux by flux: what leaves one cell enters the next, to rounding of the fluxes themselves.
    fn add_rate(&self, relative_d: &[f64], density: &[f64], share: f64, out: &mut [f64]) {
        let driving = |i: usize| density[i] * self.volume[i] / self.capacity[i];
        for (i, g) in self.conductance.iter().enumerate() {
            let d = 0.5 * (relative_d[i] + relative_d[i + 1]);
            let flux = share * g * d * (driving(i + 1) - driving(i));
            out[i] += flux / self.volume[i];
            out[i + 1] -= flux / self.volume[i + 1];
        }
    }

    /// 1 − `share` L, acting on ρ; in `fraction` through c = ρ_A/S.
    fn assemble(&self, relative_d: &[f64], share: f64, matrix: &mut Tridiagonal) {
        matrix.lower.fill(0.0);
        matrix.upper.fill(0.0);
        matrix.diagonal.fill(1.0);
        for (i, g) in self.conductance.iter().enumerate() {
            let g = share * g * 0.5 * (relative_d[i] + relative_d[i + 1]);
            let (below, above) = (g / self.capacity[i], g / self.capacity[i + 1]);
            matrix.diagonal[i] += below;
            matrix.diagonal[i + 1] += above;
            matrix.upper[i] = -above * self.volume[i + 1] / self.volume[i];
            matrix.lower[i + 1] = -below * self.volume[i] / self.volume[i + 1];
        }
    }

    fn one_step(&mut self, step: f64, room: &mut Room) {
        let share = 0.5 * GAMMA * step;
        let n = self.active;
        let start = [self.core.clone(), self.shell.clone()];
        let species = match self.scheme {
            Scheme::Fraction => 1,
            Scheme::Published => 2,
        };
        // Trapezoidal stage: ρ* − share L* ρ* = ρ + share L ρ.
        self.relative_d(&start[0], &start[1], &mut room.relative_d);
        let mut right = start.clone();
        for (right, start) in right.iter_mut().zip(&start).take(species) {
            self.add_rate(&room.relative_d, start, share, right);
        }
        let middle = self.implicit(&start, &right, share, species, room);
        // BDF2 stage: ρ′ − share L′ ρ′ = [ρ*/γ − ρ (1 − γ)²/γ]/(2 − γ).
        for s in 0..species {
            for ((x, middle), start) in right[s].iter_mut().zip(&middle[s]).zip(&start[s]).take(n) {
                *x = (middle - start * (1.0 - GAMMA) * (1.0 - GAMMA)) / (GAMMA * (2.0 - GAMMA));
            }
        }
        let [core, shell] = self.implicit(&middle, &right, share, species, room);
        self.core = core;
        self.shell = match self.scheme {
            Scheme::Fraction => self
                .envelope
                .iter()
                .zip(&self.core)
                .map(|(s, a)| s - a)
                .collect(),
            Scheme::Published => shell,
        };
    }

    /// Solves ρ − share L(ρ) ρ = right, starting from `guess`.
    fn implicit(
        &self,
        guess: &[Vec<f64>; 2],
        right: &[Vec<f64>; 2],
        share: f64,
        species: usize,
        room: &mut Room,
    ) -> [Vec<f64>; 2] {
        let mut state = guess.clone();
        let iterations = if self.composition.ln_d_ratio == 0.0 {
            1
        } else {
            MOST_ITERATIONS
        };
        for _ in 0..iterations {
            self.relative_d(&state[0], &state[1], &mut room.relative_d);
            self.assemble(&room.relative_d, share, &mut room.matrix);
            room.elimination.eliminate(&room.matrix);
            let mut change = 0.0f64;
            for (state, right) in state.iter_mut().zip(right).take(species) {
                // Solved for the increment, so that rounding scales with the change and not with the amount.
                let increment = &mut room.increment;
                increment.clear();
                increment.extend(right.iter().zip(state.iter()).map(|(r, s)| r - s));
                self.add_rate(&room.relative_d, state, share, increment);
                if let Some(active) = increment.get_mut(..self.active) {
                    room.elimination.solve(active);
                }
                for (state, increment) in state.iter_mut().zip(increment.iter()).take(self.active) {
                    *state += increment;
                    change = change.max(increment.abs());
                }
            }
            if change < SETTLED {
                break;
            }
        }
        state
    }
}
