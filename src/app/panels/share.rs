//! The analysis as a link: what it holds, how long it is, and the way to copy it.

use leptos::html;
use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::widgets::{Icon, flag, icon, memo, on_change, on_click, part, words};
use crate::app::{browser, text};
use crate::project::{Reduced, ReducedFrame, Thumbnail, write_link};
use crate::signal::Image;

/// Characters beyond which mail programs are known to cut addresses.
const LONG: usize = 8000;

/// What the dialog holds; nothing is made while `open` is not set.
pub fn share(app: App, open: RwSignal<bool>, saving: RwSignal<bool>) -> AnyView {
    let (pictures, names) = (RwSignal::new(true), RwSignal::new(true));
    let address = memo(move || {
        open.get().then(|| {
            let reduced = reduced(app);
            let reduced = if pictures.get() {
                reduced
            } else {
                reduced.without_thumbnails()
            };
            let reduced = if names.get() {
                reduced
            } else {
                reduced.nameless()
            };
            browser::address_with_fragment(&format!("{}{}", LINK, write_link(&reduced)))
        })
    });
    let length = move || address.with(|a| a.as_ref().map_or(0, String::len));
    let copied = RwSignal::new(None::<bool>);
    let field = NodeRef::<html::Input>::new();
    let copy = move || {
        if let Some(input) = field.get_untracked() {
            input.select();
        }
        let words = address.get_untracked().unwrap_or_default();
        browser::copy_text(words, move |done| copied.set(Some(done)));
    };
    let check = move |value: RwSignal<bool>, label: &'static str, test: &'static str| {
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    data-test=test
                    prop:checked=flag(move || value.get())
                    on:change=on_change(move |event| {
                        value.set(event_target_checked(&event));
                        copied.set(None);
                    })
                />
                {label}
            </label>
        }
        .into_any()
    };
    let log = move || {
        app.history
            .with(|h| h.present().series.heater_log.is_some())
    };
    let frames = move || app.history.with(|h| h.present().series.frames.len());
    view! {
        <div class="share">
            <p>{part(move || text::share_holds(frames(), pictures.get(), names.get()))}</p>
            <p class="muted">{text::share_holds_not()}</p>
            {part(move || log().then(|| view! { <p class="warning">{text::share_no_log()}</p> }))}
            {check(pictures, text::share_pictures(), "share-pictures")}
            {check(names, text::share_names(), "share-names")}
            <div class="share-address">
                <input
                    node_ref=field
                    type="text"
                    readonly=true
                    aria-label=text::share_address()
                    data-test="share-address"
                    prop:value=words(move || address.get().unwrap_or_default())
                />
                <button type="button" class="primary" data-test="share-copy" on:click=on_click(move |_| copy())>
                    {icon(Icon::Link)} {text::share_copy()}
                </button>
            </div>
            <p role="status" class="muted">
                {part(move || match copied.get() {
                    Some(true) => text::share_copied().to_owned(),
                    Some(false) => text::share_not_copied().to_owned(),
                    None => text::share_length(length()),
                })}
            </p>
            {part(move || (length() > LONG).then(|| view! {
                <p class="warning">{text::share_long()}</p>
                <div class="share-address">
                    <button type="button" data-test="share-project" on:click=on_click(move |_| { open.set(false); saving.set(true) })>{text::project()}</button>
                </div>
            }))}
        </div>
    }
    .into_any()
}

/// What stands before a link in the fragment of an address.
const LINK: &str = "a=";

/// The link in the page's own address, if there is one.
pub fn link_in_address() -> Option<String> {
    let fragment = browser::fragment()?;
    fragment.strip_prefix(LINK).map(str::to_owned)
}

/// The series as it stands, without its images.
pub(super) fn reduced(app: App) -> Reduced {
    let project = app.history.with(|h| h.present().clone());
    let frames = (0..project.series.frames.len()).map(|index| {
        let measurement = app.measured.with(|m| {
            let measured = m.get(index)?.as_ref()?;
            measured.outcome.as_ref().ok().cloned()
        });
        let thumbnail = measurement.as_ref().and_then(|m| {
            let plane = app.thumbs.with(|t| t.get(index)?.clone())?;
            let picture = Image {
                width: plane.width,
                height: plane.height,
                values: plane.values.clone(),
            };
            Thumbnail::cut(&picture, plane.binning, m.particle.circle)
        });
        ReducedFrame {
            measurement,
            thumbnail,
        }
    });
    let mut reduced = Reduced {
        frames: frames.collect(),
        project,
    };
    app.analysis.with(|slot| {
        if let Slot::Ready(analysis) = slot {
            analysis.share(&mut reduced);
        }
    });
    reduced
}
