//! EMD of the National Center for Electron Microscopy (Berkeley), as written by ncempy, Prismatic, older HyperSpy and py4DSTEM.
//!
//! A group with the attribute `emd_group_type` 1 holds one array (`data`, or what Prismatic calls it) and for every
//! dimension of it a vector `dim1`, `dim2`, … with the attributes `name` and `units`.

use hdf5_reader::group::Group;
use hdf5_reader::{Dataset, Datatype};

use super::store::Store;
use super::tags::Tags;
use super::{Array, Found, set_roles, signal_of};
use crate::formats::FormatError;
use crate::language::said;
use crate::signal::{Axis, AxisRole, Metadata, Notices};

/// Names of the array, the usual one first.
const ARRAYS: [&str; 6] = [
    "data",
    "realslice",
    "diffractionslice",
    "datacube",
    "counted_datacube",
    "pointlist",
];

/// Positions along an axis that are read to see its step.
const POSITIONS: u64 = 1 << 16;

/// Whether the group holds an array by these rules.
pub(super) fn is_emd(group: &Group) -> bool {
    Store::attributes(group).real("emd_group_type") == Some(1.0)
}

/// The array of a group.
pub(super) fn read(
    store: &Store,
    group: &Group,
    path: &str,
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let (_, datasets) = store.members(group, path)?;
    let named = ARRAYS
        .iter()
        .find_map(|n| datasets.iter().find(|d| d.name() == *n));
    let Some(dataset) = named.or_else(|| datasets.iter().max_by_key(|d| d.ndim())) else {
        return Err(store.malformed(
            path,
            said!("there is no array in it" | "darin ist kein Array"),
        ));
    };
    let name = dataset.name().to_owned();
    let rank = dataset.ndim();
    let dimension = |index: usize| {
        let name = format!("dim{}", index.saturating_add(1));
        let found = datasets.iter().find(|d| d.name() == name);
        let size = dataset.shape().get(index).copied().unwrap_or(0);
        axis(store, found, &name, usize::try_from(size).unwrap_or(0))
    };
    let mut axes: Vec<Axis> = (0..rank).map(dimension).collect();
    let attributes = Store::attributes(group);
    let mut order: Vec<usize> = (0..rank).collect();
    // HyperSpy wrote its arrays turned; Prismatic counts x before y.
    let turned = attributes.text("record_by").is_some() || x_before_y(&axes);
    if turned && name != "datacube" {
        order.reverse();
        axes.reverse();
    }
    set_roles(
        &mut axes,
        if attributes.text("record_by").as_deref() == Some("spectrum") {
            1
        } else {
            2
        },
    );
    let array = Array::new(store, dataset.clone(), &format!("{path}/{name}"), order)?;
    let mut tags = Tags::new(store.limits.tags);
    tags.attributes("", &attributes);
    for (folder, group) in ["microscope", "user", "sample", "comments"]
        .into_iter()
        .filter_map(|n| Some((n, store.group(&format!("/{n}"))?)))
    {
        tags.attributes(folder, &Store::attributes(&group));
    }
    let metadata = Metadata {
        title: Some(title(group, path)),
        high_tension_kv: tags.get("microscope.voltage").and_then(kilovolts),
        instrument: tags.get("microscope.name").map(str::to_owned),
        ..Metadata::default()
    };
    Ok(signal_of(
        array,
        axes,
        metadata,
        tags.finish(notices),
        notices,
    ))
}

/// The group's name, or that of the slice for Prismatic, whose depths are numbered.
fn title(group: &Group, _path: &str) -> String {
    group.name().to_owned()
}

/// `300kV`, `300 kV`, `300000 V`, `300000`.
fn kilovolts(text: &str) -> Option<f64> {
    let digits = text
        .trim()
        .trim_end_matches(|c: char| c.is_alphabetic())
        .trim_end();
    let value: f64 = digits.parse().ok()?;
    let kilo = text.contains('k') || value < 5e3;
    (value > 0.0).then_some(if kilo { value } else { value / 1e3 })
}

fn x_before_y(axes: &[Axis]) -> bool {
    let at = |letter: char| {
        axes.iter().position(|a| {
            let name = a.name.to_ascii_lowercase();
            name.strip_prefix(letter).is_some_and(str::is_empty)
                || name.ends_with(&format!("_{letter}"))
        })
    };
    at('x').zip(at('y')).is_some_and(|(x, y)| x < y)
}

/// An axis from its vector of positions; `size` is that of the array, as some writers give two positions only.
fn axis(store: &Store, dataset: Option<&Dataset>, tag: &str, size: usize) -> Axis {
    let plain = Axis::new("", size, AxisRole::Navigation);
    let Some(dataset) = dataset else {
        return plain;
    };
    let text = |name: &str| {
        let attribute = dataset.attribute(name).ok()?;
        super::tags::Attributes(vec![attribute]).text(name)
    };
    let name = text("name").unwrap_or_default();
    let unit = text("units").unwrap_or_default();
    if matches!(
        dataset.dtype(),
        Datatype::String { .. } | Datatype::VarLen { .. }
    ) {
        // Labels, not positions.
        return Axis { name, ..plain };
    }
    let positions = Array::numbers(store, dataset, POSITIONS);
    let (Some(&first), Some(&second)) = (positions.first(), positions.get(1)) else {
        return Axis { name, ..plain };
    };
    let last = positions.last().copied().unwrap_or(second);
    let steps = positions.len().saturating_sub(1) as f64;
    let scale = (last - first) / steps;
    if !scale.is_finite() || scale == 0.0 {
        return Axis { name, ..plain };
    }
    Axis {
        name,
        unit: plain_unit(&unit),
        offset: first,
        scale,
        tag: tag.into(),
        ..plain
    }
}

/// `[n_m]` of the format's description is nm; brackets around nothing stay.
fn plain_unit(unit: &str) -> String {
    let inner = unit
        .trim()
        .strip_prefix('[')
        .and_then(|u| u.strip_suffix(']'));
    match inner {
        Some(inner) if !inner.is_empty() => inner.replace('_', ""),
        _ => unit.into(),
    }
}
