//! Melting point and activation energy against the radius, by all models side by side.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotArea, PlotId, Rect, View};
use super::legend::{Legend, Sample, Weight};
use super::scene::{Dash, Pen, Scene, note};
use super::theme::Theme;
use super::{Figure, format, known};
use crate::fit::Estimate;
use crate::kinetics::{MeltingData, MeltingModel};
use crate::language::{say, word};
use crate::materials::{Confidence, MeltingPoint};

/// What [`size_effect`] draws.
#[derive(Clone, Copy, Debug)]
pub struct SizeFigure<'a> {
    /// Symbol of the element that melts.
    pub element: &'a str,
    /// Its numbers, as the models use them.
    pub data: &'a MeltingData,
    /// E(∞) (J/mol), for the scale on the right.
    pub bulk_energy_j_mol: Option<f64>,
    /// The particle's radius (nm), with its standard error.
    pub radius_nm: Option<Estimate>,
    /// Published melting points of small particles.
    pub points: &'a [MeltingPoint],
}

/// T_m(r) by every model over the radius, and on the right E(r) = E(∞) T_m(r)/T_m(∞) (eq. 8), which is the same curve.
///
/// A curve is solid where its model is to be believed and dashed and gray beyond; published points stand beside them, and the
/// particle's radius with its standard error. The models have no published errors: how far they lie apart is the honest measure.
pub fn size_effect(canvas: Canvas, theme: &Theme, view: View, what: &SizeFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let x_axis = chosen(view.x, automatic_x(what));
    let bulk_k = what.data.melting_point_k;
    let usable = bulk_k.is_finite() && bulk_k > 0.0;
    let y_axis = chosen(
        view.y,
        AxisMap::linear(0.0, if usable { 1.05 * bulk_k } else { 1.0 }),
    );
    let (top, bottom) = (
        0.9 * theme.font_px,
        canvas.height_px - m.beside_horizontal(true),
    );
    let y_ticks = Ticks::of(&y_axis, bottom - top, 2.6 * m.tick);
    // Kelvin on the left times this are kJ/mol on the right.
    let factor = what
        .bulk_energy_j_mol
        .filter(|e| usable && e.is_finite() && *e > 0.0)
        .map(|e| e / 1e3 / bulk_k);
    let energy = factor.map(|f| {
        let axis = AxisMap::linear(f * y_axis.lo, f * y_axis.hi);
        (f, Ticks::of(&axis, bottom - top, 2.6 * m.tick))
    });
    let right = energy.as_ref().map_or(0.9 * theme.font_px, |(_, ticks)| {
        m.beside_vertical(ticks, true).min(0.3 * canvas.width_px)
    });
    let area = PlotArea {
        id: PlotId::SizeEffect,
        rect: Rect {
            left: m.beside_vertical(&y_ticks, true).min(0.4 * canvas.width_px),
            top,
            right: canvas.width_px - right,
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
    draw_radius(&mut scene, &area, theme, what.radius_nm);
    let bulk = [area.x.lo, area.x.hi].map(|r| area.to_px(r, bulk_k));
    let pen = Pen::new(theme.line_scale, theme.muted).dashed(Dash::Dotted);
    scene.clipped_line(bulk, &area.rect, pen);
    let mut beyond = false;
    for (index, model) in MeltingModel::ALL.into_iter().enumerate() {
        let pen = Pen::new(1.6 * theme.line_scale, theme.category(index));
        beyond |= draw_model(&mut scene, &mut layout, (&area, theme), what, (model, pen));
        let name = known(model.name()).to_owned();
        legend.entries.push((Sample::Line(pen, None), name));
    }
    if beyond {
        let entry = Sample::Line(gray(theme), None);
        legend.entries.push((
            entry,
            word!("beyond its validity" | "jenseits der Gültigkeit").into(),
        ));
    }
    draw_points(&mut scene, &mut layout, &area, theme, what.points);
    if !what.points.is_empty() {
        let entry = Sample::Symbol(diamond);
        legend
            .entries
            .push((entry, word!("published" | "publiziert").into()));
    }
    for mark in &layout.marks {
        legend.avoid([(mark.x_px, mark.y_px)], Weight::Curve);
    }
    axes(&mut scene, theme, &area, (&y_ticks, energy.as_ref()));
    if usable {
        legend.draw(&mut scene, theme, &area.rect);
    } else {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("no melting point is known" | "kein Schmelzpunkt bekannt"),
        );
    }
    Figure {
        scene,
        layout,
        title: say!(
            "Melting point of {} over the radius" | "Schmelzpunkt von {} über dem Radius",
            what.element
        ),
        description: describe(what),
    }
}

/// A curve where its model should not be believed.
fn gray(theme: &Theme) -> Pen {
    Pen::new(1.2 * theme.line_scale, theme.muted).dashed(Dash::Dashed)
}

fn describe(what: &SizeFigure) -> String {
    let Some(radius) = what.radius_nm.map(|r| r.value).filter(|r| *r > 0.0) else {
        return say!("{} models." | "{} Modelle.", MeltingModel::ALL.len());
    };
    let at = |model: MeltingModel| {
        let ratio = model.ratio(what.data, radius)?;
        let t = format::temperature(libm::round(ratio * what.data.melting_point_k));
        Some(format!("{} {t}", known(model.name())))
    };
    let values: Vec<String> = MeltingModel::ALL.into_iter().filter_map(at).collect();
    format!(
        "At r = {} nm: {}.",
        format::significant(radius, 3),
        values.join(", ")
    )
}

/// From below the smallest radius that matters to where all curves are within some percent of the bulk.
fn automatic_x(what: &SizeFigure) -> AxisMap {
    let smallest = what
        .radius_nm
        .map(|r| r.value)
        .into_iter()
        .chain(what.points.iter().map(|p| p.radius_nm))
        .filter(|r| r.is_finite() && *r > 0.0)
        .fold(1.0, f64::min);
    AxisMap::log(0.75 * smallest, 30.0)
}

/// The particle's radius: a line in the band of its standard error.
fn draw_radius(scene: &mut Scene, area: &PlotArea, theme: &Theme, radius: Option<Estimate>) {
    let Some(radius) = radius.filter(|r| r.value.is_finite() && r.value > 0.0) else {
        return;
    };
    let place = |r: f64| area.x_px(r.max(f64::MIN_POSITIVE));
    let error = radius.standard_error;
    let ends = (place(radius.value - error), place(radius.value + error));
    if let (Some(low), Some(high)) = ends
        && error > 0.0
    {
        let (top, bottom) = (area.rect.top, area.rect.bottom);
        let band = vec![(low, top), (high, top), (high, bottom), (low, bottom)];
        scene.clipped_area(band, &area.rect, theme.accent.with_alpha(0.18));
    }
    if let Some(x) = place(radius.value) {
        let line = [Some((x, area.rect.top)), Some((x, area.rect.bottom))];
        scene.clipped_line(line, &area.rect, Pen::new(theme.line_scale, theme.accent));
    }
}

/// Samples of a curve along the axis; every so many of them can be read.
const SAMPLES: usize = 240;
const READ_EVERY: usize = 16;

/// Draws one model; returns whether a part of it is not to be believed.
fn draw_model(
    scene: &mut Scene,
    layout: &mut Layout,
    (area, theme): (&PlotArea, &Theme),
    what: &SizeFigure,
    (model, pen): (MeltingModel, Pen),
) -> bool {
    let validity = model.validity(what.data);
    let melting_k = |r: f64| {
        model
            .ratio(what.data, r)
            .map(|q| q * what.data.melting_point_k)
    };
    let place = |r: f64| area.to_px(r, melting_k(r)?);
    let radii = |lo: f64, hi: f64| {
        let axis = AxisMap { lo, hi, ..area.x };
        (0..=SAMPLES).map(move |i| axis.at(i as f64 / SAMPLES as f64))
    };
    // The two parts meet where the model begins to be believed.
    let border = validity.from_nm.max(area.x.lo).min(area.x.hi);
    let from = validity.defined_from_nm.max(area.x.lo);
    let beyond = border > from;
    if beyond {
        scene.clipped_line(radii(from, border).map(place), &area.rect, gray(theme));
    }
    if area.x.hi > border {
        scene.clipped_line(radii(border, area.x.hi).map(place), &area.rect, pen);
    }
    let mut read = |r: f64, radius_error: f64| {
        let Some((t, (x_px, y_px))) = melting_k(r).zip(place(r)) else {
            return;
        };
        if area.rect.contains(x_px, y_px) {
            layout.marks.push(Mark {
                plot: 0,
                x_px,
                y_px,
                x: r,
                y: t,
                label: label(what, model, (r, radius_error)),
                frame: None,
            });
        }
    };
    for r in radii(area.x.lo, area.x.hi).step_by(READ_EVERY) {
        read(r, 0.0);
    }
    if let Some(radius) = what.radius_nm {
        if let Some(at) = place(radius.value).filter(|p| area.rect.contains(p.0, p.1)) {
            let color = if radius.value < validity.from_nm {
                theme.muted
            } else {
                pen.color
            };
            scene.disk(at, 4.4 * theme.line_scale, theme.background);
            scene.disk(at, 3.4 * theme.line_scale, color);
        }
        read(radius.value, radius.standard_error);
    }
    beyond
}

/// What is read at a radius: T_m, E, and that the model has no error but the radius'.
fn label(what: &SizeFigure, model: MeltingModel, (r, error): (f64, f64)) -> String {
    let ratio = |r: f64| model.ratio(what.data, r).unwrap_or(f64::NAN);
    // By the radius alone, half the span.
    let spread = 0.5 * (ratio(r + error) - ratio(r - error)).abs();
    let value = |scale: f64, unit: &str| {
        if error > 0.0 && spread.is_finite() {
            format::with_error(scale * ratio(r), scale * spread, unit)
        } else {
            format!("{} {unit}", format::significant(scale * ratio(r), 3))
        }
    };
    let mut label = say!(
        "{} · r = {} · melts at {}" | "{} · r = {} · schmilzt bei {}",
        known(model.name()),
        format::with_error(r, error, "nm"),
        value(what.data.melting_point_k, "K")
    );
    if let Some(e) = what.bulk_energy_j_mol {
        label.push_str(&format!(" · E = {}", value(e / 1e3, "kJ/mol")));
    }
    label.push_str(if error > 0.0 {
        word!(" (error of r alone)" | " (nur Fehler von r)")
    } else {
        word!(" (model, no error)" | " (Modell, ohne Fehler)")
    });
    let validity = model.validity(what.data);
    if r < validity.from_nm {
        label.push_str(&say!(
            " · beyond its validity: {}" | " · jenseits der Gültigkeit: {}",
            validity.why
        ));
    }
    label
}

fn diamond(scene: &mut Scene, theme: &Theme, (x, y): (f64, f64)) {
    let r = 4.4 * theme.line_scale;
    let corners = vec![(x - r, y), (x, y - r), (x + r, y), (x, y + r)];
    scene.area(corners, theme.text);
}

fn draw_points(
    scene: &mut Scene,
    layout: &mut Layout,
    area: &PlotArea,
    theme: &Theme,
    points: &[MeltingPoint],
) {
    for point in points {
        let Some(at) = area.to_px(point.radius_nm, point.temperature_k) else {
            continue;
        };
        if let Some(error) = point.error_k {
            let ends =
                [-error, error].map(|e| area.to_px(point.radius_nm, point.temperature_k + e));
            let pen = Pen::new(1.2 * theme.line_scale, theme.text);
            scene.clipped_line(ends, &area.rect, pen);
        }
        if !area.rect.contains(at.0, at.1) {
            continue;
        }
        diamond(scene, theme, at);
        let value = match point.error_k {
            Some(error) => format::with_error(point.temperature_k, error, "K"),
            None => say!(
                "{} (no error published)" | "{} (kein Fehler publiziert)",
                format::temperature(point.temperature_k)
            ),
        };
        layout.marks.push(Mark {
            plot: 0,
            x_px: at.0,
            y_px: at.1,
            x: point.radius_nm,
            y: point.temperature_k,
            label: format!(
                "r = {} nm · {value} · {}",
                format::significant(point.radius_nm, 3),
                cited(&point.source, point.confidence, &point.note)
            ),
            frame: None,
        });
    }
}

/// A source as it is read: with its note, and with the remark that nobody has looked it up.
pub(super) fn cited(source: &str, confidence: Confidence, note: &str) -> String {
    let mut text = source.to_owned();
    if !note.is_empty() {
        text.push_str(&format!(" ({note})"));
    }
    match confidence {
        Confidence::Verified => {}
        Confidence::FromMemory => text.push_str(word!(
            ", not checked against the source" | ", nicht an der Quelle geprüft"
        )),
        Confidence::User => {
            text.push_str(word!(", entered by the user" | ", von Hand eingetragen"))
        }
    }
    text
}

/// Ticks at 1, 2, 5, 10 nm where there is room for so many labels.
fn radius_ticks(axis: &AxisMap, room: f64) -> Ticks {
    let mut ticks = Ticks::of(axis, room, 1.0);
    let decades = libm::log10(axis.hi / axis.lo);
    if decades < 2.5 && 3.0 * decades < room {
        let power = |v: f64| libm::exp10(f64::floor(libm::log10(v) + 1e-9));
        let is_named = |v: &f64| [2.0, 5.0].iter().any(|m| (v / power(*v) - m).abs() < 1e-6);
        let named: Vec<f64> = ticks.minor.iter().copied().filter(is_named).collect();
        ticks.minor.retain(|v| !is_named(v));
        for v in named {
            let places = usize::from(v < 1.0);
            ticks.major.push((v, format::fixed(v, places)));
        }
    }
    ticks
}

fn axes(
    scene: &mut Scene,
    theme: &Theme,
    area: &PlotArea,
    (y_ticks, energy): (&Ticks, Option<&(f64, Ticks)>),
) {
    let m = Metrics::of(theme);
    let rect = &area.rect;
    let x_ticks = radius_ticks(&area.x, rect.width() / (4.0 * m.tick));
    for (edge, ticks, title) in [
        (Edge::Bottom, &x_ticks, word!("radius (nm)" | "Radius (nm)")),
        (Edge::Top, &x_ticks, ""),
        (
            Edge::Left,
            y_ticks,
            word!("melting point (K)" | "Schmelzpunkt (K)"),
        ),
    ] {
        let axis = Axis {
            edge,
            ticks,
            labels: !title.is_empty(),
            title,
        };
        draw_axis(scene, theme, rect, &axis, |v| match edge {
            Edge::Left => area.y_px(v),
            _ => area.x_px(v),
        });
    }
    let (factor, ticks, title) = match energy {
        Some((factor, ticks)) => (*factor, ticks, "E (kJ/mol)"),
        None => (1.0, y_ticks, ""),
    };
    let right = Axis {
        edge: Edge::Right,
        ticks,
        labels: !title.is_empty(),
        title,
    };
    draw_axis(scene, theme, rect, &right, |v| area.y_px(v / factor));
}
