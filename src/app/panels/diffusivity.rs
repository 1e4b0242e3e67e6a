//! D(T) (Fig. 3 of the paper).

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    Plot, PlotTable, Saved, flag, on_change, on_click, part, plot, segmented,
};
use crate::engine::intervals_csv;
use crate::figures::{
    Abscissa, Canvas, DiffusivityFigure, Figure, Literature, Theme, View, diffusivity as draw,
    format,
};
use crate::fit::IntervalKind;
use crate::kinetics::{AtomicDensities, mixing_time_s, shell_fraction};

use super::strip::ramp;
use super::teach;

/// The figure.
fn figure(app: App, canvas: Canvas, theme: &Theme, view: View) -> Option<Figure> {
    let analysis = app.analysis.with(|slot| slot.shown().cloned())?;
    if analysis.fit.intervals.is_empty() {
        return None;
    }
    let (core, shell) = app.model(|m| (m.core.clone(), m.shell.clone()));
    let radius_b_nm = analysis.fit.shape.radius_b_nm;
    let library = app.history.with(|h| h.present().library());
    let pair = (core.as_str(), shell.as_str());
    let mut literature = Literature::of_pair(&library, pair, radius_b_nm);
    if app.history.with(|h| h.present().phase.darken) {
        let x_shell = AtomicDensities::of(&library, &core, &shell)
            .and_then(|n| shell_fraction(&analysis.fit.shape, n));
        literature.extend(x_shell.and_then(|x| Literature::darken(&library, pair, x)));
    }
    // First, so that no legend drops it for want of room.
    literature.splice(0..0, teach::truth(app));
    Some(draw(
        canvas,
        theme,
        view,
        &DiffusivityFigure {
            intervals: &analysis.fit.intervals,
            kinetics: Some(&analysis.kinetics),
            literature: &literature,
            radius_b_nm: Some(radius_b_nm.value),
            abscissa: if app.view.inverse.get() {
                Abscissa::ReciprocalTemperature
            } else {
                Abscissa::Temperature
            },
            ramp: ramp(app),
            selected: Some(app.selected.get()),
        },
    ))
}

fn table(app: App) -> PlotTable {
    let head = [
        text::frame(),
        text::column_temperature(false),
        text::column_dwell(),
        "D·t (nm²)",
        "D (m² s⁻¹)",
        "τ₁",
    ];
    let celsius = app.view.celsius.get();
    let rows = app.analysis.with(|slot| {
        let Some(analysis) = slot.shown() else {
            return Vec::new();
        };
        let radius = analysis.fit.shape.radius_b_nm.value;
        analysis
            .fit
            .intervals
            .iter()
            .map(|i| {
                let absent = || format::ABSENT.to_owned();
                let tau1 = i
                    .diffusivity_nm2_s(i.dtau_nm2)
                    .filter(|_| i.kind == IntervalKind::Value)
                    .and_then(|d| mixing_time_s(radius, d))
                    .map_or_else(absent, format::duration);
                vec![
                    i.index.to_string(),
                    i.temperature_k
                        .map_or_else(absent, |t| text::temperature(t, celsius)),
                    i.dwell_s.map_or_else(absent, |t| format::significant(t, 4)),
                    format::diffusion_area(i),
                    format::diffusivity(i).unwrap_or_else(absent),
                    tau1,
                ]
            })
            .collect()
    });
    (head.map(str::to_owned).to_vec(), rows)
}

/// The figure and its files.
fn saved(app: App) -> Saved {
    Saved {
        name: "diffusivity",
        label: text::diffusivity(),
        file: |_| "diffusivity".to_owned(),
        figure: Arc::new(move |c, t, v| figure(app, c, t, v)),
        csv: Arc::new(move || app.analysis.with(|slot| Some(intervals_csv(slot.shown()?)))),
    }
}

/// The figure with its table.
pub fn shown(app: App) -> Plot {
    Plot {
        saved: saved(app),
        key: "3",
        class: "",
        table: Arc::new(move || table(app)),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: Arc::new(move || app.analysis.with(Slot::is_stale)),
        waiting: text::waiting_diffusivity(),
    }
}

/// The panel.
pub fn diffusivity(app: App) -> AnyView {
    let options = [(true, text::over_inverse_t()), (false, text::over_t())];
    view! {
        <section class="diffusivity panel" aria-labelledby="diffusivity-title">
            <header>
                <h2 id="diffusivity-title">{text::diffusivity()}</h2>
                <div class="tools">
                    <button type="button" data-test="compare-open" title=text::compare_help() on:click=on_click(move |_| app.compares.set(true))>
                        {part(move || text::compare_count(app.history.with(|h| h.present().companions.len())))}
                    </button>
                    <label class="check" title=text::darken_help()>
                        <input type="checkbox" data-test="darken" prop:checked=flag(move || app.history.with(|h| h.present().phase.darken))
                            on:change=on_change(move |e| { let on = event_target_checked(&e); app.edit(|p| p.phase.darken = on) }) />
                        {text::darken()}
                    </label>
                    {segmented(text::diffusivity(), move || app.view.inverse.get(), move |i| app.view.inverse.set(i), &options)}
                </div>
            </header>
            {plot(app, shown(app))}
        </section>
    }
    .into_any()
}
