//! A button that asks for files.

use leptos::html;
use leptos::prelude::*;
use web_sys::File;

use super::erased::{on_change, on_click};
use crate::app::intake;

/// What the button says, what it is good for, and the names of button and input for tests.
pub struct ChooseFiles {
    /// On the button.
    pub label: AnyView,
    /// Its tooltip.
    pub help: &'static str,
    /// Name of the button.
    pub button: &'static str,
    /// Name of the input.
    pub input: &'static str,
    /// Which files are offered, as the attribute of the input says it; empty for all.
    pub accept: &'static str,
}

/// The button; `take` gets what was chosen.
pub fn choose_files(
    what: ChooseFiles,
    take: impl Fn(Vec<(String, File)>) + Copy + Send + Sync + 'static,
) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let taken = move || {
        let Some(input) = input.get_untracked() else {
            return;
        };
        if let Some(list) = input.files() {
            take(intake::from_list(&list));
        }
        // So that the same files can be chosen again.
        input.set_value("");
    };
    let ask = move || {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <button type="button" title=what.help data-test=what.button on:click=on_click(move |_| ask())>{what.label}</button>
        <input node_ref=input type="file" multiple=true accept=what.accept hidden=true tabindex="-1" data-test=what.input on:change=on_change(move |_| taken()) />
    }
    .into_any()
}
