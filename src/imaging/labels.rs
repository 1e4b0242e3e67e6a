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
    let mut label = vec![0u32; width * height];
    let mut stack: Vec<usize> = Vec::new();
    // The outside is what a 4-connected flood from the rim reaches: all else is component or hole.
    for i in 0..label.len() {
        let (x, y) = (i % width, i / width);
        let rim = x == 0 || y == 0 || x + 1 == width || y + 1 == height;
        if rim && !inside[i] && label[i] == 0 {
            label[i] = OUTSIDE;
            stack.push(i);
            while let Some(j) = stack.pop() {
                let (x, y) = (j % width, j / width);
                let mut visit = |k: usize| {
                    if !inside[k] && label[k] == 0 {
                        label[k] = OUTSIDE;
                        stack.push(k);
                    }
                };
                if x > 0 {
                    visit(j - 1);
                }
                if x + 1 < width {
                    visit(j + 1);
                }
                if y > 0 {
                    visit(j - width);
                }
                if y + 1 < height {
                    visit(j + width);
                }
            }
        }
    }
    let mut components = Vec::new();
    for i in 0..label.len() {
        if label[i] != 0 {
            continue;
        }
        let name = components.len() as u32 + 1;
        let mut c = Component::default();
        label[i] = name;
        stack.push(i);
        while let Some(j) = stack.pop() {
            let (x, y) = (j % width, j / width);
            c.area += 1;
            c.sum_x += x as f64;
            c.sum_y += y as f64;
            c.rim += usize::from(x == 0 || y == 0 || x + 1 == width || y + 1 == height);
            for ny in y.saturating_sub(1)..=(y + 1).min(height - 1) {
                for nx in x.saturating_sub(1)..=(x + 1).min(width - 1) {
                    let k = ny * width + nx;
                    if label[k] == 0 {
                        label[k] = name;
                        stack.push(k);
                    }
                }
            }
        }
        components.push(c);
    }
    label.iter_mut().for_each(|l| {
        if *l == OUTSIDE {
            *l = 0;
        }
    });
    Labels { label, components }
}
