//! Detection, PNG, JPEG, BMP, ZIP, tables and file names.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod common;

use std::rc::Rc;

use alloyscope::formats::{
    ArchiveWriter, Capability, Format, FormatError, Limits, MemorySource, SeriesTable, Source,
    SourceReader, TableError, TableRow, ZipEntry, capability_table, describe, natural_order,
    parse_table, read_zip, temperature_k,
};
use alloyscope::signal::{Dtype, NoticeKind, Notices, Sample};
use common::pictures::{bmp, jpeg, png};
use common::zip::{Entry, archive, crc32};
use common::{Flips, open_bytes, survives, values};

/// Kelvin from Celsius adds 273.15, which no double holds exactly.
const ROUNDING_K: f64 = 1e-9;

/// A smooth ramp at quality 95 comes back within a few gray levels (quantization steps are at most 5 there).
const JPEG_LEVELS: f64 = 4.0;

fn gray16() -> Vec<u8> {
    let rows: Vec<Vec<u8>> = (0..3_u16)
        .map(|y| {
            (0..5_u16)
                .flat_map(|x| (y * 20_000 + x * 301).to_be_bytes())
                .collect()
        })
        .collect();
    png((5, 3), (16, 0), None, &rows)
}

#[test]
fn png_keeps_its_sixteen_bits() {
    let (document, notices) = open_bytes(&gray16());
    let document = document.unwrap();
    assert_eq!(document.format(), Format::Png);
    assert_eq!(document.signals()[0].dtype, Dtype::U16);
    assert_eq!(document.signals()[0].metadata.pixel_nm, None);
    assert_eq!(notices.as_slice(), []);
    let expected: Vec<f64> = (0..3)
        .flat_map(|y| (0..5).map(move |x| f64::from(y * 20_000 + x * 301)))
        .collect();
    assert_eq!(values(document.as_ref(), 0, 0), expected);
}

#[test]
fn png_of_every_color_type() {
    let gray8 = png((3, 2), (8, 0), None, &[vec![0, 7, 255], vec![1, 2, 3]]);
    let (document, _) = open_bytes(&gray8);
    assert_eq!(
        values(document.unwrap().as_ref(), 0, 0),
        [0.0, 7.0, 255.0, 1.0, 2.0, 3.0]
    );
    let rgb = png((2, 1), (8, 2), None, &[vec![0, 3, 9, 255, 255, 255]]);
    let rgba = png((2, 1), (8, 6), None, &[vec![0, 3, 9, 17, 255, 255, 255, 0]]);
    let palette = png(
        (2, 1),
        (8, 3),
        Some(&[0, 3, 9, 255, 255, 255]),
        &[vec![0, 1]],
    );
    for bytes in [rgb, rgba, palette] {
        let (document, notices) = open_bytes(&bytes);
        let document = document.unwrap();
        assert_eq!(document.signals()[0].dtype, Dtype::F32);
        assert_eq!(values(document.as_ref(), 0, 0), [4.0, 255.0]);
        assert_eq!(
            notices.as_slice()[0].kind,
            NoticeKind::ColorConverted { channels: 3 }
        );
    }
    let alpha = png((2, 1), (16, 4), None, &[vec![1, 0, 9, 9, 2, 1, 9, 9]]);
    let (document, _) = open_bytes(&alpha);
    let document = document.unwrap();
    assert_eq!(document.signals()[0].dtype, Dtype::U16);
    assert_eq!(values(document.as_ref(), 0, 0), [256.0, 513.0]);
    let one_bit = png((3, 1), (1, 0), None, &[vec![0b1010_0000]]);
    let (document, _) = open_bytes(&one_bit);
    assert_eq!(
        values(document.unwrap().as_ref(), 0, 0),
        [255.0, 0.0, 255.0]
    );
}

#[test]
fn bmp_and_jpeg() {
    let pixels = [
        [0, 3, 9],
        [255, 255, 255],
        [30, 30, 30],
        [1, 1, 1],
        [2, 2, 2],
        [9, 9, 9],
    ];
    let (document, _) = open_bytes(&bmp(3, 2, &pixels));
    let document = document.unwrap();
    assert_eq!(document.format(), Format::Bmp);
    assert_eq!(
        values(document.as_ref(), 0, 0),
        [4.0, 255.0, 30.0, 1.0, 2.0, 9.0]
    );
    let ramp: Vec<u8> = (0..20 * 10)
        .map(|i| (i / 20 * 10 + i % 20 * 5) as u8)
        .collect();
    let (document, _) = open_bytes(&jpeg(20, 10, &ramp));
    let document = document.unwrap();
    assert_eq!(document.format(), Format::Jpeg);
    assert_eq!(document.signals()[0].dtype, Dtype::U8);
    for (a, b) in values(document.as_ref(), 0, 0).iter().zip(&ramp) {
        assert!((a - f64::from(*b)).abs() <= JPEG_LEVELS, "{a} {b}");
    }
}

