//! What a surface adds to a phase.

use serde::{Deserialize, Serialize};

use super::mole::Mole;
use super::system::{Mixing, Phase, Pure, System, tanaka};
use crate::numerics::newton;
use crate::units::{AVOGADRO, GAS_CONSTANT};

/// The surface term C_p k σ_p V_p / r of the Gibbs energies, as the user chooses it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurfaceTerm {
    /// C of the solid: shape and strain. 1.05 in the papers of the model; 1 is used as well.
    pub c_solid: f64,
    /// C of the liquid.
    pub c_liquid: f64,
    /// 2: Laplace pressure, the chemical potential of a sphere. 3: its surface energy (G. Kaptay, J. Mater. Sci. 47 (2012) 8320).
    pub k: f64,
    /// How the tension of an alloy follows from those of its elements.
    pub mixing: SurfaceMixing,
    /// Where the tension of the solid elements comes from.
    pub solid: SolidTension,
}

impl Default for SurfaceTerm {
    fn default() -> SurfaceTerm {
        SurfaceTerm {
            c_solid: 1.05,
            c_liquid: 1.0,
            k: 2.0,
            mixing: SurfaceMixing::Butler,
            solid: SolidTension::Table,
        }
    }
}

/// How the tension of an alloy follows from those of its elements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurfaceMixing {
    /// Butler's equation: a monolayer in equilibrium with the bulk, richer in the element of lower tension.
    #[default]
    Butler,
    /// σ = (1 − x) σ₁ + x σ₂: no segregation.
    Linear,
}

/// Where the tension of the solid elements comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SolidTension {
    /// The system's own values.
    #[default]
    Table,
    /// σ_solid(T_m) = 1.25 σ_liquid(T_m) with the liquid's slope (Tanaka's rule).
    Tanaka,
}

/// Area of a mole of atoms in a close-packed layer: A = 1.091 N_A^{1/3} V^{2/3}.
const CLOSE_PACKED: f64 = 1.091;

/// Ratio β of the excess energies in the surface and in the bulk: atoms at the surface have fewer neighbors.
const fn missing_bonds(phase: Phase) -> f64 {
    match phase {
        Phase::Liquid => 0.83,
        Phase::Solid => 0.84,
    }
}

/// Widest logit of a surface composition: 1e-43, no atom on any particle.
const WIDEST: f64 = 100.0;

/// Last step of a search for a surface's logit, itself taken to first order; the error is of the order of its square.
const LOGIT_TOLERANCE: f64 = 1e-5;

/// The surface of one phase at one temperature: σ(x).
#[derive(Clone, Debug)]
pub(super) struct Monolayer {
    rt: f64,
    excess: Mixing,
    /// That of the monolayer, β times the bulk's.
    thin: Mixing,
    /// σ of the pure elements (N/m).
    tension: [f64; 2],
    /// Area of a mole of the pure elements (m²/mol).
    area: [f64; 2],
    mixing: SurfaceMixing,
    fold: Option<Fold>,
}

/// A monolayer that separates: between these compositions it is unstable.
#[derive(Clone, Debug)]
struct Fold {
    /// Logits.
    ends: [f64; 2],
    /// [`Monolayer::lean`] there: first its maximum, then its minimum.
    leans: [f64; 2],
}

/// σ (N/m) at a composition, its derivatives by x, and the composition of the surface.
#[derive(Clone, Copy, Debug)]
pub(super) struct Film {
    pub tension: f64,
    /// ∂σ/∂x.
    pub slope: f64,
    /// x (1 − x) ∂²σ/∂x².
    pub curvature: f64,
    pub surface: Mole,
}

impl Monolayer {
    pub fn new(
        system: &System,
        term: &SurfaceTerm,
        phase: Phase,
        temperature_k: f64,
        volume: [f64; 2],
    ) -> Monolayer {
        let tension = |element: &Pure| match (phase, term.solid) {
            (Phase::Liquid, _) => element.liquid_tension.at(temperature_k),
            (Phase::Solid, SolidTension::Table) => element.solid_tension.at(temperature_k),
            (Phase::Solid, SolidTension::Tanaka) => {
                let melting_point_k = element.fusion.melting_point_k;
                tanaka(&element.liquid_tension, melting_point_k).at(temperature_k)
            }
        };
        let area = |volume: f64| CLOSE_PACKED * libm::cbrt(AVOGADRO * volume * volume);
        let rt = GAS_CONSTANT * temperature_k;
        let excess = system.mixing(phase, temperature_k);
        let [first, second] = &system.elements;
        let mut layer = Monolayer {
            rt,
            excess,
            thin: excess.scaled(missing_bonds(phase)),
            tension: [tension(first), tension(second)],
            area: volume.map(area),
            mixing: term.mixing,
            fold: None,
        };
        if term.mixing == SurfaceMixing::Butler {
            layer.fold = layer.thin.unstable(rt).map(|ends| Fold {
                ends: [ends[0].w, ends[1].w],
                leans: ends.map(|z| layer.lean(&layer.mixed(&z, &layer.thin))),
            });
        }
        layer
    }

    /// Whether several surfaces go with some composition of the bulk.
    pub fn kinked(&self) -> bool {
        self.fold.is_some()
    }

    /// σ of a pure element (N/m).
    pub fn pure_tension(&self, element: usize) -> f64 {
        self.tension[element]
    }

