//! A TIFF writer of its own (TIFF 6.0, BigTIFF, technical note 3 for predictor 3).

use miniz_oxide::deflate::compress_to_vec_zlib;

/// Type of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    F32,
    F64,
}

pub const KINDS: [Kind; 8] = [
    Kind::U8,
    Kind::I8,
    Kind::U16,
    Kind::I16,
    Kind::U32,
    Kind::I32,
    Kind::F32,
    Kind::F64,
];

impl Kind {
    pub fn bytes(self) -> usize {
        match self {
            Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 => 2,
            Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::F64 => 8,
        }
    }

    pub fn is_float(self) -> bool {
        matches!(self, Kind::F32 | Kind::F64)
    }

    fn format(self) -> u64 {
        match self {
            Kind::U8 | Kind::U16 | Kind::U32 => 1,
            Kind::I8 | Kind::I16 | Kind::I32 => 2,
            Kind::F32 | Kind::F64 => 3,
        }
    }

    /// Numbers that touch both ends of the type.
    pub fn ramp(self, count: usize) -> Vec<f64> {
        let (low, high) = match self {
            Kind::U8 => (0.0, 255.0),
            Kind::I8 => (-128.0, 127.0),
            Kind::U16 => (0.0, 65535.0),
            Kind::I16 => (-32768.0, 32767.0),
            Kind::U32 => (0.0, 4_294_967_295.0),
            Kind::I32 => (-2_147_483_648.0, 2_147_483_647.0),
            Kind::F32 => (-2.5, 1.0e9),
            Kind::F64 => (-1.0e-3, 1.0e12),
        };
        (0..count)
            .map(|i| match i {
                0 => low,
                1 => high,
                i if self.is_float() => i as f64 * 0.375 - 3.0,
                i => (low + high) / 2.0 + 0.5 + ((i * i * 7) % 97) as f64 - 40.0,
            })
            .map(|v| if self.is_float() { v } else { v.floor() })
            .map(|v| {
                if self == Kind::F32 {
                    f64::from(v as f32)
                } else {
                    v
                }
            })
            .collect()
    }

