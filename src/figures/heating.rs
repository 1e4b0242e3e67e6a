//! The measured temperature against time, with the frames where they were taken.

use super::axes::{Metrics, Ticks, chosen, draw_box, extent};
use super::layout::{
    AxisMap, Canvas, Handle, HandleId, Layout, Mark, PlotArea, PlotId, Rect, View,
};
use super::legend::{Legend, Sample, Weight};
use super::scene::{Dash, Pen, Scene, note};
use super::theme::{TemperatureRamp, Theme};
use super::{Figure, format};
use crate::formats::HeaterLog;
use crate::kinetics::EffectiveStep;
use crate::language::{say, word};

/// A frame on the log's axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LoggedFrame {
    /// Index in the series.
    pub frame: usize,
    /// When it was taken, by the log's clock (s).
    pub time_s: f64,
    /// The step of constant temperature that does what the heating before it did, where that was logged and fitted.
    pub effective: Option<EffectiveStep>,
}

/// What [`heating`] draws.
#[derive(Clone, Copy, Debug)]
pub struct HeatingFigure<'a> {
    /// The log; thinned ones keep their peaks.
    pub log: &'a HeaterLog,
    /// Frames in the order of the series.
    pub frames: &'a [LoggedFrame],
    /// Colors of the series' temperatures.
    pub ramp: TemperatureRamp,
    /// The selected frame.
    pub selected: Option<usize>,
}

/// Seconds of the axis' unit.
const MINUTE_S: f64 = 60.0;

/// Most points of the curve that are drawn.
const MOST_POINTS: usize = 8000;

/// T(t) of the log, the frames at their times, the heating between two frames shaded, and its effective temperature as a line across it.
///
/// The line of the first frame is a handle: dragging it moves the frames along the log, the clocks' offset with them. Horizontal axis in minutes.
pub fn heating(canvas: Canvas, theme: &Theme, view: View, what: &HeatingFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let frames: Vec<&LoggedFrame> = what
        .frames
        .iter()
        .filter(|f| f.time_s.is_finite())
        .collect();
    let (from, to) = what.log.span_s();
    let times = frames.iter().map(|f| f.time_s).chain([from, to]);
    let x = extent(times.map(|t| t / MINUTE_S), 0.02).unwrap_or((0.0, 1.0));
    let y = extent(what.log.temperature_k.iter().copied(), 0.06).unwrap_or((290.0, 300.0));
    let x_axis = chosen(view.x, AxisMap::linear(x.0, x.1));
    let y_axis = chosen(view.y, AxisMap::linear(y.0, y.1));
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let (area, y_ticks) = m.across(PlotId::Heating, (x_axis, y_axis), canvas, bottom);
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    shade(&mut scene, theme, &area, &frames, what);
    let mut legend = Legend::default();
    let curve = Pen::new(1.3 * theme.line_scale, theme.text);
    if let Some(setpoint) = &what.log.setpoint_k {
        let pen = Pen::new(theme.line_scale, theme.muted).dashed(Dash::Dotted);
        draw(&mut scene, &area, &what.log.time_s, setpoint, pen);
        legend
            .entries
            .push((Sample::Line(pen, None), word!("set" | "Soll").into()));
    }
    let drawn = draw(
        &mut scene,
        &area,
        &what.log.time_s,
        &what.log.temperature_k,
        curve,
    );
    legend.avoid(drawn, Weight::Curve);
    legend.entries.insert(
        0,
        (
            Sample::Line(curve, None),
            word!("measured" | "gemessen").into(),
        ),
    );
    place_frames(&mut scene, theme, &mut layout, &frames, what);
    let x_ticks = Ticks::of(&area.x, area.rect.width(), 5.0 * m.tick);
    draw_box(
        &mut scene,
        theme,
        &area,
        [
            (&x_ticks, word!("time (min)" | "Zeit (min)")),
            (&y_ticks, "T (K)"),
        ],
    );
    if what.log.time_s.is_empty() {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("the log holds no sample" | "das Protokoll enthält keinen Messwert"),
        );
    } else {
        legend.draw(&mut scene, theme, &area.rect);
    }
    Figure {
        scene,
        layout,
        title: word!(
            "Temperature of the heater against time" | "Temperatur der Heizung über der Zeit"
        )
        .into(),
        description: describe(what),
    }
}

