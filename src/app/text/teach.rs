//! Texts of simulator, planner, tour and presenter mode.

use crate::figures::format;
use crate::language::{say, word};
use crate::simulate::{Outcome, Plan};

texts! {
    simulator: "Simulator" | "Simulator";
    planner: "Planner" | "Planer";
    tour: "Tour" | "Rundgang";
    learn: "Or learn first, without data:" | "Oder zuerst lernen, ohne Daten:";
    simulator_about: "Make a particle, find D blind" | "Ein Partikel bauen, D blind finden";
    planner_about: "What a series will tell" | "Was eine Serie verraten wird";
    tour_about: "From picture to phase diagram" | "Vom Bild zum Phasendiagramm";
    back: "Back to the analysis" | "Zurück zur Auswertung";
    leave: "Close" | "Schließen";
    present: "Present" | "Vorführen";
    present_help: "One figure at a time, large and in high contrast; Escape leaves" | "Eine Abbildung auf einmal, groß und kontrastreich; Escape beendet";
    present_keys: "← → next · ↑ ↓ figure · T table · Escape leaves" | "← → weiter · ↑ ↓ Abbildung · T Tabelle · Escape beendet";
    previous_figure: "Previous figure" | "Vorige Abbildung";
    next_figure: "Next figure" | "Nächste Abbildung";
    no_figures: "Open a series first: its figures are shown here, one at a time." | "Zuerst eine Serie öffnen: Ihre Abbildungen erscheinen hier, eine nach der anderen.";

    dial_radius: "R_B" | "R_B";
    dial_core: "Core fraction" | "Kernanteil";
    dial_sigma: "Edge σ" | "Kanten-σ";
    dial_dose: "Dose" | "Dosis";
    dial_pixel: "Pixel size" | "Pixelgröße";
    dial_from: "First T" | "Erstes T";
    dial_to: "Last T" | "Letztes T";
    dial_steps: "Steps" | "Schritte";
    dial_dwell: "Dwell" | "Haltezeit";
    dial_d0: "D₀" | "D₀";
    dial_energy: "E" | "E";
    law: "D(T)" | "D(T)";
    law_visible: "In reach" | "In Reichweite";
    law_published: "Published" | "Publiziert";
    law_bulk: "Bulk" | "Massiv";
    particle: "Particle" | "Partikel";
    microscope: "Microscope" | "Mikroskop";
    program: "Heating program" | "Heizprogramm";
    moment: "Heating" | "Heizen";
    play: "Play the heating" | "Das Heizen abspielen";
    pause: "Pause" | "Anhalten";
    analyze_these: "Analyze these images" | "Diese Bilder auswerten";
    analyze_these_help: "Noise is drawn anew, and the images are opened like any others: elements, probe and contrast are given, the truth is hidden until you reveal it" | "Das Rauschen wird neu gezogen, und die Bilder werden wie alle anderen geöffnet: Elemente, Strahl und Kontrast sind gegeben, die Wahrheit bleibt bis zum Aufdecken verborgen";

    micrograph: "Micrograph" | "Aufnahme";
    section: "Composition in a plane through the center" | "Zusammensetzung in einer Ebene durch die Mitte";
    section_core: "core" | "Kern";
    section_shell: "shell" | "Schale";
    mean_counts: "Mean counts" | "Mittlere Zählimpulse";
    core_fraction: "Mole fraction of the core's element" | "Molenbruch des Kernelements";
    fig_profile: "Projected profile" | "Projiziertes Profil";
    fig_dtau: "D·t" | "D·t";
    fig_sigma: "Heated, or smoother from the start" | "Geheizt oder von Anfang an weicher";
    fig_orders: "What half of the mixing changes, ring by ring" | "Was die halbe Durchmischung ändert, Ring für Ring";
    fig_steps: "What each step changes, against noise" | "Was jeder Schritt ändert, gemessen am Rauschen";
    fig_slope: "D over 1000/T" | "D über 1000/T";
    fig_mixing: "Mixing time of this radius" | "Mischzeit dieses Radius";
    fig_phase: "Melting of Ag-Au at this radius" | "Schmelzen von Ag-Au bei diesem Radius";
    now: "now" | "jetzt";
    unheated: "unheated" | "ungeheizt";
    mixed: "mixed" | "gemischt";
    curve: "Curve" | "Kurve";
    of_each_step: "of each step" | "je Schritt";
    since_the_start: "since the start" | "seit Beginn";
    a_smoother_edge: "never heated, σ larger" | "nie geheizt, σ größer";
    this_order: "this order" | "diese Anordnung";
    other_order: "core and shell exchanged" | "Kern und Schale getauscht";
    this_law: "this E" | "dieses E";
    twice_the_energy: "twice E, the same D in the middle" | "doppeltes E, gleiches D in der Mitte";
    law_of_paper: "D₀ and E as printed" | "D₀ und E wie gedruckt";
    law_of_bulk: "Ag in bulk Au" | "Ag in massivem Au";
    solidus_here: "solidus, this radius" | "Solidus, dieser Radius";
    liquidus_here: "liquidus, this radius" | "Liquidus, dieser Radius";
    solidus_bulk: "solidus, bulk" | "Solidus, massiv";
    liquidus_bulk: "liquidus, bulk" | "Liquidus, massiv";
    radius_axis: "distance from the center" | "Abstand von der Mitte";
    counts_axis: "intensity" | "Intensität";
    temperature_axis: "temperature" | "Temperatur";
    dtau_axis: "D·t" | "D·t";
    significance_axis: "change in standard deviations of a ring" | "Änderung in Standardabweichungen eines Rings";
    step_axis: "change in standard deviations" | "Änderung in Standardabweichungen";
    mixing_axis: "mixing time τ₁" | "Mischzeit τ₁";
    fraction_axis: "mole fraction of Au" | "Molenbruch Au";

    plan_map: "Errors of ln D" | "Fehler von ln D";
    plan_rows: "Rows of the map" | "Zeilen der Karte";
    plan_dose: "Dose" | "Dosis";
    plan_dwell: "Dwell" | "Haltezeit";
    plan_table: "This experiment, step by step" | "Dieses Experiment, Schritt für Schritt";
    plan_waiting: "The plan appears here." | "Der Plan erscheint hier.";
    plan_inside: "Inside: counting noise of particle and background, every frame's unknown gain and background, the unknown radii and σ, and the finite number of atoms." | "Enthalten: Zählrauschen von Partikel und Untergrund, unbekannte Verstärkung und unbekannter Untergrund jedes Bildes, unbekannte Radien und σ und die endliche Zahl der Atome.";
    plan_atoms_missing: "The atoms are not in it: their density is not in the library." | "Die Atome sind nicht enthalten: Ihre Dichte steht nicht in der Materialtabelle.";
    plan_outside: "Not inside: errors of pixel size, probe, Z exponent, scheme and temperature; drift and damage by the beam; facets, an off-center core, lattice fringes. D₀ and E are what you assume: plan with others, too." | "Nicht enthalten: Fehler von Pixelgröße, Strahl, Z-Exponent, Schema und Temperatur; Drift und Strahlschaden; Facetten, ein Kern außerhalb der Mitte, Gitterlinien. D₀ und E sind Annahmen: auch mit anderen planen.";
    plan_value: "a value" | "einen Wert";
    plan_either: "a value or a limit" | "einen Wert oder eine Grenze";
    plan_limit: "a limit" | "eine Grenze";
    column_d: "D (m² s⁻¹)" | "D (m² s⁻¹)";
    column_counting: "± of ln D, counting" | "± von ln D, Zählrauschen";
    column_all: "± of ln D, with atoms" | "± von ln D, mit Atomen";
    column_outcome: "Will hold" | "Wird ergeben";

    blind: "Simulated images. Their truth is hidden: find D₀, E and the radii yourself. Elements, probe and contrast are those of the simulation." | "Simulierte Bilder. Ihre Wahrheit ist verborgen: D₀, E und die Radien sind selbst zu finden. Elemente, Strahl und Kontrast sind die der Simulation.";
    revealed: "Simulated images, and the truth they were made of." | "Simulierte Bilder und die Wahrheit, aus der sie gemacht sind.";
    reveal: "Reveal the truth" | "Wahrheit aufdecken";
    hide: "Hide it again" | "Wieder verbergen";
    truth: "Truth" | "Wahrheit";
    found: "Found" | "Gefunden";
    off_by: "Off by" | "Abweichung";
    in_errors: "standard errors" | "Standardfehler";
    quantity: "Quantity" | "Größe";
    truth_of_d: "the truth of this simulation, revealed" | "die Wahrheit dieser Simulation, aufgedeckt";

    predict: "Predict first" | "Zuerst vorhersagen";
    reveal_answer: "Show the answer" | "Antwort zeigen";
    right: "As you said." | "Wie vorhergesagt.";
    not_as_said: "Not as you said." | "Nicht wie vorhergesagt.";
    tour_paper: "All of the paper's arithmetic, slide by slide" | "Alle Rechnungen der Arbeit, Folie für Folie";
    to_simulator: "Now find D yourself in the simulator" | "Jetzt D selbst im Simulator finden";
}

