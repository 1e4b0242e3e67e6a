//! How sure the answer is: what limits it, chapter by chapter, behind one button of the answer line.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    Draw, NumberField, Plot, PlotTable, Saved, data_table, memo, number_field, on_click, part,
    plot, segmented, typeset, words,
};
use crate::budget::{Inputs, Target};
use crate::engine::{
    Analysis, Assessment, budget_csv, change_name, errors_sentence, ladder_sentence,
};
use crate::figures::{
    BalanceFigure, EllipseFigure, TornadoFigure, ellipse, format, mass_balance, tornado,
};
use crate::fit::{BalanceFrame, Compared, Estimate};
use crate::kinetics::{Comparison, Reference};
use crate::project::Errors;

/// What is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Chapter {
    /// The error budget.
    #[default]
    Limits,
    /// E, D₀ and what is known of them.
    Energy,
    /// The model beside its neighbors.
    Model,
    /// Which errors the intervals have, and which steps are seen at all.
    Errors,
    /// Whether the matter is still there.
    Balance,
}

/// The dialog: whether it is open, and where.
#[derive(Clone, Copy)]
pub struct Certainty {
    /// Whether it is open.
    pub open: RwSignal<bool>,
    /// The chapter shown.
    pub chapter: RwSignal<Chapter>,
}

impl Certainty {
    /// Closed.
    pub fn new(app: App) -> Certainty {
        Certainty {
            open: app.looks_closer,
            chapter: RwSignal::new(Chapter::default()),
        }
    }

    /// Opens it at a chapter.
    pub fn show(self, chapter: Chapter) {
        self.chapter.set(chapter);
        self.open.set(true);
    }
}

/// What the dialog holds.
pub fn certainty(app: App, certainty: Certainty) -> AnyView {
    let chapters = [
        (Chapter::Limits, text::certainty_limits()),
        (Chapter::Energy, text::certainty_energy()),
        (Chapter::Model, text::certainty_model()),
        (Chapter::Errors, text::certainty_errors()),
        (Chapter::Balance, text::balance()),
    ];
    let Certainty { open, chapter } = certainty;
    let shown = move || match chapter.get() {
        Chapter::Limits => limits(app),
        Chapter::Energy => energy(app),
        Chapter::Model => model(app),
        Chapter::Errors => errors(app),
        Chapter::Balance => balance(app),
    };
    view! {
        <div class="certainty" data-test="certainty">
            {segmented(text::certainty(), move || chapter.get(), move |c| chapter.set(c), &chapters)}
            {steps(app)}
            // Nothing is drawn while nobody looks.
            {part(move || open.get().then(shown))}
        </div>
    }
    .into_any()
}

/// How far it is, and the way to end it.
fn steps(app: App) -> AnyView {
    let state = memo(move || {
        app.certainty
            .with(|c| (c.done < c.total).then_some((c.done, c.total, c.running)))
    });
    view! {
        {part(move || state.get().map(|(done, total, running)| {
            let words = text::certainty_progress(done, total);
            view! {
                <div class="steps" data-test="certainty-steps">
                    <progress aria-label=words.clone() max=total.to_string() value=done.to_string()></progress>
                    <span class="muted">{words}</span>
                    {if running {
                        view! { <button type="button" on:click=on_click(move |_| app.stop_assessing())>{text::certainty_cancel()}</button> }.into_any()
                    } else {
                        view! { <button type="button" on:click=on_click(move |_| app.assess())>{text::certainty_go_on()}</button> }.into_any()
                    }}
                </div>
            }
        }))}
    }
    .into_any()
}

/// The analysis and what is known of it.
fn both(app: App) -> Option<(Arc<Analysis>, Arc<Assessment>)> {
    let analysis = app.analysis.with(|slot| slot.shown().cloned())?;
    Some((analysis, app.certainty.with(|c| c.found.clone())))
}

/// A figure with its table.
fn figure(
    app: App,
    saved: Saved,
    table: impl Fn() -> PlotTable + Send + Sync + 'static,
    waiting: &'static str,
) -> Plot {
    Plot {
        saved,
        key: "",
        class: "",
        table: Arc::new(table),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: Arc::new(move || app.analysis.with(Slot::is_stale)),
        waiting,
    }
}

