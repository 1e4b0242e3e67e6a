//! Synthetic micrographs of exactly known geometry, for the tests of `imaging`.
#![allow(dead_code)]

use alloyscope::imaging::{Circle, Point};
use alloyscope::signal::Image;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{Rng, RngExt, SeedableRng};

/// A core-shell sphere: chords through shell and core, weighted, under a Gaussian probe.
#[derive(Clone, Copy)]
pub struct Sphere {
    pub x_px: f64,
    pub y_px: f64,
    pub radius_px: f64,
    pub core_radius_px: f64,
    /// Core's displacement along x.
    pub core_shift_px: f64,
    pub core_weight: f64,
    pub shell_weight: f64,
    pub probe_px: f64,
    /// Longest over shortest axis and its direction.
    pub aspect: f64,
    pub angle_rad: f64,
}

impl Sphere {
    pub fn uniform(x_px: f64, y_px: f64, radius_px: f64) -> Sphere {
        Sphere {
            x_px,
            y_px,
            radius_px,
            core_radius_px: 0.0,
            core_shift_px: 0.0,
            core_weight: 1.0,
            shell_weight: 1.0,
            probe_px: 0.06 * radius_px,
            aspect: 1.0,
            angle_rad: 0.0,
        }
    }

    /// Dark core in a bright shell, as Ag@Au.
    pub fn dark_core(x_px: f64, y_px: f64, radius_px: f64) -> Sphere {
        Sphere {
            core_radius_px: 0.575 * radius_px,
            core_weight: 0.39,
            ..Sphere::uniform(x_px, y_px, radius_px)
        }
    }

    /// Bright core in a dark shell, as Au@Ag.
    pub fn bright_core(x_px: f64, y_px: f64, radius_px: f64) -> Sphere {
        Sphere {
            core_radius_px: 0.575 * radius_px,
            shell_weight: 0.39,
            ..Sphere::uniform(x_px, y_px, radius_px)
        }
    }
}

/// Chord of a sphere of unit radius at distance s, blurred in two dimensions by a Gaussian of standard deviation σ, tabled.
pub struct Blurred {
    step: f64,
    table: Vec<f64>,
}

impl Blurred {
    pub fn new(sigma: f64) -> Blurred {
        let step = 0.01;
        let nodes = 24;
        let table = (0..300)
            .map(|i| {
                let s = i as f64 * step;
                // Polar quadrature of the Gaussian: radius through its exact quantiles, direction evenly.
                let (mut sum, mut n) = (0.0, 0.0);
                for a in 0..nodes {
                    let u = (a as f64 + 0.5) / nodes as f64;
                    let rho = sigma * (-2.0 * (1.0 - u).ln()).sqrt();
                    for b in 0..nodes {
                        let phi = (b as f64 + 0.5) * std::f64::consts::PI / nodes as f64;
                        let d2 = s * s + rho * rho + 2.0 * s * rho * phi.cos();
                        sum += 2.0 * (1.0 - d2).max(0.0).sqrt();
                        n += 1.0;
                    }
                }
                sum / n
            })
            .collect();
        Blurred { step, table }
    }

    pub fn at(&self, s: f64) -> f64 {
        let t = s / self.step;
        let i = t as usize;
        match (self.table.get(i), self.table.get(i + 1)) {
            (Some(a), Some(b)) => a + (t - i as f64) * (b - a),
            _ => 0.0,
        }
    }
}

/// What stands in the picture.
#[derive(Clone)]
pub struct Scene {
    pub width: usize,
    pub height: usize,
    pub spheres: Vec<Sphere>,
    /// Counts at the peak of the first sphere.
    pub peak: f64,
    pub background: f64,
    /// Rise of the background over the width and height.
    pub slope: (f64, f64),
    /// Period of lattice columns; 0 for none. Their contrast is full.
    pub lattice_px: f64,
}

impl Scene {
    pub fn of(spheres: Vec<Sphere>, width: usize, height: usize) -> Scene {
        Scene {
            width,
            height,
            spheres,
            peak: 400.0,
            background: 40.0,
            slope: (0.0, 0.0),
            lattice_px: 0.0,
        }
    }

