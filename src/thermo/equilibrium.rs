//! Tangents: where two compositions, of one phase or of two, are in equilibrium.

use std::sync::LazyLock;

use super::diagram::Limit;
use super::gibbs::{Isotherm, Point};
use super::mole::Mole;
use super::surface::SurfaceTerm;
use super::system::{Phase, System};
use crate::numerics::{Falling, falling, newton};

/// Lowest temperature of the SGTE data (K): below it no boundary is sought.
pub(super) const FLOOR_K: f64 = 298.15;

/// Boundaries are sought up to so many times the higher bulk melting point.
const CEILING: f64 = 3.0;

/// Entropy of melting (J mol⁻¹ K⁻¹) that a search starts with: all metals lie near 9.
const ENTROPY_GUESS: f64 = 9.0;

/// Last step of a search for a temperature (K). The force is all but linear there: the error is below 1e-8 K.
const TEMPERATURE_TOLERANCE_K: f64 = 1e-5;

/// Last step of a search for the logit of a composition, itself taken along the curve: what it leaves of an energy is of the order of
/// its cube.
const LOGIT_TOLERANCE: f64 = 1e-5;

/// The same while the temperature is still sought: each step towards that starts from the logit found at the one before.
const FOLLOWED_TOLERANCE: f64 = 3e-4;

/// Widest logit of a bulk composition: 1e-26, no atom in any particle.
const WIDEST: f64 = 60.0;

/// Temperatures of the scan for a boundary that a search has missed.
const RUNGS: usize = 32;

/// Samples of a phase that may separate: half a logit apart.
const SAMPLES: usize = 41;

/// Logit of the outermost samples: 45 parts in a million.
const OUTERMOST_SAMPLE: f64 = 10.0;

/// Where they lie: the same for every curve.
static SAMPLED: LazyLock<[Mole; SAMPLES]> = LazyLock::new(|| {
    let last = (SAMPLES - 1) as f64;
    core::array::from_fn(|i| Mole::from_logit(OUTERMOST_SAMPLE * (2.0 * i as f64 / last - 1.0)))
});

/// Logits by which the ends of a gap may lie outside the samples that show it.
const OUTSIDE: f64 = 1.0;

/// Height over the lowest sample, in RT, from which a sample shows that the curve comes no lower near it: between two samples a
/// stable curve sags by x (1 − x) (½ logit)²/8 of its stiffness, less than a hundredth.
const HIGH: f64 = 0.1;

/// Logits from the middle of a narrow gap at which the search for its ends begins.
const BESIDE: f64 = 1.0;

/// Logits by which the ends of a gap differ at least: nearer to its top it counts as closed.
const LEAST_GAP: f64 = 1e-3;

/// The order in which pairs of phases are held.
pub(super) const PHASES: [Phase; 2] = [Phase::Liquid, Phase::Solid];

/// By how much (J/mol) a tangent must be lower to replace another: rounding stays far below.
pub(super) const LOWER: f64 = 1e-6;

/// A pair in a particle of one radius.
#[derive(Clone, Copy)]
pub(super) struct Particle<'a> {
    pub system: &'a System,
    pub term: &'a SurfaceTerm,
    pub radius_nm: f64,
}

/// Two compositions of one phase on a common tangent, all between them unstable.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    pub left: Point,
    pub right: Point,
    /// Slope of the tangent.
    pub slope: f64,
}

impl Gap {
    /// Mole fraction from end to end.
    pub fn width(&self) -> f64 {
        self.right.mole.minus(&self.left.mole)
    }

    /// Whether a composition, given by its logit, lies within.
    pub fn holds(&self, logit: f64) -> bool {
        (self.left.mole.w..=self.right.mole.w).contains(&logit)
    }
}

/// By how much (J/mol) `point` lies over the line of this slope through `base`.
pub(super) fn over(point: &Point, base: &Point, slope: f64) -> f64 {
    point.energy - base.energy - slope * point.mole.minus(&base.mole)
}

impl Isotherm {
    /// The composition whose tangent has this slope, near a logit: a minimum of G − slope · x.
    pub fn touch(&self, slope: f64, start: f64) -> Point {
        self.touch_within(slope, start, LOGIT_TOLERANCE)
    }

