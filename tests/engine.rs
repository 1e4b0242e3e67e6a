//! The engine as the page and the headless edition drive it: requests in, events out, nothing lost on bad input.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use std::rc::Rc;

use alloyscope::engine::{
    Analysis, Engine, Event, Failure, FailureKind, Loaded, PhaseAnswer, PhaseCase, PhaseQuestion,
    Plane, Request, intervals_csv, profiles_csv, result_json,
};
use alloyscope::fit::{IntervalKind, Setting};
use alloyscope::formats::{MemorySource, Source};
use alloyscope::imaging::{Circle, Point};
use alloyscope::project::{Frame, Place, Project};
use alloyscope::signal::{Notice, NoticeKind};
use alloyscope::simulate::{HeatingStep, Preset, Simulated, simulate};
use alloyscope::thermo::SurfaceTerm;

type Files = Vec<(String, Vec<u8>)>;
/// What is done to a project.
type Change<'a> = &'a dyn Fn(&mut Project);

fn open(engine: &mut Engine, files: Files) -> Result<Loaded, Failure> {
    let (paths, sources) = files
        .into_iter()
        .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
        .unzip();
    answer(engine, Request::Open { paths, add: false }, sources)
}

fn answer(
    engine: &mut Engine,
    request: Request,
    sources: Vec<Rc<dyn Source>>,
) -> Result<Loaded, Failure> {
    let mut answer = None;
    engine.handle(request, sources, &mut |event| match event {
        Event::Loaded(loaded) => answer = Some(Ok(*loaded)),
        Event::Failed(failure) => answer = Some(Err(failure)),
        _ => {}
    });
    answer.unwrap()
}

fn sample(engine: &mut Engine, preset: &str) -> Project {
    let loaded = answer(
        engine,
        Request::Sample {
            preset: preset.into(),
            seed: 7,
        },
        Vec::new(),
    )
    .unwrap();
    assert!(loaded.failures.is_empty(), "{:?}", loaded.failures);
    // What the page ships itself needs no remark.
    assert!(loaded.notices.is_empty(), "{:?}", loaded.notices);
    Project {
        series: loaded.series,
        model: loaded.model.unwrap(),
        ..Project::default()
    }
}

/// The analysis, and how many frames were measured with and without success.
fn analyze(engine: &mut Engine, project: &Project) -> (Result<Analysis, Failure>, [usize; 2]) {
    let mut outcome = None;
    let mut measured = [0, 0];
    engine.handle(
        Request::Analyze {
            id: 9,
            project: Box::new(project.clone()),
            pictures: None,
        },
        Vec::new(),
        &mut |event| match event {
            Event::Measured { id, frame, .. } => {
                assert_eq!(id, 9);
                measured[usize::from(frame.outcome.is_err())] += 1;
            }
            Event::Analyzed {
                id,
                outcome: result,
            } => {
                assert_eq!(id, 9);
                outcome = Some(result.map(|a| *a));
            }
            _ => {}
        },
    );
    (outcome.unwrap(), measured)
}

fn simulated(preset: &str) -> Simulated {
    simulate(&Preset::named(preset).unwrap().experiment(), 7).unwrap()
}

#[test]
fn files_without_a_series_take_nothing_from_the_one_that_is_open() {
    let mut engine = Engine::new();
    let project = sample(&mut engine, "ag@au");
    let (before, _) = analyze(&mut engine, &project);
    let broken = |name: &str| (name.to_owned(), b"\x89PNG\r\n\x1a\n".to_vec());
    let letter = |name: &str| (name.to_owned(), b"Dear reader".to_vec());
    for files in [
        vec![broken("a.png")],
        vec![broken("a.png"), broken("b.png")],
        vec![broken("a.png"), letter("letter.txt")],
        vec![letter("letter.txt")],
    ] {
        let names: Vec<String> = files.iter().map(|f| f.0.clone()).collect();
        let count = names.len();
        let failure = open(&mut engine, files).unwrap_err();
        let said = failure.to_string();
        assert!(said.contains("image") || said.contains(&names[0]), "{said}");
        assert!(
            count < 2 || said.contains("none of these 2 files"),
            "{said}"
        );
        assert!(!failure.remedy.is_empty(), "{said}");
        // The images are still there:
        let (after, measured) = analyze(&mut engine, &project);
        assert_eq!(before, after);
        assert_eq!(measured, [project.series.frames.len(), 0]);
        engine.handle(
            Request::Picture {
                frame: 0,
                at: project.series.frames[0].place(),
                side: 64,
            },
            Vec::new(),
            &mut |event| match event {
                Event::Picture(picture) => assert!(picture.is_ok()),
                _ => panic!("not an answer to this question"),
            },
        );
    }
}

