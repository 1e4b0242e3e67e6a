//! The one place where errors become what the user is told.

use std::error::Error;

use serde::{Deserialize, Serialize};

use super::FileFailure;
use crate::fit::FitError;
use crate::formats::FormatError;
use crate::imaging::ImagingError;
use crate::kinetics::SizeError;
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

/// An error on its way to the user: what, where, what to try.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{}", .chain.join(": "))]
pub struct Failure {
    /// Whose fault.
    pub kind: FailureKind,
    /// From the outermost message to the innermost cause.
    pub chain: Vec<String>,
    /// What to try; empty when the message says it.
    pub remedy: String,
}

impl Failure {
    /// A request that does not fit the data.
    pub(super) fn request(message: impl Into<String>, remedy: &str) -> Failure {
        Failure {
            kind: FailureKind::Request,
            chain: vec![message.into()],
            remedy: remedy.into(),
        }
    }

    /// A comparison takes two.
    pub fn too_few_to_compare() -> Failure {
        Failure::request(
            "there is one series only, or the same one twice",
            "give the results or images of two series or more",
        )
    }

    /// A reference that stands alone.
    pub fn one_reference() -> Failure {
        Failure::request(
            "one reference alone explains every spectrum",
            "give the references of all states that are possible, two at least",
        )
    }

    /// That none of some files could be used: why not the first.
    pub(super) fn of_files(failures: Vec<FileFailure>) -> Failure {
        let count = failures.len();
        let Some(first) = failures.into_iter().next() else {
            return Failure::request("no image was found in what was dropped", "");
        };
        let mut failure = first.told();
        if count > 1 {
            let none = format!("none of these {count} files could be used, not the first either");
            failure.chain.insert(0, none);
        }
        failure
    }

    fn new(kind: FailureKind, error: &dyn Error, remedy: &str) -> Failure {
        let mut chain = vec![error.to_string()];
        let mut source = error.source();
        while let Some(inner) = source {
            chain.push(inner.to_string());
            source = inner.source();
        }
        Failure {
            kind,
            chain,
            remedy: remedy.into(),
        }
    }
}

impl FileFailure {
    /// With the file in front, where it is told alone.
    pub fn told(self) -> Failure {
        let mut failure = self.failure;
        failure.chain.insert(0, self.path);
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
        let mut failure = Failure::new(kind, error, error.remedy());
        // In a sentence of its own the error says what to try, which stands apart here.
        if let Some(said) = failure.chain.first_mut()
            && let Some(short) = said.strip_suffix(&format!(": {}", failure.remedy))
        {
            *said = short.to_owned();
        }
        failure
    }
}

impl From<&FileError> for Failure {
    fn from(error: &FileError) -> Failure {
        match error {
            FileError::Format(inner) => Failure::from(inner.as_ref()),
            FileError::Table(_) => Failure::new(
                FailureKind::Malformed,
                error,
                "correct the table and drop the folder again",
            ),
            FileError::Project(inner) => {
                let (kind, remedy) = match inner {
                    ProjectFileError::Malformed(_)
                    | ProjectFileError::Damaged(_)
                    | ProjectFileError::Analysis(_) => (
                        FailureKind::Malformed,
                        "save the project again, or unpack it like a zip and drop its images",
                    ),
                    ProjectFileError::Newer(_) => {
                        (FailureKind::Unsupported, "open it with the newest version")
                    }
                    ProjectFileError::TooLarge { .. } => (
                        FailureKind::LimitExceeded,
                        "unpack it like a zip and drop its images",
                    ),
                    ProjectFileError::Empty => {
                        (FailureKind::Request, "drop it together with its images")
                    }
                };
                Failure::new(kind, error, remedy)
            }
            FileError::NotOpen { .. } => {
                Failure::new(FailureKind::Request, error, "drop the files again")
            }
        }
    }
}

impl From<&ImagingError> for Failure {
    fn from(error: &ImagingError) -> Failure {
        Failure::new(FailureKind::Measurement, error, "")
    }
}

impl From<&FitError> for Failure {
    fn from(error: &FitError) -> Failure {
        let remedy = match error {
            FitError::NoFrames => "include a frame, or draw the particle's circle by hand",
            FitError::BadProfile { .. } | FitError::TooFewBins { .. } => "leave the frame out",
            FitError::Setting { .. } | FitError::Model(_) | FitError::Diffusion(_) => {
                "change the setting, or set it free"
            }
        };
        Failure::new(FailureKind::Request, error, remedy)
    }
}

impl From<&SimulateError> for Failure {
    fn from(error: &SimulateError) -> Failure {
        Failure::new(FailureKind::Request, error, "change the experiment")
    }
}

impl From<&SizeError> for Failure {
    fn from(error: &SizeError) -> Failure {
        Failure::new(FailureKind::Request, error, error.remedy())
    }
}

impl From<&ThermoError> for Failure {
    fn from(error: &ThermoError) -> Failure {
        Failure::new(FailureKind::Request, error, &error.remedy())
    }
}

impl From<&LibraryError> for Failure {
    fn from(error: &LibraryError) -> Failure {
        Failure::new(FailureKind::Malformed, error, &error.remedy())
    }
}

impl From<&SpectroscopyError> for Failure {
    fn from(error: &SpectroscopyError) -> Failure {
        Failure::new(FailureKind::Request, error, &error.remedy())
    }
}

impl From<&LinkError> for Failure {
    fn from(error: &LinkError) -> Failure {
        let (kind, remedy) = match error {
            LinkError::NotALink | LinkError::Broken(_) => (
                FailureKind::Malformed,
                "copy the whole link again; some mail programs cut long ones",
            ),
            LinkError::Newer(_) => (FailureKind::Unsupported, "open it with the newest version"),
            LinkError::TooLarge { .. } => (
                FailureKind::LimitExceeded,
                "ask for the project file instead",
            ),
        };
        Failure::new(kind, error, remedy)
    }
}
