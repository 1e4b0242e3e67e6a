//! The AgAu paper, checked: what it prints beside what its own equations give.
//!
//! M. Lasserus et al., Nanoscale 10 (2018) 2017, doi 10.1039/c7nr07286d, is the method this program stands on. Some of its numbers
//! cannot be right together, and who uses the method has to know which. A [`Check`] sets one printed statement beside the same
//! quantity computed by the functions that serve the user, from the library of materials as it stands, with what the answer
//! depends on. The printed values are data here; nothing computed is written down.
//!
//! When not to use it: as a verdict on the measurement. The images and the observation that small particles mix stand; dwell times,
//! the supplement and the figures' axes were not at hand.

mod energies;
mod equations;
mod images;
mod melting;
mod printed;
mod times;

pub use printed::{D0_M2_S, MODEL_ENERGY_J_MOL};

use crate::language::language;
use crate::materials::Library;

/// A number as it is shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// What it is.
    pub name: String,
    /// The value.
    pub value: f64,
    /// Its unit; empty for a pure number.
    pub unit: &'static str,
    /// Significant digits that mean something.
    pub digits: usize,
}

/// What becomes of a result when an input is changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Variation {
    /// The input.
    pub input: &'static str,
    /// To what, or by how much.
    pub change: String,
    /// The result then.
    pub result: Reading,
}

/// One statement of the paper, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// What it is about.
    pub title: &'static str,
    /// Where it stands.
    pub place: &'static str,
    /// What is printed there.
    pub printed: String,
    /// The same, computed.
    pub computed: Vec<Reading>,
    /// What the result depends on.
    pub sensitivity: Vec<Variation>,
    /// What follows, for whoever uses the method.
    pub sentence: &'static str,
}

/// All checks: energies, times, equations, images, melting. Those of which the library lost a number are left out.
///
/// Some tens of milliseconds, most of them for the information in an image: compute it once.
pub fn checks(library: &Library) -> Vec<Check> {
    energies::checks(library)
        .into_iter()
        .chain(times::checks(library))
        .chain(equations::checks())
        .chain(images::checks(library))
        .chain(melting::checks(library))
        .flatten()
        .map(|check| Check {
            printed: with_decimal_mark(check.printed),
            ..check
        })
        .collect()
}

fn reading(name: impl Into<String>, value: f64, (unit, digits): (&'static str, usize)) -> Reading {
    Reading {
        name: name.into(),
        value,
        unit,
        digits,
    }
}

fn variation(input: &'static str, change: impl Into<String>, result: Reading) -> Variation {
    Variation {
        input,
        change: with_decimal_mark(change.into()),
        result,
    }
}

/// Numbers among words, with the language's decimal mark.
fn with_decimal_mark(words: String) -> String {
    let mark = language().decimal_mark();
    let letters: Vec<char> = words.chars().collect();
    let digit = |i: Option<usize>| {
        i.and_then(|i| letters.get(i))
            .is_some_and(char::is_ascii_digit)
    };
    let marked = letters.iter().enumerate().map(|(i, letter)| match letter {
        '.' if digit(i.checked_sub(1)) && digit(Some(i + 1)) => mark,
        letter => *letter,
    });
    marked.collect()
}
