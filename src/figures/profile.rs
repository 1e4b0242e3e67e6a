//! One frame's radial profile, enlarged: data, model, radii, residuals.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis, extent, with_exponent};
use super::layout::{
    AxisMap, Canvas, Handle, HandleId, Layout, Mark, PlotArea, PlotId, Rect, View,
};
use super::scene::{Anchor, Dash, Pen, Scene, TextStyle};
use super::theme::{Color, TemperatureRamp, Theme};
use super::{Figure, format};
use crate::signal::{LengthUnit, Profile};

/// One frame's profile and what the fit makes of it.
#[derive(Clone, Copy, Debug)]
pub struct FrameProfile<'a> {
    /// Index of the frame in the series; 0 is the initial state.
    pub frame: usize,
    /// Temperature of the heating that ended with it (K).
    pub temperature_k: Option<f64>,
    /// The data.
    pub data: &'a Profile,
    /// The model at `data.radius`; empty before there is a fit.
    pub model: &'a [f64],
    /// Left out of the fit.
    pub excluded: bool,
}

impl FrameProfile<'_> {
    pub(super) fn name(&self) -> String {
        match self.temperature_k.filter(|t| t.is_finite()) {
            Some(t) => format!("{} · frame {}", format::temperature(t), self.frame),
            None => format!("frame {}", self.frame),
        }
    }

    /// Radius, value, standard error and model of each bin that can be drawn.
    pub(super) fn bins(&self) -> impl Iterator<Item = Bin> + '_ {
        let model = self
            .model
            .iter()
            .copied()
            .map(Some)
            .chain(std::iter::repeat(None));
        let errors = self
            .data
            .standard_error
            .iter()
            .copied()
            .chain(std::iter::repeat(0.0));
        self.data
            .radius
            .iter()
            .zip(&self.data.value)
            .zip(errors)
            .zip(model)
            .map(|(((&radius, &value), error), model)| Bin {
                radius,
                value,
                error: if error.is_finite() {
                    error.max(0.0)
                } else {
                    0.0
                },
                model: model.filter(|m| m.is_finite()),
            })
            .filter(|b| b.radius.is_finite() && b.value.is_finite())
    }

    pub(super) fn unit(&self) -> &'static str {
        match self.data.unit {
            LengthUnit::Pixel => "px",
            LengthUnit::Nanometer => "nm",
        }
    }
}

/// One bin as drawn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bin {
    pub radius: f64,
    pub value: f64,
    pub error: f64,
    pub model: Option<f64>,
}

impl Bin {
    /// Data minus model in standard errors.
    pub fn residual(&self) -> Option<f64> {
        let r = (self.value - self.model?) / self.error;
        r.is_finite().then_some(r)
    }

    fn label(&self, unit: &str) -> String {
        let mut label = format!(
            "r = {} {unit} · {}",
            format::significant(self.radius, 3),
            format::with_error(self.value, self.error, "counts")
        );
        if let Some(r) = self.residual() {
            let sign = if r > 0.0 { "+" } else { "" };
            label.push_str(&format!(" · residual {sign}{} s.e.", format::fixed(r, 1)));
        }
        label
    }
}

/// What [`profile()`] draws.
#[derive(Clone, Copy, Debug)]
pub struct ProfileFigure<'a> {
    /// The frame.
    pub profile: FrameProfile<'a>,
    /// Colors of the series' temperatures.
    pub ramp: TemperatureRamp,
    /// Radius and value of single pixels, drawn as dots behind; may be empty.
    pub pixels: &'a [(f64, f64)],
    /// R_A in the profile's unit.
    pub radius_a: Option<f64>,
    /// R_B in the profile's unit.
    pub radius_b: Option<f64>,
}

/// Most dots that are drawn; evenly chosen beyond.
const MOST_DOTS: usize = 12_000;

