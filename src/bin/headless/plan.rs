//! What a series will tell before it is taken, on a terminal.

use alloyscope::engine::{Failure, plan_csv};
use alloyscope::figures::format;
use alloyscope::materials::Library;
use alloyscope::simulate::{Plan, PlanGrid, Preset, Varied, heating_steps, plan, plan_grid};
use clap::{Args, ValueEnum};

use super::CommandError;
use super::args::{SchemeName, preset};

#[derive(Args)]
pub struct PlanSeries {
    /// Kind of particle; everything below replaces a part of it
    #[arg(long, value_name = "NAME", value_parser = preset)]
    pub preset: Preset,
    /// Radius of the particle (nm); that of the core follows
    #[arg(long, value_name = "NM")]
    pub radius_nm: Option<f64>,
    /// Counts per pixel at the particle's brightest place
    #[arg(long, value_name = "COUNTS")]
    pub dose: Option<f64>,
    /// Size of a pixel (nm); the field keeps its size
    #[arg(long, value_name = "NM")]
    pub pixel_nm: Option<f64>,
    /// First temperature (K), that of the initial image
    #[arg(long, value_name = "K", default_value_t = 298.0)]
    pub from_k: f64,
    /// Last temperature (K)
    #[arg(long, value_name = "K", default_value_t = 573.0)]
    pub to_k: f64,
    /// Number of heating steps
    #[arg(long, value_name = "N", default_value_t = 11)]
    pub steps: usize,
    /// Duration of every step (s)
    #[arg(long, value_name = "S", default_value_t = 600.0)]
    pub dwell_s: f64,
    /// D0 that is expected (m²/s)
    #[arg(long, value_name = "D0")]
    pub d0_m2_s: Option<f64>,
    /// E that is expected (kJ/mol)
    #[arg(long, value_name = "E")]
    pub energy_kj_mol: Option<f64>,
    /// How the density evolves
    #[arg(long, value_enum, default_value_t = SchemeName::Fraction)]
    pub scheme: SchemeName,
    /// Leave the finite number of atoms out: what counting alone allows
    #[arg(long)]
    pub no_atoms: bool,
    /// Print a CSV, also of a hundredth to a hundred times the dose or the dwells, rather than a table for people
    #[arg(long, value_enum, value_name = "WHAT")]
    pub csv: Option<VariedName>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum VariedName {
    /// This experiment alone
    Nothing,
    /// Doses
    Dose,
    /// Dwells
    Dwell,
}

pub fn plan_series(options: &PlanSeries) -> Result<(), CommandError> {
    let mut experiment = options.preset.experiment();
    let camera = &mut experiment.camera;
    if let Some(dose) = options.dose {
        camera.peak_counts = dose;
    }
    if let Some(pixel_nm) = options.pixel_nm {
        let field_nm = camera.side_px as f64 * camera.pixel_nm;
        camera.side_px = (field_nm / pixel_nm).round().clamp(8.0, 8192.0) as usize;
        camera.pixel_nm = pixel_nm;
    }
    if let Some(radius_nm) = options.radius_nm {
        let shape = &mut experiment.shape;
        shape.radius_a_nm *= radius_nm / shape.radius_b_nm;
        shape.radius_b_nm = radius_nm;
    }
    experiment.arrhenius.d0_m2_s = options.d0_m2_s.unwrap_or(experiment.arrhenius.d0_m2_s);
    if let Some(energy) = options.energy_kj_mol {
        experiment.arrhenius.energy_j_mol = 1e3 * energy;
    }
    experiment.scheme = options.scheme.into();
    experiment.heating = heating_steps(
        (options.from_k, options.to_k),
        options.steps,
        options.dwell_s,
    );
    let atoms = Library::builtin()
        .pair_density(&experiment.core, &experiment.shell)
        .filter(|_| !options.no_atoms);
    let failed = |e: alloyscope::fit::FitError| CommandError::Failure(Failure::from(&e));
    let varied = match options.csv {
        None | Some(VariedName::Nothing) => None,
        Some(VariedName::Dose) => Some(Varied::Dose),
        Some(VariedName::Dwell) => Some(Varied::Dwell),
    };
    let grid = match varied {
        Some(varied) => plan_grid(&experiment, atoms, varied).map_err(failed)?,
        None => PlanGrid {
            varied: Varied::Dose,
            values: vec![experiment.camera.peak_counts],
            rows: vec![plan(&experiment, atoms).map_err(failed)?],
        },
    };
    match options.csv {
        Some(_) => print!("{}", plan_csv(&grid)),
        None => grid
            .rows
            .iter()
            .for_each(|plan| print!("{}", readable(plan, atoms.is_some()))),
    }
    Ok(())
}

fn readable(plan: &Plan, atoms: bool) -> String {
    let mut text =
        String::from("standard errors of ln D by the Cramér-Rao bound, from counting alone");
    text += match atoms {
        true => " and with the finite number of atoms\n",
        false => "; the finite number of atoms is not in them\n",
    };
    let heads = ["interval", "T_K", "D_m2_s", "counting", "ln_D", "expected"];
    let line = |cells: &[String]| -> String {
        let cells: String = cells.iter().map(|c| format!("{c:>12}")).collect();
        cells + "\n"
    };
    text += &line(&heads.map(str::to_owned));
    let number = |v: Option<f64>| match v {
        Some(v) if v < 10.0 => format!("{v:.4}"),
        Some(_) => "> 10".to_owned(),
        None => format::ABSENT.to_owned(),
    };
    for i in &plan.intervals {
        text += &line(&[
            i.index.to_string(),
            format!("{:.1}", i.temperature_k),
            format!("{:.3e}", i.d_m2_s),
            number(i.counting),
            number(i.ln_d),
            i.outcome().name().to_owned(),
        ]);
    }
    let energy =
        |v: Option<f64>| v.map_or(format::ABSENT.to_owned(), |v| format!("{:.2}", v / 1e3));
    text += &format!(
        "E: ± {} kJ/mol by counting",
        energy(plan.energy_counting_j_mol)
    );
    if atoms {
        text += &format!(", ± {} kJ/mol with the atoms", energy(plan.energy_j_mol));
    }
    text += "\nnot inside: pixel size, probe, Z exponent, scheme, temperature, drift and damage, facets, a core off center, lattice fringes\n";
    text
}
