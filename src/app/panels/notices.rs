//! What was assumed, what is missing, what could not be used.

use std::mem::{Discriminant, discriminant};
use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{Icon, NumberField, icon, memo, number_field, on_click, part, typeset};
use crate::engine::{Failure, FrameMeasured};
use crate::formats::{DWELLS_S, PIXELS_NM};
use crate::project::{Provenance, Sourced};
use crate::signal::{Notice, NoticeKind};

/// All notices about the series, those of one kind once.
pub fn all(app: App) -> Vec<Notice> {
    let mut all = app.load_notices.get();
    app.measured.with(|measured| {
        for frame in measured.iter().flatten() {
            all.extend(frame.notices.iter().cloned());
        }
    });
    app.analysis.with(|slot| {
        if let Some(analysis) = slot.shown() {
            all.extend(analysis.notices.iter().cloned());
        }
    });
    let mut once: Vec<Notice> = Vec::new();
    for notice in all {
        if !once.contains(&notice) {
            once.push(notice);
        }
    }
    once
}

/// What notices say, each with its subjects.
type Said = Vec<(String, Vec<String>)>;

/// So many of one kind that say different things are folded into one.
const MANY: usize = 3;

/// Notices of one kind together where they are many; those that say the same about several subjects are one.
pub fn folded(notices: &[Notice]) -> Vec<Said> {
    let mut kinds: Vec<(Discriminant<NoticeKind>, Said)> = Vec::new();
    for notice in notices {
        let (kind, words) = (discriminant(&notice.kind), text::notice(&notice.kind));
        if kinds.iter().all(|k| k.0 != kind) {
            kinds.push((kind, Vec::new()));
        }
        let Some((_, said)) = kinds.iter_mut().find(|k| k.0 == kind) else {
            continue;
        };
        match said.iter_mut().find(|(w, _)| *w == words) {
            Some((_, subjects)) => subjects.push(notice.subject.clone()),
            None => said.push((words, vec![notice.subject.clone()])),
        }
    }
    let mut folded = Vec::new();
    for (_, said) in kinds {
        match said.len() < MANY {
            true => folded.extend(said.into_iter().map(|one| vec![one])),
            false => folded.push(said),
        }
    }
    folded
}

/// The list of notices.
pub fn list(app: App, folded: &[Said]) -> AnyView {
    let one = |(words, subjects): &(String, Vec<String>)| {
        let subjects = about(app, subjects);
        view! {
            {(!subjects.is_empty()).then(|| view! { <span class="subject">{subjects}": "</span> })}
            {typeset(words)}
        }
        .into_any()
    };
    let items = folded.iter().map(|said| {
        let item = match said.as_slice() {
            [(words, _), rest @ ..] if !rest.is_empty() => {
                let subjects = said.iter().flat_map(|s| s.1.clone()).collect();
                let first = (text::and_alike(words, rest.len()), subjects);
                let all: Vec<_> = said.iter().map(|s| view! { <li>{one(s)}</li> }).collect();
                view! { <details><summary>{one(&first)}</summary><ul class="notice-list">{all}</ul></details> }.into_any()
            }
            said => said.iter().map(one).collect::<Vec<_>>().into_any(),
        };
        view! { <li>{item}</li> }
    });
    view! { <ul class="notice-list" data-test="notices">{items.collect::<Vec<_>>()}</ul> }
        .into_any()
}

/// Files by name, or by their places in the series where they are many.
fn about(app: App, subjects: &[String]) -> String {
    let named: Vec<&str> = subjects.iter().map(String::as_str).collect();
    let frames: Vec<usize> = app.history.with(|h| {
        let frames = h.present().series.frames.iter().enumerate();
        let here = frames.filter(|(_, f)| named.contains(&f.file.as_str()));
        here.map(|(index, _)| index).collect()
    });
    if named.len() <= MANY || frames.len() < named.len() {
        let named: Vec<&str> = named.into_iter().filter(|s| !s.is_empty()).collect();
        return named.join(", ");
    }
    let mut ranges = String::new();
    for run in frames.chunk_by(|a, b| a + 1 == *b) {
        let comma = if ranges.is_empty() { "" } else { ", " };
        ranges += comma;
        ranges += &match run {
            [first, .., last] => format!("{first}–{last}"),
            run => run.iter().map(usize::to_string).collect(),
        };
    }
    text::frames_of(&ranges)
}

/// Files that could not be used, each with reason and remedy.
pub fn failed_files(app: App) -> AnyView {
    view! {
        {move || {
            let failures = app.failures.get();
            (!failures.is_empty()).then(|| {
                let summary = if app.has_series() {
                    text::failure_count(failures.len())
                } else {
                    text::failed_files().to_owned()
                };
                let items = failures.iter().map(|f| (f.path.clone(), f.failure.clone()));
                failed("failures", summary, items.collect())
            })
        }}
    }
    .into_any()
}

