//! What speaks against the user's decisions, in numbers.

use crate::figures::format::fixed;
use crate::fit::{
    Arrangement, Change, Compared, Estimate, FrameData, Inside, ModelChoice, SeriesFit, Settings,
    TOLD, compare, normal_quantile,
};
use crate::kinetics::{Arrhenius, Heating, Kinetics, fit_arrhenius_to_frames};
use crate::language::{Said, say};
use crate::numerics::sort_by;
use crate::project::{Contrast, Project, Provenance};
use crate::signal::{NoticeKind, Notices};
use crate::units::ZERO_CELSIUS_K;

/// Nothing in a microscope is heated from below this (K); many heat from this many °C.
const COLD_K: f64 = 200.0;

/// The model's neighbors, the order of the pair, the unit of temperatures.
pub(super) fn remark(
    (project, arrangement): (&Project, Option<Arrangement>),
    (frames, settings): (&[FrameData], &Settings),
    (fit, choice): (&SeriesFit, Option<&ModelChoice>),
    kinetics: &Kinetics,
    notices: &mut Notices,
) {
    notices.about("");
    if let Some(choice) = choice.filter(|c| c.difference < -TOLD) {
        notices.add(NoticeKind::SchemeRefuted {
            sentence: Said::of(&|| sentence(choice)),
        });
    }
    let mut changes = vec![Change::Before];
    if project.model.contrast != Contrast::Auto {
        changes.push(Change::Contrast);
    }
    // A probe that was given is in doubt only where the model misses the data; where none was given, σ has both in it.
    if settings.psf_sigma_nm == 0.0 || fit.is_misfit() {
        changes.push(Change::Probe);
    }
    let mut preferred: Vec<Compared> = Vec::new();
    for change in changes {
        preferred.extend(preferred_neighbor(
            (frames, settings),
            (fit, choice),
            change,
        ));
    }
    sort_by(&mut preferred, |a, b| {
        b.chi2_fall().total_cmp(&a.chi2_fall())
    });
    // What the best of them explains in part looks like another one: it is told where the best was not enough.
    let most = preferred.first().map_or(0.0, Compared::chi2_fall);
    preferred.retain(|c| c.chi2_fall() > 0.5 * most);
    for neighbor in &preferred {
        if let Some(kind) = told(project, settings, neighbor) {
            notices.add(kind);
        }
    }
    if project.model.pair == Some(Provenance::User)
        && let Some(found) = arrangement
        && found.inside() == Inside::Exchanged
    {
        notices.add(NoticeKind::PairRefuted {
            core: project.model.core.clone(),
            shell: project.model.shell.clone(),
            chi2_red: found.chi2_red,
            chi2_red_exchanged: found.chi2_red_exchanged,
        });
    }
    temperatures(project, fit, kinetics, notices);
}

/// A neighbor of the model, where the images prefer it by [`TOLD`]. A fit that cannot be made says nothing.
fn preferred_neighbor(
    (frames, settings): (&[FrameData], &Settings),
    (fit, choice): (&SeriesFit, Option<&ModelChoice>),
    change: Change,
) -> Option<Compared> {
    let own = choice?.candidates.iter().find(|c| c.scheme == fit.scheme)?;
    let (compared, _) = compare(frames, (settings, fit), own, change).ok()??;
    (compared.chi2_fall() > TOLD).then_some(compared)
}

/// The notice of a fitted contrast, where the images refute the one held.
pub(super) fn contrast(
    project: &Project,
    held: (&[FrameData], &Settings),
    fitted: (&SeriesFit, Option<&ModelChoice>),
) -> Option<NoticeKind> {
    let found = preferred_neighbor(held, fitted, Change::Contrast)?;
    told(project, held.1, &found)
}

/// The notice of a neighbor that the images prefer.
fn told(project: &Project, settings: &Settings, neighbor: &Compared) -> Option<NoticeKind> {
    let (chi2_fall, factor) = (neighbor.chi2_fall(), neighbor.factor);
    let Estimate {
        value,
        standard_error: error,
        ..
    } = neighbor.value?;
    Some(match neighbor.change {
        Change::Probe => NoticeKind::ProbeRefuted {
            given_nm: settings.psf_sigma_nm,
            wanted_nm: value,
            error_nm: error,
            chi2_fall,
            factor,
        },
        Change::Contrast => NoticeKind::ContrastRefuted {
            given: settings.contrast,
            wanted: value,
            error,
            exponent: exponent(project, value),
            fitted: project.model.contrast == Contrast::Auto,
            chi2_fall,
            factor,
        },
        _ => NoticeKind::AlreadyMixed {
            dtau_nm2: value,
            error,
            chi2_fall,
            factor,
        },
    })
}

