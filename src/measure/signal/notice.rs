//! Notices: the work went on, with an assumption the user should know of.

use serde::{Deserialize, Serialize};

use super::ClockKind;
use crate::language::Said;

/// What was assumed or found.
///
/// Texts are those of the headless edition; the page may word them anew in another language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[allow(missing_docs)]
pub enum NoticeKind {
    #[error("color image: converted to gray by the mean of its {channels} channels")]
    ColorConverted { channels: usize },
    #[error("no pixel size in the file: lengths are in pixels until one is given")]
    NoPixelSize,
    #[error("the pixels are {width_nm} nm wide and {height_nm} nm high; the mean is used")]
    NonSquarePixels { width_nm: f64, height_nm: f64 },
    #[error("unit '{unit}' in {tag} is not a length: no pixel size is taken from it")]
    UnknownUnit { unit: String, tag: String },
    #[error("pixel size {pixel_nm} nm from {tag} is not believed: {reason}")]
    PixelSizeDoubted {
        pixel_nm: f64,
        tag: String,
        reason: Said,
    },
    #[error("{count} pixels hold no number and are left out")]
    NotANumber { count: usize },
    #[error("{count} pixels are saturated at {value}: the profile is too low there")]
    Saturated { count: usize, value: f64 },
    #[error("{count} pixels are clipped at the lowest value {value}")]
    Clipped { count: usize, value: f64 },
    #[error(
        "the particle reaches the edge of the image: the part outside is missing from its average"
    )]
    CutByEdge,
    #[error("{count} other particles stand near and are left out of the average")]
    Neighbors { count: usize },
    #[error("several particles found; the most central and largest of {count} was taken")]
    SeveralParticles { count: usize },
    #[error("the particle is not round: its axes differ by {percent:.1} %")]
    NotRound { percent: f64 },
    #[error("the particle could not be followed into this frame; it was searched anew")]
    TrackLost,
    #[error("no temperature found for this frame")]
    NoTemperature,
    #[error("no dwell times: the results are D·t (nm²), not D")]
    NoDwell,
    #[error("temperature {kelvin:.2} K read from the file name '{name}'")]
    TemperatureFromName { kelvin: f64, name: String },
    #[error("the first frame is the initial state; its dwell of {dwell_s} s is not used")]
    FirstDwellIgnored { dwell_s: f64 },
    #[error("series.csv lists '{name}', which was not found")]
    ListedFileMissing { name: Said },
    #[error("'{name}' is not listed in series.csv and is left out")]
    NotListed { name: String },
    #[error("column '{name}' of series.csv is not known and is left out")]
    UnknownColumn { name: String },
    #[error(
        "{width} × {height} pixels, where the first frame has {first_width} × {first_height}: allowed"
    )]
    SizeDiffers {
        width: usize,
        height: usize,
        first_width: usize,
        first_height: usize,
    },
    #[error("pixels of {pixel_nm} nm, where the first frame has {first_nm} nm: allowed")]
    PixelSizeDiffers { pixel_nm: f64, first_nm: f64 },
    #[error(
        "several series found: '{chosen}' was opened, not {}",
        named(others, "frames")
    )]
    SeveralSeries {
        chosen: String,
        /// Names of the others, each with its number of frames.
        others: Vec<(String, usize)>,
    },
    #[error(
        "the file holds {signals} signals: number {index} (counted from 0) was taken on opening, because it {}", .reason.sentence()
    )]
    OneOfSignals {
        signals: usize,
        index: usize,
        reason: Reason,
    },
    #[error("{what} skipped: {reason}")]
    Skipped { what: Said, reason: Said },
    #[error("this is not the file that the project was saved with, though its name and size are")]
    NotTheSavedFile,
    #[error("column '{column}' of the heater log says no unit: taken as {unit}")]
    LogUnitAssumed { column: String, unit: String },
    #[error(
        "the heater log holds only the set temperature ('{column}'): ramps and overshoots of the heater itself are not in it"
    )]
    OnlySetTemperature { column: String },
    #[error(
        "the heater log counts from 1970 in universal time: the images' clock may differ by hours"
    )]
    LogUniversalTime,
    #[error("the date {date} of the heater log is read day first")]
    DateOrderAssumed { date: String },
    #[error(
        "{frames} of {of} frames lie in the heater log with the clocks {offset_s} s apart (log minus images; {why}): the heatings between them are taken as measured"
    )]
    HeaterLogMarried {
        frames: usize,
        of: usize,
        offset_s: f64,
        why: Said,
    },
    #[error(
        "images are dated by {}, the heater log by {}: {}. The offset of {offset_s} s {}", .images.name(), .log.name(), apart(*.images, *.log),
        if *.by_temperature { "is what their temperatures speak for" } else { "is not measured. Set the clock offset (log minus images)" }
    )]
    ClocksDiffer {
        images: ClockKind,
        log: ClockKind,
        offset_s: f64,
        by_temperature: bool,
    },
    #[error(
        "{universal} of {of} dated frames are dated by universal time, the others are not: they may be apart by a time zone. Give the times of all in the column 'time' of series.csv"
    )]
    ImageClocksDiffer { universal: usize, of: usize },
    #[error(
        "the heater log covers {log}, the images {images}: {meeting} of them lie in it, and nothing says how the clocks differ. Give the offset (log minus images, s), or the log of this series"
    )]
    HeaterLogApart {
        log: Said,
        images: Said,
        meeting: usize,
    },
    #[error(
        "the images carry no times, so that the heater log cannot be laid beside them: add a column 'time' (s, or date and time) to series.csv"
    )]
    ImagesWithoutTimes,
    #[error(
        "the heater log does not cover the heating before this frame: the temperature and dwell of the table are used"
    )]
    HeatingNotLogged,
    #[error(
        "the heater log has a gap of {gap_s:.1} s in the heating before this frame: the temperature is taken as linear in between"
    )]
    HeaterLogGap { gap_s: f64 },
    #[error("the particle would measure {diameter_nm:.3} nm across: check the pixel size")]
    AbsurdSize { diameter_nm: f64 },
    #[error(
        "reduced chi-square {chi2_red:.2}: the model does not describe this frame to its noise; errors are widened accordingly"
    )]
    PoorFit { chi2_red: f64 },
    #[error(
        "{file} does not go with the other frames (reduced chi-square {chi2_red:.0}, theirs {others:.1}): out of focus, or damaged? Leave it out: it bends the fit of the others"
    )]
    OddFrame {
        file: String,
        chi2_red: f64,
        others: f64,
    },
    #[error(
        "the images resolve the lattice (reduced chi-square {roughness:.1} of what only single atoms can draw): structure finer than {finest_nm:.2} nm is left out of images and model alike, and what remains of it is in the errors"
    )]
    LatticeResolved { finest_nm: f64, roughness: f64 },
    #[error("round rings about one center do not describe the particle: {sentence}; fit pixels")]
    PixelsNeeded { sentence: Said },
    #[error("pixels were fitted, not round rings: {sentence}")]
    PixelsUsed { sentence: Said },
    #[error(
        "pixels were to be fitted, but only radial profiles are here: round rings were; open the images to fit pixels"
    )]
    PixelsMissing,
    #[error("{parameter} ended at the edge of its range ({value:.4})")]
    AtBound { parameter: String, value: f64 },
    #[error(
        "a single image: its profile and initial fit are shown; D needs a second image after a heating step"
    )]
    SingleImage,
    #[error(
        "{steps} heating steps at different temperatures lie before this frame (frames between are left out): D·t is given, D is not"
    )]
    MixedHeating { steps: usize },
    #[error("{sentence}")]
    SchemeRefuted { sentence: Said },
    #[error(
        "the images want a probe of σ = {wanted_nm:.4} ± {error_nm:.4} nm, not {given_nm:.4}: χ² falls by {chi2_fall:.0} and D changes by up to a factor of {}",
        times(*.factor)
    )]
    ProbeRefuted {
        given_nm: f64,
        wanted_nm: f64,
        error_nm: f64,
        chi2_fall: f64,
        factor: f64,
    },
    #[error(
        "the images want w_core/w_shell = {wanted:.4} ± {error:.4}{}, not {given:.4}{}: χ² falls by {chi2_fall:.0} and D changes by up to a factor of {}", if *.exponent > 0.0 { format!(" (n = {:.3})", .exponent) } else { String::new() }, if *.fitted { " (it was fitted)" } else { "" }, times(*.factor)
    )]
    ContrastRefuted {
        given: f64,
        wanted: f64,
        error: f64,
        exponent: f64,
        /// Whether it was fitted therefore, or the one given held all the same.
        fitted: bool,
        chi2_fall: f64,
        factor: f64,
    },
    #[error(
        "the first image is not the initial state: its core looks as if D·t = {dtau_nm2:.4} ± {error:.4} nm² lay before it (χ² falls by {chi2_fall:.0}), or it is off center or not round; D changes by up to a factor of {}",
        times(*.factor)
    )]
    AlreadyMixed {
        dtau_nm2: f64,
        error: f64,
        chi2_fall: f64,
        factor: f64,
    },
    #[error(
        "{core} was said to be inside and {shell} outside, but the first image fits this with a reduced chi-square of {chi2_red:.2}, and the reverse with {chi2_red_exchanged:.2}"
    )]
    PairRefuted {
        core: String,
        shell: String,
        chi2_red: f64,
        chi2_red_exchanged: f64,
    },
    #[error(
        "temperatures from {lowest_k:.0} to {highest_k:.0} K are those of °C: as they stand E = {energy_kj_mol:.1} kJ/mol (χ²/ν {chi2_red:.1} of the line), as °C E = {energy_celsius_kj_mol:.1} kJ/mol (χ²/ν {chi2_red_celsius:.1})"
    )]
    TemperaturesCelsius {
        lowest_k: f64,
        highest_k: f64,
        energy_kj_mol: f64,
        chi2_red: f64,
        energy_celsius_kj_mol: f64,
        chi2_red_celsius: f64,
    },
    #[error(
        "the heating before {file} does not go with the others: its D·t is {} times what their Arrhenius line gives (χ²/ν {chi2_red:.0} of the line through all, {others:.1} without it). Check its dwell and temperature in the table: about {dwell_s:.0} s in place of {given_s:.0} s would fit, or about {temperature_k:.0} K in place of {given_k:.0} K", times(*factor)
    )]
    OddHeating {
        file: String,
        factor: f64,
        chi2_red: f64,
        others: f64,
        given_s: f64,
        dwell_s: f64,
        given_k: f64,
        temperature_k: f64,
    },
    #[error(
        "no Arrhenius line goes through these frames (χ²/ν {chi2_red:.0}): E means little, whatever its error. Check temperature and dwell of every heating and the order of the images; where they are right, D changes with time (beam, ripening, another process), or the gray values are not linear in thickness (gamma, saturation, a thick particle)"
    )]
    LineRefuted { chi2_red: f64 },
    #[error(
        "all heatings are at {temperature_k:.0} K, and no single D goes through these frames (χ²/ν {chi2_red:.0}): D of one step is not that of the others. Check temperature and dwell of every heating; where they are right, D changes with time (beam, ripening, another process)"
    )]
    DiffusivityRefuted { temperature_k: f64, chi2_red: f64 },
    #[error(
        "{file} and {other} are the same image: nothing can move from one to the other. Leave one of them out"
    )]
    SameImage { file: String, other: String },
    #[error(
        "the {quantity} changes by {percent:.2} ± {error:.2} % from the first to the last frame: matter leaves or arrives (sublimation, contamination), or the magnification or beam changes"
    )]
    Drift {
        quantity: String,
        percent: f64,
        error: f64,
    },
    #[error("the contrast is fitted from a single frame, where it is hardly told from R_A")]
    ContrastFromOneFrame,
    #[error(
        "{core} inside and {shell} outside is an assumption: the first image fits it with a reduced chi-square of {chi2_red:.2}, and the reverse with {chi2_red_exchanged:.2}"
    )]
    PairAssumed {
        core: String,
        shell: String,
        chi2_red: f64,
        chi2_red_exchanged: f64,
    },
    #[error(
        "D0 fixed at {fixed_m2_s:e} m²/s and the free fit disagree by {sigmas:.1} standard errors: a wrong D0 bends E"
    )]
    FixedD0Disagrees { fixed_m2_s: f64, sigmas: f64 },
    #[error(
        "{core} and {shell} differ little in Z contrast (ratio {ratio:.2}): the profile says little about their mixing"
    )]
    LittleContrast {
        core: String,
        shell: String,
        ratio: f64,
    },
    #[error(
        "no interval has a value of D·t, only limits: limits alone do not determine E and D0; longer or hotter steps would, or shorter ones where all is mixed at once"
    )]
    LimitsOnly,
}

