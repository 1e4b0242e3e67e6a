//! What was done, as a paragraph for a paper, and what to cite for it.

use crate::diffusion::Scheme;
use crate::engine::Analysis;
use crate::figures::format::{fixed, with_error};
use crate::fit::{Estimate, Order};
use crate::kinetics::Grounds;
use crate::project::Project;

/// The methods paragraph: every choice and number that the result rests on, in the words of the field.
pub fn methods(project: &Project, analysis: &Analysis) -> String {
    let (model, fit) = (&project.model, &analysis.fit);
    let estimate = |e: &Estimate, unit: &str| match e.fixed {
        true => format!("{} {unit} (held)", fixed(e.value, 3)),
        false => with_error(e.value, e.standard_error, unit),
    };
    let mut words = format!(
        "{} HAADF-STEM images of a {} core in a {} shell were analyzed with Alloyscope {}. In each image the particle's center was found by symmetry, a background plane was fitted \
         around it, and whole pixels were averaged over rings; standard errors are those of the scatter within rings. ",
        fit.frames.len(),
        model.core,
        model.shell,
        env!("CARGO_PKG_VERSION"),
    );
    words += &format!(
        "The images were described by core-shell profiles with error-function edges (eqs 1-3 of Lasserus et al. 2018) that diffuse in a sphere {}, projected along the beam and blurred by a \
         Gaussian probe of standard deviation {} nm, with {}. ",
        match fit.scheme {
            Scheme::Fraction => "as mole fractions in a fixed density envelope",
            Scheme::Published =>
                "as densities with D = 0 beyond the particle's radius (eq. 4 there)",
        },
        fixed(model.psf_sigma_nm, 3),
        match model.contrast.exponent() {
            _ if !fit.shape.contrast.fixed => format!(
                "a fitted ratio of scattering weights of {}",
                estimate(&fit.shape.contrast, "")
            ),
            Some(n) => format!(
                "scattering weights of atomic density times Z to the power {}",
                fixed(n, 2)
            ),
            _ => format!(
                "a ratio of scattering weights of {}",
                fixed(fit.shape.contrast.value, 3)
            ),
        }
    );
    words += match fit.order {
        Order::Joint => {
            "Shape and cumulative D·t of all frames were fitted jointly, with gain and background free in each. "
        }
        Order::Sequential => {
            "The shape was taken from one frame and D·t fitted interval by interval, with gain and background free in each frame. "
        }
    };
    words += &format!(
        "R_A = {}, R_B = {}, edge smoothness {}; χ²/ν = {} with {} degrees of freedom. Intervals of D·t are those of the profile likelihood at {} %; intervals without information are limits \
         at 95 %. ",
        estimate(&fit.shape.radius_a_nm, "nm"),
        estimate(&fit.shape.radius_b_nm, "nm"),
        estimate(&fit.shape.sigma_nm, "nm"),
        fixed(fit.chi2_red, 2),
        fit.degrees_of_freedom,
        fixed(100.0 * fit.confidence, 0),
    );
    if let Some(line) = &analysis.kinetics.free {
        words += &format!(
            "An Arrhenius law fitted to {} gives E = {} (standard error).",
            match line.grounds {
                Grounds::Frames => "all frames at once, with their covariance,",
                Grounds::Points => "the intervals' values and limits",
                Grounds::Series => "several series at once",
            },
            with_error(
                line.energy_j_mol.value / 1e3,
                line.energy_j_mol.standard_error / 1e3,
                "kJ/mol"
            )
        );
    }
    words.trim_end().to_owned()
}

/// What to cite for the method of an analysis, as BibTeX.
pub fn bibtex(analysis: &Analysis) -> String {
    let mut entries = vec![
        "@article{lasserus2018,\n  author = {Lasserus, Maximilian and Schnedlitz, Martin and Knez, Daniel and Messner, Roman and Schiffmann, Alexander and Lackner, Florian and Hauser, Andreas W. and Hofer, Ferdinand and Ernst, Wolfgang E.},\n  title = {Thermally induced alloying processes in a bimetallic system at the nanoscale: {AgAu} sub-5 nm core-shell particles studied at atomic resolution},\n  journal = {Nanoscale},\n  volume = {10},\n  pages = {2017},\n  year = {2018},\n  doi = {10.1039/c7nr07286d}\n}",
        "@article{golub1973,\n  author = {Golub, G. H. and Pereyra, V.},\n  title = {The differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate},\n  journal = {SIAM J. Numer. Anal.},\n  volume = {10},\n  pages = {413},\n  year = {1973}\n}",
    ];
    if !analysis.fit.intervals.is_empty() {
        entries.push("@book{crank1975,\n  author = {Crank, J.},\n  title = {The Mathematics of Diffusion},\n  edition = {2},\n  publisher = {Oxford University Press},\n  year = {1975}\n}");
    }
    let software = format!(
        "@software{{alloyscope,\n  title = {{Alloyscope: diffusion constants of core-shell nanoparticles from HAADF-STEM heating series}},\n  version = {{{}}}\n}}",
        env!("CARGO_PKG_VERSION")
    );
    entries.join("\n\n") + "\n\n" + &software + "\n"
}
