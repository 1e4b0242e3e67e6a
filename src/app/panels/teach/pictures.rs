//! Pictures that are made at once: the micrograph and the cross-section.

use leptos::html;
use leptos::prelude::*;

use crate::app::browser;
use crate::app::state::App;
use crate::app::text;
use crate::app::widgets::{data_table, draw_part, effect, flag, memo, part, shade, words};
use crate::engine::Plane;
use crate::figures::{ColorMap, format};
use crate::project::Place;
use crate::simulate::Live;

/// Pixels along a side: the noise of 40 000 of them is made in a few milliseconds.
const MICROGRAPH: usize = 200;
const SECTION: usize = 120;

/// A picture with the ends of its colors and the size of a pixel (nm).
struct Picture {
    plane: Plane,
    ends: (f32, f32),
    pixel_nm: f64,
    map: ColorMap,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// As the camera would see it.
    Micrograph,
    /// The mole fraction of the core's element in a plane through the center.
    Section,
}

/// A square of pixels that is in no file.
fn plane(side: usize, values: Vec<f32>) -> Plane {
    Plane {
        frame: 0,
        at: Place {
            file: String::new(),
            signal: 0,
            plane: 0,
        },
        width: side,
        height: side,
        binning: 1,
        values,
    }
}

fn micrograph(app: App, live: &Live) -> Picture {
    let moment = app.teach.moment.get();
    let snapshot = live.snapshot(live.tau_at(moment), 1 + moment as u64, MICROGRAPH);
    let camera = &live.experiment().camera;
    let top = camera.peak_counts * (1.0 + camera.background);
    Picture {
        plane: plane(snapshot.side, snapshot.counts),
        ends: (0.0, (top + 2.0 * top.sqrt()) as f32),
        pixel_nm: snapshot.pixel_nm,
        map: app.view.colormap.get(),
    }
}

fn section(app: App, live: &Live) -> Picture {
    let shape = &live.experiment().shape;
    let half = 1.3 * shape.radius_b_nm + 2.0 * shape.sigma_nm;
    let pixel_nm = 2.0 * half / SECTION as f64;
    // Fine enough for the diagonal, and read by the next point.
    let radii: Vec<f64> = (0..4 * SECTION)
        .map(|i| 0.25 * pixel_nm * i as f64)
        .collect();
    let (core, shell) = live.densities(live.tau_at(app.teach.moment.get()), &radii);
    let middle = 0.5 * (SECTION - 1) as f64;
    let value = |i: usize| {
        let (x, y) = ((i % SECTION) as f64 - middle, (i / SECTION) as f64 - middle);
        let at = (4.0 * x.hypot(y)).round() as usize;
        match (core.get(at), shell.get(at)) {
            (Some(a), Some(b)) if a + b > 0.5 => (a / (a + b)) as f32,
            _ => f32::NAN,
        }
    };
    Picture {
        plane: plane(SECTION, (0..SECTION * SECTION).map(value).collect()),
        ends: (0.0, 1.0),
        pixel_nm,
        map: ColorMap::Viridis,
    }
}

