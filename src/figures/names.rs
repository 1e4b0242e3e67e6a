//! Names that the layers below give to things, in the language of who reads. What is not known here stays as it is.

use crate::language::{Language, language};

/// A name in the language of the thread.
pub fn known(name: &str) -> &str {
    match language() {
        Language::English => name,
        Language::German => german(name),
    }
}

fn german(name: &str) -> &str {
    match name {
        // Sources of the error budget.
        "noise" => "Rauschen",
        "number of atoms" => "Zahl der Atome",
        "center" => "Mittelpunkt",
        "radii held" => "gehaltene Radien",
        "background" => "Untergrund",
        "probe" => "Strahl",
        "Z contrast" => "Z-Kontrast",
        "temperature scale" => "Temperaturskala",
        "temperature of each step" => "Temperatur jedes Schritts",
        "pixel size" => "Pixelgröße",
        "scheme" => "Schema",
        // Drifts.
        "integrated intensity" => "die integrierte Intensität",
        // Models of melting.
        "Jiang (eq. 10)" => "Jiang (Gl. 10)",
        "liquid shell" => "flüssige Schale",
        "bulk" => "massiv",
        // How far a number is to be trusted.
        "verified" => "geprüft",
        "from memory" => "aus dem Gedächtnis",
        "user" => "eigene",
        // Quantities of the library.
        "atomic_number" => "Ordnungszahl",
        "molar_mass" => "molare Masse",
        "lattice_a" => "Gitterkonstante a",
        "atomic_diameter" => "Atomdurchmesser",
        "atomic_density" => "Atomdichte",
        "molar_volume" => "molares Volumen",
        "melting_point" => "Schmelzpunkt",
        "melting_enthalpy" => "Schmelzenthalpie",
        "melting_entropy" => "Schmelzentropie",
        "melting_expansion" => "Ausdehnung beim Schmelzen",
        "liquid_tension" => "Oberflächenspannung flüssig",
        "liquid_tension_slope" => "Oberflächenspannung flüssig, Steigung",
        "solid_tension_tyson_miller" => "Oberflächenspannung fest (Tyson, Miller)",
        "solid_tension_vitos" => "Oberflächenspannung fest (Vitos)",
        "phase_liquid_tension" => "Oberflächenspannung flüssig im Diagramm",
        "phase_liquid_tension_slope" => "Oberflächenspannung flüssig im Diagramm, Steigung",
        "phase_solid_tension" => "Oberflächenspannung fest im Diagramm",
        "phase_solid_tension_slope" => "Oberflächenspannung fest im Diagramm, Steigung",
        "expansion" => "thermische Ausdehnung",
        "expansion_slope" => "thermische Ausdehnung, Steigung",
        "liquid_density" => "Dichte der Schmelze",
        "liquid_density_slope" => "Dichte der Schmelze, Steigung",
        "liquid_density_at" => "Dichte der Schmelze bei",
        "scattered" => "gestreuter Anteil",
        "point_radius" => "Radius des Messpunkts",
        "point_melting_point" => "Schmelzpunkt des Messpunkts",
        "point_error" => "Fehler des Messpunkts",
        "soluble" => "mischbar",
        "gap" => "Mischungslücke",
        "ordering" => "Ordnung",
        "compound" => "Verbindung",
        "oxidizes" => "oxidiert",
        "no_contrast" => "ohne Kontrast",
        "d0" => "D₀",
        "q" => "Q",
        "d0_second" => "D₀, zweites",
        "q_second" => "Q, zweites",
        "boundary_d0" => "D₀ der Korngrenze",
        "boundary_q" => "Q der Korngrenze",
        "boundary_width" => "Breite der Korngrenze",
        "surface_low" => "Oberfläche, untere Grenze",
        "surface_high" => "Oberfläche, obere Grenze",
        "range_from" => "gültig ab",
        "range_to" => "gültig bis",
        other => other,
    }
}
