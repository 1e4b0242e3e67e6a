//! From tangents to a diagram.

use super::diagram::{
    Boundary, Congruent, Eutectic, Limit, PhaseDiagram, Sampling, Tie, Undefined,
};
use super::equilibrium::{FLOOR_K, Gap, Guess, LOWER, Melting, PHASES, Particle, over};
use super::error::{ThermoError, check_compositions, check_radius, check_term};
use super::gibbs::Point;
use super::mole::Mole;
use super::surface::SurfaceTerm;
use super::system::{Phase, System};
use crate::numerics::{Falling, falling};
use crate::units::GAS_CONSTANT;

/// Radius (nm) that the authors of the model give as its lower end.
pub const LEAST_TRUSTED_RADIUS_NM: f64 = 5.0;

/// Ties of a miscibility gap.
const TIES: usize = 48;

/// How often a search may find something more stable and start over.
const SWITCHES: usize = 8;

/// Error of the temperature at which a gap closes (K).
const TOP_TOLERANCE_K: f64 = 1e-3;

/// Logit of a composition that stands for a pure element's immediate neighborhood.
const NEXT_TO_PURE: f64 = 14.0;

/// Melting points (K) of the pair's pure elements in particles of one radius: G_liquid = G_solid, surface terms included.
///
/// Below r = 5 nm an extrapolation; the smallest particles have none.
pub fn melting_points(
    system: &System,
    term: &SurfaceTerm,
    radius_nm: f64,
) -> Result<[Result<f64, Limit>; 2], ThermoError> {
    check_radius(radius_nm)?;
    check_term(term)?;
    let particle = Particle {
        system,
        term,
        radius_nm,
    };
    Ok([0, 1].map(|element| particle.melting_point(element)))
}

/// Solidus and liquidus of a pair in particles of one radius.
///
/// At each composition the solidus is the temperature at which the solid shares a tangent with some liquid, the liquidus that at
/// which the liquid shares one with some solid: a root in temperature around Newton's method for the other composition,
/// followed from the neighboring composition. Where a phase may separate, each tangent is checked against the whole curve, and
/// within a gap of the solid the solidus is the three-phase temperature. Accuracy: temperatures to 1e-6 K of the model's own.
pub fn phase_diagram(
    system: &System,
    term: &SurfaceTerm,
    sampling: Sampling,
) -> Result<PhaseDiagram, ThermoError> {
    check_radius(sampling.radius_nm)?;
    check_term(term)?;
    check_compositions(sampling.compositions)?;
    let particle = Particle {
        system,
        term,
        radius_nm: sampling.radius_nm,
    };
    Ok(Tracer::new(particle).trace(sampling.compositions))
}

/// Three phases in equilibrium: the liquid lies on the tangent of a gap of the solid.
#[derive(Clone, Copy)]
struct Invariant {
    temperature_k: f64,
    gap: Gap,
    liquid: Point,
}

/// Both boundaries at one composition.
struct Both {
    solidus_k: f64,
    liquidus: Melting,
}

/// Where the next search along a curve starts.
struct Trail {
    guess: Guess,
    /// By how much the temperature changed at the last step (K).
    drift_k: f64,
}

impl Trail {
    fn from(temperature_k: f64) -> Trail {
        Trail {
            guess: Guess::at(temperature_k),
            drift_k: 0.0,
        }
    }

    fn follow(&mut self, found: &Melting) {
        // The guess lies one drift ahead of what was found last.
        let drift_k = found.temperature_k - (self.guess.temperature_k - self.drift_k);
        self.guess = Guess::beside(found);
        self.guess.temperature_k += drift_k;
        self.drift_k = drift_k;
    }
}

struct Tracer<'a> {
    particle: Particle<'a>,
    /// Phases that may separate near their melting: there every tangent is checked against the whole curve.
    liquid_folds: bool,
    solid_folds: bool,
    /// Found so far.
    invariants: Vec<Invariant>,
    solidus: Trail,
    liquidus: Trail,
}

