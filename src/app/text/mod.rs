//! All texts of the page, one function each, in both languages side by side (see [`crate::language`]).
//!
//! Rules: short sentences, the field's words, no exclamation marks, no blame. An error says what, where, what to try.

macro_rules! texts {
    ($($name:ident: $english:literal | $german:literal;)*) => {
        $(pub fn $name() -> &'static str { $crate::language::word!($english | $german) })*
    };
}

mod answer;
mod certainty;
mod compare;
mod contents;
mod history;
mod kept;
mod maps;
mod materials;
mod notices;
mod project;
mod share;
mod teach;

pub use answer::*;
pub use certainty::*;
pub use compare::*;
pub use contents::*;
pub use history::*;
pub use kept::*;
pub use maps::*;
pub use materials::*;
pub use notices::*;
pub use project::*;
pub use share::*;
pub use teach::*;

pub use crate::figures::known;

use crate::engine::Stage;
use crate::figures::{Sheet, format};
use crate::language::{say, word};
use crate::project::Provenance;
use crate::signal::ClockKind;
use crate::units::ZERO_CELSIUS_K;

use super::state::Bar;

texts! {
    // The page.
    title: "Alloyscope" | "Alloyscope";
    purpose: "Diffusion constants of core-shell nanoparticles from HAADF-STEM heating series" | "Diffusionskonstanten von Kern-Schale-Nanopartikeln aus HAADF-STEM-Heizserien";
    drop_here: "Drop a heating series." | "Eine Heizserie hier ablegen.";
    private: "Nothing leaves this computer." | "Nichts verlässt diesen Rechner.";
    drop_release: "Open as a new series" | "Als neue Serie öffnen";
    drop_release_add: "Add to this series" | "Zu dieser Serie hinzufügen";
    formats: "Gatan DM3, DM4, DM5; TIA SER with EMI; Velox and NCEM EMD, HyperSpy, HDF5; MRC, RPL with RAW, NumPy; TIFF (8 to 64 bit, stacks), PNG, JPEG, BMP; several files, a folder, a .zip or a project (.alloy); with or without a series.csv and the log of the heater" | "Gatan DM3, DM4, DM5; TIA SER mit EMI; Velox- und NCEM-EMD, HyperSpy, HDF5; MRC, RPL mit RAW, NumPy; TIFF (8 bis 64 Bit, Stapel), PNG, JPEG, BMP; mehrere Dateien, ein Ordner, ein .zip oder ein Projekt (.alloy); mit oder ohne series.csv und Protokoll der Heizung";
    or_sample: "Or look at a sample first: simulated images of known truth, analyzed at once." | "Oder zuerst ein Beispiel ansehen: simulierte Bilder bekannter Wahrheit, sofort ausgewertet.";
    sample_ag_au: "Ag core, Au shell" | "Ag-Kern, Au-Schale";
    sample_au_ag: "Au core, Ag shell" | "Au-Kern, Ag-Schale";
    sample: "Sample" | "Beispiel";
    open: "Open" | "Öffnen";
    open_files: "Open files" | "Dateien öffnen";
    open_folder: "Open folder" | "Ordner öffnen";
    choose_series: "Series shown, of those found in the files" | "Gezeigte Serie, aus denen in den Dateien";
    add_files: "Add files to the series" | "Dateien zur Serie hinzufügen";
    replace_files: "Open files" | "Dateien öffnen";
    undo: "Undo" | "Rückgängig";
    redo: "Redo" | "Wiederholen";
    export: "Export" | "Exportieren";
    help: "Keys and conventions" | "Tasten und Konventionen";
    theme_auto: "Colors: as the system" | "Farben: wie das System";
    theme_light: "Colors: light" | "Farben: hell";
    theme_dark: "Colors: dark" | "Farben: dunkel";
    other_language_short: "DE" | "EN";
    other_language: "DE: Deutsch" | "EN: English";
    cancel: "Cancel" | "Abbrechen";
    errors_checked: "errors still being checked" | "Fehler werden noch geprüft";
    no_frame_named: "its files are not those of this series; leave their column out" | "Ihre Dateien sind nicht die dieser Serie; ihre Spalte weglassen";
    stopped: "Computing was stopped: nothing is known yet of these decisions." | "Die Rechnung wurde abgebrochen: Zu diesen Entscheidungen ist noch nichts bekannt.";
    analyze_again: "Compute" | "Berechnen";
    close: "Close" | "Schließen";
    dismiss: "Put away" | "Ausblenden";
    skip_to_answer: "Skip to the answer" | "Zum Ergebnis springen";
    worker_starting: "Starting" | "Startet";
    worker_crashed: "The computation broke down" | "Die Rechnung ist abgestürzt";
    worker_crashed_remedy: "This is a fault of the program. Undo the last change, or leave out the file it was working on." | "Das ist ein Fehler des Programms. Die letzte Änderung rückgängig machen oder die Datei weglassen, an der es gearbeitet hat.";
    worker_restarted: "The computation broke down and was started anew. Your decisions are kept." | "Die Rechnung ist abgestürzt und wurde neu gestartet. Alle Entscheidungen sind erhalten.";
    worker_unavailable: "The computation cannot be started in this browser" | "Die Rechnung lässt sich in diesem Browser nicht starten";
    worker_unavailable_remedy: "Alloyscope needs workers that import modules and WebAssembly SIMD: Chrome, Edge or Firefox of the last two years, Safari 16.4 or later. From a disk, without a server, only its single-file edition runs." | "Alloyscope braucht Worker, die Module laden, und WebAssembly-SIMD: Chrome, Edge oder Firefox der letzten zwei Jahre, Safari ab 16.4. Von der Festplatte, ohne Server, läuft nur die Ausgabe in einer Datei.";
    decisions_restored: "Your earlier decisions about these files were restored. Undo gives the automatic values." | "Die früheren Entscheidungen zu diesen Dateien sind wieder da. Rückgängig führt zu den automatischen Werten.";

    // Series.
    series: "Series" | "Serie";
    frame: "Frame" | "Bild";
    table: "Table" | "Tabelle";
    table_help: "A frame's temperature and dwell are those of the heating step that ended with that image; the first frame is the initial state. Cells can be pasted from a spreadsheet." | "Temperatur und Haltezeit eines Bildes sind die des Heizschritts, der mit diesem Bild endete; das erste Bild ist der Anfangszustand. Zellen lassen sich aus einer Tabellenkalkulation einfügen.";
    column_file: "File" | "Datei";
    column_dwell: "Dwell (s)" | "Haltezeit (s)";
    column_pixel: "Pixel (nm)" | "Pixel (nm)";
    column_use: "Use" | "Nutzen";
    column_temperature_error: "± (K)" | "± (K)";
    temperature_error: "Error of all temperatures" | "Fehler aller Temperaturen";
    error_kelvin: "Standard error of every temperature in kelvin" | "Standardfehler jeder Temperatur in Kelvin";
    error_percent: "Standard error of every temperature in per cent of the temperature in °C" | "Standardfehler jeder Temperatur in Prozent der Temperatur in °C";
    error_percent_help: "Per cent of the temperature in °C, as makers of heating chips state it; 5 is common" | "Prozent der Temperatur in °C, wie Hersteller von Heizchips ihn angeben; üblich sind 5";
    error_of_step: "each step" | "jeder Schritt";
    error_of_heater: "heater" | "Heizung";
    error_of_help: "What errs: each step by itself, or the calibration of the heater, which moves all steps together" | "Was abweicht: jeder Schritt für sich oder die Kalibrierung der Heizung, die alle Schritte gemeinsam verschiebt";

    // Heater log.
    heating: "Heating" | "Heizverlauf";
    clock_offset: "Clock offset" | "Uhrenversatz";
    clock_offset_help: "Clock of the heater log minus clock of the images. Drag the dashed line in the plot, or type seconds; arrow keys change it by 1 s" | "Uhr des Heizprotokolls minus Uhr der Bilder. Die gestrichelte Linie im Diagramm ziehen oder Sekunden eintippen; Pfeiltasten ändern um 1 s";
    use_log: "Use the log" | "Protokoll nutzen";
    use_log_help: "Take the heating between two images as it was measured, instead of temperature and dwell of the table" | "Das Heizen zwischen zwei Bildern so nehmen, wie es gemessen wurde, statt Temperatur und Haltezeit der Tabelle";
    show_log: "T(t)" | "T(t)";
    excluded: "left out" | "ausgelassen";
    excluded_by_user: "left out by hand" | "von Hand ausgelassen";
    exclude: "Leave out" | "Auslassen";
    include: "Use in the fit" | "In der Anpassung nutzen";
    reason: "Reason" | "Grund";
    initial_state: "initial state" | "Anfangszustand";
    badge_ok: "measured" | "gemessen";
    badge_waiting: "waiting" | "wartet";
    no_dwell: "No dwell times: showing D·t." | "Keine Haltezeiten: gezeigt wird D·t.";
    no_dwell_field: "One dwell for all steps" | "Eine Haltezeit für alle Schritte";
    no_pixel: "No pixel size: lengths are in pixels." | "Keine Pixelgröße: Längen sind in Pixeln.";
    no_pixel_field: "Pixel size" | "Pixelgröße";
    no_temperature: "Some frames have no temperature." | "Einige Bilder haben keine Temperatur.";
    failed_files: "Files that could not be used" | "Dateien, die nicht zu gebrauchen waren";

    // Frame view.
    view_particle: "Particle" | "Partikel";
    view_image: "Image" | "Bild";
    tool_circle: "Circle" | "Kreis";
    tool_mask: "Mask" | "Maske";
    tool_ruler: "Ruler" | "Lineal";
    tool_pan: "Pan" | "Schieben";
    center_x: "x" | "x";
    center_y: "y" | "y";
    radius: "radius" | "Radius";
    automatic_help: "Back to the circle the program finds" | "Zurück zu dem Kreis, den das Programm findet";
    colormap: "Color map" | "Farbskala";
    gray: "Gray" | "Grau";
    viridis: "Viridis" | "Viridis";
    inferno: "Inferno" | "Inferno";
    remove_mask: "Remove" | "Entfernen";
    add_circle: "Add circle" | "Kreis hinzufügen";
    add_polygon: "Add polygon" | "Polygon hinzufügen";
    masks_to_all: "Same masks in all frames" | "Dieselben Masken in allen Bildern";
    mask_corners: "Corners of the polygon: x y; x y; x y" | "Ecken des Polygons: x y; x y; x y";
    mask_help: "Drag a circle or click the corners of a polygon: a double click, the first corner or Enter ends it, Backspace takes one back, Escape gives up." | "Einen Kreis ziehen oder die Ecken eines Polygons anklicken: Doppelklick, erste Ecke oder Enter schließen es, Rücktaste nimmt eine Ecke zurück, Escape gibt auf.";
    ruler_help: "Draw along the scale bar, or type its ends; then type its length." | "Entlang des Maßstabsbalkens ziehen oder seine Enden eintippen; dann seine Länge eintippen.";
    ruler_snap: "Find the bar" | "Balken suchen";
    ruler_length: "Length of the bar" | "Länge des Balkens";
    ruler_unit: "Unit of the length" | "Einheit der Länge";
    ruler_apply: "Use for the whole series" | "Für die ganze Serie nutzen";
    circle_label: "Particle: arrows move the circle by 1 pixel, with Shift by 0.1; [ and ] change the radius; a double click finds the particle under it, F the one around the circle's center; 0 is automatic; x leaves the frame out" | "Partikel: Pfeiltasten bewegen den Kreis um 1 Pixel, mit Umschalt um 0,1; [ und ] ändern den Radius; ein Doppelklick findet das Partikel darunter, F das um den Mittelpunkt des Kreises; 0 ist automatisch; x lässt das Bild aus";

    // Model.
    model: "Model" | "Modell";
    core: "Core" | "Kern";
    shell: "Shell" | "Schale";
    scheme: "Scheme" | "Schema";
    scheme_auto: "Auto" | "Auto";
    scheme_choice_help: "The one that describes the images better; or mole fraction in a fixed density envelope; or densities with D = 0 beyond R_B as eq. 4 is printed" | "Das Schema, das die Bilder besser beschreibt; oder Molenbruch in fester Dichtehülle; oder Dichten mit D = 0 jenseits von R_B, wie Gl. 4 gedruckt ist";
    level: "Level" | "Ebene";
    level_profiles: "Profiles" | "Profile";
    level_auto: "Auto" | "Auto";
    level_pixels: "Pixels" | "Pixel";
    level_help: "Means over round rings; or pixels by direction as well: elliptic rings, and a core off its center; or these only where round rings are not enough" | "Mittel über runde Ringe; oder Pixel auch nach Richtung: elliptische Ringe und ein Kern außerhalb der Mitte; oder dies nur, wo runde Ringe nicht genügen";
    fit_pixels: "Fit pixels" | "Pixel anpassen";
    level_round: "Round rings about one center describe the particle." | "Runde Ringe um einen Mittelpunkt beschreiben das Partikel.";
    contrast: "Contrast" | "Kontrast";
    contrast_exponent: "Z exponent" | "Z-Exponent";
    contrast_ratio: "Ratio" | "Verhältnis";
    contrast_free: "Fitted" | "Angepasst";
    contrast_ratio_help: "w core / w shell" | "w Kern / w Schale";
    psf: "Probe σ" | "Strahl-σ";
    radius_a: "R_A" | "R_A";
    radius_b: "R_B" | "R_B";
    sigma: "Edge σ" | "Kanten-σ";
    free: "free" | "frei";
    fixed: "fixed" | "fest";
    order: "Order" | "Reihenfolge";
    order_joint: "All frames jointly" | "Alle Bilder gemeinsam";
    order_sequential: "Step by step" | "Schritt für Schritt";
    confidence: "Confidence" | "Konfidenz";
    fixed_d0: "Fixed D₀" | "Festes D₀";
    d_ratio: "ln D ratio" | "ln D-Verhältnis";

    swap: "Swap core and shell" | "Kern und Schale tauschen";
    fit_contrast: "Fit the contrast" | "Kontrast anpassen";
    take_probe: "Take this probe" | "Diesen Strahl nehmen";
    reference: "Shape from" | "Form aus";
    reference_help: "Frame that gives the initial profile" | "Bild, das das Anfangsprofil gibt";
    pair: "Pair" | "Paar";
    pair_assumed: "assumed" | "angenommen";
    core_in_shell: "in" | "in";
    not_converged: " · not converged" | " · nicht konvergiert";
    no_progress: " · no further progress" | " · kein weiterer Fortschritt";
    toggle_help: "Free: fitted. Fixed: held at this value." | "Frei: angepasst. Fest: auf diesem Wert gehalten.";
    d_ratio_help: "ln (D in the core's material / D in the shell's): 0 for one D everywhere" | "ln (D im Material des Kerns / D in dem der Schale): 0 für überall dasselbe D";
    celsius_switch: "Kelvin or degrees Celsius" | "Kelvin oder Grad Celsius";

    // Figures.
    profile_of_frame: "Profile of the frame" | "Profil des Bildes";
    column_value: "Value" | "Wert";
    column_error: "Standard error" | "Standardfehler";
    column_pixels: "Pixels" | "Pixelzahl";
    column_model: "Model" | "Modell";
    profiles: "Profiles" | "Profile";
    diffusivity: "Diffusivity" | "Diffusion";
    over_t: "T" | "T";
    over_inverse_t: "1000/T" | "1000/T";
    all_pixels: "All pixels" | "Alle Pixel";
    save_csv_intervals: "Intervals (CSV)" | "Intervalle (CSV)";
    save_csv_profiles: "Profiles (CSV)" | "Profile (CSV)";
    save_json: "Everything (JSON)" | "Alles (JSON)";
    save_python: "Python script" | "Python-Skript";
    save_report: "Report (HTML, for print too)" | "Bericht (HTML, auch für Druck; englisch)";
    data_table: "Data table" | "Wertetabelle";
    save_figure: "Save the figure" | "Abbildung speichern";
    save_csv: "CSV" | "CSV";
    save_svg: "SVG" | "SVG";
    save_png: "PNG" | "PNG";
    copy_png: "Copy" | "Kopieren";
    sheet_label: "Size" | "Größe";
    unit_row: "CSV with a row of units (Origin)" | "CSV mit Einheitenzeile (Origin)";
    commas: "CSV with decimal commas" | "CSV mit Dezimalkomma";
    waiting_profiles: "The profiles appear here as soon as the frames are measured." | "Die Profile erscheinen hier, sobald die Bilder gemessen sind.";
    waiting_diffusivity: "D of every heating step appears here." | "D jedes Heizschritts erscheint hier.";
    plot_keys: "Arrows move, + and − zoom, 0 shows the whole, Page Up and Page Down go through the points, T opens the table of its data." | "Pfeiltasten bewegen, + und − zoomen, 0 zeigt das Ganze, Bild auf und Bild ab gehen durch die Punkte, T öffnet die Wertetabelle.";

    // Help.
    single_keys: "Keys of a single character act while a figure has the focus" | "Tasten einzelner Zeichen wirken, solange eine Abbildung den Fokus hat";
    conventions: "Conventions" | "Konventionen";
    scheme_help: "D comes from the profiles alone: theory (spherical diffusion, projected, blurred by the probe) is fitted to the azimuthal averages. An interval without information gives a limit, not a value. All intervals are those of the confidence level in the model." | "D kommt allein aus den Profilen: Die Theorie (Diffusion in der Kugel, projiziert, vom Strahl verbreitert) wird an die azimutalen Mittel angepasst. Ein Intervall ohne Information gibt eine Grenze, keinen Wert. Alle Intervalle haben das Konfidenzniveau des Modells.";
    private_help: "Files are read by this page and go nowhere: its security policy forbids any connection but to its own files. Your decisions are kept by this browser and come back with the same files." | "Dateien werden von dieser Seite gelesen und gehen nirgendwohin: Ihre Sicherheitsrichtlinie verbietet jede Verbindung außer zu ihren eigenen Dateien. Entscheidungen bewahrt dieser Browser auf; mit denselben Dateien kommen sie wieder.";

    // Answer.
    answer: "Answer" | "Ergebnis";
    no_answer_yet: "The answer appears here." | "Das Ergebnis erscheint hier.";
    single_image: "One image: its profile and initial fit. D needs a second image after a heating step." | "Ein Bild: sein Profil und die Anpassung des Anfangszustands. D braucht ein zweites Bild nach einem Heizschritt.";

    // How sure it is.
    certainty: "How sure?" | "Wie sicher?";
    balance: "Mass balance" | "Massenbilanz";
    certainty_limits: "What limits it" | "Was begrenzt";
    certainty_energy: "E and D₀" | "E und D₀";
    certainty_errors: "Errors" | "Fehler";
    certainty_model: "Model" | "Modell";
    certainty_cancel: "Stop" | "Anhalten";
    certainty_go_on: "Go on" | "Weiter";
    limits_help: "Each input is moved by its standard uncertainty to either side and the series fitted again: the bar is half the difference. Blue is in the stated error, orange is not. The beam current of each image is a gain of its own in every fit: it is part of the noise." | "Jede Eingabe wird um ihre Standardunsicherheit nach beiden Seiten verschoben und die Serie neu angepasst: Der Balken ist die halbe Differenz. Blau ist im genannten Fehler enthalten, Orange nicht. Der Strahlstrom jedes Bildes ist in jeder Anpassung ein eigener Verstärkungsfaktor: er steckt im Rauschen.";
    limits_energy: "E" | "E";
    limits_step: "D of the selected step" | "D des gewählten Schritts";
    limits_waiting: "The budget appears here as soon as its refits are made." | "Das Fehlerbudget erscheint hier, sobald seine Anpassungen fertig sind.";
    limits_inputs: "Standard uncertainties assumed" | "Angenommene Standardunsicherheiten";
    input_probe: "Probe σ" | "Strahl-σ";
    input_exponent: "Z exponent" | "Z-Exponent";
    input_ratio: "Contrast ratio" | "Kontrastverhältnis";
    input_pixel: "Pixel size" | "Pixelgröße";
    input_radius: "Radii held" | "Gehaltene Radien";
    input_background: "Background under the particle" | "Untergrund unter dem Partikel";
    input_scale: "Temperature scale, of T − 293 K" | "Temperaturskala, von T − 293 K";
    input_step: "Each step's temperature" | "Temperatur jedes Schritts";
    energy_help: "ln D₀ and E of a line are all but one number; at the temperature where D is known best, D and E are independent. Known values stand as rings where they lie within reach. Each is taken as exact, and as likely as the others beforehand." | "ln D₀ und E einer Geraden sind fast eine einzige Zahl; bei der Temperatur, bei der D am besten bekannt ist, sind D und E unabhängig. Bekannte Werte stehen als Ringe, wo sie in Reichweite liegen. Jeder gilt als exakt und vorab als so wahrscheinlich wie die anderen.";
    energy_waiting: "The ellipse appears here with the first line through all frames." | "Die Ellipse erscheint hier mit der ersten Geraden durch alle Bilder.";
    errors_choice: "Errors of the intervals" | "Fehler der Intervalle";
    errors_auto: "Auto" | "Auto";
    errors_likelihood: "Likelihood" | "Likelihood";
    errors_bootstrap: "Sectors" | "Sektoren";
    errors_help: "Likelihood: counting noise, correlations of the fit, number of atoms. Sectors: 500 particles made of sectors of this one, drawn with replacement; holds under lattice fringes, facets and an off-center core as well." | "Likelihood: Zählrauschen, Korrelationen der Anpassung, Zahl der Atome. Sektoren: 500 Partikel aus Sektoren dieses einen, mit Zurücklegen gezogen; gilt auch bei Gitterlinien, Facetten und einem Kern außerhalb der Mitte.";
    model_help: "Every neighbor of the model is fitted as well. ΔAIC and ΔBIC below 0 speak for it; it is preferred from ΔBIC = −10 on." | "Auch jeder Nachbar des Modells wird angepasst. ΔAIC und ΔBIC unter 0 sprechen für ihn; bevorzugt wird er ab ΔBIC = −10.";
    balance_help: "Atoms that change places change neither: sublimation, contamination and a wrong magnification do. Every frame has a gain of its own in the fit, which hides them there." | "Atome, die Plätze tauschen, ändern beides nicht: Sublimation, Kontamination und eine falsche Vergrößerung schon. Jedes Bild hat in der Anpassung eine eigene Verstärkung, die sie dort verbirgt.";

    // Materials.
    materials: "Materials" | "Materialien";
    materials_help: "Every number the program uses of these elements. What you change is kept with this project, can be undone, and is used at once; the source then says that it is yours." | "Jede Zahl, die das Programm von diesen Elementen nutzt. Änderungen bleiben bei diesem Projekt, lassen sich rückgängig machen und wirken sofort; die Quelle nennt sie dann als eigene.";
    materials_of_pair: "only this pair" | "nur dieses Paar";
    materials_reset: "Back to the built-in numbers" | "Zurück zu den eingebauten Zahlen";
    materials_save: "Save as CSV" | "Als CSV speichern";
    import: "Read a CSV" | "CSV einlesen";
    entered_by_user: "entered by the user" | "von Hand eingetragen";
    back_to_given: "Back to the built-in number" | "Zurück zur eingebauten Zahl";
    entry: "Add an element or a pair" | "Element oder Paar hinzufügen";
    entry_help: "One symbol asks for an element, two for a pair: for every number of them that is not known yet. Those with * must be there, the others may stay empty; the figures then say what is missing." | "Ein Symbol fragt nach einem Element, zwei nach einem Paar: nach jeder Zahl, die davon noch nicht bekannt ist. Die mit * müssen da sein, die anderen können leer bleiben; die Abbildungen sagen dann, was fehlt.";
    entry_first: "Element" | "Element";
    entry_second: "and, for a pair," | "und, für ein Paar,";
    entry_ask: "Show what is unknown" | "Unbekanntes zeigen";
    entry_known: "Everything asked for here is known: change it in the table above." | "Alles Gefragte ist bekannt: Es lässt sich in der Tabelle oben ändern.";
    entry_source: "Source of lines that name none" | "Quelle der Zeilen, die keine nennen";
    entry_add: "Add" | "Hinzufügen";

    // The paper, checked.
    paper: "The paper, checked" | "Die Arbeit, nachgerechnet";
    paper_prints: "The paper prints" | "Die Arbeit druckt";
    paper_gives: "Its equations give" | "Ihre Gleichungen ergeben";
    paper_depends: "What this depends on" | "Wovon das abhängt";
    paper_keys: "arrow keys step" | "Pfeiltasten blättern";
    previous: "Back" | "Zurück";
    next: "Next" | "Weiter";

    // Phase diagram.
    darken: "D̃" | "D̃";
    darken_help: "Interdiffusion after Darken and Manning at the particle's composition, beside the published tracers" | "Interdiffusion nach Darken und Manning bei der Zusammensetzung des Partikels, neben den publizierten Tracern";
    phase: "Phase diagram" | "Phasendiagramm";
    phase_tab: "Phase diagram" | "Phasen";
    assumptions: "Assumptions" | "Annahmen";
    waiting_phase: "The diagram appears as soon as the particle is fitted." | "Das Diagramm erscheint, sobald das Partikel angepasst ist.";
    phase_extrapolated: "Below r = 5 nm the model is extrapolated, as its authors say." | "Unter r = 5 nm ist das Modell extrapoliert, wie seine Autoren sagen.";
    phase_radius: "r" | "r";
    phase_follow: "fitted" | "angepasst";
    phase_follow_help: "Follow the fitted radius R_B" | "Dem angepassten Radius R_B folgen";
    butler: "Butler" | "Butler";
    linear: "linear" | "linear";
    surface_mixing: "Surface tension of the alloy" | "Oberflächenspannung der Legierung";
    solid_tension: "Surface tension of the solid elements" | "Oberflächenspannung der festen Elemente";
    tension_table: "σ table" | "σ Tabelle";
    tension_tanaka: "1.25 σ liquid" | "1,25 σ flüssig";
    c_solid_help: "Factor C of the solid's surface term (shape and strain): 1.05 in the papers of the model, 1 is used as well" | "Faktor C des Oberflächenterms im Festen (Form und Verzerrung): 1,05 in den Arbeiten zum Modell, auch 1 ist üblich";
    c_liquid_help: "Factor C of the liquid's surface term" | "Faktor C des Oberflächenterms in der Schmelze";
    k_help: "k of the surface term k σ V / r: 2 for the Laplace pressure, 3 for the surface energy of a sphere" | "k des Oberflächenterms k σ V / r: 2 für den Laplace-Druck, 3 für die Oberflächenenergie einer Kugel";
    size_effect: "Size effect" | "Größeneffekt";
    waiting_size: "Nothing is known of how this element melts." | "Wie dieses Element schmilzt, ist nicht bekannt.";
    entropy_of_eq_10: "Entropy in eq. 10" | "Entropie in Gl. 10";
    add_point: "Add a point" | "Punkt hinzufügen";
    remove_point: "Remove this point" | "Diesen Punkt entfernen";
    new_point: "observed" | "beobachtet";
    point_label: "What was seen" | "Was zu sehen war";
    point_x: "Mole fraction of the second element" | "Molenbruch des zweiten Elements";
    point_bound: "What the temperature is" | "Was die Temperatur ist";
    point_temperature: "Temperature" | "Temperatur";
}

/// How many frames could not be measured, and with which the series begins where it is another one than it was.
pub fn frames_failed(count: usize, begins_with: Option<usize>) -> String {
    let failed = match count {
        1 => word!("1 frame could not be measured" | "1 Bild ließ sich nicht ausmessen").to_owned(),
        _ => say!(
            "{count} frames could not be measured" | "{count} Bilder ließen sich nicht ausmessen"
        ),
    };
    match begins_with {
        None => failed,
        Some(frame) => say!(
            "{failed}; frame {frame} now is the initial state"
                | "{failed}; Bild {frame} ist jetzt der Anfangszustand"
        ),
    }
}

/// Why a paste changed nothing.
pub fn nothing_pasted(why: &str) -> String {
    say!("Nothing was pasted: {why}." | "Nichts wurde eingefügt: {why}.")
}

/// Where a pasted cell stands.
pub fn row_of(row: usize, column: &str) -> String {
    say!("row {row}, {column}" | "Zeile {row}, {column}")
}

/// A pasted cell that holds no value of its column.
pub fn cannot_be(place: &str, cell: &str, range: (f64, f64)) -> String {
    // The least number above 0 is told as 0.
    let [low, high] = [range.0, range.1].map(|end| format::fixed(end, 0));
    say!(
        "{place}: “{cell}” cannot be, a number between {low} and {high} can"
            | "{place}: „{cell}“ kann nicht sein, eine Zahl zwischen {low} und {high} schon"
    )
}

/// Keys and what they do.
pub fn keys() -> [(&'static str, &'static str); 17] {
    [
        (
            "← →",
            word!(
                "previous, next frame (strip), move the circle (frame), move the view (plots)"
                    | "voriges, nächstes Bild (Streifen), Kreis bewegen (Bild), Ausschnitt bewegen (Diagramme)"
            ),
        ),
        (
            word!("Shift" | "Umschalt"),
            word!("finer: 0.1 pixel" | "feiner: 0,1 Pixel"),
        ),
        ("[ ]", word!("radius of the circle" | "Radius des Kreises")),
        (
            "0",
            word!("automatic circle; whole plot" | "automatischer Kreis; ganzes Diagramm"),
        ),
        (
            "x",
            word!("leave the frame out, or take it back" | "das Bild auslassen oder wieder nutzen"),
        ),
        (
            "f",
            word!("find the particle at the circle anew" | "das Partikel am Kreis neu finden"),
        ),
        (
            word!("double click" | "Doppelklick"),
            word!(
                "find the particle there (frame), whole plot (plots), end a polygon (mask)"
                    | "das Partikel dort finden (Bild), ganzes Diagramm (Diagramme), Vieleck beenden (Maske)"
            ),
        ),
        ("+ −", word!("zoom" | "zoomen")),
        (
            word!("Page Up, Page Down" | "Bild auf, Bild ab"),
            word!(
                "previous, next frame; in plots, point by point"
                    | "voriges, nächstes Bild; in Diagrammen Punkt für Punkt"
            ),
        ),
        (
            "t",
            word!("data table of the figure" | "Wertetabelle der Abbildung"),
        ),
        (
            "1 2 3 4",
            word!(
                "go to series, profiles, diffusivity, phase diagram"
                    | "zu Serie, Profilen, Diffusion, Phasendiagramm"
            ),
        ),
        (
            word!("Space" | "Leertaste"),
            word!(
                "play or pause the heating (simulator)"
                    | "Heizen abspielen oder anhalten (Simulator)"
            ),
        ),
        (
            word!("← →, ↑ ↓, Escape" | "← →, ↑ ↓, Escape"),
            word!(
                "step, figure, and out (tour and presenting)"
                    | "Schritt, Abbildung und beenden (Rundgang und Vorführen)"
            ),
        ),
        (
            word!("Ctrl Z, Ctrl Shift Z" | "Strg Z, Strg Umschalt Z"),
            word!("undo, redo" | "rückgängig, wiederholen"),
        ),
        (
            word!("Ctrl O" | "Strg O"),
            word!("open files" | "Dateien öffnen"),
        ),
        (
            word!("Ctrl S" | "Strg S"),
            word!("save the project" | "Projekt speichern"),
        ),
        ("?", word!("this list" | "diese Liste")),
    ]
}

/// What is being done.
pub fn stage(stage: Option<Stage>) -> &'static str {
    match stage {
        None => word!("Waiting" | "Wartet"),
        Some(Stage::Reading) => word!("Reading" | "Liest"),
        Some(Stage::Measuring) => word!("Measuring" | "Misst"),
        Some(Stage::Fitting) => word!("Fitting" | "Passt an"),
    }
}

