//! Several series side by side: what each is, which of them are joined in one Arrhenius law, and whether they agree.

use std::io::Read as _;
use std::rc::Rc;

use serde_json::{Value, json};

use super::export::{Decimal, Quoted, arrhenius};
use super::{Analysis, Engine, Event, Failure, FailureKind, FileFailure, Request};
use crate::diffusion::Scheme;
use crate::figures::format;
use crate::fit::{Estimate, Inside, Interval, IntervalKind, normal_quantile};
use crate::formats::{Source, SourceReader};
use crate::imaging::Circle;
use crate::kinetics::{Agreement, Arrhenius, Together, fit_together};
use crate::language::{Said, said};
use crate::language::{say, word};
use crate::project::{Companion, Frame, Model, Project, Setting, set_beside};

/// Longest `result.json` that is read (bytes).
const MOST_BYTES: u64 = 64 << 20;

/// What `result.json` calls the part that is compared.
pub(super) const COMPANION: &str = "companion";

/// The result as it is set beside others; `particle` as measured in the first picture.
pub fn companion(project: &Project, analysis: &Analysis, particle: Option<Circle>) -> Companion {
    let picture = |frame: &Frame| {
        let file = match frame.digest.as_str() {
            "" => &frame.file,
            digest => digest,
        };
        format!("{file} {}.{}", frame.signal, frame.plane)
    };
    let fit = &analysis.fit;
    let informed = |i: &&Interval| i.kind != IntervalKind::None;
    Companion {
        name: project.series.name.clone(),
        pictures: project.series.frames.iter().map(picture).collect(),
        particle,
        core: project.model.core.clone(),
        shell: project.model.shell.clone(),
        scheme: fit.scheme,
        confidence: fit.confidence,
        radius_b_nm: fit.shape.radius_b_nm,
        intervals: fit.intervals.iter().filter(informed).cloned().collect(),
        line: analysis.kinetics.free.clone(),
    }
}

/// Why a series does not enter the common law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Apart {
    /// Other elements.
    Pair,
    /// The same elements the other way round: the law of one host is not that of the other.
    Order,
    /// Fitted with the other scheme: their D differ by factors where the particles do not.
    Scheme,
    /// No temperatures or dwells, or no interval that says anything.
    Silent,
}

impl Apart {
    /// In a word, for files.
    pub fn name(self) -> &'static str {
        match self {
            Apart::Pair => "other pair",
            Apart::Order => "other order",
            Apart::Scheme => "other scheme",
            Apart::Silent => "no information",
        }
    }

    /// In a sentence.
    pub fn sentence(self) -> &'static str {
        match self {
            Apart::Pair => word!("not joined: other elements" | "nicht verbunden: andere Elemente"),
            Apart::Order => word!(
                "not joined: core and shell the other way round"
                    | "nicht verbunden: Kern und Schale umgekehrt"
            ),
            Apart::Scheme => word!(
                "not joined: fitted with the other scheme"
                    | "nicht verbunden: mit dem anderen Schema angepasst"
            ),
            Apart::Silent => word!(
                "not joined: no D at any temperature"
                    | "nicht verbunden: kein D bei irgendeiner Temperatur"
            ),
        }
    }
}

/// Several series side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct SideBySide {
    /// Each, and why it is not joined.
    pub series: Vec<(Companion, Option<Apart>)>,
    /// The law of those that are joined, in their order; `None` for fewer than two.
    pub together: Option<Together>,
}

