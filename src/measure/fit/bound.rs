//! What no unbiased method can beat: the Cramér-Rao bound of an experiment.

use core::f64::consts::PI;

use super::SeriesFit;
use super::grain::Grain;
use super::joint::{Point, Solution, at_point};
use super::model::{CONTRAST, RADIUS_A, RADIUS_B, SIGMA, Shared};
use super::problem::{FitError, FrameData, Problem, Settings};
use super::states::States;
use crate::diffusion::CoreShell;
use crate::forward::{Basis, Optics, Response};
use crate::numerics::Cholesky;
use crate::signal::{LengthUnit, Profile};
use crate::units::GAS_CONSTANT;

/// An experiment whose outcome is known: planned, or simulated.
#[derive(Clone, Debug, PartialEq)]
pub struct Design {
    /// The particle before heating.
    pub shape: CoreShell,
    /// Cumulative D·t by frame (nm²); the first is the initial state, 0.
    pub tau_nm2: Vec<f64>,
    /// Scheme, contrast, probe, and which parameters are unknown.
    pub settings: Settings,
}

/// Counting noise of an image, pixel by pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exposure {
    /// Size of a pixel (nm).
    pub pixel_nm: f64,
    /// Counts in the brightest pixel of the initial state, background apart.
    pub peak_counts: f64,
    /// Counts of the background in a pixel.
    pub background_counts: f64,
    /// Radius of the field around the particle (nm): what lies within tells the background.
    pub field_nm: f64,
}

/// Cramér-Rao bound of an experiment: the covariance that no unbiased estimator goes below.
///
/// The Fisher information of Poisson counts of mean λ, F_ij = Σ ∂_i λ ∂_j λ / λ over the pixels, in rings: gain and background of every
/// frame, τ_k of every frame and the shape are unknown. Center and slopes of the background are odd where all of these are even
/// and cost nothing. Accuracy: 5 % of the bounds of an independent implementation (`tests/bound.rs`).
///
/// The finite number of atoms is in it where the design's settings give their density: the covariance is then N⁻¹ + N⁻¹MN⁻¹
/// (see `grain`), that of a fit that weighs by counting noise, whose second part no dose mends (`tests/plan.rs` against `tests/grain.rs`).
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// D·t of the intervals (nm²).
    pub dtau_nm2: Vec<f64>,
    /// Standard deviation of the D·t of each interval (nm²); `None` where the images say nothing.
    pub dtau_sd_nm2: Vec<Option<f64>>,
    /// Fisher information of the cumulative τ's with all else unknown (nm⁻⁴), row by row.
    information: Vec<f64>,
    /// Where the atoms are in it: what it is made of.
    states: Option<States>,
}

impl Bound {
    /// The bound for images with counting noise.
    ///
    /// # Errors
    /// [`FitError`] for a design that no fit can use.
    pub fn of_counts(design: &Design, exposure: &Exposure) -> Result<Bound, FitError> {
        let s = &design.settings;
        let radius_b = design.shape.radius_b_nm;
        // Rings as fine as a pixel, and at most 1 % of R_B.
        let width = (0.01 * radius_b).min(exposure.pixel_nm.max(1e-3 * radius_b));
        let count = (exposure.field_nm / width).clamp(16.0, 4000.0) as usize;
        let radius: Vec<f64> = (0..count).map(|i| (i as f64 + 0.5) * width).collect();
        let basis = Basis::new(s.scheme, design.shape.sigma_nm / radius_b)?;
        let optics = Optics {
            psf_sigma_nm: s.psf_sigma_nm,
            contrast: s.contrast,
        };
        let response = Response::new(&basis, &design.shape, optics, &radius);
        let mut image = vec![0.0; count];
        response.image(0.0, &mut image);
        let brightest = image.iter().fold(f64::MIN_POSITIVE, |a, b| a.max(*b));
        let gain = exposure.peak_counts / brightest;
        let per_nm2 = 1.0 / (exposure.pixel_nm * exposure.pixel_nm);
        let frames: Vec<FrameData> = design
            .tau_nm2
            .iter()
            .enumerate()
            .map(|(k, &tau)| {
                response.image(tau, &mut image);
                let value: Vec<f64> = image
                    .iter()
                    .map(|v| gain * v + exposure.background_counts)
                    .collect();
                let pixels = |r: f64| 2.0 * PI * r * width * per_nm2;
                let error = |(r, v): (&f64, &f64)| f64::sqrt(v.max(1e-9) / pixels(*r));
                let profile = Profile {
                    unit: LengthUnit::Nanometer,
                    standard_error: radius.iter().zip(&value).map(error).collect(),
                    pixel_count: radius.iter().map(|r| pixels(*r) as u32).collect(),
                    radius: radius.clone(),
                    value,
                };
                FrameData {
                    frame: k,
                    temperature_k: None,
                    dwell_s: None,
                    profile,
                    edge: radius_b,
                }
            })
            .collect();
        Bound::of_profiles(design, &frames)
    }

