//! Principal components of a spectrum image: maps for the eye.

use super::{EnergyAxis, SpectroscopyError, SpectrumImage, Window};
use crate::numerics::{Noise, sort_by};
use crate::signal::Samples;

/// Channels that are told apart: more only cost time.
const MOST_CHANNELS: usize = 128;

/// Components that are looked for.
const MOST_COMPONENTS: usize = 12;

/// Steps of the iteration: the share of noise in a component falls by the ratio of variances with each.
const STEPS: usize = 32;

/// A spectrum image of few components.
#[derive(Clone, Debug)]
pub struct Principal {
    /// Without what is noise; negative counts among them.
    pub image: SpectrumImage,
    /// Components that are in it.
    pub components: usize,
    /// Variances along the components over that of noise, the largest first.
    pub variances: Vec<f64>,
}

/// The spectra between two energies, of their largest principal components alone: as many as asked for, or with 0 those whose variance noise does not reach.
///
/// Counts are divided by the square roots of the means of their channel and of their pixel (Keenan & Kotula, Surf. Interface Anal. 36 (2004) 203), after which Poisson's noise has
/// the variance 1 everywhere; neighboring channels are taken together where there are more than 128. Noise alone then has variances up to (1 + √(m/n))² for m
/// channels and n pixels (Marchenko & Pastur 1967), the largest with the scatter of Johnstone (Ann. Stat. 29 (2001) 295); more is structure. Components come from an iteration on a subspace of twelve.
///
/// For the eye only: what is weak and rare is among the noise that is taken away (Cueva et al., Microsc. Microanal. 18 (2012) 667), and errors of neighboring pixels are no
/// longer independent, so that nothing is to be computed from it.
///
/// Accuracy: `tests/principal.rs` (the number of components of simulated spectra; the error of maps falls).
///
/// # Errors
/// [`SpectroscopyError::Window`] where the energies hold too few channels.
pub fn principal(
    image: &SpectrumImage,
    within: Window,
    asked: usize,
) -> Result<Principal, SpectroscopyError> {
    let range = image.axis.at_least(within, 2)?;
    let factor = range.len().div_ceil(MOST_CHANNELS);
    let m = range.len() / factor;
    let n = image.pixels();
    let axis = EnergyAxis {
        first_ev: image.axis.energy_ev(range.start)
            + 0.5 * (factor as f64 - 1.0) * image.axis.step_ev,
        step_ev: image.axis.step_ev * factor as f64,
        channels: m,
    };
    let mut counts: Vec<f32> = Vec::with_capacity(n * m);
    for pixel in 0..n {
        counts.extend((0..m).map(|c| {
            let from = range.start + c * factor;
            image.sum(pixel, from..from + factor) as f32
        }));
    }
    // √ of the mean counts of each channel and pixel, the mean of all taken into the channels.
    let mut channel = vec![0.0_f64; m];
    let mut row = vec![0.0_f64; n];
    for (r, spectrum) in row.iter_mut().zip(counts.chunks_exact(m)) {
        for (c, v) in channel.iter_mut().zip(spectrum) {
            *c += f64::from(*v);
            *r += f64::from(*v);
        }
    }
    let all = row.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    // A thousandth of the mean where there is next to nothing: no division by none.
    let weight = |sum: f64, others: usize| (sum / all * others as f64).max(1e-3).sqrt();
    let channel: Vec<f64> = channel.iter().map(|c| weight(*c, m)).collect();
    let row: Vec<f64> = row.iter().map(|r| weight(*r, n)).collect();
    let mean = (all / (n * m) as f64).sqrt();
    for (r, spectrum) in row.iter().zip(counts.chunks_exact_mut(m)) {
        for (c, v) in channel.iter().zip(spectrum) {
            *v = (f64::from(*v) / (r * c * mean)) as f32;
        }
    }
    let size = MOST_COMPONENTS.min(m).min(n);
    // Those of noise are too near to one another to come in their order.
    let mut axes: Vec<(f64, Vec<f64>)> = subspace(&counts, m, size)
        .into_iter()
        .map(|a| {
            (
                scores(&counts, &a).map(|s| s * s).sum::<f64>() / n as f64,
                a,
            )
        })
        .collect();
    sort_by(&mut axes, |a, b| b.0.total_cmp(&a.0));
    let variances: Vec<f64> = axes.iter().map(|a| a.0).collect();
    let highest = noise_up_to(m, n);
    let structure = variances.iter().filter(|v| **v > highest).count();
    let components = match asked {
        0 => structure.max(1),
        asked => asked.min(size),
    };
    let mut kept = vec![0.0_f32; counts.len()];
    for (_, a) in axes.iter().take(components) {
        let along: Vec<f64> = scores(&counts, a).collect();
        for ((spectrum, s), r) in kept.chunks_exact_mut(m).zip(&along).zip(&row) {
            for ((k, a), c) in spectrum.iter_mut().zip(a).zip(&channel) {
                *k += (s * a * r * c * mean) as f32;
            }
        }
    }
    let mut made = SpectrumImage::new((image.width, image.height), axis, Samples::F32(kept))?;
    made.pixel_nm = image.pixel_nm;
    Ok(Principal {
        image: made,
        components,
        variances,
    })
}

