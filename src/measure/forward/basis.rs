//! Eigenmodes and their projections in units of R_B.

use std::sync::{Arc, Mutex, PoisonError};

use crate::diffusion::{CoreShell, Scheme, SphereSeries};
use crate::language::{Number, say, word};
use crate::numerics::{ModesError, Rows, lagrange_weights};
use crate::projection::SmoothAbel;

use super::disk::DiskModes;
use super::envelope::EnvelopeModes;

/// Why there is no basis.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
pub enum BasisError {
    /// σ/R_B is outside the range of the discretization.
    #[error("{}", say!(
        "the smoothness σ/R_B = {} is outside {} to {}"
        | "die Glätte σ/R_B = {} liegt nicht zwischen {} und {}",
        Number(*smoothness), Number(Basis::SMOOTHNESS.0), Number(Basis::SMOOTHNESS.1)
    ))]
    Smoothness {
        /// What was asked for.
        smoothness: f64,
    },
    /// The eigenvalue problem failed.
    #[error("{}", word!(
        "the eigenmodes of the particle could not be found"
        | "die Eigenmoden des Partikels waren nicht zu finden"
    ))]
    Modes(#[from] ModesError),
}

/// Grid steps per σ of the radial grid, at least: with fourth-order modes this puts the error of images below 1e-6 of their peak.
pub(super) const STEPS_PER_SIGMA: f64 = 16.0;

/// The radial grid ends this many σ outside R_B, where S = 6e-16.
pub(super) const TAIL_SIGMAS: f64 = 8.0;

/// Image points every so many radial steps, 3σ/16: interpolation between them is then good to 2e-7.
pub(super) const STRIDE: usize = 3;

/// The steps to R_B and the number of grid points are multiples of this: neighboring σ/R_B, as a fit tries them, then share their
/// grid, its projection and its blur.
const COUNT_STEP: usize = 32;

/// Projections that are kept.
const KEPT: usize = 8;

/// Points along a chord every so many radial steps, σ/2.
const CHORD_STEP: usize = 8;

/// The radial grid in units of R_B, and the projections of densities sampled on it.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    /// Step h of the grid r_i = i h, a whole part of R_B.
    pub step: f64,
    /// Number of points, including r = 0.
    pub count: usize,
    /// From samples to projections in units of h.
    pub abel: Arc<Rows>,
    /// S.
    pub envelope: Vec<f64>,
    /// Projection of S, in units of R_B.
    pub projected_envelope: Vec<f64>,
}

impl Grid {
    fn new(smoothness: f64) -> Grid {
        let steps = f64::ceil(STEPS_PER_SIGMA / smoothness) as usize;
        let step = 1.0 / steps.next_multiple_of(COUNT_STEP) as f64;
        let least = f64::ceil((1.0 + TAIL_SIGMAS * smoothness) / step) as usize + 1;
        let count = least.next_multiple_of(COUNT_STEP);
        let abel = projection(count);
        let unit = unit_shell(smoothness);
        let envelope: Vec<f64> = (0..count).map(|i| unit.envelope(i as f64 * step)).collect();
        let projected_envelope = scaled(abel.apply(&envelope), step);
        Grid {
            step,
            count,
            abel,
            envelope,
            projected_envelope,
        }
    }
}

