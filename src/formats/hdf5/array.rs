//! A dataset as a stack of planes, read hyperslab by hyperslab.

use half::f16;
use hdf5_reader::error::{ByteOrder, Error};
use hdf5_reader::{Dataset, Datatype, H5Type, SliceInfo, SliceInfoElem};

use super::store::Store;
use super::tags;
use crate::formats::{FormatError, Limits, PlaneSamples};
use crate::language::{said, word};
use crate::signal::{Dtype, Samples};

/// A dataset whose samples are ours, and which of its dimensions the axes of the signal are.
pub(super) struct Array {
    dataset: Dataset,
    pub(super) path: String,
    pub(super) dtype: Dtype,
    order: ByteOrder,
    /// Dimension of the dataset for each axis of the signal, slowest first; the others stay at index 0.
    axes: Vec<usize>,
    shape: Vec<usize>,
    /// Address and length (bytes) of samples that are stored in one piece.
    piece: Option<(u64, u64)>,
}

impl Array {
    /// Checks type, filters and sizes; no sample is read.
    pub(super) fn new(
        store: &Store,
        dataset: Dataset,
        path: &str,
        axes: Vec<usize>,
    ) -> Result<Array, FormatError> {
        let Some((dtype, order)) = sample_type(dataset.dtype()) else {
            return Err(store.unsupported(said!(
                "{path}, whose samples are {}," | "{path} (Werte: {})",
                kind_name(dataset.dtype())
            )));
        };
        store.check_filters(&dataset, path)?;
        let shape: Option<Vec<usize>> = dataset
            .shape()
            .iter()
            .map(|&n| usize::try_from(n).ok())
            .collect();
        let shape = shape.ok_or_else(|| {
            let beyond =
                said!("its size is beyond all memory" | "die Größe übersteigt jeden Speicher");
            store.malformed(path, beyond)
        })?;
        let array = Array {
            dataset,
            path: path.into(),
            dtype,
            order,
            axes,
            shape,
            piece: None,
        };
        array.check_sizes(store)?;
        let piece = store.piece(&array.dataset);
        Ok(Array { piece, ..array })
    }

    fn check_sizes(&self, store: &Store) -> Result<(), FormatError> {
        if self.shape.contains(&0) || self.axes.iter().any(|&d| d >= self.shape.len()) {
            return Err(store.malformed(
                &self.path,
                said!("it holds no sample" | "darin ist kein Wert"),
            ));
        }
        let (outer, plane) = self.split();
        let product = |dims: &[usize]| -> u64 {
            let sizes = dims.iter().map(|&d| self.size(d) as u64);
            sizes.fold(1, u64::saturating_mul)
        };
        let Limits { pixels, pages, .. } = store.limits;
        let bytes = product(plane).saturating_mul(self.dtype.bytes() as u64);
        let checks = [
            (
                said!("number of pixels" | "die Zahl der Pixel"),
                product(plane),
                pixels,
            ),
            (
                said!("number of bytes of a picture" | "die Zahl der Bytes eines Bildes"),
                bytes,
                store.largest_read(),
            ),
            (
                said!("number of pictures" | "die Zahl der Bilder"),
                product(outer),
                pages,
            ),
        ];
        for (field, value, limit) in checks {
            if value > limit {
                return Err(FormatError::LimitExceeded {
                    format: store.format,
                    field,
                    value,
                    limit,
                });
            }
        }
        Ok(())
    }

    /// Dimensions that count planes, and those of a plane.
    fn split(&self) -> (&[usize], &[usize]) {
        let at = self.axes.len().saturating_sub(2);
        self.axes.split_at_checked(at).unwrap_or_default()
    }

    fn size(&self, dimension: usize) -> usize {
        self.shape.get(dimension).copied().unwrap_or(0)
    }

    /// Sizes along the axes of the signal.
    pub(super) fn sizes(&self) -> Vec<usize> {
        self.axes.iter().map(|&d| self.size(d)).collect()
    }

