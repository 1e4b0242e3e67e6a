//! Colors and sizes: one value drives canvas, SVG and print.

/// A color, 8 bits per channel, with its opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
    /// 0 transparent, 1 opaque.
    pub alpha: f64,
}

impl Color {
    /// Opaque, from `0xRRGGBB`.
    pub const fn hex(rgb: u32) -> Color {
        let [_, red, green, blue] = rgb.to_be_bytes();
        Color {
            red,
            green,
            blue,
            alpha: 1.0,
        }
    }

    /// The same with this opacity.
    pub const fn with_alpha(self, alpha: f64) -> Color {
        Color { alpha, ..self }
    }

    /// So much of it, from black at 0.
    pub fn scaled(self, share: f64) -> Color {
        let of = |v: u8| libm::round(f64::from(v) * share.clamp(0.0, 1.0)) as u8;
        Color {
            red: of(self.red),
            green: of(self.green),
            blue: of(self.blue),
            ..self
        }
    }

    /// `#rrggbb`, for style sheets; opacity is separate.
    pub fn css(&self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Relative luminance (WCAG 2.1): 0 black, 1 white.
    pub fn luminance(&self) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.040_45 {
                v / 12.92
            } else {
                libm::pow((v + 0.055) / 1.055, 2.4)
            }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// Contrast ratio of two opaque colors (WCAG 2.1): 1 to 21.
    pub fn contrast(&self, other: &Color) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

/// A map from 0..1 to color for pictures; all but `Gray` perceptually uniform.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorMap {
    /// Black to white.
    #[default]
    Gray,
    /// Blue over green to yellow.
    Viridis,
    /// Black over red to light yellow.
    Inferno,
}

/// Coefficients of the powers 0 to 6, per channel.
type Polynomial = [[f64; 3]; 7];

/// Polynomial through matplotlib's viridis, within 0.011 of every channel (`tests/figures.rs` compares with its published nodes).
const VIRIDIS: Polynomial = [
    [0.277_727_327_2, 0.005_407_344_5, 0.334_099_805_3],
    [0.105_093_043_1, 1.404_613_529_9, 1.384_590_162_6],
    [-0.330_861_828_7, 0.214_847_559_5, 0.095_095_163_0],
    [-4.634_230_499_0, -5.799_100_973_4, -19.332_440_956_3],
    [6.228_269_936_3, 14.179_933_366_8, 56.690_552_600_7],
    [4.776_384_997_7, -13.745_145_377_7, -65.353_032_633_4],
    [-5.435_455_855_9, 4.645_852_612_2, 26.312_435_249_6],
];

/// The same for inferno.
const INFERNO: Polynomial = [
    [0.000_218_940_4, 0.001_651_004_6, -0.019_480_898_4],
    [0.106_513_419_5, 0.563_956_436_8, 3.932_712_388_9],
    [11.602_493_082_5, -3.972_853_965_7, -15.942_394_106_3],
    [-41.703_996_131_4, 17.436_398_882_1, 44.354_145_198_7],
    [77.162_935_699_4, -33.402_358_942_1, -81.807_309_257_4],
    [-71.319_428_245_0, 32.626_064_264_0, 73.209_519_858_0],
    [25.131_126_224_8, -12.242_668_952_4, -23.070_325_002_9],
];

impl ColorMap {
    /// The color at `t`, clamped to 0..1; gray for values that are not numbers.
    pub fn color(self, t: f64) -> Color {
        if t.is_nan() {
            return Color::hex(0x808080);
        }
        let t = t.clamp(0.0, 1.0);
        let evaluate = |p: &Polynomial| {
            let mut rgb = [0.0; 3];
            for row in p.iter().rev() {
                for (channel, c) in rgb.iter_mut().zip(row) {
                    *channel = *channel * t + c;
                }
            }
            rgb
        };
        let [r, g, b] = match self {
            ColorMap::Gray => [t; 3],
            ColorMap::Viridis => evaluate(&VIRIDIS),
            ColorMap::Inferno => evaluate(&INFERNO),
        };
        let byte = |v: f64| libm::round(v.clamp(0.0, 1.0) * 255.0) as u8;
        Color {
            red: byte(r),
            green: byte(g),
            blue: byte(b),
            alpha: 1.0,
        }
    }
}

/// Colors, fonts and line widths of every figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Theme {
    /// Behind everything.
    pub background: Color,
    /// Titles and labels.
    pub text: Color,
    /// Notes, secondary labels.
    pub muted: Color,
    /// Axis lines and ticks.
    pub axis: Color,
    /// Faint lines: zero of the residuals, separators.
    pub grid: Color,
    /// Data without a temperature.
    pub data: Color,
    /// Fitted curves.
    pub fit: Color,
    /// Residuals beyond the band.
    pub residual: Color,
    /// Confidence and ±2 bands, translucent.
    pub band: Color,
    /// Selection and handles.
    pub accent: Color,
    /// For categories: Okabe and Ito's, adapted to the background.
    pub categories: [Color; 6],
    /// Part of viridis used for temperatures: what keeps 3:1 contrast with the background.
    pub ramp: (f64, f64),
    /// Font families, as in CSS, without quotation marks.
    pub font_family: &'static str,
    /// Base size of text (CSS pixels).
    pub font_px: f64,
    /// Factor on line widths and marker sizes.
    pub line_scale: f64,
}

