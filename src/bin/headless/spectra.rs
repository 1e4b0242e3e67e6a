//! Element maps and the valence of copper on a terminal.

use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use alloyscope::engine::{
    Engine, ExportError, MapAnswer, MapMethod, MapQuestion, ProfileAnswer, Request, SpectraOf,
    StateBefore, ValenceQuestion, composite_png, element_profiles_csv, float_tiff, maps_csv,
    maps_json, white_lines_sentence,
};
use alloyscope::engine::{Event, Failure};
use alloyscope::figures::format::with_error;
use alloyscope::figures::{Canvas, CompositeFigure, Palette, Theme, composite};
use alloyscope::formats::Source;
use alloyscope::imaging::Circle;
use alloyscope::project::Place;
use alloyscope::spectroscopy::{
    MapSettings, Method, ModelSettings, Reference, Valence, ValenceSettings, Verdict,
};
use alloyscope::units::signed;
use clap::{Args, ValueEnum};

use super::args::circle;
use super::{CommandError, failed, open_file, say, write};

/// How the background is fitted.
#[derive(Clone, Copy, ValueEnum)]
pub enum BackgroundName {
    /// Maximum likelihood of Poisson counts
    Likelihood,
    /// Least squares of logarithms, weighted by the counts
    Weighted,
    /// Closed form from two halves of the window
    TwoWindow,
}

impl From<BackgroundName> for Method {
    fn from(name: BackgroundName) -> Method {
        match name {
            BackgroundName::Likelihood => Method::MaximumLikelihood,
            BackgroundName::Weighted => Method::Weighted,
            BackgroundName::TwoWindow => Method::TwoWindow,
        }
    }
}

#[derive(Args)]
pub struct MapElements {
    /// File with a spectrum image, or with ready-made element maps
    pub file: PathBuf,
    /// Edge or line, like Cu_L3, Mg_K, Fe_Ka; title of the signal where the file holds ready-made maps; may be repeated
    #[arg(long, required = true, value_name = "NAME")]
    pub edge: Vec<String>,
    /// Folder for the results; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Signal of the file (index from 0); the first with an energy axis where it is not given
    #[arg(long, value_name = "INDEX")]
    pub signal: Option<usize>,
    /// Fit all edges and the background together: where one edge lies on another
    #[arg(long)]
    pub model: bool,
    /// Full width at half maximum of the zero-loss peak (eV), for the model
    #[arg(long, value_name = "EV", default_value_t = 1.0)]
    pub resolution_ev: f64,
    /// How the background is fitted
    #[arg(long, value_enum, default_value_t = BackgroundName::Likelihood)]
    pub background: BackgroundName,
    /// Take the exponent of the background from the sum of all pixels: for few counts
    #[arg(long)]
    pub shared_exponent: bool,
    /// The particle: center column, center row, radius (pixels); found in the maps where it is not given
    #[arg(long, value_name = "X,Y,R", value_parser = circle)]
    pub region: Option<Circle>,
    /// Element that was picked up first: the order found is compared with it
    #[arg(long, value_name = "ELEMENT")]
    pub picked_first: Option<String>,
    /// High tension (kV), for atomic fractions; the file's, or 200, where it is not given
    #[arg(long, value_name = "KV")]
    pub high_tension_kv: Option<f64>,
    /// Half angle of collection (mrad), for atomic fractions; 20, known to a factor of two, where it is not given
    #[arg(long, value_name = "MRAD")]
    pub collection_mrad: Option<f64>,
    #[command(flatten)]
    pub axis: AxisOfEnergies,
    /// Dark-field image of the same scan, fitted together with the profiles of the elements by its Z contrast
    #[arg(long, value_name = "FILE")]
    pub image: Option<PathBuf>,
    /// Spectrum image of the same particle before it was heated: D·t since then, in both schemes
    #[arg(long, value_name = "FILE")]
    pub before: Option<PathBuf>,
    /// Signal of that file, or, without --before, of the file itself (index from 0); the first with an energy axis where it is not given. Its axis is
    /// moved by --shift-ev, too
    #[arg(long, value_name = "INDEX")]
    pub before_signal: Option<usize>,
    /// File with the low-loss spectra of the state before
    #[arg(long, value_name = "FILE", requires = "before")]
    pub before_low_loss: Option<PathBuf>,
    /// How long it was heated since (s): D beside D·t, but for pairs that form compounds
    #[arg(long, value_name = "S")]
    pub dwell_s: Option<f64>,
    /// Magenta and green in place of red and green
    #[arg(long)]
    pub safe_colors: bool,
}

