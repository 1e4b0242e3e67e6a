//! Small errands in the browser: downloads, storage, waiting, sizes.

use js_sys::{Array, Uint8Array};
use leptos::prelude::request_animation_frame;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Document, Element, HtmlAnchorElement,
    HtmlCanvasElement, HtmlElement, ResizeObserver, Storage, Url, Window,
};

use crate::language::Language;

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

/// The first of the languages the browser asks for, if it is spoken here; else English.
pub fn language() -> Language {
    window()
        .and_then(|w| Language::of_tag(&w.navigator().language()?))
        .unwrap_or_default()
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

/// A time as the clock on the wall has it, to the minute.
pub fn local_time(ms: f64) -> String {
    let date = js_sys::Date::new(&ms.into());
    format!(
        "{}-{:02}-{:02} {:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// The page's address with another fragment.
pub fn address_with_fragment(fragment: &str) -> String {
    let address = window()
        .and_then(|w| w.location().href().ok())
        .unwrap_or_default();
    let page = address.split('#').next().unwrap_or_default();
    format!("{page}#{fragment}")
}

/// What stands behind the `#` of the page's address.
pub fn fragment() -> Option<String> {
    let hash = window()?.location().hash().ok()?;
    hash.strip_prefix('#')
        .filter(|f| !f.is_empty())
        .map(str::to_owned)
}

/// The names and values behind the `?` of the page's address, as they stand there.
fn parameters() -> Vec<(String, String)> {
    let search = window().and_then(|w| w.location().search().ok());
    let search = search.unwrap_or_default();
    let pairs = search.trim_start_matches('?').split('&');
    pairs
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// The value of a name behind the `?` of the page's address.
pub fn parameter(name: &str) -> Option<String> {
    let (_, value) = parameters().into_iter().find(|(n, _)| n == name)?;
    let decoded = js_sys::decode_uri_component(&value.replace('+', " "));
    Some(decoded.map_or(value, String::from))
}

/// The page's address without those of the names behind its `?`.
pub fn address_without(names: &[&str]) -> String {
    let path = window().and_then(|w| w.location().pathname().ok());
    let kept: Vec<String> = parameters()
        .into_iter()
        .filter(|(name, _)| !names.contains(&name.as_str()))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let query = if kept.is_empty() { "" } else { "?" };
    format!("{}{query}{}", path.unwrap_or_default(), kept.join("&"))
}

/// Takes what names an analysis out of the address: its fragment and `project`.
pub fn clear_analysis() {
    if fragment().is_some() || parameter("project").is_some() {
        replace_address(&address_without(&["project"]));
    }
}

/// Takes a name and its value out of what stands behind the `?` of the address.
pub fn clear_parameter(name: &str) {
    if parameter(name).is_some() {
        let fragment = fragment().map(|f| format!("#{f}")).unwrap_or_default();
        replace_address(&(address_without(&[name]) + &fragment));
    }
}

/// Takes the fragment out of the address.
pub fn clear_fragment() {
    if fragment().is_some() {
        replace_address(&address_without(&[]));
    }
}

/// Another address of the same page, without a step in the browser's history.
fn replace_address(address: &str) {
    if let Some(Ok(history)) = window().map(|w| w.history()) {
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(address));
    }
}

/// Moves the focus, once what is to have it is there: when the page is next drawn.
pub fn focus(selector: &'static str) {
    request_animation_frame(move || {
        let found = document().and_then(|d| d.query_selector(selector).ok().flatten());
        if let Some(element) = found.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
            let _ = element.focus();
        }
    });
}

/// The same where the focus went with what had it.
pub fn refocus(selector: &'static str) {
    request_animation_frame(move || {
        let lost = document().is_some_and(|d| match d.active_element() {
            // What is disabled loses it a moment later.
            Some(element) => {
                element.has_attribute("disabled") || d.body().is_some_and(|body| *element == **body)
            }
            None => true,
        });
        if lost {
            focus(selector);
        }
    });
}

/// Puts another fragment into the address, without a step in the browser's history.
pub fn set_fragment(fragment: &str) {
    if let Some(history) = window().and_then(|w| w.history().ok()) {
        let address = format!("#{fragment}");
        let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&address));
    }
}

/// Whether the system asks for little motion.
pub fn prefers_stillness() -> bool {
    window()
        .and_then(|w| w.match_media("(prefers-reduced-motion: reduce)").ok()?)
        .is_some_and(|query| query.matches())
}

/// Calls `f` whenever the fragment changes.
pub fn on_fragment_change(f: impl Fn() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(f);
    if let Some(window) = window() {
        window.set_onhashchange(Some(callback.as_ref().unchecked_ref()));
    }
    callback.forget();
}

/// Calls `f` when an event comes to the window.
pub fn on_event(name: &str, f: impl Fn() + 'static) {
    let callback = Closure::<dyn FnMut()>::new(f);
    if let Some(window) = window() {
        let _ = window.add_event_listener_with_callback(name, callback.as_ref().unchecked_ref());
    }
    callback.forget();
}

/// Sends an event to the window.
pub fn send_event(name: &str) {
    if let (Some(window), Ok(event)) = (window(), web_sys::Event::new(name)) {
        let _ = window.dispatch_event(&event);
    }
}

/// Puts a text on the clipboard, and tells whether the browser allowed it.
pub fn copy_text(text: String, done: impl FnOnce(bool) + 'static) {
    let Some(window) = window() else {
        return done(false);
    };
    let clipboard = window.navigator().clipboard();
    // Pages that were not fetched over a secure line have none.
    if clipboard.is_undefined() {
        return done(false);
    }
    let written = clipboard.write_text(&text);
    wasm_bindgen_futures::spawn_local(async move {
        done(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
    });
}

/// Puts a PNG on the clipboard, and tells whether the browser allowed it.
pub fn copy_picture(picture: Blob, done: impl FnOnce(bool) + 'static) {
    // Not in the bindings that are stable.
    let written = || -> Result<js_sys::Promise, JsValue> {
        let window: JsValue = window().ok_or(JsValue::NULL)?.into();
        let get = |object: &JsValue, name: &str| js_sys::Reflect::get(object, &name.into());
        let clipboard = get(&get(&window, "navigator")?, "clipboard")?;
        let item: js_sys::Function = get(&window, "ClipboardItem")?.dyn_into()?;
        let kinds = js_sys::Object::new();
        js_sys::Reflect::set(&kinds, &"image/png".into(), &picture)?;
        let item = js_sys::Reflect::construct(&item, &Array::of1(&kinds))?;
        let write: js_sys::Function = get(&clipboard, "write")?.dyn_into()?;
        write.call1(&clipboard, &Array::of1(&item))?.dyn_into()
    };
    match written() {
        Ok(written) => wasm_bindgen_futures::spawn_local(async move {
            done(wasm_bindgen_futures::JsFuture::from(written).await.is_ok());
        }),
        Err(_) => done(false),
    }
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
