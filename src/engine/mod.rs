//! The one door to everything above: what the worker and the headless binary call.

mod analysis;
mod assess;
mod choice;
mod compare;
mod evidence;
mod export;
mod failure;
mod heating;
mod maps;
mod phase;
mod pixels;
mod plan;
mod protocol;
mod shared;
mod spectra;

pub use assess::{
    Assessment, Drawn, change_name, errors_sentence, ladder_sentence, likelihood_alone,
};
pub use compare::{
    Apart, SideBySide, beside, companion, comparison_csv, comparison_json, side_by_side,
};
pub use evidence::sentence;
pub use export::{
    budget_csv, decimal_commas, intervals_csv, measurements_csv, phase_diagram_csv, profiles_csv,
    profiles_table, result_json, size_effect_csv, unit_row,
};
pub use failure::{Failure, FailureKind};
pub use heating::{IntervalHeating, logged_frames};
pub use maps::{ExportError, composite_png, element_profiles_csv, float_tiff, maps_csv, maps_json};
pub use phase::{PhaseAnswer, PhaseCase, PhaseQuestion};
pub use plan::{PlanAnswer, PlanQuestion, plan_csv};
pub use protocol::{
    Analysis, Event, FileContents, FileFailure, Found, FrameMeasured, Loaded, Plane, Request, Stage,
};

pub use spectra::{
    Denoised, MapAnswer, MapMethod, MapQuestion, ProfileAnswer, SPECTRA_SAMPLE, SpectraFound,
    SpectraOf, SpectraTitle, SpectrumAnswer, StateBefore, ValenceQuestion, order_sentence,
    white_lines_sentence,
};

use std::collections::BTreeSet;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::fit::{Arrangement, FrameData, Settings};
use crate::formats::{Limits, MemorySource, PlaneSamples, Source};
use crate::imaging::{self, Measurement};
use crate::kinetics::size_effect;
use crate::language::{Said, said};
use crate::materials::Library;
use crate::project::{
    self, Assembly, Contrast, FileEntry, Frame, Model, OpenFiles, Original, Place, Project,
    Provenance, Series, Thumbnail,
};
use crate::signal::{Image, Notice, NoticeKind, Notices, Sectors, Signal};
use crate::simulate::{self, Experiment, Preset};
use crate::units::SQUARE_METER_PER_SQUARE_NM;

/// Files up to this size (bytes) get a digest: a second of work; larger ones are known by path and size.
pub const DIGEST_LIMIT: u64 = 256 << 20;

/// A file is read for its digest in pieces of this size (bytes): each costs a browser a third of a millisecond.
const DIGEST_PIECE: usize = 1 << 20;

/// Samples of a heater log that a plot is given.
const SHOWN_SAMPLES: usize = 6000;

/// The instrument: files held open, measurements kept, one request at a time.
///
/// A [`Request`] comes with its events: progress, then one answer. Nothing here knows a browser; the worker, the
/// headless binary and the tests call the same [`Engine::handle`].
#[derive(Default)]
pub struct Engine {
    /// Everything handed over so far.
    entries: Vec<FileEntry>,
    files: OpenFiles,
    /// Every series in the files.
    found: Vec<Series>,
    /// Files that could not be used.
    failures: Vec<FileFailure>,
    /// What was noticed while opening.
    opening: Vec<Notice>,
    /// Files inside the project file that is open.
    originals: Vec<Original>,
    /// As last loaded.
    series: Series,
    measured: Vec<Kept>,
    /// The order of the pair, and the image and settings it was asked of.
    arrangement: Option<(FrameData, Settings, Arrangement)>,
    /// The last fit, and the decisions it rests on.
    fitted: Option<(Project, analysis::Fitted)>,
    /// How sure it is: under way.
    assessing: Option<assess::Assessing>,
    /// The spectrum image last asked about.
    spectra: Option<spectra::KeptSpectra>,
    /// Those of the same particle before it was heated.
    spectra_before: Option<spectra::KeptSpectra>,
    /// Where the series came in a link: its frames' small pictures, in place of files.
    thumbnails: Option<Vec<Option<Thumbnail>>>,
}

