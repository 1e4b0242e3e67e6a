//! The answer line: one plain sentence, the first thing a screen reader says.

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{flag, part, words};

use super::notices;

/// The line, and the notices behind it.
pub fn answer(app: App) -> AnyView {
    let sentence = Memo::new(move |_| {
        app.analysis.with(|slot| {
            slot.shown()
                .map(|analysis| text::answer_sentence(analysis, app.view.celsius.get()))
        })
    });
    let notices = Memo::new(move |_| notices::all(app));
    // Before the first result, too, there is more to come.
    let stale = Memo::new(move |_| !app.analysis.with(|slot| matches!(slot, Slot::Ready(_))));
    view! {
        <footer class="answer" id="answer" tabindex="-1">
            <h2>{text::answer()}</h2>
            // Announced when it is complete, not while it is being computed.
            <p aria-live="polite" data-test="answer" class:stale=flag(move || stale.get()) aria-busy=words(move || stale.get().to_string())>
                {part(move || sentence.get().unwrap_or_else(|| text::no_answer_yet().to_owned()))}
            </p>
            {part(move || {
                let notices = notices.get();
                (!notices.is_empty()).then(|| view! {
                    <details class="menu up">
                        <summary class="button" data-test="notice-count">{text::notice_count(notices.len())}</summary>
                        <div class="menu-list wide">{notices::list(&notices)}</div>
                    </details>
                })
            })}
        </footer>
    }
    .into_any()
}
