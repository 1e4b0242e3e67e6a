//! Numbers as the paper prints them.

/// D0 (m²/s), silver in gold.
pub const D0_M2_S: f64 = 7.2e-6;
/// E(∞) (J/mol).
pub const BULK_ENERGY_J_MOL: f64 = 169_800.0;
/// E called the fit's (J/mol), printed with a minus.
pub const FIT_ENERGY_J_MOL: f64 = 89_573.0;
/// E called the model's (J/mol), printed with a minus.
pub const MODEL_ENERGY_J_MOL: f64 = 88_098.0;
/// α, printed in K⁻¹.
pub const ALPHA: f64 = 7.325e5;
/// S_vib (J mol⁻¹ K⁻¹), before it is raised.
pub const ENTROPY_J_MOL_K: f64 = 9.157;
/// By which it is raised.
pub const ENTROPY_FACTOR: f64 = 1.09;
/// h (nm).
pub const ATOMIC_DIAMETER_NM: f64 = 0.2889;
/// Radius for which E(r) is given (nm).
pub const RADIUS_NM: f64 = 1.95;
/// Radius for which the atoms are counted (nm).
pub const ROUND_RADIUS_NM: f64 = 2.0;
/// Atoms of such a particle.
pub const ATOMS: f64 = 2500.0;
/// Silver in the particle.
pub const CORE_FRACTION: f64 = 0.2;
/// Room temperature, from which the ramp starts (K).
pub const START_K: f64 = 298.0;
/// Step of the ramp (K).
pub const STEP_K: f64 = 25.0;
/// Steps of the ramp.
pub const STEPS: f64 = 11.0;
/// End of the ramp by section 2.2 (K).
pub const END_K: f64 = 573.0;
/// The same by the abstract (K).
pub const END_IN_ABSTRACT_K: f64 = 600.0;
/// A temperature at which the core is seen intact (K).
pub const INTACT_K: f64 = 448.0;
/// Temperatures between which it is said to mix (K).
pub const MIXING_K: (f64, f64) = (500.0, 550.0);
/// Radius (nm) of figure 4's smallest particle, melting points of silver and gold there (K).
pub const FIGURE_4: (f64, f64, f64) = (2.5, 400.0, 1000.0);
