//! Two fingers enlarge and move what lies under them.

use web_sys::PointerEvent;

type At = (f64, f64);

/// The fingers on an element.
#[derive(Default)]
pub struct Fingers {
    /// Where they are.
    at: Vec<(i32, At)>,
    /// Distance and middle when the second one came down.
    start: Option<(f64, At)>,
}

/// What two fingers have done since both are down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pinch {
    /// How much farther apart they are.
    pub factor: f64,
    /// The middle between them, at first.
    pub from: At,
    /// And now.
    pub to: At,
}

impl Fingers {
    /// A finger comes down; whether there are two now. Mice and pens do not count.
    pub fn down(&mut self, event: &PointerEvent, at: At) -> bool {
        if event.is_primary() {
            self.at.clear();
        }
        if event.pointer_type() == "touch" {
            self.at.push((event.pointer_id(), at));
        }
        self.start = self.span();
        self.start.is_some()
    }

    /// A finger has moved; `None` where it is alone.
    pub fn moved(&mut self, event: &PointerEvent, at: At) -> Option<Pinch> {
        let finger = self.at.iter_mut().find(|f| f.0 == event.pointer_id())?;
        finger.1 = at;
        let ((before, from), (after, to)) = (self.start?, self.span()?);
        let factor = (after / before.max(1.0)).max(0.01);
        Some(Pinch { factor, from, to })
    }

    /// A finger is lifted.
    pub fn up(&mut self, event: &PointerEvent) {
        self.at.retain(|f| f.0 != event.pointer_id());
        self.start = None;
    }

    /// Distance and middle of the first two.
    fn span(&self) -> Option<(f64, At)> {
        let [(_, a), (_, b), ..] = self.at.as_slice() else {
            return None;
        };
        let distance = libm::hypot(b.0 - a.0, b.1 - a.1);
        Some((distance, (0.5 * (a.0 + b.0), 0.5 * (a.1 + b.1))))
    }
}
