//! Where the bytes come from: a file on disk, a slice of a dropped file, memory.

use std::io;

/// Random access to the bytes of one file, so that one plane of a large stack can be read alone.
///
/// The page implements it over `Blob.slice`, the headless edition over `std::fs::File`.
pub trait Source {
    /// Length in bytes.
    fn len(&self) -> u64;

    /// Whether it holds no byte.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Reads up to `buffer.len()` bytes from `offset`; 0 at the end.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;

    /// Hexadecimal SHA-256 of its bytes, where whoever holds them knows it already.
    fn digest(&self) -> Option<String> {
        None
    }
}

/// A file that is held in memory.
#[derive(Clone, Debug)]
pub struct MemorySource(pub std::rc::Rc<[u8]>);

impl Source for MemorySource {
    fn len(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(offset)
            .ok()
            .and_then(|start| self.0.get(start..))
            .unwrap_or_default();
        let count = rest.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(rest) {
            *to = *from;
        }
        Ok(count)
    }
}
