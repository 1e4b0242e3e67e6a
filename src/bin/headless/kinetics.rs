//! The size effect on a terminal.

use alloyscope::engine::{Engine, Event, Request, size_effect_csv};
use alloyscope::figures::format;
use alloyscope::kinetics::{ByModel, SizeEffect};

use super::args::Kinetics;
use super::{CommandError, materials};

pub fn kinetics(options: &Kinetics) -> Result<(), CommandError> {
    let request = Request::SizeEffect {
        request: Box::new(options.request()),
        materials: materials(options.materials.as_deref())?,
    };
    let mut outcome = None;
    Engine::new().handle(request, Vec::new(), &mut |event| {
        if let Event::SizeEffect(result) = event {
            outcome = Some(result.map_err(CommandError::Failure));
        }
    });
    let effect = *outcome.unwrap_or_else(|| unreachable!("SizeEffect is answered by itself"))?;
    if options.csv {
        print!("{}", size_effect_csv(&effect));
    } else {
        print!("{}", readable(options, &effect));
    }
    Ok(())
}

/// The same for people: inputs, then models, then D and τ₁ by temperature.
fn readable(options: &Kinetics, effect: &SizeEffect) -> String {
    let data = &effect.data;
    let (solute, host) = &options.pair;
    let source = if effect.source.is_empty() {
        "as given"
    } else {
        &effect.source
    };
    let mut text = format!(
        "{solute} in {host}, r = {} nm\nD0 = {} m²/s, E(∞) = {} kJ/mol, no published error ({source})\n\
         melting of {}: T_m(∞) = {} K, S = {} J/mol/K, h = {} nm\n\n",
        format::significant(effect.radius_nm, 4),
        format::significant(effect.d0_m2_s, 3),
        kilojoule(effect.bulk_energy_j_mol),
        effect.melting_of,
        format::significant(data.melting_point_k, 6),
        format::significant(data.entropy_j_mol_k, 4),
        format::significant(data.atomic_diameter_nm, 4),
    );
    let span = match options.radius_error_nm {
        Some(_) => "E by the radius' error",
        None => "no error: none of r given",
    };
    text.push_str(&format!(
        "{:<16}{:>10}{:>12}  {:<24}",
        "model", "T_m (K)", "E (kJ/mol)", span
    ));
    text.push('\n');
    let absent = || format::ABSENT.to_owned();
    for by in &effect.models {
        let span = by.energy_span_j_mol.map_or_else(absent, |(low, high)| {
            format!("{} to {}", kilojoule(low), kilojoule(high))
        });
        text.push_str(&format!(
            "{:<16}{:>10}{:>12}  {:<24}{}\n",
            by.name(),
            by.melting_point_k
                .map_or_else(absent, |t| format::fixed(t, 1)),
            by.energy_j_mol.map_or_else(absent, kilojoule),
            span,
            if by.valid { "" } else { "beyond its validity" },
        ));
    }
    for by in effect.models.iter().filter(|by| !by.valid) {
        if let Some(validity) = by.model.map(|model| model.validity(data)) {
            text.push_str(&format!(
                "  {} below {} nm: {}\n",
                by.name(),
                format::significant(validity.from_nm, 3),
                validity.why
            ));
        }
    }
    text.push_str("\nD (m²/s), τ₁ = r²/(20.19 D)\n");
    let shown: Vec<&ByModel> = effect
        .models
        .iter()
        .filter(|by| !by.at.is_empty())
        .collect();
    text.push_str(&format!("{:>7}", "T (K)"));
    for by in &shown {
        text.push_str(&format!("  {:>22}", by.name()));
    }
    text.push('\n');
    for (row, t) in options.temperatures_k.iter().enumerate() {
        text.push_str(&format!("{:>7}", format::significant(*t, 4)));
        for by in &shown {
            let cell = by.at.get(row).map_or_else(absent, |p| {
                let (d, tau) = (
                    format::scientific(p.d_m2_s, 2).replace(" × ", "×"),
                    format::duration(p.tau1_s).replace(" × ", "×"),
                );
                format!("{d}, {tau}")
            });
            text.push_str(&format!("  {cell:>22}"));
        }
        text.push('\n');
    }
    text
}

fn kilojoule(energy_j_mol: f64) -> String {
    format::fixed(energy_j_mol / 1e3, 2)
}
