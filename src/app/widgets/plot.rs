//! A figure on a canvas: read-outs, zoom, pan, handles, keys, a table of its data, and its files.

use std::sync::Arc;

use leptos::html;
use leptos::prelude::*;

use super::erased::{effect, flag, memo, on_click, on_key, on_pointer, part, words};
use super::fingers::Fingers;
use super::save::{Saved, save_menu};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement, KeyboardEvent, PointerEvent};

use crate::app::state::App;
use crate::app::{browser, text};
use crate::figures::{
    Canvas, Direction, Figure, Handle, HandleId, Layout, Mark, Resolution, Theme, View,
};

/// Reach of the pointer (CSS pixels); fingers are wider.
const REACH_PX: f64 = 14.0;
const FINGER_PX: f64 = 26.0;
/// A press that moves less than this is a click.
const CLICK_PX: f64 = 4.0;

/// Head and rows of the data behind a figure.
pub type PlotTable = (Vec<String>, Vec<Vec<String>>);

/// Makes a figure of a size, in a theme, of a part of the data; `None` while there are no data.
pub type Draw = Arc<dyn Fn(Canvas, &Theme, View) -> Option<Figure> + Send + Sync>;

/// What a plot shows and does.
#[derive(Clone)]
pub struct Plot {
    /// The figure and its files; its name is the address for tests.
    pub saved: Saved,
    /// The digit that leads to it; empty for none.
    pub key: &'static str,
    /// Class of its box.
    pub class: &'static str,
    /// The data behind it.
    pub table: Arc<dyn Fn() -> PlotTable + Send + Sync>,
    /// Moves a handle to a value.
    pub drag: Arc<dyn Fn(HandleId, f64) + Send + Sync>,
    /// Takes where a drag on the plot began and where it is, in data; none where a drag moves the view.
    pub brush: Option<Brush>,
    /// What the arrow keys move a named handle by; 0 where no handle has a name.
    pub step: f64,
    /// Whether it can be zoomed and panned.
    pub zoom: bool,
    /// Whether what it shows belongs to earlier decisions.
    pub stale: Arc<dyn Fn() -> bool + Send + Sync>,
    /// What to say while there are no data.
    pub waiting: &'static str,
}

/// Takes two points.
pub type Brush = Arc<dyn Fn((f64, f64), (f64, f64)) + Send + Sync>;

enum Drag {
    None,
    Press {
        from: (f64, f64),
        plot: usize,
        view: View,
        layout: Layout,
        moved: bool,
    },
    Handle {
        id: HandleId,
        plot: usize,
    },
}

#[derive(Clone, Copy)]
struct Inner {
    app: App,
    view: RwSignal<View>,
    hover: RwSignal<Option<Mark>>,
    layout: StoredValue<Layout>,
    drag: StoredValue<Drag>,
    fingers: StoredValue<Fingers>,
    canvas: NodeRef<html::Canvas>,
    brush: StoredValue<Option<Brush>>,
}

