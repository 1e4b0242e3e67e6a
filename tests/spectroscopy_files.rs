//! Real spectrum images against published maps and window sums (`../shared/data/microscopy`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::engine::{
    Engine, Event, MapAnswer, MapMethod, MapQuestion, ProfileAnswer, Request, SpectraFound,
    SpectraOf,
};
use alloyscope::fit::Inside;
use alloyscope::formats::{Document, Limits, MemorySource, Source, open};
use alloyscope::imaging::{Circle, Point};
use alloyscope::signal::{Image, Notices};
use alloyscope::spectroscopy::{
    Edge, ElementMap, MapSettings, ModelSettings, Rings, SpectrumImage, Window, Windows, ZeroLoss,
    radial_profile, window_map,
};

fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/microscopy");
    if folder.is_dir() {
        Some(folder)
    } else {
        println!("absent, nothing compared: {}", folder.display());
        None
    }
}

fn document(path: &Path) -> Box<dyn Document> {
    let bytes: Rc<[u8]> = std::fs::read(path).unwrap().into();
    open(
        Rc::new(MemorySource(bytes)),
        &Limits::default(),
        &mut Notices::default(),
    )
    .unwrap()
}

fn spectra(path: &Path) -> SpectrumImage {
    let document = document(path);
    let samples = document
        .read_all(0, &Limits::default(), &mut Notices::default())
        .unwrap();
    SpectrumImage::of(&document.signals()[0], samples).unwrap()
}

fn picture(path: &Path) -> Vec<f32> {
    document(path)
        .read_plane(0, 0, &mut Notices::default())
        .unwrap()
        .to_image()
        .values
}

fn ask(
    path: &Path,
    edges: &[&str],
    method: MapMethod,
    circle: Option<Circle>,
) -> (MapAnswer, ProfileAnswer) {
    let spectra = SpectraOf {
        files: vec!["file".into()],
        path: "file".into(),
        ..SpectraOf::default()
    };
    let question = MapQuestion {
        circle,
        ..MapQuestion::new(spectra, edges.iter().copied(), method)
    };
    let bytes: Rc<[u8]> = std::fs::read(path).unwrap().into();
    let mut engine = Engine::new();
    let (mut maps, mut profiles) = (None, None);
    for request in [
        Request::Maps(Box::new(question.clone())),
        Request::ElementProfiles(Box::new(question)),
    ] {
        let source = Rc::new(MemorySource(bytes.clone()));
        engine.handle(request, vec![source], &mut |event| match event {
            Event::Maps(result) => maps = Some(result),
            Event::ElementProfiles(result) => profiles = Some(result),
            _ => {}
        });
    }
    (*maps.unwrap().unwrap(), *profiles.unwrap().unwrap())
}

fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let n = a.len() as f64;
    let mean = |v: &[f32]| v.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x) - ma, f64::from(*y) - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    ab / (aa * bb).sqrt()
}

#[test]
fn copper_and_zinc_follow_the_published_fits() {
    let Some(folder) = folder() else { return };
    let file = folder.join("CuZn_EELS_mapping_tutorial.hspy");
    let (cu, zn) = (
        picture(&folder.join("Cu_map.hspy")),
        picture(&folder.join("Zn_map.hspy")),
    );
    let model = MapMethod::Model(ModelSettings {
        resolution_ev: 8.0,
        ..ModelSettings::default()
    });
    let (answer, _) = ask(&file, &["Cu_L3", "Zn_L3"], model, None);
    let found = [
        correlation(&answer.maps[0].value, &cu),
        correlation(&answer.maps[1].value, &zn),
    ];
    println!("model fit: Cu {:.4}, Zn {:.4}", found[0], found[1]);
    // A plain window has 0.954 for Cu.
    assert!(found.iter().all(|c| *c > 0.97), "{found:?}");
    assert!((answer.pixel_nm.unwrap() - 0.9214).abs() < 1e-3);

    let image = spectra(&file);
    let windows = Windows {
        background: Window::new(740.0, 900.0),
        above: None,
        signal: Window::new(930.0, 1000.0),
    };
    for (shared_exponent, least) in [(false, 0.953), (true, 0.97)] {
        let settings = MapSettings {
            shared_exponent,
            ..MapSettings::default()
        };
        let map = window_map(&image, "Cu_L3", &windows, &settings).unwrap();
        let c = correlation(&map.value, &cu);
        println!("window, shared exponent {shared_exponent}: Cu {c:.4}");
        assert!(c > least, "{c}");
    }
}

