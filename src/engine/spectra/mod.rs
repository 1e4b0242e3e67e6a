//! Element maps and valence on request.

mod found;
mod kept;
mod mixing;
mod order;

use std::rc::Rc;

use serde::{Deserialize, Serialize};

use super::{Engine, Failure, FileFailure};
use crate::diffusion::Scheme;
use crate::fit::{ElementMixing, ElementOrder};
use crate::formats::Source;
use crate::imaging::Circle;
use crate::language::{Number, Said, said};
use crate::project::{EdgeChoice, Place};
use crate::signal::{Image, Notice, Notices, Profile, Samples};
use crate::spectroscopy::{
    Composition, Edge, ElementMap, EnergyAxis, Feature, MapSettings, ModelSettings, Onset,
    Reference, SpectroscopyError, Spectrum, SpectrumImage, Valence, ValenceSettings,
    WITH_WHITE_LINES, WhiteLines, Window, Windows, background_curve, model_maps, principal,
    valence, white_lines, window_map,
};
use kept::read_image;
use order::{compose, profiles};

pub(super) use kept::KeptSpectra;
pub use kept::SpectraOf;
pub use order::{order_sentence, white_lines_sentence};

/// How maps are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum MapMethod {
    /// Windows with an extrapolated background.
    Windows(MapSettings),
    /// A fit of all edges together.
    Model(ModelSettings),
}

/// Maps of one spectrum image.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapQuestion {
    /// Comes back with the answer.
    pub id: u64,
    /// The spectra.
    pub spectra: SpectraOf,
    /// Elements, the first two being asked for their order.
    pub edges: Vec<EdgeChoice>,
    /// How.
    pub method: MapMethod,
    /// The particle; `None`: found in the maps.
    pub circle: Option<Circle>,
    /// Pixels whose spectra are summed for [`SpectrumAnswer`]; `None`: all.
    pub region: Option<Circle>,
    /// High tension (kV); `None`: the file's, or 200.
    pub kilovolts: Option<f64>,
    /// Half angle of collection (mrad); `None`: 20, known to a factor of two.
    pub collection_mrad: Option<f64>,
    /// Element of `edges` that was picked up first, where this is known.
    pub first_picked: Option<String>,
    /// Spectra of the same particle from before it was heated: D·t since then is asked for, with the same edges.
    pub before: Option<StateBefore>,
    /// How long it was heated since (s).
    pub dwell_s: Option<f64>,
    /// An image of the same pixels, to be fitted together with the profiles of the elements by its Z contrast.
    pub image: Option<Place>,
    /// Maps for the eye, of so many principal components, beside those of the counts; 0: as many as stand out of the noise.
    pub components: Option<usize>,
}

impl MapQuestion {
    /// Maps of these edges; nothing else is asked or said.
    pub fn new<Name: Into<String>>(
        spectra: SpectraOf,
        edges: impl IntoIterator<Item = Name>,
        method: MapMethod,
    ) -> MapQuestion {
        MapQuestion {
            id: 1,
            spectra,
            edges: edges.into_iter().map(EdgeChoice::named).collect(),
            method,
            circle: None,
            region: None,
            kilovolts: None,
            collection_mrad: None,
            first_picked: None,
            before: None,
            dwell_s: None,
            image: None,
            components: None,
        }
    }
}

/// The state before heating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StateBefore {
    /// File of its spectra.
    pub file: String,
    /// Which of its signals; `None`: the first with an energy axis.
    pub signal: Option<usize>,
    /// Their low loss.
    pub low_loss: Option<Place>,
}

/// Maps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MapAnswer {
    /// Of the question.
    pub id: u64,
    /// Title of the signal.
    pub title: String,
    /// One for each element asked for.
    pub maps: Vec<ElementMap>,
    /// The windows used; `None` for the model fit and ready-made maps.
    pub windows: Vec<Option<Windows>>,
    /// The same maps without what is noise by principal components, where they were asked for: for the eye, nothing is computed from them.
    pub denoised: Option<Denoised>,
    /// Size of a pixel (nm).
    pub pixel_nm: Option<f64>,
    /// What has to be said of them, a sentence each.
    pub remarks: Vec<Said>,
    /// Notices of reading.
    pub notices: Vec<Notice>,
}

