//! The particle's way through the phase diagram: its composition, and how far it has mixed at each temperature.

use core::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::fit::{Estimate, SeriesFit, ShapeFit};
use crate::materials::Library;

/// Atoms per nm³ of core and shell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtomicDensities {
    /// Of the core's element.
    pub core_per_nm3: f64,
    /// Of the shell's element.
    pub shell_per_nm3: f64,
}

impl AtomicDensities {
    /// Of the pure elements at room temperature; `None` for an element the library does not know.
    pub fn of(library: &Library, core: &str, shell: &str) -> Option<AtomicDensities> {
        let density = |symbol: &str| Some(library.element(symbol)?.atomic_density_per_nm3);
        Some(AtomicDensities {
            core_per_nm3: density(core)?,
            shell_per_nm3: density(shell)?,
        })
    }
}

/// Mole fraction of the shell's element in the whole particle, from the fitted radii.
///
/// x = n_s (V(R_B) - V(R_A)) / (n_c V(R_A) + n_s (V(R_B) - V(R_A))), V(R) = 4/3 π R³ (1 + 3 σ²/R²), the exact content of
/// the profiles of eqs 1-3. The error is that of R_A, R_B and σ with their correlations, to first order; atomic densities are
/// those of the pure elements at room temperature. `None` when the radii are not those of a particle with a shell.
pub fn shell_fraction(shape: &ShapeFit, densities: AtomicDensities) -> Option<Estimate> {
    let at = |lengths: [f64; 3]| {
        let [r_a, r_b, sigma] = lengths;
        let volume = |r: f64| 4.0 / 3.0 * PI * r * (r * r + 3.0 * sigma * sigma);
        let core = densities.core_per_nm3 * volume(r_a);
        let shell = densities.shell_per_nm3 * (volume(r_b) - volume(r_a));
        shell / (core + shell)
    };
    let estimates = [shape.radius_a_nm, shape.radius_b_nm, shape.sigma_nm];
    let lengths = estimates.map(|e| e.value);
    let value = at(lengths);
    let slopes: [f64; 3] = std::array::from_fn(|i| {
        let step = 1e-4 * lengths[1];
        let moved = |by: f64| {
            let mut lengths = lengths;
            lengths[i] += by;
            at(lengths)
        };
        (moved(step) - moved(-step)) / (2.0 * step)
    });
    let mut variance = 0.0;
    for (i, (a, slope_a)) in estimates.iter().zip(slopes).enumerate() {
        for (j, (b, slope_b)) in estimates.iter().zip(slopes).enumerate() {
            variance +=
                slope_a * slope_b * a.standard_error * b.standard_error * correlation(shape, i, j);
        }
    }
    let estimate = Estimate {
        value,
        standard_error: f64::sqrt(variance.max(0.0)),
        fixed: estimates.iter().all(|e| e.fixed),
    };
    ((0.0..=1.0).contains(&value) && estimate.standard_error.is_finite()).then_some(estimate)
}

/// Correlation of two of the shape's parameters, in the order of its fields; 0 where one of them was given.
fn correlation(shape: &ShapeFit, i: usize, j: usize) -> f64 {
    if i == j {
        return 1.0;
    }
    let fixed = [
        shape.radius_a_nm.fixed,
        shape.radius_b_nm.fixed,
        shape.sigma_nm.fixed,
        shape.contrast.fixed,
        shape.psf_sigma_nm.fixed,
    ];
    let free = |index: usize| {
        let before = fixed.get(..index)?;
        (!fixed.get(index)?).then(|| before.iter().filter(|&&f| !f).count())
    };
    let count = fixed.iter().filter(|&&f| !f).count();
    match (free(i), free(j)) {
        (Some(a), Some(b)) => shape
            .correlation
            .get(a * count + b)
            .copied()
            .unwrap_or_default(),
        _ => 0.0,
    }
}

/// How the particle looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MixingState {
    /// Less than a tenth of the way.
    CoreShell,
    /// Between.
    Mixing,
    /// More than nine tenths of the way.
    Mixed,
}

/// One frame on the way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Station {
    /// Index of the frame in the series.
    pub frame: usize,
    /// Temperature of the heating that ended with it (K).
    pub temperature_k: f64,
    /// How much of the slowest composition mode has decayed: v = 1 - exp(-20.19 τ/R_B²), 0 core-shell, 1 mixed.
    pub mixing: f64,
    /// v at τ ± one standard error.
    pub mixing_interval: (f64, f64),
    /// In words.
    pub state: MixingState,
}

/// The frames of a fit that have a temperature, as stations on the way from core-shell to mixed.
pub fn stations(fit: &SeriesFit, temperatures_k: &[Option<f64>]) -> Vec<Station> {
    let radius = fit.shape.radius_b_nm.value;
    let mixing =
        |tau_nm2: f64| -libm::expm1(-SLOWEST_MODE_SQUARED * tau_nm2.max(0.0) / (radius * radius));
    fit.frames
        .iter()
        .filter_map(|frame| {
            let temperature_k = temperatures_k.get(frame.frame).copied().flatten()?;
            let Estimate {
                value,
                standard_error,
                ..
            } = frame.tau_nm2;
            let v = mixing(value);
            let state = if v < 0.1 {
                MixingState::CoreShell
            } else if v <= 0.9 {
                MixingState::Mixing
            } else {
                MixingState::Mixed
            };
            Some(Station {
                frame: frame.frame,
                temperature_k,
                mixing: v,
                mixing_interval: (
                    mixing(value - standard_error),
                    mixing(value + standard_error),
                ),
                state,
            })
        })
        .collect()
}
