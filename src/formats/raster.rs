//! PNG and BMP through the `image` crate, JPEG through the decoder that `image` and `tiff` use themselves: called directly and on the
//! same kind of source as `tiff` calls it, it is in the page's program once instead of three times.
//!
//! Their resolution tags are print resolutions and are not looked at: such files carry no calibration.

use std::cell::RefCell;
use std::io::{BufReader, ErrorKind, Read, Seek, SeekFrom};

use image::codecs::{bmp::BmpDecoder, png::PngDecoder};
use image::error::{DecodingError, UnsupportedError, UnsupportedErrorKind};
use image::{ColorType, ExtendedColorType, ImageDecoder, ImageError, ImageFormat};
use zune_jpeg::JpegDecoder;
use zune_jpeg::errors::DecodeErrors;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use super::{Document, Format, FormatError, Limits, PlaneSamples, SourceReader};
use crate::formats::error::part;
use crate::language::{Said, said};
use crate::signal::{Axis, AxisRole, Dtype, Metadata, NoticeKind, Notices, Samples, Signal};

/// A picture file with one picture.
pub(super) struct RasterDocument {
    format: Format,
    reader: RefCell<SourceReader>,
    limits: Limits,
    signals: Vec<Signal>,
}

/// How the decoder delivers its samples.
#[derive(Clone, Copy)]
struct Layout {
    width: u32,
    height: u32,
    /// Samples per pixel as delivered.
    channels: usize,
    /// Whether the last of them is alpha.
    alpha: bool,
    /// 16-bit samples; 8-bit otherwise.
    wide: bool,
}

impl Layout {
    fn colors(self) -> usize {
        self.channels.saturating_sub(usize::from(self.alpha))
    }

    fn bytes(self) -> u64 {
        u64::from(self.width)
            .saturating_mul(u64::from(self.height))
            .saturating_mul(self.channels as u64)
            .saturating_mul(if self.wide { 2 } else { 1 })
    }
}

impl RasterDocument {
    pub(super) fn open(
        format: Format,
        mut reader: SourceReader,
        limits: &Limits,
        notices: &mut Notices,
    ) -> Result<RasterDocument, FormatError> {
        check_complete(format, &mut reader)?;
        let (layout, original) = with_decoder(format, &mut reader, |decoder| {
            let layout = layout(format, &decoder)?;
            Ok((layout, decoder.original_color_type()))
        })?;
        check_limits(format, layout, reader.len(), limits)?;
        if layout.colors() > 1 {
            notices.add(NoticeKind::ColorConverted {
                channels: layout.colors(),
            });
        }
        let dtype = match (layout.colors() > 1, layout.wide) {
            (true, _) => Dtype::F32,
            (false, true) => Dtype::U16,
            (false, false) => Dtype::U8,
        };
        let axis = |name: &str, size: u32| Axis::new(name, size as usize, AxisRole::Signal);
        let signal = Signal {
            title: String::new(),
            dtype,
            axes: vec![axis("height", layout.height), axis("width", layout.width)],
            metadata: Metadata::default(),
            tags: vec![("ColorType".into(), format!("{original:?}"))],
        };
        Ok(RasterDocument {
            format,
            reader: RefCell::new(reader),
            limits: *limits,
            signals: vec![signal],
        })
    }
}

impl Document for RasterDocument {
    fn format(&self) -> Format {
        self.format
    }

    fn signals(&self) -> &[Signal] {
        &self.signals
    }

    fn read_plane(
        &self,
        signal: usize,
        plane: usize,
        notices: &mut Notices,
    ) -> Result<PlaneSamples, FormatError> {
        if signal != 0 || plane != 0 {
            return Err(FormatError::Malformed {
                format: self.format,
                field: said!("signal {signal}, plane {plane}" | "Signal {signal}, Ebene {plane}"),
                offset: None,
                reason: said!("the file holds one picture" | "die Datei enthält ein einziges Bild"),
            });
        }
        let reader = &mut *self.reader.borrow_mut();
        let length = reader.len();
        let (layout, bytes) = with_decoder(self.format, reader, |decoder| {
            let layout = layout(self.format, &decoder)?;
            check_limits(self.format, layout, length, &self.limits)?;
            let size = usize::try_from(decoder.total_bytes()).unwrap_or(usize::MAX);
            if size as u64 != layout.bytes() {
                return Err(malformed(
                    self.format,
                    "size",
                    said!("it contradicts itself" | "sie widerspricht sich"),
                ));
            }
            let mut bytes = vec![0; size];
            decoder
                .read_image(&mut bytes)
                .map_err(|e| from_image(self.format, "pixels", e))?;
            Ok((layout, bytes))
        })?;
        if layout.colors() > 1 {
            notices.add(NoticeKind::ColorConverted {
                channels: layout.colors(),
            });
        }
        Ok(gray(layout, &bytes))
    }
}

