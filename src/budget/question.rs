//! A fitted series, asked what each source does to it.

use super::{Contribution, Inputs, Source};
use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::fit::{
    FitError, FrameData, FrameFit, Interval, IntervalKind, ModelChoice, Refit, SeriesFit, Setting,
    Settings, refit, refit_values,
};
use crate::kinetics::{Arrhenius, Grounds, Heating, fit_arrhenius_to_frames, influence};
use crate::units::GAS_CONSTANT;

/// Difference of χ² (in its own unit) from which on the images decide between the schemes, and neither is an uncertainty any more.
const DECIDED: f64 = 10.0;

/// Frames up to which each is moved by itself.
const MANY: usize = 24;

/// Patterns of signs in which the frames of longer series are moved.
const PATTERNS: usize = 12;

/// Room temperature (K), where a heater's scale begins.
const ROOM_K: f64 = 293.15;

/// A series that has been fitted, and what is known of its inputs.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The frames.
    pub frames: &'a [FrameData],
    /// The settings; the scheme is that of the fit.
    pub settings: &'a Settings,
    /// The fit.
    pub fit: &'a SeriesFit,
    /// How the scheme was chosen.
    pub choice: Option<&'a ModelChoice>,
    /// The heating of every interval, where it is known.
    pub heating: Option<&'a [Heating]>,
    /// Error of every step's temperature (K) that all steps share, where one is stated: the line holds it.
    pub common_error_k: Option<&'a [f64]>,
    /// The line through all frames.
    pub line: Option<&'a Arrhenius>,
    /// The decisions.
    pub inputs: &'a Inputs,
    /// w_core/w_shell one standard uncertainty below and above; `None` where it is fitted.
    pub contrast_span: Option<(f64, f64)>,
    /// Standard error of each coordinate of the center (nm), by frame.
    pub center_se_nm: &'a [f64],
}

/// ln D of every interval, and (ln D at the reference temperature, E).
type Outcome = (Vec<Option<f64>>, Option<(f64, f64)>);

