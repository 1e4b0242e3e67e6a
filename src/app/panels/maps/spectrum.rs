//! The spectrum with its windows, and the region it is summed over.

use std::sync::Arc;

use leptos::prelude::*;

use super::{EDGE, FIELD, check, figure_plot, palette, shown};
use crate::app::panels::csv_of;
use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{
    Brush, Draw, NumberField, Plot, PlotTable, Saved, memo, number_field, on_change, on_click,
    part, plot, segmented,
};
use crate::engine::{maps_csv, white_lines_sentence};
use crate::figures::{ElementMapFigure, HandleId, SpectrumFigure, element_map, format, spectrum};
use crate::imaging::{Circle, Point};
use crate::project::{EdgeChoice, MapChoices};
use crate::signal::Image;
use crate::spectroscopy::{Edge, ElementMap, Feature, Method, Windows};

/// A number of a circle.
type Part = fn(&mut Circle) -> &mut f64;

/// Windows of one edge as set, or as used.
fn windows(app: App, index: usize) -> Option<Windows> {
    let set = app
        .maps
        .choices
        .with(|c| c.edges.get(index).and_then(|e| e.windows));
    set.or_else(|| shown(app)?.windows.get(index).copied().flatten())
}

fn set_window(app: App, index: usize, end: usize, value: f64) {
    let Some(mut w) = untrack(|| windows(app, index)) else {
        return;
    };
    match end {
        0 => w.background.from_ev = value,
        1 => w.background.to_ev = value,
        2 => w.signal.from_ev = value,
        _ => w.signal.to_ev = value,
    }
    app.edit_maps(|c| {
        if let Some(edge) = c.edges.get_mut(index) {
            edge.windows = Some(w);
        }
    });
}

/// The panel.
pub(super) fn spectrum_panel(app: App, count: Memo<usize>) -> AnyView {
    let draw: Draw = Arc::new(move |canvas, theme, view| {
        let answer = app.maps.spectrum.with(|slot| slot.shown().cloned())?;
        let choices = app.maps.choices.get();
        let names = choices.edges.iter().enumerate();
        let all: Vec<(String, Windows)> = names
            .filter(|_| choices.model != Some(true))
            .filter_map(|(i, e)| Some((e.name.clone(), windows(app, i)?)))
            .collect();
        let under: Vec<String> = answer.fits.iter().map(|f| text::under_edge(&f.0)).collect();
        let curves: Vec<_> = under
            .iter()
            .zip(&answer.fits)
            .map(|(name, (_, values))| (name.as_str(), values.as_slice()))
            .collect();
        Some(spectrum(
            canvas,
            theme,
            view,
            &SpectrumFigure {
                data: &answer.data,
                windows: &all,
                curves: &curves,
                residual: &answer.residual,
                palette: palette(app),
            },
        ))
    });
    let table = move || -> PlotTable {
        let head = ["E (eV)".to_owned(), text::map_counts().to_owned()].to_vec();
        let answer = app.maps.spectrum.with(|slot| slot.shown().cloned());
        let rows = answer.map(|a| {
            let each = a.data.iter();
            each.map(|(e, c)| vec![format::fixed(*e, 2), format::significant(*c, 6)])
                .collect()
        });
        (head, rows.unwrap_or_default())
    };
    let saved = Saved {
        name: "spectrum",
        label: text::spectrum(),
        file: |_| "spectrum".to_owned(),
        figure: draw,
        csv: Arc::new(move || csv_of(&table)),
    };
    let what = Plot {
        drag: Arc::new(move |handle, value| {
            if let HandleId::Window(edge, end) = handle {
                set_window(app, edge, end, (value * 10.0).round() / 10.0);
            }
        }),
        step: 2.0,
        zoom: true,
        stale: Arc::new(move || app.maps.spectrum.with(Slot::is_stale)),
        ..figure_plot(app, saved, table)
    };
    // Lines of X-rays stand on a straight background.
    let fitted = memo(move || {
        let lines = app.maps.choices.with(|c| {
            let mut edges = c.edges.iter().filter_map(|e| Edge::named(&e.name).ok());
            c.model == Some(true) || edges.all(|e| e.feature == Feature::Line)
        });
        !lines
    });
    view! {
        <section class="panel wide" aria-labelledby="spectrum-title">
            <header>
                <h2 id="spectrum-title">{text::spectrum()}</h2>
                <div class="tools">
                    {choose(app)}
                    {choose_navigator(app)}
                    {region(app)}
                    {segmented(text::method(), move || app.maps.choices.with(|c| c.model == Some(true)), move |m| app.edit_maps(|c| c.model = Some(m)),
                        &[(false, text::by_windows()), (true, text::by_model())])}
                </div>
            </header>
            <div class="spectrum-body">
                {navigator(app)}
                {plot(app, what)}
            </div>
            <div class="edges" role="group" aria-label=text::edges()>
                {energies(app)}
                {part(move || fitted.get().then(|| background(app)))}
                {part(move || (0..count.get()).map(|i| edge_row(app, i)).collect::<Vec<_>>())}
                {part(move || lines(app))}
            </div>
        </section>
    }
    .into_any()
}

