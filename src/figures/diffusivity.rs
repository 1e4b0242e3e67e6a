//! D of every heating interval over temperature, with the Arrhenius line.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis, extent};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotArea, PlotId, Rect, View};
use super::profile::note;
use super::scene::{Anchor, Dash, Pen, Scene, TextStyle, text_width};
use super::theme::{Color, TemperatureRamp, Theme};
use super::{Figure, format};
use crate::fit::{Interval, IntervalKind};
use crate::kinetics::{Arrhenius, Kinetics, mixing_time_s};
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// What the horizontal axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abscissa {
    /// T (K).
    #[default]
    Temperature,
    /// 1000/T (K⁻¹), with T above: Arrhenius' straight line.
    ReciprocalTemperature,
}

/// A line ln D = ln D0 - E/(R T) from the literature, for comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Literature {
    /// How it is named in the legend.
    pub name: String,
    /// D0 (m²/s).
    pub d0_m2_s: f64,
    /// E (J/mol).
    pub energy_j_mol: f64,
    /// Pattern of the line.
    pub dash: Dash,
}

/// What [`diffusivity()`] draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiffusivityFigure<'a> {
    /// The heating intervals.
    pub intervals: &'a [Interval],
    /// The Arrhenius fits.
    pub kinetics: Option<&'a Kinetics>,
    /// Lines for comparison.
    pub literature: &'a [Literature],
    /// R_B (nm), for the axis of mixing times.
    pub radius_b_nm: Option<f64>,
    /// Horizontal axis.
    pub abscissa: Abscissa,
    /// Colors of the series' temperatures.
    pub ramp: TemperatureRamp,
    /// End frame of the interval to be highlighted.
    pub selected: Option<usize>,
}

/// What the vertical axis counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ordinate {
    /// D (m²/s).
    Diffusivity,
    /// D·t (nm²): no dwell times.
    Area,
}

/// What the horizontal axis counts in the end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Horizontal {
    Temperature,
    Reciprocal,
    /// No temperatures.
    Frame,
}

impl Horizontal {
    fn of(self, temperature_k: f64) -> f64 {
        match self {
            Horizontal::Reciprocal => 1000.0 / temperature_k,
            _ => temperature_k,
        }
    }
}

/// One interval as drawn.
struct Point<'a> {
    interval: &'a Interval,
    x: f64,
    /// Value, or the limit.
    y: f64,
    low: Option<f64>,
    high: Option<f64>,
    kind: IntervalKind,
}

