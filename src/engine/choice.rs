//! Several series in the files: what they are called, and which notices belong to the one that is shown.

use super::protocol::Found;
use crate::project::Series;
use crate::signal::{Notice, NoticeKind};

/// Folder of a series' first file: no two series have the same.
fn place(series: &Series) -> &str {
    let file = series.frames.first().map_or("", |f| f.file.as_str());
    file.rsplit_once('/').map_or(file, |(folder, _)| folder)
}

/// Names that tell the series apart.
pub(super) fn names(found: &[Series]) -> Vec<Found> {
    let alone = |series: &Series| found.iter().filter(|s| s.name == series.name).count() == 1;
    let name = |series: &Series| {
        if alone(series) {
            series.name.clone()
        } else {
            place(series).to_owned()
        }
    };
    found
        .iter()
        .map(|series| Found {
            name: name(series),
            frames: series.frames.len(),
        })
        .collect()
}

/// The notices of opening, without those about files of the other series, and saying which series is shown.
pub(super) fn notices(opening: &[Notice], found: &[Series], chosen: usize) -> Vec<Notice> {
    if found.len() < 2 {
        return opening.to_vec();
    }
    let has = |series: &Series, file: &str| series.frames.iter().any(|f| f.file == file);
    // A table may take files of other folders: what the chosen series uses is its own, whoever else does.
    let own = |file: &str| found.get(chosen).is_some_and(|series| has(series, file));
    let others = |file: &str| !own(file) && found.iter().any(|series| has(series, file));
    let mut notices = vec![several(found, chosen)];
    let about = opening.iter().filter(|notice| !others(&notice.subject));
    notices.extend(about.cloned());
    notices
}

fn several(found: &[Series], chosen: usize) -> Notice {
    let mut others: Vec<(String, usize)> = names(found)
        .into_iter()
        .map(|series| (series.name, series.frames))
        .collect();
    // An index comes from the page.
    let chosen = match chosen < others.len() {
        true => others.remove(chosen).0,
        false => String::new(),
    };
    Notice {
        subject: chosen.clone(),
        kind: NoticeKind::SeveralSeries { chosen, others },
    }
}
