// The page as one file: everything in dist/ inside one HTML that runs from a disk, without a server and without network.
//
//   node scripts/single.mjs dist target/alloyscope.html
//
// From a file:// address a browser lets a page import no script of its own folder. Here the program is a data: address, which the
// page imports and names in the link that its worker reads (src/app/worker/client.rs), and its WebAssembly stands in the
// page, compressed; so does the reader of HDF5, whose WebAssembly the worker takes from a data: address. The policy names
// what is inside by hashes and allows no connection but to such data.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [folder = "dist", target = "target/alloyscope.html"] = process.argv.slice(2);

function fail(name, what) {
  console.error(`error: ${join(folder, name)}: ${what}\n  try: make dist`);
  process.exit(1);
}

function read(name) {
  try {
    return readFileSync(join(folder, name));
  } catch (error) {
    return fail(name, error.message);
  }
}

// From a disk no service worker can be registered.
const page = read("index.html").toString()
  .replace(/<script type="module">[\s\S]*?<\/script>/g, (script) => (script.includes("serviceWorker") ? "" : script));

/// What a pattern finds: it must be there once.
function only(pattern, what) {
  const found = [...page.matchAll(new RegExp(pattern, "g"))];
  if (found.length !== 1) fail("index.html", `${found.length} times ${what}`);
  return found[0];
}

const [stylesheet, styleName] = only(/<link rel="stylesheet" href="\.\/([^"]+)"[^>]*>/, "a style sheet");
const [icon, iconName] = only(/<link rel="icon" href="\.\/([^"]+)"[^>]*>/, "an icon");
const [starter, programName, wasmName] = only(/<script type="module">\s*import init[^']*'\.\/([^']+\.js)';[^']*'\.\/([^']+\.wasm)'[\s\S]*?<\/script>/, "the script that starts the page");
const [reader, readerName] = only(/<link rel="x-hdf5-program" href="\.\/([^"]+)"[^>]*>/, "the reader of HDF5");
const [readerWasm, readerWasmName] = only(/<link rel="x-hdf5-wasm" href="\.\/([^"]+)"[^>]*>/, "the WebAssembly of the reader of HDF5");
const [policy] = only(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "a policy");

const base64 = (bytes) => Buffer.from(bytes).toString("base64");
const style = read(styleName).toString();
const start = `
const text = (id) => document.getElementById(id).textContent;
const script = (id) => "data:text/javascript;base64," + text(id);
const link = (rel, href) => document.head.append(Object.assign(document.createElement("link"), { rel, href }));
const unpacked = (id) => {
  const packed = Uint8Array.from(atob(text(id)), (letter) => letter.charCodeAt(0));
  document.getElementById(id).remove();
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")), { headers: { "Content-Type": "application/wasm" } });
};
link("modulepreload", script("program"));
link("x-hdf5-program", script("reader"));
const reader = new FileReader();
const read = new Promise((done) => { reader.onload = done; });
reader.readAsDataURL(await unpacked("reader-wasm").blob());
await read;
link("x-hdf5-wasm", reader.result);
const bindings = await import(script("program"));
const wasm = await bindings.default({ module_or_path: unpacked("wasm") });
window.wasmBindings = bindings;
dispatchEvent(new CustomEvent("TrunkApplicationStarted", { detail: { wasm } }));
`;
const hash = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
const rules = [
  "default-src 'none'",
  `script-src 'wasm-unsafe-eval' data: ${hash(start)}`,
  "worker-src blob:",
  "connect-src data:",
  "img-src blob: data:",
  `style-src ${hash(style)}`,
  "object-src 'none'; base-uri 'none'; form-action 'none'",
];

const parts = new Map([
  [policy, `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}">`],
  [stylesheet, `<style>${style}</style>`],
  [icon, `<link rel="icon" href="data:image/svg+xml;base64,${base64(read(iconName))}">`],
  [reader, ""],
  [readerWasm, ""],
  [starter, `<script type="text/plain" id="program">${base64(read(programName))}</script>
<script type="text/plain" id="wasm">${base64(gzipSync(read(wasmName), { level: 9 }))}</script>
<script type="text/plain" id="reader">${base64(read(readerName))}</script>
<script type="text/plain" id="reader-wasm">${base64(gzipSync(read(readerWasmName), { level: 9 }))}</script>
<script type="module">${start}</script>`],
]);
let single = page;
for (const [from, to] of parts) single = single.replace(from, () => to);
single = single.replace(/<link rel="(?:modulepreload|preload)"[^>]*>\s*/g, "");
if (/(?:src|href)="\.\//.test(single)) fail("index.html", "a file beside the page is still named");
writeFileSync(target, single);
console.log(`${target}: ${(single.length / 1e6).toFixed(2)} MB, to be opened from a disk`);
