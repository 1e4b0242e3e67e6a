//! Spherical diffusion: the initial profile and the schemes of eq. 4.

use serde::{Deserialize, Serialize};

/// How the density evolves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Mole fraction in a fixed density envelope (default).
    #[default]
    Fraction,
    /// Densities with D = 0 for r > R_B, as the paper prints it (eq. 4).
    Published,
}
