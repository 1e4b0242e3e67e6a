//! The selected frame, large: the circle is moved by mouse, finger, key or number, and everything follows.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use crate::app::state::{App, Bar, Ruler};
use crate::app::widgets::{
    Fingers, draw_part, effect, on_click, on_key, on_pointer, part, shade, words,
};
use crate::app::{browser, text};
use crate::imaging::{Circle, Mask, Point};

use super::{frame_masks, frame_overlay, frame_ruler, frame_tools};

/// Of the particle's radius: what is shown around it.
const AROUND: f64 = 1.6;
/// Reach of the pointer about the circle's line (CSS pixels); fingers are wider.
const REACH_PX: f64 = 7.0;
const FINGER_PX: f64 = 22.0;
/// A press that moves less than this is a click.
const CLICK_PX: f64 = 4.0;

/// What the pointer does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Moves the circle.
    #[default]
    Circle,
    /// Draws a circle to be left out of the average.
    Mask,
    /// Measures the scale bar.
    Ruler,
    /// Moves the picture.
    Pan,
}

/// What part of the picture is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Middle (pixels of the file).
    pub center: Point,
    /// CSS pixels per pixel of the file.
    pub scale: f64,
}

/// The view's own state.
#[derive(Clone, Copy)]
pub struct FrameView {
    /// What the pointer does.
    pub tool: RwSignal<Tool>,
    /// Mask being drawn by a drag.
    pub new_mask: RwSignal<Option<Circle>>,
    /// Corners of the polygon being drawn.
    pub corners: RwSignal<Vec<Point>>,
    /// Where the pointer is while one is.
    pub pointer: RwSignal<Option<Point>>,
    /// Size of the element (CSS pixels).
    pub size: RwSignal<(f64, f64)>,
    /// Zoom and pan of the user; `None` for automatic.
    chosen: RwSignal<Option<Window>>,
    /// Where the particle was when the frame came up: the automatic window does not run after a circle being dragged.
    anchor: RwSignal<Option<(usize, Circle)>>,
    drag: StoredValue<Drag>,
    fingers: StoredValue<Fingers>,
}

#[derive(Clone, Copy)]
enum Drag {
    None,
    /// Offset of the pointer from the center.
    Center(f64, f64),
    /// Offset of the pointer from the line.
    Radius(f64),
    Pan {
        from: (f64, f64),
        window: Window,
    },
    Mask,
    /// A corner was added.
    Corner,
    Ruler,
}

impl Window {
    /// The picture moved by CSS pixels.
    fn moved(self, (dx, dy): (f64, f64)) -> Window {
        Window {
            center: Point {
                x_px: self.center.x_px - dx / self.scale,
                y_px: self.center.y_px - dy / self.scale,
            },
            ..self
        }
    }

    /// The picture enlarged; what lies at the position (CSS pixels in an element of `size`) stays there.
    fn zoomed(self, factor: f64, at: (f64, f64), size: (f64, f64)) -> Window {
        let scale = (self.scale * factor).clamp(0.02, 200.0);
        let (dx, dy) = (at.0 - size.0 / 2.0, at.1 - size.1 / 2.0);
        let share = 1.0 / self.scale - 1.0 / scale;
        Window {
            center: Point {
                x_px: self.center.x_px + dx * share,
                y_px: self.center.y_px + dy * share,
            },
            scale,
        }
    }
}

impl FrameView {
    /// What is shown now.
    pub fn window(self, app: App) -> Window {
        if let Some(window) = self.chosen.get() {
            return window;
        }
        let (width, height) = self.size.get();
        let index = app.selected.get();
        let (columns, rows) = app.frame(index).map_or((1, 1), |f| f.size);
        let (columns, rows) = (columns.max(1) as f64, rows.max(1) as f64);
        match self.anchor.get() {
            Some((frame, circle)) if frame == index && !app.view.whole_image.get() => Window {
                center: circle.center,
                scale: width.min(height) / (2.0 * AROUND * circle.radius_px.max(2.0)),
            },
            _ => Window {
                center: Point {
                    x_px: (columns - 1.0) / 2.0,
                    y_px: (rows - 1.0) / 2.0,
                },
                scale: (width / columns).min(height / rows),
            },
        }
    }

