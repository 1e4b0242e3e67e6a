//! The `.ser` file: a header, dimensions, an array of offsets, and one element (a picture or a spectrum) at each.

use super::emi::Object;
use crate::formats::cursor::{Cursor, Order};
use crate::formats::encoding::Encoding;
use crate::formats::flat::{Arrangement, FlatDocument, Pieces, Place};
use crate::formats::{Format, FormatError, Limits, SourceReader, pixel_size};
use crate::language::said;
use crate::signal::{
    Acquired, Axis, AxisRole, ClockKind, DateTime, Dtype, Metadata, NoticeKind, Notices, Signal,
};

/// Longest name or unit (bytes).
const MAX_TEXT: u64 = 4096;

/// Most dimensions; files have one or two.
const MAX_DIMENSIONS: u32 = 16;

/// One axis along which elements follow one another.
struct Dimension {
    size: u64,
    offset: f64,
    scale: f64,
    /// Index to which `offset` belongs.
    index: i32,
    name: String,
    unit: String,
}

/// What stands before the samples of an element.
struct Element {
    /// Where it begins.
    offset: u64,
    /// Slowest first: offset, step, size.
    axes: Vec<(f64, f64, u64)>,
    kind: i16,
    /// Where its samples begin.
    start: u64,
}

pub(super) fn open(
    mut reader: SourceReader,
    object: Option<&Object>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<FlatDocument, FormatError> {
    let mut cursor = Cursor::new(&mut reader, Format::Ser, Order::Little);
    cursor.skip(4);
    let version = cursor.u16("version")?;
    let wide = version >= 0x220;
    let kind = cursor.u32("data type")?;
    let planar = match kind {
        0x4120 => false,
        0x4122 => true,
        other => {
            return Err(cursor.malformed(
                "data type",
                said!("{other:#x} is neither 1-D nor 2-D" | "{other:#x} ist weder 1-D noch 2-D"),
            ));
        }
    };
    let tag_kind = cursor.u32("tag type")?;
    let total = u64::from(cursor.u32("number of elements")?);
    let valid = u64::from(cursor.u32("number of valid elements")?);
    let table = if wide {
        cursor.u64("offset of offsets")?
    } else {
        u64::from(cursor.u32("offset of offsets")?)
    };
    let rank = cursor.u32("number of dimensions")?;
    if rank > MAX_DIMENSIONS {
        return Err(cursor.malformed(
            "number of dimensions",
            said!("{rank} of them" | "es sind {rank}"),
        ));
    }
    let dimensions: Vec<Dimension> = (0..rank)
        .map(|_| dimension(&mut cursor))
        .collect::<Result<_, _>>()?;
    let count = valid.min(total);
    if count == 0 {
        return Err(cursor.malformed(
            "number of valid elements",
            said!("the series was never filled" | "die Serie wurde nie gefüllt"),
        ));
    }
    // A line of spectra may be longer than a stack of pictures.
    let most = if planar { limits.pages } else { limits.pixels };
    if count > most {
        return Err(FormatError::LimitExceeded {
            format: Format::Ser,
            field: said!("number of elements" | "die Zahl der Elemente"),
            value: count,
            limit: most,
        });
    }
    let word = if wide { 8_u64 } else { 4 };
    cursor.at = table;
    let packed = cursor.bytes("array of offsets", count.saturating_mul(word))?;
    let offsets: Vec<u64> = if wide {
        let (words, _) = packed.as_chunks::<8>();
        words.iter().map(|&b| u64::from_le_bytes(b)).collect()
    } else {
        let (words, _) = packed.as_chunks::<4>();
        words
            .iter()
            .map(|&b| u64::from(u32::from_le_bytes(b)))
            .collect()
    };
    let first = element(&mut cursor, offsets.first().copied().unwrap_or(0), planar)?;
    let dtype = match first.kind {
        1 => Dtype::U8,
        2 => Dtype::U16,
        3 => Dtype::U32,
        4 => Dtype::I8,
        5 => Dtype::I16,
        6 => Dtype::I32,
        7 => Dtype::F32,
        8 => Dtype::F64,
        9 => Dtype::C64,
        10 => Dtype::C128,
        other => {
            return Err({
                cursor.malformed("data type", said!("{other} is none" | "{other} ist keiner"))
            });
        }
    };
    let starts = starts_of(&cursor, &first, offsets, dtype.bytes() as u64, notices)?;
    let count = starts.len() as u64;
    // Patterns taken point by point are no pictures of the scanned area.
    let scanned = dimensions.iter().any(|d| !d.unit.is_empty());
    let diffraction = planar && (scanned || object.is_some_and(Object::is_diffraction));
    let mut axes = navigation(&dimensions, count);
    axes.extend(own_axes(&first, diffraction));
    let mut metadata = object.map(Object::metadata).unwrap_or_default();
    if metadata.acquired.is_none() {
        metadata.acquired = time_of_first(&mut cursor, table, total, wide, tag_kind);
    }
    let encoding = Encoding::Plain(dtype, Order::Little);
    let mut signal = Signal {
        title: metadata.detector.clone().unwrap_or_default(),
        dtype,
        axes,
        metadata: Metadata {
            title: metadata.detector.clone(),
            ..metadata
        },
        tags: tags(version, &dimensions, &first, (total, valid), object),
    };
    pixel_size::settle(&mut signal, notices);
    let place = Place {
        encoding,
        pieces: Pieces::Scattered {
            starts,
            samples: first.samples(),
            before: first.shape_bytes(),
        },
        arrangement: if planar {
            Arrangement::BottomUp
        } else {
            Arrangement::Rows
        },
    };
    FlatDocument::new(Format::Ser, reader, limits, vec![(signal, place)], notices)
}

impl Element {
    fn samples(&self) -> u64 {
        self.axes
            .iter()
            .fold(1_u64, |n, axis| n.saturating_mul(axis.2))
    }

    /// Type and sizes as they stand before the samples.
    fn shape_bytes(&self) -> Vec<u8> {
        let mut bytes = self.kind.to_le_bytes().to_vec();
        for (_, _, size) in self.axes.iter().rev() {
            bytes.extend_from_slice(&(*size as u32).to_le_bytes());
        }
        bytes
    }
}

fn dimension(cursor: &mut Cursor<'_>) -> Result<Dimension, FormatError> {
    let size = u64::from(cursor.u32("dimension.size")?);
    let offset = cursor.f64("dimension.offset")?;
    let scale = cursor.f64("dimension.step")?;
    let index = cursor.i32("dimension.index")?;
    let name = text(cursor, "dimension.description")?;
    let unit = text(cursor, "dimension.units")?;
    Ok(Dimension {
        size,
        offset,
        scale,
        index,
        name,
        unit,
    })
}

fn text(cursor: &mut Cursor<'_>, field: &str) -> Result<String, FormatError> {
    let length = u64::from(cursor.u32(field)?);
    if length > MAX_TEXT {
        return Err(cursor.malformed(field, said!("{length} characters" | "{length} Zeichen")));
    }
    let bytes = cursor.bytes(field, length)?;
    Ok(bytes.iter().map(|&b| char::from(b)).collect())
}

fn element(cursor: &mut Cursor<'_>, offset: u64, planar: bool) -> Result<Element, FormatError> {
    cursor.at = offset;
    let calibration = |cursor: &mut Cursor<'_>| {
        let offset = cursor.f64("element.offset")?;
        let scale = cursor.f64("element.step")?;
        let index = cursor.i32("element.index")?;
        Ok::<_, FormatError>((offset - f64::from(index) * scale, scale))
    };
    let x = calibration(cursor)?;
    let y = planar.then(|| calibration(cursor)).transpose()?;
    let kind = cursor.i16("element.data type")?;
    let width = u64::from(cursor.u32("element.size")?);
    let mut axes = vec![(x.0, x.1, width)];
    if let Some(y) = y {
        axes.insert(0, (y.0, y.1, u64::from(cursor.u32("element.size")?)));
    }
    Ok(Element {
        offset,
        axes,
        kind,
        start: cursor.at,
    })
}