/// One frame enlarged: data with error bars, the model, R_A and R_B as handles, residuals below in standard errors with a ±2 band.
///
/// Plot 0 is [`PlotId::Profile`], plot 1, where there is a model and room, [`PlotId::Residual`] with the same x.
pub fn profile(canvas: Canvas, theme: &Theme, view: View, what: &ProfileFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let bins: Vec<Bin> = what.profile.bins().collect();
    let has_residuals =
        canvas.height_px > 14.0 * theme.font_px && bins.iter().any(|b| b.residual().is_some());

    let x_axis = chosen(view.x, automatic_x(&bins));
    let y_axis = chosen(view.y, automatic_y(&bins));
    let top = 1.9 * theme.font_px;
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let strip = if has_residuals {
        (0.2 * (bottom - top)).max(3.2 * theme.font_px)
    } else {
        0.0
    };
    let gap = if has_residuals {
        0.5 * theme.font_px
    } else {
        0.0
    };
    let main_bottom = (bottom - strip - gap).max(top + 10.0);
    let y_ticks = Ticks::of(&y_axis, main_bottom - top, 3.6 * m.tick);
    let left = m
        .beside_vertical(&y_ticks, true)
        .min(0.45 * canvas.width_px);
    let right = canvas.width_px - 0.9 * theme.font_px;
    let x_ticks = Ticks::of(&x_axis, right - left, 5.0 * m.tick);
    let main = PlotArea {
        id: PlotId::Profile(what.profile.frame),
        rect: Rect {
            left,
            top,
            right,
            bottom: main_bottom,
        },
        x: x_axis,
        y: y_axis,
    };
    let mut layout = Layout {
        plots: vec![main],
        ..Layout::default()
    };
    let color = what.ramp.color(theme, what.profile.temperature_k);

    draw_dots(&mut scene, &main, theme, what.pixels);
    draw_handles(
        &mut scene,
        &mut layout,
        &main,
        theme,
        what,
        if has_residuals { bottom } else { main_bottom },
    );
    draw_data(
        &mut scene,
        &main,
        &bins,
        DataStyle {
            color,
            theme,
            bars: true,
            radius: 2.3,
        },
    );
    draw_model(&mut scene, &main, &bins, theme, 1.5);
    let unit = what.profile.unit();
    layout.marks = marks(&bins, &main, 0, what.profile.frame, unit);

    let intensity = format!("intensity ({})", with_exponent("counts", y_ticks.exponent));
    let radius_title = format!("r ({})", with_exponent(unit, x_ticks.exponent));
    frame(
        &mut scene,
        theme,
        &main,
        (
            &x_ticks,
            if has_residuals {
                None
            } else {
                Some(&radius_title)
            },
        ),
        (&y_ticks, &intensity),
    );
    if has_residuals {
        let area = residual_area(
            &bins,
            &main,
            Rect {
                left,
                top: main_bottom + gap,
                right,
                bottom,
            },
            what.profile.frame,
        );
        draw_residuals(&mut scene, &area, &bins, theme, color);
        let ticks = residual_ticks();
        frame(
            &mut scene,
            theme,
            &area,
            (&x_ticks, Some(&radius_title)),
            (&ticks, ""),
        );
        scene.text(
            (left + 0.5 * theme.font_px, area.rect.top + 0.75 * m.tick),
            "residual (s.e.)",
            TextStyle::new(0.8 * m.tick, theme.muted),
        );
        layout.plots.push(area);
    }
    title(&mut scene, theme, (left, top), &what.profile, color);
    if bins.is_empty() {
        note(&mut scene, theme, &main.rect, "no profile yet");
    }
    Figure {
        scene,
        layout,
        title: format!("Radial profile, {}", what.profile.name()),
        description: describe(what, bins.len()),
    }
}

fn describe(what: &ProfileFigure, bins: usize) -> String {
    let mut text = format!("Azimuthal average of intensity over radius, {bins} bins");
    for (name, radius) in [("R_A", what.radius_a), ("R_B", what.radius_b)] {
        if let Some(r) = radius.filter(|r| r.is_finite()) {
            text.push_str(&format!(
                "; {name} = {} {}",
                format::significant(r, 3),
                what.profile.unit()
            ));
        }
    }
    text.push('.');
    text
}

pub(super) fn automatic_x(bins: &[Bin]) -> AxisMap {
    match extent(bins.iter().map(|b| b.radius), 0.03) {
        Some((lo, hi)) => AxisMap::linear(lo.min(0.0), hi),
        None => AxisMap::linear(0.0, 1.0),
    }
}

pub(super) fn automatic_y(bins: &[Bin]) -> AxisMap {
    let ends = bins.iter().flat_map(|b| {
        [
            b.value - b.error,
            b.value + b.error,
            b.model.unwrap_or(b.value),
        ]
    });
    match extent(ends, 0.06) {
        Some((lo, hi)) => AxisMap::linear(lo, hi),
        None => AxisMap::linear(0.0, 1.0),
    }
}

fn draw_dots(scene: &mut Scene, area: &PlotArea, theme: &Theme, pixels: &[(f64, f64)]) {
    let stride = pixels.len().div_ceil(MOST_DOTS).max(1);
    let color = theme.muted.with_alpha(0.22);
    for &(r, v) in pixels.iter().step_by(stride) {
        if let Some((x, y)) = area.to_px(r, v).filter(|&(x, y)| area.rect.contains(x, y)) {
            scene.disk((x, y), 0.8 * theme.line_scale, color);
        }
    }
}

