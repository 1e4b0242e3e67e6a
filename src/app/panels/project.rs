//! The dialog that saves a project file.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Blob;

use super::share::reduced;
use crate::app::pack::{PackError, pack};
use crate::app::state::App;
use crate::app::widgets::{Icon, effect, flag, icon, memo, on_change, on_click, part, words};
use crate::app::{browser, text};
use crate::project::write_project;

/// Originals up to this size (bytes) go in unless somebody takes them out.
const SMALL: f64 = 3e8;

/// How saving goes.
#[derive(Clone, PartialEq)]
enum State {
    Waiting,
    Packing(usize, usize),
    Saved,
    Failed(PackError),
}

/// What the dialog holds.
pub fn save_project(app: App, open: RwSignal<bool>) -> AnyView {
    let images = RwSignal::new(true);
    let state = RwSignal::new(State::Waiting);
    let head = memo(move || {
        let written = open.get().then(|| write_project(&reduced(app)));
        written
            .and_then(Result::ok)
            .map_or(0.0, |(_, b)| b.len() as f64)
    });
    let originals = memo(move || {
        let files = if open.get() {
            app.original_files()
        } else {
            Vec::new()
        };
        (
            files.len(),
            files.iter().map(|(_, blob)| blob.size()).sum::<f64>(),
        )
    });
    effect(move || {
        if open.get() {
            images.set(originals.get().1 < SMALL);
            state.set(State::Waiting);
        }
    });
    let packing = move || matches!(state.get(), State::Packing(..));
    let save = move || {
        if packing() {
            return;
        }
        let files: Vec<(String, Blob)> = match images.get_untracked() {
            true => app.original_files(),
            false => Vec::new(),
        };
        let count = files.len();
        state.set(State::Packing(0, count));
        let name = format!("{}.alloy", app.file_stem());
        let head = untrack(move || write_project(&reduced(app)));
        spawn_local(async move {
            let told = move |done| state.set(State::Packing(done, count));
            let packed = match head {
                Ok(head) => pack(head, files, told).await,
                Err(_) => Err(PackError::TooLarge),
            };
            state.set(match packed {
                Ok(blob) => {
                    browser::download_blob(&name, &blob);
                    State::Saved
                }
                Err(error) => State::Failed(error),
            });
        });
    };
    view! {
        <div class="share" data-test="project-dialog">
            <p>{text::project_holds()}</p>
            {part(move || match originals.get() {
                (0, _) => view! { <p class="muted">{text::project_no_images()}</p> }.into_any(),
                (count, bytes) => view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            data-test="project-images"
                            prop:checked=flag(move || images.get())
                            on:change=on_change(move |event| {
                                images.set(event_target_checked(&event));
                                state.set(State::Waiting);
                            })
                        />
                        {text::project_images(count, bytes)}
                    </label>
                }
                .into_any(),
            })}
            <p class="muted" data-test="project-size">{part(move || {
                let (count, bytes) = originals.get();
                text::project_size(head.get(), (count > 0).then(|| head.get() + bytes))
            })}</p>
            <div class="share-address">
                <button type="button" class="primary" data-test="project-save" aria-disabled=words(move || packing().to_string()) on:click=on_click(move |_| save())>
                    {icon(Icon::Export)} {text::project_save()}
                </button>
            </div>
            <p role="status" class="muted">{part(move || match state.get() {
                State::Packing(done, count) => text::project_packing(done, count),
                State::Saved => text::project_saved().to_owned(),
                State::Waiting | State::Failed(_) => String::new(),
            })}</p>
            {part(move || match state.get() {
                State::Failed(error) => Some(view! { <p class="warning" role="alert">{text::project_failed(&error)}</p> }),
                _ => None,
            })}
        </div>
    }
    .into_any()
}
