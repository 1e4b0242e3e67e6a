//! The command line: every option with its unit.

use std::path::PathBuf;

use alloyscope::budget::Inputs;
use alloyscope::diffusion::Scheme;
use alloyscope::fit::{Order, Setting};
use alloyscope::imaging::{Circle, Point};
use alloyscope::kinetics::{Dimension, MeltingEntropy, SizeRequest};
use alloyscope::project::{
    Contrast, Errors, Level, Model, Provenance, SchemeChoice, TemperatureError,
};
use alloyscope::simulate::{Preset, Ramps};
use alloyscope::thermo::{SolidTension, SurfaceMixing, SurfaceTerm};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Diffusion constants of core-shell nanoparticles from HAADF-STEM heating series.
///
/// Convention: a frame's temperature and dwell are those of the heating step that ended with that image; the first
/// frame is the initial state, its dwell is 0. Dwell times are never guessed: without them the result is D·t (nm²).
///
/// Exit codes: 0 done, 2 bad input or usage, 1 internal error.
#[derive(Parser)]
#[command(version, about, long_about)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Measure and fit a heating series: result.json, intervals.csv, profiles.csv and figures as SVG
    Analyze(Box<Analyze>),
    /// Set several series side by side: comparison.json, comparison.csv and comparison.svg
    Compare(super::compare::CompareSeries),
    /// Print what a file holds: shape, type, axes, statistics and metadata of every signal
    Decode(Decode),
    /// Write a synthetic heating series with series.csv and truth.json
    Simulate(Simulate),
    /// Simulate many series, analyze each, and print how far the results lie from the truth
    ///
    /// Per interval and in all: bias, rms error and stated width of ln D in units of the Cramér-Rao bound, the share of
    /// intervals that claim a value, and the share whose 68 % and 95 % intervals (or limits) hold the truth.
    Validate(Validate),
    /// Print which intervals of a heating series will give D, and how well, before it is taken
    Plan(super::plan::PlanSeries),
    /// Print melting point, activation energy, D and mixing time of a small particle by all models
    Kinetics(Kinetics),
    /// Print solidus and liquidus of a pair in particles of one radius, or in the bulk
    PhaseDiagram(PhaseDiagram),
    /// Map elements of a spectrum image: 32-bit TIFF and CSV with standard errors, composite as PNG and SVG, profiles, order
    Map(super::spectra::MapElements),
    /// Tell the valence of copper from its L2,3 edge, or that the spectrum does not tell
    Valence(super::spectra::ValenceOfCopper),
}

