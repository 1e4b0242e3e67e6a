//! A spectrum in every pixel.

use core::ops::Range;

use super::{EnergyAxis, SpectroscopyError, Window};
use crate::signal::{AxisRole, Dtype, Image, Samples, Signal};

/// Channels between two of the sums that are kept: 8 bytes for 32 channels add an eighth to 16-bit data.
const BLOCK: usize = 32;

/// One spectrum, a line of them, or an image of them.
///
/// The samples stay in the type of the file, energy fastest. Beside them stand running sums, one every 32 channels, so that a sum over any
/// window costs the same whatever its width: an eighth of the memory of 16-bit data, a quarter of 8-bit data.
#[derive(Clone, Debug)]
pub struct SpectrumImage {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// The channels.
    pub axis: EnergyAxis,
    /// Size of a pixel (nm), where the file gives one.
    pub pixel_nm: Option<f64>,
    pub(super) samples: Samples,
    running: Vec<f64>,
}

/// One spectrum: counts by channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Spectrum {
    /// The channels.
    pub axis: EnergyAxis,
    /// Counts in each.
    pub counts: Vec<f64>,
}

impl Spectrum {
    /// Sum over some channels.
    pub fn sum(&self, range: Range<usize>) -> f64 {
        self.counts.get(range).map_or(0.0, |c| c.iter().sum())
    }

    /// Channels taken together in whole groups of `factor`; what does not fill a group at the end is left out.
    pub fn binned(&self, factor: usize) -> Spectrum {
        let factor = factor.max(1);
        let counts: Vec<f64> = self
            .counts
            .chunks_exact(factor)
            .map(|c| c.iter().sum())
            .collect();
        Spectrum {
            axis: EnergyAxis {
                first_ev: self.axis.first_ev + 0.5 * (factor as f64 - 1.0) * self.axis.step_ev,
                step_ev: self.axis.step_ev * factor as f64,
                channels: counts.len(),
            },
            counts,
        }
    }
}

impl SpectrumImage {
    /// From samples with energy fastest, then columns, then rows.
    ///
    /// # Errors
    /// [`SpectroscopyError::Samples`] where they do not fill the shape.
    pub fn new(
        (width, height): (usize, usize),
        axis: EnergyAxis,
        samples: Samples,
    ) -> Result<SpectrumImage, SpectroscopyError> {
        let expected = width.saturating_mul(height).saturating_mul(axis.channels);
        if samples.len() != expected || expected == 0 {
            return Err(SpectroscopyError::Samples {
                found: samples.len(),
                expected,
            });
        }
        let blocks = axis.channels.div_ceil(BLOCK) + 1;
        let mut running = Vec::with_capacity(width * height * blocks);
        let (mut channel, mut sum) = (0, 0.0);
        samples.for_each(|v| {
            if channel % BLOCK == 0 {
                running.push(sum);
            }
            sum += v;
            channel += 1;
            if channel == axis.channels {
                running.push(sum);
                (channel, sum) = (0, 0.0);
            }
        });
        Ok(SpectrumImage {
            width,
            height,
            axis,
            pixel_nm: None,
            samples,
            running,
        })
    }

    /// From a signal of a file and all its samples.
    ///
    /// # Errors
    /// As [`SpectraReader::new`] and [`SpectraReader::finish`].
    pub fn of(signal: &Signal, samples: Samples) -> Result<SpectrumImage, SpectroscopyError> {
        let mut reader = SpectraReader::new(signal)?;
        reader.add(samples);
        reader.finish()
    }

    /// Number of spectra.
    pub fn pixels(&self) -> usize {
        self.width * self.height
    }

    /// Bytes that samples and running sums take.
    pub fn bytes(&self) -> usize {
        self.samples.len() * self.samples.dtype().bytes() + self.running.len() * 8
    }

    /// Σ over the first `channel` channels of one pixel.
    fn up_to(&self, pixel: usize, channel: usize) -> f64 {
        let blocks = self.axis.channels.div_ceil(BLOCK) + 1;
        let channel = channel.min(self.axis.channels);
        let block = if channel == self.axis.channels {
            blocks - 1
        } else {
            channel / BLOCK
        };
        let from = if channel == self.axis.channels {
            channel
        } else {
            block * BLOCK
        };
        let kept = self
            .running
            .get(pixel * blocks + block)
            .copied()
            .unwrap_or(0.0);
        let start = pixel * self.axis.channels;
        kept + self.samples.sum(start + from..start + channel)
    }

    /// Sum over some channels of one pixel.
    pub fn sum(&self, pixel: usize, range: Range<usize>) -> f64 {
        if range.len() <= BLOCK {
            let start = pixel * self.axis.channels;
            let end = range.end.min(self.axis.channels);
            return self.samples.sum(start + range.start.min(end)..start + end);
        }
        self.up_to(pixel, range.end) - self.up_to(pixel, range.start)
    }

    /// One channel of one pixel.
    pub fn count(&self, pixel: usize, channel: usize) -> f64 {
        self.samples
            .get(pixel * self.axis.channels + channel)
            .unwrap_or(0.0)
    }

    /// The spectrum of one pixel.
    pub fn spectrum(&self, pixel: usize) -> Spectrum {
        let counts = (0..self.axis.channels)
            .map(|c| self.count(pixel, c))
            .collect();
        Spectrum {
            axis: self.axis,
            counts,
        }
    }

    /// The sum of the spectra of the pixels that `chosen` takes (by column and row).
    pub fn sum_spectrum(&self, chosen: impl Fn(usize, usize) -> bool) -> Spectrum {
        let mut counts = vec![0.0; self.axis.channels];
        for pixel in 0..self.pixels() {
            if chosen(pixel % self.width, pixel / self.width) {
                self.samples.add_to(pixel * self.axis.channels, &mut counts);
            }
        }
        Spectrum {
            axis: self.axis,
            counts,
        }
    }

