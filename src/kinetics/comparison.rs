//! E beside what is known, in probabilities.

use serde::{Deserialize, Serialize};

use super::{Arrhenius, SizeModel};
use crate::language::{Said, said};
use crate::materials::{Library, Route};

/// A line to compare with.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// What it is.
    pub name: Said,
    /// E (J/mol).
    pub energy_j_mol: f64,
    /// D0 (m²/s).
    pub d0_m2_s: f64,
}

impl Reference {
    /// Tracer diffusion of the core's element in the shell's: in the bulk, along grain boundaries, and scaled to a radius by eq. 11 with the
    /// total entropy of melting.
    pub fn of_pair(
        library: &Library,
        (core, shell): (&str, &str),
        radius_nm: f64,
    ) -> Vec<Reference> {
        let mut all = Vec::new();
        if let Some(bulk) = library.tracer(core, shell) {
            all.push(Reference {
                name: said!("{core} in {shell}, bulk" | "{core} in {shell}, massiv"),
                energy_j_mol: bulk.energy_j_mol,
                d0_m2_s: bulk.d0_m2_s,
            });
            let model = library
                .element(shell)
                .map(|e| SizeModel::of(&e, bulk.energy_j_mol));
            if let Some(energy_j_mol) = model.and_then(|m| m.energy_j_mol(radius_nm)) {
                all.push(Reference {
                    name: said!(
                        "{core} in {shell}, scaled to this radius (eq. 11)"
                            | "{core} in {shell}, auf diesen Radius skaliert (Gl. 11)"
                    ),
                    energy_j_mol,
                    d0_m2_s: bulk.d0_m2_s,
                });
            }
        }
        for law in library.boundary_diffusion(core, shell) {
            if let Route::Boundary { .. } = law.route {
                all.push(Reference {
                    name: Said::of(&|| format!("{} in {}, {}", law.solute, law.host, law.along())),
                    energy_j_mol: law.energy_j_mol,
                    d0_m2_s: law.d0_m2_s,
                });
            }
        }
        all
    }
}

/// A measured E beside one that is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// What it is compared to.
    pub name: Said,
    /// Its E (J/mol), taken as exact.
    pub energy_j_mol: f64,
    /// Measured less known, in standard errors.
    pub deviations: f64,
    /// Probability of a measurement at least as far away, if this were the true E.
    pub chance: f64,
    /// Probability that the true E is smaller than this one.
    pub smaller: f64,
    /// Probability of this E among all that are compared, each as likely beforehand.
    pub share: f64,
}

/// Probabilities for a normal error of E (J/mol).
///
/// The references count as exact: their sources give no errors. Shares say which of them is nearest, not that any of them is true: `chance` says that.
pub fn compare_energy(
    line: &Arrhenius,
    standard_error_j_mol: f64,
    references: &[Reference],
) -> Vec<Comparison> {
    let z = |r: &Reference| (line.energy_j_mol.value - r.energy_j_mol) / standard_error_j_mol;
    let squares: Vec<f64> = references.iter().map(|r| z(r) * z(r)).collect();
    let least = squares.iter().copied().fold(f64::INFINITY, f64::min);
    let weight = |square: f64| libm::exp(-0.5 * (square - least));
    let total: f64 = squares.iter().map(|s| weight(*s)).sum();
    references
        .iter()
        .zip(&squares)
        .map(|(r, square)| Comparison {
            name: r.name.clone(),
            energy_j_mol: r.energy_j_mol,
            deviations: z(r),
            chance: libm::erfc(f64::sqrt(0.5 * square)),
            smaller: 0.5 * libm::erfc(z(r) / core::f64::consts::SQRT_2),
            share: weight(*square) / total,
        })
        .collect()
}

/// An ellipse that holds (ln D at a temperature, E) with some probability.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ellipse {
    /// The temperature (K) at which D is best known.
    pub reference_k: f64,
    /// ln(D/(nm²/s)) there, and E (J/mol).
    pub center: (f64, f64),
    /// Variance of the first, of the second, and their covariance.
    pub covariance: (f64, f64, f64),
}

impl Ellipse {
    /// Of a line, with the errors it states: at its own reference temperature both are uncorrelated. `None` where D0 was held.
    pub fn of(line: &Arrhenius) -> Option<Ellipse> {
        let (reference_k, ln_d, error) = line.reference()?;
        let se = line.energy_j_mol.standard_error;
        Some(Ellipse {
            reference_k,
            center: (ln_d, line.energy_j_mol.value),
            covariance: (error * error, se * se, 0.0),
        })
    }

    /// Squared distance of a point from the center, in standard errors of the ellipse.
    pub fn distance2(&self, (ln_d, energy_j_mol): (f64, f64)) -> f64 {
        let (a, d, b) = self.covariance;
        let (x, y) = (ln_d - self.center.0, energy_j_mol - self.center.1);
        let det = a * d - b * b;
        (d * x * x - 2.0 * b * x * y + a * y * y) / det
    }

    /// Points on the rim of the ellipse that holds `share`: −2 ln(1 − share) is its squared distance.
    pub fn rim(&self, share: f64, count: usize) -> Vec<(f64, f64)> {
        let (a, d, b) = self.covariance;
        let r = f64::sqrt(-2.0 * libm::log1p(-share.clamp(0.0, 0.9999)));
        let (sa, rest) = (f64::sqrt(a), f64::sqrt((d - b * b / a).max(0.0)));
        let at = |i: usize| {
            let angle = 2.0 * core::f64::consts::PI * i as f64 / count as f64;
            let (u, v) = (r * libm::cos(angle), r * libm::sin(angle));
            (
                self.center.0 + sa * u,
                self.center.1 + b / sa * u + rest * v,
            )
        };
        (0..=count).map(at).collect()
    }
}
