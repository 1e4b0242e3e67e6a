//! The particle over the phase diagram of its pair, at its own size.

mod lens;

use lens::{draw_magnified, magnified};

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis, extent};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotArea, PlotId, Rect, View};
use super::legend::{DrawSymbol, Legend, Sample, Weight, arrow};
use super::scene::{Dash, Pen, Scene, TextStyle, note, text_width};
use super::theme::{Color, Theme};
use super::{Figure, format, known};
use crate::fit::Estimate;
use crate::kinetics::{MeltingModel, MixingState, Station};
use crate::language::{say, word};
use crate::numerics::sort_by;
use crate::project::{Bound, PhasePoint};
use crate::thermo::{Boundary, PhaseDiagram};

/// Where the melting points of the two elements lie after a simple model of one element's T_m(r).
#[derive(Clone, Debug, PartialEq)]
pub struct MeltingPair {
    /// The model.
    pub model: MeltingModel,
    /// Melting points of the pair's first and second element at the particle's radius (K), where the model is defined.
    pub melting_k: (Option<f64>, Option<f64>),
}

/// The particle's series.
#[derive(Clone, Copy, Debug)]
pub struct ParticlePath<'a> {
    /// Mole fraction of the pair's second element.
    pub fraction: Estimate,
    /// Its frames.
    pub stations: &'a [Station],
}

/// What [`phase_diagram`] draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct PhaseFigure<'a> {
    /// Symbols of the pair's first and second element.
    pub elements: (&'a str, &'a str),
    /// Bulk and round radii, for orientation.
    pub diagrams: &'a [PhaseDiagram],
    /// At the particle's own radius.
    pub particle: Option<&'a PhaseDiagram>,
    /// At the particle's own radius under other assumptions: the honest width.
    pub variants: &'a [PhaseDiagram],
    /// Simple models of T_m(r), at both edges.
    pub models: &'a [MeltingPair],
    /// The series.
    pub path: Option<ParticlePath<'a>>,
    /// The user's points.
    pub points: &'a [PhasePoint],
    /// What has to be said of the model, a line each.
    pub remarks: &'a [String],
    /// Frame to be highlighted.
    pub selected: Option<usize>,
}

