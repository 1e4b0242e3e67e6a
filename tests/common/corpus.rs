//! One small forged file of each kind: seeds for what is hostile.

use super::dm::{F64, FLAVORS, Group, Image, Text, dm};
use super::pictures::{bmp, jpeg, png};
use super::vendor::{Mrc, Ser, emi, emsa, fei1, npy, rpl};

/// Name of the body in `fuzz/bodies.rs`, and the file.
pub fn corpus() -> Vec<(&'static str, Vec<u8>)> {
    let mut files = Vec::new();
    for flavor in FLAVORS {
        let mut image = Image::new(10, &[4], &[3, 2, 4], (0..48).collect());
        image.calibrations = vec![(1.0, 0.5, "nm"), (0.0, 0.5, "nm"), (0.0, 1.0, "s")];
        let bar = vec![
            ("Acquisition Date", Text("5/7/2016")),
            ("Exposure Time (s)", F64(0.25)),
        ];
        image.tags = vec![("DataBar", Group(bar))];
        let complex = Image::new(3, &[6, 6], &[3, 2], (0..48).collect());
        let packed = Image {
            count: 16,
            ..Image::new(5, &[6], &[4, 4], vec![3; 64])
        };
        let name = if flavor.version == 3 { "dm3" } else { "dm4" };
        files.push((name, dm(flavor, vec![image])));
        files.push((name, dm(flavor, vec![complex, packed])));
    }
    for wide in [false, true] {
        let picture = Ser {
            wide,
            kind: 2,
            sizes: vec![3, 2],
            calibrations: vec![(0.0, 1e-9); 2],
            dimensions: vec![(2, 1.0, "Number", "")],
            elements: vec![(0..12).collect(), (3..15).collect()],
            total: 2,
            time: 1_456_073_586,
        };
        let spectra = Ser {
            sizes: vec![6],
            calibrations: vec![(-20.0, 0.2)],
            dimensions: vec![(2, 1e-9, "Position", "meters")],
            elements: picture.elements.clone(),
            ..picture
        };
        files.push(("ser", spectra.bytes()));
        let picture = Ser {
            sizes: vec![3, 2],
            calibrations: vec![(0.0, 1e-9); 2],
            ..spectra
        };
        files.push(("ser", picture.bytes()));
    }
    files.push((
        "emi",
        emi("TEM uP SA Zoom Image", "Sun Feb 21 17:53:06 2016"),
    ));
    files.push(("mrc", Mrc::new(1, [3, 2, 4], (0..48).collect()).bytes()));
    files.push((
        "mrc",
        Mrc {
            kind: *b"FEI1",
            extended: fei1(1e-10, 2e5, 42_000.0, 1.0),
            little: false,
            cell: [3.0, 2.0, 0.0],
            ..Mrc::new(101, [3, 2, 2], vec![0x21; 8])
        }
        .bytes(),
    ));
    let lines = ["#NPOINTS : 4", "#XPERCHAN : 0.5", "#DATATYPE : XY"];
    files.push(("emsa", emsa(&lines, "0 1\r\n1, 2\r\n2, 3, 3, 4")));
    files.push((
        "rpl",
        rpl(&[
            ("width", "3"),
            ("height", "2"),
            ("depth", "4"),
            ("data-length", "2"),
            ("data-type", "signed"),
            ("record-by", "vector"),
        ]),
    ));
    files.push(("npy", npy("<f4", true, "(2, 3)", &[1; 24])));
    files.push(("npy", npy(">c16", false, "(2, 1, 2)", &[1; 64])));
    let row = |k: u8| vec![k, k + 1, k + 2];
    files.push(("png", png((3, 2), (8, 0), None, &[row(1), row(9)])));
    files.push(("jpeg", jpeg(3, 2, &[1, 2, 3, 4, 5, 6])));
    files.push(("bmp", bmp(3, 2, &[[1, 2, 3]; 6])));
    files.push((
        "series",
        b"file,temperature_K,dwell_s\na.tif,300,0\nb.tif,350,600\n".to_vec(),
    ));
    files
}
