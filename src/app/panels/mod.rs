//! The page's parts and how they stand together.

mod answer;
mod certainty;
mod compare;
mod contents;
mod diffusivity;
mod embed;
mod empty;
mod export;
mod frame;
mod frame_masks;
mod frame_overlay;
mod frame_ruler;
mod frame_tools;
mod header;
mod heating;
mod help;
mod history;
mod kept;
mod maps;
mod material_entry;
mod materials;
mod model;
mod notices;
mod paper;
pub mod phase;
mod profiles;
mod project;
mod share;
mod size;
mod strip;
mod table;
pub mod teach;

use leptos::prelude::*;

use crate::app::widgets::{effect, memo, on_click, part, words};
use crate::figures::format;
use crate::language::{Language, speak, within};

use super::state::{App, Loading, Tab, WorkerState};
use super::{browser, hosted, intake, keys, text, widgets};

/// The whole page.
pub fn page() -> AnyView {
    let app = App::new();
    speak(untrack(|| app.view.spoken()));
    let help = RwSignal::new(false);
    // Files held over the page: whether they would be added to what is open.
    let dropping = RwSignal::new(None::<bool>);
    let library = RwSignal::new(false);
    let paper = RwSignal::new(false);
    let sharing = RwSignal::new(false);
    let saving = RwSignal::new(false);
    let keeping = RwSignal::new(false);
    let certainty = certainty::Certainty::new(app);
    let picker = header::Picker::new();

    follow_language(app);
    follow_theme(app);
    let newer = RwSignal::new(is_newer());
    browser::on_event("alloyscope-newer", move || newer.set(is_newer()));
    embed::obey(app);
    match (share::link_in_address(), hosted::in_address()) {
        (Some(link), _) => app.open_link(link),
        (None, address) => {
            // A room in the address is gone to; what the tab had open is opened behind it.
            let room = app.read_room().then(|| app.teach.room.get_untracked());
            match address {
                Some(address) => app.open_hosted(address),
                None => app.recover(),
            }
            if let Some(room) = room {
                app.go_to(room);
            }
        }
    }
    browser::on_fragment_change(move || open_link(app));
    keys::install(
        app,
        move || picker.files(),
        move || saving.set(app.has_series()),
        move || help.set(true),
    );
    intake::on_page_drop(
        move |over| {
            let add = over.map(|share| share > 0.5 && untrack(move || app.has_series()));
            if dropping.get_untracked() != add {
                dropping.set(add);
            }
        },
        move |files, share| match app.compares.get_untracked() {
            true => app.add_companions(files),
            false => app.open(files, share > 0.5),
        },
    );

    let dialogs = header::Dialogs {
        library,
        paper,
        help,
        sharing,
        saving,
        keeping,
    };
    // All that is seen is made anew in another language; what the page knows stays.
    part(move || {
        speak(app.view.spoken());
        furnished(app, (picker, dialogs), (dropping, newer), certainty)
    })
}

/// All that is seen, in the language of the moment.
fn furnished(
    app: App,
    (picker, dialogs): (header::Picker, header::Dialogs),
    (dropping, newer): (RwSignal<Option<bool>>, RwSignal<bool>),
    certainty: certainty::Certainty,
) -> AnyView {
    let header::Dialogs {
        library,
        paper,
        sharing,
        saving,
        keeping,
        help,
    } = dialogs;
    let has_series = memo(move || app.has_series());
    view! {
        {header::header(app, picker, dialogs)}
        {messages(app, newer)}
        {embed::way_out()}
        {maps::rooms(app)}
        <main>
            {part(move || match (app.teach.room.get(), app.maps.shown.get(), has_series.get()) {
                (Some(room), ..) => teach::room(app, room, paper),
                (None, true, _) => maps::maps(app),
                (None, false, true) => workspace(app),
                (None, false, false) => empty::empty(app, picker),
            })}
        </main>
        {part(move || (has_series.get() && !app.maps.shown.get() && app.teach.room.get().is_none()).then(|| answer::answer(app, certainty)))}
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
        {widgets::dialog(text::certainty(), certainty.open, certainty::certainty(app, certainty))}
        {widgets::dialog(text::compare(), app.compares, compare::compare(app, app.compares))}
        {widgets::dialog(text::materials(), library, materials::materials(app, library))}
        {widgets::dialog(text::paper(), paper, paper::paper(app, paper))}
        {widgets::dialog(text::share(), sharing, share::share(app, sharing, saving))}
        {widgets::dialog(text::project(), saving, project::save_project(app, saving))}
        {widgets::dialog(text::contents(), app.looks_into, contents::contents(app))}
        {widgets::dialog(text::kept(), keeping, kept::dialog(app, keeping))}
        {widgets::dialog(text::help(), help, help::help(app))}
    }
    .into_any()
}

