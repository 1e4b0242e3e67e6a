//! What a file holds for element maps: a spectrum image, or maps ready-made.

use std::rc::Rc;

use super::{
    KeptSpectra, MapAnswer, MapQuestion, SPECTRA_SAMPLE, STANDS_OUT, SpectraFound, empty, same_size,
};
use crate::engine::{Engine, Failure};
use crate::formats::{self, Limits, Source};
use crate::language::said;
use crate::signal::Notices;
use crate::spectroscopy::{Edge, ElementMap, Feature, Spectrum, Window, net_counts};

impl Engine {
    /// What the first file with spectra, or else with ready-made maps, holds.
    pub(in crate::engine) fn look_for_spectra(
        &mut self,
        paths: &[String],
        sources: &[Rc<dyn Source>],
    ) -> Result<SpectraFound, Failure> {
        self.spectra = None;
        let mut failed = None;
        for (i, path) in paths.iter().enumerate() {
            let own = sources.get(i..=i).unwrap_or_default();
            match self.spectra((path, None), own, &mut Notices::default()) {
                Ok(kept) => return Ok(found(path, kept)),
                Err(failure) => failed = failed.or(Some(failure)),
            }
        }
        for (i, path) in paths.iter().enumerate() {
            let own = sources.get(i..=i).unwrap_or_default();
            if let Ok(source) = self.spectra_source(path, own)
                && let Some(found) = found_ready_made(path, source)
            {
                return Ok(found);
            }
        }
        Err(failed.unwrap_or_else(|| {
            Failure::request(
                said!(
                    "there is no file to look into"
                        | "es ist keine Datei da, in die hineinzusehen wäre"
                ),
                said!("drop a spectrum image" | "ein Spektrenbild ablegen"),
            )
        }))
    }
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
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut first: Vec<&Edge> = Vec::new();
    if path == SPECTRA_SAMPLE {
        first.extend(["Cu_L3", "Mg_K"].iter().filter_map(|n| Edge::named(n).ok()));
    } else {
        for (edge, significance) in &known {
            let new = first.iter().all(|e| e.element != edge.element);
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
    let elements: Vec<&str> = first.iter().map(|e| e.element.as_str()).collect();
    let whole = Window::new(axis.first_ev - axis.step_ev, axis.last_ev() + axis.step_ev);
    SpectraFound {
        path: path.to_owned(),
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
fn found_ready_made(path: &str, source: Rc<dyn Source>) -> Option<SpectraFound> {
    let mut notices = Notices::default();
    let document = formats::open(source, &Limits::default(), &mut notices).ok()?;
    let pictures: Vec<(usize, &crate::signal::Signal)> = document
        .signals()
        .iter()
        .enumerate()
        .filter(|(_, s)| s.is_image() && !s.title.is_empty())
        .collect();
    let (first, _) = *pictures.first()?;
    let mut titles: Vec<String> = pictures.iter().map(|(_, s)| s.title.clone()).collect();
    titles.dedup();
    let navigator = document.read_plane(first, 0, &mut notices).ok()?.to_image();
    let others = titles.split_off(titles.len().min(3));
    (titles.len() > 1).then(|| SpectraFound {
        path: path.to_owned(),
        title: String::new(),
        axis: None,
        navigator,
        edges: titles,
        others,
        model: false,
        copper: false,
    })
}

/// Maps that the file holds as pictures: where every element asked for is the title of one.
pub(super) fn ready_made(
    question: &MapQuestion,
    source: Rc<dyn Source>,
    notices: &mut Notices,
) -> Result<Option<MapAnswer>, Failure> {
    let document =
        formats::open(source, &Limits::default(), notices).map_err(|e| Failure::from(&e))?;
    let signals = document.signals();
    let places: Option<Vec<usize>> = question
        .edges
        .iter()
        .map(|edge| {
            signals
                .iter()
                .position(|s| s.is_image() && s.title == edge.name)
        })
        .collect();
    let Some(places) = places.filter(|p| !p.is_empty()) else {
        return Ok(None);
    };
    let mut answer = empty(question, String::new());
    for (place, edge) in places.into_iter().zip(&question.edges) {
        let image = document
            .read_plane(place, 0, notices)
            .map_err(|e| Failure::from(&e))?
            .to_image();
        answer.maps.push(ElementMap::ready_made(&edge.name, &image));
        answer.windows.push(None);
        answer.pixel_nm = answer.pixel_nm.or(signals
            .get(place)
            .and_then(|s| s.metadata.pixel_nm.as_ref())
            .map(|(nm, _)| *nm));
    }
    same_size(&answer.maps)?;
    answer.remarks.push(said!(
        "ready-made maps: their errors are the scatter between neighboring pixels"
            | "fertige Karten: ihre Fehler sind die Streuung zwischen benachbarten Pixeln"
    ));
    Ok(Some(answer))
}