/// All figures of the dialog, to be saved and presented.
pub fn plots(app: App) -> [Plot; 3] {
    [
        budget_plot(app, RwSignal::new(true)),
        energy_plot(app),
        balance_plot(app),
    ]
}

fn budget_plot(app: App, of_energy: RwSignal<bool>) -> Plot {
    let table = move || budget_table(app, of_energy);
    figure(
        app,
        budget_saved(app, of_energy),
        table,
        text::limits_waiting(),
    )
}

fn energy_plot(app: App) -> Plot {
    let table = move || comparison_table(app);
    figure(app, energy_saved(app), table, text::energy_waiting())
}

fn balance_plot(app: App) -> Plot {
    let table = move || balance_table(app);
    figure(app, balance_saved(app), table, text::waiting_diffusivity())
}

/// E, or D of the step that ends with the selected frame.
fn target(app: App, of_energy: RwSignal<bool>) -> Option<(Target, String)> {
    let (analysis, found) = both(app)?;
    let best = found.target(&analysis.fit);
    if of_energy.get() && best == Target::Energy {
        return Some((Target::Energy, text::limits_energy().to_owned()));
    }
    let selected = app.selected.get();
    let place = analysis
        .fit
        .intervals
        .iter()
        .position(|i| i.index == selected);
    let target = place.map_or(best, Target::Interval);
    let name = match target {
        Target::Energy => text::limits_energy().to_owned(),
        Target::Interval(k) => format!("D({})", analysis.fit.intervals.get(k)?.index),
    };
    Some((target, name))
}

fn budget_saved(app: App, of_energy: RwSignal<bool>) -> Saved {
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        let (_, found) = both(app)?;
        let (target, name) = target(app, of_energy)?;
        found.budget.total(target)?;
        let what = TornadoFigure {
            budget: &found.budget,
            target,
            name: &name,
        };
        Some(tornado(canvas, theme, view, &what))
    });
    Saved {
        name: "budget",
        label: text::certainty_limits(),
        file: |_| "budget".to_owned(),
        figure: draw,
        csv: Arc::new(move || {
            both(app).map(|(analysis, found)| budget_csv(&analysis.fit, &found.budget))
        }),
    }
}

fn budget_table(app: App, of_energy: RwSignal<bool>) -> PlotTable {
    let Some(((_, found), (target, _))) = both(app).zip(target(app, of_energy)) else {
        return (text::budget_columns(true), Vec::new());
    };
    let scale = if target == Target::Energy { 1e-3 } else { 1.0 };
    let shares = found.budget.shares(target);
    let row = |(source, share): &(crate::budget::Source, f64)| {
        let c = found
            .budget
            .contributions
            .iter()
            .find(|c| c.source == *source)?;
        Some(vec![
            text::known(source.name()).to_owned(),
            format::uncertainty(scale * c.effect(target)?, 2),
            text::probability(*share),
            text::held(c.is_held(target)),
        ])
    };
    let rows = shares.iter().filter_map(row).collect();
    (text::budget_columns(target == Target::Energy), rows)
}

/// The error budget, and the uncertainties it assumes.
fn limits(app: App) -> AnyView {
    let of_energy = RwSignal::new(true);
    let options = [(true, text::limits_energy()), (false, text::limits_step())];
    view! {
        {segmented(text::certainty_limits(), move || of_energy.get(), move |e| of_energy.set(e), &options)}
        {plot(app, budget_plot(app, of_energy))}
        <p class="muted">{text::limits_help()}</p>
        <h3>{text::limits_inputs()}</h3>
        <div class="inputs">{INPUTS.map(|input| input_field(app, input))}</div>
    }
    .into_any()
}

/// An assumed uncertainty.
#[derive(Clone, Copy)]
struct Input {
    label: fn() -> &'static str,
    name: &'static str,
    unit: &'static str,
    /// What is shown, per unit of what is kept.
    scale: f64,
    of: fn(&mut Inputs) -> &mut f64,
}

