//! The one door to everything above: what the worker and the headless binary call.

mod protocol;

pub use protocol::{
    Analysis, Event, Failure, FailureKind, FileFailure, FrameMeasured, Loaded, Plane, Request,
    Stage,
};

use std::rc::Rc;

use crate::formats::Source;

/// The instrument: files held open, measurements kept, one request at a time.
#[derive(Default)]
pub struct Engine {}

impl Engine {
    /// An engine with nothing open.
    pub fn new() -> Engine {
        Engine::default()
    }

    /// Carries out one request. `sources` are the files of [`Request::Open`], in the order of its paths, and empty otherwise.
    pub fn handle(
        &mut self,
        request: Request,
        sources: Vec<Rc<dyn Source>>,
        emit: &mut dyn FnMut(Event),
    ) {
        let _ = (request, sources, emit);
    }
}
