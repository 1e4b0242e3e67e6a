//! Element profiles: which of two elements is inside, by the same model of density and projection, without Z weights.

use serde::{Deserialize, Serialize};

use super::arrangement::{Arrangement, Inside};
use super::model::{CORE_RANGE, SMOOTHNESS_RANGE};
use crate::diffusion::{CoreShell, Scheme};
use crate::forward::{Basis, BasisError, Optics, Response};
use crate::numerics::Cholesky;
use crate::signal::Profile;

/// Radial profiles of two elements around one center, in one unit.
#[derive(Clone, Copy, Debug)]
pub struct ElementProfiles<'a> {
    /// The element taken as the core in [`Arrangement::chi2_red`].
    pub first: &'a Profile,
    /// The other.
    pub second: &'a Profile,
    /// Where the particle ends, roughly: the start value of R_B, in the unit of the profiles.
    pub edge: f64,
    /// Standard deviation of the probe, in the same unit.
    pub psf_sigma: f64,
    /// An image of the same particle, fitted with them.
    pub image: Option<ZContrast<'a>>,
}

/// The radial profile of an image in a dark field, around the same center and in the same unit.
#[derive(Clone, Copy, Debug)]
pub struct ZContrast<'a> {
    /// Its profile.
    pub profile: &'a Profile,
    /// Weight of the first element over that of the second.
    pub ratio: f64,
}

impl<'a> ElementProfiles<'a> {
    /// The same with the second element taken as the core.
    fn exchanged(&self) -> ElementProfiles<'a> {
        ElementProfiles {
            first: self.second,
            second: self.first,
            image: self.image.map(|image| ZContrast {
                ratio: 1.0 / image.ratio,
                ..image
            }),
            ..*self
        }
    }

    /// All profiles that are fitted.
    fn all(&self) -> impl Iterator<Item = &'a Profile> {
        let image = self.image.map(|image| image.profile);
        [self.first, self.second].into_iter().chain(image)
    }
}

/// Which element is inside, with its evidence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ElementOrder {
    /// χ²/ν with the first element inside, with the second, and with both mixed.
    pub arrangement: Arrangement,
    /// Shape of the better order, in the unit of the profiles.
    pub shape: CoreShell,
    /// Standard errors of R_A, R_B, σ, widened by √(χ²/ν) where that is above 1; at the end of a parameter's range by the curvature of χ²
    /// just inside it, infinite where that has none.
    pub shape_error: [f64; 3],
    /// How far the better order is ahead of the next description, in standard deviations: √(Δχ²), in units of the noise or of the best fit where this
    /// is worse than the noise.
    pub significance: f64,
}

/// How the order found compares with the order in which a cluster picked up its elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PickUp {
    /// What came first is inside.
    Kept,
    /// What came first is outside.
    Inverted,
    /// The maps do not tell.
    Untold,
}

/// What element maps and the Z contrast of an image say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum OrderCheck {
    /// Both tell the same.
    Agree,
    /// They contradict each other: a wrong contrast, an oxide, or a wrong edge.
    Disagree,
    /// One of them does not tell.
    Open,
}

impl ElementOrder {
    /// The verdict ([`Arrangement::inside`]): `AsGiven` means the first element.
    pub fn inside(&self) -> Inside {
        self.arrangement.inside()
    }

    /// Against the order of pick-up: `first_came_first` where the first element was picked up first.
    pub fn pick_up(&self, first_came_first: bool) -> PickUp {
        match (self.inside(), first_came_first) {
            (Inside::Untold, _) => PickUp::Untold,
            (Inside::AsGiven, true) | (Inside::Exchanged, false) => PickUp::Kept,
            _ => PickUp::Inverted,
        }
    }

    /// Against what the image's Z contrast says of the same two elements in the same order ([`super::arrangement()`]).
    pub fn check(&self, image: Inside) -> OrderCheck {
        match (self.inside(), image) {
            (Inside::Untold, _) | (_, Inside::Untold) => OrderCheck::Open,
            (a, b) if a == b => OrderCheck::Agree,
            _ => OrderCheck::Disagree,
        }
    }
}

