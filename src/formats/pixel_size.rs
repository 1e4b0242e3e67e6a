//! Which of a file's calibrations are believed as pixel sizes: one rule for all formats whose axes carry them.

use crate::language::said;
use crate::signal::{Axis, NoticeKind, Notices, Signal};
use crate::units::nanometers_per;

/// Relative difference of width and height that is rounding.
const SQUARE: f64 = 1e-4;

/// No electron micrograph has larger pixels (nm): a tenth of a millimeter. Files in which no scale was set hold such
/// numbers.
const LARGEST_NM: f64 = 1e5;

/// Reads `pixel_nm` of a signal: of a picture in real space from its own two axes; of spectra from those of their axes that are lengths,
/// which are the scan's. Patterns have none.
///
/// A scale without unit is none, and one of exactly 1 along both is not believed: 1 is what writers put where they know none. The axes keep
/// what the file says.
pub(super) fn settle(signal: &mut Signal, notices: &mut Notices) {
    if signal.is_diffraction() {
        return;
    }
    let length = |axis: &&Axis| signal.is_image() || nanometers_per(&axis.unit).is_some();
    let mut fastest = signal.axes.iter().rev().filter(length);
    let Some(width) = fastest.next() else {
        return;
    };
    let height = fastest.next().unwrap_or(width);
    let unit = width.unit.trim();
    if unit.is_empty() || width.tag.is_empty() {
        return;
    }
    let tag = width.tag.clone();
    let Some(per_unit) = nanometers_per(unit) else {
        if !matches!(unit, "pixel" | "pixels" | "px") {
            notices.add(NoticeKind::UnknownUnit {
                unit: unit.into(),
                tag,
            });
        }
        return;
    };
    let width_nm = width.scale.abs() * per_unit;
    let height_nm = nanometers_per(&height.unit).map_or(width_nm, |nm| height.scale.abs() * nm);
    let doubt = if !(width_nm > 0.0 && height_nm > 0.0) {
        Some(said!(
            "it is no positive number" | "sie ist keine positive Zahl"
        ))
    } else if width.scale < 0.0 && height.scale < 0.0 {
        Some(said!(
            "it is negative, as where no scale was set"
                | "sie ist negativ, wie dort, wo kein Maßstab gesetzt wurde"
        ))
    } else if width.scale == 1.0 && height.scale == 1.0 {
        Some(said!(
            "a scale of exactly 1 is what programs write where they know none"
                | "einen Maßstab von genau 1 schreiben Programme, die keinen kennen"
        ))
    } else if width_nm > LARGEST_NM || height_nm > LARGEST_NM {
        Some(said!(
            "no electron micrograph has pixels this large"
                | "so große Pixel hat keine elektronenmikroskopische Aufnahme"
        ))
    } else {
        None
    };
    if let Some(reason) = doubt {
        notices.add(NoticeKind::PixelSizeDoubted {
            pixel_nm: width.scale * per_unit,
            tag,
            reason,
        });
        return;
    }
    let mut pixel_nm = width_nm;
    if (width_nm - height_nm).abs() > SQUARE * width_nm {
        notices.add(NoticeKind::NonSquarePixels {
            width_nm,
            height_nm,
        });
        pixel_nm = 0.5 * (width_nm + height_nm);
    }
    signal.metadata.pixel_nm = Some((pixel_nm, tag));
}
