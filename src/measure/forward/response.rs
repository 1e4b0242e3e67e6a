//! A basis brought to one experiment.

use std::sync::Arc;

use crate::diffusion::CoreShell;
use crate::numerics::Rows;
use crate::projection::{Blur, Samples};

use super::basis::{Basis, STRIDE, SchemeModes, scaled};
use super::envelope::{core_on, initial_core};

/// What the microscope adds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Optics {
    /// Standard deviation of the probe (nm); 0 for none.
    pub psf_sigma_nm: f64,
    /// w_core / w_shell. The larger of the two weights is set to 1.
    pub contrast: f64,
}

impl Optics {
    /// The optics for profiles whose values are means over rings of `width_nm` rather than values at a radius: the variance of the ring,
    /// width²/12, is added to that of the probe.
    ///
    /// Rings of 0.02 nm at a probe of 0.09 nm and σ = 0.1 nm change the image by 1.2e-4 of its peak, a twentieth of the standard error of
    /// a ring at 400 counts per pixel; this leaves 1.6e-5 of that (`tests/forward.rs`). Pixels that integrate over their
    /// area add as much again. Free σ or probe absorb either: needed only when both are held.
    pub fn averaged_over_rings(self, width_nm: f64) -> Optics {
        Optics {
            psf_sigma_nm: f64::sqrt(
                self.psf_sigma_nm * self.psf_sigma_nm + width_nm * width_nm / 12.0,
            ),
            ..self
        }
    }

    /// (w_core, w_shell), the larger one 1.
    pub fn weights(&self) -> (f64, f64) {
        if self.contrast <= 1.0 {
            (self.contrast, 1.0)
        } else {
            (1.0, 1.0 / self.contrast)
        }
    }

    /// Their derivatives with respect to the contrast.
    pub(super) fn weight_slopes(&self) -> (f64, f64) {
        if self.contrast <= 1.0 {
            (1.0, 0.0)
        } else {
            (0.0, -1.0 / (self.contrast * self.contrast))
        }
    }
}

/// Exponents beyond this are zero to double precision.
const DEAD: f64 = 38.0;

/// One density (or its derivative) as an image: fixed part and the amplitudes of the modes.
#[derive(Clone, Debug, Default)]
struct Component {
    /// What is left when all modes have decayed.
    mixed: Vec<f64>,
    /// Amplitudes.
    content: Vec<f64>,
    /// What the modes leave out of the initial image; decays with the next eigenvalue (empty: nothing).
    rest: Vec<f64>,
}

/// The images of one particle for any τ: [`Basis`] with R_B, probe, radii, R_A and contrast put in.
///
/// τ = Σ D_k t_k (nm²) counts from the initial state of eqs 2 and 3, which τ = 0 reproduces exactly; τ < 0 counts as 0 and infinity is the
/// mixed state. Values are in nm (projected length of the heavier-weighted element). Output slices have
/// one value per radius; surplus elements are left alone.
#[derive(Clone, Debug)]
pub struct Response {
    radius_b_nm: f64,
    optics: Optics,
    points: usize,
    /// nm⁻².
    lambda: Vec<f64>,
    lambda_rest: f64,
    /// Q_m, mode after mode, in nm.
    modes: Vec<f64>,
    /// Where the images of the grid are known, and their blur.
    samples: Samples,
    uniform: Arc<Rows>,
    disk: Arc<Rows>,
    core: Component,
    core_slope: Component,
    total: Component,
    combined: Component,
}

impl Response {
    /// The response of a particle of `shape`, whose σ/R_B must be the basis's, at `radii_nm` from its center.
    ///
    /// Cost at 130 radii, σ = 0.05 R_B and a probe of the same width: 0.4 ms (`fraction`), 1.4 ms (`published`); a change of R_A or contrast
    /// alone takes 0.1 ms with [`Response::set_core`], an image 1.4 µs, with its derivative 2 µs.
    pub fn new(basis: &Basis, shape: &CoreShell, optics: Optics, radii_nm: &[f64]) -> Response {
        Response::with(basis, shape, optics, (radii_nm, None))
    }