/// D against temperature: values with their intervals, limits as arrows, the Arrhenius fit with the band of its confidence level, the fit with D0
/// held (dashed), literature for comparison, and the mixing time τ₁ = R_B²/(20.19 D) on the right.
///
/// Without dwell times the figure shows D·t (nm²) and says so; without temperatures it counts frames. Intervals without information
/// are left out. The vertical axis is logarithmic: a value that is not positive is drawn as the limit its upper end gives.
pub fn diffusivity(canvas: Canvas, theme: &Theme, view: View, what: &DiffusivityFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let ordinate = if what.intervals.is_empty()
        || what
            .intervals
            .iter()
            .any(|i| i.diffusivity_nm2_s(1.0).is_some())
    {
        Ordinate::Diffusivity
    } else {
        Ordinate::Area
    };
    let known = what
        .intervals
        .iter()
        .any(|i| i.temperature_k.is_some_and(|t| t.is_finite() && t > 0.0));
    let horizontal = match (known || what.intervals.is_empty(), what.abscissa) {
        (false, _) => Horizontal::Frame,
        (true, Abscissa::Temperature) => Horizontal::Temperature,
        (true, Abscissa::ReciprocalTemperature) => Horizontal::Reciprocal,
    };
    let points = points(what.intervals, ordinate, horizontal);
    let x_axis = chosen(view.x, automatic_x(&points, horizontal));
    let y_axis = chosen(view.y, automatic_y(&points, ordinate));
    let radius = what
        .radius_b_nm
        .filter(|r| ordinate == Ordinate::Diffusivity && r.is_finite() && *r > 0.0);

    let top_axis = horizontal == Horizontal::Reciprocal;
    let headline = if ordinate == Ordinate::Area && !points.is_empty() {
        1.5 * theme.font_px
    } else {
        0.0
    };
    let top = if top_axis {
        m.beside_horizontal(true)
    } else {
        0.9 * theme.font_px
    } + headline;
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let y_ticks = Ticks::of(&y_axis, bottom - top, 2.6 * m.tick);
    let left = m.beside_vertical(&y_ticks, true).min(0.4 * canvas.width_px);
    let tau = radius.map(|r| {
        let tau = |d: f64| mixing_time(r, d);
        let axis = AxisMap::log(tau(y_axis.hi), tau(y_axis.lo));
        (Ticks::of(&axis, bottom - top, 2.6 * m.tick), r)
    });
    let margin = tau.as_ref().map_or(0.9 * theme.font_px, |(t, _)| {
        m.beside_vertical(t, true).min(0.3 * canvas.width_px)
    });
    let area = PlotArea {
        id: PlotId::Diffusivity,
        rect: Rect {
            left,
            top,
            right: canvas.width_px - margin,
            bottom,
        },
        x: x_axis,
        y: y_axis,
    };
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };

    let mut legend = draw_lines(&mut scene, &area, theme, what, (ordinate, horizontal));
    let mut obstacles: Vec<(f64, f64)> = legend.obstacles;
    for point in &points {
        if let Some((x, y)) = area.to_px(point.x, point.y) {
            let color = match horizontal {
                Horizontal::Frame => theme.data,
                _ => what.ramp.color(theme, point.interval.temperature_k),
            };
            obstacles.extend(draw_point(
                &mut scene,
                &area,
                theme,
                (point, color),
                what.selected == Some(point.interval.index),
            ));
            if area.rect.contains(x, y) {
                layout.marks.push(mark(point, (x, y), what.radius_b_nm));
            }
        }
    }
    add_symbols(&mut legend.entries, &points, theme);

    axes(
        &mut scene,
        theme,
        &area,
        (horizontal, ordinate),
        (&y_ticks, tau.as_ref()),
    );
    if points.is_empty() {
        note(&mut scene, theme, &area.rect, "no interval measured yet");
    } else {
        draw_legend(&mut scene, theme, &area.rect, &legend.entries, &obstacles);
    }
    if headline > 0.0 {
        scene.text(
            (left, 0.95 * theme.font_px),
            "D·t per interval: no dwell times are known",
            TextStyle::new(theme.font_px, theme.muted),
        );
    }
    let title = match ordinate {
        Ordinate::Diffusivity => "Diffusion constant over temperature",
        Ordinate::Area => "D·t of each heating interval",
    };
    Figure {
        scene,
        layout,
        title: title.into(),
        description: describe(what, &points),
    }
}

/// τ₁ = R²/(20.19 D) (s) for R in nm and D in m²/s. The same turns τ₁ into D.
fn mixing_time(radius_nm: f64, d_m2_s: f64) -> f64 {
    mixing_time_s(radius_nm, d_m2_s / SQUARE_METER_PER_SQUARE_NM).unwrap_or(f64::NAN)
}

fn describe(what: &DiffusivityFigure, points: &[Point]) -> String {
    let count = |kind| points.iter().filter(|p| p.kind == kind).count();
    let mut text = format!(
        "{} values, {} upper and {} lower limits",
        count(IntervalKind::Value),
        count(IntervalKind::Upper),
        count(IntervalKind::Lower)
    );
    if let Some(fit) = what.kinetics.and_then(|k| k.free.as_ref()) {
        text.push_str(&format!("; Arrhenius fit E = {}", energy(fit)));
    }
    text.push('.');
    text
}

