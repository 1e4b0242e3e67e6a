//! Icons: strokes on a grid of 16, in the color of the text.

use leptos::prelude::*;

/// What an icon means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Undo,
    Redo,
    History,
    Open,
    Folder,
    Export,
    Help,
    Link,
    Light,
    Dark,
    Auto,
    Close,
    Flask,
    Table,
    Materials,
    Paper,
    Adjust,
    Previous,
    Next,
    Reset,
    Warning,
    Error,
}

/// The icon; it says nothing to screen readers, its button does.
pub fn icon(icon: Icon) -> AnyView {
    let path = match icon {
        Icon::Undo => "M5.500 3 2 6.500 5.500 10M2 6.500h7.500a3.500 3.500 0 0 1 0 7H6",
        Icon::Redo => "M10.500 3 14 6.500 10.500 10M14 6.500H6.500a3.500 3.500 0 0 0 0 7H10",
        Icon::History => {
            "M2.500 8a5.500 5.500 0 1 0 1.800-4.100L2.500 5.500M2.500 2.500v3h3M8 5v3.300l2.200 1.400"
        }
        Icon::Open => "M8 11V2.500M4.500 6 8 2.500 11.500 6M2.500 10.500v3h11v-3",
        Icon::Folder => "M1.500 4.500v8.500h13V5H8L6.500 3h-5z",
        Icon::Export => "M8 2.500V11M4.500 7.500 8 11l3.500-3.500M2.500 10.500v3h11v-3",
        Icon::Help => {
            "M5.500 6a2.500 2.500 0 1 1 3.600 2.200c-.8.4-1.100.9-1.100 1.800M8 12.600v.4"
        }
        Icon::Link => {
            "M6.500 9.500l3-3M7 4.500l1.300-1.300a2.600 2.600 0 0 1 3.700 0l.8.8a2.600 2.600 0 0 1 0 3.700L11.500 9M9 11.500l-1.300 1.300a2.600 2.600 0 0 1-3.700 0l-.8-.8a2.600 2.600 0 0 1 0-3.700L4.500 7"
        }
        Icon::Light => {
            "M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900 13 13M3 13l1.100-1.100M11.900 4.100 13 3"
        }
        Icon::Dark => "M13 9.500A5.500 5.500 0 0 1 6.500 3a5.500 5.500 0 1 0 6.500 6.500z",
        Icon::Auto => "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2m0 0v12M8 5h3.500M8 8h4.500M8 11h3.500",
        Icon::Close => "m4 4 8 8M12 4l-8 8",
        Icon::Flask => {
            "M6 2h4M6.500 2v4L2.800 12.500A1 1 0 0 0 3.700 14h8.600a1 1 0 0 0 .9-1.500L9.500 6V2M4.500 10h7"
        }
        Icon::Table => "M2 3h12v10H2zM2 6.500h12M2 9.800h12M6 3v10",
        Icon::Materials => "M8 2l6 3-6 3-6-3zM2 8l6 3 6-3M2 11l6 3 6-3",
        Icon::Paper => "M3.500 1.500h6l3 3v10h-9zM9.500 1.500v3h3M5.500 9l1.800 2L11 7",
        Icon::Adjust => "M2 5h3.500M9 5h5M2 11h5M10.500 11H14M5.500 3v4h3.500V3zM7 9v4h3.500V9z",
        Icon::Previous => "M10 3 5 8l5 5",
        Icon::Next => "M6 3l5 5-5 5",
        Icon::Reset => "M3 8a5 5 0 1 0 1.800-3.800L3 6M3 2.500V6h3.500",
        Icon::Warning => "M8 2.500 1.800 13.500h12.400zM8 6.500v3.500M8 11.600v.4",
        Icon::Error => {
            "M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2M5.800 5.800l4.400 4.400M10.200 5.800l-4.400 4.400"
        }
    };
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=path />
        </svg>
    }
    .into_any()
}
