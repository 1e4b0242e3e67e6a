//! Project files and links: what was saved comes back, by this version and every later one; what is broken is an error.
//!
//! `tests/data/v1.alloy`, `v1-reduced.alloy` and `v1.link` were written by version 1 and are never written anew; `a_new_fixture` shows how.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use std::rc::Rc;

use alloyscope::engine::{Analysis, Engine, Event, Failure, FailureKind, Loaded, Request};
use alloyscope::fit::{CoreOffset, Estimate};
use alloyscope::formats::{Crc32, MemorySource, Source};
use alloyscope::imaging::{Circle, Mask, Measurement, Point};
use alloyscope::kinetics::TemperatureError;
use alloyscope::materials::{Confidence, Quantity, Row};
use alloyscope::project::{
    Bound, Contrast, FILE_VERSION, Geometry, MOST_REFERENCES, Model, ORIGINALS, PhasePoint, Place,
    Project, Provenance, Reduced, ReducedFrame, SchemeChoice, Setting, Sourced, Thumbnail,
    read_link, write_project,
};
use alloyscope::signal::{Image, Notice, NoticeKind};
use alloyscope::simulate::{HeatingStep, Preset, simulate};
use alloyscope::spectroscopy::{MapSettings, Method, Reference};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

const WITH_IMAGES: &[u8] = include_bytes!("data/v1.alloy");
const REDUCED: &[u8] = include_bytes!("data/v1-reduced.alloy");
const LINK: &str = include_str!("data/v1.link");
const SCHEMA: &str = include_str!("../src/project/project.schema.json");

/// D(T) and E of a project and of its link: rounded profiles move them by less than this part of their errors (`tests/link.rs`).
const SHARE: f64 = 0.15;

type Files = Vec<(String, Vec<u8>)>;

/// A small series: four frames of 72² pixels.
fn series() -> Files {
    let mut experiment = Preset::AgAu.experiment();
    let shrink = 72.0 / experiment.camera.side_px as f64;
    experiment.camera.side_px = 72;
    experiment.camera.pixel_nm /= shrink;
    experiment.camera.drift_px = 0.5;
    experiment.heating = [(300.0, 0.0), (398.0, 600.0), (448.0, 600.0), (473.0, 600.0)]
        .map(|(temperature_k, dwell_s)| HeatingStep {
            temperature_k,
            dwell_s,
        })
        .to_vec();
    let files = simulate(&experiment, 4).unwrap().files();
    files
        .into_iter()
        .filter(|(name, _)| name != "truth.json")
        .map(|(name, bytes)| (format!("particle 7/{name}"), bytes))
        .collect()
}

fn open(engine: &mut Engine, files: Files, add: bool) -> Result<Loaded, Failure> {
    let (paths, sources) = files
        .into_iter()
        .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
        .unzip();
    let mut answer = None;
    engine.handle(
        Request::Open { paths, add },
        sources,
        &mut |event| match event {
            Event::Loaded(loaded) => answer = Some(Ok(*loaded)),
            Event::Failed(failure) => answer = Some(Err(failure)),
            _ => {}
        },
    );
    answer.unwrap()
}

fn analyzed(engine: &mut Engine, project: &Project) -> (Analysis, Vec<Option<Measurement>>) {
    let (mut outcome, mut measured) = (None, Vec::new());
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project.clone()),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| match event {
        Event::Measured { frame, .. } => measured.push(frame.outcome.ok()),
        Event::Analyzed { outcome: o, .. } => outcome = Some(*o.unwrap()),
        _ => {}
    });
    (outcome.unwrap(), measured)
}

fn reduced(engine: &mut Engine, project: &Project, measured: Vec<Option<Measurement>>) -> Reduced {
    let frame = |(frame, measurement): (usize, Option<Measurement>)| {
        let mut image = None;
        let at = project.series.frames[frame].place();
        engine.handle(
            Request::Picture {
                frame,
                at,
                side: 72,
            },
            Vec::new(),
            &mut |event| {
                if let Event::Picture(Ok(plane)) = event {
                    let (width, height, values) = (plane.width, plane.height, plane.values);
                    image = Some(Image {
                        width,
                        height,
                        values,
                    });
                }
            },
        );
        let circle = measurement.as_ref().map(|m| m.particle.circle);
        ReducedFrame {
            thumbnail: circle.and_then(|c| Thumbnail::cut(&image.unwrap(), 1, c)),
            measurement,
        }
    };
    Reduced {
        frames: measured.into_iter().enumerate().map(frame).collect(),
        project: project.clone(),
    }
}

