//! The tag tree of a DigitalMicrograph file.
//!
//! Groups hold groups and values; arrays stay in the file, only their place is kept. Written from the public descriptions
//! of the format (er-c.org/cbb/info/dmformat, versions 3 and 4) and from files.

use super::super::cursor::{Cursor, Order};
use super::super::{FormatError, Limits, SourceReader};
use crate::formats::Format;
use crate::language::{Said, said};
use crate::signal::{NoticeKind, Notices};

/// Groups within groups; files reach a dozen.
const MAX_DEPTH: usize = 64;

/// Longest text that is kept (characters).
const MAX_TEXT: u64 = 1 << 16;

/// Longest list of numbers that is kept as text.
const MAX_LIST: u64 = 16;

/// Longest description of one value (numbers): a structure of many fields.
const MAX_INFO: u64 = 1 << 12;

/// A value of the tree.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Text(String),
    /// Numbers of a structure or of a short list.
    List(Vec<f64>),
    /// Left in the file.
    Array(Array),
}

/// An array in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Array {
    pub offset: u64,
    pub count: u64,
    pub element: Element,
}

/// What an array holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Element {
    Number(Kind),
    /// Bytes of a structure.
    Structure(u64),
}

impl Element {
    fn bytes(self) -> u64 {
        match self {
            Element::Number(kind) => kind.bytes(),
            Element::Structure(bytes) => bytes,
        }
    }
}

impl Array {
    pub fn bytes(&self) -> u64 {
        self.count.saturating_mul(self.element.bytes())
    }
}

/// Kinds of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    I16,
    I32,
    U16,
    U32,
    F32,
    F64,
    Bool,
    I8,
    U8,
    I64,
    U64,
}

impl Kind {
    fn new(code: u64) -> Option<Kind> {
        Some(match code {
            2 => Kind::I16,
            3 => Kind::I32,
            4 => Kind::U16,
            5 => Kind::U32,
            6 => Kind::F32,
            7 => Kind::F64,
            8 => Kind::Bool,
            9 => Kind::I8,
            10 => Kind::U8,
            11 => Kind::I64,
            12 => Kind::U64,
            _ => return None,
        })
    }

    fn bytes(self) -> u64 {
        match self {
            Kind::Bool | Kind::I8 | Kind::U8 => 1,
            Kind::I16 | Kind::U16 => 2,
            Kind::I32 | Kind::U32 | Kind::F32 => 4,
            Kind::F64 | Kind::I64 | Kind::U64 => 8,
        }
    }

    fn read(self, cursor: &mut Cursor<'_>, field: &str) -> Result<f64, FormatError> {
        Ok(match self {
            Kind::I16 => f64::from(cursor.i16(field)?),
            Kind::I32 => f64::from(cursor.i32(field)?),
            Kind::U16 => f64::from(cursor.u16(field)?),
            Kind::U32 => f64::from(cursor.u32(field)?),
            Kind::F32 => f64::from(cursor.f32(field)?),
            Kind::F64 => cursor.f64(field)?,
            Kind::Bool | Kind::U8 => f64::from(cursor.u8(field)?),
            Kind::I8 => f64::from(cursor.u8(field)?.cast_signed()),
            Kind::I64 => cursor.i64(field)? as f64,
            Kind::U64 => cursor.u64(field)? as f64,
        })
    }
}

/// The tree as a list of paths, in the order of the file. Entries without a name are numbered: `ImageList.0.Name`.
pub(super) struct Tree {
    pub order: Order,
    /// It breaks off.
    pub broken: bool,
    pub entries: Vec<(String, Value)>,
}