    /// The same as [`Response::new`] under another σ, whose `basis` this is: R_A, R_B, contrast, probe and `radii_nm` must be those of this one. The
    /// blur of the grid is taken over where both bases share it, and in `published` the blurred modes, which do not depend on σ
    /// (`tests/forward.rs`: the same images to the bit).
    pub fn smoothed(&self, basis: &Basis, shape: &CoreShell, radii_nm: &[f64]) -> Response {
        Response::with(basis, shape, self.optics, (radii_nm, Some(self)))
    }

    fn with(
        basis: &Basis,
        shape: &CoreShell,
        optics: Optics,
        (radii_nm, like): (&[f64], Option<&Response>),
    ) -> Response {
        let unit = shape.radius_b_nm;
        let radii: Vec<f64> = radii_nm.iter().map(|x| x.abs() / unit).collect();
        let sigma = optics.psf_sigma_nm / unit;
        let grid = &basis.grid;
        let samples = Samples::Uniform {
            step: grid.step * STRIDE as f64,
            count: grid.projected_envelope.len(),
        };
        let uniform = match like {
            Some(like) if like.samples == samples => Arc::clone(&like.uniform),
            _ => Arc::new(Blur { sigma, samples }.rows(&radii)),
        };
        let points = radii.len();
        let count = basis.eigenvalues().len();
        let in_turn = |side_by_side: Vec<f64>, stride: usize| {
            let mut modes = vec![0.0; count * points];
            for (j, row) in side_by_side.chunks_exact(stride.max(1)).enumerate() {
                for (m, v) in row.iter().take(count).enumerate() {
                    modes[m * points + j] = unit * v;
                }
            }
            modes
        };
        let (disk, modes, lambda_rest) = match (&basis.modes, like) {
            (SchemeModes::Envelope(modes), _) => {
                let blurred = uniform.apply_side_by_side(&modes.projected, modes.stride);
                (
                    Arc::default(),
                    in_turn(blurred, modes.stride),
                    f64::INFINITY,
                )
            }
            (SchemeModes::Disk(_), Some(like)) if like.lambda.len() == count => {
                (Arc::clone(&like.disk), like.modes.clone(), like.lambda_rest)
            }
            (SchemeModes::Disk(modes), _) => {
                let table = &modes.table;
                let disk = Blur {
                    sigma,
                    samples: Samples::Disk {
                        intervals: table.intervals,
                    },
                }
                .rows(&radii);
                let blurred = disk.apply_side_by_side(&table.projected, table.stride);
                let modes = in_turn(blurred, table.stride);
                (Arc::new(disk), modes, table.rest() / (unit * unit))
            }
        };
        let mut response = Response {
            radius_b_nm: unit,
            optics,
            points,
            lambda: basis
                .eigenvalues()
                .iter()
                .map(|l| l / (unit * unit))
                .collect(),
            lambda_rest,
            modes,
            samples,
            uniform,
            disk,
            core: Component::default(),
            core_slope: Component::default(),
            total: Component::default(),
            combined: Component::default(),
        };
        response.total = response.total_component(basis);
        response.set_core(basis, shape.radius_a_nm, optics.contrast);
        response
    }

    /// Puts in another R_A (nm) and contrast; R_B, σ, probe and radii stay. `basis` must be the one it was made from.
    pub fn set_core(&mut self, basis: &Basis, radius_a_nm: f64, contrast: f64) {
        let unit = self.radius_b_nm;
        let shape = CoreShell {
            radius_a_nm: radius_a_nm / unit,
            radius_b_nm: 1.0,
            sigma_nm: basis.smoothness,
        };
        let grid = &basis.grid;
        let image = |rows: &Rows, projection: Vec<f64>, factor: f64| {
            scaled(rows.apply(&projection), factor)
        };
        match &basis.modes {
            SchemeModes::Envelope(modes) => {
                let (rho, slope) = initial_core(grid, &shape);
                // dρ/dR_A is per R_B, so its image in nm per nm needs no factor but the grid step.
                for (density, component, factor) in [
                    (rho, &mut self.core, unit),
                    (slope, &mut self.core_slope, 1.0),
                ] {
                    component.content = scaled(modes.content(grid, &density), factor / unit);
                    component.mixed =
                        image(&self.uniform, grid.abel.apply(&density), grid.step * factor);
                    component.rest = Vec::new();
                }
            }
            SchemeModes::Disk(modes) => {
                let table = &modes.table;
                let (rho, slope) = table.initial(&shape);
                let touches_wall = shape.d_slope(1.0, shape.radius_a_nm) > 1e-8;
                let (rho_grid, slope_grid) = core_on(grid, &shape);
                for (inside, everywhere, component, factor) in [
                    (rho, rho_grid, &mut self.core, unit),
                    (slope, slope_grid, &mut self.core_slope, 1.0),
                ] {
                    component.content = scaled(table.content(&inside), factor / unit);
                    component.mixed = image(
                        &self.uniform,
                        grid.abel.apply(&everywhere),
                        grid.step * factor,
                    );
                    // A core that has died out at the wall leaves nothing to the modes left out.
                    component.rest = Vec::new();
                    if touches_wall {
                        component.rest = image(&self.disk, table.project(&inside), factor);
                        remove_mean(component, table, &inside, factor, &self.disk);
                    }
                }
            }
        }
        let (modes, points) = (&self.modes, self.points);
        for component in [&mut self.core, &mut self.core_slope] {
            component.settle(modes, points);
        }
        self.optics.contrast = contrast;
        let (w_core, w_shell) = self.optics.weights();
        self.combined = Component::sum(&self.core, w_core - w_shell, &self.total, w_shell);
    }

