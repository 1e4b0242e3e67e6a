//! A figure as a file: SVG and PNG as on a printed page, and the numbers behind it.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement};

use super::erased::on_click;
use super::plot::{Draw, paint};
use super::{Icon, icon};
use crate::app::state::App;
use crate::app::{browser, text};
use crate::figures::{Canvas, Figure, Theme, View};

/// Size of saved figures: about the width of a printed page.
const SHEET: Canvas = Canvas {
    width_px: 720.0,
    height_px: 480.0,
};

/// A figure that can be saved.
#[derive(Clone)]
pub struct Saved {
    /// Address for tests.
    pub name: &'static str,
    /// What it is called, for those who do not see it.
    pub label: &'static str,
    /// What the files are called, behind the name of the series.
    pub file: fn(App) -> String,
    /// Makes the figure.
    pub figure: Draw,
    /// Makes its numbers.
    pub csv: Arc<dyn Fn() -> Option<String> + Send + Sync>,
}

/// What a figure is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaveAs {
    Svg,
    Png,
    Csv,
}

impl Saved {
    /// Offers the file.
    pub fn save(&self, app: App, kind: SaveAs) {
        let name = format!("{}-{}", app.file_stem(), (self.file)(app));
        let figure = || untrack(|| (self.figure)(SHEET, &Theme::print(), View::AUTOMATIC));
        match kind {
            SaveAs::Svg => {
                if let Some(figure) = figure() {
                    let svg = figure.to_svg();
                    browser::download(&format!("{name}.svg"), "image/svg+xml", svg.as_bytes());
                }
            }
            SaveAs::Png => {
                if let Some(figure) = figure() {
                    save_png(&name, &figure);
                }
            }
            SaveAs::Csv => {
                if let Some(csv) = untrack(|| (self.csv)()) {
                    browser::download(&format!("{name}.csv"), "text/csv", csv.as_bytes());
                }
            }
        }
    }
}

/// A small menu at the figure itself.
pub fn save_menu(app: App, saved: Saved) -> AnyView {
    let kinds = [
        (SaveAs::Svg, "svg", text::save_svg()),
        (SaveAs::Png, "png", text::save_png()),
        (SaveAs::Csv, "csv", text::save_csv()),
    ];
    let name = saved.name;
    let label = format!("{}: {}", text::save_figure(), saved.label);
    let buttons: Vec<AnyView> = kinds
        .into_iter()
        .map(|(kind, end, words)| {
            let saved = saved.clone();
            view! {
                <button type="button" data-test=format!("save-{name}-{end}") on:click=on_click(move |event| {
                    close_menu_of(&event);
                    saved.save(app, kind);
                })>
                    {words}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <details class="menu save">
            <summary class="button plain" aria-label=label.clone() title=label data-test=format!("save-{name}")>{icon(Icon::Export)}</summary>
            <div class="menu-list">{buttons}</div>
        </details>
    }
    .into_any()
}

/// Closes the menu a button stands in.
pub fn close_menu_of(event: &web_sys::Event) {
    let button = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    if let Some(menu) = button.and_then(|b| b.closest("details.menu").ok().flatten()) {
        close_menu(&menu);
    }
}

/// Closes a menu; the focus goes from inside it to what opened it.
pub fn close_menu(menu: &Element) {
    let focus = browser::document().and_then(|d| d.active_element());
    let _ = menu.remove_attribute("open");
    if focus.is_some_and(|e| menu.contains(Some(&e)))
        && let Ok(Some(summary)) = menu.query_selector("summary")
        && let Some(summary) = summary.dyn_ref::<HtmlElement>()
    {
        let _ = summary.focus();
    }
}

/// Offers a figure as PNG, three pixels per CSS pixel.
fn save_png(name: &str, figure: &Figure) {
    let Some(canvas) = browser::loose_canvas(1, 1) else {
        return;
    };
    if paint(&canvas, figure, 3.0).is_none() {
        return;
    }
    let name = format!("{name}.png");
    let done = Closure::once_into_js(move |blob: wasm_bindgen::JsValue| {
        if let Ok(blob) = blob.dyn_into::<web_sys::Blob>() {
            browser::download_blob(&name, &blob);
        }
    });
    let _ = canvas.to_blob(done.unchecked_ref());
}
