//! One page: its geometry, checked once, so that decoding computes with sound numbers only.

use super::super::{Format, FormatError, Limits, SourceReader};
use super::ifd::{Directory, Entry, Header, Value, malformed, tag_name, truncated};
use crate::language::{Said, said, word};
use crate::signal::Dtype;

/// Kind of number (tag SampleFormat).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Number {
    Unsigned,
    Signed,
    Float,
}

/// What the samples of a pixel mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// One band is one picture; more bands are planes.
    Gray {
        /// Stored with white as 0.
        inverted: bool,
    },
    /// The first three samples are red, green, blue.
    Rgb,
    /// The same as luma and chroma (JPEG).
    YCbCr,
    /// One sample is an index into the color map.
    Palette,
}

/// Where the samples lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Chunks {
    Strips { rows: u32 },
    Tiles { width: u32, height: u32 },
}

/// One page, checked.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub width: u32,
    pub height: u32,
    pub bits: u16,
    pub number: Number,
    /// Samples per pixel in the file.
    pub samples: u16,
    pub meaning: Meaning,
    pub compression: u16,
    pub predictor: u16,
    pub separate: bool,
    pub chunks: Chunks,
    pub offsets: Entry,
    /// Absent in old uncompressed files of one strip.
    pub counts: Option<Entry>,
    /// Gray levels (0 to 255) of a color map that is no gray ramp. A gray ramp leaves the indices as they are, and so
    /// does ImageJ's look-up table over measured values.
    pub palette: Option<Vec<f32>>,
    pub jpeg_tables: Option<Entry>,
    /// Alpha is the first extra sample of a gray page.
    pub gray_alpha: bool,
    pub directory: Directory,
}

pub(super) const COMPRESSION_NONE: u16 = 1;
pub(super) const COMPRESSION_JPEG: u16 = 7;

struct Tags<'a> {
    header: &'a Header,
    reader: &'a mut SourceReader,
    directory: &'a Directory,
}

impl Tags<'_> {
    fn numbers(&mut self, tag: u16) -> Result<Option<Vec<u64>>, FormatError> {
        let Some(entry) = self.directory.entry(tag) else {
            return Ok(None);
        };
        match self.header.value(self.reader, entry)? {
            Value::Unsigned(v) if !v.is_empty() => Ok(Some(v)),
            Value::Signed(v) if v.iter().all(|&x| x >= 0) && !v.is_empty() => {
                Ok(Some(v.into_iter().map(i64::unsigned_abs).collect()))
            }
            _ => Err(malformed(
                &tag_name(tag),
                Some(entry.offset),
                said!("it holds no whole number" | "darin steht keine ganze Zahl"),
            )),
        }
    }

    fn number(&mut self, tag: u16) -> Result<Option<u64>, FormatError> {
        Ok(self.numbers(tag)?.and_then(|v| v.first().copied()))
    }

    fn required(&mut self, tag: u16) -> Result<u32, FormatError> {
        let value = self.number(tag)?.ok_or_else(|| {
            malformed(
                &tag_name(tag),
                Some(self.directory.offset),
                said!("the tag is missing" | "der Tag fehlt"),
            )
        })?;
        match u32::try_from(value) {
            Ok(0) | Err(_) => Err(malformed(
                &tag_name(tag),
                Some(self.directory.offset),
                said!("{value} is out of range" | "{value} ist nicht erlaubt"),
            )),
            Ok(value) => Ok(value),
        }
    }

    fn short(&mut self, tag: u16, default: u16) -> Result<u16, FormatError> {
        let value = self.number(tag)?.unwrap_or(default.into());
        u16::try_from(value).map_err(|_| {
            malformed(
                &tag_name(tag),
                Some(self.directory.offset),
                said!("{value} is out of range" | "{value} ist nicht erlaubt"),
            )
        })
    }
}

