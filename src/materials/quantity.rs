//! What a row can say: the quantities with their names in the table, their units and what they are of.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::subject::About;

/// A quantity of an element, a pair, or of one element diffusing in another.
///
/// Its name in the table and its unit are [`Quantity::name`] and [`Quantity::unit`]. Polynomials stand as one row a coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Quantity {
    /// Z.
    AtomicNumber,
    /// M (g/mol).
    MolarMass,
    /// 1 for face-centered cubic.
    Fcc,
    /// 1 for body-centered cubic.
    Bcc,
    /// 1 for hexagonal close-packed.
    Hcp,
    /// Lattice parameter a at room temperature (nm).
    LatticeA,
    /// Nearest-neighbor distance h (nm).
    AtomicDiameter,
    /// Atoms of the solid at room temperature (1/nm³).
    AtomicDensity,
    /// Molar volume of the solid at room temperature (cm³/mol).
    MolarVolume,
    /// T_m (K).
    MeltingPoint,
    /// ΔH_m (kJ/mol).
    MeltingEnthalpy,
    /// ΔS_m, the total entropy of melting (J mol⁻¹ K⁻¹).
    MeltingEntropy,
    /// ΔV/V of melting (%).
    MeltingExpansion,
    /// γ_l at T_m (N/m).
    LiquidTension,
    /// dγ_l/dT (N m⁻¹ K⁻¹).
    LiquidTensionSlope,
    /// γ_s by Tyson and Miller, 0 K (J/m²).
    SolidTensionTysonMiller,
    /// γ_s by Vitos et al., closest-packed face, 0 K (J/m²).
    SolidTensionVitos,
    /// G_liquid - G_solid = g0 + g1 T + g7 T⁷ below T_m (and above, where no other is given): g0 (J/mol).
    FusionG0,
    /// g1 (J mol⁻¹ K⁻¹).
    FusionG1,
    /// g7 (J mol⁻¹ K⁻⁷).
    FusionG7,
    /// G_liquid - G_solid = g0 + g1 T + g₋₉ T⁻⁹ above T_m: g0 (J/mol).
    FusionAboveG0,
    /// g1 (J mol⁻¹ K⁻¹).
    FusionAboveG1,
    /// g₋₉ (J K⁹/mol).
    FusionAboveGM9,
    /// σ_liquid = this + slope · T, of the phase diagram (N/m).
    PhaseLiquidTension,
    /// Its slope (N m⁻¹ K⁻¹).
    PhaseLiquidTensionSlope,
    /// σ_solid = this + slope · T, of the phase diagram (N/m).
    PhaseSolidTension,
    /// Its slope (N m⁻¹ K⁻¹).
    PhaseSolidTensionSlope,
    /// α(T) = this + slope · T, linear expansion of the solid (1/K); the lattice parameter is that of 293.15 K.
    Expansion,
    /// Its slope (1/K²).
    ExpansionSlope,
    /// Density of the liquid at [`Quantity::LiquidDensityAt`] (kg/m³).
    LiquidDensity,
    /// Its slope (kg m⁻³ K⁻¹).
    LiquidDensitySlope,
    /// Temperature of [`Quantity::LiquidDensity`] (K).
    LiquidDensityAt,
    /// Share of the beam that a thin foil scatters into an annular detector (%/nm); source and note say which.
    Scattered,
    /// Radius of a particle whose melting point is published (nm).
    PointRadius,
    /// Its melting point (K).
    PointMeltingPoint,
    /// Its error (K).
    PointError,
    /// 1: mixes at every composition.
    Soluble,
    /// 1: a miscibility gap.
    Gap,
    /// 1: ordered phases.
    Ordering,
    /// 1: compounds grow.
    Compound,
    /// 1: oxidizes in air.
    Oxidizes,
    /// 1: the image does not tell the elements apart.
    NoContrast,
    /// Excess Gibbs energy of the liquid, x_A x_B [L0 + L1 (x_A - x_B)], L = this + slope · T, A the first of the pair: L0 (J/mol).
    LiquidL0,
    /// Slope of L0 (J mol⁻¹ K⁻¹).
    LiquidL0Slope,
    /// L1 (J/mol).
    LiquidL1,
    /// Slope of L1 (J mol⁻¹ K⁻¹).
    LiquidL1Slope,
    /// The same for the fcc solid: L0 (J/mol).
    FccL0,
    /// Slope of L0 (J mol⁻¹ K⁻¹).
    FccL0Slope,
    /// L1 (J/mol).
    FccL1,
    /// Slope of L1 (J mol⁻¹ K⁻¹).
    FccL1Slope,
    /// D0 of tracer diffusion in the lattice (m²/s).
    D0,
    /// Its activation energy (kJ/mol).
    Q,
    /// D0 of a second term (m²/s).
    D0Second,
    /// Activation energy of the second term (kJ/mol).
    QSecond,
    /// δ·D0 of a grain boundary of width δ (m³/s).
    BoundaryD0,
    /// Its activation energy (kJ/mol).
    BoundaryQ,
    /// δ, by which δ·D is divided to show D (nm).
    BoundaryWidth,
    /// Lower end of published D on a surface (m²/s).
    SurfaceLow,
    /// Upper end of published D on a surface (m²/s).
    SurfaceHigh,
    /// Temperatures of the law: from (K).
    RangeFrom,
    /// To (K).
    RangeTo,
}

