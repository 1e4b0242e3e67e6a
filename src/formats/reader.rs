//! From random access to `Read + Seek`, with a small cache: tags lie scattered, and every access of a browser's
//! `Blob.slice` costs far more than the bytes.

use std::io::{self, Read, Seek, SeekFrom};
use std::rc::Rc;

use super::Source;

/// Bytes per cached block.
const BLOCK: u64 = 16 * 1024;

/// Blocks kept.
const BLOCKS: usize = 8;

struct Block {
    index: u64,
    bytes: Vec<u8>,
}

/// A [`Source`] read like a file.
///
/// Small reads go through a cache of a few blocks; reads of a block or more go straight to the source.
pub struct SourceReader {
    source: Rc<dyn Source>,
    position: u64,
    blocks: Vec<Block>,
    next: usize,
}

impl SourceReader {
    /// Reads from the start of `source`.
    pub fn new(source: Rc<dyn Source>) -> SourceReader {
        SourceReader {
            source,
            position: 0,
            blocks: Vec::new(),
            next: 0,
        }
    }

    /// What it reads from.
    pub fn into_source(self) -> Rc<dyn Source> {
        self.source
    }

    /// Length of the source in bytes.
    pub fn len(&self) -> u64 {
        self.source.len()
    }

    /// Whether it holds no byte.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Up to `count` bytes from the start; the position stays.
    pub fn head(&mut self, count: usize) -> io::Result<Vec<u8>> {
        let count = usize::try_from(self.len()).unwrap_or(usize::MAX).min(count);
        let mut bytes = vec![0; count];
        self.read_exact_at(0, &mut bytes)?;
        Ok(bytes)
    }

    /// Fills `buffer` from `offset`; the position stays. `UnexpectedEof` when the source ends before.
    pub fn read_exact_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        let mut offset = offset;
        let mut rest = buffer;
        while !rest.is_empty() {
            let count = self.read_some_at(offset, rest)?;
            if count == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            offset = offset.saturating_add(count as u64);
            rest = rest.get_mut(count..).unwrap_or_default();
        }
        Ok(())
    }

    fn read_some_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.len() as u64 >= BLOCK {
            return self.source.read_at(offset, buffer);
        }
        let index = offset.checked_div(BLOCK).unwrap_or(0);
        let within = usize::try_from(offset.checked_rem(BLOCK).unwrap_or(0)).unwrap_or(0);
        let block = match self.blocks.iter().position(|b| b.index == index) {
            Some(found) => found,
            None => self.load(index)?,
        };
        let bytes = self
            .blocks
            .get(block)
            .and_then(|b| b.bytes.get(within..))
            .unwrap_or_default();
        let count = bytes.len().min(buffer.len());
        for (to, from) in buffer.iter_mut().zip(bytes) {
            *to = *from;
        }
        Ok(count)
    }

    /// Brings a block into the cache, in place of the oldest.
    fn load(&mut self, index: u64) -> io::Result<usize> {
        let start = index.saturating_mul(BLOCK);
        let length = self.len().saturating_sub(start).min(BLOCK);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        let mut filled = 0_usize;
        while let Some(rest) = bytes.get_mut(filled..).filter(|r| !r.is_empty()) {
            let count = self
                .source
                .read_at(start.saturating_add(filled as u64), rest)?;
            if count == 0 {
                break;
            }
            filled = filled.saturating_add(count);
        }
        bytes.truncate(filled);
        let block = Block { index, bytes };
        if self.blocks.len() < BLOCKS {
            self.blocks.push(block);
            Ok(self.blocks.len().saturating_sub(1))
        } else {
            let slot = self.next;
            self.next = self.next.saturating_add(1).checked_rem(BLOCKS).unwrap_or(0);
            if let Some(old) = self.blocks.get_mut(slot) {
                *old = block;
            }
            Ok(slot)
        }
    }
}

impl Read for SourceReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.read_some_at(self.position, buffer)?;
        self.position = self.position.saturating_add(count as u64);
        Ok(count)
    }
}

impl Seek for SourceReader {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(delta) => self.len().checked_add_signed(delta),
            SeekFrom::Current(delta) => self.position.checked_add_signed(delta),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
