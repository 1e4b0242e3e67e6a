//! The LZF filter of h5py (`compression="lzf"`), decoded.
//!
//! A stream of LZF (M. Lehmann's LibLZF) is a sequence of runs: a byte below 32 is followed by so many plus one literal
//! bytes; any other is a reference back, its upper three bits the length minus two (7: the next byte is added), its lower
//! five and the byte after them the distance minus one.

use hdf5_reader::error::Error;
use hdf5_reader::messages::filter_pipeline::FilterDescription;

/// Registered number of the filter.
pub(super) const FILTER: u16 = 32_000;

/// Undoes the filter. Its third parameter is the size of a whole chunk in bytes.
pub(super) fn filter(filter: &FilterDescription, data: &[u8]) -> Result<Vec<u8>, Error> {
    let size = filter.client_data.get(2).copied().unwrap_or(0) as usize;
    decode(data, size).ok_or_else(|| Error::DecompressionError("broken LZF stream".into()))
}

/// Decoded bytes; `None` for a broken stream, or one of more than `size` bytes where that is not 0. A byte of the stream
/// makes at most 264 / 3 = 88 bytes.
fn decode(data: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(size.min(data.len().saturating_mul(88)));
    let mut bytes = data.iter().map(|&b| usize::from(b));
    while let Some(control) = bytes.next() {
        if control < 32 {
            for _ in 0..=control {
                out.push(u8::try_from(bytes.next()?).ok()?);
            }
        } else {
            let mut length = (control >> 5).checked_add(2)?;
            if length == 9 {
                length = length.checked_add(bytes.next()?)?;
            }
            let distance = ((control & 31) << 8 | bytes.next()?).checked_add(1)?;
            let start = out.len().checked_sub(distance)?;
            // The reference may reach into what it is writing.
            for at in start..start.checked_add(length)? {
                out.push(*out.get(at)?);
            }
        }
        if size != 0 && out.len() > size {
            return None;
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::decode;

    #[test]
    fn runs_and_overlapping_references_are_undone() {
        // "abc", then 6 bytes from 3 back: abcabcabc.
        assert_eq!(
            decode(&[2, b'a', b'b', b'c', 4 << 5, 2], 9).as_deref(),
            Some(b"abcabcabc".as_slice())
        );
        // A long reference: 7 + 2 + 4 bytes from 1 back.
        assert_eq!(
            decode(&[0, b'x', 7 << 5, 4, 0], 0).as_deref(),
            Some([b'x'; 14].as_slice())
        );
        // Before the start, cut short, too long.
        assert_eq!(decode(&[0, b'x', 32, 1], 0), None);
        assert_eq!(decode(&[5, b'x'], 0), None);
        assert_eq!(decode(&[0, b'x', 7 << 5, 4, 0], 13), None);
    }
}
