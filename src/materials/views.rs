//! What the rows say, typed: elements, pairs, diffusion laws.

use super::library::Library;
use super::quantity::Quantity;
use super::row::{Confidence, Row};
use super::subject::{About, Subject};
use crate::language::{Language, language};
use crate::numerics::sort_by;
use crate::units::{GAS_CONSTANT, METER_PER_NM};

/// A chemical element.
#[derive(Clone, Debug, PartialEq)]
pub struct Element {
    /// Symbol.
    pub symbol: String,
    /// Atomic number Z.
    pub atomic_number: f64,
    /// Molar mass M (g/mol).
    pub molar_mass_g_mol: f64,
    /// Lattice parameter a at room temperature (nm).
    pub lattice_a_nm: f64,
    /// Nearest-neighbor distance h (nm), the atomic diameter of eq. 10.
    pub atomic_diameter_nm: f64,
    /// Atoms per nm³ of the solid at room temperature.
    pub atomic_density_per_nm3: f64,
    /// Molar volume of the solid at room temperature (m³/mol).
    pub molar_volume_m3_mol: f64,
    /// Melting point (K).
    pub melting_point_k: f64,
    /// Enthalpy of melting (J/mol).
    pub melting_enthalpy_j_mol: f64,
    /// Total entropy of melting S_m (J mol⁻¹ K⁻¹).
    pub melting_entropy_j_mol_k: f64,
    /// ΔV/V of melting, where known.
    pub melting_expansion: Option<f64>,
    /// Surface tension of the liquid at the melting point (N/m).
    pub liquid_tension_n_m: f64,
    /// Its slope (N m⁻¹ K⁻¹).
    pub liquid_tension_slope_n_m_k: f64,
    /// Surface energy of the solid at 0 K by Tyson and Miller (J/m²).
    pub solid_tension_tyson_miller_j_m2: f64,
    /// The same by Vitos et al., closest-packed face (J/m²).
    pub solid_tension_vitos_j_m2: f64,
}

/// What an [`Element`] is made of; all of these must be known.
const OF_AN_ELEMENT: [Quantity; 13] = [
    Quantity::AtomicNumber,
    Quantity::MolarMass,
    Quantity::LatticeA,
    Quantity::AtomicDiameter,
    Quantity::AtomicDensity,
    Quantity::MolarVolume,
    Quantity::MeltingPoint,
    Quantity::MeltingEnthalpy,
    Quantity::MeltingEntropy,
    Quantity::LiquidTension,
    Quantity::LiquidTensionSlope,
    Quantity::SolidTensionTysonMiller,
    Quantity::SolidTensionVitos,
];

impl Element {
    /// The vibrational part of the entropy of melting (J mol⁻¹ K⁻¹), which Jiang's formula (eq. 10) is written in:
    /// S_vib = S_m + R (x_A ln x_A + x_v ln x_v), x_A = 1/(1 + ΔV/V), x_v = 1 - x_A.
    ///
    /// Q. Jiang et al., Mater. Chem. Phys. 82 (2003) 225, from memory. `None` where the expansion is not known or not positive.
    pub fn vibrational_entropy_j_mol_k(&self) -> Option<f64> {
        let expansion = self.melting_expansion.filter(|v| *v > 0.0)?;
        let x_a = 1.0 / (1.0 + expansion);
        let x_v = 1.0 - x_a;
        let mixing = x_a * libm::log(x_a) + x_v * libm::log(x_v);
        Some(self.melting_entropy_j_mol_k + GAS_CONSTANT * mixing)
    }
}

/// What follows for the diffusion model from the way two metals mix.
#[derive(Clone, Debug, PartialEq)]
pub struct Applicability {
    /// [`Quantity::Soluble`], `Gap`, `Ordering`, `Compound`, `Oxidizes` or `NoContrast`.
    pub flag: Quantity,
    /// What the model can and cannot say.
    pub sentence: String,
    /// Where it stands.
    pub source: String,
    /// How far to trust it.
    pub confidence: Confidence,
}

/// Two elements.
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    /// The first by the alphabet: x_A of the excess parameters.
    pub first: String,
    /// The second.
    pub second: String,
    /// The flags that are set, with their sentences.
    pub applicability: Vec<Applicability>,
    /// Excess Gibbs energy of the liquid, where known.
    pub liquid: Option<Excess>,
    /// Excess Gibbs energy of the fcc solid, where known.
    pub fcc: Option<Excess>,
}

impl Pair {
    /// Whether a flag is set.
    pub fn is(&self, flag: Quantity) -> bool {
        self.applicability.iter().any(|a| a.flag == flag)
    }
}

