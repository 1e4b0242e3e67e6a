//! Alloyscope: diffusion constants of core-shell nanoparticles from HAADF-STEM heating series.
