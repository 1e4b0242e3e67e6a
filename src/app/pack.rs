//! A project file, put together from blobs: the originals stay where they are, and the browser copies them when the file is saved.

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use crate::formats::{ArchiveWriter, Crc32};
use crate::project::ORIGINALS;

/// Bytes that are read at once for a checksum.
const CHUNK: f64 = 4e6;

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackError {
    /// An original cannot be read any more.
    Unreadable(String),
    /// More than the browser puts together, or more files than are read again.
    TooLarge,
}

/// The file: `head` as [`crate::project::write_project`] made it, the originals, the directory. Tells how many originals are done.
pub async fn pack(
    (mut writer, head): (ArchiveWriter, Vec<u8>),
    originals: Vec<(String, Blob)>,
    told: impl Fn(usize),
) -> Result<Blob, PackError> {
    let parts = Array::of1(&Uint8Array::from(head.as_slice()));
    for (index, (path, blob)) in originals.into_iter().enumerate() {
        told(index);
        let Some(crc) = checksum(&blob).await else {
            return Err(PackError::Unreadable(path));
        };
        let header = writer
            .entry(&format!("{ORIGINALS}{path}"), blob.size() as u64, crc)
            .map_err(|_| PackError::TooLarge)?;
        parts.push(&Uint8Array::from(header.as_slice()));
        parts.push(&blob);
    }
    parts.push(&Uint8Array::from(writer.finish().as_slice()));
    let options = BlobPropertyBag::new();
    options.set_type("application/zip");
    Blob::new_with_blob_sequence_and_options(&parts, &options).map_err(|_| PackError::TooLarge)
}

async fn checksum(blob: &Blob) -> Option<u32> {
    let mut crc = Crc32::new();
    let (size, mut at) = (blob.size(), 0.0);
    while at < size {
        let end = (at + CHUNK).min(size);
        let part = blob.slice_with_f64_and_f64(at, end).ok()?;
        let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
        crc.update(&Uint8Array::new(&buffer).to_vec());
        at = end;
    }
    Some(crc.checksum())
}
