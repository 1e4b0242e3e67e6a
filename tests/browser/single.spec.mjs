// The page as one file, opened from a disk, without network.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { assert, DIST, ROOT, test } from "./harness.mjs";
import { series } from "./forge.mjs";
import { answer, at, openFiles, openSample, saved } from "./steps.mjs";

test("from a disk, without network: a sample, files, a file of results", { open: false }, async ({ page, context }) => {
  // Alone in a folder: nothing beside it that it could lean on.
  const folder = mkdtempSync(join(tmpdir(), "alloyscope-single-"));
  try {
    const file = join(folder, "alloyscope.html");
    execFileSync(process.execPath, [join(ROOT, "scripts/single.mjs"), DIST, file]);
    // The watch of the harness lets nothing through but the site.
    await context.unroute("**/*");
    const asked = [];
    page.on("request", (request) => asked.push(request.url()));
    await context.setOffline(true);
    await page.goto(pathToFileURL(file).href);
    await openSample(page, "sample-ag-au");
    assert.match(await answer(page), /E = .* kJ\/mol/);
    const result = JSON.parse(await saved(page, "export-json"));
    assert.ok(result.arrhenius.E_J_mol > 0);
    await openFiles(page, series());
    assert.match(await answer(page), /D\(\d+ K\)/);
    // The reader of HDF5 is in it, too.
    const hdf5 = { name: "new.h5", mimeType: "application/octet-stream", buffer: readFileSync(join(ROOT, "tests/data/hdf5_new.h5")) };
    await at(page, "file-input").setInputFiles([hdf5]);
    await page.waitForFunction(() => document.querySelector('[data-test="series-name"]')?.innerText === "new");
    const foreign = asked.filter((url) => !/^(data|blob):/.test(url));
    assert.equal(foreign.length, 1, `the page and nothing else: ${foreign}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
