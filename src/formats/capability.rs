//! What is read of each format: the table of the README is made of this one, so that neither claims what the other does
//! not.

use super::Format;

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capability {
    /// Name.
    pub format: &'static str,
    /// What its bytes are recognized by.
    pub detected_by: &'static str,
    /// Images, stacks, spectra.
    pub holds: &'static str,
    /// Where a pixel size and the scales of other axes are read from.
    pub calibration: &'static str,
    /// Where date and time are read from.
    pub time: &'static str,
    /// What is not read.
    pub limits: &'static str,
}

impl Capability {
    /// The line of a format; `None` for those that are not read.
    pub fn of(format: Format) -> Option<&'static Capability> {
        Some(match format {
            Format::Dm3 | Format::Dm4 => &DM,
            Format::Ser | Format::Emi => &TIA,
            Format::Velox => &VELOX,
            Format::Hdf5 | Format::Emd | Format::HyperSpy | Format::Dm5 => &HDF5,
            Format::Mrc => &MRC,
            Format::Emsa => &EMSA,
            Format::Rpl => &RPL,
            Format::Npy => &NPY,
            Format::Tiff => &TIFF,
            Format::Png | Format::Jpeg | Format::Bmp => &RASTER,
            Format::HeaterLog => &LOG,
            Format::Zip => &ZIP,
            Format::Gif | Format::WebP | Format::Pdf | Format::Empty | Format::Unknown => {
                return None;
            }
        })
    }
}

const DM: Capability = Capability {
    format: "Gatan DM3, DM4",
    detected_by: "version 3 or 4 and byte order in the header",
    holds: "images, stacks, spectra, spectrum images, 4-D; every type, complex and packed complex, RGB(A)",
    calibration: "`Calibrations.Dimension` (nm, µm, 1/nm, eV, …)",
    time: "`DataBar`, `EELS`, `SI`; month and day told apart by the computer's clock",
    limits: "packed transforms only where square and even",
};

const TIA: Capability = Capability {
    format: "TIA SER with EMI",
    detected_by: "`II` 0x0197; `JK` 0x0002",
    holds: "images, stacks, spectra, lines and maps of them; offsets of 32 and 64 bit",
    calibration: "first element, dimensions",
    time: "EMI, else the first element's tag (universal time)",
    limits: "an EMI alone tells its metadata and asks for the SER files (same folder, `X.emi` with `X_1.ser`)",
};

const VELOX: Capability = Capability {
    format: "Velox EMD",
    detected_by: "HDF5 mark and Velox' groups",
    holds: "images, stacks, spectra, spectrum images from their streams",
    calibration: "JSON metadata of each dataset",
    time: "acquisition start (universal time)",
    limits: "spectrum images without their stream",
};

const HDF5: Capability = Capability {
    format: "HDF5: NCEM EMD, HyperSpy, DM5, NeXus, plain",
    detected_by: "HDF5 mark and the groups within",
    holds: "images, stacks, spectra, spectrum images",
    calibration: "dimension vectors, axes, attributes",
    time: "HyperSpy, DM5, `start_time` of NeXus",
    limits: "filters other than deflate, shuffle, fletcher32, szip, nbit, scale-offset, LZF",
};

const MRC: Capability = Capability {
    format: "MRC",
    detected_by: "`MAP ` at byte 208, else sizes, mode and length that agree",
    holds: "images, stacks; modes 0 to 4, 6, 7, 12, 16, 101; both byte orders",
    calibration: "cell and grid, else FEI's extended header",
    time: "FEI's extended header",
    limits: "axes in another order than x, y, z are taken as they are stored",
};

const EMSA: Capability = Capability {
    format: "EMSA/MSA (ISO 22029)",
    detected_by: "`#FORMAT` in the first 256 bytes",
    holds: "spectra, Y and XY, any number of columns",
    calibration: "`#XPERCHAN`, `#OFFSET`",
    time: "`#DATE`, `#TIME`",
    limits: "64 MiB of text",
};

const RPL: Capability = Capability {
    format: "RPL with RAW",
    detected_by: "its keywords",
    holds: "images, stacks, spectrum images",
    calibration: "`…-scale`, `…-units`, `ev-per-chan`",
    time: "`date`, `time`",
    limits: "RAW only beside its RPL (`X.raw` with `X.rpl`)",
};

const NPY: Capability = Capability {
    format: "NumPy .npy",
    detected_by: "0x93 `NUMPY`",
    holds: "arrays of up to 64 axes: the last two are the picture",
    calibration: "none",
    time: "none",
    limits: "records, objects, texts; Fortran order beyond two axes",
};

const TIFF: Capability = Capability {
    format: "TIFF, BigTIFF",
    detected_by: "`II*`, `MM*` and BigTIFF's",
    holds: "images, stacks; 1 to 32 bit integers, 16 to 64 bit floats, color as gray",
    calibration: "FEI, Zeiss SEM, DigitalMicrograph, Olympus SIS, TVIPS, ImageJ, OME, resolution where it is no print's",
    time: "tag DateTime",
    limits: "64-bit integers; CCITT, LERC, LZMA, Zstandard, WebP, JPEG 2000 and old JPEG compression",
};

const RASTER: Capability = Capability {
    format: "PNG, JPEG, BMP",
    detected_by: "their marks",
    holds: "images; color as gray",
    calibration: "none: their resolutions are print resolutions",
    time: "none",
    limits: "",
};

const ZIP: Capability = Capability {
    format: "ZIP",
    detected_by: "`PK`",
    holds: "a folder of any of these",
    calibration: "that of its files",
    time: "that of its files",
    limits: "encrypted entries; 1 GiB unpacked",
};

const LOG: Capability = Capability {
    format: "heater logs: DENSsolutions DigiHeater and Impulse, Protochips, other tables",
    detected_by: "a header that names a time and a temperature of the specimen",
    holds: "temperature over time",
    calibration: "units in the header",
    time: "that of every line",
    limits: "temperatures of cameras and detectors",
};

/// The table as it stands in the README (Markdown).
pub fn capability_table() -> String {
    let mut out = String::from(
        "| format | detected by | images, stacks, spectra | calibration | date and time | not read |\n|---|---|---|---|---|---|\n",
    );
    let rows = [
        DM, TIA, VELOX, HDF5, MRC, EMSA, RPL, NPY, TIFF, RASTER, LOG, ZIP,
    ];
    for row in rows {
        let cells = [
            row.format,
            row.detected_by,
            row.holds,
            row.calibration,
            row.time,
            row.limits,
        ];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}
