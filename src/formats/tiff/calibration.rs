//! Pixel sizes as TIFF files state them, and which of them are believed.
//!
//! In the order of trust: the microscope's own tag (FEI/Thermo Fisher, Zeiss SEM, DigitalMicrograph, Olympus SIS, TVIPS); ImageJ's `unit` with XResolution; OME's PhysicalSizeX; XResolution per inch or centimeter
//! where it is no print resolution.

use super::ifd::{Directory, Header, Value};
use crate::formats::cursor::{Cursor, Order};
use crate::formats::{Format, SourceReader};
use crate::language::said;
use crate::signal::{NoticeKind, Notices};
use crate::units::nanometers_per;

/// Pixel sizes above this (nm), stated per inch or centimeter, are print resolutions: 72 dpi is 352 778 nm, and no
/// printer reaches the 25 400 dpi of 1 µm.
const PRINT_NM: f64 = 1000.0;

/// Relative difference of width and height that is rounding of the rationals.
const SQUARE: f64 = 1e-4;

/// What a page says of its pixels.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Calibration {
    /// Step along the width and along the height, in `unit`.
    pub scale: Option<(f64, f64)>,
    /// Unit as in the file; empty when none.
    pub unit: String,
    /// The tag they are from.
    pub tag: String,
    /// Pixel size (nm) and the tag it is from, where it is believed.
    pub pixel_nm: Option<(f64, String)>,
}

/// `key=value` lines of an ImageJ description.
#[derive(Clone, Debug, Default)]
pub(super) struct ImageJ {
    pub images: u64,
    pub channels: u64,
    pub slices: u64,
    pub frames: u64,
    /// Escapes such as `\u00B5` resolved.
    pub unit: String,
    pub spacing: Option<f64>,
    pub interval_s: Option<f64>,
}

impl ImageJ {
    /// `None` where the description is not ImageJ's.
    pub(super) fn parse(description: &str) -> Option<ImageJ> {
        if !description.starts_with("ImageJ=") {
            return None;
        }
        let mut found = ImageJ::default();
        for (key, value) in description.lines().filter_map(|l| l.split_once('=')) {
            let value = value.trim();
            let count = || value.parse::<u64>().unwrap_or(0);
            match key.trim() {
                "images" => found.images = count(),
                "channels" => found.channels = count(),
                "slices" => found.slices = count(),
                "frames" => found.frames = count(),
                "unit" => found.unit = unescape(value),
                "spacing" => found.spacing = value.parse().ok().filter(|s: &f64| s.is_finite()),
                "finterval" => {
                    found.interval_s = value.parse().ok().filter(|s: &f64| s.is_finite());
                }
                _ => {}
            }
        }
        Some(found)
    }
}

/// Java's `\uXXXX`.
fn unescape(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let decoded = part
            .get(..4)
            .and_then(|hex| u32::from_str_radix(hex, 16).ok())
            .and_then(char::from_u32)
            .zip(part.get(4..));
        match decoded {
            Some((symbol, rest)) => {
                out.push(symbol);
                out.push_str(rest);
            }
            None => {
                out.push_str("\\u");
                out.push_str(part);
            }
        }
    }
    out
}

/// Reads the calibration of a page. A tag that cannot be read counts as absent: an image opens even when its metadata
/// do not.
pub(super) fn read(
    header: &Header,
    reader: &mut SourceReader,
    directory: &Directory,
    description: &str,
    notices: &mut Notices,
) -> Calibration {
    if let Some(stated) = vendor(header, reader, directory)
        .or_else(|| digital_micrograph(header, reader, directory))
        .or_else(|| olympus(header, reader, directory))
        .or_else(|| tvips(header, reader, directory))
    {
        return believe(stated, notices);
    }
    let mut number = |tag: u16| {
        let entry = directory.entry(tag)?;
        let value = header.value(reader, entry).ok()?;
        match value {
            Value::Text(_) | Value::Bytes(_) => None,
            value => value.first_real(),
        }
    };
    let (x, y) = (number(282), number(283));
    let per_unit = |resolution: Option<f64>| resolution.filter(|r| *r > 0.0 && r.is_finite());
    let x = per_unit(x);
    let y = per_unit(y).or(x);
    let resolution_unit = number(296).unwrap_or(2.0);
    if let Some(image_j) = ImageJ::parse(description)
        && !image_j.unit.is_empty()
        && !matches!(image_j.unit.as_str(), "pixel" | "pixels")
    {
        let Some((x, y)) = x.zip(y) else {
            return Calibration::default();
        };
        return believe(
            Stated {
                scale: (1.0 / x, 1.0 / y),
                unit: image_j.unit,
                tag: "XResolution with ImageJ unit",
            },
            notices,
        );
    }
    if let Some(stated) = ome(description) {
        return believe(stated, notices);
    }
    let unit = match resolution_unit {
        2.0 => "inch",
        3.0 => "cm",
        _ => return Calibration::default(),
    };
    let Some((x, y)) = x.zip(y) else {
        return Calibration::default();
    };
    // A resolution of 1 is what writers put where they know none.
    if x == 1.0 {
        return Calibration::default();
    }
    believe(
        Stated {
            scale: (1.0 / x, 1.0 / y),
            unit: unit.into(),
            tag: "XResolution",
        },
        notices,
    )
}

