//! Pictures: values to colors, and a part of the picture to a canvas.

use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use crate::app::browser::{loose_canvas, pixel_ratio, surface};
use crate::engine::Plane;
use crate::figures::ColorMap;

/// A picture in colors, not part of the page.
#[derive(Clone)]
pub struct Raster {
    canvas: HtmlCanvasElement,
    /// Pixels of the file per pixel here.
    binning: f64,
}

/// The picture with black and white at `contrast`.
pub fn shade(plane: &Plane, contrast: (f32, f32), map: ColorMap) -> Option<Raster> {
    let table: Vec<[u8; 4]> = (0..=255_u8)
        .map(|i| {
            let color = map.color(f64::from(i) / 255.0);
            [color.red, color.green, color.blue, 255]
        })
        .collect();
    let gray = [128, 128, 128, 255];
    let scale = 255.0 / (contrast.1 - contrast.0);
    let color = |value: &f32| {
        // Casting saturates, and values that are not numbers become gray.
        let index = ((value - contrast.0) * scale).clamp(0.0, 255.0);
        if value.is_nan() {
            gray
        } else {
            table.get(index as usize).copied().unwrap_or(gray)
        }
    };
    let pixels: Vec<[u8; 4]> = plane.values.iter().map(color).collect();
    let bytes = Clamped(pixels.as_flattened());
    let (width, height) = (plane.width as u32, plane.height as u32);
    let data = ImageData::new_with_u8_clamped_array_and_sh(bytes, width, height).ok()?;
    let canvas = loose_canvas(width, height)?;
    surface(&canvas)?.put_image_data(&data, 0.0, 0.0).ok()?;
    Some(Raster {
        canvas,
        binning: plane.binning.max(1) as f64,
    })
}

/// Draws the part of the picture that starts at `(left, top)` (pixels of the file, edges at half integers) on a canvas of
/// `size` CSS pixels, `scale` of them per pixel of the file.
pub fn draw_part(
    target: &HtmlCanvasElement,
    raster: &Raster,
    (left, top): (f64, f64),
    size: (f64, f64),
    scale: f64,
) {
    let ratio = pixel_ratio();
    let (width, height) = ((size.0 * ratio).round(), (size.1 * ratio).round());
    if target.width() != width as u32 {
        target.set_width(width as u32);
    }
    if target.height() != height as u32 {
        target.set_height(height as u32);
    }
    let Some(context) = surface(target) else {
        return;
    };
    context.clear_rect(0.0, 0.0, width, height);
    let unit = scale * ratio * raster.binning;
    // Pixels are shown as pixels once they are large enough to be seen.
    context.set_image_smoothing_enabled(unit < 2.0);
    let _ = context.draw_image_with_html_canvas_element_and_dw_and_dh(
        &raster.canvas,
        -(left + 0.5) * scale * ratio,
        -(top + 0.5) * scale * ratio,
        f64::from(raster.canvas.width()) * unit,
        f64::from(raster.canvas.height()) * unit,
    );
}