    /// The bound for profiles with given radii and standard errors; their values only set gain and background.
    ///
    /// # Errors
    /// [`FitError`] for a design that no fit can use.
    pub fn of_profiles(design: &Design, frames: &[FrameData]) -> Result<Bound, FitError> {
        let settings = Settings {
            atoms_per_nm3: None,
            ..design.settings.clone()
        };
        let problem = Problem::new(frames, &settings)?;
        let mut shared = Shared([0.0; 4]);
        shared.0[RADIUS_A] = design.shape.radius_a_nm;
        shared.0[RADIUS_B] = design.shape.radius_b_nm;
        shared.0[SIGMA] = design.shape.sigma_nm;
        shared.0[CONTRAST] = design.settings.contrast;
        let point = Point {
            shared,
            tau: design.tau_nm2.clone(),
        };
        let solution = at_point(&problem, point, &problem.free())?;
        let tau = &design.tau_nm2;
        let dtau: Vec<f64> = tau.windows(2).map(|t| t[1] - t[0]).collect();
        let density = design.settings.atoms_per_nm3;
        if let Some(density) = density.filter(|n| *n > 0.0 && n.is_finite()) {
            let mut states = States::new(&problem, &solution, 1)?;
            states.expect(&Grain::new(&problem, &solution, density)?);
            return Ok(Bound::of_states(dtau, states));
        }
        Ok(Bound {
            dtau_sd_nm2: (1..tau.len())
                .map(|k| solution.schur.dtau_variance(k).map(f64::sqrt))
                .collect(),
            dtau_nm2: dtau,
            information: tau_information(&solution),
            states: None,
        })
    }

    fn of_states(dtau_nm2: Vec<f64>, states: States) -> Bound {
        let variance = |k: usize| states.dtau_variance(k);
        Bound {
            dtau_sd_nm2: (1..=dtau_nm2.len())
                .map(|k| variance(k).map(|v| f64::sqrt(v.counting + v.of_atoms(1.0))))
                .collect(),
            dtau_nm2,
            information: states.tau_information(),
            states: Some(states),
        }
    }

    /// The same experiment with `factor` times the counts everywhere, background included: exact, and without another pass over the rings.
    pub fn with_dose(&self, factor: f64) -> Bound {
        if let Some(states) = &self.states {
            let mut states = states.clone();
            states.scale /= factor;
            return Bound::of_states(self.dtau_nm2.clone(), states);
        }
        let root = f64::sqrt(factor);
        Bound {
            dtau_nm2: self.dtau_nm2.clone(),
            dtau_sd_nm2: self
                .dtau_sd_nm2
                .iter()
                .map(|sd| sd.map(|sd| sd / root))
                .collect(),
            information: self.information.iter().map(|i| i * factor).collect(),
            states: None,
        }
    }

    /// Standard deviation of ln D by interval.
    pub fn ln_d(&self) -> Vec<Option<f64>> {
        let relative = |(sd, dtau): (&Option<f64>, &f64)| sd.map(|sd| sd / dtau);
        self.dtau_sd_nm2
            .iter()
            .zip(&self.dtau_nm2)
            .map(relative)
            .collect()
    }

    /// Standard deviation of the activation energy (J/mol), ln D0 being unknown too, when the intervals were heated to these
    /// temperatures (K) and D follows eq. 5: ∂τ_k/∂ln D0 = τ_k, ∂τ_k/∂E = -Σ_j D_j t_j / (R T_j).
    pub fn energy_j_mol(&self, temperatures_k: &[f64]) -> Option<f64> {
        let n = self.dtau_nm2.len();
        if temperatures_k.len() != n {
            return None;
        }
        // Centered at the middle of the range of 1/T: at 1/T = 0 both parameters are all but one.
        let inverse = |t: &f64| 1.0 / (GAS_CONSTANT * t);
        let center = temperatures_k.iter().map(inverse).sum::<f64>() / n.max(1) as f64;
        let sums = |slope: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let mut sum = 0.0;
            let add = |i: usize| {
                sum += self.dtau_nm2[i] * slope(i);
                sum
            };
            (0..n).map(add).collect()
        };
        let by_level = sums(&|_| 1.0);
        let by_energy = sums(&|i| center - inverse(&temperatures_k[i]));
        let product = |a: &[f64], b: &[f64]| -> f64 {
            (0..n)
                .flat_map(|i| (0..n).map(move |j| (i, j)))
                .map(|(i, j)| a[i] * self.information[i * n + j] * b[j])
                .sum()
        };
        let (a, b, d) = (
            product(&by_level, &by_level),
            product(&by_level, &by_energy),
            product(&by_energy, &by_energy),
        );
        let rest = d - b * b / a;
        (rest > 0.0 && rest.is_finite()).then(|| 1.0 / f64::sqrt(rest))
    }
}

