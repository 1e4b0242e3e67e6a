//! What is drawn over the picture of a frame: circle, masks, ruler, scale bar, color bar.

use leptos::prelude::*;

use crate::app::state::{App, Bar};
use crate::app::widgets::part;
use crate::imaging::{Circle, Mask, Point};

use super::frame::FrameView;

/// All of it.
pub fn overlay(app: App, view: FrameView) -> AnyView {
    let px = |v: f64| format!("{v:.2}");
    let ring = move |circle: Circle, class: &'static str| {
        let (x, y) = view.to_css(app, circle.center);
        let r = circle.radius_px * view.window(app).scale;
        view! { <circle class=class cx=px(x) cy=px(y) r=px(r) /> }
    };
    let particle = move || {
        let index = app.selected.get();
        let circle = app.circle(index)?;
        let by_hand = app.frame(index).is_some_and(|f| f.circle.is_some());
        let (x, y) = view.to_css(app, circle.center);
        let r = circle.radius_px * view.window(app).scale;
        let cross = format!("M{:.1} {y:.1}h12M{x:.1} {:.1}v12", x - 6.0, y - 6.0);
        Some(view! {
            <g class="particle" class:by-hand=by_hand data-test="circle">
                <circle class="under" cx=px(x) cy=px(y) r=px(r) />
                <circle class="line" cx=px(x) cy=px(y) r=px(r) />
                <path class="under" d=cross.clone() />
                <path class="line" d=cross />
                <circle class="grip" cx=px(x + r) cy=px(y) r="4" />
            </g>
        })
    };
    // What the fit of pixels found: the rings' shape, and the core's center.
    let found = move || {
        let geometry = app
            .analysis
            .with(|slot| slot.shown().and_then(|a| a.geometry));
        let (geometry, frame) = (geometry?, app.frame(app.selected.get())?);
        let (circle, scale) = (app.circle(app.selected.get())?, view.window(app).scale);
        let ring = geometry.ellipse().map(|ellipse| {
            let ((x, y), root) = (view.to_css(app, circle.center), f64::sqrt(ellipse.ratio));
            let radius = circle.radius_px * scale;
            let turn = format!("rotate({:.2} {x:.2} {y:.2})", ellipse.angle_rad.to_degrees());
            view! { <ellipse cx=px(x) cy=px(y) rx=px(radius * root) ry=px(radius / root) transform=turn /> }
        });
        let core = geometry
            .core
            .filter(|_| geometry.off_center)
            .zip(frame.pixel_nm);
        let core = core.map(|(core, pixel)| {
            let (x, y) = view.to_css(
                app,
                Point {
                    x_px: circle.center.x_px + core.x_nm.value / pixel.value,
                    y_px: circle.center.y_px + core.y_nm.value / pixel.value,
                },
            );
            view! { <path d=format!("M{:.1} {:.1}l8 8m0 -8l-8 8", x - 4.0, y - 4.0) /> }
        });
        Some(view! { <g class="shape" data-test="shape">{ring}{core}</g> })
    };
    let masks = move || {
        let masks = app
            .frame(app.selected.get())
            .map(|f| f.masks)
            .unwrap_or_default();
        masks
            .into_iter()
            .map(|mask| match mask {
                Mask::Circle(circle) => ring(circle, "mask").into_any(),
                Mask::Polygon(points) => {
                    let points: Vec<String> = points
                        .into_iter()
                        .map(|p| {
                            let (x, y) = view.to_css(app, p);
                            format!("{x:.1},{y:.1}")
                        })
                        .collect();
                    view! { <polygon class="mask" points=points.join(" ") /> }.into_any()
                }
            })
            .collect::<Vec<_>>()
    };
    let new_mask = move || view.new_mask.get().map(|circle| ring(circle, "mask new"));
    let ruler = move || {
        let ruler = app.ruler.get()?;
        let [(x1, y1), (x2, y2)] = ruler.ends.map(|p| view.to_css(app, p));
        let length = libm::hypot(x2 - x1, y2 - y1).max(1e-9);
        // Ticks across both ends.
        let (u, v) = (-6.0 * (y2 - y1) / length, 6.0 * (x2 - x1) / length);
        let tick = |x: f64, y: f64| format!("M{:.1} {:.1}L{:.1} {:.1}", x - u, y - v, x + u, y + v);
        let line = format!(
            "M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}{}{}",
            tick(x1, y1),
            tick(x2, y2)
        );
        let found = matches!(ruler.bar, Bar::Found(_));
        Some(view! {
            <g class="ruler" class:found=found>
                <path class="under" d=line.clone() />
                <path class="line" d=line />
            </g>
        })
    };
    let corners =
        move || {
            let corners = view.corners.get();
            let css = |p: &Point| view.to_css(app, *p);
            let line = corners
                .iter()
                .map(css)
                .chain(view.pointer.get().as_ref().map(css));
            let line: Vec<String> = line.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
            let closes = corners.len() >= 3;
            let dots: Vec<_> = corners
                .iter()
                .enumerate()
                .map(|(i, p)| {
                    let (x, y) = css(p);
                    let r = if i == 0 && closes { "6" } else { "3" };
                    view! { <circle cx=px(x) cy=px(y) r=r /> }
                })
                .collect();
            (!corners.is_empty()).then(|| view! {
            <g class="corners" data-test="corners"><polyline points=line.join(" ") />{dots}</g>
        })
        };
    let bar = move || {
        let pixel_nm = app.frame(app.selected.get())?.pixel_nm?.value;
        let (width, height) = view.size.get();
        let per_nm = view.window(app).scale / pixel_nm;
        let length_nm = nice_length(0.28 * width / per_nm)?;
        let (x, y) = (12.0, height - 14.0);
        let words = crate::figures::format::si(length_nm * 1e-9, "m", 1);
        Some(view! {
            <g class="scale-bar">
                <rect x=px(x) y=px(y) width=px(length_nm * per_nm) height="4" />
                <text x=px(x) y=px(y - 6.0)>{words}</text>
            </g>
        })
    };
    let color_bar = move || {
        let (low, high) = app.contrast.get()?;
        let map = match app.view.colormap.get() {
            crate::figures::ColorMap::Gray => "gray",
            crate::figures::ColorMap::Viridis => "viridis",
            crate::figures::ColorMap::Inferno => "inferno",
        };
        let number = |v: f32| crate::figures::format::significant(f64::from(v), 3);
        Some(view! {
            <div class="color-bar" aria-hidden="true">
                <span>{number(low)}</span>
                <i class=map></i>
                <span>{number(high)}</span>
            </div>
        })
    };
    view! {
        <svg class="overlay" aria-hidden="true">
            {part(masks)} {part(new_mask)} {part(corners)} {part(particle)} {part(found)} {part(ruler)} {part(bar)}
        </svg>
        {part(color_bar)}
    }
    .into_any()
}

/// The largest 1, 2 or 5 times a power of ten below a length.
fn nice_length(most: f64) -> Option<f64> {
    if !(most.is_finite() && most > 0.0) {
        return None;
    }
    let decade = libm::exp10(f64::floor(libm::log10(most)));
    let nice = [5.0, 2.0, 1.0]
        .into_iter()
        .find(|n| n * decade <= most)
        .unwrap_or(1.0);
    Some(nice * decade)
}
