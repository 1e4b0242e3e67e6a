//! Connected components.

/// One connected component.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Component {
    /// Samples, enclosed holes included.
    pub area: usize,
    /// Sum of columns.
    pub sum_x: f64,
    /// Sum of rows.
    pub sum_y: f64,
    /// Samples on the rim of the grid.
    pub rim: usize,
}

/// Components (8-connected) of `inside`, holes filled. `label[i]` is 0 outside and n for the n-th component.
pub(super) struct Labels {
    /// Per sample.
    pub label: Vec<u32>,
    /// In the order of their labels, from 1 on.
    pub components: Vec<Component>,
}

const OUTSIDE: u32 = u32::MAX;

/// Labels a grid of `width` columns. Cost O(n).
pub(super) fn label(inside: &[bool], width: usize) -> Labels {
    let width = width.max(1);
    let height = inside.len() / width;
    // A border of one sample all around belongs to the outside: no neighbor has to be checked against the rim.
    let padded = width + 2;
    const UNSEEN: u32 = 0;
    let mut label = vec![OUTSIDE; padded * (height + 2)];
    let mut bright = vec![false; label.len()];
    for (y, row) in inside.chunks_exact(width).enumerate() {
        let first = (y + 1) * padded + 1;
        label[first..first + width].fill(UNSEEN);
        bright[first..first + width].copy_from_slice(row);
    }
    let mut stack: Vec<usize> = Vec::new();
    // The outside is what a 4-connected flood from the rim reaches: all else is component or hole.
    let flood = |seed: usize, stack: &mut Vec<usize>, label: &mut [u32]| {
        if bright[seed] || label[seed] != UNSEEN {
            return;
        }
        label[seed] = OUTSIDE;
        stack.push(seed);
        while let Some(j) = stack.pop() {
            for k in [j - 1, j + 1, j - padded, j + padded] {
                if label[k] == UNSEEN && !bright[k] {
                    label[k] = OUTSIDE;
                    stack.push(k);
                }
            }
        }
    };
    for x in 1..=width {
        flood(padded + x, &mut stack, &mut label);
        flood(height * padded + x, &mut stack, &mut label);
    }
    for y in 1..=height {
        flood(y * padded + 1, &mut stack, &mut label);
        flood(y * padded + width, &mut stack, &mut label);
    }
    let mut names = 0;
    for i in 0..label.len() {
        if label[i] != UNSEEN {
            continue;
        }
        names += 1;
        label[i] = names;
        stack.push(i);
        while let Some(j) = stack.pop() {
            let (up, down) = (j - padded, j + padded);
            for k in [up - 1, up, up + 1, j - 1, j + 1, down - 1, down, down + 1] {
                if label[k] == UNSEEN {
                    label[k] = names;
                    stack.push(k);
                }
            }
        }
    }
    let mut components = vec![Component::default(); names as usize];
    let mut out = Vec::with_capacity(width * height);
    for (y, row) in label.chunks_exact(padded).skip(1).take(height).enumerate() {
        let last_row = y == 0 || y + 1 == height;
        for (x, &l) in row[1..=width].iter().enumerate() {
            let l = if l == OUTSIDE { 0 } else { l };
            out.push(l);
            if l > 0
                && let Some(c) = components.get_mut(l as usize - 1)
            {
                c.area += 1;
                c.sum_x += x as f64;
                c.sum_y += y as f64;
                c.rim += usize::from(last_row || x == 0 || x + 1 == width);
            }
        }
    }
    Labels {
        label: out,
        components,
    }
}