/// Fits both orders, and a homogeneous particle, to the profiles of two elements.
///
/// Densities are eqs 1-3, projected and blurred; each profile has a gain and a background of its own, so that cross-sections, thickness and what lies on the
/// support do not matter: the evidence is in the shapes alone. R_A, R_B, σ are common. An image beside them is the sum of both, weighted by its Z contrast, with a
/// gain and a background of its own. For the initial state; a particle that
/// is mixed gives `Untold`.
///
/// Accuracy: `tests/element_order.rs` (both orders down to a stated number of counts). Not for cores far off center.
///
/// # Errors
/// A shape without a forward model.
pub fn element_order(profiles: &ElementProfiles) -> Result<ElementOrder, BasisError> {
    let exchanged = profiles.exchanged();
    let (given, other) = (fit(profiles, false)?, fit(&exchanged, false)?);
    let mixed = fit(profiles, true)?;
    let bins: usize = profiles.all().map(Profile::len).sum();
    // A gain and a background each, three radii.
    let free = 2 * profiles.all().count() + 3;
    let degrees_of_freedom = bins.saturating_sub(free).max(1);
    let reduced = |f: &Fitted| f.chi2 / degrees_of_freedom as f64;
    let (best, next) = if given.chi2 <= other.chi2 {
        (&given, &other)
    } else {
        (&other, &given)
    };
    let unit = reduced(best).max(1.0);
    let ahead = (next.chi2.min(mixed.chi2) - best.chi2).max(0.0) / unit;
    Ok(ElementOrder {
        arrangement: Arrangement {
            chi2_red: reduced(&given),
            chi2_red_exchanged: reduced(&other),
            chi2_red_mixed: reduced(&mixed),
            degrees_of_freedom,
        },
        shape: best.shape(),
        shape_error: best.errors.map(|e| e * unit.sqrt()),
        significance: ahead.sqrt(),
    })
}

/// How far the elements have mixed since a state whose shape is known.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum ElementMixing {
    /// "Nothing moved" and "mixed already" are both excluded at 95 %.
    Value {
        /// D·t, in the square of the profiles' unit.
        dtau: f64,
        /// Its standard error by the noise of the profiles, widened where χ²/ν is above 1.
        standard_error: f64,
        /// What the errors of the shape do to it, each by itself, in quadrature.
        shape_error: f64,
    },
    /// No movement is seen: D·t is below this at 95 %.
    AtMost(f64),
    /// They may have mixed completely: D·t is above this at 95 %.
    AtLeast(f64),
    /// Neither is excluded.
    Untold,
}

/// χ² by which a limit of 95 % lies above the least.
const LIMIT: f64 = 2.706;

/// D·t since a state of known order: its shape is held, gains and backgrounds are free. The profiles are those of the same two elements in the same order.
///
/// The same eigenmodes as the fit of images. The errors of that state's shape count, each parameter by itself, in value and limits alike. `Untold` where its order
/// is, or where nobody knows how wrong its shape may be.
///
/// Accuracy: `tests/element_order.rs` (exact profiles; pulls of simulated spectrum images). Not for compounds that form, nor particles that lose an element.
///
/// # Errors
/// A shape without a forward model.
pub fn mixing_since(
    state: &ElementOrder,
    profiles: &ElementProfiles,
    scheme: Scheme,
) -> Result<ElementMixing, BasisError> {
    let exchanged = profiles.exchanged();
    let profiles = match state.inside() {
        Inside::AsGiven => profiles,
        Inside::Exchanged => &exchanged,
        Inside::Untold => return Ok(ElementMixing::Untold),
    };
    let found = Mixed::of(profiles, &state.shape, scheme)?;
    let CoreShell {
        radius_a_nm,
        radius_b_nm,
        sigma_nm,
    } = state.shape;
    let mut variance = 0.0;
    for (i, error) in state.shape_error.into_iter().enumerate() {
        if !error.is_finite() {
            return Ok(ElementMixing::Untold);
        }
        let mut x = [radius_a_nm, radius_b_nm, sigma_nm];
        x[i] += error;
        if clamped(x, radius_b_nm)[i] < x[i] {
            x[i] -= 2.0 * error;
        }
        let other = Mixed::of(profiles, &shape(clamped(x, radius_b_nm)), scheme)?;
        variance += (other.dtau - found.dtau) * (other.dtau - found.dtau);
    }
    Ok(found.judged(variance.sqrt()))
}

