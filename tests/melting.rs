//! Mixing times, the size model, models of the melting point and interdiffusion against tables computed independently ("the reference"),
//! to the digits printed in them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::kinetics::{
    Dimension, Interdiffusion, MeltingData, MeltingEntropy, MeltingModel, SizeError, SizeModel,
    SizeRequest, darken, manning, mixing_time_s, size_effect, thermodynamic_factor,
};
use alloyscope::materials::{Excess, Library, Quantity};
use alloyscope::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

/// Half a unit of the last digit that is printed.
fn half_a_digit(text: &str) -> f64 {
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, d)| d.len());
    0.5 * 10f64.powi(exponent.parse::<i32>().unwrap() - decimals as i32)
}

/// Whether a value is the printed one, to the digits printed.
#[track_caller]
fn prints_as(value: f64, text: &str) {
    differs_by_digits(value, text, 0.5);
}

#[track_caller]
fn differs_by_digits(value: f64, text: &str, digits: f64) {
    let printed: f64 = text.parse().unwrap();
    assert!(
        (value - printed).abs() <= 2.000_001 * digits * half_a_digit(text),
        "{value:e} is not {text}"
    );
}

/// Some of the two longest tables' entries were rounded twice (1.3447 to 1.35, 2.954 to 2.9): they are held to one unit of the last digit.
const ROUNDED_TWICE: f64 = 1.0;

/// D0 (m²/s) of silver in gold.
const D0: f64 = 7.2e-6;

fn d(energy: f64, t: f64) -> f64 {
    D0 * libm::exp(-energy / (GAS_CONSTANT * t))
}

fn tau1_s(radius_nm: f64, energy: f64, t: f64) -> f64 {
    mixing_time_s(radius_nm, d(energy, t) / SQUARE_METER_PER_SQUARE_NM).unwrap()
}

/// D of the published law at two energies, and at the bulk's.
#[test]
fn diffusivities_of_the_published_law() {
    for (t, printed) in [
        (300.0, ["1.83e-21", "3.30e-21", "1.96e-35"]),
        (373.0, ["2.06e-18", "3.31e-18", "1.20e-29"]),
        (423.0, ["6.26e-17", "9.52e-17", "7.76e-27"]),
        (448.0, ["2.59e-16", "3.85e-16", "1.15e-25"]),
        (450.0, ["2.89e-16", "4.28e-16", "1.41e-25"]),
        (473.0, ["9.24e-16", "1.35e-15", "1.28e-24"]),
        (498.0, ["2.90e-15", "4.14e-15", "1.12e-23"]),
        (523.0, ["8.16e-15", "1.15e-14", "7.92e-23"]),
        (548.0, ["2.09e-14", "2.89e-14", "4.71e-22"]),
        (573.0, ["4.92e-14", "6.71e-14", "2.39e-21"]),
    ] {
        for (energy, text) in [89_573.0, 88_098.0, 169_800.0].into_iter().zip(printed) {
            differs_by_digits(d(energy, t), text, ROUNDED_TWICE);
        }
    }
}

/// τ₁ (s) of a particle of 2 nm, for the two published energies and two of the bulk.
#[test]
fn mixing_times_of_the_reference() {
    let table: [(f64, [&str; 4]); 7] = [
        (300.0, ["108", "60", "5.5e15", "1.0e16"]),
        (373.0, ["0.096", "0.060", "1.0e10", "1.7e10"]),
        (450.0, ["0.69e-3", "0.46e-3", "9.4e5", "1.4e6"]),
        (498.0, ["68e-6", "48e-6", "1.2e4", "1.8e4"]),
        (523.0, ["24e-6", "17e-6", "1.77e3", "2.50e3"]),
        (548.0, ["9.5e-6", "6.9e-6", "303", "421"]),
        (573.0, ["4.0e-6", "2.9e-6", "60", "83"]),
    ];
    let energies = [89_573.0, 88_098.0, 168_300.0, 169_800.0];
    for (t, printed) in table {
        for (energy, text) in energies.into_iter().zip(printed) {
            differs_by_digits(tau1_s(2.0, energy, t), text, ROUNDED_TWICE);
        }
    }
}

