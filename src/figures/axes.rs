//! Ticks and axes: inward, with minor ticks, exponents as superscripts, and room for a second scale.

use super::format;
use super::layout::{AxisMap, Canvas, PlotArea, PlotId, Rect};
use super::scene::{Anchor, Pen, Scene, TextStyle, text_width};
use super::theme::Theme;

/// Where the ticks of an axis are and what they say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Ticks {
    /// Labeled ticks.
    pub major: Vec<(f64, String)>,
    /// The others.
    pub minor: Vec<f64>,
    /// Power of ten taken out of the labels, to be shown with the unit.
    pub exponent: i32,
}

/// More ticks than this on one axis are never wanted.
const MOST_TICKS: i64 = 200;

impl Ticks {
    /// Ticks of an axis that is `length_px` long, labels at least about `spacing_px` apart.
    pub fn of(axis: &AxisMap, length_px: f64, spacing_px: f64) -> Ticks {
        let count = (length_px / spacing_px.max(1.0)).clamp(1.0, 20.0);
        if axis.log {
            log_ticks(axis, count)
        } else {
            linear_ticks(axis, count, true)
        }
    }

    /// Width of the widest label.
    pub fn width(&self, size: f64) -> f64 {
        self.major
            .iter()
            .map(|(_, label)| text_width(label, size))
            .fold(0.0, f64::max)
    }
}

/// `(10³ counts)`: the unit with the power of ten the tick labels leave out.
pub(super) fn with_exponent(unit: &str, exponent: i32) -> String {
    if exponent == 0 {
        unit.into()
    } else {
        format!("10{} {unit}", format::superscript(exponent))
    }
}

/// The integer multiples of `step` within the axis; none when they are too many to be meant.
fn multiples(axis: &AxisMap, step: f64) -> Vec<i64> {
    // A hair of tolerance keeps the tick that lies on the end of the axis.
    let first = f64::ceil(axis.lo / step - 1e-9);
    let last = f64::floor(axis.hi / step + 1e-9);
    if !(first.abs() < 1e15 && last.abs() < 1e15) || last - first > MOST_TICKS as f64 {
        return Vec::new();
    }
    (first as i64..=last as i64).collect()
}

fn linear_ticks(axis: &AxisMap, count: f64, take_out_exponent: bool) -> Ticks {
    let raw = (axis.hi - axis.lo) / count;
    let mut decade = f64::floor(libm::log10(raw)) as i32;
    let unit = libm::exp10(f64::from(decade));
    let (mut mantissa, parts) = [(1, 5), (2, 4), (5, 5), (10, 5)]
        .into_iter()
        .find(|(m, _)| f64::from(*m) * unit >= raw * 0.999)
        .unwrap_or((10, 5));
    if mantissa == 10 {
        mantissa = 1;
        decade += 1;
    }
    let step = f64::from(mantissa) * libm::exp10(f64::from(decade));
    let largest = axis.lo.abs().max(axis.hi.abs());
    let exponent = if take_out_exponent && !(1e-2..1e4).contains(&largest) && largest > 0.0 {
        (f64::floor(libm::log10(largest)) as i32).div_euclid(3) * 3
    } else {
        0
    };
    let decimals = usize::try_from(exponent - decade).unwrap_or(0);
    let power = libm::exp10(f64::from(exponent));
    let value = |k: i64, step: f64| k as f64 * step;
    let major = multiples(axis, step)
        .into_iter()
        .map(|k| {
            let v = value(k, step);
            (v, format::fixed(v / power, decimals))
        })
        .collect();
    let minor_step = step / f64::from(parts);
    let minor = multiples(axis, minor_step)
        .into_iter()
        .filter(|k| k % i64::from(parts) != 0)
        .map(|k| value(k, minor_step))
        .collect();
    Ticks {
        major,
        minor,
        exponent,
    }
}

fn power_label(mantissa: i64, exponent: i64) -> String {
    let exponent = i32::try_from(exponent).unwrap_or(0);
    match (mantissa, exponent) {
        (1, 0) => "1".into(),
        (m, 0) => m.to_string(),
        (1, 1) => "10".into(),
        (1, e) => format!("10{}", format::superscript(e)),
        (m, e) => format!("{m}×10{}", format::superscript(e)),
    }
}

