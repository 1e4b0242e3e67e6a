//! Forward Abel transform and probe blur.
