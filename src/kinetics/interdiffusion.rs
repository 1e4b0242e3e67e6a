//! From tracers to interdiffusion: Darken's equation with the thermodynamic factor and Manning's for correlated jumps.

use crate::materials::{Excess, Library, TracerDiffusion};
use crate::units::GAS_CONSTANT;

/// Thermodynamic factor Φ of a solution x_A x_B [L0 + L1 (x_A - x_B)]: Φ = 1 - x_A x_B [2 L0 + 6 L1 (x_A - x_B)]/(R T).
///
/// Above 1 where the elements attract each other; below 0 the solution is unstable and separates (uphill diffusion).
/// Accuracy: the reference's values for Ag-Au to their three digits (`tests/melting.rs`); L1 against differences of the excess energy.
pub fn thermodynamic_factor(x_b: f64, excess: &Excess, temperature_k: f64) -> f64 {
    let (l0, l1) = excess.at(temperature_k);
    let x_a = 1.0 - x_b;
    1.0 - x_a * x_b * (2.0 * l0 + 6.0 * l1 * (x_a - x_b)) / (GAS_CONSTANT * temperature_k)
}

/// Correlation factor f₀ of vacancy jumps on the fcc lattice. K. Compaan, Y. Haven, Trans. Faraday Soc. 52 (1956) 786.
const FCC_CORRELATION: f64 = 0.7815;

/// Manning's vacancy-wind factor of a random fcc solution from the tracers' D (any one unit):
/// S = 1 + (1 − f₀)/f₀ · x_A x_B (D*_A − D*_B)² / [(x_A D*_A + x_B D*_B)(x_B D*_A + x_A D*_B)].
///
/// From 1, where both diffuse alike, to 1/f₀ = 1.28, where one of them does not. J. R. Manning, Acta Metall. 15 (1967) 817.
pub fn manning((d_a, d_b): (f64, f64), x_b: f64) -> f64 {
    let x_a = 1.0 - x_b;
    let mean = (x_a * d_a + x_b * d_b) * (x_b * d_a + x_a * d_b);
    let wind = x_a * x_b * (d_a - d_b) * (d_a - d_b) / mean;
    1.0 + (1.0 - FCC_CORRELATION) / FCC_CORRELATION * wind
}

/// Interdiffusion coefficient D̃ = (x_B D*_A + x_A D*_B) Φ from the tracers' (any one unit), without correlations. Darken 1948.
pub fn darken((d_a, d_b): (f64, f64), x_b: f64, factor: f64) -> f64 {
    (x_b * d_a + (1.0 - x_b) * d_b) * factor
}

/// Tracers of both elements in both, and the solution's excess energy.
#[derive(Clone, Debug, PartialEq)]
pub struct Interdiffusion {
    /// A in A, A in B, B in A, B in B.
    tracers: [TracerDiffusion; 4],
    /// Of the fcc solution A-B, where known.
    excess: Option<Excess>,
}

/// Diffusion in a solution of one composition and temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InSolution {
    /// Tracer diffusion of A (m²/s).
    pub tracer_a_m2_s: f64,
    /// Tracer diffusion of B (m²/s).
    pub tracer_b_m2_s: f64,
    /// Φ; 1 where no excess energy is known.
    pub factor: f64,
    /// S of [`manning`].
    pub wind: f64,
    /// D̃ = (x_B D*_A + x_A D*_B) Φ S (m²/s); negative where the solution separates.
    pub interdiffusion_m2_s: f64,
}

impl Interdiffusion {
    /// From the library; `None` where one of the four laws is not known.
    pub fn of(library: &Library, a: &str, b: &str) -> Option<Interdiffusion> {
        let law = |solute: &str, host: &str| library.tracer(solute, host);
        let tracers = [law(a, a)?, law(a, b)?, law(b, a)?, law(b, b)?];
        let pair = library.pair(a, b);
        let excess = pair.and_then(|pair| {
            let excess = pair.fcc?;
            // The excess energy is written in the order of the pair.
            Some(if pair.first == a {
                excess
            } else {
                excess.reversed()
            })
        });
        Some(Interdiffusion { tracers, excess })
    }

    /// Whether an excess energy is known; otherwise Φ = 1.
    pub fn has_excess(&self) -> bool {
        self.excess.is_some()
    }

    /// Diffusion at a mole fraction of B and a temperature.
    ///
    /// **Approximate**: tracer coefficients between the pure metals are interpolated linearly in ln D*, because per-composition laws
    /// (Mallard et al. measured nine compositions of Ag-Au) are not at hand. Adding fast silver to gold is reported to *lower* D,
    /// which no such interpolation can show.
    pub fn at(&self, x_b: f64, temperature_k: f64) -> InSolution {
        let [a_in_a, a_in_b, b_in_a, b_in_b] =
            [0, 1, 2, 3].map(|i| libm::log(self.tracers[i].at(temperature_k)));
        let between = |in_a: f64, in_b: f64| libm::exp((1.0 - x_b) * in_a + x_b * in_b);
        let (d_a, d_b) = (between(a_in_a, a_in_b), between(b_in_a, b_in_b));
        let factor = self.excess.map_or(1.0, |excess| {
            thermodynamic_factor(x_b, &excess, temperature_k)
        });
        let wind = manning((d_a, d_b), x_b);
        InSolution {
            tracer_a_m2_s: d_a,
            tracer_b_m2_s: d_b,
            factor,
            wind,
            interdiffusion_m2_s: darken((d_a, d_b), x_b, factor) * wind,
        }
    }
}
