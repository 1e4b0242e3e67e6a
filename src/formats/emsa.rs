//! EMSA/MAS spectra (ISO 22029): lines `#KEYWORD : value`, then numbers.

use super::cells::number;
use super::cursor::read;
use super::{Document, Format, FormatError, Limits, PlaneSamples, SourceReader};
use crate::language::said;
use crate::signal::{
    Acquired, Axis, AxisRole, Dtype, Metadata, NoticeKind, Notices, Samples, Signal, Stage,
};

/// Longest file that is read (bytes): a million channels of XY text.
const MAX_BYTES: u64 = 64 << 20;

/// A spectrum, wholly read.
pub(super) struct EmsaDocument {
    signals: Vec<Signal>,
    values: Vec<f64>,
}

/// `#KEYWORD-unit : value` of the header; keywords without the unit behind their dash, in capitals.
struct Header {
    lines: Vec<(String, String, String)>,
}

impl Header {
    fn text(&self, keyword: &str) -> Option<&str> {
        let found = self.lines.iter().find(|(key, _, _)| key == keyword);
        found
            .map(|(_, _, value)| value.as_str())
            .filter(|v| !v.is_empty())
    }

    fn number(&self, keyword: &str) -> Option<f64> {
        number(self.text(keyword)?.trim_end_matches('.'))
    }

    /// Seconds of a keyword whose unit is in its name, `ms` where the standard says so.
    fn seconds(&self, keyword: &str, usual: f64) -> Option<f64> {
        let (_, unit, _) = self.lines.iter().find(|(key, _, _)| key == keyword)?;
        let factor = match unit.to_ascii_lowercase().as_str() {
            "s" => 1.0,
            "ms" | "msec" => 1e-3,
            "us" => 1e-6,
            _ => usual,
        };
        self.number(keyword)
            .filter(|t| *t > 0.0)
            .map(|t| t * factor)
    }
}

impl EmsaDocument {
    pub(super) fn open(
        mut reader: SourceReader,
        limits: &Limits,
        notices: &mut Notices,
    ) -> Result<EmsaDocument, FormatError> {
        let length = reader.len();
        let limit = MAX_BYTES.min(limits.bytes);
        if length > limit {
            return Err(FormatError::LimitExceeded {
                format: Format::Emsa,
                field: said!("number of bytes of a text" | "die Zahl der Bytes eines Textes"),
                value: length,
                limit,
            });
        }
        let bytes = read(&mut reader, Format::Emsa, "text", 0, length)?;
        // Some writers use the code page of their machine; the numbers are ASCII in all.
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text.trim_start_matches('\u{feff}').to_owned(),
            Err(_) => bytes.iter().map(|&b| char::from(b)).collect(),
        };
        let (header, numbers) = parse(&text)?;
        let xy = header
            .text("DATATYPE")
            .is_some_and(|t| t.to_ascii_uppercase().starts_with("XY"));
        let (positions, values): (Vec<f64>, Vec<f64>) = if xy {
            let (pairs, _) = numbers.as_chunks::<2>();
            pairs.iter().map(|&[x, y]| (x, y)).unzip()
        } else {
            (Vec::new(), numbers)
        };
        let stated = header
            .number("NPOINTS")
            .filter(|n| *n >= 1.0)
            .map(|n| n as usize);
        if let Some(points) = stated {
            if values.len() < points {
                return Err(FormatError::Truncated {
                    format: Format::Emsa,
                    field: said!(
                        "spectrum: {} of {points} points" | "Spektrum: {} von {points} Punkten",
                        values.len()
                    ),
                    offset: Some(length),
                });
            }
            if values.len() > points {
                // Counts written by hand are wrong more often than points too many are there.
                notices.add(NoticeKind::Skipped {
                    what: said!(
                        "the number of points in the header"
                            | "die Zahl der Punkte im Kopf der Datei"
                    ),
                    reason: said!(
                        "it is {points}, where {} are there" | "sie ist {points}, da sind aber {}",
                        values.len()
                    ),
                });
            }
        }
        if values.is_empty() {
            return Err(FormatError::Truncated {
                format: Format::Emsa,
                field: said!("spectrum: no point" | "Spektrum: kein Punkt"),
                offset: Some(length),
            });
        }
        let signal = signal(&header, &positions, values.len());
        Ok(EmsaDocument {
            signals: vec![signal],
            values,
        })
    }
}

