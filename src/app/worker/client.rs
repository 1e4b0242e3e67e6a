//! The page's side: starts the worker, hands it one request at a time, brings it back after a crash.
//!
//! The worker never has more than one request before it. What waits, waits here, where a newer analysis can take the
//! place of an older one.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, ErrorEvent, File, HtmlLinkElement, MessageEvent, Url, Worker,
};

use crate::app::kept::Files;
use crate::engine::{Event, MapQuestion, PhaseQuestion, PlanQuestion, Request, ValenceQuestion};
use crate::imaging::{Measurement, Point};
use crate::project::{Place, Project, Series};
use crate::simulate::Experiment;

use super::message::{decode, encode, pack};

/// Where a series comes from.
#[derive(Clone)]
pub enum What {
    /// The files of the opening.
    Files,
    /// A link that holds the analysis.
    Link(String),
    /// Another series of the same files: its place among those found.
    Other(usize),
    /// A sample: its name and the seed of its noise.
    Sample(String, u64),
    /// A simulation with the seed of its noise.
    Simulated(Box<Experiment>, u64),
}

/// A series on its way to be open.
#[derive(Clone, Default)]
pub struct Opening {
    /// Fingerprint of its files, or what a sample is called.
    pub name: String,
    /// The files.
    pub files: Files,
    /// Whether they join those that are open.
    pub joins: bool,
    /// Name under which the browser keeps them; empty where it does not.
    pub kept_as: String,
    /// Which of their series was shown when they were open last.
    pub to_choose: usize,
}

/// Something for the worker to do.
#[derive(Clone)]
pub enum Job {
    /// Open a series.
    Open(What, Opening),
    /// Measure and fit.
    Analyze {
        /// Number of the analysis.
        id: u64,
        /// The decisions.
        project: Box<Project>,
        /// Largest side of the pictures it shows of its frames, where they are missing.
        pictures: Option<usize>,
    },
    /// One step towards how sure the analysis is.
    Assess {
        /// Number of the analysis.
        id: u64,
        /// The decisions.
        project: Box<Project>,
    },
    /// Compare both orders of core and shell with the first image.
    Arrange {
        /// The decisions.
        project: Box<Project>,
    },
    /// Show one frame.
    Picture {
        /// Index in the series.
        frame: usize,
        /// Where it is.
        at: Place,
        /// Largest side.
        side: usize,
    },
    /// Find the scale bar under a line.
    ScaleBar {
        /// The picture.
        at: Place,
        /// Ends of the line.
        drawn: [Point; 2],
    },
    /// All pixels of one frame.
    Pixels {
        /// Index in the series.
        frame: usize,
        /// Where it is.
        at: Place,
        /// Its measurement.
        measurement: Box<Measurement>,
    },
    /// What a file holds.
    Contents {
        /// Its path.
        file: String,
        /// The signal whose tags are asked for.
        tags_of: usize,
    },
    /// Read the series with another signal.
    ReadWith {
        /// As it is decided now.
        series: Box<Series>,
        /// Path of the file.
        file: String,
        /// Index of the signal.
        signal: usize,
    },
    /// Results of other series.
    Companions {
        /// Path and file.
        files: Vec<(String, File)>,
        /// The decisions of the open one.
        project: Box<Project>,
    },
    /// Phase diagrams.
    Phase(Box<PhaseQuestion>),
    /// The phase diagram of the tour.
    TourPhase(Box<PhaseQuestion>),
    /// What a series will tell.
    Plan(Box<PlanQuestion>),
    /// Look for spectra.
    Spectra {
        /// Path and file; the sample has none.
        files: Vec<(String, Option<File>)>,
        /// The file and signal that were chosen, where they were.
        wanted: Option<(String, usize)>,
    },
    /// Element maps; the files go with every question, so that a new worker needs no past.
    Maps(Box<MapQuestion>, Vec<File>),
    /// What the maps say.
    ElementProfiles(Box<MapQuestion>, Vec<File>),
    /// The spectrum of the region.
    RegionSpectrum(Box<MapQuestion>, Vec<File>),
    /// The valence of copper.
    Valence(Box<ValenceQuestion>, Vec<File>),
    /// Spectra of known states.
    References {
        /// Path and file.
        files: Vec<(String, File)>,
        /// Resolution of their instrument (eV).
        resolution_ev: f64,
    },
}