    /// Bits of a value, in the low bytes.
    fn bits(self, v: f64) -> u64 {
        match self {
            Kind::U8 => u64::from(v as u8),
            Kind::I8 => u64::from((v as i8).cast_unsigned()),
            Kind::U16 => u64::from(v as u16),
            Kind::I16 => u64::from((v as i16).cast_unsigned()),
            Kind::U32 => u64::from(v as u32),
            Kind::I32 => u64::from((v as i32).cast_unsigned()),
            Kind::F32 => u64::from((v as f32).to_bits()),
            Kind::F64 => v.to_bits(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// Rows per strip.
    Strips(usize),
    /// Width and height of a tile.
    Tiles(usize, usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Packing {
    None,
    Lzw,
    Deflate,
    PackBits,
}

/// A tag beyond those of the geometry.
#[derive(Clone, Debug)]
pub enum Value {
    Text(String),
    Short(Vec<u16>),
    Long(Vec<u64>),
    /// Numerator and denominator.
    Rational(u32, u32),
    /// Type UNDEFINED.
    Bytes(Vec<u8>),
}

#[derive(Clone, Debug)]
pub struct Page {
    pub width: usize,
    pub height: usize,
    pub kind: Kind,
    pub samples: usize,
    /// Row by row, samples interleaved.
    pub values: Vec<f64>,
    pub layout: Layout,
    pub packing: Packing,
    pub predictor: u64,
    pub planar: bool,
    pub photometric: u64,
    pub tags: Vec<(u16, Value)>,
    /// Replaces the pixels: bytes of one strip and bits per sample.
    pub raw: Option<(Vec<u8>, u64)>,
    /// Replaces the tag Compression.
    pub compression: Option<u64>,
}

impl Page {
    /// One uncompressed strip of gray.
    pub fn gray(width: usize, height: usize, kind: Kind, values: Vec<f64>) -> Page {
        Page {
            width,
            height,
            kind,
            samples: 1,
            values,
            layout: Layout::Strips(height),
            packing: Packing::None,
            predictor: 1,
            planar: false,
            photometric: 1,
            tags: Vec::new(),
            raw: None,
            compression: None,
        }
    }

    pub fn tag(mut self, tag: u16, value: Value) -> Page {
        self.tags.push((tag, value));
        self
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Flavor {
    pub big_endian: bool,
    pub big_tiff: bool,
}

pub const PLAIN: Flavor = Flavor {
    big_endian: false,
    big_tiff: false,
};

impl Flavor {
    fn number(self, value: u64, bytes: usize) -> Vec<u8> {
        if self.big_endian {
            value.to_be_bytes()[8 - bytes..].to_vec()
        } else {
            value.to_le_bytes()[..bytes].to_vec()
        }
    }

    fn offset(self, value: u64) -> Vec<u8> {
        self.number(value, if self.big_tiff { 8 } else { 4 })
    }
}

/// The whole file; `behind` is appended to the pixels of the last page (ImageJ stacks).
pub fn file(flavor: Flavor, pages: &[Page], behind: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend(if flavor.big_endian { b"MM" } else { b"II" });
    if flavor.big_tiff {
        out.extend(flavor.number(43, 2));
        out.extend(flavor.number(8, 2));
        out.extend(flavor.number(0, 2));
    } else {
        out.extend(flavor.number(42, 2));
    }
    let mut link = out.len();
    out.extend(flavor.offset(0));
    for (index, page) in pages.iter().enumerate() {
        let mut offsets = Vec::new();
        let mut counts = Vec::new();
        for chunk in chunks(flavor, page) {
            offsets.push(out.len() as u64);
            counts.push(chunk.len() as u64);
            out.extend(chunk);
        }
        if index + 1 == pages.len() {
            out.extend(behind);
        }
        if out.len() % 2 == 1 {
            out.push(0);
        }
        let entries = entries(page, offsets, counts);
        // Values that do not fit into their entry stand before the directory.
        let inline = if flavor.big_tiff { 8 } else { 4 };
        let mut records = Vec::new();
        for (tag, value) in entries {
            let (kind, count, bytes) = encode(flavor, &value);
            let mut field = bytes;
            if field.len() > inline {
                let at = out.len() as u64;
                out.extend(&field);
                if out.len() % 2 == 1 {
                    out.push(0);
                }
                field = flavor.offset(at);
            }
            field.resize(inline, 0);
            records.push((tag, kind, count, field));
        }
        let at = out.len() as u64;
        let pointer = flavor.offset(at);
        out[link..link + pointer.len()].copy_from_slice(&pointer);
        out.extend(flavor.number(records.len() as u64, if flavor.big_tiff { 8 } else { 2 }));
        for (tag, kind, count, field) in records {
            out.extend(flavor.number(tag.into(), 2));
            out.extend(flavor.number(kind, 2));
            out.extend(flavor.offset(count));
            out.extend(field);
        }
        link = out.len();
        out.extend(flavor.offset(0));
    }
    out
}

fn entries(page: &Page, offsets: Vec<u64>, counts: Vec<u64>) -> Vec<(u16, Value)> {
    let bits = page
        .raw
        .as_ref()
        .map_or(page.kind.bytes() as u64 * 8, |r| r.1);
    let short = |v: u64| Value::Short(vec![v as u16]);
    let per_sample = |v: u64| Value::Short(vec![v as u16; page.samples]);
    let compression = page.compression.unwrap_or(match page.packing {
        Packing::None => 1,
        Packing::Lzw => 5,
        Packing::Deflate => 8,
        Packing::PackBits => 32773,
    });
    let mut entries = vec![
        (256, Value::Long(vec![page.width as u64])),
        (257, Value::Long(vec![page.height as u64])),
        (258, per_sample(bits)),
        (259, short(compression)),
        (262, short(page.photometric)),
        (277, short(page.samples as u64)),
        (284, short(if page.planar { 2 } else { 1 })),
        (317, short(page.predictor)),
        (339, per_sample(page.kind.format())),
    ];
    match page.layout {
        Layout::Strips(rows) => {
            entries.push((273, Value::Long(offsets)));
            entries.push((278, Value::Long(vec![rows as u64])));
            entries.push((279, Value::Long(counts)));
        }
        Layout::Tiles(width, height) => {
            entries.push((322, short(width as u64)));
            entries.push((323, short(height as u64)));
            entries.push((324, Value::Long(offsets)));
            entries.push((325, Value::Long(counts)));
        }
    }
    entries.extend(page.tags.iter().cloned());
    entries.sort_by_key(|(tag, _)| *tag);
    entries
}

fn encode(flavor: Flavor, value: &Value) -> (u64, u64, Vec<u8>) {
    match value {
        Value::Text(text) => {
            let mut bytes = text.as_bytes().to_vec();
            bytes.push(0);
            (2, bytes.len() as u64, bytes)
        }
        Value::Short(v) => (
            3,
            v.len() as u64,
            v.iter().flat_map(|&x| flavor.number(x.into(), 2)).collect(),
        ),
        Value::Long(v) => {
            let size = if flavor.big_tiff { 8 } else { 4 };
            (
                if flavor.big_tiff { 16 } else { 4 },
                v.len() as u64,
                v.iter().flat_map(|&x| flavor.number(x, size)).collect(),
            )
        }
        Value::Bytes(bytes) => (7, bytes.len() as u64, bytes.clone()),
        Value::Rational(n, d) => {
            let mut bytes = flavor.number((*n).into(), 4);
            bytes.extend(flavor.number((*d).into(), 4));
            (5, 1, bytes)
        }
    }
}

/// Samples in the byte order of the file.
pub fn bytes_of(flavor: Flavor, kind: Kind, values: &[f64]) -> Vec<u8> {
    values
        .iter()
        .flat_map(|&v| flavor.number(kind.bits(v), kind.bytes()))
        .collect()
}

fn chunks(flavor: Flavor, page: &Page) -> Vec<Vec<u8>> {
    if let Some((raw, _)) = &page.raw {
        return vec![raw.clone()];
    }
    let mut all = Vec::new();
    let components: Vec<Option<usize>> = if page.planar {
        (0..page.samples).map(Some).collect()
    } else {
        vec![None]
    };
    for component in components {
        let (across, down) = match page.layout {
            Layout::Strips(rows) => (page.width, rows),
            Layout::Tiles(width, height) => (width, height),
        };
        for top in (0..page.height).step_by(down) {
            for left in (0..page.width).step_by(across) {
                let rows = match page.layout {
                    Layout::Strips(rows) => rows.min(page.height - top),
                    Layout::Tiles(_, height) => height,
                };
                let mut bytes = Vec::new();
                for y in top..top + rows {
                    let row: Vec<f64> = (left..left + across)
                        .flat_map(|x| {
                            (0..page.samples)
                                .filter(move |s| component.is_none_or(|c| c == *s))
                                .map(move |s| {
                                    let inside = x < page.width && y < page.height;
                                    // Padding is filled with something that must not show up.
                                    if inside {
                                        page.values[(y * page.width + x) * page.samples + s]
                                    } else {
                                        99.0
                                    }
                                })
                        })
                        .collect();
                    let stride = if component.is_some() { 1 } else { page.samples };
                    bytes.extend(predicted(flavor, page, &row, stride));
                }
                all.push(pack(page.packing, &bytes));
            }
        }
    }
    all
}

fn predicted(flavor: Flavor, page: &Page, row: &[f64], stride: usize) -> Vec<u8> {
    let size = page.kind.bytes();
    match page.predictor {
        2 => {
            let bits: Vec<u64> = row.iter().map(|&v| page.kind.bits(v)).collect();
            (0..bits.len())
                .flat_map(|i| {
                    let left = if i >= stride { bits[i - stride] } else { 0 };
                    let difference = bits[i].wrapping_sub(left);
                    let mask = u64::MAX >> (64 - 8 * size);
                    flavor.number(difference & mask, size)
                })
                .collect()
        }
        3 => {
            let mut planes = Vec::new();
            for byte in 0..size {
                for &v in row {
                    planes.push(page.kind.bits(v).to_be_bytes()[8 - size + byte]);
                }
            }
            (0..planes.len())
                .map(|i| {
                    let left = if i >= stride { planes[i - stride] } else { 0 };
                    planes[i].wrapping_sub(left)
                })
                .collect()
        }
        _ => bytes_of(flavor, page.kind, row),
    }
}

fn pack(packing: Packing, bytes: &[u8]) -> Vec<u8> {
    match packing {
        Packing::None => bytes.to_vec(),
        Packing::Deflate => compress_to_vec_zlib(bytes, 6),
        Packing::PackBits => {
            let mut out = Vec::new();
            let mut at = 0;
            while at < bytes.len() {
                let run = bytes[at..]
                    .iter()
                    .take(128)
                    .take_while(|b| **b == bytes[at])
                    .count();
                if run > 1 {
                    out.push((1 - run as i32) as i8 as u8);
                    out.push(bytes[at]);
                    at += run;
                } else {
                    out.extend([0, bytes[at]]);
                    at += 1;
                }
            }
            out
        }
        Packing::Lzw => lzw(bytes),
    }
}

/// LZW without a memory: a clear code before the codes grow past nine bits. Valid, and larger than its input.
fn lzw(bytes: &[u8]) -> Vec<u8> {
    let mut codes = Vec::new();
    for part in bytes.chunks(250) {
        codes.push(256_u32);
        codes.extend(part.iter().map(|&b| u32::from(b)));
    }
    codes.push(257);
    let mut out = Vec::new();
    let (mut buffer, mut held) = (0_u32, 0);
    for code in codes {
        buffer = (buffer << 9) | code;
        held += 9;
        while held >= 8 {
            held -= 8;
            out.push((buffer >> held) as u8);
            buffer &= (1 << held) - 1;
        }
    }
    if held > 0 {
        out.push((buffer << (8 - held)) as u8);
    }
    out
}