/// Information of the τ's after the shared parameters: I_jk = δ_jk t_k - b_jᵀ A⁻¹ b_k.
fn tau_information(solution: &Solution) -> Vec<f64> {
    let blocks = &solution.schur.blocks;
    let p = solution.free.len();
    let n = blocks.len().saturating_sub(1);
    let mut shared = vec![0.0; p * p];
    for block in blocks {
        shared
            .iter_mut()
            .zip(&block.shared)
            .for_each(|(a, b)| *a += b);
    }
    let factor = Cholesky::new(&shared, p);
    let mut information = vec![0.0; n * n];
    for j in 0..n {
        let through = factor.as_ref().map(|f| f.solve(&blocks[j + 1].border));
        for k in 0..n {
            let shared = through.as_ref().map_or(0.0, |t| {
                t.iter()
                    .zip(&blocks[k + 1].border)
                    .map(|(a, b)| a * b)
                    .sum()
            });
            let own = if j == k { blocks[k + 1].tau } else { 0.0 };
            information[j * n + k] = own - shared;
        }
    }
    information
}

/// Between which D·t/R_B² from the initial state the images of a series see anything: there, "nothing moved" and "already mixed" are both
/// excluded at 95 %, D·t being larger than 1.645 of its standard deviations.
///
/// From the bound of one more frame of the quality of the second, the shape being known as well as the series knows it. `None` for series
/// without a window, or of one frame.
///
/// # Errors
/// [`FitError`] for a series that no fit can use.
pub fn window(
    frames: &[FrameData],
    settings: &Settings,
    fit: &SeriesFit,
) -> Result<Option<(f64, f64)>, FitError> {
    const GRID: usize = 24;
    let (Some(first), Some(second)) = (frames.first(), frames.get(1)) else {
        return Ok(None);
    };
    let shape = &fit.shape;
    let square = shape.radius_b_nm.value * shape.radius_b_nm.value;
    let all: Vec<FrameData> = [first, second]
        .into_iter()
        .chain(frames.iter().skip(1))
        .cloned()
        .collect();
    // ln(D·t / 1.645 σ) over ln D·t: positive where something is seen.
    let mut seen: Vec<(f64, f64)> = Vec::new();
    for i in 0..GRID {
        let ln =
            libm::log(2e-6) + (libm::log(0.8) - libm::log(2e-6)) * i as f64 / (GRID - 1) as f64;
        let tau = square * libm::exp(ln);
        let taus = fit.frames.iter().map(|f| f.tau_nm2.value).skip(1);
        let design = Design {
            shape: CoreShell {
                radius_a_nm: shape.radius_a_nm.value,
                radius_b_nm: shape.radius_b_nm.value,
                sigma_nm: shape.sigma_nm.value,
            },
            tau_nm2: [0.0, tau].into_iter().chain(taus).collect(),
            settings: Settings {
                scheme: fit.scheme,
                contrast: shape.contrast.value,
                atoms_per_nm3: None,
                ..settings.clone()
            },
        };
        let bound = Bound::of_profiles(&design, &all)?;
        let sd = bound.dtau_sd_nm2.first().copied().flatten();
        let value = sd.map_or(-10.0, |sd| libm::log(tau / (1.645 * sd)).max(-10.0));
        seen.push((ln, value));
    }
    let crossing = |w: &[(f64, f64)]| {
        let ((a, u), (b, v)) = (w[0], w[1]);
        libm::exp(a + (b - a) * u / (u - v))
    };
    let mut pairs = seen.windows(2);
    let low = pairs.find(|w| w[0].1 <= 0.0 && w[1].1 > 0.0).map(crossing);
    let high = seen
        .windows(2)
        .rev()
        .find(|w| w[0].1 > 0.0 && w[1].1 <= 0.0)
        .map(crossing);
    Ok(low.zip(high))
}