struct Stated {
    scale: (f64, f64),
    unit: String,
    tag: &'static str,
}

fn believe(stated: Stated, notices: &mut Notices) -> Calibration {
    let Stated { scale, unit, tag } = stated;
    let kept = Calibration {
        scale: Some(scale),
        unit: unit.clone(),
        tag: tag.into(),
        pixel_nm: None,
    };
    let Some(nm) = nanometers_per(&unit) else {
        notices.add(NoticeKind::UnknownUnit {
            unit,
            tag: tag.into(),
        });
        return kept;
    };
    let (width_nm, height_nm) = (scale.0 * nm, scale.1 * nm);
    let print_unit = matches!(unit.as_str(), "inch" | "inches" | "in" | "cm");
    if print_unit && width_nm > PRINT_NM {
        notices.add(NoticeKind::PixelSizeDoubted {
            pixel_nm: width_nm,
            tag: tag.into(),
            reason: said!(
                "{:.0} per {unit} is a print resolution"
                    | "{:.0} je {unit} ist eine Druckauflösung",
                1.0 / scale.0
            ),
        });
        return Calibration::default();
    }
    let mut pixel_nm = width_nm;
    if (width_nm - height_nm).abs() > SQUARE * width_nm {
        notices.add(NoticeKind::NonSquarePixels {
            width_nm,
            height_nm,
        });
        pixel_nm = 0.5 * (width_nm + height_nm);
    }
    Calibration {
        pixel_nm: Some((pixel_nm, tag.into())),
        ..kept
    }
}

/// Tags of microscopes, in meters: FEI's `[Scan] PixelWidth`, and the fourth line of Zeiss SEM's.
fn vendor(header: &Header, reader: &mut SourceReader, directory: &Directory) -> Option<Stated> {
    let mut text = |tag: u16| {
        let entry = directory.entry(tag).filter(|e| e.count <= 1 << 20)?;
        match header.value(reader, entry).ok()? {
            Value::Text(text) => Some(text),
            Value::Bytes(bytes) => Some(bytes.iter().map(|&b| char::from(b)).collect()),
            _ => None,
        }
    };
    let size = |text: &str| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|s| *s > 0.0 && s.is_finite())
    };
    let in_meters = |scale, tag| {
        Some(Stated {
            scale,
            unit: "m".into(),
            tag,
        })
    };
    if let Some(ini) = text(34682) {
        let value = |key: &str| {
            let scan = ini.lines().skip_while(|l| l.trim() != "[Scan]");
            scan.filter_map(|l| l.split_once('='))
                .find(|(k, _)| k.trim() == key)
                .and_then(|(_, v)| size(v))
        };
        let x = value("PixelWidth")?;
        let y = value("PixelHeight").unwrap_or(x);
        return in_meters((x, y), "FEI PixelWidth");
    }
    let zeiss = text(34118)?;
    let x = zeiss.lines().nth(3).and_then(size)?;
    in_meters((x, x), "Zeiss pixel size")
}

