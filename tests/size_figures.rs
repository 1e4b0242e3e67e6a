//! The figures of the size effect and of published diffusion: what is drawn where, and what is read there.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "common/synthetic.rs"]
mod synthetic;

use alloyscope::figures::{
    Dash, DiffusivityFigure, Item, Literature, PlotId, SizeFigure, Theme, View, diffusivity,
    size_effect,
};
use alloyscope::kinetics::{MeltingData, MeltingEntropy, MeltingModel, SizeModel};
use alloyscope::materials::{Library, MeltingPoint};
use alloyscope::units::GAS_CONSTANT;

use synthetic::{R_B, canvas, estimate, one_size_effect};

/// Positions are computed in f64 from a handful of operations.
const PIXEL_ROUNDING: f64 = 1e-6;

fn silver() -> MeltingData {
    MeltingData::of(&Library::builtin(), "Ag", MeltingEntropy::Total).unwrap()
}

#[test]
fn curves_are_solid_where_their_model_holds_and_gray_and_dashed_beyond() {
    let theme = Theme::light();
    let figure = one_size_effect(canvas(900.0, 600.0), &theme, View::AUTOMATIC, "Ag");
    let plot = figure.layout.plot(PlotId::SizeEffect).unwrap();
    let data = silver();
    for (index, model) in MeltingModel::ALL.into_iter().enumerate() {
        let from = model.validity(&data).from_nm;
        let on = |dashed: bool| {
            let lines = figure.scene.items.iter().filter_map(|item| match item {
                Item::Line {
                    points,
                    color,
                    dash,
                    ..
                } if points.len() > 20 => {
                    let styled = if dashed {
                        *color == theme.muted && *dash == Dash::Dashed
                    } else {
                        *color == theme.categories[index] && *dash == Dash::Solid
                    };
                    styled.then_some(points)
                }
                _ => None,
            });
            // Ends that were cut at the frame have no radius of their own.
            let follows = |points: &&Vec<(f64, f64)>| {
                points[1..points.len() - 1].iter().all(|&(x, y)| {
                    let (r, t) = plot.to_data(x, y);
                    let want = model.ratio(&data, r).map(|q| q * data.melting_point_k);
                    want.is_some_and(|want| (want - t).abs() < 1e-3)
                })
            };
            let radius = |p: &(f64, f64)| plot.to_data(p.0, p.1).0;
            let line = lines
                .clone()
                .find(follows)
                .unwrap_or_else(|| panic!("{model:?} {dashed}"));
            (radius(&line[0]), radius(line.last().unwrap()))
        };
        let (solid, gray) = (on(false), on(true));
        approx::assert_relative_eq!(solid.0, from, max_relative = PIXEL_ROUNDING);
        approx::assert_relative_eq!(gray.1, from, max_relative = PIXEL_ROUNDING);
        assert!(gray.0 < from && solid.1 > 10.0);
    }
}

/// E on the right belongs to T_m on the left: E = E(∞) T_m/T_m(∞).
#[test]
fn energies_stand_beside_their_melting_points() {
    let figure = one_size_effect(canvas(640.0, 420.0), &Theme::light(), View::AUTOMATIC, "Ag");
    let plot = figure.layout.plots[0];
    let label = figure.scene.items.iter().find_map(|item| match item {
        Item::Text { at, text, .. } if text == "100" && at.0 > plot.rect.right => Some(at.1),
        _ => None,
    });
    let t = 100_000.0 / 168_300.0 * silver().melting_point_k;
    approx::assert_abs_diff_eq!(
        label.unwrap(),
        plot.y_px(t).unwrap(),
        epsilon = PIXEL_ROUNDING
    );
}

