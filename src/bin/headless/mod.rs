//! The commands.

mod args;
mod compare;
mod figures;
mod kinetics;
mod phase;
mod plan;
mod spectra;
mod validate;

use std::error::Error;
use std::fs;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;

use alloyscope::engine::{
    Analysis, Engine, Event, Failure, Loaded, Request, beside, budget_csv, companion,
    intervals_csv, profiles_csv, result_json,
};
use alloyscope::fit::Inside;
use alloyscope::formats::{self, Beside, Format, Limits, LogDescription, Source, SourceReader};
use alloyscope::imaging::Mask;
use alloyscope::materials::{Row, parse_rows};
use alloyscope::project::{Frame, PhaseChoices, Project, Provenance, Series, Sourced};
use alloyscope::report::{self, ReportFigure};
use alloyscope::signal::{Notice, Notices, Sample};
use alloyscope::simulate;
use args::{Analyze, Arguments, Command, Decode, Simulate};
use clap::Parser as _;

/// Why a command ended; said on stderr, exit code 2.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("{path}: {action}")]
    File {
        path: String,
        action: &'static str,
        #[source]
        source: io::Error,
    },
    #[error("{0}")]
    Failure(Failure),
    #[error("{path} cannot be read")]
    Decode {
        path: String,
        #[source]
        source: formats::FormatError,
    },
    #[error(transparent)]
    Export(alloyscope::engine::ExportError),
    #[error("the series cannot be simulated")]
    Simulate(#[source] simulate::SimulateError),
    #[error(
        "{path} is no heater log that is read: a line with the names of its columns is needed, such as time_s,temperature_C"
    )]
    NoLog { path: String },
    #[error("there is no frame {index}: the series has {count}, counted from 0")]
    NoSuchFrame { index: usize, count: usize },
}

impl CommandError {
    /// What to try; empty when the message says it.
    fn remedy(&self) -> &str {
        match self {
            CommandError::Failure(failure) => failure.remedy.as_str(),
            CommandError::Decode { source, .. } => source.remedy(),
            _ => "",
        }
    }
}

pub fn main() -> ExitCode {
    // A panic is our bug: exit code 1, whatever the profile does with panics.
    std::panic::set_hook(Box::new(|info| {
        eprintln!("alloyscope: internal error: {info}");
        std::process::exit(1);
    }));
    let outcome = match Arguments::parse().command {
        Command::Analyze(options) => analyze(&options),
        Command::Compare(options) => compare::compare(&options),
        Command::Decode(options) => decode(&options),
        Command::Simulate(options) => write_simulation(&options),
        Command::Validate(options) => validate::validate(&options),
        Command::Plan(options) => plan::plan_series(&options),
        Command::Kinetics(options) => kinetics::kinetics(&options),
        Command::PhaseDiagram(options) => phase::phase_diagram(&options),
        Command::Map(options) => spectra::map(&options),
        Command::Valence(options) => spectra::valence(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprint!("alloyscope: {error}");
            let mut source = error.source();
            while let Some(inner) = source {
                eprint!(": {inner}");
                source = inner.source();
            }
            eprintln!();
            let remedy = error.remedy();
            if !remedy.is_empty() {
                eprintln!("  try: {remedy}");
            }
            ExitCode::from(2)
        }
    }
}

/// A file on disk, read in pieces.
struct FileSource {
    file: std::cell::RefCell<fs::File>,
    length: u64,
}

impl Source for FileSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut file = self.file.borrow_mut();
        file.seek(SeekFrom::Start(offset))?;
        file.read(buffer)
    }
}

fn failed<'a>(path: &'a Path, action: &'static str) -> impl FnOnce(io::Error) -> CommandError + 'a {
    move |source| CommandError::File {
        path: path.display().to_string(),
        action,
        source,
    }
}

/// The user's rows of materials.
fn materials(path: Option<&Path>) -> Result<Vec<Row>, CommandError> {
    let Some(path) = path else {
        return Ok(Vec::new());
    };
    let text = fs::read_to_string(path).map_err(failed(path, "cannot be read"))?;
    parse_rows(&text).map_err(|e| CommandError::Failure(Failure::from(&e)))
}

fn open_file(path: &Path) -> Result<Rc<dyn Source>, CommandError> {
    let file = fs::File::open(path).map_err(failed(path, "cannot be opened"))?;
    let length = file
        .metadata()
        .map_err(failed(path, "cannot be opened"))?
        .len();
    Ok(Rc::new(FileSource {
        file: file.into(),
        length,
    }))
}

