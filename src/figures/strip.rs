//! The series at a glance: pictures of all frames with the particle's circle, for export.

use super::layout::{AxisMap, Canvas, Layout, PlotArea, PlotId, Rect};
use super::scene::{Anchor, Item, Pen, Scene, TextStyle, note, text_width};
use super::theme::{Color, ColorMap, TemperatureRamp, Theme};
use super::{Figure, format};
use crate::imaging::{Circle, Point};
use crate::language::{say, word};
use crate::signal::Image;

/// One picture of the strip.
#[derive(Clone, Copy, Debug)]
pub struct StripFrame<'a> {
    /// Index of the frame in the series.
    pub frame: usize,
    /// The picture.
    pub image: &'a Image,
    /// The particle.
    pub circle: Option<Circle>,
    /// Temperature of the heating that ended with it (K).
    pub temperature_k: Option<f64>,
    /// Size of a pixel (nm), for the scale bar.
    pub pixel_nm: Option<f64>,
    /// Left out of the fit.
    pub excluded: bool,
}

/// What [`series_strip`] draws.
#[derive(Clone, Copy, Debug, Default)]
pub struct StripFigure<'a> {
    /// The frames, in the order of heating.
    pub frames: &'a [StripFrame<'a>],
    /// Colors of the values.
    pub color_map: ColorMap,
    /// Colors of the series' temperatures.
    pub ramp: TemperatureRamp,
}

/// Half the side of what is shown, in radii of the largest particle.
const CROP_RADII: f64 = 1.5;
/// Most pixels along a side of an embedded picture.
const MOST_PIXELS: usize = 256;
/// Samples taken per frame for the contrast.
const CONTRAST_SAMPLES: usize = 20_000;

/// Pictures of all frames in rows, cut to the particle, with shared contrast, circle, temperature and scale bar.
///
/// Contrast runs from the 0.5 to the 99.8 percentile of all frames. The scale bar is on the first picture, and on every one whose pixel
/// size differs. Each picture is a [`PlotId::Picture`]; its x is the image's column, its y the negative of the row (axes run upwards).
pub fn series_strip(canvas: Canvas, theme: &Theme, what: &StripFigure) -> Figure {
    let canvas = canvas.sane();
    let mut scene = Scene::new(canvas, theme);
    let mut layout = Layout::default();
    let font = theme.font_px;
    let caption = 1.6 * font;
    let gap = 0.5 * font;
    let count = what.frames.len();
    let side_with = |columns: usize| {
        let rows = count.div_ceil(columns).max(1);
        let w = (canvas.width_px - gap) / columns as f64 - gap;
        let h = (canvas.height_px - gap) / rows as f64 - gap - caption;
        w.min(h)
    };
    let columns = (1..=count.max(1))
        .max_by(|a, b| side_with(*a).total_cmp(&side_with(*b)))
        .unwrap_or(1);
    let side = side_with(columns).max(4.0);
    let half = crop_half_side(what.frames);
    let contrast = shared_contrast(what.frames);
    let mut scaled: Option<f64> = None;
    let used = columns.min(count.max(1)) as f64 * (side + gap) - gap;
    let margin = ((canvas.width_px - used) / 2.0).max(gap);
    for (index, frame) in what.frames.iter().enumerate() {
        let (column, row) = (index % columns, index / columns);
        let left = margin + column as f64 * (side + gap);
        let top = gap + row as f64 * (side + gap + caption) + caption;
        let rect = Rect {
            left,
            top,
            right: left + side,
            bottom: top + side,
        };
        let Some(window) = Window::of(frame, half) else {
            continue;
        };
        let pixels = (window.side.ceil() as usize).clamp(1, MOST_PIXELS);
        scene.items.push(Item::Picture {
            rect,
            width: pixels,
            height: pixels,
            rgb: rendered(
                frame.image,
                &window,
                pixels,
                (contrast, what.color_map, theme.grid),
            ),
        });
        layout.plots.push(PlotArea {
            id: PlotId::Picture(frame.frame),
            rect,
            x: AxisMap::linear(window.x0, window.x0 + window.side),
            y: AxisMap::linear(-(window.y0 + window.side), -window.y0),
        });
        let color = what.ramp.color(theme, frame.temperature_k);
        if let Some(circle) = frame.circle {
            draw_circle(&mut scene, &rect, &window, &circle, theme);
        }
        let name = match frame.temperature_k.filter(|t| t.is_finite()) {
            Some(t) => format::temperature(t),
            None => say!("frame {}" | "Bild {}", frame.frame),
        };
        let ink = if frame.excluded {
            scene.fill(rect, theme.background.with_alpha(0.55));
            theme.muted
        } else {
            theme.text
        };
        let long = say!("{name} excluded" | "{name} ausgelassen");
        let fits = text_width(&long, font) + font < side;
        let name = if frame.excluded && fits { long } else { name };
        let y = top - 0.55 * caption;
        scene.disk((left + 0.32 * font, y), 0.28 * font, color);
        scene.text((left + 0.9 * font, y), name, TextStyle::new(font, ink));
        if let Some(pixel_nm) = frame.pixel_nm.filter(|p| p.is_finite() && *p > 0.0)
            && scaled.is_none_or(|s| (pixel_nm / s - 1.0).abs() > 0.01)
        {
            scaled = Some(pixel_nm);
            draw_scale_bar(
                &mut scene,
                &rect,
                pixel_nm * window.side,
                font.min(0.13 * side),
            );
        }
    }
    if count == 0 {
        let sheet = Rect {
            left: 0.0,
            top: 0.0,
            right: canvas.width_px,
            bottom: canvas.height_px,
        };
        note(
            &mut scene,
            theme,
            &sheet,
            word!("no frames yet" | "noch keine Bilder"),
        );
    }
    Figure {
        scene,
        layout,
        title: say!("Heating series of {count} frames" | "Heizserie aus {count} Bildern"),
        description:
            word!("Pictures of all frames with shared contrast; the circle is the particle as measured." | "Alle Bilder mit gemeinsamem Kontrast; der Kreis ist das Partikel, wie es gemessen wurde.")
                .into(),
    }
}

