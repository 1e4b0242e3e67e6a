//! One particle by all models: T_m(r), E(r), D and τ₁ against temperature.

use serde::{Deserialize, Serialize};

use super::melting::{MeltingData, MeltingModel};
use super::size::{Dimension, MeltingEntropy, mixing_time_s};
use crate::language::{Number, Said, said, say, word};
use crate::materials::Library;
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// What is asked of a particle. Everything that is not given comes from the library.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeRequest {
    /// What diffuses.
    pub solute: String,
    /// In what.
    pub host: String,
    /// Radius of the particle (nm).
    pub radius_nm: f64,
    /// Its standard error (nm).
    pub radius_error_nm: Option<f64>,
    /// Element whose melting scales the energy; the host when not given.
    pub melting_of: Option<String>,
    /// S of eq. 10.
    pub entropy: MeltingEntropy,
    /// h of eq. 10 (nm).
    pub atomic_diameter_nm: Option<f64>,
    /// d of eq. 10.
    pub dimension: Dimension,
    /// E(∞) (J/mol).
    pub bulk_energy_j_mol: Option<f64>,
    /// D0 (m²/s).
    pub d0_m2_s: Option<f64>,
    /// Where D and τ₁ are asked for (K).
    pub temperatures_k: Vec<f64>,
}

/// D and mixing time at a temperature.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct AtTemperature {
    /// Temperature (K).
    pub temperature_k: f64,
    /// D (m²/s).
    pub d_m2_s: f64,
    /// τ₁ = r²/(20.19 D) (s).
    pub tau1_s: f64,
}

/// What one model says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ByModel {
    /// The model; `None` for the bulk.
    pub model: Option<MeltingModel>,
    /// Whether it is to be believed at this radius.
    pub valid: bool,
    /// T_m(r) (K); `None` where the model has no value.
    pub melting_point_k: Option<f64>,
    /// E(r) (J/mol).
    pub energy_j_mol: Option<f64>,
    /// E at one standard error of the radius less and more (J/mol).
    pub energy_span_j_mol: Option<(f64, f64)>,
    /// D and τ₁.
    pub at: Vec<AtTemperature>,
}

impl ByModel {
    /// Its name.
    pub fn name(&self) -> &'static str {
        self.model.map_or("bulk", MeltingModel::name)
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SizeEffect {
    /// Radius (nm).
    pub radius_nm: f64,
    /// D0 as used (m²/s).
    pub d0_m2_s: f64,
    /// E(∞) as used (J/mol).
    pub bulk_energy_j_mol: f64,
    /// Where the law stands; empty when D0 and E(∞) were given.
    pub source: String,
    /// Element whose melting was used.
    pub melting_of: String,
    /// Its numbers as used.
    pub data: MeltingData,
    /// The bulk, then the models.
    pub models: Vec<ByModel>,
}

/// Why a particle has no answer.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SizeError {
    /// Not in the library.
    #[error("{}", say!(
        "the library does not know enough of '{_0}' to say how it melts"
        | "die Bibliothek weiß zu wenig über „{_0}“, um zu sagen, wie es schmilzt"
    ))]
    Element(String),
    /// No expansion of melting.
    #[error("{}", say!(
        "the vibrational entropy of melting of {_0} is not known"
        | "der Schwingungsanteil der Schmelzentropie von {_0} ist nicht bekannt"
    ))]
    Vibrational(String),
    /// No tracer law.
    #[error("{}", say!(
        "no law of diffusion of {solute} in {host} is in the library"
        | "für die Diffusion von {solute} in {host} steht kein Gesetz in der Bibliothek"
    ))]
    Law {
        /// What diffuses.
        solute: String,
        /// In what.
        host: String,
    },
    /// A number that cannot be.
    #[error("{}", say!("{what} cannot be {}" | "{what} kann nicht {} sein", Number(*value)))]
    Value {
        /// What.
        what: Said,
        /// The number.
        value: f64,
    },
}

impl SizeError {
    /// What to try.
    pub fn remedy(&self) -> &'static str {
        match self {
            SizeError::Element(_) => word!(
                "choose another element, or add its numbers to the library of materials"
                    | "ein anderes Element wählen oder seine Zahlen in die Materialbibliothek eintragen"
            ),
            SizeError::Vibrational(_) => word!(
                "take the total entropy or give a value, or add melting_expansion to the library"
                    | "die gesamte Entropie nehmen oder einen Wert angeben, oder melting_expansion in die Bibliothek eintragen"
            ),
            SizeError::Law { .. } => word!(
                "give both D0 and the energy, or exchange the two elements"
                    | "D0 und die Energie angeben oder die beiden Elemente vertauschen"
            ),
            SizeError::Value { .. } => {
                word!("give a finite, positive number" | "eine endliche, positive Zahl angeben")
            }
        }
    }
}

