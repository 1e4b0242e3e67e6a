//! Element maps: composite, maps, spectrum with its windows, order, profiles, valence.

mod order;
mod spectrum;

use std::sync::Arc;

use leptos::prelude::*;

use super::strip;
use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    Draw, NumberField, Plot, PlotTable, Saved, flag, memo, number_field, on_change, part, plot,
    segmented,
};
use crate::engine::{MapAnswer, ProfileAnswer, element_profiles_csv, maps_csv};
use crate::figures::{
    CompositeFigure, ElementMapFigure, FrameProfile, Palette, ProfileFigure, composite,
    element_map, format, profile,
};
use crate::spectroscopy::ElementMap;
use order::{order, valence};
use spectrum::spectrum_panel;

/// Addresses of what there is one of for each element; more than three are not mapped at once.
const MAP: [&str; 3] = ["map-0", "map-1", "map-2"];
const PROFILE: [&str; 3] = [
    "element-profile-0",
    "element-profile-1",
    "element-profile-2",
];
const FIELD: [[&str; 4]; 3] = [
    ["window-0-0", "window-0-1", "window-0-2", "window-0-3"],
    ["window-1-0", "window-1-1", "window-1-2", "window-1-3"],
    ["window-2-0", "window-2-1", "window-2-2", "window-2-3"],
];
const EDGE: [&str; 3] = ["edge-0", "edge-1", "edge-2"];

/// Heating series or element maps, where there is a choice.
pub fn rooms(app: App) -> AnyView {
    let options = [
        (false, text::heating_series()),
        (true, text::element_maps()),
    ];
    let choice = memo(move || {
        app.maps.has_files.get()
            && (app.has_series() || app.maps.shown.get())
            && app.teach.room.get().is_none()
    });
    part(move || {
        choice.get().then(|| {
            let go = move |maps| match maps {
                true => app.show_maps(),
                false => app.maps.shown.set(false),
            };
            view! {
                <nav class="rooms" data-test="rooms">{segmented(text::rooms(), move || app.maps.shown.get(), go, &options)}</nav>
            }
        })
    })
}

fn shown(app: App) -> Option<Arc<MapAnswer>> {
    app.maps.answer.with(|slot| slot.shown().cloned())
}

fn said(app: App) -> Option<Arc<ProfileAnswer>> {
    app.maps.profiles.with(|slot| slot.shown().cloned())
}

/// The maps as they are shown: those of the principal components where these were asked for.
fn pictures(answer: &MapAnswer) -> &[ElementMap] {
    match &answer.denoised {
        Some(denoised) => &denoised.maps,
        None => &answer.maps,
    }
}

fn palette(app: App) -> Palette {
    match app.maps.choices.with(|c| c.safe_colors) {
        true => Palette::Safe,
        false => Palette::RedGreen,
    }
}

/// The room.
pub fn maps(app: App) -> AnyView {
    let count = memo(move || app.maps.choices.with(|c| c.edges.len().min(3)));
    let energies = memo(move || {
        app.maps
            .found
            .with(|slot| slot.shown().is_some_and(|f| f.axis.is_some()))
    });
    let copper = memo(move || {
        app.maps
            .found
            .with(|slot| slot.shown().is_some_and(|f| f.copper))
    });
    let composed = memo(move || said(app).is_some_and(|s| s.composition.is_some()));
    view! {
        <div class="maps" data-test="maps">
            {part(move || failures(app))}
            <div class="maps-grid">
                {composite_panel(app)}
                <section class="panel" aria-labelledby="maps-title">
                    <header>
                        <h2 id="maps-title">{text::element_maps()}</h2>
                        <div class="tools">
                            {segmented(text::map_shows(), move || app.maps.significance.get(), move |s| app.maps.significance.set(s),
                                &[(false, text::map_counts()), (true, text::map_significance())])}
                            {part(move || energies.get().then(|| components(app)))}
                        </div>
                    </header>
                    <div class="side">{part(move || (0..count.get()).map(|i| map_plot(app, i)).collect::<Vec<_>>())}</div>
                    {part(move || shown(app)?.denoised.as_ref().map(|d| view! { <p class="words muted" data-test="denoised">{text::denoised(d)}</p> }))}
                </section>
                {part(move || energies.get().then(|| spectrum_panel(app, count)))}
                {order(app)}
                {part(move || composed.get().then(|| composition(app)))}
                <section class="panel" class:wide=flag(move || composed.get()) aria-labelledby="element-profiles-title">
                    <header><h2 id="element-profiles-title">{text::element_profiles()}</h2></header>
                    <div class="side">{part(move || (0..count.get()).map(|i| profile_plot(app, i)).collect::<Vec<_>>())}</div>
                </section>
                {part(move || copper.get().then(|| valence(app)))}
            </div>
        </div>
    }
    .into_any()
}