/// Which values make sense.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    Positive,
    Any,
    /// 0 or 1.
    Flag,
}

/// Quantity, name, unit, what it is of, values.
type Definition = (Quantity, &'static str, &'static str, About, Sign);

use crate::language::say;
use About::{Diffusion, Element, Pair};
use Sign::{Any, Flag, Positive};

#[rustfmt::skip]
const DEFINITIONS: [Definition; 61] = [
    (Quantity::AtomicNumber, "atomic_number", "1", Element, Positive),
    (Quantity::MolarMass, "molar_mass", "g/mol", Element, Positive),
    (Quantity::Fcc, "fcc", "flag", Element, Flag),
    (Quantity::Bcc, "bcc", "flag", Element, Flag),
    (Quantity::Hcp, "hcp", "flag", Element, Flag),
    (Quantity::LatticeA, "lattice_a", "nm", Element, Positive),
    (Quantity::AtomicDiameter, "atomic_diameter", "nm", Element, Positive),
    (Quantity::AtomicDensity, "atomic_density", "1/nm3", Element, Positive),
    (Quantity::MolarVolume, "molar_volume", "cm3/mol", Element, Positive),
    (Quantity::MeltingPoint, "melting_point", "K", Element, Positive),
    (Quantity::MeltingEnthalpy, "melting_enthalpy", "kJ/mol", Element, Positive),
    (Quantity::MeltingEntropy, "melting_entropy", "J/mol/K", Element, Positive),
    (Quantity::MeltingExpansion, "melting_expansion", "%", Element, Any),
    (Quantity::LiquidTension, "liquid_tension", "N/m", Element, Positive),
    (Quantity::LiquidTensionSlope, "liquid_tension_slope", "N/m/K", Element, Any),
    (Quantity::SolidTensionTysonMiller, "solid_tension_tyson_miller", "J/m2", Element, Positive),
    (Quantity::SolidTensionVitos, "solid_tension_vitos", "J/m2", Element, Positive),
    (Quantity::FusionG0, "fusion_g0", "J/mol", Element, Any),
    (Quantity::FusionG1, "fusion_g1", "J/mol/K", Element, Any),
    (Quantity::FusionG7, "fusion_g7", "J/mol/K7", Element, Any),
    (Quantity::FusionAboveG0, "fusion_above_g0", "J/mol", Element, Any),
    (Quantity::FusionAboveG1, "fusion_above_g1", "J/mol/K", Element, Any),
    (Quantity::FusionAboveGM9, "fusion_above_g_m9", "J K9/mol", Element, Any),
    (Quantity::PhaseLiquidTension, "phase_liquid_tension", "N/m", Element, Positive),
    (Quantity::PhaseLiquidTensionSlope, "phase_liquid_tension_slope", "N/m/K", Element, Any),
    (Quantity::PhaseSolidTension, "phase_solid_tension", "N/m", Element, Positive),
    (Quantity::PhaseSolidTensionSlope, "phase_solid_tension_slope", "N/m/K", Element, Any),
    (Quantity::Expansion, "expansion", "1/K", Element, Any),
    (Quantity::ExpansionSlope, "expansion_slope", "1/K2", Element, Any),
    (Quantity::LiquidDensity, "liquid_density", "kg/m3", Element, Positive),
    (Quantity::LiquidDensitySlope, "liquid_density_slope", "kg/m3/K", Element, Any),
    (Quantity::LiquidDensityAt, "liquid_density_at", "K", Element, Positive),
    (Quantity::Scattered, "scattered", "%/nm", Element, Positive),
    (Quantity::PointRadius, "point_radius", "nm", Element, Positive),
    (Quantity::PointMeltingPoint, "point_melting_point", "K", Element, Positive),
    (Quantity::PointError, "point_error", "K", Element, Positive),
    (Quantity::Soluble, "soluble", "flag", Pair, Flag),
    (Quantity::Gap, "gap", "flag", Pair, Flag),
    (Quantity::Ordering, "ordering", "flag", Pair, Flag),
    (Quantity::Compound, "compound", "flag", Pair, Flag),
    (Quantity::Oxidizes, "oxidizes", "flag", Pair, Flag),
    (Quantity::NoContrast, "no_contrast", "flag", Pair, Flag),
    (Quantity::LiquidL0, "liquid_l0", "J/mol", Pair, Any),
    (Quantity::LiquidL0Slope, "liquid_l0_slope", "J/mol/K", Pair, Any),
    (Quantity::LiquidL1, "liquid_l1", "J/mol", Pair, Any),
    (Quantity::LiquidL1Slope, "liquid_l1_slope", "J/mol/K", Pair, Any),
    (Quantity::FccL0, "fcc_l0", "J/mol", Pair, Any),
    (Quantity::FccL0Slope, "fcc_l0_slope", "J/mol/K", Pair, Any),
    (Quantity::FccL1, "fcc_l1", "J/mol", Pair, Any),
    (Quantity::FccL1Slope, "fcc_l1_slope", "J/mol/K", Pair, Any),
    (Quantity::D0, "d0", "m2/s", Diffusion, Positive),
    (Quantity::Q, "q", "kJ/mol", Diffusion, Any),
    (Quantity::D0Second, "d0_second", "m2/s", Diffusion, Positive),
    (Quantity::QSecond, "q_second", "kJ/mol", Diffusion, Any),
    (Quantity::BoundaryD0, "boundary_d0", "m3/s", Diffusion, Positive),
    (Quantity::BoundaryQ, "boundary_q", "kJ/mol", Diffusion, Any),
    (Quantity::BoundaryWidth, "boundary_width", "nm", Diffusion, Positive),
    (Quantity::SurfaceLow, "surface_low", "m2/s", Diffusion, Positive),
    (Quantity::SurfaceHigh, "surface_high", "m2/s", Diffusion, Positive),
    (Quantity::RangeFrom, "range_from", "K", Diffusion, Positive),
    (Quantity::RangeTo, "range_to", "K", Diffusion, Positive),
];

