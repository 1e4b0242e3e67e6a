//! Brightness of black and white, the same for all frames: images of a series are compared with one scale.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::widgets::memo;

use crate::engine::{FrameMeasured, Plane};

/// Of the particle's radius: what is looked at around it. A burnt-in scale bar is brighter than any particle, and a neighbor may be.
const AROUND: f64 = 1.6;
/// Pixels looked at in all.
const SAMPLE: usize = 1 << 16;

type Pictures = RwSignal<Vec<Option<Arc<Plane>>>>;
type Measured = RwSignal<Vec<Option<Arc<FrameMeasured>>>>;

/// Black and white; `None` while there is no picture.
///
/// Every change of it means that all pictures are shaded anew, so with many frames it is not renewed for each that arrives, but
/// whenever there are twice as many, when all are there, and when all are measured.
pub fn contrast(pictures: Pictures, measured: Measured) -> Memo<Option<(f32, f32)>> {
    let stage = memo(move || {
        let (there, all) = pictures.with(|p| (p.iter().flatten().count(), p.len()));
        let known = measured.with(|m| m.iter().flatten().count());
        let doubled = (there < all).then_some(there.checked_ilog2());
        (doubled, known == all && all > 0)
    });
    memo(move || {
        stage.get();
        pictures.with_untracked(|p| measured.with_untracked(|m| of(p, m)))
    })
}

fn of(
    pictures: &[Option<Arc<Plane>>],
    measured: &[Option<Arc<FrameMeasured>>],
) -> Option<(f32, f32)> {
    let circle = |plane: &Plane| {
        let found = measured.get(plane.frame)?.as_ref()?;
        let circle = found.outcome.as_ref().ok()?.particle.circle;
        Some(circle.binned(plane.binning.max(1)))
    };
    let planes: Vec<&Arc<Plane>> = pictures.iter().flatten().collect();
    let any = planes.iter().any(|plane| circle(plane).is_some());
    let mut sample: Vec<f32> = Vec::new();
    for plane in &planes {
        let (width, height) = (plane.width as f64, plane.height as f64);
        let (left, top, right, bottom) = match circle(plane) {
            Some(c) => {
                let reach = AROUND * c.radius_px;
                let (x, y) = (c.center.x_px, c.center.y_px);
                (x - reach, y - reach, x + reach, y + reach)
            }
            None if any => continue,
            None => (0.0, 0.0, width, height),
        };
        // Casting keeps all of this within the picture.
        let columns = left as usize..(right.min(width) as usize);
        let rows = top as usize..(bottom.min(height) as usize);
        let step = columns.len() * rows.len() * planes.len() / SAMPLE;
        let step = ((step.max(1) as f64).sqrt() as usize).max(1);
        for row in rows.step_by(step) {
            let start = row * plane.width;
            let line = plane.values.get(start + columns.start..start + columns.end);
            let line = line.unwrap_or_default().iter().step_by(step);
            sample.extend(line.filter(|v| v.is_finite()));
        }
    }
    let last = sample.len().checked_sub(1)?;
    let mut at = |share: f64| {
        let rank = (share * last as f64) as usize;
        *sample.select_nth_unstable_by(rank, f32::total_cmp).1
    };
    let (low, high) = (at(0.005), at(0.998));
    Some(if high > low {
        (low, high)
    } else {
        (low - 0.5, low + 0.5)
    })
}
