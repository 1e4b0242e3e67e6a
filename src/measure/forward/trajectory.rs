//! Images along τ for a D that depends on composition.

use core::f64::consts::PI;

use crate::diffusion::{Composition, CoreShell, DiffusionError, FiniteVolumes, Scheme};
use crate::numerics::Rows;
use crate::projection::{Blur, Chords, Samples};

use super::response::Optics;

/// States kept per factor of ten in τ: cubic Hermite interpolation between them is then good to 1e-5 of the change.
const STATES_PER_DECADE: usize = 16;

/// Time steps per factor of ten.
const STEPS_PER_DECADE: usize = 40;

/// Everything is mixed at this τ/R_B² even for the slower end member: exp(−20 · 2).
const LATEST: f64 = 2.0;

/// The images of one particle for any τ when D depends on composition: the counterpart of [`super::Response`], by time stepping.
///
/// The equation is nonlinear but knows no time of its own, so the state is a function of τ = Σ D_½ t alone
/// ([`Composition`]): it is computed once on a geometric grid of τ, projected, blurred and interpolated. Images agree with [`super::Response`]
/// for a constant D to 1e-4 of their peak (`tests/forward.rs`). Derivatives with respect to shape and ratio need a rebuild.
#[derive(Clone, Debug)]
pub struct Trajectory {
    optics: Optics,
    points: usize,
    tau: Vec<f64>,
    /// State after state: P_A, P_A + P_B, and their τ derivatives at every radius.
    frames: Vec<[Vec<f64>; 4]>,
}

/// From cells to blurred images (nm): the smooth initial density as it is, and its change, which in `published` ends at the wall.
struct Projector {
    step: f64,
    smooth: Rows,
    smooth_blur: Option<Rows>,
    change: Rows,
    change_blur: Option<Rows>,
}

impl Projector {
    /// `psf` in units of a cell.
    fn new(volumes: &FiniteVolumes, psf: f64, radii_nm: &[f64]) -> Projector {
        let step = volumes.step_nm();
        let radii: Vec<f64> = radii_nm.iter().map(|x| x.abs() / step).collect();
        let count = volumes.core().len();
        let everywhere = Chords { count, wall: None };
        // A probe far below a cell: chords go where they are wanted. Otherwise through every cell.
        if psf.is_nan() || psf <= 1e-3 {
            let inside = Chords {
                count,
                wall: volumes.wall(),
            };
            return Projector {
                step,
                smooth: everywhere.rows(&radii),
                smooth_blur: None,
                change: inside.rows(&radii),
                change_blur: None,
            };
        }
        let uniform = Blur {
            sigma: psf,
            samples: Samples::Uniform {
                step: 1.0,
                count: count + 1,
            },
        }
        .rows(&radii);
        let smooth = everywhere.rows(&(0..=count).map(|i| i as f64).collect::<Vec<_>>());
        let (change, change_blur) = match volumes.wall() {
            None => (smooth.clone(), uniform.clone()),
            Some(wall) => {
                let inside = Chords {
                    count: wall,
                    wall: None,
                };
                let edge = wall as f64;
                let points: Vec<f64> = (0..=wall)
                    .map(|j| edge * libm::sin(0.5 * PI * j as f64 / edge))
                    .collect();
                let scaled: Vec<f64> = radii.iter().map(|x| x / edge).collect();
                let blur = Blur {
                    sigma: psf / edge,
                    samples: Samples::Disk { intervals: wall },
                };
                (inside.rows(&points), blur.rows(&scaled))
            }
        };
        Projector {
            step,
            smooth,
            smooth_blur: Some(uniform),
            change,
            change_blur: Some(change_blur),
        }
    }

    fn smooth(&self, density: &[f64]) -> Vec<f64> {
        self.image(density, &self.smooth, self.smooth_blur.as_ref())
    }

    fn change(&self, density: &[f64]) -> Vec<f64> {
        self.image(density, &self.change, self.change_blur.as_ref())
    }

    fn image(&self, density: &[f64], chords: &Rows, blur: Option<&Rows>) -> Vec<f64> {
        let projection = chords.apply(density);
        let mut image = match blur {
            Some(blur) => blur.apply(&projection),
            None => projection,
        };
        image.iter_mut().for_each(|v| *v *= self.step);
        image
    }
}