fn parse(text: &str) -> Result<(Header, Vec<f64>), FormatError> {
    let mut lines: Vec<(String, String, String)> = Vec::new();
    let mut numbers = Vec::new();
    let mut at = 0_u64;
    let mut in_spectrum = false;
    for line in text.split_inclusive('\n') {
        let offset = at;
        at = at.saturating_add(line.len() as u64);
        let line = line.trim();
        if let Some(entry) = line.strip_prefix('#') {
            let (name, value) = entry.split_once(':').unwrap_or((entry, ""));
            let (key, unit) = name.split_once('-').unwrap_or((name, ""));
            let key = key.trim().to_ascii_uppercase();
            match key.as_str() {
                "ENDOFDATA" => break,
                "SPECTRUM" => in_spectrum = true,
                _ => {}
            }
            let (unit, value) = (unit.trim().to_owned(), value.trim_end());
            // The title may go on in lines of the same keyword.
            match lines
                .iter_mut()
                .find(|(k, _, _)| *k == key && key == "TITLE")
            {
                Some((_, _, title)) => title.push_str(value.strip_prefix(' ').unwrap_or(value)),
                None => lines.push((key, unit, value.trim().to_owned())),
            }
        } else if in_spectrum {
            for word in line.split([',', ' ', '\t', ';']).filter(|w| !w.is_empty()) {
                let value: f64 = word.parse().map_err(|_| FormatError::Malformed {
                    format: Format::Emsa,
                    field: said!("spectrum" | "Spektrum"),
                    offset: Some(offset),
                    reason: said!(
                        "'{}' is no number" | "„{}“ ist keine Zahl",
                        word.chars().take(40).collect::<String>()
                    ),
                })?;
                numbers.push(value);
            }
        }
    }
    if !in_spectrum {
        return Err(FormatError::Truncated {
            format: Format::Emsa,
            field: said!("header: no #SPECTRUM" | "Kopf: kein #SPECTRUM"),
            offset: Some(at),
        });
    }
    Ok((Header { lines }, numbers))
}

fn signal(header: &Header, positions: &[f64], size: usize) -> Signal {
    let mut axis = Axis {
        unit: header.text("XUNITS").unwrap_or("").to_owned(),
        ..Axis::new(header.text("XLABEL").unwrap_or(""), size, AxisRole::Signal)
    };
    let finite = |keyword: &str| header.number(keyword).filter(|n| n.is_finite());
    match (finite("XPERCHAN").filter(|s| *s != 0.0), positions) {
        (Some(scale), _) => {
            axis.scale = scale;
            axis.offset = finite("OFFSET").unwrap_or(0.0);
            axis.tag = "XPERCHAN, OFFSET".into();
        }
        (None, [first, .., last]) if first.is_finite() && last.is_finite() && first != last => {
            axis.offset = *first;
            axis.scale = (last - first) / positions.len().saturating_sub(1).max(1) as f64;
            axis.tag = "first and last position".into();
        }
        _ => {}
    }
    if axis.unit.is_empty() && axis.scale == 1.0 && axis.offset == 0.0 {
        axis.tag = String::new();
    }
    let date = header.text("DATE").unwrap_or("");
    let time = header.text("TIME").unwrap_or("");
    let tilt = |keyword: &str| finite(keyword);
    let title = header.text("TITLE").unwrap_or("").to_owned();
    let energy_kv = finite("BEAMKV").filter(|kv| *kv > 0.0);
    Signal {
        title: title.clone(),
        dtype: Dtype::F64,
        axes: vec![axis],
        metadata: Metadata {
            title: Some(title).filter(|t| !t.is_empty()),
            high_tension_kv: energy_kv.map(f64::abs),
            acquired: Acquired::new(format!("{date} {time}")),
            exposure_s: header
                .seconds("LIVETIME", 1.0)
                .or_else(|| header.seconds("INTEGTIME", 1e-3)),
            pixel_dwell_s: None,
            stage: Stage {
                x_um: None,
                y_um: None,
                z_um: None,
                alpha_deg: tilt("XTILTSTGE"),
                beta_deg: tilt("YTILTSTGE"),
            }
            .known(),
            detector: header
                .text("EDSDET")
                .or_else(|| header.text("ELSDET"))
                .map(str::to_owned),
            instrument: header.text("INSTRUMENT").map(str::to_owned),
            pixel_nm: None,
        },
        tags: header
            .lines
            .iter()
            .map(|(key, unit, value)| {
                let name = if unit.is_empty() {
                    key.clone()
                } else {
                    format!("{key}-{unit}")
                };
                (name, value.clone())
            })
            .collect(),
    }
}

impl Document for EmsaDocument {
    fn format(&self) -> Format {
        Format::Emsa
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        _notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        if (signal, plane) != (0, 0) {
            return Err(FormatError::Malformed {
                format: Format::Emsa,
                field: said!("signal {signal}, plane {plane}" | "Signal {signal}, Ebene {plane}"),
                offset: None,
                reason: said!(
                    "the file holds one spectrum" | "die Datei enthält ein einziges Spektrum"
                ),
            });
        }
        Ok(PlaneSamples {
            width: self.values.len(),
            height: 1,
            samples: Samples::F64(self.values.clone()),
            saturation: None,
        })
    }
}