/// The paper's own numbers for S, h, E(∞), r; energies and temperatures as computed independently.
#[test]
fn arithmetic_of_equations_ten_and_eleven() {
    let model = SizeModel {
        bulk_energy_j_mol: 169_800.0,
        entropy_j_mol_k: 9.157 * 1.09,
        atomic_diameter_nm: 0.2889,
        dimension: Dimension::Particle,
    };
    prints_as(model.critical_radius_nm(), "0.8667");
    prints_as(1.95 / model.critical_radius_nm() - 1.0, "1.24991");
    prints_as(model.melting_ratio(1.95).unwrap(), "0.527141");
    prints_as(model.energy_j_mol(1.95).unwrap(), "89508.6");
    let with = |entropy_j_mol_k: f64| SizeModel {
        entropy_j_mol_k,
        ..model
    };
    for (entropy, text) in [
        (9.157 * 0.91, "99491"),
        (9.157, "94368"),
        (9.157 * 1.09, "89509"),
    ] {
        prints_as(with(entropy).energy_j_mol(1.95).unwrap(), text);
    }
    // S_vib is printed as 7.842: half its last digit is 3.3 J/mol of E.
    assert!((with(7.842).energy_j_mol(1.95).unwrap() - 102_677.0).abs() < 3.3);
    let host = |factor: f64| SizeModel {
        bulk_energy_j_mol: 168_300.0,
        // Unrounded: 12 552/1337.33.
        entropy_j_mol_k: 9.385_866 * factor,
        atomic_diameter_nm: 0.2884,
        dimension: Dimension::Particle,
    };
    prints_as(host(1.0).energy_j_mol(1.95).unwrap(), "92344");
    prints_as(host(1.09).energy_j_mol(1.95).unwrap(), "87488");
    // The quoted energies need another radius, entropy, diameter or bulk energy.
    let close = |model: SizeModel, radius: f64, want: f64| {
        // The altered inputs are printed with four to five digits, to which E is some three times as sensitive.
        assert!((model.energy_j_mol(radius).unwrap() / want - 1.0).abs() < 3e-4);
    };
    close(model, 1.9512, 89_573.0);
    close(model, 1.9238, 88_098.0);
    close(with(9.157 * 1.117), 1.95, 88_098.0);
    close(
        SizeModel {
            atomic_diameter_nm: 0.29284,
            ..model
        },
        1.95,
        88_098.0,
    );
    close(
        SizeModel {
            bulk_energy_j_mol: 167_124.0,
            ..model
        },
        1.95,
        88_098.0,
    );
    // Eq. 10 solved for the radius.
    let back = model.radius_of_nm(model.melting_ratio(1.95).unwrap());
    approx::assert_relative_eq!(back.unwrap(), 1.95, max_relative = 1e-12);
    for ratio in [0.0, 1.0, -0.5, f64::NAN] {
        assert_eq!(model.radius_of_nm(ratio), None);
    }
    // α = E/R in K; the paper prints E·R.
    prints_as(88_098.0 / GAS_CONSTANT, "1.0596e4");
    prints_as(89_573.0 / GAS_CONSTANT, "1.0773e4");
    prints_as(88_098.0 * GAS_CONSTANT, "7.3249e5");
    prints_as(89_573.0 * GAS_CONSTANT, "7.4475e5");
}

/// S_vib as eq. 10 wants it.
#[test]
fn entropies_are_chosen_by_name() {
    let library = Library::builtin();
    let silver = library.element("Ag").unwrap();
    assert_eq!(MeltingEntropy::Total.of(&silver), Some(9.147));
    prints_as(MeltingEntropy::Vibrational.of(&silver).unwrap(), "7.84");
    assert_eq!(MeltingEntropy::Given(5.0).of(&silver), Some(5.0));
    assert_eq!(MeltingEntropy::Given(f64::NAN).of(&silver), None);
    let rhodium = library.element("Rh").unwrap();
    assert_eq!(MeltingEntropy::Vibrational.of(&rhodium), None);
}

