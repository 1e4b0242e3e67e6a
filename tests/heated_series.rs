//! Series with a heater log: the clocks are laid together, the heatings taken as measured, and E comes out better than from the table.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use std::rc::Rc;

use alloyscope::engine::{Analysis, Engine, Event, Loaded, Request, intervals_csv, result_json};
use alloyscope::formats::{ImageTime, MemorySource, Source, elapsed_s};
use alloyscope::project::{
    Contrast, Model, Project, Provenance, Series, Sourced, TemperatureError, log_times,
};
use alloyscope::signal::{ClockKind, NoticeKind};
use alloyscope::simulate::{Experiment, HeatingStep, Preset, Ramps, simulate};

const RAMPS: Ramps = Ramps {
    ramp_k_s: 0.25,
    overshoot_k: 12.0,
    settle_s: 40.0,
    imaging_k: Some(300.0),
    clock_offset_s: 0.0,
};

/// Ramps of 100 to 1100 s between images at 300 K, dwells of 300 s, an overshoot of half a step; small images of a high dose.
fn experiment(ramps: Ramps) -> Experiment {
    let mut experiment = Preset::AgAu.experiment();
    experiment.camera.side_px = 160;
    experiment.camera.pixel_nm = 0.035;
    experiment.camera.peak_counts = 4000.0;
    for step in experiment.heating.iter_mut().skip(1) {
        step.dwell_s = 300.0;
    }
    experiment.ramps = Some(ramps);
    experiment
}

type Files = Vec<(String, Vec<u8>)>;

fn files(experiment: &Experiment) -> Files {
    simulate(experiment, 3).unwrap().files()
}

fn open(engine: &mut Engine, files: Files, add: bool) -> Loaded {
    let (paths, sources): (Vec<String>, Vec<Rc<dyn Source>>) = files
        .into_iter()
        .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
        .unzip();
    let mut answer = None;
    engine.handle(
        Request::Open { paths, add },
        sources,
        &mut |event| match event {
            Event::Loaded(loaded) => answer = Some(*loaded),
            Event::Failed(failure) => panic!("{failure}"),
            _ => {}
        },
    );
    answer.unwrap()
}

fn analyze(engine: &mut Engine, series: &Series, model: &Model) -> Analysis {
    let project = Project {
        series: series.clone(),
        model: model.clone(),
        ..Project::default()
    };
    let mut answer = None;
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Analyzed { outcome, .. } = event {
            answer = Some(*outcome.unwrap());
        }
    });
    answer.unwrap()
}

fn model(experiment: &Experiment) -> Model {
    Model {
        scheme: experiment.scheme.into(),
        contrast: Contrast::Ratio(experiment.contrast),
        psf_sigma_nm: experiment.camera.psf_sigma_nm,
        pair: Some(Provenance::User),
        ..Model::default()
    }
}

fn offset_s(loaded: &Loaded) -> f64 {
    loaded
        .series
        .heater_log
        .as_ref()
        .unwrap()
        .clock_offset_s
        .value
}

fn kinds(loaded: &Loaded) -> Vec<&NoticeKind> {
    loaded.notices.iter().map(|n| &n.kind).collect()
}

