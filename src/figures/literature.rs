//! Published diffusion beside the measurement: lines, bands and points with their citations.

use super::format;
use super::intervals::Horizontal;
use super::layout::{Mark, PlotArea};
use super::legend::{Legend, Sample, Weight};
use super::scene::{Dash, Pen, Scene};
use super::size_effect::cited;
use super::theme::{Color, Theme};
use crate::fit::Estimate;
use crate::kinetics::{Interdiffusion, SizeModel};
use crate::language::say;
use crate::materials::{Library, Route, SurfaceDiffusion, TracerDiffusion};
use crate::units::GAS_CONSTANT;

/// D = D0 exp(-E/(R T)) from the literature, for comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Literature {
    /// How it is named in the legend.
    pub name: String,
    /// D0 (m²/s).
    pub d0_m2_s: f64,
    /// E (J/mol).
    pub energy_j_mol: f64,
    /// (D0 in m²/s, E in J/mol) of a second term.
    pub second: Option<(f64, f64)>,
    /// Ends of a band in E (J/mol).
    pub energy_span_j_mol: Option<(f64, f64)>,
    /// Temperatures it was measured at (K): beyond them it is read as an extrapolation.
    pub range_k: Option<(f64, f64)>,
    /// A span of D (m²/s) at the middle of `range_k` in place of a line.
    pub span_m2_s: Option<(f64, f64)>,
    /// Darken-Manning interdiffusion at a mole fraction of the shell's element, in place of the law.
    pub solution: Option<(Interdiffusion, f64)>,
    /// Where it stands and what must be known of it, for the read-out.
    pub citation: String,
    /// Pattern of the line.
    pub dash: Dash,
}

impl Literature {
    /// What is drawn beside the measurement of a pair: tracer diffusion in the bulk both ways; the law of the core's element in the
    /// shell's, scaled to the particle's radius by eq. 11 with the host's total melting entropy, in the band of the radius' error; grain
    /// boundaries, whose δ·D is divided by the width assumed; self-diffusion; published values on surfaces.
    ///
    /// No law comes with an error: the band is that of the radius alone.
    pub fn of_pair(
        library: &Library,
        (core, shell): (&str, &str),
        radius_b_nm: Estimate,
    ) -> Vec<Literature> {
        let mut laws = library.tracer_diffusion(core, shell);
        // Of several laws for the same, the one that is used: a figure is no table.
        laws.retain(|law| law.label.is_empty());
        // With the colors, which repeat after six, no two lines look the same.
        let of_laws = |laws: Vec<&TracerDiffusion>, dashes: [Dash; 2]| {
            let dashes = dashes.into_iter().cycle();
            let lines = laws.into_iter().zip(dashes);
            lines
                .map(|(law, dash)| Literature::of_law(law, dash))
                .collect::<Vec<_>>()
        };
        let (own, between): (Vec<_>, Vec<_>) = laws.iter().partition(|l| l.solute == l.host);
        let mut lines = of_laws(between, [Dash::Dotted, Dash::DashDotted]);
        lines.extend(Literature::scaled(library, (core, shell), radius_b_nm));
        let boundaries = library.boundary_diffusion(core, shell);
        lines.extend(of_laws(
            boundaries.iter().collect(),
            [Dash::Dotted, Dash::DashDotted],
        ));
        lines.extend(of_laws(own, [Dash::Dashed, Dash::DashDotted]));
        let surfaces = library.surface_diffusion(core, shell);
        lines.extend(surfaces.iter().map(Literature::of_surface));
        lines
    }

    /// Interdiffusion in the particle's own composition (mole fraction of the shell's element) after Darken and Manning: an option, and
    /// named as such wherever it is drawn. `None` where one of the four tracer laws is not known.
    pub fn darken(
        library: &Library,
        (core, shell): (&str, &str),
        x_shell: Estimate,
    ) -> Option<Literature> {
        let solution = Interdiffusion::of(library, core, shell)?;
        let factor = if solution.has_excess() {
            "Φ from the excess energy of the solid"
        } else {
            "Φ = 1, no excess energy being known"
        };
        Some(Literature {
            name: say!(
                "{core}-{shell}, Darken-Manning at x = {}"
                    | "{core}-{shell}, Darken-Manning bei x = {}",
                format::significant(x_shell.value, 2)
            ),
            citation: format!(
                "D̃ = (x_B D*_A + x_A D*_B) Φ at x({shell}) = {}; tracers interpolated in ln D between the pure metals (approximate); {factor}",
                format::with_error(x_shell.value, x_shell.standard_error, "")
            ),
            solution: Some((solution, x_shell.value)),
            ..Literature::default()
        })
    }

