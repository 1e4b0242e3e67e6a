//! What an image shows: weights, atoms, and whose core is measured better.

use super::equations::particle;
use super::printed::{ATOMS, RADIUS_NM, ROUND_RADIUS_NM};
use super::{Check, reading, variation};
use crate::diffusion::Scheme;
use crate::fit::{Bound, Design, Exposure, Order, Setting, Settings};
use crate::forward::{Basis, Optics, Response};
use crate::language::{say, word};
use crate::materials::{Library, Quantity};

pub fn checks(library: &Library) -> [Option<Check>; 4] {
    [
        weights(library),
        exponent(library),
        atoms(library),
        information(library),
    ]
}

/// Effective exponent for 200-300 kV beyond 50 mrad.
const EXPONENT: f64 = 1.85;

fn weights(library: &Library) -> Option<Check> {
    let ratio = |n: f64| Some(library.weight("Au", n)? / library.weight("Ag", n)?);
    let named = |name: &str, n: f64| Some(reading(name, ratio(n)?, ("", 3)));
    let at = |n: f64| {
        Some(variation(
            word!("exponent" | "Exponent"),
            n.to_string(),
            named(word!("gold over silver" | "Gold zu Silber"), n)?,
        ))
    };
    Some(Check {
        title: word!(
            "What the intensity is proportional to" | "Wozu die Intensität proportional ist"
        ),
        place: word!("text on the intensity" | "Text zur Intensität"),
        printed: word!(
            "the projected density, and Z² elsewhere"
                | "zur projizierten Dichte, und anderswo zu Z²"
        )
        .into(),
        computed: vec![
            named(
                word!(
                    "gold over silver by density alone" | "Gold zu Silber nach der Dichte allein"
                ),
                0.0,
            )?,
            named(
                word!("by density and Z to the power of 1.85" | "nach Dichte und Z hoch 1,85"),
                EXPONENT,
            )?,
        ],
        sensitivity: [1.7, 1.9, 2.0].into_iter().filter_map(at).collect(),
        sentence: word!(
            "By density alone silver and gold could not be told apart. The image is the sum over both elements of projected density times weight, blurred by the probe, with a gain and a background."
                | "Nach der Dichte allein wären Silber und Gold nicht zu unterscheiden. Das Bild ist die Summe über beide Elemente aus projizierter Dichte mal Gewicht, verwaschen durch den Strahl, mit Verstärkung und Untergrund."
        ),
    })
}

fn exponent(library: &Library) -> Option<Check> {
    let z = |symbol| library.number(symbol, Quantity::AtomicNumber);
    let base = z("Au")? / z("Ag")?;
    let ratio = |n: f64| libm::pow(base, n);
    let over = |n: f64| 100.0 * (ratio(2.0) / ratio(n) - 1.0);
    let at = |n: f64| {
        let result = reading(word!("Z² over it" | "Z² darüber"), over(n), ("%", 2));
        variation(word!("exponent" | "Exponent"), n.to_string(), result)
    };
    Some(Check {
        title: word!("The exponent of Z" | "Der Exponent von Z"),
        place: word!("text on the intensity" | "Text zur Intensität"),
        printed: word!("intensity goes as Z²" | "die Intensität geht mit Z²").into(),
        computed: vec![
            reading(
                word!("gold over silver with Z²" | "Gold zu Silber mit Z²"),
                ratio(2.0),
                ("", 4),
            ),
            reading(
                word!(
                    "gold over silver with Z to the power of 1.85"
                        | "Gold zu Silber mit Z hoch 1,85"
                ),
                ratio(EXPONENT),
                ("", 3),
            ),
            reading(
                word!("overstated by" | "überschätzt um"),
                over(EXPONENT),
                ("%", 1),
            ),
        ],
        sensitivity: [1.7, 1.9].into_iter().map(at).collect(),
        sentence: word!(
            "The square is the limit of very high angles. At 200-300 kV and beyond 50 mrad cross-sections go as Z to the power of 1.84 to 1.90; the exponent is yours to set, or to fit from the first image."
                | "Das Quadrat ist der Grenzfall sehr großer Winkel. Bei 200-300 kV und über 50 mrad gehen Wirkungsquerschnitte mit Z hoch 1,84 bis 1,90; der Exponent lässt sich setzen oder aus dem ersten Bild anpassen."
        ),
    })
}

fn atoms(library: &Library) -> Option<Check> {
    let n = |symbol| library.number(symbol, Quantity::AtomicDensity);
    let silver = n("Ag")?;
    let count = |density: f64, r: f64| 4.0 / 3.0 * core::f64::consts::PI * density * r * r * r;
    let radius = libm::cbrt(ATOMS / count(silver, 1.0));
    let other = |input: &'static str, change: String, value: f64| {
        variation(
            input,
            change,
            reading(word!("atoms" | "Atome"), value, ("", 4)),
        )
    };
    Some(Check {
        title: word!("Atoms in the particle" | "Atome im Partikel"),
        place: word!("size of the particles" | "Größe der Partikel"),
        printed: word!("about 2500 atoms at a radius of 2 nm" | "etwa 2500 Atome bei 2 nm Radius")
            .into(),
        computed: vec![
            reading(
                word!("atoms at 2 nm" | "Atome bei 2 nm"),
                count(silver, ROUND_RADIUS_NM),
                ("", 4),
            ),
            reading(
                word!("radius of 2500 atoms" | "Radius von 2500 Atomen"),
                radius,
                ("nm", 3),
            ),
        ],
        sensitivity: vec![
            other(
                word!("radius" | "Radius"),
                format!("{RADIUS_NM} nm"),
                count(silver, RADIUS_NM),
            ),
            other(
                word!("density" | "Dichte"),
                word!("of gold" | "von Gold").into(),
                count(n("Au")?, ROUND_RADIUS_NM),
            ),
        ],
        sentence: word!(
            "A radius of 2 nm holds about 1960 atoms; \"approximately\" covers a good deal of the rest."
                | "Ein Radius von 2 nm fasst etwa 1960 Atome; „ungefähr“ deckt einen guten Teil des Rests."
        ),
    })
}

