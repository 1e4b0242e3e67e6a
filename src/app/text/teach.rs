//! Texts of simulator, planner, tour and presenter mode.

use crate::figures::format;
use crate::simulate::{Outcome, Plan};

texts! {
    simulator: "Simulator";
    planner: "Planner";
    tour: "Tour";
    learn: "Or learn first, without data:";
    simulator_about: "Make a particle, find D blind";
    planner_about: "What a series will tell";
    tour_about: "From picture to phase diagram";
    back: "Back to the analysis";
    leave: "Close";
    present: "Present";
    present_help: "One figure at a time, large and in high contrast; Escape leaves";
    present_keys: "← → next · ↑ ↓ figure · Escape leaves";
    previous_figure: "Previous figure";
    next_figure: "Next figure";
    no_figures: "Open a series first: its figures are shown here, one at a time.";

    dial_radius: "R_B";
    dial_core: "Core fraction";
    dial_sigma: "Edge σ";
    dial_dose: "Dose";
    dial_pixel: "Pixel size";
    dial_from: "First T";
    dial_to: "Last T";
    dial_steps: "Steps";
    dial_dwell: "Dwell";
    dial_d0: "D₀";
    dial_energy: "E";
    law: "D(T)";
    law_visible: "In reach";
    law_published: "Published";
    law_bulk: "Bulk";
    particle: "Particle";
    microscope: "Microscope";
    program: "Heating program";
    moment: "Heating";
    play: "Play the heating";
    pause: "Pause";
    analyze_these: "Analyze these images";
    analyze_these_help: "Noise is drawn anew, and the images are opened like any others: elements, probe and contrast are given, the truth is hidden until you reveal it";

    micrograph: "Micrograph";
    section: "Composition in a plane through the center";
    section_core: "core";
    section_shell: "shell";
    mean_counts: "Mean counts";
    core_fraction: "Mole fraction of the core's element";
    fig_profile: "Projected profile";
    fig_dtau: "D·t";
    fig_sigma: "Heated, or smoother from the start";
    fig_orders: "What half of the mixing changes, ring by ring";
    fig_steps: "What each step changes, against noise";
    fig_slope: "D over 1000/T";
    fig_mixing: "Mixing time of this radius";
    fig_phase: "Melting of Ag-Au at this radius";
    now: "now";
    unheated: "unheated";
    mixed: "mixed";
    curve: "Curve";
    of_each_step: "of each step";
    since_the_start: "since the start";
    a_smoother_edge: "never heated, σ larger";
    this_order: "this order";
    other_order: "core and shell exchanged";
    this_law: "this E";
    twice_the_energy: "twice E, the same D in the middle";
    law_of_paper: "D₀ and E as printed";
    law_of_bulk: "Ag in bulk Au";
    solidus_here: "solidus, this radius";
    liquidus_here: "liquidus, this radius";
    solidus_bulk: "solidus, bulk";
    liquidus_bulk: "liquidus, bulk";
    radius_axis: "distance from the center";
    counts_axis: "intensity";
    temperature_axis: "temperature";
    dtau_axis: "D·t";
    significance_axis: "change in standard deviations of a ring";
    step_axis: "change in standard deviations";
    mixing_axis: "mixing time τ₁";
    fraction_axis: "mole fraction of Au";

    plan_map: "Errors of ln D";
    plan_rows: "Rows of the map";
    plan_dose: "Dose";
    plan_dwell: "Dwell";
    plan_table: "This experiment, step by step";
    plan_waiting: "The plan appears here.";
    plan_inside: "Inside: counting noise of particle and background, every frame's unknown gain and background, the unknown radii and σ, and the finite number of atoms.";
    plan_atoms_missing: "The atoms are not in it: their density is not in the library.";
    plan_outside: "Not inside: errors of pixel size, probe, Z exponent, scheme and temperature; drift and damage by the beam; facets, an off-center core, lattice fringes. D₀ and E are what you assume: plan with others, too.";
    plan_value: "a value";
    plan_either: "a value or a limit";
    plan_limit: "a limit";
    column_d: "D (m² s⁻¹)";
    column_counting: "± of ln D, counting";
    column_all: "± of ln D, with atoms";
    column_outcome: "Will hold";

    blind: "Simulated images. Their truth is hidden: find D₀, E and the radii yourself. Elements, probe and contrast are those of the simulation.";
    revealed: "Simulated images, and the truth they were made of.";
    reveal: "Reveal the truth";
    hide: "Hide it again";
    truth: "Truth";
    found: "Found";
    off_by: "Off by";
    in_errors: "standard errors";
    quantity: "Quantity";
    truth_of_d: "the truth of this simulation, revealed";

    predict: "Predict first";
    reveal_answer: "Show the answer";
    right: "As you said.";
    not_as_said: "Not as you said.";
    tour_paper: "All of the paper's arithmetic, slide by slide";
    to_simulator: "Now find D yourself in the simulator";
}

