//! Radial profiles of elements and which of two is inside: the second stage, after the maps are shown.

use super::mixing::mixing;
use super::{MapAnswer, MapQuestion, ProfileAnswer};
use crate::engine::{Engine, Failure};
use crate::figures::format::with_error;
use crate::fit::{
    ElementOrder, ElementProfiles, Inside, OrderCheck, PickUp, ZContrast, element_order,
};
use crate::imaging::Point;
use crate::language::{Number, Said, said, say, word};
use crate::materials::Library;
use crate::project::{EdgeChoice, Model, Project};
use crate::signal::{Image, Profile};
use crate::spectroscopy::{
    Beam, Composition, Edge, ElementMap, Feature, Rings, Share, WhiteLines, composition,
    particle_in_maps, radial_profile,
};

/// Particle, profiles, order; D·t since what was found `before`.
pub(super) fn profiles(
    question: &MapQuestion,
    mapped: &MapAnswer,
    image: Option<&Image>,
    before: Option<&ProfileAnswer>,
) -> Result<ProfileAnswer, Failure> {
    let maps: Vec<&ElementMap> = mapped.maps.iter().collect();
    let mut answer = ProfileAnswer {
        id: question.id,
        particle: question.circle.or_else(|| particle_in_maps(&maps)),
        profiles: Vec::new(),
        order: None,
        mixing: Vec::new(),
        composition: None,
        remarks: Vec::new(),
    };
    let Some(circle) = answer.particle else {
        answer.remarks.push(said!(
            "no particle stands out of the maps: no profiles"
                | "aus den Karten hebt sich kein Partikel ab: keine Profile"
        ));
        return Ok(answer);
    };
    let size = maps.first().map_or((0, 0), |m| (m.width, m.height));
    let rings = Rings::around(&circle, size);
    let pixel = |map: &&ElementMap| {
        radial_profile(map, circle.center, rings).map_err(|e| Failure::from(&e))
    };
    let in_pixels: Vec<Profile> = maps.iter().map(pixel).collect::<Result<_, _>>()?;
    let unit = mapped.pixel_nm.unwrap_or(1.0);
    answer.profiles = match mapped.pixel_nm {
        Some(nm) => in_pixels.iter().map(|p| p.calibrated(nm)).collect(),
        None => in_pixels,
    };
    let given = image.is_some();
    let image = match image {
        Some(image) => beside(image, (question, mapped), (circle.center, rings))?,
        None => None,
    };
    if given && image.is_none() {
        answer.remarks.push(said!(
            "The image is left out: density or atomic number of one of the elements is not in the library of materials."
                | "Das Bild bleibt außer Betracht: Dichte oder Ordnungszahl eines der Elemente steht nicht in der Materialbibliothek."
        ));
    }
    if let [first, second, ..] = answer.profiles.as_slice() {
        let shape = ElementProfiles {
            image: image.as_ref().map(|(profile, ratio)| ZContrast {
                profile,
                ratio: *ratio,
            }),
            first,
            second,
            edge: circle.radius_px * unit,
            // Without a word about the probe: half a pixel.
            psf_sigma: 0.5 * unit,
        };
        let mixing = before.map(|state| mixing(question, state, &shape));
        match element_order(&shape) {
            Ok(order) => {
                let names = (maps[0].name.as_str(), maps[1].name.as_str());
                let calibrated = mapped.pixel_nm.is_some();
                let sentence = || order_sentence(&order, names, calibrated);
                answer.remarks.push(Said::of(&sentence));
                if let Some((_, ratio)) = &image {
                    answer.remarks.push(said!(
                        "The image was fitted with them, {} weighing {:.2} of {} by Z^{}."
                            | "Das Bild wurde mit ihnen angepasst; {} wiegt darin {:.2} von {} nach Z^{}.",
                        names.0,
                        Number(*ratio),
                        names.1,
                        Number(Z_EXPONENT)
                    ));
                }
                let picked = question.first_picked.as_deref();
                answer.remarks.extend(pick_up(&order, names, picked));
                answer.order = Some(order);
            }
            Err(_) => answer.remarks.push(said!(
                "the profiles have no shape that the model knows: no order"
                    | "die Profile haben keine Form, die das Modell kennt: keine Reihenfolge"
            )),
        }
        if let Some((found, sentence)) = mixing {
            answer.mixing = found;
            answer.remarks.push(sentence);
        }
    }
    Ok(answer)
}

