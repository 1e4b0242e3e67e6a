//! The error budget as a tornado: what each input does to E, or to D of one step, largest first.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotArea, PlotId, Rect, View};
use super::scene::{Anchor, Dash, Pen, Scene, TextStyle, note, text_width};
use super::theme::Theme;
use super::{Figure, format, known};
use crate::budget::{Budget, Target};
use crate::language::{say, word};

/// What [`tornado`] draws.
#[derive(Clone, Copy, Debug)]
pub struct TornadoFigure<'a> {
    /// The budget.
    pub budget: &'a Budget,
    /// E, or D of a step.
    pub target: Target,
    /// What the target is called.
    pub name: &'a str,
}

/// Bars to either side of the value, as long as each input's standard uncertainty moves it; sources that do nothing are left out.
pub fn tornado(canvas: Canvas, theme: &Theme, view: View, what: &TornadoFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let (unit, scale) = match what.target {
        Target::Energy => ("kJ/mol", 1e-3),
        Target::Interval(_) => ("ln D", 1.0),
    };
    let total = what.budget.total(what.target).unwrap_or(0.0) * scale;
    let rows: Vec<(&str, f64, bool, f64)> = what
        .budget
        .shares(what.target)
        .into_iter()
        .filter(|(_, share)| *share > 5e-5)
        .filter_map(|(source, share)| {
            let c = what
                .budget
                .contributions
                .iter()
                .find(|c| c.source == source)?;
            Some((
                known(source.name()),
                scale * c.effect(what.target)?,
                c.is_held(what.target),
                share,
            ))
        })
        .collect();
    // Bars without an end go all the way.
    let ends = rows.iter().map(|r| r.1.abs()).chain([total]);
    let reach = ends.filter(|e| e.is_finite()).fold(1e-12, f64::max) * 1.15;
    let x = chosen(view.x, AxisMap::linear(-reach, reach));
    let y = AxisMap::linear(-1.5 - rows.len() as f64, 0.5);
    let size = theme.font_px;
    let label = rows
        .iter()
        .map(|r| text_width(r.0, size))
        .fold(text_width(word!("all" | "alle"), size), f64::max);
    let (top, bottom) = (0.6 * size, canvas.height_px - m.beside_horizontal(true));
    let area = PlotArea {
        id: PlotId::Budget,
        rect: Rect {
            left: (label + 1.2 * size).min(0.5 * canvas.width_px),
            top,
            right: canvas.width_px - 0.9 * size,
            bottom,
        },
        x,
        y,
    };
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let height = 0.68 * area.rect.height() / (rows.len() as f64 + 2.0);
    let mut bar =
        |scene: &mut Scene, place: f64, (name, effect, held, share): (&str, f64, bool, f64)| {
            let (Some(y), Some(a), Some(b)) = (
                area.y_px(place),
                area.x_px((-effect.abs()).max(x.lo)),
                area.x_px(effect.abs().min(x.hi)),
            ) else {
                return;
            };
            let color = if held {
                theme.category(0)
            } else {
                theme.category(1)
            };
            let rect = Rect {
                left: a,
                top: y - 0.5 * height,
                right: b,
                bottom: y + 0.5 * height,
            };
            let color = if name == "all" { theme.muted } else { color };
            scene.fill(rect, color.with_alpha(0.75));
            scene.text(
                (area.rect.left - 0.6 * size, y + 0.35 * size),
                match name {
                    "all" => word!("all" | "alle"),
                    name => name,
                },
                TextStyle::new(size, theme.text).anchored(Anchor::End),
            );
            let words = if name == "all" {
                String::new()
            } else {
                say!(
                    " · {} of the variance" | " · {} der Varianz",
                    percent(share)
                )
            };
            let sign = if effect < 0.0 { "∓" } else { "±" };
            layout.marks.push(Mark {
                plot: 0,
                x_px: b,
                y_px: y,
                x: effect.abs().min(x.hi),
                y: place,
                label: format!(
                    "{name} {sign}{} {unit}{words}{}",
                    format::uncertainty(effect.abs(), 2),
                    if held && name != "all" {
                        word!(" · in the stated interval" | " · im genannten Intervall")
                    } else {
                        ""
                    }
                ),
                frame: None,
            });
        };
    for (i, row) in rows.iter().enumerate() {
        bar(&mut scene, -(i as f64), *row);
    }
    if rows.is_empty() {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("no value, no budget" | "kein Wert, kein Budget"),
        );
    } else {
        bar(
            &mut scene,
            -0.5 - rows.len() as f64,
            ("all", total, false, 1.0),
        );
        let zero = [y.lo, y.hi].map(|v| area.to_px(0.0, v));
        scene.clipped_line(
            zero,
            &area.rect,
            Pen::new(theme.line_scale, theme.muted).dashed(Dash::Dotted),
        );
    }
    let ticks = Ticks::of(&area.x, area.rect.width(), 5.0 * m.tick);
    let title = match what.target {
        Target::Energy => word!(
            "change of E (kJ/mol) by one standard uncertainty"
                | "Änderung von E (kJ/mol) durch eine Standardunsicherheit"
        )
        .to_owned(),
        Target::Interval(_) => word!(
            "change of ln D by one standard uncertainty"
                | "Änderung von ln D durch eine Standardunsicherheit"
        )
        .to_owned(),
    };
    for (edge, title) in [(Edge::Bottom, title.as_str()), (Edge::Top, "")] {
        let axis = Axis {
            edge,
            ticks: &ticks,
            labels: !title.is_empty(),
            title,
        };
        draw_axis(&mut scene, theme, &area.rect, &axis, |v| area.x_px(v));
    }
    Figure {
        scene,
        layout,
        title: say!("What limits {}" | "Was {} begrenzt", what.name),
        description: describe(what, total, unit),
    }
}

/// `41 %`.
fn percent(share: f64) -> String {
    let value = 100.0 * share;
    if value < 1.0 {
        "< 1 %".to_owned()
    } else {
        format!("{} %", format::fixed(value, 0))
    }
}

fn describe(what: &TornadoFigure, total: f64, unit: &str) -> String {
    let shares = what.budget.shares(what.target);
    let parts: Vec<String> = shares
        .iter()
        .filter(|(_, share)| *share >= 0.01)
        .map(|(source, share)| format!("{} {}", known(source.name()), percent(*share)))
        .collect();
    if parts.is_empty() {
        return word!("No value, no budget." | "Kein Wert, kein Budget.").to_owned();
    }
    say!(
        "All sources together: ±{} {unit}. Of the variance: {}."
            | "Alle Quellen zusammen: ±{} {unit}. Von der Varianz: {}.",
        format::uncertainty(total, 2),
        parts.join(", ")
    )
}