/// The spectra among those that were dropped together.
fn choose(app: App) -> AnyView {
    let all = memo(move || {
        let found = app.maps.found.with(|slot| slot.shown().cloned());
        found.map_or_else(Vec::new, |f| f.all.clone())
    });
    let options = move || {
        let chosen = app
            .maps
            .choices
            .with(|c| (c.file.clone(), c.signal.unwrap_or(0)));
        let all = all.get().into_iter().enumerate();
        all.map(|(i, t)| {
            let own = (t.place.file.clone(), t.place.signal) == chosen;
            view! { <option value=i.to_string() selected=own>{text::spectra_of(&t)}</option> }
        })
        .collect::<Vec<_>>()
    };
    part(move || {
        (all.with(Vec::len) > 1).then(|| {
            view! {
                <select aria-label=text::choose_spectra() data-test="choose-spectra" on:change=on_change(move |event| {
                    let index = event_target_value(&event).parse::<usize>().ok();
                    let chosen = index.and_then(|i| all.with_untracked(|a| a.get(i).cloned()));
                    if let Some(chosen) = chosen {
                        app.choose_spectra(&chosen.place);
                    }
                })>
                    {part(options)}
                </select>
            }
        })
    })
}

/// How the background under windows is fitted.
fn background(app: App) -> AnyView {
    let methods = [
        (Method::MaximumLikelihood, text::by_likelihood()),
        (Method::Weighted, text::by_weights()),
        (Method::TwoWindow, text::by_two_windows()),
    ];
    let options = move || {
        let own = app.maps.choices.with(|c| c.background.method);
        methods.map(|(method, label)| view! { <option selected=method == own>{label}</option> })
    };
    let choose = move |event| {
        let label = event_target_value(&event);
        if let Some((method, _)) = methods.iter().find(|(_, l)| *l == label) {
            app.edit_maps(|c| c.background.method = *method);
        }
    };
    view! {
        <p class="edge" role="group" aria-label=text::background_fit()>
            <label>{text::background_fit()}" "<select data-test="background" on:change=on_change(choose)>{part(options)}</select></label>
            {check(text::shared_exponent(), "shared-exponent", move || app.maps.choices.with(|c| c.background.shared_exponent), move |on| app.edit_maps(|c| c.background.shared_exponent = on))}
        </p>
    }
    .into_any()
}

/// Where zero of the energy axis lies, and how finely it is resolved.
fn energies(app: App) -> AnyView {
    let low_loss = memo(move || {
        let found = app.maps.found.with(|slot| slot.shown().cloned())?;
        let place = found.low_loss.clone()?;
        found
            .all
            .iter()
            .find(|t| t.place == place)
            .map(text::spectra_of)
    });
    let shift = NumberField {
        label: text::shift_of_axis(),
        unit: "eV",
        decimals: 2,
        step: 0.1,
        optional: false,
        range: (-1000.0, NumberField::MOST),
        name: "shift",
    };
    let resolution = NumberField {
        label: text::resolution(),
        optional: false,
        range: (0.05, NumberField::MOST),
        name: "resolution",
        ..shift
    };
    let zero = move || {
        low_loss.get().map(|title| {
            check(
                text::zero_loss_of(&title),
                "zero-loss",
                move || app.maps.choices.with(|c| c.zero_loss == Some(true)),
                move |on| app.edit_maps(|c| c.zero_loss = Some(on)),
            )
        })
    };
    view! {
        <p class="edge" role="group" aria-label=text::energy_axis()>
            {part(zero)}
            <span>{text::shift_of_axis()}" "{number_field(shift, move || Some(app.maps.choices.with(|c| c.shift_ev)), move |v| if let Some(v) = v { app.edit_maps(|c| c.shift_ev = v) })}</span>
            <span>{text::resolution()}" "{number_field(resolution, move || Some(app.maps.choices.with(|c| c.resolution_ev)), move |v| if let Some(v) = v { app.edit_maps(|c| c.resolution_ev = v) })}</span>
        </p>
    }
    .into_any()
}

