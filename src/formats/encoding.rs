//! Bytes to samples for formats that store them uncompressed.

use half::f16;

use super::cursor::Order;
use crate::signal::{Dtype, Samples};

/// How samples lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// As their type, in a byte order.
    Plain(Dtype, Order),
    /// Blue, green, red, alpha (DigitalMicrograph).
    Bgra,
    /// Alpha, red, green, blue.
    Argb,
    /// Complex numbers of two 16-bit integers (MRC mode 3).
    ComplexI16(Order),
    /// Two 4-bit integers in a byte, the lower half first, rows filled up to whole bytes (MRC mode 101).
    Nibbles {
        /// Samples in a row.
        width: u64,
    },
    /// The half of a Fourier transform of real numbers that determines the rest (DigitalMicrograph), as pairs of floats.
    HalfTransform {
        /// Rows and columns, an even number.
        side: u64,
        /// 64-bit floats; 32-bit otherwise.
        wide: bool,
        order: Order,
    },
}

impl Encoding {
    /// Type of the samples as they are handed out.
    pub fn dtype(self) -> Dtype {
        match self {
            Encoding::Plain(dtype, _) => dtype,
            Encoding::Bgra | Encoding::Argb => Dtype::Rgba,
            Encoding::ComplexI16(_) => Dtype::C64,
            Encoding::Nibbles { .. } => Dtype::U8,
            Encoding::HalfTransform { wide: true, .. } => Dtype::C128,
            Encoding::HalfTransform { wide: false, .. } => Dtype::C64,
        }
    }

    /// Bytes in the file of so many samples (whole rows).
    pub fn stored_bytes(self, samples: u64) -> u64 {
        match self {
            Encoding::Plain(dtype, _) => samples.saturating_mul(dtype.bytes() as u64),
            Encoding::Bgra | Encoding::Argb | Encoding::ComplexI16(_) => samples.saturating_mul(4),
            Encoding::Nibbles { width } => {
                let rows = samples.checked_div(width).unwrap_or(0);
                rows.saturating_mul(width.div_ceil(2))
            }
            // Half as many numbers of twice the size.
            Encoding::HalfTransform { wide, .. } => {
                samples.saturating_mul(if wide { 8 } else { 4 })
            }
        }
    }

    /// Decodes whole planes; bytes that do not fill a sample are left out.
    pub fn decode(self, bytes: Vec<u8>) -> Samples {
        match self {
            Encoding::Plain(dtype, order) => plain(bytes, dtype, order),
            Encoding::Bgra => {
                let (pixels, _) = bytes.as_chunks::<4>();
                Samples::Rgba(pixels.iter().map(|&[b, g, r, a]| [r, g, b, a]).collect())
            }
            Encoding::Argb => {
                let (pixels, _) = bytes.as_chunks::<4>();
                Samples::Rgba(pixels.iter().map(|&[a, r, g, b]| [r, g, b, a]).collect())
            }
            Encoding::ComplexI16(order) => {
                let (words, _) = bytes.as_chunks::<4>();
                let part = |bytes: [u8; 2]| match order {
                    Order::Little => f32::from(i16::from_le_bytes(bytes)),
                    Order::Big => f32::from(i16::from_be_bytes(bytes)),
                };
                let whole = |&[a, b, c, d]: &[u8; 4]| [part([a, b]), part([c, d])];
                Samples::C64(words.iter().map(whole).collect())
            }
            Encoding::Nibbles { width } => {
                let width = usize::try_from(width).unwrap_or(usize::MAX);
                let row = width.div_ceil(2).max(1);
                let halves = |bytes: &[u8]| {
                    let both = bytes.iter().flat_map(|b| [b & 15, b >> 4]);
                    both.take(width).collect::<Vec<u8>>()
                };
                Samples::U8(bytes.chunks_exact(row).flat_map(halves).collect())
            }
            Encoding::HalfTransform { side, wide, order } => {
                let side = usize::try_from(side).unwrap_or(0);
                if wide {
                    let Samples::C128(half) = plain(bytes, Dtype::C128, order) else {
                        return Samples::C128(Vec::new());
                    };
                    Samples::C128(unfold(&half, side, 0.0, |[re, im]| [re, -im]))
                } else {
                    let Samples::C64(half) = plain(bytes, Dtype::C64, order) else {
                        return Samples::C64(Vec::new());
                    };
                    Samples::C64(unfold(&half, side, 0.0, |[re, im]| [re, -im]))
                }
            }
        }
    }
}

