//! TIFF: every flavor forged and read back value by value, calibrations and their traps, broken files.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod common;

use std::cell::RefCell;
use std::io;
use std::rc::Rc;

use alloyscope::formats::{Document, FormatError, Limits, MemorySource, Source, open};
use alloyscope::signal::{Dtype, NoticeKind, Notices};
use common::tiff::{Flavor, KINDS, Kind, Layout, PLAIN, Packing, Page, Value, bytes_of, file};
use common::{Flips, open_bytes, survives, values};

/// Rationals of the forged files hold nine digits; pixel sizes are compared to that.
const RATIONAL: f64 = 1e-9;

fn dtype(kind: Kind) -> Dtype {
    match kind {
        Kind::U8 => Dtype::U8,
        Kind::I8 => Dtype::I8,
        Kind::U16 => Dtype::U16,
        Kind::I16 => Dtype::I16,
        Kind::U32 => Dtype::U32,
        Kind::I32 => Dtype::I32,
        Kind::F32 => Dtype::F32,
        Kind::F64 => Dtype::F64,
    }
}

fn opened(bytes: &[u8]) -> (Box<dyn Document>, Vec<NoticeKind>) {
    let (document, notices) = open_bytes(bytes);
    (document.unwrap(), kinds(&notices))
}

fn kinds(notices: &Notices) -> Vec<NoticeKind> {
    notices.as_slice().iter().map(|n| n.kind.clone()).collect()
}

fn flavors() -> [Flavor; 4] {
    [(false, false), (false, true), (true, false), (true, true)].map(|(big_endian, big_tiff)| {
        Flavor {
            big_endian,
            big_tiff,
        }
    })
}

/// 19 × 7: neither square nor a multiple of a tile or a strip.
const WIDTH: usize = 19;
const HEIGHT: usize = 7;

#[test]
fn every_type_order_layout_and_packing_round_trips() {
    let mut count = 0;
    for flavor in flavors() {
        for kind in KINDS {
            for layout in [
                Layout::Strips(3),
                Layout::Strips(HEIGHT),
                Layout::Tiles(16, 16),
            ] {
                for (packing, predictor) in [
                    (Packing::None, 1),
                    (Packing::PackBits, 1),
                    (Packing::Lzw, 1),
                    (Packing::Deflate, 1),
                    (Packing::Lzw, 2),
                    (Packing::Deflate, 2),
                    (Packing::Lzw, 3),
                    (Packing::Deflate, 3),
                ] {
                    if (predictor == 3) != kind.is_float() && predictor != 1 {
                        continue;
                    }
                    let mut page = Page::gray(WIDTH, HEIGHT, kind, kind.ramp(WIDTH * HEIGHT));
                    page.layout = layout;
                    page.packing = packing;
                    page.predictor = predictor;
                    let label = format!("{flavor:?} {kind:?} {layout:?} {packing:?} {predictor}");
                    let bytes = file(flavor, std::slice::from_ref(&page), &[]);
                    let (document, _) = opened(&bytes);
                    let signal = &document.signals()[0];
                    assert_eq!(signal.dtype, dtype(kind), "{label}");
                    let sizes: Vec<usize> = signal.axes.iter().map(|a| a.size).collect();
                    assert_eq!(sizes, [HEIGHT, WIDTH], "{label}");
                    let plane = document.read_plane(0, 0, &mut Notices::default());
                    let plane = plane.unwrap_or_else(|e| panic!("{label}: {e}"));
                    let mut found = Vec::new();
                    plane.samples.for_each(|v| found.push(v));
                    assert_eq!(found, page.values, "{label}");
                    count += 1;
                }
            }
        }
    }
    println!("{count} flavors read back exactly");
}

