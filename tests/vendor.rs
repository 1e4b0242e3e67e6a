//! Files of microscopes and of programs beside them, forged: every type of sample comes back exactly, and the metadata
//! with its units.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod common;

use std::rc::Rc;

use alloyscope::formats::{
    Beside, Document, Format, FormatError, Limits, MemorySource, Source, companions, open_with,
};
use alloyscope::project::{FileEntry, assemble};
use alloyscope::signal::{AxisRole, ClockKind, Dtype, NoticeKind, Notices, Sample, Samples};
use common::dm::{F64, FLAVORS, Flavor, Group, Image, Strange, Text, U32, dm};
use common::open_bytes;
use common::vendor::{Mrc, Ser, emi, emsa, fei1, npy, rpl};

/// A file in which values from 1 on are of one type: their bytes, least significant first, and what they are.
fn ramp(dtype: Dtype, count: usize) -> (Vec<u8>, Vec<Sample>) {
    let mut bytes = Vec::new();
    let mut samples = Vec::new();
    for k in 1..=count as i32 {
        let signed = if k % 2 == 0 { k * 3 } else { -k * 3 };
        let real = f64::from(signed) * 0.5;
        let mut plain = |encoded: &[u8], value: f64| {
            bytes.extend(encoded);
            samples.push(Sample::Real(value));
        };
        match dtype {
            Dtype::Bool => plain(&[(k % 2) as u8], f64::from(k % 2)),
            Dtype::U8 => plain(&[(k * 7) as u8], f64::from((k * 7) as u8)),
            Dtype::I8 => plain(&(signed as i8).to_le_bytes(), f64::from(signed as i8)),
            Dtype::U16 => plain(&(k as u16 * 1001).to_le_bytes(), f64::from(k as u16 * 1001)),
            Dtype::I16 => plain(&(signed as i16 * 99).to_le_bytes(), f64::from(signed * 99)),
            Dtype::U32 => {
                let value = k as u32 * 70_000_001;
                plain(&value.to_le_bytes(), f64::from(value));
            }
            Dtype::I32 => plain(
                &(signed * 7_000_001).to_le_bytes(),
                f64::from(signed * 7_000_001),
            ),
            Dtype::U64 => plain(
                &(k as u64 * 9_000_000_001).to_le_bytes(),
                k as f64 * 9_000_000_001.0,
            ),
            Dtype::I64 => {
                plain(
                    &(i64::from(signed) * 9_000_000_001).to_le_bytes(),
                    f64::from(signed) * 9_000_000_001.0,
                );
            }
            // Small integers, whose half floats are easily written: 1.0 is 0x3c00, each doubling adds 0x400.
            Dtype::F16 => {
                let power = (k % 8) as u16;
                plain(
                    &(0x3c00 + 0x400 * power).to_le_bytes(),
                    f64::from(1_u32 << power),
                );
            }
            Dtype::F32 => plain(&(real as f32).to_le_bytes(), real),
            Dtype::F64 => plain(&(real / 3.0).to_le_bytes(), real / 3.0),
            Dtype::C64 => {
                bytes.extend((real as f32).to_le_bytes());
                bytes.extend((-real as f32 * 4.0).to_le_bytes());
                samples.push(Sample::Parts(vec![real, -real * 4.0]));
            }
            Dtype::C128 => {
                bytes.extend((real / 3.0).to_le_bytes());
                bytes.extend((real / 7.0).to_le_bytes());
                samples.push(Sample::Parts(vec![real / 3.0, real / 7.0]));
            }
            Dtype::Rgb => {
                let color = [k as u8, k as u8 * 2, k as u8 * 3];
                bytes.extend(color);
                samples.push(Sample::Parts(color.map(f64::from).to_vec()));
            }
            Dtype::Rgba => {
                let color = [k as u8, k as u8 * 2, k as u8 * 3, 255];
                bytes.extend(color);
                samples.push(Sample::Parts(color.map(f64::from).to_vec()));
            }
        }
    }
    (bytes, samples)
}

/// The most significant byte first: of numbers of `size` bytes.
fn swapped(bytes: &[u8], size: usize) -> Vec<u8> {
    bytes
        .chunks(size)
        .flat_map(|b| b.iter().rev().copied().collect::<Vec<u8>>())
        .collect()
}

/// Bytes of one number: half of a complex one.
fn number_size(dtype: Dtype) -> usize {
    match dtype {
        Dtype::C64 | Dtype::C128 => dtype.bytes() / 2,
        Dtype::Rgb | Dtype::Rgba => 1,
        _ => dtype.bytes(),
    }
}

fn all(document: &dyn Document, signal: usize) -> Vec<Sample> {
    let samples = document
        .read_all(signal, &Limits::default(), &mut Notices::default())
        .unwrap();
    (0..samples.len())
        .map(|k| samples.parts(k).unwrap())
        .collect()
}

fn shape(document: &dyn Document, signal: usize) -> Vec<usize> {
    document.signals()[signal]
        .axes
        .iter()
        .map(|a| a.size)
        .collect()
}

const DM_TYPES: [(u32, &[u64], Dtype); 15] = [
    (1, &[2], Dtype::I16),
    (2, &[6], Dtype::F32),
    (3, &[6, 6], Dtype::C64),
    (5, &[6, 6], Dtype::C64),
    (6, &[10], Dtype::U8),
    (7, &[3], Dtype::I32),
    (9, &[9], Dtype::I8),
    (10, &[4], Dtype::U16),
    (11, &[5], Dtype::U32),
    (12, &[7], Dtype::F64),
    (13, &[7, 7], Dtype::C128),
    (14, &[8], Dtype::Bool),
    (28, &[7, 7], Dtype::C128),
    (39, &[11], Dtype::I64),
    (40, &[12], Dtype::U64),
];

