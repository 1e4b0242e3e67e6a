//! What a fit says.

use serde::{Deserialize, Serialize};

use crate::diffusion::{CoreShell, Scheme};
use crate::signal::Profile;

/// A value with its standard error; `fixed` values were given, not fitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The value, in the unit of the field that holds it.
    pub value: f64,
    /// Standard error; 0 when fixed.
    pub standard_error: f64,
    /// Whether it was given rather than fitted.
    pub fixed: bool,
}

/// How an iteration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Termination {
    /// The cost no longer fell.
    Converged,
    /// The evaluations ran out; the best point so far is given.
    TooManyEvaluations,
    /// No step lowers the cost although the gradient is not zero.
    NoProgress,
}

/// A parameter of the fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Fitted, started by the program.
    #[default]
    Free,
    /// Held at this value (unit of the field).
    Fixed(f64),
}

/// How the frames enter the fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// All frames at once, shape shared (default).
    #[default]
    Joint,
    /// Shape from one frame, then interval after interval from the state before, as the paper does.
    Sequential,
}

/// The core-shell profile of eqs 1-3 and what the microscope makes of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShapeFit {
    /// Core radius R_A (nm).
    pub radius_a_nm: Estimate,
    /// Particle radius R_B (nm).
    pub radius_b_nm: Estimate,
    /// Edge smoothness σ (nm).
    pub sigma_nm: Estimate,
    /// Contrast w_core / w_shell.
    pub contrast: Estimate,
    /// Standard deviation of the probe (nm).
    pub psf_sigma_nm: Estimate,
    /// Correlation matrix of the free ones among these, in this order, row by row.
    pub correlation: Vec<f64>,
}

impl ShapeFit {
    /// The particle before heating.
    pub fn core_shell(&self) -> CoreShell {
        CoreShell {
            radius_a_nm: self.radius_a_nm.value,
            radius_b_nm: self.radius_b_nm.value,
            sigma_nm: self.sigma_nm.value,
        }
    }
}

/// One frame's share of the fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrameFit {
    /// Index of the frame in the series.
    pub frame: usize,
    /// Cumulative D·t up to this frame (nm²).
    pub tau_nm2: Estimate,
    /// Gain: intensity per unit of projected density.
    pub gain: Estimate,
    /// Background left after the plane.
    pub background: Estimate,
    /// R_B of this frame alone (nm); `None` where R_B was held or taken from another frame.
    pub radius_b_nm: Option<Estimate>,
    /// χ² over the degrees of freedom.
    pub chi2_red: f64,
    /// The data as fitted (nm).
    pub data: Profile,
    /// The model at `data.radius`, in the image's units.
    pub model: Vec<f64>,
}

/// Whether an interval gives a value or only a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum IntervalKind {
    /// Both ends of the interval are known.
    Value,
    /// Nothing moved: D is below `high`.
    Upper,
    /// Already mixed: D is above `low`.
    Lower,
    /// The data say nothing about this interval.
    None,
}

/// One heating interval: between frame `index - 1` and frame `index` of the fitted frames.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Index of the interval's end frame in the series.
    pub index: usize,
    /// Temperature of the heating that ended with that frame (K).
    pub temperature_k: Option<f64>,
    /// Its duration (s).
    pub dwell_s: Option<f64>,
    /// Value or limit.
    pub kind: IntervalKind,
    /// D·t of this interval (nm²); for limits the best estimate, not to be quoted.
    pub dtau_nm2: f64,
    /// Standard error from the covariance (nm²), the atoms' part included; `None` where the data say nothing.
    pub dtau_se_nm2: Option<f64>,
    /// The part of it that comes from the finite number of atoms (nm²); `None` where it was not asked for.
    pub dtau_atoms_se_nm2: Option<f64>,
    /// Lower end of the profile-likelihood interval (nm²), `None` when open.
    pub dtau_low_nm2: Option<f64>,
    /// Upper end (nm²), `None` when open.
    pub dtau_high_nm2: Option<f64>,
    /// For limits: how fast the likelihood falls beyond it, as a standard deviation of ln D·t.
    pub log_scale: Option<f64>,
}

