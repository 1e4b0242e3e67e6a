//! The answer line: one plain sentence, the first thing a screen reader says.

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{flag, memo, on_click, part, words};
use crate::budget::Target;
use crate::engine::likelihood_alone;
use crate::project::Level;
use crate::signal::{Notice, NoticeKind};

use super::certainty::{Certainty, Chapter};
use super::notices;

/// The line, and the notices behind it.
pub fn answer(app: App, certainty: Certainty) -> AnyView {
    let sentence = memo(move || {
        app.analysis.with(|slot| {
            slot.shown()
                .map(|analysis| text::answer_sentence(analysis, app.view.celsius.get()))
        })
    });
    let limits = memo(move || {
        let limits = app.certainty.with(|c| {
            let analysis = app.analysis.with(|slot| slot.shown().cloned())?;
            let target = c.found.target(&analysis.fit);
            let total = c.found.budget.total(target);
            let at = match target {
                Target::Energy => None,
                Target::Interval(k) => analysis.fit.intervals.get(k),
            };
            let mut limits = text::limits(
                &c.found.limits(&analysis.fit),
                &at.map_or_else(String::new, |i| text::heated_at(i, app.view.celsius.get())),
                (target, total.map(|total| analysis.widening() * total)),
            );
            let of_errors = if c.running {
                text::errors_checked()
            } else if c.found.lacks_images(app.model(|m| m.errors)) {
                likelihood_alone()
            } else {
                ""
            };
            if !limits.is_empty() && !of_errors.is_empty() {
                limits.insert_str(0, PARTED);
            }
            limits.insert_str(0, of_errors);
            Some(limits)
        });
        limits.unwrap_or_default()
    });
    let notices = memo(move || notices::all(app));
    // Before the first result, too, there is more to come.
    let stale = memo(move || !app.analysis.with(|slot| matches!(slot, Slot::Ready(_))));
    view! {
        <footer class="answer" id="answer" tabindex="-1">
            <h2>{text::answer()}</h2>
            // Announced when it is complete, not while it is being computed.
            <p aria-live="polite" data-test="answer" class:stale=flag(move || stale.get()) aria-busy=words(move || stale.get().to_string())>
                <span>{part(move || parts("", &sentence.get().unwrap_or_else(|| text::no_answer_yet().to_owned())))}</span>
                <span class="limits" data-test="limits">{part(move || parts(PARTED, &limits.get()))}</span>
            </p>
            {part(move || sentence.get().map(|_| view! {
                <button type="button" data-test="certainty-open" on:click=on_click(move |_| certainty.open.set(true))>{text::certainty()}</button>
            }))}
            {part(move || {
                let notices = notices.get();
                let folded = notices::folded(&notices);
                (!notices.is_empty()).then(|| view! {
                    <details class="menu up">
                        <summary class="button" data-test="notice-count">{text::notice_count(folded.len())}</summary>
                        <div class="menu-list wide">{notices::list(app, &folded)}
                            {notices.iter().any(hides).then(|| view! {
                                <button type="button" data-test="fit-pixels" on:click=on_click(move |_| app.edit_model(|m| m.level = Level::Pixels))>{text::fit_pixels()}</button>
                            })}
                            {notices.iter().any(drifts).then(|| view! {
                                <button type="button" data-test="balance-open" on:click=on_click(move |_| certainty.show(Chapter::Balance))>{text::balance()}</button>
                            })}
                        </div>
                    </details>
                })
            })}
        </footer>
    }
    .into_any()
}

/// What stands between the parts of a sentence.
const PARTED: &str = " · ";

/// Each part with the dot before it as one box: where a part begins a line, the dot is beyond the line's edge and not seen. The first has this `dot`.
fn parts(mut dot: &'static str, words: &str) -> Vec<AnyView> {
    let mut parts = Vec::new();
    for words in words.split(PARTED).filter(|w| !w.is_empty()) {
        parts.push(view! { <b><i>{dot}</i>{words.to_owned()}</b> }.into_any());
        dot = PARTED;
    }
    parts
}

fn hides(notice: &Notice) -> bool {
    matches!(notice.kind, NoticeKind::PixelsNeeded { .. })
}

fn drifts(notice: &Notice) -> bool {
    matches!(notice.kind, NoticeKind::Drift { .. })
}
