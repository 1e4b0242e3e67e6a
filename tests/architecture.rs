//! The one rule: `measure/lib.rs`, then `lib.rs`, declare the modules in the order of their dependencies; a module uses only those
//! above it, and only `app` names the browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Modules in their order: those of the package below, then those of the one above.
fn order() -> Vec<String> {
    ["measure/lib.rs", "lib.rs"]
        .iter()
        .flat_map(|lib| {
            let lib = fs::read_to_string(root().join(lib)).unwrap();
            let names = lib
                .lines()
                .filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';'));
            names.map(str::to_owned).collect::<Vec<_>>()
        })
        .collect()
}

/// (file, line number, line) of all library sources with the module each belongs to.
fn lines() -> Vec<(String, PathBuf, usize, String)> {
    let mut files = Vec::new();
    sources(&root(), &mut files);
    let mut lines = Vec::new();
    for file in files {
        let relative = file.strip_prefix(root()).unwrap().to_owned();
        let inside = relative.strip_prefix("measure").unwrap_or(&relative);
        let first = inside.components().next().unwrap().as_os_str();
        let module = first.to_string_lossy().trim_end_matches(".rs").to_owned();
        if ["lib", "main", "bin"].contains(&module.as_str()) {
            continue;
        }
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            lines.push((
                module.clone(),
                relative.clone(),
                number + 1,
                line.to_owned(),
            ));
        }
    }
    lines
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with("//")
}

/// Names after each `crate::` of a line, groups `crate::{a, b}` included.
fn crate_paths(line: &str) -> Vec<String> {
    let name = |text: &str| {
        text.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect::<String>()
    };
    let mut found = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let rest = &line[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (i, c) in group.char_indices() {
                    if start && depth == 0 && c.is_alphabetic() {
                        found.push(name(&group[i..]));
                        start = false;
                    }
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ => {}
                    }
                }
            }
            None => found.push(name(rest)),
        }
    }
    found
}

#[test]
fn modules_use_only_those_above_them() {
    let order = order();
    assert!(order.len() > 10, "a lib.rs was not understood: {order:?}");
    let position = |module: &str| order.iter().position(|m| m == module);
    let mut checked = 0;
    let mut broken = Vec::new();
    for (module, file, number, line) in lines() {
        if is_comment(&line) {
            continue;
        }
        let own = position(&module)
            .unwrap_or_else(|| panic!("{} is not declared in a lib.rs", file.display()));
        for used in crate_paths(&line) {
            if let Some(other) = position(&used) {
                checked += 1;
                if other > own {
                    broken.push(format!(
                        "src/{}:{number}: {module} uses {used}, which stands below it",
                        file.display()
                    ));
                }
            }
        }
    }
    assert!(
        checked > 50,
        "only {checked} uses found: the reader of `use` lines is broken"
    );
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn only_the_page_names_the_browser() {
    const BROWSER: [&str; 5] = [
        "web_sys",
        "js_sys",
        "wasm_bindgen",
        "leptos",
        "plotters_canvas",
    ];
    let broken: Vec<String> = lines()
        .into_iter()
        .filter(|(module, _, _, line)| {
            // Unit tests name the harness that runs them in a browser; it is no part of the program.
            let line = line.replace("wasm_bindgen_test", "");
            module != "app" && !is_comment(&line) && BROWSER.iter().any(|b| line.contains(b))
        })
        .map(|(_, file, number, line)| format!("src/{}:{number}: {}", file.display(), line.trim()))
        .collect();
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn groups_and_paths_are_read() {
    assert_eq!(crate_paths("use crate::fit::{Order, Setting};"), ["fit"]);
    assert_eq!(
        crate_paths("use crate::{fit::{A, B}, signal, units::C};"),
        ["fit", "signal", "units"]
    );
    assert_eq!(
        crate_paths("    crate::kinetics::x(crate::fit::y)"),
        ["kinetics", "fit"]
    );
}
