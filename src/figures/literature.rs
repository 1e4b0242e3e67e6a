//! Published diffusion beside the measurement: lines, bands and points with their citations.

use super::format;
use super::intervals::Horizontal;
use super::layout::{Mark, PlotArea};
use super::legend::{Entry, Sample, Weight};
use super::scene::{Dash, Pen, Scene};
use super::size_effect::cited;
use super::theme::{Color, Theme};
use crate::fit::Estimate;
use crate::kinetics::{Arrhenius, Interdiffusion, SizeModel};
use crate::language::say;
use crate::materials::{Library, Route, SurfaceDiffusion, TracerDiffusion};
use crate::units::{GAS_CONSTANT, SQUARE_METER_PER_SQUARE_NM};

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
                say!("{solute} in {host}, bulk" | "{solute} in {host}, massiv"),
                second,
                String::new(),
            ),
            Route::Boundary { width_nm } => {
                let width = format::significant(width_nm, 2);
                let note = format!("; δ·D divided by an assumed width δ = {width} nm");
                (format!("{solute} in {host}, {}", law.along()), None, note)
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

/// A curve in the units of the axes, before it is known where the plot stands.
pub(super) struct Trace {
    /// What the legend calls it.
    pub name: String,
    pub points: Vec<(f64, f64)>,
    pub pen: Pen,
    /// The outline of its band, and the band's color.
    pub band: Option<(Vec<(f64, f64)>, Color)>,
    /// How much it hurts when the legend hides it.
    pub weight: Weight,
}

impl Trace {
    /// The line of a fit at these places (x, T), with the band of its confidence where that has a color.
    pub fn of_fit(
        fit: &Arrhenius,
        (name, pen, shade): (String, Pen, Option<Color>),
        places: &[(f64, f64)],
    ) -> Trace {
        // So many standard errors above the line.
        let curve = |sign: f64| -> Vec<(f64, f64)> {
            let point = |&(x, t): &(f64, f64)| {
                let (value, error) = fit.ln_d(t);
                // Beyond 500 the band covers any axis.
                let ln_d = value + sign * (fit.quantile * error).clamp(0.0, 500.0);
                (x, libm::exp(ln_d) * SQUARE_METER_PER_SQUARE_NM)
            };
            places.iter().map(point).collect()
        };
        Trace {
            name,
            points: curve(0.0),
            pen,
            band: shade.map(|shade| (outline(curve(1.0), curve(-1.0)), shade)),
            weight: Weight::Curve,
        }
    }

    fn px(points: &[(f64, f64)], area: &PlotArea) -> Vec<Option<(f64, f64)>> {
        points.iter().map(|p| area.to_px(p.0, p.1)).collect()
    }

    /// Those of its points that are seen (CSS pixels).
    pub fn seen(&self, area: &PlotArea) -> Vec<(f64, f64)> {
        let mut seen = Vec::new();
        for (x, y) in Trace::px(&self.points, area).into_iter().flatten() {
            if area.rect.contains(x, y) {
                seen.push((x, y));
            }
        }
        seen
    }

    /// What the legend says of it.
    pub fn entry(&self) -> Entry {
        let band = self.band.as_ref().map(|(_, color)| *color);
        (Sample::Line(self.pen, band), self.name.clone())
    }

    /// All of them: bands first, and the first line over the others.
    pub fn draw(traces: &[Trace], scene: &mut Scene, area: &PlotArea) {
        for (outline, color) in traces.iter().filter_map(|t| t.band.as_ref()) {
            let outline = Trace::px(outline, area).into_iter().flatten().collect();
            scene.clipped_area(outline, &area.rect, *color);
        }
        for trace in traces.iter().rev() {
            scene.clipped_line(Trace::px(&trace.points, area), &area.rect, trace.pen);
        }
    }
}

/// A band between two lines.
fn outline(mut upper: Vec<(f64, f64)>, lower: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    upper.extend(lower.into_iter().rev());
    upper
}

/// Every so many samples of a line can be read.
const READ_EVERY: usize = 12;

impl Literature {
    /// Its curve at these places (x, T), or the span; `None` for what is neither.
    pub(super) fn trace(
        &self,
        theme: &Theme,
        (index, horizontal): (usize, Horizontal),
        places: &[(f64, f64)],
    ) -> Option<Trace> {
        let color = theme.category(index + 1);
        let (width, points) = match self.span() {
            Some((t, [low, middle, high])) => {
                let x = horizontal.of(t);
                (3.0, vec![(x, low), (x, middle), (x, high)])
            }
            None => (1.2, self.curve(places, self.energy_j_mol)?),
        };
        let band = self.energy_span_j_mol.and_then(|(low, high)| {
            let ends = outline(self.curve(places, low)?, self.curve(places, high)?);
            Some((ends, color.with_alpha(0.15)))
        });
        Some(Trace {
            name: self.name.clone(),
            points,
            pen: Pen::new(width * theme.line_scale, color).dashed(self.dash),
            band,
            weight: Weight::Comparison,
        })
    }

    /// Lower end, middle and upper end of a span, and its temperature (K).
    fn span(&self) -> Option<(f64, [f64; 3])> {
        let (low, high) = self.span_m2_s?;
        let (from, to) = self.range_k?;
        Some((0.5 * (from + to), [low, f64::sqrt(low * high), high]))
    }

    fn curve(&self, places: &[(f64, f64)], energy_j_mol: f64) -> Option<Vec<(f64, f64)>> {
        let is_law = self.d0_m2_s > 0.0 && self.energy_j_mol.is_finite();
        (is_law || self.solution.is_some()).then_some(())?;
        let point = |&(x, t): &(f64, f64)| (x, self.at(t, energy_j_mol));
        Some(places.iter().map(point).collect())
    }

    /// Where it can be read.
    pub(super) fn mark(
        &self,
        marks: &mut Vec<Mark>,
        area: &PlotArea,
        (horizontal, places): (Horizontal, &[(f64, f64)]),
    ) {
        let mut mark = |x: f64, t: f64, d: f64| {
            let at = area.to_px(x, d);
            if let Some((x_px, y_px)) = at.filter(|p| area.rect.contains(p.0, p.1)) {
                marks.push(Mark {
                    plot: 0,
                    x_px,
                    y_px,
                    x,
                    y: d,
                    label: self.read(t, d),
                    frame: None,
                });
            }
        };
        if let Some((t, [_, middle, _])) = self.span() {
            mark(horizontal.of(t), t, middle);
        } else if self.curve(&[], 0.0).is_some() {
            for &(x, t) in places.iter().skip(READ_EVERY / 2).step_by(READ_EVERY) {
                mark(x, t, self.at(t, self.energy_j_mol));
            }
        }
    }
}
