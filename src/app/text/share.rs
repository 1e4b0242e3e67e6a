//! Texts of the link to share.

use crate::language::{say, word};

/// The dialog that makes a link.
pub fn share() -> &'static str {
    word!("Share as a link" | "Als Link teilen")
}

/// What a link holds.
pub fn share_holds(frames: usize, pictures: bool, names: bool) -> String {
    let pictures = if pictures {
        word!(", a small picture of each particle" | ", ein kleines Bild jedes Partikels")
    } else {
        ""
    };
    let names = if names {
        word!(", the names of series and files" | ", die Namen von Serie und Dateien")
    } else {
        ""
    };
    say!(
        "The link holds the analysis of {frames} frames: your decisions, the radial profiles with their errors{pictures}{names}. Whoever opens it sees every figure, computed anew in their own browser."
            | "Der Link enthält die Auswertung von {frames} Bildern: die Entscheidungen, die radialen Profile mit ihren Fehlern{pictures}{names}. Wer ihn öffnet, sieht jede Abbildung, neu berechnet im eigenen Browser."
    )
}

/// What it does not hold.
pub fn share_holds_not() -> &'static str {
    word!(
        "It does not hold the images. Nothing is sent anywhere: all of it is in the address itself."
            | "Die Bilder enthält er nicht. Nichts wird irgendwohin gesendet: Alles steht in der Adresse selbst."
    )
}

/// A series with a heater log.
pub fn share_no_log() -> &'static str {
    word!(
        "The heater log is not in the link: whoever opens it sees the fit with the temperatures and dwell times of the table."
            | "Das Heizprotokoll ist nicht im Link: Wer ihn öffnet, sieht die Anpassung mit den Temperaturen und Haltezeiten der Tabelle."
    )
}

/// The choice of small pictures.
pub fn share_pictures() -> &'static str {
    word!("Small pictures of the particle" | "Kleine Bilder des Partikels")
}

/// The choice of names.
pub fn share_names() -> &'static str {
    word!("Names of the series and of its files" | "Namen der Serie und ihrer Dateien")
}

/// Name of the field.
pub fn share_address() -> &'static str {
    word!("The link" | "Der Link")
}

/// The button.
pub fn share_copy() -> &'static str {
    word!("Copy link" | "Link kopieren")
}

/// After it.
pub fn share_copied() -> &'static str {
    word!("Copied." | "Kopiert.")
}

/// Where the browser does not allow it.
pub fn share_not_copied() -> &'static str {
    word!(
        "The browser does not let the page copy. The link is selected: press Ctrl+C."
            | "Der Browser lässt die Seite nicht kopieren. Der Link ist ausgewählt: Strg+C drücken."
    )
}

/// How long the link is.
pub fn share_length(characters: usize) -> String {
    say!("{characters} characters" | "{characters} Zeichen")
}

/// A link that may be cut.
pub fn share_long() -> &'static str {
    word!(
        "Mail programs may cut a link of over 8000 characters. Leave out the small pictures, or send a project file."
            | "Mailprogramme schneiden Links von über 8000 Zeichen womöglich ab. Die kleinen Bilder weglassen oder eine Projektdatei senden."
    )
}

/// What cannot be changed in a series that came without its images.
pub fn only_with_images() -> &'static str {
    word!(
        "Not changed: this series came without its images, and centers, circles and masks need them."
            | "Nicht geändert: Diese Serie kam ohne ihre Bilder, und Mittelpunkte, Kreise und Masken brauchen sie."
    )
}

/// Said after a link was opened, or a project without its images.
pub fn opened_reduced() -> &'static str {
    word!(
        "Opened without its images: decisions and profiles, with small pictures. Centers, circles and masks can be changed only with the images: add the image files to a project that was saved without them."
            | "Ohne die Bilder geöffnet: Entscheidungen und Profile, mit kleinen Bildern. Mittelpunkte, Kreise und Masken lassen sich nur mit den Bildern ändern: Einem ohne sie gespeicherten Projekt die Bilddateien hinzufügen."
    )
}
