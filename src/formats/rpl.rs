//! RPL/RAW (Lispix): a table of keys and values, and the samples in a file of their own beside it.

use std::rc::Rc;

use super::cells::number;
use super::cursor::{Order, read};
use super::encoding::Encoding;
use super::flat::{Arrangement, FlatDocument, Pieces, Place};
use super::{Format, FormatError, Limits, Source, SourceReader, pixel_size};
use crate::language::{Said, said};
use crate::signal::{Acquired, Axis, AxisRole, Dtype, Metadata, Notices, Signal};

/// Longest table (bytes).
const MAX_BYTES: u64 = 1 << 20;

pub(super) fn open(
    mut reader: SourceReader,
    raw: Option<&Rc<dyn Source>>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<FlatDocument, FormatError> {
    let length = reader.len();
    if length > MAX_BYTES {
        return Err(FormatError::LimitExceeded {
            format: Format::Rpl,
            field: said!("number of bytes of a table" | "die Zahl der Bytes einer Tabelle"),
            value: length,
            limit: MAX_BYTES,
        });
    }
    let bytes = read(&mut reader, Format::Rpl, "table", 0, length)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut tags: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let line = line.split(';').next().unwrap_or_default().trim();
        let cut = line.find(['\t', ' ', ',']).unwrap_or(line.len());
        let (key, value) = line.split_at_checked(cut).unwrap_or((line, ""));
        if !key.is_empty() {
            let value = value.trim_matches(['\t', ' ', ',']);
            tags.push((key.to_ascii_lowercase(), value.to_owned()));
        }
    }
    let Some(raw) = raw else {
        return Err(FormatError::Unsupported {
            format: Format::Rpl,
            field: said!("a table without its samples" | "eine Tabelle ohne ihre Werte"),
            remedy: said!(
                "drop the .raw file of the same name together with it"
                    | "die .raw-Datei gleichen Namens zusammen mit ihr ablegen"
            ),
        });
    };
    let table = Table { tags: &tags };
    let encoding = table.encoding()?;
    let axes = table.axes()?;
    let text = |key: &str| table.text(key).map(str::to_owned);
    let title = text("title").unwrap_or_default();
    let start = table.number("offset").filter(|n| *n >= 0.0).unwrap_or(0.0) as u64;
    let mut signal = Signal {
        title: title.clone(),
        dtype: encoding.dtype(),
        axes,
        metadata: Metadata {
            title: Some(title).filter(|t| !t.is_empty()),
            high_tension_kv: table.number("beam-energy").filter(|kv| *kv > 0.0),
            acquired: Acquired::new(format!(
                "{} {}",
                table.text("date").unwrap_or(""),
                table.text("time").unwrap_or("")
            )),
            exposure_s: table.number("live-time").filter(|t| *t > 0.0),
            detector: text("detector-type").or_else(|| text("detector")),
            ..Metadata::default()
        },
        tags: tags.clone(),
    };
    pixel_size::settle(&mut signal, notices);
    let place = Place {
        encoding,
        pieces: Pieces::Contiguous { start },
        arrangement: Arrangement::Rows,
    };
    let samples = SourceReader::new(raw.clone());
    FlatDocument::new(Format::Rpl, samples, limits, vec![(signal, place)], notices)
}

struct Table<'a> {
    tags: &'a [(String, String)],
}

impl Table<'_> {
    fn text(&self, key: &str) -> Option<&str> {
        let found = self.tags.iter().find(|(k, _)| k == key);
        found
            .map(|(_, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    fn number(&self, key: &str) -> Option<f64> {
        number(self.text(key)?)
    }

    fn size(&self, key: &str) -> Result<usize, FormatError> {
        match self.number(key) {
            Some(n) if n >= 1.0 && n == f64::trunc(n) => Ok(n as usize),
            _ => Err(malformed(key)),
        }
    }

    fn encoding(&self) -> Result<Encoding, FormatError> {
        let order = match self.text("byte-order").unwrap_or("dont-care") {
            "big-endian" => Order::Big,
            _ => Order::Little,
        };
        let kind = self
            .text("data-type")
            .unwrap_or("unsigned")
            .to_ascii_lowercase();
        let length = self.size("data-length")?;
        let dtype = match (kind.as_str(), length) {
            ("unsigned", 1) => Dtype::U8,
            ("unsigned", 2) => Dtype::U16,
            ("unsigned", 4) => Dtype::U32,
            ("unsigned", 8) => Dtype::U64,
            ("signed", 1) => Dtype::I8,
            ("signed", 2) => Dtype::I16,
            ("signed", 4) => Dtype::I32,
            ("signed", 8) => Dtype::I64,
            ("float", 4) => Dtype::F32,
            ("float", 8) => Dtype::F64,
            ("bool", 1) => Dtype::Bool,
            _ => {
                return Err(FormatError::Unsupported {
                    format: Format::Rpl,
                    field: said!(
                        "type '{kind}' of {length} bytes" | "den Typ {kind} aus {length} Bytes"
                    ),
                    remedy: said!(
                        "export it as 32-bit floats"
                            | "als Gleitkommazahlen mit 32 Bit exportieren"
                    ),
                });
            }
        };
        Ok(Encoding::Plain(dtype, order))
    }

    /// Record by record as they are stored: spectra (`vector`) with the depth fastest, or pictures with it slowest.
    fn axes(&self) -> Result<Vec<Axis>, FormatError> {
        let depth = self.size("depth")?;
        let axis = |key: &str, size: usize, role: AxisRole| {
            let name = self.text(&format!("{key}-name")).unwrap_or(key);
            let plain = Axis::new(name, size, role);
            let per_channel = (key == "depth")
                .then(|| self.number("ev-per-chan"))
                .flatten();
            let scale = self.number(&format!("{key}-scale")).filter(|s| *s != 0.0);
            let unit = self.text(&format!("{key}-units")).unwrap_or("");
            match (scale, per_channel) {
                (Some(scale), _) => Axis {
                    unit: unit.into(),
                    scale,
                    offset: self.number(&format!("{key}-origin")).unwrap_or(0.0),
                    tag: format!("{key}-scale"),
                    ..plain
                },
                (None, Some(scale)) => Axis {
                    unit: "eV".into(),
                    scale,
                    tag: "ev-per-chan".into(),
                    ..plain
                },
                _ => plain,
            }
        };
        let by = self
            .text("record-by")
            .unwrap_or("dont-care")
            .to_ascii_lowercase();
        let picture = depth == 1 || by == "image";
        let role = |picture: bool| {
            if picture {
                AxisRole::Signal
            } else {
                AxisRole::Navigation
            }
        };
        let height = axis("height", self.size("height")?, role(picture));
        let width = axis("width", self.size("width")?, role(picture));
        // A pile of pictures in steps of energy is a spectrum image stored the other way round.
        let depth_axis = axis("depth", depth, AxisRole::Navigation);
        Ok(match by.as_str() {
            _ if depth == 1 => vec![height, width],
            "image" => vec![depth_axis, height, width],
            _ => {
                let spectrum = Axis {
                    role: AxisRole::Signal,
                    ..depth_axis
                };
                let nothing = |axis: &Axis| axis.size == 1;
                if nothing(&height) && nothing(&width) {
                    vec![spectrum]
                } else {
                    vec![height, width, spectrum]
                }
            }
        })
    }
}

fn malformed(field: &str) -> FormatError {
    FormatError::Malformed {
        format: Format::Rpl,
        field: Said::name(field),
        offset: None,
        reason: said!("it is no size" | "es ist keine Größe"),
    }
}