#[test]
fn a_description_holds_the_statistics() {
    let (document, notices) = open_bytes(&gray16());
    let description = describe(document.unwrap().as_ref(), notices).unwrap();
    let signal = &description.signals[0];
    assert_eq!((signal.min, signal.max), (Some(0.0), Some(41_204.0)));
    assert_eq!(signal.mean, Some(Sample::Real(20_602.0)));
    assert_eq!(signal.shape, [3, 5]);
    assert_eq!(signal.samples[0].value, Some(Sample::Real(0.0)));
    assert_eq!(signal.samples[1].index, [1, 2]);
    assert_eq!(signal.samples[1].value, Some(Sample::Real(20_602.0)));
    let json = serde_json::to_value(&description).unwrap();
    assert_eq!(json["format"], "PNG");
    assert_eq!(json["signals"][0]["dtype"], "uint16");
}

#[test]
fn other_formats_are_known_by_name() {
    let mut mrc = vec![0; 256];
    mrc[208..212].copy_from_slice(b"MAP ");
    for (bytes, expected) in [
        (
            b"\x00\x00\x00\x03\x00\x00\x5f\xac\x00\x00\x00\x01".to_vec(),
            Format::Dm3,
        ),
        (b"\x89HDF\r\n\x1a\n".to_vec(), Format::Hdf5),
        (b"II\x97\x01\x10\x02\x22\x41".to_vec(), Format::Ser),
        (b"JK\x00\x02".to_vec(), Format::Emi),
        (b"\x93NUMPY".to_vec(), Format::Npy),
        (b"GIF89a".to_vec(), Format::Gif),
        (b"#FORMAT      : EMSA/MAS".to_vec(), Format::Emsa),
        (mrc, Format::Mrc),
        (Vec::new(), Format::Empty),
        (b"BMetal and other texts".to_vec(), Format::Unknown),
    ] {
        match open_bytes(&bytes).0 {
            // Marks alone: what is read is cut short, the rest is no kind that is read.
            Err(
                error @ (FormatError::Unsupported { format, .. }
                | FormatError::Truncated { format, .. }),
            ) => {
                assert_eq!(format, expected);
                assert!(!error.remedy().is_empty());
            }
            other => panic!("{expected:?}: {:?}", other.err()),
        }
    }
}

#[test]
fn cut_pictures_are_called_truncated() {
    let ramp: Vec<u8> = (0..=255).cycle().take(64 * 64).collect();
    let rows: Vec<Vec<u8>> = ramp.chunks(64).map(<[u8]>::to_vec).collect();
    let pixels: Vec<[u8; 3]> = ramp.iter().map(|&v| [v, v, v]).collect();
    for bytes in [
        png((64, 64), (8, 0), None, &rows),
        jpeg(64, 64, &ramp),
        bmp(64, 64, &pixels),
    ] {
        for part in [10, 5, 2] {
            let cut = &bytes[..bytes.len() - bytes.len() / part];
            match open_bytes(cut).0 {
                Err(FormatError::Truncated { offset, .. }) => {
                    assert_eq!(offset, Some(cut.len() as u64));
                }
                other => panic!("{:?}", other.err()),
            }
        }
    }
}

#[test]
fn prefixes_and_flips_of_pictures_never_panic() {
    let ramp: Vec<u8> = (0..24 * 17).map(|i| (i % 251) as u8).collect();
    let pixels: Vec<[u8; 3]> = ramp.iter().map(|&v| [v, 3, v]).collect();
    let mut flips = Flips(0x5eed_0002);
    let mut count = 0;
    for bytes in [
        gray16(),
        png(
            (2, 1),
            (8, 3),
            Some(&[0, 3, 9, 255, 255, 255]),
            &[vec![0, 1]],
        ),
        jpeg(24, 17, &ramp),
        bmp(24, 17, &pixels),
    ] {
        assert!(survives(&bytes));
        for end in 0..bytes.len() {
            assert!(!survives(&bytes[..end]), "a prefix of {end} bytes was read");
            survives(&flips.flip(&bytes));
            count += 1;
        }
    }
    println!("{count} prefixes and as many flips survived");
}

