//! Real microscope files against what established readers say of them (`truth.json` beside the files).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::formats::{
    Beside, Description, Document, Format, FormatError, Limits, MemorySource, SignalDescription,
    Source, SourceReader, companions, describe, detect, open_with,
};
use alloyscope::signal::{Axis, AxisRole, DateTime, Notices, Sample};
use alloyscope::units::nanometers_per;
use serde_json::Value;

/// Relative agreement asked for of min, max, mean, samples and scales: the truths are printed with 15 digits or more;
/// 1e-6 is what double rounding of decimal texts and 32-bit floats leave.
const AGREEMENT: f64 = 1e-6;

/// JPEG decoders may differ by one gray level in the inverse cosine transform and the color conversion (ITU-T T.83
/// tolerates that per sample); the mean over a picture by far less.
const JPEG_MEAN: f64 = 0.5;

/// One gray level in each of three channels, and one more for chroma upsampling, which no standard fixes.
const JPEG_SAMPLE: f64 = 4.0;

/// Files of the folder that are not compared, and why; `tests/README.md` repeats the list.
const LEFT_OUT: [(&str, &str); 2] = [
    (
        "View000_0000000.img",
        "a format of one JEOL program, undocumented",
    ),
    ("PdPt_TO.xyz", "atoms, no measurement"),
];

/// Disagreements that are the truth's: what is different, and why.
const DIFFERENT: [(&str, &str, &str); 2] = [
    (
        "16x16-line_profile_horizontal_5x128x128_EDS_2.ser",
        "axis",
        "diffraction patterns: the number is per meter, the truth's reader took it for meters",
    ),
    (
        "16x16-line_profile_horizontal_5x128x128_EDS.emi",
        "signal 1: axis",
        "the same file's second series",
    ),
];

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/microscopy");
    if folder.is_dir() {
        Some(folder)
    } else {
        println!("absent, nothing compared: {}", folder.display());
        None
    }
}

fn source(path: &Path) -> Rc<dyn Source> {
    let bytes: Rc<[u8]> = std::fs::read(path).unwrap().into();
    Rc::new(MemorySource(bytes))
}

fn open_file(folder: &Path, name: &str) -> Result<(Box<dyn Document>, Notices), FormatError> {
    let names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    let beside = companions(name, names.iter().map(String::as_str));
    let sources = beside.iter().map(|n| source(&folder.join(n))).collect();
    let mut notices = Notices::default();
    let document = open_with(
        source(&folder.join(name)),
        &Beside::new(name, sources),
        &Limits::default(),
        &mut notices,
    )?;
    Ok((document, notices))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= AGREEMENT * b.abs().max(1e-300)
}

fn parts(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(list) => list.iter().map(|v| v.as_f64().unwrap()).collect(),
        number => vec![number.as_f64().unwrap()],
    }
}

fn parts_of(sample: &Sample) -> Vec<f64> {
    match sample {
        Sample::Real(value) => vec![*value],
        Sample::Parts(parts) => parts.clone(),
    }
}

fn all_close(a: &[f64], b: &[f64], tolerance: Option<f64>) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|(a, b)| match tolerance {
            Some(tolerance) => (a - b).abs() < tolerance,
            None => close(*a, *b),
        })
}

struct Comparison<'a> {
    name: &'a str,
    wrong: Vec<String>,
    jpeg: bool,
}

