//! From images to D·t: what every measurement and every fit waits for.
//!
//! ```text
//!                       Signal ──imaging──▶ Profile ─┐
//!                                                    ├─ fit ─▶ SeriesFit
//!  CoreShell ─diffusion─▶ Density ─projection─▶ forward ┘
//! ```
//!
//! The modules stand in the order of their dependencies and know nothing of `alloyscope`, which has them under the same names.

pub mod language;

pub mod units;

pub mod numerics;

pub mod signal;

pub mod imaging;

pub mod diffusion;

pub mod projection;

pub mod forward;

pub mod fit;
