//! Parts that more than one panel uses.

mod dialog;
mod erased;
mod icon;
mod number;
mod plot;
mod raster;
mod segmented;

pub use dialog::dialog;
pub use erased::{flag, on_change, on_click, on_key, on_pointer, part, words};
pub use icon::{Icon, icon};
pub use number::{NumberField, number_field, parse_number};
pub use plot::{Plot, PlotTable, plot, save_png, save_svg};
pub use raster::{draw_part, shade};
pub use segmented::segmented;