/// `Step 3 of 8`.
pub fn tour_place(step: usize, count: usize) -> String {
    format!("Step {} of {count}", step + 1)
}

/// `Figure 1 of 2`.
pub fn figure_place(index: usize, count: usize) -> String {
    format!("Figure {} of {count}", index + 1)
}

/// What is at the moment of the heating.
pub fn moment_is(frame: f64, temperature_k: f64, tau_nm2: f64) -> String {
    format!(
        "frame {} · {} · D·t = {} nm²",
        format::fixed(frame, 1),
        format::temperature(temperature_k),
        format::significant(tau_nm2, 3)
    )
}

/// What the micrograph shows.
pub fn micrograph_says(brightest_nm: f64, center: f64) -> String {
    format!(
        "Brightest {} nm from the center, whose own brightness is {} of that",
        format::fixed(brightest_nm, 2),
        format::fixed(center, 2)
    )
}

/// What the cross-section shows.
pub fn section_says(core: &str, center: f64, rim: f64) -> String {
    format!(
        "Mole fraction of {core}: {} in the center, {} near the surface",
        format::fixed(center, 2),
        format::fixed(rim, 2)
    )
}

/// What an interval will hold.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Value => plan_value(),
        Outcome::Either => plan_either(),
        Outcome::Limit => plan_limit(),
    }
}

/// The plan in a sentence.
pub fn plan_says(plan: &Plan) -> String {
    let values = plan
        .intervals
        .iter()
        .filter(|i| i.outcome() == Outcome::Value)
        .count();
    let kilojoule = |e: f64| format::significant(e / 1e3, 2);
    let energy = match (plan.energy_j_mol, plan.energy_counting_j_mol) {
        (Some(all), Some(counting)) if all < 1e6 => format!(
            "E will have a standard error of {} kJ/mol ({} from counting alone).",
            kilojoule(all),
            kilojoule(counting)
        ),
        _ => "E will have no value.".to_owned(),
    };
    format!(
        "{values} of {} steps will give a value of D. {energy}",
        plan.intervals.len()
    )
}