/// Half the side of the square that is cut out (pixels); `None` for whole pictures.
fn crop_half_side(frames: &[StripFrame]) -> Option<f64> {
    let radius = frames
        .iter()
        .filter_map(|f| f.circle)
        .map(|c| c.radius_px)
        .filter(|r| r.is_finite() && *r > 0.0)
        .fold(0.0, f64::max);
    (radius > 0.0).then_some(CROP_RADII * radius)
}

/// The square of the image that is shown; its edges are those of pixels (pixel centers at whole coordinates).
struct Window {
    x0: f64,
    y0: f64,
    side: f64,
}

impl Window {
    fn of(frame: &StripFrame, half: Option<f64>) -> Option<Window> {
        let (w, h) = (frame.image.width as f64, frame.image.height as f64);
        if w < 1.0 || h < 1.0 {
            return None;
        }
        let side = half.map_or(w.max(h), |half| (2.0 * half).max(2.0).min(w.max(h)));
        let middle = Point {
            x_px: (w - 1.0) / 2.0,
            y_px: (h - 1.0) / 2.0,
        };
        let center = match (half, frame.circle) {
            (Some(_), Some(c)) if c.center.x_px.is_finite() && c.center.y_px.is_finite() => {
                c.center
            }
            _ => middle,
        };
        Some(Window {
            x0: center.x_px - side / 2.0,
            y0: center.y_px - side / 2.0,
            side,
        })
    }
}

fn shared_contrast(frames: &[StripFrame]) -> (f64, f64) {
    let mut values: Vec<f32> = Vec::new();
    for frame in frames {
        let stride = frame.image.values.len().div_ceil(CONTRAST_SAMPLES).max(1);
        values.extend(
            frame
                .image
                .values
                .iter()
                .step_by(stride)
                .filter(|v| v.is_finite()),
        );
    }
    values.sort_unstable_by(f32::total_cmp);
    let last = values.len().saturating_sub(1) as f64;
    let at = |q: f64| {
        values
            .get(libm::round(q * last) as usize)
            .map_or(0.0, |&v| f64::from(v))
    };
    let (lo, hi) = (at(0.005), at(0.998));
    if hi > lo {
        (lo, hi)
    } else {
        (lo - 0.5, lo + 0.5)
    }
}

