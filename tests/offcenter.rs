//! A core off its center in an elliptic particle: what round rings hide is found, taken into account, and not found where it is not.
//!
//! The truth is a solver of its own: finite volumes on the axis of the displacement, projected and blurred point by point.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

use std::rc::Rc;

use alloyscope::diffusion::CoreShell;
use alloyscope::engine::{Analysis, Engine, Event, Loaded, Request};
use alloyscope::formats::{MemorySource, Source};
use alloyscope::forward::{Dipole, Optics};
use alloyscope::imaging::{MeasureRequest, Measurement, measure_by_sector, without_harmonics};
use alloyscope::project::{
    Contrast, Level, Model, Project, Provenance, Reduced, ReducedFrame, SchemeChoice, Series,
    write_link,
};
use alloyscope::signal::{Image, Notice, NoticeKind, Notices};
use alloyscope::simulate::{Noise, tiff_bytes};

const SHAPE: CoreShell = CoreShell {
    radius_a_nm: 1.15,
    radius_b_nm: 2.0,
    sigma_nm: 0.12,
};
const OPTICS: Optics = Optics {
    psf_sigma_nm: 0.09,
    contrast: 0.4,
};
/// Cumulative D·t (nm²).
const TAUS: [f64; 6] = [0.0, 0.008, 0.03, 0.09, 0.2, 0.36];
const SIDE_PX: usize = 176;
const PIXEL_NM: f64 = 0.032;
const PEAK_COUNTS: f64 = 1500.0;
const BACKGROUND: f64 = 120.0;
/// Direction of the displacement and of the longest axis (radians).
const ANGLE: f64 = 0.7;

/// Step of the solver and of its projection (nm).
const H: f64 = 0.04;
/// Cells across (from the axis) and half of those along.
const CELLS: usize = 64;

/// Projections along the beam of the core's and the particle's density at each D·t, blurred by the probe: `[x][y]` about the center, x
/// along the displacement.
struct Truth {
    core: Vec<Vec<f64>>,
    total: Vec<f64>,
}

/// Cell `i` along the axis.
fn along(i: usize) -> f64 {
    (i as f64 + 0.5 - CELLS as f64) * H
}

fn across(j: usize) -> f64 {
    (j as f64 + 0.5) * H
}

impl Truth {
    fn new(offset_nm: f64) -> Truth {
        let envelope = |x: f64, s: f64| {
            let value = SHAPE.envelope(x.hypot(s));
            if value > 1e-4 { value } else { 0.0 }
        };
        let mut c = vec![0.0; 2 * CELLS * CELLS];
        for i in 0..2 * CELLS {
            for j in 0..CELLS {
                let (x, s) = (along(i), across(j));
                let density = envelope(x, s);
                if density > 0.0 {
                    c[i * CELLS + j] = SHAPE.rho_core((x - offset_nm).hypot(s)) / density;
                }
            }
        }
        // Weights of the faces (density times area) over that of the cell, once.
        let density = |i: usize, j: usize| envelope(along(i), across(j));
        let mut faces = vec![[0.0; 4]; 2 * CELLS * CELLS];
        for i in 1..2 * CELLS - 1 {
            for j in 0..CELLS - 1 {
                let own = density(i, j) * across(j);
                let open = |a: usize, b: usize, x: f64, s: f64| {
                    if own > 0.0 && density(a, b) > 0.0 {
                        envelope(x, s) * s / own
                    } else {
                        0.0
                    }
                };
                let (x, s) = (along(i), across(j));
                faces[i * CELLS + j] = [
                    open(i - 1, j, x - 0.5 * H, s),
                    open(i + 1, j, x + 0.5 * H, s),
                    if j > 0 {
                        open(i, j - 1, x, s - 0.5 * H)
                    } else {
                        0.0
                    },
                    open(i, j + 1, x, s + 0.5 * H),
                ];
            }
        }
        let total = (0..c.len()).map(|k| density(k / CELLS, k % CELLS));
        let total: Vec<f64> = total.collect();
        let mut core = Vec::new();
        let mut reached = 0.0;
        for tau in TAUS {
            let steps = ((tau - reached) / (0.12 * H * H)).ceil();
            let share = if steps > 0.0 {
                (tau - reached) / steps / (H * H)
            } else {
                0.0
            };
            for _ in 0..steps as usize {
                let old = c.clone();
                for i in 1..2 * CELLS - 1 {
                    for j in 0..CELLS - 1 {
                        let k = i * CELLS + j;
                        let [w, e, s, n] = faces[k];
                        let below = if j > 0 { old[k - 1] } else { old[k] };
                        c[k] += share
                            * (w * (old[k - CELLS] - old[k])
                                + e * (old[k + CELLS] - old[k])
                                + s * (below - old[k])
                                + n * (old[k + 1] - old[k]));
                    }
                }
            }
            reached = tau;
            let density: Vec<f64> = c.iter().zip(&total).map(|(c, s)| c * s).collect();
            core.push(projected(&density));
        }
        Truth {
            core,
            total: projected(&total),
        }
    }

