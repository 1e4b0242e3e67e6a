//! Numbers one after another from a header, every one of them with its field and byte in the error.

use std::io;

use super::error::part;
use super::{Format, FormatError, SourceReader};
use crate::language::Said;

/// Order of the bytes of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
}

/// Reads a header from `at` on.
pub(super) struct Cursor<'a> {
    pub reader: &'a mut SourceReader,
    pub format: Format,
    pub order: Order,
    pub at: u64,
}

macro_rules! numbers {
    ($($name:ident: $t:ty, $n:literal;)*) => {$(
        pub fn $name(&mut self, field: &str) -> Result<$t, FormatError> {
            let bytes = self.array::<$n>(field)?;
            Ok(match self.order {
                Order::Little => <$t>::from_le_bytes(bytes),
                Order::Big => <$t>::from_be_bytes(bytes),
            })
        }
    )*};
}

impl<'a> Cursor<'a> {
    pub fn new(reader: &'a mut SourceReader, format: Format, order: Order) -> Cursor<'a> {
        Cursor {
            reader,
            format,
            order,
            at: 0,
        }
    }

    pub fn array<const N: usize>(&mut self, field: &str) -> Result<[u8; N], FormatError> {
        let mut bytes = [0; N];
        fill(self.reader, self.format, field, self.at, &mut bytes)?;
        self.at = self.at.saturating_add(N as u64);
        Ok(bytes)
    }

    /// `count` bytes; a count beyond the end of the file costs no memory.
    pub fn bytes(&mut self, field: &str, count: u64) -> Result<Vec<u8>, FormatError> {
        let bytes = read(self.reader, self.format, field, self.at, count)?;
        self.at = self.at.saturating_add(count);
        Ok(bytes)
    }

    numbers! {
        u8: u8, 1;
        u16: u16, 2;
        i16: i16, 2;
        u32: u32, 4;
        i32: i32, 4;
        u64: u64, 8;
        i64: i64, 8;
        f32: f32, 4;
        f64: f64, 8;
    }

    pub fn skip(&mut self, count: u64) {
        self.at = self.at.saturating_add(count);
    }

    pub fn malformed(&self, field: &str, reason: Said) -> FormatError {
        FormatError::Malformed {
            format: self.format,
            field: part(field),
            offset: Some(self.at),
            reason,
        }
    }
}

/// `count` bytes from `offset`; refused before any memory is asked for where the file ends earlier.
pub(super) fn read(
    reader: &mut SourceReader,
    format: Format,
    field: &str,
    offset: u64,
    count: u64,
) -> Result<Vec<u8>, FormatError> {
    let there = reader.len().saturating_sub(offset);
    let size = usize::try_from(count).ok().filter(|_| count <= there);
    let Some(size) = size else {
        return Err(FormatError::Truncated {
            format,
            field: part(field),
            offset: Some(offset.saturating_add(there)),
        });
    };
    let mut bytes = vec![0; size];
    fill(reader, format, field, offset, &mut bytes)?;
    Ok(bytes)
}

fn fill(
    reader: &mut SourceReader,
    format: Format,
    field: &str,
    offset: u64,
    buffer: &mut [u8],
) -> Result<(), FormatError> {
    reader.read_exact_at(offset, buffer).map_err(|source| {
        if source.kind() == io::ErrorKind::UnexpectedEof {
            FormatError::Truncated {
                format,
                field: part(field),
                offset: Some(offset),
            }
        } else {
            FormatError::Io {
                format,
                offset: Some(offset),
                source,
            }
        }
    })
}