/// The projection of `count` samples: it takes longer to make than all else a fit does with a shape, and depends on nothing but their number.
fn projection(count: usize) -> Arc<Rows> {
    static MADE: Mutex<Vec<(usize, Arc<Rows>)>> = Mutex::new(Vec::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let at = made.iter().position(|(n, _)| *n == count);
    let latest = at.map(|i| made.remove(i)).unwrap_or_else(|| {
        let all = SmoothAbel {
            count,
            stride: STRIDE,
            chord_step: CHORD_STEP,
        };
        (count, Arc::new(all.rows()))
    });
    let rows = Arc::clone(&latest.1);
    made.insert(0, latest);
    made.truncate(KEPT);
    rows
}

/// The particle of radius 1.
pub(super) fn unit_shell(smoothness: f64) -> CoreShell {
    CoreShell {
        radius_a_nm: 0.0,
        radius_b_nm: 1.0,
        sigma_nm: smoothness,
    }
}

pub(super) fn scaled(mut values: Vec<f64>, factor: f64) -> Vec<f64> {
    values.iter_mut().for_each(|v| *v *= factor);
    values
}

/// The eigenmodes of one scheme and one σ/R_B with their projections, lengths in units of R_B.
///
/// Independent of R_A, contrast, probe and pixel size. For `fraction` the modes are those of −(r² S φ′)′ = λ r² S φ in normal
/// form ([`crate::numerics::normal_modes`]), for `published` the exact ones of the ball without flux through its surface,
/// sin(q r)/r with tan q = q.
#[derive(Clone, Debug)]
pub struct Basis {
    pub(super) scheme: Scheme,
    pub(super) smoothness: f64,
    pub(super) grid: Grid,
    pub(super) modes: SchemeModes,
}

/// The modes of either scheme.
#[derive(Clone, Debug)]
pub(super) enum SchemeModes {
    Envelope(EnvelopeModes),
    Disk(DiskModes),
}

impl Basis {
    /// Range of σ/R_B: narrower edges need more modes than are useful (and are invisible), wider ones leave no particle.
    pub const SMOOTHNESS: (f64, f64) = (0.004, 0.6);

    /// The basis for one scheme and `smoothness` = σ/R_B.
    ///
    /// `fraction`: 0.5 ms at 0.1, 1.4 ms at 0.05 (47 modes), 4.5 ms at 0.025; the cost grows as (R_B/σ)³ beyond. `published`: 0.2 ms, its
    /// modes are made once (5 ms) and shared. Error of images made with it: below 1e-6 of their peak (`tests/forward.rs`).
    pub fn new(scheme: Scheme, smoothness: f64) -> Result<Basis, BasisError> {
        let grid = Basis::grid(smoothness)?;
        let modes = match scheme {
            Scheme::Fraction => SchemeModes::Envelope(EnvelopeModes::new(&grid, smoothness)?),
            Scheme::Published => SchemeModes::Disk(DiskModes::new(smoothness)),
        };
        Ok(Basis {
            scheme,
            smoothness,
            grid,
            modes,
        })
    }

    /// A basis for the initial state alone, where no mode has moved yet and both schemes agree: an image at any τ is
    /// that at τ = 0. Ten times cheaper than [`Basis::new`].
    pub fn initial(smoothness: f64) -> Result<Basis, BasisError> {
        let grid = Basis::grid(smoothness)?;
        let modes = SchemeModes::Envelope(EnvelopeModes::none(&grid));
        Ok(Basis {
            scheme: Scheme::Fraction,
            smoothness,
            grid,
            modes,
        })
    }

    fn grid(smoothness: f64) -> Result<Grid, BasisError> {
        if smoothness >= Basis::SMOOTHNESS.0 && smoothness <= Basis::SMOOTHNESS.1 {
            Ok(Grid::new(smoothness))
        } else {
            Err(BasisError::Smoothness { smoothness })
        }
    }

    /// The scheme.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// σ/R_B.
    pub fn smoothness(&self) -> f64 {
        self.smoothness
    }

    /// Eigenvalues of the decaying modes in units of R_B⁻², ascending; the mode of λ = 0 (mixed) is left out.
    pub fn eigenvalues(&self) -> &[f64] {
        match &self.modes {
            SchemeModes::Envelope(modes) => &modes.lambda,
            SchemeModes::Disk(modes) => &modes.lambda,
        }
    }

    /// ρ_A and ρ_B at `radii_nm` for a particle of `shape`, whose σ/R_B must be the basis's: at one τ after another.
    pub fn densities(&self, shape: &CoreShell, radii_nm: &[f64]) -> Densities<'_> {
        let unit = shape.radius_b_nm;
        let at = CoreShell {
            radius_a_nm: shape.radius_a_nm / unit,
            radius_b_nm: 1.0,
            sigma_nm: self.smoothness,
        };
        let radii: Vec<f64> = radii_nm.iter().map(|r| r.abs() / unit).collect();
        let history = match &self.modes {
            SchemeModes::Envelope(modes) => {
                let (initial, _) = super::envelope::initial_core(&self.grid, &at);
                let contents = modes.content(&self.grid, &initial);
                History::Envelope {
                    modes,
                    step: self.grid.step,
                    initial,
                    contents,
                }
            }
            SchemeModes::Disk(_) => {
                let terms = self.eigenvalues().len() + 60;
                let core = SphereSeries::smooth(|r| at.rho_core(r), 1.0, terms);
                let shell = SphereSeries::smooth(|r| at.rho_shell(r), 1.0, terms);
                let inside = |r: &f64| (*r <= 1.0).then(|| core.shapes(*r));
                let shapes = radii.iter().map(inside).collect();
                History::Disk {
                    series: [core, shell],
                    shapes,
                }
            }
        };
        Densities {
            at,
            unit,
            radii,
            history,
        }
    }
}

