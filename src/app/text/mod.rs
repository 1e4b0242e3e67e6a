//! All texts of the page, one function each, so that a second language is a second body.
//!
//! Rules: short sentences, the field's words, no exclamation marks, no blame. An error says what, where, what to try.

macro_rules! texts {
    ($($name:ident: $english:literal;)*) => {
        $(pub fn $name() -> &'static str { $english })*
    };
}

mod certainty;
mod contents;
mod history;
mod kept;
mod maps;
mod materials;
mod project;
mod share;
mod teach;

pub use certainty::*;
pub use contents::*;
pub use history::*;
pub use kept::*;
pub use maps::*;
pub use materials::*;
pub use project::*;
pub use share::*;
pub use teach::*;

use crate::engine::{Analysis, Failure, Stage};
use crate::figures::{Sheet, format};
use crate::fit::{Arrangement, Estimate, Interval, IntervalKind};
use crate::project::Provenance;
use crate::signal::ClockKind;
use crate::units::{JOULE_PER_MOL_PER_EV, SQUARE_METER_PER_SQUARE_NM, ZERO_CELSIUS_K};

use super::state::Bar;

texts! {
    // The page.
    title: "Alloyscope";
    purpose: "Diffusion constants of core-shell nanoparticles from HAADF-STEM heating series";
    drop_here: "Drop a heating series.";
    private: "Nothing leaves this computer.";
    drop_release: "Open as a new series";
    drop_release_add: "Add to this series";
    formats: "Gatan DM3, DM4, DM5; TIA SER with EMI; Velox and NCEM EMD, HyperSpy, HDF5; MRC, RPL with RAW, NumPy; TIFF (8 to 64 bit, stacks), PNG, JPEG, BMP; several files, a folder, a .zip or a project (.alloy); with or without a series.csv and the log of the heater";
    or_sample: "Or look at a sample first: simulated images of known truth, analyzed at once.";
    sample_ag_au: "Ag core, Au shell";
    sample_au_ag: "Au core, Ag shell";
    sample: "Sample";
    open: "Open";
    open_files: "Open files";
    open_folder: "Open folder";
    choose_series: "Series shown, of those found in the files";
    add_files: "Add files to the series";
    replace_files: "Open files";
    undo: "Undo";
    redo: "Redo";
    export: "Export";
    help: "Keys and conventions";
    theme_auto: "Colors: as the system";
    theme_light: "Colors: light";
    theme_dark: "Colors: dark";
    cancel: "Cancel";
    close: "Close";
    dismiss: "Put away";
    skip_to_answer: "Skip to the answer";
    worker_starting: "Starting";
    worker_crashed: "The computation broke down";
    worker_crashed_remedy: "This is a fault of the program. Undo the last change, or leave out the file it was working on.";
    worker_restarted: "The computation broke down and was started anew. Your decisions are kept.";
    worker_unavailable: "The computation cannot be started in this browser";
    worker_unavailable_remedy: "Alloyscope needs module workers and WebAssembly SIMD: Chrome, Edge or Firefox of the last two years, Safari 16.4 or later. It cannot run from a file:// address.";
    decisions_restored: "Your earlier decisions about these files were restored. Undo gives the automatic values.";

    // Series.
    series: "Series";
    frame: "Frame";
    table: "Table";
    table_help: "A frame's temperature and dwell are those of the heating step that ended with that image; the first frame is the initial state. Cells can be pasted from a spreadsheet.";
    column_file: "File";
    column_dwell: "Dwell (s)";
    column_pixel: "Pixel (nm)";
    column_use: "Use";
    column_temperature_error: "± (K)";
    temperature_error: "Error of all temperatures";
    error_kelvin: "Standard error of every temperature in kelvin";
    error_percent: "Standard error of every temperature in per cent of the temperature in °C";
    error_percent_help: "Per cent of the temperature in °C, as makers of heating chips state it; 5 is common";
    error_of_step: "each step";
    error_of_heater: "heater";
    error_of_help: "What errs: each step by itself, or the calibration of the heater, which moves all steps together";

    // Heater log.
    heating: "Heating";
    clock_offset: "Clock offset";
    clock_offset_help: "Clock of the heater log minus clock of the images. Drag the dashed line in the plot, or type seconds; arrow keys change it by 1 s";
    use_log: "Use the log";
    use_log_help: "Take the heating between two images as it was measured, instead of temperature and dwell of the table";
    show_log: "T(t)";
    excluded: "left out";
    excluded_by_user: "left out by hand";
    exclude: "Leave out";
    include: "Use in the fit";
    reason: "Reason";
    initial_state: "initial state";
    badge_ok: "measured";
    badge_waiting: "waiting";
    no_dwell: "No dwell times: showing D·t.";
    no_dwell_field: "One dwell for all steps";
    no_pixel: "No pixel size: lengths are in pixels.";
    no_pixel_field: "Pixel size";
    no_temperature: "Some frames have no temperature.";
    failed_files: "Files that could not be used";

    // Frame view.
    view_particle: "Particle";
    view_image: "Image";
    tool_circle: "Circle";
    tool_mask: "Mask";
    tool_ruler: "Ruler";
    tool_pan: "Pan";
    center_x: "x";
    center_y: "y";
    radius: "radius";
    automatic_help: "Back to the circle the program finds";
    colormap: "Color map";
    gray: "Gray";
    viridis: "Viridis";
    inferno: "Inferno";
    remove_mask: "Remove";
    add_circle: "Add circle";
    add_polygon: "Add polygon";
    masks_to_all: "Same masks in all frames";
    mask_corners: "Corners of the polygon: x y; x y; x y";
    mask_help: "Drag a circle or click the corners of a polygon: a double click, the first corner or Enter ends it, Backspace takes one back, Escape gives up.";
    ruler_help: "Draw along the scale bar, or type its ends; then type its length.";
    ruler_snap: "Find the bar";
    ruler_length: "Length of the bar";
    ruler_unit: "Unit of the length";
    ruler_apply: "Use for the whole series";
    circle_label: "Particle: arrows move the circle by 1 pixel, with Shift by 0.1; [ and ] change the radius; a double click finds the particle under it, F the one around the circle's center; 0 is automatic; x leaves the frame out";

    // Model.
    model: "Model";
    core: "Core";
    shell: "Shell";
    scheme: "Scheme";
    scheme_auto: "Auto";
    scheme_fraction: "Mole fraction";
    scheme_published: "As published";
    scheme_choice_help: "The one that describes the images better; or mole fraction in a fixed density envelope; or densities with D = 0 beyond R_B as eq. 4 is printed";
    level: "Level";
    level_profiles: "Profiles";
    level_auto: "Auto";
    level_pixels: "Pixels";
    level_help: "Means over round rings; or pixels by direction as well: elliptic rings, and a core off its center; or these only where round rings are not enough";
    fit_pixels: "Fit pixels";
    level_round: "Round rings about one center describe the particle.";
    contrast: "Contrast";
    contrast_exponent: "Z exponent";
    contrast_ratio: "Ratio";
    contrast_free: "Fitted";
    contrast_ratio_help: "w core / w shell";
    psf: "Probe σ";
    radius_a: "R_A";
    radius_b: "R_B";
    sigma: "Edge σ";
    free: "free";
    fixed: "fixed";
    order: "Order";
    order_joint: "All frames jointly";
    order_sequential: "Step by step";
    confidence: "Confidence";
    fixed_d0: "Fixed D₀";
    d_ratio: "ln D ratio";

    swap: "Swap core and shell";
    fit_contrast: "Fit the contrast";
    reference: "Shape from";
    reference_help: "Frame that gives the initial profile";
    pair: "Pair";
    pair_assumed: "assumed";
    core_in_shell: "in";
    not_converged: " · not converged";
    no_progress: " · no further progress";
    toggle_help: "Free: fitted. Fixed: held at this value.";
    d_ratio_help: "ln (D in the core's material / D in the shell's): 0 for one D everywhere";
    celsius_switch: "Kelvin or degrees Celsius";

    // Figures.
    profile_of_frame: "Profile of the frame";
    column_value: "Value";
    column_error: "Standard error";
    column_pixels: "Pixels";
    column_model: "Model";
    profiles: "Profiles";
    diffusivity: "Diffusivity";
    over_t: "T";
    over_inverse_t: "1000/T";
    all_pixels: "All pixels";
    save_csv_intervals: "Intervals (CSV)";
    save_csv_profiles: "Profiles (CSV)";
    save_json: "Everything (JSON)";
    save_python: "Python script";
    save_report: "Report (HTML, for print too)";
    data_table: "Data table";
    save_figure: "Save the figure";
    save_csv: "CSV";
    save_svg: "SVG";
    save_png: "PNG";
    copy_png: "Copy";
    sheet_label: "Size";
    commas: "CSV with decimal commas";
    waiting_profiles: "The profiles appear here as soon as the frames are measured.";
    waiting_diffusivity: "D of every heating step appears here.";
    plot_keys: "Arrows move, + and − zoom, 0 shows the whole, Page Up and Page Down go through the points.";

    // Help.
    single_keys: "Keys of a single character act while a figure has the focus";
    conventions: "Conventions";
    scheme_help: "D comes from the profiles alone: theory (spherical diffusion, projected, blurred by the probe) is fitted to the azimuthal averages. An interval without information gives a limit, not a value. All intervals are those of the confidence level in the model.";
    private_help: "Files are read by this page and go nowhere: its security policy forbids any connection but to its own files. Your decisions are kept by this browser and come back with the same files.";

    // Answer.
    answer: "Answer";
    no_answer_yet: "The answer appears here.";
    single_image: "One image: its profile and initial fit. D needs a second image after a heating step.";

    // How sure it is.
    certainty: "How sure?";
    balance: "Mass balance";
    certainty_limits: "What limits it";
    certainty_energy: "E and D₀";
    certainty_errors: "Errors";
    certainty_model: "Model";
    certainty_cancel: "Stop";
    certainty_go_on: "Go on";
    limits_help: "Each input is moved by its standard uncertainty to either side and the series fitted again: the bar is half the difference. Blue is in the stated error, orange is not.";
    limits_energy: "E";
    limits_step: "D of the selected step";
    limits_waiting: "The budget appears here as soon as its refits are made.";
    limits_inputs: "Standard uncertainties assumed";
    input_probe: "Probe σ";
    input_exponent: "Z exponent";
    input_ratio: "Contrast ratio";
    input_pixel: "Pixel size";
    input_radius: "Radii held";
    input_background: "Background under the particle";
    input_scale: "Temperature scale, of T − 293 K";
    input_step: "Each step's temperature";
    energy_help: "ln D₀ and E of a line are all but one number; at the temperature where D is known best, D and E are independent. Known values stand as rings where they lie within reach. Each is taken as exact, and as likely as the others beforehand.";
    energy_waiting: "The ellipse appears here with the first line through all frames.";
    errors_choice: "Errors of the intervals";
    errors_auto: "Auto";
    errors_likelihood: "Likelihood";
    errors_bootstrap: "Sectors";
    errors_help: "Likelihood: counting noise, correlations of the fit, number of atoms. Sectors: 500 particles made of sectors of this one, drawn with replacement; holds under lattice fringes, facets and an off-center core as well.";
    model_help: "Every neighbor of the model is fitted as well. ΔAIC and ΔBIC below 0 speak for it; it is preferred from ΔBIC = −10 on.";
    balance_help: "Atoms that change places change neither: sublimation, contamination and a wrong magnification do. Every frame has a gain of its own in the fit, which hides them there.";

    // Materials.
    materials: "Materials";
    materials_help: "Every number the program uses of these elements. What you change is kept with this project, can be undone, and is used at once; the source then says that it is yours.";
    materials_of_pair: "only this pair";
    materials_reset: "Back to the built-in numbers";
    materials_save: "Save as CSV";
    import: "Read a CSV";
    entered_by_user: "entered by the user";
    back_to_given: "Back to the built-in number";
    entry: "Add an element or a pair";
    entry_help: "One symbol asks for an element, two for a pair: for every number of them that is not known yet. Those with * must be there, the others may stay empty; the figures then say what is missing.";
    entry_first: "Element";
    entry_second: "and, for a pair,";
    entry_ask: "Show what is unknown";
    entry_known: "Everything asked for here is known: change it in the table above.";
    entry_source: "Source of lines that name none";
    entry_add: "Add";

    // The paper, checked.
    paper: "The paper, checked";
    paper_prints: "The paper prints";
    paper_gives: "Its equations give";
    paper_depends: "What this depends on";
    paper_keys: "arrow keys step";
    previous: "Back";
    next: "Next";

    // Phase diagram.
    darken: "D̃";
    darken_help: "Interdiffusion after Darken and Manning at the particle's composition, beside the published tracers";
    phase: "Phase diagram";
    assumptions: "Assumptions";
    waiting_phase: "The diagram appears as soon as the particle is fitted.";
    phase_extrapolated: "Below r = 5 nm the model is extrapolated, as its authors say.";
    phase_radius: "r";
    phase_follow: "fitted";
    phase_follow_help: "Follow the fitted radius R_B";
    butler: "Butler";
    linear: "linear";
    surface_mixing: "Surface tension of the alloy";
    solid_tension: "Surface tension of the solid elements";
    tension_table: "σ table";
    tension_tanaka: "1.25 σ liquid";
    c_solid_help: "Factor C of the solid's surface term (shape and strain): 1.05 in the papers of the model, 1 is used as well";
    c_liquid_help: "Factor C of the liquid's surface term";
    k_help: "k of the surface term k σ V / r: 2 for the Laplace pressure, 3 for the surface energy of a sphere";
    size_effect: "Size effect";
    waiting_size: "Nothing is known of how this element melts.";
    entropy_of_eq_10: "Entropy in eq. 10";
    add_point: "Add a point";
    remove_point: "Remove this point";
    new_point: "observed";
    point_label: "What was seen";
    point_x: "Mole fraction of the second element";
    point_bound: "What the temperature is";
    point_temperature: "Temperature";
}

/// Keys and what they do.
pub fn keys() -> &'static [(&'static str, &'static str)] {
    &[
        (
            "← →",
            "previous, next frame (strip), move the circle (frame), move the view (plots)",
        ),
        ("Shift", "finer: 0.1 pixel"),
        ("[ ]", "radius of the circle"),
        ("0", "automatic circle; whole plot"),
        ("x", "leave the frame out, or take it back"),
        ("+ −", "zoom"),
        (
            "Page Up, Page Down",
            "previous, next frame; in plots, point by point",
        ),
        (
            "1 2 3 4",
            "go to series, profiles, diffusivity, phase diagram",
        ),
        ("Space", "play or pause the heating (simulator)"),
        (
            "← →, ↑ ↓, Escape",
            "step, figure, and out (tour and presenting)",
        ),
        ("Ctrl Z, Ctrl Shift Z", "undo, redo"),
        ("Ctrl O", "open files"),
        ("Ctrl S", "save the project"),
        ("?", "this list"),
    ]
}

