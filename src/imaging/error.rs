//! Why a frame could not be measured.

/// What the image lacks, where, and what to try.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImagingError {
    /// The values do not fill the frame.
    #[error("the image holds {values} values but should have {width} × {height} pixels")]
    Shape {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Values there are.
        values: usize,
    },
    /// Fewer pixels than any particle needs.
    #[error(
        "the image has only {width} × {height} pixels: a profile needs at least {least} on each side"
    )]
    ImageTooSmall {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Pixels needed on each side.
        least: usize,
    },
    /// All pixels are alike.
    #[error(
        "every pixel of the image is {value}: there is nothing to measure; check that the right plane of the file was opened and that the detector was on"
    )]
    Constant {
        /// The value.
        value: f64,
    },
    /// More than half of the pixels hold no number.
    #[error(
        "{count} of {total} pixels hold no number: too few are left to measure; export the image without a mask, or leave this frame out"
    )]
    MostlyNotNumbers {
        /// Pixels that are `NaN` or infinite.
        count: usize,
        /// Pixels in all.
        total: usize,
    },
    /// Nothing roundish and bright.
    #[error(
        "no bright, roundish particle stands out from the background; draw a circle around it, or leave this frame out"
    )]
    NoParticle,
    /// No particle where the user pointed.
    #[error(
        "no bright, roundish particle that stands free of others lies around ({x_px:.0}, {y_px:.0}); point at another place, or draw a circle"
    )]
    NothingThere {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
    },
    /// The contrast is inverted.
    #[error(
        "the particle near ({x_px:.0}, {y_px:.0}) is darker than its background, as in a bright-field image; profiles need a dark-field (HAADF) image, bright on dark"
    )]
    DarkOnBright {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
    },
    /// Too few pixels across.
    #[error(
        "the particle at ({x_px:.0}, {y_px:.0}) has a radius of only {radius_px:.1} pixels; a profile needs at least {least_px}: record at higher magnification, or draw a circle around another particle"
    )]
    TooSmall {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
        /// Radius found.
        radius_px: f64,
        /// Smallest radius accepted.
        least_px: f64,
    },
    /// Too little of the particle can be seen.
    #[error(
        "only {percent:.0} % of the particle at ({x_px:.0}, {y_px:.0}) lies inside the image and outside the masks; move the circle, remove a mask, or leave this frame out"
    )]
    MostlyOutside {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
        /// Share that can be seen.
        percent: f64,
    },
    /// A circle that cannot be one.
    #[error(
        "a circle of radius {radius_px} pixels at ({x_px}, {y_px}) does not fit this image; draw it anew"
    )]
    BadCircle {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
        /// Radius.
        radius_px: f64,
    },
    /// A bin width that cannot be one.
    #[error("a bin width of {width_px} pixels cannot be used; choose 0.5 to 20")]
    BadBinWidth {
        /// Width asked for.
        width_px: f64,
    },
    /// Nothing like a bar along the line drawn.
    #[error(
        "no even bar of {least_px} pixels or more lies along the line drawn; draw the line along the bar, from end to end"
    )]
    NoScaleBar {
        /// Shortest bar accepted.
        least_px: f64,
    },
}
