//! Model and estimation: each value with its error, fixed or free.

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::widgets::{
    NumberField, flag, memo, number_field, on_change, on_click, part, rounded_field, segmented,
    typeset, words,
};
use crate::app::{browser, text};
use crate::diffusion::Scheme;
use crate::engine::{Analysis, sentence};
use crate::figures::format;
use crate::fit::{Estimate, Order, ShapeFit, Termination};
use crate::materials::Library;
use crate::project::{Contrast, Level, Model, Provenance, SchemeChoice, Setting};
use crate::signal::NoticeKind;

/// The panel.
pub fn model(app: App) -> AnyView {
    let stale = memo(move || app.analysis.with(Slot::is_stale));
    view! {
        <section class="model panel" aria-labelledby="model-title" class:stale-numbers=flag(move || stale.get())>
            <header>
                <h2 id="model-title" tabindex="-1">{text::model()}</h2>
                <span class="muted">{part(move || quality(app))}</span>
            </header>
            <div class="parameters">
                {hint(app)}
                {pair(app)}
                {super::materials::applicability(app)}
                {scheme(app)}
                {level(app)}
                {contrast(app)}
                {parameter(app, PSF)}
                {parameter(app, RADIUS_A)}
                {parameter(app, RADIUS_B)}
                {parameter(app, SIGMA)}
                {order(app)}
                {confidence(app)}
                {fixed_d0(app)}
                {d_ratio(app)}
            </div>
        </section>
    }
    .into_any()
}

/// χ² and how the fit ended.
fn quality(app: App) -> String {
    app.analysis.with(|slot| {
        slot.shown().map_or_else(String::new, |analysis| {
            let fit = &analysis.fit;
            let mut words = format!("χ²/ν = {}", format::significant(fit.chi2_red, 3));
            match fit.termination {
                Termination::Converged => {}
                Termination::TooManyEvaluations => words.push_str(text::not_converged()),
                Termination::NoProgress => words.push_str(text::no_progress()),
            }
            words
        })
    })
}

/// What speaks most against the model: a frame that spoils the fit of all, the pair before all that is fitted with it, then what is fitted, which stands
/// in the order of its evidence. Where the model misses the data, also what is no fault by itself: a pair that is assumed, a lattice.
fn reason(analysis: &Analysis) -> Option<&NoticeKind> {
    use NoticeKind as N;
    let rank = |kind: &NoticeKind| match kind {
        N::OddFrame { .. } => Some(0),
        N::PairRefuted { .. } => Some(1),
        N::ProbeRefuted { .. }
        | N::ContrastRefuted { fitted: false, .. }
        | N::AlreadyMixed { .. } => Some(2),
        _ if !analysis.fit.is_misfit() => None,
        // The first image speaks for the other order, or hardly against it.
        N::PairAssumed {
            chi2_red,
            chi2_red_exchanged,
            ..
        } if *chi2_red_exchanged < 2.0 * chi2_red => Some(1),
        N::LatticeResolved { .. } => Some(3),
        _ => None,
    };
    let ranked = analysis
        .notices
        .iter()
        .filter_map(|n| Some((rank(&n.kind)?, &n.kind)));
    Some(ranked.min_by_key(|(rank, _)| *rank)?.1)
}

/// What speaks against the model, and what to try.
fn hint(app: App) -> AnyView {
    let against = memo(move || {
        app.analysis.with(|slot| {
            let analysis = slot.shown()?;
            let (fit, reason) = (&analysis.fit, reason(analysis));
            let misfit = fit.is_misfit().then_some(fit.chi2_red);
            let words = text::against(misfit, reason, fit);
            (misfit.is_some() || reason.is_some()).then(|| (words, reason.and_then(remedy)))
        })
    });
    let act = move || {
        let edit = |analysis: &Analysis| reason(analysis).cloned();
        let reason = app.analysis.with_untracked(|slot| edit(slot.shown()?));
        app.edit_model(|model| reason.iter().for_each(|reason| take(model, reason)));
        // The button goes when its mending is computed, and the focus must not go with it.
        browser::focus("#model-title");
    };
    view! {
        {move || against.get().map(|(words, button)| {
            let button = button.map(|(name, label)| view! {
                <button type="button" data-test=name on:click=on_click(move |_| act())>{label}</button>
            });
            view! { <p class="calm hint" data-test="poor-fit"><span>{words}</span>{button}</p> }
        })}
    }
    .into_any()
}

/// The button of what speaks against the model: its name for tests, and its label.
fn remedy(reason: &NoticeKind) -> Option<(&'static str, &'static str)> {
    Some(match reason {
        NoticeKind::PairRefuted { .. } | NoticeKind::PairAssumed { .. } => ("swap", text::swap()),
        NoticeKind::ProbeRefuted { .. } => ("take-probe", text::take_probe()),
        NoticeKind::ContrastRefuted { .. } => ("fit-contrast", text::fit_contrast()),
        _ => return None,
    })
}

