//! Curves of phases that may separate, at any temperature, from a few temperatures.

use std::collections::BTreeMap;

use super::equilibrium::{Particle, Sampled};
use super::system::Phase;

/// Distance of these temperatures (K).
const RUNG_K: f64 = 20.0;

/// Sampled curves of a particle's phases, made where they are asked for.
#[derive(Default)]
pub(super) struct Ladder {
    rungs: BTreeMap<(bool, i32), Sampled>,
}

impl Ladder {
    /// The curve at a temperature: its own isotherm with interpolated samples ([`Sampled::between`]).
    pub fn sampled(&mut self, particle: &Particle, phase: Phase, temperature_k: f64) -> Sampled {
        let below = f64::floor(temperature_k / RUNG_K);
        let keys = [below, below + 1.0].map(|rung| (phase == Phase::Solid, rung as i32));
        for key in keys {
            let at_k = f64::from(key.1) * RUNG_K;
            self.rungs
                .entry(key)
                .or_insert_with(|| particle.sampled(phase, at_k));
        }
        let isotherm = particle.isotherm(phase, temperature_k);
        let share = temperature_k / RUNG_K - below;
        match keys.map(|key| self.rungs.get(&key)) {
            [Some(from), Some(to)] => Sampled::between(isotherm, [from, to], share),
            // Not while both were just made.
            _ => Sampled::new(isotherm),
        }
    }
}