/// The file as the page writes it.
fn packed(reduced: &Reduced, originals: &Files) -> Vec<u8> {
    let (mut writer, mut bytes) = write_project(reduced).unwrap();
    for (path, content) in originals {
        let mut crc = Crc32::new();
        crc.update(content);
        let path = format!("{ORIGINALS}{path}");
        let header = writer.entry(&path, content.len() as u64, crc.checksum());
        bytes.extend(header.unwrap());
        bytes.extend(content);
    }
    bytes.extend(writer.finish());
    bytes
}

/// The small series with decisions, its analysis, and what stands for its images.
fn decided() -> (Files, Project, Analysis, Reduced) {
    let files = series();
    let mut engine = Engine::new();
    let opened = open(&mut engine, files.clone(), false).unwrap();
    let mut project = Project {
        series: opened.series,
        model: Model {
            pair: Some(Provenance::User),
            contrast: Contrast::Ratio(0.4),
            confidence: 0.95,
            ..Model::default()
        },
        ..Project::default()
    };
    project.series.frames[2].temperature_k = Some(Sourced {
        value: 449.5,
        provenance: Provenance::User,
    });
    // The only particle, pointed at by the user.
    project.series.frames[0].pointed = Some(Point {
        x_px: 36.0,
        y_px: 36.0,
    });
    let (analysis, measured) = analyzed(&mut engine, &project);
    let reduced = reduced(&mut engine, &project, measured);
    (files, project, analysis, reduced)
}

fn same_answer(a: &Analysis, b: &Analysis, share: f64) {
    assert_eq!(a.fit.intervals.len(), b.fit.intervals.len());
    for (a, b) in a.fit.intervals.iter().zip(&b.fit.intervals) {
        assert_eq!(a.kind, b.kind);
        if let Some(error) = a.dtau_se_nm2 {
            let moved = (a.dtau_nm2 - b.dtau_nm2).abs();
            assert!(
                moved <= share * error,
                "interval {}: {moved} of {error}",
                a.index
            );
        }
    }
}

/// What images show of a particle that is no sphere about one center.
fn geometry() -> Geometry {
    let estimate = Estimate {
        value: 1.05,
        standard_error: 0.01,
        fixed: false,
    };
    Geometry {
        axis_ratio: estimate,
        angle_rad: 0.5,
        core: Some(CoreOffset {
            x_nm: estimate,
            y_nm: estimate,
            chi2_fall: 50.0,
        }),
        elliptic: true,
        off_center: true,
    }
}

#[test]
fn a_project_with_its_images_comes_back_whole() {
    let (files, project, analysis, mut reduced) = decided();
    // What stood for the images gives way to them.
    reduced.project.series.geometry = Some(geometry());
    let file = packed(&reduced, &files);
    let mut engine = Engine::new();
    let opened = open(&mut engine, vec![("a.alloy".into(), file.clone())], false).unwrap();
    assert_eq!(opened.decisions.as_deref(), Some(&project));
    assert!(!opened.reduced && opened.failures.is_empty(), "{opened:?}");
    same_answer(&analysis, &analyzed(&mut engine, &project).0, 0.0);
    // The page cuts the originals out of the file when it is saved again.
    assert_eq!(opened.originals.len(), files.len());
    for (original, (path, bytes)) in opened.originals.iter().zip(&files) {
        assert_eq!((&original.path, original.bytes), (path, bytes.len() as u64));
        let start = original.start as usize;
        assert_eq!(&file[start..start + bytes.len()], bytes.as_slice());
    }
    // A circle is moved: the images are there to be measured again.
    let mut moved = project.clone();
    moved.series.frames[1].circle = Some(Circle {
        center: Point {
            x_px: 36.0,
            y_px: 36.0,
        },
        radius_px: 15.0,
    });
    assert!(analyzed(&mut engine, &moved).1[1].is_some());
}

