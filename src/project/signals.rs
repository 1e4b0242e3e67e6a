//! Which signal of a file makes the frames, why, and the series read with another one.

use super::{Frame, OpenFiles, Place, Provenance, Series, Sourced, Taken};
use crate::formats::{Document, ImageTime, elements_of_maps};
use crate::signal::{AxisRole, Reason, Signal};

/// Whether a signal can be read as frames: a picture in real space.
pub(super) fn is_picture(signal: &Signal) -> bool {
    signal.is_image() && !signal.is_diffraction()
}

/// The signal that is taken where nobody says another: of the pictures in real space the one that the file itself shows, or else a HAADF
/// one before others, and of these the one with the most pixels. `None` where there is no such picture.
pub fn proposed_signal(document: &dyn Document) -> Option<(usize, Reason)> {
    let signals = document.signals();
    let shown = document.shown();
    if let Some(index) = shown.filter(|i| signals.get(*i).is_some_and(is_picture)) {
        return Some((index, Reason::Shown));
    }
    let haadf = |signal: &Signal| {
        let named = |text: &str| text.to_ascii_uppercase().contains("HAADF");
        let detector = signal.metadata.detector.as_deref().unwrap_or("");
        named(&signal.title) || named(detector)
    };
    let pixels = |signal: &Signal| {
        let sizes = signal.axes.iter().map(|a| a.size);
        sizes.fold(1, usize::saturating_mul)
    };
    let pictures = signals.iter().enumerate().filter(|(_, s)| is_picture(s));
    let best = pictures.rev().max_by_key(|(_, s)| (haadf(s), pixels(s)));
    best.map(|(index, signal)| match haadf(signal) {
        true => (index, Reason::Haadf),
        false => (index, Reason::Largest),
    })
}

/// Ready-made maps in files of their own: element, file and signal of each. None where the names say something else
/// ([`elements_of_maps`]), a map is no single picture, or they differ in size.
pub fn element_maps<'a>(files: &[(&'a str, &dyn Document)]) -> Vec<(&'a str, Place)> {
    let paths: Vec<&str> = files.iter().map(|f| f.0).collect();
    let elements = elements_of_maps(&paths).into_iter().zip(files);
    let mut size = None;
    let maps: Option<Vec<(&str, Place)>> = elements
        .filter_map(|(element, file)| Some((element?, file)))
        .map(|(element, (path, document))| {
            let (signal, _) = proposed_signal(*document)?;
            let picture = document.signals().get(signal)?;
            let here = picture.plane_shape();
            let place = Place {
                file: (*path).to_owned(),
                signal,
                plane: 0,
            };
            (picture.planes() == 1 && *size.get_or_insert(here) == here).then_some((element, place))
        })
        .collect();
    maps.unwrap_or_default()
}

/// A frame as the file has it: no temperature, no decision.
pub(super) fn frame_of(files: &OpenFiles, path: &str, signal: usize, plane: usize) -> Frame {
    let header = files.document(path).and_then(|d| d.signals().get(signal));
    let size = header.map_or((0, 0), |s| {
        let (height, width) = s.plane_shape();
        (width, height)
    });
    let pixel_nm = header
        .and_then(|s| s.metadata.pixel_nm.clone())
        .map(|(value, tag)| Sourced {
            value,
            provenance: Provenance::Tag(tag),
        });
    Frame {
        file: path.into(),
        digest: String::new(),
        signal,
        plane,
        size,
        temperature_k: None,
        temperature_se_k: None,
        taken: header.and_then(|s| taken(s, plane)),
        dwell_s: None,
        pixel_nm,
        circle: None,
        pointed: None,
        masks: Vec::new(),
        excluded: None,
    }
}

/// When a plane was taken: at the file's time; planes of a stack only where an axis counts time.
fn taken(signal: &Signal, plane: usize) -> Option<Taken> {
    let acquired = signal.metadata.acquired.as_ref()?;
    let after_s = match (signal.planes(), signal.axes.first()) {
        (1, _) => 0.0,
        (planes, Some(axis)) if axis.size == planes && axis.role == AxisRole::Navigation => {
            let seconds = match axis.unit.as_str() {
                "s" | "sec" => 1.0,
                "ms" => 1e-3,
                "min" => 60.0,
                _ => return None,
            };
            seconds * axis.scale * plane as f64
        }
        _ => return None,
    };
    Some(Taken {
        time: ImageTime::At(acquired.time?.plus_s(after_s)?),
        clock: acquired.clock,
        provenance: Provenance::Tag("acquisition time".into()),
    })
}

/// The series with the frames of `file` read from another of its signals, and those of its other files from theirs of the same name (or, where
/// they have none of that name, from the picture of the same size in the same place). What was said of heating stays, where both have as many
/// planes; so does the particle, where pixels stay what they were. `None` where the signal is no picture in real space.
pub fn read_with(files: &OpenFiles, series: &Series, file: &str, signal: usize) -> Option<Series> {
    let asked = files.document(file)?.signals().get(signal)?;
    if !is_picture(asked) {
        return None;
    }
    let of_file = |path: &str| -> Option<usize> {
        if path == file {
            return Some(signal);
        }
        let signals = files.document(path)?.signals();
        let titled = !asked.title.is_empty();
        let named = |s: &Signal| titled && is_picture(s) && s.title == asked.title;
        let here = signals.get(signal);
        if here.is_some_and(named) {
            return Some(signal);
        }
        signals.iter().position(named).or_else(|| {
            let same = |s: &Signal| is_picture(s) && s.plane_shape() == asked.plane_shape();
            here.is_some_and(same).then_some(signal)
        })
    };
    let mut frames: Vec<Frame> = Vec::new();
    for old in &series.frames {
        let chosen = of_file(&old.file).filter(|s| *s != old.signal);
        let Some(chosen) = chosen else {
            frames.push(old.clone());
            continue;
        };
        let signals = files.document(&old.file)?.signals();
        let planes = signals.get(chosen).map_or(1, Signal::planes);
        if signals.get(old.signal).map(Signal::planes) == Some(planes) {
            let new = frame_of(files, &old.file, chosen, old.plane);
            frames.push(moved(old, new));
        } else if frames.iter().all(|f| f.file != old.file) {
            let all = (0..planes).map(|plane| Frame {
                digest: old.digest.clone(),
                ..frame_of(files, &old.file, chosen, plane)
            });
            frames.extend(all);
        }
    }
    Some(Series {
        frames,
        ..series.clone()
    })
}

/// What was decided of a frame, for the same moment in another signal.
fn moved(old: &Frame, new: Frame) -> Frame {
    let said = |p: &Provenance| matches!(p, Provenance::User | Provenance::Table);
    let pixel_nm = match old.pixel_nm.as_ref().filter(|p| said(&p.provenance)) {
        Some(said) => Some(said.clone()),
        None => new.pixel_nm.clone(),
    };
    let nanometers = |pixel: &Option<Sourced>| pixel.as_ref().map(|p| p.value);
    let same_pixels = old.size == new.size && nanometers(&old.pixel_nm) == nanometers(&pixel_nm);
    let taken = match &old.taken {
        Some(taken) if !matches!(taken.provenance, Provenance::Tag(_)) => Some(taken.clone()),
        _ => new.taken.clone(),
    };
    Frame {
        signal: new.signal,
        plane: new.plane,
        size: new.size,
        pixel_nm,
        taken,
        circle: old.circle.filter(|_| same_pixels),
        pointed: old.pointed.filter(|_| same_pixels),
        masks: match same_pixels {
            true => old.masks.clone(),
            false => Vec::new(),
        },
        ..old.clone()
    }
}
