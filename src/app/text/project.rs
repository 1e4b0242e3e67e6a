//! Texts of project files, saved and hosted.

use super::kept::{count_of_files, size};
use crate::app::hosted::HostedError;
use crate::app::pack::PackError;

texts! {
    project: "Save the project";
    project_menu: "Project file (.alloy)";
    project_holds: "One file with your decisions, the digests of the images, the radial profiles with their errors and small pictures. Drop it on this page to go on, here or on another computer. It is a zip: other programs can read it, too.";
    project_no_images: "The images are not part of it: this series came without files of its own. Without them, centers, circles and masks stay as they are.";
    project_save: "Save";
    project_saved: "Saved.";
    hosted: "The project in this address cannot be opened";
    embed_open: "Open in Alloyscope";
}

/// The choice of images.
pub fn project_images(files: usize, bytes: f64) -> String {
    let files = count_of_files(files);
    format!(
        "With the images and what lay beside them ({files}, {})",
        size(bytes)
    )
}

/// How long the file will be.
pub fn project_size(without: f64, with: Option<f64>) -> String {
    match with {
        Some(with) => format!("{} with images, {} without.", size(with), size(without)),
        None => format!("{}.", size(without)),
    }
}

/// While the originals are read.
pub fn project_packing(done: usize, files: usize) -> String {
    match files {
        0 => "Saving".to_owned(),
        n => format!("Reading file {} of {n}", (done + 1).min(n)),
    }
}

/// Why nothing was saved.
pub fn project_failed(error: &PackError) -> String {
    match error {
        PackError::Unreadable(path) => format!(
            "{path} cannot be read any more: it was moved or changed. Open it again, or save without images."
        ),
        PackError::TooLarge => {
            "A project file holds up to 4 GB. Save without images, and keep the images beside it."
                .to_owned()
        }
    }
}

/// Why a hosted project cannot be had: what happened and what to try.
pub fn hosted_failed(address: &str, error: &HostedError) -> (String, &'static str) {
    match error {
        HostedError::Elsewhere => (
            format!("{address} is not on this site"),
            "only projects that are hosted beside the page are opened from the address; download the other one and drop it here",
        ),
        HostedError::Missing(status) => (
            format!("the server has no {address} (status {status})"),
            "check the address; names are case-sensitive on most servers",
        ),
        HostedError::Unreachable => (
            format!("{address} could not be loaded"),
            "check the connection and load the page again",
        ),
    }
}
