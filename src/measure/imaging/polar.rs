//! Sums of whole pixels over cells of ring and sector.

use crate::signal::Image;

use super::Point;

/// Sectors of 11.25°, counted from +x towards +y.
pub(super) const SECTORS: usize = 32;

/// Tangents of 11.25°, 22.5° and 33.75°, the borders of the sectors within an octant.
const TANGENTS: [f64; 3] = [
    0.198_912_367_379_658,
    0.414_213_562_373_095_03,
    0.668_178_637_919_298_9,
];

/// One cell.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    /// Pixels.
    pub count: f64,
    /// Sum of their values.
    pub sum: f64,
    /// Sum of their distances from the center.
    pub radius: f64,
}

impl Cell {
    /// All of them together.
    pub fn total(cells: &[Cell]) -> Cell {
        cells.iter().fold(Cell::default(), |a, b| Cell {
            count: a.count + b.count,
            sum: a.sum + b.sum,
            radius: a.radius + b.radius,
        })
    }
}

/// Cells `[ring * SECTORS + sector]` about a center; each pixel belongs to one cell, none is split.
pub(super) struct Polar {
    /// Width of a ring (pixels).
    pub ring_px: f64,
    /// The cells.
    pub cells: Vec<Cell>,
}

/// One ring: mean over its pixels.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ring {
    /// Pixels.
    pub count: f64,
    /// Mean value.
    pub value: f64,
    /// Mean distance from the center (pixels).
    pub radius: f64,
}

impl Polar {
    /// Sums the numbers of `image` out to `reach_px` from `center` (coordinates of `image`).
    pub fn new(image: &Image, center: Point, reach_px: f64, ring_px: f64) -> Polar {
        let rings = (f64::ceil(reach_px / ring_px) as usize).max(1);
        let mut cells = vec![Cell::default(); SECTORS * rings];
        let per_px = 1.0 / ring_px;
        let borders = Borders::new([1.0, 0.0, 0.0, 1.0]);
        borders.for_runs(
            image,
            center,
            rings as f64 * ring_px,
            |sector, [x, y], run| {
                let cells = &mut cells[sector * rings..(sector + 1) * rings];
                for (i, &v) in run.iter().enumerate() {
                    let x = x + i as f64;
                    let r = (x * x + y * y).sqrt();
                    if !v.is_nan()
                        && let Some(cell) = cells.get_mut((r * per_px) as u32 as usize)
                    {
                        cell.count += 1.0;
                        cell.sum += f64::from(v);
                        cell.radius += r;
                    }
                }
            },
        );
        let cells = ring_by_ring(&cells, rings);
        Polar { ring_px, cells }
    }

    /// The rings, all sectors together; a ring without pixels has the radius of its middle and value 0.
    pub fn rings(&self) -> Vec<Ring> {
        self.cells
            .chunks_exact(SECTORS)
            .enumerate()
            .map(|(k, cells)| {
                let sum = Cell::total(cells);
                if sum.count > 0.0 {
                    Ring {
                        count: sum.count,
                        value: sum.sum / sum.count,
                        radius: sum.radius / sum.count,
                    }
                } else {
                    Ring {
                        radius: (k as f64 + 0.5) * self.ring_px,
                        ..Ring::default()
                    }
                }
            })
            .collect()
    }
}

/// Cells `[sector * rings + ring]`, in which a row of pixels goes from neighbor to neighbor, as `[ring * SECTORS + sector]`.
pub(super) fn ring_by_ring<T: Copy>(cells: &[T], rings: usize) -> Vec<T> {
    let mut turned = Vec::with_capacity(cells.len());
    for ring in 0..rings {
        turned.extend((0..SECTORS).filter_map(|s| cells.get(s * rings + ring)));
    }
    turned
}

/// Calls `f(dx, dy, value)` for every pixel of the image within `reach_px` of `center`, row by row.
pub(super) fn for_disc(
    image: &Image,
    center: Point,
    reach_px: f64,
    mut f: impl FnMut(f64, f64, f32),
) {
    for_rows(image, center, reach_px, |dx, dy, row| {
        for (x, &v) in row.iter().enumerate() {
            f(dx + x as f64, dy, v);
        }
    });
}

