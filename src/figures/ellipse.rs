//! (ln D, E) with its ellipses, at the temperature where both are independent.

use super::axes::{Metrics, Ticks, chosen, draw_box, extent};
use super::layout::{AxisMap, Canvas, Layout, Mark, PlotId, View};
use super::legend::{Legend, Sample, Weight};
use super::scene::{Dash, Pen, Scene};
use super::theme::Theme;
use super::{Figure, format};
use crate::kinetics::{Ellipse, Reference};
use crate::language::{say, word};
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// What [`ellipse`] draws.
#[derive(Clone, Copy, Debug)]
pub struct EllipseFigure<'a> {
    /// With the errors that the interval states.
    pub stated: &'a Ellipse,
    /// With all of the budget; may be missing.
    pub all: Option<&'a Ellipse>,
    /// What is known.
    pub references: &'a [Reference],
}

/// The ellipses that hold 68 and 95 % of (log₁₀ D at the reference temperature, E).
pub fn ellipse(canvas: Canvas, theme: &Theme, view: View, what: &EllipseFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let m = Metrics::of(theme);
    let place = |(ln_d, e): (f64, f64)| {
        (
            (ln_d + libm::log(SQUARE_METER_PER_SQUARE_NM)) / core::f64::consts::LN_10,
            1e-3 * e,
        )
    };
    let rims = |e: &Ellipse| {
        [0.68, 0.95].map(|share| e.rim(share, 120).into_iter().map(place).collect::<Vec<_>>())
    };
    let stated = rims(what.stated);
    let all = what.all.map(rims);
    let points = || stated.iter().chain(all.iter().flatten()).flatten();
    let x = extent(points().map(|p| p.0), 0.15).unwrap_or((-25.0, -20.0));
    let y = extent(points().map(|p| p.1), 0.15).unwrap_or((0.0, 100.0));
    let x_axis = chosen(view.x, AxisMap::linear(x.0, x.1));
    let y_axis = chosen(view.y, AxisMap::linear(y.0, y.1));
    let bottom = canvas.height_px - m.beside_horizontal(true);
    let (area, y_ticks) = m.across(PlotId::Energy, (x_axis, y_axis), canvas, bottom);
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    let mut legend = Legend::default();
    let kinds = [
        (Some(&stated), word!("stated error" | "genannter Fehler"), 0),
        (
            all.as_ref(),
            word!("all of the budget" | "ganzes Budget"),
            1,
        ),
    ];
    for (rims, name, color) in kinds {
        let Some(rims) = rims else { continue };
        for (rim, dash) in rims.iter().zip([Dash::Solid, Dash::Dashed]) {
            let pen = Pen::new(1.4 * theme.line_scale, theme.category(color)).dashed(dash);
            scene.clipped_line(rim.iter().map(|p| area.to_px(p.0, p.1)), &area.rect, pen);
            legend.avoid(
                rim.iter().filter_map(|p| area.to_px(p.0, p.1)),
                Weight::Curve,
            );
        }
        let pen = Pen::new(1.4 * theme.line_scale, theme.category(color));
        legend.entries.push((
            Sample::Line(pen, None),
            say!("{name}: 68 %, 95 % dashed" | "{name}: 68 %, 95 % gestrichelt"),
        ));
    }
    let mut mark = |scene: &mut Scene, at: (f64, f64), label: String, known: bool| {
        let Some((x_px, y_px)) = area
            .to_px(at.0, at.1)
            .filter(|p| area.rect.contains(p.0, p.1))
        else {
            return;
        };
        if known {
            scene.ring(
                (x_px, y_px),
                4.0 * theme.line_scale,
                Pen::new(1.5 * theme.line_scale, theme.text),
            );
        } else {
            scene.disk((x_px, y_px), 3.2 * theme.line_scale, theme.category(0));
        }
        layout.marks.push(Mark {
            plot: 0,
            x_px,
            y_px,
            x: at.0,
            y: at.1,
            label,
            frame: None,
        });
    };
    let se = f64::sqrt(what.stated.covariance.1);
    let energy = format::with_error(1e-3 * what.stated.center.1, 1e-3 * se, "kJ/mol");
    mark(
        &mut scene,
        place(what.stated.center),
        format!("E = {energy}"),
        false,
    );
    for r in what.references {
        let ln_d = libm::log(r.d0_m2_s / SQUARE_METER_PER_SQUARE_NM)
            - r.energy_j_mol / (GAS_CONSTANT * what.stated.reference_k);
        let words = say!(
            "{} · E = {} kJ/mol (no error)" | "{} · E = {} kJ/mol (ohne Fehler)",
            r.name,
            format::fixed(1e-3 * r.energy_j_mol, 1)
        );
        mark(&mut scene, place((ln_d, r.energy_j_mol)), words, true);
    }
    let x_ticks = Ticks::of(&area.x, area.rect.width(), 5.0 * m.tick);
    let x_title = say!(
        "log₁₀ D at {} (m² s⁻¹)" | "log₁₀ D bei {} (m² s⁻¹)",
        format::temperature(what.stated.reference_k)
    );
    draw_box(
        &mut scene,
        theme,
        &area,
        [(&x_ticks, &x_title), (&y_ticks, "E (kJ/mol)")],
    );
    legend.draw(&mut scene, theme, &area.rect);
    let with_all = what.all.map_or_else(String::new, |e| {
        say!(
            ", ±{} with all of the budget" | ", ±{} mit dem ganzen Budget",
            format::significant(1e-3 * f64::sqrt(e.covariance.1), 2)
        )
    });
    Figure {
        scene,
        layout,
        title: word!("E and D where they are independent" | "E und D, wo sie unabhängig sind")
            .into(),
        description: say!(
            "E = {energy}{with_all}, at {}." | "E = {energy}{with_all}, bei {}.",
            format::temperature(what.stated.reference_k)
        ),
    }
}
