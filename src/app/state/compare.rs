//! Series set beside the one that is open.

use leptos::prelude::*;
use web_sys::File;

use super::{App, Loading, Progress};
use crate::app::text;
use crate::app::worker::Job;
use crate::engine::{FileFailure, SideBySide, beside, companion};
use crate::project::{Companion, set_beside};

/// Series, and their places among the document's companions.
pub type Compared = (SideBySide, Vec<Option<usize>>);

impl App {
    /// The result of the open series as it is compared; none before there is one.
    pub fn present_companion(self) -> Option<Companion> {
        let analysis = self.analysis.with(|slot| slot.shown().cloned())?;
        let particle = self.circle(0);
        self.history
            .with(|h| Some(companion(h.present(), &analysis, particle)))
    }

    /// The open series, then all others set beside it.
    pub fn compared(self) -> Compared {
        let present = self.present_companion();
        self.history
            .with(|h| beside(present, &h.present().companions))
    }

    /// Sets results beside the open series: one step of undo. False where not all found room.
    fn set_beside(self, new: Vec<Companion>) -> bool {
        let mut room = true;
        self.edit(|project| {
            for one in new {
                room &= set_beside(&mut project.companions, one);
            }
        });
        if !room {
            self.remark.set(Some(text::compare_full().to_owned()));
        }
        room
    }

    /// Keeps the result of the open series for the next ones.
    pub fn keep_companion(self) {
        if let Some(present) = untrack(move || self.present_companion()) {
            self.set_beside(vec![present]);
        }
    }

    /// Reads results of others, or analyzes their images.
    pub fn add_companions(self, files: Vec<(String, File)>) {
        if files.is_empty() {
            return;
        }
        self.loading.set(Loading::Running(Progress::default()));
        let project = Box::new(self.history.with_untracked(|h| h.present().clone()));
        self.submit(Job::Companions { files, project });
    }

    /// They are there.
    pub(super) fn companions_found(self, found: Vec<Companion>, failures: Vec<FileFailure>) {
        let failure = failures.into_iter().next();
        self.loading.set(match failure.map(FileFailure::told) {
            Some(failure) => Loading::Failed(failure),
            None => Loading::Idle,
        });
        let count = found.len();
        if count > 0 && self.set_beside(found) {
            self.remark.set(Some(text::compare_added(count)));
        }
    }
}