impl Trajectory {
    /// Steps a particle of `shape` through its whole history, [`FiniteVolumes::CELLS`] cells.
    pub fn new(
        scheme: Scheme,
        shape: &CoreShell,
        composition: Composition,
        optics: Optics,
        radii_nm: &[f64],
    ) -> Result<Trajectory, DiffusionError> {
        let mut volumes = FiniteVolumes::new(scheme, shape, composition, FiniteVolumes::CELLS)?;
        let h = volumes.step_nm();
        let project = Projector::new(&volumes, optics.psf_sigma_nm / h, radii_nm);
        let square = shape.radius_b_nm * shape.radius_b_nm;
        let last = square * LATEST * libm::exp(0.5 * composition.ln_d_ratio.abs());
        let origin = volumes.origin_nm2();
        let ratio = libm::pow(10.0, 1.0 / STATES_PER_DECADE as f64);
        let mut tau = vec![0.0];
        let mut next = 0.0;
        while next < last {
            next = (next + origin) * ratio - origin;
            tau.push(next);
        }
        let start = [volumes.core().to_vec(), volumes.shell().to_vec()];
        let frozen = start.clone().map(|density| project.smooth(&density));
        let mut frames = Vec::with_capacity(tau.len());
        volumes.visit(&tau, STEPS_PER_DECADE, |volumes| {
            let (core_rate, shell_rate) = volumes.rates();
            let image = |density: &[f64], start: &[f64], frozen: &[f64]| {
                let change: Vec<f64> = density.iter().zip(start).map(|(a, b)| a - b).collect();
                let change = project.change(&change);
                change.iter().zip(frozen).map(|(a, b)| a + b).collect()
            };
            let sum = |a: &[f64], b: &[f64]| -> Vec<f64> {
                a.iter().zip(b).map(|(a, b)| a + b).collect()
            };
            let core: Vec<f64> = image(volumes.core(), &start[0], &frozen[0]);
            let shell: Vec<f64> = image(volumes.shell(), &start[1], &frozen[1]);
            let (core_rate, shell_rate) = (project.change(&core_rate), project.change(&shell_rate));
            let (total, total_rate) = (sum(&core, &shell), sum(&core_rate, &shell_rate));
            frames.push([core, total, core_rate, total_rate]);
        });
        Ok(Trajectory {
            optics,
            points: radii_nm.len(),
            tau,
            frames,
        })
    }

    /// Number of radii.
    pub fn len(&self) -> usize {
        self.points
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points == 0
    }

    /// The image at `tau_nm2` (nm), as [`super::Response::image`].
    pub fn image(&self, tau_nm2: f64, out: &mut [f64]) {
        let (w_core, w_shell) = self.optics.weights();
        self.blend(tau_nm2, (w_core - w_shell, w_shell), out, None);
    }

    /// The image and its derivative with respect to τ (nm⁻¹).
    pub fn image_and_derivative(&self, tau_nm2: f64, out: &mut [f64], d_tau: &mut [f64]) {
        let (w_core, w_shell) = self.optics.weights();
        self.blend(tau_nm2, (w_core - w_shell, w_shell), out, Some(d_tau));
    }

    /// Derivative of the image with respect to the contrast (nm).
    pub fn d_contrast(&self, tau_nm2: f64, out: &mut [f64]) {
        let (core, shell) = self.optics.weight_slopes();
        self.blend(tau_nm2, (core - shell, shell), out, None);
    }

    /// Projected, blurred ρ_A and ρ_A + ρ_B (nm), without weights.
    pub fn projections(&self, tau_nm2: f64, core: &mut [f64], total: &mut [f64]) {
        self.blend(tau_nm2, (1.0, 0.0), core, None);
        self.blend(tau_nm2, (0.0, 1.0), total, None);
    }

    /// `weights.0` P_A + `weights.1` (P_A + P_B) by cubic Hermite interpolation in τ.
    fn blend(&self, tau_nm2: f64, weights: (f64, f64), out: &mut [f64], d_tau: Option<&mut [f64]>) {
        let latest = self.tau.last().copied().unwrap_or(0.0);
        let tau = if tau_nm2 > 0.0 {
            tau_nm2.min(latest)
        } else {
            0.0
        };
        let right = self.tau.partition_point(|t| *t <= tau);
        let right = right.clamp(1, self.tau.len().saturating_sub(1).max(1));
        let (Some(left_frame), Some(right_frame), Some(from), Some(to)) = (
            self.frames.get(right - 1),
            self.frames.get(right),
            self.tau.get(right - 1),
            self.tau.get(right),
        ) else {
            return;
        };
        let width = to - from;
        let t = (tau - from) / width;
        let (t2, t3) = (t * t, t * t * t);
        let value = [
            2.0 * t3 - 3.0 * t2 + 1.0,
            3.0 * t2 - 2.0 * t3,
            (t3 - 2.0 * t2 + t) * width,
            (t3 - t2) * width,
        ];
        let slope = [
            (6.0 * t2 - 6.0 * t) / width,
            (6.0 * t - 6.0 * t2) / width,
            3.0 * t2 - 4.0 * t + 1.0,
            3.0 * t2 - 2.0 * t,
        ];
        let mix = |basis: [f64; 4], out: &mut [f64]| {
            let terms = [
                (left_frame, 0, basis[0]),
                (right_frame, 0, basis[1]),
                (left_frame, 2, basis[2]),
                (right_frame, 2, basis[3]),
            ];
            out.iter_mut().take(self.points).for_each(|o| *o = 0.0);
            for (frame, kind, basis) in terms {
                let (Some(core), Some(total)) = (frame.get(kind), frame.get(kind + 1)) else {
                    continue;
                };
                let (a, b) = (weights.0 * basis, weights.1 * basis);
                for ((out, core), total) in out.iter_mut().zip(core).zip(total) {
                    *out += a * core + b * total;
                }
            }
        };
        mix(value, out);
        if let Some(d_tau) = d_tau {
            mix(slope, d_tau);
        }
    }
}