/// Most pixels asked for as dots: a screen shows no more.
const MOST_PIXELS: usize = 8_000;

impl Job {
    fn request(&self) -> (Request, Vec<File>) {
        match self {
            Job::Open(What::Files, opening) => (
                Request::Open {
                    paths: opening.files.iter().map(|(path, _)| path.clone()).collect(),
                    add: opening.joins,
                },
                opening.files.iter().map(|(_, file)| file.clone()).collect(),
            ),
            Job::Open(What::Link(link), _) => {
                (Request::OpenLink { link: link.clone() }, Vec::new())
            }
            Job::Open(What::Other(series), _) => (Request::Choose { series: *series }, Vec::new()),
            Job::Open(What::Sample(preset, seed), _) => (
                Request::Sample {
                    preset: preset.clone(),
                    seed: *seed,
                },
                Vec::new(),
            ),
            Job::Open(What::Simulated(experiment, seed), _) => (
                Request::Simulate {
                    experiment: experiment.clone(),
                    seed: *seed,
                },
                Vec::new(),
            ),
            Job::Analyze {
                id,
                project,
                pictures,
            } => (
                Request::Analyze {
                    id: *id,
                    project: project.clone(),
                    pictures: *pictures,
                },
                Vec::new(),
            ),
            Job::Assess { id, project } => (
                Request::Assess {
                    id: *id,
                    project: project.clone(),
                },
                Vec::new(),
            ),
            Job::Arrange { project } => (
                Request::Arrange {
                    project: project.clone(),
                },
                Vec::new(),
            ),
            Job::Picture { frame, at, side } => (
                Request::Picture {
                    frame: *frame,
                    at: at.clone(),
                    side: *side,
                },
                Vec::new(),
            ),
            Job::ScaleBar { at, drawn } => (
                Request::ScaleBar {
                    at: at.clone(),
                    drawn: *drawn,
                },
                Vec::new(),
            ),
            Job::Contents { file, tags_of } => (
                Request::Contents {
                    file: file.clone(),
                    tags_of: *tags_of,
                },
                Vec::new(),
            ),
            Job::ReadWith {
                series,
                file,
                signal,
            } => (
                Request::ReadWith {
                    series: series.clone(),
                    file: file.clone(),
                    signal: *signal,
                },
                Vec::new(),
            ),
            Job::Pixels {
                frame,
                at,
                measurement,
            } => (
                Request::Pixels {
                    frame: *frame,
                    at: at.clone(),
                    measurement: measurement.clone(),
                    most: MOST_PIXELS,
                },
                Vec::new(),
            ),
            Job::Companions { files, project } => (
                Request::Companions {
                    paths: files.iter().map(|(path, _)| path.clone()).collect(),
                    project: project.clone(),
                },
                files.iter().map(|(_, file)| file.clone()).collect(),
            ),
            Job::Phase(question) | Job::TourPhase(question) => {
                (Request::PhaseDiagram(question.clone()), Vec::new())
            }
            Job::Plan(question) => (Request::Plan(question.clone()), Vec::new()),
            Job::Spectra { files, wanted } => (
                Request::Spectra {
                    paths: files.iter().map(|(path, _)| path.clone()).collect(),
                    wanted: wanted.clone(),
                },
                files.iter().filter_map(|(_, file)| file.clone()).collect(),
            ),
            Job::Maps(question, files) => (Request::Maps(question.clone()), files.clone()),
            Job::ElementProfiles(question, files) => {
                (Request::ElementProfiles(question.clone()), files.clone())
            }
            Job::RegionSpectrum(question, files) => {
                (Request::RegionSpectrum(question.clone()), files.clone())
            }
            Job::Valence(question, files) => (Request::Valence(question.clone()), files.clone()),
            Job::References {
                files,
                resolution_ev,
            } => (
                Request::References {
                    paths: files.iter().map(|(path, _)| path.clone()).collect(),
                    resolution_ev: *resolution_ev,
                },
                files.iter().map(|(_, file)| file.clone()).collect(),
            ),
        }
    }
}

