//! PNG by hand (PNG specification, sections 5 and 9), BMP by hand, JPEG by the `image` crate's encoder.

use miniz_oxide::deflate::compress_to_vec_zlib;

use super::zip::crc32;

/// `color` is PNG's color type; rows come packed as PNG packs them, without filter bytes.
pub fn png(
    (width, height): (u32, u32),
    (bits, color): (u8, u8),
    palette: Option<&[u8]>,
    rows: &[Vec<u8>],
) -> Vec<u8> {
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([bits, color, 0, 0, 0]);
    chunk(&mut out, b"IHDR", &header);
    // 96 dpi: a print resolution, which is no calibration.
    let mut density = 3780_u32.to_be_bytes().to_vec();
    density.extend(3780_u32.to_be_bytes());
    density.push(1);
    chunk(&mut out, b"pHYs", &density);
    if let Some(palette) = palette {
        chunk(&mut out, b"PLTE", palette);
    }
    let mut data = Vec::new();
    for row in rows {
        data.push(0);
        data.extend(row);
    }
    chunk(&mut out, b"IDAT", &compress_to_vec_zlib(&data, 6));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    out.extend((data.len() as u32).to_be_bytes());
    let mut body = kind.to_vec();
    body.extend(data);
    out.extend(&body);
    out.extend(crc32(&body).to_be_bytes());
}

/// 24 bits per pixel, bottom row first, rows padded to four bytes.
pub fn bmp(width: usize, height: usize, rgb: &[[u8; 3]]) -> Vec<u8> {
    let row = (3 * width).div_ceil(4) * 4;
    let mut out = b"BM".to_vec();
    out.extend((54 + row as u32 * height as u32).to_le_bytes());
    out.extend([0; 4]);
    out.extend(54_u32.to_le_bytes());
    out.extend(40_u32.to_le_bytes());
    out.extend((width as i32).to_le_bytes());
    out.extend((height as i32).to_le_bytes());
    out.extend(1_u16.to_le_bytes());
    out.extend(24_u16.to_le_bytes());
    out.extend([0; 24]);
    for y in (0..height).rev() {
        let mut line = Vec::new();
        for [r, g, b] in &rgb[y * width..(y + 1) * width] {
            line.extend([*b, *g, *r]);
        }
        line.resize(row, 0);
        out.extend(line);
    }
    out
}

/// Gray JPEG of quality 95.
pub fn jpeg(width: u32, height: u32, gray: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, 95)
        .encode(gray, width, height, image::ExtendedColorType::L8)
        .unwrap();
    out
}