/// Exponent of the Z contrast, as of heating series.
const Z_EXPONENT: f64 = 1.85;

/// The radial profile of an image of the same pixels, and what the first element weighs in it over the second; `None` where the library has no weight for
/// them.
fn beside(
    image: &Image,
    (question, mapped): (&MapQuestion, &MapAnswer),
    (center, rings): (Point, Rings),
) -> Result<Option<(Profile, f64)>, Failure> {
    let ([first, second, ..], [map, ..]) = (question.edges.as_slice(), mapped.maps.as_slice())
    else {
        return Ok(None);
    };
    if (image.width, image.height) != (map.width, map.height) {
        return Err(Failure::request(
            said!(
                "the image has {} × {} pixels, the maps {} × {}"
                    | "das Bild hat {} × {} Pixel, die Karten {} × {}",
                image.width,
                image.height,
                map.width,
                map.height
            ),
            said!(
                "give the image of the same scan, or go on without it"
                    | "das Bild desselben Scans angeben oder ohne es weitermachen"
            ),
        ));
    }
    let library = Library::with(&[]);
    let weight = |edge: &EdgeChoice| {
        let element = Edge::named(&edge.name).ok()?.element.clone();
        library.weight(&element, Z_EXPONENT)
    };
    let Some((a, b)) = weight(first).zip(weight(second)) else {
        return Ok(None);
    };
    let profile = radial_profile(&ElementMap::ready_made("", image), center, rings)
        .map_err(|e| Failure::from(&e))?;
    let profile = match mapped.pixel_nm {
        Some(nm) => profile.calibrated(nm),
        None => profile,
    };
    Ok(Some((profile, a / b)))
}

/// Which element is inside, with what speaks for it.
pub fn order_sentence(
    order: &ElementOrder,
    (first, second): (&str, &str),
    calibrated: bool,
) -> String {
    let a = &order.arrangement;
    let unit = if calibrated { "nm" } else { "px" };
    let (inside, outside) = match order.inside() {
        Inside::AsGiven => (first, second),
        Inside::Exchanged => (second, first),
        Inside::Untold => {
            return say!(
                "The maps do not tell which of {first} and {second} is inside: χ²/ν is {:.2} with {first} inside, {:.2} with {second} inside, {:.2} mixed."
                    | "Die Karten sagen nicht, ob {first} oder {second} innen ist: χ²/ν ist {:.2} mit {first} innen, {:.2} mit {second} innen, {:.2} gemischt.",
                Number(a.chi2_red),
                Number(a.chi2_red_exchanged),
                Number(a.chi2_red_mixed)
            );
        }
    };
    let [ea, eb, _] = order.shape_error;
    let (radius_a, radius_b) = (
        with_error(order.shape.radius_a_nm, ea, unit),
        with_error(order.shape.radius_b_nm, eb, unit),
    );
    say!(
        "{inside} is inside, {outside} outside ({:.0} standard deviations ahead of any other description): R_A = {radius_a}, R_B = {radius_b}; χ²/ν is {:.2} with {first} inside, {:.2} with {second} inside, {:.2} mixed."
            | "{inside} ist innen, {outside} außen ({:.0} Standardabweichungen vor jeder anderen Beschreibung): R_A = {radius_a}, R_B = {radius_b}; χ²/ν ist {:.2} mit {first} innen, {:.2} mit {second} innen, {:.2} gemischt.",
        order.significance,
        Number(a.chi2_red),
        Number(a.chi2_red_exchanged),
        Number(a.chi2_red_mixed)
    )
}

