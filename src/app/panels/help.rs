//! Keys, conventions, and the switch for single-character keys.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{flag, on_change};

/// What the dialog holds.
pub fn help(app: App) -> AnyView {
    let rows: Vec<AnyView> = text::keys()
        .into_iter()
        .map(|(keys, act)| {
            view! { <tr><th scope="row"><kbd>{keys}</kbd></th><td>{act}</td></tr> }.into_any()
        })
        .collect();
    view! {
        <table class="keys"><tbody>{rows}</tbody></table>
        <label class="check">
            <input
                type="checkbox"
                prop:checked=flag(move || app.view.single_keys.get())
                on:change=on_change(move |event| app.view.single_keys.set(event_target_checked(&event)))
            />
            {text::single_keys()}
        </label>
        <h3>{text::conventions()}</h3>
        <p>{text::table_help()}</p>
        <p>{text::scheme_help()}</p>
        <p>{text::private_help()}</p>
        <p class="muted">{text::title()} " " {crate::app::build()}</p>
    }
    .into_any()
}
