//! The heater log of the series: T(t) with the frames where they were taken, and the offset of the clocks.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    NumberField, Plot, PlotTable, Saved, flag, localized, memo, number_field, on_change, on_click,
    part, plot, words,
};
use crate::engine::logged_frames;
use crate::figures::{
    Canvas, Figure, HandleId, HeatingFigure, LoggedFrame, Theme, View, format, heating as draw,
};
use crate::formats::LogStart;
use crate::project::{Provenance, SeriesLog, Sourced, clock_of};

use super::notices::by_user;
use super::strip::ramp;

/// What was decided of the log.
fn choice(app: App) -> Option<SeriesLog> {
    app.history.with(|h| h.present().series.heater_log.clone())
}

fn edit(app: App, change: impl FnOnce(&mut SeriesLog)) {
    app.edit(|project| {
        if let Some(log) = &mut project.series.heater_log {
            change(log);
        }
    });
}

/// The frames that have a place on the log, with the effective step of the heating before each.
fn frames(app: App, offset_s: f64) -> Vec<LoggedFrame> {
    let Some(log) = app.heater_log.get() else {
        return Vec::new();
    };
    let analysis = app.analysis.with(|slot| slot.shown().cloned());
    app.history.with(|h| {
        let frames = &h.present().series.frames;
        logged_frames(frames, (&log, offset_s), analysis.as_deref())
    })
}

fn figure(app: App, canvas: Canvas, theme: &Theme, view: View) -> Option<Figure> {
    let log = app.heater_log.get()?;
    let frames = frames(app, choice(app)?.clock_offset_s.value);
    Some(draw(
        canvas,
        theme,
        view,
        &HeatingFigure {
            log: &log,
            frames: &frames,
            ramp: ramp(app),
            selected: Some(app.selected.get()),
        },
    ))
}

/// A line per frame: when, how hot, and what the heating before it came to.
fn table(app: App) -> PlotTable {
    let celsius = app.view.celsius.get();
    let Some((log, offset)) = app.heater_log.get().zip(choice(app)) else {
        return (text::heating_columns(), Vec::new());
    };
    let absent = || format::ABSENT.to_owned();
    let kelvin = |k: f64| text::temperature(k, celsius);
    let nominal = |frame: usize| app.frame(frame)?.temperature_k.map(|t| t.value);
    let peak = |frame: usize| {
        app.analysis.with(|slot| {
            let heating = slot.shown()?.heating.iter().flatten();
            heating
                .clone()
                .find(|h| h.index == frame && h.measured)
                .map(|h| (h.peak_k, h.elapsed_s))
        })
    };
    let rows = frames(app, offset.clock_offset_s.value)
        .into_iter()
        .map(|f| {
            let (peak_k, elapsed_s) = peak(f.frame).unzip();
            vec![
                f.frame.to_string(),
                localized(&format!("{:.1}", f.time_s)),
                log.at(f.time_s).map_or_else(absent, kelvin),
                nominal(f.frame).map_or_else(absent, kelvin),
                f.effective.map_or_else(absent, |e| kelvin(e.temperature_k)),
                f.effective
                    .map_or_else(absent, |e| format::significant(e.dwell_s, 4)),
                peak_k.map_or_else(absent, kelvin),
                elapsed_s.map_or_else(absent, |s| format::significant(s, 4)),
            ]
        })
        .collect();
    (text::heating_columns(), rows)
}

/// The figure and its files.
pub fn saved(app: App) -> Saved {
    Saved {
        name: "heating",
        label: text::heating(),
        file: |_| "heating".to_owned(),
        figure: Arc::new(move |c, t, v| figure(app, c, t, v)),
        csv: Arc::new(move || {
            let (head, rows) = table(app);
            let line = |cells: &[String]| cells.join(",").replace('\u{202f}', " ");
            let lines: Vec<String> = std::iter::once(line(&head))
                .chain(rows.iter().map(|r| line(r)))
                .collect();
            Some(lines.join("\n") + "\n")
        }),
    }
}

