//! MRC: the 2014 format (Cheng et al., J. Struct. Biol. 192 (2015) 146), its older forms without the mark `MAP`, IMOD's
//! modes, and the extended headers of FEI/Thermo Fisher.

use super::cursor::{Cursor, Order};
use super::encoding::Encoding;
use super::flat::{Arrangement, FlatDocument, Pieces, Place};
use super::{Format, FormatError, Limits, SourceReader, pixel_size};
use crate::language::said;
use crate::signal::{
    Acquired, Axis, AxisRole, ClockKind, DateTime, Dtype, Metadata, NoticeKind, Notices, Signal,
    Stage,
};

/// Length of the main header.
const HEADER: u64 = 1024;

/// Mark of IMOD (`IMOD` as a number), which tells how 8-bit samples are meant.
const IMOD: u32 = 1_146_047_817;

/// Length of FEI's extended header before 2014: 1024 records of 128 bytes.
const OLD_FEI: u64 = 131_072;

/// Seconds of a day, and days from 1899-12-30, where OLE counts from, to 1970-01-01.
const DAY_S: f64 = 86_400.0;
const OLE_EPOCH_DAYS: f64 = 25_569.0;

/// Order of the bytes: by the machine stamp, else by the mode, which is a small number in one order only.
pub(super) fn order(head: &[u8]) -> Order {
    match head.get(212..214) {
        Some([0x11, 0x11]) => Order::Big,
        Some([0x44, 0x44 | 0x41]) => Order::Little,
        _ => match head.get(12..16) {
            Some([0, 0, _, _]) if head.get(12..16) != Some(&[0, 0, 0, 0]) => Order::Big,
            _ => Order::Little,
        },
    }
}

/// Bytes per sample of a mode, in halves; `None` for one that does not exist.
pub(super) fn half_bytes(mode: u64) -> Option<u64> {
    Some(match mode {
        101 => 1,
        0 => 2,
        1 | 6 | 12 => 4,
        16 => 6,
        2 | 3 | 7 => 8,
        4 => 16,
        _ => return None,
    })
}

