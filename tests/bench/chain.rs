//! The chain, stage by stage: image to profile, forward model, interval, series, everything.
//!
//! `make bench` runs it natively (criterion). For wasm32 the same workloads are compiled for a dedicated worker
//! (wasm-bindgen's criterion): `cargo bench --target wasm32-unknown-unknown --bench chain`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

use std::hint::black_box;
use std::rc::Rc;

use alloyscope::diffusion::{CoreShell, Scheme};
use alloyscope::engine::{Engine, Event, Request};
use alloyscope::fit::{FrameData, Order, Setting, Settings, bootstrap, fit_series};
use alloyscope::formats::{self, Limits, MemorySource, Source};
use alloyscope::forward::{Basis, Optics, Response};
use alloyscope::imaging::{MeasureRequest, measure};
use alloyscope::project::{Level, Project};
use alloyscope::signal::{LengthUnit, Notices, Profile, Sectors};
use alloyscope::simulate::{Preset, simulate};
#[cfg(not(target_arch = "wasm32"))]
use criterion::{Criterion, criterion_group, criterion_main};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{Criterion, wasm_bindgen_bench, wasm_bindgen_test_configure};

const SHAPE: CoreShell = CoreShell {
    radius_a_nm: 1.15,
    radius_b_nm: 2.0,
    sigma_nm: 0.1,
};
const OPTICS: Optics = Optics {
    psf_sigma_nm: 0.09,
    contrast: 0.393,
};

