//! Elements and pairs: every number with its unit, source and confidence.
//!
//! All of it is rows of one table, `library.csv`. The table that comes with the program, the file a user imports, the file the program
//! exports, the user's edits in a project and the table on the page are the same rows: whatever can be shown can be changed, whatever
//! can be changed is saved with its source, and a reader finds value, unit and source on one line. The price is a parser, which
//! the import needs in any case; that the built-in table holds what the rest of the program asks of it is for tests to say, where constants
//! would have had the compiler. Nothing numeric about a material stands anywhere else in the program.
//!
//! [`Library`] is where one asks: for a number by name, or for what the rows mean ([`Element`], [`Pair`], [`TracerDiffusion`]).

mod entry;
mod library;
mod quantity;
mod row;
mod subject;
mod table;
mod views;

pub use entry::{Blank, EntryError, Typed};
pub use library::Library;
pub use quantity::{Quantity, UnknownQuantity};
pub use row::{Confidence, Row, RowError};
pub use subject::{About, Subject};
pub use table::{LibraryError, parse_rows, rows_csv};
pub use views::{
    Applicability, Element, Excess, MeltingPoint, Pair, Route, SurfaceDiffusion, TracerDiffusion,
};