/// Compares series: those of the pair, order and scheme of the first that says anything are joined by [`fit_together`].
///
/// Intervals of the common law are of the first one's confidence.
pub fn side_by_side(series: Vec<Companion>) -> SideBySide {
    let evidence: Vec<_> = series.iter().map(Companion::evidence).collect();
    let speaks = |k: &usize| evidence.get(*k).is_some_and(|e| !e.points.is_empty());
    let first = (0..series.len()).find(speaks).and_then(|k| series.get(k));
    let apart = |(k, one): (usize, &Companion)| -> Option<Apart> {
        let first = first?;
        let same = (&one.core, &one.shell) == (&first.core, &first.shell);
        let turned = (&one.core, &one.shell) == (&first.shell, &first.core);
        match () {
            () if !speaks(&k) => Some(Apart::Silent),
            () if !same => Some(if turned { Apart::Order } else { Apart::Pair }),
            () if one.scheme != first.scheme => Some(Apart::Scheme),
            () => None,
        }
    };
    let apart: Vec<Option<Apart>> = series
        .iter()
        .enumerate()
        .map(|(k, one)| match first {
            Some(_) => apart((k, one)),
            None => Some(Apart::Silent),
        })
        .collect();
    let joined: Vec<_> = evidence
        .into_iter()
        .zip(&apart)
        .filter(|(_, apart)| apart.is_none())
        .map(|(evidence, _)| evidence)
        .collect();
    let quantile = first.map_or(1.0, |c| normal_quantile(c.confidence));
    let together = (joined.len() > 1)
        .then(|| fit_together(&joined, quantile))
        .flatten();
    SideBySide {
        series: series.into_iter().zip(apart).collect(),
        together,
    }
}

/// The result of the open series before those set beside it in the document; an older one of the same particle gives way to it. With the place
/// of each among the document's companions.
pub fn beside(
    present: Option<Companion>,
    companions: &[Companion],
) -> (SideBySide, Vec<Option<usize>>) {
    let other = |c: &Companion| present.as_ref().is_none_or(|p| !p.is_same(c));
    let others = companions.iter().enumerate().filter(|(_, c)| other(c));
    let others = others.map(|(place, c)| (c.clone(), Some(place)));
    let (series, places) = (present.clone().map(|p| (p, None)).into_iter())
        .chain(others)
        .unzip();
    (side_by_side(series), places)
}

fn kilojoules(e: Estimate) -> String {
    format::with_error(e.value / 1e3, e.standard_error / 1e3, "kJ/mol")
}

/// D0 (m² s⁻¹) with its error: one standard error of its logarithm either way.
fn d0(line: &Arrhenius, unit: &str) -> String {
    let (d0, factor) = (line.d0_m2_s(), libm::exp(line.ln_d0.standard_error));
    format::asymmetric(d0, (Some(d0 / factor), Some(d0 * factor)), unit)
}

fn chance(agreement: &Agreement) -> String {
    match agreement.p {
        p if p < 1e-3 => format!("p < {}", format::fixed(1e-3, 3)),
        p => format!("p = {}", format::significant(p, 2)),
    }
}

impl SideBySide {
    /// What the comparison says, sentence by sentence.
    pub fn sentences(&self) -> Vec<String> {
        let Some(together) = &self.together else {
            return match self.series.len() {
                0 | 1 => Vec::new(),
                _ => vec![
                    word!(
                        "No two of these series have a law in common."
                            | "Keine zwei dieser Serien haben ein gemeinsames Gesetz."
                    )
                    .to_owned(),
                ],
            };
        };
        let joined = self.series.iter().filter(|s| s.1.is_none()).count();
        let energy = kilojoules(together.energy_j_mol);
        let mut said = vec![say!(
            "{joined} series with one E and a D₀ of each: E = {energy}."
                | "{joined} Serien mit einem E und je einem D₀: E = {energy}."
        )];
        if let Some(test) = &together.same_energy {
            let chance = chance(test);
            said.push(if test.holds() {
                say!("Chance explains how their energies differ ({chance})." | "Zufall erklärt, wie sich ihre Energien unterscheiden ({chance}).")
            } else {
                say!("Their energies differ by more than chance ({chance}): one E for all does not describe them." | "Ihre Energien unterscheiden sich um mehr als Zufall ({chance}): ein E für alle beschreibt sie nicht.")
            });
        }
        if let Some(test) = &together.same_d0 {
            let chance = chance(test);
            let line = &together.line;
            let (energy, d0) = (kilojoules(line.energy_j_mol), d0(line, "m² s⁻¹"));
            said.push(if test.holds() {
                say!(
                    "One D₀ for all describes them, too ({chance}): E = {energy}, D₀ = {d0}."
                        | "Auch ein D₀ für alle beschreibt sie ({chance}): E = {energy}, D₀ = {d0}."
                )
            } else {
                say!(
                    "Given one E, their D₀ differ by more than chance ({chance})."
                        | "Bei einem E unterscheiden sich ihre D₀ um mehr als Zufall ({chance})."
                )
            });
        }
        said.push(
            word!(
                "What the series err in together, such as the calibration of one heater or one pixel size, is in none of these errors: no number of series averages it out."
                    | "Worin die Serien gemeinsam irren, etwa die Kalibrierung einer Heizung oder eine Pixelgröße, steckt in keinem dieser Fehler: keine Zahl von Serien mittelt es heraus."
            )
            .to_owned(),
        );
        said
    }