/// Where the samples of each element begin. The series ends before the first one that is not wholly in the file, with a
/// notice. The elements' own headers are compared with the first one when they are read: they lie all over the file.
fn starts_of(
    cursor: &Cursor<'_>,
    first: &Element,
    offsets: Vec<u64>,
    sample_bytes: u64,
    notices: &mut Notices,
) -> Result<Vec<u64>, FormatError> {
    let size = first.samples().saturating_mul(sample_bytes);
    let header = first.start.saturating_sub(first.offset);
    let total = offsets.len();
    let mut starts = Vec::with_capacity(total);
    for (index, offset) in offsets.into_iter().enumerate() {
        let start = offset.saturating_add(header);
        if start.saturating_add(size) <= cursor.reader.len() {
            starts.push(start);
            continue;
        }
        let problem = FormatError::Truncated {
            format: Format::Ser,
            field: said!("element {index}" | "Element {index}"),
            offset: Some(cursor.reader.len()),
        };
        if starts.is_empty() {
            return Err(problem);
        }
        notices.add(NoticeKind::Skipped {
            what: said!(
                "elements {index} to {} (counted from 0)"
                    | "Elemente {index} bis {} (ab 0 gezählt)",
                total.saturating_sub(1)
            ),
            reason: problem.said(),
        });
        break;
    }
    Ok(starts)
}