/// White lines, and how far they are to be believed.
pub fn white_lines_sentence(element: &str, lines: &WhiteLines) -> String {
    say!(
        "White lines of {element}: L3/L2 = {}, their area that of {} of continuum; L3 at {}, L2 at {} (centers of gravity; errors by noise alone). How the continuum is drawn moves the ratio by some tenths: compare it with references measured and evaluated alike, never with a table."
            | "Weiße Linien von {element}: L3/L2 = {}, ihre Fläche die von {} Kontinuum; L3 bei {}, L2 bei {} (Schwerpunkte; Fehler nur aus dem Rauschen). Wie das Kontinuum gezogen wird, verschiebt das Verhältnis um einige Zehntel: mit gleich gemessenen und ausgewerteten Referenzen vergleichen, nie mit einer Tabelle.",
        with_error(lines.ratio, lines.ratio_error, ""),
        with_error(lines.intensity_ev, lines.intensity_error_ev, "eV"),
        with_error(lines.l3_ev, lines.l3_error_ev, "eV"),
        with_error(lines.l2_ev, lines.l2_error_ev, "eV")
    )
}

/// Whether the order of pick-up is kept, where it was told.
fn pick_up(
    order: &ElementOrder,
    (first, second): (&str, &str),
    picked: Option<&str>,
) -> Option<Said> {
    let picked = picked?;
    let is = |name: &str| name == picked || name.split('_').next() == Some(picked);
    let first_came_first = match (is(first), is(second)) {
        (true, false) => true,
        (false, true) => false,
        _ => return None,
    };
    Some(match order.pick_up(first_came_first) {
        PickUp::Kept => said!(
            "{picked} was picked up first and is inside: the order of pick-up is kept."
                | "{picked} wurde zuerst aufgenommen und ist innen: die Reihenfolge der Aufnahme ist erhalten."
        ),
        PickUp::Inverted => said!(
            "{picked} was picked up first and is outside: the order of pick-up is inverted."
                | "{picked} wurde zuerst aufgenommen und ist außen: die Reihenfolge der Aufnahme ist umgekehrt."
        ),
        PickUp::Untold => said!(
            "{picked} was picked up first; whether it is inside the maps do not tell."
                | "{picked} wurde zuerst aufgenommen; ob es innen ist, sagen die Karten nicht."
        ),
    })
}

impl Engine {
    /// Sets the order of the maps against the Z contrast of the image that was opened with them.
    pub(super) fn compare_with_image(
        &mut self,
        question: &MapQuestion,
        answer: &mut ProfileAnswer,
    ) {
        let (Some(order), [first, second, ..]) = (&answer.order, question.edges.as_slice()) else {
            return;
        };
        let (Ok(first), Ok(second)) = (Edge::named(&first.name), Edge::named(&second.name)) else {
            return;
        };
        // Another series may still be open beside a sample.
        if self.series.frames.is_empty() || self.files.source(&question.spectra.path).is_none() {
            return;
        }
        let project = Project {
            series: self.series.clone(),
            model: Model {
                core: first.element.clone(),
                shell: second.element.clone(),
                ..Model::default()
            },
            ..Project::default()
        };
        let file = project.series.frames.first().map(|f| f.file.clone());
        let Some(image) = self.arrange(&project) else {
            return;
        };
        let file = file.unwrap_or_default();
        answer.remarks.push(match order.check(image.inside()) {
            OrderCheck::Agree => said!(
                "The Z contrast of the image beside them ({file}) agrees."
                    | "Der Z-Kontrast des Bildes daneben ({file}) stimmt überein."
            ),
            OrderCheck::Disagree => said!(
                "The Z contrast of the image beside them ({file}) contradicts this: another particle, an oxide, a support, or a wrong edge."
                    | "Der Z-Kontrast des Bildes daneben ({file}) widerspricht dem: ein anderes Partikel, ein Oxid, ein Träger oder eine falsche Kante."
            ),
            OrderCheck::Open => said!(
                "Z contrast and maps cannot be held against each other: one of them, the image beside them ({file}) or the maps, does not tell the order."
                    | "Z-Kontrast und Karten lassen sich nicht gegeneinander halten: eines von beiden, das Bild daneben ({file}) oder die Karten, sagt die Reihenfolge nicht."
            ),
        });
    }
}

