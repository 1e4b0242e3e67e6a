//! HDF5: every type, layout and dimension forged and read back, the conventions of the programs that write it, broken files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod common;
#[path = "common/hdf5.rs"]
mod forge;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use alloyscope::formats::{
    Document, Format, FormatError, Limits, MemorySource, Source, apart, describe, open,
};
use alloyscope::signal::{AxisRole, ClockKind, NoticeKind, Notices, Sample, Samples, Signal};
use common::{Flips, open_bytes, survives, values};
use forge::{LAYOUTS, Layout, TYPES, datatype, raw};
use hdf5_writer::{ByteOrder, Hdf5Builder};

/// Written by another program: see `data/hdf5_files.py`.
const OLD: &[u8] = include_bytes!("data/hdf5_old.h5");
const NEW: &[u8] = include_bytes!("data/hdf5_new.h5");

/// Calibrations are multiplied by powers of ten on the way: one rounding each.
const ROUNDING: f64 = 1e-12;

fn opened(bytes: &[u8]) -> (Box<dyn Document>, Vec<NoticeKind>) {
    let (document, notices) = open_bytes(bytes);
    let kinds = notices.as_slice().iter().map(|n| n.kind.clone()).collect();
    (document.unwrap(), kinds)
}

/// What a program puts before the file, as MATLAB does: addresses count from behind it.
#[test]
fn a_user_block_is_stepped_over() {
    for block in [512, 1024, 2048] {
        // MATLAB writes a sentence, then zeros.
        let mut bytes = b"MATLAB 7.3 MAT-file".to_vec();
        bytes.resize(block, 0);
        bytes.extend(OLD);
        // Base address and end of the file in superblock 0.
        bytes[block + 24..block + 32].copy_from_slice(&(block as u64).to_le_bytes());
        let (document, _) = opened(&bytes);
        let (plain, _) = opened(OLD);
        assert_eq!(document.signals(), plain.signals());
        assert_eq!(values(&*document, 0, 0), values(&*plain, 0, 0));
    }
}

fn sizes(signal: &Signal) -> Vec<usize> {
    signal.axes.iter().map(|a| a.size).collect()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= ROUNDING * b.abs().max(1.0)
}

/// Bytes of `count` samples that are all different numbers, and no NaN.
fn ramp(name: &str, size: usize, count: usize, big: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    for i in 0..count {
        let mut sample = match name {
            "float32" => (i as f32 - 3.25).to_le_bytes().to_vec(),
            "float64" => (i as f64 / 3.0).to_le_bytes().to_vec(),
            "complex64" => [i as f32, -0.5]
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            "complex128" => [i as f64, -0.5]
                .iter()
                .flat_map(|v| v.to_le_bytes())
                .collect(),
            "bool" => vec![(i % 3 == 0) as u8],
            // The sign bit is set in every other one.
            _ => (0..size)
                .map(|b| (i * 7 + b * 31 + 128 * (i % 2)) as u8)
                .collect(),
        };
        if big && !name.starts_with("rgb") {
            let parts = if name.starts_with("complex") { 2 } else { 1 };
            sample.chunks_mut(size / parts).for_each(<[u8]>::reverse);
        }
        bytes.extend(sample);
    }
    bytes
}

/// The bytes of samples as they would be stored in the low order.
fn bytes_of(samples: &Samples) -> Vec<u8> {
    macro_rules! le {
        ($v:expr) => {
            $v.iter().flat_map(|v| v.to_le_bytes()).collect()
        };
    }
    match samples {
        Samples::Bool(v) => v.iter().map(|&b| u8::from(b)).collect(),
        Samples::U8(v) => v.clone(),
        Samples::I8(v) => le!(v),
        Samples::U16(v) => le!(v),
        Samples::I16(v) => le!(v),
        Samples::U32(v) => le!(v),
        Samples::I32(v) => le!(v),
        Samples::U64(v) => le!(v),
        Samples::I64(v) => le!(v),
        Samples::F16(v) => le!(v),
        Samples::F32(v) => le!(v),
        Samples::F64(v) => le!(v),
        Samples::C64(v) => le!(v.as_flattened()),
        Samples::C128(v) => le!(v.as_flattened()),
        Samples::Rgb(v) => v.as_flattened().to_vec(),
        Samples::Rgba(v) => v.as_flattened().to_vec(),
    }
}