    /// From the image to the element.
    pub fn to_css(self, app: App, p: Point) -> (f64, f64) {
        let (window, (width, height)) = (self.window(app), self.size.get());
        (
            (p.x_px - window.center.x_px) * window.scale + width / 2.0,
            (p.y_px - window.center.y_px) * window.scale + height / 2.0,
        )
    }

    fn to_image(self, app: App, (x, y): (f64, f64)) -> Point {
        let (window, (width, height)) =
            untrack(move || (self.window(app), self.size.get_untracked()));
        Point {
            x_px: (x - width / 2.0) / window.scale + window.center.x_px,
            y_px: (y - height / 2.0) / window.scale + window.center.y_px,
        }
    }
}

/// The panel.
pub fn frame(app: App) -> AnyView {
    let view = FrameView {
        tool: RwSignal::new(Tool::Circle),
        new_mask: RwSignal::new(None),
        corners: RwSignal::new(Vec::new()),
        pointer: RwSignal::new(None),
        size: RwSignal::new((0.0, 0.0)),
        chosen: RwSignal::new(None),
        anchor: RwSignal::new(None),
        drag: StoredValue::new(Drag::None),
        fingers: StoredValue::new(Fingers::default()),
    };
    let canvas = NodeRef::<html::Canvas>::new();
    let stage = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(stage) = stage.get() {
            browser::on_resize(&stage, move |w, h| {
                if view.size.try_get_untracked().is_some_and(|s| s != (w, h)) {
                    view.size.set((w, h));
                }
            });
        }
    });
    // Other files: nothing of the old ones stays.
    effect(move || {
        app.fingerprint.track();
        view.anchor.set(None);
        view.chosen.set(None);
    });
    effect(move || {
        let index = app.selected.get();
        app.fingerprint.track();
        let circle = app.circle(index);
        let known = view.anchor.get_untracked().is_some_and(|(f, _)| f == index);
        // One that is being drawn is none to look at yet.
        let drawn = !matches!(view.drag.get_value(), Drag::None);
        if let (false, false, Some(circle)) = (known, drawn, circle) {
            view.anchor.set(Some((index, circle)));
        }
    });
    // Another frame, or another part wanted: zoom and pan by hand end.
    effect(move || {
        app.selected.track();
        app.view.whole_image.track();
        view.chosen.set(None);
        app.ruler.set(None);
    });
    effect(move || {
        app.selected.track();
        view.tool.track();
        view.corners.set(Vec::new());
    });

    let raster = StoredValue::new_local(None);
    let shaded = RwSignal::new(0_u32);
    effect(move || {
        let index = app.selected.get();
        // Until the large picture is there, the small one does.
        let plane = app
            .picture
            .get()
            .filter(|p| p.frame == index)
            .or_else(|| app.thumbs.with(|t| t.get(index).cloned().flatten()));
        raster.set_value(match (plane, app.contrast.get()) {
            (Some(plane), Some(contrast)) => shade(&plane, contrast, app.view.colormap.get()),
            _ => None,
        });
        shaded.update(|n| *n += 1);
    });
    effect(move || {
        shaded.track();
        let (window, size) = (view.window(app), view.size.get());
        if let (Some(canvas), true) = (canvas.get(), size.0 > 0.0) {
            let corner = (
                window.center.x_px - size.0 / 2.0 / window.scale,
                window.center.y_px - size.1 / 2.0 / window.scale,
            );
            raster.with_value(|raster| {
                if let Some(raster) = raster {
                    draw_part(&canvas, raster, corner, size, window.scale);
                }
            });
        }
    });
    let caption = move || {
        let index = app.selected.get();
        let temperature = app
            .frame(index)
            .and_then(|f| f.temperature_k)
            .map(|t| text::temperature(t.value, app.view.celsius.get()));
        (index, temperature)
    };
    // What the tool asks for or has found, on the picture: the rows below it are for numbers.
    let advice = move || match view.tool.get() {
        Tool::Mask => Some(text::mask_help().to_owned()),
        Tool::Ruler => Some(frame_ruler::state(app)),
        Tool::Circle | Tool::Pan => None,
    };
    view! {
        <section class="frame panel" aria-labelledby="frame-title">
            <header>
                <h2 id="frame-title">{text::frame()} " " {part(move || caption().0)}</h2>
                <span class="muted">{part(move || caption().1)}</span>
                {frame_tools::tools(app, view)}
            </header>
            <div
                class="stage"
                node_ref=stage
                tabindex="0"
                role="application"
                aria-label=words(move || match view.tool.get() {
                    Tool::Mask => text::mask_help(),
                    Tool::Ruler => text::ruler_help(),
                    Tool::Circle | Tool::Pan => text::circle_label(),
                })
                data-figure="1"
                data-test="frame-view"
                data-tool=words(move || match view.tool.get() {
                    Tool::Circle => "circle",
                    Tool::Mask => "mask",
                    Tool::Ruler => "ruler",
                    Tool::Pan => "pan",
                })
                on:pointerdown=on_pointer(move |event| press(app, view, &event))
                on:pointermove=on_pointer(move |event| moved(app, view, &event))
                on:pointerup=on_pointer(move |event| release(app, view, &event))
                on:pointercancel=on_pointer(move |event| release(app, view, &event))
                on:keydown=on_key(move |event| key(app, view, &event))
                on:keyup=on_key(move |_| app.end_drag())
                on:blur=move |_| app.end_drag()
                on:dblclick=on_click(move |event| match view.tool.get_untracked() {
                    Tool::Circle => {
                        // What is seen is to be the particle found there, not what the clicks drew.
                        view.anchor.set(None);
                        point(app, view.to_image(app, position(&event)));
                    }
                    Tool::Mask => frame_masks::close(app, view),
                    Tool::Ruler | Tool::Pan => {}
                })
                on:wheel=move |event| {
                    event.prevent_default();
                    let factor = libm::exp(-event.delta_y().clamp(-300.0, 300.0) * 0.002);
                    zoom(app, view, factor, position(&event));
                }
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                {frame_overlay::overlay(app, view)}
                <p class="advice" role="status" data-test="advice">{part(advice)}</p>
            </div>
            {frame_tools::numbers(app, view)}
        </section>
    }
    .into_any()
}

