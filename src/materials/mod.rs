//! Elements and pairs: every number with its unit, source and confidence.
//!
//! Rust constants rather than a data file: they are checked by the compiler, cost no parser in the page, and a reader
//! finds value, unit and source on one line. Nothing numeric about a material stands anywhere else.

mod tables;

pub use tables::{ELEMENTS, PAIRS};

use serde::{Deserialize, Serialize};

/// How far a number is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Checked against its source.
    Verified,
    /// A standard literature value, not yet checked against its source.
    FromMemory,
    /// Entered by the user.
    User,
}

/// A chemical element.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Symbol.
    pub symbol: &'static str,
    /// Atomic number Z.
    pub atomic_number: u8,
    /// Nearest-neighbor distance h (nm), the atomic diameter of eq. 10.
    pub atomic_diameter_nm: f64,
    /// Atoms per nm³ of the solid at room temperature.
    pub atomic_density_per_nm3: f64,
    /// Melting point (K).
    pub melting_point_k: f64,
    /// Entropy of melting S_m (J mol⁻¹ K⁻¹).
    pub melting_entropy_j_mol_k: f64,
}

/// An Arrhenius law from the literature, D = D0 exp(-E/(R T)).
#[derive(Clone, Debug, PartialEq)]
pub struct TracerDiffusion {
    /// Diffusing element.
    pub solute: &'static str,
    /// Matrix.
    pub host: &'static str,
    /// D0 (m²/s).
    pub d0_m2_s: f64,
    /// Activation energy (J/mol).
    pub energy_j_mol: f64,
    /// Temperatures it was measured at (K), where known.
    pub range_k: Option<(f64, f64)>,
    /// Where it stands.
    pub source: &'static str,
    /// How far to trust it.
    pub confidence: Confidence,
}

impl TracerDiffusion {
    /// D (m²/s) at a temperature (K); outside `range_k` an extrapolation.
    pub fn at(&self, temperature_k: f64) -> f64 {
        self.d0_m2_s * libm::exp(-self.energy_j_mol / (crate::units::GAS_CONSTANT * temperature_k))
    }
}

/// The element with this symbol.
pub fn element(symbol: &str) -> Option<&'static Element> {
    ELEMENTS.iter().find(|e| e.symbol == symbol)
}

/// Literature laws between two elements, both ways, the pair's own self-diffusion included.
pub fn tracer_diffusion(a: &str, b: &str) -> Vec<&'static TracerDiffusion> {
    PAIRS
        .iter()
        .filter(|d| [a, b].contains(&d.solute) && [a, b].contains(&d.host))
        .collect()
}

/// Weight of an element in the image, w = n Z^exponent, n the atomic density.
///
/// An effective power law of the high-angle elastic cross-section: 1.8 to 1.9 for 200-300 kV and detectors beyond
/// 50 mrad; 2 is the Rutherford limit that the AgAu paper uses.
pub fn weight(element: &Element, z_exponent: f64) -> f64 {
    element.atomic_density_per_nm3 * libm::pow(f64::from(element.atomic_number), z_exponent)
}
