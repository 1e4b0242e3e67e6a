//! The figures of simulator and tour.

use std::sync::Arc;

use leptos::prelude::*;

use super::dials::{PUBLISHED, blank, set_pair};
use super::pictures::{Kind, picture};
use super::tour::figures_of;
use crate::app::panels::csv_of;
use crate::app::state::{App, Room, Slot};
use crate::app::text;
use crate::app::widgets::{Draw, Plot, PlotTable, Saved, memo, plot};
use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::engine::{PhaseCase, PhaseQuestion};
use crate::figures::{CurveLine, CurvesFigure, Dash, Quantity, curves, format};
use crate::kinetics::mixing_time_s;
use crate::materials::Library;
use crate::simulate::{Arrhenius, Experiment, Live};
use crate::thermo::{Boundary, PhaseDiagram, SurfaceTerm};
use crate::units::SQUARE_METER_PER_SQUARE_NM;

/// A figure to look at and to touch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fig {
    Micrograph,
    Section,
    Profile,
    Dtau,
    Sigma,
    Orders,
    Steps,
    Slope,
    Mixing,
    Phase,
}

impl Fig {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Fig::Micrograph => text::micrograph(),
            Fig::Section => text::section(),
            Fig::Profile => text::fig_profile(),
            Fig::Dtau => text::fig_dtau(),
            Fig::Sigma => text::fig_sigma(),
            Fig::Orders => text::fig_orders(),
            Fig::Steps => text::fig_steps(),
            Fig::Slope => text::fig_slope(),
            Fig::Mixing => text::fig_mixing(),
            Fig::Phase => text::fig_phase(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Fig::Micrograph | Fig::Section => "",
            Fig::Profile => "sim-profile",
            Fig::Dtau => "sim-dtau",
            Fig::Sigma => "sim-sigma",
            Fig::Orders => "sim-orders",
            Fig::Steps => "sim-steps",
            Fig::Slope => "sim-slope",
            Fig::Mixing => "sim-mixing",
            Fig::Phase => "sim-phase",
        }
    }

    fn curves(self, app: App) -> Option<CurvesFigure> {
        let live = app.teach.live.get()?.0;
        let moment = app.teach.moment.get();
        let mut figure = match self {
            Fig::Micrograph | Fig::Section => return None,
            Fig::Profile => profile(&live, moment),
            Fig::Dtau => dtau(&live, moment),
            Fig::Sigma => sigma(&live, moment),
            Fig::Orders => orders(&live)?,
            Fig::Steps => steps(&live, moment),
            Fig::Slope => slope(live.experiment()),
            Fig::Mixing => mixing(live.experiment()),
            Fig::Phase => phase(app)?,
        };
        figure.title = self.title().to_owned();
        Some(figure)
    }

    /// The figure with its numbers.
    pub fn view(self, app: App) -> AnyView {
        let kind = match self {
            Fig::Micrograph => Some(Kind::Micrograph),
            Fig::Section => Some(Kind::Section),
            _ => None,
        };
        if let Some(kind) = kind {
            return picture(app, kind);
        }
        // Made once, drawn as often as the size changes.
        let made = memo(move || self.curves(app));
        curve_plot(app, self, made)
    }
}

/// Rows of a curve in the table behind it.
const ROWS: usize = 40;

