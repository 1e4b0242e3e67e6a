//! Velox' stream of X-ray events as a spectrum image.
//!
//! The stream is one number after another: the channel of an event, or 65535, which ends a pixel of the scan. The pixels
//! come row by row and frame after frame; several detectors have a stream each. A spectrum image is their sum over frames
//! and detectors. The events are held sorted by pixel (the size of the streams, not of the cube).

use std::cell::OnceCell;

use hdf5_reader::{Dataset, SliceInfo, SliceInfoElem};

use super::store::Store;
use crate::formats::{FormatError, PlaneSamples};
use crate::language::said;
use crate::signal::{Dtype, Samples};

/// Ends a pixel.
const NEXT_PIXEL: u16 = u16::MAX;

/// Numbers read at a time.
const PORTION: u64 = 1 << 20;

/// Pixels of a scan per number of its streams, at most.
const STOPPED: u64 = 16;

/// The streams of a spectrum image.
pub(super) struct Stream {
    streams: Vec<(String, Dataset)>,
    /// Rows, columns, channels.
    pub(super) size: [usize; 3],
    events: OnceCell<Events>,
}

/// Events sorted by the pixel of the scan.
struct Events {
    /// Where the events of each pixel start; one more at the end.
    starts: Vec<usize>,
    channels: Vec<u16>,
}

impl Stream {
    /// Type of the counts, saturating at 65535 in one channel of one pixel.
    pub(super) const DTYPE: Dtype = Dtype::U16;

    pub(super) fn new(
        store: &Store,
        streams: Vec<(String, Dataset)>,
        size: [usize; 3],
    ) -> Result<Stream, FormatError> {
        let [rows, columns, channels] = size.map(|n| n as u64);
        let row = columns.saturating_mul(channels);
        let numbers = streams
            .iter()
            .map(|(_, d)| d.num_elements().unwrap_or(u64::MAX));
        let numbers = numbers.fold(0, u64::saturating_add);
        let checks = [
            (
                said!("number of channels of a row" | "die Zahl der Kanäle einer Zeile"),
                row,
                store.limits.pixels.min(store.largest_read() / 2),
            ),
            (
                said!("number of pictures" | "die Zahl der Bilder"),
                rows,
                store.limits.pages,
            ),
            // Every pixel has a number in the stream, but for those of a scan that was stopped.
            (
                said!("number of pixels" | "die Zahl der Pixel"),
                rows.saturating_mul(columns),
                numbers.saturating_mul(STOPPED),
            ),
            (
                said!("number of bytes of the events" | "die Zahl der Bytes der Ereignisse"),
                numbers.saturating_mul(2),
                store.largest_read(),
            ),
        ];
        for (field, value, limit) in checks {
            if value > limit {
                return Err(FormatError::LimitExceeded {
                    format: store.format,
                    field,
                    value,
                    limit,
                });
            }
        }
        Ok(Stream {
            streams,
            size,
            events: OnceCell::new(),
        })
    }

    /// The spectra of one row of the scan; `None` where there is no such one.
    pub(super) fn read_plane(
        &self,
        store: &Store,
        plane: usize,
    ) -> Result<Option<PlaneSamples>, FormatError> {
        let [rows, columns, channels] = self.size;
        if plane >= rows {
            return Ok(None);
        }
        if self.events.get().is_none() {
            let sorted = self.sort(store)?;
            // A second setting would be of the same events.
            let _ = self.events.set(sorted);
        }
        let mut counts = vec![0_u16; columns.saturating_mul(channels)];
        if let Some(events) = self.events.get() {
            let first = plane.saturating_mul(columns);
            for (spectrum, pixel) in counts.chunks_exact_mut(channels.max(1)).zip(first..) {
                for &channel in events.of(pixel) {
                    if let Some(count) = spectrum.get_mut(usize::from(channel)) {
                        *count = count.saturating_add(1);
                    }
                }
            }
        }
        Ok(Some(PlaneSamples {
            width: channels,
            height: columns,
            saturation: Some(u16::MAX.into()),
            samples: Samples::U16(counts),
        }))
    }

    /// Counts the events of every pixel, then puts them in place: two passes over the streams.
    fn sort(&self, store: &Store) -> Result<Events, FormatError> {
        let [rows, columns, _] = self.size;
        let pixels = rows.saturating_mul(columns);
        let mut starts = vec![0_usize; pixels.saturating_add(1)];
        self.for_each_event(store, |pixel, _| {
            if let Some(count) = starts.get_mut(pixel.saturating_add(1)) {
                *count = count.saturating_add(1);
            }
        })?;
        let mut total = 0_usize;
        for start in &mut starts {
            total = total.saturating_add(*start);
            *start = total;
        }
        let mut channels = vec![0; total];
        let mut next = starts.clone();
        self.for_each_event(store, |pixel, channel| {
            if let Some(at) = next.get_mut(pixel) {
                if let Some(slot) = channels.get_mut(*at) {
                    *slot = channel;
                }
                *at = at.saturating_add(1);
            }
        })?;
        Ok(Events { starts, channels })
    }

    fn for_each_event(
        &self,
        store: &Store,
        mut event: impl FnMut(usize, u16),
    ) -> Result<(), FormatError> {
        let [rows, columns, _] = self.size;
        let pixels = rows.saturating_mul(columns);
        for (path, dataset) in &self.streams {
            let length = dataset.shape().first().copied().unwrap_or(0);
            let mut pixel = 0_usize;
            let mut at = 0;
            while at < length {
                let end = at.saturating_add(PORTION).min(length);
                let mut selections = vec![SliceInfoElem::Index(0); dataset.ndim()];
                if let Some(first) = selections.first_mut() {
                    *first = SliceInfoElem::Slice {
                        start: at,
                        end,
                        step: 1,
                    };
                }
                let numbers = dataset
                    .read_slice::<u16>(&SliceInfo { selections })
                    .map_err(|e| store.fault(path, e))?;
                // A walk over an array of run-time dimensions costs twenty times as much.
                let (numbers, _) = numbers.into_raw_vec_and_offset();
                for number in numbers {
                    if number == NEXT_PIXEL {
                        pixel = pixel.saturating_add(1);
                        if pixel == pixels {
                            pixel = 0;
                        }
                    } else {
                        event(pixel, number);
                    }
                }
                at = end;
            }
        }
        Ok(())
    }
}

impl Events {
    fn of(&self, pixel: usize) -> &[u16] {
        let bounds = self
            .starts
            .get(pixel)
            .zip(self.starts.get(pixel.saturating_add(1)));
        bounds
            .and_then(|(start, end)| self.channels.get(*start..*end))
            .unwrap_or_default()
    }
}
