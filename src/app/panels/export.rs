//! Files to keep: numbers as CSV and JSON, figures as SVG and PNG.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::widgets::{Icon, SaveAs, close_menu_of, flag, icon, on_click};
use crate::app::{browser, text};
use crate::engine::{intervals_csv, profiles_csv, result_json};

use super::{diffusivity, phase, profiles};

/// What a file of numbers holds.
#[derive(Clone, Copy)]
enum Numbers {
    Intervals,
    Profiles,
    Everything,
}

/// The menu.
pub fn menu(app: App) -> AnyView {
    let ready = Memo::new(move |_| app.analysis.with(|slot| slot.shown().is_some()));
    let figures = [
        profiles::selected_saved(app),
        profiles::grid_saved(app),
        diffusivity::saved(app),
        phase::saved(app),
    ];
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
        let (end, mime, words) = match kind {
            Numbers::Intervals => ("intervals.csv", "text/csv", intervals_csv(&analysis.fit)),
            Numbers::Profiles => ("profiles.csv", "text/csv", profiles_csv(&analysis.fit)),
            Numbers::Everything => {
                let project = app.history.with_untracked(|h| h.present().clone());
                let json = serde_json::to_string_pretty(&result_json(&project, &analysis));
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
            <div class="menu-list" inert=flag(move || !ready.get())>
                <button type="button" data-test="export-csv" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Intervals) })>{text::save_csv_intervals()}</button>
                <button type="button" data-test="export-profiles-csv" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Profiles) })>{text::save_csv_profiles()}</button>
                <button type="button" data-test="export-json" on:click=on_click(move |e| { close_menu_of(&e); numbers(Numbers::Everything) })>{text::save_json()}</button>
                {rows}
            </div>
        </details>
    }
    .into_any()
}