#[test]
fn the_measured_history_recovers_the_energy_that_the_table_misses() {
    let experiment = experiment(RAMPS);
    let truth = experiment.arrhenius.energy_j_mol;
    let mut engine = Engine::new();
    let loaded = open(&mut engine, files(&experiment), false);
    assert_eq!(offset_s(&loaded), 0.0);
    assert!(loaded.heater_log.as_ref().unwrap().time_s.len() > 2000);
    let with = analyze(&mut engine, &loaded.series, &model(&experiment));
    let mut nominal = loaded.series.clone();
    nominal.heater_log.as_mut().unwrap().used = false;
    let without = analyze(&mut engine, &nominal, &model(&experiment));
    let of = |analysis: &Analysis, points: bool| {
        let line = if points {
            &analysis.kinetics.points
        } else {
            &analysis.kinetics.free
        };
        line.as_ref().unwrap().energy_j_mol
    };
    for points in [false, true] {
        let (measured, table) = (of(&with, points), of(&without, points));
        println!(
            "E = {:.2} ± {:.2} kJ/mol with the measured history, {:.2} ± {:.2} with the table, for {:.2}{}",
            1e-3 * measured.value,
            1e-3 * measured.standard_error,
            1e-3 * table.value,
            1e-3 * table.standard_error,
            1e-3 * truth,
            if points { ", through points" } else { "" }
        );
        // Three standard errors of one series; the table's bias is beyond five.
        assert!((measured.value - truth).abs() < 3.0 * measured.standard_error);
        assert!((table.value - truth).abs() > 5.0 * table.standard_error);
        assert!((table.value - truth).abs() > 3.0 * (measured.value - truth).abs());
    }
    // D of the intervals, too: D(T_eff) t_eff is ∫D dt.
    let d = |interval: &alloyscope::fit::Interval| {
        let t = interval.temperature_k.unwrap();
        1e18 * experiment.arrhenius.d_m2_s(t) * interval.dwell_s.unwrap()
    };
    let truths = simulate(&experiment, 3).unwrap().truth.intervals;
    for ((interval, heating), truth) in with.intervals().zip(&truths) {
        let heating = heating.unwrap();
        assert!(heating.measured && heating.nominal_s == Some(300.0));
        // Noise of 0.2 K in the log, images stamped to the second, and E from the fit: a per cent of D t.
        approx::assert_relative_eq!(d(interval), truth.dtau_nm2, max_relative = 0.02);
        assert!(heating.peak_k > truth.temperature_K + 9.0 && heating.elapsed_s > 450.0);
        assert!(interval.dwell_s.unwrap() < heating.elapsed_s);
    }
    let csv = intervals_csv(&with);
    let head = "D_high,kind,temperature_se_K,peak_temperature_K,elapsed_s,heating\n";
    assert!(
        csv.contains(head) && csv.matches(",log\n").count() == 11,
        "{csv}"
    );
    assert!(!intervals_csv(&without).contains("elapsed"));
    let project = Project {
        series: loaded.series,
        ..Project::default()
    };
    let json = result_json(&project, &with);
    assert_eq!(json["intervals"][3]["heating"]["from"], "log");
    assert_eq!(
        json["project"]["series"]["heater_log"]["file"],
        "heater-log.csv"
    );
}

#[test]
fn the_offset_of_the_clocks_is_proposed_where_temperatures_speak_for_one() {
    let mut engine = Engine::new();
    for (clock_offset_s, imaging_k) in [
        (7200.0, None),
        (-86_400.0, Some(300.0)),
        (437.0, None),
        (-437.0, Some(300.0)),
    ] {
        let ramps = Ramps {
            clock_offset_s,
            imaging_k,
            ..RAMPS
        };
        let loaded = open(&mut engine, files(&experiment(ramps)), false);
        // An image may have been taken any time between the end of the ramp and that of the dwell: 300 s.
        let found = offset_s(&loaded);
        assert!(
            (found - clock_offset_s).abs() < 300.0,
            "{found} for {clock_offset_s}"
        );
        if clock_offset_s == 7200.0 {
            assert_eq!(found, 7200.0, "whole hours before others");
        }
        assert!(
            kinds(&loaded)
                .iter()
                .any(|k| matches!(k, NoticeKind::HeaterLogMarried { of: 12, .. })),
            "{:?}",
            kinds(&loaded)
        );
    }
    // Without a table nothing but the clocks speaks: whole hours are proposed, anything else is not.
    for (clock_offset_s, expected) in [(10_800.0, Some(10_800.0)), (200_000.0, None)] {
        let ramps = Ramps {
            clock_offset_s,
            ..RAMPS
        };
        let mut files = files(&experiment(ramps));
        files.retain(|(name, _)| name != "series.csv");
        for (index, (name, _)) in files.iter_mut().enumerate() {
            if name.ends_with(".tif") {
                *name = format!("image {index:02}.tif");
            }
        }
        let loaded = open(&mut engine, files, false);
        let apart = kinds(&loaded)
            .iter()
            .any(|k| matches!(k, NoticeKind::HeaterLogApart { meeting: 0, .. }));
        assert_eq!(apart, expected.is_none(), "{:?}", kinds(&loaded));
        assert_eq!(offset_s(&loaded), expected.unwrap_or(0.0));
    }
}