/// Position of the pointer in the element that listens.
fn position(event: &web_sys::MouseEvent) -> (f64, f64) {
    match event
        .current_target()
        .and_then(|t| t.dyn_into::<Element>().ok())
    {
        Some(element) => {
            let rect = element.get_bounding_client_rect();
            (
                f64::from(event.client_x()) - rect.left(),
                f64::from(event.client_y()) - rect.top(),
            )
        }
        None => (0.0, 0.0),
    }
}

fn press(app: App, view: FrameView, event: &PointerEvent) {
    if event.button() != 0 {
        return;
    }
    let at = position(event);
    let p = view.to_image(app, at);
    let window = untrack(move || view.window(app));
    if view.fingers.try_update_value(|f| f.down(event, at)) == Some(true) {
        give_up(app, view);
        return view.drag.set_value(Drag::Pan { from: at, window });
    }
    let reach = if event.pointer_type() == "touch" {
        FINGER_PX
    } else {
        REACH_PX
    } / window.scale;
    let circle = untrack(move || app.circle(app.selected.get_untracked()));
    let pan = Drag::Pan { from: at, window };
    let drag = match view.tool.get_untracked() {
        Tool::Pan => pan,
        Tool::Mask if frame_masks::click(app, view, p, reach, window.scale) => Drag::Corner,
        Tool::Mask => {
            view.new_mask.set(Some(Circle {
                center: p,
                radius_px: 0.0,
            }));
            Drag::Mask
        }
        Tool::Ruler => {
            app.ruler.set(Some(Ruler {
                ends: [p, p],
                bar: Bar::Unasked,
            }));
            Drag::Ruler
        }
        Tool::Circle => match circle {
            Some(c) => {
                let (dx, dy) = (p.x_px - c.center.x_px, p.y_px - c.center.y_px);
                let off = libm::hypot(dx, dy) - c.radius_px;
                if off.abs() <= reach {
                    Drag::Radius(off)
                } else if off < 0.0 {
                    Drag::Center(dx, dy)
                } else {
                    pan
                }
            }
            // No particle found: a click says where it is, and the drag how large.
            None => {
                // What is seen stays while it is drawn.
                view.chosen.set(Some(window));
                view.anchor.set(None);
                app.begin_drag();
                set_circle(
                    app,
                    Circle {
                        center: p,
                        radius_px: 4.0,
                    },
                );
                Drag::Radius(0.0)
            }
        },
    };
    if matches!(drag, Drag::Center(..) | Drag::Radius(_)) {
        app.begin_drag();
    }
    view.drag.set_value(drag);
    if let Some(target) = event
        .current_target()
        .and_then(|t| t.dyn_into::<Element>().ok())
    {
        let _ = target.set_pointer_capture(event.pointer_id());
    }
}

