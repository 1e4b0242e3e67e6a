//! Which element is inside, and the valence of copper.

use std::sync::Arc;

use leptos::prelude::*;

use super::{check, figure_plot, named, palette, said, shown};
use crate::app::panels::csv_of;
use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    ChooseFiles, Draw, Icon, NumberField, Plot, PlotTable, Saved, choose_files, data_table, icon,
    memo, number_field, on_change, on_click, part, plot, words,
};
use crate::figures::{SpectrumFigure, format, spectrum};
use crate::project::{Place, forms_compounds};
use crate::spectroscopy::Reference;

/// Which element is inside, with its evidence.
pub(super) fn order(app: App) -> AnyView {
    let remarks = move || {
        let answer = shown(app)?;
        let said = said(app);
        let found = said.iter().flat_map(|s| &s.remarks);
        let lines: Vec<_> = answer
            .remarks
            .iter()
            .chain(found)
            .map(|r| view! { <li>{r.to_string()}</li> })
            .collect();
        Some(view! { <ul data-test="order">{lines}</ul> })
    };
    let options = move || {
        let (names, own) = app.maps.choices.with(|c| {
            let names = c.edges.iter().take(2).map(|e| e.name.clone());
            (names.collect::<Vec<_>>(), c.first_picked.clone())
        });
        names
            .into_iter()
            .map(|n| {
                let chosen = own.as_ref() == Some(&n);
                view! { <option value=n.clone() selected=chosen>{n.clone()}</option> }
            })
            .collect::<Vec<_>>()
    };
    let compounds = move || {
        app.maps.choices.with(|c| {
            forms_compounds(&c.edges).then(|| view! { <p class="muted">{text::no_single_d()}</p> })
        })
    };
    let image = memo(move || {
        let found = app.maps.found.with(|slot| slot.shown().cloned())?;
        found.image.as_ref().map(|(place, _)| place.file.clone())
    });
    let beside = move || {
        image.get().map(|file| {
            check(
                text::with_image(&file),
                "with-image",
                move || app.maps.choices.with(|c| c.with_image),
                move |on| app.edit_maps(|c| c.with_image = on),
            )
        })
    };
    view! {
        <section class="panel" aria-labelledby="order-title">
            <header><h2 id="order-title">{text::order_title()}</h2></header>
            <div class="words" aria-live="polite">
                {part(remarks)}
                <label>
                    {text::picked_first()}" "
                    <select data-test="picked-first" on:change=on_change(move |event| {
                        let name = event_target_value(&event);
                        app.edit_maps(|c| c.first_picked = (!name.is_empty()).then_some(name));
                    })>
                        <option value="">{text::not_known()}</option>
                        {part(options)}
                    </select>
                </label>
                {part(beside)}
                {before(app)}
                {part(compounds)}
            </div>
        </section>
    }
    .into_any()
}

/// Spectra of the same particle from before it was heated, where there are some: D·t since then.
fn before(app: App) -> AnyView {
    let others = memo(move || {
        let found = app.maps.found.with(|slot| slot.shown().cloned());
        found.map_or_else(Vec::new, |f| {
            let own = |place: &Place| place.file == f.path && Some(place.signal) == f.signal;
            let others = f.all.iter().filter(|t| !t.is_low_loss && !own(&t.place));
            others.cloned().collect::<Vec<_>>()
        })
    });
    let options = move || {
        let chosen = app.maps.choices.with(|c| c.before.clone());
        let all = others.get().into_iter().enumerate();
        all.map(|(i, t)| {
            let own = Some(&t.place) == chosen.as_ref();
            view! { <option value=i.to_string() selected=own>{text::spectra_of(&t)}</option> }
        })
        .collect::<Vec<_>>()
    };
    let choose = move |event| {
        let index = event_target_value(&event).parse::<usize>().ok();
        let place = index.and_then(|i| others.with_untracked(|o| Some(o.get(i)?.place.clone())));
        app.edit_maps(|c| c.before = place);
    };
    let dwell = NumberField {
        label: text::heated_for(),
        unit: "s",
        decimals: 0,
        step: 60.0,
        optional: true,
        range: (0.0, NumberField::MOST),
        name: "heated-for",
    };
    // Where a time gives no D, none is asked for.
    let asked = memo(move || {
        app.maps
            .choices
            .with(|c| c.before.is_some() && !forms_compounds(&c.edges))
    });
    part(move || {
        others.with(|o| !o.is_empty()).then(|| {
            view! {
                <p class="edge">
                    <label>
                        {text::spectra_before()}" "
                        <select data-test="before" on:change=on_change(choose)>
                            <option value="">{text::none_before()}</option>
                            {part(options)}
                        </select>
                    </label>
                    {part(move || asked.get().then(|| view! {
                        <span>{text::heated_for()}" "{number_field(dwell, move || app.maps.choices.with(|c| c.dwell_s), move |v| app.edit_maps(|c| c.dwell_s = v.filter(|s| *s > 0.0)))}</span>
                    }))}
                </p>
            }
        })
    })
}

