//! The second stage: how sure the answer is. One small step a request, so that nothing newer has to wait.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::analysis::Fitted;
use super::heating::kinetics;
use super::{Analysis, Engine, Event};
use crate::budget::{Budget, Question, Source, Target};
use crate::figures::format::fixed;
use crate::figures::known;
use crate::fit::{
    Change, Compared, DRAWS, Estimate, Interval, IntervalKind, Refit, SeriesFit, Structure, about,
    bootstrap, compare, drawn_intervals, normal_quantile, percentile, window,
};
use crate::imaging::Measurement;
use crate::kinetics::{
    Arrhenius, Comparison, Ellipse, Grounds, Heating, Kinetics, Reference, compare_energy,
    fit_arrhenius_to_frames, influence,
};
use crate::language::{say, word};
use crate::project::{Contrast, Errors, Project};
use crate::signal::Notices;

/// How sure an analysis is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// What each input does to D and E.
    pub budget: Budget,
    /// The model's neighbors.
    pub ladder: Vec<Compared>,
    /// Between which D·t/R_B² these images see anything.
    pub window: Option<(f64, f64)>,
    /// What the model leaves of the images.
    pub structure: Option<Structure>,
    /// Intervals and lines with errors drawn from the sectors, where these were drawn.
    pub drawn: Option<Drawn>,
    /// Whether the errors are final: it is known which are to be shown, and these are there.
    pub errors_checked: bool,
    /// E beside what is known.
    pub comparisons: Vec<Comparison>,
    /// (ln D, E) with the errors stated.
    pub stated: Option<Ellipse>,
    /// The same with all of the budget.
    pub all: Option<Ellipse>,
}

/// Errors from the draws of a bootstrap.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// Draws.
    pub draws: usize,
    /// The intervals.
    pub intervals: Vec<Interval>,
    /// The lines.
    pub kinetics: Kinetics,
    /// The intervals of the likelihood, which these replace.
    pub likelihood: Vec<Interval>,
    /// The model misses the data ([`SeriesFit::is_misfit`]): no error is smaller than that of the likelihood.
    pub misfit: bool,
}

impl Analysis {
    /// The same with the errors that the assessment prefers.
    pub fn assessed(&self, assessment: &Assessment) -> Analysis {
        let mut analysis = self.clone();
        if let Some(drawn) = &assessment.drawn {
            analysis.fit.intervals.clone_from(&drawn.intervals);
            analysis.kinetics.clone_from(&drawn.kinetics);
        }
        analysis.assessment = Some(Box::new(assessment.clone()));
        analysis
    }
}

impl Assessment {
    /// Whether the errors are those of the likelihood because there are no images with sectors to be drawn.
    pub fn lacks_images(&self, asked: Errors) -> bool {
        let without = self.structure.is_some_and(|s| s.sectors.is_none());
        without && self.errors_checked && asked != Errors::Likelihood
    }

    /// What dominates the error of E, or of the interval known best, in a phrase; empty until the budget is complete.
    pub fn limits(&self, fit: &SeriesFit) -> String {
        if !self.budget.is_complete() {
            return String::new();
        }
        let parts: Vec<String> = self
            .budget
            .shares(self.target(fit))
            .iter()
            .filter(|(_, share)| *share >= 0.05)
            .take(3)
            .map(|(source, share)| format!("{} {:.0} %", known(source.name()), 100.0 * share))
            .collect();
        parts.join(", ")
    }

    /// E where there is one, or D of the interval that is known best.
    pub fn target(&self, fit: &SeriesFit) -> Target {
        if self.budget.total(Target::Energy).is_some() {
            return Target::Energy;
        }
        let known = |k: &usize| {
            self.budget
                .total(Target::Interval(*k))
                .unwrap_or(f64::INFINITY)
        };
        let best = (0..fit.intervals.len()).min_by(|a, b| known(a).total_cmp(&known(b)));
        Target::Interval(best.unwrap_or_default())
    }
}