    /// Expected signal at a place (nm from the center, x along the displacement), in nm.
    fn at(&self, frame: usize, x: f64, y: f64) -> f64 {
        let (w_core, w_shell) = OPTICS.weights();
        let look = |table: &[f64]| {
            let (u, v) = (x / H + CELLS as f64 - 0.5, y / H + CELLS as f64 - 0.5);
            let (i, j) = (u.floor(), v.floor());
            let n = 2 * CELLS;
            if i < 0.0 || j < 0.0 || i >= (n - 1) as f64 || j >= (n - 1) as f64 {
                return 0.0;
            }
            let (p, q, k) = (u - i, v - j, i as usize * n + j as usize);
            (1.0 - p) * ((1.0 - q) * table[k] + q * table[k + 1])
                + p * ((1.0 - q) * table[k + n] + q * table[k + n + 1])
        };
        let core = look(&self.core[frame]);
        w_core * core + w_shell * (look(&self.total) - core)
    }
}

/// The projection across the axis, `[x][y]`, and the blur of the probe.
fn projected(density: &[f64]) -> Vec<f64> {
    let n = 2 * CELLS;
    let mut image = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..CELLS {
            let y = across(j);
            let mut sum = 0.0;
            for k in 0..CELLS {
                let s = y.hypot(across(k)) / H - 0.5;
                let (low, share) = (s.floor() as usize, s.fract());
                if low + 1 < CELLS {
                    let row = &density[i * CELLS..];
                    sum += 2.0 * H * ((1.0 - share) * row[low] + share * row[low + 1]);
                }
            }
            image[i * n + CELLS + j] = sum;
            image[i * n + CELLS - 1 - j] = sum;
        }
    }
    let reach = 8_i32;
    let weight = |k: i32| (-0.5 * (f64::from(k) * H / OPTICS.psf_sigma_nm).powi(2)).exp();
    let norm: f64 = (-reach..=reach).map(weight).sum();
    for stride in [1, n] {
        let old = image.clone();
        for (at, v) in image.iter_mut().enumerate() {
            let place = (at / stride % n) as i32;
            *v = (-reach..=reach)
                .filter(|k| (0..n as i32).contains(&(place + k)))
                .map(|k| {
                    weight(k) / norm * old[(at as i64 + i64::from(k) * stride as i64) as usize]
                })
                .sum();
        }
    }
    image
}

/// A noisy image of one frame, stretched along [`ANGLE`]; its center lies between pixels and its gain varies by 3 %.
fn counts(truth: &Truth, (frame, axis_ratio): (usize, f64), noise: &mut Noise) -> Vec<f32> {
    let middle = 0.5 * SIDE_PX as f64;
    let (center_x, center_y) = (middle + noise.uniform(), middle + noise.uniform());
    let gain = PEAK_COUNTS / truth.at(0, 1.5, 0.0) * (0.97 + 0.06 * noise.uniform());
    let root = axis_ratio.sqrt();
    (0..SIDE_PX * SIDE_PX)
        .map(|p| {
            let dx = ((p % SIDE_PX) as f64 - center_x) * PIXEL_NM;
            let dy = ((p / SIDE_PX) as f64 - center_y) * PIXEL_NM;
            let x = (ANGLE.cos() * dx + ANGLE.sin() * dy) / root;
            let y = (ANGLE.cos() * dy - ANGLE.sin() * dx) * root;
            let mean = BACKGROUND + gain * truth.at(frame, x, y);
            (mean + mean.sqrt() * noise.normal()).round() as f32
        })
        .collect()
}