fn log_ticks(axis: &AxisMap, count: f64) -> Ticks {
    let (a, b) = (libm::log10(axis.lo), libm::log10(axis.hi));
    let (first, last) = (f64::floor(a) as i64, f64::ceil(b) as i64);
    let inside = |v: f64| v >= axis.lo * (1.0 - 1e-9) && v <= axis.hi * (1.0 + 1e-9);
    let at = |m: i64, e: i64| m as f64 * libm::exp10(e as f64);
    let step = [1, 2, 3, 5, 10, 20, 50, 100]
        .into_iter()
        .find(|&step| step as f64 >= (b - a) / count)
        .unwrap_or(200_i64);
    let decades: Vec<i64> = (first..=last).filter(|&e| inside(at(1, e))).collect();
    if decades.len() >= 2 {
        let major = decades
            .iter()
            .filter(|&&e| e.rem_euclid(step) == 0)
            .map(|&e| (at(1, e), power_label(1, e)))
            .collect();
        let minor = if step == 1 && b - a < 12.0 {
            (first..=last)
                .flat_map(|e| (2..10).map(move |m| at(m, e)))
                .filter(|&v| inside(v))
                .collect()
        } else {
            decades
                .into_iter()
                .filter(|e| e.rem_euclid(step) != 0)
                .map(|e| at(1, e))
                .collect()
        };
        return Ticks {
            major,
            minor,
            exponent: 0,
        };
    }
    for labeled in [[1, 2, 5].as_slice(), [1, 2, 3, 4, 5, 6, 7, 8, 9].as_slice()] {
        let major: Vec<(f64, String)> = (first..=last)
            .flat_map(|e| labeled.iter().map(move |&m| (at(m, e), power_label(m, e))))
            .filter(|(v, _)| inside(*v))
            .collect();
        if major.len() >= 2 {
            let minor = (first..=last)
                .flat_map(|e| {
                    (2..10)
                        .filter(|m| !labeled.contains(m))
                        .map(move |m| at(m, e))
                })
                .filter(|&v| inside(v))
                .collect();
            return Ticks {
                major,
                minor,
                exponent: 0,
            };
        }
    }
    // Within a fraction of a decade the axis is nearly linear.
    let mut ticks = linear_ticks(axis, count, false);
    let digits = (2.0 - libm::log10((b - a).max(1e-12))).clamp(2.0, 12.0) as usize;
    for (value, label) in &mut ticks.major {
        *label = format::scientific(*value, digits).replace(" × ", "×");
    }
    ticks
}

/// Side of the plot on which an axis stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Edge {
    Bottom,
    Left,
    Top,
    Right,
}

/// One axis to be drawn.
pub(super) struct Axis<'a> {
    pub edge: Edge,
    pub ticks: &'a Ticks,
    /// Whether the ticks get their labels.
    pub labels: bool,
    /// Title, with quantity and unit; empty for none.
    pub title: &'a str,
}

/// Sizes that follow from the theme, in one place so that margins and drawing agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Metrics {
    /// Size of tick labels.
    pub tick: f64,
    /// Size of axis titles.
    pub title: f64,
    /// Distance from axis to label and from label to title.
    pub gap: f64,
    /// Length of a labeled tick.
    pub length: f64,
    /// Width of lines of the axes.
    pub line: f64,
}

impl Metrics {
    pub fn of(theme: &Theme) -> Metrics {
        Metrics {
            tick: theme.font_px * 0.92,
            title: theme.font_px,
            gap: theme.font_px * 0.4,
            length: 5.0 * theme.line_scale,
            line: theme.line_scale,
        }
    }

    /// Room a horizontal axis needs beside the plot.
    pub fn beside_horizontal(&self, titled: bool) -> f64 {
        let title = if titled { 1.25 * self.title } else { 0.0 };
        self.gap + 1.15 * self.tick + title + 0.3 * self.gap
    }

    /// Where the title of the upper axis ends: it stands before the labels of its ticks, in the margin of the vertical axis, and takes no row.
    fn beside_ticks(&self, rect: &Rect, title: &str) -> f64 {
        // Room for half of a label at the plot's own corner.
        (rect.left - 1.3 * self.tick).max(text_width(title, self.title))
    }

    /// Room a vertical axis needs beside the plot.
    pub fn beside_vertical(&self, ticks: &Ticks, titled: bool) -> f64 {
        let title = if titled {
            1.35 * self.title + 0.6 * self.gap
        } else {
            0.0
        };
        self.gap + ticks.width(self.tick) + title + 0.3 * self.gap
    }

    /// Upper edge (px) of the first plot of a figure.
    pub fn top(&self) -> f64 {
        0.9 * self.title
    }

