//! Errors without a model of the noise: the sectors of the particle drawn anew, and whether that is needed.

use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};
use serde::{Deserialize, Serialize};

use super::problem::{FitError, FrameData, Settings};
use super::{Interval, IntervalKind, Refit, SeriesFit, refit_values};
use crate::signal::Sectors;

/// Draws of a bootstrap: the ends of a 68 % interval are then known to 6 % of its half width.
pub const DRAWS: usize = 500;

/// Correlation of neighbors from which on errors that take them for independent are 10 % too small.
const CORRELATED: f64 = 0.1;

/// Standard deviations of the correlation of white noise that it must exceed as well.
const SIGNIFICANT: f64 = 4.0;

/// Correlation of residuals that are neighbors: 0 ± 1/√n where the model leaves nothing but noise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Correlation {
    /// Σ e_i e_(i+1) / Σ e_i², e in standard errors.
    pub value: f64,
    /// Pairs.
    pub pairs: usize,
}

impl Correlation {
    fn of(residuals: &[Vec<f64>]) -> Correlation {
        let (mut product, mut square, mut pairs) = (0.0, 0.0, 0);
        for r in residuals {
            square += r.iter().map(|e| e * e).sum::<f64>();
            product += r.windows(2).map(|w| w[0] * w[1]).sum::<f64>();
            pairs += r.len().saturating_sub(1);
        }
        Correlation {
            value: if square > 0.0 { product / square } else { 0.0 },
            pairs,
        }
    }

    /// Whether it is no matter of chance, and large enough to matter.
    pub fn matters(&self) -> bool {
        self.value > CORRELATED && self.value * f64::sqrt(self.pairs as f64) > SIGNIFICANT
    }
}

/// What the model leaves of the images.
///
/// Lattice fringes, facets, an ellipse or a core off its center make neighbors err together; errors that take them for
/// independent are then too small, and those of the bootstrap over sectors hold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// Residuals of neighboring rings.
    pub rings: Correlation,
    /// Residuals of neighboring rings within each sector: what the average over the ring hides.
    pub sectors: Option<Correlation>,
}

impl Structure {
    /// The residuals of a fit; `sectors` of its frames, in order, where they are at hand.
    pub fn of(fit: &SeriesFit, sectors: &[Sectors]) -> Structure {
        let rings = fit.frames.iter().map(|f| {
            let pairs = f.data.value.iter().zip(&f.model);
            let errors = pairs.zip(&f.data.standard_error);
            errors.map(|((v, m), e)| (v - m) / e).collect()
        });
        // A cell of fewer pixels says nothing by itself.
        const LEAST: f64 = 4.0;
        let mut cells = Vec::new();
        for (frame, sectors) in fit.frames.iter().zip(sectors) {
            let mut columns = vec![Vec::new(); sectors.per_ring];
            for k in 0..frame.data.len() {
                let n = f64::from(frame.data.pixel_count[k]);
                let pixel = frame.data.standard_error[k] * f64::sqrt(n);
                for ((pixels, sum), column) in sectors.ring(k).zip(&mut columns) {
                    if pixels >= LEAST {
                        let mean = sum / pixels - frame.model[k];
                        column.push(mean * f64::sqrt(pixels) / pixel);
                    }
                }
            }
            cells.append(&mut columns);
        }
        Structure {
            rings: Correlation::of(&rings.collect::<Vec<_>>()),
            sectors: (!cells.is_empty()).then(|| Correlation::of(&cells)),
        }
    }

    /// Whether errors that take rings for independent hold.
    pub fn is_noise(&self) -> bool {
        !self.rings.matters() && !self.sectors.is_some_and(|s| s.matters())
    }
}

/// Refits of particles whose sectors are drawn from those of this one, with replacement: draws `draws` of an endless row.
///
/// The same sectors in all frames: facets and a core off its center are the same from frame to frame, and so is what they do to D·t.
/// Draws stand √(S/(S−1)) farther from the mean than S sectors drawn from S do. In it: counting noise, lattice, facets, the atoms'
/// number; sectors count as independent. Not in it: what is the same all around the particle.
///
/// Accuracy: `tests/bootstrap.rs`. Cost: some milliseconds a draw.
///
/// # Errors
/// As [`super::fit_series`].
pub fn bootstrap(
    frames: &[FrameData],
    sectors: &[Sectors],
    (settings, fit): (&Settings, &SeriesFit),
    draws: std::ops::Range<usize>,
) -> Result<Vec<Refit>, FitError> {
    let count = sectors.first().map_or(0, |s| s.per_ring);
    let stretch = f64::sqrt(count as f64 / (count as f64 - 1.0).max(1.0));
    let values = draws.map(|draw| {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(draw as u64);
        let mut weights = vec![0.0; count];
        for _ in 0..count {
            if let Some(weight) = weights.get_mut(random.random_range(0..count)) {
                *weight += 1.0;
            }
        }
        let all = vec![1.0; count];
        let of = |(frame, sectors): (&FrameData, &Sectors)| {
            let values = frame.profile.value.iter().enumerate();
            let moved = values.map(|(k, value)| {
                let means = (sectors.mean(k, &weights), sectors.mean(k, &all));
                // Of a few pixels at the center none may be drawn.
                let (Some(drawn), Some(mean)) = means else {
                    return *value;
                };
                value + stretch * (drawn - mean)
            });
            moved.collect()
        };
        frames.iter().zip(sectors).map(of).collect()
    });
    refit_values(frames, settings, fit, values)
}

