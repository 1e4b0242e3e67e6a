//! Heating series from files: folders, tables, stacks, archives, and what is wrong with them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

mod common;

use std::rc::Rc;

use alloyscope::engine::{Engine, Event, MapMethod, MapQuestion, Request, SpectraOf};
use alloyscope::formats::{Limits, MemorySource, Source};
use alloyscope::imaging::{Circle, Point};
use alloyscope::language::Said;
use alloyscope::project::{
    Assembly, FileEntry, FileError, Frame, Provenance, Sourced, assemble, proposed_signal,
    read_with,
};
use alloyscope::signal::{NoticeKind, Notices, Reason};
use alloyscope::spectroscopy::MapSettings;
use common::tiff::{Kind, PLAIN, Page, Value, file};
use common::zip::{Entry, archive};

fn tiff(size: (usize, usize), value: u16) -> Vec<u8> {
    let values = vec![f64::from(value); size.0 * size.1];
    let page = Page::gray(size.0, size.1, Kind::U16, values)
        .tag(270, Value::Text("ImageJ=1.53t\nunit=nm\n".into()))
        .tag(282, Value::Rational(50, 1));
    file(PLAIN, &[page], &[])
}

fn stack(planes: u16) -> Vec<u8> {
    let pages: Vec<Page> = (0..planes)
        .map(|k| Page::gray(3, 2, Kind::U16, vec![f64::from(k); 6]))
        .collect();
    file(PLAIN, &pages, &[])
}

fn assembled(files: &[(&str, Vec<u8>)]) -> Assembly {
    let entries = files
        .iter()
        .map(|(path, bytes)| FileEntry {
            path: (*path).into(),
            source: Rc::new(MemorySource(bytes.as_slice().into())),
        })
        .collect();
    assemble(entries, &Limits::default())
}

/// Letters with marks are the same as themselves, and the case of the others does not matter.
#[test]
fn a_table_finds_files_by_names_with_any_letters() {
    let csv = "file,temperature_K,dwell_s\nÜbersicht_a.tif,300,0\nübersicht_B.TIF,350,60\n";
    let assembly = assembled(&[
        ("Übersicht_a.tif", tiff((3, 2), 1)),
        ("übersicht_b.tif", tiff((3, 2), 2)),
        ("series.csv", csv.into()),
    ]);
    let frames = &assembly.series[0].frames;
    let listed = frames
        .iter()
        .map(|f| f.temperature_k.as_ref().unwrap().value);
    assert_eq!(listed.collect::<Vec<_>>(), [300.0, 350.0]);
}

#[test]
fn a_series_is_read_with_another_signal_of_its_files() {
    let page = |size: (usize, usize), value: u16| {
        Page::gray(
            size.0,
            size.1,
            Kind::U16,
            vec![f64::from(value); size.0 * size.1],
        )
    };
    let two = |k: u16| file(PLAIN, &[page((6, 4), k), page((3, 2), 100 + k)], &[]);
    let mut assembly = assembled(&[
        ("0_300K.tif", two(0)),
        ("1_400K.tif", two(1)),
        ("2_500K.tif", file(PLAIN, &[page((6, 4), 2)], &[])),
    ]);
    let proposed = proposed_signal(assembly.files.document("0_300K.tif").unwrap());
    assert_eq!(proposed, Some((0, Reason::Largest)));
    let frame = &mut assembly.series[0].frames[1];
    frame.dwell_s = Some(Sourced {
        value: 600.0,
        provenance: Provenance::User,
    });
    frame.pixel_nm = Some(Sourced {
        value: 0.5,
        provenance: Provenance::User,
    });
    frame.circle = Some(Circle {
        center: Point {
            x_px: 2.0,
            y_px: 1.0,
        },
        radius_px: 1.5,
    });
    let before = assembly.series[0].clone();
    let series = read_with(&assembly.files, &before, "0_300K.tif", 1).unwrap();
    assembly.series[0] = series;
    // The third file has no second signal: it stays as it is.
    assert_eq!(first_samples(&assembly), [100.0, 101.0, 2.0]);
    let series = &assembly.series[0];
    let frame = &series.frames[1];
    assert_eq!((frame.signal, frame.size), (1, (3, 2)));
    assert_eq!(value(&frame.temperature_k), Some(400.0));
    assert_eq!(
        (value(&frame.dwell_s), value(&frame.pixel_nm)),
        (Some(600.0), Some(0.5))
    );
    // In other pixels a circle means nothing.
    assert_eq!(frame.circle, None);
    let back = read_with(&assembly.files, series, "0_300K.tif", 0).unwrap();
    assert_eq!(back.frames[0], before.frames[0]);
    assert_eq!(read_with(&assembly.files, series, "0_300K.tif", 2), None);
    assert_eq!(read_with(&assembly.files, series, "another.tif", 0), None);

    // A stack in place of a picture: every plane is a frame.
    let mut pages = vec![page((6, 5), 7)];
    pages.extend((0..4).map(|k| page((3, 2), k)));
    let mut assembly = assembled(&[("stack_300K.tif", file(PLAIN, &pages, &[]))]);
    assert_eq!(first_samples(&assembly), [7.0]);
    let picture = assembly.series[0].clone();
    assembly.series[0] = read_with(&assembly.files, &picture, "stack_300K.tif", 1).unwrap();
    assert_eq!(first_samples(&assembly), [0.0, 1.0, 2.0, 3.0]);
    let back = read_with(&assembly.files, &assembly.series[0], "stack_300K.tif", 0).unwrap();
    assert_eq!(back.frames.len(), 1);
}

