//! How sure the answer is: the error budget, the model's neighbors, the window, E in probabilities.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use std::rc::Rc;

use alloyscope::budget::{Contribution, Source, Target};
use alloyscope::engine::{
    Analysis, Assessment, Engine, Event, Request, budget_csv, errors_sentence, ladder_sentence,
    result_json,
};
use alloyscope::fit::{Change, Compared, Estimate, IntervalKind, Order, Setting};
use alloyscope::formats::{MemorySource, Source as FileSource};
use alloyscope::kinetics::{Arrhenius, Ellipse, Grounds, Reference, compare_energy};
use alloyscope::language::Said;
use alloyscope::project::{Contrast, Errors, Model, Project, Provenance, SchemeChoice, Series};
use alloyscope::simulate::{Preset, simulate};
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

struct Bench {
    engine: Engine,
    project: Project,
}

impl Bench {
    fn new(change: impl FnOnce(&mut Model)) -> Bench {
        let mut experiment = Preset::AgAu.experiment();
        // A quarter of the pixels and four times the counts tell as much and take a quarter of the time.
        experiment.camera.side_px = 256;
        experiment.camera.pixel_nm = 0.04;
        experiment.camera.peak_counts = 1600.0;
        let (paths, sources): (Vec<String>, Vec<Rc<dyn FileSource>>) = simulate(&experiment, 5)
            .unwrap()
            .files()
            .into_iter()
            .map(|(path, bytes)| {
                let source: Rc<dyn FileSource> = Rc::new(MemorySource(bytes.into()));
                (path, source)
            })
            .unzip();
        let mut engine = Engine::new();
        let mut series = Series::default();
        engine.handle(Request::Open { paths, add: false }, sources, &mut |event| {
            if let Event::Loaded(loaded) = event {
                series = loaded.series;
            }
        });
        let mut model = Model {
            core: experiment.core,
            shell: experiment.shell,
            pair: Some(Provenance::User),
            scheme: SchemeChoice::Auto,
            contrast: Contrast::ZExponent(experiment.z_exponent),
            psf_sigma_nm: experiment.camera.psf_sigma_nm,
            ..Model::default()
        };
        change(&mut model);
        Bench {
            engine,
            project: Project {
                series,
                model,
                ..Project::default()
            },
        }
    }

    fn analyze(&mut self, change: impl FnOnce(&mut Project)) -> Analysis {
        let mut project = Box::new(self.project.clone());
        change(&mut project);
        let mut outcome = None;
        let request = Request::Analyze {
            id: 1,
            project,
            pictures: None,
        };
        self.engine.handle(request, Vec::new(), &mut |event| {
            if let Event::Analyzed { outcome: o, .. } = event {
                outcome = Some(o);
            }
        });
        *outcome.unwrap().unwrap()
    }

    /// One step: done, of how many, what is known.
    fn step(&mut self) -> (usize, usize, Assessment) {
        let project = Box::new(self.project.clone());
        let mut found = None;
        let request = Request::Assess { id: 3, project };
        self.engine.handle(request, Vec::new(), &mut |event| {
            if let Event::Assessed {
                id,
                done,
                total,
                assessment,
                ..
            } = event
            {
                assert_eq!(id, 3);
                found = Some((done, total, *assessment));
            }
        });
        found.unwrap()
    }

    /// Steps until this is true, or all are done.
    fn assess(&mut self, until: impl Fn(&Assessment) -> bool) -> Assessment {
        loop {
            let (done, total, assessment) = self.step();
            if done == total || until(&assessment) {
                return assessment;
            }
        }
    }
}

fn of(assessment: &Assessment, source: Source) -> Contribution {
    let all = &assessment.budget.contributions;
    all.iter().find(|c| c.source == source).unwrap().clone()
}

fn budget_is_complete(assessment: &Assessment) -> bool {
    assessment.budget.contributions.len() == Source::ALL.len()
}

/// An input moved by its uncertainty, up or down.
type Move = Box<dyn Fn(&mut Project, f64)>;

