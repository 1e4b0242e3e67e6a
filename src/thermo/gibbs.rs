//! One phase at one temperature and radius: its Gibbs energy and the derivatives that tangents need.

use serde::{Deserialize, Serialize};

use super::error::{ThermoError, check_radius};
use super::mole::Mole;
use super::surface::{Monolayer, SurfaceTerm};
use super::system::{Mixing, Phase, Pure, System};
use crate::units::{GAS_CONSTANT, METER_PER_NM};

/// A composition at a temperature in a particle.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Mole fraction of the pair's second element.
    pub x: f64,
    /// Temperature (K).
    pub temperature_k: f64,
    /// Particle radius (nm); infinite for the bulk.
    pub radius_nm: f64,
}

/// A phase at one temperature and radius: all that does not depend on the composition.
#[derive(Clone, Debug)]
pub(super) struct Isotherm {
    pub rt: f64,
    /// G° of the pure elements over that of their solids (J/mol).
    pure: [f64; 2],
    excess: Mixing,
    surface: Option<Surface>,
}

/// The surface term C k σ V / r.
#[derive(Clone, Debug)]
struct Surface {
    /// C k / r (1/m).
    factor: f64,
    /// Molar volumes of the pure elements (m³/mol).
    volume: [f64; 2],
    layer: Monolayer,
}

/// Gibbs energy of one mole (J/mol) at a composition.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub mole: Mole,
    pub energy: f64,
    /// ∂G/∂x.
    pub slope: f64,
    /// x (1 − x) ∂²G/∂x²: how the slope changes with the logit; RT in an ideal solution.
    pub stiffness: f64,
}

impl Point {
    /// The point a small step of the logit away, energy and slope along the curve: errors of the order of the step's cube and square.
    pub fn shifted(&self, step: f64) -> Point {
        let mole = self.mole.shifted(step);
        let (p, s) = (
            self.mole.first * self.mole.second,
            self.mole.first - self.mole.second,
        );
        // dG/dw = x (1 − x) G′, dG′/dw = stiffness.
        let bend = p * (s * self.slope + self.stiffness);
        Point {
            mole,
            energy: self.energy + step * (p * self.slope + 0.5 * step * bend),
            slope: self.slope + step * self.stiffness,
            stiffness: self.stiffness,
        }
    }

    /// Chemical potentials G − x G′ and G + (1 − x) G′.
    pub fn potentials(&self) -> [f64; 2] {
        [
            self.energy - self.mole.second * self.slope,
            self.energy + self.mole.first * self.slope,
        ]
    }
}

/// Molar volumes of the pure elements (m³/mol).
fn volumes(system: &System, phase: Phase, temperature_k: f64) -> [f64; 2] {
    let [first, second] = &system.elements;
    let of = |e: &Pure| match phase {
        Phase::Liquid => e.liquid_volume.at(temperature_k),
        Phase::Solid => e.solid_volume.at(temperature_k),
    };
    [of(first), of(second)]
}

impl Isotherm {
    pub fn new(
        system: &System,
        term: &SurfaceTerm,
        phase: Phase,
        temperature_k: f64,
        radius_nm: f64,
    ) -> Isotherm {
        let (pure, c) = match phase {
            Phase::Liquid => {
                let [first, second] = &system.elements;
                let of = |e: &Pure| e.fusion.at(temperature_k);
                ([of(first), of(second)], term.c_liquid)
            }
            Phase::Solid => ([0.0; 2], term.c_solid),
        };
        let factor = c * term.k / (radius_nm * METER_PER_NM);
        let surface = (factor != 0.0).then(|| {
            let volume = volumes(system, phase, temperature_k);
            Surface {
                factor,
                volume,
                layer: Monolayer::new(system, term, phase, temperature_k, volume),
            }
        });
        Isotherm {
            rt: GAS_CONSTANT * temperature_k,
            pure,
            excess: system.mixing(phase, temperature_k),
            surface,
        }
    }

    /// Whether the surface has several states at some compositions: a kink of G.
    pub fn kinked(&self) -> bool {
        self.surface.as_ref().is_some_and(|s| s.layer.kinked())
    }

    /// G of one of the pure elements (J/mol).
    pub fn end(&self, element: usize) -> f64 {
        let surface = self.surface.as_ref().map_or(0.0, |s| {
            s.factor * s.layer.pure_tension(element) * s.volume[element]
        });
        self.pure[element] + surface
    }

    /// G and its derivatives inside 0 < x < 1.
    pub fn at(&self, mole: Mole) -> Point {
        let [e, e1, e2, _] = self.excess.derivatives(&mole);
        let p = mole.first * mole.second;
        let entropy = mole.first * mole.ln_first + mole.second * mole.ln_second;
        let mut point = Point {
            mole,
            energy: mole.mean(&self.pure) + self.rt * entropy + e,
            slope: self.pure[1] - self.pure[0] + self.rt * mole.w + e1,
            stiffness: self.rt + p * e2,
        };
        if let Some(surface) = &self.surface {
            let film = surface.layer.film(&mole);
            let (volume, volume1) = (
                mole.mean(&surface.volume),
                surface.volume[1] - surface.volume[0],
            );
            point.energy += surface.factor * film.tension * volume;
            point.slope += surface.factor * (film.slope * volume + film.tension * volume1);
            point.stiffness +=
                surface.factor * (film.curvature * volume + 2.0 * p * film.slope * volume1);
        }
        point
    }
}

