//! Rows as text: the built-in table, a file the user imports, the file the program exports.

use super::quantity::{Quantity, UnknownQuantity};
use super::row::{Confidence, Row, RowError};
use crate::formats::{TableError, cells, number};
use crate::language::say;

/// Columns in the order in which they are written.
const COLUMNS: [&str; 7] = [
    "of",
    "quantity",
    "value",
    "unit",
    "confidence",
    "source",
    "note",
];

/// Why a text is no table of materials. Lines count from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LibraryError {
    /// Empty, or quotation marks that do not match.
    #[error(transparent)]
    Text(#[from] TableError),
    /// A column that must be there.
    #[error("{}", say!("the header has no column '{column}'" | "im Kopf fehlt die Spalte {column}"))]
    MissingColumn {
        /// Its name.
        column: &'static str,
    },
    /// A name that is none of a quantity.
    #[error("{}", say!("line {line}" | "Zeile {line}"))]
    Quantity {
        /// Line.
        line: usize,
        /// What stands there.
        #[source]
        source: UnknownQuantity,
    },
    /// A unit that is not the quantity's and cannot be converted to it.
    #[error("{}", say!(
        "line {line}: '{unit}' is not a unit of {quantity}"
        | "Zeile {line}: „{unit}“ ist keine Einheit von {quantity}"
    ))]
    Unit {
        /// Line.
        line: usize,
        /// What stands there.
        unit: String,
        /// The quantity.
        quantity: Quantity,
    },
    /// No finite number.
    #[error("{}", say!(
        "line {line}: '{text}' is not a finite number"
        | "Zeile {line}: „{text}“ ist keine endliche Zahl"
    ))]
    NotANumber {
        /// Line.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// None of the words for confidence.
    #[error("{}", say!(
        "line {line}: '{text}' says nothing of confidence"
        | "Zeile {line}: „{text}“ sagt nichts über die Verlässlichkeit"
    ))]
    Confidence {
        /// Line.
        line: usize,
        /// What stands there.
        text: String,
    },
    /// Subject, quantity and value do not go together.
    #[error("{}", say!("line {line}" | "Zeile {line}"))]
    Row {
        /// Line.
        line: usize,
        /// Why.
        #[source]
        source: RowError,
    },
}

impl LibraryError {
    /// What to try.
    pub fn remedy(&self) -> String {
        match self {
            LibraryError::Text(_) | LibraryError::MissingColumn { .. } => say!(
                "start the file with the line {}; export the library to see one"
                    | "die Datei mit der Zeile {} beginnen; die exportierte Bibliothek zeigt es",
                COLUMNS.join(",")
            ),
            LibraryError::Quantity { .. } => {
                let names: Vec<&str> = Quantity::all().map(Quantity::name).collect();
                say!(
                    "write one of {}" | "eine von diesen schreiben: {}",
                    names.join(", ")
                )
            }
            LibraryError::Unit { quantity, .. } => {
                say!(
                    "convert the number to {}" | "die Zahl in {} umrechnen",
                    quantity.unit()
                )
            }
            LibraryError::NotANumber { .. } => say!(
                "write a number like 168.3 or 7.2e-6, or delete the line"
                    | "eine Zahl wie 168,3 oder 7,2e-6 schreiben oder die Zeile löschen"
            ),
            LibraryError::Confidence { .. } => say!(
                "write verified, from memory or user, or leave it empty"
                    | "„verified“, „from memory“ oder „user“ schreiben oder es leer lassen"
            ),
            LibraryError::Row { source, .. } => source.remedy(),
        }
    }
}

/// Reads rows: a header with `of`, `quantity` and `value`, and if wanted `unit`, `confidence`, `source`, `note`, in any order.
///
/// Separators, decimal commas, quotes and `#` comments as in [`crate::formats::parse_table`]. Where no unit is given the value is in the
/// quantity's; where no confidence is given it is the user's. Of two rows about the same the later one counts. Columns of other names
/// are passed over.
///
/// # Errors
/// [`LibraryError`], with the line; [`LibraryError::remedy`] says what to try.
pub fn parse_rows(text: &str) -> Result<Vec<Row>, LibraryError> {
    let records = cells(text)?;
    let Some((header, records)) = records.split_first() else {
        return Err(LibraryError::Text(TableError::Empty));
    };
    let column = |name: &str| {
        header
            .cells
            .iter()
            .position(|h| h.eq_ignore_ascii_case(name))
    };
    let required =
        |name: &'static str| column(name).ok_or(LibraryError::MissingColumn { column: name });
    let (of, quantity, value) = (required("of")?, required("quantity")?, required("value")?);
    let others = ["unit", "confidence", "source", "note"].map(column);
    let mut rows: Vec<Row> = Vec::new();
    for record in records {
        let line = record.line;
        let cell = |index: usize| record.cells.get(index).map_or("", String::as_str);
        let [unit, confidence, source, note] = others.map(|index| index.map_or("", cell));
        let quantity: Quantity = cell(quantity)
            .parse()
            .map_err(|source| LibraryError::Quantity { line, source })?;
        let factor = if unit.is_empty() {
            Some(1.0)
        } else {
            quantity.factor_from(unit)
        };
        let factor = factor.ok_or_else(|| LibraryError::Unit {
            line,
            unit: unit.into(),
            quantity,
        })?;
        let value = number(cell(value)).ok_or_else(|| LibraryError::NotANumber {
            line,
            text: cell(value).into(),
        })?;
        let confidence = if confidence.is_empty() {
            Some(Confidence::User)
        } else {
            Confidence::from_words(confidence)
        };
        let confidence = confidence.ok_or_else(|| LibraryError::Confidence {
            line,
            text: cell(others[1].unwrap_or_default()).into(),
        })?;
        let row = Row {
            of: cell(of).into(),
            quantity,
            value: value * factor,
            confidence,
            source: source.into(),
            note: note.into(),
        };
        let row = row
            .checked()
            .map_err(|source| LibraryError::Row { line, source })?;
        rows.push(row);
    }
    Ok(rows)
}

/// The rows as a table that [`parse_rows`] reads back, every number to its last bit.
pub fn rows_csv<'a>(rows: impl IntoIterator<Item = &'a Row>) -> String {
    let mut text = COLUMNS.join(",");
    text.push('\n');
    for row in rows {
        let value = number_text(row.value);
        let fields = [
            row.of.as_str(),
            row.quantity.name(),
            &value,
            row.quantity.unit(),
            row.confidence.words(),
            &row.source,
            &row.note,
        ];
        for (index, field) in fields.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            push_cell(&mut text, field);
        }
        text.push('\n');
    }
    text
}

/// The shortest decimal that is read back as the same number, with an exponent where the zeros would be many.
fn number_text(value: f64) -> String {
    if value == 0.0 || (1e-3..1e7).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

fn push_cell(text: &mut String, cell: &str) {
    // Lines are records here: a line break within a cell becomes a blank.
    let cell = cell.replace(['\r', '\n'], " ");
    if cell.contains([',', ';', '\t', '"']) || cell.starts_with('#') {
        text.push('"');
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(&cell);
    }
}
