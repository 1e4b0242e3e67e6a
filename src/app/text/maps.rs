//! Texts of the element maps.

use crate::engine::{Denoised, SpectraTitle};
use crate::figures::format;
use crate::language::{say, word};
use crate::spectroscopy::{Onset, Valence, Verdict};

texts! {
    rooms: "What is looked at" | "Was betrachtet wird";
    heating_series: "Heating series" | "Heizserie";
    element_maps: "Elemental maps" | "Elementkarten";
    sample_cu_mg: "Cu core, Mg shell: spectrum image" | "Cu-Kern, Mg-Schale: Spektrenbild";
    mapping: "Mapping elements" | "Elemente werden kartiert";
    composite: "Composite" | "Überlagerung";
    palette: "Colors of the composite" | "Farben der Überlagerung";
    red_green: "Red, green" | "Rot, Grün";
    magenta_green: "Magenta, green" | "Magenta, Grün";
    spectrum: "Spectrum" | "Spektrum";
    map_shows: "What the maps show" | "Was die Karten zeigen";
    map_counts: "Counts" | "Zählimpulse";
    map_significance: "Significance" | "Signifikanz";
    method: "How maps are made" | "Wie Karten entstehen";
    by_windows: "Windows" | "Fenster";
    by_model: "Model fit" | "Modellanpassung";
    edges: "Edges and their windows (eV)" | "Kanten und ihre Fenster (eV)";
    edge: "Edge" | "Kante";
    background_from: "Background from" | "Untergrund von";
    background_to: "Background to" | "Untergrund bis";
    signal_from: "Signal from" | "Signal von";
    signal_to: "Signal to" | "Signal bis";
    to: "to" | "bis";
    region: "Spectrum of the region" | "Spektrum des Bereichs";
    region_x: "Column of the region's center" | "Spalte der Bereichsmitte";
    region_y: "Row of the region's center" | "Zeile der Bereichsmitte";
    region_r: "Radius of the region" | "Radius des Bereichs";
    picked_first: "Picked up first" | "Zuerst aufgenommen";
    not_known: "not known" | "nicht bekannt";
    order_title: "Order" | "Anordnung";
    element_profiles: "Element profiles" | "Elementprofile";
    add_reference: "Add spectra of known states" | "Spektren bekannter Zustände hinzufügen";
    references_help: "Spectra of Cu, Cu2O, CuO or others from the same instrument, in place of the built-in shapes; kept with the project, links leave them out" | "Spektren von Cu, Cu2O, CuO oder anderen vom selben Gerät, anstelle der eingebauten Formen; sie bleiben beim Projekt, Links lassen sie aus";
    reference_alone: "One alone explains every spectrum: the built-in shapes are used until there are two." | "Eines allein erklärt jedes Spektrum: bis es zwei sind, gelten die eingebauten Formen.";
    references_full: "There are as many reference spectra as a project keeps: remove one first." | "Mehr Referenzspektren behält ein Projekt nicht: zuerst eines entfernen.";
    name_of_state: "Name of the state" | "Name des Zustands";
    valence_of_state: "Valence" | "Valenz";
    remove_reference: "Remove this reference" | "Diese Referenz entfernen";
    spectra_before: "D·t since" | "D·t seit";
    none_before: "—" | "—";
    heated_for: "Heated for" | "Heizdauer";
    valence_title: "Valence of copper" | "Valenz des Kupfers";
    resolution: "Resolution (full width at half maximum)" | "Auflösung (Halbwertsbreite)";
    calibration: "Standard error of the energy axis" | "Standardfehler der Energieachse";
    valence_help: "L3/L2 is no measure of the valence of copper, and CuO lies below Cu2O and Cu. The fit takes the shape; position and peak over continuum stand beside it." | "L3/L2 ist kein Maß für die Valenz des Kupfers, und CuO liegt unter Cu2O und Cu. Die Anpassung nimmt die Form; Lage und Spitze über Kontinuum stehen daneben.";
    no_single_d: "Cu and Mg form compounds and oxidize in air: no single D is given for this pair." | "Cu und Mg bilden Verbindungen und oxidieren an Luft: Für dieses Paar wird kein einzelnes D angegeben.";
    all_counts: "All counts" | "Alle Zählimpulse";
    dark_field: "Dark-field image" | "Dunkelfeldbild";
    navigator: "Picture for choosing pixels" | "Bild zur Pixelauswahl";
    map_counts_unit: "counts" | "Impulse";
    composition: "Composition" | "Zusammensetzung";
    high_tension: "High tension; empty: the file's, or 200 kV" | "Hochspannung; leer: die der Datei oder 200 kV";
    collection: "Half angle of collection; empty: 20 mrad, within a factor of two" | "Halber Sammelwinkel; leer: 20 mrad, auf einen Faktor zwei genau";
    composition_help: "Counts over Bethe cross-sections of free atoms, known to 10 % (K), 15 % (L), 30 % (M): an error that all pixels share. Gray: too few counts." | "Zählimpulse durch Bethe-Wirkungsquerschnitte freier Atome, bekannt auf 10 % (K), 15 % (L), 30 % (M): ein Fehler, den alle Pixel teilen. Grau: zu wenige Impulse.";
    background_fit: "Background" | "Untergrund";
    by_likelihood: "maximum likelihood" | "Maximum Likelihood";
    by_weights: "weighted least squares" | "gewichtete kleinste Quadrate";
    by_two_windows: "two windows (quick look)" | "zwei Fenster (schneller Blick)";
    shared_exponent: "one exponent for all pixels (few counts)" | "ein Exponent für alle Pixel (wenige Impulse)";
    choose_spectra: "Spectra among the files" | "Spektren unter den Dateien";
    energy_axis: "Energy axis" | "Energieachse";
    shift_of_axis: "Axis moved by" | "Achse verschoben um";
    set_axis: "Set the axis by this edge" | "Achse nach dieser Kante stellen";
    set_axis_help: "Moves the energy axis so that the edge rises where the table has it: good to 1 or 2 eV, as tables of edges are" | "Verschiebt die Energieachse so, dass die Kante ansteigt, wo die Tabelle sie hat: auf 1 oder 2 eV genau, wie Kantentabellen sind";
    single_scattering: "Take off plural scattering" | "Mehrfachstreuung abziehen";
    denoise: "Principal components (for the eye)" | "Hauptkomponenten (fürs Auge)";
    components: "Number of components; empty: those above the noise" | "Zahl der Komponenten; leer: die über dem Rauschen";
    waiting_maps: "Maps appear here." | "Karten erscheinen hier.";
    fit_curve: "fit" | "Anpassung";
    background_curve: "background" | "Untergrund";
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
        name => say!("{} of {name}" | "{} von {name}", background_curve()),
    }
}

