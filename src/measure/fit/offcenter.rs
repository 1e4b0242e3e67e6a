//! Whether the core stands at the particle's center, from what the average over rings hides.

use super::model::Radii;
use super::problem::{FitError, Settings};
use super::{Estimate, SeriesFit};
use crate::forward::{Dipole, Optics};
use crate::numerics::Cholesky;
use crate::signal::{Profile, Sectors};

/// Where the core stands.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct CoreOffset {
    /// Displacement of the core's center from the particle's (nm), along +x and +y of the images.
    pub x_nm: Estimate,
    /// As `x_nm`.
    pub y_nm: Estimate,
    /// By how much χ² of all cells falls with these two parameters, in units of χ²/ν.
    pub chi2_fall: f64,
}

impl CoreOffset {
    /// Distance (nm), less what its error adds to it.
    pub fn distance_nm(&self) -> f64 {
        let [x, y] = [self.x_nm, self.y_nm];
        let errors = x.standard_error.powi(2) + y.standard_error.powi(2);
        f64::sqrt((x.value * x.value + y.value * y.value - errors).max(0.0))
    }
}

/// Own parameters of a frame: shift and slope of the background, each along x and y.
const OWN: usize = 4;
const ALL: usize = OWN + 2;

/// The core's displacement, common to all frames, from the sectors of their rings.
///
/// Pixels gathered in cells of ring and sector are compared with the fitted model, ring means taken off. What is left is
///
/// ```text
/// −(s·n) m′(x) + (p·n) x + g (d·n) P1(x, τ),   n = (cos φ, sin φ),
/// ```
///
/// with every frame's own shift s of its center and slope p of its background, its fitted gain g and D·t, and the displacement d, whose image P1
/// fades with D·t as [`Dipole`] says. Everything is linear: weighted least squares, the frames' own parameters eliminated frame by frame.
/// The full ring makes all of this independent of the radial profile, so that the errors of the fit stay what they are.
///
/// Cost: 12 frames of 128 rings in 32 sectors take 3 ms. Accuracy: `tests/offcenter.rs`.
///
/// # Errors
/// [`FitError`] where the model cannot be computed.
pub fn core_offset(
    fit: &SeriesFit,
    settings: &Settings,
    sectors: &[Sectors],
) -> Result<Option<CoreOffset>, FitError> {
    let shape = fit.shape.core_shell();
    let optics = Optics {
        psf_sigma_nm: settings.psf_sigma_nm,
        contrast: fit.shape.contrast.value,
    };
    let mut normal = [0.0; 4];
    let mut gradient = [0.0; 2];
    let (mut chi2, mut degrees) = (0.0, 0.0);
    let profiles: Vec<&Profile> = fit.frames.iter().map(|f| &f.data).collect();
    let nodes = Radii::new(&profiles, settings.psf_sigma_nm);
    let dipole = Dipole::new(&shape, optics, &nodes.nodes)?;
    let smear = Dipole::smears(settings.core_offset_nm).0;
    for ((frame, sectors), bins) in fit.frames.iter().zip(sectors).zip(&nodes.frames) {
        let radii = &frame.data.radius;
        let seen = bins.apply(&dipole.image(frame.tau_nm2.value + smear));
        let direction = |s: usize| {
            let angle = 2.0 * core::f64::consts::PI * (s as f64 + 0.5) / sectors.per_ring as f64;
            (libm::cos(angle), libm::sin(angle))
        };
        let directions: Vec<(f64, f64)> = (0..sectors.per_ring).map(direction).collect();
        let mut sums = Sums::default();
        for k in 0..frame
            .data
            .len()
            .min(sectors.pixels.len() / sectors.per_ring.max(1))
        {
            let error =
                frame.data.standard_error[k] * f64::sqrt(f64::from(frame.data.pixel_count[k]));
            let patterns = [
                -slope(radii, &frame.model, k),
                radii[k],
                frame.gain.value * seen[k],
            ];
            sums.ring(
                (sectors.ring(k), &directions),
                frame.data.value[k],
                patterns.map(|p| p / error),
                error,
            );
        }
        chi2 += sums.chi2;
        degrees += sums.cells - OWN as f64;
        let Some(share) = sums.eliminate() else {
            continue;
        };
        chi2 -= share.fall;
        normal
            .iter_mut()
            .zip(share.normal)
            .for_each(|(a, b)| *a += b);
        gradient
            .iter_mut()
            .zip(share.gradient)
            .for_each(|(a, b)| *a += b);
    }
    let Some(factor) = Cholesky::new(&normal, 2) else {
        return Ok(None);
    };
    let at = factor.solve(&gradient);
    let covariance = factor.inverse();
    let fall = at[0] * gradient[0] + at[1] * gradient[1];
    let scale = ((chi2 - fall) / degrees.max(1.0)).max(1.0);
    let estimate = |i: usize| Estimate {
        value: at[i],
        standard_error: f64::sqrt(scale * covariance[3 * i]),
        fixed: false,
    };
    let sound = fall.is_finite() && covariance.iter().all(|c| c.is_finite());
    Ok(sound.then(|| CoreOffset {
        x_nm: estimate(0),
        y_nm: estimate(1),
        chi2_fall: fall / scale,
    }))
}