/// What is being done.
pub fn stage(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "Waiting",
        Some(Stage::Reading) => "Reading",
        Some(Stage::Measuring) => "Measuring",
        Some(Stage::Fitting) => "Fitting",
    }
}

/// `Measuring 3 of 12`.
pub fn progress(what: Option<Stage>, done: usize, total: usize) -> String {
    if total > 1 {
        format!("{} {} of {total}", stage(what), (done + 1).min(total))
    } else {
        stage(what).to_owned()
    }
}

/// Number of a frame as in the exported tables: the initial state is frame 0.
pub fn frame_number(index: usize) -> String {
    format!("frame {index}")
}

/// How many frames there are.
pub fn frame_count(count: usize) -> String {
    match count {
        1 => "1 frame".to_owned(),
        n => format!("{n} frames"),
    }
}

/// One of several series.
pub fn series_choice(name: &str, frames: usize) -> String {
    format!("{name} ({})", frame_count(frames))
}

/// `2 notices`.
pub fn notice_count(count: usize) -> String {
    match count {
        1 => "1 notice".to_owned(),
        n => format!("{n} notices"),
    }
}

/// Heading of the list of unusable files.
pub fn failure_count(count: usize) -> String {
    match count {
        1 => "1 file could not be used; the others are analyzed.".to_owned(),
        n => format!("{n} files could not be used; the others are analyzed."),
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
        Provenance::User => "typed".to_owned(),
        Provenance::Table => "series.csv".to_owned(),
        Provenance::Tag(tag) => tag.clone(),
        Provenance::FileName => "file name".to_owned(),
        Provenance::Assumed => "assumed".to_owned(),
    }
}