impl Comparison<'_> {
    fn check(&mut self, good: bool, what: String) {
        let excused = DIFFERENT
            .iter()
            .any(|(name, start, _)| *name == self.name && what.starts_with(start));
        if !good && !excused {
            self.wrong.push(format!("{}: {what}", self.name));
        }
    }

    /// Shape, type, extremes, mean and samples of one signal; `which` begins the message.
    fn signal(
        &mut self,
        which: &str,
        found: &SignalDescription,
        document: (&dyn Document, usize),
        truth: &Value,
    ) {
        let mut shape: Vec<usize> = truth["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap() as usize)
            .collect();
        let channels = (is_picture(self.name) && shape.len() > found.shape.len())
            .then(|| shape.pop().unwrap());
        self.check(
            found.shape == shape,
            format!("{which}shape {:?} instead of {shape:?}", found.shape),
        );
        let tolerance = self.jpeg.then_some(JPEG_SAMPLE);
        let mean = found.mean.as_ref().map(parts_of).unwrap_or_default();
        let expected = parts(&truth["mean"]);
        if let Some(channels) = channels {
            // The truth's mean runs over all channels; alpha is opaque in these files.
            let mean = if channels == 4 {
                (3.0 * mean[0] + 255.0) / 4.0
            } else {
                mean[0]
            };
            let good = if self.jpeg {
                (mean - expected[0]).abs() < JPEG_MEAN
            } else {
                close(mean, expected[0])
            };
            self.check(good, format!("{which}mean {mean} instead of {expected:?}"));
            self.check(
                found.dtype == "float32",
                format!("{which}color became {}", found.dtype),
            );
            return;
        }
        let dtype = truth["dtype"].as_str().unwrap();
        self.check(
            found.dtype == dtype,
            format!("{which}{} instead of {dtype}", found.dtype),
        );
        self.check(
            all_close(&mean, &expected, tolerance),
            format!("{which}mean {mean:?} instead of {expected:?}"),
        );
        for (what, value) in [("min", found.min), ("max", found.max)] {
            let expected = truth[what].as_f64();
            let good = match (value, expected) {
                (Some(value), Some(expected)) => {
                    tolerance.map_or(close(value, expected), |t| (value - expected).abs() < t)
                }
                (None, None) => true,
                _ => false,
            };
            self.check(
                good,
                format!("{which}{what} {value:?} instead of {expected:?}"),
            );
        }
        let (document, index) = document;
        let sizes: Vec<usize> = document.signals()[index]
            .axes
            .iter()
            .map(|a| a.size)
            .collect();
        for sample in truth["samples"].as_array().unwrap() {
            let (expected, at) = sample.as_array().unwrap().split_last().unwrap();
            let at: Vec<usize> = at.iter().map(|v| v.as_u64().unwrap() as usize).collect();
            if at.len() != sizes.len() {
                self.check(false, format!("{which}sample {at:?} has other axes"));
                continue;
            }
            let outer = at.len().saturating_sub(2);
            let plane = (0..outer).fold(0, |plane, k| plane * sizes[k] + at[k]);
            let picture = document
                .read_plane(index, plane, &mut Notices::default())
                .unwrap();
            let (y, x) = match at.as_slice() {
                [.., y, x] => (*y, *x),
                [x] => (0, *x),
                [] => (0, 0),
            };
            let value = picture.samples.parts(y * picture.width + x);
            let value = value.as_ref().map(parts_of).unwrap_or_default();
            self.check(
                all_close(&value, &parts(expected), tolerance),
                format!("{which}sample {at:?} is {value:?}, not {expected}"),
            );
        }
    }

    /// Scale, offset and unit of each axis, after conversion of lengths to one unit.
    fn axes(&mut self, which: &str, found: &SignalDescription, truth: &Value) {
        let Some(axes) = truth["axes"]
            .as_array()
            .filter(|a| a.len() == found.axes.len())
        else {
            return;
        };
        for (axis, truth) in found.axes.iter().zip(axes) {
            let unit = truth["unit"].as_str().unwrap_or("").replace("None", "");
            let scale = truth["scale"].as_f64().unwrap();
            let offset = truth["offset"].as_f64().unwrap();
            let what = format!(
                "{which}axis {} by {} {} from {} instead of {scale} {unit} from {offset}",
                axis.name, axis.scale, axis.unit, axis.offset
            );
            match (nanometers_per(&axis.unit), nanometers_per(&unit)) {
                (Some(a), Some(b)) => {
                    // The truth's reader leaves offsets of TIA images in meters where it converts scales.
                    let good = close(axis.scale * a, scale * b)
                        && (close(axis.offset * a, offset * b)
                            || close(axis.offset, offset)
                            || axis.offset == 0.0 && offset == 0.0);
                    self.check(good, what);
                }
                // The truth has no unit where it was not told one by that reader.
                (Some(a), None) if unit.is_empty() => {
                    self.check(close(axis.scale * a, scale) || scale == 1.0, what);
                }
                _ => {
                    let same = axis.unit.trim() == unit.trim();
                    let rounded = (axis.offset - offset).abs() <= 1e-6 * scale.abs();
                    let good = same && close(axis.scale, scale) && rounded;
                    self.check(good, what);
                }
            }
        }
    }

    fn pixel(&mut self, found: &SignalDescription, truth: &Value) {
        let expected = truth["scale"]
            .as_f64()
            .zip(truth["unit"].as_str())
            .and_then(|(scale, unit)| Some(scale * nanometers_per(unit)?));
        let pixel_nm = found.metadata.pixel_nm.as_ref().map(|(nm, _)| *nm);
        let good = match (pixel_nm, expected) {
            (Some(a), Some(b)) => close(a, b),
            (None, None) => true,
            _ => false,
        };
        self.check(
            good,
            format!("pixel size {pixel_nm:?} nm instead of {expected:?}"),
        );
    }

    fn metadata(&mut self, found: &SignalDescription, truth: &Value) {
        if let Some(kv) = truth["HV_kV"].as_f64() {
            let here = found.metadata.high_tension_kv;
            self.check(here == Some(kv), format!("{here:?} kV instead of {kv}"));
        }
        if let Some(text) = truth["acquired"].as_str() {
            let here = found.metadata.acquired.as_ref().and_then(|a| a.time);
            // To the minute: some truths were rounded, some formats give no seconds.
            let good = here
                .zip(DateTime::parse(text))
                .is_some_and(|(a, b)| a.seconds_since(b).abs() <= 60.0);
            self.check(
                good,
                format!("acquired {:?} instead of {text}", found.metadata.acquired),
            );
        }
    }
}

