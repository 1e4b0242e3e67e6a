//! Frames, their files and the table that goes with them.

use core::fmt::Write as _;
use std::io::Cursor;

use tiff::encoder::colortype::Gray16;
use tiff::encoder::{Rational, TiffEncoder};
use tiff::tags::{ResolutionUnit, Tag};

use crate::forward::BasisError;
use crate::language::{say, word};
use crate::numerics::lagrange_weights;
use crate::signal::DateTime;

use super::program::Program;
use super::{Experiment, Live, Noise, Truth, TruthFrame};

/// Why a series cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// A number of the experiment is out of range.
    #[error("{}", say!("{field} must be positive and finite" | "{field} muss positiv und endlich sein"))]
    Range {
        /// Which.
        field: &'static str,
    },
    /// More pixels than are reasonable.
    #[error("{}", say!("{side_px} × {side_px} pixels are too many" | "{side_px} × {side_px} Pixel sind zu viele"))]
    Size {
        /// Asked for.
        side_px: usize,
    },
    /// No heating ends before it begins or lasts for months.
    #[error("{}", word!("the heating must take from 0 to 10 000 000 s in all" | "das Heizen muss insgesamt zwischen 0 und 10 000 000 s dauern"))]
    Long,
    /// The particle's shape has no forward model.
    #[error("{}", word!("the particle cannot be simulated" | "das Partikel lässt sich nicht simulieren"))]
    Shape(#[from] BasisError),
    /// Channels or edges.
    #[error("{}", word!("the spectra cannot be simulated" | "die Spektren lassen sich nicht simulieren"))]
    Spectra(#[from] crate::spectroscopy::SpectroscopyError),
    /// The TIFF encoder refused.
    #[error("{}", word!("the image could not be written as TIFF" | "das Bild ließ sich nicht als TIFF schreiben"))]
    Tiff(#[from] tiff::TiffError),
}

/// One simulated image.
#[derive(Clone, Debug, PartialEq)]
pub struct SimulatedFrame {
    /// File name, `00_298K.tif`.
    pub file: String,
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Counts, row by row.
    pub counts: Vec<u16>,
    /// The same as a 16-bit TIFF that says its pixel size the way ImageJ does.
    pub tiff: Vec<u8>,
}

/// A simulated series.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulated {
    /// Images in the order of heating.
    pub frames: Vec<SimulatedFrame>,
    /// What went in.
    pub truth: Truth,
    /// `series.csv`: file, temperature_K, dwell_s, pixel_nm.
    pub series_csv: String,
    /// `heater-log.csv`, where the heater ramps.
    pub heater_log: Option<String>,
}

impl Simulated {
    /// The series as a folder holds it: names and bytes of the images, `series.csv`, `truth.json`, and `heater-log.csv` where there is one.
    pub fn files(self) -> Vec<(String, Vec<u8>)> {
        let truth = serde_json::to_vec_pretty(&self.truth).unwrap_or_default();
        let images = self
            .frames
            .into_iter()
            .map(|frame| (frame.file, frame.tiff));
        let texts = [
            ("series.csv".to_owned(), self.series_csv.into_bytes()),
            ("truth.json".to_owned(), truth),
        ];
        let log = self.heater_log.map(String::into_bytes);
        let log = log.map(|bytes| ("heater-log.csv".to_owned(), bytes));
        images.chain(texts).chain(log).collect()
    }
}

/// Points of the tabulated profile per pixel: linear interpolation between them is within 2e-5 of the peak.
const POINTS_PER_PIXEL: usize = 16;

/// Simulates the series of `experiment`; the same `seed` gives the same bytes everywhere.
///
/// Each pixel is a Poisson deviate whose mean is background plane + gain · image at the pixel's center (the pixel's own area adds
/// 1/12 px² to the variance of the probe, which is left out as in the truth series). The particle wanders from frame to frame.
pub fn simulate(experiment: &Experiment, seed: u64) -> Result<Simulated, SimulateError> {
    let live = Live::new(experiment)?;
    let (camera, amplitude) = (&experiment.camera, live.amplitude);
    let mut profile = vec![0.0; live.response.len()];
    let mut noise = Noise::new(seed);
    let program = Program::of(experiment);
    let dtau_nm2 = experiment.dtau_nm2();
    let mut truth = Truth::new(experiment, seed, amplitude, &dtau_nm2);
    let mut series_csv = String::from("file,temperature_K,dwell_s,pixel_nm\n");
    let mut frames = Vec::with_capacity(experiment.heating.len());
    let middle = 0.5 * (camera.side_px - 1) as f64;
    let (mut x, mut y) = (middle, middle);
    let mut tau = 0.0;
    for (index, step) in experiment.heating.iter().enumerate() {
        if index > 0 {
            tau += dtau_nm2.get(index).copied().unwrap_or(0.0);
        }
        x += camera.drift_px * noise.normal();
        y += camera.drift_px * noise.normal();
        let gain = (1.0 + camera.gain_sd * noise.normal()).max(0.1);
        let level = camera.peak_counts
            * camera.background
            * (1.0 + camera.background_sd * noise.normal()).max(0.1);
        live.response.image(tau, &mut profile);
        let table = tabulate(&profile, gain * amplitude);
        let scene = Scene {
            side: camera.side_px,
            center: (x, y),
            table: &table,
            level,
            slope: camera.background_slope,
        };
        let counts = scene.expose(&mut noise);
        let file = format!("{index:02}_{:.0}K.tif", step.temperature_k);
        let _ = writeln!(
            series_csv,
            "{file},{},{},{}",
            step.temperature_k, step.dwell_s, camera.pixel_nm
        );
        truth.frames.push(TruthFrame {
            file: file.clone(),
            temperature_K: step.temperature_k,
            dwell_s: step.dwell_s,
            centre_x_px: x,
            centre_y_px: y,
            gain,
            bg_counts: level,
            tau_cum_nm2: tau,
        });
        let taken = program.as_ref().and_then(|p| p.stamp(index));
        let tiff = stamped_tiff(&counts, (camera.side_px, camera.pixel_nm), taken)?;
        frames.push(SimulatedFrame {
            file,
            width: camera.side_px,
            height: camera.side_px,
            counts,
            tiff,
        });
    }
    Ok(Simulated {
        frames,
        truth,
        series_csv,
        // Its own source of noise, so that the images are those of the series without a log.
        heater_log: program.map(|program| program.log(&mut Noise::new(!seed))),
    })
}

/// The profile, known at whole pixels, on a finer grid.
pub(super) fn tabulate(profile: &[f64], factor: f64) -> Vec<f64> {
    let weights: Vec<[f64; 8]> = (0..POINTS_PER_PIXEL)
        .map(|i| lagrange_weights(i as f64 / POINTS_PER_PIXEL as f64))
        .collect();
    let mut table = Vec::with_capacity(profile.len() * POINTS_PER_PIXEL);
    for node in 0..profile.len() {
        for weights in &weights {
            let value: f64 = weights
                .iter()
                .enumerate()
                .map(|(i, w)| w * profile.get((node + i).abs_diff(3)).unwrap_or(&0.0))
                .sum();
            table.push(factor * value.max(0.0));
        }
    }
    table
}

/// One frame before its noise.
pub(super) struct Scene<'a> {
    pub side: usize,
    pub center: (f64, f64),
    pub table: &'a [f64],
    pub level: f64,
    pub slope: (f64, f64),
}

