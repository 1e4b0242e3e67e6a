//! The worker: the engine runs there, the page only shows.
//!
//! One wasm module serves both sides: the page starts a worker from a few lines of script that import the page's
//! own program, and hands it the module it has already compiled. A panic poisons a wasm instance for good, so the worker
//! is the crash boundary: the page lives on, starts another and has the files opened again.

mod client;
mod message;
mod server;
mod source;

pub use client::{Client, Job, Report};
pub use server::serve;