    /// One row per series: name, pair, R_B (nm), its own E (kJ/mol) and D0 (m²/s), and the E it has in common with others or why it has none.
    pub fn rows(&self) -> Vec<[String; 6]> {
        let absent = || format::ABSENT.to_owned();
        let energy = |line: &Arrhenius| {
            let e = line.energy_j_mol;
            format::with_error(e.value / 1e3, e.standard_error / 1e3, "")
        };
        let row = |((one, apart), common): (&(Companion, Option<Apart>), Option<&Arrhenius>)| {
            let own = one.line.as_ref();
            let r = one.radius_b_nm;
            [
                one.name.clone(),
                format!("{}@{}", one.core, one.shell),
                format::with_error(r.value, r.standard_error, ""),
                own.map_or_else(absent, energy),
                own.map_or_else(absent, |line| d0(line, "")),
                match apart {
                    Some(apart) => apart.sentence().to_owned(),
                    None => common.map_or_else(absent, energy),
                },
            ]
        };
        self.series.iter().zip(self.lines()).map(row).collect()
    }

    /// The common line of each series: `None` where it is not joined or limits leave its D0 open.
    pub fn lines(&self) -> Vec<Option<&Arrhenius>> {
        let mut lines = self.together.iter().flat_map(|t| &t.lines);
        let mut next = |apart: &Option<Apart>| match apart {
            None => lines.next().and_then(Option::as_ref),
            Some(_) => None,
        };
        self.series.iter().map(|(_, apart)| next(apart)).collect()
    }
}

/// `comparison.csv`: one line per series and interval, in the columns of `intervals.csv` that compare.
pub fn comparison_csv(compared: &SideBySide) -> String {
    use std::fmt::Write as _;
    let mut csv = String::from(
        "series,core,shell,scheme,radius_B_nm,index,temperature_K,dwell_s,D_m2_s,D_low,D_high,kind\n",
    );
    for (one, _) in &compared.series {
        for interval in &one.intervals {
            let d = |dtau: Option<f64>| dtau.and_then(|d| interval.diffusivity_nm2_s(d));
            let kind = interval.kind;
            let value = (kind == IntervalKind::Value).then_some(interval.dtau_nm2);
            let low = interval
                .dtau_low_nm2
                .filter(|_| kind != IntervalKind::Upper);
            let high = interval
                .dtau_high_nm2
                .filter(|_| kind != IntervalKind::Lower);
            let name = Quoted(&one.name);
            let (core, shell, radius) = (&one.core, &one.shell, Decimal(one.radius_b_nm.value));
            let _ = write!(
                csv,
                "{name},{core},{shell},{},{radius},{}",
                scheme(one),
                interval.index
            );
            let given = [interval.temperature_k, interval.dwell_s];
            let found = [value, low, high].map(|v| d(v).map(super::m2_s));
            for cell in given.into_iter().chain(found) {
                csv.push(',');
                if let Some(number) = cell {
                    let _ = write!(csv, "{}", Decimal(number));
                }
            }
            let _ = writeln!(
                csv,
                ",{}",
                match kind {
                    IntervalKind::Value => "value",
                    IntervalKind::Upper => "upper",
                    IntervalKind::Lower => "lower",
                    IntervalKind::None => "",
                }
            );
        }
    }
    csv
}

fn scheme(one: &Companion) -> &'static str {
    match one.scheme {
        Scheme::Fraction => "fraction",
        Scheme::Published => "published",
    }
}