/// The evidence for a scheme in one sentence.
pub fn sentence(choice: &ModelChoice) -> String {
    let of = |chosen: bool| {
        let candidates = choice.candidates.iter();
        candidates
            .filter(move |c| (c.scheme == choice.chosen) == chosen)
            .copied()
            .next()
    };
    let (Some(own), Some(other)) = (of(true), of(false)) else {
        return String::new();
    };
    let numbers = say!(
        "χ²/ν {} against {}, ΔAIC = ΔBIC = {}, residuals of neighboring rings correlate by {} against {}"
            | "χ²/ν {} gegen {}, ΔAIC = ΔBIC = {}, Residuen benachbarter Ringe korrelieren mit {} gegen {}",
        fixed(own.chi2_red, 2),
        fixed(other.chi2_red, 2),
        fixed(other.aic - own.aic, 0),
        fixed(own.residual_correlation, 2),
        fixed(other.residual_correlation, 2)
    );
    let (own, other) = (own.scheme.name(), other.scheme.name());
    if choice.decided {
        say!(
            "{} was chosen: it describes the images better than {} ({})."
                | "Gewählt wurde „{}“: es beschreibt die Bilder besser als „{}“ ({}).",
            own,
            other,
            numbers
        )
    } else if choice.difference < -TOLD {
        say!(
            "{} was asked for, but {} describes the images better ({})."
                | "Verlangt wurde „{}“, aber „{}“ beschreibt die Bilder besser ({}).",
            own,
            other,
            numbers
        )
    } else if choice.difference > TOLD {
        say!(
            "{} was asked for, and describes the images better than {} ({})."
                | "Verlangt wurde „{}“, und es beschreibt die Bilder besser als „{}“ ({}).",
            own,
            other,
            numbers
        )
    } else {
        say!(
            "The images do not tell {} from {} ({})."
                | "Die Bilder unterscheiden „{}“ nicht von „{}“ ({}).",
            own,
            other,
            numbers
        )
    }
}

/// The exponent n that gives a ratio of weights; 0 where the elements do not tell.
fn exponent(project: &Project, ratio: f64) -> f64 {
    if project.model.contrast.exponent().is_none() {
        return 0.0;
    }
    let library = project.library();
    let of = |n: f64| {
        let core = library.weight(&project.model.core, n)?;
        Some(core / library.weight(&project.model.shell, n)?)
    };
    match (of(0.0), of(1.0)) {
        (Some(densities), Some(first)) if first != densities => {
            libm::log(ratio / densities) / libm::log(first / densities)
        }
        _ => 0.0,
    }
}

/// Lowest and highest of temperatures that nobody heats from: °C, most likely.
pub(super) fn looks_celsius(project: &Project) -> Option<(f64, f64)> {
    let used = project
        .series
        .frames
        .iter()
        .filter(|f| f.excluded.is_none());
    let all: Vec<f64> = used
        .filter_map(|f| f.temperature_k.as_ref().map(|t| t.value))
        .collect();
    let lowest = all.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let logged = project.series.heater_log.as_ref().is_some_and(|l| l.used);
    (!logged && all.len() >= 2 && (0.0..COLD_K).contains(&lowest)).then_some((lowest, highest))
}

/// Tells of temperatures in °C what E would be with them.
fn temperatures(project: &Project, fit: &SeriesFit, kinetics: &Kinetics, notices: &mut Notices) {
    let Some((lowest, highest)) = looks_celsius(project) else {
        return;
    };
    let line = |shift: f64| -> Option<Arrhenius> {
        let heating: Option<Vec<Heating>> = fit
            .intervals
            .iter()
            .map(|interval| {
                Some(Heating {
                    temperature_k: interval.temperature_k? + shift,
                    temperature_error_k: 0.0,
                    dwell_s: interval.dwell_s?,
                })
            })
            .collect();
        let quantile = normal_quantile(project.model.confidence);
        fit_arrhenius_to_frames(&fit.mixing, &heating?, None, quantile)
    };
    let energy = |line: Option<&Arrhenius>| line.map_or(f64::NAN, |l| 1e-3 * l.energy_j_mol.value);
    let chi2 = |line: Option<&Arrhenius>| line.and_then(|l| l.chi2_red).unwrap_or(f64::NAN);
    // Limits alone give no line, but the same frames tell which scale is the better one.
    let given = kinetics.free.clone().or_else(|| line(0.0));
    let (given, shifted) = (given.as_ref(), line(ZERO_CELSIUS_K));
    notices.add(NoticeKind::TemperaturesCelsius {
        lowest_k: lowest,
        highest_k: highest,
        energy_kj_mol: energy(given),
        chi2_red: chi2(given),
        energy_celsius_kj_mol: energy(shifted.as_ref()),
        chi2_red_celsius: chi2(shifted.as_ref()),
    });
}