fn unzip(bytes: &[u8], limits: &Limits) -> Result<Vec<ZipEntry>, FormatError> {
    let source = Rc::new(MemorySource(bytes.into()));
    read_zip(source, limits, &mut Notices::default())
}

fn entry_bytes(entry: &ZipEntry) -> Vec<u8> {
    let source = entry.source.as_ref().ok().unwrap();
    let length = source.len() as usize;
    SourceReader::new(source.clone()).head(length).unwrap()
}

fn archive_of_three() -> Vec<u8> {
    archive(&[
        Entry {
            path: "series/",
            bytes: b"",
            deflate: false,
        },
        Entry {
            path: "series/00.tif",
            bytes: b"stored bytes",
            deflate: false,
        },
        Entry {
            path: "series/sub/01.tif",
            bytes: &[7; 5000],
            deflate: true,
        },
        Entry {
            path: "__MACOSX/series/._00.tif",
            bytes: b"x",
            deflate: false,
        },
        Entry {
            path: "series/.DS_Store",
            bytes: b"x",
            deflate: false,
        },
        Entry {
            path: "../../up.tif",
            bytes: b"up",
            deflate: true,
        },
    ])
}

#[test]
fn zip_entries_are_unpacked_and_verified() {
    let bytes = archive_of_three();
    let found = unzip(&bytes, &Limits::default()).unwrap();
    let paths: Vec<&str> = found.iter().map(|e| e.path.as_str()).collect();
    assert_eq!(paths, ["series/00.tif", "series/sub/01.tif", "up.tif"]);
    assert_eq!(entry_bytes(&found[0]), b"stored bytes");
    assert_eq!(entry_bytes(&found[1]), [7; 5000]);
    // A stored entry is a part of the archive, which nobody has to unpack.
    let stored = found[0].stored.clone().unwrap();
    assert_eq!(
        &bytes[stored.start as usize..stored.end as usize],
        b"stored bytes"
    );
    assert_eq!(found[1].stored, None);
    // One stored byte changed: the checksum tells, the others stay.
    let mut broken = bytes.clone();
    let at = bytes.windows(6).position(|w| w == b"stored").unwrap();
    broken[at] = b'S';
    let found = unzip(&broken, &Limits::default()).unwrap();
    assert!(matches!(
        found[0].source.as_ref().err().unwrap().as_ref(),
        FormatError::Malformed { .. }
    ));
    assert!(found[1].source.is_ok());
    let cut = unzip(&bytes[..bytes.len() - 30], &Limits::default());
    assert!(matches!(cut, Err(FormatError::Truncated { .. })), "{cut:?}");
}

#[test]
fn what_is_written_piece_by_piece_is_an_archive() {
    let files: [(&str, &[u8]); 3] = [("a.json", b"{}"), ("files/µ/b.tif", &[7; 700]), ("c", b"")];
    let mut writer = ArchiveWriter::default();
    let mut bytes = Vec::new();
    for (path, content) in files {
        let header = writer.entry(path, content.len() as u64, crc32(content));
        bytes.extend(header.unwrap());
        bytes.extend(content);
    }
    bytes.extend(writer.finish());
    let found = unzip(&bytes, &Limits::default()).unwrap();
    let read: Vec<(&str, Vec<u8>)> = found
        .iter()
        .map(|e| (e.path.as_str(), entry_bytes(e)))
        .collect();
    assert_eq!(read, files.map(|(path, content)| (path, content.to_vec())));
    // Every program reads what needs no ZIP64.
    assert!(!bytes.windows(4).any(|w| w == b"PK\x06\x06"));
    let long = "p".repeat(1 << 16);
    assert!(matches!(
        ArchiveWriter::default().entry(&long, 0, 0),
        Err(FormatError::LimitExceeded { .. })
    ));
}

/// An archive of which only some parts are there; zeros elsewhere.
struct Sparse {
    parts: Vec<(u64, Vec<u8>)>,
    length: u64,
}

impl Sparse {
    /// The next part, and so many zeros behind it.
    fn push(&mut self, part: Vec<u8>, zeros: u64) {
        let start = self.length;
        self.length += part.len() as u64 + zeros;
        self.parts.push((start, part));
    }
}

impl Source for Sparse {
    fn len(&self) -> u64 {
        self.length
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = buffer
            .len()
            .min(self.length.saturating_sub(offset) as usize);
        buffer[..count].fill(0);
        for (start, part) in &self.parts {
            for (i, byte) in part.iter().enumerate() {
                let at = (start + i as u64).checked_sub(offset);
                if let Some(slot) = at.and_then(|at| buffer[..count].get_mut(at as usize)) {
                    *slot = *byte;
                }
            }
        }
        Ok(count)
    }
}