fn draw_handles(
    scene: &mut Scene,
    layout: &mut Layout,
    area: &PlotArea,
    theme: &Theme,
    what: &ProfileFigure,
    bottom: f64,
) {
    for (id, radius, letter) in [
        (HandleId::RadiusA, what.radius_a, "A"),
        (HandleId::RadiusB, what.radius_b, "B"),
    ] {
        let Some(x) = radius else { continue };
        let Some(x_px) = area
            .x_px(x)
            .filter(|px| *px >= area.rect.left && *px <= area.rect.right)
        else {
            continue;
        };
        layout.handles.push(Handle {
            id,
            plot: 0,
            x_px,
            x,
        });
        let pen = Pen::new(1.2 * theme.line_scale, theme.accent).dashed(Dash::Dashed);
        scene.segment((x_px, area.rect.top), (x_px, bottom), pen);
        // The subscript hangs on the estimated width of one letter.
        let size = theme.font_px;
        let near_edge = x_px + 2.0 * size > area.rect.right;
        let start = if near_edge {
            x_px - 1.7 * size
        } else {
            x_px + 0.35 * size
        };
        let y = area.rect.top + 0.95 * size;
        let style = TextStyle::new(size, theme.accent);
        scene.text((start, y), "R", style);
        scene.text(
            (start + 0.76 * size, y + 0.28 * size),
            letter,
            TextStyle {
                size: 0.72 * size,
                ..style
            },
        );
    }
}

/// How data points look.
pub(super) struct DataStyle<'a> {
    pub color: Color,
    pub theme: &'a Theme,
    /// Whether error bars are drawn.
    pub bars: bool,
    pub radius: f64,
}

pub(super) fn draw_data(scene: &mut Scene, area: &PlotArea, bins: &[Bin], style: DataStyle) {
    let scale = style.theme.line_scale;
    let visible = bins
        .iter()
        .filter(|b| b.radius >= area.x.lo && b.radius <= area.x.hi)
        .count();
    let spacing = area.rect.width() / visible.max(1) as f64;
    let radius = style.radius.min(0.42 * spacing).max(0.8) * scale;
    let cap = (1.1 * radius).min(0.4 * spacing);
    let pen = Pen::new(0.8 * scale, style.color.with_alpha(0.75));
    for bin in bins {
        let Some((x, y)) = area.to_px(bin.radius, bin.value) else {
            continue;
        };
        if x < area.rect.left || x > area.rect.right {
            continue;
        }
        if style.bars && bin.error > 0.0 {
            let ends = (
                area.y_px(bin.value - bin.error),
                area.y_px(bin.value + bin.error),
            );
            if let (Some(low), Some(high)) = ends {
                let (low, high) = (low.min(area.rect.bottom), high.max(area.rect.top));
                // A bar that hides behind its point only blurs it.
                if low > high && low - high > 2.0 * radius {
                    scene.segment((x, low), (x, high), pen);
                    for end in [low, high]
                        .into_iter()
                        .filter(|e| *e < area.rect.bottom && *e > area.rect.top)
                    {
                        scene.segment((x - cap, end), (x + cap, end), pen);
                    }
                }
            }
        }
        if area.rect.contains(x, y) {
            scene.disk((x, y), radius, style.color);
        }
    }
}

pub(super) fn draw_model(
    scene: &mut Scene,
    area: &PlotArea,
    bins: &[Bin],
    theme: &Theme,
    width: f64,
) {
    scene.clipped_line(
        bins.iter().map(|b| area.to_px(b.radius, b.model?)),
        &area.rect,
        Pen::new(width * theme.line_scale, theme.fit),
    );
}

pub(super) fn marks(
    bins: &[Bin],
    area: &PlotArea,
    plot: usize,
    frame: usize,
    unit: &str,
) -> Vec<Mark> {
    bins.iter()
        .filter_map(|bin| {
            let (x_px, y_px) = area.to_px(bin.radius, bin.value)?;
            area.rect.contains(x_px, y_px).then(|| Mark {
                plot,
                x_px,
                y_px,
                x: bin.radius,
                y: bin.value,
                label: bin.label(unit),
                frame: Some(frame),
            })
        })
        .collect()
}

/// Residuals beyond this are drawn at the edge: the strip is to show structure, not outliers' sizes.
const MOST_RESIDUAL: f64 = 6.0;