/// The panel; nothing where there is no log.
pub fn heating(app: App) -> AnyView {
    let open = memo(move || app.heater_log.with(Option::is_some) && choice(app).is_some());
    part(move || open.get().then(|| panel(app)))
}

fn panel(app: App) -> AnyView {
    let field = NumberField {
        label: text::clock_offset(),
        unit: "s",
        decimals: 1,
        step: 1.0,
        optional: false,
        range: (-NumberField::MOST, NumberField::MOST),
        name: "clock-offset",
    };
    let offset = move || choice(app).map(|l| l.clock_offset_s.value);
    let set = move |value: Option<f64>| {
        if let Some(value) = value {
            edit(app, |log| log.clock_offset_s = by_user(value));
        }
    };
    // Where the first frame would lie with clocks that agree.
    let drag = move |handle: HandleId, minutes: f64| {
        if handle != HandleId::Clock {
            return;
        }
        let first = untrack(move || frames(app, 0.0)).first().map(|f| f.time_s);
        if let Some(first) = first {
            let value = libm::round(60.0 * minutes - first);
            edit(app, |log| {
                log.clock_offset_s = Sourced {
                    value,
                    provenance: Provenance::User,
                }
            });
        }
    };
    let what = Plot {
        saved: saved(app),
        key: "",
        class: "heating-plot",
        table: Arc::new(move || table(app)),
        drag: Arc::new(drag),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: Arc::new(move || app.analysis.with(Slot::is_stale)),
        waiting: "",
    };
    let source = move || {
        choice(app).map(|log| {
            let name = log.file.rsplit('/').next().unwrap_or_default().to_owned();
            let kind = app.heater_log.with(|l| l.as_ref().map(|l| l.kind.name()));
            text::heater_log_of(&name, kind.unwrap_or_default())
        })
    };
    let told = move || choice(app).map(|log| text::provenance(&log.clock_offset_s.provenance));
    let clocks = move || {
        let log = app.heater_log.get()?;
        let log = (log.start != LogStart::Unknown).then_some(log.clock);
        let images = app.history.with(|h| clock_of(&h.present().series.frames));
        Some(text::clocks(images, log))
    };
    let placed = move || {
        let offset = choice(app)?.clock_offset_s.value;
        let log = app.heater_log.get()?;
        let (from, to) = log.span_s();
        let frames = frames(app, offset);
        let inside = frames
            .iter()
            .filter(|f| (from..=to).contains(&f.time_s))
            .count();
        Some(text::frames_in_log(inside, app.frame_count()))
    };
    view! {
        <section class="heating panel" aria-labelledby="heating-title" data-test="heating">
            <header>
                <h2 id="heating-title">{text::heating()}</h2>
                <p class="muted" data-test="heater-log">{part(source)} ". " {part(placed)}</p>
                <div class="tools">
                    <label class="check" title=text::use_log_help()>
                        <input type="checkbox" data-test="use-log" prop:checked=flag(move || choice(app).is_some_and(|l| l.used))
                            on:change=on_change(move |e| { let on = event_target_checked(&e); edit(app, |log| log.used = on) }) />
                        {text::use_log()}
                    </label>
                    <label title=text::clock_offset_help()>{text::clock_offset()} {number_field(field, offset, set)}</label>
                    <small>{part(told)} <span data-test="clocks">" ("{part(clocks)}")"</span></small>
                    <button
                        type="button"
                        class="quiet"
                        aria-expanded=words(move || app.view.heating.get().to_string())
                        data-test="heating-toggle"
                        on:click=on_click(move |_| app.view.heating.update(|h| *h = !*h))
                    >
                        {text::show_log()}
                    </button>
                </div>
            </header>
            {part(move || app.view.heating.get().then(|| plot(app, what.clone())))}
        </section>
    }
    .into_any()
}
