//! The radial profile: where measurement and theory meet.

use serde::{Deserialize, Serialize};

/// Unit of a profile's radius.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LengthUnit {
    /// Not calibrated yet.
    Pixel,
    /// Calibrated.
    Nanometer,
}

/// Azimuthal average of an image around a center: mean over whole pixels, bin by bin.
///
/// The four columns have one length; bins without pixels are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Unit of `radius`.
    pub unit: LengthUnit,
    /// Mean distance of the bin's pixels from the center.
    pub radius: Vec<f64>,
    /// Mean value of the bin's pixels (in the image's units of intensity).
    pub value: Vec<f64>,
    /// Standard error of that mean, from the scatter in the ring.
    pub standard_error: Vec<f64>,
    /// Pixels in the bin.
    pub pixel_count: Vec<u32>,
}

impl Profile {
    /// Number of bins.
    pub fn len(&self) -> usize {
        self.radius.len()
    }

    /// Whether it has no bins.
    pub fn is_empty(&self) -> bool {
        self.radius.is_empty()
    }

    /// The same profile with its radius in nanometers. A calibrated profile is returned as it is.
    pub fn calibrated(&self, pixel_nm: f64) -> Profile {
        let mut profile = self.clone();
        if self.unit == LengthUnit::Pixel {
            profile.radius.iter_mut().for_each(|r| *r *= pixel_nm);
            profile.unit = LengthUnit::Nanometer;
        }
        profile
    }
}
