//! The numbers of an experiment that can be turned, each as a slider and a field.

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{
    NumberField, memo, number_field, on_change, part, segmented, typeset, words,
};
use crate::diffusion::Scheme;
use crate::figures::format;
use crate::materials::Library;
use crate::paper;
use crate::simulate::{Arrhenius, Experiment, Preset, heating_steps};

/// A number of the experiment.
pub struct Dial {
    /// Address for tests.
    pub name: &'static str,
    label: fn() -> &'static str,
    unit: &'static str,
    range: (f64, f64),
    /// Even steps in its logarithm.
    log: bool,
    decimals: usize,
    get: fn(&Experiment) -> f64,
    set: fn(&mut Experiment, f64),
}

/// The field around the particle is so many radii wide.
const FIELD_RADII: f64 = 5.2;
/// Most pixels along a side: images of a megapixel.
const MOST_PIXELS: f64 = 1024.0;
/// σ is at least this part of R_B: sharper edges need modes by the thousand and look the same.
const SHARPEST: f64 = 0.025;

/// Keeps what depends on other numbers.
fn settle(e: &mut Experiment) {
    let shape = &mut e.shape;
    shape.sigma_nm = shape
        .sigma_nm
        .clamp(SHARPEST * shape.radius_b_nm, 0.5 * shape.radius_b_nm);
    let camera = &mut e.camera;
    let field_nm = FIELD_RADII * shape.radius_b_nm;
    camera.pixel_nm = camera.pixel_nm.max(field_nm / MOST_PIXELS);
    camera.side_px = (field_nm / camera.pixel_nm).ceil() as usize;
}

fn ends(e: &Experiment) -> (f64, f64) {
    let kelvin =
        |step: Option<&crate::simulate::HeatingStep>| step.map_or(0.0, |s| s.temperature_k);
    (kelvin(e.heating.first()), kelvin(e.heating.last()))
}

fn dwell(e: &Experiment) -> f64 {
    e.heating.last().map_or(0.0, |s| s.dwell_s)
}

fn steps(e: &Experiment) -> usize {
    e.heating.len().saturating_sub(1)
}

fn core_share(e: &Experiment) -> f64 {
    (e.shape.radius_a_nm / e.shape.radius_b_nm).powi(3)
}

/// All of them, in the order of the panel.
pub const DIALS: [Dial; 12] = [
    Dial {
        name: "dial-radius",
        label: text::dial_radius,
        unit: "nm",
        range: (1.0, 6.0),
        log: false,
        decimals: 2,
        get: |e| e.shape.radius_b_nm,
        set: |e, v| {
            e.shape.radius_a_nm *= v / e.shape.radius_b_nm;
            e.shape.radius_b_nm = v;
        },
    },
    Dial {
        name: "dial-core",
        label: text::dial_core,
        unit: "",
        range: (0.05, 0.8),
        log: false,
        decimals: 3,
        get: core_share,
        set: |e, v| e.shape.radius_a_nm = v.cbrt() * e.shape.radius_b_nm,
    },
    Dial {
        name: "dial-sigma",
        label: text::dial_sigma,
        unit: "nm",
        range: (0.05, 0.5),
        log: false,
        decimals: 3,
        get: |e| e.shape.sigma_nm,
        set: |e, v| e.shape.sigma_nm = v,
    },
    Dial {
        name: "dial-probe",
        label: text::psf,
        unit: "nm",
        range: (0.02, 0.3),
        log: false,
        decimals: 3,
        get: |e| e.camera.psf_sigma_nm,
        set: |e, v| e.camera.psf_sigma_nm = v,
    },
    Dial {
        name: "dial-dose",
        label: text::dial_dose,
        unit: "counts",
        range: (10.0, 20_000.0),
        log: true,
        decimals: 0,
        get: |e| e.camera.peak_counts,
        set: |e, v| e.camera.peak_counts = v,
    },
    Dial {
        name: "dial-pixel",
        label: text::dial_pixel,
        unit: "nm",
        range: (0.01, 0.1),
        log: true,
        decimals: 3,
        get: |e| e.camera.pixel_nm,
        set: |e, v| e.camera.pixel_nm = v,
    },
    Dial {
        name: "dial-from",
        label: text::dial_from,
        unit: "K",
        range: (250.0, 800.0),
        log: false,
        decimals: 0,
        get: |e| ends(e).0,
        set: |e, v| e.heating = heating_steps((v, ends(e).1), steps(e), dwell(e)),
    },
    Dial {
        name: "dial-to",
        label: text::dial_to,
        unit: "K",
        range: (300.0, 1200.0),
        log: false,
        decimals: 0,
        get: |e| ends(e).1,
        set: |e, v| e.heating = heating_steps((ends(e).0, v), steps(e), dwell(e)),
    },
    Dial {
        name: "dial-steps",
        label: text::dial_steps,
        unit: "",
        range: (2.0, 20.0),
        log: false,
        decimals: 0,
        get: |e| steps(e) as f64,
        set: |e, v| e.heating = heating_steps(ends(e), v.round() as usize, dwell(e)),
    },
    Dial {
        name: "dial-dwell",
        label: text::dial_dwell,
        unit: "s",
        range: (10.0, 36_000.0),
        log: true,
        decimals: 0,
        get: dwell,
        set: |e, v| e.heating = heating_steps(ends(e), steps(e), v),
    },
    Dial {
        name: "dial-d0",
        label: text::dial_d0,
        unit: "m²/s",
        range: (1e-18, 1e-2),
        log: true,
        decimals: 0,
        get: |e| e.arrhenius.d0_m2_s,
        set: |e, v| e.arrhenius.d0_m2_s = v,
    },
    Dial {
        name: "dial-energy",
        label: text::dial_energy,
        unit: "kJ/mol",
        range: (20.0, 250.0),
        log: false,
        decimals: 1,
        get: |e| e.arrhenius.energy_j_mol / 1e3,
        set: |e, v| e.arrhenius.energy_j_mol = 1e3 * v,
    },
];

