//! What the model needs to know of two elements.

use serde::{Deserialize, Serialize};

use super::mole::Mole;
use crate::language::{Said, say};
use crate::materials::Excess;
use crate::numerics::newton;

/// Liquid or solid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// The melt.
    Liquid,
    /// The solid solution (fcc).
    Solid,
}

impl Phase {
    /// The other one.
    pub(super) fn other(self) -> Phase {
        match self {
            Phase::Liquid => Phase::Solid,
            Phase::Solid => Phase::Liquid,
        }
    }
}

/// Two elements and their mixtures: every parameter of the model.
#[derive(Clone, Debug, PartialEq)]
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

impl System {
    /// Excess energy of a phase at a temperature (K).
    pub(super) fn mixing(&self, phase: Phase, temperature_k: f64) -> Mixing {
        let excess = match phase {
            Phase::Liquid => &self.liquid,
            Phase::Solid => &self.solid,
        };
        let (l0, l1) = excess.at(temperature_k);
        Mixing { l0, l1 }
    }
}

/// One element.
#[derive(Clone, Debug, PartialEq)]
pub struct Pure {
    /// Symbol.
    pub symbol: String,
    /// G°_liquid - G°_solid and the bulk melting point.
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

/// σ_solid(T_m)/σ_liquid(T_m) by Tanaka's rule.
const TANAKA: f64 = 1.25;

/// The tension of a solid by Tanaka's rule: 1.25 times the melt's at the melting point, with the melt's slope.
pub(super) fn tanaka(liquid: &Tension, melting_point_k: f64) -> Tension {
    Tension {
        at_reference_n_m: TANAKA * liquid.at(melting_point_k),
        reference_k: melting_point_k,
        slope_n_m_k: liquid.slope_n_m_k,
    }
}

/// G°_liquid - G°_solid, one polynomial on each side of the melting point (SGTE).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fusion {
    /// Bulk melting point T_m (K).
    pub melting_point_k: f64,
    /// Below T_m.
    pub below: GibbsPolynomial,
    /// Above T_m.
    pub above: GibbsPolynomial,
}

impl Fusion {
    /// G°_liquid - G°_solid (J/mol) at a temperature (K).
    pub fn at(&self, temperature_k: f64) -> f64 {
        if temperature_k < self.melting_point_k {
            self.below.at(temperature_k)
        } else {
            self.above.at(temperature_k)
        }
    }
}

/// g0 + g1 T + g7 T⁷ + g₋₉ T⁻⁹ (J/mol, T in K).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GibbsPolynomial {
    /// g0 (J/mol).
    pub g0_j_mol: f64,
    /// g1 (J mol⁻¹ K⁻¹).
    pub g1_j_mol_k: f64,
    /// g7 (J mol⁻¹ K⁻⁷).
    pub g7_j_mol_k7: f64,
    /// g₋₉ (J mol⁻¹ K⁹).
    pub g_m9_j_k9_mol: f64,
}

impl GibbsPolynomial {
    /// Value (J/mol) at a temperature (K).
    pub fn at(&self, temperature_k: f64) -> f64 {
        let t = temperature_k;
        let t3 = t * t * t;
        self.g0_j_mol
            + t * self.g1_j_mol_k
            + t3 * t3 * t * self.g7_j_mol_k7
            + self.g_m9_j_k9_mol / (t3 * t3 * t3)
    }
}

/// σ(T) = σ_ref + slope (T - T_ref).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tension {
    /// σ_ref (N/m).
    pub at_reference_n_m: f64,
    /// T_ref (K).
    pub reference_k: f64,
    /// dσ/dT (N m⁻¹ K⁻¹).
    pub slope_n_m_k: f64,
}

impl Tension {
    /// σ (N/m) at a temperature (K).
    pub fn at(&self, temperature_k: f64) -> f64 {
        self.at_reference_n_m + self.slope_n_m_k * (temperature_k - self.reference_k)
    }
}

/// V = M / ρ, ρ(T) = ρ_ref + slope (T - T_ref).
#[derive(Clone, Copy, Debug, PartialEq)]
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

impl LiquidVolume {
    /// V (m³/mol) at a temperature (K).
    pub fn at(&self, temperature_k: f64) -> f64 {
        let density = self.density_kg_m3 + self.slope_kg_m3_k * (temperature_k - self.reference_k);
        self.molar_mass_kg_mol / density
    }
}

/// V = V_ref (1 + ∫α dT)³ from T_ref, α(T) = α₀ + α₁ T.
#[derive(Clone, Copy, Debug, PartialEq)]
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

impl SolidVolume {
    /// V (m³/mol) at a temperature (K).
    pub fn at(&self, temperature_k: f64) -> f64 {
        let (t, t0) = (temperature_k, self.reference_k);
        let mean = self.expansion_per_k + 0.5 * self.expansion_slope_per_k2 * (t + t0);
        let length = 1.0 + mean * (t - t0);
        self.at_reference_m3_mol * length * length * length
    }
}

/// Last step (in 1 - 2x) of the search for the ends of an unstable stretch; the error is of the order of its cube.
const UNSTABLE_TOLERANCE: f64 = 1e-4;

/// x (1 - x) [L0 + L1 (1 - 2x)] at one temperature (J/mol).
#[derive(Clone, Copy, Debug)]
pub(super) struct Mixing {
    l0: f64,
    l1: f64,
}

