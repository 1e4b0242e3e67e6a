//! The valence of copper from its L₂,₃ edge; or that the spectrum does not tell.

use serde::{Deserialize, Serialize};

use super::pre_edge::{continuum, pre_edge};
use super::reference::{CONTINUUM_EV, Reference, Shape, broadened};
use super::{Edge, Method, Net, SpectroscopyError, Spectrum, Window, net_counts};
use crate::language::{Number, say, word};
use crate::numerics::{Noise, filter, non_negative};
use crate::units::signed;

/// What is asked and known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValenceSettings {
    /// Full width at half maximum of the zero-loss peak (eV).
    pub resolution_ev: f64,
    /// Standard error of the energy axis (eV), where it is calibrated (zero loss, C K or O K in the same acquisition); `None`: the axis may be off by
    /// 1.5 eV, and positions are no evidence.
    pub calibration_ev: Option<f64>,
    /// Spectra that are drawn anew for the errors.
    pub replicates: usize,
    /// Seed of their noise.
    pub seed: u64,
}

impl Default for ValenceSettings {
    fn default() -> ValenceSettings {
        ValenceSettings {
            resolution_ev: 1.0,
            calibration_ev: None,
            replicates: 200,
            seed: 1,
        }
    }
}

/// What an instrument without calibration may be off by (eV): more is a wrong axis, and CuO lies 2.4 eV below the others.
pub const FREE_SHIFT_EV: f64 = 1.5;

/// Resolutions beyond show Cu and Cu₂O alike (eV).
pub const COARSEST_EV: f64 = 1.5;

/// Standard error of the mean valence by the built-in shapes themselves: what published spectra of the same compound differ by.
pub const SHAPE_ERROR: f64 = 0.15;

/// Shifts beyond, up to which it is looked whether the axis is that wrong (eV): CuO at its own place fits better than Cu₂O moved by 2.4.
const FARTHEST_EV: f64 = 4.0;

/// χ² over χ²/ν by which a shift out of reach must be better than all within: four standard deviations.
const BETTER: f64 = 16.0;

/// Residual beyond the noise, in units of the continuum, above which none of the references is the specimen: of the same instrument, and the built-in
/// ones, from which measured copper at 0.2 eV differs by 0.09 (`tests/valence_files.rs`).
const MISFIT: f64 = 0.08;
const BUILT_IN_MISFIT: f64 = 0.12;

/// Step of the shifts that are tried (eV).
const SHIFT_STEP_EV: f64 = 0.05;

/// Share of replicates that must agree on a verdict, and its limit in standard deviations.
const AGREEMENT: f64 = 0.95;
const ONE_SIDED: f64 = 1.645;

/// Edge over its standard error below which there is no edge to speak of.
const LEAST_EDGE: f64 = 10.0;