#[test]
fn every_term_of_the_budget_is_what_moving_the_input_gives() {
    let mut bench = Bench::new(|_| {});
    let analysis = bench.analyze(|_| {});
    let assessment = bench.assess(budget_is_complete);
    let inputs = bench.project.model.inputs;
    let moves: [(Source, Move); 4] = [
        (
            Source::Probe,
            Box::new(move |p, sign| p.model.psf_sigma_nm *= 1.0 + sign * inputs.probe),
        ),
        (
            Source::Contrast,
            Box::new(move |p, sign| {
                if let Contrast::ZExponent(n) = &mut p.model.contrast {
                    *n += sign * inputs.z_exponent;
                }
            }),
        ),
        (
            Source::Pixel,
            Box::new(move |p, sign| {
                for frame in &mut p.series.frames {
                    frame.pixel_nm.as_mut().unwrap().value *= 1.0 + sign * inputs.pixel;
                }
            }),
        ),
        (
            Source::TemperatureScale,
            Box::new(move |p, sign| {
                for frame in &mut p.series.frames {
                    let t = &mut frame.temperature_k.as_mut().unwrap().value;
                    *t += sign * inputs.temperature_scale * (*t - 293.15);
                }
            }),
        ),
    ];
    for (source, change) in moves {
        let [high, low] = [1.0, -1.0].map(|sign| {
            bench.analyze(|p| {
                p.model.scheme = analysis.fit.scheme.into();
                change(p, sign);
            })
        });
        let term = of(&assessment, source);
        let energy = |a: &Analysis| a.kinetics.free.as_ref().unwrap().energy_j_mol.value;
        let expected = 0.5 * (energy(&high) - energy(&low));
        let found = term.energy_j_mol.unwrap();
        println!("{source:?}: E {found:.1}, by whole analyses {expected:.1} J/mol");
        let error = analysis
            .kinetics
            .free
            .as_ref()
            .unwrap()
            .energy_j_mol
            .standard_error;
        // Fits end within 0.02 standard errors of their minimum; the covariance that weighs the frames is that of the middle.
        approx::assert_abs_diff_eq!(
            found,
            expected,
            epsilon = 0.1 * error + 0.05 * expected.abs()
        );
        if source == Source::TemperatureScale {
            continue;
        }
        for (k, interval) in analysis.fit.intervals.iter().enumerate() {
            let values = [&high, &low].map(|a| &a.fit.intervals[k]);
            let Some(found) = term.ln_d[k] else { continue };
            if values.iter().any(|i| i.kind != IntervalKind::Value) {
                continue;
            }
            let expected = 0.5 * (values[0].dtau_nm2 / values[1].dtau_nm2).ln();
            let error = interval.dtau_se_nm2.unwrap() / interval.dtau_nm2;
            approx::assert_abs_diff_eq!(
                found,
                expected,
                epsilon = 0.05 * error + 0.02 * expected.abs()
            );
        }
    }
}

