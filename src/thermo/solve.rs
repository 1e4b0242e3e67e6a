//! From tangents to a diagram.

use super::diagram::{Boundary, Congruent, Limit, PhaseDiagram, Sampling, Undefined};
use super::equilibrium::{FLOOR_K, Guess, LOWER, Melting, PHASES, Particle, over};
use super::error::{ThermoError, check_compositions, check_radius, check_term};
use super::gibbs::Point;
use super::ladder::Ladder;
use super::mole::Mole;
use super::separation::{Invariant, Separation};
use super::surface::SurfaceTerm;
use super::system::{Phase, System};
use crate::numerics::{Falling, falling};
use crate::units::GAS_CONSTANT;

/// Radius (nm) that the authors of the model give as its lower end.
pub const LEAST_TRUSTED_RADIUS_NM: f64 = 5.0;

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
/// followed from the neighboring composition. Where a phase may separate, each tangent is checked against the whole curve (exactly where samples
/// interpolated in temperature leave it open), and
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
    ladder: Ladder,
    /// Found so far; within their gaps the solidus is theirs.
    invariants: Vec<Invariant>,
    solidus: Guess,
    liquidus: Trail,
}

impl<'a> Tracer<'a> {
    fn new(particle: Particle<'a>) -> Tracer<'a> {
        let [a, b] = [0, 1].map(|element| particle.melting_point(element).unwrap_or(FLOOR_K));
        let (low, high) = (a.min(b), a.max(b));
        // Curves with an extremum, and eutectics, leave the range between the elements.
        let steps = [
            0.7 * low,
            0.85 * low,
            low,
            0.5 * (low + high),
            high,
            1.1 * high,
        ];
        let mut curves = Ladder::default();
        let mut folds = |phase| {
            steps
                .iter()
                .any(|t| curves.sampled(&particle, phase, t.max(FLOOR_K)).folds())
        };
        Tracer {
            liquid_folds: folds(Phase::Liquid),
            solid_folds: folds(Phase::Solid),
            particle,
            ladder: curves,
            invariants: Vec::new(),
            solidus: Guess::at(a),
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
        let Separation { eutectic, ties } =
            self.particle.separation(self.liquidus.guess.temperature_k);
        self.invariants.extend(eutectic);
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
                self.both(mole).map(|(liquidus, solidus_k)| {
                    leanings.push((mole.w, liquidus.other.mole.w > mole.w));
                    (solidus_k, liquidus.temperature_k)
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
            eutectic: eutectic.map(|e| e.eutectic()),
            gap: ties,
            extreme,
            undefined,
            extrapolated: self.particle.radius_nm < LEAST_TRUSTED_RADIUS_NM,
        }
    }

    /// Liquidus, and the temperature of the solidus (K), at a composition between the elements.
    fn both(&mut self, mole: Mole) -> Result<(Melting, f64), Limit> {
        let liquidus = self.stable(Phase::Liquid, mole, self.liquidus.guess)?;
        self.liquidus.follow(&liquidus);
        if self.separates(Phase::Liquid, liquidus.temperature_k, &liquidus.own) {
            return Err(Limit::LiquidSeparates);
        }
        let solidus_k = self.solidus_k(mole, liquidus.temperature_k)?;
        Ok((liquidus, solidus_k))
    }

    fn solidus_k(&mut self, mole: Mole, liquidus_k: f64) -> Result<f64, Limit> {
        if let Some(known) = self.invariants.iter().find(|known| known.gap.holds(mole.w)) {
            return Ok(known.temperature_k);
        }
        // From above: in the smallest particles a lower temperature may fulfill the conditions as well.
        let guess = Guess {
            temperature_k: liquidus_k,
            ..self.solidus
        };
        let found = self.stable(Phase::Solid, mole, guess);
        if let Ok(solidus) = found
            && !self.separates(Phase::Solid, solidus.temperature_k, &solidus.own)
        {
            self.solidus = Guess::beside(&solidus);
            return Ok(solidus.temperature_k);
        }
        let unfound = found.err().unwrap_or(Limit::NotFound);
        if !self.solid_folds {
            return Err(unfound);
        }
        let (temperature_k, invariant) = self.particle.melting_of(mole, liquidus_k)?;
        self.invariants.push(invariant.ok_or(unfound)?);
        Ok(temperature_k)
    }

    /// The boundary of a phase of fixed composition against everything the other phase offers.
    fn stable(&mut self, phase: Phase, mole: Mole, guess: Guess) -> Result<Melting, Limit> {
        let near = self.particle.tangent(phase, mole, (guess, false));
        if !self.folds(phase.other()) {
            return near;
        }
        if let Ok(found) = near {
            let temperature_k = found.temperature_k;
            // The search ended beside this temperature: what is compared must be of one.
            let slope = self.particle.isotherm(phase, temperature_k).at(mole).slope;
            let other = self
                .ladder
                .sampled(&self.particle, phase.other(), temperature_k);
            let beside = other.isotherm.touch(slope, found.other.mole.w);
            if over(&beside, &other.lowest(slope), slope) < LOWER {
                return near;
            }
        }
        self.particle.tangent(phase, mole, (guess, true))
    }

    /// Whether a composition of a phase lies within a gap of that phase.
    fn separates(&mut self, phase: Phase, temperature_k: f64, own: &Point) -> bool {
        if !self.folds(phase) || own.stiffness <= 0.0 {
            return self.folds(phase);
        }
        // Within a gap its own tangent cuts the curve.
        let curve = self.ladder.sampled(&self.particle, phase, temperature_k);
        let own = curve.isotherm.at(own.mole);
        over(&curve.lowest(own.slope), &own, own.slope) < -LOWER
            || (curve.folds_beside(&own.mole)
                && self
                    .particle
                    .sampled(phase, temperature_k)
                    .gap_around(&own.mole)
                    .is_some())
    }

    /// The first stable congruent point from the left. `leanings`: logits of liquids, and whether their solids lie to the right.
    fn extreme(&mut self, leanings: &[(f64, bool)]) -> Option<Congruent> {
        // By how much the liquid's slope exceeds the solid's where their energies are equal: the sign of dT/dx.
        let (particle, guess_k) = (self.particle, self.liquidus.guess.temperature_k);
        let climb = |w: f64| {
            let (_, [liquid, solid]) =
                particle.equal_energies(Mole::from_logit(w), guess_k).ok()?;
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
                    (0.5 * (from + to), -GAS_CONSTANT * guess_k),
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
    fn congruent(&mut self, mole: Mole, maximum: bool) -> Option<Congruent> {
        let guess_k = self.liquidus.guess.temperature_k;
        let (temperature_k, points) = self.particle.equal_energies(mole, guess_k).ok()?;
        let mut pairs = PHASES.into_iter().zip(points);
        let separates = pairs.any(|(phase, own)| self.separates(phase, temperature_k, &own));
        (!separates).then_some(Congruent {
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
