//! Documents whose samples lie uncompressed in the file: headers are read by their formats, planes here.

use std::cell::RefCell;

use super::cursor::read;
use super::encoding::Encoding;
use super::{Document, Format, FormatError, Limits, PlaneSamples, SourceReader};
use crate::language::{Said, said};
use crate::signal::{AxisRole, NoticeKind, Notices, Signal};

/// Where the samples of one signal are.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub encoding: Encoding,
    pub pieces: Pieces,
    pub arrangement: Arrangement,
}

/// How the samples of a plane follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrangement {
    /// Row by row from the top.
    Rows,
    /// Row by row from the bottom.
    BottomUp,
    /// Column by column.
    Columns,
}

/// A plane's samples behind one another, or in pieces.
#[derive(Clone, Debug)]
pub(super) enum Pieces {
    /// Planes follow one another.
    Contiguous { start: u64 },
    /// Planes, or rows of planes, stand on their own.
    Scattered {
        starts: Vec<u64>,
        /// In one piece.
        samples: u64,
        /// Bytes that stand before every piece: its type and size.
        before: Vec<u8>,
    },
}

/// An open file of uncompressed samples.
pub(super) struct FlatDocument {
    format: Format,
    reader: RefCell<SourceReader>,
    limits: Limits,
    signals: Vec<Signal>,
    places: Vec<Place>,
}

/// Number of samples of a plane.
pub(super) fn plane_samples(signal: &Signal) -> u64 {
    let (height, width) = signal.plane_shape();
    (height as u64).saturating_mul(width as u64)
}

/// Refuses sizes over the limits, or of nothing.
pub(super) fn check_sizes(
    format: Format,
    signal: &Signal,
    limits: &Limits,
) -> Result<(), FormatError> {
    let over = |field, value, limit| FormatError::LimitExceeded {
        format,
        field,
        value,
        limit,
    };
    if let Some(axis) = signal.axes.iter().find(|a| a.size == 0) {
        return Err(FormatError::Malformed {
            format,
            field: said!("size of axis '{}'" | "Größe der Achse {}", axis.name),
            offset: None,
            reason: said!("it is 0" | "sie ist 0"),
        });
    }
    let pixels = plane_samples(signal);
    let bytes = pixels.saturating_mul(signal.dtype.bytes() as u64);
    let planes = signal.planes() as u64;
    if pixels > limits.pixels {
        Err(over(
            said!("number of pixels of a plane" | "die Zahl der Pixel einer Ebene"),
            pixels,
            limits.pixels,
        ))
    } else if bytes > limits.bytes {
        Err(over(
            said!("number of bytes of a plane" | "die Zahl der Bytes einer Ebene"),
            bytes,
            limits.bytes,
        ))
    } else if planes > limits.pages {
        Err(over(
            said!("number of planes" | "die Zahl der Ebenen"),
            planes,
            limits.pages,
        ))
    } else {
        Ok(())
    }
}

impl FlatDocument {
    /// Checks sizes and that the samples are in the file. Of a stack that is cut short the whole planes are kept, with
    /// a notice.
    ///
    /// # Errors
    /// [`FormatError`] of the first signal, where none can be read; others are left out with a notice.
    pub fn new(
        format: Format,
        reader: SourceReader,
        limits: &Limits,
        found: Vec<(Signal, Place)>,
        notices: &mut Notices,
    ) -> Result<FlatDocument, FormatError> {
        let mut document = FlatDocument {
            format,
            reader: RefCell::new(reader),
            limits: *limits,
            signals: Vec::new(),
            places: Vec::new(),
        };
        let several = found.len() > 1;
        let mut first_error = None;
        for (index, (mut signal, place)) in found.into_iter().enumerate() {
            match document.check(&mut signal, &place, notices) {
                Ok(()) => {
                    document.signals.push(signal);
                    document.places.push(place);
                }
                Err(e) => {
                    if several {
                        notices.add(NoticeKind::Skipped {
                            what: said!(
                                "signal {index} (counted from 0)" | "Signal {index} (ab 0 gezählt)"
                            ),
                            reason: e.said(),
                        });
                    }
                    first_error = first_error.or(Some(e));
                }
            }
        }
        match first_error {
            Some(e) if document.signals.is_empty() => Err(e),
            None if document.signals.is_empty() => Err(FormatError::Malformed {
                format,
                field: said!("file" | "Datei"),
                offset: None,
                reason: said!(
                    "it holds no image and no spectrum"
                        | "sie enthält weder ein Bild noch ein Spektrum"
                ),
            }),
            _ => Ok(document),
        }
    }

