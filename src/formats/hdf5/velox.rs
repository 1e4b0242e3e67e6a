//! Velox EMD (Thermo Fisher Scientific): versions 4 to 11 were met.
//!
//! `/Data/Image/ID` holds `Data` (row, column, frame) and `Metadata`: JSON in a column of bytes for every frame.
//! `/Data/Spectrum/ID` is the same with one dimension less, `/Data/SpectrumStream/ID` a stream of events (see
//! [`super::stream`]). What a picture is called stands with its display. All numbers of the JSON are texts, in SI units.

use std::collections::BTreeMap;

use hdf5_reader::group::Group;
use hdf5_reader::{Dataset, SliceInfo, SliceInfoElem};
use serde_json::Value;

use super::store::Store;
use super::stream::Stream;
use super::tags::Tags;
use super::{Array, Collector, Content, Found, signal_of};
use crate::formats::FormatError;
use crate::language::{Said, said};
use crate::signal::{
    Acquired, Axis, AxisRole, ClockKind, DateTime, Metadata, NoticeKind, Notices, Signal, Stage,
};

/// Bytes of the metadata of one frame; Velox writes 60 000.
const METADATA: u64 = 4 << 20;

/// Kinds of data that are read; the name of the group in `/Data`.
const IMAGE: &str = "Image";
const SPECTRUM: &str = "Spectrum";
const STREAM: &str = "SpectrumStream";

pub(super) fn read(store: &Store, notices: &mut Notices) -> Result<Vec<Found>, FormatError> {
    let mut collector = Collector::default();
    let titles = titles(store);
    let streams = items(store, STREAM)?;
    let images = items(store, IMAGE)?;
    for (path, group) in &images {
        // Beside spectra, frames are what follows the drift: the first is given alone too, as other programs do.
        let spectral = !streams.is_empty();
        let title = titles.get(path).map(String::as_str);
        let stack = image(store, (path, group), title, spectral, notices);
        collector.take(path, stack, notices);
        if spectral && frames(group) > 1 {
            let all = image(store, (path, group), title, false, notices);
            collector.take(path, all, notices);
        }
    }
    for (path, group) in &items(store, SPECTRUM)? {
        collector.take(path, spectrum(store, path, group, notices), notices);
    }
    if !streams.is_empty() {
        let sizes: Vec<[usize; 2]> = images.iter().filter_map(|(_, g)| size_of(g)).collect();
        let cube = spectrum_image(store, &streams, &sizes, notices);
        collector.take(STREAM, cube, notices);
    }
    note_others(store, !streams.is_empty(), notices);
    collector.finish()
}

/// The groups of one kind of data with their paths.
fn items(store: &Store, kind: &str) -> Result<Vec<(String, Group)>, FormatError> {
    let path = format!("/Data/{kind}");
    let Some(group) = store.group(&path) else {
        return Ok(Vec::new());
    };
    let (groups, _) = store.members(&group, &path)?;
    let named = groups
        .into_iter()
        .map(|g| (format!("{path}/{}", g.name()), g));
    Ok(named.collect())
}

/// Rows and columns of a picture.
fn size_of(group: &Group) -> Option<[usize; 2]> {
    let dataset = group.dataset("Data").ok()?;
    let [rows, columns, ..] = *dataset.shape() else {
        return None;
    };
    Some([usize::try_from(rows).ok()?, usize::try_from(columns).ok()?])
}

fn frames(group: &Group) -> u64 {
    let dataset = group.dataset("Data").ok();
    dataset.and_then(|d| d.shape().get(2).copied()).unwrap_or(1)
}

