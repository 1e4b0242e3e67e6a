//! The series as a table: every value editable, with where it came from; a block from a spreadsheet can be pasted.

use std::ops::Range;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::ClipboardEvent;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{
    NumberField, flag, memo, number_field, on_change, on_click, parse_number, part, segmented,
    words,
};
use crate::formats::{
    DWELLS_S, PIXELS_NM, SeriesTable, TEMPERATURE_ERRORS_K, TEMPERATURES_K, is_blank, parse_table,
};
use crate::project::{Frame, Project, Sourced, TemperatureError};
use crate::signal::Notices;
use crate::units::{ZERO_CELSIUS_K, kelvin_from_celsius};

use super::notices::by_user;

/// The columns that hold numbers, in their order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Temperature,
    Error,
    Dwell,
    Pixel,
}

impl Column {
    const ALL: [Column; 4] = [
        Column::Temperature,
        Column::Error,
        Column::Dwell,
        Column::Pixel,
    ];

    fn of(self, frame: &Frame) -> Option<Sourced> {
        match self {
            Column::Temperature => frame.temperature_k.clone(),
            Column::Error => frame.temperature_se_k.map(by_user),
            Column::Dwell => frame.dwell_s.clone(),
            Column::Pixel => frame.pixel_nm.clone(),
        }
    }

    fn set(self, frame: &mut Frame, value: Option<f64>) {
        match self {
            Column::Temperature => frame.temperature_k = value.map(by_user),
            Column::Error => frame.temperature_se_k = value,
            Column::Dwell => frame.dwell_s = value.map(by_user),
            Column::Pixel => frame.pixel_nm = value.map(by_user),
        }
    }

    fn label(self, celsius: bool) -> &'static str {
        match self {
            Column::Temperature => text::column_temperature(celsius),
            Column::Error => text::column_temperature_error(),
            Column::Dwell => text::column_dwell(),
            Column::Pixel => text::column_pixel(),
        }
    }

    /// What is kept can be this, as in `series.csv`.
    fn range(self) -> Range<f64> {
        match self {
            Column::Temperature => TEMPERATURES_K,
            Column::Error => TEMPERATURE_ERRORS_K,
            Column::Dwell => DWELLS_S,
            Column::Pixel => PIXELS_NM,
        }
    }

    /// The same as it is shown.
    fn shown_range(self, celsius: bool) -> (f64, f64) {
        let Range { start, end } = self.range();
        (self.shown(start, celsius), self.shown(end, celsius))
    }

    /// From what is shown to what is kept.
    fn kept(self, shown: f64, celsius: bool) -> f64 {
        if self == Column::Temperature && celsius {
            kelvin_from_celsius(shown)
        } else {
            shown
        }
    }

    fn shown(self, kept: f64, celsius: bool) -> f64 {
        if self == Column::Temperature && celsius {
            kept - ZERO_CELSIUS_K
        } else {
            kept
        }
    }
}

