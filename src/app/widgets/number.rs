//! A field for a number with its unit.

use leptos::prelude::*;

use crate::app::text;
use crate::figures::format::superscript;
use crate::language::language;

use super::erased::{flag, on_change, on_key, words};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// What the user typed as a number: decimal point or comma, true or typewriter's minus, `× 10⁻⁶` as shown, `× 10^-6` or `e-6`.
/// Digits with spaces between them are several numbers, but for groups of a thousand.
pub fn parse_number(text: &str) -> Option<f64> {
    plain_number(text)?.parse().ok()
}

/// The same in the digits it is written with: `−8.910 × 10⁵` is `-8.910e5`.
pub fn plain_number(text: &str) -> Option<String> {
    let digits = |word: &str| word.bytes().take_while(u8::is_ascii_digit).count();
    let mut last = None;
    for word in text.split_whitespace() {
        if last.is_some_and(|l: u8| l.is_ascii_digit()) && !matches!(digits(word), 0 | 3) {
            return None;
        }
        last = word.bytes().last();
    }
    let mut plain = String::new();
    let mut raised = false;
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let digit = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻".chars().position(|above| above == c);
        if digit.is_some() && !raised {
            plain.push('^');
        }
        raised = digit.is_some();
        plain.push(match (digit, c) {
            (Some(digit), _) => "0123456789-".chars().nth(digit).unwrap_or(c),
            (None, '\u{2212}' | '\u{2013}') => '-',
            (None, ',') => '.',
            _ => c,
        });
    }
    for times in ["×10^", "x10^", "*10^"] {
        plain = plain.replace(times, "e");
    }
    let value = plain.parse::<f64>().ok()?;
    value.is_finite().then_some(plain)
}

/// `12 ± 3` or `(1.2 ± 0.3) × 10⁻⁵` as two numbers, each with its power of ten.
pub fn value_and_error(text: &str) -> [String; 2] {
    let (value, rest) = text.split_once(" ± ").unwrap_or((text, ""));
    let (error, power) = rest.split_once(')').unwrap_or((rest, ""));
    [value.trim_start_matches('('), error].map(|number| format!("{number}{power}"))
}

/// `1.006 × 10⁻¹⁶`, as short as it can be without losing a digit.
pub fn scientific(value: f64) -> String {
    let text = format!("{value:e}");
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, ""));
    let power = superscript(exponent.parse().unwrap_or_default());
    localized(&format!("{mantissa} × 10{power}"))
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
    /// Smallest and largest value.
    pub range: (f64, f64),
    /// Address for tests.
    pub name: &'static str,
}

/// Below this a smallest value only says that zero is not meant.
const NOTHING: f64 = 1e-8;

impl NumberField {
    /// Largest value where no other is known, in the field's unit.
    pub const MOST: f64 = 1e12;

    /// Why a value is not taken.
    fn refusal(&self) -> String {
        let (low, high) = self.range;
        let most = self.show(Some(high));
        if low > 0.0 && low < NOTHING && high > 1.0 {
            text::not_taken_above_zero(&most)
        } else {
            text::not_taken(&self.show(Some(low)), &most)
        }
    }

    fn show(&self, value: Option<f64>) -> String {
        let Some(value) = value else {
            return String::new();
        };
        if value != 0.0 && !(1e-4..1e7).contains(&value.abs()) {
            return scientific(value);
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
    let places = Signal::derive(|| None);
    rounded_field(field, Signal::derive(value), Callback::new(set), places)
}

/// One for all, whatever they show and set. What is computed is shown to so many `places`, where these are known.
pub fn rounded_field(
    field: NumberField,
    value: Signal<Option<f64>>,
    set: Callback<Option<f64>>,
    places: Signal<Option<usize>>,
) -> AnyView {
    let show = move |value: Option<f64>, places: Option<usize>| match value.zip(places) {
        Some((value, places)) => localized(&format!("{value:.places$}")),
        None => field.show(value),
    };
    let wrong = RwSignal::new(false);
    // Shown again after an entry was taken back, although the value has not changed.
    let shown = RwSignal::new(0_u32);
    let commit = move |input: &HtmlInputElement| {
        let typed = input.value();
        if typed == show(value.get_untracked(), places.get_untracked()) {
            wrong.set(false);
            return;
        }
        match (typed.trim().is_empty(), parse_number(&typed)) {
            (true, _) if field.optional => {
                wrong.set(false);
                set.run(None);
            }
            (false, Some(number)) if (field.range.0..=field.range.1).contains(&number) => {
                wrong.set(false);
                set.run(Some(number));
                // What was not taken as it is, is not shown either; with what was set, the field itself may be gone.
                shown.try_update(|n| *n += 1);
            }
            _ => wrong.set(true),
        }
    };
    let why = words(move || match wrong.get() {
        true => field.refusal(),
        false => String::new(),
    });
    view! {
        <span class="number" class:wrong=flag(move || wrong.get()) data-why=why>
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                spellcheck="false"
                aria-label=field.label
                aria-invalid=words(move || wrong.get().to_string())
                aria-description=why
                data-test=field.name
                // What it holds besides what is typed: as long as both agree, there is no typing to be undone.
                value=words(move || show(value.get(), places.get()))
                prop:value=words(move || {
                    shown.track();
                    wrong.maybe_update(std::mem::take);
                    show(value.get(), places.get())
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
                        set.run(Some(next.max(field.range.0).min(field.range.1)));
                    }
                })
            />
            <span class="unit">{field.unit}</span>
        </span>
    }
    .into_any()
}
