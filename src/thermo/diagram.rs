//! The phase diagram as a result.

use crate::language::{Number, say, word};
use serde::{Deserialize, Serialize};

/// Where a diagram is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sampling {
    /// Particle radius r (nm); infinite for the bulk.
    pub radius_nm: f64,
    /// Compositions from x = 0 to 1, both ends included, evenly spaced.
    pub compositions: usize,
}

/// Solidus and liquidus at one composition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boundary {
    /// Mole fraction of the pair's second element.
    pub x: f64,
    /// The solid of this composition begins to melt (K). Where it would be solid once more above (a retrograde solidus, as of
    /// Ag-Cu beside its eutectic in small particles), the lowest temperature.
    pub solidus_k: f64,
    /// The last of it is molten (K).
    pub liquidus_k: f64,
}

/// Liquid and two solids in equilibrium; a peritectic where `x_liquid` does not lie between the solids.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Eutectic {
    /// Temperature (K).
    pub temperature_k: f64,
    /// The liquid.
    pub x_liquid: f64,
    /// The solid poorer in the second element.
    pub x_left: f64,
    /// The solid richer in it.
    pub x_right: f64,
}

/// Two solids in equilibrium.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tie {
    /// Temperature (K).
    pub temperature_k: f64,
    /// The solid poorer in the second element.
    pub x_left: f64,
    /// The solid richer in it.
    pub x_right: f64,
}

/// Solidus and liquidus touch between the elements: the alloy melts as one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Congruent {
    /// Where.
    pub x: f64,
    /// Temperature (K).
    pub temperature_k: f64,
    /// A maximum of both curves; otherwise a minimum.
    pub maximum: bool,
}

/// Compositions without a boundary.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Undefined {
    /// First composition concerned.
    pub x_from: f64,
    /// Last composition concerned.
    pub x_to: f64,
    /// Why.
    pub why: Limit,
}

/// Where the model stops being defined.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The surface outweighs the energy of melting.
    #[error("{}", say!(
        "the surface term keeps it liquid, or partly so, down to {} K, where the elements' data end"
        | "der Oberflächenterm hält es bis hinab zu {} K ganz oder teilweise flüssig, wo die Daten der Elemente enden",
        Number(*floor_k)
    ))]
    NoSolid {
        /// Lowest temperature of the data (K).
        floor_k: f64,
    },
    /// The surface outweighs the entropy of melting.
    #[error("{}", say!(
        "the surface term keeps it solid, or partly so, up to {} K"
        | "der Oberflächenterm hält es bis {} K ganz oder teilweise fest", Number(*ceiling_k)
    ))]
    NoLiquid {
        /// Highest temperature sought (K).
        ceiling_k: f64,
    },
    /// The melt has a miscibility gap there.
    #[error("{}", word!(
        "the liquid separates into two, which these curves do not describe"
        | "die Schmelze entmischt sich in zwei, was diese Kurven nicht beschreiben"
    ))]
    LiquidSeparates,
    /// The search ended without an answer.
    #[error("{}", word!("no common tangent was found" | "keine gemeinsame Tangente wurde gefunden"))]
    NotFound,
}

/// Solidus and liquidus of a pair for one radius.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhaseDiagram {
    /// Particle radius (nm); infinite for the bulk.
    pub radius_nm: f64,
    /// Both curves at the compositions asked for, x rising; compositions within `undefined` are missing.
    pub boundaries: Vec<Boundary>,
    /// Three phases in equilibrium, where there are.
    pub eutectic: Option<Eutectic>,
    /// The solid's miscibility gap (solvus), temperature rising; empty where the solid mixes at all temperatures.
    pub gap: Vec<Tie>,
    /// Congruent melting between the elements, where there is.
    pub extreme: Option<Congruent>,
    /// Butler's equation has several solutions at these temperatures (a monolayer that separates, as on solid Ag-Cu): the lowest
    /// tension is taken; the curves have a kink where the surface changes from one element to the other.
    pub kinked: bool,
    /// Where and why there is no boundary.
    pub undefined: Vec<Undefined>,
    /// The radius is below the 5 nm that the model's authors give as its lower end.
    pub extrapolated: bool,
}