/// Why one signal of a file is taken before the others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The file itself says that this is what it shows.
    Shown,
    /// It is the largest HAADF picture.
    Haadf,
    /// It is the largest picture.
    Largest,
}

impl Reason {
    /// Completes "this signal …".
    pub fn sentence(self) -> &'static str {
        match self {
            Reason::Shown => "is what the file itself says it shows",
            Reason::Haadf => "is the HAADF image with the most pixels",
            Reason::Largest => "is the image with the most pixels",
        }
    }
}

/// How far two clocks may be apart.
fn apart(images: ClockKind, log: ClockKind) -> &'static str {
    match (images, log) {
        (ClockKind::Utc, ClockKind::Local) => {
            "the log is ahead by the time zone of its computer, +3600 s an hour east of Greenwich"
        }
        (ClockKind::Local, ClockKind::Utc) => {
            "the log is behind by the time zone of the microscope, -3600 s an hour east of Greenwich"
        }
        _ => "they may be apart by a time zone",
    }
}

/// One notice and what it is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// File, frame or part of the analysis; empty for the whole.
    pub subject: String,
    /// What was assumed or found.
    pub kind: NoticeKind,
}

/// Collects notices on their way up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Notices {
    subject: String,
    list: Vec<Notice>,
}

impl Notices {
    /// From now on notices are about `subject`.
    pub fn about(&mut self, subject: impl Into<String>) -> &mut Self {
        self.subject = subject.into();
        self
    }

    /// What notices are about now.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Adds a notice about the current subject; the same notice is kept once.
    pub fn add(&mut self, kind: NoticeKind) {
        let notice = Notice {
            subject: self.subject.clone(),
            kind,
        };
        if !self.list.contains(&notice) {
            self.list.push(notice);
        }
    }

    /// Takes over the notices of another collection.
    pub fn extend(&mut self, other: Notices) {
        self.list.extend(other.list);
    }

    /// All notices, oldest first.
    pub fn as_slice(&self) -> &[Notice] {
        &self.list
    }
}

/// A factor in words: one that rounds to nothing is no factor.
fn times(factor: f64) -> String {
    if factor < 0.005 {
        return "less than 0.01".into();
    }
    format!("{factor:.2}")
}

/// Names with what each has so many of: `a (12 frames), b (3 frames)`.
pub fn named(counted: &[(String, usize)], unit: &str) -> String {
    let each: Vec<String> = counted
        .iter()
        .map(|(name, count)| format!("{name} ({count} {unit})"))
        .collect();
    each.join(", ")
}
