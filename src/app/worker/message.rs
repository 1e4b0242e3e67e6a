//! One message each: bytes in one transferred buffer, files beside it.

use crate::language::word;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::File;

/// Why a message could not be read or written: a defect of the program, never of the data.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// The bytes are not what the other side should have sent.
    #[error("{}", word!(
        "a message between page and worker could not be read"
        | "eine Nachricht zwischen Seite und Worker war nicht zu lesen"
    ))]
    Encoding(#[from] postcard::Error),
    /// The message has another shape.
    #[error("{}", word!(
        "a message between page and worker has an unknown shape"
        | "eine Nachricht zwischen Seite und Worker hat eine unbekannte Form"
    ))]
    Shape,
}

/// The value as a buffer that can be transferred.
pub fn encode<T: Serialize>(value: &T) -> Result<ArrayBuffer, MessageError> {
    let bytes = postcard::to_stdvec(value)?;
    Ok(Uint8Array::from(bytes.as_slice()).buffer())
}

/// The value in a buffer.
pub fn decode<T: DeserializeOwned>(buffer: &JsValue) -> Result<T, MessageError> {
    let buffer: &ArrayBuffer = buffer.dyn_ref().ok_or(MessageError::Shape)?;
    Ok(postcard::from_bytes(&Uint8Array::new(buffer).to_vec())?)
}

/// Page to worker: the request and the files it speaks of. Also gives what is to be transferred.
pub fn pack(buffer: &ArrayBuffer, files: &[File]) -> (Array, Array) {
    let message = Array::of1(buffer);
    for file in files {
        message.push(file);
    }
    (message, Array::of1(buffer))
}

/// What [`pack`] packed: the request's buffer and the files.
pub fn unpack(message: &JsValue) -> Result<(JsValue, Vec<File>), MessageError> {
    let message: &Array = message.dyn_ref().ok_or(MessageError::Shape)?;
    let files = message
        .iter()
        .skip(1)
        .map(|file| file.dyn_into::<File>().map_err(|_| MessageError::Shape))
        .collect::<Result<Vec<_>, _>>()?;
    Ok((message.get(0), files))
}