    fn of_law(law: &TracerDiffusion, dash: Dash) -> Literature {
        let (solute, host) = (&law.solute, &law.host);
        let (name, second, note) = match law.route {
            Route::Lattice { second } if solute == host => (
                say!("{solute} self" | "{solute} selbst"),
                second,
                String::new(),
            ),
            Route::Lattice { second } => (
                say!("{solute} in {host}, bulk" | "{solute} in {host}, Volumen"),
                second,
                String::new(),
            ),
            Route::Boundary { width_nm } => {
                let width = format::significant(width_nm, 2);
                let note = format!("; δ·D divided by an assumed width δ = {width} nm");
                (format!("{solute} in {host}, {}", law.label), None, note)
            }
        };
        let source = cited(&law.source, law.confidence, &law.note);
        Literature {
            name,
            d0_m2_s: law.d0_m2_s,
            energy_j_mol: law.energy_j_mol,
            second,
            range_k: law.range_k,
            citation: source + &note,
            dash,
            ..Literature::default()
        }
    }

    /// Eq. 11 at the particle's radius.
    fn scaled(
        library: &Library,
        (core, shell): (&str, &str),
        radius_nm: Estimate,
    ) -> Option<Literature> {
        let law = library.tracer(core, shell)?;
        let model = SizeModel::of(&library.element(shell)?, law.energy_j_mol);
        let energy_j_mol = model.energy_j_mol(radius_nm.value)?;
        let at = |sign: f64| model.energy_j_mol(radius_nm.value + sign * radius_nm.standard_error);
        Some(Literature {
            name: say!(
                "{core} in {shell}, eq. 11 at {} nm" | "{core} in {shell}, Gl. 11 bei {} nm",
                format::significant(radius_nm.value, 3)
            ),
            d0_m2_s: law.d0_m2_s,
            energy_j_mol,
            energy_span_j_mol: at(-1.0)
                .zip(at(1.0))
                .filter(|_| radius_nm.standard_error > 0.0),
            citation: format!(
                "E(∞) and D0 of {}; melting entropy and diameter of {shell}; the band is the radius' error alone, other models of size differ more",
                law.source
            ),
            dash: Dash::Dashed,
            ..Literature::default()
        })
    }

    fn of_surface(surface: &SurfaceDiffusion) -> Literature {
        Literature {
            name: say!(
                "{} on {}, surface" | "{} auf {}, Oberfläche",
                surface.solute,
                surface.host
            ),
            range_k: Some(surface.range_k),
            span_m2_s: Some(surface.span_m2_s),
            citation: cited(&surface.source, surface.confidence, &surface.note),
            ..Literature::default()
        }
    }

    /// D (m²/s) at a temperature (K) with this energy (J/mol).
    fn at(&self, temperature_k: f64, energy_j_mol: f64) -> f64 {
        if let Some((solution, x)) = &self.solution {
            return solution.at(*x, temperature_k).interdiffusion_m2_s;
        }
        let term = |d0: f64, e: f64| d0 * libm::exp(-e / (GAS_CONSTANT * temperature_k));
        let second = self.second.map_or(0.0, |(d0, e)| term(d0, e));
        term(self.d0_m2_s, energy_j_mol) + second
    }

    fn read(&self, temperature_k: f64, d_m2_s: f64) -> String {
        let at = format::temperature(temperature_k);
        let d = match self.span_m2_s {
            Some((low, high)) => say!(
                "D = {} to {} m² s⁻¹" | "D = {} bis {} m² s⁻¹",
                format::scientific(low, 2),
                format::scientific(high, 2)
            ),
            None => format!("D = {} m² s⁻¹", format::scientific(d_m2_s, 2)),
        };
        let range = match self.range_k {
            Some((low, high)) if temperature_k < low || temperature_k > high => say!(
                " · extrapolated from {} to {}" | " · extrapoliert von {} bis {}",
                format::temperature(low),
                format::temperature(high)
            ),
            _ => String::new(),
        };
        say!(
            "{} · {d} at {at} (no error){range} · {}"
                | "{} · {d} bei {at} (ohne Fehler){range} · {}",
            self.name,
            self.citation
        )
    }
}