fn draw(
    scene: &mut Scene,
    area: &PlotArea,
    time_s: &[f64],
    kelvin: &[f64],
    pen: Pen,
) -> Vec<(f64, f64)> {
    let stride = time_s.len().div_ceil(MOST_POINTS).max(1);
    let points = time_s.iter().zip(kelvin).step_by(stride);
    let px: Vec<Option<(f64, f64)>> = points.map(|(t, k)| area.to_px(t / MINUTE_S, *k)).collect();
    let drawn = px.iter().copied().flatten().collect();
    scene.clipped_line(px, &area.rect, pen);
    drawn
}

/// The heating before every other frame, and the effective step of each.
fn shade(
    scene: &mut Scene,
    theme: &Theme,
    area: &PlotArea,
    frames: &[&LoggedFrame],
    what: &HeatingFigure,
) {
    for (k, pair) in frames.windows(2).enumerate() {
        let [before, frame] = [pair[0], pair[1]];
        let ends = [before.time_s, frame.time_s].map(|t| t / MINUTE_S);
        let px = ends.map(|x| area.x_px(x));
        let ([Some(left), Some(right)], true) = (px, ends[1] > ends[0]) else {
            continue;
        };
        let within = |x: f64| x.clamp(area.rect.left, area.rect.right);
        let strip = Rect {
            left: within(left),
            right: within(right),
            ..area.rect
        };
        let kelvin = frame.effective.map(|e| e.temperature_k);
        let color = what.ramp.color(theme, kelvin);
        let strength = if k % 2 == 0 { 0.16 } else { 0.07 };
        scene.fill(strip, color.with_alpha(strength));
        if let Some(kelvin) = kelvin {
            let line = ends.map(|x| area.to_px(x, kelvin));
            let pen = Pen::new(1.4 * theme.line_scale, color).dashed(Dash::Dashed);
            scene.clipped_line(line, &area.rect, pen);
        }
    }
}

fn place_frames(
    scene: &mut Scene,
    theme: &Theme,
    layout: &mut Layout,
    frames: &[&LoggedFrame],
    what: &HeatingFigure,
) {
    let Some(area) = layout.plots.first().copied() else {
        return;
    };
    for (place, frame) in frames.iter().enumerate() {
        let x = frame.time_s / MINUTE_S;
        let Some(x_px) = area
            .x_px(x)
            .filter(|x| (area.rect.left..=area.rect.right).contains(x))
        else {
            continue;
        };
        let chosen = what.selected == Some(frame.frame);
        let color = if place == 0 || chosen {
            theme.accent
        } else {
            theme.muted
        };
        let width = if chosen { 1.8 } else { 0.9 };
        let pen = Pen::new(width * theme.line_scale, color);
        let pen = if place == 0 {
            pen.dashed(Dash::Dashed)
        } else {
            pen
        };
        scene.segment((x_px, area.rect.top), (x_px, area.rect.bottom), pen);
        if place == 0 {
            layout.handles.push(Handle {
                id: HandleId::Clock,
                plot: 0,
                x_px,
                x,
                name: "",
            });
        }
        let kelvin = what.log.at(frame.time_s);
        let at = kelvin
            .and_then(|k| area.y_px(k))
            .unwrap_or(area.rect.bottom);
        let y_px = at.clamp(area.rect.top, area.rect.bottom);
        scene.disk((x_px, y_px), 3.0 * theme.line_scale, color);
        let mut label = say!(
            "frame {} · {} min" | "Bild {} · {} min",
            frame.frame,
            format::fixed(x, 2)
        );
        label.push_str(&match kelvin {
            Some(k) => format!(" · {}", format::temperature(k)),
            None => word!(" · not in the log" | " · nicht im Protokoll").to_owned(),
        });
        if let Some(step) = frame.effective {
            label.push_str(&say!(
                " · heated as by {} for {}" | " · geheizt wie durch {} für {}",
                format::temperature(step.temperature_k),
                format::duration(step.dwell_s)
            ));
        }
        layout.marks.push(Mark {
            plot: 0,
            x_px,
            y_px,
            x,
            y: kelvin.unwrap_or(area.y.lo),
            label,
            frame: Some(frame.frame),
        });
    }
}

fn describe(what: &HeatingFigure) -> String {
    let ((from, to), (low, high)) = (what.log.span_s(), what.log.range_k());
    if !(low.is_finite() && high.is_finite()) {
        return word!("The log holds no sample." | "Das Protokoll enthält keinen Messwert.").into();
    }
    let inside = what
        .frames
        .iter()
        .filter(|f| (from..=to).contains(&f.time_s))
        .count();
    say!(
        "{} from {} to {}; {inside} of {} frames lie in it."
            | "{} von {} bis {}; {inside} von {} Bildern liegen darin.",
        format::duration(to - from),
        format::temperature(low),
        format::temperature(high),
        what.frames.len()
    )
}
