//! Files to keep: numbers as CSV and JSON, figures as SVG and PNG.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::widgets::{
    Icon, Plot, SaveAs, Saved, close_menu_of, flag, icon, memo, on_click, save_choices, save_csv,
};
use crate::app::{browser, text};
use crate::engine::{intervals_csv, profiles_csv, result_json};
use crate::figures::{Figure, Sheet};
use crate::language::{Language, within};
use crate::report::{ReportFigure, html, python};

use super::{certainty, compare, diffusivity, phase, profiles};

/// What a file of numbers holds.
#[derive(Clone, Copy)]
enum Numbers {
    Intervals,
    Profiles,
    Everything,
    Python,
    Report,
}

/// The figures of an analysis, in their order.
pub(super) fn all_figures(app: App) -> Vec<Plot> {
    profiles::plots(app)
        .into_iter()
        .chain([diffusivity::shown(app), phase::shown(app)])
        .chain(certainty::plots(app))
        .collect()
}

/// The menu.
pub fn menu(app: App, saving: RwSignal<bool>) -> AnyView {
    // Numbers of earlier decisions would stand beside the present ones.
    let ready = memo(move || app.analysis.with(|slot| matches!(slot, Slot::Ready(_))));
    let figures: Vec<Saved> = all_figures(app)
        .into_iter()
        .map(|plot| plot.saved)
        .collect();
    let mut all = figures.clone();
    all.push(compare::saved(app, move || Arc::new(app.compared())));
    let all = StoredValue::new_local(all);
    let drawn = move || -> Vec<ReportFigure> {
        let of = |figure: Figure| ReportFigure {
            svg: figure.to_svg(),
            title: figure.title,
        };
        all.with_value(|all| {
            let drawn = all.iter().filter_map(|saved| saved.drawn(Sheet::Page));
            drawn.map(of).collect()
        })
    };
    let rows: Vec<AnyView> = figures
        .into_iter()
        .map(|figure| {
            let (name, label, again) = (figure.name, figure.label, figure.clone());
            view! {
                <div class="menu-row" role="group" aria-label=label>
                    <span>{label}</span>
                    <button type="button" data-test=format!("export-{name}-svg") on:click=on_click(move |e| { close_menu_of(&e); figure.save(app, SaveAs::Svg) })>{text::save_svg()}</button>
                    <button type="button" data-test=format!("export-{name}-png") on:click=on_click(move |e| { close_menu_of(&e); again.save(app, SaveAs::Png) })>{text::save_png()}</button>
                </div>
            }
            .into_any()
        })
        .collect();
    let numbers = move |kind: Numbers| {
        let analysis = app.analysis.with_untracked(|slot| slot.shown().cloned());
        let Some(analysis) = analysis else { return };
        let certainty = app.certainty.get_untracked();
        let assessed = || match certainty.total {
            0 => (*analysis).clone(),
            _ => analysis.assessed(&certainty.found),
        };
        let project = app.history.with_untracked(|h| h.present().clone());
        let table = |name: &str, csv| save_csv(app, &format!("{}-{name}", app.file_stem()), csv);
        let (end, mime, words) = match kind {
            Numbers::Intervals => return table("intervals", intervals_csv(&analysis)),
            Numbers::Profiles => return table("profiles", profiles_csv(&analysis.fit)),
            Numbers::Python => ("replot.py", "text/x-python", python(&project, &analysis)),
            Numbers::Report => (
                "report.html",
                "text/html",
                // Written in English, figures and numbers too.
                within(Language::English, || {
                    html(&project, &assessed(), &app.compared().0, &drawn())
                }),
            ),
            Numbers::Everything => {
                let json = within(Language::English, || result_json(&project, &assessed()));
                let json = serde_json::to_string_pretty(&json);
                ("result.json", "application/json", json.unwrap_or_default())
            }
        };
        browser::download(
            &format!("{}-{end}", app.file_stem()),
            mime,
            words.as_bytes(),
        );
    };
    view! {
        <details class="menu">
            <summary class="button" data-test="export">{icon(Icon::Export)}<span>{text::export()}</span></summary>
            <div class="menu-list">
                <button type="button" data-test="export-project" on:click=on_click(move |e| { close_menu_of(&e); saving.set(true) })>{text::project_menu()}</button>
                <div class="results" inert=flag(move || !ready.get())>
                    <button type="button" data-test="export-csv" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Intervals) })>{text::save_csv_intervals()}</button>
                    <button type="button" data-test="export-profiles-csv" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Profiles) })>{text::save_csv_profiles()}</button>
                    <button type="button" data-test="export-json" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Everything) })>{text::save_json()}</button>
                    <button type="button" data-test="export-python" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Python) })>{text::save_python()}</button>
                    <button type="button" data-test="export-report" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Report) })>{text::save_report()}</button>
                    {rows}
                </div>
                {save_choices(app)}
            </div>
        </details>
    }
    .into_any()
}
