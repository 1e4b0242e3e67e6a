//! The report: one HTML file without anything outside of it.

use std::fmt::Write as _;

use super::methods::{bibtex, methods};
use crate::budget::Target;
use crate::engine::{Analysis, SideBySide, intervals_csv};
use crate::figures::format;
use crate::fit::Estimate;
use crate::kinetics::Arrhenius;
use crate::project::{Project, Sourced};
use crate::units::JOULE_PER_MOL_PER_EV;

/// A figure of the report.
#[derive(Clone, Debug)]
pub struct ReportFigure {
    /// What it shows.
    pub title: String,
    /// The figure as an SVG document.
    pub svg: String,
}

/// For reading and for print; figures come from the program and are trusted, everything else is escaped.
const STYLE: &str = "body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}\
h1{font-size:1.6rem}h2{font-size:1.15rem;margin-top:2rem;border-bottom:1px solid #d5dae0}\
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.9em}th,td{padding:.2em .7em;text-align:right;border-bottom:1px solid #d5dae0}\
th:first-child,td:first-child{text-align:left}figure{margin:1rem 0;break-inside:avoid}figure svg{max-width:100%;height:auto}\
figcaption{color:#59636e}pre{white-space:pre-wrap;font-size:.8em;background:#f4f5f7;padding:.7em}.wide{overflow-x:auto}\
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}";

/// Text as HTML, with the symbols R_A and R_B as they are printed.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for word in self.0.split_inclusive(' ') {
            // A name of a file that has one of them in it is no symbol.
            let below = match word.trim_end_matches(' ') {
                "R_A" => "A",
                "R_B" => "B",
                _ => "",
            };
            if !below.is_empty() {
                write!(f, "<i>R</i><sub>{below}</sub> ")?;
                continue;
            }
            for c in word.chars() {
                match c {
                    '&' => f.write_str("&amp;")?,
                    '<' => f.write_str("&lt;")?,
                    '>' => f.write_str("&gt;")?,
                    '"' => f.write_str("&quot;")?,
                    c => write!(f, "{c}")?,
                }
            }
        }
        Ok(())
    }
}

fn table(html: &mut String, head: &[&str], rows: impl Iterator<Item = Vec<String>>) {
    html.push_str("<div class=\"wide\"><table><thead><tr>");
    for cell in head {
        let _ = write!(html, "<th scope=\"col\">{}</th>", Escaped(cell));
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        html.push_str("<tr>");
        for cell in row {
            let _ = write!(html, "<td>{}</td>", Escaped(&cell));
        }
        html.push_str("</tr>");
    }
    html.push_str("</tbody></table></div>\n");
}

