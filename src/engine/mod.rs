//! The one door to everything above: what the worker and the headless binary call.

mod analysis;
mod choice;
mod evidence;
mod export;
mod failure;
mod phase;
mod protocol;

pub use evidence::sentence;
pub use export::{
    intervals_csv, measurements_csv, phase_diagram_csv, profiles_csv, profiles_table, result_json,
    size_effect_csv,
};
pub use failure::{Failure, FailureKind};
pub use phase::{PhaseAnswer, PhaseCase, PhaseQuestion};
pub use protocol::{
    Analysis, Event, FileFailure, Found, FrameMeasured, Loaded, Plane, Request, Stage,
};

use std::collections::BTreeSet;
use std::rc::Rc;

use sha2::{Digest, Sha256};

use crate::formats::{Limits, MemorySource, PlaneSamples, Source};
use crate::imaging::{self, Measurement};
use crate::kinetics::size_effect;
use crate::materials::Library;
use crate::project::{
    self, Assembly, Contrast, FileEntry, Frame, Model, OpenFiles, Provenance, Series,
};
use crate::signal::{Image, Notice, Notices};
use crate::simulate::{self, Preset};
use crate::units::SQUARE_METER_PER_SQUARE_NM;

/// Files up to this size (bytes) get a digest: a second of work; larger ones are known by path and size.
const DIGEST_LIMIT: u64 = 256 << 20;

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
    /// As last loaded: the frames that `Picture` means.
    series: Series,
    measured: Vec<Kept>,
}

/// A measurement and what it was made of.
struct Kept {
    key: (String, usize, usize),
    request: imaging::MeasureRequest,
    outcome: Result<Measurement, Failure>,
    notices: Vec<Notice>,
}

impl Engine {
    /// An engine with nothing open.
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Carries out one request. `sources` are the files of [`Request::Open`], in the order of its paths, and empty
    /// otherwise.
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
            Request::Choose { series } => self.show(series, None, emit),
            Request::Sample { preset, seed } => self.sample(&preset, seed, emit),
            Request::Analyze { id, project } => self.analyze(id, &project, emit),
            Request::Arrange { project } => emit(Event::Arranged(self.arrange(&project))),
            Request::Picture { frame, side } => {
                let picture = self.picture(frame, side);
                emit(Event::Picture(picture));
            }
            Request::ScaleBar { frame, drawn } => {
                let bar = self.image(frame).and_then(|(image, _)| {
                    imaging::measure_scale_bar(&image, drawn).map_err(|e| Failure::from(&e))
                });
                emit(Event::ScaleBar { drawn, bar });
            }
            Request::Pixels {
                frame,
                measurement,
                most,
            } => {
                let pixels = self
                    .image(frame)
                    .map(|(image, _)| imaging::pixels(&image, &measurement, most));
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
        }
    }

    fn open(
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
        let kept: Vec<FileEntry> = known.into_iter().filter(fresh).collect();
        self.entries = kept.into_iter().chain(entries).collect();
        self.measured.clear();
        let Assembly {
            series,
            files,
            failures,
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
        if self.found.is_empty() && self.failures.is_empty() {
            self.series = Series::default();
            emit(Event::Failed(Failure::request(
                "no image was found in what was dropped",
                "drop PNG, JPEG, BMP or TIFF files, a folder or a zip of them",
            )));
            return;
        }
        self.show(kept.filter(|_| add).unwrap_or(0), model, emit);
    }

    /// Takes up one of the series found.
    fn show(&mut self, chosen: usize, model: Option<Model>, emit: &mut dyn FnMut(Event)) {
        self.series = self.found.get(chosen).cloned().unwrap_or_default();
        self.digest(emit);
        emit(Event::Loaded(Box::new(Loaded {
            series: self.series.clone(),
            found: choice::names(&self.found),
            chosen,
            model,
            failures: self.failures.clone(),
            notices: choice::notices(&self.opening, &self.found, chosen),
        })));
    }

    /// SHA-256 of every file of the series.
    fn digest(&mut self, emit: &mut dyn FnMut(Event)) {
        let frames = self.series.frames.iter().map(|f| f.file.clone());
        let paths: BTreeSet<String> = frames.collect();
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
        }
    }

    fn sample(&mut self, name: &str, seed: u64, emit: &mut dyn FnMut(Event)) {
        let Some(preset) = Preset::named(name) else {
            let known: Vec<&str> = Preset::ALL.iter().map(|p| p.name()).collect();
            let remedy = format!("choose one of {}", known.join(", "));
            emit(Event::Failed(Failure::request(
                format!("there is no sample '{name}'"),
                &remedy,
            )));
            return;
        };
        let experiment = preset.experiment();
        let files = match simulate::simulate(&experiment, seed) {
            Ok(simulated) => simulated.files(),
            Err(error) => {
                emit(Event::Failed(Failure::from(&error)));
                return;
            }
        };
        let entries = files
            .into_iter()
            .map(|(file, bytes)| FileEntry {
                path: format!("{name}/{file}"),
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

    fn read(&self, frame: &Frame, notices: &mut Notices) -> Result<PlaneSamples, Failure> {
        self.files
            .read(frame, notices)
            .map_err(|e| Failure::from(&e))
    }

    /// The image of a frame of the series last loaded, with the value at which it saturates.
    fn image(&self, frame: usize) -> Result<(Image, Option<f64>), Failure> {
        let frame = self.series.frames.get(frame).ok_or_else(|| {
            Failure::request(
                format!("there is no frame {frame} in this series"),
                "drop the files again",
            )
        })?;
        let plane = self.read(frame, &mut Notices::default())?;
        Ok((plane.to_image(), plane.saturation))
    }

    fn picture(&self, frame: usize, side: usize) -> Result<Plane, Failure> {
        let (image, _) = self.image(frame)?;
        let binning = image.width.max(image.height).div_ceil(side.max(16)).max(1);
        if binning == 1 {
            return Ok(Plane {
                frame,
                width: image.width,
                height: image.height,
                binning,
                values: image.values,
            });
        }
        let (width, height) = (image.width / binning, image.height / binning);
        let mut values = vec![0.0_f32; width * height];
        for (y, row) in values.chunks_exact_mut(width.max(1)).enumerate() {
            for line in image
                .values
                .chunks_exact(image.width)
                .skip(y * binning)
                .take(binning)
            {
                for (mean, block) in row.iter_mut().zip(line.chunks_exact(binning)) {
                    *mean += block.iter().sum::<f32>();
                }
            }
        }
        let share = 1.0 / (binning * binning) as f32;
        values.iter_mut().for_each(|v| *v *= share);
        Ok(Plane {
            frame,
            width,
            height,
            binning,
            values,
        })
    }
}

/// Hexadecimal SHA-256 of a file; `None` when it is too large or cannot be read.
fn sha256(source: &dyn Source) -> Option<String> {
    if source.len() > DIGEST_LIMIT {
        return None;
    }
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut offset = 0;
    while let Ok(count @ 1..) = source.read_at(offset, &mut buffer) {
        hash.update(buffer.get(..count)?);
        offset += count as u64;
    }
    (offset == source.len()).then(|| {
        hash.finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    })
}

/// D in m²/s from nm²/s.
fn m2_s(d_nm2_s: f64) -> f64 {
    d_nm2_s * SQUARE_METER_PER_SQUARE_NM
}