fn names(frames: &[Frame]) -> Vec<&str> {
    frames.iter().map(|f| f.file.as_str()).collect()
}

fn has(assembly: &Assembly, good: impl Fn(&NoticeKind) -> bool) -> bool {
    assembly.notices.as_slice().iter().any(|n| good(&n.kind))
}

fn value(sourced: &Option<Sourced>) -> Option<f64> {
    sourced.as_ref().map(|s| s.value)
}

/// First sample of each frame: tells which plane was read.
fn first_samples(assembly: &Assembly) -> Vec<f64> {
    assembly.series[0]
        .frames
        .iter()
        .map(|frame| {
            let plane = assembly
                .files
                .read(&frame.place(), &mut Notices::default())
                .unwrap();
            plane.samples.get(0).unwrap()
        })
        .collect()
}

#[test]
fn files_without_a_table_are_sorted_and_read_by_name() {
    let assembly = assembled(&[
        ("10_323K.tif", tiff((4, 3), 2)),
        ("9_300K.tif", tiff((4, 3), 1)),
    ]);
    let series = &assembly.series[0];
    assert_eq!(names(&series.frames), ["9_300K.tif", "10_323K.tif"]);
    assert_eq!(first_samples(&assembly), [1.0, 2.0]);
    let frame = &series.frames[1];
    assert_eq!(
        frame.temperature_k,
        Some(Sourced {
            value: 323.0,
            provenance: Provenance::FileName
        })
    );
    assert_eq!(frame.dwell_s, None);
    assert_eq!(value(&frame.pixel_nm), Some(0.02));
    assert_eq!(frame.size, (4, 3));
    assert!(has(&assembly, |n| matches!(
        n,
        NoticeKind::TemperatureFromName { .. }
    )));
}

#[test]
fn a_table_orders_names_and_overrides() {
    let csv =
        "file;temperature_C;dwell_s;pixel_nm\nb.tif;25;5;\nA.TIF;50;600;0,5\ngone.tif;60;1;\n";
    let assembly = assembled(&[
        ("run/a.tif", tiff((4, 3), 1)),
        ("run/b.tif", tiff((4, 3), 2)),
        ("run/c.tif", tiff((4, 3), 3)),
        ("run/series.csv", csv.into()),
        ("run/meta.json", b"{}".to_vec()),
    ]);
    let series = &assembly.series[0];
    assert_eq!(series.name, "run");
    assert_eq!(names(&series.frames), ["run/b.tif", "run/a.tif"]);
    assert_eq!(value(&series.frames[1].dwell_s), Some(600.0));
    assert_eq!(
        series.frames[1].pixel_nm,
        Some(Sourced {
            value: 0.5,
            provenance: Provenance::Table
        })
    );
    assert_eq!(value(&series.frames[0].pixel_nm), Some(0.02));
    let listed = |name: &str| NoticeKind::ListedFileMissing {
        name: Said::name(name),
    };
    assert!(has(&assembly, |n| *n == listed("gone.tif")));
    let unlisted = NoticeKind::NotListed {
        name: "c.tif".into(),
    };
    assert!(has(&assembly, |n| *n == unlisted));
    assert!(has(&assembly, |n| *n
        == NoticeKind::FirstDwellIgnored { dwell_s: 5.0 }));
    assert!(has(
        &assembly,
        |n| matches!(n, NoticeKind::Skipped { what, .. } if what.as_str() == "run/meta.json")
    ));
    assert!(has(&assembly, |n| matches!(
        n,
        NoticeKind::PixelSizeDiffers { .. }
    )));
    assert!(assembly.failures.is_empty());
}