/// Why the spectrum does not tell, and what would help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
pub enum Doubt {
    /// Resolution.
    #[error("{}", say!(
        "{:.2} eV (resolution and channels) are too coarse: Cu and Cu2O look alike beyond {} eV; a higher dispersion or a monochromator would help"
        | "{:.2} eV (Auflösung und Kanäle) sind zu grob: über {} eV sehen Cu und Cu2O gleich aus; eine höhere Dispersion oder ein Monochromator würde helfen",
        Number(*fwhm_ev), Number(COARSEST_EV)
    ))]
    Coarse {
        /// Full width at half maximum of instrument and channel (eV).
        fwhm_ev: f64,
    },
    /// No edge.
    #[error("{}", say!(
        "the Cu L edge stands only {:.1} standard errors above its background; sum more pixels or count longer"
        | "die Cu-L-Kante steht nur {:.1} Standardfehler über ihrem Untergrund; mehr Pixel summieren oder länger zählen",
        Number(*significance)
    ))]
    NoEdge {
        /// Edge over its error.
        significance: f64,
    },
    /// Noise.
    #[error("{}", say!(
        "repeated with its noise the spectrum gives this answer in {percent:.0} % of the cases only; sum more pixels or count longer"
        | "mit seinem Rauschen wiederholt gibt das Spektrum diese Antwort nur in {percent:.0} % der Fälle; mehr Pixel summieren oder länger zählen"
    ))]
    Noisy {
        /// Agreement (%).
        percent: f64,
    },
    /// A shift at the end of its range.
    #[error("{}", say!(
        "the best fit wants the energy axis moved by {} eV or more: calibrate it by the zero-loss peak, C K or O K of the same acquisition"
        | "die beste Anpassung verlangt die Energieachse um {} eV oder mehr verschoben: sie am Nullverlustpeak, an C K oder O K derselben Aufnahme kalibrieren",
        signed(*shift_ev, 2)
    ))]
    Uncalibrated {
        /// Shift (eV).
        shift_ev: f64,
    },
    /// The same where a calibration was claimed.
    #[error("{}", say!(
        "the best fit wants the energy axis moved by {} eV or more, beyond what its calibration was said to be off by: check the calibration, or leave it out"
        | "die beste Anpassung verlangt die Energieachse um {} eV oder mehr verschoben, mehr als für ihre Kalibrierung angegeben: die Kalibrierung prüfen oder weglassen",
        signed(*shift_ev, 2)
    ))]
    Contradicted {
        /// Shift (eV).
        shift_ev: f64,
    },
    /// None of the references.
    #[error("{}", say!(
        "the spectrum differs from every mixture of the references by {:.2} of the edge beyond its noise: another compound (sulfide, hydroxide, alloy), a wrong background, or plural scattering"
        | "das Spektrum weicht von jeder Mischung der Referenzen um {:.2} der Kante mehr als sein Rauschen ab: eine andere Verbindung (Sulfid, Hydroxid, Legierung), ein falscher Untergrund oder Mehrfachstreuung",
        Number(*residual)
    ))]
    Misfit {
        /// rms residual beyond the noise over the continuum.
        residual: f64,
    },
}

/// What a spectrum says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// One state has more than half, in 95 % of the replicates, and of the built-in shapes by more than these are uncertain by.
    Mostly(String),
    /// Several states, each fraction known better than to 0.1, and none surely above half.
    Mixture,
    /// The reasons.
    CannotTell(Vec<Doubt>),
}

/// The share of one reference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fraction {
    /// The reference.
    pub name: String,
    /// Atomic fraction of the element in this state.
    pub value: f64,
    /// Standard deviation over the replicates, wider by √(χ²/ν), with what [`SHAPE_ERROR`] of the built-in shapes does.
    pub standard_error: f64,
    /// 16 % and 84 % of the replicates, as much wider.
    pub interval: (f64, f64),
}

impl Fraction {
    /// With errors wider by a factor, and by what the shapes' own error does to this fraction.
    fn widened(self, factor: f64, shape_error: f64) -> Fraction {
        let systematic = shape_error * leeway(self.value);
        let to = |end: f64, outward: f64| {
            let by = factor * (end - self.value);
            let more = libm::hypot(by, systematic) - by.abs();
            (self.value + by + outward * more).clamp(0.0, 1.0)
        };
        Fraction {
            standard_error: libm::hypot(factor * self.standard_error, systematic),
            interval: (to(self.interval.0, -1.0), to(self.interval.1, 1.0)),
            ..self
        }
    }
}

/// What the shapes' error does to a fraction, over what it does to the mean valence of equal shares of Cu and Cu₂O: nothing where one reference is all.
///
/// 2 √(x (1 − x)). Of 153 fractions in spectra with an independent generator's shapes, 86 and 97 % lay within one and two of these errors.
fn leeway(fraction: f64) -> f64 {
    2.0 * (fraction * (1.0 - fraction)).max(0.0).sqrt()
}

