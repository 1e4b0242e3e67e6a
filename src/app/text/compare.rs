//! Texts of the dialog that sets series side by side.

use crate::language::{say, word};

texts! {
    compare: "Compare series" | "Serien vergleichen";
    compare_button: "Compare" | "Vergleichen";
    compare_help: "Results of several series or particles side by side: D(T) in one plot, and one Arrhenius law for those of the same pair, order and scheme. They are kept with this project and go along to the series you open next; links leave them out." | "Ergebnisse mehrerer Serien oder Partikel nebeneinander: D(T) in einem Bild und ein Arrhenius-Gesetz für die mit gleichem Paar, gleicher Anordnung und gleichem Schema. Sie bleiben bei diesem Projekt und gehen mit zur Serie, die als nächste geöffnet wird; Links lassen sie aus.";
    compare_keep: "Keep this series" | "Diese Serie behalten";
    compare_keep_help: "Sets this result beside those of the series opened next; an older one of the same particle is replaced" | "Stellt dieses Ergebnis neben die der nächsten Serien; ein älteres desselben Partikels wird ersetzt";
    compare_add: "Add results or images" | "Ergebnisse oder Bilder hinzufügen";
    compare_add_help: "result.json, projects (.alloy), or the images of whole series, which are analyzed with the model set here; files can be dropped on this dialog, too" | "result.json, Projekte (.alloy) oder die Bilder ganzer Serien, die mit dem hier gesetzten Modell ausgewertet werden; auch Ablegen auf diesem Dialog geht";
    compare_alone: "There is nothing to compare with yet: keep this series and open the next, or add the results of others." | "Noch gibt es nichts zu vergleichen: diese Serie behalten und die nächste öffnen, oder Ergebnisse anderer hinzufügen.";
    compare_kept: "This series is kept: it stands beside the next one that is opened, or the results of others that are added." | "Diese Serie ist behalten: Sie steht neben der nächsten, die geöffnet wird, oder neben hinzugefügten Ergebnissen anderer.";
    compare_present: "open now" | "jetzt offen";
    compare_name: "Name of the series" | "Name der Serie";
    compare_save: "All as JSON" | "Alles als JSON";
    compare_full: "There are as many series as can be compared: remove one first." | "Mehr Serien lassen sich nicht vergleichen: zuerst eine entfernen.";
    compare_waiting: "D(T) of all series appears here." | "D(T) aller Serien erscheint hier.";
}

/// The button with the number of series beside the open one.
pub fn compare_count(count: usize) -> String {
    match count {
        0 => compare_button().to_owned(),
        n => say!("Compare ({n})" | "Vergleichen ({n})"),
    }
}

/// Columns of the list of series.
pub fn compare_columns() -> [&'static str; 7] {
    [
        word!("Series" | "Serie"),
        word!("Pair" | "Paar"),
        "R_B (nm)",
        "E (kJ/mol)",
        "D₀ (m²/s)",
        word!("E in common" | "E gemeinsam"),
        "",
    ]
}

/// Columns of the table behind the figure.
pub fn compare_interval_columns() -> Vec<String> {
    let names = [word!("Series" | "Serie"), "T (K)", "D (m²/s)"];
    names.map(str::to_owned).to_vec()
}

/// The label of the button that takes a series away.
pub fn compare_remove(name: &str) -> String {
    say!("Remove {name} from the comparison" | "{name} aus dem Vergleich nehmen")
}

/// What was set beside.
pub fn compare_added(count: usize) -> String {
    match count {
        1 => word!("One series was added." | "Eine Serie wurde hinzugefügt.").to_owned(),
        n => say!("{n} series were added." | "{n} Serien wurden hinzugefügt."),
    }
}
