//! A series without its images: what its figures need, small enough for a link.

use serde::{Deserialize, Serialize};

use super::Project;
use crate::imaging::{Circle, Measurement};
use crate::signal::Image;

/// The decisions, what was measured in every frame, and small pictures of the particle.
///
/// It holds all that the fit reads, so that whoever gets it sees every figure recomputed, and moves every number but those that need
/// the images: center, circle and masks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reduced {
    /// The decisions; one frame each in `series.frames`.
    pub project: Project,
    /// What is known of the frames, in the order of the series.
    pub frames: Vec<ReducedFrame>,
}

/// One frame without its image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReducedFrame {
    /// What was measured; `None` where there is no particle.
    pub measurement: Option<Measurement>,
    /// The particle, small.
    pub thumbnail: Option<Thumbnail>,
}

/// A part of a frame's image, each pixel the mean of `binning`² of its pixels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// Column and row of its first pixel in the image binned as a whole.
    pub origin: (usize, usize),
    /// Pixels of the image per pixel here, along each side.
    pub binning: usize,
    /// The picture.
    pub image: Image,
}

/// Half the side of a thumbnail, in radii of the particle.
const HALF_SIDE: f64 = 1.4;

/// Pixels along a side of a thumbnail, about.
const SIDE: f64 = 18.0;

/// Most pixels along a side of a frame that a thumbnail is put back into.
pub(super) const MOST_FRAMED: usize = 2048;

impl Thumbnail {
    /// Cuts the particle from a picture of the whole frame, which was binned by `binning` already.
    pub fn cut(picture: &Image, binning: usize, particle: Circle) -> Option<Thumbnail> {
        let circle = particle.binned(binning);
        let half = HALF_SIDE * circle.radius_px;
        let factor = ((2.0 * half / SIDE).ceil() as usize).max(1);
        let (columns, rows) = (picture.width / factor, picture.height / factor);
        let span = |center: f64, most: usize| {
            let low = ((center - half) / factor as f64).floor().max(0.0) as usize;
            let high = ((center + half) / factor as f64).ceil().max(0.0) as usize;
            low.min(most)..high.min(most)
        };
        let (x, y) = (
            span(circle.center.x_px, columns),
            span(circle.center.y_px, rows),
        );
        let mean = |column: usize, row: usize| -> Option<f32> {
            let mut sum = 0.0;
            for line in row * factor..(row + 1) * factor {
                let start = line * picture.width + column * factor;
                sum += picture
                    .values
                    .get(start..start + factor)?
                    .iter()
                    .sum::<f32>();
            }
            Some(sum / (factor * factor) as f32)
        };
        let values: Option<Vec<f32>> = y
            .clone()
            .flat_map(|row| x.clone().map(move |column| (column, row)))
            .map(|(column, row)| mean(column, row))
            .collect();
        let values = values.filter(|v| !v.is_empty() && v.iter().all(|v| v.is_finite()))?;
        Some(Thumbnail {
            origin: (x.start, y.start),
            binning: binning * factor,
            image: Image {
                width: x.len(),
                height: y.len(),
                values,
            },
        })
    }

    /// The whole frame at this binning: the thumbnail where it belongs, its darkest value elsewhere.
    pub fn framed(&self, size: (usize, usize)) -> Image {
        let binning = self.binning.max(1);
        let (left, top) = self.origin;
        let side = |whole: usize, needed: usize| (whole / binning).min(MOST_FRAMED).max(needed);
        let width = side(size.0, left + self.image.width);
        let height = side(size.1, top + self.image.height);
        let darkest = self
            .image
            .values
            .iter()
            .copied()
            .fold(f32::INFINITY, f32::min);
        let mut values = vec![darkest; width * height];
        let lines = values.chunks_exact_mut(width.max(1)).skip(top);
        for (line, row) in lines.zip(self.image.values.chunks_exact(self.image.width.max(1))) {
            if let Some(part) = line.get_mut(left..left + row.len()) {
                part.copy_from_slice(row);
            }
        }
        Image {
            width,
            height,
            values,
        }
    }
}

impl Reduced {
    /// Leaves out what names the data: title, file names, digests, reasons.
    pub fn nameless(mut self) -> Reduced {
        self.project.series.name.clear();
        for (index, frame) in self.project.series.frames.iter_mut().enumerate() {
            frame.file = format!("frame {index}");
            frame.digest.clear();
            if let Some(reason) = &mut frame.excluded {
                reason.clear();
            }
        }
        self
    }

    /// Leaves out the pictures.
    pub fn without_thumbnails(mut self) -> Reduced {
        self.frames.iter_mut().for_each(|f| f.thumbnail = None);
        self
    }
}
