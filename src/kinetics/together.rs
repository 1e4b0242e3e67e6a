//! Eq. 5 fitted to several series at once, and whether they agree.

use serde::{Deserialize, Serialize};

use super::arrhenius::{Arrhenius, Grounds, Objective, Observation, fit_arrhenius, objective};
use crate::fit::{Estimate, IntervalKind};
use crate::numerics::{chi2_survival, newton};
use crate::units::GAS_CONSTANT;

/// What one series knows of its line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// ln D at temperatures: values and limits.
    pub points: Vec<Observation>,
    /// E known apart from them (J/mol).
    pub energies: Vec<Estimate>,
    /// Values and limits of the series.
    pub counts: (usize, usize),
}

impl Evidence {
    /// Of a series with this line of its own, and these values and limits.
    ///
    /// A line from all frames knows more than its points: how neighboring intervals err together, and what saturated frames say. It stands for
    /// the series by ln D at the temperature where that is known best and by E, which are uncorrelated there ([`Arrhenius::reference`]): together they
    /// are the whole covariance. Elsewhere values and limits count as in [`fit_arrhenius`].
    pub fn of(line: Option<&Arrhenius>, points: &[Observation]) -> Evidence {
        let limits = points.iter().filter(|p| p.kind != IntervalKind::Value);
        let limits = limits.count();
        let counts = (points.len() - limits, limits);
        let line = line.filter(|l| l.grounds == Grounds::Frames && !l.ln_d0.fixed);
        match line.and_then(|l| Some((l.energy_j_mol, l.reference()?))) {
            Some((energy, (temperature_k, ln_d, ln_d_error))) if ln_d_error > 0.0 => Evidence {
                points: vec![Observation {
                    temperature_k,
                    ln_d,
                    ln_d_error,
                    kind: IntervalKind::Value,
                }],
                energies: vec![energy],
                counts,
            },
            _ => Evidence {
                points: points.to_vec(),
                energies: Vec::new(),
                counts,
            },
        }
    }

    /// Whether it has a line of its own.
    fn has_line(&self) -> bool {
        !self.energies.is_empty() || fit_arrhenius(&self.points, None, 1.0).is_some()
    }

    /// All of these as if they were one series.
    fn merged(all: &[Evidence]) -> Evidence {
        let mut sum = Evidence::default();
        for one in all {
            sum.points.extend_from_slice(&one.points);
            sum.energies.extend_from_slice(&one.energies);
            sum.counts.0 += one.counts.0;
            sum.counts.1 += one.counts.1;
        }
        sum
    }

    /// 1/(R T) in the middle of what it knows.
    fn center(&self) -> f64 {
        let some = |value: bool| {
            let points = self.points.iter();
            points.filter(move |p| !value || p.kind == IntervalKind::Value)
        };
        let any = some(true).next().is_some();
        let (mut sum, mut weights) = (0.0, 0.0);
        for p in some(any) {
            let weight = 1.0 / (p.ln_d_error * p.ln_d_error);
            sum += weight / (GAS_CONSTANT * p.temperature_k);
            weights += weight;
        }
        sum / weights
    }

    /// The best level for an E; `None` where nothing holds the line from one side.
    fn at(&self, energy: f64, x0: f64) -> Option<Level> {
        let has = |kind| self.points.iter().any(|p| p.kind == kind);
        let held = has(IntervalKind::Value) || has(IntervalKind::Upper) && has(IntervalKind::Lower);
        if !held {
            return None;
        }
        let (mut low, mut high, mut reach) = (f64::INFINITY, f64::NEG_INFINITY, 0.0_f64);
        for p in &self.points {
            let level = p.ln_d + energy * (1.0 / (GAS_CONSTANT * p.temperature_k) - x0);
            (low, high) = (low.min(level), high.max(level));
            reach = reach.max(p.ln_d_error);
        }
        let bracket = (low - 60.0 * reach, high + 60.0 * reach);
        let ((level, objective), step) = newton(
            |level| {
                let o = objective(&self.points, (level, energy), x0);
                let by_level = [o.gradient[0], o.curvature[0][0], 0.0];
                ((level, o), by_level)
            },
            0.5 * (low + high),
            bracket,
            1e-12 * (1.0 + reach),
        );
        Some(Level {
            value: level + step,
            objective,
        })
    }
}

