//! The numbers. Melting points and entropies: SGTE unary 5.0 (Dinsdale, Calphad 15 (1991) 317), Fe and Co from memory
//! because their magnetic part is separate there. Atomic densities and nearest-neighbor distances from the lattice
//! parameters at room temperature.

use super::Confidence::{FromMemory, Verified};
use super::{Confidence, Element, TracerDiffusion};

const fn element(
    symbol: &'static str,
    atomic_number: u8,
    lattice: (f64, f64),
    melting: (f64, f64),
) -> Element {
    Element {
        symbol,
        atomic_number,
        atomic_diameter_nm: lattice.0,
        atomic_density_per_nm3: lattice.1,
        melting_point_k: melting.0,
        melting_entropy_j_mol_k: melting.1,
    }
}

const fn tracer(
    in_: (&'static str, &'static str),
    law: (f64, f64),
    range_k: Option<(f64, f64)>,
    source: &'static str,
    confidence: Confidence,
) -> TracerDiffusion {
    TracerDiffusion {
        solute: in_.0,
        host: in_.1,
        d0_m2_s: law.0,
        energy_j_mol: law.1 * 1e3,
        range_k,
        source,
        confidence,
    }
}

/// Elements: Z; (h in nm, atoms per nm³); (T_m in K, S_m in J mol⁻¹ K⁻¹).
pub const ELEMENTS: [Element; 12] = [
    element("Mg", 12, (0.3197, 43.1), (923.0, 9.183)),
    element("Al", 13, (0.28634, 60.2), (933.47, 11.476)),
    element("Fe", 26, (0.2482, 84.9), (1811.0, 7.63)),
    element("Co", 27, (0.2497, 90.9), (1768.0, 9.16)),
    element("Ni", 28, (0.24918, 91.4), (1728.0, 10.108)),
    element("Cu", 29, (0.25562, 84.7), (1357.77, 9.768)),
    element("Rh", 45, (0.26894, 72.7), (2237.0, 11.888)),
    element("Pd", 46, (0.27511, 67.9), (1828.0, 9.154)),
    element("Ag", 47, (0.28894, 58.6), (1234.93, 9.147)),
    element("Ir", 77, (0.27146, 70.7), (2719.0, 15.12)),
    element("Pt", 78, (0.27748, 66.2), (2041.5, 10.862)),
    element("Au", 79, (0.2884, 59.0), (1337.33, 9.386)),
];

const MALLARD: &str = "Mallard, Gardner, Bass, Slifkin, Phys. Rev. 129 (1963) 617";
const HANDBOOK: &str =
    "Smithells Metals Reference Book; Butrymowicz et al.; Landolt-Boernstein III/26";

/// Tracer diffusion: (solute, host), (D0 in m²/s, E in kJ/mol), range in K.
pub const PAIRS: [TracerDiffusion; 23] = [
    tracer(
        ("Ag", "Au"),
        (7.2e-6, 168.3),
        Some((970.0, 1280.0)),
        MALLARD,
        FromMemory,
    ),
    tracer(
        ("Au", "Ag"),
        (8.5e-5, 202.1),
        Some((1000.0, 1200.0)),
        MALLARD,
        FromMemory,
    ),
    tracer(
        ("Ag", "Ag"),
        (4.3e-6, 169.8),
        Some((580.0, 834.0)),
        "Bihr, Mehrer, Maier, Phys. Status Solidi A 50 (1978) 171",
        Verified,
    ),
    tracer(
        ("Au", "Au"),
        (9.1e-6, 174.6),
        None,
        "Makin, Rowe, Le Claire, Proc. Phys. Soc. B 70 (1957) 545",
        FromMemory,
    ),
    tracer(("Cu", "Au"), (1.05e-5, 170.3), None, HANDBOOK, FromMemory),
    tracer(("Au", "Cu"), (1e-5, 188.0), None, HANDBOOK, FromMemory),
    tracer(("Ni", "Au"), (2.5e-5, 188.4), None, HANDBOOK, FromMemory),
    tracer(("Au", "Ni"), (0.0002, 272.0), None, HANDBOOK, FromMemory),
    tracer(("Fe", "Au"), (8.2e-6, 174.2), None, HANDBOOK, FromMemory),
    tracer(("Co", "Au"), (6.8e-6, 174.2), None, HANDBOOK, FromMemory),
    tracer(("Pd", "Au"), (7.6e-6, 195.1), None, HANDBOOK, FromMemory),
    tracer(("Pt", "Au"), (9.5e-6, 201.4), None, HANDBOOK, FromMemory),
    tracer(("Au", "Pt"), (1.3e-5, 252.0), None, HANDBOOK, FromMemory),
    tracer(("Cu", "Ag"), (0.000123, 193.0), None, HANDBOOK, FromMemory),
    tracer(("Ag", "Cu"), (6.1e-5, 194.6), None, HANDBOOK, FromMemory),
    tracer(("Pd", "Ag"), (0.000957, 237.6), None, HANDBOOK, FromMemory),
    tracer(("Pt", "Ag"), (0.00019, 235.7), None, HANDBOOK, FromMemory),
    tracer(("Ag", "Pt"), (1.3e-5, 258.1), None, HANDBOOK, FromMemory),
    tracer(("Ni", "Cu"), (6.2e-5, 223.8), None, HANDBOOK, FromMemory),
    tracer(("Cu", "Ni"), (7.24e-5, 255.2), None, HANDBOOK, FromMemory),
    tracer(("Pd", "Pd"), (2.05e-5, 266.3), None, HANDBOOK, FromMemory),
    tracer(("Pt", "Pt"), (5e-6, 257.6), None, HANDBOOK, FromMemory),
    tracer(("Co", "Pt"), (0.00196, 310.7), None, HANDBOOK, FromMemory),
];