#[test]
fn a_sample_gives_its_own_truth_back() {
    for preset in ["ag@au", "au@ag"] {
        let mut engine = Engine::new();
        let project = sample(&mut engine, preset);
        let (analysis, measured) = analyze(&mut engine, &project);
        let analysis = analysis.unwrap();
        assert_eq!(measured, [project.series.frames.len(), 0]);
        let truth = simulated(preset).truth;
        let mut distance = Vec::new();
        for (interval, truth) in analysis.fit.intervals.iter().zip(&truth.intervals) {
            let d = interval.diffusivity_nm2_s(interval.dtau_nm2).unwrap() * 1e-18;
            if interval.kind == IntervalKind::Value {
                let error = interval.dtau_se_nm2.unwrap() / interval.dtau_nm2;
                distance.push((d / truth.D_m2_s - 1.0) / error);
            }
        }
        assert!(
            distance.len() >= 5,
            "{preset}: only {} values",
            distance.len()
        );
        // Some seven correlated pulls: none beyond 3.5, rms below 1.8.
        let rms = libm::sqrt(distance.iter().map(|z| z * z).sum::<f64>() / distance.len() as f64);
        assert!(
            distance.iter().all(|z| z.abs() < 3.5) && rms < 1.8,
            "{preset}: {distance:?}"
        );
        let line = analysis.kinetics.free.unwrap();
        let pull = (line.energy_j_mol.value - truth.E_J_mol) / line.energy_j_mol.standard_error;
        assert!(
            pull.abs() < 3.5,
            "{preset}: E is {pull:.1} standard errors off"
        );
    }
}

#[test]
fn a_broken_file_among_good_ones_costs_only_itself() {
    let mut files = simulated("ag@au").files();
    let cut = files
        .iter_mut()
        .find(|(name, _)| name.starts_with("05"))
        .unwrap();
    cut.1.truncate(1000);
    files.push(("99_600K.tif".into(), b"no image at all".to_vec()));
    let mut engine = Engine::new();
    let loaded = open(&mut engine, files).unwrap();
    let failed: Vec<&str> = loaded.failures.iter().map(|f| f.path.as_str()).collect();
    let mut project = Project {
        series: loaded.series.clone(),
        ..Project::default()
    };
    let (analysis, measured) = analyze(&mut engine, &project);
    // The cut file is refused when opened or, where its header is whole, when its pixels are read.
    assert_eq!(
        measured[1] + failed.iter().filter(|p| p.contains("05")).count(),
        1,
        "{failed:?} {measured:?}"
    );
    assert_eq!(measured[0], 11);
    assert_eq!(analysis.unwrap().fit.intervals.len(), 10);
    project.series.frames.truncate(1);
    let (single, _) = analyze(&mut engine, &project);
    let single = single.unwrap();
    assert!(single.fit.intervals.is_empty());
    assert!(
        single
            .notices
            .iter()
            .any(|n| n.kind == NoticeKind::SingleImage)
    );
}

#[test]
fn what_holds_no_image_is_refused_with_a_remedy() {
    let mut engine = Engine::new();
    for files in [vec![], vec![("readme.txt".to_owned(), b"hello".to_vec())]] {
        match open(&mut engine, files) {
            Err(failure) => {
                assert_eq!(failure.kind, FailureKind::Request);
                assert!(!failure.remedy.is_empty());
            }
            Ok(loaded) => assert!(loaded.series.frames.is_empty() && !loaded.failures.is_empty()),
        }
    }
    let unknown = answer(
        &mut engine,
        Request::Sample {
            preset: "fe@kr".into(),
            seed: 1,
        },
        Vec::new(),
    );
    assert!(unknown.unwrap_err().remedy.as_str().contains("ag@au"));
}

