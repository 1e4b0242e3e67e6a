//! Tools and numbers of the frame view: whatever can be dragged can also be typed.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{
    Icon, NumberField, flag, icon, number_field, on_change, on_click, part, segmented, words,
};
use crate::figures::ColorMap;
use crate::imaging::{Circle, Mask, Point};
use crate::units::nanometers_per;

use super::frame::{FrameView, Tool, automatic, set_circle};
use super::header::icon_button;
use super::notices::by_user;

/// Tools in the panel's head.
pub fn tools(app: App, view: FrameView) -> AnyView {
    let tools = [
        (Tool::Circle, text::tool_circle()),
        (Tool::Mask, text::tool_mask()),
        (Tool::Ruler, text::tool_ruler()),
        (Tool::Pan, text::tool_pan()),
    ];
    let parts = [(false, text::view_particle()), (true, text::view_image())];
    let maps = [
        (ColorMap::Gray, text::gray()),
        (ColorMap::Viridis, text::viridis()),
        (ColorMap::Inferno, text::inferno()),
    ];
    view! {
        <div class="tools">
            {segmented(text::frame(), move || view.tool.get(), move |t| view.tool.set(t), &tools)}
            {segmented(text::view_image(), move || app.view.whole_image.get(), move |w| app.view.whole_image.set(w), &parts)}
            <select
                aria-label=text::colormap()
                title=text::colormap()
                prop:value=words(move || maps.iter().find(|m| m.0 == app.view.colormap.get()).map_or("", |m| m.1))
                on:change=on_change(move |event| {
                    let chosen = event_target_value(&event);
                    if let Some((map, _)) = maps.iter().find(|m| m.1 == chosen) {
                        app.view.colormap.set(*map);
                    }
                })
            >
                {maps.into_iter().map(|(map, name)| view! {
                    <option value=name selected=flag(move || app.view.colormap.get() == map)>{name}</option>
                }).collect::<Vec<_>>()}
            </select>
        </div>
    }
    .into_any()
}

const fn pixels(label: &'static str, name: &'static str) -> NumberField {
    NumberField {
        label,
        unit: "px",
        decimals: 2,
        step: 1.0,
        optional: false,
        min: 0.0,
        name,
    }
}

/// Numbers below the picture.
pub fn numbers(app: App, view: FrameView) -> AnyView {
    let circle = Memo::new(move |_| app.circle(app.selected.get()));
    let by_hand = Memo::new(move |_| {
        app.frame(app.selected.get())
            .is_some_and(|f| f.circle.is_some())
    });
    let excluded = Memo::new(move |_| app.frame(app.selected.get()).and_then(|f| f.excluded));
    let change = move |f: &dyn Fn(&mut Circle)| {
        if let Some(mut c) = circle.get_untracked() {
            f(&mut c);
            set_circle(app, c);
        }
    };
    let radius_nm = move || {
        let index = app.selected.get();
        let nm = app.frame(index)?.pixel_nm?.value * circle.get()?.radius_px;
        Some(format!("= {}", crate::figures::format::significant(nm, 4)) + " nm")
    };
    view! {
        <div class="numbers">
            <label>{text::center_x()}
                {number_field(pixels("x", "circle-x"), move || circle.get().map(|c| c.center.x_px),
                    move |v| if let Some(v) = v { change(&|c| c.center.x_px = v) })}
            </label>
            <label>{text::center_y()}
                {number_field(pixels("y", "circle-y"), move || circle.get().map(|c| c.center.y_px),
                    move |v| if let Some(v) = v { change(&|c| c.center.y_px = v) })}
            </label>
            <label>{text::radius()}
                {number_field(pixels("radius", "circle-r"), move || circle.get().map(|c| c.radius_px),
                    move |v| if let Some(v) = v { change(&|c| c.radius_px = v.max(1.0)) })}
            </label>
            <span class="muted">{part(radius_nm)}</span>
            {icon_button(Icon::Reset, text::automatic_help(), "circle-automatic", move || by_hand.get(), move || automatic(app))}
            <label class="check end">
                <input
                    type="checkbox"
                    data-test="exclude"
                    prop:checked=flag(move || excluded.get().is_some())
                    on:change=on_change(move |_| app.toggle_excluded(app.selected.get_untracked()))
                />
                {text::exclude()}
            </label>
            {part(move || excluded.get().is_some().then(|| view! {
                <input
                    type="text"
                    class="reason"
                    aria-label=text::reason()
                    prop:value=words(move || excluded.get().unwrap_or_default())
                    on:change=on_change(move |event| {
                        let reason = event_target_value(&event);
                        app.edit_frame(app.selected.get_untracked(), |f| f.excluded = Some(reason));
                    })
                />
            }))}
        </div>
        {part(move || (view.tool.get() == Tool::Ruler).then(|| ruler(app, view)))}
        {part(move || (view.tool.get() == Tool::Mask).then(|| masks(app)))}
    }
    .into_any()
}