impl Scene<'_> {
    fn expose(&self, noise: &mut Noise) -> Vec<u16> {
        let mut counts = Vec::with_capacity(self.side * self.side);
        self.means(1.0, |mean| {
            counts.push(noise.poisson(mean).min(u64::from(u16::MAX)) as u16);
        });
        counts
    }

    /// The mean of every pixel, row by row; each is `binning` pixels of the camera wide.
    pub fn means(&self, binning: f64, mut each: impl FnMut(f64)) {
        let side = self.side as f64;
        let middle = 0.5 * (side - 1.0);
        let fine = binning * POINTS_PER_PIXEL as f64;
        for row in 0..self.side {
            let dy = row as f64 - self.center.1;
            for column in 0..self.side {
                let dx = column as f64 - self.center.0;
                let plane = 1.0
                    + self.slope.0 * (column as f64 - middle) / side
                    + self.slope.1 * (row as f64 - middle) / side;
                let at = fine * f64::sqrt(dx * dx + dy * dy);
                let left = at as usize;
                let signal = match (self.table.get(left), self.table.get(left + 1)) {
                    (Some(a), Some(b)) => a + (b - a) * (at - left as f64),
                    _ => 0.0,
                };
                each(self.level * plane + signal);
            }
        }
    }
}

/// A square 16-bit TIFF, uncompressed, with its pixel size as ImageJ writes it: `unit=nm` in the description and pixels per nm as resolution.
pub fn tiff_bytes(counts: &[u16], side_px: usize, pixel_nm: f64) -> Result<Vec<u8>, SimulateError> {
    stamped_tiff(counts, (side_px, pixel_nm), None)
}

/// The same with the time at which it was taken.
fn stamped_tiff(
    counts: &[u16],
    (side_px, pixel_nm): (usize, f64),
    taken: Option<DateTime>,
) -> Result<Vec<u8>, SimulateError> {
    let side = u32::try_from(side_px).map_err(|_| SimulateError::Size { side_px })?;
    let mut bytes = Vec::new();
    {
        let mut encoder = TiffEncoder::new(Cursor::new(&mut bytes))?;
        let mut image = encoder.new_image::<Gray16>(side, side)?;
        // Pixels per nm as a fraction of a million: 0.02 nm is 50/1.
        let per_nm = Rational {
            n: libm::round(1e6 / pixel_nm).clamp(1.0, 4e9) as u32,
            d: 1_000_000,
        };
        image.resolution(ResolutionUnit::None, per_nm);
        image
            .encoder()
            .write_tag(Tag::ImageDescription, "ImageJ=1.54f\nunit=nm\n")?;
        if let Some(taken) = taken {
            // As TIFF has it: 2017:06:12 09:30:00.
            let text = taken.to_string().replace('-', ":").replace('T', " ");
            let whole = text.split('.').next().unwrap_or_default();
            image.encoder().write_tag(Tag::DateTime, whole)?;
        }
        image.write_data(counts)?;
    }
    Ok(bytes)
}