#[test]
fn the_budget_adds_up_and_says_what_the_stated_error_holds() {
    let mut bench = Bench::new(|_| {});
    let analysis = bench.analyze(|_| {});
    let assessment = bench.assess(budget_is_complete);
    let budget = &assessment.budget;
    let line = analysis.kinetics.free.as_ref().unwrap();
    // What is held is the stated error, of E and of each value.
    let held = |target: Target| -> f64 {
        let all = budget.contributions.iter().filter(|c| c.held);
        all.filter_map(|c| c.effect(target)).map(|e| e * e).sum()
    };
    approx::assert_relative_eq!(
        held(Target::Energy).sqrt(),
        line.energy_j_mol.standard_error,
        max_relative = 1e-6
    );
    for (k, interval) in analysis.fit.intervals.iter().enumerate() {
        let target = Target::Interval(k);
        let Some(total) = budget.total(target) else {
            assert_ne!(interval.kind, IntervalKind::Value);
            continue;
        };
        let stated = interval.dtau_se_nm2.unwrap() / interval.dtau_nm2;
        approx::assert_relative_eq!(held(target).sqrt(), stated, max_relative = 1e-6);
        assert!(total >= stated);
        let sum: f64 = budget.shares(target).iter().map(|s| s.1).sum();
        approx::assert_relative_eq!(sum, 1.0, max_relative = 1e-9);
    }
    // Nothing is held, the images decide on the scheme, the center of a round particle hardly matters.
    for source in [Source::Radius, Source::Scheme] {
        assert_eq!(of(&assessment, source).energy_j_mol, Some(0.0));
    }
    assert!(
        of(&assessment, Source::Center).energy_j_mol.unwrap().abs()
            < 0.1 * line.energy_j_mol.standard_error
    );
    // Lengths do not enter E; they enter D twice. (The probe is given in nm and does not grow along: some per cent.)
    let pixel = of(&assessment, Source::Pixel);
    assert!(pixel.energy_j_mol.unwrap().abs() < 0.02 * line.energy_j_mol.value);
    let doubled = 2.0 * bench.project.model.inputs.pixel;
    approx::assert_abs_diff_eq!(pixel.ln_d[5].unwrap(), doubled, epsilon = 0.2 * doubled);
    // A scale that is stretched moves all steps of D alike, and hardly E: by E/(R T²) (T − T₀) 2 %.
    let scale = of(&assessment, Source::TemperatureScale);
    let energy = line.energy_j_mol.value;
    assert!(scale.energy_j_mol.unwrap().abs() < 0.02 * energy);
    let t = analysis.fit.intervals[5].temperature_k.unwrap();
    let expected = energy / (8.314_462_618 * t * t) * 0.02 * (t - 293.15);
    approx::assert_relative_eq!(scale.ln_d[5].unwrap(), expected, max_relative = 1e-6);
    println!("{}", assessment.limits(&analysis.fit));
    assert!(assessment.limits(&analysis.fit).contains('%'));
    let assessed = analysis.assessed(&assessment);
    let csv = budget_csv(&analysis.fit, budget);
    assert!(
        csv.contains("E_J_mol,probe,") && csv.contains("ln_D_5,all,"),
        "{csv}"
    );
    let json = result_json(&bench.project, &assessed);
    // The budget comes first: which errors are to be shown is not known yet.
    assert_eq!(json["errors_checked"], false);
    let whole = analysis.assessed(&bench.assess(|_| false));
    assert_eq!(result_json(&bench.project, &whole)["errors_checked"], true);
    assert!(
        json["how_sure"]["budget"]["totals"][0]["total"]
            .as_f64()
            .unwrap()
            > line.energy_j_mol.standard_error
    );
}

#[test]
fn an_input_that_can_take_a_value_away_is_the_largest_part_of_its_budget() {
    let mut bench = Bench::new(|model| model.inputs.z_exponent = 0.2);
    let analysis =
        bench.analyze(|project| project.series.frames[2].excluded = Some("blurred".into()));
    bench.project.series.frames[2].excluded = Some("blurred".into());
    let assessment = bench.assess(budget_is_complete);
    let budget = &assessment.budget;
    let exponent = of(&assessment, Source::Contrast);
    let sides = [1.0, -1.0].map(|sign| {
        bench.analyze(|p| {
            p.model.scheme = analysis.fit.scheme.into();
            p.model.contrast = Contrast::ZExponent(1.85 + sign * 0.2);
        })
    });
    let mut taken = 0;
    for (k, interval) in analysis.fit.intervals.iter().enumerate() {
        if interval.kind != IntervalKind::Value {
            continue;
        }
        let effect = exponent.ln_d[k].expect("what has a value has a change");
        let target = Target::Interval(k);
        assert!(budget.total(target).unwrap() >= effect.abs());
        let [high, low] = sides.each_ref().map(|a| a.fit.intervals[k].dtau_nm2);
        println!("{}: {low} … {high} nm², {effect}", interval.index);
        if high > 0.0 && low > 0.0 {
            continue;
        }
        taken += 1;
        // The whole way to the side where something is left, or no end.
        let left = high.max(low);
        let expected = if left > 0.0 {
            (left / interval.dtau_nm2).ln().abs()
        } else {
            f64::INFINITY
        };
        assert!(effect.abs() > 0.9 * expected, "{effect} {expected}");
        assert_eq!(budget.shares(target)[0].0, Source::Contrast);
    }
    assert!(taken > 0, "the exponent took no value away");
    // The third frame is left out: intervals are called by the frames that end them.
    let csv = budget_csv(&analysis.fit, budget);
    assert!(!csv.contains("ln_D_2,"), "{csv}");
    for interval in &analysis.fit.intervals {
        let named = csv.contains(&format!("ln_D_{},all,", interval.index));
        assert_eq!(named, interval.kind == IntervalKind::Value, "{csv}");
    }
}