/// The densities of one particle at given radii, with what serves at all times made once.
pub struct Densities<'a> {
    /// In units of R_B, as the radii.
    at: CoreShell,
    unit: f64,
    radii: Vec<f64>,
    history: History<'a>,
}

enum History<'a> {
    Envelope {
        modes: &'a EnvelopeModes,
        step: f64,
        initial: Vec<f64>,
        contents: Vec<f64>,
    },
    Disk {
        series: [SphereSeries; 2],
        /// At every radius up to R_B.
        shapes: Vec<Option<Vec<f64>>>,
    },
}

impl Densities<'_> {
    /// ρ_A(r, τ) and ρ_B(r, τ).
    ///
    /// Error below 1e-6 (`tests/diffusion.rs`, against the density tables of both schemes). For `published` the density steps at R_B,
    /// where the value inside is given; the tail beyond stays as it was.
    pub fn at(&self, tau_nm2: f64) -> (Vec<f64>, Vec<f64>) {
        let tau = tau_nm2.max(0.0) / (self.unit * self.unit);
        match &self.history {
            History::Envelope {
                modes,
                step,
                initial,
                contents,
            } => {
                let change: Vec<f64> = contents
                    .iter()
                    .zip(&modes.lambda)
                    .map(|(a, l)| a * libm::expm1(-l * tau))
                    .collect();
                let evolved: Vec<f64> = modes
                    .density
                    .chunks_exact(modes.stride)
                    .zip(initial)
                    .map(|(row, rho)| {
                        rho + row.iter().zip(&change).map(|(v, c)| v * c).sum::<f64>()
                    })
                    .collect();
                let of_both = |r: &f64| {
                    let t = r / step;
                    let left = t as usize;
                    let rho: f64 = lagrange_weights(t - left as f64)
                        .into_iter()
                        .enumerate()
                        .map(|(i, w)| w * evolved.get((left + i).abs_diff(3)).unwrap_or(&0.0))
                        .sum();
                    (rho, self.at.envelope(*r) - rho)
                };
                self.radii.iter().map(of_both).unzip()
            }
            History::Disk { series, shapes } => {
                let contents = series.each_ref().map(|s| (s.mean(), s.contents(tau)));
                let of_both = |(r, shapes): (&f64, &Option<Vec<f64>>)| {
                    let Some(shapes) = shapes.as_ref().filter(|_| tau > 0.0) else {
                        return (self.at.rho_core(*r), self.at.rho_shell(*r));
                    };
                    let [core, shell] = contents.each_ref().map(|(mean, contents)| {
                        mean + shapes.iter().zip(contents).map(|(s, c)| s * c).sum::<f64>()
                    });
                    (core, shell)
                };
                self.radii.iter().zip(shapes).map(of_both).unzip()
            }
        }
    }
}
