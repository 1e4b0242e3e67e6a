//! FEI/Thermo Fisher TIA: `.ser` files hold the samples, the `.emi` file beside them what the microscope said.
//!
//! Written from the public description of the series format (C. Boothroyd, *The SER and EMI file formats*) and from files.

mod emi;
mod ser;

use std::rc::Rc;

use self::emi::Object;
use super::cursor::read;
use super::{Document, Format, FormatError, Limits, PlaneSamples, Source, SourceReader};
use crate::formats::error::part;
use crate::language::said;
use crate::signal::{Notices, Signal};

/// Opens a `.ser`; `emi` is the file it belongs to, `index` which of its series it is (from 0).
pub(super) fn open_ser(
    reader: SourceReader,
    emi: Option<(Rc<dyn Source>, usize)>,
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Box<dyn Document>, FormatError> {
    let object = emi.and_then(|(source, index)| {
        let objects = emi::objects(&mut SourceReader::new(source), limits, notices);
        objects.into_iter().nth(index)
    });
    let document = ser::open(reader, object.as_ref(), limits, notices)?;
    Ok(Box::new(document))
}

/// Opens an `.emi` with the `.ser` files of the same drop, in their order.
///
/// # Errors
/// Without any `.ser` there are no samples that could be read.
pub(super) fn open_emi(
    mut reader: SourceReader,
    series: &[Rc<dyn Source>],
    limits: &Limits,
    notices: &mut Notices,
) -> Result<Box<dyn Document>, FormatError> {
    let objects: Vec<Object> = emi::objects(&mut reader, limits, notices);
    if series.is_empty() {
        return Err(FormatError::Unsupported {
            format: Format::Emi,
            field: match objects.first().and_then(Object::summary) {
                Some(summary) => said!(
                    "a file of metadata ({summary}) without its images"
                        | "eine Datei mit Metadaten ({summary}) ohne ihre Bilder"
                ),
                None => said!(
                    "a file of metadata without its images"
                        | "eine Datei mit Metadaten ohne ihre Bilder"
                ),
            },
            remedy: said!(
                "drop the .ser files of the same name together with it: they hold the images"
                    | "die .ser-Dateien gleichen Namens zusammen mit ihr ablegen: sie enthalten die Bilder"
            ),
        });
    }
    let mut joined = Joined::default();
    for (index, source) in series.iter().enumerate() {
        let mut reader = SourceReader::new(source.clone());
        let mark = read(&mut reader, Format::Ser, "mark", 0, 4)?;
        if mark != *b"II\x97\x01" {
            return Err(FormatError::Malformed {
                format: Format::Ser,
                field: part("mark"),
                offset: Some(0),
                reason: said!(
                    "the file beside the .emi is no TIA series"
                        | "die Datei neben der .emi ist keine TIA-Serie"
                ),
            });
        }
        let document = ser::open(reader, objects.get(index), limits, notices)?;
        joined.add(Box::new(document));
    }
    Ok(Box::new(joined))
}

/// The series of one acquisition.
#[derive(Default)]
struct Joined {
    documents: Vec<Box<dyn Document>>,
    signals: Vec<Signal>,
    /// Document and its signal.
    places: Vec<(usize, usize)>,
}

impl Joined {
    fn add(&mut self, document: Box<dyn Document>) {
        let index = self.documents.len();
        for (signal, header) in document.signals().iter().enumerate() {
            self.signals.push(header.clone());
            self.places.push((index, signal));
        }
        self.documents.push(document);
    }
}

impl Document for Joined {
    fn format(&self) -> Format {
        Format::Emi
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        let place = self.places.get(signal);
        let found = place.and_then(|&(index, signal)| Some((self.documents.get(index)?, signal)));
        match found {
            Some((document, signal)) => document.read_plane(signal, plane, notices),
            None => Err(FormatError::Malformed {
                format: Format::Emi,
                field: said!("signal {signal}" | "Signal {signal}"),
                offset: None,
                reason: said!("there is none" | "das gibt es nicht"),
            }),
        }
    }
}
