//! Keys that act everywhere. Keys of one figure live with the figure and act only while it has the focus.

use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

use super::browser::{document, window};
use super::state::App;
use super::widgets::close_menu;

/// Whether the event belongs to a field that is being typed in; with Ctrl, only where what was typed has not been taken over yet.
fn typing(event: &KeyboardEvent) -> bool {
    let command = event.ctrl_key() || event.meta_key();
    let taken_over = |input: &HtmlInputElement| {
        matches!(input.type_().as_str(), "checkbox" | "radio" | "range")
            || input.get_attribute("value") == Some(input.value())
    };
    event.target().is_some_and(|target| {
        target
            .dyn_ref::<HtmlInputElement>()
            .is_some_and(|input| !(command && taken_over(input)))
            || !command && target.dyn_ref::<HtmlSelectElement>().is_some()
            || target
                .dyn_ref::<HtmlElement>()
                .is_some_and(HtmlElement::is_content_editable)
    })
}

/// Starts listening. `open` opens the browser's file dialog, `save` the one for the project, `help` the list of keys.
pub fn install(
    app: App,
    open: impl Fn() + 'static,
    save: impl Fn() + 'static,
    help: impl Fn() + 'static,
) {
    let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        let command = event.ctrl_key() || event.meta_key();
        let key = event.key();
        let done = match (command, key.to_ascii_lowercase().as_str()) {
            // In a field, undo is that of the typing.
            (true, "z") if typing(&event) => false,
            (true, "z") if event.shift_key() => {
                app.redo();
                true
            }
            (true, "z") => {
                app.undo();
                true
            }
            (true, "y") if !typing(&event) => {
                app.redo();
                true
            }
            (true, "o") => {
                open();
                true
            }
            (true, "s") => {
                save();
                true
            }
            (false, "escape") => close_menus(None),
            (false, "?") if !typing(&event) => {
                help();
                true
            }
            (false, digit @ ("1" | "2" | "3" | "4")) if !typing(&event) && figure_has_focus() => {
                focus_figure(digit)
            }
            _ => false,
        };
        if done {
            event.prevent_default();
        }
    });
    // Menus close where nothing of theirs is meant.
    let elsewhere = Closure::<dyn FnMut(Event)>::new(move |event: Event| {
        close_menus(event.target().and_then(|t| t.dyn_into().ok()));
    });
    if let Some(window) = window() {
        let listen = |name, closure: &JsValue| {
            let _ = window.add_event_listener_with_callback(name, closure.unchecked_ref());
        };
        listen("keydown", listener.as_ref());
        listen("pointerdown", elsewhere.as_ref());
    }
    listener.forget();
    elsewhere.forget();
}

/// Closes every menu but the one around an element; whether one was open.
fn close_menus(keep: Option<Element>) -> bool {
    let menus = document().map(|d| d.get_elements_by_class_name("menu"));
    let mut closed = false;
    for menu in menus
        .iter()
        .flat_map(|m| (0..m.length()).filter_map(|i| m.item(i)))
    {
        let around = |e: &Element| menu.contains(Some(e));
        if menu.has_attribute("open") && !keep.as_ref().is_some_and(around) {
            close_menu(&menu);
            closed = true;
        }
    }
    closed
}

/// Single-character keys act only here, so that they cannot surprise those who talk to their computer (WCAG 2.1.4).
fn figure_has_focus() -> bool {
    document()
        .and_then(|d| d.active_element())
        .and_then(|e| e.closest("[data-figure]").ok().flatten())
        .is_some()
}

fn focus_figure(digit: &str) -> bool {
    document()
        .and_then(|d| {
            d.query_selector(&format!("[data-figure=\"{digit}\"]"))
                .ok()
                .flatten()
        })
        .and_then(|e| e.dyn_into::<HtmlElement>().ok())
        .is_some_and(|e| e.focus().is_ok())
}