/// Pictures of principal components in place of the counts.
fn components(app: App) -> AnyView {
    let number = NumberField {
        label: text::components(),
        unit: "",
        decimals: 0,
        step: 1.0,
        optional: true,
        range: (1.0, NumberField::MOST),
        name: "components",
    };
    let asked = memo(move || app.maps.choices.with(|c| c.components));
    // As many as stand out: an empty field.
    let get = move || asked.get().filter(|n| *n > 0).map(|n| n as f64);
    let set = move |value: Option<f64>| {
        app.edit_maps(|c| c.components = Some(value.map_or(0, |v| v.round() as usize)));
    };
    view! {
        {check(text::denoise(), "denoise", move || asked.get().is_some(), move |on| app.edit_maps(|c| c.components = on.then_some(0)))}
        {part(move || asked.get().is_some().then(|| number_field(number, get, set)))}
    }
    .into_any()
}

/// A decision that is made or not.
fn check(
    label: impl IntoView,
    name: &'static str,
    get: impl Fn() -> bool + Send + Sync + 'static,
    set: impl Fn(bool) + 'static,
) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" data-test=name prop:checked=flag(get)
                on:change=on_change(move |event| set(event_target_checked(&event))) />
            " "{label.into_any()}
        </label>
    }
    .into_any()
}

fn failures(app: App) -> Vec<AnyView> {
    let of = |failure: &crate::engine::Failure| {
        view! {
            <div class="message error" role="alert">
                <p><strong>{failure.to_string()}</strong></p>
                <p>{failure.remedy.to_string()}</p>
            </div>
        }
        .into_any()
    };
    let mut all = Vec::new();
    app.maps.found.with(|slot| {
        if let Slot::Failed { failure, .. } = slot {
            all.push(of(failure));
        }
    });
    app.maps.answer.with(|slot| {
        if let Slot::Failed { failure, .. } = slot {
            all.push(of(failure));
        }
    });
    app.maps.profiles.with(|slot| {
        if let Slot::Failed { failure, .. } = slot {
            all.push(of(failure));
        }
    });
    app.maps.spectrum.with(|slot| {
        if let Slot::Failed { failure, .. } = slot {
            all.push(of(failure));
        }
    });
    all
}

fn map_table(app: App) -> PlotTable {
    let Some(answer) = shown(app) else {
        return (Vec::new(), Vec::new());
    };
    let head = text::map_columns();
    let rows = answer.maps.iter().map(|m| {
        let (total, error) = m.total();
        let most = m.significance().into_iter().fold(0.0_f32, f32::max);
        vec![
            m.name.clone(),
            format::significant(total, 4),
            format::significant(error, 2),
            format::significant(f64::from(most), 2),
        ]
    });
    (head, rows.collect())
}

fn figure_plot(
    app: App,
    saved: Saved,
    table: impl Fn() -> PlotTable + Send + Sync + 'static,
) -> Plot {
    Plot {
        saved,
        key: "",
        class: "",
        table: Arc::new(table),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: false,
        stale: Arc::new(move || app.maps.answer.with(Slot::is_stale)),
        waiting: text::waiting_maps(),
    }
}

fn composite_panel(app: App) -> AnyView {
    let draw: Draw = Arc::new(move |canvas, theme, _| {
        let answer = shown(app)?;
        Some(composite(
            canvas,
            theme,
            &CompositeFigure {
                maps: pictures(&answer).get(..answer.maps.len().min(3))?,
                palette: palette(app),
                pixel_nm: answer.pixel_nm,
            },
        ))
    });
    let saved = Saved {
        name: "composite",
        label: text::composite(),
        file: |_| "composite".to_owned(),
        figure: draw,
        csv: Arc::new(move || Some(maps_csv(&shown(app)?.maps))),
    };
    view! {
        <section class="panel" aria-labelledby="composite-title">
            <header>
                <h2 id="composite-title">{text::composite()}</h2>
                <div class="tools">
                    {segmented(text::palette(), move || app.maps.choices.with(|c| c.safe_colors), move |s| app.edit_maps(|c| c.safe_colors = s),
                        &[(false, text::red_green()), (true, text::magenta_green())])}
                </div>
            </header>
            {plot(app, figure_plot(app, saved, move || map_table(app)))}
        </section>
    }
    .into_any()
}

fn map_plot(app: App, index: usize) -> AnyView {
    let draw: Draw = Arc::new(move |canvas, theme, _| {
        let answer = shown(app)?;
        Some(element_map(
            canvas,
            theme,
            &ElementMapFigure {
                map: answer.maps.get(index)?,
                shown: pictures(&answer).get(index).map(|m| m.value.as_slice()),
                significance: app.maps.significance.get(),
                offset: false,
                unit: text::map_counts_unit(),
                pixel_nm: answer.pixel_nm,
                circle: app
                    .maps
                    .choices
                    .with(|c| c.region)
                    .or(said(app).and_then(|s| s.particle)),
            },
        ))
    });
    let one = move || -> Option<ElementMap> { shown(app)?.maps.get(index).cloned() };
    let saved = Saved {
        name: MAP.get(index).copied().unwrap_or("map"),
        label: text::element_maps(),
        file: |_| "map".to_owned(),
        figure: draw,
        csv: Arc::new(move || Some(maps_csv(&[one()?]))),
    };
    plot(app, figure_plot(app, saved, move || map_table(app)))
}