/// Frames in which no particle could be measured, each with its reason.
fn failed_frames(app: App) -> AnyView {
    let shown = move || {
        let used = |index: usize| app.frame(index).is_some_and(|f| f.excluded.is_none());
        let failure = |(index, measured): (usize, &Option<Arc<FrameMeasured>>)| {
            let failure = measured.as_ref()?.outcome.as_ref().err()?;
            used(index).then(|| (index, failure.clone()))
        };
        let (count, failures) = app.measured.with(|measured| {
            let failures = measured.iter().enumerate().filter_map(failure);
            (measured.len(), failures.collect::<Vec<_>>())
        });
        let is_in_fit = |index: &usize| used(*index) && failures.iter().all(|f| f.0 != *index);
        let first = (0..count).find(is_in_fit);
        let begins_later = failures.first().map(|f| f.0) < first;
        let summary = text::frames_failed(failures.len(), first.filter(|_| begins_later));
        let name = |index| app.frame(index).map(|f| f.file).unwrap_or_default();
        let items = failures
            .into_iter()
            .map(|(index, failure)| (name(index), failure));
        let items: Vec<_> = items.collect();
        (!items.is_empty()).then(|| failed("frames-failed", summary, items))
    };
    part(shown).into_any()
}

/// What failed, with reason and remedy.
fn failed(name: &'static str, summary: String, items: Vec<(String, Failure)>) -> AnyView {
    let few = items.len() < 6;
    let items: Vec<AnyView> = items
        .into_iter()
        .map(|(subject, failure)| {
            view! {
                <li>
                    <span class="subject">{subject}</span>
                    <span>{failure.to_string()}</span>
                    {(!failure.remedy.is_empty()).then(|| view! { <span class="remedy">{failure.remedy.to_string()}</span> })}
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <details class="failed-files" open=few data-test=name>
            <summary>{icon(Icon::Error)} {summary}</summary>
            <ul>{items}</ul>
        </details>
    }
    .into_any()
}

/// What the series lacks, with the field that fills it in; nothing is asked that can be answered from the files.
pub fn assumptions(app: App) -> AnyView {
    let missing = memo(move || {
        app.history.with(|h| {
            let frames = &h.present().series.frames;
            let dwell = frames.len() > 1 && frames.iter().skip(1).all(|f| f.dwell_s.is_none());
            let mut used = frames.iter().filter(|f| f.excluded.is_none());
            let pixel = used.clone().any(|f| f.pixel_nm.is_none());
            let temperature = frames.len() > 1 && used.any(|f| f.temperature_k.is_none());
            (dwell, pixel, temperature)
        })
    });
    let dwell = NumberField {
        label: text::no_dwell_field(),
        unit: "s",
        decimals: 1,
        step: 0.0,
        optional: false,
        range: (1e-9, DWELLS_S.end),
        name: "dwell-all",
    };
    let pixel = NumberField {
        label: text::no_pixel_field(),
        unit: "nm",
        decimals: 5,
        step: 0.0,
        optional: false,
        range: (PIXELS_NM.start, PIXELS_NM.end),
        name: "pixel-all",
    };
    let set_dwell = move |value: Option<f64>| {
        app.edit(|project| {
            for frame in project.series.frames.iter_mut().skip(1) {
                frame.dwell_s = value.map(by_user);
            }
        });
    };
    let set_pixel = move |value: Option<f64>| {
        app.edit(|project| {
            for frame in &mut project.series.frames {
                if frame.pixel_nm.is_none() && frame.excluded.is_none() {
                    frame.pixel_nm = value.map(by_user);
                }
            }
        });
    };
    view! {
        <div class="assumptions">
            {part(move || missing.get().0.then(|| view! {
                <p class="calm" data-test="no-dwell">
                    {icon(Icon::Warning)} <span>{text::no_dwell()}</span>
                    <label>{text::no_dwell_field()} {number_field(dwell, || None, set_dwell)}</label>
                </p>
            }))}
            {part(move || missing.get().1.then(|| view! {
                <p class="calm" data-test="no-pixel">
                    {icon(Icon::Warning)} <span>{text::no_pixel()}</span>
                    <label>{text::no_pixel_field()} {number_field(pixel, || None, set_pixel)}</label>
                </p>
            }))}
            {part(move || missing.get().2.then(|| view! {
                <p class="calm">
                    {icon(Icon::Warning)} <span>{text::no_temperature()}</span>
                    <button type="button" on:click=on_click(move |_| app.view.table.set(true))>{text::table()}</button>
                </p>
            }))}
            {failed_files(app)}
            {failed_frames(app)}
            {part(move || app.analysis.with(|slot| match slot {
                Slot::Failed { failure, .. } => Some(view! {
                    <p class="calm failed" role="alert" data-test="analysis-failed">
                        {icon(Icon::Error)}
                        <span>{failure.to_string()}</span>
                        {(!failure.remedy.is_empty()).then(|| failure.remedy.to_string())}
                    </p>
                }
                .into_any()),
                Slot::Stopped { .. } => Some(view! {
                    <p class="calm" role="status" data-test="analysis-stopped">
                        {icon(Icon::Warning)}
                        <span>{text::stopped()}</span>
                        <button type="button" data-test="analyze-again" on:click=on_click(move |_| app.analyze_again())>{text::analyze_again()}</button>
                    </p>
                }
                .into_any()),
                _ => None,
            }))}
        </div>
    }
    .into_any()
}

/// A value the user gave.
pub fn by_user(value: f64) -> Sourced {
    Sourced {
        value,
        provenance: Provenance::User,
    }
}