impl<'a> Tracer<'a> {
    fn new(particle: Particle<'a>) -> Tracer<'a> {
        let [a, b] = [0, 1].map(|element| particle.melting_point(element).unwrap_or(FLOOR_K));
        let (low, high) = (a.min(b), a.max(b));
        // Curves with an extremum, and eutectics, leave the range between the elements.
        let ladder = [
            0.7 * low,
            0.85 * low,
            low,
            0.5 * (low + high),
            high,
            1.1 * high,
        ];
        let folds = |phase| {
            ladder
                .iter()
                .any(|t| particle.sampled(phase, t.max(FLOOR_K)).folds())
        };
        Tracer {
            particle,
            liquid_folds: folds(Phase::Liquid),
            solid_folds: folds(Phase::Solid),
            invariants: Vec::new(),
            solidus: Trail::from(a),
            liquidus: Trail::from(a),
        }
    }

    fn folds(&self, phase: Phase) -> bool {
        match phase {
            Phase::Liquid => self.liquid_folds,
            Phase::Solid => self.solid_folds,
        }
    }

    fn trace(mut self, compositions: usize) -> PhaseDiagram {
        let (eutectic, gap) = self.solid_gap();
        let last = compositions - 1;
        let mut boundaries: Vec<Boundary> = Vec::new();
        let mut undefined: Vec<Undefined> = Vec::new();
        let mut leanings = Vec::new();
        for i in 0..=last {
            let x = i as f64 / last as f64;
            let found = if i == 0 || i == last {
                let pure = self.particle.melting_point(usize::from(i > 0));
                pure.map(|t| (t, t))
            } else {
                let mole = Mole::from_fraction(x);
                self.both(mole).map(|both| {
                    leanings.push((mole.w, both.liquidus.other.mole.w > mole.w));
                    (both.solidus_k, both.liquidus.temperature_k)
                })
            };
            match (found, undefined.last_mut()) {
                (Ok((solidus_k, liquidus_k)), _) => boundaries.push(Boundary {
                    x,
                    solidus_k,
                    liquidus_k,
                }),
                (Err(why), Some(range))
                    if range.why == why && boundaries.last().is_none_or(|b| b.x < range.x_from) =>
                {
                    range.x_to = x;
                }
                (Err(why), _) => undefined.push(Undefined {
                    x_from: x,
                    x_to: x,
                    why,
                }),
            }
        }
        let extreme = self.extreme(&leanings);
        PhaseDiagram {
            radius_nm: self.particle.radius_nm,
            kinked: self.kinked(&boundaries),
            boundaries,
            eutectic,
            gap,
            extreme,
            undefined,
            extrapolated: self.particle.radius_nm < LEAST_TRUSTED_RADIUS_NM,
        }
    }

    /// Solidus and liquidus at a composition between the elements.
    fn both(&mut self, mole: Mole) -> Result<Both, Limit> {
        let liquidus = self.stable(Phase::Liquid, mole, self.liquidus.guess)?;
        self.liquidus.follow(&liquidus);
        if self.separates(Phase::Liquid, &liquidus) {
            return Err(Limit::LiquidSeparates);
        }
        if let Some(known) = self.invariants.iter().find(|known| known.gap.holds(&mole)) {
            let solidus_k = known.temperature_k;
            self.solidus = Trail::from(solidus_k);
            return Ok(Both {
                solidus_k,
                liquidus,
            });
        }
        let solidus = self.stable(Phase::Solid, mole, self.solidus.guess);
        if let Ok(solidus) = solidus
            && !self.separates(Phase::Solid, &solidus)
        {
            self.solidus.follow(&solidus);
            return Ok(Both {
                solidus_k: solidus.temperature_k,
                liquidus,
            });
        }
        let (true, Ok((solidus_k, Some(invariant)))) = (
            self.solid_folds,
            self.melting_of(mole, liquidus.temperature_k),
        ) else {
            return Err(solidus.err().unwrap_or(Limit::NotFound));
        };
        self.invariants.push(invariant);
        self.solidus = Trail::from(solidus_k);
        Ok(Both {
            solidus_k,
            liquidus,
        })
    }

    /// The boundary of a phase of fixed composition against everything the other phase offers.
    fn stable(&self, phase: Phase, mole: Mole, guess: Guess) -> Result<Melting, Limit> {
        let near = self.particle.tangent(phase, mole, (guess, false));
        if !self.folds(phase.other()) {
            return near;
        }
        if let Ok(found) = near {
            let other = self.particle.sampled(phase.other(), found.temperature_k);
            let slope = found.own.slope;
            if over(&found.other, &other.lowest(slope), slope) < LOWER {
                return near;
            }
        }
        self.particle.tangent(phase, mole, (guess, true))
    }

    /// Whether the phase of fixed composition lies within a gap of its own.
    fn separates(&self, phase: Phase, at: &Melting) -> bool {
        self.folds(phase)
            && (at.own.stiffness <= 0.0
                || self
                    .particle
                    .sampled(phase, at.temperature_k)
                    .gap_around(&at.own.mole)
                    .is_some())
    }

    /// Where the solid of this composition begins to melt (K), and what it consists of there if that is two solids.
    fn melting_of(&self, mole: Mole, guess_k: f64) -> Result<(f64, Option<Invariant>), Limit> {
        let mut last = None;
        let force = |t| {
            let solid = self.particle.sampled(Phase::Solid, t);
            let gap = solid.gap_around(&mole);
            let base = gap.map_or_else(|| solid.isotherm.at(mole), |gap| gap.left);
            let slope = gap.map_or(base.slope, |gap| gap.slope);
            let liquid = self.particle.sampled(Phase::Liquid, t).lowest(slope);
            last = gap.map(|gap| Invariant {
                temperature_k: t,
                gap,
                liquid,
            });
            over(&liquid, &base, slope)
        };
        let (temperature_k, _) = self.particle.temperature(force, Guess::at(guess_k))?;
        Ok((temperature_k, last))
    }

    /// The solid's miscibility gap: where it meets the liquid, and its ties from there (or from its top) down.
    fn solid_gap(&mut self) -> (Option<Eutectic>, Vec<Tie>) {
        let Some(mut gap) = self.miscibility_gap(FLOOR_K) else {
            return (None, Vec::new());
        };
        let mut top_k = FLOOR_K;
        let mut eutectic = None;
        for _ in 0..SWITCHES {
            let middle = 0.5 * (gap.left.mole.second + gap.right.mole.second);
            let guess_k = self.liquidus.guess.temperature_k;
            match self.melting_of(Mole::from_fraction(middle), guess_k) {
                Ok((temperature_k, Some(invariant))) => {
                    gap = invariant.gap;
                    top_k = temperature_k;
                    eutectic = Some(Eutectic {
                        temperature_k,
                        x_liquid: invariant.liquid.mole.second,
                        x_left: gap.left.mole.second,
                        x_right: gap.right.mole.second,
                    });
                    self.invariants.push(invariant);
                    break;
                }
                Ok((temperature_k, None)) => match self.miscibility_gap(temperature_k) {
                    // There is one at the melting of its former middle, elsewhere.
                    Some(narrower) => gap = narrower,
                    None => {
                        (top_k, gap) = self.top_of_gap(gap, (FLOOR_K, temperature_k));
                        break;
                    }
                },
                // Molten at all temperatures.
                Err(_) => return (None, Vec::new()),
            }
        }
        (eutectic, self.ties(gap, top_k))
    }

    /// The widest gap of the solid at a temperature that is due to its mixing, and not only to its surface.
    fn miscibility_gap(&self, temperature_k: f64) -> Option<Gap> {
        let gap = self
            .particle
            .sampled(Phase::Solid, temperature_k)
            .widest_gap()?;
        let bulk = Particle {
            radius_nm: f64::INFINITY,
            ..self.particle
        };
        bulk.sampled(Phase::Solid, temperature_k)
            .folds_within(&gap)
            .then_some(gap)
    }

    /// Where a gap closes, between a temperature at which it is open and one at which it is not.
    fn top_of_gap(&self, mut gap: Gap, (mut open_k, mut closed_k): (f64, f64)) -> (f64, Gap) {
        while closed_k - open_k > TOP_TOLERANCE_K {
            let middle_k = 0.5 * (open_k + closed_k);
            match self.miscibility_gap(middle_k) {
                Some(found) => (open_k, gap) = (middle_k, found),
                None => closed_k = middle_k,
            }
        }
        (open_k, gap)
    }

    /// A gap followed down from its top, temperature rising.
    fn ties(&self, top: Gap, top_k: f64) -> Vec<Tie> {
        let mut gap = top;
        let mut ties = Vec::new();
        for i in 0..TIES {
            // Closer near the top, where a gap that closes does so as a square root.
            let depth = i as f64 / (TIES - 1) as f64;
            let temperature_k = top_k - (top_k - FLOOR_K) * depth * depth;
            let solid = self.particle.isotherm(Phase::Solid, temperature_k);
            let Some(found) = solid.gap(&gap.left, &gap.right) else {
                break;
            };
            gap = found;
            ties.push(Tie {
                temperature_k,
                x_left: gap.left.mole.second,
                x_right: gap.right.mole.second,
            });
        }
        ties.reverse();
        ties
    }

    /// The first stable congruent point from the left. `leanings`: logits of liquids, and whether their solids lie to the right.
    fn extreme(&self, leanings: &[(f64, bool)]) -> Option<Congruent> {
        // By how much the liquid's slope exceeds the solid's where their energies are equal: the sign of dT/dx.
        let climb = |w: f64| {
            let guess_k = self.liquidus.guess.temperature_k;
            let (_, [liquid, solid]) = self
                .particle
                .equal_energies(Mole::from_logit(w), guess_k)
                .ok()?;
            Some(liquid.slope - solid.slope)
        };
        let end = |w: f64| climb(w).map(|climb| (w, climb > 0.0));
        let all: Vec<(f64, bool)> = end(-NEXT_TO_PURE)
            .into_iter()
            .chain(leanings.iter().copied())
            .chain(end(NEXT_TO_PURE))
            .collect();
        all.windows(2).find_map(|pair| match *pair {
            [(from, climbs), (to, climbs_on)] if climbs != climbs_on => {
                let sign = if climbs { 1.0 } else { -1.0 };
                let found = falling(
                    |w| climb(w).map_or(f64::NAN, |climb| sign * climb),
                    (
                        0.5 * (from + to),
                        -GAS_CONSTANT * self.liquidus.guess.temperature_k,
                    ),
                    (from, to),
                    1e-9,
                );
                let Falling::At { x: w, .. } = found else {
                    return None;
                };
                self.congruent(Mole::from_logit(w), climbs)
            }
            _ => None,
        })
    }

    /// A congruent point, unless a phase separates there.
    fn congruent(&self, mole: Mole, maximum: bool) -> Option<Congruent> {
        let guess_k = self.liquidus.guess.temperature_k;
        let (temperature_k, points) = self.particle.equal_energies(mole, guess_k).ok()?;
        let stable = PHASES.iter().zip(points).all(|(phase, own)| {
            !self.separates(
                *phase,
                &Melting {
                    temperature_k,
                    own,
                    other: own,
                    slope: 0.0,
                },
            )
        });
        stable.then_some(Congruent {
            x: mole.second,
            temperature_k,
            maximum,
        })
    }

    /// Whether a surface has several states at the temperatures of these boundaries.
    fn kinked(&self, boundaries: &[Boundary]) -> bool {
        let lowest = boundaries
            .iter()
            .map(|b| b.solidus_k)
            .fold(f64::INFINITY, f64::min);
        lowest.is_finite()
            && PHASES
                .iter()
                .any(|phase| self.particle.isotherm(*phase, lowest).kinked())
    }
}