    fn touch_within(&self, slope: f64, start: f64, tolerance: f64) -> Point {
        let (point, step) = newton(
            |w| {
                let point = self.at(Mole::from_logit(w));
                (point, [point.slope - slope, point.stiffness, 0.0])
            },
            start,
            (-WIDEST, WIDEST),
            tolerance,
        );
        point.shifted(step)
    }

    /// The common tangent around an unstable composition, if it is a narrow one.
    pub fn gap_beside(&self, logit: f64) -> Option<Gap> {
        let [left, right] = [-BESIDE, BESIDE].map(|aside| self.at(Mole::from_logit(logit + aside)));
        self.gap(&left, &right)
    }

    /// The common tangent of two compositions next to the two given; `None` where they are no longer apart.
    pub fn gap(&self, left: &Point, right: &Point) -> Option<Gap> {
        let (mut left, mut right) = (*left, *right);
        let mut slope = (right.energy - left.energy) / right.mole.minus(&left.mole);
        for _ in 0..50 {
            left = self.touch(slope, left.mole.w);
            right = self.touch(slope, right.mole.w);
            let apart = right.mole.w - left.mole.w > LEAST_GAP;
            if !(apart && left.stiffness > 0.0 && right.stiffness > 0.0) {
                return None;
            }
            // Both heights over a line fall as it gets steeper, the right one's faster by the distance.
            let height = over(&right, &left, slope);
            slope += height / right.mole.minus(&left.mole);
            if height.abs() < LOWER {
                return Some(Gap { left, right, slope });
            }
        }
        None
    }
}

/// The curve of a phase that may separate: samples show what a tangent followed from its neighbor would miss.
pub(super) struct Sampled {
    pub isotherm: Isotherm,
    points: Vec<Point>,
}

impl Sampled {
    pub fn new(isotherm: Isotherm) -> Sampled {
        let points = SAMPLED.iter().map(|mole| isotherm.at(*mole)).collect();
        Sampled { isotherm, points }
    }

    /// The curve at a temperature between those of two others, of which `share` belongs to the second.
    ///
    /// Only as good as is needed to see where an exact look is worth while: energies are off by some h² R/(8 T), h the distance of the
    /// two temperatures. Where a surface changes sides they are too low.
    pub fn between(isotherm: Isotherm, ends: [&Sampled; 2], share: f64) -> Sampled {
        let [from, to] = ends.map(|end| &end.points);
        let points = from.iter().zip(to).map(|(a, b)| Point {
            energy: a.energy + share * (b.energy - a.energy),
            stiffness: a.stiffness.min(b.stiffness),
            ..*a
        });
        Sampled {
            points: points.collect(),
            isotherm,
        }
    }

    /// Whether some composition is unstable.
    pub fn folds(&self) -> bool {
        self.points.iter().any(|p| p.stiffness <= 0.0)
    }

    /// The softest composition: its logit and stiffness, by a parabola through the softest sample and its neighbors.
    pub fn softest(&self) -> (f64, f64) {
        let inner = self.points.windows(3);
        let softest = inner.min_by(|a, b| a[1].stiffness.total_cmp(&b[1].stiffness));
        let Some([before, here, after]) = softest else {
            return (0.0, f64::INFINITY);
        };
        let (rise, fall) = (
            after.stiffness - here.stiffness,
            before.stiffness - here.stiffness,
        );
        // In units of the samples' distance from the middle one.
        let shift = 0.5 * (fall - rise) / (fall + rise);
        let shift = if shift.abs() <= 1.0 { shift } else { 0.0 };
        (
            here.mole.w + shift * (after.mole.w - here.mole.w),
            here.stiffness - 0.5 * (fall + rise) * shift * shift,
        )
    }

    /// Whether some composition within a gap (of this curve or another) is unstable.
    pub fn folds_within(&self, gap: &Gap) -> bool {
        self.points
            .iter()
            .any(|p| p.stiffness <= 0.0 && gap.holds(p.mole.w))
    }

    /// Whether the curve is unstable somewhere beside a composition.
    pub fn folds_beside(&self, mole: &Mole) -> bool {
        let beside = |p: &&Point| (p.mole.w - mole.w).abs() < 2.0 * OUTSIDE;
        self.points
            .iter()
            .filter(beside)
            .any(|p| p.stiffness <= 0.0)
    }

