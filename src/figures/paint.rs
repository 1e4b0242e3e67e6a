//! A scene on any of plotters' drawing backends.

use plotters::backend::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle};

use super::scene::{Anchor, Dash, Item, Scene};
use super::theme::Color;
use crate::language::say;

/// The backend could not draw.
#[derive(Debug, thiserror::Error)]
#[error("{}", say!("the drawing surface reports: {_0}" | "die Zeichenfläche meldet: {_0}"))]
pub struct PaintError(String);

/// How CSS pixels become the backend's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Pixels of the screen per CSS pixel.
    pub device_pixel_ratio: f64,
    /// Units of the backend per pixel of the screen: 1, or more where the canvas' user space has been shrunk by that factor.
    pub subdivision: u32,
}

impl Resolution {
    /// Units of the backend per CSS pixel.
    pub fn scale(&self) -> f64 {
        let ratio = if self.device_pixel_ratio.is_finite() {
            self.device_pixel_ratio.clamp(0.1, 32.0)
        } else {
            1.0
        };
        ratio * f64::from(self.subdivision.clamp(1, 64))
    }
}

impl Default for Resolution {
    fn default() -> Resolution {
        Resolution {
            device_pixel_ratio: 1.0,
            subdivision: 1,
        }
    }
}

struct Brush {
    scale: f64,
    /// Units per pixel of the screen.
    pixel: f64,
}

impl Brush {
    fn int(&self, v: f64) -> i32 {
        libm::round(v * self.scale) as i32
    }

    /// The nearest edge between pixels of the screen.
    fn on_pixel(&self, v: f64) -> i32 {
        (libm::round(v * self.scale / self.pixel) * self.pixel) as i32
    }

    fn point(&self, (x, y): (f64, f64)) -> (i32, i32) {
        (self.int(x), self.int(y))
    }

    /// A width in whole pixels of the screen, at least one.
    fn pixels(&self, width: f64) -> f64 {
        libm::round(width * self.scale / self.pixel).max(1.0)
    }

    /// Edges of an axis-parallel stroke of this width, on pixels of the screen: sharp at any resolution.
    fn edges(&self, center: f64, width: f64) -> (i32, i32) {
        let n = self.pixels(width);
        let first = libm::round(center * self.scale / self.pixel - n / 2.0);
        (
            (first * self.pixel) as i32,
            ((first + n) * self.pixel) as i32,
        )
    }

    fn stroke(&self, width: f64, color: Color) -> ShapeStyle {
        ShapeStyle {
            color: rgba(color),
            filled: false,
            stroke_width: libm::round(width * self.scale).max(1.0) as u32,
        }
    }
}

fn rgba(color: Color) -> RGBAColor {
    RGBAColor(color.red, color.green, color.blue, color.alpha)
}

/// Paints the scene.
///
/// On a canvas this must run on the page's main thread, where plotters-canvas finds its context.
pub(super) fn paint<B: DrawingBackend>(
    scene: &Scene,
    backend: &mut B,
    resolution: Resolution,
) -> Result<(), PaintError> {
    let brush = Brush {
        scale: resolution.scale(),
        pixel: f64::from(resolution.subdivision.clamp(1, 64)),
    };
    backend
        .ensure_prepared()
        .map_err(|e| PaintError(e.to_string()))?;
    for item in &scene.items {
        paint_item(item, scene, backend, &brush)?;
    }
    backend.present().map_err(|e| PaintError(e.to_string()))
}

