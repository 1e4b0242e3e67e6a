//! The first screen.

use leptos::prelude::*;

use crate::app::state::{App, Loading};
use crate::app::text;
use crate::app::widgets::{Icon, flag, icon, on_click};
use crate::engine::SPECTRA_SAMPLE;

use super::header::Picker;
use super::{kept, notices, teach};

/// A drop zone, three samples, and what is accepted.
pub fn empty(app: App, picker: Picker) -> AnyView {
    let busy = move || matches!(app.loading.get(), Loading::Running(_));
    view! {
        <div class="empty" class:busy=flag(busy)>
            <section class="drop-zone" aria-labelledby="drop-title" data-test="drop-zone">
                <svg class="emblem" viewBox="0 0 120 120" aria-hidden="true">
                    <circle class="shell" cx="60" cy="60" r="46" />
                    <circle class="core" cx="60" cy="60" r="27" />
                    <path class="profile" d="M2 104h10c4 0 5-34 12-37 8-3 10 24 19 26 6 1.500 11-2 17-2s11 3.500 17 2c9-2 11-29 19-26 7 3 8 37 12 37h10" />
                </svg>
                <h2 id="drop-title">
                    {text::drop_here()}
                    <span>{text::private()}</span>
                </h2>
                <p class="formats">{text::formats()}</p>
                <div class="actions">
                    <button type="button" class="primary" data-test="open-files" on:click=on_click(move |_| picker.files())>
                        {icon(Icon::Open)} {text::open_files()}
                    </button>
                    <button type="button" data-test="open-folder" on:click=on_click(move |_| picker.folder())>
                        {icon(Icon::Folder)} {text::open_folder()}
                    </button>
                </div>
            </section>
            <section class="samples" aria-labelledby="sample-title">
                <p id="sample-title">{text::or_sample()}</p>
                <div class="actions">
                    {sample(app, "ag@au", "sample-ag-au", "Ag@Au", text::sample_ag_au())}
                    {sample(app, "au@ag", "sample-au-ag", "Au@Ag", text::sample_au_ag())}
                    {sample(app, SPECTRA_SAMPLE, "sample-cu-mg", "Cu@Mg", text::sample_cu_mg())}
                </div>
            </section>
            {teach::on_first_screen(app)}
            {kept::on_first_screen(app)}
            {notices::failed_files(app)}
            <p class="purpose">{text::purpose()}</p>
        </div>
    }
    .into_any()
}

fn sample(
    app: App,
    preset: &'static str,
    test: &'static str,
    name: &'static str,
    words: &'static str,
) -> AnyView {
    view! {
        <button type="button" class=format!("sample {test}") data-test=test on:click=on_click(move |_| match preset {
            SPECTRA_SAMPLE => app.open_spectra_sample(),
            _ => app.open_sample(preset),
        })>
            <svg viewBox="0 0 32 32" aria-hidden="true">
                <circle class="shell" cx="16" cy="16" r="14" />
                <circle class="core" cx="16" cy="16" r="8.500" />
            </svg>
            <span><strong>{name}</strong>{words}</span>
        </button>
    }
    .into_any()
}
