//! Curves over one quantity: the figure of the simulator and of the tour.

use super::axes::{Metrics, Ticks, chosen, draw_box, extent, with_exponent};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotId, View};
use super::legend::{Legend, Sample, Weight};
use super::scene::{Anchor, Dash, Pen, Scene, TextStyle, note, text_width};
use super::theme::Theme;
use super::{Figure, format};
use crate::language::say;

/// A quantity along an axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quantity {
    /// Its name.
    pub name: String,
    /// Its unit; empty for a number.
    pub unit: &'static str,
    /// Whether the axis is logarithmic.
    pub log: bool,
    /// Ends of the axis; `None`: from the data.
    pub range: Option<(f64, f64)>,
}

/// One curve.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurveLine {
    /// Its name in the legend.
    pub name: String,
    /// Its points.
    pub points: Vec<(f64, f64)>,
    /// Its color among the categories.
    pub color: usize,
    /// Its pattern.
    pub dash: Dash,
    /// Points as disks, too.
    pub disks: bool,
}

/// What [`curves()`] draws.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CurvesFigure {
    /// What it shows.
    pub title: String,
    /// Horizontal axis.
    pub x: Quantity,
    /// Vertical axis.
    pub y: Quantity,
    /// The curves.
    pub lines: Vec<CurveLine>,
    /// Places on the horizontal axis with what they are.
    pub at: Vec<(f64, String)>,
}

/// Read-outs of all curves together.
const MOST_MARKS: usize = 600;

/// Lines with a legend in the free corner, disks where there are few points, dotted lines at named places.
pub fn curves(canvas: Canvas, theme: &Theme, view: View, what: &CurvesFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let font = theme.font_px;
    let axis = |quantity: &Quantity, values: &dyn Fn() -> Vec<f64>, margin: f64| {
        let (lo, hi) = quantity.range.unwrap_or_else(|| {
            let fits = |v: &f64| v.is_finite() && (!quantity.log || *v > 0.0);
            let scaled = |v: f64| if quantity.log { libm::log10(v) } else { v };
            let all = values().into_iter().filter(fits).map(scaled);
            let (lo, hi) = extent(all, margin).unwrap_or((0.0, 1.0));
            match quantity.log {
                true => (libm::exp10(lo), libm::exp10(hi)),
                false => (lo, hi),
            }
        });
        match quantity.log {
            true => AxisMap::log(lo, hi),
            false => AxisMap::linear(lo, hi),
        }
    };
    let each = |part: fn(&(f64, f64)) -> f64| -> Vec<f64> {
        let points = what.lines.iter().flat_map(|l| &l.points);
        points.map(part).collect()
    };
    let x = chosen(view.x, axis(&what.x, &|| each(|p| p.0), 0.0));
    let y = chosen(view.y, axis(&what.y, &|| each(|p| p.1), 0.06));
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let (area, y_ticks) = m.across(PlotId::Curves, (x, y), canvas, bottom);
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let mut legend = Legend::default();
    for (value, words) in &what.at {
        let Some(at) = area
            .x_px(*value)
            .filter(|at| (area.rect.left..=area.rect.right).contains(at))
        else {
            continue;
        };
        let pen = Pen::new(theme.line_scale, theme.muted).dashed(Dash::Dotted);
        scene.segment((at, area.rect.top), (at, area.rect.bottom), pen);
        let room = text_width(words, font) + 0.4 * font;
        let (place, anchor) = match at + room < area.rect.right {
            true => (at + 0.3 * font, Anchor::Start),
            false => (at - 0.3 * font, Anchor::End),
        };
        let style = TextStyle::new(font, theme.muted).anchored(anchor);
        scene.text((place, area.rect.top + 0.9 * font), words.clone(), style);
        let ends = [at, at + room, at - room];
        legend.avoid(ends.map(|x| (x, area.rect.top + font)), Weight::Datum);
    }
    let count: usize = what.lines.iter().map(|l| l.points.len()).sum();
    let stride = count.div_ceil(MOST_MARKS).max(1);
    let value = |quantity: &Quantity, v: f64| {
        let number = format::significant(v, 3);
        match quantity.unit {
            "" => number,
            unit => format!("{number} {unit}"),
        }
    };
    for line in &what.lines {
        let color = theme.category(line.color);
        let pen = Pen::new(1.8 * theme.line_scale, color).dashed(line.dash);
        let places: Vec<Option<(f64, f64)>> =
            line.points.iter().map(|p| area.to_px(p.0, p.1)).collect();
        legend.avoid(places.iter().copied().flatten(), Weight::Curve);
        scene.clipped_line(places.iter().copied(), &area.rect, pen);
        for (index, (place, point)) in places.iter().zip(&line.points).enumerate() {
            let Some((x_px, y_px)) = place.filter(|p| area.rect.contains(p.0, p.1)) else {
                continue;
            };
            if line.disks {
                scene.disk((x_px, y_px), 3.0 * theme.line_scale, color);
            }
            if index % stride == 0 {
                layout.marks.push(Mark {
                    plot: 0,
                    x_px,
                    y_px,
                    x: point.0,
                    y: point.1,
                    label: format!(
                        "{}: {} at {}",
                        line.name,
                        value(&what.y, point.1),
                        value(&what.x, point.0)
                    ),
                    frame: None,
                });
            }
        }
        if !line.name.is_empty() {
            legend
                .entries
                .push((Sample::Line(pen, None), line.name.clone()));
        }
    }
    let x_ticks = Ticks::of(&area.x, area.rect.width(), 5.0 * m.tick);
    let title = |quantity: &Quantity, exponent: i32| match (quantity.unit, exponent) {
        ("", 0) => quantity.name.clone(),
        (unit, exponent) => {
            let unit = with_exponent(unit, exponent);
            format!("{} ({})", quantity.name, unit.trim())
        }
    };
    let (below, beside) = (
        title(&what.x, x_ticks.exponent),
        title(&what.y, y_ticks.exponent),
    );
    draw_box(
        &mut scene,
        theme,
        &area,
        [(&x_ticks, &below), (&y_ticks, &beside)],
    );
    if count == 0 {
        note(&mut scene, theme, &area.rect, format::ABSENT);
    } else if what.lines.len() > 1 {
        legend.draw(&mut scene, theme, &area.rect);
    }
    Figure {
        scene,
        layout,
        title: what.title.clone(),
        description: describe(what),
    }
}

/// Every curve by its ends.
fn describe(what: &CurvesFigure) -> String {
    let ends = |line: &CurveLine| {
        let (first, last) = (line.points.first()?, line.points.last()?);
        let number = |v: f64| format::significant(v, 3);
        Some(say!(
            "{} from {} to {} {}" | "{} von {} bis {} {}",
            line.name,
            number(first.1),
            number(last.1),
            what.y.unit
        ))
    };
    let lines: Vec<String> = what.lines.iter().filter_map(ends).collect();
    say!(
        "{} over {}: {}" | "{} über {}: {}",
        what.y.name,
        what.x.name,
        lines.join("; ")
    )
}