/// The intervals of a fit with the errors of its draws: percentiles at the fit's confidence, about the value; a bias of the draws widens them.
///
/// A value stays one where 95 % of the draws moved, and 95 % are not mixed through; otherwise it becomes the limit that holds for 95 % of them.
/// Limits stay limits, and as wide as the wider of both; so are values where the model misses the data ([`SeriesFit::is_misfit`]).
pub fn drawn_intervals(fit: &SeriesFit, draws: &[Refit]) -> Vec<Interval> {
    let of = |(i, interval): (usize, &Interval)| {
        let mut dtau: Vec<f64> = draws
            .iter()
            .filter_map(|d| d.dtau_nm2.get(i).copied())
            .collect();
        if dtau.len() < 20 {
            return interval.clone();
        }
        dtau.sort_by(f64::total_cmp);
        let at = |share: f64| percentile(&dtau, share);
        let (sd, wider) = about(&dtau, interval.dtau_nm2);
        // The ends lie about the value as the draws do about their middle, and as much farther as both differ.
        let end = |share: f64| {
            let ratio = libm::log(at(share) / at(0.5).max(f64::MIN_POSITIVE));
            interval.dtau_nm2 * libm::exp(wider * ratio)
        };
        let mixed = draws
            .iter()
            .filter(|d| d.saturated.get(i + 1) == Some(&true));
        let mixed = mixed.count() as f64 / draws.len() as f64;
        let width = |limit: f64, one: f64| Some((libm::log(limit / one).abs() / 0.645).max(0.05));
        let mut drawn = interval.clone();
        let mut limit_to = |kind: IntervalKind, low: Option<f64>, high: Option<f64>| {
            drawn.kind = kind;
            (drawn.dtau_low_nm2, drawn.dtau_high_nm2) = (low, high);
            drawn.log_scale = match (low, high) {
                (Some(low), None) => width(low, at(0.16)),
                (None, Some(high)) => width(high, at(0.84)),
                _ => None,
            };
        };
        match interval.kind {
            IntervalKind::Value => {
                let moved = at(0.05) > 1e-4 * interval.dtau_nm2;
                let half = 0.5 * fit.confidence;
                match (moved, mixed < 0.05) {
                    (true, true) => {
                        drawn.dtau_low_nm2 = Some(end(0.5 - half));
                        drawn.dtau_high_nm2 = Some(end(0.5 + half));
                    }
                    (false, true) => limit_to(IntervalKind::Upper, None, Some(at(0.95))),
                    (true, false) => limit_to(IntervalKind::Lower, Some(at(0.05)), None),
                    (false, false) => limit_to(IntervalKind::None, None, None),
                }
                drawn.dtau_se_nm2 = Some(sd);
                if fit.is_misfit() && drawn.kind == IntervalKind::Value {
                    let either = |a: Option<f64>, b: Option<f64>, pick: fn(f64, f64) -> f64| {
                        a.zip(b).map(|(a, b)| pick(a, b)).or(a)
                    };
                    drawn.dtau_se_nm2 = either(Some(sd), interval.dtau_se_nm2, f64::max);
                    drawn.dtau_low_nm2 =
                        either(drawn.dtau_low_nm2, interval.dtau_low_nm2, f64::min);
                    drawn.dtau_high_nm2 =
                        either(drawn.dtau_high_nm2, interval.dtau_high_nm2, f64::max);
                }
                // The scatter of the sectors has the atoms in it.
                drawn.dtau_atoms_se_nm2 = None;
            }
            IntervalKind::Upper => {
                let wider = |limit: f64| limit.max(at(0.95));
                drawn.dtau_high_nm2 = interval.dtau_high_nm2.map(wider);
            }
            IntervalKind::Lower => {
                let wider = |limit: f64| limit.min(at(0.05)).max(1e-3 * limit);
                drawn.dtau_low_nm2 = interval.dtau_low_nm2.map(wider);
            }
            IntervalKind::None => {}
        }
        drawn
    };
    fit.intervals.iter().enumerate().map(of).collect()
}

/// Root mean square distance of draws from a value, and the same over their standard deviation: 1 where they scatter about it.
pub fn about(draws: &[f64], value: f64) -> (f64, f64) {
    let n = draws.len().max(2) as f64;
    let mean = draws.iter().sum::<f64>() / n;
    let variance = draws.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / (n - 1.0);
    let rms = f64::sqrt(variance + (mean - value) * (mean - value));
    let wider = if variance > 0.0 {
        rms / f64::sqrt(variance)
    } else {
        1.0
    };
    (rms, wider)
}

/// The value below which this share of sorted values lies.
pub fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * sorted.len().saturating_sub(1) as f64;
    let below = f64::floor(place) as usize;
    let value = |i: usize| sorted.get(i).or(sorted.last()).copied().unwrap_or(f64::NAN);
    let (low, high) = (value(below), value(below + 1));
    low + (high - low) * (place - below as f64)
}