/// Where zero is.
#[derive(Args)]
pub struct AxisOfEnergies {
    /// File with the low-loss spectra of the same pixels, or one for all: the energy axis of every pixel begins at its zero-loss peak
    #[arg(long, value_name = "FILE")]
    pub low_loss: Option<PathBuf>,
    /// Signal of that file, or, without --low-loss, of the file itself (index from 0)
    #[arg(long, value_name = "INDEX")]
    pub low_loss_signal: Option<usize>,
    /// Move the axis by this besides (eV)
    #[arg(
        long,
        value_name = "EV",
        default_value_t = 0.0,
        allow_negative_numbers = true
    )]
    pub shift_ev: f64,
}

impl AxisOfEnergies {
    /// The spectra of a file on this axis, and the files to hand over.
    fn of(
        &self,
        (file, signal): (&Path, Option<usize>),
        beside: &[Option<&Path>],
    ) -> Result<(SpectraOf, Vec<Rc<dyn Source>>), CommandError> {
        let mut files = vec![file.to_owned()];
        let low_loss = match (&self.low_loss, self.low_loss_signal) {
            (None, None) => None,
            (None, Some(signal)) => Some(place(file, signal)),
            (Some(path), signal) => {
                files.push(path.clone());
                Some(place(path, signal.unwrap_or(0)))
            }
        };
        files.extend(beside.iter().flatten().map(|path| (*path).to_owned()));
        // An RPL table is nothing without the samples beside it.
        let raw = |file: &PathBuf| {
            let names = ["raw", "RAW"].map(|s| file.with_extension(s));
            names.into_iter().find(|raw| raw != file && raw.is_file())
        };
        let samples: Vec<PathBuf> = files.iter().filter_map(raw).collect();
        files.extend(samples);
        let sources = files
            .iter()
            .map(|f| open_file(f))
            .collect::<Result<_, _>>()?;
        let of = SpectraOf {
            files: files.iter().map(|f| name_of(f)).collect(),
            path: name_of(file),
            signal,
            low_loss,
            shift_ev: self.shift_ev,
        };
        Ok((of, sources))
    }
}

fn place(file: &Path, signal: usize) -> Place {
    Place {
        file: name_of(file),
        signal,
        plane: 0,
    }
}

#[derive(Args)]
pub struct ValenceOfCopper {
    /// File with a spectrum or a spectrum image, whose pixels are summed
    pub file: PathBuf,
    /// Signal of the file (index from 0); the first with an energy axis where it is not given
    #[arg(long, value_name = "INDEX")]
    pub signal: Option<usize>,
    /// Full width at half maximum of the zero-loss peak (eV)
    #[arg(long, value_name = "EV", default_value_t = 1.0)]
    pub resolution_ev: f64,
    /// Standard error of the energy axis (eV), where it is calibrated in the same acquisition; without it positions are no evidence
    #[arg(long, value_name = "EV")]
    pub calibration_ev: Option<f64>,
    #[command(flatten)]
    pub axis: AxisOfEnergies,
    /// Take off what scattered more than once (Fourier-ratio deconvolution), by the low loss
    #[arg(long)]
    pub deconvolve: bool,
    /// Sum the pixels within this circle only: center column, center row, radius (pixels)
    #[arg(long, value_name = "X,Y,R", value_parser = circle)]
    pub region: Option<Circle>,
    /// Spectrum of a known state, of the same instrument, in place of the built-in shapes; once for each state that is possible, as
    /// Cu2O=1=cu2o.dm4
    #[arg(long = "reference", value_name = "NAME=VALENCE=FILE", value_parser = reference)]
    pub references: Vec<(String, f64, PathBuf)>,
    /// Print everything as JSON
    #[arg(long)]
    pub json: bool,
}

fn reference(text: &str) -> Result<(String, f64, PathBuf), String> {
    let form = || "expected NAME=VALENCE=FILE, as in Cu2O=1=cu2o.dm4".to_owned();
    let (name, rest) = text.split_once('=').ok_or_else(form)?;
    let (valence, file) = rest.split_once('=').ok_or_else(form)?;
    let valence: f64 = valence.parse().map_err(|_| form())?;
    if name.is_empty() || !(0.0..=9.0).contains(&valence) {
        return Err("a name, and a valence from 0 to 9".to_owned());
    }
    Ok((name.to_owned(), valence, file.into()))
}