fn unsupported(field: Said) -> FormatError {
    FormatError::Unsupported {
        format: Format::Tiff,
        field,
        remedy: said!(
            "export it as TIFF of 8, 16 or 32 bit, uncompressed or with LZW, deflate or PackBits"
                | "als TIFF mit 8, 16 oder 32 Bit exportieren, unkomprimiert oder mit LZW, deflate oder PackBits"
        ),
    }
}

impl Page {
    /// Checks a directory.
    pub(super) fn new(
        header: &Header,
        reader: &mut SourceReader,
        directory: Directory,
        limits: &Limits,
    ) -> Result<Page, FormatError> {
        let mut tags = Tags {
            header,
            reader,
            directory: &directory,
        };
        let (width, height) = (tags.required(256)?, tags.required(257)?);
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if pixels > limits.pixels {
            return Err(FormatError::LimitExceeded {
                format: Format::Tiff,
                field: said!("number of pixels" | "die Zahl der Pixel"),
                value: pixels,
                limit: limits.pixels,
            });
        }
        let samples = tags.short(277, 1)?;
        let bits = same(tags.numbers(258)?, 1, "BitsPerSample")?;
        let number = match same(tags.numbers(339)?, 1, "SampleFormat")? {
            1 | 4 => Number::Unsigned,
            2 => Number::Signed,
            3 => Number::Float,
            5 | 6 => return Err(unsupported(said!("complex samples" | "komplexe Werte"))),
            other => return Err(unsupported(Said::name(format!("SampleFormat {other}")))),
        };
        dtype(number, bits)?;
        let compression = tags.short(259, COMPRESSION_NONE)?;
        check_compression(compression)?;
        let predictor = tags.short(317, 1)?;
        if !matches!(predictor, 1..=3) {
            return Err(unsupported(Said::name(format!("Predictor {predictor}"))));
        }
        if (predictor == 3 && number != Number::Float) || (predictor == 2 && bits < 8) {
            return Err(malformed(
                "Predictor",
                Some(directory.offset),
                said!(
                    "predictor {predictor} does not go with {bits}-bit samples of this kind"
                        | "Prädiktor {predictor} passt nicht zu {bits}-Bit-Werten dieser Art"
                ),
            ));
        }
        if tags.short(266, 1)? == 2 {
            return Err(unsupported(said!(
                "reversed bit order (FillOrder 2)" | "umgekehrte Bitfolge (FillOrder 2)"
            )));
        }
        let photometric = tags.number(262)?;
        let extra = tags.numbers(338)?.unwrap_or_default();
        let meaning = meaning(photometric, samples, bits, compression, number)?;
        let palette = match meaning {
            Meaning::Palette => palette(&tags.numbers(320)?.unwrap_or_default()),
            _ => None,
        };
        let separate = match tags.short(284, 1)? {
            1 => false,
            2 => samples > 1,
            other => {
                return Err(malformed(
                    "PlanarConfiguration",
                    Some(directory.offset),
                    said!("{other} is out of range" | "{other} ist nicht erlaubt"),
                ));
            }
        };
        let chunks = chunks(&mut tags, width, height)?;
        let (offsets_tag, counts_tag) = match chunks {
            Chunks::Strips { .. } => (273, 279),
            Chunks::Tiles { .. } => (324, 325),
        };
        let offsets = directory.entry(offsets_tag).copied().ok_or_else(|| {
            malformed(
                &tag_name(offsets_tag),
                Some(directory.offset),
                said!("the tag is missing" | "der Tag fehlt"),
            )
        })?;
        let page = Page {
            width,
            height,
            bits,
            number,
            samples,
            meaning,
            compression,
            predictor,
            separate,
            chunks,
            offsets,
            counts: directory.entry(counts_tag).copied(),
            palette,
            jpeg_tables: directory.entry(347).copied(),
            gray_alpha: samples == 2 && matches!(extra.first(), Some(1 | 2)),
            directory,
        };
        page.check_size(limits)?;
        Ok(page)
    }

