//! The particle over the phase diagram of its pair (Fig. 4 of the paper).

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    Icon, NumberField, Plot, PlotTable, Saved, icon, memo, number_field, on_change, on_click, part,
    plot, segmented, words,
};
use crate::engine::{PhaseCase, PhaseQuestion};
use crate::figures::{
    Canvas, Figure, MeltingPair, ParticlePath, PhaseFigure, Theme, View, format, phase_diagram,
};
use crate::fit::Estimate;
use crate::kinetics::{
    AtomicDensities, MeltingData, MeltingEntropy, MeltingModel, Station, shell_fraction, stations,
};
use crate::project::{Bound, PhasePoint};
use crate::thermo::{SolidTension, SurfaceMixing, SurfaceTerm};

use super::size;

/// Radii of the curves for orientation (nm).
const RADII_NM: [f64; 4] = [f64::INFINITY, 10.0, 5.0, 2.5];
/// Ends of the slider (nm).
const SLIDER_NM: (f64, f64) = (1.0, 50.0);
/// Steps of the slider, even in ln r.
const STEPS: f64 = 400.0;
/// Compositions of a curve.
const COMPOSITIONS: usize = 201;

/// The pair in the order of the diagram: its second element is on the right.
fn pair(app: App) -> (String, String) {
    let (core, shell) = app.model(|m| (m.core.clone(), m.shell.clone()));
    if core <= shell {
        (core, shell)
    } else {
        (shell, core)
    }
}

/// Radius of the particle's curves (nm): as set, or as fitted.
pub fn radius_nm(app: App) -> Option<f64> {
    let set = app.history.with(|h| h.present().phase.radius_nm);
    set.or_else(|| fitted_radius(app).map(|e| e.value))
}

/// R_B as fitted (nm).
pub fn fitted_radius(app: App) -> Option<Estimate> {
    app.analysis
        .with(|slot| slot.shown().map(|a| a.fit.shape.radius_b_nm))
        .filter(|e| e.value.is_finite() && e.value > 0.0)
}

/// Other assumptions that are as good as the chosen ones.
fn others(chosen: &SurfaceTerm) -> Vec<SurfaceTerm> {
    let mut all = Vec::new();
    for c_solid in [1.0, 1.05] {
        for solid in [SolidTension::Table, SolidTension::Tanaka] {
            for mixing in [SurfaceMixing::Butler, SurfaceMixing::Linear] {
                all.push(SurfaceTerm {
                    c_solid,
                    solid,
                    mixing,
                    ..*chosen
                });
            }
        }
    }
    all.retain(|other| other != chosen);
    all
}

/// What the page has to ask the worker for; `None` while there is no particle.
pub fn question(app: App) -> Option<PhaseQuestion> {
    let radius_nm = radius_nm(app)?;
    let elements = pair(app);
    let (surface, materials) = app.history.with(|h| {
        let project = h.present();
        (project.phase.surface, project.materials.clone())
    });
    let own = |surface| PhaseCase { surface, radius_nm };
    let mut cases: Vec<PhaseCase> = RADII_NM
        .into_iter()
        .map(|radius_nm| PhaseCase { surface, radius_nm })
        .collect();
    cases.push(own(surface));
    cases.extend(others(&surface).into_iter().map(own));
    Some(PhaseQuestion {
        id: 0,
        elements,
        materials,
        cases,
        compositions: COMPOSITIONS,
    })
}

/// Mole fraction of the diagram's second element in the particle.
fn fraction(app: App) -> Option<Estimate> {
    let (core, shell) = app.model(|m| (m.core.clone(), m.shell.clone()));
    let library = super::materials::library(app);
    let densities = AtomicDensities::of(&library, &core, &shell)?;
    let shell_share = app.analysis.with(|slot| {
        slot.shown()
            .and_then(|a| shell_fraction(&a.fit.shape, densities))
    })?;
    Some(if pair(app).1 == shell {
        shell_share
    } else {
        Estimate {
            value: 1.0 - shell_share.value,
            ..shell_share
        }
    })
}

fn path(app: App) -> Vec<Station> {
    let temperatures: Vec<Option<f64>> = app.history.with(|h| {
        let frames = &h.present().series.frames;
        frames
            .iter()
            .map(|f| f.temperature_k.as_ref().map(|t| t.value))
            .collect()
    });
    app.analysis.with(|slot| {
        slot.shown()
            .map(|a| stations(&a.fit, &temperatures))
            .unwrap_or_default()
    })
}

