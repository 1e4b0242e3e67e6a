//! The one place where errors become what the user is told.

use std::error::Error;

use serde::{Deserialize, Serialize};

use super::FileFailure;
use crate::fit::FitError;
use crate::formats::FormatError;
use crate::imaging::ImagingError;
use crate::kinetics::SizeError;
use crate::language::{Said, said, word};
use crate::materials::LibraryError;
use crate::project::{FileError, LinkError, ProjectFileError};
use crate::simulate::SimulateError;
use crate::spectroscopy::SpectroscopyError;
use crate::thermo::ThermoError;

/// Whose fault, and so what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// The file ends too early.
    Truncated,
    /// The file contradicts itself or its format.
    Malformed,
    /// A valid file of a kind that is not read.
    Unsupported,
    /// Larger than the limits.
    LimitExceeded,
    /// The request does not fit the data.
    Request,
    /// The images do not hold what was sought.
    Measurement,
    /// The operating system refused.
    Access,
}

/// An error on its way to the user: what, where, what to try; in both languages, since the one who words it does not know who will read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", self.said())]
pub struct Failure {
    /// Whose fault.
    pub kind: FailureKind,
    /// From the outermost message to the innermost cause.
    pub chain: Vec<Said>,
    /// What to try; empty when the message says it.
    pub remedy: Said,
}

impl Failure {
    /// A request that does not fit the data.
    pub(super) fn request(message: Said, remedy: Said) -> Failure {
        Failure {
            kind: FailureKind::Request,
            chain: vec![message],
            remedy,
        }
    }

    /// A comparison takes two.
    pub fn too_few_to_compare() -> Failure {
        Failure::request(
            said!(
                "there is one series only, or the same one twice"
                    | "es ist nur eine Serie da, oder zweimal dieselbe"
            ),
            said!(
                "give the results or images of two series or more"
                    | "Ergebnisse oder Bilder von mindestens zwei Serien angeben"
            ),
        )
    }

    /// A reference that stands alone.
    pub fn one_reference() -> Failure {
        Failure::request(
            said!(
                "one reference alone explains every spectrum"
                    | "eine Referenz allein erklärt jedes Spektrum"
            ),
            said!(
                "give the references of all states that are possible, two at least"
                    | "die Referenzen aller möglichen Zustände angeben, mindestens zwei"
            ),
        )
    }

    /// That none of so many files could be used: why not the first that failed. Others may have been passed over.
    pub(super) fn of_files(failures: Vec<FileFailure>, dropped: usize) -> Failure {
        let count = dropped.max(failures.len());
        let Some(first) = failures.into_iter().next() else {
            return Failure::request(nothing_dropped(), Said::default());
        };
        let mut failure = first.told();
        if count > 1 {
            let none = said!(
                "none of these {count} files could be used, this one neither"
                    | "keine dieser {count} Dateien war zu gebrauchen, auch diese nicht"
            );
            failure.chain.insert(0, none);
        }
        failure
    }

    /// An error with its causes, and what to try; both are worded in each language.
    pub(crate) fn new(
        kind: FailureKind,
        error: &dyn Error,
        remedy: &dyn Fn() -> String,
    ) -> Failure {
        let mut chain = vec![Said::of(&|| error.to_string())];
        let mut source = error.source();
        while let Some(inner) = source {
            chain.push(Said::of(&|| inner.to_string()));
            source = inner.source();
        }
        Failure {
            kind,
            chain,
            remedy: Said::of(remedy),
        }
    }

    /// From the outside in, in the language of this thread.
    fn said(&self) -> String {
        let parts = self.chain.iter().map(Said::as_str);
        let told: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
        told.join(": ")
    }
}

/// That there is nothing to open.
pub(super) fn nothing_dropped() -> Said {
    said!(
        "no image was found in what was dropped"
            | "in den abgelegten Dateien war kein Bild zu finden"
    )
}

impl FileFailure {
    /// With the file in front, where it is told alone.
    pub fn told(self) -> Failure {
        let mut failure = self.failure;
        failure.chain.insert(0, Said::name(self.path));
        failure
    }
}

impl From<&FormatError> for Failure {
    fn from(error: &FormatError) -> Failure {
        let kind = match error {
            FormatError::Truncated { .. } => FailureKind::Truncated,
            FormatError::Malformed { .. } => FailureKind::Malformed,
            FormatError::Unsupported { .. } => FailureKind::Unsupported,
            FormatError::LimitExceeded { .. } => FailureKind::LimitExceeded,
            FormatError::Io { .. } => FailureKind::Access,
        };
        Failure::new(kind, error, &|| error.remedy().to_owned())
    }
}

impl From<&FileError> for Failure {
    fn from(error: &FileError) -> Failure {
        let kind = match error {
            FileError::Format(inner) => return Failure::from(inner.as_ref()),
            FileError::Table(_) => FailureKind::Malformed,
            FileError::NotOpen { .. } => FailureKind::Request,
            FileError::Project(inner) => match inner {
                ProjectFileError::Malformed(_)
                | ProjectFileError::Damaged(_)
                | ProjectFileError::Analysis(_) => FailureKind::Malformed,
                ProjectFileError::Newer(_) => FailureKind::Unsupported,
                ProjectFileError::TooLarge { .. } => FailureKind::LimitExceeded,
                ProjectFileError::Empty => FailureKind::Request,
            },
        };
        Failure::new(kind, error, &|| remedy_of_file(error).to_owned())
    }
}

