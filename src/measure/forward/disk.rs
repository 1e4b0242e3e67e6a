//! Modes of the scheme `published`.

use core::f64::consts::PI;
use std::sync::{Arc, OnceLock};

use crate::diffusion::CoreShell;
use crate::numerics::{GaussLegendre, Modes, Rows, spherical_tangent_root};

/// Modes are kept up to q σ = this, as for `fraction`.
const REACH: f64 = 5.8;

/// … but at least this many: the total density meets the wall with a slope, and that content falls as q⁻² only.
const LEAST_MODES: usize = 100;

/// Modes φ_m = √2 sin(q_m r)/(|sin q_m| r) of the unit ball, ∫₀¹ r² φ² dr = 1, without the constant one.
///
/// Projections go through radial Zernike polynomials: f = Σ_k b_k P_k(2r² − 1) on the ball projects to
/// Σ_k b_k 2/(2k + 1) sin((2k + 1)θ) at ξ = cos θ (the Radon transform of the disk: Cormack, J. Appl. Phys. 35 (1964) 2908),
/// and b_k = 2(2k + 1)∫₀¹ f P_k(2r² − 1) r dr by Gauss-Legendre quadrature.
#[derive(Debug)]
pub(super) struct Table {
    pub stride: usize,
    pub q: Vec<f64>,
    /// Quadrature on [0, 1].
    pub nodes: Vec<f64>,
    pub weights: Vec<f64>,
    /// r φ_m at the nodes, side by side.
    pub modes: Vec<f64>,
    /// From values at the nodes to b_k.
    zernike: Rows,
    /// From b_k to projections at ξ_j = sin(jπ/(2 intervals)).
    radon: Rows,
    pub intervals: usize,
    /// Projections of the modes at ξ_j, side by side.
    pub projected: Vec<f64>,
}

/// The table and its eigenvalues.
#[derive(Clone, Debug)]
pub(super) struct DiskModes {
    pub lambda: Vec<f64>,
    pub table: Arc<Table>,
}

impl DiskModes {
    /// The modes needed for σ/R_B; the usual table is made once and shared.
    pub fn new(smoothness: f64) -> DiskModes {
        static USUAL: OnceLock<Arc<Table>> = OnceLock::new();
        let wanted = f64::ceil(REACH / (smoothness * PI)) as usize;
        let table = if wanted <= LEAST_MODES {
            Arc::clone(USUAL.get_or_init(|| Arc::new(Table::new(LEAST_MODES))))
        } else {
            Arc::new(Table::new(wanted))
        };
        DiskModes {
            lambda: table.q.iter().map(|q| q * q).collect(),
            table,
        }
    }
}

impl Table {
    fn new(count: usize) -> Table {
        let q: Vec<f64> = (1..=count).map(spherical_tangent_root).collect();
        let q_max = spherical_tangent_root(count);
        let terms = (0.5 * q_max) as usize + 16;
        let rule = GaussLegendre::new(terms + (0.25 * q_max) as usize + 12);
        let (nodes, weights): (Vec<f64>, Vec<f64>) = rule.on(0.0, 1.0).unzip();
        // A little above the Nyquist rate of the highest mode, whose content is 1e-7.
        let intervals = (0.65 * q_max) as usize;
        let stride = count.div_ceil(Modes::LANES) * Modes::LANES;

        let mut modes = vec![0.0; nodes.len() * stride];
        for (r, row) in nodes.iter().zip(modes.chunks_exact_mut(stride)) {
            for (q, v) in q.iter().zip(row) {
                *v = core::f64::consts::SQRT_2 * libm::sin(q * r) / libm::sin(*q).abs();
            }
        }
        // Legendre polynomials by their recurrence, order by order.
        let mut zernike = Rows::new();
        let mut before = vec![0.0; nodes.len()];
        let mut current = vec![1.0; nodes.len()];
        let mut row = vec![0.0; nodes.len()];
        for k in 0..terms {
            let kf = k as f64;
            for (i, v) in row.iter_mut().enumerate() {
                *v = 2.0 * (2.0 * kf + 1.0) * weights[i] * nodes[i] * current[i];
            }
            zernike.push(0, &row);
            for i in 0..nodes.len() {
                let x = 2.0 * nodes[i] * nodes[i] - 1.0;
                let next = ((2.0 * kf + 1.0) * x * current[i] - kf * before[i]) / (kf + 1.0);
                before[i] = current[i];
                current[i] = next;
            }
        }
        let mut radon = Rows::new();
        let mut row = vec![0.0; terms];
        for j in 0..=intervals {
            let theta = 0.5 * PI * (1.0 - j as f64 / intervals as f64);
            let (turn, mut back, mut here) = (
                2.0 * libm::cos(2.0 * theta),
                -libm::sin(theta),
                libm::sin(theta),
            );
            for (k, v) in row.iter_mut().enumerate() {
                *v = 2.0 / (2 * k + 1) as f64 * here;
                (back, here) = (here, turn * here - back);
            }
            radon.push(0, &row);
        }
        let mut table = Table {
            stride,
            q,
            nodes,
            weights,
            modes,
            zernike,
            radon,
            intervals,
            projected: Vec::new(),
        };
        let mut densities = table.modes.clone();
        for (r, row) in table.nodes.iter().zip(densities.chunks_exact_mut(stride)) {
            row.iter_mut().for_each(|v| *v /= r);
        }
        let coefficients = table.zernike.apply_side_by_side(&densities, stride);
        table.projected = table.radon.apply_side_by_side(&coefficients, stride);
        table
    }

    /// Projection of a density given at the nodes and zero beyond r = 1.
    pub fn project(&self, density: &[f64]) -> Vec<f64> {
        self.radon.apply(&self.zernike.apply(density))
    }

    /// a_m = ∫₀¹ r² ρ φ_m dr.
    pub fn content(&self, density: &[f64]) -> Vec<f64> {
        let mut content = vec![0.0; self.stride];
        let values = density.iter().zip(&self.nodes).zip(&self.weights);
        for (((rho, r), w), row) in values.zip(self.modes.chunks_exact(self.stride)) {
            let weight = rho * r * w;
            for (a, v) in content.iter_mut().zip(row) {
                *a += weight * v;
            }
        }
        content.truncate(self.q.len());
        content
    }

    /// Samples of a function of r at the nodes.
    pub fn sample(&self, f: impl Fn(f64) -> f64) -> Vec<f64> {
        self.nodes.iter().map(|r| f(*r)).collect()
    }

    /// The eigenvalue that stands for all modes left out: that of the first of them.
    pub fn rest(&self) -> f64 {
        let q = spherical_tangent_root(self.q.len() + 1);
        q * q
    }

    /// Samples of ρ_A and ∂ρ_A/∂R_A.
    pub fn initial(&self, shape: &CoreShell) -> (Vec<f64>, Vec<f64>) {
        (
            self.sample(|r| shape.rho_core(r)),
            self.sample(|r| shape.d_slope(r, shape.radius_a_nm)),
        )
    }
}
