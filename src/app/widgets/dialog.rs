//! A dialog over the page.

use leptos::html;
use leptos::prelude::*;

use super::erased::{effect, on_click};
use wasm_bindgen::JsCast;

use super::{Icon, icon};
use crate::app::text;

/// The dialog, shown while `open` is set. Escape and a click beside it close it.
pub fn dialog(title: &'static str, open: RwSignal<bool>, content: AnyView) -> AnyView {
    let node = NodeRef::<html::Dialog>::new();
    effect(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() {
            if !dialog.open() {
                let _ = dialog.show_modal();
            }
        } else if dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog
            node_ref=node
            aria-label=title
            on:close=move |_| open.set(false)
            on:click=on_click(move |event| {
                // A click on the backdrop has the dialog itself as its target.
                let beside = event.target().is_some_and(|t| t.is_instance_of::<web_sys::HtmlDialogElement>());
                if beside {
                    open.set(false);
                }
            })
        >
            <div class="dialog">
                <header>
                    <h2>{title}</h2>
                    <button type="button" class="plain" aria-label=text::close() on:click=on_click(move |_| open.set(false))>
                        {icon(Icon::Close)}
                    </button>
                </header>
                {content}
            </div>
        </dialog>
    }
    .into_any()
}