#[test]
fn without_a_pixel_size_profiles_are_measured_and_the_fit_says_what_it_needs() {
    let mut engine = Engine::new();
    let mut project = sample(&mut engine, "ag@au");
    project
        .series
        .frames
        .iter_mut()
        .for_each(|f| f.pixel_nm = None);
    let (analysis, measured) = analyze(&mut engine, &project);
    assert_eq!(measured[0], project.series.frames.len());
    let failure = analysis.unwrap_err();
    assert!(
        failure.to_string().contains("pixel size") && failure.remedy.as_str().contains("scale bar"),
        "{failure:?}"
    );
}

#[test]
fn a_pixel_size_that_cannot_be_is_doubted_as_long_as_it_stands() {
    let mut engine = Engine::new();
    let mut project = sample(&mut engine, "ag@au");
    let mut doubts = |pixel_nm: f64| {
        for frame in &mut project.series.frames {
            frame.pixel_nm.as_mut().unwrap().value = pixel_nm;
        }
        let request = Request::Analyze {
            id: 9,
            project: Box::new(project.clone()),
            pictures: None,
        };
        let mut doubts = 0;
        engine.handle(request, Vec::new(), &mut |event| {
            if let Event::Measured { frame, .. } = event {
                let doubt = |n: &&Notice| matches!(n.kind, NoticeKind::AbsurdSize { .. });
                doubts += frame.notices.iter().filter(doubt).count();
            }
        });
        doubts
    };
    // The images are measured once; a particle of 4 µm is none, whenever the size is typed.
    assert_eq!([0.02, 20.0, 0.02].map(&mut doubts), [0, 12, 0]);
}