    /// The plot that has the width of a figure to itself, down to `bottom` (px), and the ticks of its vertical axis.
    pub fn across(
        &self,
        id: PlotId,
        (x, y): (AxisMap, AxisMap),
        canvas: Canvas,
        bottom: f64,
    ) -> (PlotArea, Ticks) {
        let top = self.top();
        let y_ticks = Ticks::of(&y, bottom - top, 2.6 * self.tick);
        let rect = Rect {
            left: self
                .beside_vertical(&y_ticks, true)
                .min(0.4 * canvas.width_px),
            top,
            right: canvas.width_px - 0.9 * self.title,
            bottom,
        };
        (PlotArea { id, rect, x, y }, y_ticks)
    }
}

/// All four sides of a plot: ticks of x and of y with their titles; an axis without a title has no labels either.
pub(super) fn draw_box(
    scene: &mut Scene,
    theme: &Theme,
    area: &PlotArea,
    [(x_ticks, x_title), (y_ticks, y_title)]: [(&Ticks, &str); 2],
) {
    for (edge, ticks, title) in [
        (Edge::Bottom, x_ticks, x_title),
        (Edge::Top, x_ticks, ""),
        (Edge::Left, y_ticks, y_title),
        (Edge::Right, y_ticks, ""),
    ] {
        let axis = Axis {
            edge,
            ticks,
            labels: !title.is_empty(),
            title,
        };
        draw_axis(scene, theme, &area.rect, &axis, |v| match edge {
            Edge::Left | Edge::Right => area.y_px(v),
            Edge::Bottom | Edge::Top => area.x_px(v),
        });
    }
}

/// Draws one axis of the plot in `rect`; `position` gives the place of a value along it (CSS pixels).
pub(super) fn draw_axis(
    scene: &mut Scene,
    theme: &Theme,
    rect: &Rect,
    axis: &Axis,
    position: impl Fn(f64) -> Option<f64>,
) {
    let m = Metrics::of(theme);
    let pen = Pen::new(m.line, theme.axis);
    let horizontal = matches!(axis.edge, Edge::Bottom | Edge::Top);
    let (lo, hi) = if horizontal {
        (rect.left, rect.right)
    } else {
        (rect.top, rect.bottom)
    };
    // Inward is against the edge's outward direction.
    let (edge, inward) = match axis.edge {
        Edge::Bottom => (rect.bottom, -1.0),
        Edge::Top => (rect.top, 1.0),
        Edge::Left => (rect.left, 1.0),
        Edge::Right => (rect.right, -1.0),
    };
    let place = |v: f64| position(v).filter(|p| *p >= lo - 0.5 && *p <= hi + 0.5);
    let mut tick = |at: f64, length: f64| {
        let tip = edge + inward * length;
        if horizontal {
            scene.segment((at, edge), (at, tip), pen);
        } else {
            scene.segment((edge, at), (tip, at), pen);
        }
    };
    for value in &axis.ticks.minor {
        if let Some(at) = place(*value) {
            tick(at, 0.55 * m.length);
        }
    }
    for (value, _) in &axis.ticks.major {
        if let Some(at) = place(*value) {
            tick(at, m.length);
        }
    }
    if horizontal {
        scene.segment((rect.left, edge), (rect.right, edge), pen);
    } else {
        scene.segment((edge, rect.top), (edge, rect.bottom), pen);
    }
    if axis.labels {
        draw_labels(scene, theme, axis, place, (rect, edge, inward));
    }
    if axis.title.is_empty() {
        return;
    }
    let style = TextStyle::new(m.title, theme.text).anchored(Anchor::Middle);
    match axis.edge {
        Edge::Top => {
            let at = (
                m.beside_ticks(rect, axis.title),
                edge - m.gap - 0.5 * m.tick,
            );
            scene.text(at, axis.title, style.anchored(Anchor::End));
        }
        Edge::Bottom => {
            let labels = if axis.labels {
                m.gap + 1.15 * m.tick
            } else {
                0.0
            };
            let y = edge + labels + 0.65 * m.title;
            scene.text(((rect.left + rect.right) / 2.0, y), axis.title, style);
        }
        Edge::Left | Edge::Right => {
            let labels = if axis.labels {
                m.gap + axis.ticks.width(m.tick)
            } else {
                0.0
            };
            let x = edge - inward * (labels + 0.6 * m.gap + 0.65 * m.title);
            scene.text(
                (x, (rect.top + rect.bottom) / 2.0),
                axis.title,
                style.upwards(),
            );
        }
    }
}

