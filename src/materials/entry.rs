//! What is still unknown of an element or a pair, and rows from what a user types of it.

use super::library::Library;
use super::quantity::Quantity;
use super::row::{Confidence, Row, RowError};
use super::subject::is_symbol;
use crate::formats::number;
use crate::language::{say, word};

/// A number that the library does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blank {
    /// As in [`Row::of`].
    pub of: String,
    /// Which quantity.
    pub quantity: Quantity,
    /// Without it the element cannot be chosen; the others may stay empty.
    pub required: bool,
}

/// A number as typed. Empty: none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// The number.
    pub value: String,
    /// Its unit, one of [`Quantity::units`].
    pub unit: String,
    /// Where it stands.
    pub source: String,
}

/// Why what was typed cannot be entered.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum EntryError {
    /// No symbol of an element.
    #[error("{}", say!("'{_0}' is not the symbol of an element" | "„{_0}“ ist kein Elementsymbol"))]
    Symbol(String),
    /// The same element twice.
    #[error("{}", say!("{_0} twice is no pair" | "zweimal {_0} ist kein Paar"))]
    Same(String),
    /// A number that must be there.
    #[error("{}", say!("{} of {of} is missing" | "{} von {of} fehlt", quantity.words()))]
    Missing {
        /// Of what.
        of: String,
        /// Which.
        quantity: Quantity,
    },
    /// No finite number.
    #[error("{}", say!(
        "{} of {of}: '{text}' is not a finite number"
        | "{} von {of}: „{text}“ ist keine endliche Zahl", quantity.words()
    ))]
    NotANumber {
        /// Of what.
        of: String,
        /// Which.
        quantity: Quantity,
        /// As typed.
        text: String,
    },
    /// A unit that is not the quantity's and cannot be converted to it.
    #[error("{}", say!("'{unit}' is not a unit of {quantity}" | "„{unit}“ ist keine Einheit von {quantity}"))]
    Unit {
        /// Of what.
        of: String,
        /// As typed.
        unit: String,
        /// The quantity.
        quantity: Quantity,
    },
    /// A value that cannot be.
    #[error(transparent)]
    Row(#[from] RowError),
    /// Nothing at all.
    #[error("{}", word!("no number was entered" | "keine Zahl wurde eingegeben"))]
    Nothing,
}

impl EntryError {
    /// The number at fault, where it is one.
    pub fn concerns(&self) -> Option<(&str, Quantity)> {
        match self {
            EntryError::Missing { of, quantity }
            | EntryError::NotANumber { of, quantity, .. }
            | EntryError::Unit { of, quantity, .. }
            | EntryError::Row(
                RowError::Subject { of, quantity } | RowError::Value { of, quantity, .. },
            ) => Some((of, *quantity)),
            EntryError::Symbol(_) | EntryError::Same(_) | EntryError::Nothing => None,
        }
    }

    /// What to try.
    pub fn remedy(&self) -> String {
        match self {
            EntryError::Symbol(_) => say!(
                "write it like Ag: a capital letter, then small ones"
                    | "wie Ag schreiben: ein Großbuchstabe, dann kleine"
            ),
            EntryError::Same(_) => say!(
                "write two elements, or leave the second empty"
                    | "zwei Elemente schreiben oder das zweite leer lassen"
            ),
            EntryError::Missing { quantity, .. } => match quantity.unit() {
                "1" => say!(
                    "fill it in: without it the element cannot be chosen"
                        | "ausfüllen: ohne sie ist das Element nicht wählbar"
                ),
                unit => say!(
                    "fill it in, in {unit}: without it the element cannot be chosen"
                        | "in {unit} ausfüllen: ohne sie ist das Element nicht wählbar"
                ),
            },
            EntryError::NotANumber { .. } => say!(
                "write a number like 168.3 or 7.2e-6" | "eine Zahl wie 168,3 oder 7,2e-6 schreiben"
            ),
            EntryError::Unit { quantity, .. } => say!(
                "convert the number to {}" | "die Zahl in {} umrechnen",
                quantity.unit()
            ),
            EntryError::Row(error) => error.remedy(),
            EntryError::Nothing => say!("fill in at least one" | "mindestens eine ausfüllen"),
        }
    }
}

/// Of an element, beside what it cannot do without.
const ELEMENT: [Quantity; 4] = [
    Quantity::MeltingExpansion,
    Quantity::Fcc,
    Quantity::Bcc,
    Quantity::Hcp,
];