#[test]
fn every_type_order_layout_and_dimension_round_trips() {
    let mut count = 0;
    for shape in [vec![5_u64, 7], vec![3, 4, 7], vec![2, 3, 5, 4]] {
        for (name, size) in TYPES {
            for order in [ByteOrder::LittleEndian, ByteOrder::BigEndian] {
                for layout in LAYOUTS {
                    let samples = shape.iter().product::<u64>() as usize;
                    let big = order == ByteOrder::BigEndian;
                    let data = ramp(name, size, samples, big);
                    let dataset = raw("image", datatype(name, order), &shape, layout, data);
                    let bytes = forge::bytes_in(Hdf5Builder::new().dataset(dataset), order);
                    let (document, _) = opened(&bytes);
                    let signal = &document.signals()[0];
                    assert_eq!(signal.dtype.name(), name);
                    let expected: Vec<usize> = shape.iter().map(|&n| n as usize).collect();
                    assert_eq!(sizes(signal), expected, "{name} {layout:?}");
                    let mut found = Vec::new();
                    for plane in 0..signal.planes() {
                        let plane = document
                            .read_plane(0, plane, &mut Notices::default())
                            .unwrap();
                        found.extend(bytes_of(&plane.samples));
                    }
                    assert_eq!(
                        found,
                        ramp(name, size, samples, false),
                        "{name} {order:?} {layout:?} {shape:?}"
                    );
                    count += 1;
                }
            }
        }
    }
    println!("{count} files");
}

#[test]
fn a_line_is_a_signal_where_there_is_no_picture() {
    let line = raw(
        "line",
        datatype("float32", ByteOrder::LittleEndian),
        &[6],
        Layout::Contiguous,
        ramp("float32", 4, 6, false),
    );
    let (document, _) = opened(&forge::bytes(Hdf5Builder::new().dataset(line)));
    assert_eq!(sizes(&document.signals()[0]), [6]);
    assert_eq!(values(document.as_ref(), 0, 0)[1], -2.25);
    assert!(matches!(
        document.read_plane(0, 1, &mut Notices::default()),
        Err(FormatError::Malformed { .. })
    ));
}

#[test]
fn velox_frames_have_their_time_place_and_calibration() {
    let (document, notices) = opened(&forge::velox(3, None));
    assert_eq!(document.format(), Format::Velox);
    assert_eq!(notices, []);
    let [signal] = document.signals() else {
        panic!("one signal")
    };
    assert_eq!(signal.title, "HAADF #1");
    assert_eq!(sizes(signal), [3, 3, 4]);
    assert!(signal.is_image());
    // 31 s by the clock where a frame is said to take 30.5 s: the clock has whole seconds, the frame time stands.
    let time = &signal.axes[0];
    assert_eq!(
        (time.unit.as_str(), time.scale, time.tag.as_str()),
        ("s", 30.5, "Scan.FrameTime")
    );
    let x = &signal.axes[2];
    assert_eq!(
        (x.unit.as_str(), x.tag.as_str()),
        ("nm", "BinaryResult.PixelSize.width")
    );
    assert!(close(x.scale, 0.25) && close(x.offset, 1.0));
    let found = &signal.metadata;
    let (pixel_nm, tag) = found.pixel_nm.clone().unwrap();
    assert!(close(pixel_nm, 0.25));
    assert_eq!(tag, "BinaryResult.PixelSize.width");
    assert_eq!(found.high_tension_kv, Some(200.0));
    assert_eq!(found.pixel_dwell_s, Some(2e-5));
    assert_eq!(found.detector.as_deref(), Some("HAADF"));
    assert_eq!(
        found.acquired.as_ref().unwrap().time.unwrap().to_string(),
        "2020-09-13T12:26:40"
    );
    assert_eq!(found.acquired.as_ref().unwrap().clock, ClockKind::Utc);
    let stage = found.stage.unwrap();
    assert_eq!((stage.x_um, stage.y_um), (Some(-1.0), Some(2.0)));
    assert!(close(stage.alpha_deg.unwrap(), 0.1_f64.to_degrees()));
    // The temperature of the X-ray detector is a tag among others.
    assert!(signal.tags.iter().any(|(path, value)| {
        path == "CustomProperties.Detectors[SuperXG21].Temperature.value" && value == "203.25"
    }));
    for (f, y, x) in [(0, 0, 0), (1, 2, 3), (2, 1, 0)] {
        assert_eq!(
            values(document.as_ref(), 0, f)[y * 4 + x],
            (100 * f + 10 * y + x) as f64
        );
    }
}