#[test]
fn dm_keeps_every_type_in_every_dimension() {
    for flavor in FLAVORS {
        for (code, kinds, dtype) in DM_TYPES {
            for sizes in [vec![5_u32], vec![3, 2], vec![3, 2, 4], vec![3, 1, 2, 2]] {
                let count = sizes.iter().product::<u32>() as usize;
                let (bytes, expected) = ramp(dtype, count);
                let bytes = if flavor.little {
                    bytes
                } else {
                    swapped(&bytes, number_size(dtype))
                };
                let file = dm(flavor, vec![Image::new(code, kinds, &sizes, bytes)]);
                let (document, notices) = open_bytes(&file);
                let document = document.unwrap();
                assert_eq!(notices.as_slice(), [], "{flavor:?} {dtype:?}");
                assert_eq!(document.signals().len(), 1, "the thumbnail is none");
                let slowest_first: Vec<usize> = sizes.iter().rev().map(|&s| s as usize).collect();
                assert_eq!(shape(document.as_ref(), 0), slowest_first);
                assert_eq!(document.signals()[0].dtype, dtype);
                assert_eq!(document.signals()[0].metadata.pixel_nm, None);
                assert_eq!(
                    all(document.as_ref(), 0),
                    expected,
                    "{flavor:?} {dtype:?} {sizes:?}"
                );
            }
        }
    }
}

#[test]
fn dm_colors_are_red_green_blue() {
    let pixels = vec![1_u8, 2, 3, 4, 5, 6, 7, 8]; // blue, green, red, alpha
    for code in [8, 23] {
        let image = Image::new(code, &[3], &[2, 1], pixels.clone());
        let (document, _) = open_bytes(&dm(FLAVORS[0], vec![image]));
        let plane = document
            .unwrap()
            .read_plane(0, 0, &mut Notices::default())
            .unwrap();
        assert_eq!(
            plane.samples,
            Samples::Rgba(vec![[3, 2, 1, 4], [7, 6, 5, 8]])
        );
    }
    let image = Image::new(23, &[3], &[2, 1], swapped(&pixels, 4));
    let (document, _) = open_bytes(&dm(FLAVORS[1], vec![image]));
    let plane = document
        .unwrap()
        .read_plane(0, 0, &mut Notices::default())
        .unwrap();
    assert_eq!(
        plane.samples,
        Samples::Rgba(vec![[3, 2, 1, 4], [7, 6, 5, 8]])
    );
}

/// The transform of a real picture, packed into half as DigitalMicrograph does it, against the sum that defines it. The
/// packed numbers are 32-bit: 1e-5 of values around 100 is their rounding.
#[test]
fn a_packed_transform_is_unfolded() {
    let side = 6_i32;
    let picture = |x: i32, y: i32| f64::from((x * 31 + y * 17) % 11);
    let transform = |row: i32, column: i32| {
        let (ky, kx) = (row - side / 2, column - side / 2);
        let mut sum = [0.0; 2];
        for y in 0..side {
            for x in 0..side {
                let angle = -std::f64::consts::TAU * f64::from(kx * x + ky * y) / f64::from(side);
                sum[0] += picture(x, y) * angle.cos();
                sum[1] += picture(x, y) * angle.sin();
            }
        }
        sum
    };
    let n = side / 2;
    let mut packed = Vec::new();
    for row in 0..side {
        let first = match row {
            0 => [transform(n, 0)[0], transform(0, 0)[0]],
            r if r == n => [transform(n, n)[0], transform(0, n)[0]],
            r if r < n => transform(n + r, 0),
            r => transform(r, n),
        };
        packed.push(first);
        packed.extend((1..n).map(|k| transform(row, n + k)));
    }
    let bytes: Vec<u8> = packed
        .iter()
        .flatten()
        .flat_map(|&v| (v as f32).to_le_bytes())
        .collect();
    let mut image = Image::new(5, &[6], &[6, 6], bytes);
    image.count = 36;
    let (document, _) = open_bytes(&dm(FLAVORS[0], vec![image]));
    let found = all(document.unwrap().as_ref(), 0);
    for row in 0..side {
        for column in 0..side {
            let Sample::Parts(found) = &found[(row * side + column) as usize] else {
                panic!("not complex")
            };
            let expected = transform(row, column);
            assert!(
                (found[0] - expected[0]).abs() < 1e-5 && (found[1] - expected[1]).abs() < 1e-5,
                "{row}, {column}: {found:?} instead of {expected:?}"
            );
        }
    }
}

fn calibrated(unit: &'static str) -> Image {
    let mut image = Image::new(2, &[6], &[3, 2], ramp(Dtype::F32, 6).0);
    image.calibrations = vec![(4.0, 0.5, unit), (-2.0, 0.25, unit)];
    image
}

#[test]
fn dm_calibrations_keep_their_units() {
    for (unit, nm) in [("nm", 1.0), ("\u{b5}m", 1000.0), ("A", 0.1), ("pm", 1e-3)] {
        let (document, notices) = open_bytes(&dm(FLAVORS[2], vec![calibrated(unit)]));
        let document = document.unwrap();
        let signal = &document.signals()[0];
        let [height, width] = signal.axes.as_slice() else {
            panic!("{:?}", signal.axes)
        };
        assert_eq!((width.offset, width.scale), (-2.0, 0.5));
        assert_eq!((height.offset, height.scale), (0.5, 0.25));
        assert_eq!(width.unit, unit);
        assert_eq!(width.tag, "ImageList.1.ImageData.Calibrations.Dimension.0");
        let (pixel_nm, tag) = signal.metadata.pixel_nm.clone().unwrap();
        assert!((pixel_nm / (0.375 * nm) - 1.0).abs() < 1e-12, "{unit}");
        assert_eq!(tag, width.tag);
        let not_square = |kind: &NoticeKind| matches!(kind, NoticeKind::NonSquarePixels { .. });
        assert!(notices.as_slice().iter().any(|n| not_square(&n.kind)));
    }
    // Reciprocal space, an unknown unit, and a scale of 1 without unit are no pixel size.
    for unit in ["1/nm", "\u{b5}n", ""] {
        let mut image = calibrated(unit);
        if unit.is_empty() {
            image.calibrations = vec![(0.0, 1.0, ""); 2];
        }
        let (document, _) = open_bytes(&dm(FLAVORS[0], vec![image]));
        let document = document.unwrap();
        assert_eq!(document.signals()[0].metadata.pixel_nm, None, "{unit}");
        assert_eq!(document.signals()[0].is_diffraction(), unit == "1/nm");
    }
}

