//! The model at one set of shared parameters: images and their derivatives at the radii of every frame.

use std::rc::Rc;

use super::problem::{FitError, Settings};
use crate::diffusion::{Composition, CoreShell};
use crate::forward::{Basis, Dipole, Optics, Response, Trajectory};
use crate::numerics::{LAGRANGE_POINTS, Rows, lagrange_weights};
use crate::signal::Profile;

/// Shape and contrast: the parameters that all frames share, in the order of their index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shared(pub [f64; 4]);

pub(super) const RADIUS_A: usize = 0;
pub(super) const RADIUS_B: usize = 1;
pub(super) const SIGMA: usize = 2;
pub(super) const CONTRAST: usize = 3;

/// Allowed σ/R_B. Sharper edges cannot be told from this one (0.04 nm in a 4 nm particle, half a good probe) and need ever
/// more modes.
pub const SMOOTHNESS_RANGE: (f64, f64) = (0.02, 0.30);

/// Allowed R_A/R_B.
pub const CORE_RANGE: (f64, f64) = (0.1, 0.97);

impl Shared {
    pub fn shape(&self) -> CoreShell {
        CoreShell {
            radius_a_nm: self.0[RADIUS_A],
            radius_b_nm: self.0[RADIUS_B],
            sigma_nm: self.0[SIGMA],
        }
    }

    fn smoothness(&self) -> f64 {
        self.0[SIGMA] / self.0[RADIUS_B]
    }

    /// One parameter larger by [`DIFFERENCE`].
    fn stretched(mut self, index: usize) -> Shared {
        self.0[index] *= 1.0 + DIFFERENCE;
        self
    }

    /// Where the model is defined: a core inside the particle, an edge thinner than it, a particle near the edge seen.
    fn range(index: usize, edge: f64) -> [End; 2] {
        let (ends, of_radius_b) = match index {
            RADIUS_A => (CORE_RANGE, true),
            RADIUS_B => ((0.5 * edge, 1.6 * edge), false),
            SIGMA => (SMOOTHNESS_RANGE, true),
            _ => ((1e-3, 1e3), false),
        };
        [ends.0, ends.1].map(|end| {
            let (value, part_of_radius_b) = if of_radius_b { (0.0, end) } else { (end, 0.0) };
            End {
                value,
                part_of_radius_b,
            }
        })
    }

    /// Keeps the parameters where the model is defined. R_B comes first: the ranges of R_A and σ go with it.
    pub fn clamped(mut self, edge: f64) -> Shared {
        for index in [RADIUS_B, RADIUS_A, SIGMA, CONTRAST] {
            let [low, high] = Shared::range(index, edge).map(|end| end.at(self.0[RADIUS_B]));
            self.0[index] = self.0[index].clamp(low, high);
        }
        self
    }

    /// The end of its range that a parameter is beyond, by more than rounding.
    pub fn end_passed(&self, index: usize, edge: f64) -> Option<End> {
        let [low, high] = Shared::range(index, edge);
        let (value, at) = (self.0[index], |end: End| end.at(self.0[RADIUS_B]));
        if value < at(low) * (1.0 - 1e-9) {
            Some(low)
        } else if value > at(high) * (1.0 + 1e-9) {
            Some(high)
        } else {
            None
        }
    }
}

/// An end of a parameter's range: a value, or a part of R_B.
#[derive(Clone, Copy)]
pub(super) struct End {
    value: f64,
    pub part_of_radius_b: f64,
}

impl End {
    pub fn at(self, radius_b_nm: f64) -> f64 {
        self.value + self.part_of_radius_b * radius_b_nm
    }
}

/// Step of one-sided differences by σ, relative. Their truncation error, of the same order relative to the
/// derivative, is harmless: they steer the iteration and give the covariance, the minimum does not depend on them.
const DIFFERENCE: f64 = 2e-3;

/// Relative distances of σ/R_B at which another basis still gives its derivative.
const NEIGHBOR: std::ops::RangeInclusive<f64> = 5e-4..=0.03;

/// One radial grid for all frames, and the interpolation from it to each frame's bins.
///
/// The mean radii of bins differ from frame to frame by fractions of a bin with the center's position, and a model for
/// each would cost as many times more. The blurred image is smooth on the scale of the probe, so that eight-point
/// interpolation between nodes half a probe apart is exact to 1e-6 of the peak; without a probe the nodes stand five to
/// a bin.
pub(super) struct Radii {
    pub nodes: Vec<f64>,
    /// From the nodes to the bins of each frame.
    pub frames: Vec<Rows>,
}

