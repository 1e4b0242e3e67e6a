//! HDF5 files forged with the crate `hdf5-writer`, in the layouts of the programs that write them.

use hdf5_writer::{
    AttributeBuilder, ByteOrder, CompoundField, DatasetBuilder, Datatype, EnumMember,
    FilterDescription, H5WriteElement, Hdf5Builder, Hdf5Writer, WriteOptions,
};

/// How the samples lie in the file.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    Contiguous,
    Compact,
    /// In chunks of two rows and three columns, one of everything else.
    Chunked,
    /// The same, through shuffle, deflate and fletcher32.
    Packed,
}

pub const LAYOUTS: [Layout; 4] = [
    Layout::Contiguous,
    Layout::Compact,
    Layout::Chunked,
    Layout::Packed,
];

/// A type of sample, its size, and the name that numerical Python has for it. The crate writes no half floats.
pub const TYPES: [(&str, usize); 15] = [
    ("uint8", 1),
    ("int8", 1),
    ("uint16", 2),
    ("int16", 2),
    ("uint32", 4),
    ("int32", 4),
    ("uint64", 8),
    ("int64", 8),
    ("float32", 4),
    ("float64", 8),
    ("complex64", 8),
    ("complex128", 16),
    ("bool", 1),
    ("rgb uint8 x3", 3),
    ("rgb(a) uint8 x4", 4),
];

pub fn datatype(name: &str, byte_order: ByteOrder) -> Datatype {
    let number = |size: usize, signed: bool| Datatype::FixedPoint {
        size: size as u8,
        signed,
        byte_order,
    };
    let float = |size: usize| Datatype::FloatingPoint {
        size: size as u8,
        byte_order,
    };
    let fields = |names: &[&str], each: Datatype, size: usize| Datatype::Compound {
        size: (names.len() * size) as u32,
        fields: names
            .iter()
            .enumerate()
            .map(|(i, n)| CompoundField {
                name: (*n).into(),
                byte_offset: (i * size) as u32,
                datatype: each.clone(),
            })
            .collect(),
    };
    match name {
        "uint8" => number(1, false),
        "int8" => number(1, true),
        "uint16" => number(2, false),
        "int16" => number(2, true),
        "uint32" => number(4, false),
        "int32" => number(4, true),
        "uint64" => number(8, false),
        "int64" => number(8, true),
        "float32" => float(4),
        "float64" => float(8),
        "complex64" => fields(&["r", "i"], float(4), 4),
        "complex128" => fields(&["r", "i"], float(8), 8),
        "bool" => Datatype::Enum {
            base: Box::new(number(1, true)),
            members: [("FALSE", 0), ("TRUE", 1)]
                .map(|(name, value)| EnumMember {
                    name: name.into(),
                    value: vec![value],
                })
                .to_vec(),
        },
        "rgb uint8 x3" => fields(&["R", "G", "B"], number(1, false), 1),
        "rgb(a) uint8 x4" => fields(&["R", "G", "B", "A"], number(1, false), 1),
        other => panic!("no type {other}"),
    }
}

pub fn bytes(builder: Hdf5Builder) -> Vec<u8> {
    bytes_in(builder, ByteOrder::LittleEndian)
}

pub fn bytes_in(builder: Hdf5Builder, byte_order: ByteOrder) -> Vec<u8> {
    let options = WriteOptions {
        byte_order,
        ..WriteOptions::default()
    };
    let writer = Hdf5Writer::new(std::io::Cursor::new(Vec::new()), options);
    writer
        .finish(builder.into_plan().unwrap())
        .unwrap()
        .into_inner()
}

/// A dataset from its raw bytes.
pub fn raw(
    path: &str,
    datatype: Datatype,
    shape: &[u64],
    layout: Layout,
    bytes: Vec<u8>,
) -> DatasetBuilder {
    let dataset = DatasetBuilder::new(path, datatype, shape).raw_data(bytes);
    let mut chunk = vec![1; shape.len()];
    for (side, size) in chunk.iter_mut().rev().zip([3, 2]) {
        *side = size;
    }
    let filter = |id, client_data: &[u32]| FilterDescription {
        id,
        name: None,
        client_data: client_data.to_vec(),
    };
    match layout {
        Layout::Contiguous => dataset,
        Layout::Compact => dataset.compact(),
        Layout::Chunked => dataset.chunked(chunk),
        Layout::Packed => dataset
            .chunked(chunk)
            .filter(filter(2, &[]))
            .filter(filter(1, &[6]))
            .filter(filter(3, &[])),
    }
}