    fn check_size(&self, limits: &Limits) -> Result<(), FormatError> {
        let bytes = self.decoded_bytes();
        if bytes > limits.bytes {
            return Err(FormatError::LimitExceeded {
                format: Format::Tiff,
                field: said!("number of decoded bytes" | "die Zahl der Bytes nach dem Entpacken"),
                value: bytes,
                limit: limits.bytes,
            });
        }
        Ok(())
    }

    /// Bytes of a row of one component, or of all of them where they are interleaved.
    pub(super) fn row_bytes(&self) -> u64 {
        let interleaved = if self.separate { 1 } else { self.samples };
        u64::from(self.width)
            .saturating_mul(u64::from(self.bits))
            .saturating_mul(u64::from(interleaved))
            .div_ceil(8)
    }

    /// Bytes that decoding one component (or all interleaved) yields.
    pub(super) fn decoded_bytes(&self) -> u64 {
        self.row_bytes().saturating_mul(u64::from(self.height))
    }

    /// Chunks of one component.
    pub(super) fn chunks_per_component(&self) -> u64 {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        match self.chunks {
            Chunks::Strips { rows } => height.div_ceil(u64::from(rows)),
            Chunks::Tiles {
                width: tile_width,
                height: tile_height,
            } => width
                .div_ceil(u64::from(tile_width))
                .saturating_mul(height.div_ceil(u64::from(tile_height))),
        }
    }

    /// Bands that are pictures of their own.
    pub(super) fn bands(&self) -> u16 {
        match self.meaning {
            Meaning::Gray { .. } if !self.gray_alpha => self.samples,
            _ => 1,
        }
    }

    /// Color channels that go into one picture.
    pub(super) fn colors(&self) -> usize {
        match self.meaning {
            Meaning::Rgb | Meaning::YCbCr => 3,
            Meaning::Palette if self.palette.is_some() => 3,
            _ => 1,
        }
    }

    /// Type of the samples as they are handed out.
    pub(super) fn dtype(&self) -> Dtype {
        match dtype(self.number, self.bits) {
            Ok(dtype) if self.colors() == 1 => dtype,
            _ => Dtype::F32,
        }
    }

    /// Offsets and byte counts of the chunks, all inside the file.
    pub(super) fn table(
        &self,
        header: &Header,
        reader: &mut SourceReader,
    ) -> Result<Vec<(u64, u64)>, FormatError> {
        let name = tag_name(self.offsets.tag);
        let wrong = |offset, reason: Said| malformed(&name, Some(offset), reason);
        let Value::Unsigned(offsets) = header.value(reader, &self.offsets)? else {
            return Err(wrong(
                self.offsets.offset,
                said!("it holds no offsets" | "darin stehen keine Adressen"),
            ));
        };
        let components = if self.separate { self.samples } else { 1 };
        let expected = self
            .chunks_per_component()
            .saturating_mul(u64::from(components));
        if offsets.len() as u64 != expected {
            return Err(wrong(
                self.offsets.offset,
                said!(
                    "{} where the size asks for {expected}"
                        | "{}, wo die Größe {expected} verlangt",
                    offsets.len()
                ),
            ));
        }
        let counts = match &self.counts {
            Some(entry) => match header.value(reader, entry)? {
                Value::Unsigned(counts) if counts.len() == offsets.len() => counts,
                _ => {
                    return Err(malformed(
                        &tag_name(entry.tag),
                        Some(entry.offset),
                        said!("it does not match the offsets" | "es passt nicht zu den Adressen"),
                    ));
                }
            },
            None if self.compression == COMPRESSION_NONE && offsets.len() == 1 => {
                vec![self.decoded_bytes()]
            }
            None => {
                return Err(malformed(
                    "StripByteCounts",
                    Some(self.directory.offset),
                    said!("the tag is missing" | "der Tag fehlt"),
                ));
            }
        };
        let table: Vec<(u64, u64)> = offsets.into_iter().zip(counts).collect();
        for &(offset, count) in &table {
            if offset.saturating_add(count) > reader.len() {
                return Err(truncated("image data", offset));
            }
        }
        self.check_uncompressed(&table)?;
        Ok(table)
    }

