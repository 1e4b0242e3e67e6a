//! What a surface adds to a phase.

use serde::{Deserialize, Serialize};

/// The surface term C_p k σ_p V_p / r of the Gibbs energies, as the user chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurfaceTerm {
    /// C of the solid: shape and strain. 1.05 in the papers of the model; 1 is used as well.
    pub c_solid: f64,
    /// C of the liquid.
    pub c_liquid: f64,
    /// 2: Laplace pressure, the chemical potential of a sphere. 3: its surface energy (G. Kaptay, J. Mater. Sci. 47 (2012) 8320).
    pub k: f64,
    /// How the tension of an alloy follows from those of its elements.
    pub mixing: SurfaceMixing,
    /// Where the tension of the solid elements comes from.
    pub solid: SolidTension,
}

impl Default for SurfaceTerm {
    fn default() -> SurfaceTerm {
        SurfaceTerm {
            c_solid: 1.05,
            c_liquid: 1.0,
            k: 2.0,
            mixing: SurfaceMixing::Butler,
            solid: SolidTension::Table,
        }
    }
}

/// How the tension of an alloy follows from those of its elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceMixing {
    /// Butler's equation: a monolayer in equilibrium with the bulk, richer in the element of lower tension.
    #[default]
    Butler,
    /// σ = (1 − x) σ₁ + x σ₂: no segregation.
    Linear,
}

/// Where the tension of the solid elements comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SolidTension {
    /// The system's own values.
    #[default]
    Table,
    /// σ_solid(T_m) = 1.25 σ_liquid(T_m) with the liquid's slope (Tanaka's rule).
    Tanaka,
}
