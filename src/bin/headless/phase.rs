//! A phase diagram on a terminal.

use alloyscope::engine::{Engine, Event, PhaseCase, PhaseQuestion, Request, phase_diagram_csv};
use alloyscope::figures::format;
use alloyscope::thermo;

use super::args::PhaseDiagram;
use super::{CommandError, materials};

pub fn phase_diagram(options: &PhaseDiagram) -> Result<(), CommandError> {
    let question = PhaseQuestion {
        id: 1,
        elements: options.pair.clone(),
        materials: materials(options.materials.as_deref())?,
        cases: vec![PhaseCase {
            radius_nm: options.radius_nm,
            surface: options.surface(),
        }],
        compositions: options.compositions,
    };
    let mut outcome = None;
    let request = Request::PhaseDiagram(Box::new(question));
    Engine::new().handle(request, Vec::new(), &mut |event| {
        if let Event::PhaseDiagram(result) = event {
            outcome = Some(result.map_err(CommandError::Failure));
        }
    });
    let answer = *outcome.unwrap_or_else(|| unreachable!("PhaseDiagram is answered by itself"))?;
    for remark in &answer.remarks {
        eprintln!("notice: {remark}");
    }
    for diagram in &answer.diagrams {
        if diagram.extrapolated {
            eprintln!("notice: extrapolated, the model's authors state r = 5 nm as its lower end");
        }
        if options.csv {
            print!("{}", phase_diagram_csv(diagram));
        } else {
            print!("{}", readable(options, diagram));
        }
    }
    Ok(())
}

/// The same for people: what stands out, then the curves.
fn readable(options: &PhaseDiagram, diagram: &thermo::PhaseDiagram) -> String {
    let (first, second) = &options.pair;
    let size = if diagram.radius_nm.is_finite() {
        format!("r = {} nm", format::significant(diagram.radius_nm, 4))
    } else {
        "bulk".into()
    };
    let mut text =
        format!("{first}-{second}, {size}; x: mole fraction of {second}; a model, no error\n");
    let (kelvin, x) = (|t: f64| format::fixed(t, 2), |x: f64| format::fixed(x, 4));
    if let Some(e) = &diagram.eutectic {
        text.push_str(&format!(
            "three phases at {} K: liquid x = {}, solids x = {} and {}\n",
            kelvin(e.temperature_k),
            x(e.x_liquid),
            x(e.x_left),
            x(e.x_right)
        ));
    }
    if let Some(c) = &diagram.extreme {
        text.push_str(&format!(
            "congruent {} at {} K, x = {}\n",
            if c.maximum { "maximum" } else { "minimum" },
            kelvin(c.temperature_k),
            x(c.x)
        ));
    }
    if let [bottom, .., top] = &diagram.gap[..] {
        text.push_str(&format!(
            "two solids from {} K (x = {} and {}) to {} K (x = {} and {})\n",
            kelvin(bottom.temperature_k),
            x(bottom.x_left),
            x(bottom.x_right),
            kelvin(top.temperature_k),
            x(top.x_left),
            x(top.x_right)
        ));
    }
    text.push_str(&format!(
        "\n{:>8}{:>14}{:>14}{:>10}\n",
        "x", "solidus (K)", "liquidus (K)", "width (K)"
    ));
    for b in &diagram.boundaries {
        text.push_str(&format!(
            "{:>8}{:>14}{:>14}{:>10}\n",
            x(b.x),
            kelvin(b.solidus_k),
            kelvin(b.liquidus_k),
            kelvin((b.liquidus_k - b.solidus_k).max(0.0))
        ));
    }
    text
}
