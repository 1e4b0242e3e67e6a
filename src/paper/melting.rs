//! What is said of melting: figure 4 and the maximum.

use super::energies::paper_model;
use super::printed::{END_K, FIGURE_4, RADIUS_NM};
use super::{Check, Reading, reading, variation};
use crate::kinetics::{MeltingData, MeltingEntropy, MeltingModel, SizeModel};
use crate::language::{say, word};
use crate::materials::Library;
use crate::thermo::{
    PhaseDiagram, Sampling, SolidTension, SurfaceMixing, SurfaceTerm, System, melting_points,
    phase_diagram,
};
use crate::units::METER_PER_NM;

pub fn checks(library: &Library) -> [Option<Check>; 3] {
    let system = System::of(library, "Ag", "Au").ok();
    let system = system.as_ref();
    [
        maximum(library, system),
        system.and_then(concave),
        figure_four(library, system),
    ]
}

/// T_m (K) by eq. 10 with the element's entropy times a factor.
fn by_equation_ten(
    library: &Library,
    symbol: &str,
    (factor, radius_nm): (f64, f64),
) -> Option<f64> {
    let element = library.element(symbol)?;
    let model = SizeModel::of(&element, 1.0);
    let model = SizeModel {
        entropy_j_mol_k: factor * model.entropy_j_mol_k,
        ..model
    };
    Some(element.melting_point_k * model.melting_ratio(radius_nm)?)
}

/// The correction C of the solid's surface as its authors take it, and without.
const CORRECTED: f64 = 1.05;
const PLAIN: f64 = 1.0;

fn with_correction(c_solid: f64) -> SurfaceTerm {
    SurfaceTerm {
        c_solid,
        ..SurfaceTerm::default()
    }
}

/// T_m (K) of silver (0) or gold (1) after the nano phase diagram.
fn by_surface_tension(
    system: &System,
    element: usize,
    (c_solid, radius_nm): (f64, f64),
) -> Option<f64> {
    let both = melting_points(system, &with_correction(c_solid), radius_nm).ok()?;
    both.into_iter().nth(element)?.ok()
}

fn kelvin(name: impl Into<String>, value: f64) -> Reading {
    reading(name, value, ("K", 4))
}

/// The paper's factor on the entropy.
fn raised() -> f64 {
    super::printed::ENTROPY_FACTOR
}