/// Of a pair.
const PAIR: [Quantity; 14] = [
    Quantity::Soluble,
    Quantity::Gap,
    Quantity::Ordering,
    Quantity::Compound,
    Quantity::Oxidizes,
    Quantity::NoContrast,
    Quantity::LiquidL0,
    Quantity::LiquidL0Slope,
    Quantity::LiquidL1,
    Quantity::LiquidL1Slope,
    Quantity::FccL0,
    Quantity::FccL0Slope,
    Quantity::FccL1,
    Quantity::FccL1Slope,
];

/// Of one element diffusing in the other.
const DIFFUSION: [Quantity; 4] = [
    Quantity::D0,
    Quantity::Q,
    Quantity::RangeFrom,
    Quantity::RangeTo,
];

impl Library {
    /// What is not known of an element (`second` empty) or of two and their pair.
    ///
    /// Required are the numbers of an element ([`Library::missing`]); all else may stay unknown, and the figures say so. A law is listed only
    /// where none is known: its numbers belong together.
    ///
    /// # Errors
    /// [`EntryError::Symbol`], [`EntryError::Same`].
    pub fn blanks(&self, first: &str, second: &str) -> Result<Vec<Blank>, EntryError> {
        let is_odd = |s: &&str| {
            if s.is_empty() {
                first.is_empty()
            } else {
                !is_symbol(s)
            }
        };
        if let Some(odd) = [first, second].into_iter().find(is_odd) {
            return Err(EntryError::Symbol(odd.into()));
        }
        if first == second {
            return Err(EntryError::Same(first.into()));
        }
        let mut blanks = Vec::new();
        let mut ask = |of: &str, quantities: &[Quantity], required: bool| {
            let unknown = quantities.iter().filter(|q| self.row(of, **q).is_none());
            blanks.extend(unknown.map(|&quantity| Blank {
                of: of.to_owned(),
                quantity,
                required,
            }));
        };
        for symbol in [first, second].into_iter().filter(|s| !s.is_empty()) {
            let missing = self.missing(symbol);
            ask(symbol, &missing, true);
            if !missing.is_empty() {
                ask(symbol, &ELEMENT, false);
            }
        }
        if !second.is_empty() {
            ask(&format!("{first}-{second}"), &PAIR, false);
            for (solute, host) in [(first, second), (second, first)] {
                if self.tracer(solute, host).is_none() {
                    ask(&format!("{solute} in {host}"), &DIFFUSION, false);
                }
            }
        }
        Ok(blanks)
    }

    /// Takes in what was typed into blanks; all of it or nothing.
    ///
    /// # Errors
    /// [`EntryError`], for the first blank that is wrong; the library is then unchanged.
    pub fn fill(&mut self, typed: &[(Blank, Typed)]) -> Result<(), EntryError> {
        let mut filled = self.clone();
        let mut any = false;
        for (Blank { of, quantity, .. }, typed) in typed.iter().filter(|(_, t)| !t.is_empty()) {
            let quantity = *quantity;
            let value = number(&typed.value).ok_or_else(|| EntryError::NotANumber {
                of: of.clone(),
                quantity,
                text: typed.value.clone(),
            })?;
            let factor = quantity
                .factor_from(&typed.unit)
                .ok_or_else(|| EntryError::Unit {
                    of: of.clone(),
                    unit: typed.unit.clone(),
                    quantity,
                })?;
            filled.set(Row {
                of: of.clone(),
                quantity,
                value: value * factor,
                confidence: Confidence::User,
                source: typed.source.trim().to_owned(),
                note: if value == 0.0 {
                    String::new()
                } else {
                    consequence(quantity).to_owned()
                },
            })?;
            any = true;
        }
        let missing = typed.iter().find(|(b, t)| b.required && t.is_empty());
        if let (true, Some((blank, _))) = (any, missing) {
            return Err(EntryError::Missing {
                of: blank.of.clone(),
                quantity: blank.quantity,
            });
        }
        if !any {
            return Err(EntryError::Nothing);
        }
        *self = filled;
        Ok(())
    }
}

/// What follows from a flag that the user sets.
fn consequence(flag: Quantity) -> &'static str {
    match flag {
        Quantity::Soluble => "The two mix at every composition: the diffusion model applies.",
        Quantity::Gap => {
            "The two separate at some compositions: the diffusion model, which mixes them to the end, applies above the gap only."
        }
        Quantity::Ordering => {
            "Ordered phases: atoms move more slowly in them than one D for all compositions can say."
        }
        Quantity::Compound => {
            "Compounds grow between the two: the diffusion model does not describe them."
        }
        Quantity::Oxidizes => "Oxidizes in air: part of what the image shows may be oxide.",
        Quantity::NoContrast => {
            "The image does not tell the elements apart: profiles hold little of D."
        }
        _ => "",
    }
}

impl Typed {
    /// Whether no number was typed.
    pub fn is_empty(&self) -> bool {
        self.value.trim().is_empty()
    }
}
