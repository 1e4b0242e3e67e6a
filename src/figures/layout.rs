//! Where things are in a figure: plot areas, their axes, marks, handles; zoom and pan as pure functions.

/// Size of a figure in CSS pixels, whatever the resolution of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Canvas {
    /// Width (CSS pixels).
    pub width_px: f64,
    /// Height (CSS pixels).
    pub height_px: f64,
}

impl Canvas {
    /// The same with sides that can be drawn on: finite, 40 to 20 000 pixels.
    pub(super) fn sane(self) -> Canvas {
        let side = |v: f64| {
            if v.is_finite() {
                v.clamp(40.0, 20_000.0)
            } else {
                40.0
            }
        };
        Canvas {
            width_px: side(self.width_px),
            height_px: side(self.height_px),
        }
    }
}

/// A rectangle in CSS pixels, y downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Width, never negative.
    pub fn width(&self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    /// Height, never negative.
    pub fn height(&self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    /// Whether the point lies within, edges included.
    pub fn contains(&self, x_px: f64, y_px: f64) -> bool {
        x_px >= self.left && x_px <= self.right && y_px >= self.top && y_px <= self.bottom
    }

    /// The same with all edges moved outwards.
    pub fn grown(&self, by_px: f64) -> Rect {
        Rect {
            left: self.left - by_px,
            top: self.top - by_px,
            right: self.right + by_px,
            bottom: self.bottom + by_px,
        }
    }
}

/// What part of the data is shown; `None` is automatic, from the data.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct View {
    /// Ends of the horizontal axis (its unit).
    pub x: Option<(f64, f64)>,
    /// Ends of the vertical axis (its unit).
    pub y: Option<(f64, f64)>,
}

impl View {
    /// Both axes from the data.
    pub const AUTOMATIC: View = View { x: None, y: None };
}

/// Which of the directions a zoom or pan acts on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// Both axes.
    #[default]
    Both,
    /// The horizontal axis only.
    X,
    /// The vertical axis only.
    Y,
}

/// One axis: from data to position and back. On a logarithmic axis `lo` and `hi` are still data values, both positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AxisMap {
    /// Value at the left or lower end.
    pub lo: f64,
    /// Value at the right or upper end.
    pub hi: f64,
    /// Whether the axis is logarithmic.
    pub log: bool,
}

/// Exponents beyond this are no quantity of physics; keeps zooming out within what f64 can hold.
const MAX_EXPONENT: f64 = 250.0;

impl AxisMap {
    /// A linear axis; ends that cannot be drawn (equal, reversed, not finite) are mended.
    pub fn linear(lo: f64, hi: f64) -> AxisMap {
        AxisMap { lo, hi, log: false }.mended()
    }

    /// A logarithmic axis; ends that cannot be drawn are mended.
    pub fn log(lo: f64, hi: f64) -> AxisMap {
        AxisMap { lo, hi, log: true }.mended()
    }

    pub(super) fn mended(self) -> AxisMap {
        let (mut a, mut b) = (self.scale(self.lo), self.scale(self.hi));
        let limit = if self.log { MAX_EXPONENT } else { 1e250 };
        let finite = |v: f64, default: f64| {
            if v.is_finite() {
                v.clamp(-limit, limit)
            } else {
                default
            }
        };
        (a, b) = match (a.is_finite(), b.is_finite()) {
            (false, false) => (0.0, 1.0),
            (true, false) => (finite(a, 0.0), finite(a, 0.0) + 1.0),
            (false, true) => (finite(b, 1.0) - 1.0, finite(b, 1.0)),
            (true, true) => (finite(a, 0.0), finite(b, 1.0)),
        };
        if a > b {
            (a, b) = (b, a);
        }
        // Twelve digits of resolution remain for the ticks.
        let least = 1e-12 * a.abs().max(b.abs()).max(f64::MIN_POSITIVE / 1e-20);
        if b - a <= least {
            let half = if self.log {
                0.5
            } else if a == 0.0 {
                1.0
            } else {
                0.05 * a.abs()
            };
            (a, b) = (a - half, b + half);
        }
        AxisMap {
            lo: self.unscale(a),
            hi: self.unscale(b),
            log: self.log,
        }
    }

    /// The quantity in which the axis is even: the value, or its decadic logarithm.
    pub fn scale(&self, value: f64) -> f64 {
        if self.log { libm::log10(value) } else { value }
    }

    /// Inverse of [`AxisMap::scale`].
    pub fn unscale(&self, scaled: f64) -> f64 {
        if self.log {
            libm::exp10(scaled.clamp(-MAX_EXPONENT, MAX_EXPONENT))
        } else {
            scaled
        }
    }

    /// Position of a value between the ends, 0 at `lo` and 1 at `hi`; `None` for values without one (not finite, or not positive on a
    /// logarithmic axis).
    pub fn fraction(&self, value: f64) -> Option<f64> {
        let (a, b) = (self.scale(self.lo), self.scale(self.hi));
        let f = (self.scale(value) - a) / (b - a);
        f.is_finite().then_some(f)
    }

