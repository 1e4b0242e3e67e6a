//! Several series side by side.

use std::path::{Path, PathBuf};

use alloyscope::engine::{
    Engine, Event, Failure, FileFailure, Request, comparison_csv, comparison_json, side_by_side,
};
use alloyscope::figures::{self, Abscissa, Canvas, ComparisonFigure, Theme, View};
use alloyscope::project::{Companion, Contrast, Model, Project, Provenance, set_beside};
use clap::Args;

use super::args::SchemeAsked;
use super::{CommandError, collect_named, failed, open_file, write};

#[derive(Args)]
pub struct CompareSeries {
    /// Each one a series: the result.json of an analysis, a project file (.alloy), or its images (a folder, a stack, a zip), which
    /// are analyzed first. For what the options below do not say, analyze each by itself and give its result.json
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Folder for the comparison; made if it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Element of the cores (symbol); as in `analyze`, the order of both is read from each first image
    #[arg(long, default_value = "Ag")]
    core: String,
    /// Element of the shells (symbol)
    #[arg(long, default_value = "Au")]
    shell: String,
    /// Exponent n of the weights w = n_i Z^n with the elements' atomic densities
    #[arg(
        long,
        value_name = "N",
        default_value_t = 1.85,
        conflicts_with = "contrast_ratio"
    )]
    z_exponent: f64,
    /// Ratio w_core / w_shell; core and shell are then as given
    #[arg(long, value_name = "W")]
    contrast_ratio: Option<f64>,
    /// Standard deviation of the probe (nm)
    #[arg(long, value_name = "NM", default_value_t = 0.05)]
    psf_sigma_nm: f64,
    /// How the density evolves
    #[arg(long, value_enum, default_value_t = SchemeAsked::Auto)]
    scheme: SchemeAsked,
    /// Confidence level of all intervals
    #[arg(long, value_name = "P", default_value_t = 0.68)]
    confidence: f64,
}

impl CompareSeries {
    fn project(&self) -> Project {
        Project {
            model: Model {
                core: self.core.clone(),
                shell: self.shell.clone(),
                pair: self.contrast_ratio.map(|_| Provenance::User),
                scheme: self.scheme.into(),
                contrast: self
                    .contrast_ratio
                    .map_or(Contrast::ZExponent(self.z_exponent), Contrast::Ratio),
                psf_sigma_nm: self.psf_sigma_nm,
                confidence: self.confidence,
                ..Model::default()
            },
            ..Project::default()
        }
    }
}

/// The results at one path.
fn at(path: &Path, project: &Project) -> Result<Vec<Companion>, CommandError> {
    let mut files = Vec::new();
    collect_named(path, &mut files)?;
    let mut opened = Vec::new();
    for (name, path) in files {
        opened.push((name, open_file(&path)?));
    }
    let (paths, sources) = opened.into_iter().unzip();
    let request = Request::Companions {
        paths,
        project: Box::new(project.clone()),
    };
    let mut found = Vec::new();
    let mut failure = None;
    Engine::new().handle(request, sources, &mut |event| {
        if let Event::Companions {
            companions,
            failures,
        } = event
        {
            for failed in &failures {
                eprintln!("left out: {}: {}", failed.path, failed.failure);
            }
            failure = failures.into_iter().next().map(FileFailure::told);
            found = companions;
        }
    });
    match (found.is_empty(), failure) {
        (true, Some(failure)) => Err(CommandError::Failure(failure)),
        _ => Ok(found),
    }
}

pub fn compare(options: &CompareSeries) -> Result<(), CommandError> {
    let project = options.project();
    let mut series = Vec::new();
    for path in &options.paths {
        for companion in at(path, &project)? {
            let name = companion.name.clone();
            if !set_beside(&mut series, companion) {
                eprintln!("left out: {name}: there are as many series as can be compared");
            }
        }
    }
    if series.len() < 2 {
        return Err(CommandError::Failure(Failure::too_few_to_compare()));
    }
    let compared = side_by_side(series);
    for (one, apart) in &compared.series {
        if let Some(apart) = apart {
            eprintln!("notice: {}: {}", one.name, apart.sentence());
        }
    }
    for sentence in compared.sentences() {
        println!("{sentence}");
    }
    let out = &options.out;
    std::fs::create_dir_all(out).map_err(failed(out, "cannot be made"))?;
    let json = format!("{:#}\n", comparison_json(&compared));
    write(out, "comparison.json", json.as_bytes())?;
    write(out, "comparison.csv", comparison_csv(&compared).as_bytes())?;
    let series: Vec<_> = compared
        .series
        .iter()
        .map(|s| &s.0)
        .zip(compared.lines())
        .collect();
    let figure = figures::comparison(
        Canvas {
            width_px: 720.0,
            height_px: 480.0,
        },
        &Theme::light(),
        View::AUTOMATIC,
        &ComparisonFigure {
            series: &series,
            together: compared.together.as_ref(),
            abscissa: Abscissa::ReciprocalTemperature,
        },
    );
    write(out, "comparison.svg", figure.to_svg().as_bytes())
}