#[test]
fn a_stream_of_events_becomes_a_spectrum_image() {
    // 12 pixels, each ended by 65535; a second frame that was stopped after two pixels; channel 9 is none of the six.
    const END: u16 = u16::MAX;
    let mut stream = vec![5, 5, END, END, 0, 9, END];
    stream.extend([END; 8]);
    stream.extend([3, END, 5, END, 1, END]);
    let (document, _) = opened(&forge::velox(2, Some(&stream)));
    let titles: Vec<_> = document
        .signals()
        .iter()
        .map(|s| (s.title.as_str(), sizes(s)))
        .collect();
    assert_eq!(
        titles,
        [
            ("HAADF #1", vec![3, 4]),
            ("HAADF #1", vec![2, 3, 4]),
            ("EDS", vec![3, 4, 6])
        ]
    );
    let cube = &document.signals()[2];
    assert_eq!(
        cube.axes
            .iter()
            .filter(|a| a.role == AxisRole::Signal)
            .count(),
        1
    );
    assert_eq!(cube.planes(), 3);
    let rows: Vec<Vec<f64>> = (0..3).map(|y| values(document.as_ref(), 2, y)).collect();
    let pixel = |y: usize, x: usize| rows[y][6 * x..6 * x + 6].to_vec();
    assert_eq!(pixel(0, 0), [0.0, 0.0, 0.0, 0.0, 0.0, 3.0]);
    assert_eq!(pixel(0, 1), [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(pixel(0, 2), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(pixel(2, 3), [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]);
    assert_eq!(rows.concat().iter().sum::<f64>(), 6.0);
}

#[test]
fn hyperspy_axes_and_metadata_are_read() {
    let (document, _) = opened(&forge::hyperspy());
    assert_eq!(document.format(), Format::HyperSpy);
    let [stack, line] = document.signals() else {
        panic!("two signals")
    };
    assert_eq!(
        (stack.title.as_str(), sizes(stack)),
        ("a stack", vec![2, 3, 4])
    );
    assert!(stack.is_image() && !line.is_image());
    assert_eq!(stack.axes[0].unit, "s");
    let (pixel_nm, tag) = stack.metadata.pixel_nm.clone().unwrap();
    assert!(close(pixel_nm, 0.025));
    assert_eq!(tag, "axis-2.scale");
    assert_eq!(stack.metadata.high_tension_kv, Some(80.0));
    assert_eq!(
        stack
            .metadata
            .acquired
            .as_ref()
            .unwrap()
            .time
            .unwrap()
            .to_string(),
        "2024-02-29T12:34:56"
    );
    assert_eq!(values(document.as_ref(), 0, 1)[11], 11.5);
    assert_eq!(
        (line.axes[1].unit.as_str(), line.axes[1].offset),
        ("eV", 500.0)
    );
    assert_eq!(values(document.as_ref(), 1, 0)[9], 9.0);
}

#[test]
fn emd_dimensions_are_ordered_by_their_names() {
    // Columns last: as stored.
    let (document, _) = opened(&forge::emd(&["t", "y", "x"], &[2, 3, 4]));
    assert_eq!(document.format(), Format::Emd);
    let signal = &document.signals()[0];
    assert_eq!(
        (signal.title.as_str(), sizes(signal)),
        ("scan", vec![2, 3, 4])
    );
    assert_eq!(values(document.as_ref(), 0, 1)[4], 16.0);
    assert_eq!(signal.metadata.pixel_nm.as_ref().unwrap().0, 0.5);
    assert_eq!(
        (signal.axes[2].offset, signal.axes[2].tag.as_str()),
        (5.0, "dim3")
    );
    assert_eq!(signal.metadata.high_tension_kv, Some(300.0));
    // x before y: turned. [x, y, angle] of 4, 3, 2 at x = 1, y = 2, angle = 1 is 1·6 + 2·2 + 1 = 11.
    let (document, _) = opened(&forge::emd(&["R_x", "R_y", "angle"], &[4, 3, 2]));
    assert_eq!(sizes(&document.signals()[0]), [2, 3, 4]);
    assert_eq!(values(document.as_ref(), 0, 1)[2 * 4 + 1], 11.0);
}

#[test]
fn dm5_thumbnails_are_skipped_and_origins_are_in_pixels() {
    let (document, _) = opened(&forge::dm5());
    assert_eq!(document.format(), Format::Dm5);
    let [signal] = document.signals() else {
        panic!("one signal")
    };
    assert_eq!(
        (signal.title.as_str(), sizes(signal)),
        ("Survey", vec![2, 3])
    );
    assert!(close(signal.axes[1].offset, -0.4) && close(signal.axes[0].offset, -0.6));
    assert!(close(signal.metadata.pixel_nm.as_ref().unwrap().0, 0.2));
    assert_eq!(signal.metadata.high_tension_kv, Some(200.0));
    assert_eq!(
        signal
            .metadata
            .acquired
            .as_ref()
            .unwrap()
            .time
            .unwrap()
            .to_string(),
        "2024-02-29T13:02:03"
    );
    assert_eq!(
        values(document.as_ref(), 0, 0),
        [0.5, 1.0, 1.5, 2.0, 2.5, 3.0]
    );
}

#[test]
fn nexus_axes_calibrate_and_tables_are_no_pictures() {
    let (document, _) = opened(&forge::nexus());
    let [signal] = document.signals() else {
        panic!("one signal")
    };
    assert_eq!(
        (signal.title.as_str(), sizes(signal)),
        ("entry/data/data", vec![5, 7])
    );
    assert!(close(signal.metadata.pixel_nm.as_ref().unwrap().0, 125.0));
    assert_eq!(values(document.as_ref(), 0, 0)[34], 34.0);
}

#[test]
fn nexus_says_what_it_shows_and_where_it_lies() {
    let (document, notices) = opened(&forge::nexus_default());
    let signals = document.signals();
    let titled = |title: &str| signals.iter().find(|s| s.title == title).unwrap();
    // The file's own choice stands first, although others are larger.
    assert_eq!(document.shown(), Some(0));
    assert_eq!(signals[0].title, "counts");
    assert_eq!(values(document.as_ref(), 0, 0)[0], 100.0);
    let [down, across] = signals[0].axes.as_slice() else {
        panic!("a picture")
    };
    assert_eq!(
        (down.name.as_str(), across.name.as_str()),
        ("down", "across")
    );
    assert!(close(down.offset, 0.0) && close(across.offset, 0.25));
    assert!(close(signals[0].metadata.pixel_nm.as_ref().unwrap().0, 0.5));
    let acquired = signals[0].metadata.acquired.as_ref().unwrap();
    assert_eq!(acquired.clock, ClockKind::Utc);
    assert!(close(
        titled("map").metadata.pixel_nm.as_ref().unwrap().0,
        2.0
    ));
    assert_eq!(titled("map").axes[0].name, "y");
    assert!(titled("picture").metadata.pixel_nm.is_none());
    let jumps = |n: &NoticeKind| matches!(n, NoticeKind::Skipped { what, .. } if what.as_str() == "scale of the axis x");
    assert!(notices.iter().any(jumps), "{notices:?}");
    // Without `default` the only signal there is.
    assert_eq!(opened(&forge::nexus()).0.shown(), Some(0));
    assert_eq!(opened(OLD).0.shown(), None);
}

#[test]
fn files_of_another_writer_old_and_new_are_read() {
    for bytes in [OLD, NEW] {
        let (document, _) = opened(bytes);
        let titles: Vec<&str> = document
            .signals()
            .iter()
            .map(|s| s.title.as_str())
            .collect();
        // What links lead to is found once.
        assert_eq!(titles.len(), 2, "{titles:?}");
        let index = |side: usize| {
            let found = document
                .signals()
                .iter()
                .position(|s| s.axes[0].size == side);
            found.unwrap()
        };
        let lzf = values(document.as_ref(), index(6), 0);
        let expected: Vec<f64> = (0..54).map(|i| f64::from(i / 3 * 1000)).collect();
        assert_eq!(lzf, expected);
        let gzip = values(document.as_ref(), index(5), 0);
        assert_eq!(
            gzip,
            (0..35).map(|i| 0.25 * f64::from(i)).collect::<Vec<_>>()
        );
    }
}

#[test]
fn an_unknown_filter_is_named_with_its_array() {
    // The number of the LZF filter (32000) becomes that of bitshuffle (32008).
    let mut bytes = OLD.to_vec();
    let at = bytes
        .windows(2)
        .rposition(|w| w == 32_000_u16.to_le_bytes())
        .unwrap();
    bytes[at] = 8;
    let (document, notices) = opened(&bytes);
    assert_eq!(document.signals().len(), 1);
    let told: Vec<String> = notices.iter().map(ToString::to_string).collect();
    assert!(
        told.iter()
            .any(|n| n.contains("filter bitshuffle (32008) of /linked")),
        "{told:?}"
    );
}

#[test]
fn a_text_and_an_empty_file_are_no_pictures() {
    let texts =
        hdf5_writer::DatasetBuilder::vlen_string_data("texts", [2_u64], &["a", "b"]).unwrap();
    match open_bytes(&forge::bytes(Hdf5Builder::new().dataset(texts))).0 {
        Err(FormatError::Unsupported { field, remedy, .. }) => {
            assert!(field.as_str().contains("without any picture") && !remedy.is_empty());
        }
        _ => panic!("opened"),
    }
}

/// Samples in one piece of 4.6 GB, of which the file is the beginning.
const LARGE: &[u8] = include_bytes!("data/hdf5_large.h5");

/// Twelve pictures in a group whose links lie in a heap.
const DENSE: &[u8] = include_bytes!("data/hdf5_dense.h5");

/// The head of an object within a file made unreadable.
fn damaged(bytes: &[u8], path: &str) -> Vec<u8> {
    let file = hdf5_reader::Hdf5File::from_bytes(bytes).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[file.dataset(path).unwrap().address() as usize] ^= 0xff;
    bytes
}

#[test]
fn an_object_that_cannot_be_read_takes_no_other_with_it() {
    for (bytes, path) in [
        (OLD, "packed/gzip"),
        (NEW, "packed/gzip"),
        (DENSE, "many/07"),
    ] {
        let titles = |bytes: &[u8]| -> Vec<String> {
            let document = opened(bytes).0;
            document.signals().iter().map(|s| s.title.clone()).collect()
        };
        let mut expected = titles(bytes);
        let name = path.rsplit('/').next().unwrap();
        expected.retain(|title| title != name);
        let bytes = damaged(bytes, path);
        assert!(!expected.is_empty());
        assert_eq!(titles(&bytes), expected);
        let (_, notices) = opened(&bytes);
        let told = notices.iter().find_map(|n| match n {
            NoticeKind::Skipped { what, reason } if what.as_str() == format!("/{path}") => {
                Some(reason)
            }
            _ => None,
        });
        assert!(told.is_some_and(|r| !r.is_empty()), "{notices:?}");
    }
    // One in the root does not refuse the file.
    let (document, notices) = opened(&damaged(OLD, "texts"));
    assert_eq!(document.signals().len(), opened(OLD).0.signals().len());
    let told =
        |n: &NoticeKind| matches!(n, NoticeKind::Skipped { what, .. } if what.as_str() == "/texts");
    assert!(notices.iter().any(told), "{notices:?}");
}

/// A file whose bytes behind its head count their planes of 300 × 256 bytes, modulo 251.
struct Planes(RefCell<u64>);

impl Source for Planes {
    fn len(&self) -> u64 {
        LARGE.len() as u64 + 60_000 * 300 * 256
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.len().saturating_sub(offset).min(buffer.len() as u64);
        for (at, byte) in (offset..).zip(buffer.iter_mut()) {
            *byte = match at.checked_sub(LARGE.len() as u64) {
                Some(behind) => (behind / (300 * 256) % 251) as u8,
                None => LARGE[at as usize],
            };
        }
        *self.0.borrow_mut() += count;
        Ok(count as usize)
    }
}

/// More bytes than 32 bits count: on wasm32, too.
#[test]
fn a_plane_of_an_array_of_4_6_gigabytes_is_read_alone() {
    common::with_hdf5();
    let source = Rc::new(Planes(RefCell::new(0)));
    let document = open(source.clone(), &Limits::default(), &mut Notices::default()).unwrap();
    assert_eq!(sizes(&document.signals()[0]), [60_000, 300, 256]);
    for plane in [0, 1, 59_999] {
        let read = document
            .read_plane(0, plane, &mut Notices::default())
            .unwrap();
        assert_eq!(
            read.samples,
            Samples::U8(vec![(plane % 251) as u8; 300 * 256])
        );
    }
    let read = *source.0.borrow();
    assert!(read < 500_000, "{read} bytes");
    assert!(
        document
            .read_plane(0, 60_000, &mut Notices::default())
            .is_err()
    );
}

/// Counts what is read.
struct Counting {
    bytes: Vec<u8>,
    read: RefCell<u64>,
}

impl Source for Counting {
    fn len(&self) -> u64 {
        self.bytes.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = MemorySource(self.bytes.as_slice().into()).read_at(offset, buffer)?;
        *self.read.borrow_mut() += count as u64;
        Ok(count)
    }
}

#[test]
fn one_plane_is_read_without_the_others() {
    // 24 planes of 128 kB, contiguous and in chunks.
    let shape = [24_u64, 256, 256];
    let data: Vec<u16> = (0..24 * 65536_u32).map(|i| (i / 65536) as u16).collect();
    common::with_hdf5();
    for chunked in [false, true] {
        let dataset = forge::typed("image", &shape, &data);
        let dataset = if chunked {
            dataset.chunked([1, 64, 256])
        } else {
            dataset
        };
        let source = Rc::new(Counting {
            bytes: forge::bytes(Hdf5Builder::new().dataset(dataset)),
            read: RefCell::new(0),
        });
        let document = open(source.clone(), &Limits::default(), &mut Notices::default()).unwrap();
        let headers = source.read.replace(0);
        let plane = document.read_plane(0, 17, &mut Notices::default()).unwrap();
        assert_eq!(plane.samples, Samples::U16(vec![17; 65536]));
        let read = *source.read.borrow();
        println!(
            "chunked {chunked}: headers {headers}, plane {read} bytes of {}",
            source.len()
        );
        assert!(headers < 200_000 && read < 300_000, "{headers} {read}");
    }
}

fn forged() -> Vec<(&'static str, Vec<u8>)> {
    let stream: Vec<u16> = (0..40)
        .map(|i| if i % 3 == 0 { u16::MAX } else { i % 6 })
        .collect();
    let order = ByteOrder::LittleEndian;
    let packed = raw(
        "image",
        datatype("int16", order),
        &[3, 4, 7],
        Layout::Packed,
        ramp("int16", 2, 84, false),
    );
    vec![
        ("velox", forge::velox(2, Some(&stream))),
        ("hyperspy", forge::hyperspy()),
        ("emd", forge::emd(&["x", "y"], &[3, 4])),
        ("dm5", forge::dm5()),
        ("nexus", forge::nexus()),
        ("nexus with a default", forge::nexus_default()),
        ("packed", forge::bytes(Hdf5Builder::new().dataset(packed))),
        ("old", OLD.to_vec()),
        ("new", NEW.to_vec()),
    ]
}

#[test]
fn every_prefix_is_an_error_or_sound() {
    let mut count = 0;
    for (name, bytes) in forged() {
        assert!(survives(&bytes), "{name}");
        for length in (0..bytes.len()).step_by(if bytes.len() > 4000 { 13 } else { 1 }) {
            survives(&bytes[..length]);
            count += 1;
        }
    }
    println!("{count} prefixes");
}

/// What is read through another program is what is read here: signals, samples, notices, and what is wrong.
#[test]
fn a_reader_in_another_program_gives_the_same() {
    let words = |notices: &Notices| {
        let all = notices.as_slice().iter();
        all.map(|n| format!("{}: {}", n.subject, n.kind))
            .collect::<Vec<_>>()
    };
    let (mut planes, mut errors) = (0, 0);
    for (name, bytes) in forged() {
        let cuts = (0..bytes.len()).step_by(bytes.len() / 7);
        for length in cuts.chain([bytes.len()]) {
            let source = || Rc::new(MemorySource(bytes[..length].into()));
            let mut said = (Notices::default(), Notices::default());
            let limits = Limits::default();
            let direct = open(source(), &limits, &mut said.0);
            let apart = apart::open(apart::here, source(), &limits, &mut said.1);
            match (direct, apart) {
                (Ok(direct), Ok(apart)) => {
                    assert_eq!(direct.format(), apart.format());
                    assert_eq!(direct.shown(), apart.shown());
                    assert_eq!(direct.signals(), apart.signals());
                    for (index, signal) in direct.signals().iter().enumerate() {
                        for plane in 0..=signal.planes() {
                            let own = direct.read_plane(index, plane, &mut said.0);
                            let other = apart.read_plane(index, plane, &mut said.1);
                            match (own, other) {
                                (Ok(own), Ok(other)) => assert_eq!(own, other, "{name}"),
                                (own, other) => assert_eq!(
                                    own.map_err(|e| e.to_string()),
                                    other.map_err(|e| e.to_string())
                                ),
                            }
                            planes += 1;
                        }
                    }
                    assert_eq!(words(&said.0), words(&said.1));
                }
                (direct, apart) => {
                    let chain =
                        |e: Option<FormatError>| e.map(|e| (e.to_string(), e.remedy().to_owned()));
                    // What cannot even be told to be HDF5 never gets so far.
                    if length > 8 {
                        assert_eq!(chain(direct.err()), chain(apart.err()), "{name}, {length}");
                    }
                    errors += 1;
                }
            }
        }
    }
    assert!(
        planes > 100 && errors > 10,
        "{planes} planes, {errors} errors"
    );
}

#[test]
fn flipped_bits_are_errors_or_sound() {
    let mut count = 0;
    let mut flips = Flips(20_240_229);
    for (_, bytes) in forged() {
        for _ in 0..200 {
            survives(&flips.flip(&bytes));
            count += 1;
        }
    }
    println!("{count} files with flipped bits");
}

#[test]
fn complex_statistics_have_two_parts() {
    let order = ByteOrder::LittleEndian;
    let image = raw(
        "image",
        datatype("complex64", order),
        &[4, 5],
        Layout::Contiguous,
        ramp("complex64", 8, 20, false),
    );
    let (document, notices) = open_bytes(&forge::bytes(Hdf5Builder::new().dataset(image)));
    let found = describe(document.unwrap().as_ref(), notices).unwrap();
    assert_eq!(found.signals[0].mean, Some(Sample::Parts(vec![9.5, -0.5])));
}
