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

    /// The same with radii in pixels of this size.
    pub fn in_pixels(&self, pixel_nm: f64) -> Profile {
        let mut profile = self.clone();
        if self.unit == LengthUnit::Nanometer {
            profile.radius.iter_mut().for_each(|r| *r /= pixel_nm);
            profile.unit = LengthUnit::Pixel;
        }
        profile
    }
}

/// The sectors of which the rings of a [`Profile`] are made: pixels and sum of each, ring by ring.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sectors {
    /// Sectors in a ring.
    pub per_ring: usize,
    /// Pixels of sector s of ring k at `k * per_ring + s`.
    pub pixels: Vec<f64>,
    /// Sum of their values, each brought to the mean radius of the ring along the slope of the profile.
    pub sums: Vec<f64>,
}

impl Sectors {
    /// Pixels and sum of every sector of a ring.
    pub fn ring(&self, k: usize) -> impl Iterator<Item = (f64, f64)> + '_ {
        let range = k * self.per_ring..(k + 1) * self.per_ring;
        let pixels = self.pixels.get(range.clone()).unwrap_or_default();
        let sums = self.sums.get(range).unwrap_or_default();
        pixels.iter().copied().zip(sums.iter().copied())
    }

    /// Mean of a ring in which each sector counts so many times; `None` where no pixel is left.
    pub fn mean(&self, k: usize, weights: &[f64]) -> Option<f64> {
        let (mut pixels, mut sum) = (0.0, 0.0);
        for ((n, v), w) in self.ring(k).zip(weights) {
            pixels += w * n;
            sum += w * v;
        }
        (pixels > 0.0).then(|| sum / pixels)
    }
}