/// A measurement and what it was made of.
struct Kept {
    key: (String, usize, usize),
    /// It came without its image.
    given: bool,
    request: imaging::MeasureRequest,
    outcome: Result<Measurement, Failure>,
    notices: Vec<Notice>,
    sectors: Option<Sectors>,
    /// The same along ellipses, as last asked.
    along: Option<Along>,
}

/// What was asked, and what was found.
type Along = (imaging::MeasureRequest, (Measurement, Sectors));

impl Engine {
    /// An engine with nothing open.
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Carries out one request. `sources` are the files of [`Request::Open`], in the order of its paths, those of [`Request::Spectra`], or those
    /// named in [`Request::Maps`] and what follows it, and empty otherwise.
    pub fn handle(
        &mut self,
        request: Request,
        sources: Vec<Rc<dyn Source>>,
        emit: &mut dyn FnMut(Event),
    ) {
        match request {
            Request::Open { paths, add } => {
                let entries = paths
                    .into_iter()
                    .zip(sources)
                    .map(|(path, source)| FileEntry { path, source })
                    .collect();
                self.open(entries, add, None, emit);
            }
            Request::OpenLink { link } => self.open_link(&link, emit),
            Request::Choose { series } => self.show(series, None, emit),
            Request::Sample { preset, seed } => self.sample(&preset, seed, emit),
            Request::Simulate { experiment, seed } => self.simulated(*experiment, seed, emit),
            Request::Analyze {
                id,
                project,
                pictures,
            } => self.analyze((id, pictures), &project, emit),
            Request::Assess { id, project } => self.assess(id, &project, emit),
            Request::Arrange { project } => emit(Event::Arranged(self.arrange(&project))),
            Request::Picture { frame, at, side } => {
                let picture = self.picture(frame, &at, side);
                emit(Event::Picture(picture));
            }
            Request::ScaleBar { at, drawn } => {
                let bar = self.image(&at).and_then(|image| {
                    imaging::measure_scale_bar(&image, drawn).map_err(|e| Failure::from(&e))
                });
                emit(Event::ScaleBar { drawn, bar });
            }
            Request::Pixels {
                frame,
                at,
                measurement,
                most,
            } => {
                let pixels = self
                    .image(&at)
                    .map(|image| imaging::pixels(&image, &measurement, most));
                emit(Event::Pixels {
                    frame,
                    pixels: pixels.unwrap_or_default(),
                });
            }
            Request::SizeEffect { request, materials } => {
                let effect = size_effect(&Library::with(&materials), &request);
                let effect = effect.map(Box::new).map_err(|e| Failure::from(&e));
                emit(Event::SizeEffect(effect));
            }
            Request::PhaseDiagram(question) => {
                let answer = phase::phase_diagrams(&question);
                emit(Event::PhaseDiagram(answer.map(Box::new)));
            }
            Request::Plan(question) => {
                let answer = plan::plans(&question);
                emit(Event::Plan(answer.map(Box::new)));
            }
            Request::Spectra { paths, wanted } => {
                let found = self.look_for_spectra(&paths, &sources, wanted);
                emit(Event::Spectra(found.map(Box::new)));
            }
            Request::Contents { file, tags_of } => {
                let contents = self.contents(&file, tags_of);
                emit(Event::Contents(contents.map(Box::new)));
            }
            Request::ReadWith {
                series,
                file,
                signal,
            } => {
                let read = project::read_with(&self.files, &series, &file, signal);
                emit(Event::ReadWith(read.map(Box::new).ok_or_else(|| {
                    Failure::request(
                        said!(
                            "signal {signal} of {file} is no picture of a particle"
                                | "Signal {signal} von {file} ist kein Bild eines Partikels"
                        ),
                        said!(
                            "choose an image whose axes are lengths or pixels"
                                | "ein Bild wählen, dessen Achsen Längen oder Pixel sind"
                        ),
                    )
                })));
            }
            Request::Companions { paths, project } => {
                let files = paths.into_iter().zip(sources).collect();
                let (companions, failures) = compare::companions(files, &project, emit);
                emit(Event::Companions {
                    companions,
                    failures,
                });
            }
            Request::References {
                paths,
                resolution_ev,
            } => {
                let (references, failures) = self.references((paths, &sources), resolution_ev);
                emit(Event::References {
                    references,
                    failures,
                });
            }
            Request::Maps(question) => {
                let answer = self.maps(&question, &sources);
                emit(Event::Maps(answer.map(Box::new)));
            }
            Request::ElementProfiles(question) => {
                let answer = self.element_profiles(&question, &sources);
                emit(Event::ElementProfiles(answer.map(Box::new)));
            }
            Request::RegionSpectrum(question) => {
                let answer = self.region_spectrum(&question, &sources);
                emit(Event::RegionSpectrum(answer.map(Box::new)));
            }
            Request::Valence(question) => {
                let answer = self.valence(&question, &sources);
                emit(Event::Valence(question.id, answer.map(Box::new)));
            }
        }
    }

