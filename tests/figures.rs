//! Figures: what is drawn and where, zoom and pan, colors, painting on plotters' backends.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // helpers of tests may panic

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[path = "common/synthetic.rs"]
mod synthetic;

use alloyscope::figures::{
    Abscissa, Color, ColorMap, DiffusivityFigure, Direction, Figure, FrameProfile, HandleId, Item,
    Layout, Literature, PlotId, ProfileFigure, TemperatureRamp, Theme, View, diffusivity, profile,
    text_width,
};
use alloyscope::language::{Language, within};
use alloyscope::materials::Library;
use alloyscope::units::GAS_CONSTANT;

use synthetic::*;

/// Positions are computed in f64 from a handful of operations.
const PIXEL_ROUNDING: f64 = 1e-6;

#[test]
fn marks_and_handles_lie_where_their_values_are() {
    let figure = one_profile(canvas(640.0, 420.0), &Theme::light(), View::AUTOMATIC);
    let Layout {
        plots,
        marks,
        handles,
    } = &figure.layout;
    assert_eq!(
        plots.iter().map(|p| p.id).collect::<Vec<_>>(),
        [PlotId::Profile(4), PlotId::Residual(4)]
    );
    assert_eq!(marks.len(), 56);
    for mark in marks {
        let (x, y) = plots[mark.plot].to_data(mark.x_px, mark.y_px);
        approx::assert_abs_diff_eq!(x, mark.x, epsilon = PIXEL_ROUNDING);
        approx::assert_relative_eq!(
            y,
            mark.y,
            max_relative = PIXEL_ROUNDING,
            epsilon = PIXEL_ROUNDING
        );
        assert_eq!(
            figure.layout.nearest((mark.x_px + 0.4, mark.y_px), 6.0),
            Some(mark)
        );
    }
    assert!(
        marks[20].label.starts_with("r = 1.02 nm · ") && marks[20].label.contains("± "),
        "{}",
        marks[20].label
    );
    for (handle, id, x) in [
        (&handles[0], HandleId::RadiusA, R_A),
        (&handles[1], HandleId::RadiusB, R_B),
    ] {
        assert_eq!((handle.id, handle.x), (id, x));
        assert_eq!(
            figure.layout.handle_at((handle.x_px + 3.0, 200.0), 5.0),
            Some(handle)
        );
        assert_eq!(
            figure.layout.handle_at((handle.x_px + 9.0, 200.0), 5.0),
            None
        );
    }
    let plot = plots[0].rect;
    assert_eq!(
        figure
            .layout
            .nearest((plot.left + 5.0, plot.bottom - 5.0), 12.0),
        None,
        "far from all data"
    );
    assert_eq!(
        figure
            .layout
            .frame_at((plot.left + 5.0, plot.bottom - 5.0), 12.0),
        Some(4),
        "but in the panel of frame 4"
    );
}

/// What is under the cursor stays there when zooming; dragging moves the data by just the drag. Linear and logarithmic axes.
#[test]
fn zoom_keeps_the_place_and_pan_moves_it() {
    let theme = Theme::light();
    let size = canvas(640.0, 420.0);
    let draw: [&dyn Fn(View) -> Figure; 2] = [&|view| one_profile(size, &theme, view), &|view| {
        let intervals = intervals();
        let what = DiffusivityFigure {
            intervals: &intervals,
            ..DiffusivityFigure::default()
        };
        diffusivity(size, &theme, view, &what)
    }];
    for draw in draw {
        let before = draw(View::AUTOMATIC).layout;
        let at = (300.0, 150.0);
        let (_, data) = before.to_data(at.0, at.1).unwrap();
        let view = before.zoomed(View::AUTOMATIC, 1.7, at, Direction::Both);
        let after = draw(view).layout;
        // The margins follow the tick labels: the place is compared within the plot.
        let fraction = |l: &Layout, v: (f64, f64)| {
            (
                l.plots[0].x.fraction(v.0).unwrap(),
                l.plots[0].y.fraction(v.1).unwrap(),
            )
        };
        let (p, q) = (fraction(&before, data), fraction(&after, data));
        approx::assert_abs_diff_eq!(p.0, q.0, epsilon = PIXEL_ROUNDING);
        approx::assert_abs_diff_eq!(p.1, q.1, epsilon = PIXEL_ROUNDING);
        let span = |l: &Layout| l.plots[0].x.hi - l.plots[0].x.lo;
        approx::assert_relative_eq!(
            span(&after),
            span(&before) / 1.7,
            max_relative = PIXEL_ROUNDING
        );

        let rect = before.plots[0].rect;
        let panned = draw(before.panned(
            View::AUTOMATIC,
            0,
            (0.1 * rect.width(), -0.2 * rect.height()),
            Direction::Both,
        ))
        .layout;
        let q = fraction(&panned, data);
        approx::assert_abs_diff_eq!(q.0, p.0 + 0.1, epsilon = PIXEL_ROUNDING);
        approx::assert_abs_diff_eq!(q.1, p.1 + 0.2, epsilon = PIXEL_ROUNDING);

        let only_x = before.zoomed(View::AUTOMATIC, 2.0, at, Direction::X);
        assert!(only_x.x.is_some() && only_x.y.is_none());
        assert_eq!(
            before.zoomed(View::AUTOMATIC, 2.0, (1.0, 1.0), Direction::Both),
            View::AUTOMATIC,
            "outside the plot"
        );
        assert_eq!(
            before.zoomed(View::AUTOMATIC, f64::NAN, at, Direction::Both),
            View::AUTOMATIC
        );
    }
}

