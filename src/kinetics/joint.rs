//! Eq. 5 fitted to all frames at once.

use super::arrhenius::{Arrhenius, Grounds, REFUTED, widened};
use super::history::{ASSUMED_ENERGY_J_MOL, EffectiveStep, HeatingHistory, ThermalHistory};
use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::fit::{Estimate, Mixing};
use crate::numerics::{Cholesky, chi2_survival, sort_by};
use crate::units::GAS_CONSTANT;

/// The heating between two frames, at one temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heating {
    /// Temperature (K).
    pub temperature_k: f64,
    /// Its standard error (K), independent from step to step; 0 for none.
    pub temperature_error_k: f64,
    /// Duration (s).
    pub dwell_s: f64,
}

/// Rise of χ² at which a parameter is excluded at 95 % one-sided.
const EXCLUDED: f64 = 1.645 * 1.645;

/// Standard errors from E within which it must be excluded: a parabola has risen by this squared.
const EXCLUDED_WITHIN: i32 = 4;

/// ln D = ln D0 − E/(R T) from all frames: τ_k = Σ D_j t_j is computed from D0 and E and compared to every frame's v with
/// the covariance of all of them.
///
/// Unlike a line through points, it knows that neighboring intervals share a frame and err in opposite directions, and takes frames
/// in which nothing moved, or all is mixed, as they are: no value, limit or censoring. Gauss-Newton with damping on
/// χ² = (v − v(D0, E))ᵀ C⁻¹ (v − v(D0, E)) from a scan over both. An error σ_T of a step's temperature is one of E σ_T/(R T²) of its ln D.
/// `None` when heating does not match the frames, all is at one temperature, or the frames do not determine both: an E is claimed, as a
/// D·t is, where what lies below it and what lies above it are both excluded at 95 %.
///
/// Accuracy: E is within 1.1 of its Cramér-Rao bound and its intervals hold at their rate (`alloyscope validate`, `tests/validate.rs`).
/// Not for a D that changes at fixed temperature (ripening, beam).
pub fn fit_arrhenius_to_frames(
    mixing: &Mixing,
    heating: &[Heating],
    ln_d0: Option<f64>,
    quantile: f64,
) -> Option<Arrhenius> {
    fit_arrhenius_to_histories(mixing, &Heating::histories(heating)?, ln_d0, quantile)
}

impl Heating {
    /// The same as histories; `None` where one is no heating.
    pub fn histories(heating: &[Heating]) -> Option<Vec<HeatingHistory>> {
        let of = |h: &Heating| {
            let history = ThermalHistory::constant(EffectiveStep {
                temperature_k: h.temperature_k,
                dwell_s: h.dwell_s,
            })?;
            Some(HeatingHistory {
                history,
                temperature_error_k: h.temperature_error_k,
            })
        };
        heating.iter().map(of).collect()
    }
}

/// The same for heatings whose temperature changes: τ_k = Σ ∫D(T_j(t)) dt.
pub fn fit_arrhenius_to_histories(
    mixing: &Mixing,
    heating: &[HeatingHistory],
    ln_d0: Option<f64>,
    quantile: f64,
) -> Option<Arrhenius> {
    let n = mixing.v.len();
    let sound = heating.len() == n
        && n >= 2
        && mixing.edge_nm > 0.0
        && mixing
            .v
            .iter()
            .chain(&mixing.covariance)
            .all(|v| v.is_finite());
    if !sound {
        return None;
    }
    let line = Line::new(mixing, heating, ln_d0);
    let (solution, inverse) = line.minimum()?;
    let closed = line.closed(&inverse, &solution);
    line.report(&Some(solution).filter(|_| closed)?, quantile)
}

/// That no line goes through all frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Contradiction {
    /// χ²/ν of the best line; at one temperature, of the best D.
    pub chi2_red: f64,
    /// All is at this temperature (K).
    pub isothermal_k: Option<f64>,
    /// The heating without which there is one, where it is a single one.
    pub odd: Option<OddHeating>,
}

/// A heating that does not go with all the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OddHeating {
    /// Its place in the series.
    pub place: usize,
    /// χ²/ν of the line of the others.
    pub chi2_red: f64,
    /// Its D·t over what the line of the others gives for it, from 1/1000 to 1000.
    pub factor: f64,
    /// E of the others (J/mol).
    pub energy_j_mol: f64,
}