/// RGB of the window as `pixels` × `pixels`, each the mean of what it covers (the nearest pixel when enlarged).
fn rendered(
    image: &Image,
    window: &Window,
    pixels: usize,
    ((lo, hi), map, outside): ((f64, f64), ColorMap, Color),
) -> Vec<u8> {
    let step = window.side / pixels as f64;
    // Pixels whose centers lie in the sample; the one nearest to its middle when there is none.
    let range = |origin: f64, i: usize| {
        let from = origin + i as f64 * step;
        let (first, end) = (f64::ceil(from), f64::ceil(from + step));
        if end > first {
            (first as i64, end as i64)
        } else {
            let nearest = libm::round(from + step / 2.0) as i64;
            (nearest, nearest + 1)
        }
    };
    let mut rgb = Vec::with_capacity(pixels * pixels * 3);
    for row in 0..pixels {
        let (top, bottom) = range(window.y0, row);
        for column in 0..pixels {
            let (left, right) = range(window.x0, column);
            let (mut sum, mut count) = (0.0, 0.0);
            for y in top..bottom {
                for x in left..right {
                    let value = match (usize::try_from(x), usize::try_from(y)) {
                        (Ok(x), Ok(y)) => image.get(x, y),
                        _ => None,
                    };
                    if let Some(v) = value.filter(|v| v.is_finite()) {
                        sum += f64::from(v);
                        count += 1.0;
                    }
                }
            }
            let color = if count > 0.0 {
                map.color((sum / count - lo) / (hi - lo))
            } else {
                outside
            };
            rgb.extend([color.red, color.green, color.blue]);
        }
    }
    rgb
}

fn draw_circle(scene: &mut Scene, rect: &Rect, window: &Window, circle: &Circle, theme: &Theme) {
    let scale = rect.width() / window.side;
    // The pixel's center lies half a pixel from its edge.
    let x = rect.left + (circle.center.x_px - window.x0) * scale;
    let y = rect.top + (circle.center.y_px - window.y0) * scale;
    let radius = circle.radius_px * scale;
    if !(x.is_finite() && y.is_finite() && radius.is_finite() && radius > 0.0) {
        return;
    }
    let points = (0..=120).map(|i| {
        let a = f64::from(i) / 120.0 * std::f64::consts::TAU;
        Some((x + radius * libm::cos(a), y + radius * libm::sin(a)))
    });
    // Sky blue is seen on black, gray and white, and in every map used here.
    scene.clipped_line(
        points,
        rect,
        Pen::new(1.3 * theme.line_scale, Color::hex(0x56b4e9)),
    );
}

/// Length of a scale bar: the largest of 1, 2, 5 × 10ⁿ nm within a third of the width.
fn scale_bar_nm(width_nm: f64) -> Option<f64> {
    let most = width_nm / 3.0;
    if !(most.is_finite() && most > 0.0) {
        return None;
    }
    let decade = libm::exp10(f64::floor(libm::log10(most)));
    [5.0, 2.0, 1.0]
        .into_iter()
        .map(|m| m * decade)
        .find(|l| *l <= most * 1.000_001)
}

fn scale_bar_label(length_nm: f64) -> String {
    match length_nm {
        l if l >= 999.5 => format!("{} µm", format::significant(l / 1000.0, 1)),
        l if l < 0.0995 => format!("{} pm", format::significant(l * 1000.0, 1)),
        l => format!("{} nm", format::significant(l, 1)),
    }
}

pub(super) fn draw_scale_bar(scene: &mut Scene, rect: &Rect, width_nm: f64, font: f64) {
    let Some(length) = scale_bar_nm(width_nm) else {
        return;
    };
    let px = length / width_nm * rect.width();
    let label = scale_bar_label(length);
    let width = px.max(text_width(&label, 0.92 * font));
    let right = rect.right - 0.75 * font;
    let bottom = rect.bottom - 0.75 * font;
    let middle = right - width / 2.0;
    let plate = Rect {
        left: right - width - 0.35 * font,
        top: bottom - 1.75 * font,
        right: right + 0.35 * font,
        bottom: bottom + 0.35 * font,
    };
    scene.fill(plate, Color::hex(0x000000).with_alpha(0.55));
    let white = Color::hex(0xffffff);
    let bar = Rect {
        left: middle - px / 2.0,
        top: bottom - 0.3 * font,
        right: middle + px / 2.0,
        bottom,
    };
    scene.fill(bar, white);
    let style = TextStyle::new(0.92 * font, white).anchored(Anchor::Middle);
    scene.text((middle, bottom - 1.05 * font), label, style);
}

impl StripFigure<'_> {
    /// Height (CSS pixels) at which `count` pictures of about `side_px` fill rows of `width_px`.
    pub fn natural_height_px(&self, width_px: f64, side_px: f64, theme: &Theme) -> f64 {
        let columns = (width_px / side_px.max(8.0)).floor().clamp(1.0, 1000.0);
        let rows = (self.frames.len().max(1) as f64 / columns).ceil();
        rows * (side_px + 2.1 * theme.font_px) + 0.5 * theme.font_px
    }
}
