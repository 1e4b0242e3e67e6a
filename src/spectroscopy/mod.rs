//! Spectra: which element is where, and in which state.
//!
//! A [`SpectrumImage`] has a spectrum in every pixel, on an [`EnergyAxis`] in eV. [`window_map`] takes the counts of an edge above its
//! extrapolated background, [`model_maps`] fits edges that lie on one another.
//!
//! Everything here works on counts and energies, whoever read them.

mod axis;
mod background;
mod composition;
mod edges;
mod error;
mod low_loss;
mod maps;
mod model;
mod onset;
mod pre_edge;
mod principal;
mod radial;
mod reference;
mod spectrum_image;
mod valence;
mod white_lines;

pub use axis::{EnergyAxis, Window};
pub use background::{BackgroundFit, Extrapolation, Groups, Method, PowerLaw};
pub use composition::{Beam, Composition, CrossSection, Share, composition, cross_section};
pub(crate) use edges::COINCIDE_EV;
pub use edges::{Edge, Feature, Windows};
pub use error::SpectroscopyError;
pub use low_loss::{Scattering, ZeroLoss};
pub use maps::{ElementMap, MapSettings, Net, background_curve, net_counts, window_map};
pub use model::{ModelMaps, ModelSettings, Plural, model_maps};
pub use onset::Onset;
pub use principal::{Principal, principal};
pub use radial::{Rings, particle_in_maps, radial_profile};
pub use reference::Reference;
pub use spectrum_image::{SpectraReader, Spectrum, SpectrumImage};
pub use valence::{
    COARSEST_EV, Doubt, FREE_SHIFT_EV, Fingerprint, Fraction, SHAPE_ERROR, Valence,
    ValenceSettings, Verdict, valence,
};
pub use white_lines::{WITH_WHITE_LINES, WhiteLines, white_lines};
