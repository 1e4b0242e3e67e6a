//! Axes, signals, and the two-dimensional image.

use serde::{Deserialize, Serialize};

use super::{Dtype, Metadata};
use crate::units::nanometers_per;

/// Whether an axis counts frames or belongs to the picture itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AxisRole {
    /// Steps from one picture or spectrum to the next.
    Navigation,
    /// Lies within the picture or spectrum.
    Signal,
}

/// One axis: the position of index i is `offset + i * scale` in `unit`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// `frame`, `height`, `width`, `energy`, …; as in the file where it gives one.
    pub name: String,
    /// As found in the file; empty when the file gives none.
    pub unit: String,
    /// Position of index 0.
    pub offset: f64,
    /// Step between indices; 1 when the file gives none.
    pub scale: f64,
    /// Number of indices.
    pub size: usize,
    /// Navigation or signal.
    pub role: AxisRole,
    /// Tag from which offset, scale and unit were read; empty where they are not from the file.
    pub tag: String,
}

impl Axis {
    /// An axis without calibration.
    pub fn new(name: impl Into<String>, size: usize, role: AxisRole) -> Axis {
        Axis {
            name: name.into(),
            unit: String::new(),
            offset: 0.0,
            scale: 1.0,
            size,
            role,
            tag: String::new(),
        }
    }

    /// Whether positions are those of reciprocal space or angles: the axis of a diffraction pattern.
    pub fn is_reciprocal(&self) -> bool {
        let unit = self.unit.trim().replace(' ', "");
        let angle = matches!(
            unit.as_str(),
            "rad" | "mrad" | "\u{b5}rad" | "\u{3bc}rad" | "urad" | "deg" | "\u{b0}"
        );
        let inverse = unit
            .strip_prefix("1/")
            .or_else(|| unit.strip_suffix("^-1"))
            .or_else(|| unit.strip_suffix("^{-1}"))
            .or_else(|| unit.strip_suffix("-1"))
            .or_else(|| unit.strip_suffix("\u{207b}\u{b9}"));
        angle || inverse.is_some_and(|length| nanometers_per(length).is_some())
    }
}

/// One signal of a file, without its samples: these are read plane by plane.
///
/// A plane lies in the last two axes (in the only one of a single spectrum, which is a plane of height 1); the others
/// count planes. So a picture of a stack is a plane, a line of spectra is one, and a spectrum image is read line by line
/// of the specimen where energy is stored fastest, picture by picture of one energy where it is stored slowest: `role`
/// says which axis is what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Title; empty where the file gives none.
    pub title: String,
    /// Type of the samples.
    pub dtype: Dtype,
    /// Slowest axis first, as the samples are stored.
    pub axes: Vec<Axis>,
    /// Normalized metadata.
    pub metadata: Metadata,
    /// The file's own tags, verbatim: path (parts joined by dots) and value, in the order of the file.
    pub tags: Vec<(String, String)>,
}

impl Signal {
    /// Number of planes: the product of all axes but the last two.
    pub fn planes(&self) -> usize {
        let outer = self.axes.len().saturating_sub(2);
        let sizes = self.axes.iter().take(outer).map(|a| a.size);
        sizes.fold(1, usize::saturating_mul)
    }

    /// Height and width of a plane.
    pub fn plane_shape(&self) -> (usize, usize) {
        match self.axes.as_slice() {
            [.., height, width] => (height.size, width.size),
            [width] => (1, width.size),
            [] => (1, 1),
        }
    }

    /// Whether its planes are pictures (of whatever space), not spectra.
    pub fn is_image(&self) -> bool {
        let signal = |axis: &Axis| axis.role == AxisRole::Signal;
        match self.axes.as_slice() {
            [outer @ .., height, width] => {
                signal(height) && signal(width) && !outer.iter().any(signal)
            }
            _ => false,
        }
    }

    /// Whether its planes are diffraction patterns or Fourier transforms: pictures whose axes are no lengths but their
    /// inverse, or angles.
    pub fn is_diffraction(&self) -> bool {
        let plane = self.axes.iter().rev().take(2);
        self.is_image() && plane.into_iter().any(Axis::is_reciprocal)
    }
}

/// A picture for measurement: `values[y * width + x]`, the center of pixel (x, y) at these very coordinates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row-major values.
    pub values: Vec<f32>,
}

impl Image {
    /// The value at column `x`, row `y`; `None` outside.
    pub fn get(&self, x: usize, y: usize) -> Option<f32> {
        if x < self.width {
            self.values.get(y * self.width + x).copied()
        } else {
            None
        }
    }
}
