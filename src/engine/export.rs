//! Results as files: the same writers serve the page and the headless edition.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::assess::{change_name, errors_sentence, ladder_sentence};
use super::compare::{COMPANION, companion};
use super::evidence::sentence;
use super::{Analysis, Assessment, IntervalHeating, m2_s};
use crate::budget::{Budget, Source, Target};
use crate::fit::{Interval, IntervalKind, Order, SeriesFit};
use crate::imaging::Measurement;
use crate::kinetics::{Arrhenius, SizeEffect, mixing_time_s};
use crate::project::{Frame, Project};
use crate::signal::{LengthUnit, Profile};
use crate::thermo::PhaseDiagram;
use crate::units::JOULE_PER_MOL_PER_EV;

/// Ends of columns' names that are units, and how these are written.
const UNITS: [(&str, &str); 10] = [
    ("_kJ_mol", "kJ/mol"),
    ("_J_mol", "J/mol"),
    ("_m2_s", "m²/s"),
    ("_nm2", "nm²"),
    ("_nm", "nm"),
    ("_px", "px"),
    ("_eV", "eV"),
    ("_K", "K"),
    ("_s", "s"),
    ("_C", "°C"),
];

/// A table with the units of its columns in a second row, as Origin reads long names and units.
///
/// A unit stands at the end of a name, `temperature_K`, or behind it, `R_B (nm)`; the ends of an interval, `D_low`, have that of `D_m2_s`.
pub fn unit_row(table: &str) -> String {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(table.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .flexible(true)
        .from_writer(Vec::new());
    let mut records = reader.records().flatten();
    // Writing to memory cannot fail.
    if let Some(head) = records.next() {
        let own = |column: &str| -> (String, &'static str) {
            let known = UNITS.into_iter();
            let (end, unit) = known
                .chain([("", "")])
                .find(|(end, _)| column.ends_with(end))
                .unwrap_or_default();
            let name = column.strip_suffix(end).unwrap_or(column);
            (name.to_owned(), unit)
        };
        let columns: Vec<(String, String)> = head
            .iter()
            .map(|column| {
                let behind = column.strip_suffix(')').and_then(|c| c.rsplit_once(" ("));
                if let Some((name, unit)) = behind {
                    return (name.to_owned(), unit.to_owned());
                }
                let (name, unit) = own(column);
                let of = ["_low", "_high"]
                    .iter()
                    .find_map(|end| name.strip_suffix(end));
                let unit = match of.filter(|_| unit.is_empty()) {
                    Some(of) => head.iter().map(own).find(|c| c.0 == of).map_or("", |c| c.1),
                    None => unit,
                };
                (name, unit.to_owned())
            })
            .collect();
        let _ = writer.write_record(columns.iter().map(|c| &c.0));
        let _ = writer.write_record(columns.iter().map(|c| &c.1));
    }
    for record in records {
        let _ = writer.write_record(&record);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// A table as programs of countries with decimal commas read it: semicolons between cells, commas in numbers.
pub fn decimal_commas(table: &str) -> String {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(table.as_bytes());
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .flexible(true)
        .from_writer(Vec::new());
    for record in reader.records().flatten() {
        let cells = record.iter().map(|cell| match cell.parse::<f64>() {
            Ok(_) => cell.replace('.', ","),
            Err(_) => cell.to_owned(),
        });
        // Writing to memory cannot fail.
        let _ = writer.write_record(cells);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

/// One interval as it is written: nm² and m²/s; what does not exist is empty.
struct Row {
    kind: &'static str,
    dtau: Option<f64>,
    dtau_se: Option<f64>,
    low: Option<f64>,
    high: Option<f64>,
}

impl Row {
    /// A limit has no value: only the bound that exists. An interval without information is a lower limit of zero.
    fn new(interval: &Interval) -> Row {
        let (low, high) = (interval.dtau_low_nm2, interval.dtau_high_nm2);
        let value = interval.kind == IntervalKind::Value;
        Row {
            kind: match interval.kind {
                IntervalKind::Value => "value",
                IntervalKind::Upper => "upper",
                IntervalKind::Lower | IntervalKind::None => "lower",
            },
            dtau: value.then_some(interval.dtau_nm2),
            dtau_se: interval.dtau_se_nm2.filter(|_| value),
            low: if interval.kind == IntervalKind::None {
                Some(0.0)
            } else {
                low
            },
            high,
        }
    }
}

/// `intervals.csv`: one line per heating interval, `index` being its end frame. Where a heater log was used, `temperature_K` and `dwell_s` are those of
/// the effective step (see [`ThermalHistory::effective`](crate::kinetics::ThermalHistory::effective)). Four more columns follow where a log was used or
/// an error of temperature was stated: `temperature_se_K`, `peak_temperature_K`, `elapsed_s` and `heating`, which is `log` or `table`.
pub fn intervals_csv(analysis: &Analysis) -> String {
    let more = |h: &IntervalHeating| h.measured || h.temperature_se_k > 0.0;
    let more = analysis.heating.iter().flatten().any(more);
    let mut csv = String::from(
        "index,temperature_K,dwell_s,dtau_nm2,dtau_se_nm2,dtau_low_nm2,dtau_high_nm2,D_m2_s,D_low,D_high,kind",
    );
    csv.push_str(match more {
        true => ",temperature_se_K,peak_temperature_K,elapsed_s,heating\n",
        false => "\n",
    });
    for (interval, heating) in analysis.intervals() {
        let row = Row::new(interval);
        let d = |dtau: Option<f64>| {
            dtau.and_then(|dtau| interval.diffusivity_nm2_s(dtau))
                .map(m2_s)
        };
        let cells = [
            interval.temperature_k,
            interval.dwell_s,
            row.dtau,
            row.dtau_se,
            row.low,
            row.high,
            d(row.dtau),
            d(row.low),
            d(row.high),
        ];
        let _ = write!(csv, "{}", interval.index);
        for cell in cells {
            csv.push(',');
            if let Some(number) = cell {
                let _ = write!(csv, "{}", Decimal(number));
            }
        }
        let _ = write!(csv, ",{}", row.kind);
        if !more {
            csv.push('\n');
            continue;
        }
        let (error, peak, elapsed) = match heating {
            Some(h) => {
                let error = Some(h.temperature_se_k).filter(|se| *se > 0.0);
                (error, Some(h.peak_k), Some(h.elapsed_s))
            }
            None => (None, None, None),
        };
        for cell in [error, peak, elapsed] {
            csv.push(',');
            if let Some(number) = cell {
                let _ = write!(csv, "{}", Decimal(number));
            }
        }
        let _ = writeln!(csv, ",{}", heating.map_or("", IntervalHeating::source));
    }
    csv
}

/// `profiles.csv`: every bin of every frame with its model.
pub fn profiles_csv(fit: &SeriesFit) -> String {
    let rows: Vec<(usize, &Profile, &[f64])> = fit
        .frames
        .iter()
        .map(|f| (f.frame, &f.data, f.model.as_slice()))
        .collect();
    profiles_table(&rows)
}

/// The same for any profiles: frame, data, and the model, which may be empty. Radii are in the unit of the first.
pub fn profiles_table(profiles: &[(usize, &Profile, &[f64])]) -> String {
    let unit = match profiles.first().map(|p| p.1.unit) {
        Some(LengthUnit::Pixel) => "px",
        _ => "nm",
    };
    let mut csv = format!("frame,radius_{unit},value,standard_error,pixel_count,model\n");
    for (frame, p, model) in profiles {
        let columns = p
            .radius
            .iter()
            .zip(&p.value)
            .zip(&p.standard_error)
            .zip(&p.pixel_count);
        for (bin, (((radius, value), error), count)) in columns.enumerate() {
            let (radius, value, error) = (Decimal(*radius), Decimal(*value), Decimal(*error));
            let _ = write!(csv, "{frame},{radius},{value},{error},{count},");
            if let Some(model) = model.get(bin) {
                let _ = write!(csv, "{}", Decimal(*model));
            }
            csv.push('\n');
        }
    }
    csv
}

/// The size effect as a tidy table: one line per model and temperature, T_m(r) and E(r) repeated on each; what does not exist is empty.
///
/// `energy_low_J_mol` and `energy_high_J_mol` are those of one standard error of the radius alone; `valid` is no where the model should
/// not be believed at this radius. A model without a value has one line without numbers.
pub fn size_effect_csv(effect: &SizeEffect) -> String {
    let mut csv = String::from(
        "model,radius_nm,valid,melting_point_K,energy_J_mol,energy_low_J_mol,energy_high_J_mol,temperature_K,D_m2_s,tau1_s\n",
    );
    for by in &effect.models {
        let (low, high) = by.energy_span_j_mol.unzip();
        let points: Vec<[Option<f64>; 3]> = by
            .at
            .iter()
            .map(|p| [p.temperature_k, p.d_m2_s, p.tau1_s].map(Some))
            .collect();
        let none = [[None; 3]];
        let points = if points.is_empty() {
            &none[..]
        } else {
            &points
        };
        for point in points {
            let valid = if by.valid { "yes" } else { "no" };
            let radius = Decimal(effect.radius_nm);
            let _ = write!(csv, "{},{radius},{valid}", by.name());
            let model = [by.melting_point_k, by.energy_j_mol, low, high];
            for cell in model.iter().chain(point) {
                csv.push(',');
                if let Some(number) = cell {
                    let _ = write!(csv, "{}", Decimal(*number));
                }
            }
            csv.push('\n');
        }
    }
    csv
}

/// Solidus and liquidus of one radius, a line per composition; compositions without them are missing.
pub fn phase_diagram_csv(diagram: &PhaseDiagram) -> String {
    let mut csv = String::from("x,solidus_K,liquidus_K\n");
    for b in &diagram.boundaries {
        let _ = writeln!(
            csv,
            "{},{},{}",
            Decimal(b.x),
            Decimal(b.solidus_k),
            Decimal(b.liquidus_k)
        );
    }
    csv
}

/// What was measured in the frames of a series: particle and intensity with their standard errors, empty where there is none.
pub fn measurements_csv(frames: &[(usize, &Frame, Option<&Measurement>)]) -> String {
    let mut csv = String::from(
        "frame,file,plane,temperature_K,dwell_s,pixel_nm,center_x_px,center_y_px,center_se_px,radius_px,radius_se_px,ellipticity,intensity,intensity_se,left_out\n",
    );
    for (index, frame, measurement) in frames {
        let given = [&frame.temperature_k, &frame.dwell_s, &frame.pixel_nm];
        let measured = measurement.map(|m| {
            let (p, c) = (&m.particle, &m.particle.circle);
            [
                c.center.x_px,
                c.center.y_px,
                p.center_se_px,
                c.radius_px,
                p.radius_se_px,
                p.ellipticity,
                m.intensity.0,
                m.intensity.1,
            ]
        });
        let cells = given
            .map(|g| g.as_ref().map(|s| s.value))
            .into_iter()
            .chain(measured.map_or([None; 8], |m| m.map(Some)));
        let _ = write!(csv, "{index},{},{}", Quoted(&frame.file), frame.plane);
        for cell in cells {
            csv.push(',');
            if let Some(number) = cell.filter(|n| n.is_finite()) {
                let _ = write!(csv, "{}", Decimal(number));
            }
        }
        let reason = frame.excluded.as_deref().unwrap_or_default();
        let _ = writeln!(csv, ",{}", Quoted(reason));
    }
    csv
}

/// `result.json`: everything, with versions, digests, decisions, notices.
pub fn result_json(project: &Project, analysis: &Analysis) -> Value {
    let fit = &analysis.fit;
    let radius_b_nm = fit.shape.radius_b_nm.value;
    let intervals: Vec<Value> = analysis
        .intervals()
        .map(|(interval, heating)| {
            let row = Row::new(interval);
            let d = |dtau: Option<f64>| dtau.and_then(|dtau| interval.diffusivity_nm2_s(dtau));
            json!({
                "index": interval.index,
                "temperature_K": interval.temperature_k,
                "dwell_s": interval.dwell_s,
                "dtau_nm2": row.dtau,
                "dtau_se_nm2": row.dtau_se,
                "dtau_se_atoms_nm2": row.dtau_se.and(interval.dtau_atoms_se_nm2),
                "dtau_low_nm2": row.low,
                "dtau_high_nm2": row.high,
                "D_m2_s": d(row.dtau).map(m2_s),
                "D_low": d(row.low).map(m2_s),
                "D_high": d(row.high).map(m2_s),
                "mixing_time_s": d(row.dtau).and_then(|d| mixing_time_s(radius_b_nm, d)),
                "kind": row.kind,
                "heating": heating.map(|h| json!({
                    "from": h.source(),
                    "temperature_se_K": Some(h.temperature_se_k).filter(|se| *se > 0.0),
                    "peak_temperature_K": h.peak_k,
                    "elapsed_s": h.elapsed_s,
                    "nominal_temperature_K": h.nominal_k,
                    "nominal_dwell_s": h.nominal_s,
                })),
            })
        })
        .collect();
    json!({
        "program": "alloyscope",
        "version": env!("CARGO_PKG_VERSION"),
        "scheme": fit.scheme,
        "model_choice": analysis.model_choice.as_ref().map(|choice| json!({
            "chosen": choice.chosen,
            "decided_by_evidence": choice.decided,
            "difference": choice.difference,
            "candidates": choice.candidates,
            "sentence": sentence(choice),
        })),
        "confidence": fit.confidence,
        "intervals": intervals,
        "intervals_hold": held(analysis),
        "energy_holds": energy_holds(analysis),
        // False while errors drawn from the sectors may still take their place.
        "errors_checked": fit.intervals.is_empty()
            || analysis.assessment.as_ref().is_some_and(|a| a.errors_checked),
        "how_sure": analysis.assessment.as_ref().map(|a| how_sure(project, analysis, a)),
        "geometry": analysis.geometry.map(|g| json!({ "sentence": g.sentence(), "shape": g })),
        "mass_balance": analysis.balance,
        "arrhenius": analysis.kinetics.free.as_ref().map(arrhenius),
        "arrhenius_points": analysis.kinetics.points.as_ref().map(arrhenius),
        "arrhenius_fixed_d0": analysis.kinetics.fixed.as_ref().map(arrhenius),
        "fit": fit,
        COMPANION: companion(project, analysis, None),
        "notices": analysis.notices.iter().map(notice).collect::<Vec<_>>(),
        "project": project,
    })
}

/// What the assessment found, in its sentences and in full.
fn how_sure(project: &Project, analysis: &Analysis, assessment: &Assessment) -> Value {
    let budget = &assessment.budget;
    let targets: Vec<Value> = targets(&analysis.fit, budget)
        .into_iter()
        .map(|(name, target)| {
            let shares = budget.shares(target);
            let shares: Vec<Value> = shares
                .iter()
                .map(|(source, share)| json!({ "source": source.name(), "share": share }))
                .collect();
            json!({ "of": name, "total": budget.total(target), "shares": shares })
        })
        .collect();
    let ladder: Vec<Value> = assessment
        .ladder
        .iter()
        .map(|c| json!({ "model": change_name(c.change), "preferred": c.is_preferred(), "evidence": c }))
        .collect();
    json!({
        "budget": {
            "inputs": project.model.inputs,
            "contributions": budget.contributions,
            "totals": targets,
            "limits": assessment.limits(&analysis.fit),
        },
        "errors": {
            "asked": project.model.errors,
            "drawn": assessment.drawn.as_ref().map(|d| d.draws),
            "sentence": errors_sentence(assessment, project.model.errors),
            "structure": assessment.structure,
            "likelihood_intervals": assessment.drawn.as_ref().map(|d| &d.likelihood),
        },
        "ladder": { "sentence": ladder_sentence(&assessment.ladder), "neighbors": ladder },
        "window_D_t_over_R_B2": assessment.window,
        "energy_compared": assessment.comparisons,
        "ellipse": { "stated": assessment.stated, "all": assessment.all },
    })
}

/// E, and D of every interval that has one.
fn targets(fit: &SeriesFit, budget: &Budget) -> Vec<(String, Target)> {
    let name = |(k, i): (usize, &Interval)| (format!("ln_D_{}", i.index), Target::Interval(k));
    let intervals = fit.intervals.iter().enumerate().map(name);
    std::iter::once(("E_J_mol".to_owned(), Target::Energy))
        .chain(intervals)
        .filter(|(_, target)| budget.total(*target).is_some())
        .collect()
}

/// `budget.csv`: one line per target (E in J/mol, ln D of an interval, by the index of `intervals.csv`) and source: its effect by one standard uncertainty, its share
/// of the variance, and whether the stated interval holds it; `all` is their sum in quadrature; `inf` where the source can take the value away.
pub fn budget_csv(fit: &SeriesFit, budget: &Budget) -> String {
    let mut csv = String::from("of,source,effect,share,in_stated_interval\n");
    for (name, target) in targets(fit, budget) {
        let shares = budget.shares(target);
        let share = |source: Source| shares.iter().find(|s| s.0 == source).map_or(0.0, |s| s.1);
        for c in &budget.contributions {
            if let Some(effect) = c.effect(target) {
                let held = if c.is_held(target) { "yes" } else { "no" };
                let (effect, share) = (Decimal(effect), Decimal(share(c.source)));
                let _ = writeln!(csv, "{name},{},{effect},{share},{held}", c.source.name());
            }
        }
        if let Some(total) = budget.total(target) {
            let _ = writeln!(csv, "{name},all,{},1,no", Decimal(total));
        }
    }
    csv
}

/// What the stated intervals contain, and what not.
fn held(analysis: &Analysis) -> Value {
    let fit = &analysis.fit;
    let drawn = analysis
        .assessment
        .as_ref()
        .is_some_and(|a| a.drawn.is_some());
    let mut held = vec![
        "counting noise, as the scatter within rings shows it",
        "gain and background of every frame",
    ];
    match fit.order {
        Order::Joint => held.push("shape of the particle"),
        Order::Sequential => {}
    }
    if drawn {
        held.push("scatter among the sectors of the particle: lattice, facets, atoms");
    } else if fit.atoms.is_some_and(|atoms| atoms.counted) {
        held.push("finite number of atoms");
    }
    // Draws know nothing of it.
    if fit.chi2_red > 1.0 && (!drawn || fit.is_misfit()) {
        held.push("misfit, as chi-square shows it");
    }
    let not = [
        "pixel size",
        "probe",
        "Z exponent",
        "scheme",
        "temperature",
        "center and roundness of the particle",
    ];
    json!({ "contained": held, "not_contained": not })
}

/// What the stated error of E contains besides.
fn energy_holds(analysis: &Analysis) -> Value {
    let erring = |h: &IntervalHeating| h.temperature_se_k > 0.0;
    let stated = analysis.heating.iter().flatten().any(erring);
    let sentence = match stated {
        true => "all that the intervals contain, and the stated errors of temperature",
        false => "all that the intervals contain; no error of temperature was stated",
    };
    json!(sentence)
}

fn notice(notice: &crate::signal::Notice) -> Value {
    json!({ "subject": notice.subject, "message": notice.kind.to_string(), "detail": notice.kind })
}

pub(super) fn arrhenius(fit: &Arrhenius) -> Value {
    let e = fit.energy_j_mol;
    json!({
        "fitted_to": fit.grounds,
        "E_J_mol": e.value,
        "E_se_J_mol": e.standard_error,
        "E_low": fit.energy_interval_j_mol.0,
        "E_high": fit.energy_interval_j_mol.1,
        "E_eV": e.value / JOULE_PER_MOL_PER_EV,
        "D0_m2_s": fit.d0_m2_s(),
        "ln_D0_se": fit.ln_d0.standard_error,
        "D0_fixed": fit.ln_d0.fixed,
        "correlation": fit.correlation,
        "reference": fit.reference().map(|(temperature_k, ln_d, error)| json!({
            "temperature_K": temperature_k,
            "ln_D_nm2_s": ln_d,
            "ln_D_se": error,
        })),
        "chi2_red": fit.chi2_red,
        "values": fit.values,
        "limits": fit.limits,
    })
}

/// A text for a table, in quotes where it would not be one cell.
pub(super) struct Quoted<'a>(pub &'a str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.contains([',', '"', '\n', '\r']) {
            write!(f, "\"{}\"", self.0.replace('"', "\"\""))
        } else {
            f.write_str(self.0)
        }
    }
}

/// A number for a table: nine significant digits, no exponent where it is not needed.
pub(super) struct Decimal(pub f64);

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let magnitude = self.0.abs();
        // Rounded to nine digits and read back, so that 600 is written 600 and 0.1 + 0.2 is 0.3.
        let rounded: f64 = format!("{:.8e}", self.0).parse().unwrap_or(self.0);
        if magnitude == 0.0 || (1e-4..1e9).contains(&magnitude) {
            write!(f, "{rounded}")
        } else {
            write!(f, "{rounded:e}")
        }
    }
}
