//! One frame's radial profile, enlarged: data, model, radii, residuals.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis, with_exponent};
use super::bins::{
    Bin, DataStyle, automatic_x, automatic_y, draw_data, draw_model, draw_residuals, marks,
    residual_area, residual_ticks, residual_title,
};
use super::layout::{Canvas, Handle, HandleId, Layout, PlotArea, PlotId, Rect, View};
use super::scene::{Dash, Pen, Scene, TextStyle, note};
use super::theme::{Color, TemperatureRamp, Theme};
use super::{Figure, format};
use crate::language::{say, word};
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
            Some(t) => say!(
                "{} · frame {}" | "{} · Bild {}",
                format::temperature(t),
                self.frame
            ),
            None => say!("frame {}" | "Bild {}", self.frame),
        }
    }

    pub(super) fn unit(&self) -> &'static str {
        match self.data.unit {
            LengthUnit::Pixel => "px",
            LengthUnit::Nanometer => "nm",
        }
    }
}

/// What [`profile()`] draws.
#[derive(Clone, Copy, Debug)]
pub struct ProfileFigure<'a> {
    /// The frame.
    pub profile: FrameProfile<'a>,
    /// What the profile is of, where that is no frame of a series.
    pub name: Option<&'a str>,
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
    let headroom = if what.radius_a.or(what.radius_b).is_some() {
        0.1
    } else {
        0.0
    };
    let y_axis = chosen(view.y, automatic_y(&bins, headroom));
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
    add_handles(&mut layout, &main, what);
    draw_handles(
        &mut scene,
        &layout,
        &main,
        theme,
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
    draw_model(
        &mut scene,
        &main,
        &bins,
        Pen::new(1.5 * theme.line_scale, theme.fit),
    );
    name_handles(&mut scene, &layout, &main, theme);
    let unit = what.profile.unit();
    layout.marks = marks(&bins, &main, 0, what.profile.frame, unit);
    let name = match what.name {
        Some(name) => {
            // A click on a point leads to no frame.
            layout.marks.iter_mut().for_each(|m| m.frame = None);
            name.to_owned()
        }
        None => what.profile.name(),
    };

    let intensity = say!(
        "intensity ({})" | "Intensität ({})",
        with_exponent(word!("counts" | "Impulse"), y_ticks.exponent)
    );
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
        let ticks = residual_ticks(&area.y);
        frame(
            &mut scene,
            theme,
            &area,
            (&x_ticks, Some(&radius_title)),
            (&ticks, residual_title()),
        );
        layout.plots.push(area);
    }
    let shown = match what.profile.excluded {
        true => say!("{name} · excluded" | "{name} · ausgelassen"),
        false => name.clone(),
    };
    title(&mut scene, theme, (left, top), shown, color);
    if bins.is_empty() {
        note(
            &mut scene,
            theme,
            &main.rect,
            word!("no profile yet" | "noch kein Profil"),
        );
    }
    Figure {
        scene,
        layout,
        title: say!("Radial profile, {name}" | "Radiales Profil, {name}"),
        description: describe(what, bins.len()),
    }
}

fn describe(what: &ProfileFigure, bins: usize) -> String {
    let mut text = say!(
        "Azimuthal average of intensity over radius, {bins} bins"
            | "Azimutales Mittel der Intensität über dem Radius, {bins} Klassen"
    );
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

fn draw_dots(scene: &mut Scene, area: &PlotArea, theme: &Theme, pixels: &[(f64, f64)]) {
    let stride = pixels.len().div_ceil(MOST_DOTS).max(1);
    let color = theme.muted.with_alpha(0.22);
    for &(r, v) in pixels.iter().step_by(stride) {
        if let Some((x, y)) = area.to_px(r, v).filter(|&(x, y)| area.rect.contains(x, y)) {
            scene.disk((x, y), 0.8 * theme.line_scale, color);
        }
    }
}

fn add_handles(layout: &mut Layout, area: &PlotArea, what: &ProfileFigure) {
    for (id, radius) in [
        (HandleId::RadiusA, what.radius_a),
        (HandleId::RadiusB, what.radius_b),
    ] {
        let place = radius.and_then(|x| Some((x, area.x_px(x)?)));
        if let Some((x, x_px)) = place
            && x_px >= area.rect.left
            && x_px <= area.rect.right
        {
            layout.handles.push(Handle {
                id,
                plot: 0,
                x_px,
                x,
                name: "",
            });
        }
    }
}

fn draw_handles(scene: &mut Scene, layout: &Layout, area: &PlotArea, theme: &Theme, bottom: f64) {
    for handle in &layout.handles {
        let pen = Pen::new(1.2 * theme.line_scale, theme.accent).dashed(Dash::Dashed);
        scene.segment((handle.x_px, area.rect.top), (handle.x_px, bottom), pen);
    }
}

/// `R_A` and `R_B` beside their lines, above the data.
fn name_handles(scene: &mut Scene, layout: &Layout, area: &PlotArea, theme: &Theme) {
    let size = theme.font_px;
    for handle in &layout.handles {
        let letter = match handle.id {
            HandleId::RadiusA => "A",
            HandleId::RadiusB => "B",
            HandleId::Clock | HandleId::Window(..) => continue,
        };
        let right = handle.x_px + 2.0 * size < area.rect.right;
        let start = handle.x_px + if right { 0.35 * size } else { -1.7 * size };
        let y = area.rect.top + 0.95 * size;
        let halo = Rect {
            left: start - 0.1 * size,
            top: y - 0.6 * size,
            right: start + 1.35 * size,
            bottom: y + 0.75 * size,
        };
        scene.fill(halo, theme.background.with_alpha(0.75));
        // The subscript hangs on the estimated width of one letter.
        let style = TextStyle::new(size, theme.accent);
        scene.text((start, y), "R", style);
        let small = TextStyle {
            size: 0.72 * size,
            ..style
        };
        scene.text((start + 0.76 * size, y + 0.28 * size), letter, small);
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

fn title(scene: &mut Scene, theme: &Theme, (left, top): (f64, f64), name: String, color: Color) {
    let y = 0.5 * top;
    let size = theme.font_px;
    scene.disk((left + 0.3 * size, y), 0.3 * size, color);
    scene.text(
        (left + 0.95 * size, y),
        name,
        TextStyle::new(size, theme.text).bold(),
    );
}