fn maximum(library: &Library, system: Option<&System>) -> Option<Check> {
    let silver = |factor: f64| by_equation_ten(library, "Ag", (factor, RADIUS_NM));
    let by = |model: MeltingModel| {
        let data = MeltingData::of(library, "Ag", MeltingEntropy::Total)?;
        let t = model.ratio(&data, RADIUS_NM)? * data.melting_point_k;
        let result = kelvin(
            word!("pure silver melts at" | "reines Silber schmilzt bei"),
            t,
        );
        Some(variation(
            word!("model of T_m(r)" | "Modell von T_m(r)"),
            model.name(),
            result,
        ))
    };
    let needed = || {
        let element = library.element("Ag")?;
        let radius = paper_model().radius_of_nm(END_K / element.melting_point_k)?;
        let result = reading(word!("radius" | "Radius"), radius, ("nm", 3));
        Some(variation(
            word!("eq. 10 with the paper's S" | "Gl. 10 mit dem S der Arbeit"),
            word!("pure silver melts at 573 K" | "reines Silber schmilzt bei 573 K"),
            result,
        ))
    };
    let nano = || {
        let t = by_surface_tension(system?, 0, (CORRECTED, RADIUS_NM))?;
        let result = kelvin(
            word!("pure silver melts at" | "reines Silber schmilzt bei"),
            t,
        );
        Some(variation(
            word!("model of T_m(r)" | "Modell von T_m(r)"),
            word!("nano phase diagram" | "Nano-Phasendiagramm"),
            result,
        ))
    };
    Some(Check {
        title: word!("A maximum of the melting point" | "Ein Maximum des Schmelzpunkts"),
        place: word!("discussion of figure 4" | "Diskussion von Abbildung 4"),
        printed: word!(
            "mixed particles solid at 573 K melt above the more stable element"
                | "gemischte, bei 573 K feste Partikel schmelzen über dem stabileren Element"
        )
        .into(),
        computed: vec![
            kelvin(
                word!(
                    "pure silver of 1.95 nm melts by eq. 10 at"
                        | "reines Silber von 1,95 nm schmilzt nach Gl. 10 bei"
                ),
                silver(1.0)?,
            ),
            kelvin(
                word!(
                    "the same with the entropy raised by 9 %"
                        | "dasselbe mit um 9 % erhöhter Entropie"
                ),
                silver(raised())?,
            ),
            kelvin(
                word!("highest temperature of the ramp" | "höchste Temperatur der Rampe"),
                END_K,
            ),
        ],
        sensitivity: [
            by(MeltingModel::Pawlow),
            by(MeltingModel::Guisbiers),
            nano(),
            needed(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        sentence: word!(
            "A particle that is solid at 573 K melts somewhere above 573 K, and no more can be said: by eq. 10 pure silver of this size is solid there as well. So is the breaking up of wires a lower bound. A maximum is possible; these data do not establish it."
                | "Ein Partikel, das bei 573 K fest ist, schmilzt irgendwo über 573 K, und mehr lässt sich nicht sagen: nach Gl. 10 ist reines Silber dieser Größe dort ebenfalls fest. Auch das Zerfallen von Drähten ist eine untere Schranke. Ein Maximum ist möglich; diese Daten belegen es nicht."
        ),
    })
}

fn concave(system: &System) -> Option<Check> {
    let diagram = |radius_nm: f64, term: SurfaceTerm, compositions: usize| {
        let sampling = Sampling {
            radius_nm,
            compositions,
        };
        phase_diagram(system, &term, sampling).ok()
    };
    let corrected = with_correction(CORRECTED);
    let linear = SurfaceTerm {
        mixing: SurfaceMixing::Linear,
        ..corrected
    };
    let tanaka = |mixing: SurfaceMixing| SurfaceTerm {
        solid: SolidTension::Tanaka,
        mixing,
        ..with_correction(PLAIN)
    };
    let (small, _, _) = FIGURE_4;
    let over = |diagram: &PhaseDiagram| {
        let result =
            word!("solidus over the straight line, middle" | "Solidus über der Geraden, Mitte");
        Some(reading(result, above_chord(diagram)?, ("K", 3)))
    };
    // Of a maximum between the elements; 0 where there is none.
    let peak = |diagram: &PhaseDiagram| {
        let over = word!(
            "highest melting point over both elements"
                | "höchster Schmelzpunkt über beiden Elementen"
        );
        Some(reading(over, above_ends(diagram)?, ("K", 3)))
    };
    let varied = |change: &str, radius: f64, term: SurfaceTerm| {
        let diagram = diagram(radius, term, COMPOSITIONS)?;
        Some(variation(
            word!("assumption" | "Annahme"),
            change,
            peak(&diagram)?,
        ))
    };
    let particle = diagram(small, corrected, COMPOSITIONS)?;
    Some(Check {
        title: word!("Concave curves" | "Konkave Kurven"),
        place: word!("discussion of figure 4" | "Diskussion von Abbildung 4"),
        printed: word!(
            "the concave shape cannot be derived from known models"
                | "die konkave Form lässt sich aus bekannten Modellen nicht ableiten"
        )
        .into(),
        computed: vec![
            over(&diagram(f64::INFINITY, corrected, COMPOSITIONS)?)?,
            kelvin(
                word!(
                    "highest melting point at r = 2.5 nm" | "höchster Schmelzpunkt bei r = 2,5 nm"
                ),
                highest(&particle),
            ),
            peak(&particle)?,
        ],
        sensitivity: [
            varied("C = 1, r = 5 nm", 5.0, with_correction(PLAIN)),
            varied("C = 1, r = 3 nm", 3.0, with_correction(PLAIN)),
            varied(
                word!("tension linear in x, r = 2.5 nm" | "Spannung linear in x, r = 2,5 nm"),
                small,
                linear,
            ),
            varied(
                word!(
                    "σ_solid = 1.25 σ_liquid, C = 1, r = 2.5 nm"
                        | "σ_fest = 1,25 σ_flüssig, C = 1, r = 2,5 nm"
                ),
                small,
                tanaka(SurfaceMixing::Butler),
            ),
            varied(
                word!("the same, tension linear in x" | "dasselbe, Spannung linear in x"),
                small,
                tanaka(SurfaceMixing::Linear),
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
        sentence: word!(
            "The bulk's solidus is concave already, by its assessed excess energies. Below a few nm the standard model has a maximum above both metals: of 30 K, a few or none, as the surface tensions are chosen. The paper's idea may be right, and a known model gives it."
                | "Schon der Solidus des Massivs ist konkav, durch seine bewerteten Exzessenergien. Unter wenigen nm hat das Standardmodell ein Maximum über beiden Metallen: von 30 K, wenigen oder keinem, je nach Wahl der Oberflächenspannungen. Der Gedanke der Arbeit kann stimmen, und ein bekanntes Modell liefert ihn."
        ),
    })
}

/// Steps of 10 % of gold.
const COMPOSITIONS: usize = 11;

/// The solidus in the middle over the straight line between the elements (K).
fn above_chord(diagram: &PhaseDiagram) -> Option<f64> {
    let solidus: Vec<f64> = diagram.boundaries.iter().map(|b| b.solidus_k).collect();
    let middle = solidus.get(COMPOSITIONS / 2)?;
    Some(middle - 0.5 * (solidus.first()? + solidus.last()?))
}

fn highest(diagram: &PhaseDiagram) -> f64 {
    let solidus = diagram.boundaries.iter().map(|b| b.solidus_k);
    let congruent = diagram.extreme.iter().map(|e| e.temperature_k);
    solidus.chain(congruent).fold(0.0, f64::max)
}

/// The highest solidus over that of both elements (K).
fn above_ends(diagram: &PhaseDiagram) -> Option<f64> {
    let (first, last) = (diagram.boundaries.first()?, diagram.boundaries.last()?);
    Some(highest(diagram) - first.solidus_k.max(last.solidus_k))
}

fn figure_four(library: &Library, system: Option<&System>) -> Option<Check> {
    let (radius, silver, gold) = FIGURE_4;
    let at = |symbol: &str, factor: f64| by_equation_ten(library, symbol, (factor, radius));
    let by = |symbol: &'static str, model: MeltingModel| {
        let data = MeltingData::of(library, symbol, MeltingEntropy::Total)?;
        let t = model.ratio(&data, radius)? * data.melting_point_k;
        Some(variation(
            word!("model of T_m(r)" | "Modell von T_m(r)"),
            model.name(),
            kelvin(symbol, t),
        ))
    };
    let nano = |element: usize, c_solid: f64| {
        let symbol = ["Ag", "Au"][element.min(1)];
        let t = by_surface_tension(system?, element, (c_solid, radius))?;
        let change =
            say!("nano phase diagram, C = {c_solid}" | "Nano-Phasendiagramm, C = {c_solid}");
        Some(variation(
            word!("model of T_m(r)" | "Modell von T_m(r)"),
            change,
            kelvin(symbol, t),
        ))
    };
    let needed = |c_solid: f64| {
        let [ag, _] = &system?.elements;
        // G_liquid - G_solid = 2 (C σ_s V_s - σ_l V_l)/r at the melting point.
        let wanted = 0.5 * ag.fusion.at(silver) * radius * METER_PER_NM;
        let at_hand = c_solid * ag.solid_tension.at(silver) * ag.solid_volume.at(silver)
            - ag.liquid_tension.at(silver) * ag.liquid_volume.at(silver);
        let name = word!(
            "difference of the surface energies needed, over the usual one"
                | "nötiger Unterschied der Oberflächenenergien, zum üblichen"
        );
        let change = format!("C = {c_solid}");
        let result = reading(name, wanted / at_hand, ("", 2));
        Some(variation(
            word!("silver at 400 K" | "Silber bei 400 K"),
            change,
            result,
        ))
    };
    let models = [MeltingModel::Pawlow, MeltingModel::Guisbiers];
    let varied = models.map(|model| [by("Ag", model), by("Au", model)]);
    Some(Check {
        title: word!("Melting points in figure 4" | "Schmelzpunkte in Abbildung 4"),
        place: word!("figure 4" | "Abbildung 4"),
        printed: say!(
            "at r = {radius} nm silver melts at {silver} K, gold at {gold} K"
                | "bei r = {radius} nm schmilzt Silber bei {silver} K, Gold bei {gold} K"
        ),
        computed: vec![
            kelvin(
                word!("silver by eq. 10" | "Silber nach Gl. 10"),
                at("Ag", 1.0)?,
            ),
            kelvin(
                word!(
                    "silver by eq. 10, entropy raised by 9 %"
                        | "Silber nach Gl. 10, Entropie um 9 % erhöht"
                ),
                at("Ag", raised())?,
            ),
            kelvin(word!("gold by eq. 10" | "Gold nach Gl. 10"), at("Au", 1.0)?),
            kelvin(
                word!(
                    "gold by eq. 10, entropy raised by 9 %"
                        | "Gold nach Gl. 10, Entropie um 9 % erhöht"
                ),
                at("Au", raised())?,
            ),
        ],
        sensitivity: varied
            .into_iter()
            .flatten()
            .chain([0, 1].map(|element| nano(element, CORRECTED)))
            .chain([0, 1].map(|element| nano(element, PLAIN)))
            .chain([CORRECTED, PLAIN].map(needed))
            .flatten()
            .collect(),
        sentence: word!(
            "Eq. 10 of the same paper gives other values, silver twice as high, and so does the nano phase diagram with the usual surface tensions. The authors call radii below 5 nm an extrapolation; nothing here should rest on them."
                | "Gl. 10 derselben Arbeit ergibt andere Werte, Silber doppelt so hoch, und ebenso das Nano-Phasendiagramm mit den üblichen Oberflächenspannungen. Die Autoren nennen Radien unter 5 nm eine Extrapolation; nichts sollte sich hier auf sie stützen."
        ),
    })
}
