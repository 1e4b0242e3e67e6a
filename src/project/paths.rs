//! Paths within what was dropped: `/` between folders, none at the start.

pub(super) fn shown(folder: &str) -> &str {
    if folder.is_empty() { "." } else { folder }
}

pub(super) fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

pub(super) fn name_of(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

pub(super) fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

pub(super) fn depth(folder: &str) -> usize {
    folder.split('/').filter(|part| !part.is_empty()).count()
}

pub(super) fn join(folder: &str, path: &str) -> String {
    let path = path.trim_start_matches("./");
    if folder.is_empty() {
        path.into()
    } else {
        format!("{folder}/{path}")
    }
}

pub(super) fn same_name(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

pub(super) fn same_stem(a: &str, listed: &str) -> bool {
    same_name(stem(a), listed)
}

pub(super) fn is_table(path: &str) -> bool {
    let name = name_of(path).to_ascii_lowercase();
    matches!(name.as_str(), "series.csv" | "series.tsv")
}

/// Suffixes of files that people keep beside images and that are none.
pub(super) fn is_passed_over(path: &str) -> bool {
    let suffix = name_of(path)
        .rsplit_once('.')
        .map_or("", |(_, suffix)| suffix)
        .to_ascii_lowercase();
    matches!(
        suffix.as_str(),
        "json"
            | "txt"
            | "csv"
            | "tsv"
            | "md"
            | "xml"
            | "log"
            | "ini"
            | "yml"
            | "yaml"
            | "toml"
            | "html"
            | "htm"
            | "pdf"
            | "doc"
            | "docx"
            | "xls"
            | "xlsx"
            | "ppt"
            | "pptx"
            | "odt"
            | "ods"
            | "py"
            | "ipynb"
            | "m"
            | "r"
            | "opj"
            | "db"
            | "svg"
            | "dens"
            | "rtf"
            | "cff"
    )
}
