//! Heating intervals as points of the D(T) figure: what they show, how they are drawn, what is said of them.

use super::format;
use super::layout::{Mark, PlotArea, Rect};
use super::legend::arrow;
use super::scene::{Pen, Scene};
use super::theme::{Color, Theme};
use crate::fit::{Interval, IntervalKind};
use crate::kinetics::mixing_time_s;
use crate::language::say;
use crate::units::SQUARE_METER_PER_SQUARE_NM;

/// What the vertical axis counts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Ordinate {
    /// D (m²/s).
    Diffusivity,
    /// D·t (nm²): no dwell times.
    Area,
}

/// What the horizontal axis counts in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Horizontal {
    Temperature,
    Reciprocal,
    /// No temperatures.
    Frame,
}

impl Horizontal {
    pub fn of(self, temperature_k: f64) -> f64 {
        match self {
            Horizontal::Reciprocal => 1000.0 / temperature_k,
            _ => temperature_k,
        }
    }
}

/// The symbol of a value: color alone does not tell series apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Disk,
    Square,
    Triangle,
    Diamond,
    Down,
}

impl Shape {
    /// Of the series at a place. Five symbols and six colors repeat together after thirty.
    pub fn of(series: usize) -> Shape {
        let all = [
            Shape::Disk,
            Shape::Square,
            Shape::Triangle,
            Shape::Diamond,
            Shape::Down,
        ];
        all.get(series % all.len()).copied().unwrap_or(Shape::Disk)
    }

    /// Of the area of a disk of this radius, or nearly.
    pub fn draw(self, scene: &mut Scene, (x, y): (f64, f64), radius: f64, color: Color) {
        let corners = |turn: f64, count: usize, r: f64| -> Vec<(f64, f64)> {
            (0..count)
                .map(|i| turn + std::f64::consts::TAU * i as f64 / count as f64)
                .map(|phi| (x + r * libm::cos(phi), y + r * libm::sin(phi)))
                .collect()
        };
        let quarter = std::f64::consts::FRAC_PI_2;
        let points = match self {
            Shape::Disk => return scene.disk((x, y), radius, color),
            Shape::Square => corners(0.5 * quarter, 4, 1.25 * radius),
            Shape::Diamond => corners(0.0, 4, 1.25 * radius),
            Shape::Triangle => corners(-quarter, 3, 1.4 * radius),
            Shape::Down => corners(quarter, 3, 1.4 * radius),
        };
        scene.area(points, color);
    }
}

/// One interval as drawn.
pub(super) struct Point<'a> {
    pub interval: &'a Interval,
    pub x: f64,
    /// Value, or the limit.
    pub y: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub kind: IntervalKind,
}

pub(super) fn points(
    intervals: &[Interval],
    ordinate: Ordinate,
    horizontal: Horizontal,
) -> Vec<Point<'_>> {
    let convert = |interval: &Interval, tau: f64| {
        let value = match ordinate {
            Ordinate::Area => Some(tau),
            Ordinate::Diffusivity => interval
                .diffusivity_nm2_s(tau)
                .map(|d| d * SQUARE_METER_PER_SQUARE_NM),
        };
        value.filter(|v| v.is_finite() && *v > 0.0)
    };
    intervals
        .iter()
        .filter_map(|interval| {
            let x = place(interval, horizontal)?;
            let low = interval.dtau_low_nm2.and_then(|v| convert(interval, v));
            let high = interval.dtau_high_nm2.and_then(|v| convert(interval, v));
            let (kind, y) = match interval.kind {
                IntervalKind::None => return None,
                IntervalKind::Upper => (IntervalKind::Upper, high?),
                IntervalKind::Lower => (IntervalKind::Lower, low?),
                IntervalKind::Value => match convert(interval, interval.dtau_nm2) {
                    Some(y) => (IntervalKind::Value, y),
                    None => (IntervalKind::Upper, high?),
                },
            };
            Some(Point {
                interval,
                x,
                y,
                low,
                high,
                kind,
            })
        })
        .collect()
}

fn place(interval: &Interval, horizontal: Horizontal) -> Option<f64> {
    Some(match horizontal {
        Horizontal::Frame => interval.index as f64,
        _ => horizontal.of(interval
            .temperature_k
            .filter(|t| t.is_finite() && *t > 0.0)?),
    })
}

/// Intervals that were measured and tell nothing, and where they stand.
pub(super) fn silent(intervals: &[Interval], horizontal: Horizontal) -> Vec<(&Interval, f64)> {
    let silent = intervals.iter().filter(|i| i.kind == IntervalKind::None);
    silent
        .filter_map(|interval| Some((interval, place(interval, horizontal)?)))
        .collect()
}

/// The ring of an interval that tells nothing.
pub(super) fn draw_silent(scene: &mut Scene, theme: &Theme, at: (f64, f64)) {
    let s = theme.line_scale;
    scene.ring(at, 3.2 * s, Pen::new(1.3 * s, theme.muted));
}

