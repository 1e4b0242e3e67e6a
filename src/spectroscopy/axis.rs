//! Energies of channels, windows on them.

use core::ops::Range;

use serde::{Deserialize, Serialize};

use super::SpectroscopyError;
use crate::signal::Axis;

/// Energies of the channels: channel i is centered at `first_ev` + i `step_ev`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EnergyAxis {
    /// Center of channel 0 (eV).
    pub first_ev: f64,
    /// Width of a channel (eV).
    pub step_ev: f64,
    /// Number of channels.
    pub channels: usize,
}

/// Finest channel that is taken for one (eV): a tenth of what resolves vibrations. What is worked out on a grid of channels is never larger than
/// a file is.
const FINEST_EV: f64 = 1e-4;

impl EnergyAxis {
    /// The axis of a file, whose unit must be eV or keV.
    ///
    /// # Errors
    /// Another unit, or a step that is not positive or finer than any spectrometer's.
    pub fn of(axis: &Axis) -> Result<EnergyAxis, SpectroscopyError> {
        let unit = axis.unit.trim();
        let ev = match unit.to_ascii_lowercase().as_str() {
            "ev" => 1.0,
            "kev" => 1000.0,
            _ => return Err(SpectroscopyError::NoEnergyAxis { unit: unit.into() }),
        };
        let (first_ev, step_ev) = (axis.offset * ev, axis.scale * ev);
        if !(step_ev >= FINEST_EV && step_ev.is_finite() && first_ev.is_finite()) {
            return Err(SpectroscopyError::Step { step_ev });
        }
        Ok(EnergyAxis {
            first_ev,
            step_ev,
            channels: axis.size,
        })
    }

    /// Energy of a channel's center (eV).
    pub fn energy_ev(&self, channel: usize) -> f64 {
        self.first_ev + channel as f64 * self.step_ev
    }

    /// Energies of all channels (eV).
    pub fn energies_ev(&self) -> Vec<f64> {
        (0..self.channels).map(|i| self.energy_ev(i)).collect()
    }

    /// Center of the last channel (eV).
    pub fn last_ev(&self) -> f64 {
        self.energy_ev(self.channels.saturating_sub(1))
    }

    /// Whole channels whose centers lie in the window: `from_ev` ≤ E < `to_ev`. Empty where there are none.
    pub fn within(&self, window: Window) -> Range<usize> {
        // A center that meets the limit but for rounding belongs where the limit says.
        let index = |ev: f64| {
            let at = f64::ceil((ev - self.first_ev) / self.step_ev - 1e-6);
            at.clamp(0.0, self.channels as f64) as usize
        };
        let (from, to) = (index(window.from_ev), index(window.to_ev));
        from..to.max(from)
    }

    /// Like [`EnergyAxis::within`], with at least `least` channels.
    ///
    /// # Errors
    /// [`SpectroscopyError::Window`].
    pub fn at_least(
        &self,
        window: Window,
        least: usize,
    ) -> Result<Range<usize>, SpectroscopyError> {
        let range = self.within(window);
        if range.len() < least {
            return Err(SpectroscopyError::Window {
                window,
                first_ev: self.first_ev,
                last_ev: self.last_ev(),
                least,
            });
        }
        Ok(range)
    }

    /// Whether the window lies within the channels, half a channel apart.
    pub fn holds(&self, window: Window) -> bool {
        let half = 0.5 * self.step_ev;
        window.from_ev >= self.first_ev - half && window.to_ev <= self.last_ev() + 3.0 * half
    }
}

/// An interval of energies: from one end, which belongs to it, to the other, which does not.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Window {
    /// Lower end (eV).
    pub from_ev: f64,
    /// Upper end (eV).
    pub to_ev: f64,
}

impl Window {
    /// From `from_ev` to `to_ev`.
    pub fn new(from_ev: f64, to_ev: f64) -> Window {
        Window { from_ev, to_ev }
    }

    /// Width (eV).
    pub fn width_ev(&self) -> f64 {
        self.to_ev - self.from_ev
    }

    /// What holds both.
    pub fn and(self, other: Window) -> Window {
        Window::new(self.from_ev.min(other.from_ev), self.to_ev.max(other.to_ev))
    }
}