fn energy(fit: &Arrhenius) -> String {
    format::with_error(
        fit.energy_j_mol.value / 1e3,
        fit.energy_j_mol.standard_error / 1e3,
        "kJ/mol",
    )
}

fn points(intervals: &[Interval], ordinate: Ordinate, horizontal: Horizontal) -> Vec<Point<'_>> {
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
            let x = match horizontal {
                Horizontal::Frame => interval.index as f64,
                _ => horizontal.of(interval
                    .temperature_k
                    .filter(|t| t.is_finite() && *t > 0.0)?),
            };
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

fn automatic_x(points: &[Point], horizontal: Horizontal) -> AxisMap {
    let span = extent(points.iter().map(|p| p.x), 0.07);
    match (horizontal, span) {
        (Horizontal::Temperature, Some((lo, hi))) if hi - lo < 20.0 => {
            AxisMap::linear(lo - 10.0, hi + 10.0)
        }
        (Horizontal::Reciprocal, Some((lo, hi))) if hi - lo < 0.05 => {
            AxisMap::linear(lo - 0.05, hi + 0.05)
        }
        (Horizontal::Frame, Some((lo, hi))) => AxisMap::linear(lo.min(hi - 1.0) - 0.3, hi + 0.3),
        (_, Some((lo, hi))) => AxisMap::linear(lo, hi),
        (Horizontal::Temperature, None) => AxisMap::linear(300.0, 600.0),
        (_, None) => AxisMap::linear(1.6, 3.4),
    }
}

fn automatic_y(points: &[Point], ordinate: Ordinate) -> AxisMap {
    let Some((lo, hi)) = extent(points.iter().map(|p| libm::log10(p.y)), 0.0) else {
        return match ordinate {
            Ordinate::Diffusivity => AxisMap::log(1e-22, 1e-18),
            Ordinate::Area => AxisMap::log(1e-3, 1.0),
        };
    };
    // An interval that reaches down to nothing must not squeeze the values: two decades of it are enough.
    let bars = points
        .iter()
        .filter(|p| p.kind == IntervalKind::Value)
        .flat_map(|p| [p.low, p.high])
        .flatten();
    let (lo, hi) = bars.map(libm::log10).fold((lo, hi), |(a, b), v| {
        (a.min(v.max(lo - 2.0)), b.max(v.min(hi + 2.0)))
    });
    let pad = (0.1 * (hi - lo)).max(0.35);
    AxisMap::log(libm::exp10(lo - pad), libm::exp10(hi + pad))
}

/// What a line of the legend shows before its words.
enum Sample {
    Line(Pen, Option<Color>),
    Value(Color),
    Limit(Color),
}

struct Legend {
    entries: Vec<(Sample, String)>,
    obstacles: Vec<(f64, f64)>,
}

/// Samples along the horizontal axis for a curve.
const SAMPLES: usize = 96;

