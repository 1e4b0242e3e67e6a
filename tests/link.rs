//! A series in a link: small enough for a mail, true to its numbers, and harmless whatever it says.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::engine::{
    Analysis, Engine, Event, Failure, Loaded, Plane, Request, errors_sentence, likelihood_alone,
};
use alloyscope::imaging::{Circle, Measurement};
use alloyscope::project::{
    Errors, LinkError, Project, Reduced, ReducedFrame, Thumbnail, read_link, write_link,
};
use alloyscope::signal::Image;
use rand::rngs::Xoshiro256PlusPlus;
use rand::{RngExt, SeedableRng};

/// Characters that a link of twelve frames of 128 bins may take without pictures, and with them: what mail programs leave in one piece.
const WITHOUT_PICTURES: usize = 5600;
const WITH_PICTURES: usize = 8000;

fn loaded(engine: &mut Engine, request: Request) -> Result<Loaded, Failure> {
    let mut answer = None;
    engine.handle(request, Vec::new(), &mut |event| match event {
        Event::Loaded(loaded) => answer = Some(Ok(*loaded)),
        Event::Failed(failure) => answer = Some(Err(failure)),
        _ => {}
    });
    answer.unwrap()
}

fn analyzed(
    engine: &mut Engine,
    project: &Project,
) -> (Result<Analysis, Failure>, Vec<Option<Measurement>>) {
    let (mut outcome, mut measured) = (None, Vec::new());
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project.clone()),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| match event {
        Event::Measured { frame, .. } => measured.push(frame.outcome.ok()),
        Event::Analyzed { outcome: o, .. } => outcome = Some(o.map(|a| *a)),
        _ => {}
    });
    (outcome.unwrap(), measured)
}

fn picture(engine: &mut Engine, project: &Project, frame: usize, side: usize) -> Plane {
    let mut found = None;
    let at = project.series.frames[frame].place();
    engine.handle(
        Request::Picture { frame, at, side },
        Vec::new(),
        &mut |event| {
            if let Event::Picture(plane) = event {
                found = Some(plane.unwrap());
            }
        },
    );
    found.unwrap()
}

/// The sample series, its analysis, and what goes into its link.
fn sample() -> (Engine, Project, Analysis, Reduced) {
    let mut engine = Engine::new();
    let request = Request::Sample {
        preset: "ag@au".into(),
        seed: 3,
    };
    let opened = loaded(&mut engine, request).unwrap();
    let project = Project {
        series: opened.series,
        model: opened.model.unwrap(),
        ..Project::default()
    };
    let (analysis, measured) = analyzed(&mut engine, &project);
    let frames = measured
        .into_iter()
        .enumerate()
        .map(|(index, measurement)| {
            let plane = picture(&mut engine, &project, index, 256);
            let image = Image {
                width: plane.width,
                height: plane.height,
                values: plane.values,
            };
            let circle = measurement.as_ref().map(|m| m.particle.circle);
            ReducedFrame {
                thumbnail: circle.and_then(|c| Thumbnail::cut(&image, plane.binning, c)),
                measurement,
            }
        })
        .collect();
    let reduced = Reduced {
        project: project.clone(),
        frames,
    };
    (engine, project, analysis.unwrap(), reduced)
}

