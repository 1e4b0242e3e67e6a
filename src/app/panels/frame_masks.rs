//! Parts of the image that are left out of the average: circles are drawn by a drag, polygons corner by corner, and both can be typed.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::app::state::App;
use crate::app::widgets::{
    Icon, NumberField, flag, icon, localized, memo, number_field, on_change, on_click,
    parse_number, part, words,
};
use crate::app::{browser, text};
use crate::imaging::{Circle, Mask, Point};

use super::frame::FrameView;
use super::frame_tools::pixels;

/// Two clicks nearer than this (CSS pixels) are one, as those of a double click.
const SAME_PX: f64 = 4.0;

/// A click while a polygon is being drawn: one more corner, or on the first one the end of it. False when none is being drawn.
pub fn click(app: App, view: FrameView, p: Point, reach: f64, scale: f64) -> bool {
    let corners = view.corners.get_untracked();
    let (Some(first), Some(last)) = (corners.first(), corners.last()) else {
        return false;
    };
    let distance = |q: &Point| libm::hypot(p.x_px - q.x_px, p.y_px - q.y_px);
    if corners.len() >= 3 && distance(first) <= reach {
        close(app, view);
    } else if distance(last) > SAME_PX / scale {
        view.corners.update(|c| c.push(p));
    }
    true
}

/// Ends the polygon that is being drawn; fewer than three corners are none yet.
pub fn close(app: App, view: FrameView) {
    let corners = view.corners.get_untracked();
    if corners.len() >= 3 {
        view.corners.set(Vec::new());
        add(app, Mask::Polygon(corners));
    }
}

/// Keys while a polygon is being drawn. False when none is, or the key means nothing to it.
pub fn key(app: App, view: FrameView, key: &str) -> bool {
    if view.corners.with_untracked(Vec::is_empty) {
        return false;
    }
    match key {
        "Enter" => close(app, view),
        "Escape" => view.corners.set(Vec::new()),
        "Backspace" => view.corners.update(|c| {
            c.pop();
        }),
        _ => return false,
    }
    true
}

/// Adds a mask to the selected frame: one step of undo.
pub fn add(app: App, mask: Mask) {
    app.edit_frame(app.selected.get_untracked(), |frame| frame.masks.push(mask));
}

/// The frame's masks, each with its numbers and the way to be rid of it.
pub fn masks(app: App) -> AnyView {
    // Rows are made anew when a mask comes, goes or changes its kind, not when its numbers change.
    let kinds = memo(move || {
        let masks = app.frame(app.selected.get()).map(|f| f.masks);
        let round = |mask: &Mask| matches!(mask, Mask::Circle(_));
        masks
            .unwrap_or_default()
            .iter()
            .map(round)
            .collect::<Vec<bool>>()
    });
    let rows = move || {
        let kinds = kinds.get().into_iter().enumerate();
        kinds
            .map(|(index, round)| row(app, index, round))
            .collect::<Vec<_>>()
    };
    let add_around = move |polygon: bool| {
        let index = app.selected.get_untracked();
        let circle = untrack(move || app.circle(index)).unwrap_or_default();
        let (c, r) = (circle.center, (circle.radius_px / 4.0).max(4.0));
        let corner = |x: f64, y: f64| Point {
            x_px: libm::round(c.x_px + x * r),
            y_px: libm::round(c.y_px + y * r),
        };
        add(
            app,
            if polygon {
                Mask::Polygon(vec![
                    corner(-1.0, -1.0),
                    corner(1.0, -1.0),
                    corner(1.0, 1.0),
                    corner(-1.0, 1.0),
                ])
            } else {
                Mask::Circle(Circle {
                    center: c,
                    radius_px: r,
                })
            },
        );
    };
    let to_all = move || {
        let selected = app.selected.get_untracked();
        app.edit(|project| {
            let frames = &mut project.series.frames;
            let masks = frames
                .get(selected)
                .map(|f| f.masks.clone())
                .unwrap_or_default();
            frames.iter_mut().for_each(|f| f.masks.clone_from(&masks));
        });
    };
    view! {
        <div class="masks" data-test="masks">
            <div class="numbers">
                <button type="button" data-test="add-mask" on:click=on_click(move |_| add_around(false))>{text::add_circle()}</button>
                <button type="button" data-test="add-polygon" on:click=on_click(move |_| add_around(true))>{text::add_polygon()}</button>
                {part(move || (!kinds.with(Vec::is_empty) && app.frame_count() > 1).then(|| view! {
                    <button type="button" data-test="masks-to-all" on:click=on_click(move |_| to_all())>{text::masks_to_all()}</button>
                }))}
            </div>
            {part(rows)}
        </div>
    }
    .into_any()
}

