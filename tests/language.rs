//! Both languages hold the same texts, and numbers have the decimal mark of the language.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::budget::Source;
use alloyscope::engine::{Engine, Event, Failure, Request};
use alloyscope::figures::{format, known};
use alloyscope::formats::{MemorySource, Source as Bytes};
use alloyscope::imaging::ImagingError;
use alloyscope::kinetics::MeltingModel;
use alloyscope::language::{Language, language, speak, within};
use alloyscope::materials::{Confidence, Library, Quantity};
use alloyscope::units::signed;

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

/// All sources with their paths.
fn texts() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    files
        .into_iter()
        .map(|file| {
            let text = fs::read_to_string(&file).unwrap();
            (file, text)
        })
        .collect()
}

/// All `"English" | "Deutsch"` of a source.
fn pairs(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('"') {
        // A quotation mark in a remark or as a character begins no text.
        let line = rest[..at].rsplit('\n').next().unwrap_or_default();
        if line.trim_start().starts_with("//") || rest[..at].ends_with(['\'', '\\']) {
            rest = &rest[at + 1..];
            continue;
        }
        // A macro's, or one of `name: "English" | "Deutsch";`.
        let before = rest[..at].trim_end();
        let told = before.ends_with("!(") || before.ends_with(':');
        let Some((english, after)) = literal(&rest[at..]) else {
            break;
        };
        rest = after;
        if told
            && let Some(second) = after.trim_start().strip_prefix('|')
            && let Some((german, after)) = literal(second.trim_start())
        {
            pairs.push((english, german));
            rest = after;
        }
    }
    pairs
}

/// What stands between the brackets that open at the beginning of the text and those that close them.
fn bracketed(text: &str) -> &str {
    let mut depth = 0;
    let mut quoted = false;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        match c {
            '"' if before != '\\' => quoted = !quoted,
            '(' | '{' if !quoted => depth += 1,
            ')' | '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return &text[1..at];
                }
            }
            _ => {}
        }
        before = c;
    }
    panic!("brackets do not close: {text:.80}");
}

