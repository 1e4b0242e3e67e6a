//! Synthetic micrographs with known truth.

use crate::diffusion::Scheme;

/// Names of the presets.
pub const PRESETS: [&str; 3] = ["ag@au", "au@ag", "cu@mg"];

/// A particle, its heating, and the microscope.
pub struct Experiment {
    /// Symbol of the core's element.
    pub core: String,
    /// Symbol of the shell's element.
    pub shell: String,
    /// How the density evolves.
    pub scheme: Scheme,
    /// Standard deviation of the probe (nm).
    pub psf_sigma_nm: f64,
    /// Counts per pixel at the brightest place.
    pub peak_counts: f64,
}

impl Experiment {
    /// w_core / w_shell.
    pub fn contrast(&self) -> f64 {
        1.0
    }
}

/// The experiment of this name.
pub fn preset(_name: &str) -> Option<Experiment> {
    None
}

/// A simulated series.
pub struct Simulated;

impl Simulated {
    /// `00_298K.tif`, …, `series.csv`, `truth.json`: names and bytes.
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        Vec::new()
    }
}

/// Simulates the series.
pub fn simulate(_experiment: &Experiment, _seed: u64) -> Simulated {
    Simulated
}
