//! Tools and numbers of the frame view: whatever can be dragged can also be typed.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{
    Icon, NumberField, flag, memo, number_field, on_change, part, save_menu, segmented, words,
};
use crate::figures::ColorMap;
use crate::imaging::Circle;

use super::frame::{FrameView, Tool, automatic, in_the_middle, set_circle};
use super::header::icon_button;
use super::{contents, frame_masks, frame_ruler, strip};

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
            {segmented(text::frame(), move || view.tool.get(), move |t| choose(app, view, t), &tools)}
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
            {contents::button(app)}
            {save_menu(app, strip::selected_saved(app))}
        </div>
    }
    .into_any()
}

/// Takes up a tool. A scale bar lies beside the particle: the ruler shows the whole image.
fn choose(app: App, view: FrameView, tool: Tool) {
    view.tool.set(tool);
    if tool == Tool::Ruler {
        app.view.whole_image.set(true);
    }
}

/// A field for a coordinate or a length in the image.
pub const fn pixels(label: &'static str, name: &'static str) -> NumberField {
    NumberField {
        label,
        unit: "px",
        decimals: 2,
        step: 1.0,
        optional: false,
        range: (0.0, NumberField::MOST),
        name,
    }
}

/// Numbers below the picture: those of the tool.
pub fn numbers(app: App, view: FrameView) -> AnyView {
    let circle = memo(move || app.circle(app.selected.get()));
    let by_hand = memo(move || {
        app.frame(app.selected.get())
            .is_some_and(|f| f.circle.is_some() || f.pointed.is_some())
    });
    let excluded = memo(move || app.frame(app.selected.get()).and_then(|f| f.excluded));
    let change = move |f: &dyn Fn(&mut Circle)| {
        let mut c = circle.get_untracked().unwrap_or_else(|| in_the_middle(app));
        f(&mut c);
        set_circle(app, c);
    };
    let radius_nm = move || {
        let index = app.selected.get();
        let nm = app.frame(index)?.pixel_nm?.value * circle.get()?.radius_px;
        Some(format!("= {}", crate::figures::format::significant(nm, 4)) + " nm")
    };
    let circle_row = move || {
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
        }
    };
    let row = move || match view.tool.get() {
        Tool::Circle | Tool::Pan => circle_row().into_any(),
        Tool::Mask => frame_masks::masks(app),
        Tool::Ruler => frame_ruler::ruler(app, view),
    };
    view! { <div class="tool-rows">{part(row)}</div> }.into_any()
}
