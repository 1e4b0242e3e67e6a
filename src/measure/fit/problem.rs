//! The fit as a problem: data, parameters, and the model with its derivatives.

use serde::{Deserialize, Serialize};

use super::linear::{Projected, dot, project};
use super::model::{CONTRAST, Model, ModelMaker, RADIUS_A, RADIUS_B, Radii, SIGMA};
use super::smooth::Smooth;
use super::{Lattice, Order, Setting};
use crate::diffusion::{DiffusionError, SLOWEST_MODE_SQUARED, Scheme};
use crate::forward::BasisError;
use crate::language::{Number, Said, said, say, word};

use crate::signal::Profile;

/// One frame as the fit sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct FrameData {
    /// Index in the series.
    pub frame: usize,
    /// Temperature of the heating between the frame before this one and this one (K); `None` when unknown or mixed.
    pub temperature_k: Option<f64>,
    /// Its duration (s).
    pub dwell_s: Option<f64>,
    /// The measured profile; its radius in nm, or in pixels throughout the series.
    pub profile: Profile,
    /// Radius at which the particle ends, as the image shows it: the start value of R_B, in the profile's unit.
    pub edge: f64,
}

/// What is fitted and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// How the density evolves.
    pub scheme: Scheme,
    /// w_core / w_shell: the value held, or the value to start from.
    pub contrast: f64,
    /// Whether `contrast` is fitted.
    pub contrast_free: bool,
    /// Standard deviation of the probe.
    pub psf_sigma_nm: f64,
    /// R_A.
    pub radius_a_nm: Setting,
    /// R_B.
    pub radius_b_nm: Setting,
    /// σ.
    pub sigma_nm: Setting,
    /// ln(D at the core's composition / D at the shell's): 0 for a constant D, otherwise D(c) is log-linear between.
    pub ln_d_ratio: f64,
    /// How the frames enter.
    pub order: Order,
    /// Position among the fitted frames of the one that gives the initial profile in the sequential order.
    pub reference: usize,
    /// Confidence level of the intervals.
    pub confidence: f64,
    /// Distance (nm) of the core's center from the particle's, whose rings the profiles are: they see it smeared.
    pub core_offset_nm: f64,
    /// Atoms per nm³: what their finite number adds is then in the errors. `None` for a continuum.
    pub atoms_per_nm3: Option<f64>,
}

/// Why there is no fit.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FitError {
    /// Nothing to fit.
    #[error("{}", word!(
        "no frame is left to fit: all are excluded or without a particle"
        | "zum Anpassen bleibt kein Bild: alle sind ausgelassen oder ohne Partikel"
    ))]
    NoFrames,
    /// More unknowns than bins.
    #[error("{}", say!(
        "frame {frame}: {bins} bins are too few for a fit; at least {needed} are needed, so the particle must cover more pixels"
        | "Bild {frame}: {bins} Ringe sind für eine Anpassung zu wenige; mindestens {needed} sind nötig, das Partikel muss also mehr Pixel bedecken"
    ))]
    TooFewBins {
        /// Index in the series.
        frame: usize,
        /// Bins there.
        bins: usize,
        /// Bins needed.
        needed: usize,
    },
    /// A profile that no fit can use.
    #[error("{}", say!(
        "frame {frame}: the profile holds values or errors that are not finite and positive"
        | "Bild {frame}: das Profil enthält Werte oder Fehler, die nicht endlich und positiv sind"
    ))]
    BadProfile {
        /// Index in the series.
        frame: usize,
    },
    /// A frame whose particle has another size, by far, than that of the others.
    #[error("{}", say!(
        "frame {frame}: the particle has a radius of {:.3} nm there, and of {:.3} nm in most frames"
        | "Bild {frame}: Dort hat das Partikel einen Radius von {:.3} nm, in den meisten Bildern von {:.3} nm",
        Number(*radius_nm), Number(*others_nm)
    ))]
    OtherSize {
        /// Index in the series.
        frame: usize,
        /// Radius there.
        radius_nm: f64,
        /// Radius in the middle one of all frames.
        others_nm: f64,
    },
    /// A setting outside its range.
    #[error("{}", say!(
        "{setting} = {} is outside its range ({range})"
        | "{setting} = {} liegt außerhalb des Bereichs ({range})", Number(*value)
    ))]
    Setting {
        /// Which.
        setting: Said,
        /// Its value.
        value: f64,
        /// What is allowed.
        range: Said,
    },
    /// No particle that an electron microscope shows is so small or so large.
    #[error("{}", say!(
        "the particle's radius in nm = {} is outside its range ({LEAST_RADIUS_NM} to {MOST_RADIUS_NM})"
        | "der Radius des Partikels in nm = {} liegt außerhalb des Bereichs ({LEAST_RADIUS_NM} bis {MOST_RADIUS_NM})", Number(*radius_nm)
    ))]
    Radius {
        /// Of the circle, by the pixel size.
        radius_nm: f64,
    },
    /// The model cannot be computed for the parameters asked for.
    #[error("{}", word!("the model cannot be computed" | "das Modell lässt sich nicht berechnen"))]
    Model(#[from] BasisError),
    /// The same for a D that depends on composition.
    #[error("{}", word!("the model cannot be computed" | "das Modell lässt sich nicht berechnen"))]
    Diffusion(#[from] DiffusionError),
}

/// One frame at one τ: projected residuals and Jacobian columns.
pub(super) struct Linearized {
    pub projected: Projected,
    /// By the free shared parameters, in order.
    pub shared: Vec<Vec<f64>>,
    /// By τ.
    pub tau: Vec<f64>,
}

/// Data prepared for fitting.
pub(super) struct Problem<'a> {
    pub frames: &'a [FrameData],
    pub settings: &'a Settings,
    /// 1/standard error.
    pub weights: Vec<Vec<f64>>,
    /// Where structure too fine for a continuum is left out: what takes a profile's place, by frame.
    pub smooth: Option<Vec<Smooth>>,
    /// Weighted data and weighted constant, by frame.
    fixed: Vec<(Vec<f64>, Vec<f64>)>,
    /// Makes models for these frames.
    pub maker: ModelMaker<'a>,
    /// Edge radius all limits are relative to.
    pub edge: f64,
    /// Model evaluations so far, in frames.
    pub evaluations: std::cell::Cell<usize>,
}