/// Melting points of the two elements at the particle's radius by the simple models, where these are defined.
fn melting_pairs(app: App, (first, second): (&str, &str)) -> Vec<MeltingPair> {
    let library = super::materials::library(app);
    let data = |symbol| MeltingData::of(&library, symbol, MeltingEntropy::Total);
    let (a, b) = (data(first), data(second));
    let Some(radius_nm) = radius_nm(app) else {
        return Vec::new();
    };
    MeltingModel::ALL
        .into_iter()
        .map(|model| {
            let at = |data: &Option<MeltingData>| {
                let data = data.as_ref()?;
                Some(model.ratio(data, radius_nm)? * data.melting_point_k)
            };
            MeltingPair {
                model,
                melting_k: (at(&a), at(&b)),
            }
        })
        .collect()
}

/// The figure.
pub fn figure(app: App, canvas: Canvas, theme: &Theme, view: View) -> Option<Figure> {
    let answer = app.phase.with(|slot| slot.shown().cloned())?;
    let (round, own) = answer
        .diagrams
        .split_at(RADII_NM.len().min(answer.diagrams.len()));
    let (first, second) = pair(app);
    let stations = path(app);
    let fraction = fraction(app);
    let points = app.history.with(|h| h.present().phase.points.clone());
    let mut remarks: Vec<String> = answer.remarks.iter().map(ToString::to_string).collect();
    if own.first().is_some_and(|d| d.extrapolated) {
        remarks.insert(0, text::phase_extrapolated().to_owned());
    }
    let models = melting_pairs(app, (&first, &second));
    Some(phase_diagram(
        canvas,
        theme,
        view,
        &PhaseFigure {
            elements: (&first, &second),
            diagrams: round,
            particle: own.first(),
            variants: own.get(1..).unwrap_or_default(),
            models: &models,
            path: fraction.map(|fraction| ParticlePath {
                fraction,
                stations: &stations,
            }),
            points: &points,
            remarks: &remarks,
            selected: Some(app.selected.get()),
        },
    ))
}

fn table(app: App) -> PlotTable {
    let (_, second) = pair(app);
    let head = text::phase_columns(&second);
    let Some(answer) = app.phase.with(|slot| slot.shown().cloned()) else {
        return (head, Vec::new());
    };
    // The curves of the chosen assumptions; a line every tenth of the way.
    let curves = answer.diagrams.iter().take(RADII_NM.len() + 1);
    let rows = curves
        .flat_map(|d| {
            d.boundaries.iter().step_by(COMPOSITIONS / 10).map(|b| {
                vec![
                    text::radius_of_curve(d.radius_nm),
                    format::fixed(b.x, 2),
                    format::fixed(b.solidus_k, 2),
                    format::fixed(b.liquidus_k, 2),
                ]
            })
        })
        .chain(path(app).into_iter().map(|s| {
            vec![
                text::frame_number(s.frame),
                fraction(app).map_or_else(
                    || format::ABSENT.to_owned(),
                    |x| format::with_error(x.value, x.standard_error, ""),
                ),
                format!("≥ {}", format::fixed(s.temperature_k, 0)),
                format::ABSENT.to_owned(),
            ]
        }))
        .collect();
    (head, rows)
}

/// The figure and its files.
fn saved(app: App) -> Saved {
    Saved {
        name: "phase",
        label: text::phase(),
        file: |app| {
            let (first, second) = pair(app);
            format!("phase-diagram-{first}-{second}")
        },
        figure: Arc::new(move |c, t, v| figure(app, c, t, v)),
        csv: Arc::new(move || {
            let answer = app.phase.with(|slot| slot.shown().cloned())?;
            let mut csv = String::from("radius_nm,x,solidus_K,liquidus_K\n");
            for d in answer.diagrams.iter().take(RADII_NM.len() + 1) {
                for b in &d.boundaries {
                    csv.push_str(&format!(
                        "{},{},{},{}\n",
                        d.radius_nm, b.x, b.solidus_k, b.liquidus_k
                    ));
                }
            }
            Some(csv)
        }),
    }
}

/// The figure with its table.
pub fn shown(app: App) -> Plot {
    Plot {
        saved: saved(app),
        key: "4",
        class: "",
        table: Arc::new(move || table(app)),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: Arc::new(move || {
            app.phase.with(Slot::is_stale) || app.analysis.with(Slot::is_stale)
        }),
        waiting: text::waiting_phase(),
    }
}