/// Takes the gray samples out, or the mean of the colors; alpha is dropped.
fn gray(layout: Layout, bytes: &[u8]) -> PlaneSamples {
    let colors = layout.colors();
    let values: Vec<u16> = if layout.wide {
        let (pairs, _) = bytes.as_chunks::<2>();
        pairs.iter().map(|b| u16::from_ne_bytes(*b)).collect()
    } else {
        Vec::new()
    };
    let samples = match (colors > 1, layout.wide) {
        (true, true) => Samples::F32(mean_of_colors(&values, layout.channels, colors)),
        (true, false) => Samples::F32(mean_of_colors(bytes, layout.channels, colors)),
        (false, true) if layout.channels == 1 => Samples::U16(values),
        (false, true) => Samples::U16(first_of(&values, layout.channels)),
        (false, false) => Samples::U8(first_of(bytes, layout.channels)),
    };
    PlaneSamples {
        width: layout.width as usize,
        height: layout.height as usize,
        samples,
        saturation: Some(if layout.wide {
            f64::from(u16::MAX)
        } else {
            f64::from(u8::MAX)
        }),
    }
}

fn first_of<T: Copy>(values: &[T], channels: usize) -> Vec<T> {
    values.iter().step_by(channels.max(1)).copied().collect()
}

/// Mean of the first `colors` of every `channels` samples.
pub(super) fn mean_of_colors<T: Copy + Into<f64>>(
    values: &[T],
    channels: usize,
    colors: usize,
) -> Vec<f32> {
    values
        .chunks_exact(channels.max(1))
        .map(|pixel| {
            let sum: f64 = pixel.iter().take(colors).map(|&v| v.into()).sum();
            (sum / colors.max(1) as f64) as f32
        })
        .collect()
}

fn layout<D: ImageDecoder>(format: Format, decoder: &D) -> Result<Layout, FormatError> {
    let (width, height) = decoder.dimensions();
    let (channels, alpha, wide) = match decoder.color_type() {
        ColorType::L8 => (1, false, false),
        ColorType::La8 => (2, true, false),
        ColorType::Rgb8 => (3, false, false),
        ColorType::Rgba8 => (4, true, false),
        ColorType::L16 => (1, false, true),
        ColorType::La16 => (2, true, true),
        ColorType::Rgb16 => (3, false, true),
        ColorType::Rgba16 => (4, true, true),
        other => {
            return Err(FormatError::Unsupported {
                format,
                field: said!("color type {other:?}" | "den Farbtyp {other:?}"),
                remedy: said!("export it in gray" | "in Graustufen exportieren"),
            });
        }
    };
    if width == 0 || height == 0 {
        return Err(malformed(
            format,
            "size",
            said!("it holds no pixel" | "es ist kein Pixel darin"),
        ));
    }
    Ok(Layout {
        width,
        height,
        channels,
        alpha,
        wide,
    })
}

fn check_limits(
    format: Format,
    layout: Layout,
    length: u64,
    limits: &Limits,
) -> Result<(), FormatError> {
    let decoded = || said!("number of decoded bytes" | "die Zahl der Bytes nach dem Entpacken");
    let over = |field, value, limit| FormatError::LimitExceeded {
        format,
        field,
        value,
        limit,
    };
    let pixels = u64::from(layout.width).saturating_mul(u64::from(layout.height));
    if pixels > limits.pixels {
        return Err(over(
            said!("number of pixels" | "die Zahl der Pixel"),
            pixels,
            limits.pixels,
        ));
    }
    let bytes = layout.bytes();
    if bytes > limits.bytes {
        return Err(over(decoded(), bytes, limits.bytes));
    }
    // Pixels of one bit are delivered as bytes, hence the 8.
    let allowed = length.saturating_mul(limits.ratio).saturating_mul(8);
    if bytes > allowed {
        return Err(over(decoded(), bytes, allowed));
    }
    Ok(())
}