/// Images of a particle as 16-bit TIFFs with the table of its heating.
fn files(truth: &Truth, axis_ratio: f64, seed: u64) -> Vec<(String, Vec<u8>)> {
    let mut noise = Noise::new(seed);
    let mut files = Vec::new();
    let mut table = "file,temperature_K,dwell_s,pixel_nm\n".to_owned();
    for k in 0..TAUS.len() {
        let counts = counts(truth, (k, axis_ratio), &mut noise);
        let counts: Vec<u16> = counts.into_iter().map(|v| v as u16).collect();
        let name = format!("{k:02}.tif");
        table += &format!("{name},{},600,{PIXEL_NM}\n", 300 + 25 * k);
        files.push((name, tiff_bytes(&counts, SIDE_PX, PIXEL_NM).unwrap()));
    }
    files.push(("series.csv".into(), table.into_bytes()));
    files
}

/// The same images opened once, analyzed at a level.
struct Opened {
    engine: Engine,
    series: Series,
}

impl Opened {
    fn new(files: Vec<(String, Vec<u8>)>) -> Opened {
        let (paths, sources): (Vec<String>, Vec<Rc<dyn Source>>) = files
            .into_iter()
            .map(|(path, bytes)| (path, Rc::new(MemorySource(bytes.into())) as Rc<dyn Source>))
            .unzip();
        let mut engine = Engine::new();
        let mut answer: Option<Loaded> = None;
        let request = Request::Open { paths, add: false };
        engine.handle(request, sources, &mut |event| match event {
            Event::Loaded(loaded) => answer = Some(*loaded),
            Event::Failed(failure) => panic!("{failure}"),
            _ => {}
        });
        Opened {
            engine,
            series: answer.unwrap().series,
        }
    }

    fn project(&self, level: Level) -> Project {
        Project {
            series: self.series.clone(),
            model: Model {
                level,
                scheme: SchemeChoice::Fraction,
                contrast: Contrast::Ratio(OPTICS.contrast),
                psf_sigma_nm: OPTICS.psf_sigma_nm,
                pair: Some(Provenance::User),
                ..Model::default()
            },
            ..Project::default()
        }
    }

    fn analyze(&mut self, level: Level) -> Analysis {
        let project = self.project(level);
        analyze(&mut self.engine, project).0
    }
}

/// With the measurements that it rests on.
fn analyze(engine: &mut Engine, project: Project) -> (Analysis, Vec<Measurement>) {
    let (mut answer, mut measured) = (None, Vec::new());
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| match event {
        Event::Measured { frame, .. } => measured.push(frame.outcome.unwrap()),
        Event::Analyzed { outcome, .. } => answer = Some(*outcome.unwrap()),
        _ => {}
    });
    (answer.unwrap(), measured)
}

/// (fitted D·t over the true one, its standard error) of the intervals.
fn ratios(analysis: &Analysis) -> Vec<(f64, f64)> {
    let truth = TAUS.windows(2).map(|t| t[1] - t[0]);
    let intervals = analysis.fit.intervals.iter().zip(truth);
    intervals
        .map(|(i, truth)| {
            (
                i.dtau_nm2 / truth,
                i.dtau_se_nm2.unwrap_or(f64::NAN) / truth,
            )
        })
        .collect()
}

fn told(analysis: &Analysis) -> bool {
    let kinds = analysis.notices.iter().map(|n| &n.kind);
    kinds
        .into_iter()
        .any(|k| matches!(k, NoticeKind::PixelsNeeded { .. }))
}