/// What can be read without a fit: evidence of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// Energy of the L₃ maximum (eV), on the axis as it stands.
    pub position_ev: f64,
    /// Its standard error by noise (eV).
    pub position_error_ev: f64,
    /// L₃ maximum over the continuum at 965 to 976 eV.
    pub peak_over_continuum: f64,
    /// Its standard error by noise.
    pub peak_error: f64,
    /// The same ratio of each reference at this resolution.
    pub expected: Vec<(String, f64)>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Valence {
    /// What the spectrum says.
    pub verdict: Verdict,
    /// Shares, in the order of the references.
    pub fractions: Vec<Fraction>,
    /// Mean valence.
    pub mean: f64,
    /// Its 68 % interval by noise: quantiles of the replicates.
    pub interval: (f64, f64),
    /// Its 95 % interval by noise.
    pub interval_95: (f64, f64),
    /// Standard error by the references' own uncertainty; 0 for references measured on the same instrument.
    pub systematic: f64,
    /// The references moved by this (eV).
    pub shift_ev: f64,
    /// χ²/ν of the fit.
    pub chi2_red: f64,
    /// rms residual beyond the noise, in units of the continuum.
    pub residual: f64,
    /// The edge over its standard error.
    pub edge_significance: f64,
    /// Evidence without the fit.
    pub fingerprint: Fingerprint,
    /// The O K edge of the same spectrum, where it reaches from before 470 to 570 eV: oxides show it, the metal alone does not. Whom the oxygen is
    /// bound to it does not say.
    pub oxygen: Option<Net>,
    /// Energy (eV), counts, fit, background: for the eye.
    pub curve: Vec<[f64; 4]>,
}

impl Valence {
    /// What is beside the name of the state: that others have the same edge.
    pub fn alike(&self) -> &'static str {
        match &self.verdict {
            Verdict::Mostly(state) if state == "Cu" => word!(
                " (the metal, its sulfides and its alloys look alike)"
                    | " (Metall, Sulfide und Legierungen sehen gleich aus)"
            ),
            _ => "",
        }
    }

    /// What the references' own errors do to the mean.
    pub fn by_references(&self) -> String {
        match self.systematic > 0.0 {
            true => say!(
                "± {:.2} by the references" | "± {:.2} durch die Referenzen",
                Number(self.systematic)
            ),
            false => say!(
                "errors of the references (noise, axes) only as far as they raise χ²/ν"
                    | "Fehler der Referenzen (Rauschen, Achsen) nur, soweit sie χ²/ν erhöhen"
            ),
        }
    }
}

