//! What the model needs to know of two elements.

use serde::{Deserialize, Serialize};

/// Liquid or solid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The melt.
    Liquid,
    /// The solid solution (fcc).
    Solid,
}

/// Two elements and their mixtures: every parameter of the model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct System {
    /// First and second element; x is the mole fraction of the second.
    pub elements: [Pure; 2],
    /// Excess energy of the liquid.
    pub liquid: Excess,
    /// Excess energy of the solid.
    pub solid: Excess,
    /// How far the mixture is known.
    pub assessment: Assessment,
}

/// One element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pure {
    /// Symbol.
    pub symbol: String,
    /// G°_liquid − G°_solid and the bulk melting point.
    pub fusion: Fusion,
    /// Surface tension of the melt.
    pub liquid_tension: Tension,
    /// Surface tension of the solid.
    pub solid_tension: Tension,
    /// Molar volume of the melt.
    pub liquid_volume: LiquidVolume,
    /// Molar volume of the solid.
    pub solid_volume: SolidVolume,
}

/// G°_liquid − G°_solid, one polynomial on each side of the melting point (SGTE).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fusion {
    /// Bulk melting point T_m (K).
    pub melting_point_k: f64,
    /// Below T_m.
    pub below: GibbsPolynomial,
    /// Above T_m.
    pub above: GibbsPolynomial,
}

/// a + b T + c T ln T + d T⁷ + e T⁻⁹ (J/mol, T in K).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct GibbsPolynomial {
    /// a (J/mol).
    pub constant_j_mol: f64,
    /// b (J mol⁻¹ K⁻¹).
    pub t_j_mol_k: f64,
    /// c (J mol⁻¹ K⁻¹).
    pub t_ln_t_j_mol_k: f64,
    /// d (J mol⁻¹ K⁻⁷).
    pub t7_j_mol_k7: f64,
    /// e (J mol⁻¹ K⁹).
    pub t_minus_9_j_k9_mol: f64,
}

/// σ(T) = σ_ref + slope (T − T_ref).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tension {
    /// σ_ref (N/m).
    pub at_reference_n_m: f64,
    /// T_ref (K).
    pub reference_k: f64,
    /// dσ/dT (N m⁻¹ K⁻¹).
    pub slope_n_m_k: f64,
}

/// V = M / ρ, ρ(T) = ρ_ref + slope (T − T_ref).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LiquidVolume {
    /// Molar mass M (kg/mol).
    pub molar_mass_kg_mol: f64,
    /// ρ_ref (kg/m³).
    pub density_kg_m3: f64,
    /// T_ref (K).
    pub reference_k: f64,
    /// dρ/dT (kg m⁻³ K⁻¹).
    pub slope_kg_m3_k: f64,
}

/// V = V_ref (1 + ∫α dT)³ from T_ref, α(T) = α₀ + α₁ T.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SolidVolume {
    /// V_ref (m³/mol).
    pub at_reference_m3_mol: f64,
    /// T_ref (K).
    pub reference_k: f64,
    /// α₀, linear expansion (K⁻¹).
    pub expansion_per_k: f64,
    /// α₁ (K⁻²).
    pub expansion_slope_per_k2: f64,
}

/// Excess energy x (1 − x) Σ_n (a_n + b_n T) (1 − 2x)ⁿ: Redlich-Kister, n = 0, 1, 2 (the SGTE order: x₁ − x₂ = 1 − 2x).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Excess {
    /// a_n (J/mol).
    pub constant_j_mol: [f64; 3],
    /// b_n (J mol⁻¹ K⁻¹).
    pub slope_j_mol_k: [f64; 3],
}

/// How far the mixture is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assessment {
    /// Excess energies of an assessment of the phase diagram.
    Assessed,
    /// None is at hand: what the diagram leaves out.
    Approximate(Vec<Neglected>),
}

/// What an approximate diagram leaves out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Neglected {
    /// No excess energies.
    #[error(
        "{pair} is taken as ideal in both phases (no assessment at hand): miscibility gaps, ordering and extrema of melting are missing"
    )]
    Excess {
        /// The pair.
        pair: String,
    },
    /// Only one solid, whatever the element's own.
    #[error(
        "{symbol} is {structure}: it enters as if it mixed on the other element's lattice, with its own melting point; other solid phases and their transformations are missing"
    )]
    Structure {
        /// The element.
        symbol: String,
        /// Its structure at room temperature.
        structure: String,
    },
    /// The pair forms compounds.
    #[error("{pair} forms compounds, which are not in this diagram: do not believe it")]
    Compounds {
        /// The pair.
        pair: String,
    },
}
