//! What the selected frame's file holds: its signals, of which another can be taken, their calibrations, and the file's own tags.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{Icon, effect, icon, memo, on_change, on_click, part, words};
use crate::engine::FileContents;
use crate::signal::Signal;

/// Lines of tags that are listed at once, and children of one branch.
const LINES: usize = 200;

/// Characters of a value that are shown.
const CHARACTERS: usize = 300;

/// The button that opens the dialog.
pub fn button(app: App) -> AnyView {
    view! {
        <button type="button" class="quiet" title=text::contents_help() data-test="contents-open" on:click=on_click(move |_| app.looks_into.set(true))>
            {text::contents_open()}
        </button>
    }
    .into_any()
}

/// What the dialog holds.
pub fn contents(app: App) -> AnyView {
    // The file and signal of the selected frame, while somebody looks.
    let looked_at = memo(move || {
        let frame = app
            .frame(app.selected.get())
            .filter(|_| app.looks_into.get())?;
        Some((frame.file, frame.signal))
    });
    effect(move || {
        if let Some((file, signal)) = looked_at.get() {
            app.look_into(file, signal);
        }
    });
    let query = RwSignal::new(String::new());
    view! {
        <div class="contents" data-test="contents">
            {part(move || {
                let (file, in_use) = looked_at.get()?;
                Some(app.contents.with(|slot| match slot {
                    Slot::Failed { failure, .. } => view! {
                        <p class="calm failed" role="alert">{icon(Icon::Error)} <span>{failure.to_string()}</span> <span class="remedy">{failure.remedy.to_string()}</span></p>
                    }.into_any(),
                    _ => match slot.shown().filter(|c| c.file == file) {
                        Some(contents) => of_file(app, contents.clone(), in_use, query),
                        None => view! { <p class="muted" role="status">{text::contents_waiting()}</p> }.into_any(),
                    },
                }))
            })}
        </div>
    }
    .into_any()
}

fn of_file(
    app: App,
    contents: Arc<FileContents>,
    in_use: usize,
    query: RwSignal<String>,
) -> AnyView {
    let titles: Vec<String> = contents.signals.iter().map(|s| s.title.clone()).collect();
    let rows: Vec<AnyView> = contents
        .signals
        .iter()
        .enumerate()
        .map(|(index, signal)| row(app, &contents, (index, signal), in_use))
        .collect();
    let shown = contents.signals.get(contents.tags_of);
    let of = text::signal_name(contents.tags_of, shown.map_or("", |s| s.title.as_str()));
    let file = contents.file.clone();
    view! {
        <p class="muted" data-test="contents-file">{text::contents_of(&file, contents.format.name(), contents.signals.len())}</p>
        <section>
            <h3>{text::signals()}</h3>
            <p data-test="contents-why">{text::why_signal(in_use, contents.proposed, &titles)}</p>
            <ul class="signal-list">{rows}</ul>
        </section>
        <section>
            <h3>{text::file_calibration()}": " {of.clone()}</h3>
            {shown.map(calibration)}
        </section>
        <section>
            <h3>{text::tags()}": " {of}</h3>
            {tags(contents, query)}
        </section>
    }
    .into_any()
}

/// One signal: a click shows its calibration and tags, another reads the series with it.
fn row(
    app: App,
    contents: &FileContents,
    (index, signal): (usize, &Signal),
    in_use: usize,
) -> AnyView {
    let name = text::signal_name(index, &signal.title);
    let (file, again) = (contents.file.clone(), contents.file.clone());
    let usable = signal.is_image() && !signal.is_diffraction();
    let label = text::use_this_signal(&name);
    let side = match (index == in_use, usable) {
        (true, _) => Some(view! { <span class="in-use">{text::signal_in_use()}</span> }.into_any()),
        (false, true) => Some(
            view! {
                <button type="button" aria-label=label data-test="use-signal" on:click=on_click(move |_| app.read_with(again.clone(), index))>
                    {text::use_signal()}
                </button>
            }
            .into_any(),
        ),
        (false, false) => None,
    };
    view! {
        <li>
            <button
                type="button"
                class="signal"
                aria-pressed=(index == contents.tags_of).to_string()
                data-test="signal"
                on:click=on_click(move |_| app.look_into(file.clone(), index))
            >
                <strong>{name}</strong>
                <span>{text::signal_details(signal)}</span>
            </button>
            {side}
        </li>
    }
    .into_any()
}