/// `Step 3 of 8`.
pub fn tour_place(step: usize, count: usize) -> String {
    say!("Step {} of {count}" | "Schritt {} von {count}", step + 1)
}

/// `Figure 1 of 2`.
pub fn figure_place(index: usize, count: usize) -> String {
    say!(
        "Figure {} of {count}" | "Abbildung {} von {count}",
        index + 1
    )
}

/// What is at the moment of the heating.
pub fn moment_is(frame: f64, temperature_k: f64, tau_nm2: f64) -> String {
    say!(
        "frame {} · {} · D·t = {} nm²" | "Bild {} · {} · D·t = {} nm²",
        format::fixed(frame, 1),
        format::temperature(temperature_k),
        format::significant(tau_nm2, 3)
    )
}

/// What the micrograph shows.
pub fn micrograph_says(brightest_nm: f64, center: f64) -> String {
    say!(
        "Brightest {} nm from the center, whose own brightness is {} of that"
            | "Am hellsten {} nm von der Mitte, deren eigene Helligkeit das {}-Fache davon ist",
        format::fixed(brightest_nm, 2),
        format::fixed(center, 2)
    )
}

/// What the cross-section shows.
pub fn section_says(core: &str, center: f64, rim: f64) -> String {
    say!(
        "Mole fraction of {core}: {} in the center, {} near the surface"
            | "Molenbruch {core}: {} in der Mitte, {} nahe der Oberfläche",
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
        (Some(all), Some(counting)) if all < 1e6 => say!(
            "E will have a standard error of {} kJ/mol ({} from counting alone)."
                | "E wird einen Standardfehler von {} kJ/mol haben ({} durch Zählrauschen allein).",
            kilojoule(all),
            kilojoule(counting)
        ),
        _ => word!("E will have no value." | "E wird keinen Wert haben.").to_owned(),
    };
    say!(
        "{values} of {} steps will give a value of D. {energy}"
            | "{values} von {} Schritten werden einen Wert von D geben. {energy}",
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
pub fn tour_steps() -> [TourStep; 8] {
    [
        TourStep {
            title: word!("Why is there a bright ring?" | "Woher kommt der helle Ring?"),
            words: word!(
                "A HAADF image is a projection: each pixel adds up what the beam meets, heavy atoms far more than light ones. Here is silver inside gold, which scatters more than twice as strongly."
                    | "Ein HAADF-Bild ist eine Projektion: Jedes Pixel summiert, was der Strahl trifft, schwere Atome viel stärker als leichte. Hier ist Silber in Gold, das mehr als doppelt so stark streut."
            ),
            question: word!(
                "The core takes up more of the particle. Where is the image brightest?"
                    | "Der Kern nimmt mehr vom Partikel ein. Wo ist das Bild am hellsten?"
            ),
            options: [
                word!(
                    "In the center, where the particle is thickest"
                        | "In der Mitte, wo das Partikel am dicksten ist"
                ),
                word!("At the radius of the core" | "Am Radius des Kerns"),
                word!("At the outer edge" | "Am äußeren Rand"),
            ],
            right: 1,
            answer: word!(
                "At the radius of the core. There the beam's way through gold is longest without any silver in it: 2√(R_B² − R_A²). Farther in, silver takes gold's place; farther out, the particle gets thin. Turn the core fraction and watch the ring move."
                    | "Am Radius des Kerns. Dort ist der Weg des Strahls durch Gold am längsten, ohne Silber zu treffen: 2√(R_B² − R_A²). Weiter innen nimmt Silber den Platz von Gold ein; weiter außen wird das Partikel dünn. Den Kernanteil verändern und zusehen, wie der Ring wandert."
            ),
        },
        TourStep {
            title: word!("What does projection do?" | "Was macht die Projektion?"),
            words: word!(
                "Left the truth, a cut through the middle; right what the microscope gives. Between them lie the projection along the beam and the probe's width."
                    | "Links die Wahrheit, ein Schnitt durch die Mitte; rechts, was das Mikroskop zeigt. Dazwischen liegen die Projektion entlang des Strahls und die Strahlverbreiterung."
            ),
            question: word!(
                "In the middle of the image of a sharp Ag@Au particle, what is seen?"
                    | "Was ist in der Bildmitte eines scharfen Ag@Au-Partikels zu sehen?"
            ),
            options: [
                word!("Silver alone: the core" | "Silber allein: der Kern"),
                word!(
                    "Gold alone: the shell covers the core"
                        | "Gold allein: Die Schale verdeckt den Kern"
                ),
                word!("Both, added up" | "Beides, summiert"),
            ],
            right: 2,
            answer: word!(
                "Both. The beam goes through shell, core and shell again. So the composition at a radius is nowhere to be read off: it has to be fitted, through the same projection and the same blur. A sharp step in the cut is only a kink in the image, and the probe rounds it."
                    | "Beides. Der Strahl geht durch Schale, Kern und wieder Schale. Die Zusammensetzung bei einem Radius ist also nirgends abzulesen: Sie muss angepasst werden, durch dieselbe Projektion und dieselbe Unschärfe. Eine scharfe Stufe im Schnitt ist im Bild nur ein Knick, und der Strahl rundet ihn ab."
            ),
        },
        TourStep {
            title: word!(
                "Why do σ and early D·t look alike?" | "Warum sehen σ und frühes D·t gleich aus?"
            ),
            words: word!(
                "A little diffusion makes the interface softer. So does an interface that was soft from the beginning. The dashed curve was never heated: its edges have σ² + 2 D·t in place of σ², and its core as many atoms."
                    | "Ein wenig Diffusion macht die Grenzfläche weicher. Ebenso sieht eine von Anfang an weiche Grenzfläche aus. Die gestrichelte Kurve wurde nie geheizt: Ihre Kanten haben σ² + 2 D·t statt σ², und ihr Kern hat ebenso viele Atome."
            ),
            question: word!(
                "You have one image, taken after a short heating. Can it tell D·t from σ?"
                    | "Es gibt ein einziges Bild, nach kurzem Heizen. Kann es D·t von σ unterscheiden?"
            ),
            options: [
                word!(
                    "Yes, the profiles differ everywhere"
                        | "Ja, die Profile unterscheiden sich überall"
                ),
                word!(
                    "Hardly: they differ at the outer edge alone"
                        | "Kaum: Sie unterscheiden sich nur am äußeren Rand"
                ),
                word!("Yes, by the brightness of the center" | "Ja, an der Helligkeit der Mitte"),
            ],
            right: 1,
            answer: word!(
                "Hardly. Where core meets shell both are all but the same curve; only the particle's outer edge, which diffusion leaves alone, is softer in the dashed curve. That is why the initial image matters so much, and why one σ is fitted to all frames together."
                    | "Kaum. Wo Kern und Schale sich treffen, sind beide fast dieselbe Kurve; nur der äußere Rand des Partikels, den die Diffusion in Ruhe lässt, ist in der gestrichelten weicher. Deshalb ist das Anfangsbild so wichtig, und deshalb wird ein σ an alle Bilder gemeinsam angepasst."
            ),
        },
        TourStep {
            title: word!(
                "Why are Ag@Au and Au@Ag not the same?"
                    | "Warum sind Ag@Au und Au@Ag nicht dasselbe?"
            ),
            words: word!(
                "Exchange core and shell: the same atoms at the same radii, the same D·t. Drawn is how much each ring of the image changes while D·t reaches R²/40, in standard deviations of its counting noise."
                    | "Kern und Schale getauscht: gleiche Radien, gleiches D·t. Gezeichnet ist, wie stark sich jeder Ring des Bildes ändert, bis D·t R²/40 erreicht, in Standardabweichungen seines Zählrauschens."
            ),
            question: word!(
                "At the same counts in the brightest pixel, is a change of D seen alike in both?"
                    | "Ist eine Änderung von D bei gleicher Impulszahl im hellsten Pixel in beiden gleich gut zu sehen?"
            ),
            options: [
                word!(
                    "Alike: the same atoms move equally far"
                        | "Gleich gut: Dieselben Atome wandern gleich weit"
                ),
                word!(
                    "Not alike: the change is the same, but it lies on bright pixels in one and on dim ones in the other"
                        | "Nicht gleich: Die Änderung ist dieselbe, liegt aber einmal auf hellen und einmal auf dunklen Pixeln"
                ),
                word!("Ag@Au shows nothing at all" | "Ag@Au zeigt gar nichts"),
            ],
            right: 1,
            answer: word!(
                "Not alike. The change has the same shape with the opposite sign, but it counts against the noise under it, which is the root of the counts, and the bright pixels are a ring in one and the center in the other. By counting alone D of this Au@Ag has errors a quarter smaller, as the planner says; the finite number of atoms all but evens that out."
                    | "Nicht gleich. Die Änderung hat dieselbe Form mit umgekehrtem Vorzeichen, aber sie zählt gegen das Rauschen darunter, die Wurzel der Impulszahl, und die hellen Pixel sind einmal ein Ring und einmal die Mitte. Durch Zählrauschen allein sind die Fehler von D bei diesem Au@Ag um ein Viertel kleiner, wie der Planer sagt; die endliche Zahl der Atome gleicht das fast aus."
            ),
        },
        TourStep {
            title: word!(
                "Why do the last frames say nothing?" | "Warum sagen die letzten Bilder nichts?"
            ),
            words: word!(
                "Each step of the heating changes the image by some standard deviations of the noise, as the curve shows. Play the heating and watch the profile come to rest."
                    | "Jeder Heizschritt ändert das Bild um einige Standardabweichungen des Rauschens, wie die Kurve zeigt. Das Heizen abspielen und zusehen, wie das Profil zur Ruhe kommt."
            ),
            question: word!(
                "The hottest steps have the largest D. Are they measured best?"
                    | "Die heißesten Schritte haben das größte D. Sind sie am besten gemessen?"
            ),
            options: [
                word!(
                    "Yes: the larger D, the larger the change"
                        | "Ja: je größer D, desto größer die Änderung"
                ),
                word!(
                    "No: the particle is mixed by then, and more mixing changes nothing"
                        | "Nein: Das Partikel ist dann gemischt, und weiteres Mischen ändert nichts"
                ),
                word!(
                    "All steps are measured equally well"
                        | "Alle Schritte sind gleich gut gemessen"
                ),
            ],
            right: 1,
            answer: word!(
                "No. Once D·t passes R²/20, nothing is left to mix, whatever D is: the images give a lower limit of D, no value. Too cold nothing moves, and there is an upper limit. In between lies a window of about two decades of D·t, and a good program puts many steps into it. The planner shows where, and what the finite number of atoms adds, which no dose mends."
                    | "Nein. Sobald D·t größer ist als R²/20, gibt es nichts mehr zu mischen, wie groß D auch ist: Die Bilder geben eine untere Grenze von D, keinen Wert. Zu kalt bewegt sich nichts, und es gibt eine obere Grenze. Dazwischen liegt ein Fenster von etwa zwei Größenordnungen in D·t, und ein gutes Heizprogramm legt viele Schritte hinein. Der Planer zeigt, wo, und was die endliche Zahl der Atome hinzufügt, gegen die keine Dosis hilft."
            ),
        },
        TourStep {
            title: word!("What does the slope mean?" | "Was bedeutet die Steigung?"),
            words: word!(
                "Over 1000/T, D = D₀ exp(−E/RT) is a straight line. Turn E and D₀ and watch."
                    | "Über 1000/T ist D = D₀ exp(−E/RT) eine Gerade. E und D₀ verändern und zusehen."
            ),
            question: word!(
                "E is doubled, and D in the middle of the range stays. What becomes of D₀?"
                    | "E wird verdoppelt, und D in der Mitte des Bereichs bleibt. Was wird aus D₀?"
            ),
            options: [
                word!("It stays" | "Es bleibt"),
                word!("It is doubled" | "Es verdoppelt sich"),
                word!(
                    "It grows by many orders of magnitude" | "Es wächst um viele Größenordnungen"
                ),
            ],
            right: 2,
            answer: word!(
                "By many orders of magnitude. The slope is −E/R, and D₀ is where the line meets 1/T = 0, far to the left of all data: a small turn of the line moves that end enormously. So E and ln D₀ err together, and neither means much without the other. D at a temperature within the range is what is really measured."
                    | "Um viele Größenordnungen. Die Steigung ist −E/R, und D₀ liegt dort, wo die Gerade 1/T = 0 trifft, weit links aller Daten: Eine kleine Drehung der Geraden bewegt dieses Ende gewaltig. E und ln D₀ irren also gemeinsam, und keines bedeutet viel ohne das andere. Wirklich gemessen wird D bei einer Temperatur innerhalb des Bereichs."
            ),
        },
        TourStep {
            title: word!("The paper's arithmetic" | "Die Rechnungen der Arbeit"),
            words: word!(
                "The AgAu paper prints D₀ = 7.2 × 10⁻⁶ m²/s and, for particles of 2 nm, E = 88 kJ/mol. A particle is mixed after τ₁ = R²/(20.19 D). Beside it stands the law of silver in bulk gold."
                    | "Die AgAu-Arbeit druckt D₀ = 7,2 × 10⁻⁶ m²/s und für Partikel von 2 nm E = 88 kJ/mol. Ein Partikel ist nach τ₁ = R²/(20,19 D) gemischt. Daneben steht das Gesetz von Silber in massivem Gold."
            ),
            question: word!(
                "With the printed numbers, how long would a particle of 2 nm stay unmixed at room temperature (300 K)?"
                    | "Wie lange bliebe ein Partikel von 2 nm mit den gedruckten Zahlen bei Raumtemperatur (300 K) ungemischt?"
            ),
            options: [
                word!("For years" | "Jahrelang"),
                word!("For about a minute" | "Etwa eine Minute"),
                word!("For microseconds" | "Mikrosekunden"),
            ],
            right: 1,
            answer: word!(
                "For about a minute; and at 448 K, where the paper shows an intact core, for half a millisecond. The printed D(T) and the printed images do not agree, by seven decades. The bulk law mixes such a particle within minutes between 540 and 570 K: as was observed. That is why this program always shows τ₁ beside D."
                    | "Etwa eine Minute; und bei 448 K, wo die Arbeit einen intakten Kern zeigt, eine halbe Millisekunde. Gedrucktes D(T) und gedruckte Bilder widersprechen sich um sieben Größenordnungen. Das Gesetz des Volumens mischt ein solches Partikel zwischen 540 und 570 K in Minuten: wie beobachtet. Deshalb zeigt dieses Programm neben D immer τ₁."
            ),
        },
        TourStep {
            title: word!(
                "What is a phase diagram for 2000 atoms?"
                    | "Was ist ein Phasendiagramm für 2000 Atome?"
            ),
            words: word!(
                "A small particle melts earlier: its surface counts. The curves are solidus and liquidus of Ag-Au at this radius and in the bulk. A radius of 2 nm holds about 2000 atoms, more than half of them within two layers of the surface."
                    | "Ein kleines Partikel schmilzt früher: Seine Oberfläche zählt. Die Kurven sind Solidus und Liquidus von Ag-Au bei diesem Radius und im Volumen. Ein Radius von 2 nm fasst etwa 2000 Atome, mehr als die Hälfte davon in den zwei Lagen an der Oberfläche."
            ),
            question: word!(
                "Between solidus and liquidus a large alloy is part solid, part liquid. And a particle of 2000 atoms?"
                    | "Zwischen Solidus und Liquidus ist eine große Legierung teils fest, teils flüssig. Und ein Partikel aus 2000 Atomen?"
            ),
            options: [
                word!("The same: it melts in part, in proportion" | "Ebenso: Es schmilzt anteilig"),
                word!(
                    "It is as a whole one or the other, and may go back and forth"
                        | "Es ist als Ganzes das eine oder das andere und kann hin- und herwechseln"
                ),
                word!("It is always liquid" | "Es ist immer flüssig"),
            ],
            right: 1,
            answer: word!(
                "As a whole one or the other, most of the time. An interface between solid and liquid within so small a particle costs more energy than it gains, and a few atoms more or less change the composition of either part. The lens is a guide, not a lever rule. And below 5 nm the model itself is extrapolated, as its authors say: the figure shows what it gives, not what is known."
                    | "Meist als Ganzes das eine oder das andere. Eine Grenzfläche zwischen fest und flüssig kostet in einem so kleinen Partikel mehr Energie, als sie bringt, und wenige Atome mehr oder weniger ändern die Zusammensetzung jedes Teils. Die Linse ist ein Anhalt, kein Hebelgesetz. Und unter 5 nm ist das Modell selbst extrapoliert, wie seine Autoren sagen: Die Abbildung zeigt, was es ergibt, nicht, was bekannt ist."
            ),
        },
    ]
}