    fn check(
        &mut self,
        signal: &mut Signal,
        place: &Place,
        notices: &mut Notices,
    ) -> Result<(), FormatError> {
        check_sizes(self.format, signal, &self.limits)?;
        let Pieces::Contiguous { start } = place.pieces else {
            return Ok(());
        };
        let plane = place.encoding.stored_bytes(plane_samples(signal)).max(1);
        let room = self.reader.get_mut().len().saturating_sub(start);
        let there = room.checked_div(plane).unwrap_or(0);
        let planes = signal.planes() as u64;
        if there >= planes {
            return Ok(());
        }
        let error = FormatError::Truncated {
            format: self.format,
            field: said!("samples" | "Werte"),
            offset: Some(start.saturating_add(room)),
        };
        let inner = signal
            .axes
            .iter()
            .skip(1)
            .take(signal.axes.len().saturating_sub(3))
            .fold(1_u64, |n, a| n.saturating_mul(a.size as u64));
        let kept = there.checked_div(inner).unwrap_or(0);
        match signal.axes.first_mut() {
            Some(axis) if planes > 1 && kept > 0 && axis.role == AxisRole::Navigation => {
                notices.add(NoticeKind::Skipped {
                    what: said!(
                        "{} of {} planes" | "{} von {} Ebenen",
                        planes.saturating_sub(kept.saturating_mul(inner)),
                        planes
                    ),
                    reason: error.said(),
                });
                axis.size = usize::try_from(kept).unwrap_or(usize::MAX);
                Ok(())
            }
            _ => Err(error),
        }
    }
}

impl Document for FlatDocument {
    fn format(&self) -> Format {
        self.format
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
        let absent = || FormatError::Malformed {
            format: self.format,
            field: said!("signal {signal}, plane {plane}" | "Signal {signal}, Ebene {plane}"),
            offset: None,
            reason: said!("the file does not have it" | "die Datei hat das nicht"),
        };
        let (Some(header), Some(place)) = (self.signals.get(signal), self.places.get(signal))
        else {
            return Err(absent());
        };
        if plane >= header.planes() {
            return Err(absent());
        }
        let field = format!("plane {plane}");
        let reader = &mut *self.reader.borrow_mut();
        let samples = plane_samples(header);
        let bytes = match &place.pieces {
            Pieces::Contiguous { start } => {
                let size = place.encoding.stored_bytes(samples);
                let offset = start.saturating_add(size.saturating_mul(plane as u64));
                read(reader, self.format, &field, offset, size)?
            }
            Pieces::Scattered {
                starts,
                samples: of_piece,
                before,
            } => {
                let size = place.encoding.stored_bytes(*of_piece);
                let count = samples.checked_div(*of_piece).unwrap_or(0);
                let count = usize::try_from(count).unwrap_or(usize::MAX);
                let first = plane.saturating_mul(count);
                let mut bytes = Vec::new();
                for start in starts.iter().skip(first).take(count) {
                    let length = before.len() as u64;
                    let offset = start.saturating_sub(length);
                    if read(reader, self.format, &field, offset, length)? != *before {
                        return Err(FormatError::Malformed {
                            format: self.format,
                            field: Said::name(field),
                            offset: Some(offset),
                            reason: said!(
                                "its type or size is not that of the first"
                                    | "Typ oder Größe sind nicht die der ersten"
                            ),
                        });
                    }
                    let mut piece = read(reader, self.format, &field, *start, size)?;
                    if bytes.is_empty() {
                        bytes = piece;
                    } else {
                        bytes.append(&mut piece);
                    }
                }
                bytes
            }
        };
        let (height, width) = header.plane_shape();
        let bytes = match place.arrangement {
            Arrangement::Rows => bytes,
            Arrangement::BottomUp => {
                let row = bytes.len().checked_div(height).unwrap_or(0).max(1);
                let mut turned = Vec::with_capacity(bytes.len());
                for row in bytes.chunks_exact(row).rev() {
                    turned.extend_from_slice(row);
                }
                turned
            }
            Arrangement::Columns => {
                let sample = header.dtype.bytes();
                let column = height.saturating_mul(sample).max(1);
                let mut turned = Vec::with_capacity(bytes.len());
                for y in 0..height {
                    let start = y.saturating_mul(sample);
                    for column in bytes.chunks_exact(column) {
                        turned.extend(column.iter().skip(start).take(sample));
                    }
                }
                turned
            }
        };
        let decoded = place.encoding.decode(bytes);
        if decoded.len() as u64 != samples {
            return Err(FormatError::Truncated {
                format: self.format,
                field: Said::name(field),
                offset: None,
            });
        }
        Ok(PlaneSamples {
            width,
            height,
            saturation: decoded.type_max(),
            samples: decoded,
        })
    }
}
