//! What limits the answer: every input with its uncertainty, and what that does to D and E.
//!
//! Propagation as in the Guide to the Expression of Uncertainty in Measurement (JCGM 100): each input is moved by one standard uncertainty to
//! either side, the series is fitted again, and half the difference is its contribution; independent inputs add in quadrature.

mod question;

pub use question::Question;

use serde::{Deserialize, Serialize};

use crate::numerics::sort_by;

/// Standard uncertainties of what the images do not tell: decisions of the user.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Inputs {
    /// Of the probe's standard deviation, relative.
    pub probe: f64,
    /// Of the Z exponent.
    pub z_exponent: f64,
    /// Of a contrast ratio that was typed, relative.
    pub ratio: f64,
    /// Of the pixel size, relative.
    pub pixel: f64,
    /// Of radii and σ that are held, relative.
    pub radius: f64,
    /// Of the background under the particle: a bowl of this share of the particle's height at R_B, another one in every frame.
    pub background: f64,
    /// Of the heater's calibration: relative, of the distance from room temperature, the same in all steps.
    pub temperature_scale: f64,
    /// Of each step's temperature by itself (K), where the step has none of its own.
    pub temperature_step_k: f64,
}

impl Default for Inputs {
    fn default() -> Inputs {
        Inputs {
            probe: 0.2,
            z_exponent: 0.05,
            ratio: 0.03,
            pixel: 0.02,
            radius: 0.01,
            background: 0.002,
            temperature_scale: 0.02,
            temperature_step_k: 2.0,
        }
    }
}

/// Where an error comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// Counting noise, and what is fitted along with D: shape, gain and background of every frame.
    Noise,
    /// The finite number of atoms.
    Atoms,
    /// Centers of the particle.
    Center,
    /// R_A, R_B and σ, where they are held.
    Radius,
    /// Background that is no plane.
    Background,
    /// Probe.
    Probe,
    /// Z exponent or contrast ratio.
    Contrast,
    /// Calibration of the heater.
    TemperatureScale,
    /// Temperature of each step by itself.
    TemperatureStep,
    /// Pixel size.
    Pixel,
    /// Scheme.
    Scheme,
}

impl Source {
    /// All, in the order of the tables.
    pub const ALL: [Source; 11] = [
        Source::Noise,
        Source::Atoms,
        Source::Center,
        Source::Radius,
        Source::Background,
        Source::Probe,
        Source::Contrast,
        Source::TemperatureScale,
        Source::TemperatureStep,
        Source::Pixel,
        Source::Scheme,
    ];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Source::Noise => "noise",
            Source::Atoms => "number of atoms",
            Source::Center => "center",
            Source::Radius => "radii held",
            Source::Background => "background",
            Source::Probe => "probe",
            Source::Contrast => "Z contrast",
            Source::TemperatureScale => "temperature scale",
            Source::TemperatureStep => "temperature of each step",
            Source::Pixel => "pixel size",
            Source::Scheme => "scheme",
        }
    }
}

/// What is asked of the budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The activation energy (J/mol).
    Energy,
    /// ln D of an interval, by its place.
    Interval(usize),
}

/// What one source does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    /// Which.
    pub source: Source,
    /// Whether the stated intervals hold it already; those of D·t never hold temperatures: see [`Contribution::is_held`].
    pub held: bool,
    /// Change of ln D by one standard uncertainty, by interval; `None` where there is no value, infinite where the uncertainty can take the
    /// value away. With a sign where the input has a direction.
    pub ln_d: Vec<Option<f64>>,
    /// Change of E (J/mol).
    pub energy_j_mol: Option<f64>,
    /// Change of ln D at the temperature where the line is known best.
    pub ln_d_reference: Option<f64>,
}

impl Contribution {
    /// Whether the stated interval of a target holds it.
    pub fn is_held(&self, target: Target) -> bool {
        let of_temperature = matches!(
            self.source,
            Source::TemperatureScale | Source::TemperatureStep
        );
        self.held && (target == Target::Energy || !of_temperature)
    }

    /// What it does to a target.
    pub fn effect(&self, target: Target) -> Option<f64> {
        match target {
            Target::Energy => self.energy_j_mol,
            Target::Interval(k) => self.ln_d.get(k).copied().flatten(),
        }
    }
}

/// All contributions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    /// One a source.
    pub contributions: Vec<Contribution>,
}

impl Budget {
    /// Puts in a contribution, in place of an earlier one of the same source.
    pub fn put(&mut self, contribution: Contribution) {
        self.contributions
            .retain(|c| c.source != contribution.source);
        let place = |c: &Contribution| Source::ALL.iter().position(|s| *s == c.source);
        let before = |c: &Contribution| place(c) < place(&contribution);
        let at = self.contributions.partition_point(before);
        self.contributions.insert(at, contribution);
    }

    /// Whether all sources have been asked.
    pub fn is_complete(&self) -> bool {
        self.contributions.len() >= Source::ALL.len()
    }

    /// Standard error with all sources in it; `None` where there is no value, infinite where a source can take it away.
    pub fn total(&self, target: Target) -> Option<f64> {
        let square = |c: &Contribution| c.effect(target).map(|e| e * e);
        let squares: Vec<f64> = self.contributions.iter().filter_map(square).collect();
        (!squares.is_empty()).then(|| f64::sqrt(squares.iter().sum()))
    }

    /// The sources with their shares of the variance, largest first.
    pub fn shares(&self, target: Target) -> Vec<(Source, f64)> {
        let Some(total) = self.total(target).filter(|t| *t > 0.0) else {
            return Vec::new();
        };
        let endless = |c: &&Contribution| c.effect(target).is_some_and(f64::is_infinite);
        let endless = self.contributions.iter().filter(endless).count();
        let share = |c: &Contribution| {
            let e = c.effect(target)?;
            let share = match endless {
                0 => (e / total).powi(2),
                _ if e.is_infinite() => 1.0 / endless as f64,
                _ => 0.0,
            };
            Some((c.source, share))
        };
        let mut shares: Vec<(Source, f64)> = self.contributions.iter().filter_map(share).collect();
        sort_by(&mut shares, |a, b| b.1.total_cmp(&a.1));
        shares
    }

    /// Variance of ln D at the line's reference temperature, of E, and their covariance, all sources in it; `None` where they have no end.
    pub fn line_covariance(&self) -> Option<(f64, f64, f64)> {
        let mut sum = (0.0, 0.0, 0.0);
        let mut any = false;
        for c in &self.contributions {
            if let (Some(level), Some(energy)) = (c.ln_d_reference, c.energy_j_mol) {
                sum.0 += level * level;
                sum.1 += energy * energy;
                // What comes from many independent steps has no direction of its own.
                let directed = matches!(
                    c.source,
                    Source::Probe
                        | Source::Contrast
                        | Source::TemperatureScale
                        | Source::Pixel
                        | Source::Scheme
                );
                sum.2 += if directed { level * energy } else { 0.0 };
                any = true;
            }
        }
        (any && sum.0.is_finite() && sum.1.is_finite()).then_some(sum)
    }
}