fn curve_plot(app: App, fig: Fig, made: Memo<Option<CurvesFigure>>) -> AnyView {
    // The only one that the worker makes.
    let asked = fig == Fig::Phase;
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        made.with(|m| Some(curves(canvas, theme, view, m.as_ref()?)))
    });
    let table = move || -> PlotTable {
        made.with(|m| {
            let Some(figure) = m else {
                return Default::default();
            };
            let head = |q: &Quantity| match q.unit {
                "" => q.name.clone(),
                unit => format!("{} ({unit})", q.name),
            };
            let of = |line: &CurveLine| {
                let stride = line.points.len().div_ceil(ROWS).max(1);
                let rows = line.points.iter().step_by(stride);
                rows.map(|(x, y)| {
                    vec![
                        line.name.clone(),
                        format::significant(*x, 4),
                        format::significant(*y, 4),
                    ]
                })
                .collect::<Vec<_>>()
            };
            (
                vec![text::curve().to_owned(), head(&figure.x), head(&figure.y)],
                figure.lines.iter().flat_map(of).collect(),
            )
        })
    };
    let what = Plot {
        saved: Saved {
            name: fig.name(),
            label: fig.title(),
            file: |_| "simulation".to_owned(),
            figure: draw,
            csv: Arc::new(move || csv_of(&|| untrack(table))),
        },
        key: "",
        class: "",
        table: Arc::new(table),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: false,
        stale: Arc::new(move || asked && app.teach.phase.with(Slot::is_stale)),
        waiting: if asked { text::waiting_phase() } else { "" },
    };
    plot(app, what)
}

fn line(name: &str, points: Vec<(f64, f64)>, (color, dash): (usize, Dash)) -> CurveLine {
    CurveLine {
        name: name.to_owned(),
        points,
        color,
        dash,
        disks: false,
    }
}

fn quantity(name: &str, unit: &'static str) -> Quantity {
    Quantity {
        name: name.to_owned(),
        unit,
        ..Quantity::default()
    }
}

/// Values at whole pixels as points over the radius, as far as there is a particle.
fn over_radius(e: &Experiment, values: &[f64]) -> Vec<(f64, f64)> {
    let end = 1.25 * e.shape.radius_b_nm + 2.0 * e.camera.psf_sigma_nm;
    let points = values.iter().enumerate();
    points
        .map(|(i, v)| (i as f64 * e.camera.pixel_nm, *v))
        .take_while(|p| p.0 <= end)
        .collect()
}

fn radius_figure(e: &Experiment, lines: Vec<CurveLine>) -> CurvesFigure {
    CurvesFigure {
        x: quantity(text::radius_axis(), "nm"),
        y: quantity(text::counts_axis(), text::map_counts_unit()),
        lines,
        at: vec![
            (e.shape.radius_a_nm, "R_A".to_owned()),
            (e.shape.radius_b_nm, "R_B".to_owned()),
        ],
        ..CurvesFigure::default()
    }
}

fn profile(live: &Live, moment: f64) -> CurvesFigure {
    let e = live.experiment();
    let of = |tau| over_radius(e, &live.profile(tau));
    radius_figure(
        e,
        vec![
            line(text::unheated(), of(0.0), (0, Dash::Dashed)),
            line(text::mixed(), of(f64::INFINITY), (2, Dash::Dotted)),
            line(text::now(), of(live.tau_at(moment)), (1, Dash::Solid)),
        ],
    )
}

fn sigma(live: &Live, moment: f64) -> CurvesFigure {
    let e = live.experiment();
    let tau = live.tau_at(moment);
    // An interface smoothed by σ is one smoothed by nothing after D·t = σ²/2.
    let wider = (e.shape.sigma_nm * e.shape.sigma_nm + 2.0 * tau)
        .sqrt()
        .min(0.5 * e.shape.radius_b_nm);
    let smoother = live.smoothed(wider).unwrap_or_default();
    radius_figure(
        e,
        vec![
            line(
                text::unheated(),
                over_radius(e, &live.profile(0.0)),
                (2, Dash::Dotted),
            ),
            line(
                text::now(),
                over_radius(e, &live.profile(tau)),
                (1, Dash::Solid),
            ),
            line(
                text::a_smoother_edge(),
                over_radius(e, &smoother),
                (0, Dash::Dashed),
            ),
        ],
    )
}

fn temperature(live: &Live, moment: f64) -> f64 {
    // The step that is under way.
    let steps = &live.experiment().heating;
    let at = (moment.ceil() as usize).min(steps.len().saturating_sub(1));
    steps.get(at).map_or(0.0, |s| s.temperature_k)
}

