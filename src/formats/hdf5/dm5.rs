//! Gatan DM5: the tag tree of DigitalMicrograph as HDF5 groups.
//!
//! `/ImageList/[i]/ImageData/Data` is the array, slowest dimension first; its calibrations count the fastest dimension
//! first: position = (index - Origin) · Scale.

use hdf5_reader::group::Group;

use super::store::Store;
use super::tags::{Attributes, Tags};
use super::{Array, Collector, DEPTH, Found, set_roles, signal_of};
use crate::formats::FormatError;
use crate::signal::{Acquired, Axis, AxisRole, Metadata, Notices, Stage};

pub(super) fn read(store: &Store, notices: &mut Notices) -> Result<Vec<Found>, FormatError> {
    let mut collector = Collector::default();
    let Some(list) = store.group("/ImageList") else {
        return collector.finish();
    };
    let (groups, _) = store.members(&list, "/ImageList")?;
    let thumbnails = thumbnails(store);
    for group in &groups {
        // A thumbnail is left out only beside what it shows.
        if groups.len() > thumbnails.len() && thumbnails.iter().any(|t| t == group.name()) {
            continue;
        }
        let path = format!("/ImageList/{}", group.name());
        collector.take(&path, image(store, group, &path, notices), notices);
    }
    collector.finish()
}

/// Names of the images that are thumbnails of others.
fn thumbnails(store: &Store) -> Vec<String> {
    let Some(group) = store.group("/Thumbnails") else {
        return Vec::new();
    };
    let (groups, _) = store.members(&group, "/Thumbnails").unwrap_or_default();
    let index = |g: &Group| Store::attributes(g).real("ImageIndex");
    groups
        .iter()
        .filter_map(index)
        .map(|i| format!("[{i}]"))
        .collect()
}

fn image(
    store: &Store,
    group: &Group,
    path: &str,
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let data = format!("{path}/ImageData/Data");
    let dataset = group
        .group("ImageData")
        .and_then(|g| g.dataset("Data"))
        .map_err(|e| store.fault(&data, e))?;
    let order = (0..dataset.ndim()).collect();
    let array = Array::new(store, dataset, &data, order)?;
    let mut tags = Tags::new(store.limits.tags);
    if let Ok(group) = group.group("ImageTags") {
        collect(store, &group, "ImageTags", DEPTH, &mut tags);
    }
    let name = Store::attributes(group).text("Name");
    let metadata = Metadata {
        title: name.filter(|n| n != "/"),
        ..normalized(&tags)
    };
    let axes = axes(group, &array.sizes(), &tags);
    Ok(signal_of(
        array,
        axes,
        metadata,
        tags.finish(notices),
        notices,
    ))
}

fn collect(store: &Store, group: &Group, path: &str, depth: usize, tags: &mut Tags) {
    tags.attributes(path, &Store::attributes(group));
    let below = store.members(group, path).ok().zip(depth.checked_sub(1));
    if let Some(((groups, _), depth)) = below {
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
}

fn axes(group: &Group, sizes: &[usize], tags: &Tags) -> Vec<Axis> {
    let mut axes: Vec<Axis> = sizes
        .iter()
        .map(|&size| Axis::new("", size, AxisRole::Navigation))
        .collect();
    for (dimension, axis) in axes.iter_mut().rev().enumerate() {
        let path = format!("ImageData/Calibrations/Dimension/[{dimension}]");
        let mut found = Ok(group.clone());
        for part in path.split('/') {
            found = found.and_then(|g| g.group(part));
        }
        let attributes = found.map_or_else(|_| Attributes(Vec::new()), |g| Store::attributes(&g));
        if let Some(scale) = attributes.real("Scale") {
            axis.scale = scale;
            axis.offset = -attributes.real("Origin").unwrap_or(0.0) * scale;
            axis.unit = attributes.text("Units").unwrap_or_default();
            axis.tag = format!("{}.Scale", path.replace('/', "."));
        }
    }
    match tags.get("ImageTags.Meta Data.Format") {
        // Its energies are stored slowest.
        Some("Spectrum image") => {
            if let Some(energy) = axes.first_mut() {
                energy.role = AxisRole::Signal;
            }
        }
        Some("Spectrum") => set_roles(&mut axes, 1),
        _ => set_roles(&mut axes, 2),
    }
    axes
}

fn normalized(tags: &Tags) -> Metadata {
    let tag = |path: &str| tags.get(&format!("ImageTags.{path}"));
    let real = |path: &str| tags.real(&format!("ImageTags.{path}"));
    let info = |field: &str| real(&format!("Microscope Info.{field}"));
    let stage = |field: &str| info(&format!("Stage Position.Stage {field}"));
    let date: Vec<&str> = [
        tag("DataBar.Acquisition Date"),
        tag("DataBar.Acquisition Time"),
    ]
    .into_iter()
    .flatten()
    .collect();
    Metadata {
        title: None,
        high_tension_kv: info("Voltage").filter(|v| *v > 0.0).map(|v| v / 1e3),
        acquired: Acquired::new(date.join(" "))
            .or_else(|| Acquired::new(tag("Timestamp").unwrap_or_default())),
        exposure_s: real("DataBar.Exposure Time (s)"),
        pixel_dwell_s: real("DigiScan.Sample Time").map(|us| us * 1e-6),
        stage: Stage {
            x_um: stage("X"),
            y_um: stage("Y"),
            z_um: stage("Z"),
            alpha_deg: stage("Alpha"),
            beta_deg: stage("Beta"),
        }
        .known(),
        detector: tag("DataBar.Signal Name").map(str::to_owned),
        instrument: tag("Microscope Info.Microscope").map(str::to_owned),
        pixel_nm: None,
    }
}