/// `comparison.json`: every series with its law, the common laws, and the tests.
pub fn comparison_json(compared: &SideBySide) -> Value {
    let law = arrhenius;
    let lines = compared.lines();
    let series = compared.series.iter().zip(lines);
    let series: Vec<Value> = series
        .map(|((one, apart), common)| {
            json!({
                "name": one.name,
                "core": one.core,
                "shell": one.shell,
                "scheme": one.scheme,
                "radius_B_nm": one.radius_b_nm.value,
                "radius_B_se_nm": one.radius_b_nm.standard_error,
                "arrhenius": one.line.as_ref().map(law),
                "arrhenius_one_energy": common.map(law),
                "not_joined": apart.map(Apart::name),
                "companion": one,
            })
        })
        .collect();
    let together = compared.together.as_ref();
    let test = |test: Option<Agreement>| {
        test.map(|t| json!({ "chi2": t.chi2, "degrees_of_freedom": t.degrees, "p": t.p, "holds": t.holds() }))
    };
    json!({
        "program": "alloyscope",
        "version": env!("CARGO_PKG_VERSION"),
        "series": series,
        "one_energy": together.map(|t| json!({
            "E_J_mol": t.energy_j_mol.value,
            "E_se_J_mol": t.energy_j_mol.standard_error,
            "agreement": test(t.same_energy),
        })),
        "one_law": together.map(|t| json!({ "arrhenius": law(&t.line), "agreement": test(t.same_d0) })),
        "sentences": compared.sentences(),
    })
}

/// The result in a `result.json`.
fn of_json(source: Rc<dyn Source>) -> Result<Companion, Failure> {
    let refused = |why: Said, remedy: Said| Failure {
        kind: FailureKind::Malformed,
        ..Failure::request(why, remedy)
    };
    let again = || {
        said!(
            "analyze its images again and save result.json, or add the images themselves"
                | "ihre Bilder noch einmal auswerten und result.json speichern, oder die Bilder selbst hinzufügen"
        )
    };
    if source.len() > MOST_BYTES {
        let long = said!(
            "it is longer than any result of this program"
                | "sie ist länger als jedes Ergebnis dieses Programms"
        );
        return Err(refused(long, again()));
    }
    let mut bytes = Vec::new();
    SourceReader::new(source)
        .read_to_end(&mut bytes)
        .map_err(|e| {
            refused(
                said!("it cannot be read ({e})" | "sie ist nicht lesbar ({e})"),
                said!("choose the file again" | "die Datei noch einmal wählen"),
            )
        })?;
    let json: Value = serde_json::from_slice(&bytes).map_err(|e| {
        refused(
            said!("it is no JSON ({e})" | "sie ist kein JSON ({e})"),
            said!("save result.json again" | "result.json noch einmal speichern"),
        )
    })?;
    let part = json.get(COMPANION).ok_or_else(|| {
        let none = said!(
            "it holds no result that can be compared"
                | "sie enthält kein Ergebnis, das sich vergleichen ließe"
        );
        refused(none, again())
    })?;
    let found: Companion = serde_json::from_value(part.clone()).map_err(|e| {
        let other = said!(
            "its result is not as this program writes it ({e})"
                | "ihr Ergebnis ist nicht so, wie dieses Programm es schreibt ({e})"
        );
        refused(other, again())
    })?;
    found.is_sound().then_some(found).ok_or_else(|| {
        let odd = said!(
            "its result holds numbers that no result has"
                | "ihr Ergebnis enthält Zahlen, die kein Ergebnis hat"
        );
        refused(odd, again())
    })
}

/// Habits of the laboratory for another series: what was found of the open one is left out.
fn habits(model: &Model) -> Model {
    Model {
        pair: None,
        radius_a_nm: Setting::Free,
        radius_b_nm: Setting::Free,
        sigma_nm: Setting::Free,
        reference_frame: 0,
        ..model.clone()
    }
}

