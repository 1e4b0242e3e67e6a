//! Files that belong together by their names: the only thing names decide, because the bytes do not say it.

use super::natural_order;
use crate::numerics::sort_by;

/// A file name without its folder and suffix, and the suffix, both in small letters.
fn parts(path: &str) -> (String, String, &str) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let folder = path
        .get(..path.len().saturating_sub(name.len()))
        .unwrap_or("");
    let (stem, suffix) = name.rsplit_once('.').unwrap_or((name, ""));
    (
        stem.to_ascii_lowercase(),
        suffix.to_ascii_lowercase(),
        folder,
    )
}

/// `X_3` of `X` is series 3.
fn series_number(stem: &str, of: &str) -> Option<u32> {
    stem.strip_prefix(of)?.strip_prefix('_')?.parse().ok()
}

/// Which of `paths` belong to the file at `path`, in the order in which [`open_with`](super::open_with) wants them:
/// `X.emi` to `X_1.ser`; `X_1.ser`, `X_2.ser`, … to `X.emi`; `X.raw` to `X.rpl`. Only files of the same folder.
pub fn companions<'a>(path: &str, paths: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let (stem, suffix, folder) = parts(path);
    let mut found: Vec<&str> = paths
        .into_iter()
        .filter(|other| {
            let (other_stem, other_suffix, other_folder) = parts(other);
            folder == other_folder
                && match (suffix.as_str(), other_suffix.as_str()) {
                    ("ser", "emi") => series_number(&stem, &other_stem).is_some(),
                    ("emi", "ser") => series_number(&other_stem, &stem).is_some(),
                    ("rpl", "raw") => stem == other_stem,
                    _ => false,
                }
        })
        .collect();
    sort_by(&mut found, |a, b| natural_order(a, b));
    found
}

/// Which series of its acquisition a `.ser` holds, from 0: `X_3.ser` is 2.
pub(crate) fn series_index(path: &str) -> usize {
    let (stem, _, _) = parts(path);
    let number = stem
        .rsplit_once('_')
        .and_then(|(_, n)| n.parse::<usize>().ok());
    number.unwrap_or(1).saturating_sub(1)
}

/// Whether the file is read together with another one and not by itself: metadata beside their series, samples beside
/// their table.
pub(crate) fn is_read_with_another<'a>(
    path: &str,
    paths: impl IntoIterator<Item = &'a str>,
) -> bool {
    let (stem, suffix, folder) = parts(path);
    paths.into_iter().any(|other| {
        let (other_stem, other_suffix, other_folder) = parts(other);
        folder == other_folder
            && match (suffix.as_str(), other_suffix.as_str()) {
                ("emi", "ser") => series_number(&other_stem, &stem).is_some(),
                ("raw", "rpl") => stem == other_stem,
                _ => false,
            }
    })
}