/// `Measuring 3 of 12`.
pub fn progress(what: Option<Stage>, done: usize, total: usize) -> String {
    if total > 1 {
        say!(
            "{} {} of {total}" | "{} {} von {total}",
            stage(what),
            (done + 1).min(total)
        )
    } else {
        stage(what).to_owned()
    }
}

/// Number of a frame as in the exported tables: the initial state is frame 0.
pub fn frame_number(index: usize) -> String {
    say!("frame {index}" | "Bild {index}")
}

/// How many frames there are.
pub fn frame_count(count: usize) -> String {
    match count {
        1 => word!("1 frame" | "1 Bild").to_owned(),
        n => say!("{n} frames" | "{n} Bilder"),
    }
}

/// One of several series.
pub fn series_choice(name: &str, frames: usize) -> String {
    format!("{name} ({})", frame_count(frames))
}

/// `2 notices`.
pub fn notice_count(count: usize) -> String {
    match count {
        1 => word!("1 notice" | "1 Hinweis").to_owned(),
        n => say!("{n} notices" | "{n} Hinweise"),
    }
}

/// What a field of numbers takes.
pub fn not_taken(low: &str, high: &str) -> String {
    say!(
        "Not taken: enter a number from {low} to {high}."
            | "Nicht übernommen: eine Zahl von {low} bis {high} eingeben."
    )
}

