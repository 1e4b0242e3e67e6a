//! What a file holds and what is measured in it: axes, samples, images, radial profiles, and the notices about them.
//!
//! The vocabulary is that of the field's readers: a [`Signal`] has axes with name, unit, offset and scale, normalized
//! [`Metadata`] and the verbatim tags it came from. Measurement and theory meet in one type, [`Profile`].

mod image;
mod metadata;
mod notice;
mod profile;
mod samples;
mod time;

pub use image::{Axis, AxisRole, Image, Signal};
pub use metadata::{Acquired, Metadata, Stage};
pub use notice::{Notice, NoticeKind, Notices, Reason, named};
pub use profile::{LengthUnit, Profile, Sectors};
pub use samples::{Dtype, Sample, Samples};
pub use time::{ClockKind, DateTime};