/// χ²/ν from which a line is told to be none, where chance alone hardly gives it.
const NO_LINE: f64 = 4.0;

/// How likely chance alone may give a line that is told to be none.
const CHANCE: f64 = 1e-4;

/// Most heatings among which one is looked for.
const MOST_HEATINGS: usize = 64;

/// Whether some D0 and E describe all frames, and if not, which heating is to blame: one typing error in a table of temperatures and dwells bends every
/// line through it.
///
/// The heatings are left out one after the other: whatever its D·t, v of all later frames moves along 1 − v, and what the frames say along that direction is
/// taken out of the inverse covariance, C⁻¹ − C⁻¹d dᵀC⁻¹/(dᵀC⁻¹d). One is named where the line of the others holds and no other is as good to leave out. `None` where the line holds (χ²/ν below 4,
/// or more often than once in 10 000 by chance), or where the numbers do not tell.
///
/// `tests/kinetics.rs`: the place and the factor of wrong dwells and temperatures. Not where frames are missed by the model of the particle: their errors are then too
/// small.
pub fn contradiction(mixing: &Mixing, heating: &[HeatingHistory]) -> Option<Contradiction> {
    let n = mixing.v.len();
    if heating.len() != n || n < 4 {
        return None;
    }
    let line = Line::new(mixing, heating, None);
    let isothermal_k = line.isothermal_k();
    // At one temperature any D0 will do: E alone makes any D of it.
    let ln_d0 = isothermal_k.map(|_| ANY_LN_D0);
    let line = Line::new(mixing, heating, ln_d0);
    let unknowns = if ln_d0.is_some() { 1 } else { 2 };
    let degrees = (n - unknowns) as f64;
    let (solution, _) = line.minimum()?;
    let chi2_red = solution.chi2 / degrees;
    if chi2_red < NO_LINE || chi2_survival(solution.chi2, n - unknowns) > CHANCE {
        return None;
    }
    let without = |place: usize| {
        let line = Line {
            left_out: Some(place),
            ..Line::new(mixing, heating, ln_d0)
        };
        let (solution, _) = line.minimum()?;
        Some((place, solution, line))
    };
    let mut all: Vec<(usize, Solution, Line)> = match n {
        5..=MOST_HEATINGS => (0..n).filter_map(without).collect(),
        _ => Vec::new(),
    };
    sort_by(&mut all, |a, b| a.1.chi2.total_cmp(&b.1.chi2));
    let odd = match all.as_slice() {
        [(place, best, line), (_, next, _), ..] => {
            let others = best.chi2 / (degrees - 1.0);
            let alone = next.chi2 - best.chi2 > DISTINCT * others.max(1.0);
            let factor = line.factor(*place, best.at);
            let factor = factor.filter(|_| others < REFUTED && alone);
            factor.map(|factor| OddHeating {
                place: *place,
                chi2_red: others,
                factor,
                energy_j_mol: best.at[1],
            })
        }
        _ => None,
    };
    Some(Contradiction {
        chi2_red,
        isothermal_k,
        odd,
    })
}

/// ln(D0 / (nm²/s)) of 10⁻⁴ m²/s: with E of the scan, D of all sizes at any temperature.
const ANY_LN_D0: f64 = 32.2;

/// Rise of χ², in units of χ²/ν, by which the next best heating to leave out must be worse: four standard errors.
const DISTINCT: f64 = 16.0;

/// (ln D at the middle of the range of 1/T, E).
type Parameters = [f64; 2];

struct Line<'a> {
    mixing: &'a Mixing,
    heating: &'a [HeatingHistory],
    /// 1/(R T) and s of every heating.
    classes: Vec<Vec<(f64, f64)>>,
    /// Every heating at a typical energy.
    typical: Vec<EffectiveStep>,
    /// 1/(R T) from which E turns the line: 0 where D0 is held.
    center: f64,
    ln_d0: Option<f64>,
    /// Heating whose D·t may be any.
    left_out: Option<usize>,
}

struct Solution {
    at: Parameters,
    chi2: f64,
    /// Half the curvature of χ².
    information: [[f64; 2]; 2],
}