/// What follows each of these marks in a source.
fn after<'a>(text: &'a str, mark: &'a str) -> impl Iterator<Item = &'a str> {
    text.match_indices(mark)
        .map(move |(at, _)| &text[at + mark.len()..])
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
    let pairs: Vec<_> = texts().iter().flat_map(|(_, text)| pairs(text)).collect();
    assert!(pairs.len() > 1500, "only {} texts were found", pairs.len());
    for (english, german) in &pairs {
        assert!(!english.trim().is_empty() && !german.trim().is_empty());
        assert_eq!(places(english), places(german), "{english}\n{german}");
        // Versions and sections have a point in every language.
        let german_numbers = ["16.4", "2.2", "3.2"]
            .iter()
            .fold(german.clone(), |text, n| {
                text.replace(n, &n.replace('.', ","))
            });
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
fn errors_and_what_to_try_are_worded_in_both_languages() {
    let (mut errors, mut remedies) = (0, 0);
    for (file, text) in texts() {
        // The headless program speaks English; the German of notices stands in `app/text/notices.rs`.
        let english_only = file.components().any(|part| part.as_os_str() == "bin")
            || file.ends_with("signal/notice.rs");
        if english_only {
            continue;
        }
        let file = file.display();
        for attribute in after(&text, "#[error").map(bracketed) {
            let worded = ["transparent", "\"{}\", say!(", "\"{}\", word!("];
            // A failure is made of texts in both languages.
            let joined = attribute == "\"{}\", self.said()";
            assert!(
                joined || worded.iter().any(|w| attribute.starts_with(w)),
                "{file}: an error in English only: {attribute}"
            );
            errors += 1;
        }
        let known: Vec<String> = pairs(&text)
            .into_iter()
            .flat_map(|(english, german)| [english, german])
            .collect();
        for function in after(&text, "fn remedy") {
            let body = bracketed(&function[function.find('{').unwrap()..]);
            for from in body.match_indices('"').map(|(at, _)| at).step_by(2) {
                let (words, _) = literal(&body[from..]).unwrap();
                assert!(
                    !words.contains(char::is_whitespace)
                        || !words.contains(char::is_alphabetic)
                        || known.contains(&words),
                    "{file}: what to try, in English only: {words}"
                );
                remedies += 1;
            }
        }
        // `Said::name` is for names and for what others have worded.
        for name in after(&text, "Said::name(") {
            let words = literal(name).map_or(String::new(), |(words, _)| words);
            assert!(!words.contains(' '), "{file}: in English only: {words}");
        }
    }
    assert!(errors > 100, "only {errors} errors were found");
    assert!(remedies > 60, "only {remedies} remedies were found");
}

#[test]
fn an_error_is_said_in_the_language_of_the_one_who_reads_it() {
    let error = ImagingError::TooSmall {
        x_px: 12.0,
        y_px: 9.0,
        radius_px: 2.56,
        least_px: 4.5,
    };
    let english = error.to_string();
    let german = within(Language::German, || error.to_string());
    assert!(english.contains("a radius of only 2.6 pixels"), "{english}");
    assert!(english.contains("at least 4.5:"), "{english}");
    assert!(german.contains("nur 2,6 Pixeln"), "{german}");
    assert!(german.contains("mindestens 4,5:"), "{german}");
}

/// What the worker answers to a file that ends too early.
fn refused() -> Vec<Event> {
    let request = Request::Open {
        paths: vec!["cut.tif".into()],
        add: false,
    };
    let cut: Rc<dyn Bytes> = Rc::new(MemorySource(b"II*\0\x08\0\0\0"[..].into()));
    let mut events = Vec::new();
    Engine::new().handle(request, vec![cut], &mut |event| events.push(event));
    events
}

/// The one failure that was told.
fn failure(events: &[Event]) -> Failure {
    let told = events.iter().find_map(|event| match event {
        Event::Failed(failure) => Some(failure.clone()),
        Event::Loaded(loaded) => loaded.failures.first().map(|f| f.failure.clone()),
        _ => None,
    });
    told.unwrap()
}

#[test]
fn a_failure_crosses_to_the_page_in_both_languages() {
    let events = refused();
    let bytes = postcard::to_stdvec(&events).unwrap();
    let crossed: Vec<Event> = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(crossed, events);
    let failure = failure(&crossed);
    let said = || [failure.to_string(), failure.remedy.to_string()];
    let english = said();
    let german = within(Language::German, said);
    assert!(
        english[0].contains("TIFF: the file ends too early"),
        "{english:?}"
    );
    assert_eq!(english[1], "copy or export the file again");
    assert!(
        german[0].contains("TIFF: die Datei endet zu früh"),
        "{german:?}"
    );
    assert_eq!(german[1], "die Datei noch einmal kopieren oder exportieren");
    // Whoever changes the language reads the same failure anew.
    assert_eq!(said(), english);
}

#[test]
fn files_for_machines_hold_the_english_as_plain_text() {
    let failure = failure(&refused());
    let json = within(Language::German, || serde_json::to_value(&failure).unwrap());
    assert_eq!(json["remedy"], "copy or export the file again");
    let chain = json["chain"].as_array().unwrap();
    assert!(chain.iter().all(|part| part.is_string()), "{json}");
    let read: Failure = serde_json::from_value(json).unwrap();
    assert_eq!(read.to_string(), failure.to_string());
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
    // What the laws of the library run along.
    let laws = Library::builtin().boundary_diffusion("Ag", "Au");
    assert!(laws.len() > 1);
    for law in &laws {
        let german = within(Language::German, || law.along().to_owned());
        assert_ne!(german, law.label, "no German for {}", law.label);
    }
}

#[test]
fn numbers_have_the_mark_of_the_language() {
    let all = || {
        [
            format::fixed(-1234.5, 1),
            format::significant(2.1e-21, 3),
            format::with_error(1.85, 0.02, "nm"),
            format::temperature(523.15),
            signed(-1.5, 2),
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
