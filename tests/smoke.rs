//! The test set-up itself: the same file runs natively and, compiled to wasm32, in a headless browser.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

fn helper(text: &str) -> f64 {
    text.parse().unwrap()
}

#[test]
fn numbers_survive_the_trip_through_text() {
    assert_eq!(helper("0.1"), 0.1);
    let x: f64 = "1e-3".parse().unwrap();
    assert_eq!(x, 1e-3);
}
