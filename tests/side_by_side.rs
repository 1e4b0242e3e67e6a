//! Series set side by side: who is who, what is joined and what is not, and that a broken file costs only itself.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use std::rc::Rc;

use alloyscope::engine::{
    Apart, Engine, Event, FileFailure, Request, SideBySide, comparison_csv, comparison_json,
    side_by_side,
};
use alloyscope::fit::IntervalKind;
use alloyscope::formats::{MemorySource, Source};
use alloyscope::imaging::{Circle, Point};
use alloyscope::project::{
    Companion, Contrast, MOST_COMPANIONS, Model, Project, Provenance, set_beside, write_link,
};
use alloyscope::simulate::{Preset, Truth, simulate};

type Files = Vec<(String, Vec<u8>)>;

/// A simulated series in a folder, and its truth.
fn series(preset: &str, seed: u64, folder: &str) -> (Files, Truth) {
    let simulated = simulate(&Preset::named(preset).unwrap().experiment(), seed).unwrap();
    let truth = simulated.truth.clone();
    let files = simulated.files().into_iter();
    let files = files.map(|(name, bytes)| (format!("{folder}/{name}"), bytes));
    (files.collect(), truth)
}

/// What the samples' own model says of camera and contrast.
fn habits(preset: &str) -> Project {
    let experiment = Preset::named(preset).unwrap().experiment();
    Project {
        model: Model {
            core: experiment.core,
            shell: experiment.shell,
            pair: Some(Provenance::User),
            contrast: Contrast::Ratio(experiment.contrast),
            psf_sigma_nm: experiment.camera.psf_sigma_nm,
            ..Model::default()
        },
        ..Project::default()
    }
}

fn read(files: Files, project: &Project) -> (Vec<Companion>, Vec<FileFailure>) {
    let (paths, sources) = files
        .into_iter()
        .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
        .unzip();
    let project = Box::new(project.clone());
    let mut found = None;
    Engine::new().handle(
        Request::Companions { paths, project },
        sources,
        &mut |event| {
            if let Event::Companions {
                companions,
                failures,
            } = event
            {
                found = Some((companions, failures));
            }
        },
    );
    found.unwrap()
}

fn one(preset: &str, seed: u64, folder: &str) -> Companion {
    let (files, _) = series(preset, seed, folder);
    let (mut found, failures) = read(files, &habits(preset));
    assert!(failures.is_empty(), "{failures:?}");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

/// Numbers pass through decimals, whose last digit may be rounded.
fn comes_back(back: &Companion, before: &Companion) {
    assert!(back.is_same(before));
    assert_eq!(back.name, before.name);
    let numbers = |c: &Companion| -> Vec<f64> {
        let line = c.line.as_ref().unwrap();
        let intervals = c.intervals.iter().map(|i| i.dtau_nm2);
        intervals
            .chain([line.energy_j_mol.value, line.ln_d0.standard_error])
            .chain([line.correlation, c.radius_b_nm.value])
            .collect()
    };
    for (a, b) in numbers(back).into_iter().zip(numbers(before)) {
        approx::assert_relative_eq!(a, b, max_relative = 1e-14);
    }
    assert_eq!(back.intervals.len(), before.intervals.len());
}

#[test]
fn two_particles_of_one_law_are_joined_and_know_it_better() {
    let (mut files, truth) = series("ag@au", 11, "first");
    files.extend(series("ag@au", 12, "second").0);
    // Two folders are two series.
    let (found, failures) = read(files, &habits("ag@au"));
    assert!(failures.is_empty(), "{failures:?}");
    let names: Vec<&str> = found.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["first", "second"]);
    assert!(found.iter().all(Companion::is_sound));
    assert!(!found[0].is_same(&found[1]));
    let own: Vec<f64> = found
        .iter()
        .map(|c| c.line.as_ref().unwrap().energy_j_mol.standard_error)
        .collect();
    let compared = side_by_side(found);
    let together = compared.together.as_ref().unwrap();
    let error = together.energy_j_mol.standard_error;
    assert!(own.iter().all(|own| error < *own), "{error} {own:?}");
    let pull = (together.energy_j_mol.value - truth.E_J_mol) / error;
    assert!(pull.abs() < 3.5, "E is {pull:.1} standard errors off");
    // Chance tells one pair of seeds in twenty apart; not by a thousandth.
    assert!(together.same_energy.unwrap().p > 1e-3);
    assert!(together.same_d0.unwrap().p > 1e-3);
    assert!(compared.lines().iter().all(Option::is_some));
    let said = compared.sentences();
    assert!(said[0].starts_with("2 series with one E"), "{said:?}");
    assert!(said.last().unwrap().contains("no number of series"));
}

