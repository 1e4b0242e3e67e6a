//! Smoothing and order statistics.

/// Gaussian smoothing of a row-major grid, `NaN` left out: Σ k v / Σ k over the numbers within 3 σ.
///
/// `width` is the length of a row, `sigma` the standard deviation in samples. A sample whose whole neighborhood holds
/// no number stays `NaN`. The kernel is cut at 3 σ and renormalized (variance about 2 % below σ²); at the rim it is one-sided.
/// Cost O(n σ). Not for σ below 0.4, where the sampled kernel is no Gaussian any more (the grid is returned as it is).
pub fn gaussian_blur(values: &[f32], width: usize, sigma: f64) -> Vec<f32> {
    let reach = f64::ceil(3.0 * sigma) as usize;
    if width == 0 || sigma < 0.4 || values.is_empty() {
        return values.to_vec();
    }
    let kernel: Vec<f32> = (0..=reach)
        .map(|i| libm::exp(-0.5 * (i as f64 / sigma) * (i as f64 / sigma)) as f32)
        .collect();
    let height = values.len() / width;
    let holes = values.iter().any(|v| !v.is_finite());
    let mut rows = vec![0.0f32; height * width];
    let mut line = vec![0.0f32; width];
    let mut weight = vec![0.0f32; width];
    // Along a row, to either side.
    let along = |source: &[f32], line: &mut [f32], mut weight: Option<&mut [f32]>| {
        for (i, &k) in kernel.iter().enumerate().take(width) {
            let n = width - i;
            let of = weight.as_deref_mut().map(|w| &mut w[..n]);
            add(&mut line[..n], of, &source[i..], k);
            if i > 0 {
                let of = weight.as_deref_mut().map(|w| &mut w[i..]);
                add(&mut line[i..], of, &source[..n], k);
            }
        }
    };
    // Without holes all rows have the weights of a row of ones.
    if !holes {
        along(&vec![1.0; width], &mut weight, None);
    }
    for (source, target) in values.chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
        line.fill(0.0);
        if holes {
            weight.fill(0.0);
        }
        along(source, &mut line, holes.then_some(&mut weight[..]));
        divide(&line, &weight, target);
    }
    let mut out = vec![0.0f32; height * width];
    for (y, target) in out.chunks_exact_mut(width).enumerate() {
        let first = y.saturating_sub(reach);
        let last = (y + reach).min(height - 1);
        line.fill(0.0);
        let all: f32 = (first..=last).map(|row| kernel[row.abs_diff(y)]).sum();
        weight.fill(if holes { 0.0 } else { all });
        for row in first..=last {
            let source = &rows[row * width..(row + 1) * width];
            let of = holes.then_some(&mut weight[..]);
            add(&mut line, of, source, kernel[row.abs_diff(y)]);
        }
        divide(&line, &weight, target);
    }
    out
}

/// Adds `k` times `source`; with weights, of what is a number.
fn add(line: &mut [f32], weight: Option<&mut [f32]>, source: &[f32], k: f32) {
    match weight {
        Some(weight) => {
            for ((l, w), &v) in line.iter_mut().zip(weight).zip(source) {
                let number = v.is_finite();
                *l += if number { k * v } else { 0.0 };
                *w += if number { k } else { 0.0 };
            }
        }
        None => {
            for (l, &v) in line.iter_mut().zip(source) {
                *l += k * v;
            }
        }
    }
}

fn divide(line: &[f32], weight: &[f32], target: &mut [f32]) {
    for ((t, l), w) in target.iter_mut().zip(line).zip(weight) {
        *t = if *w > 0.0 { l / w } else { f32::NAN };
    }
}

/// The q-quantile (0 ≤ q ≤ 1): the order statistic nearest to rank q (n − 1), NaN being the largest; `None` when that is not finite or
/// there are none. The slice is reordered.
pub fn quantile(values: &mut [f64], q: f64) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let rank = libm::round(q.clamp(0.0, 1.0) * (values.len() - 1) as f64) as usize;
    let (_, v, _) = values.select_nth_unstable_by(rank, f64::total_cmp);
    v.is_finite().then_some(*v)
}

/// Standard deviation from the median absolute deviation about `center`: 1.4826 · median|v − center|, the factor making
/// it consistent for Gaussian noise (Rousseeuw and Croux, J. Am. Stat. Assoc. 88 (1993) 1273).
pub fn spread(values: &[f64], center: f64) -> f64 {
    let mut deviation: Vec<f64> = values.iter().map(|v| (v - center).abs()).collect();
    1.4826 * quantile(&mut deviation, 0.5).unwrap_or(0.0)
}
