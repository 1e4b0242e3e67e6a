//! The binary as a user of a terminal calls it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// An empty folder of this name.
pub fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).unwrap();
    path
}

/// Runs the binary.
pub fn alloyscope(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alloyscope"))
        .args(arguments)
        .output()
        .unwrap()
}

/// What it printed.
pub fn words(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
