//! Forges TIA series, MRC, EMSA, RPL and NumPy files.

/// A TIA series: elements of one size, each with its bytes.
pub struct Ser {
    /// Offsets of 64 bit (version 0x220).
    pub wide: bool,
    /// Code of the type of samples.
    pub kind: u16,
    /// Width, or width and height.
    pub sizes: Vec<u32>,
    /// Offset, step, of the same axes.
    pub calibrations: Vec<(f64, f64)>,
    /// Size, step, name, unit of the axes of the series, the fastest first.
    pub dimensions: Vec<(u32, f64, &'static str, &'static str)>,
    pub elements: Vec<Vec<u8>>,
    /// Elements announced; at least as many as there are.
    pub total: u32,
    /// Seconds since 1970.
    pub time: u32,
}

impl Ser {
    pub fn bytes(&self) -> Vec<u8> {
        let planar = self.sizes.len() == 2;
        let word = |n: u64| {
            if self.wide {
                n.to_le_bytes().to_vec()
            } else {
                (n as u32).to_le_bytes().to_vec()
            }
        };
        let mut out = b"II\x97\x01".to_vec();
        out.extend(if self.wide { 0x220_u16 } else { 0x210 }.to_le_bytes());
        out.extend(if planar { 0x4122_u32 } else { 0x4120 }.to_le_bytes());
        out.extend(0x4152_u32.to_le_bytes());
        out.extend(self.total.to_le_bytes());
        out.extend((self.elements.len() as u32).to_le_bytes());
        let mut dimensions = (self.dimensions.len() as u32).to_le_bytes().to_vec();
        for (size, step, name, unit) in &self.dimensions {
            dimensions.extend(size.to_le_bytes());
            dimensions.extend(0_f64.to_le_bytes());
            dimensions.extend(step.to_le_bytes());
            dimensions.extend(0_u32.to_le_bytes());
            for text in [name, unit] {
                dimensions.extend((text.len() as u32).to_le_bytes());
                dimensions.extend(text.bytes());
            }
        }
        let table = out.len() + word(0).len() + dimensions.len();
        out.extend(word(table as u64));
        out.extend(dimensions);
        let start = table + 2 * self.total as usize * word(0).len();
        let mut body = Vec::new();
        let (mut offsets, mut tags) = (Vec::new(), Vec::new());
        for element in &self.elements {
            offsets.push(start + body.len());
            for (offset, step) in &self.calibrations {
                body.extend(offset.to_le_bytes());
                body.extend(step.to_le_bytes());
                body.extend(0_u32.to_le_bytes());
            }
            body.extend(self.kind.to_le_bytes());
            for size in &self.sizes {
                body.extend(size.to_le_bytes());
            }
            body.extend(element);
            tags.push(start + body.len());
            body.extend(0x4152_u32.to_le_bytes());
            body.extend(self.time.to_le_bytes());
        }
        offsets.resize(self.total as usize, 0);
        tags.resize(self.total as usize, 0);
        for offset in offsets.into_iter().chain(tags) {
            out.extend(word(offset as u64));
        }
        out.extend(body);
        out
    }
}

/// The metadata of one series: kV in V, date, mode, label-value-unit triples.
pub fn emi(mode: &str, date: &str) -> Vec<u8> {
    let mut out = b"JK\x00\x02\x00\x00\x00\x00\x3c\x00 binary".to_vec();
    out.extend(
        format!(
            "<ObjectInfo><Uuid>1</Uuid><AcquireDate>{date}</AcquireDate><Manufacturer>FEI</Manufacturer>\
             <DetectorInfo><Name>HAADF</Name></DetectorInfo>\
             <ExperimentalConditions><MicroscopeConditions><AcceleratingVoltage>200000</AcceleratingVoltage>\
             </MicroscopeConditions></ExperimentalConditions><ExperimentalDescription><Root>\
             <Data><Label>Mode</Label><Value>{mode}</Value><Unit></Unit></Data>\
             <Data><Label>Stage X</Label><Value>-0.5</Value><Unit>um</Unit></Data>\
             <Data><Label>Stage A</Label><Value>12.5</Value><Unit>deg</Unit></Data>\
             <Data><Label>Detector temperature</Label><Value>-20</Value><Unit>C</Unit></Data></Root>\
             </ExperimentalDescription><AcquireInfo><DwellTimePath>0.000048</DwellTimePath></AcquireInfo>\
             </ObjectInfo> more"
        )
        .bytes(),
    );
    out
}

