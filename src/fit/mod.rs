//! Theory against measurement: the shape, D·t of every heating interval, and how sure both are.

mod report;

pub use report::{
    Estimate, FrameFit, Interval, IntervalKind, Order, SeriesFit, ShapeFit, Termination,
};