/// Five gigabytes that nobody reads stand before and behind an image: a hidden file is passed over.
#[test]
fn archives_longer_than_4_gib_are_written_and_read() {
    let image = b"beyond 4 GiB";
    let mut archive = Sparse {
        parts: Vec::new(),
        length: 0,
    };
    let mut writer = ArchiveWriter::default();
    let hidden = 5 << 30;
    archive.push(writer.entry(".before", hidden, 0).unwrap(), hidden);
    let mut entry = writer
        .entry("a.tif", image.len() as u64, crc32(image))
        .unwrap();
    entry.extend(image);
    archive.push(entry, 0);
    archive.push(writer.entry(".behind", hidden, 0).unwrap(), hidden);
    archive.push(writer.finish(), 0);
    let found = read_zip(
        Rc::new(archive),
        &Limits::default(),
        &mut Notices::default(),
    )
    .unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "a.tif");
    assert_eq!(entry_bytes(&found[0]), image);
    assert!(found[0].stored.clone().unwrap().start > hidden);
}

#[test]
fn archives_of_as_many_entries_as_are_read_are_written() {
    let most = Limits::default().pages;
    let mut writer = ArchiveWriter::default();
    let mut bytes = Vec::new();
    for i in 0..most {
        bytes.extend(writer.entry(&i.to_string(), 0, 0).unwrap());
    }
    assert!(matches!(
        writer.entry("one more", 0, 0),
        Err(FormatError::LimitExceeded { .. })
    ));
    bytes.extend(writer.finish());
    let found = unzip(&bytes, &Limits::default()).unwrap();
    assert_eq!(found.len() as u64, most);
    assert_eq!(found.last().unwrap().path, (most - 1).to_string());
}

/// As programs write that do not know beforehand how much will come: every number in the records of ZIP64, none in its usual place.
#[test]
fn small_archives_in_the_records_of_zip64_are_read() {
    let content = b"stored bytes";
    let number = |n: usize| (n as u64).to_le_bytes();
    let common = |extra: u16| {
        let mut common = Vec::new();
        common.extend([45, 0, 0, 8, 0, 0, 0, 0, 0x21, 0]);
        common.extend(crc32(content).to_le_bytes());
        common.extend([0xff; 8]);
        common.extend([5, 0]);
        common.extend((extra + 4).to_le_bytes());
        common
    };
    let sizes = [number(content.len()), number(content.len())].concat();
    let mut bytes = b"PK\x03\x04".to_vec();
    bytes.extend(common(16));
    bytes.extend(b"a.tif\x01\0\x10\0");
    bytes.extend(&sizes);
    bytes.extend(content);
    let directory = bytes.len();
    bytes.extend(b"PK\x01\x02\x2d\0");
    bytes.extend(common(24));
    bytes.extend([0; 10]);
    bytes.extend([0xff; 4]);
    bytes.extend(b"a.tif\x01\0\x18\0");
    bytes.extend(&sizes);
    bytes.extend(number(0));
    let end = bytes.len();
    bytes.extend(b"PK\x06\x06");
    bytes.extend(number(44));
    bytes.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    for n in [1, 1, end - directory, directory] {
        bytes.extend(number(n));
    }
    bytes.extend(b"PK\x06\x07\0\0\0\0");
    bytes.extend(number(end));
    bytes.extend(1_u32.to_le_bytes());
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([0xff; 12]);
    bytes.extend([0; 2]);
    let found = unzip(&bytes, &Limits::default()).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path, "a.tif");
    assert_eq!(entry_bytes(&found[0]), content);
    // A record that points elsewhere is told, not followed.
    let mut broken = bytes.clone();
    broken[end + 48] ^= 1;
    assert!(unzip(&broken, &Limits::default()).is_err());
}

#[test]
fn zip_limits_hold() {
    let zeros = vec![0; 4 << 20];
    let bomb = archive(&[Entry {
        path: "a.tif",
        bytes: &zeros,
        deflate: true,
    }]);
    let limits = Limits {
        ratio: 100,
        ..Limits::default()
    };
    assert!(matches!(
        unzip(&bomb, &limits),
        Err(FormatError::LimitExceeded { .. })
    ));
    let limits = Limits {
        pages: 2,
        ..Limits::default()
    };
    assert!(matches!(
        unzip(&archive_of_three(), &limits),
        Err(FormatError::LimitExceeded { .. })
    ));
}