#[test]
fn what_no_model_can_be_computed_for_is_refused_with_its_range() {
    let mut engine = Engine::new();
    let sample = sample(&mut engine, "ag@au");
    let pixel = |project: &mut Project, index: usize, nm: f64| {
        project.series.frames[index]
            .pixel_nm
            .as_mut()
            .unwrap()
            .value = nm;
    };
    let meters = |p: &mut Project| (0..12).for_each(|index| pixel(p, index, 2e-11));
    let picometers = |p: &mut Project| pixel(p, 3, 20.0);
    let changes: [(Change<'_>, &str); 6] = [
        (&meters, "radius in nm = "),
        (&picometers, "frame 3: the particle has a radius of"),
        (&|p| p.model.ln_d_ratio = 30.0, "ln D ratio = 30 "),
        (&|p| p.model.psf_sigma_nm = 80.0, "probe sigma = 80 "),
        (&|p| p.model.radius_b_nm = Setting::Fixed(1e-9), "R_B = "),
        (&|p| p.model.radius_a_nm = Setting::Fixed(25.0), "R_A = 25 "),
    ];
    for (change, said) in changes {
        let mut project = sample.clone();
        change(&mut project);
        let failure = analyze(&mut engine, &project).0.unwrap_err();
        assert!(failure.to_string().contains(said), "{failure:?}");
        assert!(!failure.remedy.is_empty(), "{failure:?}");
        let of_pixels = said.starts_with("radius in nm");
        assert_eq!(
            failure.remedy.as_str().contains("pixel size"),
            of_pixels || said.starts_with("frame 3"),
            "{failure:?}"
        );
    }
}

#[test]
fn limits_alone_give_no_energy_and_say_so() {
    let mut engine = Engine::new();
    let mut heated = |temperatures_k: &[f64]| {
        let mut experiment = Preset::AgAu.experiment();
        let step = |temperature_k: &f64| HeatingStep {
            temperature_k: *temperature_k,
            dwell_s: 600.0,
        };
        experiment.heating = temperatures_k.iter().map(step).collect();
        let files = simulate(&experiment, 1).unwrap().files();
        let project = Project {
            series: open(&mut engine, files).unwrap().series,
            ..Project::default()
        };
        let analysis = analyze(&mut engine, &project).0.unwrap();
        (project, analysis)
    };
    // Nothing moves in the first steps.
    let (project, analysis) = heated(&[300.0, 305.0, 315.0]);
    let intervals = &analysis.fit.intervals;
    assert_eq!(intervals.len(), 2);
    assert!(
        intervals.iter().all(|i| i.kind == IntervalKind::Upper),
        "{intervals:?}"
    );
    let lines = &analysis.kinetics;
    assert!(lines.free.is_none() && lines.points.is_none() && lines.fixed.is_none());
    let told = |n: &Notice| n.kind == NoticeKind::LimitsOnly;
    assert!(analysis.notices.iter().any(told));
    let json = result_json(&project, &analysis);
    assert!(json["arrhenius"].is_null());
    // Nobody has asked yet which errors are to be shown.
    assert_eq!(json["errors_checked"], false);
    // One step more that moves the profile, and there is a line.
    let (_, analysis) = heated(&[300.0, 305.0, 315.0, 448.0]);
    assert!(analysis.kinetics.free.is_some());
    assert!(!analysis.notices.iter().any(told));
}

#[test]
fn without_dwell_times_the_result_is_d_t() {
    let mut engine = Engine::new();
    let mut project = sample(&mut engine, "ag@au");
    project
        .series
        .frames
        .iter_mut()
        .for_each(|f| f.dwell_s = None);
    let analysis = analyze(&mut engine, &project).0.unwrap();
    assert!(
        analysis
            .notices
            .iter()
            .any(|n| n.kind == NoticeKind::NoDwell)
    );
    assert!(analysis.kinetics.free.is_none());
    let line = intervals_csv(&analysis).lines().nth(5).unwrap().to_owned();
    let cells: Vec<&str> = line.split(',').collect();
    assert!(!cells[3].is_empty() && cells[7].is_empty(), "{line}");
}

#[test]
fn an_excluded_frame_leaves_one_interval_over_two_steps() {
    let mut engine = Engine::new();
    let mut project = sample(&mut engine, "ag@au");
    let whole = analyze(&mut engine, &project).0.unwrap();
    project.series.frames[4].excluded = Some("drifted".into());
    let fit = analyze(&mut engine, &project).0.unwrap();
    assert_eq!(fit.fit.intervals.len(), whole.fit.intervals.len() - 1);
    let merged = fit.fit.intervals.iter().find(|i| i.index == 5).unwrap();
    assert_eq!(
        (merged.temperature_k, merged.dwell_s),
        (None, None),
        "two temperatures are no temperature"
    );
    let sum: f64 = whole
        .fit
        .intervals
        .iter()
        .filter(|i| [4, 5].contains(&i.index))
        .map(|i| i.dtau_nm2)
        .sum();
    // D·t adds up: to a standard error, since the frame left out had its say in the other fit.
    assert!((merged.dtau_nm2 - sum).abs() < merged.dtau_se_nm2.unwrap());
    assert!(
        fit.notices
            .iter()
            .any(|n| matches!(n.kind, NoticeKind::MixedHeating { steps: 2 }))
    );
}

#[test]
fn the_users_circle_is_kept_and_only_that_frame_is_measured_anew() {
    let mut engine = Engine::new();
    let mut project = sample(&mut engine, "ag@au");
    let before = analyze(&mut engine, &project).0.unwrap();
    let circle = Circle {
        center: Point {
            x_px: 250.0,
            y_px: 262.0,
        },
        radius_px: 95.0,
    };
    project.series.frames[3].circle = Some(circle);
    let mut centers = Vec::new();
    engine.handle(
        Request::Analyze {
            id: 2,
            project: Box::new(project.clone()),
            pictures: None,
        },
        Vec::new(),
        &mut |event| {
            if let Event::Measured { frame, .. } = event {
                centers.push(frame.outcome.unwrap().particle.circle.center);
            }
        },
    );
    assert_eq!(centers[3], circle.center);
    let after = analyze(&mut engine, &project).0.unwrap();
    for k in [1, 2, 5, 8] {
        assert_eq!(
            before.fit.frames[k].data, after.fit.frames[k].data,
            "frame {k}"
        );
    }
    assert_ne!(before.fit.frames[3].data, after.fit.frames[3].data);
}

#[test]
fn pictures_are_binned_by_whole_factors() {
    let mut engine = Engine::new();
    let frames = sample(&mut engine, "ag@au").series.frames;
    let mut picture = |frame: usize, side| -> Result<Plane, Failure> {
        let mut got = None;
        let at = frames.get(frame).map_or_else(
            || Place {
                file: "another".into(),
                signal: 0,
                plane: 0,
            },
            Frame::place,
        );
        engine.handle(Request::Picture { frame, at, side }, Vec::new(), &mut |e| {
            if let Event::Picture(p) = e {
                got = Some(p);
            }
        });
        got.unwrap()
    };
    let full = picture(0, 4096).unwrap();
    let half = picture(0, 256).unwrap();
    assert_eq!((full.width, half.width, half.binning), (512, 256, 2));
    let mean = |v: &[f32]| v.iter().map(|x| f64::from(*x)).sum::<f64>() / v.len() as f64;
    approx::assert_relative_eq!(mean(&full.values), mean(&half.values), max_relative = 1e-5);
    assert_eq!(picture(99, 64).unwrap_err().kind, FailureKind::Request);
}

#[test]
fn an_analysis_shows_its_frames_where_it_is_asked_to() {
    let (mut engine, mut another) = (Engine::new(), Engine::new());
    let project = sample(&mut engine, "ag@au");
    sample(&mut another, "ag@au");
    let frames = &project.series.frames;
    let shown = |engine: &mut Engine, pictures| {
        let mut planes: Vec<Plane> = Vec::new();
        let request = Request::Analyze {
            id: 1,
            project: Box::new(project.clone()),
            pictures,
        };
        engine.handle(request, Vec::new(), &mut |event| {
            if let Event::Measured { picture, .. } = event {
                planes.extend(picture.map(|p| *p));
            }
        });
        planes
    };
    assert!(shown(&mut engine, None).is_empty());
    // Measured by now; the other engine measures while it shows.
    let known = shown(&mut engine, Some(256));
    assert_eq!(known, shown(&mut another, Some(256)));
    assert_eq!(known.len(), frames.len());
    for (index, (plane, frame)) in known.iter().zip(frames).enumerate() {
        assert_eq!((plane.frame, &plane.at), (index, &frame.place()));
        assert_eq!((plane.width, plane.binning), (256, 2));
    }
}

#[test]
fn exports_hold_what_the_fit_holds() {
    let mut engine = Engine::new();
    let project = sample(&mut engine, "ag@au");
    let analysis = analyze(&mut engine, &project).0.unwrap();
    let csv = intervals_csv(&analysis);
    let header = "index,temperature_K,dwell_s,dtau_nm2,dtau_se_nm2,dtau_low_nm2,dtau_high_nm2,D_m2_s,D_low,D_high,kind";
    assert_eq!(csv.lines().next(), Some(header));
    assert_eq!(csv.lines().count(), 1 + analysis.fit.intervals.len());
    for (line, interval) in csv.lines().skip(1).zip(&analysis.fit.intervals) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 11);
        assert_eq!(cells[0].parse::<usize>().unwrap(), interval.index);
        match cells[10] {
            "value" => {
                let d: f64 = cells[7].parse().unwrap();
                approx::assert_relative_eq!(
                    d,
                    interval.dtau_nm2 / 600.0 * 1e-18,
                    max_relative = 1e-8
                );
                assert!(
                    cells[8].parse::<f64>().unwrap() < d && d < cells[9].parse::<f64>().unwrap()
                );
            }
            "upper" => assert!(
                cells[3].is_empty()
                    && cells[7].is_empty()
                    && cells[8].is_empty()
                    && !cells[9].is_empty()
            ),
            "lower" => assert!(
                cells[3].is_empty()
                    && cells[7].is_empty()
                    && !cells[8].is_empty()
                    && cells[9].is_empty()
            ),
            other => panic!("kind {other}"),
        }
    }
    let bins: usize = analysis.fit.frames.iter().map(|f| f.data.len()).sum();
    assert_eq!(profiles_csv(&analysis.fit).lines().count(), 1 + bins);
    let json = result_json(&project, &analysis);
    assert_eq!(
        json["intervals"].as_array().unwrap().len(),
        analysis.fit.intervals.len()
    );
    assert_eq!(json["confidence"], 0.68);
    assert_eq!(json["scheme"], "fraction");
    assert!(
        json["arrhenius"]["E_low"].as_f64().unwrap()
            < json["arrhenius"]["E_high"].as_f64().unwrap()
    );
    assert_eq!(
        json["project"]["series"]["frames"][0]["digest"]
            .as_str()
            .unwrap()
            .len(),
        64
    );
    assert!(
        !json
            .to_string()
            .contains("null,null,null,null,null,null,null,null,null")
    );
}