#[derive(Args)]
pub struct Analyze {
    /// Images, a stack, a zip, a folder, or a project file (.alloy); a series.csv beside the images is read
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Folder for the results; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Signal of files that hold several (index from 0, as `decode` lists them); in other files the one of the same name
    #[arg(long, value_name = "INDEX")]
    pub signal: Option<usize>,
    /// Element of the core (symbol); where neither core nor shell is given, they are Ag and Au, in the order that the first
    /// image shows
    #[arg(long)]
    pub core: Option<String>,
    /// Element of the shell (symbol)
    #[arg(long)]
    pub shell: Option<String>,
    /// Exponent n of the weights w = n_i Z^n with the elements' atomic densities; where it is not given, 1.85, and the ratio of the
    /// weights is fitted where the images refute that
    #[arg(long, value_name = "N", conflicts_with_all = ["contrast_ratio", "fit_contrast"])]
    pub z_exponent: Option<f64>,
    /// Ratio w_core / w_shell; overrides the exponent and the densities
    #[arg(long, value_name = "W")]
    pub contrast_ratio: Option<f64>,
    /// Fit w_core / w_shell from the images
    #[arg(long, conflicts_with = "contrast_ratio")]
    pub fit_contrast: bool,
    /// Standard deviation of the probe (nm)
    #[arg(long, value_name = "NM", default_value_t = 0.05)]
    pub psf_sigma_nm: f64,
    /// How the density evolves
    #[arg(long, value_enum, default_value_t = SchemeAsked::Auto)]
    pub scheme: SchemeAsked,
    /// What is fitted
    #[arg(long, value_enum, default_value_t = LevelName::Auto)]
    pub level: LevelName,
    /// How the frames enter the fit
    #[arg(long, value_enum, default_value_t = OrderName::Joint)]
    pub order: OrderName,
    /// Frame that gives the initial profile in the sequential order (index from 0)
    #[arg(long, value_name = "INDEX", default_value_t = 0)]
    pub reference_frame: usize,
    /// Confidence level of all intervals
    #[arg(long, value_name = "P", default_value_t = 0.68)]
    pub confidence: f64,
    /// D0 for a second Arrhenius fit with D0 held (m²/s), for instance 7.2e-6 for Ag in Au
    #[arg(long, value_name = "M2_S")]
    pub fixed_d0: Option<f64>,
    /// Errors of the intervals: of the likelihood, drawn from the particle's sectors, or drawn where the residuals are more than noise
    #[arg(long, value_enum, default_value_t = ErrorsName::Auto)]
    pub errors: ErrorsName,
    /// Standard uncertainty of an input, for the error budget; may be repeated: probe, ratio, pixel, radius, background and
    /// temperature-scale are relative, z-exponent is a number, temperature-step is in K
    #[arg(long, value_name = "INPUT=VALUE", value_parser = uncertainty)]
    pub uncertainty: Vec<(InputName, f64)>,
    /// ln(D at the core's composition / D at the shell's); D(c) is log-linear between
    #[arg(
        long,
        value_name = "LN",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub ln_d_ratio: f64,
    /// Hold the core radius R_A (nm)
    #[arg(long, value_name = "NM")]
    pub radius_a_nm: Option<f64>,
    /// Hold the particle radius R_B (nm)
    #[arg(long, value_name = "NM")]
    pub radius_b_nm: Option<f64>,
    /// Hold the edge smoothness sigma (nm)
    #[arg(long, value_name = "NM")]
    pub sigma_nm: Option<f64>,
    /// Pixel size (nm) of every frame; overrides file and table
    #[arg(long, value_name = "NM")]
    pub pixel_nm: Option<f64>,
    /// Dwell (s) of every heating step without one
    #[arg(long, value_name = "S")]
    pub dwell_s: Option<f64>,
    /// The particle in every frame: center column, center row, radius (pixels)
    #[arg(long, value_name = "X,Y,R", value_parser = circle)]
    pub region: Option<Circle>,
    /// A point on the particle that is meant, in the first frame: column, row (pixels); the other frames follow it
    #[arg(long, value_name = "X,Y", value_parser = point, conflicts_with = "region")]
    pub at: Option<Point>,
    /// Leave out everything inside this circle, in every frame (pixels); may be repeated
    #[arg(long, value_name = "X,Y,R", value_parser = circle)]
    pub mask: Vec<Circle>,
    /// Draw Darken-Manning interdiffusion at the particle's composition beside the published tracers in diffusivity.svg
    #[arg(long)]
    pub darken: bool,
    /// Log of the heater, in place of one beside the images: measured temperatures between the times of the images
    #[arg(long, value_name = "FILE", conflicts_with = "no_heater_log")]
    pub heater_log: Option<PathBuf>,
    /// Take temperatures and dwells from the table although there is a heater log
    #[arg(long)]
    pub no_heater_log: bool,
    /// Clock of the heater log minus clock of the images (s); proposed where the temperatures speak for one
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub clock_offset_s: Option<f64>,
    /// Standard error of every temperature (K), where series.csv has none
    #[arg(long, alias = "temperature-error-K", value_name = "K", default_value_t = 0.0, value_parser = not_negative)]
    pub temperature_error_k: f64,
    /// The same as a part of the temperature in °C (%); both add in quadrature. Heating chips: 5
    #[arg(long, value_name = "PERCENT", default_value_t = 0.0, value_parser = not_negative)]
    pub temperature_error_percent: f64,
    /// What errs: the heater, in all steps alike, or each step by itself
    #[arg(long, value_enum, default_value_t = ErrorOf::Step)]
    pub temperature_error_of: ErrorOf,
    /// Leave out this frame (index from 0); may be repeated
    #[arg(long, value_name = "INDEX")]
    pub exclude: Vec<usize>,
}

