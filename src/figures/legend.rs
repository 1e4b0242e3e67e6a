//! The legend, in the corner of the plot that has the least in it.

use super::intervals::Shape;
use super::layout::Rect;
use super::scene::{Pen, Scene, TextStyle, text_width};
use super::theme::{Color, Theme};

/// Draws a symbol at a place.
pub(super) type DrawSymbol = fn(&mut Scene, &Theme, (f64, f64));

/// What a line of the legend shows before its words.
pub(super) enum Sample {
    /// A line, with its band.
    Line(Pen, Option<Color>),
    Value(Color),
    /// The symbol and color of a series.
    Shape(Shape, Color),
    Limit(Color),
    /// A symbol of the figure's own, drawn at this place.
    Symbol(DrawSymbol),
}

/// How much it hurts when the legend hides a point of this.
#[derive(Clone, Copy)]
pub(super) enum Weight {
    Comparison = 1,
    Curve = 2,
    Datum = 25,
}

/// What the legend says and what it should not hide.
#[derive(Default)]
pub(super) struct Legend {
    pub entries: Vec<(Sample, String)>,
    obstacles: Vec<(f64, f64, Weight)>,
}

impl Legend {
    /// Adds points that are drawn.
    pub fn avoid(&mut self, points: impl IntoIterator<Item = (f64, f64)>, weight: Weight) {
        self.obstacles
            .extend(points.into_iter().map(|(x, y)| (x, y, weight)));
    }

    /// Puts the legend into the corner with the least in it. Where all corners hold data, the explanation of the symbols is left out, then
    /// the last lines.
    pub fn draw(&self, scene: &mut Scene, theme: &Theme, rect: &Rect) {
        let mut entries: Vec<&(Sample, String)> = self.entries.iter().collect();
        let is_line = |(sample, _): &&(Sample, String)| {
            matches!(sample, Sample::Line(..) | Sample::Shape(..))
        };
        let most = entries.iter().filter(|e| is_line(e)).count().max(1);
        loop {
            let place = self.place(theme, rect, &entries);
            let clear = place.is_some_and(|(_, cost)| cost < Weight::Datum as u32);
            if clear || entries.len() <= 1 {
                if let Some((place, _)) = place {
                    draw_entries(scene, theme, &place, &entries);
                }
                return;
            }
            if entries.len() > most {
                entries.retain(is_line);
            } else {
                entries.pop();
            }
        }
    }

    /// The best corner for these entries and what it hides; `None` when there is no room at all.
    fn place(
        &self,
        theme: &Theme,
        rect: &Rect,
        entries: &[&(Sample, String)],
    ) -> Option<(Rect, u32)> {
        let m = Sizes::of(theme);
        let words = entries
            .iter()
            .map(|(_, text)| text_width(text, m.text))
            .fold(0.0, f64::max);
        let width = words + m.sample + 3.0 * m.pad;
        let height = m.row * entries.len() as f64 + m.pad;
        let inset = 0.9 * theme.font_px;
        if entries.is_empty() || width > rect.width() - 2.0 * inset || height > 0.6 * rect.height()
        {
            return None;
        }
        let corner = |right: bool, low: bool| {
            let left = if right {
                rect.right - inset - width
            } else {
                rect.left + inset
            };
            let top = if low {
                rect.bottom - inset - height
            } else {
                rect.top + inset
            };
            Rect {
                left,
                top,
                right: left + width,
                bottom: top + height,
            }
        };
        let reach = 6.0 * theme.line_scale;
        let cost = |r: &Rect| -> u32 {
            self.obstacles
                .iter()
                .filter(|(x, y, weight)| match weight {
                    // A point of the data is a disk, and its edge is not to be hidden either.
                    Weight::Datum => r.grown(reach).contains(*x, *y),
                    _ => r.contains(*x, *y),
                })
                .map(|(_, _, weight)| *weight as u32)
                .sum()
        };
        [(false, false), (true, true), (true, false), (false, true)]
            .into_iter()
            .map(|(right, low)| corner(right, low))
            .map(|place| (place, cost(&place)))
            .min_by_key(|(_, cost)| *cost)
    }
}

/// Sizes of the legend (CSS pixels).
struct Sizes {
    text: f64,
    row: f64,
    pad: f64,
    sample: f64,
}

impl Sizes {
    fn of(theme: &Theme) -> Sizes {
        let text = 0.9 * theme.font_px;
        Sizes {
            text,
            row: 1.45 * text,
            pad: 0.55 * text,
            sample: 2.2 * text,
        }
    }
}

/// A limit: a bar with an arrow to where the value may be.
pub(super) fn arrow(scene: &mut Scene, (x, y, tip): (f64, f64, f64), color: Color, s: f64) {
    let pen = Pen::new(1.5 * s, color);
    scene.segment((x - 5.0 * s, y), (x + 5.0 * s, y), pen);
    let back = if tip > y { -5.5 * s } else { 5.5 * s };
    if (tip - y).abs() > 6.0 * s {
        scene.segment((x, y.min(tip + back)), (x, y.max(tip + back)), pen);
    }
    scene.area(
        vec![
            (x - 3.2 * s, tip + back),
            (x + 3.2 * s, tip + back),
            (x, tip),
        ],
        color,
    );
}

fn draw_entries(scene: &mut Scene, theme: &Theme, place: &Rect, entries: &[&(Sample, String)]) {
    let s = theme.line_scale;
    let m = Sizes::of(theme);
    let (size, row, pad, sample) = (m.text, m.row, m.pad, m.sample);
    scene.fill(*place, theme.background.with_alpha(0.82));
    for (i, (symbol, text)) in entries.iter().enumerate() {
        let y = place.top + 0.5 * pad + (i as f64 + 0.5) * row;
        let (x0, x1) = (place.left + pad, place.left + pad + sample);
        let middle = (x0 + x1) / 2.0;
        match symbol {
            Sample::Line(pen, band) => {
                if let Some(band) = band {
                    let h = 0.4 * size;
                    scene.fill(
                        Rect {
                            left: x0,
                            top: y - h,
                            right: x1,
                            bottom: y + h,
                        },
                        *band,
                    );
                }
                scene.segment((x0, y), (x1, y), *pen);
            }
            Sample::Value(color) => scene.disk((middle, y), 3.6 * s, *color),
            Sample::Shape(shape, color) => shape.draw(scene, (middle, y), 3.6 * s, *color),
            Sample::Symbol(draw) => draw(scene, theme, (middle, y)),
            Sample::Limit(color) => {
                arrow(scene, (middle, y - 4.5 * s, y + 5.5 * s), *color, 0.8 * s)
            }
        }
        let style = TextStyle::new(size, theme.text);
        scene.text((x1 + pad, y), text.clone(), style);
    }
}