/// Where χ² is least, and where it has risen to either side; `None` where it does not.
struct Mixed {
    dtau: f64,
    by_one: [Option<f64>; 2],
    to_limit: [Option<f64>; 2],
}

impl Mixed {
    fn of(
        profiles: &ElementProfiles,
        shape: &CoreShell,
        scheme: Scheme,
    ) -> Result<Mixed, BasisError> {
        let basis = Basis::new(scheme, shape.sigma_nm / shape.radius_b_nm)?;
        let model = Images::new(profiles, &basis, shape);
        let scale = shape.radius_b_nm * shape.radius_b_nm / 20.19;
        // v = 1 − exp(−20.19 τ/R²) runs from nothing to mixed, and the images are nearly linear in it.
        let tau = |v: f64| -scale * libm::log1p(-v);
        let chi2 = |v: f64| model.chi2(profiles, tau(v), false);
        let most = 0.999;
        let steps = 60;
        let grid = (0..steps).map(|i| f64::from(i) / f64::from(steps));
        let least = grid
            .map(|v| (v, chi2(v)))
            .min_by(|a, b| a.1.total_cmp(&b.1));
        let mut v = least.map_or(0.0, |(v, _)| v);
        let mut h = 0.5 / f64::from(steps);
        while h > 1e-6 {
            let candidates = [v - h, v, v + h].map(|v| v.clamp(0.0, most));
            let values = candidates.map(chi2);
            if values[0] < values[1] && values[0] <= values[2] {
                v = candidates[0];
            } else if values[2] < values[1] {
                v = candidates[2];
            } else {
                h *= 0.5;
            }
        }
        let least = chi2(v);
        // As noisy as the residuals are.
        let free = 2 * profiles.all().count() + 1;
        let bins: usize = profiles.all().map(Profile::len).sum();
        let unit = (least / bins.saturating_sub(free).max(1) as f64).max(1.0);
        let risen = |end: f64, by: f64| {
            let above = |v: f64| chi2(v) > least + by * unit;
            let (mut inside, mut outside) = (v, end);
            if !above(end) {
                return None;
            }
            for _ in 0..30 {
                let middle = 0.5 * (inside + outside);
                if above(middle) {
                    outside = middle;
                } else {
                    inside = middle;
                }
            }
            Some(tau(outside))
        };
        Ok(Mixed {
            dtau: tau(v),
            by_one: [risen(0.0, 1.0), risen(most, 1.0)],
            to_limit: [risen(0.0, LIMIT), risen(most, LIMIT)],
        })
    }

    /// Value, limit or neither, where the shape adds this error.
    fn judged(&self, shape_error: f64) -> ElementMixing {
        let dtau = self.dtau;
        // Limits lie √2.706 standard errors off.
        let by_shape = LIMIT.sqrt() * shape_error;
        let [low, high] = self.to_limit;
        let low = low.map(|low| dtau - libm::hypot(dtau - low, by_shape));
        let high = high.map(|high| dtau + libm::hypot(high - dtau, by_shape));
        match (low.filter(|low| *low > 0.0), high) {
            (Some(_), Some(_)) => {
                let [down, up] = self.by_one;
                ElementMixing::Value {
                    dtau,
                    standard_error: down
                        .zip(up)
                        .map_or(f64::NAN, |(down, up)| 0.5 * (up - down)),
                    shape_error,
                }
            }
            (None, Some(high)) => ElementMixing::AtMost(high),
            (Some(low), None) => ElementMixing::AtLeast(low),
            (None, None) => ElementMixing::Untold,
        }
    }
}