fn paint_item<B: DrawingBackend>(
    item: &Item,
    scene: &Scene,
    backend: &mut B,
    brush: &Brush,
) -> Result<(), PaintError> {
    let drawn = match item {
        Item::Fill { rect, color } => backend.draw_rect(
            brush.point((rect.left, rect.top)),
            brush.point((rect.right, rect.bottom)),
            &rgba(*color),
            true,
        ),
        Item::Line {
            points,
            width,
            color,
            dash,
        } => {
            for piece in dashes(points, *dash, *width) {
                match piece.as_slice() {
                    [a, b] if a.0 == b.0 => {
                        let (left, right) = brush.edges(a.0, *width);
                        let (top, bottom) = (brush.int(a.1.min(b.1)), brush.int(a.1.max(b.1)));
                        backend.draw_rect((left, top), (right, bottom), &rgba(*color), true)
                    }
                    [a, b] if a.1 == b.1 => {
                        let (top, bottom) = brush.edges(a.1, *width);
                        let (left, right) = (brush.int(a.0.min(b.0)), brush.int(a.0.max(b.0)));
                        backend.draw_rect((left, top), (right, bottom), &rgba(*color), true)
                    }
                    _ => backend.draw_path(
                        piece.iter().map(|&p| brush.point(p)),
                        &brush.stroke(*width, *color),
                    ),
                }
                .map_err(|e| PaintError(e.to_string()))?;
            }
            Ok(())
        }
        Item::Area { points, color } => {
            backend.fill_polygon(points.iter().map(|&p| brush.point(p)), &rgba(*color))
        }
        Item::Disk {
            center,
            radius,
            color,
            stroke,
        } => {
            let r = libm::round(radius * brush.scale).max(1.0) as u32;
            match stroke {
                None => backend.draw_circle(brush.point(*center), r, &rgba(*color), true),
                Some(width) => backend.draw_circle(
                    brush.point(*center),
                    r,
                    &brush.stroke(*width, *color),
                    false,
                ),
            }
        }
        Item::Text {
            at,
            text,
            size,
            color,
            anchor,
            upwards,
            bold,
        } => {
            let style = if *bold {
                FontStyle::Bold
            } else {
                FontStyle::Normal
            };
            let mut font = FontDesc::new(
                FontFamily::Name(scene.font_family),
                size * brush.scale,
                style,
            );
            if *upwards {
                font = font.transform(FontTransform::Rotate270);
            }
            let h_pos = match anchor {
                Anchor::Start => HPos::Left,
                Anchor::Middle => HPos::Center,
                Anchor::End => HPos::Right,
            };
            let ink = rgba(*color);
            let style = plotters::style::TextStyle::from(font)
                .color(&ink)
                .pos(Pos::new(h_pos, VPos::Center));
            backend.draw_text(text, &style, brush.point(*at))
        }
        Item::Picture {
            rect,
            width,
            height,
            rgb,
        } => {
            // Equal neighbors are one rectangle, on pixels of the screen: no seams, and few rectangles of an enlarged picture.
            let (w, h) = (rect.width() / *width as f64, rect.height() / *height as f64);
            let rows: Vec<&[u8]> = rgb.chunks_exact((3 * width).max(1)).collect();
            let mut top = 0;
            for same in rows.chunk_by(|a, b| a == b) {
                let bottom = top + same.len();
                let pixels = same.first().map_or(&[][..], |row| row.as_chunks::<3>().0);
                let mut left = 0;
                for run in pixels.chunk_by(|a, b| a == b) {
                    let right = left + run.len();
                    let corner = |c: usize, r: usize| {
                        (
                            brush.on_pixel(rect.left + c as f64 * w),
                            brush.on_pixel(rect.top + r as f64 * h),
                        )
                    };
                    if let Some(&[red, green, blue]) = run.first() {
                        let color = RGBAColor(red, green, blue, 1.0);
                        backend
                            .draw_rect(corner(left, top), corner(right, bottom), &color, true)
                            .map_err(|e| PaintError(e.to_string()))?;
                    }
                    left = right;
                }
                top = bottom;
            }
            Ok(())
        }
    };
    drawn.map_err(|e| PaintError(e.to_string()))
}

/// The strokes of a dashed line; plotters' backends know only unbroken ones.
fn dashes(points: &[(f64, f64)], dash: Dash, width: f64) -> Vec<Vec<(f64, f64)>> {
    let pattern: Vec<f64> = dash.pattern().iter().map(|l| l * width.max(0.5)).collect();
    if pattern.is_empty() {
        return vec![points.to_vec()];
    }
    let mut strokes = Vec::new();
    let mut stroke: Vec<(f64, f64)> = points.first().copied().into_iter().collect();
    let mut phase = 0;
    let mut left = pattern.first().copied().unwrap_or(1.0);
    for (&a, &b) in points.iter().zip(points.iter().skip(1)) {
        let length = libm::hypot(b.0 - a.0, b.1 - a.1);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let t = done / length;
            let point = (a.0 + t * (b.0 - a.0), a.1 + t * (b.1 - a.1));
            if phase % 2 == 0 {
                stroke.push(point);
                strokes.push(std::mem::take(&mut stroke));
            } else {
                stroke = vec![point];
            }
            phase = (phase + 1) % pattern.len();
            left = pattern.get(phase).copied().unwrap_or(1.0);
        }
        left -= length - done;
        if phase % 2 == 0 {
            stroke.push(b);
        }
    }
    if stroke.len() > 1 {
        strokes.push(stroke);
    }
    strokes
}