/// A second finger: both move the picture, and what the first one began has not been.
fn give_up(app: App, view: FrameView) {
    match view.drag.get_value() {
        Drag::Center(..) | Drag::Radius(_) => app.abort_drag(),
        Drag::Mask => view.new_mask.set(None),
        Drag::Corner => view.corners.update(|c| {
            c.pop();
        }),
        Drag::Ruler => app.ruler.set(None),
        Drag::None | Drag::Pan { .. } => {}
    }
}

fn moved(app: App, view: FrameView, event: &PointerEvent) {
    let at = position(event);
    if let Some(Some(pinch)) = view.fingers.try_update_value(|f| f.moved(event, at)) {
        if let Drag::Pan { window, .. } = view.drag.get_value() {
            let by = (pinch.to.0 - pinch.from.0, pinch.to.1 - pinch.from.1);
            let window = window.zoomed(pinch.factor, pinch.from, view.size.get_untracked());
            view.chosen.set(Some(window.moved(by)));
        }
        return;
    }
    let p = view.to_image(app, at);
    let circle = untrack(move || app.circle(app.selected.get_untracked()));
    match (view.drag.get_value(), circle) {
        (Drag::Center(dx, dy), Some(c)) => set_circle(
            app,
            Circle {
                center: Point {
                    x_px: p.x_px - dx,
                    y_px: p.y_px - dy,
                },
                ..c
            },
        ),
        (Drag::Radius(off), Some(c)) => {
            let distance = libm::hypot(p.x_px - c.center.x_px, p.y_px - c.center.y_px);
            set_circle(
                app,
                Circle {
                    radius_px: (distance - off).max(1.0),
                    ..c
                },
            );
        }
        (Drag::Pan { from, window }, _) => {
            let by = (at.0 - from.0, at.1 - from.1);
            view.chosen.set(Some(window.moved(by)));
        }
        (Drag::Mask, _) => view.new_mask.update(|mask| {
            if let Some(mask) = mask {
                mask.radius_px = libm::hypot(p.x_px - mask.center.x_px, p.y_px - mask.center.y_px);
            }
        }),
        (Drag::Ruler, _) => app.ruler.update(|ruler| {
            if let Some(ruler) = ruler {
                ruler.ends[1] = p;
            }
        }),
        _ => {
            if !view.corners.with_untracked(Vec::is_empty) {
                view.pointer.set(Some(p));
            }
        }
    }
}

