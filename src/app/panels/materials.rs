//! The library of materials: what it says of the pair, what the user changed, and its way in and out as a file.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::File;

use crate::app::state::App;
use crate::app::widgets::{
    ChooseFiles, Icon, choose_files, flag, icon, localized, memo, on_change, on_click,
    parse_number, part, scientific,
};
use crate::app::{browser, text};
use crate::language::{Language, within};
use crate::materials::{Confidence, Library, Quantity, Row, parse_rows};
use crate::project::Contrast;

/// The library as it counts in this project.
pub fn library(app: App) -> Library {
    app.history.with(|h| h.present().library())
}

/// What the diffusion model can and cannot say of the pair, where there is more to say than that it mixes.
pub fn applicability(app: App) -> AnyView {
    let sentences = memo(move || {
        let (core, shell, exponent) = app.model(|m| {
            let exponent = m.contrast.exponent().unwrap_or(Contrast::EXPONENT);
            (m.core.clone(), m.shell.clone(), exponent)
        });
        let library = library(app);
        let Some(pair) = library.pair(&core, &shell) else {
            return vec![text::unknown_pair(&core, &shell)];
        };
        let mut sentences: Vec<String> = pair
            .applicability
            .iter()
            .filter(|a| a.flag != Quantity::Soluble)
            .map(|a| a.sentence.clone())
            .collect();
        if !sentences.is_empty() {
            let index = library.contrast_index((&core, &shell), exponent);
            sentences.extend(index.map(text::contrast_index));
        }
        sentences
    });
    part(move || {
        let sentences = sentences.get();
        (!sentences.is_empty()).then(|| {
            view! {
                <p class="calm hint" data-test="applicability">
                    {icon(Icon::Warning)}
                    <span>{sentences.join(" ")}</span>
                </p>
            }
        })
    })
}

/// What stands in the dialog that `open` opens.
pub fn materials(app: App, open: RwSignal<bool>) -> AnyView {
    let of_pair = RwSignal::new(true);
    let problem = RwSignal::new(None::<(String, String)>);
    let edited = memo(move || app.history.with(|h| h.present().materials.len()));
    let save = move || {
        let csv = untrack(|| library(app)).to_csv();
        browser::download("materials.csv", "text/csv", csv.as_bytes());
    };
    let read = ChooseFiles {
        label: text::import().into_any(),
        help: "",
        button: "materials-read",
        input: "materials-import",
        accept: ".csv,text/csv,text/plain",
    };
    view! {
        <div class="materials">
            <p class="muted">{text::materials_help()}</p>
            <div class="tools">
                <label class="check">
                    <input type="checkbox" data-test="materials-pair" prop:checked=flag(move || of_pair.get())
                        on:change=on_change(move |e| of_pair.set(event_target_checked(&e))) />
                    {text::materials_of_pair()}
                </label>
                <button type="button" data-test="materials-export" on:click=on_click(move |_| save())>{text::materials_save()}</button>
                {choose_files(read, move |files| import(app, files, problem))}
                <button type="button" data-test="materials-reset" disabled=flag(move || edited.get() == 0)
                    on:click=on_click(move |_| app.edit(|p| p.materials.clear()))>
                    {text::materials_reset()}
                </button>
            </div>
            {part(move || problem.get().map(|(what, remedy)| view! {
                <p class="calm failed" role="alert" data-test="materials-problem">{icon(Icon::Error)} <span>{what}</span> <span class="remedy">{remedy}</span></p>
            }))}
            // Nothing is drawn while nobody looks.
            {part(move || open.get().then(|| table(app, of_pair.get(), problem)))}
            {super::material_entry::entry(app)}
        </div>
    }
    .into_any()
}