/// Files below a path, with their names as the engine sees them: relative, folders first named by the path itself.
fn collect(
    path: &Path,
    name: String,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), CommandError> {
    if !path.is_dir() {
        files.push((name, path.to_owned()));
        return Ok(());
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)
        .and_then(|entries| entries.map(|e| e.map(|e| e.path())).collect())
        .map_err(failed(path, "cannot be listed"))?;
    entries.sort();
    for entry in entries {
        let child = entry
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        collect(&entry, format!("{name}/{child}"), files)?;
    }
    Ok(())
}

/// The same, by the path's own name: `.` and `..` have none.
fn collect_named(path: &Path, files: &mut Vec<(String, PathBuf)>) -> Result<(), CommandError> {
    let named = path
        .canonicalize()
        .map_err(failed(path, "cannot be opened"))?;
    let name = named.file_name().unwrap_or_default().to_string_lossy();
    collect(path, name.into_owned(), files)
}

/// Opens files; a heater log given beside them takes the place of any among them.
fn load(
    engine: &mut Engine,
    paths: &[PathBuf],
    heater_log: Option<&Path>,
) -> Result<Loaded, CommandError> {
    let mut files = Vec::new();
    for path in paths.iter().map(PathBuf::as_path).chain(heater_log) {
        collect_named(path, &mut files)?;
    }
    let given = heater_log.and_then(|_| files.pop());
    let mut opened = Vec::new();
    for (name, path) in files {
        let source = open_file(&path)?;
        if given.is_none() || !is_log(&path, &source)? {
            opened.push((name, source));
        }
    }
    if let Some((name, path)) = given {
        let source = open_file(&path)?;
        if !is_log(&path, &source)? {
            return Err(CommandError::NoLog {
                path: path.display().to_string(),
            });
        }
        opened.push((name, source));
    }
    let (paths, sources) = opened.into_iter().unzip();
    let mut outcome = None;
    engine.handle(
        Request::Open { paths, add: false },
        sources,
        &mut |event| match event {
            Event::Loaded(loaded) => outcome = Some(Ok(*loaded)),
            Event::Failed(failure) => outcome = Some(Err(CommandError::Failure(failure))),
            _ => {}
        },
    );
    outcome.unwrap_or_else(|| unreachable!("Open is answered by Loaded or Failed"))
}

fn is_log(path: &Path, source: &Rc<dyn Source>) -> Result<bool, CommandError> {
    let format = formats::detect(&mut SourceReader::new(source.clone()));
    let format = format.map_err(|source| CommandError::Decode {
        path: path.display().to_string(),
        source,
    })?;
    Ok(format == Format::HeaterLog)
}

fn say(notices: &[Notice]) {
    for notice in notices {
        if notice.subject.is_empty() {
            eprintln!("notice: {}", notice.kind);
        } else {
            eprintln!("notice: {}: {}", notice.subject, notice.kind);
        }
    }
}

