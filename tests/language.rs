//! Both languages hold the same texts, and numbers have the decimal mark of the language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

use alloyscope::budget::Source;
use alloyscope::figures::{format, known};
use alloyscope::kinetics::MeltingModel;
use alloyscope::language::{Language, language, speak, within};
use alloyscope::materials::{Confidence, Quantity};

/// Words that are the same in both languages. Texts without a word of four letters need not stand here.
const ALIKE: [&str; 15] = [
    "Alloyscope",
    "Viridis",
    "Inferno",
    "Auto",
    "Likelihood",
    "Butler",
    "linear",
    "Tags",
    "Signal {}",
    "Simulator",
    "Element",
    "Pixel (nm)",
    "Solidus (K)",
    "Liquidus (K)",
    "← →, ↑ ↓, Escape",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// The string literal at the beginning of the text, and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let inside = text.strip_prefix('"')?;
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            '"' if !escaped => return Some((inside[..at].to_owned(), &inside[at + 1..])),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    None
}

/// All `"English" | "Deutsch"` of the sources.
fn pairs() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for rooms in ["src/app/text", "src/engine", "src/figures"] {
        sources(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(rooms),
            &mut files,
        );
    }
    let mut pairs = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file).unwrap();
        let mut rest = text.as_str();
        while let Some(at) = rest.find('"') {
            // A quotation mark in a remark or as a character begins no text.
            let line = rest[..at].rsplit('\n').next().unwrap_or_default();
            if line.trim_start().starts_with("//") || rest[..at].ends_with('\'') {
                rest = &rest[at + 1..];
                continue;
            }
            let Some((english, after)) = literal(&rest[at..]) else {
                break;
            };
            rest = after;
            if let Some(second) = after.trim_start().strip_prefix('|')
                && let Some((german, after)) = literal(second.trim_start())
                // Alternatives of a pattern look alike.
                && !after.trim_start().starts_with("=>")
                && !after.trim_start().starts_with('|')
                && !after.trim_start().starts_with("if ")
            {
                pairs.push((english, german));
                rest = after;
            }
        }
    }
    pairs
}

/// What stands in braces, in any order.
fn places(text: &str) -> Vec<String> {
    let mut places: Vec<String> = text
        .split('{')
        .skip(1)
        .map(|rest| rest.split('}').next().unwrap_or_default().to_owned())
        .collect();
    places.sort();
    places
}

/// The numbers of a text, in any order, with decimal points; fractions of a number only where digits stand on both sides.
fn numbers(text: &str, mark: char) -> Vec<String> {
    let text: Vec<char> = text.chars().collect();
    let digit = |at: Option<usize>| {
        at.and_then(|i| text.get(i))
            .is_some_and(char::is_ascii_digit)
    };
    let words: String = (0..text.len())
        .map(|at| match text[at] {
            c if c.is_ascii_digit() => c,
            c if c == mark && digit(at.checked_sub(1)) && digit(Some(at + 1)) => '.',
            _ => ' ',
        })
        .collect();
    let mut numbers: Vec<String> = words.split_whitespace().map(str::to_owned).collect();
    numbers.sort();
    numbers
}

#[test]
fn every_text_stands_in_both_languages() {
    let pairs = pairs();
    assert!(pairs.len() > 500, "only {} texts were found", pairs.len());
    for (english, german) in &pairs {
        assert!(!english.trim().is_empty() && !german.trim().is_empty());
        assert_eq!(places(english), places(german), "{english}\n{german}");
        // A version has a point in every language.
        let german_numbers = german.replace("16.4", "16,4");
        assert_eq!(
            numbers(english, '.'),
            numbers(&german_numbers, ','),
            "{english}\n{german}"
        );
        let word = english
            .split(|c: char| !c.is_alphabetic())
            .any(|word| word.chars().count() > 3);
        assert!(
            english != german || !word || ALIKE.contains(&english.as_str()),
            "the same in both languages: {english}"
        );
    }
}

#[test]
fn names_of_the_layers_below_are_known_in_german() {
    // People, crystal structures, coefficients of assessments.
    const ALIKE: [&str; 6] = ["Pawlow", "Gibbs-Thomson", "Guisbiers", "fcc", "bcc", "hcp"];
    const COEFFICIENTS: [&str; 3] = ["fusion_", "_l0", "_l1"];
    let sources = Source::ALL.map(Source::name);
    let models = MeltingModel::ALL.map(MeltingModel::name);
    let trust = [
        Confidence::Verified,
        Confidence::FromMemory,
        Confidence::User,
    ];
    let names = sources
        .into_iter()
        .chain(models)
        .chain(trust.map(Confidence::words))
        .chain(Quantity::all().map(Quantity::name));
    let missing: Vec<&str> = names
        .filter(|name| within(Language::German, || known(name) == *name))
        .filter(|name| !ALIKE.contains(name) && !COEFFICIENTS.iter().any(|c| name.contains(c)))
        .collect();
    assert!(missing.is_empty(), "no German for {missing:?}");
}

#[test]
fn numbers_have_the_mark_of_the_language() {
    let all = || {
        [
            format::fixed(-1234.5, 1),
            format::significant(2.1e-21, 3),
            format::with_error(1.85, 0.02, "nm"),
            format::temperature(523.15),
        ]
    };
    let english = all();
    let german = within(Language::German, all);
    assert_eq!(
        english.clone().map(|words| words.replace('.', ",")),
        german,
        "{english:?}"
    );
    assert!(german.iter().all(|words| words.contains(',')));
}

#[test]
fn a_thread_speaks_english_until_it_is_told() {
    assert_eq!(language(), Language::English);
    within(Language::German, || {
        assert_eq!(language(), Language::German);
    });
    assert_eq!(language(), Language::English);
    speak(Language::German);
    assert_eq!(language(), Language::German);
    let other = std::thread::spawn(language).join().unwrap();
    assert_eq!(other, Language::English);
}

#[test]
fn languages_are_known_by_their_tags() {
    for (tag, language) in [
        ("de", Some(Language::German)),
        ("de-AT", Some(Language::German)),
        ("en_US", Some(Language::English)),
        ("fr", None),
        ("", None),
    ] {
        assert_eq!(Language::of_tag(tag), language, "{tag}");
    }
}
