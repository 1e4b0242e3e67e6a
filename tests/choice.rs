//! The model chosen by evidence, and what a beginner's mistakes are told, each in numbers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use std::rc::Rc;

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::engine::{Analysis, Engine, Event, Request, sentence};
use alloyscope::formats::{MemorySource, Source};
use alloyscope::project::{Contrast, Model, Project, Provenance, SchemeChoice, Series};
use alloyscope::signal::{Notice, NoticeKind};
use alloyscope::simulate::{Arrhenius, Experiment, Preset, heating_steps, simulate};
use alloyscope::units::ZERO_CELSIUS_K;

/// A simulated series open in an engine, which keeps its measurements between analyses.
struct Bench {
    engine: Engine,
    series: Series,
    model: Model,
}

impl Bench {
    fn new(preset: Preset, scheme: Scheme) -> Bench {
        let mut experiment = preset.experiment();
        experiment.scheme = scheme;
        Bench::coarse(experiment)
    }

    fn coarse(mut experiment: Experiment) -> Bench {
        // A quarter of the pixels and four times the counts tell as much and take a quarter of the time.
        experiment.camera.side_px = 256;
        experiment.camera.pixel_nm = 0.04;
        experiment.camera.peak_counts = 1600.0;
        Bench::of(experiment, 5)
    }

    fn of(experiment: Experiment, seed: u64) -> Bench {
        let files = simulate(&experiment, seed).unwrap().files();
        Bench::opened(experiment, files)
    }

    fn opened(experiment: Experiment, files: Vec<(String, Vec<u8>)>) -> Bench {
        let (paths, sources): (Vec<String>, Vec<Rc<dyn Source>>) = files
            .into_iter()
            .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
            .unzip();
        let mut engine = Engine::new();
        let mut series = Series::default();
        engine.handle(Request::Open { paths, add: false }, sources, &mut |event| {
            if let Event::Loaded(loaded) = event {
                series = loaded.series;
            }
        });
        let model = Model {
            core: experiment.core,
            shell: experiment.shell,
            pair: Some(Provenance::User),
            scheme: SchemeChoice::Auto,
            contrast: Contrast::ZExponent(experiment.z_exponent),
            psf_sigma_nm: experiment.camera.psf_sigma_nm,
            ..Model::default()
        };
        Bench {
            engine,
            series,
            model,
        }
    }

    fn analyze(&mut self, change: impl FnOnce(&mut Model, &mut Series)) -> Analysis {
        let (mut model, mut series) = (self.model.clone(), self.series.clone());
        change(&mut model, &mut series);
        let project = Box::new(Project {
            series,
            model,
            ..Project::default()
        });
        let mut outcome = None;
        self.engine.handle(
            Request::Analyze {
                id: 1,
                project,
                pictures: None,
            },
            Vec::new(),
            &mut |event| {
                if let Event::Analyzed {
                    outcome: result, ..
                } = event
                {
                    outcome = Some(result);
                }
            },
        );
        *outcome.unwrap().unwrap()
    }
}

/// The first notice that `of` takes; prints it as the user reads it.
fn told<T>(analysis: &Analysis, of: impl Fn(&NoticeKind) -> Option<T>) -> T {
    let notices = analysis.notices.iter();
    let found = notices
        .filter_map(|n| Some((n.kind.to_string(), of(&n.kind)?)))
        .next();
    let (text, found) = found.unwrap_or_else(|| panic!("not told: {:?}", analysis.notices));
    println!("{text}");
    found
}

