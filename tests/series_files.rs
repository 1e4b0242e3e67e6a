//! The series of the shared data folder, assembled from disk.
#![allow(clippy::unwrap_used)] // helpers of tests may panic
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::formats::{Limits, MemorySource};
use alloyscope::project::{FileEntry, assemble};
use alloyscope::signal::Notices;

/// The tags hold the pixel size as a quotient of 32-bit integers.
const ROUNDING: f64 = 1e-6;

fn collect(root: &Path, folder: &Path, into: &mut Vec<FileEntry>) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            collect(root, &path, into);
        } else {
            into.push(FileEntry {
                path: path
                    .strip_prefix(root)
                    .unwrap()
                    .to_string_lossy()
                    .into_owned(),
                source: Rc::new(MemorySource(std::fs::read(&path).unwrap().into())),
            });
        }
    }
}

#[test]
fn each_series_has_its_twelve_frames() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/series");
    if !root.is_dir() {
        println!("absent, nothing assembled: {}", root.display());
        return;
    }
    let mut count = 0;
    for entry in std::fs::read_dir(&root).unwrap() {
        let folder = entry.unwrap().path();
        let mut files = Vec::new();
        collect(&root, &folder, &mut files);
        let assembly = assemble(files, &Limits::default());
        let name = folder.file_name().unwrap().to_string_lossy();
        assert!(assembly.failures.is_empty(), "{name}");
        let series = &assembly.series[0];
        assert_eq!(series.name, name);
        assert_eq!(series.frames.len(), 12, "{name}");
        assert_eq!(
            assembly.series.len(),
            if name.starts_with("s02") { 2 } else { 1 }
        );
        for (index, frame) in series.frames.iter().enumerate() {
            assert!(!frame.file.contains("float32"), "{}", frame.file);
            assert_eq!(frame.size, series.frames[0].size);
            assert!(matches!(frame.size, (384, 384) | (512, 512)), "{name}");
            let kelvin = frame.temperature_k.as_ref().unwrap().value;
            assert_eq!(
                kelvin,
                if index == 0 {
                    300.0
                } else {
                    298.0 + 25.0 * index as f64
                }
            );
            assert_eq!(
                frame.dwell_s.as_ref().unwrap().value,
                if index == 0 { 0.0 } else { 600.0 }
            );
            let pixel_nm = frame.pixel_nm.as_ref().unwrap().value;
            assert!((0.01..=0.02).contains(&pixel_nm), "{name}: {pixel_nm} nm");
            let tag = assembly.files.document(&frame.file).unwrap().signals()[0]
                .metadata
                .pixel_nm
                .clone()
                .unwrap();
            assert!(
                (tag.0 - pixel_nm).abs() < ROUNDING * pixel_nm,
                "{name}: {tag:?}"
            );
            let plane = assembly
                .files
                .read(&frame.place(), &mut Notices::default())
                .unwrap();
            assert_eq!(plane.samples.len(), frame.size.0 * frame.size.1);
        }
        count += 1;
    }
    println!("{count} series assembled");
    assert!(count >= 5);
}