#[test]
fn wires_and_films_melt_as_their_dimension_says() {
    let with = |dimension| SizeModel {
        bulk_energy_j_mol: 1.0,
        entropy_j_mol_k: 9.147,
        atomic_diameter_nm: 0.28894,
        dimension,
    };
    let [particle, wire, film] = Dimension::ALL.map(with);
    for (model, layers) in [(particle, 3.0), (wire, 2.0), (film, 1.0)] {
        assert!((model.critical_radius_nm() - layers * 0.28894).abs() < 1e-12);
        assert!(model.melting_ratio(model.critical_radius_nm()).is_none());
    }
    // Equal r/r0, equal ratio.
    let at = |m: SizeModel| m.melting_ratio(2.5 * m.critical_radius_nm()).unwrap();
    assert!((at(particle) - at(wire)).abs() < 1e-14 && (at(wire) - at(film)).abs() < 1e-14);
}

/// What the reference computed its Pawlow and Guisbiers columns from. It says: room-temperature volumes, tensions at T_m. Its digits come
/// out with handbook densities (solid 10 490 and 19 300 kg/m³, liquid 9346 and 17 360), tensions
/// rounded to four decimals and the entropy as ΔH/T_m.
fn as_in_the_reference(symbol: &str) -> MeltingData {
    let data = MeltingData::of(&Library::builtin(), symbol, MeltingEntropy::Total).unwrap();
    let (mass, solid, liquid, g_s, g_l) = match symbol {
        "Ag" => (107.868e-3, 10_490.0, 9346.0, 1.0946, 0.9254),
        _ => (196.967e-3, 19_300.0, 17_360.0, 1.3719, 1.1428),
    };
    assert!((data.solid_tension_n_m - g_s).abs() < 6e-5);
    assert!((data.liquid_tension_n_m - g_l).abs() < 6e-5);
    MeltingData {
        solid_volume_m3_mol: mass / solid,
        cold_volume_m3_mol: mass / solid,
        liquid_volume_m3_mol: mass / liquid,
        solid_tension_n_m: g_s,
        liquid_tension_n_m: g_l,
        entropy_j_mol_k: data.melting_enthalpy_j_mol / data.melting_point_k,
        ..data
    }
}

/// T_m (K) by radius: Jiang with S_m and 1.09 S_m, Pawlow, Guisbiers.
const MELTING: [(f64, [&str; 4], [&str; 4]); 4] = [
    (
        1.95,
        ["686.7", "651.3", "1125.2", "808.4"],
        ["733.8", "695.2", "1175.1", "1102.8"],
    ),
    (
        2.5,
        ["836.7", "807.9", "1149.4", "902.3"],
        ["898.0", "866.4", "1210.8", "1154.4"],
    ),
    (
        5.0,
        ["1058.9", "1044.3", "1192.1", "1068.6"],
        ["1142.5", "1126.4", "1274.1", "1245.9"],
    ),
    (
        10.0,
        ["1151.9", "1144.7", "1213.5", "1151.8"],
        ["1245.3", "1237.4", "1305.7", "1291.6"],
    ),
];

#[test]
fn melting_points_of_the_reference() {
    for (radius, silver, gold) in MELTING {
        for (symbol, printed) in [("Ag", silver), ("Au", gold)] {
            let data = as_in_the_reference(symbol);
            let raised = MeltingData {
                entropy_j_mol_k: 1.09 * data.entropy_j_mol_k,
                ..data
            };
            let t = |model: MeltingModel, data: &MeltingData| {
                model.ratio(data, radius).unwrap() * data.melting_point_k
            };
            prints_as(t(MeltingModel::Jiang, &data), printed[0]);
            prints_as(t(MeltingModel::Jiang, &raised), printed[1]);
            prints_as(t(MeltingModel::Pawlow, &data), printed[2]);
            prints_as(t(MeltingModel::Guisbiers, &data), printed[3]);
        }
    }
    let alpha = |symbol| {
        let data = as_in_the_reference(symbol);
        2.0 * (1.0 - MeltingModel::Guisbiers.ratio(&data, 1.0).unwrap())
    };
    prints_as(alpha("Ag"), "1.347");
    prints_as(alpha("Au"), "0.684");
}

