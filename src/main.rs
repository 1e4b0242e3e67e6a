//! Entry of the page: in a window it mounts the page, in a worker it starts the engine.

#[cfg(target_arch = "wasm32")]
fn main() {
    alloyscope::app::start();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!(
        "This is the page's program: build it with `trunk build`. The headless one is `alloyscope`."
    );
    std::process::exit(2);
}
