//! Texts of project files, saved and hosted.

use super::kept::{count_of_files, size};
use crate::app::hosted::HostedError;
use crate::app::pack::PackError;
use crate::language::{say, word};

texts! {
    project: "Save the project" | "Projekt speichern";
    project_menu: "Project file (.alloy)" | "Projektdatei (.alloy)";
    project_holds: "One file with your decisions, the digests of the images, the radial profiles with their errors and small pictures. Drop it on this page to go on, here or on another computer. It is a zip: other programs can read it, too." | "Eine Datei mit den Entscheidungen, den Prüfsummen der Bilder, den radialen Profilen mit ihren Fehlern und kleinen Bildern. Auf dieser Seite abgelegt geht es weiter, hier oder auf einem anderen Rechner. Sie ist ein zip: Auch andere Programme können sie lesen.";
    project_no_images: "The images are not part of it: this series came without files of its own. Without them, centers, circles and masks stay as they are." | "Die Bilder gehören nicht dazu: Diese Serie kam ohne eigene Dateien. Ohne sie bleiben Mittelpunkte, Kreise und Masken, wie sie sind.";
    project_save: "Save" | "Speichern";
    project_saved: "Saved." | "Gespeichert.";
    hosted: "The project in this address cannot be opened" | "Das Projekt in dieser Adresse lässt sich nicht öffnen";
    embed_open: "Open in Alloyscope" | "In Alloyscope öffnen";
}

/// The choice of images.
pub fn project_images(files: usize, bytes: f64) -> String {
    let files = count_of_files(files);
    say!(
        "With the images and what lay beside them ({files}, {})"
            | "Mit den Bildern und dem, was dabei lag ({files}, {})",
        size(bytes)
    )
}

/// How long the file will be.
pub fn project_size(without: f64, with: Option<f64>) -> String {
    match with {
        Some(with) => say!(
            "{} with images, {} without." | "{} mit Bildern, {} ohne.",
            size(with),
            size(without)
        ),
        None => format!("{}.", size(without)),
    }
}

/// While the originals are read.
pub fn project_packing(done: usize, files: usize) -> String {
    match files {
        0 => word!("Saving" | "Speichert").to_owned(),
        n => say!(
            "Reading file {} of {n}" | "Liest Datei {} von {n}",
            (done + 1).min(n)
        ),
    }
}

/// Why nothing was saved.
pub fn project_failed(error: &PackError) -> String {
    match error {
        PackError::Unreadable(path) => say!(
            "{path} cannot be read any more: it was moved or changed. Open it again, or save without images." | "{path} lässt sich nicht mehr lesen: Die Datei wurde verschoben oder geändert. Wieder öffnen oder ohne Bilder speichern."
        ),
        PackError::TooLarge => {
            word!("This is more than the browser puts into one file. Save without images, and keep the images beside it." | "Das ist mehr, als der Browser in eine Datei packt. Ohne Bilder speichern und die Bilder daneben aufbewahren.")
                .to_owned()
        }
    }
}

/// Why a hosted project cannot be had: what happened and what to try.
pub fn hosted_failed(address: &str, error: &HostedError) -> (String, &'static str) {
    match error {
        HostedError::Elsewhere => (
            say!("{address} is not on this site" | "{address} liegt nicht auf dieser Website"),
            word!(
                "only projects that are hosted beside the page are opened from the address; download the other one and drop it here"
                    | "aus der Adresse werden nur Projekte geöffnet, die neben der Seite liegen; das andere herunterladen und hier ablegen"
            ),
        ),
        HostedError::Missing(status) => (
            say!(
                "the server has no {address} (status {status})"
                    | "der Server hat kein {address} (Status {status})"
            ),
            word!(
                "check the address; names are case-sensitive on most servers"
                    | "die Adresse prüfen; auf den meisten Servern zählt Groß- und Kleinschreibung"
            ),
        ),
        HostedError::Unreachable => (
            say!("{address} could not be loaded" | "{address} ließ sich nicht laden"),
            word!(
                "check the connection and load the page again"
                    | "die Verbindung prüfen und die Seite neu laden"
            ),
        ),
    }
}
