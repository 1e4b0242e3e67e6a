//! Heater logs among the files, and the series they belong to.

use super::assemble::{Assembly, OpenLog};
use super::paths::{depth, folder_of, name_of};
use super::thermal::{Proposal, SeriesLog, Taken, clock_of, log_times, propose};
use super::{Frame, Provenance, Series, Sourced};
use crate::formats::{HeaterLog, ImageTime, LogKind, LogStart, elapsed_s};
use crate::language::{Said, said, say};
use crate::signal::{ClockKind, DateTime, NoticeKind};

const DAY_S: f64 = 86_400.0;

/// Gives the logs of Impulse the date that stands in the metadata beside them.
pub(super) fn date_logs(assembly: &mut Assembly, starts: &[(String, DateTime)]) {
    for (path, open) in &mut assembly.files.logs {
        if open.log.kind != LogKind::Impulse || matches!(open.log.start, LogStart::At(_)) {
            continue;
        }
        let alike = |other: &str| {
            let both = name_of(path).chars().zip(name_of(other).chars());
            both.take_while(|(a, b)| a == b).count()
        };
        let beside = starts
            .iter()
            .filter(|(p, _)| folder_of(p) == folder_of(path));
        let Some((_, start)) = beside.max_by_key(|(p, _)| alike(p)) else {
            continue;
        };
        let apart = match open.log.start {
            LogStart::TimeOfDay(s) => {
                let apart = s - start.of_day_s();
                if apart < -0.5 * DAY_S {
                    apart + DAY_S
                } else {
                    apart
                }
            }
            _ => 0.0,
        };
        if let Some(start) = start.plus_s(apart) {
            open.log.start = LogStart::At(start);
            open.log.clock = ClockKind::Local;
        }
    }
}

/// Takes the times of frames from their names, `m-1041sec-349C.tif`, where no file says one: only if every name has one and they rise, because
/// a duration in a name may as well be a dwell.
pub(super) fn times_of_names(frames: &mut [Frame]) {
    if frames.iter().any(|f| f.taken.is_some()) {
        return;
    }
    let times: Option<Vec<f64>> = frames.iter().map(|f| elapsed_s(&f.file)).collect();
    let Some(times) = times.filter(|t| t.len() > 1 && t.windows(2).all(|w| w[0] < w[1])) else {
        return;
    };
    for (frame, seconds) in frames.iter_mut().zip(times) {
        frame.taken = Some(Taken {
            time: ImageTime::Elapsed(seconds),
            clock: ClockKind::Unknown,
            provenance: Provenance::FileName,
        });
    }
}

/// Finds the log of every series: one whose times meet the images' before others, then the nearest in the folders.
pub(super) fn marry(assembly: &mut Assembly) {
    let mut series = std::mem::take(&mut assembly.series);
    for series in &mut series {
        let folder = series.frames.first().map_or("", |f| folder_of(&f.file));
        let best = assembly.files.logs.iter().max_by_key(|(path, open)| {
            let own = folder_of(path);
            let near = if own == folder {
                usize::MAX
            } else if own.is_empty() || folder.starts_with(&format!("{own}/")) {
                depth(own) + 1
            } else {
                0
            };
            (meets(&series.frames, open, 0.0) > 0, near)
        });
        let Some((path, open)) = best else { continue };
        let proposal = propose(&series.frames, &open.log);
        assembly.notices.about(path.as_str());
        assembly
            .notices
            .add(remark(series, open, proposal.as_ref()));
        for notice in clocks(&series.frames, &open.log, proposal.as_ref()) {
            assembly.notices.add(notice);
        }
        let others = assembly.files.logs.keys().filter(|other| *other != path);
        let others: Vec<&str> = others.map(String::as_str).collect();
        if !others.is_empty() {
            assembly.notices.add(NoticeKind::Skipped {
                what: Said::name(others.join(", ")),
                reason: said!(
                    "a series has one heater log, here {path}"
                        | "eine Serie hat ein Heizprotokoll, hier {path}"
                ),
            });
        }
        series.heater_log = Some(SeriesLog {
            file: path.clone(),
            digest: String::new(),
            clock_offset_s: Sourced {
                value: proposal.map_or(0.0, |p| p.offset_s),
                provenance: Provenance::Assumed,
            },
            used: true,
        });
    }
    assembly.series = series;
    assembly.notices.about("");
}

/// What is to be said of clocks that are not known to be the same.
fn clocks(frames: &[Frame], log: &HeaterLog, proposal: Option<&Proposal>) -> Vec<NoticeKind> {
    let Some(images) = clock_of(frames) else {
        return Vec::new();
    };
    let dated = frames.iter().filter_map(|f| f.taken.as_ref());
    let dated = dated.filter(|t| matches!(t.time, ImageTime::At(_)));
    let universal = dated.clone().filter(|t| t.clock == ClockKind::Utc).count();
    let of = dated.count();
    let mut told = Vec::new();
    if universal > 0 && universal < of {
        told.push(NoticeKind::ImageClocksDiffer { universal, of });
    }
    let same = images == log.clock && images != ClockKind::Unknown;
    if !matches!(log.start, LogStart::Unknown) && !same {
        told.push(NoticeKind::ClocksDiffer {
            images,
            log: log.clock,
            offset_s: proposal.map_or(0.0, |p| p.offset_s),
            by_temperature: proposal.is_some_and(|p| p.by_temperature),
        });
    }
    told
}

/// Frames that lie in the log.
fn meets(frames: &[Frame], open: &OpenLog, offset_s: f64) -> usize {
    let (from, to) = open.log.span_s();
    log_times(frames, open.log.start, offset_s)
        .into_iter()
        .flatten()
        .filter(|t| (from..=to).contains(t))
        .count()
}

fn remark(series: &Series, open: &OpenLog, proposal: Option<&Proposal>) -> NoticeKind {
    let frames = &series.frames;
    if frames.iter().filter(|f| f.taken.is_some()).count() < 2 {
        return NoticeKind::ImagesWithoutTimes;
    }
    if let Some(Proposal { offset_s, why, .. }) = proposal {
        return NoticeKind::HeaterLogMarried {
            frames: meets(frames, open, *offset_s),
            of: frames.len(),
            offset_s: *offset_s,
            why: why.clone(),
        };
    }
    let moments = frames.iter().filter_map(|f| match f.taken.as_ref()?.time {
        ImageTime::At(moment) => Some(moment.to_string()),
        ImageTime::Elapsed(s) => Some(format!("{s} s")),
    });
    let images: Vec<String> = moments.collect();
    let (from, to) = open.log.span_s();
    let at = |seconds: f64| match open.log.start {
        LogStart::At(start) => start
            .plus_s(seconds)
            .map_or_else(String::new, |m| m.to_string()),
        LogStart::TimeOfDay(s) => say!(
            "{:.0} s after midnight" | "{:.0} s nach Mitternacht",
            s + seconds
        ),
        LogStart::Unknown => format!("{seconds:.0} s"),
    };
    let range = |ends: [Option<&String>; 2]| {
        let [a, b] = ends.map(|e| e.cloned().unwrap_or_default());
        said!("{a} to {b}" | "{a} bis {b}")
    };
    NoticeKind::HeaterLogApart {
        log: said!("{} to {}" | "{} bis {}", at(from), at(to)),
        images: range([images.first(), images.last()]),
        meeting: meets(frames, open, 0.0),
    }
}
