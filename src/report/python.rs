//! A script that holds the numbers, draws the figures anew and repeats the Arrhenius fit.

use std::fmt::Write as _;

use crate::engine::Analysis;
use crate::kinetics::Grounds;
use crate::project::Project;

/// A Python script with the profiles, intervals and mixing degrees of an analysis as plain lists. It repeats the fit of D0 and E to all frames (in
/// plain Python; `tests/report.rs` runs it where there is a Python and compares E to a ten-thousandth of its error) and draws profiles and
/// D(T) with matplotlib where that is installed.
pub fn python(project: &Project, analysis: &Analysis) -> String {
    let fit = &analysis.fit;
    let mut script = format!(
        "#!/usr/bin/env python3\n# {}: numbers of an analysis by Alloyscope {}.\n# Radii in nm, D·t in nm^2, D in m^2/s, T in K, t in s, E in J/mol.\n\n",
        one_line(&project.series.name),
        env!("CARGO_PKG_VERSION")
    );
    script.push_str("profiles = [\n");
    for f in &fit.frames {
        let temperature = project
            .series
            .frames
            .get(f.frame)
            .and_then(|f| f.temperature_k.as_ref());
        let _ = writeln!(
            script,
            "    dict(frame={}, T={}, r={:?}, value={:?}, error={:?}, model={:?}),",
            f.frame,
            number(temperature.map(|t| t.value)),
            f.data.radius,
            f.data.value,
            f.data.standard_error,
            f.model
        );
    }
    script.push_str("]\nintervals = [\n");
    let common = project.model.temperature_error.common;
    for (k, interval) in fit.intervals.iter().enumerate() {
        let error = analysis
            .heating
            .get(k)
            .and_then(|h| h.as_ref())
            .map_or(0.0, |h| h.temperature_se_k);
        let _ = writeln!(
            script,
            "    dict(index={}, kind={:?}, T={}, T_error={:?}, t={}, dtau={:?}, low={}, high={}),",
            interval.index,
            format!("{:?}", interval.kind).to_ascii_lowercase(),
            number(interval.temperature_k),
            if common { 0.0 } else { error },
            number(interval.dwell_s),
            interval.dtau_nm2,
            number(interval.dtau_low_nm2),
            number(interval.dtau_high_nm2)
        );
    }
    let _ = write!(
        script,
        "]\n# v = 1 - exp(-20.19 tau / R^2) of every frame but the first, and their covariance, row by row.\nR_nm = {:?}\nv = {:?}\ncovariance = {:?}\n",
        fit.mixing.edge_nm, fit.mixing.v, fit.mixing.covariance
    );
    let line = analysis
        .kinetics
        .free
        .as_ref()
        .filter(|l| l.grounds == Grounds::Frames);
    let _ = write!(
        script,
        "# E as the program found it, and its standard error (None where it was not fitted to all frames).\nE_found, E_error = {}, {}\n",
        number(line.map(|l| l.energy_j_mol.value)),
        number(line.map(|l| l.energy_j_mol.standard_error))
    );
    script.push_str(PROGRAM);
    script
}

fn number(value: Option<f64>) -> String {
    value.map_or_else(|| "None".into(), |v| format!("{v:?}"))
}

/// A name that ends no comment.
fn one_line(name: &str) -> String {
    let name: String = name.chars().filter(|c| !c.is_control()).collect();
    if name.is_empty() {
        "A heating series".into()
    } else {
        name
    }
}

/// Everything behind the numbers.
const PROGRAM: &str = r#"
from math import exp, log, sqrt

GAS = 8.314462618  # J/mol/K


def solve(a, b):
    """Gaussian elimination with pivots: the solution x of a x = b."""
    n = len(b)
    a = [row[:] + [b[i]] for i, row in enumerate(a)]
    for i in range(n):
        p = max(range(i, n), key=lambda k: abs(a[k][i]))
        a[i], a[p] = a[p], a[i]
        for k in range(i + 1, n):
            f = a[k][i] / a[i][i]
            for j in range(i, n + 1):
                a[k][j] -= f * a[i][j]
    x = [0.0] * n
    for i in reversed(range(n)):
        x[i] = (a[i][n] - sum(a[i][j] * x[j] for j in range(i + 1, n))) / a[i][i]
    return x


