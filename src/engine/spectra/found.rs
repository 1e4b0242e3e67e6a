//! What a file holds for element maps: a spectrum image, or maps ready-made.

use std::rc::Rc;

use super::kept::read_image;
use super::{
    KeptSpectra, MapAnswer, MapQuestion, SPECTRA_SAMPLE, STANDS_OUT, SpectraFound, SpectraOf,
    SpectraTitle, empty, same_size,
};
use crate::engine::{Engine, Failure};
use crate::formats::{Document, Source};
use crate::language::said;
use crate::numerics::sort_by;
use crate::project::{Place, element_maps};
use crate::signal::{Image, Notices};
use crate::spectroscopy::{
    COINCIDE_EV, Edge, ElementMap, EnergyAxis, Feature, SpectraReader, Spectrum, Window, net_counts,
};

/// Highest energy of a low-loss spectrum (eV): where lines of X-rays begin, too.
const LOW_LOSS_UP_TO_EV: f64 = 4000.0;

/// A file that was handed over, and its path.
type Opened<'a> = (&'a str, &'a dyn Document);

/// One signal of what was handed over: spectra, or an image.
struct Seen {
    place: Place,
    title: String,
    /// Columns and rows.
    size: (usize, usize),
    /// Of spectra.
    axis: Option<EnergyAxis>,
}

impl Seen {
    /// Whether these spectra hold the zero-loss peak.
    fn is_low_loss(&self) -> bool {
        self.axis.is_some_and(|a| {
            a.first_ev <= 0.0 && a.last_ev() >= 0.0 && a.last_ev() < LOW_LOSS_UP_TO_EV
        })
    }

    fn titled(&self, all: &[Seen]) -> SpectraTitle {
        SpectraTitle {
            place: self.place.clone(),
            title: self.title.clone(),
            is_low_loss: self.is_low_loss(),
            low_loss: self.low_loss(all).map(|s| s.place.clone()),
        }
    }

    /// Other spectra, of the same pixels or one for all, that hold the zero-loss peak; those of the same file first.
    fn low_loss<'a>(&self, all: &'a [Seen]) -> Option<&'a Seen> {
        all.iter()
            .filter(|s| s.is_low_loss() && (s.size == self.size || s.size == (1, 1)))
            .filter(|s| s.place != self.place && !self.is_low_loss())
            .min_by_key(|s| s.place.file != self.place.file)
    }

    /// An image of the same pixels; one of the same file first.
    fn image<'a>(&self, all: &'a [Seen]) -> Option<&'a Seen> {
        all.iter()
            .filter(|s| s.is_dark_field() && s.size == self.size && s.size != (1, 1))
            .min_by_key(|s| s.place.file != self.place.file)
    }

    /// Whether it is an image in a dark field, by its name.
    fn is_dark_field(&self) -> bool {
        let named = |name: &str| name.to_ascii_lowercase().contains("adf");
        self.axis.is_none() && (named(&self.title) || named(&self.place.file))
    }
}

