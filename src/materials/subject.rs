//! What a row is of: `Ag`, `Ag-Au`, `Ag in Au`, each with an optional name in brackets.

use std::borrow::Cow;

/// Kinds of subjects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// `Ag`.
    Element,
    /// `Ag-Au`, in alphabetical order.
    Pair,
    /// `Ag in Au`: the first diffuses in the second.
    Diffusion,
}

impl About {
    /// How such a subject is written.
    pub fn example(self) -> &'static str {
        match self {
            About::Element => "Ag",
            About::Pair => "Ag-Au",
            About::Diffusion => "Ag in Au",
        }
    }
}

/// A subject taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    /// Its kind.
    pub about: About,
    /// The element, the first of the pair, or what diffuses.
    pub first: &'a str,
    /// The second of the pair, or the host; empty for an element.
    pub second: &'a str,
    /// The name in brackets, which tells one law or point from another; empty where there is one only.
    pub label: &'a str,
}

impl<'a> Subject<'a> {
    /// Takes apart `Ag`, `Ag-Au` or `Ag in Au (Jaumot 1956)`; `None` for anything else.
    pub fn parse(text: &'a str) -> Option<Subject<'a>> {
        let text = text.trim();
        let (names, label) = match text.split_once(" (") {
            Some((names, rest)) => (names.trim_end(), rest.strip_suffix(')')?),
            None => (text, ""),
        };
        let (about, first, second) = if let Some((solute, host)) = names.split_once(" in ") {
            (About::Diffusion, solute.trim(), host.trim())
        } else if let Some((first, second)) = names.split_once('-') {
            (About::Pair, first.trim(), second.trim())
        } else {
            (About::Element, names, "")
        };
        let element = about == About::Element;
        (is_symbol(first)
            && (element || is_symbol(second))
            && (about != About::Pair || first != second))
            .then_some(Subject {
                about,
                first,
                second,
                label,
            })
    }

    /// The one way in which this subject is written in a library; a pair stands in alphabetical order.
    pub fn canonical(&self) -> String {
        let (a, b) = (self.first, self.second);
        let names = match self.about {
            About::Element => a.to_owned(),
            About::Pair if b < a => format!("{b}-{a}"),
            About::Pair => format!("{a}-{b}"),
            About::Diffusion => format!("{a} in {b}"),
        };
        if self.label.is_empty() {
            names
        } else {
            format!("{names} ({})", self.label)
        }
    }

    /// Whether the pair is written against the alphabet.
    pub(super) fn is_reversed(&self) -> bool {
        self.about == About::Pair && self.second < self.first
    }
}

/// A capital letter and at most two small ones: an element's symbol.
pub(super) fn is_symbol(text: &str) -> bool {
    let mut letters = text.chars();
    letters.next().is_some_and(|c| c.is_ascii_uppercase())
        && text.len() <= 3
        && letters.all(|c| c.is_ascii_lowercase())
}

/// The name under which rows of `of` are kept.
pub(super) fn canonical(of: &str) -> Cow<'_, str> {
    match Subject::parse(of) {
        Some(subject) => Cow::Owned(subject.canonical()),
        None => Cow::Borrowed(of),
    }
}