#[test]
fn messages_cross_the_boundary_unchanged() {
    let mut engine = Engine::new();
    let project = sample(&mut engine, "cu@mg");
    let request = Request::Analyze {
        id: 3,
        project: Box::new(project),
        pictures: None,
    };
    let bytes = postcard::to_stdvec(&request).unwrap();
    assert_eq!(postcard::from_bytes::<Request>(&bytes).unwrap(), request);
    engine.handle(request, Vec::new(), &mut |event| {
        let bytes = postcard::to_stdvec(&event).unwrap();
        assert_eq!(postcard::from_bytes::<Event>(&bytes).unwrap(), event);
    });
}

fn phase(question: PhaseQuestion) -> Result<PhaseAnswer, Failure> {
    let mut answer = None;
    let request = Request::PhaseDiagram(Box::new(question));
    Engine::new().handle(request, Vec::new(), &mut |event| match event {
        Event::PhaseDiagram(outcome) => answer = Some(outcome.map(|a| *a)),
        other => panic!("{other:?}"),
    });
    answer.unwrap()
}

#[test]
fn phase_diagrams_come_in_the_order_of_their_cases_with_what_must_be_said() {
    let question = |second: &str, radii: &[f64]| PhaseQuestion {
        id: 4,
        elements: ("Ag".into(), second.into()),
        materials: Vec::new(),
        cases: radii
            .iter()
            .map(|&radius_nm| PhaseCase {
                radius_nm,
                surface: SurfaceTerm::default(),
            })
            .collect(),
        compositions: 11,
    };
    let radii = [f64::INFINITY, 10.0, 2.5, 1.0];
    let answer = phase(question("Au", &radii)).unwrap();
    assert_eq!(answer.id, 4);
    let answered: Vec<f64> = answer.diagrams.iter().map(|d| d.radius_nm).collect();
    assert_eq!(answered, radii);
    // Assessed: all there is to say is that the smallest particle is liquid.
    assert_eq!(answer.remarks.len(), 1, "{:?}", answer.remarks);
    assert!(
        answer.remarks[0]
            .as_str()
            .starts_with("r = 1.00 nm, x = 0.000 to 1.000")
    );

    let twice = phase(question("Pd", &[5.0, 5.0])).unwrap().remarks;
    assert!(
        twice.iter().any(|r| r.as_str().contains("ideal")),
        "{twice:?}"
    );
    let mut once = twice.clone();
    once.sort_by_key(ToString::to_string);
    once.dedup();
    assert_eq!(once.len(), twice.len(), "{twice:?}");

    for bad in [
        question("Ag", &[5.0]),
        question("Xx", &[5.0]),
        question("Au", &[f64::NAN]),
    ] {
        let failure = phase(bad).unwrap_err();
        assert_eq!(failure.kind, FailureKind::Request);
        assert!(!failure.to_string().is_empty() && !failure.remedy.is_empty());
    }
}
