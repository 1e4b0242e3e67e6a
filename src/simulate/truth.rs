//! What the simulation knows and the fit should find.

use serde::{Deserialize, Serialize};

use crate::diffusion::Scheme;
use crate::units::GAS_CONSTANT;

use super::Experiment;

/// Truth of one frame, in the keys of the exchange format.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(non_snake_case)]
pub struct TruthFrame {
    /// File name.
    pub file: String,
    /// Temperature of the step that ended with this frame (K).
    pub temperature_K: f64,
    /// Its duration (s).
    pub dwell_s: f64,
    /// Column of the particle's center.
    pub centre_x_px: f64,
    /// Row of the particle's center.
    pub centre_y_px: f64,
    /// Gain relative to the series' mean.
    pub gain: f64,
    /// Background at the center of the field (counts).
    pub bg_counts: f64,
    /// Cumulative D·t (nm²).
    pub tau_cum_nm2: f64,
}

/// Truth of one interval.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(non_snake_case)]
pub struct TruthInterval {
    /// Index of the frame that ends it.
    pub index: usize,
    /// Temperature (K).
    pub temperature_K: f64,
    /// Duration (s).
    pub dwell_s: f64,
    /// Diffusion coefficient (m²/s).
    pub D_m2_s: f64,
    /// D·t (nm²).
    pub dtau_nm2: f64,
    /// D·t in units of R_B².
    pub dtau_over_RB2: f64,
    /// Cumulative D·t in units of R_B².
    pub tau_end_over_RB2: f64,
}

/// Truth of a series, in the keys of the exchange format (`truth.json`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[allow(non_snake_case)]
pub struct Truth {
    /// Name of the series.
    pub name: String,
    /// Core element.
    pub core: String,
    /// Shell element.
    pub shell: String,
    /// Exponent of the weights.
    pub z_exponent: f64,
    /// Weight of the core, the larger of the two weights is 1.
    pub w_core: f64,
    /// Weight of the shell.
    pub w_shell: f64,
    /// Standard deviation of the probe (nm).
    pub psf_sigma_nm: f64,
    /// R_A (nm).
    pub R_A_nm: f64,
    /// R_B (nm).
    pub R_B_nm: f64,
    /// σ (nm).
    pub sigma_nm: f64,
    /// `rigid` for the scheme `fraction`, `paper` for `published`.
    pub model: String,
    /// `sphere`.
    pub kind: String,
    /// D0 (m²/s).
    pub D0_m2_s: f64,
    /// E (J/mol).
    pub E_J_mol: f64,
    /// α = E/R (K).
    pub alpha_K: f64,
    /// Columns and rows.
    pub npix: usize,
    /// Size of a pixel (nm).
    pub pixel_nm: f64,
    /// Counts at the brightest point of the initial state.
    pub peak_counts: f64,
    /// Counts per nm of projected density at gain 1.
    pub amp_counts_per_nm: f64,
    /// Counts per electron.
    pub adc_gain: f64,
    /// Offset of the counts.
    pub adc_offset: f64,
    /// Relative change of the background across the field along x.
    pub bg_slope_x_per_field: f64,
    /// Relative change of the background across the field along y.
    pub bg_slope_y_per_field: f64,
    /// Relative standard deviation of the gain.
    pub gain_sd: f64,
    /// Relative standard deviation of the background.
    pub bright_sd: f64,
    /// Seed.
    pub seed: u64,
    /// Frames.
    pub frames: Vec<TruthFrame>,
    /// Intervals, one fewer than frames.
    pub intervals: Vec<TruthInterval>,
}

impl Truth {
    pub(super) fn new(
        experiment: &Experiment,
        seed: u64,
        amplitude: f64,
        dtau_nm2: &[f64],
    ) -> Truth {
        let (w_core, w_shell) = crate::forward::Optics {
            psf_sigma_nm: experiment.camera.psf_sigma_nm,
            contrast: experiment.contrast,
        }
        .weights();
        let square = experiment.shape.radius_b_nm * experiment.shape.radius_b_nm;
        let mut tau = 0.0;
        let intervals = experiment
            .heating
            .iter()
            .zip(dtau_nm2)
            .enumerate()
            .skip(1)
            .map(|(index, (step, &dtau))| {
                tau += dtau;
                TruthInterval {
                    index,
                    temperature_K: step.temperature_k,
                    dwell_s: step.dwell_s,
                    D_m2_s: experiment.arrhenius.d_m2_s(step.temperature_k),
                    dtau_nm2: dtau,
                    dtau_over_RB2: dtau / square,
                    tau_end_over_RB2: tau / square,
                }
            })
            .collect();
        Truth {
            name: experiment.name.clone(),
            core: experiment.core.clone(),
            shell: experiment.shell.clone(),
            z_exponent: experiment.z_exponent,
            w_core,
            w_shell,
            psf_sigma_nm: experiment.camera.psf_sigma_nm,
            R_A_nm: experiment.shape.radius_a_nm,
            R_B_nm: experiment.shape.radius_b_nm,
            sigma_nm: experiment.shape.sigma_nm,
            model: match experiment.scheme {
                Scheme::Fraction => "rigid",
                Scheme::Published => "paper",
            }
            .into(),
            kind: "sphere".into(),
            D0_m2_s: experiment.arrhenius.d0_m2_s,
            E_J_mol: experiment.arrhenius.energy_j_mol,
            alpha_K: experiment.arrhenius.energy_j_mol / GAS_CONSTANT,
            npix: experiment.camera.side_px,
            pixel_nm: experiment.camera.pixel_nm,
            peak_counts: experiment.camera.peak_counts,
            amp_counts_per_nm: amplitude,
            adc_gain: 1.0,
            adc_offset: 0.0,
            bg_slope_x_per_field: experiment.camera.background_slope.0,
            bg_slope_y_per_field: experiment.camera.background_slope.1,
            gain_sd: experiment.camera.gain_sd,
            bright_sd: experiment.camera.background_sd,
            seed,
            frames: Vec::new(),
            intervals,
        }
    }
}