/// Where an edge rises, and that the axis may be set by it.
fn onset(app: App, index: usize) -> AnyView {
    let found = move || {
        let answer = app.maps.spectrum.with(|slot| slot.shown().cloned())?;
        answer.onsets.get(index).copied().flatten()
    };
    let table = move || {
        let name = app
            .maps
            .choices
            .with(|c| c.edges.get(index).map(|e| e.name.clone()))?;
        Edge::named(&name).ok().map(|e| e.onset_ev)
    };
    part(move || {
        let (rise, table) = (found()?, table()?);
        Some(view! {
            <span class="muted" data-test="onset">{text::rises_at(&rise, table)}</span>
            <button type="button" class="plain" title=text::set_axis_help() data-test="set-axis"
                on:click=on_click(move |_| app.edit_maps(|c| c.shift_ev = (100.0 * (c.shift_ev + table - rise.energy_ev)).round() / 100.0))>
                {text::set_axis()}
            </button>
        })
    })
}

/// White lines, where there are some.
fn lines(app: App) -> Option<AnyView> {
    let answer = app.maps.spectrum.with(|slot| slot.shown().cloned())?;
    let all = answer.white_lines.iter();
    let sentences: Vec<_> = all
        .map(|(element, lines)| view! { <p class="muted" data-test="white-lines">{white_lines_sentence(element, lines)}</p> })
        .collect();
    Some(sentences.into_any())
}

fn edge_row(app: App, index: usize) -> AnyView {
    let name = move || {
        let edge = |c: &MapChoices| c.edges.get(index).map(|e| e.name.clone());
        app.maps.choices.with(edge).unwrap_or_default()
    };
    let options = move || {
        let own = name();
        let names: Vec<String> = app.maps.found.with(|slot| {
            let found = slot.shown();
            found.map_or_else(Vec::new, |f| {
                f.edges.iter().chain(&f.others).cloned().collect()
            })
        });
        names
            .into_iter()
            .map(|n| {
                let chosen = n == own;
                view! { <option value=n.clone() selected=chosen>{n.clone()}</option> }
            })
            .collect::<Vec<_>>()
    };
    let fields: Vec<AnyView> = (0..4)
        .map(|end| {
            let field = NumberField {
                label: text::window_end(end),
                unit: if end % 2 == 0 { text::to() } else { "eV" },
                decimals: 1,
                step: 2.0,
                optional: false,
                range: (0.0, NumberField::MOST),
                name: FIELD
                    .get(index)
                    .and_then(|f| f.get(end))
                    .copied()
                    .unwrap_or("window"),
            };
            let value = move || {
                let w = windows(app, index)?;
                let ends = [
                    w.background.from_ev,
                    w.background.to_ev,
                    w.signal.from_ev,
                    w.signal.to_ev,
                ];
                ends.get(end).copied()
            };
            number_field(field, value, move |v| {
                if let Some(v) = v {
                    set_window(app, index, end, v);
                }
            })
        })
        .collect();
    view! {
        <p class="edge">
            <select aria-label=text::edge() data-test=EDGE.get(index).copied().unwrap_or("edge")
                on:change=on_change(move |event| {
                    let name = event_target_value(&event);
                    app.edit_maps(|c| if let Some(edge) = c.edges.get_mut(index) {
                        *edge = EdgeChoice::named(name);
                    });
                })>
                {part(options)}
            </select>
            {fields}
            {onset(app, index)}
        </p>
    }
    .into_any()
}

/// The circle whose spectrum is shown.
fn region(app: App) -> AnyView {
    let start = move || {
        app.maps
            .choices
            .with_untracked(|c| c.region)
            .unwrap_or_else(|| {
                let size = app.maps.found.with_untracked(|slot| {
                    slot.shown()
                        .map_or((1, 1), |f| (f.navigator.width, f.navigator.height))
                });
                let middle = |n: usize| 0.5 * (n as f64 - 1.0);
                Circle {
                    center: Point {
                        x_px: middle(size.0),
                        y_px: middle(size.1),
                    },
                    radius_px: 0.25 * size.0.min(size.1) as f64,
                }
            })
    };
    let field = |label, name, min| NumberField {
        label,
        unit: "px",
        decimals: 1,
        step: 1.0,
        optional: true,
        range: (min, NumberField::MOST),
        name,
    };
    let get = move |part: Part| {
        move || {
            app.maps
                .choices
                .with(|c| c.region)
                .map(|mut c| *part(&mut c))
        }
    };
    let set = move |part: Part| {
        move |value: Option<f64>| {
            let next = value.map(|v| {
                let mut circle = start();
                *part(&mut circle) = v;
                circle
            });
            app.edit_maps(|c| c.region = next);
        }
    };
    let (x, y, r): (Part, Part, Part) = (
        |c| &mut c.center.x_px,
        |c| &mut c.center.y_px,
        |c| &mut c.radius_px,
    );
    view! {
        <span class="region" role="group" aria-label=text::region()>
            <span aria-hidden="true">"x"</span>
            {number_field(field(text::region_x(), "region-x", 0.0), get(x), set(x))}
            <span aria-hidden="true">"y"</span>
            {number_field(field(text::region_y(), "region-y", 0.0), get(y), set(y))}
            <span aria-hidden="true">"r"</span>
            {number_field(field(text::region_r(), "region-r", 0.5), get(r), set(r))}
            <button type="button" data-test="region-all" on:click=on_click(move |_| app.edit_maps(|c| c.region = None))>{text::all_pixels()}</button>
        </span>
    }
    .into_any()
}