impl Interval {
    /// D in nm²/s from a D·t in nm², when the dwell is known.
    pub fn diffusivity_nm2_s(&self, dtau_nm2: f64) -> Option<f64> {
        self.dwell_s.filter(|&t| t > 0.0).map(|t| dtau_nm2 / t)
    }
}

/// The finite number of atoms in the errors.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Atoms {
    /// Atoms in the particle, from its radius and the atomic density.
    pub count: f64,
    /// Whether they are in the errors: not where so many would have to show in the residuals and do not, as in a simulated
    /// continuum.
    pub counted: bool,
}

/// A lattice that the images resolve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lattice {
    /// Structure finer than this (nm) was left out of data and model alike.
    pub finest_nm: f64,
    /// χ²/ν in a fit to all rings of what is finer still, as only single atoms draw it: the evidence.
    pub roughness: f64,
}

/// How far each frame is mixed, with what is needed to fit a law to all frames at once.
///
/// v = 1 − exp(−20.19 τ/R²) of every frame but the first, as it would come out free of bounds and order: may lie below 0 or
/// beyond 1. The signal is almost linear in v, so that the likelihood of all frames is almost normal in it, saturated frames included.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Mixing {
    /// R (nm).
    pub edge_nm: f64,
    /// v by frame.
    pub v: Vec<f64>,
    /// Their covariance, row by row: all that is in the errors of the intervals.
    pub covariance: Vec<f64>,
    /// The share of the finite number of atoms in it; empty where they are not in it.
    #[serde(default)]
    pub atoms: Vec<f64>,
}

/// The fit of a series.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeriesFit {
    /// How the density evolves in this fit.
    pub scheme: Scheme,
    /// How the frames entered.
    pub order: Order,
    /// Confidence level of the intervals, 0.68 by default.
    pub confidence: f64,
    /// Shared shape.
    pub shape: ShapeFit,
    /// Frames in the order of heating.
    pub frames: Vec<FrameFit>,
    /// Heating intervals, one fewer than frames.
    pub intervals: Vec<Interval>,
    /// All frames' degrees of mixing together.
    pub mixing: Mixing,
    /// The atoms, where they were asked for.
    pub atoms: Option<Atoms>,
    /// The lattice, where it shows.
    pub lattice: Option<Lattice>,
    /// χ² over the degrees of freedom, all frames.
    pub chi2_red: f64,
    /// Degrees of freedom.
    pub degrees_of_freedom: usize,
    /// How the iteration ended.
    pub termination: Termination,
    /// Evaluations of the model, in frames.
    pub evaluations: usize,
}

/// χ²/ν from which on the model does not describe the data to their noise.
pub const POOR_FIT: f64 = 2.0;

impl SeriesFit {
    /// Whether the model misses the data by more than noise. Errors of the likelihood are then widened by √(χ²/ν); those drawn from sectors do not
    /// know of what is wrong all around the particle. A lattice is no exception: a wrong probe looks like one.
    pub fn is_misfit(&self) -> bool {
        self.chi2_red > POOR_FIT
    }
}

/// Half width, in standard errors, of the central interval that holds `confidence` of a normal distribution.
///
/// Newton's method on the error function; 0.68 gives 0.9945, 0.95 gives 1.9600. Confidence is kept within 0.01…0.9999.
pub fn normal_quantile(confidence: f64) -> f64 {
    let target = confidence.clamp(0.01, 0.9999);
    let mut z = 1.0;
    for _ in 0..50 {
        let error = libm::erf(z / std::f64::consts::SQRT_2) - target;
        // 2 φ(z)
        let slope = 0.797_884_560_802_865_4 * libm::exp(-0.5 * z * z);
        let step = (error / slope).clamp(-0.5, 0.5);
        z -= step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    z
}

/// Half widths of intervals in standard errors, of a level's normal quantile: 1 at 68 %, as that level is meant.
pub fn widening(quantile: f64) -> f64 {
    if f64::abs(quantile - 1.0) < 0.01 {
        1.0
    } else {
        quantile
    }
}
