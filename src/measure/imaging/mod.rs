//! From an image to the particle's radial profile.
//!
//! [`measure()`] finds the particle without a click (`detect`), lays a plane under it (`background`), finds its center
//! by symmetry (`center`) and its outline (`edge`), and averages whole pixels over rings (`average`). No pixel is
//! resampled on the way.

mod average;
mod background;
mod calibration;
mod center;
mod crop;
mod detect;
mod edge;
mod error;
mod labels;
mod measure;
mod polar;
mod scale_bar;

pub use average::without_harmonics;
pub use calibration::doubt_size;
pub use crop::block_mean;
pub use error::ImagingError;
pub use measure::{MeasureRequest, measure, measure_by_sector, pixels};
pub use scale_bar::{ScaleBar, measure_scale_bar};

use serde::{Deserialize, Serialize};

use crate::signal::Profile;

/// A position in the image (pixels): the center of the pixel in column x, row y has just these coordinates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Point {
    /// Column.
    pub x_px: f64,
    /// Row.
    pub y_px: f64,
}

/// A circle in the image: the particle as found, or as drawn by the user.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Circle {
    /// Center.
    pub center: Point,
    /// Radius (pixels).
    pub radius_px: f64,
}

impl Circle {
    /// The same circle in an image of which each pixel is the mean of `binning`² pixels: their centers lie half a block from the
    /// block's first pixel.
    pub fn binned(self, binning: usize) -> Circle {
        let factor = binning as f64;
        let along = |x: f64| (x - 0.5 * (factor - 1.0)) / factor;
        Circle {
            center: Point {
                x_px: along(self.center.x_px),
                y_px: along(self.center.y_px),
            },
            radius_px: self.radius_px / factor,
        }
    }
}

/// The particle as the image shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Particle {
    /// Center by symmetry and mean radius of the outline: [`OUTLINE_SHARE`] of R_B for a sphere, whatever its core.
    pub circle: Circle,
    /// Standard error of each coordinate of the center (pixels).
    pub center_se_px: f64,
    /// Standard error of the radius (pixels): the scatter of the edge around the circle over the square root of its
    /// independent parts.
    pub radius_se_px: f64,
    /// Longest over shortest axis, from the edge's second harmonic; 1 for a circle.
    pub ellipticity: f64,
    /// Direction of the longest axis (radians from +x towards +y).
    pub angle_rad: f64,
}

/// An ellipse by its shape: the map that makes a circle of it keeps areas.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ellipse {
    /// Longest over shortest axis.
    pub ratio: f64,
    /// Direction of the longest axis (radians from +x towards +y).
    pub angle_rad: f64,
}

impl Ellipse {
    /// A distance from the center as it would be in a circle.
    pub fn round(self, dx: f64, dy: f64) -> (f64, f64) {
        let (sin, cos) = (libm::sin(self.angle_rad), libm::cos(self.angle_rad));
        let root = f64::sqrt(self.ratio);
        let (along, across) = ((cos * dx + sin * dy) / root, (cos * dy - sin * dx) * root);
        (cos * along - sin * across, sin * along + cos * across)
    }
}

/// Background plane `level + slope_x (x - x0) + slope_y (y - y0)` about the particle's center (x0, y0).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Background {
    /// Level at the particle's center.
    pub level: f64,
    /// Per pixel along x.
    pub slope_x: f64,
    /// Per pixel along y.
    pub slope_y: f64,
    /// Standard deviation of the pixels around the plane.
    pub noise: f64,
}

/// Radius of the outline over R_B: 0.90 ± 0.03 for spheres with any core, any state of mixing, and a probe of up to a tenth
/// of the radius (`tests/real_particles.rs` over the five series). Divide by it to start a fit.
pub const OUTLINE_SHARE: f64 = 0.9;

/// A part of the image that is left out of every average, drawn by the user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Mask {
    /// Everything inside a circle.
    Circle(Circle),
    /// Everything inside a closed polygon.
    Polygon(Vec<Point>),
}

/// All that is measured in one frame.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measurement {
    /// The particle.
    pub particle: Particle,
    /// The background plane, already taken off the slopes of `profile` (its level at the center is kept out too).
    pub background: Background,
    /// Azimuthal average in pixels, background plane subtracted.
    pub profile: Profile,
    /// Sum of the particle's pixels over the background, and its standard error.
    pub intensity: (f64, f64),
}