    /// One plane; `None` where there is no such one.
    pub(super) fn read_plane(
        &self,
        store: &Store,
        plane: usize,
    ) -> Result<Option<PlaneSamples>, FormatError> {
        let (outer, inner) = self.split();
        let mut at = vec![0; self.shape.len()];
        let mut selections = vec![SliceInfoElem::Index(0); self.shape.len()];
        let mut set = |dimension: usize, to: SliceInfoElem| {
            if let Some(selection) = selections.get_mut(dimension) {
                *selection = to;
            }
        };
        let mut rest = plane;
        for &dimension in outer.iter().rev() {
            let size = self.size(dimension);
            let index = rest.checked_rem(size).unwrap_or(0);
            rest = rest.checked_div(size).unwrap_or(0);
            set(dimension, SliceInfoElem::Index(index as u64));
            if let Some(at) = at.get_mut(dimension) {
                *at = index;
            }
        }
        if rest != 0 {
            return Ok(None);
        }
        for &dimension in inner {
            let end = self.size(dimension) as u64;
            let all = SliceInfoElem::Slice {
                start: 0,
                end,
                step: 1,
            };
            set(dimension, all);
        }
        let (height, width, turned) = match inner {
            [rows, columns] => (self.size(*rows), self.size(*columns), rows > columns),
            [columns] => (1, self.size(*columns), false),
            _ => (1, 1, false),
        };
        let slice = Slice {
            array: self,
            run: self.run(store, inner, &at)?,
            selection: SliceInfo { selections },
            // The dataset gives its dimensions in its own order.
            turn: turned.then_some((height, width)),
            count: height.saturating_mul(width),
        };
        let samples = slice.samples().map_err(|e| store.fault(&self.path, e))?;
        Ok(Some(PlaneSamples {
            width,
            height,
            saturation: samples.type_max(),
            samples,
        }))
    }

    /// The bytes of a plane whose rows lie in one piece: read here, because the crate counts such a dataset in `usize`, which has 32 bits in
    /// a browser. `None` where it is stored in another way.
    fn run(
        &self,
        store: &Store,
        inner: &[usize],
        at: &[usize],
    ) -> Result<Option<Vec<u8>>, FormatError> {
        let Some((address, length)) = self.piece else {
            return Ok(None);
        };
        let size = self.dtype.bytes() as u64;
        let stride = |dimension: usize| {
            let faster = self.shape.iter().skip(dimension.saturating_add(1));
            faster.fold(size, |a, n| a.saturating_mul(*n as u64))
        };
        let (rows, columns) = match inner {
            [rows, columns] => (Some(*rows), *columns),
            [columns] => (None, *columns),
            _ => return Ok(None),
        };
        let width = stride(columns).saturating_mul(self.size(columns) as u64);
        if stride(columns) != size || rows.is_some_and(|r| stride(r) < width) {
            return match usize::try_from(length) {
                Ok(_) => Ok(None),
                Err(_) => Err(FormatError::LimitExceeded {
                    format: store.format,
                    field: said!(
                        "number of bytes of an array in one piece whose rows are scattered"
                            | "die Zahl der Bytes eines Arrays in einem Stück mit verstreuten Zeilen"
                    ),
                    value: length,
                    limit: usize::MAX as u64,
                }),
            };
        }
        let outside = (0_usize..)
            .zip(at)
            .map(|(d, index)| stride(d).saturating_mul(*index as u64));
        let first = outside.fold(0, u64::saturating_add);
        let (count, step) = rows.map_or((1, width), |r| (self.size(r) as u64, stride(r)));
        let (runs, run) = match step == width {
            true => (1, width.saturating_mul(count)),
            false => (count, width),
        };
        let mut bytes = Vec::new();
        for index in 0..runs {
            let start = first.saturating_add(step.saturating_mul(index));
            if start.saturating_add(run) > length {
                return Err(store.malformed(
                    &self.path,
                    said!(
                        "it is shorter than its dimensions say"
                            | "es ist kürzer, als seine Dimensionen sagen"
                    ),
                ));
            }
            let count = usize::try_from(run).unwrap_or(usize::MAX);
            let read = store.bytes(address.saturating_add(start), count);
            bytes.extend_from_slice(&read.map_err(|e| store.fault(&self.path, e))?);
        }
        Ok(Some(bytes))
    }

    /// The numbers of a small dataset.
    pub(super) fn numbers(store: &Store, dataset: &Dataset, most: u64) -> Vec<f64> {
        let size = dataset.raw_element_size().unwrap_or(0);
        let count = dataset.num_elements().unwrap_or(u64::MAX);
        if size == 0 || count > most || count.saturating_mul(size as u64) > store.largest_read() {
            return Vec::new();
        }
        let bytes = dataset.read_raw_bytes().unwrap_or_default();
        let values = bytes.chunks_exact(size);
        values
            .filter_map(|b| tags::number(dataset.dtype(), b))
            .collect()
    }
}

