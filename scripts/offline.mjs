// Lists the files of the site in its service worker and gives the build a name, in the worker and in
// the page. The name is a digest of everything, so that two builds with the same name are the same.
//   node scripts/offline.mjs [FOLDER]

import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? "dist";
// Comments are for who reads the sources.
const template = readFileSync(join(dirname(fileURLToPath(import.meta.url)), "service-worker.js"), "utf8").replace(/^\s*\/\/.*\n/gm, "");
const META = /<meta name="build" content="[^"]*"\s*\/?>/;

function fail(what) {
  console.error(`error: ${folder}: ${what}`);
  process.exit(1);
}

const page = join(folder, "index.html");
const html = readFileSync(page, "utf8").replace(/\s*<!--[\s\S]*?-->/g, "");
if (!META.test(html)) fail("index.html has no place for the name of its build");

const names = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join("/"))
  .filter((name) => name !== "index.html" && name !== "service-worker.js")
  .sort();
// Whoever renames files must tell the worker, which takes a file whose name holds its content from what it kept.
// Trunk leaves out the zeros that a digest begins with.
const plain = names.filter((name) => !/-[0-9a-f]{8,16}(_bg)?\.\w+$/.test(name));
if (plain.length) fail(`files whose names do not hold their content: ${plain.join(", ")}`);

const files = Object.fromEntries(names.map((name) => [name, `sha256-${createHash("sha256").update(readFileSync(join(folder, name))).digest("base64")}`]));
const all = JSON.stringify([files, html.replace(META, ""), template]);
const build = createHash("sha256").update(all).digest("hex").slice(0, 16);
writeFileSync(page, html.replace(META, `<meta name="build" content="${build}">`));
const text = template.replace("{build}", build).replace("{files}", () => JSON.stringify(files, null, 2));
writeFileSync(join(folder, "service-worker.js"), text);