impl<'a> Problem<'a> {
    pub fn new(frames: &'a [FrameData], settings: &'a Settings) -> Result<Problem<'a>, FitError> {
        let first = frames.first().ok_or(FitError::NoFrames)?;
        check(settings)?;
        let mut weights = Vec::new();
        for frame in frames {
            let p = &frame.profile;
            // Two linear parameters, τ and the shape must leave something over.
            const NEEDED: usize = 10;
            if p.len() < NEEDED {
                return Err(FitError::TooFewBins {
                    frame: frame.frame,
                    bins: p.len(),
                    needed: NEEDED,
                });
            }
            let sound = p.radius.iter().chain(&p.value).all(|v| v.is_finite())
                && p.standard_error.iter().all(|e| e.is_finite() && *e > 0.0)
                && frame.edge.is_finite()
                && frame.edge > 0.0;
            if !sound {
                return Err(FitError::BadProfile { frame: frame.frame });
            }
            weights.push(p.standard_error.iter().map(|e| 1.0 / e).collect());
        }
        let mut edges: Vec<f64> = frames.iter().map(|f| f.edge).collect();
        edges.sort_by(f64::total_cmp);
        let edge = edges.get(edges.len() / 2).copied().unwrap_or(first.edge);
        let other = |f: &&FrameData| !(edge / MOST_OTHER..=edge * MOST_OTHER).contains(&f.edge);
        if let Some(frame) = frames.iter().find(other) {
            return Err(FitError::OtherSize {
                frame: frame.frame,
                radius_nm: frame.edge,
                others_nm: edge,
            });
        }
        if !(LEAST_RADIUS_NM..=MOST_RADIUS_NM).contains(&edge) {
            return Err(FitError::Radius { radius_nm: edge });
        }
        check_lengths(settings, edge)?;
        let profiles: Vec<&Profile> = frames.iter().map(|f| &f.profile).collect();
        let mut problem = Problem {
            frames,
            settings,
            weights,
            smooth: None,
            fixed: Vec::new(),
            maker: ModelMaker {
                settings,
                radii: Radii::new(&profiles, settings.psf_sigma_nm),
                initial_only: frames.len() == 1,
                tangent: None,
            },
            edge,
            evaluations: std::cell::Cell::new(0),
        };
        problem.fix();
        Ok(problem)
    }

    /// The problem as it was posed to a fit that saw, or did not see, a lattice.
    pub fn like(
        frames: &'a [FrameData],
        settings: &'a Settings,
        lattice: Option<Lattice>,
    ) -> Result<Problem<'a>, FitError> {
        let mut problem = Problem::new(frames, settings)?;
        if let Some(lattice) = lattice {
            problem.leave_out_finer_than(lattice.finest_nm);
        }
        Ok(problem)
    }

    /// From here on only what is not finer than `finest` counts, of data and model alike.
    ///
    /// All pixels of a frame weigh the same from here on: the scatter within a ring, which weighs rings of noise, is here that of the
    /// columns it crosses, and would leave the fit to the rim.
    pub fn leave_out_finer_than(&mut self, finest: f64) {
        for (weights, frame) in self.weights.iter_mut().zip(self.frames) {
            let p = &frame.profile;
            let (mut sum, mut pixels) = (0.0, 0.0);
            for (e, n) in p.standard_error.iter().zip(&p.pixel_count) {
                let n = f64::from((*n).max(1));
                sum += n * n * e * e;
                pixels += n;
            }
            let of = |n: &u32| f64::sqrt(f64::from((*n).max(1)) * pixels / sum);
            *weights = p.pixel_count.iter().map(of).collect();
        }
        self.smooth = Some(self.smoothers(finest));
        self.fix();
    }

    fn smoothers(&self, finest: f64) -> Vec<Smooth> {
        let rings = self.frames.iter().zip(&self.weights);
        rings
            .map(|(f, w)| Smooth::new(&f.profile.radius, w, finest))
            .collect()
    }

    fn fix(&mut self) {
        let of = |k: usize| {
            let value = &self.frames[k].profile.value;
            let one = vec![1.0; value.len()];
            (self.weigh(k, value), self.weigh(k, &one))
        };
        self.fixed = (0..self.frames.len()).map(of).collect();
    }

    /// A profile in units of its errors: rings, or their smooth coefficients.
    pub fn weigh(&self, k: usize, profile: &[f64]) -> Vec<f64> {
        match &self.smooth {
            Some(smooth) => smooth[k].apply(profile),
            None => profile
                .iter()
                .zip(&self.weights[k])
                .map(|(v, w)| v * w)
                .collect(),
        }
    }

    /// The transpose of [`Problem::weigh`]: by how much each ring moves the scalar product with `column`.
    pub fn weigh_back(&self, k: usize, column: &[f64]) -> Vec<f64> {
        match &self.smooth {
            Some(smooth) => smooth[k].back(column),
            None => column
                .iter()
                .zip(&self.weights[k])
                .map(|(c, w)| c * w)
                .collect(),
        }
    }

    /// Numbers that frame `k` gives to the fit.
    pub fn size(&self, k: usize) -> usize {
        match &self.smooth {
            Some(smooth) => smooth[k].len(),
            None => self.frames[k].profile.len(),
        }
    }

    /// The same of all frames.
    pub fn total_size(&self) -> usize {
        (0..self.frames.len()).map(|k| self.size(k)).sum()
    }

    /// χ²/ν of what is finer than `finest` in the residuals of all rings, and ν: 1 ± √(2/ν) where there is nothing but noise.
    pub fn roughness(&self, frames: &[Linearized], finest: f64) -> (f64, f64) {
        let (mut chi2, mut degrees) = (0.0, 0.0);
        let all = self.smoothers(finest).into_iter().zip(&self.weights);
        for ((smooth, w), frame) in all.zip(frames) {
            let r = &frame.projected.residual;
            let plain: Vec<f64> = r.iter().zip(w).map(|(r, w)| r / w).collect();
            let coarse = smooth.apply(&plain);
            chi2 += frame.projected.chi2() - dot(&coarse, &coarse);
            degrees += r.len().saturating_sub(smooth.len()) as f64;
        }
        (chi2 / degrees.max(1.0), degrees)
    }

    /// Indices of the free shared parameters.
    pub fn free(&self) -> Vec<usize> {
        let s = self.settings;
        [
            (RADIUS_A, s.radius_a_nm == Setting::Free),
            (RADIUS_B, s.radius_b_nm == Setting::Free),
            (SIGMA, s.sigma_nm == Setting::Free),
            (CONTRAST, s.contrast_free),
        ]
        .into_iter()
        .filter_map(|(index, free)| free.then_some(index))
        .collect()
    }

    /// τ beyond which a frame no longer changes: the slowest mode has died to 1e-7.
    pub fn tau_max(&self) -> f64 {
        16.0 * self.edge * self.edge / SLOWEST_MODE_SQUARED
    }

    /// v = 1 - exp(-q₁² τ/R²), in which the signal of a frame is almost linear.
    pub fn v_of_tau(&self, tau: f64) -> f64 {
        -libm::expm1(-SLOWEST_MODE_SQUARED * tau / (self.edge * self.edge))
    }

    pub fn tau_of_v(&self, v: f64) -> f64 {
        (-libm::log1p(-v.min(1.0 - 1e-16)) * self.edge * self.edge / SLOWEST_MODE_SQUARED)
            .clamp(0.0, self.tau_max())
    }

    /// dτ/dv at τ.
    pub fn tau_slope(&self, tau: f64) -> f64 {
        let r2 = self.edge * self.edge;
        r2 / SLOWEST_MODE_SQUARED * libm::exp(SLOWEST_MODE_SQUARED * tau / r2)
    }

    /// Residuals of frame `k` at τ.
    pub fn residuals(&self, model: &Model, k: usize, tau: f64) -> Projected {
        self.count(1);
        let image = self.maker.image(model, k, tau);
        self.projected(k, &image)
    }

    fn projected(&self, k: usize, image: &[f64]) -> Projected {
        let (data, one) = &self.fixed[k];
        project(self.weigh(k, image), data, one)
    }

    /// Residuals and Jacobian of frame `k` at τ.
    pub fn linearize(&self, model: &Model, free: &[usize], k: usize, tau: f64) -> Linearized {
        self.count(1 + free.len());
        let (image, by_tau, shared) = self.maker.derivatives(model, free, k, tau);
        let projected = self.projected(k, &image);
        let column = |derivative: &[f64]| projected.column(self.weigh(k, derivative));
        let (shared, tau) = (shared.iter().map(|d| column(d)).collect(), column(&by_tau));
        Linearized {
            projected,
            shared,
            tau,
        }
    }

    fn count(&self, images: usize) {
        self.evaluations.set(self.evaluations.get() + images);
    }
}

