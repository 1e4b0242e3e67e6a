//! Samples, axes, and the two-dimensional image.

use serde::{Deserialize, Serialize};

/// Type of one sample as stored in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Dtype {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

impl Dtype {
    /// The name numerical Python gives it, which is the field's: `uint16`, `float32`, …
    pub fn name(self) -> &'static str {
        match self {
            Dtype::U8 => "uint8",
            Dtype::I8 => "int8",
            Dtype::U16 => "uint16",
            Dtype::I16 => "int16",
            Dtype::U32 => "uint32",
            Dtype::I32 => "int32",
            Dtype::F32 => "float32",
            Dtype::F64 => "float64",
        }
    }
}

/// Samples in the type in which the file stores them: 16-bit data stay 16-bit.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Samples {
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

/// Runs `$body` with `$v` bound to the vector of whichever type the samples have.
macro_rules! each {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            Samples::U8($v) => $body,
            Samples::I8($v) => $body,
            Samples::U16($v) => $body,
            Samples::I16($v) => $body,
            Samples::U32($v) => $body,
            Samples::I32($v) => $body,
            Samples::F32($v) => $body,
            Samples::F64($v) => $body,
        }
    };
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Type of one sample.
    pub fn dtype(&self) -> Dtype {
        match self {
            Samples::U8(_) => Dtype::U8,
            Samples::I8(_) => Dtype::I8,
            Samples::U16(_) => Dtype::U16,
            Samples::I16(_) => Dtype::I16,
            Samples::U32(_) => Dtype::U32,
            Samples::I32(_) => Dtype::I32,
            Samples::F32(_) => Dtype::F32,
            Samples::F64(_) => Dtype::F64,
        }
    }

    /// One sample, `None` outside.
    #[allow(clippy::unnecessary_cast)]
    pub fn get(&self, index: usize) -> Option<f64> {
        each!(self, v => v.get(index).map(|&x| x as f64))
    }

    /// Calls `f` with every sample in order.
    #[allow(clippy::unnecessary_cast)]
    pub fn for_each(&self, mut f: impl FnMut(f64)) {
        each!(self, v => v.iter().for_each(|&x| f(x as f64)))
    }

    /// All samples as 32-bit floats: exact up to 24-bit integers, rounded to 6e-8 relative beyond.
    #[allow(clippy::unnecessary_cast)]
    pub fn to_f32(&self) -> Vec<f32> {
        each!(self, v => v.iter().map(|&x| x as f32).collect())
    }

    /// Largest value an integer type can hold (saturation), `None` for floats.
    pub fn type_max(&self) -> Option<f64> {
        Some(match self {
            Samples::U8(_) => f64::from(u8::MAX),
            Samples::I8(_) => f64::from(i8::MAX),
            Samples::U16(_) => f64::from(u16::MAX),
            Samples::I16(_) => f64::from(i16::MAX),
            Samples::U32(_) => f64::from(u32::MAX),
            Samples::I32(_) => f64::from(i32::MAX),
            Samples::F32(_) | Samples::F64(_) => return None,
        })
    }
}

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
    /// `frame`, `height`, `width`, `energy`, …
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
}

/// Normalized metadata: what the analysis may use, whatever the vendor called it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// Title of the image or spectrum.
    pub title: Option<String>,
    /// High tension (kV).
    pub high_tension_kv: Option<f64>,
    /// Date and time of acquisition, ISO 8601.
    pub acquired: Option<String>,
    /// Pixel size (nm) and the tag it was read from.
    pub pixel_nm: Option<(f64, String)>,
}

/// One signal of a file, without its samples: these are read plane by plane.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// Title, or the file's name.
    pub title: String,
    /// Type of the samples.
    pub dtype: Dtype,
    /// Slowest axis first, as the samples are stored.
    pub axes: Vec<Axis>,
    /// Normalized metadata.
    pub metadata: Metadata,
    /// The file's own tags, verbatim.
    pub tags: Vec<(String, String)>,
}

impl Signal {
    /// Number of planes: the product of the navigation axes.
    pub fn planes(&self) -> usize {
        self.axes
            .iter()
            .filter(|a| a.role == AxisRole::Navigation)
            .map(|a| a.size)
            .product()
    }
}

/// A picture for measurement: `values[y * width + x]`, the center of pixel (x, y) at these very coordinates.
#[derive(Clone, Debug, PartialEq)]
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