/// Names of kinds of data that are in the file and not read.
fn note_others(store: &Store, streams: bool, notices: &mut Notices) {
    let Some((groups, _)) = store
        .group("/Data")
        .and_then(|g| store.members(&g, "/Data").ok())
    else {
        return;
    };
    // Texts and drawn shapes are no data; a spectrum image beside its stream holds the same events in a code of its own.
    let read = [IMAGE, SPECTRUM, STREAM, "Text", "Shape", "Line"];
    let read = |name: &str| read.contains(&name) || (streams && name == "SpectrumImage");
    for group in groups.iter().filter(|g| !read(g.name())) {
        let filled = store
            .members(group, group.name())
            .is_ok_and(|(groups, datasets)| groups.len().saturating_add(datasets.len()) > 0);
        if filled {
            notices.add(NoticeKind::Skipped {
                what: Said::name(format!("/Data/{}", group.name())),
                reason: said!(
                    "this kind of Velox data is not read"
                        | "diese Art von Velox-Daten wird nicht gelesen"
                ),
            });
        }
    }
}

/// The metadata of one frame as tags.
fn metadata(store: &Store, group: &Group, frame: u64, notices: &mut Notices) -> Tags {
    let mut tags = Tags::new(store.limits.tags);
    let Some(dataset) = group.dataset("Metadata").ok() else {
        return tags;
    };
    match json_column(&dataset, frame.min(store.largest_read())) {
        Some(value) => tags.json("", &value),
        None => notices.add(NoticeKind::Skipped {
            what: said!("metadata" | "Metadaten"),
            reason: said!("they are no JSON text" | "sie sind kein JSON-Text"),
        }),
    }
    tags
}

fn json_column(dataset: &Dataset, frame: u64) -> Option<Value> {
    let [length, columns] = *dataset.shape() else {
        return None;
    };
    let selections = vec![
        SliceInfoElem::Slice {
            start: 0,
            end: length,
            step: 1,
        },
        SliceInfoElem::Index(frame.min(columns.checked_sub(1)?)),
    ];
    if length > METADATA {
        return None;
    }
    let bytes = dataset.read_slice::<u8>(&SliceInfo { selections }).ok()?;
    let text: Vec<u8> = bytes.into_iter().take_while(|b| *b != 0).collect();
    serde_json::from_slice(&text).ok()
}

/// What the displays call the data, by path.
fn titles(store: &Store) -> BTreeMap<String, String> {
    let mut titles = BTreeMap::new();
    for folder in [
        "/Presentation/Displays/ImageDisplay",
        "/Displays/ImageDisplay",
    ] {
        let Some((_, displays)) = store
            .group(folder)
            .and_then(|g| store.members(&g, folder).ok())
        else {
            continue;
        };
        for display in displays {
            let shown = store.text(&display).unwrap_or_default();
            let Ok(value) = serde_json::from_str::<Value>(&shown) else {
                continue;
            };
            // Up to version 9 the display names the data; later a reference stands between.
            let path = text(&value, "/dataPath").or_else(|| {
                let reference = store.text_at(&text(&value, "/data")?)?;
                text(&serde_json::from_str(&reference).ok()?, "/dataPath")
            });
            let title = text(&value, "/display/label").or_else(|| text(&value, "/title"));
            if let (Some(path), Some(title)) = (path, title) {
                titles.entry(path).or_insert_with(|| unescape(&title));
            }
        }
    }
    titles
}

/// The text at a JSON pointer.
fn text(value: &Value, pointer: &str) -> Option<String> {
    value.pointer(pointer)?.as_str().map(str::to_owned)
}