#[test]
fn a_damaged_image_costs_the_project_only_itself() {
    let (files, project, analysis, reduced) = decided();
    let mut file = packed(&reduced, &files);
    let (path, bytes) = &files[2];
    assert_eq!(path, &project.series.frames[2].file);
    let start = file.windows(bytes.len()).position(|w| w == bytes).unwrap();
    file[start + bytes.len() / 2] ^= 1;
    let mut engine = Engine::new();
    let opened = open(&mut engine, vec![("a.alloy".into(), file)], false).unwrap();
    assert!(!opened.reduced, "the other images are there");
    let failures = opened.failures.as_slice();
    assert!(
        matches!(failures, [f] if f.path == *path && !f.failure.remedy.is_empty()),
        "{failures:?}"
    );
    let told = |n: &Notice| n.subject == *path && matches!(n.kind, NoticeKind::Skipped { .. });
    assert!(opened.notices.iter().any(told), "{:?}", opened.notices);
    let decisions = *opened.decisions.unwrap();
    assert_eq!(decisions.series.frames, project.series.frames);
    // Its saved profile stands in for it.
    let (found, measured) = analyzed(&mut engine, &decisions);
    assert!(measured.iter().all(Option::is_some));
    same_answer(&analysis, &found, SHARE);
    // The file itself joins: all is as it was.
    let name = path.rsplit('/').next().unwrap().to_owned();
    let joined = open(&mut engine, vec![(name.clone(), bytes.clone())], true).unwrap();
    let decisions = *joined.decisions.unwrap();
    assert_eq!(decisions.series.frames[2].file, name);
    same_answer(&analysis, &analyzed(&mut engine, &decisions).0, 0.0);
}

#[test]
fn a_project_without_images_opens_like_a_link_and_takes_them_up() {
    let (files, project, analysis, reduced) = decided();
    let file = packed(&reduced, &Vec::new());
    println!("{} bytes without images", file.len());
    let mut engine = Engine::new();
    let opened = open(&mut engine, vec![("a.alloy".into(), file.clone())], false).unwrap();
    assert!(opened.reduced && opened.originals.is_empty());
    assert_eq!(opened.decisions.as_deref(), Some(&project));
    same_answer(&analysis, &analyzed(&mut engine, &project).0, SHARE);
    // The images join it, from another folder.
    let elsewhere: Files = files
        .iter()
        .map(|(path, bytes)| (path.replace("particle 7/", "copy/"), bytes.clone()))
        .collect();
    let joined = open(&mut engine, elsewhere, true).unwrap();
    assert!(!joined.reduced);
    let decisions = *joined.decisions.unwrap();
    assert_eq!(decisions.series.frames[0].file, "copy/00_300K.tif");
    assert_eq!(
        decisions.series.frames[2].temperature_k,
        project.series.frames[2].temperature_k
    );
    same_answer(&analysis, &analyzed(&mut engine, &decisions).0, 0.0);
    // Images that are others, or not all, do not become the project's.
    let few: Files = vec![("a.alloy".into(), file), files[0].clone()];
    let opened = open(&mut Engine::new(), few, false).unwrap();
    assert!(opened.reduced);
    let skipped = |n: &alloyscope::signal::Notice| matches!(n.kind, NoticeKind::Skipped { .. });
    assert!(opened.notices.iter().any(skipped), "{:?}", opened.notices);
}

#[test]
fn a_file_that_changed_since_is_told() {
    let (mut files, _, _, reduced) = decided();
    let last = files[1].1.len() / 2;
    files[1].1[last] ^= 1;
    let file = packed(&reduced, &files);
    let opened = open(&mut Engine::new(), vec![("a.alloy".into(), file)], false).unwrap();
    let told: Vec<&str> = opened
        .notices
        .iter()
        .filter(|n| n.kind == NoticeKind::NotTheSavedFile)
        .map(|n| n.subject.as_str())
        .collect();
    assert_eq!(told, [files[1].0.as_str()]);
}