#[test]
fn the_scheme_of_the_simulation_is_found_and_nothing_else_is_complained_of() {
    for (preset, scheme) in [
        (Preset::AgAu, Scheme::Fraction),
        (Preset::AgAu, Scheme::Published),
        (Preset::AuAg, Scheme::Fraction),
        (Preset::AuAg, Scheme::Published),
    ] {
        let analysis = Bench::new(preset, scheme).analyze(|_, _| {});
        let choice = analysis.model_choice.as_ref().unwrap();
        println!("{}", sentence(choice));
        assert_eq!((choice.chosen, analysis.fit.scheme), (scheme, scheme));
        assert!(choice.decided);
        // Published chi-square of the wrong model: 5 to 14 per degree of freedom, and residuals with structure.
        let [own, other] = [true, false].map(|own| {
            let mut found = choice.candidates.iter();
            *found.find(|c| (c.scheme == scheme) == own).unwrap()
        });
        assert!(own.chi2_red < 1.15 && other.chi2_red > 2.0);
        assert!(own.residual_correlation.abs() < 0.15 && other.residual_correlation > 0.3);
        // As many parameters: the criteria differ as χ² does.
        approx::assert_relative_eq!(
            other.aic - own.aic,
            other.chi2 - own.chi2,
            max_relative = 1e-9
        );
        approx::assert_relative_eq!(
            other.bic - own.bic,
            other.chi2 - own.chi2,
            max_relative = 1e-9
        );
        assert!(sentence(choice).contains("was chosen"));
        assert!(analysis.notices.is_empty(), "{:?}", analysis.notices);
    }
}

#[test]
fn a_wrong_scheme_that_was_asked_for_is_fitted_and_contradicted() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let analysis = bench.analyze(|model, _| model.scheme = SchemeChoice::Published);
    assert_eq!(analysis.fit.scheme, Scheme::Published);
    let text = told(&analysis, |kind| match kind {
        NoticeKind::SchemeRefuted { sentence } => Some(sentence.to_string()),
        _ => None,
    });
    assert!(
        text.contains("As published was asked for, but Mole fraction describes the images better")
    );
}

/// The probe that the images are said to want, its error, the fall of χ² and the factor of D.
fn probe_wanted(analysis: &Analysis) -> (f64, f64, f64, f64) {
    told(analysis, |kind| match *kind {
        NoticeKind::ProbeRefuted {
            wanted_nm,
            error_nm,
            chi2_fall,
            factor,
            ..
        } => Some((wanted_nm, error_nm, chi2_fall, factor)),
        _ => None,
    })
}

#[test]
fn a_probe_left_at_zero_is_told_with_what_it_does_to_d() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Published);
    let truth_nm = bench.model.psf_sigma_nm;
    let analysis = bench.analyze(|model, _| {
        model.psf_sigma_nm = 0.0;
        model.scheme = SchemeChoice::Published;
    });
    let (wanted_nm, error_nm, fall, factor) = probe_wanted(&analysis);
    // Known of this particle: without the probe D changes by factors from 0.5 to 16.
    assert!(
        fall > 25.0 && !(0.77..=1.3).contains(&factor),
        "{fall} {factor}"
    );
    assert!(is_within(wanted_nm, (truth_nm, error_nm)));
}

/// Within four standard errors, and twice the width of a pixel (a²/12 of variance), which the images have in them as well as their rings.
fn is_within(value: f64, (truth, error): (f64, f64)) -> bool {
    println!("{value} ± {error}, true {truth}");
    let pixel = 0.04_f64.powi(2) / 12.0;
    (value - truth).abs() < 4.0 * error + 2.0 * pixel / (2.0 * truth)
}

#[test]
fn another_probe_than_that_given_is_told_however_far_away_it_is() {
    for (scheme, given) in [
        (Scheme::Published, 0.4),
        (Scheme::Published, 2.5),
        (Scheme::Published, 0.7),
        (Scheme::Fraction, 2.5),
    ] {
        let mut bench = Bench::new(Preset::AgAu, scheme);
        let truth_nm = bench.model.psf_sigma_nm;
        let (mut wanted_nm, mut error_nm) = (0.0, 0.0);
        let mut analysis = bench.analyze(|model, _| model.psf_sigma_nm *= given);
        // Far off, the wrong scheme is chosen, and asks for a probe of its own: what it asks for is nearer.
        for _ in 0..2 {
            println!("{given}: χ²/ν {}", analysis.fit.chi2_red);
            // Residuals of the wrong model are as rough as those of a lattice, but there is none.
            assert_eq!(analysis.fit.lattice, None);
            if analysis.fit.is_misfit() {
                (wanted_nm, error_nm, ..) = probe_wanted(&analysis);
                analysis = bench.analyze(|model, _| model.psf_sigma_nm = wanted_nm);
            }
        }
        assert!(is_within(wanted_nm, (truth_nm, error_nm)));
        // With it the model describes the data, and nothing else is asked for.
        assert!(analysis.fit.chi2_red < 1.15);
        assert!(analysis.notices.is_empty(), "{:?}", analysis.notices);
    }
}