    /// Where a line of this slope touches the whole curve from below.
    pub fn lowest(&self, slope: f64) -> Point {
        let heights: Vec<f64> = self
            .points
            .iter()
            .map(|p| p.energy - slope * p.mole.second)
            .collect();
        let least = heights.iter().copied().fold(f64::INFINITY, f64::min);
        let mut best: Option<Point> = None;
        for (i, (here, height)) in self.points.iter().zip(&heights).enumerate() {
            let rises = |to: Option<&f64>| to.is_none_or(|to| to >= height);
            let before = i.checked_sub(1).and_then(|i| heights.get(i));
            if rises(before)
                && rises(heights.get(i + 1))
                && *height < least + HIGH * self.isotherm.rt
            {
                let point = self.isotherm.touch(slope, here.mole.w);
                if best.is_none_or(|best| over(&point, &best, slope) < 0.0) {
                    best = Some(point);
                }
            }
        }
        // There is a lowest sample, unless none is a number.
        best.unwrap_or_else(|| self.isotherm.touch(slope, 0.0))
    }

    /// Pairs of samples that show a miscibility gap: the long edges of the samples' lower hull.
    fn edges(&self) -> Vec<(&Point, &Point)> {
        let mut hull: Vec<(usize, &Point)> = Vec::new();
        for (i, point) in self.points.iter().enumerate() {
            while let [.., (_, a), (_, b)] = hull[..] {
                let chord = (point.energy - a.energy) / point.mole.minus(&a.mole);
                if over(b, a, chord) < 0.0 {
                    break;
                }
                hull.pop();
            }
            hull.push((i, point));
        }
        let edges = hull.windows(2).filter_map(|edge| match edge {
            [(i, a), (k, b)] if k - i > 1 => Some((*a, *b)),
            _ => None,
        });
        edges.collect()
    }

    /// The miscibility gaps among those whose samples, given by their logits, are `wanted`.
    fn gaps(&self, wanted: impl Fn(f64, f64) -> bool) -> Vec<Gap> {
        let edges = self.edges();
        let wanted = |(a, b): &&(&Point, &Point)| wanted(a.mole.w, b.mole.w);
        let shown = edges.iter().filter(wanted);
        let mut gaps: Vec<Gap> = shown.filter_map(|(a, b)| self.isotherm.gap(a, b)).collect();
        // One that is about to close passes between the samples.
        let (softest, stiffness) = self.softest();
        let inside = |(a, b): &(&Point, &Point)| (a.mole.w..=b.mole.w).contains(&softest);
        if stiffness <= 0.0
            && !edges.iter().any(inside)
            && !gaps.iter().any(|gap| gap.holds(softest))
        {
            gaps.extend(self.isotherm.gap_beside(softest));
        }
        gaps
    }

    /// The gap around a composition.
    pub fn gap_around(&self, mole: &Mole) -> Option<Gap> {
        self.gaps(|left, right| (left - OUTSIDE..=right + OUTSIDE).contains(&mole.w))
            .into_iter()
            .find(|gap| gap.holds(mole.w))
    }

    /// The widest gap.
    pub fn widest_gap(&self) -> Option<Gap> {
        self.gaps(|_, _| true)
            .into_iter()
            .max_by(|a, b| a.width().total_cmp(&b.width()))
    }
}

/// Where a phase of fixed composition is in equilibrium with the other phase.
#[derive(Clone, Copy, Debug)]
pub(super) struct Melting {
    pub temperature_k: f64,
    /// The phase of fixed composition.
    pub own: Point,
    /// The other.
    pub other: Point,
    /// How the driving force falls with temperature (J mol⁻¹ K⁻¹).
    pub slope: f64,
}

/// Where a search for a [`Melting`] starts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Guess {
    pub temperature_k: f64,
    /// Logit of the other phase's composition over that of the own one's.
    pub lead: f64,
    /// As [`Melting::slope`].
    pub slope: f64,
}

impl Guess {
    /// Knowing no more than a temperature.
    pub fn at(temperature_k: f64) -> Guess {
        Guess {
            temperature_k,
            lead: 0.0,
            slope: -ENTROPY_GUESS,
        }
    }

    /// From what was found next to it.
    pub fn beside(found: &Melting) -> Guess {
        Guess {
            temperature_k: found.temperature_k,
            lead: found.other.mole.w - found.own.mole.w,
            // A shallow slope would leap.
            slope: found.slope.min(-0.5 * ENTROPY_GUESS),
        }
    }
}