#[test]
fn what_version_1_wrote_opens() {
    assert_eq!(
        FILE_VERSION, 1,
        "a new version needs fixtures of its own, beside these"
    );
    let mut engine = Engine::new();
    let opened = open(
        &mut engine,
        vec![("v1.alloy".into(), WITH_IMAGES.into())],
        false,
    )
    .unwrap();
    let decisions = *opened.decisions.unwrap();
    assert!(!opened.reduced);
    assert!(
        opened
            .notices
            .iter()
            .all(|n| n.kind != NoticeKind::NotTheSavedFile)
    );
    assert_eq!(decisions.series.frames.len(), 4);
    let third = decisions.series.frames[2].temperature_k.as_ref().unwrap();
    assert_eq!((third.value, &third.provenance), (449.5, &Provenance::User));
    assert_eq!(
        (decisions.model.confidence, &decisions.model.contrast),
        (0.95, &Contrast::Ratio(0.4))
    );
    let (whole, _) = analyzed(&mut engine, &decisions);
    let mut engine = Engine::new();
    let opened = open(
        &mut engine,
        vec![("v1.alloy".into(), REDUCED.into())],
        false,
    )
    .unwrap();
    assert!(opened.reduced);
    let (again, _) = analyzed(&mut engine, &opened.decisions.unwrap());
    same_answer(&whole, &again, SHARE);

    let link = read_link(LINK.trim()).unwrap();
    assert_eq!(link.frames.len(), 4);
    assert!(link.frames.iter().all(|f| f.thumbnail.is_some()));
    let mut engine = Engine::new();
    engine.handle(
        Request::OpenLink {
            link: LINK.trim().into(),
        },
        Vec::new(),
        &mut |_| {},
    );
    same_answer(&whole, &analyzed(&mut engine, &link.project).0, SHARE);
}

/// Writes what `what_version_1_wrote_opens` reads into the folder that `ALLOYSCOPE_FIXTURES` names: for a new version.
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "it writes files, and tests nothing"]
fn a_new_fixture() {
    let folder = std::env::var("ALLOYSCOPE_FIXTURES").unwrap();
    let (files, _, _, reduced) = decided();
    let write = |name: &str, bytes: &[u8]| {
        let name = format!("{folder}/v{FILE_VERSION}{name}");
        std::fs::write(name, bytes).unwrap();
    };
    write(".alloy", &packed(&reduced, &files));
    write("-reduced.alloy", &packed(&reduced, &Vec::new()));
    write(
        ".link",
        alloyscope::project::write_link(&reduced).as_bytes(),
    );
}

/// A zip of one entry.
fn zip_of(path: &str, content: &str) -> Vec<u8> {
    let mut writer = alloyscope::formats::ArchiveWriter::default();
    let mut crc = Crc32::new();
    crc.update(content.as_bytes());
    let mut bytes = writer
        .entry(path, content.len() as u64, crc.checksum())
        .unwrap();
    bytes.extend(content.as_bytes());
    bytes.extend(writer.finish());
    bytes
}

#[test]
fn broken_projects_are_errors_in_words() {
    let failure = |json: &str| {
        let file = zip_of("project.json", json);
        let opened = open(&mut Engine::new(), vec![("a.alloy".into(), file)], false);
        let opened = opened.unwrap();
        assert!(
            opened.series.frames.is_empty() && opened.failures.len() == 1,
            "{opened:?}"
        );
        let failure = opened.failures[0].failure.clone();
        assert!(!failure.remedy.is_empty(), "{failure:?}");
        failure
    };
    let of = |version: u32, decisions: Value| {
        json!({"format": "alloyscope project", "version": version, "decisions": decisions})
            .to_string()
    };
    let newer = failure(&of(99, json!({})));
    assert_eq!(newer.kind, FailureKind::Unsupported);
    assert!(newer.to_string().contains("newer version"), "{newer}");
    assert_eq!(failure(&of(1, json!({}))).kind, FailureKind::Malformed);
    assert_eq!(
        failure(&of(1, json!({"version": 1, "series": 3}))).kind,
        FailureKind::Malformed
    );
    let whole = serde_json::to_value(Project::default()).unwrap();
    assert_eq!(failure(&of(1, whole.clone())).kind, FailureKind::Request);
    let mut newer = whole.clone();
    newer["version"] = json!(99);
    assert_eq!(failure(&of(1, newer)).kind, FailureKind::Unsupported);
    let frame = json!({"file": "a", "signal": 0, "plane": 0, "size": [1, 1], "temperature_k": null,
        "dwell_s": null, "pixel_nm": null, "circle": null, "excluded": null});
    let mut many = whole;
    many["series"]["frames"] = json!(vec![frame; 5000]);
    assert_eq!(failure(&of(1, many)).kind, FailureKind::LimitExceeded);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let others = open(
        &mut Engine::new(),
        vec![("a.zip".into(), zip_of("project.json", &deep))],
        false,
    );
    assert!(
        others.is_err(),
        "another program's file: a zip without an image"
    );
}