#[test]
fn a_link_gives_the_numbers_back() {
    // Values are rounded to an eighth of their errors, a scatter of 1/(8 √12) = 0.036 of them, and so are D and E: four times that.
    const SHARE: f64 = 0.15;
    let (mut whole, project, analysis, reduced) = sample();
    let link = write_link(&reduced);
    let plain = write_link(&reduced.without_thumbnails());
    println!(
        "{} characters, {} without pictures",
        link.len(),
        plain.len()
    );
    assert!(link.len() < WITH_PICTURES && plain.len() < WITHOUT_PICTURES);
    assert!(
        link.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    );

    let mut engine = Engine::new();
    let opened = loaded(&mut engine, Request::OpenLink { link }).unwrap();
    let mut decided = project.clone();
    decided
        .series
        .frames
        .iter_mut()
        .for_each(|f| f.digest.clear());
    assert_eq!(opened.decisions.as_deref(), Some(&decided));
    let (again, measured) = analyzed(&mut engine, &project);
    let again = again.unwrap();
    assert!(measured.iter().all(Option::is_some));
    let energy = |a: &Analysis| a.kinetics.free.as_ref().unwrap().energy_j_mol;
    let (e, e2) = (energy(&analysis), energy(&again));
    assert!(
        (e.value - e2.value).abs() < SHARE * e.standard_error,
        "{e:?} {e2:?}"
    );
    for (a, b) in analysis.fit.intervals.iter().zip(&again.fit.intervals) {
        assert_eq!(a.kind, b.kind);
        if let Some(error) = a.dtau_se_nm2 {
            let moved = (a.dtau_nm2 - b.dtau_nm2).abs();
            assert!(
                moved < SHARE * error,
                "interval {}: {moved} of {error}",
                a.index
            );
        }
    }
    // Errors drawn from sectors would need the images, and it is said that there are none; not so of the series as it was sent.
    let lacking = |engine: &mut Engine| {
        let (mut asked, mut left) = (Vec::new(), 1);
        while left > 0 {
            let request = Request::Assess {
                id: 2,
                project: Box::new(project.clone()),
            };
            engine.handle(request, Vec::new(), &mut |event| {
                if let Event::Assessed {
                    total,
                    done,
                    assessment,
                    ..
                } = event
                {
                    left = match assessment.errors_checked && assessment.structure.is_some() {
                        true => 0,
                        false => total - done,
                    };
                    asked = vec![
                        assessment.lacks_images(Errors::Auto),
                        assessment.lacks_images(Errors::Bootstrap),
                        assessment.lacks_images(Errors::Likelihood),
                    ];
                    let said = errors_sentence(&assessment, Errors::Auto);
                    assert_eq!(said.contains(likelihood_alone()), asked[0], "{said}");
                }
            });
        }
        asked
    };
    assert_eq!(lacking(&mut engine), [true, true, false]);
    assert_eq!(lacking(&mut whole), [false, false, false]);
    // What needs an image is refused with a reason; everything else goes on.
    let mut moved = project.clone();
    moved.series.frames[2].circle = Some(Circle {
        radius_px: 60.0,
        ..Circle::default()
    });
    let (outcome, measured) = analyzed(&mut engine, &moved);
    assert!(outcome.is_ok() && measured[2].is_none() && measured[3].is_some());
}

#[test]
fn thumbnails_lie_where_the_particle_is() {
    let (_, project, _, reduced) = sample();
    let back = read_link(&write_link(&reduced)).unwrap();
    for (frame, reduced) in project.series.frames.iter().zip(&back.frames) {
        let circle = reduced.measurement.as_ref().unwrap().particle.circle;
        let thumbnail = reduced.thumbnail.as_ref().unwrap();
        let image = thumbnail.framed(frame.size);
        // Center of brightness over the darkest value: that of the particle, within a pixel of the picture.
        let darkest = image.values.iter().copied().fold(f32::INFINITY, f32::min);
        let mut sums = [0.0_f64; 3];
        for (index, value) in image.values.iter().enumerate() {
            let weight = f64::from(value - darkest);
            sums[0] += weight;
            sums[1] += weight * (index % image.width) as f64;
            sums[2] += weight * (index / image.width) as f64;
        }
        let center = circle.binned(thumbnail.binning).center;
        assert!((sums[1] / sums[0] - center.x_px).abs() < 0.5);
        assert!((sums[2] / sums[0] - center.y_px).abs() < 0.5);
    }
}

#[test]
fn names_stay_at_home_where_asked() {
    let (_, _, _, reduced) = sample();
    let back = read_link(&write_link(&reduced.nameless())).unwrap();
    let series = &back.project.series;
    assert!(series.name.is_empty());
    assert!(
        series
            .frames
            .iter()
            .all(|f| f.digest.is_empty() && f.file.starts_with("frame "))
    );
}

#[test]
fn hostile_links_are_errors() {
    assert_eq!(read_link("no link!"), Err(LinkError::NotALink));
    assert_eq!(read_link(""), Err(LinkError::NotALink));
    assert!(matches!(read_link("_w"), Err(LinkError::Newer(255))));
    let long = "A".repeat(2 << 20);
    assert!(matches!(read_link(&long), Err(LinkError::TooLarge { .. })));

    let (_, _, _, reduced) = sample();
    let link = write_link(&reduced);
    for cut in (0..link.len()).step_by(97) {
        assert!(read_link(&link[..cut]).is_err(), "cut at {cut}");
    }
    // Changed characters: an error, or a series whose numbers are finite. Bounded work either way.
    let mut random = Xoshiro256PlusPlus::seed_from_u64(11);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for _ in 0..300 {
        let mut bytes = link.clone().into_bytes();
        for _ in 0..random.random_range(1..4) {
            let at = random.random_range(2..bytes.len());
            bytes[at] = alphabet[random.random_range(0..64)];
        }
        if let Ok(reduced) = read_link(std::str::from_utf8(&bytes).unwrap()) {
            let profiles = reduced.frames.iter().filter_map(|f| f.measurement.as_ref());
            for p in profiles.map(|m| &m.profile) {
                assert!(p.value.iter().chain(&p.radius).all(|v| v.is_finite()));
            }
        }
    }
}
