//! Files kept by the browser (IndexedDB), so that a reload, a crash or a closed tab loses nothing.
//!
//! Each tab remembers which series it has open, and opens it again; the series of closed tabs are offered on the first screen. A browser
//! that keeps nothing (private windows, a full disk) is a browser to work with: what is not kept is said, and nothing else changes.
//!
//! Files are put here twice: while they are being opened, under a name of their own, because a reload may come sooner than the worker's
//! answer; and under the name of their set when they are open, in place of what was there. Files of no use never get so far.

use std::cell::RefCell;
use std::rc::Rc;

use idb::{
    Database, DatabaseEvent as _, Error, Factory, ObjectStore, ObjectStoreParams, Query,
    Transaction, TransactionMode,
};
use js_sys::{Array, Object, Reflect};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, Storage};

use super::browser::window;
use super::persistence;
use crate::numerics::sort_by;

const DATABASE: &str = "alloyscope";
const SERIES: &str = "series";
const OPEN: &str = "alloyscope.open";
const OPENING: &str = "opening ";

/// Most bytes of one series that are kept without being asked: a stack of a detector's raw data would fill the disk.
pub const MOST_OF_ONE: f64 = 1e9;
/// Most bytes of all; the oldest go first.
const MOST_OF_ALL: f64 = 4e9;

/// What is told of a series that is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Name of the set of files.
    pub fingerprint: String,
    /// Name of the series.
    pub name: String,
    /// Number of files.
    pub files: usize,
    /// Their bytes.
    pub bytes: f64,
    /// When it was opened last (milliseconds since the epoch).
    pub saved_ms: f64,
}

/// Files with their paths.
pub type Files = Vec<(String, File)>;

thread_local! {
    /// One connection, made when the page starts: what is dropped is written in the same turn, before anybody can leave the page.
    static CONNECTION: RefCell<Option<Rc<Database>>> = const { RefCell::new(None) };
}

async fn connect() -> Result<Rc<Database>, Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(1))?;
    request.on_upgrade_needed(|event| {
        // Fails where the store exists, which is what is wanted.
        if let Ok(database) = event.database() {
            let _ = database.create_object_store(SERIES, ObjectStoreParams::new());
        }
    });
    let mut database = request.await?;
    // Nobody who clears or renews the storage waits for this page.
    database.on_version_change(|event| {
        if let Ok(database) = event.database() {
            database.close();
        }
    });
    let database = Rc::new(database);
    CONNECTION.set(Some(database.clone()));
    Ok(database)
}

/// The store, in a transaction of its own.
async fn store(mode: TransactionMode) -> Result<(ObjectStore, Transaction), Error> {
    let begin = |database: &Database| {
        let transaction = database.transaction(&[SERIES], mode)?;
        Ok((transaction.object_store(SERIES)?, transaction))
    };
    if let Some(database) = CONNECTION.with_borrow(Clone::clone)
        && let Ok(begun) = begin(&database)
    {
        return Ok(begun);
    }
    // There is none yet, or it has been closed.
    begin(&*connect().await?)
}

