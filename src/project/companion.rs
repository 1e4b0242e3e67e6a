//! Results of other series, set beside the one that is open.

use serde::{Deserialize, Serialize};

use crate::diffusion::Scheme;
use crate::fit::{Estimate, Interval, IntervalKind};
use crate::imaging::Circle;
use crate::kinetics::{Arrhenius, Evidence, observations};

/// Most series that are set beside one another.
pub const MOST_COMPANIONS: usize = 64;
/// Most intervals of one.
const MOST_INTERVALS: usize = 4096;

/// The result of a series, kept to be compared with others: numbers, no images.
///
/// It stands in the document although it was computed: what the user set beside the series that is open is the result as it was then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Companion {
    /// What it is called.
    pub name: String,
    /// Its pictures in the order of heating: digest of the file (its path, where there is none), with the plane.
    #[serde(default)]
    pub pictures: Vec<String>,
    /// The particle in the first of them.
    #[serde(default)]
    pub particle: Option<Circle>,
    /// Symbol of the core's element.
    pub core: String,
    /// Symbol of the shell's element.
    pub shell: String,
    /// How the density evolves in its fit.
    pub scheme: Scheme,
    /// Confidence level of its intervals.
    pub confidence: f64,
    /// R_B (nm).
    pub radius_b_nm: Estimate,
    /// D·t of its heating intervals; those that say nothing are left out.
    #[serde(default)]
    pub intervals: Vec<Interval>,
    /// Its Arrhenius law, D0 and E free.
    #[serde(default)]
    pub line: Option<Arrhenius>,
}

impl Companion {
    /// Whether both are the same particle in the same pictures.
    pub fn is_same(&self, other: &Companion) -> bool {
        let near = match (self.particle, other.particle) {
            (Some(a), Some(b)) => {
                let (dx, dy) = (a.center.x_px - b.center.x_px, a.center.y_px - b.center.y_px);
                libm::hypot(dx, dy) < a.radius_px.min(b.radius_px)
            }
            _ => true,
        };
        near && self.pictures == other.pictures
    }

    /// What it knows of its Arrhenius law.
    pub fn evidence(&self) -> Evidence {
        let quantile = crate::fit::normal_quantile(self.confidence);
        let points = observations(&self.intervals, quantile);
        Evidence::of(self.line.as_ref(), &points)
    }

    /// Whether all of it are numbers that a result can have: it may come from anywhere.
    pub fn is_sound(&self) -> bool {
        let finite = |values: &[f64]| values.iter().all(|v| v.is_finite());
        let estimate = |e: &Estimate| finite(&[e.value, e.standard_error]);
        let interval = |i: &Interval| {
            let optional = [
                i.temperature_k,
                i.dwell_s,
                i.dtau_se_nm2,
                i.dtau_atoms_se_nm2,
                i.dtau_low_nm2,
                i.dtau_high_nm2,
                i.log_scale,
            ];
            i.kind != IntervalKind::None
                && i.dtau_nm2.is_finite()
                && optional.into_iter().flatten().all(f64::is_finite)
        };
        let line = |l: &Arrhenius| {
            let (low, high) = l.energy_interval_j_mol;
            estimate(&l.energy_j_mol)
                && estimate(&l.ln_d0)
                && finite(&[low, high, l.correlation, l.quantile])
                && l.energy_j_mol.standard_error > 0.0
        };
        let circle = |c: &Circle| finite(&[c.center.x_px, c.center.y_px, c.radius_px]);
        estimate(&self.radius_b_nm)
            && self.radius_b_nm.value > 0.0
            && self.confidence > 0.0
            && self.confidence < 1.0
            && self.intervals.len() <= MOST_INTERVALS
            && self.intervals.iter().all(interval)
            && self.line.iter().all(line)
            && self.particle.iter().all(circle)
    }
}

/// Sets a result beside the others: in place of an older one of the same particle, whose name it keeps, or at the end, with a name of its own.
/// False where there is no room for one more.
pub fn set_beside(companions: &mut Vec<Companion>, mut new: Companion) -> bool {
    if let Some(old) = companions.iter_mut().find(|old| old.is_same(&new)) {
        new.name = std::mem::take(&mut old.name);
        *old = new;
        return true;
    }
    let taken = |name: &str| companions.iter().any(|c| c.name == name);
    if taken(&new.name) {
        let numbered = (2..).map(|n| format!("{} ({n})", new.name));
        new.name = numbered
            .into_iter()
            .find(|name| !taken(name))
            .unwrap_or_default();
    }
    let room = companions.len() < MOST_COMPANIONS;
    if room {
        companions.push(new);
    }
    room
}
