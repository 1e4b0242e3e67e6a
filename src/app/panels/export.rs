//! Files to keep: numbers as CSV and JSON, figures as SVG and PNG.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::widgets::{Icon, flag, icon, on_click, save_png, save_svg};
use crate::app::{browser, text};
use crate::engine::{intervals_csv, profiles_csv, result_json};
use crate::figures::{Canvas, Figure, Theme, View};

use super::header::close_menu;
use super::{diffusivity, profiles};

/// Size of exported figures: about the width of a printed page.
const SHEET: Canvas = Canvas {
    width_px: 720.0,
    height_px: 480.0,
};

/// What a file of numbers holds.
#[derive(Clone, Copy)]
enum Numbers {
    Intervals,
    Profiles,
    Everything,
}

type Draw = fn(App, Canvas, &Theme, View) -> Option<Figure>;

/// The menu.
pub fn menu(app: App) -> AnyView {
    let ready = Memo::new(move |_| app.analysis.with(|slot| slot.shown().is_some()));
    let stem = move || {
        let name = app
            .history
            .with_untracked(|h| h.present().series.name.clone());
        let clean: String = name
            .chars()
            .map(|c| {
                if c.is_alphanumeric() || "-_.@".contains(c) {
                    c
                } else {
                    '_'
                }
            })
            .collect();
        if clean.is_empty() {
            "alloyscope".to_owned()
        } else {
            clean
        }
    };
    let figures: [(&'static str, &'static str, Draw); 3] = [
        (
            "profile",
            text::profile_of_frame(),
            profiles::selected_figure,
        ),
        ("profiles", text::profiles(), profiles::grid_figure),
        ("diffusivity", text::diffusivity(), diffusivity::figure),
    ];
    let rows: Vec<AnyView> = figures
        .into_iter()
        .map(|(name, label, draw)| {
            let made = move || untrack(|| draw(app, SHEET, &Theme::print(), View::AUTOMATIC));
            let save = move |png: bool| {
                if let Some(figure) = made() {
                    let name = format!("{}-{name}", stem());
                    if png { save_png(&name, &figure) } else { save_svg(&name, &figure) }
                }
            };
            view! {
                <div class="menu-row" role="group" aria-label=label>
                    <span>{label}</span>
                    <button type="button" data-test=format!("export-{name}-svg") on:click=on_click(move |e| { close_menu(&e); save(false) })>{text::save_svg()}</button>
                    <button type="button" data-test=format!("export-{name}-png") on:click=on_click(move |e| { close_menu(&e); save(true) })>{text::save_png()}</button>
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
        browser::download(&format!("{}-{end}", stem()), mime, words.as_bytes());
    };
    view! {
        <details class="menu">
            <summary class="button" data-test="export">{icon(Icon::Export)}<span>{text::export()}</span></summary>
            <div class="menu-list" inert=flag(move || !ready.get())>
                <button type="button" data-test="export-csv" on:click=on_click(move |e| { close_menu(&e); numbers(Numbers::Intervals) })>{text::save_csv_intervals()}</button>
                <button type="button" data-test="export-profiles-csv" on:click=on_click(move |e| { close_menu(&e); numbers(Numbers::Profiles) })>{text::save_csv_profiles()}</button>
                <button type="button" data-test="export-json" on:click=on_click(move |e| { close_menu(&e); numbers(Numbers::Everything) })>{text::save_json()}</button>
                {rows}
            </div>
        </details>
    }
    .into_any()
}
