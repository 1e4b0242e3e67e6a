//! The legend, where the plot has the least in it.

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
    Datum = 10_000,
}

/// A line of the legend: its sample and its words.
pub(super) type Entry = (Sample, String);

/// What the legend says and what it should not hide.
#[derive(Default)]
pub(super) struct Legend {
    pub entries: Vec<Entry>,
    obstacles: Vec<(f64, f64, Weight)>,
}

impl Legend {
    /// Adds points that are drawn.
    pub fn avoid(&mut self, points: impl IntoIterator<Item = (f64, f64)>, weight: Weight) {
        self.obstacles
            .extend(points.into_iter().map(|(x, y)| (x, y, weight)));
    }

    /// Puts the legend inside the plot.
    pub fn draw(&self, scene: &mut Scene, theme: &Theme, rect: &Rect) {
        if let Some(found) = self.inside(theme, rect) {
            found.draw(scene, theme);
        }
    }

    /// Where the legend hides the least: a corner where one is free, or else any place, in smaller letters and in two columns.
    /// Where all of these hold data, the explanation of the symbols is left out, then the last lines.
    pub fn inside(&self, theme: &Theme, rect: &Rect) -> Option<Found<'_>> {
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        let most = self.lines().count().max(1);
        while !entries.is_empty() {
            let all = &entries;
            let found = SHAPES
                .iter()
                .filter_map(|shape| self.place(theme, rect, all, *shape))
                .min_by_key(|(_, cost)| (*cost).max(CLEAR))
                .filter(|(_, cost)| *cost < Weight::Datum as u32 || all.len() == 1);
            if let Some((place, _)) = found {
                let whole = entries.len() >= most;
                return Some(Found {
                    place,
                    entries,
                    whole,
                });
            }
            if entries.len() > most {
                entries = self.lines().collect();
            } else {
                entries.pop();
            }
        }
        None
    }

    /// All but the explanation of the symbols.
    fn lines(&self) -> impl Iterator<Item = &Entry> {
        let entries = self.entries.iter();
        entries.filter(|(sample, _)| matches!(sample, Sample::Line(..) | Sample::Shape(..)))
    }

    /// Its lines above a plot, from the left to the right of `span`, each in the first row that has room for it: height is dear. What is
    /// pointed at says what its symbol is.
    pub fn above(&self, theme: &Theme, (left, right): (f64, f64), top: f64) -> Found<'_> {
        let m = Sizes::of(theme, SMALL);
        let entries: Vec<&Entry> = self.lines().collect();
        let mut ends: Vec<f64> = Vec::new();
        let mut spots = Vec::new();
        for (_, text) in &entries {
            // Letters may be wider than is thought: what follows must not touch them.
            let width = m.width(text) + 0.12 * text_width(text, m.text);
            let free = ends.iter().position(|end| end + width <= right);
            let row = free.unwrap_or_else(|| {
                ends.push(left);
                ends.len() - 1
            });
            if let Some(end) = ends.get_mut(row) {
                spots.push((*end, top + m.row * row as f64));
                *end += width;
            }
        }
        let bottom = match ends.len() {
            0 => top,
            rows => top + m.row * rows as f64 + m.pad,
        };
        let rect = Rect {
            left,
            top,
            right,
            bottom,
        };
        Found {
            place: Place { rect, m, spots },
            entries,
            whole: true,
        }
    }

    /// The best place for these entries in letters of this scale and so many columns, and what it hides; `None` when there is no room at all.
    fn place(
        &self,
        theme: &Theme,
        rect: &Rect,
        entries: &[&Entry],
        (scale, columns): (f64, usize),
    ) -> Option<(Place, u32)> {
        let m = Sizes::of(theme, scale);
        let widths = entries.iter().map(|(_, text)| m.width(text));
        let column = widths.fold(0.0, f64::max);
        let rows = entries.len().div_ceil(columns);
        let (width, height) = (column * columns as f64 + m.pad, m.row * rows as f64 + m.pad);
        let inset = 0.9 * theme.font_px;
        let (free_x, free_y) = (
            rect.width() - 2.0 * inset - width,
            rect.height() - 2.0 * inset - height,
        );
        if entries.is_empty() || free_x < 0.0 || free_y < 0.0 || height > 0.6 * rect.height() {
            return None;
        }
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
        // Of so many places along each side: two are the corners.
        let best = |count: usize| {
            let part = |i: usize| i as f64 / (count - 1) as f64;
            let at = |i: usize| {
                let left = rect.left + inset + part(i % count) * free_x;
                let top = rect.top + inset + part(i / count) * free_y;
                let place = Rect {
                    left,
                    top,
                    right: left + width,
                    bottom: top + height,
                };
                (place, cost(&place))
            };
            (0..count * count).map(at).min_by_key(|(_, cost)| *cost)
        };
        let found = best(2).filter(|(_, cost)| *cost < CLEAR);
        let (rect, cost) = found.or_else(|| best(PLACES))?;
        let spot = |i: usize| {
            (
                rect.left + (i / rows) as f64 * column,
                rect.top + (i % rows) as f64 * m.row,
            )
        };
        let spots = (0..entries.len()).map(spot).collect();
        Some((Place { rect, m, spots }, cost))
    }
}

/// Scale of the letters and number of columns, the best to read first.
const SHAPES: [(f64, usize); 4] = [(1.0, 1), (SMALL, 1), (1.0, 2), (SMALL, 2)];

/// Scale of letters where room is scarce.
const SMALL: f64 = 0.9;

/// What may be hidden of curves without looking for a better place.
const CLEAR: u32 = 25;

/// Places along each side that are tried where no corner is free.
const PLACES: usize = 9;

/// Where the legend stands and each line of it.
struct Place {
    rect: Rect,
    m: Sizes,
    spots: Vec<(f64, f64)>,
}

/// A place for a legend, and what of it stands there.
pub(super) struct Found<'a> {
    place: Place,
    entries: Vec<&'a Entry>,
    /// Whether no line had to be left out.
    pub whole: bool,
}

impl Found<'_> {
    /// How high it is (CSS pixels).
    pub fn height(&self) -> f64 {
        self.place.rect.height()
    }

    pub fn draw(&self, scene: &mut Scene, theme: &Theme) {
        draw_entries(scene, theme, &self.place, &self.entries);
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
    fn of(theme: &Theme, scale: f64) -> Sizes {
        let text = 0.9 * scale * theme.font_px;
        Sizes {
            text,
            row: 1.45 * text,
            pad: 0.55 * text,
            sample: 2.2 * text,
        }
    }

    /// Width of a line with its sample.
    fn width(&self, text: &str) -> f64 {
        text_width(text, self.text) + self.sample + 2.0 * self.pad
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

fn draw_entries(scene: &mut Scene, theme: &Theme, place: &Place, entries: &[&Entry]) {
    let s = theme.line_scale;
    let m = &place.m;
    let (size, row, pad, sample) = (m.text, m.row, m.pad, m.sample);
    scene.fill(place.rect, theme.background.with_alpha(0.82));
    for ((symbol, text), (left, top)) in entries.iter().zip(&place.spots) {
        let y = top + 0.5 * (pad + row);
        let (x0, x1) = (left + pad, left + pad + sample);
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
