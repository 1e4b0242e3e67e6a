//! The headless instrument: the same engine as the page, from a terminal.

#[cfg(not(target_arch = "wasm32"))]
#[path = "headless/mod.rs"]
mod headless;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    headless::main()
}

// The browser has the page; this binary only exists there so that one command checks every target.
#[cfg(target_arch = "wasm32")]
fn main() {}