/// What one mole of a phase holds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Molar {
    /// G over that of the pure bulk solids (J/mol).
    pub energy_j_mol: f64,
    /// Chemical potentials of both elements (J/mol); −∞ for the one that is absent.
    pub potentials_j_mol: [f64; 2],
}

/// The flat surface over a composition.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurfaceState {
    /// Surface tension σ (N/m).
    pub tension_n_m: f64,
    /// Mole fraction of the second element in the surface.
    pub x_surface: f64,
}

fn checked(state: &State) -> Result<(), ThermoError> {
    let State {
        x,
        temperature_k,
        radius_nm,
    } = *state;
    if !((0.0..=1.0).contains(&x) && temperature_k > 0.0 && temperature_k.is_finite()) {
        return Err(ThermoError::State { x, temperature_k });
    }
    check_radius(radius_nm)
}

/// Molar Gibbs energy and chemical potentials of a phase.
///
/// G over that of the pure bulk solids at the same temperature. Accuracy: the tables of `tests/thermo.rs` to their last digit.
pub fn gibbs(
    system: &System,
    term: &SurfaceTerm,
    phase: Phase,
    state: State,
) -> Result<Molar, ThermoError> {
    checked(&state)?;
    let isotherm = Isotherm::new(system, term, phase, state.temperature_k, state.radius_nm);
    let absent = f64::NEG_INFINITY;
    Ok(if state.x == 0.0 {
        let energy_j_mol = isotherm.end(0);
        Molar {
            energy_j_mol,
            potentials_j_mol: [energy_j_mol, absent],
        }
    } else if state.x == 1.0 {
        let energy_j_mol = isotherm.end(1);
        Molar {
            energy_j_mol,
            potentials_j_mol: [absent, energy_j_mol],
        }
    } else {
        let point = isotherm.at(Mole::from_fraction(state.x));
        Molar {
            energy_j_mol: point.energy,
            potentials_j_mol: point.potentials(),
        }
    })
}

/// Tension and composition of a phase's surface (Butler's equation, or linear); the radius does not enter.
///
/// J. A. V. Butler, Proc. R. Soc. A 135 (1932) 348, with the excess energy of the monolayer reduced by β = 0.83 (liquid) or 0.84
/// (solid) for its missing bonds (T. Tanaka) and areas A_i = 1.091 N_A^{1/3} V_i^{2/3} of close-packed layers.
pub fn butler(
    system: &System,
    term: &SurfaceTerm,
    phase: Phase,
    state: State,
) -> Result<SurfaceState, ThermoError> {
    checked(&state)?;
    let volume = volumes(system, phase, state.temperature_k);
    let layer = Monolayer::new(system, term, phase, state.temperature_k, volume);
    Ok(if state.x == 0.0 || state.x == 1.0 {
        SurfaceState {
            tension_n_m: layer.pure_tension(usize::from(state.x == 1.0)),
            x_surface: state.x,
        }
    } else {
        let film = layer.film(&Mole::from_fraction(state.x));
        SurfaceState {
            tension_n_m: film.tension,
            x_surface: film.surface.second,
        }
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::materials::Library;

    #[test]
    fn derivatives_agree_with_central_differences() {
        // In the logit, step 1e-3: truncation is of the order of its square, rounding of ε/1e-3 of an energy of some RT.
        const STEP: f64 = 1e-3;
        const TRUNCATION: f64 = 1e-5;
        let mut largest: f64 = 0.0;
        for second in ["Au", "Cu"] {
            let system = System::of(&Library::builtin(), "Ag", second).unwrap();
            for phase in [Phase::Liquid, Phase::Solid] {
                for radius_nm in [f64::INFINITY, 2.5] {
                    let term = SurfaceTerm::default();
                    let isotherm = Isotherm::new(&system, &term, phase, 1000.0, radius_nm);
                    let at = |w: f64| isotherm.at(Mole::from_logit(w));
                    // Not 6 to 7.5, where the surface of Cu with little Ag changes sides.
                    for w in [-12.0, -7.0, -3.0, -1.0, 0.0, 0.5, 2.0, 4.0, 9.0, 12.0] {
                        let (here, after, before) = (at(w), at(w + STEP), at(w - STEP));
                        let rt = GAS_CONSTANT * 1000.0;
                        let p = here.mole.first * here.mole.second;
                        // dG/dw = x (1 − x) G′, dG′/dw = stiffness.
                        let energy = (after.energy - before.energy) / (2.0 * STEP);
                        let slope = (after.slope - before.slope) / (2.0 * STEP);
                        let of_energy = (energy - p * here.slope).abs() / rt;
                        let of_slope =
                            (slope - here.stiffness).abs() / here.stiffness.abs().max(rt);
                        largest = largest.max(of_energy).max(of_slope);
                        assert!(
                            of_energy < TRUNCATION && of_slope < TRUNCATION,
                            "Ag-{second} {phase:?} r = {radius_nm} w = {w}: {of_energy} {of_slope}"
                        );
                    }
                }
            }
        }
        assert!(largest > 0.0, "nothing was compared");
    }
}
