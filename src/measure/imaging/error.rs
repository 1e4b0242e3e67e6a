//! Why a frame could not be measured.

use crate::language::{Number, say, word};

/// What the image lacks, where, and what to try.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ImagingError {
    /// The values do not fill the frame.
    #[error("{}", say!(
        "the image holds {values} values but should have {width} × {height} pixels"
        | "das Bild enthält {values} Werte, sollte aber {width} × {height} Pixel haben"
    ))]
    Shape {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Values there are.
        values: usize,
    },
    /// Fewer pixels than any particle needs.
    #[error("{}", say!(
        "the image has only {width} × {height} pixels: a profile needs at least {least} on each side"
        | "das Bild hat nur {width} × {height} Pixel: ein Profil braucht auf jeder Seite mindestens {least}"
    ))]
    ImageTooSmall {
        /// Columns.
        width: usize,
        /// Rows.
        height: usize,
        /// Pixels needed on each side.
        least: usize,
    },
    /// All pixels are alike.
    #[error("{}", say!(
        "every pixel of the image is {}: there is nothing to measure; check that the right plane of the file was opened and that the detector was on"
        | "jedes Pixel des Bildes ist {}: zu messen ist da nichts; prüfen, ob die richtige Ebene der Datei geöffnet und der Detektor eingeschaltet war",
        Number(*value)
    ))]
    Constant {
        /// The value.
        value: f64,
    },
    /// More than half of the pixels hold no number.
    #[error("{}", say!(
        "{count} of {total} pixels hold no number: too few are left to measure; export the image without a mask, or leave this frame out"
        | "{count} von {total} Pixeln enthalten keine Zahl: zum Messen bleiben zu wenige; das Bild ohne Maske exportieren oder auslassen"
    ))]
    MostlyNotNumbers {
        /// Pixels that are `NaN` or infinite.
        count: usize,
        /// Pixels in all.
        total: usize,
    },
    /// Nothing roundish and bright.
    #[error("{}", word!(
        "no bright, roundish particle stands out from the background; draw a circle around it, or leave this frame out"
        | "kein helles, rundliches Partikel hebt sich vom Untergrund ab; einen Kreis darum ziehen oder dieses Bild auslassen"
    ))]
    NoParticle,
    /// No particle where the user pointed.
    #[error("{}", say!(
        "no bright, roundish particle that stands free of others lies around ({x_px:.0}, {y_px:.0}); point at another place, or draw a circle"
        | "um ({x_px:.0}, {y_px:.0}) liegt kein helles, rundliches Partikel, das frei von anderen steht; auf eine andere Stelle zeigen oder einen Kreis ziehen"
    ))]
    NothingThere {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
    },
    /// The contrast is inverted.
    #[error("{}", say!(
        "the particle near ({x_px:.0}, {y_px:.0}) is darker than its background, as in a bright-field image; profiles need a dark-field (HAADF) image, bright on dark"
        | "das Partikel bei ({x_px:.0}, {y_px:.0}) ist dunkler als sein Untergrund, wie in einer Hellfeldaufnahme; Profile brauchen eine Dunkelfeldaufnahme (HAADF), hell auf dunkel"
    ))]
    DarkOnBright {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
    },
    /// Too few pixels across.
    #[error("{}", say!(
        "the particle at ({x_px:.0}, {y_px:.0}) has a radius of only {:.1} pixels; a profile needs at least {}: record at higher magnification, or draw a circle around another particle"
        | "das Partikel bei ({x_px:.0}, {y_px:.0}) hat einen Radius von nur {:.1} Pixeln; ein Profil braucht mindestens {}: stärker vergrößert aufnehmen oder einen Kreis um ein anderes Partikel ziehen",
        Number(*radius_px), Number(*least_px)
    ))]
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
    #[error("{}", say!(
        "only {percent:.0} % of the particle at ({x_px:.0}, {y_px:.0}) lies inside the image and outside the masks; move the circle, remove a mask, or leave this frame out"
        | "nur {percent:.0} % des Partikels bei ({x_px:.0}, {y_px:.0}) liegen im Bild und außerhalb der Masken; den Kreis verschieben, eine Maske entfernen oder dieses Bild auslassen"
    ))]
    MostlyOutside {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
        /// Share that can be seen.
        percent: f64,
    },
    /// A circle that cannot be one.
    #[error("{}", say!(
        "a circle of radius {} pixels at ({}, {}) does not fit this image; draw it anew"
        | "ein Kreis mit Radius {} Pixel bei ({}; {}) passt nicht in dieses Bild; ihn neu ziehen",
        Number(*radius_px), Number(*x_px), Number(*y_px)
    ))]
    BadCircle {
        /// Column.
        x_px: f64,
        /// Row.
        y_px: f64,
        /// Radius.
        radius_px: f64,
    },
    /// A bin width that cannot be one.
    #[error("{}", say!(
        "a bin width of {} pixels cannot be used; choose 0.5 to 20"
        | "eine Ringbreite von {} Pixeln ist nicht verwendbar; 0,5 bis 20 wählen", Number(*width_px)
    ))]
    BadBinWidth {
        /// Width asked for.
        width_px: f64,
    },
    /// Nothing like a bar along the line drawn.
    #[error("{}", say!(
        "no even bar of {} pixels or more lies along the line drawn; draw the line along the bar, from end to end"
        | "entlang der gezogenen Linie liegt kein gleichmäßiger Balken von {} oder mehr Pixeln; die Linie am Balken von Ende zu Ende ziehen",
        Number(*least_px)
    ))]
    NoScaleBar {
        /// Shortest bar accepted.
        least_px: f64,
    },
}