fn analyze(options: &Analyze) -> Result<(), CommandError> {
    let mut engine = Engine::new();
    let loaded = load(&mut engine, &options.paths, options.heater_log.as_deref())?;
    for failure in &loaded.failures {
        eprintln!("left out: {}: {}", failure.path, failure.failure);
    }
    say(&loaded.notices);
    if let (true, Some(first)) = (loaded.series.frames.is_empty(), loaded.failures.first()) {
        return Err(CommandError::Failure(first.failure.clone()));
    }
    let mut project = match loaded.decisions {
        Some(decisions) => {
            eprintln!(
                "notice: model and phase diagram are those of the project, whatever the options say"
            );
            *decisions
        }
        None => Project {
            series: loaded.series,
            model: options.model(),
            phase: PhaseChoices {
                darken: options.darken,
                ..PhaseChoices::default()
            },
            ..Project::default()
        },
    };
    if let Some(signal) = options.signal {
        project.series = read_with(&mut engine, project.series, signal)?;
    }
    impose(options, &mut project.series.frames)?;
    if let Some(log) = &mut project.series.heater_log {
        log.used &= !options.no_heater_log;
        if let Some(offset_s) = options.clock_offset_s {
            log.clock_offset_s = Sourced {
                value: offset_s,
                provenance: Provenance::User,
            };
        }
    }
    if project.model.pair.is_none() {
        arrange(&mut engine, &mut project);
    }

    let mut outcome = None;
    let mut measured = Vec::new();
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project.clone()),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| match event {
        Event::Measured { frame, .. } => {
            if let (Err(failure), Some(source)) =
                (&frame.outcome, project.series.frames.get(frame.frame))
            {
                eprintln!("left out: {}: {failure}", source.file);
            }
            say(&frame.notices);
            measured.push(frame.outcome.ok());
        }
        Event::Analyzed {
            outcome: result, ..
        } => outcome = Some(result.map_err(CommandError::Failure)),
        _ => {}
    });
    let analysis: Analysis =
        *outcome.unwrap_or_else(|| unreachable!("Analyze is answered by Analyzed"))?;
    say(&analysis.notices);
    let analysis = assess(&mut engine, &project, analysis);

    let out = &options.out;
    fs::create_dir_all(out).map_err(failed(out, "cannot be made"))?;
    let json = format!("{:#}\n", result_json(&project, &analysis));
    write(out, "result.json", json.as_bytes())?;
    write(out, "intervals.csv", intervals_csv(&analysis).as_bytes())?;
    write(out, "profiles.csv", profiles_csv(&analysis.fit).as_bytes())?;
    if let Some(assessment) = &analysis.assessment {
        write(
            out,
            "budget.csv",
            budget_csv(&analysis.fit, &assessment.budget).as_bytes(),
        )?;
    }
    let log = loaded.heater_log.as_deref();
    let mut figures = Vec::new();
    for (name, figure) in figures::figures(&mut engine, &project, &analysis, &measured, log) {
        let svg = figure.to_svg();
        write(out, name, svg.as_bytes())?;
        figures.push(ReportFigure {
            title: figure.title,
            svg,
        });
    }
    let (compared, _) = beside(
        Some(companion(&project, &analysis, None)),
        &project.companions,
    );
    let page = report::html(&project, &analysis, &compared, &figures);
    write(out, "report.html", page.as_bytes())?;
    let script = report::python(&project, &analysis);
    write(out, "replot.py", script.as_bytes())?;
    Ok(())
}

/// The series with another signal of its first file, and its like in the others.
fn read_with(engine: &mut Engine, series: Series, signal: usize) -> Result<Series, CommandError> {
    let file = series.frames.first().map(|f| f.file.clone());
    let request = Request::ReadWith {
        series: Box::new(series),
        file: file.unwrap_or_default(),
        signal,
    };
    let mut outcome = None;
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::ReadWith(result) = event {
            outcome = Some(result.map_err(CommandError::Failure));
        }
    });
    let series = outcome.unwrap_or_else(|| unreachable!("ReadWith is answered by ReadWith"))?;
    Ok(*series)
}

/// How sure it is, step by step.
fn assess(engine: &mut Engine, project: &Project, analysis: Analysis) -> Analysis {
    let mut found = None;
    loop {
        let request = Request::Assess {
            id: 1,
            project: Box::new(project.clone()),
        };
        let mut over = true;
        engine.handle(request, Vec::new(), &mut |event| {
            if let Event::Assessed {
                done,
                total,
                assessment,
                ..
            } = event
            {
                over = done >= total;
                found = Some(assessment);
            }
        });
        if over {
            break;
        }
    }
    match found {
        Some(found) if !analysis.fit.intervals.is_empty() => analysis.assessed(&found),
        _ => analysis,
    }
}

/// Puts core and shell in the order that the first image shows, where nobody has said one.
fn arrange(engine: &mut Engine, project: &mut Project) {
    let mut found = None;
    let request = Request::Arrange {
        project: Box::new(project.clone()),
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Arranged(arrangement) = event {
            found = arrangement;
        }
    });
    if let Some(found) = found {
        project.model.pair = Some(Provenance::Assumed);
        if found.inside() == Inside::Exchanged {
            project.model.exchange_pair();
        }
    }
}