fn dtau(live: &Live, moment: f64) -> CurvesFigure {
    let e = live.experiment();
    let kelvin = |k: usize| e.heating.get(k).map_or(0.0, |s| s.temperature_k);
    let tau = &live.tau_nm2;
    let each: Vec<(f64, f64)> = (1..tau.len())
        .map(|k| (kelvin(k), tau[k] - tau[k - 1]))
        .collect();
    let all: Vec<(f64, f64)> = (1..tau.len()).map(|k| (kelvin(k), tau[k])).collect();
    let r = e.shape.radius_b_nm;
    let ends = (kelvin(1), kelvin(tau.len().saturating_sub(1)));
    let wall = r * r / SLOWEST_MODE_SQUARED;
    let mut each = line(text::of_each_step(), each, (1, Dash::Solid));
    each.disks = true;
    CurvesFigure {
        x: quantity(text::temperature_axis(), "K"),
        y: Quantity {
            log: true,
            ..quantity(text::dtau_axis(), "nm²")
        },
        lines: vec![
            each,
            line(text::since_the_start(), all, (0, Dash::Dashed)),
            line(
                text::mixed(),
                vec![(ends.0, wall), (ends.1, wall)],
                (2, Dash::Dotted),
            ),
        ],
        at: vec![(temperature(live, moment), text::now().to_owned())],
        ..CurvesFigure::default()
    }
}

fn orders(live: &Live) -> Option<CurvesFigure> {
    let e = live.experiment();
    let mut other = e.clone();
    set_pair(&mut other, &e.shell, &e.core);
    let other = Live::new(&other).ok()?;
    // Where half of the mixing is done: R²/40.
    let half = e.shape.radius_b_nm * e.shape.radius_b_nm / 40.0;
    let of = |live: &Live| over_radius(e, &live.significance(0.0, half));
    let name = |e: &Experiment, words: &str| format!("{}@{}: {words}", e.core, e.shell);
    let lines = vec![
        line(&name(e, text::this_order()), of(live), (1, Dash::Solid)),
        line(
            &name(other.experiment(), text::other_order()),
            of(&other),
            (0, Dash::Dashed),
        ),
    ];
    let mut figure = radius_figure(e, lines);
    figure.y = quantity(text::significance_axis(), "");
    Some(figure)
}

fn steps(live: &Live, moment: f64) -> CurvesFigure {
    let e = live.experiment();
    let tau = &live.tau_nm2;
    let of = |k: usize| {
        let all = live.significance(tau[k - 1], tau[k]);
        all.iter().map(|s| s * s).sum::<f64>().sqrt()
    };
    let kelvin = |k: usize| e.heating.get(k).map_or(0.0, |s| s.temperature_k);
    let points = (1..tau.len()).map(|k| (kelvin(k), of(k))).collect();
    let mut each = line(text::of_each_step(), points, (1, Dash::Solid));
    each.disks = true;
    CurvesFigure {
        x: quantity(text::temperature_axis(), "K"),
        y: quantity(text::step_axis(), ""),
        lines: vec![each],
        at: vec![(temperature(live, moment), text::now().to_owned())],
        ..CurvesFigure::default()
    }
}

/// Temperatures of the program, evenly in 1/T.
fn temperatures(e: &Experiment) -> Vec<f64> {
    let kelvin = |s: Option<&crate::simulate::HeatingStep>| s.map_or(300.0, |s| s.temperature_k);
    let (a, b) = (
        1.0 / kelvin(e.heating.first()),
        1.0 / kelvin(e.heating.last()),
    );
    (0..=40)
        .map(|i| 1.0 / (a + (b - a) * f64::from(i) / 40.0))
        .collect()
}

