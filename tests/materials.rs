//! The library of materials: what it must hold, that its numbers agree with each other, and that rows survive every way they go.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::materials::{
    Blank, Confidence, EntryError, Library, LibraryError, Quantity, Route, Row, RowError, Typed,
    parse_rows, rows_csv,
};
use alloyscope::project::{EdgeChoice, Project, forms_compounds};

const AVOGADRO: f64 = 6.022_140_76e23;

fn row(of: &str, quantity: Quantity, value: f64) -> Row {
    Row {
        of: of.into(),
        quantity,
        value,
        confidence: Confidence::User,
        source: "measured, \"here\"".into(),
        note: String::new(),
    }
}

#[test]
fn the_built_in_table_is_complete_and_says_nothing_twice() {
    let rows = parse_rows(include_str!("../src/materials/library.csv")).unwrap();
    assert_eq!(
        rows,
        Library::builtin().rows().cloned().collect::<Vec<_>>(),
        "what the program knows is what the file says"
    );
    for (i, row) in rows.iter().enumerate() {
        assert!(!row.source.is_empty(), "{row:?} has no source");
        assert!(!rows[..i].iter().any(|r| r.replaces(row)), "{row:?} again");
        let sentence =
            row.quantity.unit() != "flag" || !row.of.contains('-') || row.note.ends_with('.');
        assert!(sentence, "{row:?} does not say what follows");
    }
    let library = Library::builtin();
    let elements = library.elements();
    let symbols: Vec<&str> = elements.iter().map(|e| e.symbol.as_str()).collect();
    assert_eq!(
        symbols,
        [
            "Mg", "Al", "Fe", "Co", "Ni", "Cu", "Rh", "Pd", "Ag", "Ir", "Pt", "Au"
        ]
    );
    let pairs = library.pairs();
    assert_eq!(pairs.len(), 14);
    for pair in pairs {
        assert!(!pair.applicability.is_empty(), "{pair:?} is not judged");
        for symbol in [&pair.first, &pair.second] {
            assert!(library.missing(symbol).is_empty());
        }
    }
}

#[test]
fn every_quantity_is_found_by_its_name() {
    assert_eq!(Quantity::all().count(), 61);
    for quantity in Quantity::all() {
        assert_eq!(quantity.name().parse(), Ok(quantity));
    }
}

/// Numbers are printed with three or four digits: half a unit of the third.
const PRINTED: f64 = 2e-3;

#[test]
fn lattice_and_melting_data_agree_with_each_other() {
    let library = Library::builtin();
    for e in library.elements() {
        let close = |a: f64, b: f64, what: &str| {
            assert!(
                (a / b - 1.0).abs() < PRINTED,
                "{}: {what} {a} or {b}",
                e.symbol
            );
        };
        close(
            AVOGADRO / (e.atomic_density_per_nm3 * 1e27),
            e.molar_volume_m3_mol,
            "V_m",
        );
        close(
            e.melting_enthalpy_j_mol / e.melting_point_k,
            e.melting_entropy_j_mol_k,
            "S_m",
        );
        if library.number(&e.symbol, Quantity::Fcc) == Some(1.0)
            && library.number(&e.symbol, Quantity::Bcc).is_none()
            && library.number(&e.symbol, Quantity::Hcp).is_none()
        {
            close(4.0 / e.lattice_a_nm.powi(3), e.atomic_density_per_nm3, "n");
            close(e.lattice_a_nm / 2f64.sqrt(), e.atomic_diameter_nm, "h");
        }
    }
}

#[test]
fn gibbs_energies_of_fusion_vanish_at_the_melting_point() {
    let library = Library::builtin();
    for symbol in ["Mg", "Cu", "Ag", "Au"] {
        let of = |q| library.number(symbol, q).unwrap_or_default();
        let t = of(Quantity::MeltingPoint);
        let below = of(Quantity::FusionG0)
            + of(Quantity::FusionG1) * t
            + of(Quantity::FusionG7) * t.powi(7);
        // Reference: about 0.01 J/mol at T_m, which is given to 0.01 K (9 J/mol/K: 0.1 J/mol).
        assert!(below.abs() < 0.1, "{symbol}: {below} J/mol");
    }
    let of = |q| library.number("Ag", q).unwrap();
    let t = of(Quantity::MeltingPoint);
    let above = of(Quantity::FusionAboveG0)
        + of(Quantity::FusionAboveG1) * t
        + of(Quantity::FusionAboveGM9) * t.powi(-9);
    assert!(above.abs() < 0.1, "{above} J/mol");
}

