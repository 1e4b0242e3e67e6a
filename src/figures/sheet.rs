//! Sizes of figures where they are printed or shown.

use super::{Canvas, Theme};
use crate::formats::Crc32;

/// Bytes of a PNG before which its size on paper stands: the signature and the header.
pub const PNG_HEAD: usize = 33;

/// CSS pixels per millimeter and per typographic point.
const PX_PER_MM: f64 = 96.0 / 25.4;
const PX_PER_PT: f64 = 96.0 / 72.0;

/// What a saved figure is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sheet {
    /// A printed page: 190.5 × 127 mm, text of 9 pt.
    #[default]
    Page,
    /// One column of a journal: 85 × 68 mm, text of 7 pt.
    Single,
    /// Two columns of a journal: 178 × 110 mm, text of 8 pt.
    Double,
    /// A slide of 16:9: 254 × 143 mm, text of 16 pt.
    Slide,
}

impl Sheet {
    /// All of them.
    pub const ALL: [Sheet; 4] = [Sheet::Page, Sheet::Single, Sheet::Double, Sheet::Slide];

    /// Width and height (mm).
    pub fn size_mm(self) -> (f64, f64) {
        match self {
            Sheet::Page => (190.5, 127.0),
            Sheet::Single => (85.0, 68.0),
            Sheet::Double => (178.0, 110.0),
            Sheet::Slide => (254.0, 143.0),
        }
    }

    /// Size of the text at the axes (pt).
    pub fn font_pt(self) -> f64 {
        match self {
            Sheet::Page => 9.0,
            Sheet::Single => 7.0,
            Sheet::Double => 8.0,
            Sheet::Slide => 16.0,
        }
    }

    /// Size of the figure.
    pub fn canvas(self) -> Canvas {
        let (width_mm, height_mm) = self.size_mm();
        Canvas {
            width_px: width_mm * PX_PER_MM,
            height_px: height_mm * PX_PER_MM,
        }
    }

    /// Colors of a printed page, with text and lines of this sheet's size.
    pub fn theme(self) -> Theme {
        let theme = Theme::print();
        let factor = self.font_pt() * PX_PER_PT / theme.font_px;
        theme.enlarged(factor)
    }

    /// Pixels of a picture per CSS pixel: 600 per inch in a journal's column, and a little more than a screen of 1920 on a slide.
    pub fn pixels(self) -> f64 {
        match self {
            Sheet::Page | Sheet::Slide => 3.0,
            Sheet::Single | Sheet::Double => 6.25,
        }
    }

    /// The figure as SVG that says its size in millimeters, which every program takes for the same.
    pub fn svg(self, figure: &super::Figure) -> String {
        let (width_mm, height_mm) = self.size_mm();
        let svg = figure.to_svg();
        match svg.split_once(" viewBox=") {
            Some((_, rest)) => format!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width_mm}mm\" height=\"{height_mm}mm\" viewBox={rest}"
            ),
            None => svg,
        }
    }

    /// The part of a PNG that says how large it is on paper (pHYs), to be put behind its first [`PNG_HEAD`] bytes: without it programs take
    /// its pixels for 72 or 96 an inch.
    pub fn png_size(self) -> Vec<u8> {
        let per_meter = (1e3 * PX_PER_MM * self.pixels()).round() as u32;
        let mut part = b"pHYs".to_vec();
        part.extend(per_meter.to_be_bytes());
        part.extend(per_meter.to_be_bytes());
        part.push(1); // in meters
        let mut crc = Crc32::new();
        crc.update(&part);
        let mut chunk = 9_u32.to_be_bytes().to_vec();
        chunk.extend(&part);
        chunk.extend(crc.checksum().to_be_bytes());
        chunk
    }
}