/// What the command line says about frames.
fn impose(options: &Analyze, frames: &mut [Frame]) -> Result<(), CommandError> {
    let typed = |value: f64| {
        Some(Sourced {
            value,
            provenance: Provenance::User,
        })
    };
    let first = (0..frames.len()).find(|index| !options.exclude.contains(index));
    for (index, frame) in frames.iter_mut().enumerate() {
        if let Some(pixel_nm) = options.pixel_nm {
            frame.pixel_nm = typed(pixel_nm);
        }
        if let (Some(dwell_s), None, true) = (options.dwell_s, &frame.dwell_s, index > 0) {
            frame.dwell_s = typed(dwell_s);
        }
        frame.circle = options.region.or(frame.circle);
        frame.pointed = options
            .at
            .filter(|_| Some(index) == first)
            .or(frame.pointed.take());
        frame
            .masks
            .extend(options.mask.iter().map(|circle| Mask::Circle(*circle)));
    }
    let count = frames.len();
    for &index in &options.exclude {
        let frame = frames
            .get_mut(index)
            .ok_or(CommandError::NoSuchFrame { index, count })?;
        frame.excluded = Some("left out on the command line".into());
    }
    Ok(())
}

fn write(folder: &Path, name: &str, bytes: &[u8]) -> Result<(), CommandError> {
    let path = folder.join(name);
    fs::write(&path, bytes).map_err(failed(&path, "cannot be written"))
}

/// The files that belong to one, from its folder.
fn files_beside(path: &Path) -> Result<Beside, CommandError> {
    let folder = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let names: Vec<String> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let sources = formats::companions(&name, names.iter().map(String::as_str))
        .into_iter()
        .map(|beside| open_file(&folder.join(beside)))
        .collect::<Result<_, _>>()?;
    Ok(Beside::new(&name, sources))
}

fn decode(options: &Decode) -> Result<(), CommandError> {
    let path = &options.file;
    let source = open_file(path)?;
    let mut notices = Notices::default();
    let unreadable = |source| CommandError::Decode {
        path: path.display().to_string(),
        source,
    };
    if formats::detect(&mut SourceReader::new(source.clone())).map_err(unreadable)?
        == Format::HeaterLog
    {
        let log = formats::read_heater_log(source, &mut notices).map_err(unreadable)?;
        describe_log(&LogDescription::of(&log, &notices), options.json);
        return Ok(());
    }
    let beside = files_beside(path)?;
    let document = formats::open_with(source, &beside, &Limits::default(), &mut notices)
        .map_err(unreadable)?;
    let description = formats::describe(document.as_ref(), notices).map_err(unreadable)?;
    if options.json {
        println!("{:#}", serde_json::json!(description));
        return Ok(());
    }
    println!("{}", description.format);
    for signal in &description.signals {
        let shape: Vec<String> = signal.shape.iter().map(usize::to_string).collect();
        println!("{}  {} {}", signal.title, shape.join(" × "), signal.dtype);
        for axis in &signal.axes {
            println!(
                "  {}: {} from {} by {} {}",
                axis.name, axis.size, axis.offset, axis.scale, axis.unit
            );
        }
        let number = |value: Option<f64>| value.map_or("none".to_owned(), |v| v.to_string());
        println!(
            "  min {}  max {}  mean {}",
            number(signal.min),
            number(signal.max),
            match &signal.mean {
                Some(Sample::Parts(parts)) => format!("{parts:?}"),
                mean => number(mean.as_ref().and_then(Sample::real)),
            }
        );
    }
    say(&description.notices);
    Ok(())
}

fn describe_log(log: &LogDescription, json: bool) {
    if json {
        println!("{:#}", serde_json::json!(log));
        return;
    }
    println!("{}: {}", log.format, log.kind);
    println!("  {} samples in {} s", log.samples, log.duration_s);
    println!(
        "  from {}",
        log.first_at.as_deref().unwrap_or("an unknown time")
    );
    println!("  {:.2} to {:.2} K", log.min_k, log.max_k);
    println!("  columns {}", log.columns.join("; "));
    say(&log.notices);
}

fn write_simulation(options: &Simulate) -> Result<(), CommandError> {
    let mut experiment = options.preset.experiment();
    if let Some(dose) = options.dose {
        experiment.camera.peak_counts = dose;
    }
    if let Some(dwell_s) = options.dwell_s {
        let steps = experiment.heating.iter_mut().skip(1);
        steps.for_each(|step| step.dwell_s = dwell_s);
    }
    experiment.ramps = options.ramps();
    experiment.scheme = options.scheme.into();
    let out = &options.out;
    fs::create_dir_all(out).map_err(failed(out, "cannot be made"))?;
    let simulated =
        simulate::simulate(&experiment, options.seed).map_err(CommandError::Simulate)?;
    for (name, bytes) in simulated.files() {
        write(out, &name, &bytes)?;
    }
    Ok(())
}