/// The panel.
pub fn phase(app: App) -> AnyView {
    let by_size = memo(move || app.view.by_size.get());
    let size = Plot {
        saved: size::saved(app),
        key: "",
        class: "",
        table: Arc::new(move || size::table(app)),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: Arc::new(move || app.analysis.with(Slot::is_stale)),
        waiting: text::waiting_size(),
    };
    let what = shown(app);
    let failed = move || {
        app.phase.with(|slot| match slot {
            Slot::Failed { failure, .. } => Some(view! {
                <p class="calm failed" role="alert" data-test="phase-failed">
                    {icon(Icon::Error)}
                    <span>{failure.to_string()}</span>
                    <span class="remedy">{failure.remedy.to_string()}</span>
                </p>
            }),
            _ => None,
        })
    };
    let choices = RwSignal::new(false);
    view! {
        <section class="phase panel" aria-labelledby="phase-title">
            <header>
                <h2 id="phase-title">{text::phase()}</h2>
                <span class="muted">{words(move || { let (a, b) = pair(app); format!("{a}-{b}") })}</span>
                <div class="tools">
                    {segmented(text::phase(), move || by_size.get(), move |s| app.view.by_size.set(s), &[(false, "T(x)"), (true, "T(r)")])}
                    {slider(app)}
                    <button type="button" class="plain" data-test="phase-choices" title=text::assumptions() aria-label=text::assumptions()
                        aria-expanded=words(move || choices.get().to_string())
                        on:click=on_click(move |_| choices.update(|c| *c = !*c))>
                        {icon(Icon::Adjust)}
                    </button>
                </div>
            </header>
            {part(move || (!by_size.get()).then(failed))}
            {part(move || choices.get().then(|| if by_size.get() { entropy(app) } else { assumptions(app) }))}
            {part(move || plot(app, if by_size.get() { size.clone() } else { what.clone() }))}
        </section>
    }
    .into_any()
}

/// The radius of the particle's curves; a drag is one step of undo.
fn slider(app: App) -> AnyView {
    let (low, high) = SLIDER_NM;
    let span = libm::log(high / low);
    let place = move || {
        radius_nm(app).map_or(0.0, |r| {
            (STEPS * libm::log(r / low) / span)
                .round()
                .clamp(0.0, STEPS)
        })
    };
    let set = move |step: f64| {
        let r = low * libm::exp(span * step / STEPS);
        let r = (r * 1e3).round() / 1e3;
        app.edit(|p| p.phase.radius_nm = Some(r));
    };
    let follows = move || app.history.with(|h| h.present().phase.radius_nm.is_none());
    let field = NumberField {
        label: text::phase_radius(),
        unit: "nm",
        decimals: 3,
        step: 0.05,
        optional: true,
        range: (0.5, NumberField::MOST),
        name: "phase-radius",
    };
    view! {
        <label class="slider">
            <input type="range" min="0" max=STEPS.to_string() step="1" data-test="phase-slider"
                aria-label=text::phase_radius()
                aria-valuetext=words(move || radius_nm(app).map_or_else(String::new, |r| format!("{} nm", format::significant(r, 3))))
                prop:value=words(move || place().to_string())
                on:pointerdown=move |_| app.begin_drag()
                on:pointerup=move |_| app.end_drag()
                on:pointercancel=move |_| app.end_drag()
                on:input=on_change(move |e| if let Ok(step) = event_target_value(&e).parse() { set(step) })
            />
        </label>
        {number_field(field, move || radius_nm(app), move |v| app.edit(|p| p.phase.radius_nm = v))}
        <button type="button" class="toggle" data-test="phase-follow" title=text::phase_follow_help()
            aria-pressed=words(move || follows().to_string())
            on:click=on_click(move |_| {
                let held = untrack(|| radius_nm(app)).filter(|_| untrack(follows));
                app.edit(|p| p.phase.radius_nm = held);
            })>
            {text::phase_follow()}
        </button>
    }
    .into_any()
}

/// Which entropy stands in eq. 10.
fn entropy(app: App) -> AnyView {
    view! {
        <div class="numbers extra">
            <span>{text::entropy_of_eq_10()}</span>
            {segmented(text::entropy_of_eq_10(), move || app.view.melting_entropy.get(), move |e| app.view.melting_entropy.set(e), &size::entropies())}
        </div>
    }
    .into_any()
}