#[test]
fn errors_drawn_for_a_line_through_points_are_those_of_its_points() {
    let mut bench = Bench::new(|model| {
        model.order = Order::Sequential;
        model.errors = Errors::Bootstrap;
    });
    bench.analyze(|_| {});
    let drawn = bench.assess(|found| found.drawn.is_some()).drawn.unwrap();
    let (line, points) = (drawn.kinetics.free.unwrap(), drawn.kinetics.points.unwrap());
    assert_eq!(line.grounds, Grounds::Points);
    assert_eq!(line.energy_j_mol, points.energy_j_mol);
}

#[test]
fn what_is_held_or_fitted_is_in_the_budget_where_it_belongs() {
    let mut bench = Bench::new(|model| {
        model.contrast = Contrast::Free;
        model.radius_b_nm = Setting::Fixed(2.0);
    });
    bench.analyze(|_| {});
    let assessment = bench.assess(budget_is_complete);
    assert_eq!(of(&assessment, Source::Contrast).energy_j_mol, Some(0.0));
    let radius = of(&assessment, Source::Radius);
    assert!(radius.ln_d.iter().flatten().any(|e| e.abs() > 1e-3));
}

#[test]
fn other_decisions_begin_anew_and_the_same_go_on() {
    let mut bench = Bench::new(|_| {});
    let (one, ..) = bench.step();
    let (two, total, _) = bench.step();
    assert_eq!((one, two), (1, 2));
    assert!(total > 15);
    bench.project.model.inputs.probe = 0.1;
    assert_eq!(bench.step().0, 1);
    // What is shown of the phase diagram changes nothing.
    bench.project.phase.darken = true;
    assert_eq!(bench.step().0, 2);
    bench.project.series.frames.clear();
    let (done, total, assessment) = bench.step();
    assert_eq!((done, total, assessment), (0, 0, Assessment::default()));
}

#[test]
fn the_right_model_is_preferred_to_its_neighbors_and_a_wrong_one_is_not() {
    let mut bench = Bench::new(|_| {});
    let analysis = bench.analyze(|_| {});
    let done = bench.assess(|a| a.ladder.len() == Change::ALL.len());
    println!("{}", ladder_sentence(&done.ladder));
    let find = |assessment: &Assessment, change: Change| -> Compared {
        let ladder = assessment.ladder.iter();
        let found = ladder.clone().find(|c| c.change == change);
        found.unwrap().clone()
    };
    for c in &done.ladder {
        println!(
            "{:?} ΔAIC {:.1} ΔBIC {:.1} {:?} factor {:.3} E {:?}",
            c.change, c.aic, c.bic, c.value, c.factor, c.energy_j_mol
        );
        assert!(!c.is_preferred(), "{c:?}");
    }
    assert!(find(&done, Change::Scheme).bic > 1000.0);
    // One parameter more, and no better for it than chance has it: four standard deviations.
    for change in [Change::Contrast, Change::Composition, Change::Before] {
        assert!(find(&done, change).aic > 2.0 - 16.0);
    }
    // D does not depend on composition in this simulation; at this dose the ratio is known to some per cent.
    let ratio = find(&done, Change::Composition).value.unwrap();
    assert!(ratio.value.abs() < 4.0 * ratio.standard_error, "{ratio:?}");
    // Residuals are noise, and the likelihood's errors stay.
    let structure = done.structure.unwrap();
    println!("{}", errors_sentence(&done, Errors::Auto));
    assert!(
        structure.is_noise() && done.drawn.is_none(),
        "{structure:?}"
    );
    // The window of this dose: values lie in it, the saturated steps beyond it.
    let (low, high) = done.window.unwrap();
    println!("D t/R_B² from {low:.1e} to {high:.2}");
    let square = analysis.fit.shape.radius_b_nm.value.powi(2);
    assert!(low < 2e-4 && (0.2..0.6).contains(&high));
    let last = analysis.fit.intervals.last().unwrap();
    assert_ne!(last.kind, IntervalKind::Value);
    let reached: f64 = analysis.fit.intervals[..9].iter().map(|i| i.dtau_nm2).sum();
    assert!(reached / square > 0.5 * high);

    bench.project.model.contrast = Contrast::ZExponent(2.0);
    bench.analyze(|_| {});
    let wrong = bench.assess(|a| a.ladder.iter().any(|c| c.change == Change::Contrast));
    let contrast = find(&wrong, Change::Contrast);
    assert!(contrast.is_preferred(), "{contrast:?}");
    assert!(ladder_sentence(&wrong.ladder).contains("a fitted contrast"));
    // The simulation's exponent is 1.85 with these elements' densities.
    let truth = Preset::AgAu.experiment().contrast;
    approx::assert_relative_eq!(contrast.value.unwrap().value, truth, max_relative = 0.02);
}