/// The level of a line at its center, and χ²/2 there.
struct Level {
    value: f64,
    objective: Objective,
}

/// One E with a level for every series.
struct Solution {
    energy: f64,
    /// Curvature of χ²/2 by E with the levels following.
    information: f64,
    cost: f64,
    levels: Vec<Option<Level>>,
}

/// Energies beyond these are none (J/mol).
const ENERGIES: (f64, f64) = (-2e6, 3e6);

/// The minimum of Σ χ²/2 over one E and a level for every series. The sum is convex, and so is what is left of it when every level is at its
/// best: two nested searches within brackets.
fn solve(all: &[Evidence]) -> Option<Solution> {
    let centers: Vec<f64> = all.iter().map(Evidence::center).collect();
    let profile = |energy: f64| {
        let (mut cost, mut slope, mut information) = (0.0, 0.0, 0.0);
        let mut levels = Vec::new();
        for (one, x0) in all.iter().zip(&centers) {
            for e in &one.energies {
                let distance = (energy - e.value) / e.standard_error;
                cost += 0.5 * distance * distance;
                slope += distance / e.standard_error;
                information += 1.0 / (e.standard_error * e.standard_error);
            }
            let level = one.at(energy, *x0);
            if let Some(Level { objective: o, .. }) = &level {
                let [[a, b], [_, d]] = o.curvature;
                cost += o.cost;
                // The level follows E; where nothing holds it, there is nothing to follow.
                let follows = if a > 0.0 { b / a } else { 0.0 };
                slope += o.gradient[1] - follows * o.gradient[0];
                information += (d - follows * b).max(0.0);
            }
            levels.push(level);
        }
        let solution = Solution {
            energy,
            information,
            cost,
            levels,
        };
        (solution, [slope, information, 0.0])
    };
    let known = all.iter().flat_map(|one| &one.energies).next();
    let start = known.map_or(1e5, |e| e.value);
    let (mut solution, step) = newton(profile, start, ENERGIES, 1e-4);
    solution.energy += step;
    let sound = solution.information > 0.0 && solution.energy.is_finite();
    (sound && solution.cost.is_finite()).then_some(solution)
}

impl Solution {
    /// The line of one of its series.
    fn line(&self, index: usize, of: &Evidence, quantile: f64) -> Option<Arrhenius> {
        let level = self.levels.get(index)?.as_ref()?;
        let x0 = of.center();
        let [[a, b], _] = level.objective.curvature;
        if a <= 0.0 {
            return None;
        }
        let variance = 1.0 / self.information;
        // ln D0 = level + E x0, where the level moves by -b/a with E and has its own error beside.
        let with_energy = x0 - b / a;
        let var_ln_d0 = 1.0 / a + with_energy * with_energy * variance;
        let (s_e, s_l) = (f64::sqrt(variance), f64::sqrt(var_ln_d0));
        let half = quantile * s_e;
        Some(Arrhenius {
            grounds: Grounds::Series,
            energy_j_mol: Estimate {
                value: self.energy,
                standard_error: s_e,
                fixed: false,
            },
            energy_interval_j_mol: (self.energy - half, self.energy + half),
            ln_d0: Estimate {
                value: level.value + self.energy * x0,
                standard_error: s_l,
                fixed: false,
            },
            correlation: with_energy * s_e / s_l,
            chi2_red: None,
            values: of.counts.0,
            limits: of.counts.1,
            quantile,
        })
    }
}

/// Whether series agree: by how much χ² rises when they are made to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// Rise of χ².
    pub chi2: f64,
    /// Parameters fewer.
    pub degrees: usize,
    /// Probability that chance alone makes it rise so much.
    pub p: f64,
}

/// Below this probability series are said to disagree.
const DISAGREE: f64 = 0.05;

