//! Texts of the element maps.

use crate::figures::format;
use crate::spectroscopy::{Valence, Verdict};

texts! {
    rooms: "What is looked at";
    heating_series: "Heating series";
    element_maps: "Elemental maps";
    sample_cu_mg: "Cu core, Mg shell: spectrum image";
    mapping: "Mapping elements";
    composite: "Composite";
    palette: "Colors of the composite";
    red_green: "Red, green";
    magenta_green: "Magenta, green";
    spectrum: "Spectrum";
    map_shows: "What the maps show";
    map_counts: "Counts";
    map_significance: "Significance";
    method: "How maps are made";
    by_windows: "Windows";
    by_model: "Model fit";
    edges: "Edges and their windows (eV)";
    edge: "Edge";
    background_from: "Background from";
    background_to: "Background to";
    signal_from: "Signal from";
    signal_to: "Signal to";
    region: "Spectrum of the region";
    region_x: "Column of the region's center";
    region_y: "Row of the region's center";
    region_r: "Radius of the region";
    picked_first: "Picked up first";
    not_known: "not known";
    order_title: "Order";
    element_profiles: "Element profiles";
    valence_title: "Valence of copper";
    resolution: "Resolution (full width at half maximum)";
    calibration: "Standard error of the energy axis";
    valence_help: "L3/L2 is no measure of the valence of copper, and CuO lies below Cu2O and Cu. The fit takes the shape; position and peak over continuum stand beside it.";
    no_single_d: "Cu and Mg form compounds and oxidize in air: no single D is given for this pair.";
    all_counts: "All counts";
    map_counts_unit: "counts";
    composition: "Composition";
    high_tension: "High tension; empty: the file's, or 200 kV";
    collection: "Half angle of collection; empty: 20 mrad, within a factor of two";
    composition_help: "Counts over Bethe cross-sections of free atoms, known to 10 % (K), 15 % (L), 30 % (M): an error that all pixels share. Gray: too few counts.";
    waiting_maps: "Maps appear here.";
    fit_curve: "fit";
    background_curve: "background";
}

/// The windows' fields: label by end.
pub fn window_end(end: usize) -> &'static str {
    match end {
        0 => background_from(),
        1 => background_to(),
        2 => signal_from(),
        _ => signal_to(),
    }
}

/// The curve under an edge; without a name, that of all.
pub fn under_edge(name: &str) -> String {
    match name {
        "" => fit_curve().to_owned(),
        name => format!("{} of {name}", background_curve()),
    }
}

/// What the map of a fraction is called.
pub fn fraction_of(name: &str) -> String {
    let element = name.split('_').next().unwrap_or(name);
    format!("atomic fraction of {element}")
}

/// Columns of the table behind the composition.
pub fn composition_columns() -> Vec<String> {
    [
        "Edge",
        "Atomic fraction, all pixels",
        "Error by counting",
        "Error by cross-sections",
        "Cross-section (barn)",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The verdict in one sentence.
pub fn verdict(v: &Valence) -> String {
    let mean = format!(
        "Mean valence {} (95 % interval by noise {} to {}; by the references ± {}).",
        format::fixed(v.mean, 2),
        format::fixed(v.interval_95.0, 2),
        format::fixed(v.interval_95.1, 2),
        format::fixed(v.systematic, 2)
    );
    match &v.verdict {
        Verdict::Mostly(state) => format!("Mostly {state}. {mean}"),
        Verdict::Mixture => format!("A mixture. {mean}"),
        Verdict::CannotTell(doubts) => {
            let reasons: Vec<String> = doubts.iter().map(ToString::to_string).collect();
            format!("The spectrum cannot tell: {}.", reasons.join("; "))
        }
    }
}

/// What can be read without the fit.
pub fn fingerprint(v: &Valence) -> String {
    let f = &v.fingerprint;
    let expected: Vec<String> = f
        .expected
        .iter()
        .map(|(name, ratio)| format!("{name} {}", format::fixed(*ratio, 1)))
        .collect();
    format!(
        "L3 maximum at {}; over the continuum {} (expected: {}); χ²/ν of the fit {}.",
        format::with_error(f.position_ev, f.position_error_ev, "eV"),
        format::with_error(f.peak_over_continuum, f.peak_error, ""),
        expected.join(", "),
        format::significant(v.chi2_red, 2)
    )
}

/// Columns of the picture of all counts.
pub fn navigator_columns() -> Vec<String> {
    ["columns", "rows", "counts", "± counts"]
        .map(str::to_owned)
        .into()
}

/// Columns of the table behind the maps.
pub fn map_columns() -> Vec<String> {
    [
        "Map",
        "Counts in all",
        "Standard error",
        "Largest significance",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Columns of the table behind the fit of the valence.
pub fn valence_columns() -> Vec<String> {
    ["E (eV)", "Counts", "Fit", "Background", "Residual"]
        .map(str::to_owned)
        .to_vec()
}

/// Columns of the table of fractions.
pub fn fraction_columns() -> Vec<String> {
    ["State", "Fraction", "68 % interval"]
        .map(str::to_owned)
        .to_vec()
}
