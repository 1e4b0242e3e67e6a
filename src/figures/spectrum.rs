//! A spectrum with the windows of its edges, or with a fit.

use super::axes::{Metrics, Ticks, chosen, draw_box, extent, with_exponent};
use super::bins::{Bin, draw_residuals, residual_area, residual_ticks, residual_title};
use super::composite::Palette;
use super::layout::{AxisMap, Canvas, Handle, HandleId, Layout, Mark, PlotId, Rect, View};
use super::legend::{Legend, Sample, Weight};
use super::profile::frame;
use super::scene::{Dash, Pen, Scene, note};
use super::theme::Theme;
use super::{Figure, format};
use crate::language::{say, word};
use crate::spectroscopy::Windows;

/// A curve over the data: its name and its values, one for each channel.
pub type Curve<'a> = (&'a str, &'a [f64]);

/// What [`spectrum`] draws.
#[derive(Clone, Copy, Debug)]
pub struct SpectrumFigure<'a> {
    /// Energy (eV) and counts.
    pub data: &'a [(f64, f64)],
    /// Names of edges with their windows, whose ends are handles.
    pub windows: &'a [(String, Windows)],
    /// Fit and background.
    pub curves: &'a [Curve<'a>],
    /// (Counts − fit)/√fit, NaN where nothing was fitted: a strip below, where there is room and something in it.
    pub residual: &'a [f64],
    /// Colors of the edges.
    pub palette: Palette,
}

/// The ends of the two windows of an edge, as handles count them.
fn window_end(end: usize) -> &'static str {
    match end {
        0 => word!("background from" | "Untergrund von"),
        1 => word!("background to" | "Untergrund bis"),
        2 => word!("signal from" | "Signal von"),
        _ => word!("signal to" | "Signal bis"),
    }
}

