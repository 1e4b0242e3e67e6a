//! The planner: which intervals will hold a value, and how well.

use std::sync::Arc;

use leptos::prelude::*;

use super::head;
use super::simulator::panel;
use crate::app::state::{App, Room, Slot};
use crate::app::text;
use crate::app::widgets::{Draw, Plot, PlotTable, Saved, data_table, part, plot, segmented};
use crate::engine::{PlanAnswer, plan_csv};
use crate::figures::{format, plan_map};
use crate::simulate::{Plan, Varied};

fn shown(app: App) -> Option<Arc<PlanAnswer>> {
    app.teach.plan.with(|slot| slot.shown().cloned())
}

/// The plan of the experiment itself: in the middle of the others.
fn own(answer: &PlanAnswer) -> Option<&Plan> {
    answer.grid.rows.get(answer.grid.rows.len() / 2)
}

/// The room.
pub fn planner(app: App) -> AnyView {
    let rows = [
        (Varied::Dose, text::plan_dose()),
        (Varied::Dwell, text::plan_dwell()),
    ];
    let draw: Draw =
        Arc::new(move |canvas, theme, _| Some(plan_map(canvas, theme, &shown(app)?.grid)));
    let what = Plot {
        saved: Saved {
            name: "plan",
            label: text::plan_map(),
            file: |_| "plan".to_owned(),
            figure: draw,
            csv: Arc::new(move || Some(plan_csv(&shown(app)?.grid))),
        },
        key: "",
        class: "",
        table: Arc::new(move || map_table(app)),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: false,
        stale: Arc::new(move || app.teach.plan.with(Slot::is_stale)),
        waiting: text::plan_waiting(),
    };
    let failure = move || {
        app.teach.plan.with(|slot| match slot {
            Slot::Failed { failure, .. } => Some((failure.to_string(), failure.remedy.to_string())),
            _ => None,
        })
    };
    view! {
        {head(app, Room::Planner, ().into_any())}
        <div class="teach-grid">
            {panel(app)}
            <div class="plan">
                <section class="panel" aria-labelledby="plan-title">
                    <header>
                        <h3 id="plan-title">{text::plan_map()}</h3>
                        <div class="tools">{segmented(text::plan_rows(), move || app.teach.varied.get(), move |v| app.teach.varied.set(v), &rows)}</div>
                    </header>
                    {plot(app, what)}
                </section>
                <section class="panel words" aria-labelledby="plan-table-title">
                    <h3 id="plan-table-title">{text::plan_table()}</h3>
                    {part(move || failure().map(|(words, remedy)| view! { <p class="calm failed" role="alert">{words}". "{remedy}</p> }))}
                    <p aria-live="polite" data-test="plan-says"><strong>{part(move || shown(app).and_then(|a| own(&a).map(text::plan_says)))}</strong></p>
                    <div data-test="plan-table">{part(move || shown(app).and_then(|a| own(&a).map(|p| data_table(table(p)))))}</div>
                    <p>{part(move || match shown(app) {
                        Some(answer) if !answer.atoms => text::plan_atoms_missing(),
                        _ => text::plan_inside(),
                    })}</p>
                    <p class="muted">{text::plan_outside()}</p>
                </section>
            </div>
        </div>
    }
    .into_any()
}

fn number(value: Option<f64>) -> String {
    match value {
        Some(v) if v < 10.0 => format::significant(v, 2),
        Some(_) => "> 10".to_owned(),
        None => format::ABSENT.to_owned(),
    }
}

fn table(plan: &Plan) -> PlotTable {
    let head = [
        text::frame(),
        text::column_temperature(false),
        text::column_dwell(),
        text::column_d(),
        text::column_counting(),
        text::column_all(),
        text::column_outcome(),
    ];
    let rows = plan.intervals.iter().map(|i| {
        vec![
            i.index.to_string(),
            format::fixed(i.temperature_k, 0),
            format::significant(i.dwell_s, 3),
            format::scientific(i.d_m2_s, 2),
            number(i.counting),
            number(i.ln_d),
            text::outcome(i.outcome()).to_owned(),
        ]
    });
    (head.map(str::to_owned).to_vec(), rows.collect())
}

fn map_table(app: App) -> PlotTable {
    let Some(answer) = shown(app) else {
        return Default::default();
    };
    let grid = &answer.grid;
    let first = match grid.varied {
        Varied::Dose => text::plan_dose(),
        Varied::Dwell => text::plan_dwell(),
    };
    let kelvin = grid.rows.first().into_iter().flat_map(|p| &p.intervals);
    let head = std::iter::once(first.to_owned())
        .chain(kelvin.map(|i| format::temperature(i.temperature_k)));
    let rows = grid.values.iter().zip(&grid.rows).map(|(value, plan)| {
        let cells = plan.intervals.iter().map(|i| number(i.ln_d));
        std::iter::once(format::significant(*value, 3))
            .chain(cells)
            .collect()
    });
    (head.collect(), rows.collect())
}
