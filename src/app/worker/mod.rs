//! The worker: the engine runs there, the page only shows.
//!
//! One wasm module serves both sides: the page starts a worker from a few lines of script that import the page's
//! own program, and hands it the module it has already compiled. A panic poisons a wasm instance for good, so the worker
//! is the crash boundary: the page lives on, starts another and has the files opened again.

mod apart;
mod client;
mod message;
mod server;
mod source;

pub use client::{Client, Job, Opening, Report, What};
pub use server::{serve, tell_panics};

/// What went wrong in a script, in its words.
fn describe(error: &wasm_bindgen::JsValue) -> String {
    use wasm_bindgen::JsCast;
    error
        .dyn_ref::<js_sys::Error>()
        .map(|error| String::from(error.message()))
        .or_else(|| error.as_string())
        .unwrap_or_default()
}