/// File and title of spectra.
pub fn spectra_of(spectra: &SpectraTitle) -> String {
    // With its folder: files of one name are of different states.
    let file = &spectra.place.file;
    match spectra.title.as_str() {
        "" => file.clone(),
        title => format!("{file}: {title}"),
    }
}

/// That zero is where the low loss has it.
pub fn zero_loss_of(title: &str) -> String {
    say!("Zero by the zero-loss peak of {title}" | "Null nach dem Zero-Loss-Peak von {title}")
}

/// That an image is fitted with the profiles.
pub fn with_image(file: &str) -> String {
    say!(
        "Fit the order together with the image {file}"
            | "Anordnung zusammen mit dem Bild {file} anpassen"
    )
}

/// Where an edge rises.
pub fn rises_at(onset: &Onset, table_ev: f64) -> String {
    say!(
        "rises at {} (table {})" | "steigt bei {} (Tabelle {})",
        format::with_error(onset.energy_ev, onset.standard_error_ev.max(0.01), "eV"),
        format::significant(table_ev, 4)
    )
}

/// What the pictures of principal components are, and are not.
pub fn denoised(denoised: &Denoised) -> String {
    let variances = denoised.variances.iter().take(6);
    let variances: Vec<String> = variances.map(|v| format::significant(*v, 2)).collect();
    say!(
        "Pictures of {} principal components (variances over the noise: {}), for the eye: weak and rare features may be gone. Every number, profile and file is of the counts."
            | "Bilder aus {} Hauptkomponenten (Varianzen über dem Rauschen: {}), fürs Auge: Schwaches und Seltenes kann fehlen. Alle Zahlen, Profile und Dateien sind die der Zählimpulse.",
        denoised.components,
        variances.join("; ")
    )
}

/// What the map of a fraction is called.
pub fn fraction_of(name: &str) -> String {
    let element = name.split('_').next().unwrap_or(name);
    say!("atomic fraction of {element}" | "Atomanteil von {element}")
}

