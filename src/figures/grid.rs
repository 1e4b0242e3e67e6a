//! All frames' profiles side by side, with shared axes.

use super::axes::{Axis, Edge, Metrics, Ticks, chosen, draw_axis, extent, with_exponent};
use super::bins::{
    Bin, DataStyle, automatic_x, draw_data, draw_model, draw_residuals, marks, residual_area,
};
use super::layout::{AxisMap, Canvas, Layout, PlotArea, PlotId, Rect, View};
use super::profile::FrameProfile;
use super::scene::{Anchor, Pen, Scene, TextStyle, note, text_width};
use super::theme::{TemperatureRamp, Theme};
use super::{Figure, format};
use crate::language::{say, word};

/// What [`profile_grid`] draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct GridFigure<'a> {
    /// The frames, in the order of heating.
    pub frames: &'a [FrameProfile<'a>],
    /// Colors of the series' temperatures.
    pub ramp: TemperatureRamp,
    /// Frame to be highlighted.
    pub selected: Option<usize>,
}

/// Panels smaller than this (in font sizes) say nothing.
const LEAST_PANEL: (f64, f64) = (5.8, 4.8);

/// Columns and rows for `count` panels on a sheet: as many as are legible, in panels nearest to a shape of 4:3.
fn arrangement(count: usize, (width, height): (f64, f64), font: f64) -> (usize, usize) {
    let most_columns = ((width / (LEAST_PANEL.0 * font)) as usize).clamp(1, 64);
    let most_rows = ((height / (LEAST_PANEL.1 * font)) as usize).clamp(1, 64);
    let shown = count.clamp(1, most_columns * most_rows);
    let shape = |columns: usize| {
        let rows = shown.div_ceil(columns);
        let (w, h) = (width / columns as f64, height / rows as f64);
        let empty = (columns * rows - shown) as f64 / shown as f64;
        libm::log(w / h / (4.0 / 3.0)).abs() + 0.7 * empty
    };
    let columns = (1..=most_columns)
        .filter(|c| shown.div_ceil(*c) <= most_rows)
        .min_by(|a, b| shape(*a).total_cmp(&shape(*b)))
        .unwrap_or(most_columns);
    (columns, shown.div_ceil(columns))
}

/// Indices of at most `room` of `count` frames, evenly spaced, with the first, the last and the selected one.
fn thinned(count: usize, room: usize, selected: Option<usize>) -> Vec<usize> {
    if count <= room {
        return (0..count).collect();
    }
    if room < 2 {
        return vec![selected.unwrap_or(0)];
    }
    let mut chosen: Vec<usize> = (0..room).map(|i| i * (count - 1) / (room - 1)).collect();
    let last = room - 1;
    if let Some(s) = selected
        && !chosen.contains(&s)
        && let Some(nearest) = chosen
            .get_mut(1..last.max(2))
            .and_then(|inner| inner.iter_mut().min_by_key(|i| i.abs_diff(s)))
    {
        *nearest = s;
    }
    chosen
}

