//! The page: what the user sees and touches. The only module that names the browser.
//!
//! State has four tiers: the *project* (decisions; undo, autosave), the *view* (theme, color map, zoom; kept by the
//! browser), *results* (computed in the worker; the previous ones stay, dimmed, until the new ones are there) and the
//! *moment* (hover, drag, half-typed text; kept where it happens).

mod browser;
mod hosted;
mod intake;
mod kept;
mod keys;
mod pack;
mod panels;
mod persistence;
mod state;
mod text;
mod widgets;
mod worker;

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Starts the program: in a window it mounts the page, in a worker it starts the engine.
pub fn start() {
    match js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        Ok(scope) => worker::serve(scope),
        Err(_) => {
            console_error_panic_hook::set_once();
            leptos::mount::mount_to_body(panels::page);
        }
    }
}

/// Prepares a program that the worker loads for its own crashes.
pub fn start_part() {
    if let Ok(scope) = js_sys::global().dyn_into::<DedicatedWorkerGlobalScope>() {
        worker::tell_panics(&scope);
    }
}

/// Version of the program, the same for page and worker.
fn build() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