/// What the program shows: volumes at T_m, from expansion and density.
#[test]
fn volumes_at_the_melting_point_lower_pawlow_by_fifty_kelvin() {
    let library = Library::builtin();
    for (symbol, solid, liquid) in [
        ("Ag", "1.0902e-5", "1.1543e-5"),
        ("Au", "1.0754e-5", "1.1347e-5"),
    ] {
        let data = MeltingData::of(&library, symbol, MeltingEntropy::Total).unwrap();
        prints_as(data.solid_volume_m3_mol, solid);
        prints_as(data.liquid_volume_m3_mol, liquid);
    }
    let silver = MeltingData::of(&library, "Ag", MeltingEntropy::Total).unwrap();
    prints_as(
        MeltingModel::Pawlow.ratio(&silver, 1.95).unwrap() * silver.melting_point_k,
        "1.07e3",
    );
}

#[test]
fn every_model_ends_at_the_bulk_and_nowhere_else_than_it_says() {
    let library = Library::builtin();
    for element in library.elements() {
        let data = MeltingData::of(&library, &element.symbol, MeltingEntropy::Total).unwrap();
        for model in MeltingModel::ALL {
            let validity = model.validity(&data);
            let at = |r: f64| model.ratio(&data, r);
            let case = format!("{} {model:?} {validity:?}", element.symbol);
            // All models end as 1 - a/r with a of 0.1 to 3 nm.
            assert!((at(1e6).unwrap() - 1.0).abs() < 1e-5, "{case}");
            let mut before = 0.0;
            for k in 1..400 {
                let r = 0.05 * f64::from(k);
                match at(r) {
                    Some(ratio) => {
                        assert!(r > validity.defined_from_nm, "{case} at {r}");
                        assert!(ratio > before && ratio < 1.0, "{case} falls at {r}");
                        before = ratio;
                    }
                    None => assert!(before == 0.0, "{case} is lost at {r}"),
                }
            }
            assert!(at(validity.from_nm).is_some(), "{case}");
            assert!(at(0.0).is_none() && at(-1.0).is_none() && at(f64::NAN).is_none());
        }
        assert_eq!(
            data.solid_tension_by_rule,
            library
                .number(&element.symbol, Quantity::PhaseSolidTension)
                .is_none()
        );
    }
}

/// Gibbs-Thomson is Pawlow's with one radius for both phases: equal where both have one volume.
#[test]
fn models_agree_where_they_must() {
    let data = MeltingData::of(&Library::builtin(), "Au", MeltingEntropy::Total).unwrap();
    let one_volume = MeltingData {
        liquid_volume_m3_mol: data.solid_volume_m3_mol,
        liquid_shell_nm: 0.0,
        ..data
    };
    let ratios = [
        MeltingModel::Pawlow,
        MeltingModel::LiquidShell,
        MeltingModel::GibbsThomson,
    ]
    .map(|model| model.ratio(&one_volume, 3.0).unwrap());
    for ratio in ratios {
        assert!((ratio - ratios[0]).abs() < 1e-14, "{ratios:?}");
    }
}

/// Φ of Ag-Au in the middle, from the fcc excess energy.
#[test]
fn the_thermodynamic_factor_of_silver_gold() {
    let library = Library::builtin();
    let excess = library.pair("Ag", "Au").unwrap().fcc.unwrap();
    for (t, text) in [(573.0, "2.64"), (723.0, "2.30"), (1000.0, "1.94")] {
        prints_as(thermodynamic_factor(0.5, &excess, t), text);
    }
    let solution = Interdiffusion::of(&library, "Ag", "Au").unwrap();
    // Between two end members the middle is their geometric mean; Darken's sum weighs each by the other's share.
    let middle = solution.at(0.5, 573.0);
    let law = |solute, host| library.tracer(solute, host).unwrap().at(573.0);
    let mean = libm::sqrt(law("Ag", "Ag") * law("Ag", "Au"));
    approx::assert_relative_eq!(middle.tracer_a_m2_s, mean, max_relative = 1e-12);
    let average = 0.5 * (middle.tracer_a_m2_s + middle.tracer_b_m2_s);
    approx::assert_relative_eq!(
        middle.interdiffusion_m2_s / average,
        middle.factor * middle.wind,
        max_relative = 1e-12
    );
    // Dilute: D̃ is the tracer diffusion of the dilute element, Φ = 1.
    let dilute = solution.at(0.0, 573.0);
    approx::assert_relative_eq!(
        dilute.interdiffusion_m2_s,
        law("Au", "Ag"),
        max_relative = 1e-12
    );
    assert_eq!(
        darken((3.0, 5.0), 0.25, 2.0),
        2.0 * (0.25 * 3.0 + 0.75 * 5.0)
    );
}