def arrhenius():
    """D0 and E from all frames: tau_k = sum D(T_j) t_j, compared as v with their covariance. Returns ln D0 (nm^2/s), E, error of E."""
    n = len(v)
    x = [1 / (GAS * i["T"]) for i in intervals]
    center = sum(x) / n
    rate = 20.19072855642663 / R_nm**2

    def model(level, energy):
        tau, by_energy, out, slopes = 0.0, 0.0, [], []
        for xj, i in zip(x, intervals):
            s = exp(max(-300.0, min(300.0, level - energy * (xj - center)))) * i["t"]
            tau += s
            by_energy -= s * (xj - center)
            left = exp(-rate * tau)
            out.append(1 - left)
            slopes.append((rate * left * tau, rate * left * by_energy))
        return out, slopes

    def weights(level, energy):
        c = [covariance[k * n : k * n + n] for k in range(n)]
        out, _ = model(level, energy)
        for j, i in enumerate(intervals):
            s = exp(level - energy * (x[j] - center)) * i["t"]
            moved = rate * s * energy / (GAS * i["T"] ** 2) * i["T_error"]
            for a in range(j, n):
                for b in range(j, n):
                    c[a][b] += moved**2 * (1 - out[a]) * (1 - out[b])
        return c

    def chi2(c, level, energy):
        residual = [a - b for a, b in zip(v, model(level, energy)[0])]
        return sum(r * y for r, y in zip(residual, solve(c, residual)))

    plain = [covariance[k * n : k * n + n] for k in range(n)]
    low, high = min(i["T"] for i in intervals), max(i["T"] for i in intervals)
    dwell = sum(i["t"] for i in intervals) / n
    best = None
    for a in range(40):
        energy = 8e3 * exp(4.15 * a / 39)
        for b in range(40):
            t = 0.8 * low + (1.3 * high - 0.8 * low) * b / 39
            level = log(0.69 / rate / dwell) + energy * (1 / (GAS * t) - center)
            cost = chi2(plain, level, energy)
            if best is None or cost < best[0]:
                best = (cost, level, energy)
    _, level, energy = best
    for _ in range(3):
        c = weights(level, energy)
        damping = 1e-3
        cost = chi2(c, level, energy)
        for _ in range(200):
            out, slopes = model(level, energy)
            residual = [a - b for a, b in zip(v, out)]
            columns = [[s[0] for s in slopes], [s[1] * 1e3 for s in slopes]]
            solved = [solve(c, column) for column in columns]
            h = [[sum(p * q for p, q in zip(columns[i], solved[j])) for j in range(2)] for i in range(2)]
            g = [sum(r * q for r, q in zip(residual, solved[i])) for i in range(2)]
            step = solve([[h[0][0] * (1 + damping), h[0][1]], [h[1][0], h[1][1] * (1 + damping)]], g)
            tried = chi2(c, level + step[0], energy + 1e3 * step[1])
            if tried <= cost:
                done = cost - tried < 1e-12 * (1 + cost)
                level, energy, cost, damping = level + step[0], energy + 1e3 * step[1], tried, damping / 5
                if done and damping < 1e-6:
                    break
            else:
                damping *= 4
                if damping > 1e12:
                    break
    error = 1e3 * sqrt(h[0][0] / (h[0][0] * h[1][1] - h[0][1] ** 2))
    return level + energy * center, energy, error


def fitted():
    known = all(i["T"] and i["t"] for i in intervals)
    return arrhenius() if E_found is not None and known else None


line = fitted()
if line:
    print(f"E = {line[1]:.2f} +- {line[2]:.2f} J/mol here, {E_found:.2f} +- {E_error:.2f} J/mol in the program")
    print(f"D0 = {1e-18 * exp(line[0]):.4g} m^2/s")
else:
    print("no Arrhenius fit to all frames in this analysis")

try:
    import matplotlib.pyplot as plt
except ImportError:
    print("matplotlib is not installed: no figures")
else:
    columns = 4
    rows = -(-len(profiles) // columns)
    figure, axes = plt.subplots(rows, columns, figsize=(10, 2.2 * rows), squeeze=False, sharex=True)
    for axis, p in zip(axes.flat, profiles):
        axis.errorbar(p["r"], p["value"], p["error"], fmt=".", ms=2)
        axis.plot(p["r"], p["model"], "k-", lw=1)
        axis.set_title(f"{p['T']} K" if p["T"] else f"frame {p['frame']}", fontsize=8)
    for axis in axes[-1]:
        axis.set_xlabel("r (nm)")
    figure.tight_layout()
    figure.savefig("profiles.png", dpi=200)
    points = [i for i in intervals if i["T"] and i["t"]]
    if points:
        figure, axis = plt.subplots(figsize=(5, 4))
        for i in points:
            d = [None if y is None else 1e-18 * y / i["t"] for y in (i["dtau"], i["low"], i["high"])]
            if i["kind"] == "value":
                axis.errorbar(1e3 / i["T"], d[0], [[d[0] - d[1]], [d[2] - d[0]]], fmt="ko", capsize=2)
            elif i["kind"] == "upper":
                axis.plot(1e3 / i["T"], d[2], "kv")
            elif i["kind"] == "lower":
                axis.plot(1e3 / i["T"], d[1], "k^")
        if line:
            t = [min(i["T"] for i in points), max(i["T"] for i in points)]
            axis.plot([1e3 / x for x in t], [1e-18 * exp(line[0] - line[1] / (GAS * x)) for x in t], "k-")
        axis.set_yscale("log")
        axis.set_xlabel("1000/T (1/K)")
        axis.set_ylabel("D (m$^2$ s$^{-1}$)")
        figure.tight_layout()
        figure.savefig("diffusivity.png", dpi=200)
    print("profiles.png and diffusivity.png written")
"#;
