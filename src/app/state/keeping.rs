//! What the browser keeps of the files, and what it opens again.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::{App, Loading, Progress};
use crate::app::kept::{self, Files, Kept, OpenHere};
use crate::app::worker::{Client, Opening};
use crate::app::{browser, hosted, panels, text};
use crate::engine::{Failure, FailureKind, SPECTRA_SAMPLE};
use crate::language::Said;

/// What breaks the page down while it is opened is not opened more often than this by itself.
const MOST_TRIES: usize = 3;

/// Seed of the samples.
pub(super) const SAMPLE_SEED: u64 = 1;

/// Name of a sample among the fingerprints.
pub(super) fn sample_fingerprint(preset: &str) -> String {
    format!("sample {preset} {SAMPLE_SEED}")
}

fn first_path(files: &Files) -> String {
    files
        .first()
        .map(|(path, _)| path.clone())
        .unwrap_or_default()
}

impl App {
    /// Opens again what this tab had open, or was opening, before it was loaded anew, and tells what else is kept.
    pub fn recover(self) {
        self.list_kept();
        let Some(open) = kept::was_open() else {
            return;
        };
        if open.tries >= MOST_TRIES {
            return kept::forget_open();
        }
        kept::remember_open(&OpenHere {
            tries: open.tries + 1,
            ..open.clone()
        });
        let Some((opening, joins)) = open.opening.clone() else {
            return self.recover_open(open);
        };
        if joins {
            let beside = open.fingerprint.clone();
            self.memory
                .update_value(|memory| memory.to_join = Some((beside, opening)));
            return self.recover_open(open);
        }
        self.loading.set(Loading::Running(Progress::default()));
        let opened = self.await_files();
        spawn_local(async move {
            let mut name = kept::while_opening(&opening);
            let mut files = kept::files(&name).await;
            if files.is_none() {
                // Another tab has opened the same ones.
                name.clone_from(&opening);
                files = kept::files(&name).await;
            }
            if self.is_over(opened) {
                return;
            }
            match files {
                Some(files) => self.open_again(name, files, false, 0),
                // It was left before they were kept: what was open until then is open still.
                None => {
                    self.no_files();
                    kept::remember_opening(None);
                    self.recover_open(open);
                }
            }
        });
    }

    fn recover_open(self, open: OpenHere) {
        if open.fingerprint.is_empty() {
            return;
        }
        if open.fingerprint == SPECTRA_SAMPLE {
            return self.open_spectra_sample();
        }
        let samples = ["ag@au", "au@ag"];
        if let Some(preset) = samples
            .into_iter()
            .find(|preset| sample_fingerprint(preset) == open.fingerprint)
        {
            return self.open_sample(preset);
        }
        if let Some((experiment, seed)) = panels::teach::of_name(&open.fingerprint) {
            return self.open_simulated(experiment, seed);
        }
        self.reopen(open);
    }

    /// Opens a series that is kept.
    pub fn open_kept(self, fingerprint: String) {
        self.leave_room();
        browser::clear_analysis();
        self.reopen(OpenHere {
            fingerprint,
            ..OpenHere::default()
        });
    }

    fn reopen(self, open: OpenHere) {
        self.loading.set(Loading::Running(Progress::default()));
        let opened = self.await_files();
        spawn_local(async move {
            let kept = kept::files(&open.fingerprint).await;
            if self.is_over(opened) {
                return;
            }
            match kept {
                Some(files) => self.open_again(open.fingerprint, files, false, open.chosen),
                None => {
                    self.no_files();
                    kept::forget_open();
                    if self.view.keeps.get_untracked() {
                        self.remark.set(Some(text::kept_gone().to_owned()));
                    }
                    self.list_kept();
                }
            }
        });
    }

    /// Something is to be opened as soon as its files are there; gives its number.
    fn await_files(self) -> u64 {
        let number = self.memory.try_update_value(|memory| {
            memory.openings += 1;
            memory.awaits_files = true;
            memory.openings
        });
        number.unwrap_or_default()
    }

    /// Whether something else has been opened since.
    fn is_over(self, opened: u64) -> bool {
        self.memory.with_value(|memory| memory.openings != opened)
    }

    /// The files do not come.
    fn no_files(self) {
        self.memory
            .update_value(|memory| memory.awaits_files = false);
        self.loading.set(Loading::Idle);
    }