#[test]
fn iron_and_platinum_follow_the_window_sums() {
    let Some(folder) = folder() else { return };
    let text = std::fs::read_to_string(folder.join("truth.json")).unwrap();
    let truth: serde_json::Value = serde_json::from_str(&text).unwrap();
    let image = spectra(&folder.join("bare_core.hspy"));
    for particle in truth["bare_core.hspy"]["particles"]["list"]
        .as_array()
        .unwrap()
    {
        let number = |key: &str| particle[key].as_f64().unwrap();
        let center = Point {
            x_px: number("cx"),
            y_px: number("cy"),
        };
        let rings = Rings {
            width_px: 1.0,
            reach_px: 12.0,
        };
        for (edge, window, key) in [
            (
                "Fe_Ka",
                Window::new(6270.0, 6530.0),
                "Fe_Ka_radial_counts_per_px",
            ),
            (
                "Pt_La",
                Window::new(9300.0, 9600.0),
                "Pt_La_radial_counts_per_px",
            ),
        ] {
            let expected: Vec<f32> = particle[key]
                .as_array()
                .unwrap()
                .iter()
                .map(|v| v.as_f64().unwrap() as f32)
                .collect();
            let raw = image.window_image(window);
            let raw = ElementMap::ready_made(edge, &raw);
            let sums = radial_profile(&raw, center, rings).unwrap();
            let apart: Vec<f64> = sums
                .value
                .iter()
                .zip(&expected)
                .map(|(found, expected)| (found - f64::from(*expected)).abs())
                .collect();
            // The truth is printed with two decimals, its centers too: a pixel at the limit of two rings may change over.
            let exact = apart.iter().filter(|d| **d < 0.0055).count();
            assert!(3 * exact >= 2 * apart.len(), "{edge}: {apart:?}");
            assert!(apart.iter().all(|d| *d < 0.3), "{edge}: {apart:?}");
            let windows = Edge::named(edge).unwrap().windows(image.axis.step_ev);
            let map = window_map(&image, edge, &windows, &MapSettings::default()).unwrap();
            let net = radial_profile(&map, center, rings).unwrap();
            let net: Vec<f32> = net.value.iter().map(|v| *v as f32).collect();
            let c = correlation(&net, &expected);
            println!("{edge} at ({:.0}, {:.0}): {c:.4}", center.x_px, center.y_px);
            assert!(c >= 0.95, "{edge}: {c}");
        }
    }
}

#[test]
fn ready_made_maps_of_cobalt_and_manganese_show_core_and_shell() {
    let Some(folder) = folder() else { return };
    let file = folder.join("Co3O4_Mn3O4.h5");
    // One of the cubes, in columns and rows.
    let circle = Circle {
        center: Point {
            x_px: 296.0,
            y_px: 160.0,
        },
        radius_px: 36.0,
    };
    let (answer, found) = ask(
        &file,
        &["Co", "Mn"],
        MapMethod::Windows(MapSettings::default()),
        Some(circle),
    );
    assert_eq!((answer.maps[0].width, answer.maps[0].height), (400, 400));
    let order = found.order.unwrap();
    println!("{:?}", found.remarks);
    assert_eq!(order.inside(), Inside::AsGiven, "{order:?}");
}

/// Files that were dropped together: what is found in them, and the engine.
fn dropped(folder: &Path, names: &[&str]) -> (SpectraFound, Vec<Rc<dyn Source>>) {
    let sources: Vec<Rc<dyn Source>> = names
        .iter()
        .map(|n| Rc::new(MemorySource(std::fs::read(folder.join(n)).unwrap().into())) as _)
        .collect();
    let mut found = None;
    let request = Request::Spectra {
        paths: names.iter().map(|n| (*n).to_owned()).collect(),
        wanted: None,
    };
    Engine::new().handle(request, sources.clone(), &mut |event| match event {
        Event::Spectra(outcome) => found = Some(*outcome.unwrap()),
        _ => panic!("not an answer to this question"),
    });
    (found.unwrap(), sources)
}

