//! What is decided about element maps.

use serde::{Deserialize, Serialize};

use super::Place;
use crate::imaging::Circle;
use crate::materials::{Library, Quantity};
use crate::spectroscopy::{MapSettings, Reference, Windows};

/// One edge or line to be mapped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EdgeChoice {
    /// `Cu_L3`, `Fe_Ka`; the title of a signal where the file holds ready-made maps.
    pub name: String,
    /// Windows; `None`: by rule.
    pub windows: Option<Windows>,
}

impl EdgeChoice {
    /// An edge with windows by rule.
    pub fn named(name: impl Into<String>) -> EdgeChoice {
        EdgeChoice {
            name: name.into(),
            windows: None,
        }
    }
}

/// Whether two of the elements form compounds, as the library of materials knows them: no single D is theirs.
pub fn forms_compounds(edges: &[EdgeChoice]) -> bool {
    // `Cu_L3`, or `Cu` where a map was ready-made.
    let symbol = |edge: &EdgeChoice| {
        let end = edge.name.find(|c: char| !c.is_ascii_alphabetic());
        edge.name[..end.unwrap_or(edge.name.len())].to_owned()
    };
    let symbols: Vec<String> = edges.iter().map(symbol).collect();
    let library = Library::builtin();
    let compound = |a: &String, b: &String| {
        let pair = library.pair(a, b);
        pair.is_some_and(|pair| pair.is(Quantity::Compound))
    };
    let pairs = symbols.iter().enumerate();
    pairs
        .flat_map(|(i, a)| symbols[..i].iter().map(move |b| (a, b)))
        .any(|(a, b)| compound(a, b))
}

/// Most spectra of known states in a project.
pub const MOST_REFERENCES: usize = 16;

/// Element maps as the user wants them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MapChoices {
    /// Path of the file they are about, within what was dropped.
    pub file: String,
    /// Index of the signal in it; `None`: the first with an energy axis.
    pub signal: Option<usize>,
    /// Zero of the energy axis where the low loss has it; `None`: where there is a low loss of the same pixels.
    pub zero_loss: Option<bool>,
    /// What the energy axis is moved by besides (eV).
    pub shift_ev: f64,
    /// For the valence, what scattered more than once is taken off.
    pub single_scattering: bool,
    /// The dark-field image of the same pixels is fitted with the profiles of the elements.
    pub with_image: bool,
    /// Pictures of so many principal components in place of the counts; 0: as many as stand out of the noise.
    pub components: Option<usize>,
    /// Edges; none: those that stand out.
    pub edges: Vec<EdgeChoice>,
    /// The model fit in place of windows; `None`: where edges overlap.
    pub model: Option<bool>,
    /// How the background under windows is fitted.
    pub background: MapSettings,
    /// Pixels whose spectrum is shown; `None`: all.
    pub region: Option<Circle>,
    /// Edge whose element was picked up first, where this is known.
    pub first_picked: Option<String>,
    /// Spectra of the same particle from before it was heated.
    pub before: Option<Place>,
    /// How long it was heated since (s).
    pub dwell_s: Option<f64>,
    /// Magenta in place of red, for eyes that do not tell red from green.
    pub safe_colors: bool,
    /// Full width at half maximum of the zero-loss peak (eV).
    pub resolution_ev: f64,
    /// Standard error of the energy axis (eV), where it is calibrated.
    pub calibration_ev: Option<f64>,
    /// High tension (kV); `None`: the file's, or 200.
    pub kilovolts: Option<f64>,
    /// Half angle of collection (mrad); `None`: 20, known to a factor of two.
    pub collection_mrad: Option<f64>,
    /// Spectra of known states of copper, in place of the built-in shapes from two on.
    pub references: Vec<Reference>,
}

impl MapChoices {
    /// Whether nothing was decided: links leave it out then.
    pub fn is_untouched(&self) -> bool {
        *self == MapChoices::default()
    }
}

impl Default for MapChoices {
    fn default() -> MapChoices {
        MapChoices {
            file: String::new(),
            signal: None,
            zero_loss: None,
            shift_ev: 0.0,
            single_scattering: false,
            with_image: false,
            components: None,
            edges: Vec::new(),
            model: None,
            background: MapSettings::default(),
            region: None,
            first_picked: None,
            before: None,
            dwell_s: None,
            safe_colors: false,
            resolution_ev: 1.0,
            calibration_ev: None,
            kilovolts: None,
            collection_mrad: None,
            references: Vec::new(),
        }
    }
}