/// The evidence for and against the model, in one sentence.
pub fn ladder_sentence(ladder: &[Compared]) -> String {
    let preferred: Vec<String> = ladder
        .iter()
        .filter(|c| c.is_preferred())
        .map(|c| {
            say!(
                "{} (ΔBIC {}, D changes by up to a factor of {})"
                    | "{} (ΔBIC {}, D ändert sich um bis zu einen Faktor {})",
                change_name(c.change),
                fixed(c.bic, 0),
                fixed(c.factor, 2)
            )
        })
        .collect();
    if ladder.is_empty() {
        String::new()
    } else if preferred.is_empty() {
        word!("No neighbor of the model describes the images better by the odds that count (ΔBIC below −10)." | "Kein Nachbar des Modells beschreibt die Bilder so viel besser, dass es zählt (ΔBIC unter −10).").into()
    } else {
        say!(
            "The images prefer {}." | "Die Bilder sprechen für {}.",
            preferred.join("; ")
        )
    }
}

/// What a neighbor is called.
pub fn change_name(change: Change) -> &'static str {
    match change {
        Change::Scheme => word!("the other scheme" | "das andere Schema"),
        Change::Contrast => word!("a fitted contrast" | "einen angepassten Kontrast"),
        Change::Probe => word!("a fitted probe" | "einen angepassten Strahl"),
        Change::Composition => {
            word!("a D that depends on composition" | "ein D, das von der Zusammensetzung abhängt")
        }
        Change::Before => word!("a D·t before the first image" | "ein D·t vor dem ersten Bild"),
    }
}

/// What is said of errors that cannot be drawn from sectors.
pub fn likelihood_alone() -> &'static str {
    word!(
        "errors of the likelihood alone, for want of images"
            | "Fehler allein aus der Likelihood, mangels Bildern"
    )
}

/// Which errors are shown, and why, in one sentence.
pub fn errors_sentence(assessment: &Assessment, asked: Errors) -> String {
    let Some(structure) = &assessment.structure else {
        return String::new();
    };
    let sectors = structure.sectors.map_or_else(String::new, |s| {
        say!(
            ", within sectors by {}" | ", innerhalb von Sektoren mit {}",
            fixed(s.value, 2)
        )
    });
    let left = if structure.is_noise() {
        word!("the model leaves nothing but noise" | "das Modell lässt nichts als Rauschen übrig")
    } else {
        word!(
            "the model leaves structure, and errors that take rings for independent are not to be trusted"
                | "das Modell lässt Struktur übrig, und Fehlern, die Ringe für unabhängig nehmen, ist nicht zu trauen"
        )
    };
    let found = say!(
        "Residuals of neighboring rings correlate by {}{}: {}"
            | "Residuen benachbarter Ringe korrelieren mit {}{}: {}",
        fixed(structure.rings.value, 2),
        sectors,
        left
    );
    let shown = match (&assessment.drawn, asked) {
        (Some(drawn), _) if drawn.misfit => say!(
            "the errors shown are the larger of {} draws of the particle's sectors and of the likelihood, which is widened because the model misses the data"
                | "die gezeigten Fehler sind die größeren aus {} Ziehungen der Sektoren des Partikels und aus der Likelihood, die verbreitert ist, weil das Modell die Daten verfehlt",
            drawn.draws
        ),
        (Some(drawn), _) => say!(
            "the errors shown are those of {} draws of the particle's sectors"
                | "die gezeigten Fehler sind die von {} Ziehungen der Sektoren des Partikels",
            drawn.draws
        ),
        (None, Errors::Likelihood) => word!(
            "the errors shown are those of the likelihood, as asked for"
                | "die gezeigten Fehler sind, wie verlangt, die der Likelihood"
        )
        .into(),
        (None, _) if assessment.lacks_images(asked) => likelihood_alone().into(),
        (None, Errors::Auto) if structure.is_noise() => word!(
            "the errors shown are those of the likelihood"
                | "die gezeigten Fehler sind die der Likelihood"
        )
        .into(),
        (None, _) => word!(
            "the errors shown are those of the likelihood until the sectors are drawn"
                | "die gezeigten Fehler sind die der Likelihood, bis die Sektoren gezogen sind"
        )
        .into(),
    };
    format!("{found}; {shown}.")
}