/// A particle that changes its radius by more than this factor is another one, or its pixels have another size.
const MOST_OTHER: f64 = 5.0;

/// Radii of particles (nm): none is smaller than an atom, and none larger lets electrons pass.
const LEAST_RADIUS_NM: f64 = 0.1;
const MOST_RADIUS_NM: f64 = 10_000.0;

/// ln of the ratio of the two D at the ends of the composition, at most: beyond, one of them stands still.
const MOST_LN_RATIO: f64 = 12.0;

/// Lengths that are given, beside the particle's radius: outside, no model can be computed in reasonable time, or it tells nothing.
fn check_lengths(settings: &Settings, edge: f64) -> Result<(), FitError> {
    let within = |name: Said, value: f64, (least, most): (f64, f64)| {
        if (least * edge..=most * edge).contains(&value) {
            return Ok(());
        }
        let [low, high] = [least, most].map(|share| Number(libm::round(share * edge * 1e4) / 1e4));
        Err(FitError::Setting {
            setting: name,
            value,
            range: said!(
                "{low} to {high} nm, beside the particle's radius"
                    | "{low} bis {high} nm, neben dem Radius des Partikels"
            ),
        })
    };
    let probe = said!("probe sigma" | "σ des Strahls");
    within(probe, settings.psf_sigma_nm, (0.0, 2.0))?;
    for (name, setting, range) in [
        ("R_A", settings.radius_a_nm, (1e-3, 2.0)),
        ("R_B", settings.radius_b_nm, (0.2, 5.0)),
        ("sigma", settings.sigma_nm, (1e-3, 2.0)),
    ] {
        if let Setting::Fixed(value) = setting {
            within(Said::name(name), value, range)?;
        }
    }
    Ok(())
}

