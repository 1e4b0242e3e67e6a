//! Attributes and JSON as tags: what the file says, verbatim, and the values that are asked of it.

use hdf5_reader::error::ByteOrder;
use hdf5_reader::{Attribute, Datatype, dtype_element_size};
use serde_json::Value;

use crate::language::said;
use crate::signal::{NoticeKind, Notices};

/// Values of an attribute that are written out; tables of correction data have millions.
const VALUES: usize = 64;

/// Attributes of one object.
pub(super) struct Attributes(pub Vec<Attribute>);

impl Attributes {
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name).map(text_of)
    }

    pub(super) fn real(&self, name: &str) -> Option<f64> {
        let attribute = self.get(name)?;
        match number(&attribute.datatype, &attribute.raw_data) {
            Some(value) => Some(value),
            None => text_of(attribute).trim().parse().ok(),
        }
        .filter(|v| v.is_finite())
    }

    /// `None` where there is no such attribute.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        let attribute = self.get(name)?;
        match text_of(attribute).to_ascii_lowercase().as_str() {
            "true" => Some(true),
            "false" => Some(false),
            _ => number(&attribute.datatype, &attribute.raw_data).map(|v| v != 0.0),
        }
    }

    fn get(&self, name: &str) -> Option<&Attribute> {
        self.0.iter().find(|a| a.name == name)
    }
}

/// Tags in the order in which they were met; not more than the limit.
#[derive(Default)]
pub(super) struct Tags {
    list: Vec<(String, String)>,
    limit: usize,
    left_out: usize,
}

impl Tags {
    pub(super) fn new(limit: u64) -> Tags {
        Tags {
            limit: usize::try_from(limit).unwrap_or(usize::MAX),
            ..Tags::default()
        }
    }

    pub(super) fn add(&mut self, path: String, value: String) {
        if self.list.len() < self.limit {
            self.list.push((path, value));
        } else {
            self.left_out = self.left_out.saturating_add(1);
        }
    }

    pub(super) fn attributes(&mut self, path: &str, attributes: &Attributes) {
        for attribute in &attributes.0 {
            self.add(join(path, &attribute.name), text_of(attribute));
        }
    }

    /// Every leaf of a JSON value (serde_json refuses more than 128 levels).
    pub(super) fn json(&mut self, path: &str, value: &Value) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    self.json(&join(path, key), value);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.json(&join(path, &index.to_string()), value);
                }
            }
            Value::String(text) => self.add(path.into(), text.clone()),
            Value::Null => self.add(path.into(), String::new()),
            value => self.add(path.into(), value.to_string()),
        }
    }

    pub(super) fn get(&self, path: &str) -> Option<&str> {
        let found = self.list.iter().find(|(p, _)| p == path);
        found
            .map(|(_, value)| value.trim())
            .filter(|v| !v.is_empty())
    }

    pub(super) fn real(&self, path: &str) -> Option<f64> {
        let value: f64 = self.get(path)?.parse().ok()?;
        value.is_finite().then_some(value)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.list.iter().map(|(p, v)| (p.as_str(), v.as_str()))
    }

    /// The list, with a notice where it is not whole.
    pub(super) fn finish(self, notices: &mut Notices) -> Vec<(String, String)> {
        if self.left_out > 0 {
            notices.add(NoticeKind::Skipped {
                what: said!("{} tags" | "{} Tags", self.left_out),
                reason: said!(
                    "only {} of a signal are kept" | "nur {} eines Signals werden behalten",
                    self.limit
                ),
            });
        }
        self.list
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.into()
    } else {
        format!("{path}.{name}")
    }
}

/// The value of an attribute, written out.
fn text_of(attribute: &Attribute) -> String {
    if let Some(strings) = &attribute.decoded_strings {
        return strings.join(", ");
    }
    let datatype = &attribute.datatype;
    let size = dtype_element_size(datatype).unwrap_or(0).max(1);
    let count = attribute.raw_data.len().checked_div(size).unwrap_or(0);
    let mut parts: Vec<String> = attribute
        .raw_data
        .chunks_exact(size)
        .take(VALUES)
        .map(|bytes| value(datatype, bytes))
        .collect();
    if count > VALUES {
        parts.push(format!("… ({count} values)"));
    }
    parts.join(", ")
}