pub fn typed<T: H5WriteElement>(path: &str, shape: &[u64], values: &[T]) -> DatasetBuilder {
    DatasetBuilder::typed_data(path, shape, values).unwrap()
}

pub fn text(name: &str, value: &str) -> AttributeBuilder {
    AttributeBuilder::vlen_strings(name, &[value]).unwrap()
}

pub fn number<T: H5WriteElement>(name: &str, value: T) -> AttributeBuilder {
    AttributeBuilder::scalar(name, value).unwrap()
}

fn lines(path: &str, value: &str) -> DatasetBuilder {
    DatasetBuilder::vlen_string_data(path, [1_u64], &[value]).unwrap()
}

/// Metadata of a Velox frame that started at a second of 1970; shorter columns than Velox' 60 000 bytes.
fn velox_metadata(start: u64) -> String {
    format!(
        r#"{{"Core": {{"MetadataDefinitionVersion": "7.9"}},
"Instrument": {{"InstrumentClass": "Talos"}},
"Acquisition": {{"AcquisitionStartDatetime": {{"DateTime": "{start}"}}}},
"Optics": {{"AccelerationVoltage": "200000"}},
"Stage": {{"Position": {{"x": "-1e-6", "y": "2e-6", "z": "0"}}, "AlphaTilt": "0.1", "BetaTilt": "0"}},
"Scan": {{"ScanSize": {{"width": "16", "height": "8"}}, "DwellTime": "2e-05", "FrameTime": "30.5",
"ScanArea": {{"left": "0", "top": "0", "right": "0.25", "bottom": "0.375"}}}},
"Detectors": {{"Detector-0": {{"DetectorName": "HAADF", "DetectorType": "ScanningDetector"}},
"Detector-1": {{"DetectorName": "SuperXG21", "Dispersion": "5", "OffsetEnergy": "-250"}}}},
"BinaryResult": {{"Detector": "HAADF", "PixelSize": {{"width": "2.5e-10", "height": "2.5e-10"}},
"PixelUnitX": "m", "PixelUnitY": "m", "Offset": {{"x": "1e-9", "y": "-1e-9"}}}},
"CustomProperties": {{"Detectors[SuperXG21].Temperature": {{"type": "double", "value": "203.25"}}}}}}"#
    )
}

