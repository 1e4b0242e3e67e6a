//! Element maps as files.

use std::fmt::Write as _;
use std::io::Cursor;

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use serde_json::{Value, json};
use tiff::encoder::colortype::Gray32Float;
use tiff::encoder::{Rational, TiffEncoder};
use tiff::tags::{ResolutionUnit, Tag};

use super::{MapAnswer, ProfileAnswer};
use crate::figures::{Palette, composite_range, composite_rgb};
use crate::language::{say, word};
use crate::signal::LengthUnit;
use crate::spectroscopy::ElementMap;

/// Why a file cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The TIFF encoder refused.
    #[error("{}", word!("the map could not be written as TIFF" | "die Karte ließ sich nicht als TIFF schreiben"))]
    Tiff(#[from] tiff::TiffError),
    /// The PNG encoder refused.
    #[error("{}", word!(
        "the composite could not be written as PNG"
        | "das Mischbild ließ sich nicht als PNG schreiben"
    ))]
    Png(#[from] image::ImageError),
    /// More columns or rows than the format holds.
    #[error("{}", say!("{width} × {height} pixels are too many" | "{width} × {height} Pixel sind zu viele"))]
    Size {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
    },
}

fn size(width: usize, height: usize) -> Result<(u32, u32), ExportError> {
    match (u32::try_from(width), u32::try_from(height)) {
        (Ok(w), Ok(h)) => Ok((w, h)),
        _ => Err(ExportError::Size { width, height }),
    }
}

/// Values as a 32-bit float TIFF that says its pixel size as ImageJ does.
///
/// # Errors
/// Too many pixels.
pub fn float_tiff(
    values: &[f32],
    (width, height): (usize, usize),
    pixel_nm: Option<f64>,
) -> Result<Vec<u8>, ExportError> {
    let (w, h) = size(width, height)?;
    let mut bytes = Vec::new();
    {
        let mut encoder = TiffEncoder::new(Cursor::new(&mut bytes))?;
        let mut image = encoder.new_image::<Gray32Float>(w, h)?;
        if let Some(pixel_nm) = pixel_nm.filter(|p| p.is_finite() && *p > 0.0) {
            // Pixels per nm as a fraction of a million.
            let per_nm = Rational {
                n: libm::round(1e6 / pixel_nm).clamp(1.0, 4e9) as u32,
                d: 1_000_000,
            };
            image.resolution(ResolutionUnit::None, per_nm);
            image
                .encoder()
                .write_tag(Tag::ImageDescription, "ImageJ=1.54f\nunit=nm\n")?;
        }
        image.write_data(values)?;
    }
    Ok(bytes)
}

/// The maps added in color as PNG, pixels enlarged by a whole factor to at least 256 along the longer side.
///
/// # Errors
/// Too many pixels.
pub fn composite_png(maps: &[ElementMap], palette: Palette) -> Result<Vec<u8>, ExportError> {
    let (width, height) = maps.first().map_or((0, 0), |m| (m.width, m.height));
    let factor = (256 / width.max(height).max(1)).max(1);
    let mut rgb = Vec::with_capacity(3 * width * height * factor * factor);
    for row in composite_rgb(maps, palette).chunks_exact((3 * width).max(1)) {
        let line: Vec<u8> = row.chunks_exact(3).flat_map(|p| p.repeat(factor)).collect();
        for _ in 0..factor {
            rgb.extend_from_slice(&line);
        }
    }
    let (w, h) = size(width * factor, height * factor)?;
    let mut bytes = Vec::new();
    PngEncoder::new(&mut bytes).write_image(&rgb, w, h, ExtendedColorType::Rgb8)?;
    Ok(bytes)
}

/// `maps.csv`: one line per pixel, each map with its standard error.
pub fn maps_csv(maps: &[ElementMap]) -> String {
    let mut csv = String::from("x,y");
    for map in maps {
        let _ = write!(csv, ",{0},{0}_se", map.name);
    }
    csv.push('\n');
    let Some(first) = maps.first() else {
        return csv;
    };
    for pixel in 0..first.value.len() {
        let _ = write!(
            csv,
            "{},{}",
            pixel % first.width.max(1),
            pixel / first.width.max(1)
        );
        for map in maps {
            for v in [&map.value, &map.standard_error] {
                // Where nothing is known, nothing stands.
                let _ = match v.get(pixel).filter(|v| v.is_finite()) {
                    Some(v) => write!(csv, ",{v}"),
                    None => write!(csv, ","),
                };
            }
        }
        csv.push('\n');
    }
    csv
}

/// `element_profiles.csv`: one line per ring and element.
pub fn element_profiles_csv(mapped: &MapAnswer, answer: &ProfileAnswer) -> String {
    let unit = match answer.profiles.first().map(|p| p.unit) {
        Some(LengthUnit::Nanometer) => "nm",
        _ => "px",
    };
    let mut csv = format!("element,radius_{unit},value,standard_error,pixels\n");
    for (map, profile) in mapped.maps.iter().zip(&answer.profiles) {
        let rows = profile
            .radius
            .iter()
            .zip(&profile.value)
            .zip(&profile.standard_error)
            .zip(&profile.pixel_count);
        for (((radius, value), se), count) in rows {
            let _ = writeln!(csv, "{},{radius},{value},{se},{count}", map.name);
        }
    }
    csv
}

/// `maps.json`: what was done and what it says.
pub fn maps_json(answer: &MapAnswer, found: &ProfileAnswer) -> Value {
    let maps: Vec<Value> = answer
        .maps
        .iter()
        .zip(&answer.windows)
        .map(|(map, windows)| {
            let (total, error) = map.total();
            json!({
                "name": map.name,
                "windows_eV": windows,
                "total_counts": total,
                "total_counts_se": error,
                "dispersion": map.dispersion,
                "common_error": map.common_error,
                "composite_range": composite_range(map),
            })
        })
        .collect();
    let unit = if answer.pixel_nm.is_some() {
        "nm"
    } else {
        "px"
    };
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "title": answer.title,
        "pixel_nm": answer.pixel_nm,
        "maps": maps,
        "particle_px": found.particle,
        "order": found.order,
        "order_unit": unit,
        "mixing": found.mixing,
        "mixing_unit": format!("{unit}²"),
        "composition": found.composition.as_ref().map(|c| json!({
            "whole": c.whole,
            "cross_sections": c.cross_sections,
        })),
        "remarks": answer.remarks.iter().chain(&found.remarks).collect::<Vec<_>>(),
        "notices": answer.notices.iter().map(|n| n.kind.to_string()).collect::<Vec<_>>(),
    })
}
