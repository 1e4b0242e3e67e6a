//! Series, intervals and fits as they come from measurements, and every kind of figure drawn from them.

// Each test file uses its part.
#![allow(dead_code)]

use alloyscope::figures::{
    Abscissa, Canvas, ColorMap, ComparisonFigure, Dash, DiffusivityFigure, Figure, FrameProfile,
    GridFigure, HeatingFigure, Literature, LoggedFrame, MeltingPair, ParticlePath, PhaseFigure,
    ProfileFigure, SizeFigure, StripFigure, StripFrame, TemperatureRamp, Theme, View, comparison,
    diffusivity, heating, phase_diagram, profile, profile_grid, series_strip, size_effect,
};
use alloyscope::fit::{Estimate, Interval, IntervalKind};
use alloyscope::formats::{HeaterLog, LogKind, LogStart};
use alloyscope::imaging::{Circle, Point};
use alloyscope::kinetics::{
    Arrhenius, EffectiveStep, Grounds, Kinetics, MeltingData, MeltingEntropy, MeltingModel,
    MixingState, Station,
};
use alloyscope::materials::Library;
use alloyscope::project::{Bound, Companion, PhasePoint};
use alloyscope::signal::{ClockKind, Image, LengthUnit, Profile};
use alloyscope::thermo::{Boundary, Eutectic, PhaseDiagram, Tie};
use alloyscope::units::GAS_CONSTANT;

pub const R_A: f64 = 1.14;
pub const R_B: f64 = 1.95;

/// A reproducible number in -1..1, near enough to noise for pictures.
pub fn noise(seed: usize) -> f64 {
    let x = libm::sin(seed as f64 * 12.9898 + 4.1) * 43_758.545_3;
    2.0 * (x - x.floor()) - 1.0
}

/// Chord through a sphere with a soft edge.
pub fn chord(r: f64, radius: f64, soft: f64) -> f64 {
    let h = radius * radius - r * r;
    2.0 * libm::sqrt(0.5 * (h + libm::sqrt(h * h + soft * soft)))
}

pub fn model_value(r: f64, mixed: f64) -> f64 {
    let (soft, contrast) = (0.08 + mixed, -0.55 * (1.0 - mixed));
    let edge = 0.5 * libm::erfc((r - 2.0) / 0.12);
    9000.0 * (chord(r, R_B, 0.3) + contrast * chord(r, R_A, soft)) * edge
}

pub struct Synthetic {
    pub data: Profile,
    pub model: Vec<f64>,
    pub temperature_k: f64,
}

pub fn series(count: usize) -> Vec<Synthetic> {
    (0..count)
        .map(|k| {
            let t = k as f64 / count.max(2) as f64;
            let mixed = 1.0 / (1.0 + libm::exp(-14.0 * (t - 0.72)));
            let radius: Vec<f64> = (0..56).map(|i| 0.02 + 0.05 * i as f64).collect();
            let model: Vec<f64> = radius.iter().map(|&r| model_value(r, mixed)).collect();
            let error: Vec<f64> = radius
                .iter()
                .map(|&r| 420.0 / libm::sqrt(1.0 + 12.0 * r))
                .collect();
            let value = (0..radius.len())
                .map(|i| model[i] + 1.7 * error[i] * noise(i + 97 * k))
                .collect();
            Synthetic {
                data: Profile {
                    unit: LengthUnit::Nanometer,
                    pixel_count: vec![20; radius.len()],
                    value,
                    standard_error: error,
                    radius,
                },
                model,
                temperature_k: 300.0 + if k == 0 { 0.0 } else { 25.0 * k as f64 - 2.0 },
            }
        })
        .collect()
}

pub fn frames(series: &[Synthetic]) -> Vec<FrameProfile<'_>> {
    series
        .iter()
        .enumerate()
        .map(|(frame, s)| FrameProfile {
            frame,
            temperature_k: Some(s.temperature_k),
            data: &s.data,
            model: &s.model,
            excluded: frame == 3,
        })
        .collect()
}

pub fn ramp(series: &[Synthetic]) -> TemperatureRamp {
    TemperatureRamp::of(series.iter().map(|s| Some(s.temperature_k)))
}