/// The crate's own encoder as a second writer: its LZW has a dictionary, the one of the forge has none.
#[test]
fn files_of_another_writer_round_trip() {
    use tiff::encoder::{Compression, TiffEncoder, colortype::Gray16, colortype::Gray32Float};
    let pixels: Vec<u16> = (0..40_u32 * 30).map(|i| (i * i % 977) as u16).collect();
    let floats: Vec<f32> = pixels.iter().map(|&p| f32::from(p) * 0.125).collect();
    for compression in [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(Default::default()),
        Compression::Packbits,
    ] {
        let mut bytes = io::Cursor::new(Vec::new());
        let mut encoder = TiffEncoder::new(&mut bytes)
            .unwrap()
            .with_compression(compression);
        encoder.write_image::<Gray16>(40, 30, &pixels).unwrap();
        encoder.write_image::<Gray16>(40, 30, &pixels).unwrap();
        encoder.write_image::<Gray32Float>(40, 30, &floats).unwrap();
        let (document, _) = opened(&bytes.into_inner());
        assert_eq!(document.signals().len(), 2);
        assert_eq!(document.signals()[0].planes(), 2);
        let expected: Vec<f64> = pixels.iter().map(|&p| p.into()).collect();
        assert_eq!(values(document.as_ref(), 0, 1), expected);
        let expected: Vec<f64> = floats.iter().map(|&p| p.into()).collect();
        assert_eq!(values(document.as_ref(), 1, 0), expected);
    }
}

#[test]
fn colors_become_the_mean_of_their_channels() {
    for planar in [false, true] {
        for (samples, kind) in [(3, Kind::U8), (4, Kind::U8), (3, Kind::U16), (4, Kind::U16)] {
            for layout in [Layout::Strips(2), Layout::Tiles(16, 16)] {
                let mut page = Page::gray(5, 3, kind, kind.ramp(5 * 3 * samples));
                page.samples = samples;
                page.photometric = 2;
                page.planar = planar;
                page.layout = layout;
                page.packing = Packing::Deflate;
                page.predictor = 2;
                if samples == 4 {
                    page.tags.push((338, Value::Short(vec![2])));
                }
                let (document, notices) = opened(&file(PLAIN, &[page.clone()], &[]));
                let expected: Vec<f64> = page
                    .values
                    .chunks(samples)
                    .map(|p| f64::from(((p[0] + p[1] + p[2]) / 3.0) as f32))
                    .collect();
                assert_eq!(document.signals()[0].dtype, Dtype::F32);
                assert_eq!(values(document.as_ref(), 0, 0), expected);
                assert!(notices.contains(&NoticeKind::ColorConverted { channels: 3 }));
                let plane = document.read_plane(0, 0, &mut Notices::default()).unwrap();
                let full = if kind == Kind::U8 { 255.0 } else { 65535.0 };
                assert_eq!(plane.saturation, Some(full));
            }
        }
    }
}

#[test]
fn bands_of_gray_are_planes_and_alpha_is_none() {
    let values_of = Kind::U16.ramp(4 * 3 * 2);
    let mut page = Page::gray(4, 3, Kind::U16, values_of.clone());
    page.samples = 2;
    for planar in [false, true] {
        page.planar = planar;
        let (document, _) = opened(&file(PLAIN, &[page.clone()], &[]));
        assert_eq!(document.signals()[0].planes(), 2);
        let second: Vec<f64> = values_of.iter().skip(1).step_by(2).copied().collect();
        assert_eq!(values(document.as_ref(), 0, 1), second);
    }
    page.planar = false;
    let with_alpha = page.tag(338, Value::Short(vec![2]));
    let (document, _) = opened(&file(PLAIN, &[with_alpha], &[]));
    assert_eq!(document.signals()[0].planes(), 1);
    let first: Vec<f64> = values_of.iter().step_by(2).copied().collect();
    assert_eq!(values(document.as_ref(), 0, 0), first);
}