enum Task {
    Contribution(Source),
    Change(Change),
    Window,
    Structure,
    Draws(usize, usize),
    Conclude,
}

/// Draws in one step.
const CHUNK: usize = 25;

/// An assessment under way.
pub(super) struct Assessing {
    project: Project,
    fitted: Fitted,
    measured: Vec<Option<Measurement>>,
    draws: Vec<Refit>,
    tasks: VecDeque<Task>,
    done: usize,
    assessment: Assessment,
}

/// A drawn line with errors so many times as wide, up to those of the likelihood.
fn wider(drawn: Arrhenius, times: f64, likelihood: &Arrhenius) -> Arrhenius {
    let (own, other) = (drawn.energy_j_mol, likelihood.energy_j_mol.standard_error);
    if other <= own.standard_error {
        return drawn;
    }
    if other <= times * own.standard_error {
        return likelihood.clone();
    }
    let end = |at: f64| own.value + times * (at - own.value);
    let (low, high) = drawn.energy_interval_j_mol;
    let times_wider = |e: Estimate| Estimate {
        standard_error: times * e.standard_error,
        ..e
    };
    Arrhenius {
        energy_j_mol: times_wider(own),
        ln_d0: times_wider(drawn.ln_d0),
        energy_interval_j_mol: (end(low), end(high)),
        ..drawn
    }
}

/// Whether two projects ask for the same analysis.
fn same(a: &Project, b: &Project) -> bool {
    (&a.series, &a.model, &a.materials) == (&b.series, &b.model, &b.materials)
}

impl Engine {
    /// One step of the assessment of a project, and what is known after it.
    pub(super) fn assess(&mut self, id: u64, project: &Project, emit: &mut dyn FnMut(Event)) {
        let known = self.assessing.take().filter(|a| same(&a.project, project));
        let known = known.or_else(|| self.begin(project));
        let Some(mut assessing) = known else {
            return emit(Event::Assessed {
                id,
                done: 0,
                total: 0,
                long: false,
                assessment: Box::default(),
            });
        };
        if let Some(task) = assessing.tasks.pop_front() {
            assessing.done += 1;
            self.step(&mut assessing, task);
        }
        let of_errors = |task: &Task| matches!(task, Task::Structure | Task::Draws(..));
        assessing.assessment.errors_checked = !assessing.tasks.iter().any(of_errors);
        emit(Event::Assessed {
            id,
            done: assessing.done,
            total: assessing.done + assessing.tasks.len(),
            long: matches!(assessing.tasks.front(), Some(Task::Change(_))),
            assessment: Box::new(assessing.assessment.clone()),
        });
        self.assessing = Some(assessing);
    }

    /// What is to be done; `None` where there is no analysis.
    fn begin(&mut self, project: &Project) -> Option<Assessing> {
        let measured = self.measure_all((0, None), project, &mut |_| {});
        let fitted = match self.fitted.take().filter(|(p, _)| same(p, project)) {
            Some((_, fitted)) => fitted,
            None => self.fit((0, project), &measured, &mut |_| {}).ok()?,
        };
        self.fitted = Some((project.clone(), fitted.clone()));
        let mut tasks = VecDeque::new();
        if !fitted.analysis.fit.intervals.is_empty() {
            tasks.extend(Source::ALL.map(Task::Contribution));
            tasks.push_back(Task::Conclude);
            tasks.push_back(Task::Window);
            tasks.push_back(Task::Structure);
            tasks.extend(Change::ALL.map(Task::Change));
        }
        Some(Assessing {
            project: project.clone(),
            fitted,
            measured,
            draws: Vec::new(),
            tasks,
            done: 0,
            assessment: Assessment::default(),
        })
    }