fn release(app: App, view: FrameView, event: &PointerEvent) {
    view.fingers.update_value(|f| f.up(event));
    let drag = view.drag.get_value();
    view.drag.set_value(Drag::None);
    match drag {
        Drag::Center(..) | Drag::Radius(_) => app.end_drag(),
        Drag::Mask => {
            let scale = untrack(move || view.window(app)).scale;
            if let Some(mask) = view.new_mask.get_untracked() {
                // A click begins a polygon, a drag was a circle.
                if mask.radius_px * scale < CLICK_PX {
                    view.pointer.set(None);
                    view.corners.set(vec![mask.center]);
                } else if mask.radius_px >= 1.0 {
                    frame_masks::add(app, Mask::Circle(mask));
                }
            }
            view.new_mask.set(None);
        }
        Drag::Ruler => app.snap_ruler(),
        _ => {}
    }
}

/// A circle to begin with where no particle was found: in the middle of the image.
pub fn in_the_middle(app: App) -> Circle {
    let frame = untrack(move || app.frame(app.selected.get_untracked()));
    let (columns, rows) = frame.map_or((1, 1), |f| f.size);
    Circle {
        center: Point {
            x_px: (columns as f64 - 1.0) / 2.0,
            y_px: (rows as f64 - 1.0) / 2.0,
        },
        radius_px: (columns.min(rows) as f64 / 4.0).max(1.0),
    }
}

/// Sets the selected frame's circle.
pub fn set_circle(app: App, circle: Circle) {
    app.edit_frame(app.selected.get_untracked(), |frame| {
        frame.circle = Some(circle);
    });
}

/// Takes back the user's circle, and what was pointed at.
pub fn automatic(app: App) {
    app.edit_frame(app.selected.get_untracked(), |frame| {
        frame.circle = None;
        frame.pointed = None;
    });
}

/// Has the particle found that is pointed at.
fn point(app: App, at: Point) {
    app.edit_frame(app.selected.get_untracked(), |frame| {
        frame.circle = None;
        frame.pointed = Some(at);
    });
}

/// Enlarges about a position.
fn zoom(app: App, view: FrameView, factor: f64, at: (f64, f64)) {
    let window = untrack(move || view.window(app));
    let size = view.size.get_untracked();
    view.chosen.set(Some(window.zoomed(factor, at, size)));
}

fn key(app: App, view: FrameView, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    if view.tool.get_untracked() == Tool::Mask && frame_masks::key(app, view, &event.key()) {
        return event.prevent_default();
    }
    let selected = app.selected.get_untracked();
    let single = app.view.single_keys.get_untracked();
    let step = if event.shift_key() { 0.1 } else { 1.0 };
    let circle = untrack(move || app.circle(selected));
    let change = |dx: f64, dy: f64, dr: f64| {
        let c = circle.unwrap_or_else(|| in_the_middle(app));
        // Keys held down are one step of undo; it ends when they are let go.
        app.begin_drag();
        set_circle(
            app,
            Circle {
                center: Point {
                    x_px: c.center.x_px + dx,
                    y_px: c.center.y_px + dy,
                },
                radius_px: (c.radius_px + dr).max(1.0),
            },
        );
    };
    let middle = {
        let (w, h) = view.size.get_untracked();
        (w / 2.0, h / 2.0)
    };
    match event.key().as_str() {
        "ArrowLeft" => change(-step, 0.0, 0.0),
        "ArrowRight" => change(step, 0.0, 0.0),
        "ArrowUp" => change(0.0, -step, 0.0),
        "ArrowDown" => change(0.0, step, 0.0),
        "PageUp" => app.step_selection(-1),
        "PageDown" => app.step_selection(1),
        "[" if single => change(0.0, 0.0, -1.0),
        "]" if single => change(0.0, 0.0, 1.0),
        "{" if single => change(0.0, 0.0, -0.1),
        "}" if single => change(0.0, 0.0, 0.1),
        "+" | "=" if single => zoom(app, view, 1.25, middle),
        "-" if single => zoom(app, view, 0.8, middle),
        "0" if single => automatic(app),
        "f" | "F" if single => {
            point(app, circle.unwrap_or_else(|| in_the_middle(app)).center);
        }
        "x" | "X" if single => app.toggle_excluded(selected),
        _ => return,
    }
    event.prevent_default();
}