impl Engine {
    /// What the first spectra that are no low loss, those that are wanted, or else ready-made maps, hold.
    pub(in crate::engine) fn look_for_spectra(
        &mut self,
        paths: &[String],
        sources: &[Rc<dyn Source>],
        wanted: Option<(String, usize)>,
    ) -> Result<SpectraFound, Failure> {
        (self.spectra, self.spectra_before) = (None, None);
        if paths.iter().any(|p| p == SPECTRA_SAMPLE) {
            let of = SpectraOf {
                path: SPECTRA_SAMPLE.into(),
                ..SpectraOf::default()
            };
            let kept = self.spectra(&of, &[], &mut Notices::default())?;
            return Ok(found(SPECTRA_SAMPLE, kept));
        }
        let mut of = SpectraOf {
            files: paths.to_vec(),
            ..SpectraOf::default()
        };
        let (mut documents, mut failed) = (Vec::new(), None);
        for path in paths {
            match self.spectra_file(path, (&of, sources), &mut Notices::default()) {
                Ok(document) => documents.push((path, document)),
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        let each = documents.iter();
        let seen: Vec<Seen> = each.flat_map(|(path, d)| see(path, d.as_ref())).collect();
        let mut spectra: Vec<&Seen> = seen.iter().filter(|s| s.axis.is_some()).collect();
        // Those wanted first, low losses last; the order of the files otherwise.
        let place = |s: &Seen| {
            let wanted = wanted
                .as_ref()
                .is_some_and(|(file, signal)| (file, signal) == (&s.place.file, &s.place.signal));
            (!wanted, s.is_low_loss())
        };
        sort_by(&mut spectra, |a, b| place(a).cmp(&place(b)));
        for chosen in &spectra {
            of.path.clone_from(&chosen.place.file);
            of.signal = Some(chosen.place.signal);
            match self.spectra(&of, sources, &mut Notices::default()) {
                Ok(kept) => {
                    let read = |place: &Place| {
                        let (_, document) = documents.iter().find(|(p, _)| **p == place.file)?;
                        // One that cannot be read is none.
                        let image = read_image(document.as_ref(), place).ok()?;
                        Some((place.clone(), image))
                    };
                    return Ok(SpectraFound {
                        low_loss: chosen.low_loss(&seen).map(|s| s.place.clone()),
                        image: chosen.image(&seen).and_then(|s| read(&s.place)),
                        all: spectra.iter().map(|s| s.titled(&seen)).collect(),
                        ..found(&chosen.place.file, kept)
                    });
                }
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        for (path, document) in &documents {
            if let Some(found) = found_ready_made(path, document.as_ref()) {
                return Ok(found);
            }
        }
        for folder in folders(&documents) {
            let maps = element_maps(&folder);
            let read = |place: &Place| {
                let (_, document) = folder.iter().find(|(path, _)| *path == place.file)?;
                read_image(*document, place).ok()
            };
            let Some((_, first)) = maps.first() else {
                continue;
            };
            let image = seen.iter().find(|s| s.place == *first);
            let image = image.and_then(|s| s.image(&seen)).map(|s| &s.place);
            if let Some(navigator) = read(first) {
                let elements = maps.iter().map(|(element, _)| (*element).to_owned());
                return Ok(SpectraFound {
                    image: image.and_then(|place| Some((place.clone(), read(place)?))),
                    ..of_titles(&first.file, navigator, elements.collect())
                });
            }
        }
        let none = || match paths.is_empty() {
            true => Failure::request(
                said!(
                    "there is no file to look into"
                        | "es ist keine Datei da, in die hineinzusehen wäre"
                ),
                said!("drop a spectrum image" | "ein Spektrenbild ablegen"),
            ),
            false => Failure::request(
                said!(
                    "these files hold no spectra: nothing in them has an energy axis in eV or keV"
                        | "diese Dateien enthalten keine Spektren: nichts in ihnen hat eine Energieachse in eV oder keV"
                ),
                said!(
                    "drop a spectrum image, with its axis calibrated"
                        | "ein Spektrenbild ablegen, mit kalibrierter Achse"
                ),
            ),
        };
        Err(failed.unwrap_or_else(none))
    }
}

/// The spectra and images of a file, by its header.
fn see(path: &str, document: &dyn Document) -> Vec<Seen> {
    let signals = document.signals().iter().enumerate();
    signals
        .filter_map(|(signal, s)| {
            let (size, axis) = match SpectraReader::new(s) {
                Ok(reader) => (reader.size(), Some(reader.axis())),
                Err(_) if s.is_image() && s.planes() == 1 => {
                    let (height, width) = s.plane_shape();
                    ((width, height), None)
                }
                Err(_) => return None,
            };
            Some(Seen {
                place: Place {
                    file: path.to_owned(),
                    signal,
                    plane: 0,
                },
                title: s.title.clone(),
                size,
                axis,
            })
        })
        .collect()
}

fn found(path: &str, kept: &KeptSpectra) -> SpectraFound {
    let (image, sum) = (&kept.image, &kept.sum);
    let axis = image.axis;
    // Energy losses end where X-ray lines of most elements begin.
    let feature = if axis.last_ev() > 4000.0 {
        Feature::Line
    } else {
        Feature::Edge
    };
    let mut known: Vec<(&Edge, f64)> = Edge::table()
        .iter()
        .filter(|e| e.feature == feature)
        .filter_map(|edge| {
            let windows = edge.allowed(&[], &axis).ok()?;
            let net = net_counts(sum, &windows, Default::default()).ok()?;
            Some((edge, net.value / net.standard_error.max(f64::MIN_POSITIVE)))
        })
        .collect();
    if feature == Feature::Line {
        // Of lines within one peak the one that is nearest to its top.
        let all: Vec<&Edge> = known.iter().map(|k| k.0).collect();
        known.retain(|(line, _)| {
            let top = top_ev(sum, line.windows(axis.step_ev).signal);
            let distance = |e: &Edge| top.map_or(0.0, |top| (e.onset_ev - top).abs());
            let nearest = |e: &&Edge| e.element == line.element || distance(e) >= distance(line);
            all.iter().all(nearest)
        });
    }
    sort_by(&mut known, |a, b| b.1.total_cmp(&a.1));
    let mut first: Vec<&Edge> = Vec::new();
    if path == SPECTRA_SAMPLE {
        first.extend(["Cu_L3", "Mg_K"].iter().filter_map(|n| Edge::named(n).ok()));
    } else {
        for (edge, significance) in &known {
            // Of one shell the edge whose counts can become numbers of atoms.
            let mut others = known.iter().map(|k| k.0);
            let edge = others
                .find(|e| edge.strength.is_none() && e.strength.is_some() && e.same_shell(edge))
                .unwrap_or(edge);
            // Edges that coincide tell nothing apart, in whatever way they are mapped.
            let new = first.iter().all(|e| {
                let away = (e.onset_ev - edge.onset_ev).abs() >= COINCIDE_EV;
                e.element != edge.element && (away || feature == Feature::Line)
            });
            // Edges in each other's windows are told apart by the model fit, lines are not.
            let apart = first.iter().all(|e| {
                let elements = [e.element.as_str(), edge.element.as_str()];
                [e, edge]
                    .iter()
                    .all(|e| e.allowed(&elements, &axis).is_ok())
            });
            let mapped = apart || feature == Feature::Edge;
            if new && mapped && first.len() < 2 && *significance > STANDS_OUT {
                first.push(edge);
            }
        }
        if first.is_empty() {
            first.extend(known.first().map(|k| k.0));
        }
    }
    // By the alphabet: the files of one pair have the same colors.
    sort_by(&mut first, |a, b| a.element.cmp(&b.element));
    let elements: Vec<&str> = first.iter().map(|e| e.element.as_str()).collect();
    let whole = Window::new(axis.first_ev - axis.step_ev, axis.last_ev() + axis.step_ev);
    SpectraFound {
        path: path.to_owned(),
        signal: Some(kept.signal()),
        all: Vec::new(),
        low_loss: None,
        image: None,
        title: kept.title.clone(),
        axis: Some(axis),
        navigator: image.window_image(whole),
        edges: first.iter().map(|e| e.name()).collect(),
        others: known
            .iter()
            .map(|k| k.0)
            .filter(|e| !first.contains(e))
            .map(Edge::name)
            .collect(),
        model: feature == Feature::Edge
            && first.iter().any(|e| e.allowed(&elements, &axis).is_err()),
        copper: axis.first_ev < 915.0 && axis.last_ev() > 975.0 && feature == Feature::Edge,
    }
}

/// Where a spectrum is highest within a window (eV).
fn top_ev(sum: &Spectrum, window: Window) -> Option<f64> {
    let highest = |a: &usize, b: &usize| sum.counts[*a].total_cmp(&sum.counts[*b]);
    let channel = sum.axis.within(window).max_by(highest)?;
    Some(sum.axis.first_ev + sum.axis.step_ev * channel as f64)
}

/// Pictures of one size under different titles are maps.
fn found_ready_made(path: &str, document: &dyn Document) -> Option<SpectraFound> {
    let pictures: Vec<(usize, &crate::signal::Signal)> = document
        .signals()
        .iter()
        .enumerate()
        .filter(|(_, s)| s.is_image() && !s.title.is_empty())
        .collect();
    let (first, _) = *pictures.first()?;
    let mut titles: Vec<String> = pictures.iter().map(|(_, s)| s.title.clone()).collect();
    titles.dedup();
    let navigator = document
        .read_plane(first, 0, &mut Notices::default())
        .ok()?
        .to_image();
    (titles.len() > 1).then(|| of_titles(path, navigator, titles))
}

/// Maps under these titles.
fn of_titles(path: &str, navigator: Image, mut titles: Vec<String>) -> SpectraFound {
    let others = titles.split_off(titles.len().min(3));
    SpectraFound {
        path: path.to_owned(),
        signal: None,
        all: Vec::new(),
        low_loss: None,
        image: None,
        title: String::new(),
        axis: None,
        navigator,
        edges: titles,
        others,
        model: false,
        copper: false,
    }
}

/// The files of each folder, in the order in which they were handed over.
fn folders<'a>(documents: &'a [(&'a String, Box<dyn Document>)]) -> Vec<Vec<Opened<'a>>> {
    let mut folders: Vec<(&str, Vec<Opened>)> = Vec::new();
    for (path, document) in documents {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let opened = (path.as_str(), document.as_ref());
        match folders.iter_mut().find(|f| f.0 == folder) {
            Some((_, files)) => files.push(opened),
            None => folders.push((folder, vec![opened])),
        }
    }
    folders.into_iter().map(|f| f.1).collect()
}

impl Engine {
    /// Maps that are there as pictures: where every element asked for is the title of one in the file, or a file of its own beside it.
    pub(super) fn ready_made(
        &self,
        question: &MapQuestion,
        sources: &[Rc<dyn Source>],
        notices: &mut Notices,
    ) -> Result<Option<MapAnswer>, Failure> {
        let of = (&question.spectra, sources);
        let path = &question.spectra.path;
        let document = self.spectra_file(path, of, notices)?;
        let signals = document.signals().iter().enumerate();
        let titled: Vec<_> = signals
            .filter(|(_, s)| s.is_image())
            .map(|(signal, s)| (s.title.as_str(), signal, document.as_ref()))
            .collect();
        if let Some(answer) = of_pictures(question, &titled, notices)? {
            return Ok(Some(answer));
        }
        let mut documents = Vec::new();
        for file in &question.spectra.files {
            // One that cannot be read is none.
            if let Ok(document) = self.spectra_file(file, of, &mut Notices::default()) {
                documents.push((file, document));
            }
        }
        let folders = folders(&documents);
        let mut folders = folders.iter();
        let Some(folder) = folders.find(|files| files.iter().any(|f| f.0 == path)) else {
            return Ok(None);
        };
        let maps = element_maps(folder);
        let named: Vec<_> = maps
            .iter()
            .filter_map(|(element, place)| {
                let (_, document) = folder.iter().find(|f| f.0 == place.file)?;
                Some((*element, place.signal, *document))
            })
            .collect();
        of_pictures(question, &named, notices)
    }
}

/// The answer where every element asked for is the name of a picture.
fn of_pictures(
    question: &MapQuestion,
    pictures: &[(&str, usize, &dyn Document)],
    notices: &mut Notices,
) -> Result<Option<MapAnswer>, Failure> {
    let mut answer = empty(question, String::new());
    for edge in &question.edges {
        let Some((name, signal, document)) = pictures.iter().find(|p| p.0 == edge.name) else {
            return Ok(None);
        };
        let image = document
            .read_plane(*signal, 0, notices)
            .map_err(|e| Failure::from(&e))?
            .to_image();
        answer.maps.push(ElementMap::ready_made(name, &image));
        answer.windows.push(None);
        answer.pixel_nm = answer.pixel_nm.or(document
            .signals()
            .get(*signal)
            .and_then(|s| s.metadata.pixel_nm.as_ref())
            .map(|(nm, _)| *nm));
    }
    if answer.maps.is_empty() {
        return Ok(None);
    }
    same_size(&answer.maps)?;
    answer.remarks.push(said!(
        "ready-made maps: their errors are the scatter between neighboring pixels"
            | "fertige Karten: ihre Fehler sind die Streuung zwischen benachbarten Pixeln"
    ));
    Ok(Some(answer))
}