#[test]
fn read_outs_say_value_error_and_source() {
    let figure = one_size_effect(canvas(640.0, 420.0), &Theme::light(), View::AUTOMATIC, "Ag");
    let marks = &figure.layout.marks;
    let at_particle: Vec<&str> = marks
        .iter()
        .filter(|m| m.x == R_B)
        .map(|m| m.label.as_str())
        .collect();
    assert_eq!(at_particle.len(), MeltingModel::ALL.len());
    // The reference's 686.7 K; 667 K at 1.90 nm and 705 K at 2.00 nm.
    let jiang = at_particle[0];
    for words in [
        "r = 1.95 ± 0.05 nm",
        "melts at 687 ± 19 K",
        "kJ/mol",
        "error of r alone",
    ] {
        assert!(jiang.contains(words), "{jiang}");
    }
    assert!(!jiang.contains("beyond its validity"));
    assert!(
        at_particle[1].contains("beyond its validity"),
        "{}",
        at_particle[1]
    );
    let elsewhere = marks.iter().find(|m| m.x > 5.0).unwrap();
    assert!(
        elsewhere.label.contains("(model, no error)"),
        "{}",
        elsewhere.label
    );
    let published: Vec<&str> = marks
        .iter()
        .filter(|m| m.label.contains("(2003)"))
        .map(|m| m.label.as_str())
        .collect();
    assert_eq!(published.len(), 2);
    assert!(
        published[0].contains("1150 K (no error published)"),
        "{published:?}"
    );
    for mark in marks {
        let (x, y) = figure.layout.plots[0].to_data(mark.x_px, mark.y_px);
        approx::assert_relative_eq!(x, mark.x, max_relative = PIXEL_ROUNDING);
        approx::assert_relative_eq!(y, mark.y, max_relative = PIXEL_ROUNDING);
    }
    let gold = one_size_effect(canvas(640.0, 420.0), &Theme::light(), View::AUTOMATIC, "Au");
    let buffat = gold.layout.marks.last().unwrap();
    assert!(
        buffat.label.contains("1100 ± 50 K") && buffat.label.contains("not checked"),
        "{}",
        buffat.label
    );
}

#[test]
fn any_numbers_give_a_picture() {
    let theme = Theme::dark();
    let wild = [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300, 1e300];
    for value in wild {
        for field in 0..9 {
            let mut data = silver();
            let fields = [
                &mut data.melting_point_k,
                &mut data.melting_enthalpy_j_mol,
                &mut data.entropy_j_mol_k,
                &mut data.atomic_diameter_nm,
                &mut data.solid_volume_m3_mol,
                &mut data.liquid_volume_m3_mol,
                &mut data.cold_volume_m3_mol,
                &mut data.solid_tension_n_m,
                &mut data.liquid_shell_nm,
            ];
            *fields.into_iter().nth(field).unwrap() = value;
            let point = MeltingPoint {
                radius_nm: value,
                temperature_k: value,
                error_k: Some(value),
                ..Library::builtin().melting_points("Ag").remove(0)
            };
            for view in [
                View::AUTOMATIC,
                View {
                    x: Some((-1.0, value)),
                    y: Some((value, 1.0)),
                },
            ] {
                let figure = size_effect(
                    canvas(400.0, 300.0),
                    &theme,
                    view,
                    &SizeFigure {
                        element: "Ag",
                        data: &data,
                        bulk_energy_j_mol: Some(value),
                        radius_nm: Some(estimate(value, value)),
                        points: std::slice::from_ref(&point),
                    },
                );
                assert!(!figure.to_svg().contains("NaN"), "{field} {value} {view:?}");
            }
        }
    }
}