fn draw_lines(
    scene: &mut Scene,
    area: &PlotArea,
    theme: &Theme,
    what: &DiffusivityFigure,
    (ordinate, horizontal): (Ordinate, Horizontal),
) -> Legend {
    let mut legend = Legend {
        entries: Vec::new(),
        obstacles: Vec::new(),
    };
    if ordinate == Ordinate::Area || horizontal == Horizontal::Frame {
        return legend;
    }
    let xs = (0..=SAMPLES).map(|i| area.x.at(i as f64 / SAMPLES as f64));
    // x and T of every place that is a temperature.
    let places: Vec<(f64, f64)> = xs
        .map(|x| (x, horizontal.of(x)))
        .filter(|(_, t)| t.is_finite() && *t > 0.0)
        .collect();
    // ln(D / (nm²/s)) as a function of T.
    let curve = |ln_d: &dyn Fn(f64) -> f64| -> Vec<Option<(f64, f64)>> {
        places
            .iter()
            .map(|&(x, t)| area.to_px(x, libm::exp(ln_d(t)) * SQUARE_METER_PER_SQUARE_NM))
            .collect()
    };
    for (index, line) in what.literature.iter().enumerate() {
        if !(line.d0_m2_s > 0.0 && line.energy_j_mol.is_finite()) {
            continue;
        }
        let pen = Pen::new(1.2 * theme.line_scale, theme.category(index + 1)).dashed(line.dash);
        let ln_d0 = libm::log(line.d0_m2_s / SQUARE_METER_PER_SQUARE_NM);
        let points = curve(&|t| ln_d0 - line.energy_j_mol / (GAS_CONSTANT * t));
        legend.obstacles.extend(points.iter().copied().flatten());
        scene.clipped_line(points, &area.rect, pen);
        legend
            .entries
            .push((Sample::Line(pen, None), line.name.clone()));
    }
    let Some(kinetics) = what.kinetics else {
        return legend;
    };
    if let Some(fit) = &kinetics.free {
        let edge = |sign: f64| {
            curve(&|t| {
                let (value, error) = fit.ln_d(t);
                // Beyond 500 the band covers any axis.
                value + sign * (fit.quantile * error).clamp(0.0, 500.0)
            })
        };
        let band: Vec<(f64, f64)> = edge(1.0)
            .into_iter()
            .flatten()
            .chain(edge(-1.0).into_iter().rev().flatten())
            .collect();
        scene.clipped_area(band, &area.rect, theme.band);
    }
    if let Some(fit) = &kinetics.fixed {
        let pen = Pen::new(1.3 * theme.line_scale, theme.category(0)).dashed(Dash::Dashed);
        let points = curve(&|t| fit.ln_d(t).0);
        legend.obstacles.extend(points.iter().copied().flatten());
        scene.clipped_line(points, &area.rect, pen);
        legend.entries.insert(
            0,
            (
                Sample::Line(pen, None),
                format!("D₀ fixed: E = {}", energy(fit)),
            ),
        );
    }
    if let Some(fit) = &kinetics.free {
        let pen = Pen::new(1.5 * theme.line_scale, theme.fit);
        let points = curve(&|t| fit.ln_d(t).0);
        legend.obstacles.extend(points.iter().copied().flatten());
        scene.clipped_line(points, &area.rect, pen);
        legend.entries.insert(
            0,
            (
                Sample::Line(pen, Some(theme.band)),
                format!("E = {}", energy(fit)),
            ),
        );
    }
    legend.obstacles.retain(|&(x, y)| area.rect.contains(x, y));
    legend
}

/// Draws one interval; returns what it covers.
fn draw_point(
    scene: &mut Scene,
    area: &PlotArea,
    theme: &Theme,
    (point, color): (&Point, Color),
    selected: bool,
) -> Vec<(f64, f64)> {
    let Some((x, y)) = area.to_px(point.x, point.y) else {
        return Vec::new();
    };
    let rect = &area.rect;
    if x < rect.left || x > rect.right {
        return Vec::new();
    }
    let s = theme.line_scale;
    let inside = |y: f64| y.clamp(rect.top, rect.bottom);
    let mut covered = vec![(x, inside(y))];
    match point.kind {
        IntervalKind::Value => {
            let pen = Pen::new(1.2 * s, color);
            // A lower end that is not positive has no place: the bar runs off the axis.
            let low = point.low.map_or_else(
                || point.interval.dtau_low_nm2.map(|_| rect.bottom),
                |v| area.y_px(v),
            );
            let high = point.high.and_then(|v| area.y_px(v));
            for end in [low, high].into_iter().flatten() {
                let (from, to) = (inside(y), inside(end));
                if from != to {
                    scene.segment((x, from.min(to)), (x, from.max(to)), pen);
                }
                if end > rect.top && end < rect.bottom {
                    scene.segment((x - 3.0 * s, end), (x + 3.0 * s, end), pen);
                }
                covered.push((x, to));
            }
            if rect.contains(x, y) {
                if selected {
                    scene.ring((x, y), 7.5 * s, Pen::new(2.0 * s, theme.accent));
                }
                scene.disk((x, y), 4.4 * s, theme.background);
                scene.disk((x, y), 3.6 * s, color);
            }
        }
        IntervalKind::Upper | IntervalKind::Lower | IntervalKind::None => {
            let down = if point.kind == IntervalKind::Lower {
                -1.0
            } else {
                1.0
            };
            if rect.contains(x, y) {
                if selected {
                    scene.ring((x, y), 7.5 * s, Pen::new(2.0 * s, theme.accent));
                }
                let tip = y + down * 17.0 * s;
                arrow(scene, (x, y, inside(tip)), color, s);
                covered.extend([(x, inside(tip)), (x, inside((y + tip) / 2.0))]);
            }
        }
    }
    covered
}

