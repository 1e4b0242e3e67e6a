//! Forged heater logs: one history in every program's spelling.

use std::fmt::Write as _;

/// (s, °C measured, °C set), every 0.5 s: a step from room temperature with an overshoot.
pub fn history() -> Vec<(f64, f64, f64)> {
    (0..40)
        .map(|i| {
            let t = 0.5 * f64::from(i);
            let set = if t < 5.0 { 23.0 } else { 250.0 };
            let measured = match t {
                t if t < 5.0 => 22.5,
                t if t < 7.0 => 262.25,
                _ => 250.125,
            };
            (t, measured, set)
        })
        .collect()
}

/// A time of day as DigiHeater writes it.
fn clock(of_day_s: f64) -> String {
    let s = of_day_s.rem_euclid(86_400.0);
    let (h, m) = ((s / 3600.0) as u32, (s / 60.0) as u32 % 60);
    format!("{h:02}:{m:02}:{:05.2}", s % 60.0)
}

/// DENSsolutions DigiHeater, which started at 23:59:50 on 23 September 2022: midnight passes within it.
pub fn digiheater(comma: bool) -> String {
    let mut text = String::from(
        "0\t21\r\n0.5\t21\r\n30\t600\r\n23/09/'22 23:59\tDigiheater 3.2\r\nR0 = 158.6\ta =  0.0000000\tb = 0.279\tc = 153.051\r\nTsample = 500 [ms]  \r\nsample\ttime\tTset[C]\tTmeas[C]\tRheat[ohm]\tVheat[V]\tIheat[mA]\tPheat [mW]\tc\r\n",
    );
    for (i, (t, measured, set)) in history().into_iter().enumerate() {
        let time = clock(86_390.0 + t);
        let line = format!(
            "{}\t{time}\t{set:.1}\t{measured:.3}\t158.2\t0.03\t0.2\t0.008\t153.051\tnorm\r\n",
            i + 1
        );
        text.push_str(&if comma { line.replace('.', ",") } else { line });
    }
    text
}

/// DENSsolutions Impulse: the table, and the metadata beside it.
pub fn impulse() -> (String, String) {
    let mut text = String::from(
        "TimeStamp,Experiment time,Temperature Setpoint (°C),Temperature Measured (°C),Heater power (mW)\n",
    );
    for (t, measured, set) in history() {
        let _ = writeln!(text, "{},{t},{set},{measured},1.5", clock(39_600.0 + t));
    }
    let metadata =
        "Experiment name,test\nExperiment date,12-06-2021\nExperiment time,11:00:00\nLive notes,\n";
    (text, metadata.into())
}

/// Protochips: notes among the samples, some of which hold commas.
pub fn protochips() -> String {
    let mut text = String::from("Time, Notes, Channel A Temperature\n");
    for note in [
        "Calibration file = E:\\AD21013_8.cal",
        "Date (yyyy.mm.dd) = 2014.12.03",
        "Time (hh:mm:ss.ms) = 17:15:37.192",
        "Time units = Milliseconds",
        "Temperature units = Degrees C",
    ] {
        let _ = writeln!(text, "0, {note}, 25");
    }
    for (i, (t, measured, _)) in history().into_iter().enumerate() {
        let note = if i == 7 { "image 3, focus changed" } else { "" };
        let _ = writeln!(text, "{:.0}, {note}, {measured}", 1e3 * t);
    }
    text
}

/// A table: separator, decimal mark, names of the columns, what the time is written as, and whether temperatures are in K.
pub struct Table {
    pub above: &'static str,
    pub header: &'static str,
    pub separator: char,
    pub comma: bool,
    pub time: fn(f64) -> String,
    pub kelvin: bool,
    pub with_set: bool,
}

pub const PLAIN: Table = Table {
    above: "",
    header: "time_s,temperature_C",
    separator: ',',
    comma: false,
    time: |t| t.to_string(),
    kelvin: false,
    with_set: false,
};

impl Table {
    pub fn text(&self) -> String {
        let mut text = format!("{}{}\n", self.above, self.header);
        let shift = if self.kelvin { 273.15 } else { 0.0 };
        for (t, measured, set) in history() {
            let number = |v: f64| {
                let v = format!("{v:.4}");
                if self.comma { v.replace('.', ",") } else { v }
            };
            let separator = self.separator;
            let _ = write!(
                text,
                "{}{separator}{}",
                (self.time)(t),
                number(measured + shift)
            );
            if self.with_set {
                let _ = write!(text, "{separator}{}", number(set + shift));
            }
            text.push('\n');
        }
        text
    }
}
