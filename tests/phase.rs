//! The particle over the phase diagram: its composition, its stations, and the figure.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "common/synthetic.rs"]
mod synthetic;

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::figures::{Item, PhaseFigure, PlotId, Theme, View, phase_diagram};
use alloyscope::fit::{Estimate, FrameFit, Mixing, Order, SeriesFit, ShapeFit, Termination};
use alloyscope::kinetics::{AtomicDensities, MixingState, shell_fraction, stations};
use alloyscope::numerics::GaussLegendre;

use synthetic::{canvas, eutectic, lens, one_phase};

const SILVER_GOLD: AtomicDensities = AtomicDensities {
    core_per_nm3: 58.6,
    shell_per_nm3: 59.0,
};

fn free(value: f64, standard_error: f64) -> Estimate {
    Estimate {
        value,
        standard_error,
        fixed: false,
    }
}

fn given(value: f64) -> Estimate {
    Estimate {
        value,
        standard_error: 0.0,
        fixed: true,
    }
}

fn shape() -> ShapeFit {
    ShapeFit {
        radius_a_nm: free(1.14, 0.02),
        radius_b_nm: free(1.95, 0.01),
        sigma_nm: given(0.1),
        contrast: given(0.383),
        psf_sigma_nm: given(0.05),
        correlation: vec![1.0, 0.0, 0.0, 1.0],
    }
}

/// The densities of eqs 1-3, integrated numerically, hold the atoms that the formula counts.
#[test]
fn composition_is_that_of_the_profiles() {
    const QUADRATURE: f64 = 1e-6;
    let particle = CoreShell {
        radius_a_nm: 1.14,
        radius_b_nm: 1.95,
        sigma_nm: 0.1,
    };
    let atoms = |density: f64, rho: &dyn Fn(f64) -> f64| {
        let sum: f64 = GaussLegendre::new(64)
            .on(0.0, 4.0)
            .map(|(r, weight)| weight * r * r * rho(r))
            .sum();
        4.0 * std::f64::consts::PI * density * sum
    };
    let core = atoms(58.6, &|r| particle.rho_core(r));
    let shell = atoms(59.0, &|r| particle.rho_shell(r));
    let x = shell_fraction(&shape(), SILVER_GOLD).unwrap();
    approx::assert_relative_eq!(x.value, shell / (core + shell), max_relative = QUADRATURE);
    // Of the paper's particle: 20 at% in the core.
    assert!((x.value - 0.8).abs() < 0.01, "{}", x.value);
}

/// Without correlation the errors add in squares; with full correlation along the particle's scale nothing is left of them.
#[test]
fn composition_error_knows_the_correlation() {
    // x depends on R_A/R_B but for σ: scaling both radii alike leaves it, to the order of σ²/R².
    let mut scaled = shape();
    scaled.radius_a_nm = free(1.14, 0.0114);
    scaled.radius_b_nm = free(1.95, 0.0195);
    let loose = shell_fraction(&scaled, SILVER_GOLD).unwrap().standard_error;
    scaled.correlation = vec![1.0, 1.0, 1.0, 1.0];
    let tied = shell_fraction(&scaled, SILVER_GOLD).unwrap().standard_error;
    assert!(loose > 0.005, "{loose}");
    assert!(tied < 0.03 * loose, "{tied} {loose}");
    // Nothing was fitted: no error, and it says so.
    let mut held = shape();
    held.radius_a_nm = given(1.14);
    held.radius_b_nm = given(1.95);
    held.correlation.clear();
    let x = shell_fraction(&held, SILVER_GOLD).unwrap();
    assert!(x.fixed && x.standard_error == 0.0);
    held.radius_a_nm = given(f64::NAN);
    assert_eq!(shell_fraction(&held, SILVER_GOLD), None);
}

fn fit(taus: &[f64]) -> SeriesFit {
    let frames = taus
        .iter()
        .enumerate()
        .map(|(frame, &tau)| FrameFit {
            frame,
            tau_nm2: free(tau, 0.1 * tau),
            gain: given(1.0),
            background: given(0.0),
            radius_b_nm: None,
            chi2_red: 1.0,
            data: synthetic::series(1).remove(0).data,
            model: Vec::new(),
        })
        .collect();
    SeriesFit {
        scheme: Scheme::Fraction,
        order: Order::Joint,
        confidence: 0.68,
        shape: shape(),
        frames,
        intervals: Vec::new(),
        mixing: Mixing::default(),
        atoms: None,
        lattice: None,
        chi2_red: 1.0,
        degrees_of_freedom: 1,
        termination: Termination::Converged,
        evaluations: 1,
    }
}

/// One mixing time is 1 - 1/e of the way; a frame without a temperature is no station.
#[test]
fn stations_follow_the_slowest_mode() {
    let tau_1 = 1.95 * 1.95 / 20.190_728_556_426_63;
    let fit = fit(&[0.0, tau_1, 4.0 * tau_1, 5.0 * tau_1]);
    let found = stations(&fit, &[Some(298.0), Some(523.0), Some(548.0), None]);
    let states: Vec<_> = found.iter().map(|s| (s.frame, s.state)).collect();
    assert_eq!(
        states,
        [
            (0, MixingState::CoreShell),
            (1, MixingState::Mixing),
            (2, MixingState::Mixed)
        ]
    );
    let v = 1.0 - libm::exp(-1.0);
    approx::assert_relative_eq!(found[1].mixing, v, max_relative = 1e-12);
    assert!(found[1].mixing_interval.0 < v && v < found[1].mixing_interval.1);
}