/// Opens the analysis in the page's address.
fn open_link(app: App) {
    match share::link_in_address() {
        Some(link) => app.open_link(link),
        None => {
            app.read_room();
        }
    }
}

/// The instrument: strip above, frame and model to the left, figures to the right.
fn workspace(app: App) -> AnyView {
    let tabs = [
        (Tab::Frame, text::frame()),
        (Tab::Profiles, text::profiles()),
        (Tab::Diffusivity, text::diffusivity()),
        (Tab::Phase, text::phase_tab()),
    ];
    let shown = move || match app.view.tab.get() {
        Tab::Frame => "frame",
        Tab::Profiles => "profiles",
        Tab::Diffusivity => "diffusivity",
        Tab::Phase => "phase",
    };
    view! {
        <div class="workspace" data-tab=words(shown)>
            {teach::blind(app)}
            {strip::strip(app)}
            {notices::assumptions(app)}
            {heating::heating(app)}
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

/// Whether a newer build waits: the script in index.html says so, perhaps before this page listens.
fn is_newer() -> bool {
    let root = browser::document().and_then(|d| d.document_element());
    root.is_some_and(|root| root.has_attribute("data-newer")) && !embed::wanted()
}

/// What the page itself has to say: above everything, and put away when read.
fn messages(app: App, newer: RwSignal<bool>) -> AnyView {
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
                    <p><strong>{failure.to_string()}</strong></p>
                    {(!failure.remedy.is_empty()).then(|| view! { <p>{failure.remedy.to_string()}</p> })}
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
    let is_there = move || {
        newer.get().then(|| {
            view! {
                <div class="message" role="status" data-test="newer">
                    <p>{text::newer(app.view.keeps.get())}</p>
                    <button type="button" data-test="renew" on:click=on_click(move |_| browser::send_event("alloyscope-renew"))>{text::renew()}</button>
                    {dismiss(move || newer.set(false))}
                </div>
            }
            .into_any()
        })
    };
    view! { <div class="messages">{part(unavailable)} {part(failed)} {part(is_there)} {part(remark)}</div> }
        .into_any()
}

/// What has the focus after a message: the next one, or what is below them.
const NEIGHBORS: &str = ".messages button, .film, main:not(:has(.film)) button:not(:disabled)";

fn dismiss(act: impl Fn() + 'static) -> AnyView {
    view! {
        <button type="button" class="plain" aria-label=text::dismiss() on:click=on_click(move |_| { act(); browser::refocus(NEIGHBORS); })>
            {widgets::icon(widgets::Icon::Close)}
        </button>
    }
    .into_any()
}

/// The language of the document, for readers of screens and for hyphens.
fn follow_language(app: App) {
    effect(move || {
        if let Some(root) = browser::document().and_then(|d| d.document_element()) {
            let _ = root.set_attribute("lang", app.view.spoken().tag());
        }
    });
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
        let dark = app.view.dark.get().unwrap_or(app.view.system_dark.get());
        let _ = match app.view.presenting.get() {
            false => root.remove_attribute("data-presenting"),
            true => root.set_attribute("data-presenting", if dark { "dark" } else { "light" }),
        };
    });
}

/// A table as CSV: in English, with plain numbers; a value takes two columns with its error.
fn csv_of(table: &dyn Fn() -> widgets::PlotTable) -> Option<String> {
    let (head, rows) = within(Language::English, table);
    let has_error = |column: usize| {
        let mut cells = rows.iter().filter_map(|row| row.get(column));
        cells.any(|cell| cell.contains(" ± "))
    };
    let with_errors: Vec<bool> = (0..head.len()).map(has_error).collect();
    let mut csv = String::new();
    for (line, cells) in std::iter::once(&head).chain(&rows).enumerate() {
        let mut plain = Vec::new();
        for (cell, with_error) in cells.iter().zip(&with_errors) {
            let parted = match (line, with_error) {
                (_, false) => [cell.clone(), String::new()],
                (0, true) => [cell.clone(), format!("standard error of {cell}")],
                _ => widgets::value_and_error(cell),
            };
            let count = if *with_error { 2 } else { 1 };
            plain.extend(parted.iter().take(count).map(|cell| plain_cell(cell)));
        }
        csv += &plain.join(",");
        csv.push('\n');
    }
    Some(csv)
}

/// A number without what is for the eye, or words.
fn plain_cell(cell: &str) -> String {
    match widgets::plain_number(cell) {
        Some(number) => number,
        None if matches!(cell, "" | format::ABSENT) => String::new(),
        None => format!("\"{}\"", cell.replace('"', "\"\"")),
    }
}
