//! What the browser keeps of the files, and what it opens again.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::{App, Loading, Progress};
use crate::app::kept::{self, Kept, OpenHere};
use crate::app::{browser, hosted, panels, text};
use crate::engine::{Failure, FailureKind, SPECTRA_SAMPLE};
use crate::language::Said;

/// Seed of the samples.
pub(super) const SAMPLE_SEED: u64 = 1;

/// Name of a sample among the fingerprints.
pub(super) fn sample_fingerprint(preset: &str) -> String {
    format!("sample {preset} {SAMPLE_SEED}")
}

impl App {
    /// Opens again what this tab had open before it was loaded anew, and tells what else is kept.
    pub fn recover(self) {
        self.list_kept();
        let Some(open) = kept::was_open() else {
            return;
        };
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
            chosen: 0,
        });
    }

    fn reopen(self, open: OpenHere) {
        self.loading.set(Loading::Running(Progress::default()));
        // Files that break the page down while they are opened are not opened again by themselves.
        kept::forget_open();
        self.memory
            .update_value(|memory| memory.opening.clone_from(&open.fingerprint));
        spawn_local(async move {
            let kept = kept::files(&open.fingerprint).await;
            // Something else has been opened since.
            if self
                .memory
                .with_value(|memory| memory.opening != open.fingerprint)
            {
                return;
            }
            match kept {
                Some(files) => {
                    self.memory
                        .update_value(|memory| memory.to_choose = open.chosen);
                    self.open_as(open.fingerprint, files, false);
                }
                None => {
                    self.loading.set(Loading::Idle);
                    if self.view.keeps.get_untracked() {
                        self.remark.set(Some(text::kept_gone().to_owned()));
                    }
                    self.list_kept();
                }
            }
        });
    }

    /// This tab has a sample open.
    pub(super) fn remember_sample(self, name: &str) {
        self.memory
            .update_value(|memory| memory.opening = name.to_owned());
        kept::remember_open(&OpenHere {
            fingerprint: name.to_owned(),
            chosen: 0,
        });
    }

    /// Keeps the files that are open.
    pub(super) fn keep_files(self) {
        let (fingerprint, files) = self
            .memory
            .with_value(|memory| (memory.files.clone(), memory.open_files.clone()));
        kept::remember_open(&OpenHere {
            fingerprint: fingerprint.clone(),
            chosen: self.chosen.get_untracked(),
        });
        if files.is_empty() || !self.view.keeps.get_untracked() {
            return;
        }
        let series = self
            .history
            .with_untracked(|h| h.present().series.name.clone());
        let first = files.first().map(|(path, _)| path.clone());
        let kept = Kept {
            fingerprint,
            name: Some(series)
                .filter(|name| !name.is_empty())
                .or(first)
                .unwrap_or_default(),
            files: files.len(),
            bytes: kept::size(&files),
            saved_ms: browser::now_ms(),
        };
        if kept.bytes > kept::MOST_OF_ONE {
            let words = text::too_large_to_keep(kept.bytes);
            return self.remark.update(|remark| {
                remark.get_or_insert(words);
            });
        }
        spawn_local(async move {
            let bytes = kept.bytes;
            if !kept::keep(kept, files).await {
                self.remark.update(|remark| {
                    remark.get_or_insert(text::not_kept(bytes));
                });
            }
            self.list_kept();
        });
    }

    /// Files that are good for nothing are not kept.
    pub(super) fn let_go(self) {
        kept::forget_open();
        let fingerprint = self.memory.with_value(|memory| memory.files.clone());
        spawn_local(async move {
            kept::forget(&fingerprint).await;
            self.list_kept();
        });
    }

    /// Keeps files that hold spectra and no series.
    pub(super) fn keep_spectra(self) {
        let is_file = self
            .memory
            .with_value(|memory| !memory.opening_files.is_empty());
        if is_file {
            self.take_open_files();
            self.memory
                .update_value(|memory| memory.files.clone_from(&memory.opening));
            self.keep_files();
        }
    }

    /// What was being opened is open. Files that join others are kept under the name of all.
    pub(super) fn take_open_files(self) {
        let before = self.memory.try_update_value(|memory| {
            if !memory.adding {
                memory.open_files.clear();
            }
            memory.open_files.append(&mut memory.opening_files);
            memory.adding.then(|| memory.files.clone())
        });
        if let Some(before) = before.flatten() {
            spawn_local(async move { kept::forget(&before).await });
        }
    }

    /// The files of the series as they were dropped; those inside a project file are cut out of it.
    pub fn original_files(self) -> Vec<(String, Blob)> {
        let mut files: Vec<(String, Blob)> = Vec::new();
        self.memory.with_value(|memory| {
            for (path, file) in &memory.open_files {
                if !path.to_lowercase().ends_with(".alloy") {
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
        self.memory
            .update_value(|memory| memory.opening.clone_from(&name));
        spawn_local(async move {
            let file = hosted::fetch(&address).await;
            // Something else has been opened since.
            if self.memory.with_value(|memory| memory.opening != name) {
                return;
            }
            match file {
                Ok(file) => {
                    self.memory.update_value(|memory| memory.to_choose = 0);
                    self.open_as(name, vec![(file.name(), file)], false);
                }
                Err(error) => {
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
            self.list_kept();
        });
    }

    /// Keeps nothing from now on, and lets go what is kept; or keeps again, beginning with what is open.
    pub fn set_keeping(self, keeps: bool) {
        self.view.keeps.set(keeps);
        if keeps {
            if self.has_series() {
                self.keep_files();
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
