//! `alloyscope map` and `alloyscope valence` as a user of a terminal meets them, and maps beside an HAADF image. Native only: it starts processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![cfg(not(target_arch = "wasm32"))]

#[allow(dead_code)]
#[path = "common/hdf5.rs"]
mod forge;
#[path = "common/terminal.rs"]
mod terminal;

use std::fs;
use std::path::Path;
use std::rc::Rc;

use alloyscope::engine::{Engine, Event, MapMethod, MapQuestion, Request, SpectraOf};
use alloyscope::formats::{Limits, MemorySource, Source, open};
use alloyscope::numerics::Noise;
use alloyscope::signal::{Image, Notices};
use alloyscope::simulate::{
    Preset, SimulatedSpectra, SpectrumExperiment, simulate, simulate_spectra,
};
use alloyscope::spectroscopy::{EnergyAxis, MapSettings, Reference};
use forge::{datatype, number, text, typed};
use hdf5_writer::{AttributeBuilder, ByteOrder, Hdf5Builder};
use terminal::{alloyscope, folder, words};

/// Cu@Mg in a HyperSpy file.
fn copper_in_magnesium(path: &Path) -> SimulatedSpectra {
    let (bytes, made) = spectra(true, 0.0);
    fs::write(path, bytes).unwrap();
    made
}

/// Cu@Mg or Mg@Cu, heated to this D·t (nm²), as HyperSpy writes it.
fn spectra(copper_inside: bool, dtau_nm2: f64) -> (Vec<u8>, SimulatedSpectra) {
    spectra_of(copper_inside, dtau_nm2, 3)
}

fn spectra_of(copper_inside: bool, dtau_nm2: f64, seed: u64) -> (Vec<u8>, SimulatedSpectra) {
    let experiment = SpectrumExperiment {
        dtau_nm2,
        ..SpectrumExperiment::copper_magnesium(copper_inside, 128.0).unwrap()
    };
    let made = simulate_spectra(&experiment, seed).unwrap();
    let image = &made.image;
    let (side, channels) = (image.width as u64, image.axis.channels as u64);
    let counts: Vec<u16> = (0..image.pixels())
        .flat_map(|p| (0..image.axis.channels).map(move |c| image.count(p, c) as u16))
        .collect();
    let mut builder = Hdf5Builder::new()
        .attribute(text("file_format", "HyperSpy"))
        .attribute(text("file_format_version", "3.3"))
        .dataset(typed(
            "Experiments/Cu@Mg/data",
            &[side, side, channels],
            &counts,
        ));
    let (pixel, axis) = (experiment.pixel_nm, image.axis);
    for (i, (name, unit, offset, scale, size)) in [
        ("y", "nm", 0.0, pixel, side),
        ("x", "nm", 0.0, pixel, side),
        ("Energy loss", "eV", axis.first_ev, axis.step_ev, channels),
    ]
    .into_iter()
    .enumerate()
    {
        let navigate = AttributeBuilder::new(
            "navigate",
            datatype("bool", ByteOrder::LittleEndian),
            Vec::new(),
            vec![u8::from(unit == "nm")],
        );
        for attribute in [
            text("name", name),
            text("units", unit),
            number("offset", offset),
            number("scale", scale),
            number("size", size as i64),
            navigate,
        ] {
            builder = builder.group_attribute(format!("Experiments/Cu@Mg/axis-{i}"), attribute);
        }
    }
    (forge::bytes(builder), made)
}

/// Cu@Mg as a raw file with its header, each count changed by its energy and itself.
fn changed(folder: &Path, name: &str, change: &mut dyn FnMut(f64, f64) -> f64) -> String {
    let experiment = SpectrumExperiment::copper_magnesium(true, 128.0).unwrap();
    let image = simulate_spectra(&experiment, 3).unwrap().image;
    let axis = image.axis;
    let counts = (0..image.pixels()).flat_map(|p| (0..axis.channels).map(move |c| (p, c)));
    let bytes = counts.flat_map(|(p, c)| {
        let count = change(axis.energy_ev(c), f64::from(image.count(p, c) as f32));
        (count.round() as i16).to_le_bytes()
    });
    fs::write(
        folder.join(format!("{name}.raw")),
        bytes.collect::<Vec<u8>>(),
    )
    .unwrap();
    let header = format!(
        "key\tvalue\nwidth\t{}\nheight\t{}\ndepth\t{}\noffset\t0\ndata-length\t2\ndata-type\tsigned\nbyte-order\tlittle-endian\nrecord-by\tvector\nev-per-chan\t{}\ndepth-scale\t{}\ndepth-origin\t{}\ndepth-units\teV\ndepth-name\tEnergy loss\n",
        image.width, image.height, axis.channels, axis.step_ev, axis.step_ev, axis.first_ev
    );
    let path = folder.join(format!("{name}.rpl"));
    fs::write(&path, header).unwrap();
    path.to_str().unwrap().to_owned()
}