impl Analyze {
    /// The model these options ask for.
    pub fn model(&self) -> Model {
        let setting = |value: Option<f64>| value.map_or(Setting::Free, Setting::Fixed);
        let default = Model::default();
        let given = self.core.is_some() || self.shell.is_some();
        Model {
            core: self.core.clone().unwrap_or(default.core),
            shell: self.shell.clone().unwrap_or(default.shell),
            pair: given.then_some(Provenance::User),
            scheme: self.scheme.into(),
            contrast: match (self.contrast_ratio, self.fit_contrast) {
                (Some(ratio), _) => Contrast::Ratio(ratio),
                (None, true) => Contrast::Free,
                (None, false) => self.z_exponent.map_or(Contrast::Auto, Contrast::ZExponent),
            },
            psf_sigma_nm: self.psf_sigma_nm,
            radius_a_nm: setting(self.radius_a_nm),
            radius_b_nm: setting(self.radius_b_nm),
            sigma_nm: setting(self.sigma_nm),
            ln_d_ratio: self.ln_d_ratio,
            level: match self.level {
                LevelName::Auto => Level::Auto,
                LevelName::Profiles => Level::Profiles,
                LevelName::Pixels => Level::Pixels,
            },
            order: match self.order {
                OrderName::Joint => Order::Joint,
                OrderName::Sequential => Order::Sequential,
            },
            reference_frame: self.reference_frame,
            confidence: self.confidence,
            fixed_d0_m2_s: self.fixed_d0,
            temperature_error: TemperatureError {
                kelvin: self.temperature_error_k,
                percent: self.temperature_error_percent,
                common: self.temperature_error_of == ErrorOf::Heater,
            },
            errors: match self.errors {
                ErrorsName::Auto => Errors::Auto,
                ErrorsName::Likelihood => Errors::Likelihood,
                ErrorsName::Bootstrap => Errors::Bootstrap,
            },
            inputs: self.inputs(),
        }
    }

