//! One particle, ready for images at any moment of its heating.

use super::render::{Scene, tabulate};
use super::{Experiment, Noise, SimulateError};
use crate::diffusion::CoreShell;
use crate::forward::{Basis, Optics, Response};

/// Largest side accepted.
const MOST_PIXELS: usize = 8192;

/// Longest heating (s), some four months: the heater's log has a line every second.
const LONGEST_S: f64 = 1e7;

/// A part of a frame around the particle, without drift and with the mean gain and background.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Columns and rows.
    pub side: usize,
    /// Size of a pixel here (nm): that of the camera, or several of them together.
    pub pixel_nm: f64,
    /// Counts of one pixel of the camera, row by row.
    pub counts: Vec<f32>,
}

/// The theory of an [`Experiment`], prepared: an image costs microseconds, a new particle some milliseconds.
#[derive(Clone, Debug)]
pub struct Live {
    experiment: Experiment,
    basis: Basis,
    pub(super) response: Response,
    /// Counts per nm of projected density.
    pub(super) amplitude: f64,
    /// Cumulative D·t of every frame (nm²).
    pub tau_nm2: Vec<f64>,
}

impl Live {
    /// Prepares an experiment.
    ///
    /// # Errors
    /// A number out of range, a heating without an end, or a shape without a forward model.
    pub fn new(experiment: &Experiment) -> Result<Live, SimulateError> {
        let (camera, shape) = (&experiment.camera, &experiment.shape);
        for (field, value) in [
            ("radius_a_nm", shape.radius_a_nm),
            ("radius_b_nm", shape.radius_b_nm),
            ("sigma_nm", shape.sigma_nm),
            ("pixel_nm", camera.pixel_nm),
            ("peak_counts", camera.peak_counts),
            ("contrast", experiment.contrast),
            ("ramp_k_s", experiment.ramps.map_or(1.0, |r| r.ramp_k_s)),
        ] {
            if !(value > 0.0 && value.is_finite()) {
                return Err(SimulateError::Range { field });
            }
        }
        let mut duration_s = 0.0;
        let mut before_k = experiment.heating.first().map_or(0.0, |s| s.temperature_k);
        for step in &experiment.heating {
            let ramp_s = experiment.ramps.map_or(0.0, |ramps| {
                let by_way_k = ramps.imaging_k.unwrap_or(before_k);
                let over_k = ramps.overshoot_k.abs();
                let way_k = (by_way_k - before_k).abs() + (step.temperature_k - by_way_k).abs();
                (way_k + over_k) / ramps.ramp_k_s
            });
            duration_s += step.dwell_s + ramp_s;
            before_k = step.temperature_k;
            if !(step.dwell_s >= 0.0 && (0.0..LONGEST_S).contains(&duration_s)) {
                return Err(SimulateError::Long);
            }
        }
        if camera.side_px == 0 || camera.side_px > MOST_PIXELS {
            return Err(SimulateError::Size {
                side_px: camera.side_px,
            });
        }
        let basis = Basis::new(experiment.scheme, shape.sigma_nm / shape.radius_b_nm)?;
        // The particle ends 6 σ and 6 probe widths outside R_B, or at the corner of the field.
        let reach = shape.radius_b_nm + 6.0 * (shape.sigma_nm + camera.psf_sigma_nm.max(0.0));
        let corner = 1.5 * camera.side_px as f64 * camera.pixel_nm;
        let points = f64::ceil(reach.min(corner) / camera.pixel_nm) as usize + 8;
        let radii: Vec<f64> = (0..points).map(|i| i as f64 * camera.pixel_nm).collect();
        let optics = Optics {
            psf_sigma_nm: camera.psf_sigma_nm,
            contrast: experiment.contrast,
        };
        let response = Response::new(&basis, shape, optics, &radii);
        let mut profile = vec![0.0; points];
        response.image(0.0, &mut profile);
        let brightest = profile.iter().fold(0.0f64, |a, b| a.max(*b));
        Ok(Live {
            experiment: experiment.clone(),
            basis,
            response,
            amplitude: camera.peak_counts / brightest,
            tau_nm2: experiment.tau_nm2(),
        })
    }

    /// What it was made of.
    pub fn experiment(&self) -> &Experiment {
        &self.experiment
    }

    /// Cumulative D·t (nm²) at a moment of the heating: 0 is the first frame, 1 the second; between two frames time passes evenly.
    pub fn tau_at(&self, moment: f64) -> f64 {
        let last = self.tau_nm2.len().saturating_sub(1);
        let moment = moment.clamp(0.0, last as f64);
        let before = (moment as usize).min(last);
        let tau = |k: usize| self.tau_nm2.get(k.min(last)).copied().unwrap_or(0.0);
        tau(before) + (tau(before + 1) - tau(before)) * (moment - before as f64)
    }