/// `%20` and its like, as Velox writes labels.
fn unescape(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let code = after
            .get(..2)
            .filter(|_| byte == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(code.unwrap_or(byte));
        rest = match code {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.into())
}

/// A picture or a stack of them; the first frame alone where that is asked for.
fn image(
    store: &Store,
    (path, group): (&str, &Group),
    title: Option<&str>,
    first_only: bool,
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let path = format!("{path}/Data");
    let dataset = group.dataset("Data").map_err(|e| store.fault(&path, e))?;
    let stacked = frames(group) > 1 && !first_only;
    let axes = match (dataset.ndim(), stacked) {
        (2, _) | (3, false) => vec![0, 1],
        (3, true) => vec![2, 0, 1],
        (n, _) => {
            let dimensions = said!("{path} of {n} dimensions" | "{path} mit {n} Dimensionen");
            return Err(store.unsupported(dimensions));
        }
    };
    let array = Array::new(store, dataset, &path, axes)?;
    let tags = metadata(store, group, 0, notices);
    let mut metadata = normalized(&tags);
    metadata.title = title
        .map(str::to_owned)
        .or_else(|| metadata.detector.clone());
    let sizes = array.sizes();
    let [.., rows, columns] = *sizes else {
        return Err(store.malformed(&path, said!("it is no picture" | "es ist kein Bild")));
    };
    let mut axes = vec![
        length_axis(&tags, ("y", "height", "PixelUnitY"), rows),
        length_axis(&tags, ("x", "width", "PixelUnitX"), columns),
    ];
    if let [frames, _, _] = *sizes {
        axes.insert(0, time_axis(store, group, &tags, frames, notices));
    }
    Ok(signal_of(
        array,
        axes,
        metadata,
        tags.finish(notices),
        notices,
    ))
}

/// y or x with the calibration of the metadata: meters become nm, 1/m become 1/nm.
fn length_axis(tags: &Tags, (name, side, unit): (&str, &str, &str), size: usize) -> Axis {
    let plain = Axis::new(name, size, AxisRole::Signal);
    let step = format!("BinaryResult.PixelSize.{side}");
    let (Some(scale), Some(unit)) = (tags.real(&step), tags.get(&format!("BinaryResult.{unit}")))
    else {
        return plain;
    };
    let offset = tags
        .real(&format!("BinaryResult.Offset.{name}"))
        .unwrap_or(0.0);
    let (factor, unit) = match unit {
        "m" => (1e9, "nm"),
        "1/m" => (1e-9, "1/nm"),
        other => (1.0, other),
    };
    Axis {
        unit: unit.into(),
        offset: offset * factor,
        scale: scale * factor,
        tag: step,
        ..plain
    }
}

/// The time between frames: that of a frame, or what the clock says from the first to the last where they differ.
fn time_axis(
    store: &Store,
    group: &Group,
    first: &Tags,
    frames: usize,
    notices: &mut Notices,
) -> Axis {
    const FRAME_TIME: &str = "Scan.FrameTime";
    const START: &str = "Acquisition.AcquisitionStartDatetime.DateTime";
    let last = metadata(store, group, frames.saturating_sub(1) as u64, notices);
    let steps = frames.saturating_sub(1) as f64;
    let stated = first.real(FRAME_TIME).filter(|s| *s > 0.0);
    let measured = first
        .real(START)
        .zip(last.real(START))
        .map(|(first, last)| (last - first) / steps)
        .filter(|s| *s > 0.0);
    // The clock has seconds: two ends may be wrong by one each.
    let (scale, tag) = match (stated, measured) {
        (Some(stated), Some(measured)) if (measured - stated).abs() * steps <= 2.0 => {
            (stated, FRAME_TIME)
        }
        (_, Some(measured)) => (measured, START),
        (Some(stated), None) => (stated, FRAME_TIME),
        (None, None) => return Axis::new("time", frames, AxisRole::Navigation),
    };
    Axis {
        unit: "s".into(),
        scale,
        tag: tag.into(),
        ..Axis::new("time", frames, AxisRole::Navigation)
    }
}

/// The detector's own entry in the metadata, by its name.
fn detector_path<'a>(tags: &'a Tags, name: &str) -> Option<&'a str> {
    tags.iter()
        .find(|(path, value)| {
            path.starts_with("Detectors.") && path.ends_with(".DetectorName") && *value == name
        })
        .and_then(|(path, _)| path.strip_suffix(".DetectorName"))
}

