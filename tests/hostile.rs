//! Broken and hostile files: an error or a sound result, never a panic. The bodies are those that libFuzzer runs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "fuzz/bodies.rs"]
mod bodies;
mod common;
#[cfg(not(target_arch = "wasm32"))]
#[path = "common/hdf5.rs"]
#[allow(dead_code)]
mod forge;

use common::Flips;
use common::corpus::corpus;
#[cfg(not(target_arch = "wasm32"))]
use common::tiff;

/// Flipped copies of every file.
const FLIPPED: usize = 150;

fn body(name: &str) -> bodies::Body {
    let found = bodies::ALL.iter().find(|(n, _)| *n == name);
    found.unwrap_or_else(|| panic!("no body '{name}'")).1
}

#[test]
fn every_decoder_has_a_body_and_a_seed() {
    for (name, _) in bodies::ALL {
        // Prefixes and flipped bits of TIFF, HDF5 and heater logs are read in their own tests.
        let elsewhere = ["detection", "any", "tiff", "hdf5", "heater"].contains(&name);
        assert!(
            elsewhere || corpus().iter().any(|(n, _)| *n == name),
            "{name}"
        );
    }
}

#[test]
fn every_prefix_is_an_error_or_sound() {
    let mut count = 0_usize;
    for (name, bytes) in corpus() {
        for length in 0..bytes.len() {
            bodies::detection(&bytes[..length]);
            bodies::any(&bytes[..length]);
            body(name)(&bytes[..length]);
            count += 3;
        }
    }
    println!("{count} prefixes");
    assert!(count > 10_000);
}

#[test]
fn flipped_bits_are_an_error_or_sound() {
    let mut flips = Flips(0x5eed_0005);
    let mut count = 0_usize;
    for (name, bytes) in corpus() {
        for _ in 0..FLIPPED {
            let flipped = flips.flip(&bytes);
            bodies::detection(&flipped);
            bodies::any(&flipped);
            body(name)(&flipped);
            count += 3;
        }
    }
    println!("{count} flipped files");
}

/// The corpus, and files of the kinds that have their own tests.
#[cfg(not(target_arch = "wasm32"))]
fn seeds() -> Vec<(&'static str, Vec<u8>)> {
    use common::heater::{PLAIN, digiheater, impulse, protochips};
    let page = |kind| tiff::Page::gray(4, 3, kind, vec![1.0; 12]);
    let mut files = corpus();
    let flavors = [false, true].into_iter().flat_map(|big_endian| {
        [false, true].map(|big_tiff| tiff::Flavor {
            big_endian,
            big_tiff,
        })
    });
    for flavor in flavors {
        let pages = [page(tiff::Kind::U16), page(tiff::Kind::F32)];
        files.push(("tiff", tiff::file(flavor, &pages, &[])));
    }
    let stream = [
        1_u16,
        2,
        u16::MAX,
        3,
        u16::MAX,
        u16::MAX,
        u16::MAX,
        u16::MAX,
    ];
    for bytes in [
        include_bytes!("data/hdf5_old.h5").to_vec(),
        include_bytes!("data/hdf5_new.h5").to_vec(),
        include_bytes!("data/hdf5_dense.h5").to_vec(),
        forge::velox(2, Some(&stream)),
        forge::hyperspy(),
        forge::emd(&["x", "y"], &[3, 4]),
        forge::dm5(),
        forge::nexus_default(),
    ] {
        files.push(("hdf5", bytes));
    }
    let logs = [
        digiheater(true),
        impulse().0,
        impulse().1,
        protochips(),
        PLAIN.text(),
    ];
    files.extend(logs.map(|log| ("heater", log.into_bytes())));
    files
}

/// As long as `ALLOYSCOPE_FUZZ_SECONDS` says for every body, with mutations that insert, remove and repeat as well. Not a
/// part of the suite; the number of executions is printed.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn long_run_where_it_is_asked_for() {
    let Some(seconds) = std::env::var("ALLOYSCOPE_FUZZ_SECONDS")
        .ok()
        .and_then(|s| s.parse::<f64>().ok())
    else {
        println!("ALLOYSCOPE_FUZZ_SECONDS is not set: no long run");
        return;
    };
    let corpus = seeds();
    let mut random = Flips(std::env::var("ALLOYSCOPE_FUZZ_SEED").map_or(1, |s| s.parse().unwrap()));
    for (name, body) in bodies::ALL {
        let mut seeds: Vec<&[u8]> = corpus
            .iter()
            .filter(|(n, _)| *n == name)
            .map(|(_, bytes)| bytes.as_slice())
            .collect();
        if seeds.is_empty() {
            seeds = corpus.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        }
        let start = std::time::Instant::now();
        let mut count = 0_u64;
        while start.elapsed().as_secs_f64() < seconds {
            for _ in 0..64 {
                let mut bytes = seeds[random.next() as usize % seeds.len()].to_vec();
                for _ in 0..=random.next() % 4 {
                    mutate(&mut bytes, &mut random);
                }
                let kept = bytes.clone();
                let run = std::panic::catch_unwind(|| body(&bytes));
                assert!(run.is_ok(), "{name} panicked on {kept:?}");
                count += 1;
            }
        }
        println!("{name}: {count} executions in {seconds} s, no finding");
    }
}

#[cfg(not(target_arch = "wasm32"))]
fn mutate(bytes: &mut Vec<u8>, random: &mut Flips) {
    if bytes.is_empty() {
        bytes.push(random.next() as u8);
        return;
    }
    let at = random.next() as usize % bytes.len();
    let length = (random.next() as usize % 16).min(bytes.len() - at);
    match random.next() % 7 {
        0 => *bytes = random.flip(bytes),
        1 => bytes.truncate(at),
        2 => drop(bytes.drain(at..at + length)),
        3 => {
            let again: Vec<u8> = bytes[at..at + length].to_vec();
            bytes.splice(at..at, again);
        }
        4 => bytes[at] = random.next() as u8,
        5 => {
            // A number that is large, small or negative.
            let extreme = [
                0_u32,
                1,
                u32::MAX,
                i32::MAX as u32,
                1 << 16,
                65_535,
                1 << 28,
            ];
            let value = extreme[random.next() as usize % extreme.len()];
            let value = if random.next().is_multiple_of(2) {
                value.to_le_bytes()
            } else {
                value.to_be_bytes()
            };
            for (k, byte) in value.into_iter().enumerate() {
                if let Some(to) = bytes.get_mut(at + k) {
                    *to = byte;
                }
            }
        }
        _ => {
            let other = random.next() as usize % bytes.len();
            bytes.swap(at, other);
        }
    }
}