    fn inputs(&self) -> Inputs {
        let mut inputs = Inputs::default();
        for (name, value) in &self.uncertainty {
            let input = match name {
                InputName::Probe => &mut inputs.probe,
                InputName::ZExponent => &mut inputs.z_exponent,
                InputName::Ratio => &mut inputs.ratio,
                InputName::Pixel => &mut inputs.pixel,
                InputName::Radius => &mut inputs.radius,
                InputName::Background => &mut inputs.background,
                InputName::TemperatureScale => &mut inputs.temperature_scale,
                InputName::TemperatureStep => &mut inputs.temperature_step_k,
            };
            *input = *value;
        }
        inputs
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ErrorsName {
    /// Of the likelihood where the residuals are noise, drawn where they are not
    Auto,
    /// Of the profile likelihood
    Likelihood,
    /// Of 500 draws of the particle's sectors
    Bootstrap,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum InputName {
    Probe,
    ZExponent,
    Ratio,
    Pixel,
    Radius,
    Background,
    TemperatureScale,
    TemperatureStep,
}

/// `probe=0.2`.
fn uncertainty(text: &str) -> Result<(InputName, f64), String> {
    let known =
        "probe, z-exponent, ratio, pixel, radius, background, temperature-scale, temperature-step";
    let (name, value) = text
        .split_once('=')
        .ok_or("an input and its uncertainty are needed, for instance probe=0.2")?;
    let name = InputName::from_str(name, true).map_err(|_| format!("known inputs are {known}"))?;
    match value.parse() {
        Ok(value) if f64::is_finite(value) && value >= 0.0 => Ok((name, value)),
        _ => Err(format!(
            "'{value}' is no uncertainty: a number of 0 or more is needed"
        )),
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ErrorOf {
    /// Independent from step to step
    Step,
    /// The calibration of the heater: all steps err together
    Heater,
}

/// A number that is not below zero.
fn not_negative(text: &str) -> Result<f64, String> {
    let number = text
        .parse::<f64>()
        .ok()
        .filter(|n| n.is_finite() && *n >= 0.0);
    number.ok_or_else(|| "a number is needed that is not negative".into())
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SchemeAsked {
    /// The one of the two that describes the images better
    Auto,
    /// Mole fraction in a fixed density envelope
    Fraction,
    /// Densities with D = 0 beyond R_B, as the AgAu paper prints it
    Published,
}

impl From<SchemeAsked> for SchemeChoice {
    fn from(name: SchemeAsked) -> SchemeChoice {
        match name {
            SchemeAsked::Auto => SchemeChoice::Auto,
            SchemeAsked::Fraction => SchemeChoice::Fraction,
            SchemeAsked::Published => SchemeChoice::Published,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum SchemeName {
    /// Mole fraction in a fixed density envelope
    Fraction,
    /// Densities with D = 0 beyond R_B, as the AgAu paper prints it
    Published,
}

impl From<SchemeName> for Scheme {
    fn from(name: SchemeName) -> Scheme {
        match name {
            SchemeName::Fraction => Scheme::Fraction,
            SchemeName::Published => Scheme::Published,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum LevelName {
    /// Radial profiles, and pixels where these hide an ellipse or a core off its center
    Auto,
    /// Means over round rings
    Profiles,
    /// Elliptic rings, and a core off its center
    Pixels,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum OrderName {
    /// All frames at once, shape shared
    Joint,
    /// Shape from one frame, then interval after interval
    Sequential,
}

#[derive(Args)]
pub struct Decode {
    /// Image file or heater log
    pub file: PathBuf,
    /// Print JSON rather than lines for people
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct Simulate {
    /// Kind of particle
    #[arg(long, value_name = "NAME", value_parser = preset)]
    pub preset: Preset,
    /// Folder for the series; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Seed of the noise
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Counts per pixel at the particle's brightest place
    #[arg(long, value_name = "COUNTS")]
    pub dose: Option<f64>,
    /// How the density evolves
    #[arg(long, value_enum, default_value_t = SchemeName::Fraction)]
    pub scheme: SchemeName,
    /// Duration of every step (s); 600 unless given
    #[arg(long, value_name = "S")]
    pub dwell_s: Option<f64>,
    /// Heat and cool at this rate (K/s), and write heater-log.csv and the time of every image; without it the temperature jumps
    #[arg(long, alias = "ramp-K-s", value_name = "RATE")]
    pub ramp_k_s: Option<f64>,
    /// Overshoot at the end of each ramp (K), which dies away within --settle-s
    #[arg(
        long,
        alias = "overshoot-K",
        value_name = "K",
        default_value_t = 0.0,
        requires = "ramp_k_s"
    )]
    pub overshoot_k: f64,
    /// Time in which the overshoot falls by a factor of e (s)
    #[arg(long, value_name = "S", default_value_t = 30.0, requires = "ramp_k_s")]
    pub settle_s: f64,
    /// Cool to this temperature before every image (K); without it images are taken at the temperature of the step
    #[arg(long, alias = "imaging-K", value_name = "K", requires = "ramp_k_s")]
    pub imaging_k: Option<f64>,
    /// Clock of the heater log minus clock of the images (s)
    #[arg(
        long,
        value_name = "S",
        default_value_t = 0.0,
        allow_negative_numbers = true,
        requires = "ramp_k_s"
    )]
    pub clock_offset_s: f64,
}

impl Simulate {
    /// How the heater goes from step to step.
    pub fn ramps(&self) -> Option<Ramps> {
        self.ramp_k_s.map(|ramp_k_s| Ramps {
            ramp_k_s,
            overshoot_k: self.overshoot_k,
            settle_s: self.settle_s,
            imaging_k: self.imaging_k,
            clock_offset_s: self.clock_offset_s,
        })
    }
}

#[derive(Args)]
pub struct Validate {
    /// Kind of particle
    #[arg(long, value_name = "NAME", value_parser = preset)]
    pub preset: Preset,
    /// Number of series
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub seeds: u64,
    /// Seed of the first
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    pub first_seed: u64,
    /// Counts per pixel at the particle's brightest place
    #[arg(long, value_name = "COUNTS")]
    pub dose: Option<f64>,
    /// How the density evolves
    #[arg(long, value_enum, default_value_t = SchemeName::Fraction)]
    pub scheme: SchemeName,
    /// Print a CSV rather than a table for people
    #[arg(long)]
    pub csv: bool,
}

#[derive(Args)]
pub struct Kinetics {
    /// What diffuses in what: Ag-Au is silver in gold
    #[arg(long, value_name = "A-B", value_parser = pair)]
    pub pair: (String, String),
    /// Radius of the particle (nm)
    #[arg(long, value_name = "NM")]
    pub radius_nm: f64,
    /// Its standard error (nm), for the span of the energy
    #[arg(long, value_name = "NM")]
    pub radius_error_nm: Option<f64>,
    /// Element whose melting scales the energy (symbol); the host unless given
    #[arg(long, value_name = "SYMBOL")]
    pub melting_of: Option<String>,
    /// Entropy S of eq. 10
    #[arg(long, value_enum, default_value_t = EntropyName::Total)]
    pub entropy: EntropyName,
    /// The same as a number (J/mol/K)
    #[arg(long, value_name = "S", conflicts_with = "entropy")]
    pub entropy_j_mol_k: Option<f64>,
    /// Atomic diameter h of eq. 10 (nm); the element's unless given
    #[arg(long, value_name = "NM")]
    pub atomic_diameter_nm: Option<f64>,
    /// d of eq. 10, r0 = (3 - d) h: 0 particle, 1 wire, 2 film
    #[arg(long, value_name = "D", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=2))]
    pub dimension: u8,
    /// Bulk activation energy E(inf) (kJ/mol); that of the literature unless given
    #[arg(long, value_name = "E")]
    pub energy_kj_mol: Option<f64>,
    /// D0 (m²/s); that of the literature unless given
    #[arg(long, value_name = "D0")]
    pub d0_m2_s: Option<f64>,
    /// Temperatures for D and mixing time (K)
    #[arg(long, value_name = "K,K,...", value_delimiter = ',', default_values_t = [300.0, 373.0, 423.0, 448.0, 473.0, 498.0, 523.0, 548.0, 573.0])]
    pub temperatures_k: Vec<f64>,
    /// Rows of materials that count before the built-in ones: a CSV with of,quantity,value
    #[arg(long, value_name = "FILE")]
    pub materials: Option<PathBuf>,
    /// Print a CSV, one line per model and temperature, rather than a table for people
    #[arg(long)]
    pub csv: bool,
}

#[derive(Args)]
pub struct PhaseDiagram {
    /// The two elements; x is the mole fraction of the second
    #[arg(long, value_name = "A-B", value_parser = pair)]
    pub pair: (String, String),
    /// Radius of the particles (nm); inf is the bulk
    #[arg(long, value_name = "NM", default_value_t = f64::INFINITY)]
    pub radius_nm: f64,
    /// Compositions from x = 0 to 1, both ends included
    #[arg(long, value_name = "N", default_value_t = 101)]
    pub compositions: usize,
    /// Correction C of the solid's surface term C k σ V/r
    #[arg(long, value_name = "C", default_value_t = SurfaceTerm::default().c_solid)]
    pub c_fcc: f64,
    /// Correction C of the liquid's surface term
    #[arg(long, value_name = "C", default_value_t = SurfaceTerm::default().c_liquid)]
    pub c_liq: f64,
    /// Factor k of both surface terms: 2 for the pressure in a sphere, 3 for the energy of its surface
    #[arg(long, value_name = "K", default_value_t = SurfaceTerm::default().k)]
    pub k: f64,
    /// Surface tension of the alloy
    #[arg(long, value_enum, default_value_t = MixingName::Butler)]
    pub mixing: MixingName,
    /// Surface tension of the solid elements
    #[arg(long, value_enum, default_value_t = TensionName::Table)]
    pub solid_tension: TensionName,
    /// Rows of materials that count before the built-in ones: a CSV with of,quantity,value
    #[arg(long, value_name = "FILE")]
    pub materials: Option<PathBuf>,
    /// Print a CSV rather than a table for people: x,solidus_K,liquidus_K
    #[arg(long)]
    pub csv: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum MixingName {
    /// Butler's equation: a monolayer in equilibrium with what is below
    Butler,
    /// Linear in the mole fraction
    Linear,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum TensionName {
    /// Those of the table of materials
    Table,
    /// 1.25 times the liquid's at the melting point, same slope
    Tanaka,
}

impl PhaseDiagram {
    /// The surface term these options ask for.
    pub fn surface(&self) -> SurfaceTerm {
        SurfaceTerm {
            c_solid: self.c_fcc,
            c_liquid: self.c_liq,
            k: self.k,
            mixing: match self.mixing {
                MixingName::Butler => SurfaceMixing::Butler,
                MixingName::Linear => SurfaceMixing::Linear,
            },
            solid: match self.solid_tension {
                TensionName::Table => SolidTension::Table,
                TensionName::Tanaka => SolidTension::Tanaka,
            },
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
pub enum EntropyName {
    /// All of the entropy of melting, as in the AgAu paper
    Total,
    /// Its vibrational part, as the formula wants it
    Vibrational,
}

impl Kinetics {
    /// The particle as the engine is asked for it.
    pub fn request(&self) -> SizeRequest {
        let (solute, host) = self.pair.clone();
        SizeRequest {
            solute,
            host,
            radius_nm: self.radius_nm,
            radius_error_nm: self.radius_error_nm,
            melting_of: self.melting_of.clone(),
            entropy: match (self.entropy_j_mol_k, self.entropy) {
                (Some(value), _) => MeltingEntropy::Given(value),
                (None, EntropyName::Total) => MeltingEntropy::Total,
                (None, EntropyName::Vibrational) => MeltingEntropy::Vibrational,
            },
            atomic_diameter_nm: self.atomic_diameter_nm,
            dimension: match self.dimension {
                0 => Dimension::Particle,
                1 => Dimension::Wire,
                _ => Dimension::Film,
            },
            bulk_energy_j_mol: self.energy_kj_mol.map(|e| e * JOULE_PER_KILOJOULE),
            d0_m2_s: self.d0_m2_s,
            temperatures_k: self.temperatures_k.clone(),
        }
    }
}

const JOULE_PER_KILOJOULE: f64 = 1e3;

/// `Ag-Au`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('-') {
        Some((a, b)) if !a.is_empty() && !b.is_empty() => Ok((a.into(), b.into())),
        _ => Err("two symbols are needed, for instance Ag-Au".into()),
    }
}

/// `x,y,r` in pixels.
pub fn circle(text: &str) -> Result<Circle, String> {
    let numbers: Vec<f64> = text
        .split(',')
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    match numbers[..] {
        [x_px, y_px, radius_px]
            if numbers.iter().all(|n| n.is_finite())
                && radius_px > 0.0
                && text.split(',').count() == 3 =>
        {
            Ok(Circle {
                center: Point { x_px, y_px },
                radius_px,
            })
        }
        _ => Err(
            "three numbers are needed: column,row,radius in pixels, for instance 256,250.5,100"
                .into(),
        ),
    }
}

fn point(text: &str) -> Result<Point, String> {
    let numbers: Vec<f64> = text
        .split(',')
        .filter_map(|part| part.trim().parse().ok())
        .collect();
    match numbers[..] {
        [x_px, y_px] if x_px.is_finite() && y_px.is_finite() && text.split(',').count() == 2 => {
            Ok(Point { x_px, y_px })
        }
        _ => Err("two numbers are needed: column,row in pixels, for instance 256,250.5".into()),
    }
}

/// The name of a simulated particle.
pub fn preset(text: &str) -> Result<Preset, String> {
    let known: Vec<&str> = Preset::ALL.iter().map(|p| p.name()).collect();
    Preset::named(text).ok_or_else(|| format!("known are {}", known.join(", ")))
}