const INPUTS: [Input; 8] = [
    Input {
        label: text::input_probe,
        name: "input-probe",
        unit: "%",
        scale: 100.0,
        of: |i| &mut i.probe,
    },
    Input {
        label: text::input_exponent,
        name: "input-exponent",
        unit: "",
        scale: 1.0,
        of: |i| &mut i.z_exponent,
    },
    Input {
        label: text::input_ratio,
        name: "input-ratio",
        unit: "%",
        scale: 100.0,
        of: |i| &mut i.ratio,
    },
    Input {
        label: text::input_pixel,
        name: "input-pixel",
        unit: "%",
        scale: 100.0,
        of: |i| &mut i.pixel,
    },
    Input {
        label: text::input_radius,
        name: "input-radius",
        unit: "%",
        scale: 100.0,
        of: |i| &mut i.radius,
    },
    Input {
        label: text::input_background,
        name: "input-background",
        unit: "%",
        scale: 100.0,
        of: |i| &mut i.background,
    },
    Input {
        label: text::input_scale,
        name: "input-scale",
        unit: "%",
        scale: 100.0,
        of: |i| &mut i.temperature_scale,
    },
    Input {
        label: text::input_step,
        name: "input-step",
        unit: "K",
        scale: 1.0,
        of: |i| &mut i.temperature_step_k,
    },
];

fn input_field(app: App, input: Input) -> AnyView {
    let field = NumberField {
        label: (input.label)(),
        unit: input.unit,
        decimals: 2,
        step: 0.0,
        optional: false,
        range: (0.0, NumberField::MOST),
        name: input.name,
    };
    // Shown without the digits that the change of unit adds.
    let value = move || {
        let value = input.scale * app.model(|m| *(input.of)(&mut m.inputs.clone()));
        Some(libm::round(value * 1e6) * 1e-6).map(|v| format!("{v:.6}").parse().unwrap_or(v))
    };
    let set = move |value: Option<f64>| {
        if let Some(value) = value {
            app.edit_model(|m| *(input.of)(&mut m.inputs) = value / input.scale);
        }
    };
    view! { <label>{(input.label)()} {number_field(field, value, set)}</label> }.into_any()
}

fn references(app: App, radius_nm: f64) -> Vec<Reference> {
    let library = app.history.with(|h| h.present().library());
    let (core, shell) = app.model(|m| (m.core.clone(), m.shell.clone()));
    Reference::of_pair(&library, (&core, &shell), radius_nm)
}

fn energy_saved(app: App) -> Saved {
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        let (analysis, found) = both(app)?;
        let references = references(app, analysis.fit.shape.radius_b_nm.value);
        let what = EllipseFigure {
            stated: found.stated.as_ref()?,
            all: found.all.as_ref(),
            references: &references,
        };
        Some(ellipse(canvas, theme, view, &what))
    });
    Saved {
        name: "energy",
        label: text::certainty_energy(),
        file: |_| "energy".to_owned(),
        figure: draw,
        csv: Arc::new(move || super::csv_of(&|| comparison_table(app))),
    }
}

fn comparison_table(app: App) -> PlotTable {
    let row = |c: &Comparison| {
        vec![
            c.name.to_string(),
            format::fixed(1e-3 * c.energy_j_mol, 1),
            format::fixed(c.deviations, 1),
            text::probability(c.chance),
            text::probability(c.smaller),
            text::probability(c.share),
        ]
    };
    let rows = app
        .certainty
        .with(|c| c.found.comparisons.iter().map(row).collect());
    (text::comparison_columns(), rows)
}

/// E and D₀: the ellipse, and what is known.
fn energy(app: App) -> AnyView {
    let nearest = move || {
        app.certainty
            .with(|c| text::comparison_sentence(&c.found.comparisons))
    };
    view! {
        <p data-test="energy-compared">{part(nearest)}</p>
        {plot(app, energy_plot(app))}
        {part(move || data_table(comparison_table(app)))}
        <p class="muted">{text::energy_help()}</p>
    }
    .into_any()
}