/// A limit: a bar with an arrow to where the value may be.
fn arrow(scene: &mut Scene, (x, y, tip): (f64, f64, f64), color: Color, s: f64) {
    let pen = Pen::new(1.5 * s, color);
    scene.segment((x - 5.0 * s, y), (x + 5.0 * s, y), pen);
    let back = if tip > y { -5.5 * s } else { 5.5 * s };
    if (tip - y).abs() > 6.0 * s {
        scene.segment((x, y.min(tip + back)), (x, y.max(tip + back)), pen);
    }
    scene.area(
        vec![
            (x - 3.2 * s, tip + back),
            (x + 3.2 * s, tip + back),
            (x, tip),
        ],
        color,
    );
}

fn mark(point: &Point, (x_px, y_px): (f64, f64), radius_b_nm: Option<f64>) -> Mark {
    let interval = point.interval;
    let mut label = match interval.temperature_k {
        Some(t) if t.is_finite() => format!("{} · ", format::temperature(t)),
        _ => format!("frame {} · ", interval.index),
    };
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

fn add_symbols(entries: &mut Vec<(Sample, String)>, points: &[Point], theme: &Theme) {
    let has = |kind| points.iter().any(|p| p.kind == kind);
    let (value, limit) = (
        has(IntervalKind::Value),
        has(IntervalKind::Upper) || has(IntervalKind::Lower),
    );
    if limit {
        entries.insert(0, (Sample::Limit(theme.muted), "limit".into()));
        if value {
            entries.insert(0, (Sample::Value(theme.muted), "value".into()));
        }
    }
}

fn axes(
    scene: &mut Scene,
    theme: &Theme,
    area: &PlotArea,
    (horizontal, ordinate): (Horizontal, Ordinate),
    (y_ticks, tau): (&Ticks, Option<&(Ticks, f64)>),
) {
    let m = Metrics::of(theme);
    let rect = &area.rect;
    let mut x_ticks = Ticks::of(&area.x, rect.width(), 5.0 * m.tick);
    if horizontal == Horizontal::Frame {
        x_ticks.major.retain(|(v, _)| libm::round(*v) == *v);
        x_ticks.minor.clear();
        for (value, label) in &mut x_ticks.major {
            *label = format::fixed(*value, 0);
        }
    }
    let x_title = match horizontal {
        Horizontal::Temperature => "T (K)",
        Horizontal::Reciprocal => "1000/T (K⁻¹)",
        Horizontal::Frame => "frame",
    };
    let y_title = match ordinate {
        Ordinate::Diffusivity => "D (m² s⁻¹)",
        Ordinate::Area => "D·t (nm²)",
    };
    let x = |v: f64| area.x_px(v);
    let y = |v: f64| area.y_px(v);
    draw_axis(
        scene,
        theme,
        rect,
        &Axis {
            edge: Edge::Bottom,
            ticks: &x_ticks,
            labels: true,
            title: x_title,
        },
        x,
    );
    draw_axis(
        scene,
        theme,
        rect,
        &Axis {
            edge: Edge::Left,
            ticks: y_ticks,
            labels: true,
            title: y_title,
        },
        y,
    );
    let kelvin = AxisMap::linear(1000.0 / area.x.hi, 1000.0 / area.x.lo);
    if horizontal == Horizontal::Reciprocal && area.x.lo > 0.0 {
        let ticks = Ticks::of(&kelvin, rect.width(), 4.0 * m.tick);
        let top = Axis {
            edge: Edge::Top,
            ticks: &ticks,
            labels: true,
            title: "T (K)",
        };
        draw_axis(scene, theme, rect, &top, |t| area.x_px(1000.0 / t));
    } else {
        draw_axis(
            scene,
            theme,
            rect,
            &Axis {
                edge: Edge::Top,
                ticks: &x_ticks,
                labels: false,
                title: "",
            },
            x,
        );
    }
    match tau {
        Some((ticks, radius_nm)) => {
            let right = Axis {
                edge: Edge::Right,
                ticks,
                labels: true,
                title: "τ₁ (s)",
            };
            // τ₁(D) is its own inverse but for the units.
            draw_axis(scene, theme, rect, &right, |tau| {
                area.y_px(mixing_time(*radius_nm, tau))
            });
        }
        None => draw_axis(
            scene,
            theme,
            rect,
            &Axis {
                edge: Edge::Right,
                ticks: y_ticks,
                labels: false,
                title: "",
            },
            y,
        ),
    }
}

/// Puts the legend into the corner with the least in it.
fn draw_legend(
    scene: &mut Scene,
    theme: &Theme,
    rect: &Rect,
    entries: &[(Sample, String)],
    obstacles: &[(f64, f64)],
) {
    if entries.is_empty() {
        return;
    }
    let s = theme.line_scale;
    let size = 0.9 * theme.font_px;
    let (row, pad, sample) = (1.45 * size, 0.55 * size, 2.2 * size);
    let width = entries
        .iter()
        .map(|(_, t)| text_width(t, size))
        .fold(0.0, f64::max)
        + sample
        + 3.0 * pad;
    let height = row * entries.len() as f64 + pad;
    let inset = 0.9 * theme.font_px;
    if width > rect.width() - 2.0 * inset || height > 0.6 * rect.height() {
        return;
    }
    let corner = |right: bool, low: bool| {
        let left = if right {
            rect.right - inset - width
        } else {
            rect.left + inset
        };
        let top = if low {
            rect.bottom - inset - height
        } else {
            rect.top + inset
        };
        Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        }
    };
    let hits = |r: &Rect| obstacles.iter().filter(|(x, y)| r.contains(*x, *y)).count();
    let corners = [
        corner(false, false),
        corner(true, true),
        corner(true, false),
        corner(false, true),
    ];
    let Some(place) = corners.iter().min_by_key(|r| hits(r)) else {
        return;
    };
    scene.fill(*place, theme.background.with_alpha(0.82));
    for (i, (symbol, text)) in entries.iter().enumerate() {
        let y = place.top + 0.5 * pad + (i as f64 + 0.5) * row;
        let (x0, x1) = (place.left + pad, place.left + pad + sample);
        let middle = (x0 + x1) / 2.0;
        match symbol {
            Sample::Line(pen, band) => {
                if let Some(band) = band {
                    let h = 0.4 * size;
                    scene.fill(
                        Rect {
                            left: x0,
                            top: y - h,
                            right: x1,
                            bottom: y + h,
                        },
                        *band,
                    );
                }
                scene.segment((x0, y), (x1, y), *pen);
            }
            Sample::Value(color) => scene.disk((middle, y), 3.6 * s, *color),
            Sample::Limit(color) => {
                arrow(scene, (middle, y - 4.5 * s, y + 5.5 * s), *color, 0.8 * s)
            }
        }
        let style = TextStyle::new(size, theme.text).anchored(Anchor::Start);
        scene.text((x1 + pad, y), text.clone(), style);
    }
}
