//! Rooms to learn in: simulator, planner, tour; the figures of the analysis for a lecture hall; a series whose truth is hidden.

mod blind;
mod dials;
mod figures;
mod pictures;
mod planner;
mod simulator;
mod tour;

pub use blind::{blind, truth};
pub use dials::{blank, name_of, of_name};
pub use figures::phase_question;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, HtmlSelectElement, KeyboardEvent};

use super::export::all_figures;
use crate::app::state::{App, Room};
use crate::app::widgets::{
    Icon, Plot, close_table, effect, icon, on_click, on_key, part, plot, toggle_table, words,
};
use crate::app::{browser, text};
use figures::Fig;

/// Steps of the tour.
pub const STEPS: usize = 8;

/// The room that is shown. `paper` opens the paper, checked.
pub fn room(app: App, room: Room, paper: RwSignal<bool>) -> AnyView {
    let node = NodeRef::<html::Div>::new();
    // Keys act at once, and screen readers begin here.
    effect(move || {
        if let Some(node) = node.get() {
            let _ = node.focus();
        }
    });
    let (name, test, content) = untrack(|| match room {
        Room::Simulator => (text::simulator(), "simulator", simulator::simulator(app)),
        Room::Planner => (text::planner(), "planner", planner::planner(app)),
        Room::Tour => (text::tour(), "tour", tour::tour(app, paper)),
        Room::Figures => (text::present(), "present", present(app)),
    });
    view! {
        <div class=format!("teach {test}") data-test=test node_ref=node tabindex="-1" role="region" aria-label=name
            on:keydown=on_key(move |event| key(app, room, &event))>
            <h2 class="hidden">{name}</h2>
            {content}
        </div>
    }
    .into_any()
}

/// Whether arrows belong to what has the focus.
fn takes_arrows(event: &KeyboardEvent) -> bool {
    event.target().is_some_and(|t| {
        t.dyn_ref::<HtmlInputElement>().is_some()
            || t.dyn_ref::<HtmlSelectElement>().is_some()
            || t.dyn_ref::<Element>()
                .is_some_and(|e| e.matches(".scroll").unwrap_or_default())
    })
}

fn key(app: App, room: Room, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.default_prevented() {
        return;
    }
    let presenting = app.view.presenting.get_untracked();
    let typing = takes_arrows(event);
    let turn = |by: isize| match room {
        Room::Tour => tour::turn(
            app,
            app.teach.step.get_untracked().saturating_add_signed(by),
        ),
        _ => turn_figure(app, by),
    };
    match event.key().as_str() {
        "t" | "T" if presenting && !typing && app.view.single_keys.get_untracked() => {
            toggle_table(".teach");
        }
        "Escape" if presenting && close_table(".teach") => browser::focus(".teach"),
        "Escape" if presenting && room == Room::Figures => app.go_to(None),
        "Escape" if presenting => app.view.presenting.set(false),
        "ArrowRight" | "PageDown" if !typing && (room == Room::Tour || presenting) => turn(1),
        "ArrowLeft" | "PageUp" if !typing && (room == Room::Tour || presenting) => turn(-1),
        "ArrowDown" if !typing && presenting => turn_figure(app, 1),
        "ArrowUp" if !typing && presenting => turn_figure(app, -1),
        " " if room == Room::Simulator && !typing && on_no_button(event) => simulator::toggle(app),
        _ => return,
    }
    event.prevent_default();
}

/// To another figure: what had the focus is gone.
fn turn_figure(app: App, by: isize) {
    app.teach
        .figure
        .update(|f| *f = f.saturating_add_signed(by));
    browser::focus(".teach");
}

fn on_no_button(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|e| !matches!(e.tag_name().as_str(), "BUTTON" | "SUMMARY"))
}

/// The line above a room: its name, what is its own, and the ways out.
fn head(app: App, room: Room, own: AnyView) -> AnyView {
    let rooms = [
        (Room::Tour, text::tour(), "go-tour"),
        (Room::Simulator, text::simulator(), "go-simulator"),
        (Room::Planner, text::planner(), "go-planner"),
    ];
    let others: Vec<AnyView> = rooms
        .into_iter()
        .map(|(other, name, test)| {
            view! {
                <button type="button" aria-pressed=(other == room).to_string() data-test=test on:click=on_click(move |_| app.go_to(Some(other)))>{name}</button>
            }
            .into_any()
        })
        .collect();
    let presenting = app.view.presenting;
    view! {
        <header class="teach-head">
            <nav class="segmented" aria-label=text::rooms()>{others}</nav>
            {own}
            <span class="out">
                <button type="button" data-test="present" title=text::present_help() aria-pressed=words(move || presenting.get().to_string())
                    on:click=on_click(move |_| { app.teach.figure.set(0); presenting.update(|p| *p = !*p) })>
                    {text::present()}
                </button>
                <button type="button" data-test="leave-room" on:click=on_click(move |_| app.go_to(None))>
                    {icon(Icon::Close)} {part(move || if app.has_series() { text::back() } else { text::leave() })}
                </button>
            </span>
        </header>
    }
    .into_any()
}

