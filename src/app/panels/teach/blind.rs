//! A simulated series under analysis: its truth, hidden until it is asked for.

use leptos::prelude::*;

use crate::app::state::{App, Blind, Room};
use crate::app::text;
use crate::app::widgets::{Icon, data_table, icon, on_click, part};
use crate::engine::Analysis;
use crate::figures::{Literature, format};
use crate::simulate::Experiment;

/// The bar above the analysis.
pub fn blind(app: App) -> AnyView {
    let state = app.teach.blind;
    let content = move || {
        let Blind {
            experiment,
            revealed,
        } = state.get()?;
        let (words, act) = match revealed {
            false => (text::blind(), text::reveal()),
            true => (text::revealed(), text::hide()),
        };
        let turn = move |_| {
            state.update(|b| {
                if let Some(b) = b {
                    b.revealed = !b.revealed;
                }
            });
        };
        Some(view! {
            <section class="panel blind" data-test="blind">
                <p>{icon(Icon::Flask)} {words}</p>
                <button type="button" class="primary" data-test="reveal" on:click=on_click(turn)>{act}</button>
                <button type="button" data-test="to-simulator" on:click=on_click(move |_| app.go_to(Some(Room::Simulator)))>{text::simulator()}</button>
                {revealed.then(|| view! { <div class="truth" data-test="truth" aria-live="polite">{part(move || {
                    let rows = app.analysis.with(|slot| slot.shown().map(|a| compared(a, &experiment)));
                    let head = [text::quantity(), text::found(), text::truth(), text::off_by()];
                    data_table((head.map(str::to_owned).to_vec(), rows.unwrap_or_default()))
                })}</div> })}
            </section>
        })
    };
    part(content)
}

/// What was found beside what went in.
fn compared(analysis: &Analysis, truth: &Experiment) -> Vec<Vec<String>> {
    let shape = &analysis.fit.shape;
    let row = |name: &str, (value, error): (f64, f64), truth: f64, unit: &str| {
        let off = match error > 0.0 {
            true => format!(
                "{} {}",
                format::fixed((value - truth) / error, 1),
                text::in_errors()
            ),
            false => format::ABSENT.to_owned(),
        };
        vec![
            name.to_owned(),
            format::with_error(value, error, unit),
            format!("{} {unit}", format::significant(truth, 4)),
            off,
        ]
    };
    let mut rows: Vec<Vec<String>> = [
        ("R_A", shape.radius_a_nm, truth.shape.radius_a_nm),
        ("R_B", shape.radius_b_nm, truth.shape.radius_b_nm),
        ("σ", shape.sigma_nm, truth.shape.sigma_nm),
    ]
    .into_iter()
    .map(|(name, e, truth)| row(name, (e.value, e.standard_error), truth, "nm"))
    .collect();
    if let Some(free) = &analysis.kinetics.free {
        let (e, d) = (free.energy_j_mol, free.ln_d0);
        let law = &truth.arrhenius;
        rows.push(row(
            "E",
            (e.value / 1e3, e.standard_error / 1e3),
            law.energy_j_mol / 1e3,
            "kJ/mol",
        ));
        let ln_truth = (law.d0_m2_s / crate::units::SQUARE_METER_PER_SQUARE_NM).ln();
        rows.push(row(
            "ln (D₀ / nm² s⁻¹)",
            (d.value, d.standard_error),
            ln_truth,
            "",
        ));
    }
    rows
}

/// The truth as a line beside the fit, once it is revealed.
pub fn truth(app: App) -> Option<Literature> {
    let blind = app.teach.blind.get().filter(|b| b.revealed)?;
    let law = blind.experiment.arrhenius;
    Some(Literature {
        name: text::truth().to_owned(),
        d0_m2_s: law.d0_m2_s,
        energy_j_mol: law.energy_j_mol,
        citation: text::truth_of_d().to_owned(),
        ..Literature::default()
    })
}