/// Counts over energy: background windows hatched light, signal windows strong, each with two handles; curves over the data.
pub fn spectrum(canvas: Canvas, theme: &Theme, view: View, what: &SpectrumFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let x = extent(what.data.iter().map(|d| d.0), 0.0).unwrap_or((0.0, 1.0));
    let y = extent(what.data.iter().map(|d| d.1).chain([0.0]), 0.04).unwrap_or((0.0, 1.0));
    let x_axis = chosen(view.x, AxisMap::linear(x.0, x.1));
    let y_axis = chosen(view.y, AxisMap::linear(y.0.min(0.0), y.1));
    let base = canvas.height_px - m.beside_horizontal(true);
    let top = m.top();
    let bins: Vec<Bin> = what
        .data
        .iter()
        .zip(what.residual)
        .filter(|(_, r)| r.is_finite())
        .map(|((ev, _), r)| Bin {
            radius: *ev,
            value: *r,
            error: 1.0,
            model: Some(0.0),
        })
        .collect();
    let strip = if bins.is_empty() || canvas.height_px < 14.0 * theme.font_px {
        0.0
    } else {
        (0.2 * (base - top)).max(3.2 * theme.font_px)
    };
    let bottom = if strip > 0.0 {
        base - strip - 0.5 * theme.font_px
    } else {
        base
    };
    let (area, y_ticks) = m.across(PlotId::Spectrum, (x_axis, y_axis), canvas, bottom);
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let mut legend = Legend::default();
    for (index, (name, windows)) in what.windows.iter().enumerate() {
        let color = what.palette.color(index);
        let (b, s) = (windows.background, windows.signal);
        for (place, window, strength) in [(0, b, 0.14), (2, s, 0.32)] {
            let px = [window.from_ev, window.to_ev].map(|ev| area.x_px(ev));
            let [Some(left), Some(right)] = px else {
                continue;
            };
            let within = |x: f64| x.clamp(area.rect.left, area.rect.right);
            let strip = Rect {
                left: within(left),
                right: within(right),
                ..area.rect
            };
            scene.fill(strip, color.with_alpha(strength));
            for (end, x, x_px) in [(0, window.from_ev, left), (1, window.to_ev, right)] {
                if (area.rect.left..=area.rect.right).contains(&x_px) {
                    let pen = Pen::new(theme.line_scale, theme.muted);
                    let pen = if place == 0 {
                        pen.dashed(Dash::Dashed)
                    } else {
                        pen
                    };
                    scene.segment((x_px, area.rect.top), (x_px, area.rect.bottom), pen);
                    layout.handles.push(Handle {
                        id: HandleId::Window(index, place + end),
                        plot: 0,
                        x_px,
                        x,
                        name: window_end(place + end),
                    });
                }
            }
        }
        let pen = Pen::new(6.0 * theme.line_scale, color.with_alpha(0.5));
        legend.entries.push((Sample::Line(pen, None), name.clone()));
    }
    let points = |value: &dyn Fn(usize, f64) -> f64| -> Vec<Option<(f64, f64)>> {
        let each = what.data.iter().enumerate();
        each.map(|(i, (ev, counts))| area.to_px(*ev, value(i, *counts)))
            .collect()
    };
    let data = points(&|_, counts| counts);
    legend.avoid(data.iter().copied().flatten(), Weight::Curve);
    scene.clipped_line(
        data,
        &area.rect,
        Pen::new(1.2 * theme.line_scale, theme.text),
    );
    for (index, (name, values)) in what.curves.iter().enumerate() {
        let pen = Pen::new(1.5 * theme.line_scale, theme.category(index + 1));
        let pen = if index == 0 {
            pen
        } else {
            pen.dashed(Dash::Dashed)
        };
        let line = points(&|i, _| values.get(i).copied().unwrap_or(f64::NAN));
        scene.clipped_line(line, &area.rect, pen);
        legend
            .entries
            .push((Sample::Line(pen, None), (*name).to_owned()));
    }
    let stride = what.data.len().div_ceil(2000).max(1);
    for (ev, counts) in what.data.iter().step_by(stride) {
        let Some((x_px, y_px)) = area.to_px(*ev, *counts) else {
            continue;
        };
        if area.rect.contains(x_px, y_px) {
            layout.marks.push(Mark {
                plot: 0,
                x_px,
                y_px,
                x: *ev,
                y: *counts,
                label: say!(
                    "{} eV: {} counts" | "{} eV: {} Impulse",
                    format::fixed(*ev, 1),
                    format::significant(*counts, 4)
                ),
                frame: None,
            });
        }
    }
    let x_ticks = Ticks::of(&area.x, area.rect.width(), 5.0 * m.tick);
    let counts = with_exponent(word!("counts" | "Impulse"), y_ticks.exponent);
    let electronvolts = match x_ticks.exponent {
        3 => "keV".to_owned(),
        exponent => with_exponent("eV", exponent),
    };
    let energy = say!("energy ({electronvolts})" | "Energie ({electronvolts})");
    let above = if strip > 0.0 { "" } else { &energy };
    draw_box(
        &mut scene,
        theme,
        &area,
        [(&x_ticks, above), (&y_ticks, &counts)],
    );
    if strip > 0.0 {
        let rect = Rect {
            top: base - strip,
            bottom: base,
            ..area.rect
        };
        let below = residual_area(&bins, &area, rect, 0);
        draw_residuals(&mut scene, &below, &bins, theme, theme.text);
        let x = (&x_ticks, Some(&energy));
        frame(
            &mut scene,
            theme,
            &below,
            x,
            (&residual_ticks(&below.y), residual_title()),
        );
        layout.plots.push(below);
    }
    if what.data.is_empty() {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("ready-made maps hold no spectrum" | "fertige Karten enthalten kein Spektrum"),
        );
    } else {
        legend.draw(&mut scene, theme, &area.rect);
    }
    let names: Vec<&str> = what.windows.iter().map(|w| w.0.as_str()).collect();
    Figure {
        scene,
        layout,
        title: word!("Spectrum" | "Spektrum").into(),
        description: say!(
            "{} channels from {} to {} eV; windows of {}"
                | "{} Kanäle von {} bis {} eV; Fenster von {}",
            what.data.len(),
            format::fixed(x.0, 0),
            format::fixed(x.1, 0),
            if names.is_empty() {
                word!("none" | "keine").to_owned()
            } else {
                names.join(", ")
            }
        ),
    }
}
