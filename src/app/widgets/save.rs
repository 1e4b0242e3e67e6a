//! A figure as a file: SVG and PNG as on a printed page, and the numbers behind it.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Blob, Element, HtmlElement};

use super::erased::{flag, on_change, on_click};
use super::plot::{Draw, paint};
use super::{Icon, icon};
use crate::app::state::App;
use crate::app::{browser, text};
use crate::engine::{decimal_commas, unit_row};
use crate::figures::{Figure, PNG_HEAD, Sheet, View};
use crate::language::{Language, within};

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
    /// PNG on the clipboard.
    Copy,
    Csv,
}

impl Saved {
    /// The figure as on a sheet, if there is one.
    pub fn drawn(&self, sheet: Sheet) -> Option<Figure> {
        untrack(|| (self.figure)(sheet.canvas(), &sheet.theme(), View::AUTOMATIC))
    }

    /// Offers the file.
    pub fn save(&self, app: App, kind: SaveAs) {
        let name = format!("{}-{}", app.file_stem(), (self.file)(app));
        let sheet = app.view.sheet.get_untracked();
        match kind {
            SaveAs::Svg => {
                if let Some(figure) = self.drawn(sheet) {
                    let svg = sheet.svg(&figure);
                    browser::download(&format!("{name}.svg"), "image/svg+xml", svg.as_bytes());
                }
            }
            SaveAs::Png => {
                if let Some(figure) = self.drawn(sheet) {
                    let name = format!("{name}.png");
                    png_of(&figure, sheet, move |blob| {
                        browser::download_blob(&name, &blob)
                    });
                }
            }
            SaveAs::Copy => {
                if let Some(figure) = self.drawn(sheet) {
                    png_of(&figure, sheet, move |blob| {
                        browser::copy_picture(blob, move |done| {
                            app.remark.set(Some(text::figure_copied(done).to_owned()));
                        });
                    });
                }
            }
            SaveAs::Csv => {
                // A table for machines: English heads, decimal points.
                let csv = within(Language::English, || untrack(|| (self.csv)()));
                if let Some(csv) = csv {
                    save_csv(app, &name, csv);
                }
            }
        }
    }
}

/// Offers a table, with a row of units and decimal commas where they are wanted.
pub fn save_csv(app: App, name: &str, csv: String) {
    let csv = match app.view.unit_row.get_untracked() {
        true => unit_row(&csv),
        false => csv,
    };
    let csv = match app.view.commas.get_untracked() {
        true => decimal_commas(&csv),
        false => csv,
    };
    browser::download(&format!("{name}.csv"), "text/csv", csv.as_bytes());
}

/// How figures and tables are saved: the size of the sheet, the decimal separator.
pub fn save_choices(app: App) -> AnyView {
    let options: Vec<AnyView> = Sheet::ALL
        .into_iter()
        .enumerate()
        .map(|(index, sheet)| {
            view! {
                <option value=index.to_string() selected=flag(move || app.view.sheet.get() == sheet)>{text::sheet(sheet)}</option>
            }
            .into_any()
        })
        .collect();
    view! {
        <label class="choice">
            <span>{text::sheet_label()}</span>
            <select data-test="sheet" on:change=on_change(move |event| {
                let index: Option<usize> = event_target_value(&event).parse().ok();
                if let Some(sheet) = index.and_then(|i| Sheet::ALL.get(i)) {
                    app.view.sheet.set(*sheet);
                }
            })>{options}</select>
        </label>
        <label class="check choice">
            <input
                type="checkbox"
                data-test="commas"
                prop:checked=flag(move || app.view.commas.get())
                on:change=on_change(move |event| app.view.commas.set(event_target_checked(&event)))
            />
            {text::commas()}
        </label>
        <label class="check choice">
            <input
                type="checkbox"
                data-test="unit-row"
                prop:checked=flag(move || app.view.unit_row.get())
                on:change=on_change(move |event| app.view.unit_row.set(event_target_checked(&event)))
            />
            {text::unit_row()}
        </label>
    }
    .into_any()
}

/// A small menu at the figure itself.
pub fn save_menu(app: App, saved: Saved) -> AnyView {
    let kinds = [
        (SaveAs::Svg, "svg", text::save_svg()),
        (SaveAs::Png, "png", text::save_png()),
        (SaveAs::Copy, "copy", text::copy_png()),
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
            <div class="menu-list">{buttons}{save_choices(app)}</div>
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

/// A figure as PNG.
fn png_of(figure: &Figure, sheet: Sheet, done: impl FnOnce(Blob) + 'static) {
    let Some(canvas) = browser::loose_canvas(1, 1) else {
        return;
    };
    if paint(&canvas, figure, sheet.pixels()).is_none() {
        return;
    }
    let done: Box<dyn FnOnce(Blob)> = Box::new(done);
    let done = Closure::once_into_js(move |blob: wasm_bindgen::JsValue| {
        if let Ok(blob) = blob.dyn_into::<Blob>() {
            done(sized(&blob, sheet).unwrap_or(blob));
        }
    });
    let _ = canvas.to_blob(done.unchecked_ref());
}

/// A PNG that says its size on paper.
fn sized(png: &Blob, sheet: Sheet) -> Option<Blob> {
    let head = f64::from(PNG_HEAD as u32);
    let parts = js_sys::Array::of3(
        &png.slice_with_f64_and_f64(0.0, head).ok()?.into(),
        &js_sys::Uint8Array::from(sheet.png_size().as_slice()),
        &png.slice_with_f64(head).ok()?.into(),
    );
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(&png.type_());
    Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()
}
