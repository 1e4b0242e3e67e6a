//! The bins of a profile as points, curves and residuals: what the enlarged profile and the grid share.

use super::axes::{Ticks, extent};
use super::format;
use super::layout::{AxisMap, Mark, PlotArea, PlotId, Rect};
use super::profile::FrameProfile;
use super::scene::{Pen, Scene};
use super::theme::{Color, Theme};
use crate::language::{say, word};

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
            format::with_error(self.value, self.error, word!("counts" | "Impulse"))
        );
        if let Some(r) = self.residual() {
            let sign = if r > 0.0 { "+" } else { "" };
            label.push_str(&say!(
                " · residual {sign}{} s.e." | " · Residuum {sign}{} Standardfehler",
                format::fixed(r, 1)
            ));
        }
        label
    }
}

impl FrameProfile<'_> {
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
}

pub(super) fn automatic_x(bins: &[Bin]) -> AxisMap {
    match extent(bins.iter().map(|b| b.radius), 0.03) {
        Some((lo, hi)) => AxisMap::linear(lo.min(0.0), hi),
        None => AxisMap::linear(0.0, 1.0),
    }
}

/// `headroom` is kept free above the data (fraction of the span).
pub(super) fn automatic_y(bins: &[Bin], headroom: f64) -> AxisMap {
    let ends = bins.iter().flat_map(|b| {
        [
            b.value - b.error,
            b.value + b.error,
            b.model.unwrap_or(b.value),
        ]
    });
    match extent(ends, 0.06) {
        Some((lo, hi)) => AxisMap::linear(lo, hi + headroom * (hi - lo)),
        None => AxisMap::linear(0.0, 1.0),
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
    let radius = style.radius.min(0.9 * spacing).max(1.0) * scale;
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

pub(super) fn draw_model(scene: &mut Scene, area: &PlotArea, bins: &[Bin], pen: Pen) {
    scene.clipped_line(
        bins.iter().map(|b| area.to_px(b.radius, b.model?)),
        &area.rect,
        pen,
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

/// Zero between two whole numbers that are far enough apart to be labeled however large the residuals are; the ends of the band.
pub(super) fn residual_ticks(axis: &AxisMap) -> Ticks {
    let end = libm::floor(axis.hi);
    Ticks {
        major: [-end, 0.0, end]
            .iter()
            .map(|&v| (v, format::fixed(v, 0)))
            .collect(),
        minor: vec![-2.0, 2.0],
        exponent: 0,
    }
}

/// Title of their axis: the standard error is their unit.
pub(super) fn residual_title() -> &'static str {
    word!("Δ (s.e.)" | "Δ (SE)")
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
