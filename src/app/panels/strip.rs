//! The series as a strip of pictures (Fig. 1 of the paper): one contrast for all, the circle, the temperature, a badge.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{
    Icon, Saved, draw_part, effect, icon, memo, on_click, on_key, part, save_menu, shade, words,
};
use crate::engine::{Plane, measurements_csv};
use crate::figures::{
    Canvas, Figure, StripFigure, StripFrame, TemperatureRamp, Theme, series_strip,
};
use crate::imaging::Measurement;
use crate::project::Frame;
use crate::signal::Image;

/// Side of a picture in the strip (CSS pixels).
const SIDE_PX: f64 = 84.0;
/// Of the particle's radius: what is shown around it.
const AROUND: f64 = 1.55;

/// The strip.
pub fn strip(app: App) -> AnyView {
    let count = memo(move || app.frame_count());
    let list = NodeRef::<html::Div>::new();
    // The selected frame is kept in sight.
    effect(move || {
        let selected = app.selected.get();
        if let Some(list) = list.get()
            && let Some(item) = list.children().item(selected as u32)
            && let Some(item) = item.dyn_ref::<HtmlElement>()
        {
            let (left, width) = (item.offset_left(), item.offset_width());
            let (from, seen) = (list.scroll_left(), list.client_width());
            if left < from {
                list.set_scroll_left(left - width / 2);
            } else if left + width > from + seen {
                list.set_scroll_left(left + width + width / 2 - seen);
            }
        }
    });
    view! {
        <section class="strip panel" aria-labelledby="strip-title">
            <header>
                <h2 id="strip-title">{text::series()}</h2>
                <span class="muted">{part(move || text::frame_count(count.get()))}</span>
                {save_menu(app, saved(app))}
                <button
                    type="button"
                    class="quiet"
                    aria-expanded=words(move || app.view.table.get().to_string())
                    data-test="table-toggle"
                    on:click=on_click(move |_| app.view.table.update(|t| *t = !*t))
                >
                    {icon(Icon::Table)} {text::table()}
                </button>
            </header>
            <div
                class="film"
                node_ref=list
                role="listbox"
                aria-label=text::series()
                aria-orientation="horizontal"
                tabindex="0"
                data-figure="1"
                data-test="strip"
                aria-activedescendant=words(move || format!("film-{}", app.selected.get()))
                on:keydown=on_key(move |event| key(app, &event))
            >
                {part(move || (0..count.get()).map(|index| thumb(app, index)).collect::<Vec<_>>())}
            </div>
        </section>
    }
    .into_any()
}

fn key(app: App, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    match event.key().as_str() {
        "ArrowLeft" | "ArrowUp" | "PageUp" => app.step_selection(-1),
        "ArrowRight" | "ArrowDown" | "PageDown" => app.step_selection(1),
        "Home" => app.selected.set(0),
        "End" => app.selected.set(app.frame_count().saturating_sub(1)),
        "x" | "X" if app.view.single_keys.get_untracked() => {
            app.toggle_excluded(app.selected.get_untracked());
        }
        _ => return,
    }
    event.prevent_default();
}

/// Side of a picture in a saved strip (CSS pixels).
const SAVED_SIDE_PX: f64 = 150.0;

/// The strip and its files.
fn saved(app: App) -> Saved {
    Saved {
        name: "strip",
        label: text::series(),
        file: |_| "series".to_owned(),
        figure: Arc::new(move |canvas, theme, _| {
            pictures(
                app,
                &(0..app.frame_count()).collect::<Vec<_>>(),
                canvas,
                theme,
            )
        }),
        csv: Arc::new(move || measured(app, &(0..app.frame_count()).collect::<Vec<_>>())),
    }
}

/// The picture of the selected frame and its files.
pub fn selected_saved(app: App) -> Saved {
    Saved {
        name: "frame",
        label: text::frame(),
        file: |app| format!("frame{}", app.selected.get_untracked()),
        figure: Arc::new(move |canvas, theme, _| {
            pictures(app, &[app.selected.get()], canvas, theme)
        }),
        csv: Arc::new(move || measured(app, &[app.selected.get()])),
    }
}

