//! What is fuzzed: one function for each decoder and one for detection, ordinary code that `cargo test` runs too
//! (`tests/hostile.rs`) and libFuzzer from `tests/fuzz`. An error is as good as a result; a panic is a finding, and so is
//! a picture that is not as large as its header says.

use std::rc::Rc;

use alloyscope::formats::{
    Beside, Format, Limits, MemorySource, Source, SourceReader, describe, detect, open_with,
};
use alloyscope::signal::Notices;

/// Small, so that an input is judged in milliseconds.
const LIMITS: Limits = Limits {
    bytes: 1 << 22,
    pixels: 1 << 18,
    pages: 64,
    tags: 4096,
    ratio: 1400,
};

fn source(bytes: &[u8]) -> Rc<dyn Source> {
    Rc::new(MemorySource(bytes.into()))
}

/// The bytes with the mark of a format in front or in place, so that they reach its decoder whatever they are.
fn marked(bytes: &[u8], at: usize, mark: &[u8]) -> Vec<u8> {
    let mut marked = bytes.to_vec();
    marked.resize(marked.len().max(at + mark.len()), 0);
    marked[at..at + mark.len()].copy_from_slice(mark);
    marked
}

/// Opens and reads everything.
fn decode(bytes: &[u8], beside: &[&[u8]]) {
    #[cfg(target_arch = "wasm32")]
    alloyscope::formats::apart::set_hdf5_reader(alloyscope::formats::apart::here);
    let mut notices = Notices::default();
    let beside = Beside {
        sources: beside.iter().map(|bytes| source(bytes)).collect(),
        series: 0,
    };
    let Ok(document) = open_with(source(bytes), &beside, &LIMITS, &mut notices) else {
        return;
    };
    assert!(!document.signals().is_empty());
    for (index, signal) in document.signals().iter().enumerate() {
        if let Ok(plane) = document.read_plane(index, 0, &mut notices) {
            assert_eq!((plane.height, plane.width), signal.plane_shape());
            assert_eq!(plane.samples.len(), plane.height * plane.width);
            assert_eq!(plane.samples.dtype(), signal.dtype);
        }
        let beyond = document.read_plane(index, signal.planes(), &mut notices);
        assert!(beyond.is_err(), "a plane beyond the last one");
    }
    if let Ok(description) = describe(document.as_ref(), notices) {
        assert!(serde_json::to_string(&description).is_ok());
    }
}

pub fn detection(bytes: &[u8]) {
    let format = detect(&mut SourceReader::new(source(bytes))).unwrap();
    assert_eq!(bytes.is_empty(), format == Format::Empty);
    assert!(!format.name().is_empty());
}

pub fn any(bytes: &[u8]) {
    decode(bytes, &[]);
}

pub fn dm3(bytes: &[u8]) {
    decode(
        &marked(&marked(bytes, 0, &[0, 0, 0, 3]), 8, &[0, 0, 0, 1]),
        &[],
    );
}

pub fn dm4(bytes: &[u8]) {
    decode(
        &marked(&marked(bytes, 0, &[0, 0, 0, 4]), 12, &[0, 0, 0, 1]),
        &[],
    );
}

pub fn ser(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"II\x97\x01"), &[]);
}

/// The metadata beside a sound series, and the series beside whatever the metadata are.
pub fn emi(bytes: &[u8]) {
    let metadata = marked(bytes, 0, b"JK\x00\x02");
    decode(&metadata, &[SERIES]);
    decode(SERIES, &[&metadata]);
    decode(&metadata, &[bytes]);
}

/// A series of one picture of 2 × 1 bytes.
const SERIES: &[u8] = &[
    b'I', b'I', 0x97, 1, 0x10, 2, 0x22, 0x41, 0, 0, 0x52, 0x41, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 30,
    0, 0, 0, 0, 0, 0, 0, 38, 0, 0, 0, 90, 0, 0, 0, //
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, //
    1, 0, 2, 0, 0, 0, 1, 0, 0, 0, 5, 6, 0x52, 0x41, 0, 0, 0, 0, 0, 0,
];

pub fn mrc(bytes: &[u8]) {
    decode(&marked(bytes, 208, b"MAP "), &[]);
}

pub fn emsa(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"#FORMAT"), &[]);
}

/// The table beside sound samples, and beside itself.
pub fn rpl(bytes: &[u8]) {
    let table = marked(bytes, 0, b"width 3\nheight ");
    decode(&table, &[&[7; 256]]);
    decode(&table, &[bytes]);
}

pub fn npy(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"\x93NUMPY"), &[]);
}

pub fn tiff(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"II*\0"), &[]);
    decode(&marked(bytes, 0, b"MM\0*"), &[]);
}

pub fn png(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"\x89PNG\r\n\x1a\n"), &[]);
}

pub fn jpeg(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"\xff\xd8\xff"), &[]);
}

pub fn bmp(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"BM"), &[]);
}

pub fn hdf5(bytes: &[u8]) {
    decode(&marked(bytes, 0, b"\x89HDF\r\n\x1a\n"), &[]);
}

/// Reads what may be anything.
pub type Body = fn(&[u8]);

/// Name and body of each.
pub const ALL: [(&str, Body); 17] = [
    ("detection", detection),
    ("any", any),
    ("dm3", dm3),
    ("dm4", dm4),
    ("ser", ser),
    ("emi", emi),
    ("mrc", mrc),
    ("emsa", emsa),
    ("rpl", rpl),
    ("npy", npy),
    ("tiff", tiff),
    ("png", png),
    ("jpeg", jpeg),
    ("bmp", bmp),
    ("hdf5", hdf5),
    ("series", series),
    ("heater", heater),
];

/// Logs of heaters, and the metadata beside them.
pub fn heater(bytes: &[u8]) {
    let mut notices = Notices::default();
    if let Ok(log) = alloyscope::formats::read_heater_log(source(bytes), &mut notices) {
        assert_eq!(log.time_s.len(), log.temperature_k.len());
        assert!(log.time_s.windows(2).all(|w| w[0] <= w[1]));
    }
    let _ = alloyscope::formats::impulse_start(bytes);
}

/// Tables and archives are read by functions of their own.
pub fn series(bytes: &[u8]) {
    let mut notices = Notices::default();
    let _ = alloyscope::formats::parse_table(&String::from_utf8_lossy(bytes), &mut notices);
    let archive = marked(bytes, 0, b"PK\x03\x04");
    let _ = alloyscope::formats::read_zip(source(&archive), &LIMITS, &mut notices);
}