fn table(app: App, of_pair: bool, problem: RwSignal<Option<(String, String)>>) -> AnyView {
    let (core, shell) = app.model(|m| (m.core.clone(), m.shell.clone()));
    let library = library(app);
    let builtin = Library::builtin();
    let concerns = |row: &&Row| {
        let mut named = row
            .of
            .split([' ', '-'])
            .filter(|word| *word != "in" && !word.starts_with('('));
        let first = named.next();
        [first, named.next().or(first)]
            .into_iter()
            .flatten()
            .all(|s| s == core || s == shell)
    };
    let rows: Vec<AnyView> = library
        .rows()
        .filter(|row| !of_pair || concerns(row))
        .map(|row| {
            let given = builtin.row(&row.of, row.quantity).cloned();
            line(app, row.clone(), given, problem)
        })
        .collect();
    let head = text::materials_columns().map(|c| view! { <th scope="col">{c}</th> });
    view! {
        <div class="scroll" tabindex="0">
            <table data-test="materials-table">
                <thead><tr>{head.into_iter().collect::<Vec<_>>()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// One number; `given` is what comes with the program.
fn line(
    app: App,
    row: Row,
    given: Option<Row>,
    problem: RwSignal<Option<(String, String)>>,
) -> AnyView {
    let changed = given.as_ref() != Some(&row);
    let name = text::quantity_of(&row.of, row.quantity.name());
    let shown = number(row.value);
    let unit = text::shown_unit(row.quantity.unit());
    let (of, quantity) = (row.of.clone(), row.quantity);
    let again = row.clone();
    let set = move |typed: String| match parse_number(&typed) {
        Some(value) if value == again.value => {}
        Some(value) => change(
            app,
            Row {
                value,
                confidence: Confidence::User,
                // Part of the document, which is the same in all languages.
                source: within(Language::English, text::entered_by_user).to_owned(),
                ..again.clone()
            },
            problem,
        ),
        None => problem.set(Some((text::not_a_number(&typed), String::new()))),
    };
    let back = move || {
        app.edit(|p| {
            p.materials
                .retain(|edit| edit.of != of || edit.quantity != quantity);
        });
    };
    view! {
        <tr class:changed=changed>
            <td>{row.of.clone()}</td>
            <th scope="row">{text::known(row.quantity.name()).replace('_', " ")}</th>
            <td class="number">
                <input type="text" inputmode="decimal" autocomplete="off" aria-label=name.clone()
                    data-test=format!("material {name}") prop:value=shown
                    on:change=on_change(move |e| set(event_target_value(&e))) />
            </td>
            <td class="unit">{unit}</td>
            <td>{text::known(row.confidence.words()).to_owned()}</td>
            <td class="source">{row.source.clone()} {(!row.note.is_empty()).then(|| view! { <small>{row.note.clone()}</small> })}</td>
            <td>{changed.then(|| view! {
                <button type="button" class="plain" title=text::back_to_given() aria-label=text::back_to_given_of(&name) on:click=on_click(move |_| back())>
                    {icon(Icon::Undo)}
                </button>
            })}</td>
        </tr>
    }
    .into_any()
}

/// As short as it can be without losing a digit.
fn number(value: f64) -> String {
    if value != 0.0 && !(1e-3..1e6).contains(&value.abs()) {
        scientific(value)
    } else {
        localized(&format!("{value}"))
    }
}

fn change(app: App, row: Row, problem: RwSignal<Option<(String, String)>>) {
    let mut library = untrack(|| library(app));
    match library.set(row) {
        Ok(()) => {
            problem.set(None);
            app.edit(|p| p.materials = library.edits());
        }
        Err(error) => problem.set(Some((error.to_string(), error.remedy()))),
    }
}

/// Reads tables; either all of their rows count or none.
fn import(app: App, files: Vec<(String, File)>, problem: RwSignal<Option<(String, String)>>) {
    if files.is_empty() {
        return;
    }
    spawn_local(async move {
        let mut rows = Vec::new();
        for (name, file) in files {
            let text = match JsFuture::from(file.unchecked_ref::<web_sys::Blob>().text()).await {
                Ok(text) => text.as_string().unwrap_or_default(),
                Err(_) => return problem.set(Some((text::cannot_be_read(&name), String::new()))),
            };
            match parse_rows(&text) {
                Ok(more) => rows.extend(more),
                Err(e) => {
                    return problem.set(Some((format!("{name}: {}", chain(&e)), e.remedy())));
                }
            }
        }
        let mut library = untrack(|| library(app));
        for row in rows {
            if let Err(error) = library.set(row) {
                return problem.set(Some((error.to_string(), error.remedy())));
            }
        }
        problem.set(None);
        app.edit(|p| p.materials = library.edits());
    });
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut inner = error.source();
    while let Some(cause) = inner {
        words.push_str(&format!(": {cause}"));
        inner = cause.source();
    }
    words
}