/// Columns of the table behind the composition.
pub fn composition_columns() -> Vec<String> {
    [
        word!("Edge" | "Kante"),
        word!("Atomic fraction, all pixels" | "Atomanteil, alle Pixel"),
        word!("Error by counting" | "Fehler durch Zählen"),
        word!("Error by cross-sections" | "Fehler durch Wirkungsquerschnitte"),
        word!("Cross-section (barn)" | "Wirkungsquerschnitt (barn)"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// The verdict in one sentence.
pub fn verdict(v: &Valence) -> String {
    let mean = say!(
        "Mean valence {} (95 % interval by noise {} to {}; {})."
            | "Mittlere Valenz {} (95-%-Intervall durch Rauschen {} bis {}; {}).",
        format::fixed(v.mean, 2),
        format::fixed(v.interval_95.0, 2),
        format::fixed(v.interval_95.1, 2),
        v.by_references()
    );
    match &v.verdict {
        Verdict::Mostly(state) => {
            let alike = v.alike();
            say!("Mostly {state}{alike}. {mean}" | "Überwiegend {state}{alike}. {mean}")
        }
        Verdict::Mixture => say!("A mixture. {mean}" | "Ein Gemisch. {mean}"),
        Verdict::CannotTell(doubts) => {
            let reasons: Vec<String> = doubts.iter().map(ToString::to_string).collect();
            say!(
                "The spectrum cannot tell: {}." | "Das Spektrum lässt es offen: {}.",
                reasons.join("; ")
            )
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
    say!(
        "L3 maximum at {}; over the continuum {} (expected: {}); χ²/ν of the fit {}."
            | "L3-Maximum bei {}; über dem Kontinuum {} (erwartet: {}); χ²/ν der Anpassung {}.",
        format::with_error(f.position_ev, f.position_error_ev, "eV"),
        format::with_error(f.peak_over_continuum, f.peak_error, ""),
        expected.join(", "),
        format::significant(v.chi2_red, 2)
    )
}

/// Standard errors from which oxygen is said to be there.
const OXYGEN: f64 = 5.0;

/// What the O K edge says.
pub fn oxygen(v: &Valence) -> String {
    let Some(net) = v.oxygen else {
        return word!(
            "The spectrum does not reach O K (532 eV): oxygen is no evidence here."
                | "Das Spektrum reicht nicht bis O K (532 eV): Sauerstoff ist hier kein Indiz."
        )
        .to_owned();
    };
    let counts = format::with_error(net.value, net.standard_error, "");
    match net.value > OXYGEN * net.standard_error {
        true => say!(
            "O K stands {counts} counts above its background: oxygen is there, whatever it is bound to."
                | "O K steht mit {counts} Impulsen über seinem Untergrund: Sauerstoff ist da, woran auch immer gebunden."
        ),
        false => say!(
            "O K ({counts} counts) does not stand out: an oxide would show it."
                | "O K ({counts} Impulse) hebt sich nicht ab: ein Oxid würde sie zeigen."
        ),
    }
}

/// From one end to the other.
pub fn from_to(low: &str, high: &str) -> String {
    say!("{low} to {high}" | "{low} bis {high}")
}

/// Columns of the picture of all counts.
pub fn navigator_columns() -> Vec<String> {
    [
        word!("picture" | "Bild"),
        word!("columns" | "Spalten"),
        word!("rows" | "Zeilen"),
        word!("counts" | "Impulse"),
        word!("± counts" | "± Impulse"),
    ]
    .map(str::to_owned)
    .into()
}

/// Columns of the table behind the maps.
pub fn map_columns() -> Vec<String> {
    [
        word!("Map" | "Karte"),
        word!("Counts in all" | "Impulse insgesamt"),
        word!("Standard error" | "Standardfehler"),
        word!("Largest significance" | "Größte Signifikanz"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Columns of the table behind the fit of the valence.
pub fn valence_columns() -> Vec<String> {
    [
        word!("E (eV)" | "E (eV)"),
        word!("Counts" | "Impulse"),
        word!("Fit" | "Anpassung"),
        word!("Background" | "Untergrund"),
        word!("Residual" | "Residuum"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Columns of the table of fractions.
pub fn fraction_columns() -> Vec<String> {
    [
        word!("State" | "Zustand"),
        word!("Fraction" | "Anteil"),
        word!("68 % interval" | "68-%-Intervall"),
    ]
    .map(str::to_owned)
    .to_vec()
}