/// The whole path: files of one name lie in the folders of different states.
fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

pub fn map(options: &MapElements) -> Result<(), CommandError> {
    let spectra = (options.file.as_path(), options.signal);
    let beside = [&options.image, &options.before, &options.before_low_loss];
    let (spectra, sources) = options.axis.of(spectra, &beside.map(Option::as_deref))?;
    let before = options
        .before
        .as_ref()
        .or(options.before_signal.map(|_| &options.file))
        .map(|file| StateBefore {
            file: name_of(file),
            signal: options.before_signal,
            low_loss: options.before_low_loss.as_ref().map(|path| place(path, 0)),
        });
    let method = if options.model {
        MapMethod::Model(ModelSettings {
            resolution_ev: options.resolution_ev,
            ..ModelSettings::default()
        })
    } else {
        MapMethod::Windows(MapSettings {
            method: options.background.into(),
            shared_exponent: options.shared_exponent,
        })
    };
    let question = MapQuestion {
        circle: options.region,
        kilovolts: options.high_tension_kv,
        collection_mrad: options.collection_mrad,
        first_picked: options.picked_first.clone(),
        before,
        dwell_s: options.dwell_s,
        image: options.image.as_ref().map(|image| place(image, 0)),
        ..MapQuestion::new(spectra, &options.edge, method)
    };
    let mut engine = Engine::new();
    let (mut mapped, mut profiled, mut summed) = (None, None, None);
    for request in [
        Request::Maps(Box::new(question.clone())),
        Request::ElementProfiles(Box::new(question.clone())),
        Request::RegionSpectrum(Box::new(question)),
    ] {
        engine.handle(request, sources.clone(), &mut |event| match event {
            Event::Maps(result) => mapped = Some(result),
            Event::ElementProfiles(result) => profiled = Some(result),
            // Maps that the file holds ready-made have no spectrum.
            Event::RegionSpectrum(result) => summed = result.ok(),
            _ => {}
        });
    }
    let answer: MapAnswer = *mapped
        .unwrap_or_else(|| unreachable!("Maps is answered by itself"))
        .map_err(CommandError::Failure)?;
    let profiles: ProfileAnswer = *profiled
        .unwrap_or_else(|| unreachable!("ElementProfiles is answered by itself"))
        .map_err(CommandError::Failure)?;
    say(&answer.notices);
    let out = &options.out;
    fs::create_dir_all(out).map_err(failed(out, "cannot be made"))?;
    for map in &answer.maps {
        let size = (map.width, map.height);
        for (suffix, values) in [("", &map.value), ("_se", &map.standard_error)] {
            let bytes = float_tiff(values, size, answer.pixel_nm).map_err(CommandError::Export)?;
            write(out, &format!("{}{suffix}.tif", map.name), &bytes)?;
        }
        let (total, error) = map.total();
        println!("{}: {total:.0} ± {error:.0} counts in all", map.name);
    }
    if let Some(found) = &profiles.composition {
        for map in &found.fractions {
            let size = (map.width, map.height);
            for (suffix, values) in [("", &map.value), ("_se", &map.standard_error)] {
                let bytes =
                    float_tiff(values, size, answer.pixel_nm).map_err(CommandError::Export)?;
                write(out, &format!("{}_fraction{suffix}.tif", map.name), &bytes)?;
            }
        }
    }
    let palette = if options.safe_colors {
        Palette::Safe
    } else {
        Palette::RedGreen
    };
    let png: Result<Vec<u8>, ExportError> = composite_png(&answer.maps, palette);
    write(out, "composite.png", &png.map_err(CommandError::Export)?)?;
    let figure = composite(
        Canvas {
            width_px: 480.0,
            height_px: 560.0,
        },
        &Theme::light(),
        &CompositeFigure {
            maps: &answer.maps,
            palette,
            pixel_nm: answer.pixel_nm,
        },
    );
    write(out, "composite.svg", figure.to_svg().as_bytes())?;
    write(out, "maps.csv", maps_csv(&answer.maps).as_bytes())?;
    write(
        out,
        "element_profiles.csv",
        element_profiles_csv(&answer, &profiles).as_bytes(),
    )?;
    let lines = summed.map_or_else(Vec::new, |spectrum| spectrum.white_lines);
    let mut json = maps_json(&answer, &profiles);
    json["white_lines"] = serde_json::json!(lines);
    json["dwell_s"] = serde_json::json!(options.dwell_s);
    write(out, "maps.json", format!("{json:#}\n").as_bytes())?;
    for remark in answer.remarks.iter().chain(&profiles.remarks) {
        println!("{remark}");
    }
    for (element, lines) in &lines {
        println!("{}", white_lines_sentence(element, lines));
    }
    Ok(())
}