#[test]
fn the_arrhenius_line_is_drawn_where_its_equation_says() {
    let theme = Theme::light();
    for abscissa in [Abscissa::Temperature, Abscissa::ReciprocalTemperature] {
        let figure = one_diffusivity(canvas(640.0, 420.0), &theme, abscissa);
        let plot = figure.layout.plot(PlotId::Diffusivity).unwrap();
        let line = figure.scene.items.iter().find_map(|item| match item {
            Item::Line { points, color, .. } if *color == theme.fit && points.len() > 20 => {
                Some(points)
            }
            _ => None,
        });
        let fit = kinetics().free.unwrap();
        // The first and last points are cut at the frame.
        let line = line.unwrap();
        for &(x_px, y_px) in &line[1..line.len() - 1] {
            let (x, d) = plot.to_data(x_px, y_px);
            let t = if abscissa == Abscissa::Temperature {
                x
            } else {
                1000.0 / x
            };
            let expected = fit.ln_d0.value - fit.energy_j_mol.value / (GAS_CONSTANT * t);
            approx::assert_abs_diff_eq!(libm::log(d * 1e18), expected, epsilon = PIXEL_ROUNDING);
        }
    }
}

/// Also in the smallest panels: of a window of 1200 × 780 px and of a phone.
#[test]
fn every_curve_that_is_seen_has_its_name_in_the_legend() {
    let theme = Theme::light();
    let (intervals, kinetics) = (intervals(), kinetics());
    let mut seen = 0;
    for pair in [("Ag", "Au"), ("Au", "Ag"), ("Cu", "Au")] {
        let literature = Literature::of_pair(&Library::builtin(), pair, estimate(2.0, 0.01));
        for size in [
            canvas(346.0, 230.0),
            canvas(366.0, 380.0),
            canvas(424.0, 245.0),
        ] {
            for abscissa in [Abscissa::Temperature, Abscissa::ReciprocalTemperature] {
                let what = DiffusivityFigure {
                    intervals: &intervals,
                    kinetics: Some(&kinetics),
                    literature: &literature,
                    radius_b_nm: Some(R_B),
                    abscissa,
                    ..DiffusivityFigure::default()
                };
                let figure = diffusivity(size, &theme, View::AUTOMATIC, &what);
                let texts: Vec<&str> = texts(&figure).map(|(text, _)| text).collect();
                for Literature { name, .. } in &literature {
                    let starts = format!("{name} · ");
                    if figure
                        .layout
                        .marks
                        .iter()
                        .any(|m| m.label.starts_with(&starts))
                    {
                        assert!(
                            texts.contains(&name.as_str()),
                            "{name} in {size:?}: {texts:?}"
                        );
                        seen += 1;
                    }
                }
                assert!(
                    texts.iter().any(|t| t.starts_with("E = ")),
                    "{size:?}: {texts:?}"
                );
            }
        }
    }
    assert!(seen > 20, "{seen} curves were seen");
}

