//! Ready-made experiments.

use crate::diffusion::{CoreShell, Scheme};
use crate::materials::Library;

use super::{Arrhenius, Camera, Experiment, HeatingStep};

/// Sample particles that the program offers.
///
/// D0 and E are chosen so that a ramp of 600 s steps from room temperature to 573 K crosses the mixing of this particle and five to six
/// intervals carry information; they are not literature values (bulk values mix only at the last steps).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// `ag@au`: dark silver core in a bright gold shell.
    AgAu,
    /// `au@ag`: bright core in a dark shell.
    AuAg,
    /// `cu@mg`: copper core in a magnesium shell, whose signal is a tenth of the core's.
    CuMg,
}

/// Exponent of the weights, the program's default (300 kV, from 50 mrad on).
const Z_EXPONENT: f64 = 1.85;

impl Preset {
    /// All of them.
    pub const ALL: [Preset; 3] = [Preset::AgAu, Preset::AuAg, Preset::CuMg];

    /// The name by which it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Preset::AgAu => "ag@au",
            Preset::AuAg => "au@ag",
            Preset::CuMg => "cu@mg",
        }
    }

    /// The preset of a name, `None` for an unknown one.
    pub fn named(name: &str) -> Option<Preset> {
        Preset::ALL
            .into_iter()
            .find(|preset| preset.name().eq_ignore_ascii_case(name))
    }

    /// The experiment: scheme `fraction`, 12 frames of 512² pixels of 0.02 nm, 400 counts.
    pub fn experiment(self) -> Experiment {
        let (core, shell) = match self {
            Preset::AgAu => ("Ag", "Au"),
            Preset::AuAg => ("Au", "Ag"),
            Preset::CuMg => ("Cu", "Mg"),
        };
        let (shape, arrhenius) = match self {
            Preset::AgAu | Preset::AuAg => (
                CoreShell {
                    radius_a_nm: 1.15,
                    radius_b_nm: 2.0,
                    sigma_nm: 0.10,
                },
                Arrhenius {
                    d0_m2_s: 1.006_471_1e-16,
                    energy_j_mol: 50_000.0,
                },
            ),
            Preset::CuMg => (
                CoreShell {
                    radius_a_nm: 1.25,
                    radius_b_nm: 2.1,
                    sigma_nm: 0.12,
                },
                Arrhenius {
                    d0_m2_s: 9.0e-16,
                    energy_j_mol: 60_000.0,
                },
            ),
        };
        let mut heating = vec![HeatingStep {
            temperature_k: 298.0,
            dwell_s: 0.0,
        }];
        heating.extend((1..12).map(|k| HeatingStep {
            temperature_k: 298.0 + 25.0 * f64::from(k),
            dwell_s: 600.0,
        }));
        let library = Library::builtin();
        let of = |symbol| library.weight(symbol, Z_EXPONENT).unwrap_or(1.0);
        Experiment {
            name: self.name().replace('@', "_"),
            core: core.into(),
            shell: shell.into(),
            z_exponent: Z_EXPONENT,
            contrast: of(core) / of(shell),
            shape,
            scheme: Scheme::Fraction,
            arrhenius,
            heating,
            ramps: None,
            camera: Camera {
                side_px: 512,
                pixel_nm: 0.02,
                psf_sigma_nm: 0.09,
                peak_counts: 400.0,
                background: 0.1,
                background_slope: (0.06, -0.04),
                background_sd: 0.1,
                gain_sd: 0.03,
                drift_px: 0.8,
            },
        }
    }
}