    /// Expected counts.
    pub fn expected(&self) -> Image {
        let mut values = vec![0.0f64; self.width * self.height];
        let mut unit = 0.0;
        for (k, s) in self.spheres.iter().enumerate() {
            let outer = Blurred::new(s.probe_px / s.radius_px);
            let inner =
                (s.core_radius_px > 0.0).then(|| Blurred::new(s.probe_px / s.core_radius_px));
            let (sin, cos) = s.angle_rad.sin_cos();
            let value = |x: f64, y: f64| {
                let (dx, dy) = (x - s.x_px, y - s.y_px);
                let (u, v) = (dx * cos + dy * sin, dy * cos - dx * sin);
                let root = s.aspect.sqrt();
                let d = (u * u / root / root + v * v * root * root).sqrt();
                let mut out = s.shell_weight * s.radius_px * outer.at(d / s.radius_px);
                if let Some(inner) = &inner {
                    let dx = dx - s.core_shift_px;
                    let r = (dx * dx + dy * dy).sqrt();
                    out += (s.core_weight - s.shell_weight)
                        * s.core_radius_px
                        * inner.at(r / s.core_radius_px);
                }
                out
            };
            if k == 0 {
                unit = (0..200)
                    .map(|i| value(s.x_px + i as f64 * s.radius_px / 200.0, s.y_px))
                    .fold(0.0, f64::max);
            }
            for (i, v) in values.iter_mut().enumerate() {
                let (x, y) = ((i % self.width) as f64, (i / self.width) as f64);
                let mut add = self.peak * value(x, y) / unit;
                if self.lattice_px > 0.0 {
                    // Two sets of fringes 70° apart, between 0 and 4 with mean 1.
                    let q = 2.0 * std::f64::consts::PI / self.lattice_px;
                    let a = q * (0.94 * x + 0.34 * y);
                    let b = q * (-0.22 * x + 0.97 * y);
                    add *= (1.0 + a.cos()) * (1.0 + b.cos());
                }
                *v += add;
            }
        }
        for (i, v) in values.iter_mut().enumerate() {
            let (x, y) = ((i % self.width) as f64, (i / self.width) as f64);
            *v += self.background
                + self.slope.0 * (x / self.width as f64 - 0.5)
                + self.slope.1 * (y / self.height as f64 - 0.5);
        }
        Image {
            width: self.width,
            height: self.height,
            values: values.iter().map(|v| *v as f32).collect(),
        }
    }
}

/// Counting noise.
pub fn counted(expected: &Image, seed: u64) -> Image {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    Image {
        width: expected.width,
        height: expected.height,
        values: expected
            .values
            .iter()
            .map(|v| poisson(&mut rng, f64::from(*v)) as f32)
            .collect(),
    }
}

fn uniform(rng: &mut impl Rng) -> f64 {
    rng.random::<f64>()
}

/// Poisson deviate: inversion below 30, above it a Gaussian with its continuity correction (mean and variance exact, which is all
/// the tests ask for).
fn poisson(rng: &mut impl Rng, mean: f64) -> f64 {
    if mean <= 0.0 {
        return 0.0;
    }
    if mean < 30.0 {
        let limit = (-mean).exp();
        let (mut k, mut p) = (0.0, uniform(rng));
        while p > limit {
            p *= uniform(rng);
            k += 1.0;
        }
        return k;
    }
    let (u, v) = (1.0 - uniform(rng), uniform(rng));
    let g = (-2.0 * u.ln()).sqrt() * (2.0 * std::f64::consts::PI * v).cos();
    (mean + g * mean.sqrt()).round().max(0.0)
}

pub fn circle(x_px: f64, y_px: f64, radius_px: f64) -> Circle {
    Circle {
        center: Point { x_px, y_px },
        radius_px,
    }
}

pub fn distance(a: Point, x_px: f64, y_px: f64) -> f64 {
    ((a.x_px - x_px).powi(2) + (a.y_px - y_px).powi(2)).sqrt()
}