/// Excess Gibbs energy of a phase: x_A x_B [L0 + L1 (x_A - x_B)], A the first of the pair, each L = a + b T.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Excess {
    /// L0: a (J/mol) and b (J mol⁻¹ K⁻¹).
    pub l0: (f64, f64),
    /// L1: a (J/mol) and b (J mol⁻¹ K⁻¹), zero where none is given.
    pub l1: (f64, f64),
}

impl Excess {
    /// The same with the elements in the other order: the odd term changes sign.
    #[must_use]
    pub fn reversed(self) -> Excess {
        Excess {
            l1: (-self.l1.0, -self.l1.1),
            ..self
        }
    }

    /// L0 and L1 (J/mol) at a temperature.
    pub fn at(&self, temperature_k: f64) -> (f64, f64) {
        let at = |(a, b): (f64, f64)| a + b * temperature_k;
        (at(self.l0), at(self.l1))
    }
}

/// Where atoms move.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Route {
    /// Through the lattice: D = D0 exp(-E/(R T)), plus a second term where the law has two.
    Lattice {
        /// (D0 in m²/s, E in J/mol) of the second term.
        second: Option<(f64, f64)>,
    },
    /// Along a grain boundary: what is measured is δ·D; `d0_m2_s` is that over the width.
    Boundary {
        /// The width δ assumed (nm).
        width_nm: f64,
    },
}

/// An Arrhenius law from the literature, D = D0 exp(-E/(R T)).
#[derive(Clone, Debug, PartialEq)]
pub struct TracerDiffusion {
    /// Diffusing element.
    pub solute: String,
    /// Matrix.
    pub host: String,
    /// Tells laws for the same pair apart; empty for the one that is used where one is needed.
    pub label: String,
    /// Where the atoms move.
    pub route: Route,
    /// D0 (m²/s).
    pub d0_m2_s: f64,
    /// Activation energy (J/mol).
    pub energy_j_mol: f64,
    /// Temperatures it was measured at (K), where known.
    pub range_k: Option<(f64, f64)>,
    /// Where it stands.
    pub source: String,
    /// How far to trust it.
    pub confidence: Confidence,
    /// What else must be known.
    pub note: String,
}

impl TracerDiffusion {
    /// Its label in the language of the thread; what is not known here stays as it is.
    pub fn along(&self) -> &str {
        match (language(), self.label.as_str()) {
            (Language::German, "grain boundary") => "Korngrenze",
            (Language::German, "tilt boundary") => "Kippkorngrenze",
            (_, label) => label,
        }
    }

    /// D (m²/s) at a temperature (K); outside `range_k` an extrapolation.
    pub fn at(&self, temperature_k: f64) -> f64 {
        let term = |d0: f64, e: f64| d0 * libm::exp(-e / (GAS_CONSTANT * temperature_k));
        let second = match self.route {
            Route::Lattice {
                second: Some((d0, e)),
            } => term(d0, e),
            _ => 0.0,
        };
        term(self.d0_m2_s, self.energy_j_mol) + second
    }
}

/// D on a surface as published: a span at a temperature, no law.
#[derive(Clone, Debug, PartialEq)]
pub struct SurfaceDiffusion {
    /// What diffuses.
    pub solute: String,
    /// On what.
    pub host: String,
    /// Span of D (m²/s).
    pub span_m2_s: (f64, f64),
    /// Temperatures (K).
    pub range_k: (f64, f64),
    /// Where it stands.
    pub source: String,
    /// How far to trust it.
    pub confidence: Confidence,
    /// What else must be known.
    pub note: String,
}

/// A published melting point of a small particle.
#[derive(Clone, Debug, PartialEq)]
pub struct MeltingPoint {
    /// Radius (nm).
    pub radius_nm: f64,
    /// Melting point (K).
    pub temperature_k: f64,
    /// Its error (K), where given.
    pub error_k: Option<f64>,
    /// Where it stands.
    pub source: String,
    /// How far to trust it.
    pub confidence: Confidence,
    /// What else must be known.
    pub note: String,
}