    /// Opens files, or adds them to those that are open. Files without a series take nothing from the one that is open.
    fn open(
        &mut self,
        entries: Vec<FileEntry>,
        add: bool,
        model: Option<Model>,
        emit: &mut dyn FnMut(Event),
    ) {
        if add {
            return self.assemble(entries, true, model, emit);
        }
        let replaces = !self.series.frames.is_empty();
        let dropped = entries.len();
        let mut next = Engine::new();
        let mut refused = None;
        next.assemble(entries, false, model, &mut |event| match event {
            Event::Failed(failure) => refused = Some(failure),
            Event::Loaded(loaded) if replaces && loaded.series.frames.is_empty() => {
                refused = Some(Failure::of_files(loaded.failures, dropped));
            }
            event => emit(event),
        });
        match refused {
            Some(failure) => emit(Event::Failed(failure)),
            None => *self = next,
        }
    }

    fn assemble(
        &mut self,
        entries: Vec<FileEntry>,
        add: bool,
        model: Option<Model>,
        emit: &mut dyn FnMut(Event),
    ) {
        let known = if add {
            std::mem::take(&mut self.entries)
        } else {
            Vec::new()
        };
        let fresh = |e: &FileEntry| !entries.iter().any(|new| new.path == e.path);
        let joining: Vec<String> = entries.iter().map(|e| e.path.clone()).collect();
        let kept: Vec<FileEntry> = known.into_iter().filter(fresh).collect();
        self.entries = kept.into_iter().chain(entries).collect();
        self.measured.clear();
        (self.fitted, self.assessing) = (None, None);
        (self.spectra, self.spectra_before) = (None, None);
        let is_missing = |f: &Frame| self.files.document(&f.file).is_none();
        let images_missing =
            self.thumbnails.take().is_some() || self.series.frames.iter().any(is_missing);
        let Assembly {
            series,
            files,
            failures,
            project,
            notices,
        } = project::assemble(self.entries.clone(), &Limits::default());
        self.failures = failures
            .into_iter()
            .map(|(path, error)| FileFailure {
                path,
                failure: Failure::from(&error),
            })
            .collect();
        self.files = files;
        self.opening = notices.as_slice().to_vec();
        // Files that join a series do not change which one is looked at.
        let kept = series.iter().position(|s| s.name == self.series.name);
        self.found = series;
        self.originals = project
            .as_ref()
            .map(|p| p.originals.clone())
            .unwrap_or_default();
        // Images that join a project belong to its decisions where it came without; elsewhere they are added to what is open.
        match project {
            Some(project) if !add || images_missing => return self.open_project(project, emit),
            Some(project) if joining.contains(&project.path) => self.opening.push(Notice {
                subject: project.path,
                kind: NoticeKind::Skipped {
                    what: said!("decisions of the project" | "Entscheidungen des Projekts"),
                    reason: said!(
                        "its images join the series that is open; open it alone to take them up"
                            | "seine Bilder kommen zur offenen Serie hinzu; um sie zu übernehmen, es allein öffnen"
                    ),
                },
            }),
            _ => {}
        }
        if self.found.is_empty() && self.failures.is_empty() {
            self.series = Series::default();
            let alone = self.files.has_logs();
            emit(Event::Failed(match alone {
                true => Failure::request(
                    said!(
                        "a heater log without images says nothing of diffusion"
                            | "ein Heizprotokoll ohne Bilder sagt nichts über Diffusion"
                    ),
                    said!(
                        "drop it together with its images, or add it to the series that is open"
                            | "es zusammen mit seinen Bildern ablegen oder zur offenen Serie hinzufügen"
                    ),
                ),
                false => Failure::request(
                    self.no_image(),
                    said!(
                        "drop micrographs (DM3, DM4, SER, EMD, HyperSpy, HDF5, MRC, TIFF, PNG, JPEG, BMP), a folder or a zip of them"
                            | "mikroskopische Aufnahmen ablegen (DM3, DM4, SER, EMD, HyperSpy, HDF5, MRC, TIFF, PNG, JPEG, BMP), einen Ordner oder ein Zip davon"
                    ),
                ),
            }));
            return;
        }
        self.show(kept.filter(|_| add).unwrap_or(0), model, emit);
    }