    fn step(&mut self, a: &mut Assessing, task: Task) {
        match task {
            // What cannot be computed is left out.
            Task::Contribution(source) => a.contribute(source),
            Task::Change(change) => a.compare(change),
            Task::Window => {
                let Fitted {
                    analysis,
                    frames,
                    settings,
                    ..
                } = &a.fitted;
                a.assessment.window = window(frames, settings, &analysis.fit).ok().flatten();
            }
            Task::Structure => a.structure(),
            Task::Draws(from, to) => a.draw(from, to),
            Task::Conclude => a.conclude(),
        }
    }
}

impl Assessing {
    /// The analysis with the errors shown.
    fn shown(&self) -> Analysis {
        let mut analysis = self.fitted.analysis.assessed(&self.assessment);
        if self.assessment.drawn.is_some() {
            // The scatter of the sectors has the atoms in it.
            analysis.fit.mixing.atoms = Vec::new();
        }
        analysis
    }

    /// The heating of every interval at its effective step; errors of temperature that all share are apart.
    fn heating(&self) -> Option<Vec<Heating>> {
        let common = self.project.model.temperature_error.common;
        let of = |(interval, error_k): (&Interval, f64)| {
            Some(Heating {
                temperature_k: interval.temperature_k?,
                temperature_error_k: if common { 0.0 } else { error_k },
                dwell_s: interval.dwell_s?,
            })
        };
        let intervals = &self.fitted.analysis.fit.intervals;
        intervals.iter().zip(self.errors_k()).map(of).collect()
    }

    /// Stated errors of temperature (K), 0 where there is none.
    fn errors_k(&self) -> Vec<f64> {
        let heating = &self.fitted.analysis.heating;
        let of = |k: usize| {
            heating
                .get(k)
                .and_then(Option::as_ref)
                .map_or(0.0, |h| h.temperature_se_k)
        };
        (0..self.fitted.analysis.fit.intervals.len())
            .map(of)
            .collect()
    }

    fn contribute(&mut self, source: Source) {
        let Fitted {
            frames, settings, ..
        } = &self.fitted;
        let analysis = self.shown();
        let (model, library) = (&self.project.model, self.project.library());
        let inputs = &model.inputs;
        let by_exponent =
            |n: f64| Some(library.weight(&model.core, n)? / library.weight(&model.shell, n)?);
        let contrast_span = match model.contrast {
            _ if settings.contrast_free => None,
            Contrast::Ratio(ratio) => {
                Some((ratio * (1.0 - inputs.ratio), ratio * (1.0 + inputs.ratio)))
            }
            contrast => {
                let moved = |by: f64| by_exponent(contrast.exponent()? + by);
                moved(-inputs.z_exponent).zip(moved(inputs.z_exponent))
            }
        };
        let center_se_nm: Vec<f64> = frames
            .iter()
            .map(|f| {
                let measured = self.measured.get(f.frame).and_then(Option::as_ref);
                let pixel = self
                    .project
                    .series
                    .frames
                    .get(f.frame)
                    .and_then(|f| f.pixel_nm.as_ref());
                measured
                    .zip(pixel)
                    .map_or(0.0, |(m, p)| m.particle.center_se_px * p.value)
            })
            .collect();
        let heating = self.heating();
        let errors_k = self.errors_k();
        let common = model.temperature_error.common && errors_k.iter().any(|e| *e > 0.0);
        let question = Question {
            common_error_k: common.then_some(&errors_k[..]),
            frames,
            settings,
            fit: &analysis.fit,
            choice: analysis.model_choice.as_ref(),
            heating: heating.as_deref(),
            line: analysis.kinetics.free.as_ref(),
            inputs,
            contrast_span,
            center_se_nm: &center_se_nm,
        };
        if let Ok(contribution) = question.contribution(source) {
            self.assessment.budget.put(contribution);
        }
    }