impl Mixing {
    /// Value and the first three derivatives by x.
    pub fn derivatives(&self, mole: &Mole) -> [f64; 4] {
        let (p, s) = (mole.first * mole.second, mole.first - mole.second);
        let l = self.l0 + self.l1 * s;
        [
            p * l,
            s * l - 2.0 * p * self.l1,
            -2.0 * l - 4.0 * s * self.l1,
            12.0 * self.l1,
        ]
    }

    /// This share of it.
    pub fn scaled(&self, share: f64) -> Mixing {
        Mixing {
            l0: share * self.l0,
            l1: share * self.l1,
        }
    }

    /// ∂/∂x at both pure elements.
    pub fn end_slopes(&self) -> [f64; 2] {
        [self.l0 + self.l1, self.l1 - self.l0]
    }

    /// The compositions between which RT + x (1 - x) ∂²/∂x² is negative, if there are any: the mixture is unstable there.
    ///
    /// With s = 1 - 2x that is the cubic RT - (1 - s²) (L0 + 3 L1 s)/2, positive at both ends, so that it is negative in one stretch
    /// if at all.
    pub fn unstable(&self, rt: f64) -> Option<[Mole; 2]> {
        let (l0, l1) = (self.l0, 3.0 * self.l1);
        let stiffness = |s: f64| {
            [
                rt - 0.5 * (1.0 - s * s) * (l0 + l1 * s),
                s * l0 - 0.5 * l1 * (1.0 - 3.0 * s * s),
                l0 + 3.0 * l1 * s,
            ]
        };
        let softest = l1 / (l0 + f64::sqrt(l0 * l0 + 3.0 * l1 * l1));
        let [least, _, bend] = stiffness(softest);
        if !(softest.abs() < 1.0 && least < 0.0) {
            return None;
        }
        let aside = f64::sqrt(-2.0 * least / bend);
        Some([1.0, -1.0].map(|side| {
            let along = |t: f64| {
                let [value, slope, bend] = stiffness(side * t);
                (t, [value, side * slope, bend])
            };
            let middle = side * softest;
            let (t, step) = newton(along, middle + aside, (middle, 1.0), UNSTABLE_TOLERANCE);
            Mole::from_fraction(0.5 * (1.0 - side * (t + step)))
        }))
    }
}

/// How far the mixture is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Assessment {
    /// Excess energies of an assessment, and every number of both elements.
    Assessed,
    /// Something is missing: what the diagram leaves out or fills in by a rule.
    Approximate(Vec<Neglected>),
}

/// What an approximate diagram leaves out or fills in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Neglected {
    /// No excess energies.
    #[error("{}", say!(
        "{pair}: {phases} taken as ideal, no assessment is at hand"
        | "{pair}: {phases} als ideal, eine Bewertung liegt nicht vor"
    ))]
    Excess {
        /// The pair.
        pair: String,
        /// Which phases.
        phases: Said,
    },
    /// The pair separates, and no excess energy says so.
    #[error("{}", say!(
        "{pair}: the miscibility gap of the solid is missing, and with it what it does to solidus and liquidus"
        | "{pair}: die Mischungslücke des Festen fehlt, und damit, was sie mit Solidus und Liquidus macht"
    ))]
    Gap {
        /// The pair.
        pair: String,
    },
    /// Ordered phases.
    #[error("{}", say!("{pair}: ordered phases are missing" | "{pair}: geordnete Phasen fehlen"))]
    Ordering {
        /// The pair.
        pair: String,
    },
    /// The pair forms compounds.
    #[error("{}", say!(
        "{pair}: do not believe this diagram, the compounds that the pair forms are missing"
        | "{pair}: diesem Diagramm ist nicht zu trauen, die Verbindungen des Paars fehlen"
    ))]
    Compounds {
        /// The pair.
        pair: String,
    },
    /// Only one solid, whatever the element's own.
    #[error("{}", say!(
        "{symbol} is {structure}: it enters as if it mixed on one lattice with the other element; its own solid phases and what they do to the boundaries are missing"
        | "{symbol} ist {structure}: es geht ein, als mischte es sich auf einem Gitter mit dem anderen Element; seine eigenen festen Phasen und ihre Wirkung auf die Grenzen fehlen"
    ))]
    Structure {
        /// The element.
        symbol: String,
        /// Its structure.
        structure: &'static str,
    },
    /// G of melting from two numbers.
    #[error("{}", say!(
        "{symbol}: heat and entropy of melting are taken as independent of temperature"
        | "{symbol}: Schmelzwärme und Schmelzentropie gelten als unabhängig von der Temperatur"
    ))]
    Fusion {
        /// The element.
        symbol: String,
    },
    /// No tension of the solid.
    #[error("{}", say!(
        "{symbol}: the tension of the solid is taken as 1.25 times that of its melt (Tanaka's rule)"
        | "{symbol}: die Oberflächenspannung des Festen gilt als das 1,25-Fache der seiner Schmelze (Tanakas Regel)"
    ))]
    SolidTension {
        /// The element.
        symbol: String,
    },
    /// No expansion.
    #[error("{}", say!(
        "{symbol}: thermal expansion is left out, melting makes it {percent} % larger"
        | "{symbol}: die thermische Ausdehnung ist ausgelassen, beim Schmelzen wird es {percent} % größer"
    ))]
    Expansion {
        /// The element.
        symbol: String,
        /// Volume of melting.
        percent: String,
    },
}