/// The valence of copper, with the fit it rests on.
pub(super) fn valence(app: App) -> AnyView {
    let found = move || app.maps.valence.with(|slot| slot.shown().cloned());
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        let v = found()?;
        let data: Vec<(f64, f64)> = v.curve.iter().map(|c| (c[0], c[1])).collect();
        let fit: Vec<f64> = v.curve.iter().map(|c| c[2]).collect();
        let background: Vec<f64> = v.curve.iter().map(|c| c[3]).collect();
        let residual: Vec<f64> = v
            .curve
            .iter()
            .map(|c| (c[1] - c[2]) / c[2].max(1.0).sqrt())
            .collect();
        Some(spectrum(
            canvas,
            theme,
            view,
            &SpectrumFigure {
                data: &data,
                windows: &[],
                curves: &[
                    (text::fit_curve(), &fit),
                    (text::background_curve(), &background),
                ],
                residual: &residual,
                palette: palette(app),
            },
        ))
    });
    let table = move || -> PlotTable {
        let head = text::valence_columns();
        let rows = found().map(|v| {
            let row = |c: &[f64; 4]| {
                let mut cells = vec![format::fixed(c[0], 2)];
                cells.extend([c[1], c[2], c[3], c[1] - c[2]].map(|n| format::significant(n, 5)));
                cells
            };
            v.curve.iter().map(row).collect()
        });
        (head, rows.unwrap_or_default())
    };
    let saved = Saved {
        name: "valence",
        label: text::valence_title(),
        file: |_| "valence".to_owned(),
        figure: draw,
        csv: Arc::new(move || csv_of(&table)),
    };
    let what = Plot {
        zoom: true,
        stale: Arc::new(move || app.maps.valence.with(Slot::is_stale)),
        ..figure_plot(app, saved, table)
    };
    let said = move || {
        let failure = app.maps.valence.with(|slot| match slot {
            Slot::Failed { failure, .. } => Some(failure.to_string()),
            _ => None,
        });
        let lines = match (failure, found()) {
            (Some(failure), _) => vec![failure],
            (None, Some(v)) => vec![text::verdict(&v), text::fingerprint(&v), text::oxygen(&v)],
            (None, None) => Vec::new(),
        };
        let lines: Vec<_> = lines.into_iter().map(|l| view! { <p>{l}</p> }).collect();
        view! { <div data-test="valence">{lines}</div> }
    };
    let fractions = move || {
        found().map(|v| {
            let head = text::fraction_columns();
            let rows = v.fractions.iter().map(|f| {
                vec![
                    f.name.clone(),
                    format::with_error(f.value, f.standard_error, ""),
                    text::from_to(
                        &format::fixed(f.interval.0, 2),
                        &format::fixed(f.interval.1, 2),
                    ),
                ]
            });
            data_table((head, rows.collect()))
        })
    };
    let low_loss = memo(move || app.maps.choices.with(|c| c.zero_loss == Some(true)));
    let calibration = NumberField {
        label: text::calibration(),
        unit: "eV",
        decimals: 2,
        step: 0.1,
        optional: true,
        range: (0.05, NumberField::MOST),
        name: "calibration",
    };
    view! {
        <section class="panel wide" aria-labelledby="valence-title">
            <header>
                <h2 id="valence-title">{text::valence_title()}</h2>
                <div class="tools">
                    {part(move || low_loss.get().then(|| check(text::single_scattering(), "single-scattering", move || app.maps.choices.with(|c| c.single_scattering), move |on| app.edit_maps(|c| c.single_scattering = on))))}
                    {named(calibration, move || app.maps.choices.with(|c| c.calibration_ev), move |v| app.edit_maps(|c| c.calibration_ev = v))}
                </div>
            </header>
            <div class="words" aria-live="polite">
                {part(said)}
                {part(fractions)}
                <p class="muted">{text::valence_help()}</p>
            </div>
            {references(app)}
            {plot(app, what)}
        </section>
    }
    .into_any()
}

/// Spectra of known states in place of the built-in shapes.
fn references(app: App) -> AnyView {
    let add = ChooseFiles {
        label: text::add_reference().into_any(),
        help: text::references_help(),
        button: "add-reference",
        input: "reference-input",
        accept: "",
    };
    // The rows stay as they are while a number in them changes.
    let count = memo(move || app.maps.choices.with(|c| c.references.len()));
    let rows = move || {
        (0..count.get())
            .map(|index| row(app, index))
            .collect::<Vec<_>>()
    };
    let alone = move || (count.get() == 1).then(text::reference_alone);
    view! {
        <div class="references">
            <div class="tools">
                {choose_files(add, move |files| app.add_references(files))}
                <span class="muted">{part(alone)}</span>
            </div>
            {part(rows)}
        </div>
    }
    .into_any()
}

/// Name and valence of one of them.
fn row(app: App, index: usize) -> AnyView {
    let of = move |get: fn(&Reference) -> f64| {
        app.maps.choices.with(|c| c.references.get(index).map(get))
    };
    let name = move || {
        let found = app
            .maps
            .choices
            .with(|c| c.references.get(index).map(|r| r.name.clone()));
        found.unwrap_or_default()
    };
    let edit = move |change: &dyn Fn(&mut Reference)| {
        app.edit_maps(|c| {
            if let Some(reference) = c.references.get_mut(index) {
                change(reference);
            }
        });
    };
    let valence = NumberField {
        label: text::valence_of_state(),
        unit: "",
        decimals: 2,
        step: 1.0,
        optional: false,
        range: (0.0, NumberField::MOST),
        name: "reference-valence",
    };
    view! {
        <div class="point">
            <input type="text" aria-label=text::name_of_state() data-test="reference-name" prop:value=words(name)
                on:change=on_change(move |e| { let name = event_target_value(&e); edit(&|r| r.name.clone_from(&name)) }) />
            <label>{text::valence_of_state()} {number_field(valence, move || of(|r| r.valence), move |v| if let Some(v) = v { edit(&|r| r.valence = v.min(9.0)) })}</label>
            <button type="button" class="plain" aria-label=text::remove_reference() title=text::remove_reference() data-test="remove-reference"
                on:click=on_click(move |_| app.edit_maps(|c| { if index < c.references.len() { c.references.remove(index); } }))>
                {icon(Icon::Close)}
            </button>
        </div>
    }
    .into_any()
}