fn draw_labels(
    scene: &mut Scene,
    theme: &Theme,
    axis: &Axis,
    place: impl Fn(f64) -> Option<f64>,
    (rect, edge, inward): (&Rect, f64, f64),
) {
    let m = Metrics::of(theme);
    let style = TextStyle::new(m.tick, theme.text);
    // End of the last label drawn, in the direction in which labels could collide.
    let mut taken: Vec<(f64, f64)> = Vec::new();
    if axis.edge == Edge::Top && !axis.title.is_empty() {
        taken.push((0.0, m.beside_ticks(rect, axis.title)));
    }
    for (value, label) in &axis.ticks.major {
        let Some(at) = place(*value) else { continue };
        let half = match axis.edge {
            Edge::Bottom | Edge::Top => text_width(label, m.tick) / 2.0 + 0.2 * m.tick,
            Edge::Left | Edge::Right => 0.55 * m.tick,
        };
        if taken.iter().any(|(a, b)| at - half < *b && at + half > *a) {
            continue;
        }
        taken.push((at - half, at + half));
        let off = edge - inward * m.gap;
        match axis.edge {
            Edge::Bottom | Edge::Top => scene.text(
                (at, off - inward * 0.5 * m.tick),
                label.clone(),
                style.anchored(Anchor::Middle),
            ),
            Edge::Left => scene.text((off, at), label.clone(), style.anchored(Anchor::End)),
            Edge::Right => scene.text((off, at), label.clone(), style),
        }
    }
}

/// The ends of the data with `margin` (fraction of the span) on both sides; `None` without any.
pub(super) fn extent(values: impl IntoIterator<Item = f64>, margin: f64) -> Option<(f64, f64)> {
    let (lo, hi) = values
        .into_iter()
        .filter(|v| v.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| {
            (lo.min(v), hi.max(v))
        });
    (lo <= hi).then(|| {
        // Halved first: the span of huge values must not overflow.
        let pad = (hi / 2.0 - lo / 2.0) * 2.0_f64.min(2.0 * margin);
        (lo - pad, hi + pad)
    })
}

/// The axis of a view, or the automatic one.
pub(super) fn chosen(view: Option<(f64, f64)>, automatic: AxisMap) -> AxisMap {
    match view {
        Some((lo, hi))
            if lo.is_finite() && hi.is_finite() && lo < hi && (!automatic.log || lo > 0.0) =>
        {
            AxisMap {
                lo,
                hi,
                log: automatic.log,
            }
            .mended()
        }
        _ => automatic,
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{AxisMap, Ticks};

    fn labels(axis: &AxisMap) -> Vec<String> {
        Ticks::of(axis, 300.0, 60.0)
            .major
            .into_iter()
            .map(|(_, label)| label)
            .collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            labels(&AxisMap::linear(-0.1, 2.43)),
            ["0", "1", "2"].map(String::from)
        );
        assert_eq!(
            labels(&AxisMap::linear(0.0, 1.0)),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"].map(String::from)
        );
    }

    #[test]
    fn large_numbers_leave_their_power_to_the_title() {
        let ticks = Ticks::of(&AxisMap::linear(0.0, 4.2e6), 300.0, 60.0);
        assert_eq!(ticks.exponent, 6);
        assert_eq!(ticks.major.last().map(|t| t.1.as_str()), Some("4"));
    }

    #[test]
    fn logarithmic_ticks_name_decades_or_less() {
        assert_eq!(
            labels(&AxisMap::log(1e-22, 1e-19)),
            ["10⁻²²", "10⁻²¹", "10⁻²⁰", "10⁻¹⁹"].map(String::from)
        );
        assert_eq!(
            labels(&AxisMap::log(1.5e-21, 6e-21)),
            ["2×10⁻²¹", "5×10⁻²¹"].map(String::from)
        );
        assert_eq!(
            labels(&AxisMap::log(1e-60, 1e20)),
            ["10⁻⁶⁰", "10⁻⁴⁰", "10⁻²⁰", "1", "10²⁰"].map(String::from)
        );
    }

    #[test]
    fn any_axis_has_finite_ticks() {
        for (lo, hi) in [
            (0.0, 0.0),
            (1.0, 1.0),
            (-1e300, 1e300),
            (1e-300, 2e-300),
            (5.0, 5.0 + 1e-14),
            (f64::NAN, 1.0),
            (3.0, -3.0),
            (f64::NEG_INFINITY, f64::INFINITY),
        ] {
            for axis in [AxisMap::linear(lo, hi), AxisMap::log(lo, hi)] {
                assert!(axis.lo < axis.hi, "{lo} {hi} {axis:?}");
                let ticks = Ticks::of(&axis, 300.0, 60.0);
                assert!(ticks.major.len() <= 25 && ticks.minor.len() <= 200);
                assert!(ticks.major.iter().all(|(v, _)| v.is_finite()));
            }
        }
    }
}
