//! The `.emi` file: undocumented, but for the XML of each acquired object in it.

use crate::formats::cells::number;
use crate::formats::cursor::read;
use crate::formats::{Format, Limits, SourceReader, xml};
use crate::language::said;
use crate::signal::{Acquired, Metadata, NoticeKind, Notices, Stage};

/// Largest file that is searched (bytes). It repeats the images, which are better in the `.ser`; those of large series
/// have it at their end.
const MAX_SEARCHED: u64 = 64 << 20;

/// What is said of one acquired object.
pub(super) struct Object {
    /// Paths and texts: `ExperimentalDescription.Stage X_um`.
    pub tags: Vec<(String, String)>,
}

/// Finds the objects. A file that cannot be read counts as one without any: images open without their metadata.
pub(super) fn objects(
    reader: &mut SourceReader,
    limits: &Limits,
    notices: &mut Notices,
) -> Vec<Object> {
    let length = reader.len();
    let start = length.saturating_sub(MAX_SEARCHED);
    let bytes = match read(
        reader,
        Format::Emi,
        "metadata",
        start,
        length.saturating_sub(start),
    ) {
        Ok(bytes) => bytes,
        Err(e) => {
            notices.add(NoticeKind::Skipped {
                what: said!("metadata of the .emi file" | "Metadaten der .emi-Datei"),
                reason: e.said(),
            });
            return Vec::new();
        }
    };
    let limit = usize::try_from(limits.tags).unwrap_or(usize::MAX);
    let mut found = Vec::new();
    let mut rest = bytes.as_slice();
    while let Some(begin) = position(rest, b"<ObjectInfo>") {
        rest = rest.get(begin..).unwrap_or_default();
        let Some(end) = position(rest, b"</ObjectInfo>") else {
            break;
        };
        let end = end.saturating_add(b"</ObjectInfo>".len());
        let (xml, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        found.push(Object::new(&String::from_utf8_lossy(xml), limit));
        rest = after;
    }
    found
}

/// Where `mark`, which begins with a rare byte, first stands.
fn position(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    loop {
        let rest = bytes.get(at..)?;
        let step = rest.iter().position(|&b| b == b'<')?;
        at = at.saturating_add(step);
        if bytes.get(at..)?.starts_with(mark) {
            return Some(at);
        }
        at = at.saturating_add(1);
    }
}

impl Object {
    fn new(text: &str, limit: usize) -> Object {
        let mut tags = Vec::new();
        let mut label: Option<(String, String)> = None;
        for (path, value) in xml::flatten(text, limit) {
            let path = path.trim_start_matches("ObjectInfo.");
            // Lists of label, value and unit become names with their unit; the header of numbered values stays one text.
            match path.strip_suffix(".Root.Data.Label") {
                Some(list) => label = Some((list.to_owned(), value)),
                None => match (path.strip_suffix(".Root.Data.Value"), &label) {
                    (Some(list), Some((of, name))) if list == of => {
                        tags.push((format!("{list}.{name}"), value));
                    }
                    _ => match (path.strip_suffix(".Root.Data.Unit"), tags.last_mut()) {
                        (Some(list), Some((last, _))) if last.starts_with(list) => {
                            last.push('_');
                            last.push_str(&value);
                        }
                        _ => tags.push((path.to_owned(), value)),
                    },
                },
            }
        }
        Object { tags }
    }

    fn text(&self, path: &str) -> Option<&str> {
        let found = self.tags.iter().find(|(p, _)| p == path);
        found.map(|(_, text)| text.trim()).filter(|t| !t.is_empty())
    }

    fn number(&self, path: &str) -> Option<f64> {
        number(self.text(path)?)
    }

    /// Whether a camera took diffraction patterns. `Diffraction` is in the mode of every scanned image too, whose
    /// pictures are in real space.
    pub fn is_diffraction(&self) -> bool {
        self.text("ExperimentalDescription.Mode")
            .is_some_and(|mode| mode.contains("Diffraction") && !mode.contains("STEM"))
    }

    pub fn metadata(&self) -> Metadata {
        let described = |name: &str| self.number(&format!("ExperimentalDescription.{name}"));
        let positive = |value: Option<f64>| value.filter(|v| *v > 0.0);
        let scanned = self.text("AcquireInfo.AcquireMode").is_none()
            && self
                .text("ExperimentalDescription.Mode")
                .is_some_and(|mode| mode.contains("STEM"));
        let dwell_s = positive(self.number("AcquireInfo.DwellTimePath"));
        Metadata {
            title: None,
            high_tension_kv: positive(
                self.number("ExperimentalConditions.MicroscopeConditions.AcceleratingVoltage"),
            )
            .map(|volts| volts / 1000.0)
            .or_else(|| positive(described("High tension_kV"))),
            acquired: self.text("AcquireDate").and_then(Acquired::new),
            exposure_s: positive(self.number("AcquireInfo.IntegrationTime"))
                .or_else(|| dwell_s.filter(|_| !scanned)),
            pixel_dwell_s: dwell_s.filter(|_| scanned),
            stage: Stage {
                x_um: described("Stage X_um"),
                y_um: described("Stage Y_um"),
                z_um: described("Stage Z_um"),
                alpha_deg: described("Stage A_deg"),
                beta_deg: described("Stage B_deg"),
            }
            .known(),
            detector: self
                .text("DetectorInfo.Name")
                .or_else(|| self.text("AcquireInfo.CameraNamePath"))
                .map(str::to_owned),
            instrument: self
                .text("ExperimentalDescription.Microscope")
                .or_else(|| self.text("Manufacturer"))
                .map(str::to_owned),
            pixel_nm: None,
        }
    }

    /// For a message: what is known of an object without its samples.
    pub fn summary(&self) -> Option<String> {
        let metadata = self.metadata();
        let parts: Vec<String> = [
            metadata.high_tension_kv.map(|kv| format!("{kv} kV")),
            metadata.acquired.map(|a| a.text),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}