/// The figures side by side; one at a time for a lecture hall.
fn stage(app: App, figures: &'static [Fig]) -> AnyView {
    let of = move |fig: &Fig| {
        let fig = *fig;
        view! { <section class="panel fig" aria-label=fig.title()><h3>{fig.title()}</h3>{fig.view(app)}</section> }
            .into_any()
    };
    let content = move || {
        match app.view.presenting.get() {
        false => view! { <div class="stage-of" class:single=figures.len() == 1>{figures.iter().map(of).collect::<Vec<_>>()}</div> }.into_any(),
        true => {
            let index = bounded(app, figures.len());
            view! {
                <div class="stage-of single">
                    {figures.get(index).map(of)}
                    {steps(app, index, figures.len())}
                </div>
            }
            .into_any()
        }
    }
    };
    part(content)
}

/// The figure that is shown, of so many.
fn bounded(app: App, count: usize) -> usize {
    let last = count.saturating_sub(1);
    let index = app.teach.figure.get();
    if index > last {
        app.teach.figure.set(last);
    }
    index.min(last)
}

/// The way from figure to figure.
fn steps(app: App, index: usize, count: usize) -> AnyView {
    (count > 1)
        .then(|| {
            view! {
                <nav class="steps">
                    <button type="button" data-test="figure-previous" disabled=index == 0 aria-label=text::previous_figure() on:click=on_click(move |_| turn_figure(app, -1))>{icon(Icon::Previous)}</button>
                    <span data-test="figure-place">{text::figure_place(index, count)} <small>" · " {text::present_keys()}</small></span>
                    <button type="button" data-test="figure-next" disabled={index + 1 >= count} aria-label=text::next_figure() on:click=on_click(move |_| turn_figure(app, 1))>{icon(Icon::Next)}</button>
                </nav>
            }
        })
        .into_any()
}

/// The figures of the analysis, one at a time, with the answer below.
fn present(app: App) -> AnyView {
    let figures = all_figures(app);
    let count = figures.len();
    let all = StoredValue::new_local(figures);
    let content = move || {
        let index = bounded(app, count);
        all.with_value(|all| all.get(index).cloned()).map(|figure| {
            let label = figure.saved.label;
            // To be looked at: arrows and dragging lead to other figures.
            let what = Plot {
                key: "",
                class: "",
                drag: std::sync::Arc::new(|_, _| {}),
                zoom: false,
                waiting: text::no_figures(),
                ..figure
            };
            view! {
                <div class="stage-of single">
                    <section class="panel fig" aria-label=label><h3>{label}</h3>{plot(app, what)}</section>
                    {steps(app, index, count)}
                </div>
            }
        })
    };
    let answer = move || {
        let celsius = app.view.celsius.get();
        app.analysis
            .with(|slot| slot.shown().map(|a| text::answer_sentence(a, celsius)))
    };
    view! {
        <header class="teach-head">
            <p class="says">{part(answer)}</p>
            <span class="out"><button type="button" data-test="leave-room" on:click=on_click(move |_| app.go_to(None))>{icon(Icon::Close)} {text::leave()}</button></span>
        </header>
        {part(content)}
    }
    .into_any()
}

/// The three rooms as buttons of the first screen.
pub fn on_first_screen(app: App) -> AnyView {
    let rooms = [
        (Room::Tour, text::tour(), text::tour_about(), "first-tour"),
        (
            Room::Simulator,
            text::simulator(),
            text::simulator_about(),
            "first-simulator",
        ),
        (
            Room::Planner,
            text::planner(),
            text::planner_about(),
            "first-planner",
        ),
    ];
    let buttons: Vec<AnyView> = rooms
        .into_iter()
        .map(|(room, name, about, test)| {
            view! {
                <button type="button" class="sample" data-test=test on:click=on_click(move |_| app.go_to(Some(room)))>
                    <span><strong>{name}</strong>{about}</span>
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="samples" aria-labelledby="learn-title">
            <p id="learn-title">{text::learn()}</p>
            <div class="actions">{buttons}</div>
        </section>
    }
    .into_any()
}

/// The same in a menu, with the figures of the analysis where there is one.
pub fn in_menu(app: App) -> Vec<AnyView> {
    let rooms = [
        (Room::Tour, text::tour(), "menu-tour"),
        (Room::Simulator, text::simulator(), "menu-simulator"),
        (Room::Planner, text::planner(), "menu-planner"),
        (Room::Figures, text::present(), "menu-present"),
    ];
    rooms
        .into_iter()
        .map(|(room, name, test)| {
            let without = move || room == Room::Figures && !app.has_series();
            view! {
                <button type="button" data-test=test disabled=crate::app::widgets::flag(without)
                    on:click=on_click(move |e| { crate::app::widgets::close_menu_of(&e); app.go_to(Some(room)) })>{name}</button>
            }
            .into_any()
        })
        .collect()
}
