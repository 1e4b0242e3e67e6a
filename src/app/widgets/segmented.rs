//! A row of buttons of which one is pressed.

use leptos::prelude::*;

use super::erased::{on_click, words};

/// The control; `options` are value and text.
pub fn segmented<T: Copy + PartialEq + Send + Sync + 'static>(
    label: &'static str,
    value: impl Fn() -> T + Copy + Send + Sync + 'static,
    set: impl Fn(T) + Copy + Send + Sync + 'static,
    options: &[(T, &'static str)],
) -> AnyView {
    let buttons: Vec<AnyView> = options
        .iter()
        .map(|&(option, text)| {
            view! {
                <button
                    type="button"
                    aria-pressed=words(move || (value() == option).to_string())
                    on:click=on_click(move |_| set(option))
                >
                    {text}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <div class="segmented" role="group" aria-label=label>
            {buttons}
        </div>
    }
    .into_any()
}
