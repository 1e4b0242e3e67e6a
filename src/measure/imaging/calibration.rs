//! Is the pixel size believable?

use crate::signal::{NoticeKind, Notices};

use super::Circle;

/// Diameters of the particles this method is for (nm): below, no core has a shell; above, electrons do not pass.
const DIAMETERS_NM: [f64; 2] = [0.5, 200.0];

/// Adds [`NoticeKind::AbsurdSize`] when the circle would be less than 0.5 nm or more than 200 nm across with this pixel
/// size (nm); returns the diameter in nanometers.
pub fn doubt_size(circle: Circle, pixel_nm: f64, notices: &mut Notices) -> f64 {
    let diameter_nm = 2.0 * circle.radius_px * pixel_nm;
    if !(DIAMETERS_NM[0]..=DIAMETERS_NM[1]).contains(&diameter_nm) {
        notices.add(NoticeKind::AbsurdSize { diameter_nm });
    }
    diameter_nm
}
