// Images of a core-shell particle for the browser tests, made here so that no file is needed: 16-bit gray TIFF, one strip; DM3 of several images.

/// Bytes of a TIFF of `size`² pixels; `at(x, y)` gives the values.
export function tiff(size, at) {
  const head = 8;
  const pixels = size * size * 2;
  const tags = [
    [256, 4, size], [257, 4, size], [258, 3, 16], [259, 3, 1], [262, 3, 1], [273, 4, head],
    [277, 3, 1], [278, 4, size], [279, 4, pixels],
  ];
  const buffer = Buffer.alloc(head + pixels + 2 + 12 * tags.length + 4);
  buffer.write("II", 0, "latin1");
  buffer.writeUInt16LE(42, 2);
  buffer.writeUInt32LE(head + pixels, 4);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = Math.max(0, Math.min(65535, Math.round(at(x, y))));
      buffer.writeUInt16LE(value, head + 2 * (y * size + x));
    }
  }
  let at_ = head + pixels;
  at_ = buffer.writeUInt16LE(tags.length, at_);
  for (const [tag, type, value] of tags) {
    at_ = buffer.writeUInt16LE(tag, at_);
    at_ = buffer.writeUInt16LE(type, at_);
    at_ = buffer.writeUInt32LE(1, at_);
    at_ = buffer.writeUInt32LE(value, at_); // a short stands in the lower half, which comes first
  }
  return buffer;
}

/// Bytes of a Gatan DM3 whose images are `{ name, size, nm, at(x, y) }`: 16 bit, calibrated in nm, each with a detector among its tags.
export function dm3(images) {
  const u32 = (n) => { const b = Buffer.alloc(4); b.writeUInt32BE(n); return b; };
  const info = (...numbers) => Buffer.concat([Buffer.from("%%%%"), u32(numbers.length), ...numbers.map(u32)]);
  const float = (v) => { const b = Buffer.alloc(4); b.writeFloatLE(v); return [21, Buffer.concat([info(6), b])]; };
  const count = (v) => { const b = Buffer.alloc(4); b.writeUInt32LE(v); return [21, Buffer.concat([info(5), b])]; };
  const words = (bytes) => [21, Buffer.concat([info(20, 4, bytes.length / 2), bytes])];
  const text = (words_) => words(Buffer.from(words_, "utf16le"));
  const body = (entries) => Buffer.concat([Buffer.from([1, 0]), u32(entries.length), ...entries.map(([name, [kind, bytes]]) => {
    const head = Buffer.alloc(3);
    head.writeUInt8(kind);
    head.writeUInt16BE(name.length, 1);
    return Buffer.concat([head, Buffer.from(name, "latin1"), bytes]);
  })]);
  const group = (...entries) => [20, body(entries)];
  const image = ({ name, size, nm, at }) => {
    const pixels = Buffer.alloc(2 * size * size);
    for (let k = 0; k < size * size; k++) {
      pixels.writeUInt16LE(Math.max(0, Math.min(65535, Math.round(at(k % size, Math.floor(k / size))))), 2 * k);
    }
    const axis = () => ["", group(["Origin", float(0)], ["Scale", float(nm)], ["Units", text("nm")])];
    return ["", group(
      ["ImageData", group(
        ["Calibrations", group(["Dimension", group(axis(), axis())])],
        ["Data", words(pixels)],
        ["DataType", count(10)],
        ["Dimensions", group(["", count(size)], ["", count(size)])],
      )],
      ["ImageTags", group(["DataBar", group(["Signal Name", text(name)])])],
      ["Name", text(name)],
    )];
  };
  const root = body([["ImageList", group(...images.map(image))], ["InImageMode", count(1)]]);
  return Buffer.concat([u32(3), u32(root.length), u32(1), root, Buffer.alloc(8)]);
}

