//! D(T) and what was seen: mixing times, the ramp, the comparison with the bulk.

use super::energies::diffusivity;
use super::printed::{
    BULK_ENERGY_J_MOL, D0_M2_S, END_IN_ABSTRACT_K, END_K, FIT_ENERGY_J_MOL, INTACT_K, MIXING_K,
    MODEL_ENERGY_J_MOL, ROUND_RADIUS_NM, START_K, STEP_K, STEPS,
};
use super::{Check, Reading, reading, variation};
use crate::diffusion::SLOWEST_MODE_SQUARED;
use crate::kinetics::mixing_time_s;
use crate::language::{say, word};
use crate::materials::Library;
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

pub fn checks(library: &Library) -> [Option<Check>; 3] {
    [
        mixing_times(library),
        Some(temperatures(library)),
        lower_than_bulk(library),
    ]
}

/// Room temperature as mixing times are quoted at (K).
const ROOM_K: f64 = 300.0;

/// Dwells (s) between which heating steps usually last: the paper gives none.
const DWELLS_S: (f64, f64) = (60.0, 300.0);

/// τ₁ (s) of a particle of 2 nm.
fn tau1_s(d_m2_s: f64) -> f64 {
    mixing_time_s(ROUND_RADIUS_NM, d_m2_s / SQUARE_METER_PER_SQUARE_NM).unwrap_or(f64::INFINITY)
}

/// The D (m²/s) with which a particle of 2 nm has this τ₁.
fn needed_m2_s(tau1_s: f64) -> f64 {
    ROUND_RADIUS_NM * ROUND_RADIUS_NM * SQUARE_METER_PER_SQUARE_NM / (SLOWEST_MODE_SQUARED * tau1_s)
}

fn mixing_times(library: &Library) -> Option<Check> {
    let bulk = library.tracer("Ag", "Au")?;
    let tau = |name: String, d: f64| reading(name, tau1_s(d), ("s", 2));
    let by_fit = |t: f64| {
        let d = diffusivity(D0_M2_S, FIT_ENERGY_J_MOL, t);
        tau(
            say!(
                "τ₁ at {t} K by the published fit" | "τ₁ bei {t} K nach der publizierten Anpassung"
            ),
            d,
        )
    };
    let by = |input: &'static str, energy: f64, t: f64| {
        let change = format!("{} kJ/mol, {t} K", energy / 1e3);
        let d = diffusivity(D0_M2_S, energy, t);
        variation(input, change, tau("τ₁".into(), d))
    };
    let decades = |t: f64| {
        let d = diffusivity(D0_M2_S, FIT_ENERGY_J_MOL, t);
        libm::log10(d / needed_m2_s(DWELLS_S.0))
    };
    // With D0 held: the energy with which τ₁ is the dwell.
    let energy = |t: f64, dwell: f64| {
        let e = GAS_CONSTANT * t * libm::log(D0_M2_S / needed_m2_s(dwell));
        let change = say!("τ₁ = {dwell} s at {t} K" | "τ₁ = {dwell} s bei {t} K");
        variation(
            word!("what mixes within a step" | "was sich in einem Schritt mischt"),
            change,
            reading(
                word!("E with D0 held" | "E bei festem D0"),
                e / 1e3,
                ("kJ/mol", 3),
            ),
        )
    };
    Some(Check {
        title: word!("D(T) and what was seen" | "D(T) und was zu sehen war"),
        place: word!("figures 2 and 3" | "Abbildungen 2 und 3"),
        printed:
            word!("the core is intact at 448 K and gone at 573 K; D0 = 7.2·10⁻⁶ m²/s with 8.96·10⁴ J/mol" | "der Kern ist bei 448 K heil und bei 573 K verschwunden; D0 = 7,2·10⁻⁶ m²/s mit 8,96·10⁴ J/mol")
                .into(),
        computed: vec![
            by_fit(ROOM_K),
            by_fit(INTACT_K),
            by_fit(END_K),
            reading(
                word!("D at 573 K over what mixes in a minute, powers of ten" | "D bei 573 K über dem, was in einer Minute mischt, Zehnerpotenzen"),
                decades(END_K),
                ("", 2),
            ),
        ],
        sensitivity: vec![
            by(word!("E of the model" | "E des Modells"), MODEL_ENERGY_J_MOL, INTACT_K),
            by(word!("E of silver in gold" | "E von Silber in Gold"), bulk.energy_j_mol, 523.0),
            by(word!("E of silver in gold" | "E von Silber in Gold"), bulk.energy_j_mol, END_K),
            by(word!("E(∞) of the paper" | "E(∞) der Arbeit"), BULK_ENERGY_J_MOL, END_K),
            energy(523.0, DWELLS_S.1),
            energy(END_K, DWELLS_S.0),
        ],
        sentence: word!("By the published D(T) the particle would be mixed within minutes at room temperature and within a millisecond where its core is seen intact. The bulk's law gives the times that were seen. An axis or a unit may be off by some seven powers of ten, or D0 cannot be held at the bulk's value; hence D·t and τ₁ stand beside every fit here." | "Nach dem publizierten D(T) wäre das Partikel bei Raumtemperatur in Minuten gemischt und in einer Millisekunde dort, wo sein Kern heil zu sehen ist. Das Gesetz des Massivs ergibt die beobachteten Zeiten. Eine Achse oder Einheit mag um sieben Zehnerpotenzen daneben liegen, oder D0 lässt sich nicht beim Wert des Massivs festhalten; darum stehen hier D·t und τ₁ neben jeder Anpassung."),
    })
}