/// Atomic fraction of the first element, or its ratio to the second.
fn atoms_plot(app: App, ratio: bool) -> AnyView {
    let one = move || -> Option<ElementMap> {
        let said = said(app)?;
        let found = said.composition.as_ref()?;
        Some(match ratio {
            true => found.ratio.clone(),
            false => {
                let mut map = found.fractions.first()?.clone();
                map.name = text::fraction_of(&map.name);
                map
            }
        })
    };
    let draw: Draw = Arc::new(move |canvas, theme, _| {
        Some(element_map(
            canvas,
            theme,
            &ElementMapFigure {
                map: &one()?,
                shown: None,
                significance: false,
                offset: false,
                unit: "",
                pixel_nm: shown(app)?.pixel_nm,
                circle: None,
            },
        ))
    });
    let saved = Saved {
        name: if ratio {
            "atomic-ratio"
        } else {
            "atomic-fraction"
        },
        label: text::composition(),
        file: |_| "composition".to_owned(),
        figure: draw,
        csv: Arc::new(move || Some(maps_csv(&[one()?]))),
    };
    let table = move || -> PlotTable {
        let rows = said(app).and_then(|s| {
            let found = s.composition.as_ref()?;
            let each = found.whole.iter().zip(&found.cross_sections);
            Some(
                each.map(|(share, section)| {
                    vec![
                        share.name.clone(),
                        format::fixed(share.value, 3),
                        format::fixed(share.standard_error, 3),
                        format::fixed(share.systematic, 3),
                        format::with_error(section.barn, section.barn * section.relative_error, ""),
                    ]
                })
                .collect(),
            )
        });
        (text::composition_columns(), rows.unwrap_or_default())
    };
    let what = Plot {
        stale: Arc::new(move || app.maps.profiles.with(Slot::is_stale)),
        ..figure_plot(app, saved, table)
    };
    plot(app, what)
}

/// A field with its quantity before it, without what an empty one means.
fn named(
    field: NumberField,
    value: impl Fn() -> Option<f64> + Send + Sync + 'static,
    set: impl Fn(Option<f64>) + Send + Sync + 'static,
) -> AnyView {
    let quantity = field.label.split(';').next();
    view! { <label title=field.label>{quantity} " " {number_field(field, value, set)}</label> }
        .into_any()
}

fn composition(app: App) -> AnyView {
    let field = |label, unit, name| NumberField {
        label,
        unit,
        decimals: 1,
        step: 1.0,
        optional: true,
        range: (0.1, NumberField::MOST),
        name,
    };
    view! {
        <section class="panel" aria-labelledby="composition-title">
            <header>
                <h2 id="composition-title">{text::composition()}</h2>
                <div class="tools">
                    {named(field(text::high_tension(), "kV", "kilovolts"), move || app.maps.choices.with(|c| c.kilovolts), move |v| app.edit_maps(|c| c.kilovolts = v))}
                    {named(field(text::collection(), "mrad", "collection"), move || app.maps.choices.with(|c| c.collection_mrad), move |v| app.edit_maps(|c| c.collection_mrad = v))}
                </div>
            </header>
            <div class="side">{atoms_plot(app, false)}{atoms_plot(app, true)}</div>
            <p class="words muted">{text::composition_help()}</p>
        </section>
    }
    .into_any()
}

fn profile_plot(app: App, index: usize) -> AnyView {
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        let (answer, said) = (shown(app)?, said(app)?);
        let name = &answer.maps.get(index)?.name;
        Some(profile(
            canvas,
            theme,
            view,
            &ProfileFigure {
                profile: FrameProfile {
                    frame: index,
                    temperature_k: None,
                    data: said.profiles.get(index)?,
                    model: &[],
                    excluded: false,
                },
                name: Some(name),
                ramp: strip::ramp(app),
                pixels: &[],
                radius_a: None,
                radius_b: None,
            },
        ))
    });
    let table = move || -> PlotTable {
        let Some(said) = said(app) else {
            return (Vec::new(), Vec::new());
        };
        let rows = said.profiles.get(index).map(|p| {
            let each = p.radius.iter().zip(&p.value).zip(&p.standard_error);
            each.map(|((r, v), se)| {
                vec![
                    format::fixed(*r, 2),
                    format::significant(*v, 4),
                    format::significant(*se, 2),
                ]
            })
            .collect()
        });
        let head = ["r", text::column_value(), text::column_error()];
        (head.map(str::to_owned).to_vec(), rows.unwrap_or_default())
    };
    let saved = Saved {
        name: PROFILE.get(index).copied().unwrap_or("element-profile"),
        label: text::element_profiles(),
        file: |_| "element-profiles".to_owned(),
        figure: draw,
        csv: Arc::new(move || Some(element_profiles_csv(&*shown(app)?, &*said(app)?))),
    };
    let what = Plot {
        stale: Arc::new(move || app.maps.profiles.with(Slot::is_stale)),
        ..figure_plot(app, saved, table)
    };
    let name = move || shown(app).and_then(|a| Some(a.maps.get(index)?.name.clone()));
    view! {
        <div class="named"><h3>{part(name)}</h3>{plot(app, what)}</div>
    }
    .into_any()
}