/// The table.
pub fn table(app: App) -> AnyView {
    let count = memo(move || app.frame_count());
    let celsius = app.view.celsius;
    view! {
        <section class="series-table panel" aria-label=text::table() data-test="series-table">
            <p class="muted">{text::table_help()}</p>
            {temperature_error(app)}
            <div class="scroll">
                <table>
                    <thead>
                        <tr>
                            <th scope="col"><span class="hidden">{text::frame()}</span></th>
                            <th scope="col">{text::column_file()}</th>
                            <th scope="col">
                                <button type="button" class="quiet" title=text::celsius_switch() on:click=on_click(move |_| celsius.update(|c| *c = !*c))>
                                    {part(move || text::column_temperature(celsius.get()))}
                                </button>
                            </th>
                            <th scope="col">{text::column_temperature_error()}</th>
                            <th scope="col">{text::column_dwell()}</th>
                            <th scope="col">{text::column_pixel()}</th>
                            <th scope="col">{text::column_use()}</th>
                        </tr>
                    </thead>
                    <tbody>
                        {part(move || (0..count.get()).map(|index| row(app, index)).collect::<Vec<_>>())}
                    </tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn row(app: App, index: usize) -> AnyView {
    let file = move || {
        app.frame(index)
            .map(|f| {
                if f.plane > 0 || app.frame(index + 1).is_some_and(|n| n.file == f.file) {
                    text::plane_of(&f.file, f.plane)
                } else {
                    f.file
                }
            })
            .unwrap_or_default()
    };
    let used = memo(move || app.frame(index).is_some_and(|f| f.excluded.is_none()));
    let cells: Vec<AnyView> = Column::ALL
        .into_iter()
        .map(|column| cell(app, index, column))
        .collect();
    view! {
        <tr
            aria-selected=words(move || (app.selected.get() == index).to_string())
            on:focusin=move |_| app.selected.set(index)
            on:click=on_click(move |_| app.selected.set(index))
        >
            <th scope="row">{index}</th>
            <td class="file">{words(file)}</td>
            {cells}
            <td>
                <input
                    type="checkbox"
                    aria-label=text::include()
                    prop:checked=flag(move || used.get())
                    on:change=on_change(move |_| app.toggle_excluded(index))
                />
            </td>
        </tr>
    }
    .into_any()
}

fn cell(app: App, index: usize, column: Column) -> AnyView {
    let celsius = app.view.celsius;
    if index == 0 && matches!(column, Column::Error | Column::Dwell) {
        let words = match column {
            Column::Dwell => text::initial_state(),
            _ => "",
        };
        return view! { <td class="muted">{words}</td> }.into_any();
    }
    let field = move |celsius| NumberField {
        label: column.label(false),
        unit: "",
        decimals: match column {
            Column::Error => 1,
            Column::Pixel => 5,
            _ => 2,
        },
        step: 0.0,
        optional: true,
        range: column.shown_range(celsius),
        name: match column {
            Column::Temperature => "cell-temperature",
            Column::Error => "cell-temperature-error",
            Column::Dwell => "cell-dwell",
            Column::Pixel => "cell-pixel",
        },
    };
    let value = move || {
        let frame = app.frame(index)?;
        let own = column.of(&frame).map(|v| v.value);
        // How well a temperature is known: its own error, or that of all.
        let of_all = || {
            let temperature_k = frame.temperature_k?.value;
            let error = app.model(|m| m.temperature_error.at(temperature_k));
            (column == Column::Error && error > 0.0).then_some(error)
        };
        Some(column.shown(own.or_else(of_all)?, celsius.get()))
    };
    let set = move |typed: Option<f64>| {
        let kept = typed.map(|v| column.kept(v, celsius.get_untracked()));
        app.edit_frame(index, |frame| column.set(frame, kept));
    };
    let source = move || {
        let own = app.frame(index).and_then(|f| column.of(&f));
        own.map(|v| text::provenance(&v.provenance))
    };
    view! {
        <td on:paste=move |event| paste(app, index, column, &event)>
            {part(move || number_field(field(celsius.get()), value, set))}
            <small>{part(source)}</small>
        </td>
    }
    .into_any()
}

/// How well all temperatures are known, where a frame does not say it.
fn temperature_error(app: App) -> AnyView {
    let field = |label, unit, name| NumberField {
        label,
        unit,
        decimals: 2,
        step: 0.0,
        optional: true,
        range: (0.0, NumberField::MOST),
        name,
    };
    let kelvin = field(text::error_kelvin(), "K", "error-kelvin");
    let percent = field(text::error_percent(), "%", "error-percent");
    let of = move || app.model(|m| m.temperature_error);
    let given = |value: f64| (value > 0.0).then_some(value);
    let edit = move |change: &dyn Fn(&mut TemperatureError)| {
        app.edit_model(|m| change(&mut m.temperature_error));
    };
    let options = [
        (false, text::error_of_step()),
        (true, text::error_of_heater()),
    ];
    view! {
        <div class="temperature-error" role="group" aria-label=text::temperature_error()>
            <span>{text::temperature_error()}</span>
            <label>"± " {number_field(kelvin, move || given(of().kelvin), move |v| edit(&|e| e.kelvin = v.unwrap_or(0.0)))}</label>
            <label title=text::error_percent_help()>"± " {number_field(percent, move || given(of().percent), move |v| edit(&|e| e.percent = v.unwrap_or(0.0)))}</label>
            <span title=text::error_of_help()>
                {segmented(text::error_of_help(), move || of().common, move |common| edit(&|e| e.common = common), &options)}
            </span>
        </div>
    }
    .into_any()
}

/// A single value goes the browser's way; a block fills the cells from here on, or, with a header, the whole table.
fn paste(app: App, index: usize, column: Column, event: &web_sys::Event) {
    let Some(words) = event
        .dyn_ref::<ClipboardEvent>()
        .and_then(ClipboardEvent::clipboard_data)
        .and_then(|data| data.get_data("text/plain").ok())
    else {
        return;
    };
    let words = words.trim_end_matches(['\r', '\n']).to_owned();
    if !words.contains(['\t', '\n']) {
        return;
    }
    event.prevent_default();
    let celsius = app.view.celsius.get_untracked();
    let begun = app.history.with_untracked(|h| h.present().clone());
    let outcome = match parse_table(&words, &mut Notices::default()) {
        Ok(table) => paste_table(begun, &table),
        Err(error) if has_header(&words) => Err(error.to_string()),
        Err(_) => paste_block(begun, (index, column), &words, celsius),
    };
    match outcome {
        Ok(project) => app.edit(|present| *present = project),
        Err(why) => app.remark.set(Some(text::nothing_pasted(&why))),
    }
}

/// Whether the first line has a word where a number would stand.
fn has_header(words: &str) -> bool {
    let first = words.lines().next().unwrap_or_default();
    first
        .split('\t')
        .any(|cell| !is_blank(cell) && parse_number(cell).is_none())
}

/// A table with a header; rows go to the frames they name, those of a stack one after the other, or in order.
fn paste_table(mut project: Project, table: &SeriesTable) -> Result<Project, String> {
    let frames = &mut project.series.frames;
    let mut filled = vec![false; frames.len()];
    for (position, row) in table.rows.iter().enumerate() {
        let is_named = |(index, f): (usize, &Frame)| {
            let name = row.file.as_deref()?;
            let same = f.file == name || f.file.rsplit('/').next() == Some(name);
            let plane = match row.frame {
                Some(plane) => plane == f.plane,
                None => !filled[index],
            };
            (same && plane).then_some(index)
        };
        let index = match &row.file {
            Some(_) => frames.iter().enumerate().find_map(is_named),
            None => Some(row.frame.unwrap_or(position)).filter(|index| *index < frames.len()),
        };
        let Some(index) = index else { continue };
        filled[index] = true;
        let frame = &mut frames[index];
        for (slot, value) in [
            (&mut frame.temperature_k, row.temperature_k),
            (&mut frame.dwell_s, row.dwell_s),
            (&mut frame.pixel_nm, row.pixel_nm),
        ] {
            if let Some(value) = value {
                *slot = Some(by_user(value));
            }
        }
        frame.temperature_se_k = row.temperature_se_k.or(frame.temperature_se_k);
    }
    if filled.contains(&true) {
        Ok(project)
    } else {
        Err(text::no_frame_named().to_owned())
    }
}

/// Numbers only: from the cell downwards and to the right.
fn paste_block(
    mut project: Project,
    (index, column): (usize, Column),
    words: &str,
    celsius: bool,
) -> Result<Project, String> {
    let first = Column::ALL.iter().position(|c| *c == column).unwrap_or(0);
    let frames = project.series.frames.iter_mut().skip(index);
    for (row, (line, frame)) in words.lines().zip(frames).enumerate() {
        for (word, column) in line.split('\t').zip(Column::ALL.into_iter().skip(first)) {
            if is_blank(word) {
                continue;
            }
            let value = parse_number(word)
                .map(|number| column.kept(number, celsius))
                .filter(|value| column.range().contains(value))
                .ok_or_else(|| {
                    let place = text::row_of(row + 1, column.label(celsius));
                    text::cannot_be(&place, word.trim(), column.shown_range(celsius))
                })?;
            column.set(frame, Some(value));
        }
    }
    Ok(project)
}