fn remedy_of_file(error: &FileError) -> &str {
    match error {
        FileError::Format(inner) => inner.remedy(),
        FileError::Table(_) => word!(
            "correct the table and drop the folder again"
                | "die Tabelle berichtigen und den Ordner noch einmal ablegen"
        ),
        FileError::NotOpen { .. } => {
            word!("drop the files again" | "die Dateien noch einmal ablegen")
        }
        FileError::Project(inner) => match inner {
            ProjectFileError::Malformed(_)
            | ProjectFileError::Damaged(_)
            | ProjectFileError::Analysis(_) => word!(
                "save the project again, or unpack it like a zip and drop its images"
                    | "das Projekt noch einmal speichern, oder es wie ein Zip entpacken und seine Bilder ablegen"
            ),
            ProjectFileError::Newer(_) => newest_version(),
            ProjectFileError::TooLarge { .. } => word!(
                "unpack it like a zip and drop its images"
                    | "es wie ein Zip entpacken und seine Bilder ablegen"
            ),
            ProjectFileError::Empty => {
                word!("drop it together with its images" | "es zusammen mit seinen Bildern ablegen")
            }
        },
    }
}

fn newest_version() -> &'static str {
    word!("open it with the newest version" | "mit der neuesten Version öffnen")
}

impl From<&ImagingError> for Failure {
    fn from(error: &ImagingError) -> Failure {
        Failure::new(FailureKind::Measurement, error, &String::new)
    }
}

impl From<&FitError> for Failure {
    fn from(error: &FitError) -> Failure {
        let remedy = || match error {
            FitError::NoFrames => word!(
                "include a frame, or say where the particle is: double-click it, draw a circle from its center, or type x, y and radius"
                    | "ein Bild einbeziehen oder sagen, wo das Partikel ist: doppelklicken, einen Kreis von seiner Mitte aus ziehen oder x, y und Radius eintippen"
            ),
            FitError::OtherSize { .. } => word!(
                "check its circle and its pixel size, or leave the frame out"
                    | "seinen Kreis und seine Pixelgröße prüfen oder das Bild auslassen"
            ),
            FitError::BadProfile { .. } | FitError::TooFewBins { .. } => {
                word!("leave the frame out" | "das Bild auslassen")
            }
            FitError::Radius { .. } => word!(
                "correct the pixel size and its unit (the table, series.csv or the scale bar), or the circle"
                    | "die Pixelgröße und ihre Einheit (Tabelle, series.csv oder Maßstabsbalken) oder den Kreis berichtigen"
            ),
            FitError::Setting { .. } | FitError::Model(_) | FitError::Diffusion(_) => word!(
                "change the setting, or set it free" | "die Einstellung ändern oder freigeben"
            ),
        };
        Failure::new(FailureKind::Request, error, &|| remedy().to_owned())
    }
}

impl From<&SimulateError> for Failure {
    fn from(error: &SimulateError) -> Failure {
        Failure::new(FailureKind::Request, error, &|| {
            word!("change the experiment" | "das Experiment ändern").to_owned()
        })
    }
}

impl From<&SizeError> for Failure {
    fn from(error: &SizeError) -> Failure {
        Failure::new(FailureKind::Request, error, &|| error.remedy().to_owned())
    }
}

impl From<&ThermoError> for Failure {
    fn from(error: &ThermoError) -> Failure {
        Failure::new(FailureKind::Request, error, &|| error.remedy())
    }
}

impl From<&LibraryError> for Failure {
    fn from(error: &LibraryError) -> Failure {
        Failure::new(FailureKind::Malformed, error, &|| error.remedy())
    }
}

impl From<&SpectroscopyError> for Failure {
    fn from(error: &SpectroscopyError) -> Failure {
        Failure::new(FailureKind::Request, error, &|| error.remedy())
    }
}

impl From<&LinkError> for Failure {
    fn from(error: &LinkError) -> Failure {
        let kind = match error {
            LinkError::NotALink | LinkError::Broken(_) => FailureKind::Malformed,
            LinkError::Newer(_) => FailureKind::Unsupported,
            LinkError::TooLarge { .. } => FailureKind::LimitExceeded,
        };
        let remedy = || match error {
            LinkError::NotALink | LinkError::Broken(_) => word!(
                "copy the whole link again; some mail programs cut long ones"
                    | "den ganzen Link noch einmal kopieren; manche Mailprogramme kürzen lange"
            ),
            LinkError::Newer(_) => newest_version(),
            LinkError::TooLarge { .. } => {
                word!("ask for the project file instead" | "stattdessen um die Projektdatei bitten")
            }
        };
        Failure::new(kind, error, &|| remedy().to_owned())
    }
}
