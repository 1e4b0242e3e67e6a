//! Samples in the type in which the file stores them.

use half::f16;
use serde::{Deserialize, Serialize};

/// Type of one sample as stored in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Dtype {
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
    /// Real and imaginary part, 32 bit each.
    C64,
    /// Real and imaginary part, 64 bit each.
    C128,
    /// Red, green, blue, 8 bit each.
    Rgb,
    /// Red, green, blue, alpha, 8 bit each.
    Rgba,
}

impl Dtype {
    /// The name numerical Python gives it, which is the field's: `uint16`, `float32`, `complex64`, …
    pub fn name(self) -> &'static str {
        match self {
            Dtype::Bool => "bool",
            Dtype::U8 => "uint8",
            Dtype::I8 => "int8",
            Dtype::U16 => "uint16",
            Dtype::I16 => "int16",
            Dtype::U32 => "uint32",
            Dtype::I32 => "int32",
            Dtype::U64 => "uint64",
            Dtype::I64 => "int64",
            Dtype::F16 => "float16",
            Dtype::F32 => "float32",
            Dtype::F64 => "float64",
            Dtype::C64 => "complex64",
            Dtype::C128 => "complex128",
            Dtype::Rgb => "rgb uint8 x3",
            Dtype::Rgba => "rgb(a) uint8 x4",
        }
    }

    /// Bytes of one sample.
    pub fn bytes(self) -> usize {
        match self {
            Dtype::Bool | Dtype::U8 | Dtype::I8 => 1,
            Dtype::U16 | Dtype::I16 | Dtype::F16 => 2,
            Dtype::Rgb => 3,
            Dtype::U32 | Dtype::I32 | Dtype::F32 | Dtype::Rgba => 4,
            Dtype::U64 | Dtype::I64 | Dtype::F64 | Dtype::C64 => 8,
            Dtype::C128 => 16,
        }
    }
}

/// Samples in the type in which the file stores them: 16-bit data stay 16-bit.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Samples {
    Bool(Vec<bool>),
    U8(Vec<u8>),
    I8(Vec<i8>),
    U16(Vec<u16>),
    I16(Vec<i16>),
    U32(Vec<u32>),
    I32(Vec<i32>),
    U64(Vec<u64>),
    I64(Vec<i64>),
    F16(Vec<f16>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    /// `[re, im]`.
    C64(Vec<[f32; 2]>),
    /// `[re, im]`.
    C128(Vec<[f64; 2]>),
    /// `[red, green, blue]`.
    Rgb(Vec<[u8; 3]>),
    /// `[red, green, blue, alpha]`.
    Rgba(Vec<[u8; 4]>),
}

/// One sample with all its parts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Sample {
    /// A number.
    Real(f64),
    /// `[re, im]`, or the channels of a color in their order.
    Parts(Vec<f64>),
}

impl Sample {
    /// The number, where it is a single one.
    pub fn real(&self) -> Option<f64> {
        match self {
            Sample::Real(value) => Some(*value),
            Sample::Parts(_) => None,
        }
    }
}

/// A type of sample: what a measurement sees of it.
trait Value: Copy {
    /// The number; the modulus of a complex one, the mean of the colors.
    fn real(self) -> f64;
    fn single(self) -> f32 {
        self.real() as f32
    }
    fn parts(self) -> Sample {
        Sample::Real(self.real())
    }
}

macro_rules! plain {
    ($($t:ty),*) => {$(
        impl Value for $t {
            #[allow(clippy::unnecessary_cast, clippy::cast_lossless)]
            fn real(self) -> f64 {
                self as f64
            }
            #[allow(clippy::unnecessary_cast, clippy::cast_lossless)]
            fn single(self) -> f32 {
                self as f32
            }
        }
    )*};
}
plain!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

impl Value for bool {
    fn real(self) -> f64 {
        f64::from(u8::from(self))
    }
}

impl Value for f16 {
    fn real(self) -> f64 {
        self.to_f64()
    }
}

impl Value for [f32; 2] {
    fn real(self) -> f64 {
        let [re, im] = self;
        libm::hypot(re.into(), im.into())
    }
    fn parts(self) -> Sample {
        Sample::Parts(self.map(f64::from).to_vec())
    }
}

impl Value for [f64; 2] {
    fn real(self) -> f64 {
        let [re, im] = self;
        libm::hypot(re, im)
    }
    fn parts(self) -> Sample {
        Sample::Parts(self.to_vec())
    }
}