#[test]
fn clocks_that_are_not_known_to_be_the_same_are_told() {
    let told = |loaded: &Loaded| -> Vec<NoticeKind> {
        let all = kinds(loaded).into_iter().cloned();
        all.filter(|k| {
            matches!(
                k,
                NoticeKind::ClocksDiffer { .. } | NoticeKind::ImageClocksDiffer { .. }
            )
        })
        .collect()
    };
    let mut engine = Engine::new();
    let plain = files(&short());
    // Time tags of TIFF and the log's lines are both local.
    assert_eq!(told(&open(&mut engine, plain.clone(), false)), []);
    // The same moments by the column `time`: `step` hours and what is written behind them.
    let mut with = |hours: i64, zones: [&str; 4], temperatures: bool| -> Vec<NoticeKind> {
        let mut files = plain.clone();
        let loaded = open(&mut engine, files.clone(), false);
        let mut table = String::from("file,time,temperature_K\n");
        for (frame, zone) in loaded.series.frames.iter().zip(zones) {
            let ImageTime::At(moment) = frame.taken.as_ref().unwrap().time else {
                panic!("no date");
            };
            let moment = moment.plus_s(3600.0 * hours as f64).unwrap();
            let kelvin = frame.temperature_k.as_ref().unwrap().value;
            let kelvin = if temperatures {
                kelvin.to_string()
            } else {
                "300".into()
            };
            table += &format!("{},{moment}{zone},{kelvin}\n", frame.file);
        }
        files.retain(|f| f.0 != "series.csv");
        files.push(("series.csv".into(), table.into_bytes()));
        told(&open(&mut engine, files, false))
    };
    let differ = |images, offset_s, by_temperature| NoticeKind::ClocksDiffer {
        images,
        log: ClockKind::Local,
        offset_s,
        by_temperature,
    };
    assert_eq!(with(0, ["Z"; 4], true), [differ(ClockKind::Utc, 0.0, true)]);
    assert_eq!(
        with(-2, ["Z"; 4], true),
        [differ(ClockKind::Utc, 7200.0, true)]
    );
    // Nothing but the clocks speaks: that the images lie in the log is no proof.
    let alone = with(0, ["Z"; 4], false);
    assert_eq!(alone, [differ(ClockKind::Utc, 0.0, false)]);
    let sentence = alone[0].to_string();
    assert!(
        sentence.contains("images are dated by universal time, the heater log by local time")
            && sentence.contains("Set the clock offset"),
        "{sentence}"
    );
    assert_eq!(
        with(0, [""; 4], false),
        [differ(ClockKind::Unknown, 0.0, false)]
    );
    assert_eq!(with(0, ["+02:00"; 4], false), []);
    assert_eq!(
        with(0, ["Z", "", "", ""], false),
        [
            NoticeKind::ImageClocksDiffer {
                universal: 1,
                of: 4
            },
            differ(ClockKind::Unknown, 0.0, false)
        ]
    );
}

/// The first frames only: what the log says is the question, not E.
fn short() -> Experiment {
    let mut experiment = experiment(RAMPS);
    experiment.heating.truncate(4);
    experiment
}

#[test]
fn a_log_may_come_later_and_its_offset_is_a_decision() {
    let mut engine = Engine::new();
    let (log, images): (Files, Files) = files(&short())
        .into_iter()
        .partition(|f| f.0 == "heater-log.csv");
    let in_folder = images
        .into_iter()
        .map(|(n, b)| (format!("series/{n}"), b))
        .collect();
    let loaded = open(&mut engine, in_folder, false);
    assert!(loaded.series.heater_log.is_none() && loaded.heater_log.is_none());
    let loaded = open(&mut engine, log, true);
    // Another one, of another day, takes nothing from it.
    let other = b"time,temperature_C\n2016-01-01T10:00:00,20\n2016-01-01T10:10:00,25\n".to_vec();
    let with_other = open(&mut engine, vec![("other.csv".into(), other)], true);
    assert_eq!(with_other.series.heater_log, loaded.series.heater_log);
    let told = |k: &&NoticeKind| matches!(k, NoticeKind::Skipped { what, .. } if what.as_str() == "other.csv");
    assert!(kinds(&with_other).iter().any(told));
    let mut series = loaded.series;
    assert_eq!(series.heater_log.as_ref().unwrap().file, "heater-log.csv");
    assert_eq!(series.heater_log.as_ref().unwrap().digest.len(), 64);
    let model = model(&short());
    let peak = |engine: &mut Engine, series: &Series| {
        analyze(engine, series, &model).heating[0]
            .as_ref()
            .unwrap()
            .peak_k
    };
    let first = peak(&mut engine, &series);
    series.heater_log.as_mut().unwrap().clock_offset_s = Sourced {
        value: 550.0,
        provenance: Provenance::User,
    };
    let second = peak(&mut engine, &series);
    // Half a step later the second one is in it, 25 K hotter.
    assert!((second - first - 25.0).abs() < 3.0, "{first} {second}");
    // Far away nothing is logged: the table counts, and that is said.
    series.heater_log.as_mut().unwrap().clock_offset_s.value = 1e6;
    let analysis = analyze(&mut engine, &series, &model);
    assert!(analysis.heating.iter().flatten().all(|h| !h.measured));
    assert!(
        analysis
            .notices
            .iter()
            .any(|n| n.kind == NoticeKind::HeatingNotLogged)
    );
}