/// The surface term and the user's points.
fn assumptions(app: App) -> AnyView {
    let surface = move || app.history.with(|h| h.present().phase.surface);
    let edit = move |change: &dyn Fn(&mut SurfaceTerm)| app.edit(|p| change(&mut p.phase.surface));
    let number = |label: &'static str, name: &'static str| NumberField {
        label,
        unit: "",
        decimals: 3,
        step: 0.05,
        optional: false,
        range: (0.1, NumberField::MOST),
        name,
    };
    let mixing = [
        (SurfaceMixing::Butler, text::butler()),
        (SurfaceMixing::Linear, text::linear()),
    ];
    let solid = [
        (SolidTension::Table, text::tension_table()),
        (SolidTension::Tanaka, text::tension_tanaka()),
    ];
    view! {
        <div class="numbers extra" data-test="phase-assumptions">
            <label title=text::c_solid_help()>"C" <sub>"s"</sub> {number_field(number(text::c_solid_help(), "c-solid"), move || Some(surface().c_solid), move |v| edit(&|s| s.c_solid = v.unwrap_or(1.05)))}</label>
            <label title=text::c_liquid_help()>"C" <sub>"l"</sub> {number_field(number(text::c_liquid_help(), "c-liquid"), move || Some(surface().c_liquid), move |v| edit(&|s| s.c_liquid = v.unwrap_or(1.0)))}</label>
            <label title=text::k_help()>"k" {number_field(number(text::k_help(), "surface-k"), move || Some(surface().k), move |v| edit(&|s| s.k = v.unwrap_or(2.0)))}</label>
            {segmented(text::surface_mixing(), move || surface().mixing, move |m| edit(&|s| s.mixing = m), &mixing)}
            {segmented(text::solid_tension(), move || surface().solid, move |t| edit(&|s| s.solid = t), &solid)}
            {points(app)}
        </div>
    }
    .into_any()
}

/// The table of the user's points.
fn points(app: App) -> AnyView {
    let list = memo(move || app.history.with(|h| h.present().phase.points.clone()));
    let add = move || {
        let x = untrack(|| fraction(app)).map_or(0.5, |e| (e.value * 100.0).round() / 100.0);
        app.edit(|p| {
            p.phase.points.push(PhasePoint {
                x,
                temperature_k: 600.0,
                bound: Bound::AtLeast,
                label: text::new_point().to_owned(),
            });
        });
    };
    let rows = move || {
        let points = list.get();
        let lines: Vec<AnyView> = points
            .iter()
            .enumerate()
            .map(|(i, point)| point_line(app, i, point))
            .collect();
        lines
    };
    view! {
        <div class="points">
            {part(rows)}
            <button type="button" data-test="add-point" on:click=on_click(move |_| add())>{text::add_point()}</button>
        </div>
    }
    .into_any()
}

fn point_line(app: App, index: usize, point: &PhasePoint) -> AnyView {
    let edit = move |change: &dyn Fn(&mut PhasePoint)| {
        app.edit(|p| {
            if let Some(point) = p.phase.points.get_mut(index) {
                change(point);
            }
        });
    };
    let field = |label: &'static str, unit: &'static str, name: &'static str| NumberField {
        label,
        unit,
        decimals: 3,
        step: 0.0,
        optional: false,
        range: (0.0, NumberField::MOST),
        name,
    };
    let (x, t, bound) = (point.x, point.temperature_k, point.bound);
    let bounds = [
        (Bound::Exact, "="),
        (Bound::AtLeast, "≥"),
        (Bound::AtMost, "≤"),
    ];
    view! {
        <div class="point">
            <input type="text" aria-label=text::point_label() data-test="point-label" prop:value=point.label.clone()
                on:change=on_change(move |e| { let label = event_target_value(&e); edit(&|p| p.label.clone_from(&label)) }) />
            <label>"x" {number_field(field(text::point_x(), "", "point-x"), move || Some(x), move |v| edit(&|p| p.x = v.unwrap_or_default().min(1.0)))}</label>
            {segmented(text::point_bound(), move || bound, move |b| edit(&|p| p.bound = b), &bounds)}
            <label>"T" {number_field(field(text::point_temperature(), "K", "point-t"), move || Some(t), move |v| edit(&|p| p.temperature_k = v.unwrap_or_default()))}</label>
            <button type="button" class="plain" aria-label=text::remove_point() title=text::remove_point()
                on:click=on_click(move |_| app.edit(|p| { if index < p.phase.points.len() { p.phase.points.remove(index); } }))>
                {icon(Icon::Close)}
            </button>
        </div>
    }
    .into_any()
}
