//! Texts of what the browser keeps.

use crate::app::browser::local_time;

texts! {
    kept: "Kept in this browser";
    kept_title: "Or go on with a series that this browser keeps:";
    kept_help: "The files of a series that is opened stay in this browser, beside your decisions about it, until you let them go: a reload, a crash or a closed tab loses nothing. They are sent nowhere. On a computer that others use, too, it may be better to keep nothing.";
    keep_files: "Keep the files of series in this browser";
    kept_gone: "This browser no longer has the files of that series: its storage was cleared, or another tab let them go. Open the files again; your decisions about them come back.";
    kept_none: "Nothing is kept.";
    renew: "Use it now";
}

/// So many files.
pub(super) fn count_of_files(count: usize) -> String {
    match count {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    }
}

/// A size as people read it.
pub(super) fn size(bytes: f64) -> String {
    match bytes {
        b if b >= 1e9 => format!("{:.1} GB", b / 1e9),
        b if b >= 1e6 => format!("{:.1} MB", b / 1e6),
        b => format!("{:.0} kB", (b / 1e3).ceil()),
    }
}

/// A newer build is there.
pub fn newer(keeps: bool) -> &'static str {
    match keeps {
        true => "A newer version of Alloyscope is there. What you have open stays open.",
        false => {
            "A newer version of Alloyscope is there. Your decisions stay; the files have to be opened again."
        }
    }
}

/// All that is kept.
pub fn kept_in_all(series: usize, bytes: f64) -> String {
    format!("{series} series, {} in all", size(bytes))
}

/// One of them.
pub fn kept_details(files: usize, bytes: f64, saved_ms: f64) -> String {
    let files = count_of_files(files);
    format!("{files}, {}, {}", size(bytes), local_time(saved_ms))
}

/// The button that lets one go.
pub fn forget_kept(name: &str) -> String {
    format!("Forget {name}")
}

/// Files that are not kept because of their size.
pub fn too_large_to_keep(bytes: f64) -> String {
    format!(
        "These files are not kept in this browser, because they are large ({}): after a reload, open them again. Your decisions are kept.",
        size(bytes)
    )
}

/// Files that the browser did not keep.
pub fn not_kept(bytes: f64) -> String {
    format!(
        "This browser did not keep the files ({}): it may be a private window, or its storage is full. After a reload, open them again.",
        size(bytes)
    )
}