/// The picture with its scale bar, its colors and its numbers.
pub fn picture(app: App, kind: Kind) -> AnyView {
    let holder = NodeRef::<html::Div>::new();
    let canvas = NodeRef::<html::Canvas>::new();
    let size = RwSignal::new((0.0, 0.0));
    let made = memo(move || {
        app.teach.live.get().map(|live| {
            let picture = match kind {
                Kind::Micrograph => micrograph(app, &live.0),
                Kind::Section => section(app, &live.0),
            };
            Made(std::sync::Arc::new(picture))
        })
    });
    effect(move || {
        if let Some(holder) = holder.get() {
            browser::on_resize(&holder, move |w, h| {
                if size.try_get_untracked().is_some_and(|s| s != (w, h)) {
                    size.set((w, h));
                }
            });
        }
    });
    effect(move || {
        let (Some(made), Some(canvas)) = (made.get(), canvas.get()) else {
            return;
        };
        let picture = &made.0;
        let (w, h) = size.get();
        let scale = w.min(h) / picture.plane.width as f64;
        if scale > 0.0
            && let Some(raster) = shade(&picture.plane, picture.ends, picture.map)
        {
            let side = picture.plane.width as f64;
            let margin = |length: f64| -0.5 - 0.5 * (length / scale - side);
            draw_part(&canvas, &raster, (margin(w), margin(h)), (w, h), scale);
        }
    });
    let test = match kind {
        Kind::Micrograph => "picture-micrograph",
        Kind::Section => "picture-section",
    };
    // A bar of a round length, about a quarter of the picture.
    let bar = move || {
        made.get().map(|made| {
            let picture = &made.0;
            let (w, h) = size.get();
            let nm_per_px = picture.pixel_nm * picture.plane.width as f64 / w.min(h).max(1.0);
            let wanted = 0.25 * picture.pixel_nm * picture.plane.width as f64;
            let length = [0.2, 0.5, 1.0, 2.0, 5.0, 10.0]
                .into_iter()
                .rfind(|l| *l <= wanted)
                .unwrap_or(0.1);
            let style = format!("{:.1}px", length / nm_per_px);
            view! { <span class="bar" style:width=style>{format!("{} nm", format::significant(length, 1))}</span> }
        })
    };
    let open = RwSignal::new(false);
    view! {
        <figure class="picture" data-test=test>
            <div class="image" node_ref=holder role="img" aria-label=words(move || said(app, kind))>
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                {part(bar)}
                {(kind == Kind::Section).then(|| view! { <span class="color-bar">{text::section_shell()} <i class="viridis"></i> {text::section_core()}</span> })}
            </div>
            <details class="twin" open=flag(move || open.get()) on:toggle=move |event| {
                use wasm_bindgen::JsCast;
                let is_open = event.target().and_then(|t| t.dyn_into::<web_sys::Element>().ok()).is_some_and(|e| e.has_attribute("open"));
                open.set(is_open);
            }>
                <summary>{text::data_table()}</summary>
                {part(move || open.get().then(|| data_table(row(app, kind))))}
            </details>
        </figure>
    }
    .into_any()
}

/// Another picture even where it looks the same.
#[derive(Clone)]
struct Made(std::sync::Arc<Picture>);

impl PartialEq for Made {
    fn eq(&self, other: &Made) -> bool {
        std::sync::Arc::ptr_eq(&self.0, &other.0)
    }
}

/// What the picture shows, for those who do not see it.
fn said(app: App, kind: Kind) -> String {
    let Some(live) = app.teach.live.get() else {
        return String::new();
    };
    let tau = live.0.tau_at(app.teach.moment.get());
    let e = live.0.experiment();
    let ends = match kind {
        Kind::Micrograph => {
            let profile = live.0.profile(tau);
            let most = profile
                .iter()
                .enumerate()
                .fold((0, 0.0_f64), |a, (i, v)| if *v > a.1 { (i, *v) } else { a });
            text::micrograph_says(
                most.0 as f64 * e.camera.pixel_nm,
                profile.first().copied().unwrap_or(0.0) / most.1,
            )
        }
        Kind::Section => {
            let (core, shell) = live.0.densities(tau, &[0.0, 0.9 * e.shape.radius_b_nm]);
            let x = |i: usize| match (core.get(i), shell.get(i)) {
                (Some(a), Some(b)) => a / (a + b).max(1e-9),
                _ => 0.0,
            };
            text::section_says(&e.core, x(0), x(1))
        }
    };
    let name = match kind {
        Kind::Micrograph => text::micrograph(),
        Kind::Section => text::section(),
    };
    format!("{name}. {ends}")
}

/// From the center outwards.
fn row(app: App, kind: Kind) -> crate::app::widgets::PlotTable {
    let head = match kind {
        Kind::Micrograph => ["r (nm)", text::mean_counts()],
        Kind::Section => ["r (nm)", text::core_fraction()],
    };
    let head = head.map(str::to_owned).to_vec();
    let Some(live) = app.teach.live.get() else {
        return (head, Vec::new());
    };
    let e = live.0.experiment();
    let tau = live.0.tau_at(app.teach.moment.get());
    let radii: Vec<f64> = (0..40)
        .map(|i| 0.03 * i as f64 * e.shape.radius_b_nm)
        .collect();
    let values: Vec<f64> = match kind {
        Kind::Micrograph => {
            let profile = live.0.profile(tau);
            let at = |r: &f64| {
                let signal = profile.get((r / e.camera.pixel_nm).round() as usize);
                signal.unwrap_or(&0.0) + e.camera.background * e.camera.peak_counts
            };
            radii.iter().map(at).collect()
        }
        Kind::Section => {
            let (core, shell) = live.0.densities(tau, &radii);
            let each = core.iter().zip(&shell);
            each.map(|(a, b)| if a + b > 0.5 { a / (a + b) } else { f64::NAN })
                .collect()
        }
    };
    let rows = radii.iter().zip(values);
    (
        head,
        rows.map(|(r, v)| vec![format::fixed(*r, 2), format::significant(v, 3)])
            .collect(),
    )
}