pub fn valence(options: &ValenceOfCopper) -> Result<(), CommandError> {
    let (spectra, sources) = options.axis.of((&options.file, options.signal), &[])?;
    let references = references(options)?;
    let question = ValenceQuestion {
        id: 1,
        spectra,
        single_scattering: options.deconvolve,
        circle: options.region,
        references,
        settings: ValenceSettings {
            resolution_ev: options.resolution_ev,
            calibration_ev: options.calibration_ev,
            ..ValenceSettings::default()
        },
    };
    let mut outcome = None;
    Engine::new().handle(
        Request::Valence(Box::new(question)),
        sources,
        &mut |event| {
            if let Event::Valence(_, result) = event {
                outcome = Some(result.map_err(CommandError::Failure));
            }
        },
    );
    let answer = *outcome.unwrap_or_else(|| unreachable!("Valence is answered by itself"))?;
    if options.json {
        println!("{:#}", serde_json::json!(answer));
    } else {
        print!("{}", readable(&answer));
    }
    Ok(())
}

/// Spectra of known states, as named.
fn references(options: &ValenceOfCopper) -> Result<Vec<Reference>, CommandError> {
    if options.references.len() == 1 {
        return Err(CommandError::Failure(Failure::one_reference()));
    }
    let mut found = Vec::new();
    for (name, valence, path) in &options.references {
        let source = open_file(path)?;
        let request = Request::References {
            paths: vec![name_of(path)],
            resolution_ev: options.resolution_ev,
        };
        let mut failed = None;
        Engine::new().handle(request, vec![source], &mut |event| {
            if let Event::References {
                references,
                failures,
            } = event
            {
                failed = failures.into_iter().next();
                for mut reference in references {
                    reference.name.clone_from(name);
                    reference.valence = *valence;
                    found.push(reference);
                }
            }
        });
        if let Some(failed) = failed {
            return Err(CommandError::Failure(failed.told()));
        }
    }
    Ok(found)
}

fn readable(answer: &Valence) -> String {
    let mut text = match &answer.verdict {
        Verdict::Mostly(name) => format!("mostly {name}{}\n", answer.alike()),
        Verdict::Mixture => "a mixture\n".to_owned(),
        Verdict::CannotTell(reasons) => {
            let mut text = String::from("cannot tell:\n");
            for reason in reasons {
                text.push_str(&format!("  {reason}\n"));
            }
            text
        }
    };
    text.push_str(&format!(
        "mean valence {:.2}, 68 % from {:.2} to {:.2} by noise, {}\n",
        answer.mean,
        answer.interval.0,
        answer.interval.1,
        answer.by_references()
    ));
    for f in &answer.fractions {
        text.push_str(&format!(
            "  {:<5} {:.2} ± {:.2}\n",
            f.name, f.value, f.standard_error
        ));
    }
    let print = &answer.fingerprint;
    text.push_str(&format!(
        "axis moved by {} eV, χ²/ν {:.2}\nL3 maximum at {}, {} of the continuum (",
        signed(answer.shift_ev, 2),
        answer.chi2_red,
        with_error(print.position_ev, print.position_error_ev, "eV"),
        with_error(print.peak_over_continuum, print.peak_error, "")
    ));
    let expected: Vec<String> = print
        .expected
        .iter()
        .map(|(name, ratio)| format!("{name} {ratio:.2}"))
        .collect();
    text.push_str(&format!("{})\n", expected.join(", ")));
    if let Some(oxygen) = &answer.oxygen {
        text.push_str(&format!(
            "O K: {:.0} ± {:.0} counts above its background\n",
            oxygen.value, oxygen.standard_error
        ));
    }
    text
}
