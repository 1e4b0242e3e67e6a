//! From D to temperature: Arrhenius, size-dependent activation, mixing times.

use serde::{Deserialize, Serialize};

use crate::fit::Estimate;

/// A straight line ln D = ln D0 - E/(R T) through values and limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrhenius {
    /// Activation energy E (J/mol).
    pub energy_j_mol: Estimate,
    /// E at the ends of the confidence interval (J/mol).
    pub energy_interval_j_mol: (f64, f64),
    /// ln(D0 / (nm²/s)).
    pub ln_d0: Estimate,
    /// Correlation of ln D0 with E.
    pub correlation: f64,
    /// χ² over the degrees of freedom of the values; `None` with none left.
    pub chi2_red: Option<f64>,
    /// Values used.
    pub values: usize,
    /// Limits honored.
    pub limits: usize,
}

/// What the temperatures say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kinetics {
    /// Both D0 and E free: the headline where three or more intervals inform it.
    pub free: Option<Arrhenius>,
    /// D0 fixed at a literature value.
    pub fixed: Option<Arrhenius>,
}