impl Question<'_> {
    /// What one source does.
    ///
    /// A source that is not there (nothing is held, the ratio is fitted, the images decide about the scheme) does nothing: 0.
    ///
    /// Accuracy: `tests/assess.rs`.
    ///
    /// # Errors
    /// [`FitError`] where a refit cannot be made.
    pub fn contribution(&self, source: Source) -> Result<Contribution, FitError> {
        let inputs = self.inputs;
        let mut found = match source {
            Source::Noise => return Ok(self.noise()),
            Source::Atoms => return Ok(self.atoms()),
            Source::TemperatureScale | Source::TemperatureStep => {
                return Ok(self.temperature(source));
            }
            Source::Center => {
                let amount = |k: usize| self.center_se_nm.get(k).copied().unwrap_or(0.0);
                // A center off by (x, y) of variance s² each blurs a ring by (x² + y²)/4 ∇²: s²/√2 in root mean square.
                self.by_frame(|k, frame| {
                    let s = amount(k);
                    laplacian(frame)
                        .iter()
                        .map(|l| s * s / core::f64::consts::SQRT_2 * l)
                        .collect()
                })?
            }
            Source::Background => self.by_frame(|_, frame| {
                let height =
                    frame.model.iter().fold(0.0_f64, |a, m| a.max(*m)) - frame.background.value;
                let radius = self.fit.shape.radius_b_nm.value;
                let bowl = |r: &f64| inputs.background * height * (r / radius).powi(2);
                frame.data.radius.iter().map(bowl).collect()
            })?,
            Source::Radius => self.radii()?,
            Source::Probe => {
                let with = |sign: f64| Settings {
                    psf_sigma_nm: self.settings.psf_sigma_nm * (1.0 + sign * inputs.probe).max(0.0),
                    ..self.own()
                };
                self.moved(self.settings.psf_sigma_nm > 0.0, with)?
            }
            Source::Contrast => {
                let (low, high) = self.contrast_span.unwrap_or_default();
                let with = |sign: f64| Settings {
                    contrast: if sign > 0.0 { high } else { low },
                    ..self.own()
                };
                self.moved(
                    self.contrast_span.is_some() && !self.settings.contrast_free,
                    with,
                )?
            }
            Source::Pixel => {
                let of = |sign: f64| {
                    let frames = scaled(self.frames, 1.0 + sign * inputs.pixel);
                    Ok::<_, FitError>(self.outcome(&refit(&frames, &self.own(), self.fit)?))
                };
                self.between(&of(1.0)?, &of(-1.0)?)
            }
            Source::Scheme => self.scheme()?,
        };
        found.source = source;
        Ok(found)
    }

    /// The settings with the scheme of the fit.
    fn own(&self) -> Settings {
        Settings {
            scheme: self.fit.scheme,
            ..self.settings.clone()
        }
    }

    fn nothing(&self) -> Contribution {
        let value = |k: usize| self.value(k).then_some(0.0);
        Contribution {
            source: Source::Noise,
            held: false,
            ln_d: (0..self.fit.intervals.len()).map(value).collect(),
            energy_j_mol: self.line().map(|_| 0.0),
            ln_d_reference: self.line().map(|_| 0.0),
        }
    }

    fn value(&self, k: usize) -> bool {
        let interval = self.fit.intervals.get(k);
        interval.is_some_and(|i| i.kind == IntervalKind::Value && i.dtau_nm2 > 0.0)
    }

    /// The line through all frames: one through points is not refitted.
    fn line(&self) -> Option<&Arrhenius> {
        self.line
            .filter(|l| l.grounds == Grounds::Frames && self.heating.is_some())
    }

    fn reference_k(&self) -> Option<f64> {
        Some(self.line()?.reference()?.0)
    }

    /// (ln D at the reference temperature, E) of a refit at temperatures that may be others.
    fn line_of(&self, refit: &Refit, heating: &[Heating]) -> Option<(f64, f64)> {
        let line = fit_arrhenius_to_frames(&refit.mixing, heating, None, 1.0)?;
        Some((line.ln_d(self.reference_k()?).0, line.energy_j_mol.value))
    }

    /// The fit itself.
    fn fitted(&self) -> Outcome {
        let ln = |(k, i): (usize, &Interval)| self.value(k).then(|| libm::log(i.dtau_nm2));
        let line = |l: &Arrhenius| Some((l.ln_d(self.reference_k()?).0, l.energy_j_mol.value));
        (
            self.fit.intervals.iter().enumerate().map(ln).collect(),
            self.line().and_then(line),
        )
    }

    fn outcome(&self, refit: &Refit) -> Outcome {
        let ln = |k: usize| {
            let dtau = refit.dtau_nm2.get(k).copied().filter(|d| *d > 0.0)?;
            self.value(k).then(|| libm::log(dtau))
        };
        let line = self.line().and(self.heating);
        (
            (0..self.fit.intervals.len()).map(ln).collect(),
            line.and_then(|heating| self.line_of(refit, heating)),
        )
    }

    /// Settings moved to either side.
    fn moved(&self, there: bool, with: impl Fn(f64) -> Settings) -> Result<Contribution, FitError> {
        if !there {
            return Ok(self.nothing());
        }
        let of = |sign: f64| {
            Ok::<_, FitError>(self.outcome(&refit(self.frames, &with(sign), self.fit)?))
        };
        Ok(self.between(&of(1.0)?, &of(-1.0)?))
    }

    /// Half the difference between moves to either side. Where one of them leaves no value, the whole of the other; where neither leaves one,
    /// infinite.
    fn between(&self, high: &Outcome, low: &Outcome) -> Contribution {
        self.change((high, low), |high, low, fitted| match (high, low) {
            (Some(high), Some(low)) => 0.5 * (high - low),
            (Some(high), None) => high - fitted,
            (None, Some(low)) => fitted - low,
            (None, None) => f64::INFINITY,
        })
    }

    /// A share of the step from one outcome to another; infinite where either has no value.
    fn step(&self, to: &Outcome, from: &Outcome, share: f64) -> Contribution {
        self.change((to, from), |to, from, _| match (to, from) {
            (Some(to), Some(from)) => share * (to - from),
            _ => f64::INFINITY,
        })
    }

    /// What two outcomes make of everything that has a value in the fit.
    fn change(
        &self,
        (a, b): (&Outcome, &Outcome),
        of: impl Fn(Option<f64>, Option<f64>, f64) -> f64,
    ) -> Contribution {
        let (ln_d, line) = self.fitted();
        let all = ln_d.iter().zip(a.0.iter().zip(&b.0));
        let energy = |o: &Outcome| o.1.map(|l| l.1);
        let level = |o: &Outcome| o.1.map(|l| l.0);
        Contribution {
            source: Source::Noise,
            held: false,
            ln_d: all.map(|(f, (a, b))| f.map(|f| of(*a, *b, f))).collect(),
            energy_j_mol: line.map(|l| of(energy(a), energy(b), l.1)),
            ln_d_reference: line.map(|l| of(level(a), level(b), l.0)),
        }
    }

    /// Values moved in one frame after the other, in quadrature. Of many frames all are moved at once, to one side or the other by
    /// chance, [`PATTERNS`] times: the mean square over such patterns is the sum of the squares, to 1/√(2 · 12) = 20 %.
    fn by_frame(
        &self,
        change: impl Fn(usize, &FrameFit) -> Vec<f64>,
    ) -> Result<Contribution, FitError> {
        let frames = &self.fit.frames;
        let own: Vec<Vec<f64>> = self
            .frames
            .iter()
            .map(|f| f.profile.value.clone())
            .collect();
        let changes: Vec<Vec<f64>> = frames
            .iter()
            .enumerate()
            .map(|(k, f)| change(k, f))
            .collect();
        let many = frames.len() > MANY;
        let patterns = if many { PATTERNS } else { frames.len() };
        let sign = |pattern: usize, k: usize| {
            if !many {
                return f64::from(u8::from(pattern == k));
            }
            // A hash of both (the finalizer of MurmurHash3's kind): the same patterns every time.
            let mixed = ((pattern * 0x9e37 + k + 1) as u32).wrapping_mul(0x85eb_ca6b);
            if (mixed ^ (mixed >> 13)).count_ones().is_multiple_of(2) {
                1.0
            } else {
                -1.0
            }
        };
        let moved = (0..patterns).map(|pattern| {
            let of = |(k, (values, change)): (usize, (&Vec<f64>, &Vec<f64>))| {
                let by = sign(pattern, k);
                values.iter().zip(change).map(|(v, c)| v + by * c).collect()
            };
            own.iter().zip(&changes).enumerate().map(of).collect()
        });
        let values = std::iter::once(own.clone()).chain(moved);
        let refits = refit_values(self.frames, self.settings, self.fit, values)?;
        let outcomes: Vec<Outcome> = refits.iter().map(|r| self.outcome(r)).collect();
        let share = if many {
            1.0 / f64::sqrt(PATTERNS as f64)
        } else {
            1.0
        };
        let mut sum = self.nothing();
        if let Some((base, moved)) = outcomes.split_first() {
            for one in moved {
                sum.add(&self.step(one, base, share));
            }
        }
        Ok(sum)
    }

    fn radii(&self) -> Result<Contribution, FitError> {
        let mut sum = self.nothing();
        for index in 0..3 {
            let own = self.own();
            let held = |s: &mut Settings, by: f64| {
                let setting = match index {
                    0 => &mut s.radius_a_nm,
                    1 => &mut s.radius_b_nm,
                    _ => &mut s.sigma_nm,
                };
                match setting {
                    Setting::Fixed(value) => {
                        *value *= by;
                        true
                    }
                    Setting::Free => false,
                }
            };
            let there = held(&mut own.clone(), 1.0);
            let with = |sign: f64| {
                let mut moved = own.clone();
                held(&mut moved, 1.0 + sign * self.inputs.radius);
                moved
            };
            sum.add(&self.moved(there, with)?);
        }
        Ok(sum)
    }

    /// Half the step to the other scheme, unless the images decide.
    fn scheme(&self) -> Result<Contribution, FitError> {
        let decided = self.choice.is_none_or(|c| c.difference.abs() > DECIDED);
        if decided || self.fit.intervals.is_empty() {
            return Ok(Contribution {
                held: true,
                ..self.nothing()
            });
        }
        let other = Settings {
            scheme: self.fit.scheme.other(),
            ..self.settings.clone()
        };
        let other = self.outcome(&refit(self.frames, &other, self.fit)?);
        let own = self.outcome(&refit(self.frames, &self.own(), self.fit)?);
        Ok(self.step(&other, &own, 0.5))
    }

    /// dE/dv and d(ln D at the reference)/dv of the line, by frame.
    fn slopes(&self) -> Option<Vec<(f64, f64)>> {
        let heating = Heating::histories(self.line().and(self.heating)?)?;
        let x = 1.0 / (GAS_CONSTANT * self.reference_k()?);
        let slopes = influence(&self.fit.mixing, &heating, self.line()?)?;
        Some(
            slopes
                .into_iter()
                .map(|(e, ln_d0)| (e, ln_d0 - e * x))
                .collect(),
        )
    }

    /// v of every frame as the line has it, at temperatures that may be others.
    fn predicted(&self, line: &Arrhenius, heating: impl Iterator<Item = Heating>) -> Vec<f64> {
        let edge = self.fit.mixing.edge_nm;
        let rate = SLOWEST_MODE_SQUARED / (edge * edge);
        let mut tau = 0.0;
        let of = |h: Heating| {
            tau += libm::exp(line.ln_d(h.temperature_k).0) * h.dwell_s;
            -libm::expm1(-rate * tau)
        };
        heating.map(of).collect()
    }

    fn atoms(&self) -> Contribution {
        let relative = |k: usize| {
            let i = self.fit.intervals.get(k).filter(|_| self.value(k))?;
            Some(i.dtau_atoms_se_nm2.unwrap_or(0.0) / i.dtau_nm2)
        };
        let n = self.fit.mixing.v.len();
        let spread = |slopes: &[f64]| {
            let of = |j: usize, k: usize| {
                let c = self.fit.mixing.atoms.get(j * n + k).copied().unwrap_or(0.0);
                slopes[j] * c * slopes[k]
            };
            let all = (0..n).flat_map(|j| (0..n).map(move |k| (j, k)));
            f64::sqrt(all.map(|(j, k)| of(j, k)).sum::<f64>().max(0.0))
        };
        let slopes = self.slopes();
        let of = |part: fn(&(f64, f64)) -> f64| {
            let slopes: Vec<f64> = slopes.as_ref()?.iter().map(part).collect();
            Some(spread(&slopes))
        };
        Contribution {
            source: Source::Atoms,
            held: self.fit.atoms.is_some_and(|a| a.counted),
            ln_d: (0..self.fit.intervals.len()).map(relative).collect(),
            energy_j_mol: of(|s| s.0),
            ln_d_reference: of(|s| s.1),
        }
    }

    /// What the stated errors hold beside atoms and temperatures.
    fn noise(&self) -> Contribution {
        let atoms = self.atoms();
        let temperatures = [Source::TemperatureScale, Source::TemperatureStep].map(|source| {
            let found = self.temperature(source);
            let held = |part: Option<f64>| part.filter(|_| found.held);
            (held(found.energy_j_mol), held(found.ln_d_reference))
        });
        let rest = |all: f64, parts: [Option<f64>; 3]| {
            let parts: f64 = parts.iter().flatten().map(|p| p * p).sum();
            f64::sqrt((all * all - parts).max(0.0))
        };
        let relative = |k: usize| {
            let i = self.fit.intervals.get(k).filter(|_| self.value(k))?;
            let part = atoms.ln_d.get(k).copied().flatten();
            Some(rest(i.dtau_se_nm2? / i.dtau_nm2, [part, None, None]))
        };
        let line = self.line();
        let [scale, steps] = temperatures;
        let parts = [atoms.energy_j_mol, scale.0, steps.0];
        let level = [atoms.ln_d_reference, scale.1, steps.1];
        Contribution {
            source: Source::Noise,
            held: true,
            ln_d: (0..self.fit.intervals.len()).map(relative).collect(),
            energy_j_mol: line.map(|l| rest(l.energy_j_mol.standard_error, parts)),
            ln_d_reference: line
                .and_then(|l| l.reference())
                .map(|(_, _, error)| rest(error, level)),
        }
    }

    fn temperature(&self, source: Source) -> Contribution {
        let mut sum = Contribution {
            source,
            ..self.nothing()
        };
        let (Some(line), Some(heating)) = (self.line(), self.heating) else {
            sum.ln_d = vec![None; self.fit.intervals.len()];
            return sum;
        };
        let energy = line.energy_j_mol.value;
        let own = Refit {
            dtau_nm2: Vec::new(),
            mixing: self.fit.mixing.clone(),
            saturated: Vec::new(),
        };
        let shift = |(k, h): (usize, &Heating)| match source {
            Source::TemperatureScale => match self.common_error_k {
                Some(errors) => errors.get(k).copied().unwrap_or(0.0),
                None => (h.temperature_k - ROOM_K) * self.inputs.temperature_scale,
            },
            _ if h.temperature_error_k > 0.0 => h.temperature_error_k,
            // What was stated of all steps together is all that was stated.
            _ if self.common_error_k.is_some() => 0.0,
            _ => self.inputs.temperature_step_k,
        };
        // At a temperature that is another one, D is what it is: read as a change of D at the temperature stated.
        let ln_d = |(k, h): (usize, &Heating)| {
            let slope = energy / (GAS_CONSTANT * h.temperature_k * h.temperature_k);
            self.value(k).then(|| slope * shift((k, h)))
        };
        let moved = |only: Option<usize>, sign: f64| {
            heating.iter().enumerate().map(move |(j, h)| Heating {
                temperature_k: h.temperature_k
                    + if only.is_none_or(|k| k == j) {
                        sign * shift((j, h))
                    } else {
                        0.0
                    },
                temperature_error_k: 0.0,
                ..*h
            })
        };
        if source == Source::TemperatureScale {
            let at = |sign: f64| {
                let moved: Vec<Heating> = moved(None, sign).collect();
                (Vec::new(), self.line_of(&own, &moved))
            };
            sum.add(&self.between(&at(1.0), &at(-1.0)));
        } else if let Some(slopes) = self.slopes() {
            // Each by itself: what the frames would have shown at that temperature, through the line's estimator.
            let (mut energy, mut level) = (0.0, 0.0);
            for j in 0..heating.len() {
                let high = self.predicted(line, moved(Some(j), 1.0));
                let low = self.predicted(line, moved(Some(j), -1.0));
                let (mut e, mut l) = (0.0, 0.0);
                for ((high, low), slope) in high.iter().zip(&low).zip(&slopes) {
                    e += 0.5 * (high - low) * slope.0;
                    l += 0.5 * (high - low) * slope.1;
                }
                energy += e * e;
                level += l * l;
            }
            sum.energy_j_mol = Some(f64::sqrt(energy));
            sum.ln_d_reference = Some(f64::sqrt(level));
        }
        sum.ln_d = heating.iter().enumerate().map(ln_d).collect();
        sum.held = match source {
            Source::TemperatureScale => self.common_error_k.is_some(),
            _ => heating.iter().any(|h| h.temperature_error_k > 0.0),
        };
        sum
    }
}

