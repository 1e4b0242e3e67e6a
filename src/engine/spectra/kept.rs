//! Spectra as last read, on the axis that was asked for, and the maps last made of them.

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::SPECTRA_SAMPLE;
use crate::engine::{Engine, Failure};
use crate::figures::format::with_error;
use crate::formats::{self, Beside, Document, Limits, Source, companions};
use crate::imaging::Circle;
use crate::language::{Number, Said, said};
use crate::project::Place;
use crate::signal::{Image, Notices, Signal};
use crate::simulate::{SpectrumExperiment, simulate_spectra};
use crate::spectroscopy::{
    ElementMap, EnergyAxis, Scattering, SpectraReader, Spectrum, SpectrumImage, Windows, ZeroLoss,
};

use super::MapMethod;

/// Which spectra, and on which axis of energies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SpectraOf {
    /// Paths of the files that are handed over with the request, in the order of their sources.
    pub files: Vec<String>,
    /// The file: one of these, or one that is open.
    pub path: String,
    /// Which of its signals; `None`: the first with an energy axis.
    pub signal: Option<usize>,
    /// Spectra of the same pixels with the zero-loss peak, of the same file or another: zero lies there, in every pixel.
    pub low_loss: Option<Place>,
    /// What the axis is moved by besides (eV).
    pub shift_ev: f64,
}

/// Noise and dose of the sample: its maps stand well above their errors, pixel by pixel.
const SAMPLE_SEED: u64 = 1;
const SAMPLE_DOSE: f64 = 128.0;

/// Maps that are kept at least: enough for two methods and a step back. Of many edges, those of two questions.
const LEAST_KEPT: usize = 6;

/// What maps are made of: edges, how, and windows where they are of one edge.
pub(super) type MapKey = (Vec<String>, MapMethod, Option<Windows>);

/// Maps as last made.
#[derive(Clone)]
pub(super) struct KeptMaps {
    key: MapKey,
    pub maps: Vec<ElementMap>,
    pub remark: Option<Said>,
}

/// Spectra as last read.
pub(in crate::engine) struct KeptSpectra {
    of: SpectraOf,
    pub title: String,
    /// As the file has it.
    pub high_tension_kv: Option<f64>,
    pub image: SpectrumImage,
    /// Of all pixels.
    pub sum: Spectrum,
    /// The low loss of the same pixels, or one for all; its zeros at 0.
    low_loss: Option<SpectrumImage>,
    /// What was done to the axis.
    pub remark: Option<Said>,
    /// Of the region last asked for.
    region: Option<(Circle, Spectrum)>,
    /// The latest first.
    made: Vec<KeptMaps>,
}

impl Engine {
    /// A file that was handed over, with those that belong to it, or one that is open.
    pub(super) fn spectra_file(
        &self,
        path: &str,
        (of, sources): (&SpectraOf, &[Rc<dyn Source>]),
        notices: &mut Notices,
    ) -> Result<Box<dyn Document>, Failure> {
        let given = |name: &str| {
            let at = of.files.iter().position(|f| f == name)?;
            sources.get(at).cloned()
        };
        let source = given(path)
            .or_else(|| self.files.source(path))
            .ok_or_else(|| {
                Failure::request(
                    said!("'{path}' is not open" | "„{path}“ ist nicht offen"),
                    said!("drop the file again" | "die Datei noch einmal ablegen"),
                )
            })?;
        let beside = companions(path, of.files.iter().map(String::as_str));
        let beside = Beside::new(path, beside.into_iter().filter_map(given).collect());
        formats::open_with(source, &beside, &Limits::default(), notices)
            .map_err(|e| Failure::from(&e))
    }

    /// The spectra that are asked for, kept for the next request.
    pub(super) fn spectra(
        &mut self,
        of: &SpectraOf,
        sources: &[Rc<dyn Source>],
        notices: &mut Notices,
    ) -> Result<&mut KeptSpectra, Failure> {
        let kept = match self.spectra.take().filter(|kept| kept.is(of)) {
            Some(kept) => kept,
            None => self.read_spectra(of, sources, notices)?,
        };
        let kept = self.spectra.insert(kept);
        kept.move_to(of.shift_ev);
        Ok(kept)
    }

