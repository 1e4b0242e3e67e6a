//! Phase diagrams of small particles against values computed by an independent implementation of the same model, and against what
//! thermodynamics demands of any of them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::materials::Library;
use alloyscope::thermo::{
    Boundary, Phase, PhaseDiagram, Sampling, State, SurfaceTerm, System, butler, gibbs,
    melting_points, phase_diagram,
};

const BULK: f64 = f64::INFINITY;

/// The tables print temperatures to 0.01 K.
const PRINTED_K: f64 = 0.00501;

fn system(first: &str, second: &str) -> System {
    System::of(&Library::builtin(), first, second).unwrap()
}

fn silver_gold() -> System {
    system("Ag", "Au")
}

fn corrected(c_solid: f64) -> SurfaceTerm {
    SurfaceTerm {
        c_solid,
        ..SurfaceTerm::default()
    }
}

fn diagram(system: &System, term: SurfaceTerm, radius_nm: f64, steps: usize) -> PhaseDiagram {
    let sampling = Sampling {
        radius_nm,
        compositions: steps + 1,
    };
    phase_diagram(system, &term, sampling).unwrap()
}

/// Boundaries at multiples of 0.1.
fn tenths(system: &System, term: SurfaceTerm, radius_nm: f64) -> Vec<Boundary> {
    let diagram = diagram(system, term, radius_nm, 10);
    assert_eq!(diagram.boundaries.len(), 11, "{:?}", diagram.undefined);
    diagram.boundaries
}

fn assert_printed(ours: f64, printed: f64, what: &str) {
    assert!(
        (ours - printed).abs() < PRINTED_K,
        "{what}: {ours} where {printed} is printed, {:+.4} K",
        ours - printed
    );
}

#[test]
fn bulk_silver_gold_is_the_assessed_lens() {
    let table = [
        (1250.73, 1252.33, 1.60),
        (1265.92, 1267.98, 2.06),
        (1280.08, 1282.10, 2.01),
        (1292.98, 1294.71, 1.73),
        (1304.45, 1305.79, 1.35),
        (1314.36, 1315.31, 0.94),
        (1322.64, 1323.22, 0.58),
        (1329.24, 1329.53, 0.29),
        // 0.0950 K of ours, where 0.10 is printed: beyond rounding by 0.00004 K, while the two curves agree. The printed curves
        // themselves are 0.09 K apart.
        (1334.13, 1334.22, 0.09),
    ];
    let ours = tenths(&silver_gold(), SurfaceTerm::default(), BULK);
    assert_printed(ours[0].solidus_k, 1234.93, "silver");
    assert_printed(ours[10].solidus_k, 1337.33, "gold");
    for (b, (solidus, liquidus, width)) in ours[1..].iter().zip(table) {
        assert_printed(b.solidus_k, solidus, "solidus");
        assert_printed(b.liquidus_k, liquidus, "liquidus");
        assert_printed(b.liquidus_k - b.solidus_k, width, "width");
    }
    let chord = 0.5 * (ours[0].solidus_k + ours[10].solidus_k);
    assert!((ours[5].solidus_k - chord - 18.3).abs() < 0.05);
}

#[test]
fn melting_points_of_small_silver_and_gold() {
    let table = [
        (50.0, [1229.39, 1329.61], [1226.74, 1326.41]),
        (20.0, [1220.83, 1317.59], [1214.04, 1309.39]),
        (10.0, [1205.82, 1296.35], [1191.68, 1279.17]),
        (5.0, [1172.68, 1248.58], [1141.83, 1210.77]),
        (4.0, [1154.34, 1221.62], [1113.95, 1171.87]),
        (3.0, [1120.66, 1171.18], [1062.29, 1098.54]),
        (2.5, [1090.50, 1124.91], [1015.47, 1030.67]),
        (2.0, [1038.74, 1043.11], [934.00, 909.28]),
    ];
    let system = silver_gold();
    for (radius_nm, plain, larger) in table {
        for (c, printed) in [(1.0, plain), (1.05, larger)] {
            let ours = melting_points(&system, &corrected(c), radius_nm).unwrap();
            for (ours, printed) in ours.into_iter().zip(printed) {
                assert_printed(ours.unwrap(), printed, &format!("r = {radius_nm} nm"));
            }
        }
    }
    // k = 3, printed to 0.1 K.
    let k3 = SurfaceTerm {
        k: 3.0,
        ..SurfaceTerm::default()
    };
    let [silver, gold] = melting_points(&system, &k3, 2.5).unwrap();
    assert!((silver.unwrap() - 835.4).abs() < 0.05, "{silver:?}");
    assert!((gold.unwrap() - 756.6).abs() < 0.05, "{gold:?}");
}