    fn compare(&mut self, change: Change) {
        let Fitted {
            analysis,
            frames,
            settings,
            ..
        } = &self.fitted;
        let fit = &analysis.fit;
        let choice = analysis.model_choice.as_ref();
        let own = choice.and_then(|c| c.candidates.iter().find(|c| c.scheme == fit.scheme));
        let Some(own) = own else { return };
        if let Ok(Some((mut compared, refit))) = compare(frames, (settings, fit), own, change) {
            let line = self
                .heating()
                .and_then(|h| fit_arrhenius_to_frames(&refit.mixing, &h, None, 1.0));
            // A heating before the first image has no temperature.
            let known = line.filter(|_| change != Change::Before);
            compared.energy_j_mol = known.map(|l| l.energy_j_mol.value);
            self.assessment.ladder.push(compared);
        }
    }

    fn structure(&mut self) {
        let sectors = &self.fitted.sectors;
        let structure = Structure::of(&self.fitted.analysis.fit, sectors);
        let wanted = match self.project.model.errors {
            Errors::Auto => !structure.is_noise(),
            Errors::Likelihood => false,
            Errors::Bootstrap => true,
        };
        self.assessment.structure = Some(structure);
        if wanted && !sectors.is_empty() {
            // Before the model's neighbors: the answer waits for these errors.
            for from in (0..DRAWS).step_by(CHUNK).rev() {
                self.tasks
                    .push_front(Task::Draws(from, (from + CHUNK).min(DRAWS)));
            }
        }
    }

    fn draw(&mut self, from: usize, to: usize) {
        let Fitted {
            analysis,
            frames,
            settings,
            sectors,
            ..
        } = &self.fitted;
        let drawn = bootstrap(frames, sectors, (settings, &analysis.fit), from..to);
        match drawn {
            Ok(drawn) => self.draws.extend(drawn),
            Err(_) => return self.tasks.clear(),
        }
        if to == DRAWS {
            let mut fit = analysis.fit.clone();
            fit.intervals = drawn_intervals(&fit, &self.draws);
            let histories = &self.fitted.histories;
            let (lines, _) = kinetics(&self.project, &mut fit, histories, &mut Notices::default());
            let has_value = fit.intervals.iter().any(|i| i.kind == IntervalKind::Value);
            let free = analysis.kinetics.free.as_ref().filter(|_| has_value);
            // One through points is drawn by the points that it goes through.
            let free = free.filter(|line| line.grounds == Grounds::Frames);
            let misfit = fit.is_misfit();
            let widened = self.widened(&fit.intervals);
            let free = free.and_then(|line| {
                let drawn = self.drawn_line(line)?;
                Some(match misfit {
                    true => wider(drawn, widened, line),
                    false => drawn,
                })
            });
            self.assessment.drawn = Some(Drawn {
                draws: self.draws.len(),
                likelihood: analysis.fit.intervals.clone(),
                misfit,
                kinetics: Kinetics {
                    free: free.or(lines.free),
                    ..lines
                },
                intervals: fit.intervals,
            });
            self.contribute(Source::Noise);
            self.contribute(Source::Atoms);
            self.conclude();
        }
    }

    /// How many times the scatter of the draws the errors of the intervals with a value are: root mean square.
    fn widened(&self, intervals: &[Interval]) -> f64 {
        let ratio = |(k, interval): (usize, &Interval)| {
            let draws = self.draws.iter();
            let dtau: Vec<f64> = draws.filter_map(|d| d.dtau_nm2.get(k).copied()).collect();
            let (scatter, _) = about(&dtau, interval.dtau_nm2);
            let error = interval
                .dtau_se_nm2
                .filter(|_| interval.kind == IntervalKind::Value)?;
            (scatter > 0.0).then(|| error / scatter)
        };
        let ratios = intervals.iter().enumerate().filter_map(ratio);
        let (count, sum) = ratios.fold((0.0, 0.0), |(n, sum), r| (n + 1.0, sum + r * r));
        f64::sqrt(sum / f64::max(count, 1.0)).max(1.0)
    }

