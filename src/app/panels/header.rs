//! The top line: name, undo, progress, files, export, theme, help.

use leptos::html;
use leptos::prelude::*;

use crate::app::state::{App, Loading, Progress, Slot, WorkerState};
use crate::app::widgets::{
    Icon, close_menu_of, effect, flag, icon, memo, on_change, on_click, part, words,
};
use crate::app::{browser, intake, text};
use crate::language::{Language, language};

use super::{export, history, teach};

/// The browser's file dialogs, which only an input element can open.
#[derive(Clone, Copy)]
pub struct Picker {
    files: NodeRef<html::Input>,
    folder: NodeRef<html::Input>,
    adding: RwSignal<bool>,
}

impl Picker {
    /// Two inputs that are not part of the page yet.
    pub fn new() -> Picker {
        Picker {
            files: NodeRef::new(),
            folder: NodeRef::new(),
            adding: RwSignal::new(false),
        }
    }

    /// Asks for files that replace what is open.
    pub fn files(self) {
        self.adding.set(false);
        click(self.files);
    }

    /// Asks for files that join what is open.
    pub fn more_files(self) {
        self.adding.set(true);
        click(self.files);
    }

    /// Asks for a folder.
    pub fn folder(self) {
        self.adding.set(false);
        click(self.folder);
    }

    /// The inputs, hidden.
    pub fn inputs(self, app: App) -> AnyView {
        let take = move |node: NodeRef<html::Input>| {
            let Some(input) = node.get_untracked() else {
                return;
            };
            if let Some(list) = input.files() {
                app.open(intake::from_list(&list), self.adding.get_untracked());
            }
            // So that the same files can be chosen again.
            input.set_value("");
        };
        // The attribute is unknown to the view's macro.
        effect(move || {
            if let Some(folder) = self.folder.get() {
                let _ = folder.set_attribute("webkitdirectory", "");
            }
        });
        view! {
            <input
                node_ref=self.files
                type="file"
                multiple=true
                hidden=true
                tabindex="-1"
                data-test="file-input"
                on:change=on_change(move |_| take(self.files))
            />
            <input
                node_ref=self.folder
                type="file"
                multiple=true
                hidden=true
                tabindex="-1"
                data-test="folder-input"
                on:change=on_change(move |_| take(self.folder))
            />
        }
        .into_any()
    }
}

fn click(node: NodeRef<html::Input>) {
    if let Some(input) = node.get_untracked() {
        input.click();
    }
}

/// A button that is an icon; its name is its label.
pub fn icon_button(
    symbol: Icon,
    label: &'static str,
    test: &'static str,
    enabled: impl Fn() -> bool + Send + Sync + 'static,
    act: impl Fn() + 'static,
) -> AnyView {
    view! {
        <button
            type="button"
            class="plain"
            title=label
            aria-label=label
            data-test=test
            disabled=flag(move || !enabled())
            on:click=on_click(move |_| act())
        >
            {icon(symbol)}
        </button>
    }
    .into_any()
}

/// What the top line opens.
#[derive(Clone, Copy)]
pub struct Dialogs {
    /// The library of materials.
    pub library: RwSignal<bool>,
    /// The paper, checked.
    pub paper: RwSignal<bool>,
    /// The analysis as a link.
    pub sharing: RwSignal<bool>,
    /// The project as a file.
    pub saving: RwSignal<bool>,
    /// What the browser keeps.
    pub keeping: RwSignal<bool>,
    /// Keys and conventions.
    pub help: RwSignal<bool>,
}

/// The top line.
pub fn header(app: App, picker: Picker, open: Dialogs) -> AnyView {
    let name = move || app.history.with(|h| h.present().series.name.clone());
    let has_series = memo(move || app.has_series());
    // Maps and rooms have no answer to skip to.
    let has_answer =
        memo(move || has_series.get() && !app.maps.shown.get() && app.teach.room.get().is_none());
    let several = memo(move || app.found.with(|found| found.len() > 1));
    let can_undo = memo(move || app.history.with(|h| h.can_undo()));
    let can_redo = memo(move || app.history.with(|h| h.can_redo()));
    view! {
        <header class="top">
            {part(move || has_answer.get().then(|| view! { <a class="skip" href="#answer">{text::skip_to_answer()}</a> }))}
            <h1>{text::title()}</h1>
            <p class="series-name" data-test="series-name">
                {part(move || if several.get() { choice(app) } else { view! { {words(name)} }.into_any() })}
            </p>
            <div class="group">
                {icon_button(Icon::Undo, text::undo(), "undo", move || can_undo.get(), move || { app.undo(); browser::refocus("[data-test=redo]"); })}
                {icon_button(Icon::Redo, text::redo(), "redo", move || can_redo.get(), move || { app.redo(); browser::refocus("[data-test=undo]"); })}
                {part(move || (can_undo.get() || can_redo.get()).then(|| history::menu(app)))}
            </div>
            {progress(app)}
            <div class="group end">
                {samples(app)}
                <details class="menu">
                    <summary class="button">{icon(Icon::Open)}<span>{text::open()}</span></summary>
                    <div class="menu-list">
                        <button type="button" on:click=on_click(move |e| { close_menu_of(&e); picker.files() })>{text::replace_files()}</button>
                        <button type="button" on:click=on_click(move |e| { close_menu_of(&e); picker.folder() })>{text::open_folder()}</button>
                        <button type="button" disabled=flag(move || !has_series.get()) on:click=on_click(move |e| { close_menu_of(&e); picker.more_files() })>
                            {text::add_files()}
                        </button>
                        <button type="button" data-test="kept-menu" on:click=on_click(move |e| { close_menu_of(&e); open.keeping.set(true) })>{text::kept()}</button>
                    </div>
                </details>
                {part(move || has_series.get().then(|| export::menu(app, open.saving)))}
                {icon_button(Icon::Link, text::share(), "share", move || has_series.get(), move || open.sharing.set(true))}
                {icon_button(Icon::Materials, text::materials(), "materials", || true, move || open.library.set(true))}
                {icon_button(Icon::Paper, text::paper(), "paper-open", || true, move || open.paper.set(true))}
                {language_button(app)}
                {theme_button(app)}
                {icon_button(Icon::Help, text::help(), "help", || true, move || open.help.set(true))}
            </div>
        </header>
    }
    .into_any()
}