/// What that button does.
fn take(model: &mut Model, reason: &NoticeKind) {
    match *reason {
        NoticeKind::PairRefuted { .. } | NoticeKind::PairAssumed { .. } => {
            model.exchange_pair();
            model.pair = Some(Provenance::User);
        }
        // As many digits as the notice has.
        NoticeKind::ProbeRefuted { wanted_nm, .. } => {
            model.psf_sigma_nm = (wanted_nm * 1e4).round() / 1e4;
        }
        NoticeKind::ContrastRefuted { .. } => model.contrast = Contrast::Free,
        _ => {}
    }
}

fn pair(app: App) -> AnyView {
    let select = move |label: &'static str, name: &'static str, core: bool| {
        let chosen = memo(move || {
            app.model(|m| {
                if core {
                    m.core.clone()
                } else {
                    m.shell.clone()
                }
            })
        });
        let edits = memo(move || app.history.with(|h| h.present().materials.clone()));
        let known = memo(move || {
            let elements = edits.with(|edits| Library::with(edits).elements());
            elements.into_iter().map(|e| e.symbol).collect::<Vec<_>>()
        });
        let options = move || {
            let option = |symbol: String| {
                let (value, name) = (symbol.clone(), symbol.clone());
                view! { <option value=value selected=flag(move || chosen.get() == symbol)>{name}</option> }
            };
            known.get().into_iter().map(option).collect::<Vec<_>>()
        };
        view! {
            <select
                aria-label=label
                title=label
                data-test=name
                prop:value=words(move || chosen.get())
                on:change=on_change(move |event| {
                    let symbol = event_target_value(&event);
                    app.edit_model(|m| {
                        *(if core { &mut m.core } else { &mut m.shell }) = symbol;
                        m.pair = Some(Provenance::User);
                    });
                })
            >
                {part(options)}
            </select>
        }
    };
    let assumed = memo(move || app.model(|m| m.pair != Some(Provenance::User)));
    view! {
        <div class="parameter wide">
            <span class="name">{text::pair()}</span>
            <span class="value">
                {select(text::core(), "core", true)}
                <span class="unit">{text::core_in_shell()}</span>
                {select(text::shell(), "shell", false)}
                <span class="unit">{part(move || assumed.get().then(text::pair_assumed))}</span>
            </span>
        </div>
    }
    .into_any()
}

fn scheme(app: App) -> AnyView {
    let options = [
        (SchemeChoice::Auto, text::scheme_auto()),
        (SchemeChoice::Fraction, Scheme::Fraction.name()),
        (SchemeChoice::Published, Scheme::Published.name()),
    ];
    let evidence = move || {
        app.analysis.with(|slot| {
            let choice = slot.shown().and_then(|a| a.model_choice.as_ref());
            choice.map_or_else(String::new, sentence)
        })
    };
    view! {
        <div class="parameter wide" title=text::scheme_choice_help()>
            <span class="name">{text::scheme()}</span>
            {segmented(text::scheme(), move || app.model(|m| m.scheme), move |s| app.edit_model(|m| m.scheme = s), &options)}
            <p class="muted evidence" data-test="scheme-evidence">{words(evidence)}</p>
        </div>
    }
    .into_any()
}

fn level(app: App) -> AnyView {
    let options = [
        (Level::Auto, text::level_auto()),
        (Level::Profiles, text::level_profiles()),
        (Level::Pixels, text::level_pixels()),
    ];
    let seen = move || {
        let geometry = app
            .analysis
            .with(|slot| slot.shown().and_then(|a| a.geometry));
        geometry.map_or_else(String::new, |g| {
            if g.needed() {
                g.sentence()
            } else {
                text::level_round().to_owned()
            }
        })
    };
    view! {
        <div class="parameter wide" title=text::level_help()>
            <span class="name">{text::level()}</span>
            {segmented(text::level(), move || app.model(|m| m.level), move |l| app.edit_model(|m| m.level = l), &options)}
            <p class="muted evidence" data-test="level-evidence">{words(seen)}</p>
        </div>
    }
    .into_any()
}

