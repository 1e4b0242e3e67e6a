//! NumPy arrays (NEP 1): a header in Python's notation, then the samples. They carry no calibration.

use super::cursor::{Cursor, Order};
use super::encoding::Encoding;
use super::flat::{Arrangement, FlatDocument, Pieces, Place};
use super::{Format, FormatError, Limits, SourceReader};
use crate::language::{Said, said};
use crate::signal::{Axis, AxisRole, Dtype, Metadata, Notices, Signal};

/// Longest header (bytes); NumPy itself stops at 10 000.
const MAX_HEADER: u64 = 1 << 16;

/// Most axes NumPy knows.
const MAX_AXES: usize = 64;

pub(super) fn open(
    mut reader: SourceReader,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<FlatDocument, FormatError> {
    let mut cursor = Cursor::new(&mut reader, Format::Npy, Order::Little);
    cursor.skip(6);
    let version = cursor.u16("version")?.to_le_bytes()[0];
    let length = if version == 1 {
        u64::from(cursor.u16("length of the header")?)
    } else {
        u64::from(cursor.u32("length of the header")?)
    };
    if length > MAX_HEADER {
        return Err(cursor.malformed(
            "length of the header",
            said!("{length} bytes" | "{length} Bytes"),
        ));
    }
    let header = cursor.bytes("header", length)?;
    let start = cursor.at;
    let header: String = header.iter().map(|&b| char::from(b)).collect();
    let missing = |field: &str| FormatError::Malformed {
        format: Format::Npy,
        field: Said::name(field),
        offset: Some(10),
        reason: said!("it is missing in the header" | "es fehlt im Kopf der Datei"),
    };
    let value = |key: &str| {
        let (_, rest) = header
            .split_once(&format!("'{key}'"))
            .or_else(|| header.split_once(&format!("\"{key}\"")))?;
        rest.trim_start().strip_prefix(':').map(str::trim_start)
    };
    let descr = value("descr").ok_or_else(|| missing("descr"))?;
    let by_columns = value("fortran_order").is_some_and(|v| v.starts_with("True"));
    let shape = value("shape")
        .and_then(|v| v.strip_prefix('('))
        .and_then(|v| v.split_once(')'))
        .map(|(shape, _)| shape)
        .ok_or_else(|| missing("shape"))?;
    let mut sizes: Vec<usize> = Vec::new();
    for part in shape.split(',').map(|p| p.trim().trim_end_matches('L')) {
        if part.is_empty() {
            continue;
        }
        let size = part.parse().map_err(|_| FormatError::Malformed {
            format: Format::Npy,
            field: Said::name("shape"),
            offset: Some(10),
            reason: said!(
                "'{}' is no size" | "„{}“ ist keine Größe",
                part.chars().take(40).collect::<String>()
            ),
        })?;
        sizes.push(size);
        if sizes.len() > MAX_AXES {
            return Err(FormatError::LimitExceeded {
                format: Format::Npy,
                field: said!("number of axes" | "die Zahl der Achsen"),
                value: sizes.len() as u64,
                limit: MAX_AXES as u64,
            });
        }
    }
    if sizes.is_empty() {
        sizes.push(1);
    }
    let mut encoding = encoding(descr)?;
    if by_columns && sizes.len() > 2 {
        return Err(FormatError::Unsupported {
            format: Format::Npy,
            field: said!(
                "an array of more than two axes in Fortran's order"
                    | "ein Array von mehr als zwei Achsen in Fortran-Ordnung"
            ),
            remedy: said!(
                "save numpy.ascontiguousarray(array)" | "numpy.ascontiguousarray(array) speichern"
            ),
        });
    }
    // Height, width and three or four bytes: a color picture, as image readers for Python give them.
    if let ([_, height, width, channels @ (3 | 4)] | [height, width, channels @ (3 | 4)], false) =
        (sizes.as_slice(), by_columns)
        && encoding.dtype() == Dtype::U8
        && *height > 4
        && *width > 4
    {
        let color = if *channels == 3 {
            Dtype::Rgb
        } else {
            Dtype::Rgba
        };
        encoding = Encoding::Plain(color, Order::Little);
        sizes.pop();
    }
    let rank = sizes.len();
    let axes = sizes
        .iter()
        .enumerate()
        .map(|(index, &size)| {
            let (name, role) = match rank.saturating_sub(index) {
                1 => ("x".to_owned(), AxisRole::Signal),
                2 => ("y".to_owned(), AxisRole::Signal),
                3 => ("frame".to_owned(), AxisRole::Navigation),
                _ => (format!("axis {index}"), AxisRole::Navigation),
            };
            Axis::new(name, size, role)
        })
        .collect();
    let signal = Signal {
        title: String::new(),
        dtype: encoding.dtype(),
        axes,
        metadata: Metadata::default(),
        tags: vec![("header".into(), header.trim().to_owned())],
    };
    let place = Place {
        encoding,
        pieces: Pieces::Contiguous { start },
        arrangement: if by_columns && rank == 2 {
            Arrangement::Columns
        } else {
            Arrangement::Rows
        },
    };
    FlatDocument::new(Format::Npy, reader, limits, vec![(signal, place)], notices)
}

fn encoding(descr: &str) -> Result<Encoding, FormatError> {
    let quoted = descr
        .strip_prefix(['\'', '"'])
        .and_then(|d| d.split_once(['\'', '"']))
        .map(|(d, _)| d);
    let unsupported = |what: Said| FormatError::Unsupported {
        format: Format::Npy,
        field: what,
        remedy: said!("save array.astype('float32')" | "array.astype('float32') speichern"),
    };
    let Some(descr) = quoted else {
        return Err(unsupported(said!(
            "an array of records" | "ein Array aus Datensätzen"
        )));
    };
    let (order, kind) = match descr.split_at_checked(1) {
        Some(("<" | "|" | "=", kind)) => (Order::Little, kind),
        Some((">", kind)) => (Order::Big, kind),
        _ => (Order::Little, descr),
    };
    let dtype = match kind {
        "b1" => Dtype::Bool,
        "u1" => Dtype::U8,
        "i1" => Dtype::I8,
        "u2" => Dtype::U16,
        "i2" => Dtype::I16,
        "u4" => Dtype::U32,
        "i4" => Dtype::I32,
        "u8" => Dtype::U64,
        "i8" => Dtype::I64,
        "f2" => Dtype::F16,
        "f4" => Dtype::F32,
        "f8" => Dtype::F64,
        "c8" => Dtype::C64,
        "c16" => Dtype::C128,
        other => {
            let other: String = other.chars().take(20).collect();
            return Err(unsupported(said!("type '{other}'" | "den Typ {other}")));
        }
    };
    Ok(Encoding::Plain(dtype, order))
}
