//! The paper, checked: what it prints beside what its equations give, one slide at a time.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{Icon, flag, icon, memo, on_click, on_key, part};
use crate::figures::format;
use crate::paper::{Check, Reading, checks};

use super::materials;

/// The slides; `open` is the dialog that holds them.
pub fn paper(app: App, open: RwSignal<bool>) -> AnyView {
    let index = RwSignal::new(0_usize);
    let slides = memo(move || {
        // Nothing is computed while nobody looks.
        let looked_at = open.get();
        if looked_at {
            checks(&materials::library(app))
        } else {
            Vec::new()
        }
    });
    let last = move || slides.with(|s| s.len().saturating_sub(1));
    let step = move |by: isize| index.update(|i| *i = i.saturating_add_signed(by).min(last()));
    let key = move |event: &web_sys::KeyboardEvent| {
        match event.key().as_str() {
            "ArrowRight" | "PageDown" | " " => step(1),
            "ArrowLeft" | "PageUp" => step(-1),
            "Home" => index.set(0),
            "End" => index.set(last()),
            _ => return,
        }
        event.prevent_default();
    };
    let slide = move || {
        let i = index.get();
        slides.with(|s| s.get(i).map(|check| view_of(check, i, s.len())))
    };
    view! {
        <div class="paper" tabindex="0" autofocus=true data-test="paper" on:keydown=on_key(move |e| key(&e))>
            <div aria-live="polite">{part(slide)}</div>
            <nav>
                <button type="button" data-test="paper-previous" disabled=flag(move || index.get() == 0) on:click=on_click(move |_| step(-1))>
                    {icon(Icon::Previous)} {text::previous()}
                </button>
                <span class="muted">{text::paper_keys()}</span>
                <button type="button" data-test="paper-next" disabled=flag(move || index.get() >= last()) on:click=on_click(move |_| step(1))>
                    {text::next()} {icon(Icon::Next)}
                </button>
            </nav>
        </div>
    }
    .into_any()
}

fn view_of(check: &Check, index: usize, count: usize) -> AnyView {
    let computed: Vec<AnyView> = check
        .computed
        .iter()
        .map(|r| {
            view! { <div class="reading"><span>{r.name.clone()}</span> <strong>{number(r)}</strong></div> }
                .into_any()
        })
        .collect();
    let depends: Vec<AnyView> = check
        .sensitivity
        .iter()
        .map(|v| {
            view! {
                <tr>
                    <th scope="row">{v.input}</th>
                    <td>{v.change.clone()}</td>
                    <td>{v.result.name.clone()}</td>
                    <td class="value">{number(&v.result)}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    view! {
        <article>
            <header>
                <h3>{check.title}</h3>
                <span class="muted" data-test="paper-place">{text::slide_of(index, count)} " · " {check.place}</span>
            </header>
            <div class="sides">
                <section>
                    <h4>{text::paper_prints()}</h4>
                    <p class="printed">{check.printed.clone()}</p>
                </section>
                <section>
                    <h4>{text::paper_gives()}</h4>
                    {computed}
                </section>
            </div>
            {(!depends.is_empty()).then(|| view! {
                <details class="depends" open=true>
                    <summary>{text::paper_depends()}</summary>
                    <div class="scroll"><table><tbody>{depends}</tbody></table></div>
                </details>
            })}
            <p class="sentence">{check.sentence}</p>
        </article>
    }
    .into_any()
}

/// The value with its digits and unit.
fn number(reading: &Reading) -> String {
    let plain = reading.value == 0.0 || (1e-3..1e5).contains(&reading.value.abs());
    let value = if plain {
        format::significant(reading.value, reading.digits)
    } else {
        format::scientific(reading.value, reading.digits)
    };
    if reading.unit.is_empty() {
        value
    } else {
        format!("{value} {}", reading.unit)
    }
}
