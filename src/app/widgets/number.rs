//! A field for a number with its unit.

use leptos::prelude::*;

use crate::language::language;

use super::erased::{flag, on_change, on_key, words};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// What the user typed as a number: decimal point or comma, true or typewriter's minus, `× 10^-6` or `e-6`.
pub fn parse_number(text: &str) -> Option<f64> {
    let mut text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '\u{2212}' | '\u{2013}' => '-',
            ',' => '.',
            other => other,
        })
        .collect();
    for times in ["×10^", "x10^", "*10^"] {
        text = text.replace(times, "e");
    }
    text.parse::<f64>().ok().filter(|value| value.is_finite())
}

/// A number with the decimal mark of the language.
pub fn localized(number: &str) -> String {
    number.replace('.', &language().decimal_mark().to_string())
}

/// How a number field looks and behaves.
#[derive(Clone, Copy)]
pub struct NumberField {
    /// Its name, for those who do not see it.
    pub label: &'static str,
    /// Its unit, shown behind it.
    pub unit: &'static str,
    /// Decimals shown of computed values; what was typed is shown as typed.
    pub decimals: usize,
    /// Step of the arrow keys up and down; 0 for none.
    pub step: f64,
    /// Whether an empty field means something.
    pub optional: bool,
    /// Smallest value.
    pub min: f64,
    /// Address for tests.
    pub name: &'static str,
}

impl NumberField {
    fn show(&self, value: Option<f64>) -> String {
        let Some(value) = value else {
            return String::new();
        };
        if value != 0.0 && !(1e-4..1e7).contains(&value.abs()) {
            return localized(&format!("{value:e}"));
        }
        // Never fewer digits than were typed: a field must not change what it holds.
        let exact = format!("{value}");
        let own = exact.split_once('.').map_or(0, |(_, rest)| rest.len());
        localized(&if own <= self.decimals + 2 {
            exact
        } else {
            format!("{value:.*}", self.decimals)
        })
    }
}

/// The field. `set` is called with what was typed when it is left or Enter is pressed; Escape takes it back.
pub fn number_field(
    field: NumberField,
    value: impl Fn() -> Option<f64> + Send + Sync + 'static,
    set: impl Fn(Option<f64>) + Send + Sync + 'static,
) -> AnyView {
    erased(field, None, Signal::derive(value), Callback::new(set))
}

/// The same that asks about every number typed; `refuses` says why, where it does.
pub fn bounded_field(
    field: NumberField,
    refuses: impl Fn((f64, String)) -> bool + Send + Sync + 'static,
    value: impl Fn() -> Option<f64> + Send + Sync + 'static,
    set: impl Fn(Option<f64>) + Send + Sync + 'static,
) -> AnyView {
    let refuses = Callback::new(refuses);
    erased(
        field,
        Some(refuses),
        Signal::derive(value),
        Callback::new(set),
    )
}

/// One for all, whatever they show and set.
fn erased(
    field: NumberField,
    refuses: Option<Callback<(f64, String), bool>>,
    value: Signal<Option<f64>>,
    set: Callback<Option<f64>>,
) -> AnyView {
    let wrong = RwSignal::new(false);
    // Shown again after an entry was taken back, although the value has not changed.
    let shown = RwSignal::new(0_u32);
    let commit = move |input: &HtmlInputElement| {
        let typed = input.value();
        if typed == field.show(value.get_untracked()) {
            wrong.set(false);
            return;
        }
        match (typed.trim().is_empty(), parse_number(&typed)) {
            (true, _) if field.optional => {
                wrong.set(false);
                set.run(None);
            }
            (false, Some(number))
                if number >= field.min && !refuses.is_some_and(|r| r.run((number, typed))) =>
            {
                wrong.set(false);
                set.run(Some(number));
            }
            _ => wrong.set(true),
        }
    };
    view! {
        <span class="number" class:wrong=flag(move || wrong.get())>
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                spellcheck="false"
                aria-label=field.label
                aria-invalid=words(move || wrong.get().to_string())
                data-test=field.name
                // What it holds besides what is typed: as long as both agree, there is no typing to be undone.
                value=words(move || field.show(value.get()))
                prop:value=words(move || {
                    shown.track();
                    wrong.maybe_update(std::mem::take);
                    field.show(value.get())
                })
                on:change=on_change(move |event| {
                    if let Some(input) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok()) {
                        commit(&input);
                    }
                })
                on:keydown=on_key(move |event| {
                    let by = match event.key().as_str() {
                        "ArrowUp" => field.step,
                        "ArrowDown" => -field.step,
                        "Escape" => {
                            wrong.set(false);
                            shown.update(|n| *n += 1);
                            return;
                        }
                        _ => return,
                    };
                    if field.step > 0.0 && let Some(value) = value.get_untracked() {
                        event.prevent_default();
                        let scale = if event.shift_key() { 0.1 } else { 1.0 };
                        // Sums of steps shall not show the binary rest.
                        let next = ((value + by * scale) * 1e9).round() / 1e9;
                        set.run(Some(next.max(field.min)));
                    }
                })
            />
            <span class="unit">{field.unit}</span>
        </span>
    }
    .into_any()
}
