//! From D to temperature: Arrhenius (eq. 5), size-dependent activation (eqs 6-11), mixing times, interdiffusion.

mod arrhenius;
mod comparison;
mod history;
mod interdiffusion;
mod joint;
mod melting;
mod path;
mod size;
mod size_effect;
mod together;

pub use arrhenius::{Arrhenius, Grounds, Kinetics, Observation, fit_arrhenius, observations};
pub use comparison::{Comparison, Ellipse, Reference, compare_energy};
pub use history::{
    ASSUMED_ENERGY_J_MOL, EffectiveStep, HeatingHistory, TemperatureError, ThermalHistory,
    fit_arrhenius_to_intervals, with_common_error,
};
pub use interdiffusion::{InSolution, Interdiffusion, darken, manning, thermodynamic_factor};
pub use joint::{
    Contradiction, Heating, OddHeating, contradiction, fit_arrhenius_to_frames,
    fit_arrhenius_to_histories, influence,
};
pub use melting::{MeltingData, MeltingModel, Validity};
pub use path::{AtomicDensities, MixingState, Station, shell_fraction, stations};
pub use size::{Dimension, MeltingEntropy, SizeModel, mixing_time_s};
pub use size_effect::{AtTemperature, ByModel, SizeEffect, SizeError, SizeRequest, size_effect};
pub use together::{Agreement, Evidence, Together, fit_together};
