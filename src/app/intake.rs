//! Files on their way in: from a drop (folders too), or from the browser's dialogs.

use js_sys::{Array, Promise};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    DataTransfer, DragEvent, File, FileList, FileSystemDirectoryEntry, FileSystemEntry,
    FileSystemFileEntry,
};

use crate::numerics::sort_by;

/// Files are read from at most so many folders deep.
const DEPTH: usize = 8;
/// More files than this are no heating series, but a disk.
const COUNT: usize = 20_000;

/// Files of a list with their paths.
pub fn from_list(list: &FileList) -> Vec<(String, File)> {
    (0..list.length())
        .filter_map(|index| list.get(index))
        .map(|file| (path_of(&file), file))
        .filter(|(path, _)| !is_hidden(path))
        .collect()
}

/// Path within the chosen folder, or the name.
fn path_of(file: &File) -> String {
    js_sys::Reflect::get(file, &"webkitRelativePath".into())
        .ok()
        .and_then(|path| path.as_string())
        .filter(|path| !path.is_empty())
        .unwrap_or_else(|| file.name())
}

/// Left by operating systems beside the user's files.
fn is_hidden(path: &str) -> bool {
    path.split('/')
        .any(|part| part.starts_with('.') || part == "__MACOSX" || part == "Thumbs.db")
}

/// All files of a drop, those in folders included; `done` is called once with them.
pub fn from_drop(transfer: &DataTransfer, done: impl FnOnce(Vec<(String, File)>) + 'static) {
    // Entries must be taken before this turn ends: the browser empties the transfer then.
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> = (0..items.length())
        .filter_map(|index| items.get(index))
        .filter_map(|item| item.webkit_get_as_entry().ok().flatten())
        .collect();
    let plain = transfer.files().map(|list| from_list(&list));
    spawn_local(async move {
        let mut found = Vec::new();
        let mut waiting: Vec<(FileSystemEntry, usize)> =
            entries.into_iter().map(|entry| (entry, 0)).collect();
        while let Some((entry, depth)) = waiting.pop() {
            if found.len() >= COUNT {
                break;
            }
            if entry.is_file() {
                let path = entry.full_path().trim_start_matches('/').to_owned();
                if let Ok(file) = file_of(entry.unchecked_into()).await
                    && !is_hidden(&path)
                {
                    found.push((path, file));
                }
            } else if entry.is_directory() && depth < DEPTH {
                let children = children_of(entry.unchecked_into()).await;
                waiting.extend(children.into_iter().map(|child| (child, depth + 1)));
            }
        }
        sort_by(&mut found, |a, b| a.0.cmp(&b.0));
        if found.is_empty() {
            found = plain.unwrap_or_default();
        }
        done(found);
    });
}

/// A call with two callbacks as a promise.
async fn called_back(
    call: impl Fn(&js_sys::Function, &js_sys::Function),
) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| call(&resolve, &reject));
    JsFuture::from(promise).await
}

async fn file_of(entry: FileSystemFileEntry) -> Result<File, JsValue> {
    called_back(|done, failed| {
        entry.file_with_callback_and_callback(done, failed);
    })
    .await?
    .dyn_into()
}

async fn children_of(entry: FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = entry.create_reader();
    let mut children = Vec::new();
    // Browsers give the entries in portions, an empty one at the end.
    loop {
        let portion = called_back(|done, failed| {
            let _ = reader.read_entries_with_callback_and_callback(done, failed);
        })
        .await
        .ok()
        .and_then(|value| value.dyn_into::<Array>().ok())
        .unwrap_or_default();
        if portion.length() == 0 {
            return children;
        }
        children.extend(
            portion
                .iter()
                .map(JsCast::unchecked_into::<FileSystemEntry>),
        );
    }
}

/// Calls `f` with the files that are dropped anywhere on the page, and `hover` while some are held over it (`None` when
/// no longer). Both are told where: 0 is the page's left edge, 1 its right.
pub fn on_page_drop(
    hover: impl Fn(Option<f64>) + Clone + 'static,
    f: impl Fn(Vec<(String, File)>, f64) + Clone + 'static,
) {
    let Some(window) = super::browser::window() else {
        return;
    };
    let share =
        |event: &DragEvent| f64::from(event.client_x()) / super::browser::width_px().max(1.0);
    let over = hover.clone();
    let drag_over = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        let files = event
            .data_transfer()
            .is_some_and(|t| t.types().includes(&"Files".into(), 0));
        if files {
            event.prevent_default();
            over(Some(share(&event)));
        }
    });
    let leave = hover.clone();
    let drag_leave = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        if event.related_target().is_none() {
            leave(None);
        }
    });
    let drop = Closure::<dyn FnMut(DragEvent)>::new(move |event: DragEvent| {
        hover(None);
        if let Some(transfer) = event.data_transfer()
            && transfer.items().length() > 0
        {
            event.prevent_default();
            let (f, share) = (f.clone(), share(&event));
            from_drop(&transfer, move |files| f(files, share));
        }
    });
    for (name, closure) in [
        ("dragover", drag_over),
        ("dragleave", drag_leave),
        ("drop", drop),
    ] {
        let _ = window.add_event_listener_with_callback(name, closure.as_ref().unchecked_ref());
        closure.forget();
    }
}