/// One image of the particle: pixel (nm), dose (electrons per nm²), carbon support (nm), probe and edge (nm), field (nm).
const PIXEL_NM: f64 = 0.02;
const DOSE_PER_NM2: f64 = 1e7;
const SUPPORT_NM: f64 = 5.0;
const PROBE_NM: f64 = 0.05;
const EDGE_NM: f64 = 0.1;
const FIELD_NM: f64 = 3.0;
/// D·t since the initial state (nm²).
const TAU_NM2: [f64; 3] = [0.003, 0.03, 0.1];

fn information(library: &Library) -> Option<Check> {
    let share = |symbol: &str| Some(library.number(symbol, Quantity::Scattered)? / 100.0);
    let support = share("C")? * SUPPORT_NM;
    let shape = particle(EDGE_NM);
    let peak = |contrast: f64| {
        let basis = Basis::initial(shape.sigma_nm / shape.radius_b_nm).ok()?;
        let optics = Optics {
            psf_sigma_nm: PROBE_NM,
            contrast,
        };
        let radii: Vec<f64> = (0..200).map(|i| 0.01 * f64::from(i)).collect();
        let mut image = vec![0.0; radii.len()];
        Response::new(&basis, &shape, optics, &radii).image(0.0, &mut image);
        Some(image.into_iter().fold(0.0, f64::max))
    };
    // Cramér-Rao bounds of D·t (%) with gain and background free, of an image at each of `TAU_NM2`.
    let errors = |core: &str, shell: &str| {
        let (core, shell) = (share(core)?, share(shell)?);
        let counts = DOSE_PER_NM2 * PIXEL_NM * PIXEL_NM;
        let exposure = Exposure {
            pixel_nm: PIXEL_NM,
            peak_counts: counts * core.max(shell) * peak(core / shell)?,
            background_counts: counts * support,
            field_nm: FIELD_NM,
        };
        let design = Design {
            shape,
            tau_nm2: [&[0.0], &TAU_NM2[..]].concat(),
            settings: Settings {
                scheme: Scheme::Fraction,
                contrast: core / shell,
                contrast_free: false,
                psf_sigma_nm: PROBE_NM,
                radius_a_nm: Setting::Fixed(shape.radius_a_nm),
                radius_b_nm: Setting::Fixed(shape.radius_b_nm),
                sigma_nm: Setting::Fixed(shape.sigma_nm),
                ln_d_ratio: 0.0,
                order: Order::Joint,
                reference: 0,
                confidence: 0.68,
                core_offset_nm: 0.0,
                atoms_per_nm3: None,
            },
        };
        let bound = Bound::of_counts(&design, &exposure).ok()?;
        // The frames share nothing that is unknown: an interval's variance is the sum of those of its ends.
        let mut before = 0.0;
        let percent = |(sd, tau): (&Option<f64>, &f64)| {
            before = sd.map_or(f64::NAN, |sd| sd * sd) - before;
            100.0 * f64::sqrt(before) / tau
        };
        let sds = bound.dtau_sd_nm2.iter();
        Some(sds.zip(&TAU_NM2).map(percent).collect::<Vec<f64>>())
    };
    let (dark, bright) = (errors("Ag", "Au")?, errors("Au", "Ag")?);
    let of = |particle: &str, value: f64| {
        let name = say!("least error of D·t, {particle}" | "kleinster Fehler von D·t, {particle}");
        reading(name, value, ("%", 2))
    };
    let at = |i: usize| {
        let change = format!("{} nm²", TAU_NM2.get(i)?);
        let one = |particle, errors: &[f64]| {
            let result = of(particle, *errors.get(i)?);
            Some(variation("D·t", change.clone(), result))
        };
        Some([one("Ag@Au", &dark)?, one("Au@Ag", &bright)?])
    };
    let varied: Vec<_> = [0, 2].into_iter().filter_map(at).flatten().collect();
    Some(Check {
        title: word!("Which core is measured better" | "Welcher Kern besser gemessen wird"),
        place: word!("discussion of Au@Ag" | "Diskussion von Au@Ag"),
        printed: word!("larger uncertainties for Au@Ag" | "größere Unsicherheiten für Au@Ag")
            .into(),
        computed: vec![
            of(
                word!("Ag@Au at 0.03 nm²" | "Ag@Au bei 0,03 nm²"),
                *dark.get(1)?,
            ),
            of(
                word!("Au@Ag at 0.03 nm²" | "Au@Ag bei 0,03 nm²"),
                *bright.get(1)?,
            ),
        ],
        sensitivity: varied,
        sentence: word!(
            "Of one geometry and dose, the bright core holds a little more information (Cramér-Rao bound, counting noise). The larger scatter must have another cause, the particles' own shape for one."
                | "Bei gleicher Geometrie und Dosis enthält der helle Kern etwas mehr Information (Cramér-Rao-Schranke, Zählrauschen). Die größere Streuung muss eine andere Ursache haben, etwa die Form der Partikel."
        ),
    })
}