/// Units that are read in place of a quantity's own: (read, own, factor).
const OTHER_UNITS: [(&str, &str, f64); 9] = [
    ("J/mol", "kJ/mol", 1e-3),
    ("kcal/mol", "kJ/mol", 4.184),
    ("eV", "kJ/mol", 1e-3 * crate::units::JOULE_PER_MOL_PER_EV),
    ("kJ/mol", "J/mol", 1e3),
    ("cm2/s", "m2/s", 1e-4),
    ("nm2/s", "m2/s", crate::units::SQUARE_METER_PER_SQUARE_NM),
    ("cm3/s", "m3/s", 1e-6),
    ("A", "nm", 0.1),
    ("pm", "nm", 1e-3),
];

impl Quantity {
    /// All of them, in the order of the table.
    pub fn all() -> impl Iterator<Item = Quantity> {
        DEFINITIONS.iter().map(|d| d.0)
    }

    fn definition(self) -> &'static Definition {
        // The definitions stand in the order of the enumeration (a test holds them to it).
        &DEFINITIONS[self as usize]
    }

    /// Its name in the table.
    pub fn name(self) -> &'static str {
        self.definition().1
    }

    /// The unit of its values, as written in the table; `1` for a pure number, `flag` for yes and no.
    pub fn unit(self) -> &'static str {
        self.definition().2
    }

    /// What it is of.
    pub fn about(self) -> About {
        self.definition().3
    }

    /// Units in which it can be given, its own first.
    pub fn units(self) -> impl Iterator<Item = &'static str> {
        let own = self.unit();
        let others = OTHER_UNITS.iter().filter(move |(_, of, _)| *of == own);
        core::iter::once(own).chain(others.map(|(read, _, _)| *read))
    }

    /// What a value in another unit is to be multiplied by; `None` for a unit that is not known here.
    pub fn factor_from(self, unit: &str) -> Option<f64> {
        let own = self.unit();
        if unit == own {
            return Some(1.0);
        }
        OTHER_UNITS
            .iter()
            .find(|(read, of, _)| *read == unit && *of == own)
            .map(|(_, _, factor)| *factor)
    }

    /// Whether a value can be: finite, positive where it must be, 0 or 1 for flags.
    pub fn permits(self, value: f64) -> bool {
        value.is_finite()
            && match self.definition().4 {
                Positive => value > 0.0,
                Any => true,
                Flag => value == 0.0 || value == 1.0,
            }
    }

    /// Whether it changes sign when the elements of the pair change places.
    pub(super) fn is_odd(self) -> bool {
        use Quantity::{FccL1, FccL1Slope, LiquidL1, LiquidL1Slope};
        matches!(self, LiquidL1 | LiquidL1Slope | FccL1 | FccL1Slope)
    }
}

impl Quantity {
    /// Its name without underscores, in the middle of a sentence.
    pub(super) fn words(self) -> String {
        self.name().replace('_', " ")
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The name is none of a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", say!("there is no quantity '{_0}'" | "eine Größe „{_0}“ gibt es nicht"))]
pub struct UnknownQuantity(pub String);

impl FromStr for Quantity {
    type Err = UnknownQuantity;

    fn from_str(name: &str) -> Result<Quantity, UnknownQuantity> {
        DEFINITIONS
            .iter()
            .find(|d| d.1 == name)
            .map(|d| d.0)
            .ok_or_else(|| UnknownQuantity(name.into()))
    }
}

impl TryFrom<String> for Quantity {
    type Error = UnknownQuantity;

    fn try_from(name: String) -> Result<Quantity, UnknownQuantity> {
        name.parse()
    }
}

impl From<Quantity> for String {
    fn from(quantity: Quantity) -> String {
        quantity.name().into()
    }
}
