//! Figures: from results to pictures of journal quality, the same on the page's canvas, in SVG and in print.
//!
//! A figure function ([`profile()`], [`profile_grid`], [`diffusivity()`], [`comparison()`], [`phase_diagram`], [`size_effect()`], [`mass_balance`], [`heating()`],
//! [`tornado()`], [`ellipse()`], [`series_strip`]) is pure: data, [`Canvas`] size, [`Theme`] and
//! [`View`] in, [`Figure`] out. A figure is a list of primitives in CSS pixels with its [`Layout`]: the plot areas with
//! their axes and the marks, so that the page reads values, selects, zooms, pans and drags without knowing how it was drawn.
//! [`Figure::paint`] puts it on any of plotters' drawing backends (the page's canvas); [`Figure::to_svg`] writes it as SVG, with text as text.
//!
//! ```
//! use alloyscope::figures::{Canvas, DiffusivityFigure, Theme, View, diffusivity};
//!
//! let figure = diffusivity(Canvas { width_px: 480.0, height_px: 320.0 }, &Theme::light(), View::AUTOMATIC, &DiffusivityFigure::default());
//! assert!(figure.to_svg().starts_with("<svg"));
//! ```
//!
//! The axes are drawn here rather than by plotters' mesh, which has no inward or minor ticks, no exponents as superscripts and no second
//! axis of another scale; so is SVG, because plotters' writer rounds every coordinate to whole pixels, knows neither dashes, titles nor
//! pictures, and its text measurement panics in a worker. Nothing here measures text in the browser: widths are estimated from a
//! table, so a figure has the same layout natively, on the page and in a worker. Only [`Figure::paint`] on a canvas needs the page's main thread.

mod axes;
mod balance;
mod bins;
mod comparison;
mod composite;
mod curves;
mod diffusivity;
mod element_map;
mod ellipse;
pub mod format;
mod grid;
mod heating;
mod intervals;
mod layout;
mod legend;
mod literature;
mod names;
mod paint;
mod phase;
mod picture;
mod plan;
mod profile;
mod scene;
mod sheet;
mod size_effect;
mod spectrum;
mod strip;
mod svg;
mod theme;
mod tornado;

pub use balance::{BalanceFigure, mass_balance};
pub use comparison::{ComparisonFigure, comparison};
pub use composite::{CompositeFigure, Palette, composite, composite_range, composite_rgb};
pub use curves::{CurveLine, CurvesFigure, Quantity, curves};
pub use diffusivity::{Abscissa, DiffusivityFigure, diffusivity};
pub use element_map::{ElementMapFigure, element_map};
pub use ellipse::{EllipseFigure, ellipse};
pub use grid::{GridFigure, profile_grid};
pub use heating::{HeatingFigure, LoggedFrame, heating};
pub use layout::{
    AxisMap, Canvas, Direction, Handle, HandleId, Layout, Mark, PlotArea, PlotId, Rect, View,
};
pub use literature::Literature;
pub use names::known;
pub use paint::{PaintError, Resolution};
pub use phase::{MeltingPair, ParticlePath, PhaseFigure, phase_diagram};
pub use plan::plan_map;
pub use profile::{FrameProfile, ProfileFigure, profile};
pub use scene::{Anchor, Dash, Item, Scene, text_width};
pub use sheet::{PNG_HEAD, Sheet};
pub use size_effect::{SizeFigure, size_effect};
pub use spectrum::{Curve, SpectrumFigure, spectrum};
pub use strip::{StripFigure, StripFrame, series_strip};
pub use theme::{Color, ColorMap, TemperatureRamp, Theme};
pub use tornado::{TornadoFigure, tornado};

/// A drawn figure: what to paint and where things are.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Primitives in the order of painting.
    pub scene: Scene,
    /// Where plots, marks and handles are, for the page's read-outs and drags.
    pub layout: Layout,
    /// What the figure shows, in a few words (the SVG's `<title>`, the canvas' label).
    pub title: String,
    /// The same for those who cannot see it, with the main numbers (`<desc>`).
    pub description: String,
}

impl Figure {
    /// The figure as an SVG document; text stays text, everything is in CSS pixels with a matching `viewBox`.
    pub fn to_svg(&self) -> String {
        svg::document(self)
    }

    /// Paints the figure on a drawing backend of plotters whose size is that of the canvas times [`Resolution::scale`].
    ///
    /// plotters' backends take whole pixels. To place lines finer than that, shrink the canvas' user space first and say so
    /// in `resolution`: `context.set_transform(1/8, 0, 0, 1/8, 0, 0)` with `subdivision: 8`.
    ///
    /// # Errors
    /// What the backend reports.
    pub fn paint<B: plotters::backend::DrawingBackend>(
        &self,
        backend: &mut B,
        resolution: Resolution,
    ) -> Result<(), PaintError> {
        paint::paint(&self.scene, backend, resolution)
    }
}