/// What the maps say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileAnswer {
    /// Of the question.
    pub id: u64,
    /// The particle.
    pub particle: Option<Circle>,
    /// Radial profile of each map around it: in nm where the pixel size is known.
    pub profiles: Vec<Profile>,
    /// Which of the first two elements is inside.
    pub order: Option<ElementOrder>,
    /// D·t since the state before, in each scheme.
    pub mixing: Vec<(Scheme, ElementMixing)>,
    /// Numbers of atoms, where every edge has a cross-section.
    pub composition: Option<Composition>,
    /// The same in words, a sentence each.
    pub remarks: Vec<Said>,
}

/// The spectrum of the pixels asked for together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpectrumAnswer {
    /// Of the question.
    pub id: u64,
    /// Energy (eV) and counts.
    pub data: Vec<(f64, f64)>,
    /// What is under the edges, by the name of an edge, or the model of all: one value a channel, NaN where there is none.
    pub fits: Vec<(String, Vec<f64>)>,
    /// (Counts − fit)/√fit in the channels that were fitted; NaN elsewhere.
    pub residual: Vec<f64>,
    /// Where each edge rises; `None` where it does not within a few eV of the table, or it is a line.
    pub onsets: Vec<Option<Onset>>,
    /// White lines, by element.
    pub white_lines: Vec<(String, WhiteLines)>,
}

/// The valence of copper in one spectrum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValenceQuestion {
    /// Comes back with the answer.
    pub id: u64,
    /// The spectra.
    pub spectra: SpectraOf,
    /// Take off what scattered more than once, by the low loss.
    pub single_scattering: bool,
    /// Pixels that are summed; `None`: all.
    pub circle: Option<Circle>,
    /// Resolution, calibration, replicates.
    pub settings: ValenceSettings,
    /// Of the same instrument, in place of the built-in shapes; those are taken where there are fewer than two.
    pub references: Vec<Reference>,
}

/// Maps for the eye.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Denoised {
    /// In the order of the maps.
    pub maps: Vec<ElementMap>,
    /// Principal components that are in them.
    pub components: usize,
    /// Variances of the components over that of noise, the largest first.
    pub variances: Vec<f64>,
}

/// Spectra that can be looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpectraTitle {
    /// File and signal.
    pub place: Place,
    /// Title of the signal.
    pub title: String,
    /// Whether these are low-loss spectra themselves.
    pub is_low_loss: bool,
    /// Low-loss spectra of the same pixels, or one for all.
    pub low_loss: Option<Place>,
}

/// What a file holds for element maps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpectraFound {
    /// The file.
    pub path: String,
    /// Index of the signal; `None` for ready-made maps.
    pub signal: Option<usize>,
    /// All spectra in what was looked into.
    pub all: Vec<SpectraTitle>,
    /// Low-loss spectra of the same pixels, or one for all: of those that were looked into.
    pub low_loss: Option<Place>,
    /// A dark-field image of the same pixels, and where it is.
    pub image: Option<(Place, Image)>,
    /// Title of the signal.
    pub title: String,
    /// The channels; `None` for ready-made maps.
    pub axis: Option<EnergyAxis>,
    /// Sum over all channels.
    pub navigator: Image,
    /// Elements to begin with: the two that stand out most, by the alphabet, or the titles of ready-made maps.
    pub edges: Vec<String>,
    /// Other edges within the spectrum, or other titles.
    pub others: Vec<String>,
    /// The edges lie within each other's windows: the model fit is needed.
    pub model: bool,
    /// Whether the Cu L edge lies within.
    pub copper: bool,
}

/// Name of the simulated spectrum image.
pub const SPECTRA_SAMPLE: &str = "sample Cu@Mg";

/// Ratio of the dispersions of two maps from which a background is said to be described worse. Of 60 simulated spectrum images none without an undeclared
/// edge or spikes has more than 1.4 (dark level, gain, smoothing included).
const WORSE: f64 = 1.5;

/// Net counts over their error from which an edge is offered at once.
const STANDS_OUT: f64 = 10.0;

