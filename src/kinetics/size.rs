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

/// What is small: d in r0 = (3 - d) h.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// d = 0: small in all directions.
    #[default]
    Particle,
    /// d = 1: a wire.
    Wire,
    /// d = 2: a film.
    Film,
}

impl Dimension {
    /// All of them, d = 0, 1, 2.
    pub const ALL: [Dimension; 3] = [Dimension::Particle, Dimension::Wire, Dimension::Film];

    /// 3 - d.
    fn factor(self) -> f64 {
        match self {
            Dimension::Particle => 3.0,
            Dimension::Wire => 2.0,
            Dimension::Film => 1.0,
        }
    }
}

/// Which entropy stands in eq. 10.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeltingEntropy {
    /// S_m, all of the entropy of melting: what the AgAu paper inserts.
    #[default]
    Total,
    /// Its vibrational part S_vib, in which Jiang's formula is written.
    Vibrational,
    /// A value of the user's (J mol⁻¹ K⁻¹).
    Given(f64),
}

impl MeltingEntropy {
    /// S (J mol⁻¹ K⁻¹) of an element; `None` where the vibrational part is not known.
    pub fn of(self, element: &Element) -> Option<f64> {
        match self {
            MeltingEntropy::Total => Some(element.melting_entropy_j_mol_k),
            MeltingEntropy::Vibrational => element.vibrational_entropy_j_mol_k(),
            MeltingEntropy::Given(value) => (value.is_finite() && value > 0.0).then_some(value),
        }
    }
}

/// The melting-point scaling of the activation energy (eqs 6-11).
///
/// E(r)/E(∞) = T_m(r)/T_m(∞) = exp[-(2 S/(3 R_gas)) / (r/r0 - 1)], r0 = (3 - d) h.
///
/// Eq. 9 of the paper lacks the minus sign of its exponent and the paper inserts the *total* melting entropy, raised by
/// 9 %, for the vibrational one; both are the caller's choice here. Undefined for r ≤ r0 (0.87 nm for silver); between
/// models of T_m(r) the spread at r = 2.5 nm exceeds 300 K ([`super::MeltingModel`] has them side by side), so never show this one
/// alone as a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeModel {
    /// Bulk activation energy E(∞) (J/mol).
    pub bulk_energy_j_mol: f64,
    /// Entropy S in the exponent (J mol⁻¹ K⁻¹): vibrational S_vib(∞), or S_m where declared so.
    pub entropy_j_mol_k: f64,
    /// Atomic diameter h (nm).
    pub atomic_diameter_nm: f64,
    /// What is small.
    pub dimension: Dimension,
}

impl SizeModel {
    /// The model of a particle with an element's total melting entropy and atomic diameter.
    pub fn of(element: &Element, bulk_energy_j_mol: f64) -> SizeModel {
        SizeModel {
            bulk_energy_j_mol,
            entropy_j_mol_k: element.melting_entropy_j_mol_k,
            atomic_diameter_nm: element.atomic_diameter_nm,
            dimension: Dimension::Particle,
        }
    }

    /// r0 = (3 - d) h (nm), where every atom lies on the surface.
    pub fn critical_radius_nm(&self) -> f64 {
        self.dimension.factor() * self.atomic_diameter_nm
    }

    /// T_m(r)/T_m(∞) (eq. 10); `None` for r ≤ r0. Accuracy: to rounding against `eq10_eq11.json`.
    pub fn melting_ratio(&self, radius_nm: f64) -> Option<f64> {
        let r0 = self.critical_radius_nm();
        (radius_nm > r0).then(|| {
            libm::exp(-2.0 * self.entropy_j_mol_k / (3.0 * GAS_CONSTANT) / (radius_nm / r0 - 1.0))
        })
    }

    /// The radius (nm) whose T_m(r)/T_m(∞) this is: eq. 10 solved for r; `None` unless the ratio lies between 0 and 1.
    pub fn radius_of_nm(&self, ratio: f64) -> Option<f64> {
        let s = 2.0 * self.entropy_j_mol_k / (3.0 * GAS_CONSTANT);
        (ratio > 0.0 && ratio < 1.0)
            .then(|| self.critical_radius_nm() * (1.0 - s / libm::log(ratio)))
    }

    /// E(r) (J/mol), eq. 8; `None` for r ≤ r0.
    pub fn energy_j_mol(&self, radius_nm: f64) -> Option<f64> {
        self.melting_ratio(radius_nm)
            .map(|ratio| self.bulk_energy_j_mol * ratio)
    }
}