/// Axes of the series, slowest first: the file lists the fastest first. A single element has none, unless it stands at a
/// position.
fn navigation(dimensions: &[Dimension], count: u64) -> Vec<Axis> {
    let whole = dimensions
        .iter()
        .fold(1_u64, |n, d| n.saturating_mul(d.size));
    let axis = |dimension: &Dimension, size: u64| {
        let plain = Axis::new(
            dimension.name.clone(),
            usize::try_from(size).unwrap_or(usize::MAX),
            AxisRole::Navigation,
        );
        let stated = !dimension.unit.is_empty() && dimension.scale.is_finite();
        if stated {
            let offset = dimension.offset - f64::from(dimension.index) * dimension.scale;
            Axis {
                unit: dimension.unit.clone(),
                offset: if offset.is_finite() { offset } else { 0.0 },
                scale: dimension.scale,
                tag: format!("dimension {}", dimension.name),
                ..plain
            }
        } else {
            plain
        }
    };
    match dimensions {
        [only] if count == 1 && only.unit.is_empty() => Vec::new(),
        [only] => vec![axis(only, count)],
        several if whole == count => several.iter().rev().map(|d| axis(d, d.size)).collect(),
        // A scan that was stopped, or dimensions that do not account for the elements.
        _ if count > 1 => {
            let size = usize::try_from(count).unwrap_or(usize::MAX);
            vec![Axis::new("element", size, AxisRole::Navigation)]
        }
        _ => Vec::new(),
    }
}

fn own_axes(element: &Element, diffraction: bool) -> Vec<Axis> {
    let names: &[&str] = match element.axes.as_slice() {
        [_] => &["Energy"],
        _ => &["y", "x"],
    };
    let unit = match (names.len(), diffraction) {
        (1, _) => "eV",
        (_, true) => "1/m",
        (_, false) => "m",
    };
    names
        .iter()
        .zip(&element.axes)
        .map(|(name, &(offset, scale, size))| {
            let size = usize::try_from(size).unwrap_or(usize::MAX);
            let plain = Axis::new(*name, size, AxisRole::Signal);
            if scale.is_finite() && scale != 0.0 && offset.is_finite() {
                Axis {
                    unit: unit.into(),
                    offset,
                    scale,
                    tag: "calibration of the first element".into(),
                    ..plain
                }
            } else {
                plain
            }
        })
        .collect()
}

/// The tag of the first element: seconds since 1970, in universal time.
fn time_of_first(
    cursor: &mut Cursor<'_>,
    table: u64,
    total: u64,
    wide: bool,
    tag_kind: u32,
) -> Option<Acquired> {
    if !matches!(tag_kind, 0x4152 | 0x4142) {
        return None;
    }
    let word = if wide { 8_u64 } else { 4 };
    cursor.at = table.saturating_add(total.saturating_mul(word));
    let offset = if wide {
        cursor.u64("offset of a tag").ok()?
    } else {
        u64::from(cursor.u32("offset of a tag").ok()?)
    };
    cursor.at = offset.saturating_add(4);
    let seconds = cursor.u32("time of the first element").ok()?;
    let time = DateTime::from_unix_s(seconds.into())?;
    (seconds > 0).then(|| Acquired {
        text: format!("{seconds} s since 1970-01-01T00:00:00Z"),
        time: Some(time),
        clock: ClockKind::Utc,
    })
}

fn tags(
    version: u16,
    dimensions: &[Dimension],
    first: &Element,
    (total, valid): (u64, u64),
    object: Option<&Object>,
) -> Vec<(String, String)> {
    let mut tags = vec![
        ("version".to_owned(), format!("{version:#x}")),
        ("TotalNumberElements".into(), total.to_string()),
        ("ValidNumberElements".into(), valid.to_string()),
    ];
    for (index, d) in dimensions.iter().enumerate() {
        let mut tag = |name: &str, value: String| tags.push((format!("Dim-{index}.{name}"), value));
        tag("Description", d.name.clone());
        tag("Units", d.unit.clone());
        tag("DimensionSize", d.size.to_string());
        tag("CalibrationOffset", d.offset.to_string());
        tag("CalibrationDelta", d.scale.to_string());
        tag("CalibrationElement", d.index.to_string());
    }
    for (index, (offset, scale, size)) in first.axes.iter().rev().enumerate() {
        let mut tag =
            |name: &str, value: String| tags.push((format!("Element.{index}.{name}"), value));
        tag("CalibrationOffset", offset.to_string());
        tag("CalibrationDelta", scale.to_string());
        tag("ArraySize", size.to_string());
    }
    if let Some(object) = object {
        tags.extend(
            object
                .tags
                .iter()
                .map(|(path, value)| (format!("ObjectInfo.{path}"), value.clone())),
        );
    }
    tags
}