fn order(app: App) -> AnyView {
    let sequential = memo(move || app.model(|m| m.order == Order::Sequential));
    let reference = NumberField {
        label: text::reference_help(),
        unit: "",
        decimals: 0,
        step: 1.0,
        optional: false,
        range: (0.0, NumberField::MOST),
        name: "reference-frame",
    };
    let set_reference = move |value: Option<f64>| {
        let last = app.frame_count().saturating_sub(1);
        let frame = (value.unwrap_or_default().round().max(0.0) as usize).min(last);
        app.edit_model(|m| m.reference_frame = frame);
    };
    let options = [
        (Order::Joint, text::order_joint()),
        (Order::Sequential, text::order_sequential()),
    ];
    view! {
        <div class="parameter wide">
            <span class="name">{text::order()}</span>
            {segmented(text::order(), move || app.model(|m| m.order), move |o| app.edit_model(|m| m.order = o), &options)}
            {part(move || (sequential.get()).then(|| view! {
                <label class="value" title=text::reference_help()>
                    {text::reference()} " " {number_field(reference, move || Some(app.model(|m| m.reference_frame) as f64), set_reference)}
                </label>
            }))}
        </div>
    }
    .into_any()
}

/// Which kind of contrast is chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Auto,
    Exponent,
    Ratio,
    Free,
}

fn contrast(app: App) -> AnyView {
    let kind = move || {
        app.model(|m| match m.contrast {
            Contrast::Auto => Kind::Auto,
            Contrast::ZExponent(_) => Kind::Exponent,
            Contrast::Ratio(_) => Kind::Ratio,
            Contrast::Free => Kind::Free,
        })
    };
    let fitted = move || shape(app, |s| s.contrast);
    let choose = move |kind: Kind| {
        let ratio = untrack(fitted).map_or(1.0, |e| e.value);
        app.edit_model(|m| {
            m.contrast = match kind {
                Kind::Auto => Contrast::Auto,
                Kind::Exponent => Contrast::ZExponent(Contrast::EXPONENT),
                Kind::Ratio => Contrast::Ratio(ratio),
                Kind::Free => Contrast::Free,
            }
        });
    };
    let value = move || {
        app.model(|m| match m.contrast {
            Contrast::ZExponent(v) | Contrast::Ratio(v) => Some(v),
            Contrast::Free | Contrast::Auto => None,
        })
    };
    let set = move |value: Option<f64>| {
        if let Some(v) = value {
            app.edit_model(|m| match &mut m.contrast {
                Contrast::ZExponent(given) | Contrast::Ratio(given) => *given = v,
                Contrast::Free | Contrast::Auto => {}
            });
        }
    };
    let field = NumberField {
        label: text::contrast(),
        unit: "",
        decimals: 3,
        step: 0.05,
        optional: false,
        range: (1e-3, NumberField::MOST),
        name: "contrast",
    };
    let options = [
        (Kind::Auto, text::scheme_auto()),
        (Kind::Exponent, text::contrast_exponent()),
        (Kind::Ratio, text::contrast_ratio()),
        (Kind::Free, text::contrast_free()),
    ];
    view! {
        <div class="parameter wide" title=text::contrast_ratio_help()>
            <span class="name">{text::contrast()}</span>
            {segmented(text::contrast(), kind, choose, &options)}
            <span class="value">
                {part(move || matches!(kind(), Kind::Exponent | Kind::Ratio).then(|| number_field(field, value, set)))}
                <span class="error">{part(move || fitted().map(|e| match kind() {
                    Kind::Ratio => String::new(),
                    _ => text::weight_ratio(&format::with_error(e.value, e.standard_error, "")),
                }))}</span>
            </span>
        </div>
    }
    .into_any()
}

/// A part of the fitted shape.
fn shape<T>(app: App, part: impl FnOnce(&ShapeFit) -> T) -> Option<T> {
    app.analysis
        .with(|slot| slot.shown().map(|analysis| part(&analysis.fit.shape)))
}

/// A length of the shape: how it is called, where it is set and where its estimate stands.
#[derive(Clone, Copy)]
struct Parameter {
    label: fn() -> &'static str,
    name: &'static str,
    setting: fn(&mut Model) -> Option<&mut Setting>,
    estimate: fn(&ShapeFit) -> Estimate,
    step: f64,
}

const RADIUS_A: Parameter = Parameter {
    label: text::radius_a,
    name: "radius-a",
    setting: |m| Some(&mut m.radius_a_nm),
    estimate: |s| s.radius_a_nm,
    step: 0.01,
};
const RADIUS_B: Parameter = Parameter {
    label: text::radius_b,
    name: "radius-b",
    setting: |m| Some(&mut m.radius_b_nm),
    estimate: |s| s.radius_b_nm,
    step: 0.01,
};
const SIGMA: Parameter = Parameter {
    label: text::sigma,
    name: "sigma",
    setting: |m| Some(&mut m.sigma_nm),
    estimate: |s| s.sigma_nm,
    step: 0.01,
};
/// Always given: blur and edge cannot be told apart.
const PSF: Parameter = Parameter {
    label: text::psf,
    name: "psf",
    setting: |_| None,
    estimate: |s| s.psf_sigma_nm,
    step: 0.01,
};