pub const E: f64 = 168_300.0;
pub const D0_NM2_S: f64 = 7.2e12;

pub fn interval(index: usize, temperature_k: f64, kind: IntervalKind) -> Interval {
    let dwell = 300.0;
    let d =
        D0_NM2_S * libm::exp(-E / (GAS_CONSTANT * temperature_k)) * libm::exp(0.25 * noise(index));
    let tau = d * dwell;
    Interval {
        index,
        temperature_k: Some(temperature_k),
        dwell_s: Some(dwell),
        kind,
        dtau_nm2: tau,
        dtau_se_nm2: Some(0.2 * tau),
        dtau_atoms_se_nm2: None,
        dtau_low_nm2: (kind != IntervalKind::Upper).then_some(0.72 * tau),
        dtau_high_nm2: (kind != IntervalKind::Lower).then_some(1.4 * tau),
        log_scale: None,
    }
}

pub fn intervals() -> Vec<Interval> {
    use IntervalKind::{Lower, None, Upper, Value};
    let kinds = [
        None, Upper, Upper, Value, Value, Value, Value, Value, Value, Lower,
    ];
    kinds
        .iter()
        .enumerate()
        .map(|(i, &kind)| interval(i + 1, 373.0 + 22.0 * i as f64, kind))
        .collect()
}

pub fn estimate(value: f64, standard_error: f64) -> Estimate {
    Estimate {
        value,
        standard_error,
        fixed: false,
    }
}

pub fn kinetics() -> Kinetics {
    let arrhenius = |e: f64, se: f64, ln_d0: f64, s0: f64| Arrhenius {
        grounds: Grounds::Points,
        energy_j_mol: estimate(e, se),
        energy_interval_j_mol: (e - se, e + se),
        ln_d0: estimate(ln_d0, s0),
        correlation: 0.998,
        chi2_red: Some(1.1),
        values: 6,
        limits: 3,
        quantile: 1.0,
    };
    Kinetics {
        free: Some(arrhenius(
            E + 2_000.0,
            6_100.0,
            libm::log(D0_NM2_S) + 0.4,
            1.48,
        )),
        points: None,
        fixed: Some(arrhenius(E + 300.0, 900.0, libm::log(D0_NM2_S), 0.0)),
    }
}

pub fn literature() -> Vec<Literature> {
    vec![
        Literature {
            name: "Ag in Au, bulk".into(),
            d0_m2_s: 7.2e-6,
            energy_j_mol: 168_300.0,
            dash: Dash::Dotted,
            range_k: Some((970.0, 1280.0)),
            citation: "somewhere".into(),
            ..Literature::default()
        },
        Literature {
            name: "Au grain boundary".into(),
            d0_m2_s: 9.0e-7,
            energy_j_mol: 142_000.0,
            energy_span_j_mol: Some((140_000.0, 144_000.0)),
            dash: Dash::DashDotted,
            ..Literature::default()
        },
        Literature {
            name: "Au on Au, surface".into(),
            range_k: Some((450.0, 450.0)),
            span_m2_s: Some((1e-21, 1e-20)),
            ..Literature::default()
        },
    ]
}

pub fn images(count: usize) -> Vec<Image> {
    let size = 160_usize;
    (0..count)
        .map(|k| {
            let mixed = 1.0 / (1.0 + libm::exp(-14.0 * (k as f64 / count as f64 - 0.72)));
            let values = (0..size * size)
                .map(|i| {
                    let (x, y) = ((i % size) as f64 - 82.0, (i / size) as f64 - 77.0);
                    let r = libm::hypot(x, y) * 0.05;
                    (model_value(r, mixed) + 2500.0 * noise(i + 31 * k)) as f32
                })
                .collect();
            Image {
                width: size,
                height: size,
                values,
            }
        })
        .collect()
}

pub fn circle() -> Circle {
    Circle {
        center: Point {
            x_px: 82.0,
            y_px: 77.0,
        },
        radius_px: 39.0,
    }
}

pub fn canvas(width_px: f64, height_px: f64) -> Canvas {
    Canvas {
        width_px,
        height_px,
    }
}

