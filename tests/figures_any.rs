//! Figures stay legible and drawable whatever the data, the size and the view.
//!
//! Natively the gallery is also written as SVG into `figures/` of cargo's temporary folder, to be looked at.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "common/synthetic.rs"]
mod synthetic;

use alloyscope::figures::{
    Abscissa, Anchor, DiffusivityFigure, Direction, Figure, FrameProfile, GridFigure, Item,
    ProfileFigure, StripFigure, StripFrame, TemperatureRamp, Theme, View, diffusivity, profile,
    profile_grid, series_strip, text_width,
};
use alloyscope::fit::{Interval, IntervalKind};
use alloyscope::imaging::{Circle, Point};
use alloyscope::kinetics::Kinetics;
use alloyscope::signal::{Image, LengthUnit, Profile};

use synthetic::*;

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn gallery_is_written_as_svg() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, figure) in gallery() {
        let svg = figure.to_svg();
        assert!(
            svg.starts_with("<svg")
                && svg.contains("<title>")
                && svg.contains("<desc>")
                && svg.ends_with("</svg>\n")
        );
        std::fs::write(folder.join(format!("{name}.svg")), svg).unwrap();
    }
}

/// Estimated box of a text: left, top, right, bottom.
fn text_box(item: &Item) -> Option<(f64, f64, f64, f64)> {
    let Item::Text {
        at,
        text,
        size,
        anchor,
        upwards,
        ..
    } = item
    else {
        return None;
    };
    let width = text_width(text, *size);
    let start = match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => -width / 2.0,
        Anchor::End => -width,
    };
    let half = 0.36 * size;
    Some(if *upwards {
        (at.0 - half, at.1 - start - width, at.0 + half, at.1 - start)
    } else {
        (at.0 + start, at.1 - half, at.0 + start + width, at.1 + half)
    })
}

#[test]
fn no_text_is_clipped_or_overprinted() {
    for (name, figure) in gallery() {
        let size = figure.scene.canvas;
        let boxes: Vec<_> = figure
            .scene
            .items
            .iter()
            .filter_map(|i| Some((i, text_box(i)?)))
            .collect();
        for (item, (left, top, right, bottom)) in &boxes {
            let inside =
                *left >= 0.0 && *top >= 0.0 && *right <= size.width_px && *bottom <= size.height_px;
            assert!(inside, "{name}: {item:?} leaves the canvas");
        }
        for (i, (a, p)) in boxes.iter().enumerate() {
            for (b, q) in &boxes[i + 1..] {
                let apart = p.2 <= q.0 || q.2 <= p.0 || p.3 <= q.1 || q.3 <= p.1;
                // The subscripts of R_A and R_B hang on their letter.
                let subscript = matches!(b, Item::Text { text, .. } if text == "A" || text == "B");
                assert!(apart || subscript, "{name}: {a:?} overprints {b:?}");
            }
        }
    }
}

fn finite(figure: &Figure) -> bool {
    let point = |p: &(f64, f64)| p.0.is_finite() && p.1.is_finite();
    figure.scene.items.iter().all(|item| match item {
        Item::Fill { rect, .. } | Item::Picture { rect, .. } => {
            [rect.left, rect.top, rect.right, rect.bottom]
                .iter()
                .all(|v| v.is_finite())
        }
        Item::Line { points, width, .. } => points.iter().all(point) && width.is_finite(),
        Item::Area { points, .. } => points.iter().all(point),
        Item::Disk { center, radius, .. } => point(center) && *radius > 0.0,
        Item::Text { at, text, .. } => point(at) && !text.contains("NaN") && !text.contains("inf"),
    })
}

fn nasty_profiles() -> Vec<Profile> {
    let make = |radius: Vec<f64>, value: Vec<f64>, standard_error: Vec<f64>| Profile {
        unit: LengthUnit::Pixel,
        pixel_count: vec![1; radius.len()],
        radius,
        value,
        standard_error,
    };
    vec![
        make(vec![], vec![], vec![]),
        make(vec![0.0], vec![0.0], vec![0.0]),
        make(vec![1.0; 5], vec![7.0; 5], vec![0.0; 5]),
        make(
            vec![0.0, 1.0, 2.0],
            vec![f64::NAN, f64::INFINITY, 3.0],
            vec![1.0, 1.0, f64::NAN],
        ),
        make(vec![0.0, 1e300], vec![-1e300, 1e300], vec![1e300, 1e-300]),
        make(
            vec![1e-300, 2e-300],
            vec![1e-300, 2e-300],
            vec![1e-310, 1e-310],
        ),
        make(vec![0.0, 1.0, 2.0], vec![1.0], vec![]),
    ]
}