    /// Uncompressed chunks must hold what the size asks for; compressed ones must be able to.
    fn check_uncompressed(&self, table: &[(u64, u64)]) -> Result<(), FormatError> {
        if self.compression != COMPRESSION_NONE {
            return Ok(());
        }
        let full_rows = match self.chunks {
            Chunks::Strips { rows } => u64::from(rows),
            Chunks::Tiles { height, .. } => u64::from(height),
        };
        let per_component = self.chunks_per_component();
        for (index, &(offset, count)) in table.iter().enumerate() {
            let needed = match self.chunks {
                Chunks::Strips { .. } => {
                    let strip = (index as u64).checked_rem(per_component).unwrap_or(0);
                    let above = strip.saturating_mul(full_rows);
                    let rows = u64::from(self.height).saturating_sub(above).min(full_rows);
                    self.row_bytes().saturating_mul(rows)
                }
                Chunks::Tiles { width, height } => u64::from(width)
                    .saturating_mul(u64::from(self.bits))
                    .saturating_mul(u64::from(if self.separate { 1 } else { self.samples }))
                    .div_ceil(8)
                    .saturating_mul(u64::from(height)),
            };
            if count < needed {
                return Err(malformed(
                    "image data",
                    Some(offset),
                    said!(
                        "{count} bytes where the size asks for {needed}"
                            | "{count} Bytes, wo die Größe {needed} verlangt"
                    ),
                ));
            }
        }
        Ok(())
    }
}

fn chunks(tags: &mut Tags<'_>, width: u32, height: u32) -> Result<Chunks, FormatError> {
    if tags.directory.entry(324).is_some() {
        let (tile_width, tile_height) = (tags.required(322)?, tags.required(323)?);
        // Tiles may stick out by less than one tile; one that is far larger than the page is an attack on memory.
        const SLACK: u32 = 8192;
        if tile_width > width.saturating_add(SLACK) || tile_height > height.saturating_add(SLACK) {
            return Err(malformed(
                "TileWidth",
                Some(tags.directory.offset),
                said!(
                    "a tile is far larger than the page"
                        | "eine Kachel ist viel größer als die Seite"
                ),
            ));
        }
        return Ok(Chunks::Tiles {
            width: tile_width,
            height: tile_height,
        });
    }
    let rows = tags.number(278)?.unwrap_or(u64::from(height));
    let rows = u32::try_from(rows).unwrap_or(height).min(height);
    if rows == 0 {
        return Err(malformed(
            "RowsPerStrip",
            Some(tags.directory.offset),
            said!("0 is out of range" | "0 ist nicht erlaubt"),
        ));
    }
    Ok(Chunks::Strips { rows })
}

/// Mean of the channels of each color (all reds, then all greens, then all blues, to 65535), scaled to 255; `None` for a
/// gray ramp or a map that is none.
fn palette(map: &[u64]) -> Option<Vec<f32>> {
    let size = map.len().checked_div(3).filter(|&n| n > 0)?;
    let (red, rest) = map.split_at_checked(size)?;
    let (green, blue) = rest.split_at_checked(size)?;
    if red == green && green == blue && red.is_sorted() {
        return None;
    }
    let level = |((r, g), b): ((&u64, &u64), &u64)| {
        (r.saturating_add(*g).saturating_add(*b) as f64 / (3.0 * 257.0)) as f32
    };
    Some(red.iter().zip(green).zip(blue).map(level).collect())
}

/// The one value that all samples share.
fn same(values: Option<Vec<u64>>, default: u16, what: &str) -> Result<u16, FormatError> {
    let Some(values) = values else {
        return Ok(default);
    };
    let first = values.first().copied().unwrap_or(default.into());
    if values.iter().any(|&v| v != first) {
        return Err(unsupported(said!(
            "a mixture of {what} ({values:?})" | "eine Mischung von {what} ({values:?})"
        )));
    }
    u16::try_from(first).map_err(|_| unsupported(Said::name(format!("{what} {first}"))))
}