    pub(super) fn read_spectra(
        &self,
        of: &SpectraOf,
        sources: &[Rc<dyn Source>],
        notices: &mut Notices,
    ) -> Result<KeptSpectra, Failure> {
        if of.path == SPECTRA_SAMPLE {
            let made = SpectrumExperiment::copper_magnesium(true, SAMPLE_DOSE)
                .and_then(|experiment| simulate_spectra(&experiment, SAMPLE_SEED))
                .map_err(|e| Failure::from(&e))?;
            return Ok(KeptSpectra::new((&of.path, 0), "Cu@Mg".into(), made.image));
        }
        let document = self.spectra_file(&of.path, (of, sources), notices)?;
        let (index, header, image) = read(document.as_ref(), of.signal, notices)?;
        let mut kept = KeptSpectra {
            high_tension_kv: header.metadata.high_tension_kv,
            ..KeptSpectra::new((&of.path, index), header.title, image)
        };
        if let Some(place) = &of.low_loss {
            let document = self.spectra_file(&place.file, (of, sources), notices)?;
            let (_, header, low_loss) = read(document.as_ref(), Some(place.signal), notices)?;
            kept = kept.aligned(low_loss, &header.title)?;
            kept.of.low_loss = Some(place.clone());
        }
        Ok(kept)
    }
}

/// A signal of a file as a spectrum image; without an index, the first with an energy axis.
fn read(
    document: &dyn Document,
    signal: Option<usize>,
    notices: &mut Notices,
) -> Result<(usize, Signal, SpectrumImage), Failure> {
    let index = signal
        .or_else(|| document.signals().iter().position(is_energetic))
        .ok_or_else(no_energy_axis)?;
    let header = document.signals().get(index).cloned().ok_or_else(|| {
        Failure::request(
            said!(
                "there is no signal {index} in the file"
                    | "ein Signal {index} gibt es in der Datei nicht"
            ),
            said!(
                "leave the signal out to take the first spectrum image"
                    | "das Signal weglassen: dann wird das erste Spektrenbild genommen"
            ),
        )
    })?;
    let mut reader = SpectraReader::new(&header).map_err(|e| Failure::from(&e))?;
    document
        .read_each(
            index,
            &Limits::default(),
            notices,
            &mut |samples| match reader.add(samples) {
                true => Ok(()),
                false => Err(document.other_type(index)),
            },
        )
        .map_err(|e| Failure::from(&e))?;
    let image = reader.finish().map_err(|e| Failure::from(&e))?;
    Ok((index, header, image))
}

/// There are no spectra.
fn no_energy_axis() -> Failure {
    Failure::request(
        said!(
            "no signal of the file has an energy axis in eV or keV"
                | "kein Signal der Datei hat eine Energieachse in eV oder keV"
        ),
        said!("calibrate the axis before saving" | "die Achse vor dem Speichern kalibrieren"),
    )
}

/// An image that stands beside spectra.
pub(super) fn read_image(document: &dyn Document, place: &Place) -> Result<Image, Failure> {
    let plane = document.read_plane(place.signal, place.plane, &mut Notices::default());
    Ok(plane.map_err(|e| Failure::from(&e))?.to_image())
}

/// Whether a signal has an energy axis.
fn is_energetic(signal: &Signal) -> bool {
    signal.axes.iter().any(|a| EnergyAxis::of(a).is_ok())
}

impl KeptSpectra {
    fn new((path, index): (&str, usize), title: String, image: SpectrumImage) -> KeptSpectra {
        KeptSpectra {
            of: SpectraOf {
                path: path.to_owned(),
                signal: Some(index),
                ..SpectraOf::default()
            },
            title,
            high_tension_kv: None,
            sum: image.sum_spectrum(|_, _| true),
            image,
            low_loss: None,
            remark: None,
            region: None,
            made: Vec::new(),
        }
    }

    /// Index of the signal.
    pub fn signal(&self) -> usize {
        self.of.signal.unwrap_or(0)
    }

    /// Whether these are the spectra asked for, wherever their axis lies.
    fn is(&self, of: &SpectraOf) -> bool {
        self.of.path == of.path
            && of.signal.is_none_or(|s| Some(s) == self.of.signal)
            && self.of.low_loss == of.low_loss
    }

    /// Whether they are of this file.
    pub fn is_of(&self, path: &str) -> bool {
        self.of.path == path
    }

