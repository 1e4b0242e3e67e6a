//! Element maps and the valence of copper on a terminal.

use std::fs;
use std::path::Path;

use alloyscope::engine::Event;
use alloyscope::engine::{
    Engine, ExportError, MapAnswer, MapMethod, MapQuestion, ProfileAnswer, Request,
    ValenceQuestion, composite_png, element_profiles_csv, float_tiff, maps_csv, maps_json,
};
use alloyscope::figures::{Canvas, CompositeFigure, Palette, Theme, composite};
use alloyscope::project::EdgeChoice;
use alloyscope::spectroscopy::{MapSettings, ModelSettings, Valence, ValenceSettings, Verdict};

use alloyscope::units::signed;

use super::args::{MapElements, ValenceOfCopper};
use super::{CommandError, failed, open_file, say, write};

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

pub fn map(options: &MapElements) -> Result<(), CommandError> {
    let source = open_file(&options.file)?;
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
        id: 1,
        path: name_of(&options.file),
        signal: options.signal,
        edges: options.edge.iter().map(EdgeChoice::named).collect(),
        method,
        region: None,
        circle: options.region,
        kilovolts: options.high_tension_kv,
        collection_mrad: options.collection_mrad,
        first_picked: options.picked_first.clone(),
    };
    let mut engine = Engine::new();
    let (mut mapped, mut profiled) = (None, None);
    for request in [
        Request::Maps(Box::new(question.clone())),
        Request::ElementProfiles(Box::new(question)),
    ] {
        engine.handle(request, vec![source.clone()], &mut |event| match event {
            Event::Maps(result) => mapped = Some(result),
            Event::ElementProfiles(result) => profiled = Some(result),
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
    write(
        out,
        "maps.json",
        format!("{:#}\n", maps_json(&answer, &profiles)).as_bytes(),
    )?;
    for remark in answer.remarks.iter().chain(&profiles.remarks) {
        println!("{remark}");
    }
    Ok(())
}

pub fn valence(options: &ValenceOfCopper) -> Result<(), CommandError> {
    let source = open_file(&options.file)?;
    let question = ValenceQuestion {
        id: 1,
        path: name_of(&options.file),
        signal: options.signal,
        circle: options.region,
        settings: ValenceSettings {
            resolution_ev: options.resolution_ev,
            calibration_ev: options.calibration_ev,
            ..ValenceSettings::default()
        },
    };
    let mut outcome = None;
    Engine::new().handle(
        Request::Valence(Box::new(question)),
        vec![source],
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

fn readable(answer: &Valence) -> String {
    let mut text = match &answer.verdict {
        Verdict::Mostly(name) => format!("mostly {name}\n"),
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
        "mean valence {:.2}, 68 % from {:.2} to {:.2} by noise, ± {:.2} by the references\n",
        answer.mean, answer.interval.0, answer.interval.1, answer.systematic
    ));
    for f in &answer.fractions {
        text.push_str(&format!(
            "  {:<5} {:.2} ± {:.2}\n",
            f.name, f.value, f.standard_error
        ));
    }
    let print = &answer.fingerprint;
    text.push_str(&format!(
        "axis moved by {} eV, χ²/ν {:.2}\nL3 maximum at {:.2} ± {:.2} eV, {:.2} ± {:.2} of the continuum (",
        signed(answer.shift_ev, 2), answer.chi2_red, print.position_ev, print.position_error_ev, print.peak_over_continuum, print.peak_error
    ));
    let expected: Vec<String> = print
        .expected
        .iter()
        .map(|(name, ratio)| format!("{name} {ratio:.2}"))
        .collect();
    text.push_str(&format!("{})\n", expected.join(", ")));
    text
}