fn check(settings: &Settings) -> Result<(), FitError> {
    let positive = |setting: Said, value: f64| {
        if value.is_finite() && value > 0.0 {
            Ok(())
        } else {
            Err(FitError::Setting {
                setting,
                value,
                range: said!("greater than 0" | "größer als 0"),
            })
        }
    };
    positive(
        said!("contrast w_core/w_shell" | "Kontrast w_Kern/w_Schale"),
        settings.contrast,
    )?;
    for (name, setting) in [
        ("R_A", settings.radius_a_nm),
        ("R_B", settings.radius_b_nm),
        ("sigma", settings.sigma_nm),
    ] {
        if let Setting::Fixed(value) = setting {
            positive(Said::name(name), value)?;
        }
    }
    if let (Setting::Fixed(a), Setting::Fixed(b)) = (settings.radius_a_nm, settings.radius_b_nm)
        && a >= b
    {
        return Err(FitError::Setting {
            setting: Said::name("R_A"),
            value: a,
            range: said!("smaller than R_B" | "kleiner als R_B"),
        });
    }
    if !(settings.psf_sigma_nm.is_finite() && settings.psf_sigma_nm >= 0.0) {
        return Err(FitError::Setting {
            setting: said!("probe sigma" | "σ des Strahls"),
            value: settings.psf_sigma_nm,
            range: said!("0 or greater" | "0 oder größer"),
        });
    }
    if !(-MOST_LN_RATIO..=MOST_LN_RATIO).contains(&settings.ln_d_ratio) {
        return Err(FitError::Setting {
            setting: said!("ln D ratio" | "ln des D-Verhältnisses"),
            value: settings.ln_d_ratio,
            range: said!(
                "-{MOST_LN_RATIO} to {MOST_LN_RATIO}" | "-{MOST_LN_RATIO} bis {MOST_LN_RATIO}"
            ),
        });
    }
    if !(settings.confidence > 0.0 && settings.confidence < 1.0) {
        return Err(FitError::Setting {
            setting: said!("confidence" | "Vertrauensniveau"),
            value: settings.confidence,
            range: said!("between 0 and 1" | "zwischen 0 und 1"),
        });
    }
    Ok(())
}