/// Temperature over mole fraction: bulk and nano curves, the lens of the particle's radius (with the band of other
/// assumptions), the particle's series and the user's points; below, the same curves as distances from the straight line
/// between the melting points, where a lens of 1 K has a width.
pub fn phase_diagram(canvas: Canvas, theme: &Theme, view: View, what: &PhaseFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let labels = labels(what);
    let longest = labels
        .iter()
        .map(|(text, index, _)| {
            // The particle's own name is bold.
            let wider = if index.is_none() { 1.25 } else { 1.1 };
            text_width(text, wider * m.tick)
        })
        .fold(0.0, f64::max);
    let x_axis = chosen(view.x, AxisMap::linear(0.0, 1.0));
    let y_axis = chosen(view.y, automatic_y(what));
    let lines: Vec<String> = what
        .remarks
        .iter()
        .flat_map(|remark| wrapped(remark, 0.95 * canvas.width_px, m.tick))
        .collect();
    // On a small sheet the curves come first.
    let most = f64::floor(0.25 * canvas.height_px / (1.25 * m.tick)) as usize;
    let lines = lines.get(..most.min(lines.len())).unwrap_or_default();
    let remarks = lines.len() as f64 * 1.25 * m.tick;
    let top = 0.9 * theme.font_px + remarks;
    let magnified = magnified(what);
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let strip = if magnified.is_some() && canvas.height_px > 250.0 {
        (0.24 * (bottom - top)).min(140.0 * theme.line_scale)
    } else {
        0.0
    };
    let split = if strip > 0.0 {
        bottom - strip - 0.6 * theme.font_px
    } else {
        bottom
    };
    let y_ticks = Ticks::of(&y_axis, split - top, 2.6 * m.tick);
    let left = m.beside_vertical(&y_ticks, true).min(0.4 * canvas.width_px);
    let right = canvas.width_px - (longest + 1.6 * m.gap).min(0.3 * canvas.width_px);
    let area = PlotArea {
        id: PlotId::Phase,
        rect: Rect {
            left,
            top,
            right,
            bottom: split,
        },
        x: x_axis,
        y: y_axis,
    };
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    for (i, line) in lines.iter().enumerate() {
        let at = (
            0.5 * theme.font_px,
            0.75 * theme.font_px + 1.25 * m.tick * i as f64,
        );
        scene.text(at, line.clone(), TextStyle::new(m.tick, theme.muted));
    }

    draw_variants(&mut scene, &area, theme, what.variants);
    for (index, diagram) in what.diagrams.iter().enumerate() {
        let pen = pen_of(theme, index, diagram);
        draw_diagram(&mut scene, &area, pen, diagram);
        mark_curve(&mut layout, &area, diagram);
    }
    if let Some(diagram) = what.particle {
        let pen = Pen::new(1.8 * theme.line_scale, theme.accent);
        fill_lens(&mut scene, &area, theme.accent.with_alpha(0.25), diagram);
        draw_diagram(&mut scene, &area, pen, diagram);
        mark_curve(&mut layout, &area, diagram);
    }
    draw_models(&mut scene, &mut layout, &area, theme, what);
    if let Some(path) = &what.path {
        draw_path(&mut scene, &mut layout, &area, theme, (path, what.selected));
    }
    draw_points(&mut scene, &mut layout, &area, theme, what);
    frame(
        &mut scene,
        theme,
        &area,
        (&y_ticks, "T (K)"),
        (what, strip == 0.0),
    );
    draw_labels(&mut scene, theme, &area, labels);
    let mut legend = legend(theme, what);
    for mark in &layout.marks {
        let weight = match mark.frame {
            Some(_) => Weight::Datum,
            None => Weight::Curve,
        };
        legend.avoid([(mark.x_px, mark.y_px)], weight);
    }
    if !legend.entries.is_empty() {
        legend.draw(&mut scene, theme, &area.rect);
    }
    if what.diagrams.is_empty() && what.particle.is_none() {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("no diagram for this pair" | "kein Diagramm für dieses Paar"),
        );
    }
    if let Some(curves) = magnified.filter(|_| strip > 0.0) {
        let rect = Rect {
            top: bottom - strip,
            bottom,
            ..area.rect
        };
        let area = draw_magnified(&mut scene, theme, (rect, area.x), &curves, what);
        layout.plots.push(area);
    }
    Figure {
        scene,
        layout,
        title: say!(
            "Phase diagram {}-{}" | "Phasendiagramm {}-{}",
            what.elements.0,
            what.elements.1
        ),
        description: describe(what),
    }
}

