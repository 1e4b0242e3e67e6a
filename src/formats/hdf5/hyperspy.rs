//! HyperSpy's own files (`.hspy`, older `.hdf5`): versions 1.0 to 3.3 were met.
//!
//! `/Experiments/NAME` holds `data`, a group `axis-N` for every dimension, `metadata` (older: `mapped_parameters`) and
//! `original_metadata`.

use hdf5_reader::group::Group;

use super::store::Store;
use super::tags::Tags;
use super::{Array, Collector, DEPTH, Found, set_roles, signal_of};
use crate::formats::FormatError;
use crate::language::{Said, said};
use crate::signal::{Acquired, Axis, AxisRole, ClockKind, Metadata, NoticeKind, Notices, Stage};

pub(super) fn read(store: &Store, notices: &mut Notices) -> Result<Vec<Found>, FormatError> {
    let mut collector = Collector::default();
    if let Some(experiments) = store.group("/Experiments") {
        let (groups, _) = store.members(&experiments, "/Experiments")?;
        for group in &groups {
            let path = format!("/Experiments/{}", group.name());
            collector.take(&path, experiment(store, group, &path, notices), notices);
        }
    }
    collector.finish()
}

fn experiment(
    store: &Store,
    group: &Group,
    path: &str,
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let data = format!("{path}/data");
    let dataset = group.dataset("data").map_err(|e| store.fault(&data, e))?;
    let order = (0..dataset.ndim()).collect();
    let array = Array::new(store, dataset, &data, order)?;
    let (groups, _) = store.members(group, path)?;
    let mut tags = Tags::new(store.limits.tags);
    for child in &groups {
        if matches!(
            child.name(),
            "metadata" | "mapped_parameters" | "original_metadata" | "original_parameters"
        ) {
            collect(store, child, child.name(), DEPTH, &mut tags);
        }
    }
    let metadata = normalized(&tags);
    let axes = axes(&groups, &array.sizes(), &tags, notices);
    Ok(signal_of(
        array,
        axes,
        metadata,
        tags.finish(notices),
        notices,
    ))
}

/// All attributes and short texts below a group.
fn collect(store: &Store, group: &Group, path: &str, depth: usize, tags: &mut Tags) {
    tags.attributes(path, &Store::attributes(group));
    let Ok((groups, datasets)) = store.members(group, path) else {
        return;
    };
    for dataset in &datasets {
        if let Some(text) = store.text(dataset) {
            tags.add(
                format!("{path}.{}", dataset.name()),
                text.replace('\n', ", "),
            );
        }
    }
    let Some(depth) = depth.checked_sub(1) else {
        return;
    };
    for child in &groups {
        collect(
            store,
            child,
            &format!("{path}.{}", child.name()),
            depth,
            tags,
        );
    }
}

fn axes(groups: &[Group], sizes: &[usize], tags: &Tags, notices: &mut Notices) -> Vec<Axis> {
    let mut axes: Vec<Axis> = sizes
        .iter()
        .map(|&size| Axis::new("", size, AxisRole::Signal))
        .collect();
    let mut told = false;
    for group in groups {
        let Some(number) = group.name().strip_prefix("axis-") else {
            continue;
        };
        let attributes = Store::attributes(group);
        let number = number.parse::<usize>().ok();
        let index = attributes
            .real("index_in_array")
            .map(|i| i as usize)
            .or(number);
        let Some(axis) = index.and_then(|i| axes.get_mut(i)) else {
            continue;
        };
        // `None` of Python became a text.
        let text = |name: &str| {
            let text = attributes.text(name)?;
            (!matches!(text.as_str(), "None" | "_None_" | "<undefined>")).then_some(text)
        };
        axis.name = text("name").unwrap_or_default();
        if let Some(navigate) = attributes.flag("navigate") {
            told = true;
            axis.role = if navigate {
                AxisRole::Navigation
            } else {
                AxisRole::Signal
            };
        }
        match attributes.real("scale") {
            Some(scale) => {
                axis.scale = scale;
                axis.offset = attributes.real("offset").unwrap_or(0.0);
                axis.unit = text("units").unwrap_or_default();
                axis.tag = format!("{}.scale", group.name());
            }
            None => notices.add(NoticeKind::Skipped {
                what: Said::name(group.name()),
                reason: said!(
                    "its steps are not equal: it has no scale"
                        | "die Schritte sind nicht gleich: es gibt keine Skala"
                ),
            }),
        }
    }
    if !told {
        let record = ["metadata.Signal.record_by", "mapped_parameters.record_by"];
        match record.into_iter().find_map(|path| tags.get(path)) {
            Some("spectrum") => set_roles(&mut axes, 1),
            _ => set_roles(&mut axes, 2),
        }
    }
    axes
}

fn normalized(tags: &Tags) -> Metadata {
    // Before version 1.2 the metadata stood elsewhere.
    let text = |path: &str, older: &str| {
        let found = tags.get(&format!("metadata.{path}"));
        found
            .or_else(|| tags.get(&format!("mapped_parameters.{older}")))
            .map(str::to_owned)
    };
    let of = |instrument: &str, field: &str| {
        tags.real(&format!(
            "metadata.Acquisition_instrument.{instrument}.{field}"
        ))
    };
    let real = |field: &str| {
        ["TEM", "SEM"]
            .into_iter()
            .find_map(|i| of(i, field))
            .or_else(|| tags.real(&format!("mapped_parameters.TEM.{field}")))
    };
    let stage = |field: &str| real(&format!("Stage.{field}")).or_else(|| real(field));
    let millimeters = |field: &str| stage(field).map(|mm| mm * 1e3);
    let date = text("General.date", "date").or_else(|| python(tags, "date", "-"));
    let time = text("General.time", "time").or_else(|| python(tags, "time", ":"));
    let zone = text("General.time_zone", "time_zone");
    let universal = zone.is_some_and(|z| matches!(z.as_str(), "UTC" | "GMT"));
    let acquired: Vec<String> = [date, time].into_iter().flatten().collect();
    Metadata {
        title: text("General.title", "title"),
        high_tension_kv: real("beam_energy").filter(|kv| *kv > 0.0),
        acquired: Acquired::new(acquired.join(" ")).map(|a| match universal {
            true => a.by(ClockKind::Utc),
            false => a,
        }),
        exposure_s: real("Detector.EELS.exposure")
            .or_else(|| real("Camera.exposure"))
            .or_else(|| real("Detector.EDS.real_time"))
            .filter(|s| *s > 0.0),
        // Of unknown unit before version 1.2.
        pixel_dwell_s: of("TEM", "dwell_time").filter(|s| *s > 0.0),
        stage: Stage {
            x_um: millimeters("x"),
            y_um: millimeters("y"),
            z_um: millimeters("z"),
            alpha_deg: stage("tilt_alpha"),
            beta_deg: stage("tilt_beta"),
        }
        .known(),
        detector: text(
            "Acquisition_instrument.TEM.Detector.detector_type",
            "detector",
        ),
        instrument: text("Acquisition_instrument.TEM.microscope", "TEM.microscope"),
        pixel_nm: None,
    }
}

/// `datetime.date(1991, 10, 1)`, as version 1.2 wrote dates and times.
fn python(tags: &Tags, what: &str, separator: &str) -> Option<String> {
    let text = tags.get(&format!("metadata.General._datetime_{what}"))?;
    let numbers = text
        .strip_prefix(&format!("datetime.{what}("))?
        .strip_suffix(')')?;
    let parts = numbers
        .split(',')
        .take(3)
        .map(|n| format!("{:0>2}", n.trim()));
    Some(parts.collect::<Vec<_>>().join(separator))
}