#[test]
fn a_wrong_exponent_is_told_with_the_right_one() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let analysis = bench.analyze(|model, _| model.contrast = Contrast::ZExponent(2.0));
    let exponent = told(&analysis, |kind| match kind {
        NoticeKind::ContrastRefuted { exponent, .. } => Some(*exponent),
        _ => None,
    });
    // The bound of n is 0.004 at this dose.
    approx::assert_abs_diff_eq!(exponent, 1.85, epsilon = 0.02);
}

#[test]
fn a_contrast_that_nobody_gave_is_fitted_where_the_images_refute_it() {
    for (preset, more) in [
        (Preset::AgAu, -0.2),
        (Preset::AuAg, -0.2),
        (Preset::AgAu, 0.15),
    ] {
        let mut experiment = preset.experiment();
        let [core, shell] = if preset == Preset::AgAu {
            [47.0_f64, 79.0]
        } else {
            [79.0, 47.0]
        };
        experiment.contrast *= (core / shell).powf(more);
        let truth = experiment.arrhenius.energy_j_mol;
        let mut bench = Bench::coarse(experiment);
        let energy = |analysis: &Analysis| {
            let e = analysis.kinetics.free.as_ref().unwrap().energy_j_mol;
            println!("{} ± {}", e.value, e.standard_error);
            (e.value - truth, e.standard_error)
        };
        let held = bench.analyze(|model, _| model.contrast = Contrast::ZExponent(1.85));
        let fitted = bench.analyze(|model, _| model.contrast = Contrast::Auto);
        assert!(held.fit.shape.contrast.fixed && !fitted.fit.shape.contrast.fixed);
        let ((wrong, _), (off, error)) = (energy(&held), energy(&fitted));
        assert!(off.abs() < 3.0 * error && wrong.abs() > 5.0 * error);
        let exponent = told(&fitted, |kind| match *kind {
            NoticeKind::ContrastRefuted {
                exponent,
                fitted: true,
                ..
            } => Some(exponent),
            _ => None,
        });
        approx::assert_abs_diff_eq!(exponent, 1.85 + more, epsilon = 0.02);
        // Nothing else: what looked like a heating before the first image was the contrast.
        assert_eq!(fitted.notices.len(), 1, "{:?}", fitted.notices);
    }
}

#[test]
fn a_contrast_that_nobody_gave_is_held_where_the_images_agree() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let analysis = bench.analyze(|model, _| model.contrast = Contrast::Auto);
    assert!(analysis.fit.shape.contrast.fixed);
    assert!(analysis.notices.is_empty(), "{:?}", analysis.notices);
}

#[test]
fn the_wrong_element_inside_is_told() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let analysis = bench.analyze(|model, _| model.exchange_pair());
    let (given, reverse) = told(&analysis, |kind| match kind {
        NoticeKind::PairRefuted {
            chi2_red,
            chi2_red_exchanged,
            ..
        } => Some((*chi2_red, *chi2_red_exchanged)),
        _ => None,
    });
    assert!(given > 5.0 * reverse);
}