pub(super) fn open(
    mut reader: SourceReader,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<FlatDocument, FormatError> {
    let mut cursor = Cursor::new(&mut reader, Format::Mrc, Order::Little);
    let head = cursor.bytes("header", HEADER)?;
    cursor.order = order(&head);
    cursor.at = 0;
    let [nx, ny, nz] = [cursor.u32("nx")?, cursor.u32("ny")?, cursor.u32("nz")?];
    let mode = cursor.u32("mode")?;
    cursor.at = 28;
    let grid = [cursor.u32("mx")?, cursor.u32("my")?, cursor.u32("mz")?];
    let cell = [
        cursor.f32("cell x")?,
        cursor.f32("cell y")?,
        cursor.f32("cell z")?,
    ];
    cursor.at = 88;
    let group = cursor.u32("ispg")?;
    let extended = u64::from(cursor.u32("nsymbt")?);
    cursor.at = 104;
    let kind = cursor.array::<4>("exttyp")?;
    cursor.at = 152;
    let stamp = cursor.u32("imod stamp")?;
    let flags = cursor.u32("imod flags")?;
    let order = cursor.order;
    let plain = |dtype| Encoding::Plain(dtype, order);
    let encoding = match mode {
        // Signed since 2014; IMOD says which.
        0 if stamp == IMOD && flags & 1 == 0 => plain(Dtype::U8),
        0 => plain(Dtype::I8),
        1 => plain(Dtype::I16),
        2 => plain(Dtype::F32),
        3 => Encoding::ComplexI16(order),
        4 => plain(Dtype::C64),
        6 => plain(Dtype::U16),
        7 => plain(Dtype::I32),
        12 => plain(Dtype::F16),
        16 => plain(Dtype::Rgb),
        101 => Encoding::Nibbles { width: nx.into() },
        other => {
            return Err(FormatError::Unsupported {
                format: Format::Mrc,
                field: said!("mode {other}" | "Modus {other}"),
                remedy: said!(
                    "export it as 32-bit real numbers (mode 2)"
                        | "als reelle Zahlen mit 32 Bit exportieren (Modus 2)"
                ),
            });
        }
    };
    let fei = fei(&mut cursor, kind, extended);
    let labels: Vec<String> = (0..10_usize)
        .filter_map(|k| {
            let start = 224_usize.saturating_add(k.saturating_mul(80));
            let bytes = head.get(start..start.saturating_add(80))?;
            let text: String = bytes
                .iter()
                .map(|&b| char::from(b))
                .filter(|c| !c.is_control())
                .collect();
            let text = text.trim().to_owned();
            (!text.is_empty()).then_some(text)
        })
        .collect();
    let size = |n: u32| n as usize;
    let axis = |name: &str, count: u32, role: AxisRole, grid: u32, length: f32| {
        let plain = Axis::new(name, size(count), role);
        let step = f64::from(length) / f64::from(grid);
        if grid > 0 && step.is_finite() && step != 0.0 {
            Axis {
                unit: "\u{c5}".into(),
                scale: step,
                tag: format!("cell length and grid along {name}"),
                ..plain
            }
        } else {
            plain
        }
    };
    let ([mx, my, mz], [cx, cy, cz]) = (grid, cell);
    let mut axes = vec![
        axis("y", ny, AxisRole::Signal, my, cy),
        axis("x", nx, AxisRole::Signal, mx, cx),
    ];
    if nz != 1 {
        axes.insert(0, axis("z", nz, AxisRole::Navigation, mz, cz));
    }
    // FEI states the pixel size itself; the cell is often left at one pixel.
    if let Some(pixel_m) = fei.pixel_m {
        for own in axes.iter_mut().filter(|a| a.role == AxisRole::Signal) {
            own.unit = "m".into();
            own.scale = pixel_m;
            own.tag = "pixel size of FEI's extended header".into();
        }
    }
    let mut tags = vec![
        ("mode".to_owned(), mode.to_string()),
        ("mx, my, mz".into(), format!("{grid:?}")),
        ("cella".into(), format!("{cell:?}")),
        ("ispg".into(), group.to_string()),
        ("nsymbt".into(), extended.to_string()),
        (
            "exttyp".into(),
            kind.iter()
                .map(|&b| char::from(b))
                .filter(|c| !c.is_control())
                .collect(),
        ),
    ];
    tags.extend(
        labels
            .iter()
            .enumerate()
            .map(|(k, label)| (format!("label {k}"), label.clone())),
    );
    tags.extend(fei.tags);
    let mut signal = Signal {
        title: String::new(),
        dtype: encoding.dtype(),
        axes,
        metadata: Metadata {
            high_tension_kv: fei.volts.map(|v| v / 1000.0),
            acquired: fei.time.map(|time| Acquired {
                text: time.to_string(),
                time: Some(time),
                clock: ClockKind::Unknown,
            }),
            exposure_s: fei.exposure_s,
            stage: fei.stage.known(),
            instrument: fei.instrument,
            ..Metadata::default()
        },
        tags,
    };
    if one_angstrom(&signal) {
        notices.add(NoticeKind::PixelSizeDoubted {
            pixel_nm: 0.1,
            tag: "cell length and grid".into(),
            reason: said!(
                "one ångström in every direction is what programs write that know none"
                    | "ein Ångström in jeder Richtung schreiben Programme, die keine kennen"
            ),
        });
    } else {
        pixel_size::settle(&mut signal, notices);
    }
    let place = Place {
        encoding,
        pieces: Pieces::Contiguous {
            start: HEADER.saturating_add(extended),
        },
        arrangement: Arrangement::Rows,
    };
    FlatDocument::new(Format::Mrc, reader, limits, vec![(signal, place)], notices)
}

/// A cell of as many ångströms as pixels along every axis.
fn one_angstrom(signal: &Signal) -> bool {
    signal.axes.len() > 1
        && signal
            .axes
            .iter()
            .all(|a| a.unit == "\u{c5}" && a.scale == 1.0)
}

/// What FEI's extended headers say; the first record stands for all.
#[derive(Default)]
struct Fei {
    pixel_m: Option<f64>,
    volts: Option<f64>,
    time: Option<DateTime>,
    exposure_s: Option<f64>,
    stage: Stage,
    instrument: Option<String>,
    tags: Vec<(String, String)>,
}

fn fei(cursor: &mut Cursor<'_>, kind: [u8; 4], extended: u64) -> Fei {
    let mut found = Fei::default();
    let order = cursor.order;
    let result = match &kind {
        // FEI writes little-endian whatever the stamp says.
        b"FEI1" | b"FEI2" => {
            cursor.order = Order::Little;
            new_fei(cursor, &mut found)
        }
        _ if extended == OLD_FEI && kind.iter().all(|&b| b == 0 || b == b' ') => {
            old_fei(cursor, &mut found)
        }
        _ => Ok(()),
    };
    cursor.order = order;
    // An image opens even when its metadata do not.
    if result.is_err() {
        Fei::default()
    } else {
        found
    }
}

/// A step that an electron microscope can have (m).
fn pixel(meters: f64) -> Option<f64> {
    (1e-13..1e-4).contains(&meters).then_some(meters)
}

/// FEI1 and FEI2 (Thermo Fisher, *MRC2014 file image format specification*): 64-bit numbers at fixed places.
fn new_fei(cursor: &mut Cursor<'_>, found: &mut Fei) -> Result<(), FormatError> {
    let mut number = |name: &str, at: u64| {
        cursor.at = HEADER.saturating_add(at);
        let value = cursor.f64(name)?;
        found.tags.push((format!("FEI.{name}"), value.to_string()));
        Ok::<f64, FormatError>(value)
    };
    let days = number("Timestamp", 12)?;
    let volts = number("HT", 84)?;
    let alpha_deg = number("Alpha tilt", 100)?;
    let beta_deg = number("Beta tilt", 108)?;
    let [x, y, z] = [
        number("X-Stage", 116)?,
        number("Y-Stage", 124)?,
        number("Z-Stage", 132)?,
    ];
    found.pixel_m = pixel(number("Pixel size X", 156)?);
    number("Pixel size Y", 164)?;
    cursor.at = HEADER.saturating_add(20);
    let name = cursor.bytes("Microscope type", 16)?;
    let name: String = name
        .iter()
        .map(|&b| char::from(b))
        .filter(|c| !c.is_control())
        .collect();
    found.instrument = Some(name.trim().to_owned()).filter(|n| !n.is_empty());
    found.volts = (1e3..1e7).contains(&volts).then_some(volts);
    // Days of this century; 0 where it was not set.
    found.time = (36_526.0..80_000.0)
        .contains(&days)
        .then(|| DateTime::from_unix_s((days - OLE_EPOCH_DAYS) * DAY_S))
        .flatten();
    let um = |meters: f64| (meters.abs() < 1.0).then_some(meters * 1e6);
    let degrees = |angle: f64| (angle.abs() <= 180.0).then_some(angle);
    found.stage = Stage {
        x_um: um(x),
        y_um: um(y),
        z_um: um(z),
        alpha_deg: degrees(alpha_deg),
        beta_deg: degrees(beta_deg),
    };
    Ok(())
}

/// FEI before 2014: 32-bit numbers, the fields in the order of its Xplore3D and TIA.
fn old_fei(cursor: &mut Cursor<'_>, found: &mut Fei) -> Result<(), FormatError> {
    cursor.at = HEADER;
    let names = [
        "a_tilt",
        "b_tilt",
        "x_stage",
        "y_stage",
        "z_stage",
        "x_shift",
        "y_shift",
        "defocus",
        "exp_time",
        "mean_int",
        "tilt_axis",
        "pixel_size",
        "magnification",
        "ht",
    ];
    let mut values = Vec::new();
    for name in names {
        let value = f64::from(cursor.f32(name)?);
        values.push(value);
    }
    let [
        alpha,
        beta,
        x,
        y,
        z,
        _,
        _,
        _,
        exposure,
        _,
        _,
        pixel_m,
        _,
        volts,
    ] = values.as_slice()
    else {
        return Ok(());
    };
    let Some(pixel_m) = pixel(*pixel_m) else {
        // Not FEI's: other programs' headers may have this length.
        return Ok(());
    };
    found.tags = names
        .iter()
        .zip(&values)
        .map(|(name, value)| (format!("FEI.{name}"), value.to_string()))
        .collect();
    found.pixel_m = Some(pixel_m);
    found.volts = (1e3..1e7).contains(volts).then_some(*volts);
    found.exposure_s = (*exposure > 0.0 && exposure.is_finite()).then_some(*exposure);
    found.stage = Stage {
        x_um: Some(x * 1e6),
        y_um: Some(y * 1e6),
        z_um: Some(z * 1e6),
        alpha_deg: Some(*alpha),
        beta_deg: Some(*beta),
    };
    Ok(())
}