/// T_m(r), E(r) = E(∞) T_m(r)/T_m(∞) by every model, and D and τ₁ that follow.
///
/// The span of E is that of the radius alone; D0, E(∞) and the models have errors that nobody has published, and they are larger.
///
/// # Errors
/// [`SizeError`]; [`SizeError::remedy`] says what to try.
pub fn size_effect(library: &Library, request: &SizeRequest) -> Result<SizeEffect, SizeError> {
    let positive = |what: Said, value: f64| {
        if value.is_finite() && value > 0.0 {
            Ok(value)
        } else {
            Err(SizeError::Value { what, value })
        }
    };
    let radius_nm = positive(said!("the radius" | "der Radius"), request.radius_nm)?;
    for &t in &request.temperatures_k {
        positive(said!("a temperature" | "eine Temperatur"), t)?;
    }
    let symbol = request.melting_of.as_ref().unwrap_or(&request.host);
    let element = library
        .element(symbol)
        .ok_or_else(|| SizeError::Element(symbol.clone()))?;
    if let MeltingEntropy::Given(value) = request.entropy {
        positive(said!("the entropy" | "die Entropie"), value)?;
    }
    let mut data = MeltingData::of(library, &element.symbol, request.entropy)
        .ok_or_else(|| SizeError::Vibrational(symbol.clone()))?;
    if let Some(h) = request.atomic_diameter_nm {
        data.atomic_diameter_nm =
            positive(said!("the atomic diameter" | "der Atomdurchmesser"), h)?;
    }
    data.dimension = request.dimension;
    let law = library.tracer(&request.solute, &request.host);
    let missing = || SizeError::Law {
        solute: request.solute.clone(),
        host: request.host.clone(),
    };
    let of_law = |given: Option<f64>, value: Option<f64>| given.or(value).ok_or_else(missing);
    let d0 = of_law(request.d0_m2_s, law.as_ref().map(|l| l.d0_m2_s))?;
    let energy = of_law(
        request.bulk_energy_j_mol,
        law.as_ref().map(|l| l.energy_j_mol),
    )?;
    let (d0, energy) = (
        positive(Said::name("D0"), d0)?,
        positive(said!("the energy" | "die Energie"), energy)?,
    );
    let given = request.d0_m2_s.is_some() && request.bulk_energy_j_mol.is_some();
    let error = match request.radius_error_nm {
        Some(error) => positive(
            said!("the error of the radius" | "der Fehler des Radius"),
            error,
        )?,
        None => 0.0,
    };

    let at = |energy: f64| -> Vec<AtTemperature> {
        let point = |&t: &f64| {
            let d_m2_s = d0 * libm::exp(-energy / (GAS_CONSTANT * t));
            AtTemperature {
                temperature_k: t,
                d_m2_s,
                tau1_s: mixing_time_s(radius_nm, d_m2_s / SQUARE_METER_PER_SQUARE_NM)
                    .unwrap_or(f64::INFINITY),
            }
        };
        request.temperatures_k.iter().map(point).collect()
    };
    let bulk = ByModel {
        model: None,
        valid: true,
        melting_point_k: Some(data.melting_point_k),
        energy_j_mol: Some(energy),
        energy_span_j_mol: None,
        at: at(energy),
    };
    let by = |model: MeltingModel| {
        let ratio = model.ratio(&data, radius_nm);
        let scaled = |radius: f64| model.ratio(&data, radius).map(|ratio| energy * ratio);
        let span = scaled(radius_nm - error).zip(scaled(radius_nm + error));
        ByModel {
            model: Some(model),
            valid: radius_nm >= model.validity(&data).from_nm,
            melting_point_k: ratio.map(|ratio| ratio * data.melting_point_k),
            energy_j_mol: scaled(radius_nm),
            energy_span_j_mol: span.filter(|_| error > 0.0),
            at: scaled(radius_nm).map_or_else(Vec::new, at),
        }
    };
    let models = std::iter::once(bulk)
        .chain(MeltingModel::ALL.map(by))
        .collect();
    Ok(SizeEffect {
        radius_nm,
        d0_m2_s: d0,
        bulk_energy_j_mol: energy,
        source: law
            .filter(|_| !given)
            .map_or_else(String::new, |l| l.source),
        melting_of: element.symbol,
        data,
        models,
    })
}
