//! Particles of atoms: an fcc ball whose atoms change places one by one, and its micrographs.
#![allow(dead_code)]

use alloyscope::signal::Image;
use alloyscope::simulate::Noise;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt as _, SeedableRng as _};

/// Gold's lattice constant (nm); four atoms in each cube.
pub const LATTICE_NM: f64 = 0.4078;
pub const PER_NM3: f64 = 4.0 / (LATTICE_NM * LATTICE_NM * LATTICE_NM);

type Vector = [f64; 3];

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

fn unit(a: Vector) -> Vector {
    let n = dot(a, a).sqrt();
    a.map(|x| x / n)
}

/// Sites of a ball cut from an fcc lattice, and who neighbors whom.
pub struct Crystal {
    pub sites: Vec<Vector>,
    pub bonds: Vec<(usize, usize)>,
}

impl Crystal {
    /// The ball's center lies at `origin` (in half lattice constants) of the lattice.
    pub fn ball(radius_nm: f64, origin: Vector) -> Crystal {
        let half = LATTICE_NM / 2.0;
        let reach = (radius_nm / half) as i64 + 2;
        let mut found: Vec<([i64; 3], Vector)> = Vec::new();
        for i in -reach..=reach {
            for j in -reach..=reach {
                for k in -reach..=reach {
                    let at = [
                        (i as f64 - origin[0]) * half,
                        (j as f64 - origin[1]) * half,
                        (k as f64 - origin[2]) * half,
                    ];
                    if (i + j + k) % 2 == 0 && dot(at, at).sqrt() < radius_nm {
                        found.push(([i, j, k], at));
                    }
                }
            }
        }
        let near = |a: [i64; 3], b: [i64; 3]| {
            (0..3).map(|i| (a[i] - b[i]) * (a[i] - b[i])).sum::<i64>() == 2
        };
        let bonds = (0..found.len())
            .flat_map(|a| (0..a).map(move |b| (a, b)))
            .filter(|&(a, b)| near(found[a].0, found[b].0))
            .collect();
        Crystal {
            sites: found.into_iter().map(|(_, at)| at).collect(),
            bonds,
        }
    }

    /// Which sites hold the core's element at each cumulative D·t (nm²).
    ///
    /// Atoms of neighboring sites change places at random. An atom inside takes part by 12 of all B bonds and jumps a/√2, so that
    /// ⟨r²⟩ = 6 D t grows by 6 a²/B with each exchange.
    pub fn occupations(&self, core_nm: f64, taus: &[f64], seed: u64) -> Vec<Vec<bool>> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut core: Vec<bool> = self
            .sites
            .iter()
            .map(|at| dot(*at, *at).sqrt() < core_nm)
            .collect();
        let per_exchange = LATTICE_NM * LATTICE_NM / self.bonds.len() as f64;
        // The same numbers on every target.
        let bonds = self.bonds.len() as u32;
        let mut done = 0.0;
        taus.iter()
            .map(|tau| {
                while done < *tau {
                    let (a, b) = self.bonds[random.random_range(0..bonds) as usize];
                    core.swap(a, b);
                    done += per_exchange;
                }
                core.clone()
            })
            .collect()
    }

    /// Positions in the image plane (nm), seen along `view`, turned by `angle`.
    pub fn projected(&self, view: Vector, angle: f64) -> Vec<(f64, f64)> {
        let z = unit(view);
        let helper = if z[2].abs() < 0.9 {
            [0.0, 0.0, 1.0]
        } else {
            [1.0, 0.0, 0.0]
        };
        let x = unit(cross(helper, z));
        let y = cross(z, x);
        let (sin, cos) = angle.sin_cos();
        self.sites
            .iter()
            .map(|at| {
                let (u, v) = (dot(*at, x), dot(*at, y));
                (cos * u - sin * v, sin * u + cos * v)
            })
            .collect()
    }
}

/// A micrograph of atoms.
pub struct Exposure {
    pub side_px: usize,
    pub pixel_nm: f64,
    /// Standard deviation of one atom's image (nm).
    pub atom_nm: f64,
    /// w_core/w_shell.
    pub contrast: f64,
    /// Counts of the ball's center as a continuum of the shell's element.
    pub peak_counts: f64,
}

impl Exposure {
    /// One frame: Poisson noise, a tilted background of a tenth of the peak, gain, level and position drawn anew.
    pub fn image(
        &self,
        atoms: &[(f64, f64)],
        core: &[bool],
        radius_nm: f64,
        noise: &mut Noise,
    ) -> Image {
        let side = self.side_px;
        let middle = 0.5 * (side - 1) as f64;
        let center = (middle + noise.normal(), middle + noise.normal());
        let gain = 1.0 + 0.03 * noise.normal();
        let level = 0.1 * self.peak_counts * (1.0 + 0.1 * noise.normal()).max(0.1);
        let s = self.atom_nm / self.pixel_nm;
        let volume = 1.0 / PER_NM3;
        let height = gain * self.peak_counts / (2.0 * radius_nm) * volume
            / (2.0 * std::f64::consts::PI * self.atom_nm * self.atom_nm);
        let mut values: Vec<f64> = (0..side * side)
            .map(|i| {
                let (x, y) = ((i % side) as f64, (i / side) as f64);
                let part = |v: f64| (v - middle) / side as f64;
                level * (1.0 + 0.06 * part(x) - 0.04 * part(y))
            })
            .collect();
        for ((x, y), core) in atoms.iter().zip(core) {
            let at = (center.0 + x / self.pixel_nm, center.1 + y / self.pixel_nm);
            let weight = height * if *core { self.contrast } else { 1.0 };
            let span = |c: f64| {
                let low = (c - 5.5 * s).ceil().max(0.0) as usize;
                let high = ((c + 5.5 * s).floor() as usize).min(side - 1);
                let run: Vec<f64> = (low..=high)
                    .map(|i| (-(i as f64 - c).powi(2) / (2.0 * s * s)).exp())
                    .collect();
                (low, run)
            };
            let ((left, along_x), (top, along_y)) = (span(at.0), span(at.1));
            for (row, b) in along_y.iter().enumerate() {
                let start = (top + row) * side + left;
                for (v, a) in values[start..].iter_mut().zip(&along_x) {
                    *v += weight * a * b;
                }
            }
        }
        Image {
            width: side,
            height: side,
            values: values.iter().map(|v| noise.poisson(*v) as f32).collect(),
        }
    }
}
