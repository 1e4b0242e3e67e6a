//! Alloyscope: diffusion constants of core-shell nanoparticles from HAADF-STEM heating series.
//!
//! ```text
//!  bytes ──formats──▶ Signal ──imaging──▶ Profile ──────┐
//!                       └──spectroscopy──▶ ElementMap ──┤
//!                                                       ├─ fit ─▶ SeriesFit ─ kinetics ─▶ Arrhenius ─┐
//!  CoreShell ─diffusion─▶ Density ─projection─▶ forward ┘                                            ├─ figures ─▶ page, SVG
//!  materials ──────────────────────────────────────────────▶ thermo ─▶ PhaseDiagram ─────────────────┘
//! ```
//!
//! The modules stand in the order of their dependencies: a module uses only those declared above it
//! (`tests/architecture.rs` holds it to that). `app` is last and is the only one that names the browser.
//!
//! What leads from an image to D·t is a package of its own, `alloyscope_measure`, so that the page can compile it for speed and
//! all else for size; its modules stand here under their names.

pub use alloyscope_measure::{
    diffusion, fit, forward, imaging, language, numerics, projection, signal, units,
};

pub mod formats;

pub mod materials;

pub mod spectroscopy;

pub mod thermo;

pub mod kinetics;

pub mod budget;

pub mod paper;

pub mod simulate;

pub mod project;

pub mod figures;

pub mod engine;

pub mod report;

#[cfg(target_arch = "wasm32")]
pub mod app;