#[test]
fn white_as_zero_is_turned_once() {
    for kind in [Kind::U8, Kind::U16, Kind::U32] {
        let mut page = Page::gray(3, 2, kind, kind.ramp(6));
        page.photometric = 0;
        let white = libm::ldexp(1.0, 8 * kind.bytes() as i32) - 1.0;
        let (document, _) = opened(&file(PLAIN, &[page.clone()], &[]));
        let expected: Vec<f64> = page.values.iter().map(|v| white - v).collect();
        assert_eq!(values(document.as_ref(), 0, 0), expected);
    }
}

#[test]
fn few_bits_are_unpacked_row_by_row() {
    for (bits, raw, expected) in [
        (
            1,
            vec![0b1010_0000, 0b0111_1111],
            vec![1, 0, 1, 0, 0, 0, 1, 1, 1, 1],
        ),
        (
            2,
            vec![0b00_01_10_11, 0b01_000000, 0b11_00_00_01, 0b10_111111],
            vec![0, 1, 2, 3, 1, 3, 0, 0, 1, 2],
        ),
        (
            4,
            vec![0x12, 0x34, 0x5f, 0x67, 0x89, 0xaf],
            vec![1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        ),
    ] {
        let mut page = Page::gray(5, 2, Kind::U8, Vec::new());
        page.raw = Some((raw, bits));
        let (document, _) = opened(&file(PLAIN, &[page], &[]));
        let expected: Vec<f64> = expected.into_iter().map(f64::from).collect();
        assert_eq!(values(document.as_ref(), 0, 0), expected, "{bits} bits");
    }
}

#[test]
fn a_color_map_counts_only_where_it_is_colored() {
    let page = |map: Vec<u16>| {
        let mut page = Page::gray(2, 1, Kind::U8, vec![0.0, 2.0]);
        page.photometric = 3;
        page.tag(320, Value::Short(map))
    };
    let ramp: Vec<u16> = (0..256).map(|i| i * 257).collect();
    let gray = page([ramp.clone(), ramp.clone(), ramp.clone()].concat());
    let (document, _) = opened(&file(PLAIN, &[gray], &[]));
    assert_eq!(values(document.as_ref(), 0, 0), [0.0, 2.0]);
    let mut red = ramp.clone();
    red[2] = 257 * 100;
    let map = [red, ramp.clone(), ramp].concat();
    let (document, notices) = opened(&file(PLAIN, &[page(map.clone())], &[]));
    assert_eq!(
        values(document.as_ref(), 0, 0),
        [0.0, f64::from(104_f32 / 3.0)]
    );
    assert!(notices.contains(&NoticeKind::ColorConverted { channels: 3 }));
    // ImageJ's look-up tables color measured values: the values stay.
    let fire = page(map).tag(270, Value::Text("ImageJ=1.53t\n".into()));
    let (document, _) = opened(&file(PLAIN, &[fire], &[]));
    assert_eq!(values(document.as_ref(), 0, 0), [0.0, 2.0]);
}

#[test]
fn pages_of_one_kind_are_frames_of_one_signal() {
    let page = |kind: Kind, width: usize, start: f64| {
        let values = (0..width * 2).map(|i| start + i as f64).collect();
        Page::gray(width, 2, kind, values)
    };
    let thumbnail = page(Kind::U16, 3, 90.0).tag(254, Value::Long(vec![1]));
    for flavor in flavors() {
        let pages = [
            page(Kind::U16, 3, 0.0),
            thumbnail.clone(),
            page(Kind::U16, 3, 10.0),
            page(Kind::F32, 3, 20.0),
            page(Kind::U16, 4, 30.0),
            page(Kind::U16, 3, 40.0),
        ];
        let (document, notices) = opened(&file(flavor, &pages, &[]));
        let signals = document.signals();
        assert_eq!(signals.len(), 3);
        assert_eq!(signals[0].planes(), 3);
        assert_eq!(signals[0].axes[0].name, "frame");
        assert_eq!(values(document.as_ref(), 0, 2)[0], 40.0);
        assert_eq!(values(document.as_ref(), 1, 0)[0], 20.0);
        assert_eq!(values(document.as_ref(), 2, 0)[0], 30.0);
        assert!(notices.iter().any(
            |n| matches!(n, NoticeKind::Skipped { reason, .. } if reason.as_str().contains("reduced"))
        ));
        let beyond = document.read_plane(0, 3, &mut Notices::default());
        assert!(matches!(beyond, Err(FormatError::Malformed { .. })));
    }
}

fn image_j(text: &str) -> (u16, Value) {
    (270, Value::Text(format!("ImageJ=1.53t\n{text}\n")))
}

#[test]
fn an_image_j_stack_behind_one_directory_is_unfolded() {
    for flavor in flavors() {
        for kind in [Kind::U8, Kind::U16, Kind::F32] {
            let plane = |k: usize| -> Vec<f64> { (0..6).map(|i| (10 * k + i) as f64).collect() };
            let mut page = Page::gray(3, 2, kind, plane(0));
            let text = "images=4\nframes=4\nfinterval=2.5\nunit=nm";
            page.tags.push(image_j(text));
            page.tags.push((282, Value::Rational(50, 1)));
            let mut behind = Vec::new();
            for k in 1..4 {
                behind.extend(bytes_of(flavor, kind, &plane(k)));
            }
            let (document, _) = opened(&file(flavor, &[page.clone()], &behind));
            let signal = &document.signals()[0];
            assert_eq!(signal.planes(), 4);
            assert_eq!(
                (signal.axes[0].name.as_str(), signal.axes[0].scale),
                ("time", 2.5)
            );
            for k in 0..4 {
                assert_eq!(values(document.as_ref(), 0, k), plane(k));
            }
            // A stack cut short keeps what is whole.
            page.tags[0] = image_j("images=400\nslices=400\nunit=nm");
            let (document, notices) = opened(&file(flavor, &[page], &behind));
            assert!(document.signals()[0].planes() >= 4);
            assert!(
                notices
                    .iter()
                    .any(|n| matches!(n, NoticeKind::Skipped { .. }))
            );
        }
    }
}

fn pixel_nm(tags: &[(u16, Value)]) -> (Option<f64>, Vec<NoticeKind>) {
    let mut page = Page::gray(2, 2, Kind::U8, vec![0.0; 4]);
    page.tags.extend(tags.iter().cloned());
    let (document, notices) = opened(&file(PLAIN, &[page], &[]));
    let found = document.signals()[0].metadata.pixel_nm.clone();
    (found.map(|(nm, _)| nm), notices)
}

#[test]
fn calibrations_are_read_in_every_unit() {
    let resolution = |n, d| [(282, Value::Rational(n, d)), (283, Value::Rational(n, d))];
    for (unit, nm) in [
        ("nm", 0.02),
        ("pm", 0.02e-3),
        ("\\u00B5m", 20.0),
        ("µm", 20.0),
        ("um", 20.0),
        ("micron", 20.0),
        ("\\u00C5", 0.002),
        ("Å", 0.002),
        ("A", 0.002),
        ("mm", 2e4),
        ("m", 2e7),
    ] {
        let mut tags = resolution(50, 1).to_vec();
        tags.push(image_j(&format!("unit={unit}")));
        tags.push((296, Value::Short(vec![1])));
        let (found, notices) = pixel_nm(&tags);
        let found = found.unwrap();
        assert!((found - nm).abs() < RATIONAL * nm, "{unit}: {found}");
        assert_eq!(notices, [], "{unit}");
    }
    // Microscopes that calibrate per centimeter: 5e8 pixels per cm are 0.02 nm.
    let mut tags = resolution(500_000_000, 1).to_vec();
    tags.push((296, Value::Short(vec![3])));
    let (found, _) = pixel_nm(&tags);
    assert!((found.unwrap() - 0.02).abs() < RATIONAL);
    let ome = r#"<?xml version="1.0"?><OME><Image><Pixels PhysicalSizeX="0.5" PhysicalSizeXUnit="nm" SizeX="2"/></Image></OME>"#;
    assert_eq!(pixel_nm(&[(270, Value::Text(ome.into()))]).0, Some(0.5));
    let fei = "[Scan]\r\nPixelWidth=2e-011\r\nPixelHeight=2e-011\r\n";
    let (found, _) = pixel_nm(&[(34682, Value::Text(fei.into()))]);
    assert!((found.unwrap() - 0.02).abs() < RATIONAL);
}

#[test]
fn calibrations_of_microscopes_are_read() {
    let gatan = [
        (65003, Value::Text("\u{b5}m".into())),
        (65009, Value::Rational(1, 50)),
        (65010, Value::Rational(1, 50)),
    ];
    let (found, _) = pixel_nm(&gatan);
    assert!((found.unwrap() - 20.0).abs() < RATIONAL);
    let gatan = [
        (65003, Value::Text("1/nm".into())),
        (65009, Value::Rational(1, 50)),
    ];
    assert_eq!(pixel_nm(&gatan).0, None);

    let mut block = vec![0; 3000];
    block[0] = 2;
    for at in [2968, 2972] {
        block[at..at + 4].copy_from_slice(&0.125_f32.to_le_bytes());
    }
    assert_eq!(
        pixel_nm(&[(37706, Value::Bytes(block.clone()))]).0,
        Some(0.125)
    );
    block[0] = 1;
    assert_eq!(pixel_nm(&[(37706, Value::Bytes(block))]).0, None);

    // Olympus: a pointer to a block, which points to its entries.
    const POINTER: u32 = 0x1234_abcd;
    let mut page = Page::gray(2, 2, Kind::U8, vec![0.0; 4]);
    page.tags = vec![(33560, Value::Long(vec![POINTER.into()]))];
    let mut block = vec![0; 200];
    block[..4].copy_from_slice(b"SIS0");
    block[58] = 1;
    block[60] = 1;
    block[90..92].copy_from_slice(&(-6_i16).to_le_bytes());
    for at in [92, 100] {
        block[at..at + 8].copy_from_slice(&2.5e-5_f64.to_le_bytes());
    }
    let mut bytes = file(PLAIN, &[page], &block);
    let start = bytes.windows(4).position(|w| w == b"SIS0").unwrap();
    let entry = (start + 80) as u32;
    bytes[start + 64..start + 68].copy_from_slice(&entry.to_le_bytes());
    let pointer = POINTER.to_le_bytes();
    let at = bytes.windows(4).position(|w| w == pointer).unwrap();
    bytes[at..at + 4].copy_from_slice(&(start as u32).to_le_bytes());
    let (document, _) = opened(&bytes);
    let (found, tag) = document.signals()[0].metadata.pixel_nm.clone().unwrap();
    assert!((found - 0.025).abs() < RATIONAL);
    assert_eq!(tag, "OlympusSIS");
}

#[test]
fn what_is_no_calibration_is_not_believed() {
    let resolution = |n, d| vec![(282, Value::Rational(n, d)), (283, Value::Rational(n, d))];
    for (dots, unit) in [(72, 2), (96, 2), (300, 2), (1200, 2), (118, 3)] {
        let mut tags = resolution(dots, 1);
        tags.push((296, Value::Short(vec![unit])));
        let (found, notices) = pixel_nm(&tags);
        assert_eq!(found, None, "{dots}");
        assert!(
            matches!(notices[..], [NoticeKind::PixelSizeDoubted { .. }]),
            "{notices:?}"
        );
    }
    // ImageJ repeats the print resolution of the file it opened.
    let mut tags = resolution(72, 1);
    tags.push(image_j("unit=inch"));
    assert_eq!(pixel_nm(&tags).0, None);
    // The default unit is the inch.
    assert_eq!(pixel_nm(&resolution(72, 1)).0, None);
    for unit in ["1/nm", "sec", "counts"] {
        let mut tags = resolution(50, 1);
        tags.push(image_j(&format!("unit={unit}")));
        let (found, notices) = pixel_nm(&tags);
        assert_eq!(found, None);
        assert!(
            matches!(notices[..], [NoticeKind::UnknownUnit { .. }]),
            "{notices:?}"
        );
    }
    for (n, d) in [(0, 1), (1, 0), (0, 0)] {
        let mut tags = resolution(n, d);
        tags.push(image_j("unit=nm"));
        assert_eq!(pixel_nm(&tags).0, None);
    }
    assert_eq!(pixel_nm(&[]), (None, vec![]));
}

#[test]
fn oblong_pixels_are_averaged_with_a_notice() {
    let tags = [
        (282, Value::Rational(50, 1)),
        (283, Value::Rational(25, 1)),
        image_j("unit=nm"),
    ];
    let (found, notices) = pixel_nm(&tags);
    assert!((found.unwrap() - 0.03).abs() < RATIONAL);
    assert!(matches!(notices[..], [NoticeKind::NonSquarePixels { .. }]));
}

#[test]
fn what_is_not_read_is_refused_by_name() {
    for (compression, name) in [
        (2, "CCITT"),
        (34887, "LERC"),
        (34925, "LZMA"),
        (50000, "zstd"),
        (50001, "WebP"),
        (34712, "JPEG 2000"),
    ] {
        let mut page = Page::gray(2, 2, Kind::U8, vec![0.0; 4]);
        page.compression = Some(compression);
        match open_bytes(&file(PLAIN, &[page], &[])).0 {
            Err(FormatError::Unsupported { field, .. }) => {
                assert!(field.as_str().contains(name), "{field}")
            }
            other => panic!("{:?}", other.err()),
        }
    }
    let mut page = Page::gray(2, 2, Kind::U16, Vec::new());
    page.raw = Some((vec![0; 6], 12));
    match open_bytes(&file(PLAIN, &[page], &[])).0 {
        Err(FormatError::Unsupported { field, .. }) => assert!(field.as_str().contains("12-bit")),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn a_page_cut_off_or_broken_leaves_the_others() {
    let page = |start: f64| {
        Page::gray(
            40,
            30,
            Kind::U16,
            (0..1200).map(|i| start + i as f64).collect(),
        )
    };
    let mut odd = page(1.0);
    odd.compression = Some(50000);
    let (document, notices) = opened(&file(PLAIN, &[page(0.0), odd, page(2.0)], &[]));
    assert_eq!(document.signals()[0].planes(), 2);
    assert_eq!(values(document.as_ref(), 0, 1)[0], 2.0);
    assert!(matches!(notices[..], [NoticeKind::Skipped { .. }]));
    let whole = file(PLAIN, &[page(0.0), page(1.0)], &[]);
    let (document, notices) = opened(&whole[..whole.len() - 1300]);
    assert_eq!(document.signals()[0].planes(), 1);
    assert!(!notices.is_empty());
    match open_bytes(&whole[..1000]).0 {
        Err(FormatError::Truncated { offset, .. }) => assert!(offset.is_some()),
        other => panic!("{:?}", other.err()),
    }
}

#[test]
fn pages_in_a_circle_end() {
    let mut bytes = file(PLAIN, &[Page::gray(2, 2, Kind::U8, vec![1.0; 4])], &[]);
    let first = bytes[4..8].to_vec();
    let end = bytes.len();
    bytes[end - 4..].copy_from_slice(&first);
    let (document, notices) = opened(&bytes);
    assert_eq!(document.signals()[0].planes(), 1);
    assert!(!notices.is_empty());
}

#[test]
fn sizes_beyond_the_limits_are_refused_before_memory_is_asked_for() {
    let mut page = Page::gray(60_000, 60_000, Kind::U8, Vec::new());
    page.raw = Some((vec![0; 64], 8));
    page.compression = Some(8);
    let bytes = file(PLAIN, &[page.clone()], &[]);
    assert!(matches!(
        open_bytes(&bytes).0,
        Err(FormatError::LimitExceeded { .. })
    ));
    // Within the limits, but no deflate stream of 64 bytes yields 100 MB.
    (page.width, page.height) = (10_000, 10_000);
    let (document, _) = opened(&file(PLAIN, &[page], &[]));
    let read = document.read_plane(0, 0, &mut Notices::default());
    assert!(matches!(read, Err(FormatError::LimitExceeded { .. })));
}

/// Counts the bytes that are asked for.
struct Counting(MemorySource, RefCell<u64>);

impl Source for Counting {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.read_at(offset, buffer)?;
        *self.1.borrow_mut() += count as u64;
        Ok(count)
    }
}

#[test]
fn a_plane_is_read_without_the_rest_of_the_stack() {
    let side = 300;
    let plane = |k: usize| {
        (0..side * side)
            .map(|i| ((i * 7 + k) % 60_000) as f64)
            .collect()
    };
    let pages: Vec<Page> = (0..20)
        .map(|k| Page::gray(side, side, Kind::U16, plane(k)))
        .collect();
    let bytes = file(PLAIN, &pages, &[]);
    let whole = bytes.len() as u64;
    let source = Rc::new(Counting(MemorySource(bytes.into()), RefCell::new(0)));
    let document = open(source.clone(), &Limits::default(), &mut Notices::default()).unwrap();
    let headers = *source.1.borrow();
    // A block of 16 KiB or two for each directory.
    assert!(headers < 20 * 3 * 16_384, "{headers} of {whole} bytes");
    *source.1.borrow_mut() = 0;
    assert_eq!(values(document.as_ref(), 0, 13), pages[13].values);
    let one = *source.1.borrow();
    let plane_bytes = (2 * side * side) as u64;
    assert!(one < plane_bytes + 6 * 16_384, "{one} for {plane_bytes}");
}

fn fixtures() -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for flavor in flavors() {
        for (kind, packing, predictor, layout) in [
            (Kind::U16, Packing::None, 1, Layout::Strips(2)),
            (Kind::U16, Packing::Lzw, 2, Layout::Strips(5)),
            (Kind::F32, Packing::Deflate, 3, Layout::Tiles(16, 16)),
            (Kind::U8, Packing::PackBits, 1, Layout::Strips(5)),
        ] {
            let mut page = Page::gray(7, 5, kind, kind.ramp(35));
            (page.packing, page.predictor, page.layout) = (packing, predictor, layout);
            page.tags.push(image_j("images=1\nunit=\\u00B5m"));
            page.tags.push((282, Value::Rational(50, 1)));
            all.push(file(flavor, &[page.clone(), page], &[]));
        }
        let mut color = Page::gray(4, 3, Kind::U8, Kind::U8.ramp(36));
        (color.samples, color.photometric, color.planar) = (3, 2, true);
        all.push(file(flavor, &[color], &[]));
        let mut stack = Page::gray(3, 2, Kind::U16, Kind::U16.ramp(6));
        stack
            .tags
            .push(image_j("images=3\nslices=3\nspacing=2\nunit=nm"));
        all.push(file(flavor, &[stack], &[0; 24]));
        let mut bits = Page::gray(5, 2, Kind::U8, Vec::new());
        bits.raw = Some((vec![0xa0, 0x7f], 1));
        all.push(file(flavor, &[bits], &[]));
    }
    all
}

#[test]
fn every_prefix_is_an_error_or_opens() {
    let mut count = 0;
    for bytes in fixtures() {
        assert!(survives(&bytes));
        for end in 0..bytes.len() {
            survives(&bytes[..end]);
            count += 1;
        }
    }
    println!("{count} prefixes survived");
}

#[test]
fn flipped_bits_never_panic() {
    let mut flips = Flips(0x5eed_0001);
    let mut read = 0;
    let mut count = 0;
    for bytes in fixtures() {
        for _ in 0..400 {
            read += usize::from(survives(&flips.flip(&bytes)));
            count += 1;
        }
    }
    println!("{count} files with flipped bits: {read} still read");
    assert!(read > 0 && read < count);
}
