//! A ZIP writer of its own (PKWARE APPNOTE 4.3): local headers, central directory, end record.

use miniz_oxide::deflate::compress_to_vec;

pub struct Entry<'a> {
    pub path: &'a str,
    pub bytes: &'a [u8],
    pub deflate: bool,
}

pub fn archive(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for entry in entries {
        let packed = if entry.deflate {
            compress_to_vec(entry.bytes, 6)
        } else {
            entry.bytes.to_vec()
        };
        let start = out.len() as u32;
        let mut common = Vec::new();
        common.extend(20_u16.to_le_bytes());
        common.extend(0x0800_u16.to_le_bytes()); // names in UTF-8
        common.extend((if entry.deflate { 8_u16 } else { 0 }).to_le_bytes());
        common.extend([0; 4]); // time, date
        common.extend(crc32(entry.bytes).to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((entry.bytes.len() as u32).to_le_bytes());
        common.extend((entry.path.len() as u16).to_le_bytes());
        common.extend(0_u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&common);
        out.extend(entry.path.as_bytes());
        out.extend(packed);
        directory.extend(b"PK\x01\x02");
        directory.extend(20_u16.to_le_bytes());
        directory.extend(&common);
        directory.extend([0; 10]); // comment, disk, attributes
        directory.extend(start.to_le_bytes());
        directory.extend(entry.path.as_bytes());
    }
    let at = out.len() as u32;
    let size = directory.len() as u32;
    let count = (entries.len() as u16).to_le_bytes();
    out.extend(directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count);
    out.extend(count);
    out.extend(size.to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// CRC-32 of ISO 3309, bit by bit.
pub fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}