    /// The total density as an image: constant in `fraction`, evolving in `published`.
    fn total_component(&self, basis: &Basis) -> Component {
        let unit = self.radius_b_nm;
        let mut component = Component {
            mixed: scaled(self.uniform.apply(&basis.grid.projected_envelope), unit),
            ..Component::default()
        };
        if let SchemeModes::Disk(modes) = &basis.modes {
            let table = &modes.table;
            let shape = super::basis::unit_shell(basis.smoothness);
            let inside = table.sample(|r| shape.envelope(r));
            component.content = table.content(&inside);
            component.rest = scaled(self.disk.apply(&table.project(&inside)), unit);
            remove_mean(&mut component, table, &inside, unit, &self.disk);
            component.settle(&self.modes, self.points);
        }
        component
    }

    /// Number of radii.
    pub fn len(&self) -> usize {
        self.points
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.points == 0
    }

    /// The image at `tau_nm2`: w_core P_A + w_shell P_B, blurred (nm).
    pub fn image(&self, tau_nm2: f64, out: &mut [f64]) {
        self.evaluate(tau_nm2, [(&self.combined, out)], None);
    }

    /// The image and its derivative with respect to τ (nm⁻¹).
    pub fn image_and_derivative(&self, tau_nm2: f64, out: &mut [f64], d_tau: &mut [f64]) {
        self.evaluate(tau_nm2, [(&self.combined, out)], Some(d_tau));
    }

    /// The same, with the derivative with respect to R_A at fixed R_B, σ, contrast (dimensionless, nm per nm): cheaper than by
    /// [`Response::d_radius_a`], since every mode decays once for all.
    pub fn image_and_derivatives(
        &self,
        tau_nm2: f64,
        out: &mut [f64],
        d_tau: &mut [f64],
        d_radius_a: &mut [f64],
    ) {
        let parts = [(&self.combined, out), (&self.core_slope, &mut *d_radius_a)];
        self.evaluate(tau_nm2, parts, Some(d_tau));
        self.weigh_core(d_radius_a);
    }

    /// Derivative of the image with respect to R_A at fixed R_B, σ, contrast (dimensionless, nm per nm).
    pub fn d_radius_a(&self, tau_nm2: f64, out: &mut [f64]) {
        self.evaluate(tau_nm2, [(&self.core_slope, &mut *out)], None);
        self.weigh_core(out);
    }

    /// What a core in place of the shell adds to the image.
    fn weigh_core(&self, image: &mut [f64]) {
        let (w_core, w_shell) = self.optics.weights();
        let values = image.iter_mut().take(self.points);
        values.for_each(|v| *v *= w_core - w_shell);
    }

    /// Derivative of the image with respect to the contrast w_core/w_shell (nm). One-sided at contrast 1, where the normalization changes
    /// over.
    pub fn d_contrast(&self, tau_nm2: f64, out: &mut [f64]) {
        let mut total = vec![0.0; self.points];
        self.projections(tau_nm2, out, &mut total);
        let (core, shell) = self.optics.weight_slopes();
        for (core_image, total) in out.iter_mut().zip(total) {
            *core_image = core * *core_image + shell * (total - *core_image);
        }
    }

