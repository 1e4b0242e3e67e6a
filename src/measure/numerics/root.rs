//! Roots of one equation in one unknown, by methods that cannot leave their bracket.

/// Steps after which an iteration ends with the best it has: bisection alone needs 60 for a double.
const STEPS: usize = 100;

/// A root of f in [low, high] where f(low) ≤ 0 ≤ f(high), by Halley's method from `start`; `f` gives what the caller wants to know of
/// a point, and [f, f′, f″] there. With f″ = 0 it is Newton's method.
///
/// A step that leaves the bracket or follows a falling f is replaced by bisection: where f rises through several roots the
/// answer is one of those through which it rises, the one met first from `start` if f is concave on the way from below (convex from above).
/// Returned are what `f` told of the last point and the step from there to the root, below `tolerance`, which is left to the caller: it
/// knows how its result changes with x. With that step the error is of the order of its square (Halley: its cube) where the root is simple.
pub fn newton<S>(
    mut f: impl FnMut(f64) -> (S, [f64; 3]),
    start: f64,
    bracket: (f64, f64),
    tolerance: f64,
) -> (S, f64) {
    let (mut low, mut high) = bracket;
    let mut x = start.clamp(low, high);
    let mut steps = 0;
    loop {
        let (state, [value, slope, bend]) = f(x);
        if value == 0.0 {
            return (state, 0.0);
        }
        if value < 0.0 {
            low = x;
        } else {
            high = x;
        }
        let step = value / slope;
        // Far from the root the correction may be anything.
        let next = x - step / (1.0 - 0.5 * step * bend / slope).clamp(0.5, 2.0);
        let inside = slope > 0.0 && next >= low && next <= high;
        let next = if inside { next } else { 0.5 * (low + high) };
        steps += 1;
        if (next - x).abs() <= tolerance || steps == STEPS {
            return (state, next - x);
        }
        x = next;
    }
}

/// How the search for a root ended.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Falling {
    /// Found.
    At {
        /// The root.
        x: f64,
        /// The last secant's slope.
        slope: f64,
    },
    /// f is not positive even at the low end.
    Below,
    /// f is not negative even at the high end.
    Above,
}

/// Length of a secant, in units of the tolerance, below which it is good enough for the last step.
const NEAR: f64 = 1e3;

/// The root of an f that falls through zero within a bracket, from a guess of it and of the slope there (negative).
///
/// Secants; bisection where they leave what encloses the root, or f does not halve. f is asked for at an end of the bracket only if a
/// secant leads there. Ends when a step along a short secant is below `tolerance`: the error is that step times the secant's length times
/// f″/2f′. A jump through zero is enclosed to the tolerance.
pub fn falling(
    mut f: impl FnMut(f64) -> f64,
    guess: (f64, f64),
    bracket: (f64, f64),
    tolerance: f64,
) -> Falling {
    let (mut positive, mut negative): (Option<f64>, Option<f64>) = (None, None);
    let (mut x, mut slope) = (guess.0.clamp(bracket.0, bracket.1), guess.1);
    let mut before: Option<(f64, f64)> = None;
    for _ in 0..STEPS {
        let value = f(x);
        if value > 0.0 {
            if x >= bracket.1 {
                return Falling::Above;
            }
            positive = Some(x);
        } else if value < 0.0 {
            if x <= bracket.0 {
                return Falling::Below;
            }
            negative = Some(x);
        } else if value == 0.0 {
            break;
        }
        let mut step = -value / slope;
        let (mut near, mut crawls) = (false, false);
        match before {
            Some((x0, value0)) => {
                let secant = (value - value0) / (x - x0);
                if secant < 0.0 && secant.is_finite() {
                    slope = secant;
                }
                step = -value / slope;
                near = (x - x0).abs() <= NEAR * tolerance;
                crawls = value.abs() > 0.5 * value0.abs();
            }
            // The guess of the slope is not trusted with the last step, and a shorter secant would be mostly rounding.
            None if step.abs() < tolerance => step = tolerance.copysign(value),
            None => {}
        }
        before = Some((x, value));
        let mut next = (x + step).clamp(bracket.0, bracket.1);
        if let (Some(low), Some(high)) = (positive, negative) {
            let enclosed = (next > low && next < high) || next == x;
            if crawls || !enclosed {
                (next, near) = (0.5 * (low + high), false);
            }
            near |= high - low <= tolerance;
        }
        let moved = (next - x).abs();
        x = next;
        if moved <= tolerance && near {
            break;
        }
    }
    Falling::At { x, slope }
}
