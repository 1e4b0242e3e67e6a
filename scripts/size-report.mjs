// What a visitor downloads: every file of the site with its size as it is, gzipped and brotli-compressed (the best level
// of each, as a static host would store it). Says how far the page with its worker is from the aim; fails beyond the
// limit, so that growth is a decision.
//   node scripts/size-report.mjs dist [--limit-kb 1237]

import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [folder = "dist", ...options] = process.argv.slice(2);
const AIM_KB = 450;
const at = options.indexOf("--limit-kb");
const limitKb = at < 0 ? 1237 : Number(options[at + 1]);
// The page and its worker; pictures and sample files load on demand and are only listed.
const CODE = new Set([".html", ".css", ".js", ".wasm"]);
// What is loaded with the first file that needs it.
const LATER = /^alloyscope-hdf5-/;

const files = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  .sort();

const rows = files.map((path) => {
  const bytes = readFileSync(path);
  return {
    name: relative(folder, path),
    raw: bytes.length,
    gzip: gzipSync(bytes, { level: 9 }).length,
    brotli: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length,
  };
});

const sum = (some) => some.reduce((a, b) => ({ raw: a.raw + b.raw, gzip: a.gzip + b.gzip, brotli: a.brotli + b.brotli }), { raw: 0, gzip: 0, brotli: 0 });
const code = sum(rows.filter((row) => CODE.has(extname(row.name)) && !LATER.test(row.name)));
const width = Math.max(16, ...rows.map((row) => row.name.length));
const line = (name, ...cells) => console.log(name.padEnd(width), ...cells.map((cell) => String(cell).padStart(10)));

line("file", "bytes", "gzip", "brotli");
for (const row of rows) line(row.name, row.raw, row.gzip, row.brotli);
const all = sum(rows);
line("everything", all.raw, all.gzip, all.brotli);
line("page and worker", code.raw, code.gzip, code.brotli);

const kb = code.brotli / 1000;
if (kb > limitKb) {
  console.error(`\nerror: the page and its worker are ${kb.toFixed(1)} kB in brotli, more than the limit of ${limitKb} kB`);
  console.error("  try: cargo tree --target wasm32-unknown-unknown -e normal, and ask what the newest dependency is worth");
  process.exit(1);
}
const distance = kb > AIM_KB ? `${(kb - AIM_KB).toFixed(1)} kB over the aim of ${AIM_KB} kB` : `within the aim of ${AIM_KB} kB`;
console.log(`page and worker: ${kb.toFixed(1)} kB in brotli, ${distance}`);
