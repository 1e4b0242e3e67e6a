//! The figures of a result as SVG.

use alloyscope::budget::Target;
use alloyscope::engine::{Analysis, Engine, Event, Plane, Request, logged_frames};
use alloyscope::figures::{
    Abscissa, BalanceFigure, Canvas, DiffusivityFigure, EllipseFigure, Figure, FrameProfile,
    GridFigure, HeatingFigure, Literature, StripFigure, StripFrame, TemperatureRamp, Theme,
    TornadoFigure, View, diffusivity, ellipse, heating, mass_balance, profile_grid, series_strip,
    tornado,
};
use alloyscope::formats::HeaterLog;
use alloyscope::imaging::Measurement;
use alloyscope::kinetics::{AtomicDensities, Reference, shell_fraction};
use alloyscope::project::{Frame, Place, Project};
use alloyscope::signal::Image;

/// Largest side of a picture in the strip (pixels); larger images are binned.
const PICTURE_SIDE: usize = 768;

/// Width of a page's figure (CSS pixels).
const WIDTH_PX: f64 = 960.0;

/// Every figure, with the name of its file.
pub fn figures(
    engine: &mut Engine,
    project: &Project,
    analysis: &Analysis,
    measured: &[Option<Measurement>],
    log: Option<&HeaterLog>,
) -> Vec<(&'static str, Figure)> {
    let theme = Theme::print();
    let frames = &project.series.frames;
    let kelvin = |frame: &Frame| frame.temperature_k.as_ref().map(|t| t.value);
    let ramp = TemperatureRamp::of(frames.iter().map(kelvin));

    let pictures: Vec<(Image, usize)> = frames
        .iter()
        .enumerate()
        .map(|(index, frame)| picture(engine, index, frame.place()).unwrap_or_else(|| (blank(), 1)))
        .collect();
    let strip: Vec<StripFrame> = frames
        .iter()
        .zip(&pictures)
        .enumerate()
        .map(|(index, (frame, (image, binning)))| StripFrame {
            frame: index,
            image,
            circle: measured
                .get(index)
                .and_then(Option::as_ref)
                .map(|m| m.particle.circle.binned(*binning)),
            temperature_k: kelvin(frame),
            pixel_nm: frame.pixel_nm.as_ref().map(|p| p.value * *binning as f64),
            excluded: frame.excluded.is_some(),
        })
        .collect();
    let strip = StripFigure {
        frames: &strip,
        ramp,
        ..StripFigure::default()
    };
    let height = strip.natural_height_px(WIDTH_PX, 150.0, &theme);

    let profiles: Vec<FrameProfile> = analysis
        .fit
        .frames
        .iter()
        .map(|fit| FrameProfile {
            frame: fit.frame,
            temperature_k: frames.get(fit.frame).and_then(kelvin),
            data: &fit.data,
            model: &fit.model,
            excluded: false,
        })
        .collect();
    let grid = GridFigure {
        frames: &profiles,
        ramp,
        selected: None,
    };

    let model = &project.model;
    let radius_b_nm = analysis.fit.shape.radius_b_nm;
    let library = project.library();
    let pair = (model.core.as_str(), model.shell.as_str());
    let mut literature = Literature::of_pair(&library, pair, radius_b_nm);
    if project.phase.darken {
        let x_shell = AtomicDensities::of(&library, pair.0, pair.1)
            .and_then(|n| shell_fraction(&analysis.fit.shape, n));
        literature.extend(x_shell.and_then(|x| Literature::darken(&library, pair, x)));
    }
    let plot = DiffusivityFigure {
        intervals: &analysis.fit.intervals,
        kinetics: Some(&analysis.kinetics),
        literature: &literature,
        radius_b_nm: Some(radius_b_nm.value),
        abscissa: Abscissa::Temperature,
        ramp,
        selected: None,
    };

    let balance = BalanceFigure {
        balance: &analysis.balance,
    };
    let size = |height_px: f64| Canvas {
        width_px: WIDTH_PX,
        height_px,
    };
    let view = View::AUTOMATIC;
    let choice = project.series.heater_log.as_ref();
    let heated = log.zip(choice).map(|(log, choice)| {
        let offset_s = choice.clock_offset_s.value;
        let frames = logged_frames(frames, (log, offset_s), Some(analysis));
        let figure = HeatingFigure {
            log,
            frames: &frames,
            ramp,
            selected: None,
        };
        let figure = heating(size(360.0), &theme, view, &figure);
        ("heating.svg", figure)
    });
    let mut figures = vec![
        ("series.svg", series_strip(size(height), &theme, &strip)),
        (
            "profiles.svg",
            profile_grid(size(720.0), &theme, view, &grid),
        ),
        (
            "diffusivity.svg",
            diffusivity(size(600.0), &theme, view, &plot),
        ),
        (
            "balance.svg",
            mass_balance(size(360.0), &theme, view, &balance),
        ),
    ];
    if let Some(assessment) = &analysis.assessment {
        let target = assessment.target(&analysis.fit);
        let name = match target {
            Target::Energy => "E".to_owned(),
            Target::Interval(k) => {
                let index = analysis.fit.intervals.get(k).map_or(k, |i| i.index);
                format!("D of step {index}")
            }
        };
        let budget = TornadoFigure {
            budget: &assessment.budget,
            target,
            name: &name,
        };
        figures.push(("budget.svg", tornado(size(420.0), &theme, view, &budget)));
        if let Some(stated) = &assessment.stated {
            let references = Reference::of_pair(&library, pair, radius_b_nm.value);
            let figure = EllipseFigure {
                stated,
                all: assessment.all.as_ref(),
                references: &references,
            };
            figures.push(("energy.svg", ellipse(size(600.0), &theme, view, &figure)));
        }
    }
    figures.extend(heated);
    figures
}

/// A frame's picture and its binning.
fn picture(engine: &mut Engine, frame: usize, at: Place) -> Option<(Image, usize)> {
    let mut found = None;
    engine.handle(
        Request::Picture {
            frame,
            at,
            side: PICTURE_SIDE,
        },
        Vec::new(),
        &mut |event| {
            if let Event::Picture(Ok(Plane {
                width,
                height,
                binning,
                values,
                ..
            })) = event
            {
                found = Some((
                    Image {
                        width,
                        height,
                        values,
                    },
                    binning,
                ));
            }
        },
    );
    found
}

/// Stands for a picture that could not be read.
fn blank() -> Image {
    Image {
        width: 1,
        height: 1,
        values: vec![0.0],
    }
}