/// Projections of the core's and the shell's element at the radii of either profile.
struct Images {
    first: Response,
    second: Response,
    image: Option<Response>,
}

impl Images {
    fn new(profiles: &ElementProfiles, basis: &Basis, shape: &CoreShell) -> Images {
        let optics = Optics {
            psf_sigma_nm: profiles.psf_sigma,
            contrast: 1.0,
        };
        Images {
            first: Response::new(basis, shape, optics, &profiles.first.radius),
            second: Response::new(basis, shape, optics, &profiles.second.radius),
            image: profiles
                .image
                .map(|image| Response::new(basis, shape, optics, &image.profile.radius)),
        }
    }

    /// χ² at τ with gains and backgrounds at their best; `mixed`: both elements follow the particle.
    fn chi2(&self, profiles: &ElementProfiles, tau: f64, mixed: bool) -> f64 {
        // Weights of core and shell; of a mixed particle every profile has the shape of all.
        let of = |response: &Response, profile: &Profile, (w_core, w_shell): (f64, f64)| {
            let (mut core, mut total) = (vec![0.0; profile.len()], vec![0.0; profile.len()]);
            response.projections(tau, &mut core, &mut total);
            let model: Vec<f64> = core
                .iter()
                .zip(&total)
                .map(|(c, t)| match mixed {
                    true => *t,
                    false => w_core * c + w_shell * (t - c),
                })
                .collect();
            linear_chi2(profile, &model)
        };
        let beside = self.image.as_ref().zip(profiles.image);
        of(&self.first, profiles.first, (1.0, 0.0))
            + of(&self.second, profiles.second, (0.0, 1.0))
            + beside.map_or(0.0, |(response, image)| {
                of(response, image.profile, (image.ratio, 1.0))
            })
    }
}

/// χ² of gain · model + background at its least; the gain is not negative.
fn linear_chi2(profile: &Profile, model: &[f64]) -> f64 {
    let [mut w, mut wm, mut wmm, mut wy, mut wym, mut wyy] = [0.0; 6];
    for ((&y, &se), &m) in profile.value.iter().zip(&profile.standard_error).zip(model) {
        let weight = 1.0 / (se * se);
        w += weight;
        wm += weight * m;
        wmm += weight * m * m;
        wy += weight * y;
        wym += weight * y * m;
        wyy += weight * y * y;
    }
    let flat = wyy - wy * wy / w;
    let (cov, var) = (wym - wm * wy / w, wmm - wm * wm / w);
    if var > 0.0 && cov > 0.0 {
        flat - cov * cov / var
    } else {
        flat
    }
}

struct Fitted {
    x: [f64; 3],
    chi2: f64,
    errors: [f64; 3],
}

impl Fitted {
    fn shape(&self) -> CoreShell {
        shape(self.x)
    }
}

fn shape([radius_a_nm, radius_b_nm, sigma_nm]: [f64; 3]) -> CoreShell {
    CoreShell {
        radius_a_nm,
        radius_b_nm,
        sigma_nm,
    }
}

/// R_B in units of the radius that maps were found with: of a particle whose core alone stands out, that is the core's.
const SHELL_RANGE: (f64, f64) = (0.5, 2.5);

/// Where the model is defined.
fn clamped([a, b, s]: [f64; 3], edge: f64) -> [f64; 3] {
    let b = b.clamp(SHELL_RANGE.0 * edge, SHELL_RANGE.1 * edge);
    [
        a.clamp(CORE_RANGE.0 * b, CORE_RANGE.1 * b),
        b,
        s.clamp(SMOOTHNESS_RANGE.0 * b, SMOOTHNESS_RANGE.1 * b),
    ]
}

