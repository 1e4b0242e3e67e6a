//! A spectrum image of a core-shell particle, of known truth.

use serde::{Deserialize, Serialize};

use super::{Noise, SimulateError};
use crate::diffusion::{CoreShell, Scheme};
use crate::forward::{Basis, Optics, Response};
use crate::materials::{Library, Quantity};
use crate::signal::Samples;
use crate::spectroscopy::{Beam, Edge, EnergyAxis, Plural, SpectrumImage, Window, cross_section};

/// The instrument of the simulated spectra, as one that says nothing of itself is taken.
const BEAM: Beam = Beam {
    kilovolts: 200.0,
    collection_mrad: None,
};

/// What is simulated: a particle of two elements on nothing, seen by its energy losses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpectrumExperiment {
    /// Edge of the core's element.
    pub core: Edge,
    /// Edge of the shell's element.
    pub shell: Edge,
    /// The particle before it was heated.
    pub shape: CoreShell,
    /// D·t since then (nm²), mole fractions diffusing.
    pub dtau_nm2: f64,
    /// Columns and rows.
    pub side_px: usize,
    /// Size of a pixel (nm).
    pub pixel_nm: f64,
    /// Standard deviation of the probe (nm).
    pub psf_sigma_nm: f64,
    /// The channels.
    pub axis: EnergyAxis,
    /// Resolution (eV).
    pub resolution_ev: f64,
    /// Counts in the first 100 eV of an edge, per nm of its element.
    pub counts_per_nm: (f64, f64),
    /// Counts of the background in a channel at 900 eV, per nm of the particle; a power law of exponent 3 and, by a fifth, one of 2: what plural
    /// scattering adds.
    pub background_per_nm: f64,
    /// Plural scattering of the edges.
    pub plural: Plural,
}

/// A simulated spectrum image.
#[derive(Clone, Debug)]
pub struct SimulatedSpectra {
    /// The counts.
    pub image: SpectrumImage,
    /// Mean counts of core and shell element in the first 100 eV of their edges, pixel by pixel: the truth of the maps.
    pub truth: [Vec<f64>; 2],
}

impl SpectrumExperiment {
    /// Cu@Mg or Mg@Cu as in the abstract on helium droplets: R_A = 1.6 nm in R_B = 2.5 nm, Cu L and Mg K on one power law.
    ///
    /// # Errors
    /// None: both edges are in the table.
    pub fn copper_magnesium(
        copper_inside: bool,
        dose: f64,
    ) -> Result<SpectrumExperiment, SimulateError> {
        let [cu, mg] = ["Cu_L3", "Mg_K"].map(|name| Edge::named(name).cloned());
        let (cu, mg) = (cu?, mg?);
        // By cross-sections and densities: a nm of magnesium gives a twentieth of the counts of a nm of copper.
        let library = Library::with(&[]);
        let per_nm = |edge: &Edge| -> Result<f64, SimulateError> {
            let window = Window::new(edge.onset_ev, edge.onset_ev + 100.0);
            let atoms = library.number(&edge.element, Quantity::AtomicDensity);
            Ok(atoms.unwrap_or(0.0) * cross_section(edge, window, &BEAM)?.barn)
        };
        let cu_counts = 60.0 * dose;
        let mg_counts = cu_counts * per_nm(&mg)? / per_nm(&cu)?;
        let (core, shell, counts_per_nm) = if copper_inside {
            (cu, mg, (cu_counts, mg_counts))
        } else {
            (mg, cu, (mg_counts, cu_counts))
        };
        Ok(SpectrumExperiment {
            core,
            shell,
            shape: CoreShell {
                radius_a_nm: 1.6,
                radius_b_nm: 2.5,
                sigma_nm: 0.2,
            },
            dtau_nm2: 0.0,
            side_px: 36,
            pixel_nm: 0.2,
            psf_sigma_nm: 0.1,
            axis: EnergyAxis {
                first_ev: 800.0,
                step_ev: 2.0,
                channels: 320,
            },
            resolution_ev: 1.0,
            counts_per_nm,
            background_per_nm: 3.0 * dose,
            plural: Plural {
                t_over_lambda: 0.2,
                plasmon_ev: 20.0,
                width_ev: 15.0,
            },
        })
    }
}

/// Simulates a spectrum image; the same `seed` gives the same counts everywhere.
///
/// Every channel of every pixel is a Poisson deviate. Edges are those of the model fit ([`Edge::shape`]), white lines are not in them; the projected lengths
/// are those of the forward model of images.
///
/// # Errors
/// A number out of range.
pub fn simulate_spectra(
    experiment: &SpectrumExperiment,
    seed: u64,
) -> Result<SimulatedSpectra, SimulateError> {
    let e = experiment;
    let side = e.side_px;
    if side == 0 || side > 1024 || e.axis.channels == 0 || e.axis.channels > 1 << 14 {
        return Err(SimulateError::Size { side_px: side });
    }
    if !(e.pixel_nm > 0.0 && e.pixel_nm.is_finite()) {
        return Err(SimulateError::Range { field: "pixel_nm" });
    }
    let middle = 0.5 * (side as f64 - 1.0);
    let radii: Vec<f64> = (0..side * side)
        .map(|i| e.pixel_nm * libm::hypot((i % side) as f64 - middle, (i / side) as f64 - middle))
        .collect();
    if !(e.dtau_nm2 >= 0.0 && e.dtau_nm2.is_finite()) {
        return Err(SimulateError::Range { field: "dtau_nm2" });
    }
    let smoothness = e.shape.sigma_nm / e.shape.radius_b_nm;
    let basis = match e.dtau_nm2 > 0.0 {
        true => Basis::new(Scheme::Fraction, smoothness)?,
        false => Basis::initial(smoothness)?,
    };
    let optics = Optics {
        psf_sigma_nm: e.psf_sigma_nm,
        contrast: 1.0,
    };
    let (mut core, mut total) = (vec![0.0; radii.len()], vec![0.0; radii.len()]);
    Response::new(&basis, &e.shape, optics, &radii).projections(e.dtau_nm2, &mut core, &mut total);
    let shapes = [&e.core, &e.shell].map(|edge| edge.shape(&e.axis, &e.plural, e.resolution_ev));
    let background: Vec<f64> = e
        .axis
        .energies_ev()
        .iter()
        .map(|ev| {
            let x = ev / 900.0;
            e.background_per_nm * (0.8 * libm::pow(x, -3.0) + 0.2 * libm::pow(x, -2.0))
        })
        .collect();
    let mut noise = Noise::new(seed);
    let mut samples = Vec::with_capacity(radii.len() * e.axis.channels);
    let mut truth = [
        Vec::with_capacity(radii.len()),
        Vec::with_capacity(radii.len()),
    ];
    for (c, t) in core.iter().zip(&total) {
        let (a, b) = (
            c.max(0.0) * e.counts_per_nm.0,
            (t - c).max(0.0) * e.counts_per_nm.1,
        );
        truth[0].push(a);
        truth[1].push(b);
        for (i, under) in background.iter().enumerate() {
            let mean = under * t.max(0.0) + a * shapes[0][i] + b * shapes[1][i];
            samples.push(noise.poisson(mean).min(u64::from(u16::MAX)) as u16);
        }
    }
    let mut image = SpectrumImage::new((side, side), e.axis, Samples::U16(samples))?;
    image.pixel_nm = Some(e.pixel_nm);
    Ok(SimulatedSpectra { image, truth })
}