impl Library {
    /// The element of a symbol; `None` when one of its numbers is missing ([`Library::missing`] says which).
    pub fn element(&self, symbol: &str) -> Option<Element> {
        let of = |quantity| self.number(symbol, quantity);
        Some(Element {
            symbol: symbol.to_owned(),
            atomic_number: of(Quantity::AtomicNumber)?,
            molar_mass_g_mol: of(Quantity::MolarMass)?,
            lattice_a_nm: of(Quantity::LatticeA)?,
            atomic_diameter_nm: of(Quantity::AtomicDiameter)?,
            atomic_density_per_nm3: of(Quantity::AtomicDensity)?,
            molar_volume_m3_mol: of(Quantity::MolarVolume)? * CUBIC_METER_PER_CUBIC_CM,
            melting_point_k: of(Quantity::MeltingPoint)?,
            melting_enthalpy_j_mol: of(Quantity::MeltingEnthalpy)? * JOULE_PER_KILOJOULE,
            melting_entropy_j_mol_k: of(Quantity::MeltingEntropy)?,
            melting_expansion: of(Quantity::MeltingExpansion).map(|percent| percent / 100.0),
            liquid_tension_n_m: of(Quantity::LiquidTension)?,
            liquid_tension_slope_n_m_k: of(Quantity::LiquidTensionSlope)?,
            solid_tension_tyson_miller_j_m2: of(Quantity::SolidTensionTysonMiller)?,
            solid_tension_vitos_j_m2: of(Quantity::SolidTensionVitos)?,
        })
    }

    /// The quantities that must be given before [`Library::element`] knows the symbol.
    pub fn missing(&self, symbol: &str) -> Vec<Quantity> {
        let known = |quantity: &Quantity| self.number(symbol, *quantity).is_some();
        OF_AN_ELEMENT.into_iter().filter(|q| !known(q)).collect()
    }

    /// All elements of which everything needed is known, by atomic number.
    pub fn elements(&self) -> Vec<Element> {
        let mut elements: Vec<Element> = self
            .subjects(About::Element, Quantity::AtomicNumber)
            .filter_map(|row| self.element(&row.of))
            .collect();
        sort_by(&mut elements, |a, b| {
            a.atomic_number.total_cmp(&b.atomic_number)
        });
        elements
    }

    /// What is known of two elements, in either order; `None` where nothing is.
    pub fn pair(&self, one: &str, other: &str) -> Option<Pair> {
        let of = super::subject::canonical(&format!("{one}-{other}")).into_owned();
        let mut pair = None;
        for row in self.rows().filter(|row| row.of == of) {
            let subject = Subject::parse(&row.of)?;
            let pair = pair.get_or_insert_with(|| Pair {
                first: subject.first.into(),
                second: subject.second.into(),
                applicability: Vec::new(),
                liquid: self.excess(&of, LIQUID),
                fcc: self.excess(&of, FCC),
            });
            if row.quantity.unit() == "flag" && row.value != 0.0 {
                pair.applicability.push(Applicability {
                    flag: row.quantity,
                    sentence: row.note.clone(),
                    source: row.source.clone(),
                    confidence: row.confidence,
                });
            }
        }
        pair
    }