/// One value of any type, written out.
fn value(datatype: &Datatype, bytes: &[u8]) -> String {
    match datatype {
        Datatype::String { .. } => {
            let end = bytes.iter().position(|b| *b == 0).unwrap_or(bytes.len());
            let text = bytes.get(..end).unwrap_or_default();
            match std::str::from_utf8(text) {
                Ok(text) => text.trim_end().into(),
                // Older programs write Latin-1, whose bytes are the code points.
                Err(_) => text.iter().map(|&b| char::from(b)).collect(),
            }
        }
        Datatype::FixedPoint { .. } | Datatype::Bitfield { .. } => {
            integer(datatype, bytes).map_or_else(String::new, |v| v.to_string())
        }
        Datatype::FloatingPoint { size: 4, .. } => {
            number(datatype, bytes).map_or_else(String::new, |v| (v as f32).to_string())
        }
        Datatype::FloatingPoint { .. } => {
            number(datatype, bytes).map_or_else(String::new, |v| v.to_string())
        }
        Datatype::Enum { base, members } => {
            let known = members.iter().find(|m| bytes.starts_with(&m.value));
            known.map_or_else(|| value(base, bytes), |m| m.name.clone())
        }
        Datatype::Compound { fields, .. } => {
            let parts = fields.iter().take(VALUES).map(|field| {
                let start = usize::try_from(field.byte_offset).unwrap_or(usize::MAX);
                let bytes = bytes.get(start..).unwrap_or_default();
                format!("{}: {}", field.name, value(&field.datatype, bytes))
            });
            format!("({})", parts.collect::<Vec<_>>().join(", "))
        }
        Datatype::Array { base, .. } => {
            let size = dtype_element_size(base).unwrap_or(0).max(1);
            let parts = bytes
                .chunks_exact(size)
                .take(VALUES)
                .map(|b| value(base, b));
            parts.collect::<Vec<_>>().join(", ")
        }
        Datatype::VarLen { .. } | Datatype::Opaque { .. } | Datatype::Reference { .. } => {
            format!("({} bytes)", bytes.len())
        }
    }
}

/// The first bytes as an integer.
fn integer(datatype: &Datatype, bytes: &[u8]) -> Option<i128> {
    let (size, signed, order) = match datatype {
        Datatype::FixedPoint {
            size,
            signed,
            byte_order,
        } => (*size, *signed, *byte_order),
        Datatype::Bitfield { size, byte_order } => (*size, false, *byte_order),
        Datatype::Enum { base, .. } => return integer(base, bytes),
        _ => return None,
    };
    let size = usize::from(size);
    if !(1..=8).contains(&size) {
        return None;
    }
    let bytes = bytes.get(..size)?;
    let add = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    let value = match order {
        ByteOrder::LittleEndian => bytes.iter().rev().fold(0, add),
        ByteOrder::BigEndian => bytes.iter().fold(0, add),
    };
    let unused = 64_u32.saturating_sub(u32::try_from(size).ok()?.saturating_mul(8));
    Some(if signed {
        i128::from((value << unused).cast_signed() >> unused)
    } else {
        value.into()
    })
}

/// The first bytes as a number; `None` for what is none.
pub(super) fn number(datatype: &Datatype, bytes: &[u8]) -> Option<f64> {
    let Datatype::FloatingPoint { size, byte_order } = datatype else {
        return integer(datatype, bytes).map(|v| v as f64);
    };
    let mut bytes = bytes.get(..usize::from(*size))?.to_vec();
    if *byte_order == ByteOrder::BigEndian {
        bytes.reverse();
    }
    Some(match bytes.as_slice() {
        [a, b] => half::f16::from_le_bytes([*a, *b]).to_f64(),
        [a, b, c, d] => f32::from_le_bytes([*a, *b, *c, *d]).into(),
        bytes => f64::from_le_bytes(*bytes.first_chunk::<8>()?),
    })
}
