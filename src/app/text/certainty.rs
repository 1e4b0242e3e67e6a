//! Texts of the dialog that says how sure the answer is.

use crate::budget::Target;
use crate::figures::format;
use crate::fit::{Estimate, MassBalance};
use crate::kinetics::Comparison;

use super::column_temperature;

/// How much intensity and radius change over the series.
pub fn drifts(balance: &MassBalance) -> String {
    let percent = |e: Estimate| format::with_error(100.0 * e.value, 100.0 * e.standard_error, "%");
    let of = |name: &str, drift: Option<Estimate>| drift.map(|d| format!("{name} {}", percent(d)));
    let parts = [
        of("integrated intensity", balance.intensity_drift),
        of("R_B", balance.radius_drift),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return "Four frames or more are needed to tell a drift from scatter.".to_owned();
    }
    format!("From the first frame to the last: {}.", parts.join(", "))
}

/// Columns of the table behind the mass balance.
pub fn balance_columns() -> Vec<String> {
    ["Frame", "Integrated intensity", "R_B of this frame"]
        .map(str::to_owned)
        .to_vec()
}

/// What dominates the error, behind the answer.
pub fn limits(words: &str, (target, total): (Target, Option<f64>)) -> String {
    if words.is_empty() {
        return String::new();
    }
    let all = total.map_or_else(String::new, |total| match target {
        Target::Energy => format!(
            "±{} kJ/mol with all inputs",
            format::significant(1e-3 * total, 2)
        ),
        Target::Interval(_) => format!(
            "±{} % of D with all inputs",
            format::significant(100.0 * total, 2)
        ),
    });
    format!(" · {all} · what limits it: {words}")
}

/// `Step 5 of 24`.
pub fn certainty_progress(done: usize, total: usize) -> String {
    format!("Step {done} of {total}")
}

/// Columns of the table behind the budget.
pub fn budget_columns(energy: bool) -> Vec<String> {
    let effect = if energy { "E (kJ/mol)" } else { "ln D" };
    ["Input", effect, "Share", "In the stated error"]
        .map(str::to_owned)
        .to_vec()
}

/// Whether the stated error holds it.
pub fn held(held: bool) -> String {
    if held { "yes" } else { "no" }.to_owned()
}

/// Columns of the comparison of E.
pub fn comparison_columns() -> Vec<String> {
    [
        "Compared to",
        "E (kJ/mol)",
        "Away by (σ)",
        "Chance",
        "E is smaller",
        "Share",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A probability.
pub fn probability(p: f64) -> String {
    if p < 1e-3 {
        "< 0.1 %".to_owned()
    } else if p > 0.999 {
        "> 99.9 %".to_owned()
    } else {
        format!("{} %", format::significant(100.0 * p, 2))
    }
}

/// E beside what is known, in a sentence: the nearest of them.
pub fn comparison_sentence(comparisons: &[Comparison]) -> String {
    let nearest = comparisons
        .iter()
        .max_by(|a, b| a.share.total_cmp(&b.share));
    nearest.map_or_else(String::new, |c| {
        format!(
            "Of what is known, {} is nearest (E = {} kJ/mol): were it true, a measurement at least as far away would have a probability of {}.",
            c.name,
            format::fixed(1e-3 * c.energy_j_mol, 1),
            probability(c.chance)
        )
    })
}

/// Columns of the table of the model's neighbors.
pub fn ladder_columns() -> Vec<String> {
    [
        "Neighbor",
        "χ²/ν",
        "ΔAIC",
        "ΔBIC",
        "Correlation",
        "Value",
        "D changes by",
        "E (kJ/mol)",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Columns of the table of steps.
pub fn window_columns(celsius: bool) -> Vec<String> {
    [
        "Step",
        column_temperature(celsius),
        "D·t/R_B² before",
        "D·t/R_B² after",
        "Seen",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What the window is.
pub fn window_sentence(window: Option<(f64, f64)>) -> String {
    window.map_or_else(
        || "These images see no D·t at all.".to_owned(),
        |(low, high)| {
            format!(
                "Images of this dose see D·t/R_B² from {} to {}: below, nothing seems to move; above, all seems mixed.",
                format::significant(low, 2),
                format::significant(high, 2)
            )
        },
    )
}

/// Where a step lies in the window.
pub fn seen(before: f64, after: f64, (low, high): (f64, f64)) -> &'static str {
    if before > high {
        "already mixed"
    } else if after - before < low {
        "too small a step"
    } else if after > high {
        "reaches mixing"
    } else {
        "yes"
    }
}