const SCREEN_FONTS: &str = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, Liberation Sans, sans-serif";
const PRINT_FONTS: &str = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif";

impl Theme {
    /// On white, for the screen.
    pub fn light() -> Theme {
        Theme {
            background: Color::hex(0xffffff),
            text: Color::hex(0x1b1f24),
            muted: Color::hex(0x59636e),
            axis: Color::hex(0x3b434c),
            grid: Color::hex(0xd5dae0),
            data: Color::hex(0x2f5d8a),
            fit: Color::hex(0x111418),
            residual: Color::hex(0xc2410c),
            band: Color::hex(0x0072b2).with_alpha(0.15),
            accent: Color::hex(0x0b67b2),
            // Orange, sky blue, green and pink darkened to 3:1 on white.
            categories: [
                Color::hex(0x0072b2),
                Color::hex(0xd55e00),
                Color::hex(0x00855f),
                Color::hex(0xb8588f),
                Color::hex(0xa87300),
                Color::hex(0x2a86b8),
            ],
            ramp: (0.06, 0.595),
            font_family: SCREEN_FONTS,
            font_px: 12.0,
            line_scale: 1.0,
        }
    }

    /// On a dark screen.
    pub fn dark() -> Theme {
        Theme {
            background: Color::hex(0x14171b),
            text: Color::hex(0xe8ebee),
            muted: Color::hex(0xa3adb8),
            axis: Color::hex(0xb4bdc7),
            grid: Color::hex(0x363d45),
            data: Color::hex(0x7fb2e0),
            fit: Color::hex(0xf5f7f9),
            residual: Color::hex(0xff9a5c),
            band: Color::hex(0x56b4e9).with_alpha(0.20),
            accent: Color::hex(0x58b0f0),
            categories: [
                Color::hex(0x56b4e9),
                Color::hex(0xf0883e),
                Color::hex(0x2ebd94),
                Color::hex(0xdb8fbd),
                Color::hex(0xe6a817),
                Color::hex(0x8fa8ff),
            ],
            ramp: (0.375, 1.0),
            font_family: SCREEN_FONTS,
            font_px: 12.0,
            line_scale: 1.0,
        }
    }

    /// For paper: black axes, fonts that journals ask for.
    pub fn print() -> Theme {
        Theme {
            text: Color::hex(0x000000),
            muted: Color::hex(0x404040),
            axis: Color::hex(0x000000),
            fit: Color::hex(0x000000),
            font_family: PRINT_FONTS,
            ..Theme::light()
        }
    }

    /// The same with text and lines `factor` times as large (presenter mode 1.6).
    pub fn enlarged(self, factor: f64) -> Theme {
        let factor = if factor.is_finite() {
            factor.clamp(0.5, 4.0)
        } else {
            1.0
        };
        Theme {
            font_px: self.font_px * factor,
            line_scale: self.line_scale * factor,
            ..self
        }
    }

    /// For a lecture hall: large, and nothing gray.
    pub fn for_a_hall(self) -> Theme {
        let (ground, ink) = match self.background.luminance() > 0.5 {
            true => (Color::hex(0xffffff), Color::hex(0x000000)),
            false => (Color::hex(0x000000), Color::hex(0xffffff)),
        };
        Theme {
            background: ground,
            text: ink,
            muted: ink,
            axis: ink,
            fit: ink,
            ..self.enlarged(1.6)
        }
    }

    /// The color of a place on the temperature ramp, 0 cold to 1 hot.
    pub fn ramp(&self, t: f64) -> Color {
        let (lo, hi) = self.ramp;
        ColorMap::Viridis.color(lo + (hi - lo) * t.clamp(0.0, 1.0))
    }

    pub(super) fn category(&self, index: usize) -> Color {
        self.categories
            .get(index % self.categories.len())
            .copied()
            .unwrap_or(self.data)
    }
}

/// Temperature to color, the same in every figure of a series.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TemperatureRamp {
    /// Coldest and hottest (K), when any is known.
    pub range_k: Option<(f64, f64)>,
}

impl TemperatureRamp {
    /// From the temperatures of a series.
    pub fn of(temperatures_k: impl IntoIterator<Item = Option<f64>>) -> TemperatureRamp {
        let mut range_k: Option<(f64, f64)> = None;
        for t in temperatures_k
            .into_iter()
            .flatten()
            .filter(|t| t.is_finite())
        {
            range_k = Some(range_k.map_or((t, t), |(lo, hi)| (lo.min(t), hi.max(t))));
        }
        TemperatureRamp { range_k }
    }

    /// The color of a temperature; the color of plain data when it is not known.
    pub fn color(&self, theme: &Theme, temperature_k: Option<f64>) -> Color {
        match (self.range_k, temperature_k) {
            (Some((lo, hi)), Some(t)) if t.is_finite() => {
                theme.ramp(if hi > lo { (t - lo) / (hi - lo) } else { 0.5 })
            }
            _ => theme.data,
        }
    }
}
