//! The probe: a two-dimensional Gaussian acting on a radially symmetric image.

use core::f64::consts::PI;
use core::ops::RangeInclusive;

use crate::numerics::{HALF_LINE_CORRECTION, Rows, bessel_i0e, bessel_i0e_far, lagrange_weights};

/// Beyond this many standard deviations the probe is dropped (1e-8 of its height, 1e-9 of its weight).
const REACH: f64 = 6.1;

/// Nodes per standard deviation that the trapezoidal rule needs: exp(−2π² 1.25²) = 4e-14 …
const NODES_PER_SIGMA: f64 = 1.25;

/// … and where the probe reaches over the center, for the end correction: 7e-8 (`tests/numerics.rs` gives 1.7e-8 at 4).
const NODES_PER_SIGMA_AT_CENTER: f64 = 3.5;

/// Blurs narrower than this part of a grid step are interpolation, to 1e-6 of the grid's own wavenumber.
const NO_BLUR: f64 = 1e-3;

/// Where a radially symmetric image is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Samples {
    /// At ξ_j = j `step`, j = 0 … `count` − 1: smooth and zero beyond.
    Uniform {
        /// Distance between points.
        step: f64,
        /// Number of points.
        count: usize,
    },
    /// At ξ_j = sin(jπ/(2 `intervals`)), j = 0 … `intervals`: zero beyond 1, where it may end like √(1 − ξ²), as the projection
    /// of a ball with a sharp surface does.
    Disk {
        /// Number of intervals.
        intervals: usize,
    },
}

/// Convolution of a radially symmetric image with a Gaussian probe, evaluated at some radii:
/// J(x) = ∫₀^∞ K(x, ξ) I(ξ) dξ, K = (ξ/p²) e^{−(x−ξ)²/(2p²)} I₀e(xξ/p²), p the standard deviation of the probe.
///
/// Trapezoidal rule on the image's own samples, or on a refinement of them when the probe is narrow, with eight-point
/// interpolation; the kink of the odd integrand at ξ = 0 is corrected to order 10. Weights of a row on uniform samples
/// are normalized, so that a constant stays constant. 1e-7 of the peak when the samples resolve the image (8 per standard deviation of its
/// edges), 2e-6 at 4 (`tests/projection.rs`, where conservation of the plane integral is shown too).
/// Not for a probe with tails (amorphous support, aberrations): those are not Gaussian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Blur {
    /// Standard deviation p of the probe, in the unit of the samples; 0 for none.
    pub sigma: f64,
    /// Where the image is known.
    pub samples: Samples,
}

