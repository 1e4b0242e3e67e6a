//! Writers that forge files for the decoders' tests: every flavor from a list of numbers, byte by byte, sharing no code
//! with the readers.
#![allow(dead_code)]

pub mod corpus;
pub mod dm;
pub mod heater;
pub mod pictures;
pub mod tiff;
pub mod vendor;
pub mod zip;

use std::rc::Rc;

use alloyscope::formats::{Document, FormatError, Limits, MemorySource, describe, open};
use alloyscope::signal::Notices;

/// In the browser the reader of HDF5 is another program's, which the page's worker loads: here it is this one, asked in the same way.
pub fn with_hdf5() {
    #[cfg(target_arch = "wasm32")]
    alloyscope::formats::apart::set_hdf5_reader(alloyscope::formats::apart::here);
}

/// Opens bytes.
pub fn open_bytes(bytes: &[u8]) -> (Result<Box<dyn Document>, FormatError>, Notices) {
    with_hdf5();
    let mut notices = Notices::default();
    let source = Rc::new(MemorySource(bytes.into()));
    let document = open(source, &Limits::default(), &mut notices);
    (document, notices)
}

/// All samples of a plane.
pub fn values(document: &dyn Document, signal: usize, plane: usize) -> Vec<f64> {
    let mut values = Vec::new();
    document
        .read_plane(signal, plane, &mut Notices::default())
        .unwrap()
        .samples
        .for_each(|v| values.push(v));
    values
}

/// Opens and reads everything; errors are welcome, panics are not. Says whether all of it could be read.
pub fn survives(bytes: &[u8]) -> bool {
    match open_bytes(bytes) {
        (Ok(document), notices) => describe(document.as_ref(), notices).is_ok(),
        (Err(e), _) => {
            assert!(!e.to_string().is_empty());
            false
        }
    }
}

/// Marsaglia's xorshift64*: the same flips on every machine.
pub struct Flips(pub u64);

impl Flips {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A copy with one to eight bits flipped, half of the time within the first 256 bytes, where headers are.
    pub fn flip(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut copy = bytes.to_vec();
        for _ in 0..=self.next() % 8 {
            let range = if self.next().is_multiple_of(2) {
                copy.len().min(256)
            } else {
                copy.len()
            };
            let at = (self.next() % range as u64) as usize;
            copy[at] ^= 1 << (self.next() % 8);
        }
        copy
    }
}
