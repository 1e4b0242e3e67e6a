//! Models of the melting point of a small particle, side by side.

use serde::{Deserialize, Serialize};

use super::size::{Dimension, MeltingEntropy, SizeModel};
use crate::language::word;
use crate::materials::Library;
use crate::thermo::{Neglected, Pure};
use crate::units::METER_PER_NM;

/// A model of T_m(r)/T_m(∞). By eq. 8 the same ratio scales the activation energy: E(r) = E(∞) T_m(r)/T_m(∞).
///
/// They disagree: at r = 2.5 nm by more than 300 K for silver. Show several, never one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeltingModel {
    /// exp[-(2 S/(3 R))/(r/r0 - 1)] (eq. 10). Q. Jiang, S. Zhang, M. Zhao, Mater. Chem. Phys. 82 (2003) 225.
    Jiang,
    /// 1 - 2 V_s/(ΔH r) [γ_s - γ_l (V_l/V_s)^(2/3)]: solid and liquid particle of one mass in equilibrium with their vapor. P. Pawlow,
    /// Z. Phys. Chem. 65 (1909) 1.
    Pawlow,
    /// 1 - 2 V_s/ΔH [γ_sl/(r - δ) + (γ_l/r)(1 - V_l/V_s)]: a solid core under a liquid skin of thickness δ, γ_sl = γ_s - γ_l.
    LiquidShell,
    /// 1 - 2 (γ_s V_s - γ_l V_l)/(ΔH r): Laplace pressures in both phases at one radius.
    GibbsThomson,
    /// 1 - α/(2 r), α = 6 (γ_s - γ_l) V/ΔH, with the cold solid's closest-packed face and volume. G. Guisbiers et al.
    Guisbiers,
}

/// From which radius on a model is to be believed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Validity {
    /// Below this radius (nm) the model has no value at all.
    pub defined_from_nm: f64,
    /// Below this radius (nm) it should not be believed.
    pub from_nm: f64,
    /// Why.
    pub why: &'static str,
}

impl MeltingModel {
    /// All of them.
    pub const ALL: [MeltingModel; 5] = [
        MeltingModel::Jiang,
        MeltingModel::Pawlow,
        MeltingModel::LiquidShell,
        MeltingModel::GibbsThomson,
        MeltingModel::Guisbiers,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            MeltingModel::Jiang => "Jiang (eq. 10)",
            MeltingModel::Pawlow => "Pawlow",
            MeltingModel::LiquidShell => "liquid shell",
            MeltingModel::GibbsThomson => "Gibbs-Thomson",
            MeltingModel::Guisbiers => "Guisbiers",
        }
    }

    /// Where it holds.
    pub fn validity(self, data: &MeltingData) -> Validity {
        // Of the form 1 - a/r: no melting point is left at r = a.
        let ends_at = || {
            self.value(data, 1.0)
                .map_or(0.0, |at_1_nm| (1.0 - at_1_nm).max(0.0))
        };
        let first_order = word!(
            "tensions of flat faces at the bulk's melting point: below some 2.5 nm curvature changes them, and the first order in 1/r does not suffice"
                | "Spannungen ebener Flächen am Schmelzpunkt des Massivs: unter etwa 2,5 nm ändert sie die Krümmung, und die erste Ordnung in 1/r genügt nicht"
        );
        match self {
            MeltingModel::Jiang => {
                let r0 = data.jiang().critical_radius_nm();
                Validity {
                    defined_from_nm: r0,
                    from_nm: 2.0 * r0,
                    why: word!(
                        "at r0 every atom lies on the surface, and below 2 r0 more than half of them: an entropy of the bulk means little"
                            | "bei r0 liegt jedes Atom an der Oberfläche, unter 2 r0 mehr als die Hälfte: eine Entropie des Massivs bedeutet wenig"
                    ),
                }
            }
            MeltingModel::LiquidShell => Validity {
                defined_from_nm: data.liquid_shell_nm,
                from_nm: FLAT_FROM_NM.max(3.0 * data.liquid_shell_nm),
                why: first_order,
            },
            MeltingModel::Pawlow | MeltingModel::GibbsThomson => Validity {
                defined_from_nm: ends_at(),
                from_nm: FLAT_FROM_NM,
                why: first_order,
            },
            MeltingModel::Guisbiers => Validity {
                defined_from_nm: ends_at(),
                from_nm: CLASSICAL_FROM_NM,
                why: word!(
                    "thermodynamics of faces: below a diameter of some 4 nm edges and corners count as much"
                        | "Thermodynamik von Flächen: unter einem Durchmesser von etwa 4 nm zählen Kanten und Ecken ebenso viel"
                ),
            },
        }
    }

    /// T_m(r)/T_m(∞); `None` where the model has no value: below its radius of definition, or where the ratio is not positive.
    ///
    /// Accuracy: the reference's table to its digits, with its volumes (`tests/melting.rs`).
    pub fn ratio(self, data: &MeltingData, radius_nm: f64) -> Option<f64> {
        if !(radius_nm > 0.0 && radius_nm.is_finite()) {
            return None;
        }
        self.value(data, radius_nm)
            .filter(|ratio| ratio.is_finite() && *ratio > 0.0)
    }

    fn value(self, data: &MeltingData, r: f64) -> Option<f64> {
        let d = data;
        let (g_s, g_l) = (d.solid_tension_n_m, d.liquid_tension_n_m);
        let (v_s, v_l) = (d.solid_volume_m3_mol, d.liquid_volume_m3_mol);
        // 1/ΔH, so that γ V times this is a length in nm.
        let per = 1.0 / (d.melting_enthalpy_j_mol * METER_PER_NM);
        Some(match self {
            MeltingModel::Jiang => d.jiang().melting_ratio(r)?,
            MeltingModel::Pawlow => {
                1.0 - 2.0 * v_s * per / r * (g_s - g_l * libm::pow(v_l / v_s, 2.0 / 3.0))
            }
            MeltingModel::LiquidShell if r <= d.liquid_shell_nm => return None,
            MeltingModel::LiquidShell => {
                let g_sl = g_s - g_l;
                let skin = g_sl / (r - d.liquid_shell_nm) + g_l / r * (1.0 - v_l / v_s);
                1.0 - 2.0 * v_s * per * skin
            }
            MeltingModel::GibbsThomson => 1.0 - 2.0 * per / r * (g_s * v_s - g_l * v_l),
            MeltingModel::Guisbiers => {
                let alpha = 6.0 * (d.facet_tension_n_m - g_l) * d.cold_volume_m3_mol * per;
                1.0 - alpha / (2.0 * r)
            }
        })
    }
}