/// An MRC file.
pub struct Mrc {
    pub little: bool,
    /// With the mark `MAP` and the machine stamp.
    pub mark: bool,
    pub mode: u32,
    /// Columns, rows, sections.
    pub sizes: [u32; 3],
    /// Cell (Å) along x, y, z; the grid is the size.
    pub cell: [f32; 3],
    pub kind: [u8; 4],
    pub extended: Vec<u8>,
    /// IMOD's stamp with these flags.
    pub imod: Option<u32>,
    pub bytes: Vec<u8>,
}

impl Mrc {
    pub fn new(mode: u32, sizes: [u32; 3], bytes: Vec<u8>) -> Mrc {
        Mrc {
            little: true,
            mark: true,
            mode,
            sizes,
            cell: [0.0; 3],
            kind: [0; 4],
            extended: Vec::new(),
            imod: None,
            bytes,
        }
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut header = vec![0_u8; 1024];
        let mut put = |at: usize, word: [u8; 4]| {
            let mut word = word;
            if !self.little {
                word.reverse();
            }
            header[at..at + 4].copy_from_slice(&word);
        };
        for (k, size) in self.sizes.iter().enumerate() {
            put(4 * k, size.to_le_bytes());
            put(28 + 4 * k, size.to_le_bytes());
            put(40 + 4 * k, self.cell[k].to_le_bytes());
        }
        put(12, self.mode.to_le_bytes());
        put(92, (self.extended.len() as u32).to_le_bytes());
        if let Some(flags) = self.imod {
            put(152, 1_146_047_817_u32.to_le_bytes());
            put(156, flags.to_le_bytes());
        }
        header[104..108].copy_from_slice(&self.kind);
        if self.mark {
            header[208..212].copy_from_slice(b"MAP ");
            header[212..214].copy_from_slice(if self.little {
                &[0x44, 0x44]
            } else {
                &[0x11, 0x11]
            });
        }
        header[224..230].copy_from_slice(b"forged");
        header.extend(&self.extended);
        header.extend(&self.bytes);
        header
    }
}

/// Thermo Fisher's extended header: pixel size (m), high tension (V), date (days since 1899-12-30), alpha (degrees).
pub fn fei1(pixel_m: f64, volts: f64, days: f64, alpha_deg: f64) -> Vec<u8> {
    let mut out = vec![0; 768];
    for (at, value) in [
        (12, days),
        (84, volts),
        (100, alpha_deg),
        (156, pixel_m),
        (164, pixel_m),
    ] {
        out[at..at + 8].copy_from_slice(&f64::to_le_bytes(value));
    }
    out[20..29].copy_from_slice(b"Titan Kr\0");
    out
}

/// An EMSA file: further header lines, the text of its data.
pub fn emsa(lines: &[&str], data: &str) -> Vec<u8> {
    let mut out =
        String::from("#FORMAT      : EMSA/MAS Spectral Data File\r\n#VERSION     : 1.0\r\n");
    for line in lines {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out.push_str("#SPECTRUM    : Spectral Data Starts Here\r\n");
    out.push_str(data);
    out.push_str("\r\n#ENDOFDATA   : \r\n");
    out.into_bytes()
}

/// A NumPy file.
pub fn npy(descr: &str, fortran: bool, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let fortran = if fortran { "True" } else { "False" };
    let mut header =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut out = b"\x93NUMPY\x01\x00".to_vec();
    out.extend((header.len() as u16).to_le_bytes());
    out.extend(header.bytes());
    out.extend(bytes);
    out
}

/// The table of an RPL/RAW pair.
pub fn rpl(lines: &[(&str, &str)]) -> Vec<u8> {
    let mut out = String::from("key\tvalue\n");
    for (key, value) in lines {
        out.push_str(&format!("{key}\t{value}\n"));
    }
    out.into_bytes()
}