#[test]
fn what_is_of_another_law_is_shown_and_not_joined() {
    let first = one("ag@au", 21, "a");
    let renamed = |name: &str, change: fn(&mut Companion)| {
        let mut other = one("ag@au", 22, name);
        change(&mut other);
        other
    };
    let second = renamed("b", |_| {});
    let other_scheme = renamed("c", |c| {
        c.scheme = match c.scheme {
            alloyscope::diffusion::Scheme::Fraction => alloyscope::diffusion::Scheme::Published,
            alloyscope::diffusion::Scheme::Published => alloyscope::diffusion::Scheme::Fraction,
        }
    });
    let other_pair = renamed("d", |c| c.shell = "Pt".into());
    let silent = renamed("e", |c| {
        c.intervals.iter_mut().for_each(|i| i.temperature_k = None);
        c.line = None;
    });
    let turned = one("au@ag", 23, "f");
    let compared = side_by_side(vec![
        // A first one that says nothing decides nothing.
        silent.clone(),
        first.clone(),
        second.clone(),
        other_scheme,
        other_pair,
        turned.clone(),
    ]);
    let apart: Vec<Option<Apart>> = compared.series.iter().map(|s| s.1).collect();
    assert_eq!(
        apart,
        [
            Some(Apart::Silent),
            None,
            None,
            Some(Apart::Scheme),
            Some(Apart::Pair),
            Some(Apart::Order)
        ]
    );
    // The others are as if they were not there.
    let alone = side_by_side(vec![first, second]);
    assert_eq!(compared.together, alone.together);
    let lines = compared.lines();
    assert_eq!(
        lines.iter().map(Option::is_some).collect::<Vec<_>>(),
        [false, true, true, false, false, false]
    );
    assert_eq!(lines[1..3], alone.lines());
    // Nothing in common is said, too.
    let nothing = side_by_side(vec![silent, turned]);
    assert_eq!(nothing.together, None);
    assert_eq!(nothing.sentences().len(), 1);
    assert_eq!(side_by_side(Vec::new()).sentences(), Vec::<String>::new());
}

#[test]
fn a_result_comes_back_from_its_file_and_takes_the_place_of_an_older_one() {
    let first = one("ag@au", 31, "a");
    let json = serde_json::json!({ "companion": first }).to_string();
    let none = Project::default();
    let file = |name: &str, text: &str| vec![(name.to_owned(), text.as_bytes().to_vec())];
    let (found, failures) = read(file("result.json", &json), &none);
    assert_eq!((found.len(), failures.len()), (1, 0));
    comes_back(&found[0], &first);

    let mut beside = Vec::new();
    assert!(set_beside(&mut beside, first.clone()));
    beside[0].name = "my name".into();
    // The same pictures: the newer result, the name it was given.
    let mut newer = first.clone();
    newer.radius_b_nm.value *= 1.01;
    assert!(set_beside(&mut beside, newer.clone()));
    assert_eq!(beside.len(), 1);
    assert_eq!(beside[0].radius_b_nm, newer.radius_b_nm);
    assert_eq!(beside[0].name, "my name");
    // Another particle in the same pictures.
    let mut other = first.clone();
    let circle = other.particle.unwrap();
    other.particle = Some(Circle {
        center: Point {
            x_px: circle.center.x_px + 3.0 * circle.radius_px,
            ..circle.center
        },
        ..circle
    });
    other.name = "my name".into();
    assert!(set_beside(&mut beside, other));
    assert_eq!(beside[1].name, "my name (2)");
    // There is an end.
    for k in 2..MOST_COMPANIONS + 1 {
        let mut more = first.clone();
        more.pictures = vec![k.to_string()];
        assert_eq!(set_beside(&mut beside, more), k < MOST_COMPANIONS);
    }
}

