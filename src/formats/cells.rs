//! A table's text as cells, row by row: what `series.csv`, a pasted spreadsheet and a library of materials have in common.

use std::borrow::Cow;

use super::TableError;

/// One row.
#[derive(Clone, Debug, PartialEq)]
pub struct Cells {
    /// Line in the text, counted from 1.
    pub line: usize,
    /// Its cells, blanks around them removed.
    pub cells: Vec<String>,
}

/// The text of a file: UTF-8, UTF-16 with its mark, or else Latin-1, in which every byte is a letter.
pub fn table_text(bytes: &[u8]) -> Cow<'_, str> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, _) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| unit(*pair)).collect();
        Cow::Owned(String::from_utf16_lossy(&units))
    };
    match bytes {
        [0xff, 0xfe, rest @ ..] => return wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => return wide(rest, u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        // A sniffed beginning may end within a letter.
        Err(e) if e.error_len().is_none() => {
            let whole = bytes.get(..e.valid_up_to()).unwrap_or_default();
            String::from_utf8_lossy(whole)
        }
        Err(_) => Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect()),
    }
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

/// Whether a cell says that there is nothing in it.
pub fn is_blank(cell: &str) -> bool {
    let cell = cell.trim().to_ascii_lowercase();
    matches!(cell.as_str(), "" | "-" | "–" | "—" | "n/a" | "na")
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

/// The decimal mark of a cell that is a number with one.
pub fn decimal_mark(cell: &str) -> Option<char> {
    number(cell)?;
    cell.chars().find(|c| matches!(c, '.' | ','))
}

/// Whether what follows the mark could be a group of thousands: `1,200`, but not `0,250`.
pub fn looks_grouped(cell: &str) -> bool {
    let split = cell.trim().split_once(['.', ',']);
    split.is_some_and(|(whole, rest)| {
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        digits(whole)
            && digits(rest)
            && rest.len() == 3
            && !whole.starts_with('0')
            && !whole.is_empty()
    })
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
