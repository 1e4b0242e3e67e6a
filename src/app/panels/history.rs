//! The steps that were taken, to be gone back to.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{Icon, close_menu_of, icon, on_click, part, typeset};
use crate::project::changes;

/// Steps that are listed.
const LISTED: usize = 40;

/// The menu; its list is made while it is open.
pub fn menu(app: App) -> AnyView {
    let open = RwSignal::new(false);
    let list = move || -> Vec<AnyView> {
        if !open.get() {
            return Vec::new();
        }
        let (steps, present) = app.history.with(|h| {
            let (states, present) = h.states();
            let first = states.len().saturating_sub(LISTED);
            let words = states
                .iter()
                .enumerate()
                .skip(first)
                .rev()
                .map(|(place, state)| {
                    let before = place.checked_sub(1).and_then(|p| states.get(p));
                    let words = match before {
                        Some(before) => text::step(&changes(before, state)),
                        None => text::first_step().to_owned(),
                    };
                    (place, words)
                });
            (words.collect::<Vec<_>>(), present)
        });
        let row = |(place, words): (usize, String)| {
            let undone = place > present;
            let current = if place == present { "step" } else { "false" };
            view! {
                <button type="button" data-test="step" aria-current=current class:undone=undone on:click=on_click(move |e| { close_menu_of(&e); app.go_back_to(place) })><span>{typeset(&words)}</span></button>
            }
            .into_any()
        };
        steps.into_iter().map(row).collect()
    };
    view! {
        <details class="menu history" on:toggle=move |event| {
            let menu = event_target::<web_sys::Element>(&event);
            open.set(menu.has_attribute("open"));
        }>
            <summary class="button plain" aria-label=text::history() title=text::history() data-test="history">{icon(Icon::History)}</summary>
            <div class="menu-list">{part(list)}</div>
        </details>
    }
    .into_any()
}