/// The plot.
pub fn plot(app: App, what: Plot) -> AnyView {
    let inner = Inner {
        app,
        view: RwSignal::new(View::AUTOMATIC),
        hover: RwSignal::new(None),
        layout: StoredValue::new(Layout::default()),
        drag: StoredValue::new(Drag::None),
        fingers: StoredValue::new(Fingers::default()),
        canvas: NodeRef::new(),
        brush: StoredValue::new(what.brush.clone()),
    };
    let size = RwSignal::new((0.0, 0.0));
    let described = RwSignal::new((String::new(), String::new()));
    let handles = RwSignal::new(Vec::<Handle>::new());
    let step = what.step;
    let holder = NodeRef::<html::Div>::new();
    effect(move || {
        if let Some(holder) = holder.get() {
            browser::on_resize(&holder, move |w, h| {
                if size.try_get_untracked().is_some_and(|s| s != (w, h)) {
                    size.set((w, h));
                }
            });
        }
    });
    let figure = what.saved.figure.clone();
    effect(move || {
        let (width_px, height_px) = size.get();
        let theme = app.view.figure_theme();
        let view = inner.view.get();
        let Some(canvas) = inner.canvas.get() else {
            return;
        };
        if width_px < 40.0 || height_px < 40.0 {
            return;
        }
        let figure = figure(
            Canvas {
                width_px,
                height_px,
            },
            &theme,
            view,
        );
        match figure {
            Some(figure) => {
                let _ = paint(&canvas, &figure, browser::pixel_ratio());
                inner.follow(&figure.layout);
                if step > 0.0 {
                    handles.set(figure.layout.handles.clone());
                }
                inner.layout.set_value(figure.layout.clone());
                described.set((figure.title, figure.description));
            }
            None => {
                canvas.set_width(1);
                inner.point_at(None);
                inner.layout.set_value(Layout::default());
                described.set(Default::default());
            }
        }
    });

    let test = format!("plot-{}", what.saved.name);
    let (dragging, nudging) = (what.drag.clone(), what.drag.clone());
    let stale = what.stale.clone();
    let zoom = what.zoom;
    let table_open = RwSignal::new(false);
    let table = what.table.clone();
    view! {
        <div class=format!("plot {}", what.class) data-test=test class:stale=flag(move || stale())>
            <div
                class="plot-canvas"
                node_ref=holder
                tabindex="0"
                data-figure=what.key
                role="img"
                aria-label=words(move || described.with(|d| format!("{}. {}", d.0, d.1)))
                aria-description=text::plot_keys()
                on:keydown=on_key(move |event| inner.key(&event, zoom))
                on:pointerdown=on_pointer(move |event| inner.press(&event))
                on:pointermove=on_pointer(move |event| inner.moved(&event, zoom, &*dragging))
                on:pointerup=on_pointer(move |event| inner.release(&event))
                on:pointercancel=on_pointer(move |event| inner.abandon(&event))
                on:pointerleave=on_pointer(move |_| inner.hover.set(None))
                on:wheel=move |event| {
                    if zoom && (event.ctrl_key() || wheel_zooms(holder)) {
                        event.prevent_default();
                        let factor = libm::exp(-event.delta_y().clamp(-300.0, 300.0) * 0.002);
                        let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
                        inner.zoom(factor, at);
                    }
                }
                on:dblclick=on_click(move |_| inner.view.set(View::AUTOMATIC))
            >
                <canvas node_ref=inner.canvas aria-hidden="true"></canvas>
                {part(move || {
                    let empty = described.with(|d| d.0.is_empty());
                    empty.then(|| view! { <p class="waiting">{what.waiting}</p> })
                })}
                {part(move || inner.hover.get().map(|mark| read_out(&mark, size.get_untracked().0)))}
            </div>
            {(step > 0.0).then(|| sliders(app, handles, step, nudging))}
            <div class="foot">
            {save_menu(app, what.saved)}
            // Said both ways: another figure in the same place begins with its table closed.
            <details class="twin" open=flag(move || table_open.get()) on:toggle=move |event| {
                let open = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).is_some_and(|e| e.has_attribute("open"));
                table_open.set(open);
            }>
                <summary>{text::data_table()}</summary>
                {part(move || table_open.get().then(|| data_table(table())))}
            </details>
            </div>
        </div>
    }
    .into_any()
}

/// Height (px) of a handle's target …
const TARGET_PX: usize = 26;
/// … and how many find room one below the other.
const TARGETS: usize = 6;