impl Tree {
    /// Reads the whole tree. Where it breaks off, what came before is kept, with a notice; a file cut within its samples
    /// still says what it was.
    ///
    /// # Errors
    /// A header that is none, or more tags than the limits allow.
    pub fn read(
        reader: &mut SourceReader,
        limits: &Limits,
        notices: &mut Notices,
    ) -> Result<(Format, Tree), FormatError> {
        let mut cursor = Cursor::new(reader, Format::Dm3, Order::Big);
        let version = cursor.u32("version")?;
        let wide = version == 4;
        if wide {
            cursor.format = Format::Dm4;
        }
        let format = cursor.format;
        if wide {
            cursor.u64("length")?;
        } else {
            cursor.u32("length")?;
        }
        let order = match cursor.u32("byte order")? {
            0 => Order::Big,
            _ => Order::Little,
        };
        let mut walk = Walk {
            cursor,
            order,
            wide,
            limits,
            entries: Vec::new(),
            count: 0,
        };
        let broken = match walk.group("", 0) {
            Ok(()) => false,
            Err(e @ FormatError::LimitExceeded { .. }) => return Err(e),
            Err(e) => {
                notices.add(NoticeKind::Skipped {
                    what: said!("tags from there on" | "alle Tags von dort an"),
                    reason: e.said(),
                });
                true
            }
        };
        let tree = Tree {
            order,
            broken,
            entries: walk.entries,
        };
        Ok((format, tree))
    }

    pub fn get(&self, path: &str) -> Option<&Value> {
        let found = self.entries.iter().find(|(p, _)| p == path);
        found.map(|(_, value)| value)
    }
}

struct Walk<'a, 'r> {
    cursor: Cursor<'r>,
    /// That of values; the structure is big-endian always.
    order: Order,
    /// Version 4: counts of 64 bit, and a size before every entry.
    wide: bool,
    limits: &'a Limits,
    entries: Vec<(String, Value)>,
    count: u64,
}

impl Walk<'_, '_> {
    fn number(&mut self, field: &str) -> Result<u64, FormatError> {
        if self.wide {
            self.cursor.u64(field)
        } else {
            self.cursor.u32(field).map(u64::from)
        }
    }

    fn group(&mut self, path: &str, depth: usize) -> Result<(), FormatError> {
        if depth > MAX_DEPTH {
            return Err(self.cursor.malformed(
                path,
                said!(
                    "groups lie over {MAX_DEPTH} deep in one another"
                        | "Gruppen liegen mehr als {MAX_DEPTH}-fach ineinander"
                ),
            ));
        }
        // Two marks: sorted, open.
        self.cursor.skip(2);
        let count = self.number(path)?;
        for index in 0..count {
            if !self.entry(path, index, depth)? {
                break;
            }
        }
        Ok(())
    }

    /// `false` where the list ends before its count.
    fn entry(&mut self, path: &str, index: u64, depth: usize) -> Result<bool, FormatError> {
        self.count = self.count.saturating_add(1);
        if self.count > self.limits.tags {
            return Err(FormatError::LimitExceeded {
                format: self.cursor.format,
                field: said!("number of tags" | "die Zahl der Tags"),
                value: self.count,
                limit: self.limits.tags,
            });
        }
        let kind = self.cursor.u8(path)?;
        if kind == 0 {
            return Ok(false);
        }
        let length = self.cursor.u16(path)?;
        let name = self.cursor.bytes(path, length.into())?;
        let name = if name.is_empty() {
            index.to_string()
        } else {
            latin(&name)
        };
        let path = if path.is_empty() {
            name
        } else {
            format!("{path}.{name}")
        };
        let end = if self.wide {
            let size = self.cursor.u64(&path)?;
            Some(self.cursor.at.saturating_add(size))
        } else {
            None
        };
        match kind {
            20 => self.group(&path, depth.saturating_add(1))?,
            21 => match (self.value(&path), end) {
                (Ok(value), _) => self.entries.push((path, value)),
                // Version 4 says where the next one is.
                (Err(FormatError::Unsupported { .. }), Some(_)) => {}
                (Err(e), _) => return Err(e),
            },
            _ => {
                let reason =
                    said!("an entry of unknown kind {kind}" | "ein Eintrag unbekannter Art {kind}");
                return Err(self.cursor.malformed(&path, reason));
            }
        }
        if let Some(end) = end.filter(|end| *end > self.cursor.at) {
            self.cursor.at = end;
        }
        Ok(true)
    }