/// A hyperslab that is one plane.
struct Slice<'a> {
    array: &'a Array,
    /// Its bytes, where they could be read as they lie.
    run: Option<Vec<u8>>,
    selection: SliceInfo,
    turn: Option<(usize, usize)>,
    count: usize,
}

impl Slice<'_> {
    /// The elements as they are stored.
    fn elements<const N: usize>(&self) -> Result<Vec<[u8; N]>, Error> {
        let elements: Vec<[u8; N]> = match &self.run {
            Some(bytes) => bytes.as_chunks().0.to_vec(),
            None => {
                let dataset = &self.array.dataset;
                let found = dataset.read_slice::<Element<N>>(&self.selection)?;
                // An array that knows its dimensions only at run time is slow to walk: the whole read took twenty times as long.
                match found.as_slice() {
                    Some(in_order) => in_order.iter().map(|e| e.0).collect(),
                    None => found.into_iter().map(|e| e.0).collect(),
                }
            }
        };
        if elements.len() != self.count {
            return Err(Error::InvalidData(format!(
                "{} samples instead of {}",
                elements.len(),
                self.count
            )));
        }
        Ok(match self.turn {
            Some((height, width)) => (0..height)
                .flat_map(|y| elements.iter().skip(y).step_by(height).take(width).copied())
                .collect(),
            None => elements,
        })
    }

    fn samples(&self) -> Result<Samples, Error> {
        let big = self.array.order == ByteOrder::BigEndian;
        macro_rules! read {
            ($kind:ident, $t:ty) => {{
                let elements = self.elements::<{ size_of::<$t>() }>()?;
                Samples::$kind(if big {
                    elements.into_iter().map(<$t>::from_be_bytes).collect()
                } else {
                    elements.into_iter().map(<$t>::from_le_bytes).collect()
                })
            }};
        }
        Ok(match self.array.dtype {
            Dtype::Bool => {
                let elements = self.elements::<1>()?;
                Samples::Bool(elements.into_iter().map(|[b]| b != 0).collect())
            }
            Dtype::U8 => read!(U8, u8),
            Dtype::I8 => read!(I8, i8),
            Dtype::U16 => read!(U16, u16),
            Dtype::I16 => read!(I16, i16),
            Dtype::U32 => read!(U32, u32),
            Dtype::I32 => read!(I32, i32),
            Dtype::U64 => read!(U64, u64),
            Dtype::I64 => read!(I64, i64),
            Dtype::F16 => read!(F16, f16),
            Dtype::F32 => read!(F32, f32),
            Dtype::F64 => read!(F64, f64),
            Dtype::C64 => {
                let parts = |[a, b, c, d, e, f, g, h]: [u8; 8]| [[a, b, c, d], [e, f, g, h]];
                let number = if big {
                    f32::from_be_bytes
                } else {
                    f32::from_le_bytes
                };
                let elements = self.elements::<8>()?;
                Samples::C64(elements.into_iter().map(|e| parts(e).map(number)).collect())
            }
            Dtype::C128 => {
                let number = if big {
                    f64::from_be_bytes
                } else {
                    f64::from_le_bytes
                };
                let elements = self.elements::<16>()?;
                let parts = |e: [u8; 16]| {
                    let (real, imaginary) = e.split_at(8);
                    [real, imaginary].map(|p| number(p.first_chunk().copied().unwrap_or_default()))
                };
                Samples::C128(elements.into_iter().map(parts).collect())
            }
            Dtype::Rgb => Samples::Rgb(self.elements::<3>()?),
            Dtype::Rgba => Samples::Rgba(self.elements::<4>()?),
        })
    }
}

/// N bytes of a sample, as stored: the crate's own readers of numbers know neither half floats nor compounds, and one
/// for each size is less code than one for each type.
#[derive(Clone, Copy)]
struct Element<const N: usize>([u8; N]);

impl<const N: usize> H5Type for Element<N> {
    fn hdf5_type() -> Datatype {
        Datatype::Opaque {
            size: u32::try_from(N).unwrap_or(0),
            tag: String::new(),
        }
    }

    fn from_bytes(bytes: &[u8], _: &Datatype) -> Result<Self, Error> {
        match bytes.first_chunk() {
            Some(bytes) => Ok(Element(*bytes)),
            None => Err(Error::InvalidData("a sample is cut short".into())),
        }
    }