/// Every so many samples of a line can be read.
const READ_EVERY: usize = 12;

/// What lines are drawn on.
#[derive(Clone, Copy)]
pub(super) struct Ground<'a> {
    pub area: &'a PlotArea,
    pub theme: &'a Theme,
    pub horizontal: Horizontal,
    /// (x, T) along the axis.
    pub places: &'a [(f64, f64)],
}

/// Draws all of it; what lies outside the plot is left out of the legend as well. Returns the marks to be read.
pub(super) fn draw(
    scene: &mut Scene,
    legend: &mut Legend,
    ground: Ground,
    literature: &[Literature],
) -> Vec<Mark> {
    let mut marks = Vec::new();
    for (index, line) in literature.iter().enumerate() {
        let color = ground.theme.category(index + 1);
        let drawn = match line.span_m2_s {
            Some(span) => draw_span(scene, &mut marks, ground, (line, span, color)),
            None => draw_line(scene, &mut marks, ground, (line, color), legend),
        };
        if let Some(pen) = drawn {
            let band = line.energy_span_j_mol.map(|_| translucent(color));
            let entry = Sample::Line(pen, band);
            legend.entries.push((entry, line.name.clone()));
        }
    }
    marks
}

fn translucent(color: Color) -> Color {
    color.with_alpha(0.15)
}

/// A span at one temperature; its pen, where it is seen.
fn draw_span(
    scene: &mut Scene,
    marks: &mut Vec<Mark>,
    ground: Ground,
    (line, (low, high), color): (&Literature, (f64, f64), Color),
) -> Option<Pen> {
    let (from, to) = line.range_k?;
    let t = 0.5 * (from + to);
    let x = ground.horizontal.of(t);
    let middle = f64::sqrt(low * high);
    let mark = mark(ground.area, (x, middle), || line.read(t, middle))?;
    marks.push(mark);
    let pen = Pen::new(3.0 * ground.theme.line_scale, color);
    let ends = [low, high].map(|d| ground.area.to_px(x, d));
    scene.clipped_line(ends, &ground.area.rect, pen);
    Some(pen)
}

/// A line with its band; its pen, where it is seen.
fn draw_line(
    scene: &mut Scene,
    marks: &mut Vec<Mark>,
    ground: Ground,
    (line, color): (&Literature, Color),
    legend: &mut Legend,
) -> Option<Pen> {
    let is_law = line.d0_m2_s > 0.0 && line.energy_j_mol.is_finite();
    (is_law || line.solution.is_some()).then_some(())?;
    let (area, places) = (ground.area, ground.places);
    let curve = |energy: f64| -> Vec<Option<(f64, f64)>> {
        let point = |&(x, t): &(f64, f64)| area.to_px(x, line.at(t, energy));
        places.iter().map(point).collect()
    };
    if let Some((low, high)) = line.energy_span_j_mol {
        let band = curve(low).into_iter().chain(curve(high).into_iter().rev());
        scene.clipped_area(band.flatten().collect(), &area.rect, translucent(color));
    }
    let points = curve(line.energy_j_mol);
    let inside = |p: &(f64, f64)| area.rect.contains(p.0, p.1);
    let seen: Vec<(f64, f64)> = points.iter().copied().flatten().filter(inside).collect();
    let is_seen = !seen.is_empty();
    legend.avoid(seen, Weight::Comparison);
    let pen = Pen::new(1.2 * ground.theme.line_scale, color).dashed(line.dash);
    scene.clipped_line(points, &area.rect, pen);
    for &(x, t) in places.iter().skip(READ_EVERY / 2).step_by(READ_EVERY) {
        let d = line.at(t, line.energy_j_mol);
        marks.extend(mark(area, (x, d), || line.read(t, d)));
    }
    is_seen.then_some(pen)
}

fn mark(area: &PlotArea, (x, y): (f64, f64), label: impl FnOnce() -> String) -> Option<Mark> {
    let (x_px, y_px) = area.to_px(x, y)?;
    area.rect.contains(x_px, y_px).then(|| Mark {
        plot: 0,
        x_px,
        y_px,
        x,
        y,
        label: label(),
        frame: None,
    })
}
