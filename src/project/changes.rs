//! What differs between two states of the document, by the names of its fields.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use super::Project;

/// A part of the document that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Fields of frames: the frames, counted from 0, and the fields.
    Frames(Vec<usize>, Vec<String>),
    /// Other frames altogether.
    Series,
    /// The heater log.
    HeaterLog,
    /// Fields of the model.
    Model(Vec<String>),
    /// The user's numbers of materials.
    Materials,
    /// The phase diagram.
    Phase,
    /// Element maps.
    Maps,
    /// Series set beside this one.
    Companions,
}

/// Names of the fields that differ.
fn fields<T: Serialize>(before: &T, after: &T) -> Vec<String> {
    let both = [before, after].map(|value| serde_json::to_value(value).unwrap_or_default());
    match both {
        [Value::Object(before), Value::Object(after)] => after
            .into_iter()
            .filter(|(name, value)| before.get(name) != Some(value))
            .map(|(name, _)| name)
            .collect(),
        _ => Vec::new(),
    }
}

/// What a step changed.
pub fn changes(before: &Project, after: &Project) -> Vec<Change> {
    let mut found = Vec::new();
    let (old, new) = (&before.series.frames, &after.series.frames);
    if old.len() != new.len() || before.series.name != after.series.name {
        found.push(Change::Series);
    } else {
        let pairs = old.iter().zip(new).enumerate();
        let changed = pairs.filter(|(_, (a, b))| a != b);
        let (mut frames, mut names) = (Vec::new(), BTreeSet::new());
        for (index, (a, b)) in changed {
            frames.push(index);
            names.extend(fields(a, b));
        }
        if !frames.is_empty() {
            found.push(Change::Frames(frames, names.into_iter().collect()));
        }
    }
    if before.series.heater_log != after.series.heater_log {
        found.push(Change::HeaterLog);
    }
    if before.model != after.model {
        found.push(Change::Model(fields(&before.model, &after.model)));
    }
    if before.materials != after.materials {
        found.push(Change::Materials);
    }
    if before.phase != after.phase {
        found.push(Change::Phase);
    }
    if before.maps != after.maps {
        found.push(Change::Maps);
    }
    if before.companions != after.companions {
        found.push(Change::Companions);
    }
    found
}
