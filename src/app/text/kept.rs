//! Texts of what the browser keeps.

use crate::app::browser::local_time;
use crate::figures::format;
use crate::language::{say, word};

texts! {
    kept: "Kept in this browser" | "In diesem Browser aufbewahrt";
    kept_title: "Or go on with a series that this browser keeps:" | "Oder mit einer Serie weitermachen, die dieser Browser aufbewahrt:";
    kept_help: "The files of a series that is opened stay in this browser, beside your decisions about it, until you let them go: a reload, a crash or a closed tab loses nothing. They are sent nowhere. On a computer that others use, too, it may be better to keep nothing." | "Die Dateien einer geöffneten Serie bleiben in diesem Browser, neben den Entscheidungen dazu, bis sie freigegeben werden: Neuladen, Absturz oder ein geschlossener Tab verlieren nichts. Sie werden nirgendwohin gesendet. Auf einem Rechner, den auch andere nutzen, ist es womöglich besser, nichts aufzubewahren.";
    keep_files: "Keep the files of series in this browser" | "Dateien von Serien in diesem Browser aufbewahren";
    kept_gone: "This browser no longer has the files of that series: its storage was cleared, or another tab let them go. Open the files again; your decisions about them come back." | "Dieser Browser hat die Dateien dieser Serie nicht mehr: Sein Speicher wurde geleert, oder ein anderer Tab hat sie freigegeben. Die Dateien bitte wieder öffnen; die Entscheidungen dazu kommen zurück.";
    kept_none: "Nothing is kept." | "Nichts wird aufbewahrt.";
    renew: "Use it now" | "Jetzt nutzen";
}

/// So many files.
pub(super) fn count_of_files(count: usize) -> String {
    match count {
        1 => word!("1 file" | "1 Datei").to_owned(),
        n => say!("{n} files" | "{n} Dateien"),
    }
}

/// A size as people read it.
pub(super) fn size(bytes: f64) -> String {
    match bytes {
        b if b >= 1e9 => format!("{} GB", format::fixed(b / 1e9, 1)),
        b if b >= 1e6 => format!("{} MB", format::fixed(b / 1e6, 1)),
        b => format!("{:.0} kB", (b / 1e3).ceil()),
    }
}

/// A newer build is there.
pub fn newer(keeps: bool) -> &'static str {
    match keeps {
        true => word!(
            "A newer version of Alloyscope is there. What you have open stays open."
                | "Eine neuere Version von Alloyscope ist da. Was offen ist, bleibt offen."
        ),
        false => {
            word!(
                "A newer version of Alloyscope is there. Your decisions stay; the files have to be opened again."
                    | "Eine neuere Version von Alloyscope ist da. Die Entscheidungen bleiben; die Dateien müssen wieder geöffnet werden."
            )
        }
    }
}

/// All that is kept.
pub fn kept_in_all(series: usize, bytes: f64) -> String {
    say!(
        "{series} series, {} in all" | "{series} Serien, zusammen {}",
        size(bytes)
    )
}

/// One of them.
pub fn kept_details(files: usize, bytes: f64, saved_ms: f64) -> String {
    let files = count_of_files(files);
    format!("{files}, {}, {}", size(bytes), local_time(saved_ms))
}

/// The button that lets one go.
pub fn forget_kept(name: &str) -> String {
    say!("Forget {name}" | "{name} freigeben")
}

/// Files that are not kept because of their size.
pub fn too_large_to_keep(bytes: f64) -> String {
    say!(
        "These files are not kept in this browser, because they are large ({}): after a reload, open them again. Your decisions are kept."
            | "Diese Dateien werden in diesem Browser nicht aufbewahrt, weil sie groß sind ({}): nach dem Neuladen bitte wieder öffnen. Die Entscheidungen bleiben.",
        size(bytes)
    )
}

/// Files that the browser did not keep.
pub fn not_kept(bytes: f64) -> String {
    say!(
        "This browser did not keep the files ({}): it may be a private window, or its storage is full. After a reload, open them again."
            | "Dieser Browser hat die Dateien nicht aufbewahrt ({}): Womöglich ist es ein privates Fenster, oder der Speicher ist voll. Nach dem Neuladen bitte wieder öffnen.",
        size(bytes)
    )
}