#[test]
fn silver_and_gold_melt_alike_at_the_printed_radius() {
    let system = silver_gold();
    for (c, printed_nm) in [(1.0, 1.951), (1.05, 2.265)] {
        let difference = |radius_nm: f64| {
            let [a, b] = melting_points(&system, &corrected(c), radius_nm).unwrap();
            b.unwrap() - a.unwrap()
        };
        let (below, above) = (printed_nm - 0.0005, printed_nm + 0.0005);
        assert!(
            difference(below) < 0.0 && difference(above) > 0.0,
            "C = {c}"
        );
    }
}

#[test]
fn lenses_of_small_silver_gold() {
    // x; solidus and liquidus at r = 10, 5, 2.5 nm for C = 1, then for C = 1.05.
    type Curves = [(f64, f64); 3];
    let table: [(usize, Curves, Curves); 5] = [
        (
            1,
            [(1221.84, 1223.35), (1188.91, 1190.34), (1107.08, 1108.32)],
            [(1207.46, 1208.93), (1157.54, 1158.87), (1030.83, 1031.86)],
        ),
        (
            3,
            [(1250.58, 1252.30), (1216.85, 1218.26), (1132.46, 1133.25)],
            [(1235.60, 1237.22), (1184.11, 1185.35), (1052.66, 1053.16)],
        ),
        (
            5,
            [(1273.08, 1274.09), (1237.04, 1237.72), (1146.06, 1146.21)],
            [(1257.40, 1258.34), (1202.75, 1203.31), (1061.99, 1062.03)],
        ),
        (
            7,
            [(1288.50, 1288.84), (1249.07, 1249.22), (1148.65, 1148.67)],
            [(1272.19, 1272.50), (1213.33, 1213.43), (1060.60, 1060.70)],
        ),
        (
            9,
            [(1296.19, 1296.21), (1252.16, 1252.17), (1139.06, 1139.45)],
            [(1279.34, 1279.35), (1215.15, 1215.17), (1047.51, 1048.10)],
        ),
    ];
    let system = silver_gold();
    for (i, radius_nm) in [10.0, 5.0, 2.5].into_iter().enumerate() {
        let plain = tenths(&system, corrected(1.0), radius_nm);
        let larger = tenths(&system, corrected(1.05), radius_nm);
        for (x, c100, c105) in table {
            for (ours, printed) in [(plain[x], c100[i]), (larger[x], c105[i])] {
                let what = format!("x = 0.{x}, r = {radius_nm} nm");
                assert_printed(ours.solidus_k, printed.0, &what);
                assert_printed(ours.liquidus_k, printed.1, &what);
            }
        }
    }
}

#[test]
fn gibbs_energies_and_surfaces() {
    let (system, term) = (silver_gold(), SurfaceTerm::default());
    let energy = |phase, x, radius_nm| {
        let state = State {
            x,
            temperature_k: 1000.0,
            radius_nm,
        };
        gibbs(&system, &term, phase, state).unwrap().energy_j_mol
    };
    for (x, radius_nm, liquid, solid) in [
        (0.0, 2.5, 10962.67, 10859.43),
        (0.5, 2.5, 2709.25, 2306.31),
        (1.0, 2.5, 13662.61, 13459.78),
        (0.5, BULK, -6933.72, -9662.90),
    ] {
        assert_printed(energy(Phase::Liquid, x, radius_nm), liquid, "liquid");
        assert_printed(energy(Phase::Solid, x, radius_nm), solid, "solid");
    }
    for (phase, temperature_k, tension, x_surface) in [
        (Phase::Liquid, 1350.0, 1.01295, 0.3405),
        (Phase::Solid, 1200.0, 1.24980, 0.2909),
    ] {
        let state = State {
            x: 0.5,
            temperature_k,
            radius_nm: BULK,
        };
        let surface = butler(&system, &term, phase, state).unwrap();
        // Half a unit of the last digits printed.
        assert!(
            (surface.tension_n_m - tension).abs() < 0.5e-5,
            "{surface:?}"
        );
        assert!(
            (surface.x_surface - x_surface).abs() < 0.5e-4,
            "{surface:?}"
        );
    }
}