    /// Projected, blurred ρ_A and ρ_A + ρ_B at `tau_nm2` (nm), without weights.
    pub fn projections(&self, tau_nm2: f64, core: &mut [f64], total: &mut [f64]) {
        let parts = [(&self.core, core), (&self.total, total)];
        self.evaluate(tau_nm2, parts, None);
    }

    /// Every component at τ, and the derivative of the first.
    fn evaluate<const N: usize>(
        &self,
        tau_nm2: f64,
        mut parts: [(&Component, &mut [f64]); N],
        mut d_tau: Option<&mut [f64]>,
    ) {
        let tau = tau_nm2.max(0.0);
        for (component, out) in &mut parts {
            for (out, mixed) in out.iter_mut().zip(&component.mixed) {
                *out = *mixed;
            }
        }
        if let Some(d_tau) = d_tau.as_deref_mut() {
            d_tau.iter_mut().take(self.points).for_each(|d| *d = 0.0);
        }
        let add = |to: &mut [f64], amplitude: f64, mode: &[f64]| {
            for (to, v) in to.iter_mut().zip(mode) {
                *to += amplitude * v;
            }
        };
        let modes = self.modes.chunks_exact(self.points.max(1));
        for (m, (lambda, mode)) in self.lambda.iter().zip(modes).enumerate() {
            let exponent = lambda * tau;
            if exponent > DEAD {
                continue;
            }
            let decay = libm::exp(-exponent);
            for (i, (component, out)) in parts.iter_mut().enumerate() {
                let Some(content) = component.content.get(m) else {
                    continue;
                };
                add(out, content * decay, mode);
                if let Some(d_tau) = d_tau.as_deref_mut().filter(|_| i == 0) {
                    add(d_tau, -lambda * content * decay, mode);
                }
            }
        }
        let exponent = self.lambda_rest * tau;
        if exponent > DEAD {
            return;
        }
        let decay = libm::exp(-exponent);
        for (i, (component, out)) in parts.iter_mut().enumerate() {
            if component.rest.is_empty() {
                continue;
            }
            add(out, decay, &component.rest);
            if let Some(d_tau) = d_tau.as_deref_mut().filter(|_| i == 0) {
                add(d_tau, -self.lambda_rest * decay, &component.rest);
            }
        }
    }
}

/// Takes the constant mode (mean density inside the ball) out of `rest`: it does not decay.
fn remove_mean(
    component: &mut Component,
    table: &super::disk::Table,
    inside: &[f64],
    factor: f64,
    disk: &Rows,
) {
    let mean: f64 = inside
        .iter()
        .zip(&table.nodes)
        .zip(&table.weights)
        .map(|((rho, r), w)| 3.0 * rho * r * r * w)
        .sum();
    let ball = disk.apply(&table.project(&vec![1.0; table.nodes.len()]));
    for (rest, ball) in component.rest.iter_mut().zip(ball) {
        *rest -= factor * mean * ball;
    }
}

impl Component {
    /// Turns the initial image in `mixed` and the initial inside image in `rest` into what does not decay and what the modes leave out.
    fn settle(&mut self, modes: &[f64], points: usize) {
        let mut decaying = vec![0.0; points];
        for (content, mode) in self.content.iter().zip(modes.chunks_exact(points.max(1))) {
            for (sum, v) in decaying.iter_mut().zip(mode) {
                *sum += content * v;
            }
        }
        if self.rest.is_empty() {
            for (mixed, sum) in self.mixed.iter_mut().zip(&decaying) {
                *mixed -= sum;
            }
        } else {
            for ((mixed, rest), sum) in self.mixed.iter_mut().zip(&mut self.rest).zip(&decaying) {
                *mixed -= *rest;
                *rest -= sum;
            }
        }
    }

    fn sum(a: &Component, weight_a: f64, b: &Component, weight_b: f64) -> Component {
        let combine = |a: &[f64], b: &[f64]| -> Vec<f64> {
            (0..a.len().max(b.len()))
                .map(|i| {
                    weight_a * a.get(i).copied().unwrap_or(0.0)
                        + weight_b * b.get(i).copied().unwrap_or(0.0)
                })
                .collect()
        };
        Component {
            mixed: combine(&a.mixed, &b.mixed),
            content: combine(&a.content, &b.content),
            rest: combine(&a.rest, &b.rest),
        }
    }
}