/// The panel of a window of 1440 × 900 px, where the legend has no room inside: the plot keeps three fifths of it in both languages, and the title
/// of the upper axis stands before the labels of its ticks, touching none.
#[test]
fn the_plot_of_d_has_room_below_its_legend() {
    let theme = Theme::light();
    let (intervals, kinetics) = (intervals(), kinetics());
    let literature = Literature::of_pair(&Library::builtin(), ("Ag", "Au"), estimate(2.0, 0.01));
    let size = canvas(422.0, 243.0);
    for language in [Language::English, Language::German] {
        let what = DiffusivityFigure {
            intervals: &intervals,
            kinetics: Some(&kinetics),
            literature: &literature,
            radius_b_nm: Some(R_B),
            abscissa: Abscissa::ReciprocalTemperature,
            ..DiffusivityFigure::default()
        };
        let figure = within(language, || {
            diffusivity(size, &theme, View::AUTOMATIC, &what)
        });
        let rect = figure.layout.plots[0].rect;
        let (_, energy) = texts(&figure).find(|(t, _)| t.starts_with("E = ")).unwrap();
        assert!(energy.1 < rect.top, "the legend stands inside");
        assert!(rect.height() > 0.6 * size.height_px, "{rect:?}");
        let (title, at) = texts(&figure).find(|(t, _)| *t == "T (K)").unwrap();
        let start = at.0 - text_width(title, theme.font_px);
        assert!(start >= 0.0, "{start}");
        let labels: Vec<f64> = texts(&figure)
            .filter(|(t, p)| *t != title && (p.1 - at.1).abs() < PIXEL_ROUNDING)
            .map(|(t, p)| p.0 - text_width(t, theme.font_px) / 2.0)
            .collect();
        assert!(labels.len() > 2, "{labels:?}");
        assert!(labels.iter().all(|left| *left > at.0), "{labels:?} {at:?}");
    }
}

fn texts(figure: &Figure) -> impl Iterator<Item = (&str, (f64, f64))> {
    figure.scene.items.iter().filter_map(|item| match item {
        Item::Text { at, text, .. } => Some((text.as_str(), *at)),
        _ => None,
    })
}

/// Round radii have no decimals, with either decimal mark.
#[test]
fn radii_are_named_in_the_language_of_the_figure() {
    for (language, half) in [
        (Language::English, "r = 2.5 nm"),
        (Language::German, "r = 2,5 nm"),
    ] {
        let size = canvas(640.0, 420.0);
        let figure = within(language, || {
            one_phase(size, &Theme::light(), View::AUTOMATIC)
        });
        let named: Vec<&str> = texts(&figure).map(|(text, _)| text).collect();
        for radius in ["r = 10 nm", "r = 5 nm", half] {
            assert!(named.contains(&radius), "{radius}: {named:?}");
        }
    }
}

#[test]
fn residuals_are_titled_in_the_language_of_the_figure() {
    for (language, title) in [
        (Language::English, "Δ (s.e.)"),
        (Language::German, "Δ (SE)"),
    ] {
        let figure = within(language, || {
            one_profile(canvas(640.0, 420.0), &Theme::light(), View::AUTOMATIC)
        });
        assert!(texts(&figure).any(|(text, _)| text == title), "{title}");
    }
}

/// Zero and a pair about it, whether the model describes the data or not.
#[test]
fn residuals_have_their_scale_at_any_fit() {
    for misfit in [0.0, 2.6, 4.5, 90.0] {
        let mut of_frame = series(12).swap_remove(4);
        for (value, error) in of_frame
            .data
            .value
            .iter_mut()
            .zip(&of_frame.data.standard_error)
        {
            *value += misfit * error;
        }
        let what = ProfileFigure {
            profile: FrameProfile {
                frame: 4,
                temperature_k: Some(of_frame.temperature_k),
                data: &of_frame.data,
                model: &of_frame.model,
                excluded: false,
            },
            name: None,
            ramp: TemperatureRamp::of([]),
            pixels: &[],
            radius_a: None,
            radius_b: None,
        };
        for size in [canvas(350.0, 240.0), canvas(640.0, 420.0)] {
            let figure = profile(size, &Theme::light(), View::AUTOMATIC, &what);
            let strip = figure.layout.plot(PlotId::Residual(4)).unwrap().rect;
            let labels: Vec<&str> = texts(&figure)
                .filter(|(_, at)| at.0 < strip.left && at.1 > strip.top && at.1 < strip.bottom)
                .map(|(text, _)| text)
                .filter(|text| !text.contains('Δ'))
                .collect();
            let &[low, zero, high] = labels.as_slice() else {
                panic!("{misfit} in {size:?}: {labels:?}");
            };
            assert!(
                zero == "0" && low.strip_prefix('\u{2212}') == Some(high),
                "{labels:?}"
            );
        }
    }
}