/// R_A, R_B, σ at the least χ²: from the best of a coarse grid by pattern search, errors from the curvature.
fn fit(profiles: &ElementProfiles, mixed: bool) -> Result<Fitted, BasisError> {
    let edge = profiles.edge;
    let chi2 = |x: [f64; 3]| -> Result<f64, BasisError> {
        let shape = shape(x);
        let basis = Basis::initial(shape.sigma_nm / shape.radius_b_nm)?;
        Ok(Images::new(profiles, &basis, &shape).chi2(profiles, 0.0, mixed))
    };
    let mut best = ([0.0; 3], f64::INFINITY);
    for b in [0.9, 1.05, 1.2] {
        for a in [0.4, 0.6, 0.8] {
            for s in [0.06, 0.15] {
                let x = clamped([a * b * edge, b * edge, s * b * edge], edge);
                let value = chi2(x)?;
                if value < best.1 {
                    best = (x, value);
                }
            }
        }
    }
    let mut step = [0.12 * edge, 0.08 * edge, 0.05 * edge];
    // Below a thousandth of the radius nothing is seen.
    while step.iter().any(|s| *s > 1e-3 * edge) {
        let mut moved = false;
        for i in 0..3 {
            for sign in [1.0, -1.0] {
                let mut x = best.0;
                x[i] += sign * step[i];
                let x = clamped(x, edge);
                let value = chi2(x)?;
                if value < best.1 - 1e-9 {
                    best = (x, value);
                    moved = true;
                    break;
                }
            }
        }
        if !moved {
            step = step.map(|s| 0.5 * s);
        }
    }
    Ok(Fitted {
        errors: if mixed {
            [f64::INFINITY; 3]
        } else {
            errors(&chi2, best.0, edge)?
        },
        x: best.0,
        chi2: best.1,
    })
}

/// Square roots of the diagonal of 2 H⁻¹, H the second differences of χ² about a point, or just inside where it stands at the end of a range.
fn errors(
    chi2: &impl Fn([f64; 3]) -> Result<f64, BasisError>,
    mut x: [f64; 3],
    edge: f64,
) -> Result<[f64; 3], BasisError> {
    let h = [0.02 * edge, 0.02 * edge, 0.01 * edge];
    for i in 0..3 {
        for step in [h[i], -h[i]] {
            let mut y = x;
            y[i] += step;
            if clamped(y, edge)[i] != y[i] {
                x[i] -= step;
            }
        }
    }
    let at = |d: [f64; 3]| {
        let mut y = x;
        for i in 0..3 {
            y[i] += d[i] * h[i];
        }
        chi2(clamped(y, edge))
    };
    let unit = |i: usize, by: f64| {
        let mut d = [0.0; 3];
        d[i] = by;
        d
    };
    let middle = at([0.0; 3])?;
    let mut hessian = vec![0.0; 9];
    for i in 0..3 {
        hessian[4 * i] = (at(unit(i, 1.0))? + at(unit(i, -1.0))? - 2.0 * middle) / (h[i] * h[i]);
        for j in 0..i {
            let both = |a: f64, b: f64| {
                let mut d = unit(i, a);
                d[j] = b;
                at(d)
            };
            let mixed = both(1.0, 1.0)? + both(-1.0, -1.0)? - both(1.0, -1.0)? - both(-1.0, 1.0)?;
            hessian[3 * i + j] = mixed / (4.0 * h[i] * h[j]);
            hessian[3 * j + i] = hessian[3 * i + j];
        }
    }
    Ok(match Cholesky::new(&hessian, 3) {
        Some(factor) => {
            let inverse = factor.inverse();
            [0, 1, 2].map(|i| (2.0 * inverse[4 * i]).sqrt())
        }
        None => [f64::INFINITY; 3],
    })
}
