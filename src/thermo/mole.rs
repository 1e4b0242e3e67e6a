//! A composition with both ends in full accuracy.

/// A composition by the logit w = ln(x₂/x₁): both fractions and their logarithms keep their relative accuracy at both ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mole {
    pub w: f64,
    pub first: f64,
    pub second: f64,
    pub ln_first: f64,
    pub ln_second: f64,
}

impl Mole {
    pub fn from_logit(w: f64) -> Mole {
        let minor_over_major = libm::exp(-w.abs());
        let major = 1.0 / (1.0 + minor_over_major);
        let minor = minor_over_major * major;
        let ln_major = -libm::log1p(minor_over_major);
        let ln_minor = ln_major - w.abs();
        if w < 0.0 {
            Mole {
                w,
                first: major,
                second: minor,
                ln_first: ln_major,
                ln_second: ln_minor,
            }
        } else {
            Mole {
                w,
                first: minor,
                second: major,
                ln_first: ln_minor,
                ln_second: ln_major,
            }
        }
    }

    /// The mole fraction x of the second element, 0 < x < 1.
    pub fn from_fraction(x: f64) -> Mole {
        let (ln_first, ln_second) = (libm::log1p(-x), libm::log(x));
        Mole {
            w: ln_second - ln_first,
            first: 1.0 - x,
            second: x,
            ln_first,
            ln_second,
        }
    }

    /// The composition a small step of the logit away: an error of the order of the step's cube.
    pub fn shifted(&self, step: f64) -> Mole {
        let p = self.first * self.second;
        let bend = 0.5 * step * step * p;
        let moved = p * step + bend * (self.first - self.second);
        Mole {
            w: self.w + step,
            first: self.first - moved,
            second: self.second + moved,
            ln_first: self.ln_first - self.second * step - bend,
            ln_second: self.ln_second + self.first * step - bend,
        }
    }

    /// x(self) − x(other) without cancellation near either end.
    pub fn minus(&self, other: &Mole) -> f64 {
        if self.second < 0.5 {
            self.second - other.second
        } else {
            other.first - self.first
        }
    }

    /// Σ of two pure elements' values, weighted by the fractions.
    pub fn mean(&self, of: &[f64; 2]) -> f64 {
        self.first * of[0] + self.second * of[1]
    }
}