/// The displacement decays as the first derivative of j1 without flux says: q = 2.0816, q² = 4.333.
#[test]
fn a_displacement_decays_at_the_rate_of_the_dipole() {
    let radii: Vec<f64> = (0..80).map(|i| 0.01 + 0.03 * f64::from(i)).collect();
    let sharp = |sigma_nm: f64| {
        let shape = CoreShell { sigma_nm, ..SHAPE };
        let dipole = Dipole::new(&shape, OPTICS, &radii).unwrap();
        dipole.rates()[0] * SHAPE.radius_b_nm * SHAPE.radius_b_nm
    };
    let rates = [sharp(0.1), sharp(0.05), sharp(0.025)];
    println!("λ R² = {rates:.4?}");
    // Of a soft edge as of one a share of σ²/R² further in; the rest is the grid.
    approx::assert_relative_eq!(rates[2], 4.333, max_relative = 2e-3);
    assert!((rates[1] - 4.333).abs() < (rates[0] - 4.333).abs());
}

#[test]
fn a_core_off_its_center_in_an_ellipse_is_found_and_misleads_less() {
    const OFFSET_NM: f64 = 0.2;
    const RATIO: f64 = 1.05;
    const SEEDS: u64 = 4;
    let truth = Truth::new(OFFSET_NM);
    let (mut of_rings, mut of_pixels, mut pulls) = ([0.0; 5], [0.0; 5], Vec::new());
    for seed in 0..SEEDS {
        let mut opened = Opened::new(files(&truth, RATIO, seed));
        let rings = opened.analyze(Level::Profiles);
        assert!(told(&rings), "{:?}", rings.notices);
        let pixels = opened.analyze(Level::Pixels);
        let geometry = pixels.geometry.unwrap();
        println!("{}", geometry.sentence());
        assert!(geometry.elliptic && geometry.off_center);
        // The displaced core pulls the outline by a fifth of a percent.
        approx::assert_abs_diff_eq!(geometry.axis_ratio.value, RATIO, epsilon = 0.004);
        let core = geometry.core.unwrap();
        for (found, along) in [(core.x_nm, ANGLE.cos()), (core.y_nm, ANGLE.sin())] {
            // What the expansion leaves out is of the order of a hundredth of the displacement.
            let allowed = 4.0 * found.standard_error + 0.02 * OFFSET_NM;
            approx::assert_abs_diff_eq!(found.value, OFFSET_NM * along, epsilon = allowed);
            assert!(found.standard_error < 0.01 * OFFSET_NM);
        }
        for (mean, analysis) in [(&mut of_rings, &rings), (&mut of_pixels, &pixels)] {
            let errors = ratios(analysis).into_iter().map(|(ratio, _)| ratio - 1.0);
            mean.iter_mut()
                .zip(errors)
                .for_each(|(m, e)| *m += e / SEEDS as f64);
        }
        pulls.extend(
            ratios(&pixels)
                .iter()
                .map(|(ratio, error)| (ratio - 1.0) / error),
        );
        // Errors are near those of the counts again: a displacement is no scatter, but for its higher orders, which the first image shows.
        let chi2: Vec<f64> = pixels.fit.frames.iter().map(|f| f.chi2_red).collect();
        println!("{chi2:.3?}");
        for (frame, other) in pixels.fit.frames.iter().zip(&rings.fit.frames) {
            assert!((0.5..2.0).contains(&frame.chi2_red), "{}", frame.chi2_red);
            assert!(frame.tau_nm2.standard_error <= other.tau_nm2.standard_error);
        }
    }
    let rms = (pulls.iter().map(|p| p * p).sum::<f64>() / pulls.len() as f64).sqrt();
    println!("mean error of D·t: rings {of_rings:.3?}, pixels {of_pixels:.3?}; pulls {rms:.2}");
    // The first interval is a fifth of the smear that the displacement does.
    assert!(of_rings[0] > 0.6 && of_pixels[0].abs() < 0.25);
    assert!(of_pixels[1..].iter().all(|e| e.abs() < 0.05));
    assert!(rms < 2.2);
}