    /// Inverse of [`AxisMap::fraction`].
    pub fn at(&self, fraction: f64) -> f64 {
        let (a, b) = (self.scale(self.lo), self.scale(self.hi));
        self.unscale(a + (b - a) * fraction)
    }

    /// Enlarged `factor` times about the value at `fraction`.
    fn zoomed(&self, factor: f64, fraction: f64) -> (f64, f64) {
        let (a, b) = (self.scale(self.lo), self.scale(self.hi));
        let center = a + (b - a) * fraction;
        let zoomed = AxisMap {
            lo: self.unscale(center + (a - center) / factor),
            hi: self.unscale(center + (b - center) / factor),
            log: self.log,
        };
        // A view that would have to be mended is no view: stay.
        if zoomed.mended() == zoomed {
            (zoomed.lo, zoomed.hi)
        } else {
            (self.lo, self.hi)
        }
    }

    /// Shifted so that what was at `fraction` 0 is now at `-by`.
    fn shifted(&self, by: f64) -> (f64, f64) {
        let (a, b) = (self.scale(self.lo), self.scale(self.hi));
        let step = (b - a) * by;
        if step.is_finite() {
            (self.unscale(a + step), self.unscale(b + step))
        } else {
            (self.lo, self.hi)
        }
    }
}

/// What a plot area shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotId {
    /// Intensity over radius of the frame with this index.
    Profile(usize),
    /// The residuals below it, in standard errors.
    Residual(usize),
    /// D, or D·t, over temperature.
    Diffusivity,
    /// The picture of the frame with this index.
    Picture(usize),
    /// Temperature over mole fraction.
    Phase,
    /// The curves below it, as distances from the straight line between the melting points.
    Lens,
    /// Temperature over time.
    Heating,
    /// Melting point and activation energy over the radius.
    SizeEffect,
    /// Intensity and radius over the frame.
    Balance,
    /// What each input does to a result.
    Budget,
    /// E over D at the reference temperature.
    Energy,
    /// Counts over energy.
    Spectrum,
    /// Curves over any quantity.
    Curves,
}

impl PlotId {
    /// A strip that shares only its horizontal axis with the plot above; the vertical one always shows all.
    fn is_strip(self) -> bool {
        matches!(self, PlotId::Residual(_) | PlotId::Lens)
    }
}

/// A rectangle with axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotArea {
    /// What it shows.
    pub id: PlotId,
    /// Where it is.
    pub rect: Rect,
    /// Horizontal axis.
    pub x: AxisMap,
    /// Vertical axis.
    pub y: AxisMap,
}

impl PlotArea {
    /// Position of a point of the data (CSS pixels), also outside the area; `None` where an axis has no place for it.
    pub fn to_px(&self, x: f64, y: f64) -> Option<(f64, f64)> {
        Some((self.x_px(x)?, self.y_px(y)?))
    }

    /// Horizontal position of a value.
    pub fn x_px(&self, x: f64) -> Option<f64> {
        // Beyond this no screen can tell, and backends overflow.
        Some((self.rect.left + self.x.fraction(x)? * self.rect.width()).clamp(-1e5, 1e5))
    }

    /// Vertical position of a value.
    pub fn y_px(&self, y: f64) -> Option<f64> {
        Some((self.rect.bottom - self.y.fraction(y)? * self.rect.height()).clamp(-1e5, 1e5))
    }

    /// The data under a position.
    pub fn to_data(&self, x_px: f64, y_px: f64) -> (f64, f64) {
        let (w, h) = (self.rect.width().max(1e-9), self.rect.height().max(1e-9));
        (
            self.x.at((x_px - self.rect.left) / w),
            self.y.at((self.rect.bottom - y_px) / h),
        )
    }
}

/// A datum that can be pointed at.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Index of its plot in [`Layout::plots`].
    pub plot: usize,
    /// Horizontal position (CSS pixels).
    pub x_px: f64,
    /// Vertical position (CSS pixels).
    pub y_px: f64,
    /// Value on the horizontal axis.
    pub x: f64,
    /// Value on the vertical axis.
    pub y: f64,
    /// What to say of it: value, error, unit.
    pub label: String,
    /// The frame it belongs to, to be selected by a click.
    pub frame: Option<usize>,
}

/// Which quantity a handle moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandleId {
    /// R_A.
    RadiusA,
    /// R_B.
    RadiusB,
    /// The clocks of heater and microscope: where the first frame lies on the log.
    Clock,
    /// An end of an energy window: of which edge, and which end (0 and 1: background; 2 and 3: signal).
    Window(usize, usize),
}

/// A vertical line that can be dragged along x.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Handle {
    /// What it moves.
    pub id: HandleId,
    /// Index of its plot in [`Layout::plots`].
    pub plot: usize,
    /// Horizontal position (CSS pixels).
    pub x_px: f64,
    /// Value on the horizontal axis.
    pub x: f64,
    /// What keys announce: which end of which window.
    pub name: &'static str,
}