fn slope(e: &Experiment) -> CurvesFigure {
    let kelvin = temperatures(e);
    let own = e.arrhenius;
    let middle = kelvin.get(20).copied().unwrap_or(400.0);
    let energy_j_mol = 2.0 * own.energy_j_mol;
    let twice = Arrhenius {
        d0_m2_s: 1.0,
        energy_j_mol,
    };
    let twice = Arrhenius {
        d0_m2_s: own.d_m2_s(middle) / twice.d_m2_s(middle),
        energy_j_mol,
    };
    let of = |law: Arrhenius| kelvin.iter().map(|t| (1e3 / t, law.d_m2_s(*t))).collect();
    let named = |words: &str, law: Arrhenius| {
        format!("{words}: D₀ = {} m²/s", format::scientific(law.d0_m2_s, 2))
    };
    CurvesFigure {
        x: quantity("1000/T", "K⁻¹"),
        y: Quantity {
            log: true,
            ..quantity("D", "m² s⁻¹")
        },
        lines: vec![
            line(&named(text::this_law(), own), of(own), (1, Dash::Solid)),
            line(
                &named(text::twice_the_energy(), twice),
                of(twice),
                (0, Dash::Dashed),
            ),
        ],
        ..CurvesFigure::default()
    }
}

fn mixing(e: &Experiment) -> CurvesFigure {
    let library = Library::builtin();
    let bulk = library.tracer("Ag", "Au").map(|law| Arrhenius {
        d0_m2_s: law.d0_m2_s,
        energy_j_mol: law.energy_j_mol,
    });
    let radius = e.shape.radius_b_nm;
    let of = |law: Arrhenius| -> Vec<(f64, f64)> {
        (0..=40)
            .map(|i| 298.0 + 7.5 * f64::from(i))
            .filter_map(|t| {
                let d = law.d_m2_s(t) / SQUARE_METER_PER_SQUARE_NM;
                Some((t, mixing_time_s(radius, d)?))
            })
            .collect()
    };
    let mut lines = vec![line(text::law_of_paper(), of(PUBLISHED), (1, Dash::Solid))];
    lines.extend(bulk.map(|law| line(text::law_of_bulk(), of(law), (0, Dash::Dashed))));
    CurvesFigure {
        x: quantity(text::temperature_axis(), "K"),
        y: Quantity {
            log: true,
            ..quantity(text::mixing_axis(), "s")
        },
        lines,
        at: vec![(300.0, "300 K".to_owned()), (448.0, "448 K".to_owned())],
        ..CurvesFigure::default()
    }
}

/// What the worker is asked for while the tour shows its phase diagram: that of the bulk and that of the particle.
pub fn phase_question(app: App) -> Option<PhaseQuestion> {
    let shown = app.teach.room.get() == Some(Room::Tour)
        && figures_of(app.teach.step.get()).contains(&Fig::Phase);
    let radius_nm = app.teach.experiment.with(|e| e.shape.radius_b_nm);
    shown.then(|| PhaseQuestion {
        id: 0,
        elements: ("Ag".to_owned(), "Au".to_owned()),
        materials: Vec::new(),
        cases: [f64::INFINITY, radius_nm]
            .map(|radius_nm| PhaseCase {
                radius_nm,
                surface: SurfaceTerm::default(),
            })
            .to_vec(),
        compositions: 21,
    })
}

fn phase(app: App) -> Option<CurvesFigure> {
    let answer = app.teach.phase.with(|slot| slot.shown().cloned())?;
    let [bulk, own] = answer.diagrams.as_slice() else {
        return None;
    };
    let of = |diagram: &PhaseDiagram, kelvin: fn(&Boundary) -> f64| {
        let each = diagram.boundaries.iter();
        each.map(|b| (b.x, kelvin(b))).collect::<Vec<_>>()
    };
    let (solidus, liquidus) = (|b: &Boundary| b.solidus_k, |b: &Boundary| b.liquidus_k);
    Some(CurvesFigure {
        x: quantity(text::fraction_axis(), ""),
        y: quantity(text::temperature_axis(), "K"),
        lines: vec![
            line(text::liquidus_bulk(), of(bulk, liquidus), (0, Dash::Dashed)),
            line(text::solidus_bulk(), of(bulk, solidus), (0, Dash::Dotted)),
            line(text::liquidus_here(), of(own, liquidus), (1, Dash::Dashed)),
            line(text::solidus_here(), of(own, solidus), (1, Dash::Solid)),
        ],
        ..CurvesFigure::default()
    })
}

/// What the tour shows: always the same particle, whatever was simulated before.
pub fn of_the_tour() -> Experiment {
    blank()
}