#[test]
fn the_vibrational_part_of_the_melting_entropy_is_that_of_the_reference() {
    // Reference: 7.84 (Ag), 7.77 (Au).
    for (symbol, s) in [("Ag", 7.84), ("Au", 7.77)] {
        let element = Library::builtin().element(symbol).unwrap();
        assert!((element.vibrational_entropy_j_mol_k().unwrap() - s).abs() < 0.005);
    }
}

#[test]
fn laws_of_diffusion_give_the_values_of_the_reference() {
    // Reference, m²/s at 573 K and 723 K, to the two digits printed.
    let library = Library::builtin();
    for (solute, host, at_573, at_723) in [
        ("Ag", "Au", 3.3e-21, 5.0e-18),
        ("Au", "Au", 1.1e-21, 2.2e-18),
        ("Au", "Ag", 3.2e-23, 2.1e-19),
    ] {
        let law = library.tracer(solute, host).unwrap();
        assert!((law.at(573.0) / at_573 - 1.0).abs() < 0.04, "{law:?}");
        assert!((law.at(723.0) / at_723 - 1.0).abs() < 0.04, "{law:?}");
    }
    let both = library
        .tracer_diffusion("Ag", "Ag")
        .into_iter()
        .find(|law| law.label == "two terms")
        .unwrap();
    // The reference prints 1.6e-21 and 2.7e-18 for Ag in Ag: 5 and 6 % above the law of two terms and 12 and 16 % above the
    // one of a single term, for no reason that could be found. Half its last digit is 3 and 2 %.
    assert!((both.at(573.0) / 1.6e-21 - 1.0).abs() < 0.07);
    assert!((both.at(723.0) / 2.7e-18 - 1.0).abs() < 0.07);
    // At 1100 K both terms count: 4.6e-6 exp(-169.8e3/RT) = 4.0e-14, 3.3e-4 exp(-218.1e3/RT) = 1.5e-14.
    assert!(
        (both.at(1100.0) / 5.4e-14 - 1.0).abs() < 0.02,
        "{}",
        both.at(1100.0)
    );
    let boundary = &library.boundary_diffusion("Au", "Au")[0];
    // δ·D0 = 3.1e-16 m³/s over δ = 0.5 nm.
    assert!((boundary.d0_m2_s / 6.2e-7 - 1.0).abs() < 1e-12);
    assert_eq!(boundary.route, Route::Boundary { width_nm: 0.5 });
    assert_eq!(
        library.surface_diffusion("Ag", "Au")[0].span_m2_s,
        (1e-21, 1e-20)
    );
    assert_eq!(library.melting_points("Ag").len(), 2);
    assert_eq!(library.melting_points("Au")[0].error_k, Some(50.0));
}

#[test]
fn a_pair_is_the_same_in_either_order_and_odd_parameters_change_sign() {
    let library = Library::builtin();
    assert_eq!(library.pair("Ag", "Cu"), library.pair("Cu", "Ag"));
    assert!(library.pair("Cu", "Ag").unwrap().is(Quantity::Gap));
    assert!(library.pair("Rh", "Mg").is_none());
    let number = |of, q| library.number(of, q).unwrap();
    assert_eq!(
        number("Cu-Ag", Quantity::FccL0),
        number("Ag-Cu", Quantity::FccL0)
    );
    assert_eq!(
        number("Cu-Ag", Quantity::FccL1),
        -number("Ag-Cu", Quantity::FccL1)
    );
    let edited = Library::with(&[row("Cu-Ag", Quantity::FccL1, 4000.0)]);
    assert_eq!(edited.number("Ag-Cu", Quantity::FccL1), Some(-4000.0));
    assert_eq!(
        edited.pair("Ag", "Cu").unwrap().fcc.unwrap().at(1000.0).1,
        -4000.0
    );
}

