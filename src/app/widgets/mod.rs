//! Parts that more than one panel uses.

mod choose;
mod dialog;
mod erased;
mod fingers;
mod icon;
mod number;
mod plot;
mod raster;
mod save;
mod segmented;

pub use choose::{ChooseFiles, choose_files};
pub use dialog::dialog;
pub use erased::{effect, flag, memo, on_change, on_click, on_key, on_pointer, part, words};
pub use fingers::Fingers;
pub use icon::{Icon, icon};
pub use number::{
    NumberField, localized, number_field, parse_number, plain_number, rounded_field, scientific,
    value_and_error,
};
pub use plot::{
    Brush, Draw, Plot, PlotTable, close_table, data_table, plot, toggle_table, typeset,
};
pub use raster::{draw_part, shade};
pub use save::{SaveAs, Saved, close_menu, close_menu_of, save_choices, save_csv, save_menu};
pub use segmented::segmented;
