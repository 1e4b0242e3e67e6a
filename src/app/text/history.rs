//! Texts of the history of decisions.

use crate::project::Change;

texts! {
    history: "History of decisions";
    first_step: "As opened";
}

/// A field as it is called in the page.
fn field(name: &str) -> &str {
    match name {
        "temperature_k" => "temperature",
        "temperature_se_k" => "error of temperature",
        "taken" => "time",
        "dwell_s" => "dwell",
        "pixel_nm" => "pixel size",
        "pointed" => "particle pointed at",
        "excluded" => "left out or used",
        "pair" => "who said which is inside",
        "psf_sigma_nm" => "probe",
        "radius_a_nm" => "R_A",
        "radius_b_nm" => "R_B",
        "sigma_nm" => "σ",
        "ln_d_ratio" => "D(c)",
        "reference_frame" => "reference frame",
        "fixed_d0_m2_s" => "D₀ held",
        "temperature_error" => "error of temperature",
        "inputs" => "assumed uncertainties",
        other => other,
    }
}

fn fields(names: &[String]) -> String {
    let names: Vec<&str> = names.iter().map(|name| field(name)).collect();
    names.join(", ")
}

/// What a step changed.
pub fn step(changes: &[Change]) -> String {
    let words = |change: &Change| match change {
        Change::Frames(frames, names) => match frames.as_slice() {
            [one] => format!("Frame {one}: {}", fields(names)),
            many => format!("{} frames: {}", many.len(), fields(names)),
        },
        Change::Series => "Frames of the series".to_owned(),
        Change::HeaterLog => "Heater log".to_owned(),
        Change::Model(names) => format!("Model: {}", fields(names)),
        Change::Materials => "Materials".to_owned(),
        Change::Phase => "Phase diagram".to_owned(),
        Change::Maps => "Element maps".to_owned(),
    };
    let words: Vec<String> = changes.iter().map(words).collect();
    words.join("; ")
}