pub fn themes() -> [(&'static str, Theme); 3] {
    [
        ("light", Theme::light()),
        ("dark", Theme::dark()),
        ("print", Theme::print()),
    ]
}

pub fn one_profile(canvas: Canvas, theme: &Theme, view: View) -> Figure {
    let series = series(12);
    let pixels: Vec<(f64, f64)> = (0..3000)
        .map(|i| {
            let r = 2.75 * libm::sqrt(i as f64 / 3000.0);
            (r, model_value(r, 0.02) + 3000.0 * noise(i))
        })
        .collect();
    let what = ProfileFigure {
        profile: frames(&series)[4],
        name: None,
        ramp: ramp(&series),
        pixels: &pixels,
        radius_a: Some(R_A),
        radius_b: Some(R_B),
    };
    profile(canvas, theme, view, &what)
}

pub fn one_grid(canvas: Canvas, theme: &Theme, count: usize) -> Figure {
    let series = series(count);
    let frames = frames(&series);
    let what = GridFigure {
        frames: &frames,
        ramp: ramp(&series),
        selected: Some(4),
    };
    profile_grid(canvas, theme, View::AUTOMATIC, &what)
}

pub fn one_diffusivity(canvas: Canvas, theme: &Theme, abscissa: Abscissa) -> Figure {
    let (intervals, kinetics, literature) = (intervals(), kinetics(), literature());
    let what = DiffusivityFigure {
        intervals: &intervals,
        kinetics: Some(&kinetics),
        literature: &literature,
        radius_b_nm: Some(R_B),
        abscissa,
        ramp: TemperatureRamp::of(intervals.iter().map(|i| i.temperature_k)),
        selected: Some(6),
    };
    diffusivity(canvas, theme, View::AUTOMATIC, &what)
}

pub fn one_size_effect(canvas: Canvas, theme: &Theme, view: View, symbol: &str) -> Figure {
    let library = Library::builtin();
    let points = library.melting_points(symbol);
    let what = SizeFigure {
        element: symbol,
        data: &MeltingData::of(&library, symbol, MeltingEntropy::Total).unwrap(),
        bulk_energy_j_mol: Some(168_300.0),
        radius_nm: Some(estimate(R_B, 0.05)),
        points: &points,
    };
    size_effect(canvas, theme, view, &what)
}

pub fn without_dwells(canvas: Canvas, theme: &Theme) -> Figure {
    let mut intervals = intervals();
    intervals.iter_mut().for_each(|i| i.dwell_s = None);
    let what = DiffusivityFigure {
        intervals: &intervals,
        ramp: TemperatureRamp::of(intervals.iter().map(|i| i.temperature_k)),
        ..DiffusivityFigure::default()
    };
    diffusivity(canvas, theme, View::AUTOMATIC, &what)
}

pub fn one_strip(canvas: Canvas, theme: &Theme, count: usize, color_map: ColorMap) -> Figure {
    let images = images(count);
    let temperatures: Vec<Option<f64>> =
        (0..count).map(|k| Some(298.0 + 25.0 * k as f64)).collect();
    let frames: Vec<StripFrame> = images
        .iter()
        .enumerate()
        .map(|(frame, image)| StripFrame {
            frame,
            image,
            circle: Some(circle()),
            temperature_k: temperatures[frame],
            pixel_nm: Some(0.05),
            excluded: frame == 3,
        })
        .collect();
    let ramp = TemperatureRamp::of(temperatures.iter().copied());
    series_strip(
        canvas,
        theme,
        &StripFigure {
            frames: &frames,
            color_map,
            ramp,
        },
    )
}

/// Every kind of figure at phone, panel and screen size, in all themes.
/// A lens between two melting points, concave and narrow, lower for smaller particles.
pub fn lens(radius_nm: f64, width_k: f64) -> PhaseDiagram {
    let drop = 1.0 - 0.7 / radius_nm;
    let boundaries = (0..=100)
        .map(|i| {
            let x = f64::from(i) / 100.0;
            let solidus_k = drop * (1235.0 + 102.0 * x + 73.0 * x * (1.0 - x));
            Boundary {
                x,
                solidus_k,
                liquidus_k: solidus_k + 4.0 * width_k * x * (1.0 - x),
            }
        })
        .collect();
    PhaseDiagram {
        radius_nm,
        boundaries,
        eutectic: None,
        gap: Vec::new(),
        extreme: None,
        kinked: false,
        undefined: Vec::new(),
        extrapolated: radius_nm < 5.0,
    }
}

pub fn eutectic() -> PhaseDiagram {
    let mut diagram = lens(f64::INFINITY, 1.0);
    for b in &mut diagram.boundaries {
        b.solidus_k = 1052.0;
        b.liquidus_k = 1052.0 + 500.0 * (b.x - 0.4).abs();
    }
    diagram.eutectic = Some(Eutectic {
        temperature_k: 1052.0,
        x_liquid: 0.4,
        x_left: 0.13,
        x_right: 0.95,
    });
    diagram.gap = (0..20)
        .map(|i| {
            let t = f64::from(i) / 19.0;
            Tie {
                temperature_k: 500.0 + 552.0 * t,
                x_left: 0.13 * t,
                x_right: 1.0 - 0.05 * t,
            }
        })
        .collect();
    diagram
}

pub fn stations() -> Vec<Station> {
    (0..12)
        .map(|k| {
            let mixing = 1.0 / (1.0 + libm::exp(-1.6 * (f64::from(k) - 8.5)));
            Station {
                frame: k as usize,
                temperature_k: 298.0 + 25.0 * f64::from(k),
                mixing,
                mixing_interval: (0.9 * mixing, 1.0_f64.min(1.1 * mixing)),
                state: match mixing {
                    v if v < 0.1 => MixingState::CoreShell,
                    v if v > 0.9 => MixingState::Mixed,
                    _ => MixingState::Mixing,
                },
            }
        })
        .collect()
}

pub fn one_phase(size: Canvas, theme: &Theme, view: View) -> Figure {
    let diagrams = [f64::INFINITY, 10.0, 5.0, 2.5].map(|r| lens(r, 2.0));
    let (own, variants) = (lens(1.95, 1.0), [lens(1.6, 0.5), lens(3.0, 1.0)]);
    let models = [MeltingPair {
        model: MeltingModel::Jiang,
        melting_k: (Some(687.0), Some(734.0)),
    }];
    let stations = stations();
    let points = [PhasePoint {
        x: 0.5,
        temperature_k: 620.0,
        bound: Bound::AtLeast,
        label: "Rayleigh break-up".into(),
    }];
    let remarks = ["below r = 5 nm the model is extrapolated".to_owned()];
    let what = PhaseFigure {
        elements: ("Ag", "Au"),
        diagrams: &diagrams,
        particle: Some(&own),
        variants: &variants,
        models: &models,
        path: Some(ParticlePath {
            fraction: Estimate {
                value: 0.8,
                standard_error: 0.02,
                fixed: false,
            },
            stations: &stations,
        }),
        points: &points,
        remarks: &remarks,
        selected: Some(9),
    };
    phase_diagram(size, theme, view, &what)
}

pub fn one_eutectic(size: Canvas, theme: &Theme) -> Figure {
    let diagrams = [eutectic()];
    let what = PhaseFigure {
        elements: ("Ag", "Cu"),
        diagrams: &diagrams,
        ..PhaseFigure::default()
    };
    phase_diagram(size, theme, View::AUTOMATIC, &what)
}

/// A log of three steps with an overshoot, with its set temperatures.
pub fn heater_log() -> HeaterLog {
    let time_s: Vec<f64> = (0..400).map(|i| 5.0 * f64::from(i)).collect();
    let step = |t: f64| 298.0 + 40.0 * libm::floor(t / 500.0);
    let over = |t: f64| 15.0 * libm::exp(-(t % 500.0) / 40.0);
    HeaterLog {
        kind: LogKind::DigiHeater,
        start: LogStart::Unknown,
        clock: ClockKind::Unknown,
        temperature_k: time_s.iter().map(|t| step(*t) + over(*t)).collect(),
        setpoint_k: Some(time_s.iter().map(|t| step(*t)).collect()),
        time_s,
        columns: Vec::new(),
    }
}

/// Frames on that log, the last one behind its end.
pub fn logged_frames() -> Vec<LoggedFrame> {
    (0..5)
        .map(|frame| LoggedFrame {
            frame,
            time_s: 490.0 * frame as f64 + 60.0,
            effective: (frame > 0).then_some(EffectiveStep {
                temperature_k: 300.0 + 40.0 * frame as f64,
                dwell_s: 480.0,
            }),
        })
        .collect()
}

pub fn one_heating(size: Canvas, theme: &Theme, view: View) -> Figure {
    heating(
        size,
        theme,
        view,
        &HeatingFigure {
            log: &heater_log(),
            frames: &logged_frames(),
            ramp: ramp(&series(5)),
            selected: Some(2),
        },
    )
}

/// Three series of one law, one of which knows nothing of its own.
pub fn companions() -> Vec<Companion> {
    let one = |k: usize, name: &str| {
        let mut intervals = intervals();
        for interval in &mut intervals {
            interval.temperature_k = interval.temperature_k.map(|t| t + 4.0 * k as f64);
        }
        if k == 2 {
            intervals.truncate(2);
        }
        Companion {
            name: name.into(),
            pictures: vec![name.into()],
            particle: None,
            core: "Ag".into(),
            shell: "Au".into(),
            scheme: alloyscope::diffusion::Scheme::Fraction,
            confidence: 0.68,
            radius_b_nm: estimate(2.0, 0.01),
            intervals,
            line: kinetics().free.filter(|_| k < 2),
        }
    };
    vec![
        one(0, "night of the 12th"),
        one(1, "second"),
        one(2, "third"),
    ]
}

pub fn one_comparison(size: Canvas, theme: &Theme, view: View) -> Figure {
    let all = companions();
    let evidence: Vec<_> = all.iter().map(Companion::evidence).collect();
    let together = alloyscope::kinetics::fit_together(&evidence, 1.0).unwrap();
    let lines = together.lines.iter().map(Option::as_ref);
    let series: Vec<_> = all.iter().zip(lines).collect();
    comparison(
        size,
        theme,
        view,
        &ComparisonFigure {
            series: &series,
            together: Some(&together),
            abscissa: Abscissa::ReciprocalTemperature,
        },
    )
}

pub fn gallery() -> Vec<(String, Figure)> {
    let mut all = Vec::new();
    for (name, theme) in themes() {
        for (w, h) in [(380.0, 300.0), (640.0, 420.0), (1200.0, 760.0)] {
            let size = canvas(w, h);
            let mut add =
                |kind: &str, figure: Figure| all.push((format!("{kind}_{name}_{w}"), figure));
            add("profile", one_profile(size, &theme, View::AUTOMATIC));
            add("grid", one_grid(size, &theme, 12));
            if name == "light" {
                add("grid200", one_grid(size, &theme, 200));
            }
            add(
                "diffusivity",
                one_diffusivity(size, &theme, Abscissa::Temperature),
            );
            add(
                "reciprocal",
                one_diffusivity(size, &theme, Abscissa::ReciprocalTemperature),
            );
            add("area", without_dwells(size, &theme));
            add("comparison", one_comparison(size, &theme, View::AUTOMATIC));
            add("strip", one_strip(size, &theme, 12, ColorMap::Gray));
            add("phase", one_phase(size, &theme, View::AUTOMATIC));
            add("eutectic", one_eutectic(size, &theme));
            add("heating", one_heating(size, &theme, View::AUTOMATIC));
            for symbol in ["Ag", "Au"] {
                let figure = one_size_effect(size, &theme, View::AUTOMATIC, symbol);
                add(&format!("size_{symbol}"), figure);
            }
        }
    }
    let print = Theme::print();
    all.push((
        "strip_inferno".into(),
        one_strip(canvas(900.0, 170.0), &print, 7, ColorMap::Inferno),
    ));
    all.push((
        "presenter".into(),
        one_diffusivity(
            canvas(1200.0, 760.0),
            &Theme::dark().enlarged(1.6),
            Abscissa::Temperature,
        ),
    ));
    all
}