/// Whoever opens a link has no images, and finds the same D, and what was seen in them.
#[test]
fn a_link_takes_along_what_the_images_showed() {
    // Values are rounded to a tenth of their errors.
    const SHARE: f64 = 0.15;
    for (offset_nm, ratio) in [(0.2, 1.05), (0.2, 1.0), (0.0, 1.05)] {
        let mut opened = Opened::new(files(&Truth::new(offset_nm), ratio, 1));
        let project = opened.project(Level::Auto);
        let (sent, measured) = analyze(&mut opened.engine, project.clone());
        let frames = measured.into_iter().map(|m| ReducedFrame {
            measurement: Some(m),
            thumbnail: None,
        });
        let mut reduced = Reduced {
            project,
            frames: frames.collect(),
        };
        sent.share(&mut reduced);
        let mut engine = Engine::new();
        let mut loaded: Option<Loaded> = None;
        let request = Request::OpenLink {
            link: write_link(&reduced),
        };
        engine.handle(request, Vec::new(), &mut |event| match event {
            Event::Loaded(answer) => loaded = Some(*answer),
            Event::Failed(failure) => panic!("{failure}"),
            _ => {}
        });
        let decisions = loaded.unwrap().decisions.unwrap();
        let (found, _) = analyze(&mut engine, *decisions);
        let (before, after) = (sent.geometry.unwrap(), found.geometry.unwrap());
        assert_eq!(
            (before.elliptic, before.off_center),
            (ratio > 1.0, offset_nm > 0.0)
        );
        assert_eq!(before.sentence(), after.sentence());
        let used = |n: &Notice| matches!(n.kind, NoticeKind::PixelsUsed { .. });
        assert!(found.notices.iter().any(used), "{:?}", found.notices);
        for (a, b) in sent.fit.intervals.iter().zip(&found.fit.intervals) {
            assert_eq!(a.kind, b.kind);
            let error = a.dtau_se_nm2.unwrap_or(f64::INFINITY);
            assert!(
                (a.dtau_nm2 - b.dtau_nm2).abs() < SHARE * error,
                "{a:?} {b:?}"
            );
        }
    }
}

#[test]
fn a_sphere_with_its_core_in_the_middle_is_fitted_the_same() {
    let truth = Truth::new(0.0);
    for seed in 0..3 {
        let mut opened = Opened::new(files(&truth, 1.0, seed));
        let rings = opened.analyze(Level::Profiles);
        let pixels = opened.analyze(Level::Pixels);
        let geometry = pixels.geometry.unwrap();
        assert!(!told(&rings) && !geometry.needed(), "{geometry:?}");
        let core = geometry.core.unwrap();
        for found in [core.x_nm, core.y_nm] {
            assert!(found.value.abs() < 4.0 * found.standard_error, "{found:?}");
        }
        for (a, b) in rings.fit.intervals.iter().zip(&pixels.fit.intervals) {
            let error = a.dtau_se_nm2.unwrap();
            assert!((a.dtau_nm2 - b.dtau_nm2).abs() < 0.25 * error);
        }
    }
}

#[test]
fn a_displacement_is_not_counted_as_noise() {
    for offset_nm in [0.0, 0.2] {
        let truth = Truth::new(offset_nm);
        let image = Image {
            width: SIDE_PX,
            height: SIDE_PX,
            values: counts(&truth, (0, 1.0), &mut Noise::new(5)),
        };
        let silent = &mut Notices::default();
        let (found, sectors) =
            measure_by_sector(&image, &MeasureRequest::default(), silent).unwrap();
        let cleared = without_harmonics(&found.profile, &sectors);
        // Counts scatter by their number.
        let (mut expected, mut scatter, mut left) = (0.0, 0.0, 0.0);
        for (k, n) in found.profile.pixel_count.iter().enumerate() {
            let n = f64::from(*n);
            expected += n * (found.profile.value[k] + BACKGROUND);
            scatter += (n * found.profile.standard_error[k]).powi(2);
            left += (n * cleared.standard_error[k]).powi(2);
        }
        println!(
            "{offset_nm} nm: scatter within rings {:.3} of that of the counts, {:.3} without harmonics",
            scatter / expected,
            left / expected
        );
        if offset_nm == 0.0 {
            // 17 000 pixels: 1 % at one standard deviation.
            approx::assert_relative_eq!(scatter, expected, max_relative = 0.04);
            approx::assert_relative_eq!(left, expected, max_relative = 0.04);
        } else {
            // Harmonics beyond the fourth are left: a percent.
            assert!(scatter > 3.0 * expected);
            approx::assert_relative_eq!(left, expected, max_relative = 0.05);
        }
    }
}
