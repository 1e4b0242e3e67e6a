//! The page's parts and how they stand together.

mod answer;
mod diffusivity;
mod empty;
mod export;
mod frame;
mod frame_masks;
mod frame_overlay;
mod frame_ruler;
mod frame_tools;
mod header;
mod help;
mod materials;
mod model;
mod notices;
mod paper;
pub mod phase;
mod profiles;
mod size;
mod strip;
mod table;

use leptos::prelude::*;

use crate::app::widgets::{effect, on_click, part, words};

use super::state::{App, Loading, Tab, WorkerState};
use super::{browser, intake, keys, text, widgets};

/// The whole page.
pub fn page() -> AnyView {
    let app = App::new();
    let help = RwSignal::new(false);
    // Files held over the page: whether they would be added to what is open.
    let dropping = RwSignal::new(None::<bool>);
    let library = RwSignal::new(false);
    let paper = RwSignal::new(false);
    let picker = header::Picker::new();

    follow_theme(app);
    keys::install(app, move || picker.files(), move || help.set(true));
    intake::on_page_drop(
        move |over| {
            let add = over.map(|share| share > 0.5 && untrack(move || app.has_series()));
            if dropping.get_untracked() != add {
                dropping.set(add);
            }
        },
        move |files, share| app.open(files, share > 0.5),
    );

    let has_series = Memo::new(move |_| app.has_series());
    view! {
        {header::header(app, picker, header::Dialogs { library, paper, help })}
        {messages(app)}
        <main>
            {part(move || if has_series.get() { workspace(app) } else { empty::empty(app, picker) })}
        </main>
        {part(move || has_series.get().then(|| answer::answer(app)))}
        {part(move || {
            dropping.get().map(|add| {
                view! {
                    <div class="drop-veil" aria-hidden="true">
                        <p class:chosen=!add>{text::drop_release()}</p>
                        {has_series.get().then(|| view! { <p class:chosen=add>{text::drop_release_add()}</p> })}
                    </div>
                }
            })
        })}
        {picker.inputs(app)}
        {widgets::dialog(text::materials(), library, materials::materials(app, library))}
        {widgets::dialog(text::paper(), paper, paper::paper(app, paper))}
        {widgets::dialog(text::help(), help, help::help(app))}
    }
    .into_any()
}

/// The instrument: strip above, frame and model to the left, figures to the right.
fn workspace(app: App) -> AnyView {
    let tabs = [
        (Tab::Frame, text::frame()),
        (Tab::Profiles, text::profiles()),
        (Tab::Diffusivity, text::diffusivity()),
        (Tab::Phase, text::phase()),
    ];
    let shown = move || match app.view.tab.get() {
        Tab::Frame => "frame",
        Tab::Profiles => "profiles",
        Tab::Diffusivity => "diffusivity",
        Tab::Phase => "phase",
    };
    view! {
        <div class="workspace" data-tab=words(shown)>
            {strip::strip(app)}
            {notices::assumptions(app)}
            {part(move || app.view.table.get().then(|| table::table(app)))}
            <nav class="tabs">
                {widgets::segmented(text::title(), move || app.view.tab.get(), move |tab| app.view.tab.set(tab), &tabs)}
            </nav>
            <div class="figures">
                {frame::frame(app)}
                {model::model(app)}
                {profiles::profiles(app)}
                {diffusivity::diffusivity(app)}
                {phase::phase(app)}
            </div>
        </div>
    }
    .into_any()
}

/// What the page itself has to say: above everything, and put away when read.
fn messages(app: App) -> AnyView {
    let unavailable = move || match app.worker.get() {
        WorkerState::Unavailable(why) => Some(
            view! {
                <div class="message error" role="alert">
                    <p>
                        <strong>{text::worker_unavailable()}</strong>
                        {(!why.is_empty()).then(|| format!(": {why}"))}
                    </p>
                    <p>{text::worker_unavailable_remedy()}</p>
                </div>
            }
            .into_any(),
        ),
        _ => None,
    };
    let failed = move || {
        match app.loading.get() {
        Loading::Failed(failure) => Some(
            view! {
                <div class="message error" role="alert" data-test="open-failed">
                    <p><strong>{text::failure(&failure)}</strong></p>
                    {(!failure.remedy.is_empty()).then(|| view! { <p>{failure.remedy.clone()}</p> })}
                    {dismiss(move || app.loading.set(Loading::Idle))}
                </div>
            }
            .into_any(),
        ),
        _ => None,
    }
    };
    let remark = move || {
        app.remark.get().map(|words| {
            view! {
                <div class="message" role="status">
                    <p>{words}</p>
                    {dismiss(move || app.remark.set(None))}
                </div>
            }
            .into_any()
        })
    };
    view! { <div class="messages">{part(unavailable)} {part(failed)} {part(remark)}</div> }
        .into_any()
}

fn dismiss(act: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="plain" aria-label=text::dismiss() on:click=on_click(move |_| act())>
            {widgets::icon(widgets::Icon::Close)}
        </button>
    }
    .into_any()
}

/// Light or dark, in the style sheet and in the figures.
fn follow_theme(app: App) {
    effect(move || {
        let Some(root) = browser::document().and_then(|d| d.document_element()) else {
            return;
        };
        let _ = match app.view.dark.get() {
            None => root.remove_attribute("data-theme"),
            Some(true) => root.set_attribute("data-theme", "dark"),
            Some(false) => root.set_attribute("data-theme", "light"),
        };
    });
}