/// The inverse covariance; where a heating is left out, C⁻¹d of what it moves and dᵀC⁻¹d.
struct Weights<'a> {
    inverse: &'a [f64],
    along: Option<(Vec<f64>, f64)>,
}

impl Weights<'_> {
    /// aᵀ C⁻¹ b, without its part along d.
    fn product(&self, a: &[f64], b: &[f64]) -> f64 {
        let all = quadratic(self.inverse, a, b);
        match &self.along {
            Some((image, square)) => all - dot(image, a) * dot(image, b) / square,
            None => all,
        }
    }
}

/// By how much every frame's v moves (E, ln D0) of a line that [`fit_arrhenius_to_histories`] gave of them with both free: the linear estimator
/// (Jᵀ C⁻¹ J)⁻¹ Jᵀ C⁻¹, row by row of frames. `None` where it gave none.
pub fn influence(
    mixing: &Mixing,
    heating: &[HeatingHistory],
    line: &Arrhenius,
) -> Option<Vec<(f64, f64)>> {
    let n = mixing.v.len();
    if heating.len() != n || line.ln_d0.fixed {
        return None;
    }
    let of = Line::new(mixing, heating, None);
    let energy = line.energy_j_mol.value;
    let at = [line.ln_d0.value - energy * of.center, energy];
    let inverse = Cholesky::new(&of.covariance(at), n)?.inverse();
    let (_, [a, b]) = of.model(at);
    let (_, [[aa, ab], [_, bb]]) = of.equations(&inverse, at);
    let det = aa * bb - ab * ab;
    let row = |k: usize, slopes: &[f64]| -> f64 {
        let row = inverse.iter().skip(k * n).take(n);
        row.zip(slopes).map(|(c, s)| c * s).sum()
    };
    let moved = |k: usize| {
        let (u, v) = (row(k, &a), row(k, &b));
        let (level, energy) = ((bb * u - ab * v) / det, (aa * v - ab * u) / det);
        (energy, level + energy * of.center)
    };
    (det > 0.0).then(|| (0..n).map(moved).collect())
}

