//! Several series side by side, behind a button of D(T).

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::browser;
use crate::app::state::{App, Compared, Loading, Slot};
use crate::app::text;
use crate::app::widgets::{
    ChooseFiles, Icon, Plot, PlotTable, Saved, choose_files, flag, icon, memo, on_change, on_click,
    part, plot, typeset,
};
use crate::engine::{SideBySide, comparison_csv, comparison_json};
use crate::figures::{Abscissa, Canvas, ComparisonFigure, Figure, Theme, View, comparison, format};
use crate::language::{Language, within};

fn figure(
    app: App,
    compared: &SideBySide,
    (canvas, theme, view): (Canvas, &Theme, View),
) -> Option<Figure> {
    if compared.series.len() < 2 {
        return None;
    }
    let all = compared.series.iter().map(|s| &s.0);
    let series: Vec<_> = all.zip(compared.lines()).collect();
    let what = ComparisonFigure {
        series: &series,
        together: compared.together.as_ref(),
        abscissa: match app.view.inverse.get() {
            true => Abscissa::ReciprocalTemperature,
            false => Abscissa::Temperature,
        },
    };
    Some(comparison(canvas, theme, view, &what))
}

/// The figure and its files; nothing without another series.
pub fn saved(
    app: App,
    compared: impl Fn() -> Arc<Compared> + Copy + Send + Sync + 'static,
) -> Saved {
    Saved {
        name: "comparison",
        label: text::compare(),
        file: |_| "comparison".to_owned(),
        figure: Arc::new(move |c, t, v| figure(app, &compared().0, (c, t, v))),
        csv: Arc::new(move || Some(comparison_csv(&compared().0))),
    }
}

fn table(compared: &SideBySide) -> PlotTable {
    let rows = compared.series.iter().flat_map(|(one, _)| {
        one.intervals.iter().map(|interval| {
            let absent = || format::ABSENT.to_owned();
            vec![
                one.name.clone(),
                interval
                    .temperature_k
                    .map_or_else(absent, |t| format::fixed(t, 1)),
                format::diffusivity(interval).unwrap_or_else(absent),
            ]
        })
    });
    (text::compare_interval_columns(), rows.collect())
}

/// What the dialog holds.
pub fn compare(app: App, open: RwSignal<bool>) -> AnyView {
    let ready = memo(move || app.analysis.with(|slot| matches!(slot, Slot::Ready(_))));
    // Asked by figure, table, sentences and list, and by nobody while it is closed: computed once, or not at all.
    let compared = memo(move || Arc::new(app.compared()));
    let add = ChooseFiles {
        label: view! { {icon(Icon::Open)} " " {text::compare_add()} }.into_any(),
        help: text::compare_add_help(),
        button: "compare-add",
        input: "compare-input",
        accept: "",
    };
    view! {
        <div class="certainty compare" data-test="compare">
            <p>{text::compare_help()}</p>
            <div class="tools">
                <button type="button" data-test="compare-keep" title=text::compare_keep_help() disabled=flag(move || !ready.get()) on:click=on_click(move |_| app.keep_companion())>
                    {text::compare_keep()}
                </button>
                {choose_files(add, move |files| app.add_companions(files))}
                {part(move || open.get().then(|| save(app, compared)))}
            </div>
            {part(move || open.get().then(|| said(app)))}
            {part(move || open.get().then(|| content(app, compared)))}
        </div>
    }
    .into_any()
}

/// Everything for machines.
fn save(app: App, compared: Memo<Arc<Compared>>) -> AnyView {
    let several = move || compared.with(|c| c.0.series.len() > 1);
    let save = move || {
        let compared = compared.get_untracked();
        let json = within(Language::English, || comparison_json(&compared.0));
        let json = serde_json::to_string_pretty(&json).unwrap_or_default();
        let name = format!("{}-comparison.json", app.file_stem());
        browser::download(&name, "application/json", json.as_bytes());
    };
    view! {
        <button type="button" data-test="compare-json" disabled=flag(move || !several()) on:click=on_click(move |_| save())>{text::compare_save()}</button>
    }
    .into_any()
}

