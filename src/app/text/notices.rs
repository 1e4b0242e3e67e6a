//! Notices in the language of the page. Their English is that of the headless edition and of files.

use crate::figures::format::{fixed, significant};
use crate::language::{Language, language, word};
use crate::signal::{ClockKind, NoticeKind, named};

/// What a notice says.
pub fn notice(kind: &NoticeKind) -> String {
    match language() {
        Language::English => kind.to_string(),
        Language::German => german(kind),
    }
}

/// Which clock.
pub fn clock(kind: ClockKind) -> &'static str {
    match kind {
        ClockKind::Local => word!("local time" | "Ortszeit"),
        ClockKind::Utc => word!("universal time" | "Weltzeit"),
        ClockKind::Unknown => word!("an unknown clock" | "eine unbekannte Uhr"),
    }
}

/// A factor; one that rounds to nothing is none.
fn times(factor: f64) -> String {
    if factor < 0.005 {
        return format!("unter {}", fixed(0.01, 2));
    }
    fixed(factor, 2)
}

/// A number as short as it is.
fn n(value: f64) -> String {
    significant(value, 4)
}

fn german(kind: &NoticeKind) -> String {
    use NoticeKind as N;
    match kind {
        N::ColorConverted { channels } => {
            format!("Farbbild: durch das Mittel seiner {channels} Kanäle in Grau gewandelt")
        }
        N::NoPixelSize => {
            "keine Pixelgröße in der Datei: Längen sind in Pixeln, bis eine angegeben wird".into()
        }
        N::NonSquarePixels {
            width_nm,
            height_nm,
        } => format!(
            "die Pixel sind {} nm breit und {} nm hoch; genommen wird das Mittel",
            n(*width_nm),
            n(*height_nm)
        ),
        N::UnknownUnit { unit, tag } => format!(
            "die Einheit „{unit}“ in {tag} ist keine Länge: daraus wird keine Pixelgröße genommen"
        ),
        N::PixelSizeDoubted {
            pixel_nm,
            tag,
            reason,
        } => format!(
            "der Pixelgröße {} nm aus {tag} wird nicht geglaubt: {reason}",
            n(*pixel_nm)
        ),
        N::NotANumber { count } => {
            format!("{count} Pixel enthalten keine Zahl und sind ausgelassen")
        }
        N::Saturated { count, value } => format!(
            "{count} Pixel sind bei {} gesättigt: das Profil ist dort zu niedrig",
            n(*value)
        ),
        N::Clipped { count, value } => format!(
            "{count} Pixel sind beim kleinsten Wert {} abgeschnitten",
            n(*value)
        ),
        N::CutByEdge => {
            "das Partikel reicht an den Bildrand: der Teil außerhalb fehlt in seinem Mittel".into()
        }
        N::Neighbors { count } => {
            format!("{count} andere Partikel stehen nahe und sind aus dem Mittel ausgelassen")
        }
        N::SeveralParticles { count } => format!(
            "mehrere Partikel gefunden; von {count} wurde das mittigste und größte genommen"
        ),
        N::NotRound { percent } => format!(
            "das Partikel ist nicht rund: seine Achsen unterscheiden sich um {} %",
            fixed(*percent, 1)
        ),
        N::TrackLost => {
            "das Partikel ließ sich nicht in dieses Bild verfolgen; es wurde neu gesucht".into()
        }
        N::NoTemperature => "für dieses Bild ist keine Temperatur bekannt".into(),
        N::NoDwell => "keine Haltezeiten: die Ergebnisse sind D·t (nm²), nicht D".into(),
        N::TemperatureFromName { kelvin, name } => format!(
            "Temperatur {} K aus dem Dateinamen „{name}“ gelesen",
            fixed(*kelvin, 2)
        ),
        N::FirstDwellIgnored { dwell_s } => format!(
            "das erste Bild ist der Anfangszustand; seine Haltezeit von {} s wird nicht genutzt",
            n(*dwell_s)
        ),
        N::ListedFileMissing { name } => {
            format!("series.csv nennt „{name}“, das nicht zu finden war")
        }
        N::NotListed { name } => {
            format!("„{name}“ steht nicht in series.csv und ist ausgelassen")
        }
        N::UnknownColumn { name } => {
            format!("die Spalte „{name}“ von series.csv ist nicht bekannt und ausgelassen")
        }
        N::SizeDiffers {
            width,
            height,
            first_width,
            first_height,
        } => format!(
            "{width} × {height} Pixel, wo das erste Bild {first_width} × {first_height} hat: berücksichtigt"
        ),
        N::PixelSizeDiffers { pixel_nm, first_nm } => format!(
            "Pixel von {} nm, wo das erste Bild {} nm hat: berücksichtigt",
            n(*pixel_nm),
            n(*first_nm)
        ),
        N::SeveralSeries { chosen, others } => {
            format!(
                "mehrere Serien gefunden: „{chosen}“ wurde geöffnet, nicht {}",
                named(others, "Bilder")
            )
        }
        N::OneOfSignals { signals, index, reason } => format!(
            "die Datei enthält {signals} Signale: beim Öffnen wurde Nummer {index} (ab 0 gezählt) genommen, weil es {}",
            super::contents::because(*reason)
        ),
        N::Skipped { what, reason } => format!("{what} übersprungen: {reason}"),
        N::NotTheSavedFile => {
            "das ist nicht die Datei, mit der das Projekt gespeichert wurde, obwohl Name und Größe stimmen".into()
        }
        N::LogUnitAssumed { column, unit } => format!(
            "die Spalte „{column}“ des Heizprotokolls nennt keine Einheit: genommen als {unit}"
        ),
        N::OnlySetTemperature { column } => format!(
            "das Heizprotokoll enthält nur die Solltemperatur („{column}“): Rampen und Überschwinger der Heizung selbst stehen nicht darin"
        ),
        N::LogUniversalTime => {
            "das Heizprotokoll zählt ab 1970 in Weltzeit: die Uhr der Bilder kann um Stunden abweichen".into()
        }
        N::DateOrderAssumed { date } => {
            format!("das Datum {date} des Heizprotokolls wird mit dem Tag zuerst gelesen")
        }
        N::HeaterLogMarried {
            frames,
            of,
            offset_s,
            why,
        } => format!(
            "{frames} von {of} Bildern liegen im Heizprotokoll, die Uhren {} s auseinander (Protokoll minus Bilder; {why}): das Heizen dazwischen gilt wie gemessen",
            n(*offset_s)
        ),
        N::ClocksDiffer {
            images,
            log,
            offset_s,
            by_temperature,
        } => {
            let apart = match (images, log) {
                (ClockKind::Utc, ClockKind::Local) => {
                    "das Protokoll geht um die Zeitzone seines Rechners vor, +3600 s je Stunde östlich von Greenwich"
                }
                (ClockKind::Local, ClockKind::Utc) => {
                    "das Protokoll geht um die Zeitzone des Mikroskops nach, −3600 s je Stunde östlich von Greenwich"
                }
                _ => "sie können eine Zeitzone auseinander sein",
            };
            let basis = match by_temperature {
                true => "entspricht den Temperaturen der Bilder",
                false => {
                    "ist nicht gemessen. Den Uhrenversatz angeben (Protokoll minus Bilder)"
                }
            };
            format!(
                "Zeitangabe der Bilder: {}, des Heizprotokolls: {}; {apart}. Der Versatz von {} s {basis}",
                clock(*images),
                clock(*log),
                n(*offset_s)
            )
        }
        N::ImageClocksDiffer { universal, of } => format!(
            "{universal} von {of} datierten Bildern sind in Weltzeit datiert, die anderen nicht: sie können eine Zeitzone auseinander sein. Die Zeiten aller in der Spalte „time“ von series.csv angeben"
        ),
        N::HeaterLogApart {
            log,
            images,
            meeting,
        } => format!(
            "das Heizprotokoll reicht über {log}, die Bilder über {images}: {meeting} davon liegen darin, und nichts sagt, wie die Uhren abweichen. Den Versatz (Protokoll minus Bilder, s) oder das Protokoll dieser Serie angeben"
        ),
        N::ImagesWithoutTimes => {
            "die Bilder tragen keine Zeiten, sodass sich das Heizprotokoll nicht danebenlegen lässt: series.csv um eine Spalte „time“ ergänzen (s oder Datum und Zeit)".into()
        }
        N::HeatingNotLogged => {
            "das Heizprotokoll enthält das Heizen vor diesem Bild nicht: genutzt werden Temperatur und Haltezeit der Tabelle".into()
        }
        N::HeaterLogGap { gap_s } => format!(
            "das Heizprotokoll hat im Heizen vor diesem Bild eine Lücke von {} s: die Temperatur gilt dazwischen als linear",
            fixed(*gap_s, 1)
        ),
        N::AbsurdSize { diameter_nm } => format!(
            "das Partikel hätte einen Durchmesser von {} nm: die Pixelgröße prüfen",
            significant(*diameter_nm, 3)
        ),
        N::PoorFit { chi2_red } => format!(
            "reduziertes χ² {}: das Modell beschreibt dieses Bild nicht bis auf sein Rauschen; die Fehler sind entsprechend vergrößert",
            fixed(*chi2_red, 2)
        ),
        N::OddFrame {
            file,
            chi2_red,
            others,
        } => format!(
            "{file} passt nicht zu den anderen Bildern (reduziertes χ² {}, ihres {}): unscharf oder beschädigt? Auslassen: es verbiegt die Anpassung der anderen",
            fixed(*chi2_red, 0),
            fixed(*others, 1)
        ),
        N::LatticeResolved {
            finest_nm,
            roughness,
        } => format!(
            "die Bilder lösen das Gitter auf (reduziertes χ² {} dessen, was nur einzelne Atome zeichnen): Struktur feiner als {} nm ist aus Bildern und Modell gleichermaßen ausgelassen; was bleibt, steckt in den Fehlern",
            fixed(*roughness, 1),
            fixed(*finest_nm, 2)
        ),
        N::PixelsNeeded { sentence } => format!(
            "runde Ringe um einen Mittelpunkt beschreiben das Partikel nicht: {sentence}; Pixel anpassen"
        ),
        N::PixelsUsed { sentence } => {
            format!("angepasst wurden Pixel, nicht runde Ringe: {sentence}")
        }
        N::PixelsMissing => {
            "Pixel sollten angepasst werden, hier sind aber nur radiale Profile: genommen wurden runde Ringe; für Pixel die Bilder öffnen".into()
        }
        N::AtBound { parameter, value } => format!(
            "{parameter} endete am Rand des Bereichs ({})",
            fixed(*value, 4)
        ),
        N::SingleImage => {
            "ein einziges Bild: gezeigt sind sein Profil und die Anpassung des Anfangszustands; D braucht ein zweites Bild nach einem Heizschritt".into()
        }
        N::MixedHeating { steps } => format!(
            "{steps} Heizschritte verschiedener Temperatur liegen vor diesem Bild (Bilder dazwischen sind ausgelassen): angegeben ist D·t, nicht D"
        ),
        N::SchemeRefuted { sentence } => sentence.to_string(),
        N::ProbeRefuted {
            given_nm,
            wanted_nm,
            error_nm,
            chi2_fall,
            factor,
        } => format!(
            "die Bilder verlangen einen Strahl von σ = {} ± {} nm, nicht {}: χ² fällt um {}, und D ändert sich um bis zu einen Faktor {}",
            fixed(*wanted_nm, 4),
            fixed(*error_nm, 4),
            fixed(*given_nm, 4),
            fixed(*chi2_fall, 0),
            times(*factor)
        ),
        N::ContrastRefuted {
            given,
            wanted,
            error,
            exponent,
            fitted,
            chi2_fall,
            factor,
        } => {
            let done = if *fitted { " (es wurde angepasst)" } else { "" };
            let power = match *exponent > 0.0 {
                true => format!(" (n = {})", fixed(*exponent, 3)),
                false => String::new(),
            };
            format!(
                "die Bilder verlangen w_Kern/w_Schale = {} ± {}{power}, nicht {}{done}: χ² fällt um {}, und D ändert sich um bis zu einen Faktor {}",
                fixed(*wanted, 4),
                fixed(*error, 4),
                fixed(*given, 4),
                fixed(*chi2_fall, 0),
                times(*factor)
            )
        }
        N::AlreadyMixed {
            dtau_nm2,
            error,
            chi2_fall,
            factor,
        } => format!(
            "das erste Bild ist nicht der Anfangszustand: sein Kern sieht aus, als lägen D·t = {} ± {} nm² davor (χ² fällt um {}), oder er ist außermittig oder nicht rund; D ändert sich um bis zu einen Faktor {}",
            fixed(*dtau_nm2, 4),
            fixed(*error, 4),
            fixed(*chi2_fall, 0),
            times(*factor)
        ),
        N::PairRefuted {
            core,
            shell,
            chi2_red,
            chi2_red_exchanged,
        } => format!(
            "angegeben ist {core} innen und {shell} außen, aber das erste Bild passt dazu mit einem reduzierten χ² von {}, umgekehrt mit {}",
            fixed(*chi2_red, 2),
            fixed(*chi2_red_exchanged, 2)
        ),
        N::OddHeating {
            file,
            factor,
            chi2_red,
            others,
            given_s,
            dwell_s,
            given_k,
            temperature_k,
        } => format!(
            "das Heizen vor {file} passt nicht zu den anderen: D·t ist das {}-fache dessen, was deren Arrhenius-Gerade ergibt (χ²/ν {} der Geraden durch alle, {} ohne diesen Schritt). Dauer und Temperatur in der Tabelle prüfen: etwa {} s statt {} s würden passen, oder etwa {} K statt {} K",
            times(*factor),
            fixed(*chi2_red, 0),
            fixed(*others, 1),
            fixed(*dwell_s, 0),
            fixed(*given_s, 0),
            fixed(*temperature_k, 0),
            fixed(*given_k, 0)
        ),
        N::LineRefuted { chi2_red } => format!(
            "keine Arrhenius-Gerade geht durch diese Bilder (χ²/ν {}): E bedeutet wenig, gleich welcher Fehler dabei steht. Temperatur und Dauer jedes Heizschritts und die Reihenfolge der Bilder prüfen; stimmen sie, ändert sich D mit der Zeit (Strahl, Reifung, ein anderer Vorgang), oder die Grauwerte sind nicht linear in der Dicke (Gamma, Sättigung, ein dickes Partikel)",
            fixed(*chi2_red, 0)
        ),
        N::DiffusivityRefuted {
            temperature_k,
            chi2_red,
        } => format!(
            "alle Heizschritte sind bei {} K, und kein einzelnes D geht durch diese Bilder (χ²/ν {}): D eines Schritts ist nicht das der anderen. Temperatur und Dauer jedes Heizschritts prüfen; stimmen sie, ändert sich D mit der Zeit (Strahl, Reifung, ein anderer Vorgang)",
            fixed(*temperature_k, 0),
            fixed(*chi2_red, 0)
        ),
        N::SameImage { file, other } => format!(
            "{file} und {other} sind dasselbe Bild: Vom einen zum anderen kann sich nichts bewegen. Eines davon weglassen"
        ),
        N::TemperaturesCelsius {
            lowest_k,
            highest_k,
            energy_kj_mol,
            chi2_red,
            energy_celsius_kj_mol,
            chi2_red_celsius,
        } => format!(
            "Temperaturen von {} bis {} K sind die von °C: wie sie stehen, ist E = {} kJ/mol (χ²/ν {} der Geraden), als °C E = {} kJ/mol (χ²/ν {})",
            fixed(*lowest_k, 0),
            fixed(*highest_k, 0),
            fixed(*energy_kj_mol, 1),
            fixed(*chi2_red, 1),
            fixed(*energy_celsius_kj_mol, 1),
            fixed(*chi2_red_celsius, 1)
        ),
        N::Drift {
            quantity,
            percent,
            error,
        } => format!(
            "{} ändert sich vom ersten zum letzten Bild um {} ± {} %: Materie geht oder kommt (Sublimation, Kontamination), oder Vergrößerung oder Strahl ändern sich",
            super::known(quantity),
            fixed(*percent, 2),
            fixed(*error, 2)
        ),
        N::ContrastFromOneFrame => {
            "der Kontrast ist an ein einziges Bild angepasst, wo er kaum von R_A zu unterscheiden ist".into()
        }
        N::PairAssumed {
            core,
            shell,
            chi2_red,
            chi2_red_exchanged,
        } => format!(
            "{core} innen und {shell} außen ist eine Annahme: das erste Bild passt dazu mit einem reduzierten χ² von {}, umgekehrt mit {}",
            fixed(*chi2_red, 2),
            fixed(*chi2_red_exchanged, 2)
        ),
        N::FixedD0Disagrees { fixed_m2_s, sigmas } => format!(
            "D₀ = {} m²/s ist festgehalten und weicht um {} Standardfehler von der freien Anpassung ab: ein falsches D₀ verbiegt E",
            significant(*fixed_m2_s, 2),
            fixed(*sigmas, 1)
        ),
        N::LittleContrast { core, shell, ratio } => format!(
            "{core} und {shell} unterscheiden sich wenig im Z-Kontrast (Verhältnis {}): das Profil sagt wenig über ihre Durchmischung",
            fixed(*ratio, 2)
        ),
        N::LimitsOnly => "kein Intervall hat einen Wert von D·t, nur Grenzen: Grenzen allein bestimmen E und D₀ nicht; längere oder heißere Schritte täten es, oder kürzere, wo alles auf einmal durchmischt ist".into(),
    }
}
