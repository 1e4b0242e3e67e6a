// Names the files of the reader of HDF5, which Trunk names without their content, by their content, and tells the page
// how they are called (src/app/worker/client.rs reads its links).

import { createHash } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.env.TRUNK_STAGING_DIR ?? process.argv[2] ?? "dist";
const NAME = "alloyscope-hdf5";
const page = join(folder, "index.html");

function fail(what) {
  console.error(`error: ${folder}: ${what}`);
  process.exit(1);
}

const script = readFileSync(join(folder, `${NAME}.js`), "utf8");
const wasm = readFileSync(join(folder, `${NAME}_bg.wasm`));
const hash = createHash("sha256").update(script).update(wasm).digest("hex").slice(0, 16);
writeFileSync(join(folder, `${NAME}.js`), script.replaceAll(`${NAME}_bg.wasm`, `${NAME}-${hash}_bg.wasm`));
let html = readFileSync(page, "utf8");
for (const end of [".js", "_bg.wasm"]) {
  const [plain, named] = [`href="${NAME}${end}"`, `href="./${NAME}-${hash}${end}"`];
  if (html.split(plain).length !== 2) fail(`index.html must hold ${plain} once`);
  html = html.replace(plain, named);
  renameSync(join(folder, NAME + end), join(folder, `${NAME}-${hash}${end}`));
}
writeFileSync(page, html);