impl Radii {
    pub fn new(profiles: &[&Profile], psf_sigma: f64) -> Radii {
        let spacing = |profile: &&Profile| {
            let r = &profile.radius;
            let (first, last) = (
                r.first().copied().unwrap_or(0.0),
                r.last().copied().unwrap_or(0.0),
            );
            (last - first) / (r.len().max(2) - 1) as f64
        };
        let bin = profiles
            .iter()
            .map(spacing)
            .fold(f64::INFINITY, f64::min)
            .max(1e-12);
        let step = (0.5 * psf_sigma).clamp(0.2 * bin, bin);
        let largest = profiles
            .iter()
            .flat_map(|p| &p.radius)
            .fold(0.0_f64, |a, r| a.max(r.abs()));
        // Three nodes before the center (an image is even), four beyond the last bin, and three more for their slopes.
        let count = (largest / step) as usize + LAGRANGE_POINTS + 4;
        let nodes = (0..count).map(|i| (i as f64 - 3.0) * step).collect();
        let rows = |profile: &&Profile| {
            let mut rows = Rows::new();
            for r in &profile.radius {
                let at = r.abs() / step;
                let below = f64::floor(at);
                rows.push(below as usize, &lagrange_weights(at - below));
            }
            rows
        };
        Radii {
            nodes,
            frames: profiles.iter().map(rows).collect(),
        }
    }

    /// J − x J′ − p² (J″ + J′/x) of an image J at the nodes: R_A ∂J/∂R_A + R_B ∂J/∂R_B + σ ∂J/∂σ + 2τ ∂J/∂τ.
    ///
    /// Everything twice as large, and τ four times, gives the same image twice as large and twice as high: Euler's theorem on
    /// homogeneous functions, J being one of degree 1 in x, R_A, R_B, σ, p and √τ. The derivative by the probe's p follows from the heat equation
    /// that a Gaussian obeys. Differences of sixth order between nodes: 1e-3 of the largest where nodes stand half a probe apart.
    fn stretched(&self, image: &[f64], p: f64) -> Vec<f64> {
        let [first, second, ..] = self.nodes[..] else {
            return image.to_vec();
        };
        let step = second - first;
        // An image is even; its outermost nodes serve no bin.
        let at = |i: isize| {
            let mirrored = if i < 0 { 6 - i } else { i };
            let at = (mirrored as usize).min(image.len().saturating_sub(1));
            image.get(at).copied().unwrap_or(0.0)
        };
        let derivative = |(i, x): (usize, &f64)| {
            let i = i as isize;
            let pair = |k: isize| (at(i + k) - at(i - k), at(i + k) + at(i - k));
            let ((d1, s1), (d2, s2), (d3, s3)) = (pair(1), pair(2), pair(3));
            let here = at(i);
            let slope = (45.0 * d1 - 9.0 * d2 + d3) / (60.0 * step);
            let bend = (270.0 * s1 - 27.0 * s2 + 2.0 * s3 - 490.0 * here) / (180.0 * step * step);
            let around = if x.abs() < 0.5 * step {
                bend
            } else {
                slope / x
            };
            here - x * slope - p * p * (bend + around)
        };
        self.nodes.iter().enumerate().map(derivative).collect()
    }
}

/// A model and its derivatives: every other shape is read off their tangent.
///
/// Exact in τ, linear in the shape, as the profile likelihood is: for shapes as near as the noise puts them, and at a tenth
/// of the cost, since no modes are made.
pub(super) struct Tangent {
    model: Model,
    free: Vec<usize>,
}

impl Tangent {
    /// The tangent at `model`, which holds its derivatives by `free`.
    pub fn new(model: Model, free: &[usize]) -> Tangent {
        Tangent {
            model,
            free: free.to_vec(),
        }
    }
}

/// Images of one particle at any τ.
enum Images {
    /// Constant D: eigenmodes.
    Modes(Box<Response>),
    /// D(c): time steps, kept and interpolated.
    Steps(Box<Trajectory>),
    /// Another shape than the one whose images are at hand.
    Near(Rc<Tangent>),
}

/// An image, its derivative by τ, and those by the free parameters.
type Derivatives = (Vec<f64>, Vec<f64>, Vec<Vec<f64>>);

impl Images {
    /// `Near` has no image of its own: see [`ModelMaker::nodes`].
    fn image(&self, tau: f64, out: &mut [f64]) {
        match self {
            Images::Modes(response) => response.image(tau, out),
            Images::Steps(trajectory) => trajectory.image(tau, out),
            Images::Near(tangent) => tangent.model.base.image(tau, out),
        }
    }
}

