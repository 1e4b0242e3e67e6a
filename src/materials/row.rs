//! One number: what it is of, which quantity, how far to be trusted and where it stands.

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;
use super::subject::Subject;
use crate::language::{Number, say};

/// How far a number is to be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    /// Checked against its source.
    Verified,
    /// A standard literature value, not yet checked against its source.
    FromMemory,
    /// Entered by the user.
    User,
}

impl Confidence {
    /// As written in the table.
    pub fn words(self) -> &'static str {
        match self {
            Confidence::Verified => "verified",
            Confidence::FromMemory => "from memory",
            Confidence::User => "user",
        }
    }

    /// The confidence of these words.
    pub fn from_words(words: &str) -> Option<Confidence> {
        use Confidence::{FromMemory, User, Verified};
        [Verified, FromMemory, User]
            .into_iter()
            .find(|c| c.words() == words)
    }
}

/// One number of the library. Its unit is the quantity's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// `Ag`, `Ag-Au` or `Ag in Au`, where several laws stand beside each other with a name in brackets.
    pub of: String,
    /// Which of its quantities.
    pub quantity: Quantity,
    /// The number, in the unit of the quantity.
    pub value: f64,
    /// How far to trust it.
    pub confidence: Confidence,
    /// Where it stands.
    pub source: String,
    /// What else must be known of it; of a flag, the sentence that says what follows.
    pub note: String,
}

/// Why a row cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RowError {
    /// Not the kind of subject the quantity is of.
    #[error("{}", say!("{quantity} is not a quantity of '{of}'" | "{quantity} ist keine Größe von „{of}“"))]
    Subject {
        /// As written.
        of: String,
        /// The quantity.
        quantity: Quantity,
    },
    /// Not finite, not positive where it must be, or a flag that is neither 0 nor 1.
    #[error("{}", say!(
        "{quantity} of {of} cannot be {}" | "{quantity} von {of} kann nicht {} sein", Number(*value)
    ))]
    Value {
        /// As written.
        of: String,
        /// The quantity.
        quantity: Quantity,
        /// The number.
        value: f64,
    },
}

impl RowError {
    /// What to try.
    pub fn remedy(&self) -> String {
        match self {
            RowError::Subject { quantity, .. } => {
                let example = quantity.about().example();
                say!(
                    "write what it is of like {example}"
                        | "das, wovon sie ist, wie „{example}“ schreiben"
                )
            }
            RowError::Value { quantity, .. } => match quantity.unit() {
                "flag" => say!("write 1 for yes, 0 for no" | "1 für ja, 0 für nein schreiben"),
                unit => say!(
                    "write a finite number in {unit}, positive where the quantity is"
                        | "eine endliche Zahl in {unit} schreiben, positiv, wo die Größe es ist"
                ),
            },
        }
    }
}

impl Row {
    /// The row as it is kept: the subject written in the one way, an odd excess parameter with the sign of that order.
    ///
    /// # Errors
    /// [`RowError`], when subject and quantity or quantity and value do not go together.
    pub fn checked(mut self) -> Result<Row, RowError> {
        let quantity = self.quantity;
        let Some(subject) = Subject::parse(&self.of).filter(|s| s.about == quantity.about()) else {
            let of = self.of;
            return Err(RowError::Subject { of, quantity });
        };
        if !quantity.permits(self.value) {
            return Err(RowError::Value {
                of: self.of,
                quantity,
                value: self.value,
            });
        }
        if subject.is_reversed() && quantity.is_odd() {
            self.value = -self.value;
        }
        self.of = subject.canonical();
        Ok(self)
    }

    /// Whether it says the same thing of the same, perhaps with another value.
    pub fn replaces(&self, other: &Row) -> bool {
        self.quantity == other.quantity && self.of == other.of
    }
}
