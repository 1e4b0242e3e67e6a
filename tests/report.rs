//! The report and the script: everything in them is the analysis', nothing of the user's text is markup, and the script runs.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;
#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use alloyscope::engine::{Analysis, Engine, Event, Request, beside, companion};
use alloyscope::project::Project;
#[cfg(not(target_arch = "wasm32"))]
use alloyscope::report::python;
use alloyscope::report::{ReportFigure, html, methods};

fn sample() -> (Project, Analysis) {
    let mut engine = Engine::new();
    let mut project = Project::default();
    let request = Request::Sample {
        preset: "ag@au".into(),
        seed: 5,
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Loaded(loaded) = event {
            project.series = loaded.series;
            project.model = loaded.model.unwrap();
        }
    });
    let mut analysis = None;
    let request = Request::Analyze {
        id: 1,
        project: Box::new(project.clone()),
        pictures: None,
    };
    engine.handle(request, Vec::new(), &mut |event| {
        if let Event::Analyzed { outcome, .. } = event {
            analysis = Some(*outcome.unwrap());
        }
    });
    (project, analysis.unwrap())
}

#[test]
fn the_report_holds_the_analysis_and_no_markup_of_the_user() {
    let (mut project, analysis) = sample();
    project.series.name = "<script>alert(1)</script> & \"more\"".into();
    project.series.frames[1].file = "R_A.tif".into();
    let figure = ReportFigure {
        title: "D(T) <b>".into(),
        svg: "<svg xmlns=\"http://www.w3.org/2000/svg\"></svg>".into(),
    };
    let mut other = companion(&project, &analysis, None);
    other.name = "<b>other</b>".into();
    other.pictures.clear();
    let present = companion(&project, &analysis, None);
    let (compared, places) = beside(Some(present.clone()), &[present, other]);
    assert_eq!(places, [None, Some(1)]);
    let page = html(&project, &analysis, &compared, &[figure]);
    assert!(page.contains("&lt;b&gt;other") && page.contains("2 series with one E"));
    assert!(!page.contains("<script") && !page.contains("<b>"));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"));
    // Nothing is fetched from anywhere.
    assert!(!page.contains("src=") && !page.contains("href="));
    let tags = |tag: &str| {
        let open =
            page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        (open, page.matches(&format!("</{tag}>")).count())
    };
    for tag in [
        "table", "tr", "td", "th", "figure", "pre", "h2", "p", "ul", "li",
    ] {
        let (open, close) = tags(tag);
        assert_eq!(open, close, "{tag}");
    }
    for frame in &project.series.frames {
        assert!(page.contains(&frame.file) && page.contains(&frame.digest));
    }
    for interval in &analysis.fit.intervals {
        assert!(page.contains(&format!("to frame {}<", interval.index)));
    }
    // Symbols are printed as such, and a name that looks like one stays as it is.
    let (body, _) = page.split_once("<pre>").unwrap();
    assert!(body.contains("core radius <i>R</i><sub>A</sub>") && !body.contains("radius R_B"));
    assert!(body.contains(" <i>R</i><sub>B</sub> = ") && body.contains("<td>R_A.tif</td>"));
    let words = methods(&project, &analysis);
    assert!(
        words.contains("12 HAADF-STEM images of a Ag core in a Au shell"),
        "{words}"
    );
    assert!(words.contains("fixed density envelope") && words.contains("all frames at once"));
}

/// The script's own fit is the program's: both minimize the same χ² of two parameters, whose minimum the last digits of a double blur
/// by far less than this share of the error.
#[cfg(not(target_arch = "wasm32"))]
#[test]
fn the_script_repeats_the_arrhenius_fit() {
    const SHARE: f64 = 1e-4;
    let (project, analysis) = sample();
    let script = python(&project, &analysis);
    let folder = std::env::temp_dir().join(format!("alloyscope-report-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("replot.py");
    std::fs::write(&path, script).unwrap();
    let run = std::process::Command::new("python3")
        .arg(&path)
        .current_dir(&folder)
        .output();
    let Ok(run) = run else {
        println!("there is no python3 on this machine: the script was written but not run");
        return;
    };
    let _ = std::fs::remove_dir_all(&folder);
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&run.stderr)
    );
    let numbers: Vec<f64> = said
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    let e = analysis.kinetics.free.as_ref().unwrap().energy_j_mol;
    assert!(
        (numbers[0] - e.value).abs() < SHARE * e.standard_error + 0.01,
        "{said}"
    );
    assert!(
        (numbers[1] - e.standard_error).abs() < 0.02 * e.standard_error,
        "{said}"
    );
}