impl Engine {
    /// First stage: the maps, each from what was last made with the same edge, windows and settings.
    pub(super) fn maps(
        &mut self,
        question: &MapQuestion,
        sources: &[Rc<dyn Source>],
    ) -> Result<MapAnswer, Failure> {
        let mut notices = Notices::default();
        let edges = question.edges.iter().all(|e| Edge::named(&e.name).is_ok());
        let ready = match edges {
            true => None,
            false => self.ready_made(question, sources, &mut notices)?,
        };
        let mut answer = match ready {
            Some(answer) => answer,
            None => self
                .spectra(&question.spectra, sources, &mut notices)?
                .maps(question)?,
        };
        answer.notices = notices.as_slice().to_vec();
        Ok(answer)
    }

    /// Second stage: what the maps say, once they are shown.
    pub(super) fn element_profiles(
        &mut self,
        question: &MapQuestion,
        sources: &[Rc<dyn Source>],
    ) -> Result<ProfileAnswer, Failure> {
        // Nothing is computed from what is for the eye.
        let counted = MapQuestion {
            components: None,
            ..question.clone()
        };
        let mapped = self.maps(&counted, sources)?;
        let kilovolts = question.kilovolts.or_else(|| {
            let kept = self.spectra.as_ref()?;
            kept.high_tension_kv
                .filter(|_| kept.is_of(&question.spectra.path))
        });
        let image = match &question.image {
            Some(place) => {
                let of = (&question.spectra, sources);
                let document = self.spectra_file(&place.file, of, &mut Notices::default())?;
                Some(read_image(document.as_ref(), place)?)
            }
            None => None,
        };
        let before = match &question.before {
            Some(before) => Some(self.profiles_before(&counted, before, sources)?),
            None => None,
        };
        let mut answer = profiles(question, &mapped, image.as_ref(), before.as_ref())?;
        self.compare_with_image(question, &mut answer);
        compose(question, kilovolts, &mapped, &mut answer);
        Ok(answer)
    }

    /// The profiles of the state before, its axis moved as the other's is. Its spectra are kept beside those that are looked at.
    fn profiles_before(
        &mut self,
        question: &MapQuestion,
        before: &StateBefore,
        sources: &[Rc<dyn Source>],
    ) -> Result<ProfileAnswer, Failure> {
        let question = MapQuestion {
            spectra: SpectraOf {
                path: before.file.clone(),
                signal: before.signal,
                low_loss: before.low_loss.clone(),
                ..question.spectra.clone()
            },
            circle: None,
            before: None,
            ..question.clone()
        };
        std::mem::swap(&mut self.spectra, &mut self.spectra_before);
        let mapped = self.maps(&question, sources);
        std::mem::swap(&mut self.spectra, &mut self.spectra_before);
        profiles(&question, &mapped?, None, None)
    }

    /// The spectrum of the region.
    pub(super) fn region_spectrum(
        &mut self,
        question: &MapQuestion,
        sources: &[Rc<dyn Source>],
    ) -> Result<SpectrumAnswer, Failure> {
        let kept = self.spectra(&question.spectra, sources, &mut Notices::default())?;
        let spectrum = kept.of_region(question.region);
        let (fits, residual) = fits(question, spectrum);
        let energies = spectrum.axis.energies_ev().into_iter();
        Ok(SpectrumAnswer {
            id: question.id,
            data: energies.zip(spectrum.counts.iter().copied()).collect(),
            fits,
            residual,
            onsets: question
                .edges
                .iter()
                .map(|e| Onset::of(spectrum, Edge::named(&e.name).ok()?))
                .collect(),
            white_lines: lines_of(question, spectrum),
        })
    }