/// dm/dx at ring `k`.
fn slope(radii: &[f64], model: &[f64], k: usize) -> f64 {
    let (a, b) = (k.saturating_sub(1), (k + 1).min(radii.len() - 1));
    let run = radii[b] - radii[a];
    if run > 0.0 {
        (model[b] - model[a]) / run
    } else {
        0.0
    }
}

/// Normal equations of one frame: the pattern of each parameter along x and y, then along y.
#[derive(Default)]
struct Sums {
    matrix: [[f64; ALL]; ALL],
    vector: [f64; ALL],
    chi2: f64,
    cells: f64,
}

/// What a frame says of the displacement.
struct Share {
    normal: [f64; 4],
    gradient: [f64; 2],
    /// Of χ² by the frame's own parameters.
    fall: f64,
}

impl Sums {
    /// Takes in a ring: pixels and sum of each sector and its direction, the ring's mean, the patterns over the error of a pixel, and that
    /// error.
    fn ring(
        &mut self,
        (cells, directions): (impl Iterator<Item = (f64, f64)>, &[(f64, f64)]),
        mean: f64,
        patterns: [f64; 3],
        error: f64,
    ) {
        let cells: Vec<(f64, f64)> = cells.collect();
        let all: f64 = cells.iter().map(|(n, _)| n).sum();
        if all <= 0.0 {
            return;
        }
        // Every pattern, and the data, are taken relative to the ring's mean.
        let weighted = |of: &dyn Fn(usize) -> f64| -> f64 {
            (0..cells.len()).map(|s| cells[s].0 * of(s)).sum::<f64>() / all
        };
        let (cx, cy) = (
            weighted(&|s| directions[s].0),
            weighted(&|s| directions[s].1),
        );
        let level = cells.iter().map(|(_, sum)| sum).sum::<f64>() / all - mean;
        self.cells -= 1.0;
        for ((n, sum), (x, y)) in cells.iter().zip(directions) {
            if *n <= 0.0 {
                continue;
            }
            let value = (sum / n - mean - level) / error;
            let (x, y) = (x - cx, y - cy);
            let row = [
                patterns[0] * x,
                patterns[0] * y,
                patterns[1] * x,
                patterns[1] * y,
                patterns[2] * x,
                patterns[2] * y,
            ];
            self.chi2 += n * value * value;
            self.cells += 1.0;
            for i in 0..ALL {
                self.vector[i] += n * row[i] * value;
                for j in 0..ALL {
                    self.matrix[i][j] += n * row[i] * row[j];
                }
            }
        }
    }

    fn eliminate(&self) -> Option<Share> {
        let own: Vec<f64> = (0..OWN)
            .flat_map(|i| self.matrix[i][..OWN].to_vec())
            .collect();
        let factor = Cholesky::new(&own, OWN)?;
        let solved = factor.solve(&self.vector[..OWN]);
        let border = |d: usize| -> Vec<f64> { (0..OWN).map(|i| self.matrix[i][OWN + d]).collect() };
        let through = [factor.solve(&border(0)), factor.solve(&border(1))];
        let product = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let mut share = Share {
            normal: [0.0; 4],
            gradient: [0.0; 2],
            fall: product(&solved, &self.vector[..OWN]),
        };
        for i in 0..2 {
            share.gradient[i] = self.vector[OWN + i] - product(&border(i), &solved);
            for (j, through) in through.iter().enumerate() {
                share.normal[2 * i + j] =
                    self.matrix[OWN + i][OWN + j] - product(&border(i), through);
            }
        }
        Some(share)
    }
}