#[test]
fn changed_and_cut_projects_never_hang() {
    // A bit here or there and every kind of cut: an error, or a project that can be looked at. The work is bounded either way.
    let mut random = Xoshiro256PlusPlus::seed_from_u64(5);
    for cut in (0..REDUCED.len()).step_by(REDUCED.len() / 60) {
        let _ = open(
            &mut Engine::new(),
            vec![("a.alloy".into(), REDUCED[..cut].into())],
            false,
        );
    }
    for _ in 0..200 {
        let mut bytes = REDUCED.to_vec();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(0..bytes.len());
            bytes[at] ^= 1 << random.random_range(0..8);
        }
        let _ = open(&mut Engine::new(), vec![("a.alloy".into(), bytes)], false);
    }
    // The same behind right checksums: the text itself is changed.
    let json = {
        let start = REDUCED.iter().position(|b| *b == b'{').unwrap();
        let end = REDUCED.windows(4).position(|w| w == b"\n}PK").unwrap() + 2;
        std::str::from_utf8(&REDUCED[start..end])
            .unwrap()
            .to_owned()
    };
    for _ in 0..200 {
        let mut text: Vec<char> = json.chars().collect();
        for _ in 0..random.random_range(1..6) {
            let at = random.random_range(0..text.len());
            text[at] = *b"0123456789.-eE\"{}[],:n"
                .map(char::from)
                .get(random.random_range(0..22))
                .unwrap();
        }
        let text: String = text.into_iter().collect();
        let _ = open(
            &mut Engine::new(),
            vec![("a.alloy".into(), zip_of("project.json", &text))],
            false,
        );
    }
}

/// What of JSON Schema the project's schema uses.
fn conforms(value: &Value, schema: &Value, root: &Value) -> Result<(), String> {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).unwrap();
        return conforms(value, target, root);
    }
    if let Some(any) = schema["anyOf"].as_array() {
        let errors: Vec<String> = any
            .iter()
            .filter_map(|s| conforms(value, s, root).err())
            .collect();
        return if errors.len() < any.len() {
            Ok(())
        } else {
            Err(errors.join(" and "))
        };
    }
    if let Some(names) = schema["enum"].as_array() {
        return if names.contains(value) {
            Ok(())
        } else {
            Err(format!("{value} is none of {names:?}"))
        };
    }
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("the schema has a type {other}"),
    };
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        other => panic!("the schema has a type {other}"),
    };
    if !kinds.iter().any(|kind| is(kind)) {
        return Err(format!("{value} is no {kinds:?}"));
    }
    if let Some(object) = value.as_object() {
        for name in schema["required"].as_array().into_iter().flatten() {
            object
                .get(name.as_str().unwrap())
                .ok_or(format!("{name} is missing"))?;
        }
        // Stricter than readers are: whatever is written has a description.
        for (name, inner) in object {
            let schema = schema["properties"]
                .get(name)
                .ok_or(format!("{name} is not described"))?;
            conforms(inner, schema, root).map_err(|e| format!("{name}: {e}"))?;
        }
    }
    for inner in value.as_array().into_iter().flatten() {
        conforms(inner, &schema["items"], root)?;
    }
    Ok(())
}