fn described(document: &dyn Document, notices: Notices) -> Result<Description, FormatError> {
    describe(document, notices)
}

fn is_picture(name: &str) -> bool {
    ["tif", "png", "jpg", "bmp"]
        .iter()
        .any(|s| name.ends_with(&format!(".{s}")))
}

#[test]
fn files_agree_with_the_truths() {
    let Some(folder) = folder() else { return };
    let truths: Value =
        serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let (mut count, mut unread) = (0, Vec::new());
    for (name, truth) in truths.as_object().unwrap() {
        if truth.get("shape").is_none() || LEFT_OUT.iter().any(|(left_out, _)| left_out == name) {
            continue; // heater logs, tables
        }
        let format = detect(&mut SourceReader::new(source(&folder.join(name)))).unwrap();
        let family = [
            Format::Hdf5,
            Format::Velox,
            Format::Emd,
            Format::HyperSpy,
            Format::Dm5,
        ];
        if family.contains(&format) {
            continue; // below
        }
        if !format.is_read() {
            unread.push(format!("{name} ({format})"));
            continue;
        }
        count += 1;
        let mut comparison = Comparison {
            name,
            wrong: Vec::new(),
            jpeg: format == Format::Jpeg || truth["tiff"]["compression"].as_str() == Some("7"),
        };
        let read = open_file(&folder, name)
            .and_then(|(document, notices)| Ok((described(document.as_ref(), notices)?, document)));
        match read {
            Ok((found, document)) => {
                let one = vec![truth.clone()];
                let signals = truth["signals"].as_array().unwrap_or(&one);
                comparison.check(
                    signals.len() == found.signals.len(),
                    format!("{} signals, not {}", found.signals.len(), signals.len()),
                );
                for (index, (found, truth)) in found.signals.iter().zip(signals).enumerate() {
                    let which = if signals.len() > 1 {
                        format!("signal {index}: ")
                    } else {
                        String::new()
                    };
                    comparison.signal(&which, found, (document.as_ref(), index), truth);
                    if !is_picture(name) {
                        comparison.axes(&which, found, truth);
                    }
                }
                if is_picture(name) {
                    comparison.pixel(&found.signals[0], truth);
                }
                comparison.metadata(&found.signals[0], truth);
            }
            Err(e) => comparison.check(false, e.to_string()),
        }
        wrong.append(&mut comparison.wrong);
    }
    println!("{count} files compared, {} disagreements", wrong.len());
    assert!(count >= 120, "only {count} files found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(unread.is_empty(), "{unread:?}");
}

/// Every calibrated axis says from which tag; diffraction patterns have no pixel size.
#[test]
fn calibrations_name_their_tag() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        let Ok((document, _)) = open_file(&folder, &name) else {
            continue;
        };
        for signal in document.signals() {
            let calibrated = |axis: &&Axis| !axis.unit.is_empty();
            for axis in signal.axes.iter().filter(calibrated) {
                let from_header = !axis.tag.is_empty() || name.ends_with(".msa");
                assert!(from_header, "{name}: {axis:?}");
                count += 1;
            }
            assert!(
                !signal.is_diffraction() || signal.metadata.pixel_nm.is_none(),
                "{name}: {:?}",
                signal.metadata.pixel_nm
            );
            assert!(
                signal.axes.iter().any(|a| a.role == AxisRole::Signal),
                "{name}"
            );
        }
    }
    println!("{count} calibrated axes");
    assert!(count > 100);
}

/// HDF5 files whose truth has more arrays than there are signals in them: a vector of positions is no signal.
const POSITIONS: [&str; 1] = ["exper/emd_data/dim1"];

/// Every number of a truth against what was found; a complex one is a pair.
fn same(found: &Value, truth: &Value) -> bool {
    match (found, truth) {
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
        }
        (Value::Number(a), Value::Number(b)) => close(a.as_f64().unwrap(), b.as_f64().unwrap()),
        (a, b) => a == b,
    }
}

