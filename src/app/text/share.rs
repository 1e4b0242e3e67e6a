//! Texts of the link to share.

/// The dialog that makes a link.
pub fn share() -> &'static str {
    "Share as a link"
}

/// What a link holds.
pub fn share_holds(frames: usize, pictures: bool, names: bool) -> String {
    let pictures = if pictures {
        ", a small picture of each particle"
    } else {
        ""
    };
    let names = if names {
        ", the names of series and files"
    } else {
        ""
    };
    format!(
        "The link holds the analysis of {frames} frames: your decisions, the radial profiles with their errors{pictures}{names}. Whoever opens it sees every figure, computed anew in their own browser."
    )
}

/// What it does not hold.
pub fn share_holds_not() -> &'static str {
    "It does not hold the images. Nothing is sent anywhere: all of it is in the address itself."
}

/// A series with a heater log.
pub fn share_no_log() -> &'static str {
    "The heater log is not in the link: whoever opens it sees the fit with the temperatures and dwell times of the table."
}

/// The choice of small pictures.
pub fn share_pictures() -> &'static str {
    "Small pictures of the particle"
}

/// The choice of names.
pub fn share_names() -> &'static str {
    "Names of the series and of its files"
}

/// Name of the field.
pub fn share_address() -> &'static str {
    "The link"
}

/// The button.
pub fn share_copy() -> &'static str {
    "Copy link"
}

/// After it.
pub fn share_copied() -> &'static str {
    "Copied."
}

/// Where the browser does not allow it.
pub fn share_not_copied() -> &'static str {
    "The browser does not let the page copy. The link is selected: press Ctrl+C."
}

/// How long the link is.
pub fn share_length(characters: usize) -> String {
    format!("{characters} characters")
}

/// A link that may be cut.
pub fn share_long() -> &'static str {
    "Mail programs may cut a link of over 8000 characters. Leave out the small pictures, or send a project file."
}

/// Said after a link was opened, or a project without its images.
pub fn opened_reduced() -> &'static str {
    "Opened without its images: decisions and profiles, with small pictures. Centers, circles and masks can be changed only with the images: add the image files to a project that was saved without them."
}
