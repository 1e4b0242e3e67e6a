//! Synthetic micrographs of known truth, for teaching, for tests, for planning a dose.
//!
//! An [`Experiment`] is a particle, its kinetics, a heating program and a camera; [`simulate`] makes the frames, the table a user would write
//! and the truth; [`Live`] is the same particle at any moment of its heating, and [`plan()`] tells what the series will say before it is
//! taken. The same seed gives the same bytes natively and in the browser: elementary functions come from libm, random numbers from
//! Xoshiro256++ and samplers of this module.
//!
//! What is not in here: ellipticity, cores off center, lattice fringes, neighbors, amorphous support, detector gain other than one. Real
//! images have all of these.

mod live;
mod plan;
mod preset;
mod program;
mod render;
mod spectra;
mod truth;

pub use live::{Live, Snapshot};
pub use plan::{Outcome, Plan, PlanGrid, PlannedInterval, Varied, bound, plan, plan_grid};
pub use preset::Preset;
pub use program::Ramps;
pub use render::{SimulateError, Simulated, SimulatedFrame, simulate, tiff_bytes};
pub use spectra::{SimulatedSpectra, SpectrumExperiment, simulate_spectra};
pub use truth::{Truth, TruthFrame, TruthInterval};

pub use crate::numerics::Noise;

use serde::{Deserialize, Serialize};

use crate::diffusion::{CoreShell, Scheme};
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// One step of a heating program; frame k is taken after step k, frame 0 after a step of no duration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeatingStep {
    /// Temperature (K).
    pub temperature_k: f64,
    /// Duration (s).
    pub dwell_s: f64,
}

/// Eq. 5: D = D0 exp(−E/(R T)). (The paper writes α = −E/R for its exp(−α/T) and quotes E R in place of E/R: α = +E/R, in K.)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrhenius {
    /// D0 (m²/s).
    pub d0_m2_s: f64,
    /// Activation energy (J/mol).
    pub energy_j_mol: f64,
}

impl Arrhenius {
    /// D (m²/s) at `temperature_k`.
    pub fn d_m2_s(&self, temperature_k: f64) -> f64 {
        self.d0_m2_s * libm::exp(-self.energy_j_mol / (GAS_CONSTANT * temperature_k))
    }

    /// D t (nm²) of one heating step.
    pub fn dtau_nm2(&self, step: &HeatingStep) -> f64 {
        if step.dwell_s > 0.0 {
            self.d_m2_s(step.temperature_k) * step.dwell_s / SQUARE_METER_PER_SQUARE_NM
        } else {
            0.0
        }
    }
}

/// What the camera adds to the theory.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    /// Columns and rows.
    pub side_px: usize,
    /// Size of a pixel (nm).
    pub pixel_nm: f64,
    /// Standard deviation of the probe (nm).
    pub psf_sigma_nm: f64,
    /// Dose: counts in the brightest pixel of the initial state, background apart.
    pub peak_counts: f64,
    /// Background as a part of `peak_counts`.
    pub background: f64,
    /// Its relative change across the field along x and y.
    pub background_slope: (f64, f64),
    /// Relative standard deviation of the background from frame to frame.
    pub background_sd: f64,
    /// Relative standard deviation of the gain from frame to frame.
    pub gain_sd: f64,
    /// Standard deviation of the drift from frame to frame, along each axis (pixels).
    pub drift_px: f64,
}

/// A heating series to be simulated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Experiment {
    /// Name, used for files and titles.
    pub name: String,
    /// Symbol of the core's element.
    pub core: String,
    /// Symbol of the shell's element.
    pub shell: String,
    /// Exponent n of the weights w = (atomic density) Zⁿ.
    pub z_exponent: f64,
    /// w_core / w_shell.
    pub contrast: f64,
    /// The particle before heating.
    pub shape: CoreShell,
    /// How its density evolves.
    pub scheme: Scheme,
    /// How fast.
    pub arrhenius: Arrhenius,
    /// Heating program; the first entry belongs to the initial state.
    pub heating: Vec<HeatingStep>,
    /// How the heater goes from step to step; `None` where the temperature jumps, and no log is written.
    #[serde(default)]
    pub ramps: Option<Ramps>,
    /// The camera.
    pub camera: Camera,
}

/// A program of even steps: the initial state at the first temperature (K), then `count` steps of `dwell_s` up to the second.
pub fn heating_steps((from_k, to_k): (f64, f64), count: usize, dwell_s: f64) -> Vec<HeatingStep> {
    (0..=count)
        .map(|k| HeatingStep {
            temperature_k: from_k + (to_k - from_k) * k as f64 / count.max(1) as f64,
            dwell_s: if k == 0 { 0.0 } else { dwell_s },
        })
        .collect()
}

impl Experiment {
    /// D·t (nm²) of every step as it is carried out; that of the initial state is 0.
    pub fn dtau_nm2(&self) -> Vec<f64> {
        match program::Program::of(self) {
            Some(program) => program.dtau_nm2,
            None => self
                .heating
                .iter()
                .map(|step| self.arrhenius.dtau_nm2(step))
                .collect(),
        }
    }

    /// Cumulative D·t (nm²) of every frame.
    pub fn tau_nm2(&self) -> Vec<f64> {
        let mut tau = 0.0;
        let frames = self.dtau_nm2().into_iter().enumerate();
        frames
            .map(|(frame, dtau)| {
                tau += if frame > 0 { dtau } else { 0.0 };
                tau
            })
            .collect()
    }
}
