//! Small errands in the browser: downloads, storage, waiting, sizes.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Document, Element, HtmlAnchorElement,
    HtmlCanvasElement, ResizeObserver, Storage, Url, Window,
};

/// The window.
pub fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub fn document() -> Option<Document> {
    window()?.document()
}

/// The browser's storage for this site, unless the user forbids it.
pub fn storage() -> Option<Storage> {
    window()?.local_storage().ok()?
}

/// Pixels of the screen per CSS pixel.
pub fn pixel_ratio() -> f64 {
    window()
        .map_or(1.0, |w| w.device_pixel_ratio())
        .clamp(0.5, 8.0)
}

/// Width of the window (CSS pixels).
pub fn width_px() -> f64 {
    window()
        .and_then(|w| w.inner_width().ok()?.as_f64())
        .unwrap_or(1280.0)
}

/// Milliseconds since the epoch.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Offers bytes as a file to keep.
pub fn download(name: &str, kind: &str, bytes: &[u8]) {
    let parts = Array::of1(&Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    if let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) {
        download_blob(name, &blob);
    }
}

/// Offers a blob as a file to keep.
pub fn download_blob(name: &str, blob: &Blob) {
    let Ok(address) = Url::create_object_url_with_blob(blob) else {
        return;
    };
    if let Some(anchor) = document()
        .and_then(|d| d.create_element("a").ok())
        .and_then(|e| e.dyn_into::<HtmlAnchorElement>().ok())
    {
        anchor.set_href(&address);
        anchor.set_download(name);
        anchor.click();
    }
    // Browsers start the download after this turn.
    after(60_000, move || {
        let _ = Url::revoke_object_url(&address);
    });
}

/// A canvas that is not part of the page.
pub fn loose_canvas(width: u32, height: u32) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    Some(canvas)
}

/// The canvas' two-dimensional drawing surface.
pub fn surface(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// Calls `f` once after `ms` milliseconds.
pub fn after(ms: i32, f: impl FnOnce() + 'static) {
    let callback = Closure::once_into_js(f);
    if let Some(window) = window() {
        let _ = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), ms);
    }
}

/// Calls `f` with the element's size in CSS pixels now and whenever it changes.
pub fn on_resize(element: &Element, f: impl Fn(f64, f64) + 'static) {
    let target = element.clone();
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |_| {
        let size = target.get_bounding_client_rect();
        f(size.width(), size.height());
    });
    if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
        observer.observe(element);
        // The browser keeps the observer as long as the element; the callback stays, which is little: figures are made once.
        callback.forget();
    }
}

/// Calls `f` with whether the system is dark, now and whenever that changes.
pub fn follow_system_theme(f: impl Fn(bool) + 'static) {
    let Some(query) = window().and_then(|w| w.match_media("(prefers-color-scheme: dark)").ok()?)
    else {
        return;
    };
    f(query.matches());
    let again = query.clone();
    let callback = Closure::<dyn FnMut()>::new(move || f(again.matches()));
    query.set_onchange(Some(callback.as_ref().unchecked_ref()));
    callback.forget();
    // The browser may drop a query that nobody holds, and its callback with it.
    std::mem::forget(query);
}
