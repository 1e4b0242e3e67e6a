//! Which of the two elements is inside: the first image tells.

use serde::{Deserialize, Serialize};

use super::Setting;
use super::joint::{self, Point};
use super::problem::{FitError, FrameData, Problem, Settings};

/// How well one image of the initial state is described by the pair as given, by the pair exchanged, and by no core at all.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrangement {
    /// Reduced χ² as given.
    pub chi2_red: f64,
    /// Reduced χ² with core and shell exchanged.
    pub chi2_red_exchanged: f64,
    /// Reduced χ² of a homogeneous sphere.
    pub chi2_red_mixed: f64,
    /// Bins less fitted parameters.
    pub degrees_of_freedom: usize,
}

/// What an [`Arrangement`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inside {
    /// The core is inside as given.
    AsGiven,
    /// The shell's element is inside.
    Exchanged,
    /// The image does not tell: mixed already, too noisy, or too little contrast.
    Untold,
}

/// Distance in χ², in units of the best fit's χ²/ν, from which on one order is believed: five standard deviations.
const FIVE_SIGMA: f64 = 25.0;

/// Ratio of χ² that is asked for besides: where no description is true to the noise, small differences come from what all of
/// them leave out.
const CLEARLY_BETTER: f64 = 1.5;

/// Fall of χ², as a part of it, at which a fit is near enough: half of it is what counts.
const PRECISION: f64 = 0.01;

impl Arrangement {
    /// The verdict: one order must be better than the other and than a homogeneous sphere, by five standard deviations and by half
    /// of its χ².
    pub fn inside(&self) -> Inside {
        let (given, exchanged) = (self.chi2_red, self.chi2_red_exchanged);
        let best = given.min(exchanged);
        let next = given.max(exchanged).min(self.chi2_red_mixed);
        let distance = (next - best) * self.degrees_of_freedom as f64 / best.max(1.0);
        let told = distance >= FIVE_SIGMA && next >= CLEARLY_BETTER * best.max(1.0);
        if !told {
            Inside::Untold
        } else if given < exchanged {
            Inside::AsGiven
        } else {
            Inside::Exchanged
        }
    }
}

/// Fits the initial state (eqs 1-3, projected and blurred) to one image three times: with w_core/w_shell as in the settings, with
/// its inverse, and with 1, which is a homogeneous sphere.
///
/// The projection is w_B times the chord of the particle plus (w_A − w_B) times that of the core. With gain and background free, the
/// sign of the second term is what an image shows: its middle is dimmer than a homogeneous sphere's when the lighter element
/// is inside, and brighter when the heavier one is. Radii and σ are as free as in the settings; the contrast is held.
///
/// Accuracy: `tests/arrangement.rs` (both orders, down to a tenth of the samples' dose; mixed particles are `Untold`). Not for images of
/// a particle that has been heated, nor for elements of the same contrast, where both orders fit alike.
///
/// # Errors
/// [`FitError`] for a profile or settings that no fit can use.
pub fn arrangement(frame: &FrameData, settings: &Settings) -> Result<Arrangement, FitError> {
    let frames = std::slice::from_ref(frame);
    let fitted = |contrast: f64, radius_a_nm: Setting| -> Result<(f64, usize), FitError> {
        let settings = Settings {
            contrast,
            contrast_free: false,
            radius_a_nm,
            ..settings.clone()
        };
        let problem = Problem::new(frames, &settings)?;
        let start = Point {
            shared: joint::start(&problem)?,
            tau: vec![0.0],
        };
        let free = problem.free();
        let enough = |chi2: f64| PRECISION * chi2;
        let chi2 = joint::solve_to(&problem, start, (&free, &[0]), enough)?.chi2;
        // Gain and background beside the shape.
        let unknowns = 2 + free.len();
        Ok((chi2, frame.profile.len().saturating_sub(unknowns).max(1)))
    };
    let (given, degrees_of_freedom) = fitted(settings.contrast, settings.radius_a_nm)?;
    let (exchanged, _) = fitted(1.0 / settings.contrast, settings.radius_a_nm)?;
    // A core that shows nowhere: its radius is none to fit.
    let (mixed, _) = fitted(1.0, Setting::Fixed(0.5 * frame.edge))?;
    let reduced = |chi2: f64| chi2 / degrees_of_freedom as f64;
    Ok(Arrangement {
        chi2_red: reduced(given),
        chi2_red_exchanged: reduced(exchanged),
        chi2_red_mixed: reduced(mixed),
        degrees_of_freedom,
    })
}
