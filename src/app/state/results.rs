//! What the worker has found, or is about to.

use std::sync::Arc;

use crate::engine::{Assessment, Failure, Stage};

/// How far work is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Progress {
    /// What is being done; `None` at the very beginning.
    pub stage: Option<Stage>,
    /// Steps done.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
}

/// The worker as the user should know it.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum WorkerState {
    /// Being started.
    #[default]
    Starting,
    /// Up.
    Ready,
    /// Cannot be started, with the reason.
    Unavailable(String),
}

/// Opening of files.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Loading {
    /// Nothing under way.
    #[default]
    Idle,
    /// Under way.
    Running(Progress),
    /// Nothing could be opened.
    Failed(Failure),
}

/// A result and its state. The previous result stays until the next one is there.
#[derive(Clone, Debug, PartialEq)]
pub enum Slot<T> {
    /// Nothing was asked.
    Idle,
    /// Under way.
    Running {
        /// The result before.
        previous: Option<Arc<T>>,
    },
    /// Up to date.
    Ready(Arc<T>),
    /// Given up.
    Stopped {
        /// The result before.
        previous: Option<Arc<T>>,
    },
    /// There is none for the present decisions.
    Failed {
        /// Why.
        failure: Failure,
        /// The result before.
        previous: Option<Arc<T>>,
    },
}

impl<T> Slot<T> {
    /// The result to show, up to date or not.
    pub fn shown(&self) -> Option<&Arc<T>> {
        match self {
            Slot::Idle => None,
            Slot::Ready(value) => Some(value),
            Slot::Running { previous }
            | Slot::Stopped { previous }
            | Slot::Failed { previous, .. } => previous.as_ref(),
        }
    }

    /// Whether what is shown belongs to earlier decisions.
    pub fn is_stale(&self) -> bool {
        !matches!(self, Slot::Ready(_) | Slot::Idle)
    }

    /// Whether it is being computed.
    pub fn is_running(&self) -> bool {
        matches!(self, Slot::Running { .. })
    }

    /// Work has begun.
    pub fn run(&mut self) {
        let previous = self.shown().cloned();
        *self = Slot::Running { previous };
    }

    /// Work was given up: the result before stays, as one of earlier decisions.
    pub fn give_up(&mut self) {
        if let Slot::Running { previous } = self {
            let previous = previous.take();
            *self = Slot::Stopped { previous };
        }
    }

    /// Work was given up that would have told nothing else: the result before stands.
    pub fn restore(&mut self) {
        if let Slot::Running { previous } = self {
            *self = previous.take().map_or(Slot::Idle, Slot::Ready);
        }
    }

    /// There is no result for these decisions.
    pub fn fail(&mut self, failure: Failure) {
        let previous = self.shown().cloned();
        *self = Slot::Failed { failure, previous };
    }
}

/// How sure the answer is: the second stage, step by step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Certainty {
    /// What is known so far.
    pub found: Arc<Assessment>,
    /// Steps done.
    pub done: usize,
    /// Steps in all, as far as is known.
    pub total: usize,
    /// Whether it goes on.
    pub running: bool,
    /// Whether it goes on as soon as somebody looks closer.
    pub waits: bool,
}