#[test]
fn contrast_tells_which_pairs_an_image_can_show() {
    let library = Library::builtin();
    let index = |pair: (&str, &str)| library.contrast_index(pair, 2.0).unwrap();
    // 1 - (58.6·47²)/(59.0·79²)
    assert!((index(("Ag", "Au")) - (1.0 - 58.6 * 2209.0 / (59.0 * 6241.0))).abs() < 1e-12);
    assert_eq!(index(("Ag", "Au")), index(("Au", "Ag")));
    for pair in library.pairs() {
        let little = index((&pair.first, &pair.second)) < 0.2;
        assert_eq!(little, pair.is(Quantity::NoContrast), "{pair:?}");
    }
    assert_eq!(library.contrast_index(("Ag", "Xx"), 2.0), None);
}

#[test]
fn rows_survive_the_file_and_the_project() {
    let mut library = Library::builtin();
    library
        .set(row("Ag in Au", Quantity::Q, 1.0 / 3.0 * 1e3))
        .unwrap();
    library
        .set(row("Zn", Quantity::AtomicNumber, 30.0))
        .unwrap();
    let text = library.to_csv();
    let rows: Vec<Row> = library.rows().cloned().collect();
    assert_eq!(
        parse_rows(&text).unwrap(),
        rows,
        "every number to its last bit"
    );
    assert_eq!(
        Library::with(&rows).edits().len(),
        2,
        "what is built in is not kept twice"
    );
    let semicolons = text.replace(',', ";");
    assert_eq!(parse_rows(&semicolons).unwrap().len(), rows.len());

    let project = Project {
        materials: library.edits(),
        ..Project::default()
    };
    let saved = serde_json::to_string(&project).unwrap();
    let opened: Project = serde_json::from_str(&saved).unwrap();
    assert_eq!(opened, project);
    assert_eq!(
        opened.library().tracer("Ag", "Au").unwrap().energy_j_mol,
        1e6 / 3.0
    );

    let mut old: serde_json::Value = serde_json::to_value(Project::default()).unwrap();
    old.as_object_mut().unwrap().remove("materials").unwrap();
    let opened: Project = serde_json::from_value(old).unwrap();
    assert_eq!(
        opened,
        Project::default(),
        "a project saved before there were edits"
    );
}

#[test]
fn an_edit_counts_before_the_table_and_a_new_element_is_told_what_it_lacks() {
    let mut library = Library::builtin();
    library
        .set(row("Ag", Quantity::MeltingPoint, 1000.0))
        .unwrap();
    library
        .set(row("Ag", Quantity::MeltingPoint, 1100.0))
        .unwrap();
    assert_eq!(library.element("Ag").unwrap().melting_point_k, 1100.0);
    assert_eq!(library.edits().len(), 1);
    assert_eq!(library.rows().count(), Library::builtin().rows().count());
    assert_eq!(
        library
            .row("Ag", Quantity::MeltingPoint)
            .unwrap()
            .confidence,
        Confidence::User
    );

    library
        .set(row("Zn", Quantity::AtomicNumber, 30.0))
        .unwrap();
    library
        .set(row("Zn", Quantity::AtomicDensity, 65.7))
        .unwrap();
    assert!(library.element("Zn").is_none());
    assert!(library.missing("Zn").contains(&Quantity::MeltingPoint));
    assert!(
        library.weight("Zn", 1.85).is_some(),
        "an image asks for no more"
    );
    assert_eq!(library.elements().len(), 12);

    let refused = library.set(row("Ag", Quantity::MeltingPoint, -1.0));
    assert!(matches!(refused, Err(RowError::Value { .. })));
    let refused = library.set(row("Ag", Quantity::Q, 100.0));
    assert!(matches!(refused, Err(RowError::Subject { .. })));
}

#[test]
fn units_are_converted_and_blanks_have_defaults() {
    let text = "value;unit;quantity;of\n1,76;eV;q;Ag in Ag\n0.043;cm2/s;d0;Ag in Ag\n2.9;A;atomic_diameter;Ag\n1000;;melting_point;Ag\n";
    let rows = parse_rows(text).unwrap();
    let values: Vec<f64> = rows.iter().map(|r| r.value).collect();
    for (value, want) in values.iter().zip([169.814_184, 4.3e-6, 0.29, 1000.0]) {
        assert!((value / want - 1.0).abs() < 1e-8, "{value} for {want}");
    }
    assert!(rows.iter().all(|r| r.confidence == Confidence::User));
}