/// τ₁ on the right axis belongs to D on the left: D = R²/(20.19 τ₁).
#[test]
fn mixing_times_stand_beside_their_diffusivity() {
    let figure = one_diffusivity(canvas(640.0, 420.0), &Theme::light(), Abscissa::Temperature);
    let plot = figure.layout.plots[0];
    let label = figure.scene.items.iter().find_map(|item| match item {
        Item::Text { at, text, .. } if text == "10⁵" && at.0 > plot.rect.right => Some(at.1),
        _ => None,
    });
    let d = R_B * R_B * 1e-18 / (20.190_728_556 * 1e5);
    approx::assert_abs_diff_eq!(
        label.unwrap(),
        plot.y_px(d).unwrap(),
        epsilon = PIXEL_ROUNDING
    );
}

#[test]
fn limits_are_named_as_limits() {
    let figure = one_diffusivity(canvas(640.0, 420.0), &Theme::light(), Abscissa::Temperature);
    let labels: Vec<&str> = figure
        .layout
        .marks
        .iter()
        .filter(|m| m.frame.is_some())
        .map(|m| m.label.as_str())
        .collect();
    assert_eq!(labels.len(), 10);
    assert!(
        labels[0].starts_with("395 K · D < ") && labels[8].starts_with("571 K · D > "),
        "{labels:?}"
    );
    assert!(
        labels[3].starts_with("461 K · D = ") && labels[3].contains("τ₁ = "),
        "{labels:?}"
    );
    assert_eq!(
        figure.layout.frame_at(
            (figure.layout.marks[3].x_px, figure.layout.marks[3].y_px),
            5.0
        ),
        Some(5)
    );
}

/// It was measured: the axis reaches it, a ring at its edge says that it tells nothing, and so does the description.
#[test]
fn an_interval_without_information_is_shown_without_a_value() {
    for abscissa in [Abscissa::Temperature, Abscissa::ReciprocalTemperature] {
        let figure = one_diffusivity(canvas(640.0, 420.0), &Theme::light(), abscissa);
        let layout = &figure.layout;
        let told = layout
            .marks
            .iter()
            .filter(|m| m.label.contains("undetermined"));
        let [silent] = told.collect::<Vec<_>>()[..] else {
            panic!("{:?}", layout.marks);
        };
        assert_eq!(silent.label, "373 K · undetermined");
        let rect = layout.plots[0].rect;
        assert!(rect.contains(silent.x_px, silent.y_px));
        assert!(
            rect.bottom - silent.y_px < 20.0,
            "on the axis, where no D is"
        );
        assert_eq!(
            layout.frame_at((silent.x_px, silent.y_px), 5.0),
            silent.frame
        );
        assert!(
            figure.description.contains("1 undetermined"),
            "{}",
            figure.description
        );
    }
}

#[test]
fn without_dwell_times_the_figure_says_so() {
    let figure = without_dwells(canvas(640.0, 420.0), &Theme::light());
    let svg = figure.to_svg();
    assert!(
        svg.contains("D·t (nm²)")
            && svg.contains("no dwell times")
            && !svg.contains("τ₁")
            && !svg.contains("m² s⁻¹")
    );
    let marks = &figure.layout.marks;
    let (silent, told): (Vec<_>, Vec<_>) = marks
        .iter()
        .partition(|m| m.label.ends_with("undetermined"));
    assert_eq!((silent.len(), told.len()), (1, 9));
    assert!(
        told.iter()
            .all(|m| m.label.contains("D·t") && m.label.ends_with("nm²"))
    );
}

#[test]
fn the_grid_shows_what_is_legible_and_always_the_selected_frame() {
    let panels = |figure: &Figure| -> Vec<usize> {
        let plots = figure.layout.plots.iter();
        plots
            .filter_map(|p| {
                if let PlotId::Profile(frame) = p.id {
                    Some(frame)
                } else {
                    None
                }
            })
            .collect()
    };
    assert_eq!(
        panels(&one_grid(canvas(1200.0, 760.0), &Theme::light(), 12)),
        (0..12).collect::<Vec<_>>()
    );
    assert_eq!(
        panels(&one_grid(canvas(700.0, 500.0), &Theme::light(), 1)),
        [0]
    );
    let figure = one_grid(canvas(380.0, 300.0), &Theme::light(), 200);
    let shown = panels(&figure);
    assert!(
        shown.len() >= 9
            && shown.len() < 40
            && shown.contains(&0)
            && shown.contains(&4)
            && shown.contains(&199),
        "{shown:?}"
    );
    assert!(
        figure
            .to_svg()
            .contains(&format!("{} of 200 frames shown", shown.len()))
    );
}