    pub(super) fn valence(
        &mut self,
        question: &ValenceQuestion,
        sources: &[Rc<dyn Source>],
    ) -> Result<Valence, Failure> {
        if let Some(damaged) = question.references.iter().find(|r| !r.is_sound()) {
            return Err(Failure::request(
                said!(
                    "reference {} holds numbers that no spectrum has"
                        | "die Referenz {} enthält Zahlen, die kein Spektrum hat",
                    damaged.name
                ),
                said!(
                    "remove it, and add its file again"
                        | "sie entfernen und ihre Datei noch einmal hinzufügen"
                ),
            ));
        }
        let references = match question.references.len() {
            0 | 1 => Reference::copper(),
            _ => question.references.clone(),
        };
        let kept = self.spectra(&question.spectra, sources, &mut Notices::default())?;
        let scattering = match question.single_scattering {
            true => Some(kept.scattering(question.circle)?),
            false => None,
        };
        let spectrum = kept.of_region(question.circle);
        let once = scattering.map(|s| s.removed_from(spectrum));
        let spectrum = once.as_ref().unwrap_or(spectrum);
        valence(spectrum, &references, &question.settings).map_err(|e| Failure::from(&e))
    }

    /// Spectra of known states, one a file: the sum of all its pixels. Name and valence are guessed from the file's name.
    pub(super) fn references(
        &self,
        (paths, sources): (Vec<String>, &[Rc<dyn Source>]),
        resolution_ev: f64,
    ) -> (Vec<Reference>, Vec<FileFailure>) {
        let (mut references, mut failures) = (Vec::new(), Vec::new());
        for (path, source) in paths.into_iter().zip(sources) {
            match self.reference(&path, source, resolution_ev) {
                Ok(reference) => references.push(reference),
                Err(failure) => failures.push(FileFailure { path, failure }),
            }
        }
        (references, failures)
    }

    fn reference(
        &self,
        path: &str,
        source: &Rc<dyn Source>,
        resolution_ev: f64,
    ) -> Result<Reference, Failure> {
        let sources = std::slice::from_ref(source);
        let of = SpectraOf {
            files: vec![path.to_owned()],
            path: path.to_owned(),
            ..SpectraOf::default()
        };
        let kept = self.read_spectra(&of, sources, &mut Notices::default())?;
        let (name, valence) = state_of(path);
        Reference::acquired(&name, valence, &kept.sum, resolution_ev).ok_or_else(|| {
            Failure::request(
                said!(
                    "it does not reach from 925 to 976 eV, or shows no edge there"
                        | "es reicht nicht von 925 bis 976 eV oder zeigt dort keine Kante"
                ),
                said!(
                    "give a spectrum of the Cu L2,3 edge with its continuum"
                        | "ein Spektrum der Cu-L2/L3-Kante mit ihrem Kontinuum geben"
                ),
            )
        })
    }
}

/// The state that a file is named after, and the valence of copper in it.
fn state_of(path: &str) -> (String, f64) {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let lower = stem.to_ascii_lowercase();
    match () {
        () if lower.contains("cu2o") => ("Cu2O".into(), 1.0),
        () if lower.contains("cuo") => ("CuO".into(), 2.0),
        () if lower.starts_with("cu") => ("Cu".into(), 0.0),
        () => (stem.to_owned(), 0.0),
    }
}

