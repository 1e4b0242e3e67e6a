//! Mass balance: intensity and radius from frame to frame.

use super::axes::{Metrics, Ticks, chosen, draw_box, extent};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotId, View};
use super::legend::{Legend, Sample, Weight};
use super::scene::{Dash, Pen, Scene, note};
use super::theme::Theme;
use super::{Figure, format};
use crate::fit::{BalanceFrame, Estimate, MassBalance};
use crate::language::{say, word};

/// What [`mass_balance`] draws.
#[derive(Clone, Copy, Debug)]
pub struct BalanceFigure<'a> {
    /// Intensity and R_B by frame, with their drifts.
    pub balance: &'a MassBalance,
}

/// The two quantities side by side: how they are read, and how far they stand from the middle of a frame's place.
const QUANTITIES: [(&str, f64); 2] = [("intensity", -0.08), ("R_B", 0.08)];

/// Change of integrated intensity and R_B against the frame, in per cent of their means, with standard errors: matter that stays leaves
/// both where they were.
pub fn mass_balance(canvas: Canvas, theme: &Theme, view: View, what: &BalanceFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let series = QUANTITIES.map(|(name, _)| changes(what.balance, name));
    let all = || series.iter().flatten();
    let x = extent(all().map(|p| p.0 as f64), 0.0).unwrap_or((0.0, 1.0));
    // Zero and one per cent on either side belong to the picture.
    let ends = all().flat_map(|(_, e)| [e.value - e.standard_error, e.value + e.standard_error]);
    let (low, high) = extent(ends.chain([-1.0, 1.0]), 0.08).unwrap_or((-1.0, 1.0));
    let x_axis = chosen(view.x, AxisMap::linear(x.0 - 0.5, x.1 + 0.5));
    let y_axis = chosen(view.y, AxisMap::linear(low, high));
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let (area, y_ticks) = m.across(PlotId::Balance, (x_axis, y_axis), canvas, bottom);
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let zero = [area.x.lo, area.x.hi].map(|x| area.to_px(x, 0.0));
    let pen = Pen::new(theme.line_scale, theme.muted).dashed(Dash::Dotted);
    scene.clipped_line(zero, &area.rect, pen);
    let mut legend = Legend::default();
    for (index, ((name, shift), points)) in QUANTITIES.into_iter().zip(&series).enumerate() {
        if points.is_empty() {
            continue;
        }
        let pen = Pen::new(1.3 * theme.line_scale, theme.category(index));
        legend
            .entries
            .push((Sample::Line(pen, None), called(name).to_owned()));
        for (frame, change) in points {
            let (x, y) = (*frame as f64 + shift, change.value);
            let error = change.standard_error;
            let bar = [y - error, y + error].map(|y| area.to_px(x, y));
            scene.clipped_line(bar, &area.rect, pen);
            let Some((x_px, y_px)) = area.to_px(x, y).filter(|p| area.rect.contains(p.0, p.1))
            else {
                continue;
            };
            scene.disk((x_px, y_px), 2.8 * theme.line_scale, pen.color);
            legend.avoid([(x_px, y_px)], Weight::Curve);
            layout.marks.push(Mark {
                plot: 0,
                x_px,
                y_px,
                x,
                y,
                label: say!(
                    "frame {frame} · {} {}" | "Bild {frame} · {} {}",
                    called(name),
                    format::with_error(change.value, error, "%")
                ),
                frame: Some(*frame),
            });
        }
    }
    let x_ticks = Ticks::of(&area.x, area.rect.width(), 4.0 * m.tick);
    draw_box(
        &mut scene,
        theme,
        &area,
        [
            (&x_ticks, word!("frame" | "Bild")),
            (&y_ticks, word!("change (%)" | "Änderung (%)")),
        ],
    );
    if legend.entries.is_empty() {
        note(
            &mut scene,
            theme,
            &area.rect,
            word!("no frame is measured" | "kein Bild ist gemessen"),
        );
    } else {
        legend.draw(&mut scene, theme, &area.rect);
    }
    Figure {
        scene,
        layout,
        title: word!(
            "Intensity and radius from frame to frame" | "Intensität und Radius von Bild zu Bild"
        )
        .into(),
        description: describe(what.balance),
    }
}

/// (frame, change in per cent of the mean) of one quantity.
fn changes(balance: &MassBalance, name: &str) -> Vec<(usize, Estimate)> {
    let of = |f: &BalanceFrame| match name {
        "intensity" => Some(f.intensity),
        _ => f.radius_b_nm,
    };
    let values: Vec<(usize, Estimate)> = balance
        .frames
        .iter()
        .filter_map(|f| Some((f.frame, of(f)?)))
        .filter(|(_, e)| e.value.is_finite() && e.standard_error.is_finite())
        .collect();
    let mean = values.iter().map(|(_, e)| e.value).sum::<f64>() / values.len().max(1) as f64;
    if mean.is_nan() || mean <= 0.0 {
        return Vec::new();
    }
    let relative = |(frame, e): (usize, Estimate)| {
        let change = Estimate {
            value: 100.0 * (e.value / mean - 1.0),
            standard_error: 100.0 * e.standard_error / mean,
            fixed: e.fixed,
        };
        (frame, change)
    };
    values.into_iter().map(relative).collect()
}

/// A quantity in words.
fn called(quantity: &str) -> &str {
    match quantity {
        "intensity" => word!("intensity" | "Intensität"),
        other => other,
    }
}

fn describe(balance: &MassBalance) -> String {
    let drift = |name: &str, drift: Option<Estimate>| {
        drift.map(|d| {
            let percent = format::with_error(100.0 * d.value, 100.0 * d.standard_error, "%");
            let name = called(name);
            say!(
                "{name} changes by {percent} over the series"
                    | "{name} ändert sich über die Serie um {percent}"
            )
        })
    };
    let parts = [
        drift("intensity", balance.intensity_drift),
        drift("R_B", balance.radius_drift),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() {
        word!("Too few frames for a drift." | "Zu wenige Bilder für eine Drift.").into()
    } else {
        format!("{}.", parts.join("; "))
    }
}