/// Fractions of the references in a spectrum's Cu L₂,₃ edge.
///
/// The channels from before the edge to 976 eV are Σ a_j R_j(E − s) + the pre-edge power law (its exponent from 40 eV or more before the edge, its height free) +
/// a straight rise above the edge (plural scattering), a_j ≥ 0, with one shift s within ±1.5 eV or as the calibration allows (what fits better
/// beyond, up to ±4 eV, is told). R_j have
/// unit continuum, so that a_j/Σa is the atomic fraction. Errors are those of `replicates` spectra drawn from the fit with the spectrum's own noise, each
/// fitted anew. The verdict is [`Verdict::CannotTell`] wherever resolution, noise, calibration or the residual leave it open.
///
/// The ratio L₃/L₂ is no measure of valence for copper (it is for Mn, Fe, Co: [`super::white_lines()`]), and CuO lies below Cu₂O and Cu, not above.
/// Accuracy: `tests/valence.rs` (mixtures within their intervals) and `tests/spectroscopy_files.rs` (three measured references over 200 seeds). Not for thick
/// specimens ([`super::Scattering::removed_from`] first), nor for compounds that are not among the references: the residual says so only where they differ much.
///
/// # Errors
/// The spectrum does not reach from 925 to 976 eV.
pub fn valence(
    spectrum: &Spectrum,
    references: &[Reference],
    settings: &ValenceSettings,
) -> Result<Valence, SpectroscopyError> {
    let built_in = references == Reference::copper();
    let oxygen = Edge::named("O_K")
        .and_then(|edge| edge.allowed(&[], &spectrum.axis))
        .and_then(|windows| net_counts(spectrum, &windows, Method::default()))
        .ok();
    let resolution = settings.resolution_ev.max(0.05);
    let factor =
        ((0.25_f64.min(resolution / 3.0).max(0.1)) / spectrum.axis.step_ev + 1e-6) as usize;
    let spectrum = spectrum.binned(factor.max(1));
    let step = spectrum.axis.step_ev;
    // Channels blur like the instrument: a box of their width.
    let fwhm_ev =
        (resolution * resolution + 8.0 * core::f64::consts::LN_2 / 12.0 * step * step).sqrt();
    let from = spectrum.axis.first_ev.clamp(900.0, 920.0);
    let channels = spectrum
        .axis
        .at_least(Window::new(from, CONTINUUM_EV.1), references.len() + 6)?;
    let needed = Window::new(925.0, CONTINUUM_EV.1 - 2.0);
    spectrum
        .axis
        .at_least(needed, (needed.width_ev() / step) as usize)?;
    let energies: Vec<f64> = channels
        .clone()
        .map(|c| spectrum.axis.energy_ev(c))
        .collect();
    let counts: Vec<f64> = spectrum.counts.get(channels).unwrap_or(&[]).to_vec();
    let background = background(&spectrum, &energies);
    let variance = noise_variance(&counts, fwhm_ev / step);
    let shapes: Vec<Shape> = references.iter().map(|r| r.broadened(fwhm_ev)).collect();
    let problem = Problem::new(
        &energies,
        &background,
        &variance,
        &shapes,
        settings.calibration_ev,
    );
    let within = problem.within();
    let mut best = problem
        .solve(&counts, within.clone())
        .ok_or(SpectroscopyError::Singular)?;
    let degrees = counts.len().saturating_sub(problem.columns + 1).max(1) as f64;
    let mut at_end = best.trial == within.start || best.trial + 1 == within.end;
    // Within reach χ² may have a minimum of its own.
    if within.len() < problem.trials.len()
        && let Some(all) = problem.solve(&counts, 0..problem.trials.len())
        && best.chi2 - all.chi2 > BETTER * (all.chi2 / degrees).max(1.0)
    {
        (best, at_end) = (all, true);
    }
    let fitted = problem.curve(&best);
    let chi2_red = best.chi2 / degrees;

    // The continuum of the fit, and how well the edge stands out: all references together.
    let continuum: f64 = best.x.iter().take(references.len()).sum();
    let noise = Noise::new(settings.seed);
    let (replicates, continua) = problem.replicates(&fitted, &best, noise, settings.replicates);
    // Where the fit is worse than the noise, errors are wider in proportion.
    let wider = chi2_red.max(1.0).sqrt();
    let systematic = if built_in { SHAPE_ERROR } else { 0.0 };
    let by_noise = fractions(references, &best.x, &replicates);
    let mean_of = |shares: &[f64]| {
        shares
            .iter()
            .zip(references)
            .map(|(f, r)| f * r.valence)
            .sum::<f64>()
    };
    let mean = by_noise
        .iter()
        .zip(references)
        .map(|(f, r)| f.value * r.valence)
        .sum();
    let mut means: Vec<f64> = replicates.iter().map(|f| mean_of(f)).collect();
    let mut around = |q: f64| {
        let at = filter::quantile(&mut means, q).unwrap_or(mean);
        mean + wider * (at - mean)
    };
    let interval = (around(0.16), around(0.84));
    let interval_95 = (around(0.025), around(0.975));
    let spread = standard_deviation(&continua).max(f64::MIN_POSITIVE) * wider;
    let edge_significance = continuum / spread;
    let excess = (best.chi2 / degrees - 1.0).max(0.0);
    let mean_variance = variance.iter().sum::<f64>() / variance.len().max(1) as f64;
    let residual = (excess * mean_variance).sqrt() / continuum.max(f64::MIN_POSITIVE);

    let mut doubts = Vec::new();
    if fwhm_ev > COARSEST_EV {
        doubts.push(Doubt::Coarse { fwhm_ev });
    }
    if edge_significance < LEAST_EDGE || continuum <= 0.0 {
        doubts.push(Doubt::NoEdge {
            significance: edge_significance,
        });
    }
    if at_end {
        let shift_ev = best.shift_ev;
        doubts.push(match settings.calibration_ev {
            None => Doubt::Uncalibrated { shift_ev },
            Some(_) => Doubt::Contradicted { shift_ev },
        });
    }
    // χ²/ν of ν channels scatters by √(2/ν).
    let misfit = if built_in { BUILT_IN_MISFIT } else { MISFIT };
    if residual > misfit && excess > 5.0 * (2.0 / degrees).sqrt() {
        doubts.push(Doubt::Misfit { residual });
    }
    let (leading, agreement) = agreement(&replicates);
    let largest = by_noise.get(leading).map_or(0.0, |f| f.value);
    let known = by_noise.iter().all(|f| f.standard_error * wider < 0.1);
    let fractions = by_noise
        .into_iter()
        .map(|f| f.widened(wider, systematic))
        .collect();
    let verdict = if !doubts.is_empty() {
        Verdict::CannotTell(doubts)
    } else if agreement >= AGREEMENT && largest > 0.5 + ONE_SIDED * systematic * leeway(largest) {
        Verdict::Mostly(
            references
                .get(leading)
                .map(|r| r.name.clone())
                .unwrap_or_default(),
        )
    } else if known {
        Verdict::Mixture
    } else {
        Verdict::CannotTell(vec![Doubt::Noisy {
            percent: 100.0 * agreement,
        }])
    };
    let net: Vec<f64> = counts.iter().zip(&fitted).map(|(c, f)| c - f.1).collect();
    Ok(Valence {
        verdict,
        fractions,
        mean,
        interval,
        interval_95,
        systematic,
        shift_ev: best.shift_ev,
        chi2_red,
        residual,
        edge_significance,
        fingerprint: fingerprint(
            &energies,
            &net,
            &variance,
            (fwhm_ev / step, best.shift_ev),
            references,
            &shapes,
        ),
        oxygen,
        curve: energies
            .iter()
            .zip(&counts)
            .zip(&fitted)
            .map(|((e, c), f)| [*e, *c, f.0, f.1])
            .collect(),
    })
}