/// Results to be compared, from any files: `result.json`s and project files one by one, all others as the images of series, which are analyzed with
/// the habits of `project`'s model. What cannot be used is told file by file.
pub(super) fn companions(
    files: Vec<(String, Rc<dyn Source>)>,
    project: &Project,
    emit: &mut dyn FnMut(Event),
) -> (Vec<Companion>, Vec<FileFailure>) {
    let (mut found, mut failures) = (Vec::new(), Vec::new());
    // Beside a result stand tables and figures of the same.
    let folder = |path: &str| path.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let results: Vec<String> = files
        .iter()
        .filter(|(path, _)| path.ends_with("/result.json"))
        .filter_map(|(path, _)| folder(path))
        .collect();
    let mut images = Vec::new();
    let mut take = |companion: Companion| {
        set_beside(&mut found, companion);
    };
    for (path, source) in files {
        let name = path.to_ascii_lowercase();
        let folder = folder(&path);
        // In a folder of images a file of another program means nothing.
        let alone = folder.is_none() || path.ends_with("/result.json");
        if name.ends_with(".json") {
            match of_json(source.clone()) {
                Ok(companion) => take(companion),
                Err(failure) if alone => failures.push(FileFailure { path, failure }),
                Err(_) => images.push((path, source)),
            }
        } else if name.ends_with(".alloy") {
            let file = vec![(path, source)];
            analyzed(file, project, (&mut take, &mut failures), emit);
        } else if !folder.is_some_and(|f| results.contains(&f)) {
            images.push((path, source));
        }
    }
    if !images.is_empty() {
        analyzed(images, project, (&mut take, &mut failures), emit);
    }
    (found, failures)
}

/// All series in these files, analyzed by an engine of their own.
fn analyzed(
    files: Vec<(String, Rc<dyn Source>)>,
    project: &Project,
    (take, failures): (&mut dyn FnMut(Companion), &mut Vec<FileFailure>),
    emit: &mut dyn FnMut(Event),
) {
    let mut engine = Engine::new();
    let (paths, sources): (Vec<String>, Vec<_>) = files.into_iter().unzip();
    let label = paths.first().cloned().unwrap_or_default();
    let mut failed = |failure: Failure| {
        failures.push(FileFailure {
            path: label.clone(),
            failure,
        });
    };
    let mut request = Request::Open { paths, add: false };
    let mut sources = sources;
    let mut next = 0;
    loop {
        let mut loaded = None;
        engine.handle(
            request,
            std::mem::take(&mut sources),
            &mut |event| match event {
                Event::Loaded(one) => loaded = Some(one),
                Event::Failed(failure) => failed(failure),
                event @ Event::Progress { .. } => emit(event),
                _ => {}
            },
        );
        let Some(loaded) = loaded else { return };
        let count = loaded.found.len();
        if loaded.series.frames.is_empty() {
            for failure in loaded.failures {
                failed(failure.failure);
            }
            return;
        }
        let mut decisions = match loaded.decisions {
            Some(decisions) => *decisions,
            None => Project {
                series: loaded.series,
                model: habits(&project.model),
                materials: project.materials.clone(),
                ..Project::default()
            },
        };
        for companion in std::mem::take(&mut decisions.companions) {
            take(companion);
        }
        match engine.result(&mut decisions, emit) {
            Ok(companion) => take(companion),
            Err(failure) => failed(failure),
        }
        next += 1;
        if next >= count {
            return;
        }
        request = Request::Choose { series: next };
    }
}

impl Engine {
    /// Analyzes the open series by these decisions and gives what is compared.
    fn result(
        &mut self,
        project: &mut Project,
        emit: &mut dyn FnMut(Event),
    ) -> Result<Companion, Failure> {
        if project.model.pair.is_none()
            && let Some(found) = self.arrange(project)
            && found.inside() == Inside::Exchanged
        {
            project.model.exchange_pair();
        }
        let mut outcome = None;
        let mut particle = None;
        self.analyze((0, None), project, &mut |event| match event {
            Event::Measured { frame, .. } if frame.frame == 0 => {
                particle = frame.outcome.ok().map(|m| m.particle.circle);
            }
            Event::Analyzed { outcome: found, .. } => outcome = Some(found),
            event @ Event::Progress { .. } => emit(event),
            _ => {}
        });
        let none = || {
            Failure::request(
                said!("the series was not analyzed" | "die Serie wurde nicht ausgewertet"),
                Said::default(),
            )
        };
        let analysis = outcome.unwrap_or_else(|| Err(none()))?;
        Ok(companion(project, &analysis, particle))
    }
}