/// The model at one set of shared parameters, with what its derivatives need.
pub(super) struct Model {
    shared: Shared,
    /// Where modes serve: of σ/R_B.
    basis: Option<Rc<Basis>>,
    base: Images,
    /// R_A larger by [`DIFFERENCE`]: where no derivative is at hand.
    wider_core: Option<Images>,
    /// Another σ, by how much it differs, and its basis: used again as long as σ has not moved far.
    smoother: Option<(Images, f64)>,
    neighbor: Option<Rc<Basis>>,
}

/// How models are made.
pub(super) struct ModelMaker<'a> {
    pub settings: &'a Settings,
    pub radii: Radii,
    /// Only the initial state is asked for: no modes are needed.
    pub initial_only: bool,
    /// Makes no models of its own: all lie on this tangent.
    pub tangent: Option<Rc<Tangent>>,
}

impl ModelMaker<'_> {
    /// The model without derivatives.
    pub fn model(&self, shared: Shared) -> Result<Model, FitError> {
        self.model_beside(None, shared)
    }

    /// The same beside a model at hand, whose modes serve again where σ/R_B is the same, as it is at an end of its range.
    pub fn model_beside(&self, other: Option<&Model>, shared: Shared) -> Result<Model, FitError> {
        if let Some(tangent) = &self.tangent {
            return Ok(Model {
                shared,
                basis: None,
                base: Images::Near(Rc::clone(tangent)),
                wider_core: None,
                smoother: None,
                neighbor: None,
            });
        }
        let same = |basis: &&Rc<Basis>| {
            (basis.smoothness() / shared.smoothness() - 1.0).abs() < 4.0 * f64::EPSILON
        };
        let basis = if self.uses_modes() {
            Some(match other.and_then(|m| m.basis.as_ref()).filter(same) {
                Some(basis) => Rc::clone(basis),
                None => Rc::new(self.basis(shared)?),
            })
        } else {
            None
        };
        let base = self.images(basis.as_deref(), shared)?;
        Ok(Model {
            shared,
            basis,
            base,
            wider_core: None,
            smoother: None,
            neighbor: None,
        })
    }

    /// Adds what derivatives by the free parameters need and the model does not have yet; `before` is the model of the step
    /// before, whose neighboring basis may serve once more.
    pub fn with_derivatives(
        &self,
        mut model: Model,
        free: &[usize],
        before: Option<&Model>,
    ) -> Result<Model, FitError> {
        let shared = model.shared;
        if self.tangent.is_some() {
            return Ok(model);
        }
        let by_radius = free.contains(&RADIUS_A) || free.contains(&RADIUS_B);
        if by_radius && model.basis.is_none() && model.wider_core.is_none() {
            model.wider_core = Some(self.images(None, shared.stretched(RADIUS_A))?);
        }
        let by_sigma = free.contains(&RADIUS_B) || free.contains(&SIGMA);
        if by_sigma && model.smoother.is_none() {
            let mut moved = shared.stretched(SIGMA);
            if model.basis.is_some() {
                let near = |basis: &&Rc<Basis>| {
                    NEIGHBOR.contains(&(basis.smoothness() / shared.smoothness() - 1.0).abs())
                };
                let basis = match before.and_then(|m| m.neighbor.as_ref()).filter(near) {
                    Some(basis) => Rc::clone(basis),
                    None => Rc::new(self.basis(moved)?),
                };
                moved.0[SIGMA] = basis.smoothness() * shared.0[RADIUS_B];
                model.neighbor = Some(basis);
            }
            let images = match (&model.base, &model.neighbor) {
                (Images::Modes(base), Some(basis)) => Images::Modes(Box::new(base.smoothed(
                    basis,
                    &moved.shape(),
                    &self.radii.nodes,
                ))),
                _ => self.images(None, moved)?,
            };
            model.smoother = Some((images, moved.0[SIGMA] - shared.0[SIGMA]));
        }
        Ok(model)
    }

    fn uses_modes(&self) -> bool {
        self.initial_only || self.settings.ln_d_ratio == 0.0
    }

    fn basis(&self, shared: Shared) -> Result<Basis, FitError> {
        Ok(if self.initial_only {
            Basis::initial(shared.smoothness())?
        } else {
            Basis::new(self.settings.scheme, shared.smoothness())?
        })
    }

    fn images(&self, basis: Option<&Basis>, shared: Shared) -> Result<Images, FitError> {
        let optics = Optics {
            psf_sigma_nm: self.settings.psf_sigma_nm,
            contrast: shared.0[CONTRAST],
        };
        let (shape, nodes) = (shared.shape(), &self.radii.nodes);
        Ok(match basis {
            Some(basis) => Images::Modes(Box::new(Response::new(basis, &shape, optics, nodes))),
            None => {
                let composition = Composition {
                    ln_d_ratio: self.settings.ln_d_ratio,
                };
                let steps =
                    Trajectory::new(self.settings.scheme, &shape, composition, optics, nodes)?;
                Images::Steps(Box::new(steps))
            }
        })
    }

    /// What a core off the center does to the mean over directions, as a D·t.
    fn smear(&self) -> f64 {
        Dipole::smears(self.settings.core_offset_nm).1
    }

    /// The image of frame `k` at τ.
    pub fn image(&self, model: &Model, k: usize, tau: f64) -> Vec<f64> {
        let tau = tau + self.smear();
        let image = match &model.base {
            Images::Near(_) => self.nodes(model, &[], tau).0,
            base => {
                let mut image = vec![0.0; self.radii.nodes.len()];
                base.image(tau, &mut image);
                image
            }
        };
        self.radii.frames[k].apply(&image)
    }

    /// The image of frame `k` at τ and its derivatives by τ and by the free parameters, in order.
    pub fn derivatives(&self, model: &Model, free: &[usize], k: usize, tau: f64) -> Derivatives {
        let tau = tau + self.smear();
        let rows = &self.radii.frames[k];
        let (image, by_tau, shared) = self.nodes(model, free, tau);
        let shared = shared.iter().map(|d| rows.apply(d)).collect();
        (rows.apply(&image), rows.apply(&by_tau), shared)
    }

    /// The same at the nodes.
    fn nodes(&self, model: &Model, free: &[usize], tau: f64) -> Derivatives {
        if let Images::Near(tangent) = &model.base {
            let at = &tangent.model;
            let along = |tau: f64| {
                let (mut image, by_tau, slopes) = self.nodes(at, &tangent.free, tau);
                for (&index, slope) in tangent.free.iter().zip(&slopes) {
                    let step = model.shared.0[index] - at.shared.0[index];
                    image
                        .iter_mut()
                        .zip(slope)
                        .for_each(|(i, s)| *i += step * s);
                }
                (image, by_tau, slopes)
            };
            let (image, mut by_tau, slopes) = along(tau);
            if !free.is_empty() {
                // The slopes change with τ as well.
                let step = 1e-3 * tau + 1e-7 * at.shared.0[RADIUS_B] * at.shared.0[RADIUS_B];
                let (ahead, ..) = along(tau + step);
                for (d, (a, i)) in by_tau.iter_mut().zip(ahead.iter().zip(&image)) {
                    *d = (a - i) / step;
                }
            }
            return (image, by_tau, slopes);
        }
        let n = self.radii.nodes.len();
        let [mut image, mut by_tau, mut by_radius_a] = [(); 3].map(|()| vec![0.0; n]);
        let stretched = free.contains(&RADIUS_B);
        let of_core = stretched || free.contains(&RADIUS_A);
        match &model.base {
            Images::Modes(response) if of_core => {
                response.image_and_derivatives(tau, &mut image, &mut by_tau, &mut by_radius_a)
            }
            Images::Modes(response) => response.image_and_derivative(tau, &mut image, &mut by_tau),
            Images::Steps(trajectory) => {
                trajectory.image_and_derivative(tau, &mut image, &mut by_tau)
            }
            Images::Near(_) => {}
        }
        let difference = |moved: &Images, step: f64| {
            let mut derivative = vec![0.0; n];
            moved.image(tau, &mut derivative);
            derivative
                .iter_mut()
                .zip(&image)
                .for_each(|(d, i)| *d = (*d - i) / step);
            derivative
        };
        let [radius_a, radius_b, sigma, _] = model.shared.0;
        if let Some(moved) = model.wider_core.as_ref().filter(|_| of_core) {
            by_radius_a = difference(moved, DIFFERENCE * radius_a);
        }
        let of_edge = stretched || free.contains(&SIGMA);
        let by_sigma = match model.smoother.as_ref().filter(|_| of_edge) {
            Some((moved, step)) => difference(moved, *step),
            None => vec![0.0; n],
        };
        let by_contrast = || {
            let mut derivative = vec![0.0; n];
            match &model.base {
                Images::Modes(response) => response.d_contrast(tau, &mut derivative),
                Images::Steps(trajectory) => trajectory.d_contrast(tau, &mut derivative),
                Images::Near(_) => {}
            }
            derivative
        };
        let by_radius_b = || {
            let mut rest = self.radii.stretched(&image, self.settings.psf_sigma_nm);
            for (factor, derivative) in [
                (radius_a, &by_radius_a),
                (sigma, &by_sigma),
                (2.0 * tau, &by_tau),
            ] {
                let both = rest.iter_mut().zip(derivative);
                both.for_each(|(rest, d)| *rest -= factor * d);
            }
            rest.iter_mut().for_each(|d| *d /= radius_b);
            rest
        };
        let shared = free.iter().map(|&index| match index {
            RADIUS_A => by_radius_a.clone(),
            RADIUS_B => by_radius_b(),
            SIGMA => by_sigma.clone(),
            _ => by_contrast(),
        });
        let shared = shared.collect();
        (image, by_tau, shared)
    }
}