/// Places of a slider.
const PLACES: f64 = 500.0;

impl Dial {
    fn place(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        let share = match self.log {
            true => (value / low).ln() / (high / low).ln(),
            false => (value - low) / (high - low),
        };
        (PLACES * share).round().clamp(0.0, PLACES)
    }

    fn value(&self, place: f64) -> f64 {
        let (low, high) = self.range;
        let share = place / PLACES;
        let value = match self.log {
            true => low * (high / low).powf(share),
            false => low + (high - low) * share,
        };
        // No more digits than a slider can mean.
        rounded(value, 3)
    }

    /// Turns it.
    fn turn(&self, app: App, value: f64) {
        let (low, high) = self.range;
        app.teach.experiment.update(|e| {
            (self.set)(e, value.clamp(low, high));
            settle(e);
        });
    }
}

/// The number with so many digits, without a binary rest.
fn rounded(value: f64, digits: usize) -> f64 {
    let words = format!("{value:.*e}", digits - 1);
    words.parse().unwrap_or(value)
}

/// One of [`DIALS`] as a slider and a field.
pub fn dial(app: App, index: usize) -> AnyView {
    let Some(dial) = DIALS.get(index) else {
        return ().into_any();
    };
    let value = move || app.teach.experiment.with(dial.get);
    let label = (dial.label)();
    let unit = text::shown_unit(dial.unit);
    let said = move || format!("{} {unit}", format::significant(value(), 3));
    let field = NumberField {
        label,
        unit,
        decimals: dial.decimals,
        step: 0.0,
        optional: false,
        range: dial.range,
        name: dial.name,
    };
    // Four digits are all that a field has room for.
    let shown = move || Some(rounded(value(), 4));
    view! {
        <div class="dial">
            <span class="name" aria-hidden="true">{typeset(label)}</span>
            <input type="range" min="0" max=PLACES.to_string() step="1" data-test=format!("{}-slider", dial.name)
                aria-label=label
                aria-valuetext=words(said)
                prop:value=words(move || dial.place(value()).to_string())
                on:input=on_change(move |e| if let Ok(place) = event_target_value(&e).parse() { dial.turn(app, dial.value(place)) })
            />
            {number_field(field, shown, move |v| if let Some(v) = v { dial.turn(app, v) })}
        </div>
    }
    .into_any()
}

/// Several dials.
pub fn dials(app: App, which: &[usize]) -> Vec<AnyView> {
    which.iter().map(|i| dial(app, *i)).collect()
}

/// Pairs that are offered, core first.
const PAIRS: [(&str, &str); 8] = [
    ("Ag", "Au"),
    ("Au", "Ag"),
    ("Cu", "Mg"),
    ("Mg", "Cu"),
    ("Cu", "Au"),
    ("Au", "Cu"),
    ("Ni", "Au"),
    ("Ag", "Cu"),
];

/// Puts in another pair.
pub fn set_pair(e: &mut Experiment, core: &str, shell: &str) {
    let library = Library::builtin();
    let weight = |symbol| library.weight(symbol, e.z_exponent);
    if let (Some(a), Some(b)) = (weight(core), weight(shell)) {
        e.contrast = a / b;
        (e.core, e.shell) = (core.to_owned(), shell.to_owned());
    }
}

