//! D of every heating interval over temperature, with the Arrhenius line.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis, extent};
use super::intervals::{
    Horizontal, Ordinate, Point, Shape, covered, draw_point, draw_silent, mark, mixing_time, named,
    points, silent,
};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotArea, PlotId, Rect, View};
use super::legend::{Legend, Sample, Weight};
use super::literature::{Literature, Trace};
use super::scene::{Dash, Pen, Scene, TextStyle, note};
use super::theme::{TemperatureRamp, Theme};
use super::{Figure, format};
use crate::fit::{Interval, IntervalKind, widening};
use crate::kinetics::{Arrhenius, Kinetics};
use crate::language::{say, word};

/// What the horizontal axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Abscissa {
    /// T (K).
    #[default]
    Temperature,
    /// 1000/T (K⁻¹), with T above: Arrhenius' straight line.
    ReciprocalTemperature,
}

/// What [`diffusivity()`] draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct DiffusivityFigure<'a> {
    /// The heating intervals.
    pub intervals: &'a [Interval],
    /// The Arrhenius fits.
    pub kinetics: Option<&'a Kinetics>,
    /// Published diffusion, for comparison.
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

/// D against temperature: values with their intervals, limits as arrows, the Arrhenius fit with the band of its confidence level, the fit with D0
/// held (dashed), literature for comparison, and the mixing time τ₁ = R_B²/(20.19 D) on the right.
///
/// Without dwell times the figure shows D·t (nm²) and says so; without temperatures it counts frames. An interval without information is a
/// ring on the horizontal axis: it was measured, and tells nothing of D. The vertical axis is logarithmic: a value that is not positive is drawn as
/// the limit its upper end gives.
///
/// Every curve is named: where the legend finds no room inside, it stands above, unless that would take the plot's own.
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
    let silent = silent(what.intervals, horizontal);
    let measured = points.iter().map(|p| p.x);
    let x_axis = automatic_x(measured.chain(silent.iter().map(|s| s.1)), horizontal);
    let x_axis = chosen(view.x, x_axis);
    let y_axis = chosen(view.y, automatic_y(points.iter(), ordinate));
    let radius = what
        .radius_b_nm
        .filter(|r| ordinate == Ordinate::Diffusivity && r.is_finite() && *r > 0.0);

    let headline = if ordinate == Ordinate::Area && !points.is_empty() {
        1.5 * theme.font_px
    } else {
        0.0
    };
    let bottom = canvas.height_px - m.beside_horizontal(true);
    // The plot below a legend of this height, and the ticks of its vertical axes.
    let framed = |above_px: f64| {
        let top = match horizontal {
            Horizontal::Reciprocal => m.beside_horizontal(false),
            _ => 0.9 * theme.font_px,
        } + headline
            + above_px;
        let ticks = |axis: &AxisMap| Ticks::of(axis, bottom - top, 2.6 * m.tick);
        let y_ticks = ticks(&y_axis);
        let tau = radius.map(|r| {
            let tau = |d: f64| mixing_time(r, d);
            (ticks(&AxisMap::log(tau(y_axis.hi), tau(y_axis.lo))), r)
        });
        let margin = tau.as_ref().map_or(0.9 * theme.font_px, |(t, _)| {
            m.beside_vertical(t, true).min(0.3 * canvas.width_px)
        });
        let area = PlotArea {
            id: PlotId::Diffusivity,
            rect: Rect {
                left: m.beside_vertical(&y_ticks, true).min(0.4 * canvas.width_px),
                top,
                right: canvas.width_px - margin,
                bottom,
            },
            x: x_axis,
            y: y_axis,
        };
        (area, y_ticks, tau)
    };
    // None where the figure shows no D over a temperature.
    let places: Vec<(f64, f64)> = match (ordinate, horizontal) {
        (Ordinate::Area, _) | (_, Horizontal::Frame) => Vec::new(),
        _ => places(&x_axis, horizontal),
    };
    let traces = match places.is_empty() {
        true => Vec::new(),
        false => traces(theme, what, horizontal, &places),
    };

    // Where the legend stands must be known before anything is drawn.
    let mut frame = framed(0.0);
    let mut legend = Legend::default();
    for trace in &traces {
        let seen = trace.seen(&frame.0);
        // What was fitted is named wherever the view is.
        if !seen.is_empty() || matches!(trace.weight, Weight::Curve) {
            legend.entries.push(trace.entry());
        }
        legend.avoid(seen, trace.weight);
    }
    for point in &points {
        legend.avoid(covered(&frame.0, theme, point), Weight::Datum);
    }
    let silent_y = bottom - 0.6 * theme.font_px;
    for (_, x) in &silent {
        let x = frame.0.x_px(*x).unwrap_or_default();
        legend.avoid(vec![(x, silent_y)], Weight::Datum);
    }
    add_symbols(&mut legend.entries, &points, theme);
    let tells_nothing = word!("undetermined" | "unbestimmt");
    if !silent.is_empty() {
        let entry = (Sample::Symbol(draw_silent), tells_nothing.to_owned());
        legend.entries.push(entry);
    }
    let mut found = legend.inside(theme, &frame.0.rect);
    let is_empty = points.is_empty() && silent.is_empty();
    if !is_empty && !found.as_ref().is_some_and(|f| f.whole) {
        let above = legend.above(theme, (0.0, canvas.width_px), headline);
        let height = above.height();
        if height > 0.0 && height < 0.35 * canvas.height_px {
            frame = framed(height);
            found = Some(above);
        }
    }

    let (area, y_ticks, tau) = frame;
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    // What was measured here lies over what is published.
    Trace::draw(&traces, &mut scene, &area);
    for point in &points {
        if let Some((x, y)) = area.to_px(point.x, point.y) {
            let color = match horizontal {
                Horizontal::Frame => theme.data,
                _ => what.ramp.color(theme, point.interval.temperature_k),
            };
            let selected = what.selected == Some(point.interval.index);
            let look = (color, Shape::Disk);
            draw_point(&mut scene, &area, theme, (point, look), selected);
            if area.rect.contains(x, y) {
                layout.marks.push(mark(point, (x, y), what.radius_b_nm));
            }
        }
    }
    for &(interval, x) in &silent {
        let (x_px, y_px) = (area.x_px(x), silent_y);
        let Some(x_px) = x_px.filter(|x| area.rect.contains(*x, y_px)) else {
            continue;
        };
        if what.selected == Some(interval.index) {
            let pen = Pen::new(2.0 * theme.line_scale, theme.accent);
            scene.ring((x_px, y_px), 7.5 * theme.line_scale, pen);
        }
        draw_silent(&mut scene, theme, (x_px, y_px));
        layout.marks.push(Mark {
            plot: 0,
            x_px,
            y_px,
            x,
            y: y_axis.lo,
            label: named(interval) + tells_nothing,
            frame: Some(interval.index),
        });
    }
    // After the data, over which they must not be stepped first.
    if !places.is_empty() {
        for line in what.literature {
            line.mark(&mut layout.marks, &area, (horizontal, &places));
        }
    }

    axes(
        &mut scene,
        theme,
        &area,
        (horizontal, ordinate),
        (&y_ticks, tau.as_ref()),
    );
    if is_empty {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("no interval measured yet" | "noch kein Intervall gemessen"),
        );
    } else if let Some(found) = found {
        found.draw(&mut scene, theme);
    }
    if headline > 0.0 {
        scene.text(
            (area.rect.left, 0.95 * theme.font_px),
            word!(
                "D·t per interval: no dwell times are known"
                    | "D·t je Intervall: Haltezeiten sind nicht bekannt"
            ),
            TextStyle::new(theme.font_px, theme.muted),
        );
    }
    let title = match ordinate {
        Ordinate::Diffusivity => {
            word!("Diffusion constant over temperature" | "Diffusionskonstante über der Temperatur")
        }
        Ordinate::Area => word!("D·t of each heating interval" | "D·t jedes Heizintervalls"),
    };
    Figure {
        scene,
        layout,
        title: title.into(),
        description: describe(what, &points, silent.len()),
    }
}

