//! Random numbers that are the same on every platform.

use core::f64::consts::PI;

use rand::rand_core::{Rng, SeedableRng};
use rand::rngs::Xoshiro256PlusPlus;

/// Seeded source of uniform, normal and Poisson deviates.
#[derive(Clone, Debug)]
pub struct Noise {
    generator: Xoshiro256PlusPlus,
    /// ln k!: the rejection step asks for it at every seventh pixel.
    log_factorial: Vec<f64>,
}

/// Factorials kept in the table.
const FACTORIALS: usize = 1024;

impl Noise {
    /// The source of `seed`.
    pub fn new(seed: u64) -> Noise {
        Noise {
            generator: Xoshiro256PlusPlus::seed_from_u64(seed),
            log_factorial: (0..FACTORIALS)
                .scan(0.0, |sum, k| {
                    *sum += libm::log(k.max(1) as f64);
                    Some(*sum)
                })
                .collect(),
        }
    }

    /// Uniform in [0, 1), 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// Standard normal (Box and Muller, one of the pair).
    pub fn normal(&mut self) -> f64 {
        let u = 1.0 - self.uniform();
        let v = self.uniform();
        f64::sqrt(-2.0 * libm::log(u)) * libm::cos(2.0 * PI * v)
    }

    /// Poisson deviate of the given mean; 0 for a mean that is not positive.
    ///
    /// Inversion by sequential search below 12, transformed rejection above (Hörmann, Insurance: Mathematics and Economics 12 (1993) 39, algorithm PTRS;
    /// exact). Mean, variance and the tails of both branches are tested in `tests/simulate.rs`.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean.is_nan() || mean <= 0.0 {
            return 0;
        }
        if mean < 12.0 {
            return self.small(mean);
        }
        let b = 0.931 + 2.53 * f64::sqrt(mean);
        let a = -0.059 + 0.024_83 * b;
        let inverse_alpha = 1.1239 + 1.1328 / (b - 3.4);
        let squeeze = 0.9277 - 3.6224 / (b - 2.0);
        loop {
            let u = self.uniform() - 0.5;
            let v = self.uniform();
            let us = 0.5 - u.abs();
            let k = f64::floor((2.0 * a / us + b) * u + mean + 0.43);
            if us >= 0.07 && v <= squeeze {
                return k as u64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            let left = libm::log(v * inverse_alpha / (a / (us * us) + b));
            let log_factorial = match self.log_factorial.get(k as usize) {
                Some(tabulated) => *tabulated,
                None => libm::lgamma(k + 1.0),
            };
            if left <= k * libm::log(mean) - mean - log_factorial {
                return k as u64;
            }
        }
    }

    fn small(&mut self, mean: f64) -> u64 {
        let mut left = self.uniform();
        let mut probability = libm::exp(-mean);
        let mut k = 0u64;
        // The cap stands far beyond any mass (P < 1e-50) and ends the loop should rounding leave a remainder.
        while left >= probability && k < 200 {
            left -= probability;
            k += 1;
            probability *= mean / k as f64;
        }
        k
    }
}
