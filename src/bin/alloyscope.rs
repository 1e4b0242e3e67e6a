//! The headless instrument: the same engine as the page, from a terminal.
fn main() {}