/// Below this radius (nm) surface tensions of flat faces do not hold (Tolman's correction is some tenths).
const FLAT_FROM_NM: f64 = 2.5;

/// Radius (nm) below which Guisbiers' thermodynamics of faces ends.
const CLASSICAL_FROM_NM: f64 = 2.0;

/// What the models need to know of an element.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeltingData {
    /// T_m(∞) (K).
    pub melting_point_k: f64,
    /// ΔH of melting (J/mol).
    pub melting_enthalpy_j_mol: f64,
    /// S of eq. 10 (J mol⁻¹ K⁻¹).
    pub entropy_j_mol_k: f64,
    /// Atomic diameter h (nm).
    pub atomic_diameter_nm: f64,
    /// What is small, for eq. 10; the others are of a sphere.
    pub dimension: Dimension,
    /// Molar volume of the solid at T_m (m³/mol).
    pub solid_volume_m3_mol: f64,
    /// Molar volume of the liquid at T_m (m³/mol).
    pub liquid_volume_m3_mol: f64,
    /// Molar volume of the solid at room temperature (m³/mol).
    pub cold_volume_m3_mol: f64,
    /// γ_s at T_m (N/m).
    pub solid_tension_n_m: f64,
    /// Whether γ_s is Tanaka's rule, 1.25 γ_l, for want of a value.
    pub solid_tension_by_rule: bool,
    /// γ_l at T_m (N/m).
    pub liquid_tension_n_m: f64,
    /// γ_s of the closest-packed face at 0 K (N/m).
    pub facet_tension_n_m: f64,
    /// Thickness δ of the liquid skin (nm): no measured number, one atomic layer unless the user says otherwise.
    pub liquid_shell_nm: f64,
}

impl MeltingData {
    /// An element's numbers.
    ///
    /// Surface tensions and volumes are those of the phase diagram ([`Pure::of`]) at T_m.
    /// `None` for an element that is not known, or without a vibrational entropy when that was asked for.
    pub fn of(library: &Library, symbol: &str, entropy: MeltingEntropy) -> Option<MeltingData> {
        let element = library.element(symbol)?;
        let t_m = element.melting_point_k;
        let mut neglected = Vec::new();
        let pure = Pure::of(library, symbol, &mut neglected).ok()?;
        let by_rule = |n: &Neglected| matches!(n, Neglected::SolidTension { .. });
        Some(MeltingData {
            melting_point_k: t_m,
            melting_enthalpy_j_mol: element.melting_enthalpy_j_mol,
            entropy_j_mol_k: entropy.of(&element)?,
            atomic_diameter_nm: element.atomic_diameter_nm,
            dimension: Dimension::Particle,
            solid_volume_m3_mol: pure.solid_volume.at(t_m),
            liquid_volume_m3_mol: pure.liquid_volume.at(t_m),
            cold_volume_m3_mol: element.molar_volume_m3_mol,
            solid_tension_n_m: pure.solid_tension.at(t_m),
            solid_tension_by_rule: neglected.iter().any(by_rule),
            liquid_tension_n_m: pure.liquid_tension.at(t_m),
            facet_tension_n_m: element.solid_tension_vitos_j_m2,
            liquid_shell_nm: element.atomic_diameter_nm,
        })
    }

    /// Eq. 10 with these numbers; its energy is not set.
    fn jiang(&self) -> SizeModel {
        SizeModel {
            bulk_energy_j_mol: f64::NAN,
            entropy_j_mol_k: self.entropy_j_mol_k,
            atomic_diameter_nm: self.atomic_diameter_nm,
            dimension: self.dimension,
        }
    }
}
