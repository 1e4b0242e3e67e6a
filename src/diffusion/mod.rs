//! Spherical diffusion: the initial profile and the schemes of eq. 4.