fn describe(what: &DiffusivityFigure, points: &[Point], silent: usize) -> String {
    let count = |kind| points.iter().filter(|p| p.kind == kind).count();
    let mut text = say!(
        "{} values, {} upper and {} lower limits" | "{} Werte, {} obere und {} untere Grenzen",
        count(IntervalKind::Value),
        count(IntervalKind::Upper),
        count(IntervalKind::Lower)
    );
    if silent > 0 {
        text.push_str(&say!(", {} undetermined" | ", {} unbestimmte", silent));
    }
    if let Some(fit) = what.kinetics.and_then(|k| k.free.as_ref()) {
        text.push_str(&say!(
            "; Arrhenius fit E = {}" | "; Arrhenius-Anpassung E = {}",
            energy(fit)
        ));
    }
    text.push('.');
    text
}

/// E with its error, of the level of the band.
pub(super) fn energy(fit: &Arrhenius) -> String {
    format::with_error(
        fit.energy_j_mol.value / 1e3,
        widening(fit.quantile) * fit.energy_j_mol.standard_error / 1e3,
        "kJ/mol",
    )
}

pub(super) fn automatic_x(places: impl Iterator<Item = f64>, horizontal: Horizontal) -> AxisMap {
    let span = extent(places, 0.07);
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

pub(super) fn automatic_y<'a>(
    points: impl Iterator<Item = &'a Point<'a>> + Clone,
    ordinate: Ordinate,
) -> AxisMap {
    let Some((lo, hi)) = extent(points.clone().map(|p| libm::log10(p.y)), 0.0) else {
        return match ordinate {
            Ordinate::Diffusivity => AxisMap::log(1e-22, 1e-18),
            Ordinate::Area => AxisMap::log(1e-3, 1.0),
        };
    };
    // An interval that reaches down to nothing must not squeeze the values: two decades of it are enough.
    let bars = points
        .filter(|p| p.kind == IntervalKind::Value)
        .flat_map(|p| [p.low, p.high])
        .flatten();
    let (lo, hi) = bars.map(libm::log10).fold((lo, hi), |(a, b), v| {
        (a.min(v.max(lo - 2.0)), b.max(v.min(hi + 2.0)))
    });
    let pad = (0.1 * (hi - lo)).max(0.35);
    AxisMap::log(libm::exp10(lo - pad), libm::exp10(hi + pad))
}