#[test]
fn what_is_written_is_as_the_schema_says() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let (_, mut project, _, _) = decided();
    let json = |project: &Project| {
        json!({"format": "alloyscope project", "version": FILE_VERSION, "program": "x",
            "decisions": serde_json::to_value(project).unwrap()})
    };
    conforms(&json(&Project::default()), &schema, &schema).unwrap();
    conforms(&json(&project), &schema, &schema).unwrap();
    // All that can be decided.
    let frame = &mut project.series.frames[1];
    let center = Point {
        x_px: 1.5,
        y_px: 2.0,
    };
    let circle = Circle {
        center,
        radius_px: 9.0,
    };
    frame.circle = Some(circle);
    frame.pointed = Some(center);
    frame.masks = vec![Mask::Circle(circle), Mask::Polygon(vec![center; 3])];
    frame.excluded = Some("blurred".into());
    frame.temperature_se_k = Some(2.0);
    frame.taken = Some(alloyscope::project::Taken {
        time: alloyscope::formats::ImageTime::Elapsed(3.0),
        clock: alloyscope::signal::ClockKind::Local,
        provenance: Provenance::Tag("time".into()),
    });
    project.series.heater_log = Some(alloyscope::project::SeriesLog {
        file: "log.csv".into(),
        digest: String::new(),
        clock_offset_s: Sourced {
            value: 2.0,
            provenance: Provenance::Assumed,
        },
        used: true,
    });
    project.series.geometry = Some(geometry());
    project.model = Model {
        contrast: Contrast::Free,
        scheme: SchemeChoice::Published,
        sigma_nm: Setting::Fixed(0.2),
        fixed_d0_m2_s: Some(1e-9),
        temperature_error: TemperatureError {
            kelvin: 1.0,
            percent: 5.0,
            common: true,
        },
        pair: None,
        ..project.model
    };
    project.materials = vec![Row {
        of: "Ag".into(),
        quantity: Quantity::AtomicNumber,
        value: 47.0,
        confidence: Confidence::User,
        source: "me".into(),
        note: String::new(),
    }];
    project.phase.points = vec![PhasePoint {
        x: 0.5,
        temperature_k: 900.0,
        bound: Bound::AtLeast,
        label: "solid".into(),
    }];
    project.phase.radius_nm = Some(3.0);
    let window = json!({"from_ev": 1.0, "to_ev": 2.0});
    let windows = json!({"background": window, "above": window, "signal": window});
    project.maps.edges = serde_json::from_value(json!([
        {"name": "Cu_L3", "windows": windows}, {"name": "Mg_K", "windows": null}
    ]))
    .unwrap();
    project.maps.model = Some(true);
    project.maps.background = MapSettings {
        method: Method::Weighted,
        shared_exponent: true,
    };
    project.maps.region = Some(circle);
    project.maps.first_picked = Some("Cu_L3".into());
    project.maps.before = Some(Place {
        file: "cold.dm4".into(),
        signal: 1,
        plane: 0,
    });
    project.maps.dwell_s = Some(600.0);
    project.maps.calibration_ev = Some(0.5);
    let estimate = json!({"value": 1.0, "standard_error": 0.1, "fixed": false});
    project.maps.references = Reference::copper();
    assert!(project.maps.references.iter().all(|r| r.is_sound()));
    project.companions = serde_json::from_value(json!([{
        "name": "other", "pictures": ["abc 0.0"], "particle": circle, "core": "Ag", "shell": "Au", "scheme": "fraction",
        "confidence": 0.68, "radius_b_nm": estimate,
        "intervals": [{"index": 1, "temperature_k": 400.0, "dwell_s": 60.0, "kind": "upper", "dtau_nm2": 0.0, "dtau_se_nm2": null,
            "dtau_atoms_se_nm2": null, "dtau_low_nm2": null, "dtau_high_nm2": 0.1, "log_scale": 0.3}],
        "line": {"grounds": "frames", "energy_j_mol": estimate, "energy_interval_j_mol": [0.9, 1.1], "ln_d0": estimate,
            "correlation": 0.9, "chi2_red": null, "values": 5, "limits": 0, "quantile": 1.0},
    }]))
    .unwrap();
    assert!(project.companions[0].is_sound());
    conforms(&json(&project), &schema, &schema).unwrap();
    let mut wrong = json(&project);
    wrong["decisions"]["model"]["scheme"] = json!("fastest");
    assert!(conforms(&wrong, &schema, &schema).is_err());
}

/// No link holds other series, but one made by hand may: what cannot be, and what is too much, is left out as from a file.
#[test]
fn of_a_link_by_hand_only_what_is_sound_is_taken() {
    let mut project = Project::default();
    project.maps.references = vec![Reference::copper()[0].clone(); 20];
    project.maps.references[0].valence = f64::MAX;
    let json = serde_json::to_vec(&project).unwrap();
    let mut body = Vec::new();
    for byte in [
        json.len() & 127 | 128,
        json.len() >> 7 & 127 | 128,
        json.len() >> 14,
    ] {
        body.push(u8::try_from(byte).unwrap());
    }
    body.extend(&json);
    // No frames.
    body.push(0);
    let mut packed = vec![1];
    packed.extend(miniz_oxide::deflate::compress_to_vec(&body, 6));
    let read = read_link(&URL_SAFE_NO_PAD.encode(packed)).unwrap().project;
    assert_eq!(read.maps.references.len(), MOST_REFERENCES);
    assert!(read.maps.references.iter().all(Reference::is_sound));
}