/// The file of a heater log and who wrote it.
pub fn heater_log_of(file: &str, kind: &str) -> String {
    format!("{file} ({kind})")
}

/// The clocks whose difference the offset is.
pub fn clocks(images: Option<ClockKind>, log: Option<ClockKind>) -> String {
    let [images, log] = [images, log].map(|c| c.map_or("no date", ClockKind::name));
    format!("images: {images}, log: {log}")
}

/// How many frames the log covers.
pub fn frames_in_log(inside: usize, all: usize) -> String {
    format!("{inside} of {all} frames lie in it")
}

/// Head of the table behind T(t).
pub fn heating_columns() -> Vec<String> {
    [
        "Frame",
        "Time (s)",
        "T at the image",
        "T of the table",
        "Effective T",
        "Effective dwell (s)",
        "Peak",
        "Between images (s)",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// Size of a saved figure.
pub fn sheet(sheet: Sheet) -> String {
    let name = match sheet {
        Sheet::Page => "page",
        Sheet::Single => "one column",
        Sheet::Double => "two columns",
        Sheet::Slide => "slide",
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
        true => "The figure is on the clipboard.",
        false => "The browser does not let the page copy pictures: save the figure as PNG instead.",
    }
}

/// What failed, from the outside in.
pub fn failure(failure: &Failure) -> String {
    failure
        .chain
        .iter()
        .filter(|part| !part.is_empty())
        .cloned()
        .collect::<Vec<_>>()
        .join(": ")
}

/// One plane of a stack.
pub fn plane_of(file: &str, plane: usize) -> String {
    format!("{file} [{}]", plane + 1)
}

/// The fitted contrast.
pub fn weight_ratio(ratio: &str) -> String {
    format!("w ratio {ratio}")
}

/// How well one frame is described.
pub fn frame_fit(index: usize, chi2: &str, tau: &str) -> String {
    if index == 0 {
        return format!("{}: χ²/ν = {chi2}", frame_number(index));
    }
    format!(
        "{}: χ²/ν = {chi2}, D·t = {tau} since frame 0",
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
        Bar::Unasked => format!("The line: {length}, without an error."),
        Bar::Sought => format!("The line: {length}. Looking for the bar."),
        Bar::Found(_) => format!("Bar found: {length}."),
        Bar::Missing => format!(
            "No scale bar found under the line: the line itself is used, {length}, without an error."
        ),
    }
}

/// The pixel size that follows.
pub fn ruler_pixel(nm: f64, error: Option<f64>) -> String {
    let size = match error {
        Some(error) => format::with_error(nm, error, "nm"),
        None => format!("{} nm", format::significant(nm, 4)),
    };
    format!("{size} per pixel")
}

/// Name of a mask.
pub fn mask_name(index: usize) -> String {
    format!("Mask {}", index + 1)
}

/// A reduced χ² beyond this is no matter of noise.
pub const POOR: f64 = 5.0;

/// What to say of a model that does not describe the data.
pub fn poor_fit(chi2_red: f64) -> String {
    format!(
        "the model does not describe the data (χ²/ν = {})",
        format::significant(chi2_red, 2)
    )
}

/// The same as a sentence, with what to try.
pub fn poor_fit_hint(chi2_red: f64) -> String {
    format!(
        "χ²/ν = {}: the model does not describe the data. Is the pair right?",
        format::significant(chi2_red, 2)
    )
}

/// What the first image says about the pair.
pub fn pair_exchanged(core: &str, shell: &str, found: &Arrangement) -> String {
    format!(
        "{core} is the core and {shell} the shell: so the first image says (χ²/ν = {}, the other way round {}). Undo takes it back.",
        format::significant(found.chi2_red_exchanged, 3),
        format::significant(found.chi2_red, 3)
    )
}

/// D or D·t of an interval for the answer.
fn interval_sentence(interval: &Interval, celsius: bool) -> String {
    let at = interval.temperature_k.map_or_else(
        || format!("step {}", interval.index),
        |t| temperature(t, celsius),
    );
    match format::diffusivity(interval) {
        Some(d) => format!("D({at}) = {d}"),
        None => format!("D·t({at}) = {}", format::diffusion_area(interval)),
    }
    .replace("= <", "<")
    .replace("= >", ">")
}

/// The answer in one plain sentence.
pub fn answer_sentence(analysis: &Analysis, celsius: bool) -> String {
    let mut parts = Vec::new();
    if let Some(free) = &analysis.kinetics.free {
        let (e, se) = (free.energy_j_mol.value, free.energy_j_mol.standard_error);
        let ev = 1e3 / JOULE_PER_MOL_PER_EV;
        parts.push(format!(
            "E = {} ({})",
            format::with_error(e / 1e3, se / 1e3, "kJ/mol"),
            format::with_error(e / 1e3 * ev, se / 1e3 * ev, "eV"),
        ));
        let d0 = |ln: f64| libm::exp(ln) * SQUARE_METER_PER_SQUARE_NM;
        let (ln, se) = (free.ln_d0.value, free.ln_d0.standard_error);
        parts.push(format!(
            "D₀ = {}",
            format::asymmetric(d0(ln), (Some(d0(ln - se)), Some(d0(ln + se))), "m² s⁻¹")
        ));
    } else if let Some(fixed) = &analysis.kinetics.fixed {
        let (e, se) = (fixed.energy_j_mol.value, fixed.energy_j_mol.standard_error);
        parts.push(format!(
            "E = {} with D₀ held",
            format::with_error(e / 1e3, se / 1e3, "kJ/mol")
        ));
    }
    // The interval that is known best speaks for the others.
    let best = analysis
        .fit
        .intervals
        .iter()
        .filter(|i| i.kind == IntervalKind::Value && i.dtau_nm2 > 0.0)
        .filter_map(|i| Some((i.dtau_se_nm2? / i.dtau_nm2, i)))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, interval)| interval);
    match best {
        Some(interval) => parts.push(interval_sentence(interval, celsius)),
        None if analysis.fit.frames.len() == 1 => {
            let shape = &analysis.fit.shape;
            let radius = |name: &str, r: &Estimate| {
                format!(
                    "{name} {}",
                    format::with_error(r.value, r.standard_error, "nm")
                )
            };
            parts.push(radius("Core radius", &shape.radius_a_nm));
            parts.push(radius("particle radius", &shape.radius_b_nm));
            parts.push(single_image().to_owned());
        }
        None => {
            parts.push("No step changed the profile enough to give D".to_owned());
            // The step that came nearest to it is the hottest one with a limit.
            let limit = analysis
                .fit
                .intervals
                .iter()
                .rfind(|i| i.kind == IntervalKind::Upper || i.kind == IntervalKind::Lower);
            parts.extend(limit.map(|i| interval_sentence(i, celsius)));
        }
    }
    if analysis.fit.chi2_red > POOR {
        parts.push(poor_fit(analysis.fit.chi2_red));
    }
    parts.join(" · ")
}