/// The same where 0 is none of them.
pub fn not_taken_above_zero(high: &str) -> String {
    say!(
        "Not taken: enter a number above 0, up to {high}."
            | "Nicht übernommen: eine Zahl über 0 bis {high} eingeben."
    )
}

/// A notice and how many more are of its kind.
pub fn and_alike(notice: &str, more: usize) -> String {
    say!("{notice} (and {more} more of this kind)" | "{notice} (und {more} weitere dieser Art)")
}

/// Frames by their places in the series.
pub fn frames_of(ranges: &str) -> String {
    say!("frames {ranges}" | "Bilder {ranges}")
}

/// Heading of the list of unusable files.
pub fn failure_count(count: usize) -> String {
    match count {
        1 => word!(
            "1 file could not be used; the others are analyzed."
                | "1 Datei war nicht zu gebrauchen; die anderen werden ausgewertet."
        )
        .to_owned(),
        n => say!(
            "{n} files could not be used; the others are analyzed."
                | "{n} Dateien waren nicht zu gebrauchen; die anderen werden ausgewertet."
        ),
    }
}

/// Temperature in the unit of the view.
pub fn temperature(kelvin: f64, celsius: bool) -> String {
    if celsius {
        let value = kelvin - ZERO_CELSIUS_K;
        let decimals = usize::from((value - value.round()).abs() > 0.05);
        format!("{} °C", format::fixed(value, decimals))
    } else {
        format::temperature(kelvin)
    }
}