/// Variances that noise of `m` channels in `n` pixels reaches, and three times what the largest of them scatters by.
fn noise_up_to(m: usize, n: usize) -> f64 {
    let (m, n) = (m as f64, n as f64);
    let edge = 1.0 + (m / n).sqrt();
    let scatter = (n.sqrt() + m.sqrt()) * libm::cbrt(1.0 / n.sqrt() + 1.0 / m.sqrt()) / n;
    edge * edge + 3.0 * scatter
}

/// Coordinate of every pixel along an axis.
fn scores<'a>(counts: &'a [f32], axis: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
    counts.chunks_exact(axis.len().max(1)).map(move |spectrum| {
        spectrum
            .iter()
            .zip(axis)
            .map(|(v, a)| f64::from(*v) * a)
            .sum()
    })
}

/// The axes along which the spectra differ most, the first of them first: orthogonal iteration from random ones.
fn subspace(counts: &[f32], m: usize, size: usize) -> Vec<Vec<f64>> {
    // XᵀX once: every step then costs m² and not n m.
    let mut gram = vec![0.0_f64; m * m];
    for spectrum in counts.chunks_exact(m) {
        for (i, v) in spectrum.iter().enumerate() {
            let v = f64::from(*v);
            for (g, w) in gram[i * m..=i * m + i].iter_mut().zip(spectrum) {
                *g += v * f64::from(*w);
            }
        }
    }
    for i in 0..m {
        for j in i + 1..m {
            gram[i * m + j] = gram[j * m + i];
        }
    }
    let mut noise = Noise::new(1);
    let mut axes: Vec<Vec<f64>> = (0..size)
        .map(|_| (0..m).map(|_| noise.normal()).collect())
        .collect();
    for _ in 0..STEPS {
        for axis in &mut axes {
            let turned = gram.chunks_exact(m);
            *axis = turned
                .map(|row| row.iter().zip(axis.iter()).map(|(g, a)| g * a).sum())
                .collect();
        }
        orthonormal(&mut axes);
    }
    axes
}

/// Gram and Schmidt.
fn orthonormal(axes: &mut [Vec<f64>]) {
    for i in 0..axes.len() {
        let (before, rest) = axes.split_at_mut(i);
        let Some(axis) = rest.first_mut() else {
            continue;
        };
        for other in before {
            let share: f64 = axis.iter().zip(other.iter()).map(|(a, b)| a * b).sum();
            axis.iter_mut()
                .zip(other.iter())
                .for_each(|(a, b)| *a -= share * b);
        }
        let length = axis.iter().map(|a| a * a).sum::<f64>().sqrt();
        axis.iter_mut()
            .for_each(|a| *a /= length.max(f64::MIN_POSITIVE));
    }
}
