//! Element maps laid over one another in color.

use super::layout::{Canvas, Layout, Rect};
use super::picture::{color_bar, paint, placed, scale_bar};
use super::scene::{Scene, TextStyle};
use super::theme::{Color, Theme};
use super::{Figure, format};
use crate::language::say;
use crate::numerics::filter;
use crate::spectroscopy::ElementMap;

/// Colors of the elements, in their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Palette {
    /// Red, green, blue, as most papers have them.
    #[default]
    RedGreen,
    /// Magenta, green, and blue for a third: told apart by readers who do not tell red from green; magenta and green add to white.
    Safe,
}

impl Palette {
    /// Color of the element at this place.
    pub fn color(self, index: usize) -> Color {
        let colors = match self {
            Palette::RedGreen => [0xff_0000, 0x00_ff00, 0x40_60ff],
            Palette::Safe => [0xff_00ff, 0x00_d000, 0x00_80ff],
        };
        Color::hex(colors[index % colors.len()])
    }
}

/// What [`composite`] draws.
#[derive(Clone, Copy, Debug)]
pub struct CompositeFigure<'a> {
    /// At most three maps of one size.
    pub maps: &'a [ElementMap],
    /// Colors.
    pub palette: Palette,
    /// Size of a pixel (nm), for the scale bar.
    pub pixel_nm: Option<f64>,
}

/// Values from which and to which each map is drawn: from zero to its 99.5 percentile.
pub fn composite_range(map: &ElementMap) -> (f64, f64) {
    range(&map.value)
}

/// The same of values.
pub(super) fn range(values: &[f32]) -> (f64, f64) {
    let mut values: Vec<f64> = values
        .iter()
        .filter(|v| v.is_finite())
        .map(|&v| f64::from(v))
        .collect();
    let high = filter::quantile(&mut values, 0.995).unwrap_or(0.0);
    // A sparse map has its few counts beyond every percentile.
    let high = if high > 0.0 {
        high
    } else {
        values.iter().fold(0.0_f64, |m, v| m.max(*v))
    };
    (0.0, if high > 0.0 { high } else { 1.0 })
}

/// RGB of the maps added, three bytes a pixel, row by row. Negative values are black here: the numbers are in the maps.
pub fn composite_rgb(maps: &[ElementMap], palette: Palette) -> Vec<u8> {
    let pixels = maps.first().map_or(0, |m| m.width * m.height);
    let mut sum = vec![[0.0_f64; 3]; pixels];
    for (index, map) in maps.iter().enumerate().take(3) {
        let (low, high) = composite_range(map);
        let color = palette.color(index);
        for (sum, v) in sum.iter_mut().zip(&map.value) {
            let share = ((f64::from(*v) - low) / (high - low)).clamp(0.0, 1.0);
            if share.is_finite() {
                for (s, c) in sum.iter_mut().zip([color.red, color.green, color.blue]) {
                    *s += share * f64::from(c);
                }
            }
        }
    }
    sum.into_iter()
        .flatten()
        .map(|v| v.min(255.0) as u8)
        .collect()
}

/// The maps added in color, with colors and range of each in the legend and a scale bar.
///
/// The picture is a [`PlotId::Picture`](super::PlotId::Picture); its x is the column, its y the negative of the row.
pub fn composite(canvas: Canvas, theme: &Theme, what: &CompositeFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let mut layout = Layout::default();
    let font = theme.font_px;
    let size = what
        .maps
        .first()
        .map_or((1, 1), |m| (m.width.max(1), m.height.max(1)));
    let legend = (1.5 * what.maps.len().min(3) as f64 + 0.6) * font;
    let rect = placed(canvas, font, size, legend + font);
    let rgb = composite_rgb(what.maps, what.palette);
    layout.plots.push(paint(&mut scene, rect, size, &rgb));
    scale_bar(&mut scene, &rect, (what.pixel_nm, size.0), font);
    for (index, map) in what.maps.iter().enumerate().take(3) {
        let y = rect.bottom + (1.1 + 1.5 * index as f64) * font;
        let (low, high) = composite_range(map);
        let full = what.palette.color(index);
        let bar = Rect {
            left: rect.left,
            right: rect.left + 5.0 * font,
            top: y - 0.4 * font,
            bottom: y + 0.4 * font,
        };
        color_bar(&mut scene, bar, |share| full.scaled(share));
        let text = say!(
            "{}: {} to {} counts" | "{}: {} bis {} Impulse",
            map.name,
            format::significant(low, 2),
            format::significant(high, 3)
        );
        scene.text(
            (rect.left + 5.6 * font, y),
            text,
            TextStyle::new(font, theme.text),
        );
    }
    let names: Vec<&str> = what.maps.iter().take(3).map(|m| m.name.as_str()).collect();
    Figure {
        scene,
        layout,
        title: say!("Composite of {}" | "Überlagerung von {}", names.join(", ")),
        description: say!(
            "Element maps of {} added in color, each from zero to its 99.5 percentile"
                | "Elementkarten von {} farbig überlagert, jede von null bis zu ihrem 99,5-Perzentil",
            names.join(", ")
        ),
    }
}