pub(super) fn residual_area(bins: &[Bin], main: &PlotArea, rect: Rect, frame: usize) -> PlotArea {
    let largest = bins
        .iter()
        .filter_map(Bin::residual)
        .fold(0.0_f64, |m, r| m.max(r.abs()))
        .clamp(3.2, MOST_RESIDUAL);
    PlotArea {
        id: PlotId::Residual(frame),
        rect,
        x: main.x,
        y: AxisMap::linear(-1.12 * largest, 1.12 * largest),
    }
}

pub(super) fn residual_ticks() -> Ticks {
    Ticks {
        major: [-2.0, 0.0, 2.0]
            .iter()
            .map(|&v| (v, format::fixed(v, 0)))
            .collect(),
        ..Ticks::default()
    }
}

pub(super) fn draw_residuals(
    scene: &mut Scene,
    area: &PlotArea,
    bins: &[Bin],
    theme: &Theme,
    color: Color,
) {
    let rect = area.rect;
    if let (Some(top), Some(bottom), Some(zero)) = (area.y_px(2.0), area.y_px(-2.0), area.y_px(0.0))
    {
        scene.fill(
            Rect {
                top,
                bottom,
                ..rect
            },
            theme.band,
        );
        scene.segment(
            (rect.left, zero),
            (rect.right, zero),
            Pen::new(theme.line_scale, theme.muted),
        );
    }
    let spacing = rect.width() / bins.len().max(1) as f64;
    let radius = (0.05 * rect.height())
        .clamp(0.9, 1.8)
        .min(0.45 * spacing.max(1.8))
        * theme.line_scale;
    for bin in bins {
        let Some(r) = bin.residual() else { continue };
        let shown = r.clamp(-area.y.hi, area.y.hi);
        let Some((x, y)) = area.to_px(bin.radius, shown) else {
            continue;
        };
        if x < rect.left || x > rect.right {
            continue;
        }
        let color = if r.abs() > 2.0 { theme.residual } else { color };
        if r == shown {
            scene.disk((x, y), radius, color);
        } else {
            // Off the strip: an arrow head at its edge.
            let tip = if r > 0.0 { -1.0 } else { 1.0 };
            let s = 1.6 * radius;
            scene.area(
                vec![
                    (x - s, y - tip * 2.0 * s),
                    (x + s, y - tip * 2.0 * s),
                    (x, y),
                ],
                color,
            );
        }
    }
}

/// Box and axes of a plot: labels left, below when there is a title for them.
pub(super) fn frame(
    scene: &mut Scene,
    theme: &Theme,
    area: &PlotArea,
    (x_ticks, x_title): (&Ticks, Option<&String>),
    (y_ticks, y_title): (&Ticks, &str),
) {
    let x = |v: f64| area.x_px(v);
    let y = |v: f64| area.y_px(v);
    let title = x_title.map_or("", String::as_str);
    let bottom = Axis {
        edge: Edge::Bottom,
        ticks: x_ticks,
        labels: x_title.is_some(),
        title,
    };
    draw_axis(scene, theme, &area.rect, &bottom, x);
    draw_axis(
        scene,
        theme,
        &area.rect,
        &Axis {
            edge: Edge::Top,
            ticks: x_ticks,
            labels: false,
            title: "",
        },
        x,
    );
    draw_axis(
        scene,
        theme,
        &area.rect,
        &Axis {
            edge: Edge::Left,
            ticks: y_ticks,
            labels: true,
            title: y_title,
        },
        y,
    );
    draw_axis(
        scene,
        theme,
        &area.rect,
        &Axis {
            edge: Edge::Right,
            ticks: y_ticks,
            labels: false,
            title: "",
        },
        y,
    );
}

fn title(
    scene: &mut Scene,
    theme: &Theme,
    (left, top): (f64, f64),
    profile: &FrameProfile,
    color: Color,
) {
    let y = 0.5 * top;
    let size = theme.font_px;
    scene.disk((left + 0.3 * size, y), 0.3 * size, color);
    let mut name = profile.name();
    if profile.excluded {
        name.push_str(" · excluded");
    }
    scene.text(
        (left + 0.95 * size, y),
        name,
        TextStyle::new(size, theme.text).bold(),
    );
}

/// A calm word in the middle of an empty plot.
pub(super) fn note(scene: &mut Scene, theme: &Theme, rect: &Rect, text: &str) {
    scene.text(
        (
            (rect.left + rect.right) / 2.0,
            (rect.top + rect.bottom) / 2.0,
        ),
        text,
        TextStyle::new(theme.font_px, theme.muted).anchored(Anchor::Middle),
    );
}