fn line(energy: f64, error: f64) -> Arrhenius {
    let estimate = |value: f64, standard_error: f64| Estimate {
        value,
        standard_error,
        fixed: false,
    };
    Arrhenius {
        grounds: Grounds::Frames,
        energy_j_mol: estimate(energy, error),
        energy_interval_j_mol: (energy - error, energy + error),
        ln_d0: estimate(6.0, 0.8),
        correlation: 0.98,
        chi2_red: None,
        values: 9,
        limits: 0,
        quantile: 1.0,
    }
}

#[test]
fn e_is_compared_in_probabilities() {
    let line = line(100e3, 10e3);
    let reference = |name: &str, energy_j_mol: f64| Reference {
        name: Said::name(name),
        energy_j_mol,
        d0_m2_s: 1e-6,
    };
    let references = [
        reference("equal", 100e3),
        reference("1.96 away", 119.6e3),
        reference("far", 200e3),
    ];
    let found = compare_energy(&line, 10e3, &references);
    approx::assert_abs_diff_eq!(found[0].chance, 1.0, epsilon = 1e-12);
    approx::assert_abs_diff_eq!(found[0].smaller, 0.5, epsilon = 1e-12);
    approx::assert_abs_diff_eq!(found[1].chance, 0.05, epsilon = 1e-4);
    approx::assert_abs_diff_eq!(found[1].smaller, 0.975, epsilon = 1e-4);
    assert!(found[2].chance < 1e-20 && found[2].share < 1e-20);
    let shares: f64 = found.iter().map(|c| c.share).sum();
    approx::assert_relative_eq!(shares, 1.0, max_relative = 1e-12);
    // Odds of two hypotheses: exp(z²/2).
    approx::assert_relative_eq!(
        found[0].share / found[1].share,
        (0.5_f64 * 1.96 * 1.96).exp(),
        max_relative = 1e-6
    );
}

#[test]
fn an_ellipse_holds_its_share_of_what_it_describes() {
    let ellipse = Ellipse::of(&line(100e3, 10e3)).unwrap();
    // Upright at its own temperature; slanting with a covariance of another.
    for covariance in [ellipse.covariance, (0.04, 1e8, -1200.0)] {
        let ellipse = Ellipse {
            covariance,
            ..ellipse
        };
        for point in ellipse.rim(0.68, 24) {
            approx::assert_relative_eq!(
                ellipse.distance2(point),
                -2.0 * 0.32_f64.ln(),
                max_relative = 1e-9
            );
        }
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        let mut normal = || (0..12).map(|_| random.random::<f64>()).sum::<f64>() - 6.0;
        let (a, d, b) = covariance;
        let inside = (0..4000)
            .filter(|_| {
                let (u, v) = (normal(), normal());
                let x = a.sqrt() * u;
                let y = b / a.sqrt() * u + (d - b * b / a).sqrt() * v;
                let at = (ellipse.center.0 + x, ellipse.center.1 + y);
                ellipse.distance2(at) < -2.0 * 0.32_f64.ln()
            })
            .count();
        // Three standard deviations of 4000 trials: 0.022.
        approx::assert_abs_diff_eq!(inside as f64 / 4000.0, 0.68, epsilon = 0.022);
    }
}

#[test]
fn projects_of_before_the_budget_still_open() {
    let mut saved = serde_json::to_value(Model::default()).unwrap();
    saved.as_object_mut().unwrap().remove("inputs");
    saved.as_object_mut().unwrap().remove("errors");
    let opened: Model = serde_json::from_value(saved).unwrap();
    assert_eq!(opened, Model::default());
}
