//! The form for an element or a pair of which the library does not know everything.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{Icon, flag, icon, on_change, on_click, part};
use crate::materials::{Blank, EntryError, Typed};

use super::materials::library;

#[derive(Clone, Copy)]
struct Entry {
    app: App,
    symbols: [RwSignal<String>; 2],
    /// What is asked; `None` before.
    blanks: RwSignal<Option<Vec<Blank>>>,
    /// What was typed, one each.
    typed: StoredValue<Vec<Typed>>,
    /// For lines that name none.
    source: RwSignal<String>,
    problem: RwSignal<Option<EntryError>>,
    /// How many numbers were taken in.
    done: RwSignal<Option<usize>>,
}

/// The form, folded away.
pub fn entry(app: App) -> AnyView {
    let entry = Entry {
        app,
        symbols: [RwSignal::new(String::new()), RwSignal::new(String::new())],
        blanks: RwSignal::new(None),
        typed: StoredValue::new(Vec::new()),
        source: RwSignal::new(String::new()),
        problem: RwSignal::new(None),
        done: RwSignal::new(None),
    };
    let symbol = |index: usize, label: &'static str, name: &'static str| {
        let symbol = entry.symbols[index];
        view! {
            <label>
                {label}
                <input type="text" maxlength="3" autocomplete="off" spellcheck="false" class="symbol" data-test=name
                    prop:value=symbol on:change=on_change(move |e| symbol.set(event_target_value(&e).trim().to_owned())) />
            </label>
        }
    };
    view! {
        <details class="entry">
            <summary data-test="entry">{text::entry()}</summary>
            <p class="muted">{text::entry_help()}</p>
            <div class="tools">
                {symbol(0, text::entry_first(), "entry-first")}
                {symbol(1, text::entry_second(), "entry-second")}
                <button type="button" data-test="entry-ask" on:click=on_click(move |_| entry.ask())>{text::entry_ask()}</button>
            </div>
            {part(move || entry.blanks.get().map(|blanks| entry.form(&blanks)))}
            {part(move || entry.problem.get().map(|error| view! {
                <p class="calm failed" role="alert" data-test="entry-problem">
                    {icon(Icon::Error)} <span>{error.to_string()}</span> <span class="remedy">{error.remedy()}</span>
                </p>
            }))}
            <p class="muted" role="status" data-test="entry-done">{part(move || entry.done.get().map(text::entered))}</p>
        </details>
    }
    .into_any()
}

impl Entry {
    fn ask(self) {
        let [first, second] = self.symbols.map(|s| s.get_untracked());
        let asked = untrack(|| library(self.app)).blanks(&first, &second);
        self.done.set(None);
        match asked {
            Ok(blanks) => {
                let own_unit = |blank: &Blank| Typed {
                    unit: blank.quantity.unit().to_owned(),
                    ..Typed::default()
                };
                self.typed.set_value(blanks.iter().map(own_unit).collect());
                self.problem.set(None);
                self.blanks.set(Some(blanks));
            }
            Err(error) => {
                self.blanks.set(None);
                self.problem.set(Some(error));
            }
        }
    }

    fn fill(self) {
        let blanks = self.blanks.get_untracked().unwrap_or_default();
        let typed = self.typed.get_value();
        let pairs: Vec<(Blank, Typed)> = blanks
            .into_iter()
            .zip(typed)
            .map(|(blank, typed)| (blank, self.sourced(typed)))
            .collect();
        let mut library = untrack(|| library(self.app));
        match library.fill(&pairs) {
            Ok(()) => {
                let count = pairs.iter().filter(|(_, t)| !t.is_empty()).count();
                self.app.edit(|p| p.materials = library.edits());
                self.problem.set(None);
                self.blanks.set(None);
                self.done.set(Some(count));
            }
            Err(error) => self.problem.set(Some(error)),
        }
    }

    fn sourced(self, typed: Typed) -> Typed {
        let for_all = self.source.get_untracked();
        let source = [typed.source, for_all, text::entered_by_user().to_owned()];
        Typed {
            source: source
                .into_iter()
                .find(|s| !s.trim().is_empty())
                .unwrap_or_default(),
            ..typed
        }
    }

    fn form(self, blanks: &[Blank]) -> AnyView {
        if blanks.is_empty() {
            return view! { <p data-test="entry-known">{text::entry_known()}</p> }.into_any();
        }
        let rows: Vec<AnyView> = blanks
            .iter()
            .enumerate()
            .map(|(index, blank)| self.line(index, blank.clone()))
            .collect();
        let head = text::entry_columns().map(|c| view! { <th scope="col">{c}</th> });
        let source = self.source;
        view! {
            <div class="scroll" tabindex="0">
                <table data-test="entry-table">
                    <thead><tr>{head.into_iter().collect::<Vec<_>>()}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <div class="tools">
                <label>
                    {text::entry_source()}
                    <input type="text" autocomplete="off" data-test="entry-source" prop:value=source
                        on:change=on_change(move |e| source.set(event_target_value(&e))) />
                </label>
                <button type="button" data-test="entry-add" on:click=on_click(move |_| self.fill())>{text::entry_add()}</button>
            </div>
        }
        .into_any()
    }

    fn line(self, index: usize, blank: Blank) -> AnyView {
        let Blank {
            of,
            quantity,
            required,
        } = blank.clone();
        let name = text::quantity_of(&of, quantity.name());
        let put = move |set: fn(&mut Typed, String), typed: String| {
            self.typed.update_value(|all| {
                if let Some(one) = all.get_mut(index) {
                    set(one, typed);
                }
            });
        };
        let wrong = flag(move || {
            self.problem.with(|problem| {
                let concerned = problem.as_ref().and_then(EntryError::concerns);
                concerned == Some((blank.of.as_str(), blank.quantity))
            })
        });
        let units: Vec<&'static str> = quantity.units().collect();
        let unit = if units.len() > 1 {
            let options = units
                .into_iter()
                .map(|u| view! { <option value=u>{u}</option> });
            view! {
                <select aria-label=text::unit_of(&name) on:change=on_change(move |e| put(|t, u| t.unit = u, event_target_value(&e)))>
                    {options.collect::<Vec<_>>()}
                </select>
            }
            .into_any()
        } else {
            text::shown_unit(quantity.unit()).into_any()
        };
        view! {
            <tr>
                <td>{of}</td>
                <th scope="row">{text::known(quantity.name()).replace('_', " ")} {required.then_some(" *")}</th>
                <td class="number">
                    <input type="text" inputmode="decimal" autocomplete="off" aria-label=name.clone() aria-required=required.to_string()
                        aria-invalid=move || wrong.get().to_string() data-test=format!("entry {name}")
                        on:change=on_change(move |e| put(|t, v| t.value = v, event_target_value(&e))) />
                </td>
                <td class="unit">{unit}</td>
                <td class="source">
                    <input type="text" autocomplete="off" aria-label=text::source_of(&name)
                        on:change=on_change(move |e| put(|t, s| t.source = s, event_target_value(&e))) />
                </td>
            </tr>
        }
        .into_any()
    }
}