impl Model {
    /// Puts in another core; cheap, R_B and σ stay. Where modes do not serve, nothing changes.
    pub fn set_core(&mut self, radius_a_nm: f64) {
        if let (Images::Modes(response), Some(basis)) = (&mut self.base, &self.basis) {
            self.shared.0[RADIUS_A] = radius_a_nm;
            response.set_core(basis, radius_a_nm, self.shared.0[CONTRAST]);
        }
    }

    pub fn shared(&self) -> Shared {
        self.shared
    }

    /// Its modes at any τ; none where it was made by time steps, for the initial state alone, or along a tangent.
    pub fn basis(&self) -> Option<&Basis> {
        self.basis
            .as_deref()
            .filter(|b| !b.eigenvalues().is_empty())
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;
    use crate::diffusion::Scheme;
    use crate::fit::{FrameData, Order, Setting};
    use crate::signal::LengthUnit;

    #[test]
    fn derivatives_agree_with_central_differences() {
        // One-sided differences of 0.2 %: their own error is about that of the second derivative times the step.
        const TRUNCATION: f64 = 0.02;
        let n = 100;
        let profile = Profile {
            unit: LengthUnit::Nanometer,
            radius: (0..n).map(|i| 0.013 + 0.026 * f64::from(i)).collect(),
            value: vec![1.0; 100],
            standard_error: vec![1.0; 100],
            pixel_count: vec![1; 100],
        };
        let frame = FrameData {
            frame: 0,
            temperature_k: None,
            dwell_s: None,
            profile,
            edge: 2.0,
        };
        for (scheme, ln_d_ratio) in [
            (Scheme::Fraction, 0.0),
            (Scheme::Published, 0.0),
            (Scheme::Fraction, 1.5),
        ] {
            let settings = Settings {
                scheme,
                contrast: 0.4,
                contrast_free: true,
                psf_sigma_nm: 0.08,
                radius_a_nm: Setting::Free,
                radius_b_nm: Setting::Free,
                sigma_nm: Setting::Free,
                ln_d_ratio,
                order: Order::Joint,
                reference: 0,
                confidence: 0.68,
                core_offset_nm: 0.0,
                atoms_per_nm3: None,
            };
            let maker = ModelMaker {
                settings: &settings,
                radii: Radii::new(&[&frame.profile], 0.08),
                initial_only: false,
                tangent: None,
            };
            let shared = Shared([1.15, 2.0, 0.12, 0.4]);
            let tau = 0.05;
            let free = [RADIUS_A, RADIUS_B, SIGMA, CONTRAST];
            let model = maker
                .with_derivatives(maker.model(shared).unwrap(), &free, None)
                .unwrap();
            let (image, by_tau, derivatives) = maker.derivatives(&model, &free, 0, tau);
            let images = |index: usize, sign: f64| {
                let mut moved = shared;
                let mut at = tau;
                match moved.0.get_mut(index) {
                    Some(value) => *value *= 1.0 + sign * 0.01,
                    None => at *= 1.0 + sign * 0.01,
                }
                maker.image(&maker.model(moved).unwrap(), 0, at)
            };
            for (index, derivative) in derivatives.iter().chain([&by_tau]).enumerate() {
                let step = 0.02 * shared.0.get(index).copied().unwrap_or(tau);
                let central: Vec<f64> = images(index, 1.0)
                    .iter()
                    .zip(images(index, -1.0))
                    .map(|(a, b)| (a - b) / step)
                    .collect();
                let largest = central.iter().fold(0.0_f64, |a, x| a.max(x.abs()));
                for (a, b) in derivative.iter().zip(&central) {
                    assert!(
                        (a - b).abs() < TRUNCATION * largest,
                        "{scheme:?} {ln_d_ratio} parameter {index}: {a} {b}"
                    );
                }
            }
            assert_eq!(image, maker.image(&model, 0, tau));
        }
    }
}
