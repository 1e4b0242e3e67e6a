//! The language of what a person reads, and its decimal mark.
//!
//! A thread speaks one language at a time, English until it is told otherwise, so that neither a number nor a sentence has to be handed
//! the language through every layer. The page's own thread speaks its user's; worker, headless program and files for machines speak
//! English with a decimal point.
//!
//! Every text stands in both languages side by side, `"English" | "Deutsch"`: one that is missing does not compile.

use std::cell::Cell;

/// A language the page speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, with a decimal point.
    #[default]
    English,
    /// German, with a decimal comma.
    German,
}

impl Language {
    /// As `lang` attributes have it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::German => "de",
        }
    }

    /// The language of a tag (`de`, `de-AT`), if it is spoken here.
    pub fn of_tag(tag: &str) -> Option<Language> {
        match tag.split(['-', '_']).next()? {
            "de" => Some(Language::German),
            "en" => Some(Language::English),
            _ => None,
        }
    }

    /// What stands between a number's whole and its fraction.
    pub fn decimal_mark(self) -> char {
        match self {
            Language::English => '.',
            Language::German => ',',
        }
    }
}

thread_local! {
    static SPOKEN: Cell<Language> = const { Cell::new(Language::English) };
}

/// The language of this thread.
pub fn language() -> Language {
    SPOKEN.get()
}

/// From now on this thread speaks that language.
pub fn speak(language: Language) {
    SPOKEN.set(language);
}

/// Says something in that language, whatever the thread speaks.
pub fn within<T>(language: Language, say: impl FnOnce() -> T) -> T {
    let spoken = SPOKEN.replace(language);
    let said = say();
    SPOKEN.set(spoken);
    said
}

/// A fixed text: `word!("shell" | "Schale")`.
macro_rules! word {
    ($english:literal | $german:literal $(,)?) => {
        match $crate::language::language() {
            $crate::language::Language::English => $english,
            $crate::language::Language::German => $german,
        }
    };
}

/// A text with values in it: `say!("{} of {}" | "{} von {}", done, total)`.
macro_rules! say {
    ($english:literal | $german:literal $(, $value:expr)* $(,)?) => {
        match $crate::language::language() {
            $crate::language::Language::English => format!($english $(, $value)*),
            $crate::language::Language::German => format!($german $(, $value)*),
        }
    };
}

pub(crate) use {say, word};