fn normalized(tags: &Tags) -> Metadata {
    let text = |path: &str| tags.get(path).map(str::to_owned);
    let detector = text("BinaryResult.Detector");
    let own = detector
        .as_deref()
        .and_then(|name| detector_path(tags, name));
    let of_detector = |field: &str| tags.real(&format!("{}.{field}", own?));
    let scanned = tags.real("Scan.ScanSize.width").is_some_and(|w| w > 0.0);
    let micrometers = |path: &str| tags.real(path).map(|m| m * 1e6);
    let degrees = |path: &str| tags.real(path).map(f64::to_degrees);
    let instrument = [
        text("Instrument.InstrumentClass"),
        text("Instrument.InstrumentModel"),
    ];
    let instrument: Vec<String> = instrument.into_iter().flatten().collect();
    Metadata {
        title: None,
        high_tension_kv: tags.real("Optics.AccelerationVoltage").map(|v| v / 1e3),
        acquired: acquired(tags, detector.as_deref()),
        exposure_s: of_detector("ExposureTime").filter(|s| *s > 0.0),
        pixel_dwell_s: tags.real("Scan.DwellTime").filter(|s| *s > 0.0 && scanned),
        stage: Stage {
            x_um: micrometers("Stage.Position.x"),
            y_um: micrometers("Stage.Position.y"),
            z_um: micrometers("Stage.Position.z"),
            alpha_deg: degrees("Stage.AlphaTilt"),
            beta_deg: degrees("Stage.BetaTilt"),
        }
        .known(),
        detector,
        instrument: (!instrument.is_empty()).then(|| instrument.join(" ")),
        pixel_nm: None,
    }
}

/// Start of the acquisition in seconds of 1970 (UTC); cameras have it in microseconds elsewhere. 0 is none.
fn acquired(tags: &Tags, detector: Option<&str>) -> Option<Acquired> {
    let seconds = |path: &str, unit: f64| {
        let value = tags.get(path)?;
        let time = value.parse::<f64>().ok().filter(|s| *s > 0.0)?;
        Some(Acquired {
            text: value.into(),
            time: Some(DateTime::from_unix_s(time * unit)?),
            clock: ClockKind::Utc,
        })
    };
    let camera = detector
        .map(|name| format!("CustomProperties.Detectors[{name}].TimeStamp.value"))
        .unwrap_or_default();
    seconds("Acquisition.AcquisitionStartDatetime.DateTime", 1.0)
        .or_else(|| seconds("Acquisition.AcquisitionDatetime.DateTime", 1.0))
        .or_else(|| seconds(&camera, 1e-6))
}

/// Energy from the entry of the detector: eV become keV.
fn energy_axis(tags: &Tags, detector: Option<&str>, size: usize) -> Axis {
    let plain = Axis::new("energy", size, AxisRole::Signal);
    let named = detector.and_then(|name| detector_path(tags, name));
    // The stream of several detectors has the name they share.
    let Some(path) = named.or_else(|| {
        let shared = detector.unwrap_or_default();
        tags.iter()
            .find(|(path, value)| path.ends_with(".DetectorName") && value.starts_with(shared))
            .and_then(|(path, _)| path.strip_suffix(".DetectorName"))
    }) else {
        return plain;
    };
    let Some(step) = tags
        .real(&format!("{path}.Dispersion"))
        .filter(|s| *s > 0.0)
    else {
        return plain;
    };
    let offset = tags.real(&format!("{path}.OffsetEnergy")).unwrap_or(0.0);
    Axis {
        unit: "keV".into(),
        offset: offset / 1e3,
        scale: step / 1e3,
        tag: format!("{path}.Dispersion"),
        ..plain
    }
}