impl KeptSpectra {
    fn maps(&mut self, question: &MapQuestion) -> Result<MapAnswer, Failure> {
        if question.edges.is_empty() {
            return Err(Failure::request(
                said!("no edge is asked for" | "keine Kante ist angegeben"),
                said!("name at least one, like Cu_L3" | "mindestens eine nennen, wie Cu_L3"),
            ));
        }
        let mut answer = empty(question, self.title.clone());
        answer.pixel_nm = self.image.pixel_nm;
        answer.remarks.extend(self.remark.clone());
        let edges: Vec<Edge> = question
            .edges
            .iter()
            .map(|asked| Edge::named(&asked.name).cloned())
            .collect::<Result<_, _>>()
            .map_err(|e| Failure::from(&e))?;
        let names: Vec<String> = edges.iter().map(Edge::name).collect();
        match &question.method {
            MapMethod::Windows(settings) => {
                let elements: Vec<&str> = edges.iter().map(|e| e.element.as_str()).collect();
                for (edge, asked) in edges.iter().zip(&question.edges) {
                    let windows = match asked.windows {
                        Some(windows) => windows,
                        None => edge
                            .allowed(&elements, &self.image.axis)
                            .map_err(|e| Failure::from(&e))?,
                    };
                    let key = (vec![edge.name()], question.method.clone(), Some(windows));
                    let kept = self.kept_or((key, edges.len()), |image| {
                        let map = window_map(image, &edge.name(), &windows, settings);
                        Ok((vec![map.map_err(|e| Failure::from(&e))?], None))
                    })?;
                    answer.maps.extend(kept.maps);
                    answer.windows.push(Some(windows));
                }
                answer.remarks.extend(worse_background(&answer.maps));
            }
            MapMethod::Model(settings) => {
                if edges.iter().any(|e| e.feature == Feature::Line) {
                    return Err(Failure::request(
                        said!(
                            "the model fit is for edges of energy losses"
                                | "die Modellanpassung ist für Kanten von Energieverlusten"
                        ),
                        said!(
                            "map X-ray lines by windows" | "Röntgenlinien mit Fenstern kartieren"
                        ),
                    ));
                }
                let key = (names, question.method.clone(), None);
                let kept = self.kept_or((key, edges.len()), |image| {
                    let model =
                        model_maps(image, &edges, settings).map_err(|e| Failure::from(&e))?;
                    let remark = said!(
                        "model fit from {:.0} to {:.0} eV with t/λ = {:.1} (the best of a few tried, without an error): χ²/ν of the sum {:.0}"
                            | "Modellanpassung von {:.0} bis {:.0} eV mit t/λ = {:.1} (das beste von einigen, ohne Fehlerangabe): χ²/ν der Summe {:.0}",
                        model.range.from_ev,
                        model.range.to_ev,
                        Number(model.plural.t_over_lambda),
                        model.chi2_red_of_sum
                    );
                    Ok((model.maps, Some(remark)))
                })?;
                answer.windows = vec![None; kept.maps.len()];
                answer.maps = kept.maps;
                answer.remarks.extend(kept.remark);
            }
        }
        if let Some(components) = question.components {
            answer.denoised = Some(self.denoised((question, &answer), &edges, components)?);
        }
        Ok(answer)
    }

    /// The maps of an answer once more, from the principal components alone.
    fn denoised(
        &self,
        (question, answer): (&MapQuestion, &MapAnswer),
        edges: &[Edge],
        components: usize,
    ) -> Result<Denoised, Failure> {
        let told = |e: SpectroscopyError| Failure::from(&e);
        let axis = self.image.axis;
        let whole = Window::new(axis.first_ev, axis.last_ev() + axis.step_ev);
        let used = answer.windows.iter().flatten().map(Windows::span);
        let within = used.reduce(Window::and).unwrap_or(whole);
        let found = principal(&self.image, within, components).map_err(told)?;
        let mut maps = match &question.method {
            MapMethod::Windows(settings) => {
                let windows = edges.iter().zip(answer.windows.iter().flatten());
                windows
                    .map(|(edge, w)| window_map(&found.image, &edge.name(), w, settings))
                    .collect::<Result<Vec<_>, _>>()
            }
            MapMethod::Model(settings) => {
                model_maps(&found.image, edges, settings).map(|model| model.maps)
            }
        }
        .map_err(told)?;
        // Errors are those of the counts.
        for (map, counted) in maps.iter_mut().zip(&answer.maps) {
            map.standard_error.clone_from(&counted.standard_error);
        }
        Ok(Denoised {
            maps,
            components: found.components,
            variances: found.variances,
        })
    }
}

/// A background that is described worse than that of another map. The detector's gain is in the dispersions of all maps alike; what one has
/// alone is in its window.
fn worse_background(maps: &[ElementMap]) -> Option<Said> {
    // Where it was found at all.
    let found = maps.iter().filter(|m| m.dispersion != 1.0);
    let by = |a: &&ElementMap, b: &&ElementMap| a.dispersion.total_cmp(&b.dispersion);
    let (least, most) = found.clone().min_by(by).zip(found.max_by(by))?;
    (most.dispersion > WORSE * least.dispersion).then(|| {
        said!(
            "The background of {} leaves {:.1} times the χ²/ν that the one of {} does: an edge of another element in its window or shortly before, or single channels far off. The counts of {} may be wrong by more than their error; look at the spectrum, move the window, or name the other element and take the model fit."
                | "Der Untergrund von {} hat ein {:.1}-mal so großes χ²/ν wie der von {}: eine Kante eines anderen Elements in seinem Fenster oder kurz davor, oder einzelne weit abliegende Kanäle. Die Impulse von {} können um mehr als ihren Fehler falsch sein; das Spektrum ansehen, das Fenster verschieben oder das andere Element nennen und die Modellanpassung nehmen.",
            most.name,
            Number(most.dispersion / least.dispersion),
            least.name,
            most.name
        )
    })
}