fn radii() -> Vec<f64> {
    (0..130).map(|i| 0.01 + 0.02 * f64::from(i)).collect()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn image_to_profile(c: &mut Criterion) {
    let mut experiment = Preset::AgAu.experiment();
    experiment.camera.side_px = 2048;
    experiment.camera.pixel_nm = 0.005;
    experiment.heating.truncate(1);
    let bytes: Rc<[u8]> = simulate(&experiment, 1)
        .unwrap()
        .frames
        .remove(0)
        .tiff
        .into();
    let decode = |bytes: &Rc<[u8]>| {
        let mut notices = Notices::default();
        let source: Rc<dyn Source> = Rc::new(MemorySource(bytes.clone()));
        let document = formats::open(source, &Limits::default(), &mut notices).unwrap();
        document.read_plane(0, 0, &mut notices).unwrap().to_image()
    };
    c.bench_function("decode 2048² u16", |b| {
        b.iter(|| decode(black_box(&bytes)))
    });
    let image = decode(&bytes);
    c.bench_function("measure 2048²", |b| {
        b.iter(|| {
            measure(
                black_box(&image),
                &MeasureRequest::default(),
                &mut Notices::default(),
            )
            .unwrap()
        })
    });
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn forward(c: &mut Criterion) {
    let radii = radii();
    for (name, scheme) in [
        ("fraction", Scheme::Fraction),
        ("published", Scheme::Published),
    ] {
        c.bench_function(&format!("basis, {name}"), |b| {
            b.iter(|| Basis::new(scheme, black_box(0.05)).unwrap())
        });
        let basis = Basis::new(scheme, 0.05).unwrap();
        c.bench_function(&format!("response, {name}"), |b| {
            b.iter(|| Response::new(black_box(&basis), &SHAPE, OPTICS, &radii))
        });
        let response = Response::new(&basis, &SHAPE, OPTICS, &radii);
        let mut out = vec![0.0; radii.len()];
        c.bench_function(&format!("forward model, {name}"), |b| {
            b.iter(|| response.image(black_box(0.05), &mut out))
        });
    }
}

fn frames(taus: &[f64]) -> Vec<FrameData> {
    let radius = radii();
    let basis = Basis::new(Scheme::Fraction, 0.05).unwrap();
    let response = Response::new(&basis, &SHAPE, OPTICS, &radius);
    taus.iter()
        .enumerate()
        .map(|(frame, tau)| {
            let mut value = vec![0.0; radius.len()];
            response.image(*tau, &mut value);
            // A fixed ripple in place of noise: the fit has something to weigh.
            value
                .iter_mut()
                .enumerate()
                .for_each(|(i, v)| *v = 1000.0 * *v + 3.0 * libm::sin((i * (frame + 3)) as f64));
            let n = radius.len();
            let profile = Profile {
                unit: LengthUnit::Nanometer,
                radius: radius.clone(),
                value,
                standard_error: vec![3.0; n],
                pixel_count: vec![100; n],
            };
            FrameData {
                frame,
                temperature_k: Some(300.0 + 25.0 * frame as f64),
                dwell_s: Some(600.0),
                profile,
                edge: 2.0,
            }
        })
        .collect()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn fits(c: &mut Criterion) {
    let free = Settings {
        scheme: Scheme::Fraction,
        contrast: OPTICS.contrast,
        contrast_free: false,
        psf_sigma_nm: OPTICS.psf_sigma_nm,
        radius_a_nm: Setting::Free,
        radius_b_nm: Setting::Free,
        sigma_nm: Setting::Free,
        ln_d_ratio: 0.0,
        order: Order::Joint,
        reference: 0,
        confidence: 0.68,
        core_offset_nm: 0.0,
        atoms_per_nm3: None,
    };
    let held = Settings {
        radius_a_nm: Setting::Fixed(SHAPE.radius_a_nm),
        radius_b_nm: Setting::Fixed(SHAPE.radius_b_nm),
        sigma_nm: Setting::Fixed(SHAPE.sigma_nm),
        order: Order::Sequential,
        ..free.clone()
    };
    let two = frames(&[0.0, 0.05]);
    c.bench_function("one interval, shape held", |b| {
        b.iter(|| fit_series(black_box(&two), &held).unwrap())
    });
    let all = frames(&[
        0.0, 0.0005, 0.0024, 0.0084, 0.025, 0.065, 0.155, 0.337, 0.681, 1.293, 2.329, 4.0,
    ]);
    c.bench_function("joint fit of 12 frames", |b| {
        b.iter(|| fit_series(black_box(&all), &free).unwrap())
    });
    let fit = fit_series(&all, &free).unwrap();
    let rings: Vec<Sectors> = all.iter().map(sectors).collect();
    c.bench_function("10 of 500 draws of the bootstrap", |b| {
        b.iter(|| bootstrap(black_box(&all), &rings, (&free, &fit), 0..10).unwrap())
    });
    let one = &all[..1];
    c.bench_function("shape from one frame", |b| {
        b.iter(|| fit_series(black_box(one), &free).unwrap())
    });
}

/// Sectors of a frame's rings: as many pixels in each, and a ripple for what differs between them.
fn sectors(frame: &FrameData) -> Sectors {
    const PER_RING: usize = 32;
    const PIXELS: f64 = 4.0;
    let means = frame.profile.value.iter().enumerate();
    let cells = means.flat_map(|(k, mean)| {
        (0..PER_RING).map(move |s| PIXELS * (mean + 3.0 * libm::sin((k * PER_RING + 7 * s) as f64)))
    });
    let sums: Vec<f64> = cells.collect();
    Sectors {
        per_ring: PER_RING,
        pixels: vec![PIXELS; sums.len()],
        sums,
    }
}

const WHOLE: [(&str, Level); 2] = [
    ("12 frames of 512² from bytes to Arrhenius", Level::Profiles),
    ("the same, pixels", Level::Pixels),
];

/// The sample's files, with their paths.
fn sample() -> Vec<(String, Rc<[u8]>)> {
    let files = simulate(&Preset::AgAu.experiment(), 1).unwrap().files();
    files
        .into_iter()
        .map(|(name, bytes)| (name, bytes.into()))
        .collect()
}

#[cfg(not(target_arch = "wasm32"))]
fn everything(c: &mut Criterion) {
    let files = sample();
    for (name, level) in WHOLE {
        c.bench_function(name, |b| {
            b.iter(|| {
                let held = |(_, bytes): &(_, Rc<[u8]>)| Rc::new(MemorySource(bytes.clone())) as _;
                whole(&files, files.iter().map(held).collect(), level)
            })
        });
    }
}

/// As the page's worker opens files: with digests by the browser.
#[cfg(target_arch = "wasm32")]
#[wasm_bindgen_bench]
async fn everything(c: &mut Criterion) {
    let files: &[_] = sample().leak();
    for (name, level) in WHOLE {
        c.bench_async_function(name, move |b| {
            Box::pin(
                b.iter_future(move || async move { whole(files, digested(files).await, level) }),
            )
        })
        .await;
    }
}

#[cfg(target_arch = "wasm32")]
async fn digested(files: &[(String, Rc<[u8]>)]) -> Vec<Rc<dyn Source>> {
    use wasm_bindgen::JsCast;

    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    let subtle = scope.crypto().unwrap().subtle();
    let mut sources = Vec::with_capacity(files.len());
    for (_, bytes) in files {
        let copy = js_sys::Uint8Array::from(&**bytes);
        let hash = subtle.digest_with_str_and_js_u8_array("SHA-256", &copy);
        let hash = wasm_bindgen_futures::JsFuture::from(hash.unwrap()).await;
        let hash = js_sys::Uint8Array::new(&hash.unwrap()).to_vec();
        sources.push(Rc::new(Digested(MemorySource(bytes.clone()), hash)) as Rc<dyn Source>);
    }
    sources
}

/// A file in memory with its SHA-256.
#[cfg(target_arch = "wasm32")]
struct Digested(MemorySource, Vec<u8>);

#[cfg(target_arch = "wasm32")]
impl Source for Digested {
    fn len(&self) -> u64 {
        self.0.len()
    }

    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.0.read_at(offset, buffer)
    }

    fn digest(&self) -> Option<String> {
        Some(alloyscope::engine::hexadecimal(&self.1))
    }
}

/// A series from its files to D(T).
fn whole(files: &[(String, Rc<[u8]>)], sources: Vec<Rc<dyn Source>>, level: Level) {
    let mut engine = Engine::new();
    let paths = files.iter().map(|(name, _)| name.clone()).collect();
    let mut project = Project::default();
    engine.handle(Request::Open { paths, add: false }, sources, &mut |event| {
        if let Event::Loaded(loaded) = event {
            project.series = loaded.series;
        }
    });
    project.model.psf_sigma_nm = OPTICS.psf_sigma_nm;
    project.model.level = level;
    let mut done = false;
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Analyzed { outcome, .. } = event {
            done = outcome.is_ok();
        }
    });
    assert!(done);
}

#[cfg(not(target_arch = "wasm32"))]
criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = forward, fits, image_to_profile, everything
}
#[cfg(not(target_arch = "wasm32"))]
criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_dedicated_worker);
#[cfg(target_arch = "wasm32")]
fn main() {}