/// Pictures of frames as a figure: in rows, or a single one as high as the canvas.
fn pictures(app: App, frames: &[usize], canvas: Canvas, theme: &Theme) -> Option<Figure> {
    let series = app.history.with(|h| h.present().series.clone());
    let large = app.picture.get();
    let planes: Vec<(usize, Arc<Plane>)> = frames
        .iter()
        .filter_map(|&index| {
            let small = app.thumbs.with(|t| t.get(index).cloned().flatten());
            let large = large
                .clone()
                .filter(|p| frames.len() == 1 && p.frame == index);
            Some((index, large.or(small)?))
        })
        .collect();
    let images: Vec<Image> = planes
        .iter()
        .map(|(_, p)| Image {
            width: p.width,
            height: p.height,
            values: p.values.clone(),
        })
        .collect();
    let shown: Vec<StripFrame> = planes
        .iter()
        .zip(&images)
        .filter_map(|((index, plane), image)| {
            let frame = series.frames.get(*index)?;
            let binning = plane.binning.max(1);
            Some(StripFrame {
                frame: *index,
                image,
                circle: app.circle(*index).map(|c| c.binned(binning)),
                temperature_k: frame.temperature_k.as_ref().map(|t| t.value),
                pixel_nm: frame.pixel_nm.as_ref().map(|p| p.value * binning as f64),
                excluded: frame.excluded.is_some(),
            })
        })
        .collect();
    let figure = StripFigure {
        frames: &shown,
        color_map: app.view.colormap.get(),
        ramp: ramp(app),
    };
    let canvas = match shown.len() {
        0 => return None,
        1 => canvas,
        _ => Canvas {
            height_px: figure.natural_height_px(canvas.width_px, SAVED_SIDE_PX, theme),
            ..canvas
        },
    };
    Some(series_strip(canvas, theme, &figure))
}

/// What was measured in frames, as a table.
fn measured(app: App, frames: &[usize]) -> Option<String> {
    let series = app.history.with(|h| h.present().series.clone());
    let measured = app.measured.get();
    let rows: Vec<(usize, &Frame, Option<&Measurement>)> = frames
        .iter()
        .filter_map(|&index| {
            let found = measured.get(index).and_then(Option::as_ref);
            let found = found.and_then(|m| m.outcome.as_ref().ok());
            Some((index, series.frames.get(index)?, found))
        })
        .collect();
    Some(measurements_csv(&rows))
}

/// How a frame stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Badge {
    Waiting,
    Ok,
    Notice,
    Excluded,
    Error,
}

fn badge(app: App, index: usize) -> Badge {
    let excluded = app.history.with(|h| {
        h.present()
            .series
            .frames
            .get(index)
            .is_some_and(|f| f.excluded.is_some())
    });
    if excluded {
        return Badge::Excluded;
    }
    app.measured
        .with(|m| match m.get(index).and_then(Option::as_ref) {
            None => Badge::Waiting,
            Some(frame) if frame.outcome.is_err() => Badge::Error,
            Some(frame) if !frame.notices.is_empty() => Badge::Notice,
            Some(_) => Badge::Ok,
        })
}

/// What the badge means, in words, with the reasons.
fn badge_words(app: App, index: usize, badge: Badge) -> String {
    match badge {
        Badge::Waiting => text::badge_waiting().to_owned(),
        Badge::Ok => text::badge_ok().to_owned(),
        Badge::Excluded => {
            let reason = app
                .frame(index)
                .and_then(|f| f.excluded)
                .unwrap_or_default();
            text::excluded_because(&reason)
        }
        Badge::Notice | Badge::Error => app.measured.with(|m| {
            let Some(frame) = m.get(index).and_then(Option::as_ref) else {
                return String::new();
            };
            match &frame.outcome {
                Err(failure) => failure.to_string(),
                Ok(_) => frame
                    .notices
                    .iter()
                    .map(|n| text::notice(&n.kind))
                    .collect::<Vec<_>>()
                    .join("; "),
            }
        }),
    }
}