/// White lines of the elements asked for that have some, where their ratio is known to 10 %.
fn lines_of(question: &MapQuestion, spectrum: &Spectrum) -> Vec<(String, WhiteLines)> {
    let edges = question.edges.iter();
    let edges = edges.filter_map(|e| Edge::named(&e.name).ok());
    let mut elements: Vec<String> = edges
        .filter(|e| e.feature == Feature::Edge && WITH_WHITE_LINES.contains(&e.element.as_str()))
        .map(|e| e.element.clone())
        .collect();
    elements.dedup();
    elements
        .into_iter()
        .filter_map(|element| white_lines(spectrum, &element).map(|lines| (element, lines)))
        .filter(|(_, lines)| lines.ratio > STANDS_OUT * lines.ratio_error)
        .collect()
}

/// What is under the edges of a spectrum, and the residuals of the channels that were fitted. Windows that do not fit it have none.
fn fits(question: &MapQuestion, spectrum: &Spectrum) -> (Vec<(String, Vec<f64>)>, Vec<f64>) {
    let axis = &spectrum.axis;
    let known = question.edges.iter();
    let (edges, asked): (Vec<Edge>, Vec<&EdgeChoice>) = known
        .filter_map(|asked| Some((Edge::named(&asked.name).ok()?.clone(), asked)))
        .unzip();
    let mut residual = vec![f64::NAN; axis.channels];
    let mut fits = Vec::new();
    match &question.method {
        MapMethod::Windows(settings) => {
            let elements: Vec<&str> = edges.iter().map(|e| e.element.as_str()).collect();
            for (edge, asked) in edges.iter().zip(&asked) {
                let windows = asked.windows.or_else(|| edge.allowed(&elements, axis).ok());
                let Some((w, curve)) = windows
                    .and_then(|w| Some((w, background_curve(spectrum, &w, settings.method).ok()?)))
                else {
                    continue;
                };
                for window in [Some(w.background), w.above].into_iter().flatten() {
                    for c in axis.within(window) {
                        residual[c] = (spectrum.counts[c] - curve[c]) / curve[c].max(1.0).sqrt();
                    }
                }
                fits.push((edge.name(), curve));
            }
        }
        MapMethod::Model(settings) => {
            let samples = Samples::F64(spectrum.counts.clone());
            let model = SpectrumImage::new((1, 1), *axis, samples)
                .and_then(|one| model_maps(&one, &edges, settings));
            if let Ok(model) = model {
                let mut curve = vec![f64::NAN; axis.channels];
                let first = axis.within(model.range).start;
                for (c, (_, counts, fit)) in model.sum.iter().enumerate() {
                    if let (Some(v), Some(r)) =
                        (curve.get_mut(first + c), residual.get_mut(first + c))
                    {
                        (*v, *r) = (*fit, (counts - fit) / fit.max(1.0).sqrt());
                    }
                }
                fits.push((String::new(), curve));
            }
        }
    }
    (fits, residual)
}

fn same_size(maps: &[ElementMap]) -> Result<(), Failure> {
    let size = |m: &ElementMap| (m.width, m.height);
    match maps.first() {
        Some(first) if maps.iter().any(|m| size(m) != size(first)) => Err(Failure::request(
            said!("the maps differ in size" | "die Karten sind verschieden groß"),
            said!("choose maps of one acquisition" | "Karten einer Aufnahme wählen"),
        )),
        _ => Ok(()),
    }
}

fn empty(question: &MapQuestion, title: String) -> MapAnswer {
    MapAnswer {
        id: question.id,
        title,
        maps: Vec::new(),
        windows: Vec::new(),
        denoised: None,
        pixel_nm: None,
        remarks: Vec::new(),
        notices: Vec::new(),
    }
}