impl Blur {
    /// The map from samples to blurred values at `radii`, one row per radius.
    pub fn rows(&self, radii: &[f64]) -> Rows {
        let grid = Grid::new(self.samples);
        let mut rows = Rows::new();
        let mut dense = vec![0.0; grid.count];
        let p = if self.sigma.is_finite() {
            self.sigma.max(0.0)
        } else {
            0.0
        };
        if p < NO_BLUR * grid.step {
            for x in radii {
                grid.interpolation(x.abs(), &mut dense, &mut rows);
            }
            return rows;
        }
        let center = Refinement::new(&grid, NODES_PER_SIGMA_AT_CENTER / p);
        let elsewhere = Refinement::new(&grid, NODES_PER_SIGMA / p);
        let inverse = 1.0 / (p * p);
        let largest = radii.iter().fold(0.0_f64, |a, x| a.max(x.abs()));
        let far = Far::new(&grid, p, largest);
        for x in radii {
            let x = x.abs();
            let reach = REACH * p;
            let Refinement {
                factor: refinement,
                fine,
                ref between,
            } = *(if x < reach { &center } else { &elsewhere });
            let (from, to) = (grid.position(x - reach), grid.position(x + reach));
            let from = f64::floor(from / fine).max(0.0) as usize;
            let to = (f64::ceil(to / fine) as usize).min(match self.samples {
                Samples::Uniform { .. } => usize::MAX,
                Samples::Disk { intervals } => intervals * refinement,
            });
            let first = (from / refinement).saturating_sub(4).min(grid.count);
            let last = (to / refinement + 5).min(grid.count);
            let first = if first < 8 { 0 } else { first };
            let Some(run) = dense.get_mut(first..last.max(first)) else {
                continue;
            };
            run.fill(0.0);
            if refinement == 1 && far.reaches(x, from) {
                far.weigh(x, from..=to, (run, first));
                rows.push(first, run);
                continue;
            }
            let mut total = 0.0;
            let mut heights = Heights::new((x - from as f64 * fine) / p, fine / p);
            let mut radii = grid.radii(from as f64 * fine, fine);
            for k in from..=to {
                let (xi, slope) = radii.next_radius();
                let height = if grid.disk {
                    let offset = (x - xi) / p;
                    libm::exp(-0.5 * offset * offset)
                } else {
                    heights.next_height()
                };
                let mut weight =
                    fine * slope * xi * inverse * height * bessel_i0e(x * xi * inverse);
                if let Some(c) = k.checked_sub(1).and_then(|k| HALF_LINE_CORRECTION.get(k)) {
                    weight *= 1.0 + c;
                }
                total += weight;
                let (node, part) = (k / refinement, k % refinement);
                if part == 0 {
                    if let Some(sum) = node.checked_sub(first).and_then(|i| run.get_mut(i)) {
                        *sum += weight;
                    }
                } else if let Some(between) = between.get(part) {
                    let near = node.checked_sub(first + 3);
                    if let Some(near) = near.and_then(|i| run.get_mut(i..i + between.len())) {
                        near.iter_mut()
                            .zip(between)
                            .for_each(|(n, w)| *n += weight * w);
                    } else {
                        for (i, w) in between.iter().enumerate() {
                            grid.add(run, first, (node + i) as isize - 3, weight * w);
                        }
                    }
                }
            }
            if let Samples::Uniform { .. } = self.samples
                && total > 0.0
            {
                run.iter_mut().for_each(|w| *w /= total);
            }
            rows.push(first, run);
        }
        rows
    }
}

/// The weights of uniform samples where the probe is far from the center, which is most of an image: to a factor that normalization takes
/// out, K is √ξ e^{−(x−ξ)²/(2p²)} with a short series in p²/(xξ), and neither root nor quotient depends on the row.
struct Far {
    p: f64,
    step: f64,
    /// √k and 1/k of ξ = k `step`; none on a disk.
    nodes: Vec<(f64, f64)>,
}

/// The series holds from this xξ/p² on.
const FAR: f64 = 25.0;

impl Far {
    fn new(grid: &Grid, p: f64, largest: f64) -> Far {
        let (step, reach) = (grid.step, REACH * p);
        // A probe wider than the image is far from the center nowhere.
        let count = if grid.disk || reach > largest {
            0
        } else {
            ((largest + reach) / step) as usize + 2
        };
        let node = |k| (f64::sqrt(k as f64), 1.0 / k as f64);
        Far {
            p,
            step,
            nodes: (0..count).map(node).collect(),
        }
    }

    /// Whether the row of x, whose first node is `from`, is far from the center.
    fn reaches(&self, x: f64, from: usize) -> bool {
        let z = x * from as f64 * self.step / (self.p * self.p);
        !self.nodes.is_empty() && z >= FAR && from > HALF_LINE_CORRECTION.len()
    }

    /// Fills the run of samples that begins at `first`.
    fn weigh(&self, x: f64, span: RangeInclusive<usize>, (run, first): (&mut [f64], usize)) {
        let offset = x - *span.start() as f64 * self.step;
        let mut heights = Heights::new(offset / self.p, self.step / self.p);
        let inverse = self.p * self.p / (x * self.step);
        let mut total = 0.0;
        for k in span {
            let Some((root, quotient)) = self.nodes.get(k) else {
                break;
            };
            let weight = root * heights.next_height() * bessel_i0e_far(inverse * quotient);
            total += weight;
            if let Some(sum) = run.get_mut(k - first) {
                *sum = weight;
            }
        }
        let share = 1.0 / total;
        run.iter_mut().for_each(|w| *w *= share);
    }
}

/// exp(−t²/2) at evenly spaced t by two products each: the ratio of neighbors falls by a constant factor.
///
/// Rounding grows with the square of the number of steps: 1e-12 over the some hundred of a probe's reach.
struct Heights {
    height: f64,
    ratio: f64,
    factor: f64,
}