/// Bits below 8 are unpacked to bytes, half floats widened.
pub(super) fn dtype(number: Number, bits: u16) -> Result<Dtype, FormatError> {
    Ok(match (number, bits) {
        (Number::Unsigned, 1 | 2 | 4 | 8) => Dtype::U8,
        (Number::Unsigned, 16) => Dtype::U16,
        (Number::Unsigned, 32) => Dtype::U32,
        (Number::Signed, 8) => Dtype::I8,
        (Number::Signed, 16) => Dtype::I16,
        (Number::Signed, 32) => Dtype::I32,
        (Number::Float, 16 | 32) => Dtype::F32,
        (Number::Float, 64) => Dtype::F64,
        (Number::Unsigned, _) => {
            return Err(unsupported(said!(
                "{bits}-bit samples" | "{bits}-Bit-Werte"
            )));
        }
        (Number::Signed, _) => {
            return Err(unsupported(said!(
                "signed {bits}-bit samples" | "{bits}-Bit-Werte mit Vorzeichen"
            )));
        }
        (Number::Float, _) => {
            return Err(unsupported(said!(
                "{bits}-bit floating point" | "Gleitkommazahlen mit {bits} Bit"
            )));
        }
    })
}

fn meaning(
    photometric: Option<u64>,
    samples: u16,
    bits: u16,
    compression: u16,
    number: Number,
) -> Result<Meaning, FormatError> {
    if samples == 0 {
        return Err(malformed(
            "SamplesPerPixel",
            None,
            said!("a pixel has no sample" | "ein Pixel hat keinen Wert"),
        ));
    }
    let bits_wrong = samples > 1 && bits < 8;
    match photometric {
        _ if bits_wrong => Err(unsupported(said!(
            "{samples} samples of {bits} bit per pixel"
                | "{samples} Werte mit {bits} Bit in jedem Pixel"
        ))),
        Some(0) => Ok(Meaning::Gray {
            // White is the largest number an unsigned type holds; for the others the tag has no meaning.
            inverted: number == Number::Unsigned,
        }),
        Some(1) => Ok(Meaning::Gray { inverted: false }),
        None if samples < 3 => Ok(Meaning::Gray { inverted: false }),
        Some(2) | None if samples >= 3 => Ok(Meaning::Rgb),
        Some(3) if samples == 1 && number == Number::Unsigned && bits <= 16 => Ok(Meaning::Palette),
        Some(6) if compression == COMPRESSION_JPEG && samples == 3 => Ok(Meaning::YCbCr),
        Some(6) => Err(unsupported(said!(
            "YCbCr color outside JPEG" | "YCbCr-Farben außerhalb von JPEG"
        ))),
        Some(5) => Err(unsupported(said!("CMYK color" | "CMYK-Farben"))),
        Some(8..=10) => Err(unsupported(said!("Lab color" | "Lab-Farben"))),
        Some(32803) => Err(unsupported(said!(
            "color filter array" | "Farbfiltermosaike"
        ))),
        other => Err(unsupported(said!(
            "photometric interpretation {} with {samples} samples"
                | "PhotometricInterpretation {} mit {samples} Werten",
            other.unwrap_or(0)
        ))),
    }
}

fn check_compression(compression: u16) -> Result<(), FormatError> {
    if let COMPRESSION_NONE | 5 | COMPRESSION_JPEG | 8 | 32773 | 32946 = compression {
        return Ok(());
    }
    let name = || match compression {
        2..=4 => "CCITT fax",
        6 => word!("old-style JPEG" | "JPEG alter Art"),
        34712 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        50000 | 34926 => "zstd",
        50001 | 34927 => "WebP",
        50002 | 52546 => "JPEG XL",
        _ => word!("unknown" | "unbekannt"),
    };
    Err(unsupported(said!(
        "{} compression ({compression})" | "die Kompression {} ({compression})",
        name()
    )))
}
