//! What a heating series will tell before it is taken.

use serde::{Deserialize, Serialize};

use super::Experiment;
use crate::fit::{Bound, Design, Exposure, FitError, Order, Setting, Settings};

/// Standard error of ln D below which a value comes out of every series, as right as it says (`tests/validate.rs`).
const CERTAIN: f64 = 0.35;

/// Standard error of ln D above which a limit is to be expected. "Nothing moved" is excluded at 95 % where D·t comes out above 1.645
/// of its standard errors: nine times out of ten at 0.35, every other time at 0.61, every fourth time here.
const OPEN: f64 = 1.0;

/// What an interval will hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// A value of D.
    Value,
    /// A value or a limit, as chance has it.
    Either,
    /// A limit.
    Limit,
}

impl Outcome {
    /// In one word.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Value => "value",
            Outcome::Either => "either",
            Outcome::Limit => "limit",
        }
    }
}

/// One interval of a planned series.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedInterval {
    /// Index of the frame that ends it.
    pub index: usize,
    /// Temperature (K).
    pub temperature_k: f64,
    /// Duration (s).
    pub dwell_s: f64,
    /// D (m²/s) assumed.
    pub d_m2_s: f64,
    /// D·t (nm²).
    pub dtau_nm2: f64,
    /// Standard error of ln D from counting alone; `None` where the images say nothing.
    pub counting: Option<f64>,
    /// The same with the finite number of atoms, where their density is known.
    pub ln_d: Option<f64>,
}

impl PlannedInterval {
    /// What it will hold.
    pub fn outcome(&self) -> Outcome {
        match self.ln_d {
            Some(sd) if sd < CERTAIN => Outcome::Value,
            Some(sd) if sd < OPEN => Outcome::Either,
            _ => Outcome::Limit,
        }
    }
}

/// What a series will tell: the Cramér-Rao bound of every interval and of E.
///
/// Inside: counting noise of particle and background, the unknown gain and background of every frame, the unknown shape, correlations of all of
/// them, and the finite number of atoms. Not inside: errors of pixel size, probe, Z exponent, scheme and temperature; drift
/// and damage by the beam; facets, an off-center core, lattice fringes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Interval by interval.
    pub intervals: Vec<PlannedInterval>,
    /// Standard error of E (J/mol) with D0 free, from counting alone.
    pub energy_counting_j_mol: Option<f64>,
    /// The same with the atoms.
    pub energy_j_mol: Option<f64>,
}

impl Plan {
    fn of(experiment: &Experiment, counting: &Bound, all: &Bound) -> Plan {
        let steps = experiment.heating.iter().enumerate().skip(1);
        let temperatures: Vec<f64> = steps.clone().map(|(_, s)| s.temperature_k).collect();
        let sds = counting.ln_d().into_iter().zip(all.ln_d());
        let intervals = steps.zip(&counting.dtau_nm2).zip(sds);
        let known = |sd: Option<f64>| sd.filter(|sd| sd.is_finite());
        Plan {
            intervals: intervals
                .map(
                    |(((index, step), &dtau_nm2), (counting, all))| PlannedInterval {
                        index,
                        temperature_k: step.temperature_k,
                        dwell_s: step.dwell_s,
                        d_m2_s: experiment.arrhenius.d_m2_s(step.temperature_k),
                        dtau_nm2,
                        counting: known(counting),
                        ln_d: known(all),
                    },
                )
                .collect(),
            energy_counting_j_mol: counting.energy_j_mol(&temperatures),
            energy_j_mol: all.energy_j_mol(&temperatures),
        }
    }
}

/// The Cramér-Rao bound of an experiment for what the analysis knows and does not know; with the finite number of atoms where their density is given.
///
/// # Errors
/// [`FitError`] for an experiment that no fit can use.
pub fn bound(experiment: &Experiment, atoms_per_nm3: Option<f64>) -> Result<Bound, FitError> {
    let camera = &experiment.camera;
    let design = Design {
        shape: experiment.shape,
        tau_nm2: experiment.tau_nm2(),
        settings: Settings {
            scheme: experiment.scheme,
            contrast: experiment.contrast,
            contrast_free: false,
            psf_sigma_nm: camera.psf_sigma_nm,
            radius_a_nm: Setting::Free,
            radius_b_nm: Setting::Free,
            sigma_nm: Setting::Free,
            ln_d_ratio: 0.0,
            order: Order::Joint,
            reference: 0,
            confidence: 0.68,
            core_offset_nm: 0.0,
            atoms_per_nm3,
        },
    };
    let exposure = Exposure {
        pixel_nm: camera.pixel_nm,
        peak_counts: camera.peak_counts,
        background_counts: camera.peak_counts * camera.background,
        field_nm: 0.5 * camera.side_px as f64 * camera.pixel_nm,
    };
    Bound::of_counts(&design, &exposure)
}

/// The bound of counting alone, and with the atoms where their density is known.
fn bounds(experiment: &Experiment, atoms_per_nm3: Option<f64>) -> Result<[Bound; 2], FitError> {
    let counting = bound(experiment, None)?;
    let all = match atoms_per_nm3 {
        None => counting.clone(),
        known => bound(experiment, known)?,
    };
    Ok([counting, all])
}

/// The plan of one experiment.
///
/// # Errors
/// As [`bound`].
pub fn plan(experiment: &Experiment, atoms_per_nm3: Option<f64>) -> Result<Plan, FitError> {
    let [counting, all] = bounds(experiment, atoms_per_nm3)?;
    Ok(Plan::of(experiment, &counting, &all))
}

/// What is varied over the rows of a [`PlanGrid`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Varied {
    /// Counts in the brightest pixel.
    #[default]
    Dose,
    /// Duration of every step (s).
    Dwell,
}

/// Plans of the same experiment at several doses, or dwells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanGrid {
    /// What differs from row to row.
    pub varied: Varied,
    /// Its values, rising.
    pub values: Vec<f64>,
    /// The plan at each of them.
    pub rows: Vec<Plan>,
}

/// Factors by which a row differs from the experiment: half decades.
const FACTORS: [f64; 9] = [
    0.01,
    0.031_622_776_6,
    0.1,
    0.316_227_766,
    1.0,
    3.162_277_66,
    10.0,
    31.622_776_6,
    100.0,
];

/// Plans from a hundredth to a hundred times the dose or the dwells of `experiment`, in half decades.
///
/// Rows of dose follow from one bound ([`Bound::with_dose`]); every row of dwell is two bounds.
///
/// # Errors
/// As [`bound`].
pub fn plan_grid(
    experiment: &Experiment,
    atoms_per_nm3: Option<f64>,
    varied: Varied,
) -> Result<PlanGrid, FitError> {
    let (own, rows) = match varied {
        Varied::Dose => {
            let [counting, all] = bounds(experiment, atoms_per_nm3)?;
            let row = |f: &f64| Plan::of(experiment, &counting.with_dose(*f), &all.with_dose(*f));
            (
                experiment.camera.peak_counts,
                FACTORS.iter().map(row).collect(),
            )
        }
        Varied::Dwell => {
            let longest = experiment
                .heating
                .iter()
                .fold(0.0_f64, |a, s| a.max(s.dwell_s));
            let row = |factor: &f64| {
                let mut other = experiment.clone();
                other.heating.iter_mut().for_each(|s| s.dwell_s *= factor);
                plan(&other, atoms_per_nm3)
            };
            (longest, FACTORS.iter().map(row).collect::<Result<_, _>>()?)
        }
    };
    Ok(PlanGrid {
        varied,
        values: FACTORS.iter().map(|f| f * own).collect(),
        rows,
    })
}