impl Particle<'_> {
    pub fn isotherm(&self, phase: Phase, temperature_k: f64) -> Isotherm {
        Isotherm::new(self.system, self.term, phase, temperature_k, self.radius_nm)
    }

    pub fn sampled(&self, phase: Phase, temperature_k: f64) -> Sampled {
        Sampled::new(self.isotherm(phase, temperature_k))
    }

    /// The higher bulk melting point (K).
    fn highest_k(&self) -> f64 {
        let [a, b] = &self.system.elements;
        a.fusion.melting_point_k.max(b.fusion.melting_point_k)
    }

    /// Where a driving force (J/mol) of freezing vanishes (K), and how it falls there with temperature.
    ///
    /// In the smallest particles the force may vanish twice, the solid's tension growing faster on cooling than the energy of melting:
    /// the upper temperature is meant. Where the search ends below all data, a scan looks whether there is any.
    pub fn temperature(
        &self,
        mut force: impl FnMut(f64) -> f64,
        guess: Guess,
    ) -> Result<(f64, f64), Limit> {
        let ceiling_k = CEILING * self.highest_k().max(FLOOR_K);
        let mut search = |guess_k: f64, bracket: (f64, f64)| {
            falling(
                &mut force,
                (guess_k, guess.slope),
                bracket,
                TEMPERATURE_TOLERANCE_K,
            )
        };
        match search(guess.temperature_k, (FLOOR_K, ceiling_k)) {
            Falling::At { x, slope } => return Ok((x, slope)),
            Falling::Above => return Err(Limit::NoLiquid { ceiling_k }),
            Falling::Below => {}
        }
        let step_k = (self.highest_k() - FLOOR_K).max(0.0) / RUNGS as f64;
        for rung in 1..RUNGS {
            let low_k = self.highest_k() - step_k * rung as f64;
            // Below: not positive at the lower end.
            match search(low_k, (low_k, low_k + step_k)) {
                Falling::At { x, slope } => return Ok((x, slope)),
                Falling::Above | Falling::Below => {}
            }
        }
        Err(Limit::NoSolid { floor_k: FLOOR_K })
    }

    /// Melting point (K) of a pure element.
    pub fn melting_point(&self, element: usize) -> Result<f64, Limit> {
        let force = |t| {
            let [liquid, solid] = PHASES.map(|phase| self.isotherm(phase, t));
            liquid.end(element) - solid.end(element)
        };
        let bulk_k = self.system.elements[element].fusion.melting_point_k;
        Ok(self.temperature(force, Guess::at(bulk_k))?.0)
    }

    /// The temperature at which both phases have the same energy at one composition, between solidus and liquidus: the force of
    /// melting without a change of composition vanishes.
    pub fn equal_energies(&self, mole: Mole, guess_k: f64) -> Result<(f64, [Point; 2]), Limit> {
        let at = |t| PHASES.map(|phase| self.isotherm(phase, t).at(mole));
        let force = |t| {
            let [liquid, solid] = at(t);
            liquid.energy - solid.energy
        };
        let (temperature_k, _) = self.temperature(force, Guess::at(guess_k))?;
        Ok((temperature_k, at(temperature_k)))
    }

    /// The temperature at which `phase` of composition `mole` shares a tangent with the other phase: with the composition that a
    /// guess leads to, or `anywhere` on the other's curve.
    pub fn tangent(
        &self,
        phase: Phase,
        mole: Mole,
        (guess, anywhere): (Guess, bool),
    ) -> Result<Melting, Limit> {
        let mut logit = mole.w + guess.lead;
        let mut last = None;
        let force = |t| {
            let own = self.isotherm(phase, t).at(mole);
            let curve = self.isotherm(phase.other(), t);
            let other = if anywhere {
                Sampled::new(curve).lowest(own.slope)
            } else {
                curve.touch_within(own.slope, logit, FOLLOWED_TOLERANCE)
            };
            logit = other.mole.w;
            last = Some((own, other));
            let height = over(&other, &own, own.slope);
            match phase {
                Phase::Liquid => -height,
                Phase::Solid => height,
            }
        };
        let (temperature_k, slope) = self.temperature(force, guess)?;
        let (own, other) = last.ok_or(Limit::NotFound)?;
        Ok(Melting {
            temperature_k,
            own,
            other,
            slope,
        })
    }
}