    /// With zero where the low loss has it.
    fn aligned(self, low_loss: SpectrumImage, title: &str) -> Result<KeptSpectra, Failure> {
        let told = |e: crate::spectroscopy::SpectroscopyError| Failure::from(&e);
        let zeros = ZeroLoss::of_pixels(&low_loss).map_err(told)?;
        let image = self.image.aligned(&zeros).map_err(told)?;
        let low_loss = low_loss.aligned(&zeros).map_err(told)?;
        let sum = low_loss.sum_spectrum(|_, _| true);
        let places = zeros.iter().map(|z| z.position_ev);
        let (least, most) = places.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), p| {
            (a.min(p), b.max(p))
        });
        let scattering = Scattering::of(&sum).map_err(told)?;
        let width = ZeroLoss::of(&sum).map(|z| (z.fwhm_ev, z.fwhm_error_ev));
        let (width_ev, width_error_ev) = width.unwrap_or((f64::NAN, f64::NAN));
        let remark = said!(
            "Zero of the energy axis: the zero-loss peak of '{title}', pixel by pixel, which lay at {:.1} to {:.1} eV. Its full width at half maximum is {}; t/λ = {} (errors by counting)."
                | "Null der Energieachse: der Zero-Loss-Peak von „{title}“, Pixel für Pixel, der bei {:.1} bis {:.1} eV lag. Seine Halbwertsbreite ist {}; t/λ = {} (Fehler aus dem Zählen).",
            Number(least),
            Number(most),
            with_error(width_ev, width_error_ev, "eV"),
            with_error(scattering.t_over_lambda, scattering.t_over_lambda_error, "")
        );
        Ok(KeptSpectra {
            sum: image.sum_spectrum(|_, _| true),
            image,
            low_loss: Some(low_loss),
            remark: Some(remark),
            ..self
        })
    }

    /// Moves the axis to this many eV beside where the file, or the low loss, has it.
    fn move_to(&mut self, shift_ev: f64) {
        let by = shift_ev - self.of.shift_ev;
        if by == 0.0 {
            return;
        }
        self.of.shift_ev = shift_ev;
        self.image.axis.first_ev += by;
        self.sum.axis.first_ev += by;
        self.region = None;
        self.made.clear();
    }

    /// The spectrum of the pixels in a circle, or of all.
    pub fn of_region(&mut self, region: Option<Circle>) -> &Spectrum {
        let Some(circle) = region else {
            return &self.sum;
        };
        let kept = self.region.take().filter(|(c, _)| *c == circle);
        let (_, spectrum) = self
            .region
            .insert(kept.unwrap_or_else(|| (circle, within(&self.image, circle))));
        spectrum
    }

    /// What the specimen in that region does to an edge.
    ///
    /// # Errors
    /// No low loss, or none with a peak.
    pub fn scattering(&self, region: Option<Circle>) -> Result<Scattering, Failure> {
        let low_loss = self.low_loss.as_ref().ok_or_else(|| {
            Failure::request(
                said!(
                    "plural scattering is known from the low loss only, and there is none"
                        | "Mehrfachstreuung ist nur aus dem Niederverlust bekannt, und es gibt keinen"
                ),
                said!(
                    "name the low-loss spectra of the same pixels, or go on without deconvolution"
                        | "die Niederverlustspektren derselben Pixel angeben oder ohne Entfaltung weitermachen"
                ),
            )
        })?;
        let spectrum = match region.filter(|_| low_loss.pixels() > 1) {
            Some(circle) => within(low_loss, circle),
            None => low_loss.sum_spectrum(|_, _| true),
        };
        Scattering::of(&spectrum).map_err(|e| Failure::from(&e))
    }

    /// What was made last time of the same, or made now.
    pub(super) fn kept_or(
        &mut self,
        (key, edges): (MapKey, usize),
        make: impl FnOnce(&SpectrumImage) -> Result<(Vec<ElementMap>, Option<Said>), Failure>,
    ) -> Result<KeptMaps, Failure> {
        let at = self.made.iter().position(|kept| kept.key == key);
        let kept = match at {
            Some(at) => self.made.remove(at),
            None => {
                let (maps, remark) = make(&self.image)?;
                KeptMaps { key, maps, remark }
            }
        };
        self.made.insert(0, kept.clone());
        self.made.truncate(LEAST_KEPT.max(2 * edges));
        Ok(kept)
    }
}

/// The sum of the spectra in a circle.
fn within(image: &SpectrumImage, circle: Circle) -> Spectrum {
    image.sum_spectrum(|x, y| {
        let (dx, dy) = (x as f64 - circle.center.x_px, y as f64 - circle.center.y_px);
        libm::hypot(dx, dy) <= circle.radius_px
    })
}