/// The power law before the edge, or a constant where there is none.
fn background(spectrum: &Spectrum, energies: &[f64]) -> Vec<f64> {
    match pre_edge(spectrum) {
        Some(law) => energies.iter().map(|&e| law.at(e)).collect(),
        None => {
            let level = continuum(spectrum).abs().max(f64::MIN_POSITIVE);
            vec![level; energies.len()]
        }
    }
}

/// Variance of each channel: proportional to the smoothed counts, scaled to the scatter of second differences, which no smooth
/// spectrum has. `width`: channels over which the instrument blurs.
pub(super) fn noise_variance(counts: &[f64], width: f64) -> Vec<f64> {
    let smooth = broadened(counts, (width / 2.35).max(1.0));
    let highest = smooth.iter().fold(0.0_f64, |m, v| m.max(*v));
    let shape: Vec<f64> = smooth
        .iter()
        .map(|v| v.max(0.02 * highest).max(f64::MIN_POSITIVE))
        .collect();
    let second: Vec<f64> = counts
        .windows(3)
        .zip(shape.windows(3))
        .filter_map(|(c, s)| match (c, s) {
            ([a, b, d], [p, q, r]) => Some((a - 2.0 * b + d) / (p + 4.0 * q + r).sqrt()),
            _ => None,
        })
        .collect();
    let scale = filter::spread(&second, 0.0);
    let factor = (scale * scale).max(1e-12);
    shape.iter().map(|s| factor * s).collect()
}