#[test]
fn broken_archives_never_panic() {
    let bytes = archive_of_three();
    let mut flips = Flips(0x5eed_0003);
    for end in 0..bytes.len() {
        assert!(unzip(&bytes[..end], &Limits::default()).is_err());
        let _ = unzip(&flips.flip(&bytes), &Limits::default());
    }
}

fn table(text: &str) -> Result<SeriesTable, TableError> {
    parse_table(text, &mut Notices::default())
}

#[test]
fn tables_of_every_separator_are_the_same() {
    let expected = [
        TableRow {
            file: Some("00.tif".into()),
            temperature_k: Some(300.0),
            dwell_s: Some(0.0),
            pixel_nm: Some(0.02),
            ..TableRow::default()
        },
        TableRow {
            file: Some("01 b.tif".into()),
            temperature_k: Some(323.5),
            dwell_s: Some(600.0),
            ..TableRow::default()
        },
    ];
    for text in [
        "file,temperature_K,dwell_s,pixel_nm\n00.tif,300,0,0.02\n01 b.tif,323.5,600,\n",
        "\u{feff}FILE;Temperature_K;Dwell_s;Pixel_nm\r\n00.tif;300;0;0,02\r\n01 b.tif;323,5;6e2;\r\n",
        "file\tTemperature (K)\tdwell [s]\tpixel_nm\n\n00.tif\t300\t0\t0,02\n01 b.tif\t323,5\t600\n\t\t\t\n",
        "\"file\",\"temperature_K\",\"dwell_s\",\"pixel_nm\"\n\"00.tif\",\"300\",\"0\",\"0,02\"\n\"01 b.tif\",\"323,5\",\"600\",\"\"",
        "# file; temperature\nfile,temperature_K,dwell_s,pixel_nm\n00.tif,300,0,0.02\n01 b.tif,323.5,600,\n",
        "pixel_nm, dwell_s, temperature_K, file\n0.02, 0, 300, 00.tif\n, 600, 323.5, 01 b.tif\n# a remark\n",
    ] {
        assert_eq!(table(text).unwrap().rows, expected, "{text}");
    }
}

#[test]
fn celsius_frames_and_unknown_columns() {
    let mut notices = Notices::default();
    let text = "frame;temperature_C;remark\n0;25;first\n3;-20,5;\n";
    let rows = parse_table(text, &mut notices).unwrap().rows;
    assert_eq!(rows[1].frame, Some(3));
    assert!((rows[0].temperature_k.unwrap() - 298.15).abs() < ROUNDING_K);
    assert!((rows[1].temperature_k.unwrap() - 252.65).abs() < ROUNDING_K);
    assert_eq!(
        notices.as_slice()[0].kind,
        NoticeKind::UnknownColumn {
            name: "remark".into()
        }
    );
}

#[test]
fn table_errors_name_row_and_column() {
    assert_eq!(table(""), Err(TableError::Empty));
    assert_eq!(table("file,dwell_s\n"), Err(TableError::Empty));
    assert_eq!(table("a,b\n1,2\n"), Err(TableError::NoColumns));
    match table("file,dwell_s\na.tif,10\nb.tif,ten\n") {
        Err(TableError::NotANumber {
            row,
            column,
            name,
            text,
        }) => {
            assert_eq!((row, column), (3, 2));
            assert_eq!((name.as_str(), text.as_str()), ("dwell_s", "ten"));
        }
        other => panic!("{other:?}"),
    }
    for (text, bad_column) in [
        ("file,dwell_s\na.tif,-1\n", 2),
        ("file,pixel_nm\na.tif,0\n", 2),
        ("file,temperature_C\na.tif,-300\n", 2),
        ("frame,dwell_s\n1.5,2\n", 1),
    ] {
        match table(text) {
            Err(TableError::OutOfRange { row, column, .. }) => {
                assert_eq!((row, column), (2, bad_column));
            }
            other => panic!("{text}: {other:?}"),
        }
    }
    // 1200 s to whoever wrote it, 1.2 s to whoever reads it by the other numbers' decimal mark.
    for (text, row, column) in [
        ("file;dwell_s;pixel_nm\na.tif;1.200;0,02\n", 2, 2),
        (
            "file\tpixel_nm\tdwell_s\na.tif\t0.02\t600\nb.tif\t0.02\t1,200\n",
            3,
            3,
        ),
    ] {
        let found = table(text);
        let is_told = matches!(found, Err(TableError::Thousands { row: r, column: c, .. }) if (r, c) == (row, column));
        assert!(is_told, "{found:?}");
    }
    // One mark throughout is decimal, whatever follows it.
    assert_eq!(
        table("dwell_s;pixel_nm\n1,200;0,02\n").unwrap().rows[0].dwell_s,
        Some(1.2)
    );
    assert_eq!(
        table("temperature_K\tdwell_s\n300\t-\n323\tn/a\n")
            .unwrap()
            .rows[1]
            .dwell_s,
        None
    );
    for text in ["inf", "nan", "1.2.3", "1,2,3", "0x10"] {
        let text = format!("file\tdwell_s\na\t{text}\n");
        assert!(matches!(table(&text), Err(TableError::NotANumber { .. })));
    }
    assert!(matches!(
        table("temperature_K,temperature_C\n1,2\n"),
        Err(TableError::Repeated { column: 2, .. })
    ));
    assert_eq!(
        table("file,dwell_s\n\"a.tif,1\nb.tif,2\n"),
        Err(TableError::Quotes { row: 2 })
    );
}

