//! A table's text as cells, row by row: what `series.csv`, a pasted spreadsheet and a library of materials have in common.

use super::TableError;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Line in the text, counted from 1.
    pub line: usize,
    /// Its cells, blanks around them removed.
    pub cells: Vec<String>,
}

/// The rows of a text, header first.
///
/// Separated by comma, semicolon or tab (the one in the first row), with quoted cells and perhaps a byte order mark. Rows whose cells
/// are all blank are left out, and so are those that start with `#`.
///
/// # Errors
/// [`TableError::Empty`], [`TableError::Quotes`].
pub fn cells(text: &str) -> Result<Vec<Cells>, TableError> {
    let text = text.trim_start_matches('\u{feff}');
    let header_line = text
        .lines()
        .find(|l| !l.trim().is_empty() && !l.starts_with('#'))
        .ok_or(TableError::Empty)?;
    let separator = separator(header_line);
    check_quotes(text)?;
    let reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .has_headers(false)
        .comment(Some(b'#'))
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let rows = reader
        .into_records()
        .filter_map(Result::ok)
        .filter(|record| {
            record.iter().any(|cell| !cell.is_empty())
                && !record.get(0).is_some_and(|cell| cell.starts_with('#'))
        })
        .map(|record| Cells {
            line: record
                .position()
                .map_or(0, |p| usize::try_from(p.line()).unwrap_or(0)),
            cells: record.iter().map(str::to_owned).collect(),
        })
        .collect();
    Ok(rows)
}

/// A finite number with decimal point or comma. A thousands separator is refused rather than guessed: `1,000` is 1.
pub fn number(cell: &str) -> Option<f64> {
    let text = cell.trim().replace(['\u{a0}', '\u{202f}'], "");
    let text = text.replace('\u{2212}', "-");
    let value: f64 = match (text.contains('.'), text.matches(',').count()) {
        (_, 0) => text.parse().ok()?,
        (false, 1) => text.replace(',', ".").parse().ok()?,
        _ => return None,
    };
    // `inf` and `nan` parse in Rust.
    value.is_finite().then_some(value)
}

/// The first of tab, semicolon, comma that stands in the header outside quotes; a single column needs none.
fn separator(header: &str) -> u8 {
    let mut quoted = false;
    let outside: String = header
        .chars()
        .filter(|&c| {
            if c == '"' {
                quoted = !quoted;
            }
            !quoted
        })
        .collect();
    for candidate in [b'\t', b';', b','] {
        if outside.contains(char::from(candidate)) {
            return candidate;
        }
    }
    b','
}

/// The csv reader takes a quote that never closes for one long cell; rows would vanish in silence.
fn check_quotes(text: &str) -> Result<(), TableError> {
    let mut opened_at = None;
    for (index, line) in text.lines().enumerate() {
        for _ in line.matches('"') {
            opened_at = match opened_at {
                None => Some(index.saturating_add(1)),
                Some(_) => None,
            };
        }
    }
    match opened_at {
        Some(row) => Err(TableError::Quotes { row }),
        None => Ok(()),
    }
}
