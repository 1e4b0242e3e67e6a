//! A dropped file as a [`Source`]: held where it is small, read slice by slice where it is not.

use std::cell::RefCell;
use std::io;

use js_sys::Uint8Array;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FileReaderSync, SubtleCrypto};

use crate::engine::{DIGEST_LIMIT, hexadecimal};
use crate::formats::Source;

/// Small reads (headers, directories of tags) are served from a window of this size.
const WINDOW: u64 = 1 << 16;

/// What was read of a file before it is opened: each read asks the browser, and takes it some milliseconds.
#[derive(Default)]
pub struct Ahead {
    bytes: Option<Uint8Array>,
    digest: Option<String>,
}

impl Ahead {
    /// All of a file, for as long as it is open where it `stays`, and its SHA-256 by the browser itself: with the processor's own instructions,
    /// several times faster than WebAssembly can. Nothing of a file that is too large for a digest or cannot be read: opening it will tell.
    pub async fn of(blob: &Blob, stays: bool, by: Option<&SubtleCrypto>) -> Ahead {
        if blob.size() > DIGEST_LIMIT as f64 || !stays && by.is_none() {
            return Ahead::default();
        }
        let Ok(bytes) = JsFuture::from(blob.array_buffer()).await else {
            return Ahead::default();
        };
        let bytes = Uint8Array::new(&bytes);
        let hash = by.and_then(|by| by.digest_with_str_and_js_u8_array("SHA-256", &bytes).ok());
        let digest = match hash {
            Some(hash) => JsFuture::from(hash).await.ok(),
            None => None,
        };
        Ahead {
            bytes: stays.then_some(bytes),
            digest: digest.map(|hash| hexadecimal(&Uint8Array::new(&hash).to_vec())),
        }
    }
}

/// A file of the page, read synchronously, which browsers allow in workers only.
pub struct BlobSource {
    blob: Blob,
    ahead: Ahead,
    reader: FileReaderSync,
    length: u64,
    window: RefCell<(u64, Vec<u8>)>,
}

impl BlobSource {
    /// Holds the file open.
    pub fn new(blob: Blob, ahead: Ahead) -> io::Result<BlobSource> {
        Ok(BlobSource {
            reader: FileReaderSync::new().map_err(|_| io::ErrorKind::Unsupported)?,
            length: blob.size() as u64,
            blob,
            ahead,
            window: RefCell::default(),
        })
    }

    fn slice(&self, start: u64, end: u64) -> io::Result<Uint8Array> {
        if let Some(bytes) = &self.ahead.bytes {
            return Ok(bytes.subarray(start as u32, end as u32));
        }
        // Browsers refuse a file that was moved or changed since it was dropped.
        let refused = |_| io::Error::from(io::ErrorKind::PermissionDenied);
        let part = self
            .blob
            .slice_with_f64_and_f64(start as f64, end as f64)
            .map_err(refused)?;
        let buffer = self.reader.read_as_array_buffer(&part).map_err(refused)?;
        Ok(Uint8Array::new(&buffer))
    }
}

impl Source for BlobSource {
    fn len(&self) -> u64 {
        self.length
    }

    fn digest(&self) -> Option<String> {
        self.ahead.digest.clone()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let end = self.length.min(offset.saturating_add(buffer.len() as u64));
        if offset >= end {
            return Ok(0);
        }
        let count = (end - offset) as usize;
        let target = buffer.get_mut(..count).ok_or(io::ErrorKind::InvalidInput)?;
        if count as u64 >= WINDOW {
            let bytes = self.slice(offset, end)?;
            if bytes.length() as usize != count {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            bytes.copy_to(target);
            return Ok(count);
        }
        let mut window = self.window.borrow_mut();
        let covered = offset >= window.0 && end <= window.0 + window.1.len() as u64;
        if !covered {
            let bytes = self.slice(offset, self.length.min(offset + WINDOW))?;
            *window = (offset, bytes.to_vec());
        }
        let start = (offset - window.0) as usize;
        let bytes = window
            .1
            .get(start..start + count)
            .ok_or(io::ErrorKind::UnexpectedEof)?;
        target.copy_from_slice(bytes);
        Ok(count)
    }
}