#[test]
fn sub_folders_are_other_series() {
    let csv = "file,temperature_K\n0.tif,300\n1.tif,310\n";
    let assembly = assembled(&[
        ("s/float32/0.tif", tiff((4, 3), 7)),
        ("s/float32/1.tif", tiff((4, 3), 8)),
        ("s/float32/series.csv", csv.into()),
        ("s/0.tif", tiff((4, 3), 1)),
        ("s/1.tif", tiff((4, 3), 2)),
        ("s/series.csv", csv.into()),
        ("overview.tif", tiff((9, 9), 9)),
    ]);
    assert_eq!(assembly.series.len(), 3);
    assert_eq!(assembly.series[0].name, "s");
    assert_eq!(first_samples(&assembly), [1.0, 2.0]);
    assert_eq!(assembly.series[1].name, "float32");
}

#[test]
fn every_plane_of_a_stack_is_a_frame() {
    let assembly = assembled(&[("heating 300K.tif", stack(4))]);
    let series = &assembly.series[0];
    assert_eq!(series.name, "heating 300K");
    assert_eq!(first_samples(&assembly), [0.0, 1.0, 2.0, 3.0]);
    assert!(series.frames.iter().all(|f| f.temperature_k.is_none()));
    for csv in [
        "file,frame,temperature_K\nx.tif,2,300\nx.tif,0,310\n",
        "frame,temperature_K\n2,300\n0,310\n",
    ] {
        let assembly = assembled(&[("x.tif", stack(4)), ("series.csv", csv.into())]);
        assert_eq!(first_samples(&assembly), [2.0, 0.0]);
        assert_eq!(
            value(&assembly.series[0].frames[1].temperature_k),
            Some(310.0)
        );
    }
    for csv in [
        "file,temperature_K\nx.tif,300\nx.tif,310\nx.tif,320\nx.tif,330\n",
        "temperature_K\n300\n310\n320\n330\n",
    ] {
        let assembly = assembled(&[("x.tif", stack(4)), ("series.csv", csv.into())]);
        assert_eq!(first_samples(&assembly), [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(
            value(&assembly.series[0].frames[3].temperature_k),
            Some(330.0)
        );
    }
    let assembly = assembled(&[
        ("x.tif", stack(4)),
        ("series.csv", b"file,frame\nx.tif,4\nx.tif,1\n".to_vec()),
    ]);
    assert_eq!(first_samples(&assembly), [1.0]);
    assert!(has(&assembly, |n| matches!(
        n,
        NoticeKind::ListedFileMissing { .. }
    )));
    assert!(has(&assembly, |n| matches!(n, NoticeKind::Skipped { .. })));
}

/// Maps of elements, an image beside them, and names that are no maps'.
#[test]
fn files_named_after_elements_are_maps_and_no_series() {
    let maps: [&[&str]; 6] = [
        &["HAADF.tif", "Cu.tif", "Mg.tif"],
        &["EDS Ag Map.tif", "EDS Au Map.tif"],
        &["run 3/Au-L.tif", "run 3/Ag-L.tif", "run 3/HAADF.tif"],
        &["Ag@Au 7 Ag.tif", "Ag@Au 7 Au.tif", "Ag@Au 7 HAADF.tif"],
        &["map C Kα1.tif", "map O Kα1.tif"],
        &["Co_map.tif", "O_map.tif", "image.tif"],
    ];
    for names in maps {
        let files: Vec<_> = names.iter().map(|n| (*n, tiff((3, 2), 7))).collect();
        let assembly = assembled(&files);
        assert_eq!(assembly.series, [], "{names:?}");
        let notices = assembly.notices.as_slice();
        let told = notices
            .iter()
            .any(|n| matches!(&n.kind, NoticeKind::Skipped { reason, .. } if reason.as_str().contains("maps of elements")));
        assert!(told, "{names:?}: {notices:?}");
    }
    let series: [&[&str]; 13] = [
        &["Ag@Au_300K.tif", "Ag@Au_400K.tif", "Ag@Au_500K.tif"],
        &["Ag_300K.tif", "Au_400K.tif"],
        &["Ag_1.tif", "Au_2.tif"],
        &["Ag 1.tif", "Au 1.tif", "Ag 2.tif", "Au 2.tif"],
        &["Au_RT.tif", "Ag_RT.tif", "1.tif", "2.tif"],
        &["Ag@Au before.tif", "Ag@Au after.tif"],
        &["A.tif", "B.tif", "C.tif", "D.tif"],
        &["B.tif", "C.tif"],
        &["frame N.tif", "frame O.tif", "frame P.tif"],
        &["300 C.tif", "400 C.tif"],
        &["as.tif", "in.tif", "no.tif"],
        &["Au.tif"],
        &["Au.tif", "gold.tif"],
    ];
    for names in series {
        let files: Vec<_> = names.iter().map(|n| (*n, tiff((3, 2), 7))).collect();
        let assembly = assembled(&files);
        assert_eq!(assembly.series.len(), 1, "{names:?}");
        assert_eq!(assembly.series[0].frames.len(), names.len(), "{names:?}");
    }
    // A table says otherwise, and so do sizes.
    let table = b"file,temperature_K\nAg.tif,300\nAu.tif,400\n".to_vec();
    let (silver, gold) = (tiff((3, 2), 7), tiff((3, 2), 8));
    let listed = [
        ("Ag.tif", silver.clone()),
        ("Au.tif", gold),
        ("series.csv", table),
    ];
    assert_eq!(assembled(&listed).series[0].frames.len(), 2);
    let sizes = [("Ag.tif", silver), ("Au.tif", tiff((4, 2), 8))];
    assert_eq!(assembled(&sizes).series[0].frames.len(), 2);
}

#[test]
fn maps_in_files_of_their_own_are_found_together() {
    let files = [
        ("HAADF.tif", tiff((3, 2), 9)),
        ("EDS Mg.tif", tiff((3, 2), 5)),
        ("EDS Cu.tif", tiff((3, 2), 4)),
        ("notes.txt", b"nothing".to_vec()),
    ];
    let paths: Vec<String> = files.iter().map(|f| f.0.to_owned()).collect();
    let sources: Vec<Rc<dyn Source>> = files
        .iter()
        .map(|f| Rc::new(MemorySource(f.1.as_slice().into())) as _)
        .collect();
    let mut engine = Engine::new();
    let (mut found, mut answer) = (None, None);
    let request = Request::Spectra {
        paths: paths.clone(),
        wanted: None,
    };
    engine.handle(request, sources.clone(), &mut |event| {
        if let Event::Spectra(outcome) = event {
            found = Some(*outcome.unwrap());
        }
    });
    let found = found.unwrap();
    assert_eq!(found.edges, ["Mg", "Cu"]);
    assert!(found.axis.is_none() && found.signal.is_none());
    assert_eq!(found.image.unwrap().0.file, "HAADF.tif");
    let spectra = SpectraOf {
        files: paths,
        path: found.path,
        ..SpectraOf::default()
    };
    let method = MapMethod::Windows(MapSettings::default());
    let question = MapQuestion::new(spectra, ["Cu", "Mg"], method);
    engine.handle(Request::Maps(Box::new(question)), sources, &mut |event| {
        if let Event::Maps(outcome) = event {
            answer = Some(*outcome.unwrap());
        }
    });
    let answer = answer.unwrap();
    let first: Vec<_> = answer
        .maps
        .iter()
        .map(|m| (m.name.as_str(), m.value[0]))
        .collect();
    assert_eq!(first, [("Cu", 4.0), ("Mg", 5.0)]);
    // 50 pixels a nanometer.
    assert_eq!(answer.pixel_nm, Some(0.02));
}

#[test]
fn an_archive_is_a_folder() {
    let images = [tiff((4, 3), 1), tiff((4, 3), 2)];
    let zip = archive(&[
        Entry {
            path: "run/",
            bytes: b"",
            deflate: false,
        },
        Entry {
            path: "run/0_300K.tif",
            bytes: &images[0],
            deflate: true,
        },
        Entry {
            path: "run/1_310K.tif",
            bytes: &images[1],
            deflate: false,
        },
        Entry {
            path: "run/series.csv",
            bytes: b"file,dwell_s\n0_300K.tif,0\n1_310K.tif,60\n",
            deflate: true,
        },
        Entry {
            path: "__MACOSX/run/._0_300K.tif",
            bytes: b"junk",
            deflate: false,
        },
    ]);
    let assembly = assembled(&[("data.zip", zip)]);
    assert_eq!(assembly.series.len(), 1);
    let frames = &assembly.series[0].frames;
    assert_eq!(
        names(frames),
        ["data.zip/run/0_300K.tif", "data.zip/run/1_310K.tif"]
    );
    assert_eq!(value(&frames[1].dwell_s), Some(60.0));
    assert_eq!(value(&frames[1].temperature_k), Some(310.0));
    assert_eq!(first_samples(&assembly), [1.0, 2.0]);
    assert!(assembly.failures.is_empty());
    let source = assembly.files.source("data.zip/run/0_300K.tif").unwrap();
    assert_eq!(source.len(), images[0].len() as u64);
}

#[test]
fn bad_files_fail_alone() {
    let good = tiff((4, 3), 1);
    let assembly = assembled(&[
        ("0.tif", good.clone()),
        ("1.tif", good[..good.len() / 2].to_vec()),
        ("2.tif", b"this is no image".to_vec()),
        ("3.tif", Vec::new()),
        (
            "4.dm3",
            b"\x00\x00\x00\x03\x00\x00\x5f\xac\x00\x00\x00\x01".to_vec(),
        ),
        ("5.tif", tiff((5, 3), 2)),
        ("notes.txt", b"nothing".to_vec()),
        ("Thumbs.db", b"nothing".to_vec()),
        (".DS_Store", b"nothing".to_vec()),
        ("6.zip", b"PK\x03\x04broken".to_vec()),
    ]);
    let failed: Vec<&str> = assembly.failures.iter().map(|(p, _)| p.as_str()).collect();
    assert_eq!(failed, ["6.zip", "1.tif", "2.tif", "3.tif", "4.dm3"]);
    assert_eq!(names(&assembly.series[0].frames), ["0.tif", "5.tif"]);
    assert!(has(&assembly, |n| matches!(
        n,
        NoticeKind::SizeDiffers { .. }
    )));
    let bad_table = assembled(&[
        ("0.tif", good),
        ("series.csv", b"file,dwell_s\n0.tif,soon\n".to_vec()),
    ]);
    assert!(matches!(bad_table.failures[0].1, FileError::Table(_)));
    assert_eq!(bad_table.series[0].frames.len(), 1);
    assert!(assembled(&[]).series.is_empty());
}

#[test]
fn names_do_not_matter_for_what_is_inside() {
    for (bytes, suffix) in [(tiff((4, 3), 5), "tif"), (stack(3), "tif")] {
        let right = assembled(&[(&format!("a.{suffix}"), bytes.clone())]);
        let wrong = assembled(&[("unknown", bytes.clone())]);
        let misleading = assembled(&[("a.txt", bytes)]);
        for other in [&wrong, &misleading] {
            assert_eq!(first_samples(&right), first_samples(other));
            let (a, b) = (&right.series[0].frames[0], &other.series[0].frames[0]);
            assert_eq!((a.size, &a.pixel_nm), (b.size, &b.pixel_nm));
        }
    }
}

#[test]
fn a_frame_of_a_closed_file_says_so() {
    let assembly = assembled(&[("0.tif", tiff((4, 3), 1))]);
    let mut frame = assembly.series[0].frames[0].clone();
    frame.file = "elsewhere.tif".into();
    let read = assembly.files.read(&frame.place(), &mut Notices::default());
    assert!(matches!(read, Err(FileError::NotOpen { .. })));
}
