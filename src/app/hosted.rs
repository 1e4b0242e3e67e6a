//! A project hosted beside the page: `?project=data/particle.alloy`. From this site only; the policy of the page forbids others anyway.

use js_sys::Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response, Url};

use super::browser;

/// Why it cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HostedError {
    /// Another site, or no address at all.
    Elsewhere,
    /// The server has no such file; its status.
    Missing(u16),
    /// No answer.
    Unreachable,
}

/// The address of a project in the page's own.
pub fn in_address() -> Option<String> {
    browser::parameter("project").filter(|address| !address.is_empty())
}

/// The file at an address relative to the page.
pub async fn fetch(address: &str) -> Result<File, HostedError> {
    let window = browser::window().ok_or(HostedError::Unreachable)?;
    let here = window
        .location()
        .href()
        .map_err(|_| HostedError::Elsewhere)?;
    let there = Url::new_with_base(address, &here).map_err(|_| HostedError::Elsewhere)?;
    let origin = window.location().origin().unwrap_or_default();
    if there.origin() != origin || !there.protocol().starts_with("http") {
        return Err(HostedError::Elsewhere);
    }
    let response = JsFuture::from(window.fetch_with_str(&there.href())).await;
    let response: Response = response
        .ok()
        .and_then(|r| r.dyn_into().ok())
        .ok_or(HostedError::Unreachable)?;
    if !response.ok() {
        return Err(HostedError::Missing(response.status()));
    }
    let body = response.blob().map_err(|_| HostedError::Unreachable)?;
    let body: Blob = JsFuture::from(body)
        .await
        .map_err(|_| HostedError::Unreachable)?
        .unchecked_into();
    let path = there.pathname();
    let name = path.rsplit('/').next().unwrap_or_default();
    let name = js_sys::decode_uri_component(name).map_or_else(|_| name.to_owned(), String::from);
    File::new_with_blob_sequence(&Array::of1(&body), &name).map_err(|_| HostedError::Unreachable)
}