    fn element_size(_: &Datatype) -> usize {
        N
    }

    fn decode_vec(raw: &[u8], _: &Datatype, count: usize) -> Option<Result<Vec<Self>, Error>> {
        let (elements, _) = raw.as_chunks::<N>();
        Some(Ok(elements
            .get(..count)?
            .iter()
            .copied()
            .map(Element)
            .collect()))
    }

    fn native_copy_compatible(datatype: &Datatype) -> bool {
        hdf5_reader::dtype_element_size(datatype).is_ok_and(|size| size == N)
    }
}

/// The type of samples that are ours, and the order of their bytes.
fn sample_type(datatype: &Datatype) -> Option<(Dtype, ByteOrder)> {
    Some(match datatype {
        Datatype::FixedPoint {
            size,
            signed,
            byte_order,
        } => {
            let dtype = match (size, signed) {
                (1, false) => Dtype::U8,
                (1, true) => Dtype::I8,
                (2, false) => Dtype::U16,
                (2, true) => Dtype::I16,
                (4, false) => Dtype::U32,
                (4, true) => Dtype::I32,
                (8, false) => Dtype::U64,
                (8, true) => Dtype::I64,
                _ => return None,
            };
            (dtype, *byte_order)
        }
        Datatype::FloatingPoint { size, byte_order } => {
            let dtype = match size {
                2 => Dtype::F16,
                4 => Dtype::F32,
                8 => Dtype::F64,
                _ => return None,
            };
            (dtype, *byte_order)
        }
        Datatype::Bitfield {
            size: 1,
            byte_order,
        } => (Dtype::U8, *byte_order),
        Datatype::Enum { base, members } => {
            let (dtype, order) = sample_type(base)?;
            let named = |name: &str| members.iter().any(|m| m.name.eq_ignore_ascii_case(name));
            let logical = members.len() == 2 && named("true") && named("false");
            match dtype {
                Dtype::U8 | Dtype::I8 if logical => (Dtype::Bool, order),
                dtype => (dtype, order),
            }
        }
        Datatype::Compound { size, fields } => {
            let parts: Option<Vec<(Dtype, ByteOrder)>> =
                fields.iter().map(|f| sample_type(&f.datatype)).collect();
            let parts = parts?;
            let (first, order) = *parts.first()?;
            // The fields behind one another, all of one type, and nothing between them.
            let dense = fields.iter().enumerate().all(|(index, field)| {
                index.checked_mul(first.bytes()) == usize::try_from(field.byte_offset).ok()
            }) && parts.iter().all(|p| *p == (first, order))
                && parts.len().checked_mul(first.bytes()) == usize::try_from(*size).ok();
            let dtype = match (first, parts.len()) {
                (Dtype::F32, 2) => Dtype::C64,
                (Dtype::F64, 2) => Dtype::C128,
                (Dtype::U8, 3) => Dtype::Rgb,
                (Dtype::U8, 4) => Dtype::Rgba,
                _ => return None,
            };
            dense.then_some((dtype, order))?
        }
        _ => return None,
    })
}

fn kind_name(datatype: &Datatype) -> &'static str {
    match datatype {
        Datatype::FixedPoint { .. } | Datatype::FloatingPoint { .. } => {
            word!("numbers of an odd size" | "Zahlen ungewöhnlicher Größe")
        }
        Datatype::String { .. } => word!("texts" | "Texte"),
        Datatype::Compound { .. } => {
            word!("compounds of several fields" | "zusammengesetzt aus mehreren Feldern")
        }
        Datatype::Array { .. } => word!("arrays" | "Arrays"),
        Datatype::VarLen { .. } => {
            word!("lists of varying length" | "Listen wechselnder Länge")
        }
        Datatype::Enum { .. } => word!("names of values" | "benannte Werte"),
        Datatype::Opaque { .. } => word!("opaque" | "uninterpretierte Bytes"),
        Datatype::Reference { .. } => word!("references" | "Verweise"),
        Datatype::Bitfield { .. } => word!("bit fields" | "Bitfelder"),
    }
}

/// Whether the samples are numbers, colors or truth values: what can be a picture.
pub(super) fn is_readable(dataset: &Dataset) -> bool {
    sample_type(dataset.dtype()).is_some()
}
