//! The phase diagram, as the page asks for it: 200 compositions at five radii.
//!
//! Natively and in the browser's worker, as `chain.rs`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(missing_docs)]

use std::hint::black_box;

use alloyscope::materials::Library;
use alloyscope::thermo::{Sampling, SurfaceMixing, SurfaceTerm, System, phase_diagram};
#[cfg(not(target_arch = "wasm32"))]
use criterion::{Criterion, criterion_group, criterion_main};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::{Criterion, wasm_bindgen_bench, wasm_bindgen_test_configure};

const RADII_NM: [f64; 5] = [f64::INFINITY, 10.0, 5.0, 2.5, 1.95];

fn at_all_radii(system: &System, term: &SurfaceTerm) -> usize {
    RADII_NM
        .iter()
        .map(|&radius_nm| {
            let sampling = Sampling {
                radius_nm,
                compositions: 200,
            };
            phase_diagram(black_box(system), term, sampling)
                .unwrap()
                .boundaries
                .len()
        })
        .sum()
}

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_bench)]
fn diagrams(c: &mut Criterion) {
    let butler = SurfaceTerm::default();
    let linear = SurfaceTerm {
        mixing: SurfaceMixing::Linear,
        ..butler
    };
    for (name, second, term) in [
        ("lens (Ag-Au), Butler", "Au", butler),
        ("lens (Ag-Au), linear", "Au", linear),
        ("eutectic (Ag-Cu), Butler", "Cu", butler),
    ] {
        let system = System::of(&Library::builtin(), "Ag", second).unwrap();
        c.bench_function(name, |b| b.iter(|| at_all_radii(&system, &term)));
    }
}

#[cfg(not(target_arch = "wasm32"))]
criterion_group! {
    name = benches;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(std::time::Duration::from_millis(300))
        .measurement_time(std::time::Duration::from_secs(1));
    targets = diagrams
}
#[cfg(not(target_arch = "wasm32"))]
criterion_main!(benches);

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test_configure!(run_in_dedicated_worker);
#[cfg(target_arch = "wasm32")]
fn main() {}