impl Agreement {
    fn of(rise: f64, degrees: usize) -> Agreement {
        // χ²/2 was summed up, and the smaller one is not to win by rounding.
        let chi2 = (2.0 * rise).max(0.0);
        Agreement {
            chi2,
            degrees,
            p: chi2_survival(chi2, degrees),
        }
    }

    /// Whether chance may have made the difference: p is at least 5 %.
    pub fn holds(&self) -> bool {
        self.p >= DISAGREE
    }
}

/// Several series, fitted at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Together {
    /// One E, and a D0 of every series: its line, or `None` where limits leave its D0 open.
    pub lines: Vec<Option<Arrhenius>>,
    /// That E (J/mol).
    pub energy_j_mol: Estimate,
    /// One E and one D0 for all.
    pub line: Arrhenius,
    /// Whether the series with lines of their own have one E; `None` for fewer than two.
    pub same_energy: Option<Agreement>,
    /// Whether those that have one E also have one D0.
    pub same_d0: Option<Agreement>,
}

/// ln D = ln D0 − E/(R T) (eq. 5) for several series at once: with one E and a D0 of each (`lines`), and with one E and one D0 (`line`).
///
/// Minimized is Σ χ² of all series over the common parameters; values are normal in ln D, limits censored as in [`fit_arrhenius`], a line from all
/// frames counts with its covariance (see [`Evidence::of`]). Errors are those of the curvature at the minimum (E in J/mol, D in nm²/s). For
/// lines alone E is the mean of the E_i weighted by 1/s_i². A series whose limits hold its line from one side only says nothing of a common E with a D0 of its own.
///
/// Agreement is tested by likelihood ratio: −2 ln λ, the rise of χ² when n energies (then n D0) become one, is distributed as χ² with n − 1 degrees of
/// freedom if they are (S. S. Wilks, Ann. Math. Stat. 9 (1938) 60); only series with lines of their own are asked.
/// `None` where no series determines a slope.
///
/// Accuracy (`tests/compare.rs`): n lines alone give their weighted mean to 1e-9; the 68 and 95 % intervals of E and the test hold at their rates
/// over 1000 seeds. Not in the errors: what the series err in together (the calibration of one heater, one pixel size), which no number of series averages out.
pub fn fit_together(series: &[Evidence], quantile: f64) -> Option<Together> {
    let sound = |e: &Evidence| {
        let points = e.points.iter().all(|p| {
            p.temperature_k > 0.0
                && p.temperature_k.is_finite()
                && p.ln_d.is_finite()
                && p.ln_d_error > 0.0
                && p.ln_d_error.is_finite()
        });
        let energies = e.energies.iter();
        points
            && energies
                .map(|e| (e.value, e.standard_error))
                .all(|(v, s)| v.is_finite() && s > 0.0 && s.is_finite())
    };
    let lined: Vec<Evidence> = series.iter().filter(|e| e.has_line()).cloned().collect();
    if !series.iter().all(sound) || lined.is_empty() {
        return None;
    }
    let merged = Evidence::merged(series);
    let one_energy = solve(series)?;
    let one_line = solve(std::slice::from_ref(&merged))?;
    let agreement = || {
        let each = lined.iter().map(|e| solve(std::slice::from_ref(e)));
        let apart: f64 = each.map(|s| s.map(|s| s.cost)).sum::<Option<f64>>()?;
        let energy = solve(&lined)?.cost;
        let line = solve(&[Evidence::merged(&lined)])?.cost;
        let degrees = lined.len() - 1;
        Some((
            Agreement::of(energy - apart, degrees),
            Agreement::of(line - energy, degrees),
        ))
    };
    let (same_energy, same_d0) = (lined.len() > 1).then(agreement).flatten().unzip();
    let lines = series.iter().enumerate();
    Some(Together {
        lines: lines
            .map(|(i, e)| one_energy.line(i, e, quantile))
            .collect(),
        energy_j_mol: Estimate {
            value: one_energy.energy,
            standard_error: f64::sqrt(1.0 / one_energy.information),
            fixed: false,
        },
        line: one_line.line(0, &merged, quantile)?,
        same_energy,
        same_d0,
    })
}