#[test]
fn dm_metadata_is_read_and_temperatures_are_left_alone() {
    let mut image = calibrated("nm");
    image.tags = vec![
        (
            "DataBar",
            Group(vec![
                ("Acquisition Date", Text("5/7/2016")),
                ("Acquisition Time", Text("12:58:18 PM")),
                ("Acquisition Time (OS)", F64(1.310_711_389_822_762_2e17)),
                ("Exposure Time (s)", F64(0.25)),
                ("Signal Name", Text("HAADF")),
            ]),
        ),
        (
            "Microscope Info",
            Group(vec![
                ("Formatted Voltage", Text("200,5 kV")),
                (
                    "Stage Position",
                    Group(vec![("Stage X", F64(-12.5)), ("Stage Alpha", F64(3.0))]),
                ),
                ("Microscope", Text("[]")),
                ("Name", Text("forger")),
            ]),
        ),
        ("DigiScan", Group(vec![("Sample Time", F64(12.0))])),
        (
            "Acquisition",
            Group(vec![(
                "Device",
                Group(vec![("Temperature (C)", F64(-20.0))]),
            )]),
        ),
    ];
    let (document, _) = open_bytes(&dm(FLAVORS[0], vec![image]));
    let document = document.unwrap();
    let metadata = &document.signals()[0].metadata;
    let acquired = metadata.acquired.clone().unwrap();
    assert_eq!(acquired.text, "5/7/2016 12:58:18 PM");
    // May, not July: the other clock says so.
    assert_eq!(acquired.time.unwrap().to_string(), "2016-05-07T12:58:18");
    assert_eq!(acquired.clock, ClockKind::Local);
    assert_eq!(metadata.high_tension_kv, Some(200.5));
    assert_eq!(metadata.exposure_s, Some(0.25));
    assert_eq!(metadata.pixel_dwell_s, Some(12e-6));
    assert_eq!(metadata.detector.as_deref(), Some("HAADF"));
    assert_eq!(metadata.instrument.as_deref(), Some("forger"));
    assert_eq!(metadata.title.as_deref(), Some("forged"));
    let stage = metadata.stage.unwrap();
    assert_eq!(
        (stage.x_um, stage.alpha_deg, stage.beta_deg),
        (Some(-12.5), Some(3.0), None)
    );
    let path = "ImageList.1.ImageTags.Acquisition.Device.Temperature (C)";
    let tags = &document.signals()[0].tags;
    assert!(tags.contains(&(path.into(), "-20".into())), "{tags:?}");
    assert!(!format!("{metadata:?}").contains("-20"), "{metadata:?}");
}

#[test]
fn dm_spectrum_images_know_their_energy_axis() {
    let spectra = |sizes: &[u32], units: &[&'static str], format| {
        let count = sizes.iter().product::<u32>() as usize;
        let mut image = Image::new(2, &[6], sizes, ramp(Dtype::F32, count).0);
        image.calibrations = units.iter().map(|&unit| (0.0, 0.5, unit)).collect();
        image.tags = vec![(
            "Meta Data",
            Group(vec![("Format", Text(format)), ("Signal", Text("EELS"))]),
        )];
        let (document, _) = open_bytes(&dm(
            FLAVORS[3],
            vec![Image {
                bytes: swapped(&ramp(Dtype::F32, count).0, 4),
                ..image
            }],
        ));
        document.unwrap().signals()[0].clone()
    };
    let energies = |signal: &alloyscope::signal::Signal| -> Vec<bool> {
        signal
            .axes
            .iter()
            .map(|a| a.role == AxisRole::Signal)
            .collect()
    };
    let cube = spectra(&[3, 2, 5], &["nm", "nm", "eV"], "Spectrum image");
    assert_eq!(energies(&cube), [true, false, false]);
    assert_eq!(cube.axes[0].name, "Energy loss");
    assert!(!cube.is_image());
    let line = spectra(&[5, 3], &["eV", "nm"], "Spectrum image");
    assert_eq!(energies(&line), [false, true]);
    let single = spectra(&[5], &["eV"], "Spectrum");
    assert_eq!(energies(&single), [true]);
    let uncalibrated = spectra(&[5, 1], &["", ""], "Spectrum");
    assert_eq!(energies(&uncalibrated), [false, true]);
}

#[test]
fn dm_opens_with_tags_nobody_knows() {
    for flavor in FLAVORS {
        let bytes = |little| {
            let (bytes, _) = ramp(Dtype::U16, 6);
            if little { bytes } else { swapped(&bytes, 2) }
        };
        let image = Image::new(10, &[4], &[3, 2], bytes(flavor.little));
        let whole = dm(flavor, vec![image]);
        let mut image = Image::new(10, &[4], &[3, 2], bytes(flavor.little));
        image.tags = vec![("New", Strange), ("After", U32(7))];
        let strange = dm(flavor, vec![image]);
        let (plain, _) = open_bytes(&whole);
        let (document, notices) = open_bytes(&strange);
        let document = document.unwrap();
        assert_eq!(all(document.as_ref(), 0), all(plain.unwrap().as_ref(), 0));
        // Version 4 says where the next tag is; version 3 does not, and what follows is left out.
        assert_eq!(
            notices.as_slice().is_empty(),
            flavor.version == 4,
            "{flavor:?}"
        );
    }
}

