// Images of a core-shell particle for the browser tests, made here so that no file is needed: 16-bit gray TIFF, one strip.

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

/// A particle (core of 20 px in 36 px; `core` and `shell` are their brightnesses) that mixes from 0 (sharp) to 1 (even).
export function particle(mixing, seed = 1, { core = 0.4, shell = 1, bar = false } = {}) {
  const center = { x: 80.3, y: 78.6 };
  const random = noise(seed);
  const chord = (radius, r) => 2 * Math.sqrt(Math.max(0, radius * radius - r * r));
  const even = (core * 20 ** 3 + shell * (36 ** 3 - 20 ** 3)) / 36 ** 3;
  const density = (r) => (1 - mixing) * (shell * chord(36, r) + (core - shell) * chord(20, r)) + mixing * even * chord(36, r);
  return tiff(160, (x, y) => {
    if (bar && x >= BAR.from && x <= BAR.to && y >= BAR.top && y <= BAR.bottom) return 6000;
    const blurred = PROBE.reduce((sum, [dx, dy]) => sum + density(Math.hypot(x + dx - center.x, y + dy - center.y)), 0) / PROBE.length;
    const signal = 20 * blurred + 200;
    return signal + 4 * Math.sqrt(signal) * random();
  });
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
    const cells = { temperature_K, dwell_s, pixel_nm: 0.05 };
    return [files[i].name, ...columns.map((column) => cells[column])].join(",");
  });
  const table = [["file", ...columns].join(","), ...rows].join("\n");
  return [...files, { name: "series.csv", mimeType: "text/csv", buffer: Buffer.from(table) }];
}

/// The same, cut off in the middle of its pixels.
export function broken(file) {
  return { ...file, name: `broken_${file.name}`, buffer: file.buffer.subarray(0, 5000) };
}