/// What differs between a signal and its truth.
fn differences(found: &SignalDescription, truth: &Value) -> Vec<String> {
    let json = serde_json::to_value(found).unwrap();
    let mut wrong = Vec::new();
    for field in ["shape", "dtype", "min", "max", "mean"] {
        if !same(&json[field], &truth[field]) {
            wrong.push(format!(
                "{field} {} instead of {}",
                json[field], truth[field]
            ));
        }
    }
    for sample in truth["samples"].as_array().unwrap().iter().take(2) {
        let (expected, index) = sample.as_array().unwrap().split_last().unwrap();
        let ours = json["samples"].as_array().unwrap();
        let ours = ours
            .iter()
            .find(|s| s["index"].as_array().unwrap() == index);
        if !ours.is_some_and(|s| same(&s["value"], expected)) {
            wrong.push(format!("sample {index:?}: {ours:?} instead of {expected}"));
        }
    }
    for (axis, truth) in found.axes.iter().zip(truth["axes"].as_array().unwrap()) {
        // `None` is how the reader that made the truths writes that there is none.
        let unit = truth["unit"]
            .as_str()
            .filter(|u| *u != "None")
            .unwrap_or("");
        let factor = |unit: &str| match unit
            .strip_prefix("1 / ")
            .or_else(|| unit.strip_prefix("1/"))
        {
            Some(length) => nanometers_per(length).map(f64::recip),
            None => nanometers_per(unit),
        };
        let (ours, theirs) = match (factor(&axis.unit), factor(unit)) {
            (Some(a), Some(b)) => (a, b),
            _ if axis.unit == unit => (1.0, 1.0),
            _ => {
                wrong.push(format!("unit '{}' instead of '{unit}'", axis.unit));
                continue;
            }
        };
        for (what, value, expected) in [
            ("scale", axis.scale, &truth["scale"]),
            ("offset", axis.offset, &truth["offset"]),
        ] {
            let expected = expected.as_f64().unwrap() * theirs;
            if !close(value * ours, expected) {
                wrong.push(format!("{what} {} instead of {expected}", value * ours));
            }
        }
    }
    wrong
}

#[test]
fn hdf5_files_agree_with_the_truths() {
    let Some(folder) = folder() else { return };
    let truths: Value =
        serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let (mut count, mut signals) = (0, 0);
    for (name, truth) in truths.as_object().unwrap() {
        let kinds = ["emd", "hspy", "h5", "hdf5", "dm5", "nxs"];
        if !kinds.iter().any(|k| name.ends_with(&format!(".{k}"))) {
            continue;
        }
        count += 1;
        let found = match open_file(&folder, name).and_then(|(d, n)| described(d.as_ref(), n)) {
            Ok(found) => found,
            Err(e) => {
                wrong.push(format!("{name}: {e}"));
                continue;
            }
        };
        let mut report =
            |what: Vec<String>| wrong.extend(what.into_iter().map(|w| format!("{name}: {w}")));
        // The one that a measurement would take comes first.
        report(differences(&found.signals[0], truth));
        for truth in truth["signals"].as_array().into_iter().flatten() {
            if POSITIONS.contains(&truth["title"].as_str().unwrap()) {
                continue;
            }
            signals += 1;
            let all = found.signals.iter().map(|s| differences(s, truth));
            report(all.min_by_key(Vec::len).unwrap());
        }
        let first = &found.signals[0].metadata;
        if let Some(kilovolts) = truth["HV_kV"].as_f64() {
            let found = first.high_tension_kv;
            if !found.is_some_and(|kv| close(kv, kilovolts)) {
                report(vec![format!("{found:?} kV instead of {kilovolts}")]);
            }
        }
        if let Some(acquired) = truth["acquired"].as_str() {
            let found = first.acquired.as_ref().and_then(|a| a.time);
            if found.is_none() || found != DateTime::parse(acquired) {
                report(vec![format!("acquired {found:?}, not {acquired}")]);
            }
        }
        // A scale of exactly 1 is no calibration; everything else in units of length is.
        let scale = truth["scale"].as_f64().zip(truth["unit"].as_str());
        let expected = scale
            .and_then(|(s, unit)| Some(s * nanometers_per(unit)?))
            .filter(|nm| *nm != 1.0);
        let pixel_nm = first.pixel_nm.as_ref().map(|(nm, _)| *nm);
        let good = match (pixel_nm, expected) {
            (Some(a), Some(b)) => close(a, b),
            (None, None) => true,
            // The truth names the first axis, which of a stack of angles is none of the picture.
            (Some(_), None) => truth["axes"][0]["unit"] == "mrad",
            (None, Some(_)) => false,
        };
        if !good {
            report(vec![format!(
                "pixel size {pixel_nm:?} nm instead of {expected:?}"
            )]);
        }
    }
    println!(
        "{count} HDF5 files compared, {signals} more signals in them, {} disagreements",
        wrong.len()
    );
    assert!(count >= 32, "only {count} files found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