/// The report of an analysis: answer, figures, tables, methods, notices, inputs with their digests, and what to cite. The numbers are those of
/// `result.json`, rounded to their errors; the intervals are repeated in full as CSV. A comparison of a single series is left out.
pub fn html(
    project: &Project,
    analysis: &Analysis,
    compared: &SideBySide,
    figures: &[ReportFigure],
) -> String {
    let name = match project.series.name.as_str() {
        "" => "Heating series",
        name => name,
    };
    let mut html = format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\
         <title>{0}</title><style>{STYLE}</style></head><body>\n<h1>{0}</h1>\n",
        Escaped(name)
    );
    let _ = writeln!(html, "<p>{}</p>", Escaped(&answer(analysis)));
    for figure in figures {
        let _ = writeln!(
            html,
            "<figure>{}<figcaption>{}</figcaption></figure>",
            figure.svg,
            Escaped(&figure.title)
        );
    }
    html.push_str("<h2>Heating intervals</h2>\n");
    let kelvin =
        |t: Option<f64>| t.map_or_else(String::new, |t| format!("{} K", format::fixed(t, 1)));
    let seconds = |t: Option<f64>| t.map_or_else(String::new, format::duration);
    table(
        &mut html,
        &["interval", "temperature", "dwell", "D·t", "D"],
        analysis.fit.intervals.iter().map(|interval| {
            vec![
                format!("to frame {}", interval.index),
                kelvin(interval.temperature_k),
                seconds(interval.dwell_s),
                format::diffusion_area(interval),
                format::diffusivity(interval).unwrap_or_default(),
            ]
        }),
    );
    html.push_str("<h2>Particle</h2>\n");
    let shape = &analysis.fit.shape;
    let rows = [
        ("core radius R_A", &shape.radius_a_nm, "nm"),
        ("particle radius R_B", &shape.radius_b_nm, "nm"),
        ("edge smoothness σ", &shape.sigma_nm, "nm"),
        ("w_core / w_shell", &shape.contrast, ""),
        ("probe σ", &shape.psf_sigma_nm, "nm"),
    ];
    table(
        &mut html,
        &["", "value"],
        rows.into_iter()
            .map(|(name, estimate, unit)| vec![name.to_owned(), value(estimate, unit)]),
    );
    if compared.series.len() > 1 {
        html.push_str("<h2>Other series</h2>\n<ul>\n");
        for sentence in compared.sentences() {
            let _ = writeln!(html, "<li>{}</li>", Escaped(&sentence));
        }
        html.push_str("</ul>\n");
        table(
            &mut html,
            &[
                "series",
                "pair",
                "R_B (nm)",
                "E (kJ/mol)",
                "D₀ (m²/s)",
                "E in common (kJ/mol)",
            ],
            compared.rows().into_iter().map(|row| row.to_vec()),
        );
    }
    let _ = writeln!(
        html,
        "<h2>Methods</h2>\n<p>{}</p>",
        Escaped(&methods(project, analysis))
    );
    if !analysis.notices.is_empty() {
        html.push_str("<h2>Notices</h2>\n<ul>\n");
        for notice in &analysis.notices {
            let subject = match notice.subject.as_str() {
                "" => String::new(),
                subject => format!("{subject}: "),
            };
            let _ = writeln!(
                html,
                "<li>{}{}</li>",
                Escaped(&subject),
                Escaped(&notice.kind.to_string())
            );
        }
        html.push_str("</ul>\n");
    }
    html.push_str("<h2>Images</h2>\n");
    let given = |value: &Option<Sourced>, unit: &str| {
        value.as_ref().map_or_else(String::new, |v| {
            format!("{} {unit}", format::significant(v.value, 6))
        })
    };
    table(
        &mut html,
        &[
            "file",
            "temperature",
            "dwell",
            "pixel",
            "left out",
            "SHA-256",
        ],
        project.series.frames.iter().map(|f| {
            vec![
                match f.plane {
                    0 => f.file.clone(),
                    plane => format!("{} [{plane}]", f.file),
                },
                given(&f.temperature_k, "K"),
                given(&f.dwell_s, "s"),
                given(&f.pixel_nm, "nm"),
                f.excluded.clone().unwrap_or_default(),
                f.digest.clone(),
            ]
        }),
    );
    let _ = write!(
        html,
        "<h2>Intervals as CSV</h2>\n<pre>{}</pre>\n<h2>To cite</h2>\n<pre>{}</pre>\n<p>Written by Alloyscope {}.</p>\n</body></html>\n",
        Escaped(&intervals_csv(analysis)),
        Escaped(&bibtex(analysis)),
        env!("CARGO_PKG_VERSION")
    );
    html
}

fn value(e: &Estimate, unit: &str) -> String {
    if e.fixed {
        format!("{} {unit} (given)", format::significant(e.value, 4))
            .trim_end()
            .to_owned()
    } else {
        format::with_error(e.value, e.standard_error, unit)
    }
}

/// The answer in one sentence.
fn answer(analysis: &Analysis) -> String {
    // All errors are of one level, as in the tables.
    let wide = analysis.widening();
    let line = |line: &Arrhenius| {
        let e = line.energy_j_mol;
        let of = |unit: f64, name| {
            format::with_error(e.value / unit, wide * e.standard_error / unit, name)
        };
        let all = analysis
            .assessment
            .as_ref()
            .filter(|a| a.budget.is_complete())
            .and_then(|a| a.budget.total(Target::Energy))
            .map_or_else(String::new, |total| {
                let error = format::uncertainty(wide * total / 1e3, 2);
                format!("; E ±{error} kJ/mol with all inputs")
            });
        format!(
            "E = {} ({}), {}; errors are {}{all}.",
            of(1e3, "kJ/mol"),
            of(JOULE_PER_MOL_PER_EV, "eV"),
            format::prefactor(line.ln_d0.value, wide * line.ln_d0.standard_error),
            match wide {
                1.0 => "standard errors".to_owned(),
                _ => format!(
                    "those of {} %",
                    format::fixed(100.0 * analysis.fit.confidence, 0)
                ),
            },
        )
    };
    match &analysis.kinetics.free {
        Some(found) => line(found),
        None if analysis.fit.intervals.is_empty() => {
            "One image: its profile and initial fit.".into()
        }
        None => "The intervals do not determine an Arrhenius law; D·t is below.".into(),
    }
}