/// The series found in the files, of which one is shown.
fn choice(app: App) -> AnyView {
    let options = move || {
        let found = app.found.get();
        let options = found.iter().enumerate().map(|(index, series)| {
            view! {
                <option value=index.to_string() selected=app.chosen.get() == index>
                    {text::series_choice(&series.name, series.frames)}
                </option>
            }
        });
        options.collect::<Vec<_>>()
    };
    view! {
        <select
            aria-label=text::choose_series()
            title=text::choose_series()
            data-test="choose-series"
            on:change=on_change(move |event| {
                if let Ok(series) = event_target_value(&event).parse() {
                    app.choose_series(series);
                }
            })
        >
            {part(options)}
        </select>
    }
    .into_any()
}

fn samples(app: App) -> AnyView {
    view! {
        <details class="menu">
            <summary class="button">{icon(Icon::Flask)}<span>{text::sample()}</span></summary>
            <div class="menu-list">
                <button type="button" on:click=on_click(move |e| { close_menu_of(&e); app.open_sample("ag@au") })>{text::sample_ag_au()}</button>
                <button type="button" on:click=on_click(move |e| { close_menu_of(&e); app.open_sample("au@ag") })>{text::sample_au_ag()}</button>
                <button type="button" data-test="menu-sample-cu-mg" on:click=on_click(move |e| { close_menu_of(&e); app.open_spectra_sample() })>{text::sample_cu_mg()}</button>
                {teach::in_menu(app)}
            </div>
        </details>
    }
    .into_any()
}

/// To the other language, in its own words.
fn language_button(app: App) -> AnyView {
    let other = match language() {
        Language::English => Language::German,
        Language::German => Language::English,
    };
    let switch = move || {
        // A language in the address would have the last word.
        browser::clear_parameter("lang");
        app.view.language.set(Some(other));
        browser::focus("button.language");
    };
    view! {
        <button type="button" class="plain language" lang=other.tag() title=text::other_language() aria-label=text::other_language()
            data-test="language" on:click=on_click(move |_| switch())>
            {text::other_language_short()}
        </button>
    }
    .into_any()
}

fn theme_button(app: App) -> AnyView {
    let dark = app.view.dark;
    let next = move || {
        dark.update(|d| {
            *d = match d {
                None => Some(false),
                Some(false) => Some(true),
                Some(true) => None,
            }
        });
    };
    let label = move || match dark.get() {
        None => text::theme_auto(),
        Some(false) => text::theme_light(),
        Some(true) => text::theme_dark(),
    };
    view! {
        <button type="button" class="plain" title=words(label) aria-label=words(label) data-test="theme" on:click=on_click(move |_| next())>
            {part(move || icon(match dark.get() { None => Icon::Auto, Some(false) => Icon::Light, Some(true) => Icon::Dark }))}
        </button>
    }
    .into_any()
}

/// What is being computed, how far it is, and the way to end it.
fn progress(app: App) -> AnyView {
    let state = memo(move || -> Option<(String, Option<f64>)> {
        let of = |p: &Progress| {
            let share = (p.total > 0).then(|| p.done as f64 / p.total as f64);
            (text::progress(p.stage, p.done, p.total), share)
        };
        if let Loading::Running(p) = app.loading.get() {
            return Some(of(&p));
        }
        if app.analysis.with(Slot::is_running) {
            return Some(of(&app.progress.get()));
        }
        if app.maps.is_running() {
            return Some((text::mapping().to_owned(), None));
        }
        (app.worker.get() == WorkerState::Starting)
            .then(|| (text::worker_starting().to_owned(), None))
    });
    let cancelable = memo(move || {
        matches!(app.loading.get(), Loading::Running(_))
            || app.analysis.with(Slot::is_running)
            || app.maps.is_running()
    });
    view! {
        <div class="progress" class:busy=flag(move || state.get().is_some()) data-test="progress">
            <progress
                aria-label=words(move || state.get().map(|s| s.0).unwrap_or_default())
                max="1"
                prop:value=move || state.get().and_then(|s| s.1).unwrap_or(0.0)
            ></progress>
            <span>{part(move || state.get().map(|s| s.0))}</span>
            {part(move || cancelable.get().then(|| view! {
                <button type="button" data-test="cancel" on:click=on_click(move |_| app.cancel())>{text::cancel()}</button>
            }))}
        </div>
    }
    .into_any()
}