    /// Whether something else is being opened already.
    pub(super) fn opens_more(self) -> bool {
        self.memory.with_value(|memory| memory.awaits_files)
            || self
                .client
                .with_value(|client| client.as_ref().is_some_and(Client::opens))
    }

    /// Whether another analysis waits already.
    pub(super) fn analyzes(self) -> bool {
        self.client
            .with_value(|client| client.as_ref().is_some_and(Client::analyzes))
    }

    /// Opens files that are kept under a name.
    fn open_again(self, kept_as: String, files: Files, joins: bool, to_choose: usize) {
        self.open_as(Opening {
            name: kept::when_open(&kept_as).to_owned(),
            files,
            joins,
            kept_as,
            to_choose,
        });
    }

    /// This tab has a sample open.
    pub(super) fn remember_sample(self, name: &str) {
        let waited = self.memory.try_update_value(|memory| {
            memory.openings += 1;
            std::mem::take(&mut memory.awaits_files)
        });
        if waited == Some(true) {
            self.loading.set(Loading::Idle);
        }
        kept::remember_open(&OpenHere {
            fingerprint: name.to_owned(),
            ..OpenHere::default()
        });
    }

    /// Name under which files are kept while they are being opened; `None` where they are not.
    pub(super) fn name_while_opening(self, name: &str, files: &Files) -> Option<String> {
        let keeps = self.view.keeps.get_untracked() && kept::size(files) <= kept::MOST_OF_ONE;
        keeps.then(|| kept::while_opening(name))
    }

    /// Keeps the files that are being opened, so that a reload before they are open finds them.
    pub(super) fn keep_opening(self, opening: &Opening) {
        if opening.kept_as.is_empty() {
            return;
        }
        kept::remember_opening(Some((opening.name.clone(), opening.joins)));
        let kept = Kept {
            fingerprint: opening.kept_as.clone(),
            name: first_path(&opening.files),
            files: opening.files.len(),
            bytes: kept::size(&opening.files),
            saved_ms: browser::now_ms(),
        };
        spawn_local(kept::keep_opening(kept, opening.files.clone()));
    }

    /// Adds files that were being added to what is open when the page was left.
    pub(super) fn join_again(self) {
        let to_join = self
            .memory
            .try_update_value(|memory| {
                let (beside, name) = memory.to_join.take()?;
                (beside == memory.files).then_some(name)
            })
            .flatten();
        if let Some(name) = to_join {
            self.loading.set(Loading::Running(Progress::default()));
            let opened = self.await_files();
            spawn_local(async move {
                let name = kept::while_opening(&name);
                let files = kept::files(&name).await;
                if self.is_over(opened) {
                    return;
                }
                match files {
                    Some(files) => self.open_again(name, files, true, 0),
                    None => {
                        kept::remember_opening(None);
                        self.no_files();
                    }
                }
            });
        }
    }