fn calibration(signal: &Signal) -> AnyView {
    let axes = signal.axes.iter().map(|axis| {
        let (name, value) = text::axis_calibration(axis);
        let tag = match axis.tag.as_str() {
            "" => text::not_from_file(),
            tag => tag,
        };
        (name, value, tag.to_owned())
    });
    let others = text::metadata_lines(signal)
        .into_iter()
        .map(|(what, value, tag)| (what.to_owned(), value, tag));
    let rows: Vec<AnyView> = axes
        .chain(others)
        .map(|(what, value, tag)| {
            view! { <tr><th scope="row">{what}</th><td>{value}</td><td class="tag">{tag}</td></tr> }
                .into_any()
        })
        .collect();
    let head = text::calibration_columns().map(|c| view! { <th scope="col">{c}</th> });
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=text::file_calibration()>
            <table data-test="calibration">
                <thead><tr>{head.into_iter().collect::<Vec<_>>()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The tags: a tree to browse, or what is searched.
fn tags(contents: Arc<FileContents>, query: RwSignal<String>) -> AnyView {
    let all = contents.tags.len();
    if all == 0 {
        return view! { <p class="muted">{text::no_tags()}</p> }.into_any();
    }
    let wanted = memo(move || query.with(|q| q.trim().to_ascii_lowercase()));
    let searched = contents.clone();
    let found = memo(move || {
        let wanted = wanted.get();
        let holds = |(path, value): &(String, String)| {
            path.to_ascii_lowercase().contains(&wanted)
                || value.to_ascii_lowercase().contains(&wanted)
        };
        let hits = (0..).zip(&searched.tags).filter(|(_, tag)| holds(tag));
        (!wanted.is_empty()).then(|| hits.map(|(index, _)| index).collect::<Vec<usize>>())
    });
    let count = words(move || text::tag_count(found.with(|f| f.as_ref().map(Vec::len)), all));
    view! {
        <div class="tag-search">
            <input
                type="search"
                aria-label=text::search_tags()
                placeholder=text::search_tags()
                data-test="tag-search"
                prop:value=words(move || query.get())
                on:input=on_change(move |event| query.set(event_target_value(&event)))
            />
            <span class="muted" role="status" data-test="tag-count">{count}</span>
        </div>
        <div class="scroll tags" tabindex="0" role="region" aria-label=text::tags() data-test="tags">
            {part(move || match found.get() {
                Some(found) => hits(&contents, &found),
                None => branch(contents.clone(), String::new()),
            })}
        </div>
    }
    .into_any()
}

fn hits(contents: &FileContents, found: &[usize]) -> AnyView {
    let shown = found.iter().filter_map(|index| contents.tags.get(*index));
    let rows: Vec<AnyView> = shown
        .take(LINES)
        .map(|(path, value)| leaf(path, value))
        .collect();
    list(rows, found.len().saturating_sub(LINES))
}

fn list(rows: Vec<AnyView>, more: usize) -> AnyView {
    view! {
        <ul>{rows}</ul>
        {(more > 0).then(|| view! { <p class="muted">{text::more_tags(more)}</p> })}
    }
    .into_any()
}

fn leaf(name: &str, value: &str) -> AnyView {
    let mut shown: String = value.chars().take(CHARACTERS).collect();
    if shown.len() < value.len() {
        shown += &text::longer(value.chars().count());
    }
    view! { <li><code>{name.to_owned()}</code> " " <span>{shown}</span></li> }.into_any()
}

/// What lies directly below `prefix` (which ends in a dot, or is empty): values, and branches that are made when they are opened.
fn branch(contents: Arc<FileContents>, prefix: String) -> AnyView {
    // Name, its value or how many tags lie below it.
    let mut children: Vec<(&str, Result<&str, usize>)> = Vec::new();
    let mut places = std::collections::HashMap::<&str, usize>::new();
    for (path, value) in &contents.tags {
        let Some(rest) = path.strip_prefix(&prefix) else {
            continue;
        };
        let Some((head, _)) = rest.split_once('.') else {
            children.push((rest, Ok(value)));
            continue;
        };
        let place = *places.entry(head).or_insert_with(|| {
            children.push((head, Err(0)));
            children.len() - 1
        });
        if let Some((_, Err(count))) = children.get_mut(place) {
            *count += 1;
        }
    }
    let more = children.len().saturating_sub(LINES);
    let rows: Vec<AnyView> = children
        .into_iter()
        .take(LINES)
        .map(|(name, child)| match child {
            Ok(value) => leaf(name, value),
            Err(count) => twig(contents.clone(), format!("{prefix}{name}."), name, count),
        })
        .collect();
    list(rows, more)
}

fn twig(contents: Arc<FileContents>, prefix: String, name: &str, count: usize) -> AnyView {
    let open = RwSignal::new(false);
    view! {
        <li>
            <button
                type="button"
                class="twig"
                aria-expanded=words(move || open.get().to_string())
                data-test="twig"
                on:click=on_click(move |_| open.update(|o| *o = !*o))
            >
                {name.to_owned()} " " <span class="muted">{count}</span>
            </button>
            {part(move || open.get().then(|| branch(contents.clone(), prefix.clone())))}
        </li>
    }
    .into_any()
}
