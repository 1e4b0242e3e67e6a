//! Real microscope files against what established readers say of them (`truth.json` beside the files).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::formats::{
    Description, Format, FormatError, Limits, MemorySource, SignalDescription, describe, open,
};
use alloyscope::signal::Notices;
use alloyscope::units::nanometers_per;
use serde_json::Value;

/// Relative agreement asked for of min, max, mean, samples and scales: the truths are printed with 15 digits or more;
/// 1e-6 is the figure.
const AGREEMENT: f64 = 1e-6;

/// JPEG decoders may differ by one gray level in the inverse cosine transform and the color conversion (ITU-T T.83
/// tolerates that per sample); the mean over a picture by far less.
const JPEG_MEAN: f64 = 0.5;

/// One gray level in each of three channels, and one more for chroma upsampling, which no standard fixes.
const JPEG_SAMPLE: f64 = 4.0;

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/microscopy");
    if folder.is_dir() {
        Some(folder)
    } else {
        println!("absent, nothing compared: {}", folder.display());
        None
    }
}

fn read(path: &Path) -> Result<Description, FormatError> {
    let bytes: Rc<[u8]> = std::fs::read(path).unwrap().into();
    let mut notices = Notices::default();
    let document = open(
        Rc::new(MemorySource(bytes)),
        &Limits::default(),
        &mut notices,
    )?;
    describe(document.as_ref(), notices)
}

fn is_image(name: &str) -> bool {
    ["tif", "png", "jpg", "bmp"]
        .iter()
        .any(|s| name.ends_with(&format!(".{s}")))
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= AGREEMENT * b.abs().max(1e-300)
}

struct Comparison<'a> {
    name: &'a str,
    wrong: Vec<String>,
}

impl Comparison<'_> {
    fn check(&mut self, good: bool, what: String) {
        if !good {
            self.wrong.push(format!("{}: {what}", self.name));
        }
    }

    fn signal(&mut self, found: &SignalDescription, truth: &Value, jpeg: bool) {
        let mut shape: Vec<usize> = truth["shape"]
            .as_array()
            .unwrap()
            .iter()
            .map(|n| n.as_u64().unwrap() as usize)
            .collect();
        let channels = (shape.len() > found.shape.len()).then(|| shape.pop().unwrap());
        self.check(
            found.shape == shape,
            format!("shape {:?} instead of {shape:?}", found.shape),
        );
        let mean = found.mean.unwrap();
        let expected = truth["mean"].as_f64().unwrap();
        match channels {
            // The truth's mean runs over all channels; alpha is opaque in these files.
            Some(channels) => {
                let mean = if channels == 4 {
                    (3.0 * mean + 255.0) / 4.0
                } else {
                    mean
                };
                let good = if jpeg {
                    (mean - expected).abs() < JPEG_MEAN
                } else {
                    close(mean, expected)
                };
                self.check(good, format!("mean {mean} instead of {expected}"));
                self.check(
                    found.dtype == "float32",
                    format!("color became {}", found.dtype),
                );
            }
            None => {
                let dtype = truth["dtype"].as_str().unwrap();
                self.check(
                    found.dtype == dtype,
                    format!("{} instead of {dtype}", found.dtype),
                );
                for (what, value) in [("min", found.min), ("max", found.max), ("mean", found.mean)]
                {
                    let (value, expected) = (value.unwrap(), truth[what].as_f64().unwrap());
                    let good = if jpeg {
                        (value - expected).abs() < JPEG_SAMPLE
                    } else {
                        close(value, expected)
                    };
                    self.check(good, format!("{what} {value} instead of {expected}"));
                }
            }
        }
    }

    fn scale(&mut self, found: &SignalDescription, truth: &Value) {
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

    fn samples(&mut self, path: &Path, truth: &Value, jpeg: bool) {
        let bytes: Rc<[u8]> = std::fs::read(path).unwrap().into();
        let mut notices = Notices::default();
        let source = Rc::new(MemorySource(bytes));
        let document = open(source, &Limits::default(), &mut notices).unwrap();
        let signal = &document.signals()[0];
        for sample in truth["samples"].as_array().unwrap() {
            let numbers: Vec<f64> = sample
                .as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_f64().unwrap())
                .collect();
            let (expected, index) = numbers.split_last().unwrap();
            if index.len() != signal.axes.len() {
                continue; // one channel of a color
            }
            let plane = if index.len() == 3 {
                index[0] as usize
            } else {
                0
            };
            let picture = document.read_plane(0, plane, &mut notices).unwrap();
            let [.., y, x] = index else { unreachable!() };
            let value = picture
                .samples
                .get(*y as usize * picture.width + *x as usize)
                .unwrap();
            let good = if jpeg {
                (value - expected).abs() < JPEG_SAMPLE
            } else {
                close(value, *expected)
            };
            self.check(good, format!("sample {index:?} is {value}, not {expected}"));
        }
    }
}

#[test]
fn image_files_agree_with_the_truths() {
    let Some(folder) = folder() else { return };
    let truths: Value =
        serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for (name, truth) in truths.as_object().unwrap() {
        if !is_image(name) {
            continue;
        }
        count += 1;
        let mut comparison = Comparison {
            name,
            wrong: Vec::new(),
        };
        let path = folder.join(name);
        match read(&path) {
            Ok(found) => {
                let jpeg = found.format == Format::Jpeg.name()
                    || truth["tiff"]["compression"].as_str() == Some("7");
                match truth["signals"].as_array() {
                    Some(signals) => {
                        comparison.check(
                            signals.len() == found.signals.len(),
                            format!("{} signals, not {}", found.signals.len(), signals.len()),
                        );
                        for (found, truth) in found.signals.iter().zip(signals) {
                            comparison.signal(found, truth, jpeg);
                        }
                    }
                    None => comparison.signal(&found.signals[0], truth, jpeg),
                }
                comparison.scale(&found.signals[0], truth);
                comparison.samples(&path, truth, jpeg);
            }
            Err(e) => comparison.check(false, e.to_string()),
        }
        wrong.append(&mut comparison.wrong);
    }
    println!(
        "{count} image files compared, {} disagreements",
        wrong.len()
    );
    assert!(count >= 16, "only {count} files found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn other_formats_are_named_and_refused() {
    let Some(folder) = folder() else { return };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let expected = match path.extension().and_then(|e| e.to_str()) {
            Some("dm3") => Format::Dm3,
            Some("dm4") => Format::Dm4,
            Some("ser") => Format::Ser,
            Some("emi") => Format::Emi,
            Some("emd" | "hspy" | "h5" | "hdf5" | "dm5") => Format::Hdf5,
            Some("mrc") => Format::Mrc,
            Some("msa") => Format::Emsa,
            _ => continue,
        };
        count += 1;
        match read(&path) {
            Err(FormatError::Unsupported { format, remedy, .. }) => {
                assert_eq!(format, expected, "{name}");
                assert!(!remedy.is_empty(), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    println!("{count} files of other formats recognized");
    assert!(count > 50);
}
