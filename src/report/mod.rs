//! A result for people and programs elsewhere: one page to read and print, and a script that repeats the end of it.
//!
//! Both hold the numbers of the analysis they are given and compute nothing of their own.

mod html;
mod methods;
mod python;

pub use html::{ReportFigure, html};
pub use methods::{bibtex, methods};
pub use python::python;