#[test]
fn dm_says_what_it_does_not_read() {
    let image = Image::new(4, &[3], &[3, 2], vec![0; 24]);
    match open_bytes(&dm(FLAVORS[0], vec![image])).0.err() {
        Some(FormatError::Unsupported {
            format,
            field,
            remedy,
        }) => {
            assert_eq!(format, Format::Dm3);
            assert!(field.as_str().contains("data type 4"), "{field}");
            assert!(!remedy.is_empty());
        }
        other => panic!("{other:?}"),
    }
    // Sizes that the samples do not fill.
    let mut image = Image::new(2, &[6], &[3, 2], vec![0; 24]);
    image.sizes = vec![3, 3];
    assert!(matches!(
        open_bytes(&dm(FLAVORS[2], vec![image])).0.err(),
        Some(FormatError::Malformed {
            format: Format::Dm4,
            offset: Some(_),
            ..
        })
    ));
}

/// A file larger than memory: its beginning, then zeros. Counts what is read of it.
struct Large {
    head: Vec<u8>,
    tail: Vec<u8>,
    length: u64,
    read: std::cell::Cell<u64>,
}

impl Source for Large {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.length.saturating_sub(offset).min(buffer.len() as u64) as usize;
        for (k, byte) in buffer[..count].iter_mut().enumerate() {
            let at = offset + k as u64;
            let in_tail = (at + self.tail.len() as u64).checked_sub(self.length);
            let (part, at) = match in_tail {
                Some(at) => (&self.tail, at),
                None => (&self.head, at),
            };
            // In the browser no index reaches beyond 4 GiB.
            let found = usize::try_from(at).ok().and_then(|at| part.get(at));
            *byte = found.copied().unwrap_or(0);
        }
        self.read.set(self.read.get() + count as u64);
        Ok(count)
    }
}

/// One plane of stacks of 4.3 GB is read with a megabyte of it, half of which is the plane.
#[test]
fn a_plane_of_a_huge_stack_is_read_alone() {
    let (side, frames) = (512_u32, 8200_u32);
    let plane = u64::from(side * side) * 2;
    let bytes = plane * u64::from(frames);
    let mut image = Image::new(10, &[4], &[side, side, frames], Vec::new());
    image.count = bytes / 2;
    let mut gatan = dm(FLAVORS[2], vec![image]);
    // The samples stand in front of the tag that follows them.
    let mark = gatan.windows(8).rposition(|w| w == b"DataType").unwrap() - 3;
    let gatan_tail = gatan.split_off(mark);
    let mrc = Mrc::new(6, [side, side, frames], Vec::new()).bytes();
    let numpy = npy("<u2", false, &format!("({frames}, {side}, {side})"), &[]);
    // A series of one empty element is made one of many full ones.
    let mut series = Ser {
        wide: true,
        kind: 2,
        sizes: vec![side, side],
        calibrations: vec![(0.0, 1e-9); 2],
        dimensions: vec![(frames, 1.0, "Number", "")],
        elements: vec![Vec::new()],
        total: frames,
        time: 0,
    }
    .bytes();
    let (header, tag) = (50, 8);
    let start = series.len() - header - tag;
    let table = start - 16 * frames as usize;
    series[18..22].copy_from_slice(&frames.to_le_bytes());
    for k in 0..frames as usize {
        let offset = start as u64 + k as u64 * (plane + 58);
        series[table + 8 * k..][..8].copy_from_slice(&offset.to_le_bytes());
    }
    let mut last = series[start..start + header].to_vec();
    last.resize(header + plane as usize + tag, 0);
    for (head, tail, between) in [
        (gatan, gatan_tail, bytes),
        (mrc, Vec::new(), bytes),
        (numpy, Vec::new(), bytes),
        (series, last, u64::from(frames - 2) * (plane + 58) + plane),
    ] {
        let source = Rc::new(Large {
            length: head.len() as u64 + between + tail.len() as u64,
            head,
            tail,
            read: std::cell::Cell::new(0),
        });
        let mut notices = Notices::default();
        let document =
            alloyscope::formats::open(source.clone(), &Limits::default(), &mut notices).unwrap();
        assert_eq!(shape(document.as_ref(), 0), [8200, 512, 512]);
        let last = document.read_plane(0, 8199, &mut notices).unwrap();
        assert_eq!(last.samples.len() as u64 * 2, plane);
        let read = source.read.get();
        assert!(read < 1 << 20, "{read} bytes read");
    }
}

/// The second page of a BigTIFF lies beyond 4 GiB, its directory too.
#[test]
fn a_page_beyond_four_gigabytes_is_read_alone() {
    const SIDE: u64 = 64;
    const BEYOND: u64 = 5_000_000_000;
    let directory = |samples: u64, next: u64| {
        let tags: [(u16, u64); 9] = [
            (256, SIDE),
            (257, SIDE),
            (258, 16),
            (259, 1),
            (262, 1),
            (273, samples),
            (277, 1),
            (278, SIDE),
            (279, 2 * SIDE * SIDE),
        ];
        let mut bytes = (tags.len() as u64).to_le_bytes().to_vec();
        for (tag, value) in tags {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(16_u16.to_le_bytes()); // a number of 8 bytes
            bytes.extend(1_u64.to_le_bytes());
            bytes.extend(value.to_le_bytes());
        }
        bytes.extend(next.to_le_bytes());
        bytes
    };
    let page = |value: u16| value.to_le_bytes().repeat((SIDE * SIDE) as usize);
    let mut head = b"II\x2b\0\x08\0\0\0".to_vec();
    head.extend(16_u64.to_le_bytes());
    head.extend(directory(512, BEYOND));
    head.resize(512, 0);
    head.extend(page(7));
    let mut tail = directory(BEYOND + 512, 0);
    tail.resize(512, 0);
    tail.extend(page(9));
    let source = Rc::new(Large {
        length: BEYOND + tail.len() as u64,
        head,
        tail,
        read: std::cell::Cell::new(0),
    });
    let mut notices = Notices::default();
    let document =
        alloyscope::formats::open(source.clone(), &Limits::default(), &mut notices).unwrap();
    assert_eq!(document.signals()[0].planes(), 2);
    let last = document.read_plane(0, 1, &mut notices).unwrap();
    assert_eq!(last.samples.get(0), Some(9.0));
    assert_eq!(last.samples.len() as u64, SIDE * SIDE);
    assert!(
        source.read.get() < 1 << 17,
        "{} bytes read",
        source.read.get()
    );
}