    /// The surface over a bulk composition.
    ///
    /// Butler's equation has one solution where the monolayer mixes at all compositions. Where it does not (solid Ag-Cu) it has up
    /// to three; the lower tension of the outer two is taken, as the surface itself would, so that σ(x) is continuous but kinked.
    pub fn film(&self, bulk: &Mole) -> Film {
        if self.mixing == SurfaceMixing::Linear {
            return Film {
                tension: bulk.mean(&self.tension),
                slope: self.tension[1] - self.tension[0],
                curvature: 0.0,
                surface: *bulk,
            };
        }
        let below = self.mixed(bulk, &self.excess);
        // Butler's equation for both elements, σ eliminated: lean(z) = pull.
        let [a1, a2] = self.area;
        let pull = self.lean(&below) + (self.tension[0] - self.tension[1]) * a1 * a2;
        let Some(Fold { ends, leans }) = &self.fold else {
            // One step from the bulk's own composition costs no logarithm.
            let layer = self.mixed(bulk, &self.thin);
            let [value, slope, bend] = self.imbalance(bulk, &layer, pull);
            let step = value / slope;
            let start = bulk.w - step / (1.0 - 0.5 * step * bend / slope).clamp(0.5, 2.0);
            return self.film_near(bulk, &below, pull, (start, (-WIDEST, WIDEST)));
        };
        // From the dilute end of a stable stretch Newton's method cannot leave it.
        let [e1, e2] = self.thin.end_slopes();
        let left = || {
            let start = (pull / a1 - e1) / self.rt;
            self.film_near(bulk, &below, pull, (start, (-WIDEST, ends[0])))
        };
        let right = || {
            let start = (pull / a2 - e2) / self.rt;
            self.film_near(bulk, &below, pull, (start, (ends[1], WIDEST)))
        };
        if pull > leans[0] {
            return right();
        }
        if pull < leans[1] {
            return left();
        }
        let (left, right) = (left(), right());
        if left.tension <= right.tension {
            left
        } else {
            right
        }
    }

    /// What mixing makes of a composition.
    fn mixed(&self, mole: &Mole, excess: &Mixing) -> Mixed {
        let [e, e1, e2, e3] = excess.derivatives(mole);
        Mixed {
            potentials: [
                self.rt * mole.ln_first + e - mole.second * e1,
                self.rt * mole.ln_second + e + mole.first * e1,
            ],
            stiffness: self.rt + mole.first * mole.second * e2,
            second: e2,
            third: e3,
        }
    }

    /// A₁ P₂ − A₂ P₁ of a layer's potentials of mixing.
    fn lean(&self, layer: &Mixed) -> f64 {
        let ([p1, p2], [a1, a2]) = (layer.potentials, self.area);
        p2 * a1 - p1 * a2
    }

    /// By how much a layer leans more than it is pulled, and the derivatives of that by its logit.
    fn imbalance(&self, z: &Mole, layer: &Mixed, pull: f64) -> [f64; 3] {
        let (p, s) = (z.first * z.second, z.first - z.second);
        let area = z.mean(&self.area);
        let stiffening = s * layer.second + p * layer.third;
        [
            self.lean(layer) - pull,
            layer.stiffness * area,
            p * (stiffening * area + layer.stiffness * (self.area[1] - self.area[0])),
        ]
    }

    /// Butler's equation A_i σ = A_i σ_i + P_i(z) − Q_i(x), i = 1, 2, from a first guess of the surface's logit, within a bracket.
    ///
    /// With h = ∂²g/∂x² of the bulk, H that of the surface and Ā(x) = (1 − x) A₁ + x A₂, the Gibbs-Duhem relation gives
    /// ∂σ/∂x = −h (z − x) / Ā(z) (Gibbs' adsorption equation) and ∂z/∂x = h Ā(x) / (H Ā(z)).
    fn film_near(
        &self,
        bulk: &Mole,
        below: &Mixed,
        pull: f64,
        (start, bracket): (f64, (f64, f64)),
    ) -> Film {
        let [s1, s2] = self.tension;
        let [a1, a2] = self.area;
        let [q1, q2] = below.potentials;
        let (z, step) = newton(
            |w| {
                let z = Mole::from_logit(w);
                let imbalance = self.imbalance(&z, &self.mixed(&z, &self.thin), pull);
                (z, imbalance)
            },
            start,
            bracket,
            LOGIT_TOLERANCE,
        );
        let z = z.shifted(step);
        let layer = self.mixed(&z, &self.thin);
        let [p1, p2] = layer.potentials;
        let (area_x, area_z) = (bulk.mean(&self.area), z.mean(&self.area));
        // This mean of both equations is stationary in z (Gibbs-Duhem): the error of z enters squared.
        let tension = z.mean(&[a1 * s1 + p1 - q1, a2 * s2 + p2 - q2]) / area_z;
        let (p, s) = (bulk.first * bulk.second, bulk.first - bulk.second);
        // x (1 − x) h and x (1 − x) ∂h/∂x.
        let h = below.stiffness;
        let h1 = p * below.third - self.rt * s / p;
        let z1 = h / p * (z.first * z.second / layer.stiffness) * area_x / area_z;
        let enrichment = z.minus(bulk);
        Film {
            tension,
            slope: -h * enrichment / (p * area_z),
            curvature: (h * enrichment * (a2 - a1) * z1 / area_z
                - h1 * enrichment
                - h * (z1 - 1.0))
                / area_z,
            surface: z,
        }
    }
}

/// A layer of atoms at some composition.
struct Mixed {
    /// Chemical potentials of mixing (J/mol).
    potentials: [f64; 2],
    /// x (1 − x) ∂²g/∂x² (J/mol).
    stiffness: f64,
    /// Second and third derivative of the excess energy (J/mol).
    second: f64,
    third: f64,
}
