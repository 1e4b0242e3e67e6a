//! Profiles (Fig. 2 of the paper): all frames small, the selected one large with its residuals.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::{App, Slot};
use crate::app::text;
use crate::app::widgets::{Plot, PlotTable, Saved, flag, memo, on_change, part, plot};
use crate::engine::profiles_table;
use crate::figures::{
    Canvas, Figure, FrameProfile, GridFigure, HandleId, ProfileFigure, Theme, View, format,
    profile, profile_grid,
};
use crate::project::Setting;
use crate::signal::{LengthUnit, Profile};

use super::strip::ramp;

/// One frame's data and model, owned.
struct Shown {
    frame: usize,
    temperature_k: Option<f64>,
    data: Profile,
    model: Vec<f64>,
    excluded: bool,
}

impl Shown {
    fn as_figure(&self) -> FrameProfile<'_> {
        FrameProfile {
            frame: self.frame,
            temperature_k: self.temperature_k,
            data: &self.data,
            model: &self.model,
            excluded: self.excluded,
        }
    }
}

/// What there is to show of a frame: the fit, or before it (or without one) the bare measurement.
fn shown(app: App, index: usize) -> Option<Shown> {
    let frame = app.frame(index)?;
    let temperature_k = frame.temperature_k.map(|t| t.value);
    let excluded = frame.excluded.is_some();
    let fitted = app.analysis.with(|slot| {
        let fit = &slot.shown()?.fit;
        let frame = fit.frames.iter().find(|f| f.frame == index)?;
        Some((frame.data.clone(), frame.model.clone()))
    });
    let measured = app.measured.with(|m| {
        let measured = m.get(index)?.as_ref()?;
        let profile = &measured.outcome.as_ref().ok()?.profile;
        let pixel_nm = frame.pixel_nm.as_ref().map(|p| p.value);
        Some(pixel_nm.map_or_else(|| profile.clone(), |p| profile.calibrated(p)))
    });
    let fitted = fitted.filter(|_| !excluded);
    let (data, model) = match (fitted, measured) {
        // While a circle is being dragged, the new average is there before the new fit: it is shown over the old curve.
        (Some((data, model)), Some(measured))
            if measured.value != data.value && app.analysis.with(Slot::is_running) =>
        {
            let model = at_radii(&data.radius, &model, &measured.radius);
            (measured, model)
        }
        (Some(fitted), _) => fitted,
        (None, Some(measured)) => (measured, Vec::new()),
        (None, None) => return None,
    };
    Some(Shown {
        frame: index,
        temperature_k,
        data,
        model,
        excluded,
    })
}

/// A curve at other radii, by straight lines; constant beyond its ends.
fn at_radii(radius: &[f64], curve: &[f64], wanted: &[f64]) -> Vec<f64> {
    let known: Vec<(f64, f64)> = radius.iter().copied().zip(curve.iter().copied()).collect();
    wanted
        .iter()
        .filter_map(|r| {
            let after = known.partition_point(|k| k.0 < *r);
            match (
                after.checked_sub(1).and_then(|i| known.get(i)),
                known.get(after),
            ) {
                (Some(a), Some(b)) => Some(a.1 + (b.1 - a.1) * (r - a.0) / (b.0 - a.0)),
                (Some(end), None) | (None, Some(end)) => Some(end.1),
                (None, None) => None,
            }
        })
        .collect()
}

/// All frames side by side.
fn grid_figure(app: App, canvas: Canvas, theme: &Theme, view: View) -> Option<Figure> {
    let all = all(app);
    if all.is_empty() {
        return None;
    }
    let frames: Vec<FrameProfile> = all.iter().map(Shown::as_figure).collect();
    Some(profile_grid(
        canvas,
        theme,
        view,
        &GridFigure {
            frames: &frames,
            ramp: ramp(app),
            selected: Some(app.selected.get()),
        },
    ))
}

/// The selected frame enlarged.
fn selected_figure(app: App, canvas: Canvas, theme: &Theme, view: View) -> Option<Figure> {
    let shown = shown(app, app.selected.get())?;
    let radii = app.analysis.with(|slot| {
        let shape = &slot.shown()?.fit.shape;
        Some((shape.radius_a_nm.value, shape.radius_b_nm.value))
    });
    // While one is held, the line stands where it is held, not where the last fit was.
    let held = app.model(|m| (m.radius_a_nm, m.radius_b_nm));
    let radius = |setting: Setting, fitted: Option<f64>| match setting {
        Setting::Fixed(value) => Some(value),
        Setting::Free => fitted,
    };
    let per_pixel = match (shown.data.unit, app.frame(shown.frame)?.pixel_nm) {
        (LengthUnit::Nanometer, Some(p)) => p.value,
        _ => 1.0,
    };
    let pixels: Vec<(f64, f64)> = app
        .pixels
        .get()
        .filter(|p| p.frame == shown.frame)
        .map(|p| p.points.iter().map(|(r, v)| (r * per_pixel, *v)).collect())
        .unwrap_or_default();
    Some(profile(
        canvas,
        theme,
        view,
        &ProfileFigure {
            profile: shown.as_figure(),
            name: None,
            ramp: ramp(app),
            pixels: &pixels,
            radius_a: radius(held.0, radii.map(|r| r.0)),
            radius_b: radius(held.1, radii.map(|r| r.1)),
        },
    ))
}

