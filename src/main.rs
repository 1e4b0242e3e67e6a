//! Entry of the page: in a window it mounts the page, in a worker it starts the engine.
fn main() {}