fn picture(path: &Path) -> (Image, Option<f64>) {
    let bytes: Rc<[u8]> = fs::read(path).unwrap().into();
    let mut notices = Notices::default();
    let document = open(
        Rc::new(MemorySource(bytes)),
        &Limits::default(),
        &mut notices,
    )
    .unwrap();
    let image = document.read_plane(0, 0, &mut notices).unwrap().to_image();
    let pixel = document.signals()[0].metadata.pixel_nm.clone();
    (image, pixel.map(|(nm, _)| nm))
}

#[test]
fn maps_are_written_as_pictures_tables_and_json_that_agree() {
    let folder = folder("mapped");
    let (file, out) = (folder.join("cu_mg.hspy"), folder.join("out"));
    let made = copper_in_magnesium(&file);
    let done = alloyscope(&[
        "map",
        file.to_str().unwrap(),
        "--edge",
        "Cu_L3",
        "--edge",
        "Mg_K",
        "--picked-first",
        "Mg",
        "--out",
        out.to_str().unwrap(),
    ]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    let printed = words(&done.stdout);
    assert!(
        printed.contains("Cu_L3 is inside, Mg_K outside"),
        "{printed}"
    );
    assert!(printed.contains("the order of pick-up is inverted"));

    let json = fs::read_to_string(out.join("maps.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    for key in [
        "version",
        "composition",
        "title",
        "pixel_nm",
        "maps",
        "particle_px",
        "order",
        "order_unit",
        "remarks",
        "notices",
    ] {
        assert!(!json[key].is_null(), "{key}");
    }
    assert_eq!(json["pixel_nm"], 0.2);
    assert_eq!(json["order_unit"], "nm");

    let table = fs::read_to_string(out.join("maps.csv")).unwrap();
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some("x,y,Cu_L3,Cu_L3_se,Mg_K,Mg_K_se"));
    let rows: Vec<Vec<f32>> = lines
        .map(|l| l.split(',').map(|c| c.parse().unwrap()).collect())
        .collect();
    assert_eq!(rows.len(), made.image.pixels());
    for (index, name) in ["Cu_L3", "Mg_K"].into_iter().enumerate() {
        let (values, pixel_nm) = picture(&out.join(format!("{name}.tif")));
        let (errors, _) = picture(&out.join(format!("{name}_se.tif")));
        assert_eq!((values.width, values.height), (36, 36));
        // Pixels per nm are written as a fraction of a million.
        assert!((pixel_nm.unwrap() - 0.2).abs() < 1e-6);
        for (p, row) in rows.iter().enumerate() {
            assert_eq!((row[0], row[1]), ((p % 36) as f32, (p / 36) as f32));
            // A decimal that is as short as can be reads back as the same number.
            assert_eq!(row[2 + 2 * index], values.values[p]);
            assert_eq!(row[3 + 2 * index], errors.values[p]);
        }
        let map = &json["maps"][index];
        assert_eq!(map["name"], name);
        let total: f64 = values.values.iter().map(|v| f64::from(*v)).sum();
        let stated = map["total_counts"].as_f64().unwrap();
        assert!((total - stated).abs() < 1e-6 * stated);
        // Counts in a window of the edge: fewer than in its first 100 eV, which the truth holds, and most of its first 60.
        let truth: f64 = made.truth[index].iter().sum();
        assert!(
            total > 0.4 * truth && total < truth,
            "{name}: {total} of {truth}"
        );
    }
    let (fraction, _) = picture(&out.join("Cu_L3_fraction.tif"));
    // Copper is in the middle, magnesium alone beyond 8 pixels; single pixels of few counts have none.
    let mean = |from: f64, to: f64| {
        let all = fraction.values.iter().enumerate().filter(|(p, v)| {
            let (x, y) = ((p % 36) as f64 - 17.5, (p / 36) as f64 - 17.5);
            (from..to).contains(&x.hypot(y)) && v.is_finite()
        });
        let (sum, count) = all.fold((0.0, 0.0), |s, (_, v)| (s.0 + f64::from(*v), s.1 + 1.0));
        sum / count
    };
    let (inside, outside) = (mean(0.0, 5.0), mean(9.0, 11.5));
    assert!(inside > outside + 0.2, "{inside} {outside}");
    assert!(fraction.values[0].is_nan());
    let rings = fs::read_to_string(out.join("element_profiles.csv")).unwrap();
    assert!(rings.starts_with("element,radius_nm,value,standard_error,pixels\n"));
    assert!(rings.contains("\nMg_K,"));
    let png = fs::read(out.join("composite.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let svg = fs::read_to_string(out.join("composite.svg")).unwrap();
    assert!(svg.contains("Cu_L3: 0") && svg.contains("nm"));
}

#[test]
fn the_spectra_from_before_heating_give_the_mixing_of_the_elements() {
    let folder = folder("heated");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    let truth = 0.06;
    // Of one name, in folders of two states.
    for (state, dtau) in [("cold", 0.0), ("hot", truth)] {
        fs::create_dir_all(path(state)).unwrap();
        fs::write(path(&format!("{state}/scan.hspy")), spectra(true, dtau).0).unwrap();
    }
    let (cold, hot, out) = (path("cold/scan.hspy"), path("hot/scan.hspy"), path("out"));
    let map = |file: &str, before: &str| {
        let done = alloyscope(&[
            "map",
            file,
            "--edge=Mg_K",
            "--edge=Cu_L3",
            "--before",
            before,
            "--dwell-s=600",
            "--out",
            &out,
        ]);
        assert!(done.status.success(), "{}", words(&done.stderr));
        let json = fs::read_to_string(Path::new(&out).join("maps.json")).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        (json["mixing"].clone(), words(&done.stdout))
    };
    let (found, said) = map(&hot, &cold);
    assert_eq!(found[0][0], "fraction");
    let value = &found[0][1]["Value"];
    let number = |name: &str| value[name].as_f64().unwrap();
    let error = number("standard_error").hypot(number("shape_error"));
    // One draw of known seed.
    assert!((number("dtau") - truth).abs() < 3.0 * error, "{value}");
    assert!(
        said.contains("before, with errors by noise and by the shape then: 0.0"),
        "{said}"
    );
    // Copper and magnesium form compounds: no D, whatever the time.
    assert!(!said.contains("m²/s"), "{said}");
    // The same state once more, with other noise: a limit, no value.
    fs::write(path("hot/scan.hspy"), spectra_of(true, 0.0, 4).0).unwrap();
    let (found, said) = map(&hot, &cold);
    assert!(
        found[0][1]["AtMost"].as_f64().unwrap() < 0.5 * truth,
        "{found}"
    );
    assert!(said.contains("at most"), "{said}");
}

#[test]
fn an_edge_that_is_not_there_is_refused_with_what_to_try() {
    let folder = folder("not-mapped");
    let (file, out) = (folder.join("cu_mg.hspy"), folder.join("out"));
    copper_in_magnesium(&file);
    for (edge, what, remedy) in [
        ("Cu_X9", "Cu_X9", "Cu_L3 or Mg_K"),
        ("Au_M5", "2206", "within the spectrum"),
    ] {
        let done = alloyscope(&[
            "map",
            file.to_str().unwrap(),
            "--edge",
            edge,
            "--out",
            out.to_str().unwrap(),
        ]);
        assert_eq!(done.status.code(), Some(2), "{edge}");
        let said = words(&done.stderr);
        assert!(said.contains(what) && said.contains(remedy), "{said}");
        assert!(!out.join("maps.json").exists());
    }
}

/// The Cu L edge of one state on a power law, moved by `shift_ev`, as EMSA writes spectra.
fn edge_of(state: &str, shift_ev: f64, path: &Path) {
    let axis = EnergyAxis {
        first_ev: 850.0,
        step_ev: 0.25,
        channels: 600,
    };
    let moved = EnergyAxis {
        first_ev: axis.first_ev - shift_ev,
        ..axis
    };
    let references = Reference::copper();
    let reference = references.iter().find(|r| r.name == state).unwrap();
    let mut noise = Noise::new(11);
    let mut file = format!(
        "#FORMAT      : EMSA/MAS Spectral Data File\n#VERSION     : 1.0\n#TITLE       : {state}\n#NPOINTS     : 600\n#NCOLUMNS    : 1\n#XUNITS      : eV\n#YUNITS      : counts\n#DATATYPE    : Y\n#XPERCHAN    : 0.25\n#OFFSET      : 850\n#SIGNALTYPE  : ELS\n#SPECTRUM    :\n"
    );
    for (edge, ev) in reference.on(&moved, 0.5).iter().zip(axis.energies_ev()) {
        let mean = 3000.0 * (ev / 900.0).powf(-3.0) + 6000.0 * edge;
        file.push_str(&format!("{}\n", noise.poisson(mean)));
    }
    file.push_str("#ENDOFDATA   :\n");
    fs::write(path, file).unwrap();
}

#[test]
fn the_valence_is_told_and_printed_with_true_minus_signs() {
    let folder = folder("valence");
    let file = folder.join("cuo.msa");
    edge_of("CuO", -0.6, &file);
    let file = file.to_str().unwrap();
    let done = alloyscope(&["valence", file, "--resolution-ev", "0.5", "--json"]);
    assert!(done.status.success(), "{}", words(&done.stderr));
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    for key in [
        "verdict",
        "fractions",
        "mean",
        "interval",
        "interval_95",
        "systematic",
        "shift_ev",
        "chi2_red",
        "fingerprint",
        "curve",
    ] {
        assert!(!json[key].is_null(), "{key}");
    }
    assert_eq!(json["verdict"]["Mostly"], "CuO");
    // Two steps of the shifts that are tried; the machine's numbers keep their hyphen.
    assert!((json["shift_ev"].as_f64().unwrap() + 0.6).abs() < 0.1);

    let read = alloyscope(&["valence", file, "--resolution-ev", "0.5"]);
    let read = words(&read.stdout);
    assert!(read.starts_with("mostly CuO\n"), "{read}");
    assert!(read.contains("axis moved by \u{2212}0.6"), "{read}");
    assert!(!read.contains(" -"), "{read}");

    let coarse = words(&alloyscope(&["valence", file, "--resolution-ev", "2.5"]).stdout);
    assert!(coarse.starts_with("cannot tell:\n"), "{coarse}");
    assert!(coarse.contains("monochromator"));
}

#[test]
fn references_of_the_same_instrument_take_the_place_of_the_built_in_shapes() {
    let folder = folder("references");
    let path = |name: &str| folder.join(name).to_str().unwrap().to_owned();
    for state in ["Cu", "Cu2O", "CuO"] {
        edge_of(state, 0.0, Path::new(&path(&format!("{state}.msa"))));
    }
    let own = |name: &str, valence: u8, state: &str| {
        format!(
            "--reference={name}={valence}={}",
            path(&format!("{state}.msa"))
        )
    };
    let file = path("Cu2O.msa");
    let asked = [
        own("foil", 0, "Cu"),
        own("cuprite", 1, "Cu2O"),
        own("tenorite", 2, "CuO"),
    ];
    let mut words_of = vec!["valence", file.as_str(), "--resolution-ev", "0.5", "--json"];
    words_of.extend(asked.iter().map(String::as_str));
    let done = alloyscope(&words_of);
    assert!(done.status.success(), "{}", words(&done.stderr));
    let json: serde_json::Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!(json["verdict"]["Mostly"], "cuprite");
    assert_eq!(json["systematic"], 0.0);
    assert!(
        (json["mean"].as_f64().unwrap() - 1.0).abs() < 0.05,
        "{}",
        json["mean"]
    );

    let missing = own("foil", 0, "nothing");
    for (wrong, said) in [
        (vec![asked[0].as_str()], "two at least"),
        (
            vec![asked[0].as_str(), "--reference=Cu2O"],
            "NAME=VALENCE=FILE",
        ),
        (vec![asked[0].as_str(), missing.as_str()], "nothing.msa"),
    ] {
        let done = alloyscope(&[&["valence", file.as_str()], wrong.as_slice()].concat());
        assert_eq!(done.status.code(), Some(2));
        assert!(
            words(&done.stderr).contains(said),
            "{}",
            words(&done.stderr)
        );
    }
}

/// What the maps of a spectrum image say that was opened with an HAADF image of Cu@Mg.
fn beside_an_image(copper_inside: bool) -> Vec<String> {
    let mut experiment = Preset::CuMg.experiment();
    experiment.heating.truncate(1);
    let image = simulate(&experiment, 1).unwrap().frames.remove(0).tiff;
    let files = [
        ("cu_mg.hspy", spectra(copper_inside, 0.0).0),
        ("00_300K.tif", image),
    ];
    let sources = files.iter().map(|(_, bytes)| {
        let bytes: Rc<[u8]> = bytes.clone().into();
        Rc::new(MemorySource(bytes)) as Rc<dyn Source>
    });
    let paths = files.iter().map(|(path, _)| (*path).to_owned()).collect();
    let mut engine = Engine::new();
    let open = Request::Open { paths, add: false };
    let mut frames = 0;
    engine.handle(open, sources.collect(), &mut |event| {
        if let Event::Loaded(loaded) = event {
            frames = loaded.series.frames.len();
        }
    });
    assert_eq!(frames, 1);
    let of = SpectraOf {
        path: "cu_mg.hspy".into(),
        ..SpectraOf::default()
    };
    let method = MapMethod::Windows(MapSettings::default());
    let question = MapQuestion::new(of, ["Cu_L3", "Mg_K"], method);
    let mut said = Vec::new();
    let asked = Request::ElementProfiles(Box::new(question));
    engine.handle(asked, Vec::new(), &mut |event| {
        if let Event::ElementProfiles(answer) = event {
            let remarks = answer.unwrap().remarks;
            said = remarks.iter().map(ToString::to_string).collect();
        }
    });
    said
}

#[test]
fn maps_and_z_contrast_are_held_against_each_other() {
    let said = beside_an_image(true);
    assert!(
        said.iter().any(|s| s.contains("(00_300K.tif) agrees")),
        "{said:?}"
    );
    let said = beside_an_image(false);
    assert!(said[0].starts_with("Mg_K is inside"), "{said:?}");
    assert!(
        said.iter().any(|s| s.contains("contradicts this")),
        "{said:?}"
    );
}

/// What is wrong with the spectra themselves is told in place of fractions and beside counts, and of sound ones nothing is.
#[test]
fn backgrounds_that_are_wrong_are_told() {
    let folder = folder("wrong_backgrounds");
    let out = folder.join("out");
    let read = |file: &str| {
        let edges = ["--edge", "Cu_L3", "--edge", "Mg_K"];
        let [a, b, c, d] = edges;
        let done = alloyscope(&["map", file, a, b, c, d, "--out", out.to_str().unwrap()]);
        words(&done.stdout)
    };
    let (mut behind, mut channels) = (0.0, 0.0);
    let sound = read(&changed(&folder, "sound", &mut |e, count| {
        if e > 1400.0 {
            behind += count;
            channels += 1.0;
        }
        count
    }));
    let level = 0.33 * behind / channels;
    assert!(sound.contains("Atomic per cent"), "{sound}");
    assert!(!sound.contains("The background of"), "{sound}");
    // Nickel that nobody named rises by a fifth of what is there.
    let mut noise = Noise::new(6);
    let nickel = read(&changed(&folder, "nickel", &mut |e, count| {
        let edge = if e > 855.0 { 0.2 * count } else { 0.0 };
        count + noise.poisson(edge) as f64
    }));
    assert!(
        nickel.contains("The background of Cu_L3 leaves"),
        "{nickel}"
    );
    // A dark level too high by a third of the counts behind Mg K.
    let dark = read(&changed(&folder, "dark", &mut |_, count| count - level));
    assert!(
        dark.contains("No atomic fractions: counts below nothing"),
        "{dark}"
    );
}