#[test]
fn any_profile_gives_a_picture() {
    let theme = Theme::light();
    let views = [
        View::AUTOMATIC,
        View {
            x: Some((f64::NAN, 1.0)),
            y: Some((2.0, 1.0)),
        },
        View {
            x: Some((0.4, 0.4 + 1e-15)),
            y: Some((-1e305, 1e305)),
        },
    ];
    for (w, h) in [
        (0.0, 0.0),
        (f64::NAN, f64::INFINITY),
        (60.0, 900.0),
        (380.0, 300.0),
    ] {
        for data in &nasty_profiles() {
            for model in [vec![], vec![1.0; data.radius.len()], vec![f64::NAN; 9]] {
                for view in views {
                    let one = FrameProfile {
                        frame: 0,
                        temperature_k: Some(f64::NAN),
                        data,
                        model: &model,
                        excluded: true,
                    };
                    let what = ProfileFigure {
                        profile: one,
                        name: None,
                        ramp: TemperatureRamp::of([Some(300.0)]),
                        pixels: &[(0.0, f64::NAN), (1.0, 1.0)],
                        radius_a: Some(f64::NAN),
                        radius_b: Some(1.0),
                    };
                    assert!(
                        finite(&profile(canvas(w, h), &theme, view, &what)),
                        "{data:?} {model:?} {view:?}"
                    );
                    for count in [0, 1, 3] {
                        let frames = vec![one; count];
                        let what = GridFigure {
                            frames: &frames,
                            selected: Some(7),
                            ..GridFigure::default()
                        };
                        assert!(
                            finite(&profile_grid(canvas(w, h), &theme, view, &what)),
                            "{data:?} {model:?} {view:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn any_intervals_give_a_picture() {
    let theme = Theme::dark();
    let base = interval(1, 500.0, IntervalKind::Value);
    let with = |change: &dyn Fn(&mut Interval)| {
        let mut i = base.clone();
        change(&mut i);
        i
    };
    let sets: Vec<Vec<Interval>> = vec![
        vec![],
        vec![base.clone()],
        vec![base.clone(); 4],
        vec![with(&|i| i.dtau_nm2 = -1.0), with(&|i| i.dtau_nm2 = 0.0)],
        vec![
            with(&|i| i.dtau_low_nm2 = Some(-1.0)),
            with(&|i| i.dtau_high_nm2 = None),
        ],
        vec![with(&|i| i.temperature_k = None), with(&|i| i.index = 9)],
        vec![
            with(&|i| i.temperature_k = Some(0.0)),
            with(&|i| i.temperature_k = Some(-3.0)),
        ],
        vec![
            with(&|i| i.dtau_nm2 = 1e-300),
            with(&|i| i.dtau_nm2 = 1e280),
        ],
        vec![
            with(&|i| i.dwell_s = Some(0.0)),
            with(&|i| i.dwell_s = Some(f64::NAN)),
        ],
        vec![with(&|i| {
            (i.dtau_nm2, i.dtau_low_nm2, i.dtau_high_nm2) = (f64::NAN, None, Some(f64::INFINITY))
        })],
        vec![with(&|i| i.kind = IntervalKind::None)],
    ];
    let mut wild = kinetics();
    if let Some(fit) = &mut wild.free {
        fit.energy_j_mol = estimate(1e9, f64::INFINITY);
        fit.correlation = f64::NAN;
    }
    for intervals in &sets {
        for kinetics in [kinetics(), wild.clone(), Kinetics::default()] {
            for abscissa in [Abscissa::Temperature, Abscissa::ReciprocalTemperature] {
                for view in [
                    View::AUTOMATIC,
                    View {
                        x: Some((-50.0, 50.0)),
                        y: Some((-1.0, 1e-20)),
                    },
                ] {
                    for radius_b_nm in [None, Some(0.0), Some(R_B)] {
                        let literature = literature();
                        let what = DiffusivityFigure {
                            intervals,
                            kinetics: Some(&kinetics),
                            literature: &literature,
                            radius_b_nm,
                            abscissa,
                            selected: Some(1),
                            ..DiffusivityFigure::default()
                        };
                        let figure = diffusivity(canvas(400.0, 300.0), &theme, view, &what);
                        assert!(finite(&figure), "{intervals:?} {view:?}");
                        assert!(!figure.to_svg().contains("NaN"));
                    }
                }
            }
        }
    }
}

#[test]
fn any_pictures_give_a_strip() {
    let images = [
        Image {
            width: 0,
            height: 0,
            values: vec![],
        },
        Image {
            width: 1,
            height: 1,
            values: vec![f32::NAN],
        },
        Image {
            width: 3,
            height: 200,
            values: vec![5.0; 600],
        },
        Image {
            width: 9,
            height: 9,
            values: vec![1.0; 4],
        },
    ];
    for circle in [
        None,
        Some(circle()),
        Some(Circle {
            center: Point {
                x_px: f64::NAN,
                y_px: -1e9,
            },
            radius_px: f64::INFINITY,
        }),
    ] {
        let frames: Vec<StripFrame> = images
            .iter()
            .map(|image| StripFrame {
                frame: 0,
                image,
                circle,
                temperature_k: None,
                pixel_nm: Some(0.0),
                excluded: true,
            })
            .collect();
        for count in 0..=frames.len() {
            let what = StripFigure {
                frames: &frames[..count],
                ..StripFigure::default()
            };
            assert!(finite(&series_strip(
                canvas(300.0, 80.0),
                &Theme::light(),
                &what
            )));
        }
    }
}

#[test]
fn zooming_without_end_stays_drawable() {
    let theme = Theme::light();
    for factor in [1.5, 0.5] {
        let mut view = View::AUTOMATIC;
        for _ in 0..150 {
            let figure = one_profile(canvas(400.0, 300.0), &theme, view);
            assert!(finite(&figure));
            let rect = figure.layout.plots[0].rect;
            view = figure.layout.zoomed(
                view,
                factor,
                (rect.left + 50.0, rect.top + 50.0),
                Direction::Both,
            );
        }
    }
}

#[test]
fn large_type_on_a_small_sheet_is_drawn() {
    let theme = Theme::print().enlarged(4.0);
    for (w, h) in [(40.0, 40.0), (40.0, 400.0), (400.0, 40.0), (200.0, 120.0)] {
        let size = canvas(w, h);
        for figure in [
            one_profile(size, &theme, View::AUTOMATIC),
            one_grid(size, &theme, 200),
            one_diffusivity(size, &theme, Abscissa::ReciprocalTemperature),
            without_dwells(size, &theme),
            one_size_effect(size, &theme, View::AUTOMATIC, "Ag"),
            one_strip(size, &theme, 200, alloyscope::figures::ColorMap::Viridis),
        ] {
            assert!(finite(&figure), "{w} {h}");
        }
    }
}