/// Runs `job` on the decoder of the format, from the start of the file.
fn with_decoder<T>(
    format: Format,
    reader: &mut SourceReader,
    job: impl FnOnce(AnyDecoder<'_>) -> Result<T, FormatError>,
) -> Result<T, FormatError> {
    reader
        .seek(SeekFrom::Start(0))
        .map_err(|source| FormatError::Io {
            format,
            offset: Some(0),
            source,
        })?;
    let reader = BufReader::new(reader);
    let fail = |e| from_image(format, "header", e);
    job(match format {
        Format::Png => AnyDecoder::Png(Box::new(PngDecoder::new(reader).map_err(fail)?)),
        Format::Jpeg => AnyDecoder::Jpeg(Box::new(Jpeg::new(reader).map_err(fail)?)),
        _ => AnyDecoder::Bmp(Box::new(BmpDecoder::new(reader).map_err(fail)?)),
    })
}

type Buffered<'a> = BufReader<&'a mut SourceReader>;

enum AnyDecoder<'a> {
    Png(Box<PngDecoder<Buffered<'a>>>),
    Jpeg(Box<Jpeg>),
    Bmp(Box<BmpDecoder<Buffered<'a>>>),
}

/// A JPEG picture with its headers read.
struct Jpeg {
    decoder: JpegDecoder<ZCursor<Vec<u8>>>,
    width: u32,
    height: u32,
    /// As delivered: gray stays gray, everything else becomes RGB.
    color: ColorType,
}

impl Jpeg {
    fn new(mut reader: impl Read) -> Result<Jpeg, ImageError> {
        let mut bytes = Vec::new();
        reader.read_to_end(&mut bytes)?;
        // Sizes are checked against our own limits before anything is decoded.
        let options = DecoderOptions::default()
            .set_strict_mode(false)
            .set_max_width(usize::MAX)
            .set_max_height(usize::MAX);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
        decoder.decode_headers().map_err(from_jpeg)?;
        let (space, color) = match decoder.input_colorspace() {
            Some(ColorSpace::Luma) => (ColorSpace::Luma, ColorType::L8),
            _ => (ColorSpace::RGB, ColorType::Rgb8),
        };
        decoder.set_options(options.jpeg_set_out_colorspace(space));
        let (width, height) = decoder.dimensions().unwrap_or_default();
        Ok(Jpeg {
            decoder,
            // JPEG has 16 bits for a side.
            width: u32::try_from(width).unwrap_or(u32::MAX),
            height: u32::try_from(height).unwrap_or(u32::MAX),
            color,
        })
    }
}

fn from_jpeg(error: DecodeErrors) -> ImageError {
    let format = ImageFormat::Jpeg.into();
    match error {
        DecodeErrors::Unsupported(scheme) => {
            let kind = UnsupportedErrorKind::GenericFeature(format!("{scheme:?}"));
            ImageError::Unsupported(UnsupportedError::from_format_and_kind(format, kind))
        }
        other => ImageError::Decoding(DecodingError::new(format, other)),
    }
}

impl ImageDecoder for AnyDecoder<'_> {
    fn dimensions(&self) -> (u32, u32) {
        match self {
            AnyDecoder::Png(d) => d.dimensions(),
            AnyDecoder::Jpeg(d) => (d.width, d.height),
            AnyDecoder::Bmp(d) => d.dimensions(),
        }
    }

    fn color_type(&self) -> ColorType {
        match self {
            AnyDecoder::Png(d) => d.color_type(),
            AnyDecoder::Jpeg(d) => d.color,
            AnyDecoder::Bmp(d) => d.color_type(),
        }
    }

    fn original_color_type(&self) -> ExtendedColorType {
        match self {
            AnyDecoder::Png(d) => d.original_color_type(),
            AnyDecoder::Jpeg(d) => d.color.into(),
            AnyDecoder::Bmp(d) => d.original_color_type(),
        }
    }

    fn read_image(self, buffer: &mut [u8]) -> Result<(), ImageError> {
        match self {
            AnyDecoder::Png(d) => d.read_image(buffer),
            AnyDecoder::Jpeg(mut d) => d.decoder.decode_into(buffer).map_err(from_jpeg),
            AnyDecoder::Bmp(d) => d.read_image(buffer),
        }
    }

    fn read_image_boxed(self: Box<Self>, buffer: &mut [u8]) -> Result<(), ImageError> {
        (*self).read_image(buffer)
    }
}

fn malformed(format: Format, field: &str, reason: Said) -> FormatError {
    FormatError::Malformed {
        format,
        field: part(field),
        offset: None,
        reason,
    }
}

fn from_image(format: Format, field: &str, error: ImageError) -> FormatError {
    match error {
        ImageError::IoError(e) if e.kind() == ErrorKind::UnexpectedEof => FormatError::Truncated {
            format,
            field: part(field),
            offset: None,
        },
        ImageError::IoError(source) => FormatError::Io {
            format,
            offset: None,
            source,
        },
        ImageError::Unsupported(e) => FormatError::Unsupported {
            format,
            field: Said::name(e.to_string()),
            remedy: said!("export it as TIFF" | "als TIFF exportieren"),
        },
        other => malformed(format, field, Said::name(other.to_string())),
    }
}

/// A picture cut short is found before it is decoded: decoders fill the missing part in with gray, silently (JPEG), or
/// call it corrupt (PNG).
fn check_complete(format: Format, reader: &mut SourceReader) -> Result<(), FormatError> {
    let walked = match format {
        Format::Png => walk_png(reader),
        Format::Jpeg => walk_jpeg(reader),
        _ => walk_bmp(reader),
    };
    walked.map_err(|(field, source)| {
        if source.kind() == ErrorKind::UnexpectedEof {
            FormatError::Truncated {
                format,
                field: part(field),
                offset: Some(reader.len()),
            }
        } else {
            FormatError::Io {
                format,
                offset: None,
                source,
            }
        }
    })
}

type Walk = Result<(), (&'static str, std::io::Error)>;

fn ended(field: &'static str) -> Walk {
    Err((field, ErrorKind::UnexpectedEof.into()))
}

/// Chunk by chunk to IEND (PNG specification, section 5.3: length, type, data, CRC).
fn walk_png(reader: &mut SourceReader) -> Walk {
    let mut offset = 8_u64;
    loop {
        let mut head = [0; 8];
        reader
            .read_exact_at(offset, &mut head)
            .map_err(|e| ("chunks", e))?;
        let [a, b, c, d, kind @ ..] = head;
        let length = u64::from(u32::from_be_bytes([a, b, c, d]));
        offset = offset.saturating_add(length).saturating_add(12);
        if offset > reader.len() {
            return ended("image data");
        }
        if &kind == b"IEND" {
            return Ok(());
        }
    }
}

/// Marker by marker to EOI (ITU-T T.81, section B.1); within the entropy-coded data FF is followed by 00 or a restart.
fn walk_jpeg(reader: &mut SourceReader) -> Walk {
    let mut offset = 2_u64;
    let mut entropy_coded = false;
    loop {
        let mut pair = [0; 2];
        reader
            .read_exact_at(offset, &mut pair)
            .map_err(|e| ("image data", e))?;
        let [first, marker] = pair;
        if first != 0xff || (entropy_coded && matches!(marker, 0x00 | 0xd0..=0xd7)) {
            // Outside the entropy-coded data this is a broken file, which the decoder will judge.
            offset = offset.saturating_add(1);
            continue;
        }
        match marker {
            0xd9 => return Ok(()),
            0xff => offset = offset.saturating_add(1),
            0x00 | 0x01 | 0xd0..=0xd8 => offset = offset.saturating_add(2),
            _ => {
                reader
                    .read_exact_at(offset.saturating_add(2), &mut pair)
                    .map_err(|e| ("markers", e))?;
                offset = offset
                    .saturating_add(2)
                    .saturating_add(u64::from(u16::from_be_bytes(pair)));
                entropy_coded = marker == 0xda;
            }
        }
    }
}

/// Uncompressed bitmaps tell their size; run-length coded ones are left to the decoder.
fn walk_bmp(reader: &mut SourceReader) -> Walk {
    // The oldest header ends after 26 bytes; a picture of one pixel may end before the 34th.
    let head = reader.head(34).map_err(|e| ("header", e))?;
    if head.len() < 26 {
        return ended("header");
    }
    let word = |at: usize| -> u32 {
        head.get(at..)
            .and_then(|b| b.first_chunk::<4>())
            .map_or(0, |b| u32::from_le_bytes(*b))
    };
    let short = |at: usize| word(at) & 0xffff;
    let core = word(14) == 12;
    let (width, height, bits, compression) = if core {
        (short(18), short(20), short(24), 0)
    } else {
        let absolute = |v: u32| v.cast_signed().unsigned_abs();
        (absolute(word(18)), absolute(word(22)), short(28), word(30))
    };
    if !matches!(compression, 0 | 3) {
        return Ok(());
    }
    // Rows are padded to four bytes.
    let row = u64::from(width)
        .saturating_mul(u64::from(bits))
        .div_ceil(32)
        .saturating_mul(4);
    let end = row
        .saturating_mul(u64::from(height))
        .saturating_add(u64::from(word(10)));
    if end > reader.len() {
        return ended("image data");
    }
    Ok(())
}
