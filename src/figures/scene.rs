//! What a figure is made of: a handful of primitives in CSS pixels.

use super::layout::{Canvas, Rect};
use super::theme::{Color, Theme};

/// Which point of a text lies at its position; vertically always its middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// Left end.
    #[default]
    Start,
    /// Center.
    Middle,
    /// Right end.
    End,
}

/// Pattern of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dash {
    /// Unbroken.
    #[default]
    Solid,
    /// Long dashes.
    Dashed,
    /// Dots.
    Dotted,
    /// Dash, dot.
    DashDotted,
}

impl Dash {
    /// Lengths of strokes and gaps in turn (multiples of the line's width); empty for solid.
    pub(super) fn pattern(self) -> &'static [f64] {
        match self {
            Dash::Solid => &[],
            Dash::Dashed => &[5.0, 3.0],
            Dash::Dotted => &[1.2, 2.4],
            Dash::DashDotted => &[6.0, 2.5, 1.2, 2.5],
        }
    }
}

/// One primitive.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A filled rectangle.
    Fill {
        /// Where.
        rect: Rect,
        /// Its color.
        color: Color,
    },
    /// An open line through points.
    Line {
        /// Its points.
        points: Vec<(f64, f64)>,
        /// Its width.
        width: f64,
        /// Its color.
        color: Color,
        /// Its pattern.
        dash: Dash,
    },
    /// A filled polygon.
    Area {
        /// Its corners.
        points: Vec<(f64, f64)>,
        /// Its color.
        color: Color,
    },
    /// A circle, filled or (with a stroke width) open.
    Disk {
        /// Center.
        center: (f64, f64),
        /// Radius.
        radius: f64,
        /// Its color.
        color: Color,
        /// Width of the outline; `None` when filled.
        stroke: Option<f64>,
    },
    /// One line of text.
    Text {
        /// Position of its anchor, at half the height of its capitals.
        at: (f64, f64),
        /// What it says.
        text: String,
        /// Size of the font.
        size: f64,
        /// Its color.
        color: Color,
        /// Which point lies at `at`.
        anchor: Anchor,
        /// Whether it runs upwards.
        upwards: bool,
        /// Whether it is bold.
        bold: bool,
    },
    /// A picture, row-major RGB.
    Picture {
        /// Where.
        rect: Rect,
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Three bytes per pixel.
        rgb: Vec<u8>,
    },
}

/// The primitives of a figure in the order of painting.
#[derive(Clone, Debug)]
pub struct Scene {
    /// Size in CSS pixels.
    pub canvas: Canvas,
    /// Font families, as in CSS.
    pub font_family: &'static str,
    /// From back to front.
    pub items: Vec<Item>,
}

/// How a text looks; its position and words come with each call.
#[derive(Clone, Copy, Debug)]
pub(super) struct TextStyle {
    pub size: f64,
    pub color: Color,
    pub anchor: Anchor,
    pub upwards: bool,
    pub bold: bool,
}

impl TextStyle {
    pub fn new(size: f64, color: Color) -> TextStyle {
        TextStyle {
            size,
            color,
            anchor: Anchor::Start,
            upwards: false,
            bold: false,
        }
    }

    pub fn anchored(self, anchor: Anchor) -> TextStyle {
        TextStyle { anchor, ..self }
    }

    pub fn bold(self) -> TextStyle {
        TextStyle { bold: true, ..self }
    }

    pub fn upwards(self) -> TextStyle {
        TextStyle {
            upwards: true,
            ..self
        }
    }
}

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pen {
    pub width: f64,
    pub color: Color,
    pub dash: Dash,
}

impl Pen {
    pub fn new(width: f64, color: Color) -> Pen {
        Pen {
            width,
            color,
            dash: Dash::Solid,
        }
    }

    pub fn dashed(self, dash: Dash) -> Pen {
        Pen { dash, ..self }
    }
}

impl Scene {
    pub(super) fn new(canvas: Canvas, theme: &super::Theme) -> Scene {
        Scene {
            canvas,
            font_family: theme.font_family,
            items: vec![Item::Fill {
                rect: Rect {
                    left: 0.0,
                    top: 0.0,
                    right: canvas.width_px,
                    bottom: canvas.height_px,
                },
                color: theme.background,
            }],
        }
    }

    pub(super) fn fill(&mut self, rect: Rect, color: Color) {
        self.items.push(Item::Fill { rect, color });
    }

    pub(super) fn line(&mut self, points: Vec<(f64, f64)>, pen: Pen) {
        if points.len() > 1 {
            self.items.push(Item::Line {
                points,
                width: pen.width,
                color: pen.color,
                dash: pen.dash,
            });
        }
    }

    pub(super) fn segment(&mut self, from: (f64, f64), to: (f64, f64), pen: Pen) {
        self.line(vec![from, to], pen);
    }

    pub(super) fn area(&mut self, points: Vec<(f64, f64)>, color: Color) {
        if points.len() > 2 {
            self.items.push(Item::Area { points, color });
        }
    }

    pub(super) fn disk(&mut self, center: (f64, f64), radius: f64, color: Color) {
        self.items.push(Item::Disk {
            center,
            radius,
            color,
            stroke: None,
        });
    }

    pub(super) fn ring(&mut self, center: (f64, f64), radius: f64, pen: Pen) {
        self.items.push(Item::Disk {
            center,
            radius,
            color: pen.color,
            stroke: Some(pen.width),
        });
    }