/// One shift's linear problem.
struct Trial {
    shift_ev: f64,
    /// Row-major: shapes, then background and rise.
    design: Vec<f64>,
    gram: Vec<f64>,
    /// χ² of the shift itself.
    penalty: f64,
}

struct Problem {
    trials: Vec<Trial>,
    columns: usize,
    references: usize,
    weight: Vec<f64>,
    /// Trials on either side of no shift that are within reach.
    reach: usize,
}

/// The best shift's solution.
struct Best {
    trial: usize,
    shift_ev: f64,
    /// Shapes, then background and rise.
    x: Vec<f64>,
    chi2: f64,
}

/// Columns beside the references: background and rise.
const NUISANCE: usize = 2;

impl Problem {
    fn new(
        energies: &[f64],
        background: &[f64],
        variance: &[f64],
        shapes: &[Shape],
        calibration_ev: Option<f64>,
    ) -> Problem {
        let columns = shapes.len() + NUISANCE;
        let weight: Vec<f64> = variance.iter().map(|v| 1.0 / v).collect();
        let reach = calibration_ev.map_or(FREE_SHIFT_EV, |c| {
            (3.0 * c).clamp(2.0 * SHIFT_STEP_EV, FREE_SHIFT_EV)
        });
        let farthest = match calibration_ev {
            None => FARTHEST_EV,
            Some(_) => reach,
        };
        let steps = libm::round(farthest / SHIFT_STEP_EV) as i64;
        let trials = (-steps..=steps)
            .map(|k| {
                let shift_ev = k as f64 * SHIFT_STEP_EV;
                let mut design = Vec::with_capacity(columns * energies.len());
                for (&e, &b) in energies.iter().zip(background) {
                    // Signed unknowns stand first.
                    design.push(b);
                    design.push(((e - shift_ev - 932.0) / 30.0).max(0.0));
                    design.extend(shapes.iter().map(|s| s.at(e - shift_ev)));
                }
                let mut gram = vec![0.0; columns * columns];
                for (row, w) in design.chunks_exact(columns).zip(&weight) {
                    for i in 0..columns {
                        for j in 0..=i {
                            gram[i * columns + j] += w * row[i] * row[j];
                        }
                    }
                }
                for i in 0..columns {
                    for j in i + 1..columns {
                        gram[i * columns + j] = gram[j * columns + i];
                    }
                }
                let penalty = calibration_ev
                    .map_or(0.0, |c| (shift_ev / c.max(1e-3)) * (shift_ev / c.max(1e-3)));
                Trial {
                    shift_ev,
                    design,
                    gram,
                    penalty,
                }
            })
            .collect();
        Problem {
            trials,
            columns,
            references: shapes.len(),
            weight,
            reach: libm::round(reach / SHIFT_STEP_EV) as usize,
        }
    }

    /// The trials that an axis as good as is believed needs.
    fn within(&self) -> core::ops::Range<usize> {
        let middle = self.trials.len() / 2;
        middle.saturating_sub(self.reach)..(middle + self.reach + 1).min(self.trials.len())
    }