/// A line scan with its low loss, dropped together in either order.
#[test]
fn the_low_loss_of_the_same_scan_is_found_and_sets_the_axis() {
    let Some(folder) = folder() else { return };
    let names = ["LSMO_linescan_low_loss.hspy", "LSMO_linescan.hspy"];
    let (found, sources) = dropped(&folder, &names);
    assert_eq!(found.path, names[1]);
    println!("chosen: {:?}, others {:?}", found.edges, found.others);
    // Pd M3 rises where O K does.
    assert!(found.edges.iter().any(|e| e != "O_K") && !found.edges.contains(&"Pd_M3".to_owned()));
    let low_loss = found.low_loss.unwrap();
    assert_eq!(low_loss.file, names[0]);
    assert_eq!(found.all.len(), 2);
    let of = SpectraOf {
        files: names.map(str::to_owned).to_vec(),
        path: found.path,
        low_loss: Some(low_loss),
        ..SpectraOf::default()
    };
    let method = MapMethod::Windows(MapSettings::default());
    let question = MapQuestion::new(of, ["Mn_L3"], method);
    let mut engine = Engine::new();
    // Where manganese rises with an axis like this.
    let mut rise = |low_loss: bool, shift_ev: f64| {
        let mut question = question.clone();
        question.spectra.shift_ev = shift_ev;
        question.spectra.low_loss = question.spectra.low_loss.filter(|_| low_loss);
        let mut found = None;
        let request = Request::RegionSpectrum(Box::new(question));
        engine.handle(request, sources.clone(), &mut |event| {
            if let Event::RegionSpectrum(result) = event {
                found = Some(result.unwrap());
            }
        });
        let found = found.unwrap();
        (found.onsets[0].unwrap().energy_ev, found.white_lines)
    };
    let zeros = ZeroLoss::of_pixels(&spectra(&folder.join(names[0]))).unwrap();
    for zero in &zeros {
        assert!(
            zero.standard_error_ev < 0.05 && (0.5..2.0).contains(&zero.fwhm_ev),
            "{zero:?}"
        );
    }
    let mean = zeros.iter().map(|z| z.position_ev).sum::<f64>() / zeros.len() as f64;
    let ((as_saved, _), (with_zero, _)) = (rise(false, 0.0), rise(true, 0.0));
    println!("Mn L3 at {as_saved} eV as saved, {with_zero} eV with zero at {mean} eV");
    // Spectra move by whole channels of 0.5 eV, the axis by the rest.
    assert!((as_saved - with_zero - mean).abs() < 0.25);
    // This file's axis is off by more than its zero: a known edge sets it.
    let table = Edge::named("Mn_L3").unwrap().onset_ev;
    let (set, lines) = rise(true, table - with_zero);
    assert!((set - table).abs() < 1e-6, "{set}");
    // Manganese between three and four times ionized has about twice as much in L3 as in L2.
    let (element, lines) = &lines[0];
    println!("{element}: {lines:?}");
    assert!((1.5..3.5).contains(&lines.ratio), "{lines:?}");
    assert!(lines.l3_error_ev < 0.5 && (8.0..14.0).contains(&(lines.l2_ev - lines.l3_ev)));
}

/// A spectrum image and the dark-field image of the same scan.
#[test]
fn the_image_of_the_same_scan_is_found() {
    let Some(folder) = folder() else { return };
    let names = ["CuZn_EELS_mapping_tutorial.hspy", "CuZn_HAADF.hspy"];
    let (found, _) = dropped(&folder, &names);
    let (place, image) = found.image.unwrap();
    assert_eq!(place.file, names[1]);
    let size = |i: &Image| (i.width, i.height);
    assert_eq!(size(&image), size(&found.navigator));
    assert_eq!(found.low_loss, None);
    // Of one shell the edges whose counts become numbers of atoms.
    assert_eq!(found.edges, ["Cu_L3", "Zn_L3"]);
}

/// What is proposed for a file can be mapped as it stands: of the M lines of platinum and gold, 72 eV apart, only the one that is there.
#[test]
fn lines_that_are_proposed_can_be_mapped_together() {
    let Some(folder) = folder() else { return };
    let path = folder.join("EDS_TEM_FePt_nanoparticles.hspy");
    let bytes: Rc<[u8]> = std::fs::read(&path).unwrap().into();
    let mut engine = Engine::new();
    let mut found = None;
    let request = Request::Spectra {
        paths: vec!["sum.hspy".into()],
        wanted: None,
    };
    engine.handle(
        request,
        vec![Rc::new(MemorySource(bytes))],
        &mut |event| match event {
            Event::Spectra(outcome) => found = Some(outcome.unwrap()),
            _ => panic!("not an answer to this question"),
        },
    );
    let found = found.unwrap();
    println!("{:?}, then {:?}", found.edges, found.others);
    // The two that stand out most, by the alphabet.
    assert_eq!(found.edges, ["Cu_Ka", "Pt_Ma"]);
    assert!(!found.others.contains(&"Au_Ma".to_owned()));
    let edges: Vec<&Edge> = found
        .edges
        .iter()
        .map(|n| Edge::named(n).unwrap())
        .collect();
    let elements: Vec<&str> = edges.iter().map(|e| e.element.as_str()).collect();
    for edge in edges {
        edge.allowed(&elements, &found.axis.unwrap()).unwrap();
    }
}
