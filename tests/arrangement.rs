//! Which element is inside: the first image tells, and where it does not, nothing is claimed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use std::rc::Rc;

use alloyscope::engine::{Engine, Event, Request};
use alloyscope::fit::{Arrangement, Inside};
use alloyscope::formats::{MemorySource, Source};
use alloyscope::project::{Contrast, Model, Project};
use alloyscope::simulate::{Experiment, Preset, simulate};

/// Opens files as a user would and asks their first image about `model`.
fn ask(files: Vec<(String, Vec<u8>)>, model: Model, pixel: bool) -> Option<Arrangement> {
    let (paths, sources) = files
        .into_iter()
        .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
        .unzip();
    let mut engine = Engine::new();
    let mut project = Project {
        model,
        ..Project::default()
    };
    engine.handle(Request::Open { paths, add: false }, sources, &mut |event| {
        if let Event::Loaded(loaded) = event {
            project.series = loaded.series;
        }
    });
    if !pixel {
        for frame in &mut project.series.frames {
            frame.pixel_nm = None;
        }
    }
    let mut found = None;
    let request = Request::Arrange {
        project: Box::new(project),
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Arranged(arrangement) = event {
            found = arrangement;
        }
    });
    found
}

/// The first image of an experiment, asked whether silver is inside gold.
fn silver_in_gold(mut experiment: Experiment, seed: u64, pixel: bool) -> Option<Arrangement> {
    experiment.heating.truncate(1);
    let files = simulate(&experiment, seed).unwrap().files();
    ask(files, Model::default(), pixel)
}

fn experiment(preset: Preset, dose_share: f64) -> Experiment {
    let mut experiment = preset.experiment();
    experiment.camera.peak_counts *= dose_share;
    experiment
}

#[test]
fn the_first_image_tells_silver_in_gold_from_gold_in_silver() {
    for (preset, inside) in [
        (Preset::AgAu, Inside::AsGiven),
        (Preset::AuAg, Inside::Exchanged),
    ] {
        for dose_share in [1.0, 0.1] {
            for seed in 1..=4 {
                let found = silver_in_gold(experiment(preset, dose_share), seed, true).unwrap();
                println!("{} {dose_share} {seed}: {found:?}", preset.name());
                assert_eq!(found.inside(), inside, "{} {dose_share}", preset.name());
                // The true order describes the image to its noise: χ²/ν of some hundred bins is 1 ± 0.15.
                let truth = found.chi2_red.min(found.chi2_red_exchanged);
                assert!((0.6..1.4).contains(&truth), "{found:?}");
            }
        }
    }
}

#[test]
fn it_tells_without_a_pixel_size_too() {
    let found = silver_in_gold(experiment(Preset::AuAg, 1.0), 1, false).unwrap();
    assert_eq!(found.inside(), Inside::Exchanged, "{found:?}");
}

#[test]
fn of_a_mixed_particle_nothing_is_claimed() {
    for preset in [Preset::AgAu, Preset::AuAg] {
        for seed in 1..=4 {
            let mut experiment = experiment(preset, 1.0);
            // One hour at 900 K: D·t/R² grows by some 0.03 a second.
            experiment.heating.truncate(2);
            experiment.heating[1].temperature_k = 900.0;
            experiment.heating[1].dwell_s = 3600.0;
            let mut files = simulate(&experiment, seed).unwrap().files();
            files.retain(|(name, _)| name.starts_with("01"));
            assert_eq!(files.len(), 1);
            let found = ask(files, Model::default(), true);
            println!("{} {seed}: {found:?}", preset.name());
            assert_eq!(found.unwrap().inside(), Inside::Untold);
        }
    }
}

#[test]
fn a_given_contrast_settles_the_order() {
    for contrast in [Contrast::Ratio(0.4), Contrast::Free] {
        let model = Model {
            contrast,
            ..Model::default()
        };
        let files = simulate(&Preset::AuAg.experiment(), 1).unwrap().files();
        assert_eq!(ask(files, model, true), None);
    }
}