/// Both limits of Manning's factor, its symmetry, and its value for tracers of 3 and 1 in the middle: 1 + 0.2796 · 0.25 · 4 / 4.
#[test]
fn vacancies_drift_towards_what_jumps_more_often() {
    assert_eq!(manning((2.0, 2.0), 0.3), 1.0);
    for x in [0.01, 0.5, 0.9] {
        approx::assert_relative_eq!(manning((1.0, 0.0), x), 1.0 / 0.7815, max_relative = 1e-12);
        let (one, other) = (manning((3.0, 1.0), x), manning((1.0, 3.0), 1.0 - x));
        approx::assert_relative_eq!(one, other, max_relative = 1e-12);
        assert!(one > 1.0 && one < 1.0 / 0.7815);
    }
    approx::assert_relative_eq!(manning((3.0, 1.0), 0.5), 1.069_9, max_relative = 1e-4);
}

#[test]
fn the_factor_is_the_second_derivative_of_the_gibbs_energy() {
    let excess = Excess {
        l0: (-8000.0, 2.0),
        l1: (3000.0, -1.0),
    };
    let t = 700.0;
    let g = |x: f64| {
        let (l0, l1) = excess.at(t);
        GAS_CONSTANT * t * (x * x.ln() + (1.0 - x) * (1.0 - x).ln())
            + x * (1.0 - x) * (l0 + l1 * (1.0 - 2.0 * x))
    };
    for x in [0.1, 0.35, 0.5, 0.8] {
        let step = 1e-3;
        let second = (g(x + step) - 2.0 * g(x) + g(x - step)) / (step * step);
        let want = x * (1.0 - x) * second / (GAS_CONSTANT * t);
        // Differences of second order: (1e-3)² of the fourth derivative, up to 1e3 of the second at x = 0.1.
        assert!((thermodynamic_factor(x, &excess, t) - want).abs() < 1e-3);
    }
    // Cu-Ag written either way is one solution: the odd term follows the order.
    let library = Library::builtin();
    let (one, other) = (
        Interdiffusion::of(&library, "Ag", "Cu").unwrap(),
        Interdiffusion::of(&library, "Cu", "Ag").unwrap(),
    );
    let (a, b) = (one.at(0.2, 900.0), other.at(0.8, 900.0));
    approx::assert_relative_eq!(a.factor, b.factor, max_relative = 1e-12);
    approx::assert_relative_eq!(
        a.interdiffusion_m2_s,
        b.interdiffusion_m2_s,
        max_relative = 1e-12
    );
    assert!(
        one.at(0.5, 900.0).interdiffusion_m2_s < 0.0,
        "Ag-Cu separates at 900 K"
    );
    assert!(Interdiffusion::of(&library, "Cu", "Mg").is_none());
}

fn request() -> SizeRequest {
    SizeRequest {
        solute: "Ag".into(),
        host: "Au".into(),
        radius_nm: 1.95,
        radius_error_nm: Some(0.05),
        melting_of: None,
        entropy: MeltingEntropy::Total,
        atomic_diameter_nm: None,
        dimension: Dimension::Particle,
        bulk_energy_j_mol: None,
        d0_m2_s: None,
        temperatures_k: vec![448.0, 573.0],
    }
}