impl Contribution {
    /// Takes in an independent one, in quadrature; a single one keeps its sign.
    fn add(&mut self, other: &Contribution) {
        let sum = |a: &mut Option<f64>, b: Option<f64>| {
            *a = match (*a, b) {
                (Some(0.0), Some(b)) => Some(b),
                (Some(a), Some(0.0)) => Some(a),
                (Some(a), Some(b)) => Some(libm::hypot(a, b)),
                _ => None,
            };
        };
        let both = self.ln_d.iter_mut().zip(&other.ln_d);
        both.for_each(|(a, b)| sum(a, *b));
        sum(&mut self.energy_j_mol, other.energy_j_mol);
        sum(&mut self.ln_d_reference, other.ln_d_reference);
    }
}

/// The same frames with pixels of another size.
fn scaled(frames: &[FrameData], by: f64) -> Vec<FrameData> {
    let mut frames = frames.to_vec();
    for frame in &mut frames {
        frame.edge *= by;
        frame.profile.radius.iter_mut().for_each(|r| *r *= by);
    }
    frames
}

/// ∇² of the fitted image at the rings (per nm²); 0 at both ends.
fn laplacian(frame: &FrameFit) -> Vec<f64> {
    let (r, m) = (&frame.data.radius, &frame.model);
    let at = |k: usize| {
        let Some((before, after)) = k.checked_sub(1).zip(r.get(k + 1)) else {
            return 0.0;
        };
        let (left, right) = (r[k] - r[before], after - r[k]);
        let (rise, fall) = ((m[k + 1] - m[k]) / right, (m[k] - m[before]) / left);
        2.0 * (rise - fall) / (left + right) + (m[k + 1] - m[before]) / (left + right) / r[k]
    };
    (0..r.len()).map(at).collect()
}