/// A step of the tour in words.
pub struct TourStep {
    /// What it is about.
    pub title: &'static str,
    /// What there is to see.
    pub words: &'static str,
    /// What to predict.
    pub question: &'static str,
    /// The choices.
    pub options: [&'static str; 3],
    /// Which of them is right.
    pub right: usize,
    /// Why.
    pub answer: &'static str,
}

/// The tour.
pub fn tour_steps() -> &'static [TourStep; 8] {
    &[
        TourStep {
            title: "Why is there a bright ring?",
            words: "A HAADF image is a projection: each pixel adds up what the beam meets, heavy atoms far more than light ones. Here is silver inside gold, which scatters more than twice as strongly.",
            question: "The core takes up more of the particle. Where is the image brightest?",
            options: [
                "In the center, where the particle is thickest",
                "At the radius of the core",
                "At the outer edge",
            ],
            right: 1,
            answer: "At the radius of the core. There the beam's way through gold is longest without any silver in it: 2√(R_B² − R_A²). Farther in, silver takes gold's place; farther out, the particle gets thin. Turn the core fraction and watch the ring move.",
        },
        TourStep {
            title: "What does projection do?",
            words: "Left the truth, a cut through the middle; right what the microscope gives. Between them lie the projection along the beam and the probe's width.",
            question: "In the middle of the image of a sharp Ag@Au particle, what is seen?",
            options: [
                "Silver alone: the core",
                "Gold alone: the shell covers the core",
                "Both, added up",
            ],
            right: 2,
            answer: "Both. The beam goes through shell, core and shell again. So the composition at a radius is nowhere to be read off: it has to be fitted, through the same projection and the same blur. A sharp step in the cut is only a kink in the image, and the probe rounds it.",
        },
        TourStep {
            title: "Why do σ and early D·t look alike?",
            words: "A little diffusion makes the interface softer. So does an interface that was soft from the beginning. The dashed curve was never heated: its edges have σ² + 2 D·t in place of σ², and its core as many atoms.",
            question: "You have one image, taken after a short heating. Can it tell D·t from σ?",
            options: [
                "Yes, the profiles differ everywhere",
                "Hardly: they differ at the outer edge alone",
                "Yes, by the brightness of the center",
            ],
            right: 1,
            answer: "Hardly. Where core meets shell both are all but the same curve; only the particle's outer edge, which diffusion leaves alone, is softer in the dashed curve. That is why the initial image matters so much, and why one σ is fitted to all frames together.",
        },
        TourStep {
            title: "Why are Ag@Au and Au@Ag not the same?",
            words: "Exchange core and shell: the same atoms at the same radii, the same D·t. Drawn is how much each ring of the image changes while D·t reaches R²/40, in standard deviations of its counting noise.",
            question: "At the same counts in the brightest pixel, is a change of D seen alike in both?",
            options: [
                "Alike: the same atoms move equally far",
                "Not alike: the change is the same, but it lies on bright pixels in one and on dim ones in the other",
                "Ag@Au shows nothing at all",
            ],
            right: 1,
            answer: "Not alike. The change has the same shape with the opposite sign, but it counts against the noise under it, which is the root of the counts, and the bright pixels are a ring in one and the center in the other. By counting alone D of this Au@Ag has errors a quarter smaller, as the planner says; the finite number of atoms all but evens that out.",
        },
        TourStep {
            title: "Why do the last frames say nothing?",
            words: "Each step of the heating changes the image by some standard deviations of the noise, as the curve shows. Play the heating and watch the profile come to rest.",
            question: "The hottest steps have the largest D. Are they measured best?",
            options: [
                "Yes: the larger D, the larger the change",
                "No: the particle is mixed by then, and more mixing changes nothing",
                "All steps are measured equally well",
            ],
            right: 1,
            answer: "No. Once D·t passes R²/20, nothing is left to mix, whatever D is: the images give a lower limit of D, no value. Too cold nothing moves, and there is an upper limit. In between lies a window of about two decades of D·t, and a good program puts many steps into it. The planner shows where, and what the finite number of atoms adds, which no dose mends.",
        },
        TourStep {
            title: "What does the slope mean?",
            words: "Over 1000/T, D = D₀ exp(−E/RT) is a straight line. Turn E and D₀ and watch.",
            question: "E is doubled, and D in the middle of the range stays. What becomes of D₀?",
            options: [
                "It stays",
                "It is doubled",
                "It grows by many orders of magnitude",
            ],
            right: 2,
            answer: "By many orders of magnitude. The slope is −E/R, and D₀ is where the line meets 1/T = 0, far to the left of all data: a small turn of the line moves that end enormously. So E and ln D₀ err together, and neither means much without the other. D at a temperature within the range is what is really measured.",
        },
        TourStep {
            title: "The paper's arithmetic",
            words: "The AgAu paper prints D₀ = 7.2 × 10⁻⁶ m²/s and, for particles of 2 nm, E = 88 kJ/mol. A particle is mixed after τ₁ = R²/(20.19 D). Beside it stands the law of silver in bulk gold.",
            question: "With the printed numbers, how long would a particle of 2 nm stay unmixed at room temperature (300 K)?",
            options: ["For years", "For about a minute", "For microseconds"],
            right: 1,
            answer: "For about a minute; and at 448 K, where the paper shows an intact core, for half a millisecond. The printed D(T) and the printed images do not agree, by seven decades. The bulk law mixes such a particle within minutes between 540 and 570 K: as was observed. That is why this program always shows τ₁ beside D.",
        },
        TourStep {
            title: "What is a phase diagram for 2000 atoms?",
            words: "A small particle melts earlier: its surface counts. The curves are solidus and liquidus of Ag-Au at this radius and in the bulk. A radius of 2 nm holds about 2000 atoms, more than half of them within two layers of the surface.",
            question: "Between solidus and liquidus a large alloy is part solid, part liquid. And a particle of 2000 atoms?",
            options: [
                "The same: it melts in part, in proportion",
                "It is as a whole one or the other, and may go back and forth",
                "It is always liquid",
            ],
            right: 1,
            answer: "As a whole one or the other, most of the time. An interface between solid and liquid within so small a particle costs more energy than it gains, and a few atoms more or less change the composition of either part. The lens is a guide, not a lever rule. And below 5 nm the model itself is extrapolated, as its authors say: the figure shows what it gives, not what is known.",
        },
    ]
}