/// Runs over fixed-size chunks: such loops become plain copies where the order is the machine's.
fn plain(bytes: Vec<u8>, dtype: Dtype, order: Order) -> Samples {
    macro_rules! numbers {
        ($kind:ident, $t:ty, $n:literal) => {{
            let (chunks, _) = bytes.as_chunks::<$n>();
            Samples::$kind(match order {
                Order::Little => chunks.iter().map(|&b| <$t>::from_le_bytes(b)).collect(),
                Order::Big => chunks.iter().map(|&b| <$t>::from_be_bytes(b)).collect(),
            })
        }};
    }
    match dtype {
        Dtype::Bool => Samples::Bool(bytes.iter().map(|&b| b != 0).collect()),
        Dtype::U8 => Samples::U8(bytes),
        Dtype::I8 => Samples::I8(bytes.iter().map(|&b| b.cast_signed()).collect()),
        Dtype::U16 => numbers!(U16, u16, 2),
        Dtype::I16 => numbers!(I16, i16, 2),
        Dtype::U32 => numbers!(U32, u32, 4),
        Dtype::I32 => numbers!(I32, i32, 4),
        Dtype::U64 => numbers!(U64, u64, 8),
        Dtype::I64 => numbers!(I64, i64, 8),
        Dtype::F16 => numbers!(F16, f16, 2),
        Dtype::F32 => numbers!(F32, f32, 4),
        Dtype::F64 => numbers!(F64, f64, 8),
        Dtype::C64 => match plain(bytes, Dtype::F32, order) {
            Samples::F32(parts) => Samples::C64(parts.as_chunks::<2>().0.to_vec()),
            other => other,
        },
        Dtype::C128 => match plain(bytes, Dtype::F64, order) {
            Samples::F64(parts) => Samples::C128(parts.as_chunks::<2>().0.to_vec()),
            other => other,
        },
        Dtype::Rgb => Samples::Rgb(bytes.as_chunks::<3>().0.to_vec()),
        Dtype::Rgba => Samples::Rgba(bytes.as_chunks::<4>().0.to_vec()),
    }
}

/// The whole transform of real numbers from its half, frequency 0 at row and column N of 2N.
///
/// Row i holds frequencies N + 1 to 2N - 1 of its columns behind a first pair. Columns 0 (the highest frequency) and N
/// (frequency 0) determine each other's halves, so that one pair a row holds both: rows 1 to N - 1 those of column 0,
/// rows N + 1 to 2N - 1 those of column N; the pairs of rows 0 and N hold the four real numbers where these columns cross
/// rows 0 and N. The rest is F(-k) = F(k)*, which holds for the transform of real numbers.
fn unfold<T: Copy>(
    half: &[[T; 2]],
    side: usize,
    zero: T,
    conjugate: fn([T; 2]) -> [T; 2],
) -> Vec<[T; 2]> {
    let n = side.checked_div(2).unwrap_or(0);
    let mut whole = vec![[zero; 2]; side.saturating_mul(side)];
    let at = |row: usize, column: usize| row.saturating_mul(side).saturating_add(column);
    let stored = |row: usize, k: usize| {
        let index = row.saturating_mul(n).saturating_add(k);
        half.get(index).copied().unwrap_or([zero; 2])
    };
    let mirror = |i: usize| side.saturating_sub(i).checked_rem(side).unwrap_or(0);
    let mut put = |row: usize, column: usize, value: [T; 2]| {
        if let Some(to) = whole.get_mut(at(row, column)) {
            *to = value;
        }
        if (row, column) != (mirror(row), mirror(column))
            && let Some(to) = whole.get_mut(at(mirror(row), mirror(column)))
        {
            *to = conjugate(value);
        }
    };
    for row in 0..side {
        for k in 1..n {
            put(row, n.saturating_add(k), stored(row, k));
        }
    }
    for row in 1..n {
        put(n.saturating_add(row), 0, stored(row, 0));
        put(n.saturating_add(row), n, stored(n.saturating_add(row), 0));
    }
    let ([edge, corner], [center, side_middle]) = (stored(0, 0), stored(n, 0));
    put(n, 0, [edge, zero]);
    put(0, 0, [corner, zero]);
    put(n, n, [center, zero]);
    put(0, n, [side_middle, zero]);
    whole
}