fn row(app: App, index: usize, round: bool) -> AnyView {
    let numbers = if round {
        circle(app, index)
    } else {
        polygon(app, index)
    };
    view! {
        <div class="numbers">
            <span>{text::mask_name(index)}</span>
            {numbers}
            <button type="button" class="quiet" data-test="remove-mask" on:click=on_click(move |_| {
                app.edit_frame(app.selected.get_untracked(), |f| if index < f.masks.len() { f.masks.remove(index); });
                browser::refocus("[data-test=add-mask]");
            })>{icon(Icon::Close)} {text::remove_mask()}</button>
        </div>
    }
    .into_any()
}

fn mask_of(app: App, index: usize) -> Option<Mask> {
    app.frame(app.selected.get())?.masks.get(index).cloned()
}

fn circle(app: App, index: usize) -> AnyView {
    let value = move |part: fn(&mut Circle) -> &mut f64| match mask_of(app, index)? {
        Mask::Circle(mut circle) => Some(*part(&mut circle)),
        Mask::Polygon(_) => None,
    };
    let field = move |name: &'static str, test: &'static str, part: fn(&mut Circle) -> &mut f64| {
        let set = move |typed: Option<f64>| {
            app.edit_frame(app.selected.get_untracked(), |frame| {
                if let (Some(Mask::Circle(circle)), Some(typed)) =
                    (frame.masks.get_mut(index), typed)
                {
                    *part(circle) = typed;
                }
            });
        };
        number_field(pixels(name, test), move || value(part), set)
    };
    view! {
        {field(text::center_x(), "mask-x", |c| &mut c.center.x_px)}
        {field(text::center_y(), "mask-y", |c| &mut c.center.y_px)}
        {field(text::radius(), "mask-r", |c| &mut c.radius_px)}
    }
    .into_any()
}

fn polygon(app: App, index: usize) -> AnyView {
    let wrong = RwSignal::new(false);
    let shown = move || match mask_of(app, index) {
        Some(Mask::Polygon(corners)) => corner_words(&corners),
        _ => String::new(),
    };
    view! {
        <span class="number corners" class:wrong=flag(move || wrong.get())>
            <input
                type="text"
                autocomplete="off"
                spellcheck="false"
                aria-label=text::mask_corners()
                title=text::mask_corners()
                aria-invalid=words(move || wrong.get().to_string())
                data-test="mask-corners"
                prop:value=words(shown)
                on:change=on_change(move |event| {
                    let typed = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
                    let corners = typed.and_then(|input| parse_corners(&input.value()));
                    wrong.set(corners.is_none());
                    if let Some(corners) = corners {
                        app.edit_frame(app.selected.get_untracked(), |frame| {
                            if let Some(mask) = frame.masks.get_mut(index) {
                                *mask = Mask::Polygon(corners);
                            }
                        });
                    }
                })
            />
        </span>
    }
    .into_any()
}

/// `12.5 30; 40 30; 26 55`.
fn corner_words(corners: &[Point]) -> String {
    let tenth = |v: f64| libm::round(v * 10.0) / 10.0;
    let words: Vec<String> = corners
        .iter()
        .map(|p| localized(&format!("{} {}", tenth(p.x_px), tenth(p.y_px))))
        .collect();
    words.join("; ")
}

/// What [`corner_words`] writes; three corners at least.
fn parse_corners(words: &str) -> Option<Vec<Point>> {
    let corners = words
        .split(';')
        .filter(|part| !part.trim().is_empty())
        .map(|part| {
            let (x, y) = part.trim().split_once(char::is_whitespace)?;
            Some(Point {
                x_px: coordinate(x)?,
                y_px: coordinate(y)?,
            })
        })
        .collect::<Option<Vec<Point>>>()?;
    (corners.len() >= 3).then_some(corners)
}

fn coordinate(word: &str) -> Option<f64> {
    parse_number(word).filter(|px| px.abs() <= NumberField::MOST)
}