/// What is under way or went wrong: the page behind the dialog cannot say it.
fn said(app: App) -> AnyView {
    let words = move || {
        match app.loading.get() {
        Loading::Running(p) => {
            let words = text::progress(p.stage, p.done, p.total);
            Some(
                view! {
                    <div class="steps">
                        <progress aria-label=words.clone()></progress>
                        <span class="muted">{words}</span>
                        <button type="button" data-test="compare-cancel" on:click=on_click(move |_| app.cancel())>{text::cancel()}</button>
                    </div>
                }
                .into_any(),
            )
        }
        Loading::Failed(failure) => Some(
            view! {
                <p class="warning" role="alert" data-test="compare-failed"><strong>{failure.to_string()}</strong>" "{failure.remedy.to_string()}</p>
            }
            .into_any(),
        ),
        Loading::Idle => None,
    }
    };
    let remark = move || app.remark.get();
    view! { {part(words)} <p role="status" class="muted">{part(remark)}</p> }.into_any()
}

/// Figure, sentences and series.
fn content(app: App, compared: Memo<Arc<Compared>>) -> AnyView {
    let alone = memo(move || compared.with(|c| c.0.series.len() < 2));
    let what = Plot {
        saved: saved(app, move || compared.get()),
        key: "",
        class: "",
        table: Arc::new(move || compared.with(|c| table(&c.0))),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: Arc::new(move || app.analysis.with(Slot::is_stale)),
        waiting: text::compare_waiting(),
    };
    let sentences = move || {
        let said = compared.with(|c| c.0.sentences());
        said.into_iter()
            .map(|s| view! { <li>{s}</li> }.into_any())
            .collect::<Vec<_>>()
    };
    view! {
        {part(move || alone.get().then(|| {
            let kept = app.history.with(|h| !h.present().companions.is_empty());
            let words = if kept { text::compare_kept() } else { text::compare_alone() };
            view! { <p data-test="compare-alone" role="status">{words}</p> }
        }))}
        <div hidden=flag(move || alone.get())>
            <ul class="sentences" data-test="compare-sentences">{part(sentences)}</ul>
            {plot(app, what)}
        </div>
        {part(move || list(app, &compared.get()))}
    }
    .into_any()
}

/// All series, with their names to be changed.
fn list(app: App, (compared, places): &Compared) -> AnyView {
    let rows: Vec<AnyView> = compared
        .rows()
        .into_iter()
        .zip(places)
        .map(|([name, cells @ ..], place)| {
            let label = text::compare_remove(&name);
            let place = *place;
            let named = match place {
                None => view! { <strong>{name}</strong>" "<span class="muted">{text::compare_present()}</span> }.into_any(),
                Some(place) => view! {
                    <input type="text" aria-label=text::compare_name() data-test="compare-name" prop:value=name
                        on:change=on_change(move |e| rename(app, place, event_target_value(&e))) />
                }
                .into_any(),
            };
            let remove = place.map(|place| view! {
                <button type="button" class="plain" title=label.clone() aria-label=label data-test="compare-remove"
                    on:click=on_click(move |_| app.edit(|p| { p.companions.remove(place); }))>{icon(Icon::Close)}</button>
            });
            let cells = cells.map(|cell| view! { <td>{cell}</td> }.into_any());
            view! { <tr><td>{named}</td>{Vec::from(cells)}<td>{remove}</td></tr> }.into_any()
        })
        .collect();
    let head: Vec<_> = text::compare_columns()
        .into_iter()
        .map(|h| view! { <th scope="col">{typeset(h)}</th> })
        .collect();
    view! {
        <div class="scroll" tabindex="0" data-test="compare-list">
            <table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
        </div>
    }
    .into_any()
}

fn rename(app: App, place: usize, name: String) {
    app.edit(|project| {
        if let Some(one) = project.companions.get_mut(place) {
            one.name = name;
        }
    });
}
