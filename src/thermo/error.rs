//! Why there is no answer.

use super::surface::SurfaceTerm;
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
    #[error("a particle radius of {radius_nm} nm cannot be used")]
    Radius {
        /// Asked for (nm).
        radius_nm: f64,
    },
    /// Too few or too many compositions.
    #[error("a diagram of {compositions} compositions cannot be made")]
    Compositions {
        /// Asked for.
        compositions: usize,
    },
    /// A factor of the surface term that cannot be one.
    #[error("{name} = {value} in the surface term cannot be used")]
    Factor {
        /// Which.
        name: &'static str,
        /// Asked for.
        value: f64,
    },
    /// A composition or a temperature outside the model.
    #[error("x = {x} at {temperature_k} K cannot be used")]
    State {
        /// Mole fraction.
        x: f64,
        /// Temperature (K).
        temperature_k: f64,
    },
    /// An element with itself.
    #[error("{symbol} with itself is no pair")]
    OneElement {
        /// The element.
        symbol: String,
    },
    /// The library lacks numbers of the element.
    #[error("too little is known of '{symbol}': missing {}", names(missing))]
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
                format!("choose {LEAST_RADIUS_NM} nm or more; infinite is the bulk")
            }
            ThermoError::Compositions { .. } => format!("choose 2 to {MOST_COMPOSITIONS}"),
            ThermoError::Factor { .. } => format!("choose a number from 0 to {MOST_FACTOR}"),
            ThermoError::State { .. } => {
                "choose a composition from 0 to 1 and a temperature above 0 K".into()
            }
            ThermoError::OneElement { .. } => "choose two elements".into(),
            ThermoError::UnknownElement { .. } => {
                "choose another element, or add its numbers to the library of materials".into()
            }
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
        ("C of the solid", term.c_solid),
        ("C of the liquid", term.c_liquid),
        ("k", term.k),
    ];
    let unusable = |(_, value): &(&str, f64)| !(0.0..=MOST_FACTOR).contains(value);
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