#[test]
fn files_that_are_none_are_told_one_by_one() {
    let first = one("ag@au", 41, "a");
    let mut broken = serde_json::json!({ "companion": first });
    broken["companion"]["radius_b_nm"]["value"] = serde_json::json!(-1.0);
    let files: Files = [
        ("cut.json", "{\"companion\": ".to_owned()),
        ("other.json", "{\"E\": 1}".to_owned()),
        ("wrong.json", "{\"companion\": {\"name\": 3}}".to_owned()),
        ("negative.json", broken.to_string()),
        ("a/notes.txt", "nothing".to_owned()),
        (
            "b/result.json",
            serde_json::json!({ "companion": first }).to_string(),
        ),
        // A table of the result beside it is no series.
        ("b/intervals.csv", "index\n1\n".to_owned()),
        ("c/cut.alloy", "PK".to_owned()),
    ]
    .map(|(path, text)| (path.to_owned(), text.into_bytes()))
    .into();
    let (found, failures) = read(files, &Project::default());
    assert_eq!(found.len(), 1);
    comes_back(&found[0], &first);
    let paths: Vec<&str> = failures.iter().map(|f| f.path.as_str()).collect();
    for path in [
        "cut.json",
        "other.json",
        "wrong.json",
        "negative.json",
        "a/notes.txt",
        "c/cut.alloy",
    ] {
        assert!(paths.contains(&path), "{path}: {paths:?}");
    }
    assert!(!paths.iter().any(|p| p.starts_with("b/")), "{paths:?}");
    for failure in &failures {
        let words = failure.failure.to_string();
        assert!(words.len() > 20, "{words}");
        assert!(!failure.failure.remedy.is_empty(), "{words}");
    }
}

fn three() -> SideBySide {
    side_by_side(vec![
        one("ag@au", 51, "a,b"),
        one("ag@au", 52, "c"),
        one("au@ag", 53, "d"),
    ])
}

#[test]
fn tables_hold_what_is_shown() {
    let compared = three();
    let csv = comparison_csv(&compared);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let intervals = compared.series.iter().map(|s| s.0.intervals.len());
    assert_eq!(rows.len(), intervals.sum::<usize>());
    assert_eq!(&rows[0][0], "a,b");
    let all = compared.series.iter().flat_map(|s| &s.0.intervals);
    for (row, interval) in rows.iter().zip(all) {
        assert_eq!(row[5], interval.index.to_string());
        let filled = [8, 9, 10].map(|k| !row[k].is_empty());
        let expected = match interval.kind {
            IntervalKind::Value => [true, true, true],
            IntervalKind::Upper => [false, false, true],
            IntervalKind::Lower => [false, true, false],
            IntervalKind::None => panic!("it was to be left out"),
        };
        assert_eq!(filled, expected, "{row:?}");
    }
    let json = comparison_json(&compared);
    let together = compared.together.as_ref().unwrap();
    assert_eq!(json["one_energy"]["E_J_mol"], together.energy_j_mol.value);
    assert_eq!(json["series"][2]["not_joined"], "other order");
    assert_eq!(json["series"][0]["not_joined"], serde_json::Value::Null);
    // What was written can be read again.
    let back: Companion = serde_json::from_value(json["series"][1]["companion"].clone()).unwrap();
    comes_back(&back, &compared.series[1].0);
}

#[test]
fn a_link_leaves_other_series_and_references_out() {
    let mut project = Project::default();
    let reduced = |project: &Project| alloyscope::project::Reduced {
        project: project.clone(),
        frames: Vec::new(),
    };
    let without = write_link(&reduced(&project));
    project.companions = vec![one("ag@au", 61, "a")];
    project.maps.references = alloyscope::spectroscopy::Reference::copper();
    assert_eq!(write_link(&reduced(&project)), without);
}