const SER_TYPES: [Dtype; 10] = [
    Dtype::U8,
    Dtype::U16,
    Dtype::U32,
    Dtype::I8,
    Dtype::I16,
    Dtype::I32,
    Dtype::F32,
    Dtype::F64,
    Dtype::C64,
    Dtype::C128,
];

fn ser(wide: bool, code: usize, frames: usize) -> (Ser, Vec<Sample>) {
    let dtype = SER_TYPES[code - 1];
    let (bytes, samples) = ramp(dtype, 6 * frames);
    let elements = bytes.chunks(6 * dtype.bytes()).map(<[u8]>::to_vec);
    let file = Ser {
        wide,
        kind: code as u16,
        sizes: vec![3, 2],
        calibrations: vec![(-1e-9, 2e-10), (-3e-9, 2e-10)],
        dimensions: vec![(frames as u32, 1.0, "Number", "")],
        elements: elements.collect(),
        total: frames as u32,
        time: 1_456_073_586,
    };
    // Rows stand in the file from the bottom up.
    let mut expected = Vec::new();
    for frame in samples.chunks(6) {
        expected.extend_from_slice(&frame[3..]);
        expected.extend_from_slice(&frame[..3]);
    }
    (file, expected)
}

#[test]
fn ser_keeps_every_type() {
    for wide in [false, true] {
        for code in 1..=SER_TYPES.len() {
            for frames in [1, 4] {
                let (file, expected) = ser(wide, code, frames);
                let (document, _) = open_bytes(&file.bytes());
                let document = document.unwrap();
                let wanted = if frames == 1 {
                    vec![2, 3]
                } else {
                    vec![4, 2, 3]
                };
                assert_eq!(shape(document.as_ref(), 0), wanted);
                assert_eq!(all(document.as_ref(), 0), expected);
                let metadata = &document.signals()[0].metadata;
                assert!((metadata.pixel_nm.clone().unwrap().0 - 0.2).abs() < 1e-12);
                let acquired = metadata.acquired.clone().unwrap();
                assert_eq!(acquired.time.unwrap().to_string(), "2016-02-21T16:53:06");
                assert_eq!(acquired.clock, ClockKind::Utc);
            }
        }
    }
}

#[test]
fn ser_lines_of_spectra_and_stopped_series() {
    let (bytes, expected) = ramp(Dtype::I32, 15);
    let mut file = Ser {
        wide: true,
        kind: 6,
        sizes: vec![5],
        calibrations: vec![(-20.0, 0.2)],
        dimensions: vec![(3, 1e-9, "Position", "meters")],
        elements: bytes.chunks(20).map(<[u8]>::to_vec).collect(),
        total: 3,
        time: 0,
    };
    let (document, _) = open_bytes(&file.bytes());
    let document = document.unwrap();
    let signal = &document.signals()[0];
    assert_eq!(shape(document.as_ref(), 0), [3, 5]);
    assert_eq!(all(document.as_ref(), 0), expected);
    assert!(!signal.is_image());
    assert_eq!(
        (signal.axes[0].unit.as_str(), signal.axes[0].role),
        ("meters", AxisRole::Navigation)
    );
    assert_eq!(
        (signal.axes[1].unit.as_str(), signal.axes[1].offset),
        ("eV", -20.0)
    );
    // Seven were announced, three were taken.
    file.total = 7;
    let (document, _) = open_bytes(&file.bytes());
    assert_eq!(all(document.unwrap().as_ref(), 0), expected);
    // Two directions.
    file.total = 3;
    file.dimensions = vec![(3, 1e-9, "x", "meters"), (1, 1e-9, "y", "meters")];
    let (document, _) = open_bytes(&file.bytes());
    assert_eq!(shape(document.unwrap().as_ref(), 0), [1, 3, 5]);
    // An element of another size is not taken for one like the others.
    let mut broken = file.bytes();
    let at = broken.len() - 8 - 20 - 4;
    broken[at] = 4;
    let (document, _) = open_bytes(&broken);
    let error = document.unwrap().read_plane(0, 0, &mut Notices::default());
    assert!(
        matches!(error, Err(FormatError::Malformed { .. })),
        "{error:?}"
    );
}

fn memory(bytes: Vec<u8>) -> Rc<dyn Source> {
    Rc::new(MemorySource(bytes.into()))
}