    pub(super) fn text(&mut self, at: (f64, f64), text: impl Into<String>, style: TextStyle) {
        let text = text.into();
        if !text.is_empty() {
            self.items.push(Item::Text {
                at,
                text,
                size: style.size,
                color: style.color,
                anchor: style.anchor,
                upwards: style.upwards,
                bold: style.bold,
            });
        }
    }

    /// A line through data, broken where a point has no place and cut at the rectangle.
    pub(super) fn clipped_line(
        &mut self,
        points: impl IntoIterator<Item = Option<(f64, f64)>>,
        rect: &Rect,
        pen: Pen,
    ) {
        let mut run = Run::default();
        for point in points {
            run.go_on(self, point, (rect, pen));
        }
        self.line(run.points, pen);
    }

    /// A polygon cut at the rectangle.
    pub(super) fn clipped_area(&mut self, points: Vec<(f64, f64)>, rect: &Rect, color: Color) {
        let points = clip_polygon(points, |p| p.0 - rect.left);
        let points = clip_polygon(points, |p| rect.right - p.0);
        let points = clip_polygon(points, |p| p.1 - rect.top);
        let points = clip_polygon(points, |p| rect.bottom - p.1);
        self.area(points, color);
    }
}

/// A line on its way: what was not interrupted so far, and the last point.
#[derive(Default)]
struct Run {
    points: Vec<(f64, f64)>,
    last: Option<(f64, f64)>,
}

impl Run {
    /// To the next point; what ends here is drawn.
    fn go_on(&mut self, scene: &mut Scene, point: Option<(f64, f64)>, (rect, pen): (&Rect, Pen)) {
        let ends = self.last.zip(point);
        let seen = ends.and_then(|(a, b)| clip_segment(a, b, rect));
        self.last = point;
        if seen.is_none_or(|(from, _)| self.points.last() != Some(&from)) {
            scene.line(std::mem::take(&mut self.points), pen);
            self.points.extend(seen.map(|(from, _)| from));
        }
        self.points.extend(seen.map(|(_, to)| to));
    }
}

/// Liang and Barsky's clipping of a segment to a rectangle.
fn clip_segment(a: (f64, f64), b: (f64, f64), rect: &Rect) -> Option<((f64, f64), (f64, f64))> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut t0, mut t1) = (0.0_f64, 1.0_f64);
    for (p, q) in [
        (-dx, a.0 - rect.left),
        (dx, rect.right - a.0),
        (-dy, a.1 - rect.top),
        (dy, rect.bottom - a.1),
    ] {
        if p == 0.0 {
            if q < 0.0 {
                return None;
            }
        } else if p < 0.0 {
            t0 = t0.max(q / p);
        } else {
            t1 = t1.min(q / p);
        }
    }
    let at = |t: f64| {
        // The given ends are kept bit by bit, so that consecutive segments join.
        if t == 0.0 {
            a
        } else if t == 1.0 {
            b
        } else {
            (a.0 + t * dx, a.1 + t * dy)
        }
    };
    (t0 <= t1).then(|| (at(t0), at(t1)))
}

/// Sutherland and Hodgman's step: the part of a polygon where `inside` is not negative.
fn clip_polygon(points: Vec<(f64, f64)>, inside: impl Fn(&(f64, f64)) -> f64) -> Vec<(f64, f64)> {
    let mut out = Vec::with_capacity(points.len() + 4);
    let Some(mut previous) = points.last().copied() else {
        return out;
    };
    for point in points {
        let (d0, d1) = (inside(&previous), inside(&point));
        if (d0 < 0.0) != (d1 < 0.0) {
            let t = d0 / (d0 - d1);
            out.push((
                previous.0 + t * (point.0 - previous.0),
                previous.1 + t * (point.1 - previous.1),
            ));
        }
        if d1 >= 0.0 {
            out.push(point);
        }
        previous = point;
    }
    out
}

/// Estimated width of a text (CSS pixels) in a common sans-serif font: Helvetica's advance widths by classes of letters, plus 6 %
/// because system fonts are wider. Good to about 10 %, which is enough to leave room; positions never depend on it where it shows.
pub fn text_width(text: &str, size: f64) -> f64 {
    let em: f64 =
        text.chars()
            .map(|c| match c {
                'i' | 'j' | 'l' | '\'' | '|' | '.' | ',' | ':' | ';' | '·' | '!' | 'I' | '/'
                | ' ' => 0.28,
                '\u{2009}' | '\u{202f}' | '\u{200a}' => 0.18,
                'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '-' => 0.34,
                '⁰'..='⁹' | '¹' | '²' | '³' | '⁻' | '₀'..='₉' => 0.40,
                'm' | 'M' | 'W' | '—' | '%' => 0.86,
                'w' | 'A'..='H' | 'J'..='L' | 'N'..='V' | 'X'..='Z' | '&' | 'Å' => 0.70,
                '±' | '\u{2212}' | '×' | '+' | '<' | '>' | '=' | '≈' | '≤' | '≥' => 0.60,
                'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 0.52,
                _ => 0.57,
            })
            .sum();
    em * size * 1.06
}

/// A calm word in the middle of an empty plot.
pub(super) fn note(scene: &mut Scene, theme: &Theme, rect: &Rect, text: &str) {
    scene.text(
        (
            (rect.left + rect.right) / 2.0,
            (rect.top + rect.bottom) / 2.0,
        ),
        text,
        TextStyle::new(theme.font_px, theme.muted).anchored(Anchor::Middle),
    );
}
