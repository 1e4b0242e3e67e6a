//! The rows as they count: the built-in ones, with the user's over them.

use std::sync::LazyLock;

use super::quantity::Quantity;
use super::row::{Row, RowError};
use super::subject::{About, Subject, canonical};
use super::table::{parse_rows, rows_csv};

/// Parsed once. A table that cannot be read would be a defect of the program; a test reads it.
static BUILT_IN: LazyLock<Vec<Row>> =
    LazyLock::new(|| parse_rows(include_str!("library.csv")).unwrap_or_default());

/// Everything known of materials.
///
/// ```
/// use alloyscope::materials::{Library, Quantity};
///
/// let library = Library::builtin();
/// assert_eq!(library.number("Ag", Quantity::AtomicNumber), Some(47.0));
/// assert!(library.pair("Au", "Ag").is_some_and(|pair| pair.is(Quantity::Soluble)));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Library {
    /// The user's rows, which count before the built-in ones.
    edits: Vec<Row>,
}

impl Library {
    /// The numbers that come with the program.
    pub fn builtin() -> Library {
        Library::default()
    }

    /// The same with the user's rows over them. Rows that cannot be ([`Row::checked`]) are left out.
    pub fn with(edits: &[Row]) -> Library {
        let mut library = Library::default();
        for row in edits {
            // A row that cannot be was refused when it was typed or read: here it can only be from a foreign file.
            let _ = library.set(row.clone());
        }
        library
    }

    /// Puts a row over what stands there.
    ///
    /// # Errors
    /// [`RowError`]; the library is then unchanged.
    pub fn set(&mut self, row: Row) -> Result<(), RowError> {
        let row = row.checked()?;
        self.edits.retain(|edit| !row.replaces(edit));
        self.edits.push(row);
        Ok(())
    }

    /// The user's rows alone, those that repeat a built-in row left out: what a project keeps.
    pub fn edits(&self) -> Vec<Row> {
        let is_new = |row: &&Row| !BUILT_IN.contains(row);
        self.edits.iter().filter(is_new).cloned().collect()
    }

    /// Every row that counts: the built-in ones, each replaced by the user's where there is one, then the user's own.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        let edit = |row: &Row| self.edits.iter().find(|edit| edit.replaces(row));
        let own = |row: &&Row| !BUILT_IN.iter().any(|b| row.replaces(b));
        BUILT_IN
            .iter()
            .map(move |row| edit(row).unwrap_or(row))
            .chain(self.edits.iter().filter(own))
    }

    /// The row of a quantity of `Ag`, `Ag-Au` or `Ag in Au (Jaumot 1956)`.
    ///
    /// A pair may be written in either order; the row is that of the alphabetical one.
    pub fn row(&self, of: &str, quantity: Quantity) -> Option<&Row> {
        let of = canonical(of);
        let wanted = |row: &&Row| row.quantity == quantity && row.of == of;
        let mut rows = self.edits.iter().chain(BUILT_IN.iter());
        rows.find(wanted)
    }

    /// Its value, in the unit of the quantity; odd excess parameters with the sign that belongs to the order in which the pair is written.
    pub fn number(&self, of: &str, quantity: Quantity) -> Option<f64> {
        let value = self.row(of, quantity)?.value;
        let reversed = quantity.is_odd() && Subject::parse(of).is_some_and(|s| s.is_reversed());
        Some(if reversed { -value } else { value })
    }

    /// Atoms per nm³ of a pair: the mean of both elements', which differ little where they mix.
    pub fn pair_density(&self, core: &str, shell: &str) -> Option<f64> {
        let of = |symbol: &str| self.number(symbol, Quantity::AtomicDensity);
        Some(0.5 * (of(core)? + of(shell)?))
    }

    /// Rows of a quantity, one a subject.
    pub(super) fn subjects(&self, about: About, quantity: Quantity) -> impl Iterator<Item = &Row> {
        self.rows()
            .filter(move |row| row.quantity == quantity && quantity.about() == about)
    }

    /// All rows as a table that [`parse_rows`] reads back.
    pub fn to_csv(&self) -> String {
        rows_csv(self.rows())
    }
}
