//! What a series will tell: errors of ln D as a map of dose or dwell over temperature.

use super::axes::Metrics;
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotArea, PlotId, Rect};
use super::scene::{Anchor, Pen, Scene, TextStyle, note, text_width};
use super::theme::{Color, ColorMap, Theme};
use super::{Figure, format};
use crate::language::{say, word};
use crate::simulate::{Outcome, PlanGrid, Varied};

/// Standard errors of ln D at the ends of the colors.
const COLORS: (f64, f64) = (0.01, 1.0);

/// A row for each dose or dwell, a column for each interval. Where there will be a value its standard error stands in it, brighter the smaller;
/// where there may be one, in brackets; limits are empty. A frame marks the row of the experiment itself.
pub fn plan_map(canvas: Canvas, theme: &Theme, grid: &PlanGrid) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let font = theme.font_px;
    let columns = grid.rows.first().map_or(0, |p| p.intervals.len());
    let labels: Vec<String> = grid
        .values
        .iter()
        .map(|v| match grid.varied {
            Varied::Dose => format::significant(*v, 2),
            Varied::Dwell => format::duration(*v),
        })
        .collect();
    let widest = labels
        .iter()
        .fold(0.0_f64, |a, l| a.max(text_width(l, m.tick)));
    let rect = Rect {
        left: (widest + 2.4 * font).min(0.4 * canvas.width_px),
        top: 0.8 * font,
        right: canvas.width_px - 0.8 * font,
        bottom: canvas.height_px - m.beside_horizontal(true) - 0.4 * font,
    };
    let area = PlotArea {
        id: PlotId::Curves,
        rect,
        x: AxisMap::linear(0.0, columns.max(1) as f64),
        y: AxisMap::linear(0.0, grid.rows.len().max(1) as f64),
    };
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let (width, height) = (
        rect.width() / columns.max(1) as f64,
        rect.height() / grid.rows.len().max(1) as f64,
    );
    let digits = if width > 4.2 * font { 2 } else { 1 };
    let size = (0.34 * width).min(0.6 * height).min(font);
    for (row, (plan, label)) in grid.rows.iter().zip(&labels).enumerate() {
        let bottom = rect.bottom - row as f64 * height;
        let middle = bottom - 0.5 * height;
        scene.text(
            (rect.left - 0.4 * font, middle),
            label.clone(),
            TextStyle::new(m.tick, theme.text).anchored(Anchor::End),
        );
        for (column, interval) in plan.intervals.iter().enumerate() {
            let left = rect.left + column as f64 * width;
            let cell = Rect {
                left: left + 0.5,
                top: bottom - height + 0.5,
                right: left + width - 0.5,
                bottom: bottom - 0.5,
            };
            let (outcome, sd) = (interval.outcome(), interval.ln_d.unwrap_or(f64::INFINITY));
            let (fill, words) = match outcome {
                Outcome::Value => (color(sd), format::significant(sd, digits)),
                Outcome::Either => (color(sd), format!("({})", format::significant(sd, digits))),
                Outcome::Limit => (theme.grid.with_alpha(0.5), String::new()),
            };
            scene.fill(cell, fill);
            let ink = match fill.luminance() > 0.18 {
                true => Color::hex(0x000000),
                false => Color::hex(0xffffff),
            };
            let center = (left + 0.5 * width, middle);
            if size > 6.5 {
                let style = TextStyle::new(size, ink).anchored(Anchor::Middle);
                scene.text(center, words, style);
            }
            layout.marks.push(Mark {
                plot: 0,
                x_px: center.0,
                y_px: center.1,
                x: column as f64 + 0.5,
                y: row as f64 + 0.5,
                label: say!(
                    "{} at {label}: {}" | "{} bei {label}: {}",
                    format::temperature(interval.temperature_k),
                    match outcome {
                        Outcome::Limit => word!("a limit" | "eine Grenze").to_owned(),
                        Outcome::Either => say!(
                            "± {} in ln D, or a limit" | "± {} in ln D oder eine Grenze",
                            format::significant(sd, 2)
                        ),
                        Outcome::Value => format!("± {} in ln D", format::significant(sd, 2)),
                    }
                ),
                frame: None,
            });
        }
    }
    let own = grid.rows.len() / 2;
    if let Some(plan) = grid.rows.get(own) {
        let bottom = rect.bottom - own as f64 * height;
        let pen = Pen::new(2.0 * theme.line_scale, theme.text);
        let corners = [
            (rect.left, bottom),
            (rect.right, bottom),
            (rect.right, bottom - height),
            (rect.left, bottom - height),
            (rect.left, bottom),
        ];
        scene.line(corners.to_vec(), pen);
        // As many temperatures as have room.
        let every = (4.2 * m.tick / width.max(1.0)) as usize + 1;
        for (column, interval) in plan.intervals.iter().enumerate().step_by(every) {
            scene.text(
                (
                    rect.left + (column as f64 + 0.5) * width,
                    rect.bottom + m.gap + 0.5 * m.tick,
                ),
                format::fixed(interval.temperature_k, 0),
                TextStyle::new(m.tick, theme.text).anchored(Anchor::Middle),
            );
        }
    } else {
        note(&mut scene, theme, &rect, format::ABSENT);
    }
    let beside = match grid.varied {
        Varied::Dose => word!("dose (counts)" | "Dosis (Impulse)"),
        Varied::Dwell => word!("dwell of every step" | "Haltezeit jedes Schritts"),
    };
    scene.text(
        (
            0.5 * (rect.left + rect.right),
            canvas.height_px - 0.9 * font,
        ),
        word!("temperature of the step (K)" | "Temperatur des Schritts (K)"),
        TextStyle::new(m.title, theme.text).anchored(Anchor::Middle),
    );
    scene.text(
        (0.8 * font, 0.5 * (rect.top + rect.bottom)),
        beside,
        TextStyle::new(m.title, theme.text)
            .anchored(Anchor::Middle)
            .upwards(),
    );
    let values = |row: usize| {
        let plan = grid.rows.get(row);
        plan.map_or(0, |p| {
            let intervals = p.intervals.iter();
            intervals.filter(|i| i.outcome() == Outcome::Value).count()
        })
    };
    Figure {
        scene,
        layout,
        title: say!(
            "Standard error of ln D over temperature and {beside}"
                | "Standardfehler von ln D über Temperatur und {beside}"
        ),
        description: say!(
            "{} of {columns} intervals will hold a value; {} at the lowest {beside}, {} at the highest"
                | "{} von {columns} Intervallen werden einen Wert geben; {} bei kleinster Größe ({beside}), {} bei größter",
            values(own),
            values(0),
            values(grid.rows.len().saturating_sub(1))
        ),
    }
}

/// Bright where little is left to doubt.
fn color(sd: f64) -> Color {
    let (least, most) = COLORS;
    ColorMap::Viridis.color(libm::log(most / sd) / libm::log(most / least))
}
