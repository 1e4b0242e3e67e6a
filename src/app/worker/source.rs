//! A dropped file as a [`Source`]: read slice by slice, never as a whole.

use std::cell::RefCell;
use std::io;

use js_sys::Uint8Array;
use web_sys::{Blob, FileReaderSync};

use crate::formats::Source;

/// Small reads (headers, directories of tags) are served from a window of this size.
const WINDOW: u64 = 1 << 16;

/// A file of the page, read synchronously, which browsers allow in workers only.
pub struct BlobSource {
    blob: Blob,
    reader: FileReaderSync,
    length: u64,
    window: RefCell<(u64, Vec<u8>)>,
}

impl BlobSource {
    /// Holds the file open; nothing is read yet.
    pub fn new(blob: Blob) -> io::Result<BlobSource> {
        Ok(BlobSource {
            reader: FileReaderSync::new().map_err(|_| io::ErrorKind::Unsupported)?,
            length: blob.size() as u64,
            blob,
            window: RefCell::default(),
        })
    }

    fn slice(&self, start: u64, end: u64) -> io::Result<Uint8Array> {
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
