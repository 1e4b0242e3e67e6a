//! Phase diagrams on request.

use serde::{Deserialize, Serialize};

use super::Failure;
use crate::figures::format;
use crate::language::{Number, Said, said};
use crate::materials::{Library, Row};
use crate::thermo::{self, Assessment, PhaseDiagram, Sampling, SurfaceTerm, System};

/// Phase diagrams of one pair under several assumptions, all at the same compositions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhaseQuestion {
    /// Comes back with the answer.
    pub id: u64,
    /// First and second element; x is the mole fraction of the second.
    pub elements: (String, String),
    /// The user's rows of the library.
    pub materials: Vec<Row>,
    /// Radius and surface term of each diagram.
    pub cases: Vec<PhaseCase>,
    /// Compositions from 0 to 1, both ends included.
    pub compositions: usize,
}

/// One diagram.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhaseCase {
    /// Particle radius (nm); infinite for the bulk.
    pub radius_nm: f64,
    /// The surface term.
    pub surface: SurfaceTerm,
}

/// The diagrams asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PhaseAnswer {
    /// Of the question.
    pub id: u64,
    /// One for each case, in their order.
    pub diagrams: Vec<PhaseDiagram>,
    /// What has to be said of them, a line each: what is neglected, where they are kinked or undefined.
    pub remarks: Vec<Said>,
}

/// Solves every case.
pub(super) fn phase_diagrams(question: &PhaseQuestion) -> Result<PhaseAnswer, Failure> {
    let library = Library::with(&question.materials);
    let (first, second) = &question.elements;
    let system = System::of(&library, first, second).map_err(|e| Failure::from(&e))?;
    let mut remarks = match &system.assessment {
        Assessment::Assessed => Vec::new(),
        Assessment::Approximate(neglected) => neglected
            .iter()
            .map(|n| Said::of(&|| n.to_string()))
            .collect(),
    };
    let mut diagrams = Vec::new();
    for case in &question.cases {
        let sampling = Sampling {
            radius_nm: case.radius_nm,
            compositions: question.compositions,
        };
        let diagram = thermo::phase_diagram(&system, &case.surface, sampling)
            .map_err(|e| Failure::from(&e))?;
        for remark in self::remarks(&diagram) {
            if !remarks.contains(&remark) {
                remarks.push(remark);
            }
        }
        diagrams.push(diagram);
    }
    Ok(PhaseAnswer {
        id: question.id,
        diagrams,
        remarks,
    })
}

fn remarks(diagram: &PhaseDiagram) -> Vec<Said> {
    let mut remarks = Vec::new();
    if diagram.kinked {
        remarks.push(said!(
            "the surface of one phase would itself separate (Butler's equation has several solutions): the lower tension is taken, and the curves change abruptly where it changes sides"
                | "die Oberfläche einer Phase würde sich selbst entmischen (Butlers Gleichung hat mehrere Lösungen): genommen wird die kleinere Spannung, und wo sie die Seite wechselt, springen die Kurven"
        ));
    }
    for range in &diagram.undefined {
        remarks.push(said!(
            "r = {} nm, x = {:.3} to {:.3}: {}" | "r = {} nm, x = {:.3} bis {:.3}: {}",
            format::significant(diagram.radius_nm, 3),
            Number(range.x_from),
            Number(range.x_to),
            range.why
        ));
    }
    remarks
}