#[test]
fn the_scale_bar_is_as_long_as_it_says() {
    let figure = one_strip(canvas(900.0, 170.0), &Theme::light(), 7, ColorMap::Gray);
    let plot = figure.layout.plots[0];
    let nm_per_px = (plot.x.hi - plot.x.lo) * 0.05 / plot.rect.width();
    let white = Color::hex(0xffffff);
    // The first white rectangle is the sheet itself.
    let bar = figure
        .scene
        .items
        .iter()
        .skip(1)
        .find_map(|item| match item {
            Item::Fill { rect, color } if *color == white => Some(rect.width()),
            _ => None,
        });
    approx::assert_relative_eq!(bar.unwrap() * nm_per_px, 1.0, max_relative = PIXEL_ROUNDING);
    let svg = figure.to_svg();
    assert_eq!(svg.matches(">1 nm<").count(), 1, "one pixel size, one bar");
    assert_eq!(
        svg.matches("href=\"data:image/png;base64,iVBORw0KGgo")
            .count(),
        7
    );
}

#[test]
fn colors_can_be_told_from_the_background() {
    /// WCAG 2.1, 1.4.3 and 1.4.11.
    const TEXT_CONTRAST: f64 = 4.5;
    const MARK_CONTRAST: f64 = 3.0;
    for (name, theme) in themes() {
        for color in [theme.text, theme.muted] {
            assert!(
                color.contrast(&theme.background) >= TEXT_CONTRAST,
                "{name} {color:?}"
            );
        }
        for color in [
            theme.axis,
            theme.data,
            theme.fit,
            theme.residual,
            theme.accent,
        ]
        .iter()
        .chain(&theme.categories)
        {
            assert!(
                color.contrast(&theme.background) >= MARK_CONTRAST,
                "{name} {color:?}"
            );
        }
        for i in 0..=50 {
            let color = theme.ramp(f64::from(i) / 50.0);
            assert!(
                color.contrast(&theme.background) >= MARK_CONTRAST,
                "{name} ramp {i} {color:?}"
            );
        }
    }
}

/// Nodes of matplotlib's tables.
#[test]
fn color_maps_are_the_published_ones() {
    /// The polynomials were fitted to the tables with errors up to this part of 255.
    const FIT: f64 = 0.03 * 255.0;
    for (map, nodes) in [
        (
            ColorMap::Viridis,
            [0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xfde725],
        ),
        (
            ColorMap::Inferno,
            [0x000004, 0x57106e, 0xbc3754, 0xf98e09, 0xfcffa4],
        ),
        (
            ColorMap::Gray,
            [0x000000, 0x404040, 0x808080, 0xbfbfbf, 0xffffff],
        ),
    ] {
        for (i, node) in nodes.into_iter().enumerate() {
            let (a, b) = (map.color(i as f64 / 4.0), Color::hex(node));
            for (p, q) in [(a.red, b.red), (a.green, b.green), (a.blue, b.blue)] {
                assert!(
                    (f64::from(p) - f64::from(q)).abs() <= FIT,
                    "{map:?} {i} {a:?} {b:?}"
                );
            }
        }
    }
}

/// Every primitive reaches plotters: on its SVG backend the elements can be counted.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn figures_are_painted_on_plotters_backends() {
    use alloyscope::figures::Resolution;
    use plotters::backend::SVGBackend;

    let figure = one_diffusivity(canvas(380.0, 300.0), &Theme::light(), Abscissa::Temperature);
    let resolution = Resolution {
        device_pixel_ratio: 2.0,
        subdivision: 4,
    };
    let mut svg = String::new();
    let (w, h) = (380.0 * resolution.scale(), 300.0 * resolution.scale());
    figure
        .paint(
            &mut SVGBackend::with_string(&mut svg, (w as u32, h as u32)),
            resolution,
        )
        .unwrap();
    let texts = figure
        .scene
        .items
        .iter()
        .filter(|i| matches!(i, Item::Text { .. }))
        .count();
    let disks = figure
        .scene
        .items
        .iter()
        .filter(|i| matches!(i, Item::Disk { .. }))
        .count();
    assert_eq!(svg.matches("<text").count(), texts);
    assert_eq!(svg.matches("<circle").count(), disks);
    assert!(
        svg.matches("<polyline").count() > 40,
        "the dashes of the dashed lines"
    );
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("painted.svg"), svg).unwrap();
}

