//! A picture of whole pixels with its scale bar: what the figures of element maps share.

use super::layout::{AxisMap, Canvas, PlotArea, PlotId, Rect};
use super::scene::{Item, Scene};
use super::strip::draw_scale_bar;
use super::theme::Color;

/// Columns and rows.
pub(super) type Size = (usize, usize);

/// Where a picture stands: as large as the canvas allows with `below_px` left under it, in the middle.
pub(super) fn placed(canvas: Canvas, font_px: f64, size: Size, below_px: f64) -> Rect {
    let (width, height) = (size.0 as f64, size.1 as f64);
    let room = (canvas.width_px - font_px, canvas.height_px - below_px);
    let scale = (room.0 / width).min(room.1 / height).max(0.0);
    let left = 0.5 * (canvas.width_px - scale * width);
    let top = 0.5 * font_px;
    Rect {
        left,
        top,
        right: left + scale * width,
        bottom: top + scale * height,
    }
}

/// Paints three bytes a pixel, row by row. The axes of what is returned are the column and the negative of the row.
pub(super) fn paint(scene: &mut Scene, rect: Rect, size: Size, rgb: &[u8]) -> PlotArea {
    let (width, height) = size;
    // Enlarged by whole pixels, so that none is smeared where the picture is painted.
    let factor = (256 / width.max(height).max(1)).max(1);
    let mut enlarged = Vec::with_capacity(rgb.len() * factor * factor);
    for row in rgb.chunks_exact(3 * width.max(1)) {
        let line: Vec<u8> = row.chunks_exact(3).flat_map(|p| p.repeat(factor)).collect();
        for _ in 0..factor {
            enlarged.extend_from_slice(&line);
        }
    }
    scene.items.push(Item::Picture {
        rect,
        width: width * factor,
        height: height * factor,
        rgb: enlarged,
    });
    PlotArea {
        id: PlotId::Picture(0),
        rect,
        x: AxisMap::linear(-0.5, width as f64 - 0.5),
        y: AxisMap::linear(0.5 - height as f64, 0.5),
    }
}

/// The colors of values from the least (left) to the greatest.
pub(super) fn color_bar(scene: &mut Scene, rect: Rect, color: impl Fn(f64) -> Color) {
    let steps = 128;
    let rgb = (0..steps).flat_map(|i| {
        let c = color(i as f64 / (steps - 1) as f64);
        [c.red, c.green, c.blue]
    });
    scene.items.push(Item::Picture {
        rect,
        width: steps,
        height: 1,
        rgb: rgb.collect(),
    });
}

/// The scale bar of a picture, where the size of its `columns` is known.
pub(super) fn scale_bar(
    scene: &mut Scene,
    rect: &Rect,
    (pixel_nm, columns): (Option<f64>, usize),
    font_px: f64,
) {
    if let Some(pixel_nm) = pixel_nm.filter(|p| p.is_finite() && *p > 0.0) {
        let side_nm = pixel_nm * columns as f64;
        draw_scale_bar(scene, rect, side_nm, font_px.min(0.13 * rect.width()));
    }
}