#[test]
fn degrees_celsius_taken_for_kelvin_are_told_with_both_energies() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let analysis = bench.analyze(|_, series| {
        for frame in &mut series.frames {
            if let Some(t) = &mut frame.temperature_k {
                t.value -= ZERO_CELSIUS_K;
            }
        }
    });
    let (as_given, celsius, chi2, chi2_celsius) = told(&analysis, |kind| match kind {
        NoticeKind::TemperaturesCelsius {
            energy_kj_mol,
            energy_celsius_kj_mol,
            chi2_red,
            chi2_red_celsius,
            ..
        } => Some((
            *energy_kj_mol,
            *energy_celsius_kj_mol,
            *chi2_red,
            *chi2_red_celsius,
        )),
        _ => None,
    });
    // The truth is 50 kJ/mol; as they stand, temperatures make a line of no particle's energy, and not a straight one.
    approx::assert_abs_diff_eq!(celsius, 50.0, epsilon = 2.0);
    assert!(as_given < 25.0, "{as_given}");
    assert!(chi2 > 10.0 * chi2_celsius);
}

#[test]
fn a_typing_error_in_the_table_is_told_with_what_would_fit() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let right = bench.analyze(|_, _| {});
    let wrong = bench.analyze(|_, series| series.frames[5].dwell_s.as_mut().unwrap().value *= 10.0);
    let (file, dwell_s, others) = told(&wrong, |k| match k {
        NoticeKind::OddHeating {
            file,
            dwell_s,
            others,
            ..
        } => Some((file.clone(), *dwell_s, *others)),
        _ => None,
    });
    assert_eq!(file, bench.series.frames[5].file);
    // The dwell that would fit is as good as D·t of that interval.
    let error = relative_error(&right, 5);
    let given_s = bench.series.frames[5].dwell_s.as_ref().unwrap().value;
    assert!(
        (dwell_s / given_s - 1.0).abs() < 4.0 * error,
        "{dwell_s} of {given_s} ± {error}"
    );
    assert!(others < 2.5, "{others}");
}

/// Relative error of D·t of the interval that ends with a frame.
fn relative_error(analysis: &Analysis, frame: usize) -> f64 {
    let mut intervals = analysis.fit.intervals.iter();
    let interval = intervals.find(|i| i.index == frame).unwrap();
    interval.dtau_se_nm2.unwrap() / interval.dtau_nm2
}

#[test]
fn an_image_that_is_there_twice_is_told() {
    let experiment = Preset::AgAu.experiment();
    let mut files = simulate(&experiment, 5).unwrap().files();
    let image = |files: &[(String, Vec<u8>)], k: usize| {
        let mut images = files.iter().filter(|(name, _)| name.ends_with(".tif"));
        images.nth(k).unwrap().clone()
    };
    let (name, bytes) = image(&files, 5);
    let (other, _) = image(&files, 6);
    files.iter_mut().find(|(n, _)| *n == other).unwrap().1 = bytes;
    let mut bench = Bench::opened(experiment, files);
    let found = told(&bench.analyze(|_, _| {}), |k| match k {
        NoticeKind::SameImage { file, other } => Some((file.clone(), other.clone())),
        _ => None,
    });
    assert_eq!(found, (other, name));
}

#[test]
fn a_first_image_that_is_mixed_already_is_told_with_what_lay_before() {
    let mut bench = Bench::new(Preset::AgAu, Scheme::Fraction);
    let analysis = bench.analyze(|_, series| {
        for frame in &mut series.frames[..5] {
            frame.excluded = Some("lost".into());
        }
    });
    let (before, error) = told(&analysis, |kind| match kind {
        NoticeKind::AlreadyMixed {
            dtau_nm2, error, ..
        } => Some((*dtau_nm2, *error)),
        _ => None,
    });
    // Σ D·t of the five frames left out, 0.0649 nm² at the sixth.
    println!("{before:.4} ± {error:.4} nm²");
    assert!(before > 5.0 * error && (0.03..0.13).contains(&before));
}

