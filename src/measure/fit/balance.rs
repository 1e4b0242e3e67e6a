//! Is the matter still there? Intensity and radius from frame to frame.

use serde::{Deserialize, Serialize};

use super::joint::Solution;
use super::linear::dot;
use super::model::RADIUS_B;
use super::{Estimate, Order};

/// Standard errors from which on a drift is one.
pub const DRIFTS: f64 = 4.0;

/// One frame's balance.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BalanceFrame {
    /// Index of the frame in the series.
    pub frame: usize,
    /// Intensity of the particle over the background, integrated (the image's units times pixels).
    pub intensity: Estimate,
    /// R_B of this frame alone (nm); `None` where R_B was held.
    pub radius_b_nm: Option<Estimate>,
}

/// What enters and leaves a particle while it is heated.
///
/// Atoms that change places change neither the integrated intensity nor the radius: sublimation, contamination, ripening and a wrong
/// pixel size do. The gain of every frame is free in the fit and hides all of them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MassBalance {
    /// Frame by frame.
    pub frames: Vec<BalanceFrame>,
    /// Change of the intensity from the first to the last frame along a straight line, relative to its mean; its error is that of the scatter
    /// about the line where this exceeds the stated errors, so that a beam current that wanders is in it.
    pub intensity_drift: Option<Estimate>,
    /// The same of R_B.
    pub radius_drift: Option<Estimate>,
}

impl MassBalance {
    /// The balance of frames in the order of heating; drifts from four frames on.
    ///
    /// Accuracy: `tests/balance.rs` (shrinking particles are found, wandering beams are not taken for one).
    pub fn of(frames: Vec<BalanceFrame>) -> MassBalance {
        let intensity: Vec<(f64, f64)> = frames
            .iter()
            .map(|f| (f.intensity.value, f.intensity.standard_error))
            .collect();
        let radius: Option<Vec<(f64, f64)>> = frames
            .iter()
            .map(|f| f.radius_b_nm.map(|r| (r.value, r.standard_error)))
            .collect();
        MassBalance {
            intensity_drift: drift(&intensity),
            radius_drift: radius.and_then(|r| drift(&r)),
            frames,
        }
    }
}

/// Relative change along a weighted straight line from the first to the last of (value, standard error).
fn drift(points: &[(f64, f64)]) -> Option<Estimate> {
    let n = points.len();
    let sound = |p: &(f64, f64)| p.0.is_finite() && p.1.is_finite() && p.1 > 0.0;
    if n < 4 || !points.iter().all(sound) {
        return None;
    }
    let x = |i: usize| i as f64 / (n - 1) as f64;
    let [mut w, mut wx, mut wxx, mut wy, mut wxy] = [0.0; 5];
    for (i, (y, e)) in points.iter().enumerate() {
        let weight = 1.0 / (e * e);
        w += weight;
        wx += weight * x(i);
        wxx += weight * x(i) * x(i);
        wy += weight * y;
        wxy += weight * x(i) * y;
    }
    let det = w * wxx - wx * wx;
    let slope = (w * wxy - wx * wy) / det;
    let level = (wy - slope * wx) / w;
    let chi2: f64 = points
        .iter()
        .enumerate()
        .map(|(i, (y, e))| ((y - level - slope * x(i)) / e).powi(2))
        .sum();
    let scale = (chi2 / (n - 2) as f64).max(1.0);
    let mean = wy / w;
    (mean > 0.0 && det > 0.0).then(|| Estimate {
        value: slope / mean,
        standard_error: f64::sqrt(scale * w / det) / mean,
        fixed: false,
    })
}

/// R_B of frame `k` alone, all other shared parameters as all frames have them: one Newton step from the common value, the
/// frame's own τ, gain and background at their best.
pub(super) fn radius_of_frame(
    solution: &Solution,
    k: usize,
    (scale, order): (f64, Order),
) -> Option<Estimate> {
    let place = solution.free.iter().position(|&index| index == RADIUS_B)?;
    if order == Order::Sequential {
        return None;
    }
    let frame = &solution.frames[k];
    let mut column = frame.shared[place].clone();
    let along = dot(&frame.tau, &frame.tau);
    if k > 0 && along > 0.0 {
        let share = dot(&column, &frame.tau) / along;
        column
            .iter_mut()
            .zip(&frame.tau)
            .for_each(|(c, t)| *c -= share * t);
    }
    let information = dot(&column, &column);
    (information > 0.0).then(|| Estimate {
        value: solution.point.shared.0[RADIUS_B]
            - dot(&column, &frame.projected.residual) / information,
        standard_error: f64::sqrt(scale / information),
        fixed: false,
    })
}