impl Value for [u8; 3] {
    fn real(self) -> f64 {
        self.map(f64::from).iter().sum::<f64>() / 3.0
    }
    fn parts(self) -> Sample {
        Sample::Parts(self.map(f64::from).to_vec())
    }
}

impl Value for [u8; 4] {
    fn real(self) -> f64 {
        let [red, green, blue, _] = self;
        [red, green, blue].real()
    }
    fn parts(self) -> Sample {
        Sample::Parts(self.map(f64::from).to_vec())
    }
}

/// Their sum, in four parts that do not wait for one another.
fn total<T: Value>(values: &[T]) -> f64 {
    let (fours, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    for four in fours {
        for (s, v) in sums.iter_mut().zip(four) {
            *s += v.real();
        }
    }
    let [a, b, c, d] = sums;
    let rest: f64 = rest.iter().map(|v| v.real()).sum();
    (a + b) + (c + d) + rest
}

/// Runs `$body` with `$v` bound to the vector of whichever type the samples have.
macro_rules! each {
    ($samples:expr, $v:ident => $body:expr) => {
        match $samples {
            Samples::Bool($v) => $body,
            Samples::U8($v) => $body,
            Samples::I8($v) => $body,
            Samples::U16($v) => $body,
            Samples::I16($v) => $body,
            Samples::U32($v) => $body,
            Samples::I32($v) => $body,
            Samples::U64($v) => $body,
            Samples::I64($v) => $body,
            Samples::F16($v) => $body,
            Samples::F32($v) => $body,
            Samples::F64($v) => $body,
            Samples::C64($v) => $body,
            Samples::C128($v) => $body,
            Samples::Rgb($v) => $body,
            Samples::Rgba($v) => $body,
        }
    };
}

impl Samples {
    /// Number of samples.
    pub fn len(&self) -> usize {
        each!(self, v => v.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Type of one sample.
    pub fn dtype(&self) -> Dtype {
        match self {
            Samples::Bool(_) => Dtype::Bool,
            Samples::U8(_) => Dtype::U8,
            Samples::I8(_) => Dtype::I8,
            Samples::U16(_) => Dtype::U16,
            Samples::I16(_) => Dtype::I16,
            Samples::U32(_) => Dtype::U32,
            Samples::I32(_) => Dtype::I32,
            Samples::U64(_) => Dtype::U64,
            Samples::I64(_) => Dtype::I64,
            Samples::F16(_) => Dtype::F16,
            Samples::F32(_) => Dtype::F32,
            Samples::F64(_) => Dtype::F64,
            Samples::C64(_) => Dtype::C64,
            Samples::C128(_) => Dtype::C128,
            Samples::Rgb(_) => Dtype::Rgb,
            Samples::Rgba(_) => Dtype::Rgba,
        }
    }

    /// One sample as a measurement sees it: the modulus of a complex number, the mean of red, green and blue; `None`
    /// outside.
    pub fn get(&self, index: usize) -> Option<f64> {
        each!(self, v => v.get(index).map(|&x| x.real()))
    }

    /// One sample with all its parts; `None` outside.
    pub fn parts(&self, index: usize) -> Option<Sample> {
        each!(self, v => v.get(index).map(|&x| x.parts()))
    }

    /// Calls `f` with every sample in order, each as [`Samples::get`] has it.
    pub fn for_each(&self, mut f: impl FnMut(f64)) {
        each!(self, v => v.iter().for_each(|&x| f(x.real())))
    }

    /// All samples as 32-bit floats: exact up to 24-bit integers, rounded to 6e-8 relative beyond.
    pub fn to_f32(&self) -> Vec<f32> {
        each!(self, v => v.iter().map(|&x| x.single()).collect())
    }

    /// Appends all samples as bytes, the lowest of each number first.
    pub fn extend_le_bytes(&self, to: &mut Vec<u8>) {
        /// Fixed-size chunks: the loop becomes a plain copy where the order is the machine's.
        fn put<T: Copy, const N: usize>(to: &mut Vec<u8>, values: &[T], bytes: fn(T) -> [u8; N]) {
            let start = to.len();
            to.resize(start + N * values.len(), 0);
            let (chunks, _) = to[start..].as_chunks_mut::<N>();
            for (chunk, value) in chunks.iter_mut().zip(values) {
                *chunk = bytes(*value);
            }
        }
        match self {
            Samples::Bool(v) => put(to, v, |b| [b.into()]),
            Samples::U8(v) => to.extend_from_slice(v),
            Samples::I8(v) => put(to, v, i8::to_le_bytes),
            Samples::U16(v) => put(to, v, u16::to_le_bytes),
            Samples::I16(v) => put(to, v, i16::to_le_bytes),
            Samples::U32(v) => put(to, v, u32::to_le_bytes),
            Samples::I32(v) => put(to, v, i32::to_le_bytes),
            Samples::U64(v) => put(to, v, u64::to_le_bytes),
            Samples::I64(v) => put(to, v, i64::to_le_bytes),
            Samples::F16(v) => put(to, v, f16::to_le_bytes),
            Samples::F32(v) => put(to, v, f32::to_le_bytes),
            Samples::F64(v) => put(to, v, f64::to_le_bytes),
            Samples::C64(v) => put(to, v.as_flattened(), f32::to_le_bytes),
            Samples::C128(v) => put(to, v.as_flattened(), f64::to_le_bytes),
            Samples::Rgb(v) => to.extend_from_slice(v.as_flattened()),
            Samples::Rgba(v) => to.extend_from_slice(v.as_flattened()),
        }
    }

    /// Largest value an integer type can hold (saturation), `None` for the others.
    pub fn type_max(&self) -> Option<f64> {
        Some(match self {
            Samples::U8(_) | Samples::Rgb(_) | Samples::Rgba(_) => f64::from(u8::MAX),
            Samples::I8(_) => f64::from(i8::MAX),
            Samples::U16(_) => f64::from(u16::MAX),
            Samples::I16(_) => f64::from(i16::MAX),
            Samples::U32(_) => f64::from(u32::MAX),
            Samples::I32(_) => f64::from(i32::MAX),
            Samples::U64(_) => u64::MAX as f64,
            Samples::I64(_) => i64::MAX as f64,
            Samples::Bool(_)
            | Samples::F16(_)
            | Samples::F32(_)
            | Samples::F64(_)
            | Samples::C64(_)
            | Samples::C128(_) => return None,
        })
    }

    /// Sum of the samples in a range, each as [`Samples::get`] has it; what lies outside adds nothing.
    pub fn sum(&self, range: core::ops::Range<usize>) -> f64 {
        each!(self, v => v.get(range).map_or(0.0, total))
    }

    /// Adds the samples from index `from` on to `sums`, one to each; what lies outside adds nothing.
    pub fn add_to(&self, from: usize, sums: &mut [f64]) {
        each!(self, v => {
            let own = v.get(from..).unwrap_or_default();
            sums.iter_mut().zip(own).for_each(|(s, &x)| *s += x.real());
        })
    }

    /// So many zeros of one type.
    pub fn zeros(dtype: Dtype, len: usize) -> Samples {
        macro_rules! zeros {
            ($($kind:ident),*) => {
                match dtype {
                    $(Dtype::$kind => Samples::$kind(vec![Default::default(); len]),)*
                }
            };
        }
        zeros!(
            Bool, U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64, C64, C128, Rgb, Rgba
        )
    }

    /// Takes samples of the same type from `other`: pairs of the index here and there, those outside being left out. `false`, and nothing
    /// done, where the types differ.
    pub fn take(&mut self, other: &Samples, pairs: impl Iterator<Item = (usize, usize)>) -> bool {
        macro_rules! take {
            ($($kind:ident),*) => {
                match (self, other) {
                    $((Samples::$kind(to), Samples::$kind(from)) => {
                        pairs.for_each(|(t, f)| {
                            if let (Some(t), Some(f)) = (to.get_mut(t), from.get(f)) {
                                *t = *f;
                            }
                        });
                        true
                    })*
                    _ => false,
                }
            };
        }
        take!(
            Bool, U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64, C64, C128, Rgb, Rgba
        )
    }

    /// Keeps pieces of `length` samples that begin at `starts`, one behind the other, and lets go of the rest. A piece must begin where or after it goes.
    pub fn keep(&mut self, starts: impl Iterator<Item = usize>, length: usize) {
        each!(self, v => {
            let mut end = 0;
            for start in starts {
                if start < end || start + length > v.len() {
                    break;
                }
                v.copy_within(start..start + length, end);
                end += length;
            }
            v.truncate(end);
            v.shrink_to_fit();
        })
    }

    /// Appends samples of the same type; `false`, and nothing done, where the types differ.
    pub fn append(&mut self, more: Samples) -> bool {
        macro_rules! join {
            ($($kind:ident),*) => {
                match (self, more) {
                    $((Samples::$kind(all), Samples::$kind(mut new)) => { all.append(&mut new); true })*
                    _ => false,
                }
            };
        }
        join!(
            Bool, U8, I8, U16, I16, U32, I32, U64, I64, F16, F32, F64, C64, C128, Rgb, Rgba
        )
    }
}
