//! The answer, and what speaks against it.

use super::{notice, single_image, temperature};
use crate::engine::Analysis;
use crate::figures::format;
use crate::fit::{Arrangement, Estimate, Interval, IntervalKind, Order, SeriesFit};
use crate::language::{say, word};
use crate::signal::NoticeKind;
use crate::units::JOULE_PER_MOL_PER_EV;

/// A reduced χ² beyond this is no matter of noise, nor of wider errors.
const POOR: f64 = 5.0;

/// What to say of a model that does not describe the data, or not to their noise.
pub fn poor_fit(chi2_red: f64) -> String {
    let chi2 = format::significant(chi2_red, 2);
    match chi2_red > POOR {
        true => say!(
            "the model does not describe the data (χ²/ν = {chi2})"
                | "das Modell beschreibt die Daten nicht (χ²/ν = {chi2})"
        ),
        false => say!(
            "the model describes the data in part only (χ²/ν = {chi2}): errors are widened, and may still be too small"
                | "das Modell beschreibt die Daten nur zum Teil (χ²/ν = {chi2}): Fehler sind verbreitert und können doch zu klein sein"
        ),
    }
}

/// What speaks against the model: a misfit's χ²/ν, and the notice of what to change; without such a notice, what else it may be.
pub fn against(misfit: Option<f64>, reason: Option<&NoticeKind>, fit: &SeriesFit) -> String {
    let shape = &fit.shape;
    let lengths = [shape.radius_a_nm, shape.radius_b_nm, shape.sigma_nm];
    let held = lengths.iter().any(|length| length.fixed);
    let mut sentences: Vec<String> = misfit.map(poor_fit).into_iter().collect();
    sentences.push(match (reason, fit.order) {
        (Some(reason), _) => notice(reason),
        _ if held => word!(
            "a held radius or edge may be wrong: set it free"
                | "ein gehaltener Radius oder eine Kante mag falsch sein: freigeben"
        )
        .into(),
        (None, Order::Joint) => word!(
            "neither another probe nor another contrast describes it better: facets, or something in the rings to mask"
                | "weder ein anderer Strahl noch ein anderer Kontrast beschreibt sie besser: Facetten, oder etwas in den Ringen zu maskieren"
        )
        .into(),
        (None, Order::Sequential) => word!(
            "whether probe and contrast are right is seen where all frames are fitted jointly"
                | "ob Strahl und Kontrast stimmen, zeigt die Anpassung aller Bilder gemeinsam"
        )
        .into(),
    });
    for sentence in &mut sentences {
        if let Some(first) = sentence.get_mut(..1) {
            first.make_ascii_uppercase();
        }
    }
    sentences.join(". ") + "."
}

/// What the first image says about the pair.
pub fn pair_exchanged(core: &str, shell: &str, found: &Arrangement) -> String {
    say!(
        "{core} is the core and {shell} the shell: so the first image says (χ²/ν = {}, the other way round {}). Undo takes it back."
            | "{core} ist der Kern und {shell} die Schale: So sagt es das erste Bild (χ²/ν = {}, andersherum {}). Rückgängig nimmt es zurück.",
        format::significant(found.chi2_red_exchanged, 3),
        format::significant(found.chi2_red, 3)
    )
}

/// At what an interval was heated.
pub fn heated_at(interval: &Interval, celsius: bool) -> String {
    interval.temperature_k.map_or_else(
        || say!("step {}" | "Schritt {}", interval.index),
        |t| temperature(t, celsius),
    )
}

/// D or D·t of an interval for the answer.
fn interval_sentence(interval: &Interval, celsius: bool) -> String {
    let at = heated_at(interval, celsius);
    match format::diffusivity(interval) {
        Some(d) => format!("D({at}) = {d}"),
        None => format!("D·t({at}) = {}", format::diffusion_area(interval)),
    }
    .replace("= <", "<")
    .replace("= >", ">")
}

/// What of the heating makes the answer doubtful.
fn contradiction(kind: &NoticeKind) -> Option<String> {
    Some(match kind {
        NoticeKind::OddHeating { file, .. } => say!(
            "the heating before {file} contradicts the others"
                | "das Heizen vor {file} widerspricht den anderen"
        ),
        NoticeKind::LineRefuted { .. } => {
            word!("no line goes through all frames" | "keine Gerade geht durch alle Bilder").into()
        }
        NoticeKind::DiffusivityRefuted { .. } => {
            word!("no single D goes through all frames" | "kein einzelnes D geht durch alle Bilder")
                .into()
        }
        _ => return None,
    })
}

/// The answer in one plain sentence.
pub fn answer_sentence(analysis: &Analysis, celsius: bool) -> String {
    let mut parts = Vec::new();
    // All errors in the sentence are of one level.
    let wide = analysis.widening();
    if let Some(free) = &analysis.kinetics.free {
        let e = free.energy_j_mol.value;
        let se = wide * free.energy_j_mol.standard_error;
        let ev = 1e3 / JOULE_PER_MOL_PER_EV;
        parts.push(format!(
            "E = {} ({})",
            format::with_error(e / 1e3, se / 1e3, "kJ/mol"),
            format::with_error(e / 1e3 * ev, se / 1e3 * ev, "eV"),
        ));
        parts.push(format::prefactor(
            free.ln_d0.value,
            wide * free.ln_d0.standard_error,
        ));
    } else if let Some(fixed) = &analysis.kinetics.fixed {
        let e = fixed.energy_j_mol.value;
        let se = wide * fixed.energy_j_mol.standard_error;
        parts.push(say!(
            "E = {} with D₀ held" | "E = {} bei festem D₀",
            format::with_error(e / 1e3, se / 1e3, "kJ/mol")
        ));
    }
    // The interval that is known best speaks for the others.
    let best = analysis
        .fit
        .intervals
        .iter()
        .filter(|i| i.kind == IntervalKind::Value && i.dtau_nm2 > 0.0)
        .filter_map(|i| Some((i.dtau_se_nm2? / i.dtau_nm2, i)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, interval)| interval);
    match best {
        Some(interval) => parts.push(interval_sentence(interval, celsius)),
        None if analysis.fit.frames.len() == 1 => {
            let shape = &analysis.fit.shape;
            let radius = |name: &str, r: &Estimate| {
                format!(
                    "{name} {}",
                    format::with_error(r.value, r.standard_error, "nm")
                )
            };
            parts.push(radius(
                word!("Core radius" | "Kernradius"),
                &shape.radius_a_nm,
            ));
            parts.push(radius(
                word!("particle radius" | "Partikelradius"),
                &shape.radius_b_nm,
            ));
            parts.push(single_image().to_owned());
        }
        None => {
            parts.push(
                word!(
                    "No step changed the profile enough to give D"
                        | "Kein Schritt änderte das Profil genug, um D zu geben"
                )
                .to_owned(),
            );
            // The step that came nearest to it is the hottest one with a limit.
            let limit = analysis
                .fit
                .intervals
                .iter()
                .rfind(|i| i.kind == IntervalKind::Upper || i.kind == IntervalKind::Lower);
            parts.extend(limit.map(|i| interval_sentence(i, celsius)));
        }
    }
    if wide != 1.0 && !analysis.fit.intervals.is_empty() {
        parts.push(say!(
            "errors at {} %" | "Fehler zu {} %",
            format::fixed(100.0 * analysis.fit.confidence, 0)
        ));
    }
    if analysis.fit.is_misfit() {
        parts.push(poor_fit(analysis.fit.chi2_red));
    }
    parts.extend(
        analysis
            .notices
            .iter()
            .filter_map(|n| contradiction(&n.kind)),
    );
    parts.join(" · ")
}