/// Heading of the temperature column.
pub fn column_temperature(celsius: bool) -> &'static str {
    if celsius { "T (°C)" } else { "T (K)" }
}

/// Where a value came from, in a word.
pub fn provenance(provenance: &Provenance) -> String {
    match provenance {
        Provenance::User => word!("typed" | "eingetippt").to_owned(),
        Provenance::Table => "series.csv".to_owned(),
        Provenance::Tag(tag) => tag.clone(),
        Provenance::FileName => word!("file name" | "Dateiname").to_owned(),
        Provenance::Assumed => word!("assumed" | "angenommen").to_owned(),
    }
}

/// The file of a heater log and who wrote it.
pub fn heater_log_of(file: &str, kind: &str) -> String {
    format!("{file} ({kind})")
}

/// The clocks whose difference the offset is.
pub fn clocks(images: Option<ClockKind>, log: Option<ClockKind>) -> String {
    let [images, log] = [images, log].map(|c| c.map_or(word!("no date" | "kein Datum"), clock));
    say!("images: {images}, log: {log}" | "Bilder: {images}, Protokoll: {log}")
}

/// How many frames the log covers.
pub fn frames_in_log(inside: usize, all: usize) -> String {
    say!("{inside} of {all} frames lie in it" | "{inside} von {all} Bildern liegen darin")
}

