//! The part of the image around the particle, with what must not be averaged taken out.

use crate::signal::Image;

use super::{Circle, Mask, Point};

/// Pixels around the particle, as values above a plane; `NaN` marks what is left out.
pub(super) struct Crop {
    /// Column of the first pixel in the image.
    pub x0: usize,
    /// Row of the first pixel in the image.
    pub y0: usize,
    /// The pixels.
    pub image: Image,
}

impl Crop {
    /// The square of half side `reach` radii about the circle's center, cut at the image's rim, masks taken out.
    pub fn around(image: &Image, circle: Circle, reach: f64, masks: &[Mask]) -> Crop {
        let (x, y) = (circle.center.x_px, circle.center.y_px);
        let half = reach * circle.radius_px;
        let (x0, x1) = span(x - half, x + half, image.width);
        let (y0, y1) = span(y - half, y + half, image.height);
        let mut values = Vec::with_capacity((x1 - x0) * (y1 - y0));
        for row in image
            .values
            .chunks_exact(image.width.max(1))
            .take(y1)
            .skip(y0)
        {
            values.extend(
                row[x0..x1]
                    .iter()
                    .map(|v| if v.is_finite() { *v } else { f32::NAN }),
            );
        }
        let mut crop = Crop {
            x0,
            y0,
            image: Image {
                width: x1 - x0,
                height: y1 - y0,
                values,
            },
        };
        for mask in masks {
            crop.take_out(mask);
        }
        crop
    }

    /// A position of the image in the crop's own coordinates.
    pub fn local(&self, p: Point) -> Point {
        Point {
            x_px: p.x_px - self.x0 as f64,
            y_px: p.y_px - self.y0 as f64,
        }
    }

    /// A circle of the crop in the image.
    pub fn global(&self, c: Circle) -> Circle {
        let center = Point {
            x_px: c.center.x_px + self.x0 as f64,
            y_px: c.center.y_px + self.y0 as f64,
        };
        Circle { center, ..c }
    }

    /// Takes a mask out.
    fn take_out(&mut self, mask: &Mask) {
        let (x0, y0) = (self.x0, self.y0);
        take_out(&mut self.image, (x0, y0), mask);
    }
}

/// Whole pixels within `[low, high]`, cut to `0..size`.
fn span(low: f64, high: f64, size: usize) -> (usize, usize) {
    let first = f64::ceil(low.max(0.0)) as usize;
    let end = (f64::floor(high.max(-1.0)) + 1.0) as usize;
    let first = first.min(size);
    (first, end.clamp(first, size))
}

/// Sets the masked pixels to `NaN`; the image begins at `origin` (column, row) of the frame in which the mask is drawn.
pub(super) fn take_out(image: &mut Image, origin: (usize, usize), mask: &Mask) {
    let width = image.width.max(1);
    for (row, line) in image.values.chunks_exact_mut(width).enumerate() {
        let y = (row + origin.1) as f64;
        let mut blank = |from: f64, to: f64| {
            let (first, end) = span(from - origin.0 as f64, to - origin.0 as f64, width);
            line[first..end].fill(f32::NAN);
        };
        match mask {
            Mask::Circle(circle) => {
                let d = y - circle.center.y_px;
                let h2 = circle.radius_px * circle.radius_px - d * d;
                if h2 >= 0.0 {
                    let h = h2.sqrt();
                    blank(circle.center.x_px - h, circle.center.x_px + h);
                }
            }
            Mask::Polygon(points) => {
                // Even-odd rule along the row; a vertex belongs to the edge above it, so that none is counted twice.
                let mut cuts: Vec<f64> = Vec::new();
                for (i, a) in points.iter().enumerate() {
                    let b = points[(i + 1) % points.len()];
                    if (a.y_px <= y) != (b.y_px <= y) {
                        cuts.push(a.x_px + (y - a.y_px) * (b.x_px - a.x_px) / (b.y_px - a.y_px));
                    }
                }
                cuts.sort_by(f64::total_cmp);
                for pair in cuts.chunks_exact(2) {
                    blank(pair[0], pair[1]);
                }
            }
        }
    }
}

/// Means over `factor` × `factor` pixels; a block with less than half of its pixels valid is `NaN`. The center of block
/// i lies at `i factor + (factor - 1) / 2`.
pub fn block_mean(image: &Image, factor: usize) -> Image {
    let factor = factor.max(1);
    if factor == 1 {
        return image.clone();
    }
    let (width, height) = (image.width / factor, image.height / factor);
    let mut values = Vec::with_capacity(width * height);
    // First down the columns, which all go side by side, then along the few sums that are left.
    let mut columns = vec![(0.0f32, 0.0f32); width * factor];
    let half = (factor * factor).div_ceil(2) as f32;
    for band in image
        .values
        .chunks_exact(image.width.max(1) * factor)
        .take(height)
    {
        columns.fill((0.0, 0.0));
        for row in band.chunks_exact(image.width.max(1)) {
            for ((sum, count), &v) in columns.iter_mut().zip(row) {
                let good = v.is_finite();
                *sum += if good { v } else { 0.0 };
                *count += if good { 1.0 } else { 0.0 };
            }
        }
        values.extend(columns.chunks_exact(factor).map(|block| {
            let add = |a: (f32, f32), b: &(f32, f32)| (a.0 + b.0, a.1 + b.1);
            let (sum, count) = block.iter().fold((0.0, 0.0), add);
            if count >= half { sum / count } else { f32::NAN }
        }));
    }
    Image {
        width,
        height,
        values,
    }
}
