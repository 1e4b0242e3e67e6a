//! What outlives the visit: the decisions about a series, found again when the same files are opened, and the view.
//!
//! Images are kept elsewhere ([`super::kept`]). Everything here may fail in silence: a browser that keeps nothing is a browser to work with.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::figures::{ColorMap, Sheet};
use crate::language::Language;
use crate::project::{Project, VERSION};

use super::browser::{now_ms, storage};
use super::state::View;

const DECISIONS: &str = "alloyscope.decisions";
const VIEW: &str = "alloyscope.view";
/// Series whose decisions are kept.
const KEPT: usize = 24;

#[derive(Serialize, Deserialize)]
struct Saved {
    fingerprint: String,
    saved_ms: f64,
    project: Project,
}

/// Name for a set of files: the same when the same files come back, in whatever order.
pub fn fingerprint<'a>(files: impl Iterator<Item = (&'a str, u64)>) -> String {
    let mut names: Vec<String> = files.map(|(path, size)| format!("{path} {size}")).collect();
    names.sort();
    // FNV-1a: a name, not a proof.
    let hash = names
        .join("\n")
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x} {}", names.len())
}

/// As JSON, by way of serde_json's value: a link needs that of the decisions, and written directly they would need their code twice.
pub(super) fn json(what: &impl Serialize) -> Option<String> {
    serde_json::to_value(what).ok().map(|v| v.to_string())
}

/// As bytes, like every JSON here: serde_json's reader of text is another one, and the page would carry both.
fn all_saved() -> Vec<Saved> {
    storage()
        .and_then(|storage| storage.get_item(DECISIONS).ok()?)
        .and_then(|text| serde_json::from_slice(text.as_bytes()).ok())
        .unwrap_or_default()
}

/// Keeps the decisions about a series.
pub fn save_decisions(fingerprint: &str, project: &Project) {
    // Read again before each write: another tab may have written in between.
    let mut all = all_saved();
    all.retain(|saved| saved.fingerprint != fingerprint);
    // The latest stands first.
    let saved = Saved {
        fingerprint: fingerprint.to_owned(),
        saved_ms: now_ms(),
        project: project.clone(),
    };
    all.insert(0, saved);
    all.truncate(KEPT);
    if let (Some(storage), Some(text)) = (storage(), json(&all)) {
        let _ = storage.set_item(DECISIONS, &text);
    }
}

/// The decisions kept about a series.
pub fn saved_decisions(fingerprint: &str) -> Option<Project> {
    all_saved()
        .into_iter()
        .find(|saved| saved.fingerprint == fingerprint)
        .map(|saved| saved.project)
        .filter(|project| project.version == VERSION)
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SavedView {
    dark: Option<bool>,
    language: String,
    colormap: String,
    celsius: bool,
    over_temperature: bool,
    no_single_keys: bool,
    no_keeping: bool,
    sheet: usize,
    commas: bool,
    unit_row: bool,
}

/// Sets the view as it was left.
pub fn restore_view(view: &View) {
    let Some(saved) = storage()
        .and_then(|storage| storage.get_item(VIEW).ok()?)
        .and_then(|text| serde_json::from_slice::<SavedView>(text.as_bytes()).ok())
    else {
        return;
    };
    view.dark.set(saved.dark);
    view.language.set(Language::of_tag(&saved.language));
    view.colormap.set(match saved.colormap.as_str() {
        "viridis" => ColorMap::Viridis,
        "inferno" => ColorMap::Inferno,
        _ => ColorMap::Gray,
    });
    view.celsius.set(saved.celsius);
    view.inverse.set(!saved.over_temperature);
    view.single_keys.set(!saved.no_single_keys);
    view.keeps.set(!saved.no_keeping);
    view.sheet
        .set(Sheet::ALL.get(saved.sheet).copied().unwrap_or_default());
    view.commas.set(saved.commas);
    view.unit_row.set(saved.unit_row);
}

/// Keeps the view; called in an effect, so it is kept whenever it changes.
pub fn save_view(view: &View) {
    let saved = SavedView {
        dark: view.dark.get(),
        language: view.language.get().map_or("", Language::tag).to_owned(),
        colormap: match view.colormap.get() {
            ColorMap::Gray => "gray",
            ColorMap::Viridis => "viridis",
            ColorMap::Inferno => "inferno",
        }
        .to_owned(),
        celsius: view.celsius.get(),
        over_temperature: !view.inverse.get(),
        no_single_keys: !view.single_keys.get(),
        no_keeping: !view.keeps.get(),
        sheet: view.sheet.get() as usize,
        commas: view.commas.get(),
        unit_row: view.unit_row.get(),
    };
    if let (Some(storage), Some(text)) = (storage(), json(&saved)) {
        let _ = storage.set_item(VIEW, &text);
    }
}