/// Head of the table behind T(t).
pub fn heating_columns() -> Vec<String> {
    [
        word!("Frame" | "Bild"),
        word!("Time (s)" | "Zeit (s)"),
        word!("T at the image" | "T beim Bild"),
        word!("T of the table" | "T der Tabelle"),
        word!("Effective T" | "Effektives T"),
        word!("Effective dwell (s)" | "Effektive Haltezeit (s)"),
        word!("Peak" | "Höchstwert"),
        word!("Between images (s)" | "Zwischen den Bildern (s)"),
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Size of a saved figure.
pub fn sheet(sheet: Sheet) -> String {
    let name = match sheet {
        Sheet::Page => word!("page" | "Seite"),
        Sheet::Single => word!("one column" | "eine Spalte"),
        Sheet::Double => word!("two columns" | "zwei Spalten"),
        Sheet::Slide => word!("slide" | "Folie"),
    };
    let (width_mm, height_mm) = sheet.size_mm();
    format!(
        "{name}, {width_mm:.0} × {height_mm:.0} mm, {} pt",
        sheet.font_pt()
    )
}

/// After a figure was put on the clipboard, or not.
pub fn figure_copied(done: bool) -> &'static str {
    match done {
        true => {
            word!("The figure is on the clipboard." | "Die Abbildung ist in der Zwischenablage.")
        }
        false => word!(
            "The browser does not let the page copy pictures: save the figure as PNG instead."
                | "Der Browser lässt die Seite keine Bilder kopieren: die Abbildung stattdessen als PNG speichern."
        ),
    }
}

/// One plane of a stack.
pub fn plane_of(file: &str, plane: usize) -> String {
    format!("{file} [{}]", plane + 1)
}

/// The fitted contrast.
pub fn weight_ratio(ratio: &str) -> String {
    say!("w ratio {ratio}" | "w-Verhältnis {ratio}")
}

/// How well one frame is described.
pub fn frame_fit(index: usize, chi2: &str, tau: &str) -> String {
    if index == 0 {
        return format!("{}: χ²/ν = {chi2}", frame_number(index));
    }
    say!(
        "{}: χ²/ν = {chi2}, D·t = {tau} since frame 0"
            | "{}: χ²/ν = {chi2}, D·t = {tau} seit Bild 0",
        frame_number(index)
    )
}

/// Badge of a frame that is left out.
pub fn excluded_because(reason: &str) -> String {
    if reason.is_empty() {
        excluded().to_owned()
    } else {
        format!("{}: {reason}", excluded())
    }
}

/// What lies under the ruler.
pub fn ruler_state(bar: Bar, pixels: f64, error: Option<f64>) -> String {
    let length = match error {
        Some(error) => format::with_error(pixels, error, "px"),
        None => format!("{} px", format::fixed(pixels, 1)),
    };
    match bar {
        Bar::Unasked => {
            say!("The line: {length}, without an error." | "Die Linie: {length}, ohne Fehler.")
        }
        Bar::Sought => say!(
            "The line: {length}. Looking for the bar."
                | "Die Linie: {length}. Der Balken wird gesucht."
        ),
        Bar::Found(_) => say!("Bar found: {length}." | "Balken gefunden: {length}."),
        Bar::Missing => say!(
            "No scale bar found under the line: the line itself is used, {length}, without an error."
                | "Unter der Linie ist kein Maßstabsbalken: Es gilt die Linie selbst, {length}, ohne Fehler."
        ),
    }
}

/// The pixel size that follows.
pub fn ruler_pixel(nm: f64, error: Option<f64>) -> String {
    let size = match error {
        Some(error) => format::with_error(nm, error, "nm"),
        None => format!("{} nm", format::significant(nm, 4)),
    };
    say!("{size} per pixel" | "{size} je Pixel")
}

/// Name of a mask.
pub fn mask_name(index: usize) -> String {
    say!("Mask {}" | "Maske {}", index + 1)
}
