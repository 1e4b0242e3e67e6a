//! The one door to everything above: what the worker and the headless binary call.

mod protocol;

pub use protocol::{
    Analysis, Event, Failure, FailureKind, FileFailure, FrameMeasured, Loaded, Plane, Request,
    Stage,
};