#[test]
fn ser_and_emi_belong_together_by_name() {
    let names = [
        "a/X.emi",
        "a/X_10.ser",
        "a/X_2.ser",
        "a/x_1.SER",
        "b/X_3.ser",
        "a/Y_1.ser",
        "a/X.txt",
    ];
    assert_eq!(
        companions("a/X.emi", names),
        ["a/x_1.SER", "a/X_2.ser", "a/X_10.ser"]
    );
    assert_eq!(companions("a/X_2.ser", names), ["a/X.emi"]);
    assert_eq!(companions("b/X_3.ser", names), [""; 0]);
    assert_eq!(companions("T.rpl", ["t.raw", "u.raw"]), ["t.raw"]);

    let (file, expected) = ser(false, 2, 1);
    let mode = " STEM nP SA Zoom Diffraction";
    let metadata = emi(mode, "Sun Feb 21 17:53:06 2016");
    let mut notices = Notices::default();
    let limits = Limits::default();
    let beside = Beside::new("X_1.ser", vec![memory(metadata.clone())]);
    let document = open_with(memory(file.bytes()), &beside, &limits, &mut notices).unwrap();
    let found = &document.signals()[0].metadata;
    assert_eq!(found.high_tension_kv, Some(200.0));
    // The metadata show local time, the series counts in universal time.
    let acquired = found.acquired.clone().unwrap();
    assert_eq!(acquired.time.unwrap().to_string(), "2016-02-21T17:53:06");
    assert_eq!(acquired.clock, ClockKind::Local);
    assert_eq!(found.pixel_dwell_s, Some(48e-6));
    assert_eq!(found.detector.as_deref(), Some("HAADF"));
    assert_eq!(found.stage.unwrap().x_um, Some(-0.5));
    assert_eq!(found.stage.unwrap().alpha_deg, Some(12.5));
    assert!(
        found.pixel_nm.is_some(),
        "a scanned image is no diffraction pattern"
    );
    assert!(!format!("{found:?}").contains("-20"));

    let beside = Beside::new("X.emi", vec![memory(file.bytes())]);
    let document = open_with(memory(metadata.clone()), &beside, &limits, &mut notices).unwrap();
    assert_eq!(document.format(), Format::Emi);
    assert_eq!(all(document.as_ref(), 0), expected);
    assert_eq!(document.signals()[0].metadata.high_tension_kv, Some(200.0));

    match open_bytes(&metadata).0.err() {
        Some(
            error @ FormatError::Unsupported {
                format: Format::Emi,
                ..
            },
        ) => {
            assert!(error.to_string().contains("200 kV"), "{error}");
            assert!(error.remedy().contains(".ser"));
        }
        other => panic!("{other:?}"),
    }
    // Patterns of a camera are in reciprocal space.
    let beside = Beside::new(
        "X_1.ser",
        vec![memory(emi(" TEM uP SA Zoom Diffraction", ""))],
    );
    let document = open_with(memory(file.bytes()), &beside, &limits, &mut notices).unwrap();
    assert!(document.signals()[0].is_diffraction());
    assert_eq!(document.signals()[0].metadata.pixel_nm, None);
}

