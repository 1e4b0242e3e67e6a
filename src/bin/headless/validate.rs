//! The whole chain against simulated truth, over many seeds.

use std::rc::Rc;
use std::thread;

use alloyscope::engine::{Analysis, Engine, Event, Failure, Request};
use alloyscope::fit::{IntervalKind, normal_quantile};
use alloyscope::formats::{MemorySource, Source};
use alloyscope::project::{Contrast, Model, Project};
use alloyscope::simulate::{self, Experiment};

use super::CommandError;
use super::args::Validate;

/// Levels at which coverage is counted: 68 % and 95 %.
const LEVELS: [f64; 2] = [0.68, 0.95];

/// Identifiable: the bound of ln D is below this.
const IDENTIFIABLE: f64 = 0.35;

/// What one series says of one quantity.
#[derive(Clone, Copy, Default)]
struct Trial {
    /// ln D - ln D_true (or E - E_true); `None` where no value is claimed.
    error: Option<f64>,
    /// Half width of the interval over its quantile, 68 %: what is stated as standard error.
    width: Option<f64>,
    /// Whether the interval, or the limit, holds the truth, by level.
    holds: [bool; 2],
}

/// A quantity over all series.
#[derive(Default)]
struct Tally {
    trials: usize,
    values: f64,
    bias: f64,
    square: f64,
    width: f64,
    holds: [f64; 2],
}

impl Tally {
    /// Adds a trial; errors count in units of the bound.
    fn add(&mut self, trial: &Trial, bound: f64) {
        self.trials += 1;
        for (sum, holds) in self.holds.iter_mut().zip(trial.holds) {
            *sum += f64::from(u8::from(holds));
        }
        if let (Some(error), Some(width)) = (trial.error, trial.width) {
            self.values += 1.0;
            self.bias += error / bound;
            self.square += (error / bound).powi(2);
            self.width += width / bound;
        }
    }

    /// Share of values, bias, rms, width, coverage at both levels.
    fn shares(&self) -> [f64; 6] {
        let (n, all) = (self.values.max(1.0), self.trials.max(1) as f64);
        let [low, high] = self.holds;
        [
            self.values / all,
            self.bias / n,
            (self.square / n).sqrt(),
            self.width / n,
            low / all,
            high / all,
        ]
    }
}

pub fn validate(options: &Validate) -> Result<(), CommandError> {
    let mut experiment = options.preset.experiment();
    experiment.scheme = options.scheme.into();
    if let Some(dose) = options.dose {
        experiment.camera.peak_counts = dose;
    }
    // The simulated particle is a continuum: its atoms add nothing.
    let bound =
        simulate::bound(&experiment, None).map_err(|e| CommandError::Failure(Failure::from(&e)))?;
    let temperatures: Vec<f64> = experiment
        .heating
        .iter()
        .skip(1)
        .map(|s| s.temperature_k)
        .collect();
    let energy_bound = bound.energy_j_mol(&temperatures).unwrap_or(f64::INFINITY);
    let trials = run(&experiment, options)?;

    let mut rows = Vec::new();
    let (mut identifiable, mut rest) = (Tally::default(), Tally::default());
    for (k, (sd, temperature)) in bound.ln_d().into_iter().zip(&temperatures).enumerate() {
        let sd = sd.unwrap_or(f64::INFINITY);
        let mut tally = Tally::default();
        for trial in trials.iter().filter_map(|t| t.get(k)) {
            tally.add(trial, sd);
            let sum = if sd < IDENTIFIABLE {
                &mut identifiable
            } else {
                &mut rest
            };
            sum.add(trial, sd);
        }
        rows.push((format!("{}", k + 1), Some(*temperature), Some(sd), tally));
    }
    rows.push(("identifiable".into(), None, None, identifiable));
    rows.push(("others".into(), None, None, rest));
    let mut energy = Tally::default();
    for trial in trials.iter().filter_map(|t| t.last()) {
        energy.add(trial, energy_bound);
    }
    rows.push(("E".into(), None, Some(energy_bound), energy));
    print(options.csv, &rows);
    Ok(())
}

type Row = (String, Option<f64>, Option<f64>, Tally);

