//! What eq. 4 does: its scaling in D·t and the wall at R_B.

use super::printed::{CORE_FRACTION, RADIUS_NM};
use super::{Check, Variation, reading, variation};
use crate::diffusion::{Composition, CoreShell, FiniteVolumes, Scheme};
use crate::language::{say, word};

pub fn checks() -> [Option<Check>; 2] {
    [scaling(), wall()]
}

/// The paper's particle with this smoothness.
pub fn particle(sigma_nm: f64) -> CoreShell {
    CoreShell {
        radius_a_nm: RADIUS_NM * libm::cbrt(CORE_FRACTION),
        radius_b_nm: RADIUS_NM,
        sigma_nm,
    }
}

/// Cells inside R_B.
const CELLS: usize = 120;

fn scaling() -> Option<Check> {
    // Two heatings of unequal D·t (nm²), against one of the same sum; the solver counts D·t from the start.
    let (first, second) = (0.02, 0.06);
    let difference = |steps: usize| {
        let start = || {
            FiniteVolumes::new(
                Scheme::Published,
                &particle(0.15),
                Composition::default(),
                CELLS,
            )
            .ok()
        };
        let (mut twice, mut once) = (start()?, start()?);
        twice.advance(first, steps);
        twice.advance(first + second, steps);
        once.advance(first + second, 2 * steps);
        let pairs = twice.core().iter().zip(once.core());
        Some(pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max))
    };
    let result = |value: f64| {
        reading(
            word!("largest difference of the densities" | "größter Unterschied der Dichten"),
            value,
            ("", 1),
        )
    };
    let finer = |steps: usize| -> Option<Variation> {
        let change = say!("{} in all" | "{} insgesamt", 2 * steps);
        Some(variation(
            word!("steps of time" | "Zeitschritte"),
            change,
            result(difference(steps)?),
        ))
    };
    Some(Check {
        title: word!("Scaling in D·t" | "Skalierung mit D·t"),
        place: word!("text at eq. 4" | "Text bei Gl. 4"),
        printed: word!(
            "the first term is neglected to have a solution ρ(r, D·t)"
                | "der erste Term wird vernachlässigt, um eine Lösung ρ(r, D·t) zu haben"
        )
        .into(),
        computed: vec![result(difference(20)?)],
        sensitivity: [40, 80].into_iter().filter_map(finer).collect(),
        sentence: word!(
            "Nothing need be neglected: all of the right-hand side is proportional to D(T), so the scaling in the sum of D·t over all steps is exact. What remains here is the step of time, and it vanishes with it."
                | "Nichts muss vernachlässigt werden: die ganze rechte Seite ist proportional zu D(T), also ist die Skalierung mit der Summe von D·t über alle Schritte exakt. Was hier bleibt, ist der Zeitschritt, und es verschwindet mit ihm."
        ),
    })
}

fn wall() -> Option<Check> {
    let outside = |sigma: f64| {
        let shape = particle(sigma);
        let fresh =
            FiniteVolumes::new(Scheme::Published, &shape, Composition::default(), CELLS).ok()?;
        let wall = fresh.wall()?;
        let h = fresh.step_nm();
        // Shell atoms and volume of each layer, over 4π/3.
        let layer = |i: usize| {
            let r = |k: usize| (k as f64 * h).powi(3);
            r(i + 1) - r(i)
        };
        let shell: Vec<f64> = fresh
            .shell()
            .iter()
            .enumerate()
            .map(|(i, rho)| rho * layer(i))
            .collect();
        let all = shell.iter().sum::<f64>();
        let frozen = shell.iter().skip(wall).sum::<f64>();
        let both = fresh.core().iter().zip(fresh.shell()).take(wall);
        let inside: f64 = both.enumerate().map(|(i, (a, b))| (a + b) * layer(i)).sum();
        let volume: f64 = (0..wall).map(layer).sum();
        Some((100.0 * frozen / all, inside / volume))
    };
    let (frozen, density) = outside(0.15)?;
    let sharper = |sigma: f64| {
        let (frozen, _) = outside(sigma)?;
        let result = reading(
            word!("shell outside R_B" | "Schale außerhalb von R_B"),
            frozen,
            ("%", 3),
        );
        Some(variation(
            word!("smoothness σ" | "Glättung σ"),
            format!("{sigma} nm"),
            result,
        ))
    };
    Some(Check {
        title: word!("The wall at R_B" | "Die Wand bei R_B"),
        place: word!("eqs 1-4" | "Gl. 1-4"),
        printed: word!("D = D(T) inside R_B and 0 beyond; densities smooth by the error function" | "D = D(T) innerhalb von R_B und 0 außerhalb; Dichten geglättet mit der Fehlerfunktion").into(),
        computed: vec![
            reading(
                word!("shell that lies outside R_B and never moves" | "Schale, die außerhalb von R_B liegt und sich nie bewegt"),
                frozen,
                ("%", 3),
            ),
            reading(
                word!("density inside when all has mixed, from 1" | "Dichte innen, wenn alles gemischt ist, von 1 aus"),
                density,
                ("", 3),
            ),
        ],
        sensitivity: [0.05, 0.1].into_iter().filter_map(sharper).collect(),
        sentence: word!("The smooth tail beyond R_B is frozen, and the particle thins from within. The scheme of mole fractions in a fixed envelope avoids both; the published one is kept beside it." | "Der glatte Ausläufer jenseits von R_B ist eingefroren, und das Partikel verdünnt sich von innen. Das Schema der Molenbrüche in fester Hülle vermeidet beides; das publizierte bleibt daneben stehen."),
    })
}
