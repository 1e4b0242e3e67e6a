//! The map of one element, read pixel by pixel.

use super::composite::range;
use super::layout::{Canvas, Layout, Mark, Rect};
use super::picture::{color_bar, paint, placed, scale_bar};
use super::scene::{Pen, Scene, TextStyle, text_width};
use super::theme::{Color, ColorMap, Theme};
use super::{Figure, format};
use crate::imaging::Circle;
use crate::language::{say, word};
use crate::spectroscopy::ElementMap;

/// What [`element_map`] draws.
#[derive(Clone, Copy, Debug)]
pub struct ElementMapFigure<'a> {
    /// The map.
    pub map: &'a ElementMap,
    /// Values that are shown in place of the map's own, for the eye; what is read out are those of the map.
    pub shown: Option<&'a [f32]>,
    /// Value over standard error in place of the value.
    pub significance: bool,
    /// The values have an offset, as those of an image: zero is not on the scale.
    pub offset: bool,
    /// Unit of the values: `counts`, or nothing for fractions and ratios.
    pub unit: &'a str,
    /// Size of a pixel (nm), for the scale bar.
    pub pixel_nm: Option<f64>,
    /// A circle to draw: the particle.
    pub circle: Option<Circle>,
}

/// Most pixels that have a read-out of their own.
const MOST_MARKS: usize = 20_000;

/// One map in viridis from zero, or its least where that is negative or the values have an offset, to its 99.5 percentile, with a bar of the
/// colors; every pixel says its value with its standard error.
pub fn element_map(canvas: Canvas, theme: &Theme, what: &ElementMapFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let font = theme.font_px;
    let (map, significance) = (what.map, what.map.significance());
    let values = match (what.significance, what.shown) {
        (true, _) => &significance,
        (false, Some(shown)) => shown,
        (false, None) => &map.value,
    };
    let (width, height) = (map.width.max(1), map.height.max(1));
    let rect = placed(canvas, font, (width, height), 4.0 * font);
    let finite = || {
        values
            .iter()
            .copied()
            .filter(|v| v.is_finite())
            .map(f64::from)
    };
    let high = if what.significance {
        finite().fold(1.0, f64::max)
    } else {
        range(values).1
    };
    let low = match what.offset {
        true => finite().fold(high, f64::min),
        false => finite().fold(0.0, f64::min),
    };
    let high = if high > low { high } else { low + 1.0 };
    let rgb: Vec<u8> = values
        .iter()
        .flat_map(|v| {
            let c = ColorMap::Viridis.color((f64::from(*v) - low) / (high - low));
            [c.red, c.green, c.blue]
        })
        .collect();
    let area = paint(&mut scene, rect, (width, height), &rgb);
    let mut layout = Layout {
        plots: vec![area],
        ..Layout::default()
    };
    if values.len() <= MOST_MARKS {
        for (i, (value, se)) in map.value.iter().zip(&map.standard_error).enumerate() {
            let (x, y) = ((i % width) as f64, -((i / width) as f64));
            if value.is_finite()
                && let Some((x_px, y_px)) = area.to_px(x, y)
            {
                layout.marks.push(Mark {
                    plot: 0,
                    x_px,
                    y_px,
                    x,
                    y,
                    label: say!(
                        "({x:.0}, {:.0}): {} · {} standard errors"
                            | "({x:.0}, {:.0}): {} · {} Standardfehler",
                        -y,
                        format::with_error(f64::from(*value), f64::from(*se), what.unit),
                        format::significant(f64::from(*value / se.max(f32::MIN_POSITIVE)), 2)
                    ),
                    frame: None,
                });
            }
        }
    }
    if let Some(circle) = what.circle
        && let Some(center) = area.to_px(circle.center.x_px, -circle.center.y_px)
    {
        let pen = Pen::new(theme.line_scale, Color::hex(0xff_ffff));
        scene.ring(
            center,
            (circle.radius_px * rect.width() / width as f64).min(0.5 * rect.width()),
            pen,
        );
    }
    scale_bar(&mut scene, &rect, (what.pixel_nm, width), font);
    let unit = if what.significance {
        word!("standard errors" | "Standardfehler")
    } else {
        what.unit
    };
    let caption = say!(
        "{}: {} to {} {unit}" | "{}: {} bis {} {unit}",
        map.name,
        format::significant(low, 2),
        format::significant(high, 3)
    )
    .trim_end()
    .to_owned();
    let bar = Rect {
        left: rect.left,
        right: rect.right,
        top: rect.bottom + 0.6 * font,
        bottom: rect.bottom + 1.2 * font,
    };
    color_bar(&mut scene, bar, |share| ColorMap::Viridis.color(share));
    // As large as there is room for, in fonts that are wider than is thought, too: small maps stand side by side on a telephone.
    let room = 0.9 * (canvas.width_px - rect.left) / text_width(&caption, font);
    scene.text(
        (rect.left, rect.bottom + 2.2 * font),
        caption.clone(),
        TextStyle::new(font * room.clamp(0.6, 1.0), theme.text),
    );
    // Fractions and ratios have no sum.
    let total = match what.unit {
        "" => String::new(),
        unit => {
            let (total, error) = map.total();
            say!(
                "; in all {}" | "; insgesamt {}",
                format::with_error(total, error, unit)
            )
        }
    };
    Figure {
        scene,
        layout,
        title: say!("Map of {}" | "Karte von {}", map.name),
        description: format!("{caption}{total}"),
    }
}
