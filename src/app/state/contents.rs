//! What a file holds, and the series read with another of its signals.

use std::sync::Arc;

use leptos::prelude::*;

use super::actions::{PICTURE_SIDE, THUMB_SIDE};
use super::{App, Slot};
use crate::app::widgets::{effect, memo};
use crate::app::worker::Job;
use crate::engine::{Failure, FileContents};
use crate::project::{Place, Series};

impl App {
    /// Asks what a file holds, with the tags of one of its signals.
    pub fn look_into(self, file: String, tags_of: usize) {
        self.contents.update(Slot::run);
        self.submit(Job::Contents { file, tags_of });
    }

    /// Reads the series with another signal of a file: one step of undo.
    pub fn read_with(self, file: String, signal: usize) {
        let series = self
            .history
            .with_untracked(|h| Box::new(h.present().series.clone()));
        let asked = (series.clone(), file.clone(), signal);
        self.memory
            .update_value(|memory| memory.other_signal = Some(asked));
        self.submit(Job::ReadWith {
            series,
            file,
            signal,
        });
    }

    /// What it holds is known.
    pub(super) fn looked_into(self, outcome: Result<Box<FileContents>, Failure>) {
        self.contents.update(|slot| match outcome {
            Ok(contents) => *slot = Slot::Ready(Arc::new(*contents)),
            Err(failure) => slot.fail(failure),
        });
    }

    /// The series with another signal has come.
    pub(super) fn read_again(self, outcome: Result<Box<Series>, Failure>) {
        let asked = self
            .memory
            .try_update_value(|memory| memory.other_signal.take())
            .flatten();
        match outcome {
            Ok(series) => {
                // What was edited while the worker was busy is not lost: the question is asked again.
                if let Some((before, file, signal)) = asked
                    && self
                        .history
                        .with_untracked(|h| h.present().series != *before)
                {
                    return self.read_with(file, signal);
                }
                self.edit(|project| project.series = *series);
            }
            Err(failure) => {
                let words = format!("{failure}. {}", failure.remedy);
                self.remark.set(Some(words));
            }
        }
    }

    /// Other pictures in the document (another signal, or undo of one) → other pictures in the page.
    pub(super) fn follow_places(self) {
        let places = memo(move || self.history.with(|h| places(&h.present().series)));
        effect(move || {
            let places = places.get();
            if self.memory.with_value(|memory| memory.places != places) {
                batch(move || self.forget_pictures());
                self.ask_picture(self.selected.get_untracked(), PICTURE_SIDE);
            }
        });
    }

    /// The pictures and measurements that are shown are those of other frames.
    pub(super) fn forget_pictures(self) {
        let places = self.history.with_untracked(|h| places(&h.present().series));
        let count = places.len();
        self.memory.update_value(|memory| memory.places = places);
        self.measured.set(vec![None; count]);
        self.thumbs.set(vec![None; count]);
        self.picture.set(None);
        if self.selected.get_untracked() >= count {
            self.selected.set(0);
        }
    }

    /// Asks for the pictures of the strip that no analysis has brought.
    pub(super) fn ask_missing_pictures(self) {
        let missing = |thumbs: &Vec<Option<_>>| {
            let frames = thumbs.iter().enumerate();
            let missing = frames.filter_map(|(frame, thumb)| thumb.is_none().then_some(frame));
            missing.collect::<Vec<usize>>()
        };
        for frame in self.thumbs.with_untracked(missing) {
            self.ask_picture(frame, THUMB_SIDE);
        }
    }

    /// Asks for the picture of a frame.
    pub(super) fn ask_picture(self, frame: usize, side: usize) {
        if let Some(at) = self.place(frame) {
            self.submit(Job::Picture { frame, at, side });
        }
    }

    /// Where the picture of a frame is.
    pub(super) fn place(self, frame: usize) -> Option<Place> {
        self.history
            .with_untracked(|h| Some(h.present().series.frames.get(frame)?.place()))
    }
}

/// Where the pictures of a series are.
fn places(series: &Series) -> Vec<Place> {
    series.frames.iter().map(|f| f.place()).collect()
}