/// Length of the scale bar.
fn ruler(app: App, view: FrameView) -> AnyView {
    let length = move || {
        let (a, b) = view.ruler.get()?;
        let pixels = libm::hypot(b.x_px - a.x_px, b.y_px - a.y_px);
        (pixels >= 2.0).then_some(pixels)
    };
    let unit = RwSignal::new("nm");
    let typed = RwSignal::new(None::<f64>);
    let apply = move || {
        if let (Some(pixels), Some(value), Some(nm)) = (
            length(),
            typed.get_untracked(),
            nanometers_per(unit.get_untracked()),
        ) {
            let pixel_nm = value * nm / pixels;
            app.edit(|project| {
                for frame in &mut project.series.frames {
                    frame.pixel_nm = Some(by_user(pixel_nm));
                }
            });
            view.tool.set(Tool::Circle);
            view.ruler.set(None);
        }
    };
    let field = NumberField {
        label: text::ruler_length(),
        unit: "",
        decimals: 3,
        step: 0.0,
        optional: true,
        min: 1e-12,
        name: "ruler-length",
    };
    let units: Vec<_> = ["nm", "Å", "pm", "µm"]
        .into_iter()
        .map(|u| view! { <option value=u>{u}</option> })
        .collect();
    view! {
        <div class="numbers extra" data-test="ruler">
            {part(move || match length() {
                None => view! { <span class="muted">{text::ruler_help()}</span> }.into_any(),
                Some(pixels) => view! { <span>{text::ruler_pixels(pixels)} " ="</span> }.into_any(),
            })}
            <label>
                <span class="hidden">{text::ruler_length()}</span>
                {number_field(field, move || typed.get(), move |v| typed.set(v))}
            </label>
            <select
                aria-label=text::ruler_length()
                on:change=on_change(move |event| {
                    let value = event_target_value(&event);
                    unit.set(["nm", "Å", "pm", "µm"].into_iter().find(|u| *u == value).unwrap_or("nm"));
                })
            >
                {units}
            </select>
            <button
                type="button"
                data-test="ruler-apply"
                disabled=flag(move || length().is_none() || typed.get().is_none())
                on:click=on_click(move |_| apply())
            >
                {text::ruler_apply()}
            </button>
        </div>
    }
    .into_any()
}

/// The frame's masks.
fn masks(app: App) -> AnyView {
    let count = Memo::new(move |_| app.frame(app.selected.get()).map_or(0, |f| f.masks.len()));
    let circle_of = move |index: usize| {
        app.frame(app.selected.get())
            .and_then(|f| f.masks.get(index).cloned())
            .and_then(|mask| match mask {
                Mask::Circle(c) => Some(c),
                Mask::Polygon(_) => None,
            })
    };
    let change = move |index: usize, f: &dyn Fn(&mut Circle)| {
        app.edit_frame(app.selected.get_untracked(), |frame| {
            if let Some(Mask::Circle(c)) = frame.masks.get_mut(index) {
                f(c);
            }
        });
    };
    let row = move |index: usize| {
        view! {
            <div class="numbers extra">
                <span>{text::mask_name(index)}</span>
                {number_field(pixels("x", "mask-x"), move || circle_of(index).map(|c| c.center.x_px),
                    move |v| if let Some(v) = v { change(index, &|c| c.center.x_px = v) })}
                {number_field(pixels("y", "mask-y"), move || circle_of(index).map(|c| c.center.y_px),
                    move |v| if let Some(v) = v { change(index, &|c| c.center.y_px = v) })}
                {number_field(pixels("radius", "mask-r"), move || circle_of(index).map(|c| c.radius_px),
                    move |v| if let Some(v) = v { change(index, &|c| c.radius_px = v) })}
                <button type="button" class="quiet" on:click=on_click(move |_| {
                    app.edit_frame(app.selected.get_untracked(), |f| if index < f.masks.len() { f.masks.remove(index); });
                })>{icon(Icon::Close)} {text::remove_mask()}</button>
            </div>
        }
        .into_any()
    };
    let add = move || {
        let index = app.selected.get_untracked();
        let circle = untrack(move || app.circle(index)).unwrap_or(Circle {
            center: Point {
                x_px: 20.0,
                y_px: 20.0,
            },
            radius_px: 40.0,
        });
        app.edit_frame(index, |f| {
            f.masks.push(Mask::Circle(Circle {
                radius_px: circle.radius_px / 4.0,
                ..circle
            }));
        });
    };
    view! {
        <div data-test="masks">
            {part(move || (0..count.get()).map(row).collect::<Vec<_>>())}
            <div class="numbers extra">
                <button type="button" data-test="add-mask" on:click=on_click(move |_| add())>{text::add_mask()}</button>
            </div>
        </div>
    }
    .into_any()
}
