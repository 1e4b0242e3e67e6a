//! The set-up itself: what would go wrong in silence is asked for by name here.
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) => format!("{} cannot be read: {error}", path.display()),
    }
}

/// Every Rust file in a folder and those below it.
fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// On wasm32 a plain `#[test]` compiles and is never run, without a word.
#[test]
fn every_file_with_tests_runs_in_the_browser_or_says_that_it_does_not() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    rust_files(&root().join("tests"), &mut files);
    files.retain(|path| read(path).lines().any(|line| line.trim() == "#[test]"));
    assert!(
        files.len() >= 3,
        "only {} files with tests found",
        files.len()
    );
    files.retain(|path| {
        let text = read(path);
        let native_only = text.contains("#![cfg(not(target_arch = \"wasm32\"))]");
        let both = text.contains("use wasm_bindgen_test::wasm_bindgen_test as test;");
        !native_only && !both
    });
    assert!(
        files.is_empty(),
        "these would be silent on wasm32: {files:?}"
    );
}

#[test]
fn versions_that_are_named_twice_agree() {
    let versions = read("scripts/versions.sh");
    let trunk = versions
        .lines()
        .find_map(|line| line.strip_prefix("TRUNK_VERSION="))
        .and_then(|rest| rest.split_whitespace().next());
    let required = trunk.map(|version| format!("trunk-version = \"^{version}\""));
    assert!(
        required.is_some_and(|line| read("Trunk.toml").contains(&line)),
        "Trunk.toml and scripts/versions.sh"
    );

    let version = format!("version: {}\n", env!("CARGO_PKG_VERSION"));
    assert!(
        read("CITATION.cff").contains(&version),
        "CITATION.cff and Cargo.toml"
    );
}

/// The lock file names versions and checksums, not the server that whoever wrote it happened to use.
#[test]
fn the_npm_lock_file_names_no_server() {
    let lock = read("tests/browser/package-lock.json");
    assert!(lock.contains("\"integrity\""));
    assert!(!lock.contains("\"resolved\"") && !lock.contains("://"));
}