fn temperatures(library: &Library) -> Check {
    let end = START_K + STEPS * STEP_K;
    // How much one step matters: D grows by this factor.
    let factor =
        |energy: f64, t: f64| diffusivity(1.0, energy, t) / diffusivity(1.0, energy, t - STEP_K);
    let bulk = library.tracer("Ag", "Au").map(|law| law.energy_j_mol);
    let energies = [
        (
            word!("E of the fit" | "E der Anpassung"),
            Some(FIT_ENERGY_J_MOL),
        ),
        (word!("E of silver in gold" | "E von Silber in Gold"), bulk),
    ];
    let one_step = |(input, energy): (&'static str, Option<f64>)| {
        let result: Reading = reading("D(573 K)/D(548 K)", factor(energy?, END_K), ("", 2));
        Some(variation(
            input,
            word!("one step of 25 K" | "ein Schritt von 25 K"),
            result,
        ))
    };
    Check {
        title: word!("Where it ends and where it mixes" | "Wo es endet und wo es mischt"),
        place: word!(
            "abstract, section 2.2, results" | "Zusammenfassung, Abschnitt 2.2, Ergebnisse"
        ),
        printed: say!(
            "heated to {END_IN_ABSTRACT_K} K in one place and to {END_K} K in another; mixed at {END_K} K, or between {} and {} K"
                | "an einer Stelle auf {END_IN_ABSTRACT_K} K geheizt und an einer anderen auf {END_K} K; gemischt bei {END_K} K oder zwischen {} und {} K",
            MIXING_K.0,
            MIXING_K.1
        ),
        computed: vec![reading(
            word!(
                "end of eleven steps of 25 K from 298 K"
                    | "Ende von elf Schritten zu 25 K ab 298 K"
            ),
            end,
            ("K", 3),
        )],
        sensitivity: energies.into_iter().filter_map(one_step).collect(),
        sentence: word!(
            "The steps end at 573 K, and 600 K is a round number. Between 548 and 573 K D grows by a factor of two to five, so the wording of where it mixes matters."
                | "Die Schritte enden bei 573 K, und 600 K ist eine runde Zahl. Zwischen 548 und 573 K wächst D um einen Faktor zwei bis fünf; die Formulierung, wo es mischt, ist also wichtig."
        ),
    }
}

fn lower_than_bulk(library: &Library) -> Option<Check> {
    let law = library.tracer("Ag", "Au")?;
    // Where the bulk's law gives this τ₁.
    let at = |dwell: f64| {
        law.energy_j_mol / (GAS_CONSTANT * libm::log(law.d0_m2_s / needed_m2_s(dwell)))
    };
    let (short, long) = DWELLS_S;
    let of = |dwell: f64| {
        let name = say!(
            "bulk silver in gold has τ₁ = {dwell} s at"
                | "Silber in massivem Gold hat τ₁ = {dwell} s bei"
        );
        reading(name, at(dwell), ("K", 3))
    };
    let longer = |dwell: f64| {
        let change = format!("{dwell} s");
        variation(
            word!("dwell" | "Verweilzeit"),
            change,
            reading(
                word!("τ₁ equals it at" | "τ₁ gleicht ihr bei"),
                at(dwell),
                ("K", 3),
            ),
        )
    };
    Some(Check {
        title: word!("Lower than in the bulk" | "Niedriger als im Massiv"),
        place: word!("conclusion" | "Schluss"),
        printed: word!(
            "mixing at temperatures below the bulk's"
                | "Mischen bei Temperaturen unter denen des Massivs"
        )
        .into(),
        computed: vec![of(short), of(long)],
        sensitivity: vec![longer(10.0), longer(1800.0)],
        sentence: word!(
            "The bulk's law alone mixes a particle of this size within minutes between 500 and 573 K. That smallness helps is plausible; these data do not show it, and without dwell times they cannot."
                | "Schon das Gesetz des Massivs mischt ein Partikel dieser Größe zwischen 500 und 573 K in Minuten. Dass Kleinheit hilft, ist plausibel; diese Daten zeigen es nicht, und ohne Verweilzeiten können sie es nicht."
        ),
    })
}