    /// What is said where there is no series: why the files that did open make none.
    fn no_image(&self) -> Said {
        let skipped = |n: &Notice| match &n.kind {
            NoticeKind::Skipped { what, reason } => Some(said!(
                "{what} skipped: {reason}" | "{what} übersprungen: {reason}"
            )),
            _ => None,
        };
        let reasons: Vec<Said> = self.opening.iter().filter_map(skipped).collect();
        match reasons.as_slice() {
            [] => failure::nothing_dropped(),
            [one] => said!(
                "no image of a particle was found: {one}"
                    | "kein Bild eines Partikels war zu finden: {one}"
            ),
            [first, others @ ..] => said!(
                "no image of a particle was found: {first}, and {} more notices"
                    | "kein Bild eines Partikels war zu finden: {first}, und {} weitere Hinweise",
                others.len()
            ),
        }
    }

    /// Takes up one of the series found.
    fn show(&mut self, chosen: usize, model: Option<Model>, emit: &mut dyn FnMut(Event)) {
        self.series = self.found.get(chosen).cloned().unwrap_or_default();
        self.digest(emit);
        let loaded = Loaded {
            chosen,
            model,
            notices: choice::notices(&self.opening, &self.found, chosen),
            ..self.loaded()
        };
        emit(Event::Loaded(Box::new(loaded)));
    }

    /// What is known of the series that is open.
    fn loaded(&self) -> Loaded {
        Loaded {
            series: self.series.clone(),
            found: choice::names(&self.found),
            chosen: 0,
            model: None,
            decisions: None,
            reduced: self.thumbnails.is_some(),
            originals: self.originals.clone(),
            failures: self.failures.clone(),
            heater_log: {
                let file = self.series.heater_log.as_ref().map(|l| l.file.as_str());
                let log = file.and_then(|file| self.files.log(file));
                log.map(|log| Box::new(log.thinned(SHOWN_SAMPLES)))
            },
            notices: self.opening.clone(),
        }
    }

    /// SHA-256 of every file of the series.
    fn digest(&mut self, emit: &mut dyn FnMut(Event)) {
        let frames = self.series.frames.iter().map(|f| f.file.clone());
        let log = self.series.heater_log.iter().map(|l| l.file.clone());
        let paths: BTreeSet<String> = frames.chain(log).collect();
        let total = paths.len();
        for (done, path) in paths.into_iter().enumerate() {
            emit(Event::Progress {
                id: 0,
                stage: Stage::Reading,
                done,
                total,
            });
            let Some(digest) = self
                .files
                .source(&path)
                .and_then(|source| sha256(source.as_ref()))
            else {
                continue;
            };
            self.series
                .frames
                .iter_mut()
                .filter(|f| f.file == path)
                .for_each(|f| f.digest.clone_from(&digest));
            if let Some(log) = self.series.heater_log.as_mut().filter(|l| l.file == path) {
                log.digest = digest;
            }
        }
    }

    fn sample(&mut self, name: &str, seed: u64, emit: &mut dyn FnMut(Event)) {
        let Some(preset) = Preset::named(name) else {
            let known: Vec<&str> = Preset::ALL.iter().map(|p| p.name()).collect();
            emit(Event::Failed(Failure::request(
                said!("there is no sample '{name}'" | "ein Beispiel „{name}“ gibt es nicht"),
                said!(
                    "choose one of {}" | "eines von diesen wählen: {}",
                    known.join(", ")
                ),
            )));
            return;
        };
        self.simulated(preset.experiment(), seed, emit);
    }