    /// Counts over the background at whole pixels from the center, without noise; infinite D·t is the mixed state.
    pub fn profile(&self, tau_nm2: f64) -> Vec<f64> {
        let mut profile = vec![0.0; self.response.len()];
        self.response.image(tau_nm2, &mut profile);
        profile.iter_mut().for_each(|v| *v *= self.amplitude);
        profile
    }

    /// The profile of the unheated particle when its edges are smoother by another σ (nm): counts at whole pixels. R_B stays, and so does the amount of
    /// the core, ∝ R_A³ + 3 σ² R_A.
    ///
    /// # Errors
    /// σ beyond what has a forward model.
    pub fn smoothed(&self, sigma_nm: f64) -> Result<Vec<f64>, SimulateError> {
        let (camera, shape) = (&self.experiment.camera, self.experiment.shape);
        let basis = Basis::new(self.experiment.scheme, sigma_nm / shape.radius_b_nm)?;
        let radii: Vec<f64> = (0..self.response.len())
            .map(|i| i as f64 * camera.pixel_nm)
            .collect();
        let optics = Optics {
            psf_sigma_nm: camera.psf_sigma_nm,
            contrast: self.experiment.contrast,
        };
        let amount = |r: f64, s: f64| r * (r * r + 3.0 * s * s);
        let wanted = amount(shape.radius_a_nm, shape.sigma_nm);
        let mut radius_a_nm = shape.radius_a_nm;
        // Newton's steps on a cubic that rises everywhere.
        for _ in 0..8 {
            let slope = 3.0 * (radius_a_nm * radius_a_nm + sigma_nm * sigma_nm);
            radius_a_nm -= (amount(radius_a_nm, sigma_nm) - wanted) / slope;
        }
        let shape = CoreShell {
            radius_a_nm,
            sigma_nm,
            ..shape
        };
        let mut profile = vec![0.0; radii.len()];
        Response::new(&basis, &shape, optics, &radii).image(0.0, &mut profile);
        profile.iter_mut().for_each(|v| *v *= self.amplitude);
        Ok(profile)
    }

    /// The change of the image between two D·t (nm²) in standard deviations of its counting noise, ring by ring of one pixel; the square root of
    /// the sum of squares is that of the whole image, gain and background being known.
    pub fn significance(&self, before_nm2: f64, after_nm2: f64) -> Vec<f64> {
        let camera = &self.experiment.camera;
        let background = camera.background * camera.peak_counts;
        let (before, after) = (self.profile(before_nm2), self.profile(after_nm2));
        let rings = before.iter().zip(&after).enumerate();
        rings
            .map(|(i, (a, b))| {
                let pixels = (2.0 * core::f64::consts::PI * i as f64).max(1.0);
                (b - a) * f64::sqrt(pixels / (a + b + 2.0 * background).max(1e-9))
            })
            .collect()
    }

    /// Densities of core and shell (1 where pure) at `radii_nm`.
    pub fn densities(&self, tau_nm2: f64, radii_nm: &[f64]) -> (Vec<f64>, Vec<f64>) {
        self.basis
            .densities(&self.experiment.shape, radii_nm)
            .at(tau_nm2)
    }

    /// The particle as the camera would see it, at most `most` pixels wide; the same `seed` gives the same noise.
    pub fn snapshot(&self, tau_nm2: f64, seed: u64, most: usize) -> Snapshot {
        let (camera, shape) = (&self.experiment.camera, &self.experiment.shape);
        let half_nm = 1.3 * shape.radius_b_nm + 2.0 * (shape.sigma_nm + camera.psf_sigma_nm);
        let whole = (2.0 * half_nm / camera.pixel_nm) as usize;
        let side_px = whole.clamp(8, camera.side_px.max(8));
        let binning = side_px.div_ceil(most.max(8)).max(1);
        let side = side_px / binning;
        let table = tabulate(&self.profile(tau_nm2), 1.0);
        let scene = Scene {
            side,
            center: (0.5 * (side - 1) as f64, 0.5 * (side - 1) as f64),
            table: &table,
            level: camera.peak_counts * camera.background,
            slope: (0.0, 0.0),
        };
        let mut noise = Noise::new(seed);
        let pixels = (binning * binning) as f64;
        let mut counts = Vec::with_capacity(side * side);
        scene.means(binning as f64, |mean| {
            counts.push((noise.poisson(pixels * mean) as f64 / pixels) as f32);
        });
        Snapshot {
            side,
            pixel_nm: camera.pixel_nm * binning as f64,
            counts,
        }
    }
}
