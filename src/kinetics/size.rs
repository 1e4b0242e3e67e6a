//! Size-dependent activation energy (eqs 6-11) and the time a particle takes to mix.

use serde::{Deserialize, Serialize};

use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::materials::Element;
use crate::units::GAS_CONSTANT;

/// Mixing time τ₁ = R²/(20.19 D) (s): the decay time of the slowest composition mode of a sphere of radius R.
///
/// R²/(π² D), often quoted, belongs to a sphere whose surface is held at a fixed composition: the wrong boundary here,
/// and 2.05 times longer. `None` unless both are positive.
pub fn mixing_time_s(radius_nm: f64, diffusivity_nm2_s: f64) -> Option<f64> {
    (radius_nm > 0.0 && diffusivity_nm2_s > 0.0)
        .then(|| radius_nm * radius_nm / (SLOWEST_MODE_SQUARED * diffusivity_nm2_s))
}

/// The melting-point scaling of the activation energy (eqs 6-11).
///
/// E(r)/E(∞) = T_m(r)/T_m(∞) = exp[-(2 S/(3 R_gas)) / (r/r0 - 1)], r0 = 3 h for particles.
///
/// Eq. 9 of the paper lacks the minus sign of its exponent and the paper inserts the *total* melting entropy, raised by
/// 9 %, for the vibrational one; both are the caller's choice here. Undefined for r ≤ r0 (0.87 nm for silver); between
/// models of T_m(r) the spread at r = 2.5 nm exceeds 300 K, so never show this one alone as a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeModel {
    /// Bulk activation energy E(∞) (J/mol).
    pub bulk_energy_j_mol: f64,
    /// Entropy S in the exponent (J mol⁻¹ K⁻¹): vibrational S_vib(∞), or S_m where declared so.
    pub entropy_j_mol_k: f64,
    /// Atomic diameter h (nm).
    pub atomic_diameter_nm: f64,
}

impl SizeModel {
    /// The model with an element's total melting entropy and atomic diameter.
    pub fn of(element: &Element, bulk_energy_j_mol: f64) -> SizeModel {
        SizeModel {
            bulk_energy_j_mol,
            entropy_j_mol_k: element.melting_entropy_j_mol_k,
            atomic_diameter_nm: element.atomic_diameter_nm,
        }
    }

    /// T_m(r)/T_m(∞) (eq. 10); `None` for r ≤ r0. Accuracy: to rounding against `eq10_eq11.json`.
    pub fn melting_ratio(&self, radius_nm: f64) -> Option<f64> {
        let r0 = 3.0 * self.atomic_diameter_nm;
        (radius_nm > r0).then(|| {
            libm::exp(-2.0 * self.entropy_j_mol_k / (3.0 * GAS_CONSTANT) / (radius_nm / r0 - 1.0))
        })
    }

    /// E(r) (J/mol), eq. 8; `None` for r ≤ r0.
    pub fn energy_j_mol(&self, radius_nm: f64) -> Option<f64> {
        self.melting_ratio(radius_nm)
            .map(|ratio| self.bulk_energy_j_mol * ratio)
    }
}
