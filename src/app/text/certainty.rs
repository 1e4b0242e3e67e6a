//! Texts of the dialog that says how sure the answer is.

use crate::budget::Target;
use crate::figures::format;
use crate::fit::{Estimate, MassBalance};
use crate::kinetics::Comparison;
use crate::language::{say, word};

use super::column_temperature;

/// How much intensity and radius change over the series.
pub fn drifts(balance: &MassBalance) -> String {
    let percent = |e: Estimate| format::with_error(100.0 * e.value, 100.0 * e.standard_error, "%");
    let of = |name: &str, drift: Option<Estimate>| drift.map(|d| format!("{name} {}", percent(d)));
    let parts = [
        of(
            word!("integrated intensity" | "integrierte Intensität"),
            balance.intensity_drift,
        ),
        of("R_B", balance.radius_drift),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        return word!(
            "Four frames or more are needed to tell a drift from scatter."
                | "Vier Bilder oder mehr sind nötig, um eine Drift von Streuung zu unterscheiden."
        )
        .to_owned();
    }
    say!(
        "From the first frame to the last: {}." | "Vom ersten Bild zum letzten: {}.",
        parts.join(", ")
    )
}

/// Columns of the table behind the mass balance.
pub fn balance_columns() -> Vec<String> {
    [
        word!("Frame" | "Bild"),
        word!("Integrated intensity" | "Integrierte Intensität"),
        word!("R_B of this frame (nm)" | "R_B dieses Bildes (nm)"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What dominates the error of E or of D at a temperature, behind the answer.
pub fn limits(words: &str, at: &str, (target, total): (Target, Option<f64>)) -> String {
    if words.is_empty() {
        return String::new();
    }
    let all = total.map_or_else(String::new, |total| match target {
        Target::Energy => say!(
            "±{} kJ/mol with all inputs · " | "±{} kJ/mol mit allen Eingaben · ",
            format::uncertainty(1e-3 * total, 2)
        ),
        Target::Interval(_) => say!(
            "±{} % of D({at}) with all inputs · " | "±{} % von D({at}) mit allen Eingaben · ",
            format::uncertainty(100.0 * total, 2)
        ),
    });
    say!("{all}what limits it: {words}" | "{all}was begrenzt: {words}")
}

/// `Step 5 of 24`.
pub fn certainty_progress(done: usize, total: usize) -> String {
    say!("Step {done} of {total}" | "Schritt {done} von {total}")
}

/// Columns of the table behind the budget.
pub fn budget_columns(energy: bool) -> Vec<String> {
    let effect = if energy { "E (kJ/mol)" } else { "ln D" };
    [
        word!("Input" | "Eingabe"),
        effect,
        word!("Share" | "Anteil"),
        word!("In the stated error" | "Im genannten Fehler"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Whether the stated error holds it.
pub fn held(held: bool) -> String {
    if held {
        word!("yes" | "ja")
    } else {
        word!("no" | "nein")
    }
    .to_owned()
}

/// Columns of the comparison of E.
pub fn comparison_columns() -> Vec<String> {
    [
        word!("Compared to" | "Verglichen mit"),
        "E (kJ/mol)",
        word!("Away by (σ)" | "Abstand (σ)"),
        word!("Chance" | "Wahrscheinlichkeit"),
        word!("E is smaller" | "E ist kleiner"),
        word!("Share" | "Anteil"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// A probability.
pub fn probability(p: f64) -> String {
    if p < 1e-3 {
        word!("< 0.1 %" | "< 0,1 %").to_owned()
    } else if p > 0.999 {
        word!("> 99.9 %" | "> 99,9 %").to_owned()
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
        say!(
            "Of what is known, {} is nearest (E = {} kJ/mol): were it true, a measurement at least as far away would have a probability of {}." | "Von den bekannten Werten liegt {} am nächsten (E = {} kJ/mol): Wäre er wahr, hätte eine mindestens so weit entfernte Messung die Wahrscheinlichkeit {}.",
            c.name,
            format::fixed(1e-3 * c.energy_j_mol, 1),
            probability(c.chance)
        )
    })
}

/// Columns of the table of the model's neighbors.
pub fn ladder_columns() -> Vec<String> {
    [
        word!("Neighbor" | "Nachbar"),
        "χ²/ν",
        "ΔAIC",
        "ΔBIC",
        word!("Correlation" | "Korrelation"),
        word!("Value" | "Wert"),
        word!("D changes by" | "Änderung von D"),
        "E (kJ/mol)",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Columns of the table of steps.
pub fn window_columns(celsius: bool) -> Vec<String> {
    [
        word!("Step" | "Schritt"),
        column_temperature(celsius),
        word!("D·t/R_B² before" | "D·t/R_B² vorher"),
        word!("D·t/R_B² after" | "D·t/R_B² nachher"),
        word!("Seen" | "Sichtbar"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What the window is.
pub fn window_sentence(window: Option<(f64, f64)>) -> String {
    window.map_or_else(
        || word!("These images see no D·t at all." | "Diese Bilder sehen gar kein D·t.").to_owned(),
        |(low, high)| {
            say!(
                "Images of this dose see D·t/R_B² from {} to {}: below, nothing seems to move; above, all seems mixed." | "Bilder dieser Dosis sehen D·t/R_B² von {} bis {}: Darunter scheint sich nichts zu bewegen, darüber scheint alles gemischt.",
                format::significant(low, 2),
                format::significant(high, 2)
            )
        },
    )
}

/// Where a step lies in the window.
pub fn seen(before: f64, after: f64, (low, high): (f64, f64)) -> &'static str {
    if before > high {
        word!("already mixed" | "schon gemischt")
    } else if after - before < low {
        word!("too small a step" | "zu kleiner Schritt")
    } else if after > high {
        word!("reaches mixing" | "erreicht Durchmischung")
    } else {
        word!("yes" | "ja")
    }
}
