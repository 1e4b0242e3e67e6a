//! Why there is no answer.

use super::surface::SurfaceTerm;
use crate::language::{Number, Said, said, say};
use crate::materials::Quantity;

/// Smallest radius (nm): below, a phase of a few atoms has no meaning.
const LEAST_RADIUS_NM: f64 = 0.5;

/// Factors of the surface term beyond this are no corrections.
const MOST_FACTOR: f64 = 10.0;

/// Most compositions of one diagram.
const MOST_COMPOSITIONS: usize = 10_001;

/// A request that the model cannot take.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ThermoError {
    /// A radius that no particle has.
    #[error("{}", say!(
        "a particle radius of {} nm cannot be used" | "ein Partikelradius von {} nm ist nicht verwendbar",
        Number(*radius_nm)
    ))]
    Radius {
        /// Asked for (nm).
        radius_nm: f64,
    },
    /// Too few or too many compositions.
    #[error("{}", say!(
        "a diagram of {compositions} compositions cannot be made"
        | "ein Diagramm aus {compositions} Zusammensetzungen ist nicht möglich"
    ))]
    Compositions {
        /// Asked for.
        compositions: usize,
    },
    /// A factor of the surface term that cannot be one.
    #[error("{}", say!(
        "{name} = {} in the surface term cannot be used" | "{name} = {} ist im Oberflächenterm nicht verwendbar",
        Number(*value)
    ))]
    Factor {
        /// Which.
        name: Said,
        /// Asked for.
        value: f64,
    },
    /// A composition or a temperature outside the model.
    #[error("{}", say!(
        "x = {} at {} K cannot be used" | "x = {} bei {} K ist nicht verwendbar", Number(*x), Number(*temperature_k)
    ))]
    State {
        /// Mole fraction.
        x: f64,
        /// Temperature (K).
        temperature_k: f64,
    },
    /// An element with itself.
    #[error("{}", say!("{symbol} with itself is no pair" | "{symbol} mit sich selbst ist kein Paar"))]
    OneElement {
        /// The element.
        symbol: String,
    },
    /// The library lacks numbers of the element.
    #[error("{}", say!(
        "too little is known of '{symbol}': missing {}"
        | "über „{symbol}“ ist zu wenig bekannt: es fehlen {}", names(missing)
    ))]
    UnknownElement {
        /// The element.
        symbol: String,
        /// What would be needed.
        missing: Vec<Quantity>,
    },
}

fn names(quantities: &[Quantity]) -> String {
    let names: Vec<&str> = quantities.iter().map(|q| q.name()).collect();
    names.join(", ")
}

impl ThermoError {
    /// What to try.
    pub fn remedy(&self) -> String {
        match self {
            ThermoError::Radius { .. } => {
                say!(
                    "choose {} nm or more; infinite is the bulk"
                        | "{} nm oder mehr wählen; unendlich ist das Massiv",
                    Number(LEAST_RADIUS_NM)
                )
            }
            ThermoError::Compositions { .. } => {
                say!("choose 2 to {MOST_COMPOSITIONS}" | "2 bis {MOST_COMPOSITIONS} wählen")
            }
            ThermoError::Factor { .. } => say!(
                "choose a number from 0 to {MOST_FACTOR}"
                    | "eine Zahl von 0 bis {MOST_FACTOR} wählen"
            ),
            ThermoError::State { .. } => say!(
                "choose a composition from 0 to 1 and a temperature above 0 K"
                    | "eine Zusammensetzung von 0 bis 1 und eine Temperatur über 0 K wählen"
            ),
            ThermoError::OneElement { .. } => say!("choose two elements" | "zwei Elemente wählen"),
            ThermoError::UnknownElement { .. } => say!(
                "choose another element, or add its numbers to the library of materials"
                    | "ein anderes Element wählen oder seine Zahlen in die Materialbibliothek eintragen"
            ),
        }
    }
}

pub(super) fn check_radius(radius_nm: f64) -> Result<(), ThermoError> {
    // What is not a number fails as well.
    if radius_nm >= LEAST_RADIUS_NM {
        Ok(())
    } else {
        Err(ThermoError::Radius { radius_nm })
    }
}

pub(super) fn check_term(term: &SurfaceTerm) -> Result<(), ThermoError> {
    let factors = [
        (said!("C of the solid" | "C des Festen"), term.c_solid),
        (said!("C of the liquid" | "C der Schmelze"), term.c_liquid),
        (Said::name("k"), term.k),
    ];
    let unusable = |(_, value): &(Said, f64)| !(0.0..=MOST_FACTOR).contains(value);
    match factors.into_iter().find(unusable) {
        Some((name, value)) => Err(ThermoError::Factor { name, value }),
        None => Ok(()),
    }
}

pub(super) fn check_compositions(compositions: usize) -> Result<(), ThermoError> {
    if (2..=MOST_COMPOSITIONS).contains(&compositions) {
        Ok(())
    } else {
        Err(ThermoError::Compositions { compositions })
    }
}