/// The colors of the series' temperatures.
pub fn ramp(app: App) -> TemperatureRamp {
    app.history.with(|h| {
        TemperatureRamp::of(
            h.present()
                .series
                .frames
                .iter()
                .map(|f| f.temperature_k.as_ref().map(|t| t.value)),
        )
    })
}

fn thumb(app: App, index: usize) -> AnyView {
    let canvas = NodeRef::<html::Canvas>::new();
    let there = memo(move || {
        app.thumbs
            .with(|t| t.get(index).is_some_and(Option::is_some))
    });
    let circle = memo(move || app.circle(index));
    // Left, top and side of what is shown (pixels of the file).
    let shown = memo(move || {
        let (width, height) = app.frame(index).map_or((1, 1), |f| f.size);
        let (width, height) = (width as f64, height as f64);
        match circle.get() {
            Some(c) => {
                let side = (2.0 * AROUND * c.radius_px).min(width.min(height)).max(4.0);
                (c.center.x_px - side / 2.0, c.center.y_px - side / 2.0, side)
            }
            None => {
                let side = width.max(height);
                (
                    (width - side) / 2.0 - 0.5,
                    (height - side) / 2.0 - 0.5,
                    side,
                )
            }
        }
    });
    let raster = StoredValue::new_local(None);
    let shaded = RwSignal::new(0_u32);
    effect(move || {
        let plane = there.get().then(|| {
            app.thumbs
                .with_untracked(|t| t.get(index).cloned().flatten())
        });
        raster.set_value(match (plane.flatten(), app.contrast.get()) {
            (Some(plane), Some(contrast)) => shade(&plane, contrast, app.view.colormap.get()),
            _ => None,
        });
        shaded.update(|n| *n += 1);
    });
    effect(move || {
        shaded.track();
        let (left, top, side) = shown.get();
        if let Some(canvas) = canvas.get() {
            raster.with_value(|raster| {
                if let Some(raster) = raster {
                    draw_part(
                        &canvas,
                        raster,
                        (left, top),
                        (SIDE_PX, SIDE_PX),
                        SIDE_PX / side,
                    );
                }
            });
        }
    });
    let badge = memo(move || badge(app, index));
    let temperature = move || {
        let frame = app.frame(index)?;
        let t = frame.temperature_k?;
        Some(text::temperature(t.value, app.view.celsius.get()))
    };
    let color = move || {
        let t = app
            .frame(index)
            .and_then(|f| f.temperature_k)
            .map(|t| t.value);
        ramp(app).color(&app.view.figure_theme(), t).css()
    };
    let ring = move || {
        let c = circle.get()?;
        let (left, top, side) = shown.get();
        let scale = SIDE_PX / side;
        Some(view! {
            <svg viewBox=format!("0 0 {SIDE_PX} {SIDE_PX}") aria-hidden="true">
                <circle
                    cx=format!("{:.1}", (c.center.x_px - left) * scale)
                    cy=format!("{:.1}", (c.center.y_px - top) * scale)
                    r=format!("{:.1}", c.radius_px * scale)
                />
            </svg>
        })
    };
    let class = move || match badge.get() {
        Badge::Waiting => "waiting",
        Badge::Ok => "ok",
        Badge::Notice => "notice",
        Badge::Excluded => "excluded",
        Badge::Error => "error",
    };
    let reasons = move || badge_words(app, index, badge.get());
    view! {
        <div
            class="thumb"
            id=format!("film-{index}")
            role="option"
            data-badge=words(class)
            data-test=format!("frame-{index}")
            title=words(reasons)
            aria-selected=words(move || (app.selected.get() == index).to_string())
            aria-label=words(move || format!("{} {} {}", text::frame_number(index), temperature().unwrap_or_default(), reasons()))
            on:click=on_click(move |_| app.selected.set(index))
        >
            <div class="image">
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                {part(ring)}
                <span class="badge" aria-hidden="true"></span>
            </div>
            <span class="caption"><i style:background=words(color)></i>{part(move || temperature().unwrap_or_else(|| text::frame_number(index)))}</span>
        </div>
    }
    .into_any()
}
