//! A system from the library of materials.

use super::error::ThermoError;
use super::system::{
    Assessment, Fusion, GibbsPolynomial, LiquidVolume, Neglected, Pure, SolidVolume, System,
    Tension, tanaka,
};
use crate::language::said;
use crate::materials::{Element, Excess, Library, Pair, Quantity};
use crate::units::{AVOGADRO, METER_PER_NM};

/// Temperature (K) of the lattice parameters.
const ROOM_K: f64 = 293.15;

/// ΔV/V of melting where it is not known: close-packed metals lie between 0.03 and 0.065.
const USUAL_EXPANSION: f64 = 0.045;

const KILOGRAM_PER_GRAM: f64 = 1e-3;

impl System {
    /// The system of two elements as the library knows them.
    ///
    /// Where the library holds the polynomials, tensions and volumes of the phase diagram, they are used. What it does not hold is filled
    /// in, and said in [`System::assessment`]: ideal mixing; ΔH - T ΔS for melting; the tension of the melt from the table of elements and
    /// 1.25 times that for the solid, same slope (the surface energies of the cold solid's faces are no tensions at the melting
    /// point); the solid's volume at room temperature, and the melt's larger than that by the expansion of melting.
    pub fn of(library: &Library, first: &str, second: &str) -> Result<System, ThermoError> {
        if first == second {
            return Err(ThermoError::OneElement {
                symbol: first.into(),
            });
        }
        let mut neglected = Vec::new();
        let pair = format!("{first}-{second}");
        let known = library.pair(first, second);
        let is = |flag| known.as_ref().is_some_and(|known| known.is(flag));
        if is(Quantity::Compound) {
            neglected.push(Neglected::Compounds { pair: pair.clone() });
        }
        let excess = |of: fn(&Pair) -> Option<Excess>| {
            let known = known.as_ref()?;
            let excess = of(known)?;
            Some(if known.first == first {
                excess
            } else {
                excess.reversed()
            })
        };
        let (liquid, solid) = (excess(|pair| pair.liquid), excess(|pair| pair.fcc));
        let phases = match (&liquid, &solid) {
            (None, None) => Some(said!("liquid and solid are" | "Schmelze und Festes gelten")),
            (None, Some(_)) => Some(said!("the liquid is" | "die Schmelze gilt")),
            (Some(_), None) => Some(said!("the solid is" | "das Feste gilt")),
            (Some(_), Some(_)) => None,
        };
        if let Some(phases) = phases {
            let pair = pair.clone();
            neglected.push(Neglected::Excess { pair, phases });
        }
        if is(Quantity::Gap) && solid.is_none() {
            neglected.push(Neglected::Gap { pair: pair.clone() });
        }
        if is(Quantity::Ordering) {
            neglected.push(Neglected::Ordering { pair });
        }
        let elements = [
            Pure::of(library, first, &mut neglected)?,
            Pure::of(library, second, &mut neglected)?,
        ];
        Ok(System {
            elements,
            liquid: liquid.unwrap_or_default(),
            solid: solid.unwrap_or_default(),
            assessment: if neglected.is_empty() {
                Assessment::Assessed
            } else {
                Assessment::Approximate(neglected)
            },
        })
    }
}

