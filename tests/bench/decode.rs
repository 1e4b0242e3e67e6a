//! Decoding, MB/s per format, against a plain copy of the same bytes: `cargo bench --bench decode`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;
#[path = "../common/hdf5.rs"]
#[allow(dead_code)]
mod forge;

use std::hint::black_box;
use std::rc::Rc;

use alloyscope::formats::{Beside, Limits, MemorySource, Source, open_with};
use alloyscope::signal::Notices;
use common::dm::{FLAVORS, Image, dm};
use common::tiff::{Kind, PLAIN, Page, file};
use common::vendor::{Mrc, Ser, npy, rpl};
#[cfg(not(target_arch = "wasm32"))]
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use hdf5_writer::{FilterDescription, Hdf5Builder};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{Criterion, wasm_bindgen_bench, wasm_bindgen_test_configure};

const SIDE: u32 = 2048;

fn files() -> Vec<(&'static str, Vec<u8>, Vec<u8>)> {
    let samples = SIDE as usize * SIDE as usize;
    let words: Vec<u8> = (0..samples as u32)
        .flat_map(|k| ((k * 7919) as u16).to_le_bytes())
        .collect();
    let singles: Vec<u8> = (0..samples as u32)
        .flat_map(|k| (k as f32 * 0.25).to_le_bytes())
        .collect();
    let ser = Ser {
        wide: true,
        kind: 2,
        sizes: vec![SIDE, SIDE],
        calibrations: vec![(0.0, 1e-10); 2],
        dimensions: vec![(1, 1.0, "Number", "")],
        elements: vec![words.clone()],
        total: 1,
        time: 0,
    };
    let table = rpl(&[
        ("width", "2048"),
        ("height", "2048"),
        ("depth", "1"),
        ("data-length", "2"),
        ("data-type", "unsigned"),
        ("record-by", "image"),
    ]);
    let image = |code, kind, bytes: &[u8]| Image::new(code, &[kind], &[SIDE, SIDE], bytes.to_vec());
    let none = Vec::new;
    let numbers = |bytes: &[u8]| -> Vec<u16> {
        let (pairs, _) = bytes.as_chunks();
        pairs.iter().map(|b| u16::from_le_bytes(*b)).collect()
    };
    let page = |kind: Kind, values: Vec<f64>| {
        let side = SIDE as usize;
        file(PLAIN, &[Page::gray(side, side, kind, values)], &[])
    };
    let dataset = || {
        let shape = [u64::from(SIDE); 2];
        forge::typed("image", &shape, &numbers(&words))
    };
    let hdf5 = |dataset| forge::bytes(Hdf5Builder::new().dataset(dataset));
    vec![
        (
            "TIFF uint16",
            page(
                Kind::U16,
                numbers(&words).into_iter().map(f64::from).collect(),
            ),
            none(),
        ),
        (
            "TIFF float32",
            page(Kind::F32, (0..samples).map(|k| 0.25 * k as f64).collect()),
            none(),
        ),
        ("HDF5 uint16", hdf5(dataset()), none()),
        (
            "HDF5 uint16, in chunks",
            hdf5(dataset().chunked([256, 256])),
            none(),
        ),
        (
            "HDF5 uint16, deflated",
            hdf5(dataset().chunked([256, 256]).filter(FilterDescription {
                id: 1,
                name: None,
                client_data: vec![4],
            })),
            none(),
        ),
        (
            "DM3 uint16",
            dm(FLAVORS[0], vec![image(10, 4, &words)]),
            none(),
        ),
        (
            "DM4 float32",
            dm(FLAVORS[2], vec![image(2, 6, &singles)]),
            none(),
        ),
        ("SER uint16", ser.bytes(), none()),
        (
            "MRC float32",
            Mrc::new(2, [SIDE, SIDE, 1], singles.clone()).bytes(),
            none(),
        ),
        (
            "MRC float32, big-endian",
            Mrc {
                little: false,
                ..Mrc::new(2, [SIDE, SIDE, 1], singles)
            }
            .bytes(),
            none(),
        ),
        (
            "NumPy uint16",
            npy("<u2", false, "(2048, 2048)", &words),
            none(),
        ),
        ("RPL/RAW uint16", table, words),
    ]
}

fn decode(bytes: &Rc<dyn Source>, beside: &Beside) -> usize {
    let mut notices = Notices::default();
    let document = open_with(bytes.clone(), beside, &Limits::default(), &mut notices).unwrap();
    document
        .read_plane(0, 0, &mut notices)
        .unwrap()
        .samples
        .len()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn decoding(c: &mut Criterion) {
    common::with_hdf5();
    for (name, bytes, raw) in files() {
        let size = bytes.len() + raw.len();
        let plain: Vec<u8> = bytes.iter().chain(&raw).copied().collect();
        let source: Rc<dyn Source> = Rc::new(MemorySource(bytes.into()));
        let raw: Vec<Rc<dyn Source>> = if raw.is_empty() {
            Vec::new()
        } else {
            vec![Rc::new(MemorySource(raw.into()))]
        };
        let beside = Beside {
            sources: raw,
            series: 0,
        };
        #[cfg(not(target_arch = "wasm32"))]
        {
            let mut group = c.benchmark_group(name);
            group.throughput(Throughput::Bytes(size as u64));
            group.bench_function("decode", |b| b.iter(|| decode(black_box(&source), &beside)));
            group.bench_function("copy", |b| b.iter(|| black_box(&plain).to_vec()));
            group.finish();
        }
        #[cfg(target_arch = "wasm32")]
        {
            c.bench_function(&format!("decode {name}, {size} bytes"), |b| {
                b.iter(|| decode(black_box(&source), &beside))
            });
            c.bench_function(&format!("copy {size} bytes"), |b| {
                b.iter(|| black_box(&plain).to_vec())
            });
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = decoding
}
#[cfg(not(target_arch = "wasm32"))]
criterion_main!(benches);
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_dedicated_worker);
#[cfg(target_arch = "wasm32")]
fn main() {}