    /// The sums over a window as an image: without background.
    pub fn window_image(&self, window: Window) -> Image {
        let range = self.axis.within(window);
        Image {
            width: self.width,
            height: self.height,
            values: (0..self.pixels())
                .map(|p| self.sum(p, range.clone()) as f32)
                .collect(),
        }
    }
}

/// A spectrum image from the planes of a file, in their order; what is not energy fastest is sorted as it comes, so that all samples are held once.
///
/// The energy axis is the one in eV or keV.
#[derive(Debug)]
pub struct SpectraReader {
    size: (usize, usize),
    axis: EnergyAxis,
    pixel_nm: Option<f64>,
    /// Positions of the axes behind that of energy.
    after: usize,
    sorted: Samples,
    /// Samples taken so far.
    taken: usize,
    /// Planes that wait to be sorted together.
    waiting: Option<Samples>,
}

/// Channels that are sorted together: spectra are then written by whole lines of the processor's memory.
const TOGETHER: usize = 32;

impl SpectraReader {
    /// Looks at the axes of a signal.
    ///
    /// # Errors
    /// No energy axis, or more than two others.
    pub fn new(signal: &Signal) -> Result<SpectraReader, SpectroscopyError> {
        let calibrated = |role: Option<AxisRole>| {
            signal
                .axes
                .iter()
                .position(|a| role.is_none_or(|r| a.role == r) && EnergyAxis::of(a).is_ok())
        };
        let unit = || {
            signal
                .axes
                .last()
                .map(|a| a.unit.clone())
                .unwrap_or_default()
        };
        let at = calibrated(Some(AxisRole::Signal))
            .or_else(|| calibrated(None))
            .ok_or_else(|| SpectroscopyError::NoEnergyAxis { unit: unit() })?;
        let Some(energy) = signal.axes.get(at) else {
            return Err(SpectroscopyError::NoEnergyAxis { unit: unit() });
        };
        // Axes of a single position hold nothing.
        let others: Vec<_> = signal
            .axes
            .iter()
            .enumerate()
            .filter(|(i, a)| *i != at && a.size != 1)
            .map(|(_, a)| a)
            .collect();
        let size = match others.as_slice() {
            [] => (1, 1),
            [line] => (line.size, 1),
            [rows, columns] => (columns.size, rows.size),
            _ => {
                return Err(SpectroscopyError::Shape {
                    axes: signal.axes.len(),
                });
            }
        };
        Ok(SpectraReader {
            size,
            axis: EnergyAxis::of(energy)?,
            pixel_nm: signal.metadata.pixel_nm.as_ref().map(|(nm, _)| *nm),
            after: signal.axes.iter().skip(at + 1).map(|a| a.size).product(),
            sorted: Samples::zeros(Dtype::Bool, 0),
            taken: 0,
            waiting: None,
        })
    }

    /// Columns and rows.
    pub fn size(&self) -> (usize, usize) {
        self.size
    }

    /// The channels.
    pub fn axis(&self) -> EnergyAxis {
        self.axis
    }

    fn expected(&self) -> usize {
        self.size.0 * self.size.1 * self.axis.channels
    }

    /// The samples that follow those before; `false` where they are of another type.
    pub fn add(&mut self, samples: Samples) -> bool {
        if self.taken == 0 && self.waiting.is_none() {
            if self.after == 1 && samples.len() == self.expected() {
                self.taken = samples.len();
                self.sorted = samples;
                return true;
            }
            self.sorted = Samples::zeros(samples.dtype(), self.expected());
        }
        match &mut self.waiting {
            None => self.waiting = Some(samples),
            Some(waiting) => {
                if !waiting.append(samples) {
                    return false;
                }
            }
        }
        let (length, row) = (self.waiting.as_ref().map_or(0, Samples::len), self.after);
        let block = self.axis.channels * row;
        let whole = row > 0 && length.is_multiple_of(row);
        if whole && (length >= TOGETHER * row || (self.taken + length).is_multiple_of(block.max(1)))
        {
            return self.sort();
        }
        true
    }

    /// Puts what waits where it belongs.
    fn sort(&mut self) -> bool {
        let Some(waiting) = self.waiting.take() else {
            return true;
        };
        let (channels, after, taken) = (self.axis.channels, self.after, self.taken);
        self.taken += waiting.len();
        // Rows of `after` samples: row k of all is channel k % channels of block k / channels.
        let first = taken / after.max(1);
        let last = first + waiting.len() / after.max(1);
        let pairs = (first / channels..last.div_ceil(channels)).flat_map(move |block| {
            let start = block * channels;
            let rows = first.max(start)..last.min(start + channels);
            (0..after).flat_map(move |a| {
                let (to, from) = ((block * after + a) * channels, first);
                rows.clone()
                    .map(move |row| (to + (row - start), (row - from) * after + a))
            })
        });
        self.sorted.take(&waiting, pairs)
    }

    /// The spectrum image.
    ///
    /// # Errors
    /// [`SpectroscopyError::Samples`] where too many or too few came.
    pub fn finish(mut self) -> Result<SpectrumImage, SpectroscopyError> {
        self.sort();
        if self.taken != self.expected() {
            return Err(SpectroscopyError::Samples {
                found: self.taken,
                expected: self.expected(),
            });
        }
        let mut image = SpectrumImage::new(self.size, self.axis, self.sorted)?;
        image.pixel_nm = self.pixel_nm;
        Ok(image)
    }
}