#[test]
fn what_cannot_be_read_is_said_with_its_line_and_what_to_try() {
    let head =
        "of,quantity,value,unit,confidence,source,note\nAg,melting_point,1234,K,verified,here,\n";
    let refused = |line: &str| parse_rows(&format!("{head}{line}\n")).unwrap_err();
    let said = |error: &LibraryError| {
        let inner = std::error::Error::source(error).map_or(String::new(), |e| format!(": {e}"));
        format!("{error}{inner}")
    };
    for (line, what, remedy) in [
        (
            "Ag,meltng_point,1,K",
            "line 3: there is no quantity 'meltng_point'",
            "melting_point",
        ),
        (
            "Ag,melting_point,1,F",
            "line 3: 'F' is not a unit of melting_point",
            "convert the number to K",
        ),
        (
            "Ag,melting_point,inf,K",
            "line 3: 'inf' is not a finite number",
            "168.3",
        ),
        (
            "Ag,melting_point,,K",
            "line 3: '' is not a finite number",
            "168.3",
        ),
        (
            "Ag,melting_point,-5,K",
            "line 3: melting_point of Ag cannot be −5",
            "in K",
        ),
        (
            "Ag-Au,soluble,0.5,flag",
            "line 3: soluble of Ag-Au cannot be 0.5",
            "1 for yes",
        ),
        (
            "Ag-Au,melting_point,5,K",
            "line 3: melting_point is not a quantity of 'Ag-Au'",
            "Ag",
        ),
        (
            "silver,melting_point,5,K",
            "line 3: melting_point is not a quantity of 'silver'",
            "Ag",
        ),
        (
            "Ag-Ag,soluble,1,flag",
            "line 3: soluble is not a quantity of 'Ag-Ag'",
            "Ag-Au",
        ),
        (
            "Ag,melting_point,5,K,maybe",
            "line 3: 'maybe' says nothing of confidence",
            "verified",
        ),
        (
            "Ag,\"melting_point,5,K",
            "row 3: the quotation marks do not match",
            "of,quantity,value",
        ),
    ] {
        let error = refused(line);
        assert_eq!(said(&error), what);
        assert!(error.remedy().contains(remedy), "{}", error.remedy());
    }
    assert_eq!(
        parse_rows("of,value\nAg,1\n"),
        Err(LibraryError::MissingColumn { column: "quantity" })
    );
    assert!(parse_rows("").is_err());
    assert_eq!(parse_rows("of,quantity,value\n"), Ok(Vec::new()));
}

#[test]
fn no_cut_or_altered_table_panics() {
    let text = rows_csv(Library::builtin().rows());
    for end in (0..text.len()).step_by(997) {
        let mut bytes = text.as_bytes().to_vec();
        let _ = parse_rows(&String::from_utf8_lossy(&bytes[..end]));
        bytes[end] ^= 0x15;
        let _ = parse_rows(&String::from_utf8_lossy(&bytes));
    }
    for of in [
        "", "-", " in ", "(", "Ag (", "Ag () x", "Ag in", "Ag-", "é", "Ag-Au-Cu",
    ] {
        assert!(
            row(of, Quantity::MeltingPoint, 1.0).checked().is_err(),
            "{of}"
        );
        assert!(
            Library::builtin()
                .number(of, Quantity::MeltingPoint)
                .is_none()
        );
    }
}

/// As a user would fill a form: every number that an element needs, some of the pair's.
fn filled(blanks: Vec<Blank>) -> Vec<(Blank, Typed)> {
    let typed = |blank: &Blank| match blank.quantity {
        Quantity::LatticeA => Typed {
            value: "324".into(),
            unit: "pm".into(),
            source: " a handbook ".into(),
        },
        quantity => Typed {
            value: match (blank.required, quantity) {
                (true, _) => "12,5",
                (false, Quantity::FccL1) => "-300",
                (false, Quantity::Gap) => "1",
                _ => " ",
            }
            .into(),
            unit: quantity.unit().into(),
            source: String::new(),
        },
    };
    blanks
        .into_iter()
        .map(|blank| {
            let typed = typed(&blank);
            (blank, typed)
        })
        .collect()
}

