//! Melting point and activation energy against the radius, by all models.

use std::sync::Arc;

use leptos::prelude::*;

use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{PlotTable, Saved};
use crate::figures::{Canvas, Figure, SizeFigure, Theme, View, format, size_effect};
use crate::fit::Estimate;
use crate::kinetics::{MeltingData, MeltingEntropy, MeltingModel};

use super::{materials, phase};

/// The element that melts: the shell's, in which the core's atoms move.
fn element(app: App) -> String {
    app.model(|m| m.shell.clone())
}

fn data(app: App) -> Option<MeltingData> {
    MeltingData::of(
        &materials::library(app),
        &element(app),
        app.view.melting_entropy.get(),
    )
}

/// E(∞) (J/mol) of the core's element in the shell's.
fn bulk_energy(app: App) -> Option<f64> {
    let core = app.model(|m| m.core.clone());
    let law = materials::library(app).tracer(&core, &element(app))?;
    Some(law.energy_j_mol)
}

/// The figure.
pub fn figure(app: App, canvas: Canvas, theme: &Theme, view: View) -> Option<Figure> {
    let data = data(app)?;
    let element = element(app);
    let points = materials::library(app).melting_points(&element);
    let set = app.history.with(|h| h.present().phase.radius_nm);
    let radius_nm = match set {
        Some(value) => Some(Estimate {
            value,
            standard_error: 0.0,
            fixed: true,
        }),
        None => phase::fitted_radius(app),
    };
    Some(size_effect(
        canvas,
        theme,
        view,
        &SizeFigure {
            element: &element,
            data: &data,
            bulk_energy_j_mol: bulk_energy(app),
            radius_nm,
            points: &points,
        },
    ))
}

/// The figure and its files.
pub fn saved(app: App) -> Saved {
    Saved {
        name: "size",
        label: text::size_effect(),
        file: |app| format!("size-effect-{}", element(app)),
        figure: Arc::new(move |c, t, v| figure(app, c, t, v)),
        csv: Arc::new(move || super::csv_of(&|| table(app))),
    }
}

/// A line per model, at the particle's radius.
pub fn table(app: App) -> PlotTable {
    let head = text::size_columns();
    let (Some(data), Some(radius_nm)) = (data(app), phase::radius_nm(app)) else {
        return (head, Vec::new());
    };
    let energy = bulk_energy(app);
    let rows = MeltingModel::ALL
        .into_iter()
        .map(|model| {
            let ratio = model.ratio(&data, radius_nm);
            let validity = model.validity(&data);
            let number = |value: Option<f64>, decimals: usize| {
                value.map_or_else(|| format::ABSENT.to_owned(), |v| format::fixed(v, decimals))
            };
            vec![
                text::known(model.name()).to_owned(),
                number(ratio.map(|q| q * data.melting_point_k), 0),
                number(ratio.zip(energy).map(|(q, e)| q * e / 1e3), 1),
                format::fixed(validity.from_nm, 2),
                validity.why.to_owned(),
            ]
        })
        .collect();
    (head, rows)
}

/// S_m or its vibrational part.
pub fn entropies() -> [(MeltingEntropy, &'static str); 2] {
    [
        (MeltingEntropy::Total, "S_m"),
        (MeltingEntropy::Vibrational, "S_vib"),
    ]
}