/// The model beside its neighbors.
fn model(app: App) -> AnyView {
    let sentence = move || app.certainty.with(|c| ladder_sentence(&c.found.ladder));
    let table = move || {
        let row = |c: &Compared| {
            let value = c.value.map_or_else(
                || format::ABSENT.to_owned(),
                |e| format::with_error(e.value, e.standard_error, ""),
            );
            vec![
                change_name(c.change).to_owned(),
                format::significant(c.chi2_red, 3),
                format::fixed(c.aic, 0),
                format::fixed(c.bic, 0),
                format::fixed(c.residual_correlation, 2),
                value,
                format!("× {}", format::significant(c.factor, 3)),
                c.energy_j_mol
                    .map_or_else(|| format::ABSENT.to_owned(), |e| format::fixed(1e-3 * e, 1)),
            ]
        };
        let rows = app
            .certainty
            .with(|c| c.found.ladder.iter().map(row).collect());
        data_table((text::ladder_columns(), rows))
    };
    view! {
        <p data-test="ladder">{words(sentence)}</p>
        {part(table)}
        <p class="muted">{text::model_help()}</p>
    }
    .into_any()
}

/// Which errors the intervals have, and which steps are seen at all.
fn errors(app: App) -> AnyView {
    let options = [
        (Errors::Auto, text::errors_auto()),
        (Errors::Likelihood, text::errors_likelihood()),
        (Errors::Bootstrap, text::errors_bootstrap()),
    ];
    let asked = move || app.model(|m| m.errors);
    let sentence = move || app.certainty.with(|c| errors_sentence(&c.found, asked()));
    let table = move || {
        let celsius = app.view.celsius.get();
        let rows = both(app).map(|(analysis, found)| {
            let square = analysis.fit.shape.radius_b_nm.value.powi(2);
            let mut reached = 0.0;
            let row = |interval: &crate::fit::Interval| {
                let before = reached / square;
                reached += interval.dtau_nm2.max(0.0);
                let after = reached / square;
                let t = interval.temperature_k;
                vec![
                    interval.index.to_string(),
                    t.map_or_else(
                        || format::ABSENT.to_owned(),
                        |t| text::temperature(t, celsius),
                    ),
                    format::significant(before, 2),
                    format::significant(after, 2),
                    found
                        .window
                        .map_or(format::ABSENT, |w| text::seen(before, after, w))
                        .to_owned(),
                ]
            };
            analysis.fit.intervals.iter().map(row).collect()
        });
        data_table((text::window_columns(celsius), rows.unwrap_or_default()))
    };
    let window = move || {
        app.certainty.with(|c| {
            (c.found.structure.is_some()).then(|| typeset(&text::window_sentence(c.found.window)))
        })
    };
    view! {
        {segmented(text::errors_choice(), asked, move |e| app.edit_model(|m| m.errors = e), &options)}
        <p data-test="errors-sentence">{words(sentence)}</p>
        <p class="muted">{text::errors_help()}</p>
        <p>{part(window)}</p>
        {part(table)}
    }
    .into_any()
}

/// Intensity and radius from frame to frame.
fn balance(app: App) -> AnyView {
    let drifts = move || {
        app.analysis.with(|slot| {
            let balance = &slot.shown()?.balance;
            Some(typeset(&text::drifts(balance)))
        })
    };
    view! {
        <p data-test="drifts">{part(drifts)}</p>
        <p class="muted">{text::balance_help()}</p>
        {plot(app, balance_plot(app))}
    }
    .into_any()
}

fn balance_saved(app: App) -> Saved {
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        let (analysis, _) = both(app)?;
        let balance = &analysis.balance;
        Some(mass_balance(
            canvas,
            theme,
            view,
            &BalanceFigure { balance },
        ))
    });
    Saved {
        name: "balance",
        label: text::balance(),
        file: |_| "mass-balance".to_owned(),
        figure: draw,
        csv: Arc::new(move || super::csv_of(&|| balance_table(app))),
    }
}

fn balance_table(app: App) -> PlotTable {
    let rows = app.analysis.with(|slot| {
        let frames = slot.shown().map(|a| a.balance.frames.clone());
        let number = |e: &Estimate| format::with_error(e.value, e.standard_error, "");
        let row = |f: &BalanceFrame| {
            let radius = f.radius_b_nm.as_ref();
            vec![
                f.frame.to_string(),
                number(&f.intensity),
                radius.map_or_else(|| format::ABSENT.to_owned(), number),
            ]
        };
        frames.unwrap_or_default().iter().map(row).collect()
    });
    (text::balance_columns(), rows)
}
