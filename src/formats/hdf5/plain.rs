//! HDF5 by no convention of microscopy: every array that can be a picture.
//!
//! Where `NXdata` of NeXus says more, it is heeded: `default` of the groups above leads to what the file shows, `signal` names its array,
//! `axes` (with `NAME_indices`), or `axis` of the vectors themselves, say where its elements lie.

use hdf5_reader::Dataset;
use hdf5_reader::group::Group;

use super::store::Store;
use super::tags::{Attributes, Tags};
use super::{Array, Collector, DEPTH, Found, array, ncem, set_roles, signal_of};
use crate::formats::{Format, FormatError};
use crate::language::said;
use crate::signal::{Acquired, Axis, AxisRole, Metadata, NoticeKind, Notices};

/// Shorter sides than this are tables, not pictures.
const SHORTEST: u64 = 4;

/// Walks through all groups. The format becomes EMD where its marks are met.
pub(super) fn read(
    store: &mut Store,
    root: &Group,
    notices: &mut Notices,
) -> Result<Vec<Found>, FormatError> {
    let mut walk = Walk {
        emd: Vec::new(),
        arrays: Vec::new(),
        seen: Vec::new(),
    };
    walk.group(store, root, "", DEPTH);
    let mut collector = Collector::default();
    if !walk.emd.is_empty() {
        store.format = Format::Emd;
        for (path, group) in &walk.emd {
            collector.take(path, ncem::read(store, group, path, notices), notices);
        }
        return collector.finish();
    }
    // Pictures; lines only where there is no picture.
    let pictures = |d: &Dataset| d.shape().iter().filter(|n| **n >= SHORTEST).count() >= 2;
    let any = walk.arrays.iter().any(|(_, _, d)| pictures(d));
    let shown = shown(store, root, &walk.arrays);
    for (path, parent, dataset) in &walk.arrays {
        if pictures(dataset) || !any {
            let found = found(store, path, parent, dataset, notices);
            let found = found.map(|f| Found {
                asked: shown.as_ref() == Some(path),
                ..f
            });
            collector.take(path, found, notices);
        }
    }
    collector.finish()
}

/// Path of the array that the file says it shows: `default` leads from group to group to an `NXdata`, whose `signal` it is. Without
/// `default` it is the signal of the only `NXdata` that has one.
fn shown(store: &Store, root: &Group, arrays: &[(String, Group, Dataset)]) -> Option<String> {
    let signal = |path: &str, group: &Group| {
        let name = Store::attributes(group).text("signal")?;
        Some(format!("{path}/{name}"))
    };
    let (mut group, mut path) = (root.clone(), String::new());
    for _ in 0..DEPTH {
        let Some(name) = Store::attributes(&group).text("default") else {
            break;
        };
        path = format!("{path}/{name}");
        group = store.group(&path)?;
    }
    if !path.is_empty() {
        return signal(&path, &group);
    }
    let parents = arrays.iter().filter_map(|(path, parent, dataset)| {
        let marked = signal(path.rsplit_once('/')?.0, parent).as_ref() == Some(path);
        // Before there were attributes of the group, the array bore a mark.
        let bears = || Attributes(dataset.attributes()).real("signal") == Some(1.0);
        (marked || bears()).then(|| path.clone())
    });
    let all: Vec<String> = parents.collect();
    match all.as_slice() {
        [only] => Some(only.clone()),
        _ => None,
    }
}

struct Walk {
    emd: Vec<(String, Group)>,
    /// Path, the group it is in, and the dataset.
    arrays: Vec<(String, Group, Dataset)>,
    /// Addresses of groups and datasets: links may lead in circles.
    seen: Vec<u64>,
}

impl Walk {
    fn first_visit(&mut self, store: &Store, address: u64) -> bool {
        let new = !self.seen.contains(&address) && (self.seen.len() as u64) < store.limits.pages;
        if new {
            self.seen.push(address);
        }
        new
    }

    fn group(&mut self, store: &Store, group: &Group, path: &str, depth: usize) {
        if !self.first_visit(store, group.address()) {
            return;
        }
        if ncem::is_emd(group) {
            self.emd.push((path.to_owned(), group.clone()));
            return;
        }
        let (groups, datasets) = match store.members(group, path) {
            Ok(members) => members,
            Err(error) => return store.note_unreadable(path, &error),
        };
        for dataset in datasets {
            let sides = dataset.shape().iter().filter(|n| **n > 1).count();
            if sides > 0
                && array::is_readable(&dataset)
                && self.first_visit(store, dataset.address())
            {
                let path = format!("{path}/{}", dataset.name());
                self.arrays.push((path, group.clone(), dataset));
            }
        }
        if let Some(depth) = depth.checked_sub(1) {
            for child in &groups {
                self.group(store, child, &format!("{path}/{}", child.name()), depth);
            }
        }
    }
}