/// Small multiples of all frames with shared axes: data colored by temperature, the fit, a thin strip of residuals (±2 s.e. shaded).
///
/// As many panels as are legible; with more frames, evenly chosen ones and a note. Each panel is a [`PlotId::Profile`] of its frame.
pub fn profile_grid(canvas: Canvas, theme: &Theme, view: View, what: &GridFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let bins: Vec<Vec<Bin>> = what.frames.iter().map(|f| f.bins().collect()).collect();
    let x_axis = chosen(view.x, shared_x(&bins));
    let unit = what.frames.first().map_or("nm", |f| f.unit());

    let font = theme.font_px;
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let right = canvas.width_px - 0.6 * font;
    // Labels take their place whatever the number of panels: a guess at their width decides the arrangement.
    let guess = m
        .beside_vertical(
            &Ticks::of(&shared_y(&bins, 0.0), 8.0 * font, 3.0 * font),
            true,
        )
        .min(0.4 * canvas.width_px);
    let fit = |top: f64| arrangement(what.frames.len(), (right - guess, bottom - top), font);
    let mut top = 0.6 * font;
    let (mut columns, mut rows) = fit(top);
    let thinning = columns * rows < what.frames.len();
    if thinning {
        top = 1.9 * font;
        (columns, rows) = fit(top);
    }
    let selected = what
        .selected
        .and_then(|s| what.frames.iter().position(|f| f.frame == s));
    let shown = thinned(what.frames.len(), columns * rows, selected);
    rows = shown.len().div_ceil(columns).max(1);

    let gap = 0.45 * font;
    let row_height = (bottom - top + gap) / rows as f64;
    // The panel's name stands above the data.
    let headroom = (1.3 * font / (0.8 * row_height - gap)).clamp(0.0, 0.6);
    let y_axis = chosen(view.y, shared_y(&bins, headroom));
    let y_ticks = Ticks::of(&y_axis, 0.8 * row_height, 2.6 * m.tick);
    let left = m.beside_vertical(&y_ticks, true).min(0.4 * canvas.width_px);
    let column_width = (right - left + gap) / columns as f64;
    let x_ticks = Ticks::of(&x_axis, column_width - gap, 3.4 * m.tick);

    let mut layout = Layout::default();
    for (slot, &index) in shown.iter().enumerate() {
        let (Some(frame), Some(bins)) = (what.frames.get(index), bins.get(index)) else {
            continue;
        };
        let (column, row) = (slot % columns, slot / columns);
        let cell = Rect {
            left: left + column as f64 * column_width,
            top: top + row as f64 * row_height,
            right: left + (column + 1) as f64 * column_width - gap,
            bottom: top + (row + 1) as f64 * row_height - gap,
        };
        let panel = Panel {
            cell,
            x: (&x_ticks, x_axis, slot + columns >= shown.len()),
            y: (&y_ticks, y_axis, column == 0),
            selected: selected == Some(index),
        };
        draw_panel(&mut scene, &mut layout, theme, what, (frame, bins), &panel);
    }
    let sheet = Rect {
        left,
        top,
        right,
        bottom,
    };
    sheet_titles(&mut scene, theme, &sheet, (&x_ticks, &y_ticks), unit);
    let title = say!(
        "Radial profiles of {} frames" | "Radiale Profile von {} Bildern",
        what.frames.len()
    );
    if what.frames.is_empty() {
        note(
            &mut scene,
            theme,
            &sheet,
            word!("no profiles yet" | "noch keine Profile"),
        );
    } else if thinning {
        scene.text(
            (left, 0.95 * font),
            say!(
                "{} of {} frames shown" | "{} von {} Bildern gezeigt",
                shown.len(),
                what.frames.len()
            ),
            TextStyle::new(0.92 * font, theme.muted),
        );
    }
    let description = word!(
        "Azimuthal averages over radius with the fitted model and the residuals in standard errors, one panel per frame, colored by temperature."
            | "Azimutale Mittel über dem Radius mit angepasstem Modell und Residuen in Standardfehlern, eine Tafel je Bild, gefärbt nach Temperatur."
    );
    Figure {
        scene,
        layout,
        title,
        description: description.into(),
    }
}

fn shared_x(bins: &[Vec<Bin>]) -> AxisMap {
    let all: Vec<Bin> = bins.iter().flatten().copied().collect();
    automatic_x(&all)
}

/// `headroom` is kept free above the data (fraction of the axis).
fn shared_y(bins: &[Vec<Bin>], headroom: f64) -> AxisMap {
    let ends = bins
        .iter()
        .flatten()
        .flat_map(|b| [b.value, b.model.unwrap_or(b.value)]);
    match extent(ends, 0.07) {
        Some((lo, hi)) => AxisMap::linear(lo, hi + headroom / (1.0 - headroom) * (hi - lo)),
        None => AxisMap::linear(0.0, 1.0),
    }
}

