//! The pixel size from a burnt-in scale bar: a line is drawn along it (or its ends are typed), the program finds the bar under it, the
//! user says how long it is.

use leptos::prelude::*;

use crate::app::state::{App, Bar, Ruler};
use crate::app::text;
use crate::app::widgets::{NumberField, flag, number_field, on_change, on_click, part};
use crate::units::nanometers_per;

use super::frame::{FrameView, Tool};
use super::frame_tools::pixels;
use super::notices::by_user;

const UNITS: [&str; 4] = ["nm", "Å", "pm", "µm"];

/// Lines shorter than this (pixels) are slips of the hand.
const LEAST_PX: f64 = 2.0;

/// Length of the line (pixels), with its standard error where it is a bar's.
fn length(app: App) -> Option<(f64, Option<f64>)> {
    let length = app.ruler.with(|r| r.as_ref().map(Ruler::length_px))?;
    (length.0 >= LEAST_PX).then_some(length)
}

/// What to do, or what was found.
pub fn state(app: App) -> String {
    match (length(app), app.ruler.with(|r| r.as_ref().map(|r| r.bar))) {
        (Some((pixels, error)), Some(bar)) => text::ruler_state(bar, pixels, error),
        _ => text::ruler_help().to_owned(),
    }
}

/// The rows below the picture.
pub fn ruler(app: App, view: FrameView) -> AnyView {
    let length = move || length(app);
    let unit = RwSignal::new(UNITS[0]);
    let typed = RwSignal::new(None::<f64>);
    // Size of a pixel and its standard error (nm).
    let pixel_nm = move || {
        let (pixels, error) = length()?;
        let nm = typed.get()? * nanometers_per(unit.get())? / pixels;
        Some((nm, error.map(|e| nm * e / pixels)))
    };
    let apply = move || {
        if let Some((nm, _)) = untrack(pixel_nm) {
            app.edit(|project| {
                for frame in &mut project.series.frames {
                    frame.pixel_nm = Some(by_user(nm));
                }
            });
            view.tool.set(Tool::Circle);
            app.ruler.set(None);
            app.view.whole_image.set(false);
        }
    };
    let field = NumberField {
        label: text::ruler_length(),
        unit: "",
        decimals: 3,
        step: 0.0,
        optional: true,
        range: (1e-12, NumberField::MOST),
        name: "ruler-length",
    };
    let units: Vec<_> = UNITS
        .into_iter()
        .map(|u| view! { <option value=u>{u}</option> })
        .collect();
    let none = flag(move || length().is_none());
    view! {
        <div class="numbers" data-test="ruler">
            {end(app, "x₁", "ruler-x1", 0, false)} {end(app, "y₁", "ruler-y1", 0, true)}
            {end(app, "x₂", "ruler-x2", 1, false)} {end(app, "y₂", "ruler-y2", 1, true)}
            <button type="button" data-test="ruler-snap" disabled=none on:click=on_click(move |_| app.snap_ruler())>
                {text::ruler_snap()}
            </button>
        </div>
        <div class="numbers">
            <label>{text::ruler_length()} {number_field(field, move || typed.get(), move |v| typed.set(v))}</label>
            <select
                aria-label=text::ruler_unit()
                data-test="ruler-unit"
                on:change=on_change(move |event| {
                    let value = event_target_value(&event);
                    unit.set(UNITS.into_iter().find(|u| *u == value).unwrap_or(UNITS[0]));
                })
            >
                {units}
            </select>
            <span data-test="ruler-pixel">{part(move || pixel_nm().map(|(nm, error)| text::ruler_pixel(nm, error)))}</span>
            <button
                type="button"
                class="end"
                data-test="ruler-apply"
                disabled=flag(move || pixel_nm().is_none())
                on:click=on_click(move |_| apply())
            >
                {text::ruler_apply()}
            </button>
        </div>
    }
    .into_any()
}

/// One coordinate of one end. What is typed is not moved to a bar unless that is asked for.
fn end(app: App, label: &'static str, name: &'static str, end: usize, row: bool) -> AnyView {
    let value = move || {
        app.ruler.with(|ruler| {
            let p = ruler.as_ref()?.ends.get(end)?;
            Some(if row { p.y_px } else { p.x_px })
        })
    };
    let set = move |typed: Option<f64>| {
        let Some(typed) = typed else { return };
        app.ruler.update(|ruler| {
            let mut ends = ruler.as_ref().map_or_else(Default::default, |r| r.ends);
            if let Some(p) = ends.get_mut(end) {
                *(if row { &mut p.y_px } else { &mut p.x_px }) = typed;
            }
            *ruler = Some(Ruler {
                ends,
                bar: Bar::Unasked,
            });
        });
    };
    view! { <label>{label} {number_field(pixels(label, name), value, set)}</label> }.into_any()
}
