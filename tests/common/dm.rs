//! Forges Gatan DM3 and DM4 files.

/// A value of the tag tree.
#[derive(Clone)]
pub enum Tag {
    Group(Vec<(&'static str, Tag)>),
    F32(f32),
    F64(f64),
    U32(u32),
    I32(i32),
    /// UTF-16.
    Text(&'static str),
    /// Bytes of an array: kind of its elements (or the kinds of a structure's fields), number, bytes.
    Array(Vec<u64>, u64, Vec<u8>),
    /// A kind of value that no reader knows.
    Strange,
}

pub use Tag::{Array, F32, F64, Group, I32, Strange, Text, U32};

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub struct Flavor {
    /// 3 or 4.
    pub version: u32,
    /// Of values; the structure is big-endian always.
    pub little: bool,
}

pub const FLAVORS: [Flavor; 4] = [
    Flavor {
        version: 3,
        little: true,
    },
    Flavor {
        version: 3,
        little: false,
    },
    Flavor {
        version: 4,
        little: true,
    },
    Flavor {
        version: 4,
        little: false,
    },
];

impl Flavor {
    fn count(self, n: u64, out: &mut Vec<u8>) {
        if self.version == 4 {
            out.extend(n.to_be_bytes());
        } else {
            out.extend((n as u32).to_be_bytes());
        }
    }

    fn number(self, little: &[u8], out: &mut Vec<u8>) {
        if self.little {
            out.extend(little);
        } else {
            out.extend(little.iter().rev());
        }
    }

    fn group(self, entries: &[(&str, Tag)], out: &mut Vec<u8>) {
        out.extend([1, 0]);
        self.count(entries.len() as u64, out);
        for (name, tag) in entries {
            out.push(if matches!(tag, Group(_)) { 20 } else { 21 });
            let name: Vec<u8> = name.chars().map(|c| c as u32 as u8).collect();
            out.extend((name.len() as u16).to_be_bytes());
            out.extend(name);
            let mut body = Vec::new();
            self.body(tag, &mut body);
            if self.version == 4 {
                out.extend((body.len() as u64).to_be_bytes());
            }
            out.extend(body);
        }
    }

    fn body(self, tag: &Tag, out: &mut Vec<u8>) {
        let info = |numbers: &[u64], out: &mut Vec<u8>| {
            out.extend(b"%%%%");
            self.count(numbers.len() as u64, out);
            for n in numbers {
                self.count(*n, out);
            }
        };
        match tag {
            Group(entries) => self.group(entries, out),
            F32(v) => {
                info(&[6], out);
                self.number(&v.to_le_bytes(), out);
            }
            F64(v) => {
                info(&[7], out);
                self.number(&v.to_le_bytes(), out);
            }
            U32(v) => {
                info(&[5], out);
                self.number(&v.to_le_bytes(), out);
            }
            I32(v) => {
                info(&[3], out);
                self.number(&v.to_le_bytes(), out);
            }
            Text(text) => {
                let units: Vec<u16> = text.encode_utf16().collect();
                info(&[20, 4, units.len() as u64], out);
                for unit in units {
                    self.number(&unit.to_le_bytes(), out);
                }
            }
            Array(kinds, count, bytes) => {
                let mut numbers = vec![20];
                if let [kind] = kinds.as_slice() {
                    numbers.push(*kind);
                } else {
                    numbers.extend([15, 0, kinds.len() as u64]);
                    for kind in kinds {
                        numbers.extend([0, *kind]);
                    }
                }
                numbers.push(*count);
                info(&numbers, out);
                out.extend(bytes);
            }
            Strange => {
                info(&[99, 1], out);
                out.extend([1, 2, 3]);
            }
        }
    }

    /// A file of these entries.
    pub fn file(self, entries: &[(&str, Tag)]) -> Vec<u8> {
        let mut out = self.version.to_be_bytes().to_vec();
        let mut body = Vec::new();
        self.group(entries, &mut body);
        self.count(body.len() as u64, &mut out);
        out.extend(u32::from(self.little).to_be_bytes());
        out.extend(body);
        out.extend([0; 8]);
        out
    }
}

/// One image: number of its data type, kinds of the array's elements, sizes (fastest first), calibrations (origin, scale,
/// unit) likewise, bytes of the samples.
pub struct Image {
    pub data_type: u32,
    pub kinds: Vec<u64>,
    pub sizes: Vec<u32>,
    pub calibrations: Vec<(f32, f32, &'static str)>,
    pub count: u64,
    pub bytes: Vec<u8>,
    pub name: &'static str,
    pub tags: Vec<(&'static str, Tag)>,
}

impl Image {
    pub fn new(data_type: u32, kinds: &[u64], sizes: &[u32], bytes: Vec<u8>) -> Image {
        Image {
            data_type,
            kinds: kinds.to_vec(),
            sizes: sizes.to_vec(),
            calibrations: Vec::new(),
            count: sizes.iter().map(|&s| u64::from(s)).product(),
            bytes,
            name: "forged",
            tags: Vec::new(),
        }
    }

    fn tag(self) -> Tag {
        let dimensions = self.calibrations.iter().map(|&(origin, scale, unit)| {
            let entries = vec![
                ("Origin", F32(origin)),
                ("Scale", F32(scale)),
                ("Units", Text(unit)),
            ];
            ("", Group(entries))
        });
        let calibrations = vec![("Dimension", Group(dimensions.collect()))];
        let sizes = self.sizes.iter().map(|&size| ("", U32(size))).collect();
        Group(vec![
            (
                "ImageData",
                Group(vec![
                    ("Calibrations", Group(calibrations)),
                    ("Data", Array(self.kinds, self.count, self.bytes)),
                    ("DataType", U32(self.data_type)),
                    ("Dimensions", Group(sizes)),
                ]),
            ),
            ("ImageTags", Group(self.tags)),
            ("Name", Text(self.name)),
        ])
    }
}

/// A file with a thumbnail in front of these images.
pub fn dm(flavor: Flavor, images: Vec<Image>) -> Vec<u8> {
    let thumbnail = Image::new(23, &[3], &[2, 1], vec![9; 8]);
    let list = std::iter::once(thumbnail).chain(images);
    let list: Vec<(&str, Tag)> = list.map(|image| ("", image.tag())).collect();
    flavor.file(&[
        ("ImageList", Group(list)),
        ("InImageMode", U32(1)),
        (
            "Thumbnails",
            Group(vec![("", Group(vec![("ImageIndex", U32(0))]))]),
        ),
    ])
}