/// Which elements.
pub fn pair(app: App) -> AnyView {
    let of = move || {
        app.teach
            .experiment
            .with(|e| format!("{}@{}", e.core, e.shell))
    };
    let options = move || {
        let own = of();
        let each = PAIRS.iter().map(|(core, shell)| {
            let name = format!("{core}@{shell}");
            let chosen = name == own;
            view! { <option value=name.clone() selected=chosen>{name.clone()}</option> }
        });
        each.collect::<Vec<_>>()
    };
    view! {
        <label class="dial">
            <span class="name">{text::pair()}</span>
            <select data-test="dial-pair" on:change=on_change(move |event| {
                if let Some((core, shell)) = event_target_value(&event).split_once('@') {
                    app.teach.experiment.update(|e| set_pair(e, core, shell));
                }
            })>{part(options)}</select>
        </label>
    }
    .into_any()
}

/// The law of diffusion by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Law {
    Visible,
    Published,
    Bulk,
}

/// What the AgAu paper gives for particles of 2 nm; that of the bulk as the library has it for this pair.
fn law(e: &Experiment, law: Law) -> Option<Arrhenius> {
    match law {
        Law::Visible => Some(Preset::AgAu.experiment().arrhenius),
        Law::Published => Some(PUBLISHED),
        Law::Bulk => {
            let law = Library::builtin().tracer(&e.core, &e.shell)?;
            Some(Arrhenius {
                d0_m2_s: law.d0_m2_s,
                energy_j_mol: law.energy_j_mol,
            })
        }
    }
}

/// D0 and E of the model as printed.
pub const PUBLISHED: Arrhenius = Arrhenius {
    d0_m2_s: paper::D0_M2_S,
    energy_j_mol: paper::MODEL_ENERGY_J_MOL,
};

/// Law and scheme.
pub fn choices(app: App) -> AnyView {
    let experiment = app.teach.experiment;
    let known = memo(move || {
        let e = experiment.get();
        let is = |l| law(&e, l) == Some(e.arrhenius);
        match () {
            () if is(Law::Visible) => Some(Law::Visible),
            () if is(Law::Published) => Some(Law::Published),
            () if is(Law::Bulk) => Some(Law::Bulk),
            () => None,
        }
    });
    let laws = [
        (Some(Law::Visible), text::law_visible()),
        (Some(Law::Published), text::law_published()),
        (Some(Law::Bulk), text::law_bulk()),
    ];
    let choose = move |l: Option<Law>| {
        let e = experiment.get_untracked();
        if let Some(arrhenius) = l.and_then(|l| law(&e, l)) {
            experiment.update(|e| e.arrhenius = arrhenius);
        }
    };
    let schemes = [
        (Scheme::Fraction, Scheme::Fraction.name()),
        (Scheme::Published, Scheme::Published.name()),
    ];
    view! {
        <div class="dial"><span class="name">{text::law()}</span>{segmented(text::law(), move || known.get(), choose, &laws)}</div>
        <div class="dial"><span class="name">{text::scheme()}</span>
            {segmented(text::scheme(), move || experiment.with(|e| e.scheme), move |s| experiment.update(|e| e.scheme = s), &schemes)}
        </div>
    }
    .into_any()
}

/// What stands before the name of a simulated series.
const NAME: &str = "simulated ";

/// A name that holds the whole experiment, so that it can be simulated again.
pub fn name_of(e: &Experiment, seed: u64) -> String {
    let mut name = format!("{NAME}{seed} {} {}", e.core, e.shell);
    if e.scheme == Scheme::Published {
        name.push_str(" published");
    } else {
        name.push_str(" fraction");
    }
    for dial in &DIALS {
        name.push_str(&format!(" {}", (dial.get)(e)));
    }
    name
}

/// The experiment in such a name, and its seed.
pub fn of_name(name: &str) -> Option<(Experiment, u64)> {
    let mut parts = name.strip_prefix(NAME)?.split(' ');
    let seed = parts.next()?.parse().ok()?;
    let mut e = blank();
    set_pair(&mut e, parts.next()?, parts.next()?);
    if parts.next()? == "published" {
        e.scheme = Scheme::Published;
    }
    for dial in &DIALS {
        (dial.set)(&mut e, parts.next()?.parse().ok()?);
    }
    settle(&mut e);
    Some((e, seed))
}

/// Where the simulator starts, under a name that says nothing.
pub fn blank() -> Experiment {
    Experiment {
        name: "simulation".to_owned(),
        ..Preset::AgAu.experiment()
    }
}
