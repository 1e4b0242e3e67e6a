//! The series whose files the browser keeps.

use leptos::prelude::*;

use crate::app::kept::Kept;
use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{Icon, flag, icon, on_change, on_click, part};

/// The list, for the first screen; nothing where nothing is kept.
pub fn on_first_screen(app: App) -> AnyView {
    part(move || {
        let kept = app.kept.get();
        (!kept.is_empty()).then(|| {
            view! {
                <section class="kept" aria-labelledby="kept-title" data-test="kept">
                    <p id="kept-title">{text::kept_title()}</p>
                    {list(app, kept, None)}
                </section>
            }
            .into_any()
        })
    })
    .into_any()
}

/// The list with the choice to keep anything at all.
pub fn dialog(app: App, open: RwSignal<bool>) -> AnyView {
    let bytes = move || {
        app.kept
            .with(|kept| kept.iter().map(|k| k.bytes).sum::<f64>())
    };
    view! {
        <div class="kept">
            <p>{text::kept_help()}</p>
            <label class="check">
                <input
                    type="checkbox"
                    data-test="keep"
                    prop:checked=flag(move || app.view.keeps.get())
                    on:change=on_change(move |event| app.set_keeping(event_target_checked(&event)))
                />
                {text::keep_files()}
            </label>
            {part(move || open.get().then(|| {
                let kept = app.kept.get();
                let none = kept.is_empty();
                view! {
                    <p class="muted">{if none { text::kept_none().to_owned() } else { text::kept_in_all(kept.len(), bytes()) }}</p>
                    {list(app, kept, Some(open))}
                }
            }))}
        </div>
    }
    .into_any()
}

/// `dialog` is closed when one of the series is opened.
fn list(app: App, kept: Vec<Kept>, dialog: Option<RwSignal<bool>>) -> AnyView {
    let rows: Vec<AnyView> = kept
        .into_iter()
        .map(|kept| row(app, kept, dialog))
        .collect();
    view! { <ul class="kept-list">{rows}</ul> }.into_any()
}

fn row(app: App, kept: Kept, dialog: Option<RwSignal<bool>>) -> AnyView {
    let (open, forget) = (kept.fingerprint.clone(), kept.fingerprint.clone());
    let label = text::forget_kept(&kept.name);
    let go_on = move || {
        if let Some(dialog) = dialog {
            dialog.set(false);
        }
        app.open_kept(open.clone());
    };
    view! {
        <li>
            <button type="button" class="kept-open" data-test="kept-open" on:click=on_click(move |_| go_on())>
                <strong>{kept.name.clone()}</strong>
                <span>{text::kept_details(kept.files, kept.bytes, kept.saved_ms)}</span>
            </button>
            <button type="button" class="plain" title=label.clone() aria-label=label data-test="kept-forget" on:click=on_click(move |_| app.forget_kept(forget.clone()))>
                {icon(Icon::Close)}
            </button>
        </li>
    }
    .into_any()
}