/// Numbers of atoms, where every edge has a cross-section; what is said of them.
pub(super) fn compose(
    question: &MapQuestion,
    kilovolts: Option<f64>,
    mapped: &MapAnswer,
    answer: &mut ProfileAnswer,
) {
    let edges: Option<Vec<&Edge>> = mapped
        .maps
        .iter()
        .map(|m| Edge::named(&m.name).ok())
        .collect();
    let Some(edges) = edges.filter(|e| e.len() > 1) else {
        return;
    };
    let all: Vec<_> = edges
        .into_iter()
        .zip(&mapped.maps)
        .zip(&mapped.windows)
        .map(|((edge, map), windows)| (edge, map, *windows))
        .collect();
    let beam = Beam {
        kilovolts: kilovolts.unwrap_or(200.0),
        collection_mrad: question.collection_mrad,
    };
    match composition(&all, &beam) {
        Ok(found) if is_impossible(&found, &mapped.maps) => {
            let value = |s: &Share| {
                let percent = with_error(100.0 * s.value, 100.0 * s.standard_error, "");
                format!("{} {percent}", s.name)
            };
            let shares = || found.whole.iter().map(value).collect::<Vec<_>>().join(", ");
            answer.remarks.push(said!(
                "No atomic fractions: counts below nothing ({} atomic per cent) say that a background or the detector's dark level is wrong; subtract the dark level anew, or move the windows."
                    | "Keine Atomanteile: Impulse unter null ({} Atomprozent) sagen, dass ein Untergrund oder der Dunkelwert des Detektors falsch ist; den Dunkelwert neu abziehen oder die Fenster verschieben.",
                shares()
            ));
        }
        Ok(found) => {
            let sentence = || fractions(&found, &beam, kilovolts.is_none());
            answer.remarks.push(Said::of(&sentence));
            answer.composition = Some(found);
        }
        Err(error) if all.iter().all(|(e, _, _)| e.feature == Feature::Edge) => {
            answer.remarks.push(said!(
                "No atomic fractions: {error}." | "Keine Atomanteile: {error}."
            ));
        }
        Err(_) => answer.remarks.push(said!(
            "No atomic fractions: X-ray lines want k-factors of the instrument."
                | "Keine Atomanteile: Röntgenlinien verlangen k-Faktoren des Geräts."
        )),
    }
}

/// What a background that is described a little wrong may take from a pure specimen's other element.
const BELOW_NOTHING: f64 = 0.05;

/// Whether counts lie below nothing by more than three errors, and fractions outside 0 to 1 by more than a little.
fn is_impossible(found: &Composition, maps: &[ElementMap]) -> bool {
    let negative = maps.iter().any(|m| {
        let (value, se) = m.total();
        value < -3.0 * se
    });
    let beyond = |s: &Share| (-s.value).max(s.value - 1.0) > BELOW_NOTHING;
    negative && found.whole.iter().any(beyond)
}

/// The numbers of atoms in a sentence, with what was assumed for them.
fn fractions(found: &Composition, beam: &Beam, assumed: bool) -> String {
    let share = |s: &Share| {
        say!(
            "{} {} (counting) ± {:.1} (cross-sections)"
                | "{} {} (Zählen) ± {:.1} (Wirkungsquerschnitte)",
            s.name,
            with_error(100.0 * s.value, 100.0 * s.standard_error, ""),
            Number(100.0 * s.systematic)
        )
    };
    let shares: Vec<String> = found.whole.iter().map(share).collect();
    let angle = match beam.collection_mrad {
        Some(mrad) => format!("{} mrad", Number(mrad)),
        None => say!(
            "20 mrad, assumed within a factor of two"
                | "20 mrad, angenommen bis auf einen Faktor zwei"
        ),
    };
    let voltage = match assumed {
        true => word!(" (assumed)" | " (angenommen)"),
        false => "",
    };
    say!(
        "Atomic per cent of these elements in all pixels: {}, at {} kV{voltage} and {angle}."
            | "Atomprozent dieser Elemente in allen Pixeln: {}, bei {} kV{voltage} und {angle}.",
        shares.join(", "),
        Number(beam.kilovolts)
    )
}