#[test]
fn times_come_from_the_table_or_from_names_where_files_have_none() {
    let mut experiment = short();
    experiment.ramps = None;
    let plain = files(&experiment);
    let with = |table: &str, names: [&str; 4]| -> Loaded {
        let mut files = plain.clone();
        for (file, name) in files.iter_mut().zip(names) {
            file.0 = name.into();
        }
        files.retain(|f| f.0 != "series.csv");
        if !table.is_empty() {
            files.push(("series.csv".into(), table.into()));
        }
        files.push((
            "log.csv".into(),
            b"time_s,temperature_C\n0,25\n3000,25\n".to_vec(),
        ));
        open(&mut Engine::new(), files, false)
    };
    let names = ["a.tif", "b.tif", "c.tif", "d.tif"];
    let times = |loaded: &Loaded| {
        log_times(
            &loaded.series.frames,
            loaded.heater_log.as_ref().unwrap().start,
            0.0,
        )
    };
    let seconds = with(
        "file,time\na.tif,0\nb.tif,600\nc.tif,1200\nd.tif,1800\n",
        names,
    );
    assert_eq!(times(&seconds), [0.0, 600.0, 1200.0, 1800.0].map(Some));
    let dates = with(
        "file,datetime\na.tif,2017-06-12 09:00\nb.tif,2017-06-12 09:10:00\nc.tif,\nd.tif,2017-06-12 09:30:00\n",
        names,
    );
    // A log that counts from somewhere begins with the first image.
    assert_eq!(times(&dates), [Some(0.0), Some(600.0), None, Some(1800.0)]);
    let named = with(
        "",
        [
            "m-10sec-25C.tif",
            "m-600sec-50C.tif",
            "m-1041sec-349C.tif",
            "m-1400sec-25C.tif",
        ],
    );
    assert_eq!(times(&named), [10.0, 600.0, 1041.0, 1400.0].map(Some));
    assert_eq!(
        named.series.frames[2].taken.as_ref().unwrap().time,
        ImageTime::Elapsed(1041.0)
    );
    // Durations of steps do not rise.
    let dwells = with("", ["0_600s.tif", "1_600s.tif", "2_600s.tif", "3_900s.tif"]);
    assert_eq!(times(&dwells), [None; 4]);
    assert!(kinds(&dwells).contains(&&NoticeKind::ImagesWithoutTimes));
    assert_eq!(elapsed_s("folder 9s/img_12min_300K.tif"), Some(720.0));
    assert_eq!(elapsed_s("3rd_sample.tif"), None);
}

#[test]
fn errors_of_temperature_reach_the_energy() {
    let mut experiment = experiment(RAMPS);
    experiment.ramps = None;
    let mut engine = Engine::new();
    let loaded = open(&mut engine, files(&experiment), false);
    let mut series = loaded.series;
    let error = |engine: &mut Engine, series: &Series, temperature_error| {
        let model = Model {
            temperature_error,
            ..model(&experiment)
        };
        let line = analyze(engine, series, &model).kinetics.free.unwrap();
        line.energy_j_mol.standard_error / line.energy_j_mol.value
    };
    let none = error(&mut engine, &series, TemperatureError::default());
    let step = error(
        &mut engine,
        &series,
        TemperatureError {
            kelvin: 0.0,
            percent: 5.0,
            common: false,
        },
    );
    let heater = error(
        &mut engine,
        &series,
        TemperatureError {
            kelvin: 0.0,
            percent: 5.0,
            common: true,
        },
    );
    assert!(step > 1.3 * none, "{none} {step}");
    // T' = 1.05 T - 13.7 K turns E into E (T'/T)²/1.05: less by 1 % at 450 K, because most of the error is one of D0.
    let of_heater = libm::sqrt(heater * heater - none * none);
    assert!((0.005..0.02).contains(&of_heater), "{of_heater}");
    // What a frame says of itself counts before what the model says of all.
    for frame in &mut series.frames {
        frame.temperature_se_k = Some(0.0);
    }
    let own = error(
        &mut engine,
        &series,
        TemperatureError {
            kelvin: 0.0,
            percent: 5.0,
            common: false,
        },
    );
    approx::assert_relative_eq!(own, none, max_relative = 1e-6);
    let cold = HeatingStep {
        temperature_k: 300.0,
        dwell_s: 0.0,
    };
    assert_eq!(
        TemperatureError {
            kelvin: 2.0,
            percent: 0.0,
            common: true
        }
        .at(cold.temperature_k),
        2.0
    );
}