fn parameter(app: App, p: Parameter) -> AnyView {
    let label = (p.label)();
    let setting = memo(move || app.model(|m| (p.setting)(&mut m.clone()).copied()));
    let estimate = memo(move || shape(app, p.estimate));
    let value = move || match setting.get() {
        None => Some(app.model(|m| m.psf_sigma_nm)),
        Some(Setting::Fixed(value)) => Some(value),
        Some(Setting::Free) => estimate.get().map(|e| e.value),
    };
    let set = move |value: Option<f64>| {
        if let Some(v) = value {
            app.edit_model(|m| match (p.setting)(m) {
                Some(setting) => *setting = Setting::Fixed(v),
                None => m.psf_sigma_nm = v,
            });
        }
    };
    let fixed = move || !matches!(setting.get(), Some(Setting::Free));
    let toggle = move || {
        let value = untrack(value);
        app.edit_model(|m| {
            if let Some(setting) = (p.setting)(m) {
                *setting = match (*setting, value) {
                    (Setting::Free, Some(v)) => Setting::Fixed(v),
                    _ => Setting::Free,
                };
            }
        });
    };
    let error = memo(move || match (setting.get(), estimate.get()) {
        (Some(Setting::Free), Some(e)) if e.standard_error > 0.0 => Some(e.standard_error),
        _ => None,
    });
    let told = move || {
        let error = error.get()?;
        Some(format!("± {}", format::fixed(error, error_places(error))))
    };
    // Value and error end with the same digit, as in the answer; the field is narrow.
    let places = move || error.get().map(|error| error_places(error).min(3));
    let field = NumberField {
        label,
        unit: "nm",
        decimals: 3,
        step: p.step,
        optional: false,
        range: (0.0, NumberField::MOST),
        name: p.name,
    };
    view! {
        <div class="parameter">
            <span class="name">{typeset(label)}</span>
            <span class="value">
                {rounded_field(field, Signal::derive(value), Callback::new(set), Signal::derive(places))}
                <span class="error">{part(told)}</span>
            </span>
            {part(move || setting.get().is_some().then(|| {
                let words = if fixed() { text::fixed() } else { text::free() };
                view! {
                    <button
                        type="button"
                        class="toggle"
                        aria-pressed=fixed().to_string()
                        aria-label=format!("{label}: {words}")
                        title=text::toggle_help()
                        data-test=format!("{}-toggle", p.name)
                        on:click=on_click(move |_| toggle())
                    >
                        {words}
                    </button>
                }
            }))}
        </div>
    }
    .into_any()
}

/// Decimals of an error: of two digits where the first ones are small, as in the answer, as far as three decimals show them; of its first
/// digit in any case.
fn error_places(error: f64) -> usize {
    let first = -f64::floor(libm::log10(error));
    let digits = if error * libm::exp10(first) < 3.545 {
        first + 1.0
    } else {
        first
    };
    digits.min(first.max(3.0)).clamp(0.0, 6.0) as usize
}

fn confidence(app: App) -> AnyView {
    let options = [(68_u8, "68 %"), (90, "90 %"), (95, "95 %")];
    let value = move || app.model(|m| (m.confidence * 100.0).round() as u8);
    view! {
        <div class="parameter long">
            <span class="name">{text::confidence()}</span>
            {segmented(text::confidence(), value, move |c| app.edit_model(|m| m.confidence = f64::from(c) / 100.0), &options)}
        </div>
    }
    .into_any()
}

fn fixed_d0(app: App) -> AnyView {
    let field = NumberField {
        label: text::fixed_d0(),
        unit: "m²/s",
        decimals: 12,
        step: 0.0,
        optional: true,
        range: (1e-30, NumberField::MOST),
        name: "fixed-d0",
    };
    view! {
        <div class="parameter long">
            <span class="name">{text::fixed_d0()}</span>
            <span class="value">
                {number_field(field, move || app.model(|m| m.fixed_d0_m2_s), move |v| app.edit_model(|m| m.fixed_d0_m2_s = v))}
            </span>
        </div>
    }
    .into_any()
}

fn d_ratio(app: App) -> AnyView {
    let field = NumberField {
        label: text::d_ratio(),
        unit: "",
        decimals: 2,
        step: 0.1,
        optional: false,
        range: (-10.0, NumberField::MOST),
        name: "ln-d-ratio",
    };
    view! {
        <div class="parameter long" title=text::d_ratio_help()>
            <span class="name">{text::d_ratio()}</span>
            <span class="value">
                {number_field(field, move || Some(app.model(|m| m.ln_d_ratio)), move |v| app.edit_model(|m| m.ln_d_ratio = v.unwrap_or_default()))}
            </span>
        </div>
    }
    .into_any()
}