fn field(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

fn read(value: &JsValue) -> Option<(Kept, Files)> {
    let list: Array = field(value, "files").dyn_into().ok()?;
    let files: Files = list
        .iter()
        .filter_map(|pair| {
            let pair: Array = pair.dyn_into().ok()?;
            Some((pair.get(0).as_string()?, pair.get(1).dyn_into().ok()?))
        })
        .collect();
    let kept = Kept {
        fingerprint: field(value, "fingerprint").as_string()?,
        name: field(value, "name").as_string().unwrap_or_default(),
        files: files.len(),
        bytes: size(&files),
        saved_ms: field(value, "saved_ms").as_f64().unwrap_or_default(),
    };
    Some((kept, files))
}

/// Name of files while they are being opened.
pub fn while_opening(fingerprint: &str) -> String {
    format!("{OPENING}{fingerprint}")
}

/// Name of the same files when they are open.
pub fn when_open(fingerprint: &str) -> &str {
    fingerprint.strip_prefix(OPENING).unwrap_or(fingerprint)
}

/// Bytes of files.
pub fn size(files: &Files) -> f64 {
    files.iter().map(|(_, file)| file.size()).sum()
}

async fn put(kept: &Kept, files: &Files) -> Result<(), Error> {
    let list: Array = files
        .iter()
        .map(|(path, file)| Array::of2(&path.as_str().into(), file))
        .collect();
    let value = Object::new();
    let fields: [(&str, JsValue); 4] = [
        ("fingerprint", kept.fingerprint.as_str().into()),
        ("name", kept.name.as_str().into()),
        ("saved_ms", kept.saved_ms.into()),
        ("files", list.into()),
    ];
    for (name, value_of) in fields {
        let _ = Reflect::set(&value, &name.into(), &value_of);
    }
    let (store, transaction) = store(TransactionMode::ReadWrite).await?;
    let written = store.put(&value, Some(&kept.fingerprint.as_str().into()))?;
    // At once: what has been committed outlives a page that is left before it is written.
    let committed = transaction.commit()?;
    written.await?;
    committed.await?;
    Ok(())
}

/// Keeps files while they are being opened. Where that fails nothing is said: it is tried again when they are open.
pub async fn keep_opening(kept: Kept, files: Files) {
    let _ = put(&kept, &files).await;
}

/// Keeps the files of a series; where there is no room for them beside those that were being opened, in place of these. Whether they are
/// kept.
pub async fn keep(kept: &Kept, files: &Files, opening: &str) -> bool {
    let is_kept = put(kept, files).await.is_ok();
    if is_kept || opening == kept.fingerprint {
        return is_kept;
    }
    forget(opening).await;
    put(kept, files).await.is_ok()
}

/// Lets the oldest go where there are too many.
pub async fn make_room() {
    let mut bytes = 0.0;
    for other in all().await {
        bytes += other.bytes;
        if bytes > MOST_OF_ALL {
            forget(&other.fingerprint).await;
        }
    }
}

/// All series that are kept, the last one first.
pub async fn all() -> Vec<Kept> {
    let read_all = async {
        let (store, _transaction) = store(TransactionMode::ReadOnly).await?;
        store.get_all(None, None)?.await
    };
    let values = read_all.await.unwrap_or_default();
    let mut kept: Vec<Kept> = values
        .iter()
        .filter_map(read)
        .map(|(kept, _)| kept)
        .collect();
    sort_by(&mut kept, |a, b| b.saved_ms.total_cmp(&a.saved_ms));
    kept
}

/// The files of a series.
pub async fn files(fingerprint: &str) -> Option<Files> {
    let (store, _transaction) = store(TransactionMode::ReadOnly).await.ok()?;
    let value = store
        .get(Query::Key(fingerprint.into()))
        .ok()?
        .await
        .ok()??;
    read(&value)
        .map(|(_, files)| files)
        .filter(|files| !files.is_empty())
}

/// Lets the files of a series go.
pub async fn forget(fingerprint: &str) {
    let delete = async {
        let (store, transaction) = store(TransactionMode::ReadWrite).await?;
        store.delete(Query::Key(fingerprint.into()))?.await?;
        transaction.commit()?.await
    };
    let _ = delete.await;
}

/// What a tab has open.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpenHere {
    /// Name of the set of files, or of a sample.
    pub fingerprint: String,
    /// Which of its series.
    pub chosen: usize,
    /// Name of files that are being opened, and whether they join what is open.
    #[serde(default)]
    pub opening: Option<(String, bool)>,
    /// How often it has been opened again without success.
    #[serde(default)]
    pub tries: usize,
}

/// Storage that a tab has for itself and that outlives a reload.
fn of_this_tab() -> Option<Storage> {
    window()?.session_storage().ok()?
}

/// Remembers what this tab has open.
pub fn remember_open(open: &OpenHere) {
    if *open == OpenHere::default() {
        return forget_open();
    }
    if let (Some(storage), Some(text)) = (of_this_tab(), persistence::json(open)) {
        let _ = storage.set_item(OPEN, &text);
    }
}

/// What this tab had open before it was loaded again.
pub fn was_open() -> Option<OpenHere> {
    let text = of_this_tab()?.get_item(OPEN).ok()??;
    serde_json::from_slice(text.as_bytes()).ok()
}

/// Remembers that this tab opens files, beside what it has open until then; `None`: that it does so no more.
pub fn remember_opening(opening: Option<(String, bool)>) {
    remember_open(&OpenHere {
        opening,
        tries: 0,
        ..was_open().unwrap_or_default()
    });
}

/// This tab has nothing open.
pub fn forget_open() {
    if let Some(storage) = of_this_tab() {
        let _ = storage.remove_item(OPEN);
    }
}
