//! What is said of melting: figure 4 and the maximum.

use super::energies::paper_model;
use super::printed::{END_K, FIGURE_4, RADIUS_NM};
use super::{Check, Reading, reading, variation};
use crate::kinetics::{MeltingData, MeltingEntropy, MeltingModel, SizeModel};
use crate::materials::Library;

pub fn checks(library: &Library) -> [Option<Check>; 2] {
    [maximum(library), figure_four(library)]
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

fn kelvin(name: impl Into<String>, value: f64) -> Reading {
    reading(name, value, ("K", 4))
}

/// The paper's factor on the entropy.
fn raised() -> f64 {
    super::printed::ENTROPY_FACTOR
}

fn maximum(library: &Library) -> Option<Check> {
    let silver = |factor: f64| by_equation_ten(library, "Ag", (factor, RADIUS_NM));
    let by = |model: MeltingModel| {
        let data = MeltingData::of(library, "Ag", MeltingEntropy::Total)?;
        let t = model.ratio(&data, RADIUS_NM)? * data.melting_point_k;
        let result = kelvin("pure silver melts at", t);
        Some(variation("model of T_m(r)", model.name(), result))
    };
    let needed = || {
        let element = library.element("Ag")?;
        let radius = paper_model().radius_of_nm(END_K / element.melting_point_k)?;
        let result = reading("radius", radius, ("nm", 3));
        Some(variation(
            "eq. 10 with the paper's S",
            "pure silver melts at 573 K",
            result,
        ))
    };
    Some(Check {
        title: "A maximum of the melting point",
        place: "discussion of figure 4",
        printed: "mixed particles solid at 573 K melt above the more stable element".into(),
        computed: vec![
            kelvin("pure silver of 1.95 nm melts by eq. 10 at", silver(1.0)?),
            kelvin("the same with the entropy raised by 9 %", silver(raised())?),
            kelvin("highest temperature of the ramp", END_K),
        ],
        sensitivity: [
            by(MeltingModel::Pawlow),
            by(MeltingModel::Guisbiers),
            needed(),
        ]
        .into_iter()
        .flatten()
        .collect(),
        sentence: "A particle that is solid at 573 K melts somewhere above 573 K, and no more can be said: by eq. 10 pure silver of this size is solid there as well. So is the breaking up of wires a lower bound. A maximum is possible; these data do not establish it.",
    })
}

fn figure_four(library: &Library) -> Option<Check> {
    let (radius, silver, gold) = FIGURE_4;
    let at = |symbol: &str, factor: f64| by_equation_ten(library, symbol, (factor, radius));
    let by = |symbol: &'static str, model: MeltingModel| {
        let data = MeltingData::of(library, symbol, MeltingEntropy::Total)?;
        let t = model.ratio(&data, radius)? * data.melting_point_k;
        Some(variation(
            "model of T_m(r)",
            model.name(),
            kelvin(symbol, t),
        ))
    };
    let models = [MeltingModel::Pawlow, MeltingModel::Guisbiers];
    let varied = models.map(|model| [by("Ag", model), by("Au", model)]);
    Some(Check {
        title: "Melting points in figure 4",
        place: "figure 4",
        printed: format!("at r = {radius} nm silver melts at {silver} K, gold at {gold} K"),
        computed: vec![
            kelvin("silver by eq. 10", at("Ag", 1.0)?),
            kelvin(
                "silver by eq. 10, entropy raised by 9 %",
                at("Ag", raised())?,
            ),
            kelvin("gold by eq. 10", at("Au", 1.0)?),
            kelvin("gold by eq. 10, entropy raised by 9 %", at("Au", raised())?),
        ],
        sensitivity: varied.into_iter().flatten().flatten().collect(),
        sentence: "Eq. 10 of the same paper gives other values, silver twice as high. The authors call radii below 5 nm an extrapolation; nothing here should rest on them.",
    })
}
