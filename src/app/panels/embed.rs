//! The page in a frame of another page, or on a slide: `?embed=1`, with `figure=` and `theme=` where one is wanted.

use leptos::prelude::*;

use crate::app::state::{App, Tab};
use crate::app::{browser, text};

/// Whether the page is to be without its own furniture.
pub fn wanted() -> bool {
    browser::parameter("embed").is_some_and(|value| value == "1")
}

/// Does what the address says of the page's looks. What an embedded page is told does not change how the page looks elsewhere.
pub fn obey(app: App) {
    if !wanted() {
        return;
    }
    app.view.lasts.set(false);
    app.view.keeps.set(false);
    match browser::parameter("theme").as_deref() {
        Some("dark") => app.view.dark.set(Some(true)),
        Some("light") => app.view.dark.set(Some(false)),
        _ => app.view.dark.set(None),
    }
    let figure = match browser::parameter("figure").as_deref() {
        Some("frame") => Some(Tab::Frame),
        Some("profiles") => Some(Tab::Profiles),
        Some("diffusivity") => Some(Tab::Diffusivity),
        Some("phase") => Some(Tab::Phase),
        _ => None,
    };
    if let Some(tab) = figure {
        app.view.tab.set(tab);
    }
    if let Some(root) = browser::document().and_then(|d| d.document_element()) {
        let kind = if figure.is_some() { "figure" } else { "all" };
        let _ = root.set_attribute("data-embed", kind);
    }
}

/// From an embedded page to the whole one.
pub fn way_out() -> AnyView {
    if !wanted() {
        return ().into_any();
    }
    let fragment = browser::fragment().map(|f| format!("#{f}"));
    let page = browser::address_without(&["embed", "figure", "theme"]);
    let address = format!("{page}{}", fragment.unwrap_or_default());
    view! { <a class="way-out" target="_blank" rel="noopener" href=address data-test="way-out">{text::embed_open()}</a> }
        .into_any()
}