impl Line<'_> {
    fn new<'a>(mixing: &'a Mixing, heating: &'a [HeatingHistory], ln_d0: Option<f64>) -> Line<'a> {
        let typical: Vec<EffectiveStep> = heating
            .iter()
            .map(|h| h.history.effective(ASSUMED_ENERGY_J_MOL))
            .collect();
        Line {
            mixing,
            center: match ln_d0 {
                Some(_) => 0.0,
                None => {
                    let inverse = typical
                        .iter()
                        .map(|t| 1.0 / (GAS_CONSTANT * t.temperature_k));
                    inverse.sum::<f64>() / typical.len().max(1) as f64
                }
            },
            classes: heating
                .iter()
                .map(|h| h.history.classes().collect())
                .collect(),
            heating,
            typical,
            ln_d0,
            left_out: None,
        }
    }

    /// The line with the least χ², and the inverse covariance it was found with.
    fn minimum(&self) -> Option<(Solution, Vec<f64>)> {
        let n = self.heating.len();
        let mut at = self.scan()?;
        let mut found = None;
        // The temperatures' share of the covariance depends on E.
        for _ in 0..3 {
            let inverse = Cholesky::new(&self.covariance(at), n)?.inverse();
            let next = self.solve(&inverse, at)?;
            at = next.at;
            found = Some((next, inverse));
            if self.heating.iter().all(|h| h.temperature_error_k == 0.0) {
                break;
            }
        }
        found
    }

    /// How frames count for a line that gives them these v: whatever they say of the heating that is left out does not.
    fn weights<'a>(&self, inverse: &'a [f64], v: &[f64]) -> Weights<'a> {
        let along = self.left_out.map(|place| {
            let along = self.along(place, v);
            let image = applied(inverse, &along);
            let square = dot(&along, &image).max(f64::MIN_POSITIVE);
            (image, square)
        });
        Weights { inverse, along }
    }

    /// How v of all frames moves with the D·t of one heating.
    fn along(&self, place: usize, v: &[f64]) -> Vec<f64> {
        let moved = |(k, v): (usize, &f64)| if k < place { 0.0 } else { 1.0 - v };
        v.iter().enumerate().map(moved).collect()
    }

    /// D·t of a heating as the frames have it, over that of the line; a thousandth where nothing moved, a thousand where more did than can.
    fn factor(&self, place: usize, at: Parameters) -> Option<f64> {
        let n = self.heating.len();
        let inverse = Cholesky::new(&self.covariance(at), n)?.inverse();
        let (v, _) = self.model(at);
        let along = self.along(place, &v);
        let residual: Vec<f64> = self.mixing.v.iter().zip(&v).map(|(a, b)| a - b).collect();
        // 1 − v falls by a common factor where more has moved.
        let part = quadratic(&inverse, &along, &residual) / quadratic(&inverse, &along, &along);
        let rate = SLOWEST_MODE_SQUARED / (self.mixing.edge_nm * self.mixing.edge_nm);
        let more = -libm::log((1.0 - part).max(f64::MIN_POSITIVE)) / rate;
        let factor = (1.0 + more / self.dtau(place, at).0).clamp(1e-3, 1e3);
        factor.is_finite().then_some(factor)
    }

    /// ∫D dt of a heating, and its derivative by E.
    fn dtau(&self, j: usize, [level, energy]: Parameters) -> (f64, f64) {
        let (mut dtau, mut by_energy) = (0.0, 0.0);
        for (x, seconds) in self.classes.get(j).into_iter().flatten() {
            let x = x - self.center;
            let part = libm::exp((level - energy * x).clamp(-300.0, 300.0)) * seconds;
            dtau += part;
            by_energy -= part * x;
        }
        (dtau, by_energy)
    }

    /// v of every frame, and its derivatives by level and energy.
    fn model(&self, at: Parameters) -> (Vec<f64>, [Vec<f64>; 2]) {
        let n = self.heating.len();
        let rate = SLOWEST_MODE_SQUARED / (self.mixing.edge_nm * self.mixing.edge_nm);
        let (mut tau, mut by_energy) = (0.0, 0.0);
        let (mut v, mut slopes) = (Vec::with_capacity(n), [Vec::new(), Vec::new()]);
        for j in 0..n {
            let (dtau, slope) = self.dtau(j, at);
            tau += dtau;
            by_energy += slope;
            let left = libm::exp(-rate * tau);
            v.push(1.0 - left);
            slopes[0].push(if left > 0.0 { rate * left * tau } else { 0.0 });
            slopes[1].push(if left > 0.0 {
                rate * left * by_energy
            } else {
                0.0
            });
        }
        (v, slopes)
    }

    /// The fit's covariance and the share of the temperatures.
    fn covariance(&self, at: Parameters) -> Vec<f64> {
        let n = self.heating.len();
        let mut covariance = self.mixing.covariance.clone();
        let rate = SLOWEST_MODE_SQUARED / (self.mixing.edge_nm * self.mixing.edge_nm);
        let (v, _) = self.model(at);
        for (j, h) in self.heating.iter().enumerate() {
            if h.temperature_error_k == 0.0 {
                continue;
            }
            let t = h.history.effective(at[1]).temperature_k;
            let sd = at[1] / (GAS_CONSTANT * t * t) * h.temperature_error_k;
            let moved = rate * self.dtau(j, at).0 * sd;
            for a in j..n {
                for b in j..n {
                    covariance[a * n + b] += moved * moved * (1.0 - v[a]) * (1.0 - v[b]);
                }
            }
        }
        covariance
    }

    fn chi2(&self, inverse: &[f64], at: Parameters) -> f64 {
        let (v, _) = self.model(at);
        let residual: Vec<f64> = self.mixing.v.iter().zip(&v).map(|(a, b)| a - b).collect();
        self.weights(inverse, &v).product(&residual, &residual)
    }

    /// Lowest and highest temperature (K).
    fn range_k(&self) -> (f64, f64) {
        let all = self.typical.iter().map(|t| t.temperature_k);
        all.fold((f64::INFINITY, 0.0), |(low, high), t| {
            (low.min(t), high.max(t))
        })
    }

    /// The only temperature (K), where it is one.
    fn isothermal_k(&self) -> Option<f64> {
        let (low, high) = self.range_k();
        (high - low < 1e-6 * high).then_some(high)
    }

    /// The best of a grid: E, and the temperature at which a step of the mean dwell mixes half.
    fn scan(&self) -> Option<Parameters> {
        let n = self.heating.len();
        let inverse = Cholesky::new(&self.mixing.covariance, n)?.inverse();
        let (low, high) = self.range_k();
        if self.isothermal_k().is_some() && self.ln_d0.is_none() {
            return None;
        }
        let dwell = self.typical.iter().map(|t| t.dwell_s).sum::<f64>() / n as f64;
        let square = self.mixing.edge_nm * self.mixing.edge_nm;
        let ln_half = libm::log(0.69 * square / SLOWEST_MODE_SQUARED / dwell);
        let mut best: Option<(f64, Parameters)> = None;
        // One of many lines is found from a coarser grid.
        let count = if self.left_out.is_some() { 24 } else { 48 };
        let last = f64::from(count - 1);
        for i in 0..count {
            // 8 to 500 kJ/mol.
            let energy = 8e3 * libm::exp(4.15 * f64::from(i) / last);
            // The level only scales every ∫D dt.
            let unit: Vec<f64> = (0..n).map(|j| self.dtau(j, [0.0, energy]).0).collect();
            for k in 0..count {
                let level = match self.ln_d0 {
                    Some(ln_d0) => ln_d0,
                    None => {
                        let t = 0.8 * low + (1.3 * high - 0.8 * low) * f64::from(k) / last;
                        ln_half + energy * (1.0 / (GAS_CONSTANT * t) - self.center)
                    }
                };
                let factor = libm::exp(level.clamp(-300.0, 300.0));
                let mut tau = 0.0;
                let rate = SLOWEST_MODE_SQUARED / square;
                let residual: Vec<f64> = unit
                    .iter()
                    .zip(&self.mixing.v)
                    .map(|(dtau, v)| {
                        tau += factor * dtau;
                        v + libm::expm1(-rate * tau)
                    })
                    .collect();
                let v: Vec<f64> = self
                    .mixing
                    .v
                    .iter()
                    .zip(&residual)
                    .map(|(a, b)| a - b)
                    .collect();
                let chi2 = self.weights(&inverse, &v).product(&residual, &residual);
                if best.is_none_or(|(least, _)| chi2 < least) {
                    best = Some((chi2, [level, energy]));
                }
                if self.ln_d0.is_some() {
                    break;
                }
            }
        }
        best.map(|(_, at)| at)
    }

    fn solve(&self, inverse: &[f64], start: Parameters) -> Option<Solution> {
        let mut at = start;
        let mut chi2 = self.chi2(inverse, at);
        let mut damping = 1e-3;
        for _ in 0..100 {
            let (gradient, information) = self.equations(inverse, at);
            let step = self.step(gradient, information, damping)?;
            let trial = [at[0] + step[0], at[1] + step[1]];
            let value = self.chi2(inverse, trial);
            if value <= chi2 {
                let fall = chi2 - value;
                (at, chi2) = (trial, value);
                damping = (0.2 * damping).max(1e-12);
                if fall < 1e-9 * (1.0 + chi2) {
                    break;
                }
            } else {
                damping *= 8.0;
                if damping > 1e12 {
                    break;
                }
            }
        }
        let (_, information) = self.equations(inverse, at);
        Some(Solution {
            at,
            chi2,
            information,
        })
    }

    fn equations(&self, inverse: &[f64], at: Parameters) -> ([f64; 2], [[f64; 2]; 2]) {
        let (v, slopes) = self.model(at);
        let residual: Vec<f64> = self.mixing.v.iter().zip(&v).map(|(a, b)| a - b).collect();
        let [a, b] = &slopes;
        let weights = self.weights(inverse, &v);
        let cross = weights.product(a, b);
        (
            [weights.product(a, &residual), weights.product(b, &residual)],
            [
                [weights.product(a, a), cross],
                [cross, weights.product(b, b)],
            ],
        )
    }

    fn step(
        &self,
        g: [f64; 2],
        [[a, b], [_, d]]: [[f64; 2]; 2],
        damping: f64,
    ) -> Option<Parameters> {
        let (a, d) = (a * (1.0 + damping), d * (1.0 + damping));
        if self.ln_d0.is_some() {
            return (d > 0.0).then(|| [0.0, g[1] / d]);
        }
        let det = a * d - b * b;
        (det > 0.0).then(|| [(d * g[0] - b * g[1]) / det, (a * g[1] - b * g[0]) / det])
    }

    /// Whether χ², at its least for each E, says that E is neither far below nor far above the solution.
    ///
    /// v saturates: where all is mixed in the first step, frames that look a little less mixed than they can be give a curvature at a
    /// negative E, beside which χ² soon ceases to rise.
    fn closed(&self, inverse: &[f64], solution: &Solution) -> bool {
        let [[a, b], [_, d]] = solution.information;
        let free = self.ln_d0.is_none();
        let curvature = if free { d - b * b / a } else { d };
        let degrees = self.heating.len() - if free { 2 } else { 1 };
        let scale = widened(solution.chi2, degrees);
        let sd = f64::sqrt(scale / curvature);
        sd.is_finite()
            && [-sd, sd].into_iter().all(|step| {
                let mut at = solution.at;
                (0..EXCLUDED_WITHIN).any(|_| {
                    at[1] += step;
                    if free {
                        at[0] -= step * b / a;
                        self.level(inverse, &mut at);
                    }
                    self.chi2(inverse, at) - solution.chi2 > EXCLUDED * scale
                })
            })
    }

    /// Brings the level of a line of given E to the nearest minimum of χ².
    fn level(&self, inverse: &[f64], at: &mut Parameters) {
        let mut chi2 = self.chi2(inverse, *at);
        for _ in 0..20 {
            let ([gradient, _], [[curvature, _], _]) = self.equations(inverse, *at);
            let mut step = gradient / curvature;
            let mut fall = 0.0;
            while fall == 0.0 && step.abs() > 1e-6 {
                let trial = self.chi2(inverse, [at[0] + step, at[1]]);
                if trial < chi2 {
                    fall = chi2 - trial;
                    (at[0], chi2) = (at[0] + step, trial);
                }
                step *= 0.3;
            }
            if fall < 1e-3 {
                break;
            }
        }
    }

    fn report(&self, solution: &Solution, quantile: f64) -> Option<Arrhenius> {
        let [[a, b], [_, d]] = solution.information;
        let [level, energy] = solution.at;
        let x0 = self.center;
        let (mut var_level, mut var_energy, mut covariance) = if self.ln_d0.is_some() {
            (0.0, 1.0 / d, 0.0)
        } else {
            let det = a * d - b * b;
            (d / det, a / det, -b / det)
        };
        let unknowns = if self.ln_d0.is_some() { 1 } else { 2 };
        let degrees = self.heating.len() - unknowns;
        let chi2_red = (degrees > 0).then(|| solution.chi2 / degrees as f64);
        let scale = widened(solution.chi2, degrees);
        for variance in [&mut var_level, &mut var_energy, &mut covariance] {
            *variance *= scale;
        }
        let se_energy = f64::sqrt(var_energy);
        let se_ln_d0 =
            f64::sqrt((var_level + x0 * x0 * var_energy + 2.0 * x0 * covariance).max(0.0));
        // An error as large as this says that nothing is known.
        if !(se_energy > 0.0 && se_energy < 10.0 * energy.abs().max(1e3)) {
            return None;
        }
        let free = self.ln_d0.is_none();
        Some(Arrhenius {
            grounds: Grounds::Frames,
            energy_j_mol: Estimate {
                value: energy,
                standard_error: se_energy,
                fixed: false,
            },
            energy_interval_j_mol: (energy - quantile * se_energy, energy + quantile * se_energy),
            ln_d0: Estimate {
                value: level + energy * x0,
                standard_error: if free { se_ln_d0 } else { 0.0 },
                fixed: !free,
            },
            correlation: if free && se_ln_d0 > 0.0 {
                (covariance + x0 * var_energy) / (se_energy * se_ln_d0)
            } else {
                0.0
            },
            chi2_red,
            values: self.heating.len(),
            limits: 0,
            quantile,
        })
    }
}

/// M b.
fn applied(matrix: &[f64], b: &[f64]) -> Vec<f64> {
    let rows = matrix.chunks_exact(b.len().max(1));
    rows.map(|row| row.iter().zip(b).map(|(m, b)| m * b).sum())
        .collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// aᵀ M b.
fn quadratic(matrix: &[f64], a: &[f64], b: &[f64]) -> f64 {
    dot(a, &applied(matrix, b))
}