fn print(csv: bool, rows: &[Row]) {
    let heads = [
        "interval", "T_K", "bound", "values", "bias", "rms", "width", "cover68", "cover95",
    ];
    if csv {
        println!("{}", heads.join(","));
    } else {
        println!(
            "bias, rms and width in units of the bound of ln D (of E: J/mol); values: share that claims one"
        );
        println!("{}", heads.map(|h| format!("{h:>12}")).concat());
    }
    for (name, temperature, bound, tally) in rows {
        let mut cells = vec![name.clone()];
        let number =
            |v: Option<f64>, digits: usize| v.map_or(String::new(), |v| format!("{v:.digits$}"));
        cells.push(number(*temperature, 0));
        let digits = if bound.is_some_and(|b| b > 100.0) {
            0
        } else {
            4
        };
        cells.push(number(*bound, digits));
        cells.extend(tally.shares().map(|share| number(Some(share), 3)));
        if csv {
            println!("{}", cells.join(","));
        } else {
            println!(
                "{}",
                cells.iter().map(|c| format!("{c:>12}")).collect::<String>()
            );
        }
    }
}

/// All series, each as its intervals' trials with that of E at the end; on as many threads as the machine has.
fn run(experiment: &Experiment, options: &Validate) -> Result<Vec<Vec<Trial>>, CommandError> {
    let threads = thread::available_parallelism().map_or(1, |n| n.get());
    let seeds: Vec<u64> = (0..options.seeds).map(|i| options.first_seed + i).collect();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|t| {
                let seeds = &seeds;
                scope.spawn(move || {
                    let own = seeds.iter().skip(t).step_by(threads);
                    own.map(|seed| trial(experiment, *seed))
                        .collect::<Result<Vec<_>, _>>()
                })
            })
            .collect();
        let mut all = Vec::new();
        for worker in workers {
            // A panic of a worker has ended the process already.
            all.extend(
                worker
                    .join()
                    .unwrap_or_else(|_| unreachable!("panics end the process"))?,
            );
        }
        Ok(all)
    })
}

/// One series through the engine.
fn trial(experiment: &Experiment, seed: u64) -> Result<Vec<Trial>, CommandError> {
    let simulated = simulate::simulate(experiment, seed).map_err(CommandError::Simulate)?;
    let truth = simulated.truth.clone();
    let (paths, sources): (Vec<String>, Vec<Rc<dyn Source>>) = simulated
        .files()
        .into_iter()
        .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
        .unzip();
    let mut engine = Engine::new();
    let mut series = None;
    engine.handle(
        Request::Open { paths, add: false },
        sources,
        &mut |event| match event {
            Event::Loaded(loaded) => series = Some(Ok(loaded.series)),
            Event::Failed(failure) => series = Some(Err(CommandError::Failure(failure))),
            _ => {}
        },
    );
    let series = series.unwrap_or_else(|| unreachable!("Open is answered by Loaded or Failed"))?;
    let mut trials = vec![Trial::default(); truth.intervals.len() + 1];
    for (level, confidence) in LEVELS.into_iter().enumerate() {
        let project = Project {
            series: series.clone(),
            model: Model {
                core: experiment.core.clone(),
                shell: experiment.shell.clone(),
                scheme: experiment.scheme.into(),
                contrast: Contrast::Ratio(experiment.contrast),
                psf_sigma_nm: experiment.camera.psf_sigma_nm,
                confidence,
                ..Model::default()
            },
            ..Project::default()
        };
        let analysis = analyze(&mut engine, project)?;
        let quantile = normal_quantile(confidence);
        for (trial, (interval, truth)) in trials
            .iter_mut()
            .zip(analysis.fit.intervals.iter().zip(&truth.intervals))
        {
            let dtau = truth.dtau_nm2;
            let (low, high) = (interval.dtau_low_nm2, interval.dtau_high_nm2);
            trial.holds[level] =
                low.is_none_or(|low| low <= dtau) && high.is_none_or(|high| dtau <= high);
            if level == 0 && interval.kind == IntervalKind::Value {
                trial.error = Some((interval.dtau_nm2 / dtau).ln());
                trial.width = low
                    .zip(high)
                    .map(|(low, high)| 0.5 * (high / low).ln() / quantile);
            }
        }
        if let (Some(trial), Some(line)) = (trials.last_mut(), &analysis.kinetics.free) {
            let (low, high) = line.energy_interval_j_mol;
            trial.holds[level] = (low..=high).contains(&truth.E_J_mol);
            if level == 0 {
                trial.error = Some(line.energy_j_mol.value - truth.E_J_mol);
                trial.width = Some(0.5 * (high - low) / quantile);
            }
        }
    }
    Ok(trials)
}

fn analyze(engine: &mut Engine, project: Project) -> Result<Analysis, CommandError> {
    let mut outcome = None;
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Analyzed {
            outcome: result, ..
        } = event
        {
            outcome = Some(result.map_err(CommandError::Failure));
        }
    });
    Ok(*outcome.unwrap_or_else(|| unreachable!("Analyze is answered by Analyzed"))?)
}