impl Pure {
    /// One element as the library knows it; what had to be filled in is added to `neglected`.
    ///
    /// # Errors
    /// [`ThermoError::UnknownElement`], with the numbers that are missing.
    pub fn of(
        library: &Library,
        symbol: &str,
        neglected: &mut Vec<Neglected>,
    ) -> Result<Pure, ThermoError> {
        let element = library
            .element(symbol)
            .ok_or_else(|| ThermoError::UnknownElement {
                symbol: symbol.into(),
                missing: library.missing(symbol),
            })?;
        let number = |quantity| library.number(symbol, quantity);
        let symbol = || element.symbol.clone();
        for (flag, structure) in [(Quantity::Bcc, "bcc"), (Quantity::Hcp, "hcp")] {
            if number(flag) == Some(1.0) {
                neglected.push(Neglected::Structure {
                    symbol: symbol(),
                    structure,
                });
            }
        }
        let line = |at_zero, slope| {
            Some(Tension {
                at_reference_n_m: number(at_zero)?,
                reference_k: 0.0,
                slope_n_m_k: number(slope)?,
            })
        };
        let liquid_tension = line(
            Quantity::PhaseLiquidTension,
            Quantity::PhaseLiquidTensionSlope,
        )
        .unwrap_or(Tension {
            at_reference_n_m: element.liquid_tension_n_m,
            reference_k: element.melting_point_k,
            slope_n_m_k: element.liquid_tension_slope_n_m_k,
        });
        let fusion = fusion(number, &element).unwrap_or_else(|| {
            neglected.push(Neglected::Fusion { symbol: symbol() });
            let line = GibbsPolynomial {
                g0_j_mol: element.melting_enthalpy_j_mol,
                // So that it melts at its melting point, to which the entropy of the table is rounded.
                g1_j_mol_k: -element.melting_enthalpy_j_mol / element.melting_point_k,
                ..GibbsPolynomial::default()
            };
            Fusion {
                melting_point_k: element.melting_point_k,
                below: line,
                above: line,
            }
        });
        let solid_tension = line(
            Quantity::PhaseSolidTension,
            Quantity::PhaseSolidTensionSlope,
        )
        .unwrap_or_else(|| {
            neglected.push(Neglected::SolidTension { symbol: symbol() });
            tanaka(&liquid_tension, element.melting_point_k)
        });
        let (liquid_volume, solid_volume) = volumes(number, &element).unwrap_or_else(|| {
            let expansion = element.melting_expansion.unwrap_or(USUAL_EXPANSION);
            neglected.push(Neglected::Expansion {
                symbol: symbol(),
                percent: format!("{:.2}", 100.0 * expansion),
            });
            let molar_mass_kg_mol = element.molar_mass_g_mol * KILOGRAM_PER_GRAM;
            let solid = element.molar_volume_m3_mol;
            (
                LiquidVolume {
                    molar_mass_kg_mol,
                    density_kg_m3: molar_mass_kg_mol / (solid * (1.0 + expansion)),
                    reference_k: element.melting_point_k,
                    slope_kg_m3_k: 0.0,
                },
                SolidVolume {
                    at_reference_m3_mol: solid,
                    reference_k: ROOM_K,
                    expansion_per_k: 0.0,
                    expansion_slope_per_k2: 0.0,
                },
            )
        });
        Ok(Pure {
            symbol: symbol(),
            fusion,
            liquid_tension,
            solid_tension,
            liquid_volume,
            solid_volume,
        })
    }
}

/// The polynomials of melting, where there are; the one below serves above as well where no other is given.
fn fusion(number: impl Fn(Quantity) -> Option<f64>, element: &Element) -> Option<Fusion> {
    let below = GibbsPolynomial {
        g0_j_mol: number(Quantity::FusionG0)?,
        g1_j_mol_k: number(Quantity::FusionG1)?,
        g7_j_mol_k7: number(Quantity::FusionG7).unwrap_or_default(),
        g_m9_j_k9_mol: 0.0,
    };
    let above = || {
        Some(GibbsPolynomial {
            g0_j_mol: number(Quantity::FusionAboveG0)?,
            g1_j_mol_k: number(Quantity::FusionAboveG1)?,
            g7_j_mol_k7: 0.0,
            g_m9_j_k9_mol: number(Quantity::FusionAboveGM9).unwrap_or_default(),
        })
    };
    Some(Fusion {
        melting_point_k: element.melting_point_k,
        below,
        above: above().unwrap_or(below),
    })
}

/// Volumes from densities of the melt and the lattice of an fcc solid, with their expansions.
fn volumes(
    number: impl Fn(Quantity) -> Option<f64>,
    element: &Element,
) -> Option<(LiquidVolume, SolidVolume)> {
    let edge = element.lattice_a_nm * METER_PER_NM;
    let solid = SolidVolume {
        at_reference_m3_mol: AVOGADRO * edge * edge * edge / 4.0,
        reference_k: ROOM_K,
        expansion_per_k: number(Quantity::Expansion)?,
        expansion_slope_per_k2: number(Quantity::ExpansionSlope)?,
    };
    let liquid = LiquidVolume {
        molar_mass_kg_mol: element.molar_mass_g_mol * KILOGRAM_PER_GRAM,
        density_kg_m3: number(Quantity::LiquidDensity)?,
        reference_k: number(Quantity::LiquidDensityAt)?,
        slope_kg_m3_k: number(Quantity::LiquidDensitySlope)?,
    };
    (number(Quantity::Fcc) == Some(1.0)).then_some((liquid, solid))
}
