//! From D to temperature: Arrhenius (eq. 5), size-dependent activation (eqs 6-11), mixing times.

mod arrhenius;
mod path;
mod size;

pub use arrhenius::{Arrhenius, Kinetics, Observation, fit_arrhenius, observations};
pub use path::{AtomicDensities, MixingState, Station, shell_fraction, stations};
pub use size::{SizeModel, mixing_time_s};
