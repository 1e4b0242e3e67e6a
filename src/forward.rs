//! Theory as the microscope would see it: diffusion, projection, blur, Z weights, background.