#[test]
fn temperatures_are_read_from_names() {
    for (name, kelvin) in [
        ("00_300K.tif", Some(300.0)),
        ("folder 77K/01_323K.tif", Some(323.0)),
        ("img_25C.tif", Some(298.15)),
        ("m-1041sec-349C.tif", Some(622.15)),
        ("frame_300_K.tif", Some(300.0)),
        ("frame 450 °C.png", Some(723.15)),
        ("frame450degC.tif", Some(723.15)),
        ("frame_450_deg_C.tif", Some(723.15)),
        ("T300K_02.tif", Some(300.0)),
        ("sample_-20C.tif", Some(253.15)),
        ("-20C.tif", Some(253.15)),
        ("25.5C.tif", Some(298.65)),
        ("25.5C", Some(298.65)),
        ("AuAg_RT_001.tif", Some(298.15)),
        ("0C.tif", Some(273.15)),
        ("camera_4K_01.tif", None),
        ("camera_2k.tif", None),
        ("3f1234Kab.tif", None),
        ("a1b2c3d4K5.tif", None),
        ("img_0001.tif", None),
        ("20241021_00405.tif", None),
        ("300Kx.tif", None),
        ("9999K.tif", None),
        ("start.tif", None),
        ("25cm.tif", None),
        ("", None),
    ] {
        match (temperature_k(name), kelvin) {
            (None, None) => {}
            (Some(a), Some(b)) if (a - b).abs() < ROUNDING_K => {}
            (found, _) => panic!("{name}: {found:?} instead of {kelvin:?}"),
        }
    }
}

#[test]
fn names_are_sorted_as_people_number_them() {
    let mut names = vec![
        "b10.tif", "b9.tif", "B1.tif", "b010.tif", "a.tif", "b9a.tif", "b",
    ];
    names.sort_by(|a, b| natural_order(a, b));
    assert_eq!(
        names,
        [
            "a.tif", "b", "B1.tif", "b9.tif", "b9a.tif", "b010.tif", "b10.tif"
        ]
    );
}

/// The table of the README is printed by the program.
#[test]
fn the_readme_says_what_is_read() {
    let readme = include_str!("../README.md");
    let (_, after) = readme.split_once("<!-- formats -->\n").unwrap();
    let (table, _) = after.split_once("<!-- /formats -->").unwrap();
    let expected = capability_table();
    assert!(table == expected, "the README should hold:\n{expected}");
    for format in [
        Format::Tiff,
        Format::Png,
        Format::Jpeg,
        Format::Bmp,
        Format::Zip,
        Format::Dm3,
        Format::Dm4,
        Format::Ser,
        Format::Emi,
        Format::Hdf5,
        Format::Velox,
        Format::Emd,
        Format::HyperSpy,
        Format::Dm5,
        Format::Mrc,
        Format::Emsa,
        Format::Rpl,
        Format::Npy,
        Format::Gif,
        Format::WebP,
        Format::Pdf,
        Format::Empty,
        Format::HeaterLog,
        Format::Unknown,
    ] {
        let line = Capability::of(format);
        // Archives and logs are opened by the project.
        let read = format.is_read() || [Format::Zip, Format::HeaterLog].contains(&format);
        assert_eq!(line.is_some(), read, "{format}");
        if let Some(line) = line {
            assert!(expected.contains(&format!("| {} |", line.format)));
        }
    }
}
