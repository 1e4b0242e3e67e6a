//! The language of what a person reads, and its decimal mark.
//!
//! A thread speaks one language at a time, English until it is told otherwise, so that neither a number nor a sentence has to be handed
//! the language through every layer. The page's own thread speaks its user's; worker, headless program and files for machines speak
//! English with a decimal point.
//!
//! Every text stands in both languages side by side, `"English" | "Deutsch"`: one that is missing does not compile. What is worded by a
//! thread that is not the reader's, or stays on the screen while the reader changes the language, is [`Said`] in both.

use std::cell::Cell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

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
#[macro_export]
macro_rules! word {
    ($english:literal | $german:literal $(,)?) => {
        match $crate::language::language() {
            $crate::language::Language::English => $english,
            $crate::language::Language::German => $german,
        }
    };
}

/// A text with values in it: `say!("{} of {}" | "{} von {}", done, total)`.
#[macro_export]
macro_rules! say {
    ($english:literal | $german:literal $(, $value:expr)* $(,)?) => {
        match $crate::language::language() {
            $crate::language::Language::English => format!($english $(, $value)*),
            $crate::language::Language::German => format!($german $(, $value)*),
        }
    };
}

/// A text in both languages, of the same form as that of `say!`.
#[macro_export]
macro_rules! said {
    ($($text:tt)*) => {
        $crate::language::Said::of(&|| $crate::language::say!($($text)*))
    };
}

pub use {said, say, word};

/// A text in both languages; the one of the thread that shows it is read.
///
/// Postcard carries both. Files for people and machines, such as JSON, hold the English alone, as a plain string.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    // Errors carry several: two words each where a `String` has three.
    english: Box<str>,
    german: Box<str>,
}

impl Said {
    /// What the words are in each language; they are asked for once in either.
    pub fn of(words: &dyn Fn() -> String) -> Said {
        Said {
            english: within(Language::English, words).into(),
            german: within(Language::German, words).into(),
        }
    }

    /// The same in both languages: a name, a path, what a library of others has worded.
    pub fn name(text: impl Into<String>) -> Said {
        let both: Box<str> = text.into().into();
        Said {
            german: both.clone(),
            english: both,
        }
    }

    /// In the language of this thread.
    pub fn as_str(&self) -> &str {
        match language() {
            Language::English => &self.english,
            Language::German => &self.german,
        }
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.as_str().is_empty()
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Said {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => self.english.serialize(serializer),
            false => (&self.english, &self.german).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Said, D::Error> {
        if deserializer.is_human_readable() {
            return String::deserialize(deserializer).map(Said::name);
        }
        let (english, german) = Deserialize::deserialize(deserializer)?;
        Ok(Said { english, german })
    }
}

/// A number within a sentence, with the decimal mark of the language, a true minus and as many decimals as the place asks for (`{:.1}`).
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = match f.precision() {
            Some(decimals) => format!("{:.decimals$}", self.0),
            None => self.0.to_string(),
        };
        let digits = digits.replace('.', &language().decimal_mark().to_string());
        f.write_str(&digits.replace('-', "\u{2212}"))
    }
}