#[test]
fn projects_of_before_the_choice_still_open() {
    for (word, scheme) in [
        ("auto", SchemeChoice::Auto),
        ("fraction", SchemeChoice::Fraction),
        ("published", SchemeChoice::Published),
    ] {
        let mut saved = serde_json::to_value(Model::default()).unwrap();
        saved["scheme"] = word.into();
        let opened: Model = serde_json::from_value(saved).unwrap();
        assert_eq!(opened.scheme, scheme);
    }
    assert_eq!(SchemeChoice::default(), SchemeChoice::Auto);
}

/// Half of the brightest of copper in magnesium stands at the copper's edge until it has spread: the rings of the first images end within the
/// particle. What the later ones hold beyond is no matter that arrived.
#[test]
fn a_shell_too_dim_for_the_outline_is_not_taken_for_matter_that_arrives() {
    let mut experiment = Preset::CuMg.experiment();
    experiment.shape = CoreShell {
        radius_a_nm: 0.93,
        radius_b_nm: 1.58,
        sigma_nm: 0.08,
    };
    experiment.arrhenius = Arrhenius {
        d0_m2_s: 3.46e-9,
        energy_j_mol: 110_685.0,
    };
    experiment.heating = heating_steps((298.0, 573.0), 15, 600.0);
    experiment.camera.side_px = 160;
    experiment.camera.pixel_nm = 0.03;
    for seed in 0..3 {
        let analysis = Bench::of(experiment.clone(), seed).analyze(|_, _| {});
        let radius_b_nm = analysis.fit.shape.radius_b_nm.value;
        let reach = |frame: usize| {
            let of = analysis.fit.frames.iter().find(|f| f.frame == frame);
            of.unwrap().data.radius.last().copied().unwrap()
        };
        assert!(reach(0) < radius_b_nm && reach(15) > 1.3 * radius_b_nm);
        let drifts = |n: &&Notice| matches!(n.kind, NoticeKind::Drift { .. });
        assert_eq!(analysis.notices.iter().find(drifts), None, "seed {seed}");
        // Weighed are those that are there as a whole.
        let weighed = analysis.balance.frames.iter().map(|f| f.frame);
        assert!(weighed.clone().count() > 4);
        assert!(weighed.clone().all(|frame| reach(frame) > radius_b_nm));
    }
}

#[test]
fn a_frame_out_of_focus_is_told_alone_and_without_it_the_others_are_as_good_as_before() {
    let mut experiment = Preset::AgAu.experiment();
    experiment.camera.side_px = 256;
    experiment.camera.pixel_nm = 0.04;
    experiment.camera.peak_counts = 1600.0;
    let mut blurred = experiment.clone();
    blurred.camera.psf_sigma_nm = 0.3;
    let [mut files, spoiled] = [&experiment, &blurred].map(|e| simulate(e, 5).unwrap().files());
    let odd = files
        .iter()
        .position(|(path, _)| path.contains("05_"))
        .unwrap();
    let name = files[odd].0.clone();
    assert_eq!(name, spoiled[odd].0);
    files[odd] = spoiled[odd].clone();
    let truth = experiment.arrhenius.energy_j_mol;
    let mut bench = Bench::opened(experiment, files);
    let analysis = bench.analyze(|_, _| {});
    let file = told(&analysis, |kind| match kind {
        NoticeKind::OddFrame { file, .. } => Some(file.clone()),
        _ => None,
    });
    assert!(name.ends_with(&file));
    let poor = |n: &Notice| matches!(n.kind, NoticeKind::PoorFit { .. });
    assert!(!analysis.notices.iter().any(poor));
    let analysis =
        bench.analyze(|_, series| series.frames[5].excluded = Some("out of focus".into()));
    // Two steps lie before the next one: nothing else is told.
    let heated = |n: &Notice| matches!(n.kind, NoticeKind::MixedHeating { steps: 2 });
    assert!(
        analysis.notices.iter().all(heated),
        "{:?}",
        analysis.notices
    );
    let e = analysis.kinetics.free.as_ref().unwrap().energy_j_mol;
    assert!((e.value - truth).abs() < 3.0 * e.standard_error);
}
