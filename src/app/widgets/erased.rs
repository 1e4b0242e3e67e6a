//! The changing parts of a view behind one type each.
//!
//! The view's macro makes a type of every closure, and code for every type; behind these functions all closures of a kind
//! share theirs, which makes the page's program a good deal smaller. Used for whatever changes in a view, and for what listens.

use leptos::prelude::*;
use web_sys::{Event, KeyboardEvent, MouseEvent, PointerEvent};

/// A part of the view that is made anew when what it reads changes.
pub fn part<V: IntoView + 'static>(f: impl Fn() -> V + Send + 'static) -> AnyView {
    type Make = Box<dyn Fn() -> AnyView + Send>;
    fn erased(make: Make) -> AnyView {
        (move || make()).into_any()
    }
    erased(Box::new(move || f().into_any()))
}

/// A text that changes: in the view, or as the value of an attribute.
pub fn words<T: Into<String>>(f: impl Fn() -> T + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(move || f().into())
}

/// Something that is or is not.
pub fn flag(f: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(f)
}

/// What is worked out anew when what it reads changes, and tells of another outcome only.
pub fn memo<T: PartialEq + Send + Sync + 'static>(
    f: impl Fn() -> T + Send + Sync + 'static,
) -> Memo<T> {
    fn erased<T: PartialEq + Send + Sync + 'static>(
        work: Box<dyn Fn() -> T + Send + Sync>,
    ) -> Memo<T> {
        Memo::new(move |_| work())
    }
    erased(Box::new(f))
}

/// Something that is done when what it reads changes.
pub fn effect(f: impl FnMut() + 'static) {
    fn erased(mut act: Box<dyn FnMut()>) {
        Effect::new(move |_| act());
    }
    erased(Box::new(f));
}

/// Listens to a click.
pub fn on_click(f: impl FnMut(MouseEvent) + 'static) -> Box<dyn FnMut(MouseEvent)> {
    Box::new(f)
}

/// Listens to a field that has been changed.
pub fn on_change(f: impl FnMut(Event) + 'static) -> Box<dyn FnMut(Event)> {
    Box::new(f)
}

/// Listens to a key.
pub fn on_key(f: impl FnMut(KeyboardEvent) + 'static) -> Box<dyn FnMut(KeyboardEvent)> {
    Box::new(f)
}

/// Listens to mouse, pen or finger.
pub fn on_pointer(f: impl FnMut(PointerEvent) + 'static) -> Box<dyn FnMut(PointerEvent)> {
    Box::new(f)
}