    /// Opens a simulated series with what a microscopist would know of it.
    fn simulated(&mut self, experiment: Experiment, seed: u64, emit: &mut dyn FnMut(Event)) {
        let files = match simulate::simulate(&experiment, seed) {
            Ok(simulated) => simulated.files(),
            Err(error) => {
                emit(Event::Failed(Failure::from(&error)));
                return;
            }
        };
        let folder = experiment.name.replace('_', "@");
        // The truth is for whoever saves the series: it is no file of a microscope.
        let entries = files
            .into_iter()
            .filter(|(file, _)| file != "truth.json")
            .map(|(file, bytes)| FileEntry {
                path: format!("{folder}/{file}"),
                source: Rc::new(MemorySource(bytes.into())),
            })
            .collect();
        let model = Model {
            core: experiment.core,
            shell: experiment.shell,
            contrast: Contrast::Ratio(experiment.contrast),
            psf_sigma_nm: experiment.camera.psf_sigma_nm,
            pair: Some(Provenance::User),
            ..Model::default()
        };
        self.open(entries, false, Some(model), emit);
    }

    fn read(&self, at: &Place, notices: &mut Notices) -> Result<PlaneSamples, Failure> {
        if self.thumbnails.is_some() {
            return Err(Failure::request(
                said!(
                    "the image of {} is not here: this analysis came without its images"
                        | "das Bild von {} ist nicht hier: diese Auswertung kam ohne ihre Bilder",
                    at.file
                ),
                said!(
                    "undo, or add the image files to measure them again"
                        | "rückgängig machen, oder die Bilddateien hinzufügen, um sie neu zu messen"
                ),
            ));
        }
        self.files.read(at, notices).map_err(|e| Failure::from(&e))
    }

    fn image(&self, at: &Place) -> Result<Image, Failure> {
        Ok(self.read(at, &mut Notices::default())?.to_image())
    }

    /// What a file holds, with the tags of one of its signals.
    fn contents(&self, file: &str, tags_of: usize) -> Result<FileContents, Failure> {
        let document = self.files.document(file).ok_or_else(|| {
            Failure::request(
                said!("'{file}' is not open here" | "„{file}“ ist hier nicht offen"),
                said!(
                    "drop the image files to look into them"
                        | "die Bilddateien ablegen, um hineinzusehen"
                ),
            )
        })?;
        let tags = document.signals().get(tags_of).map(|s| s.tags.clone());
        Ok(FileContents {
            file: file.into(),
            format: document.format(),
            signals: document
                .signals()
                .iter()
                .map(|s| Signal {
                    title: s.title.clone(),
                    dtype: s.dtype,
                    axes: s.axes.clone(),
                    metadata: s.metadata.clone(),
                    tags: Vec::new(),
                })
                .collect(),
            proposed: project::proposed_signal(document),
            tags_of,
            tags: tags.unwrap_or_default(),
        })
    }

    fn thumbnail(&self, frame: usize) -> Option<&Thumbnail> {
        self.thumbnails.as_ref()?.get(frame)?.as_ref()
    }

    fn picture(&self, frame: usize, at: &Place, side: usize) -> Result<Plane, Failure> {
        if let Some(thumbnail) = self.thumbnail(frame) {
            let size = self.series.frames.get(frame).map_or((0, 0), |f| f.size);
            let image = thumbnail.framed(size);
            return Ok(Plane {
                frame,
                at: at.clone(),
                width: image.width,
                height: image.height,
                binning: thumbnail.binning,
                values: image.values,
            });
        }
        Ok(Plane::of(&self.image(at)?, (frame, at), side))
    }
}

/// Hexadecimal SHA-256 of a file; `None` when it is too large or cannot be read.
fn sha256(source: &dyn Source) -> Option<String> {
    if source.len() > DIGEST_LIMIT {
        return None;
    }
    if let Some(known) = source.digest() {
        return Some(known);
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; DIGEST_PIECE.min(source.len() as usize)];
    let mut offset = 0;
    while let Ok(count @ 1..) = source.read_at(offset, &mut buffer) {
        hash.update(buffer.get(..count)?);
        offset += count as u64;
    }
    (offset == source.len()).then(|| hexadecimal(&hash.finalize()))
}

/// Bytes as two digits each.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// D in m²/s from nm²/s.
fn m2_s(d_nm2_s: f64) -> f64 {
    d_nm2_s * SQUARE_METER_PER_SQUARE_NM
}
