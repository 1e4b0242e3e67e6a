//! The tour: eight steps, each with a figure to touch and a question to predict.

use leptos::prelude::*;

use super::dials::{dials, pair};
use super::figures::{Fig, of_the_tour};
use super::simulator::player;
use super::{STEPS, head, stage};
use crate::app::browser;
use crate::app::state::{App, Room};
use crate::app::text::{self, TourStep};
use crate::app::widgets::{Icon, flag, icon, on_click, part, typeset, words};

/// What there is to see and to turn in a step.
struct Scene {
    figures: &'static [Fig],
    dials: &'static [usize],
    /// Whether the pair can be chosen.
    pair: bool,
    /// Whether the heating can be played.
    player: bool,
    /// Moment of the heating at which it begins.
    moment: f64,
}

const SCENES: [Scene; STEPS] = [
    Scene {
        figures: &[Fig::Micrograph, Fig::Profile],
        dials: &[1],
        pair: true,
        player: false,
        moment: 0.0,
    },
    Scene {
        figures: &[Fig::Section, Fig::Profile],
        dials: &[1, 3],
        pair: false,
        player: false,
        moment: 0.0,
    },
    Scene {
        figures: &[Fig::Sigma],
        dials: &[2],
        pair: false,
        player: true,
        moment: 3.0,
    },
    Scene {
        figures: &[Fig::Orders],
        dials: &[1, 4],
        pair: true,
        player: false,
        moment: 0.0,
    },
    Scene {
        figures: &[Fig::Profile, Fig::Steps],
        dials: &[9],
        pair: false,
        player: true,
        moment: 8.0,
    },
    Scene {
        figures: &[Fig::Slope],
        dials: &[10, 11],
        pair: false,
        player: false,
        moment: 0.0,
    },
    Scene {
        figures: &[Fig::Mixing],
        dials: &[0],
        pair: false,
        player: false,
        moment: 0.0,
    },
    Scene {
        figures: &[Fig::Phase],
        dials: &[0],
        pair: false,
        player: false,
        moment: 0.0,
    },
];

/// What is shown in a step.
pub fn figures_of(step: usize) -> &'static [Fig] {
    SCENES.get(step).map_or(&[], |scene| scene.figures)
}

/// Goes to a step; each begins with the same particle.
fn go(app: App, step: usize) {
    let step = step.min(STEPS - 1);
    batch(move || {
        app.teach.playing.set(false);
        app.teach.figure.set(0);
        app.teach.step.set(step);
        app.teach.experiment.set(of_the_tour());
        app.teach
            .moment
            .set(SCENES.get(step).map_or(0.0, |s| s.moment));
    });
    app.write_room();
}

/// The same from within the room: what had the focus is gone.
pub fn turn(app: App, step: usize) {
    go(app, step);
    browser::focus(".teach");
}

/// The room. `paper` opens the paper, checked.
pub fn tour(app: App, paper: RwSignal<bool>) -> AnyView {
    let step = app.teach.step;
    go(app, step.get_untracked());
    let place = view! {
        <nav class="steps" aria-label=text::tour()>
            <button type="button" data-test="tour-previous" disabled=flag(move || step.get() == 0) on:click=on_click(move |_| turn(app, step.get_untracked().saturating_sub(1)))>
                {icon(Icon::Previous)} {text::previous()}
            </button>
            <span data-test="tour-place">{part(move || text::tour_place(step.get(), STEPS))}</span>
            <button type="button" data-test="tour-next" disabled=flag(move || step.get() + 1 >= STEPS) on:click=on_click(move |_| turn(app, step.get_untracked() + 1))>
                {text::next()} {icon(Icon::Next)}
            </button>
        </nav>
    }
    .into_any();
    view! {
        {head(app, Room::Tour, place)}
        {part(move || {
            let index = step.get();
            let (said, scene) = (text::tour_steps().into_iter().nth(index)?, SCENES.get(index)?);
            Some(slide(app, (said, scene), (index, paper)))
        })}
    }
    .into_any()
}

fn slide(
    app: App,
    (said, scene): (TourStep, &'static Scene),
    (index, paper): (usize, RwSignal<bool>),
) -> AnyView {
    let guess = RwSignal::new(None::<usize>);
    let shown = RwSignal::new(false);
    let options: Vec<AnyView> = said
        .options
        .iter()
        .enumerate()
        .map(|(i, option)| {
            let mark = move || match (shown.get(), i == said.right, guess.get() == Some(i)) {
                (true, true, _) => "option right",
                (true, false, true) => "option wrong",
                _ => "option",
            };
            view! {
                <button type="button" class=words(mark) aria-pressed=words(move || (guess.get() == Some(i)).to_string())
                    data-test=format!("option-{i}") disabled=flag(move || shown.get()) on:click=on_click(move |_| guess.set(Some(i)))>
                    {*option}
                </button>
            }
            .into_any()
        })
        .collect();
    let verdict = move || {
        shown.get().then(|| {
            let verdict = match guess.get() == Some(said.right) {
                true => text::right(),
                false => text::not_as_said(),
            };
            view! { <p><strong>{verdict}</strong> " " {typeset(said.answer)}</p> }
        })
    };
    let onward = move || {
        shown.get().then(|| match index {
            6 => view! { <button type="button" on:click=on_click(move |_| paper.set(true))>{icon(Icon::Paper)} {text::tour_paper()}</button> }.into_any(),
            7 => view! { <button type="button" class="primary" on:click=on_click(move |_| app.go_to(Some(Room::Simulator)))>{icon(Icon::Flask)} {text::to_simulator()}</button> }.into_any(),
            _ => ().into_any(),
        })
    };
    view! {
        <article class="slide">
            <section class="panel said" aria-labelledby="tour-title">
                <h3 id="tour-title" data-test="tour-title">{said.title}</h3>
                <p>{said.words}</p>
                <div>
                    {scene.pair.then(|| pair(app))}
                    {dials(app, scene.dials)}
                    {scene.player.then(|| player(app))}
                </div>
                <h4>{text::predict()}</h4>
                <p class="question" id="tour-question">{said.question}</p>
                <div class="options" role="group" aria-labelledby="tour-question">{options}</div>
                <button type="button" data-test="tour-reveal" disabled=flag(move || guess.get().is_none() || shown.get()) on:click=on_click(move |_| {
                    shown.set(true);
                    browser::focus(".verdict");
                })>
                    {text::reveal_answer()}
                </button>
                <div class="verdict" tabindex="-1" aria-live="polite" data-test="tour-answer">{part(verdict)}</div>
                {part(onward)}
            </section>
            {stage(app, scene.figures)}
        </article>
    }
    .into_any()
}