/// Samples along the horizontal axis for a curve.
const SAMPLES: usize = 96;

/// x and T of every place along an axis that is a temperature.
pub(super) fn places(axis: &AxisMap, horizontal: Horizontal) -> Vec<(f64, f64)> {
    (0..=SAMPLES)
        .map(|i| axis.at(i as f64 / SAMPLES as f64))
        .map(|x| (x, horizontal.of(x)))
        .filter(|(_, t)| t.is_finite() && *t > 0.0)
        .collect()
}

/// All curves at these places (x, T): the Arrhenius fits, then what is published.
fn traces(
    theme: &Theme,
    what: &DiffusivityFigure,
    horizontal: Horizontal,
    places: &[(f64, f64)],
) -> Vec<Trace> {
    let mut traces = Vec::new();
    if let Some(fit) = what.kinetics.and_then(|k| k.free.as_ref()) {
        let pen = Pen::new(1.5 * theme.line_scale, theme.fit);
        let look = (format!("E = {}", energy(fit)), pen, Some(theme.band));
        traces.push(Trace::of_fit(fit, look, places));
    }
    if let Some(fit) = what.kinetics.and_then(|k| k.fixed.as_ref()) {
        let pen = Pen::new(1.3 * theme.line_scale, theme.category(0)).dashed(Dash::Dashed);
        let name = say!("D₀ fixed: E = {}" | "D₀ fest: E = {}", energy(fit));
        traces.push(Trace::of_fit(fit, (name, pen, None), places));
    }
    let published = what.literature.iter().enumerate();
    traces.extend(published.filter_map(|(i, line)| line.trace(theme, (i, horizontal), places)));
    traces
}

fn add_symbols(entries: &mut Vec<(Sample, String)>, points: &[Point], theme: &Theme) {
    let has = |kind| points.iter().any(|p| p.kind == kind);
    let (value, limit) = (
        has(IntervalKind::Value),
        has(IntervalKind::Upper) || has(IntervalKind::Lower),
    );
    if limit {
        entries.insert(
            0,
            (Sample::Limit(theme.muted), word!("limit" | "Grenze").into()),
        );
        if value {
            entries.insert(
                0,
                (Sample::Value(theme.muted), word!("value" | "Wert").into()),
            );
        }
    }
}

pub(super) fn axes(
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
        Horizontal::Frame => word!("frame" | "Bild"),
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