    /// Keeps the files that are open, in place of what was open `before` they joined it. What this tab remembers to have open is kept at
    /// every moment: first the files, then their name, and only then are others let go.
    pub(super) fn keep_files(self, kept_as: String, before: Option<String>) {
        let (fingerprint, files) = self
            .memory
            .with_value(|memory| (memory.files.clone(), memory.open_files.clone()));
        let name = fingerprint.clone();
        let remember = move |opened: &str| {
            let newer = matches!(self.loading.get_untracked(), Loading::Running(_))
                || self.memory.with_value(|memory| memory.to_join.is_some());
            let others = kept::was_open().and_then(|open| open.opening);
            kept::remember_open(&OpenHere {
                fingerprint: name.clone(),
                chosen: self.chosen.get_untracked(),
                opening: others.filter(|(name, _)| newer && name != kept::when_open(opened)),
                tries: 0,
            });
        };
        let keeps = !files.is_empty() && self.view.keeps.get_untracked();
        let bytes = kept::size(&files);
        if kept_as == fingerprint || !keeps || bytes > kept::MOST_OF_ONE {
            remember(&kept_as);
        }
        if !keeps {
            return;
        }
        let series = self
            .history
            .with_untracked(|h| h.present().series.name.clone());
        let kept = Kept {
            fingerprint,
            name: Some(series)
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| first_path(&files)),
            files: files.len(),
            bytes,
            saved_ms: browser::now_ms(),
        };
        if bytes > kept::MOST_OF_ONE {
            let words = text::too_large_to_keep(bytes);
            return self.remark.update(|remark| {
                remark.get_or_insert(words);
            });
        }
        spawn_local(async move {
            let is_kept = kept::keep(&kept, &files, &kept_as).await;
            // Unless something else has been opened since.
            if self
                .memory
                .with_value(|memory| memory.files == kept.fingerprint)
            {
                remember(&kept_as);
            }
            if is_kept {
                for done_with in [Some(kept_as), before].into_iter().flatten() {
                    if done_with != kept.fingerprint {
                        kept::forget(&done_with).await;
                    }
                }
                kept::make_room().await;
            } else {
                self.remark.update(|remark| {
                    remark.get_or_insert(text::not_kept(bytes));
                });
            }
            self.list_kept();
        });
    }

    /// Files that are good for nothing, or will not be opened, are kept no more.
    pub(super) fn let_go(self, opening: &Opening) {
        let name = opening.kept_as.clone();
        if name != kept::when_open(&name) {
            spawn_local(async move {
                kept::forget(&name).await;
                self.list_kept();
            });
        }
    }

    /// What this tab has open is what it had before it was asked to open something else.
    pub(super) fn stay(self) {
        if !self.opens_more() {
            kept::remember_opening(None);
            self.list_kept();
        }
    }

    /// What was being opened is open. Files that join others are kept under the name of all; gives the name of what they joined.
    pub(super) fn take_files(self, opening: &Opening) -> Option<String> {
        let before = self.memory.try_update_value(|memory| {
            if !opening.joins {
                memory.open_files.clear();
            }
            memory.open_files.extend(opening.files.clone());
            opening.joins.then(|| memory.files.clone())
        });
        before.flatten()
    }

    /// The files of the series as they were dropped; those inside a project file are cut out of it.
    pub fn original_files(self) -> Vec<(String, Blob)> {
        let mut files: Vec<(String, Blob)> = Vec::new();
        self.memory.with_value(|memory| {
            for (path, file) in &memory.open_files {
                if !path.to_ascii_lowercase().ends_with(".alloy") {
                    files.push((path.clone(), file.clone().into()));
                }
                for original in memory.originals.iter().filter(|o| o.project == *path) {
                    let (start, end) = (original.start, original.start + original.bytes);
                    if let Ok(part) = file.slice_with_f64_and_f64(start as f64, end as f64) {
                        files.push((original.path.clone(), part));
                    }
                }
            }
        });
        files
    }

    /// Opens the project in the page's address, hosted beside the page.
    pub fn open_hosted(self, address: String) {
        self.loading.set(Loading::Running(Progress::default()));
        let name = format!("hosted {address}");
        let opened = self.await_files();
        spawn_local(async move {
            let file = hosted::fetch(&address).await;
            if self.is_over(opened) {
                return;
            }
            match file {
                Ok(file) => self.open_as(Opening {
                    name,
                    files: vec![(file.name(), file)],
                    ..Opening::default()
                }),
                Err(error) => {
                    self.no_files();
                    let failed = || text::hosted_failed(&address, &error);
                    self.loading.set(Loading::Failed(Failure {
                        kind: FailureKind::Access,
                        chain: vec![
                            Said::of(&|| text::hosted().to_owned()),
                            Said::of(&|| failed().0),
                        ],
                        remedy: Said::of(&|| failed().1.to_owned()),
                    }));
                }
            }
        });
    }

    /// Lets a series go; what is open stays open until the page is left.
    pub fn forget_kept(self, fingerprint: String) {
        spawn_local(async move {
            kept::forget(&fingerprint).await;
            self.kept.set(kept::all().await);
            // The row took the focus with it.
            browser::refocus(
                "dialog[open] [data-test=keep], body:not(:has(dialog[open])) main button",
            );
        });
    }

    /// Keeps nothing from now on, and lets go what is kept; or keeps again, beginning with what is open.
    pub fn set_keeping(self, keeps: bool) {
        self.view.keeps.set(keeps);
        if keeps {
            if self.has_series() {
                self.keep_files(String::new(), None);
            }
            return;
        }
        kept::forget_open();
        spawn_local(async move {
            for series in kept::all().await {
                kept::forget(&series.fingerprint).await;
            }
            self.list_kept();
        });
    }

    fn list_kept(self) {
        spawn_local(async move { self.kept.set(kept::all().await) });
    }
}