    /// All pairs of which something is known, in the order of the table.
    pub fn pairs(&self) -> Vec<Pair> {
        let mut names: Vec<(String, String)> = Vec::new();
        for row in self
            .rows()
            .filter(|row| row.quantity.about() == About::Pair)
        {
            if let Some(subject) = Subject::parse(&row.of) {
                let name = (subject.first.to_owned(), subject.second.to_owned());
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        names
            .iter()
            .filter_map(|(first, second)| self.pair(first, second))
            .collect()
    }

    fn excess(&self, of: &str, [l0, slope0, l1, slope1]: [Quantity; 4]) -> Option<Excess> {
        let or_none = |quantity| self.number(of, quantity).unwrap_or_default();
        Some(Excess {
            l0: (self.number(of, l0)?, or_none(slope0)),
            l1: (or_none(l1), or_none(slope1)),
        })
    }

    /// Laws of diffusion in the lattice between two elements, both ways, and their self-diffusion.
    pub fn tracer_diffusion(&self, one: &str, other: &str) -> Vec<TracerDiffusion> {
        self.laws((one, other), Quantity::D0, |row, library| {
            let of = |quantity| library.number(&row.of, quantity);
            let second = of(Quantity::D0Second).zip(of(Quantity::QSecond));
            let route = Route::Lattice {
                second: second.map(|(d0, q)| (d0, q * JOULE_PER_KILOJOULE)),
            };
            Some((route, row.value, of(Quantity::Q)? * JOULE_PER_KILOJOULE))
        })
    }

    /// The law of one element in another that is used where one is needed.
    pub fn tracer(&self, solute: &str, host: &str) -> Option<TracerDiffusion> {
        self.tracer_diffusion(solute, host)
            .into_iter()
            .find(|law| law.solute == solute && law.host == host && law.label.is_empty())
    }

    /// Laws of diffusion along grain boundaries between two elements, with D = δD over the width assumed.
    pub fn boundary_diffusion(&self, one: &str, other: &str) -> Vec<TracerDiffusion> {
        self.laws((one, other), Quantity::BoundaryD0, |row, library| {
            let of = |quantity| library.number(&row.of, quantity);
            let width_nm = of(Quantity::BoundaryWidth)?;
            let d0_m2_s = row.value / (width_nm * METER_PER_NM);
            let energy_j_mol = of(Quantity::BoundaryQ)? * JOULE_PER_KILOJOULE;
            Some((Route::Boundary { width_nm }, d0_m2_s, energy_j_mol))
        })
    }

    /// Published D on surfaces of the two elements.
    pub fn surface_diffusion(&self, one: &str, other: &str) -> Vec<SurfaceDiffusion> {
        let rows = self.subjects(About::Diffusion, Quantity::SurfaceLow);
        rows.filter_map(|row| {
            let subject = Subject::parse(&row.of)?;
            let of = |quantity| self.number(&row.of, quantity);
            let ours = |symbol: &str| symbol == one || symbol == other;
            (ours(subject.first) && ours(subject.second)).then_some(())?;
            Some(SurfaceDiffusion {
                solute: subject.first.into(),
                host: subject.second.into(),
                span_m2_s: (row.value, of(Quantity::SurfaceHigh)?),
                range_k: (of(Quantity::RangeFrom)?, of(Quantity::RangeTo)?),
                source: row.source.clone(),
                confidence: row.confidence,
                note: row.note.clone(),
            })
        })
        .collect()
    }

    /// Published melting points of small particles of an element.
    pub fn melting_points(&self, symbol: &str) -> Vec<MeltingPoint> {
        let rows = self.subjects(About::Element, Quantity::PointRadius);
        rows.filter_map(|row| {
            let subject = Subject::parse(&row.of).filter(|s| s.first == symbol)?;
            let of = subject.canonical();
            Some(MeltingPoint {
                radius_nm: row.value,
                temperature_k: self.number(&of, Quantity::PointMeltingPoint)?,
                error_k: self.number(&of, Quantity::PointError),
                source: row.source.clone(),
                confidence: row.confidence,
                note: row.note.clone(),
            })
        })
        .collect()
    }

    /// Laws of one route, made from the rows of their first quantity.
    fn laws(
        &self,
        (one, other): (&str, &str),
        first: Quantity,
        law: impl Fn(&Row, &Library) -> Option<(Route, f64, f64)>,
    ) -> Vec<TracerDiffusion> {
        let rows = self.subjects(About::Diffusion, first);
        rows.filter_map(|row| {
            let subject = Subject::parse(&row.of)?;
            let ours = |symbol: &str| symbol == one || symbol == other;
            (ours(subject.first) && ours(subject.second)).then_some(())?;
            let (route, d0_m2_s, energy_j_mol) = law(row, self)?;
            let end = |quantity| self.number(&row.of, quantity);
            Some(TracerDiffusion {
                solute: subject.first.into(),
                host: subject.second.into(),
                label: subject.label.into(),
                route,
                d0_m2_s,
                energy_j_mol,
                range_k: end(Quantity::RangeFrom).zip(end(Quantity::RangeTo)),
                source: row.source.clone(),
                confidence: row.confidence,
                note: row.note.clone(),
            })
        })
        .collect()
    }

    /// Weight of an element in the image, w = n Z^exponent, n the atomic density; `None` where Z or n is not known.
    ///
    /// An effective power law of the high-angle elastic cross-section: 1.8 to 1.9 for 200-300 kV and detectors beyond
    /// 50 mrad; 2 is the Rutherford limit that the AgAu paper uses.
    pub fn weight(&self, symbol: &str, z_exponent: f64) -> Option<f64> {
        let n = self.number(symbol, Quantity::AtomicDensity)?;
        let z = self.number(symbol, Quantity::AtomicNumber)?;
        Some(n * libm::pow(z, z_exponent))
    }

    /// How well an image tells two elements apart: |w_1 - w_2| over the larger, 0 for not at all.
    pub fn contrast_index(&self, (one, other): (&str, &str), z_exponent: f64) -> Option<f64> {
        let (a, b) = (
            self.weight(one, z_exponent)?,
            self.weight(other, z_exponent)?,
        );
        Some((a - b).abs() / a.max(b))
    }
}

const LIQUID: [Quantity; 4] = [
    Quantity::LiquidL0,
    Quantity::LiquidL0Slope,
    Quantity::LiquidL1,
    Quantity::LiquidL1Slope,
];

const FCC: [Quantity; 4] = [
    Quantity::FccL0,
    Quantity::FccL0Slope,
    Quantity::FccL1,
    Quantity::FccL1Slope,
];

const JOULE_PER_KILOJOULE: f64 = 1e3;
const CUBIC_METER_PER_CUBIC_CM: f64 = 1e-6;
