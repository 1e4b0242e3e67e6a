//! The simulator: a particle, a microscope, a heating program; what it looks like at any moment.

use leptos::prelude::*;

use super::dials::{choices, dials, pair};
use super::figures::Fig;
use super::{head, stage};
use crate::app::state::{App, Room};
use crate::app::widgets::{Icon, icon, on_change, on_click, part, words};
use crate::app::{browser, text};

const FIGURES: &[Fig] = &[Fig::Micrograph, Fig::Section, Fig::Profile, Fig::Dtau];

/// The room.
pub fn simulator(app: App) -> AnyView {
    let analyze = move || {
        // Another noise every time, or the truth could be known from the last one.
        let seed = browser::now_ms() as u64;
        app.open_simulated(app.teach.experiment.get_untracked(), seed);
    };
    let send = view! {
        <button type="button" class="primary" data-test="analyze-simulated" title=text::analyze_these_help() on:click=on_click(move |_| analyze())>
            {icon(Icon::Flask)} {text::analyze_these()}
        </button>
    }
    .into_any();
    view! {
        {head(app, Room::Simulator, send)}
        <div class="teach-grid">
            {panel(app)}
            {stage(app, FIGURES)}
        </div>
        {player(app)}
    }
    .into_any()
}

/// All numbers of the experiment.
pub fn panel(app: App) -> AnyView {
    view! {
        <section class="panel dials" aria-label=text::simulator()>
            <h3>{text::particle()}</h3>
            {pair(app)}
            {dials(app, &[0, 1, 2])}
            {choices(app)}
            {dials(app, &[10, 11])}
            <h3>{text::microscope()}</h3>
            {dials(app, &[3, 4, 5])}
            <h3>{text::program()}</h3>
            {dials(app, &[6, 7, 8, 9])}
        </section>
    }
    .into_any()
}

/// Frames of the heating in a second of play.
const FRAMES_PER_SECOND: f64 = 1.5;

/// Play, pause, and any moment by hand.
pub fn player(app: App) -> AnyView {
    let teach = app.teach;
    let last = move || teach.experiment.with(|e| e.heating.len().saturating_sub(1)) as f64;
    let said = move || {
        let moment = teach.moment.get().min(last());
        let at = (moment.ceil() as usize).min(last() as usize);
        let kelvin = teach
            .experiment
            .with(|e| e.heating.get(at).map_or(0.0, |s| s.temperature_k));
        let tau = teach
            .live
            .with(|l| l.as_ref().map_or(0.0, |l| l.0.tau_at(moment)));
        text::moment_is(moment, kelvin, tau)
    };
    view! {
        <div class="player" role="group" aria-label=text::moment()>
            <button type="button" data-test="play" aria-pressed=words(move || teach.playing.get().to_string()) on:click=on_click(move |_| toggle(app))>
                {part(move || if teach.playing.get() { text::pause() } else { text::play() })}
            </button>
            <input type="range" min="0" max=words(move || last().to_string()) step="0.05" data-test="moment"
                aria-label=text::moment() aria-valuetext=words(said)
                prop:value=words(move || teach.moment.get().to_string())
                on:input=on_change(move |e| if let Ok(moment) = event_target_value(&e).parse() {
                    teach.playing.set(false);
                    teach.moment.set(moment);
                }) />
            <span class="muted">{part(said)}</span>
        </div>
    }
    .into_any()
}

/// Plays from here, or from the start when the end is reached; or stops.
pub fn toggle(app: App) {
    let teach = app.teach;
    if teach.playing.get_untracked() {
        return teach.playing.set(false);
    }
    let last = teach
        .experiment
        .with_untracked(|e| e.heating.len().saturating_sub(1)) as f64;
    if teach.moment.get_untracked() >= last {
        teach.moment.set(0.0);
    }
    teach.playing.set(true);
    match browser::prefers_stillness() {
        true => browser::after(1000, move || step(app)),
        false => run(app, browser::now_ms()),
    }
}

/// Frame by frame of the screen.
fn run(app: App, before_ms: f64) {
    request_animation_frame(move || {
        let now_ms = browser::now_ms();
        if advance(
            app,
            FRAMES_PER_SECOND * (now_ms - before_ms).clamp(0.0, 200.0) / 1e3,
        ) {
            run(app, now_ms);
        }
    });
}

/// Image by image, where little motion is wanted.
fn step(app: App) {
    let now = app.teach.moment.get_untracked();
    if advance(app, (now + 1.0).floor() - now) {
        browser::after(1000, move || step(app));
    }
}

/// Whether it goes on.
fn advance(app: App, by: f64) -> bool {
    let teach = app.teach;
    if !teach.playing.get_untracked() {
        return false;
    }
    let last = teach
        .experiment
        .with_untracked(|e| e.heating.len().saturating_sub(1)) as f64;
    let moment = (teach.moment.get_untracked() + by).min(last);
    teach.moment.set(moment);
    teach.playing.set(moment < last);
    moment < last
}