/// What the page is told.
pub enum Report {
    /// The worker is up.
    Ready,
    /// The worker says.
    Event {
        /// What it says.
        event: Event,
        /// The job that ends with it.
        job: Option<Job>,
    },
    /// The worker broke down with this message and was started anew; the job that was under way is lost.
    Crashed {
        /// What it said last.
        message: String,
        /// What it was doing.
        job: Option<Job>,
    },
    /// The worker cannot be started.
    Unavailable(String),
}

/// The worker as the page sees it.
#[derive(Clone)]
pub struct Client(Rc<Inner>);

struct Inner {
    state: RefCell<State>,
    report: Box<dyn Fn(Report)>,
}

#[derive(Default)]
struct State {
    worker: Option<Running>,
    ready: bool,
    waiting: VecDeque<Job>,
    under_way: Option<Job>,
    /// What has to be opened again in a new worker.
    opened: Vec<Job>,
    /// Answers of a new worker to jobs of the old one, which nobody waits for.
    replays: usize,
    last_words: Option<String>,
    /// Crashes without a success in between.
    crashes: u32,
}

impl State {
    /// How many of the jobs that wait are those of the old worker.
    fn replays_waiting(&self) -> usize {
        self.replays - usize::from(self.replays > 0 && self.under_way.is_some())
    }
}

struct Running {
    worker: Worker,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(ErrorEvent)>,
}

/// A worker that breaks down this often in a row is not started again.
const CRASHES_BORNE: u32 = 3;

impl Client {
    /// Starts the worker.
    pub fn start(report: impl Fn(Report) + 'static) -> Client {
        let client = Client(Rc::new(Inner {
            state: RefCell::default(),
            report: Box::new(report),
        }));
        client.spawn();
        client
    }

    /// Queues a job. A new analysis takes the place of a waiting one; opening files makes all that waits pointless,
    /// except what is not about files.
    pub fn submit(&self, job: Job) {
        {
            let mut state = self.0.state.borrow_mut();
            match &job {
                // What was to be opened before is opened all the same: the last may be good for nothing.
                Job::Open(..) => state
                    .waiting
                    .retain(|other| matches!(other, Job::Open(..) | Job::Plan(_) | Job::TourPhase(_))),
                Job::Analyze { .. } | Job::Arrange { .. } => state.waiting.retain(|other| {
                    !matches!(
                        other,
                        Job::Analyze { .. } | Job::Arrange { .. } | Job::Assess { .. }
                    )
                }),
                Job::Assess { .. } => {
                    // Nobody asks any more how sure the analysis of a series is that is being left.
                    let opens = |job: &Job| matches!(job, Job::Open(..));
                    if state.waiting.iter().chain(&state.under_way).any(opens) {
                        return;
                    }
                    state
                        .waiting
                        .retain(|other| !matches!(other, Job::Assess { .. }));
                }
                Job::Pixels { .. } => state
                    .waiting
                    .retain(|other| !matches!(other, Job::Pixels { .. })),
                Job::ScaleBar { .. } => state
                    .waiting
                    .retain(|other| !matches!(other, Job::ScaleBar { .. })),
                Job::Phase(_) => state
                    .waiting
                    .retain(|other| !matches!(other, Job::Phase(_))),
                Job::Maps(..)
                | Job::ElementProfiles(..)
                | Job::RegionSpectrum(..)
                | Job::Valence(..)
                | Job::Spectra { .. }
                | Job::Contents { .. }
                | Job::ReadWith { .. }
                | Job::Companions { .. }
                | Job::References { .. }
                | Job::TourPhase(_)
                | Job::Plan(_) => {
                    let kind = std::mem::discriminant(&job);
                    let other = |other: &Job| std::mem::discriminant(other) != kind;
                    state.waiting.retain(other);
                    // What is said of maps follows them.
                    if matches!(job, Job::Maps(..)) {
                        let said = |other: &Job| matches!(other, Job::ElementProfiles(..));
                        state.waiting.retain(|other| !said(other));
                    }
                }
                Job::Picture { frame, side, .. } => state.waiting.retain(
                    |other| !matches!(other, Job::Picture { frame: f, side: s, .. } if f == frame && s == side),
                ),
            }
            state.waiting.push_back(job);
        }
        self.next();
    }

