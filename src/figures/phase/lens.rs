//! The lens between solidus and liquidus, enlarged where it is too narrow to be seen.

use super::{PhaseFigure, frame};
use crate::figures::axes::{Metrics, Ticks, extent};
use crate::figures::layout::{AxisMap, PlotArea, PlotId, Rect};
use crate::figures::scene::{Anchor, Pen, Scene, TextStyle, text_width};
use crate::figures::theme::Theme;
use crate::language::word;

/// Curves as distances (K) from the straight line between the melting points: (radius, x, solidus, liquidus).
pub(super) type Magnified = Vec<(f64, Vec<(f64, f64, f64)>)>;

/// Bulk and particle, where the lens is too narrow to be seen otherwise and there is no eutectic.
pub(super) fn magnified(what: &PhaseFigure) -> Option<Magnified> {
    const NARROW_K: f64 = 30.0;
    let curves: Magnified = what
        .diagrams
        .iter()
        .filter(|d| !d.radius_nm.is_finite())
        .chain(what.particle)
        .filter(|d| d.eutectic.is_none())
        .filter_map(|d| {
            let (a, b) = d.boundaries.first().zip(d.boundaries.last())?;
            let chord =
                |x: f64| a.solidus_k + (b.solidus_k - a.solidus_k) * (x - a.x) / (b.x - a.x);
            let points = d.boundaries.iter().map(|p| {
                let straight = chord(p.x);
                (p.x, p.solidus_k - straight, p.liquidus_k - straight)
            });
            Some((d.radius_nm, points.collect()))
        })
        .collect();
    let widest = curves
        .iter()
        .flat_map(|(_, points)| points)
        .map(|(_, s, l)| l - s)
        .fold(0.0, f64::max);
    (!curves.is_empty() && widest < NARROW_K).then_some(curves)
}

pub(super) fn draw_magnified(
    scene: &mut Scene,
    theme: &Theme,
    (rect, x): (Rect, AxisMap),
    curves: &Magnified,
    what: &PhaseFigure,
) -> PlotArea {
    let m = Metrics::of(theme);
    let values = curves
        .iter()
        .flat_map(|(_, c)| c)
        .flat_map(|(_, s, l)| [*s, *l]);
    let (lo, hi) = extent(values, 0.08).unwrap_or((0.0, 1.0));
    let area = PlotArea {
        id: PlotId::Lens,
        rect,
        x,
        // Room for the words below.
        y: AxisMap::linear(lo - 0.25 * (hi - lo), hi),
    };
    let zero = [x.lo, x.hi].map(|x| area.to_px(x, 0.0));
    scene.clipped_line(zero, &rect, Pen::new(theme.line_scale, theme.grid));
    for (radius_nm, points) in curves {
        let color = if radius_nm.is_finite() {
            theme.accent
        } else {
            theme.fit
        };
        let solidus = points.iter().map(|(x, s, _)| area.to_px(*x, *s));
        let liquidus = points.iter().map(|(x, _, l)| area.to_px(*x, *l));
        let outline = solidus.clone().chain(liquidus.clone().rev()).flatten();
        scene.clipped_area(outline.collect(), &rect, color.with_alpha(0.25));
        let pen = Pen::new(theme.line_scale, color);
        scene.clipped_line(solidus, &rect, pen);
        scene.clipped_line(liquidus, &rect, pen);
    }
    let y_ticks = Ticks::of(&area.y, rect.height(), 2.2 * m.tick);
    frame(scene, theme, &area, (&y_ticks, "ΔT (K)"), (what, true));
    let words = word!(
        "distance from the straight line between the melting points"
            | "Abstand von der Geraden zwischen den Schmelzpunkten"
    );
    if text_width(words, m.tick) < rect.width() - 2.0 * m.gap {
        let at = ((rect.left + rect.right) / 2.0, rect.bottom - 1.0 * m.tick);
        let style = TextStyle::new(m.tick, theme.muted).anchored(Anchor::Middle);
        scene.text(at, words, style);
    }
    area
}