    /// The best of some shifts.
    fn solve(&self, counts: &[f64], among: core::ops::Range<usize>) -> Option<Best> {
        let total: f64 = counts
            .iter()
            .zip(&self.weight)
            .map(|(y, w)| w * y * y)
            .sum();
        let mut best: Option<(usize, Vec<f64>, f64)> = None;
        for (index, trial) in self
            .trials
            .iter()
            .enumerate()
            .take(among.end)
            .skip(among.start)
        {
            let mut rhs = vec![0.0; self.columns];
            for ((row, w), y) in trial
                .design
                .chunks_exact(self.columns)
                .zip(&self.weight)
                .zip(counts)
            {
                let wy = w * y;
                for (b, a) in rhs.iter_mut().zip(row) {
                    *b += wy * a;
                }
            }
            let Some(x) = non_negative(&trial.gram, &rhs, NUISANCE) else {
                continue;
            };
            // χ² = yᵀWy − 2 bᵀx + xᵀGx.
            let mut chi2 = total + trial.penalty;
            for (i, xi) in x.iter().enumerate() {
                let gx: f64 = trial.gram[i * self.columns..(i + 1) * self.columns]
                    .iter()
                    .zip(&x)
                    .map(|(g, x)| g * x)
                    .sum();
                chi2 += xi * (gx - 2.0 * rhs[i]);
            }
            if best.as_ref().is_none_or(|(_, _, least)| chi2 < *least) {
                best = Some((index, x, chi2));
            }
        }
        let (trial, mut x, chi2) = best?;
        x.rotate_left(NUISANCE);
        Some(Best {
            trial,
            shift_ev: self.trials.get(trial)?.shift_ev,
            x,
            chi2,
        })
    }

    /// Fit and what of it is background, channel by channel.
    fn curve(&self, best: &Best) -> Vec<(f64, f64)> {
        let Some(trial) = self.trials.get(best.trial) else {
            return Vec::new();
        };
        trial
            .design
            .chunks_exact(self.columns)
            .map(|row| {
                let (nuisance, shapes) = row.split_at(NUISANCE);
                let (a, n) = best.x.split_at(self.references);
                let edge: f64 = shapes.iter().zip(a).map(|(s, a)| s * a).sum();
                let under: f64 = nuisance.iter().zip(n).map(|(s, a)| s * a).sum();
                (edge + under, under)
            })
            .collect()
    }

    /// Fractions and continua of spectra drawn from the fit.
    fn replicates(
        &self,
        fitted: &[(f64, f64)],
        best: &Best,
        mut noise: Noise,
        count: usize,
    ) -> (Vec<Vec<f64>>, Vec<f64>) {
        // The shift scatters by less than this, or the spectrum says nothing anyway.
        let near = 12;
        let among = best.trial.saturating_sub(near)..(best.trial + near + 1).min(self.trials.len());
        let mut counts = vec![0.0; fitted.len()];
        let (mut shares, mut continua) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for _ in 0..count {
            for ((c, f), w) in counts.iter_mut().zip(fitted).zip(&self.weight) {
                *c = f.0 + noise.normal() / w.sqrt();
            }
            if let Some(drawn) = self.solve(&counts, among.clone()) {
                let a = &drawn.x[..self.references];
                let sum: f64 = a.iter().sum();
                continua.push(sum);
                if sum > 0.0 {
                    shares.push(a.iter().map(|v| v / sum).collect());
                }
            }
        }
        (shares, continua)
    }
}

fn fractions(references: &[Reference], x: &[f64], replicates: &[Vec<f64>]) -> Vec<Fraction> {
    let sum: f64 = x.iter().take(references.len()).sum();
    references
        .iter()
        .enumerate()
        .map(|(j, r)| {
            let mut drawn: Vec<f64> = replicates
                .iter()
                .filter_map(|f| f.get(j).copied())
                .collect();
            Fraction {
                name: r.name.clone(),
                value: if sum > 0.0 { x[j] / sum } else { 0.0 },
                standard_error: standard_deviation(&drawn),
                interval: (
                    filter::quantile(&mut drawn, 0.16).unwrap_or(0.0),
                    filter::quantile(&mut drawn, 0.84).unwrap_or(1.0),
                ),
            }
        })
        .collect()
}

fn standard_deviation(values: &[f64]) -> f64 {
    let n = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0).max(1.0)).sqrt()
}