#[test]
fn published_diffusion_of_a_pair_is_complete_and_cited() {
    let library = Library::builtin();
    let lines = Literature::of_pair(&library, ("Ag", "Au"), estimate(1.95, 0.05));
    let names: Vec<&str> = lines.iter().map(|l| l.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Ag in Au, bulk",
            "Au in Ag, bulk",
            "Ag in Au, eq. 11 at 1.95 nm",
            "Au in Au, grain boundary",
            "Ag in Au, tilt boundary",
            "Ag self",
            "Au self",
            "Au on Au, surface"
        ]
    );
    assert!(lines.iter().all(|l| l.citation.len() > 20));
    // Colors repeat after six lines, patterns then differ.
    for (i, line) in lines.iter().enumerate().skip(6) {
        assert!(line.dash != lines[i - 6].dash, "{}", line.name);
    }
    assert!(
        lines[3].citation.contains("assumed width δ = 0.50 nm"),
        "{}",
        lines[3].citation
    );
    // The span of eq. 11 is that of the radius.
    let model = SizeModel::of(&library.element("Au").unwrap(), 168_300.0);
    let (low, high) = lines[2].energy_span_j_mol.unwrap();
    approx::assert_relative_eq!(low, model.energy_j_mol(1.90).unwrap());
    approx::assert_relative_eq!(high, model.energy_j_mol(2.00).unwrap());
    // Below r0 there is no eq. 11; without an error, no band.
    let small = Literature::of_pair(&library, ("Ag", "Au"), estimate(0.5, 0.05));
    assert_eq!(small.len(), lines.len() - 1);
    let exact = Literature::of_pair(&library, ("Ag", "Au"), estimate(1.95, 0.0));
    assert_eq!(exact[2].energy_span_j_mol, None);
}

#[test]
fn published_diffusion_is_read_where_it_is_drawn() {
    let library = Library::builtin();
    let literature = Literature::of_pair(&library, ("Ag", "Au"), estimate(1.95, 0.05));
    let intervals = synthetic::intervals();
    let what = DiffusivityFigure {
        intervals: &intervals,
        literature: &literature,
        ..DiffusivityFigure::default()
    };
    let view = View {
        x: Some((280.0, 1100.0)),
        y: Some((1e-26, 1e-10)),
    };
    let figure = diffusivity(canvas(900.0, 600.0), &Theme::light(), view, &what);
    let reads = |name: &str| {
        let marks = figure.layout.marks.iter();
        marks
            .filter(|m| m.label.starts_with(name))
            .collect::<Vec<_>>()
    };
    for line in &literature {
        let marks = reads(&line.name);
        assert!(!marks.is_empty(), "{} cannot be read", line.name);
        for mark in marks {
            assert!(mark.label.contains(&line.citation) && mark.label.contains("no error"));
            if line.span_m2_s.is_none() {
                let d = line.d0_m2_s * libm::exp(-line.energy_j_mol / (GAS_CONSTANT * mark.x));
                approx::assert_relative_eq!(mark.y, d, max_relative = 1e-9);
            }
        }
    }
    let (cold, hot): (Vec<_>, Vec<_>) = reads("Ag in Au, bulk")
        .into_iter()
        .partition(|m| m.x < 970.0);
    assert!(
        cold.iter()
            .all(|m| m.label.contains("extrapolated from 970 K to 1280 K"))
    );
    assert!(!hot.is_empty() && hot.iter().all(|m| !m.label.contains("extrapolated")));
    let surface = reads("Au on Au, surface");
    assert!(
        surface[0]
            .label
            .contains("D = 1.0 × 10⁻²¹ to 1.0 × 10⁻²⁰ m² s⁻¹"),
        "{}",
        surface[0].label
    );
    // A click near published lines still selects the frame of a measured point.
    let point = figure
        .layout
        .marks
        .iter()
        .find(|m| m.frame.is_some())
        .unwrap();
    assert_eq!(
        figure.layout.frame_at((point.x_px + 6.0, point.y_px), 26.0),
        point.frame
    );
    // What is not seen is not named.
    let narrow = View {
        x: Some((500.0, 570.0)),
        y: Some((1e-22, 1e-19)),
    };
    let svg = diffusivity(canvas(900.0, 600.0), &Theme::light(), narrow, &what).to_svg();
    assert!(
        svg.contains("Ag in Au, bulk") && !svg.contains("surface") && !svg.contains("boundary")
    );
}
