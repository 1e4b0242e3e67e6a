//! The reader of HDF5, a program of its own: the worker loads it with the first such file.
//!
//! Its script is imported when the worker starts (`client.rs`) and is small; its WebAssembly is fetched in one synchronous
//! request, which workers may make, so that opening a file stays one call whatever it turns out to be.

use std::cell::Cell;
use std::io;
use std::rc::Rc;

use js_sys::{Object, Reflect, Uint8Array, WebAssembly};
use wasm_bindgen::prelude::*;
use web_sys::{XmlHttpRequest, XmlHttpRequestResponseType};

use crate::formats::apart::Apart;
use crate::formats::{Source, apart};

#[wasm_bindgen]
extern "C" {
    /// A file that is open on the other side.
    type Opened;

    #[wasm_bindgen(catch, js_namespace = hdf5Reader, js_name = initSync)]
    fn init(options: &Object) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = hdf5Reader)]
    fn open(read: &JsValue, length: f64, question: &[u8]) -> Result<Opened, JsValue>;

    #[wasm_bindgen(method)]
    fn answer(this: &Opened) -> Vec<u8>;

    #[wasm_bindgen(method, catch)]
    fn read_plane(
        this: &Opened,
        signal: u32,
        plane: u32,
        question: &[u8],
    ) -> Result<Vec<u8>, JsValue>;

    #[wasm_bindgen(method)]
    fn free(this: &Opened);
}

type Read = Closure<dyn Fn(f64, u32) -> Result<Uint8Array, JsValue>>;

/// An open file, and what reads its bytes for the other side.
struct Far {
    opened: Opened,
    _read: Read,
}

impl Drop for Far {
    fn drop(&mut self) {
        self.opened.free();
    }
}

impl Apart for Far {
    fn read_plane(&self, (signal, plane): (usize, usize), question: &[u8]) -> io::Result<Vec<u8>> {
        self.opened
            .read_plane(signal as u32, plane as u32, question)
            .map_err(|e| failed(&e))
    }
}

/// From now on HDF5 is read by that program.
pub fn use_hdf5_reader() {
    apart::set_hdf5_reader(|source, question| {
        load()?;
        let length = source.len() as f64;
        let read = reads(source);
        let opened = open(read.as_ref(), length, question).map_err(|e| failed(&e))?;
        let answer = opened.answer();
        let far = Far {
            opened,
            _read: read,
        };
        Ok((answer, Box::new(far)))
    });
}

/// What the other side calls for bytes: offset and number.
fn reads(source: Rc<dyn Source>) -> Read {
    Closure::new(move |offset: f64, count: u32| {
        let mut buffer = vec![0; count as usize];
        let count = source
            .read_at(offset as u64, &mut buffer)
            .map_err(|e| JsValue::from_str(&e.to_string()))?;
        Ok(Uint8Array::from(buffer.get(..count).unwrap_or_default()))
    })
}

/// Fetches and starts the program, once.
fn load() -> io::Result<()> {
    thread_local! {
        static LOADED: Cell<bool> = const { Cell::new(false) };
    }
    if LOADED.get() {
        return Ok(());
    }
    let start = || -> Result<(), JsValue> {
        let address = Reflect::get(&js_sys::global(), &"hdf5Wasm".into())?;
        let address = address.as_string().ok_or("the page does not name it")?;
        let request = XmlHttpRequest::new()?;
        request.open_with_async("GET", &address, false)?;
        request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
        request.send()?;
        match request.status()? {
            200 => {}
            status => return Err(format!("status {status}").into()),
        }
        let module = WebAssembly::Module::new(&request.response()?)?;
        let options = Object::new();
        Reflect::set(&options, &"module".into(), &module)?;
        init(&options)?;
        Ok(())
    };
    start().map_err(|e| failed(&e))?;
    LOADED.set(true);
    Ok(())
}

fn failed(error: &JsValue) -> io::Error {
    io::Error::other(super::describe(error))
}
