//! Bytes to signals: detection by content, limits, and errors that name the byte.

mod source;

pub use source::{MemorySource, Source};