/// Where everything is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Plot areas.
    pub plots: Vec<PlotArea>,
    /// Marks inside the visible part of their plot.
    pub marks: Vec<Mark>,
    /// Handles inside the visible part of their plot.
    pub handles: Vec<Handle>,
}

impl Layout {
    /// The plot under a position and its index.
    pub fn plot_at(&self, x_px: f64, y_px: f64) -> Option<(usize, &PlotArea)> {
        self.plots
            .iter()
            .enumerate()
            .find(|(_, p)| p.rect.contains(x_px, y_px))
    }

    /// The plot of one kind, if this figure has it.
    pub fn plot(&self, id: PlotId) -> Option<&PlotArea> {
        self.plots.iter().find(|p| p.id == id)
    }

    /// The mark nearest to a position, not farther than `within_px`; one in the plot under the position wins over one outside it.
    pub fn nearest(&self, at: (f64, f64), within_px: f64) -> Option<&Mark> {
        self.nearest_of(at, within_px, false)
    }

    fn nearest_of(
        &self,
        (x_px, y_px): (f64, f64),
        within_px: f64,
        of_frames: bool,
    ) -> Option<&Mark> {
        let plot = self.plot_at(x_px, y_px).map(|(index, _)| index);
        self.marks
            .iter()
            .filter(|m| plot.is_none_or(|p| m.plot == p) && (m.frame.is_some() || !of_frames))
            .map(|m| (libm::hypot(m.x_px - x_px, m.y_px - y_px), m))
            .filter(|(distance, _)| *distance <= within_px)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, m)| m)
    }

    /// The handle nearest to a position in its plot, not farther than `within_px` along x.
    pub fn handle_at(&self, (x_px, y_px): (f64, f64), within_px: f64) -> Option<&Handle> {
        self.handles
            .iter()
            .filter(|h| {
                self.plots
                    .get(h.plot)
                    .is_some_and(|p| y_px >= p.rect.top && y_px <= p.rect.bottom)
            })
            .map(|h| ((h.x_px - x_px).abs(), h))
            .filter(|(distance, _)| *distance <= within_px)
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, h)| h)
    }

    /// The frame of the panel or mark under a position: what a click selects.
    pub fn frame_at(&self, (x_px, y_px): (f64, f64), within_px: f64) -> Option<usize> {
        let mark = self
            .nearest_of((x_px, y_px), within_px, true)
            .and_then(|mark| mark.frame);
        mark.or_else(|| match self.plot_at(x_px, y_px)?.1.id {
            PlotId::Profile(frame) | PlotId::Residual(frame) | PlotId::Picture(frame) => {
                Some(frame)
            }
            PlotId::Diffusivity
            | PlotId::Phase
            | PlotId::Lens
            | PlotId::SizeEffect
            | PlotId::Balance
            | PlotId::Heating
            | PlotId::Budget
            | PlotId::Energy
            | PlotId::Spectrum
            | PlotId::Curves => None,
        })
    }

    /// The index of the plot under a position and the data there.
    pub fn to_data(&self, x_px: f64, y_px: f64) -> Option<(usize, (f64, f64))> {
        let (index, plot) = self.plot_at(x_px, y_px)?;
        Some((index, plot.to_data(x_px, y_px)))
    }

    /// The view enlarged `factor` times (> 1 closer, < 1 farther) about the position: what was under the cursor stays there.
    ///
    /// A position outside all plots leaves the view as it is; over a strip below only x changes.
    pub fn zoomed(
        &self,
        view: View,
        factor: f64,
        (x_px, y_px): (f64, f64),
        direction: Direction,
    ) -> View {
        let Some((_, plot)) = self.plot_at(x_px, y_px) else {
            return view;
        };
        if !(factor.is_finite() && factor > 0.0) {
            return view;
        }
        let (w, h) = (plot.rect.width().max(1e-9), plot.rect.height().max(1e-9));
        let mut view = view;
        if direction != Direction::Y {
            view.x = Some(plot.x.zoomed(factor, (x_px - plot.rect.left) / w));
        }
        if direction != Direction::X && !plot.id.is_strip() {
            view.y = Some(plot.y.zoomed(factor, (plot.rect.bottom - y_px) / h));
        }
        view
    }

    /// The view after the data were dragged by `(dx_px, dy_px)` in the plot with index `plot`.
    pub fn panned(
        &self,
        view: View,
        plot: usize,
        (dx_px, dy_px): (f64, f64),
        direction: Direction,
    ) -> View {
        let Some(plot) = self.plots.get(plot) else {
            return view;
        };
        let (w, h) = (plot.rect.width().max(1e-9), plot.rect.height().max(1e-9));
        let mut view = view;
        if direction != Direction::Y {
            view.x = Some(plot.x.shifted(-dx_px / w));
        }
        if direction != Direction::X && !plot.id.is_strip() {
            view.y = Some(plot.y.shifted(dy_px / h));
        }
        view
    }
}