/// DigitalMicrograph's own tags: units (65003 along the width, 65004 along the height) and scales (65009, 65010).
fn digital_micrograph(
    header: &Header,
    reader: &mut SourceReader,
    directory: &Directory,
) -> Option<Stated> {
    let mut value = |tag: u16| {
        let entry = directory.entry(tag).filter(|e| e.count <= 256)?;
        header.value(reader, entry).ok()
    };
    let Some(Value::Text(unit)) = value(65003) else {
        return None;
    };
    let mut scale = |tag: u16| {
        let scale = value(tag)?.first_real()?;
        (scale > 0.0 && scale.is_finite()).then_some(scale)
    };
    let x = scale(65009)?;
    let y = scale(65010).unwrap_or(x);
    let unit = unit.trim().to_owned();
    (!unit.is_empty()).then_some(Stated {
        scale: (x, y),
        unit,
        tag: "DigitalMicrograph scale",
    })
}

/// Olympus SIS: tag 33560 points to a block that begins with `SIS0`. Its entries (kind, count, place) stand 60 bytes
/// behind; that of kind 1 has the exponent of ten of the unit (m) and the sizes of a pixel.
fn olympus(header: &Header, reader: &mut SourceReader, directory: &Directory) -> Option<Stated> {
    let entry = directory.entry(33560)?;
    let start = header.value(reader, entry).ok()?.first_real()? as u64;
    let mut cursor = Cursor::new(reader, Format::Tiff, Order::Little);
    cursor.at = start;
    if cursor.array::<4>("OlympusSIS").ok()? != *b"SIS0" {
        return None;
    }
    cursor.at = start.saturating_add(58);
    let count = cursor.u16("OlympusSIS.count").ok()?;
    for _ in 0..count.min(256) {
        let kind = cursor.u16("OlympusSIS.kind").ok()?;
        cursor.skip(2);
        let place = cursor.u32("OlympusSIS.place").ok()?;
        if kind != 1 {
            continue;
        }
        cursor.at = u64::from(place).saturating_add(10);
        let exponent = cursor.i16("OlympusSIS.exponent").ok()?;
        let x = cursor.f64("OlympusSIS.width").ok()?;
        let y = cursor.f64("OlympusSIS.height").ok()?;
        let meter = libm::pow(10.0, exponent.into());
        let sound = |v: f64| v > 0.0 && v.is_finite();
        return (sound(x * meter) && sound(y * meter)).then_some(Stated {
            scale: (x * meter, y * meter),
            unit: "m".into(),
            tag: "OlympusSIS",
        });
    }
    None
}

/// TVIPS: a block of fixed layout, from version 2 on with the pixel size (nm) at byte 2968.
fn tvips(header: &Header, reader: &mut SourceReader, directory: &Directory) -> Option<Stated> {
    let entry = directory.entry(37706).filter(|e| e.count <= 1 << 20)?;
    let Value::Bytes(block) = header.value(reader, entry).ok()? else {
        return None;
    };
    let word = |at: usize| block.get(at..)?.first_chunk::<4>().copied();
    if u32::from_le_bytes(word(0)?) < 2 {
        return None;
    }
    let size = |at: usize| {
        let nm = f64::from(f32::from_le_bytes(word(at)?));
        (nm > 0.0 && nm.is_finite()).then_some(nm)
    };
    let x = size(2968)?;
    Some(Stated {
        scale: (x, size(2972).unwrap_or(x)),
        unit: "nm".into(),
        tag: "TVIPS",
    })
}

/// OME-XML in the description: attributes of the first `<Pixels`; the unit is µm where none is given (OME schema).
fn ome(description: &str) -> Option<Stated> {
    if !description.contains("<OME") {
        return None;
    }
    let (_, after) = description.split_once("<Pixels")?;
    let (element, _) = after.split_once('>')?;
    let attribute = |name: &str| {
        let (_, rest) = element.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    };
    let size = |name: &str| {
        attribute(name)?
            .parse::<f64>()
            .ok()
            .filter(|s| *s > 0.0 && s.is_finite())
    };
    let x = size("PhysicalSizeX")?;
    let unit = attribute("PhysicalSizeXUnit").unwrap_or("µm");
    let other = attribute("PhysicalSizeYUnit").unwrap_or("µm");
    let y = match (nanometers_per(unit), nanometers_per(other)) {
        (Some(a), Some(b)) => size("PhysicalSizeY").map_or(x, |y| y * b / a),
        _ => x,
    };
    Some(Stated {
        scale: (x, y),
        unit: unit.into(),
        tag: "OME PhysicalSizeX",
    })
}