    /// The line with the scatter of its draws.
    fn drawn_line(&self, line: &Arrhenius) -> Option<Arrhenius> {
        let heating = self.heating()?;
        let still: Vec<Heating> = heating
            .iter()
            .map(|h| Heating {
                temperature_error_k: 0.0,
                ..*h
            })
            .collect();
        let mixing = &self.fitted.analysis.fit.mixing;
        let without = fit_arrhenius_to_frames(mixing, &still, None, 1.0)?;
        let slopes = influence(mixing, &Heating::histories(&still)?, &without)?;
        // (E, ln D0) of every draw, through the estimator of the line.
        let lines: Vec<(f64, f64)> = self
            .draws
            .iter()
            .map(|draw| {
                let moved = draw.mixing.v.iter().zip(&mixing.v).zip(&slopes);
                moved.fold(
                    (without.energy_j_mol.value, without.ln_d0.value),
                    |(e, l), ((v, own), slope)| (e + (v - own) * slope.0, l + (v - own) * slope.1),
                )
            })
            .collect();
        let n = lines.len() as f64;
        if n < 20.0 {
            return None;
        }
        let mut energies: Vec<f64> = lines.iter().map(|l| l.0).collect();
        let levels: Vec<f64> = lines.iter().map(|l| l.1).collect();
        let mean = |of: &[f64]| of.iter().sum::<f64>() / n;
        let (e, l) = (mean(&energies), mean(&levels));
        let about_means = lines.iter().map(|x| (x.0 - e) * (x.1 - l));
        let covariance = about_means.sum::<f64>() / (n - 1.0);
        // What the temperatures add was in the line, and is not in the draws.
        let added = |with: Estimate, without: Estimate| {
            (with.standard_error.powi(2) - without.standard_error.powi(2)).max(0.0)
        };
        let add_e = added(line.energy_j_mol, without.energy_j_mol);
        energies.sort_by(f64::total_cmp);
        // A bias of the draws is an error, too.
        let (scatter_e, bias) = about(&energies, line.energy_j_mol.value);
        let (scatter_l, _) = about(&levels, line.ln_d0.value);
        let se_e = f64::sqrt(scatter_e * scatter_e + add_e);
        let se_l = f64::sqrt(scatter_l * scatter_l + added(line.ln_d0, without.ln_d0));
        let half = 0.5 * self.project.model.confidence;
        let wider = bias * se_e / scatter_e.max(f64::MIN_POSITIVE);
        let middle = percentile(&energies, 0.5);
        let value = line.energy_j_mol.value;
        let end = |share: f64| value + wider * (percentile(&energies, share) - middle);
        Some(Arrhenius {
            energy_j_mol: Estimate {
                standard_error: se_e,
                ..line.energy_j_mol
            },
            energy_interval_j_mol: (end(0.5 - half), end(0.5 + half)),
            ln_d0: Estimate {
                standard_error: se_l,
                ..line.ln_d0
            },
            correlation: (covariance / (scatter_e * scatter_l)).clamp(-1.0, 1.0),
            quantile: normal_quantile(self.project.model.confidence),
            ..line.clone()
        })
    }

    /// What follows from budget and line.
    fn conclude(&mut self) {
        let analysis = self.shown();
        let Some(line) = &analysis.kinetics.free else {
            return;
        };
        let model = &self.project.model;
        let pair = (model.core.as_str(), model.shell.as_str());
        let radius = analysis.fit.shape.radius_b_nm.value;
        let references = Reference::of_pair(&self.project.library(), pair, radius);
        let total = self.assessment.budget.total(Target::Energy);
        let error = total.unwrap_or(line.energy_j_mol.standard_error);
        self.assessment.comparisons = if error.is_finite() {
            compare_energy(line, error, &references)
        } else {
            Vec::new()
        };
        let stated = Ellipse::of(line);
        self.assessment.stated = stated;
        let covariance = self.assessment.budget.line_covariance();
        self.assessment.all = stated.zip(covariance).map(|(stated, covariance)| Ellipse {
            covariance,
            ..stated
        });
    }
}