#[test]
fn marks_lie_where_their_values_are() {
    let figure = one_phase(canvas(720.0, 520.0), &Theme::light(), View::AUTOMATIC);
    let [main, strip] = &figure.layout.plots[..] else {
        panic!("a narrow lens is magnified");
    };
    assert_eq!((main.id, strip.id), (PlotId::Phase, PlotId::Lens));
    assert_eq!(main.x, strip.x);
    assert!(main.y.lo < 298.0 && main.y.hi > 1337.0);
    for mark in &figure.layout.marks {
        let (x, y) = main.to_px(mark.x, mark.y).unwrap();
        // The marks of the edges are drawn beside the edge.
        assert!(
            (x - mark.x_px).abs() < 6.0 && (y - mark.y_px).abs() < 1e-6,
            "{mark:?}"
        );
    }
    let frames = figure.layout.marks.iter().filter(|m| m.frame.is_some());
    assert_eq!(frames.count(), 12);
    let own = figure
        .layout
        .marks
        .iter()
        .find(|m| m.frame == Some(9))
        .unwrap();
    assert!(
        own.label.contains("x = 0.800 ± 0.020") && own.label.contains("solid at least"),
        "{}",
        own.label
    );
    assert!(
        figure
            .description
            .contains("bulk: solid up to 1235 K for Ag"),
        "{}",
        figure.description
    );
}

/// 1 K of lens is some pixels high in the strip, and none at the scale of the whole.
#[test]
fn a_narrow_lens_is_seen_in_the_strip() {
    let figure = one_phase(canvas(720.0, 520.0), &Theme::light(), View::AUTOMATIC);
    let height = |id| {
        let plot = figure.layout.plot(id).unwrap();
        plot.y_px(20.0).unwrap() - plot.y_px(21.0).unwrap()
    };
    assert!(height(PlotId::Phase) < 0.5);
    assert!(height(PlotId::Lens) > 1.0, "{}", height(PlotId::Lens));
}

/// A eutectic is wide enough as it is; its curves are not joined across compositions without a boundary.
#[test]
fn a_eutectic_has_no_strip_and_gaps_stay_open() {
    let mut broken = eutectic();
    broken.boundaries.retain(|b| !(0.55..=0.65).contains(&b.x));
    broken.undefined = vec![alloyscope::thermo::Undefined {
        x_from: 0.55,
        x_to: 0.65,
        why: alloyscope::thermo::Limit::LiquidSeparates,
    }];
    let count = |diagram| {
        let diagrams = [diagram];
        let what = PhaseFigure {
            elements: ("Ag", "Cu"),
            diagrams: &diagrams,
            ..PhaseFigure::default()
        };
        let figure = phase_diagram(
            canvas(720.0, 520.0),
            &Theme::light(),
            View::AUTOMATIC,
            &what,
        );
        assert_eq!(figure.layout.plots.len(), 1);
        let long = |item: &&Item| matches!(item, Item::Line { points, .. } if points.len() > 5);
        figure.scene.items.iter().filter(long).count()
    };
    assert_eq!(count(broken), count(eutectic()) + 2);
}

/// Nothing that a model may give breaks the figure.
#[test]
fn any_diagram_is_drawn() {
    let mut empty = lens(2.0, 1.0);
    empty.boundaries.clear();
    let mut wild = lens(2.0, 1.0);
    wild.boundaries[3].solidus_k = f64::NAN;
    wild.boundaries[4].liquidus_k = f64::INFINITY;
    for diagram in [empty, wild, lens(f64::INFINITY, 0.0)] {
        for (w, h) in [(40.0, 40.0), (200.0, 120.0), (900.0, 700.0)] {
            let diagrams = [diagram.clone()];
            let what = PhaseFigure {
                elements: ("Ag", "Au"),
                diagrams: &diagrams,
                particle: Some(&diagram),
                variants: &diagrams,
                ..PhaseFigure::default()
            };
            let svg = phase_diagram(canvas(w, h), &Theme::dark(), View::AUTOMATIC, &what).to_svg();
            assert!(svg.starts_with("<svg") && !svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}

/// The option names itself in the legend and says what it rests on.
#[test]
fn interdiffusion_is_drawn_by_its_name() {
    use alloyscope::figures::{DiffusivityFigure, Literature, diffusivity};
    use alloyscope::materials::Library;
    let library = Library::builtin();
    let line = Literature::darken(&library, ("Ag", "Au"), free(0.8, 0.01)).unwrap();
    assert!(
        line.name.contains("Darken-Manning at x = 0.80"),
        "{}",
        line.name
    );
    assert!(
        line.citation.contains("approximate") && line.citation.contains("excess"),
        "{}",
        line.citation
    );
    let intervals = synthetic::intervals();
    let lines = [line];
    let what = DiffusivityFigure {
        intervals: &intervals,
        literature: &lines,
        ..DiffusivityFigure::default()
    };
    let svg = diffusivity(
        canvas(640.0, 420.0),
        &Theme::light(),
        View::AUTOMATIC,
        &what,
    )
    .to_svg();
    assert!(
        svg.contains("Darken-Manning"),
        "the line is outside the plot"
    );
    // Of a pair without all four laws there is none.
    assert_eq!(
        Literature::darken(&library, ("Co", "Au"), free(0.8, 0.01)),
        None
    );
}
