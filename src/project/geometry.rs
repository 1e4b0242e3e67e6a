//! What the average over round rings hides, as the images showed it.

use serde::{Deserialize, Serialize};

use crate::fit::{CoreOffset, Estimate};
use crate::imaging::Ellipse;

/// The particle's shape in the image plane, the same in all frames.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geometry {
    /// Longest over shortest axis, from the outlines of all frames.
    pub axis_ratio: Estimate,
    /// Direction of the longest axis (radians from +x towards +y).
    pub angle_rad: f64,
    /// Where the core stands; `None` where the images cannot tell.
    pub core: Option<CoreOffset>,
    /// Whether rings are ellipses of that shape.
    pub elliptic: bool,
    /// Whether the core is taken to stand there.
    pub off_center: bool,
}

impl Geometry {
    /// Whether round rings about one center are not enough.
    pub fn needed(&self) -> bool {
        self.elliptic || self.off_center
    }

    /// The shape of the rings, where they are ellipses.
    pub fn ellipse(&self) -> Option<Ellipse> {
        self.elliptic.then_some(Ellipse {
            ratio: self.axis_ratio.value,
            angle_rad: self.angle_rad,
        })
    }
}