/// On the page's canvas, at a screen of two pixels per CSS pixel with lines placed to an eighth of a pixel.
#[cfg(target_arch = "wasm32")]
#[test]
fn figures_are_painted_on_a_canvas() {
    use alloyscope::figures::Resolution;
    use wasm_bindgen::JsCast;

    let theme = Theme::light();
    let figure = one_profile(canvas(380.0, 300.0), &theme, View::AUTOMATIC);
    let document = web_sys::window().unwrap().document().unwrap();
    let element: web_sys::HtmlCanvasElement = document
        .create_element("canvas")
        .unwrap()
        .dyn_into()
        .unwrap();
    element.set_width(760);
    element.set_height(600);
    let context: web_sys::CanvasRenderingContext2d = element
        .get_context("2d")
        .unwrap()
        .unwrap()
        .dyn_into()
        .unwrap();
    context
        .set_transform(0.125, 0.0, 0.0, 0.125, 0.0, 0.0)
        .unwrap();
    let mut backend = plotters_canvas::CanvasBackend::with_canvas_object(element.clone()).unwrap();
    figure
        .paint(
            &mut backend,
            Resolution {
                device_pixel_ratio: 2.0,
                subdivision: 8,
            },
        )
        .unwrap();
    let pixel = |x: f64, y: f64| context.get_image_data(x, y, 1.0, 1.0).unwrap().data().0;
    assert_eq!(pixel(2.0, 2.0), [255; 4], "background");
    let rect = figure.layout.plots[0].rect;
    // A hairline of one CSS pixel covers exactly two pixels of the screen: sharp.
    let axis = [theme.axis.red, theme.axis.green, theme.axis.blue, 255];
    let column: Vec<Vec<u8>> = (-3..3)
        .map(|dy| {
            pixel(
                (rect.left * 2.0 + 77.0).floor(),
                (rect.bottom * 2.0).round() + f64::from(dy),
            )
        })
        .collect();
    assert_eq!(
        column.iter().filter(|p| ***p == axis).count(),
        2,
        "{column:?}"
    );
}

#[test]
fn frames_stand_on_the_heater_log_where_they_were_taken_and_the_first_can_be_dragged() {
    let figure = one_heating(canvas(640.0, 240.0), &Theme::light(), View::AUTOMATIC);
    let Layout {
        plots,
        marks,
        handles,
    } = &figure.layout;
    assert_eq!(plots[0].id, PlotId::Heating);
    assert_eq!(marks.len(), 5);
    for (mark, frame) in marks.iter().zip(logged_frames()) {
        approx::assert_relative_eq!(mark.x, frame.time_s / 60.0, max_relative = PIXEL_ROUNDING);
        let (x, _) = plots[0].to_data(mark.x_px, mark.y_px);
        approx::assert_abs_diff_eq!(x, mark.x, epsilon = PIXEL_ROUNDING);
        assert_eq!(mark.frame, Some(frame.frame));
    }
    approx::assert_abs_diff_eq!(
        marks[1].y,
        heater_log().at(550.0).unwrap(),
        epsilon = PIXEL_ROUNDING
    );
    assert!(marks[1].label.contains("340 K") && marks[4].label.contains("not in the log"));
    assert_eq!((handles.len(), handles[0].id), (1, HandleId::Clock));
    assert!(figure.description.contains("4 of 5 frames"));
}

/// 600 pixels an inch are 23 622 in a meter; the checksum is that of zlib.
#[test]
fn a_picture_says_its_size_on_paper() {
    let expected = [
        0, 0, 0, 9, b'p', b'H', b'Y', b's', 0, 0, 0x5c, 0x46, 0, 0, 0x5c, 0x46, 1, 0x14, 0x94,
        0x43, 0x41,
    ];
    assert_eq!(alloyscope::figures::Sheet::Single.png_size(), expected);
}