fn table_of(shown: &[Shown]) -> PlotTable {
    let unit = match shown.first().map(|s| s.data.unit) {
        Some(LengthUnit::Pixel) => "px",
        _ => "nm",
    };
    let head = [
        text::frame().to_owned(),
        format!("r ({unit})"),
        text::column_value().to_owned(),
        text::column_error().to_owned(),
        text::column_pixels().to_owned(),
        text::column_model().to_owned(),
    ];
    let rows = shown.iter().flat_map(|s| {
        let d = &s.data;
        d.radius
            .iter()
            .zip(&d.value)
            .zip(&d.standard_error)
            .zip(&d.pixel_count)
            .enumerate()
            .map(move |(i, (((r, value), error), count))| {
                vec![
                    s.frame.to_string(),
                    format::significant(*r, 4),
                    format::significant(*value, 5),
                    format::significant(*error, 2),
                    count.to_string(),
                    s.model
                        .get(i)
                        .map_or_else(|| format::ABSENT.to_owned(), |m| format::significant(*m, 5)),
                ]
            })
    });
    (head.to_vec(), rows.collect())
}

/// What is known of the frames, with all digits.
fn csv(shown: &[Shown]) -> Option<String> {
    let rows: Vec<(usize, &Profile, &[f64])> = shown
        .iter()
        .map(|s| (s.frame, &s.data, s.model.as_slice()))
        .collect();
    (!rows.is_empty()).then(|| profiles_table(&rows))
}

/// The selected frame's figure and its files.
fn selected_saved(app: App) -> Saved {
    Saved {
        name: "profile",
        label: text::profile_of_frame(),
        file: |app| format!("profile-frame{}", app.selected.get_untracked()),
        figure: Arc::new(move |c, t, v| selected_figure(app, c, t, v)),
        csv: Arc::new(move || csv(shown(app, app.selected.get()).as_slice())),
    }
}

/// The figure of all frames and its files.
fn grid_saved(app: App) -> Saved {
    Saved {
        name: "profiles",
        label: text::profiles(),
        file: |_| "profiles".to_owned(),
        figure: Arc::new(move |c, t, v| grid_figure(app, c, t, v)),
        csv: Arc::new(move || csv(&all(app))),
    }
}

/// All frames of which something is known.
fn all(app: App) -> Vec<Shown> {
    (0..app.frame_count())
        .filter_map(|index| shown(app, index))
        .collect()
}

/// The selected frame and all frames.
pub fn plots(app: App) -> [Plot; 2] {
    let stale: Arc<dyn Fn() -> bool + Send + Sync> =
        Arc::new(move || app.analysis.with(Slot::is_stale));
    let drag = move |handle: HandleId, value: f64| {
        let value = value.max(0.01);
        app.edit_model(|m| match handle {
            HandleId::RadiusA => m.radius_a_nm = Setting::Fixed(value),
            HandleId::RadiusB => m.radius_b_nm = Setting::Fixed(value),
            HandleId::Clock | HandleId::Window(..) => {}
        });
    };
    let selected = Plot {
        saved: selected_saved(app),
        key: "",
        class: "enlarged",
        table: Arc::new(move || table_of(shown(app, app.selected.get()).as_slice())),
        drag: Arc::new(drag),
        brush: None,
        step: 0.0,
        zoom: true,
        stale: stale.clone(),
        waiting: text::waiting_profiles(),
    };
    let grid = Plot {
        saved: grid_saved(app),
        key: "2",
        class: "grid",
        table: Arc::new(move || table_of(&all(app))),
        drag: Arc::new(|_, _| {}),
        brush: None,
        step: 0.0,
        zoom: false,
        stale,
        waiting: "",
    };
    [selected, grid]
}

/// The panel.
pub fn profiles(app: App) -> AnyView {
    let [selected, grid] = plots(app);
    let several = memo(move || app.frame_count() > 1);
    view! {
        <section class="profiles panel" aria-labelledby="profiles-title">
            <header>
                <h2 id="profiles-title">{text::profiles()}</h2>
                <span class="muted">{part(move || fit_of_frame(app))}</span>
                <label class="check tools">
                    <input
                        type="checkbox"
                        data-test="dots"
                        prop:checked=flag(move || app.view.dots.get())
                        on:change=on_change(move |event| app.view.dots.set(event_target_checked(&event)))
                    />
                    {text::all_pixels()}
                </label>
            </header>
            <div class="pair" class:single=flag(move || !several.get())>
                {plot(app, selected)}
                {part(move || several.get().then(|| plot(app, grid.clone())))}
            </div>
        </section>
    }
    .into_any()
}

/// χ² and D·t of the selected frame.
fn fit_of_frame(app: App) -> String {
    let index = app.selected.get();
    app.analysis.with(|slot| {
        let Some(frame) = slot
            .shown()
            .and_then(|a| a.fit.frames.iter().find(|f| f.frame == index))
        else {
            return String::new();
        };
        let chi2 = format::significant(frame.chi2_red, 2);
        let tau = format::with_error(frame.tau_nm2.value, frame.tau_nm2.standard_error, "nm²");
        text::frame_fit(index, &chi2, &tau)
    })
}