/// The handles for keys: arrows move one, with Shift by a tenth; what is done while a key is down is one step of undo.
fn sliders(
    app: App,
    handles: RwSignal<Vec<Handle>>,
    step: f64,
    set: Arc<dyn Fn(HandleId, f64) + Send + Sync>,
) -> AnyView {
    let named =
        memo(move || handles.with(|all| all.iter().map(|h| (h.id, h.name)).collect::<Vec<_>>()));
    let one = move |place: usize,
                    (id, name): (HandleId, &'static str),
                    set: Arc<dyn Fn(HandleId, f64) + Send + Sync>| {
        let get = move || handles.with(|all| all.iter().find(|h| h.id == id).copied());
        let edge = match id {
            HandleId::Window(edge, _) => app
                .maps
                .choices
                .with_untracked(|c| c.edges.get(edge).map(|e| e.name.clone())),
            _ => None,
        };
        let label = format!("{}: {name} (eV)", edge.unwrap_or_default());
        let now = move || get().map(|h| format!("{:.1}", h.x)).unwrap_or_default();
        view! {
            <span
                class="handle"
                role="slider"
                tabindex="0"
                aria-label=label
                aria-orientation="horizontal"
                aria-valuenow=words(now)
                style:left=words(move || get().map(|h| format!("{:.1}px", h.x_px)).unwrap_or_default())
                // Ends that lie close have targets one below the other.
                style:top=format!("{}px", TARGET_PX * (place % TARGETS))
                on:keydown=on_key(move |event| {
                    let by = match event.key().as_str() {
                        "ArrowRight" | "ArrowUp" => step,
                        "ArrowLeft" | "ArrowDown" => -step,
                        _ => return,
                    };
                    if event.ctrl_key() || event.meta_key() || event.alt_key() {
                        return;
                    }
                    event.prevent_default();
                    let scale = if event.shift_key() { 0.1 } else { 1.0 };
                    if let Some(handle) = untrack(get) {
                        app.begin_drag();
                        set(id, handle.x + by * scale);
                    }
                })
                on:keyup=on_key(move |_| app.end_drag())
                on:blur=move |_| app.end_drag()
            ></span>
        }
        .into_any()
    };
    view! {
        <div class="sliders">
            {part(move || named.get().into_iter().enumerate().map(|(place, h)| one(place, h, set.clone())).collect::<Vec<_>>())}
        </div>
    }
    .into_any()
}

fn read_out(mark: &Mark, width: f64) -> AnyView {
    let left = format!("{:.0}px", mark.x_px);
    let top = format!("{:.0}px", mark.y_px);
    let class = if mark.x_px > 0.6 * width {
        "read-out left"
    } else {
        "read-out"
    };
    view! {
        <span class="cursor" style:left=left.clone() style:top=top.clone()></span>
        <output class=class style:left=left style:top=top>{typeset(&mark.label)}</output>
    }
    .into_any()
}

/// Symbols that have a subscript.
const SYMBOLS: [&str; 3] = ["R_A", "R_B", "T_m"];

/// A text with its symbols as they are printed: `R_A` is R with a subscript, unless it ends a longer name.
pub fn typeset(text: &str) -> AnyView {
    let at = SYMBOLS.iter().filter_map(|symbol| text.find(symbol)).min();
    let symbol = at.and_then(|at| {
        let (before, rest) = text.split_at(at);
        let is_symbol = !before.ends_with('_');
        is_symbol.then_some((before, rest.get(..1)?, rest.get(2..3)?, rest.get(3..)?))
    });
    match symbol {
        Some((before, base, below, after)) => {
            let (before, base, below) = (before.to_owned(), base.to_owned(), below.to_owned());
            view! { {before}<i>{base}</i><sub>{below}</sub>{typeset(after)} }.into_any()
        }
        None => text.to_owned().into_any(),
    }
}

/// A table of words and numbers.
pub fn data_table((head, rows): PlotTable) -> AnyView {
    let head: Vec<_> = head
        .into_iter()
        .map(|h| view! { <th scope="col">{typeset(&h)}</th> })
        .collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            // Names of files stay as they are.
            let cell = |c: String| match SYMBOLS.contains(&c.as_str()) {
                true => typeset(&c),
                false => c.into_any(),
            };
            let cells: Vec<_> = row
                .into_iter()
                .map(|c| view! { <td>{cell(c)}</td> })
                .collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <div class="scroll" tabindex="0">
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

/// Opens or closes the first table of data within what the selector names.
pub fn toggle_table(within: &str) {
    if let Some(within) = element(within) {
        toggle(&within);
    }
}

/// Closes it; whether it was open.
pub fn close_table(within: &str) -> bool {
    let open = element(&format!("{within} .twin[open]"));
    if let Some(table) = open.as_ref().and_then(|table| table.parent_element()) {
        toggle(&table);
    }
    open.is_some()
}

fn element(selector: &str) -> Option<Element> {
    browser::document()?.query_selector(selector).ok()?
}

/// As a click on its summary does, which gets the focus: the table is the next thing that Tab leads to.
fn toggle(around: &Element) {
    let summary = around.query_selector(".twin > summary").ok().flatten();
    if let Some(summary) = summary.and_then(|s| s.dyn_into::<HtmlElement>().ok()) {
        summary.click();
        let _ = summary.focus();
    }
}

/// On pages that scroll, the wheel scrolls, unless the plot has been chosen.
fn wheel_zooms(holder: NodeRef<html::Div>) -> bool {
    let chosen = holder.get_untracked().is_some_and(|holder| {
        browser::document()
            .and_then(|d| d.active_element())
            .is_some_and(|e| e.is_same_node(Some(&holder)))
    });
    chosen
        || browser::document()
            .and_then(|d| d.document_element())
            .is_some_and(|root| root.scroll_height() <= root.client_height() + 2)
}

/// Paints a figure on a canvas, sharp on any screen: plotters counts in whole units, so these are eighths of a pixel.
pub fn paint(canvas: &HtmlCanvasElement, figure: &Figure, device_pixel_ratio: f64) -> Option<()> {
    const SUBDIVISION: u32 = 8;
    let size = figure.scene.canvas;
    // Setting the size also clears the canvas.
    canvas.set_width((size.width_px * device_pixel_ratio).round() as u32);
    canvas.set_height((size.height_px * device_pixel_ratio).round() as u32);
    let context = browser::surface(canvas)?;
    let unit = 1.0 / f64::from(SUBDIVISION);
    context.set_transform(unit, 0.0, 0.0, unit, 0.0, 0.0).ok()?;
    let mut backend = CanvasBackend::with_canvas_object(canvas.clone())?;
    figure
        .paint(
            &mut backend,
            Resolution {
                device_pixel_ratio,
                subdivision: SUBDIVISION,
            },
        )
        .ok()
}

impl Inner {
    fn position(self, event: &PointerEvent) -> (f64, f64) {
        match self.canvas.get_untracked() {
            Some(canvas) => {
                let rect = canvas.get_bounding_client_rect();
                (
                    f64::from(event.client_x()) - rect.left(),
                    f64::from(event.client_y()) - rect.top(),
                )
            }
            None => (0.0, 0.0),
        }
    }

    fn press(self, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let at = self.position(event);
        if self.fingers.try_update_value(|f| f.down(event, at)) == Some(true) {
            // Both fingers enlarge the view, and what the first one began has not been.
            self.app.abort_drag();
            return self.drag.set_value(Drag::Press {
                from: at,
                plot: 0,
                view: self.view.get_untracked(),
                layout: self.layout.get_value(),
                moved: true,
            });
        }
        let layout = self.layout.get_value();
        let reach = if event.pointer_type() == "touch" {
            FINGER_PX
        } else {
            7.0
        };
        let drag = if let Some(handle) = layout.handle_at(at, reach) {
            self.app.begin_drag();
            Drag::Handle {
                id: handle.id,
                plot: handle.plot,
            }
        } else if let Some((plot, _)) = layout.plot_at(at.0, at.1) {
            if self.brush.with_value(Option::is_some) {
                self.app.begin_drag();
            }
            Drag::Press {
                from: at,
                plot,
                view: self.view.get_untracked(),
                layout,
                moved: false,
            }
        } else {
            return;
        };
        self.drag.set_value(drag);
        if let Some(target) = event
            .current_target()
            .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        {
            let _ = target.set_pointer_capture(event.pointer_id());
        }
    }

    fn moved(self, event: &PointerEvent, zoom: bool, drag_handle: &dyn Fn(HandleId, f64)) {
        let at = self.position(event);
        if let Some(Some(pinch)) = self.fingers.try_update_value(|f| f.moved(event, at)) {
            let zoomed = self.drag.with_value(|drag| match drag {
                Drag::Press { view, layout, .. } if zoom => {
                    Some(layout.zoomed(*view, pinch.factor, pinch.from, Direction::Both))
                }
                _ => None,
            });
            if let Some(view) = zoomed {
                self.view.set(view);
            }
            return;
        }
        let mut value = None;
        let mut view = None;
        let mut brushed = None;
        self.drag.update_value(|drag| match drag {
            Drag::None => {}
            Drag::Handle { id, plot } => {
                value = self.layout.with_value(|layout| {
                    Some((*id, layout.plots.get(*plot)?.to_data(at.0, at.1).0))
                });
            }
            Drag::Press {
                from,
                plot,
                view: start,
                layout,
                moved,
            } => {
                let by = (at.0 - from.0, at.1 - from.1);
                *moved |= libm::hypot(by.0, by.1) > CLICK_PX;
                if *moved && let Some(area) = layout.plots.get(*plot) {
                    brushed = Some((area.to_data(from.0, from.1), area.to_data(at.0, at.1)));
                }
                if *moved && zoom {
                    view = Some(layout.panned(*start, *plot, by, Direction::Both));
                }
            }
        });
        if let (Some(brush), Some((from, to))) = (self.brush.get_value(), brushed) {
            brush(from, to);
        } else if let Some((id, value)) = value {
            drag_handle(id, value);
        } else if let Some(view) = view {
            self.view.set(view);
        } else {
            let mark = self.layout.with_value(|l| l.nearest(at, REACH_PX).cloned());
            self.point_at(mark);
            self.set_cursor(at);
        }
    }

    fn point_at(self, mark: Option<Mark>) {
        if self.hover.with_untracked(|h| *h != mark) {
            self.hover.set(mark);
        }
    }

    /// What is pointed at moves with the data, or goes where it is no longer drawn.
    fn follow(self, layout: &Layout) {
        if let Some(old) = self.hover.get_untracked() {
            let same =
                |m: &&Mark| (m.plot, m.x, m.y) == (old.plot, old.x, old.y) && m.label == old.label;
            self.point_at(layout.marks.iter().find(same).cloned());
        }
    }

    fn set_cursor(self, at: (f64, f64)) {
        let on_handle = self.layout.with_value(|l| l.handle_at(at, 7.0).is_some());
        if let Some(canvas) = self.canvas.get_untracked() {
            let _ = canvas
                .class_list()
                .toggle_with_force("on-handle", on_handle);
        }
    }

    fn release(self, event: &PointerEvent) {
        let at = self.position(event);
        self.fingers.update_value(|f| f.up(event));
        let mut clicked = false;
        let mut handled = false;
        self.drag.update_value(|drag| {
            clicked = matches!(drag, Drag::Press { moved: false, .. });
            handled = matches!(drag, Drag::Handle { .. });
            *drag = Drag::None;
        });
        if handled || self.brush.with_value(Option::is_some) {
            self.app.end_drag();
        }
        if clicked && let Some(frame) = self.layout.with_value(|l| l.frame_at(at, FINGER_PX)) {
            self.app.selected.set(frame);
        }
    }

    fn abandon(self, event: &PointerEvent) {
        self.fingers.update_value(|f| f.up(event));
        self.drag.set_value(Drag::None);
        self.app.end_drag();
    }

    fn zoom(self, factor: f64, at: (f64, f64)) {
        let view = self.view.get_untracked();
        let zoomed = self
            .layout
            .with_value(|l| l.zoomed(view, factor, at, Direction::Both));
        if zoomed != view {
            self.view.set(zoomed);
        }
    }

    fn key(self, event: &KeyboardEvent, zoom: bool) {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let middle = self.layout.with_value(|l| {
            l.plots.first().map(|p| {
                (
                    0.5 * (p.rect.left + p.rect.right),
                    0.5 * (p.rect.top + p.rect.bottom),
                )
            })
        });
        let Some(middle) = middle else { return };
        let pan = |by: (f64, f64)| {
            let view = self.view.get_untracked();
            let panned = self
                .layout
                .with_value(|l| l.panned(view, 0, by, Direction::Both));
            self.view.set(panned);
        };
        let step = if event.shift_key() { 10.0 } else { 40.0 };
        match event.key().as_str() {
            "ArrowLeft" if zoom => pan((step, 0.0)),
            "ArrowRight" if zoom => pan((-step, 0.0)),
            "ArrowUp" if zoom => pan((0.0, step)),
            "ArrowDown" if zoom => pan((0.0, -step)),
            "+" | "=" if zoom => self.zoom(1.25, middle),
            "-" | "\u{2212}" if zoom => self.zoom(0.8, middle),
            "0" | "Home" if zoom => self.view.set(View::AUTOMATIC),
            "PageDown" => self.step_mark(1),
            "PageUp" => self.step_mark(-1),
            "Enter" => {
                if let Some(frame) = self
                    .hover
                    .with_untracked(|m| m.as_ref().and_then(|m| m.frame))
                {
                    self.app.selected.set(frame);
                }
            }
            "Escape" => self.point_at(None),
            "t" | "T" if self.app.view.single_keys.get_untracked() => {
                let target = event.current_target();
                let canvas = target.and_then(|t| t.dyn_into::<Element>().ok());
                if let Some(plot) = canvas.and_then(|c| c.parent_element()) {
                    toggle(&plot);
                }
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn step_mark(self, by: isize) {
        let current = self.hover.get_untracked();
        let mark = self.layout.with_value(|layout| {
            let marks = &layout.marks;
            let index = current
                .and_then(|c| marks.iter().position(|m| *m == c))
                .map_or(0, |i| i.saturating_add_signed(by));
            marks.get(index.min(marks.len().saturating_sub(1))).cloned()
        });
        self.point_at(mark);
    }
}