    /// Whether an analysis waits, or what goes before one.
    pub fn analyzes(&self) -> bool {
        let state = self.0.state.borrow();
        let mut waiting = state.waiting.iter();
        waiting.any(|job| matches!(job, Job::Analyze { .. } | Job::Arrange { .. }))
    }

    /// Whether something waits to be opened.
    pub fn opens(&self) -> bool {
        let state = self.0.state.borrow();
        let mut new = state.waiting.iter().skip(state.replays_waiting());
        new.any(|job| matches!(job, Job::Open(..)))
    }

    /// Drops what is under way and all that waits: the worker is ended, and another one opens the same files again. Gives what will not be opened.
    pub fn cancel(&self) -> Vec<Opening> {
        let dropped: Vec<Job> = {
            let mut state = self.0.state.borrow_mut();
            let replays = state.replays;
            let under_way = state.under_way.take();
            let all = under_way
                .into_iter()
                .chain(std::mem::take(&mut state.waiting));
            all.skip(replays).collect()
        };
        self.restart();
        let openings = dropped.into_iter().filter_map(|job| match job {
            Job::Open(_, opening) => Some(opening),
            _ => None,
        });
        openings.collect()
    }

    fn restart(&self) {
        let old = {
            let mut state = self.0.state.borrow_mut();
            state.ready = false;
            state.under_way = None;
            let opened = state.opened.clone();
            state.replays = opened.len();
            for job in opened.into_iter().rev() {
                state.waiting.push_front(job);
            }
            state.worker.take()
        };
        if let Some(old) = old {
            old.worker.set_onmessage(None);
            old.worker.set_onerror(None);
            old.worker.terminate();
            // The closures may be the very ones that are running now: they are dropped when this turn is over.
            wasm_bindgen_futures::spawn_local(async move { drop(old) });
        }
        self.spawn();
    }

    fn spawn(&self) {
        match spawn_worker() {
            Ok(worker) => {
                let client = self.clone();
                let message = Closure::new(move |event: MessageEvent| client.hear(&event.data()));
                let client = self.clone();
                let error = Closure::new(move |event: ErrorEvent| {
                    event.prevent_default();
                    client.crashed(event.message());
                });
                worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
                worker.set_onerror(Some(error.as_ref().unchecked_ref()));
                self.0.state.borrow_mut().worker = Some(Running {
                    worker,
                    _message: message,
                    _error: error,
                });
            }
            Err(error) => self.tell(Report::Unavailable(super::describe(&error))),
        }
    }

    fn hear(&self, data: &JsValue) {
        if let Some(words) = data.as_string() {
            self.0.state.borrow_mut().last_words = Some(words);
            return;
        }
        let event = match decode::<Event>(data) {
            Ok(event) => event,
            Err(error) => return self.tell(Report::Unavailable(error.to_string())),
        };
        if matches!(event, Event::Hello { .. }) {
            self.0.state.borrow_mut().ready = true;
            self.tell(Report::Ready);
            return self.next();
        }
        let ends = matches!(
            event,
            Event::Loaded(_)
                | Event::Failed(_)
                | Event::Analyzed { .. }
                | Event::Arranged(_)
                | Event::Assessed { .. }
                | Event::ScaleBar { .. }
                | Event::Picture(_)
                | Event::Pixels { .. }
                | Event::PhaseDiagram(_)
                | Event::Plan(_)
                | Event::Spectra(_)
                | Event::Maps(_)
                | Event::ElementProfiles(_)
                | Event::RegionSpectrum(_)
                | Event::Valence(..)
                | Event::SizeEffect(_)
                | Event::Contents(_)
                | Event::ReadWith(_)
                | Event::Companions { .. }
                | Event::References { .. }
        );
        let (silent, job) = {
            let mut state = self.0.state.borrow_mut();
            let silent = state.replays > 0;
            let done = match ends {
                true => state.under_way.take(),
                false => None,
            };
            if ends {
                state.crashes = 0;
                if silent {
                    state.replays -= 1;
                } else if let (Some(job @ Job::Open(what, opening)), Event::Loaded(_)) =
                    (&done, &event)
                {
                    match what {
                        What::Other(_) => {
                            state
                                .opened
                                .retain(|j| !matches!(j, Job::Open(What::Other(_), _)));
                        }
                        What::Files if opening.joins => {}
                        _ => state.opened.clear(),
                    }
                    state.opened.push(job.clone());
                }
            }
            (silent, done)
        };
        if !silent {
            self.tell(Report::Event { event, job });
        }
        if ends {
            self.next();
        }
    }

