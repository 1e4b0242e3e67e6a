//! What a series will tell, on request.

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::materials::{Library, Row};
use crate::simulate::{Experiment, PlanGrid, Varied, plan_grid};

/// Plans of one experiment at several doses, or dwells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanQuestion {
    /// Comes back with the answer.
    pub id: u64,
    /// The experiment as it is meant to be.
    pub experiment: Experiment,
    /// What else it might be.
    pub varied: Varied,
    /// The user's rows of the library.
    pub materials: Vec<Row>,
}

/// The plans asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanAnswer {
    /// Of the question.
    pub id: u64,
    /// Whether the finite number of atoms is in the errors: where the library knows their density.
    pub atoms: bool,
    /// The experiment in the middle of others.
    pub grid: PlanGrid,
}

pub(super) fn plans(question: &PlanQuestion) -> Result<PlanAnswer, Failure> {
    let library = Library::with(&question.materials);
    let density = library.pair_density(&question.experiment.core, &question.experiment.shell);
    let grid =
        plan_grid(&question.experiment, density, question.varied).map_err(|e| Failure::from(&e))?;
    Ok(PlanAnswer {
        id: question.id,
        atoms: density.is_some(),
        grid,
    })
}

/// `plan.csv`: one line per row of the grid and interval; the errors of E repeat on the lines of a row.
pub fn plan_csv(grid: &PlanGrid) -> String {
    use std::fmt::Write as _;
    let varied = match grid.varied {
        Varied::Dose => "dose_counts",
        Varied::Dwell => "longest_dwell_s",
    };
    let mut csv = format!(
        "{varied},index,temperature_K,dwell_s,D_m2_s,dtau_nm2,ln_D_se_counting,ln_D_se,expected,E_se_J_mol\n"
    );
    let cell = |v: Option<f64>| v.map_or(String::new(), |v| format!("{v}"));
    for (value, plan) in grid.values.iter().zip(&grid.rows) {
        for i in &plan.intervals {
            let _ = writeln!(
                csv,
                "{value},{},{},{},{:e},{},{},{},{},{}",
                i.index,
                i.temperature_k,
                i.dwell_s,
                i.d_m2_s,
                i.dtau_nm2,
                cell(i.counting),
                cell(i.ln_d),
                i.outcome().name(),
                cell(plan.energy_j_mol)
            );
        }
    }
    csv
}