/// Normally distributed numbers, the same in every run.
function noise(seed) {
  let state = seed >>> 0;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/// Offsets (px) whose mean blurs like a probe of σ = 2.2 px: rings of a Gaussian at the middles of its quantiles.
const PROBE = [0.1, 0.3, 0.5, 0.7, 0.9].flatMap((quantile, ring) => {
  const radius = 2.2 * Math.sqrt(-2 * Math.log(1 - quantile));
  return [0, 1, 2, 3, 4, 5].map((i) => {
    const angle = ((i + ring / 2) * Math.PI) / 3;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
});

/// The scale bar that `particle` can burn in: first and last pixel of its length, and its rows.
export const BAR = { from: 12, to: 51, top: 148, bottom: 151 };

/// Another particle, which `particle` can have beside it.
export const BESIDE = { x: 28, y: 26, radius: 14 };

/// A particle (core of 20 px in 36 px, `aside` px to the right of the middle; `core` and `shell` are their brightnesses) that mixes from 0 (sharp) to 1 (even).
export function particle(mixing, seed = 1, kind = {}) {
  return tiff(160, counts(mixing, seed, kind));
}

/// The values of its pixels.
function counts(mixing, seed, { core = 0.4, shell = 1, aside = 0, bar = false, beside = false } = {}) {
  const center = { x: 80.3, y: 78.6 };
  const random = noise(seed);
  const chord = (radius, r) => 2 * Math.sqrt(Math.max(0, radius * radius - r * r));
  const even = (core * 20 ** 3 + shell * (36 ** 3 - 20 ** 3)) / 36 ** 3;
  const density = (x, y) => {
    const whole = chord(36, Math.hypot(x, y));
    return (1 - mixing) * (shell * whole + (core - shell) * chord(20, Math.hypot(x - aside, y))) + mixing * even * whole;
  };
  return (x, y) => {
    if (bar && x >= BAR.from && x <= BAR.to && y >= BAR.top && y <= BAR.bottom) return 6000;
    const blurred = PROBE.reduce((sum, [dx, dy]) => sum + density(x + dx - center.x, y + dy - center.y), 0) / PROBE.length;
    const other = beside ? chord(BESIDE.radius, Math.hypot(x - BESIDE.x, y - BESIDE.y)) : 0;
    const signal = 20 * (blurred + other) + 200;
    return signal + 4 * Math.sqrt(signal) * random();
  };
}

/// A heating series with its table (of the columns named), as files for an input element.
export function series({ columns = ["temperature_K", "dwell_s", "pixel_nm"], ...kind } = {}) {
  const steps = [[300, 0, 0], [400, 600, 0.1], [450, 600, 0.35], [500, 600, 0.7]];
  const files = steps.map(([kelvin, , mixing], i) => ({
    name: `0${i}_${kelvin}K.tif`,
    mimeType: "image/tiff",
    buffer: particle(mixing, i + 1, kind),
  }));
  const rows = steps.map(([temperature_K, dwell_s], i) => {
    const cells = { temperature_K, dwell_s, pixel_nm: 0.05, time: 700 * i };
    return [files[i].name, ...columns.map((column) => cells[column])].join(",");
  });
  const table = [["file", ...columns].join(","), ...rows].join("\n");
  return [...files, { name: "series.csv", mimeType: "text/csv", buffer: Buffer.from(table) }];
}

/// The same particle in DM3 files of two images, HAADF and, smaller, of another detector, `MAADF`.
export function twoSignals() {
  return [[300, 0], [400, 0.1], [450, 0.35]].map(([kelvin, mixing], i) => ({
    name: `0${i}_${kelvin}K.dm3`,
    mimeType: "application/octet-stream",
    buffer: dm3([
      { name: "HAADF", size: 160, nm: 0.05, at: counts(mixing, i + 1) },
      { name: "MAADF", size: 128, nm: 0.05, at: counts(mixing, i + 11) },
    ]),
  }));
}

const step = (e, at) => 0.5 + Math.atan((e - at) / 0.4) / Math.PI;
const line = (e, at, sigma) => Math.exp(-(((e - at) / sigma) ** 2) / 2);

/// The Cu L edge of a state with a white line so high over the continuum, on a power law: EMSA.
export function copperEdge(name, height) {
  return edgeOf(name, 880, (e) => 2 * (e / 932) ** -3 + (2 * step(e, 932.6) + step(e, 952.4)) / 3 + height * line(e, 933.8, 0.9));
}

/// The Mn L edge, its white lines 10 eV apart and as three to one: EMSA.
export function manganeseEdge() {
  return edgeOf("MnO", 580, (e) => 2 * (e / 640) ** -3 + (2 * step(e, 641) + step(e, 651)) / 3 + 6 * line(e, 641, 1.2) + 2 * line(e, 651, 1.2));
}

function edgeOf(name, first, shape) {
  const counts = Array.from({ length: 600 }, (_, i) => (1000 * shape(first + 0.25 * i)).toFixed(2));
  const head = ["FORMAT : EMSA/MAS Spectral Data File", "VERSION : 1.0", `TITLE : ${name}`, "NPOINTS : 600", "NCOLUMNS : 1", "XUNITS : eV", "YUNITS : counts",
    "DATATYPE : Y", "XPERCHAN : 0.25", `OFFSET : ${first}`, "SIGNALTYPE : ELS", "SPECTRUM :"];
  const lines = [...head.map((line) => `#${line}`), ...counts, "#ENDOFDATA :"];
  return { name: `${name}.msa`, mimeType: "text/plain", buffer: Buffer.from(lines.join("\n")) };
}

/// The log of the heater that made this series: 100 s of ramp and 600 s at the temperature of each step.
export function heaterLog() {
  const kelvin = (t) => {
    const [from, to] = [[300, 400], [400, 450], [450, 500], [500, 500]][Math.floor(t / 700)];
    return from + (to - from) * Math.min(1, (t % 700) / 100);
  };
  const lines = Array.from({ length: 2200 }, (_, t) => `${t},${(kelvin(t) - 273.15).toFixed(2)}`);
  return { name: "log.csv", mimeType: "text/csv", buffer: Buffer.from(["time_s,temperature_C", ...lines].join("\n")) };
}

/// The same, cut off in the middle of its pixels.
export function broken(file) {
  return { ...file, name: `broken_${file.name}`, buffer: file.buffer.subarray(0, 5000) };
}

/// An RPL table with its samples: `side` × `side` spectra, `counts(x, y, energy)` in each channel.
function spectra(name, side, { first, step, channels }, counts) {
  const buffer = Buffer.alloc(2 * side * side * channels);
  for (let i = 0; i < side * side; i++) {
    for (let c = 0; c < channels; c++) buffer.writeUInt16LE(Math.round(counts(i % side, Math.floor(i / side), first + step * c)), 2 * (i * channels + c));
  }
  const rows = ["key\tvalue", `title\t${name}`, `width\t${side}`, `height\t${side}`, `depth\t${channels}`, "offset\t0", "data-length\t2", "data-type\tunsigned",
    "byte-order\tlittle-endian", "record-by\tvector", "width-scale\t0.2", "width-units\tnm", "height-scale\t0.2", "height-units\tnm",
    `depth-scale\t${step}`, `depth-origin\t${first}`, "depth-units\teV"];
  return [
    { name: `${name}.rpl`, mimeType: "text/plain", buffer: Buffer.from(rows.join("\n")) },
    { name: `${name}.raw`, mimeType: "application/octet-stream", buffer },
  ];
}

const noisy = (mean, x, y, e) => Math.max(0, mean + Math.sqrt(mean) * Math.sin(12.9898 * x + 78.233 * y + 37.719 * e) * 1.4);
const chord = (radius, r) => 2 * Math.sqrt(Math.max(0, radius * radius - r * r));

/// Nickel in iron before and after heating: its rim is sharp, and then spread over radii. Four files.
export function heatedSpectra() {
  const of = (name, spread) => spectra(name, 24, { first: 600, step: 2, channels: 320 }, (x, y, e) => {
    const r = Math.hypot(x - 11.5, y - 11.5);
    const all = chord(9, r);
    const parts = Array.from({ length: 21 }, (_, i) => [line(i - 10, 0, 4), chord(5 + (spread * (i - 10)) / 10, r)]);
    const core = parts.reduce((sum, [w, c]) => sum + w * c, 0) / parts.reduce((sum, [w]) => sum + w, 0);
    const edge = (at) => (e > at ? (e / at) ** -3 : 0);
    return noisy(20 + all * 20 * (e / 900) ** -3 + core * 30 * edge(855) + (all - core) * 30 * edge(708), x, y, e);
  });
  return [...of("cold", 0.5), ...of("hot", 3)];
}

/// Copper in magnesium by its losses, the zero of the axis wandering from pixel to pixel, with the low loss of the same scan: four files.
export function dualSpectra() {
  const side = 24;
  const zero = (x, y) => 4 * Math.sin(x / 5) * Math.cos(y / 7);
  const lengths = (x, y) => {
    const r = Math.hypot(x - 11.5, y - 11.5);
    return { core: chord(5, r), shell: chord(9, r) - chord(5, r) };
  };
  const core = spectra("core", side, { first: 800, step: 2, channels: 320 }, (x, y, seen) => {
    const e = seen - zero(x, y);
    const { core, shell } = lengths(x, y);
    const edge = (at) => (e > at ? (e / at) ** -3 : 0);
    return noisy(20 + (core + shell) * 20 * (e / 900) ** -3 + core * 30 * edge(931) + shell * 12 * edge(1305), x, y, seen);
  });
  const low = spectra("low", side, { first: -40, step: 0.5, channels: 400 }, (x, y, seen) => {
    const e = seen - zero(x, y);
    const { core, shell } = lengths(x, y);
    const plasmon = e > 0 ? 0.05 * (core + shell) * Math.exp(-(((e - 15) / 6) ** 2)) : 0;
    return noisy(20000 * (Math.exp(-((e / 0.6) ** 2)) + 0.1 * plasmon), x, y, seen);
  });
  return [...low, ...core];
}