/// A Velox file: a stack of 3 rows, 4 columns; frame f, row y, column x holds 100 f + 10 y + x. With a stream of X-ray
/// events where `stream` is given.
pub fn velox(frames: u64, stream: Option<&[u16]>) -> Vec<u8> {
    let (rows, columns) = (3, 4);
    let mut samples = Vec::new();
    for y in 0..rows {
        for x in 0..columns {
            for f in 0..frames {
                samples.push((100 * f + 10 * y + x) as u16);
            }
        }
    }
    let columns_of_json: Vec<String> = (0..frames)
        .map(|f| velox_metadata(1_600_000_000 + 31 * f))
        .collect();
    let length = columns_of_json.iter().map(String::len).max().unwrap() + 8;
    let mut json = vec![0_u8; length * frames as usize];
    for (f, text) in columns_of_json.iter().enumerate() {
        for (i, b) in text.bytes().enumerate() {
            json[i * frames as usize + f] = b;
        }
    }
    let image = "Data/Image/0123";
    let mut builder = Hdf5Builder::new()
        .dataset(
            typed(&format!("{image}/Data"), &[rows, columns, frames], &samples)
                .chunked([rows, columns, 1]),
        )
        .dataset(
            typed(
                &format!("{image}/Metadata"),
                &[length as u64, frames],
                &json,
            )
            .chunked([length as u64, 1]),
        )
        .dataset(lines("Version", r#"{"version": "7", "format": "Velox"}"#))
        .dataset(lines(
            "Presentation/Displays/ImageDisplay/9",
            r#"{"display": {"label": "HAADF%20%231"}, "dataPath": "/Data/Image/0123"}"#,
        ));
    if let Some(events) = stream {
        let path = "Data/SpectrumStream/4567";
        let first: Vec<u8> = json.iter().copied().step_by(frames as usize).collect();
        builder = builder
            .dataset(
                typed(&format!("{path}/Data"), &[events.len() as u64, 1], events).chunked([5, 1]),
            )
            .dataset(lines(
                &format!("{path}/AcquisitionSettings"),
                r#"{"bincount": "6", "StreamEncoding": "uint16"}"#,
            ))
            .dataset(typed(
                &format!("{path}/Metadata"),
                &[length as u64, 1],
                &first,
            ));
    }
    bytes(builder)
}

/// A HyperSpy file: a stack of 2 pictures of 3 rows and 4 columns, in nm and s, beside a line of 2 spectra.
pub fn hyperspy() -> Vec<u8> {
    let stack: Vec<f32> = (0..24).map(|i| i as f32 / 2.0).collect();
    let line: Vec<i16> = (0..10).collect();
    let mut builder = Hdf5Builder::new()
        .attribute(text("file_format", "HyperSpy"))
        .attribute(text("file_format_version", "3.3"))
        .dataset(typed("Experiments/ADF/data", &[2, 3, 4], &stack).chunked([1, 3, 4]))
        .dataset(typed("Experiments/line/data", &[2, 5], &line));
    let axes = [
        ("ADF/axis-0", "time", "s", 0.0, 20.0, 2_i64, true),
        ("ADF/axis-1", "y", "\u{c5}", 1.0, 0.25, 3, false),
        ("ADF/axis-2", "x", "\u{c5}", 2.0, 0.25, 4, false),
        ("line/axis-0", "x", "nm", 0.0, 1.5, 2, true),
        ("line/axis-1", "Energy loss", "eV", 500.0, 0.5, 5, false),
    ];
    for (path, name, unit, offset, scale, size, navigate) in axes {
        let path = format!("Experiments/{path}");
        let flag = AttributeBuilder::new(
            "navigate",
            datatype("bool", ByteOrder::LittleEndian),
            Vec::new(),
            vec![u8::from(navigate)],
        );
        for attribute in [
            text("name", name),
            text("units", unit),
            number("offset", offset),
            number("scale", scale),
            number("size", size),
            flag,
        ] {
            builder = builder.group_attribute(path.clone(), attribute);
        }
    }
    let general = "Experiments/ADF/metadata/General";
    builder = builder
        .group_attribute(general, text("title", "a stack"))
        .group_attribute(general, text("date", "2024-02-29"))
        .group_attribute(general, text("time", "12:34:56"))
        .group_attribute(
            "Experiments/ADF/metadata/Acquisition_instrument/TEM",
            number("beam_energy", 80.0),
        );
    bytes(builder)
}

/// A Berkeley EMD file of one array, dimensions named as given, slowest first.
pub fn emd(names: &[&str], shape: &[u64]) -> Vec<u8> {
    let count: u64 = shape.iter().product();
    let values: Vec<i32> = (0..count as i32).collect();
    let group = "data/scan";
    let mut builder = Hdf5Builder::new()
        .attribute(number("version_major", 0_i64))
        .attribute(number("version_minor", 2_i64))
        .group_attribute(group, number("emd_group_type", 1_i64))
        .group_attribute("microscope", text("voltage", "300 kV"))
        .dataset(typed(&format!("{group}/data"), shape, &values));
    for (i, (name, size)) in names.iter().zip(shape).enumerate() {
        let positions: Vec<f64> = (0..*size).map(|p| 5.0 + 0.5 * p as f64).collect();
        builder = builder.dataset(
            typed(&format!("{group}/dim{}", i + 1), &[*size], &positions)
                .attribute(text("name", name))
                .attribute(text("units", "[n_m]")),
        );
    }
    bytes(builder)
}

/// A DM5 file: a picture of 2 rows and 3 columns behind its thumbnail.
pub fn dm5() -> Vec<u8> {
    let mut builder = Hdf5Builder::new()
        .group_attribute("Thumbnails/[0]", number("ImageIndex", 0_i64))
        .dataset(typed("ImageList/[0]/ImageData/Data", &[2, 2], &[0_u8; 4]))
        .dataset(typed(
            "ImageList/[1]/ImageData/Data",
            &[2, 3],
            &[0.5_f32, 1.0, 1.5, 2.0, 2.5, 3.0],
        ))
        .group_attribute("ImageList/[1]", text("Name", "Survey"))
        .group_attribute(
            "ImageList/[1]/ImageTags/Microscope Info",
            number("Voltage", 2e5),
        )
        .group_attribute(
            "ImageList/[1]/ImageTags/DataBar",
            text("Acquisition Date", "2/29/2024"),
        )
        .group_attribute(
            "ImageList/[1]/ImageTags/DataBar",
            text("Acquisition Time", "1:02:03 PM"),
        );
    for (index, scale) in [(0, 0.2), (1, 0.2)] {
        let path = format!("ImageList/[1]/ImageData/Calibrations/Dimension/[{index}]");
        builder = builder
            .group_attribute(path.clone(), number("Origin", 2.0 + f64::from(index)))
            .group_attribute(path.clone(), number("Scale", scale))
            .group_attribute(path, text("Units", "nm"));
    }
    bytes(builder)
}

/// A NeXus file of two entries with two groups of data each: `default` leads to the smaller picture of the second, beside whose signal
/// stands a larger array of its errors; its axes are named in the wrong order, one by its edges.
pub fn nexus_default() -> Vec<u8> {
    let positions =
        |count: usize, step: f64| -> Vec<f64> { (0..count).map(|i| step * i as f64).collect() };
    let picture = |path: &str, shape: [u64; 2], first: u16| {
        let count = (shape[0] * shape[1]) as u16;
        typed(path, &shape, &(first..first + count).collect::<Vec<u16>>())
    };
    let text_data =
        DatasetBuilder::vlen_string_data("b/start_time", [1_u64], &["2024-02-29T12:00:00Z"]);
    bytes(
        Hdf5Builder::new()
            .attribute(text("default", "b"))
            .group_attribute("b", text("default", "shown"))
            .group_attribute("b/shown", text("NX_class", "NXdata"))
            .group_attribute("b/shown", text("signal", "counts"))
            .group_attribute(
                "b/shown",
                AttributeBuilder::vlen_strings("axes", &["across", "down"]).unwrap(),
            )
            .group_attribute("b/shown", number("across_indices", 1.0))
            .group_attribute("b/shown", number("down_indices", 0.0))
            .dataset(text_data.unwrap())
            .dataset(picture("b/shown/counts", [5, 7], 100))
            .dataset(picture("b/shown/errors", [8, 9], 0))
            .dataset(typed("b/shown/down", &[5], &positions(5, 0.5)).attribute(text("units", "nm")))
            .dataset(
                // Edges: one more than there are columns.
                typed("b/shown/across", &[8], &positions(8, 0.5)).attribute(text("units", "nm")),
            )
            // Older: the array bears the mark, the vectors say their dimension.
            .group_attribute("a/old", text("NX_class", "NXdata"))
            .dataset(picture("a/old/map", [6, 6], 0).attribute(number("signal", 1.0)))
            .dataset(
                typed("a/old/x", &[6], &positions(6, 2.0))
                    .attribute(number("axis", 2.0))
                    .attribute(text("units", "nm")),
            )
            .dataset(
                typed("a/old/y", &[6], &positions(6, 2.0))
                    .attribute(number("axis", 1.0))
                    .attribute(text("units", "nm")),
            )
            // Nothing is calibrated by positions that jump.
            .group_attribute("c/jumps", text("NX_class", "NXdata"))
            .group_attribute(
                "c/jumps",
                AttributeBuilder::vlen_strings("axes", &["x", "x"]).unwrap(),
            )
            .dataset(picture("c/jumps/picture", [4, 4], 0))
            .dataset(
                typed("c/jumps/x", &[4], &[0.0, 1.0, 2.0, 9.0]).attribute(text("units", "nm")),
            ),
    )
}

/// A NeXus file: an image in `NXdata` with the positions along its axes, and a table that is no picture.
pub fn nexus() -> Vec<u8> {
    let image: Vec<u32> = (0..35).collect();
    let positions = |count: usize| -> Vec<f32> { (0..count).map(|i| 0.125 * i as f32).collect() };
    bytes(
        Hdf5Builder::new()
            .group_attribute("entry/data", text("NX_class", "NXdata"))
            .group_attribute("entry/data", text("signal", "data"))
            .group_attribute(
                "entry/data",
                AttributeBuilder::vlen_strings("axes", &["rows", "columns"]).unwrap(),
            )
            .dataset(typed("entry/data/data", &[5, 7], &image))
            .dataset(typed("entry/data/rows", &[5], &positions(5)).attribute(text("units", "um")))
            .dataset(
                typed("entry/data/columns", &[7], &positions(7)).attribute(text("units", "um")),
            )
            .dataset(typed("entry/table", &[9, 2], &[0.0_f64; 18])),
    )
}