#[test]
fn mrc_keeps_every_mode() {
    for little in [true, false] {
        for mark in [true, false] {
            for (mode, dtype) in [
                (0, Dtype::I8),
                (1, Dtype::I16),
                (2, Dtype::F32),
                (4, Dtype::C64),
                (6, Dtype::U16),
                (7, Dtype::I32),
                (12, Dtype::F16),
                (16, Dtype::Rgb),
            ] {
                for sections in [1, 4] {
                    let (bytes, expected) = ramp(dtype, 6 * sections);
                    let bytes = if little {
                        bytes
                    } else {
                        swapped(&bytes, number_size(dtype))
                    };
                    // Mode 0 says nothing of the order of bytes in a file without the mark.
                    if !mark && !little && mode == 0 {
                        continue;
                    }
                    let file = Mrc {
                        little,
                        mark,
                        ..Mrc::new(mode, [3, 2, sections as u32], bytes)
                    };
                    let (document, _) = open_bytes(&file.bytes());
                    let document =
                        document.unwrap_or_else(|e| panic!("{e}: {little} {mark} {mode}"));
                    assert_eq!(document.signals()[0].dtype, dtype);
                    let wanted = if sections == 1 {
                        vec![2, 3]
                    } else {
                        vec![4, 2, 3]
                    };
                    assert_eq!(shape(document.as_ref(), 0), wanted);
                    assert_eq!(
                        all(document.as_ref(), 0),
                        expected,
                        "{little} {mark} {mode}"
                    );
                }
            }
        }
    }
    let unsigned = Mrc {
        imod: Some(0),
        ..Mrc::new(0, [3, 1, 1], vec![1, 200, 255])
    };
    let (document, _) = open_bytes(&unsigned.bytes());
    assert_eq!(
        common::values(document.unwrap().as_ref(), 0, 0),
        [1.0, 200.0, 255.0]
    );
    let nibbles = Mrc::new(101, [3, 2, 1], vec![0x21, 0xf3, 0x54, 0x06]);
    let (document, _) = open_bytes(&nibbles.bytes());
    assert_eq!(
        common::values(document.unwrap().as_ref(), 0, 0),
        [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    );
    let pairs: Vec<u8> = [3_i16, -4, 0, 5]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let (document, _) = open_bytes(&Mrc::new(3, [2, 1, 1], pairs).bytes());
    assert_eq!(common::values(document.unwrap().as_ref(), 0, 0), [5.0, 5.0]);
    let (document, _) = open_bytes(&Mrc::new(5, [2, 1, 1], vec![0; 8]).bytes());
    assert!(matches!(
        document.err(),
        Some(FormatError::Unsupported { .. })
    ));
}

#[test]
fn mrc_pixel_sizes_are_those_of_cell_or_microscope() {
    let bytes = ramp(Dtype::I16, 6).0;
    let plain = Mrc {
        cell: [6.0, 4.0, 0.0],
        ..Mrc::new(1, [3, 2, 1], bytes.clone())
    };
    let (document, _) = open_bytes(&plain.bytes());
    let document = document.unwrap();
    assert!((document.signals()[0].metadata.pixel_nm.clone().unwrap().0 - 0.2).abs() < 1e-7);
    // One ångström per pixel is what programs write that know none; a negative size likewise.
    for cell in [[3.0, 2.0, 0.0], [-30.0, -20.0, 0.0]] {
        let file = Mrc {
            cell,
            ..Mrc::new(1, [3, 2, 1], bytes.clone())
        };
        let (document, notices) = open_bytes(&file.bytes());
        assert_eq!(document.unwrap().signals()[0].metadata.pixel_nm, None);
        let doubted = |kind: &NoticeKind| matches!(kind, NoticeKind::PixelSizeDoubted { .. });
        assert!(notices.as_slice().iter().any(|n| doubted(&n.kind)));
    }
    let file = Mrc {
        cell: [3.0, 2.0, 0.0],
        kind: *b"FEI1",
        extended: fei1(2.5e-11, 300_000.0, 42_421.5, 12.5),
        ..Mrc::new(1, [3, 2, 1], bytes)
    };
    let (document, _) = open_bytes(&file.bytes());
    let document = document.unwrap();
    let metadata = &document.signals()[0].metadata;
    assert!((metadata.pixel_nm.clone().unwrap().0 - 0.025).abs() < 1e-12);
    assert_eq!(metadata.high_tension_kv, Some(300.0));
    assert_eq!(metadata.instrument.as_deref(), Some("Titan Kr"));
    assert_eq!(metadata.stage.unwrap().alpha_deg, Some(12.5));
    let time = metadata.acquired.clone().unwrap().time.unwrap();
    assert_eq!(time.to_string(), "2016-02-21T12:00:00");
}

#[test]
fn emsa_columns_and_keywords() {
    let header = [
        "#TITLE       : first",
        "#TITLE       :  and second",
        "#DATE        : 01-OCT-1991",
        "#TIME        : 12:00",
        "#NPOINTS     : 5.",
        "#XUNITS      : eV",
        "#XLABEL      : Energy",
        "#XPERCHAN    : 0.5",
        "#OFFSET      : 520.13",
        "#BEAMKV   -kV: 120.0",
        "#LIVETIME -s : 100.0",
        "#XTILTSTGE-dg: 45.0",
    ];
    let read = |datatype: &str, data: &str| {
        let mut lines = header.to_vec();
        lines.push(datatype);
        let (document, _) = open_bytes(&emsa(&lines, data));
        document.unwrap()
    };
    let expected = [1.0, -2.5, 3e2, 4.0, 5.0];
    for (datatype, data) in [
        ("#DATATYPE    : Y", "1, -2.5, 3e2\r\n4.0, 5,"),
        ("#DATATYPE    : Y", "1\r\n-2.5\r\n3e2\r\n4.0\r\n5"),
        (
            "#DATATYPE    : XY",
            "0, 1\r\n1, -2.5\r\n2, 3e2, 3, 4.0\r\n4 5",
        ),
    ] {
        let document = read(datatype, data);
        assert_eq!(common::values(document.as_ref(), 0, 0), expected);
        let signal = &document.signals()[0];
        assert_eq!((signal.axes[0].offset, signal.axes[0].scale), (520.13, 0.5));
        assert_eq!(
            (signal.axes[0].name.as_str(), signal.axes[0].unit.as_str()),
            ("Energy", "eV")
        );
        let metadata = &signal.metadata;
        assert_eq!(metadata.title.as_deref(), Some("first and second"));
        assert_eq!(metadata.high_tension_kv, Some(120.0));
        assert_eq!(metadata.exposure_s, Some(100.0));
        assert_eq!(metadata.stage.unwrap().alpha_deg, Some(45.0));
        let time = metadata.acquired.clone().unwrap().time.unwrap();
        assert_eq!(time.to_string(), "1991-10-01T12:00:00");
        assert!(!signal.is_image());
    }
    let mut lines = header.to_vec();
    lines.push("#DATATYPE    : Y");
    let (document, _) = open_bytes(&emsa(&lines, "1, 2"));
    assert!(matches!(
        document.err(),
        Some(FormatError::Truncated { .. })
    ));
    let (document, _) = open_bytes(&emsa(&lines, "1, two, 3, 4, 5"));
    assert!(matches!(
        document.err(),
        Some(FormatError::Malformed {
            offset: Some(_),
            ..
        })
    ));
}

#[test]
fn numpy_arrays_of_every_type() {
    for (name, dtype) in [
        ("b1", Dtype::Bool),
        ("u1", Dtype::U8),
        ("i1", Dtype::I8),
        ("u2", Dtype::U16),
        ("i2", Dtype::I16),
        ("u4", Dtype::U32),
        ("i4", Dtype::I32),
        ("u8", Dtype::U64),
        ("i8", Dtype::I64),
        ("f2", Dtype::F16),
        ("f4", Dtype::F32),
        ("f8", Dtype::F64),
        ("c8", Dtype::C64),
        ("c16", Dtype::C128),
    ] {
        for (shape_text, wanted) in [
            ("(6,)", vec![6]),
            ("(2, 3)", vec![2, 3]),
            ("(2, 1, 3)", vec![2, 1, 3]),
        ] {
            let (bytes, expected) = ramp(dtype, 6);
            for (order, bytes) in [
                ("<", bytes.clone()),
                (">", swapped(&bytes, number_size(dtype))),
            ] {
                let file = npy(&format!("{order}{name}"), false, shape_text, &bytes);
                let (document, _) = open_bytes(&file);
                let document = document.unwrap();
                assert_eq!(shape(document.as_ref(), 0), wanted);
                assert_eq!(all(document.as_ref(), 0), expected, "{order}{name}");
            }
        }
    }
    let (bytes, _) = ramp(Dtype::U16, 6);
    let (document, _) = open_bytes(&npy("<u2", true, "(2, 3)", &bytes));
    let columns = common::values(document.unwrap().as_ref(), 0, 0);
    assert_eq!(columns, [1.0, 3.0, 5.0, 2.0, 4.0, 6.0].map(|v| v * 1001.0));
    for (descr, fortran, shape_text) in [
        ("|O", false, "(2,)"),
        ("<u2", true, "(1, 2, 3)"),
        ("<M8", false, "(3,)"),
    ] {
        let (document, _) = open_bytes(&npy(descr, fortran, shape_text, &bytes));
        assert!(
            matches!(document.err(), Some(FormatError::Unsupported { .. })),
            "{descr}"
        );
    }
    let (document, _) = open_bytes(&npy("|u1", false, "(5, 6, 3)", &[7; 90]));
    assert_eq!(document.unwrap().signals()[0].dtype, Dtype::Rgb);
}

#[test]
fn rpl_tables_say_how_raw_samples_lie() {
    let (bytes, expected) = ramp(Dtype::I16, 12);
    let open_pair = |by: &str, order: &str, raw: Vec<u8>| {
        let table = rpl(&[
            ("width", "3"),
            ("height", "2"),
            ("depth", "2"),
            ("offset", "4"),
            ("data-length", "2"),
            ("data-type", "signed"),
            ("byte-order", order),
            ("record-by", by),
            ("depth-scale", "10.0"),
            ("depth-units", "eV"),
            ("beam-energy", "200"),
        ]);
        let beside = Beside::new("X.rpl", vec![memory(raw)]);
        open_with(
            memory(table),
            &beside,
            &Limits::default(),
            &mut Notices::default(),
        )
    };
    let mut raw = vec![9; 4];
    raw.extend(&bytes);
    let document = open_pair("vector", "little-endian", raw.clone()).unwrap();
    assert_eq!(shape(document.as_ref(), 0), [2, 3, 2]);
    assert_eq!(all(document.as_ref(), 0), expected);
    let energy = &document.signals()[0].axes[2];
    assert_eq!(
        (energy.role, energy.scale, energy.unit.as_str()),
        (AxisRole::Signal, 10.0, "eV")
    );
    assert_eq!(document.signals()[0].metadata.high_tension_kv, Some(200.0));
    let mut big = vec![9; 4];
    big.extend(swapped(&bytes, 2));
    let document = open_pair("image", "big-endian", big).unwrap();
    assert_eq!(shape(document.as_ref(), 0), [2, 2, 3]);
    assert_eq!(all(document.as_ref(), 0), expected);
    assert!(document.signals()[0].is_image());
    let cut = open_pair("vector", "little-endian", raw[..raw.len() - 1].to_vec());
    assert!(cut.is_err() || shape(cut.unwrap().as_ref(), 0) == [1, 3, 2]);
    // As HyperSpy writes it: a comment first, keys in the order of the alphabet.
    let sorted = rpl(&[("beam-energy", "200"), ("byte-order", "dont-care")]);
    let commented = [b";File created by a program\n".as_slice(), &sorted].concat();
    let (named, _) = open_bytes(&commented);
    assert!(matches!(
        named.err(),
        Some(FormatError::Unsupported {
            format: Format::Rpl,
            ..
        })
    ));
    let (alone, _) = open_bytes(&rpl(&[("width", "3"), ("height", "2")]));
    match alone.err() {
        Some(
            error @ FormatError::Unsupported {
                format: Format::Rpl,
                ..
            },
        ) => {
            assert!(error.remedy().contains(".raw"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn limits_hold_before_memory_is_asked_for() {
    let mut image = Image::new(2, &[6], &[3, 2], vec![0; 24]);
    image.sizes = vec![1 << 20, 1 << 20];
    image.count = 1 << 40;
    for file in [
        dm(
            Flavor {
                version: 4,
                little: true,
            },
            vec![image],
        ),
        Mrc::new(2, [1 << 20, 1 << 20, 1], vec![0; 24]).bytes(),
        npy("<f4", false, "(1048576, 1048576)", &[0; 24]),
    ] {
        let (document, _) = open_bytes(&file);
        // What DigitalMicrograph says of its samples stands behind them.
        assert!(matches!(
            document.err(),
            Some(FormatError::LimitExceeded { .. } | FormatError::Truncated { .. })
        ));
    }
}

/// What is dropped together: pictures make the series, metadata go to their pictures, spectra and diffraction patterns
/// are left out with a reason.
#[test]
fn a_drop_of_microscope_files_is_a_series() {
    let picture = |unit, name| {
        let mut image = calibrated(unit);
        image.calibrations = vec![(0.0, 0.5, unit); 2];
        Image { name, ..image }
    };
    let spectrum = || {
        let mut image = Image::new(2, &[6], &[6], ramp(Dtype::F32, 6).0);
        image.calibrations = vec![(0.0, 0.5, "eV")];
        image
    };
    let mut several = picture("nm", "bright field");
    several.sizes = vec![6, 2];
    several.count = 12;
    several.bytes = ramp(Dtype::F32, 12).0;
    let (series, _) = ser(false, 2, 1);
    let files = [
        (
            "a_300K.dm3",
            dm(FLAVORS[0], vec![several, picture("nm", "HAADF")]),
        ),
        ("b_350K_1.ser", series.bytes()),
        ("b_350K.emi", emi("STEM", "Sun Feb 21 17:53:06 2016")),
        (
            "c_400K.dm4",
            dm(FLAVORS[2], vec![picture("1/nm", "pattern")]),
        ),
        ("d_450K.dm4", dm(FLAVORS[2], vec![spectrum()])),
        ("lonely.emi", emi("STEM", "")),
    ];
    let entries = files.into_iter().map(|(path, bytes)| FileEntry {
        path: path.into(),
        source: memory(bytes),
    });
    let assembly = assemble(entries.collect(), &Limits::default());
    let frames = &assembly.series[0].frames;
    let named: Vec<(&str, usize)> = frames.iter().map(|f| (f.file.as_str(), f.signal)).collect();
    assert_eq!(named, [("a_300K.dm3", 1), ("b_350K_1.ser", 0)]);
    assert_eq!(frames[0].pixel_nm.as_ref().unwrap().value, 0.5);
    assert_eq!(frames[1].temperature_k.as_ref().unwrap().value, 350.0);
    let document = assembly.files.document("b_350K_1.ser").unwrap();
    assert_eq!(document.signals()[0].metadata.high_tension_kv, Some(200.0));
    let failed: Vec<&str> = assembly
        .failures
        .iter()
        .map(|(path, _)| path.as_str())
        .collect();
    assert_eq!(failed, ["lonely.emi"]);
    let said: Vec<String> = assembly
        .notices
        .as_slice()
        .iter()
        .map(|n| format!("{}: {}", n.subject, n.kind))
        .collect();
    let told =
        |file: &str, word: &str| said.iter().any(|s| s.starts_with(file) && s.contains(word));
    assert!(told("a_300K.dm3", "HAADF"), "{said:?}");
    assert!(told("c_400K.dm4", "diffraction"), "{said:?}");
    assert!(told("d_450K.dm4", "spectra"), "{said:?}");
}
