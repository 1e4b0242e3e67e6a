//! From bytes to lines, and from lines to cells.

/// One line, with where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    /// Counted from 1.
    pub number: usize,
    /// Bytes before it.
    pub offset: usize,
    /// Without its end.
    pub text: &'a str,
}

/// The lines of a text; the last one may lack its end.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut offset = 0_usize;
    text.split_inclusive('\n')
        .enumerate()
        .map(move |(index, line)| {
            let here = offset;
            offset = offset.saturating_add(line.len());
            Line {
                number: index.saturating_add(1),
                offset: here,
                text: line.trim_end_matches(['\n', '\r']),
            }
        })
}

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Separator {
    /// One character.
    Char(char),
    /// Any number of blanks.
    Blanks,
}

impl Separator {
    pub const ALL: [Separator; 4] = [
        Separator::Char('\t'),
        Separator::Char(';'),
        Separator::Char(','),
        Separator::Blanks,
    ];

    /// The cells of a line, blanks and quotes around them removed.
    pub fn cells<'a>(self, line: &'a str, cells: &mut Vec<&'a str>) {
        cells.clear();
        let Separator::Char(separator) = self else {
            cells.extend(line.split_whitespace());
            return;
        };
        let bare = |cell: &'a str| cell.trim().trim_matches('"').trim();
        if !line.contains('"') {
            cells.extend(line.split(separator).map(bare));
            return;
        }
        let (mut start, mut quoted) = (0, false);
        for (at, c) in line.char_indices() {
            if c == '"' {
                quoted = !quoted;
            } else if c == separator && !quoted {
                cells.push(bare(line.get(start..at).unwrap_or_default()));
                start = at.saturating_add(c.len_utf8());
            }
        }
        cells.push(bare(line.get(start..).unwrap_or_default()));
    }
}
