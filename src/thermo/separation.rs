//! A solid that separates into two: its miscibility gap, and where the gap meets the liquid.

use super::diagram::{Eutectic, Limit, Tie};
use super::equilibrium::{FLOOR_K, Gap, Guess, Particle, over};
use super::gibbs::Point;
use super::mole::Mole;
use super::system::Phase;

/// Ties of a gap.
const TIES: usize = 48;

/// Width (mole fraction) above which a gap is more than a surface that changes sides.
const WIDE: f64 = 0.2;

/// How often the search for the eutectic may find the gap elsewhere and start over.
const MOVES: usize = 8;

/// Three phases in equilibrium: the liquid lies on the tangent of a gap of the solid.
#[derive(Clone, Copy)]
pub(super) struct Invariant {
    pub temperature_k: f64,
    pub gap: Gap,
    liquid: Point,
}

impl Invariant {
    pub fn eutectic(&self) -> Eutectic {
        Eutectic {
            temperature_k: self.temperature_k,
            x_liquid: self.liquid.mole.second,
            x_left: self.gap.left.mole.second,
            x_right: self.gap.right.mole.second,
        }
    }
}

/// What the solid's miscibility gap does.
#[derive(Default)]
pub(super) struct Separation {
    /// Where it meets the liquid.
    pub eutectic: Option<Invariant>,
    /// The gap from there, or from its own top, down; temperature rising.
    pub ties: Vec<Tie>,
}

impl Particle<'_> {
    /// Where the solid of this composition begins to melt (K), and what it consists of there if that is two solids.
    pub fn melting_of(&self, mole: Mole, guess_k: f64) -> Result<(f64, Option<Invariant>), Limit> {
        let mut last = None;
        let force = |t| {
            let solid = self.sampled(Phase::Solid, t);
            let gap = solid.gap_around(&mole);
            let base = gap.map_or_else(|| solid.isotherm.at(mole), |gap| gap.left);
            let slope = gap.map_or(base.slope, |gap| gap.slope);
            let liquid = self.sampled(Phase::Liquid, t).lowest(slope);
            last = gap.map(|gap| Invariant {
                temperature_k: t,
                gap,
                liquid,
            });
            over(&liquid, &base, slope)
        };
        let (temperature_k, _) = self.temperature(force, Guess::at(guess_k))?;
        let invariant = last.map(|last| Invariant {
            temperature_k,
            ..last
        });
        Ok((temperature_k, invariant))
    }

    /// The solid's miscibility gap, if it has one at the lowest temperature. `guess_k`: where it may melt.
    pub fn separation(&self, guess_k: f64) -> Separation {
        let Some(mut gap) = self.miscibility_gap(FLOOR_K) else {
            return Separation::default();
        };
        for _ in 0..MOVES {
            let middle = 0.5 * (gap.left.mole.second + gap.right.mole.second);
            match self.melting_of(Mole::from_fraction(middle), guess_k) {
                Ok((top_k, Some(invariant))) => {
                    return Separation {
                        eutectic: Some(invariant),
                        ties: self.ties(invariant.gap, top_k),
                    };
                }
                Ok((temperature_k, None)) => match self.miscibility_gap(temperature_k) {
                    // Where its middle was, the solid mixes before it melts: the gap is elsewhere.
                    Some(narrower) => gap = narrower,
                    None => {
                        return Separation {
                            eutectic: None,
                            ties: self.closed_ties(temperature_k),
                        };
                    }
                },
                // Molten at all temperatures.
                Err(_) => break,
            }
        }
        Separation::default()
    }

    /// The widest gap of the solid at a temperature, unless it is only where a surface changes from one element to the other: narrow, and
    /// not there in the bulk.
    fn miscibility_gap(&self, temperature_k: f64) -> Option<Gap> {
        let gap = self.sampled(Phase::Solid, temperature_k).widest_gap()?;
        let bulk = Particle {
            radius_nm: f64::INFINITY,
            ..*self
        };
        let bulk = bulk.sampled(Phase::Solid, temperature_k);
        (gap.width() > WIDE || bulk.folds_within(&gap)).then_some(gap)
    }

    /// Ties of a gap that closes below a temperature, its top (where the solid just ceases to be stable) included.
    fn closed_ties(&self, closed_k: f64) -> Vec<Tie> {
        let mut top = 0.0;
        let force = |t| {
            let softest = self.sampled(Phase::Solid, t).softest();
            top = softest.0;
            -softest.1
        };
        let Ok((top_k, _)) = self.temperature(force, Guess::at(closed_k)) else {
            return Vec::new();
        };
        // As many steps down as the first of the ties is.
        let first_k = top_k - (top_k - FLOOR_K) / ((TIES - 1) * (TIES - 1)) as f64;
        let first = self.isotherm(Phase::Solid, first_k).gap_beside(top);
        let mut ties = first.map_or_else(Vec::new, |gap| self.ties(gap, top_k));
        let x = Mole::from_logit(top).second;
        ties.push(Tie {
            temperature_k: top_k,
            x_left: x,
            x_right: x,
        });
        ties
    }

    /// A gap followed down from `top_k`, temperature rising.
    fn ties(&self, top: Gap, top_k: f64) -> Vec<Tie> {
        let mut gap = top;
        let mut ties = Vec::new();
        for i in 0..TIES {
            // Closer near the top, where a gap that closes does so as a square root.
            let depth = i as f64 / (TIES - 1) as f64;
            let temperature_k = top_k - (top_k - FLOOR_K) * depth * depth;
            let solid = self.isotherm(Phase::Solid, temperature_k);
            // At its very top a gap that closes has no tie.
            if let Some(found) = solid.gap(&gap.left, &gap.right) {
                gap = found;
                ties.push(Tie {
                    temperature_k,
                    x_left: gap.left.mole.second,
                    x_right: gap.right.mole.second,
                });
            } else if i > 0 {
                break;
            }
        }
        ties.reverse();
        ties
    }
}
