//! A scene as an SVG document.

use std::fmt::Write;

use image::ImageEncoder;

use super::scene::{Anchor, Dash, Item};
use super::{Color, Figure};

/// Middle of the capitals above the baseline, in font sizes; written out because renderers differ over `dominant-baseline`.
const HALF_CAP_HEIGHT: f64 = 0.36;

pub(super) fn document(figure: &Figure) -> String {
    let scene = &figure.scene;
    let (w, h) = (
        number(scene.canvas.width_px),
        number(scene.canvas.height_px),
    );
    let mut out = String::new();
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}\" height=\"{h}\" viewBox=\"0 0 {w} {h}\" role=\"img\" \
         font-family=\"{}\" fill=\"none\">",
        escaped(scene.font_family)
    );
    let _ = writeln!(out, "<title>{}</title>", escaped(&figure.title));
    let _ = writeln!(out, "<desc>{}</desc>", escaped(&figure.description));
    for item in &scene.items {
        write_item(&mut out, item);
    }
    out.push_str("</svg>\n");
    out
}

fn write_item(out: &mut String, item: &Item) {
    let _ = match item {
        Item::Fill { rect, color } => writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {}/>",
            number(rect.left),
            number(rect.top),
            number(rect.width()),
            number(rect.height()),
            paint("fill", *color)
        ),
        Item::Line {
            points,
            width,
            color,
            dash,
        } => writeln!(
            out,
            "<path d=\"{}\" {} stroke-width=\"{}\"{} stroke-linejoin=\"round\"/>",
            path(points),
            paint("stroke", *color),
            number(*width),
            dash_array(*dash, *width)
        ),
        Item::Area { points, color } => {
            writeln!(
                out,
                "<path d=\"{}Z\" {}/>",
                path(points),
                paint("fill", *color)
            )
        }
        Item::Disk {
            center,
            radius,
            color,
            stroke,
        } => {
            let style = match stroke {
                None => paint("fill", *color),
                Some(width) => format!(
                    "{} stroke-width=\"{}\"",
                    paint("stroke", *color),
                    number(*width)
                ),
            };
            writeln!(
                out,
                "<circle cx=\"{}\" cy=\"{}\" r=\"{}\" {style}/>",
                number(center.0),
                number(center.1),
                number(*radius)
            )
        }
        Item::Text {
            at,
            text,
            size,
            color,
            anchor,
            upwards,
            bold,
        } => {
            let anchor = match anchor {
                Anchor::Start => "",
                Anchor::Middle => " text-anchor=\"middle\"",
                Anchor::End => " text-anchor=\"end\"",
            };
            let weight = if *bold { " font-weight=\"bold\"" } else { "" };
            let drop = HALF_CAP_HEIGHT * size;
            let (x, y) = if *upwards {
                (at.0 + drop, at.1)
            } else {
                (at.0, at.1 + drop)
            };
            let turn = if *upwards {
                format!(" transform=\"rotate(-90 {} {})\"", number(x), number(y))
            } else {
                String::new()
            };
            writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" {}{anchor}{weight}{turn}>{}</text>",
                number(x),
                number(y),
                number(*size),
                paint("fill", *color),
                escaped(text)
            )
        }
        Item::Picture {
            rect,
            width,
            height,
            rgb,
        } => match png(*width, *height, rgb) {
            Some(png) => writeln!(
                out,
                "<image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" preserveAspectRatio=\"none\" href=\"data:image/png;base64,{}\"/>",
                number(rect.left),
                number(rect.top),
                number(rect.width()),
                number(rect.height()),
                base64(&png)
            ),
            None => Ok(()),
        },
    };
}

fn png(width: usize, height: usize, rgb: &[u8]) -> Option<Vec<u8>> {
    let (w, h) = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    if w == 0 || h == 0 || rgb.len() != width.checked_mul(height)?.checked_mul(3)? {
        return None;
    }
    let mut bytes = Vec::new();
    image::codecs::png::PngEncoder::new(&mut bytes)
        .write_image(rgb, w, h, image::ExtendedColorType::Rgb8)
        .ok()?;
    Some(bytes)
}

/// Base64 with padding (RFC 4648, section 4).
fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let mut group = [0_u8; 4];
        for (slot, byte) in group.iter_mut().skip(1).zip(chunk) {
            *slot = *byte;
        }
        let bits = u32::from_be_bytes(group);
        for position in 0..4_usize {
            let sextet = (bits >> (18 - 6 * position)) & 63;
            let letter = ALPHABET.get(sextet as usize).copied().unwrap_or(b'A');
            out.push(if position <= chunk.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

fn path(points: &[(f64, f64)]) -> String {
    let mut d = String::with_capacity(points.len() * 12);
    for (i, (x, y)) in points.iter().enumerate() {
        let command = if i == 0 { 'M' } else { 'L' };
        let _ = write!(d, "{command}{} {}", number(*x), number(*y));
    }
    d
}

fn paint(attribute: &str, color: Color) -> String {
    if color.alpha >= 1.0 {
        format!("{attribute}=\"{}\"", color.css())
    } else {
        format!(
            "{attribute}=\"{}\" {attribute}-opacity=\"{}\"",
            color.css(),
            number(color.alpha)
        )
    }
}

fn dash_array(dash: Dash, width: f64) -> String {
    let lengths: Vec<String> = dash
        .pattern()
        .iter()
        .map(|l| number(l * width.max(0.5)))
        .collect();
    if lengths.is_empty() {
        String::new()
    } else {
        format!(" stroke-dasharray=\"{}\"", lengths.join(" "))
    }
}

/// Hundredths of a pixel, no trailing zeros; 0 for what is not a number, so that the document stays valid.
fn number(v: f64) -> String {
    if !v.is_finite() {
        return "0".into();
    }
    let text = format!("{v:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" {
        "0".into()
    } else {
        text.into()
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            // Not allowed in XML 1.0.
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::{base64, escaped, number, png};

    /// The test vectors of RFC 4648, section 10.
    #[test]
    fn base64_is_that_of_the_standard() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn numbers_and_texts_keep_the_document_valid() {
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(12.50), "12.5");
        assert_eq!(number(f64::NAN), "0");
        assert_eq!(
            escaped("a < b & \"c\"\u{0}"),
            "a &lt; b &amp; &quot;c&quot; "
        );
    }

    #[test]
    fn pictures_of_the_wrong_size_are_refused() {
        assert!(png(2, 1, &[0; 6]).is_some());
        assert!(png(2, 1, &[0; 5]).is_none());
        assert!(png(0, 1, &[]).is_none());
        assert!(png(usize::MAX, 2, &[0; 6]).is_none());
    }
}