/// A text in lines that fit.
fn wrapped(text: &str, width: f64, size: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(word, size) < 0.92 * width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// `bulk`, `r = 5 nm`.
pub(super) fn radius_name(radius_nm: f64) -> String {
    if radius_nm.is_finite() {
        // Round radii are named as they are called: 10 nm, not 10.0 nm.
        let digits = format::significant(radius_nm, 3);
        let short = match digits.split_once(['.', ',']) {
            Some(_) => digits.trim_end_matches('0').trim_end_matches(['.', ',']),
            None => &digits,
        };
        format!("r = {short} nm")
    } else {
        word!("bulk" | "massiv").into()
    }
}

fn pen_of(theme: &Theme, index: usize, diagram: &PhaseDiagram) -> Pen {
    let width = 1.2 * theme.line_scale;
    if diagram.radius_nm.is_finite() {
        let dash = [Dash::Dashed, Dash::DashDotted, Dash::Dotted][(index + 2) % 3];
        Pen::new(width, theme.category(index)).dashed(dash)
    } else {
        Pen::new(width, theme.fit)
    }
}

fn describe(what: &PhaseFigure) -> String {
    let mut text = String::new();
    for diagram in what.diagrams.iter().chain(what.particle) {
        let ends = diagram.boundaries.first().zip(diagram.boundaries.last());
        if let Some((a, b)) = ends {
            text.push_str(&say!(
                "{}: solid up to {} for {}, {} for {}; " | "{}: fest bis {} für {}, {} für {}; ",
                radius_name(diagram.radius_nm),
                format::temperature(a.solidus_k),
                what.elements.0,
                format::temperature(b.solidus_k),
                what.elements.1
            ));
        }
    }
    if let Some(path) = &what.path {
        text.push_str(&say!(
            "the particle at x = {} in {} frames" | "das Partikel bei x = {} in {} Bildern",
            format::with_error(path.fraction.value, path.fraction.standard_error, ""),
            path.stations.len()
        ));
    }
    text.trim_end_matches("; ").to_owned() + "."
}

/// The temperatures there are to show.
fn automatic_y(what: &PhaseFigure) -> AxisMap {
    let curves = what.diagrams.iter().chain(what.particle);
    let temperatures = curves
        .flat_map(|d| &d.boundaries)
        .flat_map(|b| [b.solidus_k, b.liquidus_k])
        .chain(
            what.diagrams
                .iter()
                .flat_map(|d| &d.gap)
                .map(|t| t.temperature_k),
        )
        .chain(what.points.iter().map(|p| p.temperature_k))
        .chain(
            what.path
                .iter()
                .flat_map(|p| p.stations)
                .map(|s| s.temperature_k),
        );
    match extent(temperatures, 0.05) {
        Some((lo, hi)) => AxisMap::linear(lo.max(0.0), hi),
        None => AxisMap::linear(300.0, 1400.0),
    }
}

/// Solidus and liquidus, eutectic line and solvus.
fn draw_diagram(scene: &mut Scene, area: &PlotArea, pen: Pen, diagram: &PhaseDiagram) {
    let curve = |of: fn(&Boundary) -> f64| {
        let mut points = Vec::new();
        let mut before = 0.0;
        for b in &diagram.boundaries {
            // A curve does not run across compositions without a boundary.
            if diagram
                .undefined
                .iter()
                .any(|u| u.x_from > before && u.x_to < b.x)
            {
                points.push(None);
            }
            points.push(area.to_px(b.x, of(b)));
            before = b.x;
        }
        points
    };
    scene.clipped_line(curve(|b| b.solidus_k), &area.rect, pen);
    scene.clipped_line(curve(|b| b.liquidus_k), &area.rect, pen);
    let thin = Pen {
        width: 0.8 * pen.width,
        ..pen
    };
    if let Some(e) = &diagram.eutectic {
        let ends = [e.x_left, e.x_right].map(|x| area.to_px(x, e.temperature_k));
        scene.clipped_line(ends, &area.rect, thin);
    }
    let left = diagram
        .gap
        .iter()
        .map(|t| area.to_px(t.x_left, t.temperature_k));
    scene.clipped_line(left, &area.rect, thin);
    let right = diagram
        .gap
        .iter()
        .map(|t| area.to_px(t.x_right, t.temperature_k));
    scene.clipped_line(right, &area.rect, thin);
}

/// The two-phase region between solidus and liquidus.
fn fill_lens(scene: &mut Scene, area: &PlotArea, color: Color, diagram: &PhaseDiagram) {
    let there = diagram
        .boundaries
        .iter()
        .filter_map(|b| area.to_px(b.x, b.liquidus_k));
    let back = diagram
        .boundaries
        .iter()
        .rev()
        .filter_map(|b| area.to_px(b.x, b.solidus_k));
    scene.clipped_area(there.chain(back).collect(), &area.rect, color);
}

/// From the lowest solidus to the highest liquidus of all assumptions.
fn draw_variants(scene: &mut Scene, area: &PlotArea, theme: &Theme, variants: &[PhaseDiagram]) {
    let Some(first) = variants.first() else {
        return;
    };
    let (mut upper, mut lower) = (Vec::new(), Vec::new());
    for b in &first.boundaries {
        let others = variants.iter().filter_map(|d| {
            let same = |other: &&Boundary| (other.x - b.x).abs() < 1e-9;
            d.boundaries.iter().find(same)
        });
        let (lo, hi) = others.fold((b.solidus_k, b.liquidus_k), |(lo, hi), o| {
            (lo.min(o.solidus_k), hi.max(o.liquidus_k))
        });
        upper.extend(area.to_px(b.x, hi));
        lower.extend(area.to_px(b.x, lo));
    }
    upper.extend(lower.into_iter().rev());
    scene.clipped_area(upper, &area.rect, theme.band);
}

/// Places to read a curve at.
fn mark_curve(layout: &mut Layout, area: &PlotArea, diagram: &PhaseDiagram) {
    const PLACES: usize = 24;
    let step = diagram.boundaries.len().div_ceil(PLACES).max(1);
    for b in diagram.boundaries.iter().step_by(step) {
        let Some((x_px, y_px)) = area.to_px(b.x, b.solidus_k) else {
            continue;
        };
        if area.rect.contains(x_px, y_px) {
            layout.marks.push(Mark {
                plot: 0,
                x_px,
                y_px,
                x: b.x,
                y: b.solidus_k,
                label: say!(
                    "{} · x = {} · solidus {} K · liquidus {} K (model, no error)"
                        | "{} · x = {} · Solidus {} K · Liquidus {} K (Modell, ohne Fehler)",
                    radius_name(diagram.radius_nm),
                    format::fixed(b.x, 2),
                    format::fixed(b.solidus_k, 1),
                    format::fixed(b.liquidus_k, 1)
                ),
                frame: None,
            });
        }
    }
}

fn draw_models(
    scene: &mut Scene,
    layout: &mut Layout,
    area: &PlotArea,
    theme: &Theme,
    what: &PhaseFigure,
) {
    let size = 5.0 * theme.line_scale;
    for model in what.models {
        let ends = [
            (0.0, 1.0, what.elements.0, model.melting_k.0),
            (1.0, -1.0, what.elements.1, model.melting_k.1),
        ];
        for (x, inward, element, melting_k) in ends {
            let Some(t) = melting_k else { continue };
            let Some((x_px, y_px)) = area.to_px(x, t) else {
                continue;
            };
            if !area.rect.contains(x_px, y_px) {
                continue;
            }
            scene.area(
                vec![
                    (x_px, y_px - size),
                    (x_px, y_px + size),
                    (x_px + inward * 1.4 * size, y_px),
                ],
                theme.muted,
            );
            layout.marks.push(Mark {
                plot: 0,
                x_px: x_px + inward * 0.7 * size,
                y_px,
                x,
                y: t,
                label: say!(
                    "{element} melts at {} K after {} (model, no error)"
                        | "{element} schmilzt bei {} K nach {} (Modell, ohne Fehler)",
                    format::fixed(t, 0),
                    known(model.model.name())
                ),
                frame: None,
            });
        }
    }
}

fn draw_path(
    scene: &mut Scene,
    layout: &mut Layout,
    area: &PlotArea,
    theme: &Theme,
    (path, selected): (&ParticlePath, Option<usize>),
) {
    let s = theme.line_scale;
    let x = path.fraction.value;
    let place = |station: &Station| area.to_px(x, station.temperature_k);
    let band = |sign: f64| {
        let x = x + sign * path.fraction.standard_error;
        path.stations
            .iter()
            .filter_map(move |t| area.to_px(x, t.temperature_k))
    };
    let outline = band(1.0).chain(band(-1.0).collect::<Vec<_>>().into_iter().rev());
    scene.clipped_area(outline.collect(), &area.rect, theme.band);
    let way = path.stations.iter().map(place);
    scene.clipped_line(way, &area.rect, Pen::new(s, theme.muted));
    let hottest = path
        .stations
        .iter()
        .max_by(|a, b| a.temperature_k.total_cmp(&b.temperature_k))
        .map(|t| t.frame);
    for station in path.stations {
        let Some(at) = place(station).filter(|p| area.rect.contains(p.0, p.1)) else {
            continue;
        };
        let (color, state) = appearance(theme, station.state);
        if hottest == Some(station.frame) {
            arrow(
                scene,
                (at.0, at.1, (at.1 - 26.0 * s).max(area.rect.top)),
                color,
                s,
            );
        }
        if selected == Some(station.frame) {
            scene.ring(at, 8.0 * s, Pen::new(2.0 * s, theme.accent));
        }
        scene.disk(at, 4.8 * s, theme.background);
        symbol(scene, theme, (at, station.state));
        let percent = |v: f64| format::fixed(100.0 * v, 0);
        let (low, high) = station.mixing_interval;
        layout.marks.push(Mark {
            plot: 0,
            x_px: at.0,
            y_px: at.1,
            x,
            y: station.temperature_k,
            label: say!(
                "frame {} · {} · x = {} · {state}, {} % mixed ({} to {} %) · solid at least up to here" | "Bild {} · {} · x = {} · {state}, {} % gemischt ({} bis {} %) · fest mindestens bis hier",
                station.frame,
                format::temperature(station.temperature_k),
                format::with_error(x, path.fraction.standard_error, ""),
                percent(station.mixing),
                percent(low),
                percent(high)
            ),
            frame: Some(station.frame),
        });
    }
}

/// A core in its shell, a ring, a disk: told apart without color.
fn symbol(scene: &mut Scene, theme: &Theme, (at, state): ((f64, f64), MixingState)) {
    let s = theme.line_scale;
    let (color, _) = appearance(theme, state);
    match state {
        MixingState::CoreShell => {
            scene.ring(at, 4.0 * s, Pen::new(1.4 * s, color));
            scene.disk(at, 1.8 * s, color);
        }
        MixingState::Mixing => scene.ring(at, 3.4 * s, Pen::new(2.4 * s, color)),
        MixingState::Mixed => scene.disk(at, 4.2 * s, color),
    }
}

/// What the symbols mean, as far as they are there.
fn legend(theme: &Theme, what: &PhaseFigure) -> Legend {
    let mut legend = Legend::default();
    let stations = what.path.map_or(&[][..], |p| p.stations);
    let kinds: [(MixingState, DrawSymbol); 3] = [
        (MixingState::CoreShell, |s, t, at| {
            symbol(s, t, (at, MixingState::CoreShell))
        }),
        (MixingState::Mixing, |s, t, at| {
            symbol(s, t, (at, MixingState::Mixing))
        }),
        (MixingState::Mixed, |s, t, at| {
            symbol(s, t, (at, MixingState::Mixed))
        }),
    ];
    for (state, draw) in kinds {
        if stations.iter().any(|s| s.state == state) {
            let name = appearance(theme, state).1;
            legend.entries.push((Sample::Symbol(draw), name.into()));
        }
    }
    if !what.variants.is_empty() {
        let pen = Pen::new(1.8 * theme.line_scale, theme.accent);
        let words = word!("this radius, other assumptions" | "dieser Radius, andere Annahmen");
        legend
            .entries
            .push((Sample::Line(pen, Some(theme.band)), words.into()));
    }
    legend
}

fn appearance(theme: &Theme, state: MixingState) -> (Color, &'static str) {
    match state {
        MixingState::CoreShell => (theme.category(0), word!("core-shell" | "Kern-Schale")),
        MixingState::Mixing => (theme.category(1), word!("mixing" | "mischt sich")),
        MixingState::Mixed => (theme.category(2), word!("mixed" | "gemischt")),
    }
}

fn draw_points(
    scene: &mut Scene,
    layout: &mut Layout,
    area: &PlotArea,
    theme: &Theme,
    what: &PhaseFigure,
) {
    let s = theme.line_scale;
    for point in what.points {
        let Some(at) = area.to_px(point.x, point.temperature_k) else {
            continue;
        };
        if !area.rect.contains(at.0, at.1) {
            continue;
        }
        let color = theme.category(3);
        let r = 4.6 * s;
        let diamond = vec![
            (at.0 - r, at.1),
            (at.0, at.1 - r),
            (at.0 + r, at.1),
            (at.0, at.1 + r),
        ];
        let bound = match point.bound {
            Bound::Exact => "",
            Bound::AtLeast => {
                arrow(scene, (at.0, at.1, at.1 - 24.0 * s), color, s);
                word!("at least " | "mindestens ")
            }
            Bound::AtMost => {
                arrow(scene, (at.0, at.1, at.1 + 24.0 * s), color, s);
                word!("at most " | "höchstens ")
            }
        };
        scene.area(diamond, color);
        layout.marks.push(Mark {
            plot: 0,
            x_px: at.0,
            y_px: at.1,
            x: point.x,
            y: point.temperature_k,
            label: say!(
                "{} · x = {} · {bound}{} (entered, without error)"
                    | "{} · x = {} · {bound}{} (eingetragen, ohne Fehler)",
                point.label,
                format::significant(point.x, 3),
                format::temperature(point.temperature_k)
            ),
            frame: None,
        });
    }
}

/// Text, color and place of a name beside the right edge.
type Label = (String, Option<usize>, f64);

/// The curves by name, each at its end.
fn labels(what: &PhaseFigure) -> Vec<Label> {
    let named = what.diagrams.iter().enumerate().map(|(i, d)| (Some(i), d));
    let own = what.particle.map(|d| (None, d));
    named
        .chain(own)
        .filter_map(|(index, d)| {
            let end = d.boundaries.last()?;
            Some((radius_name(d.radius_nm), index, end.solidus_k))
        })
        .collect()
}

fn draw_labels(scene: &mut Scene, theme: &Theme, area: &PlotArea, labels: Vec<Label>) {
    let m = Metrics::of(theme);
    let mut placed: Vec<(f64, Label)> = labels
        .into_iter()
        .filter_map(|label| Some((area.y_px(label.2)?, label)))
        .filter(|(y, _)| *y >= area.rect.top - 1.0 && *y <= area.rect.bottom + 1.0)
        .collect();
    sort_by(&mut placed, |a, b| a.0.total_cmp(&b.0));
    // Names of neighboring curves are moved apart, downwards.
    let mut next = f64::NEG_INFINITY;
    for (y, (text, index, _)) in placed {
        let at = y.max(next);
        next = at + 1.2 * m.tick;
        let color = match index {
            None => theme.accent,
            Some(0) => theme.text,
            Some(index) => theme.category(index),
        };
        let style = TextStyle::new(m.tick, color);
        let style = if index.is_none() { style.bold() } else { style };
        scene.text((area.rect.right + 0.8 * m.gap, at), text, style);
    }
}

fn frame(
    scene: &mut Scene,
    theme: &Theme,
    area: &PlotArea,
    (y_ticks, y_title): (&Ticks, &str),
    (what, titled): (&PhaseFigure, bool),
) {
    let m = Metrics::of(theme);
    let x_ticks = Ticks::of(&area.x, area.rect.width(), 5.0 * m.tick);
    let title = say!("mole fraction of {}" | "Molenbruch {}", what.elements.1);
    for (edge, ticks, labels, title) in [
        (
            Edge::Bottom,
            &x_ticks,
            titled,
            if titled { title.as_str() } else { "" },
        ),
        (Edge::Top, &x_ticks, false, ""),
        (Edge::Left, y_ticks, true, y_title),
        (Edge::Right, y_ticks, false, ""),
    ] {
        let axis = Axis {
            edge,
            ticks,
            labels,
            title,
        };
        let horizontal = matches!(edge, Edge::Bottom | Edge::Top);
        draw_axis(scene, theme, &area.rect, &axis, |v| {
            if horizontal {
                area.x_px(v)
            } else {
                area.y_px(v)
            }
        });
    }
}