/// Calls `f(dx, dy, values)` for every row of pixels within `reach_px` of `center`; `dx` and `dy` are those of its first.
fn for_rows(image: &Image, center: Point, reach_px: f64, mut f: impl FnMut(f64, f64, &[f32])) {
    let width = image.width.max(1);
    for (y, row) in image.values.chunks_exact(width).enumerate() {
        let dy = y as f64 - center.y_px;
        let h2 = reach_px * reach_px - dy * dy;
        if h2 < 0.0 {
            continue;
        }
        let h = h2.sqrt();
        let first = (f64::ceil(center.x_px - h).max(0.0) as usize).min(width);
        let end = ((f64::floor(center.x_px + h) + 1.0).max(0.0) as usize).clamp(first, width);
        f(first as f64 - center.x_px, dy, &row[first..end]);
    }
}

/// Where a row of pixels passes from sector to sector: a sector is then found once for many pixels.
pub(super) struct Borders {
    /// Distances from the center in which rings are circles, by a linear map: its four entries.
    map: [f64; 4],
    /// dx/dy of the borders in the half plane of positive dy, from left to right.
    slants: Vec<f64>,
}

impl Borders {
    /// The sectors lie about the mapped distances; the map must keep the sense of rotation.
    pub fn new(map: [f64; 4]) -> Borders {
        let [xx, xy, yx, yy] = map;
        let slant = |s: usize| {
            let (sin, cos) = libm::sincos(direction(s) - direction(0));
            // Back through the map, to a positive factor.
            let (dx, dy) = (yy * cos - xy * sin, xx * sin - yx * cos);
            (dy > 1e-9).then(|| dx / dy)
        };
        let mut slants: Vec<f64> = (0..SECTORS).filter_map(slant).collect();
        slants.sort_by(f64::total_cmp);
        Borders { map, slants }
    }

    /// Calls `f(sector, [dx, dy], values)` for every run of pixels of one row and one sector within `reach_px` of `center`; `dx` and `dy` are
    /// those of its first pixel.
    pub fn for_runs(
        &self,
        image: &Image,
        center: Point,
        reach_px: f64,
        mut f: impl FnMut(usize, [f64; 2], &[f32]),
    ) {
        let [xx, xy, yx, yy] = self.map;
        for_rows(image, center, reach_px, |left, dy, row| {
            let mut from = 0;
            let mut run = |to: usize| {
                if to > from {
                    let middle = left + 0.5 * (from + to - 1) as f64;
                    let sector = sector(xx * middle + xy * dy, yx * middle + yy * dy);
                    f(sector, [left + from as f64, dy], &row[from..to]);
                    from = to;
                }
            };
            let border = |slant: &f64| {
                let pixels = f64::ceil(dy * slant - left).max(0.0);
                (pixels as usize).min(row.len())
            };
            if dy < 0.0 {
                self.slants.iter().rev().for_each(|s| run(border(s)));
            } else {
                self.slants.iter().for_each(|s| run(border(s)));
            }
            run(row.len());
        });
    }
}

/// Sector of a direction, by comparisons alone.
fn sector(dx: f64, dy: f64) -> usize {
    let (ax, ay) = (dx.abs(), dy.abs());
    let (low, high) = if ay > ax { (ax, ay) } else { (ay, ax) };
    let mut q = 0;
    for t in TANGENTS {
        q += usize::from(low > t * high);
    }
    if ay > ax {
        q = 7 - q;
    }
    if dx < 0.0 {
        q = 15 - q;
    }
    if dy < 0.0 {
        q = 31 - q;
    }
    q
}

/// Direction of a sector's middle (radians from +x towards +y).
pub(super) fn direction(sector: usize) -> f64 {
    (sector as f64 + 0.5) * (2.0 * core::f64::consts::PI / SECTORS as f64)
}
