//! What `alloyscope decode FILE --json` prints: every signal of a file with its statistics.

use serde::Serialize;

use super::{Document, FormatError, PlaneSamples};
use crate::signal::{Axis, Dtype, Metadata, Notice, Notices, Sample, Samples, Signal};

/// A file, described.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Description {
    /// Format as detected.
    pub format: &'static str,
    /// Every signal.
    pub signals: Vec<SignalDescription>,
    /// What was assumed on the way.
    pub notices: Vec<Notice>,
}

/// One signal, described. Statistics run over all planes and leave out samples that are no number; they are `None`
/// when none is left. Complex numbers have no smallest or largest one.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SignalDescription {
    /// Format as detected.
    pub format: &'static str,
    /// Title, or empty.
    pub title: String,
    /// Sizes of the axes, slowest first.
    pub shape: Vec<usize>,
    /// `uint16`, `float32`, …: the type of the samples as they are handed out.
    pub dtype: &'static str,
    /// Axes, slowest first: `position(i) = offset + i * scale`.
    pub axes: Vec<Axis>,
    /// Smallest sample.
    pub min: Option<f64>,
    /// Largest sample.
    pub max: Option<f64>,
    /// Mean of the samples, summed in f64 with compensation: 1e-15 relative for samples of one sign. That of complex
    /// numbers is complex; that of colors, like their min and max, runs over all channels.
    pub mean: Option<Sample>,
    /// Samples that are no number.
    pub nan_count: u64,
    /// Samples at index [0, …] and at [size/2, …].
    pub samples: Vec<IndexedSample>,
    /// Normalized metadata.
    pub metadata: Metadata,
    /// The file's own tags.
    pub tags: Vec<(String, String)>,
}

/// One sample and where it is.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IndexedSample {
    /// Index along each axis, slowest first.
    pub index: Vec<usize>,
    /// Its value; `None` where it is no number (JSON has none for that).
    pub value: Option<Sample>,
}

/// Describes every signal of a document, reading it plane by plane: memory holds one plane.
///
/// `notices` are those of opening the document; the description takes them along.
///
/// # Errors
/// [`FormatError`] of the first plane that cannot be read.
pub fn describe(document: &dyn Document, mut notices: Notices) -> Result<Description, FormatError> {
    let mut signals = Vec::new();
    for (index, signal) in document.signals().iter().enumerate() {
        signals.push(describe_signal(document, index, signal, &mut notices)?);
    }
    Ok(Description {
        format: document.format().name(),
        signals,
        notices: notices.as_slice().to_vec(),
    })
}

/// One number in, statistics out; complex samples have one of them for each part.
#[derive(Default)]
struct Statistics {
    min: Option<f64>,
    max: Option<f64>,
    sum: f64,
    /// Low-order part lost by `sum` (Neumaier 1974).
    lost: f64,
    count: u64,
    nan_count: u64,
}

impl Statistics {
    fn add(&mut self, value: f64) {
        if value.is_nan() {
            self.nan_count = self.nan_count.saturating_add(1);
            return;
        }
        self.min = Some(self.min.map_or(value, |m| m.min(value)));
        self.max = Some(self.max.map_or(value, |m| m.max(value)));
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
        self.count = self.count.saturating_add(1);
    }

    fn mean(&self) -> Option<f64> {
        let total = if self.sum.is_finite() {
            self.sum + self.lost
        } else {
            self.sum
        };
        (self.count > 0).then(|| total / self.count as f64)
    }
}

fn describe_signal(
    document: &dyn Document,
    index: usize,
    signal: &Signal,
    notices: &mut Notices,
) -> Result<SignalDescription, FormatError> {
    let shape: Vec<usize> = signal.axes.iter().map(|a| a.size).collect();
    let middle: Vec<usize> = shape
        .iter()
        .map(|s| s.checked_div(2).unwrap_or(0))
        .collect();
    let (mut statistics, mut imaginary) = (Statistics::default(), Statistics::default());
    let mut samples = Vec::new();
    // The plane's axes are the last two; the others count planes, the last of them fastest.
    let plane_axes = shape.len().saturating_sub(2);
    let middle_plane = shape
        .iter()
        .zip(&middle)
        .take(plane_axes)
        .fold(0_usize, |plane, (size, at)| {
            plane.saturating_mul(*size).saturating_add(*at)
        });
    for plane in 0..signal.planes() {
        let picture = document.read_plane(index, plane, notices)?;
        match &picture.samples {
            Samples::C64(v) => {
                for &[re, im] in v {
                    statistics.add(re.into());
                    imaginary.add(im.into());
                }
            }
            Samples::C128(v) => {
                for &[re, im] in v {
                    statistics.add(re);
                    imaginary.add(im);
                }
            }
            Samples::Rgb(v) => v
                .as_flattened()
                .iter()
                .for_each(|&c| statistics.add(c.into())),
            Samples::Rgba(v) => v
                .as_flattened()
                .iter()
                .for_each(|&c| statistics.add(c.into())),
            plain => plain.for_each(|v| statistics.add(v)),
        }
        if plane == 0 {
            samples.push(sample(&picture, vec![0; shape.len()]));
        }
        if plane == middle_plane {
            samples.push(sample(&picture, middle.clone()));
        }
    }
    let complex = matches!(signal.dtype, Dtype::C64 | Dtype::C128);
    let mean = match (statistics.mean(), imaginary.mean()) {
        (Some(re), Some(im)) if complex => Some(Sample::Parts(vec![re, im])),
        (mean, _) => mean.map(Sample::Real),
    };
    Ok(SignalDescription {
        format: document.format().name(),
        title: signal.title.clone(),
        shape,
        dtype: Dtype::name(signal.dtype),
        axes: signal.axes.clone(),
        min: statistics.min.filter(|_| !complex),
        max: statistics.max.filter(|_| !complex),
        mean,
        nan_count: statistics.nan_count,
        samples,
        metadata: signal.metadata.clone(),
        tags: signal.tags.clone(),
    })
}

fn sample(picture: &PlaneSamples, index: Vec<usize>) -> IndexedSample {
    let at = match index.as_slice() {
        [.., y, x] => y.saturating_mul(picture.width).saturating_add(*x),
        [x] => *x,
        [] => 0,
    };
    let finite = |sample: &Sample| match sample {
        Sample::Real(value) => value.is_finite(),
        Sample::Parts(parts) => parts.iter().all(|p| p.is_finite()),
    };
    IndexedSample {
        index,
        value: picture.samples.parts(at).filter(finite),
    }
}
