//! D·t since another spectrum image of the same particle.

use super::{MapQuestion, ProfileAnswer};
use crate::diffusion::Scheme;
use crate::figures::format::with_error;
use crate::fit::{ElementMixing, ElementProfiles, Inside, mixing_since};
use crate::language::{Said, said, say, word};
use crate::project::forms_compounds;
use crate::signal::LengthUnit;
use crate::units::SQUARE_METER_PER_SQUARE_NM;

/// D·t in both schemes, and what is to be said of it.
pub(super) fn mixing(
    question: &MapQuestion,
    before: &ProfileAnswer,
    profiles: &ElementProfiles,
) -> (Vec<(Scheme, ElementMixing)>, Said) {
    let untold = |why: Said| (Vec::new(), why);
    let Some(state) = before
        .order
        .as_ref()
        .filter(|o| o.inside() != Inside::Untold)
    else {
        return untold(said!(
            "The spectra from before do not tell which element was inside: no D·t."
                | "Die Spektren von vorher sagen nicht, welches Element innen war: kein D·t."
        ));
    };
    let unit = profiles.first.unit;
    if before.profiles.iter().any(|p| p.unit != unit) {
        return untold(said!(
            "The size of a pixel is known for only one of the two spectrum images: no D·t."
                | "Die Pixelgröße ist nur für eines der beiden Spektrenbilder bekannt: kein D·t."
        ));
    }
    // What forms compounds has no single D.
    let dwell_s = question
        .dwell_s
        .filter(|_| !forms_compounds(&question.edges));
    let each = [Scheme::Fraction, Scheme::Published].map(|scheme| {
        let found = mixing_since(state, profiles, scheme);
        found.map(|found| (scheme, found))
    });
    let Ok(found) = each.into_iter().collect::<Result<Vec<_>, _>>() else {
        return untold(said!(
            "The shape from before is none that the model knows: no D·t."
                | "Die Form von vorher ist keine, die das Modell kennt: kein D·t."
        ));
    };
    let sentence = || {
        let all: Vec<String> = found
            .iter()
            .map(|(scheme, found)| {
                let scheme = match scheme {
                    Scheme::Fraction => {
                        word!("mole fractions diffusing" | "Molenbrüche diffundieren")
                    }
                    Scheme::Published => {
                        word!("densities, as published" | "Dichten, wie publiziert")
                    }
                };
                format!("{}, {scheme}", in_words(found, unit, dwell_s))
            })
            .collect();
        say!(
            "D·t of the elements since the spectra from before, with errors by noise and by the shape then: {}."
                | "D·t der Elemente seit den Spektren von vorher, mit Fehlern aus dem Rauschen und der damaligen Form: {}.",
            all.join("; ")
        )
    };
    let sentence = Said::of(&sentence);
    (found, sentence)
}

fn in_words(found: &ElementMixing, unit: LengthUnit, dwell_s: Option<f64>) -> String {
    let squared = match unit {
        LengthUnit::Nanometer => "nm²",
        LengthUnit::Pixel => "px²",
    };
    // A diffusion constant takes nanometers and seconds.
    let dwell_s = dwell_s.filter(|t| unit == LengthUnit::Nanometer && *t > 0.0);
    let per_second = |dtau: f64| dwell_s.map(|t| dtau * SQUARE_METER_PER_SQUARE_NM / t);
    let limit = |word: &str, dtau: f64| {
        let limit = format!("{word} {}", with_error(dtau, f64::NAN, squared));
        match per_second(dtau) {
            Some(d) => {
                let d = with_error(d, f64::NAN, "m²/s");
                format!("{limit}, D {word} {d} (95 %)")
            }
            None => format!("{limit} (95 %)"),
        }
    };
    match *found {
        ElementMixing::Value {
            dtau,
            standard_error,
            shape_error,
        } => {
            let error = libm::hypot(standard_error, shape_error);
            let value = with_error(dtau, error, squared);
            match per_second(1.0) {
                Some(per) => {
                    let d = with_error(dtau * per, error * per, "m²/s");
                    format!("{value}, D = {d}")
                }
                None => value,
            }
        }
        ElementMixing::AtMost(high) => limit(word!("at most" | "höchstens"), high),
        ElementMixing::AtLeast(low) => limit(word!("at least" | "mindestens"), low),
        ElementMixing::Untold => {
            word!("anything from nothing to mixed" | "alles zwischen nichts und gemischt")
                .to_owned()
        }
    }
}