/// τ₁ = R²/(20.19 D) (s) for R in nm and D in m²/s. The same turns τ₁ into D.
pub(super) fn mixing_time(radius_nm: f64, d_m2_s: f64) -> f64 {
    mixing_time_s(radius_nm, d_m2_s / SQUARE_METER_PER_SQUARE_NM).unwrap_or(f64::NAN)
}

/// Where a point stands in a plot (CSS pixels), and how far up and down it reaches: the ends of its bar, or the tip and the middle of its arrow.
fn reach(area: &PlotArea, theme: &Theme, point: &Point) -> Option<(f64, f64, [Option<f64>; 2])> {
    let rect = &area.rect;
    let (x, y) = area.to_px(point.x, point.y)?;
    (x >= rect.left && x <= rect.right).then_some(())?;
    let ends = if point.kind == IntervalKind::Value {
        // A lower end that is not positive has no place: the bar runs off the axis.
        let low = point.low.map_or_else(
            || point.interval.dtau_low_nm2.map(|_| rect.bottom),
            |v| area.y_px(v),
        );
        [low, point.high.and_then(|v| area.y_px(v))]
    } else {
        let length = match point.kind {
            IntervalKind::Lower => -17.0,
            _ => 17.0,
        } * theme.line_scale;
        [Some(y + length), Some(y + length / 2.0)]
    };
    Some((x, y, ends))
}

/// The nearest height within the plot.
fn inside(rect: &Rect, y: f64) -> f64 {
    y.min(rect.bottom).max(rect.top)
}

/// What a point covers.
pub(super) fn covered(area: &PlotArea, theme: &Theme, point: &Point) -> Vec<(f64, f64)> {
    let Some((x, y, ends)) = reach(area, theme, point) else {
        return Vec::new();
    };
    let mut covered = vec![(x, inside(&area.rect, y))];
    for end in ends.into_iter().flatten() {
        covered.push((x, inside(&area.rect, end)));
    }
    covered
}

/// Draws one interval.
pub(super) fn draw_point(
    scene: &mut Scene,
    area: &PlotArea,
    theme: &Theme,
    (point, (color, shape)): (&Point, (Color, Shape)),
    selected: bool,
) {
    let Some((x, y, ends)) = reach(area, theme, point) else {
        return;
    };
    let rect = &area.rect;
    let s = theme.line_scale;
    let is_value = point.kind == IntervalKind::Value;
    if is_value {
        let pen = Pen::new(1.2 * s, color);
        for end in ends.into_iter().flatten() {
            let (from, to) = (inside(rect, y), inside(rect, end));
            if from != to {
                scene.segment((x, from.min(to)), (x, from.max(to)), pen);
            }
            if end > rect.top && end < rect.bottom {
                scene.segment((x - 3.0 * s, end), (x + 3.0 * s, end), pen);
            }
        }
    }
    if !rect.contains(x, y) {
        return;
    }
    if selected {
        scene.ring((x, y), 7.5 * s, Pen::new(2.0 * s, theme.accent));
    }
    if is_value {
        shape.draw(scene, (x, y), 4.4 * s, theme.background);
        shape.draw(scene, (x, y), 3.6 * s, color);
    } else if let [Some(tip), _] = ends {
        arrow(scene, (x, y, inside(rect, tip)), color, s);
    }
}

/// What an interval's label begins with.
pub(super) fn named(interval: &Interval) -> String {
    match interval.temperature_k {
        Some(t) if t.is_finite() => format!("{} · ", format::temperature(t)),
        _ => say!("frame {} · " | "Bild {} · ", interval.index),
    }
}

pub(super) fn mark(point: &Point, (x_px, y_px): (f64, f64), radius_b_nm: Option<f64>) -> Mark {
    let interval = point.interval;
    let mut label = named(interval);
    match format::diffusivity(interval) {
        Some(d) => label.push_str(&format!("D {d}", d = relation(&d))),
        None => label.push_str(&format!(
            "D·t {d}",
            d = relation(&format::diffusion_area(interval))
        )),
    }
    let d = interval
        .diffusivity_nm2_s(interval.dtau_nm2)
        .map(|d| d * SQUARE_METER_PER_SQUARE_NM);
    if let (Some(r), Some(d), IntervalKind::Value) = (radius_b_nm, d, point.kind)
        && d > 0.0
    {
        label.push_str(&format!(" · τ₁ = {}", format::duration(mixing_time(r, d))));
    }
    Mark {
        plot: 0,
        x_px,
        y_px,
        x: point.x,
        y: point.y,
        label,
        frame: Some(interval.index),
    }
}

/// `= 2.1` for a value, `< 2.1` as it is.
fn relation(text: &str) -> String {
    if text.starts_with(['<', '>']) {
        text.into()
    } else {
        format!("= {text}")
    }
}
