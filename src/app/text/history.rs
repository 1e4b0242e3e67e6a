//! Texts of the history of decisions.

use crate::language::{say, word};
use crate::project::Change;

texts! {
    history: "History of decisions" | "Verlauf der Entscheidungen";
    first_step: "As opened" | "Wie geöffnet";
}

/// A field as it is called in the page.
fn field(name: &str) -> &str {
    match name {
        "temperature_k" => word!("temperature" | "Temperatur"),
        "temperature_se_k" => word!("error of temperature" | "Temperaturfehler"),
        "taken" => word!("time" | "Zeit"),
        "dwell_s" => word!("dwell" | "Haltezeit"),
        "pixel_nm" => word!("pixel size" | "Pixelgröße"),
        "pointed" => word!("particle pointed at" | "gezeigtes Partikel"),
        "excluded" => word!("left out or used" | "ausgelassen oder genutzt"),
        "pair" => word!("who said which is inside" | "wer sagt, was innen ist"),
        "psf_sigma_nm" => word!("probe" | "Strahl"),
        "radius_a_nm" => "R_A",
        "radius_b_nm" => "R_B",
        "sigma_nm" => "σ",
        "ln_d_ratio" => "D(c)",
        "reference_frame" => word!("reference frame" | "Bezugsbild"),
        "fixed_d0_m2_s" => word!("D₀ held" | "D₀ fest"),
        "temperature_error" => word!("error of temperature" | "Temperaturfehler"),
        "inputs" => word!("assumed uncertainties" | "angenommene Unsicherheiten"),
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
            [one] => say!("Frame {one}: {}" | "Bild {one}: {}", fields(names)),
            many => say!("{} frames: {}" | "{} Bilder: {}", many.len(), fields(names)),
        },
        Change::Series => word!("Frames of the series" | "Bilder der Serie").to_owned(),
        Change::HeaterLog => word!("Heater log" | "Heizprotokoll").to_owned(),
        Change::Model(names) => say!("Model: {}" | "Modell: {}", fields(names)),
        Change::Materials => word!("Materials" | "Materialien").to_owned(),
        Change::Phase => word!("Phase diagram" | "Phasendiagramm").to_owned(),
        Change::Maps => word!("Element maps" | "Elementkarten").to_owned(),
        Change::Companions => word!("Series compared" | "Verglichene Serien").to_owned(),
    };
    let words: Vec<String> = changes.iter().map(words).collect();
    words.join("; ")
}