impl Heights {
    /// From t = `offset` on, each time lower by `step`.
    fn new(offset: f64, step: f64) -> Heights {
        Heights {
            height: libm::exp(-0.5 * offset * offset),
            ratio: libm::exp(step * (offset - 0.5 * step)),
            factor: libm::exp(-step * step),
        }
    }

    fn next_height(&mut self) -> f64 {
        let height = self.height;
        self.height *= self.ratio;
        self.ratio *= self.factor;
        height
    }
}

/// Radii ξ(t) with their slopes at evenly spaced t; on a disk by rotation, whose rounding grows as the number of steps: 1e-13 over some hundred.
enum Radii {
    Uniform {
        t: f64,
        fine: f64,
    },
    /// Sine and cosine of t, and of a step.
    Disk {
        at: (f64, f64),
        by: (f64, f64),
    },
}

impl Radii {
    fn next_radius(&mut self) -> (f64, f64) {
        match self {
            Radii::Uniform { t, fine } => {
                let xi = *t;
                *t += *fine;
                (xi, 1.0)
            }
            Radii::Disk { at, by } => {
                let now = *at;
                *at = (now.0 * by.1 + now.1 * by.0, now.1 * by.1 - now.0 * by.0);
                now
            }
        }
    }
}

/// A uniform refinement of the samples.
struct Refinement {
    factor: usize,
    fine: f64,
    between: Vec<[f64; 8]>,
}

impl Refinement {
    fn new(grid: &Grid, nodes_per_length: f64) -> Refinement {
        let factor = f64::ceil(nodes_per_length * grid.step).max(1.0) as usize;
        Refinement {
            factor,
            fine: grid.step / factor as f64,
            between: (0..factor)
                .map(|i| lagrange_weights(i as f64 / factor as f64))
                .collect(),
        }
    }
}

/// The samples as a uniform grid in a coordinate t.
struct Grid {
    step: f64,
    count: usize,
    disk: bool,
}

impl Grid {
    fn new(samples: Samples) -> Grid {
        match samples {
            Samples::Uniform { step, count } => Grid {
                step,
                count,
                disk: false,
            },
            Samples::Disk { intervals } => Grid {
                step: 0.5 * PI / intervals.max(1) as f64,
                count: intervals + 1,
                disk: true,
            },
        }
    }

    /// t of a radius.
    fn position(&self, xi: f64) -> f64 {
        if self.disk {
            libm::asin(xi.clamp(0.0, 1.0))
        } else {
            xi
        }
    }

    /// Radii and dξ/dt at evenly spaced t.
    fn radii(&self, t: f64, fine: f64) -> Radii {
        if self.disk {
            Radii::Disk {
                at: (libm::sin(t), libm::cos(t)),
                by: (libm::sin(fine), libm::cos(fine)),
            }
        } else {
            Radii::Uniform { t, fine }
        }
    }

    /// Adds a weight at grid point `index`, continued evenly through 0, as nothing (uniform) or oddly (disk) through the end.
    fn add(&self, run: &mut [f64], first: usize, index: isize, weight: f64) {
        let mut index = index.unsigned_abs();
        let mut weight = weight;
        if self.disk && index + 1 > self.count {
            index = (2 * self.count).saturating_sub(2 + index);
            weight = -weight;
        }
        if let Some(sum) = index.checked_sub(first).and_then(|i| run.get_mut(i)) {
            *sum += weight;
        }
    }

    fn interpolation(&self, xi: f64, dense: &mut [f64], rows: &mut Rows) {
        if self.disk && xi >= 1.0 {
            rows.push(0, &[]);
            return;
        }
        let t = self.position(xi) / self.step;
        let node = t as usize;
        let first = node.saturating_sub(8).min(self.count);
        let last = (node + 6).min(self.count).max(first);
        let Some(run) = dense.get_mut(first..last) else {
            rows.push(0, &[]);
            return;
        };
        run.fill(0.0);
        for (i, w) in lagrange_weights(t - node as f64).into_iter().enumerate() {
            self.add(run, first, (node + i) as isize - 3, w);
        }
        rows.push(first, run);
    }
}