    fn crashed(&self, message: String) {
        let (job, words, often) = {
            let mut state = self.0.state.borrow_mut();
            state.crashes += 1;
            // Another worker opens all of them.
            let waiting = state.replays_waiting();
            state.waiting.drain(..waiting);
            let replayed = state.replays > 0;
            (
                state.under_way.take().filter(|_| !replayed),
                state.last_words.take(),
                state.crashes > CRASHES_BORNE,
            )
        };
        let message = words.unwrap_or(message);
        if often {
            let old = self.0.state.borrow_mut().worker.take();
            wasm_bindgen_futures::spawn_local(async move { drop(old) });
            return self.tell(Report::Unavailable(message));
        }
        self.restart();
        self.tell(Report::Crashed { message, job });
    }

    fn next(&self) {
        let mut state = self.0.state.borrow_mut();
        if !state.ready || state.under_way.is_some() {
            return;
        }
        let Some(job) = state.waiting.pop_front() else {
            return;
        };
        let (request, files) = job.request();
        let sent = encode(&request).ok().and_then(|buffer| {
            let (message, transfer) = pack(&buffer, &files);
            let worker = &state.worker.as_ref()?.worker;
            worker.post_message_with_transfer(&message, &transfer).ok()
        });
        match sent {
            Some(()) => state.under_way = Some(job),
            None => {
                drop(state);
                self.tell(Report::Crashed {
                    message: String::new(),
                    job: Some(job),
                });
            }
        }
    }

    fn tell(&self, report: Report) {
        (self.0.report)(report);
    }
}

/// The worker's few lines: import the page's own program and start it with the module the page has compiled; beside it
/// the script of the reader of HDF5, whose module `apart.rs` loads when it is needed. What goes wrong before the program
/// runs is sent as plain text.
///
/// A classic script that imports when it runs: Chromium starts no module worker in a page that was opened from a disk.
fn script(program: &str) -> String {
    format!(
        "self.onmessage = (event) => {{\n\
           self.onmessage = null;\n\
           const [module, reader, wasm] = event.data;\n\
           self.hdf5Wasm = wasm;\n\
           const later = import(reader).then((reader) => {{ self.hdf5Reader = reader; }}, () => {{}});\n\
           Promise.all([import({program:?}), later])\n\
             .then(([program]) => program.default({{ module_or_path: module }}))\n\
             .catch((error) => {{ self.postMessage(String(error)); setTimeout(() => {{ throw error; }}); }});\n\
         }};\n"
    )
}

fn spawn_worker() -> Result<Worker, JsValue> {
    let program = linked("modulepreload")?;
    let parts = js_sys::Array::of1(&script(&program).into());
    let options = BlobPropertyBag::new();
    options.set_type("text/javascript");
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let worker = Worker::new(&address)?;
    let [reader, wasm] = ["x-hdf5-program", "x-hdf5-wasm"].map(linked);
    let message = js_sys::Array::of3(&wasm_bindgen::module(), &reader?.into(), &wasm?.into());
    worker.post_message(&message)?;
    // The address is not revoked: a browser may fetch it later than this turn, and it is a hundred bytes per worker.
    Ok(worker)
}

/// Address of what the page links to: `modulepreload` is the program's script.
fn linked(rel: &str) -> Result<String, JsValue> {
    let missing = || JsValue::from_str("the page does not name all of its programs");
    let link: HtmlLinkElement = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(missing)?
        .query_selector(&format!("link[rel={rel}]"))?
        .ok_or_else(missing)?
        .dyn_into()
        .map_err(|_| missing())?;
    Ok(link.href())
}