/// Dimensions of size 1 are left out; the last two that are left are the picture.
fn found(
    store: &Store,
    path: &str,
    parent: &Group,
    dataset: &Dataset,
    notices: &mut Notices,
) -> Result<Found, FormatError> {
    let long = |(_, n): &(usize, &u64)| **n > 1;
    let order: Vec<usize> = dataset
        .shape()
        .iter()
        .enumerate()
        .filter(long)
        .map(|(d, _)| d)
        .collect();
    let attributes = Store::attributes(parent);
    let names = axis_names(store, parent, &attributes, dataset);
    let mut axes: Vec<Axis> = order
        .iter()
        .map(|&d| {
            let size = dataset
                .shape()
                .get(d)
                .map_or(0, |&n| usize::try_from(n).unwrap_or(0));
            let name = names.get(d).map_or("", String::as_str);
            nexus_axis(store, parent, name, size, notices)
        })
        .collect();
    set_roles(&mut axes, 2);
    let array = Array::new(store, dataset.clone(), path, order)?;
    let mut tags = Tags::new(store.limits.tags);
    tags.attributes("", &attributes);
    tags.attributes(dataset.name(), &Attributes(dataset.attributes()));
    let metadata = Metadata {
        title: Some(title(path, parent, dataset)),
        acquired: start_time(store, path),
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

/// The dataset's name; that of its group before it where it says nothing.
fn title(path: &str, parent: &Group, dataset: &Dataset) -> String {
    let telling = !matches!(dataset.name(), "data" | "Data" | "image" | "array");
    if telling || parent.name() == "/" {
        dataset.name().into()
    } else {
        path.trim_start_matches('/').into()
    }
}

/// When the measurement of an `NXentry` began.
fn start_time(store: &Store, path: &str) -> Option<Acquired> {
    let entry = path.trim_start_matches('/').split('/').next()?;
    Acquired::new(store.text_at(&format!("/{entry}/start_time"))?)
}

/// The name of the vector of positions for every dimension; empty where there is none.
fn axis_names(
    store: &Store,
    parent: &Group,
    attributes: &Attributes,
    dataset: &Dataset,
) -> Vec<String> {
    let mut names = vec![String::new(); dataset.ndim()];
    let own = Attributes(dataset.attributes()).text("axes");
    if let Some(list) = attributes.text("axes").or(own) {
        let list = list.trim_matches(['[', ']']);
        let parts = list.split([',', ':', ' ']).filter(|n| !n.is_empty());
        for (position, name) in parts.enumerate() {
            let stated = attributes.real(&format!("{name}_indices"));
            let dimension = stated.map_or(position, |i| i as usize);
            if let Some(place) = names.get_mut(dimension).filter(|_| name != ".") {
                *place = name.into();
            }
        }
        return names;
    }
    if attributes.text("NX_class").as_deref() != Some("NXdata") {
        return names;
    }
    // The vectors say themselves which dimension they belong to, counted from 1; of several the primary one.
    let (_, vectors) = store.members(parent, "").unwrap_or_default();
    for vector in &vectors {
        let of = Attributes(vector.attributes());
        let dimension = of.real("axis").filter(|n| *n >= 1.0).map(|n| n as usize);
        let place = dimension.and_then(|n| names.get_mut(n.checked_sub(1)?));
        let primary = of.real("primary") == Some(1.0);
        if let Some(place) = place.filter(|p| p.is_empty() || primary) {
            *place = vector.name().into();
        }
    }
    names
}

/// The positions along an axis, from the vector of that name beside the array: its elements' centers, or one more of their edges.
fn nexus_axis(
    store: &Store,
    parent: &Group,
    name: &str,
    size: usize,
    notices: &mut Notices,
) -> Axis {
    let plain = Axis::new(name, size, AxisRole::Signal);
    if name.is_empty() {
        return plain;
    }
    let Ok(vector) = parent.dataset(name) else {
        return plain;
    };
    let count = vector.num_elements().unwrap_or(0);
    let edges = count == (size as u64).saturating_add(1);
    if count != size as u64 && !edges {
        return plain;
    }
    let positions = Array::numbers(store, &vector, count);
    let (Some(&first), Some(&last)) = (positions.first(), positions.last()) else {
        return plain;
    };
    let scale = (last - first) / positions.len().saturating_sub(1).max(1) as f64;
    if !scale.is_finite() || scale == 0.0 {
        return plain;
    }
    let uneven = positions.iter().enumerate().any(|(i, position)| {
        // Positions that were measured scatter; half a step is no scatter.
        (position - first - scale * i as f64).abs() > 0.5 * scale.abs()
    });
    if uneven {
        notices.add(NoticeKind::Skipped {
            what: said!("scale of the axis {name}" | "Skala der Achse {name}"),
            reason: said!(
                "its positions are not evenly spaced"
                    | "ihre Positionen haben keine gleichen Abstände"
            ),
        });
        return plain;
    }
    let attributes = Attributes(vector.attributes());
    Axis {
        unit: attributes.text("units").unwrap_or_default(),
        offset: if edges { first + 0.5 * scale } else { first },
        scale,
        tag: name.into(),
        ..plain
    }
}