#[test]
fn one_particle_by_all_models() {
    let library = Library::builtin();
    let effect = size_effect(&library, &request()).unwrap();
    let names: Vec<&str> = effect.models.iter().map(|m| m.name()).collect();
    assert_eq!(names.len(), 6);
    assert_eq!(names[..2], ["bulk", "Jiang (eq. 10)"]);
    let (bulk, jiang) = (&effect.models[0], &effect.models[1]);
    prints_as(bulk.at[1].d_m2_s, "3.3e-21");
    // The reference's 92 344 is of the unrounded entropy.
    assert!((jiang.energy_j_mol.unwrap() - 92_344.0).abs() < 1.0);
    prints_as(jiang.melting_point_k.unwrap(), "733.8");
    let (low, high) = jiang.energy_span_j_mol.unwrap();
    assert!(low < 92_344.0 && 92_344.0 < high);
    assert!(jiang.valid && !effect.models[2].valid);
    for point in &jiang.at {
        let tau = tau1_s(1.95, jiang.energy_j_mol.unwrap(), point.temperature_k);
        approx::assert_relative_eq!(point.tau1_s, tau, max_relative = 1e-12);
    }

    // The paper's own inputs give its own energy.
    let paper = SizeRequest {
        melting_of: Some("Ag".into()),
        entropy: MeltingEntropy::Given(9.157 * 1.09),
        atomic_diameter_nm: Some(0.2889),
        bulk_energy_j_mol: Some(169_800.0),
        ..request()
    };
    let effect = size_effect(&library, &paper).unwrap();
    prints_as(effect.models[1].energy_j_mol.unwrap(), "89508.6");
}

#[test]
fn what_cannot_be_answered_is_said() {
    let library = Library::builtin();
    let refused = |change: &dyn Fn(&mut SizeRequest)| {
        let mut request = request();
        change(&mut request);
        size_effect(&library, &request).unwrap_err()
    };
    let element = refused(&|r| r.host = "Xx".into());
    assert_eq!(element, SizeError::Element("Xx".into()));
    let law = refused(&|r| r.solute = "Mg".into());
    assert!(matches!(law, SizeError::Law { .. }) && law.remedy().contains("give both"));
    let entropy = refused(&|r| {
        r.melting_of = Some("Pt".into());
        r.entropy = MeltingEntropy::Vibrational;
    });
    assert_eq!(entropy, SizeError::Vibrational("Pt".into()));
    for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = refused(&|r| r.radius_nm = value);
        assert!(matches!(error, SizeError::Value { .. }), "{error}");
        refused(&|r| r.temperatures_k = vec![value]);
        refused(&|r| r.d0_m2_s = Some(value));
        refused(&|r| r.entropy = MeltingEntropy::Given(value));
    }
    // Below r0 eq. 10 is silent, and the others stay what they are.
    let small = SizeRequest {
        radius_nm: 0.5,
        ..request()
    };
    let effect = size_effect(&library, &small).unwrap();
    assert!(effect.models[1].energy_j_mol.is_none() && effect.models[1].at.is_empty());
}

/// weights of gold over silver by exponent, and what the exponent 2 overstates.
#[test]
fn ratios_of_image_weights() {
    let library = Library::builtin();
    // The table's ratios are of single atoms: w without the atomic densities.
    let z = |symbol| library.number(symbol, Quantity::AtomicNumber).unwrap();
    let ratio = |n: f64| libm::pow(z("Au") / z("Ag"), n);
    prints_as(ratio(2.0), "2.825");
    prints_as(ratio(1.7), "2.418");
    let excess = ratio(2.0) / ratio(1.85) - 1.0;
    prints_as(100.0 * excess, "8");
    // Cross-section ratios of the table and the exponents printed for them.
    for (ratio, n) in [
        (2.605, "1.84"),
        (2.635, "1.87"),
        (2.675, "1.89"),
        (2.555, "1.81"),
    ] {
        let exponent = libm::log(ratio) / libm::log(z("Au") / z("Ag"));
        differs_by_digits(exponent, n, ROUNDED_TWICE);
    }
    let weights = library.weight("Au", 1.85).unwrap() / library.weight("Ag", 1.85).unwrap();
    approx::assert_relative_eq!(weights, ratio(1.85) * 59.0 / 58.6, max_relative = 1e-12);
}