#[test]
fn a_new_element_and_its_pair_are_entered_number_by_number() {
    let mut library = Library::builtin();
    let blanks = library.blanks("Ti", "Ag").unwrap();
    let required: Vec<&Blank> = blanks.iter().filter(|b| b.required).collect();
    assert_eq!(required.len(), library.missing("Ti").len());
    assert!(required.iter().all(|b| b.of == "Ti"), "{required:?}");
    for of in ["Ti-Ag", "Ti in Ag", "Ag in Ti"] {
        assert!(blanks.iter().any(|b| b.of == of), "{of}");
    }
    library.fill(&filled(blanks)).unwrap();
    let titanium = library.element("Ti").unwrap();
    assert!((titanium.lattice_a_nm - 0.324).abs() < 1e-12);
    assert_eq!(titanium.molar_mass_g_mol, 12.5);
    let lattice = library.row("Ti", Quantity::LatticeA).unwrap();
    assert_eq!(lattice.confidence, Confidence::User);
    assert_eq!(lattice.source, "a handbook");
    // The pair stands in alphabetical order, its odd parameter with the other sign.
    assert_eq!(library.number("Ag-Ti", Quantity::FccL1), Some(300.0));
    let pair = library.pair("Ti", "Ag").unwrap();
    assert!(pair.is(Quantity::Gap) && pair.applicability[0].sentence.ends_with('.'));
    // What is known is not asked again, nor what a built-in pair has.
    let again = library.blanks("Ag", "Ti").unwrap();
    assert!(
        again
            .iter()
            .all(|b| !b.required && b.quantity != Quantity::Gap)
    );
    assert!(library.blanks("Ag", "").unwrap().is_empty());
    // A project keeps them.
    assert_eq!(Library::with(&library.edits()), library);
}

#[test]
fn what_is_wrong_in_an_entry_is_named_and_nothing_of_it_is_taken() {
    let library = Library::builtin();
    for (first, second) in [("ti", ""), ("", ""), ("", "Ag"), ("Ti", "silver")] {
        let error = library.blanks(first, second).unwrap_err();
        assert!(matches!(error, EntryError::Symbol(_)), "{first} {second}");
        assert!(!error.remedy().is_empty());
    }
    assert_eq!(
        library.blanks("Ag", "Ag"),
        Err(EntryError::Same("Ag".into()))
    );
    let entry = filled(library.blanks("Ti", "").unwrap());
    let refused = |change: &dyn Fn(&mut Typed)| {
        let mut entry = entry.clone();
        change(&mut entry[3].1);
        let mut changed = library.clone();
        let error = changed.fill(&entry).unwrap_err();
        assert_eq!(changed, library);
        assert!(!error.remedy().is_empty(), "{error}");
        error.to_string()
    };
    assert!(refused(&|t| t.value.clear()).contains("missing"));
    assert!(refused(&|t| t.value = "x".into()).contains("'x'"));
    assert!(refused(&|t| t.value = "-1".into()).contains("−1"));
    assert!(refused(&|t| t.unit = "inch".into()).contains("inch"));
    let empty: Vec<_> = library.blanks("Ti", "").unwrap();
    let empty: Vec<_> = empty.into_iter().map(|b| (b, Typed::default())).collect();
    assert_eq!(library.clone().fill(&empty), Err(EntryError::Nothing));
}

/// Maps of their elements have no single D, by whatever name they go.
#[test]
fn pairs_that_form_compounds_are_those_of_the_library() {
    let maps = |names: &[&str]| -> Vec<EdgeChoice> {
        names.iter().map(|name| EdgeChoice::named(*name)).collect()
    };
    for names in [["Cu_L3", "Mg_K"], ["Mg", "Cu"], ["Cu map", "Mg_Ka"]] {
        assert!(forms_compounds(&maps(&names)), "{names:?}");
    }
    for names in [["Ag_M5", "Au_M5"], ["Cu_L3", "Zn_L3"], ["Ag", "Au"]] {
        let library = Library::builtin();
        let [a, b] = names.map(|n| &n[..2]);
        let expected = library.pair(a, b).is_some_and(|p| p.is(Quantity::Compound));
        assert_eq!(forms_compounds(&maps(&names)), expected, "{names:?}");
    }
    assert!(!forms_compounds(&maps(&["Ag_M5", "Au_M5"])));
}