fn spectrum(
    store: &Store,
    path: &str,
    group: &Group,
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let path = format!("{path}/Data");
    let dataset = group.dataset("Data").map_err(|e| store.fault(&path, e))?;
    let array = Array::new(store, dataset, &path, vec![0])?;
    let tags = metadata(store, group, 0, notices);
    let mut metadata = normalized(&tags);
    metadata.title = Some("EDS".into());
    let channels = array.sizes().first().copied().unwrap_or(0);
    let axes = vec![energy_axis(&tags, metadata.detector.as_deref(), channels)];
    Ok(signal_of(
        array,
        axes,
        metadata,
        tags.finish(notices),
        notices,
    ))
}

/// All streams of a file, summed.
fn spectrum_image(
    store: &Store,
    streams: &[(String, Group)],
    images: &[[usize; 2]],
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let mut datasets = Vec::new();
    for (path, group) in streams {
        let path = format!("{path}/Data");
        store.check_filters(
            &group.dataset("Data").map_err(|e| store.fault(&path, e))?,
            &path,
        )?;
        let settings = group.dataset("AcquisitionSettings").ok();
        let settings = settings.and_then(|d| store.text(&d)).unwrap_or_default();
        let settings = serde_json::from_str(&settings).unwrap_or(Value::Null);
        let encoding = text(&settings, "/StreamEncoding").unwrap_or_else(|| "uint16".into());
        if encoding != "uint16" {
            return Err(store.unsupported(said!(
                "{path}, encoded as {encoding}," | "{path} in der Kodierung {encoding}"
            )));
        }
        let channels = text(&settings, "/bincount").and_then(|n| n.parse::<usize>().ok());
        let dataset = group.dataset("Data").map_err(|e| store.fault(&path, e))?;
        datasets.push((path, dataset, channels));
    }
    let channels = datasets.iter().filter_map(|(_, _, n)| *n).max();
    let channels = channels
        .filter(|n| *n <= usize::from(u16::MAX))
        .unwrap_or(4096);
    let Some((_, first)) = streams.first() else {
        return Err(store.malformed(STREAM, said!("there is none" | "es ist keiner da")));
    };
    let tags = metadata(store, first, 0, notices);
    // The scan is that of the pictures beside it.
    let size = match scanned(&tags) {
        Some(size) if images.is_empty() || images.contains(&size) => Some(size),
        _ => images.first().copied(),
    };
    let Some([rows, columns]) = size else {
        return Err(store.malformed(
            STREAM,
            said!("the size of the scan is not told" | "die Größe des Scans ist nicht angegeben"),
        ));
    };
    let datasets = datasets.into_iter().map(|(path, d, _)| (path, d)).collect();
    let stream = Stream::new(store, datasets, [rows, columns, channels])?;
    let metadata = Metadata {
        title: Some("EDS".into()),
        ..normalized(&tags)
    };
    let mut axes = vec![
        length_axis(&tags, ("y", "height", "PixelUnitY"), rows),
        length_axis(&tags, ("x", "width", "PixelUnitX"), columns),
        energy_axis(&tags, metadata.detector.as_deref(), channels),
    ];
    super::set_roles(&mut axes, 1);
    let mut signal = Signal {
        title: "EDS".into(),
        dtype: Stream::DTYPE,
        axes,
        metadata,
        tags: tags.finish(notices),
    };
    super::settle(&mut signal, notices);
    Ok(Found {
        signal,
        content: Content::Stream(stream),
        asked: false,
    })
}

/// Rows and columns of the part of the field that was scanned.
fn scanned(tags: &Tags) -> Option<[usize; 2]> {
    let side = |size: &str, begin: &str, end: &str| {
        let whole = tags.real(&format!("Scan.ScanSize.{size}"))?;
        let part = tags.real(&format!("Scan.ScanArea.{end}"))?
            - tags.real(&format!("Scan.ScanArea.{begin}"))?;
        let pixels = (whole * part).round();
        (1.0..=65_536.0)
            .contains(&pixels)
            .then_some(pixels as usize)
    };
    Some([
        side("height", "top", "bottom")?,
        side("width", "left", "right")?,
    ])
}