/// Where a panel is, its shared ticks, whether they are labeled here.
struct Panel<'a> {
    cell: Rect,
    x: (&'a Ticks, AxisMap, bool),
    y: (&'a Ticks, AxisMap, bool),
    selected: bool,
}

fn draw_panel(
    scene: &mut Scene,
    layout: &mut Layout,
    theme: &Theme,
    what: &GridFigure,
    (profile, bins): (&FrameProfile, &[Bin]),
    panel: &Panel,
) {
    let m = Metrics::of(theme);
    let cell = panel.cell;
    let has_residuals = bins.iter().any(|b| b.residual().is_some());
    let strip = if has_residuals && cell.height() > 4.5 * theme.font_px {
        (0.17 * cell.height()).clamp(0.9 * theme.font_px, 3.0 * theme.font_px)
    } else {
        0.0
    };
    let split = cell.bottom - strip;
    let area = PlotArea {
        id: PlotId::Profile(profile.frame),
        rect: Rect {
            bottom: split,
            ..cell
        },
        x: panel.x.1,
        y: panel.y.1,
    };
    let plot = layout.plots.len();
    let color = what.ramp.color(theme, profile.temperature_k);
    let dim = if profile.excluded { 0.35 } else { 1.0 };
    if panel.selected {
        scene.fill(cell, theme.accent.with_alpha(0.07));
    }
    let style = DataStyle {
        color: color.with_alpha(dim),
        theme,
        bars: cell.width() > 14.0 * theme.font_px,
        radius: 2.1,
    };
    draw_data(scene, &area, bins, style);
    let pen = Pen::new(theme.line_scale, theme.fit.with_alpha(dim));
    draw_model(scene, &area, bins, pen);
    layout.plots.push(area);
    layout
        .marks
        .extend(marks(bins, &area, plot, profile.frame, profile.unit()));
    if strip > 0.0 {
        let residuals = residual_area(bins, &area, Rect { top: split, ..cell }, profile.frame);
        draw_residuals(scene, &residuals, bins, theme, color.with_alpha(dim));
        scene.segment(
            (cell.left, split),
            (cell.right, split),
            Pen::new(m.line, theme.axis),
        );
        layout.plots.push(residuals);
    }
    let (x_ticks, _, x_labels) = panel.x;
    let (y_ticks, _, y_labels) = panel.y;
    let x = |v: f64| area.x_px(v);
    let y = |v: f64| area.y_px(v);
    let axis = |edge, ticks, labels| Axis {
        edge,
        ticks,
        labels,
        title: "",
    };
    draw_axis(
        scene,
        theme,
        &cell,
        &axis(Edge::Bottom, x_ticks, x_labels),
        x,
    );
    draw_axis(scene, theme, &cell, &axis(Edge::Top, x_ticks, false), x);
    draw_axis(scene, theme, &cell, &axis(Edge::Left, y_ticks, y_labels), y);
    draw_axis(scene, theme, &cell, &axis(Edge::Right, y_ticks, false), y);
    if panel.selected {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = cell;
        let outline = vec![
            (left, top),
            (right, top),
            (right, bottom),
            (left, bottom),
            (left, top),
        ];
        scene.line(outline, Pen::new(2.0 * theme.line_scale, theme.accent));
    }
    let mut name = match profile.temperature_k.filter(|t| t.is_finite()) {
        Some(t) => format::temperature(t),
        None => say!("frame {}" | "Bild {}", profile.frame),
    };
    let size = 0.95 * theme.font_px;
    let long = say!("{name} excluded" | "{name} ausgelassen");
    // Bold letters are a tenth wider.
    if profile.excluded && 1.1 * text_width(&long, size) + theme.font_px < cell.width() {
        name = long;
    }
    scene.text(
        (
            cell.right - 0.6 * theme.font_px,
            cell.top + 1.05 * theme.font_px,
        ),
        name,
        TextStyle::new(size, theme.text)
            .bold()
            .anchored(Anchor::End),
    );
}

fn sheet_titles(
    scene: &mut Scene,
    theme: &Theme,
    sheet: &Rect,
    (x, y): (&Ticks, &Ticks),
    unit: &str,
) {
    let m = Metrics::of(theme);
    let style = TextStyle::new(m.title, theme.text).anchored(Anchor::Middle);
    scene.text(
        (
            (sheet.left + sheet.right) / 2.0,
            sheet.bottom + m.gap + 1.15 * m.tick + 0.65 * m.title,
        ),
        format!("r ({})", with_exponent(unit, x.exponent)),
        style,
    );
    scene.text(
        (
            (sheet.left - 1.6 * m.gap - y.width(m.tick) - 0.65 * m.title).max(0.6 * m.title),
            (sheet.top + sheet.bottom) / 2.0,
        ),
        say!(
            "intensity ({})" | "Intensität ({})",
            with_exponent(word!("counts" | "Impulse"), y.exponent)
        ),
        style.upwards(),
    );
}