/// The picture of all pixels, and what it is called.
struct Navigator {
    map: ElementMap,
    label: &'static str,
    /// Unit of its values: an image has none.
    unit: &'static str,
}

fn navigated(app: App) -> Option<Navigator> {
    let found = app.maps.found.with(|slot| slot.shown().cloned())?;
    let of = |image: &Image, label, unit| Navigator {
        map: ElementMap::ready_made(label, image),
        label,
        unit,
    };
    Some(match &found.image {
        Some((_, image)) if app.maps.by_image.get() => of(image, text::dark_field(), ""),
        _ => {
            let mut counts = of(
                &found.navigator,
                text::all_counts(),
                text::map_counts_unit(),
            );
            // Counts scatter by themselves, whatever structure there is.
            let map = &mut counts.map;
            let by_count = map.value.iter().map(|n| n.max(1.0).sqrt());
            map.standard_error = by_count.collect();
            counts
        }
    })
}

/// Which picture that is, where there is an image beside the spectra.
fn choose_navigator(app: App) -> AnyView {
    let image = memo(move || {
        app.maps
            .found
            .with(|slot| slot.shown().is_some_and(|f| f.image.is_some()))
    });
    part(move || {
        image.get().then(|| {
            segmented(
                text::navigator(),
                move || app.maps.by_image.get(),
                move |by_image| app.maps.by_image.set(by_image),
                &[(false, text::all_counts()), (true, text::dark_field())],
            )
        })
    })
}

/// The picture of all pixels, on which a drag draws the region; its fields above are the way for keys.
fn navigator(app: App) -> AnyView {
    let draw: Draw = Arc::new(move |canvas, theme, _| {
        let shown = navigated(app)?;
        Some(element_map(
            canvas,
            theme,
            &ElementMapFigure {
                map: &shown.map,
                shown: None,
                significance: false,
                // An image has one, and no unit.
                offset: shown.unit.is_empty(),
                unit: shown.unit,
                pixel_nm: None,
                circle: app.maps.choices.with(|c| c.region),
            },
        ))
    });
    let saved = Saved {
        name: "navigator",
        label: text::navigator(),
        file: |_| "navigator".to_owned(),
        figure: draw,
        csv: Arc::new(move || Some(maps_csv(&[navigated(app)?.map]))),
    };
    let brush: Brush = Arc::new(move |from, to| {
        // The picture's axes are column and negative row.
        let circle = Circle {
            center: Point {
                x_px: (10.0 * from.0).round() / 10.0,
                y_px: (-10.0 * from.1).round() / 10.0,
            },
            radius_px: ((10.0 * libm::hypot(to.0 - from.0, to.1 - from.1)).round() / 10.0).max(0.5),
        };
        app.edit_maps(|c| c.region = Some(circle));
    });
    let what = Plot {
        brush: Some(brush),
        stale: Arc::new(|| false),
        ..figure_plot(app, saved, move || navigator_table(app))
    };
    plot(app, what)
}

/// What it shows, in numbers; the values of an image have no sum that means something.
fn navigator_table(app: App) -> PlotTable {
    let Some(Navigator { map, label, unit }) = navigated(app) else {
        return (Vec::new(), Vec::new());
    };
    let (total, error) = match unit {
        "" => (String::new(), String::new()),
        _ => {
            let (total, error) = map.total();
            (format::significant(total, 4), format::significant(error, 2))
        }
    };
    let row = [
        label.to_owned(),
        map.width.to_string(),
        map.height.to_string(),
        total,
        error,
    ];
    (text::navigator_columns(), vec![row.into()])
}
