//! D(T) of several series in one plot.

use super::Figure;
use super::axes::{Metrics, Ticks, chosen};
use super::diffusivity::{Abscissa, automatic_x, automatic_y, axes, energy, places};
use super::intervals::{Horizontal, Ordinate, Point, Shape, covered, draw_point, mark, points};
use super::layout::{Canvas, Layout, PlotArea, PlotId, Rect, View};
use super::legend::{Legend, Sample, Weight};
use super::literature::Trace;
use super::scene::{Dash, Pen, Scene, note};
use super::theme::Theme;
use crate::kinetics::{Arrhenius, Together};
use crate::language::{say, word};
use crate::project::Companion;

/// Width of a plot, in sizes of its text, from which the legend says energies.
const WIDE: f64 = 36.0;

/// What [`comparison()`] draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct ComparisonFigure<'a> {
    /// The series, each with its line of the common law where it has one.
    pub series: &'a [(&'a Companion, Option<&'a Arrhenius>)],
    /// The common law.
    pub together: Option<&'a Together>,
    /// Horizontal axis.
    pub abscissa: Abscissa,
}

/// D against temperature of several series: values with their intervals, limits as arrows, and each series' own Arrhenius fit, a color and a
/// symbol to each. Dashed is the common law: one line with the band of its confidence where one D0 describes all, else a
/// line of the common E for each.
///
/// Series without dwell times or temperatures have no place here. The vertical axis is logarithmic.
pub fn comparison(canvas: Canvas, theme: &Theme, view: View, what: &ComparisonFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let horizontal = match what.abscissa {
        Abscissa::Temperature => Horizontal::Temperature,
        Abscissa::ReciprocalTemperature => Horizontal::Reciprocal,
    };
    let ordinate = Ordinate::Diffusivity;
    let of: Vec<Vec<Point>> = what
        .series
        .iter()
        .map(|(one, _)| points(&one.intervals, ordinate, horizontal))
        .collect();
    let all = || of.iter().flatten();
    let x_axis = chosen(view.x, automatic_x(all().map(|p| p.x), horizontal));
    let y_axis = chosen(view.y, automatic_y(all(), ordinate));
    let top = match horizontal {
        Horizontal::Reciprocal => m.beside_horizontal(false),
        _ => 0.9 * theme.font_px,
    };
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let y_ticks = Ticks::of(&y_axis, bottom - top, 2.6 * m.tick);
    let area = PlotArea {
        id: PlotId::Diffusivity,
        rect: Rect {
            left: m.beside_vertical(&y_ticks, true).min(0.4 * canvas.width_px),
            top,
            right: canvas.width_px - 0.9 * theme.font_px,
            bottom,
        },
        x: x_axis,
        y: y_axis,
    };
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let mut legend = Legend::default();
    let places = places(&x_axis, horizontal);
    let one_line = what
        .together
        .filter(|t| t.same_d0.is_some_and(|test| test.holds()));
    let common = |color| Pen::new(1.5 * theme.line_scale, color).dashed(Dash::Dashed);
    let mut traces = Vec::new();
    let mut add = |law: &Arrhenius, pen: Pen, band| {
        traces.push(Trace::of_fit(law, (String::new(), pen, band), &places));
    };
    if let Some(together) = one_line {
        add(&together.line, common(theme.fit), Some(theme.band));
    }
    for (k, (one, joined)) in what.series.iter().enumerate() {
        let color = theme.category(k);
        if let (Some(law), None) = (joined, one_line) {
            add(law, common(color), None);
        }
        if let Some(own) = &one.line {
            add(own, Pen::new(1.3 * theme.line_scale, color), None);
        }
    }
    for trace in &traces {
        legend.avoid(trace.seen(&area), trace.weight);
    }
    Trace::draw(&traces, &mut scene, &area);
    for (k, (one, _)) in what.series.iter().enumerate() {
        let color = theme.category(k);
        for point in of.get(k).into_iter().flatten() {
            let Some((x, y)) = area.to_px(point.x, point.y) else {
                continue;
            };
            let look = (color, Shape::of(k));
            draw_point(&mut scene, &area, theme, (point, look), false);
            legend.avoid(covered(&area, theme, point), Weight::Datum);
            if area.rect.contains(x, y) {
                let mut mark = mark(point, (x, y), Some(one.radius_b_nm.value));
                mark.label = format!("{} · {}", one.name, mark.label);
                // A frame of another series is none to be selected.
                mark.frame = None;
                layout.marks.push(mark);
            }
        }
        // Where there is little room the names come first: whose points these are is said nowhere else in the figure.
        let words = match &one.line {
            Some(own) if area.rect.width() > WIDE * theme.font_px => {
                format!("{}: E = {}", one.name, energy(own))
            }
            _ => one.name.clone(),
        };
        legend
            .entries
            .push((Sample::Shape(Shape::of(k), color), words));
    }
    if let Some(together) = what.together {
        let (words, pen, band) = match one_line {
            Some(_) => (
                say!(
                    "one law: E = {}" | "ein Gesetz: E = {}",
                    energy(&together.line)
                ),
                common(theme.fit),
                Some(theme.band),
            ),
            None => (
                say!(
                    "one E: {}" | "ein E: {}",
                    super::format::with_error(
                        together.energy_j_mol.value / 1e3,
                        together.energy_j_mol.standard_error / 1e3,
                        "kJ/mol"
                    )
                ),
                common(theme.muted),
                None,
            ),
        };
        // Last, because the last entry goes first where data fill all corners.
        legend.entries.push((Sample::Line(pen, band), words));
    }
    axes(
        &mut scene,
        theme,
        &area,
        (horizontal, ordinate),
        (&y_ticks, None),
    );
    match all().next() {
        Some(_) => {
            legend.draw(&mut scene, theme, &area.rect);
        }
        None => note(
            &mut scene,
            theme,
            &area.rect,
            word!("no series has D at a temperature" | "keine Serie hat D bei einer Temperatur"),
        ),
    }
    Figure {
        scene,
        layout,
        title: word!(
            "Diffusion constants of several series" | "Diffusionskonstanten mehrerer Serien"
        )
        .into(),
        description: describe(what, &of),
    }
}

fn describe(what: &ComparisonFigure, points: &[Vec<Point>]) -> String {
    let of = |((one, _), points): (&(&Companion, Option<&Arrhenius>), &Vec<Point>)| {
        let count = points.len();
        let law = one.line.as_ref().map_or_else(String::new, |own| {
            say!(", E = {}" | ", E = {}", energy(own))
        });
        say!(
            "{}: {count} values and limits{law}" | "{}: {count} Werte und Grenzen{law}",
            one.name
        )
    };
    let parts: Vec<String> = what.series.iter().zip(points).map(of).collect();
    parts.join("; ") + "."
}