    fn value(&mut self, path: &str) -> Result<Value, FormatError> {
        if self.cursor.array::<4>(path)? != *b"%%%%" {
            return Err(self.cursor.malformed(
                path,
                said!("its mark %%%% is missing" | "seine Marke %%%% fehlt"),
            ));
        }
        let count = self.number(path)?;
        if count == 0 || count > MAX_INFO {
            let reason =
                said!("a description of {count} numbers" | "eine Beschreibung aus {count} Zahlen");
            return Err(self.cursor.malformed(path, reason));
        }
        let mut info = Vec::new();
        for _ in 0..count {
            info.push(self.number(path)?);
        }
        let structure_order = self.cursor.order;
        self.cursor.order = self.order;
        let value = self.value_of(path, &info);
        self.cursor.order = structure_order;
        value
    }

    fn value_of(&mut self, path: &str, info: &[u64]) -> Result<Value, FormatError> {
        let unknown = |format| FormatError::Unsupported {
            format,
            field: said!(
                "a value of unknown kind in {path}" | "einen Wert unbekannter Art in {path}"
            ),
            remedy: Said::default(),
        };
        let format = self.cursor.format;
        match info {
            [code] => {
                let kind = Kind::new(*code).ok_or_else(|| unknown(format))?;
                Ok(Value::Number(kind.read(&mut self.cursor, path)?))
            }
            [18, length] => {
                let bytes = self.cursor.bytes(path, (*length).min(MAX_TEXT))?;
                self.cursor.skip(length.saturating_sub(MAX_TEXT));
                Ok(Value::Text(latin(&bytes)))
            }
            [15, _, _, fields @ ..] => {
                let kinds = kinds(fields).ok_or_else(|| unknown(format))?;
                let numbers: Result<Vec<f64>, FormatError> = kinds
                    .into_iter()
                    .map(|kind| kind.read(&mut self.cursor, path))
                    .collect();
                Ok(Value::List(numbers?))
            }
            [20, 15, _, _, fields @ .., count] => {
                let kinds = kinds(fields).ok_or_else(|| unknown(format))?;
                let bytes = kinds
                    .iter()
                    .fold(0_u64, |sum, kind| sum.saturating_add(kind.bytes()));
                self.array(path, Element::Structure(bytes), *count)
            }
            [20, code, count] => {
                let kind = Kind::new(*code).ok_or_else(|| unknown(format))?;
                self.array(path, Element::Number(kind), *count)
            }
            _ => Err(unknown(format)),
        }
    }

    fn array(&mut self, path: &str, element: Element, count: u64) -> Result<Value, FormatError> {
        let array = Array {
            offset: self.cursor.at,
            count,
            element,
        };
        // Samples are no text, however few they are.
        let samples = path.ends_with(".ImageData.Data");
        match element {
            Element::Number(Kind::U16) if count <= MAX_TEXT && !samples => {
                let bytes = self.cursor.bytes(path, array.bytes())?;
                let (units, _) = bytes.as_chunks::<2>();
                let units: Vec<u16> = units
                    .iter()
                    .map(|&b| match self.order {
                        Order::Little => u16::from_le_bytes(b),
                        Order::Big => u16::from_be_bytes(b),
                    })
                    .collect();
                Ok(Value::Text(
                    String::from_utf16_lossy(&units)
                        .trim_end_matches('\0')
                        .to_owned(),
                ))
            }
            Element::Number(kind) if count <= MAX_LIST && !samples => {
                let mut list = Vec::new();
                for _ in 0..count {
                    list.push(kind.read(&mut self.cursor, path)?);
                }
                Ok(Value::List(list))
            }
            _ => {
                self.cursor.skip(array.bytes());
                Ok(Value::Array(array))
            }
        }
    }
}

/// Fields of a structure: the length of a name, and a kind, each.
fn kinds(fields: &[u64]) -> Option<Vec<Kind>> {
    let (pairs, _) = fields.as_chunks::<2>();
    pairs.iter().map(|&[_, code]| Kind::new(code)).collect()
}

/// Names are in the code page of the machine that wrote them: UTF-8 where it is such, else Latin-1.
fn latin(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
    }
}

impl Value {
    /// For the list of tags.
    pub fn to_text(&self) -> String {
        match self {
            Value::Number(number) => number.to_string(),
            Value::Text(text) => text.clone(),
            Value::List(list) => {
                let list: Vec<String> = list.iter().map(f64::to_string).collect();
                list.join(", ")
            }
            Value::Array(array) => format!("({} values)", array.count),
        }
    }
}