/// Which reference most replicates find to have the largest share, and how many do.
fn agreement(replicates: &[Vec<f64>]) -> (usize, f64) {
    let mut votes: Vec<usize> = vec![0; replicates.first().map_or(0, Vec::len)];
    for shares in replicates {
        let largest = shares.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        if let Some((j, _)) = largest
            && let Some(vote) = votes.get_mut(j)
        {
            *vote += 1;
        }
    }
    let most = votes.iter().enumerate().max_by_key(|(_, v)| **v);
    most.map_or((0, 0.0), |(j, &v)| {
        (j, v as f64 / replicates.len().max(1) as f64)
    })
}

/// Position and height of the L₃ maximum of the counts above the background, smoothed by half the instrument's width.
fn fingerprint(
    energies: &[f64],
    net: &[f64],
    variance: &[f64],
    (width, shift_ev): (f64, f64),
    references: &[Reference],
    shapes: &[Shape],
) -> Fingerprint {
    let sigma = (0.5 * width / 2.35).max(0.7);
    let smooth = broadened(net, sigma);
    let inside = |e: f64, (from, to): (f64, f64)| e >= from + shift_ev && e < to + shift_ev;
    let peak = energies
        .iter()
        .zip(&smooth)
        .enumerate()
        .filter(|(_, (e, _))| inside(**e, (928.5, 937.0)))
        .max_by(|a, b| a.1.1.total_cmp(b.1.1))
        .map_or(0, |(i, _)| i);
    let step = match energies {
        [a, b, ..] => b - a,
        _ => 1.0,
    };
    let at = |i: usize| smooth.get(i).copied().unwrap_or(0.0);
    let (left, middle, right) = (at(peak.saturating_sub(1)), at(peak), at(peak + 1));
    let curvature = 2.0 * middle - left - right;
    let within = if curvature > 0.0 {
        (0.5 * (right - left) / curvature).clamp(-0.5, 0.5)
    } else {
        0.0
    };
    // Of a mean over 2√π σ channels.
    let smoothing = 1.0 / (2.0 * core::f64::consts::PI.sqrt() * sigma);
    let noise = (variance.get(peak).copied().unwrap_or(0.0) * smoothing).sqrt();
    // The derivative of a Gaussian mean has 1/(4 √π σ³) of the variance; the position its square root over the curvature.
    let slope = (variance.get(peak).copied().unwrap_or(0.0)
        / (4.0 * core::f64::consts::PI.sqrt() * sigma.powi(3)))
    .sqrt();
    let behind: Vec<usize> = (0..energies.len())
        .filter(|&i| inside(energies[i], CONTINUUM_EV))
        .collect();
    let n = behind.len().max(1) as f64;
    let continuum = behind.iter().map(|&i| net[i]).sum::<f64>() / n;
    let continuum_error = behind.iter().map(|&i| variance[i]).sum::<f64>().sqrt() / n;
    let ratio = middle / continuum;
    let expected = references
        .iter()
        .zip(shapes)
        .map(|(r, s)| {
            let values: Vec<f64> = energies.iter().map(|&e| s.at(e - shift_ev)).collect();
            let drawn = broadened(&values, sigma);
            let highest = energies
                .iter()
                .zip(&drawn)
                .filter(|(e, _)| inside(**e, (928.5, 937.0)))
                .fold(0.0_f64, |m, (_, v)| m.max(*v));
            (r.name.clone(), highest)
        })
        .collect();
    let relative = |e: f64, v: f64| if v == 0.0 { 0.0 } else { e / v };
    Fingerprint {
        position_ev: energies.get(peak).copied().unwrap_or(0.0) + within * step,
        position_error_ev: if curvature > 0.0 {
            step * slope / curvature
        } else {
            f64::INFINITY
        },
        peak_over_continuum: ratio,
        peak_error: ratio.abs()
            * libm::hypot(
                relative(noise, middle),
                relative(continuum_error, continuum),
            ),
        expected,
    }
}
